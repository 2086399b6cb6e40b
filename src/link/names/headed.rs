//! Imports whose path begins with what the scopes around them have: by another import (`use super::database;` and, below it,
//! `use database::orders;`), as an item (`use orders as o;` beside `table! { orders .. }`), or by a glob.

use crate::link::values::infer::Inference;
use crate::link::values::value::{Value, Values, union};
use crate::model::fact::{Anchor, DefId};

impl<'a> Inference<'a> {
    /// What an import binds that leads nowhere by itself, where its first word is a name that the scopes around it import from
    /// the program.
    pub(crate) fn by_imported_head(&mut self, unit: u32, index: u32) -> Option<Values> {
        let import = self.facts(unit).imports.get(index as usize)?;
        if import.anchor != Anchor::Absolute || self.separator(unit) != "::" {
            return None;
        }
        let (first, rest) = import.path.split_first()?;
        let mut scope = import.scope;
        let mut values = loop {
            let def = self.program.def(unit, scope);
            let beside = self.program.imports_of(def, first);
            let leads = |it: &u32| *it != index && self.facts(unit).imports[*it as usize].path.first() != Some(first);
            if let Some(other) = beside.into_iter().find(leads) {
                break self.imported(unit, other);
            }
            let found = self.items_beside(unit, scope, first);
            if !found.is_empty() {
                break found;
            }
            if scope == DefId::MODULE {
                return None;
            }
            scope = self.facts(unit).definition(scope).parent;
        };
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
    /// Types of this name in a scope, and what its globs bring.
    fn items_beside(&mut self, unit: u32, scope: DefId, name: &'a str) -> Values {
        let mut values = Values::new();
        for item in self.program.members(self.program.space(unit, scope), name) {
            if self.program.is_type(item) {
                let denoted = self.denoted(item);
                union(&mut values, &denoted);
            }
        }
        for glob in self.program.globs_of(self.program.def(unit, scope)) {
            if values.is_empty() {
                values = self.through_glob(unit, glob, name);
            }
        }
        values
    }
}
