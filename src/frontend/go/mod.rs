//! Go: read by tree-sitter, lowered in one walk.

mod expressions;
mod grammar;
mod layout;
mod lower;
mod statements;
mod strings;
#[cfg(test)]
mod tests;
mod types;

use crate::frontend::{Frontend, Layout, Manifest, Placement};
use crate::model::fact::FileFacts;
use crate::model::source::{Package, Role};

/// The Go frontend.
pub struct Go;

impl Frontend for Go {
    fn id(&self) -> &'static str {
        "go"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["go"]
    }

    fn manifests(&self) -> &'static [&'static str] {
        &["go.mod", "go.work"]
    }

    fn packages(&self, manifests: &[Manifest]) -> Vec<Package> {
        layout::packages(manifests)
    }

    fn place(&self, path: &str, layout: Layout<'_>) -> Placement {
        layout::place(path, layout)
    }

    fn role(&self, path: &str, head: &str) -> Role {
        layout::role(path, head)
    }

    fn facts(&self, source: &str) -> FileFacts {
        lower::lower(source)
    }

    fn queries(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }
}
