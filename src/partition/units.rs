//! What moves as one: a folder that is a module of its own, a file, or in a god object each type and function.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::graph::{SymbolId, SymbolKind, SystemGraph};
use crate::model::source::Role;
use crate::model::sql::Operation;
use crate::partition::coupling::folder;
use crate::partition::layers::is_main;
use crate::partition::pins::{Item, Pinned, Pins};
use crate::partition::signals::is_placed;

/// A file with at least so many functions, and this share of all, is a god object.
const GOD_FUNCTIONS: usize = 25;
const GOD_SHARE: f64 = 0.2;
/// So is a file, and no module is a folder, whose code touches more than this share of all stores.
const GOD_STORES: f64 = 0.4;
/// A folder is a module when at least this share of the dependencies of its files on other files stays in it; the files
/// of a layer (all handlers, all repositories) hardly know each other.
const COHESION: f64 = 0.25;
/// What all files of a folder stand on may itself depend on this share of them.
const FEW_OTHERS: f64 = 0.1;
/// A folder with more than this share of the functions is no module.
const LARGE_FOLDER: f64 = 0.3;

/// What a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnitKind {
    Folder,
    File,
    /// A type with its members or a function of a god object, or what a pin takes out of its surroundings.
    Symbol,
    /// Code at module level: wiring, placed after everything else.
    Module,
}

/// The units of a system.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Units {
    /// Unit of each symbol; `None` for what is not placed.
    pub of_symbol: Vec<Option<u32>>,
    pub members: Vec<Vec<SymbolId>>,
    pub kinds: Vec<UnitKind>,
    /// The pin that all members share.
    pub pins: Vec<Option<Pinned>>,
}

impl Units {
    pub fn len(&self) -> usize {
        self.members.len()
    }

    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}

/// Divides the placed symbols into units.
pub fn divide(graph: &SystemGraph, pins: &Pins) -> Units {
    let gods = gods(graph);
    let modules = module_folders(graph, &gods);
    let apart = apart_files(graph);
    let wide = wide_types(graph);
    // Symbols that different constraints name can go different ways.
    let mut named: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let groups = pins.together.iter().chain(pins.apart.iter().flat_map(|it| [&it.0, &it.1]));
    for (number, items) in groups.enumerate() {
        for item in items {
            if let Item::Symbol(id) = item {
                named.entry(*id).or_default().push(number as u32);
            }
        }
    }
    let mut numbers: BTreeMap<(UnitKind, String, Option<Pinned>, Vec<u32>), u32> = BTreeMap::new();
    let mut res = Units { of_symbol: vec![None; graph.symbols.len()], ..Units::default() };
    for id in graph.symbol_ids() {
        let symbol = graph.symbol(id);
        if !is_placed(symbol.role) {
            continue;
        }
        let path = &graph.file(symbol.file).path;
        let pin = pins.symbols[id.index()];
        let key = if symbol.kind == SymbolKind::Module {
            (UnitKind::Module, id.0.to_string())
        } else if modules.contains(folder(path)) && !apart.contains(&symbol.file.0) {
            (UnitKind::Folder, folder(path).to_owned())
        } else if !gods.contains(&symbol.file.0) && !apart.contains(&symbol.file.0) {
            (UnitKind::File, path.clone())
        } else {
            (UnitKind::Symbol, outermost(graph, id, &wide).0.to_string())
        };
        let next = numbers.len() as u32;
        let signature = named.get(&id.0).cloned().unwrap_or_default();
        let unit = *numbers.entry((key.0, key.1, pin, signature)).or_insert(next);
        if unit == next {
            res.members.push(Vec::new());
            res.kinds.push(key.0);
            res.pins.push(pin);
        }
        res.members[unit as usize].push(id);
        res.of_symbol[id.index()] = Some(unit);
    }
    res
}

/// The symbol of the same file around which no other stands, but for types that are `wide`.
pub fn outermost(graph: &SystemGraph, id: SymbolId, wide: &BTreeSet<SymbolId>) -> SymbolId {
    let mut at = id;
    for _ in 0..16 {
        match graph.symbol(at).parent {
            Some(parent) if graph.symbol(parent).file == graph.symbol(id).file && !wide.contains(&parent) => {
                at = parent;
            }
            _ => break,
        }
    }
    at
}

/// Files whose parts go their own ways: generated code follows its users, and beside what starts a program stands what
/// does its work.
fn apart_files(graph: &SystemGraph) -> BTreeSet<u32> {
    let (touched, _) = touched(graph);
    graph
        .symbols
        .iter()
        .filter(|it| it.role == Role::Generated || (is_main(it) && touched.contains_key(&it.file.0)))
        .map(|it| it.file.0)
        .collect()
}

/// Types whose members touch so many stores, or are so many, that they are no unit: each member goes its own way.
pub fn wide_types(graph: &SystemGraph) -> BTreeSet<SymbolId> {
    let (_, all) = functions(graph);
    let mut stores: BTreeMap<SymbolId, BTreeSet<u32>> = BTreeMap::new();
    let mut members: BTreeMap<SymbolId, usize> = BTreeMap::new();
    for symbol in graph.symbols.iter().filter(|it| is_placed(it.role) && it.kind == SymbolKind::Method) {
        if let Some(parent) = symbol.parent {
            *members.entry(parent).or_insert(0) += 1;
        }
    }
    let mut touched = BTreeSet::new();
    for access in graph.accesses.iter().filter(|it| it.operation != Operation::Ddl) {
        let symbol = graph.symbol(access.symbol);
        if is_placed(symbol.role) {
            touched.insert(access.store.0);
            if let Some(parent) = symbol.parent {
                stores.entry(parent).or_default().insert(access.store.0);
            }
        }
    }
    let most = (GOD_STORES * touched.len() as f64).max(4.0);
    let many = members.iter().filter(|it| *it.1 >= GOD_FUNCTIONS && *it.1 as f64 >= GOD_SHARE * all as f64);
    let many: BTreeSet<SymbolId> = many.map(|it| *it.0).collect();
    let wide = stores.iter().filter(|it| it.1.len() as f64 > most).map(|it| *it.0);
    let all: BTreeSet<SymbolId> = wide.chain(many).collect();
    all.into_iter().filter(|it| matches!(graph.symbol(*it).kind, SymbolKind::Type | SymbolKind::Interface)).collect()
}

/// Stores touched or mapped by each file, and the number of stores touched by all.
fn touched(graph: &SystemGraph) -> (BTreeMap<u32, BTreeSet<u32>>, usize) {
    let mut by_file: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    let mut all = BTreeSet::new();
    for access in graph.accesses.iter().filter(|it| it.operation != Operation::Ddl) {
        let symbol = graph.symbol(access.symbol);
        if is_placed(symbol.role) {
            by_file.entry(symbol.file.0).or_default().insert(access.store.0);
            all.insert(access.store.0);
        }
    }
    for (at, store) in graph.stores.iter().enumerate() {
        for entity in store.entities.iter().filter(|it| is_placed(graph.symbol(**it).role)) {
            by_file.entry(graph.symbol(*entity).file.0).or_default().insert(at as u32);
        }
    }
    let mapped =
        graph.stores.iter().enumerate().flat_map(|(at, it)| it.entities.iter().map(move |it| (*it, at as u32)));
    let store_of: BTreeMap<SymbolId, u32> = mapped.collect();
    for mention in graph.references.iter().filter(|it| is_placed(graph.symbol(it.from).role)) {
        if let Some(store) = store_of.get(&mention.to) {
            by_file.entry(graph.symbol(mention.from).file.0).or_default().insert(*store);
        }
    }
    (by_file, all.len())
}

/// Functions of each file, and all.
fn functions(graph: &SystemGraph) -> (BTreeMap<u32, usize>, usize) {
    let mut by_file = BTreeMap::new();
    for symbol in graph.symbols.iter().filter(|it| is_placed(it.role)) {
        if matches!(symbol.kind, SymbolKind::Function | SymbolKind::Method) {
            *by_file.entry(symbol.file.0).or_insert(0) += 1;
        }
    }
    let all = by_file.values().sum();
    (by_file, all)
}

fn gods(graph: &SystemGraph) -> BTreeSet<u32> {
    let (functions, all) = functions(graph);
    let (stores, all_stores) = touched(graph);
    let mut res: BTreeSet<u32> = functions
        .iter()
        .filter(|it| *it.1 >= GOD_FUNCTIONS && *it.1 as f64 >= GOD_SHARE * all as f64)
        .map(|it| *it.0)
        .collect();
    let most = (GOD_STORES * all_stores as f64).max(4.0);
    res.extend(stores.iter().filter(|it| it.1.len() as f64 > most).map(|it| *it.0));
    res
}

fn module_folders(graph: &SystemGraph, gods: &BTreeSet<u32>) -> BTreeSet<String> {
    let (functions, all) = functions(graph);
    let (stores, all_stores) = touched(graph);
    let folder_of = |id: SymbolId| folder(&graph.file(graph.symbol(id).file).path);
    let mut files: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    for symbol in graph.symbols.iter().filter(|it| is_placed(it.role)) {
        files.entry(folder(&graph.file(symbol.file).path)).or_default().insert(symbol.file.0);
    }
    let mut pairs: Vec<(SymbolId, SymbolId)> = graph
        .calls
        .iter()
        .map(|it| (it.from, it.to))
        .chain(graph.references.iter().map(|it| (it.from, it.to)))
        .filter(|(from, to)| {
            let (from, to) = (graph.symbol(*from), graph.symbol(*to));
            is_placed(from.role) && is_placed(to.role) && from.kind != SymbolKind::Module && from.file != to.file
        })
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    let bases = base_files(graph, &pairs, &files);
    let mut inside: BTreeMap<&str, f64> = BTreeMap::new();
    let mut around: BTreeMap<&str, f64> = BTreeMap::new();
    for (from, to) in pairs {
        let (a, b) = (folder_of(from), folder_of(to));
        if a == b && bases.contains(&graph.symbol(to).file.0) {
            // What all files of a layer stand on does not make them one module.
        } else if a == b {
            *inside.entry(a).or_insert(0.0) += 1.0;
        } else {
            *around.entry(a).or_insert(0.0) += 1.0;
            *around.entry(b).or_insert(0.0) += 1.0;
        }
    }
    let most_stores = (GOD_STORES * all_stores as f64).max(4.0);
    files
        .into_iter()
        .filter(|(name, files)| {
            let own = inside.get(name).copied().unwrap_or(0.0);
            let other = around.get(name).copied().unwrap_or(0.0);
            let size: usize = files.iter().filter_map(|it| functions.get(it)).sum();
            let touched: BTreeSet<u32> = files.iter().filter_map(|it| stores.get(it)).flatten().copied().collect();
            files.len() >= 2
                && own > 0.0
                && own >= COHESION * (own + other)
                && size as f64 <= LARGE_FOLDER * all as f64
                && touched.len() as f64 <= most_stores
                && !files.iter().any(|it| gods.contains(it))
        })
        .map(|it| it.0.to_owned())
        .collect()
}

/// Files that half of the other files of their folder depend on, three at least, and that depend on hardly any of these but
/// on each other.
fn base_files(
    graph: &SystemGraph,
    pairs: &[(SymbolId, SymbolId)],
    folders: &BTreeMap<&str, BTreeSet<u32>>,
) -> BTreeSet<u32> {
    let mut users: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    let mut used: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for (from, to) in pairs {
        let (from, to) = (graph.symbol(*from).file, graph.symbol(*to).file);
        if folder(&graph.file(from).path) == folder(&graph.file(to).path) {
            users.entry(to.0).or_default().insert(from.0);
            used.entry(from.0).or_default().insert(to.0);
        }
    }
    let size = |file: u32| folders.get(folder(&graph.files[file as usize].path)).map_or(0, BTreeSet::len);
    let common: BTreeSet<u32> = users
        .iter()
        .filter(|(file, users)| users.len() >= 3 && users.len() * 2 >= size(**file) - 1)
        .map(|it| *it.0)
        .collect();
    let others = |file: u32| used.get(&file).map_or(0, |it| it.difference(&common).count());
    common.iter().copied().filter(|it| others(*it) as f64 <= FEW_OTHERS * size(*it) as f64).collect()
}
