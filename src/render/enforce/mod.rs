//! Boundaries as configuration of the linters that teams already run, so that a seam holds before it is cut.
//!
//! What crosses today stays allowed and is marked as such; anything new is refused. Linters know modules, not symbols: a
//! module that is split between services counts where more than half of it is, else as shared.

pub mod go_arch_lint;
pub mod import_linter;
pub mod tach;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::graph::{ModuleId, SymbolKind};
use crate::model::partition::Place;
use crate::model::report::{Artifact, Report};
use crate::model::source::Role;

/// A linter that boundaries can be written for.
pub trait Enforcer: Sync {
    /// Name of the linter: lower case, unique.
    fn id(&self) -> &'static str;

    /// One line for help texts.
    fn summary(&self) -> &'static str;

    /// Its configuration, or why there is none.
    fn render(&self, report: &Report) -> Result<Artifact, String>;
}

/// Every linter, sorted by [`Enforcer::id`].
pub static ENFORCERS: &[&dyn Enforcer] = &[&go_arch_lint::GoArchLint, &import_linter::ImportLinter, &tach::Tach];

/// The linter with this name, where there is one.
pub fn enforcer(id: &str) -> Option<&'static dyn Enforcer> {
    ENFORCERS.iter().find(|it| it.id() == id).copied()
}

/// Production modules of one language with their places, and what they import of each other.
struct Modules<'r> {
    report: &'r Report,
    /// Sorted by name.
    places: BTreeMap<&'r str, Place>,
    imports: BTreeSet<(&'r str, &'r str)>,
}

impl<'r> Modules<'r> {
    fn new(report: &'r Report, language: &str) -> Result<Self, String> {
        let (graph, partition) = (&report.graph, &report.partition);
        let wanted = |id: ModuleId| {
            let module = graph.module(id);
            module.language == language && matches!(module.role, Role::Production | Role::Generated)
        };
        let mut counts: BTreeMap<ModuleId, BTreeMap<Place, u32>> = BTreeMap::new();
        for id in graph.symbol_ids() {
            let symbol = graph.symbol(id);
            let weight = u32::from(symbol.kind != SymbolKind::Module) * 2;
            *counts.entry(symbol.module).or_default().entry(partition.symbol(id)).or_default() += weight;
        }
        let mut places = BTreeMap::new();
        for id in (0..graph.modules.len() as u32).map(ModuleId).filter(|it| wanted(*it)) {
            places.insert(graph.module(id).name.as_str(), counts.get(&id).map_or(Place::Outside, place_of));
        }
        let services: BTreeSet<Place> = places.values().copied().filter(|it| it.service().is_some()).collect();
        if services.len() < 2 {
            return Err(format!("no two services have {language} code, so there is no boundary to hold"));
        }
        let imports = graph
            .internal_imports()
            .map(|(it, to)| (it.from, to))
            .filter(|it| wanted(it.0) && wanted(it.1) && it.0 != it.1)
            .map(|(from, to)| (graph.module(from).name.as_str(), graph.module(to).name.as_str()))
            .collect();
        Ok(Self { report, places, imports })
    }

    fn place_name(&self, place: Place) -> &'r str {
        match place {
            Place::Service(id) => &self.report.partition.services[id.index()].name,
            Place::SharedKernel => "shared-kernel",
            Place::EdgeLayer => "edge-layer",
            Place::Outside => "outside",
        }
    }

    /// Whether code of `from` may use code of `to`: its own place, the shared kernel, and for what stands in front
    /// everything.
    fn allowed(from: Place, to: Place) -> bool {
        from == to || to == Place::SharedKernel || matches!(from, Place::EdgeLayer | Place::Outside)
    }

    /// Modules by place, sorted.
    fn by_place(&self) -> BTreeMap<Place, Vec<&'r str>> {
        let mut found: BTreeMap<Place, Vec<&'r str>> = BTreeMap::new();
        for (name, place) in &self.places {
            found.entry(*place).or_default().push(name);
        }
        found
    }

    /// Imports that cross a boundary today.
    fn crossing(&self) -> Vec<(&'r str, &'r str)> {
        let crosses = |it: &&(&str, &str)| !Self::allowed(self.places[it.0], self.places[it.1]);
        self.imports.iter().filter(crosses).copied().collect()
    }
}

/// Place of a module whose symbols stand in these places, so many in each.
fn place_of(counts: &BTreeMap<Place, u32>) -> Place {
    let most = counts.iter().max_by_key(|(place, count)| (**count, std::cmp::Reverse(**place)));
    let (place, count) = most.map_or((Place::Outside, 0), |(place, count)| (*place, *count));
    let torn = place.service().is_some() && count * 2 <= counts.values().sum();
    if torn { Place::SharedKernel } else { place }
}

const HEADER: &str =
    "Boundaries from `seamline generate`: what crosses today is allowed and marked, anything new is refused.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::partition::ServiceId;

    #[test]
    fn a_module_torn_between_services_is_shared() {
        let service = |id| Place::Service(ServiceId(id));
        assert_eq!(place_of(&BTreeMap::from([(service(0), 2), (service(1), 2)])), Place::SharedKernel);
        assert_eq!(place_of(&BTreeMap::from([(service(0), 3), (service(1), 2)])), service(0));
        assert_eq!(place_of(&BTreeMap::from([(Place::EdgeLayer, 3), (service(1), 2)])), Place::EdgeLayer);
        assert_eq!(place_of(&BTreeMap::new()), Place::Outside);
    }

    #[test]
    fn linters_are_sorted_and_unique() {
        assert!(ENFORCERS.is_sorted_by(|a, b| a.id() < b.id()));
        assert!(enforcer("tach").is_some() && enforcer("none").is_none());
    }
}
