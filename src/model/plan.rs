//! The plan: owners, verdicts, seams, order and steps, each line with its evidence.
//!
//! Numbers such as `accesses: Vec<u32>` are positions in the vectors of the same name of the
//! [`SystemGraph`](crate::model::graph::SystemGraph) the plan was made from. A plan never holds a line without
//! evidence: what has none is a [`Refusal`] that says what is missing.

use serde::{Deserialize, Serialize};

use crate::model::graph::{Evidence, FileId, ModuleId, StoreId, SymbolId};
use crate::model::partition::{Place, ServiceId};
use crate::model::sql::Operation;
use crate::model::wording::{count, enumerate};

pub use crate::model::stage::Stage;

/// What `plan` concludes from a graph and a partition.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Whether to cut at all.
    pub advice: Advice,
    pub order: Order,
    /// One per service of the partition, in its order.
    pub services: Vec<ServicePlan>,
    /// One per store of the graph, in its order.
    pub stores: Vec<StorePlan>,
    /// Pairs of services between which something crosses, sorted.
    pub seams: Vec<Seam>,
    /// Transactions whose stores belong to more than one service, in the graph's order.
    pub sagas: Vec<Saga>,
    /// First parts of routes that several places serve: the gateway has to tell them apart by more. Sorted.
    pub prefixes: Vec<SharedPrefix>,
    /// Modules that stay a library, with who uses them; sorted by module.
    pub kernel: Vec<KernelModule>,
    pub programs: Programs,
    pub risks: Vec<Risk>,
    pub checklist: Checklist,
    /// What could not be planned for the system as a whole, and what to add.
    pub refusals: Vec<Refusal>,
}

/// A sentence and the places it rests on; never without one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Statement {
    /// Upper case first, no line break, no final dot.
    pub text: String,
    /// Sorted, unique, not empty.
    pub sites: Vec<Evidence>,
}

/// Something that was not planned because the graph holds no evidence for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Refusal {
    /// What was not found and therefore cannot be said.
    pub reason: String,
    /// What to add so that it can be planned.
    pub remedy: String,
}

/// Whether to cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Extract the services in the plan's order.
    Extract,
    /// Do not cut: no boundary convinces, or there is one service only.
    #[default]
    LeaveAlone,
}

/// The answer in one word, and why.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Advice {
    pub action: Action,
    /// Sentences with figures.
    pub reasons: Vec<String>,
}

/// How the order was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OrderMethod {
    /// Every order was weighed; after the pilot, no other one throws less work away.
    #[default]
    Exact,
    /// Too many services for that: components in topological order, greedy inside, then exchanges of neighbors.
    Greedy,
}

/// What to extract first, second, ...
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Order {
    pub method: OrderMethod,
    /// The least entangled service, which goes first whatever it costs: the one to learn on.
    pub pilot: Option<ServiceId>,
    /// What the others leave: the service that holds more than half of the lines of all of them. It is the last step, and
    /// what is asked of it counts as no throw-away work.
    pub remainder: Option<ServiceId>,
    /// Sum of the steps' costs.
    pub cost: u64,
    /// Cost of the cheapest order found when the pilot need not go first.
    pub cheapest: u64,
    pub steps: Vec<OrderStep>,
}

/// One extraction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderStep {
    pub service: ServiceId,
    /// Weight of the [`OrderStep::temporary`] edges.
    pub cost: u64,
    /// Calls back into the monolith that later steps make superfluous, by target.
    pub temporary: Vec<TemporaryEdge>,
    /// What has to be solved before the service can leave.
    pub blockers: Vec<Statement>,
    /// Why at this place.
    pub reasons: Vec<Statement>,
}

/// Throw-away work: the new service still needs what is left behind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TemporaryEdge {
    pub to: ServiceId,
    /// Calls + 3 x accesses to stores + 10 x transactions that write on both sides.
    pub cost: u64,
    pub calls: u32,
    pub accesses: u32,
    pub transactions: u32,
    pub sites: Vec<Evidence>,
}

/// What happens to a store; a closed set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Only its owner touches it.
    MovesWithService,
    /// Nobody can own it yet.
    StaysShared,
    /// The others call its owner.
    OwnerExposesApi,
    /// Each service keeps the columns it writes, under the same key.
    SplitColumns,
    /// Each service keeps its own rows.
    SplitRows,
    /// Readers keep a copy that events refresh.
    ReplicateReadModel,
    /// A short list that is copied to whoever looks things up in it.
    CopyReference,
    /// The services belong together.
    MergeServices,
    /// Each service counts for itself.
    SequencePerService,
}

impl Verdict {
    /// Every verdict, in the order of the documentation.
    pub const ALL: [Self; 9] = [
        Self::MovesWithService,
        Self::StaysShared,
        Self::OwnerExposesApi,
        Self::SplitColumns,
        Self::SplitRows,
        Self::ReplicateReadModel,
        Self::CopyReference,
        Self::MergeServices,
        Self::SequencePerService,
    ];

    /// Stable id, as JSON writes it.
    pub fn id(self) -> &'static str {
        match self {
            Self::MovesWithService => "moves-with-service",
            Self::StaysShared => "stays-shared",
            Self::OwnerExposesApi => "owner-exposes-api",
            Self::SplitColumns => "split-columns",
            Self::SplitRows => "split-rows",
            Self::ReplicateReadModel => "replicate-read-model",
            Self::CopyReference => "copy-reference",
            Self::MergeServices => "merge-services",
            Self::SequencePerService => "sequence-per-service",
        }
    }

    /// The verdict in plain words, as one would say it about a table.
    pub fn words(self) -> &'static str {
        match self {
            Self::MovesWithService => "moves with its service",
            Self::StaysShared => "stays shared for now",
            Self::OwnerExposesApi => "owner exposes an API",
            Self::SplitColumns => "split by columns",
            Self::SplitRows => "split by rows",
            Self::ReplicateReadModel => "replicate as a read model",
            Self::CopyReference => "copy as reference data",
            Self::MergeServices => "merge the services instead",
            Self::SequencePerService => "a sequence per service",
        }
    }
}

/// What is planned for one store.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StorePlan {
    pub store: StoreId,
    pub ownership: Ownership,
    /// Everyone who touches it at run time: the owner first, then services by id, then the edge layer, then the rest.
    pub parties: Vec<Party>,
    pub verdict: Verdict,
    /// Id of the rule that fired, as in `docs/verdicts.md`.
    pub rule: String,
    /// Why the rule fired, and the places it fired on.
    pub reason: Statement,
    /// The parts, where the verdict splits the store; sorted by service.
    pub parts: Vec<StorePart>,
    /// What the owner has to offer to the parties that call it.
    pub operations: Vec<StoreOperation>,
    /// Foreign keys from or to this store that a boundary cuts.
    pub foreign_keys: Vec<ForeignKeyCut>,
    /// Joins of this store with a store of another service, as positions in the graph.
    pub joins: Vec<u32>,
    /// Positions in [`Plan::sagas`].
    pub sagas: Vec<u32>,
}

impl StorePlan {
    /// Whether several services touch it, or one that does not own it.
    pub fn is_shared(&self) -> bool {
        let services = self.parties.iter().filter(|it| it.place.service().is_some());
        services.filter(|it| it.place != self.ownership.place || it.remedy.is_some()).count() > 0
    }

    /// Whether only its owner and the edge layer touch it.
    pub fn is_asked_by_edge(&self) -> bool {
        !self.is_shared() && self.parties.iter().any(|it| it.place == Place::EdgeLayer && it.remedy.is_some())
    }
}

/// Who owns a store, and how clearly.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ownership {
    /// The partition's answer.
    pub place: Place,
    /// Sites that write, by service, most first.
    pub writes: Vec<(ServiceId, u32)>,
    /// The next one after the owner, with its write sites.
    pub runner_up: Option<(ServiceId, u32)>,
    /// (Owner's write sites - runner-up's) / all write sites, -1 to 1; 0 where nobody writes.
    pub margin: f64,
    /// In words: `12 of 15 write sites`, `pinned by seamline.toml`.
    pub basis: String,
}

/// One place that touches a store.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Party {
    pub place: Place,
    pub reads: Vec<StoreUse>,
    pub writes: Vec<StoreUse>,
    /// What this party does instead; `None` for the owner.
    pub remedy: Option<Verdict>,
    /// Why this remedy, in words; empty for the owner.
    pub reason: String,
}

impl Party {
    /// All that it does to the store.
    pub fn uses(&self) -> impl Iterator<Item = StoreUse> + '_ {
        self.reads.iter().chain(&self.writes).copied()
    }
}

/// One access on behalf of a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StoreUse {
    /// Position in the graph's accesses.
    pub access: u32,
    /// The party's call, where the access itself stands in the shared kernel.
    pub call: Option<Evidence>,
}

/// What one service keeps of a split store.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StorePart {
    pub service: ServiceId,
    /// Columns written by this service alone.
    pub columns: Vec<String>,
    /// Column and values that its rows have, where rows are split or counters told apart.
    pub rows: Option<(String, Vec<String>)>,
    pub sites: Vec<Evidence>,
}

/// A function that the owner of a store has to offer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoreOperation {
    /// `get_users`, `insert_notifications`: verb and store.
    pub name: String,
    pub operation: Operation,
    /// Columns read or written, sorted; empty when no site names them.
    pub columns: Vec<String>,
    /// Columns the rows are chosen by with a constant, sorted.
    pub chosen_by: Vec<String>,
    /// Parameters and result in a notation of no language: `(key) -> (email, name)`.
    pub signature: String,
    pub callers: Vec<Place>,
    pub sites: Vec<Evidence>,
}

/// A foreign key that leads from one service to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForeignKeyCut {
    pub store: StoreId,
    pub columns: Vec<String>,
    pub references: StoreId,
    pub referenced_columns: Vec<String>,
    pub on_delete_cascade: bool,
    pub evidence: Evidence,
    /// Expand, dual write, backfill, switch reads, contract.
    pub steps: Vec<Statement>,
}

/// All that crosses between two services.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seam {
    pub first: ServiceId,
    /// Greater than `first`.
    pub second: ServiceId,
    /// What `first` needs of `second`.
    pub forward: Crossing,
    /// What `second` needs of `first`.
    pub backward: Crossing,
    /// Stores both touch.
    pub shared_stores: Vec<StoreId>,
    /// Positions of joins over stores of both.
    pub joins: Vec<u32>,
    /// Positions in [`Plan::sagas`] that one of the two opens and the other takes part in.
    pub sagas: Vec<u32>,
}

/// One direction of a seam.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Crossing {
    /// Positions in the graph's calls.
    pub calls: Vec<u32>,
    /// Positions in the graph's references: types and module variables of the other side.
    pub types: Vec<u32>,
    /// Positions in the graph's accesses: stores of the other side.
    pub accesses: Vec<u32>,
    /// Store of this side and position of the key in it.
    pub foreign_keys: Vec<(StoreId, u32)>,
    /// Positions in the graph's messages: what this side publishes and the other subscribes to.
    pub messages: Vec<u32>,
    /// What the other side must offer once nothing else is allowed.
    pub interface: Vec<Contract>,
}

impl Crossing {
    /// Number of edges cut in this direction.
    pub fn len(&self) -> usize {
        self.calls.len() + self.types.len() + self.accesses.len() + self.foreign_keys.len() + self.messages.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether one side cannot work without the other: by calls, mentions or accesses.
    pub fn is_need(&self) -> bool {
        !self.calls.is_empty() || !self.types.is_empty() || !self.accesses.is_empty()
    }

    /// What the need consists of: `3 calls, 1 access to its stores and 2 mentions of its types`.
    pub fn words(&self) -> String {
        let mut parts = Vec::new();
        for (number, noun, tail) in [
            (self.calls.len(), "call", ""),
            (self.accesses.len(), "access", " to its stores"),
            (self.types.len(), "mention", " of its types and variables"),
        ] {
            if number > 0 {
                parts.push(format!("{}{tail}", count(number, noun)));
            }
        }
        enumerate(&parts, 3)
    }
}

/// One function of the interface that replaces a seam.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contract {
    /// Qualified name of the function called today, or the name of a [`StoreOperation`].
    pub name: String,
    /// As the source writes it, or as [`StoreOperation::signature`]; empty when unknown.
    pub signature: String,
    /// The function called today; `None` for direct access to a store.
    pub symbol: Option<SymbolId>,
    /// Where the function stands today.
    pub defined_at: Option<Evidence>,
    /// The crossing calls or accesses.
    pub sites: Vec<Evidence>,
}

/// A transaction over the stores of several services.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Saga {
    /// Position in the graph's transactions.
    pub transaction: u32,
    pub symbol: SymbolId,
    /// Where the code stands that opens the transaction.
    pub home: Place,
    /// Owners of the stores written, sorted; two or more make it a saga, one means that only reads cross.
    pub writers: Vec<ServiceId>,
    /// Owners of the stores that are only read, sorted.
    pub readers: Vec<ServiceId>,
    /// In source order.
    pub steps: Vec<SagaStep>,
    pub evidence: Evidence,
}

impl Saga {
    /// Whether the writes themselves fall apart.
    pub fn is_distributed(&self) -> bool {
        self.writers.len() > 1
    }
}

/// What a saga can do when a later step fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepRole {
    /// Only reads: nothing to undo.
    Read,
    /// Before the pivot: has an undo.
    Compensatable,
    /// The point of no return.
    Pivot,
    /// After the pivot: retried until it succeeds, from an outbox.
    Retriable,
}

/// One step of a saga.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SagaStep {
    /// Owner of the store.
    pub place: Place,
    pub store: StoreId,
    pub operation: Operation,
    pub symbol: SymbolId,
    pub role: StepRole,
    /// How it is undone, or why it needs no undo.
    pub undo: String,
    pub evidence: Evidence,
}

/// First part of routes served by several places.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SharedPrefix {
    /// `/api/v1/users`.
    pub prefix: String,
    /// Who serves it, with the positions of the endpoints.
    pub places: Vec<(Place, Vec<u32>)>,
}

/// Programs that start in the checkout, each of which runs apart from the others.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Programs {
    /// Sorted by where they start.
    pub programs: Vec<ProgramPlan>,
    /// Stores that several of them touch, sorted.
    pub stores: Vec<ProgramStore>,
    /// Functions that touch a store, and how many of them no start was seen to lead to.
    pub touching: u32,
    pub unreached: u32,
}

impl Programs {
    /// Those that touch a store or answer a route or a message; the others are tools that do neither.
    pub fn working(&self) -> impl Iterator<Item = &ProgramPlan> {
        self.programs.iter().filter(|it| it.works())
    }
}

/// One program, and what it runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProgramPlan {
    /// Unique: the folder or file it starts in.
    pub name: String,
    /// Function or module it starts with.
    pub start: SymbolId,
    pub evidence: Evidence,
    /// The folder of what it loads by name, where nothing that was read leads from the start to a store or a route.
    pub folder: Option<String>,
    /// Functions and methods that it runs.
    pub functions: u32,
    /// Modules with a function that it runs, sorted.
    pub modules: Vec<ModuleId>,
    /// Services with a function that it runs, most first.
    pub services: Vec<ServiceId>,
    /// Positions in the graph's endpoints.
    pub endpoints: Vec<u32>,
    /// Topics that it listens to, sorted.
    pub topics: Vec<String>,
    /// Stores that it only reads, sorted.
    pub reads: Vec<StoreId>,
    /// Stores that it writes, sorted.
    pub writes: Vec<StoreId>,
}

impl ProgramPlan {
    pub fn works(&self) -> bool {
        !(self.endpoints.is_empty() && self.topics.is_empty() && self.reads.is_empty() && self.writes.is_empty())
    }
}

/// A store that several programs touch: what runs apart shares it today.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProgramStore {
    pub store: StoreId,
    /// Positions in [`Programs::programs`], each with a place.
    pub writers: Vec<(u32, Evidence)>,
    /// Those that only read.
    pub readers: Vec<(u32, Evidence)>,
}

/// A module of the shared kernel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KernelModule {
    pub module: ModuleId,
    pub users: Vec<ServiceId>,
    /// Its functions, types and constants that services use.
    pub symbols: Vec<SymbolId>,
    /// Where it reaches into a service; that has to be turned around before it can be a library.
    pub reaches: Vec<(ServiceId, Evidence)>,
    pub evidence: Evidence,
}

/// What is planned for one service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServicePlan {
    pub service: ServiceId,
    /// Stores it owns.
    pub stores: Vec<StoreId>,
    /// Stores of others it touches.
    pub foreign_stores: Vec<StoreId>,
    /// Positions in the graph's endpoints.
    pub endpoints: Vec<u32>,
    /// First parts of its routes with the number of endpoints; sorted.
    pub prefixes: Vec<ServicePrefix>,
    /// Which lines move, sorted by file.
    pub moves: Vec<FileMove>,
    /// Lines of production code that move.
    pub lines: u32,
    /// Functions and methods that move.
    pub functions: u32,
    /// Types and interfaces that move.
    pub types: u32,
    /// External packages that the moving files import, sorted.
    pub packages: Vec<ExternalPackage>,
    /// 0 to 1, from the partition.
    pub confidence: f64,
    /// Services that need this one, sorted.
    pub fan_in: Vec<ServiceId>,
    /// Services this one needs, sorted.
    pub fan_out: Vec<ServiceId>,
    /// Positions in [`Plan::sagas`] it takes part in.
    pub sagas: Vec<u32>,
    /// Tests that call the code that moves, sorted.
    pub tests: Vec<SymbolId>,
    /// Members that could as well be elsewhere, least sure first.
    pub doubts: Vec<Doubt>,
    /// Positions of the blind spots inside the code that moves.
    pub blind_spots: Vec<u32>,
    /// How it is extracted, in order.
    pub phases: Vec<Phase>,
}

/// First part of a service's routes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServicePrefix {
    pub prefix: String,
    pub endpoints: Vec<u32>,
    /// Other places that serve the same prefix.
    pub shared_with: Vec<Place>,
}

/// What moves of one file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileMove {
    pub file: FileId,
    /// All code of the file moves.
    pub whole: bool,
    /// Ranges of lines, sorted; the whole file is one.
    pub ranges: Vec<LineRange>,
}

/// First and last line, both from 1, both included, and what stands there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineRange {
    pub first: u32,
    pub last: u32,
    pub symbols: Vec<SymbolId>,
}

/// A package of others that a service needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExternalPackage {
    pub name: String,
    /// A manifest of the project names it; false for what comes with the language, and for what is named differently.
    pub declared: bool,
    /// Only imported by files of which a part moves, so the part may not need it.
    pub perhaps: bool,
    pub sites: Vec<Evidence>,
}

/// A placement that is not sure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Doubt {
    pub symbol: SymbolId,
    /// 0 to 1.
    pub confidence: f64,
    pub runner_up: ServiceId,
    /// Share of resamples that chose the runner-up.
    pub share: f64,
}

/// One stage of one extraction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Phase {
    pub stage: Stage,
    pub steps: Vec<Statement>,
    /// Positions in `steps` of what [`Stage::practice`] says for every service: a document says it once.
    #[serde(default)]
    pub standing: Vec<u32>,
    /// How to know that the stage is over; `None` where there is nothing to do.
    pub exit: Option<Statement>,
    /// How to get back from here; `None` where there is nothing to do.
    pub rollback: Option<Statement>,
    pub refusals: Vec<Refusal>,
}

/// Something that can go wrong, from the facts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Risk {
    /// Stable kebab-case id of the kind.
    pub kind: String,
    pub statement: Statement,
    pub mitigation: String,
}

/// What to tick off.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Checklist {
    pub before: Vec<Statement>,
    pub during: Vec<Statement>,
    pub after: Vec<Statement>,
}
