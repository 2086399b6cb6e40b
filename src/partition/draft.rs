//! One answer: a place for every symbol and store, before names and words.
//!
//! Units, stores, files and folders are clustered together; what serves many clusters is taken out and the rest is
//! clustered again until nothing changes. Stores go to the group that writes them, groups too small to live alone join
//! the one they are coupled to most.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::config::Settings;
use crate::model::graph::{Direction, SymbolId, SymbolKind, SystemGraph};
use crate::model::source::Role;
use crate::partition::consensus::{Consensus, consensus};
use crate::partition::coupling::Coupling;
use crate::partition::layers::{Layer, Scene, Usage, find_bases, find_layers, short_name};
use crate::partition::owners;
use crate::partition::pins::{Item, Pinned, Pins};
use crate::partition::runs::{kept_by, translated};
use crate::partition::signals::{Signals, is_placed};
use crate::partition::units::{UnitKind, Units};
use crate::partition::weighted::{Constraints, WeightedGraph};
use crate::partition::{Clusterer, Tuning};

/// Rounds of clustering and taking out layers.
const ROUNDS: usize = 3;
/// A service has at least this share of the placed functions, and at least [`FEWEST`].
const SMALLEST: f64 = 0.02;
const FEWEST: usize = 5;
/// A service without stores needs more: it has only its code to show.
const SMALLEST_WITHOUT_STORE: f64 = 0.04;
const FEWEST_WITHOUT_STORE: usize = 6;
/// So many are enough in any system.
const ENOUGH: usize = 15;
const ENOUGH_WITHOUT_STORE: usize = 25;
/// A group that fewer than this share of the runs keeps is none.
const UNSTABLE: f64 = 0.33;
/// One with hardly anything to offer (a store and so many entry points) needs more of them to be worth a service.
const UNSTABLE_AND_TINY: f64 = 0.5;
const TINY: usize = 2;
/// A group with less than this share of its evidence inside is a leftover.
const LOOSE: f64 = 0.25;
/// Without stores it has only its code to show for itself.
const LOOSE_WITHOUT_STORE: f64 = 0.4;
/// Votes that differ by less than this share are equal where everyone chooses rows of one's own.
const EVEN: f64 = 0.1;

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
    /// Share of the functions in groups that stand in a group with stores.
    pub data_share: f64,
    /// For each run of the consensus, the group of each symbol and store that it amounts to.
    pub runs: Vec<Run>,
}

/// Where one perturbed run puts everything, in the numbers of the draft's groups.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub symbols: Vec<Option<u32>>,
    pub stores: Vec<Option<u32>>,
}

/// Why a symbol is where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    Pinned,
    Coupled,
    Layer(Layer),
    /// Most of its file is there.
    Surroundings,
    /// Not code of the product, or connected to nothing.
    Unconnected,
}

/// Everything a draft is made from.
pub struct Sources<'a> {
    pub graph: &'a SystemGraph,
    pub settings: &'a Settings,
    pub signals: &'a Signals,
    pub coupling: &'a Coupling,
    /// The same without where code stands and what stores are called: calls, references, accesses.
    pub evidence: &'a Coupling,
    pub units: &'a Units,
    pub usage: &'a Usage,
    pub pins: &'a Pins,
    pub clusterer: &'a dyn Clusterer,
}

/// Places everything at a resolution; `runs` is how often the evidence is perturbed.
pub fn draft(sources: &Sources, resolution: f64, runs: u32) -> Draft {
    let options = &sources.settings.partition;
    let tuning = Tuning { resolution, seed: options.seed };
    let constraints = constraints(sources);
    let pinned: Vec<Option<Layer>> = sources
        .units
        .pins
        .iter()
        .map(|it| match it {
            Some(Pinned::SharedKernel) => Some(Layer::Hub),
            Some(Pinned::EdgeLayer) => Some(Layer::Start),
            _ => None,
        })
        .collect();
    let pinned = with_hubs(sources, &constraints, &tuning, pinned);
    let mut layers = pinned.clone();
    for _ in 0..ROUNDS {
        let graph = unit_graph(sources, &layers);
        let clusters = sources.clusterer.sketch(&graph, &constraints, &tuning);
        let scene = Scene {
            graph: sources.graph,
            units: sources.units,
            usage: sources.usage,
            clusters: &clusters,
            known: &layers,
        };
        let found: Vec<Option<Layer>> =
            find_layers(&scene).into_iter().zip(&pinned).map(|(found, pinned)| pinned.or(found)).collect();
        let same = found == layers;
        layers = found;
        if same {
            break;
        }
    }
    let graph = unit_graph(sources, &layers);
    let found = consensus(&graph, &constraints, sources.clusterer, &tuning, runs);
    let mut work = Work::new(sources, &found.clusters, &layers);
    work.own_stores();
    work.merge_small();
    work.limit_count();
    work.own_stores();
    work.merge_unstable(&found);
    work.scatter_loose();
    work.merge_small();
    work.own_stores();
    work.drop_tools();
    work.follow_users();
    work.follow_folders();
    work.place_wiring();
    work.finish(&found)
}

/// What very many use would hold its users together and hide how far apart they are. So it is left out of a first
/// clustering; what is a hub by the clusters of its users then stays one.
fn with_hubs(
    sources: &Sources,
    constraints: &Constraints,
    tuning: &Tuning,
    mut known: Vec<Option<Layer>>,
) -> Vec<Option<Layer>> {
    let bases = find_bases(sources.graph, sources.units, sources.usage);
    if !bases.contains(&true) {
        return known;
    }
    let without: Vec<Option<Layer>> =
        known.iter().zip(&bases).map(|(layer, base)| layer.or(base.then_some(Layer::Hub))).collect();
    let clusters = sources.clusterer.sketch(&unit_graph(sources, &without), constraints, tuning);
    let scene =
        Scene { graph: sources.graph, units: sources.units, usage: sources.usage, clusters: &clusters, known: &known };
    let found = find_layers(&scene);
    for (unit, layer) in known.iter_mut().enumerate() {
        if bases[unit] && found[unit] == Some(Layer::Hub) {
            *layer = layer.or(Some(Layer::Hub));
        }
    }
    known
}

/// Units, then stores, then the rest of the coupling's nodes; layers stand alone.
fn unit_graph(sources: &Sources, layers: &[Option<Layer>]) -> WeightedGraph {
    let coupling = sources.coupling;
    let units = sources.units;
    let node_of = |node: u32| -> Option<u32> {
        match (node as usize).checked_sub(coupling.symbols) {
            Some(other) => Some((units.len() + other) as u32),
            None => units.of_symbol[node as usize].filter(|it| layers[*it as usize].is_none()),
        }
    };
    let edges: Vec<(u32, u32, f64)> = coupling
        .graph
        .edges()
        .filter_map(|(a, b, weight)| Some((node_of(a)?, node_of(b)?, weight)))
        .filter(|it| it.0 != it.1)
        .collect();
    let count = units.len() + coupling.graph.len() - coupling.symbols;
    let mut res = WeightedGraph::from_exact(count, &edges);
    for store in 0..coupling.stores {
        res.is_store[units.len() + store] = true;
    }
    let file = |unit: usize| units.members[unit].first().map(|it| sources.graph.symbol(*it).module.0);
    for unit in 0..units.len() {
        res.declared[unit] = match units.pins[unit] {
            Some(Pinned::Service(id)) => Some(id),
            _ => file(unit).map(|it| it + sources.pins.services.len() as u32),
        };
    }
    res
}

fn constraints(sources: &Sources) -> Constraints {
    let units = sources.units;
    let pins = sources.pins;
    let service = |it: &Option<Pinned>| match it {
        Some(Pinned::Service(id)) => Some(*id),
        _ => None,
    };
    let rest = sources.coupling.graph.len() - sources.coupling.symbols - sources.coupling.stores;
    let labels: Vec<Option<u32>> =
        units.pins.iter().chain(&pins.stores).map(service).chain(std::iter::repeat_n(None, rest)).collect();
    let node = |item: &Item| match item {
        Item::Symbol(id) => units.of_symbol[*id as usize],
        Item::Store(id) => Some(units.len() as u32 + id),
    };
    let nodes = |items: &[Item]| -> Vec<u32> {
        let found: BTreeSet<u32> = items.iter().filter_map(node).collect();
        found.into_iter().collect()
    };
    let mut apart: Vec<(u32, u32)> = Vec::new();
    for (a, b) in &pins.apart {
        let (a, b) = (nodes(a), nodes(b));
        apart.extend(a.iter().flat_map(|x| b.iter().map(move |y| (*x, *y))).filter(|it| it.0 != it.1));
    }
    let mut together: Vec<Vec<u32>> = pins.together.iter().map(|it| nodes(it)).collect();
    let first = units.len() as u32;
    let aggregates = sources.signals.aggregates.iter().map(|it| it.iter().map(|it| first + it).collect::<Vec<u32>>());
    together.extend(aggregates.filter(|group| !apart.iter().any(|it| group.contains(&it.0) && group.contains(&it.1))));
    Constraints { labels, together, apart, start: Vec::new() }
}

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
    fn new(sources: &'a Sources<'a>, clusters: &[u32], layers: &[Option<Layer>]) -> Self {
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
            // The few members of a layer that touch stores follow their data.
            let mut touching: Option<u32> = None;
            for id in members {
                let leaves = matches!(reason, Reason::Layer(_)) && sources.usage.owns_data(*id);
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
        let first = sources.units.len();
        let stores = (0..graph.stores.len())
            .map(|it| match sources.pins.stores[it] {
                Some(Pinned::Service(id)) => Some(id),
                Some(_) => None,
                None => Some(group(clusters[first + it])),
            })
            .collect();
        let functions = graph
            .symbol_ids()
            .filter(|it| is_placed(graph.symbol(*it).role))
            .filter(|it| matches!(graph.symbol(*it).kind, SymbolKind::Function | SymbolKind::Method))
            .collect();
        Self { sources, groups, slots, reasons, stores, functions }
    }

    pub(super) fn group(&self, id: SymbolId) -> Option<u32> {
        self.slots[id.index()].and_then(Slot::group)
    }

    /// A store belongs to the group that writes it; definitions break ties.
    fn own_stores(&mut self) {
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
    fn fixed_stores(&self) -> BTreeSet<usize> {
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
    fn file_groups(&self) -> BTreeMap<u32, u32> {
        let graph = self.sources.graph;
        let mut counts: BTreeMap<u32, (BTreeMap<u32, f64>, f64)> = BTreeMap::new();
        for id in graph.symbol_ids() {
            let symbol = graph.symbol(id);
            if is_placed(symbol.role) && graph.file(symbol.file).role != Role::Migration {
                let (groups, all) = counts.entry(symbol.file.0).or_default();
                *all += 1.0;
                if let Some(group) = self.group(id) {
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
    fn members(&self) -> Vec<Vec<u32>> {
        let coupling = self.sources.coupling;
        let mut res = vec![Vec::new(); self.groups];
        for node in 0..(coupling.symbols + coupling.stores) as u32 {
            if let Some(group) = self.group_of(node) {
                res[group as usize].push(node);
            }
        }
        res
    }

    /// Coupling of one group with the others, in proportion to the square root of their size.
    fn pulls(&self, group: u32, members: &[u32], functions: &[usize]) -> BTreeMap<u32, f64> {
        let mut res: BTreeMap<u32, f64> = BTreeMap::new();
        for node in members {
            for (other, weight) in self.sources.coupling.graph.row(*node) {
                if let Some(other) = self.group_of(other).filter(|it| *it != group) {
                    let size = functions[other as usize].max(1) as f64;
                    *res.entry(other).or_insert(0.0) += weight / size.sqrt();
                }
            }
        }
        res
    }

    /// Groups too small to live alone join another.
    fn merge_small(&mut self) {
        let total = self.functions.len() as f64;
        let protected = self.protected();
        let (mut functions, mut symbols, mut stores) = self.sizes();
        let mut members = self.members();
        let mut alone: BTreeSet<u32> = BTreeSet::new();
        loop {
            let small = (0..self.groups)
                .filter(|it| symbols[*it] + stores[*it] > 0)
                .filter(|it| !protected.contains(&(*it as u32)) && !alone.contains(&(*it as u32)))
                .filter(|it| {
                    let (share, fewest, enough) = if stores[*it] > 0 {
                        (SMALLEST, FEWEST, ENOUGH)
                    } else {
                        (SMALLEST_WITHOUT_STORE, FEWEST_WITHOUT_STORE, ENOUGH_WITHOUT_STORE)
                    };
                    functions[*it] < fewest.max(((total * share).ceil() as usize).min(enough))
                })
                .min_by_key(|it| (functions[*it], stores[*it], *it));
            let Some(small) = small else { break };
            match heaviest(&self.pulls(small as u32, &members[small], &functions)) {
                Some((target, _)) => {
                    let moved = std::mem::take(&mut members[small]);
                    self.take(&moved, target);
                    members[target as usize].extend(moved);
                    for sizes in [&mut functions, &mut symbols, &mut stores] {
                        sizes[target as usize] += std::mem::take(&mut sizes[small]);
                    }
                }
                None => {
                    alone.insert(small as u32);
                }
            }
        }
        for group in alone {
            self.dissolve(group);
        }
    }

    /// Puts nodes of the coupling into a group.
    fn take(&mut self, nodes: &[u32], group: u32) {
        let symbols = self.sources.coupling.symbols;
        for node in nodes {
            match (*node as usize).checked_sub(symbols) {
                None => self.slots[*node as usize] = Some(Slot::Group(group)),
                Some(store) => self.stores[store] = Some(group),
            }
        }
    }

    /// Joins a group to the one that pulls most; false when none does.
    fn merge(&mut self, group: u32, functions: &[usize]) -> bool {
        let members = self.members();
        let Some((target, _)) = heaviest(&self.pulls(group, &members[group as usize], functions)) else {
            return false;
        };
        self.join(group, target);
        true
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

    /// Groups that most runs put elsewhere join the group that most runs put them in.
    fn merge_unstable(&mut self, found: &Consensus) {
        let protected = self.protected();
        loop {
            let (functions, symbols, stores) = self.sizes();
            let alive = (0..self.groups).filter(|it| symbols[*it] + stores[*it] > 0).count();
            if found.runs.is_empty() || alive <= (self.sources.settings.services.min as usize).max(2) {
                break;
            }
            let slots: Vec<Slot> = self.slots.iter().map(|it| it.unwrap_or(Slot::Outside)).collect();
            let owned: Vec<Slot> = self.stores.iter().map(|it| it.map_or(Slot::Outside, Slot::Group)).collect();
            let kept = kept_by(self.sources, &slots, &owned, &found.runs);
            let entries = self.entry_points();
            let tiny = |it: u32| stores[it as usize] <= 1 && entries[it as usize] <= TINY;
            let weakest = kept
                .iter()
                .filter(|it| !protected.contains(it.0) && functions[*it.0 as usize] > 0)
                .map(|(group, (own, all, others))| (own / all, *group, others))
                .filter(|it| it.0 < if tiny(it.1) { UNSTABLE_AND_TINY } else { UNSTABLE } && !it.2.is_empty())
                .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let Some((_, group, others)) = weakest else { break };
            // What is tiny goes where its calls and accesses go, whatever it stands beside.
            let evidence = if tiny(group) { self.sites_elsewhere(group) } else { BTreeMap::new() };
            let Some((target, _)) = heaviest(&evidence).or_else(|| heaviest(others)) else { break };
            self.join(group, target);
        }
    }

    /// Endpoints and consumers of each group.
    fn entry_points(&self) -> Vec<usize> {
        let graph = self.sources.graph;
        let handlers = graph.endpoints.iter().map(|it| it.handler);
        let consumers = graph.messages.iter().filter(|it| it.direction == Direction::Subscribe).map(|it| it.symbol);
        let mut res = vec![0; self.groups];
        for group in handlers.chain(consumers).filter_map(|it| self.group(it)) {
            res[group as usize] += 1;
        }
        res
    }

    /// Coupling of some symbols with each group by evidence alone, the symbols themselves left out.
    fn ties(&self, members: &[SymbolId]) -> BTreeMap<u32, f64> {
        let evidence = self.sources.evidence;
        let own: BTreeSet<u32> = members.iter().map(|it| it.0).collect();
        let mut res: BTreeMap<u32, f64> = BTreeMap::new();
        for id in members {
            for (other, weight) in evidence.graph.row(id.0).filter(|it| !own.contains(&it.0)) {
                let group = match (other as usize).checked_sub(evidence.symbols) {
                    None => self.slots[other as usize].and_then(Slot::group),
                    Some(store) => self.stores.get(store).copied().flatten(),
                };
                if let Some(group) = group {
                    *res.entry(group).or_insert(0.0) += weight;
                }
            }
        }
        res
    }

    /// What the code of a group calls, is called by, reads and writes elsewhere, in sites: an access counts three calls.
    fn sites_elsewhere(&self, group: u32) -> BTreeMap<u32, f64> {
        let graph = self.sources.graph;
        let calls = graph.calls.iter().map(|it| (self.group(it.from), self.group(it.to), 1.0));
        let accesses = graph.accesses.iter().map(|it| (self.group(it.symbol), self.stores[it.store.index()], 3.0));
        let mut res: BTreeMap<u32, f64> = BTreeMap::new();
        for (from, to, weight) in calls.chain(accesses) {
            match (from, to) {
                (Some(from), Some(to)) if from == group && to != group => *res.entry(to).or_insert(0.0) += weight,
                (Some(from), Some(to)) if to == group && from != group => *res.entry(from).or_insert(0.0) += weight,
                _ => {}
            }
        }
        res
    }

    /// Units that may move: in a service, not fixed by the user.
    fn movable(&self) -> Vec<(u32, Vec<SymbolId>)> {
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

    fn move_to(&mut self, members: &[SymbolId], group: u32) {
        for id in members {
            self.slots[id.index()] = Some(Slot::Group(group));
        }
    }

    /// A group whose members have little to do with each other is what was left over: each goes its own way.
    fn scatter_loose(&mut self) {
        let protected = self.protected();
        let movable = self.movable();
        let mut inside: BTreeMap<u32, f64> = BTreeMap::new();
        let mut all: BTreeMap<u32, f64> = BTreeMap::new();
        let evidence = self.sources.evidence;
        for (a, b, weight) in evidence.graph.edges() {
            let group = |node: u32| match (node as usize).checked_sub(evidence.symbols) {
                None => self.slots[node as usize].and_then(Slot::group),
                Some(store) => self.stores.get(store).copied().flatten(),
            };
            let (a, b) = (group(a), group(b));
            for group in a.iter().chain(b.iter().filter(|it| a.as_ref() != Some(it))) {
                *all.entry(*group).or_insert(0.0) += weight;
                if a == b {
                    *inside.entry(*group).or_insert(0.0) += weight;
                }
            }
        }
        let (_, _, stores) = self.sizes();
        let loose: BTreeSet<u32> = all
            .iter()
            .filter(|(group, all)| {
                let least = if stores[**group as usize] > 0 { LOOSE } else { LOOSE_WITHOUT_STORE };
                inside.get(group).copied().unwrap_or(0.0) < least * **all
            })
            .map(|it| *it.0)
            .filter(|it| !protected.contains(it))
            .collect();
        for (group, members) in movable.into_iter().filter(|it| loose.contains(&it.0)) {
            let mut ties = self.ties(&members);
            ties.retain(|it, _| !loose.contains(it));
            if let Some((target, _)) = heaviest(&ties).filter(|it| it.0 != group) {
                self.move_to(&members, target);
            }
        }
    }

    fn limit_count(&mut self) {
        let most = (self.sources.settings.services.max as usize).max(1);
        let protected = self.protected();
        loop {
            let (functions, symbols, stores) = self.sizes();
            let alive: Vec<usize> = (0..self.groups).filter(|it| symbols[*it] + stores[*it] > 0).collect();
            let small = alive
                .iter()
                .filter(|it| !protected.contains(&(**it as u32)))
                .min_by_key(|it| (functions[**it], stores[**it], **it));
            let Some(small) = small.filter(|_| alive.len() > most) else { break };
            if !self.merge(*small as u32, &functions) {
                self.dissolve(*small as u32);
            }
        }
    }

    /// Module-level code goes with half of its file or more, else it is wiring; so does what is connected to nothing.
    fn place_wiring(&mut self) {
        let graph = self.sources.graph;
        let mut members: BTreeMap<u32, Vec<SymbolId>> = BTreeMap::new();
        for id in graph.symbol_ids().filter(|it| is_placed(graph.symbol(*it).role)) {
            members.entry(graph.symbol(id).file.0).or_default().push(id);
        }
        let routes: BTreeSet<u32> = graph.endpoints.iter().map(|it| it.evidence.file.0).collect();
        for (file, members) in members {
            let code: Vec<SymbolId> =
                members.iter().copied().filter(|it| graph.symbol(*it).kind != SymbolKind::Module).collect();
            let mut counts: BTreeMap<Slot, usize> = BTreeMap::new();
            for slot in code.iter().filter_map(|it| self.slots[it.index()]) {
                *counts.entry(slot).or_insert(0) += 1;
            }
            let most = counts.iter().max_by_key(|it| (*it.1, std::cmp::Reverse(*it.0)));
            let major = most.filter(|it| *it.1 * 2 >= code.len()).map(|it| *it.0);
            let starts = code.iter().any(|it| short_name(&graph.symbol(*it).name) == "main");
            let wiring = if routes.contains(&file) || starts { Slot::EdgeLayer } else { Slot::SharedKernel };
            for id in members {
                let at = id.index();
                if self.reasons[at] == Reason::Pinned || self.slots[at].is_some() {
                    continue;
                }
                if graph.symbol(id).kind == SymbolKind::Module {
                    self.slots[at] = Some(major.unwrap_or(wiring));
                    self.reasons[at] =
                        if major.is_some() { Reason::Surroundings } else { Reason::Layer(Layer::Wiring) };
                } else if self.sources.usage.is_handler[at] {
                    // An endpoint that touches nothing: health and the like.
                    self.slots[at] = Some(Slot::EdgeLayer);
                    self.reasons[at] = Reason::Layer(Layer::Start);
                } else if let Some(major) = major {
                    self.slots[at] = Some(major);
                    self.reasons[at] = Reason::Surroundings;
                }
            }
        }
    }

    fn finish(self, found: &Consensus) -> Draft {
        let graph = self.sources.graph;
        let (_, symbols, stores) = self.sizes();
        let declared = self.sources.pins.services.len();
        let mut numbers: Vec<u32> = Vec::new();
        let mut groups = 0;
        for group in 0..self.groups {
            // Stores without any code of their own are no service.
            let lives = group < declared || symbols[group] > 0 || (stores[group] > 0 && self.functions.is_empty());
            numbers.push(if lives { groups } else { u32::MAX });
            groups += u32::from(lives);
        }
        let renumbered = |slot: Slot| match slot {
            Slot::Group(group) if numbers[group as usize] == u32::MAX => Slot::Outside,
            Slot::Group(group) => Slot::Group(numbers[group as usize]),
            other => other,
        };
        let slots: Vec<Slot> = self.slots.iter().map(|it| it.map_or(Slot::Outside, renumbered)).collect();
        let store_slots: Vec<Slot> = (0..graph.stores.len())
            .map(|at| match self.sources.pins.stores[at] {
                Some(Pinned::SharedKernel) => Slot::SharedKernel,
                Some(Pinned::EdgeLayer) => Slot::EdgeLayer,
                _ => self.stores[at].map_or(Slot::Outside, |it| renumbered(Slot::Group(it))),
            })
            .collect();
        let owned: BTreeSet<Slot> = store_slots.iter().copied().collect();
        let in_groups: Vec<Slot> =
            self.functions.iter().map(|it| slots[it.index()]).filter(|it| it.group().is_some()).collect();
        let by_data = in_groups.iter().filter(|it| owned.contains(it)).count();
        let touched = self.functions.iter().any(|it| self.sources.signals.reaches_store[it.index()]);
        let data_share = if touched { by_data as f64 / in_groups.len().max(1) as f64 } else { 0.0 };
        let mut draft = Draft {
            symbols: slots,
            stores: store_slots,
            reasons: self.reasons,
            groups: groups as usize,
            data_share,
            runs: Vec::new(),
        };
        crate::partition::counters::share_counters(self.sources, &mut draft);
        draft.runs =
            found.runs.par_iter().map(|it| translated(self.sources, &draft.symbols, &draft.stores, it)).collect();
        draft
    }
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
