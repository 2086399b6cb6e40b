//! Contracts of `seamline.toml` against a graph: every violation with both ends and the way between them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::config::{Contract, ContractKind, Selector};
use crate::model::graph::{Confidence, Evidence, StoreId, SymbolId, SystemGraph};
use crate::model::partition::Partition;
use crate::model::source::Role;
use crate::model::sql::Effect;
use crate::model::wording::last_part;
use crate::track::findings::{
    Collector, Found, Raw, Term, acting_first, definition, of_interface, several_stores, spot, store_definition,
};
use crate::track::identity::Identity;

/// A selector of a contract that selects nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmatched {
    pub contract: String,
    pub selector: String,
}

/// What a set of selectors selects.
#[derive(Clone, Debug, Default)]
struct Group {
    /// Its selectors, for messages.
    words: String,
    symbols: BTreeSet<SymbolId>,
    stores: BTreeSet<StoreId>,
}

/// Violations sorted by key, and the selectors that select nothing.
pub fn violations(
    graph: &SystemGraph,
    partition: &Partition,
    contracts: &[Contract],
    names: &Identity,
) -> (Vec<Found>, Vec<Unmatched>) {
    let mut found = Collector::new(graph, names);
    let mut unmatched = Vec::new();
    if contracts.is_empty() {
        return (Vec::new(), unmatched);
    }
    let depends = Depends::new(graph);
    for contract in contracts {
        let mut group = |selectors: &[Selector]| select(graph, contract, selectors, &mut unmatched);
        let groups: Vec<Group> = contract.groups.iter().map(|it| group(it)).collect();
        let (from, to, allowed) = (group(&contract.from), group(&contract.to), group(&contract.allowed));
        match contract.kind {
            ContractKind::Layers => {
                for lower in 1..groups.len() {
                    for higher in 0..lower {
                        let grouped = all(&groups);
                        depends.between(contract, &groups[lower], &groups[higher], &grouped, &mut found);
                    }
                }
            }
            ContractKind::Independence => {
                let grouped = all(&groups);
                for (at, a) in groups.iter().enumerate() {
                    for (_, b) in groups.iter().enumerate().filter(|it| it.0 != at) {
                        depends.between(contract, a, b, &grouped, &mut found);
                    }
                }
            }
            ContractKind::Forbidden => {
                let grouped = all(&[from.clone(), to.clone()]);
                depends.between(contract, &from, &to, &grouped, &mut found);
            }
            ContractKind::Protected => depends.protected(contract, &to, &allowed, &mut found),
            ContractKind::Ownership => ownership(contract, &to, &allowed, &mut found),
            ContractKind::NoJoinAcross => {
                let units = graph.counted_joins().map(|it| (it.symbol, it.stores.as_slice(), it.evidence));
                across(contract, &groups, partition, units, &mut found);
            }
            ContractKind::NoTransactionAcross => {
                let units = graph.counted_transactions().map(|it| (it.symbol, it.writes.as_slice(), it.evidence));
                across(contract, &groups, partition, units, &mut found);
            }
            ContractKind::NoForeignKeyAcross => foreign_keys(contract, &groups, partition, &mut found),
        }
    }
    (found.finish(), unmatched)
}

fn all(groups: &[Group]) -> BTreeSet<SymbolId> {
    groups.iter().flat_map(|it| it.symbols.iter().copied()).collect()
}

fn select(graph: &SystemGraph, contract: &Contract, selectors: &[Selector], unmatched: &mut Vec<Unmatched>) -> Group {
    let words: Vec<&str> = selectors.iter().map(Selector::as_str).collect();
    let mut group = Group { words: words.join(", "), ..Group::default() };
    for selector in selectors {
        let before = group.symbols.len() + group.stores.len();
        let modules: Vec<bool> = graph.modules.iter().map(|it| selects_module(selector, &it.name)).collect();
        let files: Vec<bool> = graph.files.iter().map(|it| selector.selects_file(&it.path)).collect();
        let mut any = false;
        for id in graph.symbol_ids() {
            let symbol = graph.symbol(id);
            let mut own = selector.selects_symbol(&symbol.name);
            let mut above = symbol.parent;
            while let (false, Some(parent)) = (own, above) {
                own = selector.selects_symbol(&graph.symbol(parent).name);
                above = graph.symbol(parent).parent;
            }
            if own || modules[symbol.module.index()] || files[symbol.file.index()] {
                any = true;
                if symbol.role == Role::Production {
                    group.symbols.insert(id);
                }
            }
        }
        group.stores.extend(graph.store_ids().filter(|it| selector.selects_store(&graph.store(*it).name)));
        if !any && group.symbols.len() + group.stores.len() == before {
            unmatched.push(Unmatched { contract: contract.name.clone(), selector: selector.as_str().to_owned() });
        }
    }
    group
}

/// A module's name covers the modules nested in it.
fn selects_module(selector: &Selector, name: &str) -> bool {
    let ends = name.char_indices().filter(|it| matches!(it.1, '.' | ':' | '/')).map(|it| it.0);
    selector.selects_module(name) || ends.into_iter().any(|end| selector.selects_module(&name[..end]))
}

fn kind_rule(kind: ContractKind) -> &'static str {
    match kind {
        ContractKind::Layers => "contract-layers",
        ContractKind::Independence => "contract-independence",
        ContractKind::Forbidden => "contract-forbidden",
        ContractKind::Protected => "contract-protected",
        ContractKind::Ownership => "contract-ownership",
        ContractKind::NoJoinAcross => "contract-no-join-across",
        ContractKind::NoTransactionAcross => "contract-no-transaction-across",
        ContractKind::NoForeignKeyAcross => "contract-no-foreign-key-across",
    }
}

/// End of a dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Symbol(SymbolId),
    Store(StoreId),
}

/// Calls, mentions and imports of production code, and its accesses to stores.
struct Depends<'g> {
    graph: &'g SystemGraph,
    /// Sorted; what stands at the site, in words.
    out: BTreeMap<SymbolId, Vec<(End, Evidence, &'static str)>>,
    into: BTreeMap<SymbolId, Vec<(SymbolId, Evidence, &'static str)>>,
}

impl<'g> Depends<'g> {
    fn new(graph: &'g SystemGraph) -> Self {
        let mut out: BTreeMap<SymbolId, Vec<(End, Evidence, &'static str)>> = BTreeMap::new();
        let production = |it: SymbolId| graph.symbol(it).role == Role::Production;
        let mut add = |from: SymbolId, to: End, evidence: Evidence, words: &'static str| {
            if production(from) && to != End::Symbol(from) {
                out.entry(from).or_default().push((to, evidence, words));
            }
        };
        // Who calls through an interface depends on the interface, not on what stands behind it.
        let through: BTreeSet<(SymbolId, Evidence, &str)> = graph
            .calls
            .iter()
            .filter(|it| of_interface(graph, it.to))
            .map(|it| (it.from, it.evidence, last_part(&graph.symbol(it.to).name)))
            .collect();
        // What is `likely` is one of several implementations, or a function that was handed down: no dependency of the text.
        for call in graph.calls.iter().filter(|it| it.confidence == Confidence::Certain) {
            let name = last_part(&graph.symbol(call.to).name);
            if of_interface(graph, call.to) || !through.contains(&(call.from, call.evidence, name)) {
                add(call.from, End::Symbol(call.to), call.evidence, "calls");
            }
        }
        for reference in &graph.references {
            add(reference.from, End::Symbol(reference.to), reference.evidence, "uses");
        }
        for (import, to) in graph.internal_imports() {
            let (from, to) = (graph.module(import.from).symbol, graph.module(to).symbol);
            add(from, End::Symbol(to), import.evidence, "imports");
        }
        for access in graph.counted_accesses() {
            let writes = access.operation.effect() == Effect::Write;
            let words = if writes { "writes" } else { "reads" };
            add(access.symbol, End::Store(access.store), access.evidence, words);
        }
        let mut into: BTreeMap<SymbolId, Vec<(SymbolId, Evidence, &'static str)>> = BTreeMap::new();
        for (from, edges) in &mut out {
            edges.sort();
            edges.dedup();
            for (to, evidence, words) in edges {
                if let End::Symbol(to) = to {
                    into.entry(*to).or_default().push((*from, *evidence, words));
                }
            }
        }
        Self { graph, out, into }
    }

    fn holds(group: &Group, end: End) -> bool {
        match end {
            End::Symbol(id) => group.symbols.contains(&id),
            End::Store(id) => group.stores.contains(&id),
        }
    }

    fn name(&self, end: End) -> &str {
        match end {
            End::Symbol(id) => &self.graph.symbol(id).name,
            End::Store(id) => &self.graph.store(id).name,
        }
    }

    fn end_spot(&self, end: End) -> Option<crate::model::check::Spot> {
        match end {
            End::Symbol(id) => Some(definition(self.graph, id)),
            End::Store(id) => store_definition(self.graph, id),
        }
    }

    /// Every dependency of `from` on `to`: direct ones, and unless the contract says otherwise the shortest way of each
    /// symbol through what is in no group.
    fn between(
        &self,
        contract: &Contract,
        from: &Group,
        to: &Group,
        grouped: &BTreeSet<SymbolId>,
        found: &mut Collector<'_>,
    ) {
        let next = if contract.direct_only { BTreeMap::new() } else { self.ways(to, grouped) };
        for &source in &from.symbols {
            let Some(edges) = self.out.get(&source) else { continue };
            for &(end, evidence, words) in edges {
                let in_both = matches!(end, End::Symbol(id) if from.symbols.contains(&id));
                if Self::holds(to, end) && !in_both {
                    self.violation(contract, source, end, &[(end, evidence, words)], (&from.words, &to.words), found);
                }
            }
            let through = edges.iter().filter_map(|it| match it.0 {
                End::Symbol(id) => next.get(&id).map(|way| (way.0, it)),
                End::Store(_) => None,
            });
            if let Some((_, first)) = through.min() {
                let mut steps = vec![*first];
                while let Some((End::Symbol(at), ..)) = steps.last()
                    && let Some((_, step)) = next.get(at)
                {
                    steps.push(*step);
                }
                let last = steps[steps.len() - 1].0;
                self.violation(contract, source, last, &steps, (&from.words, &to.words), found);
            }
        }
    }

    /// For each symbol in no group from which `to` can be reached through such symbols: how far, and the next step.
    fn ways(
        &self,
        to: &Group,
        grouped: &BTreeSet<SymbolId>,
    ) -> BTreeMap<SymbolId, (u32, (End, Evidence, &'static str))> {
        let mut found: BTreeMap<SymbolId, (u32, (End, Evidence, &'static str))> = BTreeMap::new();
        let mut queue = VecDeque::new();
        for &symbol in self.out.keys().filter(|it| !grouped.contains(it)) {
            let direct = self.out[&symbol].iter().find(|it| Self::holds(to, it.0));
            if let Some(step) = direct {
                found.insert(symbol, (1, *step));
                queue.push_back(symbol);
            }
        }
        while let Some(at) = queue.pop_front() {
            let far = found[&at].0 + 1;
            for &(from, evidence, words) in self.into.get(&at).into_iter().flatten() {
                if !grouped.contains(&from) && !found.contains_key(&from) {
                    found.insert(from, (far, (End::Symbol(at), evidence, words)));
                    queue.push_back(from);
                }
            }
        }
        found
    }

    fn violation(
        &self,
        contract: &Contract,
        source: SymbolId,
        target: End,
        steps: &[(End, Evidence, &'static str)],
        (from, to): (&str, &str),
        found: &mut Collector<'_>,
    ) {
        let name = &self.graph.symbol(source).name;
        let mut path = vec![definition(self.graph, source)];
        let mut way = name.clone();
        for (end, evidence, words) in steps {
            path.push(spot(self.graph, *evidence, format!("{words} {}", self.name(*end))));
            way.push_str(&format!(" {words} {}", self.name(*end)));
        }
        path.extend(self.end_spot(target));
        let ends = match (from.is_empty(), contract.kind) {
            (true, _) => format!("{to} is protected"),
            (_, ContractKind::Layers) => format!("{from} is below {to}"),
            (_, ContractKind::Independence) => format!("{from} and {to} are independent"),
            _ => format!("{from} must not depend on {to}"),
        };
        found.add(Raw {
            rule: kind_rule(contract.kind),
            source: Term::Symbol(source),
            target: match target {
                End::Symbol(id) => Term::Symbol(id),
                End::Store(id) => Term::Store(id),
            },
            object: Term::Words(contract.name.clone()),
            message: format!("{way}; {ends} (contract {})", contract.name),
            site: steps.first().map(|it| it.1),
            path,
            services: Vec::new(),
        });
    }

    /// Direct dependencies on `to` of what is neither in it nor allowed.
    fn protected(&self, contract: &Contract, to: &Group, allowed: &Group, found: &mut Collector<'_>) {
        for (source, edges) in &self.out {
            if to.symbols.contains(source) || allowed.symbols.contains(source) {
                continue;
            }
            for step in edges.iter().filter(|it| Self::holds(to, it.0)) {
                self.violation(contract, *source, step.0, &[*step], ("", &to.words), found);
            }
        }
    }
}

fn ownership(contract: &Contract, to: &Group, allowed: &Group, found: &mut Collector<'_>) {
    let graph = found.graph;
    for access in graph.counted_accesses() {
        let symbol = graph.symbol(access.symbol);
        let is_write = access.operation.effect() == Effect::Write;
        let is_free = symbol.role != Role::Production || allowed.symbols.contains(&access.symbol);
        if !is_write || is_free || !to.stores.contains(&access.store) {
            continue;
        }
        let store = &graph.store(access.store).name;
        let mut path = vec![definition(graph, access.symbol), spot(graph, access.evidence, format!("writes {store}"))];
        path.extend(store_definition(graph, access.store));
        let owners = if allowed.words.is_empty() { "nobody".to_owned() } else { allowed.words.clone() };
        found.add(Raw {
            rule: kind_rule(contract.kind),
            source: Term::Symbol(access.symbol),
            target: Term::Store(access.store),
            object: Term::Words(contract.name.clone()),
            message: format!("{} writes {store}, which only {owners} may (contract {})", symbol.name, contract.name),
            site: Some(access.evidence),
            path,
            services: Vec::new(),
        });
    }
}

/// Group of a store: of the contract's groups where it has any, else its service.
fn group_of(groups: &[Group], partition: &Partition, store: StoreId) -> Option<String> {
    if groups.is_empty() {
        return partition.store(store).service().map(|it| partition.services[it.index()].name.clone());
    }
    groups.iter().find(|it| it.stores.contains(&store)).map(|it| it.words.clone())
}

fn across<'a>(
    contract: &Contract,
    groups: &[Group],
    partition: &Partition,
    units: impl Iterator<Item = (SymbolId, &'a [StoreId], Evidence)>,
    found: &mut Collector<'_>,
) {
    let graph = found.graph;
    for (symbol, stores, evidence) in units {
        let owners: BTreeSet<String> = stores.iter().filter_map(|it| group_of(groups, partition, *it)).collect();
        if owners.len() < 2 || graph.symbol(symbol).role != Role::Production {
            continue;
        }
        let owners: Vec<String> = owners.into_iter().collect();
        let home = partition.symbol(symbol).service().map(|it| partition.services[it.index()].name.clone());
        let services = if groups.is_empty() { acting_first(home.as_deref(), &owners) } else { Vec::new() };
        let rule = kind_rule(contract.kind);
        let mut raw = several_stores(graph, rule, symbol, stores, evidence, &owners.join(" and "), services);
        raw.target = Term::Words(contract.name.clone());
        raw.message = format!("{} (contract {})", raw.message, contract.name);
        found.add(raw);
    }
}

fn foreign_keys(contract: &Contract, groups: &[Group], partition: &Partition, found: &mut Collector<'_>) {
    let graph = found.graph;
    for id in graph.store_ids() {
        for key in &graph.store(id).foreign_keys {
            let (Some(from), Some(to)) = (group_of(groups, partition, id), group_of(groups, partition, key.store))
            else {
                continue;
            };
            if from == to {
                continue;
            }
            let (source, target) = (&graph.store(id).name, &graph.store(key.store).name);
            let mut path = vec![spot(graph, key.evidence, format!("{source} references {target}"))];
            path.extend(store_definition(graph, key.store));
            let columns = key.columns.join(" ");
            found.add(Raw {
                rule: kind_rule(contract.kind),
                source: Term::Store(id),
                target: Term::Store(key.store),
                object: Term::Words(format!("{columns} {}", contract.name)),
                message: format!("{source} ({from}) references {target} ({to}) (contract {})", contract.name),
                site: Some(key.evidence),
                path,
                services: if groups.is_empty() { vec![from, to] } else { Vec::new() },
            });
        }
    }
}
