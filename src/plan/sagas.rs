//! Transactions that a boundary breaks, as the steps they would become.

use std::collections::BTreeSet;

use crate::model::graph::{Access, StoreId, Transaction};
use crate::model::partition::{Place, ServiceId};
use crate::model::plan::{Ownership, Saga, SagaStep, StepRole, StorePlan, Verdict};
use crate::model::sql::{Effect, Operation};
use crate::model::wording::enumerate;
use crate::plan::survey::Survey;

/// Every production transaction whose stores have more than one owner. With `stores`, what a verdict leaves to the
/// transaction's own service (its columns, its rows, its sequence, its copy) no longer crosses.
pub(super) fn sagas(survey: &Survey, owners: &[Ownership], stores: &[StorePlan]) -> Vec<Saga> {
    let graph = survey.graph;
    graph
        .transactions
        .iter()
        .enumerate()
        .filter(|(_, it)| survey.is_production(it.symbol))
        .filter_map(|(position, it)| saga(survey, owners, stores, position as u32, it))
        .collect()
}

fn saga(
    survey: &Survey,
    owners: &[Ownership],
    stores: &[StorePlan],
    position: u32,
    transaction: &Transaction,
) -> Option<Saga> {
    let graph = survey.graph;
    let owner = |store: StoreId| owners[store.index()].place;
    let home = match survey.partition.symbol(transaction.symbol) {
        home @ Place::Service(_) => home,
        other => transaction.writes.iter().find_map(|it| owner(*it).service()).map_or(other, Place::Service),
    };
    let accesses: Vec<&Access> = transaction
        .accesses
        .iter()
        .map(|it| &graph.accesses[*it as usize])
        .filter(|it| it.operation != Operation::Ddl)
        .collect();
    let place = |it: &Access| if keeps(stores, home, it) { home } else { owner(it.store) };
    // The sets may hold more than the list of accesses does.
    let unlisted = |it: &&StoreId| accesses.iter().all(|access| access.store != **it);
    let side = |effect: Effect, set: &[StoreId]| -> BTreeSet<ServiceId> {
        let listed = accesses.iter().filter(|it| it.operation.effect() == effect).filter_map(|it| place(it).service());
        listed.chain(set.iter().filter(unlisted).filter_map(|it| owner(*it).service())).collect()
    };
    let writers = side(Effect::Write, &transaction.writes);
    let readers: Vec<ServiceId> = side(Effect::Read, &transaction.reads).difference(&writers).copied().collect();
    if writers.is_empty() || writers.len() + readers.len() < 2 {
        return None;
    }
    let steps = steps(survey, &accesses, home, &place);
    Some(Saga {
        transaction: position,
        symbol: transaction.symbol,
        home,
        writers: writers.into_iter().collect(),
        readers,
        steps,
        evidence: transaction.evidence,
    })
}

/// Whether the verdict on a store leaves this access to the service that opens the transaction.
fn keeps(stores: &[StorePlan], home: Place, access: &Access) -> bool {
    let Ok(position) = stores.binary_search_by_key(&access.store, |it| it.store) else { return false };
    let plan = &stores[position];
    let Some(party) = plan.parties.iter().find(|it| it.place == home) else { return false };
    match party.remedy {
        Some(Verdict::SplitRows | Verdict::SequencePerService) => true,
        Some(Verdict::SplitColumns) => plan
            .parts
            .iter()
            .filter(|it| Place::Service(it.service) == home)
            .any(|part| !access.columns.is_empty() && access.columns.iter().all(|it| part.columns.contains(it))),
        Some(Verdict::CopyReference | Verdict::ReplicateReadModel) => access.operation.effect() == Effect::Read,
        _ => false,
    }
}

fn steps(survey: &Survey, accesses: &[&Access], home: Place, place: &dyn Fn(&Access) -> Place) -> Vec<SagaStep> {
    let mut steps: Vec<SagaStep> = accesses
        .iter()
        .map(|it| SagaStep {
            place: place(it),
            store: it.store,
            operation: it.operation,
            symbol: it.symbol,
            role: StepRole::Read,
            undo: undo(it.operation, survey.store_name(it.store), &it.columns),
            evidence: it.evidence,
        })
        .collect();
    let writes = |it: &SagaStep| it.operation.effect() == Effect::Write;
    // The first write that cannot be taken back, else the last one at home, where the outbox is filled.
    let pivot = steps
        .iter()
        .position(|it| it.operation == Operation::Delete)
        .or_else(|| steps.iter().rposition(|it| writes(it) && it.place == home))
        .or_else(|| steps.iter().rposition(writes));
    for (position, step) in steps.iter_mut().enumerate() {
        if step.operation.effect() == Effect::Read {
            "reads only".clone_into(&mut step.undo);
            continue;
        }
        step.role = match pivot {
            Some(pivot) if position == pivot => StepRole::Pivot,
            Some(pivot) if position > pivot => StepRole::Retriable,
            _ => StepRole::Compensatable,
        };
        match step.role {
            StepRole::Pivot => "point of no return".clone_into(&mut step.undo),
            StepRole::Retriable => "repeated from the outbox until it succeeds".clone_into(&mut step.undo),
            StepRole::Read | StepRole::Compensatable => {}
        }
    }
    steps
}

fn undo(operation: Operation, store: &str, columns: &[String]) -> String {
    match operation {
        Operation::Insert => format!("remove the row added to `{store}`"),
        Operation::Update if columns.is_empty() => format!("write the old values of `{store}` back"),
        Operation::Update => format!("write the old {} of `{store}` back", enumerate(columns, 4)),
        Operation::Upsert => format!("restore or remove the row of `{store}`"),
        Operation::Delete => format!("nothing brings a row of `{store}` back"),
        Operation::Select | Operation::Unknown | Operation::Ddl => String::new(),
    }
}
