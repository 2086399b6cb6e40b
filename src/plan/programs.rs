//! Programs that run apart: what each of them runs, and which stores several of them share today.

use std::collections::{BTreeMap, BTreeSet};

use crate::measure::programs::{Program, programs};
use crate::model::graph::{Access, Direction, Evidence, ModuleId, StoreId, StoreKind, SymbolKind, SystemGraph};
use crate::model::partition::ServiceId;
use crate::model::plan::{ProgramPlan, ProgramStore, Programs};
use crate::model::sql::{Effect, Operation};
use crate::plan::survey::Survey;

/// Every program of the checkout with what it runs.
pub(super) fn told(survey: &Survey) -> Programs {
    let graph = survey.graph;
    let found = programs(graph);
    let touching: BTreeSet<_> = uses(survey).map(|it| it.symbol).collect();
    let unreached = touching.iter().filter(|it| !found.iter().any(|program| program.reached.contains(it))).count();
    Programs {
        stores: shared(survey, &found),
        programs: found.into_iter().map(|it| plan(survey, it)).collect(),
        touching: touching.len() as u32,
        unreached: unreached as u32,
    }
}

/// Accesses of production code that are no guesses and do more than shape a store.
fn uses<'a>(survey: &'a Survey) -> impl Iterator<Item = &'a Access> {
    let graph: &SystemGraph = survey.graph;
    graph.counted_accesses().filter(|it| it.operation != Operation::Ddl && survey.is_production(it.symbol))
}

fn plan(survey: &Survey, program: Program) -> ProgramPlan {
    let graph = survey.graph;
    let is_function = |it: SymbolKind| matches!(it, SymbolKind::Function | SymbolKind::Method);
    let functions: Vec<_> = program.reached.iter().copied().filter(|it| is_function(graph.symbol(*it).kind)).collect();
    let modules: BTreeSet<ModuleId> = functions.iter().map(|it| graph.symbol(*it).module).collect();
    let mut services: BTreeMap<ServiceId, usize> = BTreeMap::new();
    for service in functions.iter().filter_map(|it| survey.partition.symbol(*it).service()) {
        *services.entry(service).or_default() += 1;
    }
    let mut services: Vec<(ServiceId, usize)> = services.into_iter().collect();
    services.sort_by_key(|it| (std::cmp::Reverse(it.1), it.0));
    let (mut reads, mut writes) = (BTreeSet::new(), BTreeSet::new());
    for access in uses(survey).filter(|it| program.reached.contains(&it.symbol)) {
        let stores = if access.operation.effect() == Effect::Write { &mut writes } else { &mut reads };
        stores.insert(access.store);
    }
    let endpoints = graph.endpoints.iter().enumerate().filter(|it| program.reached.contains(&it.1.handler));
    let listens = |it: &&crate::model::graph::Message| {
        it.direction == Direction::Subscribe && program.reached.contains(&it.symbol)
    };
    let topics: BTreeSet<String> = graph.messages.iter().filter(listens).map(|it| it.topic.clone()).collect();
    ProgramPlan {
        endpoints: endpoints.map(|it| it.0 as u32).collect(),
        name: program.name,
        start: program.start,
        evidence: program.evidence,
        folder: program.folder,
        functions: functions.len() as u32,
        modules: modules.into_iter().collect(),
        services: services.into_iter().map(|it| it.0).collect(),
        topics: topics.into_iter().collect(),
        reads: reads.difference(&writes).copied().collect(),
        writes: writes.into_iter().collect(),
    }
}

/// Stores that two programs or more touch, each program with the first place of what it does most. Topics are made to be shared.
fn shared(survey: &Survey, programs: &[Program]) -> Vec<ProgramStore> {
    let graph = survey.graph;
    let mut touched: BTreeMap<StoreId, BTreeMap<u32, (Effect, Evidence)>> = BTreeMap::new();
    for access in uses(survey).filter(|it| graph.store(it.store).kind != StoreKind::Topic) {
        let effect = access.operation.effect();
        for at in (0..programs.len()).filter(|it| programs[*it].reached.contains(&access.symbol)) {
            let uses = touched.entry(access.store).or_default();
            let first = uses.entry(at as u32).or_insert((effect, access.evidence));
            if first.0 == Effect::Read && effect == Effect::Write {
                *first = (effect, access.evidence);
            }
        }
    }
    let several = touched.into_iter().filter(|it| it.1.len() > 1);
    several
        .map(|(store, uses)| {
            let of = |wanted: Effect| {
                uses.iter().filter(|it| it.1.0 == wanted).map(|(program, it)| (*program, it.1)).collect()
            };
            ProgramStore { store, writers: of(Effect::Write), readers: of(Effect::Read) }
        })
        .collect()
}
