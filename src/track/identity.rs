//! Which names of a later revision stand for which of an earlier one: moved modules, renamed functions, renamed tables.
//!
//! Across runs identity is the qualified name. So that a move or a rename is no change of coupling, names that are gone are
//! paired with names that are new: first modules (by file, by content, by what they define), then what stands in them, then
//! single symbols by what they call, touch and are called by. A pair has to be alike and without a rival; what stays
//! unpaired is new.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::graph::{Confidence, ModuleId, StoreId, SymbolId, SymbolKind, SystemGraph};
use crate::model::source::Role;
use crate::model::wording::last_part;

/// Least share of definitions that two modules of different files have to have in common.
const SAME_MODULE: f64 = 0.6;
/// Least share of neighbors that a renamed symbol keeps.
const SAME_SYMBOL: f64 = 0.5;
/// Least share of columns that a renamed store keeps.
const SAME_STORE: f64 = 0.7;
/// Most names on each side that are compared pair by pair; above it is a rewrite, not a rename.
const MOST_COMPARED: usize = 3_000;

/// Content ids of files by path, where they are known.
pub type Blobs = BTreeMap<String, String>;

/// Later names that stand for other, earlier ones. A name that is not listed stands for itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    pub symbols: BTreeMap<String, String>,
    pub modules: BTreeMap<String, String>,
    pub stores: BTreeMap<String, String>,
    pub files: BTreeMap<String, String>,
}

impl Identity {
    pub fn symbol<'n>(&'n self, name: &'n str) -> &'n str {
        self.symbols.get(name).map_or(name, String::as_str)
    }

    pub fn store<'n>(&'n self, name: &'n str) -> &'n str {
        self.stores.get(name).map_or(name, String::as_str)
    }

    pub fn file<'n>(&'n self, path: &'n str) -> &'n str {
        self.files.get(path).map_or(path, String::as_str)
    }

    pub fn module<'n>(&'n self, name: &'n str) -> &'n str {
        self.modules.get(name).map_or(name, String::as_str)
    }
}

/// Pairs the names of two graphs of the same project.
pub fn identity(before: &SystemGraph, after: &SystemGraph, blobs_before: &Blobs, blobs_after: &Blobs) -> Identity {
    let mut found = Identity::default();
    files(before, after, blobs_before, blobs_after, &mut found);
    modules(before, after, &mut found);
    members(before, after, &mut found);
    stores(before, after, &mut found);
    types(before, after, &mut found);
    symbols(before, after, &mut found);
    found
}

/// Files of the same content under another path, as far as the pair is the only one.
fn files(before: &SystemGraph, after: &SystemGraph, old: &Blobs, new: &Blobs, found: &mut Identity) {
    let paths = |graph: &SystemGraph| -> BTreeSet<String> { graph.files.iter().map(|it| it.path.clone()).collect() };
    let (paths_before, paths_after) = (paths(before), paths(after));
    let by_content = |blobs: &Blobs, mine: &BTreeSet<String>, others: &BTreeSet<String>| {
        let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (path, blob) in blobs.iter().filter(|it| !it.1.is_empty()) {
            if mine.contains(path) && !others.contains(path) {
                found.entry(blob.clone()).or_default().push(path.clone());
            }
        }
        found
    };
    let gone = by_content(old, &paths_before, &paths_after);
    for (blob, added) in by_content(new, &paths_after, &paths_before) {
        if let (Some([before]), [after]) = (gone.get(&blob).map(Vec::as_slice), added.as_slice()) {
            found.files.insert(after.clone(), before.clone());
        }
    }
}

/// Names that a module defines, without its own: `orders.create` of `shop.orders.create`.
fn defined(graph: &SystemGraph) -> BTreeMap<ModuleId, BTreeSet<&str>> {
    let mut found: BTreeMap<ModuleId, BTreeSet<&str>> = BTreeMap::new();
    for symbol in graph.symbols.iter().filter(|it| it.kind != SymbolKind::Module) {
        let local = local_name(&symbol.name, &graph.module(symbol.module).name);
        found.entry(symbol.module).or_default().insert(local);
    }
    found
}

fn local_name<'n>(name: &'n str, module: &str) -> &'n str {
    name.strip_prefix(module).unwrap_or(name)
}

fn modules(before: &SystemGraph, after: &SystemGraph, found: &mut Identity) {
    let names = |graph: &SystemGraph| -> BTreeSet<String> { graph.modules.iter().map(|it| it.name.clone()).collect() };
    let (names_before, names_after) = (names(before), names(after));
    let only = |graph: &SystemGraph, others: &BTreeSet<String>| -> Vec<ModuleId> {
        let ids = (0..graph.modules.len() as u32).map(ModuleId);
        ids.filter(|it| !others.contains(&graph.module(*it).name)).collect()
    };
    let (gone, added) = (only(before, &names_after), only(after, &names_before));
    if gone.is_empty() || added.is_empty() || gone.len().max(added.len()) > MOST_COMPARED {
        return;
    }
    let (old, new) = (defined(before), defined(after));
    let empty = BTreeSet::new();
    let mut pairs: Vec<(f64, ModuleId, ModuleId)> = Vec::new();
    for &b in &added {
        let (module_b, path_b) = (after.module(b), &after.file(after.module(b).file).path);
        for &a in &gone {
            let (module_a, path_a) = (before.module(a), &before.file(before.module(a).file).path);
            if module_a.language != module_b.language {
                continue;
            }
            let (names_a, names_b) = (old.get(&a).unwrap_or(&empty), new.get(&b).unwrap_or(&empty));
            let alike = jaccard(names_a, names_b);
            if path_a == path_b || found.file(path_b) == path_a {
                pairs.push((2.0 + alike, a, b));
            } else if alike >= SAME_MODULE && names_a.len().min(names_b.len()) >= 2 {
                pairs.push((alike, a, b));
            }
        }
    }
    for (a, b) in best(pairs) {
        found.modules.insert(after.module(b).name.clone(), before.module(a).name.clone());
        let (path_a, path_b) = (&before.file(before.module(a).file).path, &after.file(after.module(b).file).path);
        if path_a != path_b {
            found.files.entry(path_b.clone()).or_insert_with(|| path_a.clone());
        }
    }
}

/// Pairs by descending likeness, each side once. Two rivals of the same likeness leave both out.
fn best<T: Ord + Copy>(mut pairs: Vec<(f64, T, T)>) -> Vec<(T, T)> {
    pairs.sort_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)).then(x.2.cmp(&y.2)));
    let (mut used_a, mut used_b) = (BTreeSet::new(), BTreeSet::new());
    let mut found = Vec::new();
    let mut at = 0;
    while at < pairs.len() {
        let end = at + pairs[at..].iter().take_while(|it| it.0.total_cmp(&pairs[at].0).is_eq()).count();
        let open: Vec<&(f64, T, T)> =
            pairs[at..end].iter().filter(|it| !used_a.contains(&it.1) && !used_b.contains(&it.2)).collect();
        let mut chosen = Vec::new();
        for it in &open {
            let rivals = open.iter().filter(|other| other.1 == it.1 || other.2 == it.2).count();
            if rivals == 1 {
                chosen.push((it.1, it.2));
            }
        }
        for (a, b) in chosen {
            used_a.insert(a);
            used_b.insert(b);
            found.push((a, b));
        }
        at = end;
    }
    found
}

fn jaccard<T: Ord>(a: &BTreeSet<T>, b: &BTreeSet<T>) -> f64 {
    let union = a.union(b).count();
    if union == 0 { 0.0 } else { a.intersection(b).count() as f64 / union as f64 }
}

/// What stands in a paired module under the same local name.
fn members(before: &SystemGraph, after: &SystemGraph, found: &mut Identity) {
    if found.modules.is_empty() {
        return;
    }
    let known: BTreeSet<&str> = before.symbols.iter().map(|it| it.name.as_str()).collect();
    let kept: BTreeSet<&str> = after.symbols.iter().map(|it| it.name.as_str()).collect();
    for symbol in &after.symbols {
        let module = &after.module(symbol.module).name;
        let Some(earlier) = found.modules.get(module) else { continue };
        let name = format!("{earlier}{}", local_name(&symbol.name, module));
        if !known.contains(symbol.name.as_str()) && known.contains(name.as_str()) && !kept.contains(name.as_str()) {
            found.symbols.insert(symbol.name.clone(), name);
        }
    }
}

/// Symbols of one graph that the other does not know, with names as the earlier graph has them.
fn unpaired(before: &SystemGraph, after: &SystemGraph, found: &Identity) -> (Vec<SymbolId>, Vec<SymbolId>) {
    let stays: BTreeSet<&str> = after.symbols.iter().map(|it| found.symbol(&it.name)).collect();
    let known: BTreeSet<&str> = before.symbols.iter().map(|it| it.name.as_str()).collect();
    let placed = |role: Role| matches!(role, Role::Production | Role::Generated);
    let of = |graph: &SystemGraph, skip: &dyn Fn(&str) -> bool| -> Vec<SymbolId> {
        let ids = graph.symbol_ids();
        ids.filter(|it| placed(graph.symbol(*it).role) && !skip(&graph.symbol(*it).name)).collect()
    };
    (of(before, &|name| stays.contains(name)), of(after, &|name| known.contains(found.symbol(name))))
}

/// A renamed type: in the same module, with the same methods. Its methods follow it.
fn types(before: &SystemGraph, after: &SystemGraph, found: &mut Identity) {
    let (gone, added) = unpaired(before, after, found);
    let children = |graph: &SystemGraph| {
        let mut found: BTreeMap<SymbolId, BTreeSet<String>> = BTreeMap::new();
        for symbol in &graph.symbols {
            if let Some(parent) = symbol.parent {
                found.entry(parent).or_default().insert(last_part(&symbol.name).to_owned());
            }
        }
        found
    };
    let (old, new) = (children(before), children(after));
    let is_type = |it: SymbolKind| matches!(it, SymbolKind::Type | SymbolKind::Interface);
    let mut pairs = Vec::new();
    for &b in added.iter().filter(|it| is_type(after.symbol(**it).kind)).take(MOST_COMPARED) {
        for &a in gone.iter().filter(|it| is_type(before.symbol(**it).kind)).take(MOST_COMPARED) {
            let (x, y) = (before.symbol(a), after.symbol(b));
            let same_module = before.module(x.module).name == found.module(&after.module(y.module).name);
            let same_name = last_part(&x.name) == last_part(&y.name);
            if x.kind != y.kind || !(same_module || same_name) {
                continue;
            }
            let alike = match (old.get(&a), new.get(&b)) {
                (Some(x), Some(y)) => jaccard(x, y),
                (None, None) if same_name || x.end_line - x.line == y.end_line - y.line => SAME_SYMBOL,
                _ => 0.0,
            };
            if alike >= SAME_SYMBOL {
                pairs.push((alike + f64::from(u8::from(same_name)), a, b));
            }
        }
    }
    for (a, b) in best(pairs) {
        found.symbols.insert(after.symbol(b).name.clone(), before.symbol(a).name.clone());
    }
    // Methods under a paired type, by their own name.
    let (gone, added) = unpaired(before, after, found);
    let mut by_parent: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for &a in &gone {
        if let Some(parent) = before.symbol(a).parent {
            let name = &before.symbol(a).name;
            by_parent.insert((before.symbol(parent).name.as_str(), last_part(name)), name);
        }
    }
    let mut followed = Vec::new();
    for &b in &added {
        if let Some(parent) = after.symbol(b).parent {
            let name = &after.symbol(b).name;
            if let Some(earlier) = by_parent.get(&(found.symbol(&after.symbol(parent).name), last_part(name))) {
                followed.push((name.clone(), (*earlier).to_owned()));
            }
        }
    }
    found.symbols.extend(followed);
}

/// A renamed or moved function: what it calls, what it touches and who calls it stays.
fn symbols(before: &SystemGraph, after: &SystemGraph, found: &mut Identity) {
    let (gone, added) = unpaired(before, after, found);
    if gone.is_empty() || added.is_empty() || gone.len().max(added.len()) > MOST_COMPARED {
        return;
    }
    let itself = Identity::default();
    let old = neighbors(before, &itself);
    let new = neighbors(after, found);
    let empty = BTreeSet::new();
    let mut pairs = Vec::new();
    for &b in &added {
        for &a in &gone {
            let (x, y) = (before.symbol(a), after.symbol(b));
            if x.kind != y.kind {
                continue;
            }
            let same_module = before.module(x.module).name == found.module(&after.module(y.module).name);
            let same_name = last_part(&x.name) == last_part(&y.name);
            if !(same_module || same_name) {
                continue;
            }
            let (around_x, around_y) = (old.get(&a).unwrap_or(&empty), new.get(&b).unwrap_or(&empty));
            let same_size = x.end_line - x.line == y.end_line - y.line;
            let alike = if around_x.is_empty() && around_y.is_empty() {
                // Nothing but the name tells that it moved; under another name it may be anything.
                let same_parent = match (x.parent, y.parent) {
                    (Some(a), Some(b)) => before.symbol(a).name == found.symbol(&after.symbol(b).name),
                    (a, b) => a == b,
                };
                let moved = same_name && same_parent && same_size && x.signature == y.signature;
                if moved { SAME_SYMBOL } else { 0.0 }
            } else {
                jaccard(around_x, around_y)
            };
            if alike >= SAME_SYMBOL {
                let bonus = 0.3 * f64::from(u8::from(same_name)) + 0.1 * f64::from(u8::from(same_size));
                let near =
                    0.1 * f64::from(u8::from(same_module)) + 0.1 * f64::from(u8::from(x.signature == y.signature));
                pairs.push((alike + bonus + near, a, b));
            }
        }
    }
    for (a, b) in best(pairs) {
        found.symbols.insert(after.symbol(b).name.clone(), before.symbol(a).name.clone());
    }
}

/// What a symbol calls, touches and is called by, under the earlier names.
fn neighbors(graph: &SystemGraph, names: &Identity) -> BTreeMap<SymbolId, BTreeSet<String>> {
    let mut found: BTreeMap<SymbolId, BTreeSet<String>> = BTreeMap::new();
    let name = |it: SymbolId| names.symbol(&graph.symbol(it).name);
    for call in graph.calls.iter().filter(|it| it.confidence > Confidence::Guess && it.from != it.to) {
        found.entry(call.from).or_default().insert(format!("> {}", name(call.to)));
        found.entry(call.to).or_default().insert(format!("< {}", name(call.from)));
    }
    for access in &graph.accesses {
        let store = names.store(&graph.store(access.store).name);
        found.entry(access.symbol).or_default().insert(format!("{:?} {store}", access.operation));
    }
    for endpoint in &graph.endpoints {
        found.entry(endpoint.handler).or_default().insert(format!("{} {}", endpoint.method, endpoint.path));
    }
    found
}

/// A renamed store: most of its columns stay.
fn stores(before: &SystemGraph, after: &SystemGraph, found: &mut Identity) {
    let names = |graph: &SystemGraph| -> BTreeSet<String> { graph.stores.iter().map(|it| it.name.clone()).collect() };
    let (names_before, names_after) = (names(before), names(after));
    let columns = |graph: &SystemGraph, id: StoreId| -> BTreeSet<String> {
        graph.store(id).columns.iter().map(|it| it.name.to_string()).collect()
    };
    let mut pairs = Vec::new();
    for b in after.store_ids().filter(|it| !names_before.contains(&after.store(*it).name)) {
        for a in before.store_ids().filter(|it| !names_after.contains(&before.store(*it).name)) {
            let (x, y) = (columns(before, a), columns(after, b));
            let alike = jaccard(&x, &y);
            if before.store(a).kind == after.store(b).kind && x.len().min(y.len()) >= 2 && alike >= SAME_STORE {
                pairs.push((alike, a, b));
            }
        }
    }
    for (a, b) in best(pairs) {
        found.stores.insert(after.store(b).name.clone(), before.store(a).name.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_pair_wins_and_rivals_leave_each_other_out() {
        assert_eq!(best(vec![(0.5, 1, 1), (0.9, 1, 2), (0.6, 2, 1)]), [(1, 2), (2, 1)]);
        assert!(best(vec![(0.5, 1, 1), (0.5, 1, 2)]).is_empty());
        assert_eq!(best(vec![(0.5, 1, 1), (0.5, 2, 2)]), [(1, 1), (2, 2)]);
    }

    #[test]
    fn parts_of_names() {
        assert_eq!(local_name("shop.orders.create", "shop.orders"), ".create");
        assert!((jaccard(&BTreeSet::from([1, 2]), &BTreeSet::from([2, 3])) - 1.0 / 3.0).abs() < 1e-12);
        assert!(jaccard::<u8>(&BTreeSet::new(), &BTreeSet::new()).abs() < 1e-12);
    }
}
