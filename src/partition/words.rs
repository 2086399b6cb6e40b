//! Why something is where it is, in words with figures from the graph.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::graph::{Access, Confidence, SymbolKind, SystemGraph};
use crate::model::sql::{Effect, Operation};
use crate::model::wording;
use crate::partition::confidence::neighbors;
use crate::partition::draft::{Draft, Reason, Slot, Sources, heaviest};
use crate::partition::layers::Layer;
use crate::partition::signals::is_placed;

/// Why a symbol is where it is.
pub fn of_symbol(sources: &Sources, draft: &Draft, at: usize) -> String {
    let graph = sources.graph;
    match draft.reasons[at] {
        Reason::Pinned => "fixed by seamline.toml".to_owned(),
        Reason::Coupled => coupled(sources, draft, at),
        Reason::Surroundings => {
            format!("most of what stands around it in {} is here", graph.file(graph.symbols[at].file).path)
        }
        Reason::Layer(Layer::Hub) => "used from several services, owns no data".to_owned(),
        Reason::Layer(Layer::SetUp) => "defines stores of several services".to_owned(),
        Reason::Layer(Layer::Start) => "starts the program or touches nothing".to_owned(),
        Reason::Layer(Layer::Wiring) => "wires several services together".to_owned(),
        Reason::Layer(Layer::Router) => "registers endpoints of several services".to_owned(),
        Reason::Layer(Layer::Base) => "used by what starts the program alone, depends on no service".to_owned(),
        Reason::Layer(Layer::Generic) => "answers for many resources with the same functions".to_owned(),
        Reason::Layer(Layer::Gathers) => "reads stores of several services and changes none".to_owned(),
        Reason::Layer(Layer::Library) => "a library: keeps no data and serves nobody".to_owned(),
        Reason::Unconnected => "not connected to any service".to_owned(),
    }
}

/// `writes orders (3 sites), reads users (1 site)`, else what it is coupled to.
fn coupled(sources: &Sources, draft: &Draft, at: usize) -> String {
    let graph = sources.graph;
    let slot = draft.symbols[at];
    let mut counts: BTreeMap<(bool, u32), u32> = BTreeMap::new();
    for access in accesses_of(graph, at).filter(|it| it.operation != Operation::Ddl) {
        let reads = access.operation.effect() == Effect::Read;
        *counts.entry((reads, access.store.0)).or_insert(0) += 1;
    }
    let mut parts: Vec<(bool, u32, u32)> = counts
        .into_iter()
        .filter(|((_, store), _)| draft.stores[*store as usize] == slot)
        .map(|((reads, store), count)| (reads, store, count))
        .collect();
    parts.sort_by_key(|it| (it.0, std::cmp::Reverse(it.2), it.1));
    if !parts.is_empty() {
        let words: Vec<String> = parts
            .into_iter()
            .take(3)
            .map(|(reads, store, count)| {
                let verb = if reads { "reads" } else { "writes" };
                let sites = if count == 1 { "site" } else { "sites" };
                format!("{verb} {} ({count} {sites})", graph.stores[store as usize].name)
            })
            .collect();
        return words.join(", ");
    }
    let (mut inner, mut all) = (0.0, 0.0);
    for (group, weight) in neighbors(sources.coupling, draft, at) {
        all += weight;
        inner += if slot == Slot::Group(group) { weight } else { 0.0 };
    }
    if all > 0.0 && inner > 0.0 {
        format!("{:.0} % of its coupling is here", 100.0 * inner / all)
    } else {
        format!("stands in {} with code that is here", graph.file(graph.symbols[at].file).path)
    }
}

/// Accesses of one symbol; the graph sorts accesses by symbol.
fn accesses_of(graph: &SystemGraph, at: usize) -> impl Iterator<Item = &Access> {
    let from = graph.accesses.partition_point(|it| it.symbol.index() < at);
    graph.accesses[from..].iter().take_while(move |it| it.symbol.index() == at)
}

/// Who writes each store.
pub fn of_stores(sources: &Sources, draft: &Draft, names: &[String]) -> Vec<String> {
    let graph = sources.graph;
    let mut writes: Vec<BTreeMap<u32, f64>> = vec![BTreeMap::new(); graph.stores.len()];
    let mut reads = writes.clone();
    let mut all_writes = vec![0_u32; graph.stores.len()];
    // As the plan counts: what runs in production and is no guess, each site once; rows that go with others are nobody's work.
    let mut seen = BTreeSet::new();
    let counts = |it: &&Access| {
        let written = it.operation.effect() == Effect::Write;
        it.operation != Operation::Ddl
            && it.confidence > Confidence::Guess
            && is_placed(graph.symbol(it.symbol).role)
            && !(written && it.cascaded)
    };
    for access in graph.accesses.iter().filter(counts) {
        let at = access.store.index();
        let writes_it = access.operation.effect() == Effect::Write;
        if !seen.insert((at, access.evidence, writes_it, access.symbol)) {
            continue;
        }
        all_writes[at] += u32::from(writes_it);
        if let Slot::Group(group) = draft.symbols[access.symbol.index()] {
            let sums = if writes_it { &mut writes } else { &mut reads };
            *sums[at].entry(group).or_insert(0.0) += 1.0;
        }
    }
    (0..graph.stores.len())
        .map(|at| {
            if sources.pins.stores[at].is_some() {
                return "fixed by seamline.toml".to_owned();
            }
            let Slot::Group(own) = draft.stores[at] else {
                return match draft.stores[at] {
                    Slot::SharedKernel => "only shared code touches it, for several services".to_owned(),
                    _ if reads[at].is_empty() => "no code touches it".to_owned(),
                    _ => "nothing here defines or writes it".to_owned(),
                };
            };
            let count = |sums: &BTreeMap<u32, f64>| sums.get(&own).copied().unwrap_or(0.0);
            let mut others = writes[at].clone();
            others.remove(&own);
            let second = heaviest(&others)
                .map_or_else(String::new, |(group, count)| format!("; {} writes it at {count}", names[group as usize]));
            if all_writes[at] > 0 {
                format!("{} of {} write sites are here{second}", count(&writes[at]), all_writes[at])
            } else if count(&reads[at]) > 0.0 {
                format!("nothing writes it, {} read sites are here", count(&reads[at]))
            } else {
                "defined with the other stores here".to_owned()
            }
        })
        .collect()
}

/// Why each group is a service.
pub fn of_groups(sources: &Sources, draft: &Draft) -> Vec<Vec<String>> {
    let graph = sources.graph;
    let count = draft.groups;
    let mut stores: Vec<Vec<&str>> = vec![Vec::new(); count];
    for (at, slot) in draft.stores.iter().enumerate() {
        if let Slot::Group(group) = slot {
            stores[*group as usize].push(&graph.stores[at].name);
        }
    }
    let mut sites = vec![(0, 0); count];
    // What tests touch is nobody's work on the rows.
    for access in graph.accesses.iter().filter(|it| is_placed(graph.symbol(it.symbol).role)) {
        if let Slot::Group(group) = draft.stores[access.store.index()] {
            let sites = &mut sites[group as usize];
            let own = draft.symbols[access.symbol.index()] == Slot::Group(group);
            *sites = (sites.0 + u32::from(own), sites.1 + 1);
        }
    }
    let mut functions = vec![0; count];
    for (at, slot) in draft.symbols.iter().enumerate() {
        if let Slot::Group(group) = slot {
            let kind = graph.symbols[at].kind;
            functions[*group as usize] += u32::from(matches!(kind, SymbolKind::Function | SymbolKind::Method));
        }
    }
    let mut endpoints = vec![0_usize; count];
    for endpoint in &graph.endpoints {
        if let Slot::Group(group) = draft.symbols[endpoint.handler.index()] {
            endpoints[group as usize] += 1;
        }
    }
    let mut calls = vec![(0_usize, 0_usize); count];
    for call in &graph.calls {
        let from = draft.symbols[call.from.index()].group();
        let to = draft.symbols[call.to.index()].group();
        if let (Some(from), Some(to)) = (from, to) {
            if from == to {
                calls[from as usize].0 += 1;
            } else {
                calls[from as usize].1 += 1;
                calls[to as usize].1 += 1;
            }
        }
    }
    (0..count)
        .map(|group| {
            let mut res = Vec::new();
            if let Some(reason) = sources.pins.reasons.get(group) {
                res.push(if reason.is_empty() { "declared in seamline.toml".to_owned() } else { reason.clone() });
            }
            let own = &stores[group];
            if !own.is_empty() {
                let more = if own.len() > 6 { format!(" and {} more", own.len() - 6) } else { String::new() };
                let shown: Vec<&str> = own.iter().take(6).copied().collect();
                res.push(format!(
                    "owns {}{more}; {} of {} sites that touch them are its own",
                    shown.join(", "),
                    sites[group].0,
                    sites[group].1
                ));
            }
            res.push(format!(
                "{}, {}",
                wording::count(functions[group] as usize, "function"),
                wording::count(endpoints[group], "endpoint")
            ));
            let (inside, across) = calls[group];
            if inside + across > 0 {
                res.push(format!("{} inside, {across} to or from other services", wording::count(inside, "call")));
            }
            res
        })
        .collect()
}
