//! Size skew of a partition. Call metrics reward one giant service: read them beside these.

use std::collections::BTreeMap;

fn sizes(services: &[Option<u32>]) -> BTreeMap<u32, usize> {
    let mut res = BTreeMap::new();
    for service in services.iter().flatten() {
        *res.entry(*service).or_insert(0) += 1;
    }
    res
}

/// NED as M2M computes it, 0 to 1, lower is better: share of the nodes in services of fewer than 5 or more than 20.
pub fn non_extreme_distribution(services: &[Option<u32>]) -> f64 {
    let sizes = sizes(services);
    let all: usize = sizes.values().sum();
    let fit: usize = sizes.values().filter(|it| (5..=20).contains(*it)).sum();
    if all == 0 { 0.0 } else { 1.0 - fit as f64 / all as f64 }
}

/// NED relative to the mean size, 0 to 1, lower is better: share of the nodes in services outside half to one and a
/// half times the mean.
pub fn non_extreme_distribution_relative(services: &[Option<u32>]) -> f64 {
    let sizes = sizes(services);
    let all: usize = sizes.values().sum();
    let mean = all as f64 / sizes.len().max(1) as f64;
    let fit: usize = sizes.values().filter(|it| (0.5 * mean..=1.5 * mean).contains(&(**it as f64))).sum();
    if all == 0 { 0.0 } else { 1.0 - fit as f64 / all as f64 }
}

/// Share of the nodes in the largest service, 0 to 1.
pub fn largest_share(services: &[Option<u32>]) -> f64 {
    let sizes = sizes(services);
    let all: usize = sizes.values().sum();
    if all == 0 { 0.0 } else { sizes.values().max().copied().unwrap_or(0) as f64 / all as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_example() {
        let services: Vec<Option<u32>> = [0; 5].into_iter().chain([1; 3]).map(Some).chain([None]).collect();
        assert!((non_extreme_distribution(&services) - 3.0 / 8.0).abs() < 1e-12);
        assert!((non_extreme_distribution_relative(&services) - 0.0).abs() < 1e-12);
        assert!((largest_share(&services) - 5.0 / 8.0).abs() < 1e-12);
        assert!(non_extreme_distribution(&[]).abs() < 1e-12);
    }
}
