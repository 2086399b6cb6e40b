//! Reads boundaries that already exist: what a user declared, else the folder or namespace in a node's name.

use std::collections::BTreeMap;

use crate::partition::weighted::{Constraints, WeightedGraph, contract, renumber, separate};
use crate::partition::{Clusterer, Tuning};

pub struct Declared;

impl Clusterer for Declared {
    fn id(&self) -> &'static str {
        "declared"
    }

    fn summary(&self) -> &'static str {
        "boundaries as declared, or as folders and namespaces draw them"
    }

    fn cluster(&self, graph: &WeightedGraph, constraints: &Constraints, _: &Tuning) -> Vec<u32> {
        let small = contract(graph, constraints);
        let mut first = vec![usize::MAX; small.graph.len()];
        for (node, group) in small.node_of.iter().enumerate() {
            let first = &mut first[*group as usize];
            *first = (*first).min(node);
        }
        let mut numbers: BTreeMap<(u32, &str), u32> = BTreeMap::new();
        let mut clusters: Vec<u32> = first
            .iter()
            .enumerate()
            .map(|(group, node)| {
                let key = match small.graph.declared[group] {
                    Some(declared) => (declared, ""),
                    None => (u32::MAX, namespace(graph.names.get(*node).map_or("", |it| it))),
                };
                let next = numbers.len() as u32;
                *numbers.entry(key).or_insert(next)
            })
            .collect();
        separate(&mut clusters, &small.conflicts);
        let mut res: Vec<u32> = small.node_of.iter().map(|it| clusters[*it as usize]).collect();
        renumber(&mut res);
        res
    }
}

/// `shop.orders.create` is in `shop.orders`, `src/orders/x.rs` in `src/orders`; a bare name stands for itself.
fn namespace(name: &str) -> &str {
    let at = ["/", "::", "."].iter().filter_map(|it| name.rfind(it)).max();
    at.map_or(name, |it| &name[..it])
}

#[cfg(test)]
mod tests {
    use super::namespace;

    #[test]
    fn namespaces_of_names() {
        assert_eq!(namespace("shop.orders.create"), "shop.orders");
        assert_eq!(namespace("src/orders/x"), "src/orders");
        assert_eq!(namespace("app::orders::create"), "app::orders");
        assert_eq!(namespace("bare"), "bare");
    }
}
