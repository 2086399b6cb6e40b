//! The pass for statements that every grammar refuses: table names behind the words that announce one.

use std::collections::BTreeSet;

use crate::frontend::sql::cursor::Cursor;
use crate::frontend::sql::lex::{Kind, Token};
use crate::frontend::sql::statement::{Context, Outcome};
use crate::frontend::sql::tree::RESERVED;
use crate::model::sql::{Operation, Reading, StoreName};

/// Words that open a statement with tables; anything else is not guessed at.
const VERBS: &[&str] = &[
    "SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "CREATE", "ALTER", "DROP", "TRUNCATE",
    "UPSERT", "FROM", "VALUES", "LOAD", "TABLE",
];

/// More words that cannot be the name of a table behind FROM and the like.
const NO_TABLES: &[&str] = &[
    "WITH",
    "UNNEST",
    "GENERATE_SERIES",
    "DUAL",
    "AS",
    "IF",
    "NOT",
    "EXISTS",
    "INNER",
    "LEFT",
    "RIGHT",
    "CROSS",
    "FULL",
    "GROUP",
    "ORDER",
    "LIMIT",
    "NEW",
    "OLD",
    "OUTFILE",
    "NULL",
    "CASE",
    "ROWS",
    "OF",
    "KEY",
    "NOWAIT",
    "SKIP",
];

/// Functions whose arguments use FROM.
const FROM_INSIDE: &[&str] = &["EXTRACT", "SUBSTRING", "TRIM", "OVERLAY", "POSITION", "BTRIM", "LTRIM", "RTRIM"];

/// Accesses of a statement without its structure.
pub(super) fn read(context: &Context<'_>, tokens: &[Token]) -> Outcome {
    let mut outcome = Outcome { reading: Reading::Refused, ..Outcome::default() };
    let source = context.source;
    let opens = tokens.iter().find(|token| !token.is_symbol(source, "("));
    if !opens.is_some_and(|token| VERBS.iter().any(|verb| token.is(source, verb))) {
        return outcome;
    }
    let ctes = named_queries(source, tokens);
    let mut joined = BTreeSet::new();
    let mut aliases: Vec<(String, StoreName)> = Vec::new();
    let mut cursor = Cursor::new(source, tokens, context.naming.fold);
    let mut functions: Vec<bool> = Vec::new();
    while let Some(token) = cursor.peek() {
        let before = cursor.at.checked_sub(1).map(|at| tokens[at]);
        if token.kind == Kind::Symbol {
            match token.text(source) {
                "(" => functions.push(before.is_some_and(|word| FROM_INSIDE.iter().any(|name| word.is(source, name)))),
                ")" => {
                    functions.pop();
                }
                _ => {}
            }
        }
        cursor.at += 1;
        let Some((operation, list)) = announced(source, tokens, cursor.at - 1) else { continue };
        if functions.last() == Some(&true) {
            continue;
        }
        loop {
            cursor.skip_any(&["ONLY", "LATERAL", "IGNORE", "LOW_PRIORITY", "QUICK"]);
            let named =
                cursor.tokens.get(cursor.at + 1).is_some_and(|next| matches!(next.kind, Kind::Word | Kind::Quoted));
            if named {
                cursor.eat("TABLE");
            }
            if !cursor.eat_all(&["IF", "NOT", "EXISTS"]) {
                cursor.eat_all(&["IF", "EXISTS"]);
            }
            // `JOIN (a JOIN b ON ..) ON ..`
            while cursor.is_symbol("(") && operation == Operation::Select {
                functions.push(false);
                cursor.at += 1;
            }
            let Some(store) = table(&mut cursor, operation, &ctes, &mut outcome) else { break };
            if matches!(operation, Operation::Select) {
                if let Some(alias) = alias(&cursor) {
                    aliases.push((alias, store.clone()));
                }
                joined.insert(store);
            }
            if !list {
                break;
            }
            // `a x, b AS y`
            cursor.eat("AS");
            let alias = cursor.peek().is_some_and(|token| token.kind == Kind::Word || token.kind == Kind::Quoted);
            if alias && !cursor.is_symbol(",") {
                let mut ahead = cursor.clone();
                ahead.at += 1;
                if ahead.is_symbol(",") {
                    cursor.at += 1;
                }
            }
            if !cursor.eat_symbol(",") {
                break;
            }
        }
    }
    // Without structure all that is read may stand in one block; only a statement without subqueries is sure.
    let selects = tokens.iter().filter(|token| token.is(source, "SELECT")).count();
    if selects <= 1 {
        outcome.found.join(joined);
    }
    // `UPDATE u SET .. FROM users u`: the alias was met before what it stands for.
    for (alias, store) in aliases {
        for operation in [Operation::Update, Operation::Delete] {
            outcome.found.resolve_alias(&alias, operation, &store);
        }
    }
    if !outcome.found.is_empty() {
        outcome.reading = Reading::Tolerant;
    }
    outcome
}

/// Whether the word at `at` announces a table, for which operation, and whether more may follow after commas.
fn announced(source: &str, tokens: &[Token], at: usize) -> Option<(Operation, bool)> {
    let token = tokens[at];
    if token.kind != Kind::Word {
        return None;
    }
    let before = |word: &str| at.checked_sub(1).is_some_and(|before| tokens[before].is(source, word));
    let word = token.text(source).to_ascii_uppercase();
    match word.as_str() {
        "FROM" if before("DISTINCT") => None,
        "FROM" if before("DELETE") => Some((Operation::Delete, false)),
        "FROM" => Some((Operation::Select, true)),
        // `SELECT * APPLY(sum)` applies a function to columns.
        "APPLY" if !before("CROSS") && !before("OUTER") => None,
        "JOIN" | "STRAIGHT_JOIN" | "APPLY" => Some((Operation::Select, false)),
        "USING" if tokens[0].is(source, "MERGE") || tokens[0].is(source, "DELETE") => Some((Operation::Select, true)),
        "INTO" => {
            let upsert = tokens.iter().any(|token| token.is(source, "DUPLICATE"))
                || tokens.windows(2).any(|pair| pair[0].is(source, "DO") && pair[1].is(source, "UPDATE"))
                || before("REPLACE")
                || before("MERGE")
                || before("UPSERT");
            let writes = tokens[..at]
                .iter()
                .any(|token| ["INSERT", "REPLACE", "MERGE", "UPSERT"].iter().any(|verb| token.is(source, verb)));
            match (writes, upsert) {
                (true, true) => Some((Operation::Upsert, false)),
                (true, false) => Some((Operation::Insert, false)),
                (false, _) => None,
            }
        }
        "OVERWRITE" if tokens.get(at + 1).is_some_and(|it| it.is(source, "DIRECTORY") || it.is(source, "LOCAL")) => {
            None
        }
        "OVERWRITE" if before("INSERT") => Some((Operation::Insert, false)),
        "UPDATE" if at == 0 || tokens[at - 1].is_symbol(source, "(") || tokens[at - 1].is_symbol(source, ")") => {
            Some((Operation::Update, false))
        }
        "TABLE" if at <= 4 && !tokens[0].is(source, "TABLE") => {
            let operation = if tokens[0].is(source, "TRUNCATE") { Operation::Delete } else { Operation::Ddl };
            Some((operation, false))
        }
        _ => None,
    }
}

fn table(
    cursor: &mut Cursor<'_>,
    operation: Operation,
    ctes: &BTreeSet<String>,
    outcome: &mut Outcome,
) -> Option<StoreName> {
    let token = cursor.peek()?;
    let text = token.text(cursor.source);
    let is_name = matches!(token.kind, Kind::Word | Kind::Quoted | Kind::Hole) || token.is_symbol(cursor.source, "[");
    let reserved =
        token.kind == Kind::Word && RESERVED.iter().chain(NO_TABLES).any(|word| word.eq_ignore_ascii_case(text));
    if !is_name || reserved {
        return None;
    }
    let name = cursor.name()?;
    let called = cursor.is_symbol("(") && operation == Operation::Select;
    if called || name.store.schema.is_none() && ctes.contains(name.store.name.to_lowercase().as_str()) {
        return None;
    }
    outcome.touch(&name, operation);
    Some(name.store)
}

/// The lower-case alias behind a table's name, if there is one.
fn alias(cursor: &Cursor<'_>) -> Option<String> {
    let mut ahead = cursor.clone();
    let said = ahead.eat("AS");
    let token = ahead.peek().filter(|token| matches!(token.kind, Kind::Word | Kind::Quoted))?;
    let text = token.text(ahead.source);
    let clause = ["NATURAL", "OFFSET", "FETCH", "RETURNING", "WINDOW", "FOR"];
    let reserved = RESERVED.iter().chain(NO_TABLES).chain(&clause).any(|word| word.eq_ignore_ascii_case(text));
    if reserved && !said {
        return None;
    }
    ahead.ident().map(|(name, _)| name.to_lowercase())
}

/// Lower-case names of `x AS ( SELECT ..`.
fn named_queries(source: &str, tokens: &[Token]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for at in 1..tokens.len() {
        if !tokens[at].is(source, "AS") {
            continue;
        }
        let mut next = at + 1;
        while tokens.get(next).is_some_and(|token| token.is(source, "NOT") || token.is(source, "MATERIALIZED")) {
            next += 1;
        }
        if !tokens.get(next).is_some_and(|token| token.is_symbol(source, "(")) {
            continue;
        }
        let mut name = at - 1;
        if tokens[name].is_symbol(source, ")") {
            // A list of columns stands between.
            while name > 0 && !tokens[name].is_symbol(source, "(") {
                name -= 1;
            }
            if name == 0 {
                continue;
            }
            name -= 1;
        }
        if let Some((name, _)) = crate::frontend::sql::cursor::name_of(source, tokens[name], false) {
            names.insert(name.to_lowercase());
        }
    }
    names
}
