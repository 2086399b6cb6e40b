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
    // What is written beside the database (a cache, a topic, a bucket) is not undone with it today either: it breaks nothing.
    let atomic = |it: &&StoreId| graph.store(**it).kind.holds_rows();
    // The sets may hold more than the list of accesses does.
    let unlisted = |it: &&StoreId| accesses.iter().all(|access| access.store != **it);
    let side = |effect: Effect, set: &[StoreId]| -> BTreeSet<ServiceId> {
        let listed = accesses.iter().filter(|it| it.operation.effect() == effect && atomic(&&it.store));
        let listed = listed.filter_map(|it| place(it).service());
        listed.chain(set.iter().filter(atomic).filter(unlisted).filter_map(|it| owner(*it).service())).collect()
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
    let mut steps: Vec<(Turn, SagaStep)> = accesses
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
        .map(|it| (Turn::Before, it))
        .collect();
    assign_roles(survey, &mut steps, home);
    // What is undone first, then the pivot, then what is repeated; each in source order.
    steps.sort_by_key(|it| it.0);
    steps.into_iter().map(|it| it.1).collect()
}

/// Where a step stands in the saga.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Before,
    Pivot,
    After,
}

/// The pivot is what the leading service writes last, in one transaction of its own: nothing of another service lies between. A
/// deletion cannot be undone but can be repeated, so it belongs to the pivot or after it. What is written beside the database
/// never was part of the transaction and cannot decide over it.
fn assign_roles(survey: &Survey, steps: &mut [(Turn, SagaStep)], home: Place) {
    let atomic =
        |it: &SagaStep| it.operation.effect() == Effect::Write && survey.graph.store(it.store).kind.holds_rows();
    let last_of = |steps: &[(Turn, SagaStep)], of: &dyn Fn(&SagaStep) -> bool| {
        steps.iter().rposition(|it| atomic(&it.1) && of(&it.1))
    };
    let deletes = |it: &SagaStep| it.operation == Operation::Delete;
    // The service that opens the transaction fills the outbox; where it writes nothing, whoever deletes, else the last one.
    let last = last_of(steps, &|it| it.place == home)
        .or_else(|| last_of(steps, &deletes))
        .or_else(|| last_of(steps, &|_| true));
    let Some(last) = last else { return };
    let lead = steps[last].1.place;
    // From here on, the leading service writes without waiting for another one that could still fail.
    let first = steps[..last]
        .iter()
        .rposition(|it| atomic(&it.1) && it.1.place != lead && !deletes(&it.1))
        .map_or(0, |it| it + 1);
    for (position, (turn, step)) in steps.iter_mut().enumerate() {
        if step.operation.effect() == Effect::Read {
            "reads only".clone_into(&mut step.undo);
            *turn = if position > last { Turn::After } else { Turn::Before };
            continue;
        }
        *turn = match (step.place == lead, atomic(step)) {
            (_, false) => Turn::After,
            (true, true) if position >= first || deletes(step) => Turn::Pivot,
            (true, true) => Turn::Before,
            (false, true) if position > last || deletes(step) => Turn::After,
            (false, true) => Turn::Before,
        };
        step.role = match turn {
            Turn::Before => StepRole::Compensatable,
            Turn::Pivot => StepRole::Pivot,
            Turn::After => StepRole::Retriable,
        };
        match (*turn, atomic(step)) {
            (Turn::Before, _) => {}
            (Turn::Pivot, _) => "point of no return".clone_into(&mut step.undo),
            (Turn::After, true) => "repeated from the outbox until it succeeds".clone_into(&mut step.undo),
            (Turn::After, false) => {
                "stands outside the transaction today; repeated from the outbox until it succeeds"
                    .clone_into(&mut step.undo);
            }
        }
    }
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
