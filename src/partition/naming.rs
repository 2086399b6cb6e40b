//! Names a human would give: from the owned stores, the routes and the modules of each group.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::graph::{SymbolKind, SystemGraph};
use crate::partition::draft::{Draft, Slot};
use crate::partition::signals::{is_placed, route_words, singular, words};

/// What a word of each origin counts.
const STORE: f64 = 3.0;
const ROUTE: f64 = 3.0;
const FILE: f64 = 2.0;
const SYMBOL: f64 = 0.5;

/// Words that name no domain.
const EMPTY_WORDS: &[&str] = &[
    "add",
    "api",
    "app",
    "apply",
    "base",
    "build",
    "check",
    "cmd",
    "core",
    "create",
    "default",
    "delete",
    "domain",
    "fetch",
    "find",
    "for",
    "from",
    "get",
    "handle",
    "handler",
    "index",
    "init",
    "insert",
    "internal",
    "lib",
    "list",
    "load",
    "main",
    "make",
    "mod",
    "model",
    "module",
    "new",
    "parse",
    "pkg",
    "read",
    "record",
    "remove",
    "repo",
    "repository",
    "request",
    "response",
    "route",
    "router",
    "run",
    "save",
    "schema",
    "select",
    "send",
    "server",
    "service",
    "set",
    "src",
    "start",
    "store",
    "tbl",
    "test",
    "the",
    "type",
    "update",
    "util",
    "view",
    "with",
    "write",
];

/// One unique name for each group. Declared names come first and are kept.
pub fn name_groups(graph: &SystemGraph, draft: &Draft, declared: &[String]) -> Vec<String> {
    let mut sums: BTreeMap<String, BTreeMap<u32, f64>> = BTreeMap::new();
    let mut forms: BTreeMap<String, BTreeMap<String, u32>> = BTreeMap::new();
    let mut note = |word: &str, group: u32, weight: f64| {
        let key = singular(&word.to_lowercase());
        if key.len() < 3 || EMPTY_WORDS.contains(&key.as_str()) || key.chars().all(|it| it.is_ascii_digit()) {
            return;
        }
        *forms.entry(key.clone()).or_default().entry(word.to_lowercase()).or_insert(0) += 1;
        *sums.entry(key).or_default().entry(group).or_insert(0.0) += weight;
    };
    let mut accesses = vec![0_u32; graph.stores.len()];
    for access in &graph.accesses {
        accesses[access.store.index()] += 1;
    }
    let mut owned: BTreeMap<u32, f64> = BTreeMap::new();
    for (store, slot) in draft.stores.iter().enumerate() {
        if let Slot::Group(group) = slot {
            *owned.entry(*group).or_insert(0.0) += f64::from(accesses[store]) + 1.0;
        }
    }
    for (store, slot) in draft.stores.iter().enumerate() {
        if let Slot::Group(group) = slot {
            let share = (f64::from(accesses[store]) + 1.0) / owned[group];
            let parts = plain_words(&graph.stores[store].name);
            for (at, word) in parts.iter().enumerate() {
                // The first word of a table is its domain more often than the others.
                note(word, *group, STORE * share * if at == 0 { 1.0 } else { 0.5 });
            }
        }
    }
    let mut routes: BTreeMap<u32, f64> = BTreeMap::new();
    let handled = route_words(graph);
    for (handler, _) in &handled {
        if let Slot::Group(group) = draft.symbols[*handler as usize] {
            *routes.entry(group).or_insert(0.0) += 1.0;
        }
    }
    for (handler, word) in handled {
        if let Slot::Group(group) = draft.symbols[handler as usize] {
            for part in plain_words(word) {
                note(&part, group, ROUTE / routes[&group]);
            }
        }
    }
    let mut code: BTreeMap<u32, f64> = BTreeMap::new();
    for id in graph.symbol_ids() {
        if let Slot::Group(group) = draft.symbols[id.index()] {
            *code.entry(group).or_insert(0.0) += 1.0;
        }
    }
    for id in graph.symbol_ids() {
        let symbol = graph.symbol(id);
        let Slot::Group(group) = draft.symbols[id.index()] else { continue };
        if !is_placed(symbol.role) || symbol.kind == SymbolKind::Module {
            continue;
        }
        let module = &graph.module(symbol.module).name;
        let mut places: BTreeSet<String> = BTreeSet::new();
        places.extend(plain_words(module.rsplit(['.', '/', ':']).next().unwrap_or_default()));
        let path = &graph.file(symbol.file).path;
        let stem = path.rsplit('/').next().unwrap_or_default().split('.').next().unwrap_or_default();
        places.extend(plain_words(stem));
        for word in places {
            note(&word, group, FILE / code[&group]);
        }
        for word in plain_words(symbol.name.rsplit(['.', ':', '/']).next().unwrap_or_default()) {
            note(&word, group, SYMBOL / code[&group]);
        }
    }
    choose(draft.groups, declared, &sums, &forms)
}

fn choose(
    groups: usize,
    declared: &[String],
    sums: &BTreeMap<String, BTreeMap<u32, f64>>,
    forms: &BTreeMap<String, BTreeMap<String, u32>>,
) -> Vec<String> {
    let mut res: Vec<Option<String>> = (0..groups).map(|it| declared.get(it).cloned()).collect();
    let mut taken: BTreeSet<String> = declared.iter().cloned().collect();
    let mut offers: Vec<(f64, &str, u32)> = Vec::new();
    for (word, by_group) in sums {
        let total: f64 = by_group.values().sum();
        for (&group, &sum) in by_group {
            // What other groups have too tells little.
            offers.push((sum * sum / total, word, group));
        }
    }
    offers.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)).then(a.2.cmp(&b.2)));
    for (_, word, group) in offers {
        let name = forms.get(word).and_then(common_form).unwrap_or(word).to_owned();
        if res[group as usize].is_none() && !taken.contains(&name) {
            taken.insert(name.clone());
            res[group as usize] = Some(name);
        }
    }
    let mut number = 0;
    res.into_iter()
        .map(|it| {
            it.unwrap_or_else(|| {
                loop {
                    number += 1;
                    let name = format!("service-{number}");
                    if taken.insert(name.clone()) {
                        return name;
                    }
                }
            })
        })
        .collect()
}

/// The most frequent spelling, the longer one on a tie.
fn common_form(forms: &BTreeMap<String, u32>) -> Option<&str> {
    forms.iter().max_by_key(|it| (*it.1, it.0.len())).map(|it| it.0.as_str())
}

/// Words as written, in lower case, with their plural.
fn plain_words(name: &str) -> Vec<String> {
    let kept = words(name);
    let mut res: Vec<String> = Vec::new();
    let lower = name.to_lowercase();
    for word in kept {
        // `words` drops the plural: take it back where the name has it.
        let plural = [format!("{word}s"), format!("{}ies", word.strip_suffix('y').unwrap_or("\u{0}"))]
            .into_iter()
            .find(|it| lower.contains(it.as_str()));
        res.push(plural.unwrap_or(word));
    }
    res.retain(|it| it.chars().all(|it| it.is_ascii_alphanumeric()) && !it.starts_with(|it: char| it.is_ascii_digit()));
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_plural() {
        assert_eq!(plain_words("payout_accounts"), ["payout", "accounts"]);
        assert_eq!(plain_words("categories"), ["categories"]);
    }

    #[test]
    fn empty_words_are_sorted() {
        assert!(EMPTY_WORDS.is_sorted());
    }

    #[test]
    fn names_are_unique_and_declared_ones_kept() {
        let sums = BTreeMap::from([
            ("order".to_owned(), BTreeMap::from([(0, 3.0), (1, 2.0)])),
            ("user".to_owned(), BTreeMap::from([(1, 1.0)])),
        ]);
        assert_eq!(choose(3, &[], &sums, &BTreeMap::new()), ["order", "user", "service-1"]);
        let declared = ["order".to_owned()];
        assert_eq!(choose(2, &declared, &sums, &BTreeMap::new()), ["order", "user"]);
    }
}
