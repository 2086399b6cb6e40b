//! What the ready methods of a library do that a class calls on itself which is mixed into others (`class Guarded: def
//! post(self): return super().post()`): they run on whatever it is mixed into, and each of these says what they are about.

use compact_str::CompactString;

use crate::link::access::accesses::{Accesses, MOST_CANDIDATES, RawAccess, operation_of};
use crate::link::names::program::Def;
use crate::link::storage::stores::{Stores, store_kind};
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::Inference;
use crate::link::values::value::{Subject, Value, ValueId};
use crate::model::fact::{Captured, ExprId, ExprKind, Match};
use crate::model::graph::Confidence;
use crate::model::rule::{Guard, Rule};
use crate::model::sql::Operation;

/// A class that is mixed into more others says nothing.
const MOST_HEIRS: usize = 120;
/// Nor does a base class of more that say what it is about.
const MOST_TOLD: usize = 40;

/// A call that a class makes on itself, of a method that it has not.
struct OwnCall<'r> {
    mixin: Def,
    method: &'r str,
    /// `super()`: whatever comes after the class answers.
    above: bool,
}

impl<'a> Inference<'a> {
    /// Accesses of what mixins call on themselves, for each class that they are mixed into.
    pub(crate) fn heirs_accesses(&mut self, stores: &mut Stores, found: &mut Accesses) {
        let wanted =
            |it: &Rule| it.has("access") && it.has("access.target") && it.settings.contains_key("access.foreign");
        for (unit, rule, hit) in self.hits(wanted) {
            let (Some(call), Some(operation)) = (self.own_call(unit, rule, hit), operation_of(rule, hit)) else {
                continue;
            };
            let mut touched: Vec<(usize, Operation, bool)> = Vec::new();
            let mut stores_meant: Vec<usize> = Vec::new();
            for heir in self.heirs_of(&call, rule) {
                let mut subjects = self.subjects_of_heir(unit, heir, call.method);
                // The type of a query is none of its rows.
                subjects.retain(|it| !matches!(it, Subject::Type(of) if self.store_of_type(stores, *of).is_none()));
                // A class of several is no one of them.
                let [subject] = subjects.as_slice() else { continue };
                let Some(operation) = self.answered(unit, rule, hit, &subjects, operation, found) else { continue };
                let kind = store_kind(rule);
                let Some(store) = self.store_of_subject(stores, *subject, rule, kind, Confidence::Likely) else {
                    continue;
                };
                let mut steps = vec![(store, operation, false)];
                steps.extend(self.stores_above(stores, &[store]).into_iter().map(|it| (it, operation, false)));
                if operation == Operation::Delete && rule.settings.contains_key("access.cascade") {
                    steps.extend(self.cascaded(stores, *subject).into_iter().map(|it| (it.0, it.1, true)));
                }
                if !stores_meant.contains(&store) {
                    stores_meant.push(store);
                }
                for step in steps {
                    match touched.iter_mut().find(|it| (it.0, it.1) == (step.0, step.1)) {
                        Some(known) => known.2 &= step.2,
                        None => touched.push(step),
                    }
                }
            }
            let confidence = if stores_meant.len() > MOST_CANDIDATES { Confidence::Guess } else { Confidence::Likely };
            let is_told = |found: &Accesses, store: usize, operation: Operation| {
                let same = |it: &RawAccess| (it.unit, it.owner, it.line) == (unit, hit.owner, hit.line);
                found.accesses.iter().any(|it| same(it) && (it.store, it.operation) == (store, operation))
            };
            for (store, operation, cascaded) in touched {
                if !is_told(found, store, operation) {
                    stores.drafts[store].used = true;
                    let step = (store, operation, confidence);
                    let access = self.access_at(unit, hit.owner, hit.line, hit.rule, step);
                    found.accesses.push(RawAccess { cascaded, ..access });
                }
            }
        }
    }

    /// The classes that a receiver of the program's own stands for: what a mixin calls on itself runs on those it is mixed into.
    pub(crate) fn heirs_at(&mut self, unit: u32, rule: &Rule, hit: &Match) -> Vec<Def> {
        match self.own_call(unit, rule, hit) {
            Some(call) => self.heirs_of(&call, rule),
            None => Vec::new(),
        }
    }

    /// The call of a match, where a mixin makes it on itself and what is called is its one guarded receiver.
    fn own_call(&mut self, unit: u32, rule: &Rule, hit: &Match) -> Option<OwnCall<'a>> {
        let [Guard::Type { capture: guarded, negated: false, .. }] = rule.guards.as_slice() else { return None };
        let Some(Captured::Expr(root)) = capture(rule, hit, "access") else { return None };
        let facts = self.facts(unit);
        let ExprKind::Call { callee, .. } = &facts.expr(*root).kind else { return None };
        let ExprKind::Member { base, name } = &facts.expr(*callee).kind else { return None };
        let is_guarded = |it: &(u8, Captured)| it.0 == *guarded && matches!(&it.1, Captured::Expr(it) if it == base);
        if !hit.captures.iter().any(is_guarded) || !self.is_itself(unit, *base) {
            return None;
        }
        let values = self.eval(unit, hit.owner, *base);
        let mixin = values.iter().find_map(|it| match self.pool.value(*it) {
            Value::Super(of) => Some((of, true)),
            Value::Instance(of) => Some((of, false)),
            _ => None,
        });
        let (mixin, above) = mixin?;
        let at = self.program.def(unit, self.named_owner(unit, hit.owner));
        (self.program.parent(at) == mixin && self.looks_below(mixin) && !self.program.is_test(mixin))
            .then_some(OwnCall { mixin, method: name, above })
    }

    /// `self`, by whatever name, or `super()`.
    fn is_itself(&self, unit: u32, expr: ExprId) -> bool {
        let facts = self.facts(unit);
        match &facts.expr(expr).kind {
            ExprKind::Name(name) => {
                facts.definitions.iter().any(|it| it.params.first().is_some_and(|it| it.name == *name))
            }
            ExprKind::Call { callee, .. } => matches!(&facts.expr(*callee).kind, ExprKind::Name(it) if it == "super"),
            _ => false,
        }
    }

    /// The classes that a mixin's call on itself runs the library's method for.
    fn heirs_of(&mut self, call: &OwnCall<'_>, rule: &Rule) -> Vec<Def> {
        let heirs = self.implementers.get(&call.mixin).cloned().unwrap_or_default();
        if heirs.is_empty() || heirs.len() > MOST_HEIRS {
            return Vec::new();
        }
        let [Guard::Type { any_of, .. }] = rule.guards.as_slice() else { return Vec::new() };
        // One that is such a class itself speaks for itself.
        let own = self.pool.id(Value::Instance(call.mixin));
        if !self.mixins.contains(&call.mixin) && self.any_matches(&[own], any_of, true) == Held::Yes {
            return Vec::new();
        }
        let mut found: Vec<Def> = Vec::new();
        for heir in heirs {
            let types = self.lineage(heir).types.clone();
            let Some(at) = types.iter().position(|it| *it == call.mixin) else { continue };
            let from = if call.above { at + 1 } else { 0 };
            let is_own = |it: &Def| !self.program.members(self.program.def_space(*it), call.method).is_empty();
            if self.program.is_test(heir)
                || types[from..].iter().any(is_own)
                || self.has_own_method(heir, &rule.words("access.unanswered").collect::<Vec<_>>())
            {
                continue;
            }
            let value = self.pool.id(Value::Instance(heir));
            if self.any_matches(&[value], any_of, true) == Held::Yes && self.comes_first(heir, call.mixin) {
                found.push(heir);
            }
        }
        found
    }

    /// Whether a mixin stands before what a class takes from libraries that are known.
    fn comes_first(&mut self, heir: Def, mixin: Def) -> bool {
        let (unit, id) = self.program.local(heir);
        let definition = self.facts(unit).definition(id);
        for base in &definition.bases {
            for value in self.type_objects(unit, definition.parent, *base) {
                match self.pool.value(value) {
                    Value::Def(it) if self.lineage(it).types.contains(&mixin) => return true,
                    Value::Outside { path, .. } if self.stubs.knows(self.pool.text(path)) => return false,
                    _ => {}
                }
            }
        }
        true
    }

    /// Whoever says what a base class is about that has none of these members itself (`class Removal(DeleteView)`, below which
    /// each class has its `model`).
    pub(crate) fn told_below(&mut self, receivers: &[ValueId], members: &[CompactString]) -> Option<Vec<ValueId>> {
        let [receiver] = receivers else { return None };
        let (Value::Instance(of) | Value::Super(of)) = self.pool.value(*receiver) else { return None };
        let below = self.implementers.get(&of).filter(|it| !it.is_empty() && it.len() <= MOST_TOLD)?.clone();
        if self.mixins.contains(&of) || !self.looks_below(of) {
            return None;
        }
        let names: Vec<&str> = members.iter().filter_map(|it| it.split(['.', '?']).next()).collect();
        let own = self.lineage(of);
        let says = |of: &Def| names.iter().any(|it| !self.program.members(self.program.def_space(*of), it).is_empty());
        if own.types.iter().any(says) {
            return None;
        }
        let told: Vec<Def> = below.into_iter().filter(|it| says(it) && !self.program.is_test(*it)).collect();
        Some(told.into_iter().map(|it| self.pool.id(Value::Instance(it))).collect())
    }

    /// What the library's method is about that a class inherits.
    fn subjects_of_heir(&mut self, unit: u32, heir: Def, method: &str) -> Vec<Subject> {
        let separator = self.separator(unit);
        let receiver = self.pool.id(Value::Instance(heir));
        for path in self.lineage(heir).outside.clone() {
            let Some(stub) = self.stub_of_member(path, separator, method).stub else { continue };
            if !stub.of.is_empty() {
                return self.subjects_of_members(unit, &[receiver], &stub.of).to_vec();
            }
        }
        Vec::new()
    }
}
