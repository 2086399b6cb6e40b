//! Business context purity (BCP) and transactional purity: how few purposes a service serves.

use std::collections::{BTreeMap, BTreeSet};

fn members(contexts: &[Vec<u32>], services: &[Option<u32>]) -> BTreeMap<u32, Vec<u32>> {
    let mut res: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (node, service) in services.iter().enumerate() {
        if let Some(service) = service {
            res.entry(*service).or_default().extend(contexts.get(node).into_iter().flatten());
        }
    }
    res
}

/// BCP as M2M computes it, 0 or more, lower is better: mean over services of the logarithm of the number of use cases
/// their classes take part in. `contexts` gives each node its use cases.
pub fn context_count(contexts: &[Vec<u32>], services: &[Option<u32>]) -> f64 {
    let members = members(contexts, services);
    let sum: f64 = members
        .values()
        .map(|it| it.iter().collect::<BTreeSet<_>>().len())
        .filter(|it| *it > 0)
        .map(|it| (it as f64).ln())
        .sum();
    sum / members.len().max(1) as f64
}

/// BCP as CARGO computes it, 0 or more (nats), lower is better: mean over services of the entropy of their use cases.
pub fn context_entropy(contexts: &[Vec<u32>], services: &[Option<u32>]) -> f64 {
    let members = members(contexts, services);
    let sum: f64 = members
        .values()
        .map(|it| {
            let mut counts: BTreeMap<u32, f64> = BTreeMap::new();
            for context in it {
                *counts.entry(*context).or_insert(0.0) += 1.0;
            }
            entropy(&counts)
        })
        .sum();
    sum / members.len().max(1) as f64
}

/// Transactional purity (CARGO 4.3.1), at most 1, higher is better: 1 less the mean over tables of the entropy (nats) of
/// the services whose classes open transactions on it. `openers` gives each table the nodes that do.
pub fn transactional(openers: &[BTreeSet<u32>], services: &[Option<u32>]) -> f64 {
    let entropies: Vec<f64> = openers
        .iter()
        .map(|nodes| {
            let mut counts: BTreeMap<u32, f64> = BTreeMap::new();
            for service in nodes.iter().filter_map(|it| services[*it as usize]) {
                *counts.entry(service).or_insert(0.0) += 1.0;
            }
            counts
        })
        .filter(|it| !it.is_empty())
        .map(|it| entropy(&it))
        .collect();
    if entropies.is_empty() { 1.0 } else { 1.0 - entropies.iter().sum::<f64>() / entropies.len() as f64 }
}

fn entropy(counts: &BTreeMap<u32, f64>) -> f64 {
    let all: f64 = counts.values().sum();
    counts.values().map(|it| it / all).map(|it| -it * it.ln()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_example() {
        let contexts = [vec![0, 1], vec![1], vec![2], vec![]];
        let services = [Some(0), Some(0), Some(1), None];
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} is not {b}");
        close(context_count(&contexts, &services), 2.0_f64.ln() / 2.0);
        let thirds = -(1.0_f64 / 3.0) * (1.0_f64 / 3.0).ln() - (2.0 / 3.0) * (2.0_f64 / 3.0).ln();
        close(context_entropy(&contexts, &services), thirds / 2.0);
        close(transactional(&[BTreeSet::from([0, 2]), BTreeSet::from([0, 1])], &services), 1.0 - 2.0_f64.ln() / 2.0);
        close(transactional(&[], &services), 1.0);
    }
}
