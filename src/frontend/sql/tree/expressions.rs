//! Expressions of a statement: the columns they name, the subqueries in them, equalities with constants.

use std::ops::ControlFlow;

use sqlparser::ast::BinaryOperator;
use sqlparser::ast::{Expr, Ident, Query, Visit, Visitor};

use crate::frontend::sql::rewrite::MARK;
use crate::frontend::sql::tree::{Scope, Walk, constant};
use crate::model::sql::{SqlPredicate, StoreName};

impl Walk {
    pub(super) fn exprs<V: Visit>(&mut self, node: &V, scope: &Scope<'_>, aliases: &[String]) {
        let mut visitor = Exprs { walk: self, scope, aliases, depth: 0 };
        let _ = node.visit(&mut visitor);
    }

    /// A bare name that could be a column.
    pub(super) fn may_be_column(&self, ident: &Ident) -> bool {
        const UNITS: &[&str] = &[
            "year",
            "quarter",
            "month",
            "week",
            "day",
            "hour",
            "minute",
            "second",
            "microsecond",
            "millisecond",
            "epoch",
            "dow",
            "doy",
            "yy",
            "mm",
            "dd",
            "hh",
            "mi",
            "ss",
            "ms",
            "varchar",
            "int",
            "rownum",
            "rowid",
            "ctid",
            "default",
        ];
        let plain = ident.quote_style.is_none();
        if self.naming.in_routine || ident.value.contains(MARK) || ident.value.starts_with(['@', ':', '$']) {
            return false;
        }
        if ident.quote_style == Some('"') && self.naming.quotes_may_be_text {
            return false;
        }
        !(plain && UNITS.iter().any(|unit| unit.eq_ignore_ascii_case(&ident.value)))
    }

    pub(super) fn expr_column(&mut self, expr: &Expr, scope: &Scope<'_>, aliases: &[String]) {
        match expr {
            Expr::Identifier(ident) => {
                if self.may_be_column(ident)
                    && !aliases.contains(&ident.value.to_lowercase())
                    && let Some(binding) = scope.only()
                {
                    let binding = binding.clone();
                    self.bound_column(&binding, ident);
                }
            }
            Expr::CompoundIdentifier(parts) => {
                let [.., table, column] = parts.as_slice() else { return };
                if let Some(binding) = scope.find(&table.value) {
                    let binding = binding.clone();
                    self.bound_column(&binding, column);
                }
            }
            _ => {}
        }
    }

    /// `column = constant` in a chain of ANDs.
    pub(super) fn predicates(&mut self, selection: &Expr, scope: &Scope<'_>) {
        let mut pending = vec![selection];
        while let Some(expr) = pending.pop() {
            match expr {
                Expr::Nested(inner) => pending.push(inner),
                Expr::BinaryOp { left, op: BinaryOperator::And, right } => pending.extend([right.as_ref(), left]),
                Expr::BinaryOp { left, op: BinaryOperator::Eq, right } => self.equality(left, right, scope),
                _ => {}
            }
        }
    }

    pub(super) fn equality(&mut self, left: &Expr, right: &Expr, scope: &Scope<'_>) {
        let (column, value) = match (constant(left), constant(right)) {
            (None, Some(value)) => (left, value),
            (Some(value), None) => (right, value),
            _ => return,
        };
        let (binding, ident) = match column {
            Expr::Identifier(ident) if self.may_be_column(ident) => (scope.only(), ident),
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [.., table, column] => (scope.find(&table.value), column),
                _ => return,
            },
            _ => return,
        };
        if let Some(store) = binding.and_then(|binding| binding.store.clone()) {
            self.predicate(&store, ident, value);
        }
    }

    pub(super) fn predicate(&mut self, store: &StoreName, column: &Ident, value: String) {
        let (name, partial) = self.ident(column);
        let found = SqlPredicate { store: store.clone(), column: name.into(), value: value.into() };
        if !partial && !self.found.predicates.contains(&found) {
            self.found.predicates.push(found);
        }
    }
}

/// Reads expressions of one query level; a query inside opens its own.
struct Exprs<'w, 's> {
    walk: &'w mut Walk,
    scope: &'s Scope<'s>,
    aliases: &'s [String],
    depth: u32,
}

impl Visitor for Exprs<'_, '_> {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        if self.depth == 0 {
            self.walk.query(query, Some(self.scope));
        }
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _query: &Query) -> ControlFlow<()> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        if self.depth == 0 {
            self.walk.expr_column(expr, self.scope, self.aliases);
        }
        ControlFlow::Continue(())
    }
}
