//! A graph and a partition to owners, verdicts, seams, order and steps.

mod keys;
mod operations;
mod order;
mod phases;
mod programs;
mod reading;
mod risks;
mod sagas;
mod seams;
mod services;
mod stores;
mod survey;
mod verdicts;

use crate::config::PlanOptions;
use crate::model::diagnostic::Diagnostic;
use crate::model::graph::SystemGraph;
use crate::model::partition::Partition;
use crate::model::plan::{Action, Advice, Order, Plan, Refusal};
use crate::model::wording::count;
use crate::plan::survey::Survey;

pub use crate::plan::verdicts::rule_ids;

/// Plans the extraction that a partition proposes. Runs nothing and opens nothing.
///
/// Where the partition does not convince, the plan says so: owners, verdicts and seams are still there to read, but no
/// order and no steps.
pub fn plan(graph: &SystemGraph, partition: &Partition, options: &PlanOptions) -> (Plan, Vec<Diagnostic>) {
    let survey = Survey::new(graph, partition);
    let owners = stores::owners(&survey);
    // The verdicts need to know which transactions cross, and some of them make a transaction whole again.
    let crossing = sagas::sagas(&survey, &owners, &[]);
    let (mut stores, mut diagnostics) = stores::plan_stores(&survey, &owners, &crossing, options);
    let sagas = sagas::sagas(&survey, &owners, &stores);
    stores::link_sagas(&mut stores, &sagas);
    let (crossings, guesses) = seams::crossings(&survey, &owners, &stores);
    if guesses != (0, 0) {
        let (calls, accesses) = (count(guesses.0, "call"), count(guesses.1, "access"));
        let text = format!("{calls} and {accesses} between services are guesses and not counted as crossing");
        diagnostics.push(Diagnostic::note("guesses", "", 0, text));
    }
    let mut plan = Plan {
        advice: advice(partition),
        order: Order::default(),
        services: services::services(&survey, &owners, &crossings, &sagas),
        seams: seams::seams(&survey, &crossings, &owners, &sagas),
        prefixes: services::shared_prefixes(&survey),
        kernel: services::kernel(&survey),
        programs: programs::told(&survey),
        stores,
        sagas,
        refusals: refusals(&survey),
        ..Plan::default()
    };
    if plan.advice.action == Action::Extract {
        plan.order = order::order(&survey, &crossings, &plan.stores, &plan.sagas, &plan.services);
        let phases = phases::phases(&survey, &plan, &crossings);
        for (service, phases) in plan.services.iter_mut().zip(phases) {
            service.phases = phases;
        }
        plan.risks = risks::risks(&survey, &plan, &crossings);
        plan.checklist = risks::checklist(&survey, &plan);
    }
    (plan, diagnostics)
}

/// To cut or not to cut.
fn advice(partition: &Partition) -> Advice {
    let services = partition.services.len();
    let mut reasons: Vec<String> = Some(partition.verdict.clone()).filter(|it| !it.is_empty()).into_iter().collect();
    if services == 0 {
        reasons.push("no part of the system stands out as a service".to_owned());
    }
    if services == 1 {
        reasons.push("all of it holds together as one service".to_owned());
    }
    let action = if partition.convincing && services > 1 { Action::Extract } else { Action::LeaveAlone };
    if action == Action::LeaveAlone && reasons.is_empty() {
        reasons.push("the boundaries found do not convince".to_owned());
    }
    Advice { action, reasons }
}

/// What a checkout cannot say about the whole system.
fn refusals(survey: &Survey) -> Vec<Refusal> {
    let graph = survey.graph;
    let mut found = vec![
        Refusal {
            reason: "how long any step takes is not in a checkout".to_owned(),
            remedy: "estimate with the team, by the counts given here".to_owned(),
        },
        Refusal {
            reason: "row counts and sizes are not in a checkout: batch sizes and durations of a backfill cannot be planned"
                .to_owned(),
            remedy: "count the rows in production and choose batches by the time one takes".to_owned(),
        },
        Refusal {
            reason: "environment variables are not read from the code yet: the configuration of each service cannot be listed".to_owned(),
            remedy: "list what the moved files read from the environment by hand".to_owned(),
        },
    ];
    if graph.endpoints.is_empty() {
        found.push(Refusal {
            reason: "no endpoint was found: nothing can be said about routing or a gateway".to_owned(),
            remedy: "add the pattern of the routes under `queries` in seamline.toml".to_owned(),
        });
    }
    if graph.stores.is_empty() {
        found.push(Refusal {
            reason: "no data store was found: boundaries rest on code alone and nothing can be said about data"
                .to_owned(),
            remedy: "add the pattern of the data access under `queries` in seamline.toml".to_owned(),
        });
    }
    found
}
