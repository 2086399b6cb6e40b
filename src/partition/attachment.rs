//! How strongly each piece of code hangs on each store.
//!
//! One undirected graph holds symbols, stores and files. A random walk from a symbol that ends at the first store it
//! meets, and gives up at each step with a fixed probability, ends at each store with a probability: the *attachment*.
//! It is linear, so for any grouping of stores the attachment to a group is the sum over its stores, and the walk is
//! computed once for all groupings. Dependencies are damped by the fan-in of what is depended on.

use rayon::prelude::*;

use crate::config::Weights;
use crate::model::graph::{ReferenceKind, StoreId, SymbolId, SymbolKind, SystemGraph};
use crate::model::sql::{Effect, Operation};
use crate::partition::pins::{Pinned, Pins};
use crate::partition::signals::{is_placed, trust};
use crate::partition::weighted::{SCALE, WeightedGraph};

/// Probability to give up at each step.
const GIVE_UP: f64 = 0.25;
/// Steps of the walk.
const STEPS: usize = 14;
/// Stores remembered for each symbol.
const KEPT: usize = 16;
/// How much more a write says than a read.
const WRITE: f64 = 3.0;
/// Weight between a type and the store it is mapped to.
const ENTITY: f64 = 4.0;

/// Nodes of the graph: symbols first, then stores, then files.
pub struct Coupling {
    pub graph: WeightedGraph,
    pub symbols: usize,
    pub stores: usize,
}

impl Coupling {
    pub fn store_node(&self, id: StoreId) -> u32 {
        self.symbols as u32 + id.0
    }

    /// Neighbors of a symbol that are symbols.
    pub fn symbol_row(&self, id: SymbolId) -> impl Iterator<Item = (SymbolId, f64)> + '_ {
        self.graph.row(id.0).filter(|it| (it.0 as usize) < self.symbols).map(|it| (SymbolId(it.0), it.1))
    }
}

/// Attachment of each symbol: stores with probabilities, sorted by store.
pub type Attachment = Vec<Vec<(u32, f64)>>;

/// Builds the graph of code, stores and files.
pub fn couple(graph: &SystemGraph, weights: &Weights) -> Coupling {
    let symbols = graph.symbols.len();
    let stores = graph.stores.len();
    let mut edges: Vec<(u32, u32, f64)> = Vec::new();
    dependencies(graph, weights, &mut edges);
    accesses(graph, weights, &mut edges);
    structure(graph, weights, &mut edges);
    let edges: Vec<(u32, u32, f64)> =
        edges.into_iter().filter(|it| it.2 > 0.0).map(|it| (it.0, it.1, (it.2 * SCALE).round().max(1.0))).collect();
    let graph = WeightedGraph::from_exact(symbols + stores + graph.files.len(), &edges);
    Coupling { graph, symbols, stores }
}

/// Calls and references, damped by the square root of the fan-in.
fn dependencies(graph: &SystemGraph, weights: &Weights, edges: &mut Vec<(u32, u32, f64)>) {
    let mut sites: Vec<(u32, u32, f64)> = Vec::new();
    for call in &graph.calls {
        sites.push((call.from.0, call.to.0, weights.calls * trust(call.confidence)));
    }
    for reference in &graph.references {
        let kind = match reference.kind {
            ReferenceKind::Extends | ReferenceKind::Reads => 0.7,
            ReferenceKind::Uses => 1.0,
        };
        sites.push((reference.from.0, reference.to.0, weights.references * kind));
    }
    sites.retain(|it| {
        it.0 != it.1
            && is_placed(graph.symbols[it.0 as usize].role)
            && is_placed(graph.symbols[it.1 as usize].role)
            // What module-level code mentions is wiring, not use.
            && graph.symbols[it.0 as usize].kind != SymbolKind::Module
    });
    sites.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(b.2.total_cmp(&a.2)));
    let mut merged: Vec<(u32, u32, f64, u32)> = Vec::new();
    for (from, to, weight) in sites {
        match merged.last_mut() {
            Some(last) if (last.0, last.1) == (from, to) => last.3 += 1,
            _ => merged.push((from, to, weight, 1)),
        }
    }
    let mut fan_in = vec![0_u32; graph.symbols.len()];
    for it in &merged {
        fan_in[it.1 as usize] += 1;
    }
    for (from, to, weight, times) in merged {
        let repeated = 1.0 + f64::from(times).ln() / 2.0;
        edges.push((from, to, weight * repeated / f64::from(fan_in[to as usize]).sqrt()));
    }
}

/// Reads and writes, damped by the square root of the number of functions around the store.
fn accesses(graph: &SystemGraph, weights: &Weights, edges: &mut Vec<(u32, u32, f64)>) {
    let first = graph.symbols.len() as u32;
    let mut sites: Vec<(u32, u32, f64)> = graph
        .accesses
        .iter()
        .filter(|it| is_placed(graph.symbol(it.symbol).role) && it.operation != Operation::Ddl)
        .map(|it| {
            let kind = if it.operation.effect() == Effect::Write { WRITE } else { 1.0 };
            (it.symbol.0, it.store.0, kind * trust(it.confidence))
        })
        .collect();
    sites.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(b.2.total_cmp(&a.2)));
    sites.dedup_by_key(|it| (it.0, it.1));
    let mut around = vec![0_u32; graph.stores.len()];
    for it in &sites {
        around[it.1 as usize] += 1;
    }
    for (symbol, store, weight) in sites {
        edges.push((symbol, first + store, weights.accesses * weight / f64::from(around[store as usize]).sqrt()));
    }
    for (id, store) in graph.stores.iter().enumerate() {
        for entity in &store.entities {
            if is_placed(graph.symbol(*entity).role) {
                edges.push((entity.0, first + id as u32, weights.accesses * ENTITY));
            }
        }
    }
}

/// Members with their type, symbols with their file, and neighbors in a file with each other.
fn structure(graph: &SystemGraph, weights: &Weights, edges: &mut Vec<(u32, u32, f64)>) {
    let first_file = (graph.symbols.len() + graph.stores.len()) as u32;
    let mut by_file: Vec<Vec<u32>> = vec![Vec::new(); graph.files.len()];
    for id in graph.symbol_ids() {
        let symbol = graph.symbol(id);
        if !is_placed(symbol.role) || symbol.kind == SymbolKind::Module {
            continue;
        }
        by_file[symbol.file.index()].push(id.0);
        if let Some(parent) = symbol.parent.filter(|it| is_placed(graph.symbol(*it).role)) {
            edges.push((id.0, parent.0, weights.structure * 2.0));
        }
    }
    for (file, members) in by_file.iter_mut().enumerate() {
        members.sort_by_key(|it| (graph.symbols[*it as usize].line, *it));
        let share = weights.structure / (members.len() as f64).sqrt();
        for id in members.iter() {
            edges.push((*id, first_file + file as u32, share));
        }
        for pair in members.windows(2) {
            edges.push((pair[0], pair[1], weights.structure / 2.0));
        }
    }
}

/// Computes the attachment of every symbol. A pinned symbol stands for its service: the walk ends there too, at the
/// number of stores plus the service's; what is pinned to no service is not walked through.
pub fn attach(coupling: &Coupling, pins: &Pins) -> Attachment {
    let nodes = coupling.graph.len();
    let end_of = |node: usize| -> Option<Vec<(u32, f64)>> {
        if node < coupling.symbols {
            return pins.symbols[node].map(|it| match it {
                Pinned::Service(id) => vec![(coupling.stores as u32 + id, 1.0)],
                Pinned::SharedKernel | Pinned::EdgeLayer => Vec::new(),
            });
        }
        let store = node - coupling.symbols;
        (store < coupling.stores).then(|| vec![(store as u32, 1.0)])
    };
    let ends: Vec<Option<Vec<(u32, f64)>>> = (0..nodes).map(end_of).collect();
    let targets = coupling.stores + pins.services.len();
    let mut rows: Vec<Vec<(u32, f64)>> = ends.iter().map(|it| it.clone().unwrap_or_default()).collect();
    let around: Vec<f64> = (0..nodes as u32).map(|it| coupling.graph.row(it).map(|it| it.1).sum()).collect();
    for _ in 0..STEPS {
        rows = (0..nodes)
            .into_par_iter()
            .map_init(
                || (vec![0.0_f64; targets], Vec::new()),
                |(sums, touched), node| {
                    if let Some(end) = &ends[node] {
                        return end.clone();
                    }
                    for (other, weight) in coupling.graph.row(node as u32) {
                        for &(store, share) in &rows[other as usize] {
                            if sums[store as usize] == 0.0 {
                                touched.push(store);
                            }
                            sums[store as usize] += weight * share;
                        }
                    }
                    let mut row: Vec<(u32, f64)> = touched
                        .drain(..)
                        .map(|it| {
                            let sum = std::mem::take(&mut sums[it as usize]);
                            (it, (1.0 - GIVE_UP) * sum / around[node])
                        })
                        .collect();
                    if row.len() > KEPT {
                        row.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
                        row.truncate(KEPT);
                    }
                    row.sort_by_key(|it| it.0);
                    row
                },
            )
            .collect();
    }
    rows.truncate(coupling.symbols);
    rows
}
