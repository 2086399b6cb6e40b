//! Types that a macro on an entity adds beside it, and methods that stand outside their type.

use crate::link::names::program::Space;
use crate::link::values::guards::Held;
use crate::link::values::infer::Inference;
use crate::link::values::value::{Subject, Sym, Value, ValueId, Values, insert};
use crate::model::rule::Rule;

impl Inference<'_> {
    /// Types that a macro on an entity adds beside it: they stand for the entity's store.
    pub(crate) fn add_generated_types(&mut self) {
        for (unit, rule, found) in self.hits(adds_types) {
            if let Some(base) = rule.settings.get("entity.extends")
                && self.guards_hold(unit, found.owner, rule, found) == Held::Yes
                && !self.is_brought_by_nobody(unit, rule, found)
            {
                let base = self.pool.sym(base);
                let extended = self.extended.entry(self.program.def(unit, found.owner)).or_default();
                if !extended.contains(&base) {
                    extended.push(base);
                }
            }
            let Some(names) = rule.settings.get("entity.adds") else { continue };
            let entity = self.program.def(unit, found.owner);
            let space = self.program.module_space(self.program.enclosing_module(unit, found.owner));
            for word in names.split_whitespace() {
                let (name, path) = word.split_once('=').unwrap_or((word, word));
                let value = self.outside(path, false, Subject::Type(entity));
                self.added.insert((space, name.to_owned()), value);
            }
        }
        self.learn_managers();
        // What guards asked about bases was asked too early.
        self.lineages.clear();
    }

    pub(crate) fn added_name(&self, space: Space, name: &str) -> Option<ValueId> {
        if self.added.is_empty() { None } else { self.added.get(&(space, name.to_owned())).copied() }
    }

    /// Gives methods written outside their type to the type.
    pub(crate) fn attach_methods(&mut self) {
        for unit in 0..self.program.units.len() as u32 {
            let facts = self.facts(unit);
            for id in facts.def_ids() {
                let definition = facts.definition(id);
                let Some(receiver) = definition.receiver else { continue };
                let def = self.program.def(unit, id);
                for value in self.type_objects(unit, definition.parent, receiver) {
                    match self.pool.value(value) {
                        Value::Def(of) => {
                            self.program.add_member(self.program.def_space(of), &definition.name, def);
                        }
                        Value::Outside { path, subject: Subject::Type(of), .. } if !self.added.is_empty() => {
                            let methods =
                                self.added_methods.entry((path, of, definition.name.to_string())).or_default();
                            if !methods.contains(&def) {
                                methods.push(def);
                            }
                        }
                        _ => {}
                    }
                }
            }
        }
    }

    /// A method that the program writes for a type which a macro adds beside an entity (`impl Entity { fn open() .. }`).
    pub(crate) fn added_method(&mut self, path: Sym, subject: Subject, instance: bool, name: &str) -> Values {
        let mut values = Values::new();
        let Subject::Type(of) = subject else { return values };
        if self.added_methods.is_empty() {
            return values;
        }
        for method in self.added_methods.get(&(path, of, name.to_owned())).cloned().unwrap_or_default() {
            let is_bound = instance && !self.program.definition(method).traits.is_static;
            let id = self.pool.id(if is_bound { Value::Bound(method, of) } else { Value::Def(method) });
            insert(&mut values, id);
        }
        values
    }
}

/// Whether a rule adds types beside an entity, or bases to it.
fn adds_types(rule: &Rule) -> bool {
    rule.settings.contains_key("entity.extends") || rule.settings.contains_key("entity.adds")
}
