//! A plan with names and places instead of ids: [`model::plan`](crate::model::plan) to the published types.

use crate::model::graph::{Evidence, StoreId, SystemGraph};
use crate::model::partition::{Partition, Place, ServiceId};
use crate::model::plan as planned;
use crate::model::report::Report;
use crate::render::json::graph::{Names, Site, sorted};
use crate::render::json::plan::{
    Advice, Checklist, Contract, Crossing, CrossingAccess, CrossingCall, CrossingKey, CrossingMessage, CrossingType,
    Doubt, EndpointName, ExternalPackage, FileMove, ForeignKeyCut, KernelModule, LineRange, Order, OrderStep,
    Ownership, Party, Phase, Plan, PrefixShare, Program, ProgramStore, ProgramUse, Programs, Reach, Refusal, Risk,
    Rows, Saga, SagaStep, Seam, ServicePlan, ServicePrefix, SharedPrefix, Statement, StoreOperation, StorePart,
    StorePlan, StoreUse, TemporaryEdge, Verdict, WriteSites,
};
use crate::render::json::report::{place, rounded, service};

/// The published form of the plan of a report.
pub(in crate::render) fn published_plan(report: &Report) -> Plan<'_> {
    let of = Of { graph: &report.graph, partition: &report.partition, plan: &report.plan };
    let plan = &report.plan;
    Plan {
        advice: Advice { action: plan.advice.action.into(), reasons: words(&plan.advice.reasons) },
        order: Order {
            method: plan.order.method.into(),
            remainder: plan.order.remainder.map(|it| service(&report.partition, it)),
            cost: plan.order.cost,
            steps: plan.order.steps.iter().map(|it| of.step(it)).collect(),
        },
        services: plan.services.iter().map(|it| of.service_plan(it)).collect(),
        stores: plan.stores.iter().map(|it| of.store_plan(it)).collect(),
        seams: plan.seams.iter().map(|it| of.seam(it)).collect(),
        sagas: plan.sagas.iter().map(|it| of.saga(it)).collect(),
        prefixes: (plan.prefixes.iter())
            .map(|it| SharedPrefix {
                prefix: &it.prefix,
                places: (it.places.iter())
                    .map(|(at, endpoints)| PrefixShare { place: of.place(*at), endpoints: of.endpoints(endpoints) })
                    .collect(),
            })
            .collect(),
        kernel: plan.kernel.iter().map(|it| of.kernel(it)).collect(),
        programs: of.programs(&plan.programs),
        risks: (plan.risks.iter())
            .map(|it| Risk { kind: &it.kind, statement: of.statement(&it.statement), mitigation: &it.mitigation })
            .collect(),
        checklist: Checklist {
            before: of.statements(&plan.checklist.before),
            during: of.statements(&plan.checklist.during),
            after: of.statements(&plan.checklist.after),
        },
        refusals: refusals(&plan.refusals),
    }
}

/// What names are looked up in.
#[derive(Clone, Copy)]
struct Of<'a> {
    graph: &'a SystemGraph,
    partition: &'a Partition,
    plan: &'a planned::Plan,
}

impl<'a> Of<'a> {
    fn names(self) -> Names<'a> {
        Names { graph: self.graph }
    }

    fn site(self, evidence: Evidence) -> Site<'a> {
        self.names().site(evidence)
    }

    fn service(self, id: ServiceId) -> &'a str {
        service(self.partition, id)
    }

    fn services(self, ids: &[ServiceId]) -> Vec<&'a str> {
        ids.iter().map(|&id| self.service(id)).collect()
    }

    fn place(self, at: Place) -> String {
        place(self.partition, at)
    }

    fn places(self, at: &[Place]) -> Vec<String> {
        at.iter().map(|&it| self.place(it)).collect()
    }

    fn statement(self, it: &'a planned::Statement) -> Statement<'a> {
        Statement { text: &it.text, sites: self.names().sites(&it.sites) }
    }

    fn statements(self, of: &'a [planned::Statement]) -> Vec<Statement<'a>> {
        of.iter().map(|it| self.statement(it)).collect()
    }

    fn saga_sites(self, positions: &[u32]) -> Vec<Site<'a>> {
        sorted(positions.iter().map(|&it| self.site(self.plan.sagas[it as usize].evidence)))
    }

    fn join_sites(self, positions: &[u32]) -> Vec<Site<'a>> {
        sorted(positions.iter().map(|&it| self.site(self.graph.joins[it as usize].evidence)))
    }

    fn endpoints(self, positions: &[u32]) -> Vec<EndpointName<'a>> {
        sorted(positions.iter().map(|&it| {
            let it = &self.graph.endpoints[it as usize];
            let Site { file, line } = self.site(it.evidence);
            let handler = self.names().symbol(it.handler);
            EndpointName { method: &it.method, path: &it.path, handler, file, line, registers: it.registers }
        }))
    }

    fn step(self, it: &'a planned::OrderStep) -> OrderStep<'a> {
        OrderStep {
            service: self.service(it.service),
            cost: it.cost,
            temporary: (it.temporary.iter())
                .map(|it| TemporaryEdge {
                    to: self.service(it.to),
                    cost: it.cost,
                    calls: it.calls,
                    accesses: it.accesses,
                    transactions: it.transactions,
                    sites: self.names().sites(&it.sites),
                })
                .collect(),
            blockers: self.statements(&it.blockers),
            reasons: self.statements(&it.reasons),
        }
    }

    fn store_plan(self, it: &'a planned::StorePlan) -> StorePlan<'a> {
        StorePlan {
            store: self.names().store(it.store),
            ownership: self.ownership(&it.ownership),
            shared: it.is_shared(),
            verdict: it.verdict.into(),
            rule: &it.rule,
            reason: self.statement(&it.reason),
            parties: (it.parties.iter())
                .map(|it| Party {
                    place: self.place(it.place),
                    reads: it.reads.iter().map(|it| self.store_use(it)).collect(),
                    writes: it.writes.iter().map(|it| self.store_use(it)).collect(),
                    remedy: it.remedy.map(Verdict::from),
                    reason: &it.reason,
                })
                .collect(),
            parts: (it.parts.iter())
                .map(|it| StorePart {
                    service: self.service(it.service),
                    columns: words(&it.columns),
                    rows: it.rows.as_ref().map(|(column, values)| Rows { column, values: words(values) }),
                    sites: self.names().sites(&it.sites),
                })
                .collect(),
            operations: (it.operations.iter())
                .map(|it| StoreOperation {
                    name: &it.name,
                    operation: it.operation.into(),
                    columns: words(&it.columns),
                    chosen_by: words(&it.chosen_by),
                    signature: &it.signature,
                    callers: self.places(&it.callers),
                    sites: self.names().sites(&it.sites),
                })
                .collect(),
            foreign_keys: it.foreign_keys.iter().map(|it| self.foreign_key(it)).collect(),
            joins: self.join_sites(&it.joins),
            sagas: self.saga_sites(&it.sagas),
        }
    }

    fn ownership(self, it: &'a planned::Ownership) -> Ownership<'a> {
        let writes = |&(id, sites): &(ServiceId, u32)| WriteSites { service: self.service(id), sites };
        Ownership {
            place: self.place(it.place),
            writes: it.writes.iter().map(writes).collect(),
            runner_up: it.runner_up.as_ref().map(writes),
            margin: rounded(it.margin),
            basis: &it.basis,
        }
    }

    fn store_use(self, it: &'a planned::StoreUse) -> StoreUse<'a> {
        let CrossingAccess { symbol, operation, file, line, .. } = self.access(it.access);
        StoreUse { symbol, operation, file, line, call: it.call.map(|it| self.site(it)) }
    }

    fn access(self, position: u32) -> CrossingAccess<'a> {
        let it = &self.graph.accesses[position as usize];
        let Site { file, line } = self.site(it.evidence);
        let (symbol, store) = (self.names().symbol(it.symbol), self.names().store(it.store));
        CrossingAccess { symbol, store, operation: it.operation.into(), file, line }
    }

    fn foreign_key(self, it: &'a planned::ForeignKeyCut) -> ForeignKeyCut<'a> {
        let Site { file, line } = self.site(it.evidence);
        ForeignKeyCut {
            store: self.names().store(it.store),
            columns: words(&it.columns),
            references: self.names().store(it.references),
            referenced_columns: words(&it.referenced_columns),
            on_delete_cascade: it.on_delete_cascade,
            file,
            line,
            steps: self.statements(&it.steps),
        }
    }

    fn seam(self, it: &'a planned::Seam) -> Seam<'a> {
        Seam {
            first: self.service(it.first),
            second: self.service(it.second),
            forward: self.crossing(&it.forward),
            backward: self.crossing(&it.backward),
            shared_stores: self.names().stores(&it.shared_stores),
            joins: self.join_sites(&it.joins),
            sagas: self.saga_sites(&it.sagas),
        }
    }

    fn crossing(self, it: &'a planned::Crossing) -> Crossing<'a> {
        Crossing {
            calls: (it.calls.iter())
                .map(|&it| {
                    let it = &self.graph.calls[it as usize];
                    let Site { file, line } = self.site(it.evidence);
                    CrossingCall { from: self.names().symbol(it.from), to: self.names().symbol(it.to), file, line }
                })
                .collect(),
            types: (it.types.iter())
                .map(|&it| {
                    let it = &self.graph.references[it as usize];
                    let Site { file, line } = self.site(it.evidence);
                    let (from, to) = (self.names().symbol(it.from), self.names().symbol(it.to));
                    CrossingType { from, to, kind: it.kind.into(), file, line }
                })
                .collect(),
            accesses: it.accesses.iter().map(|&it| self.access(it)).collect(),
            foreign_keys: it.foreign_keys.iter().map(|&(store, key)| self.crossing_key(store, key)).collect(),
            messages: (it.messages.iter())
                .map(|&it| {
                    let it = &self.graph.messages[it as usize];
                    let Site { file, line } = self.site(it.evidence);
                    let symbol = self.names().symbol(it.symbol);
                    CrossingMessage { symbol, topic: &it.topic, direction: it.direction.into(), file, line }
                })
                .collect(),
            interface: (it.interface.iter())
                .map(|it| Contract {
                    name: &it.name,
                    signature: &it.signature,
                    symbol: it.symbol.map(|id| self.names().symbol(id)),
                    defined_at: it.defined_at.map(|it| self.site(it)),
                    sites: self.names().sites(&it.sites),
                })
                .collect(),
        }
    }

    fn crossing_key(self, store: StoreId, key: u32) -> CrossingKey<'a> {
        let it = &self.graph.store(store).foreign_keys[key as usize];
        let Site { file, line } = self.site(it.evidence);
        let references = self.names().store(it.store);
        CrossingKey { store: self.names().store(store), columns: words(&it.columns), references, file, line }
    }

    fn saga(self, it: &'a planned::Saga) -> Saga<'a> {
        let Site { file, line } = self.site(it.evidence);
        Saga {
            symbol: self.names().symbol(it.symbol),
            home: self.place(it.home),
            writers: self.services(&it.writers),
            readers: self.services(&it.readers),
            file,
            line,
            steps: (it.steps.iter())
                .map(|it| {
                    let Site { file, line } = self.site(it.evidence);
                    SagaStep {
                        place: self.place(it.place),
                        store: self.names().store(it.store),
                        operation: it.operation.into(),
                        symbol: self.names().symbol(it.symbol),
                        role: it.role.into(),
                        undo: &it.undo,
                        file,
                        line,
                    }
                })
                .collect(),
        }
    }

    fn programs(self, it: &'a planned::Programs) -> Programs<'a> {
        let names = self.names();
        let uses = |uses: &'a [(u32, Evidence)]| -> Vec<ProgramUse<'a>> {
            let named = uses.iter().map(|&(program, at)| {
                let Site { file, line } = self.site(at);
                ProgramUse { program: &it.programs[program as usize].name, file, line }
            });
            named.collect()
        };
        let program = |it: &'a planned::ProgramPlan| {
            let Site { file, line } = self.site(it.evidence);
            Program {
                name: &it.name,
                start: names.symbol(it.start),
                file,
                line,
                folder: it.folder.as_deref(),
                functions: it.functions,
                modules: it.modules.iter().map(|&id| names.module(id)).collect(),
                services: self.services(&it.services),
                endpoints: self.endpoints(&it.endpoints),
                topics: words(&it.topics),
                reads: names.stores(&it.reads),
                writes: names.stores(&it.writes),
            }
        };
        let store = |it: &'a planned::ProgramStore| ProgramStore {
            store: names.store(it.store),
            writers: uses(&it.writers),
            readers: uses(&it.readers),
        };
        Programs {
            programs: it.programs.iter().map(program).collect(),
            stores: it.stores.iter().map(store).collect(),
            touching: it.touching,
            unreached: it.unreached,
        }
    }

    fn kernel(self, it: &'a planned::KernelModule) -> KernelModule<'a> {
        let Site { file, line } = self.site(it.evidence);
        KernelModule {
            module: self.names().module(it.module),
            users: self.services(&it.users),
            symbols: sorted(it.symbols.iter().map(|&id| self.names().symbol(id))),
            reaches: (it.reaches.iter())
                .map(|&(id, at)| {
                    let Site { file, line } = self.site(at);
                    Reach { service: self.service(id), file, line }
                })
                .collect(),
            file,
            line,
        }
    }

    fn service_plan(self, it: &'a planned::ServicePlan) -> ServicePlan<'a> {
        let names = self.names();
        ServicePlan {
            service: self.service(it.service),
            confidence: rounded(it.confidence),
            stores: names.stores(&it.stores),
            foreign_stores: names.stores(&it.foreign_stores),
            endpoints: self.endpoints(&it.endpoints),
            prefixes: (it.prefixes.iter())
                .map(|it| ServicePrefix {
                    prefix: &it.prefix,
                    endpoints: it.endpoints.len() as u32,
                    shared_with: self.places(&it.shared_with),
                })
                .collect(),
            moves: (it.moves.iter())
                .map(|it| FileMove {
                    file: &self.graph.file(it.file).path,
                    whole: it.whole,
                    ranges: (it.ranges.iter())
                        .map(|it| LineRange {
                            first: it.first,
                            last: it.last,
                            symbols: sorted(it.symbols.iter().map(|&id| names.symbol(id))),
                        })
                        .collect(),
                })
                .collect(),
            lines: it.lines,
            functions: it.functions,
            types: it.types,
            packages: (it.packages.iter())
                .map(|it| ExternalPackage {
                    name: &it.name,
                    declared: it.declared,
                    perhaps: it.perhaps,
                    sites: names.sites(&it.sites),
                })
                .collect(),
            fan_in: self.services(&it.fan_in),
            fan_out: self.services(&it.fan_out),
            sagas: self.saga_sites(&it.sagas),
            tests: sorted(it.tests.iter().map(|&id| names.symbol(id))),
            doubts: (it.doubts.iter())
                .map(|it| Doubt {
                    symbol: names.symbol(it.symbol),
                    confidence: rounded(it.confidence),
                    runner_up: self.service(it.runner_up),
                    share: rounded(it.share),
                })
                .collect(),
            blind_spots: sorted(
                it.blind_spots.iter().map(|&at| self.site(self.graph.blind_spots[at as usize].evidence)),
            ),
            phases: it.phases.iter().map(|it| self.phase(it)).collect(),
        }
    }

    fn phase(self, it: &'a planned::Phase) -> Phase<'a> {
        Phase {
            stage: it.stage.into(),
            steps: self.statements(&it.steps),
            exit: it.exit.as_ref().map(|it| self.statement(it)),
            rollback: it.rollback.as_ref().map(|it| self.statement(it)),
            refusals: refusals(&it.refusals),
        }
    }
}

fn words(of: &[String]) -> Vec<&str> {
    of.iter().map(String::as_str).collect()
}

fn refusals(of: &[planned::Refusal]) -> Vec<Refusal<'_>> {
    of.iter().map(|it| Refusal { reason: &it.reason, remedy: &it.remedy }).collect()
}
