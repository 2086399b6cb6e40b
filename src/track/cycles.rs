//! Circles: services that depend on each other, and modules that do.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::measure::packages;
use crate::model::graph::{Confidence, Evidence, ModuleId, SystemGraph};
use crate::model::partition::Partition;
use crate::model::source::Role;
use crate::track::findings::{Collector, Found, Raw, Term, spot};
use crate::track::identity::Identity;

/// Dependencies between services that lie on a circle, sorted by key.
pub fn service_cycles(graph: &SystemGraph, partition: &Partition, names: &Identity) -> Vec<Found> {
    let mut sites: BTreeMap<(u32, u32), Vec<Evidence>> = BTreeMap::new();
    let mut add = |from: Option<_>, to: Option<_>, evidence: Evidence| {
        if let (Some(from), Some(to)) = (from, to)
            && from != to
        {
            sites.entry((from, to)).or_default().push(evidence);
        }
    };
    let symbol = |it| partition.symbol(it).service().map(|it| it.0);
    let store = |it| partition.store(it).service().map(|it| it.0);
    for call in graph.calls.iter().filter(|it| it.confidence > Confidence::Guess) {
        add(symbol(call.from), symbol(call.to), call.evidence);
    }
    for access in graph.counted_accesses() {
        add(symbol(access.symbol), store(access.store), access.evidence);
    }
    for id in graph.store_ids() {
        for key in &graph.store(id).foreign_keys {
            add(store(id), store(key.store), key.evidence);
        }
    }
    let edges: Vec<(u32, u32)> = sites.keys().copied().collect();
    let mut found = Collector::new(graph, names);
    let name = |it: u32| partition.services[it as usize].name.clone();
    for circle in packages::cycles(partition.services.len(), &edges) {
        let members: Vec<String> = circle.iter().map(|it| name(*it)).collect();
        for (edge, evidence) in &sites {
            let (from, to) = *edge;
            if !circle.contains(&from) || !circle.contains(&to) {
                continue;
            }
            for evidence in evidence {
                found.add(Raw {
                    rule: "service-cycle",
                    source: Term::Words(name(from)),
                    target: Term::Words(name(to)),
                    object: Term::Nothing,
                    message: format!(
                        "{} depends on {}, which leads back to it ({})",
                        name(from),
                        name(to),
                        members.join(", ")
                    ),
                    site: Some(*evidence),
                    path: Vec::new(),
                    services: vec![name(from), name(to)],
                });
            }
        }
    }
    found.finish()
}

/// Production modules that lie on a circle of imports, sorted by key. A module and those nested in it do not count as a
/// circle: they are one unit in most languages.
pub fn module_cycles(graph: &SystemGraph, names: &Identity) -> Vec<Found> {
    let mut sites: BTreeMap<(u32, u32), Evidence> = BTreeMap::new();
    for (import, to) in graph.internal_imports() {
        if import.from != to
            && graph.module(import.from).role == Role::Production
            && graph.module(to).role == Role::Production
            && !nested(&graph.module(import.from).name, &graph.module(to).name)
        {
            sites.entry((import.from.0, to.0)).or_insert(import.evidence);
        }
    }
    let edges: Vec<(u32, u32)> = sites.keys().copied().collect();
    let mut found = Collector::new(graph, names);
    for circle in packages::cycles(graph.modules.len(), &edges) {
        let members: BTreeSet<u32> = circle.iter().copied().collect();
        for &module in &circle {
            let way = shortest(module, &members, &edges);
            let steps: Vec<&str> = way.iter().map(|it| graph.module(ModuleId(*it)).name.as_str()).collect();
            let path: Vec<_> = way
                .windows(2)
                .filter_map(|step| {
                    let evidence = sites.get(&(step[0], step[1]))?;
                    Some(spot(graph, *evidence, format!("imports {}", graph.module(ModuleId(step[1])).name)))
                })
                .collect();
            let first = way.get(1).and_then(|next| sites.get(&(module, *next))).copied();
            found.add(Raw {
                rule: "module-cycle",
                source: Term::Module(ModuleId(module)),
                target: Term::Nothing,
                object: Term::Nothing,
                message: format!("{} modules depend on each other in a circle: {}", circle.len(), steps.join(" → ")),
                site: first,
                path,
                services: Vec::new(),
            });
        }
    }
    found.finish()
}

fn nested(a: &str, b: &str) -> bool {
    let inside = |outer: &str, inner: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with(['.', ':', '/']) || rest.is_empty())
    };
    inside(a, b) || inside(b, a)
}

/// The shortest circle through a module, which stands at both ends.
fn shortest(start: u32, members: &BTreeSet<u32>, edges: &[(u32, u32)]) -> Vec<u32> {
    let mut before: BTreeMap<u32, u32> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        let from = edges.partition_point(|it| it.0 < at);
        for &(_, to) in edges[from..].iter().take_while(|it| it.0 == at) {
            if to == start {
                let mut way = vec![start, at];
                let mut here = at;
                while here != start {
                    let Some(&earlier) = before.get(&here) else { break };
                    here = earlier;
                    way.push(here);
                }
                way.dedup();
                way.reverse();
                return way;
            }
            if members.contains(&to) && !before.contains_key(&to) {
                before.insert(to, at);
                queue.push_back(to);
            }
        }
    }
    vec![start]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_circle_is_found() {
        let edges = [(0, 1), (1, 2), (1, 3), (2, 0), (3, 2)];
        let members = BTreeSet::from([0, 1, 2, 3]);
        assert_eq!(shortest(0, &members, &edges), [0, 1, 2, 0]);
        assert_eq!(shortest(3, &members, &edges), [3, 2, 0, 1, 3]);
    }

    #[test]
    fn nested_modules_are_one_unit() {
        assert!(nested("a::b", "a::b::c") && nested("a.b", "a") && !nested("a.b", "a.bc"));
    }
}
