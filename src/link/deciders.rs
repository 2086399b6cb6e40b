//! Functions that touch whichever store their caller means: `FindAll(db, &orders)`, `Get[Order](db, id)`, and the methods of
//! `Repository[Order]`. Each call says which one it is; the function itself may touch any of them.

use crate::link::accesses::{Accesses, RawAccess};
use crate::link::guards::captures;
use crate::link::infer::{Inference, Spot};
use crate::link::program::Def;
use crate::link::stores::{Stores, store_kind};
use crate::link::value::{Subject, Value};
use crate::model::fact::{Argument, Captured, DefId, DefinitionKind, ExprId, ExprKind, Match, ParamKind, StepKind};
use crate::model::graph::Confidence;
use crate::model::rule::Rule;
use crate::model::sql::Operation;

/// Functions between the one that decides and the one that touches.
const MOST_LEVELS: usize = 3;
/// Calls of one function that are looked at.
const MOST_CALLS: usize = 400;

/// What of a call decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    /// The argument for this parameter, the receiver not counted.
    Argument(usize),
    /// This type argument, of the function or of its receiver's type.
    Type(usize),
}

/// A call and the store it decides for.
type Decided = Vec<(Spot, usize)>;

impl<'a> Inference<'a> {
    /// Adds what the callers of a function decide that touches stores of several types, or of none that is known here:
    /// each caller's own access, and the function's as one of several. False if no caller was seen to decide.
    pub(crate) fn add_decided(
        &mut self,
        stores: &mut Stores,
        unit: u32,
        rule: &Rule,
        hit: &Match,
        step: (usize, Operation, Confidence),
        found: &mut Accesses,
    ) -> bool {
        let (touched, operation, confidence) = step;
        if confidence == Confidence::Guess || rule.settings.get("access.target").is_some_and(|it| it != "entity") {
            return false;
        }
        let mut decided: Decided = Vec::new();
        for target in captures(rule, hit, "access.target") {
            let Captured::Expr(expr) = target else { continue };
            let spot = Spot { unit, owner: hit.owner, expr: *expr };
            match self.slot(spot) {
                Some((function, slot)) if touched != 1 || matches!(slot, Slot::Type(_)) => {
                    self.decided(stores, rule, (function, slot), &mut vec![function], &mut decided);
                }
                _ => {}
            }
        }
        if decided.is_empty() {
            return false;
        }
        let mut own: Vec<usize> = decided.iter().map(|(_, store)| *store).collect();
        own.sort_unstable();
        own.dedup();
        let bound = if own.len() > 1 { Confidence::Guess } else { Confidence::Likely };
        for store in own {
            stores.drafts[store].used = true;
            let access = self.access_at(unit, hit.owner, hit.line, hit.rule, (store, operation, bound));
            found.accesses.push(RawAccess { by_callers: true, ..access });
        }
        for (call, store) in decided {
            let line = self.facts(call.unit).expr(call.expr).at.line;
            let step = (store, operation, Confidence::Likely);
            found.accesses.push(self.access_at(call.unit, call.owner, line, hit.rule, step));
        }
        true
    }

    fn decided(
        &mut self,
        stores: &mut Stores,
        rule: &Rule,
        (function, slot): (Def, Slot),
        seen: &mut Vec<Def>,
        decided: &mut Decided,
    ) {
        let calls = self.calls_of(function).to_vec();
        for call in calls.into_iter().take(MOST_CALLS) {
            let ExprKind::Call { callee, args } = &self.facts(call.unit).expr(call.expr).kind else { continue };
            let further;
            let mut subjects: Vec<Subject> = Vec::new();
            match slot {
                Slot::Argument(position) => {
                    let Some(argument) = self.argument_of(function, position, args) else { continue };
                    let captured = Captured::Expr(argument);
                    self.target_subjects(call.unit, call.owner, rule, &captured, "entity", &mut subjects);
                    further = self.slot(Spot { expr: argument, ..call });
                }
                Slot::Type(index) => {
                    let Some(given) = self.type_argument(call, *callee, args, function, index) else { continue };
                    further = self.type_slot(given);
                    if further.is_none() {
                        subjects.extend(self.project_type(given.unit, given.owner, given.expr).map(Subject::Type));
                    }
                }
            }
            subjects.retain(|it| matches!(it, Subject::Type(_)));
            if let [only] = subjects.as_slice()
                && let Some(store) = self.store_of_subject(stores, *only, rule, store_kind(rule), Confidence::Likely)
            {
                if !decided.contains(&(call, store)) {
                    decided.push((call, store));
                }
            } else if let Some((outer, slot)) = further
                && seen.len() <= MOST_LEVELS
                && !seen.contains(&outer)
            {
                seen.push(outer);
                self.decided(stores, rule, (outer, slot), seen, decided);
                seen.pop();
            }
        }
    }

    fn argument_of(&self, function: Def, position: usize, args: &[Argument]) -> Option<ExprId> {
        let definition = self.program.definition(function);
        let param = definition.params.iter().filter(|it| it.kind == ParamKind::Plain).nth(position)?;
        let named = args.iter().find(|it| it.name.as_ref() == Some(&param.name));
        let plain = || args.get(position).filter(|it| it.name.is_none() && !it.spread);
        Some(named.or_else(plain)?.value)
    }

    /// The function whose caller decides what an expression is, and by what.
    fn slot(&mut self, spot: Spot) -> Option<(Def, Slot)> {
        let facts = self.facts(spot.unit);
        match &facts.expr(spot.expr).kind {
            ExprKind::Name(name) => {
                let mut scope = spot.owner;
                loop {
                    let definition = facts.definition(scope);
                    let mut plain = definition.params.iter().filter(|it| it.kind == ParamKind::Plain);
                    if let Some(position) = plain.position(|it| it.name == *name) {
                        let named = matches!(definition.kind, DefinitionKind::Function | DefinitionKind::Method);
                        return named.then(|| (self.program.def(spot.unit, scope), Slot::Argument(position)));
                    }
                    if scope == DefId::MODULE || definition.kind != DefinitionKind::Closure {
                        break;
                    }
                    scope = definition.parent;
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
    fn type_slot(&self, spot: Spot) -> Option<(Def, Slot)> {
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

    /// The type that a call gives for a type parameter: written at the call, that of an argument, or that of the value
    /// the method is called on.
    fn type_argument(
        &mut self,
        call: Spot,
        callee: ExprId,
        args: &'a [Argument],
        function: Def,
        index: usize,
    ) -> Option<Spot> {
        let facts = self.facts(call.unit);
        let definition = self.program.definition(function);
        match &facts.expr(callee).kind {
            ExprKind::Index { index: types, .. } => self.nth_type(Spot { expr: *types, ..call }, index),
            ExprKind::Member { base, .. } if definition.receiver.is_some() => {
                let base = Spot { expr: *base, ..call };
                for value in self.eval(call.unit, call.owner, base.expr) {
                    let Value::Instance(of) = self.pool.value(value) else { continue };
                    if let Some(given) = self.embedded_argument(of, function, index) {
                        return Some(given);
                    }
                }
                let applied = self.applied_type(base, 0)?;
                self.nth_type(applied, index)
            }
            _ => {
                let (unit, id) = self.program.local(function);
                let mut plain = definition.params.iter().filter(|it| it.kind == ParamKind::Plain);
                let position = plain.position(|it| {
                    it.declared.is_some_and(|declared| {
                        self.type_slot(Spot { unit, owner: id, expr: declared }) == Some((function, Slot::Type(index)))
                    })
                })?;
                let argument = self.argument_of(function, position, args)?;
                // The literal's type, if it is one.
                match &facts.expr(argument).kind {
                    ExprKind::Construct { of, .. } => Some(Spot { expr: *of, ..call }),
                    _ => None,
                }
            }
        }
    }

    fn nth_type(&self, types: Spot, index: usize) -> Option<Spot> {
        match &self.facts(types.unit).expr(types.expr).kind {
            ExprKind::Sequence(items) => items.get(index).map(|it| Spot { expr: *it, ..types }),
            _ => (index == 0).then_some(types),
        }
    }

    /// `struct { Repository[Order] }`: the type argument of the base that has the method.
    fn embedded_argument(&mut self, of: Def, function: Def, index: usize) -> Option<Spot> {
        let name = &self.program.definition(function).name;
        for holder in self.lineage(of).types.clone() {
            let (unit, id) = self.program.local(holder);
            for base in &self.program.definition(holder).bases {
                let ExprKind::Index { base: generic, index: types } = self.facts(unit).expr(*base).kind else {
                    continue;
                };
                let Some(generic) = self.project_type(unit, id, generic) else { continue };
                if self.program.members(self.program.def_space(generic), name).contains(&function) {
                    return self.nth_type(Spot { unit, owner: id, expr: types }, index);
                }
            }
        }
        None
    }

    /// The arguments of the generic type that a value was declared or made with.
    fn applied_type(&mut self, spot: Spot, level: u32) -> Option<Spot> {
        if level > 4 {
            return None;
        }
        let facts = self.facts(spot.unit);
        let at = |expr: ExprId| Spot { expr, ..spot };
        match &facts.expr(spot.expr).kind {
            ExprKind::Index { index, .. } => Some(at(*index)),
            ExprKind::Construct { of, .. } => match &facts.expr(*of).kind {
                ExprKind::Index { index, .. } => Some(at(*index)),
                _ => None,
            },
            ExprKind::Call { callee, .. } => {
                if let ExprKind::Index { index, .. } = facts.expr(*callee).kind {
                    return Some(at(index));
                }
                let function =
                    self.eval(spot.unit, spot.owner, *callee).into_iter().find_map(|it| match self.pool.value(it) {
                        Value::Def(def) | Value::Bound(def, _) if self.program.is_function(def) => Some(def),
                        _ => None,
                    })?;
                let (unit, id) = self.program.local(function);
                let result = self.program.definition(function).result?;
                self.declared_argument(Spot { unit, owner: id, expr: result })
            }
            ExprKind::Member { base, name } => {
                for value in self.eval(spot.unit, spot.owner, *base) {
                    let Value::Instance(of) = self.pool.value(value) else { continue };
                    for holder in self.lineage(of).types.clone() {
                        for field in self.program.members(self.program.def_space(holder), name) {
                            let (unit, id) = self.program.local(field);
                            if let Some(declared) = self.program.definition(field).declared {
                                return self.declared_argument(Spot { unit, owner: id, expr: declared });
                            }
                        }
                    }
                }
                None
            }
            ExprKind::Name(name) => {
                let mut scope = spot.owner;
                loop {
                    let definition = facts.definition(scope);
                    if let Some(param) = definition.params.iter().find(|it| it.name == *name) {
                        return self.declared_argument(at(param.declared?));
                    }
                    if scope == DefId::MODULE || definition.kind != DefinitionKind::Closure {
                        break;
                    }
                    scope = definition.parent;
                }
                let vars = self.vars_of(spot.unit, spot.owner, spot.expr);
                let [(var, _)] = vars.as_slice() else { return None };
                let sources = self.sources(*var);
                let [only] = sources.as_slice() else { return None };
                self.applied_type(*only, level + 1)
            }
            _ => None,
        }
    }

    /// `Order` of a declared `Repository[Order]`, the first of several results.
    fn declared_argument(&self, spot: Spot) -> Option<Spot> {
        match &self.facts(spot.unit).expr(spot.expr).kind {
            ExprKind::Index { index, .. } => Some(Spot { expr: *index, ..spot }),
            ExprKind::Sequence(items) => {
                let first = *items.first()?;
                match self.facts(spot.unit).expr(first).kind {
                    ExprKind::Index { index, .. } => Some(Spot { expr: index, ..spot }),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}
