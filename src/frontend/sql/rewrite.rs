//! Turns tokens into text that a grammar can read: no comments, placeholders and holes replaced, lines kept.

use crate::frontend::sql::lex::{Kind, Token};

/// Stands for a hole in what the grammar reads.
pub(super) const MARK: &str = "zqholeqz";
/// How a hole is written in results.
pub(super) const HOLE: &str = "{hole}";

/// Rows of one INSERT that are read before the rest is skipped.
const ROWS_KEPT: usize = 2;

/// Text for a grammar. The first token stands on line 1.
pub(super) fn rewrite(source: &str, tokens: &[Token], in_routine: bool) -> String {
    let mut written = Writer { text: String::with_capacity(256), line: tokens.first().map_or(1, |token| token.line) };
    let skipped = bulk_rows(source, tokens);
    let mut previous: Option<Token> = None;
    let mut at = 0;
    while at < tokens.len() {
        if let Some((from, to)) = skipped
            && at == from
        {
            at = to;
            continue;
        }
        if let Some(next) = into_variables(source, tokens, at, in_routine) {
            at = next;
            continue;
        }
        let token = tokens[at];
        let following = tokens.get(at + 1).copied();
        if let Some((words, count)) = unknown_to_grammars(source, tokens, at) {
            written.gap(previous, token);
            written.push(words);
            if !words.is_empty() {
                previous = Some(token);
            }
            at += count;
            continue;
        }
        written.gap(previous, token);
        match token.kind {
            Kind::Hole => hole(source, &mut written, previous, following),
            Kind::Param => param(source, &mut written, token, previous, following),
            Kind::Word | Kind::Quoted if token.text(source).contains(['{', '%', '$']) => {
                written.push(&marked(token.text(source)));
            }
            _ => written.push(token.text(source)),
        }
        // A clause that is one hole leaves nothing behind, so what came before still counts.
        if token.kind != Kind::Hole || !previous.is_some_and(|before| is_operand(source, before)) {
            previous = Some(token);
        }
        at += 1;
    }
    written.text
}

/// Phrases that no grammar reads though they say nothing about tables, or say it in another way:
/// what to write instead, and how many tokens it replaces.
fn unknown_to_grammars(source: &str, tokens: &[Token], at: usize) -> Option<(&'static str, usize)> {
    let is = |ahead: usize, word: &str| tokens.get(at + ahead).is_some_and(|token| token.is(source, word));
    let before = |words: &[&str]| {
        at.checked_sub(1).is_none_or(|before| words.iter().any(|word| tokens[before].is(source, word)))
    };
    let token = tokens[at];
    if token.kind == Kind::Symbol {
        // MySQL: `UPDATE a, b SET ..`
        // T-SQL: `SET a += 1`
        let assigns = matches!(token.text(source), "+" | "-" | "*" | "/" | "%" | "&" | "|")
            && tokens.get(at + 1).is_some_and(|next| next.start == token.end && next.is_symbol(source, "="));
        if assigns {
            return Some(("", 1));
        }
        // MySQL: whose rows go, written as all of their columns (`DELETE o.* FROM orders o JOIN ..`).
        let symbol = |ahead: usize, it: &str| tokens.get(at + ahead).is_some_and(|token| token.is_symbol(source, it));
        if symbol(0, ".")
            && symbol(1, "*")
            && (is(2, "FROM") || symbol(2, ","))
            && tokens[0].is(source, "DELETE")
            && !tokens[..at].iter().any(|it| it.is(source, "FROM"))
        {
            return Some(("", 2));
        }
        let lists = token.text(source) == "," && tokens[0].is(source, "UPDATE") && lists_targets(source, &tokens[..at]);
        return lists.then_some((" CROSS JOIN ", 1));
    }
    if let Some(found) = of_one_dialect(source, tokens, at) {
        return Some(found);
    }
    if is(0, "ONLY") && before(&["UPDATE", "FROM", "JOIN"]) {
        return Some(("", 1));
    }
    // MySQL: how urgent a change is, and what becomes of its errors.
    let modifies = ["UPDATE", "DELETE", "LOW_PRIORITY"];
    let modifier = ["IGNORE", "LOW_PRIORITY"].iter().any(|word| is(0, word));
    if modifier
        && at > 0
        && before(&modifies)
        && tokens.get(at + 1).is_some_and(|next| next.kind != Kind::Symbol)
        && !is(1, "SET")
    {
        return Some(("", 1));
    }
    if is(0, "INDEXED") && is(1, "BY") {
        return Some(("", 3));
    }
    if is(0, "NOT") && is(1, "INDEXED") {
        return Some(("", 2));
    }
    if is(0, "WHERE") && is(1, "CURRENT") && is(2, "OF") {
        return Some(("", 4));
    }
    // PostgreSQL: weaker locks of rows.
    if is(0, "NO") && is(1, "KEY") && is(2, "UPDATE") && before(&["FOR"]) {
        return Some(("", 2));
    }
    if is(0, "KEY") && is(1, "SHARE") && before(&["FOR"]) {
        return Some(("", 1));
    }
    // A sample is still the table.
    if is(0, "TABLESAMPLE") {
        let open = at + if tokens.get(at + 1).is_some_and(|token| token.is_symbol(source, "(")) { 1 } else { 2 };
        if tokens.get(open).is_some_and(|token| token.is_symbol(source, "(")) {
            let close = closing(source, tokens, open)?;
            return Some(("", close + 1 - at));
        }
    }
    // DB2's isolation of one statement.
    if is(0, "WITH") && at + 2 == tokens.len() && ["UR", "CS", "RS", "RR"].iter().any(|word| is(1, word)) {
        return Some(("", 2));
    }
    // A table that is called `table`.
    if is(0, "TABLE") && before(&["FROM", "JOIN"]) && at > 0 {
        let ends = tokens.get(at + 1).is_none_or(|next| next.is_symbol(source, ")") || next.is_symbol(source, ","));
        let clauses = [
            "WHERE",
            "ON",
            "ORDER",
            "GROUP",
            "JOIN",
            "LEFT",
            "INNER",
            "LIMIT",
            "UNION",
            "AS",
            "HAVING",
            "CROSS",
            "WINDOW",
            "PREWHERE",
            "QUALIFY",
            "EXCEPT",
            "INTERSECT",
            "USING",
            "RIGHT",
            "FULL",
            "FOR",
        ];
        if ends || clauses.iter().any(|word| is(1, word)) {
            return Some(("\"table\"", 1));
        }
    }
    let opened = at > 0 && tokens[at - 1].is_symbol(source, "(");
    let call = tokens.get(at + 1).is_some_and(|token| token.is_symbol(source, "("));
    if is(0, "TABLE") && !call && (opened || before(&["AS", "UNION", "ALL", "EXCEPT", "INTERSECT"])) {
        return Some(("SELECT * FROM", 1));
    }
    None
}

/// Phrases of single dialects.
fn of_one_dialect(source: &str, tokens: &[Token], at: usize) -> Option<(&'static str, usize)> {
    let is = |ahead: usize, word: &str| tokens.get(at + ahead).is_some_and(|token| token.is(source, word));
    let any = |words: &[&str]| words.iter().any(|word| is(0, word));
    let symbol = |place: usize, text: &str| tokens.get(place).is_some_and(|token| token.is_symbol(source, text));
    let opens = at == 0
        || symbol(at - 1, "(")
        || ["AS", "UNION", "ALL", "ACCESS", "EXPLAIN"].iter().any(|word| tokens[at - 1].is(source, word));
    // Teradata: short verbs, and locks before a request.
    let begins = at == 0 || ["UNION", "ALL", "ACCESS"].iter().any(|word| tokens[at - 1].is(source, word));
    let goes_on = tokens.get(at + 1).is_some_and(|next| next.kind != Kind::Symbol || next.is_symbol(source, "*"));
    if begins && goes_on {
        for (short, verb) in [("SEL", "SELECT"), ("DEL", "DELETE"), ("INS", "INSERT"), ("UPD", "UPDATE")] {
            if is(0, short) {
                return Some((verb, 1));
            }
        }
    }
    if opens && any(&["LOCK", "LOCKING"]) {
        let ahead = &tokens[at..tokens.len().min(at + 10)];
        let mode =
            ahead.iter().position(|it| ["ACCESS", "READ", "WRITE", "SHARE"].iter().any(|word| it.is(source, word)))?;
        let request = at + mode + 1 + usize::from(is(mode + 1, "MODE"));
        return (request < tokens.len()).then_some(("", request - at));
    }
    // DuckDB: a pivot as the body of a query reads what it names.
    if opens && at > 0 && any(&["PIVOT", "UNPIVOT"]) {
        return Some(("SELECT * FROM", 1));
    }
    if any(&["ON", "USING", "GROUP"]) && pivots(source, tokens, at) {
        return Some(("", clause_end(source, tokens, at, &[]) - at));
    }
    // ClickHouse: what an array join unfolds is no table.
    let outer = usize::from(any(&["LEFT", "INNER"]));
    if is(outer, "ARRAY") && is(outer + 1, "JOIN") {
        let end = clause_end(source, tokens, at + outer + 2, AFTER_JOINS);
        let queries = tokens[at..end].iter().any(|it| it.is(source, "SELECT"));
        return (!queries).then_some(("", end - at));
    }
    // `DATE_PART(day FROM a)`
    if at > 2 && is(0, "FROM") && symbol(at - 2, "(") && tokens[at - 3].is(source, "DATE_PART") {
        return Some((",", 1));
    }
    // `JOIN u AS (a, b)` names the columns alone.
    let table = at > 1 && ["FROM", "JOIN", "APPLY"].iter().any(|word| tokens[at - 2].is(source, word));
    if table && is(0, "AS") && symbol(at + 1, "(") {
        let close = closing(source, tokens, at + 1)?;
        let queries = tokens[at..close].iter().any(|it| it.is(source, "SELECT") || it.is(source, "VALUES"));
        return (!queries).then_some(("", close + 1 - at));
    }
    None
}

/// Words that end an array join.
const AFTER_JOINS: &[&str] = &[
    "WHERE", "PREWHERE", "GROUP", "ORDER", "LIMIT", "HAVING", "SETTINGS", "UNION", "FORMAT", "JOIN", "INNER", "LEFT",
    "RIGHT", "FULL", "CROSS", "ANY", "ASOF", "GLOBAL", "WINDOW", "QUALIFY",
];

/// Where a clause ends: at one of the words, or with the parenthesis around it.
fn clause_end(source: &str, tokens: &[Token], from: usize, words: &[&str]) -> usize {
    let mut depth = 0_u32;
    for (at, token) in tokens.iter().enumerate().skip(from) {
        if token.kind == Kind::Symbol {
            match token.text(source) {
                "(" | "[" => depth += 1,
                ")" | "]" if depth == 0 => return at,
                ")" | "]" => depth -= 1,
                _ => {}
            }
        } else if depth == 0 && words.iter().any(|word| token.is(source, word)) {
            return at;
        }
    }
    tokens.len()
}

/// Whether what stands before is PIVOT and the name of a table, as the body of a query.
fn pivots(source: &str, tokens: &[Token], at: usize) -> bool {
    let named = |token: &Token| token.kind != Kind::Symbol || token.is_symbol(source, ".");
    let is_pivot = |token: &Token| token.is(source, "PIVOT") || token.is(source, "UNPIVOT");
    let Some(start) = tokens[..at].iter().rposition(|token| !named(token) || is_pivot(token)) else { return false };
    is_pivot(&tokens[start])
        && start + 1 < at
        && start > 0
        && (tokens[start - 1].is_symbol(source, "(") || tokens[start - 1].is(source, "AS"))
}

/// Whether the tokens so far are UPDATE and tables, before SET and outside parentheses.
fn lists_targets(source: &str, tokens: &[Token]) -> bool {
    let mut depth = 0_i32;
    for token in tokens {
        if token.is(source, "SET") {
            return false;
        }
        if token.kind == Kind::Symbol {
            match token.text(source) {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
        }
    }
    depth == 0
}

/// Writes the mark in every hole of a name.
pub(super) fn marked(name: &str) -> String {
    let mut result = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(found) = rest.find(['{', '%', '$']) {
        result.push_str(&rest[..found]);
        let tail = &rest[found..];
        let length = if tail.starts_with('%') {
            let inner = tail.find(')').filter(|_| tail.starts_with("%(")).map_or(1, |close| close + 1);
            inner + tail[inner..].chars().next().map_or(0, char::len_utf8)
        } else if tail.starts_with('$') && !tail.starts_with("${") {
            result.push('$');
            rest = &tail[1..];
            continue;
        } else {
            let close = if tail.starts_with("{{") { "}}" } else { "}" };
            tail.find(close).map_or(tail.len(), |close_at| close_at + close.len())
        };
        result.push_str(MARK);
        rest = &tail[length..];
    }
    result.push_str(rest);
    result
}

/// Turns marks back into holes; true when there were any.
pub(super) fn unmarked(name: &str) -> (String, bool) {
    if name.contains(MARK) { (name.replace(MARK, HOLE), true) } else { (name.to_owned(), false) }
}

struct Writer {
    text: String,
    line: u32,
}

impl Writer {
    fn gap(&mut self, previous: Option<Token>, token: Token) {
        if token.line > self.line {
            for _ in self.line..token.line {
                self.text.push('\n');
            }
            self.line = token.line;
        } else if previous.is_none_or(|before| before.end < token.start) && !self.text.is_empty() {
            self.text.push(' ');
        }
    }

    fn push(&mut self, text: &str) {
        self.line += text.bytes().filter(|&byte| byte == b'\n').count() as u32;
        self.text.push_str(text);
    }
}

fn hole(source: &str, written: &mut Writer, previous: Option<Token>, following: Option<Token>) {
    let Some(before) = previous else {
        written.push(MARK);
        return;
    };
    if is_operand(source, before) {
        // A whole clause.
        return;
    }
    let opens = following.is_some_and(|token| token.is_symbol(source, "("));
    if ["IN", "VALUES"].iter().any(|word| before.is(source, word)) && !opens {
        written.push("(");
        written.push(MARK);
        written.push(")");
    } else if is_set(source, before, following) {
        written.push(MARK);
        written.push(" = ");
        written.push(MARK);
    } else {
        written.push(MARK);
    }
}

/// Whether all that is set is filled in here.
fn is_set(source: &str, before: Token, following: Option<Token>) -> bool {
    before.is(source, "SET") && !following.is_some_and(|token| token.is_symbol(source, "="))
}

fn param(source: &str, written: &mut Writer, token: Token, previous: Option<Token>, following: Option<Token>) {
    let text = token.text(source);
    if !text.starts_with(['?', '$']) {
        written.push(text);
        return;
    }
    if text == "?" && previous.is_some_and(|before| is_operand(source, before)) && following.is_some() {
        // The JSON operator.
        written.push(text);
        return;
    }
    if previous.is_some_and(|before| is_set(source, before, following)) {
        // MySQL's driver and builders fill in `a = 1, b = 2`.
        written.push(MARK);
        written.push(" = ");
        written.push(MARK);
        return;
    }
    let list = previous.is_some_and(|before| ["IN", "VALUES"].iter().any(|word| before.is(source, word)));
    let number = if text.len() > 1 && text[1..].bytes().all(|byte| byte.is_ascii_digit()) { &text[1..] } else { "1" };
    if list {
        written.push("(");
    }
    written.push("$");
    written.push(number);
    if list {
        written.push(")");
    }
}

/// Words after which an operand or a name is still to come.
const OPENERS: &[&str] = &[
    "ADD",
    "ALL",
    "ALTER",
    "AND",
    "ANY",
    "AS",
    "BETWEEN",
    "BY",
    "CASE",
    "COLLATE",
    "COLUMN",
    "CONSTRAINT",
    "CREATE",
    "CROSS",
    "DELETE",
    "DISTINCT",
    "DROP",
    "ELSE",
    "ESCAPE",
    "EXCEPT",
    "EXISTS",
    "FETCH",
    "FIRST",
    "FROM",
    "FULL",
    "GROUP",
    "HAVING",
    "ILIKE",
    "IN",
    "INDEX",
    "INNER",
    "INSERT",
    "INTERSECT",
    "INTERVAL",
    "INTO",
    "IS",
    "JOIN",
    "LATERAL",
    "LEFT",
    "LIKE",
    "LIMIT",
    "NATURAL",
    "NEXT",
    "NOT",
    "OFFSET",
    "ON",
    "ONLY",
    "OR",
    "ORDER",
    "OUTER",
    "OVER",
    "PARTITION",
    "RECURSIVE",
    "REFERENCES",
    "REGEXP",
    "RENAME",
    "REPLACE",
    "RETURNING",
    "RIGHT",
    "RLIKE",
    "SCHEMA",
    "SELECT",
    "SET",
    "SIMILAR",
    "SOME",
    "STRAIGHT_JOIN",
    "TABLE",
    "THEN",
    "TO",
    "TOP",
    "TRUNCATE",
    "UNION",
    "UPDATE",
    "USING",
    "VALUES",
    "VIEW",
    "WHEN",
    "WHERE",
    "WITH",
    "XOR",
];

/// Whether a token ends an operand, so that an operator or a clause must follow.
fn is_operand(source: &str, token: Token) -> bool {
    match token.kind {
        Kind::Word => {
            let text = token.text(source);
            !OPENERS.iter().any(|word| word.eq_ignore_ascii_case(text))
        }
        Kind::Quoted | Kind::Text | Kind::Number | Kind::Param | Kind::Hole => true,
        Kind::Symbol => matches!(token.text(source), ")" | "]" | "*"),
        Kind::Comment => false,
    }
}

/// Range of tokens that only repeat rows of a bulk INSERT.
fn bulk_rows(source: &str, tokens: &[Token]) -> Option<(usize, usize)> {
    let verb = tokens.first()?;
    if tokens.len() < 48 || !verb.is(source, "INSERT") && !verb.is(source, "REPLACE") {
        return None;
    }
    let values = tokens.iter().take(4096).position(|token| token.is(source, "VALUES") || token.is(source, "VALUE"))?;
    let mut at = values + 1;
    let mut rows = 0;
    let mut from = None;
    while tokens.get(at)?.is_symbol(source, "(") {
        let close = closing(source, tokens, at)?;
        // Only plain rows are skipped: a subquery reads.
        if rows >= ROWS_KEPT && tokens[at..close].iter().any(|token| token.is(source, "SELECT")) {
            return None;
        }
        rows += 1;
        at = close + 1;
        if rows == ROWS_KEPT {
            from = Some(at);
        }
        match tokens.get(at) {
            Some(token) if token.is_symbol(source, ",") => at += 1,
            _ => break,
        }
    }
    from.filter(|&from| at > from).map(|from| (from, at))
}

/// Index of the parenthesis that closes the one at `open`.
pub(super) fn closing(source: &str, tokens: &[Token], open: usize) -> Option<usize> {
    let mut depth = 0_u32;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if token.kind == Kind::Symbol {
            match token.text(source) {
                "(" => depth += 1,
                ")" => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return Some(at);
                    }
                }
                _ => {}
            }
        }
    }
    None
}

/// Skips `INTO @x`, `INTO OUTFILE 'f'`, and in a routine `INTO [STRICT] a, b`: variables, no tables.
fn into_variables(source: &str, tokens: &[Token], at: usize, in_routine: bool) -> Option<usize> {
    if !tokens.get(at)?.is(source, "INTO") {
        return None;
    }
    let before = at.checked_sub(1).map(|before| tokens[before]);
    let writes = ["INSERT", "MERGE", "REPLACE", "IGNORE", "OVERWRITE", "COPY"];
    if before.is_none_or(|token| writes.iter().any(|word| token.is(source, word))) {
        return None;
    }
    // `INSERT OR REPLACE INTO`, `INSERT LOW_PRIORITY INTO`.
    if at <= 4 && tokens[0].is(source, "INSERT") {
        return None;
    }
    let mut next = at + 1;
    let target = tokens.get(next)?;
    if target.is(source, "OUTFILE") || target.is(source, "DUMPFILE") {
        return Some(next + 2);
    }
    // Several targets are variables too.
    let variable = target.kind == Kind::Param && target.text(source).starts_with(['@', ':'])
        || tokens.get(next + 1).is_some_and(|token| token.is_symbol(source, ","));
    if !in_routine && !variable {
        return None;
    }
    if target.is(source, "STRICT") {
        next += 1;
    }
    loop {
        next += 1;
        while tokens.get(next).is_some_and(|token| token.is_symbol(source, "."))
            || tokens.get(next).is_some_and(|token| token.is_symbol(source, "["))
        {
            next += if tokens[next].is_symbol(source, "[") { 3 } else { 2 };
        }
        match tokens.get(next) {
            Some(token) if token.is_symbol(source, ",") => next += 1,
            _ => return Some(next.min(tokens.len())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MARK, rewrite};
    use crate::frontend::sql::lex::{Rules, tokens};

    fn rewritten(text: &str) -> String {
        rewrite(text, &tokens(text, Rules::default()), false).replace(MARK, "#")
    }

    #[test]
    fn placeholders_and_holes() {
        for (text, expected) in [
            ("a = ? and b = %s", "a = $1 and b = #"),
            ("data ? 'k'", "data ? 'k'"),
            ("limit ?", "limit $1"),
            ("in ?", "in ($1)"),
            ("in %s", "in (#)"),
            ("in (?)", "in ($1)"),
            ("from {t}_log where x = '{y}'", "from #_log where x = '{y}'"),
            ("from t {where} order by {o} {d}", "from t  order by # "),
            ("from \"%s\"", "from \"#\""),
            ("update t set {a} where 1", "update t set # = # where 1"),
            ("update t set ? where 1", "update t set # = # where 1"),
            ("a /* x\n */ b", "a\nb"),
            ("select a into @x from t", "select a from t"),
            ("a - -1 --x", "a - -1"),
        ] {
            assert_eq!(rewritten(text), expected, "{text}");
        }
    }

    #[test]
    fn bulk_inserts_keep_two_rows() {
        let rows: Vec<String> = (0..50).map(|n| format!("({n}, 'x')")).collect();
        let text = format!("INSERT INTO t (a, b) VALUES {} ON CONFLICT DO NOTHING", rows.join(", "));
        assert_eq!(rewritten(&text), "INSERT INTO t (a, b) VALUES (0, 'x'), (1, 'x') ON CONFLICT DO NOTHING");
    }
}
