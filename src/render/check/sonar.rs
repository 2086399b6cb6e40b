//! Sonar's generic issues, in the form of `SonarQube` 10.3 and later: `rules` and `issues`.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::model::check::{CheckReport, Finding, Level, RULES, Spot, Status};
use crate::render::check::{CheckFormat, first_site, shortened, standing};

/// Sonar generic issues.
pub struct Sonar;

impl CheckFormat for Sonar {
    fn format(&self) -> &'static str {
        "sonar"
    }

    fn summary(&self) -> &'static str {
        "Sonar generic issues (sonar.externalIssuesReportPaths)"
    }

    fn render(&self, report: &CheckReport) -> String {
        let found: Vec<&Finding> = standing(report).filter(|it| it.status != Status::Waived).collect();
        let used: BTreeSet<&str> = found.iter().map(|it| it.key.rule.as_str()).collect();
        let rules: Vec<Value> = RULES
            .iter()
            .filter(|it| used.contains(it.id))
            .map(|it| {
                json!({
                    "id": it.id,
                    "name": it.summary,
                    "description": it.help,
                    "engineId": "seamline",
                    "cleanCodeAttribute": "MODULAR",
                    "type": "CODE_SMELL",
                    "severity": old_severity(it.level),
                    "impacts": [{ "softwareQuality": "MAINTAINABILITY", "severity": severity(it.level) }],
                })
            })
            .collect();
        let issues: Vec<Value> = found
            .iter()
            .map(|it| {
                let more: Vec<Value> = it.path.iter().take(20).map(|spot| place(spot, &spot.text)).collect();
                let mut issue = json!({
                    "ruleId": it.key.rule,
                    "primaryLocation": place(&first_site(it), &it.message),
                });
                if !more.is_empty() {
                    issue["secondaryLocations"] = json!(more);
                }
                issue
            })
            .collect();
        let mut text = serde_json::to_string_pretty(&json!({ "rules": rules, "issues": issues })).unwrap_or_default();
        text.push('\n');
        text
    }
}

fn place(spot: &Spot, message: &str) -> Value {
    json!({
        "message": shortened(message, 1_000),
        "filePath": spot.path,
        "textRange": { "startLine": spot.line.max(1) },
    })
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "HIGH",
        Level::Warning => "MEDIUM",
        Level::Note => "LOW",
    }
}

fn old_severity(level: Level) -> &'static str {
    match level {
        Level::Error => "CRITICAL",
        Level::Warning => "MAJOR",
        Level::Note => "INFO",
    }
}
