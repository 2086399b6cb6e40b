//! What database systems keep about themselves, which is no store of the program.

use compact_str::CompactString;

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
