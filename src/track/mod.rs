//! Metrics across revisions, baseline, ratchet.

pub mod baseline;
pub mod findings;
