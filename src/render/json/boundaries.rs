//! `seamline.declared/1` and `seamline.clustering/1`: what `seamline partition` answers.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

/// Values of the field `schema`.
pub const DECLARED_SCHEMA: &str = "seamline.declared/1";
pub const CLUSTERING_SCHEMA: &str = "seamline.clustering/1";

/// Boundaries that another tool's file declares, scored beside the ones proposed for the same checkout.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(title = "seamline.declared/1")]
pub struct Declared<'a> {
    #[schemars(extend("const" = DECLARED_SCHEMA))]
    pub schema: &'static str,
    /// Version of the program that wrote it.
    pub tool: &'static str,
    /// Names of the services that the file declares, sorted.
    pub services: Vec<&'a str>,
    /// What the file names and the project does not have, or has several times.
    pub unmatched: Vec<&'a str>,
    /// Metrics of the whole system under the declared boundaries, by id (see `docs/metrics.md`).
    pub declared: BTreeMap<&'static str, f64>,
    /// The same under the proposed ones.
    pub proposed: BTreeMap<&'static str, f64>,
    pub agreement: Agreement,
}

/// How far the two agree on the functions that both place in a service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Agreement {
    /// Functions that both place.
    pub functions: usize,
    /// Adjusted Rand index, at most 1; 0 is chance.
    pub ari: f64,
    /// Normalized mutual information, 0 to 1, arithmetic mean.
    pub nmi: f64,
    /// `MoJoFM` of the proposal against the declaration, 0 to 100.
    pub mojofm: f64,
}

/// A neutral graph divided, or a given partition of it scored.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(title = "seamline.clustering/1")]
pub struct Clustering<'a> {
    #[schemars(extend("const" = CLUSTERING_SCHEMA))]
    pub schema: &'static str,
    /// Version of the program that wrote it.
    pub tool: &'static str,
    /// Id of the clusterer; `given` where the partition was given.
    pub algorithm: &'a str,
    /// Resolution used; none where the partition was given.
    pub resolution: Option<f64>,
    /// Whether the clusters are better than chance, none swallows the rest, and perturbed weights keep them.
    pub convincing: bool,
    /// The same in words.
    pub verdict: &'a str,
    /// Standard deviations between the modularity found and the best that rewired graphs give.
    pub z_score: f64,
    /// Mean share of perturbed runs that keep a node with its cluster, 0 to 1; none where the partition was given.
    pub confidence: Option<f64>,
    /// Cluster of each node.
    pub partition: &'a BTreeMap<String, u32>,
    /// Every metric that the graph has the facts for, by id.
    pub metrics: &'a BTreeMap<&'static str, f64>,
    /// Agreement with the partition to compare with, by id.
    pub comparison: Option<&'a BTreeMap<&'static str, f64>>,
}
