//! `seamline.toml`: the user's steering, as plain settings. Text in, settings or a placed error out; opens no file.
//! Every part may be left out. A *selector* names things of the system: `store:orders`, `module:shop.orders`,
//! `symbol:shop.views.order_list` or `file:shop/orders/**`; without a prefix it is tried as each of the four.
//! In names `*` stands for any run of characters and `?` for one; in files `*` stays inside a folder and `**` does not.

pub mod check;

use std::collections::BTreeMap;
use std::fmt;

use globset::{GlobBuilder, GlobMatcher};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::config::check::{CheckOptions, Contract, ContractKind, LevelSetting, Threshold, Waiver};

/// Everything `seamline.toml` can say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Files that are not read at all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<PathGlob>,
    /// Folders with the project's own patterns (`<language>/<name>.scm`), relative to the project.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub queries: Vec<String>,
    /// Size and number of services.
    #[serde(skip_serializing_if = "is_default")]
    pub services: ServiceBounds,
    /// How boundaries are looked for.
    #[serde(skip_serializing_if = "is_default")]
    pub partition: PartitionOptions,
    /// How much each signal counts.
    #[serde(skip_serializing_if = "is_default")]
    pub weights: Weights,
    /// When a verdict on a shared store tips.
    #[serde(skip_serializing_if = "is_default")]
    pub plan: PlanOptions,
    /// Selector to the name of a service, or to `shared_kernel` or `edge`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub pins: BTreeMap<String, String>,
    /// Everything a group selects ends up in one place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keep_together: Vec<Vec<Selector>>,
    /// What different selectors of a group select ends up in different places.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keep_apart: Vec<Vec<Selector>>,
    /// Declared services.
    #[serde(rename = "service", skip_serializing_if = "Vec::is_empty")]
    pub declared: Vec<DeclaredService>,
    /// Code that becomes a library, not a service.
    #[serde(skip_serializing_if = "is_default")]
    pub shared_kernel: Members,
    /// Routers, middleware, `main`: what stays in front.
    #[serde(skip_serializing_if = "is_default")]
    pub edge: Members,
    /// What `check` fails on.
    #[serde(skip_serializing_if = "is_default")]
    pub check: CheckOptions,
    /// Rules that `check` enforces.
    #[serde(rename = "contract", skip_serializing_if = "Vec::is_empty")]
    pub contracts: Vec<Contract>,
    /// Findings accepted for a while.
    #[serde(rename = "waiver", skip_serializing_if = "Vec::is_empty")]
    pub waivers: Vec<Waiver>,
}

/// How many services, and how large.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ServiceBounds {
    /// Least number of services proposed; 1 leaves the choice to the evidence.
    pub min: u32,
    /// Largest number of services proposed.
    pub max: u32,
    /// Largest share of the placed code in one service before the proposal is called unconvincing, 0 to 1.
    pub max_share: f64,
}

impl Default for ServiceBounds {
    fn default() -> Self {
        Self { min: 1, max: 24, max_share: 0.7 }
    }
}

/// How boundaries are looked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PartitionOptions {
    /// Id of a clusterer; `seamline partition --help` lists them.
    pub algorithm: String,
    /// Resolution of the community detection; higher gives more services. The usual one is 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolution: Option<f64>,
    /// Seed of every random choice.
    pub seed: u64,
    /// How often the evidence is resampled for the confidence.
    pub resamples: u32,
    /// Read git's history and let files that change together pull together, as much as `weights.co_change` says.
    #[serde(skip_serializing_if = "is_default")]
    pub co_change: bool,
}

impl Default for PartitionOptions {
    fn default() -> Self {
        Self { algorithm: "leiden".to_owned(), resolution: None, seed: 1, resamples: 24, co_change: false }
    }
}

/// How much each signal counts; 0 switches it off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Weights {
    /// Stores reached by the same endpoint, command, job or consumer.
    pub co_access: f64,
    /// Stores written in one transaction.
    pub transactions: f64,
    /// Stores read in one statement.
    pub joins: f64,
    /// Foreign keys.
    pub foreign_keys: f64,
    /// Files that change together, where a history was read.
    pub co_change: f64,
    /// Words that the names of two stores share.
    pub names: f64,
    /// Calls.
    pub calls: f64,
    /// Mentions of a type, inheritance, reads of module variables.
    pub references: f64,
    /// Membership in the same module, file or class.
    pub structure: f64,
    /// Reads and writes of a store by code.
    pub accesses: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            co_access: 1.0,
            transactions: 0.5,
            joins: 0.4,
            foreign_keys: 0.3,
            co_change: 0.1,
            names: 0.3,
            calls: 0.8,
            references: 0.4,
            structure: 1.0,
            accesses: 1.0,
        }
    }
}

/// When a verdict on a shared store tips; `docs/verdicts.md` has the rules.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlanOptions {
    /// Two services are better merged when this share of the units of work of each, 0 to 1, writes both sides' stores in
    /// one transaction; above 1 never merges.
    pub merge_share: f64,
    /// A service that writes nothing of others and reads more than this share of its stores, 0 to 1, from others gets
    /// copies instead of calls.
    pub read_model_share: f64,
}

impl Default for PlanOptions {
    fn default() -> Self {
        Self { merge_share: 0.5, read_model_share: 0.5 }
    }
}

/// One `[[service]]`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DeclaredService {
    /// Lower-case letters, digits and `-`.
    pub name: ServiceName,
    /// Why it is one, for the reader.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Files, as globs from the project's root.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<PathGlob>,
    /// Qualified names of modules.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub modules: Vec<NameGlob>,
    /// Qualified names of symbols; they win over modules and files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub symbols: Vec<NameGlob>,
    /// Stores it owns.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stores: Vec<NameGlob>,
}

/// `[shared_kernel]` and `[edge]`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Members {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<PathGlob>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub modules: Vec<NameGlob>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub symbols: Vec<NameGlob>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stores: Vec<NameGlob>,
}

/// Name of a service: lower-case letters, digits and `-`, starting with a letter; `shared_kernel` and `edge` are taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct ServiceName(String);

impl ServiceName {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ServiceName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let valid = name.starts_with(|it: char| it.is_ascii_lowercase())
            && name.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-');
        if valid {
            Ok(Self(name))
        } else {
            Err(format!("`{name}` is no service name: use lower-case letters, digits and `-`, starting with a letter"))
        }
    }
}

impl From<ServiceName> for String {
    fn from(name: ServiceName) -> Self {
        name.0
    }
}

/// Pattern over paths with `/`, from the project's root.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct PathGlob {
    text: String,
    matcher: GlobMatcher,
}

impl PathGlob {
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// A folder's own path covers everything below it.
    pub fn matches(&self, path: &str) -> bool {
        self.matcher.is_match(path)
            || path.strip_prefix(self.text.trim_end_matches('/')).is_some_and(|rest| rest.starts_with('/'))
    }
}

impl TryFrom<String> for PathGlob {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let glob = GlobBuilder::new(&text)
            .literal_separator(true)
            .build()
            .map_err(|it| format!("`{text}` is no path pattern: {}", it.kind()))?;
        Ok(Self { matcher: glob.compile_matcher(), text })
    }
}

impl From<PathGlob> for String {
    fn from(glob: PathGlob) -> Self {
        glob.text
    }
}

impl PartialEq for PathGlob {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// Pattern over qualified names: `*` any run of characters, `?` one character.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct NameGlob(String);

impl NameGlob {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn matches(&self, name: &str) -> bool {
        wildcard_matches(self.0.as_bytes(), name.as_bytes())
    }
}

/// What a selector looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SelectorKind {
    Any,
    Store,
    Module,
    Symbol,
    File,
}

/// Names stores, modules, symbols or files.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Selector {
    text: String,
    kind: SelectorKind,
    name: NameGlob,
    path: Option<PathGlob>,
}

impl Selector {
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn kind(&self) -> SelectorKind {
        self.kind
    }

    pub fn selects_store(&self, name: &str) -> bool {
        matches!(self.kind, SelectorKind::Any | SelectorKind::Store) && self.name.matches(name)
    }

    pub fn selects_module(&self, name: &str) -> bool {
        matches!(self.kind, SelectorKind::Any | SelectorKind::Module) && self.name.matches(name)
    }

    pub fn selects_symbol(&self, name: &str) -> bool {
        matches!(self.kind, SelectorKind::Any | SelectorKind::Symbol) && self.name.matches(name)
    }

    pub fn selects_file(&self, path: &str) -> bool {
        matches!(self.kind, SelectorKind::Any | SelectorKind::File)
            && self.path.as_ref().is_some_and(|it| it.matches(path))
    }
}

impl TryFrom<String> for Selector {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (kind, rest) = match text.split_once(':') {
            Some(("store", rest)) => (SelectorKind::Store, rest),
            Some(("module", rest)) => (SelectorKind::Module, rest),
            Some(("symbol", rest)) => (SelectorKind::Symbol, rest),
            Some(("file", rest)) => (SelectorKind::File, rest),
            _ => (SelectorKind::Any, text.as_str()),
        };
        if rest.is_empty() {
            return Err(format!("`{text}` selects nothing: write a name after the prefix"));
        }
        let path = PathGlob::try_from(rest.to_owned());
        let path = if kind == SelectorKind::File { Some(path?) } else { path.ok() };
        Ok(Self { name: NameGlob::new(rest), kind, path, text })
    }
}

impl From<Selector> for String {
    fn from(selector: Selector) -> Self {
        selector.text
    }
}

impl PartialEq for Selector {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Selector {}

impl PartialOrd for Selector {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Selector {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.text.cmp(&other.text)
    }
}

/// Why a `seamline.toml` could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// As given to [`parse`].
    pub path: String,
    /// From 1; 0 when the whole file is meant.
    pub line: u32,
    /// From 1, in bytes; 0 when the whole line is meant.
    pub column: u32,
    /// Lower case, no final dot.
    pub message: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}:{}: {}", self.path, self.line, self.column, self.message)
    }
}

impl std::error::Error for ConfigError {}

/// Reads the text of a `seamline.toml`; `path` is only used in the error.
pub fn parse(text: &str, path: &str) -> Result<Settings, ConfigError> {
    let settings: Settings = toml::from_str(text).map_err(|it| {
        let message = it.message().trim_end().replace('\n', ", ");
        let (line, column) = it.span().map_or((0, 0), |span| line_and_column(text, value_start(text, span, &message)));
        ConfigError { path: path.to_owned(), line, column, message }
    })?;
    match first_contradiction(&settings) {
        Some((needle, message)) => {
            let (line, column) = text.find(&needle).map_or((0, 0), |at| line_and_column(text, at));
            Err(ConfigError { path: path.to_owned(), line, column, message })
        }
        None => Ok(settings),
    }
}

/// The published JSON Schema of `seamline.toml`.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Settings).to_value()
}

/// The reader blames a whole array for one bad value; the message quotes the value.
fn value_start(text: &str, span: std::ops::Range<usize>, message: &str) -> usize {
    let quoted = message.split('`').nth(1).map(|it| format!("\"{it}\""));
    let blamed = text.get(span.clone()).unwrap_or_default();
    quoted.and_then(|it| blamed.find(&it)).map_or(span.start, |at| span.start + at)
}

/// What the types cannot say; the first part is a text of the file near the mistake.
fn first_contradiction(settings: &Settings) -> Option<(String, String)> {
    let mut names: Vec<&str> = Vec::new();
    for service in &settings.declared {
        let name = service.name.as_str();
        if name.is_empty() {
            return Some(("[[service]]".to_owned(), "a service has no name: add `name = \"..\"`".to_owned()));
        }
        if names.contains(&name) {
            return Some((format!("\"{name}\""), format!("service `{name}` is declared twice: merge the two")));
        }
        names.push(name);
    }
    let bounds = &settings.services;
    if bounds.min > bounds.max {
        return Some((
            "[services]".to_owned(),
            format!("services.min is {} and services.max is {}: raise max or lower min", bounds.min, bounds.max),
        ));
    }
    if settings.partition.resolution.is_some_and(|it| !(it.is_finite() && it > 0.0)) {
        return Some(("resolution".to_owned(), "partition.resolution must be above 0".to_owned()));
    }
    if !(0.0..=1.0).contains(&bounds.max_share) {
        return Some(("max_share".to_owned(), "services.max_share must lie between 0 and 1".to_owned()));
    }
    for (name, weight) in settings.weights.named() {
        if !(weight.is_finite() && weight >= 0.0) {
            return Some((name.to_owned(), format!("weights.{name} must be 0 or more")));
        }
    }
    for text in settings.pins.keys() {
        if let Err(message) = Selector::try_from(text.clone()) {
            return Some((format!("\"{text}\""), message));
        }
    }
    check::first_contradiction(settings)
}

impl Settings {
    /// The pins with their selectors, sorted.
    pub fn pinned(&self) -> Vec<(Selector, &str)> {
        self.pins
            .iter()
            .filter_map(|(text, place)| Some((Selector::try_from(text.clone()).ok()?, place.as_str())))
            .collect()
    }
}

impl Weights {
    /// Each weight with the name it has in the file.
    pub fn named(&self) -> [(&'static str, f64); 10] {
        [
            ("accesses", self.accesses),
            ("calls", self.calls),
            ("co_access", self.co_access),
            ("co_change", self.co_change),
            ("foreign_keys", self.foreign_keys),
            ("joins", self.joins),
            ("names", self.names),
            ("references", self.references),
            ("structure", self.structure),
            ("transactions", self.transactions),
        ]
    }
}

fn line_and_column(text: &str, offset: usize) -> (u32, u32) {
    let before = text.get(..offset).unwrap_or(text);
    let column = before.len() - before.rfind('\n').map_or(0, |it| it + 1);
    (before.matches('\n').count() as u32 + 1, column as u32 + 1)
}

/// Iterative wildcard match; linear in practice, quadratic at worst.
fn wildcard_matches(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        if pattern.get(p) == Some(&b'*') {
            star = Some((p, n));
            p += 1;
        } else if pattern.get(p).is_some_and(|it| *it == b'?' || *it == name[n]) {
            p += 1;
            n += 1;
        } else if let Some((at, from)) = star {
            star = Some((at, from + 1));
            p = at + 1;
            n = from + 1;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|it| *it == b'*')
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    const FULL: &str = r#"
exclude = ["docs/**"]
keep_together = [["store:orders", "store:order_items"]]
keep_apart = [["module:shop.pay", "module:shop.mail"]]

[services]
min = 2
max = 6

[partition]
algorithm = "leiden"
resolution = 1.25

[weights]
foreign_keys = 0.5

[pins]
"store:orders" = "commerce"
"shop.util" = "shared_kernel"

[[service]]
name = "commerce"
files = ["shop/orders/**"]
modules = ["shop.cart"]
symbols = ["example.com/shop/internal/pay.(*Client).Charge"]
stores = ["order*"]

[shared_kernel]
modules = ["shop.config"]

[edge]
symbols = ["shop.main.*"]

[check]
max_blind_spots = 0.2
[[check.threshold]]
metric = "cut_edges"
max = 12.0

[[contract]]
name = "money"
kind = "ownership"
to = ["store:ledger"]
allowed = ["module:shop.pay"]

[[waiver]]
key = "x"
reason = "y"
link = "https://example.com/1"
expires = "2026-12-31"
"#;

    #[test]
    fn reads_everything_it_can_say() {
        let settings = parse(FULL, "seamline.toml").unwrap();
        assert_eq!(settings.services.max, 6);
        assert_eq!(settings.partition.resolution, Some(1.25));
        assert!((settings.weights.foreign_keys - 0.5).abs() < 1e-12);
        assert!((settings.weights.calls - Weights::default().calls).abs() < 1e-12);
        assert_eq!(settings.declared[0].name.as_str(), "commerce");
        assert_eq!(settings.contracts[0].kind, ContractKind::Ownership);
        let again = parse(&toml::to_string(&settings).unwrap(), "seamline.toml").unwrap();
        assert_eq!(again, settings);
        assert_eq!(parse("", "seamline.toml").unwrap(), Settings::default());
    }

    #[test]
    fn errors_carry_line_and_column() {
        let error = parse("[services]\nmax = 3\nmaximum = 4\n", "seamline.toml").unwrap_err();
        assert_eq!((error.line, error.column), (3, 1));
        assert!(error.message.contains("maximum"), "{error}");
        let error = parse("[[service]]\nname = \"Big One\"\n", "seamline.toml").unwrap_err();
        assert_eq!(error.line, 2, "{error}");
        let error = parse("[[service]]\nname = \"a\"\nfiles = [\n  \"x/[\",\n]\n", "seamline.toml").unwrap_err();
        assert_eq!(error.line, 4, "{error}");
        let error = parse("x = \n", "seamline.toml").unwrap_err();
        assert_eq!(error.line, 1);
        let error = parse("[services]\nmin = 5\nmax = 2\n", "s.toml").unwrap_err();
        assert_eq!(error.to_string(), "s.toml:1:1: services.min is 5 and services.max is 2: raise max or lower min");
    }

    #[test]
    fn contradictions_are_named() {
        for (text, part) in [
            ("[[service]]\nname=\"a\"\n[[service]]\nname=\"a\"\n", "declared twice"),
            ("[partition]\nresolution = -1.0\n", "above 0"),
            ("[weights]\ncalls = -1.0\n", "0 or more"),
            ("keep_apart = [[\"store:\"]]\n", "selects nothing"),
        ] {
            let error = parse(text, "seamline.toml").unwrap_err();
            assert!(error.message.contains(part), "{error}");
            assert!(error.line > 0, "{error}");
        }
    }

    #[test]
    fn selectors_choose_by_kind() {
        let of = |text: &str| Selector::try_from(text.to_owned()).unwrap();
        assert!(of("store:order*").selects_store("order_items"));
        assert!(!of("store:order*").selects_symbol("order_items"));
        assert!(of("orders").selects_store("orders") && of("orders").selects_module("orders"));
        assert!(of("file:shop/*.py").selects_file("shop/a.py"));
        assert!(!of("file:shop/*.py").selects_file("shop/b/a.py"));
        assert!(of("shop/b").selects_file("shop/b/a.py"));
        assert!(of("symbol:m.(*T).F").selects_symbol("m.(*T).F"));
    }

    #[test]
    fn wildcards() {
        for (pattern, name, expected) in [
            ("*", "", true),
            ("a*c", "abc", true),
            ("a*c", "abd", false),
            ("a?c", "abc", true),
            ("*.py*x", "a.py.pyx", true),
            ("", "a", false),
        ] {
            assert_eq!(wildcard_matches(pattern.as_bytes(), name.as_bytes()), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn the_schema_names_every_part() {
        let schema = schema();
        for key in ["service", "pins", "keep_apart", "contract", "waiver", "check", "weights"] {
            assert!(schema["properties"].get(key).is_some(), "{key}");
        }
        assert_eq!(schema["additionalProperties"], serde_json::Value::Bool(false));
    }
}
