//! A graph to a partition: service candidates, shared kernel, edge layer.
//!
//! Data first: stores are clustered by what touches them together, then code follows the data it writes. Where there
//! is no data, coupling decides. `docs/algorithms.md` has the reasons and every constant.

pub mod agglomerative;
pub mod attachment;
pub mod confidence;
pub mod declared;
pub mod draft;
pub mod label_propagation;
pub mod leiden;
pub mod naming;
pub mod neutral;
pub mod pins;
pub mod resolution;
pub mod signals;
pub mod weighted;

use crate::config::Settings;
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::graph::SystemGraph;
use crate::model::partition::{Partition, Place, Placement, ServiceCandidate, ServiceId};
use crate::partition::attachment::{attach, couple};
use crate::partition::confidence::{Convincing, Votes, judge, votes};
use crate::partition::draft::{Draft, Reason, Slot, Sources, draft, store_groups};
use crate::partition::pins::Pins;
use crate::partition::resolution::{Step, best_of, modularity, plateaus, sweep};
use crate::partition::signals::{Signals, pairs};
use crate::partition::weighted::{Constraints, InputNode, WeightedGraph};

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
}

/// Every clusterer, sorted by id.
pub static CLUSTERERS: &[&dyn Clusterer] =
    &[&agglomerative::Agglomerative, &declared::Declared, &label_propagation::LabelPropagation, &leiden::Leiden];

/// The clusterer with this id.
pub fn clusterer(id: &str) -> Option<&'static dyn Clusterer> {
    CLUSTERERS.iter().copied().find(|it| it.id() == id)
}

/// Share of the functions that must follow data for the answer to count as drawn from data.
const DATA_SHARE: f64 = 0.4;

/// Proposes services for `graph` under the constraints of `settings`. The recommended answer carries up to two others.
pub fn partition(graph: &SystemGraph, settings: &Settings) -> (Partition, Vec<Diagnostic>) {
    let (pins, mut diagnostics) = pins::resolve(graph, settings);
    let id = settings.partition.algorithm.as_str();
    let chosen = clusterer(id).unwrap_or_else(|| {
        let known: Vec<&str> = CLUSTERERS.iter().map(|it| it.id()).collect();
        let message = format!("no clusterer is called `{id}`, `leiden` is used: write one of {}", known.join(", "));
        diagnostics.push(Diagnostic::new(Severity::Error, "unknown-clusterer", "seamline.toml", 0, message));
        &leiden::Leiden
    });
    let signals = signals::collect(graph);
    let coupling = couple(graph, &settings.weights);
    let attachment = attach(&coupling, &pins);
    let sources =
        Sources { graph, settings, signals: &signals, coupling: &coupling, attachment: &attachment, pins: &pins };
    let constraints = data_constraints(graph, &signals, &pins);
    let once = vec![1; signals.contexts.len()];
    let data = data_graph(graph, &signals, &once, settings, &pins);
    let answers = choose(&data, &constraints, chosen, settings);
    let mut partitions: Vec<Partition> = Vec::new();
    for (label, step) in answers {
        let (groups, count) = store_groups(&step.clusters, &pins);
        let draft = draft(&sources, &groups, count);
        let votes = votes(&sources, &draft, &constraints, chosen, step.resolution);
        let verdict = judge(&sources, &draft, &votes, &data, &step, chosen);
        let partition =
            assemble(&sources, &draft, &votes, &verdict, label, chosen.id(), modularity(&data, &step.clusters, 1.0));
        let same =
            |it: &Partition| it.symbols.iter().map(|it| it.place).eq(partition.symbols.iter().map(|it| it.place));
        if !partitions.iter().any(same) {
            partitions.push(partition);
        }
    }
    let mut res = partitions.remove(0);
    res.alternatives = partitions;
    (res, diagnostics)
}

/// The graph over stores.
pub fn data_graph(
    graph: &SystemGraph,
    signals: &Signals,
    drawn: &[u32],
    settings: &Settings,
    pins: &Pins,
) -> WeightedGraph {
    let nodes: Vec<InputNode> = graph
        .stores
        .iter()
        .enumerate()
        .map(|(at, store)| InputNode {
            // Equal names must not merge, and the order of stores is the order of their names.
            name: format!("{}\u{0}{at:06}", store.name),
            is_store: true,
            declared: match pins.stores[at] {
                Some(pins::Pinned::Service(id)) => Some(id),
                _ => None,
            },
        })
        .collect();
    let edges = pairs(&signals.contexts, drawn, &settings.weights);
    let (built, place) = WeightedGraph::new(&nodes, &edges);
    if place.iter().enumerate().all(|(at, it)| at as u32 == *it) {
        return built;
    }
    // Stores that are not in the order of their names: put the rows back in the order of the stores.
    let mut back = vec![0; place.len()];
    for (at, it) in place.iter().enumerate() {
        back[*it as usize] = at as u32;
    }
    let edges: Vec<(u32, u32, f64)> =
        built.edges().map(|(a, b, weight)| (back[a as usize], back[b as usize], weight)).collect();
    let mut res = WeightedGraph::from_exact(nodes.len(), &edges);
    res.is_store = vec![true; nodes.len()];
    res.declared = nodes.iter().map(|it| it.declared).collect();
    res.names = nodes.into_iter().map(|it| it.name).collect();
    res
}

/// Aggregates stay together, pinned stores in their service, what is kept apart apart.
fn data_constraints(graph: &SystemGraph, signals: &Signals, pins: &Pins) -> Constraints {
    let labels = pins
        .stores
        .iter()
        .map(|it| match it {
            Some(pins::Pinned::Service(id)) => Some(*id),
            _ => None,
        })
        .collect();
    let only_stores = |items: &[pins::Item]| -> Vec<u32> {
        items
            .iter()
            .filter_map(|it| match it {
                pins::Item::Store(id) => Some(*id),
                pins::Item::Symbol(_) => None,
            })
            .collect()
    };
    let mut apart = Vec::new();
    for (a, b) in &pins.apart {
        let (a, b) = (only_stores(a), only_stores(b));
        apart.extend(a.iter().flat_map(|x| b.iter().map(move |y| (*x, *y))));
    }
    let mut together: Vec<Vec<u32>> = pins.together.iter().map(|it| only_stores(it)).collect();
    let kept_apart =
        |group: &Vec<u32>| apart.iter().any(|it: &(u32, u32)| group.contains(&it.0) && group.contains(&it.1));
    together.extend(signals.aggregates.iter().filter(|it| !kept_apart(it)).cloned());
    together.retain(|it| it.iter().all(|it| (*it as usize) < graph.stores.len()));
    Constraints { labels, together, apart, start: Vec::new() }
}

/// The recommended answer first, then a coarser and a finer one.
fn choose(
    data: &WeightedGraph,
    constraints: &Constraints,
    clusterer: &dyn Clusterer,
    settings: &Settings,
) -> Vec<(&'static str, Step)> {
    let options = &settings.partition;
    let at = |resolution: f64| best_of(data, constraints, clusterer, resolution, 5, options.seed);
    if let Some(resolution) = options.resolution {
        return vec![
            ("recommended", at(resolution)),
            ("coarser", at(resolution / 1.6)),
            ("finer", at(resolution * 1.6)),
        ];
    }
    let steps = sweep(data, constraints, clusterer, 25, 5, options.seed);
    let found = plateaus(&steps, settings.services.max_share);
    let wanted = |it: &Step| it.count >= settings.services.min as usize;
    let best = found.iter().find(|it| it.valid && wanted(&steps[it.at]));
    let recommended = match best {
        Some(plateau) => steps[plateau.at].clone(),
        None => {
            let plain = at(1.0);
            let enough = steps.iter().find(|it| wanted(it)).cloned();
            if wanted(&plain) { plain } else { enough.unwrap_or(plain) }
        }
    };
    let longest = |keep: &dyn Fn(&Step) -> bool| found.iter().map(|it| &steps[it.at]).find(|it| keep(it)).cloned();
    let coarser = longest(&|it| it.count < recommended.count && it.count >= 2);
    let finer = longest(&|it| it.count > recommended.count);
    let mut res = vec![("recommended", recommended)];
    res.extend(coarser.map(|it| ("coarser", it)));
    res.extend(finer.map(|it| ("finer", it)));
    res
}

/// Puts names, reasons and confidence on a draft.
fn assemble(
    sources: &Sources,
    draft: &Draft,
    votes: &Votes,
    verdict: &Convincing,
    label: &str,
    clusterer: &str,
    modularity: f64,
) -> Partition {
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
    let services = order
        .iter()
        .map(|group| ServiceCandidate {
            name: names[*group as usize].clone(),
            confidence: votes.groups[*group as usize],
            reasons: reasons(sources, draft, *group),
            declared: (*group as usize) < sources.pins.services.len(),
        })
        .collect();
    let symbols = (0..draft.symbols.len())
        .map(|at| Placement {
            place: place(draft.symbols[at]),
            confidence: votes.symbols[at].0,
            runner_up: votes.symbols[at].1.map(|it| (id(it.0), it.1)),
            reason: explain(sources, draft, at),
        })
        .collect();
    let stores = (0..draft.stores.len())
        .map(|at| Placement {
            place: place(draft.stores[at]),
            confidence: votes.stores[at].0,
            runner_up: votes.stores[at].1.map(|it| (id(it.0), it.1)),
            reason: confidence::explain_store(sources, draft, at, &names),
        })
        .collect();
    Partition {
        services,
        symbols,
        stores,
        label: label.to_owned(),
        clusterer: clusterer.to_owned(),
        modularity,
        convincing: verdict.holds,
        verdict: verdict.words.clone(),
        from_data: draft.data_share >= DATA_SHARE,
        alternatives: Vec::new(),
    }
}

/// Why a symbol is where it is, in words.
fn explain(sources: &Sources, draft: &Draft, at: usize) -> String {
    let graph = sources.graph;
    match draft.reasons[at] {
        Reason::Pinned => "fixed by seamline.toml".to_owned(),
        Reason::Data => confidence::explain_data(sources, draft, at),
        Reason::Surroundings => format!("most of {} is here", graph.file(graph.symbols[at].file).path),
        Reason::Coupling => "coupled to the code here, follows no data".to_owned(),
        Reason::Hub => "used from several services, owns no data".to_owned(),
        Reason::Entry => "starts or routes, owns no data".to_owned(),
        Reason::Gathers => "reads stores of several services and changes none".to_owned(),
        Reason::Unconnected => match draft.symbols[at] {
            Slot::Outside => "not connected to any service".to_owned(),
            _ => "stands beside the code here".to_owned(),
        },
    }
}

/// Why a group is a service, in words with figures.
fn reasons(sources: &Sources, draft: &Draft, group: u32) -> Vec<String> {
    let graph = sources.graph;
    let slot = Slot::Group(group);
    let mut res = Vec::new();
    let declared = &sources.pins.reasons;
    if let Some(reason) = declared.get(group as usize) {
        res.push(if reason.is_empty() { "declared in seamline.toml".to_owned() } else { reason.clone() });
    }
    let stores: Vec<&str> = (0..draft.stores.len())
        .filter(|it| draft.stores[*it] == slot)
        .map(|it| graph.stores[it].name.as_str())
        .collect();
    let mut sites = (0, 0);
    for access in &graph.accesses {
        if draft.stores[access.store.index()] == slot {
            sites.1 += 1;
            sites.0 += usize::from(draft.symbols[access.symbol.index()] == slot);
        }
    }
    if !stores.is_empty() {
        let shown = stores.iter().take(6).copied().collect::<Vec<_>>().join(", ");
        let more = if stores.len() > 6 { format!(" and {} more", stores.len() - 6) } else { String::new() };
        res.push(format!("owns {shown}{more}; {} of {} access sites are its own", sites.0, sites.1));
    }
    let endpoints = graph.endpoints.iter().filter(|it| draft.symbols[it.handler.index()] == slot).count();
    let symbols = draft.symbols.iter().filter(|it| **it == slot).count();
    res.push(format!("{symbols} symbols, {endpoints} endpoints"));
    let (mut inner, mut outer) = (0, 0);
    for call in &graph.calls {
        let (from, to) = (draft.symbols[call.from.index()], draft.symbols[call.to.index()]);
        if from == slot && to == slot {
            inner += 1;
        } else if (from == slot && to.group().is_some()) || (to == slot && from.group().is_some()) {
            outer += 1;
        }
    }
    if inner + outer > 0 {
        res.push(format!("{inner} calls inside, {outer} to or from other services"));
    }
    res
}
