//! Routes that are given a name in one place and asked for by it in another (`add_route("orders", "/orders")`,
//! `@view_config(route_name="orders")`).

use rustc_hash::{FxHashMap, FxHashSet};

use crate::link::access::accesses::RawSpot;
use crate::link::names::program::Def;
use crate::link::routes::endpoints::{Endpoints, RawEndpoint};
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::Inference;
use crate::model::fact::{Captured, Match};
use crate::model::rule::Rule;

/// Texts that a route or its name may be, at most; with more it is generic code that names routes.
const MOST_TEXTS: usize = 4;

impl Inference<'_> {
    /// Paths of the routes that have names (`@endpoint.name` beside `@endpoint.route`).
    pub(crate) fn named_routes(&mut self) -> FxHashMap<String, Vec<String>> {
        let mut named: FxHashMap<String, Vec<String>> = FxHashMap::default();
        for (unit, rule, hit) in self.hits(|it| it.has("endpoint.name")) {
            let is_test = self.program.is_test(self.program.def(unit, hit.owner));
            if is_test || self.guards_hold(unit, hit.owner, rule, hit) == Held::No {
                continue;
            }
            let (Some(Captured::Expr(name)), Some(Captured::Expr(route))) =
                (capture(rule, hit, "endpoint.name"), capture(rule, hit, "endpoint.route"))
            else {
                continue;
            };
            let names = self.texts(unit, hit.owner, *name);
            let routes = self.texts(unit, hit.owner, *route);
            if names.len() > MOST_TEXTS || routes.len() > MOST_TEXTS {
                continue;
            }
            for name in names {
                let known = named.entry(name.text).or_default();
                for route in &routes {
                    let path = self.without_configured(route);
                    if !known.contains(&path) {
                        known.push(path);
                    }
                }
            }
        }
        named
    }

    /// The paths behind names of routes; a name that nobody gave is a blind spot.
    pub(crate) fn routes_called(
        &self,
        unit: u32,
        hit: &Match,
        names: Vec<String>,
        found: &mut Endpoints,
    ) -> Vec<String> {
        let mut routes: Vec<String> = Vec::new();
        for name in names {
            match found.named.get(&name) {
                Some(known) => routes.extend(known.iter().cloned()),
                None => found.blind_spots.push(RawSpot::at(
                    "dynamic-route",
                    unit,
                    hit,
                    format!("no route called {name} was found"),
                )),
            }
        }
        routes
    }
}

/// How a rule names a route: `own`, or `around` where what stands around the handler names it.
pub(crate) fn naming(rule: &Rule) -> Option<&'static str> {
    rule.settings.get("endpoint.named").map(|it| if it == "around" { "around" } else { "own" })
}

/// What stands around a handler names its route only where the handler itself does not.
pub(crate) fn drop_renamed(endpoints: &mut Vec<RawEndpoint>) {
    let own: FxHashSet<Def> = endpoints.iter().filter(|it| it.named == Some("own")).map(|it| it.handler).collect();
    endpoints.retain(|it| it.named != Some("around") || !own.contains(&it.handler));
}
