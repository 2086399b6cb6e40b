//! Metrics across revisions, baseline, ratchet, contracts.

pub mod baseline;
pub mod boundaries;
pub mod compare;
pub mod contracts;
pub mod cycles;
pub mod findings;
pub mod history;
pub mod identity;
pub mod limits;
