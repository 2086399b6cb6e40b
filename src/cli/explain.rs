//! `seamline explain`: every fact about one symbol, table, service, route or file, and the ways by which endpoints reach it.

use std::collections::{BTreeMap, VecDeque};
use std::io::Write;

use clap::Args;

use crate::cli::common::Input;
use crate::cli::ledger::{confidence_word, place_name};
use crate::cli::subject::Subject;
use crate::cli::{Failure, Outcome};
use crate::config::Settings;
use crate::model::graph::{Access, Confidence, Evidence, StoreId, SymbolId, SystemGraph};
use crate::model::partition::{Placement, ServiceId};
use crate::model::plan::Ownership;
use crate::model::report::Report;
use crate::model::wording::{distance, ends_in, short_name};
use crate::partition::coupling::{Coupling, couple};
use crate::partition::signals;

/// Explains one symbol, table, service, route or file: its facts with their places, why it is where it is, and how endpoints
/// reach it.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// Qualified name of a symbol (its last parts are enough where they are unique), a table, a service, a route (`GET
    /// /orders/{id}` or its path alone) or the path of a file. `service:` and `file:` before it leave no doubt.
    name: String,
    #[command(flatten)]
    input: Input,
}

/// A service with fewer ties than one in so many is no candidate for a move.
const FAR: f64 = 2.0;
/// Paths shown from endpoints to a table.
const MOST_PATHS: usize = 12;

impl Explain {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let (_, report) = self.input.analyze()?;
        let mut stdout = std::io::stdout().lock();
        let graph = &report.graph;
        let subject = Subject::named(&report, &self.name);
        if let Some(store) = graph.store_ids().find(|it| graph.store(*it).name.eq_ignore_ascii_case(&self.name)) {
            let done = explain_store(&mut stdout, &report, store)?;
            if let Some(subject) = subject {
                let name = &report.graph.store(store).name;
                writeln!(stdout, "`{name}` is {} as well: seamline explain service:{name}", subject.words())?;
            }
            return Ok(done);
        }
        let found = named(graph, &self.name);
        let is_exact = matches!(found.as_slice(), [one] if graph.symbol(*one).name == self.name);
        if let Some(subject) = subject.filter(|_| !is_exact) {
            return subject.explain(&mut stdout, &report);
        }
        match found.as_slice() {
            [] => {
                let mut near: Vec<&str> = graph.symbols.iter().map(|it| it.name.as_str()).collect();
                near.sort_by_key(|it| distance(it.rsplit(['.', ':']).next().unwrap_or(it), &self.name));
                near.truncate(3);
                Err(Failure::Message(format!(
                    "nothing is named `{}`, neither a symbol, a table, a service, a route nor a file; nearest: {}. \
                     `seamline ledger` lists the tables",
                    self.name,
                    near.join(", ")
                )))
            }
            [symbol] => explain_symbol(&mut stdout, &report, *symbol),
            several => {
                let names: Vec<&str> = several.iter().take(12).map(|it| graph.symbol(*it).name.as_str()).collect();
                Err(Failure::Message(format!(
                    "`{}` names {} symbols: {}; give more of the name",
                    self.name,
                    several.len(),
                    names.join(", ")
                )))
            }
        }
    }
}

/// Symbols of a name, or whose last parts are it.
fn named(graph: &SystemGraph, name: &str) -> Vec<SymbolId> {
    let exact: Vec<SymbolId> = graph.symbol_ids().filter(|it| graph.symbol(*it).name == name).collect();
    if !exact.is_empty() {
        return exact.into_iter().take(1).collect();
    }
    graph.symbol_ids().filter(|it| ends_in(&graph.symbol(*it).name, name)).collect()
}

fn placement(out: &mut impl Write, report: &Report, placement: &Placement) -> Result<(), Failure> {
    let declared = placement.place.service().is_some_and(|it| report.partition.services[it.index()].declared);
    let sure = if declared && placement.reason.starts_with("fixed") {
        String::new()
    } else {
        format!(" ({:.0} % of the resamples agree)", placement.confidence * 100.0)
    };
    writeln!(out, "  placed      {}{sure}: {}", place_name(&report.partition, placement.place), placement.reason)?;
    if let Some((service, share)) = placement.runner_up {
        let name = report.partition.services.get(service.index()).map_or("", |it| it.name.as_str());
        writeln!(out, "  else        {name} ({:.0} %)", share * 100.0)?;
    }
    Ok(())
}

fn explain_symbol(out: &mut impl Write, report: &Report, id: SymbolId) -> Result<Outcome, Failure> {
    let graph = &report.graph;
    let symbol = graph.symbol(id);
    writeln!(
        out,
        "{} {} ({}:{}-{})",
        format!("{:?}", symbol.kind).to_lowercase(),
        symbol.name,
        graph.file(symbol.file).path,
        symbol.line,
        symbol.end_line
    )?;
    if let Some(it) = report.partition.symbols.get(id.index()) {
        placement(out, report, it)?;
    }
    let settings = Settings::default();
    let coupling = couple(graph, &signals::collect(graph), &settings.weights);
    pulls(out, report, &coupling, id)?;
    for endpoint in graph.endpoints.iter().filter(|it| it.handler == id) {
        let verb = if endpoint.registers { "registers" } else { "serves" };
        writeln!(out, "  {verb:<11} {} {} at {}", endpoint.method, endpoint.path, graph.place(endpoint.evidence))?;
    }
    for access in graph.accesses.iter().filter(|it| it.symbol == id) {
        writeln!(
            out,
            "  touches     {} {} at {} ({}, {})",
            format!("{:?}", access.operation).to_lowercase(),
            graph.store(access.store).name,
            graph.place(access.evidence),
            access.via,
            sureness(access)
        )?;
    }
    for (store, way) in reached_stores(graph, id) {
        writeln!(out, "  reaches     {} through {}", graph.store(store).name, way)?;
    }
    let mut edges =
        |label: &str, pick: &dyn Fn(&crate::model::graph::CallEdge) -> Option<SymbolId>| -> Result<(), Failure> {
            // Several calls of the same function are one line, with the place of the first.
            let mut sites: Vec<(SymbolId, &crate::model::graph::CallEdge, usize)> = Vec::new();
            for call in &graph.calls {
                let Some(other) = pick(call) else { continue };
                match sites.iter_mut().find(|it| it.0 == other && it.1.confidence == call.confidence) {
                    Some(known) => known.2 += 1,
                    None => sites.push((other, call, 0)),
                }
            }
            for (other, first, more) in sites {
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                writeln!(
                    out,
                    "  {label:<11} {} [{}] at {}{more} ({})",
                    graph.symbol(other).name,
                    place_name(&report.partition, report.partition.symbol(other)),
                    graph.place(first.evidence),
                    confidence_word(first.confidence)
                )?;
            }
            Ok(())
        };
    edges("calls", &|it| (it.from == id).then_some(it.to))?;
    edges("called by", &|it| (it.to == id).then_some(it.from))?;
    for transaction in graph.transactions.iter().filter(|it| it.symbol == id) {
        let names =
            |stores: &[StoreId]| stores.iter().map(|it| graph.store(*it).name.clone()).collect::<Vec<_>>().join(", ");
        writeln!(
            out,
            "  transaction writes {}; reads {} at {}",
            names(&transaction.writes),
            names(&transaction.reads),
            graph.place(transaction.evidence)
        )?;
    }
    for message in graph.messages.iter().filter(|it| it.symbol == id) {
        writeln!(out, "  message     {:?} {} at {}", message.direction, message.topic, graph.place(message.evidence))?;
    }
    for remote in graph.remote_calls.iter().filter(|it| it.symbol == id) {
        let address = remote.address.as_deref().unwrap_or("an address that is not decidable");
        writeln!(out, "  remote      {} {address} at {}", remote.kind, graph.place(remote.evidence))?;
    }
    for spot in graph.blind_spots.iter().filter(|it| it.symbol == Some(id)) {
        writeln!(out, "  blind spot  {} at {}: {}", spot.kind, graph.place(spot.evidence), spot.detail)?;
    }
    for (way, evidence) in ways_from_endpoints(graph, id) {
        writeln!(out, "  way         {way} ({})", graph.place(evidence))?;
    }
    Ok(Outcome::Fine)
}

/// How strongly each service pulls at a symbol, and what would turn the answer.
fn pulls(out: &mut impl Write, report: &Report, coupling: &Coupling, id: SymbolId) -> Result<(), Failure> {
    let (graph, partition) = (&report.graph, &report.partition);
    let mut sums: BTreeMap<ServiceId, (f64, Vec<(f64, String)>)> = BTreeMap::new();
    let mut all = 0.0;
    for (node, weight) in coupling.graph.row(id.0) {
        let (place, name) = match (node as usize).checked_sub(coupling.symbols) {
            None => (partition.symbol(SymbolId(node)), short_name(&graph.symbol(SymbolId(node)).name)),
            Some(at) if at < coupling.stores => {
                (partition.store(StoreId(at as u32)), graph.store(StoreId(at as u32)).name.clone())
            }
            Some(_) => continue,
        };
        if let Some(service) = place.service() {
            all += weight;
            let entry = sums.entry(service).or_default();
            entry.0 += weight;
            entry.1.push((weight, name));
        }
    }
    let own = partition.symbol(id).service();
    let mut sorted: Vec<(ServiceId, f64, Vec<(f64, String)>)> =
        sums.into_iter().map(|(service, (sum, by))| (service, sum, by)).collect();
    sorted.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    for (service, sum, by) in sorted.iter_mut().take(3) {
        by.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let names: Vec<&str> = by.iter().take(3).map(|it| it.1.as_str()).collect();
        let name = &partition.services[service.index()].name;
        writeln!(out, "  pulled      {:.0} % by {name}: {}", 100.0 * *sum / all, names.join(", "))?;
    }
    let here = sorted.iter().find(|it| Some(it.0) == own).map_or(0.0, |it| it.1);
    if let Some((service, sum, by)) = sorted.iter().find(|it| Some(it.0) != own)
        && own.is_some()
    {
        let name = &partition.services[service.index()].name;
        let first = by.first().map_or("", |it| it.1.as_str());
        if *sum > here {
            writeln!(out, "  flips       {name} pulls more already: its own file or the resamples hold it here")?;
        } else if here < FAR * *sum {
            writeln!(
                out,
                "  flips       to {name} with {:.1} times the ties it has there ({first} is the strongest); \
                 `seamline what-if --move {}={name}` shows what that does",
                here / sum,
                graph.symbol(id).name
            )?;
        }
    }
    Ok(())
}

/// Why a store is where it is, with who comes next.
fn owner_words(report: &Report, ownership: &Ownership) -> String {
    let next = ownership.runner_up.map_or_else(String::new, |(service, sites)| {
        format!("; {} writes it at {sites}", report.partition.services[service.index()].name)
    });
    format!("{}{next}", ownership.basis)
}

/// A store with who owns it.
pub(super) fn named_store(report: &Report, id: StoreId) -> String {
    format!("{} [{}]", report.graph.store(id).name, place_name(&report.partition, report.partition.store(id)))
}

fn explain_store(out: &mut impl Write, report: &Report, id: StoreId) -> Result<Outcome, Failure> {
    let graph = &report.graph;
    let store = graph.store(id);
    writeln!(out, "{} {}", format!("{:?}", store.kind).to_lowercase(), store.name)?;
    let plan = report.plan.stores.iter().find(|it| it.store == id);
    if let Some(it) = report.partition.stores.get(id.index()) {
        // The plan counts what the owner and the next one write; one sentence says it.
        let basis = plan.filter(|plan| plan.ownership.place == it.place && !it.reason.starts_with("fixed"));
        let reason = basis.map_or_else(|| it.reason.clone(), |plan| owner_words(report, &plan.ownership));
        placement(out, report, &Placement { reason, ..it.clone() })?;
    }
    if let Some(plan) = plan {
        writeln!(out, "  verdict     {}: {}", plan.verdict.id(), plan.reason.text)?;
    }
    for site in &store.defined_at {
        writeln!(out, "  defined     {}", graph.place(*site))?;
    }
    for access in graph.accesses.iter().filter(|it| it.store == id) {
        writeln!(
            out,
            "  {:<11} {} [{}] at {} ({}, {})",
            format!("{:?}", access.operation).to_lowercase(),
            graph.symbol(access.symbol).name,
            place_name(&report.partition, report.partition.symbol(access.symbol)),
            graph.place(access.evidence),
            access.via,
            sureness(access)
        )?;
    }
    let mut shown = 0;
    let mut symbols: Vec<SymbolId> = graph.accesses.iter().filter(|it| it.store == id).map(|it| it.symbol).collect();
    symbols.dedup();
    for symbol in symbols {
        for (way, _) in ways_from_endpoints(graph, symbol) {
            if shown == MOST_PATHS {
                writeln!(out, "  way         more of them; explain one function to see its own")?;
                return Ok(Outcome::Fine);
            }
            shown += 1;
            writeln!(out, "  way         {way}")?;
        }
    }
    Ok(Outcome::Fine)
}

/// Stores reached through calls, with the first step of a shortest way.
pub(super) fn reached_stores(graph: &SystemGraph, from: SymbolId) -> BTreeMap<StoreId, String> {
    let mut seen = vec![false; graph.symbols.len()];
    seen[from.index()] = true;
    let mut queue: VecDeque<(SymbolId, String)> = VecDeque::from([(from, String::new())]);
    let mut reached = BTreeMap::new();
    while let Some((at, way)) = queue.pop_front() {
        if at != from {
            for access in graph.accesses.iter().filter(|it| it.symbol == at) {
                reached.entry(access.store).or_insert_with(|| way.clone());
            }
        }
        for call in graph.calls.iter().filter(|it| it.from == at && it.confidence > Confidence::Guess) {
            if !std::mem::replace(&mut seen[call.to.index()], true) {
                let name = short(&graph.symbol(call.to).name);
                queue.push_back((call.to, if way.is_empty() { name.to_owned() } else { format!("{way} > {name}") }));
            }
        }
    }
    reached
}

/// Shortest ways from endpoints to a symbol.
fn ways_from_endpoints(graph: &SystemGraph, to: SymbolId) -> Vec<(String, Evidence)> {
    let mut way_of: BTreeMap<SymbolId, String> = BTreeMap::new();
    way_of.insert(to, short(&graph.symbol(to).name).to_owned());
    let mut queue = VecDeque::from([to]);
    while let Some(at) = queue.pop_front() {
        let way = way_of[&at].clone();
        for call in graph.calls.iter().filter(|it| it.to == at && it.confidence > Confidence::Guess) {
            if !way_of.contains_key(&call.from) && way_of.len() < 2000 {
                way_of.insert(call.from, format!("{} > {way}", short(&graph.symbol(call.from).name)));
                queue.push_back(call.from);
            }
        }
    }
    graph
        .endpoints
        .iter()
        .filter(|it| !it.registers)
        .filter_map(|it| way_of.get(&it.handler).map(|way| (format!("{} {}: {way}", it.method, it.path), it.evidence)))
        .take(MOST_PATHS)
        .collect()
}

/// Name without its module's path.
fn short(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// How sure an access is, and whether it is none of the line's own.
pub(super) fn sureness(access: &Access) -> String {
    let along = if access.cascaded { ", goes with rows it points to" } else { "" };
    format!("{}{along}", confidence_word(access.confidence))
}
