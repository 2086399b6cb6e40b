//! Files that a usual build leaves out and whose names another file of the folder has as well (`//go:build wireinject`): what
//! they define is there once, in the file that is built.

use std::borrow::Borrow;

use rustc_hash::FxHashSet;

use crate::model::diagnostic::Diagnostic;
use crate::model::fact::{DefId, Definition, DefinitionKind, FileFacts};
use crate::model::source::{Project, Role};

/// Positions of these files in [`Project::files`].
pub(crate) fn of_other_builds<F: Borrow<FileFacts>>(project: &Project, facts: &[(usize, F)]) -> Vec<usize> {
    let folder = |number: usize| project.files[number].path.rsplit_once('/').map_or("", |it| it.0);
    let is_asked_for = |it: &&(usize, F)| it.1.borrow().is_tagged && project.files[it.0].role != Role::Test;
    let tagged: Vec<&(usize, F)> = facts.iter().filter(is_asked_for).collect();
    if tagged.is_empty() {
        return Vec::new();
    }
    let folders: FxHashSet<&str> = tagged.iter().map(|it| folder(it.0)).collect();
    let mut built: FxHashSet<(&str, &str)> = FxHashSet::default();
    for (number, facts) in facts {
        let facts = facts.borrow();
        if !facts.is_tagged && folders.contains(folder(*number)) && project.files[*number].role != Role::Test {
            built.extend(names(facts).map(|it| (folder(*number), it)));
        }
    }
    let is_double = |it: &&&(usize, F)| names(it.1.borrow()).any(|name| built.contains(&(folder(it.0), name)));
    tagged.iter().filter(is_double).map(|it| it.0).collect()
}

/// Files among those with a start of their own (`main`) in a folder whose other files have none: programs beside a library, a
/// generator as a rule, that somebody runs by hand and nobody deploys.
pub(crate) fn beside_a_library<F: Borrow<FileFacts>>(project: &Project, facts: &[(usize, F)]) -> Vec<usize> {
    let place = |it: &(usize, F)| {
        let file = &project.files[it.0];
        (file.language.as_str(), file.path.rsplit_once('/').map_or("", |it| it.0))
    };
    let starts = |it: &&(usize, F)| names(it.1.borrow()).any(|name| name == "main");
    let (tagged, built): (Vec<_>, Vec<_>) =
        facts.iter().filter(|it| project.files[it.0].role != Role::Test).partition(|it| it.1.borrow().is_tagged);
    let mut found: Vec<&(usize, F)> = tagged.into_iter().filter(starts).collect();
    if !found.is_empty() {
        let inhabited: FxHashSet<(&str, &str)> = built.iter().map(|it| place(it)).collect();
        let programs: FxHashSet<(&str, &str)> = built.into_iter().filter(starts).map(place).collect();
        found.retain(|it| inhabited.contains(&place(it)) && !programs.contains(&place(it)));
    }
    found.into_iter().map(|it| it.0).collect()
}

/// What a file defines of which a package has one each.
fn names(facts: &FileFacts) -> impl Iterator<Item = &str> {
    let is_single = |it: &&Definition| {
        matches!(it.kind, DefinitionKind::Function | DefinitionKind::Type | DefinitionKind::Interface)
            && it.parent == DefId::MODULE
            && !matches!(it.name.as_str(), "init" | "_")
    };
    facts.definitions.iter().filter(is_single).map(|it| it.name.as_str())
}

/// What to say of files that are left out.
pub(crate) fn told(project: &Project, files: &[usize]) -> Option<Diagnostic> {
    let first = &project.files[*files.first()?];
    let words = format!(
        "{} that only a build with a tag of its own holds define what other files of the folder define as well; left out, this \
         is the first",
        if files.len() == 1 { "1 file".to_owned() } else { format!("{} files", files.len()) }
    );
    Some(Diagnostic::note("other-build", &first.path, 0, words))
}
