//! Clusters a graph many times under perturbed weights and resolutions, and keeps what stays together.
//!
//! Each run multiplies every weight by a log-normal factor and takes one of three neighboring resolutions. The share of
//! runs in which the ends of an edge share a cluster, squared, becomes the edge's weight in a last run. The runs
//! themselves say how sure each placement is.

use rayon::prelude::*;

use crate::partition::weighted::{Constraints, Contracted, Random, WeightedGraph};
use crate::partition::{Clusterer, Tuning};

/// Standard deviation of the logarithm of the factor on each weight.
const NOISE: f64 = 0.3;
/// How many factors there are to draw from, an even number.
const FACTORS: usize = 4096;
/// Resolutions of the runs, as factors.
const SPREAD: [f64; 3] = [0.8, 1.0, 1.25];

/// A clustering and the runs behind it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Consensus {
    pub clusters: Vec<u32>,
    pub runs: Vec<Vec<u32>>,
}

/// Clusters `graph` with `runs` perturbed runs; without runs it is one plain clustering.
pub fn consensus(
    graph: &WeightedGraph,
    constraints: &Constraints,
    clusterer: &dyn Clusterer,
    tuning: &Tuning,
    runs: u32,
) -> Consensus {
    let noisy = Noisy::new(graph, constraints, clusterer);
    let runs = noisy.runs(clusterer, tuning, u64::from(runs));
    if runs.is_empty() {
        return Consensus { clusters: clusterer.cluster(graph, constraints, tuning), runs };
    }
    let shared: Vec<(u32, u32, f64)> = noisy
        .edges
        .iter()
        .map(|&(a, b, _)| {
            let together = runs.iter().filter(|it| it[a as usize] == it[b as usize]).count();
            let share = together as f64 / runs.len() as f64;
            (a, b, (share * share * crate::partition::weighted::SCALE).round())
        })
        .filter(|it| it.2 > 0.0)
        .collect();
    let clusters = clusterer.cluster(&graph.with_edges(&shared), constraints, tuning);
    Consensus { clusters, runs }
}

/// Clusterings under perturbed weights and resolutions.
pub fn perturbed(
    graph: &WeightedGraph,
    constraints: &Constraints,
    clusterer: &dyn Clusterer,
    tuning: &Tuning,
    runs: u64,
) -> Vec<Vec<u32>> {
    Noisy::new(graph, constraints, clusterer).runs(clusterer, tuning, runs)
}

/// A graph whose weights are drawn anew for each run. What must stay together is one node, and where each edge stands is
/// known, so that a run sorts nothing.
struct Noisy {
    /// Edges between different nodes, with the weights as they are.
    edges: Vec<(u32, u32, f64)>,
    contracted: Contracted,
    constraints: Constraints,
    /// Where the two entries of each edge stand in the rows, or one node's loop.
    entries: Vec<Entry>,
    factors: Vec<f64>,
}

#[derive(Clone, Copy)]
enum Entry {
    Rows(u32, u32),
    Loop(u32),
}

impl Noisy {
    fn new(graph: &WeightedGraph, constraints: &Constraints, clusterer: &dyn Clusterer) -> Self {
        let edges: Vec<(u32, u32, f64)> = graph.edges().filter(|it| it.0 != it.1).collect();
        let contracted = clusterer.contract(graph, constraints);
        let small = &contracted.graph;
        let position = |from: u32, to: u32| {
            let start = small.starts[from as usize];
            let row = &small.targets[start as usize..small.starts[from as usize + 1] as usize];
            start + row.partition_point(|it| *it < to) as u32
        };
        let entries = edges
            .iter()
            .map(|edge| match (contracted.node_of[edge.0 as usize], contracted.node_of[edge.1 as usize]) {
                (a, b) if a == b => Entry::Loop(a),
                (a, b) => Entry::Rows(position(a, b), position(b, a)),
            })
            .collect();
        let constraints = contracted.constraints();
        Self { edges, contracted, constraints, entries, factors: factors() }
    }

    fn runs(&self, clusterer: &dyn Clusterer, tuning: &Tuning, runs: u64) -> Vec<Vec<u32>> {
        (0..runs).into_par_iter().map(|run| self.run(clusterer, tuning, run)).collect()
    }

    fn run(&self, clusterer: &dyn Clusterer, tuning: &Tuning, run: u64) -> Vec<u32> {
        let mut random = Random::new(tuning.seed.wrapping_mul(0x1_0001).wrapping_add(run));
        let mut graph = self.contracted.graph.clone();
        graph.weights.fill(0.0);
        graph.loops.fill(0.0);
        for (edge, entry) in self.edges.iter().zip(&self.entries) {
            let weight = (edge.2 * self.factors[random.below(FACTORS)]).round().max(1.0);
            match *entry {
                Entry::Rows(one, other) => {
                    graph.weights[one as usize] += weight;
                    graph.weights[other as usize] += weight;
                }
                Entry::Loop(node) => graph.loops[node as usize] += weight,
            }
        }
        let resolution = tuning.resolution * SPREAD[(run % 3) as usize];
        let tuning = Tuning { resolution, seed: tuning.seed.wrapping_add(run) };
        let clusters = clusterer.sketch(&graph, &self.constraints, &tuning);
        self.contracted.spread(&clusters)
    }
}

/// Log-normal factors to draw from, in pairs whose product is 1: making one for each edge of each run costs more than
/// clustering with it.
fn factors() -> Vec<f64> {
    let mut random = Random::new(0);
    let drawn = (0..FACTORS / 2).map(|_| NOISE * normal(&mut random));
    drawn.flat_map(|it| [it.exp(), (-it).exp()]).collect()
}

/// Standard normal by Box and Muller.
fn normal(random: &mut Random) -> f64 {
    let radius = (-2.0 * (1.0 - random.unit()).ln()).sqrt();
    radius * (std::f64::consts::TAU * random.unit()).cos()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::partition::leiden::Leiden;

    #[test]
    fn two_cliques_stay_two() {
        let mut edges = Vec::new();
        for base in [0, 4] {
            for a in base..base + 4 {
                edges.extend((a + 1..base + 4).map(|b| (a, b, 1000.0)));
            }
        }
        edges.push((0, 4, 1000.0));
        let graph = WeightedGraph::from_exact(8, &edges);
        let found = consensus(&graph, &Constraints::default(), &Leiden, &Tuning::default(), 12);
        assert_eq!(found.clusters, [0, 0, 0, 0, 1, 1, 1, 1]);
        assert_eq!(found.runs.len(), 12);
        let plain = consensus(&graph, &Constraints::default(), &Leiden, &Tuning::default(), 0);
        assert_eq!(plain.clusters, found.clusters);
    }
}
