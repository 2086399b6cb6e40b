//! The system graph: everything `link` resolved, with evidence. Mirrors the public `seamline.graph/1`.
//!
//! Ids are positions in the vectors and live for one run; across runs identity is the qualified name.
//! Every vector is sorted as documented, so that the same input gives the same bytes.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::model::fact::{DefinitionKind, Visibility};
use crate::model::source::{Package, Role};
use crate::model::sql::{Column, Operation};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl $name {
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

id!(
    /// Position in [`SystemGraph::files`].
    FileId
);
id!(
    /// Position in [`SystemGraph::modules`].
    ModuleId
);
id!(
    /// Position in [`SystemGraph::symbols`].
    SymbolId
);
id!(
    /// Position in [`SystemGraph::stores`].
    StoreId
);

/// How sure a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Rests on a name alone.
    Guess,
    /// One step rests on a convention.
    Likely,
    /// Every step was resolved.
    Certain,
}

/// Where a fact stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Evidence {
    pub file: FileId,
    /// From 1.
    pub line: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    pub path: String,
    pub language: String,
    pub role: Role,
    pub lines: u32,
    pub bytes: u64,
    pub module: Option<ModuleId>,
}

/// A namespace. A Go package is one module with several files; `file` is the first of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Module {
    pub name: String,
    pub file: FileId,
    pub package: String,
    pub language: String,
    pub role: Role,
    /// The module's own symbol (code at module level).
    pub symbol: SymbolId,
    /// Line of what runs only where the file is started as a program, if there is such code. Not part of the public graph.
    pub starts_at: Option<u32>,
}

/// Kind of a symbol in the public graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SymbolKind {
    Module,
    Function,
    Method,
    Type,
    Interface,
    Const,
    Variable,
}

/// A module, function, method, type, constant or module variable. Fields and closures belong to the symbol around them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Symbol {
    /// Qualified name.
    pub name: String,
    pub kind: SymbolKind,
    pub file: FileId,
    pub line: u32,
    pub end_line: u32,
    pub module: ModuleId,
    /// The type of a method, the function around a nested one.
    pub parent: Option<SymbolId>,
    pub visibility: Visibility,
    pub role: Role,
    /// Parameters and result as the source writes them, for contracts (`(ctx context.Context, id string) (*User, error)`); empty when unknown.
    pub signature: String,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ImportEdge {
    pub from: ModuleId,
    /// Target inside the project; `None` when external.
    pub to: Option<ModuleId>,
    /// Module name, or the external package's name.
    pub target: String,
    pub evidence: Evidence,
}

/// Sorted by from, to, line; one entry per site.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CallEdge {
    pub from: SymbolId,
    pub to: SymbolId,
    pub evidence: Evidence,
    pub confidence: Confidence,
}

/// How one symbol mentions a type without calling it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReferenceKind {
    /// Inherits from, embeds, implements.
    Extends,
    /// Parameter, result, field, local.
    Uses,
    /// Reads a module variable or constant.
    Reads,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ReferenceEdge {
    pub from: SymbolId,
    pub to: SymbolId,
    pub kind: ReferenceKind,
    pub evidence: Evidence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StoreKind {
    Table,
    View,
    Collection,
    Topic,
    Cache,
    Bucket,
}

impl StoreKind {
    /// Rows or documents, which are migrated, copied and locked by transactions; keys, messages and files are not.
    pub fn holds_rows(self) -> bool {
        matches!(self, Self::Table | Self::View | Self::Collection)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreForeignKey {
    pub columns: Vec<String>,
    pub store: StoreId,
    pub referenced_columns: Vec<String>,
    pub on_delete_cascade: bool,
    pub evidence: Evidence,
}

/// A table, view, collection ...; sorted by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Store {
    /// As the database knows it, schema-qualified when the schema is not the default one.
    pub name: String,
    pub kind: StoreKind,
    pub schema: Option<String>,
    pub columns: Vec<Column>,
    pub foreign_keys: Vec<StoreForeignKey>,
    /// DDL, migrations, model classes.
    pub defined_at: Vec<Evidence>,
    /// Types mapped to it.
    pub entities: Vec<SymbolId>,
    /// Definitions that contradict each other, as `(evidence, what differs)`.
    pub conflicts: Vec<(Evidence, String)>,
    /// Rows written by migrations or seeds only.
    pub seeded_at: Vec<Evidence>,
}

impl Store {
    /// Whether a definition or seeds say where its rows come from; what is no table is made by whoever names it.
    pub fn has_origin(&self) -> bool {
        self.kind != StoreKind::Table || !self.defined_at.is_empty() || !self.seeded_at.is_empty()
    }
}

/// Sorted by symbol, store, line, operation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Access {
    /// Innermost named function.
    pub symbol: SymbolId,
    pub store: StoreId,
    pub operation: Operation,
    pub columns: Vec<String>,
    /// Pattern id.
    pub via: String,
    pub confidence: Confidence,
    pub evidence: Evidence,
    /// Inside a loop of the function.
    pub in_loop: bool,
    /// The function touches whichever store its callers mean, each of whom has an access of its own.
    pub by_callers: bool,
    /// Goes with the deletion of another store's rows, by the keys that point to them; the line names that store alone.
    pub cascaded: bool,
    /// `column = constant` predicates of the statement.
    pub predicates: Vec<(String, String)>,
}

/// Stores read together in one statement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Join {
    pub symbol: SymbolId,
    pub stores: Vec<StoreId>,
    pub evidence: Evidence,
}

/// A unit of work; the sets hold everything reached from inside it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Transaction {
    pub symbol: SymbolId,
    pub reads: Vec<StoreId>,
    pub writes: Vec<StoreId>,
    /// Positions in [`SystemGraph::accesses`] in source order: the steps of the saga it would become.
    pub accesses: Vec<u32>,
    pub evidence: Evidence,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Endpoint {
    /// Upper case; `ANY` where the framework takes any; `WS` for a web socket; `RPC` for a gRPC method.
    pub method: String,
    /// Full path, parameters as `{name}`.
    pub path: String,
    pub handler: SymbolId,
    /// The handler only registers the route: what answers it is not of the program, or was not found.
    #[serde(default)]
    pub registers: bool,
    pub framework: String,
    pub evidence: Evidence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    Publish,
    Subscribe,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Message {
    pub symbol: SymbolId,
    pub topic: String,
    pub direction: Direction,
    pub broker: String,
    pub evidence: Evidence,
}

/// A call to another service, by an HTTP or RPC client.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RemoteCall {
    pub symbol: SymbolId,
    /// As far as it is written, with `{holes}`; none where nothing of it is decidable.
    pub address: Option<String>,
    /// `http`, `grpc`, ...
    pub kind: String,
    pub evidence: Evidence,
}

/// Something that could not be resolved.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BlindSpot {
    /// Stable kebab-case: `dynamic-table-name`, `unreadable-sql`, `unresolved-receiver`, `syntax-error`, `macro`, ...
    pub kind: String,
    pub symbol: Option<SymbolId>,
    pub evidence: Evidence,
    /// What is missing, in words.
    pub detail: String,
}

/// Two files that change together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CoChangeEdge {
    pub a: FileId,
    pub b: FileId,
    /// Commits that change both over the mean of those that change each, in percent.
    pub degree: u32,
}

/// Everything known about the system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemGraph {
    /// The project's name, for headings.
    pub name: String,
    pub revision: Option<String>,
    /// Sorted by path.
    pub files: Vec<File>,
    pub packages: Vec<Package>,
    /// Sorted by name.
    pub modules: Vec<Module>,
    /// Sorted by qualified name, then file and line.
    pub symbols: Vec<Symbol>,
    pub imports: Vec<ImportEdge>,
    pub calls: Vec<CallEdge>,
    pub references: Vec<ReferenceEdge>,
    pub stores: Vec<Store>,
    pub accesses: Vec<Access>,
    pub joins: Vec<Join>,
    pub transactions: Vec<Transaction>,
    pub endpoints: Vec<Endpoint>,
    pub messages: Vec<Message>,
    pub remote_calls: Vec<RemoteCall>,
    pub blind_spots: Vec<BlindSpot>,
    /// Files that change together in git's history, where one was read; sorted. Not part of the public graph.
    pub co_changes: Vec<CoChangeEdge>,
    /// Sites that could have been an access or a call and were looked at, those of tests left out.
    pub sites: u32,
}

/// Who touches so many stores, and this share of all, works on the whole and on none of them.
const MOST_STORES: f64 = 15.0;
const MOST_OF_ALL: f64 = 0.5;

impl SystemGraph {
    /// Accesses that verdicts, cuts and figures may rest on. Guesses stand in the graph for whoever looks for them, as does
    /// what a function does for its callers.
    pub fn counted_accesses(&self) -> impl Iterator<Item = &Access> {
        self.accesses.iter().filter(|it| it.confidence > Confidence::Guess && !it.by_callers)
    }

    /// Whether what stands there is test code.
    pub fn is_test(&self, symbol: Option<SymbolId>, evidence: Evidence) -> bool {
        symbol.is_some_and(|it| self.symbol(it).role == Role::Test) || self.file(evidence.file).role == Role::Test
    }

    /// Joins that figures and findings rest on: not those of tests.
    pub fn counted_joins(&self) -> impl Iterator<Item = &Join> {
        self.joins.iter().filter(|it| !self.is_test(Some(it.symbol), it.evidence))
    }

    /// Transactions that figures and findings rest on: not those of tests.
    pub fn counted_transactions(&self) -> impl Iterator<Item = &Transaction> {
        self.transactions.iter().filter(|it| !self.is_test(Some(it.symbol), it.evidence))
    }

    /// Blind spots that figures and findings rest on: not those of tests.
    pub fn counted_blind_spots(&self) -> impl Iterator<Item = &BlindSpot> {
        self.blind_spots.iter().filter(|it| !self.is_test(it.symbol, it.evidence))
    }

    /// Functions that work on most stores at once, in a system of many: a backup, a move to another database, a wrapper that
    /// every statement goes through. What they touch does not tell whose a store is.
    pub fn works_on_most(&self) -> BTreeSet<SymbolId> {
        let mut touched: BTreeMap<SymbolId, BTreeSet<StoreId>> = BTreeMap::new();
        for access in self.accesses.iter().filter(|it| it.operation != Operation::Ddl) {
            touched.entry(access.symbol).or_default().insert(access.store);
        }
        let most = (MOST_OF_ALL * self.stores.len() as f64).max(MOST_STORES);
        touched.into_iter().filter(|it| it.1.len() as f64 >= most).map(|it| it.0).collect()
    }

    /// Functions that nothing in the project starts, as far as it was read: no call, no mention, no route, no message and no
    /// `main` leads to them but through one another. A command that some framework finds by itself is among them, and dead code is.
    pub fn uncalled(&self) -> BTreeSet<SymbolId> {
        let is_function = |it: &Symbol| matches!(it.kind, SymbolKind::Function | SymbolKind::Method);
        let in_production = |it: SymbolId| matches!(self.symbol(it).role, Role::Production | Role::Generated);
        let mut callers = vec![0_u32; self.symbols.len()];
        let mut callees: BTreeMap<SymbolId, Vec<SymbolId>> = BTreeMap::new();
        let calls = self.calls.iter().map(|it| (it.from, it.to));
        let mentions = self.references.iter().map(|it| (it.from, it.to)).filter(|it| is_function(self.symbol(it.1)));
        for (from, to) in calls.chain(mentions).filter(|it| it.0 != it.1 && in_production(it.0)) {
            callers[to.index()] += 1;
            callees.entry(from).or_default().push(to);
        }
        let handlers = self.endpoints.iter().map(|it| it.handler);
        let started: BTreeSet<SymbolId> = handlers.chain(self.messages.iter().map(|it| it.symbol)).collect();
        let may_be = |it: SymbolId| {
            let symbol = self.symbol(it);
            let is_main = matches!(symbol.name.rsplit(['.', ':']).next(), Some("main" | "init"));
            is_function(symbol) && in_production(it) && !is_main && !started.contains(&it)
        };
        let mut open: Vec<SymbolId> = self.symbol_ids().filter(|it| callers[it.index()] == 0 && may_be(*it)).collect();
        let mut found = BTreeSet::new();
        while let Some(symbol) = open.pop() {
            found.insert(symbol);
            for to in callees.get(&symbol).into_iter().flatten() {
                callers[to.index()] -= 1;
                if callers[to.index()] == 0 && may_be(*to) {
                    open.push(*to);
                }
            }
        }
        found
    }

    pub fn symbol(&self, id: SymbolId) -> &Symbol {
        &self.symbols[id.index()]
    }

    pub fn store(&self, id: StoreId) -> &Store {
        &self.stores[id.index()]
    }

    pub fn file(&self, id: FileId) -> &File {
        &self.files[id.index()]
    }

    pub fn module(&self, id: ModuleId) -> &Module {
        &self.modules[id.index()]
    }

    /// Imports between modules of the project, without those that tests have: a Go package is one module with its tests.
    pub fn internal_imports(&self) -> impl Iterator<Item = (&ImportEdge, ModuleId)> {
        let of_tests =
            |it: &ImportEdge| [self.module(it.from).role, self.file(it.evidence.file).role].contains(&Role::Test);
        self.imports.iter().filter(move |it| !of_tests(it)).filter_map(|it| Some((it, it.to?)))
    }

    /// `path:line`.
    pub fn place(&self, evidence: Evidence) -> String {
        format!("{}:{}", self.file(evidence.file).path, evidence.line)
    }

    pub fn symbol_ids(&self) -> impl Iterator<Item = SymbolId> + use<> {
        (0..self.symbols.len() as u32).map(SymbolId)
    }

    pub fn store_ids(&self) -> impl Iterator<Item = StoreId> + use<> {
        (0..self.stores.len() as u32).map(StoreId)
    }
}

impl From<DefinitionKind> for Option<SymbolKind> {
    fn from(kind: DefinitionKind) -> Self {
        Some(match kind {
            DefinitionKind::Module => SymbolKind::Module,
            DefinitionKind::Function | DefinitionKind::Macro => SymbolKind::Function,
            DefinitionKind::Method => SymbolKind::Method,
            DefinitionKind::Type | DefinitionKind::Alias => SymbolKind::Type,
            DefinitionKind::Interface => SymbolKind::Interface,
            DefinitionKind::Constant => SymbolKind::Const,
            DefinitionKind::Variable => SymbolKind::Variable,
            DefinitionKind::Field | DefinitionKind::Closure => return None,
        })
    }
}

impl SystemGraph {
    /// Share of the sites that could have been data accesses and were not resolved, 0 to 1; files that could not be
    /// read count as one site each. Test code is left out.
    pub fn blind_spot_share(&self) -> f64 {
        let unresolved = self.counted_blind_spots().count() as f64;
        let resolved = self.accesses.iter().filter(|it| !self.is_test(Some(it.symbol), it.evidence)).count() as f64;
        if unresolved == 0.0 { 0.0 } else { unresolved / (unresolved + resolved) }
    }
}
