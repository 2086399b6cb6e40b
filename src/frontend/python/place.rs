//! Where a Python file stands: distributions, import roots, module names, and what the file is for.
//!
//! An *import root* is a folder that stands on Python's path. A file's module is its path below its root.
//! Which folder that is cannot be read from one file; the rules, first match wins:
//!
//! 1. The distribution's folder is the nearest one above the file with a manifest
//!    ([`MANIFESTS`]); without one, the project's folder.
//! 2. `src` (or `lib`) directly below the distribution's folder is a root when it holds Python files and is no
//!    package itself.
//! 3. Else the distribution's folder is the root, so that folders without `__init__.py` are namespace packages.
//!
//! A `manage.py` that imports by its own folder's name, names its settings so, or is known as a module of its folder to a
//! manifest of the folder around makes no distribution.

use crate::frontend::{Layout, Manifest, Placement};
use crate::model::source::{Package, Role};

/// Files whose folder is a distribution or at least a place that Python is started from.
pub(super) const MANIFESTS: &[&str] =
    &["Pipfile", "environment.yml", "manage.py", "pyproject.toml", "requirements.txt", "setup.cfg", "setup.py"];

/// Folders directly below a distribution that its modules may stand in.
const SOURCES: [&str; 2] = ["src", "lib"];

/// Distributions, one for each folder with a manifest, sorted by folder.
pub(super) fn packages(manifests: &[Manifest]) -> Vec<Package> {
    let mut folders: Vec<(&str, &Manifest)> =
        manifests.iter().filter(|it| is_manifest(it, manifests)).map(|it| (folder_of(&it.path), it)).collect();
    folders.sort_by_key(|(folder, manifest)| (*folder, rank(&manifest.path)));
    let mut packages: Vec<Package> = Vec::new();
    for (folder, manifest) in folders {
        let declared = declared_name(manifest);
        let dependencies = dependencies(manifest);
        match packages.last_mut() {
            Some(last) if last.folder == folder => {
                if last.name.is_empty()
                    && let Some(name) = declared
                {
                    last.name = name;
                    last.manifest.clone_from(&manifest.path);
                }
                last.dependencies.extend(dependencies);
            }
            _ => packages.push(Package {
                name: declared.unwrap_or_default(),
                language: "python".to_owned(),
                folder: folder.to_owned(),
                manifest: manifest.path.clone(),
                namespace: String::new(),
                dependencies,
                renamed: Vec::new(),
            }),
        }
    }
    for package in &mut packages {
        if package.name.is_empty() {
            let folder = package.folder.rsplit('/').next().unwrap_or_default();
            folder.clone_into(&mut package.name);
        }
        package.dependencies.sort();
        package.dependencies.dedup();
    }
    packages
}

/// Any module may be called `setup.py` or `manage.py`.
fn is_manifest(manifest: &Manifest, all: &[Manifest]) -> bool {
    match name_of(&manifest.path) {
        "setup.py" => {
            manifest.text.contains("setup(") && ["setuptools", "distutils"].iter().any(|it| manifest.text.contains(it))
        }
        "manage.py" => {
            manifest.text.contains("__main__") && !imports_own_folder(manifest) && !is_run_from_above(manifest, all)
        }
        _ => true,
    }
}

/// Whether a script imports modules by the name of the folder it stands in, or names one by that folder and the one around it
/// (`"shop.app.settings"` in `shop/app`): then it is a part of that package.
fn imports_own_folder(manifest: &Manifest) -> bool {
    let path = folder_of(&manifest.path);
    let folder = name_of(path);
    let around = name_of(folder_of(path));
    if !around.is_empty() && manifest.text.contains(&format!("\"{around}.{folder}.")) {
        return true;
    }
    let imports = |line: &str| {
        let rest = line.strip_prefix("from ").or_else(|| line.strip_prefix("import "))?;
        rest.trim_start().strip_prefix(folder)?.chars().next()
    };
    !folder.is_empty() && manifest.text.lines().any(|it| matches!(imports(it), Some('.' | ' ')))
}

/// Whether what stands in the folder around a script's, or around the `src` in which that stands, knows it as a module of its folder
/// (`from shop.manage import main`, an entry point `shop.manage:main`).
fn is_run_from_above(manifest: &Manifest, all: &[Manifest]) -> bool {
    let folder = folder_of(&manifest.path);
    let module = format!("{}.{}", name_of(folder), name_of(&manifest.path).trim_end_matches(".py"));
    let is_module = |text: &str| {
        text.match_indices(&module).any(|(at, _)| {
            let goes_on = |it: char| it.is_alphanumeric() || it == '_' || it == '.';
            !text[..at].ends_with(goes_on) && !text[at + module.len()..].starts_with(goes_on)
        })
    };
    let around = folder_of(folder);
    let outer = if SOURCES.contains(&name_of(around)) { folder_of(around) } else { around };
    let is_above = |path: &str| [around, outer].contains(&folder_of(path));
    !folder.is_empty() && all.iter().any(|it| is_above(&it.path) && is_module(&it.text))
}

/// Manifests that name the distribution come first.
fn rank(path: &str) -> usize {
    let order = ["pyproject.toml", "setup.cfg", "setup.py"];
    let name = name_of(path);
    order.iter().position(|known| *known == name).unwrap_or(order.len())
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn name_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

fn declared_name(manifest: &Manifest) -> Option<String> {
    let name = match name_of(&manifest.path) {
        "pyproject.toml" => {
            let table: toml::Table = manifest.text.parse().ok()?;
            let project = table.get("project").and_then(|project| project.get("name"));
            let poetry = || table.get("tool")?.get("poetry")?.get("name");
            project.or_else(poetry)?.as_str()?.to_owned()
        }
        "setup.cfg" => {
            let mut section = "";
            let mut found = None;
            for line in manifest.text.lines().map(str::trim) {
                if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                    section = name;
                } else if section == "metadata"
                    && let Some((key, value)) = line.split_once('=')
                    && key.trim() == "name"
                {
                    found = Some(value.trim().to_owned());
                }
            }
            found?
        }
        "setup.py" => quoted_after(&manifest.text, "name")?,
        _ => return None,
    };
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

/// The text in `key = "text"`.
fn quoted_after(text: &str, key: &str) -> Option<String> {
    for (at, _) in text.match_indices(key) {
        if text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let Some(rest) = text[at + key.len()..].trim_start().strip_prefix('=') else { continue };
        let rest = rest.trim_start();
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        return rest[1..].split(quote).next().map(str::to_owned);
    }
    None
}

/// Names of declared dependencies, as far as they are written plainly.
fn dependencies(manifest: &Manifest) -> Vec<String> {
    match name_of(&manifest.path) {
        "requirements.txt" => manifest.text.lines().filter_map(requirement).collect(),
        "pyproject.toml" => {
            let Ok(table) = manifest.text.parse::<toml::Table>() else { return Vec::new() };
            let mut names = Vec::new();
            if let Some(list) = table.get("project").and_then(|project| project.get("dependencies")?.as_array()) {
                names.extend(list.iter().filter_map(|item| requirement(item.as_str()?)));
            }
            let poetry = || table.get("tool")?.get("poetry")?.get("dependencies")?.as_table();
            if let Some(list) = poetry() {
                names.extend(list.keys().filter(|name| *name != "python").cloned());
            }
            names
        }
        _ => Vec::new(),
    }
}

fn requirement(line: &str) -> Option<String> {
    let line = line.split('#').next().unwrap_or_default().trim();
    let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))).unwrap_or(line.len());
    let name = &line[..end];
    name.starts_with(|c: char| c.is_ascii_alphanumeric()).then(|| name.to_owned())
}

/// Module and package of a file.
pub(super) fn place(path: &str, layout: Layout<'_>) -> Placement {
    let package = layout
        .packages
        .iter()
        .filter(|package| is_below(path, &package.folder))
        .max_by_key(|package| package.folder.len());
    let folder = package.map_or("", |package| package.folder.as_str());
    let root = source_root(folder, path, layout);
    let inner = below(path, &root);
    let stem = inner.rsplit_once('.').map_or(inner, |(stem, _)| stem);
    let is_package = name_of(stem) == "__init__";
    let stem = if is_package { folder_of(stem) } else { stem };
    let mut module = stem.replace('/', ".");
    if module.is_empty() {
        // `__init__.py` in the root itself: the folder's own name is all there is.
        name_of(&root).clone_into(&mut module);
    }
    Placement { module, package: package.map_or_else(String::new, |package| package.name.clone()), is_package }
}

fn source_root(folder: &str, path: &str, layout: Layout<'_>) -> String {
    for inner in SOURCES {
        let candidate = join(folder, inner);
        if is_below(path, &candidate) && path != candidate && !has_file(layout, &join(&candidate, "__init__.py")) {
            return candidate;
        }
    }
    folder.to_owned()
}

fn has_file(layout: Layout<'_>, path: &str) -> bool {
    layout.paths.binary_search_by(|known| known.as_str().cmp(path)).is_ok()
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

fn below<'p>(path: &'p str, folder: &str) -> &'p str {
    if folder.is_empty() { path } else { path.strip_prefix(folder).map_or(path, |rest| rest.trim_start_matches('/')) }
}

/// Folders whose files support tests or show how to use the code.
const TEST_FOLDERS: &[&str] = &["tests", "test", "testing", "benchmarks", "examples", "e2e"];

/// Folders of third-party code kept in the tree.
const VENDOR_FOLDERS: &[&str] = &["site-packages", "_vendor", "vendor", "vendored", "third_party", "node_modules"];

/// Names of folders that show how to use the code, unless they are packages with models of their own.
const SHOWING_FOLDERS: &[&str] = &["examples", "benchmarks"];

/// The path without those of its folders that have a name like `examples` and are a part of the program: a package with
/// models or migrations.
pub(super) fn without_models(path: &str, layout: Layout<'_>) -> String {
    let mut folder = String::new();
    let mut kept = String::new();
    for part in folder_of(path).split('/').filter(|it| !it.is_empty()) {
        folder = join(&folder, part);
        let has = |file: &str| has_file(layout, &join(&folder, file));
        let is_own = SHOWING_FOLDERS.contains(&part)
            && has("__init__.py")
            && ["models.py", "models/__init__.py", "migrations/__init__.py"].into_iter().any(has);
        if !is_own {
            kept = join(&kept, part);
        }
    }
    join(&kept, name_of(path))
}

/// Whether a folder is called like one of tests: `tests`, `shop_tests`.
fn holds_only_tests(folder: &str) -> bool {
    TEST_FOLDERS.contains(&folder) || folder.ends_with("_tests")
}

/// What a file is for.
pub(super) fn role(path: &str, head: &str) -> Role {
    let name = name_of(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let folders: Vec<&str> = folder_of(path).split('/').collect();
    if folders.iter().any(|folder| VENDOR_FOLDERS.contains(folder)) {
        return Role::Vendored;
    }
    if folders.iter().any(|folder| holds_only_tests(folder))
        || is_test_by_name(path) && holds_tests(head)
        || matches!(stem, "conftest" | "tests" | "test" | "noxfile")
        || builds_something(stem, head)
    {
        return Role::Test;
    }
    let numbered = stem.len() > 5 && stem.as_bytes()[..4].iter().all(u8::is_ascii_digit) && stem.as_bytes()[4] == b'_';
    // Also those that were put aside: `migrations_old`.
    let in_migrations = folders.last().is_some_and(|it| it.split(['_', '-', '.']).any(|word| word == "migrations"));
    // What stands in the files: a list of operations, or a revision that names the one before.
    let migrates =
        head.contains("migrations.Migration") || (head.contains("down_revision") && head.contains("revision"));
    if migrates || (in_migrations && numbered) {
        return Role::Migration;
    }
    if stem.ends_with("_pb2") || stem.ends_with("_pb2_grpc") || is_generated(head) {
        return Role::Generated;
    }
    Role::Production
}

/// Whether the text of a file decides what it is for, more than its first lines.
pub(super) fn is_told_by_text(path: &str) -> bool {
    is_test_by_name(path) || matches!(name_of(path), "conf.py" | "setup.py")
}

/// Whether a file says how the package or its documentation is built: `setup.py` of a distribution, `conf.py` of its pages. A module
/// of the program may have either name, so what stands in it decides.
fn builds_something(stem: &str, head: &str) -> bool {
    let assigns = |name: &str| {
        head.lines().any(|line| line.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with('=')))
    };
    match stem {
        "setup" => head.lines().any(|line| {
            let imported =
                line.trim_start().strip_prefix("from ").or_else(|| line.trim_start().strip_prefix("import "));
            imported.is_some_and(|it| it.starts_with("setuptools") || it.starts_with("distutils"))
        }),
        "conf" => {
            ["extensions", "html_theme", "master_doc", "source_suffix"].into_iter().filter(|it| assigns(it)).count() > 1
        }
        _ => false,
    }
}

/// Whether a file outside of all folders of tests is called like a test: it may as well be the module about a table of
/// test results.
fn is_test_by_name(path: &str) -> bool {
    let name = name_of(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let is_called = stem.starts_with("test_") || stem.ends_with("_test");
    is_called && !folder_of(path).split('/').any(holds_only_tests)
}

/// Whether a text has a test in it, imports what tests are written with, or is a script: all else that is called like a
/// test and defines something is a module of the program.
fn holds_tests(text: &str) -> bool {
    const LIBRARIES: &[&str] =
        &["pytest", "unittest", "nose", "hypothesis", "doctest", "mock", "testing", "test", "tests", "locust"];
    let mut defines = false;
    for line in text.lines() {
        let written = line.trim_start();
        let function = written.strip_prefix("async ").unwrap_or(written).strip_prefix("def ");
        if let Some(name) = function {
            if ["test", "setUp", "runTest", "it_", "should_"].iter().any(|it| name.starts_with(it)) {
                return true;
            }
        } else if let Some(name) = written.strip_prefix("class ") {
            let name = name.split(|it: char| !(it.is_alphanumeric() || it == '_')).next().unwrap_or_default();
            if written.contains("TestCase") || name.ends_with("Test") || name.ends_with("Tests") {
                return true;
            }
        } else if written.starts_with("import ") || written.starts_with("from ") {
            let mut words = written.split(|it: char| !(it.is_alphanumeric() || it == '_'));
            if words.any(|it| LIBRARIES.contains(&it) || it.contains("TestCase")) {
                return true;
            }
        }
        if line.starts_with("assert ") || written.starts_with("if __name__") {
            return true;
        }
        defines |= ["def ", "class ", "async def "].iter().any(|it| line.starts_with(it));
    }
    !defines
}

/// Generated files say so in a comment near their top.
fn is_generated(head: &str) -> bool {
    head.lines().take(12).filter(|line| line.trim_start().starts_with('#')).any(|line| {
        let line = line.to_ascii_lowercase();
        line.contains("do not edit")
            || line.contains("@generated")
            || line.contains("generated by")
            || line.contains("autogenerated")
            || line.contains("auto-generated")
    })
}
