//! Facts of many revisions at once: each content is read and matched once, however many revisions hold it.
//!
//! Which rules are matched is told from all files of all revisions together. That is more than any one of them needs, and
//! the same graphs come of it: what `relevance` drops is only what `link` could do nothing but refuse.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::extract::cache::{Cache, Kept, Key, Note};
use crate::extract::relevance::Relevance;
use crate::extract::{ExtractOptions, Found, RuleIndex, macros, match_rules, read_file};
use crate::model::diagnostic::Diagnostic;
use crate::model::fact::{FileFacts, KnownMacro};
use crate::model::rule::RuleSet;
use crate::model::source::{Package, Project, ReadSource, Role, SourceFile};

/// What facts depend on: the file's content, its language, and the project's macros that it was read with.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Content {
    /// Git object id.
    blob: String,
    language: String,
    /// None for what the file says on its own.
    macros: Option<[u8; 32]>,
}

/// Facts in memory, by content.
pub struct FactPool<'o> {
    options: &'o ExtractOptions<'o>,
    cache: Option<Cache>,
    facts: FxHashMap<Content, Result<Pooled, Diagnostic>>,
    diagnostics: Vec<Diagnostic>,
    /// Contents parsed anew and contents found in the cache.
    read: (usize, usize),
}

struct Pooled {
    key: Option<Key>,
    stamp: [u8; 8],
    facts: Arc<FileFacts>,
}

/// Facts of one project's files, each with its index into [`Project::files`], and what could not be read.
pub type SharedFacts = (Vec<(usize, Arc<FileFacts>)>, Vec<Diagnostic>);

impl<'o> FactPool<'o> {
    pub fn new(options: &'o ExtractOptions<'o>) -> Self {
        let mut diagnostics = Vec::new();
        let open = |path| Cache::open(path).map_err(|note: Note| diagnostics.push(note.into_diagnostic())).ok();
        let cache = options.cache.as_deref().and_then(open);
        Self { options, cache, facts: FxHashMap::default(), diagnostics, read: (0, 0) }
    }

    /// Reads what these projects hold and the pool does not, drops what none of them holds, and matches the rules.
    ///
    /// All files must come from git, so that their content has an id.
    pub fn fill(&mut self, projects: &[&Project], source: &dyn ReadSource, rules: &RuleSet) {
        let mut wanted: BTreeMap<Content, &SourceFile> = BTreeMap::new();
        for file in projects.iter().flat_map(|project| &project.files) {
            if file.role != Role::Vendored {
                wanted.entry(content(file)).or_insert(file);
            }
        }
        // Which contents with macros are wanted is told once all are read.
        self.facts.retain(|content, _| content.macros.is_some() || wanted.contains_key(content));
        let missing: Vec<(Content, &SourceFile)> =
            wanted.into_iter().filter(|(content, _)| !self.facts.contains_key(content)).collect();
        let read: Vec<(Content, Result<Pooled, Diagnostic>)> = missing
            .into_par_iter()
            .map(|(content, file)| {
                let found = read_file(file, source, self.cache.as_ref(), self.options);
                (content, found.map(Pooled::from))
            })
            .collect();
        for (_, found) in &read {
            match found {
                Ok(it) if it.stamp != Kept::UNMATCHED => self.read.1 += 1,
                _ => self.read.0 += 1,
            }
        }
        self.facts.extend(read);
        self.expand(projects, source);
        self.match_relevant(projects, rules);
    }

    /// Reads what runs macros of its project with these expanded, and drops what no project holds so.
    fn expand(&mut self, projects: &[&Project], source: &dyn ReadSource) {
        let mut wanted: BTreeMap<Content, (&SourceFile, Vec<KnownMacro>)> = BTreeMap::new();
        for project in projects {
            for (number, macros) in self.macros(project) {
                let file = &project.files[number];
                wanted.entry(content_with(file, &macros)).or_insert((file, macros));
            }
        }
        self.facts.retain(|content, _| content.macros.is_none() || wanted.contains_key(content));
        let missing: Vec<(Content, (&SourceFile, Vec<KnownMacro>))> =
            wanted.into_iter().filter(|(content, _)| !self.facts.contains_key(content)).collect();
        let (cache, options) = (self.cache.as_ref(), self.options);
        let read: Vec<(Content, Result<Pooled, Diagnostic>)> = missing
            .into_par_iter()
            .filter_map(|(content, (file, macros))| {
                let found = macros::read_with(file, source, &macros, cache, options)?;
                Some((content, Ok(found.into())))
            })
            .collect();
        self.facts.extend(read);
    }

    /// The project's macros that each of its files runs.
    fn macros(&self, project: &Project) -> BTreeMap<usize, Vec<KnownMacro>> {
        let plain = project.files.iter().enumerate().filter_map(|(number, file)| {
            let found = self.facts.get(&content(file)).filter(|_| file.role != Role::Vendored)?;
            Some((number, &*found.as_ref().ok()?.facts))
        });
        macros::known(project, plain)
    }

    fn match_relevant(&mut self, projects: &[&Project], rules: &RuleSet) {
        let together = together(projects);
        let mut languages: Vec<String> = together.files.iter().map(|file| file.language.clone()).collect();
        languages.dedup();
        languages.sort_unstable();
        languages.dedup();
        let relevance = languages
            .into_iter()
            .map(|name| {
                let facts = self.facts.iter().filter(|(content, _)| content.language == name);
                // In no order: what is gathered are sets.
                let read = facts.filter_map(|(_, found)| found.as_ref().ok());
                let files: Vec<&FileFacts> = read.map(|found| &*found.facts).collect();
                let relevance = Relevance::new(rules, &name, &together, &files);
                (name, relevance)
            })
            .collect();
        let index = RuleIndex::relevant(rules, relevance);
        let cache = self.cache.as_ref();
        self.facts.par_iter_mut().for_each(|(content, found)| {
            let language = content.language.as_str();
            let (Ok(pooled), Some(relevance)) = (found, index.relevance.get(language)) else { return };
            let stamp = relevance.stamp(&pooled.facts);
            if pooled.stamp == stamp {
                return;
            }
            let is_new = pooled.stamp == Kept::UNMATCHED;
            pooled.stamp = stamp;
            match_rules(&index, Arc::make_mut(&mut pooled.facts), language);
            if let (true, Some(cache), Some(key)) = (is_new, cache, &pooled.key) {
                cache.put_shared(key, stamp, &pooled.facts);
            }
        });
    }

    /// Facts of a project that the pool was filled with.
    pub fn facts(&self, project: &Project) -> SharedFacts {
        let macros = self.macros(project);
        let mut facts = Vec::with_capacity(project.files.len());
        let mut diagnostics = Vec::new();
        for (number, file) in project.files.iter().enumerate().filter(|(_, file)| file.role != Role::Vendored) {
            let expanded = macros.get(&number).and_then(|it| self.facts.get(&content_with(file, it)));
            match expanded.or_else(|| self.facts.get(&content(file))) {
                Some(Ok(found)) => {
                    diagnostics.extend(super::problems(found.facts.diagnostics.clone(), &file.path));
                    facts.push((number, Arc::clone(&found.facts)));
                }
                Some(Err(problem)) => diagnostics.push(Diagnostic { file: file.path.clone(), ..problem.clone() }),
                None => {}
            }
        }
        diagnostics.sort();
        (facts, diagnostics)
    }

    /// Contents parsed anew, and contents whose facts were kept from an earlier run.
    pub fn read(&self) -> (usize, usize) {
        self.read
    }

    /// Writes out what is to be kept.
    pub fn close(mut self) -> Vec<Diagnostic> {
        let mut diagnostics = std::mem::take(&mut self.diagnostics);
        if let Some(cache) = self.cache.take() {
            diagnostics.extend(cache.close().into_iter().map(Note::into_diagnostic));
        }
        diagnostics
    }
}

impl From<Found> for Pooled {
    fn from(found: Found) -> Self {
        Self { key: found.key, stamp: found.kept.stamp, facts: found.kept.facts.into() }
    }
}

fn content(file: &SourceFile) -> Content {
    Content { blob: file.blob.clone(), language: file.language.clone(), macros: None }
}

fn content_with(file: &SourceFile, macros: &[KnownMacro]) -> Content {
    Content { macros: Some(macros::digest(macros).into()), ..content(file) }
}

/// All files and packages of all projects, as one project.
fn together(projects: &[&Project]) -> Project {
    let mut all = Project::default();
    let mut modules: FxHashSet<(&str, &str, Role)> = FxHashSet::default();
    let mut packages: FxHashSet<&Package> = FxHashSet::default();
    for project in projects {
        for file in &project.files {
            if modules.insert((&file.language, &file.module, file.role)) {
                all.files.push(file.clone());
            }
        }
        for package in &project.packages {
            if packages.insert(package) {
                all.packages.push(package.clone());
            }
        }
    }
    all
}
