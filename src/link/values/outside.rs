//! What stubs say of paths outside the project, worked out once for each path.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::link::values::infer::Inference;
use crate::link::values::value::{Subject, Sym, Value, Var};
use crate::model::rule::{Gives, Stub, Subject as StubSubject};

/// What tells one language's separator from another's.
fn mark(separator: &str) -> u8 {
    separator.bytes().next().unwrap_or_default()
}

/// Answers so far. They rest on stubs and rules alone, which do not change during a run.
#[derive(Default)]
pub(crate) struct Outside<'a> {
    /// Numbers of member names.
    names: FxHashMap<Box<str>, Name>,
    members: FxHashMap<(Sym, Name, u8), OutsideMember<'a>>,
    calls: FxHashMap<(Sym, u8), OutsideCall<'a>>,
    routers: FxHashMap<Sym, bool>,
    /// Words of the modules whose variables are a path's members.
    settings: FxHashMap<Sym, Option<&'a str>>,
    /// Kinds that are about the class they are read from.
    owned: FxHashMap<Sym, Option<&'a str>>,
    /// Members of which no stub and no guard can speak, nor of anything under them: what stands under such a member is
    /// known by its name, so that chains of calls on things nobody knows make no names of their own.
    unknown: FxHashSet<Sym>,
    /// Attributes that the program sets on objects from outside (`g.db = ..`, `app.state.pool = ..`).
    fields: FxHashMap<(Sym, Name), Var>,
}

/// Number of a member's name.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Name(u32);

/// `path.name`.
#[derive(Clone, Copy)]
pub(crate) struct OutsideMember<'a> {
    pub(crate) stub: Option<&'a Stub>,
    /// The member's own path under the name that stubs know it by.
    pub(crate) path: Sym,
}

/// `path(..)`.
#[derive(Clone, Copy)]
pub(crate) struct OutsideCall<'a> {
    /// The stub of the function.
    pub(crate) stub: Option<&'a Stub>,
    /// The stub that says what calling an instance gives (`Type.()`).
    pub(crate) of_instance: Option<&'a Stub>,
}

impl Outside<'_> {
    fn name(&mut self, name: &str) -> Name {
        if let Some(number) = self.names.get(name) {
            return *number;
        }
        let number = Name(self.names.len() as u32);
        self.names.insert(name.into(), number);
        number
    }
}

impl<'a> Inference<'a> {
    pub(crate) fn stub_of_member(&mut self, path: Sym, separator: &'a str, name: &str) -> OutsideMember<'a> {
        let number = self.known_outside.name(name);
        let key = (path, number, mark(separator));
        if let Some(found) = self.known_outside.members.get(&key) {
            return *found;
        }
        let base = self.pool.text(path);
        let stub = self.stubs.member(base, separator, name);
        let own = if matches!(stub.map(|it| &it.gives), Some(Gives::Field(_) | Gives::Same(_))) {
            // Such a member is known by what it gives.
            path
        } else if stub.is_none()
            && self.known_outside.unknown.contains(&path)
            && !self.set_attributes.contains(name)
            && (separator != "::" || !self.stubs.is_package(name))
        {
            path
        } else if stub.is_none()
            && let Some(again) = recurring(base, separator, name)
        {
            let again = again.to_owned();
            self.pool.sym(&again)
        } else {
            let full = format!("{base}{separator}{name}");
            let known_as = self.stubs.canonical(&full);
            let own = self.pool.sym(known_as);
            if stub.is_none() && !self.stubs.leads_on(known_as) {
                self.known_outside.unknown.insert(own);
            }
            own
        };
        let found = OutsideMember { stub, path: own };
        self.known_outside.members.insert(key, found);
        found
    }

    pub(crate) fn stub_of_call(&mut self, path: Sym, separator: &'a str) -> OutsideCall<'a> {
        let key = (path, mark(separator));
        if let Some(found) = self.known_outside.calls.get(&key) {
            return *found;
        }
        let text = self.pool.text(path);
        let stub = match self.stubs.called(text) {
            Some(stub) => Some(stub),
            None => text.rsplit_once(separator).and_then(|(of, name)| self.stubs.member(of, separator, name)),
        };
        let lineage = self.stubs.lineage(text);
        let of_instance = lineage.iter().find_map(|it| self.stubs.exact(&format!("{it}{separator}()")));
        let found = OutsideCall { stub, of_instance };
        self.known_outside.calls.insert(key, found);
        found
    }

    /// Whether endpoints are registered on such objects.
    pub(crate) fn is_router(&mut self, path: Sym) -> bool {
        if let Some(found) = self.known_outside.routers.get(&path) {
            return *found;
        }
        let found = self.stubs.lineage(self.pool.text(path)).iter().any(|it| self.router_types.contains(*it));
        self.known_outside.routers.insert(path, found);
        found
    }

    /// Word of the modules whose variables are the members of this path.
    pub(crate) fn setting_word(&mut self, path: Sym) -> Option<&'a str> {
        if let Some(found) = self.known_outside.settings.get(&path) {
            return *found;
        }
        let found = self.stubs.setting(self.pool.text(path));
        self.known_outside.settings.insert(path, found);
        found
    }

    /// The kind that an attribute of this kind becomes where it is read from a class (`subject: owner`).
    pub(crate) fn owned_kind(&mut self, path: Sym) -> Option<&'a str> {
        if let Some(found) = self.known_outside.owned.get(&path) {
            return *found;
        }
        let found = self.stubs.lineage(self.pool.text(path)).iter().find_map(|it| match self.stubs.exact(it) {
            Some(Stub { gives: Gives::Field(kind), subject: Some(StubSubject::Owner), .. }) => Some(kind.as_str()),
            _ => None,
        });
        self.known_outside.owned.insert(path, found);
        found
    }

    /// Variable of an attribute that the program sets on an outside object; none where it sets no such name.
    pub(crate) fn outside_field(&mut self, path: Sym, name: &str) -> Option<Var> {
        if !self.set_attributes.contains(name) {
            return None;
        }
        let number = self.known_outside.name(name);
        if let Some(var) = self.known_outside.fields.get(&(path, number)) {
            return Some(*var);
        }
        let var = self.new_var();
        self.known_outside.fields.insert((path, number), var);
        Some(var)
    }

    /// An instance of the outside type that a stub names.
    pub(crate) fn outside_instance(
        &mut self,
        of: &str,
        subject: Subject,
        site: crate::link::values::value::Site,
    ) -> crate::link::values::value::ValueId {
        let path = self.pool.sym(self.stubs.canonical(of));
        self.pool.id(Value::Outside { path, instance: true, subject, site })
    }
}

/// A member that stands twice in its own path already is the one that stands there last: what a field of an outside type
/// holds may be one more of the type, and its path would grow without end (access paths with a limit; Jones and Muchnick
/// 1979).
fn recurring<'p>(path: &'p str, separator: &str, name: &str) -> Option<&'p str> {
    let package = path.rfind('/').map_or(0, |it| it + 1);
    let mut last = None;
    let mut times = 0;
    for (at, part) in path[package..].split(separator).scan(package, |at, part| {
        let start = *at;
        *at += part.len() + separator.len();
        Some((start, part))
    }) {
        if part == name {
            times += 1;
            last = Some(at + part.len());
        }
    }
    last.filter(|_| times > 1).map(|end| &path[..end])
}

#[cfg(test)]
mod tests {
    use super::recurring;

    #[test]
    fn a_path_stops_growing_where_it_repeats() {
        assert_eq!(recurring("example.com/doubles.Double", ".", "Double"), None);
        assert_eq!(
            recurring("example.com/doubles.Double.Double", ".", "Double"),
            Some("example.com/doubles.Double.Double")
        );
        assert_eq!(recurring("a::next::prev::next::prev", "::", "next"), Some("a::next::prev::next"));
        assert_eq!(recurring("datetime", ".", "datetime"), None);
    }
}
