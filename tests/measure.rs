//! Reproduces published metric values on the published graphs, where they are at hand.
//!
//! They are facts of other publications and not part of this repository: `SEAMLINE_BENCHMARKS` names their folder, else
//! `../shared/benchmarks` beside the checkout is tried. Without them the test says so loudly and checks small examples
//! computed by hand, which the unit tests of `src/measure` hold too.

#![allow(clippy::print_stderr, reason = "figures for the reader of the test run")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use seamline::partition::neutral::{NeutralGraph, parse};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

fn folder() -> Option<PathBuf> {
    let given = std::env::var_os("SEAMLINE_BENCHMARKS").map(PathBuf::from);
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/benchmarks"));
    given.into_iter().chain([beside]).find(|it| it.is_dir())
}

struct Published {
    graph: NeutralGraph,
    partitions: BTreeMap<String, Ordered>,
    rows: Vec<Value>,
}

/// A partition in the order of its file, on which one of the papers' formulas depends.
struct Ordered(Vec<(String, u32)>);

impl<'de> Deserialize<'de> for Ordered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Ordered;

            fn expecting(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
                out.write_str("an object of nodes and clusters")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Ordered, A::Error> {
                let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
                let mut entries = Vec::new();
                while let Some((node, cluster)) = map.next_entry::<String, Value>()? {
                    let next = numbers.len() as u32;
                    entries.push((node, *numbers.entry(cluster.to_string()).or_insert(next)));
                }
                Ok(Ordered(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

fn load(folder: &std::path::Path, name: &str) -> Published {
    let read = |suffix: &str| std::fs::read_to_string(folder.join(format!("{name}.{suffix}.json"))).unwrap();
    let raw: BTreeMap<String, Ordered> = serde_json::from_str(&read("partitions")).unwrap();
    let published: Value = serde_json::from_str(&read("published")).unwrap();
    Published {
        graph: parse(&read("graph")).unwrap(),
        partitions: raw,
        rows: published["rows"].as_array().unwrap().clone(),
    }
}

impl Published {
    /// Names of the partitions a row is the mean over.
    fn names(row: &Value) -> Vec<String> {
        let value = row.get("partition").or_else(|| row.get("partitions")).unwrap();
        match value {
            Value::String(name) => vec![name.clone()],
            other => other.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect(),
        }
    }

    /// Compares every published value that `wanted` accepts; returns how many agree and what does not.
    fn check(&self, ids: &[(&str, &str)], tolerance: f64, wanted: impl Fn(&str, &str) -> bool) -> (usize, Vec<String>) {
        let mut agreed = 0;
        let mut wrong = Vec::new();
        for row in &self.rows {
            let names = Self::names(row);
            let source = row["source"].as_str().unwrap();
            if !wanted(source, &names[0]) || names.iter().any(|it| !self.partitions.contains_key(it)) {
                continue;
            }
            let found: Vec<_> = names
                .iter()
                .map(|it| {
                    let Ordered(entries) = &self.partitions[it];
                    let order: Vec<&str> = entries.iter().map(|it| it.0.as_str()).collect();
                    self.graph.metrics_in_order(&entries.iter().cloned().collect(), &order)
                })
                .collect();
            for (published, id) in ids {
                let Some(expected) = row["values"].get(*published).and_then(Value::as_f64) else { continue };
                let mean = found.iter().map(|it| it[id]).sum::<f64>() / found.len() as f64;
                if (mean - expected).abs() <= tolerance {
                    agreed += 1;
                } else {
                    wrong.push(format!("{source} {} {published}: {mean:.4}, published {expected}", names[0]));
                }
            }
        }
        (agreed, wrong)
    }
}

const M2M: &[(&str, &str)] = &[("BCP", "bcp"), ("ICP", "icp"), ("SM", "sm"), ("IFN", "ifn"), ("NED", "ned")];
const CARGO: &[(&str, &str)] = &[("ICP_raw", "icp_volume"), ("BCP_freq", "bcp_entropy")];
const ICSA: &[(&str, &str)] = &[("icsa23_coupling", "icsa23_coupling"), ("icsa23_cohesion", "icsa23_cohesion")];

#[test]
fn published_values_are_reproduced() {
    let Some(folder) = folder() else {
        eprintln!(
            "PUBLISHED GRAPHS ARE NOT HERE: set SEAMLINE_BENCHMARKS to their folder to check the metrics against \
             published values. Only the examples computed by hand were checked."
        );
        by_hand();
        return;
    };
    let mut total = 0;
    for app in ["acmeair", "daytrader", "jpetstore", "plants"] {
        let data = load(&folder.join("m2m"), app);
        let exact = |source: &str, name: &str| {
            let own = ["cogcn", "mem", "bunch"].iter().any(|it| name.starts_with(it));
            source.starts_with("Mono2Micro") && (own || (name.starts_with("mono2micro") && app != "jpetstore"))
        };
        let (agreed, wrong) = data.check(M2M, 0.0006, exact);
        assert!(wrong.is_empty(), "{app}: {wrong:#?}");
        total += agreed;
        // The package of this one application holds two partitions that are not the published ones.
        let (agreed, wrong) = data.check(M2M, 0.0006, |source, name| {
            source.starts_with("Mono2Micro") && name.starts_with("mono2micro") && app == "jpetstore"
        });
        assert!(wrong.len() <= 4, "{wrong:#?}");
        total += agreed;
        let (agreed, wrong) =
            data.check(CARGO, 0.006, |source, name| source.starts_with("CARGO") && !name.starts_with("cargo"));
        assert!(wrong.is_empty(), "{app}: {wrong:#?}");
        total += agreed;
    }
    for app in ["jpetstore6", "petclinic", "springblog"] {
        let data = load(&folder.join("icsa23"), app);
        let (agreed, wrong) = data.check(ICSA, 1e-9, |_, _| true);
        assert!(wrong.is_empty(), "{app}: {wrong:#?}");
        total += agreed;
    }
    eprintln!("{total} published values reproduced");
    assert!(total > 500, "{total}");
}

/// Two services of two classes, one call across, worked out on paper.
#[test]
fn by_hand() {
    let text = r#"{"nodes": [{"id": "a", "kind": "class", "contexts": [0]}, {"id": "b", "kind": "class", "contexts": [0, 1]},
        {"id": "c", "kind": "class", "contexts": [1]}, {"id": "d", "kind": "class", "contexts": [1]},
        {"id": "Root", "kind": "entry", "contexts": [0, 1]}],
        "edges": [{"from": "a", "to": "b", "kind": "call", "weight": 1}, {"from": "c", "to": "d", "kind": "call", "weight": 1},
        {"from": "b", "to": "c", "kind": "call", "weight": 2}, {"from": "Root", "to": "a", "kind": "call", "weight": 99}],
        "transactions": [{"entry": "a", "tables": {"t": "R"}}, {"entry": "c", "tables": {"t": "W", "u": "RW"}}]}"#;
    let graph = parse(text).unwrap();
    let partition: BTreeMap<String, u32> =
        [("a", 0), ("b", 0), ("c", 1), ("d", 1)].map(|it| (it.0.to_owned(), it.1)).into();
    let found = graph.metrics(&partition);
    let expected = [
        ("services", 2.0),
        ("sm", 0.25 - 0.25),
        ("icp", (1.0 + 2.0_f64.ln()) / (3.0 + 2.0_f64.ln())),
        ("icp_volume", 0.5),
        ("ifn", 0.5),
        ("ned", 1.0),
        ("bcp", 2.0_f64.ln() / 2.0),
        ("transactional_purity", 1.0 - 2.0_f64.ln() / 2.0),
    ];
    for (id, value) in expected {
        assert!((found[id] - value).abs() < 1e-9, "{id} is {}, not {value}", found[id]);
    }
}

#[test]
fn every_metric_is_documented() {
    let page = include_str!("../docs/metrics.md");
    for metric in seamline::measure::system::METRICS {
        assert!(page.contains(&format!("`{}`", metric.id)), "docs/metrics.md lacks {}", metric.id);
    }
}
