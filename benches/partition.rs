//! Leiden on LFR graphs (Lancichinetti, Fortunato, Radicchi 2008) with a fixed seed, beside igraph's when asked.
//!
//! `cargo bench --bench partition` prints modularity and time of our own. With a Python that has `igraph`, the same graphs
//! go through igraph's Leiden in the same run and the ratio is printed: the one that `SEAMLINE_IGRAPH_PYTHON` names, else
//! that of the environment `target/igraph` of the checkout. Small graphs are clustered several times for each seed, since
//! whatever else the machine does adds to a time of a few milliseconds.

use std::fmt::Write as _;
use std::process::Command;
use std::time::Instant;

use seamline::partition::Tuning;
use seamline::partition::leiden::leiden;
use seamline::partition::weighted::{Constraints, InputNode, Random, WeightedGraph};

/// Nodes, mean degree, mixing, largest degree, smallest and largest community.
const GRAPHS: &[(&str, usize, f64, f64, usize, usize, usize)] = &[
    ("150-mu20", 150, 8.6, 0.20, 30, 10, 40),
    ("150-mu30", 150, 9.0, 0.30, 30, 10, 40),
    ("1000-mu30", 1_000, 18.8, 0.30, 80, 20, 100),
    ("1000-mu45", 1_000, 18.9, 0.45, 80, 20, 100),
    ("1000-mu60", 1_000, 18.9, 0.60, 80, 20, 100),
    ("10k-mu40", 10_000, 26.2, 0.40, 150, 40, 250),
    ("10k-mu60", 10_000, 26.2, 0.60, 150, 40, 250),
    ("50k-mu30", 50_000, 25.9, 0.30, 200, 60, 500),
    ("50k-mu40", 50_000, 25.9, 0.40, 200, 60, 500),
    ("50k-mu50", 50_000, 25.9, 0.50, 200, 60, 500),
    ("50k-mu60", 50_000, 25.9, 0.60, 200, 60, 500),
];

const RUNS: u64 = 5;

/// Edges that are clustered at least for each seed, by as many repetitions as it takes.
const SMALL: usize = 100_000;

fn main() {
    let python = std::env::var("SEAMLINE_IGRAPH_PYTHON").ok().or_else(|| {
        let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/target/igraph/bin/python");
        std::path::Path::new(beside).exists().then(|| beside.to_owned())
    });
    let mut out = String::new();
    if python.is_none() {
        out.push_str(
            "No igraph to compare with. To get it: python3 -m venv target/igraph && target/igraph/bin/pip install igraph\n",
        );
    }
    out.push_str("graph       nodes   edges  own Q min/median  own s  igraph Q min/median  igraph s  ratio\n");
    for &(name, nodes, degree, mixing, most, least, largest) in GRAPHS {
        let edges = lfr(nodes, degree, mixing, most, least, largest, 42);
        let input: Vec<InputNode> =
            (0..nodes).map(|it| InputNode { name: format!("{it:06}"), is_store: false, declared: None }).collect();
        let weighted: Vec<(u32, u32, f64)> = edges.iter().map(|it| (it.0, it.1, 1.0)).collect();
        let (graph, _) = WeightedGraph::new(&input, &weighted);
        let repeats = (SMALL / edges.len()).clamp(1, 20);
        let mut own: Vec<(f64, f64)> = (0..RUNS)
            .flat_map(|seed| std::iter::repeat_n(seed, repeats))
            .map(|seed| {
                let start = Instant::now();
                let clusters = leiden(&graph, &Constraints::default(), &Tuning { resolution: 1.0, seed });
                let seconds = start.elapsed().as_secs_f64();
                (modularity(&edges, &clusters, nodes), seconds)
            })
            .collect();
        let (own_quality, own_seconds) = median(&mut own);
        let _ = write!(
            out,
            "{name:<10} {nodes:>6} {:>7}  {:.4} {own_quality:.4}     {own_seconds:>6.4}",
            edges.len(),
            own[0].0
        );
        if let Some(python) = &python {
            let mut theirs = igraph(python, &edges, repeats);
            if theirs.is_empty() {
                out.push_str("  igraph did not run");
            } else {
                let (quality, seconds) = median(&mut theirs);
                let least = theirs[0].0;
                let _ = write!(out, "  {least:.4} {quality:.4}        {seconds:>6.4}    {:.2}", own_seconds / seconds);
            }
        }
        out.push('\n');
    }
    #[expect(clippy::print_stdout, reason = "a bench speaks on the terminal")]
    {
        print!("{out}");
    }
}

/// Sorts by quality; median quality and the fastest time, since whatever else the machine does only adds to it.
fn median(runs: &mut [(f64, f64)]) -> (f64, f64) {
    let mut seconds: Vec<f64> = runs.iter().map(|it| it.1).collect();
    seconds.sort_by(f64::total_cmp);
    runs.sort_by(|a, b| a.0.total_cmp(&b.0));
    (runs[runs.len() / 2].0, seconds[0])
}

fn igraph(python: &str, edges: &[(u32, u32)], repeats: usize) -> Vec<(f64, f64)> {
    let mut text = String::new();
    for (a, b) in edges {
        let _ = writeln!(text, "{a} {b}");
    }
    let Ok(folder) = tempfile::tempdir() else { return Vec::new() };
    let path = folder.path().join("edges.txt");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/igraph_leiden.py");
    let iterations = std::env::var("SEAMLINE_IGRAPH_ITERATIONS").unwrap_or_else(|_| "-1".to_owned());
    let arguments = [RUNS.to_string(), iterations, repeats.to_string()];
    let written = std::fs::write(&path, text);
    let output = written.and_then(|()| Command::new(python).arg(script).arg(&path).args(arguments).output());
    let Ok(output) = output else { return Vec::new() };
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter_map(|(quality, seconds)| Some((quality.parse().ok()?, seconds.parse().ok()?)))
        .collect()
}

fn modularity(edges: &[(u32, u32)], clusters: &[u32], nodes: usize) -> f64 {
    let total = edges.len() as f64;
    let mut degree = vec![0.0; nodes];
    let mut inner = 0.0;
    for &(a, b) in edges {
        degree[clusters[a as usize] as usize] += 1.0;
        degree[clusters[b as usize] as usize] += 1.0;
        inner += f64::from(u8::from(clusters[a as usize] == clusters[b as usize]));
    }
    inner / total - degree.iter().map(|it| (it / (2.0 * total)).powi(2)).sum::<f64>()
}

/// Power-law degrees (exponent 2.5) and community sizes (1.5); each node keeps a share `mixing` of its edges outside.
fn lfr(nodes: usize, mean: f64, mixing: f64, most: usize, least: usize, largest: usize, seed: u64) -> Vec<(u32, u32)> {
    let mut random = Random::new(seed);
    let mut floor = 1.0;
    let mean_of = |floor: f64| {
        let (top, bottom) = (most as f64, floor);
        // Mean of a bounded power law with exponent 2.5.
        (1.5 / 0.5) * (bottom.powf(-0.5) - top.powf(-0.5)) / (bottom.powf(-1.5) - top.powf(-1.5))
    };
    while mean_of(floor) < mean {
        floor += 0.01;
    }
    let draw = |random: &mut Random, low: f64, high: f64, exponent: f64| {
        let power = 1.0 - exponent;
        let unit = random.unit();
        (low.powf(power) + unit * (high.powf(power) - low.powf(power))).powf(1.0 / power)
    };
    let degrees: Vec<usize> = (0..nodes).map(|_| draw(&mut random, floor, most as f64, 2.5).round() as usize).collect();
    let mut community = vec![0; nodes];
    let mut sizes: Vec<usize> = Vec::new();
    let mut left = nodes;
    while left > 0 {
        let size = (draw(&mut random, least as f64, largest as f64, 1.5).round() as usize).min(left);
        sizes.push(size);
        left -= size;
    }
    let mut order: Vec<usize> = (0..nodes).collect();
    random.shuffle(&mut order);
    let mut at = 0;
    for (number, size) in sizes.iter().enumerate() {
        for node in &order[at..at + size] {
            community[*node] = number;
        }
        at += size;
    }
    let mut inner: Vec<Vec<u32>> = vec![Vec::new(); sizes.len()];
    let mut outer: Vec<u32> = Vec::new();
    for node in 0..nodes {
        let inside = ((1.0 - mixing) * degrees[node] as f64).round() as usize;
        let inside = inside.min(sizes[community[node]].saturating_sub(1));
        inner[community[node]].extend(std::iter::repeat_n(node as u32, inside));
        outer.extend(std::iter::repeat_n(node as u32, degrees[node] - inside));
    }
    let mut edges: std::collections::BTreeSet<(u32, u32)> = std::collections::BTreeSet::new();
    for stubs in inner.iter_mut().chain([&mut outer]) {
        // A few passes over what is left re-draw loops and doubles.
        for _ in 0..8 {
            random.shuffle(stubs);
            let mut again = Vec::new();
            for pair in stubs.chunks(2) {
                let [a, b] = *pair else { continue };
                if a == b || !edges.insert((a.min(b), a.max(b))) {
                    again.extend([a, b]);
                }
            }
            *stubs = again;
        }
    }
    edges.into_iter().collect()
}
