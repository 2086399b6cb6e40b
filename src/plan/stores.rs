//! One store: who owns it, who else touches it, what each of them does instead, and what that costs.

use std::collections::BTreeMap;

use crate::config::PlanOptions;
use crate::model::diagnostic::Diagnostic;
use crate::model::graph::{Evidence, StoreId, StoreKind};
use crate::model::partition::{Place, ServiceId};
use crate::model::plan::{Ownership, Party, Saga, Statement, StorePart, StorePlan, Verdict};
use crate::model::sql::Effect;
use crate::model::wording::count;
use crate::plan::keys::foreign_keys_cut;
use crate::plan::operations::operations;
use crate::plan::reading::read_remedy;
use crate::plan::survey::{Survey, Uses};
use crate::plan::verdicts::{Case, Ruling, rule};

/// Owners of all stores, in the graph's order.
pub(super) fn owners(survey: &Survey) -> Vec<Ownership> {
    survey.graph.store_ids().map(|store| ownership(survey, store)).collect()
}

/// Plans every store that the graph holds any place for.
pub(super) fn plan_stores(
    survey: &Survey,
    owners: &[Ownership],
    sagas: &[Saga],
    options: &PlanOptions,
) -> (Vec<StorePlan>, Vec<Diagnostic>) {
    let mut plans = Vec::new();
    let mut diagnostics = Vec::new();
    for store in survey.graph.store_ids() {
        if survey.store_sites(store).is_empty() {
            diagnostics.push(Diagnostic::note(
                "store-without-place",
                "",
                0,
                format!(
                    "nothing says where `{}` is defined or used, so it is left out of the plan",
                    survey.store_name(store)
                ),
            ));
            continue;
        }
        let ownership = owners[store.index()].clone();
        diagnostics.extend(disagreement(survey, store, &ownership));
        plans.push(plan_store(survey, store, ownership, owners, sagas, options));
    }
    (plans, diagnostics)
}

/// Tells each store which sagas touch it.
pub(super) fn link_sagas(stores: &mut [StorePlan], sagas: &[Saga]) {
    for plan in stores {
        let touches = |it: &u32| sagas[*it as usize].steps.iter().any(|step| step.store == plan.store);
        plan.sagas = (0..sagas.len() as u32).filter(touches).collect();
    }
}

fn plan_store(
    survey: &Survey,
    store: StoreId,
    ownership: Ownership,
    owners: &[Ownership],
    sagas: &[Saga],
    options: &PlanOptions,
) -> StorePlan {
    let case = Case::new(survey, store, ownership.place, owners, sagas, options);
    let ruling = rule(&case);
    let parties = parties(&case, &ruling);
    let operations = operations(survey, store, &parties, &ruling.parts);
    let joins = survey
        .graph
        .joins
        .iter()
        .enumerate()
        .filter(|(_, join)| {
            join.stores.contains(&store)
                && join.stores.iter().any(|it| {
                    let other = owners[it.index()].place;
                    other.service().is_some() && ownership.place.service().is_some() && other != ownership.place
                })
                && survey.is_production(join.symbol)
        })
        .map(|(position, _)| position as u32)
        .collect();
    StorePlan {
        store,
        verdict: ruling.verdict,
        rule: ruling.rule.to_owned(),
        reason: Statement { text: ruling.text, sites: ruling.sites },
        parts: ruling.parts,
        operations,
        foreign_keys: foreign_keys_cut(survey, store, owners),
        joins,
        sagas: Vec::new(),
        ownership,
        parties,
    }
}

fn ownership(survey: &Survey, store: StoreId) -> Ownership {
    let uses = &survey.uses[store.index()];
    let placement = survey.partition.stores.get(store.index());
    let mut place = placement.map_or(Place::Outside, |it| it.place);
    let mut writes: Vec<(ServiceId, u32)> = uses
        .iter()
        .filter_map(|(place, uses)| Some((place.service()?, own_writes(survey, uses).len() as u32)))
        .filter(|(_, number)| *number > 0)
        .collect();
    writes.sort_by_key(|(service, number)| (std::cmp::Reverse(*number), *service));
    let total: u32 = writes.iter().map(|it| it.1).sum();
    let touching: Vec<ServiceId> = uses.keys().filter_map(|it| it.service()).collect();
    let mut moved = false;
    // What nobody here defines, fills or changes is another program's.
    let made_here = survey.graph.store(store).has_origin() || uses.values().any(|it| !it.writes.is_empty());
    if place.service().is_none() && made_here {
        if let [only] = touching.as_slice() {
            place = Place::Service(*only);
            moved = true;
        } else if let (Place::Outside, Some((most, _))) = (place, writes.first()) {
            place = Place::Service(*most);
            moved = true;
        }
    }
    let own = place.service().and_then(|owner| writes.iter().find(|it| it.0 == owner)).map_or(0, |it| it.1);
    let runner_up = writes.iter().copied().find(|it| Some(it.0) != place.service());
    let margin =
        if total == 0 { 0.0 } else { (f64::from(own) - f64::from(runner_up.map_or(0, |it| it.1))) / f64::from(total) };
    let by_writes = format!("{own} of {}", count(total as usize, "write site"));
    let basis = match (place, placement) {
        (Place::Service(_), _) if touching.len() == 1 && moved => "the only service that touches it".to_owned(),
        (Place::Service(_), _) if own > 0 => by_writes,
        (Place::Service(_), Some(placement)) if !placement.reason.is_empty() => {
            if total == 0 {
                placement.reason.clone()
            } else if placement.reason.contains(" sites ") {
                // The same sites in other words.
                by_writes
            } else {
                format!("{by_writes}; {}", placement.reason)
            }
        }
        (Place::Service(_), _) if total == 0 => "nobody writes it at run time".to_owned(),
        (Place::Service(_), _) => by_writes,
        (_, Some(placement)) if !placement.reason.is_empty() => placement.reason.clone(),
        _ => "no service owns it".to_owned(),
    };
    Ownership { place, writes, runner_up, margin, basis }
}

/// Distinct sites that write the store itself; rows that go with others are nobody's work on it.
fn own_writes(survey: &Survey, uses: &Uses) -> Vec<Evidence> {
    survey.sites(uses.writes.iter().copied().filter(|it| !survey.is_cascaded(*it)))
}

/// The partition gave the store to a service that writes less of it than another.
fn disagreement(survey: &Survey, store: StoreId, ownership: &Ownership) -> Option<Diagnostic> {
    let owner = ownership.place.service()?;
    let (other, most) = ownership.runner_up?;
    let own = ownership.writes.iter().find(|it| it.0 == owner).map_or(0, |it| it.1);
    if most <= own {
        return None;
    }
    let sites = own_writes(survey, survey.uses[store.index()].get(&Place::Service(other))?);
    let site = sites.first()?;
    Some(Diagnostic::warning(
        "owner-writes-less",
        &survey.graph.file(site.file).path,
        site.line,
        format!(
            "`{}` is placed in {} ({}), but {} writes it at {}; pin it in seamline.toml if that is wrong",
            survey.store_name(store),
            survey.name(owner),
            count(own as usize, "write site"),
            survey.name(other),
            count(most as usize, "site"),
        ),
    ))
}

/// Everyone who touches the store, with what each does instead.
fn parties(case: &Case, ruling: &Ruling) -> Vec<Party> {
    let uses: &BTreeMap<Place, Uses> = &case.survey.uses[case.store.index()];
    let mut places: Vec<Place> = uses.keys().copied().collect();
    places.sort_by_key(|it| (*it != case.owner, *it));
    places
        .into_iter()
        .map(|place| {
            let Uses { reads, writes } = uses[&place].clone();
            let (remedy, reason) = if place == case.owner {
                (None, String::new())
            } else {
                let (remedy, reason) = remedy(case, ruling, place);
                (Some(remedy), reason)
            };
            Party { place, reads, writes, remedy, reason }
        })
        .collect()
}

/// Why a store goes on being shared.
fn shared_words(case: &Case, ruling: &Ruling) -> &'static str {
    match case.survey.graph.store(case.store).kind {
        StoreKind::Topic => "its messages are the contract",
        StoreKind::Cache => "the names of its keys are the contract",
        _ if ruling.rule == "never-written" && case.owner.service().is_some() => "who writes it was not read",
        _ => "nobody owns it yet",
    }
}

fn remedy(case: &Case, ruling: &Ruling, place: Place) -> (Verdict, String) {
    let uses = &case.survey.uses[case.store.index()][&place];
    let writes = !uses.writes.is_empty();
    let has_part = |parts: &[StorePart]| parts.iter().any(|it| Some(it.service) == place.service());
    match ruling.verdict {
        Verdict::SplitColumns | Verdict::SplitRows if has_part(&ruling.parts) => {
            (ruling.verdict, "keeps its own part".to_owned())
        }
        Verdict::SequencePerService => (ruling.verdict, "counts for itself".to_owned()),
        Verdict::CopyReference if !writes => (ruling.verdict, "looks up a short list".to_owned()),
        Verdict::StaysShared => (ruling.verdict, shared_words(case, ruling).to_owned()),
        Verdict::MergeServices if place.service().is_some_and(|it| ruling.merged.contains(&it)) => {
            (ruling.verdict, "writes it in the owner's transactions".to_owned())
        }
        _ if writes => {
            let in_saga = case.sagas.iter().any(|saga| {
                saga.home == place
                    && saga.steps.iter().any(|it| it.store == case.store && it.operation.effect() == Effect::Write)
            });
            let reason = if uses.writes.iter().all(|it| case.survey.is_cascaded(*it)) {
                "deletes what its rows point to: the owner deletes them when it hears of that"
            } else if in_saga {
                "writes it inside its own transaction: a call or an outbox event replaces the write"
            } else {
                "writes it: the owner does so when asked"
            };
            (Verdict::OwnerExposesApi, reason.to_owned())
        }
        _ => read_remedy(case, place),
    }
}
