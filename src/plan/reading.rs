//! What a service that only reads another's store does instead: ask the owner, or keep a copy.

use std::collections::BTreeSet;

use crate::model::partition::Place;
use crate::model::plan::Verdict;
use crate::model::sql::Effect;
use crate::model::wording::count;
use crate::plan::verdicts::Case;

/// A call to the owner, or a copy that events refresh, and why.
pub(super) fn read_remedy(case: &Case, place: Place) -> (Verdict, String) {
    if place.service().is_none() {
        return (Verdict::OwnerExposesApi, "composes answers and has no database".to_owned());
    }
    let (own, foreign) = stores_read(case, place);
    let share = foreign as f64 / (own + foreign).max(1) as f64;
    if share > case.options.read_model_share && !writes_foreign(case, place) {
        return (
            Verdict::ReplicateReadModel,
            format!(
                "only looks on: writes no store of others, and {foreign} of the {} it reads {} theirs",
                count(own + foreign, "store"),
                if foreign == 1 { "is" } else { "are" }
            ),
        );
    }
    let survey = case.survey;
    let reads: Vec<_> = survey.uses[case.store.index()].get(&place).map(|it| it.reads.clone()).unwrap_or_default();
    let in_loop = reads.iter().filter(|it| survey.graph.accesses[it.access as usize].in_loop).count();
    if in_loop > 0 {
        return (Verdict::ReplicateReadModel, format!("reads it in a loop at {}", count(in_loop, "site")));
    }
    // Who asks for keys alone counts rows or asks whether there are any: one call answers that too.
    let store = survey.graph.store(case.store);
    let keys: BTreeSet<&String> = store.foreign_keys.iter().flat_map(|it| &it.columns).collect();
    let keys_only = |columns: &[String]| {
        let is_key = |it: &String| keys.contains(it) || case.keys().contains(it.as_str());
        !columns.is_empty() && columns.iter().all(is_key)
    };
    let lists: BTreeSet<u32> = reads
        .iter()
        .map(|it| &survey.graph.accesses[it.access as usize])
        .filter(|it| !keys_only(&it.columns))
        .map(|it| it.symbol)
        .filter(|symbol| {
            survey.graph.accesses.iter().any(|it| {
                it.symbol == *symbol
                    && it.operation.effect() == Effect::Read
                    && case.owners[it.store.index()].place == place
            })
        })
        .flat_map(|symbol| survey.endpoints_reaching(symbol))
        .filter(|position| {
            let endpoint = &survey.graph.endpoints[*position as usize];
            endpoint.method == "GET" && !endpoint.path.contains('{')
        })
        .collect();
    if let Some(first) = lists.first() {
        let endpoint = &survey.graph.endpoints[*first as usize];
        return (
            Verdict::ReplicateReadModel,
            format!("combines it with its own rows whenever it lists them (`{} {}`)", endpoint.method, endpoint.path),
        );
    }
    (Verdict::OwnerExposesApi, "looks things up: one call answers".to_owned())
}

/// Whether a place writes a store of another service.
fn writes_foreign(case: &Case, place: Place) -> bool {
    case.survey
        .uses
        .iter()
        .zip(case.owners)
        .any(|(uses, owner)| owner.place != place && uses.get(&place).is_some_and(|it| !it.writes.is_empty()))
}

/// Distinct stores read by a place: its own, and those of other services.
fn stores_read(case: &Case, place: Place) -> (usize, usize) {
    let (mut own, mut foreign) = (0, 0);
    for (store, uses) in case.survey.uses.iter().enumerate() {
        if uses.get(&place).is_some_and(|it| !it.reads.is_empty()) {
            match case.owners[store].place {
                owner if owner == place => own += 1,
                Place::Service(_) => foreign += 1,
                _ => {}
            }
        }
    }
    (own, foreign)
}
