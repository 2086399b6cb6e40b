//! Skeletons in Rust.

use crate::scaffold::{Route, Target};

/// an axum service in Rust.
pub(crate) struct Rust;

impl Target for Rust {
    fn language(&self) -> &'static str {
        "rust"
    }

    fn summary(&self) -> &'static str {
        "an axum service in Rust"
    }

    fn templates(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("Cargo.toml", include_str!("templates/rust/Cargo.toml.j2")),
            ("src/main.rs", include_str!("templates/rust/main.rs.j2")),
            ("Dockerfile", include_str!("templates/rust/Dockerfile.j2")),
        ]
    }

    fn path(&self, route: &Route) -> String {
        route.braces()
    }
}
