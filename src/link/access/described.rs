//! Calls that only describe what a query will do (`access.inside`) and stand outside of functions: in a list at the top of a
//! file, in what an object is made with. Whoever gives them to a query (`@access.described`) does what they say.

use rustc_hash::FxHashSet;

use crate::link::access::accesses::{Accesses, RawAccess};
use crate::link::names::program::Def;
use crate::link::storage::stores::Stores;
use crate::link::values::guards::captures;
use crate::link::values::infer::{INITIALIZER, Inference, Spot};
use crate::link::values::value::Value;
use crate::model::fact::{Captured, DefinitionKind, ExprId, ExprKind, Match, ParamKind, StepKind};
use crate::model::graph::Confidence;
use crate::model::rule::Rule;

/// Expressions that are looked at for one list.
const MOST_LOOKS: usize = 400;

/// What a list of descriptions was found to hold.
#[derive(Default)]
struct Listed {
    calls: Vec<(u32, ExprId)>,
    seen: FxHashSet<Spot>,
    /// Some variable on the way was given several values: which of them it has is not known.
    several: bool,
}

impl<'a> Inference<'a> {
    /// Notes what a call describes that stands outside of functions; nothing of it is done there.
    pub(crate) fn note_described(
        &mut self,
        stores: &mut Stores,
        unit: u32,
        rule: &'a Rule,
        hit: &Match,
        found: &mut Accesses,
    ) {
        let (spots, joins, relations) = (found.blind_spots.len(), found.joins.len(), found.relations.len());
        let (sites, accesses) = (found.sites, found.accesses.len());
        self.do_access(stores, unit, rule, hit, found);
        found.sites = sites;
        found.blind_spots.truncate(spots);
        found.joins.truncate(joins);
        found.relations.truncate(relations);
        found.described.extend(found.accesses.drain(accesses..));
    }

    /// What is described in lists and objects is done by the calls that are given these.
    pub(crate) fn described_queries(&mut self, stores: &mut Stores, found: &mut Accesses) {
        let described = std::mem::take(&mut found.described);
        if described.is_empty() {
            return;
        }
        for (unit, rule, hit) in self.hits(|it| it.has("access.described")) {
            let kind = self.facts(unit).definition(hit.owner).kind;
            if matches!(kind, DefinitionKind::Module | DefinitionKind::Type) {
                continue;
            }
            let Some(confidence) = self.confidence(unit, rule, hit) else { continue };
            let mut listed = Listed::default();
            for captured in captures(rule, hit, "access.described") {
                if let Captured::Expr(expr) = captured {
                    self.list_calls(Spot { unit, owner: hit.owner, expr: *expr }, &mut listed);
                }
            }
            let bound = if listed.several { Confidence::Likely } else { confidence };
            let calls: FxHashSet<(u32, ExprId)> = listed.calls.into_iter().collect();
            let mut told: Vec<usize> = Vec::new();
            for it in &described {
                let is_listed = it.expr.is_some_and(|expr| calls.contains(&(it.unit, expr)));
                if !is_listed || told.contains(&it.store) {
                    continue;
                }
                told.push(it.store);
                stores.drafts[it.store].used = true;
                let step = (it.store, it.operation, it.confidence.min(bound));
                let access = self.access_at(unit, hit.owner, hit.line, it.rule, step);
                found.accesses.push(RawAccess { joins: it.joins, ..access });
            }
        }
    }

    /// The calls in a list that were written outside of the function that uses it, by way of variables, fields, parameters.
    fn list_calls(&mut self, spot: Spot, listed: &mut Listed) {
        let mut todo = vec![spot];
        while let Some(at) = todo.pop() {
            if listed.seen.len() > MOST_LOOKS || !listed.seen.insert(at) {
                continue;
            }
            let facts = self.facts(at.unit);
            let here = |expr: ExprId| Spot { expr, ..at };
            match &facts.expr(at.expr).kind {
                ExprKind::Sequence(items) | ExprKind::Choice(items) => todo.extend(items.iter().map(|it| here(*it))),
                ExprKind::Element(inner) | ExprKind::Index { base: inner, .. } => todo.push(here(*inner)),
                ExprKind::Call { callee, args } => {
                    listed.calls.push((at.unit, at.expr));
                    if let ExprKind::Member { base, .. } = &facts.expr(*callee).kind {
                        todo.push(here(*base));
                    }
                    todo.extend(args.iter().map(|it| here(it.value)));
                }
                ExprKind::Name(name) if self.is_rest(at, name) => {
                    let given = self.given_as_rest(at);
                    listed.several |= given.len() > 1;
                    todo.extend(given.into_iter().flatten());
                }
                ExprKind::Name(_) | ExprKind::Member { .. } => {
                    for (var, _) in self.vars_of(at.unit, at.owner, at.expr) {
                        let sources = self.sources(var);
                        let lists = sources.iter().filter(|it| self.makes_calls(**it)).count();
                        listed.several |= lists > 1;
                        todo.extend(sources);
                    }
                }
                _ => {}
            }
        }
    }

    fn is_rest(&self, spot: Spot, name: &str) -> bool {
        let params = &self.facts(spot.unit).definition(spot.owner).params;
        params.iter().any(|it| it.kind == ParamKind::Rest && it.name == name)
    }

    /// What each call of the function around a place hands in beyond its named parameters (`*options`).
    fn given_as_rest(&mut self, spot: Spot) -> Vec<Vec<Spot>> {
        let function = self.program.def(spot.unit, spot.owner);
        let params = &self.program.definition(function).params;
        let before = params.iter().filter(|it| it.kind == ParamKind::Plain).count();
        let calls = if self.program.definition(function).name == INITIALIZER {
            self.calls_of_type(self.program.parent(function))
        } else {
            self.calls_of(function).to_vec()
        };
        let given = calls.into_iter().take(MOST_LOOKS).filter_map(|call| {
            let ExprKind::Call { args, .. } = &self.facts(call.unit).expr(call.expr).kind else { return None };
            let rest = args.iter().filter(|it| it.name.is_none()).skip(before);
            Some(rest.map(|it| Spot { expr: it.value, ..call }).collect::<Vec<_>>())
        });
        given.filter(|it| !it.is_empty()).collect()
    }

    /// Calls that make an object of a type, outside of tests.
    fn calls_of_type(&mut self, of: Def) -> Vec<Spot> {
        let name = &self.program.definition(of).name;
        let mut calls: Vec<Spot> = Vec::new();
        for unit in 0..self.program.units.len() as u32 {
            let facts = self.facts(unit);
            for step in &facts.steps {
                let StepKind::Call(expr) = step.kind else { continue };
                let ExprKind::Call { callee, .. } = &facts.expr(expr).kind else { continue };
                let (ExprKind::Name(called) | ExprKind::Member { name: called, .. }) = &facts.expr(*callee).kind else {
                    continue;
                };
                if called == name
                    && !self.program.is_test(self.program.def(unit, step.owner))
                    && self.eval(unit, step.owner, *callee).iter().any(|it| self.pool.value(*it) == Value::Def(of))
                {
                    calls.push(Spot { unit, owner: step.owner, expr });
                }
            }
        }
        calls
    }

    /// Whether a value may be, or be a list of, what calls give.
    fn makes_calls(&self, spot: Spot) -> bool {
        use ExprKind::{Call, Choice, Sequence};
        matches!(self.facts(spot.unit).expr(spot.expr).kind, Call { .. } | Choice(_) | Sequence(_))
    }
}
