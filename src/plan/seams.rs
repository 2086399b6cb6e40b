//! What crosses between two services, in both directions, and the interface that would replace it.

use std::collections::BTreeMap;

use crate::model::graph::{Confidence, Direction, Evidence, StoreId, SymbolId};
use crate::model::partition::{Place, ServiceId};
use crate::model::plan::{Contract, Crossing, Ownership, Saga, Seam, StorePlan};
use crate::model::sql::Operation;
use crate::plan::survey::{Survey, Uses, unique};

/// Directed crossings: what the first service of the key needs of the second.
pub(super) type Crossings = BTreeMap<(ServiceId, ServiceId), Crossing>;

/// Everything that crosses, by direction. Calls that rest on a name alone are left out; their number comes back.
pub(super) fn crossings(survey: &Survey, owners: &[Ownership], stores: &[StorePlan]) -> (Crossings, (usize, usize)) {
    let graph = survey.graph;
    let mut found = Crossings::new();
    let mut guesses = (0, 0);
    let pair = |from: Place, to: Place| match (from, to) {
        (Place::Service(from), Place::Service(to)) if from != to => Some((from, to)),
        _ => None,
    };
    for (position, call) in graph.calls.iter().enumerate() {
        let places = (survey.partition.symbol(call.from), survey.partition.symbol(call.to));
        if let Some(pair) = pair(places.0, places.1).filter(|_| survey.is_production(call.from)) {
            if call.confidence == Confidence::Guess {
                guesses.0 += 1;
            } else {
                found.entry(pair).or_default().calls.push(position as u32);
            }
        }
    }
    for access in
        graph.accesses.iter().filter(|it| it.confidence == Confidence::Guess && survey.is_production(it.symbol))
    {
        let places = (survey.partition.symbol(access.symbol), owners[access.store.index()].place);
        guesses.1 += usize::from(pair(places.0, places.1).is_some());
    }
    for (position, reference) in graph.references.iter().enumerate() {
        let places = (survey.partition.symbol(reference.from), survey.partition.symbol(reference.to));
        if let Some(pair) = pair(places.0, places.1).filter(|_| survey.is_production(reference.from)) {
            found.entry(pair).or_default().types.push(position as u32);
        }
    }
    for store in graph.store_ids() {
        let owner = owners[store.index()].place;
        for (place, uses) in &survey.uses[store.index()] {
            if let Some(pair) = pair(*place, owner) {
                found.entry(pair).or_default().accesses.extend(uses.all().map(|it| it.access));
            }
        }
        for (position, key) in graph.store(store).foreign_keys.iter().enumerate() {
            if let Some(pair) = pair(owner, owners[key.store.index()].place) {
                found.entry(pair).or_default().foreign_keys.push((store, position as u32));
            }
        }
    }
    for (position, message) in graph.messages.iter().enumerate().filter(|(_, it)| it.direction == Direction::Publish) {
        let from = survey.partition.symbol(message.symbol);
        let subscribers = graph
            .messages
            .iter()
            .filter(|it| it.direction == Direction::Subscribe && it.topic == message.topic)
            .map(|it| survey.partition.symbol(it.symbol));
        for to in unique(subscribers) {
            if let Some(pair) = pair(from, to).filter(|_| survey.is_production(message.symbol)) {
                found.entry(pair).or_default().messages.push(position as u32);
            }
        }
    }
    for ((from, to), crossing) in &mut found {
        crossing.accesses = unique(std::mem::take(&mut crossing.accesses));
        crossing.interface = interface(survey, crossing, *from, *to, stores);
    }
    (found, guesses)
}

/// Both directions of every pair between which something crosses.
pub(super) fn seams(survey: &Survey, crossings: &Crossings, owners: &[Ownership], sagas: &[Saga]) -> Vec<Seam> {
    let graph = survey.graph;
    let mut seams = Vec::new();
    for first in survey.partition.service_ids() {
        for second in survey.partition.service_ids().filter(|it| *it > first) {
            let uses =
                |store: StoreId, service: ServiceId| survey.uses[store.index()].contains_key(&Place::Service(service));
            let owner = |store: StoreId| owners[store.index()].place.service();
            // A store of a third service is a matter between each of the two and that one.
            let shared_stores = graph
                .store_ids()
                .filter(|it| match owner(*it) {
                    Some(owner) if owner == first => uses(*it, second),
                    Some(owner) if owner == second => uses(*it, first),
                    Some(_) => false,
                    None => uses(*it, first) && uses(*it, second),
                })
                .collect::<Vec<_>>();
            let owned_by = |store: usize, service: ServiceId| owners[store].place == Place::Service(service);
            let joins = graph
                .joins
                .iter()
                .enumerate()
                .filter(|(_, it)| survey.is_production(it.symbol))
                .filter(|(_, it)| {
                    it.stores.iter().any(|it| owned_by(it.index(), first))
                        && it.stores.iter().any(|it| owned_by(it.index(), second))
                })
                .map(|(position, _)| position as u32)
                .collect::<Vec<_>>();
            // Who opens a transaction asks each of the others; these do not ask one another.
            let sagas = sagas
                .iter()
                .enumerate()
                .filter(|(_, it)| {
                    let takes_part = |service| it.writers.contains(&service) || it.readers.contains(&service);
                    let opens = |service| it.home == Place::Service(service);
                    opens(first) && takes_part(second) || opens(second) && takes_part(first)
                })
                .map(|(position, _)| position as u32)
                .collect::<Vec<_>>();
            let forward = crossings.get(&(first, second)).cloned().unwrap_or_default();
            let backward = crossings.get(&(second, first)).cloned().unwrap_or_default();
            if forward.is_empty()
                && backward.is_empty()
                && shared_stores.is_empty()
                && joins.is_empty()
                && sagas.is_empty()
            {
                continue;
            }
            seams.push(Seam { first, second, forward, backward, shared_stores, joins, sagas });
        }
    }
    seams
}

/// Functions called today, then the operations on stores that direct access becomes.
fn interface(
    survey: &Survey,
    crossing: &Crossing,
    from: ServiceId,
    to: ServiceId,
    stores: &[StorePlan],
) -> Vec<Contract> {
    let graph = survey.graph;
    let mut by_symbol: BTreeMap<SymbolId, Vec<Evidence>> = BTreeMap::new();
    for call in crossing.calls.iter().map(|it| &graph.calls[*it as usize]) {
        by_symbol.entry(call.to).or_default().push(call.evidence);
    }
    let mut contracts: Vec<Contract> = by_symbol
        .into_iter()
        .map(|(symbol, sites)| Contract {
            name: graph.symbol(symbol).name.clone(),
            signature: graph.symbol(symbol).signature.clone(),
            symbol: Some(symbol),
            defined_at: Some(survey.definition(symbol)),
            sites: unique(sites),
        })
        .collect();
    for plan in stores.iter().filter(|it| it.ownership.place == Place::Service(to)) {
        for operation in plan
            .operations
            .iter()
            .filter(|it| it.callers.contains(&Place::Service(from)) && it.operation != Operation::Ddl)
        {
            let uses = survey.uses[plan.store.index()].get(&Place::Service(from));
            let own = survey.sites(uses.into_iter().flat_map(Uses::all));
            contracts.push(Contract {
                name: operation.name.clone(),
                signature: operation.signature.clone(),
                symbol: None,
                defined_at: None,
                sites: operation.sites.iter().copied().filter(|it| own.contains(it)).collect(),
            });
        }
    }
    contracts
}
