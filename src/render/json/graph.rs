//! `seamline.graph/1`: the system graph under names that outlive the run, apart from the types we work with.
//!
//! The types here are the published format: a change that a reader could notice needs a new version. Every array is
//! sorted by its fields in the order written here; paths are relative to the project with `/`; lines count from 1.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model;
use crate::model::graph::{Evidence, ModuleId, StoreId, SymbolId, SystemGraph};
use crate::model::source::Role;

/// Value of the field `schema`.
pub const GRAPH_SCHEMA: &str = "seamline.graph/1";

/// An enum of the format, made from one of ours; a new variant there does not compile until it is published here.
macro_rules! mirror {
    ($(#[$doc:meta])* $name:ident of $from:ty, $case:literal, $($variant:ident),+ $(,)?) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
        #[serde(rename_all = $case)]
        #[schemars(inline)]
        pub enum $name {
            $($variant),+
        }

        impl From<$from> for $name {
            fn from(it: $from) -> Self {
                match it {
                    $(<$from>::$variant => Self::$variant),+
                }
            }
        }
    };
}
pub(super) use mirror;

mirror!(
    /// What a symbol is.
    SymbolKind of model::graph::SymbolKind, "lowercase",
    Module, Function, Method, Type, Interface, Const, Variable
);
mirror!(
    /// Who can see a symbol.
    Visibility of model::fact::Visibility, "lowercase",
    Public, Package, Private
);
mirror!(
    /// How sure a fact is: every step resolved, one step by convention, by a name alone.
    Confidence of model::graph::Confidence, "lowercase",
    Certain, Likely, Guess
);
mirror!(
    /// What keeps the data.
    StoreKind of model::graph::StoreKind, "lowercase",
    Table, View, Collection, Topic, Cache, Bucket
);
mirror!(
    /// What an access does.
    Operation of model::sql::Operation, "lowercase",
    Select, Insert, Update, Delete, Upsert, Ddl, Unknown
);
mirror!(
    /// Whether an access changes data.
    Effect of model::sql::Effect, "lowercase",
    Read, Write
);
mirror!(
    /// Which way a message goes.
    Direction of model::graph::Direction, "lowercase",
    Publish, Subscribe
);

/// One place in the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Site<'a> {
    pub file: &'a str,
    /// From 1.
    pub line: u32,
}

/// Everything known about the system.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(title = "seamline.graph/1")]
pub struct Graph<'a> {
    #[schemars(extend("const" = GRAPH_SCHEMA))]
    pub schema: &'static str,
    /// Version of the program that wrote it.
    pub tool: &'static str,
    /// Full id of the git commit that was read.
    pub revision: Option<&'a str>,
    /// All files that were read, tests included.
    pub files: Vec<File<'a>>,
    pub modules: Vec<Module<'a>>,
    pub symbols: Vec<Symbol<'a>>,
    pub imports: Vec<Import<'a>>,
    pub calls: Vec<Call<'a>>,
    pub stores: Vec<Store<'a>>,
    pub accesses: Vec<Access<'a>>,
    pub joins: Vec<Join<'a>>,
    pub transactions: Vec<Transaction<'a>>,
    pub endpoints: Vec<Endpoint<'a>>,
    pub messages: Vec<Message<'a>>,
    pub remote_calls: Vec<RemoteCall<'a>>,
    pub blind_spots: Vec<BlindSpot<'a>>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[schemars(rename = "File")]
pub struct File<'a> {
    pub path: &'a str,
    pub language: &'a str,
    pub lines: u32,
    pub bytes: u64,
}

/// A namespace; `file` is the first of its files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Module<'a> {
    pub name: &'a str,
    pub file: &'a str,
    /// Build unit that holds the module.
    pub package: &'a str,
    pub language: &'a str,
}

/// A module, function, method, type, constant or module variable.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Symbol<'a> {
    /// Qualified name.
    pub name: &'a str,
    pub kind: SymbolKind,
    pub file: &'a str,
    pub line: u32,
    pub end_line: u32,
    pub module: &'a str,
    pub visibility: Visibility,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Import<'a> {
    /// Module that imports.
    pub from: &'a str,
    /// Module, or package when external.
    pub to: &'a str,
    pub external: bool,
    pub file: &'a str,
    pub line: u32,
}

/// One call site.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Call<'a> {
    /// Symbol that calls.
    pub from: &'a str,
    /// Symbol called.
    pub to: &'a str,
    pub file: &'a str,
    pub line: u32,
    pub confidence: Confidence,
}

/// A table, view, collection, topic, cache space or bucket.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Store<'a> {
    /// As the database knows it, schema-qualified when the schema is not the default one.
    pub name: &'a str,
    pub kind: StoreKind,
    pub schema: Option<&'a str>,
    /// In the order of their definition.
    pub columns: Vec<Column<'a>>,
    pub foreign_keys: Vec<ForeignKey<'a>>,
    pub defined_at: Vec<Site<'a>>,
    /// Types mapped to the store.
    pub entities: Vec<&'a str>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Column<'a> {
    pub name: &'a str,
    /// As written, upper case; empty when unknown.
    #[serde(rename = "type")]
    pub type_name: &'a str,
    pub nullable: bool,
    pub primary_key: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct ForeignKey<'a> {
    /// In the order of the key.
    pub columns: Vec<&'a str>,
    /// Store referenced.
    pub store: &'a str,
    /// In the order of the key.
    pub referenced_columns: Vec<&'a str>,
}

/// One read or write of a store by the innermost named function.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Access<'a> {
    pub symbol: &'a str,
    pub store: &'a str,
    pub operation: Operation,
    pub effect: Effect,
    pub columns: Vec<&'a str>,
    /// Id of the pattern that saw it.
    pub via: &'a str,
    pub confidence: Confidence,
    pub file: &'a str,
    pub line: u32,
    /// The function touches whichever store its callers mean, each of whom has an access of its own; false when left out.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schemars(default)]
    pub by_callers: bool,
    /// Goes with the deletion of another store's rows, by the keys that point to them; false when left out.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schemars(default)]
    pub cascaded: bool,
}

/// Stores read together in one statement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Join<'a> {
    pub symbol: &'a str,
    pub stores: Vec<&'a str>,
    pub file: &'a str,
    pub line: u32,
}

/// A unit of work with everything reached from inside it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Transaction<'a> {
    pub symbol: &'a str,
    pub reads: Vec<&'a str>,
    pub writes: Vec<&'a str>,
    pub file: &'a str,
    pub line: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Endpoint<'a> {
    /// Upper case; `ANY` where the framework takes any; `WS` for a web socket; `RPC` for a gRPC method.
    pub method: &'a str,
    /// Parameters as `{name}`.
    pub path: &'a str,
    /// Symbol.
    pub handler: &'a str,
    pub framework: &'a str,
    pub file: &'a str,
    pub line: u32,
    /// The handler only registers the route: what answers it is not of the program, or was not found.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub registers: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Message<'a> {
    pub symbol: &'a str,
    pub topic: &'a str,
    pub direction: Direction,
    pub broker: &'a str,
    pub file: &'a str,
    pub line: u32,
}

/// A call to another service, by an HTTP or RPC client.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct RemoteCall<'a> {
    pub symbol: &'a str,
    /// As far as it is written, with `{holes}`; null where nothing of it is decidable.
    pub address: Option<&'a str>,
    /// `http`, `grpc`, ...
    pub kind: &'a str,
    pub file: &'a str,
    pub line: u32,
}

/// Something that could not be resolved.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct BlindSpot<'a> {
    /// Stable kebab-case id.
    pub kind: &'a str,
    pub file: &'a str,
    pub line: u32,
    /// What is missing, in words.
    pub detail: &'a str,
}

/// The published form of a graph. Vendored code is left out, and with it what only vendored code does.
pub fn published(graph: &SystemGraph) -> Graph<'_> {
    let names = Names { graph };
    let ours = |id: SymbolId| graph.symbol(id).role != Role::Vendored;
    Graph {
        schema: GRAPH_SCHEMA,
        tool: env!("CARGO_PKG_VERSION"),
        revision: graph.revision.as_deref(),
        files: sorted(graph.files.iter().map(|it| File {
            path: &it.path,
            language: &it.language,
            lines: it.lines,
            bytes: it.bytes,
        })),
        modules: sorted(graph.modules.iter().filter(|it| it.role != Role::Vendored).map(|it| Module {
            name: &it.name,
            file: &graph.file(it.file).path,
            package: &it.package,
            language: &it.language,
        })),
        symbols: sorted(graph.symbols.iter().filter(|it| it.role != Role::Vendored).map(|it| Symbol {
            name: &it.name,
            kind: it.kind.into(),
            file: &graph.file(it.file).path,
            line: it.line,
            end_line: it.end_line,
            module: names.module(it.module),
            visibility: it.visibility.into(),
        })),
        imports: imports(graph),
        calls: sorted(graph.calls.iter().filter(|it| ours(it.from) && ours(it.to)).map(|it| {
            let Site { file, line } = names.site(it.evidence);
            Call { from: names.symbol(it.from), to: names.symbol(it.to), file, line, confidence: it.confidence.into() }
        })),
        stores: stores(graph),
        accesses: sorted(graph.accesses.iter().filter(|it| ours(it.symbol)).map(|it| {
            let Site { file, line } = names.site(it.evidence);
            Access {
                symbol: names.symbol(it.symbol),
                store: names.store(it.store),
                operation: it.operation.into(),
                effect: it.operation.effect().into(),
                columns: sorted(it.columns.iter().map(String::as_str)),
                via: &it.via,
                confidence: it.confidence.into(),
                file,
                line,
                by_callers: it.by_callers,
                cascaded: it.cascaded,
            }
        })),
        joins: sorted(graph.joins.iter().filter(|it| ours(it.symbol)).map(|it| {
            let Site { file, line } = names.site(it.evidence);
            Join { symbol: names.symbol(it.symbol), stores: names.stores(&it.stores), file, line }
        })),
        transactions: sorted(graph.transactions.iter().filter(|it| ours(it.symbol)).map(|it| {
            let Site { file, line } = names.site(it.evidence);
            Transaction {
                symbol: names.symbol(it.symbol),
                reads: names.stores(&it.reads),
                writes: names.stores(&it.writes),
                file,
                line,
            }
        })),
        endpoints: sorted(graph.endpoints.iter().filter(|it| ours(it.handler)).map(|it| {
            let Site { file, line } = names.site(it.evidence);
            let (method, path, framework) = (it.method.as_str(), it.path.as_str(), it.framework.as_str());
            Endpoint { method, path, handler: names.symbol(it.handler), framework, file, line, registers: it.registers }
        })),
        messages: sorted(graph.messages.iter().filter(|it| ours(it.symbol)).map(|it| {
            let Site { file, line } = names.site(it.evidence);
            Message {
                symbol: names.symbol(it.symbol),
                topic: &it.topic,
                direction: it.direction.into(),
                broker: &it.broker,
                file,
                line,
            }
        })),
        remote_calls: sorted(graph.remote_calls.iter().filter(|it| ours(it.symbol)).map(|it| {
            let Site { file, line } = names.site(it.evidence);
            RemoteCall { symbol: names.symbol(it.symbol), address: it.address.as_deref(), kind: &it.kind, file, line }
        })),
        blind_spots: sorted(graph.blind_spots.iter().map(|it| {
            let Site { file, line } = names.site(it.evidence);
            BlindSpot { kind: &it.kind, file, line, detail: &it.detail }
        })),
    }
}

fn imports(graph: &SystemGraph) -> Vec<Import<'_>> {
    let names = Names { graph };
    let ours = |id: ModuleId| graph.module(id).role != Role::Vendored;
    sorted(graph.imports.iter().filter(|it| ours(it.from)).map(|it| {
        let Site { file, line } = names.site(it.evidence);
        let inside = it.to.filter(|&to| ours(to));
        Import {
            from: names.module(it.from),
            to: inside.map_or(it.target.as_str(), |to| names.module(to)),
            external: inside.is_none(),
            file,
            line,
        }
    }))
}

fn stores(graph: &SystemGraph) -> Vec<Store<'_>> {
    let names = Names { graph };
    let ours = |id: SymbolId| graph.symbol(id).role != Role::Vendored;
    sorted(graph.stores.iter().map(|it| {
        Store {
            name: &it.name,
            kind: it.kind.into(),
            schema: it.schema.as_deref(),
            columns: (it.columns.iter())
                .map(|it| Column {
                    name: &it.name,
                    type_name: &it.type_name,
                    nullable: it.nullable,
                    primary_key: it.primary_key,
                })
                .collect(),
            foreign_keys: sorted(it.foreign_keys.iter().map(|it| ForeignKey {
                columns: it.columns.iter().map(String::as_str).collect(),
                store: names.store(it.store),
                referenced_columns: it.referenced_columns.iter().map(String::as_str).collect(),
            })),
            defined_at: names.sites(&it.defined_at),
            entities: sorted(it.entities.iter().filter(|&&id| ours(id)).map(|&id| names.symbol(id))),
        }
    }))
}

/// Names in place of ids.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    pub(super) graph: &'a SystemGraph,
}

impl<'a> Names<'a> {
    pub(super) fn symbol(self, id: SymbolId) -> &'a str {
        &self.graph.symbol(id).name
    }

    pub(super) fn module(self, id: ModuleId) -> &'a str {
        &self.graph.module(id).name
    }

    pub(super) fn store(self, id: StoreId) -> &'a str {
        &self.graph.store(id).name
    }

    /// Sorted.
    pub(super) fn stores(self, ids: &[StoreId]) -> Vec<&'a str> {
        sorted(ids.iter().map(|&id| self.store(id)))
    }

    pub(super) fn site(self, evidence: Evidence) -> Site<'a> {
        Site { file: &self.graph.file(evidence.file).path, line: evidence.line }
    }

    /// Sorted.
    pub(super) fn sites(self, evidence: &[Evidence]) -> Vec<Site<'a>> {
        sorted(evidence.iter().map(|&it| self.site(it)))
    }
}

pub(super) fn sorted<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.collect();
    items.sort_unstable();
    items
}
