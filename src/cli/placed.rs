//! Which names say where everything is placed: folders, modules, files and symbols, as few as do.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::graph::{FileId, SymbolId, SymbolKind, SystemGraph};
use crate::model::partition::{Partition, Place};
use crate::partition::signals::is_placed;

/// What a place holds, by the keys of `seamline.toml`.
pub(super) type Lists = BTreeMap<&'static str, Vec<String>>;

/// A folder goes as a whole where so many of its files are, and this share of them; the others are named one by one.
const FOLDER_FILES: usize = 3;
const FOLDER_SHARE: f64 = 0.6;

/// Names by place. What is named more closely goes before what is not: a symbol before its file, that before its module, that before
/// a folder.
pub(super) struct Placed {
    names: BTreeMap<(Place, &'static str), BTreeSet<String>>,
}

/// How many symbols of each file or module are in each place.
type Counts<K> = BTreeMap<K, BTreeMap<Place, u32>>;

impl Placed {
    /// By modules and symbols alone, which are what they are wherever files go.
    pub(super) fn by_name(graph: &SystemGraph, partition: &Partition) -> Self {
        let mut res = Self { names: BTreeMap::new() };
        let modules = homes(&counts(graph, partition, |id| graph.symbol(id).module));
        for (module, place) in &modules {
            res.add(*place, "modules", &graph.module(*module).name);
        }
        res.name_symbols(graph, partition, |id| modules.get(&graph.symbol(id).module).copied());
        res
    }

    /// A folder goes where most of its files are, a module and a file where most of its symbols are, and what is elsewhere is named.
    pub(super) fn in_few_lines(graph: &SystemGraph, partition: &Partition) -> Self {
        let mut res = Self { names: BTreeMap::new() };
        let modules = homes(&counts(graph, partition, |id| graph.symbol(id).module));
        let files = homes(&counts(graph, partition, |id| graph.symbol(id).file));
        let folders = whole_folders(graph, &files);
        for (folder, place) in &folders {
            res.add(*place, "files", &format!("{folder}/"));
        }
        let mut named: BTreeMap<FileId, Place> = BTreeMap::new();
        for (module, place) in &modules {
            let own: Vec<FileId> = files.keys().copied().filter(|it| graph.file(*it).module == Some(*module)).collect();
            let around = own.first().and_then(|it| folder_around(&folders, &graph.file(*it).path));
            if around != Some(*place) {
                res.add(*place, "modules", &graph.module(*module).name);
            }
            for file in own {
                let path = &graph.file(file).path;
                let home = files[&file];
                if home != *place && home != Place::Outside && is_plain(path) {
                    res.add(home, "files", path);
                    named.insert(file, home);
                }
            }
        }
        // A file that is named goes before its module, and before a module that stands in it.
        let of_file = |id: SymbolId| {
            let symbol = graph.symbol(id);
            named.get(&symbol.file).or_else(|| modules.get(&symbol.module)).copied()
        };
        let covered = res.name_symbols(graph, partition, of_file);
        // A file all of whose symbols are named has nothing left to say.
        let by_file: BTreeSet<FileId> = (graph.symbol_ids())
            .filter(|it| is_placed(graph.symbol(*it).role) && !covered.contains(it))
            .map(|it| graph.symbol(it).file)
            .collect();
        for (file, home) in named.iter().filter(|it| !by_file.contains(it.0)) {
            res.remove(*home, "files", &graph.file(*file).path);
        }
        res
    }

    /// Names each symbol that is elsewhere than what holds it. A type's name covers its members, so one that is elsewhere than a type
    /// which is named has to be named too. Gives the symbols that these names place.
    fn name_symbols(
        &mut self,
        graph: &SystemGraph,
        partition: &Partition,
        said: impl Fn(SymbolId) -> Option<Place>,
    ) -> BTreeSet<SymbolId> {
        let is_named = |it: SymbolId| is_placed(graph.symbol(it).role) && graph.symbol(it).kind != SymbolKind::Module;
        let mut covered = BTreeSet::new();
        for id in graph.symbol_ids().filter(|it| is_named(*it)) {
            let above = std::iter::successors(Some(id), |it| graph.symbol(*it).parent);
            let mut by_name: Option<Place> = None;
            let mut named = false;
            for it in above.filter(|it| is_named(*it)).collect::<Vec<_>>().into_iter().rev() {
                let place = partition.symbol(it);
                named = by_name.or_else(|| said(it)).is_some_and(|it| it != place);
                by_name = if named { Some(place) } else { by_name };
            }
            if named {
                self.add(partition.symbol(id), "symbols", &graph.symbol(id).name);
            }
            if by_name.is_some() {
                covered.insert(id);
            }
        }
        covered
    }

    fn add(&mut self, place: Place, key: &'static str, name: &str) {
        self.names.entry((place, key)).or_default().insert(name.to_owned());
    }

    fn remove(&mut self, place: Place, key: &'static str, name: &str) {
        if let Some(names) = self.names.get_mut(&(place, key)) {
            names.remove(name);
        }
    }

    pub(super) fn lists(&self, graph: &SystemGraph, partition: &Partition, place: Place) -> Lists {
        let mut all = Lists::new();
        for key in ["files", "modules", "symbols"] {
            if let Some(names) = self.names.get(&(place, key)).filter(|it| !it.is_empty()) {
                all.insert(key, names.iter().cloned().collect());
            }
        }
        let stores = graph.store_ids().filter(|it| place != Place::Outside && partition.store(*it) == place);
        let stores: Vec<String> = stores.map(|it| graph.store(it).name.clone()).collect();
        if !stores.is_empty() {
            all.insert("stores", stores);
        }
        all
    }
}

fn counts<K: Ord>(graph: &SystemGraph, partition: &Partition, key: impl Fn(SymbolId) -> K) -> Counts<K> {
    let mut res = Counts::new();
    for id in graph.symbol_ids() {
        let symbol = graph.symbol(id);
        if is_placed(symbol.role) && symbol.kind != SymbolKind::Module {
            *res.entry(key(id)).or_default().entry(partition.symbol(id)).or_default() += 1;
        }
    }
    res
}

/// Where most of each is.
fn homes<K: Ord + Copy>(counts: &Counts<K>) -> BTreeMap<K, Place> {
    let most = |it: &BTreeMap<Place, u32>| {
        it.iter().max_by_key(|(place, count)| (**count, std::cmp::Reverse(**place))).map(|it| *it.0)
    };
    counts.iter().filter_map(|(key, it)| Some((*key, most(it)?))).collect()
}

/// Outermost folders most of whose files are in one place, and none of which is placed nowhere: naming such a folder would take in what
/// nobody uses.
fn whole_folders<'a>(graph: &'a SystemGraph, files: &BTreeMap<FileId, Place>) -> BTreeMap<&'a str, Place> {
    let mut below: BTreeMap<&str, BTreeMap<Place, usize>> = BTreeMap::new();
    for (file, place) in files {
        for folder in around(&graph.file(*file).path) {
            *below.entry(folder).or_default().entry(*place).or_default() += 1;
        }
    }
    let mut res: BTreeMap<&str, Place> = BTreeMap::new();
    // A folder comes before what stands in it.
    for (folder, places) in below {
        let all: usize = places.values().sum();
        let most = places.iter().max_by_key(|it| (*it.1, std::cmp::Reverse(*it.0)));
        let Some((place, count)) = most else { continue };
        let is_whole = *count >= FOLDER_FILES && *count as f64 >= FOLDER_SHARE * all as f64;
        if is_plain(folder)
            && is_whole
            && !places.contains_key(&Place::Outside)
            && folder_around(&res, folder).is_none()
        {
            res.insert(folder, *place);
        }
    }
    res
}

/// Whether a path means itself alone where patterns of paths are taken.
fn is_plain(path: &str) -> bool {
    !path.contains(['*', '?', '[', '{', '\\'])
}

/// The folders that a path stands in, the outermost first.
fn around(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(end, _)| &path[..end])
}

/// The place of the folder that holds a path.
fn folder_around(folders: &BTreeMap<&str, Place>, path: &str) -> Option<Place> {
    around(path).find_map(|it| folders.get(it).copied())
}
