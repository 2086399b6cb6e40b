//! Functions that touch whichever store their caller means: `FindAll(db, &orders)`, `Get[Order](db, id)`, and the methods of
//! `Repository[Order]`. Each call says which one it is; the function itself may touch any of them.

use crate::link::access::accesses::{Accesses, MOST_CANDIDATES, RawAccess, RawSpot, operation_of};
use crate::link::names::program::Def;
use crate::link::storage::stores::{Stores, store_kind};
use crate::link::values::carried::{Holder, Path};
use crate::link::values::guards::{Held, capture, captures};
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::{Subject, Value};
use crate::model::fact::{
    Argument, Captured, DefId, DefinitionKind, ExprId, ExprKind, Match, Param, ParamKind, StepKind,
};
use crate::model::graph::{Confidence, StoreKind};
use crate::model::rule::Rule;
use crate::model::sql::Operation;

/// Functions between the one that decides and the one that touches.
const MOST_LEVELS: usize = 3;
/// The same where an object carries what decides.
const MOST_CARRIED: usize = 5;
/// Calls of one function that are looked at.
const MOST_CALLS: usize = 400;
/// An object that was made for more entities than this says nothing.
const MOST_SURE: usize = 3;

/// What of a call decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::link) enum Slot<'a> {
    /// The argument for this parameter, the receiver not counted.
    Argument(usize),
    /// Each argument from this one on, which a list of parameters takes (`beans ...any`, `*rows`).
    Rest(usize),
    /// The same, of calls that hand in a function at the second place, if it is this one: the callee applies it to the first.
    Applied(usize, usize, Def),
    /// This type argument, of the function or of its receiver's type.
    Type(usize),
    /// A member of the receiver or of an argument.
    Carried(Holder, Path<'a>),
}

/// Functions whose calls were looked at, by what decides for them and the methods that its receiver must answer with.
type Seen<'a> = Vec<(Def, Slot<'a>, Vec<Def>)>;

/// A call, the store it decides for, how sure that is, and the argument that says it.
type Decided = Vec<(Spot, usize, Confidence, Option<Spot>)>;
/// Calls of one method of a base class that are looked at.
const MOST_OF_BASE: usize = 4_000;

impl<'a> Inference<'a> {
    /// Adds what the callers of a function decide that touches stores of several types, or of none that is known here:
    /// each caller's own access, and the function's as one of several. None if no caller was seen to decide; stores that
    /// are left to be said of the function beside those it was found to touch.
    pub(crate) fn add_decided(
        &mut self,
        stores: &mut Stores,
        unit: u32,
        rule: &Rule,
        hit: &Match,
        receiver: Option<ExprId>,
        step: (&[usize], Operation, Confidence),
        found: &mut Accesses,
    ) -> Option<Vec<usize>> {
        let (touched, operation, confidence) = (step.0.len(), step.1, step.2);
        // Who decides what the target is does not touch it where only its relations are meant.
        let instead = rule.settings.get("access.also").is_some_and(|it| it == "instead");
        let by_name = rule.settings.get("access.target").is_some_and(|it| it != "entity");
        if confidence == Confidence::Guess || by_name || instead {
            return None;
        }
        let mut decided: Decided = Vec::new();
        let mut carried = false;
        let mut places: Vec<ExprId> = Vec::new();
        places.extend(captures(rule, hit, "access.target").filter_map(|it| match it {
            Captured::Expr(expr) => Some(*expr),
            _ => None,
        }));
        places.extend(receiver.filter(|_| places.is_empty()));
        let (mut of_base, mut of_class) = (false, false);
        for expr in places {
            let spot = Spot { unit, owner: hit.owner, expr };
            if touched != 1
                && let Some(function) = self.own_row(stores, spot)
            {
                (carried, of_base) = (true, true);
                let slot = Slot::Carried(Holder::Receiver, Path::new());
                let mut seen: Seen<'a> = vec![(function, slot.clone(), Vec::new())];
                self.decided(stores, rule, (function, slot, Vec::new()), 1, &mut seen, &mut decided);
                continue;
            }
            let mut slot = self.slot_of(spot).or_else(|| self.slot_of_made(spot));
            if slot.is_none() && touched != 1 {
                slot = self.slot_of_class(stores, spot);
                of_class |= slot.is_some();
            }
            match slot.or_else(|| self.slot(spot)) {
                Some((function, slot)) if touched != 1 || matches!(slot, Slot::Type(_)) => {
                    carried |= matches!(slot, Slot::Carried(..));
                    let mut seen: Seen<'a> = vec![(function, slot.clone(), Vec::new())];
                    self.decided(stores, rule, (function, slot, Vec::new()), 1, &mut seen, &mut decided);
                }
                _ => {}
            }
            if touched == 0 && decided.is_empty() && store_kind(rule) == StoreKind::Collection {
                for (function, slot) in self.slots_of_handle(spot, 0) {
                    let mut seen: Seen<'a> = vec![(function, slot.clone(), Vec::new())];
                    self.decided(stores, rule, (function, slot, Vec::new()), 1, &mut seen, &mut decided);
                }
            }
        }
        if decided.is_empty() {
            return None;
        }
        let mut own: Vec<usize> = decided.iter().map(|it| it.1).collect();
        own.sort_unstable();
        own.dedup();
        // What many types inherit says nothing of them all: those that call it do.
        let too_many = of_base && own.len().max(touched) > MOST_CANDIDATES;
        if too_many {
            found.blind_spots.push(RawSpot {
                root: None,
                kind: "many-candidates",
                unit,
                owner: hit.owner,
                line: hit.line,
                detail: format!("{} stores may be meant; who calls this function decides", own.len().max(touched)),
            });
        }
        // Callers that were not seen may have others.
        let besides = carried && touched > 0;
        let bound = if own.len() > 1 { Confidence::Guess } else { Confidence::Likely };
        let above = self.stores_above(stores, &own);
        for store in own.iter().chain(&above) {
            stores.drafts[*store].used = true;
            if !besides {
                let access = self.access_at(unit, hit.owner, hit.line, hit.rule, (*store, operation, bound));
                found.accesses.push(RawAccess { by_callers: true, ..access });
            }
        }
        if self.only_hands_on(unit, hit.owner) {
            decided.clear();
        }
        let written = self.captured_member(unit, rule, hit);
        let gives_rows = operation == Operation::Select && !decided.is_empty() && self.ends_in_rows(unit, rule, hit);
        for (call, store, sure, argument) in decided {
            let line = self.facts(call.unit).expr(call.expr).at.line;
            let mut operation = operation;
            // An assigned member is written only where the entity maps it.
            if (of_base || of_class) && !written.is_none_or(|it| stores.has_column(store, it)) {
                continue;
            }
            if let Some(row) = argument {
                operation = self.by_origin(row, rule, operation);
            }
            if of_base {
                let Some(done) = self.by_base(stores, (call, store), unit, rule, hit, operation) else { continue };
                operation = done;
            }
            found.decided_steps.entry((call.unit, call.owner, line, store)).or_default().push(operation);
            let step = (store, operation, sure.min(confidence));
            let access = self.access_at(call.unit, call.owner, line, hit.rule, step);
            for above in self.stores_above(stores, &[store]) {
                stores.drafts[above].used = true;
                let step = (above, operation, sure.min(confidence));
                found.accesses.push(self.access_at(call.unit, call.owner, line, hit.rule, step));
            }
            let in_chain = of_base || rule.settings.contains_key("access.bare");
            found.accesses.push(RawAccess { expr: Some(call.expr).filter(|_| in_chain), ..access });
            if gives_rows && operation == Operation::Select {
                let loading = self.loaded_with(stores, store);
                found.accesses.extend(loading.into_iter().map(|store| RawAccess {
                    expr: Some(call.expr).filter(|_| in_chain),
                    loaded: true,
                    ..self.access_at(call.unit, call.owner, line, hit.rule, (store, step.1, step.2))
                }));
            }
        }
        Some(if besides && !too_many { own } else { Vec::new() })
    }

    fn decided(
        &mut self,
        stores: &mut Stores,
        rule: &Rule,
        (function, slot, mut run): (Def, Slot<'a>, Vec<Def>),
        level: usize,
        seen: &mut Seen<'a>,
        decided: &mut Decided,
    ) {
        let calls = self.calls_of(function).to_vec();
        if matches!(slot, Slot::Carried(Holder::Receiver, _)) {
            run.push(function);
        }
        let of_base = matches!(&slot, Slot::Carried(_, path) if path.is_empty());
        for call in calls.into_iter().take(if of_base { MOST_OF_BASE } else { MOST_CALLS }) {
            let ExprKind::Call { callee, args } = &self.facts(call.unit).expr(call.expr).kind else { continue };
            if let Slot::Rest(first) = slot {
                for given in args.iter().skip(first).filter(|it| it.name.is_none()) {
                    let given = Spot { expr: given.value, ..call };
                    let captured = Captured::Expr(given.expr);
                    let mut subjects: Vec<Subject> = Vec::new();
                    self.target_subjects(call.unit, call.owner, rule, &captured, "entity", &mut subjects);
                    let further = self.slot(given);
                    let said = (subjects, Confidence::Likely, Some(given));
                    self.decide(stores, rule, call, (&slot, said), (further, Vec::new(), level), seen, decided);
                }
                continue;
            }
            let mut outward = run.clone();
            let further;
            let mut subjects: Vec<Subject> = Vec::new();
            let mut sure = Confidence::Likely;
            let mut row: Option<Spot> = None;
            match &slot {
                Slot::Rest(_) => continue,
                Slot::Argument(position) | Slot::Applied(position, ..) => {
                    let mut applies = (*callee, function);
                    if let Slot::Applied(_, by, runs) = &slot {
                        let Some(handed) = self.argument_of(function, *by, args) else { continue };
                        if !self.may_be(Spot { expr: handed, ..call }, *runs) {
                            continue;
                        }
                        applies = (handed, *runs);
                    }
                    let Some(argument) = self.argument_of(function, *position, args) else { continue };
                    let captured = Captured::Expr(argument);
                    self.target_subjects(call.unit, call.owner, rule, &captured, "entity", &mut subjects);
                    row = Some(Spot { expr: argument, ..call });
                    further = self.slot(Spot { expr: argument, ..call }).map(|it| self.applied(it, call, applies));
                }
                Slot::Type(index) => {
                    if let Some(given) = self.type_argument(call, *callee, args, function, *index) {
                        further = self.type_slot(given);
                        if further.is_none() {
                            let named = self.project_type(given.unit, given.owner, given.expr);
                            subjects.extend(named.map(Subject::Type));
                        }
                    } else {
                        let Some(argument) = self.argument_of_type(function, *index, args) else { continue };
                        let captured = Captured::Expr(argument);
                        self.target_subjects(call.unit, call.owner, rule, &captured, "entity", &mut subjects);
                        row = Some(Spot { expr: argument, ..call });
                        further = None;
                    }
                }
                Slot::Carried(holder, path) => {
                    let object = match holder {
                        Holder::Receiver => match &self.facts(call.unit).expr(*callee).kind {
                            ExprKind::Member { base, .. } => Some(*base),
                            _ => None,
                        },
                        Holder::Argument(position) => self.argument_of(function, *position, args),
                    };
                    let Some(object) = object.map(|expr| Spot { expr, ..call }) else { continue };
                    let own = self.holder(object).is_some_and(|it| it.1 == Holder::Receiver);
                    if matches!(self.facts(object.unit).expr(object.expr).kind, ExprKind::Call { .. }) && own {
                        // `super()` runs what others would answer with their own.
                        outward.pop();
                    }
                    if own {
                        // A method of a type that decides for itself.
                        let of = self.owner_type(call);
                        let known = of.filter(|of| self.answered_by(*of, &outward));
                        if of_base {
                            let mapped = known.filter(|of| self.store_of_type(stores, *of).is_some());
                            subjects.extend(mapped.map(Subject::Type));
                        } else {
                            let found = known.and_then(|of| self.carried_by_type(of, path));
                            subjects.extend(found.into_iter().flatten());
                        }
                    } else if of_base {
                        let values = self.eval(object.unit, object.owner, object.expr);
                        let of = values.iter().filter_map(|it| match self.pool.value(*it) {
                            Value::Instance(of) | Value::Def(of) if self.program.is_type(of) => Some(of),
                            _ => None,
                        });
                        let mut of: Vec<Def> = of.collect();
                        of.retain(|it| self.answered_by(*it, &run));
                        of.dedup();
                        let is_named = matches!(
                            self.facts(object.unit).expr(object.expr).kind,
                            ExprKind::Name(_) | ExprKind::Member { .. }
                        );
                        if let [only] = values.as_slice()
                            && is_named
                            && *holder == Holder::Receiver
                            && matches!(self.pool.value(*only), Value::Def(_))
                        {
                            sure = Confidence::Certain;
                        }
                        subjects.extend(of.into_iter().map(Subject::Type));
                    } else if self.answers(object, &run) {
                        subjects.extend(self.carried_subjects(object, path, 0).into_iter().flatten());
                    }
                    further = self.held(object).map(|(outer, holder, mut inner)| {
                        if !inner.is_empty() || holder != Holder::Receiver {
                            // Another object's methods from here on.
                            outward.clear();
                        }
                        inner.extend(path.iter().copied());
                        (outer, Slot::Carried(holder, inner))
                    });
                }
            }
            let said = (subjects, sure, row);
            self.decide(stores, rule, call, (&slot, said), (further, outward, level), seen, decided);
        }
    }

    /// Adds the store that what a call gives is about; where it gives nothing that is known, what those who call its
    /// function give.
    fn decide(
        &mut self,
        stores: &mut Stores,
        rule: &Rule,
        call: Spot,
        (slot, (mut subjects, sure, row)): (&Slot<'a>, (Vec<Subject>, Confidence, Option<Spot>)),
        (further, outward, level): (Option<(Def, Slot<'a>)>, Vec<Def>, usize),
        seen: &mut Seen<'a>,
        decided: &mut Decided,
    ) {
        let carries = matches!(slot, Slot::Carried(..));
        let of_base = matches!(slot, Slot::Carried(_, path) if path.is_empty());
        subjects.retain(|it| matches!(it, Subject::Type(_)) || carries);
        subjects.dedup();
        let most = if of_base || !carries { 1 } else { MOST_SURE };
        let mut said = false;
        for subject in subjects.iter().take(if subjects.len() > most { 0 } else { most }) {
            if let Some(store) = self.store_of_subject(stores, *subject, rule, store_kind(rule), Confidence::Likely) {
                said = true;
                if !decided.iter().any(|it| (it.0, it.1) == (call, store)) {
                    decided.push((call, store, sure, row));
                }
            }
        }
        let levels = if carries { MOST_CARRIED } else { MOST_LEVELS };
        if let Some((outer, slot)) = further
            && !said
            && level <= levels
            && seen.len() < MOST_CALLS
            && !seen.iter().any(|it| it.0 == outer && (!carries || it.1 == slot && it.2 == outward))
        {
            seen.push((outer, slot.clone(), outward.clone()));
            self.decided(stores, rule, (outer, slot, outward), level + 1, seen, decided);
            if !carries {
                seen.pop();
            }
        }
    }

    /// The parameter that a row is made by (`row = model(**values)`): what is handed in decides what it is a row of.
    fn slot_of_made(&mut self, spot: Spot) -> Option<(Def, Slot<'a>)> {
        for made in self.made_here(spot) {
            let ExprKind::Call { callee, .. } = self.facts(made.unit).expr(made.expr).kind else { continue };
            let slot = self.slot(Spot { expr: callee, ..made });
            if let Some(slot) = slot.filter(|it| matches!(it.1, Slot::Argument(_))) {
                return Some(slot);
            }
        }
        None
    }

    /// The parameter with whose type an expression begins and that it is about: `model.query`, `row` of
    /// `row = session.query(model).get(id)`.
    fn slot_of_class(&mut self, stores: &Stores, spot: Spot) -> Option<(Def, Slot<'a>)> {
        let root = self.rooted_in_class(spot, 0)?;
        let slot = self.slot_of(root).filter(|it| matches!(it.1, Slot::Argument(_)))?;
        let handed = self.types_at(root);
        let values = self.eval(spot.unit, spot.owner, spot.expr);
        let is_of_another = values.iter().any(|it| match self.pool.value(*it) {
            Value::Instance(of) => !handed.contains(&of) && self.store_of_type(stores, of).is_some(),
            Value::Outside { subject: Subject::Type(of), .. } => !handed.contains(&of),
            _ => false,
        });
        (!handed.is_empty() && !is_of_another).then_some(slot)
    }

    /// The member that a match assigns, if it stands on one.
    pub(crate) fn captured_member(&self, unit: u32, rule: &Rule, hit: &Match) -> Option<&'a str> {
        match capture(rule, hit, "access")? {
            Captured::Expr(expr) => match &self.facts(unit).expr(*expr).kind {
                ExprKind::Member { name, .. } => Some(name),
                _ => None,
            },
            _ => None,
        }
    }

    /// What a method of a base class does to the row that it is called on, where it hands that row over to be written: a row
    /// that was just made is inserted; one that is there is changed, unless only relations of it were.
    fn by_base(
        &mut self,
        stores: &Stores,
        (call, store): (Spot, usize),
        unit: u32,
        rule: &Rule,
        hit: &Match,
        operation: Operation,
    ) -> Option<Operation> {
        let ExprKind::Call { callee, .. } = &self.facts(call.unit).expr(call.expr).kind else { return Some(operation) };
        let ExprKind::Member { base: row, .. } = self.facts(call.unit).expr(*callee).kind else {
            return Some(operation);
        };
        let Some(Captured::Expr(target)) = capture(rule, hit, "access.target") else { return Some(operation) };
        let own = Spot { unit, owner: hit.owner, expr: *target };
        if !matches!(operation, Operation::Upsert | Operation::Insert)
            || !matches!(self.holder(own), Some((_, Holder::Receiver)))
        {
            return Some(operation);
        }
        let row = Spot { expr: row, ..call };
        let before = self.facts(call.unit).expr(call.expr).at.line;
        let was_made = self.was_made(row, rule);
        let is_there = was_made && self.is_handed_over(row, before);
        if was_made && !is_there {
            return Some(Operation::Insert);
        }
        let (columns, relations) = self.changed(stores, store, own, u32::MAX);
        // What was changed before went with the first call.
        if relations
            && !columns
            && (self.is_written_before(row, *callee) || !self.changed(stores, store, row, before).0)
        {
            return None;
        }
        let is_there = is_there || self.was_read(row, rule) || self.was_given(row);
        Some(if is_there { Operation::Update } else { operation })
    }

    /// Whether a row was inserted before a line of the function that made it, by a rule or by a method of its own.
    pub(crate) fn is_handed_over(&mut self, row: Spot, before: u32) -> bool {
        let facts = self.facts(row.unit);
        let ExprKind::Name(name) = &facts.expr(row.expr).kind else { return false };
        self.is_inserted(row.unit, row.owner, name, before) || self.is_inserted_by_method(row, before)
    }

    /// Whether a method of the row's own that the function called before a line inserts it.
    pub(crate) fn is_inserted_by_method(&mut self, row: Spot, before: u32) -> bool {
        let facts = self.facts(row.unit);
        let ExprKind::Name(name) = &facts.expr(row.expr).kind else { return false };
        let is_it = |it: ExprId| matches!(&facts.expr(it).kind, ExprKind::Name(it) if it == name);
        facts.steps.iter().filter(|it| it.owner == row.owner && it.line < before).any(|step| {
            let StepKind::Call(call) = step.kind else { return false };
            let ExprKind::Call { callee, .. } = &facts.expr(call).kind else { return false };
            if !matches!(facts.expr(*callee).kind, ExprKind::Member { base, .. } if is_it(base)) {
                return false;
            }
            self.eval(row.unit, row.owner, *callee).iter().any(|it| {
                let Value::Bound(method, _) = self.pool.value(*it) else { return false };
                let (unit, id) = self.program.local(method);
                let params = &self.facts(unit).definition(id).params;
                let own = params.iter().find(|it| it.kind == ParamKind::Receiver);
                own.is_some_and(|it| self.is_inserted(unit, id, &it.name, u32::MAX))
            })
        })
    }

    /// Whether rules say that a function inserts the row under a name before a line.
    fn is_inserted(&self, unit: u32, owner: DefId, name: &str, before: u32) -> bool {
        let facts = self.facts(unit);
        let is_it = |it: ExprId| matches!(&facts.expr(it).kind, ExprKind::Name(it) if it == name);
        facts.matches.iter().filter(|it| it.owner == owner && it.line < before).any(|it| {
            let rule = &self.rules.rules[it.rule as usize];
            matches!(capture(rule, it, "access.target"), Some(Captured::Expr(target)) if is_it(*target))
                && matches!(operation_of(rule, it), Some(Operation::Insert | Operation::Upsert))
        })
    }

    /// Whether functions of the program give all that a local variable holds: what they made, they saw to.
    fn was_given(&mut self, row: Spot) -> bool {
        let given = self.given_here(row);
        let is_function = |it: &mut Self, value| match it.pool.value(value) {
            Value::Def(def) | Value::Bound(def, _) => it.program.is_function(def),
            _ => false,
        };
        !given.is_empty()
            && given.into_iter().all(|it| {
                let ExprKind::Call { callee, .. } = self.facts(it.unit).expr(it.expr).kind else { return false };
                let callees = self.eval(it.unit, it.owner, callee);
                !callees.is_empty() && callees.into_iter().all(|it| is_function(self, it))
            })
    }

    /// Whether rules say that a function changes columns of the row under a name, and what else of it.
    fn changed(&mut self, stores: &Stores, store: usize, named: Spot, before: u32) -> (bool, bool) {
        let facts = self.facts(named.unit);
        let ExprKind::Name(name) = &facts.expr(named.expr).kind else { return (false, false) };
        let is_it = |it: ExprId| matches!(&facts.expr(it).kind, ExprKind::Name(it) if it == name);
        let rules = self.rules;
        let (mut columns, mut others) = (false, false);
        for it in facts.matches.iter().filter(|it| it.owner == named.owner && it.line <= before) {
            let rule = &rules.rules[it.rule as usize];
            if operation_of(rule, it) != Some(Operation::Update) {
                continue;
            }
            let Some(Captured::Expr(target)) = capture(rule, it, "access.target") else { continue };
            let of_row = match &facts.expr(*target).kind {
                ExprKind::Member { base, .. } => is_it(*base),
                _ => is_it(*target),
            };
            if !of_row || self.guards_hold(named.unit, it.owner, rule, it) != Held::Yes {
                continue;
            }
            if is_it(*target) {
                let member = self.captured_member(named.unit, rule, it);
                let is_column = member.is_none_or(|it| stores.has_column(store, it));
                columns |= is_column;
                others |= !is_column;
            } else {
                others = true;
            }
        }
        (columns, others)
    }

    /// Whether what an expression gives has these very methods, and none of its own in their place.
    fn answers(&mut self, object: Spot, methods: &[Def]) -> bool {
        let values = self.eval(object.unit, object.owner, object.expr);
        let types = values.iter().filter_map(|it| match self.pool.value(*it) {
            Value::Instance(of) | Value::Def(of) if self.program.is_type(of) => Some(of),
            _ => None,
        });
        let types: Vec<Def> = types.collect();
        types.into_iter().any(|of| self.answered_by(of, methods))
    }

    fn answered_by(&mut self, of: Def, methods: &[Def]) -> bool {
        let lineage = self.lineage(of);
        methods.iter().all(|method| {
            let name = &self.program.definition(*method).name;
            let mut found = lineage.types.iter().map(|it| self.program.members(self.program.def_space(*it), name));
            found.find(|it| !it.is_empty()).is_some_and(|it| it.contains(method))
        })
    }

    /// The type in whose code an expression stands.
    fn owner_type(&self, spot: Spot) -> Option<Def> {
        let mut at = self.program.def(spot.unit, spot.owner);
        while !self.program.is_type(at) {
            let above = self.program.parent(at);
            if above == at {
                return None;
            }
            at = above;
        }
        Some(at)
    }

    pub(crate) fn argument_of(&self, function: Def, position: usize, args: &[Argument]) -> Option<ExprId> {
        let definition = self.program.definition(function);
        let param = definition.params.iter().filter(|it| it.kind == ParamKind::Plain).nth(position)?;
        let named = args.iter().find(|it| it.name.as_ref() == Some(&param.name));
        let plain = || args.get(position).filter(|it| it.name.is_none() && !it.spread);
        Some(named.or_else(plain)?.value)
    }

    /// A slot of a function that was handed what it calls: only who hands in the function at hand decides.
    fn applied(&self, (outer, slot): (Def, Slot<'a>), call: Spot, (callee, runs): (ExprId, Def)) -> (Def, Slot<'a>) {
        let (Slot::Argument(at), ExprKind::Name(name)) = (&slot, &self.facts(call.unit).expr(callee).kind) else {
            return (outer, slot);
        };
        let mut plain = self.program.definition(outer).params.iter().filter(|it| it.kind == ParamKind::Plain);
        match plain.position(|it| it.name == *name) {
            Some(by) => (outer, Slot::Applied(*at, by, runs)),
            None => (outer, slot),
        }
    }

    /// Whether an expression may be this function.
    fn may_be(&mut self, spot: Spot, function: Def) -> bool {
        self.eval(spot.unit, spot.owner, spot.expr)
            .into_iter()
            .any(|it| matches!(self.pool.value(it), Value::Def(def) | Value::Bound(def, _) if def == function))
    }

    /// The function whose caller decides what an expression is, and by what.
    fn slot(&mut self, spot: Spot) -> Option<(Def, Slot<'a>)> {
        self.slot_of(spot).or_else(|| {
            let (function, holder, path) = self.carried_path(spot, 0)?;
            Some((function, Slot::Carried(holder, path)))
        })
    }

    pub(in crate::link) fn slot_of(&mut self, spot: Spot) -> Option<(Def, Slot<'a>)> {
        let facts = self.facts(spot.unit);
        match &facts.expr(spot.expr).kind {
            ExprKind::Name(name) => {
                let mut scope = spot.owner;
                loop {
                    let definition = facts.definition(scope);
                    let mut plain = definition.params.iter().filter(|it| it.kind == ParamKind::Plain);
                    if let Some(position) = plain.position(|it| it.name == *name) {
                        // What the receiver was made for says it wherever such a row comes from.
                        let declared = definition.params.iter().find(|it| it.name == *name).and_then(|it| it.declared);
                        if let (Some(_), Some(expr)) = (definition.receiver, declared)
                            && let Some(slot) = self.type_slot(Spot { expr, ..spot })
                        {
                            return Some(slot);
                        }
                        let named = matches!(definition.kind, DefinitionKind::Function | DefinitionKind::Method);
                        return named.then(|| (self.program.def(spot.unit, scope), Slot::Argument(position)));
                    }
                    let is_rest = |it: &Param| it.kind == ParamKind::Rest && it.name == *name;
                    if let Some(at) = definition.params.iter().position(is_rest) {
                        let before = definition.params.iter().take(at).filter(|it| it.kind == ParamKind::Plain).count();
                        let named = matches!(definition.kind, DefinitionKind::Function | DefinitionKind::Method);
                        return named.then(|| (self.program.def(spot.unit, scope), Slot::Rest(before)));
                    }
                    if scope == DefId::MODULE || definition.kind != DefinitionKind::Closure {
                        break;
                    }
                    scope = definition.parent;
                }
                if let [only] = self.given_here(spot).as_slice()
                    && matches!(facts.expr(only.expr).kind, ExprKind::Element(_))
                    && let Some(slot) = self.slot_of(*only)
                {
                    return Some(slot);
                }
                let function = self.named_owner(spot.unit, spot.owner);
                if facts.definition(function).type_params.is_empty() {
                    return None;
                }
                let own = facts.steps.iter().filter(|it| self.named_owner(spot.unit, it.owner) == function);
                let made = own.map(|it| it.kind).find_map(|step| match step {
                    StepKind::Declare { target, declared } if self.names(spot.unit, target, name) => Some(declared),
                    StepKind::Assign { target, value } if self.names(spot.unit, target, name) => {
                        match &facts.expr(value).kind {
                            ExprKind::Construct { of, .. } => Some(*of),
                            ExprKind::Call { args, .. } => args.first().map(|it| it.value),
                            _ => None,
                        }
                    }
                    _ => None,
                })?;
                self.type_slot(Spot { expr: made, ..spot })
            }
            // `rows[i]`, and an element of `rows` in a loop, where a list of parameters takes them.
            ExprKind::Index { base: rows, .. } | ExprKind::Element(rows)
                if matches!(facts.expr(*rows).kind, ExprKind::Name(_)) =>
            {
                self.slot_of(Spot { expr: *rows, ..spot }).filter(|it| matches!(it.1, Slot::Rest(_)))
            }
            ExprKind::Construct { of, .. } => self.type_slot(Spot { expr: *of, ..spot }),
            // `new(T)`
            ExprKind::Call { args, .. } => match args.as_slice() {
                [only] => self.type_slot(Spot { expr: only.value, ..spot }),
                _ => None,
            },
            _ => None,
        }
    }

    fn names(&self, unit: u32, target: ExprId, name: &str) -> bool {
        matches!(&self.facts(unit).expr(target).kind, ExprKind::Name(it) if it == name)
    }

    /// The type parameter that a type expression is, or is a list of.
    pub(in crate::link) fn type_slot(&self, spot: Spot) -> Option<(Def, Slot<'a>)> {
        let facts = self.facts(spot.unit);
        let function = self.named_owner(spot.unit, spot.owner);
        let params = &facts.definition(function).type_params;
        if params.is_empty() {
            return None;
        }
        let mut expr = spot.expr;
        for _ in 0..3 {
            let name = match &facts.expr(expr).kind {
                ExprKind::Name(name) => Some(name),
                _ => None,
            };
            let index = params.iter().position(|(it, bound)| Some(it) == name || *bound == Some(expr));
            if let Some(index) = index {
                return Some((self.program.def(spot.unit, function), Slot::Type(index)));
            }
            let ExprKind::Index { index, .. } = facts.expr(expr).kind else { return None };
            expr = index;
        }
        None
    }
}
