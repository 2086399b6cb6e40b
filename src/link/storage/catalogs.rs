//! What database systems keep about themselves, which is no store of the program.

use compact_str::CompactString;

use crate::link::storage::stores::Stores;
use crate::model::sql::StoreName;

/// Schemas and tables of the database system itself.
const CATALOGS: &[&str] = &[
    "information_schema",
    "pg_catalog",
    "sys",
    "sysibm",
    "syscat",
    "performance_schema",
    "mysql",
    "system",
    "system_schema",
    "v_catalog",
    "all_tables",
    "user_tables",
];

/// Whether a statement's name is one of these and none that the program makes itself (`CREATE TABLE pg_notifier_queue`).
pub(crate) fn is_foreign_catalog(stores: &Stores, name: &StoreName) -> bool {
    let is_own = || stores.find(&name.name).is_some_and(|it| !stores.drafts[it].defined_at.is_empty());
    is_catalog(name) && !is_own()
}

/// Whether nobody calls a table so: words of the language that follow a name which is not known, and what is left of a
/// name of which the end is not (`jobs_`).
pub(crate) fn is_no_name(name: &str) -> bool {
    NO_NAMES.iter().any(|it| name.eq_ignore_ascii_case(it)) || name.ends_with('_')
}

/// Words that stand behind the name of a table, or around it.
const NO_NAMES: &[&str] = &[
    "and",
    "as",
    "cascade",
    "except",
    "exists",
    "for",
    "from",
    "having",
    "if",
    "in",
    "insert",
    "intersect",
    "into",
    "is",
    "join",
    "not",
    "null",
    "on",
    "only",
    "or",
    "select",
    "set",
    "to",
    "union",
    "using",
    "values",
    "where",
    "with",
];

pub(crate) fn is_catalog(name: &StoreName) -> bool {
    let schema = name.schema.as_ref().map(CompactString::to_lowercase).unwrap_or_default();
    let table = name.name.to_lowercase();
    let first = schema.split('.').next_back().unwrap_or_default();
    CATALOGS.contains(&first)
        || table.starts_with("sqlite_")
        || schema.is_empty()
            && (["pg_", "svv_", "stl_", "stv_", "exa_all_", "all_tab_"].iter().any(|it| table.starts_with(it))
                || table == "dual")
}
