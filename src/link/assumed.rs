//! Parameters that nobody is seen to give a value: frameworks call such functions, and their names say what they are given.

use crate::link::infer::Inference;
use crate::link::value::Var;
use crate::model::fact::ParamKind;
use crate::model::source::Role;

impl<'a> Inference<'a> {
    /// Takes parameters without a type and without a value for rows of the entity that stubs say their names stand for. True
    /// where one was.
    pub(crate) fn assume_parameters(&mut self) -> bool {
        self.current = u32::MAX;
        let mut taken: Vec<(u32, Var, &'a str)> = Vec::new();
        for unit in 0..self.program.units.len() as u32 {
            let file = self.program.unit(unit);
            if matches!(file.source.role, Role::Test | Role::Vendored | Role::Migration) {
                continue;
            }
            let facts = file.facts;
            for id in facts.def_ids() {
                let definition = facts.definition(id);
                if self.program.is_test(self.program.def(unit, id)) {
                    continue;
                }
                for param in definition.params.iter().filter(|it| it.declared.is_none() && it.kind == ParamKind::Plain) {
                    let assumed = self.stubs.assumed(&param.name);
                    let known = assumed.iter().find(|(_, package)| self.imports_root_of(unit, package));
                    let (Some((variable, _)), Some(var)) =
                        (known.copied(), self.find_var(self.program.space(unit, id), &param.name))
                    else {
                        continue;
                    };
                    if self.read(var).is_empty() {
                        taken.push((unit, var, variable));
                    }
                }
            }
        }
        let mut changed = false;
        for (unit, var, variable) in taken {
            for row in self.instances_named_by(unit, variable) {
                self.add(var, row);
                changed = true;
            }
        }
        changed
    }
}
