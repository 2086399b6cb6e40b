//! The schema that migrations lead to, compared with what `PostgreSQL` and `SQLite` report after applying them for real.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use seamline::frontend::Frontend;
use seamline::frontend::sql::{Reader, Sql};
use seamline::link::storage::migrations::{MigrationKind, migration_order};
use seamline::link::storage::schema::{Schema, Table, canonical_type};
use seamline::model::sql::{ReadSql, StoreName};

/// Tables after all texts, each its own file.
fn tables(texts: &[&str]) -> Vec<Table> {
    let mut schema = Schema::default();
    for (file, text) in texts.iter().enumerate() {
        schema.begin_file(false);
        for statement in Reader.read(text, "") {
            for change in &statement.changes {
                schema.apply(change, (file as u32, statement.line));
            }
        }
    }
    schema.finish()
}

fn full(name: &StoreName) -> String {
    name.schema.as_ref().map_or_else(|| name.name.to_string(), |schema| format!("{schema}.{}", name.name))
}

/// `a(id*, b?) a.b->c.id` and so on.
fn notation(texts: &[&str]) -> String {
    let parts: Vec<String> = tables(texts)
        .iter()
        .map(|table| {
            let columns: Vec<String> = table
                .columns
                .iter()
                .map(|column| {
                    let key = if column.primary_key { "*" } else { "" };
                    format!("{}{key}", column.name)
                })
                .collect();
            let mut written = format!("{}({})", full(&table.name), columns.join(", "));
            for (key, _) in &table.foreign_keys {
                let _ = write!(
                    written,
                    " {}->{}.{}",
                    key.columns.join("+"),
                    full(&key.store),
                    key.referenced_columns.join("+")
                );
            }
            for (_, conflict) in &table.conflicts {
                let _ = write!(written, " !{conflict}");
            }
            written
        })
        .collect();
    parts.join("; ")
}

#[test]
fn changes_lead_to_tables() {
    for (texts, expected) in [
        (&["CREATE TABLE a (id int PRIMARY KEY); ALTER TABLE a ADD COLUMN b text"][..], "a(id*, b)"),
        (&["CREATE TABLE a (id int); DROP TABLE a"], ""),
        (&["CREATE TABLE a (id int); DROP TABLE a; CREATE TABLE a (x int)"], "a(x)"),
        (&["CREATE TABLE a (id int); CREATE TABLE a (id int, b int)"], "a(id) !adds b"),
        (
            &["CREATE TABLE a (id int, c text); CREATE TABLE IF NOT EXISTS a (id text)"],
            "a(id, c) !lacks c; has id as TEXT, not INT",
        ),
        (&["CREATE TABLE a (id int)", "CREATE TABLE IF NOT EXISTS A (id integer)"], "a(id)"),
        (
            &["CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a_id int REFERENCES a)"],
            "a(id*); b(a_id) a_id->a.id",
        ),
        (
            &[
                "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a_id int REFERENCES a); ALTER TABLE a RENAME TO c; ALTER TABLE c RENAME COLUMN id TO no",
            ],
            "b(a_id) a_id->c.no; c(no*)",
        ),
        (
            &["CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a_id int REFERENCES a (id)); DROP TABLE a CASCADE"],
            "b(a_id)",
        ),
        (
            &[
                "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (x int); ALTER TABLE b ADD CONSTRAINT f FOREIGN KEY (x) REFERENCES a (id); ALTER TABLE b DROP CONSTRAINT f",
            ],
            "a(id*); b(x)",
        ),
        (&["SET search_path TO app; CREATE TABLE a (id int)", "CREATE TABLE b (id int)"], "b(id); app.a(id)"),
        (&["USE shop; CREATE TABLE a (id int)", "USE shop; CREATE TABLE b (id int)"], "a(id); b(id)"),
        (&["USE shop; CREATE TABLE a (id int); USE bank; CREATE TABLE b (id int)"], "a(id); b(id)"),
        (
            &["USE shop; CREATE TABLE a (id int)", "USE bank; CREATE TABLE a (id int); CREATE TABLE b (id int)"],
            "a(id); b(id)",
        ),
        (&["USE shop; CREATE TABLE a (id int); CREATE TABLE bank.a (id int)"], "a(id); bank.a(id)"),
        (&["USE shop; CREATE TABLE a (id int); CREATE TABLE shop.b (id int)"], "shop.a(id); shop.b(id)"),
        (&["CREATE TABLE public.a (id int); ALTER TABLE a ADD b int"], "a(id, b)"),
        (
            &[
                "CREATE TABLE a (id int PRIMARY KEY, b int); CREATE UNIQUE INDEX CONCURRENTLY u ON a USING btree (b); ALTER TABLE a DROP CONSTRAINT a_pkey, ADD CONSTRAINT a_pkey PRIMARY KEY USING INDEX u, DROP COLUMN id",
            ],
            "a(b*)",
        ),
        (
            &[
                "CREATE TABLE a (id int); CREATE TABLE a_1 PARTITION OF a FOR VALUES IN (1); ALTER TABLE a_1 ADD COLUMN b int",
            ],
            "a(id, b)",
        ),
        (&["ALTER TABLE elsewhere ADD COLUMN x int"], "elsewhere(x)"),
        (&["CREATE TABLE a (id int); CREATE VIEW v AS SELECT id FROM a; ALTER TABLE a DROP COLUMN id"], "a(); v(id)"),
        (
            &["CREATE TABLE a (id int, x text); ALTER TABLE a ADD COLUMN IF NOT EXISTS x int"],
            "a(id, x) !column x is already there as TEXT, not INT",
        ),
    ] {
        assert_eq!(notation(texts), expected, "{texts:?}");
    }
}

#[test]
fn a_snapshot_adds_only_what_is_missing() {
    let mut schema = Schema::default();
    let apply = |schema: &mut Schema, text: &str| {
        for statement in Reader.read(text, "") {
            for change in &statement.changes {
                schema.apply(change, (0, statement.line));
            }
        }
    };
    apply(&mut schema, "CREATE TABLE a (id int); ALTER TABLE a ADD COLUMN b int;");
    schema.begin_file(true);
    apply(
        &mut schema,
        "DROP TABLE IF EXISTS a; CREATE TABLE a (id int, b int, c int); ALTER TABLE a ADD COLUMN d int; CREATE TABLE e (id int); ALTER TABLE e ADD COLUMN f int;",
    );
    let tables = schema.finish();
    let names: Vec<(String, usize, usize)> =
        tables.iter().map(|table| (full(&table.name), table.columns.len(), table.conflicts.len())).collect();
    assert_eq!(names, [("a".to_owned(), 2, 0), ("e".to_owned(), 2, 0)]);
}

/// What a database reports, one fact a line.
fn facts(tables: &[Table], sqlite: bool) -> Vec<String> {
    let mut lines = Vec::new();
    for table in tables {
        let name = full(&table.name);
        lines.push(format!("{} {name}", if table.is_view { "view" } else { "table" }));
        if table.is_view {
            continue;
        }
        for column in &table.columns {
            let type_name = if sqlite { column.type_name.to_string() } else { canonical_type(&column.type_name) };
            let key = if column.primary_key { " key" } else { "" };
            let null = if column.nullable || sqlite && column.primary_key { "" } else { " not null" };
            lines.push(format!("column {name}.{} {type_name}{null}{key}", column.name));
        }
        for (key, _) in &table.foreign_keys {
            let cascade = if key.on_delete_cascade { " cascade" } else { "" };
            let (columns, referenced) = (key.columns.join(","), key.referenced_columns.join(","));
            lines.push(format!("key {name}({columns}) -> {}({referenced}){cascade}", full(&key.store)));
        }
    }
    lines.sort();
    lines
}

/// Files of a folder in their turn, and the tables we find.
fn migrated(folder: &Path) -> (Vec<PathBuf>, Vec<Table>) {
    let mut paths: Vec<String> = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the folder exists") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "sql") {
                paths.push(path.to_string_lossy().into_owned());
            }
        }
    }
    paths.sort();
    let mut schema = Schema::default();
    let mut files = Vec::new();
    for (at, migration) in migration_order(&paths).iter().enumerate() {
        if migration.kind == MigrationKind::Snapshot {
            continue;
        }
        let text = std::fs::read_to_string(&migration.path).expect("readable");
        schema.begin_file(migration.kind == MigrationKind::Snapshot);
        for statement in Sql.facts(&text).sql {
            for change in &statement.changes {
                schema.apply(change, (at as u32, statement.line));
            }
        }
        files.push(PathBuf::from(&migration.path));
    }
    (files, schema.finish())
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Folders outside the repository to compare as well, from an environment variable, separated by `:`.
fn more_folders(variable: &str) -> Vec<PathBuf> {
    std::env::var_os(variable).map(|value| std::env::split_paths(&value).collect()).unwrap_or_default()
}

fn difference(found: &[String], expected: &[String]) -> String {
    let mut text = String::new();
    for line in expected.iter().filter(|line| !found.contains(line)) {
        let _ = writeln!(text, "  database only: {line}");
    }
    for line in found.iter().filter(|line| !expected.contains(line)) {
        let _ = writeln!(text, "  ours only:     {line}");
    }
    text
}

const INSTALL: &str = "install it with: apt-get install -y postgresql postgresql-client python3";

fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("cannot run {command:?} ({error}); {INSTALL}"));
    assert!(
        output.status.success(),
        "{command:?}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// A server of its own, without network, gone with the test.
struct Server {
    folder: tempfile::TempDir,
    as_root: bool,
}

impl Server {
    fn start() -> Self {
        let as_root = String::from_utf8_lossy(&run(Command::new("id").arg("-u")).stdout).trim() == "0";
        let folder = tempfile::tempdir().expect("a temporary folder");
        if as_root {
            // The server refuses to run as root.
            run(Command::new("chown").arg("nobody").arg(folder.path()));
        }
        let server = Self { folder, as_root };
        let path = server.folder.path().display().to_string();
        server.execute(
            "initdb",
            &["-D", &format!("{path}/data"), "-U", "test", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"],
        );
        let options = format!("-k {path} -c listen_addresses='' -c fsync=off");
        server.execute(
            "pg_ctl",
            &["-D", &format!("{path}/data"), "-l", &format!("{path}/log"), "-o", &options, "-w", "start"],
        );
        server
    }

    fn execute(&self, program: &str, arguments: &[&str]) {
        let program = find_program(program);
        let mut command = if self.as_root {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=nobody", "--clear-groups"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        // The server inherits no pipe of ours.
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        let status = status.unwrap_or_else(|error| panic!("cannot run {command:?} ({error}); {INSTALL}"));
        assert!(status.success(), "{command:?} failed; {INSTALL}");
    }

    fn psql(&self, database: &str, arguments: &[&str]) -> String {
        self.try_psql(database, arguments).unwrap_or_else(|problem| panic!("{problem}"))
    }

    fn try_psql(&self, database: &str, arguments: &[&str]) -> Result<String, String> {
        let mut command = Command::new("psql");
        command
            .args(["-X", "-q", "-A", "-t", "-U", "test", "-v", "ON_ERROR_STOP=1", "-d", database, "-h"])
            .arg(self.folder.path());
        let output =
            command.args(arguments).output().map_err(|error| format!("cannot run psql ({error}); {INSTALL}"))?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = format!("{}/data", self.folder.path().display());
        self.execute("pg_ctl", &["-D", &data, "-m", "immediate", "stop"]);
    }
}

/// Debian keeps the server's programs off the path.
fn find_program(name: &str) -> PathBuf {
    let on_path = std::env::var_os("PATH")
        .into_iter()
        .flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>())
        .map(|folder| folder.join(name))
        .find(|path| path.exists());
    let installed = || {
        let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path().join("bin").join(name)))
            .filter(|path| path.exists())
            .collect();
        versions.sort();
        versions.pop()
    };
    on_path.or_else(installed).unwrap_or_else(|| panic!("{name} is missing; {INSTALL}"))
}

const POSTGRES_FACTS: &str = "
WITH t AS (
    SELECT c.oid, c.relkind, CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END || c.relname AS name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition
      AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_temp%' AND n.nspname NOT LIKE 'pg_toast%'
)
SELECT CASE WHEN relkind IN ('v', 'm') THEN 'view ' ELSE 'table ' END || name FROM t
UNION ALL
SELECT 'column|' || t.name || '.' || a.attname || '|' || format_type(a.atttypid, a.atttypmod)
    || '|' || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
    || CASE WHEN EXISTS (SELECT 1 FROM pg_constraint p WHERE p.conrelid = t.oid AND p.contype = 'p' AND a.attnum = ANY (p.conkey)) THEN ' key' ELSE '' END
FROM t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE relkind IN ('r', 'p')
UNION ALL
SELECT 'key ' || t.name || '('
    || (SELECT string_agg(a.attname, ',' ORDER BY k.i) FROM unnest(f.conkey) WITH ORDINALITY k(n, i) JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.n)
    || ') -> ' || r.name || '('
    || (SELECT string_agg(a.attname, ',' ORDER BY k.i) FROM unnest(f.confkey) WITH ORDINALITY k(n, i) JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.n)
    || ')' || CASE WHEN f.confdeltype = 'c' THEN ' cascade' ELSE '' END
FROM t JOIN pg_constraint f ON f.conrelid = t.oid AND f.contype = 'f' AND f.conparentid = 0 JOIN t r ON r.oid = f.confrelid";

#[test]
fn postgres_reports_the_same_schema() {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(root().join("fixtures/sql/postgres"))
        .expect("the fixtures exist")
        .map(|entry| entry.expect("readable").path())
        .collect();
    folders.sort();
    for project in ["flowline", "shopfront"] {
        folders.push(root().join("fixtures/projects").join(project).join("migrations"));
    }
    folders.extend(more_folders("SEAMLINE_POSTGRES_MIGRATIONS"));
    let server = Server::start();
    let mut wrong = String::new();
    for (at, folder) in folders.iter().enumerate() {
        let (files, tables) = migrated(folder);
        assert!(!files.is_empty(), "{} holds migrations", folder.display());
        let database = format!("d{at}");
        server.psql("postgres", &["-c", &format!("CREATE DATABASE {database}")]);
        let refused = files.iter().find_map(|file| server.try_psql(&database, &["-f", &file.to_string_lossy()]).err());
        if let Some(problem) = refused {
            let _ = writeln!(wrong, "{}\n  the database refuses it: {problem}", folder.display());
            continue;
        }
        let mut expected: Vec<String> = server
            .psql(&database, &["-c", POSTGRES_FACTS])
            .lines()
            .map(|line| match line.split('|').collect::<Vec<_>>().as_slice() {
                ["column", name, type_name, rest] => format!("column {name} {}{rest}", canonical_type(type_name)),
                _ => line.to_owned(),
            })
            .collect();
        expected.sort();
        let mut found = facts(&tables, false);
        // A table made by a query shows no types in its text.
        let untyped: Vec<String> =
            found.iter().filter(|line| line.starts_with("column") && line.ends_with(' ')).cloned().collect();
        for line in untyped {
            if let Some(full) = expected.iter().find(|full| full.starts_with(&line)) {
                found.retain(|known| *known != line);
                found.push(full.clone());
            }
        }
        let text = difference(&found, &expected);
        if !text.is_empty() {
            let _ = writeln!(wrong, "{}\n{text}", folder.display());
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

const SQLITE_FACTS: &str = "
import sqlite3, sys
db = sqlite3.connect(':memory:')
for path in sys.argv[1:]:
    db.executescript(open(path).read())
for name, kind in db.execute(\"SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'\").fetchall():
    print(kind, name)
    if kind == 'view':
        continue
    for _, column, type_name, notnull, _, pk in db.execute(f'PRAGMA table_info(\"{name}\")'):
        null = ' not null' if notnull and not pk else ''
        print(f'column {name}.{column} {type_name}{null}' + (' key' if pk else ''))
    keys = {}
    for id, seq, table, source, target, _, on_delete, _ in db.execute(f'PRAGMA foreign_key_list(\"{name}\")'):
        keys.setdefault(id, (table, on_delete, []))[2].append((seq, source, target))
    for table, on_delete, columns in keys.values():
        columns.sort()
        sources = ','.join(source for _, source, _ in columns)
        targets = ','.join(target or '' for _, _, target in columns)
        print(f'key {name}({sources}) -> {table}({targets})' + (' cascade' if on_delete == 'CASCADE' else ''))
";

#[test]
fn sqlite_reports_the_same_schema() {
    let mut folders = vec![root().join("fixtures/sql/sqlite/rebuild")];
    folders.extend(more_folders("SEAMLINE_SQLITE_MIGRATIONS"));
    let mut wrong = String::new();
    for folder in folders {
        let (files, tables) = migrated(&folder);
        let output = run(Command::new("python3").arg("-c").arg(SQLITE_FACTS).args(&files));
        let mut expected: Vec<String> = String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
        expected.sort();
        let text = difference(&facts(&tables, true), &expected);
        if !text.is_empty() {
            let _ = writeln!(wrong, "{}\n{text}", folder.display());
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
