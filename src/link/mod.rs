//! All facts to one [`SystemGraph`]: names, imports, calls, types, stores, accesses, endpoints and messages resolved.
//!
//! Knows no syntax and no language: what a language does differently stands in its facts or in its pattern files.

mod accesses;
mod assemble;
mod calls;
mod endpoints;
mod eval;
mod infer;
pub mod migrations;
mod naming;
mod program;
pub mod schema;
mod stores;
mod stubs;
mod texts;
mod transactions;
mod value;

use rustc_hash::FxHashMap;

use crate::link::accesses::Accesses;
use crate::link::assemble::Draft;
use crate::link::infer::Inference;
use crate::link::program::Program;
use crate::link::stores::{Site, Stores};
use crate::model::diagnostic::Diagnostic;
use crate::model::fact::FileFacts;
use crate::model::graph::{StoreKind, SystemGraph};
use crate::model::rule::RuleSet;
use crate::model::source::{Project, Role};
use crate::model::sql::{Operation, ReadSql, SchemaChange};

/// Links the facts of all files. `facts` pairs positions in [`Project::files`] with what the file states.
pub fn link(
    project: &Project,
    facts: &[(usize, FileFacts)],
    rules: &RuleSet,
    sql: &dyn ReadSql,
) -> (SystemGraph, Vec<Diagnostic>) {
    let mut inference = Inference::new(Program::new(project, facts), rules);
    inference.run();
    let mut stores = Stores::default();
    apply_files(&inference, &mut stores);
    inference.declare_entities(&mut stores);
    let queries = query_names(&inference);
    let mut accesses = inference.find_accesses(&mut stores, sql, &queries);
    apply_code_changes(&mut accesses, &mut stores);
    let endpoints = inference.find_endpoints();
    let transactions = inference.find_transactions(&accesses.marks);
    let calls = inference.find_calls();
    let imports = inference.find_imports();
    let references = inference.find_references();
    let draft = Draft { accesses, endpoints, transactions, calls, imports, references, stores };
    assemble::assemble(project, &inference, draft)
}

/// Tables of `.sql` files in the order of their paths, and rows that migrations and seeds write.
fn apply_files(inference: &Inference<'_>, stores: &mut Stores) {
    for (unit, file) in inference.program.units.iter().enumerate() {
        if matches!(file.source.role, Role::Test | Role::Vendored) {
            continue;
        }
        for statement in &file.facts.sql {
            let site = (unit as u32, statement.line);
            for change in &statement.changes {
                apply_change(stores, change, site);
            }
            if statement.routine.is_empty() {
                for access in statement.accesses.iter().filter(|it| !it.partial) {
                    let writes_rows =
                        matches!(access.operation, Operation::Insert | Operation::Upsert | Operation::Update);
                    if writes_rows {
                        let store = stores.of_sql(&access.store);
                        stores.drafts[store].seeded_at.push(site);
                    }
                }
            }
        }
    }
}

fn apply_code_changes(accesses: &mut Accesses, stores: &mut Stores) {
    accesses.changes.sort_by_key(|it| it.site);
    for change in &accesses.changes {
        apply_change(stores, &change.change, change.site);
    }
}

fn apply_change(stores: &mut Stores, change: &SchemaChange, site: Site) {
    match change {
        SchemaChange::CreateTable { store, columns, foreign_keys, .. } => {
            let index = stores.of_sql(store);
            let draft = &mut stores.drafts[index];
            draft.used = true;
            draft.defined_at.push(site);
            if draft.columns.is_empty() {
                draft.columns.clone_from(columns);
                draft.foreign_keys = foreign_keys.iter().map(|it| (it.clone(), site)).collect();
            }
        }
        SchemaChange::CreateView { store, .. } => {
            let index = stores.of_sql(store);
            let draft = &mut stores.drafts[index];
            draft.used = true;
            draft.kind = Some(StoreKind::View);
            draft.defined_at.push(site);
        }
        _ => {}
    }
}

/// Queries by the names their files give them, and files by their paths: `(unit, statement)`.
fn query_names(inference: &Inference<'_>) -> FxHashMap<String, (u32, usize)> {
    let mut names = FxHashMap::default();
    for (unit, file) in inference.program.units.iter().enumerate() {
        if file.facts.sql.is_empty() {
            continue;
        }
        names.insert(file.source.path.clone(), (unit as u32, 0));
        for (index, statement) in file.facts.sql.iter().enumerate() {
            if !statement.name.is_empty() {
                names.entry(statement.name.to_string()).or_insert((unit as u32, index));
            }
        }
        // Relative to the file that names it: by every tail of the path.
        let mut tail = file.source.path.as_str();
        while let Some((_, rest)) = tail.split_once('/') {
            tail = rest;
            names.entry(tail.to_owned()).or_insert((unit as u32, 0));
        }
    }
    names
}
