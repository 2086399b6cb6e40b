//! What looks like the route of a library that no pattern knows, or of one that hangs nowhere in sight: a blind spot, never
//! silence.

use rustc_hash::FxHashSet;

use crate::link::access::accesses::RawSpot;
use crate::link::names::program::Def;
use crate::link::routes::endpoints::Endpoints;
use crate::link::values::guards::{Held, capture, captures};
use crate::link::values::infer::Inference;
use crate::model::fact::{Captured, Match};
use crate::model::rule::Rule;
use crate::model::source::Role;

impl Inference<'_> {
    /// Adds a blind spot for each match of a rule with `@endpoint.hint` of which no endpoint tells: neither its line nor what it
    /// stands on, or hands over, is known as one. What it hands over must be a function of the program.
    pub(crate) fn find_unheard(&mut self, found: &mut Endpoints) {
        let hits = self.hits(|rule| rule.has("endpoint.hint"));
        if hits.is_empty() {
            return;
        }
        let mut told: FxHashSet<(u32, u32)> = found.endpoints.iter().map(|it| (it.unit, it.line)).collect();
        told.extend(found.blind_spots.iter().filter(|it| it.kind == "dynamic-route").map(|it| (it.unit, it.line)));
        let handlers: FxHashSet<Def> = found.endpoints.iter().map(|it| it.handler).collect();
        for (unit, rule, hit) in hits {
            let is_production = self.program.unit(unit).source.role == Role::Production;
            let is_test = self.program.is_test(self.program.def(unit, hit.owner));
            if !is_production || is_test || self.guards_hold(unit, hit.owner, rule, hit) != Held::Yes {
                continue;
            }
            let marked = self.functions_marked(unit, rule, hit);
            let is_known = marked.iter().any(|it| handlers.contains(it));
            let is_description = !rule.has("endpoint.handler") && marked.is_empty();
            if (marked.is_empty() && !is_description) || is_known || !told.insert((unit, hit.line)) {
                continue;
            }
            let detail = if is_description {
                "the routes of a description that is not read stand behind this call"
            } else {
                "this looks like a route, of a library that no pattern knows or of a router that hangs nowhere"
            };
            let detail = detail.to_owned();
            found.blind_spots.push(RawSpot::at("dynamic-route", unit, hit, detail));
        }
    }

    /// The functions that a match stands on or hands over.
    fn functions_marked(&mut self, unit: u32, rule: &Rule, hit: &Match) -> Vec<Def> {
        let mut marked = Vec::new();
        if let Some(Captured::Definition(id)) = capture(rule, hit, "endpoint.hint") {
            marked.push(self.program.def(unit, *id));
        }
        for captured in captures(rule, hit, "endpoint.handler") {
            if let Captured::Expr(expr) = captured {
                self.functions_of(unit, hit.owner, *expr, &mut marked, 0);
            }
        }
        let is_marked = |it: &Def| {
            matches!(capture(rule, hit, "endpoint.hint"), Some(Captured::Definition(_))) && self.program.is_type(*it)
        };
        marked.retain(|it| self.program.is_function(*it) || is_marked(it));
        marked
    }
}
