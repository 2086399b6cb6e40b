//! Where Go files stand: modules from `go.mod`, import paths from folders, roles from names and headers.

use crate::frontend::{Layout, Manifest, Placement};
use crate::model::source::{Package, Role};

/// Packages of all `go.mod` files. `go.work` only lists folders that have a `go.mod` of their own.
pub(super) fn packages(manifests: &[Manifest]) -> Vec<Package> {
    let mut packages: Vec<Package> = manifests
        .iter()
        .filter(|manifest| file_name(&manifest.path) == "go.mod")
        .map(|manifest| {
            let folder = folder_of(&manifest.path).to_owned();
            let (module, dependencies) = read_mod(&manifest.text);
            let name = module.unwrap_or_else(|| if folder.is_empty() { "main".to_owned() } else { folder.clone() });
            Package {
                namespace: name.clone(),
                name,
                language: "go".to_owned(),
                folder,
                manifest: manifest.path.clone(),
                dependencies,
                renamed: Vec::new(),
            }
        })
        .collect();
    packages.sort();
    packages
}

/// Module path and required paths of a `go.mod`. A requirement replaced by a folder or another module keeps its path.
fn read_mod(text: &str) -> (Option<String>, Vec<String>) {
    let (mut module, mut dependencies) = (None, Vec::new());
    let mut block = String::new();
    for line in text.lines() {
        let line = line.split("//").next().unwrap_or_default().trim();
        if line == ")" {
            block.clear();
            continue;
        }
        let mut words = line.split_whitespace();
        let Some(first) = words.next() else { continue };
        if line.ends_with('(') {
            first.trim_end_matches('(').clone_into(&mut block);
            continue;
        }
        let (directive, value) =
            if block.is_empty() { (first, words.next().unwrap_or_default()) } else { (block.as_str(), first) };
        let value = value.trim_matches(['"', '`']);
        match directive {
            _ if value.is_empty() => {}
            "module" => module = Some(value.to_owned()),
            "require" => dependencies.push(value.to_owned()),
            _ => {}
        }
    }
    dependencies.sort();
    dependencies.dedup();
    (module, dependencies)
}

/// Import path of the folder, below the nearest module.
pub(super) fn place(path: &str, layout: Layout<'_>) -> Placement {
    let folder = folder_of(path);
    let vendored = folder.split_once("vendor/").filter(|(before, _)| before.is_empty() || before.ends_with('/'));
    let nearest = layout
        .packages
        .iter()
        .filter(|package| package.language == "go" && below(folder, &package.folder).is_some())
        .max_by_key(|package| package.folder.len());
    let (package, module) = match nearest {
        Some(package) => {
            let rest = below(folder, &package.folder).unwrap_or_default();
            (package.name.clone(), join(&package.namespace, rest))
        }
        None => (String::new(), without_module(folder)),
    };
    let module = vendored.map_or(module, |(_, import)| import.to_owned());
    Placement { module, package, is_package: false }
}

/// Without a `go.mod` the folder is the name; below a `GOPATH` the import path starts after `src`.
fn without_module(folder: &str) -> String {
    let after_src = folder.strip_prefix("src/").or_else(|| folder.split_once("/src/").map(|(_, rest)| rest));
    match after_src {
        Some(rest) if rest.split('/').next().is_some_and(|host| host.contains('.')) => rest.to_owned(),
        _ if folder.is_empty() => "main".to_owned(),
        _ => folder.to_owned(),
    }
}

/// What is left of `folder` below `root`.
fn below<'p>(folder: &'p str, root: &str) -> Option<&'p str> {
    if root.is_empty() {
        return Some(folder);
    }
    let rest = folder.strip_prefix(root)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

fn join(namespace: &str, rest: &str) -> String {
    if rest.is_empty() { namespace.to_owned() } else { format!("{namespace}/{rest}") }
}

/// What a file is for.
pub(super) fn role(path: &str, head: &str) -> Role {
    let name = file_name(path);
    let folder = folder_of(path);
    let has = |wanted: &[&str]| folder.split('/').any(|part| wanted.contains(&part));
    if has(&["vendor", "third_party", "Godeps"]) {
        return Role::Vendored;
    }
    let is_mock = name.starts_with("mock_")
        || name.ends_with("_mock.go")
        || name.ends_with("_mocks.go")
        || has(&["mock", "mocks", "fakes", "fake"]);
    let is_test = name.ends_with("_test.go")
        || has(&["testdata", "examples", "example", "test", "tests", "testutil", "testutils", "e2e"])
        || folder.split('/').any(|part| part.starts_with('_'));
    if is_mock || is_test || helps_tests(head) {
        return Role::Test;
    }
    if is_generated(head) {
        return Role::Generated;
    }
    if has(&["migrations", "migration"]) { Role::Migration } else { Role::Production }
}

/// A file that takes a running test as its argument, or checks for one, is a part of the tests whatever it is called.
fn helps_tests(head: &str) -> bool {
    let imports = head.lines().any(|line| matches!(line.trim(), "\"testing\"" | "import \"testing\""));
    imports && ["*testing.", "testing.TB", "github.com/stretchr/testify/"].iter().any(|it| head.contains(it))
}

/// The header that generators write, by the rule of `go help generate`: a line comment of its own.
fn is_generated(head: &str) -> bool {
    head.lines().take_while(|line| !line.starts_with("package ")).any(|line| {
        let line = line.trim_end();
        line.starts_with("// Code generated ") && line.ends_with(" DO NOT EDIT.")
    })
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn file_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(path: &str, text: &str) -> Manifest {
        Manifest { path: path.to_owned(), text: text.to_owned() }
    }

    fn module(path: &str, packages: &[Package]) -> String {
        place(path, Layout { paths: &[], packages }).module
    }

    #[test]
    fn go_mod_gives_the_module_path_and_its_requirements() {
        let text = "module \"example.com/app\" // the app\n\ngo 1.22\n\nrequire (\n\tgorm.io/gorm v1.25.0\n\
                    \tgithub.com/lib/pq v1.10.0 // indirect\n)\n\nrequire example.com/one v0.1.0\n\
                    replace gorm.io/gorm => ./forks/gorm\nexclude (\n\texample.com/two v1.0.0\n)\n";
        let found = packages(&[manifest("go.mod", text), manifest("go.work", "use ./tools\n")]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].name, "example.com/app");
        assert_eq!(found[0].namespace, "example.com/app");
        assert_eq!(found[0].dependencies, ["example.com/one", "github.com/lib/pq", "gorm.io/gorm"]);
    }

    #[test]
    fn a_file_belongs_to_the_nearest_module() {
        let found = packages(&[
            manifest("go.mod", "module example.com/app\n"),
            manifest("tools/go.mod", "module (\n\texample.com/tools\n)\n"),
            manifest("broken/go.mod", "modul"),
        ]);
        assert_eq!(module("main.go", &found), "example.com/app");
        assert_eq!(module("internal/orders/store.go", &found), "example.com/app/internal/orders");
        assert_eq!(module("tools/lint/a.go", &found), "example.com/tools/lint");
        assert_eq!(module("toolset/a.go", &found), "example.com/app/toolset");
        assert_eq!(module("broken/a.go", &found), "broken");
        assert_eq!(module("vendor/gorm.io/gorm/a.go", &found), "gorm.io/gorm");
    }

    #[test]
    fn what_takes_a_running_test_is_test_code() {
        let helper = "package lib\n\nimport (\n\t\"testing\"\n)\n\nfunc Setup(t *testing.T) {}\n";
        let command = "package app\n\nimport (\n\t\"testing\"\n)\n\nvar quiet = testing.Testing()\n";
        assert_eq!(role("integration/clientlib.go", helper), Role::Test);
        assert_eq!(role("app/cmd.go", command), Role::Production);
    }

    #[test]
    fn without_a_module_the_folder_is_the_name() {
        assert_eq!(module("a.go", &[]), "main");
        assert_eq!(module("orders/store.go", &[]), "orders");
        assert_eq!(module("src/example.com/app/orders/store.go", &[]), "example.com/app/orders");
        assert_eq!(module("src/orders/store.go", &[]), "src/orders");
    }

    #[test]
    fn roles_come_from_names_and_headers() {
        assert_eq!(role("orders/store.go", "package orders\n"), Role::Production);
        assert_eq!(role("orders/store_test.go", ""), Role::Test);
        assert_eq!(role("orders/testdata/x.go", ""), Role::Test);
        assert_eq!(role("orders/mock_store.go", "// Code generated by MockGen. DO NOT EDIT.\n"), Role::Test);
        assert_eq!(role("db/query.sql.go", "// Code generated by sqlc. DO NOT EDIT.\n\npackage db\n"), Role::Generated);
        assert_eq!(role("db/a.go", "package db\n// Code generated by hand. DO NOT EDIT.\n"), Role::Production);
        assert_eq!(role("vendor/a/b.go", ""), Role::Vendored);
        assert_eq!(role("db/migrations/0001_init.go", "package migrations\n"), Role::Migration);
    }
}
