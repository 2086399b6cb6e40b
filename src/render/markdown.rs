//! `plan.md`: the plan as a document that a tech lead can read aloud.

use crate::model::report::{Artifact, Report};
use crate::render::Renderer;

/// Writes `plan.md`.
pub struct Markdown;

impl Renderer for Markdown {
    fn format(&self) -> &'static str {
        "markdown"
    }

    fn summary(&self) -> &'static str {
        "the plan as a document (plan.md)"
    }

    fn render(&self, report: &Report) -> Vec<Artifact> {
        vec![Artifact { path: "plan.md".to_owned(), bytes: format!("# {}\n", report.graph.name).into_bytes() }]
    }
}
