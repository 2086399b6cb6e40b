//! Which rules can hold in a project at all, told from what its files import.
//!
//! A guard such as `(#type? @x "gorm.io/gorm.DB")` can hold only where a value of that package can turn up: the project
//! imports the package, is it, or imports one whose stubs hand out its values. And an expression that begins with an
//! imported outside name has a value that this name's package hands out. Both follow from stubs alone, so a rule or a
//! match that is dropped here is one that `link` could only refuse. The packages of a qualified name are called *roots*:
//! `sqlalchemy`, `gorm.io/gorm`, `sqlx`.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::fact::{Anchor, ExprKind, FileFacts, Import};
use crate::model::rule::{Gives, Guard, RuleSet};
use crate::model::source::Project;

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
}

impl Flow {
    fn new(set: &RuleSet, language: &str) -> Self {
        let mut edges: FxHashMap<String, FxHashSet<String>> = FxHashMap::default();
        let mut passes = FxHashSet::default();
        for stub in set.stubs.iter().filter(|stub| stub.language == language) {
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
                Gives::Argument(_) | Gives::CallOf(_) | Gives::InstanceOf(_) | Gives::Element => {
                    passes.insert(from);
                }
                Gives::Receiver | Gives::Subject | Gives::Wraps(_) | Gives::Holds(_) => {}
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
        Self { reaches, passes }
    }

    fn hands_out(&self, from: &str, to: &str) -> bool {
        from == to || self.reaches.get(from).is_some_and(|reached| reached.contains(to))
    }
}

/// What a project's files of one language say about the rules of that language.
pub(super) struct Relevance {
    flow: Flow,
    /// Parts of the names of the project's own modules and packages: an import that ends in one may be the project's.
    own: FxHashSet<String>,
    /// By rule of the whole set, whether it can hold.
    active: Vec<bool>,
    /// By rule: each guard's capture and the roots that it accepts.
    guards: Vec<Vec<(u8, Vec<String>)>>,
    /// Hash of the rules that are active.
    stamp: blake3::Hash,
}

impl Relevance {
    /// Looks through the files of one language.
    pub(super) fn new<'f>(
        set: &RuleSet,
        language: &str,
        project: &Project,
        files: impl Iterator<Item = &'f FileFacts>,
    ) -> Self {
        let flow = Flow::new(set, language);
        let mut own = FxHashSet::default();
        let modules = project.files.iter().filter(|file| file.language == language).map(|file| file.module.as_str());
        let packages = project.packages.iter().filter(|package| package.language == language);
        for name in modules.chain(packages.clone().flat_map(|package| [package.name.as_str(), &package.namespace])) {
            own.extend(name.split(['.', '/', ':']).filter(|part| !part.is_empty()).map(|part| part.replace('-', "_")));
        }
        let guards: Vec<Vec<(u8, Vec<String>)>> =
            set.rules
                .iter()
                .map(|rule| {
                    if rule.language == language {
                        rule.guards.iter().filter_map(accepted).collect()
                    } else {
                        Vec::new()
                    }
                })
                .collect();
        let wanted: FxHashSet<&str> =
            guards.iter().flatten().flat_map(|(_, roots)| roots).map(String::as_str).collect();

        let mut imported: FxHashSet<String> = packages
            .flat_map(|package| &package.dependencies)
            .map(|name| root(name).to_lowercase().replace('-', "_"))
            .collect();
        for facts in files {
            imported.extend(facts.imports.iter().filter_map(import_root));
            if facts.separator == "::" {
                // Paths need no import there: `sqlx::query(..)`.
                let names = facts.exprs.iter().filter_map(|expr| match &expr.kind {
                    ExprKind::Name(name)
                        if wanted.contains(name.as_str()) || flow.reaches.contains_key(name.as_str()) =>
                    {
                        Some(name.to_string())
                    }
                    _ => None,
                });
                imported.extend(names);
            }
        }
        let present = |wanted: &String| {
            own.contains(last_part(wanted)) || imported.iter().any(|from| flow.hands_out(from, wanted))
        };
        let found: FxHashMap<&str, bool> =
            guards.iter().flatten().flat_map(|(_, roots)| roots).map(|root| (root.as_str(), present(root))).collect();
        let active: Vec<bool> = set
            .rules
            .iter()
            .zip(&guards)
            .map(|(rule, guards)| {
                rule.language == language
                    && guards.iter().all(|(_, roots)| roots.iter().any(|root| found[root.as_str()]))
            })
            .collect();
        let mut stamp = blake3::Hasher::new();
        stamp.update(set.fingerprint.as_bytes());
        stamp.update(&active.iter().map(|active| u8::from(*active)).collect::<Vec<u8>>());
        Self { flow, own, active, guards, stamp: stamp.finalize() }
    }

    pub(super) fn is_active(&self, rule: u32) -> bool {
        self.active.get(rule as usize).copied().unwrap_or_default()
    }

    /// Changes whenever the matches of a file may change although the file does not.
    pub(super) fn stamp(&self, facts: &FileFacts) -> [u8; 8] {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.stamp.as_bytes());
        let outside: Vec<u8> = facts.imports.iter().map(|import| u8::from(self.outside(import).is_some())).collect();
        hasher.update(&outside);
        let mut stamp = [0; 8];
        stamp.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
        stamp
    }

    /// Root of an import that cannot be one of the project's own modules.
    pub(super) fn outside(&self, import: &Import) -> Option<String> {
        import_root(import).filter(|root| !self.own.contains(last_part(root)) && !self.own.contains(root))
    }

    /// Captures of a rule that guards stand on.
    pub(super) fn guarded(&self, rule: u32) -> &[(u8, Vec<String>)] {
        self.guards.get(rule as usize).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether an expression that begins with a name of package `from` can have a value of one of `wanted`.
    pub(super) fn can_be(&self, from: &str, wanted: &[String]) -> bool {
        self.flow.passes.contains(from) || wanted.iter().any(|to| self.flow.hands_out(from, to))
    }
}

/// Capture and roots of a guard that asks for something from outside; builtins can turn up anywhere.
fn accepted(guard: &Guard) -> Option<(u8, Vec<String>)> {
    let (Guard::Type { capture, any_of, negated } | Guard::Is { capture, any_of, negated }) = guard;
    if *negated || any_of.iter().any(|name| is_bare(name)) {
        return None;
    }
    let mut roots: Vec<String> = any_of.iter().map(|name| root(name)).collect();
    roots.sort_unstable();
    roots.dedup();
    Some((*capture, roots))
}

fn last_part(root: &str) -> &str {
    root.rsplit('/').next().unwrap_or(root)
}

/// Root of what an import names; nothing for the project's own paths.
fn import_root(import: &Import) -> Option<String> {
    if import.anchor != Anchor::Absolute {
        return None;
    }
    import.path.first().or(import.name.as_ref()).map(|first| root(first)).filter(|root| !root.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots() {
        for (name, expected) in [
            ("gorm.io/gorm.DB", "gorm.io/gorm"),
            ("gorm.io/gorm", "gorm.io/gorm"),
            ("github.com/jackc/pgx/v5/pgxpool.Pool", "github.com/jackc/pgx/pgxpool"),
            ("github.com/redis/go-redis/v9.Client", "github.com/redis/go-redis"),
            ("net/http.Client.Do", "net/http"),
            ("time.AfterFunc", "time"),
            ("sqlalchemy.orm.Session", "sqlalchemy"),
            ("sqlx::query", "sqlx"),
            ("open", "open"),
        ] {
            assert_eq!(root(name), expected, "{name}");
        }
    }
}
