//! Types, constants and variables without data of their own: they belong to whoever uses them.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::graph::{SymbolId, SymbolKind};
use crate::partition::draft::{Slot, Sources, heaviest};
use crate::partition::units::{UnitKind, outermost};

/// Share of the users that makes a group the home of what they use.
const HOME: f64 = 0.6;
/// Rounds, since a type may be used by a type that moves.
const ROUNDS: usize = 3;

/// Things without a function or a store, each with its members, in units that are no layer: parts of a god object, and
/// of files without any function (shared models, transfer objects).
fn followers(sources: &Sources, slots: &[Option<Slot>]) -> Vec<Vec<SymbolId>> {
    let (units, graph) = (sources.units, sources.graph);
    let passive = |id: &SymbolId| {
        let kind = graph.symbol(*id).kind;
        !matches!(kind, SymbolKind::Function | SymbolKind::Method) && !sources.usage.owns_data(*id)
    };
    let none = BTreeSet::new();
    let mut res = Vec::new();
    for unit in 0..units.len() {
        let members = &units.members[unit];
        let placed = members.iter().all(|it| matches!(slots[it.index()], Some(Slot::Group(_))));
        if units.pins[unit].is_some() || !placed {
            continue;
        }
        match units.kinds[unit] {
            UnitKind::Symbol if members.iter().all(passive) => res.push(members.clone()),
            UnitKind::File if !members.iter().any(|it| graph.symbol(*it).kind == SymbolKind::Function) => {
                let mut parts: BTreeMap<SymbolId, Vec<SymbolId>> = BTreeMap::new();
                for id in members {
                    parts.entry(outermost(graph, *id, &none)).or_default().push(*id);
                }
                res.extend(parts.into_values().filter(|it| it.iter().all(passive)));
            }
            _ => {}
        }
    }
    res
}

/// Where each follower belongs by its users: the group of most of them, else the shared kernel. What nobody in a group
/// uses is left out.
pub(super) fn homes(sources: &Sources, slots: &[Option<Slot>]) -> Vec<(Vec<SymbolId>, Slot)> {
    let followers = followers(sources, slots);
    let mut now = slots.to_vec();
    let mut res = Vec::new();
    for _ in 0..ROUNDS {
        res.clear();
        for members in &followers {
            let users: BTreeSet<SymbolId> =
                members.iter().flat_map(|it| sources.usage.users_of(*it)).copied().collect();
            let mut groups: BTreeMap<u32, f64> = BTreeMap::new();
            for user in users.iter().filter(|it| !members.contains(it)) {
                if let Some(Slot::Group(group)) = now[user.index()] {
                    *groups.entry(group).or_insert(0.0) += 1.0;
                }
            }
            let all: f64 = groups.values().sum();
            let home = match heaviest(&groups) {
                Some((group, most)) if most >= HOME * all => Slot::Group(group),
                Some(_) => Slot::SharedKernel,
                None => continue,
            };
            res.push((members.clone(), home));
        }
        let before = now.clone();
        for (members, home) in &res {
            members.iter().for_each(|it| now[it.index()] = Some(*home));
        }
        if before == now {
            break;
        }
    }
    res
}
