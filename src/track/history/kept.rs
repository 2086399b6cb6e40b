//! What was measured in earlier runs: a file of lines that only grows, so that an interrupted run loses nothing done.
//!
//! The file's name covers the program, the configuration and the boundaries; a line is either the outcome of one state
//! of the code or the state that a commit has. A line that was torn by an interruption is no line.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::model::history::Figure;

/// What came of measuring one state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Outcome {
    Measured {
        files: u32,
        /// Bits of the share, so that it reads back exactly.
        placed: u64,
        problems: BTreeMap<String, u32>,
        /// Metric, service and the bits of the value.
        metrics: Vec<(String, Option<String>, u64)>,
    },
    /// Why it could not be measured.
    Bad(String),
}

#[derive(Serialize, Deserialize)]
enum Line {
    State(String, Outcome),
    Commit(String, String),
}

/// Outcomes by state, states by commit.
#[derive(Default)]
pub(super) struct Kept {
    states: FxHashMap<String, Outcome>,
    commits: FxHashMap<String, String>,
    file: Option<Mutex<File>>,
}

impl Kept {
    /// Reads what is kept under a name in a folder; without a folder nothing is kept.
    pub(super) fn open(folder: Option<&Path>, name: &str) -> io::Result<Self> {
        let mut kept = Self::default();
        let Some(folder) = folder else { return Ok(kept) };
        std::fs::create_dir_all(folder)?;
        let path = folder.join(format!("{name}.jsonl"));
        let text = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        let mut file = OpenOptions::new().append(true).create(true).open(&path)?;
        if !text.is_empty() && !text.ends_with(b"\n") {
            file.write_all(b"\n")?;
        }
        for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            match serde_json::from_slice(line) {
                Ok(Line::State(state, outcome)) => drop(kept.states.insert(state, outcome)),
                Ok(Line::Commit(commit, state)) => drop(kept.commits.insert(commit, state)),
                Err(_) => {}
            }
        }
        kept.file = Some(Mutex::new(file));
        Ok(kept)
    }

    /// The outcome for a commit, when its state was measured.
    pub(super) fn of_commit(&self, commit: &str) -> Option<&Outcome> {
        self.commits.get(commit).and_then(|state| self.states.get(state))
    }

    pub(super) fn has_state(&self, state: &str) -> bool {
        self.states.contains_key(state)
    }

    /// Writes an outcome down at once; it is looked up only after [`Self::remember`].
    pub(super) fn write_state(&self, state: &str, outcome: &Outcome) {
        self.write(&Line::State(state.to_owned(), outcome.clone()));
    }

    pub(super) fn remember(&mut self, state: String, outcome: Outcome) {
        self.states.insert(state, outcome);
    }

    pub(super) fn add_commit(&mut self, commit: &str, state: &str) {
        self.write(&Line::Commit(commit.to_owned(), state.to_owned()));
        self.commits.insert(commit.to_owned(), state.to_owned());
    }

    fn write(&self, line: &Line) {
        let (Some(file), Ok(mut text)) = (&self.file, serde_json::to_vec(line)) else { return };
        text.push(b'\n');
        // One call a line, so that lines of two runs do not mix. What cannot be kept is measured again next time.
        let _ = file.lock().unwrap_or_else(PoisonError::into_inner).write_all(&text);
    }
}

impl Outcome {
    /// Figures as they are published.
    pub(super) fn figures(metrics: &[(String, Option<String>, u64)]) -> Vec<Figure> {
        metrics
            .iter()
            .map(|(metric, service, bits)| Figure {
                metric: metric.clone(),
                service: service.clone(),
                value: f64::from_bits(*bits),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_line_is_no_line() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut kept = Kept::open(Some(folder.path()), "x").expect("opens");
        let value = 0.1_f64 + 0.2;
        let outcome = Outcome::Measured {
            files: 3,
            placed: 1.0_f64.to_bits(),
            problems: BTreeMap::new(),
            metrics: vec![("lines".to_owned(), None, value.to_bits())],
        };
        kept.write_state("s", &outcome);
        kept.remember("s".to_owned(), outcome.clone());
        kept.add_commit("c", "s");
        drop(kept);
        let path = folder.path().join("x.jsonl");
        let mut text = std::fs::read_to_string(&path).expect("written");
        text.push_str("{\"Commit\":[\"d\",\"");
        std::fs::write(&path, text).expect("writable");
        let mut again = Kept::open(Some(folder.path()), "x").expect("opens");
        assert_eq!(again.of_commit("c"), Some(&outcome));
        assert_eq!(again.of_commit("d"), None);
        again.add_commit("e", "s");
        drop(again);
        let again = Kept::open(Some(folder.path()), "x").expect("opens");
        assert_eq!(again.of_commit("e"), Some(&outcome));
    }
}
