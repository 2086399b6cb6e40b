//! Who should own each store: votes of the groups that create, change, define and read it.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::graph::{SymbolId, SymbolKind, SystemGraph};
use crate::model::source::Role;
use crate::model::sql::{Effect, Operation};
use crate::partition::draft::heaviest;
use crate::partition::signals::{Signals, is_placed};

/// Whoever creates a row answers for it: an insert outweighs a change.
const CREATE_VOTE: f64 = 2.25;
const CHANGE_VOTE: f64 = 1.0;
const READ_VOTE: f64 = 0.25;
/// Naming the type that a store is mapped to, without any access that was seen.
const MENTION_VOTE: f64 = 0.15;
/// However many name the type, together they say at most half of what those say who are seen at the rows.
const MENTIONS_SHARE: f64 = 0.5;
/// A function that touches nothing else says up to 2.5 times as much as one that touches many stores.
const DEDICATION: f64 = 0.6;
/// And one that many call a little more than one that nobody calls: it settles what is equal otherwise.
const DEMAND: f64 = 0.05;
/// A function that nothing in the project starts is a command, a job or dead code: it says half as much.
const UNCALLED: f64 = 0.5;
/// The store is defined in code of the group.
const DEFINITION_VOTE: f64 = 1.5;
/// The same where a migration defines it too, so that the code only maps it.
const MAPPING_VOTE: f64 = 0.4;
/// The store is defined beside stores of the group.
const NEIGHBOR_VOTE: f64 = 0.6;

/// Votes for each store by group. `group_of` places symbols, `homes` names the group of most of a file's symbols, and
/// `now` is the present owner of each store.
pub fn votes(
    graph: &SystemGraph,
    signals: &Signals,
    group_of: impl Fn(SymbolId) -> Option<u32>,
    homes: &BTreeMap<u32, u32>,
    now: &[Option<u32>],
) -> Vec<BTreeMap<u32, f64>> {
    let mut votes: Vec<BTreeMap<u32, f64>> = vec![BTreeMap::new(); graph.stores.len()];
    // A function votes once, with the most telling thing it does, however many sites that takes.
    let mut cast: BTreeMap<(SymbolId, u32), f64> = BTreeMap::new();
    let mut touched: BTreeMap<SymbolId, BTreeSet<u32>> = BTreeMap::new();
    for (access, (seeds, trust)) in graph.accesses.iter().zip(signals.seeds.iter().zip(&signals.trust)) {
        if access.operation != Operation::Ddl && !seeds {
            let vote = match access.operation {
                Operation::Insert | Operation::Upsert => CREATE_VOTE,
                it if it.effect() == Effect::Write => CHANGE_VOTE,
                _ => READ_VOTE,
            };
            let sum = cast.entry((access.symbol, access.store.0)).or_insert(0.0);
            *sum = sum.max(vote * trust);
            touched.entry(access.symbol).or_default().insert(access.store.0);
        }
    }
    let mut seen = vec![0.0; graph.stores.len()];
    cast.iter().for_each(|((_, store), vote)| seen[*store as usize] += vote);
    let mut named: BTreeMap<u32, Vec<SymbolId>> = BTreeMap::new();
    for (symbol, store) in mentions(graph).into_iter().filter(|it| !cast.contains_key(it)) {
        named.entry(store).or_default().push(symbol);
    }
    for (store, symbols) in named {
        let seen = seen[store as usize];
        let most = if seen > 0.0 { MENTIONS_SHARE * seen / symbols.len() as f64 } else { MENTION_VOTE };
        cast.extend(symbols.into_iter().map(|it| ((it, store), most.min(MENTION_VOTE))));
    }
    let asked = demand(graph, cast.keys().map(|it| it.0));
    for ((symbol, store), vote) in cast {
        if let Some(group) = group_of(symbol) {
            let vote = if signals.uncalled[symbol.index()] { UNCALLED * vote } else { vote };
            let asked = f64::from(asked[symbol.index()]);
            let vote = vote + DEMAND * asked / (asked + 1.0);
            let others = touched.get(&symbol).map_or(0, |it| it.len().saturating_sub(1)) as f64;
            let dedicated = 1.0 - DEDICATION * others / (others + 1.0);
            *votes[store as usize].entry(group).or_insert(0.0) += vote * dedicated;
        }
    }
    let mut beside: BTreeMap<u32, BTreeSet<usize>> = BTreeMap::new();
    for (at, store) in graph.stores.iter().enumerate() {
        let migrated = store.defined_at.iter().any(|it| graph.file(it.file).role == Role::Migration);
        for place in &store.defined_at {
            beside.entry(place.file.0).or_default().insert(at);
            if let Some(group) = homes.get(&place.file.0) {
                let vote = if migrated { MAPPING_VOTE } else { DEFINITION_VOTE };
                *votes[at].entry(*group).or_insert(0.0) += vote;
            }
        }
    }
    let first: Vec<Option<u32>> =
        (0..votes.len()).map(|it| heaviest(&votes[it]).map_or(now[it], |it| Some(it.0))).collect();
    for (file, stores) in beside.iter().filter(|it| (2..=8).contains(&it.1.len())) {
        // Code of no group, or of several, sets up for all.
        let code = graph.files[*file as usize].role != Role::Migration && graph.files[*file as usize].module.is_some();
        if code && !homes.contains_key(file) {
            continue;
        }
        for &at in stores {
            let mut counts: BTreeMap<u32, f64> = BTreeMap::new();
            for group in stores.iter().filter(|it| **it != at).filter_map(|it| first[*it]) {
                *counts.entry(group).or_insert(0.0) += 1.0;
            }
            // A file that defines stores of everybody says nothing about any of them.
            let others = stores.len() as f64 - 1.0;
            if let Some((group, count)) = heaviest(&counts).filter(|it| it.1 > others / 2.0) {
                *votes[at].entry(group).or_insert(0.0) += NEIGHBOR_VOTE * count / others;
            }
        }
    }
    votes
}

/// Files most of whose symbols are in one group.
pub fn file_groups(graph: &SystemGraph, group_of: impl Fn(SymbolId) -> Option<u32>) -> BTreeMap<u32, u32> {
    let mut counts: BTreeMap<u32, (BTreeMap<u32, f64>, f64)> = BTreeMap::new();
    for id in graph.symbol_ids() {
        let symbol = graph.symbol(id);
        if is_placed(symbol.role) && graph.file(symbol.file).role != Role::Migration {
            let (groups, all) = counts.entry(symbol.file.0).or_default();
            *all += 1.0;
            if let Some(group) = group_of(id) {
                *groups.entry(group).or_insert(0.0) += 1.0;
            }
        }
    }
    counts
        .into_iter()
        .filter_map(|(file, (groups, all))| {
            let (group, most) = heaviest(&groups)?;
            (most >= 0.6 * all).then_some((file, group))
        })
        .collect()
}

/// By how many functions each of some functions is called; of the others nothing is said.
fn demand(graph: &SystemGraph, of: impl Iterator<Item = SymbolId>) -> Vec<u32> {
    let mut wanted = vec![false; graph.symbols.len()];
    of.for_each(|it| wanted[it.index()] = true);
    let calls = graph.calls.iter().filter(|it| wanted[it.to.index()] && it.from != it.to);
    let mut pairs: Vec<(SymbolId, SymbolId)> =
        calls.filter(|it| is_placed(graph.symbol(it.from).role)).map(|it| (it.to, it.from)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let mut demand = vec![0; graph.symbols.len()];
    pairs.into_iter().for_each(|(to, _)| demand[to.index()] += 1);
    demand
}

/// Functions that name the type of a store, and the store: members of such types, which name each other, are left out.
fn mentions(graph: &SystemGraph) -> BTreeSet<(SymbolId, u32)> {
    let mut stores: BTreeMap<SymbolId, u32> = BTreeMap::new();
    for (at, store) in graph.stores.iter().enumerate() {
        stores.extend(store.entities.iter().map(|it| (*it, at as u32)));
    }
    let told = |id: SymbolId| {
        let symbol = graph.symbol(id);
        let outside = symbol.parent.is_none_or(|it| !stores.contains_key(&it));
        outside && is_placed(symbol.role) && matches!(symbol.kind, SymbolKind::Function | SymbolKind::Method)
    };
    graph.references.iter().filter(|it| told(it.from)).filter_map(|it| Some((it.from, *stores.get(&it.to)?))).collect()
}

/// For each access, whether it fills a store that the same function, or the only function that calls it, defines, is one that
/// the function does for its callers, or one of a function that works on most stores at once: none says who works with the rows.
pub fn seeds(graph: &SystemGraph) -> Vec<bool> {
    let defines: BTreeSet<(SymbolId, u32)> =
        graph.accesses.iter().filter(|it| it.operation == Operation::Ddl).map(|it| (it.symbol, it.store.0)).collect();
    let mut callers: BTreeMap<SymbolId, BTreeSet<SymbolId>> = BTreeMap::new();
    for call in graph.calls.iter().filter(|it| it.from != it.to && is_placed(graph.symbol(it.from).role)) {
        callers.entry(call.to).or_default().insert(call.from);
    }
    let on_most = graph.works_on_most();
    graph
        .accesses
        .iter()
        .map(|it| {
            let defined = |by: &SymbolId| defines.contains(&(*by, it.store.0));
            let called = || callers.get(&it.symbol).is_some_and(|by| by.len() == 1 && by.iter().all(defined));
            let seeds = || it.operation.effect() == Effect::Write && (defined(&it.symbol) || called());
            it.by_callers || on_most.contains(&it.symbol) || seeds()
        })
        .collect()
}

/// Stores whose every access says `column = constant`, with several constants for one column: tables in which every
/// function chooses its own rows.
pub fn row_shared_stores(graph: &SystemGraph, seeds: &[bool]) -> Vec<bool> {
    let mut accesses = vec![0_usize; graph.stores.len()];
    let mut values: BTreeMap<(u32, &str), (usize, BTreeSet<&str>)> = BTreeMap::new();
    for (access, seeds) in graph.accesses.iter().zip(seeds) {
        if access.operation == Operation::Ddl || *seeds || !is_placed(graph.symbol(access.symbol).role) {
            continue;
        }
        accesses[access.store.index()] += 1;
        let columns: BTreeMap<&str, &str> =
            access.predicates.iter().map(|(column, value)| (column.as_str(), value.as_str())).collect();
        for (column, value) in columns {
            let entry = values.entry((access.store.0, column)).or_default();
            entry.0 += 1;
            entry.1.insert(value);
        }
    }
    let mut res = vec![false; graph.stores.len()];
    for ((store, _), (count, constants)) in values {
        res[store as usize] |= constants.len() > 1 && count == accesses[store as usize];
    }
    res
}

/// Stores that only seeds fill.
pub fn reference_stores(graph: &SystemGraph, seeds: &[bool]) -> Vec<bool> {
    let mut filled: Vec<bool> = graph.stores.iter().map(|it| !it.seeded_at.is_empty()).collect();
    let mut written = vec![false; graph.stores.len()];
    for (access, seeds) in graph.accesses.iter().zip(seeds) {
        if access.operation != Operation::Ddl && access.operation.effect() == Effect::Write {
            filled[access.store.index()] |= seeds;
            written[access.store.index()] |= !seeds;
        }
    }
    filled.into_iter().zip(written).map(|(filled, written)| filled && !written).collect()
}
