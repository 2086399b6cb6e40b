//! Third-party code kept in a tree, and folders that hold no source of anybody: told by names and by marker files.

use std::collections::BTreeSet;

/// Folders of bytecode beside its source: not worth a word, as are those whose names begin with a dot, which belong to version
/// control, editors and pipelines and hold no part of the system.
const UNSEEN: &[&str] = &["__pycache__"];

/// Folders that tools fill: left out and reported.
const FILLED_BY_TOOLS: &[&str] =
    &["node_modules", "bower_components", "__pypackages__", ".venv", ".tox", ".nox", ".eggs"];

/// A file that says so of its folder: a virtual environment, a cache.
const MARKERS: &[&str] = &["pyvenv.cfg", "CACHEDIR.TAG"];

/// Folder names that mean third-party code wherever they stand.
const VENDORED: &[&str] =
    &["_vendor", "_vendored", "dist-packages", "site-packages", "third-party", "third_party", "thirdparty", "vendored"];

/// Files beside or one level below which a `vendor` folder holds copies, not a module about vendors.
const COPY_MARKERS: &[&str] =
    &[".cargo-checksum.json", "cargo.toml.orig", "autoload.php", "modules.txt", "vendor.txt", "copying"];
/// How the names of licences begin and what may follow (`LICENSE`, `LICENSE.md`, `LICENSE-MIT`).
const LICENCES: [&str; 2] = ["license", "licence"];

/// What to do with a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Folder {
    Read,
    /// Left out without a word.
    Hidden,
    /// Left out with a note.
    LeftOut,
}

/// Decides on a folder by its name and by whether a file of a given name stands in it.
pub(super) fn folder(name: &str, has: impl Fn(&str) -> bool) -> Folder {
    if FILLED_BY_TOOLS.contains(&name) || MARKERS.iter().any(|marker| has(marker)) {
        Folder::LeftOut
    } else if UNSEEN.contains(&name) || name.starts_with('.') {
        Folder::Hidden
    } else {
        Folder::Read
    }
}

/// Folders of a project that hold third-party code.
pub(super) struct Vendored {
    /// `vendor` folders with the marks of copies, each with a `/` at its end.
    copies: BTreeSet<String>,
}

impl Vendored {
    /// Looks for the marks in the paths of all files.
    pub(super) fn new<'a>(paths: impl Iterator<Item = &'a str>) -> Self {
        let mut copies = BTreeSet::new();
        for path in paths {
            for (end, _) in path.match_indices("vendor/") {
                let below = &path[end + "vendor/".len()..];
                let is_folder = end == 0 || path.as_bytes()[end - 1] == b'/';
                let name = below.rsplit('/').next().unwrap_or(below).to_ascii_lowercase();
                // `vendor/modules.txt`, `vendor/serde/LICENSE`, `vendor/github.com/a/b/LICENSE`
                let is_mark = COPY_MARKERS.contains(&name.as_str()) || is_licence(&name);
                if is_folder && (is_mark || below.contains(".dist-info/")) {
                    copies.insert(path[..end + "vendor/".len()].to_owned());
                }
            }
        }
        Self { copies }
    }

    /// Whether a file is third-party code. Where the language's own tools leave `vendor` out, the name is enough.
    pub(super) fn holds(&self, path: &str, language: &str) -> bool {
        let folders = path.rsplit_once('/').map(|(folders, _)| folders).unwrap_or_default();
        folders.split('/').any(|folder| VENDORED.contains(&folder) || (folder == "vendor" && language == "go"))
            || self.copies.iter().any(|copies| path.starts_with(copies.as_str()))
    }
}

/// Whether a file name in lower case is that of a licence's text.
fn is_licence(name: &str) -> bool {
    let rest = LICENCES.iter().find_map(|it| name.strip_prefix(it));
    rest.is_some_and(|it| it.is_empty() || it.starts_with('-') || matches!(it, ".txt" | ".md" | ".rst"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_by_name_and_marker() {
        let none = |_: &str| false;
        assert_eq!(folder(".git", none), Folder::Hidden);
        assert_eq!(folder(".github", none), Folder::Hidden);
        assert_eq!(folder(".venv", none), Folder::LeftOut);
        assert_eq!(folder("node_modules", none), Folder::LeftOut);
        assert_eq!(folder("env", |file| file == "pyvenv.cfg"), Folder::LeftOut);
        assert_eq!(folder("env", none), Folder::Read);
    }

    #[test]
    fn a_module_about_vendors_is_no_third_party_code() {
        let vendored = Vendored::new(["shop/vendor/models.py", "vendor/lib/LICENSE", "vendor/lib/a.py"].into_iter());
        assert!(!vendored.holds("shop/vendor/models.py", "python"));
        assert!(vendored.holds("vendor/lib/a.py", "python"));
        assert!(vendored.holds("shop/vendor/x/a.go", "go"));
        assert!(vendored.holds("lib/site-packages/a.py", "python"));
        assert!(!vendored.holds("third_party", "python"), "a file of that name");
        let crates = Vendored::new(["vendor/ssh/LICENSE-MIT", "own/vendor/src/license.rs"].into_iter());
        assert!(crates.holds("vendor/ssh/src/lib.rs", "rust"));
        assert!(!crates.holds("own/vendor/src/lib.rs", "rust"), "a module about licences of vendors");
    }
}
