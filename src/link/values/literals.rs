//! What function literals are handed: the type of the parameter that one is given for says it.

use crate::link::names::program::Def;
use crate::link::values::infer::Inference;
use crate::link::values::types::takes;
use crate::link::values::value::{Value, Values};
use crate::model::fact::{DefinitionKind, ExprId, ExprKind, FileFacts, ParamKind};

impl Inference<'_> {
    /// `F: FnOnce(&mut Connection)`: what a literal given as an `F` calls its first parameter is a connection.
    pub(in crate::link) fn tell_literals(&mut self, function: Def, declared: Option<ExprId>, given: &Values) {
        let (home, target) = self.program.local(function);
        let Some(inputs) = declared.and_then(|it| inputs_of(self.facts(home), it)) else { return };
        for value in given {
            let Value::Def(literal) = self.pool.value(*value) else { continue };
            if self.program.kind(literal) != DefinitionKind::Closure {
                continue;
            }
            let (unit, id) = self.program.local(literal);
            let params = self.facts(unit).definition(id).params.iter().filter(|it| it.kind == ParamKind::Plain);
            for (param, input) in params.zip(inputs) {
                if param.declared.is_some() || param.name.is_empty() {
                    continue;
                }
                let types = self.types(home, target, *input);
                let var = self.named_var(self.program.space(unit, id), &param.name);
                self.add_all(var, &types);
            }
        }
    }
}

/// What the function takes that a type is, or that it holds (`Box<dyn Fn(A)>`, `Option<F>`).
fn inputs_of(facts: &FileFacts, mut declared: ExprId) -> Option<&[ExprId]> {
    for _ in 0..3 {
        let ExprKind::Index { base, index } = &facts.expr(declared).kind else { return None };
        if let Some(inputs) = takes(facts, *base) {
            return Some(inputs);
        }
        declared = match &facts.expr(*index).kind {
            ExprKind::Sequence(items) => *items.first()?,
            _ => *index,
        };
    }
    None
}
