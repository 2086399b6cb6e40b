//! Drafts to the final graph: ids given out in sorted order, duplicates folded, transactions filled.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::{SmallVec, smallvec};

use crate::link::access::accesses::{Accesses, RawAccess, RawJoin, RawSpot};
use crate::link::access::transactions::RawTransaction;
use crate::link::calls::{RawCall, RawImport, RawReference};
use crate::link::names::program::{Def, Mod, Program};
use crate::link::routes::endpoints::Endpoints;
use crate::link::storage::stores::Stores;
use crate::link::values::infer::Inference;
use crate::model::diagnostic::Diagnostic;
use crate::model::fact::{DefId, DefinitionKind, ExprId, ExprKind, FileFacts, ParamKind};
use crate::model::graph::{
    Access, BlindSpot, CallEdge, Confidence, Endpoint, Evidence, File, FileId, ImportEdge, Join, Message, Module,
    ModuleId, ReferenceEdge, RemoteCall, Store, StoreForeignKey, StoreId, StoreKind, Symbol, SymbolId, SymbolKind,
    SystemGraph, Transaction,
};
use crate::model::rule::RuleSet;
use crate::model::source::{Project, Role};
use crate::model::sql::Effect;

/// Calls followed from inside a transaction.
const TRANSACTION_DEPTH: u32 = 6;

pub(crate) struct Draft {
    pub(crate) accesses: Accesses,
    pub(crate) endpoints: Endpoints,
    pub(crate) transactions: Vec<RawTransaction>,
    /// Lines that run once a transaction has ended, by unit.
    pub(crate) after_commit: Vec<(u32, RangeInclusive<u32>)>,
    pub(crate) calls: Vec<RawCall>,
    pub(crate) imports: Vec<RawImport>,
    pub(crate) references: Vec<RawReference>,
    pub(crate) stores: Stores,
    /// Files that no program or no usual build holds, by position in [`Project::files`].
    pub(crate) left_out: FxHashSet<usize>,
}

/// A symbol with the definitions that it stands for.
type SymbolDraft = (Symbol, SmallVec<[Def; 1]>);

struct Ids<'g, 'a> {
    program: &'g Program<'a>,
    rules: &'g RuleSet,
    file_of_unit: Vec<FileId>,
    module_of: Vec<Option<ModuleId>>,
    symbol_of: Vec<Option<SymbolId>>,
}

impl Ids<'_, '_> {
    fn evidence(&self, unit: u32, line: u32) -> Evidence {
        Evidence { file: self.file_of_unit[unit as usize], line: line.max(1) }
    }

    /// Symbol of a definition or of the nearest one around it that is a symbol.
    fn symbol(&self, unit: u32, owner: DefId) -> Option<SymbolId> {
        let mut owner = self.program.named_owner(unit, owner);
        let facts = self.program.unit(unit).facts;
        loop {
            let def = self.program.def(unit, owner);
            if let Some(symbol) = self.symbol_of[def.0 as usize] {
                return Some(symbol);
            }
            if owner == DefId::MODULE {
                return None;
            }
            owner = facts.definition(owner).parent;
        }
    }

    /// The definition's own symbol, also of a variable, else that of the nearest one around it.
    fn symbol_of_def(&self, def: Def) -> Option<SymbolId> {
        let (unit, id) = self.program.local(def);
        self.symbol_of[def.0 as usize].or_else(|| self.symbol(unit, id))
    }
}

pub(crate) fn assemble(project: &Project, inference: &Inference<'_>, draft: Draft) -> (SystemGraph, Vec<Diagnostic>) {
    let mut graph = SystemGraph {
        name: project.name.clone(),
        revision: project.revision.clone(),
        packages: project.packages.clone(),
        ..SystemGraph::default()
    };
    let ids = number(project, inference, &draft, &mut graph);
    let store_ids = add_stores(&ids, &draft.stores, &mut graph);
    let SystemGraph { accesses, joins, calls, imports, references, .. } = &mut graph;
    let Draft { accesses: found, calls: raw_calls, imports: raw_imports, references: raw_references, .. } = &draft;
    let (raw_accesses, raw_joins) = (&found.accesses, &found.joins);
    rayon::scope(|scope| {
        scope.spawn(|_| *calls = call_edges(&ids, raw_calls));
        scope.spawn(|_| *references = reference_edges(&ids, raw_references));
        scope.spawn(|_| *imports = import_edges(&ids, raw_imports));
        *accesses = access_edges(&ids, raw_accesses, &store_ids);
        *joins = joined_stores(&ids, raw_joins, &store_ids);
    });
    add_endpoints(&ids, &draft, &mut graph);
    add_transactions(&ids, &draft, &mut graph);
    add_blind_spots(&ids, &draft, project, &mut graph);
    (graph, Vec::new())
}

/// Files, modules and symbols, sorted, with the way from definitions to them.
fn number<'g, 'a>(
    project: &Project,
    inference: &'g Inference<'a>,
    draft: &Draft,
    graph: &mut SystemGraph,
) -> Ids<'g, 'a> {
    let program = &inference.program;
    let mut file_of_path: FxHashMap<&str, FileId> = FxHashMap::default();
    for file in &project.files {
        file_of_path.insert(&file.path, FileId(graph.files.len() as u32));
        graph.files.push(File {
            path: file.path.clone(),
            language: file.language.clone(),
            role: file.role,
            lines: 0,
            bytes: file.bytes,
            module: None,
        });
    }
    let file_of_unit: Vec<FileId> = program.units.iter().map(|it| file_of_path[it.source.path.as_str()]).collect();
    for (unit, file) in program.units.iter().enumerate() {
        graph.files[file_of_unit[unit].index()].lines = file.facts.lines;
    }
    // Modules that have code, by name.
    let has_code = |module: &crate::link::names::program::ModuleEntry<'_>| {
        module.units.iter().any(|it| {
            let unit = program.unit(*it);
            unit.source.language != "sql" && unit.source.role != Role::Vendored
        })
    };
    let mut named: Vec<(String, u32)> = program
        .modules
        .iter()
        .enumerate()
        .filter(|(_, it)| has_code(it))
        .map(|(index, it)| (it.name.clone(), index as u32))
        .collect();
    named.sort();
    let mut module_of = vec![None; program.modules.len()];
    for (name, index) in named {
        let entry = &program.modules[index as usize];
        let first = entry.units.iter().copied().min_by_key(|it| {
            let role = program.unit(*it).source.role;
            // A package of migrations with tests beside them is none of tests.
            (role == Role::Test, role, file_of_unit[*it as usize])
        });
        let Some(first) = first else { continue };
        let source = program.unit(first).source;
        let id = ModuleId(graph.modules.len() as u32);
        module_of[index as usize] = Some(id);
        graph.modules.push(Module {
            name,
            file: file_of_unit[first as usize],
            package: source.package.clone(),
            language: source.language.clone(),
            role: source.role,
            symbol: SymbolId(0),
            starts_at: program.unit(first).facts.starts_at,
        });
        for unit in &entry.units {
            graph.files[file_of_unit[*unit as usize].index()].module = Some(id);
        }
    }
    // What the files of tests do beside their functions (`var _ = Describe(..)`) is nothing that their package does.
    let beside = |unit: u32, owner: DefId| {
        program.unit(unit).source.role == Role::Test && program.named_owner(unit, owner) == DefId::MODULE
    };
    let accesses = draft.accesses.accesses.iter().map(|it| (it.unit, it.owner));
    let tested: FxHashSet<u32> = accesses.filter(|it| beside(it.0, it.1)).map(|it| it.0).collect();
    let mut drafts: Vec<SymbolDraft> = Vec::new();
    for (index, entry) in program.modules.iter().enumerate() {
        let Some(module) = module_of[index] else { continue };
        let file = graph.modules[module.index()].file;
        let first = entry.units.iter().copied().find(|it| file_of_unit[*it as usize] == file).unwrap_or(entry.units[0]);
        let facts = program.unit(first).facts;
        let is_apart = |it: &u32| program.unit(first).source.role != Role::Test && tested.contains(it);
        let (apart, own): (Vec<u32>, Vec<u32>) = entry.units.iter().copied().partition(is_apart);
        let of_units = |units: &[u32]| -> SmallVec<[Def; 1]> {
            let mut defs: SmallVec<[Def; 1]> = units.iter().map(|it| program.def(*it, DefId::MODULE)).collect();
            defs.sort_unstable();
            defs
        };
        if let Some(first) = apart.iter().copied().min_by_key(|it| file_of_unit[*it as usize]) {
            drafts.push((
                Symbol {
                    name: format!("{}.(tests)", entry.name),
                    kind: SymbolKind::Function,
                    file: file_of_unit[first as usize],
                    line: 1,
                    end_line: program.unit(first).facts.lines.max(1),
                    module,
                    parent: None,
                    visibility: crate::model::fact::Visibility::Private,
                    role: Role::Test,
                    signature: String::new(),
                },
                of_units(&apart),
            ));
        }
        let defs = of_units(&own);
        drafts.push((
            Symbol {
                name: entry.name.clone(),
                kind: SymbolKind::Module,
                file,
                line: 1,
                end_line: facts.lines.max(1),
                module,
                parent: None,
                visibility: crate::model::fact::Visibility::Public,
                role: program.unit(first).source.role,
                signature: String::new(),
            },
            defs,
        ));
    }
    let of_unit = |unit: u32| symbols_of(program, unit, file_of_unit[unit as usize], &module_of);
    drafts.par_extend((0..program.units.len() as u32).into_par_iter().flat_map_iter(of_unit));
    drafts.par_sort_by(|(a, a_defs), (b, b_defs)| {
        (&a.name, a.file, a.line, a.kind, a_defs).cmp(&(&b.name, b.file, b.line, b.kind, b_defs))
    });
    let mut symbol_of = vec![None; program.def_count() as usize];
    for (index, (symbol, defs)) in drafts.iter().enumerate() {
        for def in defs {
            symbol_of[def.0 as usize] = Some(SymbolId(index as u32));
        }
        if symbol.kind == SymbolKind::Module {
            graph.modules[symbol.module.index()].symbol = SymbolId(index as u32);
        }
    }
    let ids = Ids { program, rules: inference.rules, file_of_unit, module_of, symbol_of };
    let parents: Vec<Option<SymbolId>> = drafts.iter().map(|(symbol, defs)| parent_of(&ids, symbol, defs[0])).collect();
    for ((mut symbol, _), parent) in drafts.into_iter().zip(parents) {
        symbol.parent = parent;
        graph.symbols.push(symbol);
    }
    ids
}

/// Symbols of the definitions of a file.
fn symbols_of(program: &Program<'_>, unit: u32, file: FileId, module_of: &[Option<ModuleId>]) -> Vec<SymbolDraft> {
    let source = program.unit(unit).source;
    let facts = program.unit(unit).facts;
    let Some(module) = module_of[program.unit(unit).module.0 as usize] else { return Vec::new() };
    let mut is_test = vec![false; facts.definitions.len()];
    let mut drafts = Vec::with_capacity(facts.definitions.len());
    for id in facts.def_ids().skip(1) {
        let definition = facts.definition(id);
        is_test[id.0 as usize] = definition.traits.is_test || is_test[definition.parent.0 as usize];
        if definition.kind == DefinitionKind::Module {
            continue;
        }
        let kind: Option<SymbolKind> = definition.kind.into();
        let Some(kind) = kind else { continue };
        if definition.path.is_empty() {
            continue;
        }
        let def = program.def(unit, id);
        let symbol = Symbol {
            name: program.qualified(def),
            kind,
            file,
            line: definition.line,
            end_line: definition.end_line,
            module,
            parent: None,
            visibility: definition.visibility,
            role: if is_test[id.0 as usize] && source.role == Role::Production { Role::Test } else { source.role },
            signature: signature(facts, id),
        };
        drafts.push((symbol, smallvec![def]));
    }
    drafts
}

fn parent_of(ids: &Ids<'_, '_>, symbol: &Symbol, def: Def) -> Option<SymbolId> {
    if symbol.kind == SymbolKind::Module {
        return None;
    }
    let program = ids.program;
    let (unit, id) = program.local(def);
    let definition = program.unit(unit).facts.definition(id);
    let parent = program.def(unit, definition.parent);
    if definition.receiver.is_some() {
        // A method written outside its type: the type that has it as a member.
        let own = definition.path.rsplit_once(['.', ':']).map(|(head, _)| head.trim_end_matches(':'));
        let type_name = own.map(|it| it.trim_matches(['(', ')', '*']).to_owned())?;
        let name = type_name.rsplit("::").next().unwrap_or(&type_name).to_owned();
        let module = program.unit(unit).module;
        let found = program.members(program.module_space(module), &name);
        return found.iter().find(|it| program.is_type(**it)).and_then(|it| ids.symbol_of[it.0 as usize]);
    }
    let module = DefId::MODULE;
    (definition.parent != module).then(|| ids.symbol_of[parent.0 as usize]).flatten()
}

/// Parameters and result as a reader would write them, from the facts.
fn signature(facts: &FileFacts, id: DefId) -> String {
    let definition = facts.definition(id);
    if !matches!(definition.kind, DefinitionKind::Function | DefinitionKind::Method) {
        return String::new();
    }
    let params: Vec<String> = definition
        .params
        .iter()
        .filter(|it| it.kind != ParamKind::Receiver)
        .map(|it| {
            let mark = match it.kind {
                ParamKind::Rest => "*",
                ParamKind::Keywords => "**",
                _ => "",
            };
            match it.declared {
                Some(declared) => format!("{mark}{}: {}", it.name, item(facts, declared, 0)),
                None => format!("{mark}{}", it.name),
            }
        })
        .collect();
    let result = definition.result.map(|it| format!(" -> {}", item(facts, it, 0))).unwrap_or_default();
    format!("({}){result}", params.join(", "))
}

/// A type in a place of its own: several together are a tuple.
fn item(facts: &FileFacts, expr: ExprId, depth: u32) -> String {
    let text = spelled(facts, expr, depth);
    if matches!(facts.expr(expr).kind, ExprKind::Sequence(_)) { format!("({text})") } else { text }
}

fn is_unit(facts: &FileFacts, expr: ExprId) -> bool {
    matches!(&facts.expr(expr).kind, ExprKind::Sequence(items) if items.is_empty())
}

fn spelled(facts: &FileFacts, expr: ExprId, depth: u32) -> String {
    if depth > 8 {
        return "..".to_owned();
    }
    let inner = |it: ExprId| item(facts, it, depth + 1);
    // Where `::` parts names, what a type is made of stands between angles.
    let pointed = facts.separator == "::";
    match &facts.expr(expr).kind {
        ExprKind::Name(name) => name.to_string(),
        ExprKind::Member { base, name } => format!("{}{}{name}", inner(*base), facts.separator),
        ExprKind::Index { base, index } => match &facts.expr(*base).kind {
            ExprKind::Name(name) if name == "[]" && pointed => format!("[{}]", inner(*index)),
            ExprKind::Name(name) if name == "[]" => format!("[]{}", inner(*index)),
            ExprKind::Name(name) if name == "map" => match &facts.expr(*index).kind {
                ExprKind::Sequence(parts) if parts.len() == 2 => format!("map[{}]{}", inner(parts[0]), inner(parts[1])),
                _ => format!("map[{}]", inner(*index)),
            },
            _ if pointed && is_unit(facts, *index) => format!("{}<()>", inner(*base)),
            _ if pointed => format!("{}<{}>", inner(*base), spelled(facts, *index, depth + 1)),
            _ => format!("{}[{}]", inner(*base), spelled(facts, *index, depth + 1)),
        },
        ExprKind::Sequence(items) => items.iter().map(|it| inner(*it)).collect::<Vec<_>>().join(", "),
        ExprKind::Choice(items) => items.iter().map(|it| inner(*it)).collect::<Vec<_>>().join(" | "),
        ExprKind::Constant(text) => text.to_string(),
        ExprKind::Text(text) => format!("{text:?}"),
        _ => "..".to_owned(),
    }
}

/// A name for each store that no other one has: keys of a cache that are called as a table is are `cache:orders`.
fn distinct_names(stores: &Stores, used: &[usize]) -> FxHashMap<usize, String> {
    let kind = |it: usize| stores.drafts[it].kind.unwrap_or(StoreKind::Table);
    let has_rows = |it: &&usize| matches!(kind(**it), StoreKind::Table | StoreKind::View | StoreKind::Collection);
    let rows: FxHashSet<&str> = used.iter().filter(has_rows).map(|it| stores.drafts[*it].name.as_str()).collect();
    let name = |it: &usize| {
        let name = &stores.drafts[*it].name;
        match kind(*it) {
            StoreKind::Cache if rows.contains(name.as_str()) => format!("cache:{name}"),
            StoreKind::Topic if rows.contains(name.as_str()) => format!("topic:{name}"),
            StoreKind::Bucket if rows.contains(name.as_str()) => format!("bucket:{name}"),
            _ => name.clone(),
        }
    };
    used.iter().map(|it| (*it, name(it))).collect()
}

/// Stores that something uses, sorted by name.
fn add_stores(ids: &Ids<'_, '_>, stores: &Stores, graph: &mut SystemGraph) -> Vec<Option<StoreId>> {
    let mut referenced: FxHashSet<usize> = FxHashSet::default();
    for draft in stores.drafts.iter().filter(|it| it.used) {
        for (key, _) in &draft.foreign_keys {
            referenced.extend(stores.find(&full_name(&key.store)));
        }
    }
    let mut order: Vec<usize> =
        (0..stores.drafts.len()).filter(|it| stores.drafts[*it].used || referenced.contains(it)).collect();
    let names = distinct_names(stores, &order);
    order.sort_by(|a, b| names[a].cmp(&names[b]));
    let mut store_ids = vec![None; stores.drafts.len()];
    for (position, index) in order.iter().enumerate() {
        store_ids[*index] = Some(StoreId(position as u32));
    }
    for index in order {
        let draft = &stores.drafts[index];
        let mut entities: Vec<SymbolId> = draft.entities.iter().filter_map(|it| ids.symbol_of_def(*it)).collect();
        entities.sort_unstable();
        entities.dedup();
        let mut foreign_keys: Vec<StoreForeignKey> = draft
            .foreign_keys
            .iter()
            .filter_map(|(key, site)| {
                let store = store_ids[stores.find(&full_name(&key.store))?]?;
                Some(StoreForeignKey {
                    columns: key.columns.iter().map(ToString::to_string).collect(),
                    store,
                    referenced_columns: key.referenced_columns.iter().map(ToString::to_string).collect(),
                    on_delete_cascade: key.on_delete_cascade,
                    evidence: ids.evidence(site.0, site.1),
                })
            })
            .collect();
        foreign_keys.sort_by(|a, b| (&a.columns, a.store).cmp(&(&b.columns, b.store)));
        let sorted = |sites: &[(u32, u32)]| {
            let mut places: Vec<Evidence> = sites.iter().map(|it| ids.evidence(it.0, it.1)).collect();
            places.sort_unstable();
            places.dedup();
            places
        };
        graph.stores.push(Store {
            name: names[&index].clone(),
            kind: draft.kind.unwrap_or(StoreKind::Table),
            schema: draft.schema.clone(),
            columns: draft.columns.clone(),
            foreign_keys,
            defined_at: sorted(&draft.defined_at),
            entities,
            conflicts: draft
                .conflicts
                .iter()
                .map(|(site, text)| (ids.evidence(site.0, site.1), text.clone()))
                .collect(),
            seeded_at: sorted(&draft.seeded_at),
        });
    }
    store_ids
}

fn full_name(name: &crate::model::sql::StoreName) -> String {
    name.schema.as_ref().map_or_else(|| name.name.to_string(), |it| format!("{it}.{}", name.name))
}

fn access_edges(ids: &Ids<'_, '_>, found: &[RawAccess], store_ids: &[Option<StoreId>]) -> Vec<Access> {
    let mut accesses: Vec<Access> = Vec::with_capacity(found.len());
    for raw in found {
        let (Some(symbol), Some(store)) = (ids.symbol(raw.unit, raw.owner), store_ids[raw.store]) else { continue };
        let mut columns = raw.columns.clone();
        columns.sort();
        columns.dedup();
        accesses.push(Access {
            symbol,
            store,
            operation: raw.operation,
            columns,
            via: ids.rules.rules[raw.rule as usize].via().to_owned(),
            confidence: raw.confidence,
            evidence: ids.evidence(raw.unit, raw.line),
            in_loop: raw.in_loop,
            by_callers: raw.by_callers,
            cascaded: raw.cascaded,
            predicates: raw.predicates.clone(),
        });
    }
    accesses.sort_by(|a, b| {
        (a.symbol, a.store, a.evidence, a.operation, std::cmp::Reverse(a.confidence), &a.via, &a.columns).cmp(&(
            b.symbol,
            b.store,
            b.evidence,
            b.operation,
            std::cmp::Reverse(b.confidence),
            &b.via,
            &b.columns,
        ))
    });
    // One fact per site: the surest reading stays, with all columns seen.
    accesses.dedup_by(|next, kept| {
        let same = next.symbol == kept.symbol
            && next.store == kept.store
            && next.evidence == kept.evidence
            && next.operation == kept.operation;
        if same {
            kept.by_callers &= next.by_callers;
            kept.cascaded &= next.cascaded;
            kept.columns.append(&mut next.columns);
            kept.columns.sort();
            kept.columns.dedup();
            for predicate in next.predicates.drain(..) {
                if !kept.predicates.contains(&predicate) {
                    kept.predicates.push(predicate);
                }
            }
        }
        same
    });
    accesses
}

fn joined_stores(ids: &Ids<'_, '_>, found: &[RawJoin], store_ids: &[Option<StoreId>]) -> Vec<Join> {
    let mut joins = Vec::new();
    for raw in found {
        let Some(symbol) = ids.symbol(raw.unit, raw.owner) else { continue };
        let mut stores: Vec<StoreId> = raw.stores.iter().filter_map(|it| store_ids[*it]).collect();
        stores.sort_unstable();
        stores.dedup();
        if stores.len() > 1 {
            joins.push(Join { symbol, stores, evidence: ids.evidence(raw.unit, raw.line) });
        }
    }
    joins.sort();
    joins.dedup();
    joins
}

/// Calls of functions. Who runs a closure that was handed down does not call the function around it, unless that is a
/// module, whose code has no other name.
fn call_edges(ids: &Ids<'_, '_>, found: &[RawCall]) -> Vec<CallEdge> {
    let mut calls = Vec::with_capacity(found.len());
    let kind = |it: Def| ids.program.kind(it);
    let is_call = |it: &&RawCall| {
        it.given.is_none_or(|it| kind(it) != DefinitionKind::Closure) || kind(it.to) == DefinitionKind::Module
    };
    for raw in found.iter().filter(is_call) {
        if let (Some(from), Some(to)) = (ids.symbol_of_def(raw.from), ids.symbol_of_def(raw.to)) {
            calls.push(CallEdge { from, to, evidence: ids.evidence(raw.unit, raw.line), confidence: raw.confidence });
        }
    }
    calls.sort_by(|a: &CallEdge, b: &CallEdge| {
        (a.from, a.to, a.evidence, std::cmp::Reverse(a.confidence)).cmp(&(
            b.from,
            b.to,
            b.evidence,
            std::cmp::Reverse(b.confidence),
        ))
    });
    calls.dedup_by(|next, kept| next.from == kept.from && next.to == kept.to && next.evidence == kept.evidence);
    calls
}

fn import_edges(ids: &Ids<'_, '_>, found: &[RawImport]) -> Vec<ImportEdge> {
    let mut imports = Vec::with_capacity(found.len());
    let module = |it: Mod| ids.module_of[it.0 as usize];
    for raw in found {
        let Some(from) = module(raw.from) else { continue };
        let to = raw.to.and_then(module);
        imports.push(ImportEdge { from, to, target: raw.target.clone(), evidence: ids.evidence(raw.unit, raw.line) });
    }
    imports.sort();
    imports.dedup();
    imports
}

fn reference_edges(ids: &Ids<'_, '_>, found: &[RawReference]) -> Vec<ReferenceEdge> {
    let mut references = Vec::with_capacity(found.len());
    for raw in found {
        if let (Some(from), Some(to)) = (ids.symbol_of_def(raw.from), ids.symbol_of_def(raw.to))
            && from != to
        {
            references.push(ReferenceEdge { from, to, kind: raw.kind, evidence: ids.evidence(raw.unit, raw.line) });
        }
    }
    references.sort();
    references.dedup();
    references
}

fn add_endpoints(ids: &Ids<'_, '_>, draft: &Draft, graph: &mut SystemGraph) {
    for raw in &draft.endpoints.endpoints {
        let Some(handler) = ids.symbol_of_def(raw.handler) else { continue };
        graph.endpoints.push(Endpoint {
            method: raw.method.clone(),
            path: raw.path.clone(),
            handler,
            registers: raw.registers,
            framework: raw.framework.clone(),
            evidence: ids.evidence(raw.unit, raw.line),
        });
    }
    graph
        .endpoints
        .sort_by(|a, b| (&a.path, &a.method, a.handler, a.evidence).cmp(&(&b.path, &b.method, b.handler, b.evidence)));
    graph.endpoints.dedup_by(|next, first| {
        let is_same = (&next.path, &next.method, next.handler) == (&first.path, &first.method, first.handler);
        first.registers &= next.registers || !is_same;
        is_same
    });
    for raw in &draft.endpoints.messages {
        let Some(symbol) = ids.symbol(raw.unit, raw.owner) else { continue };
        graph.messages.push(Message {
            symbol,
            topic: raw.topic.clone(),
            direction: raw.direction,
            broker: raw.broker.clone(),
            evidence: ids.evidence(raw.unit, raw.line),
        });
    }
    graph.messages.sort();
    graph.messages.dedup();
    for raw in &draft.endpoints.remotes {
        let Some(symbol) = ids.symbol(raw.unit, raw.owner) else { continue };
        graph.remote_calls.push(RemoteCall {
            symbol,
            address: raw.address.clone(),
            kind: raw.kind.clone(),
            evidence: ids.evidence(raw.unit, raw.line),
        });
    }
    graph.remote_calls.sort();
    graph.remote_calls.dedup();
}

fn add_transactions(ids: &Ids<'_, '_>, draft: &Draft, graph: &mut SystemGraph) {
    let mut after_commit: FxHashMap<FileId, Vec<&RangeInclusive<u32>>> = FxHashMap::default();
    for (unit, lines) in &draft.after_commit {
        after_commit.entry(ids.file_of_unit[*unit as usize]).or_default().push(lines);
    }
    let counts = |confidence: Confidence, at: Evidence| {
        let is_after = after_commit.get(&at.file).is_some_and(|it| it.iter().any(|lines| lines.contains(&at.line)));
        confidence > Confidence::Guess && !is_after
    };
    let mut accesses_of: FxHashMap<SymbolId, Vec<u32>> = FxHashMap::default();
    for (index, access) in graph.accesses.iter().enumerate().filter(|it| counts(it.1.confidence, it.1.evidence)) {
        accesses_of.entry(access.symbol).or_default().push(index as u32);
    }
    let mut calls_of: FxHashMap<SymbolId, Vec<&CallEdge>> = FxHashMap::default();
    for call in graph.calls.iter().filter(|it| counts(it.confidence, it.evidence)) {
        calls_of.entry(call.from).or_default().push(call);
    }
    let mut transactions = Vec::new();
    let (handed_down, given) = handed_down(ids, draft);
    for raw in draft.transactions.iter().chain(&handed_down) {
        let Some(symbol) = ids.symbol(raw.unit, raw.owner) else { continue };
        let file = ids.file_of_unit[raw.unit as usize];
        let inside = |evidence: Evidence| {
            evidence.file == file && evidence.line >= raw.first_line && evidence.line <= raw.last_line
        };
        // Steps in the order they happen: own accesses and calls by line, a call's accesses in its place.
        let mut steps: Vec<(u32, u32)> = Vec::new();
        let mut seen: FxHashSet<SymbolId> = FxHashSet::default();
        seen.insert(symbol);
        for access in accesses_of.get(&symbol).into_iter().flatten() {
            let evidence = graph.accesses[*access as usize].evidence;
            if inside(evidence) {
                steps.push((evidence.line, *access));
            }
        }
        let mut called: Vec<(u32, SymbolId)> = Vec::new();
        for call in calls_of.get(&symbol).into_iter().flatten().filter(|it| inside(it.evidence)) {
            if !given.contains(&(call.to, call.evidence)) {
                called.push((call.evidence.line, call.to));
            }
        }
        for body in &raw.bodies {
            called.extend(ids.symbol_of_def(*body).map(|it| (raw.line, it)));
        }
        called.sort_unstable();
        for (line, to) in called {
            let mut todo = vec![(to, 0)];
            while let Some((reached, depth)) = todo.pop() {
                if !seen.insert(reached) {
                    continue;
                }
                steps.extend(accesses_of.get(&reached).into_iter().flatten().map(|it| (line, *it)));
                if depth < TRANSACTION_DEPTH {
                    todo.extend(calls_of.get(&reached).into_iter().flatten().map(|it| (it.to, depth + 1)));
                }
            }
        }
        steps.sort_by_key(|(line, access)| (*line, graph.accesses[*access as usize].evidence, *access));
        let mut reads = Vec::new();
        let mut writes = Vec::new();
        for (_, access) in &steps {
            let access = &graph.accesses[*access as usize];
            match access.operation.effect() {
                Effect::Read => reads.push(access.store),
                Effect::Write => writes.push(access.store),
            }
        }
        reads.sort_unstable();
        reads.dedup();
        writes.sort_unstable();
        writes.dedup();
        if reads.is_empty() && writes.is_empty() {
            continue;
        }
        transactions.push(Transaction {
            symbol,
            reads,
            writes,
            accesses: steps.into_iter().map(|(_, access)| access).collect(),
            evidence: ids.evidence(raw.unit, raw.line),
        });
    }
    transactions.sort();
    transactions.dedup_by(|a, b| a.symbol == b.symbol && a.evidence == b.evidence);
    graph.transactions = transactions;
}

/// A function that opens a transaction and runs in it what it was given: each function given is a transaction of its own, a
/// closure one of the function that gave it. With these, the calls in question.
fn handed_down(ids: &Ids<'_, '_>, draft: &Draft) -> (Vec<RawTransaction>, FxHashSet<(SymbolId, Evidence)>) {
    let program = ids.program;
    let mut opened: FxHashMap<Def, Vec<&RawTransaction>> = FxHashMap::default();
    for raw in &draft.transactions {
        opened.entry(program.def(raw.unit, ids.program.named_owner(raw.unit, raw.owner))).or_default().push(raw);
    }
    let mut found = Vec::new();
    let mut calls = FxHashSet::default();
    for call in &draft.calls {
        let inside = |it: &&RawTransaction| it.unit == call.unit && (it.first_line..=it.last_line).contains(&call.line);
        let Some(given) = call.given.filter(|_| opened.get(&call.from).into_iter().flatten().any(inside)) else {
            continue;
        };
        calls.extend(ids.symbol_of_def(call.to).map(|it| (it, ids.evidence(call.unit, call.line))));
        let (unit, owner) = program.local(given);
        let definition = program.definition(given);
        found.push(RawTransaction {
            unit,
            owner,
            line: definition.line,
            first_line: definition.line,
            last_line: definition.end_line,
            bodies: Vec::new(),
        });
    }
    (found, calls)
}

fn add_blind_spots(ids: &Ids<'_, '_>, draft: &Draft, project: &Project, graph: &mut SystemGraph) {
    let mut push = |raw: &RawSpot| {
        graph.blind_spots.push(BlindSpot {
            kind: raw.kind.to_owned(),
            symbol: ids.symbol(raw.unit, raw.owner),
            evidence: ids.evidence(raw.unit, raw.line),
            detail: raw.detail.clone(),
        });
    };
    draft.accesses.blind_spots.iter().for_each(&mut push);
    draft.endpoints.blind_spots.iter().for_each(&mut push);
    for (unit, file) in ids.program.units.iter().enumerate() {
        if file.source.role == Role::Vendored {
            continue;
        }
        for diagnostic in &file.facts.diagnostics {
            graph.blind_spots.push(BlindSpot {
                kind: diagnostic.code.clone(),
                symbol: None,
                evidence: ids.evidence(unit as u32, diagnostic.line),
                detail: diagnostic.message.clone(),
            });
        }
    }
    let read: FxHashSet<FileId> = ids.file_of_unit.iter().copied().collect();
    for (index, file) in project.files.iter().enumerate() {
        let id = FileId(index as u32);
        if !read.contains(&id) && file.role != Role::Vendored && !draft.left_out.contains(&index) {
            graph.blind_spots.push(BlindSpot {
                kind: "unread-file".to_owned(),
                symbol: None,
                evidence: Evidence { file: id, line: 1 },
                detail: "the file could not be read".to_owned(),
            });
        }
    }
    graph.blind_spots.sort();
    graph.blind_spots.dedup();
    let routes: BTreeSet<Evidence> = graph
        .endpoints
        .iter()
        .map(|it| it.evidence)
        .chain(graph.counted_blind_spots().filter(|it| it.kind == "dynamic-route").map(|it| it.evidence))
        .collect();
    graph.sites = draft.accesses.sites + routes.len() as u32;
}
