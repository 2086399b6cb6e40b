//! Changes a user tries on a partition: move, merge, split, and give a store to another service.
//!
//! A change is surgical: what it does not name stays where it is. Only the parts of a split are looked for, in the
//! coupling inside the service alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{Selector, Settings};
use crate::model::graph::{SymbolId, SymbolKind, SystemGraph};
use crate::model::partition::{Partition, Place, Placement, ServiceCandidate, ServiceId};
use crate::partition::consensus::consensus;
use crate::partition::coupling::{Coupling, couple};
use crate::partition::draft::{Draft, Slot, heaviest};
use crate::partition::pins::{self, Item};
use crate::partition::weighted::{Constraints, WeightedGraph};
use crate::partition::{RESOLUTION, Tuning, leiden, naming, signals, units};

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A service into parts where the coupling inside is weakest, each with data of its own if there is enough.
    Split(String),
    /// Several services into the first.
    Merge(Vec<String>),
    /// Everything a selector names to a service, `shared_kernel` or `edge`.
    Move(Selector, String),
}

/// Resolutions tried for a split, from a sixth of the usual on, each so much above the last: the first parts that show are the
/// fewest.
const STEPS: std::ops::RangeInclusive<i32> = -6..=9;
const STEP: f64 = 1.35;
/// A part of a split has at least so many functions.
const FEWEST: usize = 2;

/// The partition after the changes, in their order; the error says what cannot be done and what could.
pub fn revise(
    graph: &SystemGraph,
    settings: &Settings,
    partition: &Partition,
    changes: &[Change],
) -> Result<Partition, String> {
    let signals = signals::collect(graph);
    let coupling = couple(graph, &signals, &settings.weights);
    let mut work = Revision {
        graph,
        settings,
        coupling: &coupling,
        names: partition.services.iter().map(|it| Some(it.name.clone())).collect(),
        symbols: partition.symbols.clone(),
        stores: partition.stores.clone(),
    };
    for change in changes {
        match change {
            Change::Split(name) => work.split(name)?,
            Change::Merge(names) => work.merge(names)?,
            Change::Move(selector, target) => work.shift(selector, target)?,
        }
    }
    Ok(work.finish(partition))
}

struct Revision<'a> {
    graph: &'a SystemGraph,
    settings: &'a Settings,
    coupling: &'a Coupling,
    /// By service; `None` for what is gone.
    names: Vec<Option<String>>,
    symbols: Vec<Placement>,
    stores: Vec<Placement>,
}

impl Revision<'_> {
    fn service(&self, name: &str) -> Result<u32, String> {
        let found = self.names.iter().position(|it| it.as_deref() == Some(name));
        found.map(|it| it as u32).ok_or_else(|| {
            let known: Vec<&str> = self.names.iter().flatten().map(String::as_str).collect();
            format!("no service is called `{name}`: there are {}", known.join(", "))
        })
    }

    fn place(&self, name: &str) -> Result<Place, String> {
        match name {
            "shared_kernel" => Ok(Place::SharedKernel),
            "edge" => Ok(Place::EdgeLayer),
            _ => self.service(name).map(|it| Place::Service(ServiceId(it))),
        }
    }

    fn shift(&mut self, selector: &Selector, target: &str) -> Result<(), String> {
        let place = self.place(target)?;
        let items = pins::select(self.graph, selector);
        if items.is_empty() {
            return Err(format!("`{}` names nothing in the system", selector.as_str()));
        }
        for (item, _) in items {
            let placement = match item {
                Item::Symbol(id) => &mut self.symbols[id as usize],
                Item::Store(id) => &mut self.stores[id as usize],
            };
            *placement =
                Placement { place, confidence: 1.0, runner_up: None, reason: format!("moved to {target} by request") };
        }
        Ok(())
    }

    fn merge(&mut self, names: &[String]) -> Result<(), String> {
        let ids: Vec<u32> = names.iter().map(|it| self.service(it)).collect::<Result<_, _>>()?;
        let Some((first, rest)) = ids.split_first() else { return Ok(()) };
        let rest: BTreeSet<u32> = rest.iter().copied().filter(|it| it != first).collect();
        if rest.is_empty() {
            return Err(format!("merging needs two different services: {} is one", names.join(", ")));
        }
        for placement in self.symbols.iter_mut().chain(&mut self.stores) {
            if let Place::Service(id) = &mut placement.place
                && rest.contains(&id.0)
            {
                id.0 = *first;
            }
        }
        for id in rest {
            self.names[id as usize] = None;
        }
        Ok(())
    }

    fn split(&mut self, name: &str) -> Result<(), String> {
        let service = self.service(name)?;
        let inside = |it: &Placement| it.place == Place::Service(ServiceId(service));
        let nodes: Vec<u32> = (self.symbols.iter().chain(&self.stores).enumerate())
            .filter(|it| inside(it.1))
            .map(|it| it.0 as u32)
            .collect();
        let grouped = [self.units(&nodes), self.outermost(&nodes)];
        let stores = nodes.iter().filter(|it| **it as usize >= self.symbols.len()).count();
        // Parts without data would be layers of one service.
        let with_data = (stores > 1).then_some(1);
        let parts = with_data
            .into_iter()
            .chain([0])
            .find_map(|least| grouped.iter().find_map(|it| self.divide(it, least)))
            .ok_or_else(|| {
                format!(
                    "`{name}` does not divide: at every resolution its {} stay together, or leave pieces of fewer than \
                     {FEWEST} functions",
                    self.functions(&nodes)
                )
            })?;
        // The others keep their names, the parts get new ones.
        let kept: Vec<u32> =
            (0..self.names.len() as u32).filter(|it| *it != service && self.names[*it as usize].is_some()).collect();
        let declared: Vec<String> = kept.iter().filter_map(|it| self.names[*it as usize].clone()).collect();
        let slot = |node: usize, it: &Placement| match it.place {
            Place::Service(id) if id.0 == service => {
                Slot::Group(kept.len() as u32 + parts.get(&(node as u32)).copied().unwrap_or(0))
            }
            Place::Service(id) => {
                kept.iter().position(|it| *it == id.0).map_or(Slot::Outside, |it| Slot::Group(it as u32))
            }
            Place::SharedKernel => Slot::SharedKernel,
            Place::EdgeLayer => Slot::EdgeLayer,
            Place::Outside => Slot::Outside,
        };
        let first_store = self.symbols.len();
        let count = parts.values().max().map_or(0, |it| *it as usize + 1);
        let draft = Draft {
            symbols: self.symbols.iter().enumerate().map(|(at, it)| slot(at, it)).collect(),
            stores: self.stores.iter().enumerate().map(|(at, it)| slot(first_store + at, it)).collect(),
            reasons: Vec::new(),
            groups: kept.len() + count,
            data_share: 0.0,
            runs: Vec::new(),
        };
        let names = naming::name_groups(self.graph, &draft, &declared);
        let first = self.names.len() as u32;
        self.names.extend(names.into_iter().skip(kept.len()).map(Some));
        self.names[service as usize] = None;
        for (node, part) in parts {
            let placement = match (node as usize).checked_sub(first_store) {
                None => &mut self.symbols[node as usize],
                Some(store) => &mut self.stores[store],
            };
            placement.place = Place::Service(ServiceId(first + part));
            placement.runner_up = None;
            placement.reason = format!("a part of {name}, split by request");
        }
        Ok(())
    }

    fn functions(&self, nodes: &[u32]) -> String {
        let count = nodes.iter().filter(|it| self.is_function(**it)).count();
        crate::model::wording::count(count, "function")
    }

    fn is_function(&self, node: u32) -> bool {
        let symbol = self.graph.symbols.get(node as usize);
        symbol.is_some_and(|it| matches!(it.kind, SymbolKind::Function | SymbolKind::Method))
    }

    /// What moves as one inside the service: number of each node's unit; stores stand alone.
    fn units(&self, nodes: &[u32]) -> BTreeMap<u32, u32> {
        let (pins, _) = pins::resolve(self.graph, self.settings);
        let units = units::divide(self.graph, &pins);
        self.grouped(nodes, |id| units.of_symbol[id.index()])
    }

    /// Types with their members, and functions, each alone.
    fn outermost(&self, nodes: &[u32]) -> BTreeMap<u32, u32> {
        let wide = units::wide_types(self.graph);
        self.grouped(nodes, |id| Some(units::outermost(self.graph, id, &wide).0))
    }

    fn grouped(&self, nodes: &[u32], unit: impl Fn(SymbolId) -> Option<u32>) -> BTreeMap<u32, u32> {
        let mut numbers: BTreeMap<(bool, u32), u32> = BTreeMap::new();
        let symbols = self.graph.symbols.len() as u32;
        nodes
            .iter()
            .map(|node| {
                let key = if *node < symbols {
                    let id = SymbolId(*node);
                    let module = self.graph.symbol(id).kind == SymbolKind::Module;
                    (false, if module { u32::MAX - node } else { unit(id).unwrap_or(*node) })
                } else {
                    (true, *node)
                };
                let next = numbers.len() as u32;
                (*node, *numbers.entry(key).or_insert(next))
            })
            .collect()
    }

    /// Part of each node, when the coupling shows two parts or more with so many stores.
    fn divide(&self, unit_of: &BTreeMap<u32, u32>, least_stores: usize) -> Option<BTreeMap<u32, u32>> {
        let count = unit_of.values().max().map_or(0, |it| *it as usize + 1);
        // Files and folders of the service tie what stands in them.
        let mut places: BTreeMap<u32, u32> = BTreeMap::new();
        let first_place = (self.coupling.symbols + self.coupling.stores) as u32;
        let mut node = |it: u32| -> Option<u32> {
            if it < first_place {
                return unit_of.get(&it).copied();
            }
            let next = (count + places.len()) as u32;
            Some(*places.entry(it).or_insert(next))
        };
        let edges: Vec<(u32, u32, f64)> = self
            .coupling
            .graph
            .edges()
            .filter(|it| unit_of.contains_key(&it.0) || unit_of.contains_key(&it.1))
            .filter_map(|(a, b, weight)| Some((node(a)?, node(b)?, weight)))
            .filter(|it| it.0 != it.1)
            .collect();
        let graph = WeightedGraph::from_exact(count + places.len(), &edges);
        let mut holds = vec![Size::default(); count];
        for (node, unit) in unit_of {
            holds[*unit as usize].functions += usize::from(self.is_function(*node));
            holds[*unit as usize].stores += usize::from(*node as usize >= self.symbols.len());
        }
        let least = Size { functions: FEWEST, stores: least_stores };
        let options = &self.settings.partition;
        let start = options.resolution.unwrap_or(RESOLUTION);
        STEPS.into_iter().find_map(|step| {
            let tuning = Tuning { resolution: start * STEP.powi(step), seed: options.seed };
            let runs = options.resamples.div_ceil(3);
            let found = consensus(&graph, &Constraints::default(), &leiden::Leiden, &tuning, runs);
            let mut clusters = found.clusters;
            fold_small(&graph, &mut clusters, &holds, least);
            let mut numbers: BTreeMap<u32, u32> = BTreeMap::new();
            for (node, unit) in unit_of {
                if self.is_function(*node) {
                    let next = numbers.len() as u32;
                    numbers.entry(clusters[*unit as usize]).or_insert(next);
                }
            }
            (numbers.len() > 1).then(|| {
                let part = |unit: u32| numbers.get(&clusters[unit as usize]).copied().unwrap_or(0);
                unit_of.iter().map(|(node, unit)| (*node, part(*unit))).collect()
            })
        })
    }

    /// Services in the order of their names, without those that nothing is left of.
    fn finish(self, before: &Partition) -> Partition {
        let mut alive: Vec<u32> = (self.symbols.iter().chain(&self.stores))
            .filter_map(|it| it.place.service())
            .map(|it| it.0)
            .collect::<BTreeSet<u32>>()
            .into_iter()
            .collect();
        alive.sort_by(|a, b| self.names[*a as usize].cmp(&self.names[*b as usize]));
        let number: BTreeMap<u32, u32> = alive.iter().enumerate().map(|(at, it)| (*it, at as u32)).collect();
        let renumbered = |mut it: Placement| {
            if let Place::Service(id) = &mut it.place {
                id.0 = number[&id.0];
            }
            let own = it.place.service();
            it.runner_up = it
                .runner_up
                .and_then(|(id, share)| Some((ServiceId(*number.get(&id.0)?), share)))
                .filter(|it| Some(it.0) != own);
            it
        };
        let symbols: Vec<Placement> = self.symbols.into_iter().map(renumbered).collect();
        let stores: Vec<Placement> = self.stores.into_iter().map(renumbered).collect();
        let services = alive
            .iter()
            .map(|it| match before.services.get(*it as usize) {
                Some(service) => service.clone(),
                None => ServiceCandidate {
                    name: self.names[*it as usize].clone().unwrap_or_default(),
                    confidence: 0.5,
                    reasons: vec!["split off by request".to_owned()],
                    declared: false,
                },
            })
            .collect();
        let mut res = Partition { services, symbols, stores, label: "what-if".to_owned(), ..before.clone() };
        res.alternatives.clear();
        let groups = res.symbols.iter().chain(&res.stores).map(|it| it.place.service().map(|it| it.0));
        res.modularity = self.coupling.modularity(groups);
        res
    }
}

/// What a part holds.
#[derive(Clone, Copy, Default)]
struct Size {
    functions: usize,
    stores: usize,
}

/// Clusters that hold less than a part needs join the one they are tied to most.
fn fold_small(graph: &WeightedGraph, clusters: &mut [u32], holds: &[Size], least: Size) {
    loop {
        let mut sizes: BTreeMap<u32, Size> = BTreeMap::new();
        for (node, cluster) in clusters.iter().enumerate() {
            let held = holds.get(node).copied().unwrap_or_default();
            let size = sizes.entry(*cluster).or_default();
            size.functions += held.functions;
            size.stores += held.stores;
        }
        let mut pulls: BTreeMap<u32, BTreeMap<u32, f64>> = BTreeMap::new();
        for (a, b, weight) in graph.edges() {
            let (a, b) = (clusters[a as usize], clusters[b as usize]);
            if a != b {
                *pulls.entry(a).or_default().entry(b).or_insert(0.0) += weight;
                *pulls.entry(b).or_default().entry(a).or_insert(0.0) += weight;
            }
        }
        let is_small = |it: &Size| it.functions < least.functions || it.stores < least.stores;
        let small = sizes
            .iter()
            .filter(|it| is_small(it.1) && pulls.contains_key(it.0))
            .min_by_key(|it| (it.1.functions, *it.0));
        let Some((small, target)) = small.and_then(|it| Some((*it.0, heaviest(&pulls[it.0])?.0))) else { break };
        for cluster in clusters.iter_mut().filter(|it| **it == small) {
            *cluster = target;
        }
    }
}
