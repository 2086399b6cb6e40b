//! Coupling metrics of a graph and a partition: pure functions.

pub mod agreement;
