//! Groups of routes whose body takes no router: `group("/x", func() { router.get("/y", h) })`. What is registered while the
//! body runs stands below the group, so the prefix follows the nesting of the source, and calls made from a body.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::link::names::program::Def;
use crate::link::values::guards::{Held, capture, captures};
use crate::link::values::infer::Inference;
use crate::link::values::value::{Site, Value};
use crate::model::fact::{Captured, DefId, DefinitionKind};
use crate::model::rule::Rule;

/// Calls between a body and what it has registered.
const MOST_LEVELS: u32 = 4;

/// Bodies of groups, each with the groups it is the body of and the pattern file that says so.
pub(crate) type Bodies<'a> = FxHashMap<Def, SmallVec<[(Site, &'a str); 1]>>;

impl Inference<'_> {
    /// Finds the bodies of all groups that nest by their source (`endpoint.nested`).
    pub(crate) fn find_group_bodies(&mut self) {
        for (unit, rule, hit) in self.hits(nests) {
            let first = self.program.unit(unit).first_expr;
            let Some(Captured::Expr(root)) = capture(rule, hit, "endpoint.group") else { continue };
            if self.guards_hold(unit, hit.owner, rule, hit) != Held::Yes {
                continue;
            }
            for body in captures(rule, hit, "endpoint.body") {
                let Captured::Expr(body) = body else { continue };
                for value in self.eval(unit, hit.owner, *body) {
                    if let Value::Def(function) | Value::Bound(function, _) = self.pool.value(value) {
                        let groups = self.group_bodies.entry(function).or_default();
                        groups.push((Site(first + root.0 + 1), rule.via()));
                    }
                }
            }
        }
        self.find_wrapped_groups();
    }

    /// The groups in whose bodies a place of a pattern file's stands: the nearest ones.
    pub(crate) fn groups_around(&self, unit: u32, owner: DefId, via: &str) -> Vec<Site> {
        let mut sites = Vec::new();
        if !self.group_bodies.is_empty() {
            self.add_groups_around(unit, owner, via, 0, &mut sites);
        }
        sites
    }

    fn add_groups_around(&self, unit: u32, owner: DefId, via: &str, level: u32, sites: &mut Vec<Site>) {
        let mut scope = owner;
        loop {
            let def = self.program.def(unit, scope);
            let before = sites.len();
            let groups = self.group_bodies.get(&def).into_iter().flatten().filter(|it| it.1 == via);
            for (site, _) in groups {
                if !sites.contains(site) {
                    sites.push(*site);
                }
            }
            let definition = self.facts(unit).definition(scope);
            if sites.len() > before || scope == DefId::MODULE {
                return;
            }
            if definition.kind != DefinitionKind::Closure {
                // Called from a body, it registers below the group.
                if level < MOST_LEVELS {
                    for call in self.calls_of(def) {
                        self.add_groups_around(call.unit, call.owner, via, level + 1, sites);
                    }
                }
                return;
            }
            scope = definition.parent;
        }
    }
}

fn nests(rule: &Rule) -> bool {
    rule.settings.get("endpoint.nested").is_some_and(|it| it == "true")
}
