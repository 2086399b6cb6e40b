//! The plan: on graphs made by hand, and on the fixtures under the split their expert chose.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use seamline::Request;
use seamline::config::PlanOptions;
use seamline::model::graph::{SymbolId, SymbolKind, SystemGraph};
use seamline::model::partition::{Partition, Place, Placement, ServiceCandidate, ServiceId};
use seamline::model::plan::{Plan, StorePlan};
use seamline::model::source::Role;
use serde::Deserialize;

/// `services.toml` of a fixture.
#[derive(Deserialize)]
struct Expert {
    service: Vec<ExpertService>,
    #[serde(default)]
    shared_kernel: Members,
    #[serde(default)]
    edge: Members,
    #[serde(default)]
    conflict: Vec<Conflict>,
}

#[derive(Deserialize)]
struct ExpertService {
    name: String,
    reason: String,
    #[serde(flatten)]
    members: Members,
}

#[derive(Default, Deserialize)]
struct Members {
    #[serde(default)]
    modules: Vec<String>,
    #[serde(default)]
    symbols: Vec<String>,
    #[serde(default)]
    stores: Vec<String>,
}

#[derive(Deserialize)]
struct Conflict {
    store: String,
    owner: String,
    readers: Vec<String>,
    writers: Vec<String>,
    verdict: String,
}

fn fixture(name: &str) -> (SystemGraph, Expert) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/projects").join(name);
    let text = std::fs::read_to_string(folder.join("services.toml")).expect("services.toml is there");
    let expert = toml::from_str(&text).expect("services.toml is well formed");
    let system = seamline::read(&Request { path: folder, ..Request::default() }).expect("the fixture can be read");
    (system.graph, expert)
}

/// The expert's split as a partition: a symbol's own entry wins over that of the symbol around it, then the module's.
fn expert_partition(graph: &SystemGraph, expert: &Expert) -> Partition {
    let mut symbols: BTreeMap<&str, Place> = BTreeMap::new();
    let mut modules: BTreeMap<&str, Place> = BTreeMap::new();
    let mut stores: BTreeMap<&str, Place> = BTreeMap::new();
    let services =
        expert.service.iter().enumerate().map(|(id, it)| (Place::Service(ServiceId(id as u32)), &it.members));
    for (place, members) in
        services.chain([(Place::SharedKernel, &expert.shared_kernel), (Place::EdgeLayer, &expert.edge)])
    {
        symbols.extend(members.symbols.iter().map(|it| (it.as_str(), place)));
        modules.extend(members.modules.iter().map(|it| (it.as_str(), place)));
        stores.extend(members.stores.iter().map(|it| (it.as_str(), place)));
    }
    let place_of = |mut id: SymbolId| -> Place {
        let start = graph.symbol(id);
        if start.role != Role::Production {
            return Place::Outside;
        }
        loop {
            let symbol = graph.symbol(id);
            if let Some(place) = symbols.get(symbol.name.as_str()) {
                return *place;
            }
            match symbol.parent {
                Some(parent) if parent != id => id = parent,
                _ => break,
            }
        }
        modules.get(graph.module(start.module).name.as_str()).copied().unwrap_or(Place::Outside)
    };
    let placement = |place: Place| Placement { place, confidence: 1.0, runner_up: None, reason: String::new() };
    Partition {
        services: expert
            .service
            .iter()
            .map(|it| ServiceCandidate {
                name: it.name.clone(),
                confidence: 1.0,
                reasons: vec![it.reason.clone()],
                declared: true,
            })
            .collect(),
        symbols: graph.symbol_ids().map(|it| placement(place_of(it))).collect(),
        stores: graph
            .stores
            .iter()
            .map(|it| {
                let conflict = expert.conflict.iter().find(|conflict| conflict.store == it.name);
                let shared = conflict.is_some_and(|it| it.owner == "shared_kernel");
                placement(stores.get(it.name.as_str()).copied().unwrap_or(if shared {
                    Place::SharedKernel
                } else {
                    Place::Outside
                }))
            })
            .collect(),
        label: "declared".to_owned(),
        clusterer: "declared".to_owned(),
        convincing: true,
        from_data: true,
        ..Partition::default()
    }
}

fn planned(name: &str) -> (SystemGraph, Expert, Partition, Plan) {
    let (graph, expert) = fixture(name);
    let partition = expert_partition(&graph, &expert);
    let (plan, _) = seamline::plan::plan(&graph, &partition, &PlanOptions::default());
    (graph, expert, partition, plan)
}

fn names(partition: &Partition, owner: Place, services: impl Iterator<Item = Place>) -> BTreeSet<String> {
    services
        .filter(|it| *it != owner || owner.service().is_none())
        .filter_map(Place::service)
        .map(|it| partition.services[it.index()].name.clone())
        .collect()
}

#[test]
fn show() {
    for name in ["assistant", "flowline", "shopfront", "socialnet"] {
        let (graph, expert, partition, plan) = planned(name);
        println!("== {name}");
        if let Ok(out) = std::env::var("PLAN_OUT") {
            let report = seamline::model::report::Report {
                graph: graph.clone(),
                partition: partition.clone(),
                plan: plan.clone(),
                diagnostics: Vec::new(),
            };
            std::fs::write(format!("{out}/{name}.md"), seamline::render::markdown::document(&report)).expect("out");
            std::fs::write(
                format!("{out}/{name}.txt"),
                seamline::render::text::summary(&report, seamline::render::text::Color::Never, 100),
            )
            .expect("out");
        }
        let mut equal = 0;
        for conflict in &expert.conflict {
            let Some(it) = plan.stores.iter().find(|it| graph.store(it.store).name == conflict.store) else {
                println!("MISSING STORE {}", conflict.store);
                continue;
            };
            let readers = names(
                &partition,
                it.ownership.place,
                it.parties.iter().filter(|it| !it.reads.is_empty()).map(|it| it.place),
            );
            let writers: BTreeSet<String> = it
                .parties
                .iter()
                .filter(|it| !it.writes.is_empty())
                .filter_map(|it| it.place.service())
                .map(|it| partition.services[it.index()].name.clone())
                .collect();
            let same = it.verdict.id() == conflict.verdict;
            equal += usize::from(same);
            println!(
                "{} {}: {} (expert {}) rule {} | {}",
                if same { "ok " } else { "BAD" },
                conflict.store,
                it.verdict.id(),
                conflict.verdict,
                it.rule,
                it.reason.text
            );
            if readers != conflict.readers.iter().cloned().collect()
                || writers != conflict.writers.iter().cloned().collect()
            {
                println!(
                    "     readers {readers:?} want {:?}; writers {writers:?} want {:?}",
                    conflict.readers, conflict.writers
                );
            }
            if !same || std::env::var("ALL").is_ok() {
                for party in &it.parties {
                    for (kind, uses) in [("r", &party.reads), ("w", &party.writes)] {
                        for u in uses {
                            let a = &graph.accesses[u.access as usize];
                            println!(
                                "        {kind} {:?} {:?} {:?} {:?} loop {} {} {} [{:?} {}]",
                                party.place,
                                a.operation,
                                a.columns,
                                a.predicates,
                                a.in_loop,
                                graph.symbol(a.symbol).name,
                                graph.place(a.evidence),
                                party.remedy.map(|it| it.id()),
                                party.reason
                            );
                        }
                    }
                }
            }
        }
        println!("{equal} of {}", expert.conflict.len());
        let planted: BTreeSet<_> = expert.conflict.iter().map(|it| it.store.as_str()).collect();
        for it in
            plan.stores.iter().filter(|it| it.is_shared() && !planted.contains(graph.store(it.store).name.as_str()))
        {
            println!("EXTRA {} {} {} | {}", graph.store(it.store).name, it.verdict.id(), it.rule, it.reason.text);
        }
    }
    let _ = (SymbolKind::Module, None::<StorePlan>);
}
