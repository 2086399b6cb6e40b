//! What the user fixed in `seamline.toml`, resolved to symbols and stores, with every contradiction reported.

use std::collections::BTreeMap;

use crate::config::{Members, NameGlob, PathGlob, Selector, Settings};
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::graph::{StoreId, SymbolId, SystemGraph};
use crate::model::wording::{count, distance};
use crate::partition::signals::is_placed;

const FILE: &str = "seamline.toml";

/// Where a pin puts something; a service is a position in [`Pins::services`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pinned {
    Service(u32),
    SharedKernel,
    EdgeLayer,
}

/// A symbol or a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    Symbol(u32),
    Store(u32),
}

/// Everything the user fixed.
#[derive(Clone, Debug, Default)]
pub struct Pins {
    /// Names of declared services, in the order of the file, then those that only pins name.
    pub services: Vec<String>,
    pub reasons: Vec<String>,
    pub symbols: Vec<Option<Pinned>>,
    pub stores: Vec<Option<Pinned>>,
    pub together: Vec<Vec<Item>>,
    pub apart: Vec<(Vec<Item>, Vec<Item>)>,
}

impl Pins {
    pub fn of(&self, item: Item) -> Option<Pinned> {
        match item {
            Item::Symbol(id) => self.symbols[id as usize],
            Item::Store(id) => self.stores[id as usize],
        }
    }

    pub fn is_empty(&self) -> bool {
        self.services.is_empty()
            && self.together.is_empty()
            && self.apart.is_empty()
            && self.symbols.iter().chain(&self.stores).all(Option::is_none)
    }
}

/// A pin on its way: where to, how specific it is, and what says so.
#[derive(Clone)]
struct Claim {
    place: Pinned,
    rank: u8,
    source: String,
}

/// How specific a name is: that of the symbol itself, that of what it stands in, that of its file, its module, a folder or a group of
/// files. A method goes where it is told to, whatever is said of its type, and a file whatever is said of a module of several.
const OWN: u8 = 5;
const AROUND: u8 = 4;
const FILE_ITSELF: u8 = 3;
const MODULE: u8 = 2;
const FILES: u8 = 1;

/// Resolves the constraints of `settings`.
pub fn resolve(graph: &SystemGraph, settings: &Settings) -> (Pins, Vec<Diagnostic>) {
    let mut pins =
        Pins { symbols: vec![None; graph.symbols.len()], stores: vec![None; graph.stores.len()], ..Pins::default() };
    let mut diagnostics = Vec::new();
    let mut claims: BTreeMap<Item, Claim> = BTreeMap::new();
    for service in &settings.declared {
        let name = service.name.as_str();
        let place = Pinned::Service(pins.services.len() as u32);
        pins.services.push(name.to_owned());
        pins.reasons.push(service.reason.clone());
        let parts = Parts {
            files: &service.files,
            modules: &service.modules,
            symbols: &service.symbols,
            stores: &service.stores,
        };
        claim(graph, &parts, place, &format!("service `{name}`"), &mut claims, &mut diagnostics);
    }
    for (members, place, name) in [
        (&settings.shared_kernel, Pinned::SharedKernel, "[shared_kernel]"),
        (&settings.edge, Pinned::EdgeLayer, "[edge]"),
    ] {
        let Members { files, modules, symbols, stores } = members;
        claim(graph, &Parts { files, modules, symbols, stores }, place, name, &mut claims, &mut diagnostics);
    }
    for (selector, target) in settings.pinned() {
        let place = match target {
            "shared_kernel" => Pinned::SharedKernel,
            "edge" => Pinned::EdgeLayer,
            name => {
                let at = pins.services.iter().position(|it| it == name).unwrap_or(pins.services.len());
                if at == pins.services.len() {
                    undeclared(settings, &selector, name, &mut diagnostics);
                    pins.services.push(name.to_owned());
                    pins.reasons.push(String::new());
                }
                Pinned::Service(at as u32)
            }
        };
        let source = format!("pin `{}` = \"{target}\"", selector.as_str());
        let items = select(graph, &selector);
        report_unused(&items, &source, &mut diagnostics);
        for (item, rank) in items {
            overruled(graph, item, rank, place, &source, &claims, &mut diagnostics);
            add_claim(
                graph,
                item,
                Claim { place, rank: rank + 8, source: source.clone() },
                &mut claims,
                &mut diagnostics,
            );
        }
    }
    modules_below(graph, settings, &claims, &mut diagnostics);
    without_members(settings, &mut pins, &mut claims, &mut diagnostics);
    for (item, claim) in &claims {
        match item {
            Item::Symbol(id) => pins.symbols[*id as usize] = Some(claim.place),
            Item::Store(id) => pins.stores[*id as usize] = Some(claim.place),
        }
    }
    groups(graph, settings, &claims, &mut pins, &mut diagnostics);
    diagnostics.sort();
    diagnostics.dedup();
    (pins, diagnostics)
}

/// A pin to a service that nobody declares and that is called nearly like one that somebody does: a slip as a rule. A pin may
/// name a service of its own as well.
fn undeclared(settings: &Settings, selector: &Selector, name: &str, diagnostics: &mut Vec<Diagnostic>) {
    let nearest = settings.declared.iter().map(|it| it.name.as_str()).min_by_key(|it| distance(it, name));
    if let Some(nearest) = nearest.filter(|it| 3 * distance(it, name) <= name.len()) {
        let message = format!(
            "no service `{name}` is declared, so pin `{}` makes a new one; nearest: {nearest}",
            selector.as_str()
        );
        diagnostics.push(Diagnostic::warning("undeclared-service", FILE, 0, message));
    }
}

/// A pin goes before a list that names the same thing as closely; the list then says what does not hold.
fn overruled(
    graph: &SystemGraph,
    item: Item,
    rank: u8,
    place: Pinned,
    source: &str,
    claims: &BTreeMap<Item, Claim>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if let Some(held) = claims.get(&item).filter(|it| it.rank == rank && rank >= AROUND && it.place != place) {
        let message = format!("{source} goes before {}, which lists {} as well", held.source, name_of(graph, item));
        diagnostics.push(Diagnostic::note("overruled-setting", FILE, 0, message));
    }
}

/// A module named without those below it, which nothing names: a parent was meant with its children, perhaps.
fn modules_below(
    graph: &SystemGraph,
    settings: &Settings,
    claims: &BTreeMap<Item, Claim>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if settings.declared.iter().all(|it| it.modules.is_empty()) {
        return;
    }
    let mut claimed = vec![false; graph.modules.len()];
    let mut placed = vec![false; graph.modules.len()];
    for id in graph.symbol_ids().filter(|it| is_placed(graph.symbol(*it).role)) {
        let module = graph.symbol(id).module.index();
        placed[module] = true;
        claimed[module] |= claims.contains_key(&Item::Symbol(id.0));
    }
    let named = settings.declared.iter().flat_map(|it| it.modules.iter().map(move |glob| (it.name.as_str(), glob)));
    for (service, glob) in named.filter(|it| !it.1.as_str().contains(['*', '?'])) {
        let mark = |name: &str| -> Option<&'static str> {
            let rest = name.strip_prefix(glob.as_str())?;
            ["::", ".", "/"].into_iter().find(|it| rest.starts_with(it))
        };
        let below: Vec<&str> = (graph.modules.iter().enumerate())
            .filter(|(at, _)| placed[*at] && !claimed[*at])
            .filter_map(|(_, it)| mark(&it.name))
            .collect();
        if let Some(mark) = below.first() {
            let name = glob.as_str();
            let message = format!(
                "`{name}` of service `{service}` is that module alone; {} below it that nothing names: `{name}{mark}*` \
                 takes them as well",
                count(below.len(), "module")
            );
            diagnostics.push(Diagnostic::note("modules-below", FILE, 0, message));
        }
    }
}

/// Leaves out services that select nothing: they are in no proposal, whoever declared them.
fn without_members(
    settings: &Settings,
    pins: &mut Pins,
    claims: &mut BTreeMap<Item, Claim>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut number = vec![None; pins.services.len()];
    for claim in claims.values() {
        if let Pinned::Service(at) = claim.place {
            number[at as usize] = Some(0);
        }
    }
    let mut next = 0;
    for (at, slot) in number.iter_mut().enumerate() {
        if slot.is_some() {
            *slot = Some(next);
            next += 1;
        } else if at < settings.declared.len() {
            let message = format!(
                "service `{}` matches nothing and is left out: correct its names or remove it",
                pins.services[at]
            );
            diagnostics.push(Diagnostic::warning("empty-service", FILE, 0, message));
        }
    }
    for claim in claims.values_mut() {
        if let Pinned::Service(at) = &mut claim.place
            && let Some(new) = number[*at as usize]
        {
            *at = new;
        }
    }
    let mut held = number.iter().map(Option::is_some);
    pins.services.retain(|_| held.next().unwrap_or(true));
    let mut held = number.iter().map(Option::is_some);
    pins.reasons.retain(|_| held.next().unwrap_or(true));
}

struct Parts<'a> {
    files: &'a [PathGlob],
    modules: &'a [NameGlob],
    symbols: &'a [NameGlob],
    stores: &'a [NameGlob],
}

fn claim(
    graph: &SystemGraph,
    parts: &Parts,
    place: Pinned,
    source: &str,
    claims: &mut BTreeMap<Item, Claim>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut used = vec![false; parts.files.len() + parts.modules.len() + parts.symbols.len() + parts.stores.len()];
    let (modules_at, symbols_at) = (parts.files.len(), parts.files.len() + parts.modules.len());
    let stores_at = symbols_at + parts.symbols.len();
    for id in graph.symbol_ids() {
        let symbol = graph.symbol(id);
        if !is_placed(symbol.role) {
            continue;
        }
        let file = parts.files.iter().position(|it| it.matches(&graph.file(symbol.file).path));
        let module = parts.modules.iter().position(|it| it.matches(&graph.module(symbol.module).name));
        let own = parts.symbols.iter().position(|it| it.matches(&symbol.name));
        let around = parts.symbols.iter().position(|it| covers(it, graph, id));
        let is_itself = |at: &usize| parts.files[*at].as_str() == graph.file(symbol.file).path;
        let itself = parts.files.iter().enumerate().map(|it| it.0).find(is_itself);
        let found = [
            (own, OWN, symbols_at),
            (around, AROUND, symbols_at),
            (itself, FILE_ITSELF, 0),
            (module, MODULE, modules_at),
            (file, FILES, 0),
        ];
        for (found, rank, start) in found {
            if let Some(at) = found {
                used[start + at] = true;
                let claim = Claim { place, rank, source: source.to_owned() };
                add_claim(graph, Item::Symbol(id.0), claim, claims, diagnostics);
                break;
            }
        }
    }
    for id in graph.store_ids() {
        if let Some(at) = parts.stores.iter().position(|it| it.matches(&graph.store(id).name)) {
            used[stores_at + at] = true;
            let claim = Claim { place, rank: AROUND, source: source.to_owned() };
            add_claim(graph, Item::Store(id.0), claim, claims, diagnostics);
        }
    }
    let texts = parts.files.iter().map(PathGlob::as_str);
    let names = parts.modules.iter().chain(parts.symbols).chain(parts.stores).map(NameGlob::as_str);
    for (text, used) in texts.chain(names).zip(used) {
        if !used {
            let message = format!("`{text}` of {source} matches nothing: remove it or correct the name");
            diagnostics.push(Diagnostic::warning("unmatched-selector", FILE, 0, message));
        }
    }
}

/// A type's name covers its methods, a function's the functions inside.
fn covers(glob: &NameGlob, graph: &SystemGraph, id: SymbolId) -> bool {
    let mut at = graph.symbol(id).parent;
    for _ in 0..8 {
        let Some(parent) = at else { return false };
        if glob.matches(&graph.symbol(parent).name) {
            return true;
        }
        at = graph.symbol(parent).parent;
    }
    false
}

fn add_claim(
    graph: &SystemGraph,
    item: Item,
    claim: Claim,
    claims: &mut BTreeMap<Item, Claim>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    match claims.get(&item) {
        Some(held) if held.rank == claim.rank && held.place != claim.place => {
            contradiction(diagnostics, &name_of(graph, item), &held.source, &claim.source);
        }
        Some(held) if held.rank >= claim.rank => {}
        _ => {
            claims.insert(item, claim);
        }
    }
}

fn contradiction(diagnostics: &mut Vec<Diagnostic>, what: &str, first: &str, second: &str) {
    let message = format!("{first} and {second} contradict each other on {what}: the first is kept, remove one");
    diagnostics.push(Diagnostic::new(Severity::Error, "contradicting-constraints", FILE, 0, message));
}

fn report_unused(items: &[(Item, u8)], source: &str, diagnostics: &mut Vec<Diagnostic>) {
    if items.is_empty() {
        let message = format!("{source} matches nothing: remove it or correct the name");
        diagnostics.push(Diagnostic::warning("unmatched-selector", FILE, 0, message));
    }
}

fn name_of(graph: &SystemGraph, item: Item) -> String {
    match item {
        Item::Symbol(id) => format!("`{}`", graph.symbols[id as usize].name),
        Item::Store(id) => format!("store `{}`", graph.stores[id as usize].name),
    }
}

/// What a selector selects, with how specific the match is.
pub fn select(graph: &SystemGraph, selector: &Selector) -> Vec<(Item, u8)> {
    let mut res = Vec::new();
    for id in graph.symbol_ids() {
        let symbol = graph.symbol(id);
        if !is_placed(symbol.role) {
            continue;
        }
        let mut above = symbol.parent;
        let mut inside = false;
        for _ in 0..8 {
            let Some(parent) = above else { break };
            inside |= selector.selects_symbol(&graph.symbol(parent).name);
            above = graph.symbol(parent).parent;
        }
        if selector.selects_symbol(&symbol.name) {
            res.push((Item::Symbol(id.0), OWN));
        } else if inside {
            res.push((Item::Symbol(id.0), AROUND));
        } else if selector.selects_module(&graph.module(symbol.module).name) {
            res.push((Item::Symbol(id.0), MODULE));
        } else if selector.selects_file(&graph.file(symbol.file).path) {
            res.push((Item::Symbol(id.0), FILES));
        }
    }
    let stores = graph.store_ids().filter(|it| selector.selects_store(&graph.store(*it).name));
    res.extend(stores.map(|StoreId(id)| (Item::Store(id), AROUND)));
    res
}

/// `keep_together` and `keep_apart`, less what contradicts a pin or another group.
fn groups(
    graph: &SystemGraph,
    settings: &Settings,
    claims: &BTreeMap<Item, Claim>,
    pins: &mut Pins,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let quote = |group: &[Selector]| {
        let parts: Vec<String> = group.iter().map(|it| format!("`{}`", it.as_str())).collect();
        parts.join(", ")
    };
    let mut group_of: BTreeMap<Item, Vec<usize>> = BTreeMap::new();
    for group in &settings.keep_together {
        let source = format!("keep_together [{}]", quote(group));
        let mut items: Vec<Item> = Vec::new();
        for selector in group {
            let found = select(graph, selector);
            report_unused(&found, &format!("`{}` of {source}", selector.as_str()), diagnostics);
            items.extend(found.into_iter().map(|it| it.0));
        }
        items.sort_unstable();
        items.dedup();
        let mut pinned: Option<(Item, &Claim)> = None;
        for item in &items {
            let Some(claim) = claims.get(item) else { continue };
            match pinned {
                Some((other, held)) if held.place != claim.place => {
                    let what = format!("{} and {}", name_of(graph, other), name_of(graph, *item));
                    let both = format!("{} with {}", held.source, claim.source);
                    contradiction(diagnostics, &what, &both, &source);
                    break;
                }
                _ => pinned = Some((*item, claim)),
            }
        }
        if let Some(place) = pinned.map(|it| it.1.place) {
            for item in &items {
                match item {
                    Item::Symbol(id) => pins.symbols[*id as usize].get_or_insert(place),
                    Item::Store(id) => pins.stores[*id as usize].get_or_insert(place),
                };
            }
        }
        for item in &items {
            group_of.entry(*item).or_default().push(pins.together.len());
        }
        pins.together.push(items);
    }
    for group in &settings.keep_apart {
        let source = format!("keep_apart [{}]", quote(group));
        let sets: Vec<Vec<Item>> =
            group.iter().map(|it| select(graph, it).into_iter().map(|it| it.0).collect()).collect();
        for (selector, set) in group.iter().zip(&sets) {
            if set.is_empty() {
                report_unused(&[], &format!("`{}` of {source}", selector.as_str()), diagnostics);
            }
        }
        for (at, a) in sets.iter().enumerate() {
            for b in &sets[at + 1..] {
                let mut clash = None;
                for (x, y) in a.iter().flat_map(|x| b.iter().map(move |y| (x, y))) {
                    let both = |it: &Item| group_of.get(it).cloned().unwrap_or_default();
                    let shared = both(x).into_iter().find(|it| both(y).contains(it));
                    if let Some(shared) = shared {
                        clash = Some((*x, *y, format!("keep_together [{}]", quote(&settings.keep_together[shared]))));
                        break;
                    }
                    if let (Some(p), Some(q)) = (pins.of(*x), pins.of(*y))
                        && p == q
                    {
                        let name = |it: &Item| claims.get(it).map_or_else(String::new, |it| it.source.clone());
                        clash = Some((*x, *y, format!("{} with {}", name(x), name(y))));
                        break;
                    }
                }
                match clash {
                    Some((x, y, other)) => {
                        let what = format!("{} and {}", name_of(graph, x), name_of(graph, y));
                        contradiction(diagnostics, &what, &other, &source);
                    }
                    None => pins.apart.push((a.clone(), b.clone())),
                }
            }
        }
    }
}
