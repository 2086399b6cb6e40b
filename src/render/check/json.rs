//! `seamline.check/1`: its own types, apart from those the program works with, so that the form can stay as it is.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::check::{CheckReport, Finding, Spot};
use crate::render::check::CheckFormat;
use crate::render::check::fingerprint::Fingerprints;

/// JSON for programs.
pub struct Json;

impl CheckFormat for Json {
    fn format(&self) -> &'static str {
        "json"
    }

    fn summary(&self) -> &'static str {
        "for programs, `seamline.check/1`"
    }

    fn render(&self, report: &CheckReport) -> String {
        let mut text = serde_json::to_string_pretty(&document(report)).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// The answer of `seamline check`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Document {
    /// `seamline.check/1`.
    pub schema: String,
    /// Version of the program.
    pub tool: String,
    pub project: String,
    /// Commit compared with.
    pub base: Option<String>,
    /// Commit checked.
    pub head: Option<String>,
    /// Whether the run fails (exit code 1).
    pub failed: bool,
    /// Where the boundaries come from, in words.
    pub boundaries: String,
    pub services: Vec<String>,
    /// What stands in the revision checked: new first, then waived, then known; errors first; by key.
    pub findings: Vec<DocumentFinding>,
    /// What the base revision or the baseline had and the one checked has not.
    pub gone: Vec<DocumentFinding>,
    /// Every figure, moved or not.
    pub metrics: Vec<DocumentDelta>,
    /// What crosses between each two services.
    pub seams: Vec<DocumentSeam>,
    /// Renamed between the revisions and followed.
    pub renamed: Vec<Renamed>,
    /// What the reader should know about how this came about.
    pub notes: Vec<String>,
}

/// One finding.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DocumentFinding {
    pub rule: String,
    /// Who does it: a qualified name, a store or a service.
    pub source: String,
    pub target: String,
    pub object: String,
    /// `error`, `warning` or `note`.
    pub level: String,
    /// `new`, `waived`, `known` or `gone`.
    pub status: String,
    /// Stable across edits elsewhere: no line stands in it.
    pub fingerprint: String,
    pub message: String,
    pub services: Vec<String>,
    /// Where it happens.
    pub sites: Vec<Place>,
    /// From one end to the other.
    pub path: Vec<Place>,
    pub waiver: Option<Accepted>,
    /// Known because it moved within its service: the source or the target that the base revision had instead.
    pub moved_from: Option<String>,
}

/// A place.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Place {
    /// From the project's root, with `/`.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// What stands there; may be empty.
    pub text: String,
}

/// Why a finding is accepted.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Accepted {
    pub reason: String,
    pub link: String,
    /// Last day, `2026-12-31`.
    pub expires: String,
}

/// A figure before and after.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DocumentDelta {
    pub metric: String,
    /// The whole system when `null`.
    pub service: Option<String>,
    /// In the base revision, or in the baseline.
    pub before: Option<f64>,
    pub after: Option<f64>,
}

/// What crosses from one service to another.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DocumentSeam {
    pub from: String,
    pub to: String,
    pub crossings: Vec<Crossing>,
}

/// Findings of a rule between two services.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Crossing {
    pub rule: String,
    pub before: u32,
    pub after: u32,
}

/// A name that stands for another.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Renamed {
    pub before: String,
    pub after: String,
}

/// The report under its public types.
pub fn document(report: &CheckReport) -> Document {
    let mut prints = Fingerprints::default();
    Document {
        schema: "seamline.check/1".to_owned(),
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        project: report.project.clone(),
        base: report.base.clone(),
        head: report.head.clone(),
        failed: report.failed(),
        boundaries: report.boundaries.clone(),
        services: report.services.clone(),
        findings: report.findings.iter().map(|it| finding(it, &mut prints)).collect(),
        gone: report.gone.iter().map(|it| finding(it, &mut prints)).collect(),
        metrics: report
            .deltas
            .iter()
            .map(|it| DocumentDelta {
                metric: it.metric.clone(),
                service: it.service.clone(),
                before: it.before,
                after: it.after,
            })
            .collect(),
        seams: report
            .seams
            .iter()
            .map(|it| DocumentSeam {
                from: it.from.clone(),
                to: it.to.clone(),
                crossings: it
                    .counts
                    .iter()
                    .map(|it| Crossing { rule: it.0.clone(), before: it.1, after: it.2 })
                    .collect(),
            })
            .collect(),
        renamed: report.renamed.iter().map(|it| Renamed { before: it.0.clone(), after: it.1.clone() }).collect(),
        notes: report.notes.clone(),
    }
}

fn finding(it: &Finding, prints: &mut Fingerprints) -> DocumentFinding {
    let places = |spots: &[Spot]| {
        spots.iter().map(|it| Place { file: it.path.clone(), line: it.line, text: it.text.clone() }).collect()
    };
    DocumentFinding {
        rule: it.key.rule.clone(),
        source: it.key.source.clone(),
        target: it.key.target.clone(),
        object: it.key.object.clone(),
        level: it.level.word().to_owned(),
        status: format!("{:?}", it.status).to_lowercase(),
        fingerprint: prints.of(it),
        message: it.message.clone(),
        services: it.services.clone(),
        sites: places(&it.sites),
        path: places(&it.path),
        waiver: it.waiver.clone().map(|(reason, link, expires)| Accepted { reason, link, expires }),
        moved_from: it.moved_from.clone(),
    }
}
