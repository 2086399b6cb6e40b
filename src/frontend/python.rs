//! Python.

use crate::frontend::{Frontend, Layout, Manifest, Placement};
use crate::model::fact::FileFacts;
use crate::model::source::{Package, Role};

/// The Python frontend.
pub struct Python;

impl Frontend for Python {
    fn id(&self) -> &'static str {
        "python"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["py"]
    }

    fn manifests(&self) -> &'static [&'static str] {
        &["pyproject.toml"]
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
