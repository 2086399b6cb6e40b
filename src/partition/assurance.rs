//! Whether the clusters of a neutral graph are more than chance: the tests that a system's proposal has to pass, on the
//! graph as it was given.

use std::collections::BTreeMap;

use crate::partition::confidence::{LEAST_CONFIDENCE, LEAST_Z, MANY, z_score};
use crate::partition::consensus::perturbed;
use crate::partition::draft::heaviest;
use crate::partition::neutral::{Clustering, NeutralGraph};
use crate::partition::weighted::{Constraints, WeightedGraph, contract};
use crate::partition::{Clusterer, Tuning};

/// A cluster with more than this share of the nodes swallows the rest: the default of `services.max_share`.
const MOST: f64 = 0.7;
/// Perturbed runs; fewer above [`MANY`] edges.
const RUNS: u64 = 24;
const FEW_RUNS: u64 = 3;

/// Edges for each connected node, below which a graph is little more than a tree: it falls apart wherever it is cut, dealt out at
/// random as well, and how well varies more than a few null models tell.
const FEW_EDGES: f64 = 1.25;

/// Whether clusters hold, and the figures behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Assurance {
    pub holds: bool,
    /// In words with figures.
    pub words: String,
    /// Standard deviations between the modularity found and the best that rewired graphs give.
    pub z_score: f64,
    /// Mean share of perturbed runs that keep a node with its cluster; none without a clusterer.
    pub confidence: Option<f64>,
}

/// Judges the clusters of a graph. A partition that was given comes without the clusterer that could be perturbed.
pub fn assure(graph: &NeutralGraph, found: &Clustering, clusterer: Option<&dyn Clusterer>, seed: u64) -> Assurance {
    let (weighted, constraints) = graph.weighted();
    // What must stay together proves nothing by being together.
    let contracted = contract(&weighted, &constraints);
    let mut clusters = vec![u32::MAX; contracted.graph.len()];
    for (name, node) in weighted.names.iter().zip(&contracted.node_of) {
        if let Some(cluster) = found.partition.get(name) {
            clusters[*node as usize] = *cluster;
        }
    }
    let alone = clusters.iter().filter(|it| **it != u32::MAX).max().map_or(0, |it| *it + 1);
    for cluster in clusters.iter_mut().filter(|it| **it == u32::MAX) {
        *cluster = alone;
    }
    let confidence = clusterer.map(|it| {
        let tuning = Tuning { resolution: found.resolution, seed };
        let runs = if weighted.targets.len() > 2 * MANY { FEW_RUNS } else { RUNS };
        let small = &contracted.graph;
        let kept: Vec<f64> = perturbed(small, &Constraints::default(), it, &tuning, runs)
            .iter()
            .map(|run| kept(small, &clusters, run))
            .collect();
        kept.iter().sum::<f64>() / kept.len() as f64
    });
    let z_score = z_score(&contracted.graph, &clusters, seed);
    let no =
        |words: String| Assurance { holds: false, words: format!("nothing convincing: {words}"), z_score, confidence };
    let mut sizes: BTreeMap<u32, usize> = BTreeMap::new();
    for cluster in found.partition.values() {
        *sizes.entry(*cluster).or_insert(0) += 1;
    }
    let largest = sizes.values().max().copied().unwrap_or(0) as f64 / found.partition.len().max(1) as f64;
    if sizes.len() < 2 {
        return no("everything is in one cluster".to_owned());
    }
    if largest > MOST {
        return no(format!("one cluster holds {:.0} % of the nodes", 100.0 * largest));
    }
    let small = &contracted.graph;
    let connected = (0..small.len()).filter(|it| small.row(*it as u32).next().is_some()).count();
    if (small.edge_count() as f64) < FEW_EDGES * connected as f64 {
        return no(format!("{} edges between {connected} nodes are too few to tell", small.edge_count()));
    }
    if let Some(share) = confidence.filter(|it| *it < LEAST_CONFIDENCE) {
        return no(format!("perturbed weights keep only {:.0} % of the nodes in place", 100.0 * share));
    }
    if z_score < LEAST_Z {
        return no(format!("the same edges dealt out at random divide as well (z {z_score:.1})"));
    }
    let sure = confidence.map_or_else(String::new, |it| format!(", confidence {it:.2}"));
    let words = format!(
        "{} clusters, {z_score:.1} standard deviations above chance, the largest with {:.0} % of the nodes{sure}",
        sizes.len(),
        100.0 * largest
    );
    Assurance { holds: true, words, z_score, confidence }
}

/// Share of the connected nodes that a run puts into the cluster which takes most of their own.
fn kept(graph: &WeightedGraph, own: &[u32], run: &[u32]) -> f64 {
    let connected: Vec<usize> = (0..own.len()).filter(|it| graph.row(*it as u32).next().is_some()).collect();
    let mut overlap: BTreeMap<u32, BTreeMap<u32, f64>> = BTreeMap::new();
    for node in &connected {
        *overlap.entry(run[*node]).or_default().entry(own[*node]).or_insert(0.0) += 1.0;
    }
    let stands_for: BTreeMap<u32, u32> =
        overlap.iter().filter_map(|(cluster, sums)| Some((*cluster, heaviest(sums)?.0))).collect();
    let same = connected.iter().filter(|it| stands_for.get(&run[**it]) == Some(&own[**it])).count();
    same as f64 / connected.len().max(1) as f64
}
