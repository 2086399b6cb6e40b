//! The summary that `seamline analyze` prints to the terminal.

use crate::model::report::{Artifact, Report};
use crate::render::Renderer;

/// Writes `summary.txt`: the terminal's summary without colors.
pub struct Summary;

impl Renderer for Summary {
    fn format(&self) -> &'static str {
        "text"
    }

    fn summary(&self) -> &'static str {
        "the summary of the terminal (summary.txt)"
    }

    fn render(&self, report: &Report) -> Vec<Artifact> {
        vec![Artifact { path: "summary.txt".to_owned(), bytes: summary(report, Color::Never, WIDTH).into_bytes() }]
    }
}

/// Columns of the summary where the terminal does not say.
pub const WIDTH: usize = 100;

/// Whether the summary carries terminal colors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    Always,
    Never,
}

/// The summary, at most `width` columns wide, with a final line break.
pub fn summary(report: &Report, _color: Color, _width: usize) -> String {
    format!("{}\n", report.graph.name)
}
