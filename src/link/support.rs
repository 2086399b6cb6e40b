//! Packages that only help tests: one that takes running tests and that nothing but tests imports is test code, whatever
//! its files are called. Which that is takes the whole program, so it is told before anything else is linked.

use std::borrow::Borrow;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::fact::{Definition, DefinitionKind, FileFacts};
use crate::model::source::{Project, Role};

/// Files of one package.
#[derive(Default)]
struct Package {
    /// Positions of production files.
    files: Vec<usize>,
    /// How many files have a function that takes a running test, also of those that are known for it, and how many have none.
    helpers: usize,
    others: usize,
}

/// The project with such packages, and the files that are known for it, as tests; nothing where there are none.
pub(crate) fn with_test_support<F: Borrow<FileFacts>>(
    project: &Project,
    facts: &[(usize, F)],
    known: &[usize],
) -> Option<Project> {
    let mut files = packages_for_tests(project, facts);
    files.extend(known);
    if files.is_empty() {
        return None;
    }
    let mut judged = project.clone();
    files.into_iter().for_each(|it| judged.files[it].role = Role::Test);
    Some(judged)
}

/// Production files of packages that only help tests.
fn packages_for_tests<F: Borrow<FileFacts>>(project: &Project, facts: &[(usize, F)]) -> Vec<usize> {
    let takes_test = |facts: &FileFacts| {
        let takes = |it: &Definition| it.traits.is_test && !it.params.is_empty();
        facts.definitions.iter().any(|it| it.kind == DefinitionKind::Function && takes(it))
    };
    let mut packages: FxHashMap<&str, Package> = FxHashMap::default();
    for (number, facts) in facts {
        let file = &project.files[*number];
        // Tests beside what they test say nothing of it, nor do those inside its files (`#[cfg(test)] mod tests`).
        let is_beside = file.path.rsplit_once('.').is_some_and(|(stem, _)| stem.ends_with("_test"));
        if is_beside || facts.borrow().separator == "::" || !matches!(file.role, Role::Production | Role::Test) {
            continue;
        }
        let package = packages.entry(file.module.as_str()).or_default();
        if file.role == Role::Production {
            package.files.push(*number);
        }
        if takes_test(facts.borrow()) {
            package.helpers += 1;
        } else {
            package.others += 1;
        }
    }
    packages.retain(|_, it| !it.files.is_empty() && it.helpers > 0 && it.helpers >= it.others);
    if packages.is_empty() {
        return Vec::new();
    }
    let mut imported: FxHashSet<&str> = FxHashSet::default();
    let mut used: FxHashSet<&str> = FxHashSet::default();
    for (number, facts) in facts {
        let file = &project.files[*number];
        for import in &facts.borrow().imports {
            let [path] = import.path.as_slice() else { continue };
            let Some((name, _)) = packages.get_key_value(path.as_str()) else { continue };
            if file.role == Role::Test {
                imported.insert(name);
            } else {
                used.insert(name);
            }
        }
    }
    packages.retain(|name, _| imported.contains(name) && !used.contains(name));
    packages.into_values().flat_map(|it| it.files).collect()
}
