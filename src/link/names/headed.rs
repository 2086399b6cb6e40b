//! Imports whose path begins with what another import brings: `use super::database;` and, below it, `use database::orders;`.

use crate::link::values::infer::Inference;
use crate::link::values::value::{Value, Values, union};
use crate::model::fact::{Anchor, DefId};

impl Inference<'_> {
    /// What an import binds that leads nowhere by itself, where its first word is a name that the scopes around it import from
    /// the program.
    pub(crate) fn by_imported_head(&mut self, unit: u32, index: u32) -> Option<Values> {
        let import = self.facts(unit).imports.get(index as usize)?;
        if import.anchor != Anchor::Absolute || self.separator(unit) != "::" {
            return None;
        }
        let (first, rest) = import.path.split_first()?;
        let mut scope = import.scope;
        let other = loop {
            let beside = self.program.imports_of(self.program.def(unit, scope), first);
            let leads = |it: &u32| *it != index && self.facts(unit).imports[*it as usize].path.first() != Some(first);
            match beside.into_iter().find(leads) {
                Some(other) => break other,
                None if scope == DefId::MODULE => return None,
                None => scope = self.facts(unit).definition(scope).parent,
            }
        };
        let mut values = self.imported(unit, other);
        values.retain(|it| matches!(self.pool.value(*it), Value::Module(_) | Value::Def(_)));
        for name in rest.iter().chain(&import.name) {
            let mut next = Values::new();
            for value in values {
                let found = self.member(self.pool.value(value), name, unit);
                union(&mut next, &found);
            }
            values = next;
        }
        (!values.is_empty()).then_some(values)
    }
}
