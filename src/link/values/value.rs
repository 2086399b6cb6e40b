//! The values an expression may have, as far as names, types and calls care. Interned, so that sets are small integers.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::link::names::program::{Def, Mod};

/// An interned string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Sym(pub(crate) u32);

/// An interned [`Value`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ValueId(pub(crate) u32);

/// A variable: a name in a scope, a field of a type, a call's result, an element of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Var(pub(crate) u32);

/// What a value is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Subject {
    None,
    /// An entity type of the project.
    Type(Def),
    /// A store by name.
    Named(Sym),
}

/// One value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Value {
    /// A function, or a type as such.
    Def(Def),
    /// Something of a project type.
    Instance(Def),
    /// A method with its receiver's type.
    Bound(Def, Def),
    Module(Mod),
    /// Something from outside the project.
    Outside {
        path: Sym,
        instance: bool,
        subject: Subject,
        site: Site,
    },
    Container(u32),
    /// What `super()` gives inside a type's method.
    Super(Def),
}

/// Two words instead of one a field: every value that is worked out is looked up.
impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let word = |tag: u32, of: u32| u64::from(tag) << 32 | u64::from(of);
        match *self {
            Self::Def(of) => state.write_u64(word(0, of.0)),
            Self::Instance(of) => state.write_u64(word(1, of.0)),
            Self::Bound(method, of) => {
                state.write_u64(word(2, method.0));
                state.write_u64(u64::from(of.0));
            }
            Self::Module(module) => state.write_u64(word(3, module.0)),
            Self::Outside { path, instance, subject, site } => {
                let (kind, about) = match subject {
                    Subject::None => (0, 0),
                    Subject::Type(of) => (1, of.0),
                    Subject::Named(name) => (2, name.0),
                };
                state.write_u64(word(4 + u32::from(instance) + 2 * kind, path.0));
                state.write_u64(word(site.0, about));
            }
            Self::Container(number) => state.write_u64(word(10, number)),
            Self::Super(of) => state.write_u64(word(11, of.0)),
        }
    }
}

/// Identity of a router-like object: the call that made it, 0 for none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Site(pub(crate) u32);

pub(crate) type Values = SmallVec<[ValueId; 4]>;

/// Adds a value to a set kept sorted; true if it was new.
pub(crate) fn insert(values: &mut Values, value: ValueId) -> bool {
    match values.binary_search(&value) {
        Ok(_) => false,
        Err(at) => {
            values.insert(at, value);
            true
        }
    }
}

pub(crate) fn union(into: &mut Values, from: &[ValueId]) {
    if into.is_empty() && from.is_sorted_by(|a, b| a < b) {
        into.extend_from_slice(from);
        return;
    }
    for value in from {
        insert(into, *value);
    }
}

fn slot(of: &mut Vec<Option<ValueId>>, number: u32) -> &mut Option<ValueId> {
    let at = number as usize;
    if of.len() <= at {
        of.resize(at + 1, None);
    }
    &mut of[at]
}

/// Interners for strings and values.
#[derive(Default)]
pub(crate) struct Pool {
    texts: Vec<Box<str>>,
    by_text: FxHashMap<Box<str>, Sym>,
    values: Vec<Value>,
    /// Numbers of the values that one number tells, which most are: definitions as such and their instances, modules,
    /// containers, and what is outside and about nothing, as such and as instances.
    definitions: Vec<Option<ValueId>>,
    instances: Vec<Option<ValueId>>,
    modules: Vec<Option<ValueId>>,
    containers: Vec<Option<ValueId>>,
    outside: [Vec<Option<ValueId>>; 2],
    /// Numbers of all others.
    by_value: FxHashMap<Value, ValueId>,
}

impl Pool {
    pub(crate) fn sym(&mut self, text: &str) -> Sym {
        if let Some(sym) = self.by_text.get(text) {
            return *sym;
        }
        let sym = Sym(self.texts.len() as u32);
        self.texts.push(text.into());
        self.by_text.insert(text.into(), sym);
        sym
    }

    pub(crate) fn text(&self, sym: Sym) -> &str {
        &self.texts[sym.0 as usize]
    }

    pub(crate) fn id(&mut self, value: Value) -> ValueId {
        let next = ValueId(self.values.len() as u32);
        let id = match value {
            Value::Def(of) => *slot(&mut self.definitions, of.0).get_or_insert(next),
            Value::Instance(of) => *slot(&mut self.instances, of.0).get_or_insert(next),
            Value::Module(module) => *slot(&mut self.modules, module.0).get_or_insert(next),
            Value::Container(number) => *slot(&mut self.containers, number).get_or_insert(next),
            Value::Outside { path, instance, subject: Subject::None, site: Site(0) } => {
                *slot(&mut self.outside[usize::from(instance)], path.0).get_or_insert(next)
            }
            _ => *self.by_value.entry(value).or_insert(next),
        };
        if id == next {
            self.values.push(value);
        }
        id
    }

    pub(crate) fn value(&self, id: ValueId) -> Value {
        self.values[id.0 as usize]
    }
}
