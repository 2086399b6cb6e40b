//! The figures by which two ways to cut one system are compared side by side.

use crate::measure::services::mean_fan_out;
use crate::measure::size::{largest_share_of_lines, non_extreme_distribution};
use crate::measure::system::{crossings, services_of_units};
use crate::model::graph::SystemGraph;
use crate::model::partition::Partition;

/// Services whose data the mean endpoint works on, beyond which fewer services are asked for: each request is put together from
/// many answers then.
pub const MOST_FAN_OUT: f64 = 2.5;
/// Share of what services read and write that is another's, beyond which fewer services are asked for.
pub const MOST_FOREIGN: f64 = 0.4;

/// What one way to cut costs. No figure says alone which is best: a cut into one service costs nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CutFigures {
    pub services: usize,
    /// Size skew: lines of production code in the largest service over all placed ones, 0 to 1.
    pub largest_share: f64,
    /// Size skew: units (types, functions outside types) in services of fewer than 5 or more than 20 units over all placed ones, 0 to 1 (NED).
    pub non_extreme_distribution: f64,
    /// Call sites between two services.
    pub cut_calls: usize,
    /// Accesses to a store that another service owns.
    pub foreign_accesses: usize,
    /// Stores that two or more services touch.
    pub shared_stores: usize,
    /// Transactions that write stores of two or more services.
    pub broken_transactions: usize,
    /// Statements that join stores of two or more services.
    pub cross_joins: usize,
    /// Foreign keys between stores of two services.
    pub cross_foreign_keys: usize,
    /// Services that an endpoint's data belongs to, mean over the endpoints that touch data, from 1; 0 without any.
    pub endpoint_fan_out: f64,
}

/// The figures of one partition of a graph.
pub fn cut_figures(graph: &SystemGraph, partition: &Partition) -> CutFigures {
    let placed = services_of_units(graph, partition);
    let crossings = crossings(graph, partition);
    let count = |id: &str| crossings.get(id).map_or(0, Vec::len);
    CutFigures {
        services: partition.services.len(),
        largest_share: largest_share_of_lines(graph, |it| partition.symbol(it).service().map(|it| it.0)),
        non_extreme_distribution: non_extreme_distribution(&placed),
        cut_calls: count("cut_calls"),
        foreign_accesses: count("foreign_accesses"),
        shared_stores: count("shared_stores"),
        broken_transactions: count("cross_transactions"),
        cross_joins: count("cross_joins"),
        cross_foreign_keys: count("cross_foreign_keys"),
        endpoint_fan_out: mean_fan_out(graph, partition),
    }
}

/// Share of what services read and write in stores of services that is another's, 0 to 1; 0 where they touch none.
pub fn foreign_share(graph: &SystemGraph, partition: &Partition) -> f64 {
    let (foreign, all) = foreign_accesses(graph, partition);
    if all == 0 { 0.0 } else { foreign as f64 / all as f64 }
}

/// Accesses of services to stores of services that are another's, and all of them.
pub fn foreign_accesses(graph: &SystemGraph, partition: &Partition) -> (usize, usize) {
    let (mut foreign, mut all) = (0, 0);
    for access in graph.counted_accesses() {
        let ends = (partition.symbol(access.symbol).service(), partition.store(access.store).service());
        if let (Some(user), Some(owner)) = ends {
            all += 1;
            foreign += usize::from(user != owner);
        }
    }
    (foreign, all)
}

/// What to call the cut of an answer: none is recommended where no boundary convinces.
pub fn shown_label(partition: &Partition) -> &str {
    let nothing = !partition.convincing && partition.label == "recommended";
    if nothing { "least bad" } else { &partition.label }
}

/// One of the cuts that stand side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownCut<'a> {
    pub label: &'a str,
    /// Whether it is the one that all else is about.
    pub chosen: bool,
    pub figures: CutFigures,
}

/// The recommended cut and its alternatives from the coarsest to the finest.
pub fn side_by_side<'a>(graph: &SystemGraph, partition: &'a Partition) -> Vec<ShownCut<'a>> {
    let chosen = ShownCut { label: shown_label(partition), chosen: true, figures: cut_figures(graph, partition) };
    let others = (partition.alternatives.iter()).map(|it| ShownCut {
        label: &it.label,
        chosen: false,
        figures: cut_figures(graph, it),
    });
    let mut all: Vec<ShownCut<'_>> = std::iter::once(chosen).chain(others).collect();
    all.sort_by_key(|it| it.figures.services);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::partition::ServiceCandidate;

    #[test]
    fn an_empty_system_costs_nothing() {
        assert_eq!(cut_figures(&SystemGraph::default(), &Partition::default()), CutFigures::default());
    }

    #[test]
    fn the_coarsest_comes_first() {
        let of = |label: &str, count: usize| Partition {
            label: label.to_owned(),
            services: vec![
                ServiceCandidate {
                    name: String::new(),
                    confidence: 1.0,
                    reasons: Vec::new(),
                    declared: false
                };
                count
            ],
            ..Partition::default()
        };
        let mut partition = of("recommended", 4);
        partition.alternatives = vec![of("finer", 7), of("coarser", 2)];
        let labels = |partition: &Partition| -> Vec<String> {
            side_by_side(&SystemGraph::default(), partition).iter().map(|it| it.label.to_owned()).collect()
        };
        assert_eq!(labels(&partition), ["coarser", "least bad", "finer"]);
        partition.convincing = true;
        assert_eq!(labels(&partition), ["coarser", "recommended", "finer"]);
    }
}
