//! Rows that a field got as one of many classes was made (`part_class(request, row)`): all these classes share the field
//! of a class above them, and which of them got which row nobody says.

use crate::link::routes::registrations::call_given;
use crate::link::values::guards::captures;
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::Value;
use crate::model::fact::{Captured, DefinitionKind, ExprKind, Match};
use crate::model::graph::Confidence;
use crate::model::rule::Rule;

/// Of more classes than these that share a field, what it holds is only guessed.
const FEW: usize = 3;

impl Inference<'_> {
    /// How sure it can be that the row in a field is the one this class got.
    pub(crate) fn sure_of_field(&mut self, unit: u32, rule: &Rule, hit: &Match) -> Confidence {
        let targets = captures(rule, hit, "access.target").filter_map(|it| match it {
            Captured::Expr(expr) => Some(Spot { unit, owner: hit.owner, expr: *expr }),
            _ => None,
        });
        match targets.map(|it| self.classes_made(it)).max().unwrap_or_default() {
            0 | 1 => Confidence::Certain,
            2..=FEW => Confidence::Likely,
            _ => Confidence::Guess,
        }
    }

    /// Classes that a call which fills the field may make one of; 0 where a field is filled otherwise.
    fn classes_made(&mut self, field: Spot) -> usize {
        if !matches!(self.facts(field.unit).expr(field.expr).kind, ExprKind::Member { .. }) {
            return 0;
        }
        let mut most = 0;
        for (held, _) in self.vars_of(field.unit, field.owner, field.expr) {
            for given in self.sources(held) {
                if !matches!(self.facts(given.unit).expr(given.expr).kind, ExprKind::Name(_)) {
                    continue;
                }
                for (parameter, _) in self.vars_of(given.unit, given.owner, given.expr).into_iter().filter(|it| it.1) {
                    for argument in self.sources(parameter) {
                        most = most.max(self.classes_called(argument));
                    }
                }
            }
        }
        most
    }

    /// Classes that the call around an argument may make one of.
    fn classes_called(&mut self, argument: Spot) -> usize {
        let facts = self.facts(argument.unit);
        let Some((_, callee, _)) = call_given(facts, argument.expr) else { return 0 };
        let called = self.eval(argument.unit, argument.owner, callee);
        let is_class =
            |it: Value| matches!(it, Value::Def(def) if self.program.definition(def).kind == DefinitionKind::Type);
        called.iter().filter(|it| is_class(self.pool.value(**it))).count()
    }
}
