//! Mermaid for Markdown: the services as a flowchart, who owns which table as an entity diagram, sagas as sequences.
//!
//! Viewers refuse a diagram with more than 500 edges or 50,000 characters, and most of them cannot be told otherwise.
//! So each diagram is written with as much detail as fits, and a comment in it says what was left out.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::model::graph::StoreId;
use crate::model::partition::Place;
use crate::model::plan::{Saga, StepRole, Verdict};
use crate::model::report::{Artifact, Report};
use crate::render::Renderer;
use crate::render::diagram::{Band, Link, LinkKind, Overview, StoreRow, count, overview, place_name};

/// Writes `architecture.mmd`, `ownership.mmd` and `sagas/<number>.mmd`.
pub struct Mermaid;

impl Renderer for Mermaid {
    fn format(&self) -> &'static str {
        "mermaid"
    }

    fn summary(&self) -> &'static str {
        "diagrams for Markdown (architecture.mmd, ownership.mmd, sagas/*.mmd)"
    }

    fn render(&self, report: &Report) -> Vec<Artifact> {
        let artifact = |path: String, text: String| Artifact { path, bytes: text.into_bytes() };
        let mut artifacts = vec![artifact("architecture.mmd".to_owned(), flowchart(&overview(report)))];
        if !report.graph.stores.is_empty() {
            artifacts.push(artifact("ownership.mmd".to_owned(), ownership(report)));
        }
        // Those of which only reads cross need no steps that undo each other.
        let distributed = report.plan.sagas.iter().filter(|it| it.is_distributed());
        for (at, saga) in distributed.enumerate() {
            artifacts.push(artifact(format!("sagas/{:03}.mmd", at + 1), sequence(report, saga)));
        }
        artifacts
    }
}

/// Most edges that viewers draw (`maxEdges`).
pub const MAX_EDGES: usize = 500;
/// Most characters that viewers read (`maxTextSize`).
pub const MAX_CHARS: usize = 50_000;
/// Longest label: names may be longer than any box.
const MAX_LABEL: usize = 64;

/// How much a diagram shows, most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Detail {
    Full,
    /// Only stores that several services touch; tables without columns.
    Shared,
    /// No stores in services; only tables with a foreign key to another service.
    Bare,
    /// As many edges and lines as are allowed.
    Cut,
}

/// The first of the texts, from full to cut, that viewers accept.
fn fitting(write: impl Fn(Detail) -> (String, usize)) -> String {
    for detail in [Detail::Full, Detail::Shared, Detail::Bare] {
        let (text, edges) = write(detail);
        if edges <= MAX_EDGES && text.chars().count() <= MAX_CHARS {
            return text;
        }
    }
    write(Detail::Cut).0
}

/// The services as a flowchart with a subgraph each.
pub(super) fn flowchart(overview: &Overview) -> String {
    fitting(|detail| flowchart_at(overview, detail))
}

fn flowchart_at(overview: &Overview, detail: Detail) -> (String, usize) {
    let mut text = String::new();
    let mut notes = overview.notes.clone();
    match detail {
        Detail::Full => {}
        Detail::Shared => notes.push("only stores that several services touch are drawn".to_owned()),
        Detail::Bare | Detail::Cut => notes.push("stores are not drawn".to_owned()),
    }
    let links: Vec<&Link> = overview.links.iter().take(MAX_EDGES - 2 * KEPT_APART).collect();
    if links.len() < overview.links.len() {
        notes.push(format!("{} of {} seams are drawn, the heaviest", links.len(), overview.links.len()));
    }
    for note in &notes {
        let _ = writeln!(text, "%% folded: {}", line(note));
    }
    let _ = writeln!(text, "flowchart TB");
    let _ = writeln!(text, "  accTitle: Architecture of {}", plain(&overview.title));
    let _ = writeln!(text, "  accDescr: {}", plain(&overview.subtitle));
    let mut frames = Vec::new();
    band(&mut text, "edge", "Edge layer", &overview.edge, detail, &mut frames);
    if overview.services.is_empty() {
        text.push_str("  none[\"No service is proposed\"]\n");
    }
    for (at, service) in overview.services.iter().enumerate() {
        let confidence = service.confidence.map(|it| format!("confidence {:.0} %", it * 100.0));
        let facts: Vec<&str> = service.facts.iter().map(String::as_str).chain(confidence.as_deref()).collect();
        let title = format!("<b>{}</b><br/>{}", label(&service.name), label(&facts.join(" · ")));
        let rows: Vec<&StoreRow> = service.stores.iter().filter(|it| drawn(it, detail)).collect();
        if rows.is_empty() {
            let _ = writeln!(text, "  s{at}[\"{title}\"]:::service");
            continue;
        }
        // Titles of subgraphs have one line: viewers draw the members over a second one.
        let fact = facts.first().map_or(String::new(), |it| format!(" · {}", label(it)));
        let _ = writeln!(text, "  subgraph s{at}[\"<b>{}</b>{fact}\"]", label(&service.name));
        frames.push(format!("s{at}"));
        for row in rows {
            store(&mut text, row);
        }
        if detail == Detail::Full && service.hidden > 0 {
            let _ = writeln!(text, "    more{at}[\"and {} more\"]:::more", service.hidden);
        }
        text.push_str("  end\n");
    }
    band(&mut text, "kernel", "Shared kernel", &overview.kernel, detail, &mut frames);
    for link in &links {
        let _ = writeln!(text, "  s{} {}|\"{}\"| s{}", link.from, arrow(link), label(&link.parts.join(" · ")), link.to);
    }
    let mut edges = links.len();
    // Invisible links keep the layers above and below where that is cheap.
    if overview.services.len() <= KEPT_APART {
        for at in 0..overview.services.len() {
            for (shown, line) in [
                (!overview.edge.is_empty(), format!("  edge ~~~ s{at}")),
                (!overview.kernel.is_empty(), format!("  s{at} ~~~ kernel")),
            ] {
                if shown {
                    let _ = writeln!(text, "{line}");
                    edges += 1;
                }
            }
        }
    }
    for (kind, color) in [(LinkKind::Data, "#cf7413"), (LinkKind::Transaction, "#c22a4d")] {
        let numbers: Vec<String> =
            links.iter().enumerate().filter(|it| it.1.kind == kind).map(|it| it.0.to_string()).collect();
        if !numbers.is_empty() {
            let _ = writeln!(text, "  linkStyle {} stroke:{color}", numbers.join(","));
        }
    }
    if !frames.is_empty() {
        let _ = writeln!(text, "  class {} frame", frames.join(","));
    }
    text.push_str("  classDef frame fill:#f5f7fa,stroke:#b9c4d2,color:#1b2430\n");
    text.push_str("  classDef service fill:#eaf0f8,stroke:#b9c4d2,color:#1b2430\n");
    text.push_str("  classDef shared fill:#fff1da,stroke:#e9b96a,color:#7a4300\n");
    text.push_str("  classDef more fill:none,stroke:none\n");
    (text, edges)
}

/// Most services with invisible links to the layers.
const KEPT_APART: usize = 16;

fn drawn(row: &StoreRow, detail: Detail) -> bool {
    match detail {
        Detail::Full => true,
        Detail::Shared => row.verdict.is_some(),
        Detail::Bare | Detail::Cut => false,
    }
}

fn store(text: &mut String, row: &StoreRow) {
    let name = label(&row.name);
    let _ = match row.verdict {
        Some(verdict) => {
            writeln!(text, "    t{}[(\"{name}<br/><i>{}</i>\")]:::shared", row.id.0, label(verdict.words()))
        }
        None => writeln!(text, "    t{}[(\"{name}\")]", row.id.0),
    };
}

fn band(text: &mut String, id: &str, title: &str, band: &Band, detail: Detail, frames: &mut Vec<String>) {
    if band.is_empty() {
        return;
    }
    let _ = writeln!(text, "  subgraph {id}[\"{title}\"]");
    frames.push(id.to_owned());
    for row in band.stores.iter().filter(|it| detail != Detail::Cut || it.verdict.is_some()) {
        store(text, row);
    }
    for (at, module) in band.modules.iter().enumerate() {
        let _ = writeln!(text, "    {id}{at}(\"{}\")", label(&module.label));
    }
    if band.hidden > 0 {
        let _ = writeln!(text, "    {id}more[\"and {} more\"]:::more", band.hidden);
    }
    text.push_str("  end\n");
}

fn arrow(link: &Link) -> &'static str {
    match (link.kind, link.both) {
        _ if !link.directed => "---",
        (LinkKind::Code, false) => "-.->",
        (LinkKind::Code, true) => "<-.->",
        (_, false) => "-->",
        (_, true) => "<-->",
    }
}

/// Tables with their owner, keys, and the foreign keys between them; a dotted line crosses a boundary.
fn ownership(report: &Report) -> String {
    fitting(|detail| ownership_at(report, detail))
}

fn ownership_at(report: &Report, detail: Detail) -> (String, usize) {
    /// Most tables of a diagram that has to be cut.
    const MAX_TABLES: usize = 150;
    let graph = &report.graph;
    let place = |id: StoreId| report.partition.store(id);
    let crosses = |from: StoreId, to: StoreId| place(from) != place(to);
    let mut keys: Vec<(StoreId, StoreId, String, bool)> = Vec::new();
    for from in graph.store_ids() {
        for key in &graph.store(from).foreign_keys {
            keys.push((from, key.store, key.columns.join(", "), crosses(from, key.store)));
        }
    }
    let mut shown: Vec<StoreId> = match detail {
        Detail::Full | Detail::Shared => graph.store_ids().collect(),
        Detail::Bare | Detail::Cut => {
            keys.retain(|it| it.3);
            graph.store_ids().filter(|&id| keys.iter().any(|it| it.0 == id || it.1 == id)).collect()
        }
    };
    let mut notes = Vec::new();
    match detail {
        Detail::Full => {}
        Detail::Shared => notes.push("columns are not drawn".to_owned()),
        Detail::Bare | Detail::Cut => {
            notes.push("only tables with a foreign key across a boundary are drawn, without columns".to_owned());
        }
    }
    if detail == Detail::Cut && shown.len() > MAX_TABLES {
        notes.push(format!("the first {MAX_TABLES} of {} tables are drawn", shown.len()));
        shown.truncate(MAX_TABLES);
    }
    keys.retain(|it| shown.contains(&it.0) && shown.contains(&it.1));
    if detail == Detail::Cut && keys.len() > MAX_TABLES {
        notes.push(format!("the first {MAX_TABLES} of {} foreign keys are drawn", keys.len()));
        keys.truncate(MAX_TABLES);
    }
    let mut text = String::new();
    for note in notes {
        let _ = writeln!(text, "%% folded: {}", line(&note));
    }
    text.push_str("erDiagram\n");
    for &id in &shown {
        let store = graph.store(id);
        let owner = label(place_name(report, place(id)));
        let name = label(&store.name);
        if detail > Detail::Full {
            let _ = writeln!(text, "  t{}[\"{name} · {owner}\"]", id.0);
            continue;
        }
        let verdict = report.plan.stores.get(id.index()).filter(|it| it.is_shared()).map(|it| it.verdict);
        let words = verdict.map_or(String::new(), |it: Verdict| format!(" · {}", label(it.words())));
        let foreign = |column: &str| store.foreign_keys.iter().any(|it| it.columns.iter().any(|it| it == column));
        let columns: Vec<String> = (store.columns.iter())
            .filter_map(|it| {
                let marks = match (it.primary_key, foreign(&it.name)) {
                    (true, true) => "PK, FK",
                    (true, false) => "PK",
                    (false, true) => "FK",
                    (false, false) => return None,
                };
                Some(format!("    {} {} {marks}\n", word(&it.type_name), word(&it.name)))
            })
            .collect();
        let _ = if columns.is_empty() {
            writeln!(text, "  t{}[\"{name} · {owner}{words}\"]", id.0)
        } else {
            writeln!(text, "  t{}[\"{name} · {owner}{words}\"] {{\n{}  }}", id.0, columns.concat())
        };
    }
    let edges = keys.len();
    for (from, to, columns, crosses) in keys {
        let dash = if crosses { ".." } else { "--" };
        let note = if crosses { "crosses: " } else { "" };
        let _ = writeln!(text, "  t{} }}o{dash}|| t{} : \"{note}{}\"", from.0, to.0, label(&columns));
    }
    (text, edges)
}

/// One transaction as the messages it would become.
fn sequence(report: &Report, saga: &Saga) -> String {
    /// Most steps that are drawn.
    const MAX_STEPS: usize = 100;
    let graph = &report.graph;
    let mut places: BTreeMap<Place, usize> = BTreeMap::new();
    let home = saga.home;
    for place in std::iter::once(home).chain(saga.steps.iter().map(|it| it.place)) {
        let next = places.len();
        places.entry(place).or_insert(next);
    }
    let mut ordered: Vec<(usize, Place)> = places.iter().map(|(&place, &at)| (at, place)).collect();
    ordered.sort_unstable();
    let mut text = String::new();
    if saga.steps.len() > MAX_STEPS {
        let _ = writeln!(text, "%% folded: the first {MAX_STEPS} of {} are drawn", count(saga.steps.len(), "step"));
    }
    text.push_str("sequenceDiagram\n");
    let _ = writeln!(text, "  accTitle: {}", plain(&graph.symbol(saga.symbol).name));
    let _ = writeln!(text, "  accDescr: {}", plain(&graph.place(saga.evidence)));
    for (at, place) in &ordered {
        let _ = writeln!(text, "  participant p{at} as {}", label(place_name(report, *place)));
    }
    let from = places[&home];
    for step in saga.steps.iter().take(MAX_STEPS) {
        let to = places[&step.place];
        let what = label(&format!("{} {}", step.operation.as_str(), graph.store(step.store).name));
        let arrow = if step.role == StepRole::Retriable { "-)" } else { "->>" };
        let _ = writeln!(text, "  p{from}{arrow}p{to}: {what}");
        let note = match step.role {
            StepRole::Read => continue,
            StepRole::Compensatable => format!("undo: {}", step.undo),
            StepRole::Pivot => "point of no return".to_owned(),
            StepRole::Retriable => "retried until it succeeds".to_owned(),
        };
        let _ = writeln!(text, "  Note over p{to}: {}", label(&note));
    }
    text
}

/// A label inside double quotes: anything that means something to some parser or to HTML stands as its code.
fn label(text: &str) -> String {
    let mut label = String::new();
    for (at, letter) in line(text).chars().enumerate() {
        if at == MAX_LABEL {
            label.push('…');
            break;
        }
        match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' | '_' | '.' | ',' | ':' | '/' | '-' | '(' | ')' | '+' => {
                label.push(letter);
            }
            _ if letter.is_ascii() => {
                let _ = write!(label, "#{};", letter as u32);
            }
            _ => label.push(letter),
        }
    }
    if label.is_empty() { "-".to_owned() } else { label }
}

/// Text without quotes up to the end of its line.
fn plain(text: &str) -> String {
    let plain: String = line(text).chars().map(|it| if "\"#;{}<>&`%\\".contains(it) { ' ' } else { it }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One line without control characters and marks that turn the direction of text.
fn line(text: &str) -> String {
    let kept = text.chars().filter(|it| !matches!(it, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'));
    let spaced: String = kept.map(|it| if it.is_control() { ' ' } else { it }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A type or an attribute of an entity: letters, digits and `_`.
fn word(text: &str) -> String {
    let word: String = text.chars().take(40).map(|it| if it.is_ascii_alphanumeric() { it } else { '_' }).collect();
    match word.bytes().next() {
        None => "unknown".to_owned(),
        Some(first) if first.is_ascii_alphabetic() => word,
        Some(_) => format!("x{word}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_hold_nothing_that_a_parser_reads() {
        assert_eq!(label("a \"b\" <c> #1; %%{x}"), "a #34;b#34; #60;c#62; #35;1#59; #37;#37;#123;x#125;");
        assert_eq!(label("größe\n注文"), "größe 注文");
        assert_eq!(label(""), "-");
        assert_eq!(label(&"x".repeat(300)).chars().count(), MAX_LABEL + 1);
        assert_eq!(word("NUMERIC(10, 2)"), "NUMERIC_10__2_");
        assert_eq!([word(""), word("2x"), word("_id")], ["unknown", "x2x", "x_id"]);
    }

    #[test]
    fn the_first_text_that_fits_is_taken() {
        let sizes = |edges: [usize; 4]| fitting(|detail| (format!("{detail:?}"), edges[detail as usize]));
        assert_eq!(sizes([500, 0, 0, 0]), "Full");
        assert_eq!(sizes([501, 1, 0, 0]), "Shared");
        assert_eq!(sizes([501, 501, 501, 501]), "Cut");
        let long = fitting(|detail| if detail == Detail::Bare { (String::new(), 0) } else { ("x".repeat(50_001), 0) });
        assert_eq!(long, "");
    }
}
