//! What changes together: pairs of files and pairs of tables, from the commits themselves.
//!
//! The degree is code-maat's: shared commits over the mean of both ends' commits, in percent; support and confidence are
//! those of association rules (Agrawal et al. 1993). A table changes where the code that defines or writes it does: any
//! change of a file that is about one table, and in files about several, a change inside the definition in question.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::discover::history::{ChangeKind, Repository};
use crate::frontend::FRONTENDS;
use crate::model::graph::{CoChangeEdge, FileId, StoreId, StoreKind, SystemGraph};
use crate::model::history::{CoChange, CoChangeLimits, CoChangePair};
use crate::model::source::Role;
use crate::model::sql::{Effect, Operation};
use crate::track::history::boundaries::Boundaries;
use crate::track::history::changes::{ChangeLog, Changed, Touched};

/// Counts what changes together under the limits. Pairs are of production files that exist in `graph`, the newest state.
pub fn co_change(
    repository: &Repository,
    graph: &SystemGraph,
    boundaries: Option<&Boundaries>,
    log: &ChangeLog,
    tip: &str,
    limits: CoChangeLimits,
) -> CoChange {
    let counted: Vec<&Changed> = log.commits.iter().filter(|it| it.size <= limits.max_changeset as usize).collect();
    let source: BTreeSet<&str> =
        graph.files.iter().filter(|it| is_source(it.role)).map(|it| it.path.as_str()).collect();
    let is_read: Vec<bool> = log.paths.iter().map(|path| source.contains(path.as_str())).collect();
    let sets: Vec<Vec<u32>> = counted
        .iter()
        .map(|commit| commit.files.iter().map(|it| it.path).filter(|it| is_read[*it as usize]).collect())
        .collect();
    let service = |path: &str| {
        let place = boundaries?.of_file(path)?;
        boundaries?.name_of(place).map(str::to_owned)
    };
    let files = pairs(&sets, &limits, |at| {
        let path = log.paths[at as usize].clone();
        let service = service(&path);
        (path, service)
    });
    let tables = Tables::new(graph, log);
    let sets: Vec<Vec<u32>> = counted.par_iter().map(|commit| tables.changed(commit, repository)).collect();
    let owner = |name: &str| {
        let place = boundaries?.of_store(name)?;
        boundaries?.name_of(place).map(str::to_owned)
    };
    let tables = pairs(&sets, &limits, |at| {
        let name = graph.stores[at as usize].name.clone();
        let owner = owner(&name);
        (name, owner)
    });
    let mut across_boundaries = 0;
    let mut across_by_service = BTreeMap::new();
    for pair in &files {
        if let (Some(a), Some(b)) = &pair.services
            && a != b
        {
            across_boundaries += 1;
            *across_by_service.entry(a.clone()).or_default() += 1;
            *across_by_service.entry(b.clone()).or_default() += 1;
        }
    }
    CoChange {
        schema: "seamline.co-change/1".to_owned(),
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        tip: tip.to_owned(),
        commits: counted.len() as u32,
        huge: (log.commits.len() - counted.len()) as u32,
        limits,
        across_boundaries,
        across_by_service,
        files,
        tables,
    }
}

/// Files of the newest state that change together, for the partition.
pub fn file_pairs(graph: &SystemGraph, found: &CoChange) -> Vec<CoChangeEdge> {
    let number: BTreeMap<&str, u32> =
        graph.files.iter().enumerate().map(|(at, file)| (file.path.as_str(), at as u32)).collect();
    let pair = |it: &CoChangePair| {
        let (a, b) = (*number.get(it.a.as_str())?, *number.get(it.b.as_str())?);
        Some(CoChangeEdge { a: FileId(a.min(b)), b: FileId(a.max(b)), degree: it.degree })
    };
    let mut edges: Vec<CoChangeEdge> = found.files.iter().filter_map(pair).collect();
    edges.sort_unstable();
    edges
}

fn is_source(role: Role) -> bool {
    matches!(role, Role::Production | Role::Generated | Role::Migration)
}

/// Pairs above the limits, strongest first.
fn pairs(
    sets: &[Vec<u32>],
    limits: &CoChangeLimits,
    name: impl Fn(u32) -> (String, Option<String>),
) -> Vec<CoChangePair> {
    let mut revs: FxHashMap<u32, u32> = FxHashMap::default();
    let mut shared: FxHashMap<(u32, u32), u32> = FxHashMap::default();
    for set in sets {
        for (at, a) in set.iter().enumerate() {
            *revs.entry(*a).or_default() += 1;
            for b in &set[at + 1..] {
                *shared.entry((*a.min(b), *a.max(b))).or_default() += 1;
            }
        }
    }
    let total = sets.len().max(1) as f64;
    let mut found: Vec<CoChangePair> = shared
        .into_iter()
        .filter_map(|((a, b), shared)| {
            let (revs_a, revs_b) = (revs[&a], revs[&b]);
            let degree = 200 * shared / (revs_a + revs_b);
            let enough = (revs_a + revs_b).div_ceil(2) >= limits.min_revs
                && shared >= limits.min_shared
                && degree >= limits.min_degree;
            if !enough {
                return None;
            }
            let ((name_a, service_a), (name_b, service_b)) = (name(a), name(b));
            let one = (name_a, service_a, revs_a);
            let other = (name_b, service_b, revs_b);
            let (a, b) = if one.0 <= other.0 { (one, other) } else { (other, one) };
            Some(CoChangePair {
                a: a.0,
                b: b.0,
                revs_a: a.2,
                revs_b: b.2,
                shared,
                support: f64::from(shared) / total,
                confidence_ab: f64::from(shared) / f64::from(a.2),
                confidence_ba: f64::from(shared) / f64::from(b.2),
                degree,
                services: (a.1, b.1),
            })
        })
        .collect();
    found.sort_by(|a, b| {
        (b.degree, b.revs_a + b.revs_b)
            .cmp(&(a.degree, a.revs_a + a.revs_b))
            .then_with(|| (&a.a, &a.b).cmp(&(&b.a, &b.b)))
    });
    found
}

/// Which tables a file is about, and which of its definitions.
struct Tables {
    /// By path of the change log: tables, each with the names inside the module that are about it. Without names the
    /// whole file is.
    of_path: FxHashMap<u32, BTreeMap<StoreId, BTreeSet<String>>>,
    /// Frontend by path.
    language: FxHashMap<u32, String>,
}

impl Tables {
    fn new(graph: &SystemGraph, log: &ChangeLog) -> Self {
        let number: BTreeMap<&str, u32> =
            log.paths.iter().enumerate().map(|(at, path)| (path.as_str(), at as u32)).collect();
        let mut tables = Self { of_path: FxHashMap::default(), language: FxHashMap::default() };
        let mut add = |file: FileId, store: StoreId, name: Option<String>| {
            let file = graph.file(file);
            let Some(path) = number.get(file.path.as_str()).filter(|_| is_source(file.role)) else { return };
            tables.language.insert(*path, file.language.clone());
            let names = tables.of_path.entry(*path).or_default().entry(store).or_default();
            names.extend(name);
        };
        let inside = |symbol: crate::model::graph::SymbolId| {
            let symbol = graph.symbol(symbol);
            let module = &graph.module(symbol.module).name;
            let name = symbol.name.strip_prefix(module.as_str()).unwrap_or(&symbol.name);
            (symbol.file, name.trim_start_matches(['.', ':']).to_owned())
        };
        for id in graph.store_ids() {
            let store = graph.store(id);
            if !matches!(store.kind, StoreKind::Table | StoreKind::Collection | StoreKind::View) {
                continue;
            }
            for evidence in &store.defined_at {
                add(evidence.file, id, None);
            }
            for entity in &store.entities {
                let (file, name) = inside(*entity);
                add(file, id, Some(name));
            }
        }
        for access in graph.counted_accesses() {
            if access.operation.effect() == Effect::Write && access.operation != Operation::Ddl {
                let (file, name) = inside(access.symbol);
                add(file, access.store, Some(name));
            }
        }
        tables
    }

    /// Tables that a commit changes, sorted.
    fn changed(&self, commit: &Changed, repository: &Repository) -> Vec<u32> {
        let mut found: BTreeSet<StoreId> = BTreeSet::new();
        for file in &commit.files {
            let Some(tables) = self.of_path.get(&file.path) else { continue };
            if tables.len() == 1 || file.kind == ChangeKind::Added {
                found.extend(tables.keys());
            } else if let Some(names) = self.changed_names(file, repository) {
                let touches = |wanted: &BTreeSet<String>| {
                    wanted.iter().any(|name| names.iter().any(|it| it == name || is_inside(it, name)))
                };
                found.extend(tables.iter().filter(|(_, wanted)| touches(wanted)).map(|(store, _)| store));
            }
        }
        found.into_iter().map(|it| it.0).collect()
    }

    /// Names of the innermost definitions that a change lies in.
    fn changed_names(&self, file: &Touched, repository: &Repository) -> Option<BTreeSet<String>> {
        let language = self.language.get(&file.path)?;
        let frontend = FRONTENDS.iter().find(|it| it.id() == language)?;
        let lines = repository.changed_lines(&file.blobs.0, &file.blobs.1).ok()?;
        if lines.is_empty() {
            return None;
        }
        let text = repository.blob(&file.blobs.1).ok()?;
        let facts = frontend.facts(&String::from_utf8_lossy(&text));
        let around = |line: u32| {
            let holds =
                facts.definitions.iter().filter(|it| it.line <= line && line <= it.end_line && !it.path.is_empty());
            holds.min_by_key(|it| it.end_line - it.line).map(|it| it.path.to_string())
        };
        Some(lines.iter().flat_map(|(first, last)| (*first..=*last).filter_map(around)).collect())
    }
}

/// `Order.save` is inside `Order`.
fn is_inside(name: &str, outer: &str) -> bool {
    name.strip_prefix(outer).is_some_and(|rest| rest.starts_with(['.', ':']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(at: u32) -> (String, Option<String>) {
        (format!("f{at}"), None)
    }

    #[test]
    fn degree_is_shared_over_the_mean() {
        let mut sets = vec![vec![1, 2]; 6];
        sets.extend(vec![vec![2]; 4]);
        sets.extend(vec![vec![3, 1]; 2]);
        let found = pairs(&sets, &CoChangeLimits::default(), named);
        // f1: 8 commits, f2: 10, 6 shared: 6 / 9.
        assert_eq!(found.len(), 1, "{found:?}");
        let pair = &found[0];
        assert_eq!((pair.a.as_str(), pair.b.as_str(), pair.degree, pair.shared), ("f1", "f2", 66, 6));
        assert!((pair.confidence_ab - 0.75).abs() < 1e-12 && (pair.confidence_ba - 0.6).abs() < 1e-12);
        assert!((pair.support - 0.5).abs() < 1e-12);
    }

    #[test]
    fn names_inside() {
        assert!(is_inside("Order.save", "Order"));
        assert!(is_inside("Order::save", "Order"));
        assert!(!is_inside("OrderLine.save", "Order"));
    }
}
