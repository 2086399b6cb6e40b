//! Boundaries as `seamline.toml`: the whole proposal for `init`, a change in place for `what-if --write`.

use std::collections::BTreeSet;
use std::path::Path;

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, TableLike, Value, value};

use crate::cli::Failure;
use crate::cli::common::Input;
use crate::cli::placed::{Lists, Placed};
use crate::config::{self, Settings};
use crate::model::diagnostic::Diagnostic;
use crate::model::graph::{SymbolKind, SystemGraph};
use crate::model::partition::{Partition, Place};
use crate::model::report::Report;
use crate::partition::revise::Change;
use crate::partition::signals::is_placed;
use crate::partition::{foreign, partition};

/// The whole proposal.
pub(super) fn configuration(graph: &SystemGraph, partition: &Partition) -> String {
    let mut document = DocumentMut::new();
    declare(&mut document, graph, partition, &Placed::in_few_lines(graph, partition));
    format!("# Boundaries accepted from `seamline init`. Change them here; the next run obeys.\n{document}")
}

/// What belongs to each service, the shared kernel and the edge layer, as a baseline keeps it: service, kind and name.
pub(super) fn boundaries(graph: &SystemGraph, partition: &Partition) -> BTreeSet<(String, String, String)> {
    let all = Placed::by_name(graph, partition);
    let services = partition.service_ids().map(|it| (partition.services[it.index()].name.as_str(), Place::Service(it)));
    let places = services.chain([("shared_kernel", Place::SharedKernel), ("edge", Place::EdgeLayer)]);
    let mut found = BTreeSet::new();
    for (service, place) in places {
        for (key, names) in all.lists(graph, partition, place) {
            let kind = key.trim_end_matches('s');
            found.extend(names.into_iter().map(|it| (service.to_owned(), kind.to_owned(), it)));
        }
    }
    found
}

/// Writes the changes to the configuration file, and checks that the next run obeys.
pub(super) fn write(input: &Input, settings: &Settings, after: &Report, changes: &[Change]) -> Result<(), Failure> {
    let path = input.config.clone().unwrap_or_else(|| input.path.join("seamline.toml"));
    let shown = path.display();
    let text = if path.is_file() {
        let text = std::fs::read_to_string(&path)
            .map_err(|error| Failure::Message(format!("cannot read the configuration {shown}: {error}")))?;
        amended(&text, &after.graph, &after.partition, settings, changes)
            .map_err(|error| Failure::Message(format!("{shown}: {error}")))?
    } else {
        configuration(&after.graph, &after.partition)
    };
    let next = config::parse(&text, &shown.to_string())?;
    std::fs::write(&path, &text).map_err(|error| Failure::Message(format!("cannot write {shown}: {error}")))?;
    let (found, mut diagnostics) = input.pooled(|| partition(&after.graph, &next))?;
    let others = differing(&after.graph, &after.partition, &found);
    if !others.is_empty() {
        let message = format!(
            "the next run places {} things otherwise, among them {}: name them in {shown}",
            others.len(),
            others.iter().take(3).cloned().collect::<Vec<_>>().join(", ")
        );
        diagnostics.push(Diagnostic::warning("not-obeyed", "", 0, message));
    }
    input.report(&diagnostics);
    Ok(())
}

/// Reads a project and divides it under the boundaries of another tool's file. The second part holds the services it
/// declares.
pub(super) fn declared(input: &Input, file: &Path) -> Result<(Report, foreign::Resolved), Failure> {
    let shown = file.display();
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::Message(format!("cannot read the boundaries {shown}: {error}")))?;
    let rules = foreign::read(&shown.to_string().replace('\\', "/"), &text)
        .map_err(|error| Failure::Message(format!("{shown}: {error}")))?;
    let (request, system) = input.read()?;
    let resolved = foreign::resolve(&system.graph, &rules);
    if resolved.services.is_empty() {
        let example = resolved.unmatched.first().map_or("", String::as_str);
        let message = format!("{shown}: nothing of it is in this project, for example `{example}`");
        return Err(Failure::Message(message));
    }
    let notes: Vec<Diagnostic> = resolved
        .unmatched
        .iter()
        .map(|it| {
            let message = format!("`{it}` matches nothing, or several things, in this project");
            Diagnostic::warning("unmatched-boundary", &shown.to_string(), 0, message)
        })
        .collect();
    input.report(&notes);
    let settings = foreign::declare(&request.settings, &resolved);
    let report = input.pooled(|| crate::advise(system, &settings))?;
    Ok((report, resolved))
}

/// Names of what two partitions of a graph put into services of different names.
fn differing(graph: &SystemGraph, wanted: &Partition, found: &Partition) -> Vec<String> {
    let name = |it: &Partition, place: Place| place.service().map(|id| it.services[id.index()].name.clone());
    let symbols = graph
        .symbol_ids()
        .filter(|it| graph.symbol(*it).kind != SymbolKind::Module && is_placed(graph.symbol(*it).role))
        .filter(|it| name(wanted, wanted.symbol(*it)) != name(found, found.symbol(*it)))
        .map(|it| graph.symbol(it).name.clone());
    let stores = graph
        .store_ids()
        .filter(|it| name(wanted, wanted.store(*it)) != name(found, found.store(*it)))
        .map(|it| graph.store(it).name.clone());
    symbols.chain(stores).collect()
}

/// The text with the changes: comments and everything else stay. Services that were not declared yet become so, since
/// the change rests on them.
fn amended(
    text: &str,
    graph: &SystemGraph,
    partition: &Partition,
    settings: &Settings,
    changes: &[Change],
) -> Result<String, String> {
    let mut document: DocumentMut = text.parse().map_err(|error| format!("{error}"))?;
    let declared: BTreeSet<&str> = settings.declared.iter().map(|it| it.name.as_str()).collect();
    for change in changes {
        match change {
            // The parts are declared below; comments of the whole go with it.
            Change::Split(name) => remove(&mut document, name),
            Change::Merge(names) => {
                let Some((first, rest)) = names.split_first() else { continue };
                for name in rest {
                    if let Some(lists) = lists_of(&document, name)
                        && declared.contains(first.as_str())
                    {
                        add(&mut document, first, &lists);
                    }
                    remove(&mut document, name);
                    redirect(&mut document, name, first);
                }
                // What the merged services hold without being declared has to be named as well.
                if declared.contains(first.as_str())
                    && rest.iter().any(|it| !declared.contains(it.as_str()))
                    && let Some(id) = partition.service_ids().find(|it| partition.services[it.index()].name == *first)
                {
                    add(&mut document, first, &lists(graph, partition, Place::Service(id)));
                }
            }
            Change::Move(selector, target) => {
                let pins = document.entry("pins").or_insert(Item::Table(Table::new()));
                let pins = pins.as_table_like_mut().ok_or("`pins` is no table")?;
                let old: Vec<String> =
                    pins.iter().map(|it| it.0.to_owned()).filter(|it| it == selector.as_str()).collect();
                old.iter().for_each(|it| drop(pins.remove(it)));
                pins.insert(selector.as_str(), value(target.as_str()));
            }
        }
    }
    // Folders might contradict those that the file names already.
    declare(&mut document, graph, partition, &Placed::by_name(graph, partition));
    Ok(document.to_string())
}

/// Declares every service, the shared kernel and the edge layer that the document does not have.
fn declare(document: &mut DocumentMut, graph: &SystemGraph, partition: &Partition, all: &Placed) {
    for id in partition.service_ids() {
        let name = &partition.services[id.index()].name;
        if find(document, name).is_none() {
            let mut table = Table::new();
            table.insert("name", value(name.as_str()));
            fill(&mut table, &all.lists(graph, partition, Place::Service(id)));
            let services = document.entry("service").or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
            if let Some(services) = services.as_array_of_tables_mut() {
                services.push(table);
            }
        }
    }
    for (name, place) in [("shared_kernel", Place::SharedKernel), ("edge", Place::EdgeLayer)] {
        let lists = all.lists(graph, partition, place);
        if document.get(name).is_none() && !lists.is_empty() {
            let mut table = Table::new();
            fill(&mut table, &lists);
            document.insert(name, Item::Table(table));
        }
    }
}

fn find(document: &DocumentMut, name: &str) -> Option<usize> {
    let services = document.get("service")?.as_array_of_tables()?;
    services.iter().position(|it| it.get("name").and_then(Item::as_str) == Some(name))
}

fn remove(document: &mut DocumentMut, name: &str) {
    if let Some(at) = find(document, name)
        && let Some(services) = document.get_mut("service").and_then(Item::as_array_of_tables_mut)
    {
        services.remove(at);
        if services.is_empty() {
            document.remove("service");
        }
    }
}

/// Pins to one service become pins to another.
fn redirect(document: &mut DocumentMut, from: &str, to: &str) {
    let Some(pins) = document.get_mut("pins").and_then(Item::as_table_like_mut) else { return };
    for (_, target) in pins.iter_mut() {
        if target.as_str() == Some(from) {
            *target = value(to);
        }
    }
}

fn lists_of(document: &DocumentMut, name: &str) -> Option<Lists> {
    let table = document.get("service")?.as_array_of_tables()?.get(find(document, name)?)?;
    let strings = |key: &str| -> Vec<String> {
        let items = table.get(key).and_then(Item::as_array);
        items.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    Some(["files", "modules", "symbols", "stores"].into_iter().map(|key| (key, strings(key))).collect())
}

fn add(document: &mut DocumentMut, name: &str, lists: &Lists) {
    let Some(at) = find(document, name) else { return };
    let services = document.get_mut("service").and_then(Item::as_array_of_tables_mut);
    if let Some(table) = services.and_then(|it| it.get_mut(at)) {
        fill(table, lists);
    }
}

/// Adds the names that a table's lists do not have, one to a line.
fn fill(table: &mut dyn TableLike, lists: &Lists) {
    for (key, names) in lists {
        if names.is_empty() {
            continue;
        }
        let list = table.entry(key).or_insert(value(Array::new()));
        let Some(array) = list.as_array_mut() else { continue };
        // What stands after the last comma, a comment perhaps, stays before what is added.
        let mut before = array.trailing().as_str().unwrap_or_default().trim_end().to_owned();
        for name in names {
            if !array.iter().any(|it| it.as_str() == Some(name)) {
                array.push(name.as_str());
                if let Some(last) = array.len().checked_sub(1).and_then(|it| array.get_mut(it)) {
                    last.decor_mut().set_prefix(format!("{}\n    ", std::mem::take(&mut before)));
                }
            }
        }
        if !before.is_empty() {
            continue;
        }
        array.set_trailing("\n");
        array.set_trailing_comma(true);
    }
}

fn lists(graph: &SystemGraph, partition: &Partition, place: Place) -> Lists {
    Placed::by_name(graph, partition).lists(graph, partition, place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_grow_and_comments_stay() -> Result<(), toml_edit::TomlError> {
        let text = "# why\n[[service]] # ours\nname = \"a\"\nstores = [\n  \"x\", # first\n]\n\n[[service]]\nname = \"b\"\nstores = [\"y\"]\n\n[pins]\n\"store:z\" = \"b\" # later\n";
        let mut document: DocumentMut = text.parse()?;
        let lists = lists_of(&document, "b").unwrap_or_default();
        add(&mut document, "a", &lists);
        remove(&mut document, "b");
        redirect(&mut document, "b", "a");
        let text = document.to_string();
        assert!(text.contains("# why\n[[service]] # ours") && text.contains("\"x\", # first"), "{text}");
        assert!(text.contains("\"y\",") && !text.contains("\"b\"") && text.contains("\"store:z\" = \"a\""), "{text}");
        Ok(())
    }
}
