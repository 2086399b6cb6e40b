//! Lists, mappings and tuples: what their elements may be, under a key where one is known.

use smallvec::SmallVec;

use crate::link::names::program::{Def, Space};
use crate::link::values::infer::Inference;
use crate::link::values::value::{Value, ValueId, Values, Var, union};
use crate::model::fact::{ExprId, ExprKind, Param, ParamKind};

/// Literal containers keep their elements apart up to this size.
const MOST_KEYS: usize = 24;

pub(crate) struct Container {
    pub(crate) any: Var,
    keyed: SmallVec<[(compact_str::CompactString, Var); 2]>,
}

impl<'a> Inference<'a> {
    pub(crate) fn generator(&mut self, def: Def) -> u32 {
        if let Some(container) = self.generators.get(&def) {
            return *container;
        }
        let container = self.new_container();
        self.generators.insert(def, container);
        container
    }

    pub(crate) fn new_container(&mut self) -> u32 {
        let any = self.new_var();
        self.containers.push(Container { any, keyed: SmallVec::new() });
        self.containers.len() as u32 - 1
    }

    /// The container a `*args` or `**kwargs` parameter holds.
    pub(crate) fn param_container(&mut self, var: Var) -> u32 {
        let found = self.vars.values(var).iter().find_map(|it| match self.pool.value(*it) {
            Value::Container(container) => Some(container),
            _ => None,
        });
        if let Some(container) = found {
            return container;
        }
        let container = self.new_container();
        let value = self.pool.id(Value::Container(container));
        self.add(var, value);
        container
    }

    /// Of a mapping that is spread into a call, what no parameter is called like goes to the rest of the keywords.
    pub(crate) fn hand_keywords_on(&mut self, space: Space, params: &'a [Param], values: &[ValueId]) {
        let Some(rest) = params.iter().find(|it| it.kind == ParamKind::Keywords) else { return };
        let var = self.named_var(space, &rest.name);
        let container = self.param_container(var);
        for value in values {
            let Value::Container(other) = self.pool.value(*value) else { continue };
            if other == container {
                continue;
            }
            // Read so that a key that is added later is handed on as well.
            let unkeyed = self.containers[other as usize].any;
            self.read(unkeyed);
            for key in self.container_keys(other) {
                let Some(name) = key.strip_prefix('"') else { continue };
                let is_plain = params.iter().any(|it| it.kind == ParamKind::Plain && it.name == name);
                let known = self.container_keys(container);
                if is_plain || known.len() >= MOST_KEYS && !known.contains(&key) {
                    continue;
                }
                let found = self.container_read(other, Some(&key));
                let var = self.container_var(container, Some(&key));
                self.add_all(var, &found);
            }
        }
    }

    pub(crate) fn key(&self, unit: u32, index: ExprId) -> Option<String> {
        match &self.facts(unit).expr(index).kind {
            ExprKind::Text(text) => Some(text_key(text)),
            ExprKind::Constant(text) => Some(text.to_string()),
            _ => None,
        }
    }

    /// Whether something is held under a text, as in mappings.
    pub(crate) fn has_text_keys(&self, container: u32) -> bool {
        self.containers[container as usize].keyed.iter().any(|(key, _)| key.starts_with('"'))
    }

    pub(crate) fn container_var(&mut self, container: u32, key: Option<&str>) -> Var {
        let Some(key) = key else { return self.containers[container as usize].any };
        if let Some((_, var)) = self.containers[container as usize].keyed.iter().find(|(it, _)| it == key) {
            return *var;
        }
        if self.containers[container as usize].keyed.len() >= MOST_KEYS {
            return self.containers[container as usize].any;
        }
        let var = self.new_var();
        self.containers[container as usize].keyed.push((key.into(), var));
        // Whoever reads all elements, or looked for this key in vain, reads through `any`.
        self.wake_readers(self.containers[container as usize].any);
        var
    }

    /// Keys that elements of a container are known under.
    pub(crate) fn container_keys(&self, container: u32) -> Vec<String> {
        self.containers[container as usize].keyed.iter().map(|(key, _)| key.to_string()).collect()
    }

    /// Elements under a key, or all of them.
    pub(crate) fn container_read(&mut self, container: u32, key: Option<&str>) -> Values {
        let any = self.containers[container as usize].any;
        let mut values = self.read(any);
        let keyed: SmallVec<[Var; 4]> = self.containers[container as usize]
            .keyed
            .iter()
            .filter(|(it, _)| key.is_none_or(|key| it == key))
            .map(|(_, var)| *var)
            .collect();
        for var in keyed {
            let found = self.read(var);
            union(&mut values, &found);
        }
        values
    }
}

/// Key of an element under a text, which is another one than under the number of that spelling.
pub(crate) fn text_key(text: &str) -> String {
    format!("\"{text}")
}
