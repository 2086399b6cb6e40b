//! What `check` found, ready for renderers: findings with keys that survive edits, what went away, how figures moved.
//! Names and paths only, no ids of a run.

use serde::{Deserialize, Serialize};

/// How much a finding weighs. Warnings and errors fail a run, notes do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Note,
    Warning,
    Error,
}

impl Level {
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One rule of `check`.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Stable kebab-case id.
    pub id: &'static str,
    /// What it finds, lower case, no final dot.
    pub summary: &'static str,
    /// What to do about it.
    pub help: &'static str,
    /// Level unless `[check.levels]` says otherwise.
    pub level: Level,
    /// A frozen baseline holds such findings; the others need a base revision, a contract or a limit.
    pub in_baseline: bool,
}

/// All rules, sorted by id.
pub static RULES: &[Rule] = &[
    Rule {
        id: "blind-spot",
        summary: "a data access or a call that could not be resolved is new",
        help: "Write the name of the table where it can be read, or accept the blind spot.",
        level: Level::Note,
        in_baseline: false,
    },
    Rule {
        id: "contract-forbidden",
        summary: "code depends on what a contract forbids to it",
        help: "Break the path at one of its steps, or change the contract.",
        level: Level::Error,
        in_baseline: true,
    },
    Rule {
        id: "contract-independence",
        summary: "groups that a contract keeps independent depend on each other",
        help: "Move what both need into a third place, or change the contract.",
        level: Level::Error,
        in_baseline: true,
    },
    Rule {
        id: "contract-layers",
        summary: "a lower layer depends on a higher one",
        help: "Turn the dependency around, or move the code to the layer it belongs to.",
        level: Level::Error,
        in_baseline: true,
    },
    Rule {
        id: "contract-no-foreign-key-across",
        summary: "a foreign key crosses a boundary that a contract closes to foreign keys",
        help: "Keep the id without the constraint, and let the owner check it.",
        level: Level::Error,
        in_baseline: true,
    },
    Rule {
        id: "contract-no-join-across",
        summary: "a statement joins across a boundary that a contract closes to joins",
        help: "Ask the owner for the rows, or keep a copy of what is read.",
        level: Level::Error,
        in_baseline: true,
    },
    Rule {
        id: "contract-no-transaction-across",
        summary: "a transaction writes across a boundary that a contract closes to transactions",
        help: "Write one side, and tell the other with a message from an outbox.",
        level: Level::Error,
        in_baseline: true,
    },
    Rule {
        id: "contract-ownership",
        summary: "code writes a store that a contract gives to others",
        help: "Call the owner instead of writing its store.",
        level: Level::Error,
        in_baseline: true,
    },
    Rule {
        id: "contract-protected",
        summary: "code depends on what a contract protects from it",
        help: "Use what the contract allows, or add the code to `allowed`.",
        level: Level::Error,
        in_baseline: true,
    },
    Rule {
        id: "cross-boundary-call",
        summary: "a function of one service calls a function of another",
        help: "Call through the interface that the services agree on, or move the function.",
        level: Level::Error,
        in_baseline: true,
    },
    Rule {
        id: "cross-boundary-foreign-key",
        summary: "a foreign key leads to a table of another service",
        help: "Keep the id without the constraint, and let the owner check it.",
        level: Level::Error,
        in_baseline: true,
    },
    Rule {
        id: "cross-boundary-join",
        summary: "a statement joins stores of several services",
        help: "Ask the owner for the rows, or keep a copy of what is read.",
        level: Level::Error,
        in_baseline: true,
    },
    Rule {
        id: "cross-boundary-transaction",
        summary: "a transaction writes stores of several services",
        help: "Write one side, and tell the other with a message from an outbox.",
        level: Level::Error,
        in_baseline: true,
    },
    Rule {
        id: "expired-waiver",
        summary: "a waiver is past its last day",
        help: "Fix the finding, or agree on a new day.",
        level: Level::Error,
        in_baseline: false,
    },
    Rule {
        id: "foreign-store-read",
        summary: "a function reads a store that another service owns",
        help: "Ask the owner for the rows.",
        level: Level::Error,
        in_baseline: true,
    },
    Rule {
        id: "foreign-store-write",
        summary: "a function writes a store that another service owns",
        help: "Call the owner instead of writing its store.",
        level: Level::Error,
        in_baseline: true,
    },
    Rule {
        id: "metric-limit",
        summary: "a metric is past its limit",
        help: "Undo what moved it, or change the limit.",
        level: Level::Error,
        in_baseline: false,
    },
    Rule {
        id: "module-cycle",
        summary: "a module has come into a circle of modules that depend on each other",
        help: "Take out one step of the circle.",
        level: Level::Warning,
        in_baseline: false,
    },
    Rule {
        id: "service-cycle",
        summary: "services depend on each other in a circle",
        help: "Turn one direction into messages, or merge the services.",
        level: Level::Warning,
        in_baseline: true,
    },
    Rule {
        id: "shared-store",
        summary: "a service touches a store that another one owns",
        help: "Give the store one owner; the others ask it.",
        level: Level::Warning,
        in_baseline: true,
    },
    Rule {
        id: "stale-entry",
        summary: "the baseline or a waiver accepts what no longer occurs",
        help: "Take it out: `seamline check --update-baseline`.",
        level: Level::Note,
        in_baseline: false,
    },
];

/// The rule with this id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|it| it.id == id)
}

/// Identity of a finding across runs: no path, no line.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    pub rule: String,
    /// Who does it: a qualified name, a store or a service.
    pub source: String,
    /// What it is done to, may be empty.
    pub target: String,
    /// The stores, columns or contract concerned, may be empty.
    pub object: String,
}

impl Key {
    /// Four fields between tabs, as the baseline writes it.
    pub fn text(&self) -> String {
        let plain = |it: &str| it.replace(['\t', '\n', '\r'], " ");
        [&self.rule, &self.source, &self.target, &self.object].map(|it| plain(it)).join("\t")
    }
}

/// A place in a file and what stands there.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Spot {
    /// From the project's root, with `/`.
    pub path: String,
    /// From 1.
    pub line: u32,
    /// May be empty.
    pub text: String,
}

impl Spot {
    /// `path:line`.
    pub fn place(&self) -> String {
        format!("{}:{}", self.path, self.line)
    }
}

/// How a finding stands to what was there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Neither in the base revision nor in the baseline.
    New,
    /// Accepted for a while.
    Waived,
    Known,
    /// No longer occurs.
    Gone,
}

/// One finding with all its sites.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub key: Key,
    pub level: Level,
    pub status: Status,
    /// In words, with both ends named.
    pub message: String,
    /// Where it happens, sorted; the first is shown where only one can be. Empty when only a key is known.
    pub sites: Vec<Spot>,
    /// The way from one end to the other, in order: function, steps, table.
    pub path: Vec<Spot>,
    /// Services it involves, the one that acts first.
    pub services: Vec<String>,
    /// The waiver's reason, link and last day.
    pub waiver: Option<(String, String, String)>,
    /// Known because it moved within its service: the source or the target that the base revision had instead.
    pub moved_from: Option<String>,
}

impl Finding {
    pub fn fails(&self) -> bool {
        self.status == Status::New && self.level >= Level::Warning
    }
}

/// A figure before and after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delta {
    /// Id of a metric.
    pub metric: String,
    /// The whole system when `None`.
    pub service: Option<String>,
    pub before: Option<f64>,
    pub after: Option<f64>,
}

/// What crosses from one service to another, before and after.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SeamChange {
    pub from: String,
    pub to: String,
    /// Rule, findings before, findings after; sorted by rule.
    pub counts: Vec<(String, u32, u32)>,
}

impl SeamChange {
    pub fn changed(&self) -> bool {
        self.counts.iter().any(|it| it.1 != it.2)
    }
}

/// Everything one run of `check` came to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CheckReport {
    /// The project's name, for headings.
    pub project: String,
    /// Commit compared with.
    pub base: Option<String>,
    /// Commit that was checked; `None` for a folder that is in no repository.
    pub head: Option<String>,
    /// Where the boundaries come from, in words.
    pub boundaries: String,
    pub services: Vec<String>,
    /// Sorted by status, level (errors first) and key.
    pub findings: Vec<Finding>,
    /// What the base revision or the baseline had and this one has not, sorted by key.
    pub gone: Vec<Finding>,
    /// Figures, sorted by metric and service; all of them, moved or not.
    pub deltas: Vec<Delta>,
    /// Seams, sorted; all of them, changed or not.
    pub seams: Vec<SeamChange>,
    /// Renamed between the revisions and followed, as `(before, after)`.
    pub renamed: Vec<(String, String)>,
    /// What the reader should know about how this came about.
    pub notes: Vec<String>,
    /// Address in front of a path, where one is known (`https://host/owner/name/blob/<commit>/`).
    pub links: Option<String>,
}

impl CheckReport {
    pub fn failed(&self) -> bool {
        self.findings.iter().any(Finding::fails)
    }

    /// Findings of a status, in order.
    pub fn with(&self, status: Status) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |it| it.status == status)
    }

    pub fn count(&self, status: Status) -> usize {
        self.with(status).count()
    }

    /// What moved within its service, and the name that the base revision had instead.
    pub fn moved(&self) -> impl Iterator<Item = (&Finding, &str)> {
        self.findings.iter().filter_map(|it| Some((it, it.moved_from.as_deref()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_sorted_and_say_what_to_do() {
        assert!(RULES.is_sorted_by(|a, b| a.id < b.id));
        assert!(RULES.iter().all(|it| it.help.ends_with('.') && !it.summary.ends_with('.')));
        assert!(rule("shared-store").is_some() && rule("none").is_none());
    }

    #[test]
    fn a_key_is_one_line() {
        let key = Key { rule: "r".into(), source: "a\tb\nc".into(), ..Key::default() };
        assert_eq!(key.text(), "r\ta b c\t\t");
    }
}
