//! What `check` found, to the forms that forges, editors and dashboards read; one file per format.
//!
//! To add one, write the file, implement [`CheckFormat`] and put it into [`FORMATS`]; `--format` values, help,
//! completions and tests derive from there.

pub mod annotations;
pub mod codequality;
pub mod comment;
pub mod fingerprint;
pub mod json;
pub mod junit;
pub mod openmetrics;
pub mod rdjsonl;
pub mod sarif;
pub mod sonar;
pub mod step;
pub mod text;

use crate::model::check::{CheckReport, Finding, Spot, Status};

/// One form of the answer.
pub trait CheckFormat: Sync {
    /// Value of `--format`: lower case, unique.
    fn format(&self) -> &'static str;

    /// One line for help texts.
    fn summary(&self) -> &'static str;

    /// The whole text; the same bytes for the same report.
    fn render(&self, report: &CheckReport) -> String;
}

/// Every form, sorted by [`CheckFormat::format`].
pub static FORMATS: &[&dyn CheckFormat] = &[
    &codequality::CodeQuality,
    &comment::Comment,
    &annotations::Annotations,
    &json::Json,
    &junit::JUnit,
    &openmetrics::OpenMetrics,
    &rdjsonl::RdJsonl,
    &sarif::Sarif,
    &sonar::Sonar,
    &step::StepSummary,
    &text::Text,
];

/// The form with this name, where there is one.
pub fn format(name: &str) -> Option<&'static dyn CheckFormat> {
    FORMATS.iter().find(|it| it.format() == name).copied()
}

/// The place shown where only one can be; a finding without one stands at the start of the project.
fn first_site(finding: &Finding) -> Spot {
    let mut spot = finding.sites.first().cloned().unwrap_or_default();
    if spot.path.is_empty() {
        ".".clone_into(&mut spot.path);
    }
    spot.line = spot.line.max(1);
    spot
}

/// New findings, errors first, then those that are known or waived.
fn standing(report: &CheckReport) -> impl Iterator<Item = &Finding> {
    report.findings.iter().filter(|it| it.status != Status::Gone)
}

/// At most `limit` characters, with a mark where something was cut.
fn shortened(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(limit.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// Path as a URI reference: everything but unreserved characters and `/` as `%XX` of its UTF-8 bytes.
fn uri(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => text.push(byte as char),
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_sorted_and_unique() {
        let formats: Vec<_> = FORMATS.iter().map(|it| it.format()).collect();
        assert!(formats.is_sorted_by(|a, b| a < b), "{formats:?}");
        assert!(formats.iter().all(|it| format(it).is_some_and(|it| !it.summary().is_empty())));
    }

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("a b/ü%.py"), "a%20b/%C3%BC%25.py");
        assert_eq!(shortened("abcdef", 4), "abc…");
    }
}
