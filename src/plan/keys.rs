//! Foreign keys that a boundary cuts, and the steps that take each of them out.
//!
//! The order is the field's own: a second column without the constraint, both written, the old rows copied, reads switched,
//! the constraint dropped; at every step the old column is still right, so each can be taken back.

use crate::model::graph::{Evidence, StoreForeignKey, StoreId};
use crate::model::plan::{ForeignKeyCut, Ownership, Statement};
use crate::model::sql::Effect;
use crate::model::wording::enumerate;
use crate::plan::survey::{Survey, statement};

/// Keys from or to `store` whose two ends have different owners.
pub(super) fn foreign_keys_cut(survey: &Survey, store: StoreId, owners: &[Ownership]) -> Vec<ForeignKeyCut> {
    let mut cuts = Vec::new();
    for from in survey.graph.store_ids() {
        for key in &survey.graph.store(from).foreign_keys {
            let (here, there) = (owners[from.index()].place, owners[key.store.index()].place);
            let crosses = here.service().is_some() && there.service().is_some() && here != there;
            if crosses && (from == store || key.store == store) {
                cuts.push(cut(survey, from, key));
            }
        }
    }
    cuts
}

fn cut(survey: &Survey, from: StoreId, key: &StoreForeignKey) -> ForeignKeyCut {
    let table = survey.store_name(from);
    let target = survey.store_name(key.store);
    let columns = enumerate(&key.columns, 4);
    let named = |effect: Effect| -> Vec<Evidence> {
        let touching = survey.graph.accesses.iter().filter(|it| {
            it.store == from
                && survey.is_production(it.symbol)
                && it.operation.effect() == effect
                && it.columns.iter().any(|column| key.columns.contains(column))
        });
        touching.map(|it| it.evidence).collect()
    };
    let or_key = |sites: Vec<Evidence>| if sites.is_empty() { vec![key.evidence] } else { sites };
    let joins: Vec<Evidence> = survey
        .graph
        .joins
        .iter()
        .filter(|it| it.stores.contains(&from) && it.stores.contains(&key.store) && survey.is_production(it.symbol))
        .map(|it| it.evidence)
        .collect();
    let mut reads = named(Effect::Read);
    reads.extend(joins);
    let copy: Vec<String> = key.columns.iter().map(|it| format!("{it}_ref")).collect();
    let copy = enumerate(&copy, 4);
    let cascade = if key.on_delete_cascade {
        format!(
            "; ON DELETE CASCADE becomes a message that a row of `{target}` is gone, which the owner of `{table}` handles"
        )
    } else {
        String::new()
    };
    let texts: [(String, Vec<Evidence>); 5] = [
        (
            format!("Expand: add `{table}.{copy}` beside `{columns}`, indexed like it, without a constraint"),
            vec![key.evidence],
        ),
        (format!("Dual write: set both wherever `{table}.{columns}` is written"), or_key(named(Effect::Write))),
        (
            format!(
                "Backfill: copy `{columns}` to `{copy}` in batches and count the rows that differ; how many rows there are is unknown"
            ),
            vec![key.evidence],
        ),
        (format!("Switch reads: use `{copy}`, and ask the owner of `{target}` where a join was"), or_key(reads)),
        (format!("Contract: drop the constraint to `{target}`, then the old column{cascade}"), vec![key.evidence]),
    ];
    ForeignKeyCut {
        store: from,
        columns: key.columns.clone(),
        references: key.store,
        referenced_columns: key.referenced_columns.clone(),
        on_delete_cascade: key.on_delete_cascade,
        evidence: key.evidence,
        steps: texts.into_iter().filter_map(|(text, sites)| statement(text, sites)).collect::<Vec<Statement>>(),
    }
}
