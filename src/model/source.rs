//! The project: which files there are, what they are for, and where each stands in its language's namespace.

use serde::{Deserialize, Serialize};

use crate::model::diagnostic::Diagnostic;

/// What a file is for. Only [`Role::Production`] code is ever placed in a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    Production,
    /// Tests, test support, benchmarks, examples: evidence of use, never a service.
    Test,
    /// Written by a program; follows what it belongs to.
    Generated,
    /// Third-party code kept in the tree.
    Vendored,
    /// A schema migration: source of the schema, never a service.
    Migration,
}

impl Role {
    /// As it stands in every output.
    pub fn id(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Test => "test",
            Self::Generated => "generated",
            Self::Vendored => "vendored",
            Self::Migration => "migration",
        }
    }
}

/// One file of the project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// Relative to the project's root, with `/`.
    pub path: String,
    /// Id of the frontend that reads it, such as `python`.
    pub language: String,
    pub role: Role,
    /// Qualified name of the module the file defines (`shop.views`, `example.com/app/internal/orders`, `app::orders`).
    pub module: String,
    /// Build unit that holds the file (distribution, Go module, crate).
    pub package: String,
    /// True where the file is itself the namespace that relative imports start from (`__init__.py`, `mod.rs`, `lib.rs`).
    pub is_package: bool,
    pub bytes: u64,
    /// Git object id when the project was read from a revision; else empty.
    pub blob: String,
}

/// One build unit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Package {
    pub name: String,
    pub language: String,
    /// Folder of the manifest, relative, with `/`; empty for the root.
    pub folder: String,
    /// Manifest path, empty when the package was inferred from the folder layout.
    pub manifest: String,
    /// Root namespace of the package's modules (`example.com/app`, `app`); empty where modules name themselves (Python).
    pub namespace: String,
    /// Names of packages it declares as dependencies.
    pub dependencies: Vec<String>,
    /// Dependencies that its code calls by another name: that name, and the package's own.
    pub renamed: Vec<(String, String)>,
}

/// Everything `discover` found. Contents are read on demand through [`ReadSource`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Project {
    /// Name for headings: the folder's own name.
    pub name: String,
    /// Full id of the git commit read, where there is one.
    pub revision: Option<String>,
    /// Sorted by path.
    pub files: Vec<SourceFile>,
    pub packages: Vec<Package>,
    /// Number of files that no frontend reads, by extension, most frequent first.
    pub unread: Vec<(String, u32)>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Gives the bytes of a project's file, from a folder or from git objects.
pub trait ReadSource: Sync {
    fn read(&self, file: &SourceFile) -> std::io::Result<Vec<u8>>;
}
