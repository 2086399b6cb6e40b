//! Modularity, the best of several seeds, and the rewired graphs that say what chance gives.

use rustc_hash::FxHashSet;

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

/// What becomes of edges that meet in a rewired graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubles {
    /// They add up, as call sites do.
    Merge,
    /// They exchange an end with some other edge until each stands alone, where the graph is sparse enough for that.
    Part,
}

/// Edges tried in turn to exchange an end with.
const EXCHANGES: usize = 64;

/// The same degrees, other neighbors: what structure there is by chance.
pub fn rewire(graph: &WeightedGraph, doubles: Doubles, random: &mut Random) -> WeightedGraph {
    let edges: Vec<(u32, u32, f64)> = graph.edges().filter(|it| it.0 != it.1).collect();
    let mut ends: Vec<u32> = edges.iter().flat_map(|it| [it.0, it.1]).collect();
    random.shuffle(&mut ends);
    match doubles {
        Doubles::Part => part(&mut ends, random),
        // One pass swaps away loops; what is left of them is dropped, as in the configuration model.
        Doubles::Merge => {
            for at in 0..edges.len() {
                if ends[2 * at] == ends[2 * at + 1] {
                    let other = random.below(ends.len());
                    ends.swap(2 * at, other);
                }
            }
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

/// Edges that are loops, or stand where another one does, exchange an end with an edge that is neither.
fn part(ends: &mut [u32], random: &mut Random) {
    let key = |a: u32, b: u32| (a.min(b), a.max(b));
    let mut taken: FxHashSet<(u32, u32)> = FxHashSet::default();
    let mut alone: Vec<bool> = ends.chunks(2).map(|it| it[0] != it[1] && taken.insert(key(it[0], it[1]))).collect();
    for at in 0..alone.len() {
        for _ in 0..EXCHANGES {
            if alone[at] {
                break;
            }
            let other = random.below(alone.len());
            let (a, b, c, d) = (ends[2 * at], ends[2 * at + 1], ends[2 * other], ends[2 * other + 1]);
            let (one, two) = (key(a, d), key(c, b));
            let free = a != d && c != b && one != two && !taken.contains(&one) && !taken.contains(&two);
            if alone[other] && free {
                taken.remove(&key(c, d));
                taken.extend([one, two]);
                ends.swap(2 * at + 1, 2 * other + 1);
                alone[at] = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rewired_graphs_keep_their_degrees() {
        // Two hubs with twelve followers each, and a ring around all.
        let mut edges: Vec<(u32, u32, f64)> = (2..14).flat_map(|it| [(0, it, 1.0), (1, it + 20, 2.0)]).collect();
        edges.extend((2..60).map(|it| (it, if it == 59 { 2 } else { it + 1 }, 3.0)));
        let graph = WeightedGraph::from_exact(60, &edges);
        let doubled = |doubles: Doubles, seed: u64| {
            let rewired = rewire(&graph, doubles, &mut Random::new(seed));
            let differs = |it: &u32| rewired.row(*it).count() != graph.row(*it).count();
            (0..60).filter(differs).count()
        };
        let kept = |doubles: Doubles| (0..20).filter(|seed| doubled(doubles, *seed) == 0).count();
        assert_eq!(kept(Doubles::Part), 20);
        assert!(kept(Doubles::Merge) < 20, "some edges meet");
    }
}
