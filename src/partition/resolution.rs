//! Which resolution: sweeps it and looks for plateaus where the answer does not change.

use rayon::prelude::*;

use crate::measure::agreement::adjusted_rand_index;
use crate::partition::weighted::{Constraints, WeightedGraph};
use crate::partition::{Clusterer, Tuning};

/// Lowest and highest resolution tried.
const LOWEST: f64 = 0.25;
const HIGHEST: f64 = 3.0;
/// Agreement of neighbors on a plateau.
const SAME: f64 = 0.95;
/// A plateau is at least this long, in natural logarithms of the resolution.
const LENGTH: f64 = 0.4;

/// One resolution of the sweep and what it gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub resolution: f64,
    pub clusters: Vec<u32>,
    pub count: usize,
}

/// Where the answer holds over a range of resolutions.
#[derive(Clone, Debug, PartialEq)]
pub struct Plateau {
    /// Position in the sweep of the step that stands for it.
    pub at: usize,
    /// In natural logarithms of the resolution.
    pub length: f64,
    pub valid: bool,
}

/// Clusters at `steps` resolutions on a logarithmic grid, the best of `tries` seeds at each.
pub fn sweep(
    graph: &WeightedGraph,
    constraints: &Constraints,
    clusterer: &dyn Clusterer,
    steps: usize,
    tries: u64,
    seed: u64,
) -> Vec<Step> {
    (0..steps)
        .into_par_iter()
        .map(|at| {
            let resolution = LOWEST * (HIGHEST / LOWEST).powf(at as f64 / (steps.max(2) - 1) as f64);
            best_of(graph, constraints, clusterer, resolution, tries, seed)
        })
        .collect()
}

/// The clustering of highest modularity among `tries` seeds.
pub fn best_of(
    graph: &WeightedGraph,
    constraints: &Constraints,
    clusterer: &dyn Clusterer,
    resolution: f64,
    tries: u64,
    seed: u64,
) -> Step {
    let mut best: Option<(f64, Vec<u32>)> = None;
    for attempt in 0..tries.max(1) {
        let tuning = Tuning { resolution, seed: seed.wrapping_add(attempt) };
        let clusters = clusterer.cluster(graph, constraints, &tuning);
        let found = modularity(graph, &clusters, resolution);
        if best.as_ref().is_none_or(|it| found > it.0 + 1e-12) {
            best = Some((found, clusters));
        }
    }
    let clusters = best.map_or_else(Vec::new, |it| it.1);
    let count = clusters.iter().max().map_or(0, |it| *it as usize + 1);
    Step { resolution, clusters, count }
}

/// Runs of steps that agree with each other, longest first. Those with one cluster, or with one above `max_share`
/// of the nodes, are not valid.
pub fn plateaus(steps: &[Step], max_share: f64) -> Vec<Plateau> {
    let mut res = Vec::new();
    let mut from = 0;
    for at in 0..steps.len() {
        let ends = at + 1 == steps.len() || adjusted_rand_index(&steps[at].clusters, &steps[at + 1].clusters) < SAME;
        if ends {
            let length = (steps[at].resolution / steps[from].resolution).ln();
            let middle = usize::midpoint(from, at);
            let step = &steps[middle];
            let largest = largest_share(&step.clusters, step.count);
            let valid = length >= LENGTH && step.count >= 2 && largest < max_share;
            res.push(Plateau { at: middle, length, valid });
            from = at + 1;
        }
    }
    res.sort_by(|a, b| b.valid.cmp(&a.valid).then(b.length.total_cmp(&a.length)).then(a.at.cmp(&b.at)));
    res
}

/// Share of the nodes in the largest cluster.
pub fn largest_share(clusters: &[u32], count: usize) -> f64 {
    let mut sizes = vec![0_usize; count];
    for it in clusters {
        sizes[*it as usize] += 1;
    }
    sizes.iter().max().copied().unwrap_or(0) as f64 / clusters.len().max(1) as f64
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
pub fn rewire(graph: &WeightedGraph, random: &mut crate::partition::weighted::Random) -> WeightedGraph {
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
