//! Modularity (Q), and Bunch's modularization quality (MQ).

use std::collections::BTreeMap;

use crate::measure::calls::Call;

/// Q at a resolution, at most 1, higher is better: over undirected edges, the share inside services less what degrees
/// alone would give.
pub fn modularity(edges: &[Call], services: &[Option<u32>], resolution: f64) -> f64 {
    let mut degree: BTreeMap<u32, f64> = BTreeMap::new();
    let (mut inner, mut total) = (0.0, 0.0);
    for &(a, b, weight) in edges {
        let (Some(p), Some(q)) = (services[a as usize], services[b as usize]) else { continue };
        total += weight;
        *degree.entry(p).or_insert(0.0) += weight;
        *degree.entry(q).or_insert(0.0) += weight;
        inner += if p == q { weight } else { 0.0 };
    }
    if total <= 0.0 {
        return 0.0;
    }
    inner / total - resolution * degree.values().map(|it| (it / (2.0 * total)).powi(2)).sum::<f64>()
}

/// `TurboMQ` (Mitchell and Mancoridis 2006), 0 to the number of services, higher is better: sum over services of
/// `inside / (inside + crossing / 2)`, crossing counted both ways.
pub fn turbo_mq(calls: &[Call], services: &[Option<u32>]) -> f64 {
    let mut inside: BTreeMap<u32, f64> = BTreeMap::new();
    let mut crossing: BTreeMap<u32, f64> = BTreeMap::new();
    for &(from, to, weight) in calls {
        let (Some(a), Some(b)) = (services[from as usize], services[to as usize]) else { continue };
        if from == to {
            continue;
        }
        if a == b {
            *inside.entry(a).or_insert(0.0) += weight;
        } else {
            *crossing.entry(a).or_insert(0.0) += weight;
            *crossing.entry(b).or_insert(0.0) += weight;
        }
    }
    inside.iter().map(|(service, own)| own / (own + 0.5 * crossing.get(service).copied().unwrap_or(0.0))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_triangles_and_a_bridge() {
        let calls: Vec<Call> =
            [(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3), (2, 3)].map(|it| (it.0, it.1, 1.0)).to_vec();
        let services = [Some(0), Some(0), Some(0), Some(1), Some(1), Some(1)];
        assert!((modularity(&calls, &services, 1.0) - (6.0 / 7.0 - 0.5)).abs() < 1e-12);
        assert!((turbo_mq(&calls, &services) - 2.0 * 3.0 / 3.5).abs() < 1e-12);
        assert!(modularity(&calls, &[Some(0); 6], 1.0).abs() < 1e-12);
        assert!(modularity(&[], &[], 1.0).abs() < 1e-12);
    }
}
