//! Registrations that run once for each row of a list which cannot be read: the path that is written there is that of no
//! route, so the place is a blind spot and no endpoint.

use crate::link::calls::{captured_expr, visit};
use crate::link::values::guards::captures;
use crate::link::values::infer::{Inference, Spot};
use crate::model::fact::{ExprId, ExprKind, Match, Piece};
use crate::model::rule::Rule;

impl<'a> Inference<'a> {
    /// Whether the route is read of the rows of a loop that are not known, and so is the method or the handler
    /// (`for _, route := range routes { mux.HandleFunc(route.Path, route.Handler) }`). A path that only has a part of its own for
    /// each row (`"/plugins/" + plugin.Name`, handled by one function) is a route with a parameter.
    pub(crate) fn is_of_unread_rows(&mut self, unit: u32, rule: &Rule, hit: &Match) -> bool {
        let facts = self.facts(unit);
        let mut open = self.routes_said(unit, rule, hit);
        let mut rows: Vec<&str> = Vec::new();
        while let Some(expr) = open.pop() {
            match &facts.expr(expr).kind {
                ExprKind::Template(pieces) => open.extend(pieces.iter().filter_map(|it| match it {
                    Piece::Hole(hole) => Some(*hole),
                    Piece::Text(_) => None,
                })),
                ExprKind::Member { .. } | ExprKind::Index { .. } => {
                    let is_known = !self.texts(unit, hit.owner, expr).is_empty();
                    rows.extend(self.row_read(Spot { unit, owner: hit.owner, expr }).filter(|_| !is_known));
                }
                _ => {}
            }
        }
        if rows.is_empty() {
            return false;
        }
        let said = captures(rule, hit, "endpoint.handler").chain(captures(rule, hit, "endpoint.method"));
        let mut said: Vec<ExprId> = said.filter_map(|it| captured_expr(Some(it))).collect();
        said.extend(self.along(unit, rule, hit).into_iter().flat_map(|it| it.said_methods()));
        let mut is_read = false;
        for expr in said {
            visit(
                facts,
                expr,
                &mut |it| {
                    if let ExprKind::Name(name) = &facts.expr(it).kind {
                        is_read |= rows.contains(&name.as_str());
                    }
                },
                0,
            );
        }
        is_read
    }

    /// The variable that a member or an item is read of, where it is nothing but a row of a loop.
    fn row_read(&mut self, read: Spot) -> Option<&'a str> {
        let facts = self.facts(read.unit);
        let mut root = read.expr;
        while let ExprKind::Member { base, .. } | ExprKind::Index { base, .. } = &facts.expr(root).kind {
            root = *base;
        }
        let ExprKind::Name(name) = &facts.expr(root).kind else { return None };
        let mut sources = Vec::new();
        for (var, _) in self.vars_of(read.unit, read.owner, root) {
            sources.extend(self.sources(var));
        }
        let is_row = |it: &Spot| matches!(self.facts(it.unit).expr(it.expr).kind, ExprKind::Element(_));
        (!sources.is_empty() && sources.iter().all(is_row)).then_some(name.as_str())
    }
}
