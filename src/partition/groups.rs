//! The groups that a clustering amounts to, while they are still being changed: places of symbols, owners of stores.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::graph::{Direction, SymbolId, SymbolKind, SystemGraph};
use crate::partition::draft::{Reason, Slot, Sources, heaviest};
use crate::partition::layers::{HUB_SPREAD, Layer, WIRING_SHARE, is_main};
use crate::partition::owners;
use crate::partition::pins::{Item, Pinned};
use crate::partition::signals::is_placed;
use crate::partition::units::UnitKind;

/// Votes that differ by less than this share are equal where everyone chooses rows of one's own.
const EVEN: f64 = 0.1;

pub(super) struct Work<'a> {
    pub(super) sources: &'a Sources<'a>,
    pub(super) groups: usize,
    pub(super) slots: Vec<Option<Slot>>,
    pub(super) reasons: Vec<Reason>,
    pub(super) stores: Vec<Option<u32>>,
    /// Placed functions and methods.
    pub(super) functions: Vec<SymbolId>,
}

impl<'a> Work<'a> {
    pub(super) fn new(sources: &'a Sources<'a>, clusters: &[u32], layers: &[Option<Layer>]) -> Self {
        let graph = sources.graph;
        let declared = sources.pins.services.len();
        let mut group_of: BTreeMap<u32, u32> = BTreeMap::new();
        let pinned = sources.units.pins.iter().chain(&sources.pins.stores).enumerate();
        for (node, pin) in pinned {
            if let Some(Pinned::Service(id)) = pin {
                group_of.insert(clusters[node], *id);
            }
        }
        let mut groups = declared;
        let mut group = |cluster: u32| {
            *group_of.entry(cluster).or_insert_with(|| {
                groups += 1;
                groups as u32 - 1
            })
        };
        let mut slots = vec![None; graph.symbols.len()];
        let mut reasons = vec![Reason::Unconnected; graph.symbols.len()];
        for (unit, members) in sources.units.members.iter().enumerate() {
            let (slot, reason) = match (sources.units.pins[unit], layers[unit]) {
                (Some(Pinned::Service(id)), _) => (Some(Slot::Group(id)), Reason::Pinned),
                (Some(Pinned::SharedKernel), _) => (Some(Slot::SharedKernel), Reason::Pinned),
                (Some(Pinned::EdgeLayer), _) => (Some(Slot::EdgeLayer), Reason::Pinned),
                (None, Some(layer)) if layer.is_kernel() => (Some(Slot::SharedKernel), Reason::Layer(layer)),
                (None, Some(layer)) => (Some(Slot::EdgeLayer), Reason::Layer(layer)),
                (None, None) if sources.units.kinds[unit] == UnitKind::Module => (None, Reason::Unconnected),
                (None, None) => (Some(Slot::Group(group(clusters[unit]))), Reason::Coupled),
            };
            // The few members of a layer that touch stores follow their data, but for what starts several services.
            let mut touching: Option<u32> = None;
            for id in members {
                let leaves = matches!(reason, Reason::Layer(_))
                    && sources.usage.owns_data(*id)
                    && !starts_several(sources, clusters, *id);
                if leaves {
                    let own = *touching.get_or_insert_with(|| group(u32::MAX - unit as u32));
                    slots[id.index()] = Some(Slot::Group(own));
                    reasons[id.index()] = Reason::Coupled;
                } else if matches!(reason, Reason::Layer(it) if it.is_kernel()) && sources.usage.is_handler[id.index()]
                {
                    // An endpoint among shared code answers in front.
                    slots[id.index()] = Some(Slot::EdgeLayer);
                    reasons[id.index()] = Reason::Layer(Layer::Start);
                } else {
                    slots[id.index()] = slot;
                    reasons[id.index()] = reason;
                }
            }
        }
        let functions: Vec<SymbolId> = graph
            .symbol_ids()
            .filter(|it| is_placed(graph.symbol(*it).role))
            .filter(|it| matches!(graph.symbol(*it).kind, SymbolKind::Function | SymbolKind::Method))
            .collect();
        let first = sources.units.len();
        let in_use = stores_in_use(graph);
        let stores = (0..graph.stores.len())
            .map(|it| match sources.pins.stores[it] {
                Some(Pinned::Service(id)) => Some(id),
                None if in_use[it] || functions.is_empty() => Some(group(clusters[first + it])),
                _ => None,
            })
            .collect();
        Self { sources, groups, slots, reasons, stores, functions }
    }

    pub(super) fn group(&self, id: SymbolId) -> Option<u32> {
        self.slots[id.index()].and_then(Slot::group)
    }

    /// A store belongs to the group that writes it; definitions break ties.
    pub(super) fn own_stores(&mut self) {
        let graph = self.sources.graph;
        let homes = self.file_groups();
        let votes = owners::votes(graph, self.sources.signals, |it| self.group(it), &homes, &self.stores);
        let fixed = self.fixed_stores();
        let (functions, _, stores) = self.sizes();
        for (at, votes) in votes.iter().enumerate() {
            let Some((group, most)) = heaviest(votes) else { continue };
            if self.sources.signals.row_shared[at] && !fixed.contains(&at) {
                // Whoever has rows of its own takes them along; the rest stays where most other data stays.
                let even = votes.iter().filter(|it| *it.1 >= (1.0 - EVEN) * most).map(|it| *it.0);
                let others = |it: u32| stores[it as usize] - usize::from(self.stores[at] == Some(it));
                self.stores[at] = even.max_by_key(|it| (others(*it), functions[*it as usize], std::cmp::Reverse(*it)));
                continue;
            }
            let own = self.stores[at].and_then(|it| votes.get(&it)).copied().unwrap_or(0.0);
            if !fixed.contains(&at) && most > own {
                self.stores[at] = Some(group);
            }
        }
    }

    /// Stores that a constraint names: the clustering already obeys it.
    pub(super) fn fixed_stores(&self) -> BTreeSet<usize> {
        let pins = self.sources.pins;
        let pinned = (0..pins.stores.len()).filter(|it| pins.stores[*it].is_some());
        let named = pins.together.iter().chain(pins.apart.iter().flat_map(|it| [&it.0, &it.1])).flatten();
        let named = named.filter_map(|it| match it {
            Item::Store(id) => Some(*id as usize),
            Item::Symbol(_) => None,
        });
        pinned.chain(named).collect()
    }

    /// Files most of whose symbols are in one group.
    pub(super) fn file_groups(&self) -> BTreeMap<u32, u32> {
        owners::file_groups(self.sources.graph, |it| self.group(it))
    }

    /// Functions and stores of each group.
    pub(super) fn sizes(&self) -> (Vec<usize>, Vec<usize>, Vec<usize>) {
        let mut functions = vec![0; self.groups];
        let mut symbols = vec![0; self.groups];
        let mut stores = vec![0; self.groups];
        for id in &self.functions {
            if let Some(group) = self.group(*id) {
                functions[group as usize] += 1;
            }
        }
        for group in self.slots.iter().flatten().filter_map(|it| it.group()) {
            symbols[group as usize] += 1;
        }
        for group in self.stores.iter().flatten() {
            stores[*group as usize] += 1;
        }
        (functions, symbols, stores)
    }

    /// Groups that a constraint needs.
    pub(super) fn protected(&self) -> BTreeSet<u32> {
        let pins = self.sources.pins;
        let named = pins.apart.iter().flat_map(|it| it.0.iter().chain(&it.1));
        let apart = named.filter_map(|it| match it {
            Item::Symbol(id) => self.group(SymbolId(*id)),
            Item::Store(id) => self.stores[*id as usize],
        });
        (0..pins.services.len() as u32).chain(apart).collect()
    }

    pub(super) fn group_of(&self, node: u32) -> Option<u32> {
        match (node as usize).checked_sub(self.sources.coupling.symbols) {
            None => self.slots[node as usize].and_then(Slot::group),
            Some(store) => self.stores.get(store).copied().flatten(),
        }
    }

    /// Symbols and stores of each group, as nodes of the coupling.
    pub(super) fn members(&self) -> Vec<Vec<u32>> {
        let coupling = self.sources.coupling;
        let mut res = vec![Vec::new(); self.groups];
        for node in 0..(coupling.symbols + coupling.stores) as u32 {
            if let Some(group) = self.group_of(node) {
                res[group as usize].push(node);
            }
        }
        res
    }

    /// Handlers of endpoints and consumers of messages, each once.
    pub(super) fn entries(&self) -> BTreeSet<SymbolId> {
        self.starts().filter(|it| is_placed(self.sources.graph.symbol(*it).role)).collect()
    }

    /// The handler of each endpoint and the consumer of each message, without what a program tells about itself.
    pub(super) fn serving_starts(&self) -> impl Iterator<Item = SymbolId> + '_ {
        let graph = self.sources.graph;
        let handlers = graph.endpoints.iter().filter(|it| !is_about_itself(&it.path)).map(|it| it.handler);
        let consumers = graph.messages.iter().filter(|it| it.direction == Direction::Subscribe).map(|it| it.symbol);
        handlers.chain(consumers)
    }

    /// The handler of each endpoint and the consumer of each message.
    fn starts(&self) -> impl Iterator<Item = SymbolId> + '_ {
        let graph = self.sources.graph;
        let handlers = graph.endpoints.iter().map(|it| it.handler);
        let consumers = graph.messages.iter().filter(|it| it.direction == Direction::Subscribe).map(|it| it.symbol);
        handlers.chain(consumers)
    }

    /// Endpoints and consumers that each group serves with.
    pub(super) fn entry_points(&self) -> Vec<usize> {
        let mut res = vec![0; self.groups];
        for group in self.serving_starts().filter_map(|it| self.group(it)) {
            res[group as usize] += 1;
        }
        res
    }

    /// Puts nodes of the coupling into a group.
    pub(super) fn take(&mut self, nodes: &[u32], group: u32) {
        let symbols = self.sources.coupling.symbols;
        for node in nodes {
            match (*node as usize).checked_sub(symbols) {
                None => self.slots[*node as usize] = Some(Slot::Group(group)),
                Some(store) => self.stores[store] = Some(group),
            }
        }
    }

    pub(super) fn move_to(&mut self, members: &[SymbolId], group: u32) {
        for id in members {
            self.slots[id.index()] = Some(Slot::Group(group));
        }
    }

    pub(super) fn join(&mut self, group: u32, target: u32) {
        for slot in self.slots.iter_mut().filter(|it| **it == Some(Slot::Group(group))) {
            *slot = Some(Slot::Group(target));
        }
        for store in self.stores.iter_mut().filter(|it| **it == Some(group)) {
            *store = Some(target);
        }
    }

    /// Code that nothing connects to a service and that is too small for one.
    pub(super) fn dissolve(&mut self, group: u32) {
        for at in 0..self.slots.len() {
            if self.slots[at] == Some(Slot::Group(group)) {
                self.slots[at] = None;
                self.reasons[at] = Reason::Unconnected;
            }
        }
        let code = self.slots.iter().flatten().any(|it| it.group() == Some(group));
        for store in self.stores.iter_mut().filter(|it| **it == Some(group) && !code) {
            *store = None;
        }
    }

    /// Units that may move: in a service, not fixed by the user.
    pub(super) fn movable(&self) -> Vec<(u32, Vec<SymbolId>)> {
        let units = self.sources.units;
        let named: BTreeSet<u32> = self
            .sources
            .pins
            .together
            .iter()
            .chain(self.sources.pins.apart.iter().flat_map(|it| [&it.0, &it.1]))
            .flatten()
            .filter_map(|it| match it {
                Item::Symbol(id) => units.of_symbol[*id as usize],
                Item::Store(_) => None,
            })
            .collect();
        (0..units.len() as u32)
            .filter(|it| units.pins[*it as usize].is_none() && !named.contains(it))
            .filter_map(|it| {
                let members = &units.members[it as usize];
                let group = self.group(*members.first()?)?;
                members.iter().all(|it| self.group(*it) == Some(group)).then(|| (group, members.clone()))
            })
            .collect()
    }

    /// Coupling of some symbols with each group by evidence alone, the symbols themselves left out.
    pub(super) fn ties(&self, members: &[SymbolId]) -> BTreeMap<u32, f64> {
        let evidence = self.sources.evidence;
        let own: BTreeSet<u32> = members.iter().map(|it| it.0).collect();
        let mut res: BTreeMap<u32, f64> = BTreeMap::new();
        for id in members {
            for (other, weight) in evidence.graph.row(id.0).filter(|it| !own.contains(&it.0)) {
                if let Some(group) = self.group_of(other) {
                    *res.entry(group).or_insert(0.0) += weight;
                }
            }
        }
        res
    }
}

/// Whether a program's start puts several clusters together, none of them for more than half of what it uses.
fn starts_several(sources: &Sources, clusters: &[u32], id: SymbolId) -> bool {
    if !is_main(sources.graph.symbol(id)) {
        return false;
    }
    let mut counts: BTreeMap<u32, f64> = BTreeMap::new();
    for unit in sources.usage.used_by(id).iter().filter_map(|it| sources.units.of_symbol[it.index()]) {
        *counts.entry(clusters[unit as usize]).or_insert(0.0) += 1.0;
    }
    let all: f64 = counts.values().sum();
    counts.len() >= HUB_SPREAD && heaviest(&counts).is_some_and(|it| it.1 <= WIRING_SHARE * all)
}

/// What the path of an endpoint ends with that says how the program is, or what its endpoints are: every program has it,
/// and it is no reason to be a service.
const ABOUT_ITSELF: &[&str] = &[
    "health",
    "healthcheck",
    "healthz",
    "live",
    "livez",
    "metrics",
    "openapi",
    "openapi.json",
    "openapi.yaml",
    "ping",
    "ready",
    "readyz",
    "redoc",
    "swagger",
    "swagger-ui",
    "swagger.json",
    "swagger.yaml",
    "version",
];

fn is_about_itself(path: &str) -> bool {
    let is_fixed = |it: &&str| !it.is_empty() && !it.starts_with(['{', '*', ':']);
    path.rsplit('/').find(is_fixed).is_some_and(|it| ABOUT_ITSELF.contains(&it.to_ascii_lowercase().as_str()))
}

/// Stores that code touches or maps, and what foreign keys lead to from them or to them. The rest of a dump belongs to nobody
/// here.
fn stores_in_use(graph: &SystemGraph) -> Vec<bool> {
    let mut keys: Vec<Vec<usize>> = vec![Vec::new(); graph.stores.len()];
    for (at, store) in graph.stores.iter().enumerate() {
        for key in &store.foreign_keys {
            keys[at].push(key.store.index());
            keys[key.store.index()].push(at);
        }
    }
    let touched = graph.accesses.iter().filter(|it| is_placed(graph.symbol(it.symbol).role)).map(|it| it.store.index());
    let mapped = graph
        .stores
        .iter()
        .enumerate()
        .filter(|(_, store)| store.entities.iter().any(|it| is_placed(graph.symbol(*it).role)));
    let mut open: Vec<usize> = touched.chain(mapped.map(|(at, _)| at)).collect();
    let mut found = vec![false; graph.stores.len()];
    while let Some(at) = open.pop() {
        if !std::mem::replace(&mut found[at], true) {
            open.extend(&keys[at]);
        }
    }
    found
}
