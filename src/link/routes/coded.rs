//! Routes that a generator wrote as the program of a small machine (`[]int{2, 0, 1, 0, 4, 1, 5, 1}, []string{"orders", "id"}`)
//! beside the name of the method of a service that answers: whoever serves that method handles the route too.

use rustc_hash::FxHashSet;

use crate::link::access::accesses::RawSpot;
use crate::link::routes::endpoints::{Endpoints, RawEndpoint};
use crate::link::routes::paths::normalize;
use crate::link::values::guards::capture;
use crate::link::values::infer::{Inference, Spot};
use crate::model::fact::{Captured, ExprId, ExprKind, Match};
use crate::model::rule::Rule;
use crate::model::source::Role;

/// Calls around the program of a route.
const MOST_AROUND: u32 = 3;

impl<'a> Inference<'a> {
    /// Adds a route for each match of a rule with `@endpoint.coded` whose service the program serves and hangs below a
    /// gateway by a function that the generator wrote for it.
    pub(crate) fn find_coded(&mut self, found: &mut Endpoints) {
        let hits = self.hits(|rule| rule.has("endpoint.coded"));
        if hits.is_empty() {
            return;
        }
        let used = self.names_used();
        let mut told: FxHashSet<(String, String)> = FxHashSet::default();
        let mut unanswered: FxHashSet<u32> = FxHashSet::default();
        for (unit, rule, hit) in hits {
            let is_test = self.program.is_test(self.program.def(unit, hit.owner));
            let registers = self.facts(unit).definition(self.named_owner(unit, hit.owner)).name.as_str();
            let is_used = used.iter().any(|it| plain(it) == plain(registers));
            if is_test || registers.is_empty() || !is_used || !self.group_guards(unit, rule, hit) {
                continue;
            }
            let Some((called, path)) = self.coded_route(unit, rule, hit) else { continue };
            let answering: Vec<_> = found.endpoints.iter().filter(|it| answers(&it.path, &called)).collect();
            let mut handlers: Vec<_> = answering.iter().map(|it| it.handler).collect();
            handlers.sort_unstable();
            handlers.dedup();
            if handlers.is_empty() && unanswered.insert(unit) {
                let detail = "who answers the routes of this gateway is not decidable".to_owned();
                found.blind_spots.push(RawSpot::at("dynamic-route", unit, hit, detail));
            }
            for method in self.methods(unit, rule, hit) {
                if told.insert((method.clone(), path.clone())) {
                    let route = (method.as_str(), path.as_str());
                    let each = handlers.iter().map(|it| RawEndpoint::written(rule, unit, hit.line, route, *it));
                    found.endpoints.extend(each.collect::<Vec<_>>());
                }
            }
        }
    }

    /// Names that code by hand calls or hands over, as far as a generator writes such.
    fn names_used(&self) -> FxHashSet<&'a str> {
        let mut used = FxHashSet::default();
        for unit in 0..self.program.units.len() as u32 {
            if self.program.unit(unit).source.role != Role::Production {
                continue;
            }
            for expr in &self.facts(unit).exprs {
                if let ExprKind::Member { name, .. } | ExprKind::Name(name) = &expr.kind
                    && name.starts_with("Register")
                {
                    used.insert(name.as_str());
                }
            }
        }
        used
    }

    /// The service's method that a variable is named after, and the path that its program makes.
    fn coded_route(&mut self, unit: u32, rule: &Rule, hit: &Match) -> Option<(String, String)> {
        let Some(Captured::Expr(route)) = capture(rule, hit, "endpoint.route") else { return None };
        let ExprKind::Name(name) = &self.facts(unit).expr(*route).kind else { return None };
        let called = name.split_once('_')?.1.rsplit_once('_')?.0.to_owned();
        for (var, _) in self.vars_of(unit, hit.owner, *route) {
            for source in self.sources(var) {
                if let Some(path) = self.run_route(source, 0) {
                    return Some((called, path));
                }
            }
        }
        None
    }

    fn run_route(&self, program: Spot, level: u32) -> Option<String> {
        let ExprKind::Call { args, .. } = &self.facts(program.unit).expr(program.expr).kind else { return None };
        let lists: Vec<Vec<&str>> = args.iter().filter_map(|it| self.constants(program.unit, it.value)).collect();
        if let [operations, words] = lists.as_slice() {
            let verb = args.iter().find_map(|it| match &self.facts(program.unit).expr(it.value).kind {
                ExprKind::Text(verb) if !verb.is_empty() => Some(verb.as_str()),
                _ => None,
            });
            let path = run(operations, words)?;
            return Some(normalize(&verb.map_or_else(|| path.clone(), |it| format!("{path}:{it}"))));
        }
        let inner = args.first().filter(|_| level < MOST_AROUND)?.value;
        self.run_route(Spot { expr: inner, ..program }, level + 1)
    }

    /// A list of numbers or texts as they are written.
    fn constants(&self, unit: u32, list: ExprId) -> Option<Vec<&str>> {
        let facts = self.facts(unit);
        let items: Vec<ExprId> = match &facts.expr(list).kind {
            ExprKind::Sequence(items) => items.clone(),
            ExprKind::Construct { fields, .. } => fields.iter().map(|it| it.value).collect(),
            _ => return None,
        };
        let written = items.into_iter().map(|it| match &facts.expr(it).kind {
            ExprKind::Text(text) | ExprKind::Constant(text) => Some(text.as_str()),
            _ => None,
        });
        written.collect()
    }
}

/// What the functions that register one gateway have in common: `RegisterOrdersHandler` of `RegisterOrdersHandlerFromEndpoint`.
fn plain(registers: &str) -> &str {
    ["FromEndpoint", "Client", "Server"].iter().find_map(|it| registers.strip_suffix(it)).unwrap_or(registers)
}

/// Whether a path is that of a service's method: `/shop.v1.Orders/Show` and `Orders_Show`.
fn answers(path: &str, called: &str) -> bool {
    path.rsplit_once('/').is_some_and(|(service, method)| {
        let service = service.rsplit(['.', '/']).next().unwrap_or_default();
        called.strip_prefix(service).and_then(|it| it.strip_prefix('_')) == Some(method)
    })
}

/// What the operations make of the words: push any part (1), push a word (2), push all that follows (3), join so many (4), name
/// what is on top (5).
fn run(operations: &[&str], words: &[&str]) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    for pair in operations.chunks_exact(2) {
        let operand: usize = pair[1].parse().ok()?;
        match pair[0] {
            "0" => {}
            "1" => parts.push("*".to_owned()),
            "2" => parts.push((*words.get(operand)?).to_owned()),
            "3" => parts.push("**".to_owned()),
            "4" => {
                let at = parts.len().checked_sub(operand)?;
                let joined = parts.split_off(at).join("/");
                parts.push(joined);
            }
            "5" => *parts.last_mut()? = format!("{{{}}}", words.get(operand)?),
            _ => return None,
        }
    }
    Some(format!("/{}", parts.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_of_routes_make_paths() {
        let operations = ["2", "0", "2", "1", "1", "0", "4", "1", "5", "2", "2", "3"];
        assert_eq!(run(&operations, &["v1", "orders", "id", "lines"]).as_deref(), Some("/v1/orders/{id}/lines"));
        let nested = ["2", "0", "2", "1", "1", "0", "4", "2", "5", "2"];
        assert_eq!(run(&nested, &["v1", "shelves", "name"]).as_deref(), Some("/v1/{name}"));
        assert_eq!(run(&["4", "3"], &[]), None);
        assert_eq!(run(&["9", "0"], &[]), None);
    }

    #[test]
    fn methods_of_services_are_told_by_their_names() {
        assert!(answers("/shop.v1.Orders/Show", "Orders_Show"));
        assert!(!answers("/shop.v1.Orders/Show", "Orders_ShowAll"));
        assert!(!answers("/shop.v1.PreOrders/Show", "Orders_Show"));
    }
}
