//! The plan: owners, verdicts, seams, order and steps, each line with its evidence.

use serde::{Deserialize, Serialize};

/// What `plan` concludes from a graph and a partition.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {}
