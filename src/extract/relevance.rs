//! Which rules can hold in a project at all, told from its names, its imports and the stubs.
//!
//! A guard such as `(#type? @x "example.com/store.DB")` can hold only where a value of that package can turn up: the project
//! imports the package, is it, or imports one whose stubs hand out its values. And an expression that begins with an
//! imported outside name has a value that this name's package hands out. A name that is neither the last part of a
//! wanted name nor given to a value, a type or an import anywhere in the project denotes a function or a method, never
//! the wanted thing. So a rule or a match that is dropped here is one that `link` could only refuse. The package of a
//! qualified name is called its *root*: `example.com/store`, or a first word.

use std::hash::BuildHasher;

use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use crate::model::fact::{
    Anchor, DefinitionKind, ExprId, ExprKind, FileFacts, Import, ParamKind, StepKind, Text, written_name,
};
use crate::model::rule::{Gives, Guard, Rule, RuleSet, Stub};
use crate::model::source::{Project, Role, SourceFile};

/// Package of a qualified name, without a major version.
pub(super) fn root(name: &str) -> String {
    if let Some((first, _)) = name.split_once("::") {
        return first.to_owned();
    }
    let Some(slash) = name.rfind('/') else { return name.split('.').next().unwrap_or(name).to_owned() };
    let end = name[slash..].find('.').map_or(name.len(), |dot| slash + dot);
    let is_version =
        |part: &&str| part.strip_prefix('v').is_some_and(|n| !n.is_empty() && n.bytes().all(|c| c.is_ascii_digit()));
    name[..end].split('/').filter(|part| !is_version(part)).collect::<Vec<_>>().join("/")
}

/// A name that belongs to no package: a builtin.
fn is_bare(name: &str) -> bool {
    !name.contains(['.', '/', ':'])
}

/// What can become of values of outside packages.
#[derive(Default)]
pub(super) struct Flow {
    /// Roots whose values a root hands out, itself included.
    reaches: FxHashMap<String, FxHashSet<String>>,
    /// Roots with functions that hand back what they are given.
    passes: FxHashSet<String>,
    /// Roots that stubs or guards speak of.
    known: FxHashSet<String>,
}

impl Flow {
    fn new(stubs: &[&Stub]) -> Self {
        let mut edges: FxHashMap<String, FxHashSet<String>> = FxHashMap::default();
        let mut passes = FxHashSet::default();
        for stub in stubs {
            let from = root(&stub.path);
            match &stub.gives {
                Gives::Instance(to) | Gives::Field(to) | Gives::Extends(to) => {
                    edges.entry(from).or_default().insert(root(to));
                }
                Gives::Same(to) => {
                    let to = root(to);
                    edges.entry(to.clone()).or_default().insert(from.clone());
                    edges.entry(from).or_default().insert(to);
                }
                Gives::Argument(_)
                | Gives::Given(_)
                | Gives::ListOf(_)
                | Gives::PairsOf(_)
                | Gives::Arguments
                | Gives::CallOf(_)
                | Gives::InstanceOf(_)
                | Gives::Named(_)
                | Gives::Element
                | Gives::Entity(_)
                | Gives::EntityOf(_)
                | Gives::Relates(_)
                | Gives::Setting(_) => {
                    passes.insert(from);
                }
                Gives::Receiver
                | Gives::Format(_)
                | Gives::Subject
                | Gives::Keyed
                | Gives::Held
                | Gives::Asked
                | Gives::StoreName
                | Gives::Wraps(_)
                | Gives::Names(_)
                | Gives::Holds(_) => {}
            }
        }
        let starts: Vec<String> = edges.keys().cloned().collect();
        let reaches = starts
            .into_iter()
            .map(|start| {
                let mut seen = FxHashSet::from_iter([start.clone()]);
                let mut open = vec![start.clone()];
                while let Some(next) = open.pop() {
                    for to in edges.get(&next).into_iter().flatten() {
                        if seen.insert(to.clone()) {
                            open.push(to.clone());
                        }
                    }
                }
                (start, seen)
            })
            .collect();
        let known = stubs.iter().map(|it| root(&it.path)).collect();
        Self { reaches, passes, known }
    }

    /// Whether nobody speaks of a package with a host: what its functions give, only their use tells.
    fn is_unknown(&self, from: &str) -> bool {
        from.split_once('/').is_some_and(|(host, _)| host.contains('.')) && !self.known.contains(from)
    }

    fn hands_out(&self, from: &str, to: &str) -> bool {
        from == to || self.reaches.get(from).is_some_and(|reached| reached.contains(to))
    }
}

/// What a guard accepts, as far as names tell it.
pub(super) struct Accepted {
    pub(super) capture: u8,
    /// Packages; `None` when a builtin is among the names.
    roots: Option<Vec<String>>,
    /// Last parts that a name of the wanted thing has where nobody in the project gave it another name; `None` for any.
    names: Option<FxHashSet<String>>,
    /// Instances of a type are wanted.
    by_type: bool,
}

impl Accepted {
    /// Nothing for a guard that only excludes. What tells by what it takes may be a handle of any library.
    fn new(rule: &Rule, guard: &Guard, alike: &Alike<'_>) -> Option<Self> {
        let (Guard::Type { capture, any_of, negated } | Guard::Is { capture, any_of, negated }) = guard;
        if *negated {
            return None;
        }
        let anything = any_of.iter().any(|name| is_bare(name)) || rule.takes_any_handle();
        let roots = (!anything).then(|| {
            let mut roots: Vec<String> = any_of.iter().map(|name| root(name)).collect();
            roots.sort_unstable();
            roots.dedup();
            roots
        });
        let names = if matches!(guard, Guard::Is { .. }) { last_names(any_of, alike) } else { None };
        Some(Self { capture: *capture, roots, names, by_type: matches!(guard, Guard::Type { .. }) })
    }

    fn roots(&self) -> &[String] {
        self.roots.as_deref().unwrap_or_default()
    }
}

/// Names by what stubs say stands for the same, or for one of its kind.
type Alike<'s> = FxHashMap<&'s str, Vec<&'s str>>;

fn alike<'s>(stubs: &[&'s Stub]) -> Alike<'s> {
    let mut alike = Alike::default();
    for stub in stubs {
        let (Gives::Same(other) | Gives::Extends(other) | Gives::Field(other)) = &stub.gives else { continue };
        alike.entry(other.as_str()).or_default().push(&stub.path);
        if matches!(stub.gives, Gives::Same(_)) {
            alike.entry(stub.path.as_str()).or_default().push(other);
        }
    }
    alike
}

/// Last parts of the wanted names and of all that stubs call the same; `None` when any will do.
fn last_names(any_of: &[Text], alike: &Alike<'_>) -> Option<FxHashSet<String>> {
    let mut paths: Vec<&str> = any_of.iter().map(Text::as_str).collect();
    let mut at = 0;
    while let Some(&path) = paths.get(at) {
        at += 1;
        for from in alike.get(path).into_iter().flatten() {
            if !paths.contains(from) {
                paths.push(from);
            }
        }
    }
    let last: FxHashSet<String> =
        paths.iter().filter_map(|path| path.rsplit(['.', ':', '/']).next()).map(str::to_owned).collect();
    (!last.contains("*") && !last.contains("[]")).then_some(last)
}

/// What a project's files of one language say about the rules of that language.
pub(super) struct Relevance {
    flow: Flow,
    /// Parts of the names of the project's own modules and packages: an import that ends in one may be the project's.
    own: FxHashSet<String>,
    /// Packages that others may hand on under their own names (`toolkit::store::Client`), where paths tell it.
    reexported: FxHashSet<String>,
    /// Hashes of names that the project gives to values, types and imports.
    given: FxHashSet<u64>,
    /// By rule of the whole set, whether it can hold.
    active: Vec<bool>,
    /// By rule of the whole set, what its guards accept.
    guards: Vec<Vec<Accepted>>,
    /// Hash of the rules that are active.
    stamp: blake3::Hash,
}

/// What files say that tells which rules can hold.
#[derive(Default)]
struct Said {
    /// Hashes of names given to values, types and imports.
    given: FxHashSet<u64>,
    /// Packages that are imported or named by a path.
    imported: FxHashSet<String>,
}

impl Said {
    fn with(mut self, facts: &FileFacts, reexported: &FxHashSet<String>, is_wanted: impl Fn(&str) -> bool) -> Self {
        each_given(facts, &mut |name| {
            self.given.insert(FxBuildHasher.hash_one(name));
        });
        self.imported.extend(facts.imports.iter().filter_map(import_root));
        self.imported.extend(facts.imports.iter().filter_map(|it| handed_on(it, reexported)).map(str::to_owned));
        if facts.separator == "::" {
            // Paths need no import there: `package::function(..)`.
            self.imported.extend(facts.exprs.iter().filter_map(|expr| match &expr.kind {
                ExprKind::Name(name) if is_wanted(written_name(name)) => Some(written_name(name).to_owned()),
                _ => None,
            }));
        }
        self
    }

    fn and(mut self, mut other: Self) -> Self {
        if self.given.len() < other.given.len() {
            std::mem::swap(&mut self, &mut other);
        }
        self.given.extend(other.given);
        self.imported.extend(other.imported);
        self
    }
}

impl Relevance {
    /// Looks through the files of one language.
    pub(super) fn new(set: &RuleSet, language: &str, project: &Project, files: &[&FileFacts]) -> Self {
        let stubs: Vec<&Stub> = set.stubs.iter().filter(|stub| stub.language == language).collect();
        let mut flow = Flow::new(&stubs);
        let provided = set.rules.iter().filter(|rule| rule.language == language);
        flow.passes.extend(provided.flat_map(|rule| rule.words("provides.name")).map(root));
        let alike = alike(&stubs);
        let guards: Vec<Vec<Accepted>> = set
            .rules
            .iter()
            .map(|rule| {
                let guards = rule.guards.iter().filter(|_| rule.language == language);
                guards.filter_map(|guard| Accepted::new(rule, guard, &alike)).collect()
            })
            .collect();
        flow.known.extend(guards.iter().flatten().flat_map(Accepted::roots).cloned());
        let wanted: FxHashSet<&str> = guards.iter().flatten().flat_map(Accepted::roots).map(String::as_str).collect();

        let is_own = |file: &&SourceFile| file.language == language && file.role != Role::Vendored;
        let modules = project.files.iter().filter(is_own).map(|file| file.module.as_str());
        let packages = || project.packages.iter().filter(|package| package.language == language);
        let mut own = FxHashSet::default();
        for name in modules.chain(packages().flat_map(|package| [package.name.as_str(), &package.namespace])) {
            own.extend(name.split(['.', '/', ':']).filter(|part| !part.is_empty()).map(str::to_owned));
        }
        let mut imported: FxHashSet<String> = packages()
            .flat_map(|package| &package.dependencies)
            .map(|name| root(name).to_lowercase().replace('-', "_"))
            .collect();
        // Types that macros add stand in no file; a rule names them.
        let mut given: FxHashSet<u64> = set
            .rules
            .iter()
            .flat_map(|rule| rule.words("entity.adds"))
            .filter_map(|word| word.split('=').next())
            .map(|name| FxBuildHasher.hash_one(name))
            .collect();
        // Only where packages are parted from their items does a path tell one that hands on another.
        let has_paths = files.iter().any(|facts| facts.separator == "::");
        let reexported: FxHashSet<String> = (wanted.iter().map(ToString::to_string))
            .chain(flow.reaches.keys().cloned())
            .filter(|_| has_paths)
            .collect();
        let is_wanted = |name: &str| wanted.contains(name) || flow.reaches.contains_key(name);
        let said = (files.par_iter())
            .fold(Said::default, |said, facts| said.with(facts, &reexported, is_wanted))
            .reduce(Said::default, Said::and);
        imported.extend(said.imported);
        given.extend(said.given);
        let present: FxHashSet<&str> = wanted
            .into_iter()
            .filter(|root| own.contains(last_part(root)) || imported.iter().any(|from| flow.hands_out(from, root)))
            .collect();
        let can_hold = |guard: &Accepted| {
            guard.roots.as_ref().is_none_or(|roots| roots.iter().any(|root| present.contains(root.as_str())))
        };
        let active: Vec<bool> = set
            .rules
            .iter()
            .zip(&guards)
            .map(|(rule, guards)| rule.language == language && guards.iter().all(can_hold))
            .collect();
        let mut stamp = blake3::Hasher::new();
        stamp.update(set.fingerprint.as_bytes());
        stamp.update(&active.iter().map(|active| u8::from(*active)).collect::<Vec<u8>>());
        Self { flow, own, reexported, given, active, guards, stamp: stamp.finalize() }
    }

    pub(super) fn is_active(&self, rule: u32) -> bool {
        self.active.get(rule as usize).copied().unwrap_or_default()
    }

    /// Changes whenever the matches of a file may change although the file does not.
    pub(super) fn stamp(&self, facts: &FileFacts) -> [u8; 8] {
        let outside = facts.imports.iter().map(|import| self.outside(facts, import).is_some());
        let given = facts.exprs.iter().filter_map(|expr| match &expr.kind {
            ExprKind::Name(name) | ExprKind::Member { name, .. } => Some(self.is_given(name)),
            _ => None,
        });
        let answers: Vec<u8> = outside.chain(given).map(u8::from).collect();
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.stamp.as_bytes()).update(&answers);
        let mut stamp = [0; 8];
        stamp.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
        stamp
    }

    /// Root of an import that cannot be one of the project's own modules; nothing where it may be of one package or another.
    pub(super) fn outside(&self, facts: &FileFacts, import: &Import) -> Option<String> {
        if facts.separator == "::" && self.begins_inside(import) {
            return None;
        }
        let root = match (import_root(import)?, handed_on(import, &self.reexported)) {
            (outer, Some(_)) if self.reexported.contains(&outer) => return None,
            (_, Some(inner)) => inner.to_owned(),
            (outer, None) => outer,
        };
        Some(root).filter(|root| !self.own.contains(last_part(root)))
    }

    /// Whether the path of an import may begin with a type of the project or with a name of the scope around it
    /// (`use orders as o`, `use orders::dsl`): it needs no word before it then.
    fn begins_inside(&self, import: &Import) -> bool {
        let is_one_word = import.path.len() == 1 && import.name.is_none();
        let renames = is_one_word && import.alias.as_ref() != import.path.first();
        import.anchor == Anchor::Absolute && import.path.first().is_some_and(|it| renames || self.is_given(it))
    }

    /// What the guards of a rule accept.
    pub(super) fn accepted(&self, rule: u32) -> &[Accepted] {
        self.guards.get(rule as usize).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether an expression that begins with a name of package `from` can have an accepted value.
    pub(super) fn can_come_from(&self, from: &str, wanted: &Accepted) -> bool {
        wanted.roots.as_ref().is_none_or(|roots| {
            self.flow.passes.contains(from)
                || wanted.by_type && self.flow.is_unknown(from)
                || roots.iter().any(|root| self.flow.hands_out(from, root))
        })
    }

    /// Whether what begins with a literal can have an accepted value: no package hands it out.
    pub(super) fn can_be_literal(wanted: &Accepted) -> bool {
        wanted.roots.is_none()
    }

    /// Whether an expression's last name can denote something accepted.
    pub(super) fn can_be_named(&self, facts: &FileFacts, id: ExprId, wanted: &Accepted) -> bool {
        let Some(names) = &wanted.names else { return true };
        last_name(facts, id).is_none_or(|name| names.contains(name) || self.is_given(name))
    }

    /// Names that something captured must have by a rule's guards, unless the project gave it another one.
    pub(super) fn accepted_names(&self, rule: u32, capture: u8) -> Option<&FxHashSet<String>> {
        self.accepted(rule).iter().filter(|it| it.capture == capture).find_map(|it| it.names.as_ref())
    }

    pub(super) fn is_given(&self, name: &str) -> bool {
        self.given.contains(&FxBuildHasher.hash_one(name))
    }
}

/// Last name of an expression, type arguments aside.
pub(super) fn last_name(facts: &FileFacts, id: ExprId) -> Option<&str> {
    let kind = |id: ExprId| facts.exprs.get(id.0 as usize).map(|expr| &expr.kind);
    let found = match kind(id) {
        Some(ExprKind::Index { base, .. }) => kind(*base),
        found => found,
    };
    match found {
        Some(ExprKind::Name(name)) => Some(written_name(name)),
        Some(ExprKind::Member { name, .. }) => Some(name),
        _ => None,
    }
}

/// Every name that a file gives to something other than a function or a method.
fn each_given(facts: &FileFacts, give: &mut impl FnMut(&str)) {
    for definition in &facts.definitions {
        let is_code = matches!(
            definition.kind,
            DefinitionKind::Function | DefinitionKind::Method | DefinitionKind::Module | DefinitionKind::Closure
        );
        // A function that takes all may hand it to one of a library, for which it stands then.
        let takes_all = definition.params.first().is_some_and(|it| it.kind == ParamKind::Rest);
        if !is_code || definition.traits.is_property || takes_all {
            give(&definition.name);
        }
        definition.params.iter().for_each(|param| give(&param.name));
    }
    for import in &facts.imports {
        if let Some(alias) = &import.alias
            && import.name.as_ref().or(import.path.last()) != Some(alias)
        {
            give(alias);
        }
    }
    let mut open = Vec::new();
    for step in &facts.steps {
        if let StepKind::Assign { target, .. } | StepKind::Declare { target, .. } = step.kind {
            open.push(target);
        }
        // The bound is for facts that refer to themselves.
        for _ in 0..1000 {
            let Some(id) = open.pop() else { break };
            match facts.exprs.get(id.0 as usize).map(|expr| &expr.kind) {
                Some(ExprKind::Name(name) | ExprKind::Member { name, .. }) => give(name),
                Some(ExprKind::Sequence(items)) => open.extend(items),
                _ => {}
            }
        }
        open.clear();
    }
}

fn last_part(root: &str) -> &str {
    root.rsplit('/').next().unwrap_or(root)
}

/// Root of what an import names; nothing for the project's own paths.
/// Root of what an import names.
fn import_root(import: &Import) -> Option<String> {
    if import.anchor != Anchor::Absolute {
        return None;
    }
    import.path.first().or(import.name.as_ref()).map(|first| root(first)).filter(|root| !root.is_empty())
}

/// The package inside another that an import names, where that one hands it on.
fn handed_on<'i>(import: &'i Import, packages: &FxHashSet<String>) -> Option<&'i str> {
    let is_within = !packages.is_empty() && import.anchor == Anchor::Absolute && !import.path.is_empty();
    let mut within = import.path.iter().skip(1).chain(&import.name).filter(|_| is_within);
    within.find(|it| packages.contains(it.as_str())).map(Text::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{RuleIndex, match_rules};
    use crate::frontend::{FRONTENDS, rules};
    use crate::model::fact::{Argument, DefId, Definition, Expr, Position, Step};

    #[test]
    fn roots() {
        for (name, expected) in [
            ("example.com/store.DB", "example.com/store"),
            ("example.com/store", "example.com/store"),
            ("github.com/jackc/pgx/v5/pgxpool.Pool", "github.com/jackc/pgx/pgxpool"),
            ("github.com/redis/go-redis/v9.Client", "github.com/redis/go-redis"),
            ("net/http.Client.Do", "net/http"),
            ("time.AfterFunc", "time"),
            ("storage.orm.Session", "storage"),
            ("store::query", "store"),
            ("open", "open"),
        ] {
            assert_eq!(root(name), expected, "{name}");
        }
    }

    const RULES: &str = r#"
        (call callee: (_) @_f argument[0]: (_) @access.target (#is? @_f "alpha.pick" "open")) @access
        (call callee: (_) @_f argument[0]: (_) @access.target (#is? @_f "alpha.pick")) @access
        (call receiver: (_) @access.receiver method: "run" (#type? @access.receiver "beta.Session")) @access
        (call method: "plain") @access
        (call method: "other" (#not-type? @access "alpha.X")) @access
        (stub "gamma.session" is: "beta.Session")
        (stub "alpha.choose" same: "alpha.pick")
        (stub "delta.wrap" returns: argument[0])"#;

    /// Calls `path(x)` for each path, in a file that imports the modules.
    fn file(imports: &[&str], paths: &[&str]) -> FileFacts {
        let mut facts = FileFacts { separator: ".".into(), ..FileFacts::default() };
        facts.definitions.push(Definition::new("", "", DefinitionKind::Module, DefId(0), 1, 9));
        for module in imports {
            facts.imports.push(Import {
                scope: DefId(0),
                anchor: Anchor::Absolute,
                path: vec![Text::from(*module)],
                name: None,
                alias: Some(Text::from(*module)),
                glob: false,
                reexport: false,
                types_only: false,
                line: 1,
            });
        }
        for path in paths {
            let mut parts = path.split('.');
            let mut expr = push(&mut facts, ExprKind::Name(parts.next().unwrap_or_default().into()));
            for part in parts {
                expr = push(&mut facts, ExprKind::Member { base: expr, name: part.into() });
            }
            let value = push(&mut facts, ExprKind::Name("x".into()));
            push(
                &mut facts,
                ExprKind::Call { callee: expr, args: vec![Argument { name: None, value, spread: false }] },
            );
        }
        facts
    }

    fn push(facts: &mut FileFacts, kind: ExprKind) -> ExprId {
        facts.exprs.push(Expr { kind, at: Position { line: 1, column: 1 }, end_line: 1 });
        ExprId(facts.exprs.len() as u32 - 1)
    }

    /// Numbers of own rules that match in the first file of a project.
    fn hits(files: &mut [FileFacts], own: &[&str]) -> Vec<u32> {
        let mut set = rules::load(&FRONTENDS[1..2], &[("python/own.scm".to_owned(), RULES.to_owned())]).0;
        set.rules.retain(|rule| rule.via() == "python/own");
        let mut project = Project::default();
        for module in own {
            project.files.push(SourceFile {
                path: (*module).to_owned(),
                language: "python".to_owned(),
                role: Role::Production,
                module: (*module).to_owned(),
                package: String::new(),
                is_package: false,
                bytes: 0,
                blob: String::new(),
            });
        }
        let relevance = Relevance::new(&set, "python", &project, &files.iter().collect::<Vec<_>>());
        let index = RuleIndex::relevant(&set, FxHashMap::from_iter([("python".to_owned(), relevance)]));
        match_rules(&index, &mut files[0], "python");
        files[0].matches.iter().map(|found| found.rule).collect()
    }

    #[test]
    fn a_rule_holds_only_where_its_package_can_turn_up() {
        let paths = ["unknown.run", "x.plain", "x.other"];
        assert_eq!(hits(&mut [file(&[], &paths)], &[]), [3, 4], "nothing is imported");
        assert_eq!(hits(&mut [file(&[], &paths), file(&["beta"], &[])], &[]), [2, 3, 4], "imported elsewhere");
        assert_eq!(hits(&mut [file(&[], &paths), file(&["gamma"], &[])], &[]), [2, 3, 4], "handed out by a stub");
        assert_eq!(hits(&mut [file(&[], &paths)], &["app.beta"]), [2, 3, 4], "the project's own");
    }

    #[test]
    fn a_path_names_its_package_also_beside_a_variable_called_like_it() {
        for written in ["beta", "::beta"] {
            let mut facts = file(&[], &[written]);
            facts.separator = "::".into();
            let said = Said::default().with(&facts, &FxHashSet::default(), |name| name == "beta");
            assert_eq!(said.imported, FxHashSet::from_iter(["beta".to_owned()]), "{written}");
        }
    }

    #[test]
    fn an_expression_from_another_package_is_no_match() {
        let session = |path: &str, imports: &[&str]| hits(&mut [file(imports, &[path]), file(&["beta"], &[])], &[]);
        assert_eq!(session("beta.db.run", &["beta"]), [2]);
        assert_eq!(session("gamma.session.run", &["gamma"]), [2]);
        assert_eq!(session("json.tool.run", &["json"]), [0; 0]);
        assert_eq!(session("json.tool.run", &[]), [2], "a name that this file does not import");
        assert_eq!(session("delta.thing.run", &["delta"]), [2], "hands back what it is given");
        let mut shadowed = file(&["json"], &["json.run"]);
        shadowed.definitions.push(Definition::new("json", "json", DefinitionKind::Variable, DefId(0), 2, 2));
        assert_eq!(hits(&mut [shadowed, file(&["beta"], &[])], &[]), [2], "assigned in the file");
    }

    #[test]
    fn a_function_with_another_name_is_no_match() {
        let called = |path: &str| hits(&mut [file(&["alpha"], &[path])], &[]);
        assert_eq!(called("alpha.pick"), [0, 1]);
        assert_eq!(called("alpha.choose"), [0, 1], "a stub says that it is the same");
        assert_eq!(called("unknown.pick"), [0, 1]);
        assert_eq!(called("open"), [0], "wanted by the first rule only");
        assert_eq!(called("helper"), [0; 0]);
        let mut given = file(&["alpha"], &["helper", "self.made"]);
        for (place, name) in [(0, "helper"), (1, "made")] {
            let target = push(&mut given, ExprKind::Name(name.into()));
            let kind = StepKind::Assign { target, value: ExprId(place) };
            given.steps.push(Step { owner: DefId(0), kind, line: 1 });
        }
        assert_eq!(hits(&mut [given], &[]), [0, 0, 1, 1], "names of values may be anything");
    }

    #[test]
    fn the_stamp_follows_all_that_matches_depend_on() {
        let (set, _) = rules::load(&FRONTENDS[1..2], &[("python/own.scm".to_owned(), RULES.to_owned())]);
        let stamp = |others: &[FileFacts], facts: &FileFacts| {
            Relevance::new(&set, "python", &Project::default(), &others.iter().collect::<Vec<_>>()).stamp(facts)
        };
        let one = file(&["json"], &["json.run", "helper"]);
        assert_eq!(stamp(&[], &one), stamp(&[file(&["os"], &["x.y"])], &one));
        assert_ne!(stamp(&[], &one), stamp(&[file(&["beta"], &[])], &one), "more rules hold");
        let mut naming = file(&[], &[]);
        naming.definitions.push(Definition::new("helper", "helper", DefinitionKind::Variable, DefId(0), 2, 2));
        assert_ne!(stamp(&[], &one), stamp(&[naming], &one), "a name of the file is given to a value");
    }
}
