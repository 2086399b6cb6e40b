//! `seamline.what-if/1`: what a change of the boundaries would do. Filled by `seamline what-if`.

use schemars::JsonSchema;
use serde::Serialize;

/// Value of the field `schema`.
pub const WHAT_IF_SCHEMA: &str = "seamline.what-if/1";

/// What a change of the boundaries would do.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(title = "seamline.what-if/1")]
pub struct WhatIf {
    #[schemars(extend("const" = WHAT_IF_SCHEMA))]
    pub schema: &'static str,
    /// Version of the program that wrote it.
    pub tool: &'static str,
    /// The changes tried, in their order and in words.
    pub changes: Vec<String>,
    /// Names of the services before.
    pub services_before: Vec<String>,
    /// Names of the services after.
    pub services_after: Vec<String>,
    /// Functions, types and stores that another service would have, sorted by name.
    pub moved: Vec<Moved>,
    /// Every metric that differs, sorted by id and service.
    pub metrics: Vec<Delta>,
    /// Stores whose owner or verdict changes, or that become or stop being shared; sorted by name.
    pub stores: Vec<StoreChange>,
    /// Couplings between services that the change creates, sorted.
    pub new_conflicts: Vec<Conflict>,
    /// Couplings between services that the change removes, sorted.
    pub gone_conflicts: Vec<Conflict>,
    pub transactions: Transactions,
    /// What follows from the change and was not asked for.
    pub hints: Vec<String>,
}

/// A thing with its places.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Moved {
    /// Qualified name of a symbol, or name of a store.
    pub name: String,
    /// `store`, or the symbol's kind.
    pub kind: String,
    /// `service:<name>`, `shared-kernel`, `edge-layer` or `outside`.
    pub from: String,
    pub to: String,
}

/// One metric before and after.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Delta {
    /// As in `seamline metrics`.
    pub id: String,
    /// `null` for the system as a whole.
    pub service: Option<String>,
    /// `null` where the service does not exist before.
    pub before: Option<f64>,
    /// `null` where the service does not exist after.
    pub after: Option<f64>,
    /// `better`, `worse` or `neutral`.
    pub judgment: &'static str,
}

/// A store before and after.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct StoreChange {
    pub store: String,
    /// `service:<name>`, `shared-kernel`, `edge-layer` or `outside`.
    pub owner_before: String,
    pub owner_after: String,
    /// Ids of the verdicts, as in `docs/verdicts.md`.
    pub verdict_before: String,
    pub verdict_after: String,
    /// Whether several services touch it, or one that does not own it.
    pub shared_before: bool,
    pub shared_after: bool,
}

/// A coupling between services.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Conflict {
    /// As in `seamline check`: `cross-boundary-call`, `foreign-store-write`, ...
    pub rule: String,
    pub message: String,
    /// `path:line`, sorted.
    pub sites: Vec<String>,
}

/// Transactions that write stores of several services.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Transactions {
    pub before: usize,
    pub after: usize,
    /// Whole before, broken after; sorted.
    pub broken: Vec<BrokenTransaction>,
    /// Broken before, whole after; sorted.
    pub healed: Vec<BrokenTransaction>,
}

/// A transaction and the services whose stores it writes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct BrokenTransaction {
    /// Function that opens it.
    pub symbol: String,
    pub services: Vec<String>,
    /// Stores it writes.
    pub stores: Vec<String>,
    /// `path:line`.
    pub site: String,
}

/// The object as JSON with a final line break.
pub fn what_if_json(answer: &WhatIf) -> Vec<u8> {
    super::lines(answer, 2)
}
