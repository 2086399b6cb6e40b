//! Everything one run found out, ready for renderers.

use serde::{Deserialize, Serialize};

use crate::model::diagnostic::Diagnostic;
use crate::model::graph::SystemGraph;
use crate::model::partition::Partition;
use crate::model::plan::Plan;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub graph: SystemGraph,
    pub partition: Partition,
    pub plan: Plan,
    pub diagnostics: Vec<Diagnostic>,
}

/// One file to write: path relative to the output folder, and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    pub path: String,
    pub bytes: Vec<u8>,
}
