//! Keywords that a library makes a type with: those that a method of another type gives (`parameter.keywords`), such as the
//! form of a view.

use crate::link::names::program::Def;
use crate::link::values::infer::{INITIALIZER, Inference};
use crate::link::values::value::{Value, ValueId, Var};
use crate::model::fact::{DefId, ExprId, ParamKind};

impl Inference<'_> {
    /// Notes that what a method gives are keywords of the types that an expression names.
    pub(crate) fn note_keywords(&mut self, unit: u32, method: DefId, scope: DefId, types: ExprId) {
        let method = self.program.def(unit, method);
        for value in self.eval(unit, scope, types) {
            if let Value::Def(of) = self.pool.value(value)
                && self.program.is_type(of)
            {
                let made = self.made_with.entry(method).or_default();
                if !made.contains(&of) {
                    made.push(of);
                }
            }
        }
    }

    /// Gives the initializers of what is made with a method's result what stands under the names of their parameters.
    pub(crate) fn hand_keywords(&mut self, method: Def, given: &[ValueId]) {
        let Some(types) = self.made_with.get(&method).cloned() else { return };
        let is_mapping = |it: &&ValueId| matches!(self.pool.value(**it), Value::Container(_));
        let mappings: Vec<ValueId> = given.iter().filter(is_mapping).copied().collect();
        for of in types {
            let lineage = self.lineage(of).types.clone();
            let initializer = lineage
                .iter()
                .find_map(|it| self.program.members(self.program.def_space(*it), INITIALIZER).first().copied());
            let Some(initializer) = initializer else { continue };
            let (unit, id) = self.program.local(initializer);
            let space = self.program.space(unit, id);
            let params = &self.facts(unit).definition(id).params;
            for param in params.iter().filter(|it| it.kind == ParamKind::Plain) {
                let values = self.spread_for(&mappings, &param.name);
                let var = self.named_var(space, &param.name);
                self.add_all(var, &values);
            }
            self.hand_keywords_on(space, params, &mappings);
        }
    }

    pub(crate) fn result_var(&self, def: Def) -> Option<Var> {
        let var = self.results.get(def.0 as usize).copied()?;
        (var != u32::MAX).then_some(Var(var))
    }
}
