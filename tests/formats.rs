//! Every form of the gate's answer under names nobody would choose and under more findings than anyone shows: it parses,
//! it says the same, and it stays under the limits of whoever reads it.

use std::collections::BTreeSet;

use proptest::prelude::*;
use seamline::model::check::{CheckReport, Delta, Finding, Key, Level, RULES, SeamChange, Spot, Status};
use seamline::render::check::{FORMATS, annotations, comment, format, sarif, step};
use seamline::render::json;
use serde_json::Value;

fn render(name: &str, report: &CheckReport) -> String {
    format(name).unwrap_or_else(|| panic!("no format {name}")).render(report)
}

fn parsed(name: &str, report: &CheckReport) -> Value {
    serde_json::from_str(&render(name, report)).expect("JSON")
}

fn finding(rule: usize, status: Status, words: [&str; 4], sites: usize) -> Finding {
    let rule = &RULES[rule % RULES.len()];
    let spot = |at: usize| Spot { path: words[0].to_owned(), line: at as u32 + 1, text: words[1].to_owned() };
    Finding {
        key: Key {
            rule: rule.id.to_owned(),
            source: words[1].to_owned(),
            target: words[2].to_owned(),
            object: words[3].to_owned(),
        },
        level: rule.level,
        status,
        message: format!("{} does {} to {}", words[1], words[3], words[2]),
        sites: (0..sites).map(spot).collect(),
        path: (0..sites).map(spot).collect(),
        services: vec![words[1].to_owned(), words[2].to_owned()],
        waiver: (status == Status::Waived).then(|| (words[2].to_owned(), words[3].to_owned(), "2026-12-31".to_owned())),
        moved_from: None,
    }
}

fn report(findings: Vec<Finding>, names: &[String]) -> CheckReport {
    let mut findings = findings;
    findings.sort_by(|a, b| (a.status, &a.key).cmp(&(b.status, &b.key)));
    findings.dedup_by(|a, b| a.key == b.key);
    let name = |at: usize| names.get(at % names.len().max(1)).cloned().unwrap_or_default();
    CheckReport {
        project: name(0),
        base: Some("0123456789abcdef0123456789abcdef01234567".to_owned()),
        head: Some("89abcdef0123456789abcdef0123456789abcdef".to_owned()),
        boundaries: name(1),
        services: names.to_vec(),
        gone: findings.iter().take(3).map(|it| Finding { status: Status::Gone, ..it.clone() }).collect(),
        deltas: (0..names.len())
            .map(|at| Delta {
                metric: "cut_calls".to_owned(),
                service: Some(name(at)),
                before: Some(1.0),
                after: Some(at as f64),
            })
            .collect(),
        seams: (0..names.len())
            .map(|at| SeamChange {
                from: name(at),
                to: name(at + 1),
                counts: vec![("cross-boundary-call".to_owned(), 0, at as u32)],
            })
            .collect(),
        renamed: vec![(name(0), name(1))],
        notes: vec![name(2)],
        links: Some("https://example.com/o/r/blob/89ab/".to_owned()),
        findings,
    }
}

/// Checks every form of one report.
fn hold(report: &CheckReport) {
    for format in FORMATS {
        let text = format.render(report);
        assert_eq!(text, format.render(report), "{} twice", format.format());
        assert!(text.is_empty() || text.ends_with('\n'), "{}", format.format());
    }
    let standing = report.findings.len();
    let unwaived = report.findings.iter().filter(|it| it.status != Status::Waived).count();
    sarif_holds(report, standing);
    codequality_holds(report, unwaived);
    junit_holds(report);
    annotations_hold(&render("github", report));
    comment_holds(report);

    let sonar = parsed("sonar", report);
    assert_eq!(sonar["issues"].as_array().map(Vec::len), Some(unwaived));
    let rules: BTreeSet<&str> =
        sonar["rules"].as_array().expect("rules").iter().filter_map(|it| it["id"].as_str()).collect();
    for issue in sonar["issues"].as_array().expect("issues") {
        assert!(rules.contains(issue["ruleId"].as_str().expect("a rule")));
        assert!(issue["primaryLocation"]["textRange"]["startLine"].as_u64() > Some(0));
        assert!(issue["primaryLocation"]["filePath"].as_str().is_some_and(|it| !it.is_empty()));
    }
    let lines = render("rdjsonl", report);
    assert_eq!(lines.lines().count(), report.count(Status::New));
    for line in lines.lines() {
        let it: Value = serde_json::from_str(line).expect("one object a line");
        assert!(it["location"]["range"]["start"]["line"].as_u64() > Some(0), "{it}");
        assert!(["ERROR", "WARNING", "INFO"].contains(&it["severity"].as_str().expect("a severity")));
    }
    let metrics = render("openmetrics", report);
    assert!(metrics.ends_with("\n# EOF\n"));
    assert!(metrics.lines().all(|it| it.starts_with("# ") || it.starts_with("seamline_")), "{metrics}");
    let schema: Value = serde_json::from_slice(&json::schemas()[0].bytes).expect("the schema");
    let validator = jsonschema::draft202012::new(&schema).expect("a valid schema");
    let problems: Vec<_> = validator.iter_errors(&parsed("json", report)).map(|it| it.to_string()).collect();
    assert_eq!(problems, [""; 0]);
}

fn sarif_holds(report: &CheckReport, standing: usize) {
    let log = parsed("sarif", report);
    assert_eq!((&log["version"], log["runs"].as_array().map(Vec::len)), (&"2.1.0".into(), Some(1)));
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    assert!(rules.iter().all(|it| it["properties"]["tags"].as_array().is_some_and(|it| it.len() <= 10)));
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), standing.min(sarif::MAX_RESULTS));
    let mut prints = BTreeSet::new();
    for result in results {
        let rule = result["ruleIndex"].as_u64().expect("an index") as usize;
        assert_eq!(rules[rule]["id"], result["ruleId"]);
        let print = result["partialFingerprints"]["primaryLocationLineHash"].as_str().expect("a fingerprint");
        assert!(prints.insert(print.to_owned()), "fingerprints are unique");
        assert!(["new", "unchanged"].contains(&result["baselineState"].as_str().expect("a state")));
        let related = result["relatedLocations"].as_array().map_or(0, Vec::len);
        assert!(related <= sarif::MAX_LOCATIONS);
        let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().expect("a place");
        assert!(uri.bytes().all(|it| it.is_ascii_alphanumeric() || b"-._~/%".contains(&it)), "{uri}");
    }
    // What cannot be decoded is not what the checkout holds.
    if let (Some(first), Some(finding)) = (results.first(), report.findings.first()) {
        let uri = first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().expect("a place");
        let site = finding.sites.first().map_or("", |it| it.path.as_str());
        assert_eq!(decoded(uri), if site.is_empty() { "." } else { site });
    }
}

fn decoded(uri: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = uri.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        if first == b'%' {
            let digits = std::str::from_utf8(&tail[..2]).expect("two digits");
            bytes.push(u8::from_str_radix(digits, 16).expect("hexadecimal"));
            rest = &tail[2..];
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

fn codequality_holds(report: &CheckReport, unwaived: usize) {
    let issues = parsed("codequality", report);
    let issues = issues.as_array().expect("an array");
    assert_eq!(issues.len(), unwaived);
    let prints: BTreeSet<&str> = issues.iter().filter_map(|it| it["fingerprint"].as_str()).collect();
    assert_eq!(prints.len(), issues.len(), "fingerprints are unique");
    for issue in issues {
        let severity = issue["severity"].as_str().expect("a severity");
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&severity));
        assert!(issue["location"]["lines"]["begin"].as_u64() > Some(0));
        assert!(issue["description"].is_string() && issue["check_name"].is_string());
    }
}

fn junit_holds(report: &CheckReport) {
    let text = render("junit", report);
    let document = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let root = document.root_element();
    let all = |name: &str| root.descendants().filter(|it| it.has_tag_name(name)).count().to_string();
    assert_eq!(root.attribute("tests"), Some(all("testcase").as_str()));
    assert_eq!(root.attribute("failures"), Some(all("failure").as_str()));
    assert_eq!(root.attribute("skipped"), Some(all("skipped").as_str()));
    assert_eq!(all("failure"), report.findings.iter().filter(|it| it.fails()).count().to_string());
    assert_eq!(all("testsuite"), RULES.len().to_string());
}

fn annotations_hold(text: &str) {
    for command in ["error", "warning", "notice"] {
        let count = text.lines().filter(|it| it.starts_with(&format!("::{command} "))).count();
        assert!(count <= annotations::MAX_OF_A_TYPE, "{count} of {command}");
    }
    for line in text.split_terminator('\n') {
        let rest = line.strip_prefix("::").unwrap_or_else(|| panic!("a line that is no command: {line:?}"));
        let (head, _) = rest.split_once("::").expect("a message");
        let (_, properties) = head.split_once(' ').expect("properties");
        let names: Vec<&str> = properties.split(',').map(|it| it.split('=').next().unwrap_or("")).collect();
        assert!(names == ["file", "line", "title"] || names == ["title"], "{line}");
        assert!(!line.contains('\r'), "{line:?}");
    }
}

fn comment_holds(report: &CheckReport) {
    let text = render("comment", report);
    assert!(text.starts_with(comment::MARK));
    assert!(text.len() < comment::MAX_CHARS, "{} bytes", text.len());
    assert!(render("summary", report).len() < step::MAX_BYTES);
    assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
    assert!(!text.contains("<b>") && !text.contains("@me"), "names are no markup: {text}");
    for line in text.lines().filter(|it| it.starts_with('|')) {
        let cells = line.replace("\\|", "").matches('|').count();
        assert_eq!(cells, 6, "a row of five cells: {line}");
    }
    if let Some((_, rest)) = text.split_once("```mermaid\n") {
        let (diagram, _) = rest.split_once("\n```").expect("a closed block");
        assert!(diagram.matches("-->").count() <= 500 && diagram.len() < 50_000);
        for line in diagram.lines() {
            assert!(line.matches('"').count() % 2 == 0 && !line.contains('`'), "{line}");
        }
    }
}

#[test]
fn nothing_at_all_has_every_form() {
    hold(&CheckReport::default());
    assert!(render("text", &CheckReport::default()).starts_with("0 new, 0 known"));
    assert!(render("comment", &CheckReport::default()).contains("no coupling added"));
}

#[test]
fn limits_hold_under_many_findings() {
    let names: Vec<String> = (0..60).map(|at| format!("service-{at}")).collect();
    let findings: Vec<Finding> = (0..6_000)
        .map(|at| {
            let status = [Status::New, Status::New, Status::Known, Status::Waived][at % 4];
            let (source, target) = (format!("app.module_{at}.function"), names[at % 60].clone());
            finding(at, status, ["app/some/folder/file.py", &source, &target, "x"], if at % 500 == 0 { 130 } else { 2 })
        })
        .collect();
    let report = report(findings, &names);
    hold(&report);
    let log = parsed("sarif", &report);
    let notes = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    assert!(notes.to_string().contains("1000 known findings are left out"), "{notes}");
    assert_eq!(log["runs"][0]["results"][0]["baselineState"], "new", "new ones come first");
    // Ten megabytes compressed; such text shrinks at least tenfold.
    assert!(render("sarif", &report).len() < 300 << 20);
    let github = render("github", &report);
    assert!(github.lines().any(|it| it.contains("more findings of")), "{github}");
    assert!(render("comment", &report).contains("more</summary>"));
}

#[test]
fn levels_and_states_are_told_apart() {
    let words = ["a.py", "a", "b", "c"];
    let one = |rule: &str, status: Status| {
        let at = RULES.iter().position(|it| it.id == rule).expect("a rule");
        finding(at, status, words, 2)
    };
    let findings = vec![
        one("cross-boundary-call", Status::New),
        one("blind-spot", Status::New),
        one("shared-store", Status::Known),
        one("cross-boundary-join", Status::Waived),
    ];
    let report = report(findings, &["a".to_owned(), "b".to_owned()]);
    assert!(report.failed());
    let log = parsed("sarif", &report);
    let results = log["runs"][0]["results"].as_array().expect("results");
    let of = |rule: &str| results.iter().find(|it| it["ruleId"] == rule).expect("a result");
    assert_eq!(of("cross-boundary-call")["level"], "error");
    assert_eq!(of("blind-spot")["kind"], "informational");
    assert_eq!(of("shared-store")["baselineState"], "unchanged");
    assert_eq!(of("cross-boundary-join")["suppressions"][0]["kind"], "external");
    assert_eq!(of("cross-boundary-call")["relatedLocations"].as_array().map(Vec::len), Some(3));
    assert_eq!(
        of("cross-boundary-call")["codeFlows"][0]["threadFlows"][0]["locations"].as_array().map(Vec::len),
        Some(2)
    );
    let github = render("github", &report);
    assert_eq!(github.lines().count(), 2);
    assert!(github.starts_with("::error file=a.py,line=1,title=seamline cross-boundary-call::a does c to b (a.py:1"));
    let text = render("comment", &report);
    assert!(text.contains("[`a.py:1`](https://example.com/o/r/blob/89ab/a.py#L1)"), "{text}");
    assert!(text.contains("1 new finding") && text.contains("Waived: 1") && text.contains("Noted: 1"), "{text}");
}

/// Spaces, per cent signs, line ends, quotes, marks of every format, and letters beyond ASCII.
fn awkward() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just(" "),
        Just("%"),
        Just("%0A"),
        Just("\n"),
        Just("\r\n"),
        Just("\""),
        Just("'"),
        Just("\\"),
        Just("`"),
        Just("```\n"),
        Just("|"),
        Just("<b>"),
        Just("</details>"),
        Just("-->"),
        Just("]]>"),
        Just("&amp;"),
        Just("::"),
        Just(","),
        Just(":"),
        Just("#"),
        Just("@me"),
        Just("\t"),
        Just("\u{0}"),
        Just("\u{1b}"),
        Just("é"),
        Just("表"),
        Just("🦀"),
        Just("\u{202e}"),
        Just("a"),
        Just("/"),
        Just("."),
        Just("*_~"),
        Just("[x](y)"),
        Just("\u{fffe}"),
    ];
    prop::collection::vec(part, 0..12).prop_map(|it| it.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn escaping_holds(
        all in prop::collection::vec((0_usize..40, 0_usize..3, [awkward(), awkward(), awkward(), awkward()], 0_usize..4), 0..14),
        names in prop::collection::vec(awkward(), 1..6),
    ) {
        let findings = all
            .iter()
            .map(|(rule, status, words, sites)| {
                let status = [Status::New, Status::Known, Status::Waived][*status];
                finding(*rule, status, [&words[0], &words[1], &words[2], &words[3]], *sites)
            })
            .collect();
        hold(&report(findings, &names));
    }
}

#[test]
fn a_level_decides_what_fails() {
    for (level, fails) in [(Level::Note, false), (Level::Warning, true), (Level::Error, true)] {
        let it = Finding { level, ..finding(0, Status::New, ["a", "b", "c", "d"], 1) };
        assert_eq!(it.fails(), fails);
        assert!(!Finding { status: Status::Known, ..it }.fails());
    }
}
