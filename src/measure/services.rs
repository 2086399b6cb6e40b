//! Figures of one service each, by the same formulas as those of the whole, and what crosses it.

use std::collections::{BTreeMap, BTreeSet};

use crate::measure::calls::Call;
use crate::measure::size::own_lines;
use crate::measure::system::Modules;
use crate::measure::{packages, purity};
use crate::model::graph::{Confidence, SymbolId, SystemGraph};
use crate::model::partition::{Partition, Place, ServiceId};
use crate::model::source::Role;

/// Figures of a service under their metrics' ids.
pub type Figures = Vec<(&'static str, f64)>;

/// Cohesion, coupling and size of each service over units and their calls. `services` gives each unit its service.
pub fn of_calls(calls: &[Call], services: &[Option<u32>], count: usize) -> Vec<Figures> {
    let mut sizes = vec![0.0; count];
    services.iter().flatten().for_each(|it| sizes[*it as usize] += 1.0);
    let mut linked = vec![BTreeSet::new(); count];
    let mut called = vec![BTreeSet::new(); count];
    let (mut cross, mut all) = (vec![0.0; count], vec![0.0; count]);
    let (mut inner, mut degree, mut total) = (vec![0.0; count], vec![0.0; count], 0.0);
    for &(from, to, volume) in calls {
        let (Some(a), Some(b)) = (services[from as usize], services[to as usize]) else { continue };
        let (a, b) = (a as usize, b as usize);
        total += volume;
        degree[a] += volume;
        degree[b] += volume;
        if a == b {
            inner[a] += volume;
        }
        if from == to {
            continue;
        }
        let weight = volume.ln() + 1.0;
        all[a] += weight;
        if a == b {
            linked[a].insert((from.min(to), from.max(to)));
        } else {
            all[b] += weight;
            cross[a] += weight;
            cross[b] += weight;
            called[b].insert(to);
        }
    }
    let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
    (0..count)
        .map(|at| {
            let expected = if total > 0.0 { (degree[at] / (2.0 * total)).powi(2) } else { 0.0 };
            vec![
                ("inter_partition_calls", share(cross[at], all[at])),
                ("interface_number", called[at].len() as f64),
                ("modularity", share(inner[at], total) - expected),
                ("non_extreme_distribution", f64::from(u8::from(!(5.0..=20.0).contains(&sizes[at])))),
                ("structural_modularity", share(linked[at].len() as f64, sizes[at] * sizes[at])),
            ]
        })
        .collect()
}

/// Mean number of services whose stores an endpoint reaches, over endpoints that reach any.
pub(super) fn mean_fan_out(graph: &SystemGraph, partition: &Partition) -> f64 {
    mean(fan_out(graph, partition, |_, _| ()).into_iter().map(|it| it.1))
}

fn mean(counts: impl Iterator<Item = usize>) -> f64 {
    let (sum, count) = counts.fold((0, 0), |(sum, count), it| (sum + it, count + 1_usize));
    sum as f64 / count.max(1) as f64
}

/// Service of the handler and number of services whose stores are reached, for endpoints that reach any. `see` is told the
/// number of each endpoint and the functions that it reaches.
fn fan_out(
    graph: &SystemGraph,
    partition: &Partition,
    mut see: impl FnMut(u32, &[SymbolId]),
) -> Vec<(Option<ServiceId>, usize)> {
    // Who each function calls lies together, from its start to that of the next one.
    let calls = || graph.calls.iter().filter(|it| it.confidence > Confidence::Guess);
    let mut starts = vec![0_usize; graph.symbols.len() + 1];
    calls().for_each(|call| starts[call.from.index() + 1] += 1);
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    let mut called = vec![SymbolId(0); starts[graph.symbols.len()]];
    let mut next = starts.clone();
    for call in calls() {
        called[next[call.from.index()]] = call.to;
        next[call.from.index()] += 1;
    }
    // The services whose stores each symbol touches.
    let mut touched: Vec<Vec<ServiceId>> = vec![Vec::new(); graph.symbols.len()];
    for access in graph.counted_accesses() {
        let services = &mut touched[access.symbol.index()];
        services.extend(partition.store(access.store).service().filter(|it| !services.contains(it)));
    }
    let mut found = Vec::new();
    let mut seen = vec![u32::MAX; graph.symbols.len()];
    let mut reached: Vec<SymbolId> = Vec::new();
    for (number, endpoint) in (0..).zip(graph.endpoints.iter().filter(|it| !it.registers)) {
        seen[endpoint.handler.index()] = number;
        reached.clear();
        reached.push(endpoint.handler);
        let mut services: BTreeSet<ServiceId> = BTreeSet::new();
        let mut at = 0;
        while let Some(symbol) = reached.get(at).map(|it| it.index()) {
            at += 1;
            services.extend(&touched[symbol]);
            for to in &called[starts[symbol]..starts[symbol + 1]] {
                if seen[to.index()] != number {
                    seen[to.index()] = number;
                    reached.push(*to);
                }
            }
        }
        see(number, &reached);
        if !services.is_empty() {
            found.push((partition.symbol(endpoint.handler).service(), services.len()));
        }
    }
    found
}

/// Endpoints: what each reaches, the services whose data it touches, and how many purposes units serve.
pub struct Purposes {
    /// Service of the handler, services whose stores are reached; for endpoints that reach any.
    fan_out: Vec<(Option<ServiceId>, usize)>,
    /// Endpoints that reach each symbol, in the order of symbols.
    contexts: Vec<Vec<u32>>,
}

impl Purposes {
    pub fn new(graph: &SystemGraph, partition: &Partition) -> Self {
        let mut contexts = vec![Vec::new(); graph.symbols.len()];
        let fan_out = fan_out(graph, partition, |number, reached| {
            reached.iter().for_each(|it| contexts[it.index()].push(number));
        });
        Self { fan_out, contexts }
    }

    /// Endpoints that reach data of some service.
    pub fn reaching(&self) -> usize {
        self.fan_out.len()
    }

    /// Mean number of services whose stores an endpoint reaches, over endpoints that reach any; of one service, over those
    /// whose handler is in it.
    pub fn fan_out(&self, service: Option<ServiceId>) -> f64 {
        mean(self.fan_out.iter().filter(|it| service.is_none() || it.0 == service).map(|it| it.1))
    }

    /// Mean over services of the entropy (nats) of the endpoints that reach their functions; of one service its own.
    pub fn context_entropy(&self, partition: &Partition, service: Option<ServiceId>) -> f64 {
        let (mut contexts, mut services) = (Vec::new(), Vec::new());
        for (symbol, reached) in (0..).map(SymbolId).zip(&self.contexts) {
            if !reached.is_empty()
                && let Place::Service(id) = partition.symbol(symbol)
                && service.is_none_or(|it| it == id)
            {
                contexts.push(reached.clone());
                services.push(Some(id.0));
            }
        }
        purity::context_entropy(&contexts, &services)
    }
}

/// Steps that sagas would add: for each transaction, the services whose stores it writes less one. With a service only
/// the transactions that it takes part in.
pub fn saga_cost(graph: &SystemGraph, partition: &Partition, service: Option<ServiceId>) -> f64 {
    let services = graph.counted_transactions().map(|transaction| -> BTreeSet<ServiceId> {
        transaction.writes.iter().filter_map(|it| partition.store(*it).service()).collect()
    });
    let counted = services.filter(|it| service.is_none_or(|service| it.contains(&service)));
    counted.map(|it| it.len().saturating_sub(1)).sum::<usize>() as f64
}

/// Lines of functions and types and their share, blind spots and their share, circles and reach of modules, by service.
pub fn of_code(graph: &SystemGraph, partition: &Partition, modules: &Modules) -> Vec<Figures> {
    let count = partition.services.len();
    let of = |it: SymbolId| partition.symbol(it).service().map(ServiceId::index);
    let own_lines = own_lines(graph);
    let mut lines = vec![0.0; count];
    let mut places: Vec<BTreeMap<usize, u32>> = vec![BTreeMap::new(); modules.count];
    for id in graph.symbol_ids() {
        let symbol = graph.symbol(id);
        let Some(service) = of(id).filter(|_| symbol.role == Role::Production) else { continue };
        lines[service] += f64::from(own_lines[id.index()]);
        if let Some(module) = modules.numbers[symbol.module.index()] {
            *places[module as usize].entry(service).or_default() += 1;
        }
    }
    let (mut blind, mut resolved) = (vec![0.0; count], vec![0.0; count]);
    graph.blind_spots.iter().filter_map(|it| of(it.symbol?)).for_each(|it| blind[it] += 1.0);
    graph.accesses.iter().filter_map(|it| of(it.symbol)).for_each(|it| resolved[it] += 1.0);
    // A module counts where most of it is.
    let home: Vec<Option<usize>> = places
        .iter()
        .map(|it| it.iter().max_by_key(|(service, count)| (**count, std::cmp::Reverse(**service))).map(|it| *it.0))
        .collect();
    let mut circles = vec![0.0; count];
    for circle in packages::cycles(modules.count, &modules.depends) {
        let services: BTreeSet<usize> = circle.iter().filter_map(|it| home[*it as usize]).collect();
        services.into_iter().for_each(|it| circles[it] += 1.0);
    }
    let placed: f64 = lines.iter().sum();
    (0..count)
        .map(|at| {
            let all = blind[at] + resolved[at];
            let own: Vec<u32> = (0..home.len() as u32).filter(|it| home[*it as usize] == Some(at)).collect();
            vec![
                ("blind_spot_share", if all > 0.0 { blind[at] / all } else { 0.0 }),
                ("blind_spots", blind[at]),
                ("cycles", circles[at]),
                ("largest_share", if placed > 0.0 { lines[at] / placed } else { 0.0 }),
                ("lines", lines[at]),
                ("propagation_cost", packages::reach(modules.count, &modules.depends, &own)),
            ]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_example() {
        // Units 0 and 1 in service 0, unit 2 in service 1, unit 3 nowhere.
        let calls = [(0, 1, 1.0), (1, 2, 1.0), (2, 0, 1.0), (3, 0, 9.0)];
        let found = of_calls(&calls, &[Some(0), Some(0), Some(1), None], 2);
        let value = |at: usize, id: &str| found[at].iter().find(|it| it.0 == id).expect("a figure").1;
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} is not {b}");
        close(value(0, "inter_partition_calls"), 2.0 / 3.0);
        close(value(1, "inter_partition_calls"), 1.0);
        close(value(0, "interface_number"), 1.0);
        close(value(0, "structural_modularity"), 0.25);
        close(value(0, "modularity") + value(1, "modularity"), 1.0 / 3.0 - (16.0 + 4.0) / 36.0);
        close(value(0, "non_extreme_distribution"), 1.0);
    }
}
