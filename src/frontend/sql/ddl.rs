//! Statements that define the schema, read without a grammar: dialects differ in their options only, and an unknown
//! option must cost nothing. What is read: tables, columns, keys, views, renames.

use crate::frontend::sql::cursor::{Cursor, Name, split};
use crate::frontend::sql::lex::{Kind, Token};
use crate::frontend::sql::statement::{Context, Outcome};
use crate::frontend::sql::tree::RESERVED;
use crate::model::fact::Text;
use crate::model::sql::{Column, ForeignKey, Operation, Reading, SchemaChange, StoreName};

/// `CREATE TABLE`; the cursor stands behind the word TABLE.
pub(super) fn create_table(context: &Context<'_>, cursor: &mut Cursor<'_>, temporary: bool) -> Option<Outcome> {
    let mut outcome = Outcome::default();
    let if_not_exists = cursor.eat_all(&["IF", "NOT", "EXISTS"]);
    let name = cursor.name()?;
    outcome.touch(&name, Operation::Ddl);
    let mut table = Table { store: name.store.clone(), ..Table::default() };
    if cursor.eat_all(&["ON", "CLUSTER"]) {
        cursor.ident();
    }
    if cursor.eat("USING") {
        // A virtual table: words without type are columns.
        cursor.ident();
        if let Some(inside) = cursor.parenthesis() {
            for item in split(cursor.source, inside) {
                let plain = !item.iter().any(|token| token.is_symbol(cursor.source, "="));
                let mut part = Cursor::new(cursor.source, item, cursor.fold);
                if let Some((column, _)) = part.ident().filter(|_| plain) {
                    table.columns.push(Column { name: column.into(), nullable: true, ..Column::default() });
                }
            }
        }
    }
    if cursor.eat("LIKE") || cursor.eat("CLONE") || cursor.eat("COPY") {
        table.like = cursor.name().map(|model| model.store);
    }
    if cursor.eat_all(&["PARTITION", "OF"]) || cursor.eat_all(&["INHERITS"]) {
        table.partition_of = cursor.name().map(|name| name.store);
    }
    if cursor.eat("OF") {
        cursor.name();
    }
    if cursor.is_symbol("(") {
        let open = cursor.peek();
        match cursor.parenthesis() {
            Some(inside) if starts_query(cursor.source, inside) => {
                outcome.absorb(context.query(inside));
            }
            Some(inside) => {
                for item in split(cursor.source, inside) {
                    table.item(cursor.source, item, cursor.fold);
                }
            }
            None => {
                let inside = &cursor.tokens[cursor.at + 1..];
                for item in split(cursor.source, inside) {
                    table.item(cursor.source, item, cursor.fold);
                }
                cursor.at = cursor.tokens.len();
                outcome.reading = Reading::Tolerant;
                let line = open.map_or(0, |token| token.line);
                outcome.problem = format!("the parenthesis of line {line} is not closed").into();
            }
        }
    }
    if let Some(model) = &table.like {
        outcome.found.access(model, Operation::Select, name.line, false);
    }
    // Options, in any order; a query may end the statement.
    while let Some(token) = cursor.peek() {
        if cursor.eat("INHERITS") {
            for part in cursor.parenthesis().map(|inside| split(cursor.source, inside)).unwrap_or_default() {
                if let Some(parent) = Cursor::new(cursor.source, part, cursor.fold).name() {
                    outcome.touch(&parent, Operation::Select);
                    table.inherit(parent.store);
                }
            }
        } else if cursor.eat("HISTORY_TABLE") {
            cursor.eat_symbol("=");
            if let Some(history) = cursor.name() {
                outcome.touch(&history, Operation::Ddl);
            }
        } else if cursor.is("WITH") && cursor.with_options() {
            cursor.at += 1;
            cursor.enter_options();
        } else if cursor.is("AS") && table.columns.is_empty() && cursor.names_model() {
            // ClickHouse: `CREATE TABLE a AS b`
            cursor.eat("AS");
            if let Some(model) = cursor.name() {
                outcome.touch(&model, Operation::Select);
                table.like = Some(model.store);
            }
        } else if cursor.opens_query() {
            cursor.eat("AS");
            let mut query = cursor.rest();
            if let [rest @ .., last] = query
                && last.is(cursor.source, "DATA")
            {
                let no = rest.last().is_some_and(|token| token.is(cursor.source, "NO"));
                query = &rest[..rest.len().saturating_sub(if no { 2 } else { 1 })];
            }
            let read = context.query(query);
            if table.columns.is_empty() {
                table.columns = read
                    .found
                    .result_columns
                    .iter()
                    .filter(|column| !column.is_empty())
                    .map(|column| Column { name: column.clone(), nullable: true, ..Column::default() })
                    .collect();
            }
            outcome.absorb(read);
            break;
        } else if token.is_symbol(cursor.source, "(") && starts_query(cursor.source, &cursor.rest()[1..]) {
            if let Some(inside) = cursor.parenthesis() {
                outcome.absorb(context.query(inside));
            }
        } else {
            cursor.step();
        }
    }
    outcome.changes.extend(table.into_change(if_not_exists, temporary));
    Some(outcome)
}

impl Cursor<'_> {
    /// `AS SELECT`, `SELECT`, `WITH x AS (..) SELECT`; no options such as `STORED AS PARQUET`.
    fn opens_query(&self) -> bool {
        let query = ["SELECT", "WITH", "VALUES", "TABLE", "FROM"].iter().any(|word| self.nth_is(1, word))
            || self.tokens.get(self.at + 1).is_some_and(|token| token.is_symbol(self.source, "("));
        self.is("AS") && query || self.is("SELECT") || self.is("WITH") && !self.with_options()
    }

    /// Whether AS and one name end the statement or lead to options.
    fn names_model(&self) -> bool {
        let name = self.tokens.get(self.at + 1).is_some_and(|token| matches!(token.kind, Kind::Word | Kind::Quoted));
        let stored = self.at.checked_sub(1).is_some_and(|before| self.tokens[before].is(self.source, "STORED"));
        let reserved = RESERVED.iter().any(|word| self.nth_is(1, word));
        name && !stored && !reserved && !self.opens_query()
    }

    /// Steps into `(SYSTEM_VERSIONING = ON (HISTORY_TABLE = ..))`.
    fn enter_options(&mut self) {
        let ahead = &self.tokens[self.at..];
        if let Some(at) = ahead.iter().position(|token| token.is(self.source, "HISTORY_TABLE")) {
            self.at += at;
        }
    }

    /// Whether a WITH opens options (`WITH (fillfactor=70)`, `WITH NO DATA`) and not a query.
    fn with_options(&self) -> bool {
        let next = self.tokens.get(self.at + 1);
        next.is_none_or(|token| {
            token.is_symbol(self.source, "(")
                || ["NO", "DATA", "OIDS", "TIME"].iter().any(|word| token.is(self.source, word))
        })
    }
}

fn starts_query(source: &str, tokens: &[Token]) -> bool {
    let first = tokens.iter().find(|token| !token.is_symbol(source, "("));
    first.is_some_and(|token| ["SELECT", "WITH", "VALUES"].iter().any(|word| token.is(source, word)))
}

#[derive(Default)]
struct Table {
    store: StoreName,
    columns: Vec<Column>,
    foreign_keys: Vec<ForeignKey>,
    primary: Vec<Text>,
    partition_of: Option<StoreName>,
    like: Option<StoreName>,
}

impl Table {
    fn inherit(&mut self, parent: StoreName) {
        self.like = Some(parent);
    }

    fn into_change(mut self, if_not_exists: bool, temporary: bool) -> Option<SchemaChange> {
        for column in &mut self.columns {
            if self.primary.iter().any(|name| name.eq_ignore_ascii_case(&column.name)) {
                column.primary_key = true;
                column.nullable = false;
            }
        }
        (!temporary).then_some(SchemaChange::CreateTable {
            store: self.store,
            if_not_exists,
            columns: self.columns,
            foreign_keys: self.foreign_keys,
            partition_of: self.partition_of,
            like: self.like,
        })
    }

    fn item(&mut self, source: &str, item: &[Token], fold: bool) {
        let mut cursor = Cursor::new(source, item, fold);
        if cursor.eat("LIKE") {
            self.like = cursor.name().map(|name| name.store);
            return;
        }
        match constraint(&mut cursor) {
            Some(Constraint::Primary(columns, _)) => self.primary.extend(columns),
            Some(Constraint::Foreign(key)) => self.foreign_keys.push(key),
            Some(Constraint::Other) => {}
            None => {
                if let Some((column, key)) = column(&mut cursor) {
                    self.foreign_keys.extend(key);
                    self.columns.push(column);
                }
            }
        }
    }
}

enum Constraint {
    /// Columns, or an index that has them.
    Primary(Vec<Text>, Text),
    Foreign(ForeignKey),
    Other,
}

/// A table constraint or index; `None` leaves the cursor where it was.
fn constraint(cursor: &mut Cursor<'_>) -> Option<Constraint> {
    let start = cursor.at;
    let mut name = Text::default();
    if cursor.eat("CONSTRAINT") {
        let unnamed = ["PRIMARY", "FOREIGN", "UNIQUE", "CHECK"].iter().any(|word| cursor.is(word));
        if !unnamed {
            name = cursor.ident().map(|(name, _)| name.into()).unwrap_or_default();
        }
    }
    if cursor.eat_all(&["PRIMARY", "KEY"]) {
        if cursor.eat_all(&["USING", "INDEX"]) {
            let index = cursor.ident().map(|(name, _)| name.into()).unwrap_or_default();
            return Some(Constraint::Primary(Vec::new(), index));
        }
        while cursor.peek().is_some() && !cursor.is_symbol("(") {
            cursor.at += 1;
        }
        return Some(Constraint::Primary(cursor.columns(), Text::default()));
    }
    if cursor.eat_all(&["FOREIGN", "KEY"]) {
        cursor.eat_all(&["IF", "NOT", "EXISTS"]);
        if !cursor.is_symbol("(") {
            let index = cursor.ident();
            if name.is_empty() {
                name = index.map(|(name, _)| name.into()).unwrap_or_default();
            }
        }
        let columns = cursor.columns();
        if !cursor.eat("REFERENCES") {
            return Some(Constraint::Other);
        }
        return Some(reference(cursor, columns, name).map_or(Constraint::Other, Constraint::Foreign));
    }
    let next = cursor.tokens.get(cursor.at + 1).copied();
    let after = cursor.tokens.get(cursor.at + 2).copied();
    let opens = |token: Option<Token>| token.is_some_and(|token| token.is_symbol(cursor.source, "("));
    let second_is = |word: &str| next.is_some_and(|token| token.is(cursor.source, word));
    let named_index = next.is_some_and(|token| token.kind == Kind::Quoted)
        || opens(after) && cursor.tokens.get(cursor.at + 3).is_some_and(|token| token.kind != Kind::Number)
        || after.is_some_and(|token| token.is(cursor.source, "USING"));
    let is_other = cursor.at > start
        || cursor.is("UNIQUE")
        || cursor.is("CHECK") && opens(next)
        || cursor.is("EXCLUDE") && (second_is("USING") || opens(next))
        || cursor.is("PERIOD") && second_is("FOR")
        || (cursor.is("KEY") || cursor.is("INDEX")) && (opens(next) || named_index)
        || (cursor.is("FULLTEXT") || cursor.is("SPATIAL"))
            && (second_is("KEY") || second_is("INDEX") || opens(next) || opens(after));
    is_other.then_some(Constraint::Other)
}

/// What follows REFERENCES.
fn reference(cursor: &mut Cursor<'_>, columns: Vec<Text>, name: Text) -> Option<ForeignKey> {
    let store = cursor.name()?;
    let referenced_columns = cursor.columns();
    let mut on_delete_cascade = false;
    loop {
        if cursor.eat_all(&["ON", "DELETE"]) {
            on_delete_cascade = cursor.is("CASCADE");
            action(cursor);
        } else if cursor.eat_all(&["ON", "UPDATE"]) {
            action(cursor);
        } else if cursor.eat("MATCH") {
            cursor.at += 1;
        } else {
            break;
        }
    }
    Some(ForeignKey { columns, store: store.store, referenced_columns, on_delete_cascade, name })
}

fn action(cursor: &mut Cursor<'_>) {
    if cursor.eat("SET") || cursor.eat("NO") {
        cursor.at += 1;
        cursor.parenthesis();
    } else {
        cursor.at += 1;
    }
}

/// Words that end the type of a column.
const AFTER_TYPE: &[&str] = &[
    "CONSTRAINT",
    "NOT",
    "NULL",
    "DEFAULT",
    "PRIMARY",
    "UNIQUE",
    "REFERENCES",
    "CHECK",
    "COLLATE",
    "GENERATED",
    "AS",
    "AUTO_INCREMENT",
    "AUTOINCREMENT",
    "COMMENT",
    "ON",
    "IDENTITY",
    "ENCODE",
    "STORAGE",
    "COMPRESSION",
    "CHARSET",
    "VISIBLE",
    "INVISIBLE",
    "SPARSE",
    "KEY",
    "FIRST",
    "AFTER",
    "USING",
    "VIRTUAL",
    "STORED",
    "ROWGUIDCOL",
    "HIDDEN",
    "FAMILY",
    "OPTIONS",
    "CODEC",
    "TTL",
    "FOREIGN",
];

/// A column's definition; its foreign key, if it has one.
fn column(cursor: &mut Cursor<'_>) -> Option<(Column, Option<ForeignKey>)> {
    let (name, _) = cursor.ident()?;
    let name = Text::from(name);
    let type_name = type_name(cursor);
    let serial = ["SERIAL", "BIGSERIAL", "SMALLSERIAL", "SERIAL4", "SERIAL8", "SERIAL2"].contains(&type_name.as_str());
    let mut column = Column { name: name.clone(), type_name, nullable: !serial, primary_key: false };
    let mut key = None;
    let mut constraint = Text::default();
    while cursor.peek().is_some() {
        if cursor.eat("CONSTRAINT") {
            constraint = cursor.ident().map(|(name, _)| name.into()).unwrap_or_default();
        } else if cursor.eat_all(&["NOT", "NULL"]) || cursor.eat_all(&["GENERATED", "ALWAYS", "AS", "IDENTITY"]) {
            column.nullable = false;
        } else if cursor.eat_all(&["GENERATED", "BY", "DEFAULT", "AS", "IDENTITY"]) || cursor.eat("IDENTITY") {
            column.nullable = false;
        } else if cursor.eat_all(&["PRIMARY", "KEY"]) {
            column.primary_key = true;
            column.nullable = false;
        } else if cursor.eat("DEFAULT") {
            // The value may be a word such as NULL.
            cursor.step();
        } else if cursor.eat_all(&["ON", "CONFLICT"]) {
            cursor.at += 1;
        } else if cursor.eat("REFERENCES") {
            key = reference(cursor, vec![name.clone()], std::mem::take(&mut constraint)).or(key);
        } else {
            cursor.step();
        }
    }
    Some((column, key))
}

/// Type as written, upper case, without spaces around parentheses.
fn type_name(cursor: &mut Cursor<'_>) -> Text {
    let mut written = String::new();
    let mut depth = 0_u32;
    while let Some(token) = cursor.peek() {
        let text = token.text(cursor.source);
        if depth == 0 && token.kind == Kind::Word {
            let upper = text.to_ascii_uppercase();
            let ends = AFTER_TYPE.contains(&upper.as_str())
                || upper == "CHARACTER" && cursor.nth_is(1, "SET")
                || upper == "WITH" && !cursor.nth_is(1, "TIME") && !cursor.nth_is(1, "LOCAL");
            if ends {
                break;
            }
        } else if depth == 0 && (token.kind == Kind::Number || token.kind == Kind::Text) {
            break;
        }
        let symbol = token.kind == Kind::Symbol;
        let opened = written.ends_with(['(', ',', '[', '.']) || written.is_empty();
        if !symbol && !opened {
            written.push(' ');
        }
        match text {
            "(" | "[" if symbol => depth += 1,
            ")" | "]" if symbol => depth = depth.saturating_sub(1),
            _ => {}
        }
        if token.kind == Kind::Quoted {
            written.push_str(text.trim_matches(['"', '`']));
        } else if token.kind == Kind::Text {
            written.push_str(text);
        } else {
            written.push_str(&text.to_ascii_uppercase());
        }
        cursor.at += 1;
    }
    written.into()
}

/// `ALTER TABLE`; the cursor stands behind the word TABLE.
pub(super) fn alter_table(cursor: &mut Cursor<'_>) -> Option<Outcome> {
    let mut outcome = Outcome::default();
    let guarded = cursor.eat_all(&["IF", "EXISTS"]);
    cursor.eat("ONLY");
    let name = cursor.name()?;
    cursor.eat_symbol("*");
    if cursor.eat_all(&["ON", "CLUSTER"]) {
        cursor.ident()?;
    }
    // ClickHouse's mutations of rows.
    let operation = match () {
        () if cursor.is("DELETE") => Operation::Delete,
        () if cursor.is("UPDATE") => Operation::Update,
        () => Operation::Ddl,
    };
    outcome.touch(&name, operation);
    if !cursor.eat_all(&["WITH", "CHECK"]) {
        cursor.eat_all(&["WITH", "NOCHECK"]);
    }
    let mut adding = false;
    for part in split(cursor.source, cursor.rest()) {
        let mut action = Cursor::new(cursor.source, part, cursor.fold);
        adding = alter_action(&mut action, &name.store, adding, &mut outcome);
    }
    for change in &mut outcome.changes {
        if let SchemaChange::AddColumn { if_exists, .. } = change {
            *if_exists = guarded;
        }
    }
    Some(outcome)
}

/// One action; true when the next part may go on adding columns without saying so (T-SQL).
fn alter_action(cursor: &mut Cursor<'_>, store: &StoreName, adding: bool, outcome: &mut Outcome) -> bool {
    let store = store.clone();
    if cursor.eat("ADD") {
        add(cursor, &store, outcome);
        return true;
    }
    if cursor.eat("DROP") {
        drop_part(cursor, store, outcome);
    } else if cursor.eat("RENAME") {
        rename(cursor, store, outcome);
    } else if cursor.eat("ALTER") {
        alter_column(cursor, store, outcome);
    } else if cursor.eat("CHANGE") {
        cursor.eat("COLUMN");
        let old = cursor.ident();
        if let (Some((old, _)), Some((column, _))) = (old, column(cursor)) {
            if !old.eq_ignore_ascii_case(&column.name) {
                outcome.changes.push(SchemaChange::RenameColumn {
                    store: store.clone(),
                    from: old.into(),
                    to: column.name.clone(),
                });
            }
            outcome.changes.push(altered(store, column));
        }
    } else if cursor.eat("MODIFY") {
        cursor.eat("COLUMN");
        if let Some((column, _)) = column(cursor) {
            outcome.changes.push(altered(store, column));
        }
    } else if cursor.eat_all(&["SET", "SCHEMA"]) {
        if let Some((schema, _)) = cursor.ident() {
            outcome.changes.push(SchemaChange::SetSchema { store, schema: schema.into() });
        }
    } else if cursor.eat_all(&["ATTACH", "PARTITION"]) {
        if let Some(partition) = cursor.name() {
            outcome.touch(&partition, Operation::Ddl);
            outcome.changes.push(SchemaChange::AttachPartition { store, partition: partition.store });
        }
    } else if cursor.eat_all(&["APPEND", "FROM"]) || cursor.eat_all(&["SWAP", "WITH"]) || exchanged(cursor) {
        if let Some(other) = cursor.name() {
            outcome.touch(&other, Operation::Select);
        }
    } else if cursor.eat_all(&["DETACH", "PARTITION"]) {
        if let Some(partition) = cursor.name() {
            outcome.touch(&partition, Operation::Ddl);
        }
    } else if adding {
        add(cursor, &store, outcome);
        return true;
    }
    false
}

/// `EXCHANGE PARTITION p WITH TABLE t`.
fn exchanged(cursor: &mut Cursor<'_>) -> bool {
    cursor.eat("EXCHANGE") && cursor.seek("WITH") && cursor.eat("TABLE")
}

fn altered(store: StoreName, column: Column) -> SchemaChange {
    SchemaChange::AlterColumn {
        store,
        column: column.name,
        type_name: Some(column.type_name),
        nullable: Some(column.nullable),
    }
}

fn add(cursor: &mut Cursor<'_>, store: &StoreName, outcome: &mut Outcome) {
    match constraint(cursor) {
        Some(Constraint::Primary(columns, index)) => {
            outcome.changes.push(SchemaChange::AddPrimaryKey { store: store.clone(), columns, index });
            return;
        }
        Some(Constraint::Foreign(foreign_key)) => {
            outcome.changes.push(SchemaChange::AddForeignKey { store: store.clone(), foreign_key });
            return;
        }
        Some(Constraint::Other) => return,
        None => {}
    }
    let said = cursor.eat("COLUMN");
    if !said && (cursor.is("PARTITION") || cursor.is("GENERATED")) {
        return;
    }
    let if_not_exists = cursor.eat_all(&["IF", "NOT", "EXISTS"]);
    let list = cursor.parenthesis();
    let items = list.map_or_else(|| vec![cursor.rest()], |inside| split(cursor.source, inside));
    for item in items {
        let mut part = Cursor::new(cursor.source, item, cursor.fold);
        if list.is_some() && constraint(&mut part).is_some() {
            continue;
        }
        if let Some((column, foreign_key)) = column(&mut part) {
            outcome.changes.push(SchemaChange::AddColumn {
                store: store.clone(),
                column,
                foreign_key,
                if_not_exists,
                if_exists: false,
            });
        }
    }
}

fn drop_part(cursor: &mut Cursor<'_>, store: StoreName, outcome: &mut Outcome) {
    let is_constraint = cursor.eat("CONSTRAINT") || cursor.eat_all(&["FOREIGN", "KEY"]) || cursor.eat("CHECK");
    if is_constraint {
        cursor.eat_all(&["IF", "EXISTS"]);
        if let Some((name, _)) = cursor.ident() {
            outcome.changes.push(SchemaChange::DropConstraint { store, name: name.into() });
        }
        return;
    }
    if cursor.eat_all(&["PRIMARY", "KEY"]) {
        outcome.changes.push(SchemaChange::DropConstraint { store, name: "PRIMARY".into() });
        return;
    }
    let said = cursor.eat("COLUMN");
    let other = ["INDEX", "KEY", "PARTITION", "DEFAULT", "PERIOD"].iter().any(|word| cursor.is(word));
    if !said && other && cursor.tokens.len() > cursor.at + 1 {
        return;
    }
    cursor.eat_all(&["IF", "EXISTS"]);
    if let Some((column, _)) = cursor.ident() {
        outcome.changes.push(SchemaChange::DropColumn { store, column: column.into() });
    }
}

fn rename(cursor: &mut Cursor<'_>, store: StoreName, outcome: &mut Outcome) {
    if cursor.eat("TO") || cursor.eat("AS") {
        if let Some(to) = cursor.name() {
            let to = Name { store: beside(&store, to.clone()), ..to };
            outcome.touch(&to, Operation::Ddl);
            outcome.changes.push(SchemaChange::RenameTable { to: to.store, from: store });
        }
        return;
    }
    if cursor.is("CONSTRAINT") || (cursor.is("INDEX") || cursor.is("KEY")) && !cursor.nth_is(1, "TO") {
        if cursor.eat("CONSTRAINT") {
            let from = cursor.ident();
            cursor.eat("TO");
            if let (Some((from, _)), Some((to, _))) = (from, cursor.ident()) {
                outcome.changes.push(SchemaChange::RenameConstraint { store, from: from.into(), to: to.into() });
            }
        }
        return;
    }
    cursor.eat("COLUMN");
    let Some((from, _)) = cursor.ident() else { return };
    if !cursor.eat("TO") && !cursor.eat("AS") {
        // MySQL: `RENAME new_name`.
        let line = cursor.tokens.first().map_or(1, |token| token.line);
        let to = Name { store: StoreName { schema: None, name: from.into() }, partial: false, line };
        let to = Name { store: beside(&store, to.clone()), ..to };
        outcome.touch(&to, Operation::Ddl);
        outcome.changes.push(SchemaChange::RenameTable { to: to.store, from: store });
        return;
    }
    if let Some((to, _)) = cursor.ident() {
        outcome.changes.push(SchemaChange::RenameColumn { store, from: from.into(), to: to.into() });
    }
}

/// A new name keeps the schema of the old one unless it says another.
fn beside(old: &StoreName, new: Name) -> StoreName {
    StoreName { schema: new.store.schema.or_else(|| old.schema.clone()), name: new.store.name }
}

fn alter_column(cursor: &mut Cursor<'_>, store: StoreName, outcome: &mut Outcome) {
    if cursor.is("INDEX") || cursor.is("CONSTRAINT") || cursor.is("CHECK") {
        return;
    }
    cursor.eat("COLUMN");
    let Some((column, _)) = cursor.ident() else { return };
    let mut type_written = None;
    let mut nullable = None;
    if cursor.eat_all(&["SET", "NOT", "NULL"]) {
        nullable = Some(false);
    } else if cursor.eat_all(&["DROP", "NOT", "NULL"]) {
        nullable = Some(true);
    } else if cursor.eat_all(&["SET", "DATA", "TYPE"]) || cursor.eat("TYPE") {
        type_written = Some(type_name(cursor));
    } else if cursor.is("SET") || cursor.is("DROP") || cursor.is("ADD") || cursor.is("RESTART") || cursor.is("RESET") {
        return;
    } else {
        type_written = Some(type_name(cursor)).filter(|name| !name.is_empty());
        nullable = Some(!cursor.eat_all(&["NOT", "NULL"])).filter(|_| type_written.is_some());
    }
    if type_written.is_some() || nullable.is_some() {
        let change = SchemaChange::AlterColumn { store, column: column.into(), type_name: type_written, nullable };
        outcome.changes.push(change);
    }
}

/// `CREATE VIEW`; the cursor stands behind the word VIEW.
pub(super) fn create_view(context: &Context<'_>, cursor: &mut Cursor<'_>, temporary: bool) -> Option<Outcome> {
    let mut outcome = Outcome::default();
    cursor.eat_all(&["IF", "NOT", "EXISTS"]);
    let name = cursor.name()?;
    outcome.touch(&name, Operation::Ddl);
    let mut columns = cursor.columns();
    if cursor.eat_all(&["ON", "CLUSTER"]) {
        cursor.at += 1;
    }
    if cursor.eat("TO")
        && let Some(target) = cursor.name()
    {
        outcome.touch(&target, Operation::Insert);
    }
    if !cursor.seek("AS") {
        return Some(outcome);
    }
    let mut query = cursor.rest();
    let source = cursor.source;
    for ending in [
        &["WITH", "CHECK", "OPTION"][..],
        &["WITH", "LOCAL", "CHECK", "OPTION"],
        &["WITH", "CASCADED", "CHECK", "OPTION"],
        &["WITH", "READ", "ONLY"],
        &["WITH", "NO", "DATA"],
        &["WITH", "DATA"],
        &["WITH", "NO", "SCHEMA", "BINDING"],
    ] {
        if let Some(start) = query.len().checked_sub(ending.len())
            && query[start..].iter().zip(ending).all(|(token, word)| token.is(source, word))
        {
            query = &query[..start];
        }
    }
    let read = context.query(query);
    let mut reads = read.found.reads();
    // `CREATE RECURSIVE VIEW v` reads itself.
    reads.retain(|store| *store != name.store);
    if columns.is_empty() {
        let known = &read.found.result_columns;
        if known.iter().all(|column| !column.is_empty()) {
            columns.clone_from(known);
        }
    }
    outcome.absorb(read);
    outcome.found.forget(&name.store, Operation::Select);
    if !temporary {
        outcome.changes.push(SchemaChange::CreateView { store: name.store, reads, columns });
    }
    Some(outcome)
}

/// `DROP TABLE a, b`, `DROP VIEW v`, `DROP SCHEMA s`, `DROP INDEX i ON t`, `DROP TRIGGER x ON t`; behind DROP.
pub(super) fn drop_object(cursor: &mut Cursor<'_>) -> Option<Outcome> {
    let mut outcome = Outcome::default();
    cursor.skip_any(&["TEMPORARY", "TEMP", "MATERIALIZED", "FOREIGN", "EXTERNAL", "ICEBERG", "DYNAMIC", "TRANSIENT"]);
    if cursor.eat("TABLE") || cursor.eat("VIEW") || cursor.eat("TABLES") {
        cursor.eat_all(&["IF", "EXISTS"]);
        let cascade = cursor.rest().last().is_some_and(|token| token.is(cursor.source, "CASCADE"));
        for part in split(cursor.source, cursor.rest()) {
            let mut one = Cursor::new(cursor.source, part, cursor.fold);
            let name = one.name()?;
            outcome.touch(&name, Operation::Ddl);
            outcome.changes.push(SchemaChange::Drop { store: name.store, cascade });
        }
    } else if cursor.eat("SCHEMA") {
        cursor.eat_all(&["IF", "EXISTS"]);
        for part in split(cursor.source, cursor.rest()) {
            let mut one = Cursor::new(cursor.source, part, cursor.fold);
            if let Some((schema, _)) = one.ident() {
                outcome.changes.push(SchemaChange::DropSchema { schema: schema.into() });
            }
        }
    } else if (cursor.is("INDEX") || cursor.is("TRIGGER") || cursor.is("POLICY") || cursor.is("RULE"))
        && cursor.seek("ON")
        && let Some(name) = cursor.name()
    {
        outcome.touch(&name, Operation::Ddl);
    }
    Some(outcome)
}

/// `CREATE INDEX .. ON t`, and whatever else hangs on a table by ON; behind the kind's word.
pub(super) fn create_on(cursor: &mut Cursor<'_>) -> Outcome {
    let mut outcome = Outcome::default();
    cursor.skip_any(&["CONCURRENTLY"]);
    cursor.eat_all(&["IF", "NOT", "EXISTS"]);
    let called = if cursor.is("ON") { None } else { cursor.clone().ident() };
    if cursor.seek("ON") {
        cursor.eat("ONLY");
        if let Some(name) = cursor.name() {
            outcome.touch(&name, Operation::Ddl);
            if cursor.eat("USING") {
                cursor.ident();
            }
            let columns = if cursor.is_symbol("(") { cursor.columns() } else { Vec::new() };
            if let Some((called, false)) = called
                && !columns.is_empty()
            {
                outcome.changes.push(SchemaChange::CreateIndex { store: name.store, name: called.into(), columns });
            }
        }
    }
    outcome
}

/// `RENAME TABLE a TO b, c TO d` (`MySQL`); behind TABLE.
pub(super) fn rename_tables(cursor: &mut Cursor<'_>) -> Option<Outcome> {
    let mut outcome = Outcome::default();
    for part in split(cursor.source, cursor.rest()) {
        let mut one = Cursor::new(cursor.source, part, cursor.fold);
        let from = one.name()?;
        if !one.eat("TO") {
            return None;
        }
        let to = one.name()?;
        outcome.touch(&from, Operation::Ddl);
        let to = Name { store: beside(&from.store, to.clone()), ..to };
        outcome.touch(&to, Operation::Ddl);
        outcome.changes.push(SchemaChange::RenameTable { from: from.store, to: to.store });
    }
    Some(outcome)
}
