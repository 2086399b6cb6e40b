//! Skeletons in Go.

use heck::ToUpperCamelCase;

use crate::scaffold::{Route, Target};

/// a net/http service in Go, standard library only.
pub(crate) struct Go;

impl Target for Go {
    fn language(&self) -> &'static str {
        "go"
    }

    fn handler(&self, name: &str) -> String {
        format!("handle{}", name.to_upper_camel_case())
    }

    fn summary(&self) -> &'static str {
        "a net/http service in Go, standard library only"
    }

    fn templates(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("main.go", include_str!("templates/go/main.go.j2")),
            ("main_test.go", include_str!("templates/go/main_test.go.j2")),
            ("go.mod", include_str!("templates/go/go.mod.j2")),
            ("Dockerfile", include_str!("templates/go/Dockerfile.j2")),
        ]
    }

    fn path(&self, route: &Route) -> String {
        route.braces()
    }
}
