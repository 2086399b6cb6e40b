//! Coupling metrics of a graph and a partition: pure functions. `docs/metrics.md` lists them.

pub mod agreement;
pub mod calls;
pub mod cuts;
pub mod functionalities;
pub mod modularity;
pub mod packages;
pub mod programs;
pub mod purity;
pub mod services;
pub mod size;
pub mod system;
