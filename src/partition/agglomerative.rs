//! Agglomerative clustering on entity access: stores that the same code touches merge first, code follows its stores.
//!
//! Similarity of two stores is the weighted Jaccard index of the code around them; linkage is the average. The
//! dendrogram is cut where modularity over the similarities is highest. Without stores, all nodes are items.

use std::collections::BTreeMap;

use crate::partition::weighted::{Constraints, Contracted, WeightedGraph, contract, renumber};
use crate::partition::{Clusterer, Tuning};

/// Neighbors above which a node says nothing about what belongs together.
const MAX_FAN: usize = 64;

pub struct Agglomerative;

impl Clusterer for Agglomerative {
    fn id(&self) -> &'static str {
        "agglomerative"
    }

    fn summary(&self) -> &'static str {
        "average linkage of stores by the code that touches them; code follows its stores"
    }

    fn cluster(&self, graph: &WeightedGraph, constraints: &Constraints, tuning: &Tuning) -> Vec<u32> {
        let small = contract(graph, constraints);
        let mut clusters = link(&small, tuning.resolution);
        follow(&small, &mut clusters);
        let mut res: Vec<u32> = small.node_of.iter().map(|it| clusters[*it as usize]).collect();
        renumber(&mut res);
        res
    }
}

/// Merges the items; the rest keep a number of their own.
fn link(small: &Contracted, resolution: f64) -> Vec<u32> {
    let nodes = small.graph.len() as u32;
    let by_store = small.graph.is_store.contains(&true);
    let is_item = |it: u32| !by_store || small.graph.is_store[it as usize];
    let mut rows = similarities(&small.graph, is_item);
    let mut cluster: Vec<u32> = (0..nodes).collect();
    let mut size = vec![1.0; nodes as usize];
    let mut labeled = small.conflicts.labeled.clone();
    let mut apart = small.conflicts.apart.clone();
    let mut strength: Vec<f64> = rows.iter().map(|it| it.values().sum()).collect();
    let total: f64 = strength.iter().sum();
    let mut merges: Vec<(u32, u32)> = Vec::new();
    let (mut gained, mut best) = (0.0, (0.0, 0));
    // Rows hold the sum of similarities between two clusters; the best partner of each row is kept.
    let mut partner: Vec<Option<(f64, u32)>> = vec![None; nodes as usize];
    let may_join = |labeled: &[bool], apart: &[Vec<u32>], a: u32, b: u32| {
        let both = labeled[a as usize] && labeled[b as usize];
        !both && apart.get(a as usize).is_none_or(|it| it.binary_search(&b).is_err())
    };
    let find = |row: &BTreeMap<u32, f64>, a: u32, size: &[f64], labeled: &[bool], apart: &[Vec<u32>]| {
        let mut res: Option<(f64, u32)> = None;
        for (&b, sum) in row {
            let mean = sum / (size[a as usize] * size[b as usize]);
            if may_join(labeled, apart, a, b) && res.is_none_or(|it| mean > it.0) {
                res = Some((mean, b));
            }
        }
        res
    };
    for a in 0..nodes {
        partner[a as usize] = find(&rows[a as usize], a, &size, &labeled, &apart);
    }
    loop {
        let mut next: Option<(f64, u32, u32)> = None;
        for a in 0..nodes {
            if let Some((mean, b)) = partner[a as usize]
                && next.is_none_or(|it| mean > it.0)
            {
                next = Some((mean, a, b));
            }
        }
        let Some((_, a, b)) = next else { break };
        let (keep, gone) = (a.min(b), a.max(b));
        let between = rows[keep as usize].get(&gone).copied().unwrap_or(0.0);
        gained += 2.0 * between / total
            - 2.0 * resolution * strength[keep as usize] * strength[gone as usize] / (total * total);
        merges.push((keep, gone));
        if gained > best.0 {
            best = (gained, merges.len());
        }
        let moved = std::mem::take(&mut rows[gone as usize]);
        partner[gone as usize] = None;
        strength[keep as usize] += strength[gone as usize];
        size[keep as usize] += size[gone as usize];
        labeled[keep as usize] |= labeled[gone as usize];
        if !apart.is_empty() {
            let others = std::mem::take(&mut apart[gone as usize]);
            for &other in &others {
                apart[other as usize].push(keep);
                apart[other as usize].sort_unstable();
            }
            apart[keep as usize].extend(others);
            apart[keep as usize].sort_unstable();
        }
        let mut changed: Vec<u32> = Vec::new();
        for (other, sum) in moved {
            rows[other as usize].remove(&gone);
            if other != keep {
                *rows[keep as usize].entry(other).or_insert(0.0) += sum;
                *rows[other as usize].entry(keep).or_insert(0.0) += sum;
            }
        }
        changed.extend(rows[keep as usize].keys().copied());
        changed.push(keep);
        for at in changed {
            partner[at as usize] = find(&rows[at as usize], at, &size, &labeled, &apart);
        }
    }
    for &(keep, gone) in &merges[..best.1] {
        for it in &mut cluster {
            if *it == gone {
                *it = keep;
            }
        }
    }
    cluster
}

/// Weighted Jaccard index of the neighborhoods of items that share a neighbor, by item and item.
fn similarities(graph: &WeightedGraph, is_item: impl Fn(u32) -> bool) -> Vec<BTreeMap<u32, f64>> {
    let nodes = graph.len() as u32;
    let mut shared: Vec<BTreeMap<u32, f64>> = vec![BTreeMap::new(); nodes as usize];
    for hub in 0..nodes {
        let around: Vec<(u32, f64)> = graph.row(hub).filter(|it| is_item(it.0)).collect();
        if around.len() > MAX_FAN {
            continue;
        }
        for &(a, to_a) in &around {
            for &(b, to_b) in &around {
                if a != b {
                    *shared[a as usize].entry(b).or_insert(0.0) += to_a.min(to_b);
                }
            }
        }
    }
    for item in (0..nodes).filter(|it| is_item(*it)) {
        for (other, weight) in graph.row(item).filter(|it| is_item(it.0)) {
            *shared[item as usize].entry(other).or_insert(0.0) += weight;
        }
    }
    let around: Vec<f64> = (0..nodes).map(|it| graph.row(it).map(|it| it.1).sum()).collect();
    for (a, row) in shared.iter_mut().enumerate() {
        for (b, sum) in row.iter_mut() {
            *sum = (*sum / (around[a] + around[*b as usize] - *sum).max(1.0)).min(1.0);
        }
    }
    shared
}

/// Code joins the cluster it touches most, step by step from the stores outward.
fn follow(small: &Contracted, clusters: &mut [u32]) {
    let nodes = small.graph.len() as u32;
    if !small.graph.is_store.contains(&true) {
        return;
    }
    let mut placed: Vec<bool> = small.graph.is_store.clone();
    let mut labeled = vec![false; nodes as usize];
    for node in 0..nodes as usize {
        labeled[clusters[node] as usize] |= small.conflicts.labeled[node];
    }
    loop {
        let mut joins: Vec<(u32, u32)> = Vec::new();
        for node in (0..nodes).filter(|it| !placed[*it as usize]) {
            let mut pull: BTreeMap<u32, f64> = BTreeMap::new();
            for (other, weight) in small.graph.row(node).filter(|it| placed[it.0 as usize]) {
                *pull.entry(clusters[other as usize]).or_insert(0.0) += weight;
            }
            let mut best: Option<(f64, u32)> = None;
            for (cluster, weight) in pull {
                if best.is_none_or(|it| weight > it.0) {
                    best = Some((weight, cluster));
                }
            }
            if let Some((_, cluster)) = best {
                joins.push((node, cluster));
            }
        }
        if joins.is_empty() {
            break;
        }
        for (node, cluster) in joins {
            placed[node as usize] = true;
            let at = node as usize;
            let conflict = (small.conflicts.labeled[at] && labeled[cluster as usize])
                || small
                    .conflicts
                    .apart
                    .get(at)
                    .is_some_and(|others| others.iter().any(|it| clusters[*it as usize] == cluster));
            if !conflict {
                clusters[at] = cluster;
                labeled[cluster as usize] |= small.conflicts.labeled[at];
            }
        }
    }
}
