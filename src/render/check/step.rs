//! Markdown for the summary of a pipeline's step.

use crate::model::check::CheckReport;
use crate::render::check::CheckFormat;
use crate::render::check::comment::body;

/// Step summary.
pub struct StepSummary;

/// Most bytes that a step's summary may have.
pub const MAX_BYTES: usize = 1 << 20;

impl CheckFormat for StepSummary {
    fn format(&self) -> &'static str {
        "summary"
    }

    fn summary(&self) -> &'static str {
        "Markdown for a step summary (append it to $GITHUB_STEP_SUMMARY)"
    }

    fn render(&self, report: &CheckReport) -> String {
        body(report, MAX_BYTES / 2)
    }
}
