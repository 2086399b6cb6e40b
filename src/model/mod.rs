//! The types every stage shares, in the order data flows through them.
//!
//! Nothing here does I/O, knows a parser or a framework, or imports another module of ours.

pub mod check;
pub mod diagnostic;
pub mod fact;
pub mod graph;
pub mod history;
pub mod partition;
pub mod plan;
pub mod report;
pub mod rule;
pub mod source;
pub mod sql;
pub mod stage;
pub mod wording;
