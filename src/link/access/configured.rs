//! Accesses that only some configurations of a program make (`access.configured`).

use crate::link::values::infer::Inference;
use crate::model::fact::ExprKind;
use crate::model::rule::Rule;

impl<'a> Inference<'a> {
    /// Whether the program is configured as a rule asks: `settings.ENGINE=db` where no variable `ENGINE` of a module that has
    /// `settings` in its name is anything but a text with `db` in it.
    pub(crate) fn is_configured(&mut self, rule: &'a Rule) -> bool {
        let asked = rule.words("access.configured").filter_map(|it| it.split_once('='));
        for (variable, word) in asked {
            let Some((module, variable)) = variable.split_once('.') else { continue };
            for var in self.setting_vars(Some(module), variable) {
                let sources = self.sources(var).to_vec();
                let is_asked = |it: &crate::link::values::infer::Spot| match &self.facts(it.unit).expr(it.expr).kind {
                    ExprKind::Text(text) => text.contains(word),
                    _ => false,
                };
                if !sources.iter().all(is_asked) {
                    return false;
                }
            }
        }
        true
    }
}
