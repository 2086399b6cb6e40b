//! One statement to what it touches: by its first words where they say everything, else by a grammar, dialect after
//! dialect, else by the tolerant pass.

use compact_str::CompactString;
use sqlparser::ast::Statement;
use sqlparser::dialect::{Dialect, dialect_from_str};
use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Token as GrammarToken, Tokenizer};

use crate::frontend::sql::cursor::{Cursor, Name, split, unquote};
use crate::frontend::sql::ddl;
use crate::frontend::sql::dialect::grammars;
use crate::frontend::sql::lex::{Kind, Rules, Token};
use crate::frontend::sql::rewrite::{MARK, rewrite};
use crate::frontend::sql::routine;
use crate::frontend::sql::tolerant;
use crate::frontend::sql::tree::{self, Found, Naming};
use crate::model::fact::Text;
use crate::model::sql::{Operation, Reading, SchemaChange, TransactionMark};

/// Routines inside routines, and text executed from text, are followed so far.
const DEPTH: u32 = 4;

/// What a statement is read with.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) source: &'a str,
    /// Id given by the caller, or empty.
    pub(super) dialect: &'a str,
    pub(super) rules: Rules,
    pub(super) naming: Naming,
    pub(super) depth: u32,
}

/// What a statement was found to say. Lines count from the start of the text.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) found: Found,
    pub(super) changes: Vec<SchemaChange>,
    pub(super) transaction: Option<TransactionMark>,
    pub(super) reading: Reading,
    pub(super) problem: CompactString,
    pub(super) routine: Text,
    /// First line, where it is not the first of the piece.
    pub(super) line: Option<u32>,
}

impl Outcome {
    pub(super) fn touch(&mut self, name: &Name, operation: Operation) {
        if !name.store.name.starts_with(['@', ':']) {
            self.found.access(&name.store, operation, name.line, name.partial);
        }
    }

    pub(super) fn absorb(&mut self, other: Self) {
        self.found.absorb(other.found, 0);
        self.changes.extend(other.changes);
        if other.reading > self.reading {
            self.reading = other.reading;
            self.problem = other.problem;
        }
    }

    fn marked(transaction: TransactionMark) -> Self {
        Self { transaction: Some(transaction), ..Self::default() }
    }
}

impl<'a> Context<'a> {
    /// The same for another text.
    pub(super) fn inside<'b>(&self, source: &'b str) -> Option<Context<'b>>
    where
        'a: 'b,
    {
        (self.depth < DEPTH).then(|| Context {
            source,
            dialect: self.dialect,
            rules: self.rules,
            naming: self.naming,
            depth: self.depth + 1,
        })
    }

    pub(super) fn is_tsql(&self) -> bool {
        self.dialect == "mssql"
    }

    /// Everything the tokens say; more than one outcome where statements stand side by side without `;`.
    pub(super) fn read(&self, tokens: &[Token]) -> Vec<Outcome> {
        if tokens.is_empty() {
            return Vec::new();
        }
        match self.direct(tokens) {
            Some(outcomes) => outcomes,
            None => self.grammar(tokens),
        }
    }

    /// Everything as one outcome.
    pub(super) fn query(&self, tokens: &[Token]) -> Outcome {
        let mut outcomes = self.read(tokens).into_iter();
        let mut first = outcomes.next().unwrap_or_default();
        for outcome in outcomes {
            first.absorb(outcome);
        }
        first
    }

    /// Statements whose meaning stands in their first words.
    fn direct(&self, tokens: &[Token]) -> Option<Vec<Outcome>> {
        let fold = self.naming.fold;
        let mut cursor = Cursor::new(self.source, tokens, fold);
        let first = cursor.peek().filter(|token| token.kind == Kind::Word)?;
        let verb = first.text(self.source).to_ascii_uppercase();
        cursor.at += 1;
        let outcome = match verb.as_str() {
            "SELECT" | "WITH" | "INSERT" | "UPDATE" | "DELETE" | "MERGE" | "VALUES" | "FROM" => return None,
            "BEGIN" | "START" => return Some(self.begin(&mut cursor)),
            "COMMIT" => Outcome::marked(TransactionMark::Commit),
            "END" if tokens.len() <= 2 && !self.naming.in_routine => Outcome::marked(TransactionMark::Commit),
            "END" | "ELSE" => {
                // The tail of a block that was cut at a semicolon.
                cursor.skip_any(&["TRY", "CATCH", "TRANSACTION", "WORK", "IF", "WHILE", "LOOP", "CASE"]);
                return Some(if cursor.peek().is_some() { self.read(cursor.rest()) } else { vec![Outcome::default()] });
            }
            "ROLLBACK" | "ABORT" => {
                let savepoint = cursor.is("TO") || cursor.nth_is(1, "TO");
                if savepoint { Outcome::default() } else { Outcome::marked(TransactionMark::Rollback) }
            }
            "DESCRIBE" | "DESC" if !self.explains(&cursor) => self.described(&mut cursor),
            "ANALYZE" | "ANALYSE" | "VACUUM" | "OPTIMIZE" | "CHECK" | "REPAIR" => self.described(&mut cursor),
            "PIVOT" | "UNPIVOT" => {
                let mut outcome = Outcome::default();
                outcome.touch(&cursor.name()?, Operation::Select);
                outcome
            }
            "LOAD" => {
                let mut outcome = Outcome::default();
                if cursor.seek("INTO") {
                    cursor.skip_any(&["TEMP", "TEMPORARY", "TABLE"]);
                    outcome.touch(&cursor.name()?, Operation::Insert);
                }
                outcome
            }
            "REPLACE" if cursor.eat("VIEW") => ddl::create_view(self, &mut cursor, false)?,
            "EXPLAIN" | "DESCRIBE" | "DESC" => return Some(self.explained(&mut cursor)),
            "PREPARE" => return Some(self.prepared(&mut cursor)),
            "DECLARE" => self.declared(&mut cursor),
            "SET" => return self.set(&mut cursor),
            "USE" => self.used(&mut cursor),
            "TRUNCATE" => self.truncate(&mut cursor)?,
            // Teradata locks before a request.
            "LOCK" if cursor.rest().iter().any(|it| it.is(self.source, "SELECT") || it.is(self.source, "SEL")) => {
                return None;
            }
            "LOCK" => self.lock(&mut cursor)?,
            "CACHE" => {
                let at = cursor.rest().iter().position(|it| it.is(self.source, "SELECT") || it.is(self.source, "WITH"));
                return at.map(|at| self.read(&cursor.rest()[at..]));
            }
            "COPY" => return self.copy(&mut cursor),
            "REFRESH" if !cursor.is("MATERIALIZED") && !cursor.is("TABLE") => Outcome::default(),
            "REFRESH" => {
                cursor.skip_any(&["MATERIALIZED", "VIEW", "CONCURRENTLY", "TABLE"]);
                let mut outcome = Outcome::default();
                outcome.touch(&cursor.name()?, Operation::Ddl);
                outcome
            }
            "COMMENT" => {
                let mut outcome = Outcome::default();
                if cursor.eat_all(&["ON", "TABLE"]) || cursor.eat_all(&["ON", "VIEW"]) {
                    outcome.touch(&cursor.name()?, Operation::Ddl);
                }
                outcome
            }
            "CREATE" => self.create(&mut cursor)?,
            "ALTER" => self.alter(&mut cursor)?,
            "DROP" => ddl::drop_object(&mut cursor)?,
            "RENAME" if cursor.eat("TABLE") => ddl::rename_tables(&mut cursor)?,
            "DO" => routine::anonymous(self, &mut cursor),
            "EXECUTE" | "EXEC" => routine::executed(self, &mut cursor),
            "PERFORM" => self.performed(cursor.rest()),
            "CALL" | "IF" | "WHILE" | "LOOP" | "FOR" | "RETURN" | "PRINT" | "RAISE" | "ELSIF" | "ELSEIF" => {
                routine::block(self, tokens)
            }
            "SAVEPOINT" | "RELEASE" | "PRAGMA" | "SHOW" | "GRANT" | "REVOKE" | "CHECKPOINT" | "LISTEN" | "NOTIFY"
            | "UNLISTEN" | "DEALLOCATE" | "DISCARD" | "KILL" | "FLUSH" | "UNLOCK" | "RESET" | "REINDEX" | "CLUSTER"
            | "CLOSE" | "FETCH" | "OPEN" | "INSTALL" | "ATTACH" | "DETACH" | "SECURITY" | "REASSIGN" | "DENY"
            | "IMPORT" | "GO" | "HANDLER" | "PURGE" | "CHANGE" => Outcome::default(),
            _ => return None,
        };
        Some(vec![outcome])
    }

    fn begin(&self, cursor: &mut Cursor<'_>) -> Vec<Outcome> {
        let block = cursor.eat("TRY") || cursor.eat("CATCH");
        let words = [
            "TRAN",
            "TRANSACTION",
            "WORK",
            "DEFERRED",
            "IMMEDIATE",
            "EXCLUSIVE",
            "CONCURRENT",
            "ISOLATION",
            "LEVEL",
            "READ",
            "COMMITTED",
            "UNCOMMITTED",
            "REPEATABLE",
            "SERIALIZABLE",
            "WRITE",
            "ONLY",
            "NOT",
            "DEFERRABLE",
            "SNAPSHOT",
        ];
        let before = cursor.at;
        while words.iter().any(|word| cursor.is(word)) || cursor.is_symbol(",") && cursor.at > before {
            cursor.at += 1;
        }
        let mut outcomes = Vec::new();
        if cursor.at > before || cursor.peek().is_none() && !block {
            outcomes.push(Outcome::marked(TransactionMark::Begin));
        }
        if cursor.peek().is_some() {
            // A name for the transaction, or statements that follow without a semicolon.
            if cursor.at > before && cursor.rest().len() == 1 {
                return outcomes;
            }
            outcomes.push(routine::block(self, cursor.rest()));
        }
        if outcomes.is_empty() {
            outcomes.push(Outcome::default());
        }
        outcomes
    }

    fn explains(&self, cursor: &Cursor<'_>) -> bool {
        let verbs = ["SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "QUERY", "FORMAT"];
        verbs.iter().any(|verb| cursor.is(verb)) && cursor.rest().len() > 2
            || cursor.rest().iter().any(|token| token.is(self.source, "SELECT"))
    }

    /// Tables that are described, analyzed or cleaned up: neither read nor written row by row.
    fn described(&self, cursor: &mut Cursor<'_>) -> Outcome {
        let mut outcome = Outcome::default();
        loop {
            let before = cursor.at;
            cursor.skip_any(&[
                "TABLE",
                "TABLES",
                "VIEW",
                "MATERIALIZED",
                "EXTERNAL",
                "EXTENDED",
                "FORMATTED",
                "VERBOSE",
                "FULL",
                "FREEZE",
                "ANALYZE",
                "LOCAL",
                "NO_WRITE_TO_BINLOG",
            ]);
            // `DESCRIBE HISTORY t`
            if cursor.rest().len() > 1 {
                cursor.skip_any(&["HISTORY", "DETAIL"]);
            }
            cursor.parenthesis();
            if cursor.at == before {
                break;
            }
        }
        let others =
            ["DATABASE", "SCHEMA", "FUNCTION", "PROCEDURE", "STAGE", "WAREHOUSE", "USER", "INPUT", "OUTPUT", "COMPUTE"];
        // `VACUUM INTO 'backup.db'` copies the database to a file.
        let names_no_table = cursor.is("INTO") || others.iter().any(|word| cursor.is(word));
        if names_no_table && cursor.rest().len() > 1 {
            return outcome;
        }
        // `ANALYZE TABLE t UPDATE HISTOGRAM ON a, b` goes on with columns.
        let names = if cursor.rest().iter().any(|it| it.is(self.source, "HISTOGRAM")) { 1 } else { usize::MAX };
        for part in split(self.source, cursor.rest()).into_iter().take(names) {
            if let Some(name) = Cursor::new(self.source, part, self.naming.fold).name() {
                outcome.touch(&name, Operation::Unknown);
            }
        }
        outcome
    }

    fn explained(&self, cursor: &mut Cursor<'_>) -> Vec<Outcome> {
        let verbs = ["SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "VALUES", "CREATE", "EXECUTE"];
        let at = cursor.rest().iter().position(|token| {
            verbs.iter().any(|verb| token.is(self.source, verb)) || token.is_symbol(self.source, ";")
        });
        match at {
            Some(at) => self.read(&cursor.rest()[at..]),
            None => vec![Outcome::default()],
        }
    }

    /// `PREPARE p (int) AS SELECT ..`, `PREPARE p FROM 'SELECT ..'`.
    fn prepared(&self, cursor: &mut Cursor<'_>) -> Vec<Outcome> {
        cursor.ident();
        cursor.parenthesis();
        if cursor.eat("AS") {
            return self.read(cursor.rest());
        }
        cursor.eat("FROM");
        vec![routine::executed(self, cursor)]
    }

    fn declared(&self, cursor: &mut Cursor<'_>) -> Outcome {
        // A cursor's query comes after FOR; a variable's value may be a subquery.
        routine::block(self, cursor.rest())
    }

    fn set(&self, cursor: &mut Cursor<'_>) -> Option<Vec<Outcome>> {
        cursor.skip_any(&["LOCAL", "SESSION", "GLOBAL"]);
        let mut outcome = Outcome::default();
        let path = cursor.eat("search_path");
        if path || cursor.is("SCHEMA") {
            if !path {
                cursor.at += 1;
            }
            if !cursor.eat("TO") {
                cursor.eat_symbol("=");
            }
            // The first schema that is not the user's own.
            for part in split(self.source, cursor.rest()) {
                let mut one = Cursor::new(self.source, part, self.naming.fold);
                let Some((schema, false)) = one.ident() else { continue };
                if schema == "$user" || schema.eq_ignore_ascii_case("DEFAULT") {
                    continue;
                }
                // `SET search_path TO 'a, b'`
                let schema = schema.split(',').next().unwrap_or("").trim().to_owned();
                outcome.changes.push(SchemaChange::UseSchema { schema: schema.into() });
                break;
            }
            return Some(vec![outcome]);
        }
        if cursor.rest().iter().any(|token| token.is(self.source, "SELECT")) {
            outcome = routine::block(self, cursor.rest());
        }
        Some(vec![outcome])
    }

    fn used(&self, cursor: &mut Cursor<'_>) -> Outcome {
        let _ = self;
        let mut outcome = Outcome::default();
        cursor.skip_any(&["DATABASE", "SCHEMA"]);
        if let Some((schema, false)) = cursor.ident() {
            outcome.changes.push(SchemaChange::UseDatabase { database: schema.into() });
        }
        outcome
    }

    fn truncate(&self, cursor: &mut Cursor<'_>) -> Option<Outcome> {
        let mut outcome = Outcome::default();
        if cursor.is("DATABASE") && cursor.rest().len() > 1 {
            return Some(outcome);
        }
        cursor.eat("TABLE");
        cursor.eat_all(&["IF", "EXISTS"]);
        for part in split(self.source, cursor.rest()) {
            let mut one = Cursor::new(self.source, part, self.naming.fold);
            one.eat("ONLY");
            let name = one.name()?;
            outcome.touch(&name, Operation::Delete);
        }
        Some(outcome)
    }

    /// `LOCK TABLE a, b IN ACCESS EXCLUSIVE MODE`, `LOCK TABLES a READ, b WRITE`.
    fn lock(&self, cursor: &mut Cursor<'_>) -> Option<Outcome> {
        if !cursor.eat("TABLES") {
            cursor.eat("TABLE");
        }
        let mut outcome = Outcome::default();
        for part in split(self.source, cursor.rest()) {
            let mut one = Cursor::new(self.source, part, self.naming.fold);
            one.eat("ONLY");
            let name = one.name()?;
            outcome.touch(&name, Operation::Unknown);
        }
        Some(outcome)
    }

    fn copy(&self, cursor: &mut Cursor<'_>) -> Option<Vec<Outcome>> {
        if cursor.is_symbol("(") {
            let inside = cursor.parenthesis()?;
            return Some(self.read(inside));
        }
        cursor.eat("BINARY");
        let name = cursor.name()?;
        let columns = cursor.columns();
        let reads = cursor.eat("TO");
        if !reads && !cursor.eat("FROM") {
            return None;
        }
        let operation = if reads { Operation::Select } else { Operation::Insert };
        let mut outcome = Outcome::default();
        let access = outcome.found.access(&name.store, operation, name.line, name.partial);
        for column in columns {
            outcome.found.column(access, column);
        }
        Some(vec![outcome])
    }

    fn create(&self, cursor: &mut Cursor<'_>) -> Option<Outcome> {
        cursor.eat_all(&["OR", "REPLACE"]);
        cursor.eat_all(&["OR", "ALTER"]);
        let mut temporary = false;
        // Options in front of the kind: DEFINER, ALGORITHM, UNIQUE, UNLOGGED ..
        for _ in 0..24 {
            let token = cursor.peek()?;
            let word = token.text(self.source).to_ascii_uppercase();
            cursor.at += 1;
            match word.as_str() {
                "TEMP" | "TEMPORARY" => temporary = true,
                "TABLE" => return ddl::create_table(self, cursor, temporary),
                "VIEW" => return ddl::create_view(self, cursor, temporary),
                "INDEX" | "RULE" | "POLICY" => return Some(ddl::create_on(cursor)),
                "TRIGGER" => return Some(routine::trigger(self, cursor)),
                "FUNCTION" | "PROCEDURE" | "PROC" | "EVENT" | "PACKAGE" => return Some(routine::create(self, cursor)),
                "AGGREGATE" if cursor.is("FUNCTION") => {}
                "SCHEMA" | "DATABASE" | "EXTENSION" | "TYPE" | "DOMAIN" | "SEQUENCE" | "ROLE" | "USER" | "SERVER"
                | "CAST" | "OPERATOR" | "COLLATION" | "AGGREGATE" | "PUBLICATION" | "SUBSCRIPTION" | "STATISTICS"
                | "TABLESPACE" | "TEXT" | "LOGIN" | "SYNONYM" | "LANGUAGE" | "CONVERSION" | "ACCESS" | "MACRO"
                | "STAGE" | "WAREHOUSE" | "FILE" | "PARTITION" | "ASSEMBLY" | "CERTIFICATE" | "XML" | "TRANSFORM"
                | "GROUP" | "SECRET" | "FULLTEXT" | "KEYSPACE" => {
                    if word == "FULLTEXT" && cursor.is("INDEX") {
                        continue;
                    }
                    return Some(Outcome::default());
                }
                _ => {}
            }
        }
        None
    }

    fn alter(&self, cursor: &mut Cursor<'_>) -> Option<Outcome> {
        cursor.skip_any(&["FOREIGN", "IGNORE", "ONLINE", "OFFLINE"]);
        if cursor.eat("TABLE") {
            let rest = cursor.rest();
            let mut outcome = ddl::alter_table(cursor)?;
            // `ALTER TABLE t DELETE WHERE id IN (SELECT ..)`
            if rest.iter().any(|token| token.is(self.source, "SELECT")) {
                outcome.absorb(routine::block(self, rest));
            }
            return Some(outcome);
        }
        if cursor.eat("MATERIALIZED") || cursor.is("VIEW") {
            cursor.eat("VIEW");
            let before = cursor.at;
            let mut ahead = cursor.clone();
            ahead.name()?;
            if ahead.seek("AS") {
                cursor.at = before;
                return ddl::create_view(self, cursor, false);
            }
            cursor.at = before;
            return ddl::alter_table(cursor);
        }
        if cursor.eat("SCHEMA") {
            let mut outcome = Outcome::default();
            let (from, _) = cursor.ident()?;
            if cursor.eat_all(&["RENAME", "TO"]) {
                let (to, _) = cursor.ident()?;
                outcome.changes.push(SchemaChange::RenameSchema { from: from.into(), to: to.into() });
            } else if cursor.eat("TRANSFER") {
                cursor.eat_all(&["OBJECT"]);
                let name = cursor.name()?;
                outcome.touch(&name, Operation::Ddl);
                outcome.changes.push(SchemaChange::SetSchema { store: name.store, schema: from.into() });
            }
            return Some(outcome);
        }
        if ["FUNCTION", "PROCEDURE", "PROC"].iter().any(|kind| cursor.is(kind)) {
            cursor.at += 1;
            return Some(routine::create(self, cursor));
        }
        if cursor.eat("TRIGGER") {
            return Some(routine::trigger(self, cursor));
        }
        Some(Outcome::default())
    }

    /// `PERFORM f() FROM t`: a SELECT whose result is thrown away.
    fn performed(&self, rest: &[Token]) -> Outcome {
        let line = rest.first().map_or(1, |token| token.line);
        let text = format!("SELECT {}", rewrite(self.source, rest, self.naming.in_routine));
        self.grammar_text(&text, line, rest).into_iter().next().unwrap_or_default()
    }

    fn grammar(&self, tokens: &[Token]) -> Vec<Outcome> {
        let text = rewrite(self.source, tokens, self.naming.in_routine);
        let line = tokens.first().map_or(1, |token| token.line);
        self.grammar_text(&text, line, tokens)
    }

    /// Reads a rewritten text whose first line is `line`.
    fn grammar_text(&self, text: &str, line: u32, tokens: &[Token]) -> Vec<Outcome> {
        let mut problem = String::new();
        for dialect in grammars(text, self.dialect) {
            match parse(text, dialect) {
                Ok(statements) => {
                    return statements
                        .into_iter()
                        .map(|(statement, first)| {
                            let mut outcome = Outcome::default();
                            let found = tree::statement(&statement, self.naming);
                            outcome.found.result_columns.clone_from(&found.result_columns);
                            outcome.found.absorb(found, line - 1);
                            outcome.line = (first > 1).then_some(line - 1 + first);
                            outcome
                        })
                        .collect();
                }
                Err(reason) if problem.is_empty() => problem = reason,
                Err(_) => {}
            }
        }
        let mut outcome = tolerant::read(self, tokens);
        outcome.problem = problem.replace(MARK, "what is only filled in later").into();
        vec![outcome]
    }
}

/// Statements with the line each starts on.
fn parse(text: &str, dialect: &str) -> Result<Vec<(Statement, u32)>, String> {
    let dialect: Box<dyn Dialect> = dialect_from_str(dialect).ok_or("unknown dialect")?;
    let tokens = Tokenizer::new(dialect.as_ref(), text).tokenize_with_location().map_err(|error| error.message)?;
    let mut parser = Parser::new(dialect.as_ref()).with_tokens_with_locations(tokens);
    let mut statements = Vec::new();
    loop {
        while parser.consume_token(&GrammarToken::SemiColon) {}
        let next = parser.peek_token_ref();
        let line = next.span.start.line as u32;
        if next.token == GrammarToken::EOF {
            break;
        }
        // A second statement without a semicolon must open with a word of its own, on its own line.
        if let Some((_, last)) = statements.last()
            && (line <= *last || !opens_statement(&next.token))
        {
            return Err(format!("unexpected {} after the statement", next.token));
        }
        let statement = parser.parse_statement().map_err(|error| reason(&error.to_string()))?;
        statements.push((statement, line));
    }
    if statements.is_empty() { Err("no statement".to_owned()) } else { Ok(statements) }
}

fn opens_statement(token: &GrammarToken) -> bool {
    let GrammarToken::Word(word) = token else { return false };
    matches!(
        word.keyword,
        Keyword::SELECT
            | Keyword::INSERT
            | Keyword::UPDATE
            | Keyword::DELETE
            | Keyword::MERGE
            | Keyword::WITH
            | Keyword::CREATE
            | Keyword::DROP
            | Keyword::ALTER
            | Keyword::TRUNCATE
            | Keyword::SET
            | Keyword::EXEC
            | Keyword::DECLARE
            | Keyword::IF
            | Keyword::COMMIT
            | Keyword::PRINT
    )
}

/// The parser's reason without its own prefix and place, which is one in rewritten text.
fn reason(error: &str) -> String {
    let plain = error.strip_prefix("sql parser error: ").unwrap_or(error);
    plain.split(" at Line:").next().unwrap_or(plain).to_owned()
}

/// Text that is executed: literals joined, everything else a hole.
pub(super) fn dynamic_text(source: &str, tokens: &[Token]) -> Option<(String, u32)> {
    let mut text = String::new();
    let mut line = None;
    let mut hole = false;
    let mut depth = 0_u32;
    for token in tokens {
        if token.kind == Kind::Text {
            if depth == 0 || text.is_empty() {
                line = line.or(Some(token.line));
                text.push_str(&unquote(token.text(source)));
                hole = false;
            }
            continue;
        }
        match token.text(source) {
            "(" if token.kind == Kind::Symbol => {
                // `format('..', x)` and the like: their first literal is the text.
                depth += u32::from(!text.is_empty() || line.is_some());
            }
            ")" if token.kind == Kind::Symbol => depth = depth.saturating_sub(1),
            "||" | "|" | "+" => {}
            "," if depth == 0 && !text.is_empty() => break,
            _ if depth > 0 => {}
            _ if token.is(source, "USING") || token.is(source, "INTO") => break,
            _ if text.is_empty() => {}
            _ if !hole => {
                text.push_str("{hole}");
                hole = true;
            }
            _ => {}
        }
    }
    line.map(|line| (text, line))
}
