//! What the perturbed runs of a consensus amount to in the groups of a draft.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::partition::draft::{Run, Slot, Sources};

/// For each group in how many placements the runs keep what is in it, of how many, and where they put the rest.
pub(super) fn kept_by(
    sources: &Sources,
    slots: &[Slot],
    owned: &[Slot],
    runs: &[Vec<u32>],
) -> BTreeMap<u32, (f64, f64, BTreeMap<u32, f64>)> {
    // Counts are whole numbers, so that the order in which they are added up does not matter.
    let moved: Vec<FxHashMap<(u32, u32), f64>> = runs
        .par_iter()
        .map(|clusters| {
            let run = translated(sources, slots, owned, clusters);
            let mut counts: FxHashMap<(u32, u32), f64> = FxHashMap::default();
            for (slot, group) in slots.iter().zip(run.symbols).chain(owned.iter().zip(run.stores)) {
                if let (Slot::Group(own), Some(group)) = (slot, group) {
                    *counts.entry((*own, group)).or_insert(0.0) += 1.0;
                }
            }
            counts
        })
        .collect();
    let mut kept: BTreeMap<u32, (f64, f64, BTreeMap<u32, f64>)> = BTreeMap::new();
    moved.into_iter().flatten().for_each(|((own, group), count)| {
        let entry = kept.entry(own).or_default();
        entry.1 += count;
        if group == own {
            entry.0 += count;
        } else {
            *entry.2.entry(group).or_insert(0.0) += count;
        }
    });
    kept
}

/// A run's clusters under the numbers of the groups they overlap most.
pub(super) fn translated(sources: &Sources, symbols: &[Slot], stores: &[Slot], clusters: &[u32]) -> Run {
    let units = sources.units;
    let mut overlap: FxHashMap<(u32, u32), f64> = FxHashMap::default();
    let mut note = |cluster: u32, slot: Slot, weight: f64| {
        if let Slot::Group(group) = slot {
            *overlap.entry((cluster, group)).or_insert(0.0) += weight;
        }
    };
    for (at, slot) in symbols.iter().enumerate() {
        if let Some(unit) = units.of_symbol[at] {
            note(clusters[unit as usize], *slot, 1.0);
        }
    }
    for (at, slot) in stores.iter().enumerate() {
        note(clusters[units.len() + at], *slot, 3.0);
    }
    // The heaviest group of each cluster, the lowest number on a tie.
    let mut group_of: Vec<Option<(f64, u32)>> = vec![None; clusters.iter().max().map_or(0, |it| *it as usize + 1)];
    overlap.into_iter().for_each(|((cluster, group), sum)| {
        let most = &mut group_of[cluster as usize];
        if most.is_none_or(|it| sum > it.0 || (sum >= it.0 && group < it.1)) {
            *most = Some((sum, group));
        }
    });
    let group_at = |node: usize| group_of[clusters[node] as usize].map(|it| it.1);
    let symbols = units.of_symbol.iter().map(|it| it.and_then(|it| group_at(it as usize))).collect();
    let stores = (0..stores.len()).map(|it| group_at(units.len() + it)).collect();
    Run { symbols, stores }
}
