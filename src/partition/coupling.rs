//! The graph of everything that pulls together: symbols, stores, and the files and folders they stand in.
//!
//! Dependencies and accesses are damped by how many depend on or touch the same thing, so that hubs pull little.
//! `docs/algorithms.md` says where the constants come from.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Weights;
use crate::model::graph::{ReferenceKind, StoreId, SymbolId, SymbolKind, SystemGraph};
use crate::model::sql::{Effect, Operation};
use crate::model::wording::last_part;
use crate::partition::resolution::modularity;
use crate::partition::signals::{Signals, is_placed, pairs, trust};
use crate::partition::weighted::{SCALE, WeightedGraph};

/// What a write and a read of a store say.
const WRITE: f64 = 3.0;
const READ: f64 = 0.5;
/// A read of reference data, or of rows that nobody else uses; a write of such rows counts as a read.
const LOOK_UP: f64 = 0.1;
/// A type and the store it is mapped to.
const ENTITY: f64 = 4.0;
/// How much fan-in damps a dependency, and the number of functions around a store an access.
const DEPENDENCY_DAMPING: f64 = 0.5;
const ACCESS_DAMPING: f64 = 0.7;
/// A member and its type, a symbol and its file, neighbors in a file, a file and its folder.
const MEMBER: f64 = 0.6;
const FILE: f64 = 0.2;
const NEIGHBOR: f64 = 0.8;
const FOLDER: f64 = 1.0;
/// The same operation of two implementations, and what makes two types such: so many operations of the same name, this
/// share of them on the same stores.
const VARIANT: f64 = 3.0;
const SAME_NAMES: usize = 3;
const SAME_STORES: f64 = 0.5;
/// A file with more than this share of all symbols says little by being a file.
const LARGE_FILE: f64 = 0.12;
/// A folder with more than this share of all symbols says nothing.
const LARGE_FOLDER: f64 = 0.25;
/// Two files that always change together, where a history was read.
const CO_CHANGE: f64 = 10.0;
/// All ties between stores together, in units of one dependency.
const DATA: f64 = 1.5;

/// Nodes of the graph: symbols first, then stores, then files, then folders.
pub struct Coupling {
    pub graph: WeightedGraph,
    pub symbols: usize,
    pub stores: usize,
}

impl Coupling {
    pub fn store_node(&self, id: StoreId) -> u32 {
        self.symbols as u32 + id.0
    }

    /// Modularity of the placed symbols and stores; `groups` are theirs, symbols first.
    pub fn modularity(&self, groups: impl Iterator<Item = Option<u32>>) -> f64 {
        let mut number = vec![None; self.graph.len()];
        let mut clusters = Vec::new();
        for (node, group) in groups.enumerate() {
            if let Some(group) = group {
                number[node] = Some(clusters.len() as u32);
                clusters.push(group);
            }
        }
        let edges: Vec<(u32, u32, f64)> = self
            .graph
            .edges()
            .filter_map(|(a, b, weight)| Some((number[a as usize]?, number[b as usize]?, weight)))
            .collect();
        modularity(&WeightedGraph::from_exact(clusters.len(), &edges), &clusters, 1.0)
    }

    /// Neighbors of a symbol that are symbols.
    pub fn symbol_row(&self, id: SymbolId) -> impl Iterator<Item = (SymbolId, f64)> + '_ {
        self.graph.row(id.0).filter(|it| (it.0 as usize) < self.symbols).map(|it| (SymbolId(it.0), it.1))
    }
}

/// Builds the graph.
pub fn couple(graph: &SystemGraph, signals: &Signals, weights: &Weights) -> Coupling {
    let symbols = graph.symbols.len();
    let stores = graph.stores.len();
    let mut edges: Vec<(u32, u32, f64)> = Vec::new();
    dependencies(graph, weights, &mut edges);
    accesses(graph, signals, weights, &mut edges);
    edges.extend(variants(graph).into_iter().map(|(a, b)| (a, b, weights.structure * VARIANT)));
    let folders = structure(graph, weights, &mut edges);
    for (a, b, weight) in pairs(&signals.contexts, weights) {
        edges.push((symbols as u32 + a, symbols as u32 + b, DATA * weight));
    }
    let first_file = (symbols + stores) as u32;
    for it in &graph.co_changes {
        let weight = weights.co_change * CO_CHANGE * f64::from(it.degree.min(100)) / 100.0;
        edges.push((first_file + it.a.0, first_file + it.b.0, weight));
    }
    let edges: Vec<(u32, u32, f64)> =
        edges.into_iter().filter(|it| it.2 > 0.0).map(|it| (it.0, it.1, (it.2 * SCALE).round().max(1.0))).collect();
    let graph = WeightedGraph::from_exact(symbols + stores + graph.files.len() + folders, &edges);
    Coupling { graph, symbols, stores }
}

/// Calls and references, damped by fan-in.
fn dependencies(graph: &SystemGraph, weights: &Weights, edges: &mut Vec<(u32, u32, f64)>) {
    let mut sites: Vec<(u32, u32, f64)> = Vec::new();
    for call in &graph.calls {
        sites.push((call.from.0, call.to.0, weights.calls * trust(call.confidence)));
    }
    for reference in &graph.references {
        let kind = match reference.kind {
            ReferenceKind::Extends | ReferenceKind::Reads | ReferenceKind::Uses => weights.references,
        };
        sites.push((reference.from.0, reference.to.0, kind));
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
        edges.push((from, to, weight * repeated / f64::from(fan_in[to as usize]).powf(DEPENDENCY_DAMPING)));
    }
}

/// Reads and writes, damped by the number of functions around the store.
fn accesses(graph: &SystemGraph, signals: &Signals, weights: &Weights, edges: &mut Vec<(u32, u32, f64)>) {
    let first = graph.symbols.len() as u32;
    let mut sites: Vec<(u32, u32, f64)> = graph
        .accesses
        .iter()
        .zip(signals.seeds.iter().zip(&signals.trust))
        .filter(|(it, (seeds, _))| {
            is_placed(graph.symbol(it.symbol).role) && it.operation != Operation::Ddl && !**seeds
        })
        .map(|(it, (_, trust))| {
            let kind = match it.operation.effect() {
                Effect::Write if signals.loose[it.store.index()] => READ,
                Effect::Read if signals.loose[it.store.index()] => LOOK_UP,
                Effect::Write => WRITE,
                Effect::Read => READ,
            };
            (it.symbol.0, it.store.0, kind * trust)
        })
        .collect();
    sites.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(b.2.total_cmp(&a.2)));
    sites.dedup_by_key(|it| (it.0, it.1));
    let mut around = vec![0_u32; graph.stores.len()];
    for it in &sites {
        around[it.1 as usize] += 1;
    }
    for (symbol, store, weight) in sites {
        edges.push((
            symbol,
            first + store,
            weights.accesses * weight / f64::from(around[store as usize]).powf(ACCESS_DAMPING),
        ));
    }
    for (id, store) in graph.stores.iter().enumerate() {
        for entity in &store.entities {
            if is_placed(graph.symbol(*entity).role) {
                edges.push((entity.0, first + id as u32, weights.accesses * ENTITY));
            }
        }
    }
}

/// Pairs of methods that do the same in two implementations of one thing, such as a storage for two databases.
fn variants(graph: &SystemGraph) -> Vec<(u32, u32)> {
    let mut touched: BTreeMap<SymbolId, BTreeSet<StoreId>> = BTreeMap::new();
    for access in graph.accesses.iter().filter(|it| it.operation != Operation::Ddl) {
        let symbol = graph.symbol(access.symbol);
        if symbol.kind == SymbolKind::Method && symbol.parent.is_some() && is_placed(symbol.role) {
            touched.entry(access.symbol).or_default().insert(access.store);
        }
    }
    let mut methods: BTreeMap<SymbolId, BTreeMap<&str, SymbolId>> = BTreeMap::new();
    for id in touched.keys() {
        if let Some(parent) = graph.symbol(*id).parent {
            methods.entry(parent).or_default().insert(last_part(&graph.symbol(*id).name), *id);
        }
    }
    let types: Vec<&BTreeMap<&str, SymbolId>> = methods.values().filter(|it| it.len() >= SAME_NAMES).collect();
    // Only types with an operation of the same name on the same store can be a pair.
    let mut meeting: BTreeMap<(&str, StoreId), Vec<usize>> = BTreeMap::new();
    for (at, methods) in types.iter().enumerate() {
        for (name, id) in *methods {
            for store in &touched[id] {
                meeting.entry((*name, *store)).or_default().push(at);
            }
        }
    }
    let mut shared: BTreeMap<(usize, usize), BTreeSet<&str>> = BTreeMap::new();
    for ((name, _), types) in &meeting {
        for (at, one) in types.iter().enumerate() {
            for other in &types[at + 1..] {
                shared.entry((*one, *other)).or_default().insert(name);
            }
        }
    }
    let mut res = Vec::new();
    for ((one, other), same) in shared {
        let (one, other) = (types[one], types[other]);
        if same.len() >= SAME_NAMES && same.len() as f64 >= SAME_STORES * one.len().min(other.len()) as f64 {
            res.extend(same.into_iter().map(|it| (one[it].0, other[it].0)));
        }
    }
    res
}

/// Members with their type, neighbors in a file with each other, symbols with their file, files with their folder.
/// Returns the number of folders.
fn structure(graph: &SystemGraph, weights: &Weights, edges: &mut Vec<(u32, u32, f64)>) -> usize {
    let first_file = (graph.symbols.len() + graph.stores.len()) as u32;
    let mut by_file: Vec<Vec<u32>> = vec![Vec::new(); graph.files.len()];
    for id in graph.symbol_ids() {
        let symbol = graph.symbol(id);
        if !is_placed(symbol.role) || symbol.kind == SymbolKind::Module {
            continue;
        }
        by_file[symbol.file.index()].push(id.0);
        if let Some(parent) = symbol.parent.filter(|it| is_placed(graph.symbol(*it).role)) {
            edges.push((id.0, parent.0, weights.structure * MEMBER));
        }
    }
    let all = by_file.iter().map(Vec::len).sum::<usize>() as f64;
    let mut folders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (file, members) in by_file.iter_mut().enumerate().filter(|it| !it.1.is_empty()) {
        folders.entry(folder(&graph.files[file].path)).or_default().push(file);
        members.sort_by_key(|it| (graph.symbols[*it as usize].line, *it));
        let large = members.len() as f64 > LARGE_FILE * all + 10.0;
        let weight = weights.structure * FILE * if large { 0.3 } else { 1.0 };
        for id in members.iter() {
            edges.push((*id, first_file + file as u32, weight));
        }
        for pair in members.windows(2) {
            edges.push((pair[0], pair[1], weights.structure * NEIGHBOR));
        }
    }
    let first_folder = first_file + graph.files.len() as u32;
    for (number, files) in folders.values().enumerate() {
        let size: usize = files.iter().map(|it| by_file[*it].len()).sum();
        if files.len() > 1 && size as f64 <= LARGE_FOLDER * all {
            for file in files {
                edges.push((first_file + *file as u32, first_folder + number as u32, weights.structure * FOLDER));
            }
        }
    }
    folders.len()
}

/// Path of the folder a file is in, empty for the root.
pub fn folder(path: &str) -> &str {
    path.rfind('/').map_or("", |it| &path[..it])
}
