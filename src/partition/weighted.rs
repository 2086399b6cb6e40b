//! The weighted undirected graph that every clusterer works on, and the constraints it must keep.
//!
//! Nodes stand in the order of their names, so the order of the input cannot matter. Weights are whole numbers
//! (scaled by [`SCALE`]) held in `f64`: their sums are exact below 2^53, so results do not depend on the order of sums.

/// What weight 1 of an input becomes.
pub const SCALE: f64 = 65_536.0;

/// Sums stay exact below this.
const EXACT: f64 = 4_503_599_627_370_496.0;

/// Undirected graph in compressed rows; each edge stands in the rows of both ends, loops apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WeightedGraph {
    /// Unique and sorted.
    pub names: Vec<String>,
    /// Where a user or a folder puts the node, as an arbitrary number; read by the `declared` clusterer.
    pub declared: Vec<Option<u32>>,
    /// True for tables and other stores, false for code.
    pub is_store: Vec<bool>,
    /// Row starts, one more than nodes.
    pub starts: Vec<u32>,
    pub targets: Vec<u32>,
    /// Whole numbers.
    pub weights: Vec<f64>,
    /// Weight of each node's edge to itself, counted once.
    pub loops: Vec<f64>,
}

/// One node to build a graph from.
#[derive(Clone, Debug, PartialEq)]
pub struct InputNode {
    pub name: String,
    pub is_store: bool,
    pub declared: Option<u32>,
}

/// What a clustering must keep, by node of the [`WeightedGraph`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Constraints {
    /// Nodes of equal label stay together, nodes of different labels apart. Empty means none.
    pub labels: Vec<Option<u32>>,
    /// Groups that stay together.
    pub together: Vec<Vec<u32>>,
    /// Pairs that stay apart.
    pub apart: Vec<(u32, u32)>,
    /// Clustering to start from. Empty means every node alone.
    pub start: Vec<u32>,
}

impl Constraints {
    /// True when there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        let labeled = self.labels.iter().any(Option::is_some);
        !labeled && self.together.is_empty() && self.apart.is_empty() && self.start.is_empty()
    }
}

impl WeightedGraph {
    /// Builds the graph; edges name input nodes by position, parallel edges add up, weights below 0 are dropped.
    /// The second part gives each input node's place in the graph. Equal names become one node.
    pub fn new(nodes: &[InputNode], edges: &[(u32, u32, f64)]) -> (Self, Vec<u32>) {
        let mut order: Vec<u32> = (0..nodes.len() as u32).collect();
        order.sort_by(|a, b| nodes[*a as usize].name.cmp(&nodes[*b as usize].name).then(a.cmp(b)));
        let mut graph = Self::default();
        let mut place = vec![0; nodes.len()];
        for id in order {
            let node = &nodes[id as usize];
            if graph.names.last() != Some(&node.name) {
                graph.names.push(node.name.clone());
                graph.declared.push(None);
                graph.is_store.push(false);
            }
            let last = graph.names.len() - 1;
            place[id as usize] = last as u32;
            graph.is_store[last] |= node.is_store;
            graph.declared[last] = graph.declared[last].min(node.declared).or(graph.declared[last]).or(node.declared);
        }
        let total: f64 = edges.iter().map(|it| it.2.max(0.0)).filter(|it| it.is_finite()).sum();
        let scale = if total * SCALE * 4.0 > EXACT { EXACT / (total * 4.0) } else { SCALE };
        let scaled: Vec<(u32, u32, f64)> = edges
            .iter()
            .filter(|it| it.2.is_finite() && it.2 > 0.0)
            .map(|it| (place[it.0 as usize], place[it.1 as usize], (it.2 * scale).round().max(1.0)))
            .collect();
        graph.set_edges(&scaled);
        (graph, place)
    }

    /// A graph without names from whole-number weights, as aggregation makes it.
    pub fn from_exact(nodes: usize, edges: &[(u32, u32, f64)]) -> Self {
        let mut graph =
            Self { names: Vec::new(), declared: vec![None; nodes], is_store: vec![false; nodes], ..Self::default() };
        graph.set_edges(edges);
        graph
    }

    fn without_names(&self) -> Self {
        Self {
            names: Vec::new(),
            declared: self.declared.clone(),
            is_store: self.is_store.clone(),
            starts: self.starts.clone(),
            targets: self.targets.clone(),
            weights: self.weights.clone(),
            loops: self.loops.clone(),
        }
    }

    /// The same nodes with other edges, in whole numbers.
    #[must_use]
    pub fn with_edges(&self, edges: &[(u32, u32, f64)]) -> Self {
        let mut res = Self {
            names: self.names.clone(),
            declared: self.declared.clone(),
            is_store: self.is_store.clone(),
            ..Self::default()
        };
        res.set_edges(edges);
        res
    }

    fn set_edges(&mut self, edges: &[(u32, u32, f64)]) {
        let nodes = self.is_store.len();
        self.loops = vec![0.0; nodes];
        let mut degree = vec![0_u32; nodes + 1];
        for &(a, b, _) in edges {
            if a != b {
                degree[a as usize + 1] += 1;
                degree[b as usize + 1] += 1;
            }
        }
        for id in 0..nodes {
            degree[id + 1] += degree[id];
        }
        let mut next = degree.clone();
        let mut entries = vec![(0_u32, 0.0_f64); degree[nodes] as usize];
        for &(a, b, weight) in edges {
            if a == b {
                self.loops[a as usize] += weight;
                continue;
            }
            for (from, to) in [(a, b), (b, a)] {
                entries[next[from as usize] as usize] = (to, weight);
                next[from as usize] += 1;
            }
        }
        self.starts = Vec::with_capacity(nodes + 1);
        self.starts.push(0);
        self.targets = Vec::with_capacity(entries.len());
        self.weights = Vec::with_capacity(entries.len());
        for id in 0..nodes {
            let row = &mut entries[degree[id] as usize..degree[id + 1] as usize];
            row.sort_unstable_by_key(|it| it.0);
            let from = self.targets.len();
            for &mut (target, weight) in row {
                if self.targets.len() > from && self.targets.last() == Some(&target) {
                    if let Some(last) = self.weights.last_mut() {
                        *last += weight;
                    }
                } else {
                    self.targets.push(target);
                    self.weights.push(weight);
                }
            }
            self.starts.push(self.targets.len() as u32);
        }
    }

    pub fn len(&self) -> usize {
        self.is_store.len()
    }

    pub fn is_empty(&self) -> bool {
        self.is_store.is_empty()
    }

    /// Neighbors with weights, sorted by neighbor, without the loop.
    #[inline]
    pub fn row(&self, node: u32) -> impl Iterator<Item = (u32, f64)> + '_ {
        let (from, to) = (self.starts[node as usize] as usize, self.starts[node as usize + 1] as usize);
        self.targets[from..to].iter().copied().zip(self.weights[from..to].iter().copied())
    }

    /// Weighted degree; a loop counts twice.
    pub fn degree(&self, node: u32) -> f64 {
        self.row(node).map(|it| it.1).sum::<f64>() + 2.0 * self.loops[node as usize]
    }

    /// Each edge once, loops included.
    pub fn edges(&self) -> impl Iterator<Item = (u32, u32, f64)> + '_ {
        (0..self.len() as u32).flat_map(move |a| {
            let own = self.loops[a as usize];
            let loops = (own > 0.0).then_some((a, a, own));
            self.row(a).filter(move |it| it.0 > a).map(move |(b, weight)| (a, b, weight)).chain(loops)
        })
    }

    /// Number of edges, loops included.
    pub fn edge_count(&self) -> usize {
        self.targets.len() / 2 + self.loops.iter().filter(|it| **it > 0.0).count()
    }

    /// Sum of the weights of all edges, loops included.
    pub fn total(&self) -> f64 {
        self.weights.iter().sum::<f64>() / 2.0 + self.loops.iter().sum::<f64>()
    }
}

/// Graph in which nodes that must stay together are one node.
pub struct Contracted {
    pub graph: WeightedGraph,
    /// Node of the small graph for each node of the large one.
    pub node_of: Vec<u32>,
    pub conflicts: Conflicts,
    /// Clustering to start from, in the small graph.
    pub start: Vec<u32>,
    /// Node of the small graph for all that nothing connects to anything; in a clustering each is alone.
    alone: Option<u32>,
}

impl Contracted {
    /// A clustering of the small graph, node by node of the large one.
    pub fn spread(&self, clusters: &[u32]) -> Vec<u32> {
        let mut next = clusters.len() as u32;
        let mut place = |node: u32| {
            if self.alone == Some(node) {
                next += 1;
                return next;
            }
            clusters[node as usize]
        };
        let mut res: Vec<u32> = self.node_of.iter().map(|it| place(*it)).collect();
        renumber(&mut res);
        res
    }

    /// What a clustering of the small graph must keep.
    pub fn constraints(&self) -> Constraints {
        let labeled = &self.conflicts.labeled;
        let labels = if labeled.contains(&true) {
            (0..labeled.len() as u32).map(|it| labeled[it as usize].then_some(it)).collect()
        } else {
            Vec::new()
        };
        let rows = self.conflicts.apart.iter().enumerate();
        let pairs = rows.flat_map(|(a, others)| others.iter().map(move |b| (a as u32, *b)));
        let apart = pairs.filter(|it| it.0 < it.1).collect();
        Constraints { labels, together: Vec::new(), apart, start: self.start.clone() }
    }
}

/// What must stay apart.
#[derive(Clone, Debug, Default)]
pub struct Conflicts {
    /// Two nodes with a label never share a cluster.
    pub labeled: Vec<bool>,
    /// Sorted rows of nodes that must not share a cluster with this one; empty when there are none at all.
    pub apart: Vec<Vec<u32>>,
}

impl Conflicts {
    /// True when no clustering can violate anything.
    pub fn is_empty(&self) -> bool {
        self.apart.is_empty() && self.labeled.iter().filter(|it| **it).count() < 2
    }

    /// Conflicts of groups of nodes.
    #[must_use]
    pub fn lift(&self, group_of: &[u32], groups: usize) -> Self {
        let mut labeled = vec![false; groups];
        for (node, label) in self.labeled.iter().enumerate() {
            labeled[group_of[node] as usize] |= label;
        }
        let mut apart = Vec::new();
        if !self.apart.is_empty() {
            apart = vec![Vec::new(); groups];
            for (node, others) in self.apart.iter().enumerate() {
                let own: &mut Vec<u32> = &mut apart[group_of[node] as usize];
                own.extend(others.iter().map(|it| group_of[*it as usize]));
            }
            for (group, others) in apart.iter_mut().enumerate() {
                others.sort_unstable();
                others.dedup();
                others.retain(|it| *it as usize != group);
            }
        }
        Self { labeled, apart }
    }
}

/// Makes one node of all that must stay together. A pair that must be both together and apart stays together.
pub fn contract(graph: &WeightedGraph, constraints: &Constraints) -> Contracted {
    contract_with(graph, constraints, &[], &[])
}

/// The same, and where no constraint names it, a node with a single neighbor becomes one with it: no division at resolution 1
/// is better for parting the two (Arenas et al. 2007, size reduction of complex networks). Nodes without neighbors become one.
pub fn contract_hanging(graph: &WeightedGraph, constraints: &Constraints) -> Contracted {
    if !constraints.start.is_empty() {
        return contract(graph, constraints);
    }
    let mut named: Vec<u32> = constraints.together.iter().flatten().copied().collect();
    named.extend(constraints.apart.iter().flat_map(|it| [it.0, it.1]));
    named.sort_unstable();
    let neighbors =
        |node: u32| &graph.targets[graph.starts[node as usize] as usize..graph.starts[node as usize + 1] as usize];
    let (mut hanging, mut alone) = (Vec::new(), Vec::new());
    for node in 0..graph.len() as u32 {
        let label = constraints.labels.get(node as usize).copied().flatten();
        if graph.loops[node as usize] > 0.0 || label.is_some() || named.binary_search(&node).is_ok() {
            continue;
        }
        match neighbors(node) {
            [] => alone.push(node),
            [only] => hanging.push((node, *only)),
            _ => {}
        }
    }
    contract_with(graph, constraints, &hanging, &alone)
}

fn contract_with(
    graph: &WeightedGraph,
    constraints: &Constraints,
    hanging: &[(u32, u32)],
    alone: &[u32],
) -> Contracted {
    if constraints.is_empty() && hanging.is_empty() && alone.len() < 2 {
        let same = graph.without_names();
        let conflicts = Conflicts { labeled: vec![false; graph.len()], apart: Vec::new() };
        let node_of = (0..graph.len() as u32).collect();
        return Contracted { graph: same, node_of, conflicts, start: Vec::new(), alone: None };
    }
    let mut sets = DisjointSets::new(graph.len());
    let label = |node: usize| constraints.labels.get(node).copied().flatten();
    let mut labels: Vec<(u32, u32)> =
        (0..graph.len()).filter_map(|node| label(node).map(|it| (it, node as u32))).collect();
    labels.sort_unstable();
    for pair in labels.windows(2) {
        if pair[0].0 == pair[1].0 {
            sets.join(pair[0].1, pair[1].1);
        }
    }
    let mut labeled_root = std::collections::BTreeMap::new();
    for &(label, node) in &labels {
        labeled_root.entry(sets.root(node)).or_insert(label);
    }
    for group in &constraints.together {
        for pair in group.windows(2) {
            let (a, b) = (sets.root(pair[0]), sets.root(pair[1]));
            let labels = (labeled_root.get(&a).copied(), labeled_root.get(&b).copied());
            if a == b || matches!(labels, (Some(x), Some(y)) if x != y) {
                continue;
            }
            sets.join(a, b);
            if let Some(label) = labels.0.or(labels.1) {
                labeled_root.insert(sets.root(a), label);
            }
        }
    }
    let pairs = alone.windows(2).map(|it| (it[0], it[1]));
    for (node, other) in hanging.iter().copied().chain(pairs) {
        sets.join(node, other);
    }
    let (node_of, count) = sets.numbered();
    let edges: Vec<(u32, u32, f64)> =
        graph.edges().map(|(a, b, weight)| (node_of[a as usize], node_of[b as usize], weight)).collect();
    let mut small = WeightedGraph::from_exact(count, &edges);
    let mut first = vec![u32::MAX; count];
    for (node, group) in node_of.iter().enumerate() {
        small.is_store[*group as usize] |= graph.is_store[node];
        let declared = &mut small.declared[*group as usize];
        *declared = declared.or(graph.declared[node]);
        first[*group as usize] = first[*group as usize].min(node as u32);
    }
    let mut conflicts = Conflicts { labeled: vec![false; count], apart: Vec::new() };
    for &(_, node) in &labels {
        conflicts.labeled[node_of[node as usize] as usize] = true;
    }
    if !constraints.apart.is_empty() {
        conflicts.apart = vec![Vec::new(); count];
        for &(a, b) in &constraints.apart {
            let (a, b) = (node_of[a as usize], node_of[b as usize]);
            if a != b {
                conflicts.apart[a as usize].push(b);
                conflicts.apart[b as usize].push(a);
            }
        }
        for others in &mut conflicts.apart {
            others.sort_unstable();
            others.dedup();
        }
    }
    let start = if constraints.start.is_empty() {
        Vec::new()
    } else {
        first.iter().map(|it| constraints.start[*it as usize]).collect()
    };
    let alone = alone.first().map(|it| node_of[*it as usize]);
    Contracted { graph: small, node_of, conflicts, start, alone }
}

/// Takes out of each cluster what must not be in it, so that the rest may stay as it is.
pub fn separate(clusters: &mut [u32], conflicts: &Conflicts) {
    let mut next = clusters.iter().max().map_or(0, |it| it + 1);
    let mut labeled = std::collections::BTreeSet::new();
    for node in 0..clusters.len() {
        let own = clusters[node];
        let meets = conflicts
            .apart
            .get(node)
            .is_some_and(|others| others.iter().any(|it| (*it as usize) < node && clusters[*it as usize] == own));
        if meets || (conflicts.labeled[node] && !labeled.insert(own)) {
            clusters[node] = next;
            next += 1;
        }
    }
}

/// Cluster numbers from 0 in the order of their first member.
pub fn renumber(clusters: &mut [u32]) -> usize {
    let most = clusters.iter().max().map_or(0, |it| *it as usize + 1);
    if most > 8 * clusters.len() {
        let mut numbers = std::collections::BTreeMap::new();
        for cluster in clusters.iter_mut() {
            let next = numbers.len() as u32;
            *cluster = *numbers.entry(*cluster).or_insert(next);
        }
        return numbers.len();
    }
    let mut numbers = vec![u32::MAX; most];
    let mut count = 0;
    for cluster in clusters.iter_mut() {
        let number = &mut numbers[*cluster as usize];
        if *number == u32::MAX {
            *number = count;
            count += 1;
        }
        *cluster = *number;
    }
    count as usize
}

/// Union-find with path halving.
pub struct DisjointSets {
    parent: Vec<u32>,
}

impl DisjointSets {
    pub fn new(len: usize) -> Self {
        Self { parent: (0..len as u32).collect() }
    }

    pub fn root(&mut self, mut node: u32) -> u32 {
        while self.parent[node as usize] != node {
            let above = self.parent[self.parent[node as usize] as usize];
            self.parent[node as usize] = above;
            node = above;
        }
        node
    }

    /// The smaller root stays.
    pub fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.parent[a.max(b) as usize] = a.min(b);
    }

    /// Set numbers from 0 in the order of their first member, and how many there are.
    pub fn numbered(&mut self) -> (Vec<u32>, usize) {
        let mut roots: Vec<u32> = (0..self.parent.len() as u32).map(|it| self.root(it)).collect();
        let count = renumber(&mut roots);
        (roots, count)
    }
}

/// Small seeded generator (splitmix64); not for secrets.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed ^ 0x5851_F42D_4C95_7F2D)
    }

    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Below `limit`, which must not be 0.
    pub fn below(&mut self, limit: usize) -> usize {
        ((u128::from(self.draw()) * limit as u128) >> 64) as usize
    }

    /// From 0 up to, not including, 1.
    pub fn unit(&mut self) -> f64 {
        (self.draw() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}
