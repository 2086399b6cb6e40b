//! `[check]`, `[[contract]]` and `[[waiver]]` of `seamline.toml`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::{Selector, Settings};
use crate::model::check::{Level, RULES};

/// `[check]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CheckOptions {
    /// Baseline file, relative to the project.
    pub baseline: String,
    /// Entries of the baseline that no longer occur are findings too.
    pub strict: bool,
    /// Level of a rule: `off`, `note`, `warning` or `error`; warnings and errors fail the run.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub levels: BTreeMap<String, LevelSetting>,
    /// Largest share of sites that may stay unresolved, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_blind_spots: Option<f64>,
    /// Limits on metrics.
    #[serde(rename = "threshold", skip_serializing_if = "Vec::is_empty")]
    pub thresholds: Vec<Threshold>,
}

impl Default for CheckOptions {
    fn default() -> Self {
        Self {
            baseline: "seamline.baseline".to_owned(),
            strict: false,
            levels: BTreeMap::new(),
            max_blind_spots: None,
            thresholds: Vec::new(),
        }
    }
}

/// One `[[check.threshold]]`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// Id of a metric, as `seamline metrics` prints it.
    pub metric: String,
    /// Service it is measured for, `*` for each of them; the whole system when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Largest rise against the base revision or the baseline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_increase: Option<f64>,
    /// Largest fall against the base revision or the baseline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_decrease: Option<f64>,
}

/// What a rule weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LevelSetting {
    Off,
    Note,
    Warning,
    Error,
}

impl LevelSetting {
    /// `None` switches the rule off.
    pub fn level(self) -> Option<Level> {
        match self {
            Self::Off => None,
            Self::Note => Some(Level::Note),
            Self::Warning => Some(Level::Warning),
            Self::Error => Some(Level::Error),
        }
    }
}

/// What a contract forbids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ContractKind {
    /// `groups` from top to bottom: a lower one does not depend on a higher one.
    Layers,
    /// `groups` do not depend on each other.
    Independence,
    /// `from` does not depend on `to`.
    Forbidden,
    /// Only `allowed` depends on `to`.
    Protected,
    /// Only `allowed` writes the stores of `to`.
    Ownership,
    /// No statement joins stores of two of the `groups`, or of two services when there are none.
    NoJoinAcross,
    /// No transaction writes stores of two of the `groups`, or of two services when there are none.
    NoTransactionAcross,
    /// No foreign key leads from one of the `groups` to another, or between services when there are none.
    NoForeignKeyAcross,
}

/// One `[[contract]]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// Stable name, shown with every violation.
    pub name: String,
    pub kind: ContractKind,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Vec<Selector>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<Selector>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<Selector>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<Selector>,
    /// For layers, independence and forbidden: ways through code that no group names are no violation.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub direct_only: bool,
}

/// One `[[waiver]]`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// Key of the finding, as the baseline writes it; `*` stands for any run of characters.
    pub key: String,
    pub reason: String,
    /// Where it was agreed, such as an issue.
    pub link: String,
    /// Last day it holds, `2026-12-31`.
    pub expires: String,
}

/// What the types cannot say; the first part is a text of the file near the mistake.
pub(super) fn first_contradiction(settings: &Settings) -> Option<(String, String)> {
    if let Some(rule) = settings.check.levels.keys().find(|it| RULES.iter().all(|rule| rule.id != it.as_str())) {
        let known: Vec<&str> = RULES.iter().map(|it| it.id).collect();
        return Some((rule.clone(), format!("[check.levels] names no rule `{rule}`; there are {}", known.join(", "))));
    }
    for threshold in &settings.check.thresholds {
        let limits = [threshold.max, threshold.min, threshold.max_increase, threshold.max_decrease];
        let near = format!("\"{}\"", threshold.metric);
        if limits.iter().all(Option::is_none) {
            let message = "a threshold needs `max`, `min`, `max_increase` or `max_decrease`".to_owned();
            return Some((near, message));
        }
        if limits.iter().flatten().any(|it| !it.is_finite()) {
            return Some((near, format!("a limit of `{}` is no finite number", threshold.metric)));
        }
    }
    let mut names: Vec<&str> = Vec::new();
    for contract in &settings.contracts {
        let near = format!("\"{}\"", contract.name);
        if contract.name.trim().is_empty() || contract.name.contains(['\t', '\n', '\r']) {
            return Some((near, "a contract needs a name of one line".to_owned()));
        }
        if names.contains(&contract.name.as_str()) {
            return Some((near, format!("contract `{}` is written twice: rename one", contract.name)));
        }
        names.push(&contract.name);
        if let Some(message) = contradiction(contract) {
            return Some((near, format!("contract `{}` {message}", contract.name)));
        }
    }
    for waiver in &settings.waivers {
        let near = format!("\"{}\"", waiver.expires);
        if !is_day(&waiver.expires) {
            return Some((near, format!("`{}` is no day: write it as 2026-12-31", waiver.expires)));
        }
        if waiver.key.trim().is_empty() || waiver.reason.trim().is_empty() || waiver.link.trim().is_empty() {
            return Some((near, "a waiver needs a key, a reason and a link".to_owned()));
        }
    }
    None
}

/// Parts that a contract of a kind lacks, or that say nothing in it.
fn contradiction(contract: &Contract) -> Option<String> {
    let kind = contract.kind;
    let given = [
        ("groups", !contract.groups.is_empty()),
        ("from", !contract.from.is_empty()),
        ("to", !contract.to.is_empty()),
        ("allowed", !contract.allowed.is_empty()),
    ];
    let (needed, optional): (&[&str], &[&str]) = match kind {
        ContractKind::Layers | ContractKind::Independence => (&["groups"], &[]),
        ContractKind::Forbidden => (&["from", "to"], &[]),
        ContractKind::Protected | ContractKind::Ownership => (&["to"], &["allowed"]),
        ContractKind::NoJoinAcross | ContractKind::NoTransactionAcross | ContractKind::NoForeignKeyAcross => {
            (&[], &["groups"])
        }
    };
    for (part, is_given) in given {
        if needed.contains(&part) && !is_given {
            return Some(format!("needs `{part}`"));
        }
        if is_given && !needed.contains(&part) && !optional.contains(&part) {
            return Some(format!("has `{part}`, which says nothing in a contract of its kind"));
        }
    }
    if contract.groups.len() == 1 {
        return Some("needs two or more `groups`".to_owned());
    }
    if contract.groups.iter().any(Vec::is_empty) {
        return Some("has a group without a selector".to_owned());
    }
    let has_ways = matches!(kind, ContractKind::Layers | ContractKind::Independence | ContractKind::Forbidden);
    (contract.direct_only && !has_ways)
        .then(|| "has `direct_only`, which says nothing in a contract of its kind".to_owned())
}

/// `2026-12-31`, with a month and a day that exist.
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let digits = |it: &str, count: usize| it.len() == count && it.bytes().all(|byte| byte.is_ascii_digit());
    digits(year, 4)
        && digits(month, 2)
        && digits(day, 2)
        && ("01"..="12").contains(month)
        && ("01"..="31").contains(day)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use crate::config::parse;

    #[test]
    fn contradictions_are_named_with_their_place() {
        for (text, line, part) in [
            ("[[contract]]\nname=\"l\"\nkind=\"layers\"\n", 2, "needs `groups`"),
            ("[[contract]]\nname=\"l\"\nkind=\"layers\"\ngroups=[[\"a\"]]\n", 2, "two or more"),
            ("[[contract]]\nname=\"l\"\nkind=\"independence\"\ngroups=[[\"a\"],[]]\n", 2, "without a selector"),
            ("[[contract]]\nname=\"l\"\nkind=\"forbidden\"\nfrom=[\"a\"]\n", 2, "needs `to`"),
            ("[[contract]]\nname=\"l\"\nkind=\"ownership\"\nto=[\"a\"]\nfrom=[\"b\"]\n", 2, "says nothing"),
            ("[[contract]]\nname=\"l\"\nkind=\"protected\"\nto=[\"a\"]\ndirect_only=true\n", 2, "direct_only"),
            ("[[contract]]\nname=\"l\"\nkind=\"layer\"\n", 3, "unknown variant"),
            ("[[waiver]]\nkey=\"k\"\nreason=\"r\"\nlink=\"l\"\nexpires=\"soon\"\n", 5, "no day"),
            ("[[waiver]]\nkey=\"k\"\nreason=\"\"\nlink=\"l\"\nexpires=\"2026-01-01\"\n", 5, "needs a key"),
            ("[check.levels]\nnothing = \"off\"\n", 2, "no rule"),
            ("[[check.threshold]]\nmetric = \"cycles\"\n", 2, "needs `max`"),
        ] {
            let error = parse(text, "seamline.toml").unwrap_err();
            assert!(error.message.contains(part), "{error}");
            assert_eq!(error.line, line, "{error}");
        }
    }
}
