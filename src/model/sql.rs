//! What one SQL statement touches and how it changes the schema, apart from any parser or dialect.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::model::fact::Text;

/// Name of a table or view as written, unquoted, case folded as the dialect does.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StoreName {
    /// Prefixes as written, joined by `.`: `billing`, `db.dbo`.
    pub schema: Option<Text>,
    pub name: Text,
}

/// What an access does to a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Operation {
    Select,
    Insert,
    Update,
    Delete,
    Upsert,
    Ddl,
    Unknown,
}

/// Whether an access changes rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    Read,
    Write,
}

impl Operation {
    /// The word that formats write for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Select => "select",
            Self::Insert => "insert",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Upsert => "upsert",
            Self::Ddl => "ddl",
            Self::Unknown => "unknown",
        }
    }

    pub fn effect(self) -> Effect {
        match self {
            Self::Select | Self::Unknown => Effect::Read,
            Self::Insert | Self::Update | Self::Delete | Self::Upsert | Self::Ddl => Effect::Write,
        }
    }
}

/// One table touched by a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SqlAccess {
    pub store: StoreName,
    pub operation: Operation,
    /// Columns named for this table where that is certain, sorted; `*` is not listed.
    pub columns: Vec<Text>,
    /// Line inside the text that was read, from 1.
    pub line: u32,
    /// True where the name itself held a hole of a template, so that only a part of it is known.
    pub partial: bool,
}

/// `column = constant` found in a WHERE clause or an INSERT.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SqlPredicate {
    pub store: StoreName,
    pub column: Text,
    pub value: Text,
}

/// Column of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Column {
    pub name: Text,
    /// Type as written, upper case, empty when unknown.
    #[serde(rename = "type")]
    pub type_name: Text,
    pub nullable: bool,
    pub primary_key: bool,
}

/// Foreign key of a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ForeignKey {
    pub columns: Vec<Text>,
    pub store: StoreName,
    pub referenced_columns: Vec<Text>,
    pub on_delete_cascade: bool,
    /// Constraint name, empty when unnamed.
    pub name: Text,
}

/// One change of the schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SchemaChange {
    CreateTable {
        store: StoreName,
        if_not_exists: bool,
        columns: Vec<Column>,
        foreign_keys: Vec<ForeignKey>,
        partition_of: Option<StoreName>,
        like: Option<StoreName>,
    },
    CreateView {
        store: StoreName,
        reads: Vec<StoreName>,
        columns: Vec<Text>,
    },
    Drop {
        store: StoreName,
        /// Takes what depends on it along.
        cascade: bool,
    },
    RenameTable {
        from: StoreName,
        to: StoreName,
    },
    SetSchema {
        store: StoreName,
        schema: Text,
    },
    AddColumn {
        store: StoreName,
        column: Column,
        foreign_key: Option<ForeignKey>,
        if_not_exists: bool,
        /// Does nothing where the table is missing.
        if_exists: bool,
    },
    DropColumn {
        store: StoreName,
        column: Text,
    },
    RenameColumn {
        store: StoreName,
        from: Text,
        to: Text,
    },
    /// New type, nullability or key membership; `None` leaves as is.
    AlterColumn {
        store: StoreName,
        column: Text,
        type_name: Option<Text>,
        nullable: Option<bool>,
    },
    AddForeignKey {
        store: StoreName,
        foreign_key: ForeignKey,
    },
    AddPrimaryKey {
        store: StoreName,
        columns: Vec<Text>,
        /// An index that there is already, instead of columns; empty otherwise.
        index: Text,
    },
    CreateIndex {
        store: StoreName,
        name: Text,
        columns: Vec<Text>,
    },
    DropConstraint {
        store: StoreName,
        name: Text,
    },
    RenameConstraint {
        store: StoreName,
        from: Text,
        to: Text,
    },
    /// `partition` becomes a part of `store`.
    AttachPartition {
        store: StoreName,
        partition: StoreName,
    },
    DropSchema {
        schema: Text,
    },
    RenameSchema {
        from: Text,
        to: Text,
    },
    /// `SET search_path TO x`: default schema of what follows in the same file.
    UseSchema {
        schema: Text,
    },
    /// `USE x`: database of what follows in the same file; a schema like any other when there are several.
    UseDatabase {
        database: Text,
    },
}

/// Begin and end of a transaction in SQL text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TransactionMark {
    Begin,
    Commit,
    Rollback,
}

/// How well a statement was understood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Reading {
    /// A grammar accepted it.
    #[default]
    Parsed,
    /// Only the tolerant pass could read table names from it.
    Tolerant,
    /// Not understood: a blind spot.
    Refused,
}

/// One SQL statement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SqlStatement {
    /// First line of the statement inside the text, from 1.
    pub line: u32,
    pub end_line: u32,
    pub reading: Reading,
    /// Parser's reason where [`Reading`] is not `Parsed`.
    pub problem: CompactString,
    pub accesses: Vec<SqlAccess>,
    /// Each entry: the tables of one query block that stand in one FROM clause together, sorted, two or more.
    pub joins: Vec<Vec<StoreName>>,
    pub predicates: Vec<SqlPredicate>,
    pub changes: Vec<SchemaChange>,
    pub transaction: Option<TransactionMark>,
    /// Name given to the query by a comment (`-- name: GetUser :one`, goyesql and sqlc), empty otherwise.
    pub name: Text,
    /// Function, procedure or trigger the statement's accesses belong to, empty otherwise.
    pub routine: Text,
    /// Functions that it calls, by their names without a schema, in lower case; common ones of every database left out.
    pub calls: Vec<Text>,
    /// Columns bound by position in a SELECT list; empty when unknown.
    pub result_columns: Vec<Text>,
}

/// Reads SQL text found in other languages. Passed to `link`, which imports no frontend.
pub trait ReadSql: Sync {
    /// All statements of `text`. `dialect` is an id such as `postgres`, or empty to try them in order.
    /// Holes of templates stand as `{hole}` in the text.
    fn read(&self, text: &str, dialect: &str) -> Vec<SqlStatement>;

    /// Statements that a clause belongs to: `JOIN orders o ON ..`, `WHERE id IN (SELECT ..)`, a table name with or
    /// without alias, a list of them. What the clause does not show is absent, so only accesses and joins are filled.
    fn read_fragment(&self, text: &str, dialect: &str) -> Vec<SqlStatement>;

    /// Whether a string literal is SQL by its own looks: a leading verb and the structure that goes with it.
    /// Strict, because prose such as `select an item from the list` stands in literals too.
    fn looks_like_sql(&self, text: &str) -> bool;
}

/// Whether a hole stands for what configuration puts before the names of tables: its last name ends with `prefix`
/// (`.TablePrefix`, `s.tablePrefix`) and a name goes on after it. The table is then called by the rest.
pub fn is_prefix(hole: &str, rest: &str) -> bool {
    let last = hole.rsplit(['.', ' ', '$']).next().unwrap_or(hole);
    let is_name = last.chars().all(|it| it.is_alphanumeric() || it == '_');
    is_name && last.to_lowercase().ends_with("prefix") && rest.starts_with(char::is_alphabetic)
}
