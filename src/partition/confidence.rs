//! How sure the answer is: the runs of the consensus, the null model, and words for both.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rayon::prelude::*;

use crate::measure::size::largest_share_of_lines;
use crate::model::graph::SymbolId;
use crate::partition::coupling::Coupling;
use crate::partition::draft::{Draft, Reason, Run, Slot, Sources, heaviest};
use crate::partition::leiden::Leiden;
use crate::partition::owners;
use crate::partition::resolution::{Doubles, modularity, rewire};
use crate::partition::weighted::{Constraints, Random, WeightedGraph};
use crate::partition::{Clusterer, Tuning};

/// Rewired graphs that the found one is compared with; fewer above [`MANY`] edges.
const NULLS: usize = 12;
const FEW_NULLS: usize = 4;
/// Rewired graphs of either form in a first look, which is taken from so many edges on.
const QUICK_NULLS: usize = 2;
const QUICK_EDGES: usize = 1_000;
pub(super) const MANY: usize = 40_000;
/// Standard deviations above chance in a first look that need no second one.
const CLEAR_Z: f64 = 6.0;
/// Standard deviations above chance that count as structure.
pub(super) const LEAST_Z: f64 = 4.0;
/// Mean confidence below which perturbation moves too much.
pub(super) const LEAST_CONFIDENCE: f64 = 0.5;
/// Share of runs from which on a store counts as kept where it clusters.
const KEPT: f64 = 0.5;
/// Share of runs below which a runner-up is not worth a word.
const LEAST_RUNNER_UP: f64 = 0.05;

/// Confidence of a placement, and the runner-up with its share.
pub type Vote = (f64, Option<(u32, f64)>);

/// What the runs say.
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

/// Counts where the runs put everything.
pub fn votes(sources: &Sources, draft: &Draft) -> Votes {
    let runs = draft.runs.len().max(1) as f64;
    let count = |slot: Slot, places: &mut dyn Iterator<Item = Option<u32>>| -> Vote {
        let Slot::Group(own) = slot else { return (0.5, None) };
        let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
        for group in places.flatten() {
            *sums.entry(group).or_insert(0.0) += 1.0 / runs;
        }
        let share = sums.remove(&own).unwrap_or(if draft.runs.is_empty() { 0.5 } else { 0.0 });
        (share.min(1.0), heaviest(&sums).filter(|it| it.1 >= LEAST_RUNNER_UP))
    };
    let symbols: Vec<Vote> = (0..draft.symbols.len())
        .map(|at| match draft.reasons[at] {
            Reason::Pinned => (1.0, None),
            Reason::Surroundings | Reason::Unconnected => (0.5, None),
            Reason::Layer(_) => (0.6, None),
            Reason::Coupled => {
                let mut vote = count(draft.symbols[at], &mut draft.runs.iter().map(|it| it.symbols[at]));
                vote.1 = vote.1.or_else(|| pulled(sources, draft, at));
                vote
            }
        })
        .collect();
    let mut stores: Vec<Vote> = (0..draft.stores.len())
        .map(|at| match sources.pins.stores[at] {
            Some(_) => (1.0, None),
            None => count(draft.stores[at], &mut draft.runs.iter().map(|it| it.stores[at])),
        })
        .collect();
    // A store goes to who should own it, and not always where it clusters: then each run is asked for the owner as well.
    let moved: Vec<usize> = (0..stores.len()).filter(|it| stores[*it].0 < KEPT).collect();
    if !moved.is_empty() {
        let owners: Vec<Vec<Option<u32>>> = draft.runs.par_iter().map(|it| owned(sources, it)).collect();
        for at in moved {
            stores[at] = count(draft.stores[at], &mut owners.iter().map(|it| it[at]));
        }
    }
    let groups = (0..draft.groups as u32)
        .map(|group| {
            let slot = Slot::Group(group);
            let code = symbols.iter().zip(&draft.symbols).filter(|it| *it.1 == slot).map(|it| it.0.0);
            let data = stores.iter().zip(&draft.stores).filter(|it| *it.1 == slot).map(|it| it.0.0);
            let all: Vec<f64> = code.chain(data).collect();
            if all.is_empty() { 0.5 } else { all.iter().sum::<f64>() / all.len() as f64 }
        })
        .collect();
    Votes { symbols, stores, groups }
}

/// Who should own each store by the groups of one run.
fn owned(sources: &Sources, run: &Run) -> Vec<Option<u32>> {
    let group_of = |it: SymbolId| run.symbols[it.index()];
    let homes = owners::file_groups(sources.graph, group_of);
    let votes = owners::votes(sources.graph, sources.signals, group_of, &homes, &run.stores);
    let settled = |(votes, now): (&BTreeMap<u32, f64>, &Option<u32>)| {
        let own = now.and_then(|it| votes.get(&it)).copied().unwrap_or(0.0);
        heaviest(votes).filter(|it| it.1 > own).map_or(*now, |it| Some(it.0))
    };
    votes.iter().zip(&run.stores).map(settled).collect()
}

/// The other group a symbol is coupled to most, with its share of the coupling.
fn pulled(sources: &Sources, draft: &Draft, at: usize) -> Option<(u32, f64)> {
    let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
    let mut all = 0.0;
    for (group, weight) in neighbors(sources.coupling, draft, at) {
        all += weight;
        if draft.symbols[at] != Slot::Group(group) {
            *sums.entry(group).or_insert(0.0) += weight;
        }
    }
    heaviest(&sums).map(|it| (it.0, it.1 / all)).filter(|it| it.1 >= LEAST_RUNNER_UP)
}

/// Groups of the symbols and stores around a symbol, with weights.
pub fn neighbors<'a>(coupling: &'a Coupling, draft: &'a Draft, at: usize) -> impl Iterator<Item = (u32, f64)> + 'a {
    coupling.graph.row(SymbolId(at as u32).0).filter_map(|(other, weight)| {
        let slot = match (other as usize).checked_sub(coupling.symbols) {
            None => draft.symbols[other as usize],
            Some(store) => *draft.stores.get(store)?,
        };
        Some((slot.group()?, weight))
    })
}

/// How the words of an answer that does not convince begin.
pub const NO_BOUNDARY: &str = "no convincing boundary: ";

/// Whether the boundaries are more than chance, none swallows the rest, and perturbation keeps them.
pub fn judge(sources: &Sources, draft: &Draft, votes: &Votes) -> Convincing {
    let no = |words: String| Convincing { holds: false, words: format!("{NO_BOUNDARY}{words}") };
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
    // Calls alone say how modules hang together. What keeps no data has nothing that a service of its own would own.
    if sources.pins.services.is_empty() && sources.graph.counted_accesses().next().is_none() {
        return no(format!(
            "no data access was found, so these {alive} candidates are modules of one program and not services"
        ));
    }
    let empty = empty_handed(sources, draft, &sizes);
    if sources.pins.services.is_empty() && 2 * empty > alive {
        return no(format!(
            "{empty} of {alive} candidates own no store and answer no request or message, so they are modules of one \
             program and not services"
        ));
    }
    let largest = largest_share_of_lines(sources.graph, |it| draft.symbols[it.index()].group());
    if largest > sources.settings.services.max_share {
        return no(format!("one candidate holds {:.0} % of the code", 100.0 * largest));
    }
    let weighted: f64 = votes.groups.iter().zip(&sizes).map(|(it, size)| it * *size as f64).sum();
    let confidence = weighted / placed.max(1) as f64;
    if confidence < LEAST_CONFIDENCE {
        return no(format!("perturbed evidence keeps only {:.0} % of it in place", 100.0 * confidence));
    }
    let (graph, clusters) = evidence(sources, draft);
    let z = z_score(&graph, &clusters, sources.settings.partition.seed);
    if z < LEAST_Z {
        return no(format!("the same calls and accesses dealt out at random divide as well (z {z:.1})"));
    }
    let words = format!(
        "{alive} candidates, {z:.1} standard deviations above chance, the largest with {:.0} % of the code",
        100.0 * largest
    );
    // What is declared is kept by every run, so that says nothing.
    let given = sources.pins.services.len() >= draft.groups;
    let words =
        if given { words.replace("candidates", "services") } else { format!("{words}, confidence {confidence:.2}") };
    Convincing { holds: true, words }
}

/// How many groups have code, but neither a store nor an endpoint or consumer: nothing that a service of its own would
/// own or answer.
fn empty_handed(sources: &Sources, draft: &Draft, sizes: &[usize]) -> usize {
    let graph = sources.graph;
    let answering = graph.endpoints.iter().map(|it| it.handler).chain(graph.messages.iter().map(|it| it.symbol));
    let slots = draft.stores.iter().copied().chain(answering.map(|it| draft.symbols[it.index()]));
    let busy: BTreeSet<u32> = slots.filter_map(Slot::group).collect();
    (0..sizes.len()).filter(|it| sizes[*it] > 0 && !busy.contains(&(*it as u32))).count()
}

/// Calls, references and accesses alone, between what is in groups: where code stands in files proves nothing.
fn evidence(sources: &Sources, draft: &Draft) -> (WeightedGraph, Vec<u32>) {
    let coupling = sources.evidence;
    let slots: Vec<Slot> = draft.symbols.iter().chain(&draft.stores).copied().collect();
    let mut number = vec![None; coupling.graph.len()];
    let mut clusters = Vec::new();
    for (node, slot) in slots.iter().enumerate() {
        if let Some(group) = slot.group()
            && coupling.graph.row(node as u32).next().is_some()
        {
            number[node] = Some(clusters.len() as u32);
            clusters.push(group);
        }
    }
    let edges: Vec<(u32, u32, f64)> = coupling
        .graph
        .edges()
        .filter_map(|(a, b, weight)| Some((number[a as usize]?, number[b as usize]?, weight)))
        .collect();
    (WeightedGraph::from_exact(clusters.len(), &edges), clusters)
}

/// Standard deviations between the modularity found and the best that rewired graphs give.
pub fn z_score(graph: &WeightedGraph, clusters: &[u32], seed: u64) -> f64 {
    let edges = graph.edge_count();
    if edges < 8 {
        return 0.0;
    }
    let tuning = Tuning { resolution: 1.0, seed };
    let quality = |graph: &WeightedGraph, clusters: &[u32]| modularity(graph, clusters, 1.0);
    let null =
        |doubles: Doubles, run: usize| rewire(graph, doubles, &mut Random::new(seed.wrapping_add(run as u64 * 7919)));
    let given = quality(graph, clusters);
    let best = |graph: &WeightedGraph| quality(graph, &Leiden.sketch(graph, &Constraints::default(), &tuning));
    let chance = |doubles: Doubles, runs: Range<usize>| -> Vec<f64> {
        runs.into_par_iter().map(|run| best(&null(doubles, run))).collect()
    };
    // Chance has two forms, and the proposal has to beat both.
    let first = [Doubles::Merge, Doubles::Part].map(|it| (it, chance(it, 0..QUICK_NULLS)));
    // In large graphs chance varies little: where a quick look leaves no doubt, it is enough.
    if edges >= QUICK_EDGES {
        let z = first.iter().map(|it| deviations(given, &it.1)).fold(f64::INFINITY, f64::min);
        if z >= CLEAR_Z {
            return z;
        }
    }
    // The clusters were found with more than this evidence: without the rest there may be better ones.
    let found = given.max(best(graph));
    let nulls = if edges > MANY { FEW_NULLS } else { NULLS };
    let mut least = f64::INFINITY;
    for (doubles, mut by_chance) in first {
        by_chance.extend(chance(doubles, QUICK_NULLS..nulls));
        least = least.min(deviations(found, &by_chance));
        if least <= 0.0 {
            break;
        }
    }
    least
}

/// How many standard deviations a figure stands above chance.
fn deviations(found: f64, chance: &[f64]) -> f64 {
    let mean = chance.iter().sum::<f64>() / chance.len() as f64;
    let variance = chance.iter().map(|it| (it - mean).powi(2)).sum::<f64>() / chance.len() as f64;
    // Large graphs vary so little that any difference would be many deviations.
    (found - mean) / variance.sqrt().max(0.01)
}
