//! Bodies of functions, procedures, triggers and blocks: control flow is skipped, the statements in it are read.

use crate::frontend::sql::cursor::{Cursor, unquote};
use crate::frontend::sql::lex::{Kind, Token, tokens};
use crate::frontend::sql::piece;
use crate::frontend::sql::rewrite::closing;
use crate::frontend::sql::statement::{Context, Outcome, dynamic_text};
use crate::model::fact::Text;
use crate::model::sql::{Operation, SchemaChange};

/// Languages whose bodies are SQL; a body in another language says nothing here.
const SQL_LANGUAGES: &[&str] = &["sql", "plpgsql", "plsql", "pltsql", "plpgsql_sec"];

/// Words before a parenthesis that are no calls of functions that a schema makes.
const NO_CALLS: &[&str] = &[
    "all",
    "and",
    "any",
    "as",
    "avg",
    "by",
    "cast",
    "coalesce",
    "concat",
    "count",
    "distinct",
    "exists",
    "extract",
    "from",
    "greatest",
    "in",
    "join",
    "least",
    "length",
    "lower",
    "max",
    "min",
    "not",
    "now",
    "nullif",
    "on",
    "or",
    "over",
    "partition",
    "row_number",
    "select",
    "sum",
    "to_char",
    "unnest",
    "upper",
    "using",
    "values",
    "varchar",
    "when",
    "where",
    "with",
];

/// Names of the functions that a statement calls which reads or changes rows, is a call itself, or makes a function of a
/// body in dollar quotes.
pub(super) fn called(source: &str, tokens: &[Token]) -> Vec<Text> {
    let Some(first) = tokens.first() else { return Vec::new() };
    if first.is(source, "CREATE") {
        return called_in_body(source, tokens);
    }
    let is_first = |it: &&str| first.is(source, it);
    if !["SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "CALL", "PERFORM"].iter().any(is_first) {
        return Vec::new();
    }
    let mut calls: Vec<Text> = Vec::new();
    for pair in tokens.windows(2) {
        if pair[0].kind == Kind::Word && pair[1].is_symbol(source, "(") {
            let name = pair[0].text(source).to_lowercase();
            if !NO_CALLS.contains(&name.as_str()) && !calls.iter().any(|it| *it == name) {
                calls.push(name.into());
            }
        }
    }
    calls
}

/// Words before a parenthesis in the bodies that a statement writes.
fn called_in_body(source: &str, tokens: &[Token]) -> Vec<Text> {
    let mut calls: Vec<Text> = Vec::new();
    let bodies = tokens.iter().filter(|it| it.kind == Kind::Text).map(|it| it.text(source));
    for body in bodies.filter(|it| it.starts_with('$')) {
        let (before_last, _) = body.rsplit_once('(').unwrap_or_default();
        for before in before_last.split('(') {
            let start = before.rfind(|it: char| !(it.is_alphanumeric() || it == '_')).map_or(0, |it| it + 1);
            let name = before.get(start..).unwrap_or_default().to_lowercase();
            if !name.is_empty() && !NO_CALLS.contains(&name.as_str()) && !calls.iter().any(|it| *it == name) {
                calls.push(name.into());
            }
        }
    }
    calls
}

/// `CREATE FUNCTION` and its kin; the cursor stands behind the kind.
pub(super) fn create(context: &Context<'_>, cursor: &mut Cursor<'_>) -> Outcome {
    let mut outcome = Outcome::default();
    cursor.eat_all(&["IF", "NOT", "EXISTS"]);
    let Some(name) = cursor.name() else { return outcome };
    outcome.routine = name.store.name.clone();
    let mut ahead = cursor.clone();
    if ahead.seek("LANGUAGE")
        && let Some((language, _)) = ahead.ident()
        && !SQL_LANGUAGES.contains(&language.to_ascii_lowercase().as_str())
    {
        return outcome;
    }
    let mut ahead = cursor.clone();
    while ahead.seek("AS") {
        if let Some(token) = ahead.peek()
            && token.kind == Kind::Text
        {
            let read = text_body(context, token, true);
            finish(&mut outcome, read);
            return outcome;
        }
    }
    if cursor.is_symbol("(") {
        cursor.step();
    }
    let read = block(&routine_context(context), cursor.rest());
    finish(&mut outcome, read);
    outcome
}

/// `CREATE TRIGGER`; the cursor stands behind the kind.
pub(super) fn trigger(context: &Context<'_>, cursor: &mut Cursor<'_>) -> Outcome {
    let mut outcome = Outcome::default();
    cursor.eat_all(&["IF", "NOT", "EXISTS"]);
    let Some(name) = cursor.name() else { return outcome };
    outcome.routine = name.store.name.clone();
    if cursor.seek("ON")
        && let Some(table) = cursor.name()
    {
        outcome.touch(&table, Operation::Ddl);
    }
    if cursor.rest().iter().any(|token| token.is(context.source, "EXECUTE"))
        && !cursor.rest().iter().any(|token| token.is(context.source, "BEGIN"))
    {
        return outcome;
    }
    let read = block(&routine_context(context), cursor.rest());
    finish(&mut outcome, read);
    // Rows in motion are no tables.
    for pseudo in ["inserted", "deleted", "new", "old", "INSERTED", "DELETED", "NEW", "OLD"] {
        outcome.found.forget_name(pseudo);
    }
    outcome
}

/// What runs inside a routine changes no schema when the routine is created.
fn finish(outcome: &mut Outcome, mut read: Outcome) {
    read.changes.clear();
    outcome.absorb(read);
}

/// `DO $$ .. $$`: runs at once, usually behind a condition.
pub(super) fn anonymous(context: &Context<'_>, cursor: &mut Cursor<'_>) -> Outcome {
    let literal = cursor.rest().iter().find(|token| token.kind == Kind::Text).copied();
    let mut outcome = match literal {
        Some(token) => text_body(context, token, true),
        None => block(&routine_context(context), cursor.rest()),
    };
    for change in &mut outcome.changes {
        if let SchemaChange::CreateTable { if_not_exists, .. } | SchemaChange::AddColumn { if_not_exists, .. } = change
        {
            *if_not_exists = true;
        }
    }
    outcome
}

/// `EXECUTE 'SELECT ..' USING x`, `EXEC sp_executesql N'..'`, `EXECUTE format(..)`.
pub(super) fn executed(context: &Context<'_>, cursor: &mut Cursor<'_>) -> Outcome {
    if cursor.eat("sp_rename") {
        return renamed(cursor);
    }
    let Some((text, line)) = dynamic_text(context.source, cursor.rest()) else { return Outcome::default() };
    let Some(inner) = context.inside(&text) else { return Outcome::default() };
    let mut outcome = Outcome::default();
    for piece in piece::cut(&text, context.rules) {
        let first = piece.tokens.first().map(|token| token.text(&text).to_ascii_uppercase()).unwrap_or_default();
        if !VERBS.contains(&first.as_str()) {
            continue;
        }
        let read = inner.query(&piece.tokens);
        outcome.found.absorb(read.found, line - 1);
        outcome.changes.extend(read.changes);
    }
    outcome
}

/// `EXEC sp_rename 'schema.table.column', 'new', 'COLUMN'`.
fn renamed(cursor: &mut Cursor<'_>) -> Outcome {
    let mut outcome = Outcome::default();
    let texts: Vec<String> = cursor
        .rest()
        .iter()
        .filter(|token| token.kind == Kind::Text)
        .map(|token| unquote(token.text(cursor.source)).replace(['[', ']', '"'], ""))
        .collect();
    let [from, to, kind @ ..] = texts.as_slice() else { return outcome };
    let mut parts: Vec<&str> = from.split('.').collect();
    let Some(last) = parts.pop() else { return outcome };
    let is_column = kind.first().is_some_and(|kind| kind.eq_ignore_ascii_case("COLUMN"));
    if is_column {
        let Some(table) = parts.pop() else { return outcome };
        let schema = (!parts.is_empty()).then(|| parts.join(".").into());
        let store = crate::model::sql::StoreName { schema, name: table.into() };
        outcome.found.access(&store, Operation::Ddl, 1, false);
        outcome.changes.push(SchemaChange::RenameColumn { store, from: last.into(), to: to.as_str().into() });
    } else if kind.is_empty() || kind[0].eq_ignore_ascii_case("OBJECT") {
        let schema: Option<crate::model::fact::Text> = (!parts.is_empty()).then(|| parts.join(".").into());
        let store = crate::model::sql::StoreName { schema: schema.clone(), name: last.into() };
        outcome.found.access(&store, Operation::Ddl, 1, false);
        let to = crate::model::sql::StoreName { schema, name: to.as_str().into() };
        outcome.changes.push(SchemaChange::RenameTable { from: store, to });
    }
    outcome
}

fn routine_context<'a>(context: &Context<'a>) -> Context<'a> {
    let mut inner = *context;
    inner.naming.in_routine = true;
    inner
}

/// A body written as a string literal.
fn text_body(context: &Context<'_>, literal: Token, in_routine: bool) -> Outcome {
    let text = unquote(literal.text(context.source));
    let Some(mut inner) = context.inside(&text) else { return Outcome::default() };
    inner.naming.in_routine = in_routine;
    let read = block(&inner, &tokens(&text, context.rules));
    let mut outcome = Outcome { changes: read.changes, ..Outcome::default() };
    outcome.found.absorb(read.found, literal.line - 1);
    outcome.reading = read.reading;
    outcome.problem = read.problem;
    outcome
}

/// Words that open a statement.
const VERBS: &[&str] = &[
    "SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "TRUNCATE", "CREATE", "DROP", "ALTER", "LOCK",
    "PERFORM", "EXECUTE", "EXEC", "COPY", "REFRESH", "VALUES", "RENAME",
];

/// Words that may stand right before a statement.
const BEFORE: &[&str] = &[
    "BEGIN",
    "THEN",
    "ELSE",
    "LOOP",
    "DO",
    "ROW",
    "STATEMENT",
    "AS",
    "IS",
    "QUERY",
    "ATOMIC",
    "RETURN",
    "TRY",
    "CATCH",
];

/// Statements between control flow, conditions and declarations.
pub(super) fn block(context: &Context<'_>, tokens: &[Token]) -> Outcome {
    let source = context.source;
    let mut outcome = Outcome::default();
    let batch = context.is_tsql()
        || tokens.iter().any(|token| token.kind == Kind::Param && token.text(source).starts_with('@'));
    let mut at = 0;
    let mut open = true;
    // Behind FOR or IN only a query may follow, and LOOP or DO ends it.
    let mut loops = false;
    while let Some(token) = tokens.get(at).copied() {
        if token.is_symbol(source, ";") {
            (open, loops) = (true, false);
            at += 1;
            continue;
        }
        if token.is_symbol(source, "(") {
            let query = tokens.get(at + 1).is_some_and(|next| next.is(source, "SELECT") || next.is(source, "WITH"));
            if query && let Some(close) = closing(source, tokens, at) {
                outcome.absorb(context.query(&tokens[at + 1..close]));
                at = close + 1;
                open = false;
                continue;
            }
            at += 1;
            open = false;
            continue;
        }
        if token.kind != Kind::Word {
            // Labels `<<x>>` and conditions.
            let fresh = batch && tokens.get(at + 1).is_some_and(|next| next.line > token.line);
            open = token.is_symbol(source, ">") && open || fresh;
            at += 1;
            continue;
        }
        let word = token.text(source).to_ascii_uppercase();
        let verb = VERBS.contains(&word.as_str());
        let first_on_line = at > 0 && tokens[at - 1].line < token.line;
        if verb && (open || batch && first_on_line) && !(word == "REPLACE" && next_opens(source, tokens, at)) {
            let allowed = !loops || ["SELECT", "WITH", "EXECUTE", "VALUES"].contains(&word.as_str());
            if allowed {
                let end = statement_end(source, tokens, at, loops, batch);
                outcome.absorb(context.query(&tokens[at..end]));
                at = end;
                (open, loops) = (false, false);
                continue;
            }
        }
        if word == "FOR" || word == "IN" {
            (open, loops) = (true, true);
        } else if BEFORE.contains(&word.as_str()) {
            open = true;
            loops = false;
        } else {
            open = batch && tokens.get(at + 1).is_some_and(|next| next.line > token.line);
        }
        at += 1;
    }
    outcome
}

fn next_opens(source: &str, tokens: &[Token], at: usize) -> bool {
    tokens.get(at + 1).is_some_and(|token| token.is_symbol(source, "("))
}

/// Index behind the statement that starts at `from`.
fn statement_end(source: &str, tokens: &[Token], from: usize, loops: bool, batch: bool) -> usize {
    let mut at = from + 1;
    let mut depth = 0_u32;
    let mut cases = 0_u32;
    while let Some(token) = tokens.get(at) {
        if token.kind == Kind::Symbol {
            match token.text(source) {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                ";" if depth == 0 || !batch => return at,
                _ => {}
            }
        } else if token.kind == Kind::Word && depth == 0 {
            if token.is(source, "CASE") {
                cases += 1;
            } else if token.is(source, "END") && cases > 0 {
                cases -= 1;
            } else if loops && (token.is(source, "LOOP") || token.is(source, "DO")) && cases == 0 {
                return at;
            } else if batch
                && cases == 0
                && tokens[at - 1].line < token.line
                && ends_batch_statement(source, tokens, from, at)
            {
                return at;
            }
        }
        at += 1;
    }
    tokens.len()
}

/// Whether the word at `at`, first on its line, opens something new where no semicolon is needed.
fn ends_batch_statement(source: &str, tokens: &[Token], from: usize, at: usize) -> bool {
    let word = tokens[at].text(source).to_ascii_uppercase();
    let before = tokens[at - 1].text(source).to_ascii_uppercase();
    let verb = tokens[from].text(source).to_ascii_uppercase();
    let goes_on = matches!(
        before.as_str(),
        "UNION" | "ALL" | "EXCEPT" | "INTERSECT" | "AS" | "THEN" | "ON" | "INTO" | "," | "=" | "AND" | "OR" | "EXPLAIN"
    );
    match word.as_str() {
        "IF" | "ELSE" | "END" | "BEGIN" | "WHILE" | "DECLARE" | "RETURN" | "PRINT" | "COMMIT" | "ROLLBACK" | "EXEC"
        | "EXECUTE" | "RAISERROR" | "THROW" | "FETCH" | "OPEN" | "CLOSE" | "GOTO" | "TRUNCATE" => !goes_on,
        "SET" => !matches!(verb.as_str(), "UPDATE" | "MERGE" | "INSERT" | "WITH") && !goes_on,
        "INSERT" | "UPDATE" | "DELETE" | "MERGE" | "CREATE" | "DROP" => !goes_on && verb != "WITH" && verb != "MERGE",
        "SELECT" => !goes_on && !matches!(verb.as_str(), "INSERT" | "WITH" | "CREATE" | "ALTER"),
        _ => false,
    }
}

/// Statements of a batch that needs no semicolons.
pub(super) fn batches<'t>(source: &str, tokens: &'t [Token]) -> Vec<&'t [Token]> {
    let routine = tokens
        .iter()
        .take(8)
        .any(|token| ["PROCEDURE", "PROC", "FUNCTION", "TRIGGER", "VIEW"].iter().any(|word| token.is(source, word)));
    let controls = tokens
        .first()
        .is_some_and(|token| ["IF", "WHILE", "BEGIN", "DECLARE"].iter().any(|word| token.is(source, word)));
    if routine || controls {
        return vec![tokens];
    }
    let mut parts = Vec::new();
    let mut from = 0;
    while from < tokens.len() {
        let end = statement_end(source, tokens, from, false, true).max(from + 1);
        parts.push(&tokens[from..end]);
        from = end;
    }
    parts
}
