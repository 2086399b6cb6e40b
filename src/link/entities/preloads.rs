//! Relations that queries read along: named in a chain before what it is about is said, by a function that began it or that
//! it is put through, or within the function that a relation is given for its own rows.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::link::access::accesses::{Accesses, ChainRelation, RawAccess, RawJoin};
use crate::link::access::joins;
use crate::link::names::program::Def;
use crate::link::storage::stores::Stores;
use crate::link::values::guards::{Held, captures};
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::Value;
use crate::model::fact::{Captured, ExprId, ExprKind};
use crate::model::graph::Confidence;
use crate::model::sql::Operation;

/// Relations of relations that are followed.
const MOST_DEEP: u32 = 4;
/// Parts of one query that are looked at.
const MOST_PARTS: usize = 2_000;

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
        let applied = self.applied_functions();
        let mut parents: FxHashMap<u32, Vec<Option<ExprId>>> = FxHashMap::default();
        for (run, line, store) in runs {
            let facts = self.facts(run.unit);
            let around = parents.entry(run.unit).or_insert_with(|| joins::parents(facts));
            // The query may be put through more after it was said what it is about.
            let last = joins::last_of_chain(facts, around, run.expr);
            let ExprKind::Call { callee, .. } = &facts.expr(last).kind else { continue };
            let ExprKind::Member { base, .. } = &facts.expr(*callee).kind else { continue };
            let origins = self.ingredients(Spot { expr: *base, ..run }).origins;
            let mut parts: Vec<Spot> = origins.iter().map(|it| it.spot).collect();
            let mut at = 0;
            while let Some(part) = parts.get(at).filter(|_| parts.len() < MOST_PARTS).copied() {
                at += 1;
                if applied.contains(&(part.unit, part.expr)) {
                    for function in self.functions_at(part) {
                        let given = self.built_in(function);
                        parts.extend(given.into_iter().filter(|it| !parts.contains(it)).collect::<Vec<_>>());
                    }
                }
            }
            for relation in relations {
                if parts.iter().any(|it| (it.unit, it.expr) == (relation.unit, relation.root)) {
                    self.read_along(stores, found, relation, (run, line), &[store], (all, 0));
                }
            }
        }
    }

    /// Arguments that are functions which a query is put through (`Scopes(withItems)`).
    fn applied_functions(&mut self) -> FxHashSet<(u32, ExprId)> {
        let mut applied = FxHashSet::default();
        for (unit, rule, hit) in self.hits(|it| it.has("access.applied")) {
            if self.guards_hold(unit, hit.owner, rule, hit) != Held::Yes {
                continue;
            }
            applied.extend(captures(rule, hit, "access.applied").filter_map(|it| match it {
                Captured::Expr(expr) => Some((unit, *expr)),
                _ => None,
            }));
        }
        applied
    }

    fn functions_at(&mut self, spot: Spot) -> Vec<Def> {
        if let ExprKind::Function(id) = self.facts(spot.unit).expr(spot.expr).kind {
            return vec![self.program.def(spot.unit, id)];
        }
        let values = self.eval(spot.unit, spot.owner, spot.expr);
        let functions = values.iter().filter_map(|it| match self.pool.value(*it) {
            Value::Def(def) | Value::Bound(def, _) => Some(def),
            _ => None,
        });
        functions.collect()
    }

    /// The parts of what a function gives back.
    fn built_in(&mut self, function: Def) -> Vec<Spot> {
        let mut parts: Vec<Spot> = Vec::new();
        let Some(var) = self.result_var(function) else { return parts };
        for given in self.sources(var) {
            parts.push(given);
            parts.extend(self.ingredients(given).origins.iter().map(|it| it.spot));
        }
        parts
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
            let built = self.built_in(self.program.def(relation.unit, id));
            parts.extend(built.iter().map(|it| (it.unit, it.expr)));
        }
        within.extend((0..all.len()).filter(|it| {
            let inner = &all[*it];
            (inner.unit, inner.root) != (relation.unit, relation.root) && parts.contains(&(inner.unit, inner.root))
        }));
        within
    }
}
