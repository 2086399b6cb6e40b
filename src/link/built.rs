//! What a chain of calls says of itself: reads that only build the query of a write, and relations that load with rows
//! which the chain never gives.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::link::accesses::{Accesses, RawAccess};
use crate::link::infer::Inference;
use crate::link::joins;
use crate::link::stores::Stores;
use crate::model::fact::{DefId, ExprId, ExprKind, FileFacts};
use crate::model::rule::Rule;
use crate::model::sql::{Effect, Operation};

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
    pub(crate) fn drop_unloaded(&self, found: &mut Accesses) {
        let rules = self.rules;
        let mut parents: FxHashMap<u32, Vec<Option<ExprId>>> = FxHashMap::default();
        let asks = |it: &&RawAccess| rules.rules[it.rule as usize].settings.contains_key("access.asks");
        let asking: FxHashSet<(u32, DefId)> =
            found.accesses.iter().filter(asks).map(|it| (it.unit, self.named_owner(it.unit, it.owner))).collect();
        found.accesses.retain(|it| {
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
            !ends_bare && !asks_columns(facts, rule, last)
        });
    }
}

/// The name of what a call runs.
fn called(facts: &FileFacts, call: ExprId) -> Option<&str> {
    let ExprKind::Call { callee, .. } = &facts.expr(call).kind else { return None };
    match &facts.expr(*callee).kind {
        ExprKind::Member { name, .. } | ExprKind::Name(name) => Some(name),
        _ => None,
    }
}

/// Whether a chain begins by asking (`access.asks`) for members of entities, and for no entity as such:
/// `query(Order.id, func.sum(Order.total))`.
fn asks_columns(facts: &FileFacts, rule: &Rule, last: ExprId) -> bool {
    let mut first = last;
    while let ExprKind::Call { callee, .. } = &facts.expr(first).kind
        && let ExprKind::Member { base, .. } = &facts.expr(*callee).kind
        && matches!(facts.expr(*base).kind, ExprKind::Call { .. })
    {
        first = *base;
    }
    let ExprKind::Call { args, .. } = &facts.expr(first).kind else { return false };
    called(facts, first).is_some_and(|name| rule.words("access.asks").any(|it| it == name))
        && !args.is_empty()
        && args.iter().all(|it| matches!(facts.expr(it.value).kind, ExprKind::Member { .. } | ExprKind::Call { .. }))
}
