//! Reports made by hand, so that what renderers are shown does not move when the stages before them do.

use seamline::model::fact::Visibility;
use seamline::model::graph::{
    Access, BlindSpot, CallEdge, Confidence, Endpoint, Evidence, File, FileId, ImportEdge, Join, Module, ModuleId,
    Store, StoreForeignKey, StoreId, StoreKind, Symbol, SymbolId, SymbolKind, SystemGraph, Transaction,
};
use seamline::model::partition::{Partition, Place, Placement, ServiceCandidate, ServiceId};
use seamline::model::plan::{
    Action, Contract, Crossing, Doubt, ExternalPackage, FileMove, ForeignKeyCut, KernelModule, LineRange, OrderStep,
    Ownership, Party, Phase, Plan, Refusal, Risk, Saga, SagaStep, Seam, ServicePlan, ServicePrefix, SharedPrefix,
    Stage, Statement, StepRole, StoreOperation, StorePart, StorePlan, StoreUse, TemporaryEdge, Verdict,
};
use seamline::model::report::Report;
use seamline::model::source::Role;
use seamline::model::sql::{Column, Operation};

/// A system in a few words.
#[derive(Default)]
pub(crate) struct Sketch {
    pub(crate) name: String,
    /// Name, own stores, number of endpoints, confidence.
    pub(crate) services: Vec<(String, Vec<String>, u32, f64)>,
    /// From, to, number of calls.
    pub(crate) calls: Vec<(usize, usize, u32)>,
    /// Service, store of another one, writes instead of reads.
    pub(crate) touches: Vec<(usize, String, bool)>,
    /// Store to its verdict, where it is not moving with its service.
    pub(crate) verdicts: Vec<(String, Verdict)>,
    /// Stores that no service owns.
    pub(crate) shared: Vec<String>,
    /// Modules of the shared kernel and of the edge layer.
    pub(crate) kernel: Vec<String>,
    pub(crate) edge: Vec<String>,
}

pub(crate) fn empty() -> Report {
    Report::default()
}

/// Five services with everything that a renderer can meet.
pub(crate) fn small() -> Report {
    let own = |names: &[&str]| names.iter().map(|&it| it.to_owned()).collect::<Vec<_>>();
    let service =
        |name: &str, stores: &[&str], endpoints, confidence| (name.to_owned(), own(stores), endpoints, confidence);
    Sketch {
        name: "shop".to_owned(),
        services: vec![
            service("accounts", &["users", "sessions", "password_resets"], 12, 0.93),
            service("catalog", &["products", "categories", "product_images"], 9, 0.88),
            service("orders", &["orders", "order_items", "carts"], 14, 0.81),
            service("payments", &["payments", "refunds"], 5, 0.74),
            service("notifications", &["notifications"], 2, 0.42),
        ],
        calls: vec![(2, 0, 14), (2, 1, 22), (2, 3, 6), (3, 2, 3), (2, 4, 5), (3, 4, 2), (0, 4, 4), (1, 0, 1)],
        touches: vec![
            (2, "users".to_owned(), false),
            (3, "users".to_owned(), false),
            (4, "users".to_owned(), false),
            (1, "order_items".to_owned(), false),
            (3, "orders".to_owned(), true),
        ],
        verdicts: vec![
            ("users".to_owned(), Verdict::ReplicateReadModel),
            ("orders".to_owned(), Verdict::OwnerExposesApi),
            ("order_items".to_owned(), Verdict::OwnerExposesApi),
        ],
        shared: own(&["audit_log"]),
        kernel: own(&["shop.config", "shop.database", "shop.money"]),
        edge: own(&["shop.main", "shop.middleware"]),
    }
    .report()
}

/// Names nobody would choose, and many of them.
pub(crate) fn awkward() -> Report {
    let odd = [
        "<script>alert('x')</script> & \"quoted\"",
        "Bestellübersicht – größer",
        "注文管理サービス",
        "🚀🚀🚀 launch",
        "a`b\\c|d;e%%f#g{h}[i](j)",
        "e\u{301}\u{202e}desrever",
        "]]></style></svg>-->",
        "end",
    ];
    let long = "x_very_long_name_".repeat(18);
    let mut sketch = Sketch { name: "<&> \"awkward\" 'système'".to_owned(), ..Sketch::default() };
    for at in 0..60 {
        let name = match at {
            0..8 => odd[at].to_owned(),
            8 => long.clone(),
            _ => format!("service-{at}"),
        };
        let stores = (0..at % 7).map(|store| format!("{}_{at}_{store}", odd[store])).collect();
        sketch.services.push((name, stores, at as u32 % 11, at as f64 / 59.0));
    }
    sketch.services[8].1.push(long.clone());
    for at in 0..60 {
        for step in [1, 7, 23] {
            sketch.calls.push((at, (at * step + step) % 60, (at % 5 + 1) as u32));
        }
        if at % 7 > 0 {
            let store = format!("{}_{at}_0", odd[0]);
            sketch.touches.push(((at + 5) % 60, store.clone(), at % 2 == 0));
            sketch.verdicts.push((store, Verdict::ALL[at % Verdict::ALL.len()]));
        }
    }
    sketch.calls.retain(|it| it.0 != it.1);
    sketch.shared = vec![long.clone(), odd[2].to_owned()];
    sketch.kernel = odd.iter().map(|it| format!("kernel.{it}")).collect();
    sketch.edge = vec![long];
    sketch.report()
}

/// `count` services in a ring with chords, names in order.
pub(crate) fn ring(count: usize) -> Report {
    let mut sketch = Sketch { name: format!("ring of {count}"), ..Sketch::default() };
    for at in 0..count {
        let stores = (0..at % 4).map(|store| format!("table_{at}_{store}")).collect();
        sketch.services.push((format!("service-{at:02}"), stores, at as u32 % 6, 0.8));
        sketch.calls.push((at, (at + 1) % count, 3));
        sketch.calls.push((at, (at + count / 2) % count, 1));
    }
    sketch.calls.retain(|it| it.0 != it.1);
    sketch.report()
}

impl Sketch {
    pub(crate) fn report(&self) -> Report {
        let mut made = Made::default();
        made.report.graph.name.clone_from(&self.name);
        made.report.graph.revision = Some("0123456789abcdef0123456789abcdef01234567".to_owned());
        let partition = &mut made.report.partition;
        "recommended".clone_into(&mut partition.label);
        "leiden".clone_into(&mut partition.clusterer);
        partition.modularity = 0.512_345_678;
        partition.convincing = true;
        "boundaries hold when the evidence is resampled".clone_into(&mut partition.verdict);
        partition.from_data = true;
        let mut stores: Vec<(String, Place)> = Vec::new();
        for (at, (name, own, _, confidence)) in self.services.iter().enumerate() {
            partition.services.push(ServiceCandidate {
                name: name.clone(),
                confidence: *confidence,
                reasons: vec![format!("owns {} stores", own.len())],
                declared: false,
            });
            stores.extend(own.iter().map(|it| (it.clone(), Place::Service(ServiceId(at as u32)))));
        }
        stores.extend(self.shared.iter().map(|it| (it.clone(), Place::SharedKernel)));
        stores.sort();
        stores.dedup_by(|a, b| a.0 == b.0);
        for (name, place) in &stores {
            made.store(name, *place);
        }
        for (at, (name, own, endpoints, _)) in self.services.iter().enumerate() {
            let place = Place::Service(ServiceId(at as u32));
            made.module(&format!("app.{name}"), place, 4 + *endpoints);
            for store in own {
                made.access(at * 2, store, Operation::Insert);
                made.access(at * 2, store, Operation::Select);
            }
            for endpoint in 0..*endpoints {
                made.endpoint(at, &format!("/api/{name}/{endpoint}"));
            }
        }
        for name in &self.kernel {
            made.module(name, Place::SharedKernel, 3);
        }
        for name in &self.edge {
            made.module(name, Place::EdgeLayer, 3);
        }
        for &(from, to, count) in &self.calls {
            made.calls(from, to, count);
        }
        for (service, store, writes) in &self.touches {
            if self.services[*service].1.contains(store) || !stores.iter().any(|it| it.0 == *store) {
                continue;
            }
            made.access(service * 2, store, if *writes { Operation::Update } else { Operation::Select });
        }
        for store in &self.shared {
            for service in 0..self.services.len().min(3) {
                made.access(service * 2, store, Operation::Insert);
            }
        }
        made.finish(&self.verdicts)
    }
}

#[derive(Default)]
struct Made {
    report: Report,
    /// First function of each module.
    functions: Vec<SymbolId>,
}

impl Made {
    fn graph(&mut self) -> &mut SystemGraph {
        &mut self.report.graph
    }

    fn store(&mut self, name: &str, place: Place) {
        let column = |name: &str, primary_key: bool| Column {
            name: name.into(),
            type_name: "INTEGER".into(),
            nullable: !primary_key,
            primary_key,
        };
        self.graph().stores.push(Store {
            name: name.to_owned(),
            kind: StoreKind::Table,
            schema: None,
            columns: vec![column("id", true), column("name", false), column("parent_id", false)],
            foreign_keys: Vec::new(),
            defined_at: Vec::new(),
            entities: Vec::new(),
            conflicts: Vec::new(),
            seeded_at: Vec::new(),
        });
        self.report.partition.stores.push(placement(place));
    }

    /// A module with a file, a type and so many functions.
    fn module(&mut self, name: &str, place: Place, functions: u32) {
        let file = FileId(self.report.graph.files.len() as u32);
        let module = ModuleId(self.report.graph.modules.len() as u32);
        let first = self.report.graph.symbols.len() as u32;
        let graph = &mut self.report.graph;
        graph.files.push(File {
            path: format!("src/{name}.py"),
            language: "python".to_owned(),
            role: Role::Production,
            lines: 20 + functions * 10,
            bytes: 4096,
            module: Some(module),
        });
        graph.modules.push(Module {
            name: name.to_owned(),
            file,
            package: "app".to_owned(),
            language: "python".to_owned(),
            role: Role::Production,
            symbol: SymbolId(first),
            starts_at: None,
        });
        self.functions.push(SymbolId(first + 2));
        for at in 0..functions + 2 {
            let (kind, symbol) = match at {
                0 => (SymbolKind::Module, name.to_owned()),
                1 => (SymbolKind::Type, format!("{name}.Record")),
                _ => (SymbolKind::Function, format!("{name}.function_{}", at - 2)),
            };
            self.graph().symbols.push(Symbol {
                name: symbol,
                kind,
                file,
                line: 1 + at * 10,
                end_line: 9 + at * 10,
                module,
                parent: None,
                visibility: Visibility::Public,
                role: Role::Production,
                signature: "(id: int) -> Record | None".to_owned(),
            });
            self.report.partition.symbols.push(placement(place));
        }
        self.graph().imports.push(ImportEdge {
            from: module,
            to: None,
            target: "requests".to_owned(),
            evidence: Evidence { file, line: 1 },
        });
    }

    /// `which`: twice the module's position, plus one for its second function.
    fn access(&mut self, which: usize, store: &str, operation: Operation) {
        let symbol = SymbolId(self.functions[which / 2].0 + (which % 2) as u32);
        let at = self.report.graph.symbol(symbol);
        let evidence = Evidence { file: at.file, line: at.line + 1 + self.report.graph.accesses.len() as u32 % 7 };
        let store = StoreId(self.report.graph.stores.iter().position(|it| it.name == store).expect("a store") as u32);
        self.graph().accesses.push(Access {
            symbol,
            store,
            operation,
            columns: vec!["id".to_owned(), "name".to_owned()],
            via: "python/orm".to_owned(),
            confidence: Confidence::Certain,
            evidence,
            in_loop: false,
            by_callers: false,
            cascaded: false,
            predicates: Vec::new(),
        });
    }

    fn endpoint(&mut self, service: usize, path: &str) {
        let handler = self.functions[service];
        let file = self.report.graph.symbol(handler).file;
        self.graph().endpoints.push(Endpoint {
            method: "GET".to_owned(),
            path: path.to_owned(),
            handler,
            registers: false,
            framework: "framework".to_owned(),
            evidence: Evidence { file, line: 3 },
        });
    }

    fn calls(&mut self, from: usize, to: usize, count: u32) {
        let (from, to) = (self.functions[from], self.functions[to]);
        let file = self.report.graph.symbol(from).file;
        for line in 0..count {
            let evidence = Evidence { file, line: 25 + line };
            self.graph().calls.push(CallEdge { from, to, evidence, confidence: Confidence::Certain });
        }
    }

    fn finish(mut self, verdicts: &[(String, Verdict)]) -> Report {
        let graph = &mut self.report.graph;
        graph.sites = (graph.accesses.len() + graph.calls.len()) as u32;
        if graph.stores.len() > 2 && !graph.files.is_empty() {
            let at = Evidence { file: FileId(0), line: 7 };
            let (first, last) = (StoreId(0), StoreId(graph.stores.len() as u32 - 1));
            graph.stores[first.index()].foreign_keys.push(StoreForeignKey {
                columns: vec!["parent_id".to_owned()],
                store: last,
                referenced_columns: vec!["id".to_owned()],
                on_delete_cascade: true,
                evidence: at,
            });
            graph.joins.push(Join { symbol: SymbolId(2), stores: vec![first, last], evidence: at });
            graph.blind_spots.push(BlindSpot {
                kind: "dynamic-table-name".to_owned(),
                symbol: Some(SymbolId(2)),
                evidence: at,
                detail: "the table's name is an argument: <name> & \"more\"".to_owned(),
            });
        }
        self.report.plan = plan(&mut self.report.graph, &self.report.partition, verdicts);
        self.report
    }
}

fn placement(place: Place) -> Placement {
    Placement {
        place,
        confidence: 0.9,
        runner_up: matches!(place, Place::Service(ServiceId(1))).then_some((ServiceId(0), 0.25)),
        reason: "writes it".to_owned(),
    }
}

fn said(text: &str, at: Evidence) -> Statement {
    Statement { text: text.to_owned(), sites: vec![at] }
}

/// Not the real one: enough of a plan to have every part once.
fn plan(graph: &mut SystemGraph, partition: &Partition, verdicts: &[(String, Verdict)]) -> Plan {
    let mut plan = Plan::default();
    if partition.services.is_empty() {
        return plan;
    }
    let here = Evidence { file: FileId(0), line: 2 };
    plan.advice.action = Action::Extract;
    plan.advice.reasons = vec![format!("{} services with few tables in common", partition.services.len())];
    for id in graph.store_ids() {
        plan.stores.push(store_plan(graph, partition, id, verdicts));
    }
    for first in partition.service_ids() {
        for second in partition.service_ids().filter(|&it| it > first) {
            let crossing = |from: ServiceId, to: ServiceId| crossing(graph, partition, from, to);
            let (forward, backward) = (crossing(first, second), crossing(second, first));
            let shared: Vec<StoreId> = plan
                .stores
                .iter()
                .filter(|it| {
                    let touches = |id| it.parties.iter().any(|it| it.place == Place::Service(id));
                    touches(first) && touches(second)
                })
                .map(|it| it.store)
                .collect();
            if !forward.is_empty() || !backward.is_empty() || !shared.is_empty() {
                let (joins, sagas) = (Vec::new(), Vec::new());
                plan.seams.push(Seam { first, second, forward, backward, shared_stores: shared, joins, sagas });
            }
        }
    }
    if partition.services.len() > 1 {
        plan.seams.iter_mut().take(1).for_each(|it| it.sagas.push(0));
        plan.sagas.push(saga(graph));
        graph.transactions.push(Transaction {
            symbol: SymbolId(2),
            reads: Vec::new(),
            writes: vec![StoreId(0), StoreId(1)],
            accesses: vec![0, 1],
            evidence: here,
        });
    }
    for service in partition.service_ids() {
        plan.services.push(service_plan(graph, partition, &plan, service));
        plan.order.steps.push(OrderStep {
            service,
            cost: 7 + u64::from(service.0),
            temporary: vec![TemporaryEdge {
                to: ServiceId(0),
                cost: 4,
                calls: 1,
                accesses: 1,
                transactions: 0,
                sites: vec![here],
            }],
            blockers: vec![said("The transaction over two services becomes a saga", here)],
            reasons: vec![said("Nothing that stays needs more than 3 of its functions", here)],
        });
    }
    plan.prefixes.push(SharedPrefix { prefix: "/api".to_owned(), places: vec![(Place::EdgeLayer, Vec::new())] });
    plan.kernel.push(KernelModule {
        module: ModuleId(0),
        users: vec![ServiceId(0)],
        symbols: vec![SymbolId(2)],
        reaches: vec![(ServiceId(0), here)],
        evidence: here,
    });
    plan.risks.push(Risk {
        kind: "chatty-seam".to_owned(),
        statement: said("22 calls cross in a loop", here),
        mitigation: "Offer one call for many ids".to_owned(),
    });
    plan.checklist.before.push(said("The seams of \"orders\" & <others> are reviewed", here));
    plan.refusals.push(Refusal {
        reason: "No size of any table is known".to_owned(),
        remedy: "add the sizes to seamline.toml".to_owned(),
    });
    plan
}

fn store_plan(graph: &SystemGraph, partition: &Partition, id: StoreId, verdicts: &[(String, Verdict)]) -> StorePlan {
    let owner = partition.store(id);
    let mut parties: Vec<Party> = Vec::new();
    for (at, access) in graph.accesses.iter().enumerate().filter(|it| it.1.store == id) {
        let place = partition.symbol(access.symbol);
        if !parties.iter().any(|it| it.place == place) {
            let remedy = (place != owner).then_some(Verdict::OwnerExposesApi);
            let reason = String::new();
            parties.push(Party { place, reads: Vec::new(), writes: Vec::new(), remedy, reason });
        }
        let party = parties.iter_mut().find(|it| it.place == place).expect("just made");
        let site = StoreUse { access: at as u32, call: None };
        if access.operation == Operation::Select { party.reads.push(site) } else { party.writes.push(site) }
    }
    parties.sort_by_key(|it| (it.place != owner, it.place));
    let name = &graph.store(id).name;
    let verdict = verdicts.iter().find(|it| it.0 == *name).map(|it| it.1);
    let otherwise = if owner == Place::SharedKernel { Verdict::StaysShared } else { Verdict::MovesWithService };
    StorePlan {
        store: id,
        ownership: Ownership {
            place: owner,
            writes: owner.service().map(|it| (it, 3)).into_iter().collect(),
            runner_up: None,
            margin: 2.0 / 3.0,
            basis: "2 of 3 write sites".to_owned(),
        },
        parties,
        verdict: verdict.unwrap_or(otherwise),
        rule: "single-writer".to_owned(),
        reason: said("One service writes, others only read", Evidence { file: FileId(0), line: 4 }),
        parts: vec![StorePart {
            service: ServiceId(0),
            columns: vec!["email".to_owned()],
            rows: Some(("kind".to_owned(), vec!["a".to_owned(), "<b>".to_owned()])),
            sites: vec![Evidence { file: FileId(0), line: 5 }],
        }],
        operations: vec![StoreOperation {
            name: format!("get_{name}"),
            operation: Operation::Select,
            columns: vec!["email".to_owned()],
            chosen_by: vec!["id".to_owned()],
            signature: "(key) -> (email)".to_owned(),
            callers: vec![Place::Service(ServiceId(0)), Place::EdgeLayer],
            sites: vec![Evidence { file: FileId(0), line: 6 }],
        }],
        foreign_keys: (graph.store(id).foreign_keys.iter())
            .map(|it| ForeignKeyCut {
                store: id,
                columns: it.columns.clone(),
                references: it.store,
                referenced_columns: it.referenced_columns.clone(),
                on_delete_cascade: it.on_delete_cascade,
                evidence: it.evidence,
                steps: vec![said("Add the column without the key", it.evidence)],
            })
            .collect(),
        joins: (0..graph.joins.len() as u32).collect(),
        sagas: Vec::new(),
    }
}

fn crossing(graph: &SystemGraph, partition: &Partition, from: ServiceId, to: ServiceId) -> Crossing {
    let of = |id: SymbolId| partition.symbol(id).service();
    let mut crossing = Crossing::default();
    for (at, call) in graph.calls.iter().enumerate() {
        if of(call.from) == Some(from) && of(call.to) == Some(to) {
            crossing.calls.push(at as u32);
        }
    }
    for (at, access) in graph.accesses.iter().enumerate() {
        if of(access.symbol) == Some(from) && partition.store(access.store).service() == Some(to) {
            crossing.accesses.push(at as u32);
        }
    }
    if let Some(&first) = crossing.calls.first() {
        let call = &graph.calls[first as usize];
        crossing.interface.push(Contract {
            name: graph.symbol(call.to).name.clone(),
            signature: graph.symbol(call.to).signature.clone(),
            symbol: Some(call.to),
            defined_at: Some(Evidence { file: graph.symbol(call.to).file, line: graph.symbol(call.to).line }),
            sites: vec![call.evidence],
        });
    }
    crossing
}

fn saga(graph: &SystemGraph) -> Saga {
    let step = |at: u32, role, undo: &str| SagaStep {
        place: Place::Service(ServiceId(at)),
        store: StoreId(at),
        operation: Operation::Insert,
        symbol: SymbolId(2),
        role,
        undo: undo.to_owned(),
        evidence: Evidence { file: FileId(0), line: 30 + at },
    };
    let last = 1.min(graph.stores.len() as u32 - 1);
    Saga {
        transaction: 0,
        symbol: SymbolId(2),
        home: Place::Service(ServiceId(0)),
        writers: vec![ServiceId(0), ServiceId(1)],
        readers: Vec::new(),
        steps: vec![
            step(0, StepRole::Compensatable, "delete the row by its key"),
            step(last, StepRole::Pivot, "the point of no return"),
        ],
        evidence: Evidence { file: FileId(0), line: 30 },
    }
}

fn service_plan(graph: &SystemGraph, partition: &Partition, plan: &Plan, service: ServiceId) -> ServicePlan {
    let here = Evidence { file: FileId(0), line: 2 };
    let place = Place::Service(service);
    let of = |kind: SymbolKind| {
        graph.symbol_ids().filter(|&id| partition.symbol(id) == place && graph.symbol(id).kind == kind).count() as u32
    };
    let touched = |it: &&StorePlan| it.parties.iter().any(|it| it.place == place);
    ServicePlan {
        service,
        stores: graph.store_ids().filter(|&id| partition.store(id) == place).collect(),
        foreign_stores: (plan.stores.iter().filter(touched))
            .filter(|it| it.ownership.place != place)
            .map(|it| it.store)
            .collect(),
        endpoints: (0..graph.endpoints.len() as u32)
            .filter(|&at| partition.symbol(graph.endpoints[at as usize].handler) == place)
            .collect(),
        prefixes: vec![ServicePrefix {
            prefix: "/api".to_owned(),
            endpoints: Vec::new(),
            shared_with: vec![Place::EdgeLayer],
        }],
        moves: vec![FileMove {
            file: FileId(0),
            whole: service.0.is_multiple_of(2),
            ranges: vec![LineRange { first: 3, last: 9, symbols: vec![SymbolId(2)] }],
        }],
        lines: 1234,
        functions: of(SymbolKind::Function),
        types: of(SymbolKind::Type),
        packages: vec![ExternalPackage {
            name: "requests".to_owned(),
            declared: true,
            perhaps: false,
            sites: vec![here],
        }],
        confidence: partition.services[service.index()].confidence,
        fan_in: vec![ServiceId(0)],
        fan_out: vec![ServiceId(partition.services.len() as u32 - 1)],
        sagas: (0..plan.sagas.len() as u32).collect(),
        tests: vec![SymbolId(2)],
        doubts: vec![Doubt { symbol: SymbolId(2), confidence: 0.4, runner_up: ServiceId(0), share: 0.3 }],
        blind_spots: (0..graph.blind_spots.len() as u32).collect(),
        phases: vec![
            Phase {
                stage: Stage::Characterize,
                steps: vec![said("Record what the 14 endpoints answer today", here)],
                standing: Vec::new(),
                exit: Some(said("Every endpoint has a recorded answer", here)),
                rollback: None,
                refusals: Vec::new(),
            },
            Phase {
                stage: Stage::MoveData,
                steps: vec![said("Write both tables", here), said("Backfill in batches", here)],
                standing: Vec::new(),
                exit: None,
                rollback: Some(said("Stop the second write", here)),
                refusals: vec![Refusal {
                    reason: "No key orders the rows of this table".to_owned(),
                    remedy: "name one in seamline.toml".to_owned(),
                }],
            },
        ],
    }
}
