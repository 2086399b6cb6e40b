//! Programs that one checkout holds: where each starts, and which code it runs.
//!
//! What a program runs is told by calls and mentions from its start, by the routes and messages that code it reaches registers, and by
//! the modules it imports, whose outermost code runs when they are loaded. Calls that are guesses lead nowhere.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::graph::{Confidence, Direction, Evidence, FileId, ModuleId, SymbolId, SymbolKind, SystemGraph};
use crate::model::source::Role;
use crate::model::wording::last_part;

/// One program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Unique: the folder or file it starts in.
    pub name: String,
    /// The function it starts with, or the module.
    pub start: SymbolId,
    pub evidence: Evidence,
    /// Production code that it runs, as far as calls, routes and imports tell.
    pub reached: BTreeSet<SymbolId>,
    /// Nothing that was read leads from the start to a store or a route, so what stands below this folder counts as loaded by name.
    pub folder: Option<String>,
}

/// Files that a server or a tool loads by their name and that nothing of the project imports.
const LOADED_BY_NAME: &[&str] = &["__main__", "app", "application", "asgi", "main", "manage", "run", "server", "wsgi"];

/// Every program of the production code that reaches a function besides its start, sorted by where it starts.
pub fn programs(graph: &SystemGraph) -> Vec<Program> {
    let mut paths = Paths::new(graph);
    let starts = paths.starts();
    // What one program alone loads is run by that one or by none, so functions that are handed on as values count as its own there.
    let mut loading: BTreeMap<ModuleId, usize> = BTreeMap::new();
    for start in starts.values() {
        for module in paths.loaded(&paths.reached(*start, [*start, paths.module_of(*start)])) {
            *loading.entry(module).or_default() += 1;
        }
    }
    paths.own = loading.into_iter().filter(|it| it.1 == 1).map(|it| it.0).collect();
    let names = names(graph, &starts);
    let mut found: Vec<Program> = Vec::new();
    for ((file, start), name) in starts.into_iter().zip(names) {
        let mut reached = paths.reached(start, [start, paths.module_of(start)]);
        let mut folder = None;
        if !paths.works(&reached) {
            let below = folder_of(&graph.file(file).path);
            let loaded: Vec<SymbolId> = paths.modules_below(below).collect();
            if paths.registers_in(&loaded) {
                reached = paths.reached(start, loaded);
                folder = Some(below.to_owned());
            }
        }
        let is_function = |it: &SymbolId| graph.symbol(*it).kind != SymbolKind::Module && *it != start;
        if reached.iter().any(is_function) {
            let at_module = graph.symbol(start).kind == SymbolKind::Module;
            let line = graph.module(graph.symbol(start).module).starts_at.filter(|_| at_module);
            let evidence = Evidence { file, line: line.unwrap_or(graph.symbol(start).line) };
            found.push(Program { name, start, evidence, reached, folder });
        }
    }
    found
}

/// A name for each start: its folder in `cmd/server/main.go`, its file in `src/bin/server.rs`, the folder again where files of several
/// are called alike, else the path.
fn names(graph: &SystemGraph, starts: &BTreeMap<FileId, SymbolId>) -> Vec<String> {
    let paths: Vec<&str> = starts.keys().map(|it| graph.file(*it).path.as_str()).collect();
    let folder = |path: &str| -> Option<String> {
        let mut folders = folder_of(path).split('/').filter(|it| !matches!(*it, "" | "src" | "bin" | "cmd"));
        let system = Some(&graph.name).filter(|it| !it.is_empty()).cloned();
        folders.next_back().map(str::to_owned).or(system)
    };
    let by_file = |path: &str| {
        let own = Some(stem(path)).filter(|it| !LOADED_BY_NAME.contains(it)).map(str::to_owned);
        own.or_else(|| folder(path)).unwrap_or_else(|| stem(path).to_owned())
    };
    let mut names: Vec<String> = paths.iter().map(|it| by_file(it)).collect();
    for other in [
        |path: &str, folder: Option<String>| folder.unwrap_or_else(|| path.to_owned()),
        |path: &str, _| path.to_owned(),
    ] {
        let taken = names.clone();
        for (name, path) in names.iter_mut().zip(&paths) {
            if taken.iter().filter(|it| *it == name).count() > 1 {
                *name = other(path, folder(path));
            }
        }
    }
    names
}

/// Modules with the package around them whose own file runs before theirs (`shop/__init__.py` before `shop/orders.py`).
fn packages(graph: &SystemGraph) -> Vec<(ModuleId, ModuleId)> {
    let ids = || (0..graph.modules.len() as u32).map(ModuleId);
    let is_package = |it: &ModuleId| stem(&graph.file(graph.module(*it).file).path) == "__init__";
    let by_name: BTreeMap<&str, ModuleId> =
        ids().filter(is_package).map(|it| (graph.module(it).name.as_str(), it)).collect();
    let around = |it: ModuleId| Some((it, *by_name.get(graph.module(it).name.rsplit_once('.')?.0)?));
    ids().filter_map(around).collect()
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |it| it.0)
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split_once('.').map_or(name, |it| it.0)
}

/// What leads to what.
struct Paths<'a> {
    graph: &'a SystemGraph,
    leads: Vec<Vec<SymbolId>>,
    /// Whether something leads to it, but for its own module's outermost code.
    is_led_to: Vec<bool>,
    imports: BTreeMap<ModuleId, BTreeSet<ModuleId>>,
    imported: BTreeSet<ModuleId>,
    /// Functions that run when their module is loaded.
    loads: BTreeMap<ModuleId, Vec<SymbolId>>,
    /// Symbols that handle a route or a message, or touch a store.
    works: BTreeSet<SymbolId>,
    /// Modules that register routes.
    registering: BTreeSet<ModuleId>,
    /// Functions that nothing was seen to call, by module.
    uncalled: BTreeMap<ModuleId, Vec<SymbolId>>,
    /// Modules that one program alone loads.
    own: BTreeSet<ModuleId>,
}

impl<'a> Paths<'a> {
    fn new(graph: &'a SystemGraph) -> Self {
        let mut res = Self {
            graph,
            leads: vec![Vec::new(); graph.symbols.len()],
            is_led_to: vec![false; graph.symbols.len()],
            imports: BTreeMap::new(),
            imported: BTreeSet::new(),
            loads: BTreeMap::new(),
            works: BTreeSet::new(),
            registering: BTreeSet::new(),
            uncalled: BTreeMap::new(),
            own: BTreeSet::new(),
        };
        let calls = graph.calls.iter().filter(|it| it.confidence > Confidence::Guess).map(|it| (it.from, it.to));
        let is_function = |it: SymbolId| matches!(graph.symbol(it).kind, SymbolKind::Function | SymbolKind::Method);
        let mentions = graph.references.iter().map(|it| (it.from, it.to)).filter(|it| is_function(it.1));
        for (from, to) in calls.chain(mentions).filter(|it| it.0 != it.1 && runs(graph, it.0) && runs(graph, it.1)) {
            res.leads[from.index()].push(to);
            res.is_led_to[to.index()] |= res.module_of(to) != from;
        }
        for (import, to) in graph.internal_imports().filter(|it| it.0.from != it.1) {
            res.imports.entry(import.from).or_default().insert(to);
            if runs(graph, graph.module(import.from).symbol) {
                res.imported.insert(to);
            }
        }
        for (module, package) in packages(graph) {
            res.imports.entry(module).or_default().insert(package);
        }
        let routes = graph.endpoints.iter().map(|it| (it.handler, it.evidence));
        let consumers = graph.messages.iter().filter(|it| it.direction == Direction::Subscribe);
        let by_file = outermost_first(graph);
        for (handler, evidence) in routes.chain(consumers.map(|it| (it.symbol, it.evidence))) {
            res.works.insert(handler);
            let Some(from) = around(graph, &by_file, evidence) else { continue };
            // A mark on the handler itself is code of its module.
            let from = if from == handler { res.module_of(handler) } else { from };
            res.registering.insert(graph.symbol(from).module);
            // What stands beside a handler only names its route where code elsewhere puts it to use.
            let beside = graph.symbol(from).kind == SymbolKind::Module && res.is_led_to[handler.index()];
            if !beside {
                res.leads[from.index()].push(handler);
            }
        }
        for id in graph.symbol_ids().filter(|it| is_function(*it) && runs(graph, *it)) {
            let symbol = graph.symbol(id);
            if res.is_led_to[id.index()] || is_main(graph, id) {
                continue;
            }
            if symbol.parent.is_none() && last_part(&symbol.name) == "init" {
                res.loads.entry(symbol.module).or_default().push(id);
            }
            res.uncalled.entry(symbol.module).or_default().push(id);
        }
        res.works.extend(graph.counted_accesses().map(|it| it.symbol));
        res
    }

    /// Where programs start, one for each module: of several that a build chooses among, the one in a file called so.
    fn starts(&self) -> BTreeMap<FileId, SymbolId> {
        let is_start = |it: &SymbolId| is_main(self.graph, *it) && runs(self.graph, *it) && !self.is_led_to[it.index()];
        let mut by_module: BTreeMap<ModuleId, SymbolId> = BTreeMap::new();
        for id in self.graph.symbol_ids().filter(is_start) {
            let is_called_so = stem(&self.graph.file(self.graph.symbol(id).file).path) == "main";
            let first = by_module.entry(self.graph.symbol(id).module).or_insert(id);
            if is_called_so {
                *first = id;
            }
        }
        let started = self.graph.modules.iter().enumerate().filter(|(at, it)| {
            it.starts_at.is_some() && runs(self.graph, it.symbol) && !self.imported.contains(&ModuleId(*at as u32))
        });
        for id in started.map(|it| it.1.symbol).chain(self.loaded_modules()) {
            by_module.entry(self.graph.symbol(id).module).or_insert(id);
        }
        by_module.into_values().map(|it| (self.graph.symbol(it).file, it)).collect()
    }

    /// Modules that something outside loads by name: nothing of the project imports them, and routes follow from them.
    fn loaded_modules(&self) -> impl Iterator<Item = SymbolId> + '_ {
        let mut used: BTreeSet<ModuleId> = self.imported.clone();
        for (from, to) in self.leads.iter().enumerate().flat_map(|(from, to)| to.iter().map(move |it| (from, *it))) {
            let (from, to) = (self.graph.symbols[from].module, self.graph.symbol(to).module);
            if from != to {
                used.insert(to);
            }
        }
        let modules = (0..self.graph.modules.len() as u32).map(ModuleId);
        modules.filter(move |it| !used.contains(it)).map(|it| self.graph.module(it)).filter_map(|module| {
            let is_start = runs(self.graph, module.symbol)
                && LOADED_BY_NAME.contains(&stem(&self.graph.file(module.file).path))
                && self.registers_in(&self.reached(module.symbol, [module.symbol]));
            is_start.then_some(module.symbol)
        })
    }

    fn module_of(&self, id: SymbolId) -> SymbolId {
        self.graph.module(self.graph.symbol(id).module).symbol
    }

    fn modules_below(&self, folder: &str) -> impl Iterator<Item = SymbolId> + '_ {
        let folder = folder.to_owned();
        self.graph.modules.iter().filter_map(move |it| {
            let rest = self.graph.file(it.file).path.strip_prefix(folder.as_str())?;
            ((folder.is_empty() || rest.starts_with('/')) && runs(self.graph, it.symbol)).then_some(it.symbol)
        })
    }

    /// Modules of what is reached.
    fn loaded(&self, reached: &BTreeSet<SymbolId>) -> BTreeSet<ModuleId> {
        reached.iter().map(|it| self.graph.symbol(*it).module).collect()
    }

    fn works(&self, reached: &BTreeSet<SymbolId>) -> bool {
        reached.iter().any(|it| self.works.contains(it))
    }

    fn registers_in<'s>(&self, symbols: impl IntoIterator<Item = &'s SymbolId>) -> bool {
        symbols.into_iter().any(|it| self.registering.contains(&self.graph.symbol(*it).module))
    }

    /// All that runs from some symbols on; another program that stands in a module which is loaded does not start by that.
    fn reached(&self, start: SymbolId, from: impl IntoIterator<Item = SymbolId>) -> BTreeSet<SymbolId> {
        let graph = self.graph;
        let mut open: Vec<SymbolId> = from.into_iter().collect();
        let mut found: BTreeSet<SymbolId> = open.iter().copied().collect();
        let mut loaded: BTreeSet<ModuleId> = BTreeSet::new();
        while let Some(at) = open.pop() {
            let mut next = Vec::new();
            let module = graph.symbol(at).module;
            if loaded.insert(module) {
                next.push(graph.module(module).symbol);
                next.extend(self.loads.get(&module).into_iter().flatten());
                if self.own.contains(&module) {
                    next.extend(self.uncalled.get(&module).into_iter().flatten());
                }
                let imports = self.imports.get(&module).into_iter().flatten();
                next.extend(imports.map(|it| graph.module(*it).symbol).filter(|it| runs(graph, *it)));
            }
            let is_outermost = graph.symbol(at).kind == SymbolKind::Module;
            let starts_other = |to: SymbolId| {
                is_outermost
                    && to != start
                    && last_part(&graph.symbol(to).name) == "main"
                    && !self.is_led_to[to.index()]
            };
            next.extend(self.leads[at.index()].iter().copied().filter(|it| !starts_other(*it)));
            for it in next {
                if found.insert(it) {
                    open.push(it);
                }
            }
        }
        found
    }
}

fn is_main(graph: &SystemGraph, id: SymbolId) -> bool {
    let symbol = graph.symbol(id);
    symbol.kind == SymbolKind::Function && symbol.parent.is_none() && last_part(&symbol.name) == "main"
}

fn runs(graph: &SystemGraph, id: SymbolId) -> bool {
    matches!(graph.symbol(id).role, Role::Production | Role::Generated)
}

/// Functions of each file.
fn outermost_first(graph: &SystemGraph) -> BTreeMap<FileId, Vec<SymbolId>> {
    let mut res: BTreeMap<FileId, Vec<SymbolId>> = BTreeMap::new();
    for id in graph.symbol_ids() {
        if matches!(graph.symbol(id).kind, SymbolKind::Function | SymbolKind::Method) {
            res.entry(graph.symbol(id).file).or_default().push(id);
        }
    }
    res
}

/// The innermost function around a place, else the module.
fn around(graph: &SystemGraph, by_file: &BTreeMap<FileId, Vec<SymbolId>>, at: Evidence) -> Option<SymbolId> {
    let holds = |it: &&SymbolId| (graph.symbol(**it).line..=graph.symbol(**it).end_line).contains(&at.line);
    let functions = by_file.get(&at.file).into_iter().flatten().filter(holds);
    let innermost = functions.min_by_key(|it| graph.symbol(**it).end_line - graph.symbol(**it).line).copied();
    innermost.or_else(|| graph.file(at.file).module.map(|it| graph.module(it).symbol))
}
