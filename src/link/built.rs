//! What a chain of calls says of itself: reads that only build the query of a write, and relations that load with rows
//! which the chain never gives.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::link::accesses::{Accesses, RawAccess};
use crate::link::guards::captures;
use crate::link::infer::{Inference, Spot};
use crate::link::joins;
use crate::link::stores::Stores;
use crate::link::value::Value;
use crate::model::fact::{Captured, DefId, ExprId, ExprKind, FileFacts, Match, StepKind};
use crate::model::rule::Rule;
use crate::model::sql::{Effect, Operation};

/// Variables that a chain began in, one in the other, that are followed.
const MOST_NAMES: u32 = 2;

impl Inference<'_> {
    /// In one chain a write wins over the reads that only build its query.
    pub(crate) fn drop_query_building(&mut self, stores: &Stores, found: &mut Accesses) {
        let mut building: FxHashSet<(u32, ExprId, usize)> = FxHashSet::default();
        let rules = self.rules;
        for access in &found.accesses {
            // What only hands a statement over does not say which of the reads in it build the write.
            let hands_over = rules.rules[access.rule as usize].settings.contains_key("access.elsewhere");
            if access.operation.effect() == Effect::Write
                && !hands_over
                && let Some(root) = access.expr
            {
                let mut todo = vec![root];
                let mut steps = 0;
                while let Some(expr) = todo.pop() {
                    steps += 1;
                    if steps > 64 {
                        break;
                    }
                    if let ExprKind::Call { callee, args } = &self.facts(access.unit).expr(expr).kind {
                        if expr != root {
                            building.insert((access.unit, expr, access.store));
                        }
                        todo.extend(args.iter().map(|it| it.value));
                        todo.push(*callee);
                    } else if let ExprKind::Member { base, .. } = &self.facts(access.unit).expr(expr).kind {
                        todo.push(*base);
                    }
                }
            }
        }
        let upserts: FxHashSet<(u32, ExprId, usize)> = found
            .accesses
            .iter()
            .filter(|it| it.operation == Operation::Upsert)
            .filter_map(|it| Some((it.unit, it.expr?, it.store)))
            .collect();
        // `insert .. on conflict do update` is one upsert.
        found.accesses.retain(|it| {
            it.operation != Operation::Insert
                || it.expr.is_none_or(|expr| !upserts.contains(&(it.unit, expr, it.store)))
        });
        let mut accesses = std::mem::take(&mut found.accesses);
        accesses.retain(|it| {
            it.operation.effect() == Effect::Write
                || it.expr.is_none_or(|expr| {
                    !building.contains(&(it.unit, expr, it.store)) || self.gives_rows(stores, it, expr)
                })
        });
        found.accesses = accesses;
    }

    /// What loads along with rows does not where a query only counts them, or asks for columns (`access.bare`).
    pub(crate) fn drop_unloaded(&mut self, found: &mut Accesses) {
        let rules = self.rules;
        let mut parents: FxHashMap<u32, Vec<Option<ExprId>>> = FxHashMap::default();
        let asks = |it: &&RawAccess| rules.rules[it.rule as usize].settings.contains_key("access.asks");
        let asking: FxHashSet<(u32, DefId)> =
            found.accesses.iter().filter(asks).map(|it| (it.unit, self.named_owner(it.unit, it.owner))).collect();
        let mut accesses = std::mem::take(&mut found.accesses);
        accesses.retain(|it| {
            let rule = &rules.rules[it.rule as usize];
            if it.loaded && rule.settings.contains_key("access.elsewhere") {
                // The statement was made here: what loads with it is said there.
                return !asking.contains(&(it.unit, self.named_owner(it.unit, it.owner)));
            }
            let Some(root) = it.expr.filter(|_| it.loaded && rule.settings.contains_key("access.bare")) else {
                return true;
            };
            let facts = self.facts(it.unit);
            let around = parents.entry(it.unit).or_insert_with(|| joins::parents(facts));
            let last = joins::last_of_chain(facts, around, root);
            let ends_bare = called(facts, last).is_some_and(|name| rule.words("access.bare").any(|it| it == name));
            !ends_bare && !self.asks_columns(Spot { unit: it.unit, owner: it.owner, expr: last }, rule, 0)
        });
        found.accesses = accesses;
    }

    /// Whether a chain asks (`access.asks`) for columns, and for no entity as such: `query(Order.id, func.sum(Order.total))`.
    /// It may have begun in a local variable; of several calls that ask, the last counts.
    fn asks_columns(&mut self, last: Spot, rule: &Rule, level: u32) -> bool {
        let facts = self.facts(last.unit);
        let mut at = last.expr;
        while let ExprKind::Call { callee, args } = &facts.expr(at).kind {
            if called(facts, at).is_some_and(|name| rule.words("access.asks").any(|it| it == name)) {
                return !args.is_empty() && args.iter().all(|it| self.is_column(Spot { expr: it.value, ..last }));
            }
            let ExprKind::Member { base, .. } = &facts.expr(*callee).kind else { return false };
            at = *base;
        }
        let ExprKind::Name(name) = &facts.expr(at).kind else { return false };
        if level > MOST_NAMES {
            return false;
        }
        let given = facts.steps.iter().filter(|it| it.owner == last.owner).filter_map(|it| match it.kind {
            StepKind::Assign { target, value } if is_named(facts, target, name) => Some(value),
            _ => None,
        });
        // `query = query.filter(..)` asks for what it asked for before.
        let begun: Vec<ExprId> = given.filter(|it| !is_named(facts, first_of(facts, *it), name)).collect();
        !begun.is_empty() && begun.into_iter().all(|expr| self.asks_columns(Spot { expr, ..last }, rule, level + 1))
    }

    /// Whether a rule's targets are columns, with which no rows come that relations could load along.
    pub(crate) fn asks_for_columns(&mut self, unit: u32, rule: &Rule, hit: &Match) -> bool {
        if !rule.settings.contains_key("access.within") {
            return false;
        }
        let targets: Vec<ExprId> = (captures(rule, hit, "access.target"))
            .filter_map(|it| match it {
                Captured::Expr(expr) => Some(*expr),
                _ => None,
            })
            .collect();
        !targets.is_empty() && targets.into_iter().all(|expr| self.is_column(Spot { unit, owner: hit.owner, expr }))
    }

    fn is_column(&mut self, spot: Spot) -> bool {
        match &self.facts(spot.unit).expr(spot.expr).kind {
            ExprKind::Member { .. } | ExprKind::Call { .. } => {}
            ExprKind::Sequence(items) => {
                return !items.is_empty() && items.iter().all(|it| self.is_column(Spot { expr: *it, ..spot }));
            }
            _ => return false,
        }
        let values = self.eval(spot.unit, spot.owner, spot.expr);
        !values.iter().any(|it| match self.pool.value(*it) {
            Value::Def(of) | Value::Instance(of) => self.program.is_type(of),
            _ => false,
        })
    }
}

fn is_named(facts: &FileFacts, expr: ExprId, name: &str) -> bool {
    matches!(&facts.expr(expr).kind, ExprKind::Name(it) if it == name)
}

/// What a chain of calls begins with.
fn first_of(facts: &FileFacts, expr: ExprId) -> ExprId {
    let mut first = expr;
    while let ExprKind::Call { callee, .. } = &facts.expr(first).kind
        && let ExprKind::Member { base, .. } = &facts.expr(*callee).kind
    {
        first = *base;
    }
    first
}

/// The name of what a call runs.
fn called(facts: &FileFacts, call: ExprId) -> Option<&str> {
    let ExprKind::Call { callee, .. } = &facts.expr(call).kind else { return None };
    match &facts.expr(*callee).kind {
        ExprKind::Member { name, .. } | ExprKind::Name(name) => Some(name),
        _ => None,
    }
}
