//! A graph to a partition: service candidates, shared kernel, edge layer.
//!
//! Code, stores and the places they stand in form one graph; what hangs together under perturbation becomes a service
//! candidate, and each store goes to the candidate that writes it. `docs/algorithms.md` has the reasons and constants.

pub mod agglomerative;
pub mod assurance;
pub mod confidence;
pub mod consensus;
mod counters;
pub mod coupling;
pub mod declared;
pub mod draft;
mod drift;
mod followers;
pub mod foreign;
mod groups;
mod halves;
pub mod label_propagation;
pub mod layers;
mod leftovers;
pub mod leiden;
mod merging;
pub mod naming;
pub mod neutral;
pub mod owners;
pub mod pins;
pub mod resolution;
pub mod revise;
mod runs;
pub mod signals;
mod spread;
pub mod units;
pub mod weighted;
pub mod words;

use crate::config::{Settings, Weights};
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::graph::SystemGraph;
use crate::model::partition::{Partition, Place, Placement, ServiceCandidate, ServiceId};
use crate::partition::confidence::{Convincing, NO_BOUNDARY, Votes, judge, votes};
use crate::partition::coupling::couple;
use crate::partition::draft::{Draft, Slot, Sources, draft};
use crate::partition::layers::Usage;
use crate::partition::spread::Spread;
use crate::partition::weighted::{Constraints, Contracted, WeightedGraph, contract};

/// What a clusterer may vary.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tuning {
    /// Above 1 gives more and smaller clusters, below 1 fewer.
    pub resolution: f64,
    pub seed: u64,
}

impl Default for Tuning {
    fn default() -> Self {
        Self { resolution: 1.0, seed: 1 }
    }
}

/// An algorithm that divides a weighted graph.
pub trait Clusterer: Sync {
    /// Stable kebab-case id.
    fn id(&self) -> &'static str;

    /// One line for the help.
    fn summary(&self) -> &'static str;

    /// One cluster number for each node of `graph`, from 0 in the order of first members.
    fn cluster(&self, graph: &WeightedGraph, constraints: &Constraints, tuning: &Tuning) -> Vec<u32>;

    /// The same with less care, where many answers are compared and none of them is the last word.
    fn sketch(&self, graph: &WeightedGraph, constraints: &Constraints, tuning: &Tuning) -> Vec<u32> {
        self.cluster(graph, constraints, tuning)
    }

    /// What must stay together as one node each, and with it whatever this clusterer never parts.
    fn contract(&self, graph: &WeightedGraph, constraints: &Constraints) -> Contracted {
        contract(graph, constraints)
    }
}

/// Every clusterer, sorted by id.
pub static CLUSTERERS: &[&dyn Clusterer] =
    &[&agglomerative::Agglomerative, &declared::Declared, &label_propagation::LabelPropagation, &leiden::Leiden];

/// The clusterer with this id.
pub fn clusterer(id: &str) -> Option<&'static dyn Clusterer> {
    CLUSTERERS.iter().copied().find(|it| it.id() == id)
}

/// Share of the functions that must stand in a service with stores for the answer to count as drawn from data.
const DATA_SHARE: f64 = 0.5;
/// Resolution of the recommended answer, and factors for a coarser and a finer one.
const RESOLUTION: f64 = 1.0;
const COARSER: f64 = 0.5;
const FINER: f64 = 1.75;
/// How many coarser answers are asked for where a [`Spread`] objects, each at a resolution lower than the one before it by this
/// factor, and how often the resolution is lowered until an answer has fewer services.
const COARSER_STEPS: usize = 5;
const COARSER_STEP: f64 = std::f64::consts::FRAC_1_SQRT_2;
const LOWERED: usize = 3;
const RECOMMENDED_LABEL: &str = "recommended";
const COARSER_LABEL: &str = "coarser";
const FINER_LABEL: &str = "finer";

/// Proposes services for `graph` under the constraints of `settings`. The recommended answer carries up to two others.
pub fn partition(graph: &SystemGraph, settings: &Settings) -> (Partition, Vec<Diagnostic>) {
    let (pins, mut diagnostics) = pins::resolve(graph, settings);
    let id = settings.partition.algorithm.as_str();
    let clusterer = clusterer(id).unwrap_or_else(|| {
        let known: Vec<&str> = CLUSTERERS.iter().map(|it| it.id()).collect();
        let message = format!("no clusterer is called `{id}`, `leiden` is used: write one of {}", known.join(", "));
        diagnostics.push(Diagnostic::new(Severity::Error, "unknown-clusterer", "seamline.toml", 0, message));
        &leiden::Leiden
    });
    let signals = signals::collect(graph);
    let plain = Weights { structure: 0.0, names: 0.0, ..settings.weights.clone() };
    let coupled = |weights: &Weights| couple(graph, &signals, weights);
    let ((coupling, evidence), (units, usage)) = rayon::join(
        || rayon::join(|| coupled(&settings.weights), || coupled(&plain)),
        || rayon::join(|| units::divide(graph, &pins), || Usage::new(graph, &signals.seeds)),
    );
    let sources = Sources {
        graph,
        settings,
        signals: &signals,
        coupling: &coupling,
        evidence: &evidence,
        units: &units,
        usage: &usage,
        pins: &pins,
        clusterer,
    };
    let start = settings.partition.resolution.unwrap_or(RESOLUTION);
    let few = settings.partition.resamples.div_ceil(3);
    let others = |resolution: f64| {
        rayon::join(
            || Other::new(&sources, resolution * COARSER, COARSER_LABEL, few),
            || Other::new(&sources, resolution * FINER, FINER_LABEL, few),
        )
    };
    let recommended = || {
        let (resolution, first) = recommend(&sources, start);
        let found = votes(&sources, &first);
        let undecided = Convincing { holds: false, words: String::new() };
        let plain = assemble(&sources, &first, &found, &undecided, RECOMMENDED_LABEL);
        (resolution, first, found, plain)
    };
    let ((resolution, first, found, plain), (mut coarser, mut finer)) = rayon::join(recommended, || others(start));
    if resolution > start {
        (coarser, finer) = others(resolution);
    }
    let is_free = settings.partition.resolution.is_none() && settings.declared.is_empty();
    let spread = Spread::new(graph, &plain);
    let mut steps = Vec::new();
    if is_free && spread.objection().is_some() {
        steps = fewer_steps(&sources, spread, &plain, resolution * COARSER);
    }
    // The fewest that convince, else the first answer, whether it convinces or not.
    let against: Vec<String> = steps.iter().filter_map(|it| it.0.spoken_against(&it.1)).collect();
    let fewer = steps.iter().rposition(|it| it.1.holds);
    let (draft, verdict, mut res, coarser) = if let Some(at) = fewer {
        let (Other { resolution: lower, draft, found, answer }, verdict) = steps.swap_remove(at);
        let coarser = Other::new(&sources, lower * COARSER, COARSER_LABEL, few).with_fewer(&sources, &answer, few);
        let mut answer = assemble(&sources, &draft, &found, &verdict, RECOMMENDED_LABEL);
        let objection = spread.objection().unwrap_or_default();
        answer.verdict.push_str(&format!("; {} would {objection}", plain.services.len()));
        let words = format!("{} candidates at resolution {resolution:.2}", plain.services.len());
        finer.answer = Partition { label: FINER_LABEL.to_owned(), verdict: words, ..plain };
        (draft, verdict, answer, coarser)
    } else {
        let verdict = judge(&sources, &first, &found);
        let answer = Partition { convincing: verdict.holds, verdict: verdict.words.clone(), ..plain };
        let coarser = coarser.with_fewer(&sources, &answer, few);
        (first, verdict, answer, coarser)
    };
    if is_free
        && verdict.holds
        && let Some(words) = Spread::new(graph, &res).tangle()
    {
        res.convincing = false;
        res.verdict = format!("{NO_BOUNDARY}{} services would {words}{}", res.services.len(), against.concat());
    }
    if !settings.declared.is_empty() {
        let names = naming::name_groups(graph, &draft, &pins.services);
        diagnostics.extend(drift::drift(&sources, &draft.symbols, &names));
    }
    for mut other in [coarser.answer, finer.answer] {
        other.convincing = res.convincing;
        if is_as_labelled(&other, &res) {
            res.alternatives.push(other);
        }
    }
    (res, diagnostics)
}

/// Coarser answers that lie less far apart than what is recommended so far, as long as that lies too far apart, each with
/// whether it convinces and may be recommended. A lower resolution may give an answer that is no better, so it is passed over.
/// From as many runs as the recommended answer, whose place one may take.
fn fewer_steps(
    sources: &Sources,
    spread: Spread,
    recommended: &Partition,
    mut resolution: f64,
) -> Vec<(Other, Convincing)> {
    let mut steps: Vec<(Other, Convincing)> = Vec::new();
    let mut before = (spread, recommended.services.len());
    for _ in 0..COARSER_STEPS {
        if before.0.objection().is_none() {
            break;
        }
        let other = Other::new(sources, resolution, COARSER_LABEL, sources.settings.partition.resamples);
        resolution *= COARSER_STEP;
        let next = (Spread::new(sources.graph, &other.answer), other.answer.services.len());
        if next.1 == 0 {
            break;
        }
        if next.1 < before.1 && next.0.is_better_than(&before.0) {
            let verdict = judge(sources, &other.draft, &other.found);
            if verdict.holds {
                before = next;
            }
            steps.push((other, verdict));
        }
    }
    steps
}

/// Whether another answer is what its label says: coarser has fewer services than the recommended one, finer has more. A
/// higher resolution does not always give more, since what it parts may be too small or too unstable to stay alone.
fn is_as_labelled(other: &Partition, recommended: &Partition) -> bool {
    let (own, other_count) = (recommended.services.len(), other.services.len());
    match other.label.as_str() {
        COARSER_LABEL => other_count > 0 && other_count < own,
        FINER_LABEL => other_count > own,
        _ => false,
    }
}

/// Another answer to stand beside the recommended one.
struct Other {
    resolution: f64,
    draft: Draft,
    found: Votes,
    answer: Partition,
}

impl Other {
    fn new(sources: &Sources, resolution: f64, label: &str, runs: u32) -> Self {
        let draft = draft(sources, resolution, runs, label != FINER_LABEL);
        let found = votes(sources, &draft);
        let words = format!("{} candidates at resolution {resolution:.2}", draft.groups);
        let answer = assemble(sources, &draft, &found, &Convincing { holds: false, words }, label);
        Self { resolution, draft, found, answer }
    }

    /// Why it does not convince either, to be read behind what speaks against more services.
    fn spoken_against(&self, verdict: &Convincing) -> Option<String> {
        let words = (!verdict.holds).then(|| verdict.words.strip_prefix(NO_BOUNDARY).unwrap_or(&verdict.words))?;
        Some(format!("; with {}, {words}", self.answer.services.len()))
    }

    /// Itself, or the first at a still lower resolution that has fewer services than the recommended one: what is too small
    /// to stay alone gives the same services at several resolutions.
    fn with_fewer(mut self, sources: &Sources, recommended: &Partition, runs: u32) -> Self {
        for _ in 1..LOWERED {
            if recommended.services.len() < 2 || self.answer.services.len() < recommended.services.len() {
                break;
            }
            self = Self::new(sources, self.resolution * COARSER, COARSER_LABEL, runs);
        }
        self
    }
}

/// The answer at a resolution, which is raised until there are enough services unless it was asked for.
fn recommend(sources: &Sources, mut resolution: f64) -> (f64, Draft) {
    let settings = sources.settings;
    let mut res = draft(sources, resolution, settings.partition.resamples, true);
    if settings.partition.resolution.is_none() {
        for _ in 0..6 {
            if res.groups >= settings.services.min as usize {
                break;
            }
            resolution *= 1.4;
            res = draft(sources, resolution, settings.partition.resamples, true);
        }
    }
    (resolution, res)
}

/// Puts names, reasons and confidence on a draft.
fn assemble(sources: &Sources, draft: &Draft, votes: &Votes, verdict: &Convincing, label: &str) -> Partition {
    let names = naming::name_groups(sources.graph, draft, &sources.pins.services);
    // Services in the order of their names, so that an answer reads the same after an edit elsewhere.
    let mut order: Vec<u32> = (0..draft.groups as u32).collect();
    order.sort_by(|a, b| names[*a as usize].cmp(&names[*b as usize]));
    let mut number = vec![0; draft.groups];
    for (at, group) in order.iter().enumerate() {
        number[*group as usize] = at as u32;
    }
    let id = |group: u32| ServiceId(number[group as usize]);
    let place = |slot: Slot| match slot {
        Slot::Group(group) => Place::Service(id(group)),
        Slot::SharedKernel => Place::SharedKernel,
        Slot::EdgeLayer => Place::EdgeLayer,
        Slot::Outside => Place::Outside,
    };
    let placement = |slot: Slot, vote: confidence::Vote, reason: String| Placement {
        place: place(slot),
        confidence: vote.0,
        runner_up: vote.1.map(|it| (id(it.0), it.1)),
        reason,
    };
    let mut reasons = words::of_groups(sources, draft);
    let services = order
        .iter()
        .map(|group| ServiceCandidate {
            name: names[*group as usize].clone(),
            confidence: votes.groups[*group as usize],
            reasons: std::mem::take(&mut reasons[*group as usize]),
            declared: (*group as usize) < sources.pins.services.len(),
        })
        .collect();
    let symbols = (0..draft.symbols.len())
        .map(|at| placement(draft.symbols[at], votes.symbols[at], words::of_symbol(sources, draft, at)))
        .collect();
    let stores = words::of_stores(sources, draft, &names)
        .into_iter()
        .enumerate()
        .map(|(at, reason)| placement(draft.stores[at], votes.stores[at], reason))
        .collect();
    Partition {
        services,
        symbols,
        stores,
        label: label.to_owned(),
        clusterer: sources.clusterer.id().to_owned(),
        modularity: sources.coupling.modularity(draft.symbols.iter().chain(&draft.stores).map(|it| it.group())),
        convincing: verdict.holds,
        verdict: verdict.words.clone(),
        from_data: draft.data_share >= DATA_SHARE,
        alternatives: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_follow_the_number_of_services() {
        let answer = |label: &str, services: usize| {
            let service = |at: usize| ServiceCandidate {
                name: format!("s{at}"),
                confidence: 1.0,
                reasons: Vec::new(),
                declared: false,
            };
            Partition {
                label: label.to_owned(),
                services: (0..services).map(service).collect(),
                ..Partition::default()
            }
        };
        let recommended = answer("recommended", 4);
        for (label, services, holds) in [
            ("finer", 5, true),
            ("finer", 4, false),
            ("finer", 3, false),
            ("coarser", 3, true),
            ("coarser", 4, false),
            ("coarser", 5, false),
            ("coarser", 0, false),
        ] {
            assert_eq!(is_as_labelled(&answer(label, services), &recommended), holds, "{label} with {services}");
        }
    }
}
