//! What a picture shows, before any format: the services with their stores and seams, and the inside of one service.
//!
//! Every format draws the same [`Overview`], so they agree with each other. What would not fit is folded here, by rules
//! that depend on sizes only, and each fold leaves a sentence in [`Overview::notes`]: nothing disappears in silence.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::model::graph::{ModuleId, StoreId, StoreKind, SymbolId, SymbolKind, SystemGraph};
use crate::model::partition::{Place, ServiceId};
use crate::model::plan::{Crossing, Seam, Verdict};
use crate::model::report::Report;
use crate::model::source::Role;
use crate::model::sql::Effect;
use crate::model::wording;

/// The system at the level of services.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overview {
    pub title: String,
    /// Figures of the whole in one line.
    pub subtitle: String,
    pub services: Vec<ServiceBox>,
    /// Heaviest first.
    pub links: Vec<Link>,
    /// Routers, middleware, `main`: in front of the services.
    pub edge: Band,
    /// What all use: below the services.
    pub kernel: Band,
    /// What was folded, in sentences.
    pub notes: Vec<String>,
}

/// One service candidate.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceBox {
    /// `None` for the box that stands for all that are not drawn.
    pub id: Option<ServiceId>,
    pub name: String,
    /// `12 endpoints`, `34 functions`, `1,234 lines`.
    pub facts: Vec<String>,
    /// 0 to 1.
    pub confidence: Option<f64>,
    /// Stores it owns: those that others touch first, then by name.
    pub stores: Vec<StoreRow>,
    /// Number of its stores that are not drawn.
    pub hidden: usize,
}

/// One store in the lane of its owner.
#[derive(Clone, Debug, PartialEq)]
pub struct StoreRow {
    pub id: StoreId,
    pub name: String,
    pub kind: StoreKind,
    /// For a store that more than one service touches.
    pub verdict: Option<Verdict>,
    /// Who touches it, in words.
    pub detail: String,
}

/// What crosses between two services.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Position in [`Overview::services`] of the side that needs the other one more.
    pub from: usize,
    pub to: usize,
    /// False where neither needs the other and only a store is shared.
    pub directed: bool,
    /// Whether the other side needs this one too.
    pub both: bool,
    /// Number of edges that the boundary cuts.
    pub weight: u32,
    pub kind: LinkKind,
    /// What crosses, the costly first: `1 transaction`, `3 data accesses`, `24 calls`.
    pub parts: Vec<String>,
    /// The same by direction, with names.
    pub detail: String,
}

/// The most costly thing that crosses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkKind {
    /// Calls, types, messages.
    Code,
    /// Stores of the other side: accesses, joins, foreign keys, stores that both touch.
    Data,
    /// A transaction that one opens and that touches stores of the other.
    Transaction,
}

/// Code that is not in a service.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Band {
    pub modules: Vec<BandModule>,
    /// Number of modules that are not drawn.
    pub hidden: usize,
    /// `used by 5 services`, `9 endpoints`.
    pub facts: Vec<String>,
    /// Stores that no service owns.
    pub stores: Vec<StoreRow>,
}

/// A module that stands in a band, whole or in part.
#[derive(Clone, Debug, PartialEq)]
pub struct BandModule {
    /// Short name, and how many of its symbols stand here where the others stand elsewhere.
    pub label: String,
    /// Qualified name and, for a part, the symbols.
    pub detail: String,
}

impl Band {
    pub fn is_empty(&self) -> bool {
        self.modules.is_empty() && self.stores.is_empty()
    }
}

/// Most services that are drawn one by one.
const MAX_SERVICES: usize = 48;
/// Most modules that a band names.
const MAX_BAND_MODULES: usize = 14;

/// How many stores of one service are drawn among so many services.
fn store_limit(services: usize) -> usize {
    match services {
        0..=8 => 10,
        9..=16 => 7,
        17..=30 => 4,
        _ => 3,
    }
}

/// How many seams are drawn among so many services.
fn link_limit(services: usize) -> usize {
    match services {
        0..=12 => 2 * services + 4,
        _ => services + services / 3 + 12,
    }
}

/// The picture of a report at the level of services.
pub fn overview(report: &Report) -> Overview {
    let mut notes = Vec::new();
    let drawn = drawn_services(report, &mut notes);
    let limit = store_limit(drawn.len());
    let mut services: Vec<ServiceBox> = drawn.iter().map(|&id| service_box(report, id, limit)).collect();
    let hidden: usize = services.iter().map(|it| it.hidden).sum();
    if hidden > 0 {
        notes.push(format!("{} not drawn; stores that several services touch come first", count(hidden, "store")));
    }
    if drawn.len() < report.partition.services.len() {
        services.push(ServiceBox {
            id: None,
            name: format!("{} more services", report.partition.services.len() - drawn.len()),
            facts: vec!["listed in the plan".to_owned()],
            confidence: None,
            stores: Vec::new(),
            hidden: 0,
        });
    }
    let links = links(report, &drawn, &mut notes);
    Overview {
        title: if report.graph.name.is_empty() { "System".to_owned() } else { report.graph.name.clone() },
        subtitle: subtitle(report),
        services,
        links,
        edge: band(report, Place::EdgeLayer),
        kernel: band(report, Place::SharedKernel),
        notes,
    }
}

/// All of them, or the largest where there are too many; in the partition's order.
fn drawn_services(report: &Report, notes: &mut Vec<String>) -> Vec<ServiceId> {
    let mut drawn: Vec<ServiceId> = report.partition.service_ids().collect();
    if drawn.len() > MAX_SERVICES {
        let mut size = vec![0u32; drawn.len()];
        for id in report.graph.symbol_ids() {
            if let Some(service) = report.partition.symbol(id).service() {
                size[service.index()] += 1;
            }
        }
        drawn.sort_by_key(|id| (std::cmp::Reverse(size[id.index()]), *id));
        notes.push(format!(
            "the {MAX_SERVICES} largest services are drawn, {} smaller ones stand in one box",
            drawn.len() - MAX_SERVICES
        ));
        drawn.truncate(MAX_SERVICES);
        drawn.sort_unstable();
    }
    drawn
}

fn service_box(report: &Report, id: ServiceId, limit: usize) -> ServiceBox {
    let candidate = &report.partition.services[id.index()];
    let place = Place::Service(id);
    let mut stores = store_rows(report, place);
    let hidden = stores.len().saturating_sub(limit);
    // A single hidden row would take the place of the line that says so.
    let hidden = if hidden == 1 { 0 } else { hidden };
    stores.truncate(stores.len() - hidden);
    ServiceBox {
        id: Some(id),
        name: candidate.name.clone(),
        facts: service_facts(report, id),
        // What was declared is not weighed.
        confidence: (!candidate.declared).then_some(candidate.confidence),
        stores,
        hidden,
    }
}

/// `12 endpoints`, `34 functions`, `1,234 lines`.
pub(super) fn service_facts(report: &Report, id: ServiceId) -> Vec<String> {
    let place = Place::Service(id);
    let endpoints = report.graph.endpoints.iter().filter(|it| report.partition.symbol(it.handler) == place).count();
    let mut facts = Vec::new();
    if endpoints > 0 {
        facts.push(count(endpoints, "endpoint"));
    }
    if let Some(plan) = report.plan.services.get(id.index()) {
        if plan.functions > 0 {
            facts.push(count(plan.functions as usize, "function"));
        }
        facts.push(count(plan.lines as usize, "line"));
    } else {
        let functions = (report.graph.symbol_ids())
            .filter(|&it| report.partition.symbol(it) == place && is_function(report.graph.symbol(it).kind))
            .count();
        facts.push(count(functions, "function"));
    }
    facts
}

fn is_function(kind: SymbolKind) -> bool {
    matches!(kind, SymbolKind::Function | SymbolKind::Method)
}

fn store_rows(report: &Report, place: Place) -> Vec<StoreRow> {
    let mut rows: Vec<StoreRow> = (report.graph.store_ids())
        .filter(|&id| report.partition.store(id) == place)
        .filter(|&id| place.service().is_some() || !toucher_names(report, id).is_empty())
        .map(|id| store_row(report, id))
        .collect();
    rows.sort_by(|a, b| (a.verdict.is_none(), &a.name).cmp(&(b.verdict.is_none(), &b.name)));
    rows
}

fn store_row(report: &Report, id: StoreId) -> StoreRow {
    let store = report.graph.store(id);
    let verdict = report.plan.stores.get(id.index()).filter(|it| it.is_shared()).map(|it| it.verdict);
    let mut detail = format!("{} {}", kind_word(store.kind), store.name);
    if let Some(verdict) = verdict {
        let _ = write!(detail, ": {}", verdict.words());
    }
    let touchers = toucher_names(report, id);
    if !touchers.is_empty() {
        let _ = write!(detail, "\ntouched by {}", touchers.join(", "));
    }
    StoreRow { id, name: store.name.clone(), kind: store.kind, verdict, detail }
}

/// Names of the places that touch a store at run time, with what they do, the plan's order.
fn toucher_names(report: &Report, id: StoreId) -> Vec<String> {
    let Some(plan) = report.plan.stores.get(id.index()) else { return Vec::new() };
    (plan.parties.iter())
        .filter(|it| it.place != Place::Outside)
        .map(|it| {
            let name = place_name(report, it.place);
            match (it.reads.len(), it.writes.len()) {
                (reads, 0) => format!("{name} ({})", count(reads, "read")),
                (0, writes) => format!("{name} ({})", count(writes, "write")),
                (reads, writes) => format!("{name} ({}, {})", count(reads, "read"), count(writes, "write")),
            }
        })
        .collect()
}

/// The name of a service, or what else a place is called.
pub(super) fn place_name(report: &Report, place: Place) -> &str {
    match place {
        Place::Service(id) => report.partition.services.get(id.index()).map_or("", |it| &it.name),
        Place::SharedKernel => "shared kernel",
        Place::EdgeLayer => "edge layer",
        Place::Outside => "outside",
    }
}

/// One word for a kind of store.
pub(super) fn kind_word(kind: StoreKind) -> &'static str {
    match kind {
        StoreKind::Table => "table",
        StoreKind::View => "view",
        StoreKind::Collection => "collection",
        StoreKind::Topic => "topic",
        StoreKind::Cache => "cache",
        StoreKind::Bucket => "bucket",
    }
}

fn subtitle(report: &Report) -> String {
    let production = |role: Role| role == Role::Production;
    let files = report.graph.files.iter().filter(|it| production(it.role)).count();
    let lines: usize = report.graph.files.iter().filter(|it| production(it.role)).map(|it| it.lines as usize).sum();
    let shared = report.plan.stores.iter().filter(|it| it.is_shared()).count();
    let mut parts = vec![
        count(report.partition.services.len(), "service"),
        format!("{} ({shared} shared)", count(report.graph.stores.len(), "store")),
        count(report.graph.endpoints.len(), "endpoint"),
        format!("{} in {}", count(lines, "line"), count(files, "file")),
    ];
    if let Some(revision) = &report.graph.revision {
        parts.push(format!("revision {}", revision.chars().take(10).collect::<String>()));
    }
    parts.join(" · ")
}

fn band(report: &Report, place: Place) -> Band {
    let graph = &report.graph;
    let placed = |id: SymbolId| (report.partition.symbol(id) == place, graph.symbol(id).role == Role::Production);
    let mut here: BTreeMap<ModuleId, Vec<SymbolId>> = BTreeMap::new();
    for id in graph.symbol_ids().filter(|&it| placed(it) == (true, true)) {
        here.entry(graph.symbol(id).module).or_default().push(id);
    }
    let mut elsewhere: BTreeMap<ModuleId, usize> = BTreeMap::new();
    for id in graph.symbol_ids().filter(|&it| placed(it) == (false, true)) {
        if report.partition.symbol(id) != Place::Outside {
            *elsewhere.entry(graph.symbol(id).module).or_default() += 1;
        }
    }
    let mut parts: Vec<(ModuleId, Vec<SymbolId>)> = here.into_iter().collect();
    parts.sort_by_key(|(module, symbols)| (std::cmp::Reverse(symbols.len()), *module));
    let hidden = parts.len().saturating_sub(MAX_BAND_MODULES);
    parts.truncate(MAX_BAND_MODULES);
    parts.sort_unstable();
    let prefix = common_prefix(graph);
    let modules = (parts.into_iter())
        .map(|(module, symbols)| {
            let name = &graph.module(module).name;
            let short = short_module(name, &prefix);
            match elsewhere.get(&module) {
                None => BandModule { label: short.to_owned(), detail: name.clone() },
                Some(others) => {
                    let names: Vec<&str> = symbols.iter().map(|&it| graph.symbol(it).name.as_str()).collect();
                    BandModule {
                        label: format!("{short} ({} of {})", symbols.len(), grouped(symbols.len() + others)),
                        detail: format!("part of {name}: {}", wording::enumerate(&names, 20)),
                    }
                }
            }
        })
        .collect();
    let mut facts = Vec::new();
    let endpoints = report.graph.endpoints.iter().filter(|it| report.partition.symbol(it.handler) == place).count();
    if endpoints > 0 {
        facts.push(count(endpoints, "endpoint"));
    }
    if place == Place::SharedKernel {
        let mut users: Vec<ServiceId> = report.plan.kernel.iter().flat_map(|it| it.users.iter().copied()).collect();
        users.sort_unstable();
        users.dedup();
        if !users.is_empty() {
            facts.push(format!("used by {}", count(users.len(), "service")));
        }
    }
    let mut stores = store_rows(report, place);
    if place == Place::SharedKernel {
        stores.extend(store_rows(report, Place::Outside));
    }
    Band { modules, hidden, facts, stores }
}

/// What the names of all modules of production code start with, up to a separator: not worth repeating in a picture.
fn common_prefix(graph: &SystemGraph) -> String {
    let mut names = graph.modules.iter().filter(|it| it.role == Role::Production).map(|it| it.name.as_str());
    let Some(mut prefix) = names.next() else { return String::new() };
    for name in names {
        let same = prefix.bytes().zip(name.bytes()).take_while(|it| it.0 == it.1).count();
        prefix = prefix.get(..same).unwrap_or_default();
    }
    let end = prefix.rfind(['.', '/', ':']).map_or(0, |at| at + 1);
    prefix[..end].to_owned()
}

fn short_module<'a>(name: &'a str, prefix: &str) -> &'a str {
    name.strip_prefix(prefix).filter(|it| !it.is_empty()).unwrap_or(name)
}

fn links(report: &Report, drawn: &[ServiceId], notes: &mut Vec<String>) -> Vec<Link> {
    let position = |id: ServiceId| drawn.binary_search(&id).ok();
    let mut links: Vec<Link> = (report.plan.seams.iter())
        .filter_map(|seam| Some(link(report, seam, position(seam.first)?, position(seam.second)?)))
        .collect();
    links.sort_by_key(|it| (std::cmp::Reverse((it.weight, it.kind)), it.from, it.to));
    let limit = link_limit(drawn.len());
    if links.len() > limit {
        // The heaviest seam of every service stays, whatever its weight; the others fill up.
        let mut seen = vec![false; drawn.len()];
        let mut kept = Vec::new();
        let mut rest = Vec::new();
        for link in links {
            let first = !seen[link.from] || !seen[link.to];
            if first {
                (seen[link.from], seen[link.to]) = (true, true);
                kept.push(link);
            } else {
                rest.push(link);
            }
        }
        let room = limit.saturating_sub(kept.len());
        let left_out = rest.len().saturating_sub(room);
        let heaviest = rest.get(room).map_or(0, |it| it.weight);
        kept.extend(rest.into_iter().take(room));
        kept.sort_by_key(|it| (std::cmp::Reverse((it.weight, it.kind)), it.from, it.to));
        notes.push(format!(
            "{} of {} seams are drawn; none of the others has more than {}",
            kept.len(),
            kept.len() + left_out,
            count(heaviest as usize, "edge")
        ));
        links = kept;
    }
    links
}

fn link(report: &Report, seam: &Seam, first: usize, second: usize) -> Link {
    let forward = seam.forward.len() >= seam.backward.len();
    let (from, to) = if forward { (first, second) } else { (second, first) };
    let sum = |of: fn(&Crossing) -> usize| of(&seam.forward) + of(&seam.backward);
    let accesses = sum(|it| it.accesses.len());
    let keys = sum(|it| it.foreign_keys.len());
    let parts: Vec<String> = [
        (seam.sagas.len(), "transaction"),
        (seam.joins.len(), "join"),
        (keys, "foreign key"),
        (accesses, "data access"),
        (sum(|it| it.calls.len()), "call"),
        (sum(|it| it.messages.len()), "message"),
        (sum(|it| it.types.len()), "type use"),
    ]
    .into_iter()
    .filter(|it| it.0 > 0)
    .map(|(number, noun)| count(number, noun))
    .collect();
    let parts = if parts.is_empty() { vec![count(seam.shared_stores.len(), "shared store")] } else { parts };
    let kind = if !seam.sagas.is_empty() {
        LinkKind::Transaction
    } else if accesses + keys + seam.joins.len() + seam.shared_stores.len() > 0 {
        LinkKind::Data
    } else {
        LinkKind::Code
    };
    let weight = seam.forward.len() + seam.backward.len() + seam.joins.len() + seam.sagas.len();
    Link {
        from,
        to,
        directed: !seam.forward.is_empty() || !seam.backward.is_empty(),
        both: !seam.forward.is_empty() && !seam.backward.is_empty(),
        weight: (weight as u32).max(1),
        kind,
        parts,
        detail: link_detail(report, seam),
    }
}

fn link_detail(report: &Report, seam: &Seam) -> String {
    let name = |id: ServiceId| place_name(report, Place::Service(id));
    let mut detail = String::new();
    for (from, to, crossing) in [(seam.first, seam.second, &seam.forward), (seam.second, seam.first, &seam.backward)] {
        if crossing.is_empty() {
            continue;
        }
        let parts: Vec<String> = [
            (crossing.calls.len(), "call"),
            (crossing.accesses.len(), "data access"),
            (crossing.foreign_keys.len(), "foreign key"),
            (crossing.types.len(), "type use"),
            (crossing.messages.len(), "message"),
        ]
        .into_iter()
        .filter(|it| it.0 > 0)
        .map(|(number, noun)| count(number, noun))
        .collect();
        let _ = writeln!(detail, "{} needs {}: {}", name(from), name(to), parts.join(", "));
    }
    if !seam.shared_stores.is_empty() {
        let stores: Vec<&str> = seam.shared_stores.iter().map(|&it| report.graph.store(it).name.as_str()).collect();
        let _ = writeln!(detail, "both touch {}", stores.join(", "));
    }
    if !seam.joins.is_empty() {
        let _ = writeln!(detail, "{} over stores of both", count(seam.joins.len(), "join"));
    }
    if !seam.sagas.is_empty() {
        let _ =
            writeln!(detail, "{} that one opens and the other takes part in", count(seam.sagas.len(), "transaction"));
    }
    detail.truncate(detail.trim_end().len());
    detail
}

/// The inside of one service: what touches which store.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceView {
    pub name: String,
    pub subtitle: String,
    /// Modules, or functions where one module holds most of the service.
    pub units: Vec<Unit>,
    pub stores: Vec<ServiceStore>,
    /// Sorted by unit and store.
    pub touches: Vec<Touch>,
    pub notes: Vec<String>,
}

/// A module or a function of a service.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    pub name: String,
    /// Qualified name.
    pub detail: String,
    pub facts: Vec<String>,
}

/// A store that a service touches.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceStore {
    pub row: StoreRow,
    /// The owner, where it is another one.
    pub owner: Option<String>,
}

/// Accesses of one unit to one store.
#[derive(Clone, Debug, PartialEq)]
pub struct Touch {
    pub unit: usize,
    pub store: usize,
    pub reads: u32,
    pub writes: u32,
}

/// Most units and most stores of a service's own picture.
const MAX_UNITS: usize = 28;

/// The inside of one service.
pub fn service_view(report: &Report, id: ServiceId) -> ServiceView {
    let (graph, place) = (&report.graph, Place::Service(id));
    let mut notes = Vec::new();
    let inside = |it: SymbolId| report.partition.symbol(it) == place;
    let distinct = |ids: &mut dyn Iterator<Item = SymbolId>| -> BTreeSet<u32> {
        ids.filter(|&it| inside(it)).map(|it| graph.symbol(it).module.0).collect()
    };
    let modules = distinct(&mut graph.symbol_ids());
    let touching = distinct(&mut graph.accesses.iter().map(|it| it.symbol));
    // Which unit a symbol belongs to: its module, or the symbol itself where modules would say little.
    let by_function = touching.len() < 3;
    let unit_of = |symbol: u32| if by_function { symbol } else { graph.symbols[symbol as usize].module.0 };

    let mut touched: BTreeMap<(u32, StoreId), (u32, u32)> = BTreeMap::new();
    for access in graph.accesses.iter().filter(|it| inside(it.symbol)) {
        let entry = touched.entry((unit_of(access.symbol.0), access.store)).or_default();
        match access.operation.effect() {
            Effect::Read => entry.0 += 1,
            Effect::Write => entry.1 += 1,
        }
    }
    let mut endpoints: BTreeMap<u32, u32> = BTreeMap::new();
    for endpoint in graph.endpoints.iter().filter(|it| inside(it.handler)) {
        *endpoints.entry(unit_of(endpoint.handler.0)).or_default() += 1;
    }

    // The busiest units stay: writes count double, endpoints once.
    let mut weight: BTreeMap<u32, u32> = BTreeMap::new();
    if by_function {
        weight.extend(touched.keys().map(|key| (key.0, 0)));
    } else {
        weight.extend(modules.iter().map(|&it| (it, 0)));
    }
    for (&(unit, _), &(reads, writes)) in &touched {
        *weight.entry(unit).or_default() += reads + 2 * writes;
    }
    for (&unit, &number) in &endpoints {
        if !by_function || weight.contains_key(&unit) {
            *weight.entry(unit).or_default() += number;
        }
    }
    let units = most(&weight, MAX_UNITS);
    if units.len() < weight.len() {
        let noun = if by_function { "function" } else { "module" };
        notes.push(format!("the {} busiest of {} are drawn", units.len(), count(weight.len(), noun)));
    }

    let mut stores: BTreeMap<StoreId, u32> =
        graph.store_ids().filter(|&it| report.partition.store(it) == place).map(|it| (it, 0)).collect();
    for (&(unit, store), &(reads, writes)) in &touched {
        if units.contains(&unit) {
            *stores.entry(store).or_default() += reads + writes;
        }
    }
    let kept = most(&stores, MAX_UNITS);
    if kept.len() < stores.len() {
        notes.push(format!("the {} busiest of {} are drawn", kept.len(), count(stores.len(), "store")));
    }
    let touches = (touched.iter())
        .filter_map(|(&(unit, store), &(reads, writes))| {
            let (unit, store) = (units.binary_search(&unit).ok()?, kept.binary_search(&store).ok()?);
            Some(Touch { unit, store, reads, writes })
        })
        .collect();
    let prefix = common_prefix(graph);
    ServiceView {
        name: place_name(report, place).to_owned(),
        subtitle: service_facts(report, id).join(" · "),
        units: (units.iter())
            .map(|&it| unit(graph, &prefix, by_function, it, endpoints.get(&it).copied().unwrap_or_default()))
            .collect(),
        stores: (kept.iter())
            .map(|&it| {
                let owner = report.partition.store(it);
                ServiceStore {
                    row: store_row(report, it),
                    owner: (owner != place).then(|| place_name(report, owner).to_owned()),
                }
            })
            .collect(),
        touches,
        notes,
    }
}

fn unit(graph: &SystemGraph, prefix: &str, by_function: bool, at: u32, endpoints: u32) -> Unit {
    let mut facts = Vec::new();
    if endpoints > 0 {
        facts.push(count(endpoints as usize, "endpoint"));
    }
    let (name, detail) = if by_function {
        let symbol = &graph.symbols[at as usize];
        (wording::short_name(&symbol.name), symbol.name.clone())
    } else {
        let module = &graph.modules[at as usize];
        (short_module(&module.name, prefix).to_owned(), module.name.clone())
    };
    Unit { name, detail, facts }
}

/// The keys of the greatest values, sorted by key.
fn most<K: Ord + Copy>(weights: &BTreeMap<K, u32>, limit: usize) -> Vec<K> {
    let mut keys: Vec<(u32, K)> = weights.iter().map(|(&key, &weight)| (weight, key)).collect();
    keys.sort_by_key(|&(weight, key)| (std::cmp::Reverse(weight), key));
    keys.truncate(limit);
    let mut keys: Vec<K> = keys.into_iter().map(|it| it.1).collect();
    keys.sort_unstable();
    keys
}

/// `1 call`, `1,234 lines`.
pub(super) fn count(number: usize, noun: &str) -> String {
    let words = wording::count(number, noun);
    let noun = words.split_once(' ').map_or("", |it| it.1);
    format!("{} {noun}", grouped(number))
}

/// `1,234,567`.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_agree_with_their_nouns() {
        assert_eq!(count(1, "call"), "1 call");
        assert_eq!(count(1_234_567, "line"), "1,234,567 lines");
        assert_eq!(count(2, "data access"), "2 data accesses");
        assert_eq!([0, 999, 1000, 100_000].map(grouped), ["0", "999", "1,000", "100,000"]);
    }

    #[test]
    fn what_all_modules_share_is_left_out() {
        assert_eq!(short_module("example.com/app/internal/orders", "example.com/app/"), "internal/orders");
        assert_eq!(short_module("app::", "app::"), "app::");
        assert_eq!(short_module("main", "app."), "main");
    }

    #[test]
    fn limits_never_fall_below_one_seam_per_service() {
        assert!((1..200).all(|services| link_limit(services) > services));
        assert!((0..200).all(|services| store_limit(services) >= store_limit(services + 1)));
    }
}
