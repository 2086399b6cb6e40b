//! Rust.

use crate::frontend::{Frontend, Layout, Manifest, Placement};
use crate::model::fact::FileFacts;
use crate::model::source::{Package, Role};

/// The Rust frontend.
pub struct Rust;

impl Frontend for Rust {
    fn id(&self) -> &'static str {
        "rust"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["rs"]
    }

    fn manifests(&self) -> &'static [&'static str] {
        &["Cargo.toml"]
    }

    fn packages(&self, _manifests: &[Manifest]) -> Vec<Package> {
        Vec::new()
    }

    fn place(&self, path: &str, _layout: Layout<'_>) -> Placement {
        Placement { module: path.to_owned(), package: String::new(), is_package: false }
    }

    fn role(&self, _path: &str, _head: &str) -> Role {
        Role::Production
    }

    fn facts(&self, _source: &str) -> FileFacts {
        FileFacts::default()
    }

    fn queries(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }
}
