//! `seamline partition`: clusters a neutral graph, prints the clusters and the metrics, and compares with a truth.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::cli::common::Input;
use crate::cli::{Failure, Outcome, steering};
use crate::measure::agreement::{a2a, adjusted_rand_index, c2c_coverage, mojo_fm, normalized_mutual_information};
use crate::measure::system::metrics as system_metrics;
use crate::model::graph::SymbolKind;
use crate::partition::assurance::{Assurance, assure};
use crate::partition::neutral::{Clustering as Found, NeutralGraph, RESOLUTION, cluster, parse};
use crate::partition::{CLUSTERERS, clusterer};
use crate::render::json::boundaries::{Agreement, CLUSTERING_SCHEMA, Clustering, DECLARED_SCHEMA, Declared};

/// Clusters a graph given as JSON, whichever tool made it.
#[derive(clap::Args, Debug)]
#[command(after_help = algorithms())]
pub(crate) struct Partition {
    /// Neutral graph: {"nodes":[{"id","kind"}],"edges":[{"from","to","kind","weight"}], ..}; `-` reads standard input
    #[arg(long, value_name = "FILE", required_unless_present = "declared", conflicts_with = "declared")]
    graph: Option<PathBuf>,

    /// Score boundaries of another tool on the checkout in PATH, beside the ones proposed: a decomposition as .json,
    /// CODEOWNERS, tach.toml, .importlinter, pyproject.toml or .go-arch-lint.yml
    #[arg(long, value_name = "FILE")]
    declared: Option<PathBuf>,

    #[command(flatten)]
    input: Input,

    /// Clusterer to use
    #[arg(long, value_name = "ID", default_value = "leiden", value_parser = algorithm)]
    algorithm: String,

    /// Resolution; higher gives more clusters [default: 0.8]
    #[arg(long, value_name = "G", value_parser = positive)]
    resolution: Option<f64>,

    /// Seed of every random choice
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// Partition to compare with: {"node": cluster}; `FILE#KEY` picks one of several in a file
    #[arg(long, value_name = "TRUTH")]
    compare: Option<String>,

    /// Score this partition instead of computing one: {"node": cluster}, `FILE#KEY` picks one of several
    #[arg(long, value_name = "FILE")]
    score: Option<String>,

    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = ["json", "text"])]
    format: String,
}

fn algorithms() -> String {
    let mut res = String::from("Algorithms:\n");
    for it in CLUSTERERS {
        let _ = writeln!(res, "  {:<18} {}", it.id(), it.summary());
    }
    res
}

fn algorithm(text: &str) -> Result<String, String> {
    if clusterer(text).is_some() {
        return Ok(text.to_owned());
    }
    let known: Vec<&str> = CLUSTERERS.iter().map(|it| it.id()).collect();
    Err(format!("use one of {}", known.join(", ")))
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && number > 0.0 => Ok(number),
        _ => Err("use a number above 0".to_owned()),
    }
}

/// Nodes of a class in each cluster.
type Votes = BTreeMap<u32, u32>;

/// What was found, ready to print.
struct Answer {
    algorithm: String,
    resolution: Option<f64>,
    assurance: Assurance,
    partition: BTreeMap<String, u32>,
    metrics: BTreeMap<&'static str, f64>,
    comparison: Option<BTreeMap<&'static str, f64>>,
}

impl Partition {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let text = match (&self.declared, &self.graph) {
            (Some(file), _) => score_declared(self, file)?,
            (None, Some(graph)) => answer(self, graph).map_err(Failure::Message)?,
            (None, None) => return Err(Failure::Message("give --graph FILE, or PATH and --declared FILE".to_owned())),
        };
        let mut stdout = std::io::stdout().lock();
        stdout.write_all(text.as_bytes())?;
        Ok(Outcome::Fine)
    }
}

/// What goes to standard output; the error is one line for standard error.
fn answer(args: &Partition, graph: &Path) -> Result<String, String> {
    let path = graph.display().to_string();
    let text = if path == "-" { std::io::read_to_string(std::io::stdin()) } else { std::fs::read_to_string(graph) };
    let text = text.map_err(|it| format!("{path}: {it}"))?;
    let graph = parse(&text).map_err(|it| format!("{path}: no neutral graph: {it}"))?;
    let (found, resolution, algorithm, assurance) = if let Some(given) = &args.score {
        let found = Found { partition: read_partition(given)?, resolution: RESOLUTION };
        let assurance = assure(&graph, &found, None, args.seed);
        (found, None, "given".to_owned(), assurance)
    } else {
        let Some(chosen) = clusterer(&args.algorithm) else {
            return Err(format!("no clusterer is called `{}`", args.algorithm));
        };
        let found = cluster(&graph, chosen, args.resolution, args.seed);
        let assurance = assure(&graph, &found, Some(chosen), args.seed);
        let resolution = Some(found.resolution);
        (found, resolution, args.algorithm.clone(), assurance)
    };
    let partition = found.partition;
    let metrics = graph.metrics(&partition);
    let comparison = match &args.compare {
        Some(truth) => Some(compare(&graph, &partition, &read_partition(truth)?)?),
        None => None,
    };
    let answer = Answer { algorithm, resolution, assurance, partition, metrics, comparison };
    Ok(if args.format == "json" { as_json(&answer) } else { as_text(&answer) })
}

/// Metrics of declared boundaries and of the proposal, and how far the two agree on the functions both place.
fn score_declared(args: &Partition, file: &Path) -> Result<String, Failure> {
    let (declared, resolved) = steering::declared(&args.input, file)?;
    let settings = args.input.settings()?;
    let graph = &declared.graph;
    let (proposed, _) = args.input.pooled(|| crate::partition::partition(graph, &settings))?;
    let names: BTreeSet<&str> = resolved.services.iter().map(|it| it.name.as_str()).collect();
    let pairs: Vec<(u32, u32)> = graph
        .symbol_ids()
        .filter(|it| matches!(graph.symbol(*it).kind, SymbolKind::Function | SymbolKind::Method))
        .filter_map(|it| {
            let own = declared.partition.symbol(it).service()?;
            let fixed = names.contains(declared.partition.services[own.index()].name.as_str());
            fixed.then_some((own.0, proposed.symbol(it).service()?.0))
        })
        .collect();
    let (a, b): (Vec<u32>, Vec<u32>) = pairs.iter().copied().unzip();
    let agreement = Agreement {
        functions: a.len(),
        ari: adjusted_rand_index(&a, &b),
        nmi: normalized_mutual_information(&a, &b),
        mojofm: mojo_fm(&b, &a),
    };
    let whole = |partition: &crate::model::partition::Partition| -> BTreeMap<&'static str, f64> {
        let found = system_metrics(graph, partition).into_iter().filter(|it| it.service.is_none());
        found.map(|it| (it.id, it.value)).collect()
    };
    let (own, other) = (whole(&declared.partition), whole(&proposed));
    if args.format == "json" {
        let unmatched = resolved.unmatched.iter().map(String::as_str).collect();
        return Ok(pretty(&Declared {
            schema: DECLARED_SCHEMA,
            tool: env!("CARGO_PKG_VERSION"),
            services: names.into_iter().collect(),
            unmatched,
            declared: own,
            proposed: other,
            agreement,
        }));
    }
    let mut out = format!("{} services declared in {}\n\n", names.len(), file.display());
    let _ = writeln!(out, "{:<26} {:>10} {:>10}", "metric", "declared", "proposed");
    for (id, value) in &own {
        let _ = writeln!(out, "{id:<26} {value:>10.4} {:>10.4}", other.get(id).copied().unwrap_or(f64::NAN));
    }
    out.push_str("\nagreement\n");
    for (id, value) in [("ari", agreement.ari), ("mojofm", agreement.mojofm), ("nmi", agreement.nmi)] {
        let _ = writeln!(out, "  {id:<24} {value:>10.4}");
    }
    let _ = writeln!(out, "  {:<24} {:>10}", "functions", agreement.functions);
    Ok(out)
}

/// Reads `{node: cluster}`, our own output, `{name, partitions: [{name, classes}]}`, or one entry of several by `#KEY`.
fn read_partition(path: &str) -> Result<BTreeMap<String, u32>, String> {
    let (file, key) = match path.rsplit_once('#') {
        Some((file, key)) if !std::path::Path::new(path).exists() => (file, Some(key)),
        _ => (path, None),
    };
    let text = std::fs::read_to_string(file).map_err(|it| format!("{file}: {it}"))?;
    let value: Value = serde_json::from_str(&text).map_err(|it| format!("{file}: {it}"))?;
    let value = match key {
        Some(key) => value.get(key).ok_or_else(|| format!("{file} has no `{key}`: {}", keys(&value)))?,
        None => value.get("partition").filter(|it| it.is_object()).unwrap_or(&value),
    };
    let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
    let mut number = |name: String| {
        let next = numbers.len() as u32;
        *numbers.entry(name).or_insert(next)
    };
    if let Some(parts) = value.get("partitions").and_then(Value::as_array) {
        let mut res = BTreeMap::new();
        for (at, part) in parts.iter().enumerate() {
            let cluster = number(at.to_string());
            for class in part.get("classes").and_then(Value::as_array).into_iter().flatten() {
                res.extend(class.as_str().map(|it| (it.to_owned(), cluster)));
            }
        }
        return Ok(res);
    }
    let entries = value.as_object().ok_or_else(|| format!("{file}: no object of nodes and clusters"))?;
    let mut res = BTreeMap::new();
    for (node, cluster) in entries {
        let name = match cluster {
            Value::String(name) => name.clone(),
            Value::Number(name) => name.to_string(),
            _ => {
                return Err(format!(
                    "{file}: `{node}` has no cluster; with several partitions write FILE#KEY: {}",
                    keys(value)
                ));
            }
        };
        res.insert(node.clone(), number(name));
    }
    Ok(res)
}

fn keys(value: &Value) -> String {
    let found: Vec<&str> = value.as_object().into_iter().flatten().map(|it| it.0.as_str()).take(12).collect();
    format!("there is {}", found.join(", "))
}

/// Agreement over the nodes that both have, and over classes where nodes have one.
fn compare(
    graph: &NeutralGraph,
    found: &BTreeMap<String, u32>,
    truth: &BTreeMap<String, u32>,
) -> Result<BTreeMap<&'static str, f64>, String> {
    let shared: Vec<(&String, u32, u32)> =
        truth.iter().filter_map(|(node, b)| Some((node, *found.get(node)?, *b))).collect();
    if shared.is_empty() {
        return Err("the partition to compare with has no node of the graph".to_owned());
    }
    let a: Vec<u32> = shared.iter().map(|it| it.1).collect();
    let b: Vec<u32> = shared.iter().map(|it| it.2).collect();
    let mut res = BTreeMap::from([
        ("nodes", shared.len() as f64),
        ("ari", adjusted_rand_index(&a, &b)),
        ("nmi", normalized_mutual_information(&a, &b)),
        ("mojofm", mojo_fm(&a, &b)),
        ("a2a", a2a(&a, &b)),
        ("c2c_33", c2c_coverage(&a, &b, 0.33)),
        ("c2c_50", c2c_coverage(&a, &b, 0.5)),
        ("c2c_66", c2c_coverage(&a, &b, 0.66)),
    ]);
    if graph.nodes.iter().any(|it| it.class.is_some()) {
        let mut votes: BTreeMap<&str, (Votes, Votes)> = BTreeMap::new();
        let class_of: BTreeMap<&str, &str> =
            graph.nodes.iter().map(|it| (it.id.as_str(), it.class.as_deref().unwrap_or(&it.id))).collect();
        for (node, a, b) in &shared {
            let class = class_of.get(node.as_str()).copied().unwrap_or(node);
            let vote = votes.entry(class).or_default();
            *vote.0.entry(*a).or_insert(0) += 1;
            *vote.1.entry(*b).or_insert(0) += 1;
        }
        let most = |votes: &BTreeMap<u32, u32>| {
            votes.iter().max_by_key(|it| (*it.1, std::cmp::Reverse(*it.0))).map_or(0, |it| *it.0)
        };
        let a: Vec<u32> = votes.values().map(|it| most(&it.0)).collect();
        let b: Vec<u32> = votes.values().map(|it| most(&it.1)).collect();
        res.insert("classes", votes.len() as f64);
        res.insert("class_ari", adjusted_rand_index(&a, &b));
        res.insert("class_mojofm", mojo_fm(&a, &b));
    }
    Ok(res)
}

fn as_json(answer: &Answer) -> String {
    pretty(&Clustering {
        schema: CLUSTERING_SCHEMA,
        tool: env!("CARGO_PKG_VERSION"),
        algorithm: &answer.algorithm,
        resolution: answer.resolution,
        convincing: answer.assurance.holds,
        verdict: &answer.assurance.words,
        z_score: answer.assurance.z_score,
        confidence: answer.assurance.confidence,
        partition: &answer.partition,
        metrics: &answer.metrics,
        comparison: answer.comparison.as_ref(),
    })
}

/// Indented, with a final line break. Published types have string keys only, so nothing can fail.
fn pretty<T: serde::Serialize>(value: &T) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

fn as_text(answer: &Answer) -> String {
    let mut out = String::new();
    let clusters: BTreeSet<u32> = answer.partition.values().copied().collect();
    let resolution = answer.resolution.map_or_else(String::new, |it| format!(", resolution {it:.3}"));
    let _ = writeln!(
        out,
        "{} nodes in {} clusters ({}{resolution})",
        answer.partition.len(),
        clusters.len(),
        answer.algorithm
    );
    let _ = writeln!(out, "{}", answer.assurance.words);
    for cluster in clusters {
        let members: Vec<&str> =
            answer.partition.iter().filter(|it| *it.1 == cluster).map(|it| it.0.as_str()).collect();
        let _ = writeln!(out, "\n{cluster}: {} nodes", members.len());
        for name in members {
            let _ = writeln!(out, "  {name}");
        }
    }
    let mut table = |title: &str, values: &BTreeMap<&'static str, f64>| {
        let _ = writeln!(out, "\n{title}");
        for (name, value) in values {
            let _ = writeln!(out, "  {name:<22} {value:>9.4}");
        }
    };
    table("metrics", &answer.metrics);
    if let Some(comparison) = &answer.comparison {
        table("agreement", comparison);
    }
    out
}
