//! Front and back of one service: data that only another group's endpoints reach, endpoints that work on another
//! group's data alone. In a system of layers a clustering may cut between the layers; whoever cuts there has to call
//! across the cut for every request.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::graph::{Access, Confidence, SymbolId};
use crate::model::sql::{Effect, Operation};
use crate::partition::draft::heaviest;
use crate::partition::groups::Work;
use crate::partition::signals::is_placed;

/// Share of the entry points that reach a group without any of its own, for theirs to be its home, and how many times as
/// many as the next ones they are.
const BACK: f64 = 0.5;
const BACK_CLEARLY: f64 = 2.0;
/// Share of the entry points that reach a group which may be its own without making it more than a back.
const STRAY: f64 = 0.05;
/// A group counts as started from elsewhere while fewer than this share of its functions start by themselves.
const STARTING: f64 = 0.25;
/// Share of what the entry points of a group without data work on that makes its owner their home. Nearly all of them must
/// work on some data: where few do, what they touch is a trace they leave, not what they are for.
const FRONT: f64 = 0.75;
const WORKING: f64 = 0.9;
/// So many places at which a group without data writes the rows of one owner make it a part of that.
const WRITES: f64 = 3.0;
/// A group is hollow when its own code does less than this share of what is done with its stores: definitions alone. It
/// goes where most entry points come from, if these are so many times as many as the next ones.
const HOLLOW: f64 = 0.25;
const CLEARLY: f64 = 1.5;
/// Where groups with data hold this share of the entry points, data decides; what keeps none and answers more than this share of its
/// own entry points from the data of others is then a front of theirs and no service.
const IN_FRONT_OF_DATA: f64 = 0.75;
const FACADE: f64 = 0.5;
/// Groups that fit the bits of [`Reach`].
const MOST: usize = 128;

/// An entry point, and the groups whose code and whose stores it reaches, a bit each.
struct Reach {
    home: Option<u32>,
    code: u128,
    stores: u128,
}

impl Work<'_> {
    /// Joins front and back until each group is a whole.
    pub(super) fn join_halves(&mut self) {
        let (_, symbols, stores) = self.sizes();
        let alive: Vec<u32> =
            (0..self.groups as u32).filter(|it| symbols[*it as usize] + stores[*it as usize] > 0).collect();
        if alive.len() > MOST {
            return;
        }
        let mut reach = self.reach(&alive);
        let least = (self.sources.settings.services.min as usize).max(1);
        let mut left = alive.len();
        while left > least
            && let Some((half, whole)) = self.half(&alive, &reach)
        {
            self.join(half, whole);
            left -= 1;
            let bit = |group: u32| alive.iter().position(|it| *it == group).map_or(0, |it| 1_u128 << it);
            for it in &mut reach {
                if it.home == Some(half) {
                    it.home = Some(whole);
                }
                for bits in [&mut it.code, &mut it.stores] {
                    if *bits & bit(half) != 0 {
                        *bits = (*bits & !bit(half)) | bit(whole);
                    }
                }
            }
        }
    }

    /// Data of several services behind one layer: where a group without entry points has stores that the entry points of
    /// different groups work on, each unit goes with the group whose entry points reach it. Left whole where one unit that
    /// works on the data is asked evenly.
    pub(super) fn divide_backs(&mut self) {
        let protected = self.protected();
        let ((functions, ..), kept, starting) = (self.sizes(), self.kept_stores(), self.starting());
        for group in (0..self.groups as u32).filter(|it| !protected.contains(it)) {
            let number = group as usize;
            if kept[number] < 2 || starting[number] as f64 >= STARTING * functions[number] as f64 {
                continue;
            }
            let units: Vec<Vec<SymbolId>> =
                self.movable().into_iter().filter(|it| it.0 == group).map(|it| it.1).collect();
            if !(2..=MOST).contains(&units.len()) {
                continue;
            }
            let homes = self.homes(group, &units);
            let working = self.working_on(group);
            let works = |unit: &[SymbolId]| unit.iter().any(|it| working.contains(it));
            let data: Vec<Option<u32>> = units.iter().zip(&homes).filter(|it| works(it.0)).map(|it| *it.1).collect();
            let distinct: BTreeSet<u32> = data.iter().flatten().copied().collect();
            if data.contains(&None) || distinct.len() < 2 || distinct.contains(&group) {
                continue;
            }
            for (unit, home) in units.iter().zip(&homes) {
                if let Some(home) = home.filter(|it| distinct.contains(it)) {
                    self.move_to(unit, home);
                }
            }
            for (unit, _) in units.iter().zip(&homes).filter(|it| it.1.is_none_or(|it| !distinct.contains(&it))) {
                let mut ties = self.ties(unit);
                ties.retain(|it, _| distinct.contains(it));
                if let Some((home, _)) = heaviest(&ties) {
                    self.move_to(unit, home);
                }
            }
        }
    }

    /// The group whose entry points clearly reach each of a group's units; nothing where the group has entry points of its
    /// own.
    fn homes(&self, group: u32, units: &[Vec<SymbolId>]) -> Vec<Option<u32>> {
        let graph = self.sources.graph;
        let mut code = vec![0_u128; graph.symbols.len()];
        for (at, unit) in units.iter().enumerate() {
            for id in unit {
                code[id.index()] = 1 << at;
            }
        }
        let reach = self.passed_on(code, vec![0; graph.symbols.len()], |_, _| true);
        let reaching = reach.iter().filter(|it| it.code != 0).count() as f64;
        if reach.iter().filter(|it| it.home == Some(group)).count() as f64 > STRAY * reaching {
            return vec![None; units.len()];
        }
        let home = |at: usize| asking(1 << at, &reach).filter(Asking::is_clear).map(|it| it.home);
        (0..units.len()).map(home).collect()
    }

    /// What works on stores of a group.
    fn working_on(&self, group: u32) -> BTreeSet<SymbolId> {
        let of_group = |access: &&Access| self.stores[access.store.index()] == Some(group);
        self.sources.graph.accesses.iter().filter(of_group).filter(|it| self.works(it)).map(|it| it.symbol).collect()
    }

    /// What keeps no data and mostly answers from the data of others goes apart, each unit where its evidence is: where its own
    /// code works on data with which the owners do clearly more, or where data decides.
    pub(super) fn scatter_facades(&mut self) {
        let (protected, kept) = (self.protected(), self.kept_stores());
        let alive: Vec<u32> = (0..self.groups as u32).filter(|it| self.lives(*it)).collect();
        if alive.len() > MOST || kept.iter().filter(|it| **it > 0).count() < 2 {
            return;
        }
        let reach = self.reach(&alive);
        let homes = reach.iter().filter_map(|it| it.home);
        let with_data = homes.clone().filter(|it| kept[*it as usize] > 0).count();
        let is_decided = with_data as f64 >= IN_FRONT_OF_DATA * homes.count() as f64;
        let is_facade = |group: u32, reach: &[Reach]| {
            let own = reach.iter().filter(|it| it.home == Some(group));
            let (all, working) = own.fold((0, 0), |(all, working), it| (all + 1, working + u32::from(it.stores != 0)));
            f64::from(working) > FACADE * f64::from(all)
        };
        let by_hand = self.reach_by_hand(&alive);
        let outdone = self.outdone();
        let loose: BTreeSet<u32> = alive
            .iter()
            .copied()
            .filter(|it| kept[*it as usize] == 0 && !protected.contains(it))
            .filter(|it| outdone[*it as usize] && is_facade(*it, &by_hand) || is_decided && is_facade(*it, &reach))
            .collect();
        self.scatter(&loose);
    }

    /// Groups that work on stores with which, all together, the owners do clearly more.
    fn outdone(&self) -> Vec<bool> {
        let graph = self.sources.graph;
        let mut sites: Vec<BTreeMap<u32, f64>> = vec![BTreeMap::new(); graph.stores.len()];
        for access in graph.accesses.iter().filter(|it| self.works(it)) {
            if let Some(group) = self.group(access.symbol) {
                *sites[access.store.index()].entry(group).or_insert(0.0) += 1.0;
            }
        }
        let (mut own, mut owners) = (vec![0.0; self.groups], vec![0.0; self.groups]);
        for (sites, owner) in sites.iter().zip(&self.stores) {
            let of_owner = owner.and_then(|it| sites.get(&it)).copied().unwrap_or(0.0);
            for (group, count) in sites {
                own[*group as usize] += count;
                owners[*group as usize] += of_owner;
            }
        }
        own.iter().zip(owners).map(|(own, owners)| owners >= CLEARLY * own).collect()
    }

    /// Definitions that others work with, and that nobody's entry points lead to for certain, go where each is named.
    pub(super) fn scatter_hollow(&mut self) {
        let protected = self.protected();
        let entries: BTreeSet<u32> = self.entries().into_iter().filter_map(|it| self.group(it)).collect();
        let hollow = self.hollow();
        let loose: BTreeSet<u32> = (0..self.groups as u32)
            .filter(|it| hollow[*it as usize] && !protected.contains(it) && !entries.contains(it))
            .collect();
        self.scatter(&loose);
    }

    /// A group that is half of another, and that other one.
    fn half(&self, alive: &[u32], reach: &[Reach]) -> Option<(u32, u32)> {
        let protected = self.protected();
        let (functions, _, _) = self.sizes();
        let (kept, hollow, starting) = (self.kept_stores(), self.hollow(), self.starting());
        let hosts = self.hosts();
        alive.iter().enumerate().find_map(|(at, &group)| {
            let number = group as usize;
            if protected.contains(&group) || functions[number] == 0 {
                return None;
            }
            let entries = reach.iter().filter(|it| it.home == Some(group)).count() as f64;
            let back = || {
                let idle = (starting[number] as f64) < STARTING * functions[number] as f64;
                let asked = asking(1_u128 << at, reach).filter(|_| kept[number] > 0 && idle);
                asked.filter(|it| it.is_clear() && entries <= STRAY * it.all).map(|it| it.home)
            };
            let home = if entries > 0.0 {
                // With more code than the owner of the data it is a program of its own.
                let fits = |it: &u32| kept[number] == 0 && functions[number] <= functions[*it as usize];
                front(group, alive, reach).filter(fits).or_else(back)
            } else if hollow[number] {
                asking(1_u128 << at, reach).and_then(|it| (it.most >= CLEARLY * it.next).then_some(it.home))
            } else {
                back()
            };
            let host = || hosts.get(&group).copied().filter(|_| kept[number] == 0);
            home.or_else(host).filter(|it| *it != group).map(|it| (group, it))
        })
    }

    /// Whose rows the code of a group writes with its own hands, where that is one owner by [`FRONT`]: whatever else they are,
    /// two programs that write the same tables share a database.
    fn hosts(&self) -> BTreeMap<u32, u32> {
        let graph = self.sources.graph;
        let mut written: BTreeMap<u32, BTreeMap<u32, f64>> = BTreeMap::new();
        for access in graph.accesses.iter().filter(|it| it.operation.effect() == Effect::Write && self.works(it)) {
            if let (Some(group), Some(owner)) = (self.group(access.symbol), self.stores[access.store.index()]) {
                *written.entry(group).or_default().entry(owner).or_insert(0.0) += 1.0;
            }
        }
        let clear = |owners: &BTreeMap<u32, f64>| {
            let all: f64 = owners.values().sum();
            heaviest(owners).filter(|it| it.1 >= FRONT * all && it.1 >= WRITES).map(|it| it.0)
        };
        written.iter().filter_map(|(group, owners)| clear(owners).map(|it| (*group, it))).collect()
    }

    /// Functions of each group that start by themselves and come to some data. What a library calls on the instances of a
    /// mapped type starts nothing.
    fn starting(&self) -> Vec<usize> {
        let graph = self.sources.graph;
        let entities: BTreeSet<SymbolId> = graph.stores.iter().flat_map(|it| &it.entities).copied().collect();
        let mut res = vec![0; self.groups];
        for id in self.sources.signals.functionalities.iter().map(|it| SymbolId(it.entry)) {
            let of_entity = graph.symbol(id).parent.is_some_and(|it| entities.contains(&it));
            if let Some(group) = self.group(id).filter(|_| !of_entity) {
                res[group as usize] += 1;
            }
        }
        res
    }

    /// Groups that hold the definitions of stores which others work with.
    fn hollow(&self) -> Vec<bool> {
        let graph = self.sources.graph;
        let (mut own, mut all) = (vec![0_usize; self.groups], vec![0_usize; self.groups]);
        let told = |it: &&Access| it.operation != Operation::Ddl && it.confidence > Confidence::Guess;
        for access in graph.accesses.iter().filter(told) {
            if is_placed(graph.symbol(access.symbol).role)
                && let Some(owner) = self.stores[access.store.index()]
            {
                all[owner as usize] += 1;
                own[owner as usize] += usize::from(self.group(access.symbol) == Some(owner));
            }
        }
        own.iter().zip(all).map(|(own, all)| all > 0 && (*own as f64) < HOLLOW * all as f64).collect()
    }

    /// The groups that each endpoint and consumer reaches through calls.
    fn reach(&self, alive: &[u32]) -> Vec<Reach> {
        let (code, stores) = self.bits(alive);
        self.passed_on(code, stores, |_, _| true)
    }

    /// The same through calls that stay in a group or lead to code of none: what it does itself, asking no other.
    fn reach_by_hand(&self, alive: &[u32]) -> Vec<Reach> {
        let (code, stores) = self.bits(alive);
        self.passed_on(code, stores, |from, to| self.group(to).is_none_or(|it| self.group(from) == Some(it)))
    }

    /// The group that each symbol is in, and those whose stores it works on, a bit each.
    fn bits(&self, alive: &[u32]) -> (Vec<u128>, Vec<u128>) {
        let graph = self.sources.graph;
        let mut number: BTreeMap<u32, u128> = BTreeMap::new();
        number.extend(alive.iter().enumerate().map(|(at, group)| (*group, 1 << at)));
        let bit = |group: Option<u32>| group.and_then(|it| number.get(&it)).copied().unwrap_or(0);
        let code: Vec<u128> = graph.symbol_ids().map(|it| bit(self.group(it))).collect();
        let mut stores = vec![0_u128; graph.symbols.len()];
        for access in graph.accesses.iter().filter(|it| self.works(it)) {
            stores[access.symbol.index()] |= bit(self.stores[access.store.index()]);
        }
        (code, stores)
    }

    /// Whether an access works on rows, in code of the product, and is more than a guess.
    fn works(&self, access: &Access) -> bool {
        let role = self.sources.graph.symbol(access.symbol).role;
        access.operation != Operation::Ddl && access.confidence > Confidence::Guess && is_placed(role)
    }

    /// What each endpoint and consumer reaches through calls, from what each symbol is and touches itself.
    /// Calls that `follows` refuses are left out.
    fn passed_on(
        &self,
        mut code: Vec<u128>,
        mut stores: Vec<u128>,
        follows: impl Fn(SymbolId, SymbolId) -> bool,
    ) -> Vec<Reach> {
        let graph = self.sources.graph;
        let placed = |id: SymbolId| is_placed(graph.symbol(id).role);
        let mut callers: Vec<Vec<u32>> = vec![Vec::new(); graph.symbols.len()];
        for call in graph.calls.iter().filter(|it| it.confidence > Confidence::Guess && it.from != it.to) {
            if placed(call.from) && placed(call.to) && follows(call.from, call.to) {
                callers[call.to.index()].push(call.from.0);
            }
        }
        // Each group a function reaches is passed on to its callers until nothing changes.
        let mut open: Vec<u32> =
            (0..graph.symbols.len() as u32).filter(|it| !callers[*it as usize].is_empty()).collect();
        while let Some(at) = open.pop() {
            let (own_code, own_stores) = (code[at as usize], stores[at as usize]);
            for caller in &callers[at as usize] {
                let caller_at = *caller as usize;
                if own_code & !code[caller_at] != 0 || own_stores & !stores[caller_at] != 0 {
                    code[caller_at] |= own_code;
                    stores[caller_at] |= own_stores;
                    open.push(*caller);
                }
            }
        }
        self.entries()
            .into_iter()
            .map(|it| Reach { home: self.group(it), code: code[it.index()], stores: stores[it.index()] })
            .collect()
    }
}

/// Whose entry points reach a group: how many of the group that has most, of the next one, and of all.
struct Asking {
    home: u32,
    most: f64,
    next: f64,
    all: f64,
}

impl Asking {
    fn is_clear(&self) -> bool {
        self.most >= BACK * self.all && self.most >= BACK_CLEARLY * self.next
    }
}

fn asking(bit: u128, reach: &[Reach]) -> Option<Asking> {
    let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
    let mut all = 0.0;
    for it in reach.iter().filter(|it| (it.code | it.stores) & bit != 0) {
        all += 1.0;
        if let Some(home) = it.home {
            *sums.entry(home).or_insert(0.0) += 1.0;
        }
    }
    let (home, most) = heaviest(&sums)?;
    sums.remove(&home);
    Some(Asking { home, most, next: heaviest(&sums).map_or(0.0, |it| it.1), all })
}

/// The group whose data the entry points of a group without any work on.
fn front(group: u32, alive: &[u32], reach: &[Reach]) -> Option<u32> {
    let own: Vec<u128> = reach.iter().filter(|it| it.home == Some(group)).map(|it| it.stores).collect();
    let working: Vec<u128> = own.iter().copied().filter(|it| *it != 0).collect();
    if (working.len() as f64) < WORKING * own.len() as f64 {
        return None;
    }
    let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
    for bits in &working {
        for (_, owner) in alive.iter().enumerate().filter(|it| bits & (1_u128 << it.0) != 0) {
            *sums.entry(*owner).or_insert(0.0) += 1.0 / f64::from(bits.count_ones());
        }
    }
    heaviest(&sums).filter(|it| it.1 >= FRONT * working.len() as f64).map(|it| it.0)
}
