//! Relations that queries read along: named in a chain before what it is about is said, by a function that began it, or
//! within the function that a relation is given for its own rows.

use crate::link::access::accesses::{Accesses, ChainRelation, RawAccess, RawJoin};
use crate::link::storage::stores::Stores;
use crate::link::values::infer::{Inference, Spot};
use crate::model::fact::{ExprId, ExprKind};
use crate::model::graph::Confidence;
use crate::model::sql::Operation;

/// Relations of relations that are followed.
const MOST_DEEP: u32 = 4;

impl Inference<'_> {
    /// Relations named in a chain before the call that says what the chain is about.
    pub(crate) fn chain_relations(&mut self, stores: &mut Stores, found: &mut Accesses) {
        let rules = self.rules;
        let relations = std::mem::take(&mut found.relations);
        let mut elsewhere: Vec<&ChainRelation> = Vec::new();
        for relation in &relations {
            let mut touched: Vec<usize> = Vec::new();
            let mut place = Spot { unit: relation.unit, owner: relation.owner, expr: relation.root };
            // A clause with a join is not what the chain is about.
            let is_clause = |it: &RawAccess| it.joins && rules.rules[it.rule as usize].has("embedded.sql");
            let beside = found.accesses.iter().filter(|it| it.unit == relation.unit && it.rule != relation.rule);
            for access in beside.filter(|it| !is_clause(it)) {
                if let Some(run) = access.expr.filter(|it| self.chain_holds(relation.unit, *it, relation.root))
                    && !touched.contains(&access.store)
                {
                    touched.push(access.store);
                    place.expr = run;
                }
            }
            if touched.is_empty() {
                elsewhere.push(relation);
                continue;
            }
            self.read_along(stores, found, relation, (place, relation.line), &touched, (&relations, 0));
        }
        self.handed_relations(stores, found, &elsewhere, &relations);
    }

    /// Relations of a query that another function began (`preloaded(db).Find(&orders)`), or that a variable kept (`q =
    /// q.Preload("Items")`), are read where it is run.
    fn handed_relations(
        &mut self,
        stores: &mut Stores,
        found: &mut Accesses,
        relations: &[&ChainRelation],
        all: &[ChainRelation],
    ) {
        if relations.is_empty() {
            return;
        }
        let runs: Vec<(Spot, u32, usize)> = (found.accesses.iter())
            .filter(|it| it.operation == Operation::Select && it.confidence > Confidence::Guess)
            .filter_map(|it| Some((Spot { unit: it.unit, owner: it.owner, expr: it.expr? }, it.line, it.store)))
            .collect();
        for (run, line, store) in runs {
            let ExprKind::Call { callee, .. } = &self.facts(run.unit).expr(run.expr).kind else { continue };
            let ExprKind::Member { base, .. } = &self.facts(run.unit).expr(*callee).kind else { continue };
            let parts = self.ingredients(Spot { expr: *base, ..run });
            for relation in relations {
                let mut origins = parts.origins.iter();
                if origins.any(|it| (it.spot.unit, it.spot.expr) == (relation.unit, relation.root)) {
                    self.read_along(stores, found, relation, (run, line), &[store], (all, 0));
                }
            }
        }
    }

    /// What a chain of calls at a place reads along by a relation it names, and what the function that is given for the
    /// relation's rows reads along with these (`Preload("Items", func(q) { return q.Preload("Product") })`).
    fn read_along(
        &mut self,
        stores: &mut Stores,
        found: &mut Accesses,
        relation: &ChainRelation,
        (place, line): (Spot, u32),
        touched: &[usize],
        (all, deep): (&[ChainRelation], u32),
    ) {
        let rules = self.rules;
        let rule = &rules.rules[relation.rule as usize];
        let (unit, owner) = (relation.unit, relation.owner);
        if let ExprKind::Call { callee, .. } = &self.facts(place.unit).expr(place.expr).kind
            && let ExprKind::Member { name, .. } = &self.facts(place.unit).expr(*callee).kind
            && rule.words("access.bare").any(|it| it == name)
        {
            return;
        }
        let read = self.relation_reads(stores, rule, unit, owner, Some(relation.root), &relation.columns, touched);
        for store in read.iter().copied() {
            stores.drafts[store].used = true;
            let mut joined = touched.to_vec();
            joined.push(store);
            joined.sort_unstable();
            found.joins.push(RawJoin { unit: place.unit, owner: place.owner, line, stores: joined });
            found.along.push((place, store));
            let step = (store, Operation::Select, relation.confidence);
            found.accesses.push(self.access_at(place.unit, place.owner, line, relation.rule, step));
        }
        if read.is_empty() || deep >= MOST_DEEP {
            return;
        }
        for inner in self.relations_within(relation, all) {
            self.read_along(stores, found, &all[inner], (place, line), &read, (all, deep + 1));
        }
    }

    /// The relations in what the function gives back that a relation's call was handed.
    fn relations_within(&mut self, relation: &ChainRelation, all: &[ChainRelation]) -> Vec<usize> {
        let facts = self.facts(relation.unit);
        let mut within: Vec<usize> = Vec::new();
        let ExprKind::Call { args, .. } = &facts.expr(relation.root).kind else { return within };
        let mut parts: Vec<(u32, ExprId)> = Vec::new();
        for argument in args {
            let ExprKind::Function(id) = facts.expr(argument.value).kind else { continue };
            let Some(var) = self.result_var(self.program.def(relation.unit, id)) else { continue };
            for given in self.sources(var) {
                parts.push((given.unit, given.expr));
                parts.extend(self.ingredients(given).origins.iter().map(|it| (it.spot.unit, it.spot.expr)));
            }
        }
        within.extend((0..all.len()).filter(|it| {
            let inner = &all[*it];
            (inner.unit, inner.root) != (relation.unit, relation.root) && parts.contains(&(inner.unit, inner.root))
        }));
        within
    }
}
