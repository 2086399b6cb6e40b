//! Where a function makes the rows that it goes on with: in place, or before it put them into a list or mapping that a loop
//! reads (`made[key] = model(**values)`, `for row in made.values(): row.save()`).

use crate::link::values::infer::{Inference, Spot};
use crate::link::values::invoke::ADDING_METHODS;
use crate::model::fact::{ExprId, ExprKind, StepKind};

/// Names, lists and loops that are followed.
const MOST_DEEP: u32 = 5;
/// Calls that may have made a row.
const MOST_MADE: usize = 6;

impl Inference<'_> {
    /// The calls of names by which the function around an expression may have made what that gives.
    pub(crate) fn made_here(&mut self, spot: Spot) -> Vec<Spot> {
        let mut found = Vec::new();
        self.find_made(spot, 0, &mut found);
        found
    }

    fn find_made(&mut self, spot: Spot, deep: u32, found: &mut Vec<Spot>) {
        if deep > MOST_DEEP || found.len() >= MOST_MADE || found.contains(&spot) {
            return;
        }
        let facts = self.facts(spot.unit);
        let at = |expr: ExprId| Spot { expr, ..spot };
        match &facts.expr(spot.expr).kind {
            ExprKind::Call { callee, .. } => match &facts.expr(*callee).kind {
                ExprKind::Name(_) => found.push(spot),
                // What a loop over a mapping asks it for.
                ExprKind::Member { base, .. } if deep > 0 && matches!(facts.expr(*base).kind, ExprKind::Name(_)) => {
                    self.find_put(at(*base), deep + 1, found);
                }
                _ => {}
            },
            ExprKind::Element(inner) | ExprKind::Index { base: inner, .. } => {
                let inner = at(*inner);
                if matches!(facts.expr(inner.expr).kind, ExprKind::Name(_)) {
                    self.find_put(inner, deep + 1, found);
                }
                self.find_made(inner, deep + 1, found);
            }
            ExprKind::Choice(items) => items.iter().for_each(|it| self.find_made(at(*it), deep + 1, found)),
            ExprKind::Name(_) => {
                for given in self.given_here(spot) {
                    self.find_made(given, deep + 1, found);
                }
            }
            _ => {}
        }
    }

    /// The same for what the function puts into the list or mapping that a name stands for.
    fn find_put(&mut self, held: Spot, deep: u32, found: &mut Vec<Spot>) {
        let facts = self.facts(held.unit);
        let ExprKind::Name(name) = &facts.expr(held.expr).kind else { return };
        let is_it = |it: ExprId| matches!(&facts.expr(it).kind, ExprKind::Name(it) if it == name);
        for step in facts.steps.iter().filter(|it| it.owner == held.owner) {
            let put = match step.kind {
                StepKind::Assign { target, value } => match facts.expr(target).kind {
                    ExprKind::Index { base, .. } if is_it(base) => Some(value),
                    _ => None,
                },
                StepKind::Call(call) => match &facts.expr(call).kind {
                    ExprKind::Call { callee, args } => match &facts.expr(*callee).kind {
                        ExprKind::Member { base, name } if is_it(*base) && ADDING_METHODS.contains(&name.as_str()) => {
                            args.last().map(|it| it.value)
                        }
                        _ => None,
                    },
                    _ => None,
                },
                _ => None,
            };
            if let Some(expr) = put {
                self.find_made(Spot { expr, ..held }, deep + 1, found);
            }
        }
    }
}
