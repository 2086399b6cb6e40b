//! The dialects: the names people give them, the grammar each is read with, and the order in which they are tried.

/// Id, other names, and the grammar's own name for it. Sorted by id.
const TABLE: &[(&str, &[&str], &str)] = &[
    ("ansi", &["sql", "standard"], "ansi"),
    ("bigquery", &["googlesql", "standardsql"], "bigquery"),
    ("clickhouse", &[], "clickhouse"),
    ("databricks", &[], "databricks"),
    ("duckdb", &[], "duckdb"),
    ("generic", &["trino", "presto", "athena", "db2", "exasol", "dremio", "drill", "flink"], "generic"),
    ("hive", &["impala"], "hive"),
    ("mssql", &["tsql", "sqlserver", "transactsql", "fabric", "azure"], "mssql"),
    ("mysql", &["mariadb", "doris", "starrocks", "tidb", "singlestore"], "mysql"),
    ("oracle", &["plsql"], "oracle"),
    (
        "postgres",
        &[
            "postgresql",
            "pg",
            "pgsql",
            "psql",
            "greenplum",
            "cockroachdb",
            "cockroach",
            "materialize",
            "risingwave",
            "vertica",
            "yugabyte",
        ],
        "postgresql",
    ),
    ("redshift", &[], "redshift"),
    ("snowflake", &[], "snowflake"),
    ("spark", &["sparksql", "spark2", "spark3"], "spark"),
    ("sqlite", &["sqlite3", "libsql"], "sqlite"),
    ("teradata", &[], "teradata"),
];

/// Ids of all dialects, sorted.
pub fn ids() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|(id, ..)| *id)
}

/// The id of a dialect whatever it is called; empty when it is not known.
pub(super) fn canonical(name: &str) -> &'static str {
    let lower = name.trim().to_ascii_lowercase();
    TABLE.iter().find(|(id, others, _)| *id == lower || others.contains(&lower.as_str())).map_or("", |(id, ..)| id)
}

/// Grammars in the order they are tried on a text: the given dialect, the one its quotes hint at, the common ones.
pub(super) fn grammars(text: &str, given: &str) -> Vec<&'static str> {
    let given = TABLE.iter().find(|(id, ..)| *id == given).map_or("", |(.., grammar)| grammar);
    let hint = if text.contains('`') {
        "mysql"
    } else if text.contains("[dbo]") || text.contains("(NOLOCK)") {
        "mssql"
    } else {
        ""
    };
    let mut order: Vec<&'static str> = Vec::with_capacity(10);
    let common = ["postgresql", "mysql", "sqlite", "generic", "mssql", "snowflake", "bigquery", "hive"];
    for id in [given, hint].into_iter().chain(common) {
        if !id.is_empty() && !order.contains(&id) {
            order.push(id);
        }
    }
    order
}

/// Whether unquoted names are folded to lower case.
pub(super) fn folds(id: &str) -> bool {
    matches!(id, "postgres" | "redshift")
}

/// Whether `"x"` is always a name.
pub(super) fn quotes_are_names(id: &str) -> bool {
    matches!(id, "postgres" | "redshift" | "oracle" | "snowflake" | "ansi" | "duckdb" | "teradata")
}

/// Whether a common table expression must say RECURSIVE to mean itself.
pub(super) fn recursion_is_explicit(id: &str) -> bool {
    matches!(id, "postgres" | "redshift" | "mysql" | "duckdb")
}

#[cfg(test)]
mod tests {
    use super::{TABLE, canonical, grammars};

    #[test]
    fn the_table_is_sorted_and_every_grammar_exists() {
        assert!(TABLE.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (id, others, grammar) in TABLE {
            assert!(sqlparser::dialect::dialect_from_str(grammar).is_some(), "{id}");
            assert!(others.iter().all(|other| canonical(other) == *id), "{id}");
        }
        assert_eq!(canonical("PostgreSQL"), "postgres");
        assert_eq!(canonical("klingon"), "");
        assert_eq!(grammars("SELECT `a`", "sqlite")[..2], ["sqlite", "mysql"]);
    }
}
