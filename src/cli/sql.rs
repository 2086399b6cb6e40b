//! `seamline sql`: which tables each statement reads and writes.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cli::{Failure, Outcome};
use crate::frontend::sql;
use crate::model::sql::{Effect, Reading, SqlStatement, StoreName};

/// Prints the tables that SQL statements read and write, one JSON object a line.
///
/// Input is SQL text, where the id of a statement is its number from 1, or one JSON object a line with `sql` and
/// optionally `id` and `dialect`.
#[derive(Debug, Args)]
pub(super) struct Sql {
    /// File to read; `-` is standard input.
    #[arg(default_value = "-", value_name = "FILE")]
    file: PathBuf,
    /// Dialect of the statements that name none [default: found out by trying].
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(sql::dialect::ids()))]
    dialect: Option<String>,
}

/// One line of input.
#[derive(Deserialize)]
struct Query {
    #[serde(default)]
    id: Value,
    sql: String,
    #[serde(default)]
    dialect: Option<String>,
}

/// One line of output.
#[derive(Serialize)]
struct Tables {
    id: Value,
    read_tables: BTreeSet<String>,
    write_tables: BTreeSet<String>,
}

impl Tables {
    fn of(id: Value, statements: &[SqlStatement]) -> Self {
        let mut tables = Self { id, read_tables: BTreeSet::new(), write_tables: BTreeSet::new() };
        for access in statements.iter().flat_map(|statement| &statement.accesses) {
            let set = match access.operation.effect() {
                Effect::Read => &mut tables.read_tables,
                Effect::Write => &mut tables.write_tables,
            };
            set.insert(written(&access.store));
        }
        tables
    }
}

fn written(store: &StoreName) -> String {
    match &store.schema {
        Some(schema) => format!("{schema}.{}", store.name),
        None => store.name.to_string(),
    }
}

impl Sql {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let mut input: Box<dyn BufRead> = if self.file.as_os_str() == "-" {
            Box::new(BufReader::new(std::io::stdin()))
        } else {
            let file = std::fs::File::open(&self.file).map_err(|error| {
                Failure::Message(format!(
                    "cannot read {}: {error}; give a file, or `-` for standard input",
                    self.file.display()
                ))
            })?;
            Box::new(BufReader::new(file))
        };
        let mut first = Vec::new();
        self.line(&mut input, &mut first)?;
        let is_json = first.trim_ascii_start().starts_with(b"{") && serde_json::from_slice::<Query>(&first).is_ok();
        let mut stdout = std::io::BufWriter::new(std::io::stdout().lock());
        if !is_json {
            input.read_to_end(&mut first).map_err(|error| self.unreadable(&error))?;
            let text = String::from_utf8_lossy(&first);
            let dialect = self.dialect.as_deref().unwrap_or("");
            for (at, statement) in sql::read(&text, dialect, false).iter().enumerate() {
                let statements = std::slice::from_ref(statement);
                warn(&format!("line {}", statement.line), statements);
                print(&mut stdout, &Tables::of(Value::from(at + 1), statements))?;
            }
            stdout.flush()?;
            return Ok(Outcome::Fine);
        }
        let mut number = 0_u64;
        let mut line = first;
        while !line.is_empty() {
            number += 1;
            if !line.trim_ascii().is_empty() {
                self.query(number, &line, &mut stdout)?;
            }
            self.line(&mut input, &mut line)?;
        }
        stdout.flush()?;
        Ok(Outcome::Fine)
    }

    fn query(&self, number: u64, line: &[u8], stdout: &mut impl Write) -> Result<(), Failure> {
        let query: Query = match serde_json::from_slice(line) {
            Ok(query) => query,
            Err(error) => {
                let mut stderr = anstream::stderr().lock();
                let _ =
                    writeln!(stderr, "warning: line {number} is no JSON object with \"sql\" ({error}); it is left out");
                return Ok(());
            }
        };
        let id = if query.id.is_null() { Value::from(number) } else { query.id };
        let dialect = query.dialect.as_deref().or(self.dialect.as_deref()).unwrap_or("");
        let statements = sql::read(&query.sql, dialect, false);
        warn(&id.to_string(), &statements);
        print(stdout, &Tables::of(id, &statements))
    }

    fn line(&self, input: &mut dyn BufRead, line: &mut Vec<u8>) -> Result<(), Failure> {
        line.clear();
        input.read_until(b'\n', line).map_err(|error| self.unreadable(&error))?;
        Ok(())
    }

    fn unreadable(&self, error: &std::io::Error) -> Failure {
        Failure::Message(format!("cannot read {}: {error}", self.file.display()))
    }
}

fn print(stdout: &mut impl Write, tables: &Tables) -> Result<(), Failure> {
    let text = serde_json::to_string(tables).unwrap_or_default();
    writeln!(stdout, "{text}")?;
    Ok(())
}

/// Says on stderr what was not fully understood.
fn warn(place: &str, statements: &[SqlStatement]) {
    let mut stderr = anstream::stderr().lock();
    for statement in statements {
        let words = match statement.reading {
            Reading::Parsed => continue,
            Reading::Tolerant => "note: only table names were read, as no grammar accepts it",
            Reading::Refused => "warning: not understood",
        };
        let _ = writeln!(stderr, "{words}: {place}: {}", statement.problem);
    }
}
