//! The table of languages: what each one's files, packages and modules look like, and how one file lowers to facts.
//!
//! `discover` asks where a file stands; `extract` asks what it states. Nothing right of `model` comes here.

pub mod go;
pub mod python;
pub mod rules;
pub mod rust;
pub mod sql;
mod trees;

use crate::model::fact::{FileFacts, KnownMacro};
use crate::model::source::{Package, Role};

/// A manifest's path and text, as `discover` read it.
#[derive(Clone, Debug)]
pub struct Manifest {
    pub path: String,
    pub text: String,
}

/// What a frontend may look at to place a file: the paths of all files of its language, sorted, and the packages found.
#[derive(Clone, Copy, Debug)]
pub struct Layout<'a> {
    pub paths: &'a [String],
    pub packages: &'a [Package],
}

/// Where a file stands in its language's namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// Qualified module name.
    pub module: String,
    /// Name of the package.
    pub package: String,
    /// See [`crate::model::source::SourceFile::is_package`].
    pub is_package: bool,
}

/// A language.
pub trait Frontend: Sync {
    /// Lower-case id: `go`.
    fn id(&self) -> &'static str;
    /// Extensions without the dot.
    fn extensions(&self) -> &'static [&'static str];
    /// Interpreter names that a `#!` line may end in, without version: `python`.
    fn interpreters(&self) -> &'static [&'static str] {
        &[]
    }
    /// File names of manifests: `go.mod`.
    fn manifests(&self) -> &'static [&'static str] {
        &[]
    }
    /// Packages from the manifests found. Never fails: an unreadable manifest gives what its folder tells.
    fn packages(&self, manifests: &[Manifest]) -> Vec<Package>;
    /// Module and package of a file.
    fn place(&self, path: &str, layout: Layout<'_>) -> Placement;
    /// What a file is for, from its path and its first 2 KiB (generated-code markers).
    fn role(&self, path: &str, head: &str) -> Role;
    /// The same where the files around it tell more.
    fn role_among(&self, path: &str, head: &str, layout: Layout<'_>) -> Role {
        let _ = layout;
        self.role(path, head)
    }
    /// Whether a file's role takes all of its text, since its name says less than it seems to.
    fn judges_whole(&self, path: &str) -> bool {
        let _ = path;
        false
    }
    /// What one file states. Never fails and never panics: the facts so far, plus diagnostics.
    fn facts(&self, source: &str) -> FileFacts;
    /// The same, with macros of the project that the file runs expanded.
    fn facts_with(&self, source: &str, macros: &[KnownMacro]) -> FileFacts {
        let _ = macros;
        self.facts(source)
    }
    /// Built-in pattern files as `(id, text)`, sorted by id: `("go/gorm", include_str!(..))`.
    fn queries(&self) -> &'static [(&'static str, &'static str)];
}

/// All languages, sorted by id.
pub static FRONTENDS: &[&dyn Frontend] = &[&go::Go, &python::Python, &rust::Rust, &sql::Sql];

/// `query!("go/gorm")` names one pattern file.
macro_rules! query {
    ($id:literal) => {
        ($id, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/queries/", $id, ".scm")))
    };
}
pub(crate) use query;
