//! Coupling of a system under a partition: the figures that `seamline metrics` prints and `check` holds to limits.
//!
//! Classes of the published formulas are types, or functions outside types, of production code; a functionality is an
//! endpoint's handler with what it reaches through calls.

use std::collections::{BTreeMap, BTreeSet};

use crate::measure::services::Purposes;
use crate::measure::{calls, modularity, packages, services, size};
use crate::model::graph::{Confidence, Evidence, StoreId, Symbol, SymbolId, SymbolKind, SystemGraph};
use crate::model::partition::{Partition, ServiceId};
use crate::model::source::Role;
use crate::model::wording::last_part;

/// Which way a metric should move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Lower,
    Higher,
    /// Neither end is better.
    Neutral,
}

/// What a metric is.
#[derive(Clone, Copy, Debug)]
pub struct MetricKind {
    /// Stable id in snake case.
    pub id: &'static str,
    pub direction: Direction,
    /// What it counts, with unit and range.
    pub summary: &'static str,
}

/// All metrics, sorted by id.
pub static METRICS: &[MetricKind] = &[
    MetricKind {
        id: "abstractness",
        direction: Direction::Neutral,
        summary: "interfaces over all types of a service, 0 to 1 (Martin 1994)",
    },
    MetricKind {
        id: "accesses",
        direction: Direction::Neutral,
        summary: "data accesses of production code that were resolved, guesses left out",
    },
    MetricKind {
        id: "afferent_coupling",
        direction: Direction::Lower,
        summary: "units outside a service that depend on it (Martin 1994)",
    },
    MetricKind {
        id: "blind_spot_share",
        direction: Direction::Lower,
        summary: "blind spots over blind spots and data accesses, 0 to 1 (the summary tells the share of all sites as well)",
    },
    MetricKind { id: "blind_spots", direction: Direction::Lower, summary: "places that could not be resolved" },
    MetricKind {
        id: "business_context_purity",
        direction: Direction::Lower,
        summary: "BCP: entropy of the endpoints that a service serves, mean over services, nats from 0 (CARGO, ASE 2022)",
    },
    MetricKind {
        id: "cross_foreign_keys",
        direction: Direction::Lower,
        summary: "foreign keys between tables of two services",
    },
    MetricKind {
        id: "cross_joins",
        direction: Direction::Lower,
        summary: "statements that join stores of two services",
    },
    MetricKind {
        id: "cross_transactions",
        direction: Direction::Lower,
        summary: "transactions that write stores of two services",
    },
    MetricKind { id: "cut_calls", direction: Direction::Lower, summary: "call sites between two services" },
    MetricKind {
        id: "cycles",
        direction: Direction::Lower,
        summary: "groups of modules that depend on each other in a circle",
    },
    MetricKind {
        id: "distance",
        direction: Direction::Lower,
        summary: "|abstractness + instability - 1|, 0 to 1 (Martin 1994)",
    },
    MetricKind {
        id: "efferent_coupling",
        direction: Direction::Lower,
        summary: "units outside a service that it depends on (Martin 1994)",
    },
    MetricKind {
        id: "endpoint_fan_out",
        direction: Direction::Lower,
        summary: "services that an endpoint's data belongs to, mean over endpoints that touch data, from 1",
    },
    MetricKind { id: "endpoints", direction: Direction::Neutral, summary: "endpoints" },
    MetricKind {
        id: "foreign_accesses",
        direction: Direction::Lower,
        summary: "accesses to a store that another service owns",
    },
    MetricKind {
        id: "instability",
        direction: Direction::Neutral,
        summary: "efferent over all coupling of a service, 0 (stable) to 1 (Martin 1994)",
    },
    MetricKind {
        id: "inter_partition_calls",
        direction: Direction::Lower,
        summary: "ICP: share of call volume between services, 0 to 1, logarithmic volumes (Mono2Micro, FSE 2021)",
    },
    MetricKind {
        id: "interface_number",
        direction: Direction::Lower,
        summary: "IFN: units called from other services, per service (FoSCI, TSE 2019)",
    },
    MetricKind {
        id: "largest_share",
        direction: Direction::Lower,
        summary: "lines of production code in the largest service over all placed ones, 0 to 1",
    },
    MetricKind {
        id: "lines",
        direction: Direction::Neutral,
        summary: "lines of production code: of whole files, of a service those in its functions and types",
    },
    MetricKind {
        id: "modularity",
        direction: Direction::Higher,
        summary: "Q of the call graph under the partition, -0.5 to 1 (Newman 2004)",
    },
    MetricKind {
        id: "non_extreme_distribution",
        direction: Direction::Lower,
        summary: "NED: units in services smaller than 5 or larger than 20 units, 0 to 1 (Mono2Micro, FSE 2021)",
    },
    MetricKind {
        id: "propagation_cost",
        direction: Direction::Lower,
        summary: "share of module pairs where a change of one may reach the other, 0 to 1 (MacCormack et al. 2006)",
    },
    MetricKind {
        id: "saga_cost",
        direction: Direction::Lower,
        summary: "steps that sagas add: services whose stores a transaction writes less one, summed",
    },
    MetricKind { id: "services", direction: Direction::Neutral, summary: "proposed or declared services" },
    MetricKind { id: "shared_stores", direction: Direction::Lower, summary: "stores that two or more services touch" },
    MetricKind { id: "stores", direction: Direction::Neutral, summary: "data stores" },
    MetricKind {
        id: "structural_modularity",
        direction: Direction::Higher,
        summary: "SM: linked unit pairs inside services less those between them, about -1 to 1 (FoSCI, TSE 2019)",
    },
];

/// One figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Metric {
    pub id: &'static str,
    /// Service it belongs to; the whole system when `None`.
    pub service: Option<String>,
    pub value: f64,
}

/// All figures, sorted by id and service.
pub fn metrics(graph: &SystemGraph, partition: &Partition) -> Vec<Metric> {
    let units = Units::new(graph, partition);
    let mut found: Vec<Metric> = Vec::new();
    let mut whole = |id: &'static str, value: f64| found.push(Metric { id, service: None, value });
    let placed = &units.service;
    whole("services", partition.services.len() as f64);
    whole("stores", graph.stores.len() as f64);
    whole("endpoints", graph.endpoints.len() as f64);
    let lines: u64 = graph.files.iter().filter(|it| it.role == Role::Production).map(|it| u64::from(it.lines)).sum();
    whole("lines", lines as f64);
    let resolved = graph.counted_accesses().filter(|it| !graph.is_test(Some(it.symbol), it.evidence));
    whole("accesses", resolved.count() as f64);
    whole("blind_spots", graph.counted_blind_spots().count() as f64);
    whole("blind_spot_share", graph.blind_spot_share());
    whole("modularity", modularity::modularity(&units.calls, placed, 1.0));
    whole("structural_modularity", calls::structural_modularity(&units.calls, placed));
    whole("inter_partition_calls", calls::inter_partition_calls(&units.calls, placed));
    whole("interface_number", calls::interface_number(&units.calls, placed));
    whole("non_extreme_distribution", size::non_extreme_distribution(placed));
    whole("largest_share", size::largest_share_of_lines(graph, |it| partition.symbol(it).service().map(|it| it.0)));
    let modules = Modules::new(graph);
    whole("cycles", packages::cycles(modules.count, &modules.depends).len() as f64);
    whole("propagation_cost", packages::propagation_cost(modules.count, &modules.depends));
    let purposes = Purposes::new(graph, partition);
    whole("endpoint_fan_out", purposes.fan_out(None));
    whole("business_context_purity", purposes.context_entropy(partition, None));
    whole("saga_cost", services::saga_cost(graph, partition, None));
    let crossings = crossings(graph, partition);
    for (id, sites) in &crossings {
        whole(id, sites.len() as f64);
    }
    for service in partition.service_ids() {
        let name = &partition.services[service.index()].name;
        let mut own = |id: &'static str, value: f64| found.push(Metric { id, service: Some(name.clone()), value });
        for (id, sites) in &crossings {
            own(id, sites.iter().filter(|it| it.contains(&service)).count() as f64);
        }
        own("stores", graph.store_ids().filter(|it| partition.store(*it).service() == Some(service)).count() as f64);
        let endpoints = graph.endpoints.iter().filter(|it| partition.symbol(it.handler).service() == Some(service));
        own("endpoints", endpoints.count() as f64);
        own("endpoint_fan_out", purposes.fan_out(Some(service)));
        own("business_context_purity", purposes.context_entropy(partition, Some(service)));
        own("saga_cost", services::saga_cost(graph, partition, Some(service)));
    }
    let of_calls = services::of_calls(&units.calls, placed, partition.services.len());
    let of_code = services::of_code(graph, partition, &modules);
    for (service, figures) in partition.service_ids().zip(of_calls.into_iter().zip(of_code)) {
        let name = &partition.services[service.index()].name;
        let figures = figures.0.into_iter().chain(figures.1);
        found.extend(figures.map(|(id, value)| Metric { id, service: Some(name.clone()), value }));
    }
    for (service, it) in partition.service_ids().zip(units.stability(graph, partition)) {
        let name = &partition.services[service.index()].name;
        let figures = [
            ("afferent_coupling", f64::from(it.afferent)),
            ("efferent_coupling", f64::from(it.efferent)),
            ("instability", it.instability),
            ("abstractness", it.abstractness),
            ("distance", it.distance),
        ];
        found.extend(figures.map(|(id, value)| Metric { id, service: Some(name.clone()), value }));
    }
    found.sort_by(|a, b| (a.id, &a.service).cmp(&(b.id, &b.service)));
    found
}

/// Whether it is a type or a function outside types, of production code.
fn is_unit(symbol: &Symbol) -> bool {
    matches!(symbol.kind, SymbolKind::Type | SymbolKind::Interface | SymbolKind::Function)
        && symbol.role == Role::Production
        && symbol.parent.is_none()
}

/// The service of each unit, where it has one.
pub(super) fn services_of_units(graph: &SystemGraph, partition: &Partition) -> Vec<Option<u32>> {
    let units = graph.symbol_ids().filter(|it| is_unit(graph.symbol(*it)));
    units.map(|it| partition.symbol(it).service().map(|it| it.0)).collect()
}

/// Types, and functions outside types, with the calls between them.
struct Units {
    of_symbol: Vec<Option<u32>>,
    service: Vec<Option<u32>>,
    calls: Vec<calls::Call>,
}

impl Units {
    fn new(graph: &SystemGraph, partition: &Partition) -> Self {
        let mut of_symbol = vec![None; graph.symbols.len()];
        let mut service = Vec::new();
        for id in graph.symbol_ids() {
            if is_unit(graph.symbol(id)) {
                of_symbol[id.index()] = Some(service.len() as u32);
                service.push(partition.symbol(id).service().map(|it| it.0));
            }
        }
        for id in graph.symbol_ids() {
            let mut at = id;
            while of_symbol[id.index()].is_none() {
                let Some(parent) = graph.symbol(at).parent else { break };
                at = parent;
                of_symbol[id.index()] = of_symbol[parent.index()];
            }
        }
        let mut volume: BTreeMap<(u32, u32), f64> = BTreeMap::new();
        for call in graph.calls.iter().filter(|it| it.confidence > Confidence::Guess) {
            if let (Some(from), Some(to)) = (of_symbol[call.from.index()], of_symbol[call.to.index()]) {
                *volume.entry((from, to)).or_default() += 1.0;
            }
        }
        let calls = volume.into_iter().map(|((from, to), volume)| (from, to, volume)).collect();
        Self { of_symbol, service, calls }
    }

    fn stability(&self, graph: &SystemGraph, partition: &Partition) -> Vec<packages::Stability> {
        let mut depends: BTreeSet<(u32, u32)> = self.calls.iter().map(|it| (it.0, it.1)).collect();
        for reference in &graph.references {
            if let (Some(from), Some(to)) =
                (self.of_symbol[reference.from.index()], self.of_symbol[reference.to.index()])
            {
                depends.insert((from, to));
            }
        }
        let mut abstracts = vec![(0, 0); partition.services.len()];
        for id in graph.symbol_ids() {
            let kind = graph.symbol(id).kind;
            if let Some(service) = partition.symbol(id).service()
                && matches!(kind, SymbolKind::Type | SymbolKind::Interface)
            {
                abstracts[service.index()].1 += 1;
                abstracts[service.index()].0 += u32::from(kind == SymbolKind::Interface);
            }
        }
        let depends: Vec<(u32, u32)> = depends.into_iter().collect();
        packages::stability(&depends, &self.service, &abstracts)
    }
}

/// Modules, without those of tests, and which depends on which by import.
pub struct Modules {
    /// Number of each module of the graph among these; none for one of tests.
    pub numbers: Vec<Option<u32>>,
    pub count: usize,
    /// Pairs of numbers; what production code depends on.
    pub depends: Vec<(u32, u32)>,
}

impl Modules {
    fn new(graph: &SystemGraph) -> Self {
        let mut count = 0;
        let numbers: Vec<Option<u32>> = (graph.modules.iter())
            .map(|it| {
                let number = (it.role != Role::Test).then_some(count);
                count += u32::from(number.is_some());
                number
            })
            .collect();
        let depends: BTreeSet<(u32, u32)> = (graph.internal_imports())
            .filter(|(it, _)| graph.module(it.from).role == Role::Production)
            .filter_map(|(it, to)| Some((numbers[it.from.index()]?, numbers[to.index()]?)))
            .collect();
        Self { numbers, count: count as usize, depends: depends.into_iter().collect() }
    }
}

/// Sites that cross a boundary, by metric, each with the services it involves.
pub fn crossings(graph: &SystemGraph, partition: &Partition) -> BTreeMap<&'static str, Vec<BTreeSet<ServiceId>>> {
    let mut found: BTreeMap<&'static str, Vec<BTreeSet<ServiceId>>> = BTreeMap::new();
    for id in
        ["cut_calls", "foreign_accesses", "cross_joins", "cross_transactions", "cross_foreign_keys", "shared_stores"]
    {
        found.insert(id, Vec::new());
    }
    let mut add = |id: &'static str, services: BTreeSet<ServiceId>| {
        if services.len() > 1 {
            found.entry(id).or_default().push(services);
        }
    };
    let of_symbol = |it: SymbolId| partition.symbol(it).service();
    let of_store = |it: StoreId| partition.store(it).service();
    // A call through an interface is one site for each service that may answer it, however many types there do.
    let cut: BTreeSet<(SymbolId, Evidence, &str, ServiceId, ServiceId)> = graph
        .calls
        .iter()
        .filter(|it| it.confidence > Confidence::Guess)
        .filter_map(|it| {
            let (from, to) = (of_symbol(it.from)?, of_symbol(it.to)?);
            (from != to).then(|| (it.from, it.evidence, last_part(&graph.symbol(it.to).name), from, to))
        })
        .collect();
    for (.., from, to) in cut {
        add("cut_calls", BTreeSet::from([from, to]));
    }
    let mut touching: BTreeMap<StoreId, BTreeSet<ServiceId>> = BTreeMap::new();
    for access in graph.counted_accesses() {
        let user = of_symbol(access.symbol);
        if let (Some(user), Some(owner)) = (user, of_store(access.store))
            && user != owner
        {
            add("foreign_accesses", BTreeSet::from([user, owner]));
        }
        touching.entry(access.store).or_default().extend(user);
    }
    for services in touching.into_values() {
        add("shared_stores", services);
    }
    for join in graph.counted_joins() {
        add("cross_joins", join.stores.iter().filter_map(|it| of_store(*it)).collect());
    }
    for transaction in graph.counted_transactions() {
        add("cross_transactions", transaction.writes.iter().filter_map(|it| of_store(*it)).collect());
    }
    for store in graph.store_ids() {
        for key in &graph.store(store).foreign_keys {
            add("cross_foreign_keys", [of_store(store), of_store(key.store)].into_iter().flatten().collect());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_sorted_and_unique() {
        assert!(METRICS.is_sorted_by(|a, b| a.id < b.id));
    }

    #[test]
    fn an_empty_system_has_every_whole_figure_and_all_are_numbers() {
        let found = metrics(&SystemGraph::default(), &Partition::default());
        assert!(found.iter().all(|it| it.value.is_finite()), "{found:?}");
        assert!(found.iter().all(|it| METRICS.iter().any(|kind| kind.id == it.id)));
    }
}
