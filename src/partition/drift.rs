//! What moved away under accepted boundaries: code and stores that `seamline.toml` does not name, and things that would
//! be placed elsewhere by now. What it names and nothing is called any more, `pins` reports.
//!
//! The boundaries stay as they were accepted; this only tells.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{Members, Settings};
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::graph::{ModuleId, SymbolId, SymbolKind};
use crate::model::wording::{count, enumerate};
use crate::partition::confidence::votes;
use crate::partition::draft::{Slot, Sources, heaviest};
use crate::partition::pins::{self, Item, Pinned};
use crate::partition::signals::is_placed;
use crate::partition::{RESOLUTION, recommend, units};

const FILE: &str = "seamline.toml";
/// Boundaries count as accepted when they name so many services and this share of the functions.
const SERVICES: usize = 2;
const ACCEPTED: f64 = 0.5;
/// What the runs put elsewhere less often than this may be chance.
const SURE: f64 = 0.6;
/// Names in one message, and messages about things that would be elsewhere.
const NAMES: usize = 6;
const MESSAGES: usize = 12;

/// Notes on everything that drifted; none where the boundaries were not accepted as a whole. `slots` is where the run
/// put the symbols.
pub(super) fn drift(sources: &Sources, slots: &[Slot], names: &[String]) -> Vec<Diagnostic> {
    let graph = sources.graph;
    let pins = sources.pins;
    let functions: Vec<SymbolId> = graph
        .symbol_ids()
        .filter(|it| is_placed(graph.symbol(*it).role))
        .filter(|it| matches!(graph.symbol(*it).kind, SymbolKind::Function | SymbolKind::Method))
        .collect();
    let named = functions.iter().filter(|it| pins.symbols[it.index()].is_some()).count();
    if sources.settings.declared.len() < SERVICES || (named as f64) < ACCEPTED * functions.len() as f64 {
        return Vec::new();
    }
    let mut res = unnamed(sources, &functions, slots, names);
    res.extend(elsewhere(sources, &functions));
    res
}

/// Code and stores that work for a service and that the configuration does not name.
fn unnamed(sources: &Sources, functions: &[SymbolId], slots: &[Slot], names: &[String]) -> Vec<Diagnostic> {
    let graph = sources.graph;
    let pins = sources.pins;
    let mut modules: BTreeMap<&str, usize> = BTreeMap::new();
    let mut homes: BTreeSet<&str> = BTreeSet::new();
    for id in functions.iter().filter(|it| pins.symbols[it.index()].is_none()) {
        if let Slot::Group(group) = slots[id.index()] {
            *modules.entry(&graph.module(graph.symbol(*id).module).name).or_insert(0) += 1;
            homes.extend(names.get(group as usize).map(String::as_str));
        }
    }
    let touched: BTreeSet<u32> =
        graph.accesses.iter().filter(|it| is_placed(graph.symbol(it.symbol).role)).map(|it| it.store.0).collect();
    let stores: Vec<&str> = touched
        .into_iter()
        .filter(|it| pins.stores[*it as usize].is_none())
        .map(|it| graph.stores[it as usize].name.as_str())
        .collect();
    let mut parts = Vec::new();
    if !modules.is_empty() {
        let all = count(modules.values().sum(), "function");
        let listed: Vec<&str> = modules.keys().copied().collect();
        let homes: Vec<&str> = homes.into_iter().collect();
        parts.push(format!("{all} of {}, placed with {}", enumerate(&listed, NAMES), enumerate(&homes, NAMES)));
    }
    if !stores.is_empty() {
        parts.push(format!("{}: {}", count(stores.len(), "store"), enumerate(&stores, NAMES)));
    }
    if parts.is_empty() {
        return Vec::new();
    }
    let message =
        format!("what it does not name: {}; name it under its service, or accept where it is", parts.join("; "));
    vec![Diagnostic::new(Severity::Note, "drift-unnamed", FILE, 0, message)]
}

/// Things named under one service that a run without declared boundaries would put into another.
fn elsewhere(sources: &Sources, functions: &[SymbolId]) -> Vec<Diagnostic> {
    let graph = sources.graph;
    let pins = sources.pins;
    let settings = Settings {
        declared: Vec::new(),
        pins: BTreeMap::default(),
        shared_kernel: Members::default(),
        edge: Members::default(),
        ..sources.settings.clone()
    };
    let (free, _) = pins::resolve(graph, &settings);
    let units = units::divide(graph, &free);
    let free = Sources { settings: &settings, units: &units, pins: &free, ..*sources };
    let (_, draft) = recommend(&free, free.settings.partition.resolution.unwrap_or(RESOLUTION));
    let votes = votes(&free, &draft);
    let service = |it: Option<Pinned>| match it {
        Some(Pinned::Service(id)) => Some(id),
        _ => None,
    };
    // What each found group is called: the declared service that most of it is named under.
    let mut overlap: BTreeMap<u32, BTreeMap<u32, f64>> = BTreeMap::new();
    let places = functions.iter().map(|it| (draft.symbols[it.index()], service(pins.symbols[it.index()])));
    let owners = (0..graph.stores.len()).map(|it| (draft.stores[it], service(pins.stores[it])));
    for (slot, declared) in places.chain(owners) {
        if let (Some(group), Some(declared)) = (slot.group(), declared) {
            *overlap.entry(group).or_default().entry(declared).or_insert(0.0) += 1.0;
        }
    }
    let called: BTreeMap<u32, u32> =
        overlap.iter().filter_map(|(group, sums)| Some((*group, heaviest(sums)?.0))).collect();
    let moved = |slot: Slot, declared: Option<Pinned>, sure: f64| -> Option<(u32, u32)> {
        let (from, to) = (service(declared)?, *called.get(&slot.group()?)?);
        (from != to && sure >= SURE).then_some((from, to))
    };
    let mut code: BTreeMap<(u32, u32, ModuleId), Vec<&str>> = BTreeMap::new();
    // A pin is a decision, not a habit.
    let decided: BTreeSet<Item> =
        (sources.settings.pinned().into_iter()).flat_map(|it| pins::select(graph, &it.0)).map(|it| it.0).collect();
    for id in functions.iter().filter(|it| !decided.contains(&Item::Symbol(it.0))) {
        let at = id.index();
        if let Some((from, to)) = moved(draft.symbols[at], pins.symbols[at], votes.symbols[at].0) {
            code.entry((from, to, graph.symbol(*id).module)).or_default().push(&graph.symbol(*id).name);
        }
    }
    let mut messages: Vec<(usize, String)> = Vec::new();
    let name = |it: u32| pins.services[it as usize].as_str();
    for ((from, to, module), names) in code {
        let module = &graph.module(module).name;
        let what = count(names.len(), "function");
        let message = format!(
            "{what} of {module} ({}) would be placed with {} by now: {}",
            name(from),
            name(to),
            enumerate(&names, NAMES)
        );
        messages.push((names.len(), message));
    }
    for at in (0..graph.stores.len()).filter(|it| !decided.contains(&Item::Store(*it as u32))) {
        if let Some((from, to)) = moved(draft.stores[at], pins.stores[at], votes.stores[at].0) {
            let store = &graph.stores[at].name;
            messages.push((usize::MAX, format!("{store} ({}) would be owned by {} by now", name(from), name(to))));
        }
    }
    messages.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let more = messages.len().saturating_sub(MESSAGES);
    let mut res: Vec<Diagnostic> = messages
        .into_iter()
        .take(MESSAGES)
        .map(|it| Diagnostic::new(Severity::Note, "drift-elsewhere", FILE, 0, it.1))
        .collect();
    if more > 0 {
        let message = format!("and {} more would be placed elsewhere by now", count(more, "thing"));
        res.push(Diagnostic::new(Severity::Note, "drift-elsewhere", FILE, 0, message));
    }
    res
}
