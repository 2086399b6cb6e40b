//! Who touches which store, read off the graph once for all parts of the plan.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::graph::{Access, Confidence, Evidence, StoreId, SymbolId, SystemGraph};
use crate::model::partition::{Partition, Place, ServiceId};
use crate::model::plan::{Party, Statement, StoreUse};
use crate::model::source::Role;
use crate::model::sql::{Effect, Operation};

/// Reads and writes of one place on one store.
#[derive(Clone, Debug, Default)]
pub(super) struct Uses {
    pub(super) reads: Vec<StoreUse>,
    pub(super) writes: Vec<StoreUse>,
}

impl Uses {
    pub(super) fn all(&self) -> impl Iterator<Item = StoreUse> + '_ {
        self.reads.iter().chain(&self.writes).copied()
    }
}

/// The graph, the partition and what every part of the plan asks of them.
pub(super) struct Survey<'a> {
    pub(super) graph: &'a SystemGraph,
    pub(super) partition: &'a Partition,
    /// By store: who touches it at run time.
    pub(super) uses: Vec<BTreeMap<Place, Uses>>,
    /// Functions that work on most stores at once: what they touch is no use by a service.
    pub(super) on_most: BTreeSet<SymbolId>,
    /// Functions that nothing which was read starts.
    pub(super) uncalled: BTreeSet<SymbolId>,
    /// By store: accesses that change its shape at run time.
    pub(super) schema_uses: Vec<Vec<u32>>,
    /// By symbol: who calls it in production code.
    incoming: Vec<Vec<SymbolId>>,
    /// By handler: positions of the endpoints that it answers.
    endpoints: BTreeMap<SymbolId, Vec<u32>>,
}

impl<'a> Survey<'a> {
    pub(super) fn new(graph: &'a SystemGraph, partition: &'a Partition) -> Self {
        let reached = kernel_callers(graph, partition);
        let on_most = graph.works_on_most();
        let mut uses = vec![BTreeMap::<Place, Uses>::new(); graph.stores.len()];
        let mut schema_uses = vec![Vec::new(); graph.stores.len()];
        for (position, access) in graph.accesses.iter().enumerate() {
            let position = position as u32;
            if !runs_in_production(graph, access.symbol) || access.confidence == Confidence::Guess {
                continue;
            }
            if access.operation == Operation::Ddl {
                schema_uses[access.store.index()].push(position);
                continue;
            }
            if access.by_callers || on_most.contains(&access.symbol) {
                continue;
            }
            let own = partition.symbol(access.symbol);
            let on_behalf: Vec<(Place, Option<Evidence>)> = match own {
                Place::Outside => continue,
                Place::SharedKernel => match reached.get(&access.symbol) {
                    Some(callers) => callers.iter().map(|(place, call)| (*place, Some(*call))).collect(),
                    None => vec![(own, None)],
                },
                Place::Service(_) | Place::EdgeLayer => vec![(own, None)],
            };
            for (place, call) in on_behalf {
                let entry = uses[access.store.index()].entry(place).or_default();
                let list = match access.operation.effect() {
                    Effect::Read => &mut entry.reads,
                    Effect::Write => &mut entry.writes,
                };
                list.push(StoreUse { access: position, call });
            }
        }
        for entry in uses.iter_mut().flat_map(BTreeMap::values_mut) {
            entry.reads.sort_unstable();
            entry.writes.sort_unstable();
        }
        let mut incoming = vec![Vec::new(); graph.symbols.len()];
        for call in graph.calls.iter().filter(|it| it.from != it.to && runs_in_production(graph, it.from)) {
            incoming[call.to.index()].push(call.from);
        }
        for callers in &mut incoming {
            callers.sort_unstable();
            callers.dedup();
        }
        let mut endpoints: BTreeMap<SymbolId, Vec<u32>> = BTreeMap::new();
        for (position, endpoint) in graph.endpoints.iter().enumerate().filter(|it| !it.1.registers) {
            endpoints.entry(endpoint.handler).or_default().push(position as u32);
        }
        Self { graph, partition, uses, on_most, uncalled: graph.uncalled(), schema_uses, incoming, endpoints }
    }

    /// Endpoints that lead to a symbol without passing through another service.
    pub(super) fn endpoints_reaching(&self, symbol: SymbolId) -> Vec<u32> {
        let home = self.partition.symbol(symbol);
        let mut seen = BTreeSet::from([symbol]);
        let mut open = vec![symbol];
        let mut found = BTreeSet::new();
        while let Some(symbol) = open.pop() {
            found.extend(self.endpoints.get(&symbol).into_iter().flatten().copied());
            for caller in &self.incoming[symbol.index()] {
                let place = self.partition.symbol(*caller);
                if (place == home || place == Place::EdgeLayer) && seen.insert(*caller) {
                    open.push(*caller);
                }
            }
        }
        found.into_iter().collect()
    }

    /// Name of a place as sentences use it.
    pub(super) fn place_name(&self, place: Place) -> String {
        match place {
            Place::Service(id) => self.name(id).to_owned(),
            Place::SharedKernel => "the shared kernel".to_owned(),
            Place::EdgeLayer => "the edge layer".to_owned(),
            Place::Outside => "unplaced code".to_owned(),
        }
    }

    pub(super) fn name(&self, service: ServiceId) -> &'a str {
        &self.partition.services[service.index()].name
    }

    pub(super) fn store_name(&self, store: StoreId) -> &'a str {
        &self.graph.store(store).name
    }

    /// Where a use stands: the party's own call where the access is in the shared kernel.
    pub(super) fn site(&self, it: StoreUse) -> Evidence {
        it.call.unwrap_or(self.graph.accesses[it.access as usize].evidence)
    }

    pub(super) fn sites(&self, uses: impl IntoIterator<Item = StoreUse>) -> Vec<Evidence> {
        unique(uses.into_iter().map(|it| self.site(it)))
    }

    /// Whether all that a party does to a store goes with the deletion of another's rows.
    pub(super) fn only_cascades(&self, party: &Party) -> bool {
        party.uses().all(|it| self.is_cascaded(it))
    }

    /// Whether it goes with the deletion of another store's rows.
    pub(super) fn is_cascaded(&self, it: StoreUse) -> bool {
        self.graph.accesses[it.access as usize].cascaded
    }

    pub(super) fn is_production(&self, symbol: SymbolId) -> bool {
        runs_in_production(self.graph, symbol)
    }

    /// First line of a symbol.
    pub(super) fn definition(&self, symbol: SymbolId) -> Evidence {
        let symbol = self.graph.symbol(symbol);
        Evidence { file: symbol.file, line: symbol.line }
    }

    /// Where production code may touch a store, by guesses alone.
    pub(super) fn guesses(&self, store: StoreId) -> Vec<Evidence> {
        let guessed = |it: &&Access| {
            it.store == store && it.confidence == Confidence::Guess && runs_in_production(self.graph, it.symbol)
        };
        self.graph.accesses.iter().filter(guessed).map(|it| it.evidence).take(3).collect()
    }

    /// Every place that says a store exists: definitions first, then uses.
    pub(super) fn store_sites(&self, store: StoreId) -> Vec<Evidence> {
        let it = self.graph.store(store);
        let mut sites = it.defined_at.clone();
        if sites.is_empty() {
            sites.extend(it.entities.iter().map(|entity| self.definition(*entity)));
        }
        if sites.is_empty() {
            sites.extend(&it.seeded_at);
        }
        if sites.is_empty() {
            sites.extend(self.graph.accesses.iter().filter(|it| it.store == store).map(|it| it.evidence).take(3));
        }
        if sites.is_empty() {
            let keys = self.graph.stores.iter().flat_map(|it| &it.foreign_keys);
            sites.extend(keys.filter(|it| it.store == store).map(|it| it.evidence));
        }
        unique(sites)
    }
}

/// A statement, or `None` where nothing supports it.
pub(super) fn statement(text: impl Into<String>, sites: impl IntoIterator<Item = Evidence>) -> Option<Statement> {
    let sites = unique(sites);
    (!sites.is_empty()).then(|| Statement { text: text.into(), sites })
}

pub(super) fn unique<T: Ord>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    items.into_iter().collect::<BTreeSet<_>>().into_iter().collect()
}

fn runs_in_production(graph: &SystemGraph, symbol: SymbolId) -> bool {
    matches!(graph.symbol(symbol).role, Role::Production | Role::Generated)
}

/// For each symbol of the shared kernel: who reaches it, and through which call. A call inside the kernel is followed.
fn kernel_callers(graph: &SystemGraph, partition: &Partition) -> BTreeMap<SymbolId, BTreeSet<(Place, Evidence)>> {
    let mut incoming: BTreeMap<SymbolId, Vec<usize>> = BTreeMap::new();
    for (position, call) in graph.calls.iter().enumerate() {
        if call.from != call.to && partition.symbol(call.to) == Place::SharedKernel {
            incoming.entry(call.to).or_default().push(position);
        }
    }
    let mut reached = BTreeMap::new();
    for target in graph.accesses.iter().map(|it| it.symbol).collect::<BTreeSet<_>>() {
        if partition.symbol(target) != Place::SharedKernel {
            continue;
        }
        let mut callers = BTreeSet::new();
        let mut seen = BTreeSet::from([target]);
        let mut open = vec![target];
        while let Some(symbol) = open.pop() {
            for call in incoming.get(&symbol).into_iter().flatten().map(|it| &graph.calls[*it]) {
                if !runs_in_production(graph, call.from) {
                    continue;
                }
                match partition.symbol(call.from) {
                    Place::SharedKernel => {
                        if seen.insert(call.from) {
                            open.push(call.from);
                        }
                    }
                    place @ (Place::Service(_) | Place::EdgeLayer) => {
                        callers.insert((place, call.evidence));
                    }
                    Place::Outside => {}
                }
            }
        }
        if !callers.is_empty() {
            reached.insert(target, callers);
        }
    }
    reached
}
