//! Macros that a project writes itself: files that run one are lowered once more, with what it stands for in view.
//!
//! Which macro a call means is told from names: one of the same file, else of the same package, else one that a package of
//! the project exports on which the file's package depends. A name that the file imports from elsewhere is none of these.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::extract::cache::{Cache, Kept};
use crate::extract::{ExtractOptions, Found, decoded};
use crate::model::fact::{Anchor, FileFacts, KnownMacro, Text, WrittenMacro};
use crate::model::source::{Project, ReadSource, SourceFile};

/// Macros of one language's project.
struct Book<'a> {
    project: &'a Project,
    /// By name, with the file that writes it, in the order of files.
    written: BTreeMap<&'a str, Vec<(usize, &'a WrittenMacro)>>,
}

/// Which macro a call means.
enum Meant<'a> {
    /// None of the project's.
    Other,
    /// One of several that differ.
    Unclear,
    These(Vec<(usize, &'a WrittenMacro)>),
}

/// Lowers files that run macros of the project again, with these expanded.
pub(super) fn expand(
    project: &Project,
    source: &dyn ReadSource,
    read: &mut [(usize, Found)],
    cache: Option<&Cache>,
    options: &ExtractOptions<'_>,
) {
    let known = known(project, read.iter().map(|(number, found)| (*number, &found.kept.facts)));
    read.par_iter_mut().for_each(|(number, found)| {
        let Some(macros) = known.get(number) else { return };
        // What was read without them stays where they cannot be expanded.
        if let Some(expanded) = read_with(&project.files[*number], source, macros, cache, options) {
            if let Some(cache) = cache {
                keep_plain(cache, found);
            }
            *found = expanded;
        }
    });
}

/// The project's macros that each of its files may come to run; files that run none are left out.
pub(super) fn known<'a>(
    project: &'a Project,
    facts: impl Iterator<Item = (usize, &'a FileFacts)>,
) -> BTreeMap<usize, Vec<KnownMacro>> {
    let facts: BTreeMap<usize, &FileFacts> = facts.collect();
    let mut written: BTreeMap<&str, Vec<(usize, &WrittenMacro)>> = BTreeMap::new();
    for (number, file) in &facts {
        for it in &file.macros.written {
            written.entry(it.name.as_str()).or_default().push((*number, it));
        }
    }
    if written.is_empty() {
        return BTreeMap::new();
    }
    let book = Book { project, written };
    let files: Vec<usize> = facts.keys().copied().collect();
    let known = files.into_par_iter().map(|number| (number, book.known_in(number, &facts)));
    known.filter(|(_, macros)| !macros.is_empty()).collect()
}

/// A file's facts with macros expanded, from the cache where they were read so before.
pub(super) fn read_with(
    file: &SourceFile,
    source: &dyn ReadSource,
    macros: &[KnownMacro],
    cache: Option<&Cache>,
    options: &ExtractOptions<'_>,
) -> Option<Found> {
    let frontend = options.frontends.iter().find(|frontend| frontend.id() == file.language)?;
    let bytes = source.read(file).ok()?;
    let key = cache.map(|cache| {
        let digest = digest(macros);
        cache.key(frontend.id(), &[bytes.as_slice(), b"\0macros\0", digest.as_bytes()].concat())
    });
    if let (Some(cache), Some(key)) = (cache, &key)
        && let Some(kept) = cache.get(key)
    {
        return Some(Found { key: Some(*key), kept });
    }
    let (text, invalid) = decoded(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let lowered = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| frontend.facts_with(text, macros)));
    let mut facts = lowered.ok()?;
    facts.diagnostics.extend(invalid);
    Some(Found { key, kept: Kept { stamp: Kept::UNMATCHED, facts } })
}

/// The next run asks for what the file says on its own first.
fn keep_plain(cache: &Cache, found: &Found) {
    if let Some(key) = &found.key
        && !cache.has(key)
    {
        cache.put(key, &found.kept);
    }
}

/// What tells one set of macros from another.
pub(super) fn digest(macros: &[KnownMacro]) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    let mut part = |text: &str| {
        hasher.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
    };
    for it in macros {
        part(&it.name);
        part(&it.namespace);
        part(&it.rules.len().to_string());
        it.rules.iter().for_each(|rules| part(rules));
    }
    hasher.finalize()
}

impl<'a> Book<'a> {
    /// The project's macros that a file may come to run.
    fn known_in(&self, file: usize, facts: &BTreeMap<usize, &FileFacts>) -> Vec<KnownMacro> {
        let mut known: BTreeMap<Text, KnownMacro> = BTreeMap::new();
        let Some(own) = facts.get(&file) else { return Vec::new() };
        let mut open: Vec<(usize, Text)> = own.macros.run.iter().rev().map(|call| (file, call.clone())).collect();
        while let Some((from, call)) = open.pop() {
            if known.contains_key(&call) {
                continue;
            }
            let Some(context) = facts.get(&from) else { continue };
            let (rules, home) = match self.meant(from, context, &call) {
                Meant::Other => continue,
                Meant::Unclear => (Vec::new(), from),
                Meant::These(these) => {
                    let home = these.first().map_or(from, |(home, _)| *home);
                    for (home, it) in &these {
                        open.extend(it.runs.iter().map(|call| (*home, call.clone())));
                    }
                    (these.iter().map(|(_, it)| it.rules.clone()).collect(), home)
                }
            };
            let namespace =
                if self.package(home) == self.package(file) { Text::default() } else { self.namespace(home) };
            let name = call.rsplit("::").next().unwrap_or_default();
            if !namespace.is_empty() {
                let full = compact_str::format_compact!("{namespace}::{name}");
                let it = KnownMacro { name: full.clone(), rules: rules.clone(), namespace: namespace.clone() };
                known.entry(full).or_insert(it);
            }
            known.insert(call.clone(), KnownMacro { name: call, rules, namespace });
        }
        known.into_values().collect()
    }

    fn meant(&self, file: usize, facts: &FileFacts, call: &str) -> Meant<'a> {
        let (first, name) = match call.split_once("::") {
            Some((first, name)) => (Some(first), name),
            None => (None, call),
        };
        let Some(all) = self.written.get(name) else { return Meant::Other };
        let language = self.project.files[file].language.as_str();
        let all: Vec<(usize, &WrittenMacro)> =
            all.iter().filter(|(home, _)| self.project.files[*home].language == language).copied().collect();
        let imported =
            facts.imports.iter().find(|it| it.alias.as_deref() == Some(name.trim_start_matches('#'))).and_then(|it| {
                match it.anchor {
                    Anchor::Absolute => it.path.first().map(Text::as_str),
                    _ => None,
                }
            });
        let own = self.package(file);
        if first.is_none() {
            let here: Vec<_> = all.iter().filter(|(home, _)| *home == file).copied().collect();
            if !here.is_empty() {
                return Meant::These(here);
            }
        }
        if let Some(first) = first.or(imported) {
            let named = self.project.packages.iter().find(|it| it.language == language && it.namespace == first);
            if let Some(named) = named.filter(|it| it.name != own) {
                let there = all.iter().filter(|(home, it)| it.is_exported && self.package(*home) == named.name);
                return one_of(there.copied().collect());
            }
            if named.is_none() && self.depends(own, language, first) {
                return Meant::Other;
            }
        }
        let beside: Vec<_> = all.iter().filter(|(home, _)| self.package(*home) == own).copied().collect();
        if !beside.is_empty() {
            return one_of(beside);
        }
        let elsewhere =
            all.iter().filter(|(home, it)| it.is_exported && self.depends(own, language, self.package(*home)));
        one_of(elsewhere.copied().collect())
    }

    fn package(&self, file: usize) -> &'a str {
        &self.project.files[file].package
    }

    fn namespace(&self, file: usize) -> Text {
        let file = &self.project.files[file];
        let package = self.project.packages.iter().find(|it| it.language == file.language && it.name == file.package);
        package.map(|it| it.namespace.as_str().into()).unwrap_or_default()
    }

    fn depends(&self, package: &str, language: &str, on: &str) -> bool {
        let plain = |name: &str| name.replace('-', "_");
        let on = plain(on);
        let own = self.project.packages.iter().find(|it| it.language == language && it.name == package);
        own.is_some_and(|it| it.dependencies.iter().any(|name| plain(name) == on))
    }
}

/// All definitions of one file, of several files only where they are the same.
fn one_of(mut found: Vec<(usize, &WrittenMacro)>) -> Meant<'_> {
    let Some((home, first)) = found.first().copied() else { return Meant::Other };
    if found.iter().any(|(other, it)| *other != home && it.rules != first.rules) {
        return Meant::Unclear;
    }
    found.retain(|(other, _)| *other == home);
    Meant::These(found)
}
