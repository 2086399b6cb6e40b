//! How far two partitions of the same items agree: ARI, NMI, `MoJoFM`, a2a, c2c.
//!
//! All take one cluster number for each item; the numbers themselves mean nothing. `found` is what was computed,
//! `truth` what it is compared with; ARI and NMI are symmetric, the others are not.

use std::collections::BTreeMap;

/// Items in each pair of clusters, and in each cluster of either side.
struct Contingency {
    cells: BTreeMap<(u32, u32), u64>,
    found: BTreeMap<u32, u64>,
    truth: BTreeMap<u32, u64>,
    items: u64,
}

impl Contingency {
    fn new(found: &[u32], truth: &[u32]) -> Self {
        let mut res = Self { cells: BTreeMap::new(), found: BTreeMap::new(), truth: BTreeMap::new(), items: 0 };
        for (a, b) in found.iter().zip(truth) {
            *res.cells.entry((*a, *b)).or_insert(0) += 1;
            *res.found.entry(*a).or_insert(0) += 1;
            *res.truth.entry(*b).or_insert(0) += 1;
            res.items += 1;
        }
        res
    }

    /// Largest overlap of each found cluster, and how many true clusters are claimed when each found cluster claims
    /// the one it overlaps most.
    fn claims(&self) -> (BTreeMap<u32, u64>, usize) {
        let mut largest: BTreeMap<u32, u64> = BTreeMap::new();
        for (&(a, _), &count) in &self.cells {
            let best = largest.entry(a).or_insert(0);
            *best = (*best).max(count);
        }
        let mut tied: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (&(a, b), &count) in &self.cells {
            if largest.get(&a) == Some(&count) {
                tied.entry(a).or_default().push(b);
            }
        }
        (largest, matching(&tied))
    }
}

/// Adjusted Rand index (Hubert and Arabie 1985): 1 for equal partitions, about 0 for unrelated ones, at least -0.5.
pub fn adjusted_rand_index(found: &[u32], truth: &[u32]) -> f64 {
    let table = Contingency::new(found, truth);
    let pairs = |it: &u64| *it as f64 * (*it as f64 - 1.0) / 2.0;
    let both: f64 = table.cells.values().map(pairs).sum();
    let one: f64 = table.found.values().map(pairs).sum();
    let other: f64 = table.truth.values().map(pairs).sum();
    let all = pairs(&table.items);
    if all == 0.0 {
        return 1.0;
    }
    let expected = one * other / all;
    let highest = f64::midpoint(one, other);
    if (highest - expected).abs() < 1e-12 { 1.0 } else { (both - expected) / (highest - expected) }
}

/// Normalized mutual information with the arithmetic mean of the entropies, 0 to 1.
pub fn normalized_mutual_information(found: &[u32], truth: &[u32]) -> f64 {
    let table = Contingency::new(found, truth);
    let items = table.items as f64;
    let entropy = |counts: &BTreeMap<u32, u64>| -> f64 {
        counts.values().map(|it| *it as f64 / items).map(|it| -it * it.ln()).sum()
    };
    let (one, other) = (entropy(&table.found), entropy(&table.truth));
    if one + other <= 0.0 {
        return 1.0;
    }
    let mutual: f64 = table
        .cells
        .iter()
        .map(|(&(a, b), &count)| {
            let share = count as f64 / items;
            let expected = table.found[&a] as f64 * table.truth[&b] as f64 / (items * items);
            share * (share / expected).ln()
        })
        .sum();
    (2.0 * mutual / (one + other)).clamp(0.0, 1.0)
}

/// `MoJoFM` (Wen and Tzerpos 2004), 0 to 100: how few moves and joins turn `found` into `truth`, against the worst case.
pub fn mojo_fm(found: &[u32], truth: &[u32]) -> f64 {
    let table = Contingency::new(found, truth);
    let (largest, claimed) = table.claims();
    let kept: u64 = largest.values().sum();
    let moves = table.items - kept;
    let joins = (table.found.len() - claimed) as u64;
    let mut sizes: Vec<u64> = table.truth.values().copied().collect();
    sizes.sort_unstable();
    let mut groups = 0;
    for size in sizes {
        if groups < size {
            groups += 1;
        }
    }
    let worst = table.items - groups;
    if worst == 0 { 100.0 } else { 100.0 * (1.0 - (moves + joins) as f64 / worst as f64) }
}

/// Architecture to architecture (Le et al. 2015), 0 to 100: 1 less the operations that turn one into the other, over
/// the operations that build both from nothing. Over equal items: cluster additions or removals, and moves.
pub fn a2a(found: &[u32], truth: &[u32]) -> f64 {
    let table = Contingency::new(found, truth);
    let mut cells: Vec<(u64, u32, u32)> = table.cells.iter().map(|(&(a, b), &count)| (count, a, b)).collect();
    cells.sort_by_key(|it| (std::cmp::Reverse(it.0), it.1, it.2));
    let (mut taken_found, mut taken_truth) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
    let mut kept = 0;
    for (count, a, b) in cells {
        if !taken_found.contains(&a) && !taken_truth.contains(&b) {
            taken_found.insert(a);
            taken_truth.insert(b);
            kept += count;
        }
    }
    let clusters = table.found.len().abs_diff(table.truth.len()) as u64;
    let operations = clusters + (table.items - kept);
    let build = (table.found.len() + table.truth.len()) as u64 + 4 * table.items;
    if build == 0 { 100.0 } else { 100.0 * (1.0 - operations as f64 / build as f64) }
}

/// Cluster coverage, 0 to 100: share of true clusters that some found cluster matches with an overlap above
/// `threshold` (0 to 1) of the larger of the two.
pub fn c2c_coverage(found: &[u32], truth: &[u32], threshold: f64) -> f64 {
    let table = Contingency::new(found, truth);
    let mut covered = std::collections::BTreeSet::new();
    for (&(a, b), &count) in &table.cells {
        if count as f64 / table.found[&a].max(table.truth[&b]) as f64 > threshold {
            covered.insert(b);
        }
    }
    if table.truth.is_empty() { 100.0 } else { 100.0 * covered.len() as f64 / table.truth.len() as f64 }
}

/// Size of a largest matching by augmenting paths.
fn matching(choices: &BTreeMap<u32, Vec<u32>>) -> usize {
    fn augment(
        node: u32,
        choices: &BTreeMap<u32, Vec<u32>>,
        taken: &mut BTreeMap<u32, u32>,
        seen: &mut std::collections::BTreeSet<u32>,
    ) -> bool {
        for &choice in choices.get(&node).into_iter().flatten() {
            if seen.insert(choice) {
                let holder = taken.get(&choice).copied();
                if holder.is_none_or(|it| augment(it, choices, taken, seen)) {
                    taken.insert(choice, node);
                    return true;
                }
            }
        }
        false
    }
    let mut taken = BTreeMap::new();
    choices.keys().filter(|it| augment(**it, choices, &mut taken, &mut std::collections::BTreeSet::new())).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOUND: [u32; 6] = [0, 0, 0, 1, 1, 1];
    const TRUTH: [u32; 6] = [0, 0, 1, 1, 2, 2];

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-6, "{a} is not {b}");
    }

    #[test]
    fn equal_partitions_agree_fully() {
        let renamed = [7, 7, 7, 3, 3, 3];
        close(adjusted_rand_index(&FOUND, &renamed), 1.0);
        close(normalized_mutual_information(&FOUND, &renamed), 1.0);
        close(mojo_fm(&FOUND, &renamed), 100.0);
        close(a2a(&FOUND, &renamed), 100.0);
        close(c2c_coverage(&FOUND, &renamed, 0.5), 100.0);
        close(adjusted_rand_index(&[], &[]), 1.0);
        close(a2a(&[], &[]), 100.0);
    }

    /// By hand: cells (0,0)=2 (0,1)=1 (1,1)=1 (1,2)=2.
    #[test]
    fn worked_example() {
        // ARI: both = 2, one = 6, other = 3, all = 15: (2 - 1.2) / (4.5 - 1.2).
        close(adjusted_rand_index(&FOUND, &TRUTH), 0.8 / 3.3);
        // NMI: MI = ln 2 - (1/3) ln 2 = (2/3) ln 2; entropies ln 2 and ln 3.
        let expected = 2.0 * (2.0 / 3.0) * 2.0_f64.ln() / (2.0_f64.ln() + 3.0_f64.ln());
        close(normalized_mutual_information(&FOUND, &TRUTH), expected);
        // MoJoFM: 2 moves, no join; sizes 2 2 2 give 2 groups: worst 4.
        close(mojo_fm(&FOUND, &TRUTH), 50.0);
        // a2a: kept 4, so 2 moves and 1 cluster, over 2 + 3 + 24.
        close(a2a(&FOUND, &TRUTH), 100.0 * (1.0 - 3.0 / 29.0));
        // c2c: 2 of the larger 3 is above a half for clusters 0 and 2.
        close(c2c_coverage(&FOUND, &TRUTH, 0.5), 200.0 / 3.0);
    }

    #[test]
    fn unrelated_partitions_score_low() {
        let one = [0; 6];
        close(adjusted_rand_index(&one, &TRUTH), 0.0);
        close(normalized_mutual_information(&one, &TRUTH), 0.0);
    }
}
