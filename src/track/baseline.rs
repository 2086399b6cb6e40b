//! The baseline: what exists today and is accepted, one entry a line, sorted, without line numbers.
//!
//! Four fields between tabs: rule, source, target, object. Lines that start with `#` are comments.

use std::collections::BTreeSet;

use crate::track::findings::{Finding, Key};

const HEADER: &str = "# seamline baseline 1: accepted coupling, one finding a line (rule, source, target, object).\n\
# It may shrink: `seamline check --update-baseline` takes out what is fixed. New findings are never added by that.\n";

/// Why a baseline cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{path}:{line}: {reason}; write the file anew with `seamline check --write-baseline`")]
pub struct BaselineError {
    pub path: String,
    pub line: usize,
    pub reason: String,
}

/// Reads a baseline. `path` is for messages only.
pub fn parse(text: &str, path: &str) -> Result<BTreeSet<Key>, BaselineError> {
    let mut keys = BTreeSet::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let fields: Vec<&str> = line.split('\t').collect();
        let [rule, source, target, object] = fields.as_slice() else {
            let reason = format!("an entry has four fields between tabs, this one has {}", fields.len());
            return Err(BaselineError { path: path.to_owned(), line: index + 1, reason });
        };
        keys.insert(Key {
            rule: (*rule).to_owned(),
            source: (*source).to_owned(),
            target: (*target).to_owned(),
            object: (*object).to_owned(),
        });
    }
    Ok(keys)
}

/// Text of a baseline.
pub fn text<'k>(keys: impl IntoIterator<Item = &'k Key>) -> String {
    let sorted: BTreeSet<&Key> = keys.into_iter().collect();
    let mut text = HEADER.to_owned();
    for key in sorted {
        let plain = |it: &str| it.replace(['\t', '\n', '\r'], " ");
        let line = [&key.rule, &key.source, &key.target, &key.object].map(|it| plain(it)).join("\t");
        text.push_str(&line);
        text.push('\n');
    }
    text
}

/// Today's findings against a baseline.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Comparison<'f> {
    pub new: Vec<&'f Finding>,
    pub known: usize,
    /// Entries that no longer occur.
    pub fixed: Vec<Key>,
}

pub fn compare<'f>(findings: &'f [Finding], baseline: &BTreeSet<Key>) -> Comparison<'f> {
    let new: Vec<&Finding> = findings.iter().filter(|it| !baseline.contains(&it.key)).collect();
    let today: BTreeSet<&Key> = findings.iter().map(|it| &it.key).collect();
    let fixed = baseline.iter().filter(|it| !today.contains(it)).cloned().collect();
    Comparison { known: findings.len() - new.len(), new, fixed }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(source: &str) -> Key {
        Key { rule: "r".into(), source: source.into(), target: "t".into(), object: String::new() }
    }

    #[test]
    fn what_is_written_is_read_back_sorted() {
        let keys = [key("b"), key("a")];
        let text = text(&keys);
        assert_eq!(parse(&text, "x").expect("its own text"), keys.into_iter().collect());
        assert!(text.lines().filter(|it| !it.starts_with('#')).is_sorted());
    }

    #[test]
    fn a_damaged_line_is_named() {
        let error = parse("# ok\nrule only\n", "seamline.baseline").expect_err("damaged").to_string();
        assert!(error.starts_with("seamline.baseline:2:"), "{error}");
    }

    #[test]
    fn new_and_fixed_are_told_apart() {
        let findings = [Finding { key: key("a"), message: String::new(), sites: Vec::new() }];
        let baseline = BTreeSet::from([key("b")]);
        let comparison = compare(&findings, &baseline);
        assert_eq!((comparison.new.len(), comparison.known, comparison.fixed), (1, 0, vec![key("b")]));
    }
}
