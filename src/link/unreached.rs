//! Files that are on disk and in no program: where a language compiles a file only if another one names it, one that none
//! names says nothing about the system, and one that is named for tests only is test code, whatever it is called.

use std::borrow::Borrow;

use rustc_hash::FxHashMap;

use crate::model::diagnostic::Diagnostic;
use crate::model::fact::{DefId, DefinitionKind, FileFacts};
use crate::model::source::{Package, Project, Role, SourceFile};

/// How the files of one package name each other.
#[derive(Default)]
struct Names<'a> {
    /// Whether each name, or path, is only named for tests.
    for_tests: FxHashMap<&'a str, bool>,
    /// One of its files could not be read as a whole, so it may name others.
    is_partial: bool,
}

/// What is found to be of tests only, and what to be in no program, by position in [`Project::files`].
#[derive(Default)]
pub(crate) struct Unreached {
    pub(crate) of_tests: Vec<usize>,
    pub(crate) of_nothing: Vec<usize>,
}

/// Where so many files of a package are named by nobody, and these are most of it, a macro makes the names up.
const MADE_UP: usize = 3;

/// Judges the files below `src/` of every package that has a root there. In doubt a file is part of the program: it is enough
/// that any file of the package has its name as a module, or in a macro among items.
pub(crate) fn unreached<F: Borrow<FileFacts>>(project: &Project, facts: &[(usize, F)]) -> Unreached {
    let mut found = Unreached::default();
    let mut names: FxHashMap<&str, Names<'_>> = FxHashMap::default();
    for (number, facts) in facts {
        let (file, facts) = (&project.files[*number], facts.borrow());
        let (Some(submodules), Some(package)) = (&facts.submodules, package_of(project, file)) else { continue };
        let names = names.entry(&package.folder).or_default();
        names.is_partial |= !facts.diagnostics.is_empty();
        for submodule in submodules {
            let for_tests = submodule.is_test || file.role == Role::Test;
            names.for_tests.entry(&submodule.name).and_modify(|it| *it &= for_tests).or_insert(for_tests);
        }
    }
    // A path may lead into another package.
    let paths: Vec<&str> =
        names.values().flat_map(|it| it.for_tests.keys()).filter(|it| it.contains(['/', '.'])).copied().collect();
    // Of each package how many files were judged, and those that nobody names.
    let mut judged: FxHashMap<&str, (usize, Vec<usize>)> = FxHashMap::default();
    for (number, facts) in facts {
        let (file, facts) = (&project.files[*number], facts.borrow());
        let (Some(_), Role::Production, Some(package)) = (&facts.submodules, file.role, package_of(project, file))
        else {
            continue;
        };
        let folder = if package.folder.is_empty() { String::new() } else { format!("{}/", package.folder) };
        let Some(inner) = file.path[folder.len()..].strip_prefix("src/") else { continue };
        let root = |it: &str| {
            let path = format!("{folder}src/{it}");
            project.files.binary_search_by(|file| file.path.as_str().cmp(&path)).is_ok()
        };
        let is_root = matches!(inner, "lib.rs" | "main.rs") || inner.starts_with("bin/") || has_main(facts);
        let known = names.get(package.folder.as_str()).filter(|it| !it.is_partial);
        let (false, Some(names), true) = (is_root, known, root("lib.rs") || root("main.rs")) else { continue };
        if paths.iter().any(|it| leads_to(it, &file.path)) {
            continue;
        }
        // Its own name and those of the folders around it: each has to be named by somebody.
        let steps = inner.strip_suffix(".rs").unwrap_or(inner).split('/').filter(|it| *it != "mod");
        let told: Vec<Option<bool>> = steps.map(|it| names.for_tests.get(it).copied()).collect();
        let (count, unnamed) = judged.entry(package.folder.as_str()).or_default();
        *count += 1;
        if told.last().is_some_and(Option::is_none) {
            unnamed.push(*number);
        } else if told.contains(&Some(true)) {
            found.of_tests.push(*number);
        }
    }
    judged.retain(|_, (count, unnamed)| unnamed.len() < MADE_UP || 2 * unnamed.len() <= *count);
    found.of_nothing = judged.into_values().flat_map(|it| it.1).collect();
    found.of_nothing.sort_unstable();
    found
}

/// The package whose folder holds the file most closely.
fn package_of<'a>(project: &'a Project, file: &SourceFile) -> Option<&'a Package> {
    let holds =
        |folder: &str| folder.is_empty() || file.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    let own = project.packages.iter().filter(|it| it.language == file.language && holds(&it.folder));
    own.max_by_key(|it| it.folder.len())
}

/// A file with a `main` of its own may be a program that a manifest names.
fn has_main(facts: &FileFacts) -> bool {
    let is_main =
        |kind, name: &str, parent| kind == DefinitionKind::Function && name == "main" && parent == DefId::MODULE;
    facts.definitions.iter().any(|it| is_main(it.kind, &it.name, it.parent))
}

/// Whether a path as it is written may mean the file, or a folder around it.
fn leads_to(written: &str, path: &str) -> bool {
    let end = written.trim_start_matches("./").rsplit("../").next().unwrap_or(written).trim_end_matches('/');
    !end.is_empty() && format!("/{path}/").contains(&format!("/{end}/"))
}

/// What to say of files that are left out.
pub(crate) fn told(project: &Project, files: &[usize]) -> Option<Diagnostic> {
    let first = &project.files[*files.first()?];
    let others = match files.len() - 1 {
        0 => String::new(),
        1 => ", nor one more".to_owned(),
        more => format!(", nor {more} more"),
    };
    let words = format!("no module of its package names this file{others}, so no program holds it; left out");
    Some(Diagnostic::note("unreached-file", &first.path, 0, words))
}
