//! Lists of routes that another route hangs below its prefix: `path("api/", include(api.urlpatterns))`.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::link::values::guards::capture;
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::Site;
use crate::model::fact::{Captured, DefId, ExprId, ExprKind, FileFacts, Piece};

/// Steps from the name of a list to what stands in it.
const MOST_STEPS: u32 = 6;
/// A list that is made in more places than this says nothing.
const MOST_PLACES: usize = 16;

impl Inference<'_> {
    /// Identity of a call: what it registers or mounts may hang below a list.
    pub(crate) fn call_site(&self, unit: u32, call: ExprId) -> Site {
        Site(self.program.unit(unit).first_expr + call.0 + 1)
    }

    /// The calls that stand in the list which an expression is, in whatever module the list is written.
    pub(crate) fn calls_listed(&mut self, unit: u32, owner: DefId, expr: ExprId) -> Vec<Site> {
        let mut sites = Vec::new();
        self.find_listed(Spot { unit, owner, expr }, 0, &mut FxHashSet::default(), &mut sites);
        sites
    }

    /// Calls in the lists that modules stand for (`@endpoint.list`), by file.
    pub(crate) fn module_lists(&mut self) -> FxHashMap<u32, FxHashSet<Site>> {
        let mut lists: FxHashMap<u32, FxHashSet<Site>> = FxHashMap::default();
        for (unit, rule, hit) in self.hits(|rule| rule.has("endpoint.list")) {
            if let Some(Captured::Expr(list)) = capture(rule, hit, "endpoint.list") {
                let calls = self.calls_listed(unit, hit.owner, *list);
                lists.entry(unit).or_default().extend(calls);
            }
        }
        lists
    }

    /// The texts in a list that is written elsewhere: `select_related(*NAMES)`.
    pub(crate) fn texts_listed(&mut self, spot: Spot) -> Vec<String> {
        let mut texts: Vec<String> = Vec::new();
        for origin in self.written(spot).origins {
            if let ExprKind::Text(text) = &self.facts(origin.spot.unit).expr(origin.spot.expr).kind
                && !texts.iter().any(|it| it == text.as_str())
            {
                texts.push(text.to_string());
            }
        }
        texts
    }

    fn find_listed(&mut self, spot: Spot, steps: u32, seen: &mut FxHashSet<Spot>, sites: &mut Vec<Site>) {
        if steps > MOST_STEPS || !seen.insert(spot) {
            return;
        }
        let facts = self.facts(spot.unit);
        match &facts.expr(spot.expr).kind {
            // A list with the names that it goes by: `([..], "orders")`.
            ExprKind::Sequence(items) if is_named(facts, items) => {
                self.find_listed(Spot { expr: items[0], ..spot }, steps + 1, seen, sites);
            }
            ExprKind::Sequence(items) | ExprKind::Choice(items) => {
                let is_list = matches!(facts.expr(spot.expr).kind, ExprKind::Sequence(_));
                for item in items {
                    if is_list && matches!(facts.expr(*item).kind, ExprKind::Call { .. }) {
                        sites.push(self.call_site(spot.unit, *item));
                    } else if !is_list {
                        self.find_listed(Spot { expr: *item, ..spot }, steps + 1, seen, sites);
                    } else if let ExprKind::Element(inner) = facts.expr(*item).kind {
                        // `[..] + more`
                        self.find_listed(Spot { expr: inner, ..spot }, steps + 1, seen, sites);
                    }
                }
            }
            // `routes += more`
            ExprKind::Template(pieces) => {
                for piece in pieces {
                    if let Piece::Hole(hole) = piece {
                        self.find_listed(Spot { expr: *hole, ..spot }, steps + 1, seen, sites);
                    }
                }
            }
            ExprKind::Name(_) | ExprKind::Member { .. } => {
                // `router.urls + more`
                if matches!(facts.expr(spot.expr).kind, ExprKind::Member { .. }) {
                    self.sites_of(spot.unit, spot.owner, spot.expr, sites);
                }
                for (var, _) in self.vars_of(spot.unit, spot.owner, spot.expr) {
                    let sources = self.sources(var);
                    if sources.len() <= MOST_PLACES {
                        sources.iter().for_each(|it| self.find_listed(*it, steps + 1, seen, sites));
                    }
                }
            }
            _ => {}
        }
    }
}

/// Whether what follows the first of several are texts, and it is none.
fn is_named(facts: &FileFacts, items: &[ExprId]) -> bool {
    let is_text = |it: &ExprId| matches!(facts.expr(*it).kind, ExprKind::Text(_));
    matches!(items, [first, rest @ ..] if !rest.is_empty() && !is_text(first) && rest.iter().all(is_text))
        && !matches!(facts.expr(items[0]).kind, ExprKind::Call { .. })
}
