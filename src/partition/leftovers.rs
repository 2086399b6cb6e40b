//! What clustering leaves over: tools that serve nobody, types that follow their users, code that only its folder places.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::graph::{Store, StoreKind, SymbolId, SymbolKind};
use crate::model::source::Role;
use crate::model::sql::Effect;
use crate::model::wording::last_part;
use crate::partition::coupling::folder;
use crate::partition::draft::{Reason, Slot, heaviest};
use crate::partition::followers;
use crate::partition::groups::Work;
use crate::partition::layers::{HUB_SPREAD, Layer, WIRING_SHARE, is_main};
use crate::partition::merging::TINY;
use crate::partition::signals::is_placed;
use crate::partition::units::UnitKind;

/// A folder with this share of the functions says nothing about what stands in it.
const LARGE: f64 = 0.5;

/// Where groups with data of their own hold this share of the code, data decides what a service is.
const DATA_SHARE: f64 = 0.25;
/// So it does where groups with data have this share of the entry points.
const FRONT_SHARE: f64 = 0.8;
/// A group serves when its endpoints and consumers work with this share of its functions.
const SERVING: f64 = 0.25;
/// Share of the users that makes a service the home of a library.
const HOME: f64 = 0.6;

/// Share of its users in one service that makes a hub of earlier rounds, or a library beside declared services, a part of it.
const RECALL: f64 = 0.9;
/// Ties to others below this share of the ties inside are chance.
const STRAY: f64 = 0.05;

impl Work<'_> {
    /// Where data decides, a group that keeps no data and serves nobody is a library, however large: it goes with the
    /// service that most of its users are in, else into the shared kernel. One that is tied to nobody is a script.
    pub(super) fn drop_tools(&mut self) {
        let (_, symbols, stores) = self.sizes();
        let (kept, serves, ties) = (self.kept_stores(), self.serving(), self.group_ties());
        let entries = self.entry_points();
        let inside = |it: usize| ties.get(&(it as u32, it as u32)).copied().unwrap_or(0.0);
        let across = |it: usize| -> f64 {
            let own = it as u32;
            ties.iter().filter(|((a, b), _)| a != b && (*a == own || *b == own)).map(|it| it.1).sum()
        };
        let with_data: Vec<usize> = (0..self.groups).filter(|it| kept[*it] > 0).collect();
        let all: usize = symbols.iter().sum();
        let owned: usize = with_data.iter().map(|it| symbols[*it]).sum();
        let fronts: usize = with_data.iter().map(|it| entries[*it]).sum();
        let in_front_of_data = fronts > 0 && fronts as f64 >= FRONT_SHARE * entries.iter().sum::<usize>() as f64;
        // Beside services that somebody declared, only data or entry points make one more.
        let is_declared = !self.sources.pins.services.is_empty();
        let from_data =
            with_data.len() > 1 && owned as f64 >= DATA_SHARE * all as f64 || in_front_of_data || is_declared;
        let others = (0..self.groups).any(|it| stores[it] > 0 || serves[it]);
        let protected = self.protected();
        let apart = |it: usize| across(it) <= STRAY * inside(it);
        let mut idle: BTreeSet<u32> = (0..self.groups)
            .filter(|it| symbols[*it] > 0 && others && !serves[*it] && !protected.contains(&(*it as u32)))
            .filter(|it| if from_data { kept[*it] == 0 } else { stores[*it] == 0 && apart(*it) })
            .map(|it| it as u32)
            .collect();
        for group in idle.clone().into_iter().filter(|it| apart(*it as usize)) {
            idle.remove(&group);
            self.dissolve(group);
        }
        let wiring: Vec<u32> = idle.iter().copied().filter(|it| self.wires(*it)).collect();
        for group in wiring {
            idle.remove(&group);
            self.put(group, Slot::EdgeLayer, Layer::Wiring);
        }
        let programs = self.programs();
        // Where services are declared, a library that two of them use is neither's.
        let enough = if is_declared { RECALL } else { HOME };
        // A library of a library goes where that goes; small ones come first.
        let mut by_size: Vec<u32> = idle.iter().copied().collect();
        by_size.sort_by_key(|it| (symbols[*it as usize], *it));
        let mut taken = vec![0_usize; self.groups];
        while let Some((group, home)) = by_size
            .iter()
            .filter(|it| idle.contains(it))
            .find_map(|it| Some((*it, self.home_of_users(*it, &idle, enough)?)))
        {
            idle.remove(&group);
            let size = symbols[group as usize];
            match home {
                // What more than doubles its home is no library of that: with entry points or a start of its own it is a
                // program.
                Slot::Group(it) if taken[it as usize] + size > symbols[it as usize] => {
                    if entries[group as usize] <= TINY && !programs.contains(&group) {
                        self.share(group);
                    }
                }
                Slot::Group(target) => {
                    taken[target as usize] += size;
                    self.join(group, target);
                }
                _ => self.share(group),
            }
        }
        for group in idle.clone() {
            let mut pulls: BTreeMap<u32, f64> = BTreeMap::new();
            for ((a, b), weight) in &ties {
                for (own, other) in [(a, b), (b, a)] {
                    if *own == group && !idle.contains(other) {
                        *pulls.entry(*other).or_insert(0.0) += weight;
                    }
                }
            }
            let all: f64 = pulls.values().sum();
            match heaviest(&pulls).filter(|it| it.1 >= enough * all && self.lives(it.0)) {
                Some((target, _)) => self.join(group, target),
                None => self.share(group),
            }
        }
    }

    /// A file that was set aside as a hub, and that by now one service alone uses, belongs to that service.
    pub(super) fn recall_hubs(&mut self) {
        let units = self.sources.units;
        for unit in 0..units.len() {
            let members = &units.members[unit];
            let hub = |it: &SymbolId| {
                self.slots[it.index()] == Some(Slot::SharedKernel)
                    && self.reasons[it.index()] == Reason::Layer(Layer::Hub)
            };
            if units.kinds[unit] != UnitKind::File || units.pins[unit].is_some() || !members.iter().any(hub) {
                continue;
            }
            let users: BTreeSet<SymbolId> =
                members.iter().flat_map(|it| self.sources.usage.users_of(*it)).copied().collect();
            let mut counts: BTreeMap<u32, f64> = BTreeMap::new();
            for group in users.iter().filter_map(|it| self.group(*it)) {
                *counts.entry(group).or_insert(0.0) += 1.0;
            }
            let all: f64 = counts.values().sum();
            if let Some((home, _)) = heaviest(&counts).filter(|it| it.1 >= RECALL * all) {
                for id in members.iter().filter(|it| hub(it)).copied().collect::<Vec<_>>() {
                    self.slots[id.index()] = Some(Slot::Group(home));
                    self.reasons[id.index()] = Reason::Coupled;
                }
            }
        }
    }

    pub(super) fn lives(&self, group: u32) -> bool {
        self.slots.contains(&Some(Slot::Group(group)))
    }

    /// Stores of each group that hold rows of the system's own: what is only cached, passed on or read elsewhere is none.
    pub(super) fn kept_stores(&self) -> Vec<usize> {
        let graph = self.sources.graph;
        // A table that one function creates, fills and reads again is a means, as a temporary file is.
        let migrated = |it: &Store| it.defined_at.iter().any(|it| graph.file(it.file).role == Role::Migration);
        let mut own: Vec<bool> = graph.stores.iter().map(|it| !it.entities.is_empty() || migrated(it)).collect();
        for (access, seeds) in graph.accesses.iter().zip(&self.sources.signals.seeds) {
            own[access.store.index()] |= access.operation.effect() == Effect::Write && !seeds;
        }
        let mut res = vec![0; self.groups];
        for (at, group) in self.stores.iter().enumerate() {
            if let Some(group) = group {
                let rows = !matches!(graph.stores[at].kind, StoreKind::Cache | StoreKind::Topic);
                res[*group as usize] += usize::from(rows && own[at]);
            }
        }
        res
    }

    /// Share of each group's functions that work for its own endpoints and consumers.
    fn served(&self) -> Vec<f64> {
        let graph = self.sources.graph;
        let mut open: Vec<SymbolId> = self.serving_starts().filter(|it| self.group(*it).is_some()).collect();
        let mut reached: BTreeSet<SymbolId> = open.iter().copied().collect();
        let mut callees: BTreeMap<SymbolId, Vec<SymbolId>> = BTreeMap::new();
        for call in graph.calls.iter().filter(|it| self.group(it.from) == self.group(it.to)) {
            callees.entry(call.from).or_default().push(call.to);
        }
        while let Some(at) = open.pop() {
            for to in callees.get(&at).into_iter().flatten() {
                if reached.insert(*to) {
                    open.push(*to);
                }
            }
        }
        let (mut served, mut all) = (vec![0_usize; self.groups], vec![0_usize; self.groups]);
        for id in &self.functions {
            if let Some(group) = self.group(*id) {
                all[group as usize] += 1;
                served[group as usize] += usize::from(reached.contains(id));
            }
        }
        served.iter().zip(all).map(|(served, all)| *served as f64 / all.max(1) as f64).collect()
    }

    /// Whether the endpoints and consumers of each group are what its code is for: a good part of it works for them. A
    /// library with an endpoint beside it does not serve.
    fn serving(&self) -> Vec<bool> {
        let graph = self.sources.graph;
        let mut res: Vec<bool> = self.served().into_iter().map(|it| it >= SERVING).collect();
        // A program of its own that works with a queue or a cache is a worker.
        let (_, _, stores) = self.sizes();
        for main in graph.symbol_ids().filter(|it| is_placed(graph.symbol(*it).role) && is_main(graph.symbol(*it))) {
            let groups = self.started_by(main);
            if let (Some((group, _)), 1) = (groups.first_key_value(), groups.len()) {
                res[*group as usize] |= stores[*group as usize] > 0;
            }
        }
        res
    }

    /// Groups that most of what a start of its own reaches is in.
    fn programs(&self) -> BTreeSet<u32> {
        let graph = self.sources.graph;
        let starts = graph.symbol_ids().filter(|it| is_placed(graph.symbol(*it).role) && is_main(graph.symbol(*it)));
        let most = |main: SymbolId| {
            let started = self.started_by(main);
            let all: usize = started.values().sum();
            started.into_iter().find(|it| 2 * it.1 > all).map(|it| it.0)
        };
        starts.filter_map(most).collect()
    }

    /// Groups that code reached from a function by calls is in, and how much of it.
    fn started_by(&self, from: SymbolId) -> BTreeMap<u32, usize> {
        let calls = &self.sources.graph.calls;
        let mut open = vec![from];
        let mut reached = BTreeSet::from([from]);
        while let Some(at) = open.pop() {
            let first = calls.partition_point(|it| it.from < at);
            for call in calls[first..].iter().take_while(|it| it.from == at) {
                if reached.insert(call.to) {
                    open.push(call.to);
                }
            }
        }
        let mut res = BTreeMap::new();
        for group in reached.into_iter().filter_map(|it| self.group(it)) {
            *res.entry(group).or_insert(0) += 1;
        }
        res
    }

    /// Evidence between each pair of groups, the lower number first, and inside each.
    fn group_ties(&self) -> BTreeMap<(u32, u32), f64> {
        let mut res = BTreeMap::new();
        for (a, b, weight) in self.sources.evidence.graph.edges() {
            if let (Some(a), Some(b)) = (self.group_of(a), self.group_of(b)) {
                *res.entry((a.min(b), a.max(b))).or_insert(0.0) += weight;
            }
        }
        res
    }

    /// The group that so large a share of a group's users is in, else the shared kernel; nothing where only idle groups use it.
    fn home_of_users(&self, group: u32, idle: &BTreeSet<u32>, share: f64) -> Option<Slot> {
        let mut users: BTreeSet<SymbolId> = BTreeSet::new();
        for (at, slot) in self.slots.iter().enumerate() {
            if *slot == Some(Slot::Group(group)) {
                users.extend(self.sources.usage.users_of(SymbolId(at as u32)));
            }
        }
        let mut counts: BTreeMap<u32, f64> = BTreeMap::new();
        for user in users.into_iter().filter_map(|it| self.group(it)) {
            if user != group && !idle.contains(&user) {
                *counts.entry(user).or_insert(0.0) += 1.0;
            }
        }
        let all: f64 = counts.values().sum();
        let (target, most) = heaviest(&counts)?;
        Some(if most >= share * all { Slot::Group(target) } else { Slot::SharedKernel })
    }

    /// Whether a group puts others together: it uses several, none for more than half, and more of them than use it.
    fn wires(&self, group: u32) -> bool {
        let usage = self.sources.usage;
        let (mut used, mut users) = (BTreeMap::new(), 0.0);
        for at in (0..self.slots.len()).filter(|it| self.slots[*it] == Some(Slot::Group(group))) {
            let id = SymbolId(at as u32);
            for other in usage.used_by(id).iter().filter_map(|it| self.group(*it)).filter(|it| *it != group) {
                *used.entry(other).or_insert(0.0) += 1.0;
            }
            users +=
                usage.users_of(id).iter().filter(|it| self.group(**it).is_some_and(|it| it != group)).count() as f64;
        }
        let all: f64 = used.values().sum();
        used.len() >= HUB_SPREAD && all > users && heaviest(&used).is_some_and(|it| it.1 <= WIRING_SHARE * all)
    }

    /// Puts a group into the shared kernel; its endpoints stay in front.
    fn share(&mut self, group: u32) {
        for at in 0..self.slots.len() {
            if self.slots[at] == Some(Slot::Group(group)) && self.sources.usage.is_handler[at] {
                self.slots[at] = Some(Slot::EdgeLayer);
                self.reasons[at] = Reason::Layer(Layer::Start);
            }
        }
        self.put(group, Slot::SharedKernel, Layer::Library);
    }

    /// Puts a group's code into a layer; its stores are nobody's.
    fn put(&mut self, group: u32, slot: Slot, layer: Layer) {
        for at in 0..self.slots.len() {
            if self.slots[at] == Some(Slot::Group(group)) {
                self.slots[at] = Some(slot);
                self.reasons[at] = Reason::Layer(layer);
            }
        }
        for store in self.stores.iter_mut().filter(|it| **it == Some(group)) {
            *store = None;
        }
    }

    /// What nothing connects goes with the nearest folder around it, when most of that is in one group.
    pub(super) fn follow_folders(&mut self) {
        let graph = self.sources.graph;
        let mut counts: BTreeMap<&str, BTreeMap<u32, f64>> = BTreeMap::new();
        for id in &self.functions {
            let Some(group) = self.group(*id) else { continue };
            let mut at = folder(&graph.file(graph.symbol(*id).file).path);
            while !at.is_empty() {
                *counts.entry(at).or_default().entry(group).or_insert(0.0) += 1.0;
                at = folder(at);
            }
        }
        let all = self.functions.len() as f64;
        let mut homes: BTreeMap<u32, Option<u32>> = BTreeMap::new();
        for id in graph.symbol_ids().filter(|it| is_placed(graph.symbol(*it).role)) {
            let symbol = graph.symbol(id);
            let free = self.slots[id.index()].is_none() && self.reasons[id.index()] == Reason::Unconnected;
            if !free || symbol.kind == SymbolKind::Module || self.sources.usage.is_handler[id.index()] {
                continue;
            }
            let home = *homes.entry(symbol.file.0).or_insert_with(|| {
                let mut at = folder(&graph.file(symbol.file).path);
                while !at.is_empty() {
                    if let Some(groups) = counts.get(at) {
                        let sum: f64 = groups.values().sum();
                        return heaviest(groups).filter(|it| it.1 > sum / 2.0 && sum < LARGE * all).map(|it| it.0);
                    }
                    at = folder(at);
                }
                None
            });
            if let Some(group) = home {
                self.slots[id.index()] = Some(Slot::Group(group));
                self.reasons[id.index()] = Reason::Surroundings;
            }
        }
    }

    /// Types, constants and variables go to whoever uses them.
    pub(super) fn follow_users(&mut self) {
        for (members, home) in followers::homes(self.sources, &self.slots) {
            for id in members {
                self.slots[id.index()] = Some(home);
                self.reasons[id.index()] =
                    if home == Slot::SharedKernel { Reason::Layer(Layer::Hub) } else { Reason::Coupled };
            }
        }
    }
    /// Module-level code goes with half of its file or more, else it is wiring; so does what is connected to nothing.
    pub(super) fn place_wiring(&mut self) {
        let graph = self.sources.graph;
        let mut members: BTreeMap<u32, Vec<SymbolId>> = BTreeMap::new();
        for id in graph.symbol_ids().filter(|it| is_placed(graph.symbol(*it).role)) {
            members.entry(graph.symbol(id).file.0).or_default().push(id);
        }
        let routes: BTreeSet<u32> = graph.endpoints.iter().map(|it| it.evidence.file.0).collect();
        for (file, members) in members {
            let code: Vec<SymbolId> =
                members.iter().copied().filter(|it| graph.symbol(*it).kind != SymbolKind::Module).collect();
            let mut counts: BTreeMap<Slot, usize> = BTreeMap::new();
            for slot in code.iter().filter_map(|it| self.slots[it.index()]) {
                *counts.entry(slot).or_insert(0) += 1;
            }
            let most = counts.iter().max_by_key(|it| (*it.1, std::cmp::Reverse(*it.0)));
            let major = most.filter(|it| *it.1 * 2 >= code.len()).map(|it| *it.0);
            let starts = code.iter().any(|it| last_part(&graph.symbol(*it).name) == "main");
            let wiring = if routes.contains(&file) || starts { Slot::EdgeLayer } else { Slot::SharedKernel };
            for id in members {
                let at = id.index();
                if self.reasons[at] == Reason::Pinned || self.slots[at].is_some() {
                    continue;
                }
                if graph.symbol(id).kind == SymbolKind::Module {
                    self.slots[at] = Some(major.unwrap_or(wiring));
                    self.reasons[at] =
                        if major.is_some() { Reason::Surroundings } else { Reason::Layer(Layer::Wiring) };
                } else if self.sources.usage.is_handler[at] {
                    // An endpoint that touches nothing: health and the like.
                    self.slots[at] = Some(Slot::EdgeLayer);
                    self.reasons[at] = Reason::Layer(Layer::Start);
                } else if let Some(major) = major {
                    self.slots[at] = Some(major);
                    self.reasons[at] = Reason::Surroundings;
                }
            }
        }
    }
}
