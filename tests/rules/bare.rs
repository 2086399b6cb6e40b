//! A language with nothing but a name, for tests of patterns and of matching.

use seamline::frontend::{Frontend, Layout, Manifest, Placement};
use seamline::model::fact::FileFacts;
use seamline::model::source::{Package, Role};

/// A language without patterns of its own, so that a test loads only what it is about.
pub(crate) struct Bare(pub(crate) &'static str);

impl Frontend for Bare {
    fn id(&self) -> &'static str {
        self.0
    }
    fn extensions(&self) -> &'static [&'static str] {
        &[]
    }
    fn packages(&self, _: &[Manifest]) -> Vec<Package> {
        Vec::new()
    }
    fn place(&self, _: &str, _: Layout<'_>) -> Placement {
        Placement { module: String::new(), package: String::new(), is_package: false }
    }
    fn role(&self, _: &str, _: &str) -> Role {
        Role::Production
    }
    fn facts(&self, _: &str) -> FileFacts {
        FileFacts::default()
    }
    fn queries(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }
}
