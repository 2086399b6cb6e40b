//! GitLab's Code Quality report: one array; GitLab itself compares two of them by fingerprint.

use serde_json::{Value, json};

use crate::model::check::{CheckReport, Level, Status};
use crate::render::check::fingerprint::Fingerprints;
use crate::render::check::{CheckFormat, first_site, standing};

/// GitLab Code Quality.
pub struct CodeQuality;

impl CheckFormat for CodeQuality {
    fn format(&self) -> &'static str {
        "codequality"
    }

    fn summary(&self) -> &'static str {
        "GitLab Code Quality (gl-code-quality-report.json)"
    }

    fn render(&self, report: &CheckReport) -> String {
        let mut prints = Fingerprints::default();
        let issues: Vec<Value> = standing(report)
            .filter(|it| it.status != Status::Waived)
            .map(|it| {
                let site = first_site(it);
                json!({
                    "type": "issue",
                    "categories": ["Complexity"],
                    "description": it.message,
                    "check_name": it.key.rule,
                    "fingerprint": prints.of(it),
                    "severity": match it.level {
                        Level::Error => "critical",
                        Level::Warning => "major",
                        Level::Note => "info",
                    },
                    "location": { "path": site.path, "lines": { "begin": site.line } },
                })
            })
            .collect();
        let mut text = serde_json::to_string_pretty(&issues).unwrap_or_default();
        text.push('\n');
        text
    }
}
