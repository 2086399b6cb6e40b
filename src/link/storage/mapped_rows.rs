//! Types that a loop over a table maps to stores: `for _, it := range models { db.AddTableWithName(it.Model, it.Name) }`.
//! Each row says a type and its name, and no type has the name of another.

use crate::link::names::program::Def;
use crate::link::values::guards::capture;
use crate::link::values::infer::Inference;
use crate::model::fact::{Captured, ExprKind, Match};
use crate::model::rule::Rule;

/// Functions that hand on what a row is made of.
const MOST_HANDED: u32 = 6;

impl Inference<'_> {
    /// The types with their stores' names, where rows or calls of a function around it say them; none where it is said in place.
    pub(in crate::link::storage) fn mapped_by_rows(
        &mut self,
        unit: u32,
        rule: &Rule,
        found: &Match,
    ) -> Option<Vec<(Def, String)>> {
        let (Some(Captured::Expr(of)), Some(Captured::Expr(store))) =
            (capture(rule, found, "entity.of"), capture(rule, found, "entity.store"))
        else {
            return None;
        };
        let is_read = matches!(self.facts(unit).expr(*store).kind, ExprKind::Name(_) | ExprKind::Member { .. });
        if !is_read || self.plain_text(unit, found.owner, *store).is_some() {
            return None;
        }
        let runs = self.registrations(unit, found.owner, *store, 0);
        if runs.is_empty() {
            return None;
        }
        let mut mapped = Vec::new();
        for run in runs {
            let before = self.bindings.len();
            self.bindings.extend(run.bindings);
            let name = self.plain_text(unit, found.owner, *store);
            let mut row = self.bound(unit, found.owner, *of);
            // What a function that makes the row was given, by whoever hands it on.
            for _ in 0..MOST_HANDED {
                match row.and_then(|it| self.bound(it.unit, it.owner, it.expr)) {
                    Some(given) => row = Some(given),
                    None => break,
                }
            }
            self.bindings.truncate(before);
            if let (Some(name), Some(row)) = (name, row) {
                let types = self.types_named_in(row.unit, row.owner, row.expr);
                mapped.extend(types.into_iter().map(|it| (it, name.clone())));
            }
        }
        Some(mapped)
    }
}
