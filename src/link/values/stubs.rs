//! Stubs by path: what code outside the project hands back.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::link::values::guards::without_major;
use crate::model::rule::{Gives, Guard, RuleSet, Stub, Subject};

/// Stubs of all languages; paths of different languages do not meet.
pub(crate) struct Stubs<'a> {
    by_path: FxHashMap<&'a str, Vec<&'a Stub>>,
    extends: FxHashMap<&'a str, Vec<&'a str>>,
    /// Stores of outside types, and back.
    stores: FxHashMap<&'a str, &'a str>,
    types: FxHashMap<&'a str, &'a str>,
    /// Words of the modules whose variables stand for members (`is: setting[word]`), by the path before `.*`.
    settings: FxHashMap<&'a str, &'a str>,
    /// What a parameter without a declared type is by its name (`(stub "(request)" is: "T")`).
    parameters: FxHashMap<&'a str, Vec<&'a str>>,
    /// What a parameter of this name is taken for where nobody is seen to give it a value: the variable of the program that
    /// names the entity, and the package that its file imports (`(stub "(user)" is: entity[USER] of: "pkg")`).
    assumed: FxHashMap<&'a str, Vec<(&'a str, &'a str)>>,
    /// Relations of outside types with rows (`relates:`).
    relations: Vec<&'a Stub>,
    /// Names that stubs and guards spell.
    known: FxHashSet<&'a str>,
    /// What such a name begins with, up to a separator, and the name itself.
    heads: FxHashSet<&'a str>,
    /// What stands before the `*` of names that end in one: all below it is known.
    open: FxHashSet<&'a str>,
    /// Packages that the names stand in.
    packages: FxHashSet<&'a str>,
    /// Types of what is about whatever an argument of the call names that makes it.
    named_by_call: FxHashSet<&'a str>,
    /// Methods that hand back one of their arguments, by their own names.
    passing: FxHashMap<&'a str, u8>,
    /// What types of packages that no stub speaks of are, by where the program puts them.
    learned: FxHashMap<String, &'a str>,
}

impl<'a> Stubs<'a> {
    pub(crate) fn new(rules: &'a RuleSet) -> Self {
        let mut by_path: FxHashMap<&str, Vec<&Stub>> = FxHashMap::default();
        let mut extends: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
        let mut stores: FxHashMap<&str, &str> = FxHashMap::default();
        let mut types: FxHashMap<&str, &str> = FxHashMap::default();
        let mut parameters: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
        let mut settings: FxHashMap<&str, &str> = FxHashMap::default();
        let mut assumed: FxHashMap<&str, Vec<(&str, &str)>> = FxHashMap::default();
        let relations: Vec<&Stub> = rules.stubs.iter().filter(|it| matches!(it.gives, Gives::Relates(_))).collect();
        for stub in &rules.stubs {
            if let Some(store) = &stub.store {
                stores.insert(&stub.path, store);
                types.entry(store).or_insert(&stub.path);
            }
            if let (Some(base), Gives::Setting(word)) = (stub.path.strip_suffix(".*"), &stub.gives) {
                settings.insert(base, word);
            }
            match (stub.path.strip_prefix('(').and_then(|it| it.strip_suffix(')')), &stub.gives) {
                (Some(name), Gives::Field(of)) => parameters.entry(name).or_default().push(of),
                (Some(name), Gives::EntityOf(variable)) => {
                    let packages = stub.of.iter().map(|package| (variable.as_str(), package.as_str()));
                    assumed.entry(name).or_default().extend(packages);
                }
                _ => {}
            }
            match &stub.gives {
                Gives::Extends(base) => extends.entry(stub.path.as_str()).or_default().push(base.as_str()),
                Gives::Relates(_) => {}
                _ => by_path.entry(stub.path.as_str()).or_default().push(stub),
            }
        }
        let mut known: FxHashSet<&str> = rules.stubs.iter().map(|stub| stub.path.as_str()).collect();
        for guard in rules.rules.iter().flat_map(|rule| &rule.guards) {
            let (Guard::Type { any_of, .. } | Guard::Is { any_of, .. }) = guard;
            known.extend(any_of.iter().map(compact_str::CompactString::as_str));
        }
        let above = known.iter().flat_map(|name| name.match_indices(['.', ':']).map(|(at, _)| &name[..at]));
        let heads = known.iter().copied().chain(above).collect();
        let open = known.iter().filter_map(|it| it.strip_suffix(".*").or_else(|| it.strip_suffix("::*"))).collect();
        let packages = known.iter().map(|it| package_of(it)).collect();
        let passing = rules.stubs.iter().filter_map(|it| match it.gives {
            Gives::Argument(n) => Some((it.path.rsplit(['.', ':']).next()?, n)),
            _ => None,
        });
        let passing = passing.collect();
        let named_by_call = rules.stubs.iter().filter_map(|it| match (&it.gives, it.subject) {
            (Gives::Instance(of), Some(Subject::Argument(_))) => Some(of.as_str()),
            _ => None,
        });
        let named_by_call = named_by_call.collect();
        Self {
            by_path,
            extends,
            stores,
            types,
            settings,
            parameters,
            assumed,
            relations,
            known,
            heads,
            open,
            packages,
            named_by_call,
            passing,
            learned: FxHashMap::default(),
        }
    }

    /// From now on a type that no stub speaks of inherits from another; whether that is news.
    pub(crate) fn learn(&mut self, path: &str, base: &'a str) -> bool {
        if self.known.contains(path) || self.lineage(path).len() > 1 {
            return false;
        }
        self.learned.insert(path.to_owned(), base).is_none()
    }

    /// Whether calls that give such an instance name the store that it is about.
    pub(crate) fn is_named_by_call(&self, of: &str) -> bool {
        self.named_by_call.contains(of)
    }

    /// Which argument methods of this name hand back, where one of a library does.
    pub(crate) fn passes(&self, method: &str) -> Option<u8> {
        self.passing.get(method).copied()
    }

    /// Whether a name is one of a package that no stub and no guard speaks of: a library that nobody here knows.
    pub(crate) fn is_foreign(&self, path: &str) -> bool {
        let path = without_major(path);
        let package = package_of(&path);
        // A path of folders without a host is of the language's own library.
        let is_hosted = path.split_once('/').is_none_or(|(host, _)| host.contains('.'));
        package != path && is_hosted && !self.packages.contains(package)
    }

    /// Whether a name is a member of something outside that no stub and no guard speaks of, nor of anything below it.
    pub(crate) fn is_kept(&self, path: &str) -> bool {
        let has_owner = path.match_indices(['.', ':']).count() > 1;
        has_owner && !self.leads_on(path) && self.lineage(path).len() == 1
    }

    /// Whether a stub or a guard may speak of this path or of anything under it.
    pub(crate) fn leads_on(&self, path: &str) -> bool {
        let speaks = |path: &str| {
            self.heads.contains(path) || path.match_indices(['.', ':']).any(|(at, _)| self.open.contains(&path[..at]))
        };
        speaks(path) || (path.contains("/v") && speaks(&without_major(path)))
    }

    /// The store that instances of an outside type are rows of.
    pub(crate) fn store_of(&self, path: &str) -> Option<&'a str> {
        if self.stores.is_empty() {
            return None;
        }
        self.lineage(path).iter().find_map(|it| self.stores.get(it).copied())
    }

    /// Word of the modules whose variables are the members of this path.
    pub(crate) fn setting(&self, path: &str) -> Option<&'a str> {
        self.settings.get(path).copied()
    }

    /// The outside type whose instances are rows of a store.
    pub(crate) fn type_of(&self, store: &str) -> Option<&'a str> {
        self.types.get(store).copied()
    }

    /// Types, by their packages, of a parameter of this name that has none declared.
    pub(crate) fn parameters(&self, name: &str) -> &[&'a str] {
        self.parameters.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Entities, by the variables that name them, and packages, by which a parameter of this name may be taken for a row.
    pub(crate) fn assumed(&self, name: &str) -> &[(&'a str, &'a str)] {
        self.assumed.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Relations of outside types with rows.
    pub(crate) fn relations(&self) -> &[&'a Stub] {
        &self.relations
    }

    /// Whether a stub or a guard spells this name.
    pub(crate) fn knows(&self, path: &str) -> bool {
        self.known.contains(path)
    }

    /// The stub of exactly this path.
    pub(crate) fn exact(&self, path: &str) -> Option<&'a Stub> {
        self.by_path.get(path).and_then(|it| it.first().copied())
    }

    /// What calling this path gives, which may be a generic type as well (`list`).
    pub(crate) fn called(&self, path: &str) -> Option<&'a Stub> {
        let stubs = self.by_path.get(path)?;
        let is_call = |it: &&&Stub| !matches!(it.gives, Gives::Wraps(_) | Gives::Names(_) | Gives::Holds(_));
        stubs.iter().find(is_call).or_else(|| stubs.first()).copied()
    }

    /// Another name of the path, where a stub says so.
    pub(crate) fn canonical<'p>(&self, path: &'p str) -> &'p str
    where
        'a: 'p,
    {
        let mut path = path;
        for _ in 0..4 {
            match self.exact(path) {
                Some(Stub { gives: Gives::Same(other), .. }) => path = other,
                _ => break,
            }
        }
        self.handed_on(path).unwrap_or(path)
    }

    /// What a path names that leads through a package to one that it hands on as it is (`toolkit::store::Client` is
    /// `store::Client`).
    fn handed_on<'p>(&self, path: &'p str) -> Option<&'p str> {
        let (package, mut rest) = path.split_once("::")?;
        if self.packages.contains(package) && self.leads_on(path) {
            return None;
        }
        loop {
            let (inner, after) = rest.split_once("::").unwrap_or((rest, ""));
            if self.is_package(inner) && self.leads_on(rest) {
                return Some(rest);
            }
            if after.is_empty() {
                return None;
            }
            rest = after;
        }
    }

    /// Whether stubs or guards speak of a package of this name.
    pub(crate) fn is_package(&self, name: &str) -> bool {
        self.packages.contains(name)
    }

    /// The stub of a member of a type, looked up through its supertypes: first by name, then `*`.
    pub(crate) fn member(&self, of: &str, separator: &str, name: &str) -> Option<&'a Stub> {
        let lineage = self.lineage(of);
        let mut full = String::new();
        for last in [name, "*"] {
            for it in &lineage {
                full.clear();
                [it, separator, last].into_iter().for_each(|part| full.push_str(part));
                if let Some(stub) = self.exact(&full) {
                    return Some(stub);
                }
            }
        }
        None
    }

    /// Whether what stands in a class attribute is about the class that holds it.
    pub(crate) fn speaks_for_owner(&self, path: &str) -> bool {
        self.lineage(path).iter().any(|it| {
            let stub = self.exact(it);
            stub.is_some_and(|it| matches!(it.gives, Gives::Field(_)) && it.subject == Some(Subject::Owner))
        })
    }

    /// The path itself and everything it inherits from, nearest first.
    pub(crate) fn lineage<'p>(&self, path: &'p str) -> Vec<&'p str>
    where
        'a: 'p,
    {
        let mut lineage = vec![self.canonical(path)];
        if lineage[0] != path {
            lineage.push(path);
        }
        let mut at = 0;
        while let Some(it) = lineage.get(at).copied() {
            for base in self.extends.get(it).into_iter().flatten().chain(self.learned.get(it)) {
                if !lineage.contains(base) {
                    lineage.push(base);
                }
            }
            at += 1;
        }
        lineage
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.by_path.is_empty()
    }
}

/// `github.com/acme/lib` of `github.com/acme/lib.DB.Exec`, `acme` of `acme.db.Handle`.
fn package_of(path: &str) -> &str {
    let folders = path.rfind('/').map_or(0, |at| at + 1);
    path[folders..].find(['.', ':']).map_or(path, |end| &path[..folders + end])
}
