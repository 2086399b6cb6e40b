//! Modularity, the best of several seeds, and the rewired graphs that say what chance gives.

use crate::partition::weighted::{Constraints, Random, WeightedGraph};
use crate::partition::{Clusterer, Tuning};

/// The clustering of highest modularity among `tries` seeds.
pub fn best_of(
    graph: &WeightedGraph,
    constraints: &Constraints,
    clusterer: &dyn Clusterer,
    resolution: f64,
    tries: u64,
    seed: u64,
) -> Vec<u32> {
    let mut best: Option<(f64, Vec<u32>)> = None;
    for attempt in 0..tries.max(1) {
        let tuning = Tuning { resolution, seed: seed.wrapping_add(attempt) };
        let clusters = clusterer.cluster(graph, constraints, &tuning);
        let found = modularity(graph, &clusters, resolution);
        if best.as_ref().is_none_or(|it| found > it.0 + 1e-12) {
            best = Some((found, clusters));
        }
    }
    best.map_or_else(Vec::new, |it| it.1)
}

/// Modularity at a resolution, at most 1.
pub fn modularity(graph: &WeightedGraph, clusters: &[u32], resolution: f64) -> f64 {
    let total = graph.total();
    if total <= 0.0 {
        return 0.0;
    }
    let count = clusters.iter().max().map_or(0, |it| *it as usize + 1);
    let mut degree = vec![0.0; count];
    for (node, cluster) in clusters.iter().enumerate() {
        degree[*cluster as usize] += graph.degree(node as u32);
    }
    let inner: f64 = graph.edges().filter(|it| clusters[it.0 as usize] == clusters[it.1 as usize]).map(|it| it.2).sum();
    inner / total - resolution * degree.iter().map(|it| (it / (2.0 * total)).powi(2)).sum::<f64>()
}

/// The same degrees, other neighbors: what structure there is by chance.
pub fn rewire(graph: &WeightedGraph, random: &mut Random) -> WeightedGraph {
    let edges: Vec<(u32, u32, f64)> = graph.edges().filter(|it| it.0 != it.1).collect();
    let mut ends: Vec<u32> = edges.iter().flat_map(|it| [it.0, it.1]).collect();
    random.shuffle(&mut ends);
    // A few passes swap away loops; what is left of them is dropped, as in the configuration model.
    for at in 0..edges.len() {
        if ends[2 * at] == ends[2 * at + 1] {
            let other = random.below(ends.len());
            ends.swap(2 * at, other);
        }
    }
    let rewired: Vec<(u32, u32, f64)> = edges
        .iter()
        .enumerate()
        .map(|(at, it)| (ends[2 * at], ends[2 * at + 1], it.2))
        .filter(|it| it.0 != it.1)
        .collect();
    WeightedGraph::from_exact(graph.len(), &rewired)
}
