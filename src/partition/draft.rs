//! One answer: a place for every symbol and store, before names and words.
//!
//! Units, stores, files and folders are clustered together; what serves many clusters is taken out and the rest is
//! clustered again until nothing changes. Stores go to the group that writes them, groups too small to live alone join
//! the one they are coupled to most.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::config::Settings;
use crate::model::graph::{SymbolId, SystemGraph};
use crate::partition::consensus::{Consensus, consensus};
use crate::partition::coupling::Coupling;
use crate::partition::groups::Work;
use crate::partition::layers::{Layer, Scene, Usage, find_bases, find_layers};
use crate::partition::pins::{Item, Pinned, Pins};
use crate::partition::runs::translated;
use crate::partition::signals::Signals;
use crate::partition::units::{UnitKind, Units};
use crate::partition::weighted::{Constraints, WeightedGraph};
use crate::partition::{Clusterer, Tuning};

/// Rounds of clustering and taking out layers.
const ROUNDS: usize = 3;

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

/// A unit that so few of the runs keep, and so many put in one other group, goes there.
const KEPT: f64 = 0.34;
const ELSEWHERE: f64 = 0.66;

impl Draft {
    /// Moves units with functions (the others follow their users) that hardly a run keeps where they are and nearly all put in
    /// one other group; whether there were any.
    fn heed_runs(&mut self, functions: &[SymbolId], units: &Units) -> bool {
        let mut is_changed = false;
        let with_functions: BTreeSet<u32> = functions.iter().filter_map(|it| units.of_symbol[it.index()]).collect();
        for unit in with_functions.into_iter().map(|it| it as usize).filter(|it| units.pins[*it].is_none()) {
            let members = &units.members[unit];
            let Some(Slot::Group(own)) = members.first().map(|it| self.symbols[it.index()]) else { continue };
            if units.kinds[unit] == UnitKind::Module
                || members.iter().any(|it| self.symbols[it.index()] != Slot::Group(own))
            {
                continue;
            }
            let mut counts: BTreeMap<u32, f64> = BTreeMap::new();
            for group in self.runs.iter().filter_map(|it| it.symbols[members[0].index()]) {
                *counts.entry(group).or_insert(0.0) += 1.0;
            }
            let all = self.runs.len() as f64;
            let kept = counts.get(&own).copied().unwrap_or(0.0);
            if let Some((home, most)) = heaviest(&counts)
                && home != own
                && kept < KEPT * all
                && most >= ELSEWHERE * all
            {
                members.iter().for_each(|it| self.symbols[it.index()] = Slot::Group(home));
                is_changed = true;
            }
        }
        is_changed
    }
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

/// Places everything at a resolution; `runs` is how often the evidence is perturbed. `few` holds the number of services to
/// what the number of stores makes worthwhile.
pub fn draft(sources: &Sources, resolution: f64, runs: u32, few: bool) -> Draft {
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
    work.divide_backs();
    work.join_halves();
    work.scatter_facades();
    work.scatter_hollow();
    work.own_stores();
    work.merge_small();
    work.recall_hubs();
    work.drop_tools();
    if few {
        work.limit_to_stores();
    }
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

impl Work<'_> {
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
        crate::partition::counters::free_tables_of_others(self.sources, &mut draft);
        let translated = |draft: &Draft| -> Vec<Run> {
            found.runs.par_iter().map(|it| translated(self.sources, &draft.symbols, &draft.stores, it)).collect()
        };
        draft.runs = translated(&draft);
        if draft.heed_runs(&self.functions, self.sources.units) {
            draft.runs = translated(&draft);
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Two units of a function each in group 0; `others` says how many of twelve runs put each in group 1.
    fn heeded(others: [usize; 2]) -> Vec<Slot> {
        let units = Units {
            of_symbol: vec![Some(0), Some(1)],
            members: vec![vec![SymbolId(0)], vec![SymbolId(1)]],
            kinds: vec![UnitKind::File; 2],
            pins: vec![None; 2],
        };
        let run = |at: usize| Run {
            symbols: others.iter().map(|it| Some(u32::from(at < *it))).collect(),
            stores: Vec::new(),
        };
        let mut draft = Draft {
            symbols: vec![Slot::Group(0); 2],
            stores: Vec::new(),
            reasons: vec![Reason::Coupled; 2],
            groups: 2,
            data_share: 1.0,
            runs: (0..12).map(run).collect(),
        };
        draft.heed_runs(&[SymbolId(0), SymbolId(1)], &units);
        draft.symbols
    }

    #[test]
    fn what_hardly_a_run_keeps_goes_where_nearly_all_put_it() {
        assert_eq!(heeded([8, 7]), [Slot::Group(1), Slot::Group(0)]);
        assert_eq!(heeded([12, 0]), [Slot::Group(1), Slot::Group(0)]);
    }
}
