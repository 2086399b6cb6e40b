//! A graph to a partition: service candidates, shared kernel, edge layer.

pub mod agglomerative;
pub mod declared;
pub mod label_propagation;
pub mod leiden;
pub mod weighted;

use crate::partition::weighted::{Constraints, WeightedGraph};

/// What a clusterer may vary.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tuning {
    /// Above 1 gives more and smaller clusters, below 1 fewer.
    pub resolution: f64,
    pub seed: u64,
}

impl Default for Tuning {
    fn default() -> Self {
        Self { resolution: 1.0, seed: 1 }
    }
}

/// An algorithm that divides a weighted graph.
pub trait Clusterer: Sync {
    /// Stable kebab-case id.
    fn id(&self) -> &'static str;

    /// One line for the help.
    fn summary(&self) -> &'static str;

    /// One cluster number for each node of `graph`, from 0 in the order of first members.
    fn cluster(&self, graph: &WeightedGraph, constraints: &Constraints, tuning: &Tuning) -> Vec<u32>;
}

/// Every clusterer, sorted by id.
pub static CLUSTERERS: &[&dyn Clusterer] =
    &[&agglomerative::Agglomerative, &declared::Declared, &label_propagation::LabelPropagation, &leiden::Leiden];

/// The clusterer with this id.
pub fn clusterer(id: &str) -> Option<&'static dyn Clusterer> {
    CLUSTERERS.iter().copied().find(|it| it.id() == id)
}
