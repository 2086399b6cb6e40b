//! Names a human would give: from the owned stores, the routes and the modules of each group.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use crate::model::graph::{ModuleId, Store, SymbolKind, SystemGraph};
use crate::partition::draft::{Draft, Slot};
use crate::partition::signals::{is_placed, route_words, singular, words};

/// What a word of each origin counts.
const STORE: f64 = 5.0;
const ROUTE: f64 = 2.0;
const FILE: f64 = 2.0;
/// The module that a group has to itself: its authors named it already.
const HOME: f64 = 3.0;
/// Least share of a module's code that makes it the group's own.
const OWN: f64 = 0.7;
const SYMBOL: f64 = 0.5;

/// A table that only says which rows of two others belong together counts so much of another.
const PAIRS: f64 = 0.2;
/// A table with this share of what is done with a group's stores gives its name even where others use the word.
const TITLE: f64 = 0.25;
/// A foreign key to a table counts as so many accesses.
const REFERRED: u32 = 3;
/// A first word that tables of so many groups have is no domain.
const PREFIXED: usize = 3;

/// And what a group without stores gets of it.
const WITHOUT_STORE: f64 = 0.5;

/// A word that stands alone counts with its own name even where it usually names no domain.
const TELLING: f64 = 0.5;
/// A word that stands alone for this share is the name; else a longer name that takes [`PHRASE`] of it.
const ALONE: f64 = 0.25;
const PHRASE: f64 = 0.5;
/// Words of the longest name.
const LONGEST: usize = 3;

/// A word in this share of the names of modules, of which there are so many, tells nothing.
const EVERYWHERE: f64 = 0.6;
const MODULES: usize = 5;

/// What stands between the parts of a module's name.
const PARTS: [char; 3] = ['.', '/', ':'];

/// By word and group, the names it stands in and their weight.
type Forms = BTreeMap<(String, u32), BTreeMap<String, f64>>;

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
    "common",
    "config",
    "core",
    "create",
    "default",
    "delete",
    "domain",
    "env",
    "error",
    "example",
    "fetch",
    "find",
    "fixture",
    "for",
    "from",
    "get",
    "handle",
    "handler",
    "helper",
    "http",
    "impl",
    "index",
    "init",
    "insert",
    "internal",
    "lib",
    "list",
    "load",
    "main",
    "make",
    "manager",
    "misc",
    "mock",
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
    "shared",
    "src",
    "start",
    "store",
    "tbl",
    "test",
    "the",
    "tool",
    "type",
    "update",
    "util",
    "utility",
    "view",
    "with",
    "write",
    "www",
];

/// Pages by which a program is watched say nothing of what it is for, not even alone.
const WATCHED: &[&str] = &["healthz", "livez", "readyz", "statusz", "varz", "version"];

/// Whether a word names no domain; `told` where a table or a page is called by it alone.
fn names_nothing(word: &str, told: bool) -> bool {
    let empty = EMPTY_WORDS.binary_search(&word).is_ok() && !told;
    word.len() < 3 || empty || WATCHED.contains(&word) || word.chars().all(|it| it.is_ascii_digit())
}

/// One unique name for each group. Declared names come first and are kept.
pub fn name_groups(graph: &SystemGraph, draft: &Draft, declared: &[String]) -> Vec<String> {
    let everywhere = words_everywhere(graph);
    let mut weights = Lexicon::new(everywhere.clone());
    let mut split: FxHashMap<&str, Vec<String>> = FxHashMap::default();
    let mut note = |word: &str, part: &str, group: u32, weight: f64| weights.note(word, part, group, weight);
    let mut accesses = vec![0_u32; graph.stores.len()];
    for access in &graph.accesses {
        accesses[access.store.index()] += 1;
    }
    // What others refer to is what the rest is about.
    for store in &graph.stores {
        for key in &store.foreign_keys {
            accesses[key.store.index()] += REFERRED;
        }
    }
    let mut owned: BTreeMap<u32, f64> = BTreeMap::new();
    for (store, slot) in draft.stores.iter().enumerate() {
        if let Slot::Group(group) = slot {
            *owned.entry(*group).or_insert(0.0) += f64::from(accesses[store]) + 1.0;
        }
    }
    let prefixes = prefixes(graph, draft);
    let mut titles: BTreeSet<(String, u32)> = BTreeSet::new();
    for (store, slot) in draft.stores.iter().enumerate() {
        if let Slot::Group(group) = slot {
            // What a table of pairs is called says what it ties, not what the group is about.
            let telling = if is_join_table(&graph.stores[store]) { PAIRS } else { 1.0 };
            let share = telling * (f64::from(accesses[store]) + 1.0) / owned[group];
            let name = graph.stores[store].name.as_str();
            let last = name.rsplit('.').next().unwrap_or(name);
            let last = match last.split_once('_') {
                Some((first, rest)) if prefixes.contains(first) => rest,
                _ => last,
            };
            let parts = plain_words(last);
            if let [only] = parts.as_slice()
                && share >= TITLE
            {
                titles.insert((singular(&only.to_lowercase()), *group));
            }
            for (at, word) in parts.iter().enumerate() {
                // The first word of a table is its domain more often than the others, the only one says it all.
                let place = if parts.len() == 1 { 1.5 } else { [1.0, 0.5][at.min(1)] };
                note(
                    word,
                    if phrase(last).contains(word.as_str()) { last } else { word },
                    *group,
                    STORE * share * place,
                );
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
                note(&part, word, group, ROUTE / routes[&group]);
            }
        }
    }
    let mut code: BTreeMap<u32, f64> = BTreeMap::new();
    let mut in_module: FxHashMap<(ModuleId, Option<u32>), f64> = FxHashMap::default();
    let mut in_folder: FxHashMap<(&str, Option<u32>), f64> = FxHashMap::default();
    for id in graph.symbol_ids() {
        let (symbol, group) = (graph.symbol(id), draft.symbols[id.index()].group());
        if let Some(group) = group {
            *code.entry(group).or_insert(0.0) += 1.0;
        }
        if is_placed(symbol.role) && symbol.kind != SymbolKind::Module {
            for of in [None].into_iter().chain(group.map(Some)) {
                *in_module.entry((symbol.module, of)).or_insert(0.0) += 1.0;
                for folder in folders(&graph.module(symbol.module).name) {
                    *in_folder.entry((folder, of)).or_insert(0.0) += 1.0;
                }
            }
        }
    }
    for id in graph.symbol_ids() {
        let symbol = graph.symbol(id);
        let Slot::Group(group) = draft.symbols[id.index()] else { continue };
        if !is_placed(symbol.role) || symbol.kind == SymbolKind::Module {
            continue;
        }
        let module = &graph.module(symbol.module).name;
        let mut places: BTreeMap<&str, &str> = BTreeMap::new();
        let last = module.rsplit(PARTS).next().unwrap_or_default();
        let path = &graph.file(symbol.file).path;
        let stem = path.rsplit('/').next().unwrap_or_default().split('.').next().unwrap_or_default();
        let name = symbol.name.rsplit(['.', ':', '/']).next().unwrap_or_default();
        for part in [last, stem, name] {
            split.entry(part).or_insert_with(|| plain_words(part));
        }
        for part in [last, stem] {
            places.extend(split[part].iter().map(|it| (it.as_str(), part)));
        }
        let share = |of| in_module.get(&(symbol.module, of)).copied().unwrap_or_default();
        let home = share(Some(group)) >= OWN * share(None);
        // The widest folder that the group has to itself says more than the files in it (`acls` of `acls/models.py`).
        let in_folder = |folder, of| in_folder.get(&(folder, of)).copied().unwrap_or_default();
        let mut own = folders(module).filter(|it| in_folder(*it, Some(group)) >= OWN * in_folder(*it, None));
        let folder = own.find_map(|it| {
            let name = it.rsplit(PARTS).next().unwrap_or_default();
            let words = plain_words(name);
            words
                .iter()
                .any(|it| !names_nothing(&singular(it), false) && !everywhere.contains(&singular(it)))
                .then_some((name, words))
        });
        for (word, part) in places {
            let weight = if home && part == last { FILE + HOME } else { FILE };
            note(word, part, group, weight / code[&group]);
        }
        if let Some((name, words)) = folder.filter(|it| it.0 != last) {
            for word in words {
                note(&word, name, group, (FILE + HOME) / code[&group]);
            }
        }
        for word in &split[name] {
            note(word, word, group, SYMBOL / code[&group]);
        }
    }
    let owners: BTreeSet<u32> = draft.stores.iter().filter_map(|it| it.group()).collect();
    let (sums, forms) = weights.finish();
    choose(draft.groups, declared, &owners, &titles, &sums, &forms)
}

/// The folders that a module stands in, from the widest to the module itself.
fn folders(module: &str) -> impl Iterator<Item = &str> {
    module.match_indices(PARTS).map(|it| &module[..it.0]).chain(std::iter::once(module))
}

/// What the words of each group weigh. The same files and words come again and again, so each pair of a word and the name that
/// it stands in is looked at once.
#[derive(Default)]
struct Lexicon {
    everywhere: BTreeSet<String>,
    told: FxHashMap<String, FxHashMap<String, Told>>,
    numbers: FxHashMap<String, u32>,
    /// By word and group.
    sums: FxHashMap<(u32, u32), f64>,
    /// By word, group and the name that the word stands in.
    forms: FxHashMap<(u32, u32, u32), f64>,
}

/// What a word says in a name.
#[derive(Clone, Copy)]
struct Told {
    word: u32,
    phrase: u32,
    /// The name is the word.
    alone: bool,
    /// Says something where it does not stand alone with weight.
    telling: bool,
    /// Says something where it does.
    telling_alone: bool,
}

impl Lexicon {
    fn new(everywhere: BTreeSet<String>) -> Self {
        Self { everywhere, ..Self::default() }
    }

    /// `part` is the name that the word stands in: a table, a part of a route, a file.
    fn note(&mut self, word: &str, part: &str, group: u32, weight: f64) {
        let known = self.told.get(part).and_then(|it| it.get(word)).copied();
        let told = known.unwrap_or_else(|| self.look_at(word, part));
        // A table called `requests` is about requests; `request_parser` is not.
        if if told.alone && weight >= TELLING { told.telling_alone } else { told.telling } {
            *self.sums.entry((told.word, group)).or_insert(0.0) += weight;
            *self.forms.entry((told.word, group, told.phrase)).or_insert(0.0) += weight;
        }
    }

    fn look_at(&mut self, word: &str, part: &str) -> Told {
        let lower = word.to_lowercase();
        let (key, phrase) = (singular(&lower), phrase(part));
        let told = Told {
            alone: phrase == lower,
            telling: !names_nothing(&key, false) && !self.everywhere.contains(&key),
            telling_alone: !names_nothing(&key, true),
            word: self.number(key),
            phrase: self.number(phrase),
        };
        self.told.entry(part.to_owned()).or_default().insert(word.to_owned(), told);
        told
    }

    fn number(&mut self, text: String) -> u32 {
        let next = self.numbers.len() as u32;
        *self.numbers.entry(text).or_insert(next)
    }

    /// Weights by word and group, and by the names that the word stands in.
    fn finish(self) -> (BTreeMap<String, BTreeMap<u32, f64>>, Forms) {
        let mut texts: Vec<&str> = vec![""; self.numbers.len()];
        self.numbers.iter().for_each(|(text, number)| texts[*number as usize] = text);
        let text = |number: u32| texts[number as usize].to_owned();
        let mut sums: BTreeMap<String, BTreeMap<u32, f64>> = BTreeMap::new();
        self.sums.into_iter().for_each(|((word, group), weight)| {
            sums.entry(text(word)).or_default().insert(group, weight);
        });
        let mut forms = Forms::new();
        self.forms.into_iter().for_each(|((word, group, phrase), weight)| {
            forms.entry((text(word), group)).or_default().insert(text(phrase), weight);
        });
        (sums, forms)
    }
}

/// First words of tables that several groups own: they name an application or a schema, and tell no group from another.
fn prefixes<'a>(graph: &'a SystemGraph, draft: &Draft) -> BTreeSet<&'a str> {
    let mut groups: BTreeMap<&str, BTreeSet<Slot>> = BTreeMap::new();
    for (store, slot) in graph.stores.iter().zip(&draft.stores) {
        let last = store.name.rsplit('.').next().unwrap_or(&store.name);
        if let (Some((first, _)), Slot::Group(_)) = (last.split_once('_'), slot) {
            groups.entry(first).or_default().insert(*slot);
        }
    }
    groups.into_iter().filter(|it| it.1.len() >= PREFIXED).map(|it| it.0).collect()
}

/// A table that only says which rows of two others belong together.
fn is_join_table(store: &Store) -> bool {
    let keys: BTreeSet<&String> = store.foreign_keys.iter().flat_map(|it| &it.columns).collect();
    let others: BTreeSet<_> = store.foreign_keys.iter().map(|it| it.store).collect();
    others.len() >= 2 && store.columns.len() <= keys.len() + 1
}

/// Words of most modules' names: the project's own name, its root folders.
fn words_everywhere(graph: &SystemGraph) -> BTreeSet<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let modules = graph.modules.iter().filter(|it| is_placed(it.role));
    let mut all = 0;
    for module in modules {
        all += 1;
        for word in words(&module.name).into_iter().collect::<BTreeSet<String>>() {
            *counts.entry(word).or_insert(0) += 1;
        }
    }
    counts.into_iter().filter(|it| all >= MODULES && it.1 as f64 >= EVERYWHERE * all as f64).map(|it| it.0).collect()
}

fn choose(
    groups: usize,
    declared: &[String],
    owners: &BTreeSet<u32>,
    titles: &BTreeSet<(String, u32)>,
    sums: &BTreeMap<String, BTreeMap<u32, f64>>,
    forms: &Forms,
) -> Vec<String> {
    let mut res: Vec<Option<String>> = (0..groups).map(|it| declared.get(it).cloned()).collect();
    // `order` and `orders` beside each other would confuse.
    let mut taken: BTreeSet<String> = declared.iter().map(|it| singular(it)).collect();
    let mut offers: Vec<(f64, &str, u32)> = Vec::new();
    for (word, by_group) in sums {
        let total: f64 = by_group.values().sum();
        for (&group, &sum) in by_group {
            // What other groups have too tells little, unless the table of that name is here; who keeps the data has the
            // first say.
            let keeps = if owners.contains(&group) { 1.0 } else { WITHOUT_STORE };
            let own = titles.contains(&(word.clone(), group));
            offers.push((keeps * sum * if own { 1.0 } else { (sum / total).sqrt() }, word, group));
        }
    }
    offers.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)).then(a.2.cmp(&b.2)));
    for (_, word, group) in offers {
        let name = forms.get(&(word.to_owned(), group)).map_or_else(|| word.to_owned(), |it| written(word, it));
        if res[group as usize].is_none() && taken.insert(singular(&name)) {
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
                    if taken.insert(singular(&name)) {
                        return name;
                    }
                }
            })
        })
        .collect()
}

/// The word as it is written most, or the longer name it stands in where it hardly stands alone.
fn written(word: &str, phrases: &BTreeMap<String, f64>) -> String {
    let all: f64 = phrases.values().sum();
    // A name that begins longer ones is what they have in common: `user-access` of `user-access-tokens`.
    let weight = |name: &str| -> f64 {
        let goes_on = |it: &str| it.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
        phrases.iter().filter(|it| goes_on(it.0)).map(|it| it.1).sum()
    };
    let heaviest = |alone: bool| {
        let fitting = phrases.keys().filter(|it| (singular(it) == *word) == alone).map(|it| (it, weight(it)));
        fitting.max_by(|a, b| a.1.total_cmp(&b.1).then(a.0.len().cmp(&b.0.len())).then(b.0.cmp(a.0)))
    };
    let alone: f64 = phrases.iter().filter(|it| singular(it.0) == *word).map(|it| it.1).sum();
    // Where a table says `orders` and a folder `order`, the service is `orders`.
    let plural = phrases.iter().find(|it| singular(it.0) == *word && it.0 != word && *it.1 >= ALONE * alone);
    match (heaviest(true), heaviest(false)) {
        (Some((name, _)), _) if alone >= ALONE * all => plural.map_or(name, |it| it.0).clone(),
        (_, Some((name, weight))) if weight >= PHRASE * all && name.split('-').count() <= LONGEST => telling(name),
        (Some((name, _)), _) => name.clone(),
        _ => word.to_owned(),
    }
}

/// `payment-service` as `payment`: without the words that name no domain, unless nothing else is left.
fn telling(name: &str) -> String {
    let kept: Vec<&str> = name.split('-').filter(|it| !EMPTY_WORDS.contains(&singular(it).as_str())).collect();
    if kept.is_empty() { name.to_owned() } else { kept.join("-") }
}

/// `scheduled_posts` and `ScheduledPosts` as `scheduled-posts`.
fn phrase(name: &str) -> String {
    let mut res = String::new();
    let mut lower_before = false;
    for char in name.chars() {
        let breaks = !char.is_ascii_alphanumeric() || (char.is_uppercase() && lower_before);
        if breaks && !res.is_empty() && !res.ends_with('-') {
            res.push('-');
        }
        if char.is_ascii_alphanumeric() {
            res.extend(char.to_lowercase());
        }
        lower_before = char.is_lowercase() || char.is_ascii_digit();
    }
    // An application and its main table (`webhooks_webhook`, `history_historyentry`, `topic_poll_topicpoll`) say one thing twice.
    let mut kept: Vec<&str> = Vec::new();
    for part in res.split('-').filter(|it| !it.is_empty()) {
        let says_again = |from: usize| part.starts_with(&singular(&kept[from..].concat()));
        if !(0..kept.len()).any(says_again) {
            kept.push(part);
        }
    }
    kept.join("-")
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
    fn words_that_name_no_domain_are_left_out() {
        assert!(names_nothing("request", false) && !names_nothing("request", true));
        assert!(names_nothing("varz", true) && names_nothing("version", true) && !names_nothing("order", false));
        assert_eq!(telling("payment-service"), "payment");
        assert_eq!(telling("scheduled-posts"), "scheduled-posts");
        assert_eq!(telling("request-handler"), "request-handler");
    }

    #[test]
    fn a_word_that_hardly_stands_alone_brings_its_name() {
        let of = |names: &[(&str, f64)]| names.iter().map(|it| (it.0.to_owned(), it.1)).collect::<BTreeMap<_, _>>();
        assert_eq!(written("scheduled", &of(&[("scheduled-posts", 3.0), ("scheduled", 0.4)])), "scheduled-posts");
        assert_eq!(written("post", &of(&[("posts", 2.0), ("post", 1.0), ("saved-posts", 4.0)])), "posts");
        assert_eq!(
            written("stream", &of(&[("live-streams", 1.0), ("stream-chats", 1.0), ("stream-gifts", 1.0)])),
            "stream"
        );
        assert_eq!(
            written("access", &of(&[("user-access", 2.0), ("user-access-tokens", 3.0), ("rapid-access", 1.0)])),
            "user-access"
        );
        assert_eq!(written("post", &of(&[("post", 2.0), ("posts", 1.0)])), "posts");
        assert_eq!(phrase("ScheduledPosts"), "scheduled-posts");
        assert_eq!(phrase("topic_poll_topicpoll"), "topic-poll");
        assert_eq!(phrase("auth__api_keys_"), "auth-api-keys");
        assert_eq!(phrase("webhooks_webhook"), "webhooks");
        assert_eq!(phrase("history_historyentry"), "history");
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
        assert_eq!(
            choose(3, &[], &BTreeSet::new(), &BTreeSet::new(), &sums, &BTreeMap::new()),
            ["order", "user", "service-1"]
        );
        let declared = ["order".to_owned()];
        assert_eq!(
            choose(2, &declared, &BTreeSet::new(), &BTreeSet::new(), &sums, &BTreeMap::new()),
            ["order", "user"]
        );
    }
}
