//! All facts to one [`SystemGraph`]: names, imports, calls, types, stores, accesses, endpoints and messages resolved.
//!
//! Knows no syntax and no language: what a language does differently stands in its facts or in its pattern files.

mod access;
mod assemble;
mod calls;
mod entities;
mod heard;
mod hits;
mod names;
mod other_builds;
mod routes;
pub mod storage;
mod strings;
mod support;
mod unreached;
mod values;

use std::borrow::Borrow;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::link::access::accesses::Accesses;
use crate::link::assemble::Draft;
use crate::link::names::program::Program;
use crate::link::storage::migrations::MigrationKind;
use crate::link::storage::schema::Schema;
use crate::link::storage::stores::Stores;
use crate::link::values::infer::Inference;
use crate::model::diagnostic::Diagnostic;
use crate::model::fact::FileFacts;
use crate::model::graph::{StoreKind, SystemGraph};
use crate::model::rule::RuleSet;
use crate::model::source::{Project, Role};
use crate::model::sql::{Operation, ReadSql, StoreName};

/// Links the facts of all files. `facts` pairs positions in [`Project::files`] with what the file states, owned or shared.
pub fn link<F: Borrow<FileFacts>>(
    project: &Project,
    facts: &[(usize, F)],
    rules: &RuleSet,
    sql: &dyn ReadSql,
) -> (SystemGraph, Vec<Diagnostic>) {
    let unreached = unreached::unreached(project, facts);
    let apart = [unreached.of_tests.as_slice(), &other_builds::beside_a_library(project, facts)].concat();
    let judged = support::with_test_support(project, facts, &apart);
    let project = judged.as_ref().unwrap_or(project);
    let other_builds = other_builds::of_other_builds(project, facts);
    let left_out: FxHashSet<usize> = unreached.of_nothing.iter().chain(&other_builds).copied().collect();
    let is_held = |number: &usize| !left_out.contains(number);
    let facts: Vec<(usize, &FileFacts)> =
        facts.iter().filter(|it| is_held(&it.0)).map(|(number, facts)| (*number, facts.borrow())).collect();
    let (mut moved, given) = values::put_in::moved(&facts);
    values::runners::add_calls(project, &facts, &mut moved);
    let facts: Vec<(usize, &FileFacts)> =
        (facts.iter().enumerate()).map(|(at, (file, own))| (*file, moved.get(&at).unwrap_or(own))).collect();
    let mut inference = Inference::new(Program::new(project, &facts), rules);
    inference.put_in(&given);
    inference.run();
    let mut stores = Stores::default();
    let mut schema = Schema::default();
    apply_files(&inference, &mut schema, &mut stores);
    inference.declare_entities(&mut stores);
    let queries = query_names(&inference);
    let mut accesses = inference.find_accesses(&mut stores, sql, &queries);
    apply_code_changes(&mut accesses, schema, &mut stores);
    storage::foreign_keys::drop_mere_relations(&mut stores);
    forget_strangers(&inference, &mut accesses, &mut stores);
    let endpoints = inference.find_endpoints();
    let calls = inference.find_calls();
    let transactions = inference.find_transactions(&accesses.marks, &calls);
    let after_commit = inference.find_after_commit();
    inference.settle_writes(&calls, &mut accesses);
    inference.drop_asked_before(&calls, &mut accesses);
    inference.rows_read_anew(&calls, &mut stores, &mut accesses);
    let imports = inference.find_imports();
    let references = inference.find_references();
    let draft = Draft { accesses, endpoints, transactions, after_commit, calls, imports, references, stores, left_out };
    let (graph, mut diagnostics) = assemble::assemble(project, &inference, draft);
    diagnostics.extend(unreached::told(project, &unreached.of_nothing));
    diagnostics.extend(other_builds::told(project, &other_builds));
    (graph, diagnostics)
}

/// Tables of `.sql` files, migrations in their order, and rows that migrations and seeds write.
fn apply_files(inference: &Inference<'_>, schema: &mut Schema, stores: &mut Stores) {
    let mut unit_of: FxHashMap<&str, u32> = FxHashMap::default();
    let mut paths: Vec<String> = Vec::new();
    for (unit, file) in inference.program.units.iter().enumerate() {
        if !file.facts.sql.is_empty() && !matches!(file.source.role, Role::Test | Role::Vendored) {
            unit_of.insert(&file.source.path, unit as u32);
            paths.push(file.source.path.clone());
        }
    }
    for migration in storage::migrations::migration_order(&paths) {
        let Some(unit) = unit_of.get(migration.path.as_str()).copied() else { continue };
        schema.begin_file(migration.kind == MigrationKind::Snapshot);
        for statement in &inference.program.unit(unit).facts.sql {
            let site = (unit, statement.line);
            for change in &statement.changes {
                schema.apply(change, site);
            }
            if statement.routine.is_empty() && statement.name.is_empty() {
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
    schema.clone().finish().iter().for_each(|it| stores.add_table(it));
}

/// DDL that code runs comes after what the files define.
fn apply_code_changes(accesses: &mut Accesses, mut schema: Schema, stores: &mut Stores) {
    if accesses.changes.is_empty() {
        return;
    }
    accesses.changes.sort_by_key(|it| it.site);
    schema.begin_file(false);
    for change in &accesses.changes {
        schema.apply(&change.change, change.site);
    }
    schema.finish().iter().for_each(|it| stores.add_table(it));
}

/// Drops what is no store of today's program: entities that only migrations have and nobody makes or touches, stores that only tests make or
/// touch, and what a database system keeps about itself.
fn forget_strangers(inference: &Inference<'_>, accesses: &mut Accesses, stores: &mut Stores) {
    let role = |unit: u32| inference.program.unit(unit).source.role;
    let is_test = |unit: u32, owner| inference.program.is_test(inference.program.def(unit, owner));
    let in_use: FxHashSet<usize> = (accesses.accesses.iter())
        .filter(|it| matches!(role(it.unit), Role::Production | Role::Generated) && !is_test(it.unit, it.owner))
        .map(|it| it.store)
        .collect();
    let mut made = vec![0_i32; stores.drafts.len()];
    for access in &accesses.accesses {
        let rule = &inference.rules.rules[access.rule as usize];
        let function = &inference.program.unit(access.unit).facts.definition(access.owner).name;
        let counts = |setting: &str| rule.settings.get(setting).is_some_and(|it| it == function.as_str());
        made[access.store] += i32::from(counts("schema.creates")) - i32::from(counts("schema.drops"));
    }
    let mut gone = vec![false; stores.drafts.len()];
    let keys = stores.drafts.iter().flat_map(|it| &it.foreign_keys);
    let pointed_to: FxHashSet<String> = keys.map(|(key, _)| key.store.name.to_lowercase().into()).collect();
    for (index, draft) in stores.drafts.iter_mut().enumerate() {
        let entities: FxHashSet<u32> = draft.entities.iter().map(|it| inference.program.local(*it).0).collect();
        let defined = || draft.defined_at.iter().map(|it| it.0);
        let past = !entities.is_empty()
            && entities.iter().all(|it| role(*it) == Role::Migration)
            && defined().all(|it| entities.contains(&it));
        // Nothing but tests makes it, or nothing at all does: migrations mention what they dropped, and sequences.
        let of_tests = made[index] <= 0 && defined().chain(entities.iter().copied()).all(|it| role(it) == Role::Test);
        let bare = draft.name.rsplit('.').next().unwrap_or_default().into();
        let name = StoreName { schema: draft.schema.as_deref().map(Into::into), name: bare };
        let catalog =
            draft.kind == Some(StoreKind::Table) && draft.defined_at.is_empty() && storage::catalogs::is_catalog(&name);
        // A type in the shape of a row that nothing stores or makes a table for is an answer or a request.
        let shape = !entities.is_empty()
            && draft.entities.iter().all(|it| stores.shaped_types.contains(it))
            && defined().all(|it| entities.contains(&it))
            && !pointed_to.contains(&draft.name.to_lowercase());
        gone[index] = catalog || (past || of_tests || shape) && !in_use.contains(&index);
        draft.used &= !gone[index];
    }
    accesses.accesses.retain(|it| !gone[it.store]);
    for join in &mut accesses.joins {
        join.stores.retain(|it| !gone[*it]);
    }
    accesses.joins.retain(|it| it.stores.len() > 1);
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
