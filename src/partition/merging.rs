//! Which groups are no services of their own: too small, too unstable, too loose, too many.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::graph::{Access, Confidence};
use crate::model::sql::Operation;
use crate::partition::consensus::Consensus;
use crate::partition::draft::{Slot, heaviest};
use crate::partition::groups::Work;
use crate::partition::runs::kept_by;

/// A service has at least this share of the placed functions, and at least [`FEWEST`].
const SMALLEST: f64 = 0.02;
const FEWEST: usize = 5;
/// One with hardly anything to offer is a part of its neighbor in a program of any size.
const SMALLEST_TINY: f64 = 0.05;
/// So many others ask a service without a face.
const ASKING: usize = 3;
/// A service without stores needs more: it has only its code to show.
const SMALLEST_WITHOUT_STORE: f64 = 0.04;
const FEWEST_WITHOUT_STORE: usize = 6;
/// So many are enough in any system, with stores or without.
const ENOUGH: usize = 40;
/// So many services are few in any system; beyond them, this many stores each in the mean.
const FEW: usize = 8;
const STORES_EACH: usize = 2;
/// A group that fewer than this share of the runs keeps is none.
const UNSTABLE: f64 = 0.33;
/// One with hardly anything to offer (a store and so many entry points) needs more of them to be worth a service.
const UNSTABLE_AND_TINY: f64 = 0.5;
pub(super) const TINY: usize = 2;
/// A group with less than this share of its evidence inside is a leftover.
const LOOSE: f64 = 0.25;
/// Without stores it has only its code to show for itself.
const LOOSE_WITHOUT_STORE: f64 = 0.4;

impl Work<'_> {
    /// Groups too small to live alone join another.
    pub(super) fn merge_small(&mut self) {
        let total = self.functions.len() as f64;
        let protected = self.protected();
        let (mut functions, mut symbols, mut stores) = self.sizes();
        let mut members = self.members();
        let mut entries = self.entry_points();
        let mut alone: BTreeSet<u32> = BTreeSet::new();
        loop {
            let small = (0..self.groups)
                .filter(|it| symbols[*it] + stores[*it] > 0)
                .filter(|it| !protected.contains(&(*it as u32)) && !alone.contains(&(*it as u32)))
                .filter(|it| {
                    let tiny = stores[*it] == 1 && entries[*it] <= TINY;
                    let (share, fewest) = if tiny && !self.is_asked(*it as u32) {
                        (SMALLEST_TINY, FEWEST)
                    } else if stores[*it] > 0 {
                        (SMALLEST, FEWEST)
                    } else {
                        (SMALLEST_WITHOUT_STORE, FEWEST_WITHOUT_STORE)
                    };
                    functions[*it] < fewest.max(((total * share).ceil() as usize).min(ENOUGH))
                })
                .min_by_key(|it| (functions[*it], stores[*it], *it));
            let Some(small) = small else { break };
            match heaviest(&self.pulls(small as u32, &members[small], &functions)) {
                Some((target, _)) => {
                    let moved = std::mem::take(&mut members[small]);
                    self.take(&moved, target);
                    members[target as usize].extend(moved);
                    for sizes in [&mut functions, &mut symbols, &mut stores, &mut entries] {
                        sizes[target as usize] += std::mem::take(&mut sizes[small]);
                    }
                }
                None => {
                    alone.insert(small as u32);
                }
            }
        }
        for group in alone {
            self.dissolve(group);
        }
    }

    /// Groups that most runs put elsewhere join the group that most runs put them in.
    pub(super) fn merge_unstable(&mut self, found: &Consensus) {
        let protected = self.protected();
        loop {
            let (functions, symbols, stores) = self.sizes();
            let alive = (0..self.groups).filter(|it| symbols[*it] + stores[*it] > 0).count();
            if found.runs.is_empty() || alive <= (self.sources.settings.services.min as usize).max(2) {
                break;
            }
            let slots: Vec<Slot> = self.slots.iter().map(|it| it.unwrap_or(Slot::Outside)).collect();
            let owned: Vec<Slot> = self.stores.iter().map(|it| it.map_or(Slot::Outside, Slot::Group)).collect();
            let kept = kept_by(self.sources, &slots, &owned, &found.runs);
            let entries = self.entry_points();
            let tiny = |it: u32| stores[it as usize] <= 1 && entries[it as usize] <= TINY;
            let weakest = kept
                .iter()
                .filter(|it| !protected.contains(it.0) && functions[*it.0 as usize] > 0)
                .map(|(group, (own, all, others))| (own / all, *group, others))
                .filter(|it| it.0 < if tiny(it.1) { UNSTABLE_AND_TINY } else { UNSTABLE } && !it.2.is_empty())
                .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let Some((_, group, others)) = weakest else { break };
            // What is tiny goes where its calls and accesses go, whatever it stands beside.
            let evidence = if tiny(group) { self.sites_elsewhere(group) } else { BTreeMap::new() };
            let Some((target, _)) = heaviest(&evidence).or_else(|| heaviest(others)) else { break };
            self.join(group, target);
        }
    }

    /// A group whose members have little to do with each other is what was left over: each goes its own way.
    pub(super) fn scatter_loose(&mut self) {
        let protected = self.protected();
        let mut inside: BTreeMap<u32, f64> = BTreeMap::new();
        let mut all: BTreeMap<u32, f64> = BTreeMap::new();
        let evidence = self.sources.evidence;
        for (a, b, weight) in evidence.graph.edges() {
            let (a, b) = (self.group_of(a), self.group_of(b));
            for group in a.iter().chain(b.iter().filter(|it| a.as_ref() != Some(it))) {
                *all.entry(*group).or_insert(0.0) += weight;
                if a == b {
                    *inside.entry(*group).or_insert(0.0) += weight;
                }
            }
        }
        let (_, _, stores) = self.sizes();
        let loose: BTreeSet<u32> = all
            .iter()
            .filter(|(group, all)| {
                let least = if stores[**group as usize] > 0 { LOOSE } else { LOOSE_WITHOUT_STORE };
                inside.get(group).copied().unwrap_or(0.0) < least * **all
            })
            .map(|it| *it.0)
            .filter(|it| !protected.contains(it))
            .collect();
        self.scatter(&loose);
    }

    /// Sends each unit of some groups where its evidence is, outside all of them.
    pub(super) fn scatter(&mut self, loose: &BTreeSet<u32>) {
        for (group, members) in self.movable().into_iter().filter(|it| loose.contains(&it.0)) {
            let mut ties = self.ties(&members);
            ties.retain(|it, _| !loose.contains(it));
            if let Some((target, _)) = heaviest(&ties).filter(|it| it.0 != group) {
                self.move_to(&members, target);
            }
        }
    }

    /// Joins the smallest groups to those that pull them most until there are no more than `services.max`.
    pub(super) fn limit_count(&mut self) {
        self.join_smallest((self.sources.settings.services.max as usize).max(1), false);
    }

    /// A list of services about as long as the list of stores is that list over again: beyond a few services, each has to
    /// stand for several stores in the mean. What nothing pulls stays.
    pub(super) fn limit_to_stores(&mut self) {
        let stores = self.stores.iter().flatten().count();
        let least = self.sources.settings.services.min as usize;
        self.join_smallest((stores / STORES_EACH).max(FEW).max(least), true);
    }

    /// Joins the smallest groups to those that pull them most while there are more than so many. What nothing pulls stays
    /// or goes to pieces.
    fn join_smallest(&mut self, most: usize, stays: bool) {
        let mut alone: Vec<u32> = Vec::new();
        let protected = self.protected();
        loop {
            let (functions, symbols, stores) = self.sizes();
            let alive: Vec<u32> =
                (0..self.groups as u32).filter(|it| symbols[*it as usize] + stores[*it as usize] > 0).collect();
            let small = alive
                .iter()
                .filter(|it| !protected.contains(it) && !alone.contains(it))
                .min_by_key(|it| (functions[**it as usize], stores[**it as usize], **it));
            let Some(small) = small.filter(|_| alive.len() > most).copied() else { break };
            match (self.merge(small, &functions), stays) {
                (true, _) => {}
                (false, true) => alone.push(small),
                (false, false) => self.dissolve(small),
            }
        }
    }

    /// Joins a group to the one that pulls most; false when none does.
    fn merge(&mut self, group: u32, functions: &[usize]) -> bool {
        let members = self.members();
        let Some((target, _)) = heaviest(&self.pulls(group, &members[group as usize], functions)) else {
            return false;
        };
        self.join(group, target);
        true
    }

    /// Whether a group serves several others that hardly touch its stores themselves: a service without a face.
    fn is_asked(&self, group: u32) -> bool {
        let graph = self.sources.graph;
        let is_other = |of: Option<u32>| of.is_some_and(|it| it != group);
        let of_group = |it: &&Access| self.stores[it.store.index()] == Some(group) && it.operation != Operation::Ddl;
        let touched = graph.accesses.iter().filter(of_group).map(|it| self.group(it.symbol));
        let (own, foreign): (Vec<_>, Vec<_>) = touched.flatten().partition(|it| *it == group);
        if own.len() <= foreign.len() {
            return false;
        }
        let calls = graph.calls.iter().filter(|it| it.confidence > Confidence::Guess);
        let into = calls.filter(|it| self.group(it.to) == Some(group));
        let asking: BTreeSet<Option<u32>> = into.map(|it| self.group(it.from)).filter(|it| is_other(*it)).collect();
        asking.len() >= ASKING
    }

    /// Coupling of one group with the others, in proportion to the square root of their size.
    fn pulls(&self, group: u32, members: &[u32], functions: &[usize]) -> BTreeMap<u32, f64> {
        let mut res: BTreeMap<u32, f64> = BTreeMap::new();
        for node in members {
            for (other, weight) in self.sources.coupling.graph.row(*node) {
                if let Some(other) = self.group_of(other).filter(|it| *it != group) {
                    let size = functions[other as usize].max(1) as f64;
                    *res.entry(other).or_insert(0.0) += weight / size.sqrt();
                }
            }
        }
        res
    }

    /// What the code of a group calls, is called by, reads and writes elsewhere, in sites: an access counts three calls.
    fn sites_elsewhere(&self, group: u32) -> BTreeMap<u32, f64> {
        let graph = self.sources.graph;
        let calls = graph.calls.iter().map(|it| (self.group(it.from), self.group(it.to), 1.0));
        let accesses = graph.accesses.iter().map(|it| (self.group(it.symbol), self.stores[it.store.index()], 3.0));
        let mut res: BTreeMap<u32, f64> = BTreeMap::new();
        for (from, to, weight) in calls.chain(accesses) {
            match (from, to) {
                (Some(from), Some(to)) if from == group && to != group => *res.entry(to).or_insert(0.0) += weight,
                (Some(from), Some(to)) if to == group && from != group => *res.entry(from).or_insert(0.0) += weight,
                _ => {}
            }
        }
        res
    }
}
