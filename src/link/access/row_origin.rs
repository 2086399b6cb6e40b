//! Where a row came from that a call writes: one that was just made is inserted, one that was read is changed.

use crate::link::access::accesses::operation_of;
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::{Value, ValueId, Var};
use crate::model::fact::{Argument, Captured, ExprId, ExprKind, Match, ParamKind, StepKind};
use crate::model::rule::{Gives, Rule};
use crate::model::sql::Operation;

/// Names, calls and parameters are followed this far.
const MOST_STEPS: u32 = 8;
/// Places that give a variable its rows, and calls of one function, beyond which nothing is said.
const MOST_PLACES: usize = 12;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Made,
    /// Made with its key: it may be there already.
    Keyed,
    Read,
}

impl Inference<'_> {
    /// The operation of a call that writes a row as it finds it (`access.origin`, with the names of its key): an insert of what
    /// was just made, an update of what was read or of the columns that the call names (`access.changes`).
    ///
    /// Also whether an insert is only likely: where the row came from is not known, so it may be one that is there.
    pub(crate) fn by_row(&mut self, unit: u32, rule: &Rule, hit: &Match, operation: Operation) -> (Operation, bool) {
        if !matches!(operation, Operation::Insert | Operation::Upsert) || !rule.settings.contains_key("access.origin") {
            return (operation, false);
        }
        let (Some(Captured::Expr(row)), Some(Captured::Expr(call))) =
            (capture(rule, hit, "access.target"), capture(rule, hit, "access"))
        else {
            return (operation, false);
        };
        let ExprKind::Call { callee, args } = &self.facts(unit).expr(*call).kind else { return (operation, false) };
        let spot = Spot { unit, owner: hit.owner, expr: *row };
        match self.key_taken(spot, *callee, rule) {
            Some(true) => return (Operation::Insert, false),
            Some(false) => return (Operation::Upsert, false),
            None => {}
        }
        if args
            .iter()
            .any(|it| it.name.as_deref().is_some_and(|name| rule.words("access.changes").any(|it| it == name)))
        {
            return (Operation::Update, false);
        }
        match self.row_origin(spot, rule, 0) {
            Some(Origin::Read) => (Operation::Update, false),
            Some(Origin::Made) if !self.is_written_before(spot, *callee) => (Operation::Insert, false),
            Some(_) => (operation, false),
            None => (operation, operation == Operation::Insert),
        }
    }

    /// Whether the function takes the key (`access.origin`) from a row before it writes it (`row.pk = None`): what was there
    /// becomes a new one. False where only a branch does.
    fn key_taken(&self, row: Spot, callee: ExprId, rule: &Rule) -> Option<bool> {
        let facts = self.facts(row.unit);
        let (ExprKind::Name(name), ExprKind::Member { base: own, name: method }) =
            (&facts.expr(row.expr).kind, &facts.expr(callee).kind)
        else {
            return None;
        };
        let is_row = |it: ExprId| matches!(&facts.expr(it).kind, ExprKind::Name(it) if it == name);
        let line = facts.expr(row.expr).at.line;
        let mut first = *own;
        while let ExprKind::Member { base, .. } = &facts.expr(first).kind {
            first = *base;
        }
        let mut taken: Option<u32> = None;
        for step in facts.steps.iter().filter(|it| it.owner == row.owner && it.line < line) {
            match step.kind {
                StepKind::Assign { target, value } => match &facts.expr(target).kind {
                    ExprKind::Name(it) if it == name => taken = None,
                    ExprKind::Member { base, name: key }
                        if is_row(*base) && rule.words("access.origin").any(|it| it == key) =>
                    {
                        let is_none = self.is_nothing(Spot { expr: value, ..row });
                        taken = is_none.then(|| facts.expr(*base).at.column);
                    }
                    _ => {}
                },
                StepKind::Call(call) => {
                    if let ExprKind::Call { callee, args } = &facts.expr(call).kind
                        && let ExprKind::Member { base, name: other } = &facts.expr(*callee).kind
                        && other == method
                        && (is_row(*base) || args.iter().any(|it| is_row(it.value)))
                    {
                        taken = None;
                    }
                }
                _ => {}
            }
        }
        taken.map(|column| column <= facts.expr(first).at.column)
    }

    /// The same for a row that is handed to the function whose call writes it.
    pub(crate) fn by_origin(&mut self, row: Spot, rule: &Rule, operation: Operation) -> Operation {
        if !matches!(operation, Operation::Insert | Operation::Upsert) || !rule.settings.contains_key("access.origin") {
            return operation;
        }
        match self.row_origin(row, rule, 0) {
            Some(Origin::Read) => Operation::Update,
            Some(Origin::Made) => Operation::Insert,
            Some(Origin::Keyed) | None => operation,
        }
    }

    /// Whether all that a row may be was read.
    pub(crate) fn was_read(&mut self, row: Spot, rule: &Rule) -> bool {
        self.row_origin(row, rule, 0) == Some(Origin::Read)
    }

    /// Whether all that a row may be was just made.
    pub(crate) fn was_made(&mut self, row: Spot, rule: &Rule) -> bool {
        self.row_origin(row, rule, 0) == Some(Origin::Made)
    }

    /// Whether a member is assigned of a row that was just made and that nobody was handed yet: what makes it a row of the table
    /// writes that too (`access.unmade`).
    pub(crate) fn is_unmade(&mut self, unit: u32, rule: &Rule, hit: &Match) -> bool {
        if !rule.settings.contains_key("access.unmade") {
            return false;
        }
        let Some(Captured::Expr(row)) = capture(rule, hit, "access.target") else { return false };
        let spot = Spot { unit, owner: hit.owner, expr: *row };
        let facts = self.facts(unit);
        let ExprKind::Name(name) = &facts.expr(*row).kind else { return false };
        let is_row = |it: ExprId| matches!(&facts.expr(it).kind, ExprKind::Name(it) if it == name);
        let is_given = facts.steps.iter().filter(|it| it.owner == hit.owner && it.line < hit.line).any(|step| {
            let StepKind::Call(call) = step.kind else { return false };
            matches!(&facts.expr(call).kind, ExprKind::Call { args, .. } if args.iter().any(|it| is_row(it.value)))
        });
        let member = self.captured_member(unit, rule, hit).unwrap_or_default();
        let is_relation = self.eval(unit, hit.owner, *row).iter().any(|it| match self.pool.value(*it) {
            Value::Instance(of) => self.relation_of(of, member).is_some(),
            _ => false,
        });
        !is_given && !is_relation && self.was_made(spot, rule) && !self.is_handed_over(spot, hit.line)
    }

    /// Whether a rule is about rows that were just made (`access.made`), and this one is none, or was inserted before.
    pub(crate) fn is_no_new_row(&mut self, unit: u32, rule: &Rule, hit: &Match) -> bool {
        if !rule.settings.contains_key("access.made") {
            return false;
        }
        let Some(Captured::Expr(row)) = capture(rule, hit, "access.target") else { return true };
        let spot = Spot { unit, owner: hit.owner, expr: *row };
        !self.was_made(spot, rule) || self.is_inserted_by_method(spot, hit.line)
    }

    /// Whether the function called the same on the same row before: it is there by then.
    pub(crate) fn is_written_before(&self, row: Spot, callee: ExprId) -> bool {
        let facts = self.facts(row.unit);
        let (ExprKind::Name(name), ExprKind::Member { name: method, .. }) =
            (&facts.expr(row.expr).kind, &facts.expr(callee).kind)
        else {
            return false;
        };
        let line = facts.expr(row.expr).at.line;
        facts.steps.iter().filter(|it| it.owner == row.owner && it.line < line).any(|step| {
            let StepKind::Call(call) = step.kind else { return false };
            let ExprKind::Call { callee, args } = &facts.expr(call).kind else { return false };
            let ExprKind::Member { base, name: other } = &facts.expr(*callee).kind else { return false };
            let is_row = |it: ExprId| matches!(&facts.expr(it).kind, ExprKind::Name(it) if it == name);
            other == method && (is_row(*base) || args.iter().any(|it| is_row(it.value)))
        })
    }

    /// Where a row came from, if all that it may be came from there.
    fn row_origin(&mut self, row: Spot, rule: &Rule, steps: u32) -> Option<Origin> {
        if steps > MOST_STEPS {
            return None;
        }
        let facts = self.facts(row.unit);
        match &facts.expr(row.expr).kind {
            ExprKind::Name(_) if let Some(value) = facts.settled_value(row.expr) => {
                self.row_origin(Spot { expr: value, ..row }, rule, steps + 1)
            }
            ExprKind::Name(name) => {
                let (var, param) = self.row_variable(row, name)?;
                let places: Vec<Spot> = match param {
                    Some(position) => self.rows_handed_in(row, position, name)?,
                    None => self.sources(var).into_iter().filter(|it| !self.is_nothing(*it)).collect(),
                };
                self.one_origin(&places, rule, steps)
            }
            ExprKind::Call { callee, args } => self.origin_of_call(row, *callee, args, rule, steps),
            ExprKind::Element(inner) => {
                let origin = self.row_origin(Spot { expr: *inner, ..row }, rule, steps + 1);
                origin.filter(|it| *it == Origin::Read)
            }
            // What a relation leads to was read with or after its row.
            ExprKind::Member { base, name } => {
                let bases = self.eval(row.unit, row.owner, *base);
                let is_related = |it: &mut Self| {
                    bases.iter().all(|value| match it.pool.value(*value) {
                        Value::Instance(of) => it.relation_of(of, name).is_some_and(|it| it.loads.is_some()),
                        _ => false,
                    })
                };
                (!bases.is_empty() && is_related(self)).then_some(Origin::Read)
            }
            _ => None,
        }
    }

    fn one_origin(&mut self, places: &[Spot], rule: &Rule, steps: u32) -> Option<Origin> {
        if places.is_empty() || places.len() > MOST_PLACES {
            return None;
        }
        let mut all = self.row_origin(places[0], rule, steps + 1)?;
        for place in &places[1..] {
            match (all, self.row_origin(*place, rule, steps + 1)?) {
                (one, other) if one == other => {}
                (Origin::Made | Origin::Keyed, Origin::Made | Origin::Keyed) => all = Origin::Keyed,
                _ => return None,
            }
        }
        Some(all)
    }

    /// A call makes a row where it calls its type, and reads one where a rule says that it does; what a function of the program
    /// gives came from what that returns.
    fn origin_of_call(
        &mut self,
        call: Spot,
        callee: ExprId,
        args: &[Argument],
        rule: &Rule,
        steps: u32,
    ) -> Option<Origin> {
        let callees = self.eval(call.unit, call.owner, callee);
        let mut functions = Vec::new();
        for value in &callees {
            match self.pool.value(*value) {
                Value::Def(of) if self.program.is_type(of) => {
                    // With its key given it may be there already.
                    let is_key = |name: &str| rule.words("access.origin").any(|it| it == name);
                    let keyed = args.iter().any(|it| it.spread || it.name.as_deref().is_some_and(is_key));
                    let all_types = callees.iter().all(|it| match self.pool.value(*it) {
                        Value::Def(of) => self.program.is_type(of),
                        _ => false,
                    });
                    let origin = if keyed { Origin::Keyed } else { Origin::Made };
                    return all_types.then_some(origin);
                }
                Value::Def(def) | Value::Bound(def, _) if self.program.is_function(def) => functions.push(def),
                _ => {}
            }
        }
        if functions.is_empty() {
            if self.reads_rows(call) {
                return Some(Origin::Read);
            }
            // What hands its argument on (`enumerate(rows)`).
            let handed = callees.first().and_then(|it| self.handed_back(call.unit, *it));
            let argument = handed.and_then(|it| args.get(it)).filter(|it| callees.len() == 1 && !it.spread)?;
            return self.row_origin(Spot { expr: argument.value, ..call }, rule, steps + 1);
        }
        let mut places: Vec<Spot> = Vec::new();
        for def in functions {
            let sources = self.result_var(def).map(|var| self.sources(var)).unwrap_or_default();
            places.extend(sources.into_iter().filter(|it| !self.is_nothing(*it)));
        }
        self.one_origin(&places, rule, steps)
    }

    /// The place of the argument that an outside function hands back.
    fn handed_back(&mut self, unit: u32, callee: ValueId) -> Option<usize> {
        let Value::Outside { path, .. } = self.pool.value(callee) else { return None };
        let separator = self.separator(unit);
        match self.stub_of_call(path, separator).stub?.gives {
            Gives::Argument(place) | Gives::ListOf(place) | Gives::PairsOf(place) => Some(usize::from(place)),
            _ => None,
        }
    }

    /// Whether a rule says that a call reads rows or has inserted one.
    fn reads_rows(&mut self, call: Spot) -> bool {
        let at = self.program.unit(call.unit).first_expr + call.expr.0;
        let rules = self.rules;
        for number in self.matches_at.get(&at).cloned().unwrap_or_default() {
            let hit = &self.facts(call.unit).matches[number as usize];
            let rule = &rules.rules[hit.rule as usize];
            if capture(rule, hit, "access").is_some()
                && matches!(operation_of(rule, hit), Some(Operation::Select | Operation::Insert))
                && self.guards_hold(call.unit, call.owner, rule, hit) == Held::Yes
            {
                return true;
            }
        }
        false
    }

    /// The variable that a name stands for, with its position where it is a parameter of the function around.
    fn row_variable(&mut self, row: Spot, name: &str) -> Option<(Var, Option<usize>)> {
        let (var, _) = self.vars_of(row.unit, row.owner, row.expr).into_iter().next()?;
        let definition = self.facts(row.unit).definition(row.owner);
        let param = definition.params.iter().find(|it| it.name == name);
        match param {
            Some(param) if param.kind != ParamKind::Plain => None,
            Some(_) => {
                let plain = definition.params.iter().filter(|it| it.kind == ParamKind::Plain);
                let position = plain.into_iter().position(|it| it.name == name);
                position.map(|it| (var, Some(it)))
            }
            None => Some((var, None)),
        }
    }

    /// What all calls of a function hand in at a place; nothing where one does not say it, or it is given another value.
    fn rows_handed_in(&mut self, row: Spot, position: usize, name: &str) -> Option<Vec<Spot>> {
        let def = self.program.def(row.unit, row.owner);
        let assigned = self.facts(row.unit).steps.iter().filter(|it| it.owner == row.owner).any(|step| {
            matches!(step.kind, StepKind::Assign { target, .. }
                if matches!(&self.facts(row.unit).expr(target).kind, ExprKind::Name(it) if it == name))
        });
        if assigned {
            return None;
        }
        let calls = self.calls_of(def).to_vec();
        let given = |call: &Spot| -> Option<Spot> {
            let ExprKind::Call { args, .. } = &self.facts(call.unit).expr(call.expr).kind else { return None };
            if args.iter().any(|it| it.spread) {
                return None;
            }
            let by_name = args.iter().find(|it| it.name.as_deref() == Some(name));
            let argument = by_name.or_else(|| args.iter().filter(|it| it.name.is_none()).nth(position))?;
            Some(Spot { expr: argument.value, ..*call })
        };
        calls.iter().map(given).collect()
    }

    /// `None`, as a variable holds before it is given something.
    fn is_nothing(&self, spot: Spot) -> bool {
        matches!(&self.facts(spot.unit).expr(spot.expr).kind, ExprKind::Constant(word) if word == "None")
    }
}
