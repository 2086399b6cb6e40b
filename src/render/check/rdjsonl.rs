//! reviewdog's diagnostics, one JSON object a line: what is new, for comments on the lines of a pull request.

use serde_json::{Value, json};

use crate::model::check::{CheckReport, Level, Spot, Status};
use crate::render::check::{CheckFormat, first_site};

/// `rdjsonl`.
pub struct RdJsonl;

impl CheckFormat for RdJsonl {
    fn format(&self) -> &'static str {
        "rdjsonl"
    }

    fn summary(&self) -> &'static str {
        "reviewdog diagnostics, one a line"
    }

    fn render(&self, report: &CheckReport) -> String {
        let mut text = String::new();
        for finding in report.with(Status::New) {
            let related: Vec<Value> = finding
                .path
                .iter()
                .take(20)
                .map(|it| json!({ "message": it.text, "location": location(it) }))
                .collect();
            let line = json!({
                "message": finding.message,
                "location": location(&first_site(finding)),
                "severity": match finding.level {
                    Level::Error => "ERROR",
                    Level::Warning => "WARNING",
                    Level::Note => "INFO",
                },
                "source": { "name": "seamline" },
                "code": { "value": finding.key.rule },
                "relatedLocations": related,
            });
            text.push_str(&line.to_string());
            text.push('\n');
        }
        text
    }
}

fn location(spot: &Spot) -> Value {
    json!({ "path": spot.path, "range": { "start": { "line": spot.line.max(1), "column": 1 } } })
}
