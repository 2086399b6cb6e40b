//! `index.html`: the whole report as one page that needs nothing but itself, on screen, in the dark and on paper.
//!
//! The page is the template `templates/report.html` over the published types of `seamline.report/1`, so what it says and
//! what programs read cannot drift apart.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior};
use serde::Serialize;

use crate::measure::cuts::side_by_side;
use crate::model::graph::Access;
use crate::model::plan::{Stage, Verdict};
use crate::model::report::{Artifact, Report};
use crate::model::wording::short_name;
use crate::render::Renderer;
use crate::render::csv::{confidence_word, effect_word};
use crate::render::diagram::{self, grouped, kind_word, place_name};
use crate::render::json::{self, plan::Plan};
use crate::render::overview::why_this_cut;
use crate::render::svg::{self, Embedding, lettering::escape};

/// Writes `index.html`.
pub struct Html;

impl Renderer for Html {
    fn format(&self) -> &'static str {
        "html"
    }

    fn summary(&self) -> &'static str {
        "the whole report as one page (index.html)"
    }

    fn render(&self, report: &Report) -> Vec<Artifact> {
        let page = page(report)
            .unwrap_or_else(|error| format!("<!doctype html>\n<pre>{}</pre>\n", escape(&error.to_string())));
        vec![Artifact { path: "index.html".to_owned(), bytes: page.into_bytes() }]
    }
}

const TEMPLATE: &str = include_str!("templates/report.html");

/// Most lines of the ledger and of blind spots that a page lists; the rest stands in `ledger.csv` and `report.json`.
const MAX_ROWS: usize = 3000;

/// What the template sees.
#[derive(Serialize)]
struct Page<'a> {
    tool: &'static str,
    title: &'a str,
    facts: String,
    convincing: bool,
    verdict: &'a str,
    from_data: bool,
    modularity: f64,
    style: &'static str,
    architecture: String,
    services: Vec<Service<'a>>,
    alternatives: Vec<Alternative<'a>>,
    cuts: Vec<Cut<'a>>,
    why_this_cut: Vec<String>,
    plan: Plan<'a>,
    ledger: Vec<LedgerRow<'a>>,
    ledger_total: usize,
    blind_spots: Vec<Spot<'a>>,
    blind_spots_total: usize,
    /// Sites that were looked at.
    looked_at: u32,
    diagnostics: Vec<Problem<'a>>,
}

#[derive(Serialize)]
struct Service<'a> {
    name: &'a str,
    facts: Vec<String>,
    reasons: &'a [String],
    declared: bool,
    confidence: f64,
    picture: String,
}

#[derive(Serialize)]
struct Alternative<'a> {
    label: &'a str,
    verdict: &'a str,
    services: Vec<&'a str>,
}

/// One row of the comparison.
#[derive(Serialize)]
struct Cut<'a> {
    label: &'a str,
    chosen: bool,
    figures: json::report::Figures,
}

#[derive(Serialize)]
struct LedgerRow<'a> {
    store: &'a str,
    kind: &'static str,
    owner: &'a str,
    by: &'a str,
    effect: &'static str,
    operation: &'static str,
    symbol: &'a str,
    short: String,
    confidence: &'static str,
    file: &'a str,
    line: u32,
    /// Whether someone else than the owner does it.
    foreign: bool,
}

#[derive(Serialize)]
struct Spot<'a> {
    kind: &'a str,
    file: &'a str,
    line: u32,
    detail: &'a str,
}

#[derive(Serialize)]
struct Problem<'a> {
    severity: &'static str,
    file: &'a str,
    line: u32,
    message: &'a str,
}

fn page(report: &Report) -> Result<String, Error> {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?;
    environment.set_syntax(syntax);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_filter("grouped", |number: u64| grouped(number as usize));
    environment.add_filter("percent", |share: f64| format!("{:.0} %", share * 100.0));
    environment.add_filter("count", |number: usize, noun: &str| diagram::count(number, noun));
    environment.add_filter("words", words);
    environment.add_filter("place", place);
    environment.add_filter("prose", prose);
    environment.add_filter("sentence", sentence);
    environment.add_filter("short", |name: &str| short_name(name));
    environment.add_filter("stage", stage);
    environment.add_template("report.html", TEMPLATE)?;
    environment.get_template("report.html")?.render(Serde(&page_of(report)))
}

fn page_of(report: &Report) -> Page<'_> {
    let overview = diagram::overview(report);
    let graph = &report.graph;
    let services = (report.partition.service_ids())
        .map(|id| {
            let candidate = &report.partition.services[id.index()];
            Service {
                name: &candidate.name,
                facts: diagram::service_facts(report, id),
                reasons: &candidate.reasons,
                declared: candidate.declared,
                confidence: candidate.confidence,
                picture: svg::service_svg(&diagram::service_view(report, id), Embedding::Page(id.0 + 1)),
            }
        })
        .collect();
    let alternatives = (report.partition.alternatives.iter())
        .map(|it| Alternative {
            label: &it.label,
            verdict: &it.verdict,
            services: it.services.iter().map(|it| it.name.as_str()).collect(),
        })
        .collect();
    let cuts = side_by_side(graph, &report.partition)
        .into_iter()
        .map(|it| Cut { label: it.label, chosen: it.chosen, figures: it.figures.into() })
        .collect();
    let spots = (graph.counted_blind_spots().take(MAX_ROWS))
        .map(|it| Spot {
            kind: &it.kind,
            file: &graph.file(it.evidence.file).path,
            line: it.evidence.line,
            detail: &it.detail,
        })
        .collect();
    Page {
        tool: env!("CARGO_PKG_VERSION"),
        title: if graph.name.is_empty() { "System" } else { &graph.name },
        facts: overview.subtitle.clone(),
        convincing: report.partition.convincing,
        verdict: &report.partition.verdict,
        from_data: report.partition.from_data,
        modularity: report.partition.modularity,
        style: svg::STYLE,
        architecture: svg::overview_svg(&overview, Embedding::Page(0)),
        services,
        alternatives,
        cuts,
        why_this_cut: why_this_cut(graph, &report.partition),
        plan: json::convert::published_plan(report),
        ledger: ledger(report),
        ledger_total: graph.accesses.len(),
        blind_spots: spots,
        blind_spots_total: graph.counted_blind_spots().count(),
        looked_at: graph.sites,
        diagnostics: problems(report),
    }
}

/// By store, file and line; where there are too many, what crosses a boundary stays.
fn ledger(report: &Report) -> Vec<LedgerRow<'_>> {
    let graph = &report.graph;
    let foreign = |it: &Access| report.partition.symbol(it.symbol) != report.partition.store(it.store);
    let key = |it: &&Access| (it.store, it.evidence.file, it.evidence.line, it.operation, it.symbol);
    let mut sites: Vec<&Access> = graph.accesses.iter().collect();
    if sites.len() > MAX_ROWS {
        sites.sort_by_key(|it| (!foreign(it), key(it)));
        sites.truncate(MAX_ROWS);
    }
    sites.sort_by_key(key);
    (sites.into_iter())
        .map(|it| LedgerRow {
            store: &graph.store(it.store).name,
            kind: kind_word(graph.store(it.store).kind),
            owner: place_name(report, report.partition.store(it.store)),
            by: place_name(report, report.partition.symbol(it.symbol)),
            effect: effect_word(it.operation.effect()),
            operation: it.operation.as_str(),
            symbol: &graph.symbol(it.symbol).name,
            short: short_name(&graph.symbol(it.symbol).name),
            confidence: confidence_word(it.confidence),
            file: &graph.file(it.evidence.file).path,
            line: it.evidence.line,
            foreign: foreign(it),
        })
        .collect()
}

fn problems(report: &Report) -> Vec<Problem<'_>> {
    use crate::model::diagnostic::Severity;
    let mut problems: Vec<_> = report.diagnostics.iter().collect();
    problems.sort_by_key(|it| (std::cmp::Reverse(it.severity), &it.file, it.line));
    (problems.into_iter().take(MAX_ROWS))
        .map(|it| Problem {
            severity: match it.severity {
                Severity::Note => "note",
                Severity::Warning => "warning",
                Severity::Error => "error",
            },
            file: &it.file,
            line: it.line,
            message: &it.message,
        })
        .collect()
}

/// A verdict's id in plain words.
fn words(id: &str) -> &'static str {
    Verdict::ALL.into_iter().find(|it| it.id() == id).map_or("", Verdict::words)
}

/// A place as people say it.
fn place(place: &str) -> String {
    match place {
        "shared-kernel" => "shared kernel".to_owned(),
        "edge-layer" => "edge layer".to_owned(),
        _ => place.strip_prefix("service:").unwrap_or(place).to_owned(),
    }
}

/// A sentence of the plan: upper case first unless it goes on inside another one, names in backticks as code.
fn prose(text: &str, first: Option<bool>) -> Value {
    let mut html = String::new();
    for (at, part) in text.split('`').enumerate() {
        let code = at % 2 == 1;
        match part.chars().next() {
            Some(letter) if at == 0 && first.unwrap_or(true) => {
                let upper = format!("{}{}", letter.to_uppercase(), &part[letter.len_utf8()..]);
                html.push_str(&escape(&upper));
            }
            _ if code => {
                html.push_str("<code>");
                html.push_str(&escape(part));
                html.push_str("</code>");
            }
            _ => html.push_str(&escape(part)),
        }
    }
    Value::from_safe_string(html)
}

/// Upper case first and a final dot.
fn sentence(text: &str) -> String {
    let mut letters = text.trim_end_matches('.').chars();
    let Some(first) = letters.next() else { return String::new() };
    format!("{}{}.", first.to_uppercase(), letters.as_str())
}

/// The heading of a stage.
fn stage(id: &str) -> &'static str {
    let stages = Stage::ALL.into_iter();
    // The id of a stage is its name in the published format.
    let named = stages.map(|it| (serde_json::to_value(json::plan::Stage::from(it)).ok(), it.title()));
    let mut named = named.filter_map(|(value, title)| Some((value?.as_str()?.to_owned(), title)));
    named.find(|it| it.0 == id).map_or("", |it| it.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_the_published_format_have_words() {
        for verdict in Verdict::ALL {
            let id = serde_json::to_value(json::plan::Verdict::from(verdict)).expect("JSON");
            assert_eq!(words(id.as_str().expect("a string")), verdict.words());
        }
        for it in Stage::ALL {
            let id = serde_json::to_value(json::plan::Stage::from(it)).expect("JSON");
            assert_eq!(stage(id.as_str().expect("a string")), it.title());
        }
        assert_eq!(prose("moves `a<b>` & more", None).to_string(), "Moves <code>a&lt;b&gt;</code> &amp; more");
        assert_eq!(prose("odd ` one", Some(false)).to_string(), "odd <code> one</code>");
        assert_eq!(["", "a b.", "Über"].map(sentence), ["", "A b.", "Über."]);
        assert_eq!(["service:a:b", "edge-layer", "outside"].map(place), ["a:b", "edge layer", "outside"]);
    }
}
