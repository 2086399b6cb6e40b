//! The SQL frontend: `.sql` files and SQL text found in other languages.
//!
//! A text is cut into statements (`piece`), each is read by its first words where they say everything (`statement`,
//! `ddl`, `routine`), else rewritten without placeholders (`rewrite`) and given to a grammar, dialect after dialect
//! (`tree` walks the result), and what every grammar refuses is left to a tolerant pass (`tolerant`).

mod cursor;
mod ddl;
pub mod dialect;
mod lex;
mod looks;
mod piece;
mod place;
mod rewrite;
mod routine;
mod statement;
mod templates;
mod tolerant;
mod tree;

use crate::frontend::sql::lex::{Rules, tokens};
use crate::frontend::sql::piece::Piece;
use crate::frontend::sql::statement::{Context, Outcome};
use crate::frontend::sql::tree::Naming;
use crate::frontend::{Frontend, Layout, Manifest, Placement};
use crate::model::diagnostic::Diagnostic;
use crate::model::fact::{DefId, Definition, DefinitionKind, FileFacts};
use crate::model::source::{Package, Role};
use crate::model::sql::{ReadSql, Reading, SqlStatement};

/// The SQL frontend.
pub struct Sql;

/// Reads SQL text of any dialect.
pub struct Reader;

impl ReadSql for Reader {
    fn read(&self, text: &str, dialect: &str) -> Vec<SqlStatement> {
        let mut statements = read(text, dialect, dialect::folds(dialect::canonical(dialect)));
        if let [only] = statements.as_mut_slice()
            && is_title(text, Rules::of(text, dialect::canonical(dialect)))
        {
            *only = SqlStatement {
                line: only.line,
                end_line: only.end_line,
                reading: Reading::Refused,
                problem: "it is the name of a statement, not one".into(),
                ..SqlStatement::default()
            };
        }
        statements
    }

    fn read_fragment(&self, text: &str, dialect: &str) -> Vec<SqlStatement> {
        let rules = Rules::of(text, dialect::canonical(dialect));
        let words = tokens(text, rules);
        let Some(first) = words.first() else { return Vec::new() };
        let is = |word: &str| first.is(text, word);
        let clause =
            ["SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "VALUES", "CREATE", "ALTER", "DROP"];
        if clause.iter().any(|word| is(word)) {
            return self.read(text, dialect);
        }
        // The line break in front is one that is taken off again.
        let frame = if is("FROM") {
            "SELECT * "
        } else if [
            "JOIN",
            "LEFT",
            "RIGHT",
            "INNER",
            "FULL",
            "CROSS",
            "NATURAL",
            "STRAIGHT_JOIN",
            "WHERE",
            "ORDER",
            "GROUP",
        ]
        .iter()
        .any(|word| is(word))
            || ["HAVING", "LIMIT", "OFFSET", "FETCH", "FOR", "UNION", "EXCEPT", "INTERSECT", ","]
                .iter()
                .any(|word| is(word))
        {
            "SELECT * FROM {hole} "
        } else if words.iter().skip(1).take(5).any(|token| token.is(text, "ON") || token.is(text, "USING")) {
            // What follows the word JOIN.
            "SELECT * FROM {hole} JOIN "
        } else if words
            .iter()
            .take(8)
            .any(|token| token.kind == lex::Kind::Symbol && !matches!(token.text(text), "." | "," | "[" | "]"))
            || words.iter().take(8).any(|token| CONDITION.iter().any(|word| token.is(text, word)))
        {
            "SELECT * FROM {hole} WHERE "
        } else {
            "SELECT * FROM "
        };
        let mut statements = self.read(&format!("{frame}{text}"), dialect);
        for statement in &mut statements {
            statement.accesses.retain(|access| access.store.name != rewrite::HOLE);
            for join in &mut statement.joins {
                join.retain(|store| store.name != rewrite::HOLE);
            }
            statement.joins.retain(|join| join.len() > 1);
            statement.result_columns.clear();
        }
        statements
    }

    fn looks_like_sql(&self, text: &str) -> bool {
        looks::like_sql(text)
    }
}

/// A file longer than this is not kept as it is written.
const MOST_WRITTEN: usize = 8_192;

/// Words that stand in a condition and in no list of tables.
const CONDITION: &[&str] =
    &["AND", "BETWEEN", "EXISTS", "GLOB", "ILIKE", "IN", "IS", "LIKE", "MATCH", "NOT", "OR", "REGEXP", "SIMILAR"];

/// Whether a text only begins like a statement that writes, as the names do that prepared statements are given (`delete old
/// orders`): a few words without the one that such a statement cannot do without.
fn is_title(text: &str, rules: Rules) -> bool {
    let words = tokens(text, rules);
    let (Some(verb), 2..=6) = (words.first(), words.len()) else { return false };
    let needed: &[&str] = match verb.text(text).to_ascii_uppercase().as_str() {
        "UPDATE" => &["SET"],
        "DELETE" => &["FROM", "WHERE"],
        "INSERT" => &["INTO", "VALUES", "SELECT"],
        _ => return false,
    };
    let bare = |it: &lex::Token| it.kind == lex::Kind::Word && it.text(text).chars().all(char::is_alphanumeric);
    words.iter().all(bare) && !words.iter().any(|it| needed.iter().any(|word| it.is(text, word)))
}

/// All statements; `dialect` is any name of one or empty, and unquoted names keep their case unless `fold`.
pub fn read(text: &str, dialect: &str, fold: bool) -> Vec<SqlStatement> {
    let text = &*templates::resolved(text);
    let known = dialect::canonical(dialect);
    let dialect = if known.is_empty() { place::dialect(text) } else { known };
    let rules = Rules::of(text, dialect);
    let context = Context {
        source: text,
        dialect,
        rules,
        naming: Naming {
            fold,
            quotes_may_be_text: !dialect::quotes_are_names(dialect),
            in_routine: false,
            implicit_recursion: !dialect::recursion_is_explicit(dialect),
            nested_arrays: dialect == "bigquery",
        },
        depth: 0,
    };
    let mut statements = Vec::new();
    for piece in piece::cut(text, rules) {
        let batches =
            if context.is_tsql() { routine::batches(text, &piece.tokens) } else { vec![piece.tokens.as_slice()] };
        for batch in batches {
            let part = Piece { tokens: batch.to_vec(), name: piece.name.clone() };
            let mut outcomes = context.read(&part.tokens);
            let count = outcomes.len();
            let calls = routine::called(text, &part.tokens);
            let starts: Vec<Option<u32>> = outcomes.iter().map(|outcome| outcome.line).collect();
            for (at, outcome) in outcomes.drain(..).enumerate() {
                let line = outcome.line.unwrap_or_else(|| part.line());
                let end = starts.get(at + 1).copied().flatten().filter(|_| at + 1 < count);
                let end_line = end.map_or_else(|| part.end_line(text), |next| next.saturating_sub(1).max(line));
                let calls = if at == 0 { calls.clone() } else { Vec::new() };
                statements.push(SqlStatement { calls, ..finished(outcome, line, end_line, &part.name) });
            }
        }
    }
    statements
}

fn finished(mut outcome: Outcome, line: u32, end_line: u32, name: &str) -> SqlStatement {
    SqlStatement {
        line,
        end_line,
        reading: outcome.reading,
        problem: outcome.problem,
        joins: std::mem::take(&mut outcome.found.joins),
        predicates: std::mem::take(&mut outcome.found.predicates),
        changes: outcome.changes,
        transaction: outcome.transaction,
        name: name.into(),
        routine: outcome.routine,
        calls: Vec::new(),
        result_columns: std::mem::take(&mut outcome.found.result_columns),
        accesses: outcome.found.into_accesses(),
    }
}

impl Frontend for Sql {
    fn id(&self) -> &'static str {
        "sql"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["sql"]
    }

    fn packages(&self, _manifests: &[Manifest]) -> Vec<Package> {
        Vec::new()
    }

    fn place(&self, path: &str, _layout: Layout<'_>) -> Placement {
        Placement { module: path.to_owned(), package: String::new(), is_package: false }
    }

    fn role(&self, path: &str, head: &str) -> Role {
        place::role(path, head)
    }

    fn facts(&self, source: &str) -> FileFacts {
        let dialect = place::dialect(source);
        let lines = source.lines().count() as u32;
        let sql = read(source, dialect, dialect::folds(dialect));
        let mut facts = FileFacts { lines, separator: ".".into(), ..FileFacts::default() };
        facts.definitions.push(Definition::new("", "", DefinitionKind::Module, DefId::MODULE, 1, lines.max(1)));
        for statement in &sql {
            if !statement.routine.is_empty() {
                facts.definitions.push(Definition::new(
                    statement.routine.clone(),
                    statement.routine.clone(),
                    DefinitionKind::Function,
                    DefId::MODULE,
                    statement.line,
                    statement.end_line,
                ));
            }
            match statement.reading {
                Reading::Parsed => {}
                Reading::Tolerant => facts.diagnostics.push(Diagnostic::note(
                    "sql-tolerant",
                    "",
                    statement.line,
                    format!(
                        "no SQL grammar accepts this statement, so only table names were read ({})",
                        statement.problem
                    ),
                )),
                Reading::Refused => facts.diagnostics.push(Diagnostic::warning(
                    "sql-refused",
                    "",
                    statement.line,
                    format!("this SQL statement could not be read ({})", statement.problem),
                )),
            }
        }
        if sql.len() == 1 && source.len() <= MOST_WRITTEN {
            source.trim_end().clone_into(&mut facts.written);
        }
        facts.sql = sql;
        facts
    }

    fn queries(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }
}

/// `select a(x, y); insert b` and so on: how tests and `seamline sql --explain` write down what a statement touches.
pub fn notation(statement: &SqlStatement) -> String {
    let mut parts: Vec<String> = statement
        .accesses
        .iter()
        .map(|access| {
            let word = access.operation.as_str();
            let schema = access.store.schema.as_deref().map(|schema| format!("{schema}.")).unwrap_or_default();
            let columns =
                if access.columns.is_empty() { String::new() } else { format!("({})", access.columns.join(", ")) };
            let partial = if access.partial { "?" } else { "" };
            format!("{word} {schema}{}{partial}{columns}", access.store.name)
        })
        .collect();
    parts.sort();
    parts.join("; ")
}
