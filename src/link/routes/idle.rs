//! Routers that a function puts together which nobody calls: what hangs below another one as well is not served there.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::link::routes::registrations::function_at;
use crate::link::routes::routers::{FUNCTION_SITES, Group};
use crate::link::values::infer::Inference;
use crate::link::values::value::Site;
use crate::model::fact::{DefId, ExprId};

/// What programs begin with, though nobody calls it.
const ENTRY: &str = "main";

impl Inference<'_> {
    /// Routers without one above that are made in functions which nobody calls, and all that hangs below these alone.
    pub(crate) fn idle_routers(&self, groups: &FxHashMap<Site, Group>) -> FxHashSet<Site> {
        let is_root = |site: &Site| groups[site].parents().next().is_none();
        let mut idle: FxHashSet<Site> =
            groups.keys().copied().filter(|it| is_root(it) && self.is_made_for_nobody(*it)).collect();
        let hanging: Vec<Site> = groups.keys().copied().filter(|it| !is_root(it)).collect();
        loop {
            let before = idle.len();
            for site in &hanging {
                if groups[site].parents().all(|it| idle.contains(&it)) {
                    idle.insert(*site);
                }
            }
            if idle.len() == before {
                return idle;
            }
        }
    }

    fn is_made_for_nobody(&self, site: Site) -> bool {
        if site == Site(0) || site.0 >= FUNCTION_SITES {
            return false;
        }
        let at = site.0 - 1;
        let next = self.program.units.partition_point(|it| it.first_expr <= at);
        let Some(unit) = next.checked_sub(1) else { return false };
        let facts = self.facts(unit as u32);
        let place = at - self.program.units[unit].first_expr;
        let Some(expr) = facts.exprs.get(place as usize).map(|_| ExprId(place)) else { return false };
        let owner = function_at(facts, facts.expr(expr).at.line);
        let owner = self.named_owner(unit as u32, owner);
        let definition = facts.definition(owner);
        owner != DefId::MODULE
            && definition.name != ENTRY
            && definition.attributes.is_empty()
            && self.calls_of(self.program.def(unit as u32, owner)).is_empty()
    }
}

/// Of the paths under which a router stands those that are only the end of another, where nobody calls what puts them together.
pub(in crate::link) fn drop_partial(paths: Vec<(bool, String)>) -> Vec<String> {
    let served: Vec<String> = paths.iter().filter(|it| !it.0).map(|it| it.1.clone()).collect();
    let is_end = |it: &str| served.iter().any(|whole| whole.len() > it.len() && whole.ends_with(it));
    paths.into_iter().filter(|(is_idle, path)| !is_idle || !is_end(path)).map(|it| it.1).collect()
}
