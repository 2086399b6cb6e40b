//! Risks and checklists, from the facts only.

use std::collections::BTreeMap;

use crate::model::graph::Evidence;
use crate::model::partition::Place;
use crate::model::plan::{Checklist, ForeignKeyCut, Plan, Risk, Statement, Verdict};
use crate::model::wording::{count, enumerate};
use crate::plan::seams::Crossings;
use crate::plan::survey::{Survey, statement, unique};

/// From so many crossing edges on a pair of services talks too much for a network.
const CHATTY: usize = 20;

/// Risks by kind, then by service or store.
pub(super) fn risks(survey: &Survey, plan: &Plan, crossings: &Crossings) -> Vec<Risk> {
    let graph = survey.graph;
    let mut found = Vec::new();
    let mut add = |kind: &str, statement: Option<Statement>, mitigation: &str| {
        if let Some(statement) = statement {
            found.push(Risk { kind: kind.to_owned(), statement, mitigation: mitigation.to_owned() });
        }
    };
    let distributed: Vec<Evidence> = plan.sagas.iter().filter(|it| it.is_distributed()).map(|it| it.evidence).collect();
    let uncalled = plan.sagas.iter().filter(|it| it.is_distributed() && survey.uncalled.contains(&it.symbol)).count();
    let unsure = match uncalled {
        0 => String::new(),
        it => format!(
            "; no route, message or `main` that was read leads to {it} of them (a framework does, or it is a command, a job or dead code)"
        ),
    };
    add(
        "broken-transactions",
        statement(
            format!(
                "{} {} atomic today and will not be{unsure}",
                count(distributed.len(), "transaction"),
                if distributed.len() == 1 { "is" } else { "are" }
            ),
            distributed,
        ),
        "sagas with the listed undo steps, an outbox for what follows the pivot, and a job that finds sagas that stopped half-way",
    );
    for store in plan.stores.iter().filter(|it| it.ownership.writes.len() > 2) {
        let writers: Vec<String> = store.ownership.writes.iter().map(|it| survey.name(it.0).to_owned()).collect();
        add(
            "many-writers",
            statement(
                format!("`{}` is written by {}", survey.store_name(store.store), enumerate(&writers, 6)),
                store.parties.iter().flat_map(|it| survey.sites(it.writes.iter().copied())),
            ),
            "move the writes behind the owner before anything is extracted, and let a database role forbid the others",
        );
    }
    let on_most: Vec<Evidence> = (survey.on_most.iter())
        .map(|it| graph.symbol(*it))
        .map(|it| Evidence { file: it.file, line: it.line })
        .collect();
    add(
        "works-on-most-tables",
        statement(
            format!(
                "{} most tables at once and {} for no service",
                verb(on_most.len()),
                if on_most.len() == 1 { "speaks" } else { "speak" }
            ),
            on_most,
        ),
        "cut it up by owner, or let each service do it for its own tables, before the first table moves",
    );
    for ((from, to), crossing) in crossings {
        let calls = crossing.calls.len() + crossing.accesses.len();
        if calls >= CHATTY {
            add(
                "chatty-seam",
                statement(
                    format!("{} reaches into {} at {}", survey.name(*from), survey.name(*to), count(calls, "place")),
                    crossing
                        .calls
                        .iter()
                        .map(|it| graph.calls[*it as usize].evidence)
                        .chain(crossing.accesses.iter().map(|it| graph.accesses[*it as usize].evidence)),
                ),
                "answer several questions in one call, keep a copy of what is read often, or move the boundary",
            );
        }
    }
    let loops: Vec<Evidence> = plan
        .stores
        .iter()
        .flat_map(|it| it.parties.iter().filter(|it| it.remedy.is_some()))
        .flat_map(|it| it.reads.iter().chain(&it.writes))
        .filter(|it| graph.accesses[it.access as usize].in_loop)
        .map(|it| survey.site(*it))
        .collect();
    add(
        "calls-in-loops",
        statement(
            {
                let number = unique(loops.iter().copied()).len();
                let stand = if number == 1 { "stands" } else { "stand" };
                format!("{} to another's store {stand} in a loop and would become a call each", count(number, "access"))
            },
            loops,
        ),
        "one call for the whole list, or a copy",
    );
    let keys = keys_across(plan);
    let cascades: Vec<&ForeignKeyCut> = keys.iter().copied().filter(|it| it.on_delete_cascade).collect();
    add(
        "lost-cascades",
        statement(
            format!("{} delete rows of another service today and will not", count(cascades.len(), "foreign key")),
            cascades.iter().map(|it| it.evidence),
        ),
        "an event for each deletion, and a job that finds orphans",
    );
    add(
        "unchecked-references",
        statement(
            format!("{} across boundaries keep references right today", count(keys.len(), "foreign key")),
            keys.iter().map(|it| it.evidence),
        ),
        "check on write by asking the owner, and report dangling references",
    );
    for module in plan.kernel.iter().filter(|it| !it.reaches.is_empty()) {
        let services: Vec<&str> =
            unique(module.reaches.iter().map(|it| it.0)).into_iter().map(|it| survey.name(it)).collect();
        add(
            "kernel-reaches-into-services",
            statement(
                format!("`{}` is shared but calls into {}", graph.module(module.module).name, enumerate(&services, 5)),
                module.reaches.iter().map(|it| it.1),
            ),
            "turn the dependency around (pass a function or an interface in) before it becomes a library",
        );
    }
    for prefix in &plan.prefixes {
        let places: Vec<String> = prefix.places.iter().map(|it| survey.place_name(it.0)).collect();
        add(
            "shared-prefix",
            statement(
                format!("`{}` is served by {}", prefix.prefix, enumerate(&places, 5)),
                prefix.places.iter().flat_map(|it| it.1.iter().map(|it| graph.endpoints[*it as usize].evidence)),
            ),
            "route by method and full path, or give one of them a prefix of its own first",
        );
    }
    let contradictions: Vec<Evidence> = graph.stores.iter().flat_map(|it| it.conflicts.iter().map(|it| it.0)).collect();
    add(
        "contradicting-definitions",
        statement(
            format!(
                "{} of stores contradict another one",
                count(unique(contradictions.iter().copied()).len(), "definition")
            ),
            contradictions,
        ),
        "compare with the database that runs, then delete the wrong one",
    );
    let blind: Vec<Evidence> =
        graph.blind_spots.iter().filter(|it| in_a_service(survey, it.symbol)).map(|it| it.evidence).collect();
    add(
        "blind-spots",
        statement(
            format!(
                "{} in the code of services could not be resolved and may hide a crossing",
                count(blind.len(), "place")
            ),
            blind,
        ),
        "look at each; a pattern file under `queries` teaches Seamline the ones that repeat",
    );
    let untested: Vec<Evidence> = plan
        .services
        .iter()
        .filter(|it| it.tests.is_empty())
        .filter_map(|it| it.moves.first())
        .filter_map(|it| it.ranges.first().map(|range| Evidence { file: it.file, line: range.first }))
        .collect();
    add(
        "untested-code",
        statement(format!("{} have no test that calls them directly", count(untested.len(), "service")), untested),
        "characterization tests first",
    );
    found
}

fn in_a_service(survey: &Survey, symbol: Option<crate::model::graph::SymbolId>) -> bool {
    symbol.is_some_and(|it| matches!(survey.partition.symbol(it), Place::Service(_)))
}

/// What to tick off before, during and after; only what the facts ask for.
pub(super) fn checklist(survey: &Survey, plan: &Plan) -> Checklist {
    let graph = survey.graph;
    let endpoints: Vec<Evidence> =
        plan.services.iter().flat_map(|it| &it.endpoints).map(|it| graph.endpoints[*it as usize].evidence).collect();
    let tests: Vec<Evidence> = plan.services.iter().flat_map(|it| &it.tests).map(|it| survey.definition(*it)).collect();
    let shared = || plan.stores.iter().filter(|it| it.is_shared());
    let written: Vec<Evidence> = shared()
        .flat_map(|it| it.parties.iter().filter(|it| it.remedy.is_some()))
        .flat_map(|it| survey.sites(it.writes.iter().copied()))
        .collect();
    let written = unique(written);
    let kernel: Vec<Evidence> = plan.kernel.iter().map(|it| it.evidence).collect();
    let distributed: Vec<Evidence> = plan.sagas.iter().filter(|it| it.is_distributed()).map(|it| it.evidence).collect();
    let moved: Vec<Evidence> = plan
        .stores
        .iter()
        .filter(|it| graph.store(it.store).kind.holds_rows())
        .filter(|it| it.ownership.place.service().is_some())
        .flat_map(|it| survey.store_sites(it.store))
        .collect();
    let copies: Vec<Evidence> = shared()
        .filter(|it| it.parties.iter().any(|it| it.remedy == Some(Verdict::ReplicateReadModel)))
        .flat_map(|it| it.reason.sites.iter().copied())
        .collect();
    let keys = keys_across(plan);
    Checklist {
        before: [
            statement(format!("{} pass on the monolith", count(tests.len(), "test")), tests),
            statement(
                format!("{} have a recorded request and answer", count(endpoints.len(), "endpoint")),
                endpoints.iter().copied(),
            ),
            statement(
                "A gateway stands in front of the monolith and routes everything to it",
                endpoints.iter().copied(),
            ),
            statement(format!("{} of the shared kernel build as libraries", count(kernel.len(), "module")), kernel),
            statement(
                "`seamline check` runs in CI against the accepted boundaries",
                shared().flat_map(|it| it.reason.sites.iter().copied()),
            ),
        ]
        .into_iter()
        .flatten()
        .collect(),
        during: [
            statement(format!("No write to another's store is left ({} today)", count(written.len(), "site")), written),
            statement(format!("No transaction spans two services ({} today)", distributed.len()), distributed),
            statement(format!("No foreign key crosses ({} today)", keys.len()), keys.iter().map(|it| it.evidence)),
            statement("Copies say how old they may be, and an alert watches their age", copies),
            statement("Every batch of a backfill is verified before the next", moved.iter().copied()),
        ]
        .into_iter()
        .flatten()
        .collect(),
        after: [
            statement("Old tables are archived and dropped", moved),
            statement("Old routes are gone from the monolith", endpoints),
            statement(
                "Coupling is measured again and compared with today's",
                shared().flat_map(|it| it.reason.sites.iter().copied()),
            ),
        ]
        .into_iter()
        .flatten()
        .collect(),
    }
}

fn verb(functions: usize) -> String {
    format!("{} {}", count(functions, "function"), if functions == 1 { "works on" } else { "work on" })
}

/// Foreign keys that cross a boundary, each once: both of its stores list it, and several may stand on one line.
fn keys_across(plan: &Plan) -> Vec<&ForeignKeyCut> {
    let all = plan.stores.iter().flat_map(|it| &it.foreign_keys);
    let by_name: BTreeMap<_, &ForeignKeyCut> = all.map(|it| ((it.store, &it.columns, it.references), it)).collect();
    by_name.into_values().collect()
}
