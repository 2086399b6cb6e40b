//! The layering of `src/`, and what must not stand in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Module to the modules of ours it may import (DESIGN, section 1). Every module of `src/` is listed.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("config", &["model"]),
    ("frontend", &["model"]),
    ("measure", &["model"]),
    ("discover", &["model", "config", "measure", "frontend"]),
    ("extract", &["model", "config", "measure", "frontend"]),
    ("link", &["model", "config", "measure"]),
    ("partition", &["model", "config", "measure"]),
    ("plan", &["model", "config", "measure"]),
    ("render", &["model", "config", "measure"]),
    ("scaffold", &["model", "config", "measure"]),
    (
        "track",
        &[
            "model",
            "config",
            "measure",
            "frontend",
            "discover",
            "extract",
            "link",
            "partition",
            "plan",
            "render",
            "scaffold",
            "crate",
        ],
    ),
    (
        "lib",
        &[
            "model",
            "config",
            "measure",
            "frontend",
            "discover",
            "extract",
            "link",
            "partition",
            "plan",
            "render",
            "scaffold",
        ],
    ),
    (
        "cli",
        &[
            "model",
            "config",
            "measure",
            "frontend",
            "discover",
            "extract",
            "link",
            "partition",
            "plan",
            "render",
            "scaffold",
            "track",
            "crate",
        ],
    ),
    ("main", &["cli"]),
];

/// Frameworks, mappers and drivers: their names stand in `queries/`, in `query!` lines and in skeleton templates only.
const FRAMEWORKS: &[&str] = &[
    "django",
    "sqlalchemy",
    "sqlmodel",
    "peewee",
    "tortoise",
    "flask",
    "fastapi",
    "starlette",
    "litestar",
    "tornado",
    "aiohttp",
    "pymongo",
    "motor",
    "mongoengine",
    "beanie",
    "psycopg",
    "psycopg2",
    "asyncpg",
    "aiosqlite",
    "celery",
    "alembic",
    "gorm",
    "xorm",
    "squirrel",
    "goqu",
    "sqlx",
    "pgx",
    "diesel",
    "rusqlite",
    "actix",
    "axum",
    "rocket",
    "warp",
    "tonic",
    "reqwest",
    "gin",
    "fiber",
    "gorilla",
    "chi",
    "echo",
    "sea_orm",
    "lapin",
    "rdkafka",
];

fn sources() -> Vec<(PathBuf, String)> {
    rust_files("src")
}

/// Rust files below a folder of this repository, by their paths in it.
fn rust_files(folder: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut todo = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(folder) = todo.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder is readable").flatten() {
            let path = entry.path();
            if path.is_dir() {
                todo.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let text = std::fs::read_to_string(&path).expect("sources are text");
                files.push((path.strip_prefix(&root).expect("inside").to_path_buf(), text));
            }
        }
    }
    files.sort();
    files
}

fn module_of(path: &Path) -> String {
    let first = path.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
    first.strip_suffix(".rs").map_or(first.clone(), str::to_owned)
}

/// Code without comments and without the tests at the end of a file.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .take_while(|(_, line)| !line.starts_with("#[cfg(test)]"))
        .map(|(index, line)| (index + 1, line.split("//").next().unwrap_or("")))
}

#[test]
fn layers_hold() {
    let allowed: BTreeMap<&str, &[&str]> = MAY_IMPORT.iter().copied().collect();
    let mut problems = Vec::new();
    for (path, text) in sources() {
        // Tests hold sample code of other programs.
        if path.file_name().is_some_and(|it| it == "tests.rs") {
            continue;
        }
        let module = module_of(&path);
        let Some(may) = allowed.get(module.as_str()) else {
            problems.push(format!("src/{}: module `{module}` is not in the layer table", path.display()));
            continue;
        };
        for (number, line) in code(&text) {
            let mut rest = line;
            while let Some(at) = rest.find("crate::") {
                let before = rest[..at].chars().last();
                rest = &rest[at + "crate::".len()..];
                if before.is_some_and(|it| it.is_alphanumeric() || it == '_' || it == '$') {
                    continue;
                }
                let name: String = rest.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect();
                let grouped = rest.starts_with('{') || name.chars().next().is_some_and(char::is_uppercase);
                let known = allowed.contains_key(name.as_str());
                let fine = name == module
                    || may.contains(&name.as_str())
                    || (may.contains(&"crate") && (grouped || !known))
                    || (module == "lib" && !known);
                if !fine {
                    problems.push(format!("src/{}:{number}: `{module}` may not import `{name}`", path.display()));
                }
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn no_framework_is_named_in_the_engine() {
    let mut problems = Vec::new();
    for (path, text) in sources() {
        if path.starts_with("scaffold") || path.components().any(|it| it.as_os_str() == "tests.rs") {
            continue;
        }
        for (number, line) in code(&text) {
            if line.contains("query!(") {
                continue;
            }
            let lower = line.to_lowercase();
            for word in lower.split(|it: char| !(it.is_alphanumeric() || it == '_')) {
                if FRAMEWORKS.contains(&word) {
                    problems.push(format!("src/{}:{number}: `{word}` belongs into queries/", path.display()));
                }
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn files_stay_readable() {
    let long: Vec<String> = ["src", "tests", "benches"]
        .iter()
        .flat_map(|folder| rust_files(folder).into_iter().map(|(path, text)| (*folder, path, text.lines().count())))
        .filter(|(_, _, lines)| *lines > 800)
        .map(|(folder, path, lines)| format!("{folder}/{}: {lines} lines", path.display()))
        .collect();
    assert!(long.is_empty(), "above 800 lines:\n{}", long.join("\n"));
}

#[test]
fn files_say_what_they_are_for() {
    let silent: Vec<String> = sources()
        .iter()
        .filter(|(_, text)| !text.starts_with("//!"))
        .map(|(path, _)| format!("src/{}", path.display()))
        .collect();
    assert!(silent.is_empty(), "without a first line of `//!`: {silent:?}");
}

#[test]
fn docs_name_only_what_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = vec![root.join("README.md")];
    pages.extend(std::fs::read_dir(root.join("docs")).expect("docs").flatten().map(|it| it.path()));
    let mut problems = Vec::new();
    for page in pages.iter().filter(|it| it.extension().is_some_and(|it| it == "md")) {
        let text = std::fs::read_to_string(page).expect("a readable page");
        for (index, line) in text.lines().enumerate() {
            for quoted in line.split('`').skip(1).step_by(2) {
                let is_path = ["src/", "queries/", "fixtures/", "tests/", "benches/", "docs/"]
                    .iter()
                    .any(|it| quoted.starts_with(it))
                    && !quoted.contains(['<', '>', '*', '{', ' ', '$']);
                let path = quoted.split([':', '#']).next().unwrap_or(quoted);
                if is_path && !root.join(path).exists() {
                    problems.push(format!("{}:{}: {quoted} does not exist", page.display(), index + 1));
                }
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
