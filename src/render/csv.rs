//! `ledger.csv`: one line per access to a store, for spreadsheets (RFC 4180, UTF-8, lines end with CR LF).

use crate::model::graph::Confidence;
use crate::model::report::{Artifact, Report};
use crate::model::sql::Effect;
use crate::render::Renderer;
use crate::render::diagram::{kind_word, place_name};

/// Writes `ledger.csv`.
pub struct LedgerCsv;

impl Renderer for LedgerCsv {
    fn format(&self) -> &'static str {
        "csv"
    }

    fn summary(&self) -> &'static str {
        "who reads and writes which store, a line per site (ledger.csv)"
    }

    fn render(&self, report: &Report) -> Vec<Artifact> {
        vec![Artifact { path: "ledger.csv".to_owned(), bytes: ledger(report).into_bytes() }]
    }
}

const COLUMNS: [&str; 14] = [
    "store",
    "kind",
    "owner",
    "verdict",
    "by",
    "effect",
    "operation",
    "symbol",
    "columns",
    "confidence",
    "via",
    "file",
    "line",
    "in_loop",
];

/// The ledger, sorted by store, then file and line. A store that nobody touches has one line with its owner.
fn ledger(report: &Report) -> String {
    let graph = &report.graph;
    let mut text = String::new();
    row(&mut text, &COLUMNS);
    let mut sites: Vec<_> = graph.accesses.iter().collect();
    sites.sort_by_key(|it| (it.store, it.evidence.file, it.evidence.line, it.operation, it.symbol));
    let mut sites = sites.into_iter().peekable();
    for id in graph.store_ids() {
        let store = graph.store(id);
        let owner = place_name(report, report.partition.store(id));
        let verdict = report.plan.stores.get(id.index()).map_or("", |it| it.verdict.id());
        let head = [store.name.as_str(), kind_word(store.kind), owner, verdict];
        if sites.peek().is_none_or(|it| it.store != id) {
            row(&mut text, &[head[0], head[1], head[2], head[3], "", "", "", "", "", "", "", "", "", ""]);
        }
        while let Some(it) = sites.next_if(|it| it.store == id) {
            let line = it.evidence.line.to_string();
            let columns = it.columns.join(" ");
            row(
                &mut text,
                &[
                    head[0],
                    head[1],
                    head[2],
                    head[3],
                    place_name(report, report.partition.symbol(it.symbol)),
                    effect_word(it.operation.effect()),
                    it.operation.as_str(),
                    &graph.symbol(it.symbol).name,
                    &columns,
                    confidence_word(it.confidence),
                    &it.via,
                    &graph.file(it.evidence.file).path,
                    &line,
                    if it.in_loop { "true" } else { "false" },
                ],
            );
        }
    }
    text
}

fn row(text: &mut String, fields: &[&str]) {
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        if field.contains([',', '"', '\r', '\n']) || field.starts_with(' ') || field.ends_with(' ') {
            text.push('"');
            text.push_str(&field.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(field);
        }
    }
    text.push_str("\r\n");
}

pub(super) fn effect_word(effect: Effect) -> &'static str {
    match effect {
        Effect::Read => "read",
        Effect::Write => "write",
    }
}

pub(super) fn confidence_word(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Certain => "certain",
        Confidence::Likely => "likely",
        Confidence::Guess => "guess",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        let mut text = String::new();
        row(&mut text, &["plain", "a,b", "say \"x\"", "two\nlines", "größe"]);
        assert_eq!(text, "plain,\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",größe\r\n");
    }
}
