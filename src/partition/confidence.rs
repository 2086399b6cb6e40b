//! How sure the answer is: resampling, the null model, and the words for both.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::model::sql::{Effect, Operation};
use crate::partition::draft::{Draft, Reason, Slot, Sources, heaviest, pull};
use crate::partition::resolution::{Step, best_of, modularity, rewire};
use crate::partition::signals::is_placed;
use crate::partition::weighted::{Constraints, Random, WeightedGraph};
use crate::partition::{Clusterer, data_graph};

/// Rewired graphs that the found one is compared with.
const NULLS: u64 = 20;
/// Standard deviations above chance that count as structure.
const LEAST_Z: f64 = 2.0;
/// Mean confidence below which resampling moves too much.
const LEAST_CONFIDENCE: f64 = 0.5;

/// Confidence of a placement, and the runner-up with its share.
pub type Vote = (f64, Option<(u32, f64)>);

/// What resampling says.
#[derive(Clone, Debug, PartialEq)]
pub struct Votes {
    pub symbols: Vec<Vote>,
    pub stores: Vec<Vote>,
    pub groups: Vec<f64>,
}

/// Whether boundaries are convincing, and the reason in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Convincing {
    pub holds: bool,
    pub words: String,
}

/// Clusters resampled evidence at neighboring resolutions and counts where everything goes.
pub fn votes(
    sources: &Sources,
    draft: &Draft,
    constraints: &Constraints,
    clusterer: &dyn Clusterer,
    resolution: f64,
) -> Votes {
    let options = &sources.settings.partition;
    let graph = sources.graph;
    let runs: Vec<Vec<Option<u32>>> = (0..u64::from(options.resamples))
        .into_par_iter()
        .map(|run| {
            let mut random = Random::new(options.seed.wrapping_add(run.wrapping_mul(0x9E37_79B9)));
            let mut drawn = vec![0; sources.signals.contexts.len()];
            for _ in 0..drawn.len() {
                let at = random.below(drawn.len());
                drawn[at] += 1;
            }
            let data = data_graph(graph, sources.signals, &drawn, sources.settings, sources.pins);
            let factor = [0.8, 1.0, 1.25][(run % 3) as usize];
            let step = best_of(&data, constraints, clusterer, resolution * factor, 1, options.seed.wrapping_add(run));
            matched(&step.clusters, draft)
        })
        .collect();
    let mut symbols: Vec<BTreeMap<u32, f64>> = vec![BTreeMap::new(); graph.symbols.len()];
    let mut stores: Vec<BTreeMap<u32, f64>> = vec![BTreeMap::new(); graph.stores.len()];
    let pulls: Vec<Vec<BTreeMap<u32, f64>>> = runs
        .par_iter()
        .map(|run| {
            graph
                .symbol_ids()
                .map(|id| {
                    if draft.reasons[id.index()] == Reason::Pinned || !is_placed(graph.symbol(id).role) {
                        return BTreeMap::new();
                    }
                    let pull = pull(sources, run, id);
                    pull.first().map_or_else(BTreeMap::new, |it| BTreeMap::from([(it.0, 1.0)]))
                })
                .collect()
        })
        .collect();
    for (run, pulls) in runs.iter().zip(pulls) {
        for (sums, pull) in symbols.iter_mut().zip(pulls) {
            for (group, weight) in pull {
                *sums.entry(group).or_insert(0.0) += weight;
            }
        }
        for (sums, group) in stores.iter_mut().zip(run) {
            if let Some(group) = group {
                *sums.entry(*group).or_insert(0.0) += 1.0;
            }
        }
    }
    let store_votes: Vec<Vote> =
        (0..stores.len()).map(|it| vote(&stores[it], draft.stores[it], runs.len(), false)).collect();
    let base: Vec<Vote> = graph
        .symbol_ids()
        .map(|id| {
            let at = id.index();
            let (mut confidence, mut other) =
                vote(&symbols[at], draft.symbols[at], runs.len(), draft.reasons[at] == Reason::Pinned);
            if draft.reasons[at] == Reason::Data {
                // How clearly the evidence speaks, besides how stable it is.
                let pulls = pull(sources, &draft.store_groups, id);
                let sum: f64 = pulls.iter().map(|it| it.1).sum();
                let own = pulls.iter().find(|it| Some(it.0) == draft.symbols[at].group()).map_or(0.0, |it| it.1);
                confidence *= 0.5 + 0.5 * own / sum.max(1e-9);
                let second = pulls.iter().find(|it| Some(it.0) != draft.symbols[at].group());
                other = other.or(second.map(|it| (it.0, it.1 / sum.max(1e-9))));
            } else if matches!(draft.reasons[at], Reason::Coupling | Reason::Surroundings) {
                confidence = inner_share(sources, draft, at);
            }
            let other = other.filter(|it| (it.0 as usize) < draft.groups && it.1 >= 0.05);
            (confidence.clamp(0.0, 1.0), other)
        })
        .collect();
    let groups = (0..draft.groups as u32).map(|it| group_confidence(draft, &base, &store_votes, &runs, it)).collect();
    Votes { symbols: base, stores: store_votes, groups }
}

/// Each cluster of a resample under the number of the group that shares most of its stores.
fn matched(clusters: &[u32], draft: &Draft) -> Vec<Option<u32>> {
    let mut overlap: BTreeMap<u32, BTreeMap<u32, f64>> = BTreeMap::new();
    for (cluster, group) in clusters.iter().zip(&draft.store_groups) {
        if let Some(group) = group {
            *overlap.entry(*cluster).or_default().entry(*group).or_insert(0.0) += 1.0;
        }
    }
    let best: BTreeMap<u32, u32> =
        overlap.iter().filter_map(|(cluster, sums)| Some((*cluster, heaviest(sums)?.0))).collect();
    clusters.iter().map(|it| best.get(it).copied()).collect()
}

fn vote(sums: &BTreeMap<u32, f64>, slot: Slot, runs: usize, pinned: bool) -> Vote {
    if pinned {
        return (1.0, None);
    }
    let runs = runs.max(1) as f64;
    let own = slot.group().and_then(|it| sums.get(&it)).copied().unwrap_or(0.0);
    let others: BTreeMap<u32, f64> =
        sums.iter().filter(|it| Some(*it.0) != slot.group()).map(|it| (*it.0, *it.1)).collect();
    let confidence = match slot {
        Slot::Group(_) if sums.is_empty() => 0.5,
        Slot::Group(_) => own / runs,
        _ => 0.5,
    };
    (confidence, heaviest(&others).map(|it| (it.0, it.1 / runs)).filter(|_| slot.group().is_some()))
}

/// Share of a symbol's coupling that stays in its group.
fn inner_share(sources: &Sources, draft: &Draft, at: usize) -> f64 {
    let id = crate::model::graph::SymbolId(at as u32);
    let (mut inner, mut all) = (0.0, 0.0);
    for (other, weight) in sources.coupling.symbol_row(id) {
        if draft.symbols[other.index()].group().is_some() {
            all += weight;
            if draft.symbols[other.index()] == draft.symbols[at] {
                inner += weight;
            }
        }
    }
    if all > 0.0 { inner / all } else { 0.5 }
}

/// How often the stores of a group stay together, times how surely its code is placed.
fn group_confidence(draft: &Draft, symbols: &[Vote], stores: &[Vote], runs: &[Vec<Option<u32>>], group: u32) -> f64 {
    let slot = Slot::Group(group);
    let members: Vec<usize> = (0..stores.len()).filter(|it| draft.store_groups[*it] == Some(group)).collect();
    let own: Vec<f64> = (0..symbols.len()).filter(|it| draft.symbols[*it] == slot).map(|it| symbols[it].0).collect();
    let code = if own.is_empty() { 0.5 } else { own.iter().sum::<f64>() / own.len() as f64 };
    if members.is_empty() || runs.is_empty() {
        return code;
    }
    let kept: f64 = members
        .iter()
        .map(|it| runs.iter().filter(|run| run[*it] == Some(group)).count() as f64 / runs.len() as f64)
        .sum::<f64>()
        / members.len() as f64;
    (kept * code).sqrt()
}

/// Whether the boundaries are more than chance, none swallows the rest, and resampling keeps them.
pub fn judge(
    sources: &Sources,
    draft: &Draft,
    votes: &Votes,
    data: &WeightedGraph,
    step: &Step,
    clusterer: &dyn Clusterer,
) -> Convincing {
    let no = |words: String| Convincing { holds: false, words: format!("no convincing boundary: {words}") };
    let mut sizes = vec![0_usize; draft.groups];
    for group in draft.symbols.iter().filter_map(|it| it.group()) {
        if let Some(size) = sizes.get_mut(group as usize) {
            *size += 1;
        }
    }
    let placed: usize = sizes.iter().sum();
    let alive = sizes.iter().filter(|it| **it > 0).count();
    if alive < 2 {
        return no("the evidence gives one candidate only".to_owned());
    }
    let largest = sizes.iter().max().copied().unwrap_or(0) as f64 / placed.max(1) as f64;
    if largest > sources.settings.services.max_share {
        return no(format!("one candidate holds {:.0} % of the code", 100.0 * largest));
    }
    let weighted: f64 = votes.groups.iter().zip(&sizes).map(|(it, size)| it * *size as f64).sum();
    let confidence = weighted / placed.max(1) as f64;
    if confidence < LEAST_CONFIDENCE {
        return no(format!("resampled evidence keeps only {:.0} % of it together", 100.0 * confidence));
    }
    let (graph, clusters, what) = if draft.data_share >= super::DATA_SHARE {
        (data.clone(), step.clusters.clone(), "shared data access")
    } else {
        let (graph, clusters) = code_graph(sources, draft);
        (graph, clusters, "code coupling")
    };
    let z = z_score(&graph, &clusters, step.resolution, clusterer, sources.settings.partition.seed);
    if z < LEAST_Z {
        return no(format!("{what} rewired at random divides as well (z {z:.1})"));
    }
    let words = format!(
        "{alive} candidates from {what}, {z:.1} standard deviations above chance, largest {:.0} %, confidence {confidence:.2}",
        100.0 * largest
    );
    Convincing { holds: true, words }
}

/// Files and large files' symbols by coupling, with the groups they are in.
fn code_graph(sources: &Sources, draft: &Draft) -> (WeightedGraph, Vec<u32>) {
    let graph = sources.graph;
    let mut numbers: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    let mut unit_of = vec![None; graph.symbols.len()];
    for id in graph.symbol_ids() {
        if let Slot::Group(group) = draft.symbols[id.index()] {
            let next = numbers.len() as u32;
            unit_of[id.index()] = Some(*numbers.entry((graph.symbol(id).file.0, group)).or_insert(next));
        }
    }
    let mut edges = Vec::new();
    for id in graph.symbol_ids() {
        let Some(from) = unit_of[id.index()] else { continue };
        for (other, weight) in sources.coupling.symbol_row(id).filter(|it| it.0 > id) {
            if let Some(to) = unit_of[other.index()].filter(|it| *it != from) {
                edges.push((from, to, weight));
            }
        }
    }
    let mut clusters = vec![0; numbers.len()];
    for ((_, group), unit) in &numbers {
        clusters[*unit as usize] = *group;
    }
    (WeightedGraph::from_exact(numbers.len(), &edges), clusters)
}

/// Standard deviations between the modularity found and that of rewired graphs.
pub fn z_score(graph: &WeightedGraph, clusters: &[u32], resolution: f64, clusterer: &dyn Clusterer, seed: u64) -> f64 {
    if graph.total() <= 0.0 || graph.edges().take(4).count() < 4 {
        return 0.0;
    }
    let own = best_of(graph, &Constraints::default(), clusterer, resolution, 3, seed).clusters;
    let found = modularity(graph, clusters, 1.0).max(modularity(graph, &own, 1.0));
    let chance: Vec<f64> = (0..NULLS)
        .into_par_iter()
        .map(|run| {
            let rewired = rewire(graph, &mut Random::new(seed.wrapping_add(run * 7919)));
            let step = best_of(&rewired, &Constraints::default(), clusterer, resolution, 1, seed);
            modularity(&rewired, &step.clusters, 1.0)
        })
        .collect();
    let mean = chance.iter().sum::<f64>() / chance.len() as f64;
    let variance = chance.iter().map(|it| (it - mean).powi(2)).sum::<f64>() / chance.len() as f64;
    // Small graphs vary so little that any difference would be many deviations.
    (found - mean) / variance.sqrt().max(0.01)
}

/// `writes orders (3 sites), reads users (1)`, the heaviest stores first.
pub fn explain_data(sources: &Sources, draft: &Draft, at: usize) -> String {
    let graph = sources.graph;
    let slot = draft.symbols[at];
    let mut counts: BTreeMap<(bool, u32), u32> = BTreeMap::new();
    let range = accesses_of(graph, at);
    for access in range.filter(|it| it.operation != Operation::Ddl) {
        let reads = access.operation.effect() == Effect::Read;
        *counts.entry((reads, access.store.0)).or_insert(0) += 1;
    }
    let mut parts: Vec<(bool, u32, u32)> = counts
        .into_iter()
        .filter(|((_, store), _)| draft.stores[*store as usize] == slot)
        .map(|((reads, store), count)| (reads, store, count))
        .collect();
    parts.sort_by_key(|it| (it.0, std::cmp::Reverse(it.2), it.1));
    if parts.is_empty() {
        let nearest = sources.attachment[at]
            .iter()
            .filter(|it| draft.stores.get(it.0 as usize) == Some(&slot))
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        return match nearest {
            Some((store, share)) => {
                format!(
                    "calls lead to {} ({:.0} % of its data paths)",
                    graph.stores[*store as usize].name,
                    100.0 * share
                )
            }
            None => "calls lead to the data here".to_owned(),
        };
    }
    let words: Vec<String> = parts
        .into_iter()
        .take(3)
        .map(|(reads, store, count)| {
            let verb = if reads { "reads" } else { "writes" };
            let sites = if count == 1 { "site" } else { "sites" };
            format!("{verb} {} ({count} {sites})", graph.stores[store as usize].name)
        })
        .collect();
    words.join(", ")
}

/// Accesses of one symbol; the graph sorts accesses by symbol.
fn accesses_of(
    graph: &crate::model::graph::SystemGraph,
    at: usize,
) -> impl Iterator<Item = &crate::model::graph::Access> {
    let from = graph.accesses.partition_point(|it| it.symbol.index() < at);
    graph.accesses[from..].iter().take_while(move |it| it.symbol.index() == at)
}

/// Who writes a store, in words.
pub fn explain_store(sources: &Sources, draft: &Draft, at: usize, names: &[String]) -> String {
    let graph = sources.graph;
    if sources.pins.stores[at].is_some() {
        return "fixed by seamline.toml".to_owned();
    }
    let mut writes: BTreeMap<u32, f64> = BTreeMap::new();
    let mut reads: BTreeMap<u32, f64> = BTreeMap::new();
    let mut own = (0, 0);
    for access in graph.accesses.iter().filter(|it| it.store.index() == at && it.operation != Operation::Ddl) {
        let slot = draft.symbols[access.symbol.index()];
        let writes_it = access.operation.effect() == Effect::Write;
        if let Slot::Group(group) = slot {
            *(if writes_it { &mut writes } else { &mut reads }).entry(group).or_insert(0.0) += 1.0;
        }
        if slot == draft.stores[at] {
            own = (own.0 + u32::from(writes_it), own.1 + u32::from(!writes_it));
        }
    }
    let all: f64 = writes.values().sum();
    if draft.stores[at] == Slot::SharedKernel {
        return "only shared code touches it, for several services".to_owned();
    }
    let other: BTreeMap<u32, f64> =
        writes.iter().filter(|it| Slot::Group(*it.0) != draft.stores[at]).map(|it| (*it.0, *it.1)).collect();
    let second = heaviest(&other)
        .map_or_else(String::new, |(group, count)| format!("; {} writes it at {count}", names[group as usize]));
    match draft.stores[at] {
        Slot::Group(_) if all > 0.0 => format!("{} of {all} write sites are here{second}", own.0),
        Slot::Group(_) if own.1 > 0 => format!("nothing writes it, {} reads are here", own.1),
        Slot::Group(_) => "belongs with the other stores here".to_owned(),
        _ => "no code touches it".to_owned(),
    }
}
