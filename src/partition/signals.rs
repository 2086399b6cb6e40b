//! What the system says about its stores: which are touched, written, joined or referred to together.
//!
//! A *functionality* is what a user or a clock can start: an endpoint, a message consumer, or a function that nothing
//! in the project calls. A *context* is a set of stores that something ties together; a pair of its stores gains
//! `a * b / (size - 1)`, Newman's weight for bipartite projections, so that large sets say little about each pair.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Weights;
use crate::model::graph::{Access, Confidence, Direction, Evidence, StoreId, SymbolKind, SystemGraph};
use crate::model::source::Role;
use crate::model::sql::{Effect, Operation};
use crate::partition::owners::{reference_stores, row_shared_stores, seeds};

/// Sets larger than this tie nothing together.
const MAX_CONTEXT: usize = 30;
/// What a read in a functionality says, a write being 1.
const READ: f64 = 0.4;
/// Calls followed from an entry.
const MAX_DEPTH: usize = 12;

/// Something that starts on its own, with the stores it reaches.
#[derive(Clone, Debug, PartialEq)]
pub struct Functionality {
    pub entry: u32,
    /// Store, how telling the access is (0 to 1), and whether it writes; sorted by store.
    pub stores: Vec<(u32, f64, bool)>,
}

/// Why stores belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Signal {
    CoAccess,
    Transaction,
    Join,
    ForeignKey,
    /// Words their names share.
    Names,
}

/// Stores tied together, each with its weight in the set.
#[derive(Clone, Debug, PartialEq)]
pub struct Context {
    pub signal: Signal,
    pub stores: Vec<(u32, f64)>,
}

/// Everything known about the stores.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Signals {
    pub functionalities: Vec<Functionality>,
    pub contexts: Vec<Context>,
    /// Groups of stores that are one aggregate: a detail table and its parent, a pure join table and one side.
    pub aggregates: Vec<Vec<u32>>,
    /// For each symbol, whether it reaches a store.
    pub reaches_store: Vec<bool>,
    /// For each symbol, whether it is a function that nothing in the project starts.
    pub uncalled: Vec<bool>,
    /// For each access of the graph, whether it only seeds the store.
    pub seeds: Vec<bool>,
    /// For each access, how much it counts.
    pub trust: Vec<f64>,
    /// For each store, whether sharing it ties nobody to anybody.
    pub loose: Vec<bool>,
    /// For each store, whether every access chooses its own rows by a constant.
    pub row_shared: Vec<bool>,
}

/// True for code that is placed; tests, vendored code and migrations are not.
pub fn is_placed(role: Role) -> bool {
    matches!(role, Role::Production | Role::Generated)
}

/// How much a fact of this confidence counts.
pub fn trust(confidence: Confidence) -> f64 {
    match confidence {
        Confidence::Certain => 1.0,
        Confidence::Likely => 0.8,
        Confidence::Guess => 0.3,
    }
}

/// Whoever deletes a row says little of the rows that go with it, however many tables have such.
const CASCADED: f64 = 0.1;

/// How much each access counts: a guess is shared out among the stores that one place may mean, so that a repository
/// for any table says little about each of them.
fn trust_of_accesses(graph: &SystemGraph) -> Vec<f64> {
    let guessed = |it: &&Access| it.confidence == Confidence::Guess;
    let mut meant: BTreeMap<(u32, Evidence), BTreeSet<u32>> = BTreeMap::new();
    for it in graph.accesses.iter().filter(guessed) {
        meant.entry((it.symbol.0, it.evidence)).or_default().insert(it.store.0);
    }
    let shared = |it: &Access| meant.get(&(it.symbol.0, it.evidence)).map_or(1, BTreeSet::len) as f64;
    let of = |it: &Access| trust(it.confidence) / if guessed(&it) { shared(it) } else { 1.0 };
    graph.accesses.iter().map(|it| if it.cascaded { CASCADED * of(it) } else { of(it) }).collect()
}

/// Reads the signals off the graph.
pub fn collect(graph: &SystemGraph) -> Signals {
    let callees = callees(graph);
    let mut direct: Vec<Vec<(u32, bool, f64)>> = vec![Vec::new(); graph.symbols.len()];
    let seeds = seeds(graph);
    let row_shared = row_shared_stores(graph, &seeds);
    let loose: Vec<bool> = reference_stores(graph, &seeds)
        .iter()
        .zip(&row_shared)
        .map(|(reference, apart)| *reference || *apart)
        .collect();
    let trust = trust_of_accesses(graph);
    for ((access, seeds), trust) in graph.accesses.iter().zip(&seeds).zip(&trust) {
        if is_placed(graph.symbol(access.symbol).role) && access.operation != Operation::Ddl && !seeds {
            let writes = access.operation.effect() == Effect::Write;
            direct[access.symbol.index()].push((access.store.0, writes, *trust));
        }
    }
    let reaches_store = reaching(&callees, &direct);
    let all_entries = entries(graph, &callees);
    let count = all_entries.len();
    let entries: Vec<u32> = all_entries.into_iter().filter(|it| reaches_store[*it as usize]).collect();
    let mut seen = vec![u32::MAX; graph.symbols.len()];
    let reached: Vec<Vec<u32>> =
        entries.iter().map(|it| touching_from(*it, &callees, &direct, &reaches_store, &mut seen)).collect();
    let mut reach = vec![0_u32; graph.symbols.len()];
    for symbol in reached.iter().flatten() {
        reach[*symbol as usize] += 1;
    }
    let functionalities: Vec<Functionality> = entries
        .iter()
        .zip(&reached)
        .map(|(entry, symbols)| Functionality { entry: *entry, stores: touched(symbols, &direct, &reach, count) })
        .filter(|it| !it.stores.is_empty())
        .collect();
    let mut contexts: Vec<Context> = functionalities
        .iter()
        .map(|it| context(Signal::CoAccess, it.stores.iter().map(|it| (it.0, it.1)).collect()))
        .collect();
    contexts.extend(facts(graph));
    contexts.extend(names(graph));
    for context in &mut contexts {
        context.stores.retain(|it| !loose[it.0 as usize]);
    }
    contexts.retain(|it| (2..=MAX_CONTEXT).contains(&it.stores.len()));
    let aggregates = aggregates(graph, &functionalities);
    let mut uncalled = vec![false; graph.symbols.len()];
    // A method may well be called by a framework whose type its own extends.
    let plain = graph.uncalled().into_iter().filter(|it| graph.symbol(*it).kind == SymbolKind::Function);
    plain.for_each(|it| uncalled[it.index()] = true);
    Signals { functionalities, contexts, aggregates, reaches_store, uncalled, seeds, trust, loose, row_shared }
}

/// Weights of pairs of stores. Within a signal, a pair's sum is divided by what either store has in all (a cosine), so
/// that a store which everything touches is close to nothing; each signal's pairs sum to its weight.
pub fn pairs(contexts: &[Context], weights: &Weights) -> Vec<(u32, u32, f64)> {
    let mut by_signal: BTreeMap<Signal, BTreeMap<(u32, u32), f64>> = BTreeMap::new();
    let mut norms: BTreeMap<(Signal, u32), f64> = BTreeMap::new();
    for context in contexts {
        let sums = by_signal.entry(context.signal).or_default();
        let share = 1.0 / (context.stores.len() as f64 - 1.0);
        for (at, a) in context.stores.iter().enumerate() {
            *norms.entry((context.signal, a.0)).or_insert(0.0) += a.1 * a.1;
            for b in &context.stores[at + 1..] {
                *sums.entry((a.0.min(b.0), a.0.max(b.0))).or_insert(0.0) += a.1 * b.1 * share;
            }
        }
    }
    let mut res: BTreeMap<(u32, u32), f64> = BTreeMap::new();
    for (signal, mut sums) in by_signal {
        let weight = match signal {
            Signal::CoAccess => weights.co_access,
            Signal::Transaction => weights.transactions,
            Signal::Join => weights.joins,
            Signal::ForeignKey => weights.foreign_keys,
            Signal::Names => weights.names,
        };
        if signal != Signal::Names {
            for ((a, b), sum) in &mut sums {
                *sum /= (norms[&(signal, *a)] * norms[&(signal, *b)]).sqrt();
            }
        }
        let total: f64 = sums.values().sum();
        for (pair, sum) in sums {
            *res.entry(pair).or_insert(0.0) += weight * sum / total.max(1e-9);
        }
    }
    res.into_iter().map(|((a, b), weight)| (a, b, weight)).collect()
}

fn context(signal: Signal, mut stores: Vec<(u32, f64)>) -> Context {
    stores.retain(|it| it.1 > 0.02);
    stores.sort_by_key(|it| it.0);
    stores.dedup_by_key(|it| it.0);
    Context { signal, stores }
}

/// Placed callees of each symbol, sorted.
fn callees(graph: &SystemGraph) -> Vec<Vec<u32>> {
    let mut res: Vec<Vec<u32>> = vec![Vec::new(); graph.symbols.len()];
    for call in &graph.calls {
        if call.confidence > Confidence::Guess
            && is_placed(graph.symbol(call.from).role)
            && is_placed(graph.symbol(call.to).role)
        {
            res[call.from.index()].push(call.to.0);
        }
    }
    for row in &mut res {
        row.sort_unstable();
        row.dedup();
    }
    res
}

/// Handlers, consumers, and functions that nothing calls.
fn entries(graph: &SystemGraph, callees: &[Vec<u32>]) -> Vec<u32> {
    let mut called = vec![false; graph.symbols.len()];
    for (from, row) in callees.iter().enumerate() {
        for to in row {
            called[*to as usize] |= *to as usize != from;
        }
    }
    let mut res: Vec<u32> = graph.endpoints.iter().map(|it| it.handler.0).collect();
    res.extend(graph.messages.iter().filter(|it| it.direction == Direction::Subscribe).map(|it| it.symbol.0));
    for id in graph.symbol_ids() {
        let symbol = graph.symbol(id);
        if matches!(symbol.kind, SymbolKind::Function | SymbolKind::Method) && !called[id.index()] {
            res.push(id.0);
        }
    }
    res.retain(|it| is_placed(graph.symbols[*it as usize].role));
    res.sort_unstable();
    res.dedup();
    res
}

/// Symbols that touch a store and are reached through calls, the entry included, sorted.
fn touching_from(
    entry: u32,
    callees: &[Vec<u32>],
    direct: &[Vec<(u32, bool, f64)>],
    reaches_store: &[bool],
    seen: &mut [u32],
) -> Vec<u32> {
    seen[entry as usize] = entry;
    let mut res = Vec::new();
    let mut front = vec![entry];
    for _ in 0..MAX_DEPTH {
        let mut next = Vec::new();
        for at in front {
            if !direct[at as usize].is_empty() {
                res.push(at);
            }
            for to in &callees[at as usize] {
                if reaches_store[*to as usize] && seen[*to as usize] != entry {
                    seen[*to as usize] = entry;
                    next.push(*to);
                }
            }
        }
        if next.is_empty() {
            break;
        }
        front = next;
    }
    res.sort_unstable();
    res
}

/// Stores touched by some symbols; an access in a function that most functionalities reach says little.
fn touched(symbols: &[u32], direct: &[Vec<(u32, bool, f64)>], reach: &[u32], count: usize) -> Vec<(u32, f64, bool)> {
    let mut res: BTreeMap<u32, (f64, bool)> = BTreeMap::new();
    for symbol in symbols {
        let telling = rarity(reach[*symbol as usize], count);
        for &(store, writes, trust) in &direct[*symbol as usize] {
            let entry = res.entry(store).or_insert((0.0, false));
            entry.0 = entry.0.max(telling * trust * if writes { 1.0 } else { READ });
            entry.1 |= writes;
        }
    }
    res.into_iter().map(|(store, (telling, writes))| (store, telling, writes)).collect()
}

/// 1 for what one functionality reaches, falling to 0 for what all reach.
fn rarity(reach: u32, count: usize) -> f64 {
    if count < 4 || reach <= 1 {
        return 1.0;
    }
    (1.0 - f64::from(reach).ln() / (count as f64).ln()).max(0.0)
}

fn reaching(callees: &[Vec<u32>], direct: &[Vec<(u32, bool, f64)>]) -> Vec<bool> {
    let mut callers: Vec<Vec<u32>> = vec![Vec::new(); callees.len()];
    for (from, row) in callees.iter().enumerate() {
        for to in row {
            callers[*to as usize].push(from as u32);
        }
    }
    let mut res: Vec<bool> = direct.iter().map(|it| !it.is_empty()).collect();
    let mut front: Vec<u32> = (0..callees.len() as u32).filter(|it| res[*it as usize]).collect();
    while let Some(at) = front.pop() {
        for &caller in &callers[at as usize] {
            if !res[caller as usize] {
                res[caller as usize] = true;
                front.push(caller);
            }
        }
    }
    res
}

/// Transactions, joins and foreign keys.
fn facts(graph: &SystemGraph) -> Vec<Context> {
    let mut res = Vec::new();
    let of = |stores: &[StoreId]| stores.iter().map(|it| (it.0, 1.0)).collect::<Vec<_>>();
    for transaction in &graph.transactions {
        if is_placed(graph.symbol(transaction.symbol).role) {
            res.push(context(Signal::Transaction, of(&transaction.writes)));
        }
    }
    for join in &graph.joins {
        if is_placed(graph.symbol(join.symbol).role) {
            res.push(context(Signal::Join, of(&join.stores)));
        }
    }
    for (id, store) in graph.stores.iter().enumerate() {
        for key in &store.foreign_keys {
            if key.store.index() != id {
                let weight = if key.on_delete_cascade { 1.0 } else { 0.7 };
                res.push(context(Signal::ForeignKey, vec![(id as u32, weight), (key.store.0, weight)]));
            }
        }
    }
    res
}

/// The first part of each endpoint's path that is no parameter and not shared by most endpoints, by handler.
pub fn route_words(graph: &SystemGraph) -> Vec<(u32, &str)> {
    let paths: Vec<(u32, Vec<&str>)> = graph
        .endpoints
        .iter()
        .filter(|it| is_placed(graph.symbol(it.handler).role))
        .map(|it| (it.handler.0, it.path.split(['/', '.']).filter(|it| !it.is_empty() && !it.contains('{')).collect()))
        .collect();
    let mut shared: Vec<&str> = Vec::new();
    loop {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, parts) in &paths {
            if parts.starts_with(&shared)
                && let Some(part) = parts.get(shared.len())
            {
                *counts.entry(part).or_insert(0) += 1;
            }
        }
        match counts.into_iter().find(|it| paths.len() >= 4 && it.1 * 10 >= paths.len() * 6) {
            Some((part, _)) => shared.push(part),
            None => break,
        }
    }
    paths
        .into_iter()
        .filter_map(|(handler, parts)| {
            let rest = parts.strip_prefix(shared.as_slice()).unwrap_or(&parts);
            Some((handler, *rest.first()?))
        })
        .collect()
}

/// Stores whose names share a word that few stores have.
fn names(graph: &SystemGraph) -> Vec<Context> {
    let mut by_word: BTreeMap<String, Vec<(u32, f64)>> = BTreeMap::new();
    for (id, store) in graph.stores.iter().enumerate() {
        for word in words(&store.name) {
            by_word.entry(word).or_default().push((id as u32, 1.0));
        }
    }
    let most = (graph.stores.len() / 3).clamp(2, 8);
    by_word.into_values().filter(|it| (2..=most).contains(&it.len())).map(|it| context(Signal::Names, it)).collect()
}

/// Lower-case words of a name, plural `s` dropped, each once. What is filled in at run time (`log_{hole}`) is no word.
pub fn words(name: &str) -> Vec<String> {
    let mut res: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut lower_before = false;
    let mut in_hole = false;
    for char in name.chars().chain([' ']) {
        in_hole = char == '{' || (in_hole && char != '}');
        let char = if in_hole { ' ' } else { char };
        let starts = char.is_uppercase() && lower_before;
        if (!char.is_alphanumeric() || starts) && !word.is_empty() {
            let done = singular(&std::mem::take(&mut word));
            if done.len() > 2 && !res.contains(&done) {
                res.push(done);
            }
        }
        if char.is_alphanumeric() {
            word.extend(char.to_lowercase());
        }
        lower_before = char.is_lowercase() || char.is_ascii_digit();
    }
    res
}

/// `entries` to `entry`, `addresses` to `address`, `orders` to `order`.
pub fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|it| it.len() > 1) {
        return format!("{stem}y");
    }
    for suffix in ["sses", "xes", "ches", "shes"] {
        if word.ends_with(suffix) {
            return word[..word.len() - 2].to_owned();
        }
    }
    let plural = word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us");
    if plural { word[..word.len() - 1].to_owned() } else { word.to_owned() }
}

/// Detail tables with their parent, pure join tables with the side that is written with them.
fn aggregates(graph: &SystemGraph, functionalities: &[Functionality]) -> Vec<Vec<u32>> {
    let written: Vec<Vec<u32>> =
        functionalities.iter().map(|it| it.stores.iter().filter(|it| it.2).map(|it| it.0).collect()).collect();
    let together = |a: u32, b: u32| {
        let with_a = written.iter().filter(|it| it.contains(&a)).count();
        let with_both = written.iter().filter(|it| it.contains(&a) && it.contains(&b)).count();
        (with_a, with_both)
    };
    let mut referred = vec![0_usize; graph.stores.len()];
    for store in &graph.stores {
        for key in &store.foreign_keys {
            referred[key.store.index()] += 1;
        }
    }
    let many = (graph.stores.len() / 4).max(4);
    let mut res = Vec::new();
    for (id, store) in graph.stores.iter().enumerate() {
        let id = id as u32;
        let parents: Vec<u32> = store.foreign_keys.iter().map(|it| it.store.0).filter(|it| *it != id).collect();
        let key_columns = store.foreign_keys.iter().flat_map(|it| &it.columns).count();
        if parents.len() == 2 && parents[0] != parents[1] && store.columns.len() <= key_columns + 1 {
            let (_, first) = together(id, parents[0]);
            let (_, second) = together(id, parents[1]);
            let side = if first == second {
                parents.iter().copied().min_by_key(|it| (referred[*it as usize], *it))
            } else {
                Some(if first > second { parents[0] } else { parents[1] })
            };
            res.extend(side.map(|it| vec![it, id]));
            continue;
        }
        for key in store.foreign_keys.iter().filter(|it| it.on_delete_cascade && it.store.0 != id) {
            let (alone, both) = together(id, key.store.0);
            if alone > 0 && both * 10 >= alone * 8 && referred[key.store.index()] < many {
                res.push(vec![key.store.0, id]);
                break;
            }
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_names() {
        assert_eq!(words("order_items"), ["order", "item"]);
        assert_eq!(words("PaymentIntents"), ["payment", "intent"]);
        assert_eq!(words("billing.categories"), ["billing", "category"]);
        assert_eq!(words("status"), ["status"]);
        assert!(words("a_b").is_empty());
        assert_eq!(words("log_{hole}_rows"), ["log", "row"]);
    }

    #[test]
    fn a_pair_in_a_large_set_gains_little() {
        let small = Context { signal: Signal::Join, stores: vec![(0, 1.0), (1, 1.0)] };
        let large = Context { signal: Signal::Join, stores: (1..6).map(|it| (it, 1.0)).collect() };
        let pairs = pairs(&[small, large], &Weights::default());
        let of = |a, b| pairs.iter().find(|it| (it.0, it.1) == (a, b)).map_or(0.0, |it| it.2);
        // 1 / sqrt(1 * 2) against 1/4 / sqrt(2 * 1).
        assert!((of(0, 1) / of(1, 2) - 4.0).abs() < 1e-9);
        assert!(of(0, 2).abs() < 1e-12);
    }

    #[test]
    fn what_all_reach_tells_nothing() {
        assert!((rarity(1, 100) - 1.0).abs() < 1e-12);
        assert!(rarity(100, 100).abs() < 1e-12);
        assert!(rarity(10, 100) > rarity(50, 100));
    }
}
