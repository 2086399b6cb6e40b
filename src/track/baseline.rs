//! The baseline: what exists today and is accepted, one entry a line, sorted, without line numbers.
//!
//! Four fields between tabs: rule, source, target, object. An entry of the rule `metric` keeps a figure for a ratchet: id,
//! service (empty for the whole), value. One of the rule `boundary` keeps what belongs to a service where the configuration
//! declares none: service, kind, name. Lines that start with `#` are comments.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{DeclaredService, Members, NameGlob, ServiceName, Settings};
use crate::model::check::Key;

const HEADER: &str = "# seamline baseline 1: accepted coupling, one finding a line (rule, source, target, object).\n\
# It may shrink: `seamline check --update-baseline` takes out what is fixed. New findings are never added by that.\n";
/// Says in a baseline with boundaries of its own what they are for.
const KEPT: &str = "# `boundary` keeps the services that the findings rest on (service, kind, name), so that they are not proposed anew.\n\
# `seamline init` writes them to seamline.toml instead, where they can be changed.\n";
/// Rule of the entries that keep a figure.
const METRIC: &str = "metric";
/// Rule of the entries that keep what belongs to a service.
const BOUNDARY: &str = "boundary";
/// What a service of a kept boundary may be besides a name of its own.
const SHARED_KERNEL: &str = "shared_kernel";
const EDGE: &str = "edge";

/// What was accepted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Baseline {
    pub keys: BTreeSet<Key>,
    /// Figures by metric and service, for limits on how far they may move.
    pub metrics: BTreeMap<(String, Option<String>), f64>,
    /// Boundaries that the entries rest on, where the configuration declares none: service, kind (`module`, `symbol`,
    /// `store`) and name.
    pub boundaries: BTreeSet<(String, String, String)>,
    /// Line of each entry, from 1; nothing in one that was not read.
    pub lines: BTreeMap<Key, u32>,
}

impl Baseline {
    /// The settings with the services that this baseline keeps, as if they were declared.
    pub fn declared(&self, settings: &Settings) -> Settings {
        let mut services: BTreeMap<&str, DeclaredService> = BTreeMap::new();
        let mut res = settings.clone();
        for (service, kind, name) in &self.boundaries {
            let name = NameGlob::new(name.as_str());
            let members = match service.as_str() {
                SHARED_KERNEL => &mut res.shared_kernel,
                EDGE => &mut res.edge,
                _ => {
                    let Ok(valid) = ServiceName::try_from(service.clone()) else { continue };
                    let of = services
                        .entry(service)
                        .or_insert_with(|| DeclaredService { name: valid, ..DeclaredService::default() });
                    match kind.as_str() {
                        "module" => of.modules.push(name),
                        "symbol" => of.symbols.push(name),
                        _ => of.stores.push(name),
                    }
                    continue;
                }
            };
            let Members { modules, symbols, stores, .. } = members;
            match kind.as_str() {
                "module" => modules.push(name),
                "symbol" => symbols.push(name),
                _ => stores.push(name),
            }
        }
        res.declared = services.into_values().collect();
        res
    }
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
        if *rule == BOUNDARY {
            if !["module", "symbol", "store"].contains(target) {
                return Err(error(format!("`{target}` is no kind of thing that a boundary holds")));
            }
            if ![SHARED_KERNEL, EDGE].contains(source) {
                ServiceName::try_from((*source).to_owned()).map_err(&error)?;
            }
            found.boundaries.insert(((*source).to_owned(), (*target).to_owned(), (*object).to_owned()));
            continue;
        }
        let key = Key {
            rule: (*rule).to_owned(),
            source: (*source).to_owned(),
            target: (*target).to_owned(),
            object: (*object).to_owned(),
        };
        found.lines.insert(key.clone(), index as u32 + 1);
        found.keys.insert(key);
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
    lines.extend(baseline.boundaries.iter().map(|(service, kind, name)| {
        let [source, target, object] = [service, kind, name].map(Clone::clone);
        Key { rule: BOUNDARY.to_owned(), source, target, object }.text()
    }));
    let mut text = HEADER.to_owned();
    if !baseline.boundaries.is_empty() {
        text.push_str(KEPT);
    }
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
            boundaries: [("a", "module", "shop.a"), ("edge", "symbol", "shop.main"), ("a", "store", "orders")]
                .map(|it| (it.0.to_owned(), it.1.to_owned(), it.2.to_owned()))
                .into(),
            lines: [(key("a"), 10), (key("b"), 11)].into(),
        };
        let text = text(&baseline);
        assert_eq!(parse(&text, "x").expect("its own text"), baseline);
        assert_eq!(parse(&text.replace('\n', "\r\n"), "x").expect("other line ends"), baseline);
        let settings = baseline.declared(&Settings::default());
        assert_eq!(settings.declared.len(), 1);
        assert_eq!(settings.declared[0].stores, [NameGlob::new("orders")]);
        assert_eq!(settings.edge.symbols, [NameGlob::new("shop.main")]);
        assert!(text.lines().filter(|it| !it.starts_with('#')).is_sorted());
    }

    #[test]
    fn a_damaged_line_is_named() {
        for (text, part) in [
            ("# ok\nrule only\n", "four fields"),
            ("# ok\n<<<<<<< HEAD\n", "merge conflict"),
            ("# ok\nmetric\tcycles\t\tmany\n", "no figure"),
            ("# ok\nboundary\ta\tthing\tb\n", "no kind of thing"),
            ("# ok\nboundary\tA b\tmodule\tb\n", "no service name"),
        ] {
            let error = parse(text, "seamline.baseline").expect_err("damaged").to_string();
            assert!(error.starts_with("seamline.baseline:2:") && error.contains(part), "{error}");
        }
    }
}
