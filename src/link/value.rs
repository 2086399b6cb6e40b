//! The values an expression may have, as far as names, types and calls care. Interned, so that sets are small integers.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::link::program::{Def, Mod};

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    for value in from {
        insert(into, *value);
    }
}

/// Interners for strings and values.
#[derive(Default)]
pub(crate) struct Pool {
    texts: Vec<Box<str>>,
    by_text: FxHashMap<Box<str>, Sym>,
    values: Vec<Value>,
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
        let id = *self.by_value.entry(value).or_insert(next);
        if id == next {
            self.values.push(value);
        }
        id
    }

    pub(crate) fn value(&self, id: ValueId) -> Value {
        self.values[id.0 as usize]
    }
}
