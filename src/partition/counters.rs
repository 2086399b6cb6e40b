//! Stores that belong to no service: counters and sequences, one row that everyone reads and writes, and tables of other programs.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::graph::{Store, StoreId, SymbolId};
use crate::model::sql::{Effect, Operation};
use crate::partition::draft::{Draft, Reason, Slot, Sources};
use crate::partition::layers::Layer;
use crate::partition::pins::Pinned;
use crate::partition::signals::is_placed;

/// A store that one shared function touches on behalf of several groups (a counter, a lock) belongs to none of them.
pub(super) fn share_counters(sources: &Sources, draft: &mut Draft) {
    let graph = sources.graph;
    let mut touching: Vec<BTreeSet<SymbolId>> = vec![BTreeSet::new(); graph.stores.len()];
    for access in graph.accesses.iter().filter(|it| it.operation != Operation::Ddl) {
        if is_placed(graph.symbol(access.symbol).role) {
            touching[access.store.index()].insert(access.symbol);
        }
    }
    let mut callers: BTreeMap<SymbolId, BTreeSet<SymbolId>> = BTreeMap::new();
    for call in graph.calls.iter().filter(|it| it.from != it.to && is_placed(graph.symbol(it.from).role)) {
        callers.entry(call.to).or_default().insert(call.from);
    }
    for (at, symbols) in touching.iter().enumerate() {
        let store = StoreId(at as u32);
        let Some(only) = symbols.first().filter(|_| symbols.len() == 1) else { continue };
        if sources.pins.stores[store.index()].is_some() || sources.usage.is_handler[only.index()] {
            continue;
        }
        let mut groups: BTreeMap<u32, f64> = BTreeMap::new();
        for caller in callers.get(only).into_iter().flatten() {
            if let Slot::Group(group) = draft.symbols[caller.index()] {
                *groups.entry(group).or_insert(0.0) += 1.0;
            }
        }
        let own = draft.symbols[only.index()].group().and_then(|it| groups.get(&it)).copied().unwrap_or(0.0);
        let all: f64 = groups.values().sum();
        let free = matches!(sources.pins.symbols[only.index()], None | Some(Pinned::SharedKernel));
        if groups.len() >= 2 && own <= 0.25 * all && free {
            draft.stores[at] = Slot::SharedKernel;
            draft.symbols[only.index()] = Slot::SharedKernel;
            if draft.reasons[only.index()] != Reason::Pinned {
                draft.reasons[only.index()] = Reason::Layer(Layer::Hub);
            }
        }
    }
}

/// A table that nothing here defines, fills or changes has its writer elsewhere: whoever reads it does not own it.
pub(super) fn free_tables_of_others(sources: &Sources, draft: &mut Draft) {
    let graph = sources.graph;
    let mut made_here: Vec<bool> = graph.stores.iter().map(Store::has_origin).collect();
    for access in graph.accesses.iter().filter(|it| it.operation.effect() == Effect::Write) {
        made_here[access.store.index()] = true;
    }
    for at in (0..made_here.len()).filter(|it| !made_here[*it] && sources.pins.stores[*it].is_none()) {
        draft.stores[at] = Slot::Outside;
    }
}
