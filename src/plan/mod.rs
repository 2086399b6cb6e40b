//! A graph and a partition to owners, verdicts, seams, order and steps.

use crate::config::PlanOptions;
use crate::model::diagnostic::Diagnostic;
use crate::model::graph::SystemGraph;
use crate::model::partition::Partition;
use crate::model::plan::Plan;

/// Plans the extraction that a partition proposes.
pub fn plan(_graph: &SystemGraph, _partition: &Partition, _options: &PlanOptions) -> (Plan, Vec<Diagnostic>) {
    (Plan::default(), Vec::new())
}
