//! Views that no route was seen for. A project may register its routes by code that nobody can follow; then what the views of
//! a framework would serve is a blind spot at each view, never silence.

use rustc_hash::FxHashSet;

use crate::link::access::accesses::RawSpot;
use crate::link::names::program::Def;
use crate::link::routes::endpoints::Endpoints;
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::Inference;
use crate::model::fact::{Captured, DefId};
use crate::model::source::Role;

impl Inference<'_> {
    /// Adds a blind spot for each type that a rule calls a view (`@endpoint.view`) if neither it, nor what it inherits from, nor
    /// what is below it handles an endpoint. A type that others are below is no view itself.
    pub(crate) fn find_unserved(&mut self, found: &mut Endpoints) {
        let mut views: Vec<(Def, u32)> = Vec::new();
        for (unit, rule, hit) in self.hits(|rule| rule.has("endpoint.view")) {
            let Some(Captured::Definition(id)) = capture(rule, hit, "endpoint.view") else { continue };
            if self.guards_hold(unit, hit.owner, rule, hit) != Held::Yes {
                continue;
            }
            let view = self.program.def(unit, *id);
            let is_below_none = self.implementers.get(&view).is_none_or(Vec::is_empty);
            let is_production = self.program.unit(unit).source.role == Role::Production;
            if is_below_none && is_production && !self.program.is_test(view) {
                views.push((view, hit.line));
            }
        }
        views.sort_unstable();
        views.dedup_by_key(|it| it.0);
        let mut served: FxHashSet<Def> = FxHashSet::default();
        for endpoint in &found.endpoints {
            let (unit, id) = self.program.local(endpoint.handler);
            let parent = self.facts(unit).definition(id).parent;
            served.insert(endpoint.handler);
            if parent != DefId::MODULE {
                served.insert(self.program.def(unit, parent));
            }
        }
        for (view, line) in views {
            // A route to an inherited method names the type that has it.
            if self.lineage(view).types.iter().any(|it| served.contains(it)) {
                continue;
            }
            let (unit, id) = self.program.local(view);
            let name = &self.facts(unit).definition(id).name;
            let detail = format!("no route to the view `{name}` was found");
            found.blind_spots.push(RawSpot { root: None, kind: "dynamic-route", unit, owner: id, line, detail });
        }
    }
}
