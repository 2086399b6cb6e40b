//! Label propagation that spreads over data edges first, then over all edges (the idea of CARGO, ASE 2022).
//!
//! Plain label propagation tends to end in one label; the data round gives stores and the code around them a head start.

use crate::partition::weighted::{Constraints, Contracted, Random, WeightedGraph, contract, renumber};
use crate::partition::{Clusterer, Tuning};

/// Sweeps after which labels that still change are taken as they are.
const MAX_SWEEPS: usize = 30;

pub struct LabelPropagation;

impl Clusterer for LabelPropagation {
    fn id(&self) -> &'static str {
        "label-propagation"
    }

    fn summary(&self) -> &'static str {
        "labels spread over data edges first, then over all edges"
    }

    fn cluster(&self, graph: &WeightedGraph, constraints: &Constraints, tuning: &Tuning) -> Vec<u32> {
        let small = contract(graph, constraints);
        let mut labels: Vec<u32> = (0..small.graph.len() as u32).collect();
        let mut random = Random::new(tuning.seed);
        if small.graph.is_store.contains(&true) {
            spread(&small, &mut labels, &mut random, Edges::Data, tuning.resolution);
        }
        spread(&small, &mut labels, &mut random, Edges::All, tuning.resolution);
        let mut res: Vec<u32> = small.node_of.iter().map(|it| labels[*it as usize]).collect();
        renumber(&mut res);
        res
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Edges {
    /// Edges with a store at one end.
    Data,
    All,
}

/// Each node takes the label with the largest weight around it, less what the label's size makes likely.
fn spread(small: &Contracted, labels: &mut [u32], random: &mut Random, edges: Edges, resolution: f64) {
    let graph = &small.graph;
    let nodes = graph.len();
    let degrees: Vec<f64> = (0..nodes as u32).map(|it| graph.degree(it)).collect();
    let total: f64 = degrees.iter().sum::<f64>().max(1.0);
    let mut label_degree = vec![0.0; nodes];
    let mut labeled = vec![0_u32; nodes];
    for node in 0..nodes {
        label_degree[labels[node] as usize] += degrees[node];
        labeled[labels[node] as usize] += u32::from(small.conflicts.labeled[node]);
    }
    let mut order: Vec<u32> = (0..nodes as u32).collect();
    let mut weight_to = vec![0.0; nodes];
    let mut touched: Vec<u32> = Vec::new();
    for _ in 0..MAX_SWEEPS {
        random.shuffle(&mut order);
        let mut moved = 0;
        for &node in &order {
            let at = node as usize;
            for (other, weight) in graph.row(node) {
                if edges == Edges::Data && graph.is_store[at] == graph.is_store[other as usize] {
                    continue;
                }
                let label = labels[other as usize];
                if weight_to[label as usize] == 0.0 {
                    touched.push(label);
                }
                weight_to[label as usize] += weight;
            }
            let old = labels[at];
            // Half the pull of modularity: enough against one label for all, too little to split what hangs together.
            let score = |label: u32, own: f64| {
                weight_to[label as usize]
                    - 0.5 * resolution * degrees[at] * (label_degree[label as usize] - own) / total
            };
            let mut best = (score(old, degrees[at]).max(0.0), old);
            touched.sort_unstable();
            for &label in &touched {
                let apart = small.conflicts.apart.get(at);
                let conflict = (small.conflicts.labeled[at] && labeled[label as usize] > 0)
                    || apart.is_some_and(|others| others.iter().any(|it| labels[*it as usize] == label));
                if label != old && !conflict && score(label, 0.0) > best.0 {
                    best = (score(label, 0.0), label);
                }
            }
            for label in touched.drain(..) {
                weight_to[label as usize] = 0.0;
            }
            if best.1 != old {
                labels[at] = best.1;
                label_degree[old as usize] -= degrees[at];
                label_degree[best.1 as usize] += degrees[at];
                labeled[old as usize] -= u32::from(small.conflicts.labeled[at]);
                labeled[best.1 as usize] += u32::from(small.conflicts.labeled[at]);
                moved += 1;
            }
        }
        if moved == 0 {
            break;
        }
    }
}
