//! What a type says itself its store is called: a naming rule `{Table()}` stands for the text that a method gives.

use crate::link::names::program::Def;
use crate::link::values::infer::Inference;
use crate::model::fact::ExprKind;
use crate::model::rule::Rule;

impl Inference<'_> {
    /// What a type's store is called by a naming rule; none where the rule asks a method of the type that gives no one text.
    pub(crate) fn said_name(&self, rule: &Rule, naming_rule: &str, of: Def) -> Option<String> {
        match naming_rule.strip_prefix('{').and_then(|it| it.strip_suffix("()}")) {
            Some(method) => self.text_of_method(of, method),
            None => Some(self.conventional_name(rule, naming_rule, of)),
        }
    }

    /// The one text that a method of a type gives, whoever calls it.
    fn text_of_method(&self, of: Def, method: &str) -> Option<String> {
        let members = self.program.members(self.program.def_space(of), method);
        let [method] = members.as_slice() else { return None };
        let given = self.vars.sources(self.result_var(*method)?);
        let mut texts = given.iter().map(|it| match &self.facts(it.unit).expr(it.expr).kind {
            ExprKind::Text(text) if !text.is_empty() => Some(text),
            _ => None,
        });
        let first = texts.next()??;
        texts.all(|it| it == Some(first)).then(|| first.to_string())
    }
}
