//! SARIF 2.1.0 in the subset that code scanning of forges reads (OASIS standard; limits as GitHub documents them).
//!
//! Stable rule ids, fingerprints without lines, `baselineState`, and the way from function to table as related locations
//! and as a code flow. What went away is left out: a viewer that does not know `baselineState` would show it as open.

use serde_json::{Value, json};

use crate::model::check::{CheckReport, Finding, Level, RULES, Spot, Status};
use crate::render::check::fingerprint::Fingerprints;
use crate::render::check::{CheckFormat, first_site, shortened, standing, uri};

/// SARIF 2.1.0.
pub struct Sarif;

/// Most results that are shown (25,000 are accepted).
pub const MAX_RESULTS: usize = 5_000;
/// Most locations of a result that are shown (1,000 are accepted).
pub const MAX_LOCATIONS: usize = 100;
/// Longest message kept, in characters; ten megabytes compressed are accepted for the whole.
const MAX_MESSAGE: usize = 1_000;

impl CheckFormat for Sarif {
    fn format(&self) -> &'static str {
        "sarif"
    }

    fn summary(&self) -> &'static str {
        "SARIF 2.1.0, for code scanning"
    }

    fn render(&self, report: &CheckReport) -> String {
        let rules: Vec<Value> = RULES
            .iter()
            .map(|it| {
                let name: String = it.id.split('-').map(|part| part[..1].to_uppercase() + &part[1..]).collect();
                json!({
                    "id": it.id,
                    "name": name,
                    "shortDescription": { "text": sentence(it.summary) },
                    "fullDescription": { "text": sentence(it.summary) },
                    "help": { "text": it.help, "markdown": it.help },
                    "defaultConfiguration": { "level": it.level.word() },
                    "properties": { "tags": ["architecture", "coupling"], "precision": "high" },
                })
            })
            .collect();
        let mut prints = Fingerprints::default();
        let results: Vec<Value> = standing(report).take(MAX_RESULTS).map(|it| result(it, &mut prints)).collect();
        let left_out = standing(report).count() - results.len();
        let mut notes: Vec<Value> =
            report.notes.iter().map(|it| json!({ "level": "note", "message": { "text": it } })).collect();
        if left_out > 0 {
            let text = format!("{left_out} known findings are left out, so that viewers take the file");
            notes.push(json!({ "level": "note", "message": { "text": text } }));
        }
        let document = json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": "Seamline",
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": rules,
                } },
                "automationDetails": { "id": "seamline/check/" },
                "invocations": [{ "executionSuccessful": true, "toolExecutionNotifications": notes }],
                "columnKind": "unicodeCodePoints",
                "results": results,
            }],
        });
        let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
        text.push('\n');
        text
    }
}

fn result(finding: &Finding, prints: &mut Fingerprints) -> Value {
    let print = prints.of(finding);
    let primary = first_site(finding);
    let related: Vec<Value> = finding
        .path
        .iter()
        .chain(finding.sites.iter().skip(1))
        .take(MAX_LOCATIONS)
        .enumerate()
        .map(|(at, it)| {
            let mut found = location(it);
            found["id"] = json!(at);
            found
        })
        .collect();
    let mut found = json!({
        "ruleId": finding.key.rule,
        "ruleIndex": RULES.iter().position(|it| it.id == finding.key.rule),
        "level": finding.level.word(),
        "message": { "text": shortened(&finding.message, MAX_MESSAGE) },
        "locations": [location(&primary)],
        "partialFingerprints": { "primaryLocationLineHash": format!("{print}:1"), "seamlineKey/v1": print },
        "baselineState": if finding.status == Status::New { "new" } else { "unchanged" },
        "properties": {
            "source": finding.key.source,
            "target": finding.key.target,
            "object": finding.key.object,
        },
    });
    if finding.level == Level::Note {
        found["kind"] = json!("informational");
        found["level"] = json!("none");
    }
    if !related.is_empty() {
        found["relatedLocations"] = json!(related);
    }
    if finding.path.len() > 1 {
        let steps: Vec<Value> =
            finding.path.iter().take(MAX_LOCATIONS).map(|it| json!({ "location": location(it) })).collect();
        found["codeFlows"] = json!([{ "threadFlows": [{ "locations": steps }] }]);
    }
    if let (Status::Waived, Some((reason, link, day))) = (finding.status, &finding.waiver) {
        let words = format!("{reason} ({link}), until {day}");
        found["suppressions"] = json!([{ "kind": "external", "status": "accepted", "justification": words }]);
    }
    found
}

fn location(spot: &Spot) -> Value {
    let mut found = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(&spot.path), "uriBaseId": "%SRCROOT%" },
            "region": { "startLine": spot.line.max(1) },
        },
    });
    if !spot.text.is_empty() {
        found["message"] = json!({ "text": shortened(&spot.text, MAX_MESSAGE) });
    }
    found
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|it| it.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}
