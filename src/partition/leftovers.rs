//! What clustering leaves over: tools that serve nobody, types that follow their users, code that only its folder places.

use std::collections::BTreeMap;

use crate::model::graph::SymbolKind;
use crate::partition::coupling::folder;
use crate::partition::draft::{Reason, Slot, Work, heaviest};
use crate::partition::followers;
use crate::partition::layers::Layer;
use crate::partition::signals::is_placed;

/// A folder with this share of the functions says nothing about what stands in it.
const LARGE: f64 = 0.5;

/// Ties to others below this share of the ties inside are chance.
const STRAY: f64 = 0.05;

impl Work<'_> {
    /// A group that has no store, serves nothing and is tied to nobody is a script or a benchmark, where the system has
    /// others that do.
    pub(super) fn drop_tools(&mut self) {
        let graph = self.sources.graph;
        let (_, symbols, stores) = self.sizes();
        let mut serves = vec![false; self.groups];
        let starting = graph.endpoints.iter().map(|it| it.handler).chain(graph.messages.iter().map(|it| it.symbol));
        for group in starting.filter_map(|it| self.group(it)) {
            serves[group as usize] = true;
        }
        let (mut inside, mut across) = (vec![0.0; self.groups], vec![0.0; self.groups]);
        for (a, b, weight) in self.sources.evidence.graph.edges() {
            match (self.group_of(a), self.group_of(b)) {
                (Some(a), Some(b)) if a == b => inside[a as usize] += weight,
                (Some(a), Some(b)) => [a, b].iter().for_each(|it| across[*it as usize] += weight),
                _ => {}
            }
        }
        // Where most code stands with stores, what owns none and serves nobody is a library, however large.
        let (with_stores, all) = (0..self.groups)
            .fold((0, 0), |(own, all), it| (own + if stores[it] > 0 { symbols[it] } else { 0 }, all + symbols[it]));
        let from_data = with_stores * 2 >= all;
        let idle = |it: usize| {
            symbols[it] > 0 && stores[it] == 0 && !serves[it] && (from_data || across[it] <= STRAY * inside[it])
        };
        let others = (0..self.groups).any(|it| stores[it] > 0 || serves[it]);
        let protected = self.protected();
        for group in (0..self.groups).filter(|it| others && idle(*it) && !protected.contains(&(*it as u32))) {
            self.dissolve(group as u32);
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
}
