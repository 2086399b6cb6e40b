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
    for (schema, format) in [("graph-1.json", "graph"), ("report-1.json", "json")] {
        let schema = json::schemas().into_iter().find(|it| it.path == schema).expect("a schema of this name");
        let schema: Value = serde_json::from_slice(&schema.bytes).expect("a schema");
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

fn number(node: &roxmltree::Node, name: &str) -> f64 {
    node.attribute(name).and_then(|it| it.parse().ok()).unwrap_or_else(|| panic!("{name} of {node:?}"))
}

/// Left, top, right, bottom.
fn corners(rect: &roxmltree::Node) -> [f64; 4] {
    let (x, y) = (number(rect, "x"), number(rect, "y"));
    [x, y, x + number(rect, "width"), y + number(rect, "height")]
}

/// The outer rectangle of every group of a class.
fn frames<'a>(document: &'a roxmltree::Document, class: &str) -> Vec<roxmltree::Node<'a, 'a>> {
    let groups = document.descendants().filter(|it| it.attribute("class") == Some(class) && it.has_tag_name("g"));
    groups.filter_map(|it| it.children().find(|it| it.has_tag_name("rect"))).collect()
}

#[test]
fn svg_is_well_formed_titled_and_self_contained() {
    for (name, report) in all() {
        for artifact in render("svg", &report) {
            let what = format!("{name} {}", artifact.path);
            let document = roxmltree::Document::parse(text(&artifact)).unwrap_or_else(|it| panic!("{what}: {it}"));
            let root = document.root_element();
            for part in ["title", "desc"] {
                let part = root.children().find(|it| it.has_tag_name(("http://www.w3.org/2000/svg", part)));
                assert!(part.is_some_and(|it| it.text().is_some_and(|it| !it.is_empty())), "{what}");
            }
            let ids: Vec<_> = root.attribute("aria-labelledby").unwrap_or_default().split(' ').collect();
            for id in ids {
                assert!(document.descendants().any(|it| it.attribute("id") == Some(id)), "{what}: {id}");
            }
            for node in document.descendants() {
                for attribute in node.attributes() {
                    assert!(!attribute.name().ends_with("href") && !attribute.name().starts_with("on"), "{what}");
                    assert!(!attribute.value().contains("NaN") && !attribute.value().contains("inf"), "{what}");
                }
                assert!(!node.has_tag_name("script") && !node.has_tag_name("image"), "{what}");
            }
            assert!(text(&artifact).contains("prefers-color-scheme: dark"), "{what}");
        }
    }
}

#[test]
fn svg_boxes_and_labels_stand_apart_on_the_page() {
    for (name, report) in all() {
        let artifact = &render("svg", &report)[0];
        let document = roxmltree::Document::parse(text(artifact)).expect("XML");
        let page = [number(&document.root_element(), "width"), number(&document.root_element(), "height")];
        let mut areas: Vec<[f64; 4]> = Vec::new();
        for class in ["sl-service", "sl-seam", "sl-layer"] {
            areas.extend(frames(&document, class).iter().map(corners));
        }
        assert_eq!(areas.is_empty(), name == "empty");
        for (at, a) in areas.iter().enumerate() {
            assert!(a[0] >= 0.0 && a[1] >= 0.0 && a[2] <= page[0] && a[3] <= page[1], "{name} {a:?} {page:?}");
            for b in &areas[at + 1..] {
                let apart = a[2] <= b[0] + 0.2 || b[2] <= a[0] + 0.2 || a[3] <= b[1] + 0.2 || b[3] <= a[1] + 0.2;
                assert!(apart, "{name}: {a:?} {b:?}");
            }
        }
        // Text starts inside its frame and is short enough for the narrowest reading of its letters.
        for node in document.descendants().filter(|it| it.has_tag_name("text")) {
            let (x, y) = (number(&node, "x"), number(&node, "y"));
            let least = node.text().unwrap_or_default().chars().count() as f64 * number(&node, "font-size") * 0.3;
            let (left, right) = match node.attribute("text-anchor") {
                Some("middle") => (x - least / 2.0, x + least / 2.0),
                Some("end") => (x - least, x),
                _ => (x, x + least),
            };
            assert!(left >= 0.0 && right <= page[0] && y <= page[1], "{name}: {:?}", node.text());
        }
    }
}

#[test]
fn svg_shows_services_stores_verdicts_and_seams() {
    let report = reports::small();
    let artifact = &render("svg", &report)[0];
    let document = roxmltree::Document::parse(text(artifact)).expect("XML");
    let texts: Vec<&str> =
        document.descendants().filter(|it| it.has_tag_name("text")).filter_map(|it| it.text()).collect();
    for expected in [
        "shop",
        "accounts",
        "notifications",
        "order_items",
        "users",
        "replicate as a read model",
        "owner exposes an API",
        "audit_log",
        "stays shared for now",
        "Edge layer",
        "shop.middleware",
        "Shared kernel",
        "shop.money",
        "22 calls",
        "1 transaction",
        "14 endpoints · 18 functions · 1,234 lines",
        "93 %",
    ] {
        assert!(texts.contains(&expected), "{expected} in {texts:?}");
    }
    let tips: Vec<&str> =
        document.descendants().filter(|it| it.has_tag_name("title")).filter_map(|it| it.text()).collect();
    assert!(tips.iter().any(|it| it.contains("orders needs payments: 6 calls")), "{tips:?}");
    assert!(tips.iter().any(|it| it.contains("touched by accounts")), "{tips:?}");
}

#[test]
fn what_is_folded_is_said() {
    let artifact = &render("svg", &reports::awkward())[0];
    let picture = text(artifact);
    assert!(picture.contains("the 48 largest services are drawn, 12 smaller ones stand in one box"));
    assert!(picture.contains(" seams are drawn; none of the others has more than "));
    assert!(!text(&render("svg", &reports::small())[0]).contains("Folded"));
}

#[test]
fn mermaid_stays_under_the_limits_of_viewers_and_quotes_every_name() {
    use seamline::render::mermaid::{MAX_CHARS, MAX_EDGES};
    let mut many = reports::ring(120);
    many.graph.name = "x".repeat(100);
    for (name, report) in all().into_iter().chain([("many", many)]) {
        for artifact in render("mermaid", &report) {
            let what = format!("{name} {}", artifact.path);
            let diagram = text(&artifact);
            assert!(diagram.chars().count() <= MAX_CHARS, "{what}");
            let edges =
                diagram.lines().filter(|it| ["-->", "-.->", "~~~", "||"].iter().any(|arrow| it.contains(arrow)));
            assert!(edges.count() <= MAX_EDGES, "{what}");
            let heads = ["flowchart TB", "erDiagram", "sequenceDiagram"];
            assert_eq!(diagram.lines().filter(|it| heads.contains(it)).count(), 1, "{what}");
            for line in diagram.lines().filter(|it| !it.starts_with("%%")) {
                assert!(line.matches('"').count() % 2 == 0, "{what}: {line}");
                // Outside quotes stand our own ids and keywords only.
                let outside: String = line.split('"').step_by(2).collect();
                let words = ["accTitle", "accDescr", "participant", "Note", "p", "linkStyle", "classDef"];
                let free = words.iter().any(|it| outside.trim_start().starts_with(it));
                let odd = outside.chars().any(|it| !it.is_ascii() || "<`$%\\'".contains(it) && !outside.contains("<-"));
                assert!(free || !odd, "{what}: {line}");
            }
            let opened = diagram.lines().filter(|it| it.trim_start().starts_with("subgraph ")).count();
            assert_eq!(opened, diagram.lines().filter(|it| it.trim() == "end").count(), "{what}");
        }
    }
}

#[test]
fn ledger_has_a_line_per_access() {
    let report = reports::small();
    let artifact = &render("csv", &report)[0];
    let lines: Vec<&str> = text(artifact).split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 1 + report.graph.accesses.len());
    assert!(lines[0].starts_with("store,kind,owner,verdict,by,effect,operation,symbol,"));
    let update = lines.iter().find(|it| it.starts_with("orders,") && it.contains("update"));
    let expected =
        "orders,table,orders,owner-exposes-api,payments,write,update,app.payments.function_0,id name,certain,";
    assert!(update.is_some_and(|it| it.starts_with(expected)), "{update:?}");
    let untouched = text(&render("csv", &reports::awkward())[0]).contains("\"<script>alert('x')</script> & \"\"quoted");
    assert!(untouched, "names are quoted");
}

/// Names of the tags of a page that open, minus those that close; fails where they cross.
fn balanced(page: &str) -> Result<(), String> {
    const VOID: [&str; 4] = ["!doctype", "meta", "input", "br"];
    let start = page.find("<script>").ok_or("no script")?;
    let end = page.find("</script>").ok_or("no end of the script")?;
    let without_script = format!("{}{}", &page[..start], &page[end + "</script>".len()..]);
    let mut open: Vec<&str> = Vec::new();
    for tag in without_script.split('<').skip(1) {
        let (inside, _) = tag.split_once('>').ok_or_else(|| format!("<{tag} is not closed"))?;
        let name = inside.split([' ', '\n']).next().unwrap_or_default();
        if let Some(name) = name.strip_prefix('/') {
            let last = open.pop().ok_or_else(|| format!("</{name}> closes nothing"))?;
            if last != name {
                return Err(format!("</{name}> closes <{last}>"));
            }
        } else if !inside.ends_with('/') && !VOID.contains(&name) {
            open.push(name);
        }
    }
    if open.is_empty() { Ok(()) } else { Err(format!("open: {open:?}")) }
}

#[test]
fn html_is_one_sound_page_without_requests() {
    for (name, report) in all() {
        let artifacts = render("html", &report);
        assert_eq!(artifacts.len(), 1);
        let page = text(&artifacts[0]);
        assert!(page.starts_with("<!doctype html>\n<html lang=\"en\">"), "{name}: {}", &page[..300]);
        assert_eq!(balanced(page), Ok(()), "{name}");
        assert!(!page.contains("<script>alert"), "{name}");
        for (at, _) in page.match_indices("href=\"").chain(page.match_indices("src=\"")) {
            assert!(page[at..].starts_with("href=\"#"), "{name}: {}", &page[at..at + 60]);
        }
        assert!(!page.contains("url(") && !page.contains("@import"), "{name}");
        for (at, _) in page.match_indices("://") {
            let address = &page[at.saturating_sub(5)..at + 26];
            assert!(address.contains("://www.w3.org/2000/svg"), "{name}: {address}");
        }
        for (at, _) in page.match_indices("href=\"#") {
            let id = page[at + 7..].split('"').next().unwrap_or_default();
            assert_eq!(page.matches(&format!(" id=\"{id}\"")).count(), 1, "{name}: {id}");
        }
        let ids: Vec<_> = page.match_indices(" id=\"").map(|it| page[it.0 + 5..].split('"').next()).collect();
        let unique: std::collections::BTreeSet<_> = ids.iter().collect();
        assert_eq!(ids.len(), unique.len(), "{name}: ids are unique");
    }
}

#[test]
fn html_says_what_the_plan_says() {
    let report = reports::small();
    let artifacts = render("html", &report);
    let page = text(&artifacts[0]);
    for expected in [
        "Extract, in the order below.",
        "Boundaries hold when the evidence is resampled.",
        "<h3>users <span class=\"verdict\">replicate as a read model</span></h3>",
        "<strong>accounts</strong> (2 of 3 write sites)",
        "orders and payments",
        "<code title=\"app.payments.function_0\">function_0(id: int) -&gt; Record | None</code>",
        "<h4>1. Pin down today&#x27;s behavior</h4>",
        "No key orders the rows of this table: <em>name one in seamline.toml</em>",
        "dynamic-table-name",
        "1 place could not be resolved, of ",
        "keeps the columns email of the rows with kind = a or &lt;b&gt;",
        "lines 3-9",
    ] {
        assert!(page.contains(expected), "{expected}");
    }
    let rows = page.matches("<tr data-effect=").count();
    assert_eq!(rows, report.graph.accesses.len());
}
