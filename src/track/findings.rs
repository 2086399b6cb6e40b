//! What couples two services today: findings with keys that survive edits, because no line stands in them.

use std::collections::BTreeMap;

use crate::model::graph::{Confidence, Evidence, StoreId, SymbolId};
use crate::model::partition::ServiceId;
use crate::model::report::Report;
use crate::model::sql::Effect;

/// Rules, sorted by id, with what each one finds.
pub static RULES: &[(&str, &str)] = &[
    ("cross-boundary-call", "a function of one service calls a function of another"),
    ("cross-boundary-foreign-key", "a foreign key leads to a table of another service"),
    ("cross-boundary-join", "a statement joins stores of several services"),
    ("cross-boundary-transaction", "a transaction writes stores of several services"),
    ("foreign-store-read", "a function reads a store that another service owns"),
    ("foreign-store-write", "a function writes a store that another service owns"),
];

/// Identity of a finding across runs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub rule: String,
    /// Who does it: a qualified name, or a store.
    pub source: String,
    /// What it is done to.
    pub target: String,
    /// The stores or columns concerned, may be empty.
    pub object: String,
}

/// One finding with all its sites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub key: Key,
    /// In words, with the services named.
    pub message: String,
    pub sites: Vec<Evidence>,
}

/// All findings, sorted by key.
pub fn findings(report: &Report) -> Vec<Finding> {
    let (graph, partition) = (&report.graph, &report.partition);
    let service_of = |it: SymbolId| partition.symbol(it).service();
    let owner_of = |it: StoreId| partition.store(it).service();
    let service = |it: ServiceId| partition.services[it.index()].name.as_str();
    let mut found: BTreeMap<Key, (String, Vec<Evidence>)> = BTreeMap::new();
    let mut add = |rule: &str, source: &str, target: &str, object: String, message: String, site: Evidence| {
        let key = Key { rule: rule.to_owned(), source: source.to_owned(), target: target.to_owned(), object };
        found.entry(key).or_insert_with(|| (message, Vec::new())).1.push(site);
    };
    for call in graph.calls.iter().filter(|it| it.confidence > Confidence::Guess) {
        if let (Some(from), Some(to)) = (service_of(call.from), service_of(call.to))
            && from != to
        {
            let (source, target) = (&graph.symbol(call.from).name, &graph.symbol(call.to).name);
            let message = format!("{source} ({}) calls {target} ({})", service(from), service(to));
            add("cross-boundary-call", source, target, String::new(), message, call.evidence);
        }
    }
    for access in &graph.accesses {
        if let (Some(from), Some(owner)) = (service_of(access.symbol), owner_of(access.store))
            && from != owner
        {
            let (source, target) = (&graph.symbol(access.symbol).name, &graph.store(access.store).name);
            let writes = access.operation.effect() == Effect::Write;
            let (rule, verb) = if writes { ("foreign-store-write", "writes") } else { ("foreign-store-read", "reads") };
            let message = format!("{source} ({}) {verb} {target}, which {} owns", service(from), service(owner));
            add(rule, source, target, String::new(), message, access.evidence);
        }
    }
    let across = |stores: &[StoreId]| -> Option<(String, String)> {
        let mut owners: Vec<&str> = stores.iter().filter_map(|it| owner_of(*it)).map(service).collect();
        owners.sort_unstable();
        owners.dedup();
        let names: Vec<&str> = stores.iter().map(|it| graph.store(*it).name.as_str()).collect();
        (owners.len() > 1).then(|| (names.join(" "), owners.join(", ")))
    };
    for join in &graph.joins {
        if let Some((stores, owners)) = across(&join.stores) {
            let source = &graph.symbol(join.symbol).name;
            let message = format!("{source} joins {stores}, which {owners} own");
            add("cross-boundary-join", source, "", stores, message, join.evidence);
        }
    }
    for transaction in &graph.transactions {
        if let Some((stores, owners)) = across(&transaction.writes) {
            let source = &graph.symbol(transaction.symbol).name;
            let message = format!("{source} writes {stores} in one transaction; {owners} own them");
            add("cross-boundary-transaction", source, "", stores, message, transaction.evidence);
        }
    }
    for id in graph.store_ids() {
        for key in &graph.store(id).foreign_keys {
            if let (Some(from), Some(to)) = (owner_of(id), owner_of(key.store))
                && from != to
            {
                let (source, target) = (&graph.store(id).name, &graph.store(key.store).name);
                let message = format!("{source} ({}) references {target} ({})", service(from), service(to));
                add("cross-boundary-foreign-key", source, target, key.columns.join(" "), message, key.evidence);
            }
        }
    }
    found
        .into_iter()
        .map(|(key, (message, mut sites))| {
            sites.sort_unstable();
            sites.dedup();
            Finding { key, message, sites }
        })
        .collect()
}
