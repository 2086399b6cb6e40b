//! DDL of the tables a service owns, as far as the schema is known.

use crate::model::graph::{Store, StoreKind, SystemGraph};
use crate::model::partition::{Partition, Place, ServiceId};

/// `CREATE TABLE` statements in an order that satisfies the foreign keys kept; keys that leave the service are comments.
pub(crate) fn ddl(graph: &SystemGraph, partition: &Partition, service: ServiceId) -> String {
    let owned: Vec<usize> = (0..graph.stores.len())
        .filter(|it| graph.stores[*it].kind == StoreKind::Table)
        .filter(|it| partition.stores.get(*it).is_some_and(|placement| placement.place == Place::Service(service)))
        .collect();
    let mut written: Vec<usize> = Vec::new();
    let mut text = String::from("-- Tables this service owns, as the monolith's schema has them.\n");
    while written.len() < owned.len() {
        let ready = owned.iter().copied().find(|it| {
            !written.contains(it)
                && graph.stores[*it].foreign_keys.iter().all(|key| {
                    let to = key.store.index();
                    to == *it || !owned.contains(&to) || written.contains(&to)
                })
        });
        // A cycle of keys: take the next one, its keys to tables below become comments.
        let next = ready.or_else(|| owned.iter().copied().find(|it| !written.contains(it)));
        let Some(next) = next else { break };
        table(&mut text, graph, next, &|to| to == next || written.contains(&to));
        written.push(next);
    }
    text
}

fn table(text: &mut String, graph: &SystemGraph, index: usize, present: &dyn Fn(usize) -> bool) {
    let store: &Store = &graph.stores[index];
    text.push('\n');
    for site in store.defined_at.iter().take(3) {
        text.push_str(&format!("-- defined at {}\n", graph.place(*site)));
    }
    if store.columns.is_empty() {
        text.push_str(&format!("-- {}: no definition was found, so its columns are not known\n", store.name));
        return;
    }
    let mut lines: Vec<String> = Vec::new();
    for column in &store.columns {
        let unknown = column.type_name.is_empty();
        let type_name = if unknown { "TEXT" } else { column.type_name.as_str() };
        let nullable = if column.nullable || column.primary_key { "" } else { " NOT NULL" };
        lines.push(format!("    {} {type_name}{nullable}", quoted(&column.name)));
    }
    let key: Vec<String> = store.columns.iter().filter(|it| it.primary_key).map(|it| quoted(&it.name)).collect();
    if !key.is_empty() {
        lines.push(format!("    PRIMARY KEY ({})", key.join(", ")));
    }
    let mut comments = Vec::new();
    for key in &store.foreign_keys {
        let target = &graph.stores[key.store.index()];
        let columns: Vec<String> = key.columns.iter().map(|it| quoted(it)).collect();
        if present(key.store.index()) && !key.referenced_columns.is_empty() {
            let referenced: Vec<String> = key.referenced_columns.iter().map(|it| quoted(it)).collect();
            let cascade = if key.on_delete_cascade { " ON DELETE CASCADE" } else { "" };
            lines.push(format!(
                "    FOREIGN KEY ({}) REFERENCES {} ({}){cascade}",
                columns.join(", "),
                quoted_path(&target.name),
                referenced.join(", ")
            ));
        } else {
            comments.push(format!(
                "-- {} referenced {} ({}): now a plain value, checked by the services\n",
                columns.join(", "),
                target.name,
                graph.place(key.evidence)
            ));
        }
    }
    if store.columns.iter().any(|it| it.type_name.is_empty()) {
        comments.push("-- columns whose type is not known stand as TEXT\n".to_owned());
    }
    comments.iter().for_each(|it| text.push_str(it));
    text.push_str(&format!("CREATE TABLE {} (\n{}\n);\n", quoted_path(&store.name), lines.join(",\n")));
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn quoted_path(name: &str) -> String {
    name.split('.').map(quoted).collect::<Vec<_>>().join(".")
}
