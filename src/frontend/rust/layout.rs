//! Crates, module names and roles, from `Cargo.toml` and paths.

use toml::{Table, Value};

use crate::frontend::{Layout, Manifest, Placement};
use crate::model::source::{Package, Role};

/// Packages of all manifests; a virtual workspace manifest gives none.
pub(super) fn packages(manifests: &[Manifest]) -> Vec<Package> {
    let mut packages: Vec<Package> = manifests.iter().filter_map(package).collect();
    packages.sort();
    packages
}

fn package(manifest: &Manifest) -> Option<Package> {
    let folder = manifest.path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let Ok(table) = manifest.text.parse::<Table>() else {
        // An unreadable manifest gives what its folder tells.
        let name = folder.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("crate").to_owned();
        return Some(Package {
            namespace: name.replace('-', "_"),
            name,
            language: "rust".into(),
            folder,
            manifest: manifest.path.clone(),
            dependencies: Vec::new(),
            renamed: Vec::new(),
        });
    };
    let name = table.get("package")?.get("name")?.as_str()?.to_owned();
    let library = table.get("lib").and_then(|lib| lib.get("name")).and_then(Value::as_str);
    let (mut dependencies, mut renamed) = (Vec::new(), Vec::new());
    collect_dependencies(&table, &mut dependencies, &mut renamed);
    if let Some(targets) = table.get("target").and_then(Value::as_table) {
        for target in targets.values().filter_map(Value::as_table) {
            collect_dependencies(target, &mut dependencies, &mut renamed);
        }
    }
    dependencies.sort();
    dependencies.dedup();
    renamed.sort();
    renamed.dedup();
    Some(Package {
        namespace: library.unwrap_or(&name).replace('-', "_"),
        name,
        language: "rust".into(),
        folder,
        manifest: manifest.path.clone(),
        dependencies,
        renamed,
    })
}

fn collect_dependencies(table: &Table, dependencies: &mut Vec<String>, renamed: &mut Vec<(String, String)>) {
    for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
        let Some(section) = table.get(section).and_then(Value::as_table) else { continue };
        for (key, value) in section {
            let package = value.get("package").and_then(Value::as_str);
            dependencies.push(package.unwrap_or(key).to_owned());
            renamed.extend(package.map(|it| (key.replace('-', "_"), it.replace('-', "_"))));
        }
    }
}

/// Module of a file: `src/a/b.rs` of the crate `app` is `app::a::b`.
pub(super) fn place(path: &str, layout: Layout<'_>) -> Placement {
    let package = layout
        .packages
        .iter()
        .filter(|package| package.language == "rust" && is_below(path, &package.folder))
        .max_by_key(|package| package.folder.len());
    let (folder, namespace, name) =
        package.map_or(("", "", ""), |package| (package.folder.as_str(), package.namespace.as_str(), &package.name));
    let inner = path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/');
    let root = |tail: &str| if folder.is_empty() { tail.to_owned() } else { format!("{folder}/{tail}") };
    let exists = |tail: &str| layout.paths.binary_search(&root(tail)).is_ok();
    let stem = inner.strip_suffix(".rs").unwrap_or(inner);
    let (crate_name, steps) = if let Some(stem) = stem.strip_prefix("src/bin/") {
        // Each binary is a crate of its own.
        let (first, rest) = stem.split_once('/').unwrap_or((stem, ""));
        (first.replace('-', "_"), rest)
    } else if let Some(stem) = stem.strip_prefix("src/") {
        (namespace.to_owned(), stem)
    } else {
        (namespace.to_owned(), stem)
    };
    let mut parts: Vec<&str> = steps.split('/').filter(|part| !part.is_empty()).collect();
    let last = parts.last().copied().unwrap_or_default();
    let at_root = parts.len() == 1 && inner.starts_with("src/");
    let is_package = match last {
        "mod" => true,
        "lib" | "main" if at_root => true,
        _ => false,
    };
    // A binary beside a library is a crate of its own that names the library.
    let own_crate = last == "main" && at_root && !inner.starts_with("src/bin/") && exists("src/lib.rs");
    if is_package && !own_crate {
        parts.pop();
    }
    let mut module = crate_name;
    for part in parts {
        if !module.is_empty() {
            module.push_str("::");
        }
        module.push_str(&part.replace('-', "_"));
    }
    if module.is_empty() {
        last.clone_into(&mut module);
    }
    Placement { module, package: name.to_owned(), is_package }
}

fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// What a file is for.
pub(super) fn role(path: &str, head: &str) -> Role {
    let parts: Vec<&str> = path.split('/').collect();
    let (folders, file) = parts.split_at(parts.len().saturating_sub(1));
    let file = file.first().copied().unwrap_or_default();
    let in_folder = |names: &[&str]| folders.iter().any(|folder| names.contains(folder));
    if in_folder(&["vendor", "third_party"]) {
        return Role::Vendored;
    }
    let test_file = matches!(file, "build.rs" | "tests.rs" | "test.rs" | "benches.rs")
        || file.ends_with("_test.rs")
        || file.ends_with("_tests.rs");
    if in_folder(&["tests", "test", "benches", "examples", "fuzz"]) || test_file {
        return Role::Test;
    }
    if in_folder(&["migration", "migrations"]) && is_dated(file) {
        return Role::Migration;
    }
    if is_generated(head) {
        return Role::Generated;
    }
    Role::Production
}

/// `m20220101_000001_create_table.rs`.
fn is_dated(file: &str) -> bool {
    let digits = file.strip_prefix('m').unwrap_or(file).bytes().take_while(u8::is_ascii_digit).count();
    digits >= 8
}

fn is_generated(head: &str) -> bool {
    head.lines().take_while(|line| line.is_empty() || line.starts_with("//") || line.starts_with("#![")).any(|line| {
        let line = line.to_ascii_lowercase();
        line.contains("@generated")
            || line.contains("do not edit")
            || line.contains("code generated")
            || line.contains("automatically generated")
            || line.contains("auto-generated")
    })
}
