//! Keywords that a call is given by a mapping: `orders.filter(**{"customer__email": address})`.

use crate::link::values::infer::{Inference, Spot};
use crate::model::fact::{DefId, ExprId, ExprKind, StepKind};

/// Texts that one key may be, where it is put together (`f"{side}__email"`).
const MOST_KEYS: usize = 12;

impl Inference<'_> {
    /// Keys of the mappings that are spread into a call: written there, or kept in a local variable and added to it. Those
    /// that callers decide count only where whatever calls the function is meant.
    pub(crate) fn spread_keys(&mut self, unit: u32, owner: DefId, root: ExprId, by_callers: bool) -> Vec<String> {
        let facts = self.facts(unit);
        let ExprKind::Call { args, .. } = &facts.expr(root).kind else { return Vec::new() };
        let mut keys: Vec<ExprId> = Vec::new();
        for argument in args.iter().filter(|it| it.spread) {
            match &facts.expr(argument.value).kind {
                ExprKind::Mapping(_) => self.keys_written(unit, argument.value, &mut keys),
                ExprKind::Name(name) => {
                    let Some(var) = self.find_var(self.program.space(unit, owner), name) else { continue };
                    for source in self.vars.sources(var) {
                        if (source.unit, source.owner) == (unit, owner) && source.expr < root {
                            self.keys_written(unit, source.expr, &mut keys);
                        }
                    }
                    for step in facts.steps.iter().filter(|it| it.owner == owner) {
                        let StepKind::Assign { target, .. } = step.kind else { continue };
                        if let ExprKind::Index { base, index } = &facts.expr(target).kind
                            && target < root
                            && matches!(&facts.expr(*base).kind, ExprKind::Name(it) if it == name)
                        {
                            keys.push(*index);
                        }
                    }
                }
                _ => {}
            }
        }
        keys.into_iter().flat_map(|expr| self.key_texts(Spot { unit, owner, expr }, by_callers)).collect()
    }

    /// What the mappings that are spread into a call hold under a key: written there, or put into the variable that is spread
    /// before (`kwargs["query"] = select(Order)`).
    pub(crate) fn spread_under(&self, call: Spot, key: &str) -> Vec<Spot> {
        let facts = self.facts(call.unit);
        let ExprKind::Call { args, .. } = &facts.expr(call.expr).kind else { return Vec::new() };
        let is_key = |it: ExprId| matches!(&facts.expr(it).kind, ExprKind::Text(text) if text == key);
        let mut found: Vec<Spot> = Vec::new();
        for argument in args.iter().filter(|it| it.spread) {
            match &facts.expr(argument.value).kind {
                ExprKind::Mapping(entries) => {
                    let values = entries.iter().filter(|it| it.0.is_some_and(is_key));
                    found.extend(values.map(|it| Spot { expr: it.1, ..call }));
                }
                ExprKind::Name(name) => {
                    let is_it = |it: ExprId| matches!(&facts.expr(it).kind, ExprKind::Name(it) if it == name);
                    let steps = facts.steps.iter().filter(|it| it.owner == call.owner);
                    found.extend(steps.filter_map(|it| match it.kind {
                        StepKind::Assign { target, value } => match facts.expr(target).kind {
                            ExprKind::Index { base, index } if target < call.expr && is_it(base) && is_key(index) => {
                                Some(Spot { expr: value, ..call })
                            }
                            _ => None,
                        },
                        _ => None,
                    }));
                }
                _ => {}
            }
        }
        found
    }

    fn keys_written(&self, unit: u32, expr: ExprId, keys: &mut Vec<ExprId>) {
        if let ExprKind::Mapping(entries) = &self.facts(unit).expr(expr).kind {
            keys.extend(entries.iter().filter_map(|it| it.0));
        }
    }

    /// The texts that a key may be, but those of which a part is not known.
    fn key_texts(&mut self, key: Spot, by_callers: bool) -> Vec<String> {
        if let ExprKind::Text(text) = &self.facts(key.unit).expr(key.expr).kind {
            return vec![text.to_string()];
        }
        let texts = self.texts(key.unit, key.owner, key.expr);
        let known = texts.into_iter().filter(|it| by_callers || !it.through_parameter);
        known.map(|it| it.text).filter(|it| !it.contains('{')).take(MOST_KEYS).collect()
    }
}
