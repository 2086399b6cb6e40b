//! A report to artifacts, one file per format.
//!
//! A renderer is a pure function of the [`Report`]: it opens no file and asks no clock. To add one, write the file,
//! implement [`Renderer`] and put it into [`RENDERERS`]; `--format` values, help, completions and tests derive from there.

pub mod check;
pub mod csv;
pub mod diagram;
pub mod enforce;
pub mod html;
pub mod json;
pub mod markdown;
pub mod mermaid;
pub(crate) mod overview;
pub mod svg;
pub mod text;
pub mod trend;
pub mod trend_chart;

use crate::model::report::{Artifact, Report};

/// One output format.
pub trait Renderer: Sync {
    /// Value of `--format`: lower case, unique.
    fn format(&self) -> &'static str;

    /// One line for help texts: what comes out, in which file.
    fn summary(&self) -> &'static str;

    /// Files to write, paths relative to the output folder.
    fn render(&self, report: &Report) -> Vec<Artifact>;
}

/// Every format, sorted by [`Renderer::format`].
pub static RENDERERS: &[&dyn Renderer] = &[
    &csv::LedgerCsv,
    &json::GraphJson,
    &html::Html,
    &json::ReportJson,
    &markdown::Markdown,
    &mermaid::Mermaid,
    &svg::Svg,
    &text::Summary,
];

/// The renderer of a format, where there is one.
pub fn renderer(format: &str) -> Option<&'static dyn Renderer> {
    RENDERERS.iter().find(|it| it.format() == format).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_sorted_and_unique() {
        let formats: Vec<_> = RENDERERS.iter().map(|it| it.format()).collect();
        assert!(formats.is_sorted_by(|a, b| a < b), "{formats:?}");
        for format in formats {
            assert!(renderer(format).is_some_and(|it| !it.summary().is_empty()));
        }
    }
}
