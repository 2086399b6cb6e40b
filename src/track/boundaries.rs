//! The boundaries of an earlier revision, put on a later one: what a user declared, else where the same name was before.
//!
//! Clustering two revisions apart would move things between services that nobody touched. Here only what is new is placed,
//! and it goes where its neighbors are.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Settings;
use crate::model::graph::{Confidence, StoreId, SymbolId, SystemGraph};
use crate::model::partition::{Partition, Place, Placement, ServiceCandidate, ServiceId};
use crate::model::source::Role;
use crate::model::sql::Effect;
use crate::partition::pins::{self, Pinned};
use crate::track::identity::Identity;

/// The services that `settings` declare, put on a graph without clustering anything.
pub fn declared(graph: &SystemGraph, settings: &Settings) -> Partition {
    carry(&SystemGraph::default(), &Partition::default(), graph, settings, &Identity::default())
}

/// Puts the services of `partition`, which belongs to `before`, on `after`.
pub fn carry(
    before: &SystemGraph,
    partition: &Partition,
    after: &SystemGraph,
    settings: &Settings,
    names: &Identity,
) -> Partition {
    let (pinned, _) = pins::resolve(after, settings);
    let mut services = partition.services.clone();
    for name in &pinned.services {
        if !services.iter().any(|it| it.name == *name) {
            services.push(ServiceCandidate {
                name: name.clone(),
                confidence: 1.0,
                reasons: Vec::new(),
                declared: true,
            });
        }
    }
    let declared = |it: Pinned| match it {
        Pinned::Service(at) => {
            let name = &pinned.services[at as usize];
            let id = services.iter().position(|it| it.name == *name).unwrap_or_default();
            Place::Service(ServiceId(id as u32))
        }
        Pinned::SharedKernel => Place::SharedKernel,
        Pinned::EdgeLayer => Place::EdgeLayer,
    };
    let mut earlier: BTreeMap<&str, Place> = BTreeMap::new();
    // One name may stand in several files of a package (build tags): each keeps its own place.
    let mut in_file: BTreeMap<(&str, &str), Place> = BTreeMap::new();
    for id in before.symbol_ids() {
        let symbol = before.symbol(id);
        earlier.entry(symbol.name.as_str()).or_insert_with(|| partition.symbol(id));
        in_file.entry((&before.file(symbol.file).path, &symbol.name)).or_insert_with(|| partition.symbol(id));
    }
    let earlier_stores: BTreeMap<&str, Place> =
        before.store_ids().map(|it| (before.store(it).name.as_str(), partition.store(it))).collect();
    let production = |id: SymbolId| matches!(after.symbol(id).role, Role::Production | Role::Generated);
    let mut symbols: Vec<Option<Place>> = after
        .symbol_ids()
        .map(|id| {
            if !production(id) {
                return Some(Place::Outside);
            }
            let symbol = after.symbol(id);
            let name = names.symbol(&symbol.name);
            let path = after.file(symbol.file).path.as_str();
            let known = || in_file.get(&(path, name)).or_else(|| earlier.get(name)).copied();
            pinned.symbols[id.index()].map(declared).or_else(known)
        })
        .collect();
    let mut stores: Vec<Option<Place>> = after
        .store_ids()
        .map(|id| {
            let known = || earlier_stores.get(names.store(&after.store(id).name)).copied();
            pinned.stores[id.index()].map(declared).or_else(known)
        })
        .collect();
    // A symbol inside another one goes with it, one of a file that is nearly all in one place with that; in a file of
    // several services a helper goes with those who call it, else whatever is new to whose data it touches; else to most of
    // the module. A new module goes as a whole to whose data it touches and whom it calls, else with its folder.
    let files = counts_by(after, &symbols, |id| after.symbol(id).file);
    let modules = counts_by(after, &symbols, |id| after.symbol(id).module);
    let callers = callers_place(after, &symbols);
    let touched = drawn_to(after, &symbols, &stores, |id| id);
    for id in after.symbol_ids() {
        if symbols[id.index()].is_none() {
            let symbol = after.symbol(id);
            let Some(of_module) = modules.get(&symbol.module).and_then(most) else { continue };
            let parent = symbol.parent.and_then(|it| symbols[it.index()]);
            let file = files.get(&symbol.file);
            let place = parent
                .or_else(|| file.and_then(nearly_all))
                .or_else(|| file.and_then(|_| callers.get(&id).or_else(|| touched.get(&id)).copied()));
            symbols[id.index()] = Some(place.unwrap_or(of_module));
        }
    }
    let drawn = drawn_to(after, &symbols, &stores, |id| after.symbol(id).module);
    let folders = folder_majority(after, &symbols);
    for id in after.symbol_ids() {
        if symbols[id.index()].is_none() {
            let path = &after.file(after.symbol(id).file).path;
            let folder = path.rfind('/').and_then(|end| folders.get(&path[..end]).copied());
            symbols[id.index()] = drawn.get(&after.symbol(id).module).copied().or(folder);
        }
    }
    place_stores(after, &symbols, &mut stores);
    let placement = |place: Option<Place>| Placement {
        place: place.unwrap_or(Place::Outside),
        confidence: 1.0,
        runner_up: None,
        reason: "carried over from the base revision".to_owned(),
    };
    Partition {
        services,
        symbols: symbols.into_iter().map(placement).collect(),
        stores: stores.into_iter().map(placement).collect(),
        alternatives: Vec::new(),
        ..partition.clone()
    }
}

/// A file with this share of its symbols in one place is of that place.
const NEARLY_ALL: f64 = 0.7;

type Counts = BTreeMap<Place, u32>;

fn most(counts: &Counts) -> Option<Place> {
    counts
        .iter()
        .filter(|it| *it.0 != Place::Outside)
        .max_by_key(|(place, count)| (**count, std::cmp::Reverse(**place)))
        .map(|(place, _)| *place)
}

/// The place that nearly all is in.
fn nearly_all(counts: &Counts) -> Option<Place> {
    let all: u32 = counts.iter().filter(|it| *it.0 != Place::Outside).map(|it| it.1).sum();
    most(counts).filter(|it| f64::from(counts[it]) >= NEARLY_ALL * f64::from(all))
}

/// How many symbols of each file or module are in each place.
fn counts_by<K: Ord>(
    graph: &SystemGraph,
    symbols: &[Option<Place>],
    key: impl Fn(SymbolId) -> K,
) -> BTreeMap<K, Counts> {
    let mut counts: BTreeMap<K, Counts> = BTreeMap::new();
    for id in graph.symbol_ids() {
        if let Some(place) = symbols[id.index()] {
            *counts.entry(key(id)).or_default().entry(place).or_default() += 1;
        }
    }
    counts
}

/// The one place that all callers of a new symbol are in.
fn callers_place(graph: &SystemGraph, symbols: &[Option<Place>]) -> BTreeMap<SymbolId, Place> {
    let mut places: BTreeMap<SymbolId, BTreeSet<Place>> = BTreeMap::new();
    for call in graph.calls.iter().filter(|it| it.confidence > Confidence::Guess) {
        if let (None, Some(place)) = (symbols[call.to.index()], symbols[call.from.index()])
            && place != Place::Outside
        {
            places.entry(call.to).or_default().insert(place);
        }
    }
    places.into_iter().filter(|it| it.1.len() == 1).filter_map(|(id, it)| Some((id, it.into_iter().next()?))).collect()
}

/// Where most of what stands directly in each folder is.
fn folder_majority(graph: &SystemGraph, symbols: &[Option<Place>]) -> BTreeMap<String, Place> {
    let mut counts: BTreeMap<String, Counts> = BTreeMap::new();
    for id in graph.symbol_ids() {
        let Some(place) = symbols[id.index()] else { continue };
        if let Some((folder, _)) = graph.file(graph.symbol(id).file).path.rsplit_once('/') {
            *counts.entry(folder.to_owned()).or_default().entry(place).or_default() += 1;
        }
    }
    counts.iter().filter_map(|(folder, counts)| Some((folder.clone(), most(counts)?))).collect()
}

/// The service that a module or symbol without a place is drawn to: a write counts three, a read two, a call one.
fn drawn_to<K: Ord + Copy>(
    graph: &SystemGraph,
    symbols: &[Option<Place>],
    stores: &[Option<Place>],
    key: impl Fn(SymbolId) -> K,
) -> BTreeMap<K, Place> {
    let mut counts: BTreeMap<K, Counts> = BTreeMap::new();
    let mut draw = |open: SymbolId, place: Option<Place>, weight: u32| {
        if let (None, Some(place @ Place::Service(_))) = (symbols[open.index()], place) {
            *counts.entry(key(open)).or_default().entry(place).or_default() += weight;
        }
    };
    for access in graph.counted_accesses() {
        let weight = if access.operation.effect() == Effect::Write { 3 } else { 2 };
        draw(access.symbol, stores[access.store.index()], weight);
    }
    for call in graph.calls.iter().filter(|it| it.confidence > Confidence::Guess) {
        draw(call.from, symbols[call.to.index()], 1);
        draw(call.to, symbols[call.from.index()], 1);
    }
    counts.iter().filter_map(|(key, counts)| Some((*key, most(counts)?))).collect()
}

/// A new store goes to whoever writes it, else to whoever reads it.
fn place_stores(graph: &SystemGraph, symbols: &[Option<Place>], stores: &mut [Option<Place>]) {
    for effect in [Effect::Write, Effect::Read] {
        let mut counts: BTreeMap<StoreId, Counts> = BTreeMap::new();
        for access in graph.counted_accesses().filter(|it| it.operation.effect() == effect) {
            if let (None, Some(place @ Place::Service(_))) =
                (stores[access.store.index()], symbols[access.symbol.index()])
            {
                *counts.entry(access.store).or_default().entry(place).or_default() += 1;
            }
        }
        for (store, counts) in counts {
            stores[store.index()] = most(&counts);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_count_wins_and_outside_says_nothing() {
        let a = Place::Service(ServiceId(0));
        let b = Place::Service(ServiceId(1));
        assert_eq!(most(&Counts::from([(b, 2), (a, 2), (Place::Outside, 9)])), Some(a));
        assert_eq!(most(&Counts::from([(Place::Outside, 9)])), None);
    }
}
