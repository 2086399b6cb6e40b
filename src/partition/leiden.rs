//! Leiden community detection (Traag, Waltman, van Eck 2019) on weighted graphs, with resolution and constraints.
//!
//! Quality is modularity in the Reichardt-Bornholdt form: `sum over clusters of in - resolution * degree^2 / 4m`.
//! Departures from the paper: nodes that must stay together are contracted first, and so is a node with its only neighbor;
//! a move that would bring together what must stay apart is not considered; rounds go on until one brings no gain, and
//! look first at nodes around which the last one moved something.

use std::collections::VecDeque;

use crate::partition::weighted::{
    Conflicts, Constraints, Contracted, Random, WeightedGraph, contract_hanging, renumber, separate,
};
use crate::partition::{Clusterer, Tuning};

/// Randomness of the refinement, in units of the mean edge weight.
const THETA: f64 = 0.01;
/// How long a search goes on.
#[derive(Clone, Copy)]
struct Care {
    /// Rounds after which it stops even if it still gains.
    rounds: usize,
    /// A round that gains less than this share of all weight is the last.
    least: f64,
    /// Whether rounds without gain are borne, see [`PATIENCE`].
    patient: bool,
}

const FULL: Care = Care { rounds: 40, least: 1e-9, patient: true };
/// Later rounds move few nodes.
const SKETCH: Care = Care { rounds: 40, least: 1e-3, patient: false };

/// Rounds without gain that are borne where structure is weak (modularity below [`WEAK`]), so that many answers are nearly
/// as good, in graphs with fewer entries than [`LARGE`], where they cost little.
const PATIENCE: usize = 1;
const WEAK: f64 = 0.4;
const LARGE: usize = 100_000;

pub struct Leiden;

impl Clusterer for Leiden {
    fn id(&self) -> &'static str {
        "leiden"
    }

    fn summary(&self) -> &'static str {
        "communities of highest modularity at the given resolution"
    }

    fn cluster(&self, graph: &WeightedGraph, constraints: &Constraints, tuning: &Tuning) -> Vec<u32> {
        leiden(graph, constraints, tuning)
    }

    fn sketch(&self, graph: &WeightedGraph, constraints: &Constraints, tuning: &Tuning) -> Vec<u32> {
        search(graph, constraints, tuning, SKETCH)
    }

    fn contract(&self, graph: &WeightedGraph, constraints: &Constraints) -> Contracted {
        contract_hanging(graph, constraints)
    }
}

/// Clusters `graph`; the result has one number for each node, from 0 in the order of first members.
pub fn leiden(graph: &WeightedGraph, constraints: &Constraints, tuning: &Tuning) -> Vec<u32> {
    search(graph, constraints, tuning, FULL)
}

fn search(graph: &WeightedGraph, constraints: &Constraints, tuning: &Tuning, care: Care) -> Vec<u32> {
    let mut small = contract_hanging(graph, constraints);
    let (inner, conflicts) = (std::mem::take(&mut small.graph), std::mem::take(&mut small.conflicts));
    let clusters = run(inner, conflicts, std::mem::take(&mut small.start), tuning, care);
    small.spread(&clusters)
}

/// One level of the hierarchy.
struct Level {
    graph: WeightedGraph,
    /// Weighted degree of each node.
    degrees: Vec<f64>,
    conflicts: Conflicts,
}

/// Reused buffers of one level's moves.
struct Scratch {
    /// Weight from the node at hand to each cluster.
    weight_to: Vec<f64>,
    touched: Vec<u32>,
}

fn run(graph: WeightedGraph, conflicts: Conflicts, start: Vec<u32>, tuning: &Tuning, care: Care) -> Vec<u32> {
    let degrees: Vec<f64> = (0..graph.len() as u32).map(|it| graph.degree(it)).collect();
    let twice_total: f64 = degrees.iter().sum();
    let mut clusters = if start.is_empty() { (0..graph.len() as u32).collect() } else { start };
    separate(&mut clusters, &conflicts);
    renumber(&mut clusters);
    if twice_total <= 0.0 {
        return clusters;
    }
    let mean = twice_total / 2.0 / (graph.edge_count().max(1) as f64);
    let level = Level { graph, degrees, conflicts };
    let scale = tuning.resolution / twice_total;
    let mut random = Random::new(tuning.seed);
    let mut reached = quality(&level, &clusters, scale);
    let mut patience = if care.patient && level.graph.targets.len() <= LARGE { PATIENCE } else { 0 };
    let weak = WEAK * twice_total / 2.0;
    let mut looked_at = vec![true; level.graph.len()];
    for _ in 0..care.rounds {
        let gained = round(&level, &mut clusters, &mut looked_at, scale, mean * THETA, &mut random);
        reached += gained;
        if gained <= care.least * twice_total {
            // Refinement draws anew in each round, so another one may find what this one missed.
            if patience == 0 || reached > weak {
                break;
            }
            patience -= 1;
        }
    }
    clusters
}

/// `sum of inner weight - scale * degree^2 / 2`, in units of the weights.
fn quality(level: &Level, clusters: &[u32], scale: f64) -> f64 {
    let mut degree = vec![0.0; clusters.len()];
    let mut inner = 0.0;
    for (node, cluster) in clusters.iter().enumerate() {
        degree[*cluster as usize] += level.degrees[node];
    }
    for a in 0..level.graph.len() as u32 {
        let own = clusters[a as usize];
        for (_, weight) in level.graph.row(a).filter(|(b, _)| *b > a && clusters[*b as usize] == own) {
            inner += weight;
        }
        inner += level.graph.loops[a as usize];
    }
    inner - scale * degree.iter().map(|it| it * it).sum::<f64>() / 2.0
}

/// Moves, refines and aggregates until nothing can be merged; returns what was gained, in units of the weights.
/// `looked_at` names the nodes whose best cluster may not be the one they are in, before and after.
fn round(
    top: &Level,
    clusters: &mut [u32],
    looked_at: &mut [bool],
    scale: f64,
    theta: f64,
    random: &mut Random,
) -> f64 {
    let mut gained = move_nodes(top, clusters, looked_at, scale, random);
    looked_at.fill(false);
    let mut node_of: Vec<u32> = (0..top.graph.len() as u32).collect();
    let mut owned: Option<Level> = None;
    let mut above = clusters.to_vec();
    loop {
        let level = owned.as_ref().unwrap_or(top);
        let count = renumber(&mut above);
        if count == level.graph.len() {
            break;
        }
        let mut groups = refine(level, &above, count, scale, theta, random);
        let mut group_count = renumber(&mut groups);
        if group_count == level.graph.len() {
            groups.clone_from(&above);
            group_count = count;
        }
        let mut cluster_of = vec![0; group_count];
        for (node, group) in groups.iter().enumerate() {
            cluster_of[*group as usize] = above[node];
        }
        for node in &mut node_of {
            *node = groups[*node as usize];
        }
        let next = aggregate(level, &groups, group_count);
        above.clone_from(&cluster_of);
        let more = move_nodes(&next, &mut above, &vec![true; group_count], scale, random);
        owned = Some(next);
        if more > 0.0 {
            gained += more;
            for (looked_at, group) in looked_at.iter_mut().zip(&node_of) {
                *looked_at |= above[*group as usize] != cluster_of[*group as usize];
            }
        } else if group_count == count {
            // Every cluster is one node, and none of them merge.
            break;
        }
    }
    for (cluster, group) in clusters.iter_mut().zip(&node_of) {
        *cluster = above[*group as usize];
    }
    renumber(clusters);
    let moved: Vec<u32> = (0..top.graph.len() as u32).filter(|it| looked_at[*it as usize]).collect();
    for node in moved {
        for (other, _) in top.graph.row(node) {
            looked_at[other as usize] = true;
        }
    }
    gained
}

/// Fast local moving: a queue of nodes whose best cluster may have changed, at first those that `looked_at` names. Returns what
/// was gained, in units of the weights.
fn move_nodes(level: &Level, clusters: &mut [u32], looked_at: &[bool], scale: f64, random: &mut Random) -> f64 {
    let nodes = level.graph.len();
    let mut degree = vec![0.0; nodes];
    let mut size = vec![0_u32; nodes];
    let mut labels = vec![0_u32; nodes];
    for (node, cluster) in clusters.iter().enumerate() {
        degree[*cluster as usize] += level.degrees[node];
        size[*cluster as usize] += 1;
        labels[*cluster as usize] += u32::from(level.conflicts.labeled[node]);
    }
    let mut free: Vec<u32> = (0..nodes as u32).rev().filter(|it| size[*it as usize] == 0).collect();
    let mut order: Vec<u32> = (0..nodes as u32).filter(|it| looked_at[*it as usize]).collect();
    random.shuffle(&mut order);
    let mut queue: VecDeque<u32> = order.into();
    let mut queued = looked_at.to_vec();
    let mut gained = 0.0;
    let mut scratch = Scratch { weight_to: vec![0.0; nodes], touched: Vec::new() };
    while let Some(node) = queue.pop_front() {
        queued[node as usize] = false;
        let old = clusters[node as usize];
        let own = level.degrees[node as usize];
        let labeled = level.conflicts.labeled[node as usize];
        for (other, weight) in level.graph.row(node) {
            let cluster = clusters[other as usize];
            if scratch.weight_to[cluster as usize] == 0.0 {
                scratch.touched.push(cluster);
            }
            scratch.weight_to[cluster as usize] += weight;
        }
        let stay = scratch.weight_to[old as usize] - scale * own * (degree[old as usize] - own);
        let mut best = (stay, old);
        for &cluster in &scratch.touched {
            if cluster == old {
                continue;
            }
            let gain = scratch.weight_to[cluster as usize] - scale * own * degree[cluster as usize];
            if gain > best.0
                && !(labeled && labels[cluster as usize] > 0)
                && !meets_apart(level, clusters, node, cluster)
            {
                best = (gain, cluster);
            }
        }
        for cluster in scratch.touched.drain(..) {
            scratch.weight_to[cluster as usize] = 0.0;
        }
        if best.0 < 0.0
            && size[old as usize] > 1
            && let Some(empty) = free.last()
        {
            best = (0.0, *empty);
        }
        let new = best.1;
        if new == old {
            continue;
        }
        if size[new as usize] == 0 {
            free.pop();
        }
        gained += best.0 - stay;
        clusters[node as usize] = new;
        degree[old as usize] -= own;
        degree[new as usize] += own;
        size[old as usize] -= 1;
        size[new as usize] += 1;
        labels[old as usize] -= u32::from(labeled);
        labels[new as usize] += u32::from(labeled);
        if size[old as usize] == 0 {
            free.push(old);
        }
        for (other, _) in level.graph.row(node) {
            if clusters[other as usize] != new && !queued[other as usize] {
                queued[other as usize] = true;
                queue.push_back(other);
            }
        }
    }
    gained
}

fn meets_apart(level: &Level, clusters: &[u32], node: u32, cluster: u32) -> bool {
    level
        .conflicts
        .apart
        .get(node as usize)
        .is_some_and(|others| others.iter().any(|it| clusters[*it as usize] == cluster))
}

/// Splits each cluster into well-connected groups: a node that is still alone may join a group of its cluster.
fn refine(level: &Level, clusters: &[u32], count: usize, scale: f64, theta: f64, random: &mut Random) -> Vec<u32> {
    let nodes = level.graph.len();
    let mut cluster_degree = vec![0.0; count];
    for (node, cluster) in clusters.iter().enumerate() {
        cluster_degree[*cluster as usize] += level.degrees[node];
    }
    let mut groups: Vec<u32> = (0..nodes as u32).collect();
    let mut degree = level.degrees.clone();
    let mut size = vec![1_u32; nodes];
    // Weight from each group to the rest of its cluster.
    let mut outward = vec![0.0; nodes];
    for node in 0..nodes as u32 {
        let cluster = clusters[node as usize];
        outward[node as usize] =
            level.graph.row(node).filter(|it| clusters[it.0 as usize] == cluster).map(|it| it.1).sum();
    }
    let mut order: Vec<u32> = (0..nodes as u32).collect();
    random.shuffle(&mut order);
    let mut scratch = Scratch { weight_to: vec![0.0; nodes], touched: Vec::new() };
    let mut choices: Vec<(f64, u32)> = Vec::new();
    for node in order {
        let own_group = groups[node as usize];
        let own = level.degrees[node as usize];
        let cluster = clusters[node as usize];
        let rest = cluster_degree[cluster as usize] - own;
        if size[own_group as usize] != 1 || outward[own_group as usize] < scale * own * rest {
            continue;
        }
        for (other, weight) in level.graph.row(node) {
            if clusters[other as usize] == cluster {
                let group = groups[other as usize];
                if scratch.weight_to[group as usize] == 0.0 {
                    scratch.touched.push(group);
                }
                scratch.weight_to[group as usize] += weight;
            }
        }
        choices.clear();
        let mut highest = 0.0_f64;
        for &group in &scratch.touched {
            let inside = degree[group as usize];
            let connected = outward[group as usize] >= scale * inside * (cluster_degree[cluster as usize] - inside);
            let gain = scratch.weight_to[group as usize] - scale * own * inside;
            if connected && gain >= 0.0 {
                highest = highest.max(gain);
                choices.push((gain, group));
            }
        }
        if let Some(group) = choose(&mut choices, highest, theta, random) {
            let shared = scratch.weight_to[group as usize];
            let own_outward = outward[own_group as usize];
            groups[node as usize] = group;
            size[own_group as usize] = 0;
            size[group as usize] += 1;
            degree[own_group as usize] = 0.0;
            degree[group as usize] += own;
            outward[group as usize] += own_outward - 2.0 * shared;
            outward[own_group as usize] = 0.0;
        }
        for group in scratch.touched.drain(..) {
            scratch.weight_to[group as usize] = 0.0;
        }
    }
    groups
}

/// Draws a group with probability `exp(gain / theta)`; staying alone has gain 0. Leaves weights in the place of gains.
fn choose(choices: &mut [(f64, u32)], highest: f64, theta: f64, random: &mut Random) -> Option<u32> {
    let weigh = |gain: f64| ((gain - highest) / theta).exp();
    for choice in choices.iter_mut() {
        choice.0 = weigh(choice.0);
    }
    let sum: f64 = weigh(0.0) + choices.iter().map(|it| it.0).sum::<f64>();
    let mut left = random.unit() * sum;
    for &(weight, group) in choices.iter() {
        left -= weight;
        if left < 0.0 {
            return Some(group);
        }
    }
    None
}

fn aggregate(level: &Level, groups: &[u32], count: usize) -> Level {
    let mut members_start = vec![0_u32; count + 1];
    for group in groups {
        members_start[*group as usize + 1] += 1;
    }
    for group in 0..count {
        members_start[group + 1] += members_start[group];
    }
    let mut next = members_start.clone();
    let mut members = vec![0_u32; groups.len()];
    for (node, group) in groups.iter().enumerate() {
        members[next[*group as usize] as usize] = node as u32;
        next[*group as usize] += 1;
    }
    let mut graph = WeightedGraph {
        declared: vec![None; count],
        is_store: vec![false; count],
        starts: Vec::with_capacity(count + 1),
        targets: Vec::with_capacity(level.graph.targets.len()),
        weights: Vec::with_capacity(level.graph.targets.len()),
        loops: vec![0.0; count],
        ..WeightedGraph::default()
    };
    graph.starts.push(0);
    let mut degrees = vec![0.0; count];
    let mut weight_to = vec![0.0; count];
    let mut touched: Vec<u32> = Vec::new();
    for group in 0..count {
        let range = members_start[group] as usize..members_start[group + 1] as usize;
        let mut twice_inner = 0.0;
        for &node in &members[range] {
            degrees[group] += level.degrees[node as usize];
            twice_inner += 2.0 * level.graph.loops[node as usize];
            for (other, weight) in level.graph.row(node) {
                let target = groups[other as usize];
                if target as usize == group {
                    twice_inner += weight;
                    continue;
                }
                if weight_to[target as usize] == 0.0 {
                    touched.push(target);
                }
                weight_to[target as usize] += weight;
            }
        }
        graph.loops[group] = twice_inner / 2.0;
        touched.sort_unstable();
        for target in touched.drain(..) {
            graph.targets.push(target);
            graph.weights.push(weight_to[target as usize]);
            weight_to[target as usize] = 0.0;
        }
        graph.starts.push(graph.targets.len() as u32);
    }
    Level { graph, degrees, conflicts: level.conflicts.lift(groups, count) }
}
