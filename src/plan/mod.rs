//! A graph and a partition to owners, verdicts, seams, order and steps.

mod keys;
mod operations;
mod reading;
mod sagas;
mod seams;
mod stores;
mod survey;
mod verdicts;

use crate::config::PlanOptions;
use crate::model::diagnostic::Diagnostic;
use crate::model::graph::SystemGraph;
use crate::model::partition::Partition;
use crate::model::plan::Plan;
use crate::plan::survey::{Survey, count};

pub use crate::plan::verdicts::rule_ids;

/// Plans the extraction that a partition proposes. Runs nothing and opens nothing.
pub fn plan(graph: &SystemGraph, partition: &Partition, options: &PlanOptions) -> (Plan, Vec<Diagnostic>) {
    let survey = Survey::new(graph, partition);
    let owners = stores::owners(&survey);
    let sagas = sagas::sagas(&survey, &owners);
    let (stores, mut diagnostics) = stores::plan_stores(&survey, &owners, &sagas, options);
    let (crossings, guesses) = seams::crossings(&survey, &owners, &stores);
    if guesses > 0 {
        let text = format!("{} between services rest on a name alone and are not counted as crossing", count(guesses, "call"));
        diagnostics.push(Diagnostic::note("guessed-calls", "", 0, text));
    }
    let seams = seams::seams(&survey, &crossings, &owners, &sagas);
    (Plan { stores, seams, sagas, ..Plan::default() }, diagnostics)
}
