//! From groups of stores to a place for every symbol and store: one answer, before names and confidence.
//!
//! Code goes where its data is: to the group of stores it is attached to most. What hangs on no data forms groups of
//! its own by coupling. Groups too small to live alone join the one they are coupled to most. Hubs that serve many
//! groups go to the shared kernel or the edge layer.

use std::collections::BTreeMap;

use crate::config::Settings;
use crate::model::graph::{StoreId, SymbolId, SymbolKind, SystemGraph};
use crate::model::sql::{Effect, Operation};
use crate::partition::attachment::{Attachment, Coupling};
use crate::partition::clusterer;
use crate::partition::pins::{Item, Pinned, Pins};
use crate::partition::resolution::best_of;
use crate::partition::signals::{Signals, is_placed, trust};
use crate::partition::weighted::{Constraints, WeightedGraph, renumber};

/// Attachment below which code does not follow data.
const LEAST_ATTACHMENT: f64 = 0.2;
/// Share of a file's or type's members above which the rest follows.
const DOMINANT: f64 = 0.7;
/// Share of all placed functions above which a file is too large to move as one.
const LARGE: f64 = 0.08;
/// A service has at least this share of the placed functions, and at least [`FEWEST`].
const SMALLEST: f64 = 0.015;
const FEWEST: usize = 3;
/// A service without stores needs more: it has only its code to show.
const SMALLEST_WITHOUT_STORE: f64 = 0.04;
const FEWEST_WITHOUT_STORE: usize = 6;
/// Users of a hub are spread over at least so many groups, none above this share.
const HUB_GROUPS: usize = 3;
const HUB_SHARE: f64 = 0.6;

/// Place of a symbol or store in a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot {
    Group(u32),
    SharedKernel,
    EdgeLayer,
    Outside,
}

impl Slot {
    pub fn group(self) -> Option<u32> {
        match self {
            Self::Group(id) => Some(id),
            _ => None,
        }
    }
}

/// One answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub symbols: Vec<Slot>,
    pub stores: Vec<Slot>,
    /// Why each symbol is where it is.
    pub reasons: Vec<Reason>,
    /// The first ones are the declared services.
    pub groups: usize,
    /// Share of the placed functions that follow data.
    pub data_share: f64,
    /// Group of each store as clustered, merged groups joined; what resampling is compared with.
    pub store_groups: Vec<Option<u32>>,
}

/// Why a symbol is where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    Pinned,
    /// Its accesses and calls lead to the group's stores.
    Data,
    /// Most of its type or file is there.
    Surroundings,
    /// Coupled to the group's code.
    Coupling,
    /// Used by many groups.
    Hub,
    /// Starts or routes.
    Entry,
    /// Reads from many groups and changes nothing.
    Gathers,
    /// Not code of the product, or connected to nothing.
    Unconnected,
}

/// Everything a draft is made from.
pub struct Sources<'a> {
    pub graph: &'a SystemGraph,
    pub settings: &'a Settings,
    pub signals: &'a Signals,
    pub coupling: &'a Coupling,
    pub attachment: &'a Attachment,
    pub pins: &'a Pins,
}

/// Places everything, given a group for each store (`None` for a store that follows the code).
pub fn draft(sources: &Sources, store_groups: &[Option<u32>], groups: usize) -> Draft {
    let mut work = Work::new(sources, store_groups.to_vec(), groups);
    for _ in 0..2 {
        work.follow_data();
        work.follow_surroundings();
        if !work.follow_writers() {
            break;
        }
    }
    let functions = work.functions();
    let by_data = functions.iter().filter(|it| work.slots[it.index()].is_some()).count();
    let data_share = by_data as f64 / functions.len().max(1) as f64;
    work.group_the_rest();
    work.obey();
    work.merge_small();
    work.limit_count();
    work.layers();
    work.finish(data_share)
}

struct Work<'a> {
    sources: &'a Sources<'a>,
    groups: usize,
    store_groups: Vec<Option<u32>>,
    slots: Vec<Option<Slot>>,
    reasons: Vec<Reason>,
}

impl<'a> Work<'a> {
    fn new(sources: &'a Sources<'a>, mut store_groups: Vec<Option<u32>>, groups: usize) -> Self {
        for (group, pin) in store_groups.iter_mut().zip(&sources.pins.stores) {
            match pin {
                Some(Pinned::Service(id)) => *group = Some(*id),
                Some(_) => *group = None,
                None => {}
            }
        }
        let count = sources.graph.symbols.len();
        Self { sources, groups, store_groups, slots: vec![None; count], reasons: vec![Reason::Unconnected; count] }
    }

    fn placed(&self) -> impl Iterator<Item = SymbolId> + use<> {
        let graph = self.sources.graph;
        let ids: Vec<SymbolId> = graph.symbol_ids().filter(|it| is_placed(graph.symbol(*it).role)).collect();
        ids.into_iter()
    }

    fn functions(&self) -> Vec<SymbolId> {
        self.placed()
            .filter(|it| matches!(self.sources.graph.symbol(*it).kind, SymbolKind::Function | SymbolKind::Method))
            .collect()
    }

    /// Attachment to each group, heaviest first.
    fn pull(&self, symbol: SymbolId) -> Vec<(u32, f64)> {
        pull(self.sources, &self.store_groups, symbol)
    }

    fn follow_data(&mut self) {
        for id in self.placed() {
            let at = id.index();
            if let Some(pin) = self.sources.pins.symbols[at] {
                self.slots[at] = Some(match pin {
                    Pinned::Service(id) => Slot::Group(id),
                    Pinned::SharedKernel => Slot::SharedKernel,
                    Pinned::EdgeLayer => Slot::EdgeLayer,
                });
                self.reasons[at] = Reason::Pinned;
                continue;
            }
            let pull = self.pull(id);
            let sum: f64 = pull.iter().map(|it| it.1).sum();
            let is_module = self.sources.graph.symbol(id).kind == SymbolKind::Module;
            self.slots[at] = match pull.first() {
                Some(best) if sum >= LEAST_ATTACHMENT && !is_module => Some(Slot::Group(best.0)),
                _ => None,
            };
            self.reasons[at] = if self.slots[at].is_some() { Reason::Data } else { Reason::Unconnected };
        }
    }

    /// Types keep their methods and files their members where one group dominates.
    fn follow_surroundings(&mut self) {
        let graph = self.sources.graph;
        let mut by_type: BTreeMap<u32, Vec<SymbolId>> = BTreeMap::new();
        let mut by_file: BTreeMap<u32, Vec<SymbolId>> = BTreeMap::new();
        for id in self.placed() {
            let symbol = graph.symbol(id);
            by_file.entry(symbol.file.0).or_default().push(id);
            if let Some(parent) = symbol.parent {
                let members = by_type.entry(parent.0).or_insert_with(|| vec![parent]);
                members.push(id);
            }
        }
        for members in by_type.into_values().chain(by_file.into_values()) {
            self.unite(&members);
        }
    }

    fn unite(&mut self, members: &[SymbolId]) {
        let graph = self.sources.graph;
        let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
        for id in members {
            let weight = match graph.symbol(*id).kind {
                SymbolKind::Function | SymbolKind::Method => 1.0,
                SymbolKind::Type | SymbolKind::Interface => 0.5,
                _ => 0.1,
            };
            if let Some(Slot::Group(group)) = self.slots[id.index()] {
                *sums.entry(group).or_insert(0.0) += weight;
            }
        }
        let total: f64 = sums.values().sum();
        let Some((group, most)) = heaviest(&sums) else { return };
        if most < DOMINANT * total {
            return;
        }
        for id in members {
            let at = id.index();
            if self.reasons[at] != Reason::Pinned && self.slots[at] != Some(Slot::Group(group)) {
                self.slots[at] = Some(Slot::Group(group));
                self.reasons[at] = Reason::Surroundings;
            }
        }
    }

    /// A store belongs to the group that writes it. True when one moved.
    fn follow_writers(&mut self) -> bool {
        let graph = self.sources.graph;
        let mut writes: Vec<BTreeMap<u32, f64>> = vec![BTreeMap::new(); graph.stores.len()];
        let mut reads = writes.clone();
        for access in &graph.accesses {
            if access.operation == Operation::Ddl {
                continue;
            }
            if let Some(Slot::Group(group)) = self.slots[access.symbol.index()] {
                let sums = if access.operation.effect() == Effect::Write { &mut writes } else { &mut reads };
                *sums[access.store.index()].entry(group).or_insert(0.0) += trust(access.confidence);
            }
        }
        let mut moved = false;
        for store in 0..graph.stores.len() {
            if self.sources.pins.stores[store].is_some() {
                continue;
            }
            let sums = if writes[store].is_empty() { &reads[store] } else { &writes[store] };
            let total: f64 = sums.values().sum();
            let Some((group, most)) = heaviest(sums) else { continue };
            let own = self.store_groups[store].and_then(|it| sums.get(&it)).copied().unwrap_or(0.0);
            if self.store_groups[store] != Some(group) && most >= 0.6 * total && most > 2.0 * own {
                self.store_groups[store] = Some(group);
                moved = true;
            }
        }
        moved
    }

    /// Code that hangs on no data: clustered by coupling, with the groups so far as one node each.
    fn group_the_rest(&mut self) {
        let rest: Vec<SymbolId> = self
            .placed()
            .filter(|it| self.slots[it.index()].is_none() && self.sources.graph.symbol(*it).kind != SymbolKind::Module)
            .collect();
        if rest.is_empty() {
            return;
        }
        let units = self.units(&rest);
        let unit_count = units.iter().flatten().max().map_or(0, |it| *it as usize + 1);
        let node_of = |symbol: SymbolId, slots: &[Option<Slot>]| match slots[symbol.index()] {
            Some(Slot::Group(group)) => Some(unit_count as u32 + group),
            Some(_) => None,
            None => units[symbol.index()],
        };
        let mut edges: Vec<(u32, u32, f64)> = Vec::new();
        for id in self.placed() {
            let Some(from) = node_of(id, &self.slots) else { continue };
            for (other, weight) in self.sources.coupling.symbol_row(id).filter(|it| it.0 > id) {
                if let Some(to) = node_of(other, &self.slots).filter(|it| *it != from) {
                    edges.push((from, to, weight));
                }
            }
        }
        let folders = self.folders(&rest, &units, unit_count);
        edges.extend(folders);
        let graph = WeightedGraph::from_exact(unit_count + self.groups, &edges);
        let mut constraints = Constraints { labels: vec![None; graph.len()], ..Constraints::default() };
        for group in 0..self.groups {
            constraints.labels[unit_count + group] = Some(group as u32);
        }
        let options = &self.sources.settings.partition;
        let Some(clusterer) = clusterer(&options.algorithm).or_else(|| clusterer("leiden")) else { return };
        let resolution = options.resolution.unwrap_or(1.0);
        let clusters = best_of(&graph, &constraints, clusterer, resolution, 5, options.seed).clusters;
        let mut group_of: BTreeMap<u32, u32> =
            (0..self.groups).map(|it| (clusters[unit_count + it], it as u32)).collect();
        for id in rest {
            let Some(unit) = units[id.index()] else { continue };
            let next = self.groups as u32;
            let group = *group_of.entry(clusters[unit as usize]).or_insert(next);
            self.groups = self.groups.max(group as usize + 1);
            self.slots[id.index()] = Some(Slot::Group(group));
            self.reasons[id.index()] = Reason::Coupling;
        }
    }

    /// What moves as one: a file; in a large file a type with its methods, or a function.
    fn units(&self, rest: &[SymbolId]) -> Vec<Option<u32>> {
        let graph = self.sources.graph;
        let functions = self.functions();
        let mut in_file: BTreeMap<u32, usize> = BTreeMap::new();
        for id in &functions {
            *in_file.entry(graph.symbol(*id).file.0).or_insert(0) += 1;
        }
        let most = (functions.len() as f64 * LARGE).max(12.0);
        let mut numbers: BTreeMap<(u8, u32), u32> = BTreeMap::new();
        let mut res = vec![None; graph.symbols.len()];
        for id in rest {
            let symbol = graph.symbol(*id);
            let key = if in_file.get(&symbol.file.0).copied().unwrap_or(0) as f64 <= most {
                (0, symbol.file.0)
            } else {
                (1, symbol.parent.unwrap_or(*id).0)
            };
            let next = numbers.len() as u32;
            res[id.index()] = Some(*numbers.entry(key).or_insert(next));
        }
        res
    }

    /// Units of one folder hang together a little, less in large folders.
    fn folders(&self, rest: &[SymbolId], units: &[Option<u32>], unit_count: usize) -> Vec<(u32, u32, f64)> {
        let graph = self.sources.graph;
        let mut folder_of: Vec<Option<&str>> = vec![None; unit_count];
        for id in rest {
            if let Some(unit) = units[id.index()] {
                let path = &graph.file(graph.symbol(*id).file).path;
                folder_of[unit as usize] = Some(path.rfind('/').map_or("", |it| &path[..it]));
            }
        }
        let mut members: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (unit, folder) in folder_of.iter().enumerate() {
            if let Some(folder) = folder {
                members.entry(folder).or_default().push(unit as u32);
            }
        }
        let weight = self.sources.settings.weights.structure * crate::partition::weighted::SCALE;
        let mut res = Vec::new();
        for units in members.into_values().filter(|it| (2..=40).contains(&it.len())) {
            for (at, a) in units.iter().enumerate() {
                for b in &units[at + 1..] {
                    res.push((*a, *b, (2.0 * weight / (units.len() as f64 - 1.0)).round().max(1.0)));
                }
            }
        }
        res
    }

    /// Keeps together and apart what the user wants so.
    fn obey(&mut self) {
        let slot_of = |work: &Self, item: Item| match item {
            Item::Symbol(id) => work.slots[id as usize].and_then(Slot::group),
            Item::Store(id) => work.store_groups[id as usize],
        };
        let pins = self.sources.pins;
        for items in &pins.together {
            let pinned = items.iter().find_map(|it| pins.of(*it));
            let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
            for item in items {
                let weight = if matches!(item, Item::Store(_)) { 10.0 } else { 1.0 };
                if let Some(group) = slot_of(self, *item) {
                    *sums.entry(group).or_insert(0.0) += weight;
                }
            }
            if pinned.is_some() {
                continue;
            }
            if let Some((group, _)) = heaviest(&sums) {
                for item in items {
                    self.put(*item, group);
                }
            }
        }
        for (a, b) in &pins.apart {
            let mut fixed: Vec<u32> = a.iter().filter_map(|it| slot_of(self, *it)).collect();
            fixed.sort_unstable();
            fixed.dedup();
            let mut own: BTreeMap<u32, u32> = BTreeMap::new();
            for item in b {
                let Some(group) = slot_of(self, *item).filter(|it| fixed.contains(it)) else { continue };
                if pins.of(*item).is_some() {
                    continue;
                }
                let other = match item {
                    Item::Symbol(id) => self.pull(SymbolId(*id)).into_iter().find(|it| !fixed.contains(&it.0)),
                    Item::Store(_) => None,
                };
                let target = match (other, own.get(&group)) {
                    (_, Some(made)) => *made,
                    (Some(other), None) if b.len() == 1 => other.0,
                    _ => {
                        self.groups += 1;
                        self.groups as u32 - 1
                    }
                };
                own.insert(group, target);
                self.put(*item, target);
            }
        }
    }

    fn put(&mut self, item: Item, group: u32) {
        match item {
            Item::Symbol(id) if self.reasons[id as usize] != Reason::Pinned => {
                self.slots[id as usize] = Some(Slot::Group(group));
                self.reasons[id as usize] = Reason::Pinned;
            }
            Item::Store(id) if self.sources.pins.stores[id as usize].is_none() => {
                self.store_groups[id as usize] = Some(group);
            }
            _ => {}
        }
    }

    /// True for groups that a constraint needs.
    fn protected(&self) -> Vec<bool> {
        let mut res = vec![false; self.groups];
        for it in res.iter_mut().take(self.sources.pins.services.len()) {
            *it = true;
        }
        for (a, b) in &self.sources.pins.apart {
            for item in a.iter().chain(b) {
                let group = match item {
                    Item::Symbol(id) => self.slots[*id as usize].and_then(Slot::group),
                    Item::Store(id) => self.store_groups[*id as usize],
                };
                if let Some(group) = group {
                    res[group as usize] = true;
                }
            }
        }
        res
    }

    /// Functions and stores of each group.
    fn sizes(&self) -> (Vec<usize>, Vec<usize>) {
        let mut functions = vec![0; self.groups];
        let mut stores = vec![0; self.groups];
        for id in self.functions() {
            if let Some(Slot::Group(group)) = self.slots[id.index()] {
                functions[group as usize] += 1;
            }
        }
        for group in self.store_groups.iter().flatten() {
            stores[*group as usize] += 1;
        }
        (functions, stores)
    }

    /// Coupling between groups, code and data.
    fn between(&self) -> BTreeMap<(u32, u32), f64> {
        let coupling = self.sources.coupling;
        let group_of = |node: u32| -> Option<u32> {
            let node = node as usize;
            if node < coupling.symbols {
                self.slots[node].and_then(Slot::group)
            } else {
                self.store_groups.get(node - coupling.symbols).copied().flatten()
            }
        };
        let mut res: BTreeMap<(u32, u32), f64> = BTreeMap::new();
        for (a, b, weight) in coupling.graph.edges() {
            if let (Some(p), Some(q)) = (group_of(a), group_of(b)) {
                *res.entry((p.min(q), p.max(q))).or_insert(0.0) += weight;
            }
        }
        res
    }

    /// Groups too small to live alone join the group they are coupled to most.
    fn merge_small(&mut self) {
        let protected = self.protected();
        let total = self.functions().len() as f64;
        loop {
            let (functions, stores) = self.sizes();
            let small = (0..self.groups)
                .filter(|it| functions[*it] + stores[*it] > 0 && !protected.get(*it).copied().unwrap_or(false))
                .filter(|it| {
                    let (share, fewest) = if stores[*it] > 0 {
                        (SMALLEST, FEWEST)
                    } else {
                        (SMALLEST_WITHOUT_STORE, FEWEST_WITHOUT_STORE)
                    };
                    functions[*it] < fewest.max((total * share).ceil() as usize)
                })
                .min_by_key(|it| (functions[*it], stores[*it], *it));
            let Some(small) = small else { break };
            self.merge(small as u32, &functions);
        }
    }

    /// Joins a group to the one it is coupled to most, in proportion to size; without coupling its code is left over.
    fn merge(&mut self, small: u32, functions: &[usize]) {
        let mut pulls: BTreeMap<u32, f64> = BTreeMap::new();
        for (&(a, b), &weight) in &self.between() {
            if a != b && (a == small || b == small) {
                let other = if a == small { b } else { a };
                *pulls.entry(other).or_insert(0.0) += weight / (functions[other as usize].max(1) as f64).sqrt();
            }
        }
        let target = heaviest(&pulls).map(|it| it.0);
        for at in 0..self.slots.len() {
            if self.slots[at] == Some(Slot::Group(small)) {
                self.slots[at] = target.map(Slot::Group);
            }
        }
        for group in &mut self.store_groups {
            if *group == Some(small) {
                *group = target;
            }
        }
    }

    fn limit_count(&mut self) {
        let most = (self.sources.settings.services.max as usize).max(1);
        let protected = self.protected();
        loop {
            let (functions, stores) = self.sizes();
            let alive: Vec<usize> = (0..self.groups).filter(|it| functions[*it] + stores[*it] > 0).collect();
            if alive.len() <= most {
                break;
            }
            let small = alive
                .into_iter()
                .filter(|it| !protected.get(*it).copied().unwrap_or(false))
                .min_by_key(|it| (functions[*it], stores[*it], *it));
            let Some(small) = small else { break };
            self.merge(small as u32, &functions);
        }
    }

    /// Takes hubs, routers and gathering endpoints out of the services.
    fn layers(&mut self) {
        let graph = self.sources.graph;
        let mut users: Vec<Vec<u32>> = vec![Vec::new(); graph.symbols.len()];
        let mut used: Vec<Vec<u32>> = vec![Vec::new(); graph.symbols.len()];
        let sites =
            graph.calls.iter().map(|it| (it.from, it.to)).chain(graph.references.iter().map(|it| (it.from, it.to)));
        for (from, to) in sites {
            if from != to && is_placed(graph.symbol(from).role) && graph.symbol(from).kind != SymbolKind::Module {
                users[to.index()].push(from.0);
                used[from.index()].push(to.0);
            }
        }
        for row in users.iter_mut().chain(&mut used) {
            row.sort_unstable();
            row.dedup();
        }
        let mut touches = vec![(false, false); graph.symbols.len()];
        for access in graph.accesses.iter().filter(|it| it.operation != Operation::Ddl) {
            let writes = access.operation.effect() == Effect::Write;
            let touch = &mut touches[access.symbol.index()];
            *touch = (true, touch.1 | writes);
        }
        let entities: std::collections::BTreeSet<u32> =
            graph.stores.iter().flat_map(|it| &it.entities).map(|it| it.0).collect();
        let handlers: std::collections::BTreeSet<u32> = graph.endpoints.iter().map(|it| it.handler.0).collect();
        let mut next = self.slots.clone();
        let mut reasons = self.reasons.clone();
        for id in self.placed() {
            let at = id.index();
            let symbol = graph.symbol(id);
            if self.reasons[at] == Reason::Pinned || symbol.kind == SymbolKind::Module {
                continue;
            }
            let short = symbol.name.rsplit(['.', ':', '/']).next().unwrap_or_default();
            if symbol.kind == SymbolKind::Function && short == "main" {
                (next[at], reasons[at]) = (Some(Slot::EdgeLayer), Reason::Entry);
                continue;
            }
            let is_hub = !touches[at].0 && !entities.contains(&id.0) && self.spread(&users[at]);
            if is_hub {
                let leads = self.sources.signals.reaches_store[at] && symbol.kind != SymbolKind::Type;
                next[at] = Some(if leads { Slot::EdgeLayer } else { Slot::SharedKernel });
                reasons[at] = Reason::Hub;
            } else if handlers.contains(&id.0) && !touches[at].1 && self.gathers(id) {
                (next[at], reasons[at]) = (Some(Slot::EdgeLayer), Reason::Gathers);
            } else if handlers.contains(&id.0) && used[at].is_empty() && !touches[at].0 && next[at].is_none() {
                (next[at], reasons[at]) = (Some(Slot::EdgeLayer), Reason::Entry);
            }
        }
        self.slots = next;
        self.reasons = reasons;
        self.registrars(&handlers);
        self.set_up();
        self.modules();
    }

    /// Users in many groups, none of which dominates.
    fn spread(&self, users: &[u32]) -> bool {
        let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
        for user in users {
            if let Some(Slot::Group(group)) = self.slots[*user as usize] {
                *sums.entry(group).or_insert(0.0) += 1.0;
            }
        }
        let total: f64 = sums.values().sum();
        let (functions, _) = self.sizes_cached();
        let alive = functions.iter().filter(|it| **it > 0).count();
        let needed = HUB_GROUPS.min(alive);
        alive >= 2
            && sums.len() >= needed
            && total >= 4.0
            && heaviest(&sums).is_some_and(|it| it.1 <= HUB_SHARE * total)
    }

    fn sizes_cached(&self) -> (Vec<usize>, Vec<usize>) {
        self.sizes()
    }

    /// Reads stores of three groups or more itself, none for the most part.
    fn gathers(&self, id: SymbolId) -> bool {
        let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
        let mut seen = std::collections::BTreeSet::new();
        for access in self.sources.graph.accesses.iter().filter(|it| it.symbol == id) {
            if let Some(group) = self.store_groups[access.store.index()]
                && seen.insert(access.store)
            {
                *sums.entry(group).or_insert(0.0) += 1.0;
            }
        }
        let total: f64 = sums.values().sum();
        sums.len() >= 3 && heaviest(&sums).is_some_and(|it| it.1 <= 0.5 * total)
    }

    /// A function in whose body endpoints of several groups are registered is a router.
    fn registrars(&mut self, handlers: &std::collections::BTreeSet<u32>) {
        let graph = self.sources.graph;
        let mut by_file: BTreeMap<u32, Vec<(u32, u32)>> = BTreeMap::new();
        for endpoint in &graph.endpoints {
            let place = (endpoint.evidence.line, endpoint.handler.0);
            by_file.entry(endpoint.evidence.file.0).or_default().push(place);
        }
        for id in self.functions() {
            let symbol = graph.symbol(id);
            if self.reasons[id.index()] == Reason::Pinned || handlers.contains(&id.0) {
                continue;
            }
            let Some(places) = by_file.get(&symbol.file.0) else { continue };
            let mut groups = std::collections::BTreeSet::new();
            for (_, handler) in places.iter().filter(|it| (symbol.line..=symbol.end_line).contains(&it.0)) {
                groups.insert(self.slots[*handler as usize]);
            }
            if groups.len() >= 2 {
                self.slots[id.index()] = Some(Slot::EdgeLayer);
                self.reasons[id.index()] = Reason::Entry;
            }
        }
    }

    /// Code that only defines stores of several groups sets the system up.
    fn set_up(&mut self) {
        let graph = self.sources.graph;
        let mut defines: BTreeMap<u32, std::collections::BTreeSet<Option<u32>>> = BTreeMap::new();
        let mut uses = std::collections::BTreeSet::new();
        for access in &graph.accesses {
            if access.operation == Operation::Ddl {
                let group = self.store_groups[access.store.index()];
                defines.entry(access.symbol.0).or_default().insert(group);
            } else {
                uses.insert(access.symbol.0);
            }
        }
        for (symbol, groups) in defines {
            let at = symbol as usize;
            if groups.len() >= 2 && !uses.contains(&symbol) && self.reasons[at] != Reason::Pinned {
                self.slots[at] = Some(Slot::SharedKernel);
                self.reasons[at] = Reason::Hub;
            }
        }
    }

    /// Module-level code goes with most of its file; without a majority it is wiring. A file most of whose used
    /// symbols serve many groups is shared as a whole.
    fn modules(&mut self) {
        let graph = self.sources.graph;
        let mut members: BTreeMap<u32, Vec<SymbolId>> = BTreeMap::new();
        for id in self.placed() {
            members.entry(graph.symbol(id).file.0).or_default().push(id);
        }
        for (file, members) in members {
            let mut sums: BTreeMap<Option<Slot>, f64> = BTreeMap::new();
            for id in members.iter().filter(|it| graph.symbol(**it).kind != SymbolKind::Module) {
                let weight = match graph.symbol(*id).kind {
                    SymbolKind::Const | SymbolKind::Variable => 0.3,
                    _ => 1.0,
                };
                *sums.entry(self.slots[id.index()]).or_insert(0.0) += weight;
            }
            let total: f64 = sums.values().sum();
            let mut best: Option<(Slot, f64)> = None;
            for (slot, sum) in &sums {
                if let Some(slot) = slot
                    && best.is_none_or(|it| *sum > it.1)
                {
                    best = Some((*slot, *sum));
                }
            }
            let routes = graph.endpoints.iter().any(|it| it.evidence.file.0 == file);
            let major = best.filter(|it| it.1 >= 0.5 * total).map(|it| it.0);
            for id in members {
                let at = id.index();
                if self.reasons[at] == Reason::Pinned {
                    continue;
                }
                let is_module = graph.symbol(id).kind == SymbolKind::Module;
                if is_module {
                    let wiring = if routes { Slot::EdgeLayer } else { Slot::SharedKernel };
                    self.slots[at] = Some(major.unwrap_or(wiring));
                    self.reasons[at] = if major.is_some() { Reason::Surroundings } else { Reason::Entry };
                } else if self.slots[at].is_none() {
                    self.slots[at] = major;
                    self.reasons[at] = if major.is_some() { Reason::Surroundings } else { Reason::Unconnected };
                }
            }
        }
    }

    fn finish(self, data_share: f64) -> Draft {
        let graph = self.sources.graph;
        let mut numbers: Vec<u32> = Vec::new();
        let (functions, stores) = self.sizes();
        let declared = self.sources.pins.services.len();
        let mut next = 0;
        for group in 0..self.groups {
            if group < declared || functions[group] + stores[group] > 0 {
                numbers.push(next);
                next += 1;
            } else {
                numbers.push(u32::MAX);
            }
        }
        let renumbered = |slot: Slot| match slot {
            Slot::Group(group) => Slot::Group(numbers[group as usize]),
            other => other,
        };
        let symbols: Vec<Slot> = graph
            .symbol_ids()
            .map(|it| if is_placed(graph.symbol(it).role) { self.slots[it.index()] } else { None })
            .map(|it| it.map_or(Slot::Outside, renumbered))
            .collect();
        let store_groups: Vec<Option<u32>> =
            self.store_groups.iter().map(|it| it.map(|it| numbers[it as usize])).collect();
        let stores = (0..graph.stores.len())
            .map(|it| match self.sources.pins.stores[it] {
                Some(Pinned::SharedKernel) => Slot::SharedKernel,
                Some(Pinned::EdgeLayer) => Slot::EdgeLayer,
                _ => owner(self.sources, StoreId(it as u32), &symbols, store_groups[it]),
            })
            .collect();
        Draft { symbols, stores, reasons: self.reasons, groups: next as usize, data_share, store_groups }
    }
}

/// The group of a store; the shared kernel when only shared code touches it on behalf of several groups.
fn owner(sources: &Sources, store: StoreId, symbols: &[Slot], group: Option<u32>) -> Slot {
    let graph = sources.graph;
    let touching: std::collections::BTreeSet<SymbolId> = graph
        .accesses
        .iter()
        .filter(|it| it.store == store && it.operation != Operation::Ddl && is_placed(graph.symbol(it.symbol).role))
        .map(|it| it.symbol)
        .collect();
    let mut outside = BTreeMap::new();
    for call in graph.calls.iter().filter(|it| touching.contains(&it.to) && !touching.contains(&it.from)) {
        if let Slot::Group(group) = symbols[call.from.index()] {
            outside.insert((group, call.from), 1.0);
        }
    }
    let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
    for (group, _) in outside.into_keys() {
        *sums.entry(group).or_insert(0.0) += 1.0;
    }
    let is_entry = |it: &SymbolId| graph.endpoints.iter().any(|endpoint| endpoint.handler == *it);
    let shared = touching.len() == 1 && sums.len() >= 2 && !touching.iter().any(is_entry);
    let home = touching.first().map(|it| graph.symbol(*it).file);
    let kernel_home = home.is_some_and(|file| {
        let mut kernel = 0;
        let mut all = 0;
        for id in graph.symbol_ids().filter(|it| graph.symbol(*it).file == file) {
            all += 1;
            kernel += usize::from(symbols[id.index()] == Slot::SharedKernel);
        }
        kernel * 2 >= all
    });
    if shared && (kernel_home || group.is_none()) && pinned_service(sources.pins, store).is_none() {
        return Slot::SharedKernel;
    }
    group.map_or(Slot::Outside, Slot::Group)
}

fn pinned_service(pins: &Pins, store: StoreId) -> Option<u32> {
    match pins.stores[store.index()] {
        Some(Pinned::Service(id)) => Some(id),
        _ => None,
    }
}

/// Attachment of a symbol to each group, heaviest first, ties by group.
pub fn pull(sources: &Sources, store_groups: &[Option<u32>], symbol: SymbolId) -> Vec<(u32, f64)> {
    let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
    for &(target, share) in &sources.attachment[symbol.index()] {
        let group = match (target as usize).checked_sub(store_groups.len()) {
            Some(service) => Some(service as u32),
            None => store_groups[target as usize],
        };
        if let Some(group) = group {
            *sums.entry(group).or_insert(0.0) += share;
        }
    }
    let mut res: Vec<(u32, f64)> = sums.into_iter().collect();
    res.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    res
}

/// The heaviest entry, the lowest number on a tie.
pub fn heaviest(sums: &BTreeMap<u32, f64>) -> Option<(u32, f64)> {
    let mut res: Option<(u32, f64)> = None;
    for (&key, &sum) in sums {
        if res.is_none_or(|it| sum > it.1) {
            res = Some((key, sum));
        }
    }
    res
}

/// Groups of stores as a dense numbering: declared services first.
pub fn store_groups(clusters: &[u32], pins: &Pins) -> (Vec<Option<u32>>, usize) {
    let declared = pins.services.len() as u32;
    let mut clusters = clusters.to_vec();
    let count = renumber(&mut clusters);
    let mut group_of: Vec<Option<u32>> = vec![None; count];
    for (store, pin) in pins.stores.iter().enumerate() {
        if let Some(Pinned::Service(id)) = pin {
            group_of[clusters[store] as usize] = Some(*id);
        }
    }
    let mut next = declared;
    let numbers: Vec<u32> = group_of
        .into_iter()
        .map(|it| {
            it.unwrap_or_else(|| {
                next += 1;
                next - 1
            })
        })
        .collect();
    (clusters.iter().map(|it| Some(numbers[*it as usize])).collect(), next as usize)
}
