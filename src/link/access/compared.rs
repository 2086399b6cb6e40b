//! Comparisons of columns in a statement: entities that stand in nothing but a condition are read with the rest of it.

use rustc_hash::FxHashSet;

use crate::link::access::accesses::{Accesses, RawAccess};
use crate::link::calls::{captured_expr, children};
use crate::link::storage::stores::Stores;
use crate::link::values::guards::{Held, capture, captures};
use crate::link::values::infer::Inference;
use crate::link::values::value::{Subject, Value, ValueId};
use crate::model::fact::{Captured, DefId, ExprId, ExprKind, Text};
use crate::model::graph::{Confidence, StoreKind};
use crate::model::rule::{Guard, Rule};
use crate::model::source::Role;
use crate::model::sql::{Effect, Operation};

/// Parts of a condition that are looked at.
const MOST_PARTS: usize = 96;

impl Inference<'_> {
    /// Entities whose columns a statement only compares (`access.compared`).
    pub(crate) fn compared_columns(&mut self, stores: &mut Stores, found: &mut Accesses) {
        for (unit, rule, hit) in self.hits(is_compared) {
            let role = self.program.unit(unit).source.role;
            if role == Role::Vendored || self.runs_nothing(unit, hit.owner, rule) {
                continue;
            }
            let Some(confidence) = self.confidence(unit, rule, hit) else { continue };
            let root = captured_expr(capture(rule, hit, "access"));
            let receiver = self.receiver_of(unit, rule, hit, root);
            let own = receiver.map(|it| self.receiver_subjects(unit, hit.owner, rule, it)).unwrap_or_default();
            let about: Vec<usize> = (own.into_iter())
                .filter_map(|it| self.store_of_subject(stores, it, rule, StoreKind::Table, confidence))
                .collect();
            let mut compared: Vec<usize> = Vec::new();
            for target in captures(rule, hit, "access.target") {
                let Captured::Expr(expr) = target else { continue };
                for store in self.stores_compared(stores, unit, hit.owner, rule, *expr) {
                    if !about.contains(&store) && !compared.contains(&store) {
                        compared.push(store);
                    }
                }
            }
            let line = root.map_or(hit.line, |it| self.facts(unit).expr(it).at.line);
            if !compared.is_empty() {
                // A statement about nothing else (`exists().where(..)`) is about these.
                let here = (unit, hit.owner, line);
                found.blind_spots.retain(|it| it.kind != "unresolved-target" || (it.unit, it.owner, it.line) != here);
            }
            for store in compared {
                stores.drafts[store].used = true;
                let step = (store, Operation::Select, confidence);
                let access = self.access_at(unit, hit.owner, line, hit.rule, step);
                found.accesses.push(RawAccess { expr: root, joins: true, ..access });
            }
        }
    }

    /// What a statement compares says nothing new where the function reads it by other means.
    pub(crate) fn drop_compared_twice(&self, found: &mut Accesses) {
        let rules = self.rules;
        let compared = |it: &RawAccess| is_compared(&rules.rules[it.rule as usize]);
        let key = |it: &RawAccess| (it.unit, self.named_owner(it.unit, it.owner), it.store);
        let sure = |it: &&RawAccess| it.operation.effect() == Effect::Read && it.confidence > Confidence::Guess;
        let mut known: FxHashSet<_> = found.accesses.iter().filter(|it| !compared(it)).filter(sure).map(key).collect();
        found.accesses.retain(|it| !compared(it) || known.insert(key(it)));
    }

    /// Stores of the entities whose columns stand in a condition, through what is said of them (`func.lower(Order.code)`).
    /// A query inside it has conditions of its own.
    fn stores_compared(&mut self, stores: &Stores, unit: u32, owner: DefId, rule: &Rule, expr: ExprId) -> Vec<usize> {
        let facts = self.facts(unit);
        let queries = guarded_types(rule);
        let mut compared: Vec<usize> = Vec::new();
        let mut todo = vec![expr];
        for _ in 0..MOST_PARTS {
            let Some(at) = todo.pop() else { break };
            match &facts.expr(at).kind {
                ExprKind::Member { base, name } => match self.compared_column(stores, unit, owner, *base, name) {
                    Some(store) if !compared.contains(&store) => compared.push(store),
                    Some(_) => {}
                    None => todo.push(*base),
                },
                ExprKind::Function(_) => {}
                ExprKind::Call { .. } if self.is_instance(unit, owner, at, queries) => {}
                _ => children(facts, at, &mut |it| todo.push(it)),
            }
        }
        compared
    }

    /// The entities that an expression names as types, and what outside values that it gives are about.
    pub(crate) fn add_named(&mut self, unit: u32, owner: DefId, expr: ExprId, subjects: &mut Vec<Subject>) {
        let is_inner = self.is_inner_type(unit, owner, expr);
        for value in self.eval(unit, owner, expr) {
            let subject = match self.pool.value(value) {
                Value::Def(of) if self.program.is_type(of) => Subject::Type(of),
                Value::Outside { subject, .. } if !is_inner => subject,
                _ => Subject::None,
            };
            if subject != Subject::None && !subjects.contains(&subject) {
                subjects.push(subject);
            }
        }
    }

    /// Whether a member of a type is a type itself, or named like one and nothing that the type is seen to have: what is
    /// made elsewhere for each (`User.Event`) is no column.
    pub(crate) fn is_inner_type(&mut self, unit: u32, owner: DefId, expr: ExprId) -> bool {
        let ExprKind::Member { base, name } = &self.facts(unit).expr(expr).kind else { return false };
        if !name.starts_with(char::is_uppercase) || !name.contains(char::is_lowercase) {
            return false;
        }
        let [only] = *self.eval(unit, owner, *base) else { return false };
        let Value::Def(of) = self.pool.value(only) else { return false };
        if !self.program.is_type(of) || self.relation_of(of, name).is_some() {
            return false;
        }
        let given = self.eval(unit, owner, expr);
        let lineage = self.lineage(of).types.clone();
        let is_type = |it: &ValueId| matches!(self.pool.value(*it), Value::Def(of) if self.program.is_type(of));
        given.iter().any(is_type)
            || lineage.iter().all(|it| self.program.members(self.program.def_space(*it), name).is_empty())
    }

    fn is_instance(&mut self, unit: u32, owner: DefId, expr: ExprId, of: &[Text]) -> bool {
        let values = self.eval(unit, owner, expr);
        !values.is_empty() && self.any_matches(&values, of, true) == Held::Yes
    }

    /// The store of the one entity whose type a member is read from, if the member is a column or a key there.
    fn compared_column(&mut self, stores: &Stores, unit: u32, owner: DefId, base: ExprId, name: &str) -> Option<usize> {
        let [only] = *self.eval(unit, owner, base) else { return None };
        let Value::Def(of) = self.pool.value(only) else { return None };
        if !self.program.is_type(of) {
            return None;
        }
        let store = self.store_of_type(stores, of)?;
        let is_column =
            stores.has_column(store, name) || self.relation_of(of, name).is_some_and(|it| it.of != Subject::None);
        is_column.then_some(store)
    }
}

fn is_compared(rule: &Rule) -> bool {
    rule.settings.contains_key("access.compared")
}

/// The types that a rule asks of its receiver.
fn guarded_types(rule: &Rule) -> &[Text] {
    let of_receiver = |it: &u8| rule.captures.get(usize::from(*it)).is_some_and(|it| it == "access.receiver");
    (rule.guards.iter())
        .find_map(|guard| match guard {
            Guard::Type { capture, any_of, negated: false } if of_receiver(capture) => Some(any_of.as_slice()),
            _ => None,
        })
        .unwrap_or_default()
}
