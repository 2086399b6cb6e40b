//! Renderers: every format over the same reports, from none at all to names that nobody would choose.

#[path = "render/reports.rs"]
mod reports;

use std::path::Path;

use seamline::model::report::{Artifact, Report};
use seamline::render::{RENDERERS, json};
use serde_json::Value;

fn all() -> Vec<(&'static str, Report)> {
    vec![
        ("empty", reports::empty()),
        ("small", reports::small()),
        ("awkward", reports::awkward()),
        ("ring", reports::ring(24)),
    ]
}

fn render(format: &str, report: &Report) -> Vec<Artifact> {
    seamline::render::renderer(format).unwrap_or_else(|| panic!("no format {format}")).render(report)
}

fn text(artifact: &Artifact) -> &str {
    std::str::from_utf8(&artifact.bytes).expect("UTF-8")
}

#[test]
fn every_renderer_answers_every_report_with_the_same_bytes() {
    for (name, report) in all() {
        for renderer in RENDERERS {
            let first = renderer.render(&report);
            assert!(!first.is_empty(), "{name} {}", renderer.format());
            assert_eq!(first, renderer.render(&report), "{name} {}", renderer.format());
            let mut paths: Vec<_> = first.iter().map(|it| it.path.clone()).collect();
            for artifact in &first {
                assert!(!artifact.path.starts_with('/') && !artifact.path.contains(".."), "{}", artifact.path);
                assert!(artifact.path.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_./".contains(&it)));
                assert!(text(artifact).ends_with('\n'), "{name} {}", artifact.path);
            }
            paths.sort();
            paths.dedup();
            assert_eq!(paths.len(), first.len(), "{name} {}", renderer.format());
        }
    }
}

#[test]
fn published_schemas_are_current() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema");
    for artifact in json::schemas() {
        let path = folder.join(&artifact.path);
        if std::env::var_os("SEAMLINE_BLESS").is_some() {
            std::fs::write(&path, &artifact.bytes).expect("written");
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == text(&artifact),
            "docs/schema/{} is out of date: run SEAMLINE_BLESS=1 cargo test --test render schemas",
            artifact.path
        );
    }
}

#[test]
fn json_follows_its_schema() {
    for (schema, format) in [(0, "graph"), (1, "json")] {
        let schema: Value = serde_json::from_slice(&json::schemas()[schema].bytes).expect("a schema");
        let validator = jsonschema::draft202012::new(&schema).expect("a valid schema");
        for (name, report) in all() {
            let value: Value = serde_json::from_slice(&render(format, &report)[0].bytes).expect("JSON");
            let problems: Vec<_> = validator.iter_errors(&value).map(|it| it.to_string()).take(3).collect();
            assert_eq!(problems, [""; 0], "{name} {format}");
            let mut broken = value.clone();
            broken["schema"] = "seamline.other/1".into();
            assert!(!validator.is_valid(&broken), "the schema's name is checked");
            broken = value;
            broken.as_object_mut().expect("an object").remove("schema");
            assert!(!validator.is_valid(&broken), "fields are required");
        }
    }
}

#[test]
fn graph_json_is_sorted_and_refers_to_what_it_lists() {
    for (name, report) in all() {
        let graph: Value = serde_json::from_slice(&json::graph_json(&report.graph)).expect("JSON");
        assert_eq!(graph["schema"], "seamline.graph/1");
        let names = |part: &str| -> Vec<String> {
            let items = graph[part].as_array().expect("an array");
            items.iter().map(|it| it["name"].as_str().expect("a name").to_owned()).collect()
        };
        let (symbols, stores) = (names("symbols"), names("stores"));
        assert!(symbols.is_sorted() && stores.is_sorted() && names("modules").is_sorted(), "{name}");
        assert_eq!(symbols.len(), report.graph.symbols.len());
        let accesses = graph["accesses"].as_array().expect("an array");
        assert_eq!(accesses.len(), report.graph.accesses.len());
        let place = |it: &Value| (it["symbol"].to_string(), it["store"].to_string());
        assert!(accesses.is_sorted_by_key(place), "{name}");
        for access in accesses {
            assert!(symbols.iter().any(|it| access["symbol"] == it.as_str()), "{access}");
            assert!(stores.iter().any(|it| access["store"] == it.as_str()), "{access}");
        }
    }
}

#[test]
fn vendored_code_is_not_published() {
    use seamline::model::source::Role;
    let mut report = reports::small();
    let total = report.graph.files.len();
    report.graph.modules[0].role = Role::Vendored;
    for symbol in report.graph.symbols.iter_mut().filter(|it| it.module.0 == 0) {
        symbol.role = Role::Vendored;
    }
    let gone = report.graph.modules[0].name.clone();
    let graph: Value = serde_json::from_slice(&json::graph_json(&report.graph)).expect("JSON");
    assert_eq!(graph["files"].as_array().map(Vec::len), Some(total), "files that were read are listed");
    for part in ["modules", "symbols", "calls", "accesses", "endpoints", "imports"] {
        let items = graph[part].as_array().expect("an array");
        assert!(!items.is_empty(), "{part}");
        for item in items {
            for field in ["name", "from", "to", "symbol", "handler", "module"] {
                let value = item[field].as_str().unwrap_or_default();
                assert!(value != gone && !value.starts_with(&format!("{gone}.")), "{part} {item}");
            }
        }
    }
}
