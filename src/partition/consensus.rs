//! Clusters a graph many times under perturbed weights and resolutions, and keeps what stays together.
//!
//! Each run multiplies every weight by a log-normal factor and takes one of three neighboring resolutions. The share of
//! runs in which the ends of an edge share a cluster, squared, becomes the edge's weight in a last run. The runs
//! themselves say how sure each placement is.

use rayon::prelude::*;

use crate::partition::weighted::{Constraints, Random, WeightedGraph};
use crate::partition::{Clusterer, Tuning};

/// Standard deviation of the logarithm of the factor on each weight.
const NOISE: f64 = 0.3;
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
    let edges: Vec<(u32, u32, f64)> = graph.edges().filter(|it| it.0 != it.1).collect();
    let runs: Vec<Vec<u32>> = (0..u64::from(runs))
        .into_par_iter()
        .map(|run| perturbed_edges(graph, &edges, constraints, clusterer, tuning, run))
        .collect();
    if runs.is_empty() {
        return Consensus { clusters: clusterer.cluster(graph, constraints, tuning), runs };
    }
    let shared: Vec<(u32, u32, f64)> = edges
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

/// One run on perturbed weights.
pub fn perturbed(
    graph: &WeightedGraph,
    constraints: &Constraints,
    clusterer: &dyn Clusterer,
    tuning: &Tuning,
    run: u64,
) -> Vec<u32> {
    let edges: Vec<(u32, u32, f64)> = graph.edges().filter(|it| it.0 != it.1).collect();
    perturbed_edges(graph, &edges, constraints, clusterer, tuning, run)
}

fn perturbed_edges(
    graph: &WeightedGraph,
    edges: &[(u32, u32, f64)],
    constraints: &Constraints,
    clusterer: &dyn Clusterer,
    tuning: &Tuning,
    run: u64,
) -> Vec<u32> {
    let mut random = Random::new(tuning.seed.wrapping_mul(0x1_0001).wrapping_add(run));
    let noisy: Vec<(u32, u32, f64)> =
        edges.iter().map(|it| (it.0, it.1, (it.2 * (NOISE * normal(&mut random)).exp()).round().max(1.0))).collect();
    let noisy = graph.with_edges(&noisy);
    let resolution = tuning.resolution * SPREAD[(run % 3) as usize];
    clusterer.cluster(&noisy, constraints, &Tuning { resolution, seed: tuning.seed.wrapping_add(run) })
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
