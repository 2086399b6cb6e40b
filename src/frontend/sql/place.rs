//! What an `.sql` file is for, and which dialect it is written in.

use crate::model::source::Role;

/// Folders whose files define the schema step by step.
const MIGRATION_FOLDERS: &[&str] = &[
    "migrations",
    "migration",
    "migrate",
    "db-migrations",
    "dbmigrations",
    "sql-migrations",
    "schema_migrations",
    "flyway",
    "goose",
    "dbmate",
    "versions",
    "changelog",
    "changesets",
    "schema",
    "schemas",
    "ddl",
    "seeds",
    "seed",
    "initdb",
    "docker-entrypoint-initdb.d",
    "init",
];
const TEST_FOLDERS: &[&str] = &[
    "test",
    "tests",
    "testing",
    "testdata",
    "test_data",
    "test-data",
    "__tests__",
    "spec",
    "specs",
    "fixture",
    "fixtures",
    "example",
    "examples",
    "bench",
    "benches",
    "benchmark",
    "benchmarks",
    "e2e",
    "samples",
];
const VENDORED_FOLDERS: &[&str] =
    &["vendor", "vendored", "third_party", "third-party", "node_modules", "site-packages"];

/// From the path and the first lines.
pub(super) fn role(path: &str, head: &str) -> Role {
    let lower = path.to_ascii_lowercase();
    let (folders, file) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let in_any = |names: &[&str]| folders.split('/').any(|folder| names.contains(&folder));
    if in_any(VENDORED_FOLDERS) {
        return Role::Vendored;
    }
    if in_any(TEST_FOLDERS) || file.starts_with("test_") || file.ends_with("_test.sql") {
        return Role::Test;
    }
    if in_any(MIGRATION_FOLDERS) || is_migration_file(file) || defines_schema(head) {
        return Role::Migration;
    }
    Role::Production
}

/// `0001_init.sql`, `V1__init.sql`, `R__views.sql`, `x.up.sql`, `schema.sql` and the like.
fn is_migration_file(file: &str) -> bool {
    let stem = file.strip_suffix(".sql").unwrap_or(file);
    let digits = stem.bytes().take_while(u8::is_ascii_digit).count();
    let numbered = digits >= 3 && stem[digits..].starts_with(['_', '-', '.']);
    let flyway = stem
        .strip_prefix(['v', 'r', 'u'])
        .and_then(|rest| rest.split_once("__"))
        .is_some_and(|(version, _)| version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'_'));
    let named =
        ["schema", "structure", "init", "initdb", "ddl", "up", "down", "seed", "seeds", "tables", "create_tables"];
    numbered || flyway || stem.ends_with(".up") || stem.ends_with(".down") || named.contains(&stem)
}

fn defines_schema(head: &str) -> bool {
    let marked =
        ["-- +goose", "-- migrate:", "-- +migrate", "-- PostgreSQL database dump", "-- MySQL dump", "-- SQLite dump"];
    if marked.iter().any(|mark| head.contains(mark)) {
        return true;
    }
    head.lines().any(|line| {
        let start = line.trim_start().get(..14).map(str::to_ascii_uppercase).unwrap_or_default();
        start.starts_with("CREATE TABLE") || start.starts_with("ALTER TABLE")
    })
}

/// Dialect id from words that only one of them has; empty when the text does not tell.
pub(super) fn dialect(text: &str) -> &'static str {
    let has = |words: &[&str]| words.iter().any(|word| contains_word(text, word));
    if text.contains('`') && has(&["ENGINE", "AUTO_INCREMENT", "CHARSET", "UNSIGNED"]) || text.contains("/*!40") {
        return "mysql";
    }
    let batches = text.lines().any(|line| line.trim_end().eq_ignore_ascii_case("GO"));
    if batches || text.contains("[dbo].") || has(&["NVARCHAR"]) && has(&["IDENTITY"]) {
        return "mssql";
    }
    let postgres = has(&[
        "SERIAL",
        "BIGSERIAL",
        "TIMESTAMPTZ",
        "JSONB",
        "BYTEA",
        "PLPGSQL",
        "ILIKE",
        "INET",
        "TSVECTOR",
        "GEN_RANDOM_UUID",
        "UUID_GENERATE_V4",
    ]) || text.contains("::")
        || text.contains("$$")
        || text.contains("search_path")
        || text.contains("[] ");
    if postgres {
        return "postgres";
    }
    if has(&["AUTOINCREMENT", "PRAGMA", "STRFTIME"]) || text.contains("WITHOUT ROWID") {
        return "sqlite";
    }
    if has(&["AUTO_INCREMENT"]) || text.contains("ENGINE=") {
        return "mysql";
    }
    ""
}

/// Whole word, whatever its case.
fn contains_word(text: &str, upper: &str) -> bool {
    let bytes = text.as_bytes();
    let word = upper.as_bytes();
    let first = [word[0], word[0].to_ascii_lowercase()];
    memchr::memchr2_iter(first[0], first[1], bytes).any(|at| {
        let end = at + word.len();
        let free = |at: usize| !bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        bytes.get(at..end).is_some_and(|found| found.eq_ignore_ascii_case(word))
            && free(end)
            && (at == 0 || free(at - 1))
    })
}

#[cfg(test)]
mod tests {
    use super::{dialect, role};
    use crate::model::source::Role;

    #[test]
    fn roles_by_path() {
        for (path, expected) in [
            ("db/migrations/0001_init.sql", Role::Migration),
            ("migrations/2024/up.sql", Role::Migration),
            ("sql/V1__init.sql", Role::Migration),
            ("sql/R__views.sql", Role::Migration),
            ("schema.sql", Role::Migration),
            ("db/seeds/users.sql", Role::Migration),
            ("20240101120000_add.sql", Role::Migration),
            ("queries/users.sql", Role::Production),
            ("internal/db/query.sql", Role::Production),
            ("tests/data/load.sql", Role::Test),
            ("vendor/x/schema.sql", Role::Vendored),
        ] {
            assert_eq!(role(path, ""), expected, "{path}");
        }
        assert_eq!(role("sql/tables_v2.sql", "-- all tables\ncreate table a (id int);"), Role::Migration);
    }

    #[test]
    fn dialects_by_words() {
        assert_eq!(dialect("CREATE TABLE a (id BIGSERIAL)"), "postgres");
        assert_eq!(dialect("CREATE TABLE `a` (id int) ENGINE=InnoDB"), "mysql");
        assert_eq!(dialect("CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT)"), "sqlite");
        assert_eq!(dialect("SELECT 1\nGO\n"), "mssql");
        assert_eq!(dialect("SELECT serials FROM a"), "");
    }
}
