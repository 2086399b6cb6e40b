//! What couples two services today: findings with keys that survive edits, because no line stands in them.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::check::{Finding, Key, Level, Spot, Status, rule};
use crate::model::graph::{Confidence, Evidence, FileId, ModuleId, StoreId, SymbolId, SymbolKind, SystemGraph};
use crate::model::partition::{Partition, ServiceId};
use crate::model::report::Report;
use crate::model::sql::Effect;
use crate::model::wording::last_part;
use crate::track::identity::Identity;

/// Most sites of a finding that are kept.
const MOST_SITES: usize = 50;

/// Part of a key: a thing of the graph, or words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Term {
    Nothing,
    Symbol(SymbolId),
    Store(StoreId),
    Stores(Vec<StoreId>),
    Module(ModuleId),
    File(FileId),
    Words(String),
}

/// A finding before it has words for its key.
pub(super) struct Raw {
    pub(super) rule: &'static str,
    pub(super) source: Term,
    pub(super) target: Term,
    pub(super) object: Term,
    pub(super) message: String,
    pub(super) site: Option<Evidence>,
    pub(super) path: Vec<Spot>,
    pub(super) services: Vec<String>,
}

/// A finding, and its key under the names of the earlier revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub finding: Finding,
    pub earlier: Key,
}

/// Collects findings by key.
pub(super) struct Collector<'g> {
    pub(super) graph: &'g SystemGraph,
    pub(super) names: &'g Identity,
    found: BTreeMap<Key, (Key, Raw, BTreeSet<Evidence>)>,
}

impl<'g> Collector<'g> {
    pub(super) fn new(graph: &'g SystemGraph, names: &'g Identity) -> Self {
        Self { graph, names, found: BTreeMap::new() }
    }

    fn words(&self, term: &Term, names: &Identity) -> String {
        let graph = self.graph;
        match term {
            Term::Nothing => String::new(),
            Term::Symbol(id) => names.symbol(&graph.symbol(*id).name).to_owned(),
            Term::Store(id) => names.store(&graph.store(*id).name).to_owned(),
            Term::Stores(ids) => {
                let stores: BTreeSet<&str> = ids.iter().map(|it| names.store(&graph.store(*it).name)).collect();
                stores.into_iter().collect::<Vec<_>>().join(" ")
            }
            Term::Module(id) => names.module(&graph.module(*id).name).to_owned(),
            Term::File(id) => names.file(&graph.file(*id).path).to_owned(),
            Term::Words(text) => text.clone(),
        }
    }

    pub(super) fn add(&mut self, raw: Raw) {
        let key = |names: &Identity| {
            let plain = |term: &Term| self.words(term, names).replace(['\t', '\n', '\r'], " ");
            Key {
                rule: raw.rule.to_owned(),
                source: plain(&raw.source),
                target: plain(&raw.target),
                object: plain(&raw.object),
            }
        };
        let (now, earlier) = (key(&Identity::default()), key(self.names));
        let site = raw.site;
        self.found.entry(now).or_insert_with(|| (earlier, raw, BTreeSet::new())).2.extend(site);
    }

    /// Sorted by key.
    pub(super) fn finish(self) -> Vec<Found> {
        let graph = self.graph;
        self.found
            .into_iter()
            .map(|(key, (earlier, raw, sites))| Found {
                finding: Finding {
                    key,
                    level: rule(raw.rule).map_or(Level::Error, |it| it.level),
                    status: Status::New,
                    message: raw.message,
                    sites: sites.into_iter().take(MOST_SITES).map(|it| spot(graph, it, "")).collect(),
                    path: raw.path,
                    services: raw.services,
                    waiver: None,
                    moved_from: None,
                },
                earlier,
            })
            .collect()
    }
}

pub(super) fn spot(graph: &SystemGraph, evidence: Evidence, text: impl Into<String>) -> Spot {
    Spot { path: graph.file(evidence.file).path.clone(), line: evidence.line, text: text.into() }
}

/// Where a symbol is defined.
pub(super) fn definition(graph: &SystemGraph, id: SymbolId) -> Spot {
    let symbol = graph.symbol(id);
    Spot {
        path: graph.file(symbol.file).path.clone(),
        line: symbol.line.max(1),
        text: format!("{} is defined", symbol.name),
    }
}

/// Where a store is defined first, if its definition was read.
pub(super) fn store_definition(graph: &SystemGraph, id: StoreId) -> Option<Spot> {
    let store = graph.store(id);
    store.defined_at.first().map(|it| spot(graph, *it, format!("{} is defined", store.name)))
}

/// What crosses a boundary, sorted by key.
pub fn crossings(graph: &SystemGraph, partition: &Partition, names: &Identity) -> Vec<Found> {
    let mut found = Collector::new(graph, names);
    let service_of = |it: SymbolId| partition.symbol(it).service();
    let owner_of = |it: StoreId| partition.store(it).service();
    let service = |it: ServiceId| partition.services[it.index()].name.clone();
    // A call through an interface reaches whatever stands behind it: where all of that is in the interface's own service,
    // one finding says it.
    let behind: BTreeSet<(SymbolId, Evidence, &str, ServiceId)> = graph
        .calls
        .iter()
        .filter(|it| of_interface(graph, it.to))
        .filter_map(|it| Some((it.from, it.evidence, last_part(&graph.symbol(it.to).name), service_of(it.to)?)))
        .collect();
    for call in graph.calls.iter().filter(|it| it.confidence > Confidence::Guess) {
        if let (Some(from), Some(to)) = (service_of(call.from), service_of(call.to))
            && from != to
        {
            let name = last_part(&graph.symbol(call.to).name);
            if !of_interface(graph, call.to) && behind.contains(&(call.from, call.evidence, name, to)) {
                continue;
            }
            let (source, target) = (&graph.symbol(call.from).name, &graph.symbol(call.to).name);
            found.add(Raw {
                rule: "cross-boundary-call",
                source: Term::Symbol(call.from),
                target: Term::Symbol(call.to),
                object: Term::Nothing,
                message: format!("{source} ({}) calls {target} ({})", service(from), service(to)),
                site: Some(call.evidence),
                path: vec![
                    definition(graph, call.from),
                    spot(graph, call.evidence, format!("calls {target}")),
                    definition(graph, call.to),
                ],
                services: vec![service(from), service(to)],
            });
        }
    }
    for access in graph.counted_accesses() {
        if let (Some(from), Some(owner)) = (service_of(access.symbol), owner_of(access.store))
            && from != owner
        {
            let (source, target) = (&graph.symbol(access.symbol).name, &graph.store(access.store).name);
            let writes = access.operation.effect() == Effect::Write;
            let (rule, verb) = if writes { ("foreign-store-write", "writes") } else { ("foreign-store-read", "reads") };
            let mut path =
                vec![definition(graph, access.symbol), spot(graph, access.evidence, format!("{verb} {target}"))];
            path.extend(store_definition(graph, access.store));
            let services = vec![service(from), service(owner)];
            found.add(Raw {
                rule,
                source: Term::Symbol(access.symbol),
                target: Term::Store(access.store),
                object: Term::Nothing,
                message: format!("{source} ({}) {verb} {target}, which {} owns", service(from), service(owner)),
                site: Some(access.evidence),
                path: path.clone(),
                services: services.clone(),
            });
            found.add(Raw {
                rule: "shared-store",
                source: Term::Words(service(from)),
                target: Term::Store(access.store),
                object: Term::Nothing,
                message: format!("{} touches {target}, which {} owns", service(from), service(owner)),
                site: Some(access.evidence),
                path,
                services,
            });
        }
    }
    let owners = |stores: &[StoreId]| -> Vec<String> {
        let found: BTreeSet<String> = stores.iter().filter_map(|it| owner_of(*it)).map(service).collect();
        found.into_iter().collect()
    };
    let several = [
        (
            "cross-boundary-join",
            graph.counted_joins().map(|it| (it.symbol, &it.stores, it.evidence)).collect::<Vec<_>>(),
        ),
        (
            "cross-boundary-transaction",
            graph.counted_transactions().map(|it| (it.symbol, &it.writes, it.evidence)).collect(),
        ),
    ];
    for (rule, units) in several {
        for (symbol, stores, evidence) in units {
            let owners = owners(stores);
            if owners.len() < 2 {
                continue;
            }
            let home = service_of(symbol).map(service);
            let services = acting_first(home.as_deref(), &owners);
            found.add(several_stores(graph, rule, symbol, stores, evidence, &owners.join(", "), services));
        }
    }
    for id in graph.store_ids() {
        for key in &graph.store(id).foreign_keys {
            if let (Some(from), Some(to)) = (owner_of(id), owner_of(key.store))
                && from != to
            {
                let (source, target) = (&graph.store(id).name, &graph.store(key.store).name);
                let mut path = vec![spot(graph, key.evidence, format!("{source} references {target}"))];
                path.extend(store_definition(graph, key.store));
                found.add(Raw {
                    rule: "cross-boundary-foreign-key",
                    source: Term::Store(id),
                    target: Term::Store(key.store),
                    object: Term::Words(key.columns.join(" ")),
                    message: format!("{source} ({}) references {target} ({})", service(from), service(to)),
                    site: Some(key.evidence),
                    path,
                    services: vec![service(from), service(to)],
                });
            }
        }
    }
    found.finish()
}

/// What crosses a boundary in a report, one finding per site of code or schema (no rule that sums them up).
pub fn crossings_of(report: &Report) -> Vec<Finding> {
    let found = crossings(&report.graph, &report.partition, &Identity::default());
    found.into_iter().map(|it| it.finding).filter(|it| it.key.rule != "shared-store").collect()
}

/// Whether a symbol is a method of an interface.
pub(super) fn of_interface(graph: &SystemGraph, id: SymbolId) -> bool {
    graph.symbol(id).parent.is_some_and(|it| graph.symbol(it).kind == SymbolKind::Interface)
}

/// The acting service, then the others.
pub(super) fn acting_first(home: Option<&str>, owners: &[String]) -> Vec<String> {
    let home: Vec<String> = home.into_iter().map(str::to_owned).collect();
    let others: Vec<String> = owners.iter().filter(|it| !home.contains(it)).cloned().collect();
    home.into_iter().chain(others).collect()
}

/// A join or a transaction over several stores.
pub(super) fn several_stores(
    graph: &SystemGraph,
    rule: &'static str,
    symbol: SymbolId,
    stores: &[StoreId],
    evidence: Evidence,
    owners: &str,
    services: Vec<String>,
) -> Raw {
    let source = &graph.symbol(symbol).name;
    let names: BTreeSet<&str> = stores.iter().map(|it| graph.store(*it).name.as_str()).collect();
    let names = names.into_iter().collect::<Vec<_>>().join(", ");
    let (message, does) = if rule.ends_with("join") || rule.ends_with("join-across") {
        (format!("{source} joins {names}, which {owners} own"), format!("joins {names}"))
    } else {
        (format!("{source} writes {names} in one transaction; {owners} own them"), format!("writes {names}"))
    };
    let mut path = vec![definition(graph, symbol), spot(graph, evidence, does)];
    path.extend(stores.iter().filter_map(|it| store_definition(graph, *it)));
    Raw {
        rule,
        source: Term::Symbol(symbol),
        target: Term::Nothing,
        object: Term::Stores(stores.to_vec()),
        message,
        site: Some(evidence),
        path,
        services,
    }
}

/// Places that could not be resolved, one per symbol (or file), kind and words.
pub fn blind_spots(graph: &SystemGraph, names: &Identity) -> Vec<Found> {
    let mut found = Collector::new(graph, names);
    for spot_ in graph.counted_blind_spots() {
        let source = spot_.symbol.map_or(Term::File(spot_.evidence.file), Term::Symbol);
        found.add(Raw {
            rule: "blind-spot",
            source,
            target: Term::Words(spot_.kind.clone()),
            object: Term::Words(spot_.detail.clone()),
            message: format!("{}: {}", spot_.kind.replace('-', " "), spot_.detail),
            site: Some(spot_.evidence),
            path: Vec::new(),
            services: Vec::new(),
        });
    }
    found.finish()
}
