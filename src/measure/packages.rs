//! Martin's package metrics, cycles and propagation cost of a dependency graph.

use std::collections::BTreeSet;

/// Martin's metrics of one group of classes (Martin 1994).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Stability {
    /// Ca: classes outside that depend on it.
    pub afferent: u32,
    /// Ce: classes outside that it depends on.
    pub efferent: u32,
    /// I = Ce / (Ca + Ce), 0 (stable) to 1.
    pub instability: f64,
    /// A: abstract types over all types, 0 to 1.
    pub abstractness: f64,
    /// D = |A + I - 1|, 0 (on the main sequence) to 1.
    pub distance: f64,
}

/// Stability of each group. `depends` are pairs of nodes; `abstracts` gives abstract and all types of each group.
pub fn stability(depends: &[(u32, u32)], group_of: &[Option<u32>], abstracts: &[(u32, u32)]) -> Vec<Stability> {
    let mut incoming = vec![BTreeSet::new(); abstracts.len()];
    let mut outgoing = vec![BTreeSet::new(); abstracts.len()];
    for &(from, to) in depends {
        let (Some(a), Some(b)) = (group_of[from as usize], group_of[to as usize]) else { continue };
        if a != b {
            outgoing[a as usize].insert(to);
            incoming[b as usize].insert(from);
        }
    }
    abstracts
        .iter()
        .enumerate()
        .map(|(group, &(abstract_types, types))| {
            let (afferent, efferent) = (incoming[group].len() as u32, outgoing[group].len() as u32);
            let around = afferent + efferent;
            let instability = if around == 0 { 0.0 } else { f64::from(efferent) / f64::from(around) };
            let abstractness = if types == 0 { 0.0 } else { f64::from(abstract_types) / f64::from(types) };
            let distance = (abstractness + instability - 1.0).abs();
            Stability { afferent, efferent, instability, abstractness, distance }
        })
        .collect()
}

/// Cycles of a directed graph: the nodes of each strongly connected component of two or more, sorted, largest first.
pub fn cycles(nodes: usize, depends: &[(u32, u32)]) -> Vec<Vec<u32>> {
    let mut graph = petgraph::graph::DiGraph::<(), ()>::with_capacity(nodes, depends.len());
    let ids: Vec<_> = (0..nodes).map(|_| graph.add_node(())).collect();
    for &(from, to) in depends {
        graph.add_edge(ids[from as usize], ids[to as usize], ());
    }
    let mut res: Vec<Vec<u32>> = petgraph::algo::tarjan_scc(&graph)
        .into_iter()
        .filter(|it| it.len() > 1)
        .map(|it| {
            let mut nodes: Vec<u32> = it.into_iter().map(|it| it.index() as u32).collect();
            nodes.sort_unstable();
            nodes
        })
        .collect();
    res.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
    res
}

/// Propagation cost (`MacCormack`, Rusnak, Baldwin 2006), 0 to 1, lower is better: share of the pairs of nodes, a node with
/// itself included, in which the first reaches the second.
pub fn propagation_cost(nodes: usize, depends: &[(u32, u32)]) -> f64 {
    let all: Vec<u32> = (0..nodes as u32).collect();
    reach(nodes, depends, &all)
}

/// The same for pairs that start at one of `starts`: the mean share of the nodes that one of them reaches.
pub fn reach(nodes: usize, depends: &[(u32, u32)], starts: &[u32]) -> f64 {
    if nodes == 0 || starts.is_empty() {
        return 0.0;
    }
    let mut next: Vec<Vec<u32>> = vec![Vec::new(); nodes];
    for &(from, to) in depends {
        next[from as usize].push(to);
    }
    let mut reached = 0_u64;
    let mut seen = vec![u32::MAX; nodes];
    let mut front: Vec<u32> = Vec::new();
    for &start in starts {
        seen[start as usize] = start;
        front.push(start);
        while let Some(at) = front.pop() {
            reached += 1;
            for &to in &next[at as usize] {
                if seen[to as usize] != start {
                    seen[to as usize] = start;
                    front.push(to);
                }
            }
        }
    }
    reached as f64 / (nodes as f64 * starts.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_example() {
        // Group 0 = {0, 1}, group 1 = {2}, group 2 = {3}.
        let depends = [(0, 2), (1, 2), (2, 3), (3, 0), (0, 1)];
        let groups = [Some(0), Some(0), Some(1), Some(2)];
        let res = stability(&depends, &groups, &[(1, 2), (0, 1), (0, 0)]);
        assert_eq!((res[0].afferent, res[0].efferent), (1, 1));
        assert_eq!((res[1].afferent, res[1].efferent), (2, 1));
        assert!((res[0].distance - 0.0).abs() < 1e-12);
        assert!((res[1].instability - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!(cycles(4, &depends), [vec![0, 1, 2, 3]]);
        assert!((propagation_cost(4, &depends) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_chain_has_no_cycle() {
        let chain = [(0, 1), (1, 2)];
        assert!(cycles(3, &chain).is_empty());
        assert!((propagation_cost(3, &chain) - 6.0 / 9.0).abs() < 1e-12);
        assert!((reach(3, &chain, &[0]) - 1.0).abs() < 1e-12 && reach(3, &chain, &[]).abs() < 1e-12);
        assert!(propagation_cost(0, &[]).abs() < 1e-12);
    }
}
