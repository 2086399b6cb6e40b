//! Size skew of a partition. Call metrics reward one giant service: read them beside these.

use std::collections::BTreeMap;

use crate::model::graph::{SymbolId, SymbolKind, SystemGraph};
use crate::model::source::Role;

/// Lines of each symbol of production code without those of the symbols inside it; none for a module, whose lines are its symbols'.
pub fn own_lines(graph: &SystemGraph) -> Vec<u32> {
    let is_counted = |at: usize| {
        let symbol = &graph.symbols[at];
        symbol.role == Role::Production && symbol.kind != SymbolKind::Module
    };
    let length = |at: usize| graph.symbols[at].end_line.saturating_sub(graph.symbols[at].line) + 1;
    let mut res: Vec<u32> = (0..graph.symbols.len()).map(|it| if is_counted(it) { length(it) } else { 0 }).collect();
    for at in (0..res.len()).filter(|it| is_counted(*it)) {
        let inner = &graph.symbols[at];
        if let Some(parent) = inner.parent
            && let outer = graph.symbol(parent)
            && (outer.file, outer.line <= inner.line, inner.end_line <= outer.end_line) == (inner.file, true, true)
        {
            res[parent.index()] = res[parent.index()].saturating_sub(length(at));
        }
    }
    res
}

fn sizes(services: &[Option<u32>]) -> BTreeMap<u32, usize> {
    let mut res = BTreeMap::new();
    for service in services.iter().flatten() {
        *res.entry(*service).or_insert(0) += 1;
    }
    res
}

/// NED as M2M computes it, 0 to 1, lower is better: share of the nodes in services of fewer than 5 or more than 20.
pub fn non_extreme_distribution(services: &[Option<u32>]) -> f64 {
    let sizes = sizes(services);
    let all: usize = sizes.values().sum();
    let fit: usize = sizes.values().filter(|it| (5..=20).contains(*it)).sum();
    if all == 0 { 0.0 } else { 1.0 - fit as f64 / all as f64 }
}

/// NED relative to the mean size, 0 to 1, lower is better: share of the nodes in services outside half to one and a
/// half times the mean.
pub fn non_extreme_distribution_relative(services: &[Option<u32>]) -> f64 {
    let sizes = sizes(services);
    let all: usize = sizes.values().sum();
    let mean = all as f64 / sizes.len().max(1) as f64;
    let fit: usize = sizes.values().filter(|it| (0.5 * mean..=1.5 * mean).contains(&(**it as f64))).sum();
    if all == 0 { 0.0 } else { 1.0 - fit as f64 / all as f64 }
}

/// Share of the nodes in the largest service, 0 to 1.
pub fn largest_share(services: &[Option<u32>]) -> f64 {
    heaviest_share(services.iter().map(|it| (*it, 1)))
}

/// Share of the weight of all placed nodes that the heaviest service has, 0 to 1.
pub fn heaviest_share(nodes: impl IntoIterator<Item = (Option<u32>, u32)>) -> f64 {
    let mut sums: BTreeMap<u32, u64> = BTreeMap::new();
    for (service, weight) in nodes {
        if let Some(service) = service {
            *sums.entry(service).or_insert(0) += u64::from(weight);
        }
    }
    let all: u64 = sums.values().sum();
    if all == 0 { 0.0 } else { sums.values().max().copied().unwrap_or(0) as f64 / all as f64 }
}

/// Share of the lines of production code in services that the largest service has, 0 to 1.
pub fn largest_share_of_lines(graph: &SystemGraph, service: impl Fn(SymbolId) -> Option<u32>) -> f64 {
    heaviest_share(graph.symbol_ids().map(service).zip(own_lines(graph)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fact::Visibility;
    use crate::model::graph::{FileId, ModuleId, Symbol};

    #[test]
    fn lines_count_once_and_methods_outside_their_type_count() {
        let symbol = |kind, line, end_line, parent: Option<u32>| Symbol {
            name: format!("s{line}"),
            kind,
            file: FileId(0),
            line,
            end_line,
            module: ModuleId(0),
            parent: parent.map(SymbolId),
            visibility: Visibility::Public,
            role: Role::Production,
            signature: String::new(),
        };
        let symbols = vec![
            symbol(SymbolKind::Module, 1, 60, None),
            symbol(SymbolKind::Type, 1, 4, None),
            symbol(SymbolKind::Method, 10, 19, Some(1)),
            symbol(SymbolKind::Type, 20, 39, None),
            symbol(SymbolKind::Method, 21, 30, Some(3)),
            symbol(SymbolKind::Function, 25, 28, Some(4)),
        ];
        let graph = SystemGraph { symbols, ..SystemGraph::default() };
        assert_eq!(own_lines(&graph), [0, 4, 10, 10, 6, 4]);
        let share = largest_share_of_lines(&graph, |it| (it.0 > 0).then_some(u32::from(it.0 > 2)));
        assert!((share - 20.0 / 34.0).abs() < 1e-12);
    }

    #[test]
    fn worked_example() {
        let services: Vec<Option<u32>> = [0; 5].into_iter().chain([1; 3]).map(Some).chain([None]).collect();
        assert!((non_extreme_distribution(&services) - 3.0 / 8.0).abs() < 1e-12);
        assert!((non_extreme_distribution_relative(&services) - 0.0).abs() < 1e-12);
        assert!((largest_share(&services) - 5.0 / 8.0).abs() < 1e-12);
        assert!(non_extreme_distribution(&[]).abs() < 1e-12);
    }
}
