//! Recognizes what is no service: the shared kernel (used by all, owns no data) and the edge layer (starts, routes,
//! gathers). Works on units and a clustering of them; the caller clusters again without what was found.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::graph::{Symbol, SymbolId, SymbolKind, SystemGraph};
use crate::model::sql::{Effect, Operation};
use crate::model::wording::last_part;
use crate::partition::draft::heaviest;
use crate::partition::pins::Pinned;
use crate::partition::signals::is_placed;
use crate::partition::units::{UnitKind, Units};

/// Users of a hub are at least so many symbols, in so many clusters and files, none with more than this share.
const HUB_USERS: usize = 4;
pub(super) const HUB_SPREAD: usize = 3;
const HUB_SHARE: f64 = 0.6;
/// A unit of several functions may have this share that touch stores and still be a layer; those are placed apart.
const DATA_SHARE: f64 = 0.25;
/// Files and symbols that use what may be a hub, whatever clusters they are in.
const BASE_FILES: usize = 4;
const BASE_USERS: usize = 12;
/// Who calls so many functions that write, this share of them in one cluster, works for that cluster: it changes what is
/// kept there, through whatever code stands between.
const CHANGES: usize = 2;
const CHANGES_SHARE: f64 = 0.5;
/// A hub of several functions may have this share that are endpoints, such as one that tells whether it is alive.
const HUB_ENDPOINTS: f64 = 0.2;
/// What wires clusters together uses at least [`HUB_SPREAD`] of them, none for more than this share.
pub(super) const WIRING_SHARE: f64 = 0.5;
/// A file with so many endpoints belongs to no service only when it uses one cluster more than that, none for more than
/// this share: most endpoints look something up elsewhere.
const FRONT_ENDPOINTS: usize = 3;
const FRONT_SHARE: f64 = 0.35;

/// A function without data that answers for so many resources, with so many endpoints for each such function, is about none of them.
const GENERIC: usize = 4;

/// Why a unit is no part of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Used from many clusters, owns no data.
    Hub,
    /// Defines stores of many clusters and does no more.
    SetUp,
    /// Starts the program.
    Start,
    /// Uses many clusters and is used by none.
    Wiring,
    /// Registers endpoints of many clusters.
    Router,
    /// Answers for many resources with the same few functions, whatever stands behind them.
    Generic,
    /// Reads stores of many clusters and writes none.
    Gathers,
    /// Used by what starts and wires alone, and depends on no service: configuration, connections.
    Base,
    /// Keeps no data and serves nobody: what several services, or none that was seen, build on.
    Library,
}

impl Layer {
    pub fn is_kernel(self) -> bool {
        matches!(self, Self::Hub | Self::SetUp | Self::Base | Self::Library)
    }
}

/// Who uses whom, and who touches what: collected once.
pub struct Usage {
    users: Vec<Vec<SymbolId>>,
    used: Vec<Vec<SymbolId>>,
    /// Stores each symbol reads or writes.
    touches: Vec<BTreeSet<u32>>,
    writes: Vec<bool>,
    defines: Vec<BTreeSet<u32>>,
    is_entity: Vec<bool>,
    pub is_handler: Vec<bool>,
    /// What the paths of a handler's endpoints end with, parameters left out.
    serves: BTreeMap<SymbolId, Vec<String>>,
    /// Files with the function that starts a program.
    main_files: BTreeSet<u32>,
}

impl Usage {
    /// `seeds` tells the accesses that only seed a store: they are set-up, not use.
    pub fn new(graph: &SystemGraph, seeds: &[bool]) -> Self {
        let count = graph.symbols.len();
        let mut res = Self {
            users: vec![Vec::new(); count],
            used: vec![Vec::new(); count],
            touches: vec![BTreeSet::new(); count],
            writes: vec![false; count],
            defines: vec![BTreeSet::new(); count],
            is_entity: vec![false; count],
            is_handler: vec![false; count],
            serves: BTreeMap::new(),
            main_files: graph.symbols.iter().filter(|it| is_main(it)).map(|it| it.file.0).collect(),
        };
        let sites =
            graph.calls.iter().map(|it| (it.from, it.to)).chain(graph.references.iter().map(|it| (it.from, it.to)));
        for (from, to) in sites {
            let (a, b) = (graph.symbol(from), graph.symbol(to));
            if from != to && is_placed(a.role) && is_placed(b.role) && a.kind != SymbolKind::Module {
                res.users[to.index()].push(from);
                res.used[from.index()].push(to);
            }
        }
        for (access, seeds) in graph.accesses.iter().zip(seeds) {
            let at = access.symbol.index();
            if access.operation == Operation::Ddl || *seeds {
                res.defines[at].insert(access.store.0);
            } else {
                res.touches[at].insert(access.store.0);
                res.writes[at] |= access.operation.effect() == Effect::Write;
            }
        }
        for entity in graph.stores.iter().flat_map(|it| &it.entities) {
            res.is_entity[entity.index()] = true;
        }
        for endpoint in &graph.endpoints {
            res.is_handler[endpoint.handler.index()] = true;
            let last = endpoint.path.rsplit('/').find(|it| !it.is_empty() && !it.contains(['{', '*']));
            res.serves.entry(endpoint.handler).or_default().extend(last.map(str::to_owned));
        }
        res
    }

    /// Placed symbols that call or mention a symbol, module-level code left out.
    pub fn users_of(&self, id: SymbolId) -> &[SymbolId] {
        &self.users[id.index()]
    }

    /// Placed symbols that a symbol calls or mentions.
    pub fn used_by(&self, id: SymbolId) -> &[SymbolId] {
        &self.used[id.index()]
    }

    /// True when the symbol reads, writes or maps a store itself.
    pub fn owns_data(&self, id: SymbolId) -> bool {
        !self.touches[id.index()].is_empty() || self.is_entity[id.index()]
    }
}

/// Units that may turn out to be hubs: files without data of their own that code of very many files uses.
pub fn find_bases(graph: &SystemGraph, units: &Units, usage: &Usage) -> Vec<bool> {
    (0..units.len())
        .map(|unit| {
            let members = &units.members[unit];
            let file = members.first().map(|it| graph.symbol(*it).file);
            let users: BTreeSet<SymbolId> = members.iter().flat_map(|it| usage.users_of(*it)).copied().collect();
            let files: BTreeSet<u32> =
                users.iter().map(|it| graph.symbol(*it).file).filter(|it| Some(*it) != file).map(|it| it.0).collect();
            units.kinds[unit] == UnitKind::File
                && files.len() >= BASE_FILES
                && users.len() >= BASE_USERS
                && !members.iter().any(|it| usage.owns_data(*it))
        })
        .collect()
}

/// Everything found for one clustering.
pub struct Scene<'a> {
    pub graph: &'a SystemGraph,
    pub units: &'a Units,
    pub usage: &'a Usage,
    /// Cluster of each unit, then of each store.
    pub clusters: &'a [u32],
    /// What an earlier round found.
    pub known: &'a [Option<Layer>],
}

/// The layer of each unit, `None` for what belongs to a service.
pub fn find_layers(scene: &Scene) -> Vec<Option<Layer>> {
    let alive = alive(scene);
    let mut res: Vec<Option<Layer>> = vec![None; scene.units.len()];
    for unit in 0..scene.units.len() {
        let pinned_service = matches!(scene.units.pins[unit], Some(Pinned::Service(_)));
        if !pinned_service && scene.units.kinds[unit] != UnitKind::Module {
            res[unit] = layer_of(scene, unit, alive, &res);
        }
    }
    res
}

/// Clusters that hold three functions or more.
fn alive(scene: &Scene) -> usize {
    let mut functions: BTreeMap<u32, usize> = BTreeMap::new();
    for unit in 0..scene.units.len() {
        if scene.known[unit].is_none() {
            let count = scene.units.members[unit]
                .iter()
                .filter(|it| matches!(scene.graph.symbol(**it).kind, SymbolKind::Function | SymbolKind::Method))
                .count();
            *functions.entry(scene.clusters[unit]).or_insert(0) += count;
        }
    }
    functions.values().filter(|it| **it >= 3).count()
}

fn layer_of(scene: &Scene, unit: usize, alive: usize, found: &[Option<Layer>]) -> Option<Layer> {
    let graph = scene.graph;
    let members = &scene.units.members[unit];
    let is_symbol = scene.units.kinds[unit] == UnitKind::Symbol;
    let first = *members.first()?;
    let own = each_once(members.iter().copied());
    let others = |rows: &[Vec<SymbolId>]| -> Vec<SymbolId> {
        each_once(members.iter().flat_map(|it| &rows[it.index()]).copied().filter(|it| own.binary_search(it).is_err()))
    };
    let outside = |rows: &[Vec<SymbolId>]| -> Vec<SymbolId> {
        let is_open =
            |it: &SymbolId| scene.units.of_symbol[it.index()].is_some_and(|it| scene.known[it as usize].is_none());
        let mut found = others(rows);
        found.retain(is_open);
        found
    };
    let functions: Vec<SymbolId> = members
        .iter()
        .copied()
        .filter(|it| matches!(graph.symbol(*it).kind, SymbolKind::Function | SymbolKind::Method))
        .collect();
    let touching = functions.iter().filter(|it| scene.usage.owns_data(**it)).count();
    let owns_data = members.iter().any(|it| scene.usage.owns_data(*it))
        && (is_symbol || touching as f64 > DATA_SHARE * functions.len() as f64);
    let handlers = members.iter().filter(|it| scene.usage.is_handler[it.index()]).count();
    let handles = handlers > 0;
    if members.iter().any(|it| is_main(graph.symbol(*it))) && (is_symbol || (!owns_data && !handles)) {
        return Some(Layer::Start);
    }
    if !owns_data && handles && is_generic(scene, members) {
        return Some(Layer::Generic);
    }
    let users = outside(&scene.usage.users);
    let spread = HUB_SPREAD.min(alive.max(2));
    let (user_clusters, users_counted) = by_cluster(scene, &users, &[]);
    let files = || users.iter().map(|it| graph.symbol(*it).file.0).collect::<BTreeSet<u32>>().len();
    let used = outside(&scene.usage.used);
    let changed: Vec<SymbolId> = used.iter().copied().filter(|it| scene.usage.writes[it.index()]).collect();
    let (changed_clusters, changes) = by_cluster(scene, &changed, &[]);
    let works =
        changes >= CHANGES && heaviest(&changed_clusters).is_some_and(|it| it.1 >= CHANGES_SHARE * changes as f64);
    if !owns_data
        && !works
        && handlers as f64 <= HUB_ENDPOINTS * functions.len() as f64
        && users_counted >= HUB_USERS
        && user_clusters.len() >= spread
        && (is_symbol || files() >= HUB_SPREAD)
        && heaviest(&user_clusters).is_some_and(|it| it.1 <= HUB_SHARE * users_counted as f64)
    {
        return Some(Layer::Hub);
    }
    let every_user = others(&scene.usage.users);
    let only_layers = !handles && users.is_empty() && !every_user.is_empty();
    if only_layers && !owns_data {
        if is_symbol && scene.usage.main_files.contains(&graph.symbol(first).file.0) {
            return Some(Layer::Start);
        }
        // What only the shared kernel uses may be the heart of something.
        let in_front = every_user.iter().all(|it| {
            let unit = scene.units.of_symbol[it.index()];
            unit.and_then(|it| scene.known[it as usize]).is_some_and(|it| !it.is_kernel() || it == Layer::Base)
        });
        if !is_symbol && used.is_empty() && in_front {
            return Some(Layer::Base);
        }
    }
    let (used_clusters, used_counted) = by_cluster(scene, &used, found);
    let wires = used_counted >= HUB_SPREAD
        && used_clusters.len() >= spread
        && heaviest(&used_clusters).is_some_and(|it| it.1 <= WIRING_SHARE * used_counted as f64);
    let fronts = used_clusters.len() > spread
        && heaviest(&used_clusters).is_some_and(|it| it.1 <= FRONT_SHARE * used_counted as f64);
    let unused = users.iter().all(|it| {
        scene.units.of_symbol[it.index()].is_some_and(|it| found.get(it as usize).copied().flatten().is_some())
    });
    if wires
        && !owns_data
        && !works
        && ((!is_symbol && handles && (fronts || handlers < FRONT_ENDPOINTS)) || (unused && !handles))
    {
        return Some(Layer::Wiring);
    }
    let stores = |sets: &[BTreeSet<u32>]| -> BTreeMap<u32, f64> {
        let all: BTreeSet<u32> = members.iter().flat_map(|it| &sets[it.index()]).copied().collect();
        let mut res = BTreeMap::new();
        for store in all {
            *res.entry(scene.clusters[scene.units.len() + store as usize]).or_insert(0.0) += 1.0;
        }
        res
    };
    if is_symbol && !owns_data && stores(&scene.usage.defines).len() >= 2 {
        return Some(Layer::SetUp);
    }
    let entities = members.iter().any(|it| scene.usage.is_entity[it.index()]);
    let asks = (is_symbol && handles) || (!is_symbol && only_layers && !entities);
    if asks && !members.iter().any(|it| scene.usage.writes[it.index()]) {
        let clusters = stores(&scene.usage.touches);
        let all: f64 = clusters.values().sum();
        if clusters.len() >= HUB_SPREAD && heaviest(&clusters).is_some_and(|it| it.1 <= WIRING_SHARE * all) {
            return Some(Layer::Gathers);
        }
    }
    if is_symbol && !handles && registers(scene, first) >= 2 {
        return Some(Layer::Router);
    }
    None
}

/// Whether the handlers among some symbols each answer for many resources.
fn is_generic(scene: &Scene, members: &[SymbolId]) -> bool {
    let serves: Vec<&Vec<String>> = members.iter().filter_map(|it| scene.usage.serves.get(it)).collect();
    let words: BTreeSet<&String> = serves.iter().copied().flatten().collect();
    let endpoints: usize = serves.iter().map(|it| it.len()).sum();
    words.len() >= GENERIC && endpoints >= GENERIC * serves.len()
}

/// The function that a language starts a program with.
pub fn is_main(symbol: &Symbol) -> bool {
    symbol.kind == SymbolKind::Function && symbol.parent.is_none() && last_part(&symbol.name) == "main"
}

/// Clusters whose endpoints are registered in the body of a symbol.
fn registers(scene: &Scene, id: SymbolId) -> usize {
    let symbol = scene.graph.symbol(id);
    let clusters: BTreeSet<u32> = scene
        .graph
        .endpoints
        .iter()
        .filter(|it| it.evidence.file == symbol.file && (symbol.line..=symbol.end_line).contains(&it.evidence.line))
        .filter_map(|it| scene.units.of_symbol[it.handler.index()])
        .map(|it| scene.clusters[it as usize])
        .collect();
    clusters.len()
}

/// Sorted, each once.
fn each_once(symbols: impl Iterator<Item = SymbolId>) -> Vec<SymbolId> {
    let mut all: Vec<SymbolId> = symbols.collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// How many of the symbols are in each cluster, and in all; units that already are a layer are left out.
fn by_cluster(scene: &Scene, symbols: &[SymbolId], found: &[Option<Layer>]) -> (BTreeMap<u32, f64>, usize) {
    let mut res = BTreeMap::new();
    let mut count = 0;
    for id in symbols {
        if let Some(unit) = scene.units.of_symbol[id.index()]
            && found.get(unit as usize).copied().flatten().is_none()
        {
            *res.entry(scene.clusters[unit as usize]).or_insert(0.0) += 1.0;
            count += 1;
        }
    }
    (res, count)
}
