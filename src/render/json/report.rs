//! `seamline.report/1`: graph, partition, plan and diagnostics in one object, with names and places instead of ids.
//!
//! The types of the plan are in [`plan`](super::plan). As in the graph, what is written here is the published format.

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

use crate::measure::cuts::{CutFigures, cut_figures};
use crate::model;
use crate::model::partition::Placement as ModelPlacement;
use crate::model::report::Report as ModelReport;
use crate::render::json::convert::published_plan;
use crate::render::json::graph::{Graph, Names, mirror, published, sorted};
use crate::render::json::nested_lines;
use crate::render::json::plan::Plan;

/// Value of the field `schema`.
pub const REPORT_SCHEMA: &str = "seamline.report/1";

mirror!(
    /// How much a diagnostic matters: nothing missing, something left out, not done as asked.
    Severity of model::diagnostic::Severity, "kebab-case",
    Note, Warning, Error
);

/// Everything one run found out.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(title = "seamline.report/1")]
pub struct Report<'a> {
    #[schemars(extend("const" = REPORT_SCHEMA))]
    pub schema: &'static str,
    /// Version of the program that wrote it.
    pub tool: &'static str,
    /// The project's name.
    pub name: &'a str,
    pub graph: Graph<'a>,
    pub partition: Partition<'a>,
    pub plan: Plan<'a>,
    pub diagnostics: Vec<Diagnostic<'a>>,
}

/// A problem in the input or in its coverage.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Diagnostic<'a> {
    /// Empty when no file is to blame.
    pub file: &'a str,
    /// 0 when the whole file is meant.
    pub line: u32,
    pub severity: Severity,
    /// Stable kebab-case id.
    pub code: &'a str,
    pub message: &'a str,
}

/// One way to cut the system.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Partition<'a> {
    /// `recommended`, `coarser`, `finer`, `declared`.
    pub label: &'a str,
    /// Id of the clusterer.
    pub clusterer: &'a str,
    /// Weighted modularity of the clustered graph, -0.5 to 1.
    pub modularity: f64,
    /// Whether the boundaries are better than chance.
    pub convincing: bool,
    /// The same in words.
    pub verdict: &'a str,
    /// Whether boundaries come from data access rather than from code coupling alone.
    pub from_data: bool,
    pub services: Vec<ServiceCandidate<'a>>,
    /// Where each symbol of the graph goes.
    pub symbols: Vec<Placement<'a>>,
    /// Where each store of the graph goes: its owner.
    pub stores: Vec<Placement<'a>>,
    /// What this cut costs, to be compared with the alternatives'.
    pub figures: Figures,
    /// Other answers: a coarser and a finer one.
    pub alternatives: Vec<Partition<'a>>,
}

/// What one way to cut the system costs. No figure says alone which is best: one service alone crosses nothing.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Figures {
    pub services: usize,
    /// Lines of production code in the largest service over all placed ones, 0 to 1.
    pub largest_share: f64,
    /// Units in services of fewer than 5 or more than 20 units over all placed ones, 0 to 1 (NED).
    pub non_extreme_distribution: f64,
    /// Call sites between two services.
    pub cut_calls: usize,
    /// Accesses to a store that another service owns.
    pub foreign_accesses: usize,
    /// Stores that two or more services touch.
    pub shared_stores: usize,
    /// Transactions that write stores of two or more services.
    pub broken_transactions: usize,
    /// Statements that join stores of two or more services.
    pub cross_joins: usize,
    /// Foreign keys between stores of two services.
    pub cross_foreign_keys: usize,
    /// Services that an endpoint's data belongs to, mean over endpoints that touch data, from 1; 0 without any.
    pub endpoint_fan_out: f64,
}

impl From<CutFigures> for Figures {
    fn from(it: CutFigures) -> Self {
        Self {
            services: it.services,
            largest_share: rounded(it.largest_share),
            non_extreme_distribution: rounded(it.non_extreme_distribution),
            cut_calls: it.cut_calls,
            foreign_accesses: it.foreign_accesses,
            shared_stores: it.shared_stores,
            broken_transactions: it.broken_transactions,
            cross_joins: it.cross_joins,
            cross_foreign_keys: it.cross_foreign_keys,
            endpoint_fan_out: rounded(it.endpoint_fan_out),
        }
    }
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ServiceCandidate<'a> {
    /// Unique, stable between runs.
    pub name: &'a str,
    /// 0 to 1: how often its members stay together when the evidence is resampled.
    pub confidence: f64,
    /// Whether a user declared it.
    pub declared: bool,
    pub reasons: Vec<&'a str>,
}

/// Where one symbol or store goes, and why.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Placement<'a> {
    pub name: &'a str,
    /// `service:<name>`, `shared-kernel`, `edge-layer` or `outside`.
    #[schemars(regex(pattern = PLACE))]
    pub place: String,
    /// 0 to 1.
    pub confidence: f64,
    /// The next best service.
    pub runner_up: Option<RunnerUp<'a>>,
    pub reason: &'a str,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RunnerUp<'a> {
    pub service: &'a str,
    /// Share of resamples that chose it, 0 to 1.
    pub share: f64,
}

/// What a place looks like.
pub(super) const PLACE: &str = "^(service:.+|shared-kernel|edge-layer|outside)$";

/// `report.json`: the published form of a [`Report`] with a final line break. Its parts are megabytes each and are written side by side.
pub(super) fn report_json(report: &ModelReport) -> Vec<u8> {
    type Part<'a> = (&'static str, Box<dyn Fn() -> Vec<u8> + Sync + 'a>);
    let parts: [Part<'_>; 7] = [
        ("schema", Box::new(|| part(&REPORT_SCHEMA))),
        ("tool", Box::new(|| part(&env!("CARGO_PKG_VERSION")))),
        ("name", Box::new(|| part(&report.graph.name))),
        ("graph", Box::new(|| part(&published(&report.graph)))),
        ("partition", Box::new(|| part(&partition(report, &report.partition)))),
        ("plan", Box::new(|| part(&published_plan(report)))),
        ("diagnostics", Box::new(|| part(&diagnostics(report)))),
    ];
    let written: Vec<Vec<u8>> = parts.par_iter().map(|(_, write)| write()).collect();
    let mut bytes = Vec::with_capacity(written.iter().map(|it| it.len() + 32).sum());
    bytes.push(b'{');
    for ((name, _), value) in parts.iter().zip(&written) {
        let comma = if bytes.len() > 1 { "," } else { "" };
        bytes.extend_from_slice(format!("{comma}\n  \"{name}\": ").as_bytes());
        bytes.extend_from_slice(value);
    }
    bytes.extend_from_slice(b"\n}\n");
    bytes
}

fn part<T: Serialize>(value: &T) -> Vec<u8> {
    nested_lines(value, 3, 1)
}

fn diagnostics(report: &ModelReport) -> Vec<Diagnostic<'_>> {
    sorted(report.diagnostics.iter().map(|it| Diagnostic {
        file: &it.file,
        line: it.line,
        severity: it.severity.into(),
        code: &it.code,
        message: &it.message,
    }))
}

fn partition<'a>(report: &'a ModelReport, of: &'a model::partition::Partition) -> Partition<'a> {
    let names = Names { graph: &report.graph };
    let symbols = report.graph.symbol_ids().zip(&of.symbols);
    let stores = report.graph.store_ids().zip(&of.stores);
    Partition {
        label: &of.label,
        clusterer: &of.clusterer,
        modularity: rounded(of.modularity),
        convincing: of.convincing,
        verdict: &of.verdict,
        from_data: of.from_data,
        services: (of.services.iter())
            .map(|it| ServiceCandidate {
                name: &it.name,
                confidence: rounded(it.confidence),
                declared: it.declared,
                reasons: it.reasons.iter().map(String::as_str).collect(),
            })
            .collect(),
        symbols: symbols.map(|(id, it)| placement(of, names.symbol(id), it)).collect(),
        stores: stores.map(|(id, it)| placement(of, names.store(id), it)).collect(),
        figures: cut_figures(&report.graph, of).into(),
        alternatives: of.alternatives.iter().map(|it| partition(report, it)).collect(),
    }
}

fn placement<'a>(of: &'a model::partition::Partition, name: &'a str, it: &'a ModelPlacement) -> Placement<'a> {
    Placement {
        name,
        place: place(of, it.place),
        confidence: rounded(it.confidence),
        runner_up: (it.runner_up).map(|(id, share)| RunnerUp { service: service(of, id), share: rounded(share) }),
        reason: &it.reason,
    }
}

pub(super) fn service(of: &model::partition::Partition, id: model::partition::ServiceId) -> &str {
    &of.services[id.index()].name
}

pub(super) fn place(of: &model::partition::Partition, place: model::partition::Place) -> String {
    use model::partition::Place;
    match place {
        Place::Service(id) => format!("service:{}", service(of, id)),
        Place::SharedKernel => "shared-kernel".to_owned(),
        Place::EdgeLayer => "edge-layer".to_owned(),
        Place::Outside => "outside".to_owned(),
    }
}

/// Four decimals: more would only show the noise of floating point.
pub(super) fn rounded(share: f64) -> f64 {
    (share * 1e4).round() / 1e4
}
