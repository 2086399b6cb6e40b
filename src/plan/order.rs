//! What to extract first: the order that throws the least work away.
//!
//! A service that leaves before another it needs has to call back into the monolith until that one leaves too. The order
//! with the least weight of such calls is a minimum feedback arc set: found exactly by dynamic programming over subsets
//! for up to [`EXACT_LIMIT`] services, else by components in topological order, a greedy order inside each component
//! (Eades, Lin, Smyth 1993) and exchanges of neighbors. Among equals, what is easier to take out goes first.
//!
//! A service that holds most of the code is what the others leave: it comes last, and what is asked of it is not thrown
//! away (strangler fig: small parts leave a large one).

use std::collections::BTreeMap;

use petgraph::algo::tarjan_scc;
use petgraph::graph::DiGraph;

use crate::model::graph::{Evidence, StoreId};
use crate::model::partition::ServiceId;
use crate::model::plan::{
    Order, OrderMethod, OrderStep, Saga, ServicePlan, Statement, StorePlan, StoreUse, TemporaryEdge, Verdict,
};
use crate::model::wording::{count, enumerate};
use crate::plan::seams::Crossings;
use crate::plan::survey::{Survey, statement, unique};

/// Up to so many services every order is weighed.
const EXACT_LIMIT: usize = 18;
/// Weight of one access to another's store, in calls.
const ACCESS_WEIGHT: u64 = 3;
/// Weight of one transaction that writes on both sides, in calls.
const TRANSACTION_WEIGHT: u64 = 10;

/// Least confidence in the service that goes first.
const PILOT_CONFIDENCE: f64 = 0.7;

/// Weights between services: `needs[s][t]` is what s calls, reads and writes of t.
pub(super) struct Needs {
    weights: Vec<Vec<u64>>,
    /// Lower is easier to take out.
    difficulty: Vec<u64>,
}

impl Needs {
    fn size(&self) -> usize {
        self.weights.len()
    }

    /// Those of some services alone, by their places in the list.
    fn of(&self, services: &[usize]) -> Self {
        let weights = services.iter().map(|from| services.iter().map(|to| self.weights[*from][*to]).collect());
        Self { weights: weights.collect(), difficulty: services.iter().map(|it| self.difficulty[*it]).collect() }
    }

    /// Throw-away work and difficulty of an order; the second only decides between equals.
    fn cost(&self, order: &[usize]) -> (u64, u64) {
        let mut cost = (0, 0);
        for (position, service) in order.iter().enumerate() {
            cost.0 += order[position + 1..].iter().map(|later| self.weights[*service][*later]).sum::<u64>();
            cost.1 += self.difficulty[*service] * (order.len() - position) as u64;
        }
        cost
    }

    fn is_asked_by_most(&self, service: usize) -> bool {
        2 * self.weights.iter().filter(|needed| needed[service] > 0).count() >= self.size()
    }
}

/// The order of extraction, with the cost, the blockers and the reasons of each step.
pub(super) fn order(
    survey: &Survey,
    crossings: &Crossings,
    stores: &[StorePlan],
    sagas: &[Saga],
    services: &[ServicePlan],
) -> Order {
    let edges = edges(survey, crossings, sagas);
    let size = survey.partition.services.len();
    let mut needs = Needs { weights: vec![vec![0; size]; size], difficulty: vec![0; size] };
    for (from, edge) in &edges {
        needs.weights[from.index()][edge.to.index()] = edge.cost;
    }
    for plan in services {
        let owned = stores
            .iter()
            .filter(|it| it.ownership.place.service() == Some(plan.service) && it.verdict != Verdict::MovesWithService);
        let distributed = plan.sagas.iter().filter(|it| sagas[**it as usize].is_distributed()).count();
        needs.difficulty[plan.service.index()] = (3 * owned.count() + plan.fan_in.len() + 2 * distributed) as u64;
    }
    let pilot = pilot(&needs, services, stores);
    let remainder = remainder(services);
    if let Some(rest) = remainder {
        // What a service goes on asking of the rest is not thrown away, but is what ties it there.
        let ties: Vec<u64> = needs.weights.iter().map(|it| it[rest.index()]).collect();
        needs.difficulty.iter_mut().zip(ties).for_each(|(difficulty, ties)| *difficulty += ties);
    }
    let leaving: Vec<usize> = (0..size).filter(|it| Some(ServiceId(*it as u32)) != remainder).collect();
    let among = needs.of(&leaving);
    let exact = (leaving.len() <= EXACT_LIMIT).then(|| Exact::new(&among));
    let search = |first: Option<usize>| match &exact {
        Some(exact) => (OrderMethod::Exact, exact.order(first)),
        None => (OrderMethod::Greedy, greedy(&among, first)),
    };
    let cheapest = among.cost(&search(None).1).0;
    let (method, best) = search(pilot.and_then(|pilot| leaving.iter().position(|it| *it == pilot)));
    let best: Vec<ServiceId> = best.iter().map(|it| ServiceId(leaving[*it] as u32)).chain(remainder).collect();
    let pilot = pilot.map(|it| ServiceId(it as u32));
    let mut steps: Vec<OrderStep> = Vec::new();
    for (position, &service) in best.iter().enumerate() {
        let left = &best[position + 1..];
        let asked = edges.iter().filter(|(from, edge)| *from == service && left.contains(&edge.to)).map(|it| &it.1);
        let (lasting, temporary): (Vec<_>, Vec<_>) = asked.partition(|it| Some(it.to) == remainder);
        let temporary: Vec<TemporaryEdge> = temporary.into_iter().cloned().collect();
        let plan = &services[service.index()];
        let mut reasons = if remainder == Some(service) {
            stays(survey, plan, services)
        } else {
            why_here(survey, crossings, plan, (&temporary, &lasting), &best[..position], pilot)
        };
        reasons.extend(size_of(survey, stores, plan));
        steps.push(OrderStep {
            service,
            cost: temporary.iter().map(|it| it.cost).sum(),
            blockers: blockers(survey, stores, sagas, plan, left),
            reasons,
            temporary,
        });
    }
    Order { method, pilot, remainder, cost: steps.iter().map(|it| it.cost).sum(), cheapest, steps }
}

/// The service that holds more than half of the lines of all of them, if there are others.
fn remainder(services: &[ServicePlan]) -> Option<ServiceId> {
    let lines: u64 = services.iter().map(|it| u64::from(it.lines)).sum();
    let most = services.iter().find(|it| 2 * u64::from(it.lines) > lines)?;
    (services.len() > 1).then_some(most.service)
}

/// The least entangled service among those that have something to learn on: routes, a store of their own that they are seen to
/// use, a boundary that is sure, and a size to begin with. What it needs counts twice, for as the first to leave it has to call
/// back for all of it. One that most others ask comes after all that are not: every caller has to change on the first day, and when it
/// is down so are they.
fn pilot(needs: &Needs, services: &[ServicePlan], stores: &[StorePlan]) -> Option<usize> {
    if needs.size() < 3 {
        return None;
    }
    let size = |it: &ServicePlan| (u64::from(it.lines), it.endpoints.len() as u64);
    let sizes: Vec<(u64, u64)> = services.iter().map(size).collect();
    let uses = |it: &ServicePlan| {
        let own = stores.iter().filter(|plan| it.stores.contains(&plan.store));
        own.flat_map(|it| &it.parties).any(|party| party.place.service() == Some(it.service))
    };
    let entangled = |it: &ServicePlan| {
        let own = it.service.index();
        let edges: u64 = (0..needs.size()).map(|other| 2 * needs.weights[own][other] + needs.weights[other][own]).sum();
        let keys = stores
            .iter()
            .filter(|plan| plan.ownership.place.service() == Some(it.service))
            .map(|plan| plan.foreign_keys.len() as u64)
            .sum::<u64>();
        edges + TRANSACTION_WEIGHT * it.sagas.len() as u64 + ACCESS_WEIGHT * keys
    };
    let teaches = |it: &&ServicePlan| {
        !it.endpoints.is_empty() && uses(it) && it.confidence >= PILOT_CONFIDENCE && is_to_begin_with(size(it), &sizes)
    };
    let in_the_way = |it: &&ServicePlan| (needs.is_asked_by_most(it.service.index()), entangled(it), it.service);
    let first = services.iter().filter(teaches).min_by_key(in_the_way);
    first.map(|it| it.service.index())
}

/// Whether a service of so many lines and endpoints is one to begin with: at least a quarter of the mean size, and at most half of
/// all that moves.
fn is_to_begin_with(own: (u64, u64), all: &[(u64, u64)]) -> bool {
    let lines: u64 = all.iter().map(|it| it.0).sum();
    let endpoints: u64 = all.iter().map(|it| it.1).sum();
    4 * own.0 * all.len() as u64 >= lines && 2 * own.0 <= lines && 2 * own.1 <= endpoints
}

/// Directed needs with their sites.
fn edges(survey: &Survey, crossings: &Crossings, sagas: &[Saga]) -> Vec<(ServiceId, TemporaryEdge)> {
    let graph = survey.graph;
    let mut found = Vec::new();
    for from in survey.partition.service_ids() {
        for to in survey.partition.service_ids().filter(|it| *it != from) {
            let crossing = crossings.get(&(from, to));
            let calls = crossing.map_or(0, |it| it.calls.len()) as u32;
            let accesses = crossing.map_or(0, |it| it.accesses.len()) as u32;
            let broken: Vec<&Saga> = sagas
                .iter()
                .filter(|it| it.is_distributed() && it.home.service() == Some(from) && it.writers.contains(&to))
                .collect();
            let cost =
                u64::from(calls) + ACCESS_WEIGHT * u64::from(accesses) + TRANSACTION_WEIGHT * broken.len() as u64;
            if cost == 0 {
                continue;
            }
            let mut sites: Vec<Evidence> = broken.iter().map(|it| it.evidence).collect();
            if let Some(crossing) = crossing {
                sites.extend(crossing.calls.iter().map(|it| graph.calls[*it as usize].evidence));
                sites.extend(crossing.accesses.iter().map(|it| graph.accesses[*it as usize].evidence));
            }
            let edge =
                TemporaryEdge { to, cost, calls, accesses, transactions: broken.len() as u32, sites: unique(sites) };
            found.push((from, edge));
        }
    }
    found
}

/// What has to be solved before a service can leave.
fn blockers(
    survey: &Survey,
    stores: &[StorePlan],
    sagas: &[Saga],
    plan: &ServicePlan,
    left: &[ServiceId],
) -> Vec<Statement> {
    let mut found = Vec::new();
    // What crosses to a service that left before was solved then.
    let open = |it: ServiceId| it == plan.service || left.contains(&it);
    let owner = |store: StoreId| stores.iter().find(|it| it.store == store).and_then(|it| it.ownership.place.service());
    let open_store = |store: StoreId| owner(store).is_none_or(open);
    let distributed: Vec<&Saga> = plan
        .sagas
        .iter()
        .map(|it| &sagas[*it as usize])
        .filter(|it| it.is_distributed() && it.writers.iter().all(|it| open(*it)))
        .collect();
    found.extend(statement(
        format!("Break {} into steps", count(distributed.len(), "transaction")),
        distributed.iter().map(|it| it.evidence),
    ));
    let owned = || stores.iter().filter(|it| it.ownership.place.service() == Some(plan.service));
    let writes_of_others = |store: &StorePlan| -> Vec<StoreUse> {
        let others = store.parties.iter().filter(|it| it.remedy.is_some() && it.place.service().is_some());
        others.flat_map(|it| it.writes.iter().copied()).collect()
    };
    // Rows that go with those of others are nobody's work on the store: whoever deletes the others has to say so.
    for cascaded in [false, true] {
        let written = owned().filter(|it| it.verdict != Verdict::StaysShared).filter_map(|it| {
            let uses = writes_of_others(it);
            let is_it = !uses.is_empty() && uses.iter().all(|it| survey.is_cascaded(*it)) == cascaded;
            is_it.then(|| (format!("`{}`", survey.store_name(it.store)), survey.sites(uses)))
        });
        let (names, sites): (Vec<String>, Vec<Vec<Evidence>>) = written.unzip();
        let names = enumerate(&names, 5);
        let text = if cascaded {
            format!("Let an event tell it of deletions that take rows of {names} along")
        } else {
            format!("Move what others write to {names} behind it")
        };
        found.extend(statement(text, sites.into_iter().flatten()));
    }
    let merged: Vec<&StorePlan> = stores
        .iter()
        .filter(|it| {
            it.verdict == Verdict::MergeServices && it.parties.iter().any(|it| it.place.service() == Some(plan.service))
        })
        .collect();
    let names: Vec<String> = merged.iter().map(|it| format!("`{}`", survey.store_name(it.store))).collect();
    found.extend(statement(
        format!("Decide whether to merge over {}", enumerate(&names, 5)),
        merged.iter().flat_map(|it| it.reason.sites.iter().copied()),
    ));
    let keys = owned().flat_map(|it| &it.foreign_keys).filter(|it| open_store(it.store) && open_store(it.references));
    let keys: BTreeMap<(StoreId, &Vec<String>, StoreId), Evidence> =
        keys.map(|it| ((it.store, &it.columns, it.references), it.evidence)).collect();
    let sites = keys.values().copied();
    found.extend(statement(format!("Take out {}", count(keys.len(), "foreign key")), sites));
    let joins = owned().flat_map(|it| &it.joins).map(|it| &survey.graph.joins[*it as usize]);
    let joins = unique(joins.filter(|it| it.stores.iter().all(|it| open_store(*it))).map(|it| it.evidence));
    found.extend(statement(format!("Compose {} from two answers", count(joins.len(), "join")), joins));
    found
}

/// Where one service calls another or touches its stores.
fn asked_at(survey: &Survey, crossings: &Crossings, from: ServiceId, to: ServiceId) -> Vec<Evidence> {
    let Some(crossing) = crossings.get(&(from, to)) else { return Vec::new() };
    let calls = crossing.calls.iter().map(|it| survey.graph.calls[*it as usize].evidence);
    calls.chain(crossing.accesses.iter().map(|it| survey.graph.accesses[*it as usize].evidence)).collect()
}

/// Places that show what a service is: of its stores, then of the files it takes along.
fn own_sites(survey: &Survey, plan: &ServicePlan) -> Vec<Evidence> {
    let files = plan.moves.iter();
    let files = files.filter_map(|it| it.ranges.first().map(|range| Evidence { file: it.file, line: range.first }));
    let stores = plan.stores.iter().flat_map(|it| survey.store_sites(*it).into_iter().take(1));
    stores.chain(files).take(3).collect()
}

/// Why the others leave a service, and not it them.
fn stays(survey: &Survey, plan: &ServicePlan, services: &[ServicePlan]) -> Vec<Statement> {
    let lines: u64 = services.iter().map(|it| u64::from(it.lines)).sum();
    let text = format!(
        "Stays, with {:.0} % of the lines of all services: what remains of the monolith when the others have left",
        100.0 * f64::from(plan.lines) / lines as f64
    );
    statement(text, own_sites(survey, plan)).into_iter().collect()
}

/// Why a service leaves at its place: what it has to ask until others leave, and of what stays.
fn why_here(
    survey: &Survey,
    crossings: &Crossings,
    plan: &ServicePlan,
    (temporary, lasting): (&[TemporaryEdge], &[&TemporaryEdge]),
    done: &[ServiceId],
    pilot: Option<ServiceId>,
) -> Vec<Statement> {
    let mut found = Vec::new();
    let service = plan.service;
    let own = own_sites(survey, plan);
    if pilot == Some(service) {
        let asking: Vec<usize> =
            plan.fan_in.iter().map(|from| asked_at(survey, crossings, *from, service).len()).collect();
        let text = match asking.iter().sum::<usize>() {
            0 => "Least entangled of those to learn on: no other service asks it".to_owned(),
            places => {
                let who = match asking.iter().filter(|it| **it > 0).count() {
                    1 => "one other service asks".to_owned(),
                    others => format!("{others} other services ask"),
                };
                format!("Least entangled of those to learn on: {who} it at {}", count(places, "place"))
            }
        };
        found.extend(statement(text, own.iter().copied()));
    }
    for edge in temporary {
        let text = format!(
            "Calls back into the monolith for {} until that leaves: {}",
            survey.name(edge.to),
            asked_in_words(edge)
        );
        found.extend(statement(text, edge.sites.iter().copied()));
    }
    if temporary.is_empty() {
        let left: Vec<&str> = done.iter().filter(|it| plan.fan_out.contains(it)).map(|it| survey.name(*it)).collect();
        let text = match (plan.fan_out.is_empty(), left.is_empty()) {
            (true, _) => Some("Needs no other service".to_owned()),
            (false, true) if !lasting.is_empty() => None,
            // What it needs are types, which a library can hold.
            (false, true) => Some("Calls no other service".to_owned()),
            (false, false) if lasting.is_empty() => {
                Some(format!("All it needs has left before ({})", enumerate(&left, 5)))
            }
            (false, false) => Some(format!("All else it needs has left before ({})", enumerate(&left, 5))),
        };
        let sites: Vec<Evidence> =
            plan.fan_out.iter().flat_map(|to| asked_at(survey, crossings, service, *to)).collect();
        found.extend(text.and_then(|it| statement(it, if sites.is_empty() { own } else { sites })));
    }
    for edge in lasting {
        let text = format!("Goes on asking {}, which stays: {}", survey.name(edge.to), asked_in_words(edge));
        found.extend(statement(text, edge.sites.iter().copied()));
    }
    found
}

/// `3 calls, 2 accesses to its stores`.
fn asked_in_words(edge: &TemporaryEdge) -> String {
    let mut parts = Vec::new();
    if edge.calls > 0 {
        parts.push(count(edge.calls as usize, "call"));
    }
    if edge.accesses > 0 {
        parts.push(format!("{} to its stores", count(edge.accesses as usize, "access")));
    }
    if edge.transactions > 0 {
        parts.push(count(edge.transactions as usize, "shared transaction"));
    }
    enumerate(&parts, 3)
}

/// What a service is made of and who needs it.
fn size_of(survey: &Survey, stores: &[StorePlan], plan: &ServicePlan) -> Option<Statement> {
    let is_own = |it: &&StorePlan| it.ownership.place.service() == Some(plan.service);
    let shared = stores.iter().filter(is_own).filter(|it| it.is_shared()).count();
    let shared = match (shared, plan.stores.len()) {
        (0, _) => String::new(),
        (1, 1) => " (shared)".to_owned(),
        (number, _) => format!(" ({number} of them shared)"),
    };
    let needed = if plan.fan_in.is_empty() { "no service".to_owned() } else { count(plan.fan_in.len(), "service") };
    let text = format!(
        "Owns {}{shared}, {} behind {}, needed by {needed}",
        count(plan.stores.len(), "store"),
        count(plan.lines as usize, "line"),
        count(plan.endpoints.len(), "endpoint"),
    );
    statement(text, own_sites(survey, plan))
}

/// The cheapest way on from every set of services already extracted, by dynamic programming over subsets.
///
/// Sets are bit masks. What a service needs of a set is looked up in two halves, so that a step costs the same whatever
/// the number of services.
struct Exact<'a> {
    needs: &'a Needs,
    /// Throw-away work and difficulty of all that is still to come after a set.
    rest: Vec<(u64, u64)>,
}

/// Services in the lower half of a mask.
const HALF: usize = EXACT_LIMIT.div_ceil(2);

impl<'a> Exact<'a> {
    fn new(needs: &'a Needs) -> Self {
        let size = needs.size();
        let everything = (1_usize << size) - 1;
        // For each service the sum of its needs over every subset of the lower and of the upper services.
        let sums: Vec<[Vec<u64>; 2]> = needs
            .weights
            .iter()
            .map(|row| {
                let (lower, upper) = row.split_at(size.min(HALF));
                [subset_sums(lower), subset_sums(upper)]
            })
            .collect();
        let low = (1_usize << HALF) - 1;
        let mut rest = vec![(0, 0); everything + 1];
        for done in (0..everything).rev() {
            let left = (size - done.count_ones() as usize) as u64;
            let mut open = everything & !done;
            let mut best = (u64::MAX, u64::MAX);
            while open != 0 {
                let service = open.trailing_zeros() as usize;
                open &= open - 1;
                let next = done | 1 << service;
                let missing = everything & !next;
                let [lower, upper] = &sums[service];
                let temporary = lower[missing & low] + upper[missing >> HALF];
                let after = rest[next];
                best = best.min((after.0 + temporary, after.1 + needs.difficulty[service] * left));
            }
            rest[done] = best;
        }
        Self { needs, rest }
    }

    /// The cheapest order that starts with `first`; the lowest number among equals.
    fn order(&self, first: Option<usize>) -> Vec<usize> {
        let size = self.needs.size();
        let mut order = Vec::with_capacity(size);
        let mut done = 0_usize;
        while order.len() < size {
            let left = (size - order.len()) as u64;
            let open = (0..size).filter(|it| done & 1 << it == 0);
            let cost = |service: &usize| {
                let next = done | 1 << service;
                let later = (0..size).filter(|it| next & 1 << it == 0);
                let temporary: u64 = later.map(|it| self.needs.weights[*service][it]).sum();
                (self.rest[next].0 + temporary, self.rest[next].1 + self.needs.difficulty[*service] * left, *service)
            };
            let Some(service) = first.filter(|_| order.is_empty()).or_else(|| open.min_by_key(cost)) else { break };
            order.push(service);
            done |= 1 << service;
        }
        order
    }
}

/// Sums of the weights over every subset, by its bit mask.
fn subset_sums(weights: &[u64]) -> Vec<u64> {
    let mut sums = vec![0; 1 << weights.len()];
    for mask in 1..sums.len() {
        sums[mask] = sums[mask & (mask - 1)] + weights[mask.trailing_zeros() as usize];
    }
    sums
}

/// `first`, then components in topological order (what is needed first), greedy inside, then exchanges of neighbors.
fn greedy(needs: &Needs, first: Option<usize>) -> Vec<usize> {
    let size = needs.size();
    let mut graph = DiGraph::<usize, ()>::new();
    let nodes: Vec<_> = (0..size).map(|it| graph.add_node(it)).collect();
    for (from, weights) in needs.weights.iter().enumerate() {
        for (to, weight) in weights.iter().enumerate() {
            if *weight > 0 {
                graph.add_edge(nodes[from], nodes[to], ());
            }
        }
    }
    // Tarjan gives components in reverse topological order: what others need comes first.
    let mut order: Vec<usize> = first.into_iter().collect();
    for component in tarjan_scc(&graph) {
        let mut members: Vec<usize> =
            component.into_iter().map(|it| graph[it]).filter(|it| first != Some(*it)).collect();
        members.sort_unstable();
        order.extend(eades(needs, members));
    }
    let mut cost = needs.cost(&order);
    loop {
        let mut improved = false;
        for position in 1 + usize::from(first.is_some())..order.len() {
            order.swap(position - 1, position);
            let swapped = needs.cost(&order);
            if swapped < cost {
                cost = swapped;
                improved = true;
            } else {
                order.swap(position - 1, position);
            }
        }
        if !improved {
            return order;
        }
    }
}

/// Sinks to the front (nothing of what they need is left), sources to the back, else the one with the largest difference.
fn eades(needs: &Needs, mut left: Vec<usize>) -> Vec<usize> {
    let (mut front, mut back) = (Vec::new(), Vec::new());
    while !left.is_empty() {
        let out = |it: usize, left: &[usize]| left.iter().map(|to| needs.weights[it][*to]).sum::<u64>();
        let into = |it: usize, left: &[usize]| left.iter().map(|from| needs.weights[*from][it]).sum::<u64>();
        if let Some(position) = left.iter().position(|it| out(*it, &left) == 0) {
            front.push(left.remove(position));
        } else if let Some(position) = left.iter().position(|it| into(*it, &left) == 0) {
            back.push(left.remove(position));
        } else {
            let gain = |it: usize| into(it, &left).cast_signed() - out(it, &left).cast_signed();
            let position =
                (0..left.len()).max_by_key(|it| (gain(left[*it]), std::cmp::Reverse(left[*it]))).unwrap_or(0);
            front.push(left.remove(position));
        }
    }
    back.reverse();
    front.extend(back);
    front
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(needs: &Needs, first: Option<usize>) -> Vec<usize> {
        Exact::new(needs).order(first)
    }

    fn needs(size: usize, edges: &[(usize, usize, u64)]) -> Needs {
        let mut needs = Needs { weights: vec![vec![0; size]; size], difficulty: vec![0; size] };
        for (from, to, weight) in edges {
            needs.weights[*from][*to] = *weight;
        }
        needs
    }

    #[test]
    fn what_is_needed_leaves_first() {
        // 0 needs 1, 1 needs 2.
        let needs = needs(3, &[(0, 1, 5), (1, 2, 5)]);
        assert_eq!(exact(&needs, None), [2, 1, 0]);
        assert_eq!(greedy(&needs, None), [2, 1, 0]);
        assert_eq!(needs.cost(&[2, 1, 0]).0, 0);
    }

    #[test]
    fn the_cheapest_edge_of_a_cycle_is_thrown_away() {
        let needs = needs(3, &[(0, 1, 9), (1, 2, 9), (2, 0, 2)]);
        assert_eq!(exact(&needs, None), [2, 1, 0]);
        assert_eq!(needs.cost(&exact(&needs, None)).0, 2);
        assert_eq!(needs.cost(&greedy(&needs, None)).0, 2);
    }

    #[test]
    fn the_pilot_goes_first_whatever_it_costs() {
        let needs = needs(3, &[(0, 1, 5), (1, 2, 5)]);
        assert_eq!(exact(&needs, Some(0)), [0, 2, 1]);
        assert_eq!(greedy(&needs, Some(0)), [0, 2, 1]);
    }

    #[test]
    fn what_most_others_ask_is_told_from_what_few_do() {
        let needs = needs(4, &[(0, 3, 1), (1, 3, 1), (2, 1, 9)]);
        let asked: Vec<bool> = (0..4).map(|it| needs.is_asked_by_most(it)).collect();
        assert_eq!(asked, [false, false, false, true], "two of three others ask the last, one the second");
    }

    #[test]
    fn one_begins_neither_with_the_bulk_nor_with_a_scrap() {
        let all = [(600, 80), (300, 15), (90, 4), (10, 1)];
        let fits: Vec<bool> = all.iter().map(|it| is_to_begin_with(*it, &all)).collect();
        assert_eq!(fits, [false, true, true, false]);
        assert!(!is_to_begin_with((300, 60), &[(300, 60), (400, 10), (300, 10)]), "most routes are its own");
    }

    #[test]
    fn among_equals_the_easier_one_leaves_first() {
        let mut needs = needs(3, &[]);
        needs.difficulty = vec![7, 1, 3];
        assert_eq!(exact(&needs, None), [1, 2, 0]);
        assert_eq!(greedy(&needs, None), [1, 2, 0]);
    }

    #[test]
    fn exact_is_never_dearer_than_any_order_of_five() {
        let mut seed = 7_u64;
        let mut random = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) % 10
        };
        let mut needs = needs(5, &[]);
        for from in 0..5 {
            for to in 0..5 {
                if from != to {
                    needs.weights[from][to] = random();
                }
            }
        }
        let best = needs.cost(&exact(&needs, None)).0;
        let mut order = vec![0, 1, 2, 3, 4];
        permute(&mut order, 0, &mut |order| assert!(needs.cost(order).0 >= best));
        assert!(needs.cost(&greedy(&needs, None)).0 >= best);
    }

    fn permute(order: &mut Vec<usize>, from: usize, check: &mut dyn FnMut(&[usize])) {
        if from == order.len() {
            check(order);
            return;
        }
        for position in from..order.len() {
            order.swap(from, position);
            permute(order, from + 1, check);
            order.swap(from, position);
        }
    }
}
