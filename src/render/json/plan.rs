//! The types of the plan inside `seamline.report/1`; `convert` fills them.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model;
use crate::model::plan as planned;
use crate::render::json::graph::{Direction, Operation, Site, mirror};
use crate::render::json::report::PLACE;

mirror!(
    /// Whether to cut at all.
    Action of planned::Action, "kebab-case",
    Extract, LeaveAlone
);
mirror!(
    /// Every order was weighed, or too many services for that.
    OrderMethod of planned::OrderMethod, "kebab-case",
    Exact, Greedy
);
mirror!(
    /// What happens to a store.
    Verdict of planned::Verdict, "kebab-case",
    MovesWithService, StaysShared, OwnerExposesApi, SplitColumns, SplitRows, ReplicateReadModel, CopyReference,
    MergeServices, SequencePerService
);
mirror!(
    /// What a step of a saga can do when a later one fails.
    StepRole of planned::StepRole, "kebab-case",
    Read, Compensatable, Pivot, Retriable
);
mirror!(
    /// Stage of an extraction.
    Stage of planned::Stage, "kebab-case",
    Characterize, Decouple, Untangle, SplitSchema, Build, MoveData, Route, Decommission
);
mirror!(
    /// How a symbol mentions another without calling it.
    ReferenceKind of model::graph::ReferenceKind, "lowercase",
    Extends, Uses, Reads
);

/// Owners, verdicts, seams, order and steps.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Plan<'a> {
    pub advice: Advice<'a>,
    pub order: Order<'a>,
    /// In the order of the partition.
    pub services: Vec<ServicePlan<'a>>,
    /// In the order of the graph.
    pub stores: Vec<StorePlan<'a>>,
    /// Pairs of services between which something crosses.
    pub seams: Vec<Seam<'a>>,
    /// Transactions over the stores of more than one service.
    pub sagas: Vec<Saga<'a>>,
    /// First parts of routes that several places serve.
    pub prefixes: Vec<SharedPrefix<'a>>,
    /// Modules that stay a library.
    pub kernel: Vec<KernelModule<'a>>,
    /// Programs that start in the checkout, each of which runs apart from the others.
    pub programs: Programs<'a>,
    pub risks: Vec<Risk<'a>>,
    pub checklist: Checklist<'a>,
    /// What could not be planned for the system as a whole.
    pub refusals: Vec<Refusal<'a>>,
}

/// A sentence and the places it rests on.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Statement<'a> {
    pub text: &'a str,
    pub sites: Vec<Site<'a>>,
}

/// Something that was not planned for want of evidence.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Refusal<'a> {
    pub reason: &'a str,
    /// What to add so that it can be planned.
    pub remedy: &'a str,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Advice<'a> {
    pub action: Action,
    pub reasons: Vec<&'a str>,
}

/// What to extract first, second, ...
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Order<'a> {
    pub method: OrderMethod,
    /// The service that stays, as the last step: it holds more than half of the lines of all services.
    pub remainder: Option<&'a str>,
    /// Sum of the steps' costs.
    pub cost: u64,
    pub steps: Vec<OrderStep<'a>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OrderStep<'a> {
    pub service: &'a str,
    pub cost: u64,
    /// Throw-away calls back into the monolith.
    pub temporary: Vec<TemporaryEdge<'a>>,
    pub blockers: Vec<Statement<'a>>,
    pub reasons: Vec<Statement<'a>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TemporaryEdge<'a> {
    pub to: &'a str,
    pub cost: u64,
    pub calls: u32,
    pub accesses: u32,
    pub transactions: u32,
    pub sites: Vec<Site<'a>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StorePlan<'a> {
    pub store: &'a str,
    pub ownership: Ownership<'a>,
    /// Whether more than one service touches it.
    pub shared: bool,
    pub verdict: Verdict,
    /// Id of the rule that fired.
    pub rule: &'a str,
    pub reason: Statement<'a>,
    /// Everyone who touches it, the owner first.
    pub parties: Vec<Party<'a>>,
    pub parts: Vec<StorePart<'a>>,
    /// What the owner has to offer.
    pub operations: Vec<StoreOperation<'a>>,
    /// Foreign keys that a boundary cuts.
    pub foreign_keys: Vec<ForeignKeyCut<'a>>,
    /// Joins with stores of other services.
    pub joins: Vec<Site<'a>>,
    /// Transactions that become sagas.
    pub sagas: Vec<Site<'a>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Ownership<'a> {
    /// `service:<name>`, `shared-kernel`, `edge-layer` or `outside`.
    #[schemars(regex(pattern = PLACE))]
    pub place: String,
    /// Most first.
    pub writes: Vec<WriteSites<'a>>,
    pub runner_up: Option<WriteSites<'a>>,
    /// -1 to 1.
    pub margin: f64,
    pub basis: &'a str,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WriteSites<'a> {
    pub service: &'a str,
    /// Number of sites.
    pub sites: u32,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Party<'a> {
    /// `service:<name>`, `shared-kernel`, `edge-layer` or `outside`.
    #[schemars(regex(pattern = PLACE))]
    pub place: String,
    pub reads: Vec<StoreUse<'a>>,
    pub writes: Vec<StoreUse<'a>>,
    /// What it does instead; null for the owner.
    pub remedy: Option<Verdict>,
    pub reason: &'a str,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StoreUse<'a> {
    pub symbol: &'a str,
    pub operation: Operation,
    pub file: &'a str,
    pub line: u32,
    /// The party's call, where the access itself stands in the shared kernel.
    pub call: Option<Site<'a>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StorePart<'a> {
    pub service: &'a str,
    pub columns: Vec<&'a str>,
    pub rows: Option<Rows<'a>>,
    pub sites: Vec<Site<'a>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Rows<'a> {
    pub column: &'a str,
    pub values: Vec<&'a str>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StoreOperation<'a> {
    pub name: &'a str,
    pub operation: Operation,
    pub columns: Vec<&'a str>,
    /// Columns the rows are chosen by with a constant.
    pub chosen_by: Vec<&'a str>,
    pub signature: &'a str,
    /// Places, as in `place`.
    pub callers: Vec<String>,
    pub sites: Vec<Site<'a>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ForeignKeyCut<'a> {
    pub store: &'a str,
    pub columns: Vec<&'a str>,
    pub references: &'a str,
    pub referenced_columns: Vec<&'a str>,
    pub on_delete_cascade: bool,
    pub file: &'a str,
    pub line: u32,
    pub steps: Vec<Statement<'a>>,
}

/// All that crosses between two services.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Seam<'a> {
    pub first: &'a str,
    pub second: &'a str,
    /// What `first` needs of `second`.
    pub forward: Crossing<'a>,
    /// What `second` needs of `first`.
    pub backward: Crossing<'a>,
    pub shared_stores: Vec<&'a str>,
    pub joins: Vec<Site<'a>>,
    pub sagas: Vec<Site<'a>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Crossing<'a> {
    pub calls: Vec<CrossingCall<'a>>,
    pub types: Vec<CrossingType<'a>>,
    pub accesses: Vec<CrossingAccess<'a>>,
    pub foreign_keys: Vec<CrossingKey<'a>>,
    pub messages: Vec<CrossingMessage<'a>>,
    /// What the other side must offer.
    pub interface: Vec<Contract<'a>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CrossingCall<'a> {
    pub from: &'a str,
    pub to: &'a str,
    pub file: &'a str,
    pub line: u32,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CrossingType<'a> {
    pub from: &'a str,
    pub to: &'a str,
    pub kind: ReferenceKind,
    pub file: &'a str,
    pub line: u32,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CrossingAccess<'a> {
    pub symbol: &'a str,
    pub store: &'a str,
    pub operation: Operation,
    pub file: &'a str,
    pub line: u32,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CrossingKey<'a> {
    pub store: &'a str,
    pub columns: Vec<&'a str>,
    pub references: &'a str,
    pub file: &'a str,
    pub line: u32,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CrossingMessage<'a> {
    pub symbol: &'a str,
    pub topic: &'a str,
    pub direction: Direction,
    pub file: &'a str,
    pub line: u32,
}

/// One function of the interface that replaces a seam.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Contract<'a> {
    pub name: &'a str,
    /// Empty when unknown.
    pub signature: &'a str,
    /// The function called today; null for direct access to a store.
    pub symbol: Option<&'a str>,
    pub defined_at: Option<Site<'a>>,
    pub sites: Vec<Site<'a>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Saga<'a> {
    pub symbol: &'a str,
    /// Where the code stands that opens the transaction.
    #[schemars(regex(pattern = PLACE))]
    pub home: String,
    /// Owners of what is written.
    pub writers: Vec<&'a str>,
    /// Owners of what is only read.
    pub readers: Vec<&'a str>,
    pub file: &'a str,
    pub line: u32,
    /// In source order.
    pub steps: Vec<SagaStep<'a>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SagaStep<'a> {
    /// Owner of the store.
    #[schemars(regex(pattern = PLACE))]
    pub place: String,
    pub store: &'a str,
    pub operation: Operation,
    pub symbol: &'a str,
    pub role: StepRole,
    /// How it is undone, or why it needs no undo.
    pub undo: &'a str,
    pub file: &'a str,
    pub line: u32,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SharedPrefix<'a> {
    pub prefix: &'a str,
    pub places: Vec<PrefixShare<'a>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PrefixShare<'a> {
    #[schemars(regex(pattern = PLACE))]
    pub place: String,
    pub endpoints: Vec<EndpointName<'a>>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct EndpointName<'a> {
    pub method: &'a str,
    pub path: &'a str,
    /// Symbol.
    pub handler: &'a str,
    pub file: &'a str,
    pub line: u32,
    /// The handler only registers the route: what answers it is not of the program, or was not found.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub registers: bool,
}

/// Programs of the checkout. What each runs follows from calls, routes and imports from its start on.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Programs<'a> {
    /// By where they start.
    pub programs: Vec<Program<'a>>,
    /// Stores that several of them touch: what runs apart shares them today.
    pub stores: Vec<ProgramStore<'a>>,
    /// Functions that touch a store.
    pub touching: u32,
    /// How many of these no start was seen to lead to.
    pub unreached: u32,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Program<'a> {
    pub name: &'a str,
    /// The function or module it starts with.
    pub start: &'a str,
    pub file: &'a str,
    pub line: u32,
    /// Folder of what it loads by name, where nothing that was read leads from the start to a store or a route.
    pub folder: Option<&'a str>,
    /// Functions and methods that it runs.
    pub functions: u32,
    /// Modules with a function that it runs.
    pub modules: Vec<&'a str>,
    /// Services with a function that it runs, most first.
    pub services: Vec<&'a str>,
    pub endpoints: Vec<EndpointName<'a>>,
    /// Topics that it listens to.
    pub topics: Vec<&'a str>,
    /// Stores that it only reads.
    pub reads: Vec<&'a str>,
    pub writes: Vec<&'a str>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ProgramStore<'a> {
    pub store: &'a str,
    pub writers: Vec<ProgramUse<'a>>,
    /// Programs that only read it.
    pub readers: Vec<ProgramUse<'a>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ProgramUse<'a> {
    pub program: &'a str,
    pub file: &'a str,
    pub line: u32,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct KernelModule<'a> {
    pub module: &'a str,
    /// Services that use it.
    pub users: Vec<&'a str>,
    /// Its symbols that services use.
    pub symbols: Vec<&'a str>,
    /// Where it reaches into a service.
    pub reaches: Vec<Reach<'a>>,
    pub file: &'a str,
    pub line: u32,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Reach<'a> {
    pub service: &'a str,
    pub file: &'a str,
    pub line: u32,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ServicePlan<'a> {
    pub service: &'a str,
    /// 0 to 1.
    pub confidence: f64,
    /// Stores it owns.
    pub stores: Vec<&'a str>,
    /// Stores of others it touches.
    pub foreign_stores: Vec<&'a str>,
    pub endpoints: Vec<EndpointName<'a>>,
    /// First parts of its routes.
    pub prefixes: Vec<ServicePrefix<'a>>,
    /// Which lines move.
    pub moves: Vec<FileMove<'a>>,
    /// Lines of production code that move.
    pub lines: u32,
    /// Functions and methods that move.
    pub functions: u32,
    /// Types and interfaces that move.
    pub types: u32,
    /// External packages that the moving files import.
    pub packages: Vec<ExternalPackage<'a>>,
    /// Services that need this one.
    pub fan_in: Vec<&'a str>,
    /// Services this one needs.
    pub fan_out: Vec<&'a str>,
    /// Transactions that become sagas.
    pub sagas: Vec<Site<'a>>,
    /// Tests that call the code that moves.
    pub tests: Vec<&'a str>,
    /// Members that could as well be elsewhere, least sure first.
    pub doubts: Vec<Doubt<'a>>,
    /// Blind spots inside the code that moves.
    pub blind_spots: Vec<Site<'a>>,
    /// How it is extracted.
    pub phases: Vec<Phase<'a>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ServicePrefix<'a> {
    pub prefix: &'a str,
    /// Number of endpoints below it.
    pub endpoints: u32,
    /// Other places that serve it, as in `place`.
    pub shared_with: Vec<String>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FileMove<'a> {
    pub file: &'a str,
    /// All code of the file moves.
    pub whole: bool,
    pub ranges: Vec<LineRange<'a>>,
}

/// First and last line, both included.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LineRange<'a> {
    pub first: u32,
    pub last: u32,
    pub symbols: Vec<&'a str>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ExternalPackage<'a> {
    pub name: &'a str,
    /// Whether a manifest of the project names it.
    pub declared: bool,
    /// Whether only files import it of which a part moves, so that the part may not need it.
    pub perhaps: bool,
    pub sites: Vec<Site<'a>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Doubt<'a> {
    pub symbol: &'a str,
    /// 0 to 1.
    pub confidence: f64,
    pub runner_up: &'a str,
    /// Share of resamples that chose the runner-up, 0 to 1.
    pub share: f64,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Phase<'a> {
    pub stage: Stage,
    pub steps: Vec<Statement<'a>>,
    /// How to know that the stage is over.
    pub exit: Option<Statement<'a>>,
    /// How to get back from here.
    pub rollback: Option<Statement<'a>>,
    pub refusals: Vec<Refusal<'a>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Risk<'a> {
    /// Stable kebab-case id.
    pub kind: &'a str,
    pub statement: Statement<'a>,
    pub mitigation: &'a str,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Checklist<'a> {
    pub before: Vec<Statement<'a>>,
    pub during: Vec<Statement<'a>>,
    pub after: Vec<Statement<'a>>,
}
