//! What `seamline explain` says of services, routes and files: things that are neither a symbol nor a table.

use std::collections::BTreeMap;
use std::io::Write;

use crate::cli::explain::{named_store, reached_stores, sureness};
use crate::cli::ledger::place_name;
use crate::cli::{Failure, Outcome};
use crate::model::graph::{FileId, SymbolId, SymbolKind, SystemGraph};
use crate::model::partition::{Place, ServiceId};
use crate::model::report::Report;
use crate::model::wording::{count, enumerate};

/// Something of the system that has a name of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Service(ServiceId),
    /// Positions of the endpoints: one path may answer several methods.
    Route(Vec<usize>),
    File(FileId),
}

impl Subject {
    /// The service, route or file that a name means; `service:` and `file:` before it leave no doubt.
    pub(super) fn named(report: &Report, name: &str) -> Option<Self> {
        let service = |name: &str| {
            report
                .partition
                .service_ids()
                .find(|it| report.partition.services[it.index()].name == name)
                .map(Self::Service)
        };
        match name.split_once(':') {
            Some(("service", rest)) => return service(rest),
            Some(("file", rest)) => return file(&report.graph, rest).map(Self::File),
            _ => {}
        }
        service(name)
            .or_else(|| routes(&report.graph, name).map(Self::Route))
            .or_else(|| file(&report.graph, name).map(Self::File))
    }

    pub(super) fn explain(&self, out: &mut impl Write, report: &Report) -> Result<Outcome, Failure> {
        match self {
            Self::Service(id) => explain_service(out, report, *id)?,
            Self::Route(found) => {
                for at in found {
                    explain_route(out, report, *at)?;
                }
            }
            Self::File(id) => explain_file(out, report, *id)?,
        }
        Ok(Outcome::Fine)
    }

    /// `a service`, for who explains another thing of the same name.
    pub(super) fn words(&self) -> &'static str {
        match self {
            Self::Service(_) => "a service",
            Self::Route(_) => "a route",
            Self::File(_) => "a file",
        }
    }
}

/// Endpoints of `GET /orders/{id}`, or of a path with any method; a parameter stands for any part.
fn routes(graph: &SystemGraph, name: &str) -> Option<Vec<usize>> {
    let (method, path) = match name.split_once(' ') {
        Some((method, path)) => (Some(method), path.trim()),
        None => (None, name),
    };
    if !path.starts_with('/') {
        return None;
    }
    let parts = |path: &str| path.split('/').filter(|it| !it.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let wanted = parts(path);
    let alike = |it: &str, wanted: &str| it == wanted || it.starts_with(['{', ':', '*']);
    let found: Vec<usize> = (0..graph.endpoints.len())
        .filter(|at| {
            let endpoint = &graph.endpoints[*at];
            let own = parts(&endpoint.path);
            method.is_none_or(|it| it.eq_ignore_ascii_case(&endpoint.method) || endpoint.method == "ANY")
                && own.len() == wanted.len()
                && own.iter().zip(&wanted).all(|(it, wanted)| alike(it, wanted))
        })
        .collect();
    // One that is written like that goes before those whose parameters would take it.
    let exact: Vec<usize> = found.iter().copied().filter(|it| parts(&graph.endpoints[*it].path) == wanted).collect();
    let found = if exact.is_empty() { found } else { exact };
    (!found.is_empty()).then_some(found)
}

/// The file of a path, or the only one whose path ends in it.
fn file(graph: &SystemGraph, name: &str) -> Option<FileId> {
    let name = name.trim_start_matches("./");
    let ends = |path: &str| path == name || path.strip_suffix(name).is_some_and(|it| it.ends_with('/'));
    let found: Vec<usize> = (0..graph.files.len()).filter(|at| ends(&graph.files[*at].path)).collect();
    let exact = found.iter().find(|it| graph.files[**it].path == name);
    match (exact, found.as_slice()) {
        (Some(at), _) | (None, [at]) => Some(FileId(*at as u32)),
        _ => None,
    }
}

fn explain_service(out: &mut impl Write, report: &Report, id: ServiceId) -> Result<(), Failure> {
    let (graph, partition) = (&report.graph, &report.partition);
    let candidate = &partition.services[id.index()];
    let place = Place::Service(id);
    writeln!(out, "service {}", candidate.name)?;
    let sure = if candidate.declared {
        "declared in seamline.toml".to_owned()
    } else {
        format!("proposed, {:.0} % of the resamples agree", 100.0 * candidate.confidence)
    };
    writeln!(out, "  stands      {sure}")?;
    for reason in &candidate.reasons {
        writeln!(out, "  because     {reason}")?;
    }
    if let Some(plan) = report.plan.services.iter().find(|it| it.service == id) {
        writeln!(
            out,
            "  members     {}, {} and {} lines of code in {}",
            count(plan.functions as usize, "function"),
            count(plan.types as usize, "type"),
            plan.lines,
            count(plan.moves.len(), "file")
        )?;
    }
    for store in graph.store_ids().filter(|it| partition.store(*it) == place) {
        let verdict = report.plan.stores.iter().find(|it| it.store == store).map_or("", |it| it.verdict.words());
        writeln!(out, "  owns        {}: {verdict}", graph.store(store).name)?;
    }
    for endpoint in graph.endpoints.iter().filter(|it| partition.symbol(it.handler) == place) {
        let verb = if endpoint.registers { "registers" } else { "serves" };
        writeln!(out, "  {verb:<11} {} {} at {}", endpoint.method, endpoint.path, graph.place(endpoint.evidence))?;
    }
    for (label, incoming) in [("needs", false), ("needed by", true)] {
        let mut none = true;
        for seam in report.plan.seams.iter().filter(|it| it.first == id || it.second == id) {
            let other = if seam.first == id { seam.second } else { seam.first };
            let crossing = if (seam.first == id) == incoming { &seam.backward } else { &seam.forward };
            if crossing.is_need() {
                none = false;
                writeln!(out, "  {label:<11} {}: {}", partition.services[other.index()].name, crossing.words())?;
            }
        }
        if none {
            writeln!(out, "  {label:<11} no service")?;
        }
    }
    if let Some(at) = report.plan.order.steps.iter().position(|it| it.service == id) {
        if report.plan.order.remainder == Some(id) {
            writeln!(out, "  stays       when the others have left: more than half of all lines are its own")?;
        } else {
            writeln!(out, "  leaves      as number {} of {}", at + 1, report.plan.order.steps.len())?;
        }
    }
    Ok(())
}

fn explain_route(out: &mut impl Write, report: &Report, at: usize) -> Result<(), Failure> {
    let graph = &report.graph;
    let endpoint = &graph.endpoints[at];
    writeln!(out, "route {} {} ({})", endpoint.method, endpoint.path, graph.place(endpoint.evidence))?;
    let handler = graph.symbol(endpoint.handler);
    writeln!(
        out,
        "  {:<11} {} [{}] at {}:{}",
        if endpoint.registers { "registered" } else { "handler" },
        handler.name,
        place_name(&report.partition, report.partition.symbol(endpoint.handler)),
        graph.file(handler.file).path,
        handler.line
    )?;
    if endpoint.registers {
        // What else the function does is no answer to this route.
        writeln!(out, "  answered    by what is not of this project, or was not found")?;
        return Ok(());
    }
    touches(out, report, endpoint.handler)?;
    for (store, way) in reached_stores(graph, endpoint.handler) {
        writeln!(out, "  reaches     {} through {way}", named_store(report, store))?;
    }
    Ok(())
}

fn touches(out: &mut impl Write, report: &Report, symbol: SymbolId) -> Result<(), Failure> {
    let graph = &report.graph;
    for access in graph.accesses.iter().filter(|it| it.symbol == symbol) {
        writeln!(
            out,
            "  touches     {} {} at {} ({}, {})",
            format!("{:?}", access.operation).to_lowercase(),
            named_store(report, access.store),
            graph.place(access.evidence),
            access.via,
            sureness(access)
        )?;
    }
    Ok(())
}

fn explain_file(out: &mut impl Write, report: &Report, id: FileId) -> Result<(), Failure> {
    let (graph, partition) = (&report.graph, &report.partition);
    let file = graph.file(id);
    writeln!(
        out,
        "file {} ({}, {}, {})",
        file.path,
        file.language,
        count(file.lines as usize, "line"),
        file.role.id()
    )?;
    let symbols: Vec<SymbolId> = graph
        .symbol_ids()
        .filter(|it| graph.symbol(*it).file == id && graph.symbol(*it).kind != SymbolKind::Module)
        .collect();
    let mut places: BTreeMap<Place, usize> = BTreeMap::new();
    for symbol in &symbols {
        *places.entry(partition.symbol(*symbol)).or_default() += 1;
    }
    let places: Vec<String> =
        places.into_iter().map(|(place, number)| format!("{number} in {}", place_name(partition, place))).collect();
    if !places.is_empty() {
        writeln!(out, "  holds       {}: {}", count(symbols.len(), "symbol"), enumerate(&places, 12))?;
    }
    for symbol in symbols {
        let it = graph.symbol(symbol);
        writeln!(
            out,
            "  symbol      {} [{}] at {}-{}",
            it.name,
            place_name(partition, partition.symbol(symbol)),
            it.line,
            it.end_line
        )?;
    }
    for endpoint in graph.endpoints.iter().filter(|it| it.evidence.file == id) {
        writeln!(out, "  route       {} {} at {}", endpoint.method, endpoint.path, graph.place(endpoint.evidence))?;
    }
    for access in graph.accesses.iter().filter(|it| it.evidence.file == id) {
        writeln!(
            out,
            "  touches     {} {} at {} by {} ({}, {})",
            format!("{:?}", access.operation).to_lowercase(),
            named_store(report, access.store),
            graph.place(access.evidence),
            graph.symbol(access.symbol).name,
            access.via,
            sureness(access)
        )?;
    }
    for spot in graph.blind_spots.iter().filter(|it| it.evidence.file == id) {
        writeln!(out, "  blind spot  {} at {}: {}", spot.kind, graph.place(spot.evidence), spot.detail)?;
    }
    Ok(())
}
