//! What the owner of a store has to offer once nobody else may touch it: one function per operation and set of columns.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::graph::{Access, StoreId};
use crate::model::partition::Place;
use crate::model::plan::{Party, StoreOperation, StorePart, StoreUse, Verdict};
use crate::model::sql::{Effect, Operation};
use crate::plan::survey::{Survey, unique};

/// One wish of a caller.
struct Wish<'a> {
    place: Place,
    it: StoreUse,
    access: &'a Access,
    columns: BTreeSet<&'a str>,
}

/// Operations for every party that has to ask the owner.
pub(super) fn operations(
    survey: &Survey,
    store: StoreId,
    parties: &[Party],
    parts: &[StorePart],
) -> Vec<StoreOperation> {
    let mut wishes: BTreeMap<Operation, Vec<Wish>> = BTreeMap::new();
    for party in parties {
        let asks = match party.remedy {
            None
            | Some(
                Verdict::StaysShared
                | Verdict::SequencePerService
                | Verdict::SplitRows
                | Verdict::CopyReference
                | Verdict::MergeServices,
            ) => continue,
            Some(remedy) => remedy,
        };
        let part: BTreeSet<&str> = parts
            .iter()
            .filter(|it| Some(it.service) == party.place.service())
            .flat_map(|it| it.columns.iter().map(String::as_str))
            .collect();
        for it in party.reads.iter().chain(&party.writes) {
            let access = &survey.graph.accesses[it.access as usize];
            // Rows that go with deleted ones: their owner hears of that, and nobody asks it for anything.
            if access.cascaded {
                continue;
            }
            if asks == Verdict::ReplicateReadModel && access.operation.effect() == Effect::Read {
                continue;
            }
            let columns: BTreeSet<&str> =
                access.columns.iter().map(String::as_str).filter(|it| !part.contains(it)).collect();
            if asks == Verdict::SplitColumns && (columns.is_empty() || access.columns.is_empty()) {
                continue;
            }
            let operation = if access.operation == Operation::Unknown { Operation::Select } else { access.operation };
            wishes.entry(operation).or_default().push(Wish { place: party.place, it: *it, access, columns });
        }
    }
    let mut found = Vec::new();
    for (operation, wishes) in wishes {
        let groups = group(wishes);
        let several = groups.len() > 1;
        for wishes in groups {
            found.push(operation_for(survey, store, operation, &wishes, several));
        }
    }
    number_equal_names(&mut found);
    found
}

/// Wishes whose columns are part of another's join it; those without columns stand alone.
fn group(mut wishes: Vec<Wish<'_>>) -> Vec<Vec<Wish<'_>>> {
    wishes.sort_by(|a, b| {
        b.columns.len().cmp(&a.columns.len()).then_with(|| a.columns.cmp(&b.columns)).then_with(|| a.it.cmp(&b.it))
    });
    let mut groups: Vec<Vec<Wish>> = Vec::new();
    for wish in wishes {
        let place = groups.iter().position(|it| {
            let widest = &it[0].columns;
            if wish.columns.is_empty() || widest.is_empty() {
                wish.columns.is_empty() && widest.is_empty()
            } else {
                wish.columns.is_subset(widest)
            }
        });
        match place {
            Some(position) => groups[position].push(wish),
            None => groups.push(vec![wish]),
        }
    }
    groups
}

fn operation_for(
    survey: &Survey,
    store: StoreId,
    operation: Operation,
    wishes: &[Wish],
    several: bool,
) -> StoreOperation {
    let columns: Vec<String> = wishes[0].columns.iter().map(|it| (*it).to_owned()).collect();
    let chosen_by: Vec<String> =
        unique(wishes.iter().flat_map(|it| it.access.predicates.iter().map(|(column, _)| column.clone())));
    let table = survey.store_name(store).replace(['.', '-', ' '], "_");
    let verb = verb(operation);
    let name = if several && !columns.is_empty() && operation != Operation::Insert {
        format!("{verb}_{table}_{}", columns.iter().take(2).map(String::as_str).collect::<Vec<_>>().join("_"))
    } else {
        format!("{verb}_{table}")
    };
    StoreOperation {
        signature: signature(operation, &columns, &chosen_by),
        name,
        operation,
        columns,
        chosen_by,
        callers: unique(wishes.iter().map(|it| it.place)),
        sites: survey.sites(wishes.iter().map(|it| it.it)),
    }
}

/// Verb of the operation's name.
pub(super) fn verb(operation: Operation) -> &'static str {
    match operation {
        Operation::Select | Operation::Unknown | Operation::Ddl => "get",
        Operation::Insert => "add",
        Operation::Update => "update",
        Operation::Delete => "remove",
        Operation::Upsert => "put",
    }
}

fn signature(operation: Operation, columns: &[String], chosen_by: &[String]) -> String {
    let key = if chosen_by.is_empty() { "key".to_owned() } else { chosen_by.join(", ") };
    let listed = columns.join(", ");
    let row = if columns.is_empty() { "row" } else { listed.as_str() };
    match operation {
        Operation::Select | Operation::Unknown | Operation::Ddl => format!("({key}) -> ({row})"),
        Operation::Insert => format!("({row}) -> (key)"),
        Operation::Update | Operation::Upsert => {
            let row = if columns.is_empty() { "changes" } else { row };
            format!("({key}, {row})")
        }
        Operation::Delete => format!("({key})"),
    }
}

/// Two operations never share a name.
fn number_equal_names(operations: &mut [StoreOperation]) {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for operation in operations {
        let number = seen.entry(operation.name.clone()).or_default();
        *number += 1;
        if *number > 1 {
            operation.name = format!("{}_{number}", operation.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures() {
        let columns = ["email".to_owned(), "name".to_owned()];
        assert_eq!(signature(Operation::Select, &columns, &[]), "(key) -> (email, name)");
        assert_eq!(signature(Operation::Update, &[], &[]), "(key, changes)");
        assert_eq!(signature(Operation::Insert, &columns, &[]), "(email, name) -> (key)");
        assert_eq!(signature(Operation::Delete, &[], &["status".to_owned()]), "(status)");
    }
}
