//! Whether a string literal is SQL, judged by its own looks.
//!
//! Prose opens with the same verbs (`Select an item from the list`, `Update user set failed`, `delete from cache`), so a
//! verb needs the structure that goes with it, and lower-case text needs more of it than upper-case text.

use crate::frontend::sql::lex::{Kind, Rules, Token, tokens};

/// Tokens that are looked at; what says it is SQL stands early.
const LIMIT: usize = 400;

/// Words that no table and no column is called in front of another name.
const PROSE: &[&str] = &[
    "a", "an", "the", "this", "that", "these", "those", "your", "my", "our", "its", "their", "his", "her", "some",
    "any", "each", "every", "which", "what", "it", "them", "here", "there", "below", "above", "one", "more", "least",
    "new", "to", "for", "with", "of", "is", "are", "was", "at", "multiple", "existing", "failed", "error", "and", "or",
];

pub(super) fn like_sql(text: &str) -> bool {
    let trimmed = text.trim_start();
    // Cheap: nearly every literal fails here.
    let Some(first) = trimmed.bytes().next() else { return false };
    if !(first.is_ascii_alphabetic() || matches!(first, b'(' | b'-' | b'/' | b'#' | b'{')) || trimmed.len() < 10 {
        return false;
    }
    let head: String = trimmed.chars().take(8000).collect();
    let mut words = tokens(&head, Rules::of(&head, ""));
    words.truncate(LIMIT);
    let from = words.iter().position(|token| !token.is_symbol(&head, "(")).unwrap_or(0);
    Look { text: &head, tokens: &words[from..] }.statement()
}

struct Look<'a> {
    text: &'a str,
    tokens: &'a [Token],
}

impl<'a> Look<'a> {
    fn word(&self, at: usize) -> &'a str {
        self.tokens.get(at).filter(|token| token.kind == Kind::Word).map_or("", |token| token.text(self.text))
    }

    fn is(&self, at: usize, word: &str) -> bool {
        self.word(at).eq_ignore_ascii_case(word)
    }

    fn is_any(&self, at: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(at, word))
    }

    fn symbol(&self, at: usize, symbol: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is_symbol(self.text, symbol))
    }

    fn hole(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.kind == Kind::Hole)
    }

    fn ended(&self, at: usize) -> bool {
        self.tokens.get(at).is_none_or(|token| token.is_symbol(self.text, ";"))
    }

    /// Written in capitals, as prose never is.
    fn upper(&self, at: usize) -> bool {
        let word = self.word(at);
        !word.is_empty() && !word.bytes().any(|byte| byte.is_ascii_lowercase())
    }

    /// Place behind a qualified name at `at`; `None` if there is none.
    fn name(&self, at: usize) -> Option<usize> {
        let token = self.tokens.get(at)?;
        let fits = match token.kind {
            Kind::Quoted | Kind::Hole => true,
            Kind::Word => !PROSE.iter().any(|word| word.eq_ignore_ascii_case(token.text(self.text))),
            Kind::Symbol if token.is_symbol(self.text, "[") => {
                let close = self.tokens[at..].iter().position(|token| token.is_symbol(self.text, "]"))?;
                return if self.symbol(at + close + 1, ".") { self.name(at + close + 2) } else { Some(at + close + 1) };
            }
            _ => false,
        };
        if !fits {
            return None;
        }
        if self.symbol(at + 1, ".") && !self.ended(at + 2) { self.name(at + 2) } else { Some(at + 1) }
    }

    fn skip(&self, mut at: usize, words: &[&str]) -> usize {
        while self.is_any(at, words) {
            at += 1;
        }
        at
    }

    fn statement(&self) -> bool {
        let found = match self.word(0).to_ascii_uppercase().as_str() {
            "SELECT" => self.select(),
            "WITH" => self.with(),
            "INSERT" | "REPLACE" => self.insert(),
            "UPDATE" => self.update(),
            "DELETE" => self.delete(),
            "MERGE" => {
                self.is(1, "INTO") && self.name(2).is_some_and(|next| (next..next + 3).any(|at| self.is(at, "USING")))
            }
            "CREATE" => self.create(),
            "ALTER" => self.alter(),
            "DROP" => self.drop_object(),
            "TRUNCATE" => {
                let table = self.is(1, "TABLE");
                (table || self.upper(0))
                    && self.name(if table { 2 } else { 1 }).is_some_and(|next| self.clause_ends(next))
            }
            "EXPLAIN" => (1..6).any(|at| {
                self.is_any(at, &["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"])
                    && Look { text: self.text, tokens: &self.tokens[at..] }.statement()
            }),
            "COPY" => self.upper(0) && (1..40).any(|at| self.is_any(at, &["FROM", "TO"])) && self.name(1).is_some(),
            "LOCK" => self.upper(0) && self.is_any(1, &["TABLE", "TABLES"]) && self.name(2).is_some(),
            "REFRESH" => self.is(1, "MATERIALIZED") && self.is(2, "VIEW"),
            "START" => self.is(1, "TRANSACTION") && self.upper(0),
            "BEGIN" => self.upper(0) && self.is_any(1, &["TRANSACTION", "IMMEDIATE", "EXCLUSIVE", "DEFERRED", "TRAN"]),
            "PRAGMA" => {
                self.upper(0)
                    && self
                        .name(1)
                        .is_some_and(|next| self.ended(next) || self.symbol(next, "=") || self.symbol(next, "("))
            }
            _ => false,
        };
        found && !self.is_sentence()
    }

    /// A full stop or exclamation mark behind the last word.
    fn is_sentence(&self) -> bool {
        self.text.trim_end().ends_with(['.', '!', ':']) && !self.text.trim_end().ends_with("'.")
    }

    fn clause_ends(&self, at: usize) -> bool {
        self.ended(at)
            || self.symbol(at, ",")
            || self.hole(at)
            || self.is_any(at, &["CASCADE", "RESTRICT", "RESTART", "CONTINUE"])
    }

    fn select(&self) -> bool {
        let mut depth = 0_i32;
        let mut from = None;
        for (at, token) in self.tokens.iter().enumerate().skip(1) {
            match token.text(self.text) {
                "(" if token.kind == Kind::Symbol => depth += 1,
                ")" if token.kind == Kind::Symbol => depth -= 1,
                _ if depth == 0 && token.is(self.text, "FROM") && !self.is(at - 1, "DISTINCT") => {
                    from = Some(at);
                    break;
                }
                _ => {}
            }
        }
        let upper = self.upper(0);
        let Some(from) = from else {
            // `SELECT 1`, `SELECT nextval('x')`, `SELECT EXISTS (..)`.
            let call = self.symbol(2, "(") && self.tokens.get(1).is_some_and(|token| token.kind == Kind::Word);
            let nested = (1..self.tokens.len().min(LIMIT)).any(|at| self.is(at, "FROM"));
            return (upper || nested) && call;
        };
        if from < 2 {
            return false;
        }
        let list = &self.tokens[1..from];
        let bare_prose = (1..from).any(|at| self.prose_in_list(at, from));
        let source = self.symbol(from + 1, "(")
            || self.is_any(from + 1, &["ONLY", "LATERAL", "UNNEST"])
            || self.name(from + 1).is_some();
        if !source || bare_prose {
            return false;
        }
        if upper && self.upper(from) {
            return true;
        }
        let Some(next) = self.name(from + 1) else { return self.symbol(from + 1, "(") };
        let structured = list.iter().any(|token| match token.kind {
            Kind::Symbol => matches!(token.text(self.text), "*" | "," | "." | "(" | "="),
            Kind::Word => token.text(self.text).contains('_'),
            Kind::Comment => false,
            Kind::Number | Kind::Quoted | Kind::Text | Kind::Param | Kind::Hole => true,
        });
        let followed = self.ended(next)
            || self.hole(next)
            || self.symbol(next, ",")
            || self.is_any(
                next,
                &["WHERE", "ORDER", "GROUP", "JOIN", "LEFT", "INNER", "LIMIT", "AS", "UNION", "FOR", "CROSS", "RIGHT"],
            )
            || self.is_any(
                next + 1,
                &["WHERE", "ORDER", "GROUP", "JOIN", "LEFT", "INNER", "LIMIT", "ON", "CROSS", "RIGHT"],
            );
        followed && (structured || list.len() == 1 && (self.ended(next) || self.conditions(next)))
    }

    /// A word of prose in front of another word, in what a SELECT lists up to `from`. In a list the same words stand between
    /// the parts of a condition (`CASE WHEN a IS NULL`, `a OR b`), there in capitals where the statement is.
    fn prose_in_list(&self, at: usize, from: usize) -> bool {
        let before_word = at + 1 < from && !self.word(at + 1).is_empty() && !self.is(at + 1, "AS");
        let tests = self.is(at, "IS") && self.is_any(at + 1, &["NULL", "NOT", "TRUE", "FALSE", "DISTINCT"]);
        let in_case = self.is_any(at, &["AND", "OR"]) && (1..at).any(|at| self.is(at, "CASE"));
        let joins = self.upper(at) && self.is_any(at, &["AND", "OR", "IS", "AT", "FOR", "WITH", "TO"]);
        let in_capitals = self.upper(0) && self.upper(from) && joins;
        PROSE.iter().any(|word| self.is(at, word)) && before_word && !tests && !in_case && !in_capitals
    }

    /// A WHERE with a comparison, or another clause, further on.
    fn conditions(&self, from: usize) -> bool {
        (from..self.tokens.len()).any(|at| {
            self.is(at, "WHERE") && self.compares(at + 1)
                || (self.is(at, "ORDER") || self.is(at, "GROUP")) && self.is(at + 1, "BY")
                || self.is(at, "LIMIT") && self.tokens.get(at + 1).is_some_and(|token| token.kind != Kind::Word)
                || self.is(at, "RETURNING")
        })
    }

    /// A name and an operator, or a hole.
    fn compares(&self, at: usize) -> bool {
        if self.hole(at) || self.symbol(at, "(") || self.is_any(at, &["EXISTS", "NOT"]) {
            return true;
        }
        let Some(next) = self.name(at) else { return false };
        let operator = self.tokens.get(next).is_some_and(|token| {
            token.kind == Kind::Symbol
                && matches!(token.text(self.text), "=" | "<" | ">" | "!" | "~" | "@" | "::" | "(" | "-")
        });
        operator || self.is_any(next, &["IN", "IS", "LIKE", "ILIKE", "BETWEEN", "NOT"])
    }

    fn with(&self) -> bool {
        let at = self.skip(1, &["RECURSIVE"]);
        let Some(mut next) = self.name(at) else { return false };
        if self.symbol(next, "(") {
            while next < self.tokens.len() && !self.symbol(next, ")") {
                next += 1;
            }
            next += 1;
        }
        if !self.is(next, "AS") {
            return false;
        }
        self.symbol(self.skip(next + 1, &["NOT", "MATERIALIZED"]), "(")
    }

    fn insert(&self) -> bool {
        let at = self
            .skip(1, &["OR", "IGNORE", "REPLACE", "ROLLBACK", "ABORT", "FAIL", "LOW_PRIORITY", "DELAYED", "OVERWRITE"]);
        if !self.is(at, "INTO") {
            return false;
        }
        let Some(next) = self.name(at + 1) else { return false };
        let structured = self.symbol(next, "(") || self.is_any(next, &["VALUES", "SELECT", "DEFAULT", "SET", "WITH"]);
        let aliased = self.is(next, "AS") && self.symbol(next + 2, "(");
        structured || aliased || self.upper(0) && (self.ended(next) || self.hole(next))
    }

    fn update(&self) -> bool {
        let at = self.skip(1, &["ONLY", "OR", "IGNORE", "REPLACE", "LOW_PRIORITY"]);
        if self.name(at).is_none() {
            return false;
        }
        // Aliases and MySQL's joins may stand before SET.
        let Some(set) = (at + 1..self.tokens.len().min(at + 60)).find(|&at| self.is(at, "SET")) else { return false };
        if self.hole(set + 1) || self.symbol(set + 1, "(") {
            return true;
        }
        if let Some(next) = self.name(set + 1) {
            return self.symbol(next, "=") || self.upper(0) && self.symbol(next, "+");
        }
        let filled = self.tokens.get(set + 1).is_some_and(|token| token.kind == Kind::Param);
        let next = if filled { set + 2 } else { set + 1 };
        let goes_on = filled && self.is_any(next, &["FROM", "WHERE", "RETURNING"]);
        self.upper(0) && self.upper(set) && (self.ended(next) || goes_on)
    }

    fn delete(&self) -> bool {
        if !self.is(1, "FROM") {
            // `DELETE a FROM a JOIN b`
            return self.upper(0)
                && self.name(1).is_some_and(|next| self.is(next, "FROM") && self.name(next + 1).is_some());
        }
        let at = self.skip(2, &["ONLY"]);
        let Some(next) = self.name(at) else { return false };
        if self.upper(0) && self.upper(1) {
            return self.ended(next)
                || self.hole(next)
                || self.is_any(next, &["WHERE", "USING", "AS", "RETURNING", "LIMIT"])
                || self.is_any(next + 1, &["WHERE", "USING"]);
        }
        self.conditions(next)
    }

    fn create(&self) -> bool {
        let at = self.skip(
            1,
            &[
                "OR",
                "REPLACE",
                "ALTER",
                "TEMP",
                "TEMPORARY",
                "UNLOGGED",
                "GLOBAL",
                "LOCAL",
                "EXTERNAL",
                "FOREIGN",
                "UNIQUE",
                "FULLTEXT",
                "SPATIAL",
                "MATERIALIZED",
                "RECURSIVE",
                "VIRTUAL",
                "CLUSTERED",
                "NONCLUSTERED",
                "CONSTRAINT",
            ],
        );
        let kind = self.word(at).to_ascii_uppercase();
        let name_at = self.skip(at + 1, &["CONCURRENTLY", "IF", "NOT", "EXISTS"]);
        let guarded = self.is(name_at.saturating_sub(1), "EXISTS");
        match kind.as_str() {
            "TABLE" => self.name(name_at).is_some_and(|next| {
                self.symbol(next, "(")
                    || self.is_any(next, &["AS", "LIKE", "PARTITION", "USING"])
                    || guarded && self.ended(next)
            }),
            "INDEX" => (name_at..name_at + 8).any(|at| self.is(at, "ON") && self.name(at + 1).is_some()),
            "VIEW" => self.name(name_at).is_some_and(|next| self.is(next, "AS") || self.symbol(next, "(")),
            "FUNCTION" | "PROCEDURE" => self.name(name_at).is_some_and(|next| self.symbol(next, "(")),
            "TRIGGER" => {
                self.name(name_at).is_some_and(|next| self.is_any(next, &["BEFORE", "AFTER", "INSTEAD", "ON"]))
            }
            "TYPE" => self.name(name_at).is_some_and(|next| self.is(next, "AS")),
            "SCHEMA" | "DATABASE" | "EXTENSION" | "SEQUENCE" | "ROLE" | "USER" => {
                self.upper(0) && self.name(name_at).is_some()
            }
            _ => false,
        }
    }

    fn alter(&self) -> bool {
        if !self.is(1, "TABLE") {
            return self.upper(0)
                && self.is_any(1, &["SCHEMA", "SEQUENCE", "TYPE", "VIEW", "INDEX", "ROLE", "USER", "DATABASE"])
                && self.name(2).is_some();
        }
        let at = self.skip(2, &["IF", "EXISTS", "ONLY"]);
        self.name(at).is_some_and(|next| {
            self.hole(next)
                || self.is_any(
                    next,
                    &[
                        "ADD",
                        "DROP",
                        "RENAME",
                        "ALTER",
                        "MODIFY",
                        "CHANGE",
                        "SET",
                        "OWNER",
                        "ENABLE",
                        "DISABLE",
                        "ATTACH",
                        "DETACH",
                        "INHERIT",
                        "ENGINE",
                        "CONVERT",
                        "VALIDATE",
                        "REPLICA",
                        "FORCE",
                        "COMMENT",
                        "AUTO_INCREMENT",
                        "WITH",
                    ],
                )
        })
    }

    fn drop_object(&self) -> bool {
        let at = self.skip(1, &["MATERIALIZED", "TEMPORARY", "FOREIGN"]);
        let kinds = [
            "TABLE",
            "VIEW",
            "INDEX",
            "SCHEMA",
            "TRIGGER",
            "FUNCTION",
            "PROCEDURE",
            "SEQUENCE",
            "TYPE",
            "DATABASE",
            "EXTENSION",
            "ROLE",
            "USER",
        ];
        if !self.is_any(at, &kinds) {
            return false;
        }
        let name_at = self.skip(at + 1, &["IF", "EXISTS", "CONCURRENTLY"]);
        let guarded = name_at > at + 1;
        self.name(name_at).is_some_and(|next| {
            let ends = self.clause_ends(next) || self.is(next, "ON") || self.symbol(next, "(");
            let lower = self.word(0).bytes().all(|byte| byte.is_ascii_lowercase());
            ends && (guarded || self.upper(0) || lower && self.is(at, "TABLE"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::like_sql;

    #[test]
    fn statements_look_like_sql() {
        for text in [
            "SELECT id, name FROM users WHERE id = $1",
            "select * from users",
            "select name from users where id = ?",
            "Select u.id From users u Join teams t On t.id = u.team_id",
            "\n  -- who is online\n  SELECT id FROM sessions",
            "/* x */ SELECT id FROM sessions",
            "SELECT EXISTS(SELECT 1 FROM users WHERE email = $1)",
            "select exists(select 1 from users)",
            "SELECT COUNT(*) FROM {hole}",
            "(SELECT a FROM b) UNION (SELECT a FROM c)",
            "INSERT INTO users (id) VALUES (?)",
            "insert into users values (1)",
            "INSERT OR IGNORE INTO t SELECT * FROM u",
            "INSERT INTO {hole}",
            "REPLACE INTO t (a) VALUES (1)",
            "UPDATE users SET name = ?",
            "update users u set name = 'x' where id = 1",
            "UPDATE users SET {hole} WHERE id = 1",
            "UPDATE `users` SET `name` = ?",
            "UPDATE users SET ? WHERE id = ?",
            "UPDATE users u SET ?",
            "DELETE FROM users u USING teams t WHERE t.id = u.team_id",
            "DELETE FROM users",
            "delete from users where id = %s",
            "DELETE FROM [dbo].[users] WHERE id = @id",
            "WITH x AS (SELECT 1) SELECT * FROM x",
            "with recursive t(n) as (select 1) select n from t",
            "CREATE TABLE users (id int)",
            "create table if not exists users (id int)",
            "CREATE UNIQUE INDEX IF NOT EXISTS i ON t (a)",
            "CREATE OR REPLACE VIEW v AS SELECT 1",
            "ALTER TABLE users ADD COLUMN x int",
            "DROP TABLE IF EXISTS users",
            "TRUNCATE TABLE users",
            "TRUNCATE users CASCADE",
            "MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN DELETE",
            "EXPLAIN ANALYZE SELECT * FROM t",
            "SELECT id FROM users WHERE name = 'it''s.'",
            "SELECT CASE WHEN u.left_at IS NULL THEN false ELSE true END AS \"gone!\" FROM users u",
            "SELECT has_totp OR has_mail OR count(k.id) > 0 \"bool!\" FROM users u LEFT JOIN keys k ON k.user_id = u.id",
            "SELECT made_at AT TIME ZONE 'utc' FROM users",
            "select id, left_at is not null as gone from users where id = $1",
            "select case when a = 1 and b then 1 else 2 end from users where id = $1",
        ] {
            assert!(like_sql(text), "{text}");
        }
    }

    #[test]
    fn prose_does_not() {
        for text in [
            "",
            "select",
            "Select an item from the list",
            "select one or more options from the menu below",
            "Select items from your cart",
            "SELECT ONE OF THE ITEMS FROM CART",
            "Select what is not taken from shelf where it is",
            "select a row or a column from table above",
            "SELECT",
            "Update user set failed",
            "update user set failed: %s",
            "Update the settings",
            "Update users set ?",
            "UPDATE users SET ? is what was asked for",
            "DELETE FROM users who are using it",
            "update set of records",
            "delete from cache",
            "Delete from the list",
            "Delete a user",
            "deleted from users",
            "insert into cart",
            "Insert into the slot",
            "Insert coin",
            "create table",
            "Create table for two",
            "Create index",
            "create a view",
            "Drop table service",
            "drop index finger",
            "alter table manners",
            "with love as always",
            "With best regards",
            "replace into",
            "merge into main",
            "truncate text",
            "from users select name",
            "selected from users",
            "The user was deleted from users where id = 1",
            "/api/v1/select/from",
            "SELECT-ALL",
            "update available",
            "explain yourself",
            "Copy from clipboard",
            "use the force",
            "begin",
        ] {
            assert!(!like_sql(text), "{text}");
        }
    }
}
