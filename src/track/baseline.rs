//! The baseline: what exists today and is accepted, one entry a line, sorted, without line numbers.
//!
//! Four fields between tabs: rule, source, target, object. An entry of the rule `metric` keeps a figure for a ratchet: id,
//! service (empty for the whole), value. Lines that start with `#` are comments.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::check::Key;

const HEADER: &str = "# seamline baseline 1: accepted coupling, one finding a line (rule, source, target, object).\n\
# It may shrink: `seamline check --update-baseline` takes out what is fixed. New findings are never added by that.\n";
/// Rule of the entries that keep a figure.
const METRIC: &str = "metric";

/// What was accepted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Baseline {
    pub keys: BTreeSet<Key>,
    /// Figures by metric and service, for limits on how far they may move.
    pub metrics: BTreeMap<(String, Option<String>), f64>,
}

/// Why a baseline cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{path}:{line}: {reason}; write the file anew with `seamline check --write-baseline`")]
pub struct BaselineError {
    pub path: String,
    pub line: usize,
    pub reason: String,
}

/// Reads a baseline. `path` is for messages only.
pub fn parse(text: &str, path: &str) -> Result<Baseline, BaselineError> {
    let mut found = Baseline::default();
    for (index, line) in text.lines().enumerate() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let error = |reason: String| BaselineError { path: path.to_owned(), line: index + 1, reason };
        if line.starts_with("<<<<<<<") || line.starts_with("=======") || line.starts_with(">>>>>>>") {
            return Err(error("a merge conflict is not resolved here".to_owned()));
        }
        let fields: Vec<&str> = line.split('\t').collect();
        let [rule, source, target, object] = fields.as_slice() else {
            return Err(error(format!("an entry has four fields between tabs, this one has {}", fields.len())));
        };
        if *rule == METRIC {
            let value = object.parse().map_err(|_| error(format!("`{object}` is no figure")))?;
            let service = Some(*target).filter(|it| !it.is_empty()).map(str::to_owned);
            found.metrics.insert(((*source).to_owned(), service), value);
            continue;
        }
        found.keys.insert(Key {
            rule: (*rule).to_owned(),
            source: (*source).to_owned(),
            target: (*target).to_owned(),
            object: (*object).to_owned(),
        });
    }
    Ok(found)
}

/// Text of a baseline.
pub fn text(baseline: &Baseline) -> String {
    let mut lines: BTreeSet<String> = baseline.keys.iter().map(Key::text).collect();
    lines.extend(baseline.metrics.iter().map(|((id, service), value)| {
        let [source, target] = [id.clone(), service.clone().unwrap_or_default()];
        Key { rule: METRIC.to_owned(), source, target, object: value.to_string() }.text()
    }));
    let mut text = HEADER.to_owned();
    for line in lines {
        text.push_str(&line);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(source: &str) -> Key {
        Key { rule: "r".into(), source: source.into(), target: "t".into(), object: String::new() }
    }

    #[test]
    fn what_is_written_is_read_back_sorted() {
        let baseline = Baseline {
            keys: [key("b"), key("a")].into_iter().collect(),
            metrics: [(("cycles".to_owned(), None), 0.25), (("stores".to_owned(), Some("a".to_owned())), 3.0)].into(),
        };
        let text = text(&baseline);
        assert_eq!(parse(&text, "x").expect("its own text"), baseline);
        assert_eq!(parse(&text.replace('\n', "\r\n"), "x").expect("other line ends"), baseline);
        assert!(text.lines().filter(|it| !it.starts_with('#')).is_sorted());
    }

    #[test]
    fn a_damaged_line_is_named() {
        for (text, part) in [
            ("# ok\nrule only\n", "four fields"),
            ("# ok\n<<<<<<< HEAD\n", "merge conflict"),
            ("# ok\nmetric\tcycles\t\tmany\n", "no figure"),
        ] {
            let error = parse(text, "seamline.baseline").expect_err("damaged").to_string();
            assert!(error.starts_with("seamline.baseline:2:") && error.contains(part), "{error}");
        }
    }
}
