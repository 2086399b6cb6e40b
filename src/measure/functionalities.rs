//! Cost of functionalities that span services: complexity, cohesion and coupling of INESC-ID's `mono2micro`, and sagas.
//!
//! A functionality is a sequence of accesses to entities; `services` gives each entity its service.

use std::collections::{BTreeMap, BTreeSet};

/// Entity, and whether it is written.
pub type Touch = (u32, bool);

/// Reads and writes of one maximal run of accesses inside one service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct LocalTransaction {
    service: u32,
    reads: BTreeSet<u32>,
    writes: BTreeSet<u32>,
}

/// Maximal runs in one service; only the first access of an entity in the functionality counts, or its first write.
fn local_transactions(sequence: &[Touch], services: &[Option<u32>]) -> Vec<LocalTransaction> {
    let mut res: Vec<LocalTransaction> = Vec::new();
    let mut seen: BTreeMap<u32, bool> = BTreeMap::new();
    for &(entity, writes) in sequence {
        let Some(service) = services[entity as usize] else { continue };
        if seen.get(&entity).is_some_and(|written| *written || !writes) {
            continue;
        }
        seen.insert(entity, writes);
        if res.last().is_none_or(|it| it.service != service) {
            res.push(LocalTransaction { service, ..LocalTransaction::default() });
        }
        if let Some(last) = res.last_mut() {
            if writes {
                last.writes.insert(entity)
            } else {
                last.reads.insert(entity)
            };
        }
    }
    res
}

fn services_of(sequence: &[Touch], services: &[Option<u32>]) -> BTreeSet<u32> {
    sequence.iter().filter_map(|it| services[it.0 as usize]).collect()
}

/// Mean complexity, 0 or more, lower is better: for each functionality that spans services, over its local transactions,
/// how many other spanning functionalities read what it writes or write what it reads.
pub fn complexity(functionalities: &[Vec<Touch>], services: &[Option<u32>]) -> f64 {
    let spanning: Vec<bool> = functionalities.iter().map(|it| services_of(it, services).len() > 1).collect();
    let mut readers: BTreeMap<u32, BTreeSet<usize>> = BTreeMap::new();
    let mut writers: BTreeMap<u32, BTreeSet<usize>> = BTreeMap::new();
    for (at, sequence) in functionalities.iter().enumerate().filter(|it| spanning[it.0]) {
        for &(entity, writes) in sequence {
            (if writes { &mut writers } else { &mut readers }).entry(entity).or_default().insert(at);
        }
    }
    let mut sum = 0.0;
    for (at, sequence) in functionalities.iter().enumerate().filter(|it| spanning[it.0]) {
        for local in local_transactions(sequence, services) {
            let mut touched: BTreeSet<usize> = BTreeSet::new();
            touched.extend(local.writes.iter().filter_map(|it| readers.get(it)).flatten());
            touched.extend(local.reads.iter().filter_map(|it| writers.get(it)).flatten());
            touched.remove(&at);
            sum += touched.len() as f64;
        }
    }
    if functionalities.is_empty() { 0.0 } else { sum / functionalities.len() as f64 }
}

/// Cohesion, 0 to 1, higher is better: mean over services of the mean share of its entities that a functionality which
/// touches it uses.
pub fn cohesion(functionalities: &[Vec<Touch>], services: &[Option<u32>]) -> f64 {
    let mut sizes: BTreeMap<u32, f64> = BTreeMap::new();
    for service in services.iter().flatten() {
        *sizes.entry(*service).or_insert(0.0) += 1.0;
    }
    let mut shares: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    for sequence in functionalities {
        let entities: BTreeSet<u32> = sequence.iter().map(|it| it.0).collect();
        let mut used: BTreeMap<u32, f64> = BTreeMap::new();
        for service in entities.iter().filter_map(|it| services[*it as usize]) {
            *used.entry(service).or_insert(0.0) += 1.0;
        }
        for (service, count) in used {
            let share = shares.entry(service).or_insert((0.0, 0.0));
            *share = (share.0 + count / sizes[&service], share.1 + 1.0);
        }
    }
    let sum: f64 = sizes.keys().map(|it| shares.get(it).map_or(0.0, |it| it.0 / it.1)).sum();
    if sizes.is_empty() { 0.0 } else { sum / sizes.len() as f64 }
}

/// Coupling in the form of ICSA 2020, 0 or more, lower is better: mean over ordered pairs of services of the number of
/// entities of the second that are touched first right after the first.
pub fn coupling(functionalities: &[Vec<Touch>], services: &[Option<u32>]) -> f64 {
    let count = services.iter().flatten().collect::<BTreeSet<_>>().len() as f64;
    let mut entered: BTreeSet<(u32, u32, u32)> = BTreeSet::new();
    for sequence in functionalities {
        let mut before: Option<u32> = None;
        for &(entity, _) in sequence {
            let Some(service) = services[entity as usize] else { continue };
            if let Some(last) = before.filter(|it| *it != service) {
                entered.insert((last, service, entity));
            }
            before = Some(service);
        }
    }
    if count < 2.0 { 0.0 } else { entered.len() as f64 / (count * (count - 1.0)) }
}

/// Functionalities that span services and write: each needs a saga.
pub fn sagas(functionalities: &[Vec<Touch>], services: &[Option<u32>]) -> usize {
    functionalities.iter().filter(|it| it.iter().any(|it| it.1) && services_of(it, services).len() > 1).count()
}

/// Mean number of services that a functionality touches, 1 at best.
pub fn fan_out(functionalities: &[Vec<Touch>], services: &[Option<u32>]) -> f64 {
    let counts: Vec<usize> =
        functionalities.iter().map(|it| services_of(it, services).len()).filter(|it| *it > 0).collect();
    if counts.is_empty() { 0.0 } else { counts.iter().sum::<usize>() as f64 / counts.len() as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Entities 0 and 1 in service 0, entity 2 in service 1.
    const SERVICES: [Option<u32>; 3] = [Some(0), Some(0), Some(1)];

    fn example() -> Vec<Vec<Touch>> {
        vec![vec![(0, false), (2, true), (1, true)], vec![(2, false), (0, true)], vec![(0, false), (1, false)]]
    }

    #[test]
    fn repeated_accesses_do_not_count() {
        let sequence = [(0, false), (0, false), (2, false), (0, true), (0, false), (2, false)];
        let found = local_transactions(&sequence, &SERVICES);
        assert_eq!(found.len(), 3);
        assert_eq!(found[2].writes, BTreeSet::from([0]));
    }

    #[test]
    fn worked_example() {
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} is not {b}");
        // First: reads 0 (second writes it): 1; writes 2 (second reads it): 1; writes 1: none. Second: 1 + 1.
        close(complexity(&example(), &SERVICES), 4.0 / 3.0);
        // Service 0: 1, 1/2, 1; service 1: 1, 1.
        close(cohesion(&example(), &SERVICES), f64::midpoint(2.5 / 3.0, 1.0));
        // 0 to 1 enters 2; 1 to 0 enters 1 and 0.
        close(coupling(&example(), &SERVICES), 3.0 / 2.0);
        assert_eq!(sagas(&example(), &SERVICES), 2);
        close(fan_out(&example(), &SERVICES), 5.0 / 3.0);
        close(complexity(&[], &SERVICES), 0.0);
    }
}
