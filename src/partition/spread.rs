//! How far the data of a cut lies from the code that works on it.

use crate::measure::cuts::{MOST_FAN_OUT, MOST_FOREIGN, foreign_accesses};
use crate::measure::services::Purposes;
use crate::model::graph::SystemGraph;
use crate::model::partition::Partition;

/// Where the mean endpoint works on the data of more services than [`MOST_FAN_OUT`], each request becomes a composition of many
/// answers, which is too much if fewer services would do; beyond this there is no boundary. Told from so many endpoints on.
const TANGLED_FAN_OUT: f64 = 3.0;
const ENOUGH_ENDPOINTS: usize = 10;
/// Where services find more of what they read and write with others than [`MOST_FOREIGN`], they are callers of one another more
/// than owners: likewise, told from so many accesses on.
const TANGLED_FOREIGN: f64 = 0.5;
const ENOUGH_ACCESSES: usize = 50;

/// How far data and code lie apart under a partition.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spread {
    /// Services whose data the mean endpoint works on, from 1; 0 where too few endpoints work on any.
    fan_out: f64,
    /// Share of the services' accesses that go to the data of another one, 0 to 1; 0 where there are too few accesses.
    foreign: f64,
}

impl Spread {
    pub(super) fn new(graph: &SystemGraph, partition: &Partition) -> Self {
        let purposes = Purposes::new(graph, partition);
        let (foreign, all) = foreign_accesses(graph, partition);
        Self {
            fan_out: if purposes.reaching() < ENOUGH_ENDPOINTS { 0.0 } else { purposes.fan_out(None) },
            foreign: if all < ENOUGH_ACCESSES { 0.0 } else { foreign as f64 / all as f64 },
        }
    }

    /// What speaks for fewer services, to be read after "10 services would".
    pub(super) fn objection(&self) -> Option<String> {
        self.beyond(MOST_FAN_OUT, MOST_FOREIGN)
    }

    /// What speaks against any boundary, likewise.
    pub(super) fn tangle(&self) -> Option<String> {
        self.beyond(TANGLED_FAN_OUT, TANGLED_FOREIGN)
    }

    fn beyond(&self, fan_out: f64, foreign: f64) -> Option<String> {
        if self.fan_out > fan_out {
            Some(format!("have the mean endpoint work on the data of {:.1} services", self.fan_out))
        } else if self.foreign > foreign {
            Some(format!("find {:.0} % of what they read and write with another", 100.0 * self.foreign))
        } else {
            None
        }
    }

    /// Whether it is nearer in the one and no farther in the other.
    pub(super) fn is_better_than(&self, other: &Self) -> bool {
        self != other && self.fan_out <= other.fan_out && self.foreign <= other.foreign
    }
}
