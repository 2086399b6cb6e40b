//! Routes in a table that a function hands out (`{"orders/:id": {"GET": show, "DELETE": remove}}`): whoever serves them may stand
//! outside the program, so each counts as it is written unless a registration of the program's own says more.

use crate::link::access::accesses::RawSpot;
use crate::link::routes::endpoints::{Endpoints, HTTP_METHODS, RawEndpoint};
use crate::link::routes::paths::normalize;
use crate::link::values::guards::capture;
use crate::link::values::infer::Inference;
use crate::model::fact::{Captured, DefId, ExprId, ExprKind, Match};
use crate::model::rule::Rule;
use crate::model::source::Role;

/// A method, a path, what handles them, and the line.
type Row = (String, String, ExprId, u32);

impl Inference<'_> {
    pub(crate) fn find_tables(&mut self, found: &mut Endpoints) {
        for (unit, rule, hit) in self.hits(|it| it.has("endpoint.table")) {
            let is_production = self.program.unit(unit).source.role == Role::Production;
            let is_test = self.program.is_test(self.program.def(unit, hit.owner));
            if !is_production || is_test || !self.group_guards(unit, rule, hit) {
                continue;
            }
            let Some(Captured::Expr(table)) = capture(rule, hit, "endpoint.table") else { continue };
            let Some(owner) = table_owner(rule, hit) else { continue };
            let (mut unplaced, mut unknown) = (0_usize, 0_usize);
            for (method, path, handler, line) in self.rows_of_routes(unit, owner, *table) {
                let mut defs = Vec::new();
                self.functions_of(unit, owner, handler, &mut defs, 0);
                defs.retain(|it| self.program.is_function(*it));
                unknown += usize::from(defs.is_empty());
                let path = normalize(&path);
                for handler in defs {
                    let is_told =
                        found.endpoints.iter().any(|it| it.handler == handler && it.path.ends_with(path.as_str()));
                    if !is_told {
                        unplaced += 1;
                        found.endpoints.push(RawEndpoint::written(rule, unit, line, (&method, &path), handler));
                    }
                }
            }
            // A table without a function is none of routes.
            if unplaced == 0 {
                continue;
            }
            let mut detail =
                format!("under which prefix {unplaced} of the routes in this table stand is not decidable");
            if unknown > 0 {
                detail.push_str(&format!(", nor what answers {unknown} more"));
            }
            found.blind_spots.push(RawSpot { root: None, kind: "dynamic-route", unit, owner, line: hit.line, detail });
        }
    }

    /// The rows of a table of paths, each with a table of methods; none where a key is no HTTP method.
    fn rows_of_routes(&mut self, unit: u32, owner: DefId, table: ExprId) -> Vec<Row> {
        let facts = self.facts(unit);
        let mut rows = Vec::new();
        let ExprKind::Mapping(paths) = &facts.expr(table).kind else { return rows };
        for (path, methods) in paths {
            let (Some(path), ExprKind::Mapping(methods)) = (path, &facts.expr(*methods).kind) else {
                return Vec::new();
            };
            let Some(text) = self.plain_text(unit, owner, *path) else { continue };
            for (method, handler) in methods {
                let method = method.and_then(|it| self.method_word(unit, owner, it));
                let Some(method) = method else { return Vec::new() };
                rows.push((method, text.clone(), *handler, facts.expr(*handler).at.line));
            }
        }
        rows
    }

    /// The HTTP method that a text or a constant (`http.MethodGet`) says.
    pub(crate) fn method_word(&mut self, unit: u32, owner: DefId, expr: ExprId) -> Option<String> {
        let said = self.plain_text(unit, owner, expr).or_else(|| match &self.facts(unit).expr(expr).kind {
            ExprKind::Member { name, .. } => Some(name.strip_prefix("Method")?.to_uppercase()),
            _ => None,
        });
        said.filter(|it| HTTP_METHODS.contains(&it.as_str()))
    }
}

/// The function that hands the table out.
fn table_owner(rule: &Rule, hit: &Match) -> Option<DefId> {
    match capture(rule, hit, "endpoint.handler") {
        Some(Captured::Definition(id)) => Some(*id),
        _ => None,
    }
}
