//! Transactions that a boundary breaks, as the steps they would become.

use crate::model::graph::{StoreId, Transaction};
use crate::model::partition::{Place, ServiceId};
use crate::model::plan::{Ownership, Saga, SagaStep, StepRole};
use crate::model::sql::{Effect, Operation};
use crate::model::wording::enumerate;
use crate::plan::survey::{Survey, unique};

/// Every production transaction whose stores have more than one owner.
pub(super) fn sagas(survey: &Survey, owners: &[Ownership]) -> Vec<Saga> {
    let graph = survey.graph;
    graph
        .transactions
        .iter()
        .enumerate()
        .filter(|(_, it)| survey.is_production(it.symbol))
        .filter_map(|(position, it)| saga(survey, owners, position as u32, it))
        .collect()
}

fn saga(survey: &Survey, owners: &[Ownership], position: u32, transaction: &Transaction) -> Option<Saga> {
    let owner = |store: &StoreId| owners[store.index()].place.service();
    let writers: Vec<ServiceId> = unique(transaction.writes.iter().filter_map(owner));
    let readers: Vec<ServiceId> =
        unique(transaction.reads.iter().filter_map(owner)).into_iter().filter(|it| !writers.contains(it)).collect();
    if writers.is_empty() || writers.len() + readers.len() < 2 {
        return None;
    }
    let home = match survey.partition.symbol(transaction.symbol) {
        home @ Place::Service(_) => home,
        other => writers.first().map_or(other, |it| Place::Service(*it)),
    };
    let steps = steps(survey, owners, transaction, home);
    Some(Saga {
        transaction: position,
        symbol: transaction.symbol,
        home,
        writers,
        readers,
        steps,
        evidence: transaction.evidence,
    })
}

fn steps(survey: &Survey, owners: &[Ownership], transaction: &Transaction, home: Place) -> Vec<SagaStep> {
    let graph = survey.graph;
    let mut steps: Vec<SagaStep> = transaction
        .accesses
        .iter()
        .map(|it| &graph.accesses[*it as usize])
        .filter(|it| it.operation != Operation::Ddl)
        .map(|it| SagaStep {
            place: owners[it.store.index()].place,
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
            step.undo = "reads only".to_owned();
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
