//! One set of boundaries for all revisions, so that a trend shows how the code changed and not how a proposal did.
//!
//! The partition of the newest revision is carried back by name. At an older revision a symbol stands, in this order,
//! where the configuration declares it, where the symbol of the same qualified name stands, where its type stands, where
//! most of its file stands (moved files count as the file they became), or where most of its folder stands. A store
//! stands where the configuration declares it, where the store of the same name stands, or with the service that writes
//! it most. What finds no place stays outside and is counted.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::config::Settings;
use crate::model::graph::{SymbolId, SystemGraph};
use crate::model::partition::{Partition, Place, Placement, ServiceCandidate, ServiceId};
use crate::model::source::Role;
use crate::model::sql::Effect;
use crate::partition::pins::{self, Pinned};

/// Least share of a folder's symbols that must stand in one place for the folder to say anything.
const FOLDER_SHARE: f64 = 0.5;

/// Where things stand, by what they are called.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Boundaries {
    /// Names of services, sorted; places count into it.
    pub services: Vec<String>,
    symbols: BTreeMap<String, Place>,
    /// By path and name, for names that several files have and that do not all stand in one place (build tags).
    in_files: BTreeMap<String, Place>,
    stores: BTreeMap<String, Place>,
    /// By path at the newest revision.
    files: BTreeMap<String, Place>,
    folders: BTreeMap<String, Place>,
}

impl Boundaries {
    /// Reads the boundaries off a partition.
    pub fn new(graph: &SystemGraph, partition: &Partition) -> Self {
        let mut own =
            Self { services: partition.services.iter().map(|it| it.name.clone()).collect(), ..Self::default() };
        let mut files: BTreeMap<&str, BTreeMap<Place, u32>> = BTreeMap::new();
        let mut folders: BTreeMap<&str, BTreeMap<Place, u32>> = BTreeMap::new();
        for id in graph.symbol_ids() {
            let symbol = graph.symbol(id);
            if !is_placed(symbol.role) {
                continue;
            }
            let place = partition.symbol(id);
            own.symbols.entry(symbol.name.clone()).or_insert(place);
            let path = graph.file(symbol.file).path.as_str();
            *files.entry(path).or_default().entry(place).or_default() += 1;
            for folder in folders_of(path) {
                *folders.entry(folder).or_default().entry(place).or_default() += 1;
            }
        }
        let most = |counts: &BTreeMap<Place, u32>, least: f64| {
            let total: u32 = counts.values().sum();
            let (place, count) = counts.iter().max_by_key(|(place, count)| (**count, std::cmp::Reverse(**place)))?;
            (f64::from(*count) > least * f64::from(total)).then_some(*place)
        };
        own.files = files.iter().filter_map(|(path, it)| Some(((*path).to_owned(), most(it, 0.0)?))).collect();
        for id in graph.symbol_ids().filter(|it| is_placed(graph.symbol(*it).role)) {
            let symbol = graph.symbol(id);
            if own.symbols.get(&symbol.name).is_some_and(|it| *it != partition.symbol(id)) {
                own.in_files.insert(in_file(&graph.file(symbol.file).path, &symbol.name), partition.symbol(id));
            }
        }
        own.folders =
            folders.iter().filter_map(|(path, it)| Some(((*path).to_owned(), most(it, FOLDER_SHARE)?))).collect();
        own.stores = graph.store_ids().map(|it| (graph.store(it).name.clone(), partition.store(it))).collect();
        own
    }

    /// Place of a file at the newest revision.
    pub fn of_file(&self, path: &str) -> Option<Place> {
        self.files.get(path).copied()
    }

    /// Place of a store at the newest revision.
    pub fn of_store(&self, name: &str) -> Option<Place> {
        self.stores.get(name).copied()
    }

    /// Files with their places, sorted by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, Place)> {
        self.files.iter().map(|(path, place)| (path.as_str(), *place))
    }

    /// Name of a place: a service, `shared_kernel` or `edge`.
    pub fn name_of(&self, place: Place) -> Option<&str> {
        match place {
            Place::Service(id) => self.services.get(id.index()).map(String::as_str),
            Place::SharedKernel => Some("shared_kernel"),
            Place::EdgeLayer => Some("edge"),
            Place::Outside => None,
        }
    }

    /// The partition that these boundaries make of another revision, and the share of its production symbols that found
    /// a place, 0 to 1. `moved` gives the path at the newest revision of files that had another one.
    pub fn partition(
        &self,
        graph: &SystemGraph,
        settings: &Settings,
        moved: &FxHashMap<String, String>,
    ) -> (Partition, f64) {
        let pinned = self.pinned(graph, settings);
        let mut places: Vec<Option<Place>> = vec![None; graph.symbols.len()];
        for id in graph.symbol_ids() {
            self.place(graph, id, &pinned, moved, &mut places);
        }
        let known = |id: &SymbolId| is_placed(graph.symbol(*id).role);
        let (mut all, mut found) = (0_u32, 0_u32);
        for id in graph.symbol_ids().filter(known) {
            all += 1;
            found += u32::from(places[id.index()].is_some());
        }
        let stores = self.stores(graph, &pinned, &places);
        let placement = |place: Option<Place>| Placement {
            place: place.unwrap_or(Place::Outside),
            confidence: 1.0,
            runner_up: None,
            reason: String::new(),
        };
        let candidate = |name: &String| ServiceCandidate {
            name: name.clone(),
            confidence: 1.0,
            reasons: Vec::new(),
            declared: true,
        };
        let partition = Partition {
            services: self.services.iter().map(candidate).collect(),
            symbols: places.into_iter().map(placement).collect(),
            stores: stores.into_iter().map(placement).collect(),
            label: "declared".to_owned(),
            ..Partition::default()
        };
        (partition, if all == 0 { 0.0 } else { f64::from(found) / f64::from(all) })
    }

    /// What the configuration declares, for names that the newest revision does not have.
    fn pinned(&self, graph: &SystemGraph, settings: &Settings) -> (Vec<Option<Place>>, Vec<Option<Place>>) {
        let (pins, _) = pins::resolve(graph, settings);
        let place = |pin: &Option<Pinned>| match (*pin)? {
            Pinned::Service(at) => {
                let name = pins.services.get(at as usize)?;
                let at = self.services.iter().position(|it| it == name)?;
                Some(Place::Service(ServiceId(at as u32)))
            }
            Pinned::SharedKernel => Some(Place::SharedKernel),
            Pinned::EdgeLayer => Some(Place::EdgeLayer),
        };
        (pins.symbols.iter().map(place).collect(), pins.stores.iter().map(place).collect())
    }

    fn place(
        &self,
        graph: &SystemGraph,
        id: SymbolId,
        pinned: &(Vec<Option<Place>>, Vec<Option<Place>>),
        moved: &FxHashMap<String, String>,
        places: &mut [Option<Place>],
    ) {
        let symbol = graph.symbol(id);
        if !is_placed(symbol.role) || places[id.index()].is_some() {
            return;
        }
        let path = graph.file(symbol.file).path.as_str();
        let own =
            || self.in_files.get(&in_file(path, &symbol.name)).or_else(|| self.symbols.get(&symbol.name)).copied();
        let by_name = pinned.0[id.index()].or_else(own);
        places[id.index()] = by_name.or_else(|| {
            // Parents chain up to the module; a few steps are all there are.
            let mut above = symbol.parent;
            for _ in 0..8 {
                let parent = above?;
                let found = pinned.0[parent.index()].or_else(|| self.symbols.get(&graph.symbol(parent).name).copied());
                if found.is_some() {
                    return found;
                }
                above = graph.symbol(parent).parent;
            }
            None
        });
        if places[id.index()].is_none() {
            let today = moved.get(path).map_or(path, String::as_str);
            let folder = |path| folders_of(path).find_map(|it| self.folders.get(it).copied());
            places[id.index()] = self.files.get(today).copied().or_else(|| folder(today)).or_else(|| folder(path));
        }
    }

    fn stores(
        &self,
        graph: &SystemGraph,
        pinned: &(Vec<Option<Place>>, Vec<Option<Place>>),
        places: &[Option<Place>],
    ) -> Vec<Option<Place>> {
        let mut users: Vec<BTreeMap<Place, (u32, u32)>> = vec![BTreeMap::new(); graph.stores.len()];
        for access in graph.counted_accesses() {
            let Some(place @ Place::Service(_)) = places[access.symbol.index()] else { continue };
            let count = users[access.store.index()].entry(place).or_default();
            count.0 += u32::from(access.operation.effect() == Effect::Write);
            count.1 += 1;
        }
        let by_use = |at: usize| {
            users[at].iter().max_by_key(|(place, count)| (**count, std::cmp::Reverse(**place))).map(|(place, _)| *place)
        };
        let known = |at: usize| pinned.1[at].or_else(|| self.stores.get(&graph.stores[at].name).copied());
        (0..graph.stores.len()).map(|at| known(at).or_else(|| by_use(at))).collect()
    }

    /// Names of everything that has a place, to tell whether two sets of boundaries are the same.
    pub fn fingerprint(&self) -> String {
        let text = serde_json::to_vec(self).unwrap_or_default();
        blake3::hash(&text).to_hex()[..24].to_owned()
    }

    /// Services that two boundaries name.
    pub fn service_names(&self) -> BTreeSet<&str> {
        self.services.iter().map(String::as_str).collect()
    }
}

fn is_placed(role: Role) -> bool {
    matches!(role, Role::Production | Role::Generated)
}

fn in_file(path: &str, name: &str) -> String {
    format!("{path}\t{name}")
}

/// `a/b`, `a` of `a/b/c.py`, and the root last.
fn folders_of(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(path);
    std::iter::from_fn(move || {
        let path = rest.filter(|it| !it.is_empty())?;
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        rest = Some(folder);
        Some(folder)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fact::Visibility;
    use crate::model::graph::{File, FileId, ModuleId, Symbol, SymbolKind};

    #[test]
    fn one_name_in_two_files_keeps_both_places() {
        let file = |path: &str| File {
            path: path.to_owned(),
            language: String::new(),
            role: Role::Production,
            lines: 2,
            bytes: 20,
            module: None,
        };
        let symbol = |file: u32| Symbol {
            name: "app.wire".to_owned(),
            kind: SymbolKind::Function,
            file: FileId(file),
            line: 1,
            end_line: 2,
            module: ModuleId(0),
            parent: None,
            visibility: Visibility::Public,
            role: Role::Production,
            signature: String::new(),
        };
        let graph = SystemGraph {
            files: vec![file("app/wire.go"), file("app/wire_gen.go")],
            symbols: vec![symbol(0), symbol(1)],
            ..SystemGraph::default()
        };
        let placement = |place| Placement { place, confidence: 1.0, runner_up: None, reason: String::new() };
        let partition = Partition {
            symbols: vec![placement(Place::SharedKernel), placement(Place::EdgeLayer)],
            ..Partition::default()
        };
        let boundaries = Boundaries::new(&graph, &partition);
        let (again, _) = boundaries.partition(&graph, &Settings::default(), &FxHashMap::default());
        assert_eq!(
            again.symbols.iter().map(|it| it.place).collect::<Vec<_>>(),
            [Place::SharedKernel, Place::EdgeLayer]
        );
    }

    #[test]
    fn folders_from_the_inside_out() {
        assert_eq!(folders_of("a/b/c.py").collect::<Vec<_>>(), ["a/b", "a", ""]);
        assert_eq!(folders_of("c.py").collect::<Vec<_>>(), [""]);
    }
}
