//! The neutral graph: nodes, weighted edges, and optionally use cases, transactions and functionalities, from any tool.
//!
//! `{"nodes":[{"id","kind","class"?,"contexts"?}], "edges":[{"from","to","kind","weight"}], "contexts"?, "transactions"?,
//! "functionalities"?, "entities"?}`. Nodes of kind `entry` are synthetic and left out. Unknown fields are ignored.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use crate::measure::calls::{
    Call, cut_and_cohesion, cut_weight_and_cohesion, inter_partition_calls, inter_partition_volume, interface_number,
    interface_number_m2m, structural_modularity, structural_modularity_m2m, typed_weight,
};
use crate::measure::functionalities::{Touch, cohesion, complexity, coupling, fan_out, sagas};
use crate::measure::modularity::{modularity, turbo_mq};
use crate::measure::purity::{context_count, context_entropy, transactional};
use crate::measure::size::{largest_share, non_extreme_distribution};
use crate::partition::Clusterer;
use crate::partition::resolution::best_of;
use crate::partition::weighted::{Constraints, InputNode, WeightedGraph};

/// One node.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Node {
    pub id: String,
    #[serde(default)]
    pub kind: String,
    /// Nodes of one class stay together.
    #[serde(default)]
    pub class: Option<String>,
    /// Positions in the graph's list of use cases.
    #[serde(default)]
    pub contexts: Vec<u32>,
    /// Where it is declared to be, for the `declared` clusterer.
    #[serde(default)]
    pub service: Option<String>,
}

/// One directed edge.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Edge {
    pub from: String,
    pub to: String,
    #[serde(default)]
    pub kind: String,
    #[serde(default = "one")]
    pub weight: f64,
}

fn one() -> f64 {
    1.0
}

/// What one transaction touches.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// Class that opens it, or the functionality's name.
    pub entry: String,
    /// Entity and whether it is written, in order.
    pub touches: Vec<(String, bool)>,
}

/// A parsed neutral graph.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NeutralGraph {
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
    pub transactions: Vec<Unit>,
    pub functionalities: Vec<Unit>,
}

#[derive(Deserialize)]
struct Raw {
    #[serde(default)]
    nodes: Vec<Node>,
    #[serde(default)]
    edges: Vec<Edge>,
    #[serde(default)]
    transactions: Value,
    #[serde(default)]
    functionalities: Value,
    #[serde(default)]
    entities: Value,
}

/// How a neutral graph was clustered.
#[derive(Clone, Debug, PartialEq)]
pub struct Clustering {
    /// Cluster of each clustered node, by name.
    pub partition: BTreeMap<String, u32>,
    pub resolution: f64,
}

/// Reads the JSON text of a neutral graph; the error says where and what.
pub fn parse(text: &str) -> Result<NeutralGraph, String> {
    let raw: Raw = serde_json::from_str(text).map_err(|it| it.to_string())?;
    let mut nodes = raw.nodes;
    let mut known: BTreeSet<String> = BTreeSet::new();
    for node in &nodes {
        if !known.insert(node.id.clone()) {
            return Err(format!("node `{}` stands twice: give each node one entry", node.id));
        }
    }
    for edge in &raw.edges {
        for end in [&edge.from, &edge.to] {
            if !known.contains(end) {
                return Err(format!("an edge names `{end}`, which is no node: add it to `nodes`"));
            }
        }
        if !edge.weight.is_finite() || edge.weight < 0.0 {
            return Err(format!(
                "the edge from `{}` to `{}` has no usable weight: write 0 or more",
                edge.from, edge.to
            ));
        }
    }
    let transactions = units(&raw.transactions);
    let functionalities = units(&raw.functionalities);
    let named = named_items(&raw.entities);
    let touched = transactions.iter().chain(&functionalities).flat_map(|it| it.touches.iter().map(|it| it.0.clone()));
    let entities: BTreeSet<String> = touched.chain(named).collect();
    for id in entities {
        if known.insert(id.clone()) {
            nodes.push(Node { id, kind: "entity".to_owned(), ..Node::default() });
        }
    }
    Ok(NeutralGraph { nodes, edges: raw.edges, transactions, functionalities })
}

/// `[{"entry"|"name", "tables"|"entities"|"accesses": ..}]` or `{name: accesses}`.
fn units(value: &Value) -> Vec<Unit> {
    let of = |name: &str, value: &Value| -> Option<Unit> {
        let (entry, list) = match value {
            Value::Object(fields) => {
                let entry = ["entry", "name", "id"].iter().find_map(|it| fields.get(*it)?.as_str()).unwrap_or(name);
                let list = ["accesses", "tables", "entities", "trace", "sequence", "stores"];
                match list.iter().find_map(|it| fields.get(*it)) {
                    Some(list) => (entry, list),
                    None => (name, value),
                }
            }
            other => (name, other),
        };
        let touches = touches(list);
        (!touches.is_empty()).then(|| Unit { entry: entry.to_owned(), touches })
    };
    match value {
        Value::Array(items) => items.iter().filter_map(|it| of("", it)).collect(),
        Value::Object(fields) => fields.iter().filter_map(|(name, it)| of(name, it)).collect(),
        _ => Vec::new(),
    }
}

/// `{"orders": "RW"}`, `["orders"]`, `[["orders", "W"]]`, `[{"entity": "orders", "mode": "W"}]`.
fn touches(value: &Value) -> Vec<(String, bool)> {
    let writes = |mode: &str| {
        let mode = mode.to_ascii_lowercase();
        mode.contains('w') || ["insert", "update", "delete", "upsert", "create"].contains(&mode.as_str())
    };
    match value {
        Value::Object(fields) => {
            fields.iter().map(|(name, mode)| (name.clone(), mode.as_str().is_some_and(writes))).collect()
        }
        Value::Array(items) => items
            .iter()
            .filter_map(|item| match item {
                Value::String(name) => Some((name.clone(), false)),
                Value::Array(pair) => {
                    let texts: Vec<&str> = pair.iter().filter_map(Value::as_str).collect();
                    match texts.as_slice() {
                        [mode @ ("R" | "W" | "RW"), name] => Some(((*name).to_owned(), writes(mode))),
                        [name, mode, ..] => Some(((*name).to_owned(), writes(mode))),
                        [name] => Some(((*name).to_owned(), false)),
                        [] => None,
                    }
                }
                Value::Object(fields) => {
                    let text = |keys: &[&str]| keys.iter().find_map(|it| fields.get(*it)?.as_str());
                    let name = text(&["entity", "store", "table", "id", "name"])?;
                    Some((
                        name.to_owned(),
                        text(&["mode", "effect", "operation", "type", "access"]).is_some_and(writes),
                    ))
                }
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn named_items(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items
            .iter()
            .filter_map(|it| match it {
                Value::String(name) => Some(name.clone()),
                Value::Object(fields) => {
                    ["id", "name"].iter().find_map(|key| fields.get(*key)?.as_str()).map(str::to_owned)
                }
                _ => None,
            })
            .collect(),
        Value::Object(fields) => fields.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

impl NeutralGraph {
    fn is_store(node: &Node) -> bool {
        matches!(node.kind.as_str(), "table" | "store" | "collection")
    }

    /// Node positions by id.
    fn index(&self) -> BTreeMap<&str, u32> {
        self.nodes.iter().enumerate().map(|(at, node)| (node.id.as_str(), at as u32)).collect()
    }

    /// The graph to cluster, and the constraints that classes put on it.
    pub fn weighted(&self) -> (WeightedGraph, Constraints) {
        let index = self.index();
        let kept: Vec<u32> =
            (0..self.nodes.len() as u32).filter(|it| self.nodes[*it as usize].kind != "entry").collect();
        let mut services: BTreeMap<&str, u32> = BTreeMap::new();
        for name in self.nodes.iter().filter_map(|it| it.service.as_deref()) {
            let next = services.len() as u32;
            services.entry(name).or_insert(next);
        }
        let mut position = vec![u32::MAX; self.nodes.len()];
        let input: Vec<InputNode> = kept
            .iter()
            .enumerate()
            .map(|(at, node)| {
                position[*node as usize] = at as u32;
                let node = &self.nodes[*node as usize];
                let declared = node.service.as_deref().and_then(|it| services.get(it).copied());
                InputNode { name: node.id.clone(), is_store: Self::is_store(node), declared }
            })
            .collect();
        let mut edges: Vec<(u32, u32, f64)> = Vec::new();
        let mut put = |from: u32, to: u32, weight: f64| {
            // What stays inside a class moves with it and says nothing about where.
            let class = |it: u32| self.nodes[it as usize].class.as_deref();
            if class(from).is_some() && class(from) == class(to) {
                return;
            }
            let (from, to) = (position[from as usize], position[to as usize]);
            if from != to && from != u32::MAX && to != u32::MAX {
                edges.push((from, to, weight));
            }
        };
        for edge in &self.edges {
            if edge.weight > 0.0 {
                let weight = kind_weight(&edge.kind) * (1.0 + edge.weight.max(1.0).ln());
                put(index[edge.from.as_str()], index[edge.to.as_str()], weight);
            }
        }
        self.tie_transactions(&index, &mut put);
        self.tie_functionalities(&index, &mut put);
        let (graph, place) = WeightedGraph::new(&input, &edges);
        let mut by_class: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (at, node) in kept.iter().enumerate() {
            if let Some(class) = self.nodes[*node as usize].class.as_deref() {
                by_class.entry(class).or_default().push(place[at]);
            }
        }
        let together = by_class.into_values().filter(|it| it.len() > 1).collect();
        (graph, Constraints { together, ..Constraints::default() })
    }

    /// A class hangs on the tables of the transactions it opens, the less the more classes do.
    fn tie_transactions(&self, index: &BTreeMap<&str, u32>, put: &mut impl FnMut(u32, u32, f64)) {
        let mut openers: BTreeMap<&str, BTreeMap<&str, bool>> = BTreeMap::new();
        for unit in &self.transactions {
            for (entity, writes) in &unit.touches {
                *openers.entry(entity).or_default().entry(&unit.entry).or_insert(false) |= writes;
            }
        }
        for (entity, classes) in openers {
            for (class, writes) in &classes {
                if let (Some(from), Some(to)) = (index.get(class), index.get(entity)) {
                    put(*from, *to, TRANSACTION * if *writes { 2.0 } else { 1.0 });
                }
            }
        }
    }

    /// Entities of one functionality hang together, the less the more there are.
    fn tie_functionalities(&self, index: &BTreeMap<&str, u32>, put: &mut impl FnMut(u32, u32, f64)) {
        for unit in &self.functionalities {
            let entities: BTreeSet<u32> =
                unit.touches.iter().filter_map(|it| index.get(it.0.as_str()).copied()).collect();
            let entities: Vec<u32> = entities.into_iter().collect();
            if (2..=30).contains(&entities.len()) {
                for (at, a) in entities.iter().enumerate() {
                    for b in &entities[at + 1..] {
                        put(*a, *b, 1.0 / (entities.len() as f64 - 1.0));
                    }
                }
            }
        }
    }

    /// Every metric the graph has the facts for, by id, of a partition by name.
    pub fn metrics(&self, partition: &BTreeMap<String, u32>) -> BTreeMap<&'static str, f64> {
        let order: Vec<&str> = self.nodes.iter().map(|it| it.id.as_str()).collect();
        self.metrics_in_order(partition, &order)
    }

    /// The same with the order in which a tool listed the nodes, on which M2M's SM depends.
    pub fn metrics_in_order(&self, partition: &BTreeMap<String, u32>, order: &[&str]) -> BTreeMap<&'static str, f64> {
        let index = self.index();
        let of_kind = |code: bool| -> Vec<Option<u32>> {
            self.nodes
                .iter()
                .map(|it| {
                    let counted = it.kind != "entry" && (!code || !Self::is_store(it));
                    partition.get(&it.id).copied().filter(|_| counted)
                })
                .collect()
        };
        let services = of_kind(true);
        let everything = of_kind(false);
        let calls: Vec<Call> = self
            .edges
            .iter()
            .filter(|it| it.weight > 0.0 && !it.kind.starts_with("table"))
            .map(|it| (index[it.from.as_str()], index[it.to.as_str()], it.weight))
            .collect();
        let mut res = BTreeMap::new();
        let known: BTreeSet<u32> = services.iter().flatten().copied().collect();
        res.insert("services", known.len() as f64);
        res.insert("ned", non_extreme_distribution(&services));
        res.insert("largest_share", largest_share(&services));
        if !calls.is_empty() {
            let order: Vec<u32> = order.iter().filter_map(|it| index.get(it).copied()).collect();
            res.insert("sm", structural_modularity_m2m(&calls, &services, &order));
            res.insert("sm_text", structural_modularity(&calls, &services));
            res.insert("icp", inter_partition_calls(&calls, &services));
            res.insert("icp_volume", inter_partition_volume(&calls, &services));
            res.insert("ifn", interface_number_m2m(&calls, &services));
            res.insert("ifn_text", interface_number(&calls, &services));
            res.insert("modularity", modularity(&calls, &services, 1.0));
            res.insert("turbo_mq", turbo_mq(&calls, &services));
            let (cut, own) = cut_and_cohesion(&calls, &services);
            res.insert("call_coupling", cut);
            res.insert("call_cohesion", own);
        }
        let typed: Vec<Call> = self
            .edges
            .iter()
            .map(|it| (index[it.from.as_str()], index[it.to.as_str()], typed_weight(&it.kind) * it.weight))
            .collect();
        if typed.iter().any(|it| it.2 > 0.0) {
            let (cut, own) = cut_weight_and_cohesion(&typed, &everything);
            res.insert("icsa23_coupling", cut);
            res.insert("icsa23_cohesion", own);
        }
        if self.nodes.iter().any(|it| !it.contexts.is_empty()) {
            let contexts: Vec<Vec<u32>> = self.nodes.iter().map(|it| it.contexts.clone()).collect();
            let with_entries: Vec<Option<u32>> = self.nodes.iter().map(|it| partition.get(&it.id).copied()).collect();
            res.insert("bcp", context_count(&contexts, &services));
            res.insert("bcp_entropy", context_entropy(&contexts, &with_entries));
        }
        if !self.transactions.is_empty() {
            let mut openers: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
            for unit in &self.transactions {
                if let Some(entry) = index.get(unit.entry.as_str()) {
                    for (entity, _) in &unit.touches {
                        openers.entry(entity).or_default().insert(*entry);
                    }
                }
            }
            let openers: Vec<BTreeSet<u32>> = openers.into_values().collect();
            res.insert("transactional_purity", transactional(&openers, &everything));
        }
        if !self.functionalities.is_empty() {
            let sequences: Vec<Vec<Touch>> = self
                .functionalities
                .iter()
                .map(|it| it.touches.iter().filter_map(|it| Some((*index.get(it.0.as_str())?, it.1))).collect())
                .collect();
            res.insert("inesc_complexity", complexity(&sequences, &everything));
            res.insert("inesc_cohesion", cohesion(&sequences, &everything));
            res.insert("inesc_coupling", coupling(&sequences, &everything));
            res.insert("functionality_fan_out", fan_out(&sequences, &everything));
            res.insert("sagas", sagas(&sequences, &everything) as f64);
        }
        res
    }
}

/// Resolution when none is asked for.
pub const RESOLUTION: f64 = 0.8;
/// Seeds tried; the best clustering is kept.
const TRIES: u64 = 12;
/// Weight of a transaction's tie between a class and a table.
const TRANSACTION: f64 = 2.0;

/// Weight of an edge kind for clustering: ICSA 2023's for its kinds, 1 for calls of other tools.
fn kind_weight(kind: &str) -> f64 {
    match kind {
        "calls" | "persists" | "uses" | "references" | "extends" => typed_weight(kind),
        "table_write" => 2.0,
        _ => 1.0,
    }
}

/// Clusters the graph, without a resolution at the usual one.
pub fn cluster(graph: &NeutralGraph, clusterer: &dyn Clusterer, resolution: Option<f64>, seed: u64) -> Clustering {
    let (weighted, constraints) = graph.weighted();
    let resolution = resolution.unwrap_or(RESOLUTION);
    let clusters = best_of(&weighted, &constraints, clusterer, resolution, TRIES, seed);
    Clustering { partition: weighted.names.into_iter().zip(clusters).collect(), resolution }
}
