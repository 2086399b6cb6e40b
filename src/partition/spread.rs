//! How far the data of a cut lies from the code that works on it.

use crate::measure::services::Purposes;
use crate::model::graph::SystemGraph;
use crate::model::partition::Partition;

/// Where the mean endpoint works on the data of more services, each request becomes a composition of many answers.
const MOST_FAN_OUT: f64 = 3.0;
/// Where services find more of what they read and write with others, they are callers of one another more than owners. Told
/// from so many accesses on.
const MOST_FOREIGN: f64 = 0.4;
const ENOUGH: usize = 50;
/// Where it is more than this, no boundary has been found: the data is that of the whole.
const TANGLED: f64 = 0.5;

/// How far data and code lie apart under a partition.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spread {
    /// Services whose data the mean endpoint works on, from 1; 0 without any.
    fan_out: f64,
    /// Accesses from services to data of another one, and to data of any.
    foreign: usize,
    accesses: usize,
}

impl Spread {
    pub(super) fn new(graph: &SystemGraph, partition: &Partition) -> Self {
        let mut res = Self { fan_out: Purposes::new(graph, partition).fan_out(None), foreign: 0, accesses: 0 };
        for access in graph.counted_accesses() {
            let ends = (partition.symbol(access.symbol).service(), partition.store(access.store).service());
            if let (Some(user), Some(owner)) = ends {
                res.accesses += 1;
                res.foreign += usize::from(user != owner);
            }
        }
        res
    }

    /// Share of the accesses that go to the data of another service, 0 to 1.
    fn foreign_share(&self) -> f64 {
        self.foreign as f64 / self.accesses.max(1) as f64
    }

    /// What speaks against the partition, to be read after "10 services would".
    pub(super) fn objection(&self) -> Option<String> {
        if self.fan_out > MOST_FAN_OUT {
            return Some(format!("have the mean endpoint work on the data of {:.1} services", self.fan_out));
        }
        let share = self.foreign_share();
        (self.accesses >= ENOUGH && share > MOST_FOREIGN)
            .then(|| format!("find {:.0} % of what they read and write with another", 100.0 * share))
    }

    /// Why the partition is none, if it is none.
    pub(super) fn tangle(&self) -> Option<String> {
        let share = self.foreign_share();
        (self.accesses >= ENOUGH && share > TANGLED)
            .then(|| format!("services would find {:.0} % of what they read and write with another", 100.0 * share))
    }

    /// Whether it is nearer in the one and no farther in the other.
    pub(super) fn is_better_than(&self, other: &Self) -> bool {
        let (own, others) = (self.foreign_share(), other.foreign_share());
        self.fan_out <= other.fan_out && own <= others && (self.fan_out < other.fan_out || own < others)
    }
}
