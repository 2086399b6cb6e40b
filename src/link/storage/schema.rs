//! Changes of a schema, applied in order, to the tables that stand at the end.
//!
//! Names match whatever their case, as no two dialects fold alike; the first spelling is kept. A second definition of
//! a table that still stands never wins, but what differs is recorded.

use std::collections::BTreeMap;

use crate::model::fact::Text;
use crate::model::sql::{Column, ForeignKey, SchemaChange, StoreName};

/// Schemas whose name is not written.
const DEFAULT_SCHEMAS: &[&str] = &["public", "main", "dbo"];

/// Where a change stands: file and line, as the caller counts them.
pub type Place = (u32, u32);

/// A table or view at the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Without schema where that is the default one.
    pub name: StoreName,
    pub is_view: bool,
    pub columns: Vec<Column>,
    /// In order of definition; referenced columns are filled in from the primary key where they were left out.
    pub foreign_keys: Vec<(ForeignKey, Place)>,
    /// Tables that a view reads.
    pub reads: Vec<StoreName>,
    /// Definitions that made it, first the one that won; alterations are not listed.
    pub defined_at: Vec<Place>,
    pub altered_at: Vec<Place>,
    /// Definitions that contradict the first one, with what differs.
    pub conflicts: Vec<(Place, String)>,
    /// Names of the tables that are parts of this one.
    pub partitions: Vec<StoreName>,
    /// Its name with the database before it, which a file only said it was in.
    pub qualified: Vec<StoreName>,
    /// False when only alterations of it were seen.
    pub is_defined: bool,
}

/// A foreign key with the name the database gives it when nobody does.
#[derive(Clone, Debug)]
struct Key {
    key: ForeignKey,
    default_name: String,
    place: Place,
}

#[derive(Clone, Debug, Default)]
struct Draft {
    table: Table,
    keys: Vec<Key>,
    /// Columns of its indexes, by lower-case name.
    indexes: BTreeMap<Text, Vec<Text>>,
    /// Came from a snapshot of the whole schema, which may describe what steps built already.
    snapshot: bool,
    /// The schema is only the database in use, not a written prefix.
    in_database: bool,
}

/// Tables while changes are applied.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    drafts: Vec<Draft>,
    /// Tables that stand, by lower-case `schema.name` or `name`; parts lead to their whole.
    standing: BTreeMap<String, usize>,
    /// Names without schema of tables that stand in some schema.
    bare: BTreeMap<Text, Vec<usize>>,
    search: Option<Text>,
    database: Option<Text>,
    snapshot: bool,
}

impl Schema {
    /// Starts another file: `search_path` and `USE` end with the file they stand in. A `snapshot` describes the whole
    /// schema once more (a dump, or the same steps for another database): what stands already is left as it is.
    pub fn begin_file(&mut self, snapshot: bool) {
        self.search = None;
        self.database = None;
        self.snapshot = snapshot;
    }

    /// Applies one change.
    pub fn apply(&mut self, change: &SchemaChange, place: Place) {
        match change {
            SchemaChange::CreateTable { store, columns, foreign_keys, partition_of, like, .. } => {
                self.create_table(store, columns, foreign_keys, partition_of.as_ref(), like.as_ref(), place);
            }
            SchemaChange::CreateView { store, reads, columns } => self.create_view(store, reads, columns, place),
            SchemaChange::Drop { store, cascade } => self.drop_table(store, *cascade),
            SchemaChange::RenameTable { from, to } => {
                if let Some(at) = self.writable(from) {
                    let to = self.placed(to);
                    self.drafts[at].table.altered_at.push(place);
                    self.rename(at, to);
                }
            }
            SchemaChange::SetSchema { store, schema } => {
                if let Some(at) = self.writable(store) {
                    let to = normal(Some(schema), &self.drafts[at].table.name.name);
                    self.drafts[at].table.altered_at.push(place);
                    self.rename(at, to);
                }
            }
            SchemaChange::CreateIndex { store, name, columns } => {
                if let Some(at) = self.writable(store) {
                    self.drafts[at].indexes.insert(name.to_lowercase(), columns.clone());
                }
            }
            SchemaChange::AttachPartition { store, partition } => self.attach(store, partition),
            SchemaChange::DropSchema { schema } => {
                for at in self.in_schema(schema) {
                    let name = self.drafts[at].table.name.clone();
                    self.drop_table(&name, true);
                }
            }
            SchemaChange::RenameSchema { from, to } => {
                for at in self.in_schema(from) {
                    let name = normal(Some(to), &self.drafts[at].table.name.name);
                    self.rename(at, name);
                }
            }
            SchemaChange::UseSchema { schema } => self.search = Some(schema.clone()).filter(|it| !is_default(it)),
            SchemaChange::UseDatabase { database } => self.database = Some(database.clone()),
            SchemaChange::AddColumn { store, if_exists: true, .. } if self.resolve(store).is_none() => {}
            SchemaChange::AddColumn { store, column, foreign_key, if_not_exists, .. } => {
                self.add_column(store, column, foreign_key.as_ref(), *if_not_exists, place);
            }
            SchemaChange::DropColumn { store, .. }
            | SchemaChange::RenameColumn { store, .. }
            | SchemaChange::AlterColumn { store, .. }
            | SchemaChange::AddForeignKey { store, .. }
            | SchemaChange::AddPrimaryKey { store, .. }
            | SchemaChange::DropConstraint { store, .. }
            | SchemaChange::RenameConstraint { store, .. } => {
                if let Some(at) = self.writable(store) {
                    self.alter(at, change, place);
                }
            }
        }
    }

    /// The table a name stands for now: parts lead to their whole.
    pub fn find(&self, name: &StoreName) -> Option<&Table> {
        self.resolve(name).map(|at| &self.drafts[at].table)
    }

    /// All tables that stand, sorted by name.
    pub fn finish(mut self) -> Vec<Table> {
        self.forget_databases();
        let primary: BTreeMap<String, Vec<Text>> = self
            .drafts
            .iter()
            .map(|draft| {
                let columns = draft.table.columns.iter().filter(|column| column.primary_key);
                (key(&draft.table.name), columns.map(|column| column.name.clone()).collect())
            })
            .collect();
        let mut live: Vec<usize> = self.standing.values().copied().collect();
        live.sort_unstable();
        live.dedup();
        let mut tables: Vec<Table> = Vec::with_capacity(live.len());
        for at in live {
            let draft = &self.drafts[at];
            let mut table = draft.table.clone();
            for known in &draft.keys {
                let mut foreign_key = known.key.clone();
                if let Some(target) = self.resolve(&foreign_key.store) {
                    foreign_key.store = self.drafts[target].table.name.clone();
                }
                if foreign_key.referenced_columns.is_empty()
                    && let Some(columns) = primary.get(&key(&foreign_key.store))
                    && columns.len() == foreign_key.columns.len()
                {
                    foreign_key.referenced_columns.clone_from(columns);
                }
                table.foreign_keys.push((foreign_key, known.place));
            }
            tables.push(table);
        }
        tables.sort_by(|a, b| a.name.cmp(&b.name));
        tables
    }

    /// `USE shop` says where a file's tables go and is no part of their names, which code writes without it. Tables of one
    /// name in several databases are one: code does not say which. Where a name has the database before it, it stays.
    fn forget_databases(&mut self) {
        let schema = |it: &Draft| it.table.name.schema.as_deref().map(str::to_lowercase);
        let written: Vec<String> = self.drafts.iter().filter(|it| !it.in_database).filter_map(schema).collect();
        for at in 0..self.drafts.len() {
            let draft = &self.drafts[at];
            let is_part = self.standing.get(&key(&draft.table.name)) != Some(&at);
            if !draft.in_database || is_part || schema(draft).is_none_or(|it| written.contains(&it)) {
                continue;
            }
            let (from, to) = (draft.table.name.clone(), normal(None, &draft.table.name.name));
            let known = self.standing.get(&key(&to)).copied();
            self.rename(at, to.clone());
            let Some(known) = known else {
                self.drafts[at].table.qualified.push(from);
                continue;
            };
            self.remove_name(at);
            self.standing.insert(key(&to), known);
            let other = std::mem::take(&mut self.drafts[at].table);
            let table = &mut self.drafts[known].table;
            if let (Some(difference), Some(place)) =
                (difference(&table.columns, &other.columns), other.defined_at.first())
            {
                table.conflicts.push((*place, difference));
            }
            table.qualified.push(from);
            table.is_defined |= other.is_defined;
            table.defined_at.extend(other.defined_at);
            table.altered_at.extend(other.altered_at);
            if table.columns.is_empty() {
                table.columns = other.columns;
            }
        }
    }

    /// The name with the schema that is in force.
    fn placed(&self, name: &StoreName) -> StoreName {
        let schema = name.schema.as_ref().or(self.search.as_ref()).or(self.database.as_ref());
        normal(schema, &name.name)
    }

    fn resolve(&self, name: &StoreName) -> Option<usize> {
        if let Some(&at) = self.standing.get(&key(&self.placed(name))) {
            return Some(at);
        }
        let plain = normal(name.schema.as_ref(), &name.name);
        if let Some(&at) = self.standing.get(&key(&plain)) {
            return Some(at);
        }
        // Without schema: the only table of that name, wherever it is.
        match self.bare.get(&plain.name.to_lowercase()).map(Vec::as_slice) {
            Some([only]) if plain.schema.is_none() => Some(*only),
            _ => None,
        }
    }

    /// A table that this file may change.
    fn writable(&self, name: &StoreName) -> Option<usize> {
        self.resolve(name).filter(|&at| !self.snapshot || self.drafts[at].snapshot)
    }

    fn insert(&mut self, draft: Draft) -> usize {
        let at = self.drafts.len();
        self.standing.insert(key(&draft.table.name), at);
        self.bare.entry(draft.table.name.name.to_lowercase()).or_default().push(at);
        self.drafts.push(draft);
        at
    }

    fn remove_name(&mut self, at: usize) {
        self.standing.retain(|_, standing| *standing != at);
        for places in self.bare.values_mut() {
            places.retain(|place| *place != at);
        }
    }

    fn draft(&self, name: StoreName, written: &StoreName) -> Draft {
        Draft {
            indexes: BTreeMap::new(),
            in_database: written.schema.is_none() && self.search.is_none() && self.database.is_some(),
            snapshot: self.snapshot,
            table: Table { name, is_defined: true, ..Table::default() },
            keys: Vec::new(),
        }
    }

    fn create_table(
        &mut self,
        store: &StoreName,
        columns: &[Column],
        foreign_keys: &[ForeignKey],
        partition_of: Option<&StoreName>,
        like: Option<&StoreName>,
        place: Place,
    ) {
        let name = self.placed(store);
        if let Some(whole) = partition_of.and_then(|whole| self.resolve(whole)) {
            self.standing.insert(key(&name), whole);
            self.bare.entry(name.name.to_lowercase()).or_default().push(whole);
            let table = &mut self.drafts[whole].table;
            if !table.partitions.contains(&name) {
                table.partitions.push(name);
            }
            return;
        }
        let mut all: Vec<Column> = Vec::new();
        if let Some(source) = like.and_then(|source| self.resolve(source)) {
            all.extend(self.drafts[source].table.columns.iter().cloned());
        }
        for column in columns {
            match all.iter_mut().find(|known| known.name.eq_ignore_ascii_case(&column.name)) {
                Some(known) => *known = column.clone(),
                None => all.push(column.clone()),
            }
        }
        if let Some(&at) = self.standing.get(&key(&name)) {
            let snapshot = self.snapshot;
            let table = &mut self.drafts[at].table;
            table.defined_at.push(place);
            if !table.is_defined {
                table.is_defined = true;
                merge_columns(&mut table.columns, all);
                self.add_keys(at, foreign_keys, place);
            } else if !snapshot && let Some(difference) = difference(&table.columns, &all) {
                table.conflicts.push((place, difference));
            }
            return;
        }
        let mut draft = self.draft(name, store);
        draft.table.columns = all;
        draft.table.defined_at.push(place);
        let at = self.insert(draft);
        self.add_keys(at, foreign_keys, place);
    }

    fn add_keys(&mut self, at: usize, foreign_keys: &[ForeignKey], place: Place) {
        for foreign_key in foreign_keys {
            self.add_key(at, foreign_key, place);
        }
    }

    fn add_key(&mut self, at: usize, foreign_key: &ForeignKey, place: Place) {
        let mut stored = foreign_key.clone();
        stored.store = match self.resolve(&foreign_key.store) {
            Some(target) => self.drafts[target].table.name.clone(),
            None => self.placed(&foreign_key.store),
        };
        let columns: Vec<&str> = foreign_key.columns.iter().map(Text::as_str).collect();
        let default_name = format!("{}_{}_fkey", self.drafts[at].table.name.name, columns.join("_"));
        let known = self.drafts[at].keys.iter().any(|known| {
            known.key.columns == stored.columns && known.key.store == stored.store && known.key.name == stored.name
        });
        if !known {
            self.drafts[at].keys.push(Key { key: stored, default_name, place });
        }
    }

    fn create_view(&mut self, store: &StoreName, reads: &[StoreName], columns: &[Text], place: Place) {
        let name = self.placed(store);
        let reads: Vec<StoreName> = reads
            .iter()
            .map(|read| self.resolve(read).map_or_else(|| self.placed(read), |at| self.drafts[at].table.name.clone()))
            .collect();
        let columns =
            columns.iter().map(|column| Column { name: column.clone(), nullable: true, ..Column::default() }).collect();
        let at = match self.standing.get(&key(&name)) {
            Some(&at) if self.snapshot && !self.drafts[at].snapshot => {
                self.drafts[at].table.defined_at.push(place);
                return;
            }
            Some(&at) => at,
            None => {
                let draft = self.draft(name, store);
                self.insert(draft)
            }
        };
        let table = &mut self.drafts[at].table;
        table.is_view = true;
        table.columns = columns;
        table.reads = reads;
        table.defined_at.push(place);
    }

    fn drop_table(&mut self, name: &StoreName, cascade: bool) {
        let Some(at) = self.writable(name) else { return };
        let dropped = self.drafts[at].table.name.clone();
        let wanted = self.placed(name);
        if key(&wanted) != key(&dropped)
            && self.drafts[at].table.partitions.iter().any(|part| key(part) == key(&wanted))
        {
            // Only a part goes.
            self.standing.remove(&key(&wanted));
            self.drafts[at].table.partitions.retain(|part| key(part) != key(&wanted));
            return;
        }
        self.remove_name(at);
        if !cascade {
            // Foreign keys that lead here stay: a table is often rebuilt under its own name.
            return;
        }
        for draft in &mut self.drafts {
            draft.keys.retain(|known| key(&known.key.store) != key(&dropped));
        }
        let views: Vec<StoreName> = self
            .drafts
            .iter()
            .filter(|draft| draft.table.is_view && draft.table.reads.contains(&dropped))
            .map(|draft| draft.table.name.clone())
            .collect();
        for view in views {
            if self.standing.contains_key(&key(&view)) {
                self.drop_table(&view, true);
            }
        }
    }

    fn rename(&mut self, at: usize, to: StoreName) {
        let from = self.drafts[at].table.name.clone();
        self.standing.remove(&key(&from));
        if let Some(places) = self.bare.get_mut(&from.name.to_lowercase()) {
            places.retain(|place| *place != at);
        }
        self.standing.insert(key(&to), at);
        self.bare.entry(to.name.to_lowercase()).or_default().push(at);
        self.drafts[at].table.name = to.clone();
        for draft in &mut self.drafts {
            for known in &mut draft.keys {
                if key(&known.key.store) == key(&from) {
                    known.key.store = to.clone();
                }
            }
            for read in &mut draft.table.reads {
                if key(read) == key(&from) {
                    *read = to.clone();
                }
            }
        }
    }

    fn attach(&mut self, whole: &StoreName, part: &StoreName) {
        let (Some(whole), Some(part)) = (self.writable(whole), self.writable(part)) else { return };
        if whole == part {
            return;
        }
        let name = self.drafts[part].table.name.clone();
        self.remove_name(part);
        self.standing.insert(key(&name), whole);
        self.bare.entry(name.name.to_lowercase()).or_default().push(whole);
        self.drafts[whole].table.partitions.push(name);
    }

    fn in_schema(&self, schema: &str) -> Vec<usize> {
        let wanted = normal(Some(&Text::from(schema)), "x").schema.map(|schema| schema.to_lowercase());
        let of = |table: &Table| table.name.schema.as_ref().map(compact_str::CompactString::to_lowercase);
        let mut found: Vec<usize> =
            self.standing.values().copied().filter(|&at| of(&self.drafts[at].table) == wanted).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    fn add_column(
        &mut self,
        store: &StoreName,
        column: &Column,
        foreign_key: Option<&ForeignKey>,
        if_not_exists: bool,
        place: Place,
    ) {
        let at = match self.resolve(store) {
            Some(at) if self.snapshot && !self.drafts[at].snapshot => return,
            Some(at) => at,
            None => {
                let mut draft = self.draft(self.placed(store), store);
                draft.table.is_defined = false;
                self.insert(draft)
            }
        };
        let table = &mut self.drafts[at].table;
        table.altered_at.push(place);
        if let Some(known) = table.columns.iter().find(|known| known.name.eq_ignore_ascii_case(&column.name)) {
            let differs = canonical_type(&known.type_name) != canonical_type(&column.type_name);
            if differs && !known.type_name.is_empty() && !column.type_name.is_empty() {
                let verb = if if_not_exists { "is already there" } else { "is added again" };
                let text = format!("column {} {verb} as {}, not {}", known.name, known.type_name, column.type_name);
                table.conflicts.push((place, text));
            }
            return;
        }
        table.columns.push(column.clone());
        if let Some(foreign_key) = foreign_key {
            self.add_key(at, foreign_key, place);
        }
    }

    fn alter(&mut self, at: usize, change: &SchemaChange, place: Place) {
        self.drafts[at].table.altered_at.push(place);
        match change {
            SchemaChange::DropColumn { column, .. } => {
                let own = self.drafts[at].table.name.clone();
                self.drafts[at].table.columns.retain(|known| !known.name.eq_ignore_ascii_case(column));
                self.drafts[at].keys.retain(|known| !has(&known.key.columns, column));
                for draft in &mut self.drafts {
                    draft.keys.retain(|known| {
                        key(&known.key.store) != key(&own) || !has(&known.key.referenced_columns, column)
                    });
                }
            }
            SchemaChange::RenameColumn { from, to, .. } => {
                let own = self.drafts[at].table.name.clone();
                for known in &mut self.drafts[at].table.columns {
                    if known.name.eq_ignore_ascii_case(from) {
                        known.name = to.clone();
                    }
                }
                for known in &mut self.drafts[at].keys {
                    replace(&mut known.key.columns, from, to);
                }
                for draft in &mut self.drafts {
                    for known in draft.keys.iter_mut().filter(|known| key(&known.key.store) == key(&own)) {
                        replace(&mut known.key.referenced_columns, from, to);
                    }
                }
            }
            SchemaChange::AlterColumn { column, type_name, nullable, .. } => {
                let columns = &mut self.drafts[at].table.columns;
                if let Some(known) = columns.iter_mut().find(|known| known.name.eq_ignore_ascii_case(column)) {
                    if let Some(type_name) = type_name {
                        known.type_name = type_name.clone();
                    }
                    if let Some(nullable) = nullable {
                        known.nullable = *nullable && !known.primary_key;
                    }
                }
            }
            SchemaChange::AddForeignKey { foreign_key, .. } => self.add_key(at, foreign_key, place),
            SchemaChange::AddPrimaryKey { columns, index, .. } => {
                let columns = self.drafts[at].indexes.get(&index.to_lowercase()).unwrap_or(columns).clone();
                let columns = columns.as_slice();
                for known in &mut self.drafts[at].table.columns {
                    if has(columns, &known.name) {
                        known.primary_key = true;
                        known.nullable = false;
                    }
                }
            }
            SchemaChange::DropConstraint { name, .. } => {
                let draft = &mut self.drafts[at];
                let primary = name == "PRIMARY" || *name == format!("{}_pkey", draft.table.name.name);
                let before = draft.keys.len();
                draft.keys.retain(|known| {
                    let called = if known.key.name.is_empty() { known.default_name.as_str() } else { &known.key.name };
                    !called.eq_ignore_ascii_case(name)
                });
                if primary && before == draft.keys.len() {
                    for known in &mut draft.table.columns {
                        known.primary_key = false;
                    }
                }
            }
            SchemaChange::RenameConstraint { from, to, .. } => {
                for known in &mut self.drafts[at].keys {
                    let called = if known.key.name.is_empty() { known.default_name.as_str() } else { &known.key.name };
                    if called.eq_ignore_ascii_case(from) {
                        known.key.name = to.clone();
                    }
                }
            }
            _ => {}
        }
    }
}

fn is_default(schema: &str) -> bool {
    DEFAULT_SCHEMAS.iter().any(|known| known.eq_ignore_ascii_case(schema))
}

/// A schema that is only told at run time (`{hole}.orders`) is none that can be named.
fn normal(schema: Option<&Text>, name: &str) -> StoreName {
    let is_told = |schema: &&Text| !schema.is_empty() && !is_default(schema) && !schema.contains('{');
    let schema = schema.filter(is_told).cloned();
    StoreName { schema, name: name.into() }
}

fn key(name: &StoreName) -> String {
    match &name.schema {
        Some(schema) => format!("{}.{}", schema.to_lowercase(), name.name.to_lowercase()),
        None => name.name.to_lowercase().into(),
    }
}

fn has(columns: &[Text], column: &str) -> bool {
    columns.iter().any(|known| known.eq_ignore_ascii_case(column))
}

fn replace(columns: &mut [Text], from: &str, to: &Text) {
    for known in columns {
        if known.eq_ignore_ascii_case(from) {
            *known = to.clone();
        }
    }
}

/// What alterations had added stays behind the columns of the definition.
fn merge_columns(columns: &mut Vec<Column>, defined: Vec<Column>) {
    let added = std::mem::replace(columns, defined);
    for column in added {
        if !columns.iter().any(|known| known.name.eq_ignore_ascii_case(&column.name)) {
            columns.push(column);
        }
    }
}

/// How a second definition differs from the first, in words.
fn difference(first: &[Column], second: &[Column]) -> Option<String> {
    // A definition that shows no columns contradicts nothing.
    if first.is_empty() || second.is_empty() {
        return None;
    }
    let names = |of: &[Column], without: &[Column]| -> Vec<String> {
        of.iter()
            .filter(|column| !without.iter().any(|other| other.name.eq_ignore_ascii_case(&column.name)))
            .map(|column| column.name.to_string())
            .collect()
    };
    let mut parts = Vec::new();
    let missing = names(first, second);
    if !missing.is_empty() {
        parts.push(format!("lacks {}", missing.join(", ")));
    }
    let extra = names(second, first);
    if !extra.is_empty() {
        parts.push(format!("adds {}", extra.join(", ")));
    }
    for column in second {
        let known = first.iter().find(|known| known.name.eq_ignore_ascii_case(&column.name));
        if let Some(known) = known
            && !known.type_name.is_empty()
            && !column.type_name.is_empty()
            && canonical_type(&known.type_name) != canonical_type(&column.type_name)
        {
            parts.push(format!("has {} as {}, not {}", column.name, column.type_name, known.type_name));
        }
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// One name for the many of a type: `INT4`, `SERIAL` and `INTEGER` are the same in a column.
pub fn canonical_type(written: &str) -> String {
    let upper = written.trim().to_uppercase();
    let (head, rest) = upper.find(['(', '[']).map_or((upper.as_str(), ""), |at| upper.split_at(at));
    let (inside, tail) = if rest.starts_with('(') {
        rest.find(')').map_or((rest, ""), |close| rest.split_at(close + 1))
    } else {
        ("", rest)
    };
    let word = format!("{}{}", head.trim(), tail.trim_end().trim_end_matches("[]"));
    let array = if upper.ends_with(']') || upper.ends_with(" ARRAY") { "[]" } else { "" };
    let name = match word.trim() {
        "INT" | "INT4" | "SERIAL" | "SERIAL4" | "MEDIUMINT" => "INTEGER",
        "INT8" | "BIGSERIAL" | "SERIAL8" => "BIGINT",
        "INT2" | "SMALLSERIAL" | "SERIAL2" => "SMALLINT",
        "BOOL" => "BOOLEAN",
        "VARCHAR" | "CHARACTER VARYING" | "CHAR VARYING" => "VARCHAR",
        "CHAR" | "BPCHAR" => "CHARACTER",
        "DECIMAL" | "DEC" => "NUMERIC",
        "FLOAT8" | "DOUBLE" | "FLOAT" => "DOUBLE PRECISION",
        "FLOAT4" => "REAL",
        "TIMESTAMPTZ" => "TIMESTAMP WITH TIME ZONE",
        "TIMESTAMP WITHOUT TIME ZONE" => "TIMESTAMP",
        "TIMETZ" => "TIME WITH TIME ZONE",
        "TIME WITHOUT TIME ZONE" => "TIME",
        "VARBIT" => "BIT VARYING",
        other => other,
    };
    let integer = matches!(name, "INTEGER" | "BIGINT" | "SMALLINT" | "TINYINT");
    let inside = if integer { String::new() } else { inside.replace(' ', "") };
    format!("{name}{inside}{array}")
}
