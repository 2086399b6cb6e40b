//! A partition: which symbol and which store belongs to which service candidate, to the shared kernel or to the edge layer.

use serde::{Deserialize, Serialize};

use crate::model::graph::{StoreId, SymbolId};

/// Position in [`Partition::services`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ServiceId(pub u32);

impl ServiceId {
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Where something is placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    Service(ServiceId),
    /// Types, utilities and configuration that all use: a library, not a service.
    SharedKernel,
    /// Routers, middleware, `main`: becomes the gateway or stays in front.
    EdgeLayer,
    /// Tests, generated and vendored code, and what nothing connects to anything.
    Outside,
}

impl Place {
    pub fn service(self) -> Option<ServiceId> {
        match self {
            Self::Service(id) => Some(id),
            _ => None,
        }
    }
}

/// One service candidate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceCandidate {
    /// Unique, stable between runs, lower-case with `-`.
    pub name: String,
    /// 0 to 1: how often its members stay together when the evidence is resampled.
    pub confidence: f64,
    /// Why it has this name and these stores, in words with figures.
    pub reasons: Vec<String>,
    /// True when a user declared it.
    pub declared: bool,
}

/// Why something is where it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Placement {
    pub place: Place,
    /// 0 to 1.
    pub confidence: f64,
    /// The next best service, and the share of resamples that chose it.
    pub runner_up: Option<(ServiceId, f64)>,
    /// `pinned by seamline.toml`, `writes orders (12 sites)`, `same type as ..`.
    pub reason: String,
}

/// One way to cut the system.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Partition {
    pub services: Vec<ServiceCandidate>,
    /// One per symbol of the graph.
    pub symbols: Vec<Placement>,
    /// One per store of the graph; a store's place is its owner.
    pub stores: Vec<Placement>,
    /// `recommended`, `coarser`, `finer`, `declared`.
    pub label: String,
    /// Clusterer's id.
    pub clusterer: String,
    /// Weighted modularity of the clustered graph, -0.5 to 1.
    pub modularity: f64,
    /// Whether boundaries are convincing; if not, why not, in words.
    pub convincing: bool,
    pub verdict: String,
    /// True when boundaries come from data access, false when from code coupling alone.
    pub from_data: bool,
    /// Other answers: a coarser and a finer one.
    pub alternatives: Vec<Partition>,
}

impl Partition {
    pub fn symbol(&self, id: SymbolId) -> Place {
        self.symbols.get(id.index()).map_or(Place::Outside, |it| it.place)
    }

    pub fn store(&self, id: StoreId) -> Place {
        self.stores.get(id.index()).map_or(Place::Outside, |it| it.place)
    }

    pub fn service_ids(&self) -> impl Iterator<Item = ServiceId> + use<> {
        (0..self.services.len() as u32).map(ServiceId)
    }
}
