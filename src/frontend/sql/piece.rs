//! Cuts a text into statements, whatever tool it was written for.
//!
//! Besides `;` this knows `DELIMITER`, `GO` batches, psql meta lines, `COPY .. FROM stdin` data, routines whose body
//! holds `;`, the sections of migration tools (only what goes up is kept) and the comments that name a query.

use crate::frontend::sql::lex::{Kind, Lexer, Rules, Token};

/// One statement's tokens.
#[derive(Clone, Debug, Default)]
pub(super) struct Piece {
    /// Without comments and without the final `;`.
    pub(super) tokens: Vec<Token>,
    /// `-- name: GetUser :one` before it.
    pub(super) name: String,
}

impl Piece {
    pub(super) fn line(&self) -> u32 {
        self.tokens.first().map_or(1, |token| token.line)
    }

    pub(super) fn end_line(&self, text: &str) -> u32 {
        self.tokens
            .last()
            .map_or(1, |token| token.line + token.text(text).bytes().filter(|&byte| byte == b'\n').count() as u32)
    }
}

/// All statements of a text, in order.
pub(super) fn cut(text: &str, rules: Rules) -> Vec<Piece> {
    let (pieces, unterminated) = attempt(text, rules);
    if !unterminated {
        return pieces;
    }
    // Strings may be written the other way; else what is broken should cost one line, not the rest of the file.
    let (other, still) = attempt(text, Rules { backslash: !rules.backslash, ..rules });
    if !still {
        return other;
    }
    attempt(text, Rules { cut_strings: true, ..rules }).0
}

fn attempt(text: &str, rules: Rules) -> (Vec<Piece>, bool) {
    let mut cutter = Cutter {
        text,
        lexer: Lexer::new(text, rules),
        pieces: Vec::new(),
        current: Vec::new(),
        name: String::new(),
        delimiter: ";".to_owned(),
        skipping: false,
        verbatim: false,
        block: Block::default(),
    };
    cutter.run();
    let unterminated = cutter.lexer.unterminated;
    (cutter.pieces, unterminated)
}

/// Nesting of `BEGIN .. END` in a routine that is written without quotes around its body.
#[derive(Default)]
struct Block {
    routine: bool,
    depth: u32,
    /// The word before was `END`: `IF` and the like after it close nothing else.
    after_end: bool,
}

struct Cutter<'a> {
    text: &'a str,
    lexer: Lexer<'a>,
    pieces: Vec<Piece>,
    current: Vec<Token>,
    name: String,
    delimiter: String,
    /// In a section that takes the migration back.
    skipping: bool,
    /// Between `StatementBegin` and `StatementEnd`.
    verbatim: bool,
    block: Block,
}

impl Cutter<'_> {
    fn run(&mut self) {
        loop {
            let fresh = self.lexer.skip_space();
            if fresh && self.directive() {
                continue;
            }
            if self.delimiter != ";" && self.text[self.lexer.at..].starts_with(self.delimiter.as_str()) {
                self.lexer.at += self.delimiter.len();
                self.finish();
                continue;
            }
            let Some(token) = self.lexer.next() else { break };
            match token.kind {
                Kind::Comment => self.comment(token),
                Kind::Symbol if token.text(self.text) == ";" => self.semicolon(token),
                _ => {
                    self.track(token);
                    self.current.push(token);
                }
            }
        }
        self.finish();
    }

    fn semicolon(&mut self, token: Token) {
        let is_whole = self.verbatim && !self.creates_next();
        if is_whole || self.delimiter != ";" || self.block.routine && self.block.depth > 0 {
            self.current.push(token);
            return;
        }
        let data_follows = self.starts_with(&["COPY"])
            && self.current.iter().any(|token| token.is(self.text, "STDIN"))
            && self.current.iter().any(|token| token.is(self.text, "FROM"));
        self.finish();
        if data_follows {
            self.skip_copy_data();
        }
    }

    /// Whether the statement that follows makes another thing: a block may hold several of them.
    fn creates_next(&self) -> bool {
        let mut rest = self.text[self.lexer.at..].trim_start();
        while let Some(comment) = rest.strip_prefix("--") {
            rest = comment.split_once('\n').map_or("", |it| it.1).trim_start();
        }
        rest.get(..7).is_some_and(|it| it.eq_ignore_ascii_case("create "))
    }

    /// Data lines of `COPY` up to `\.`; without that end they are no data.
    fn skip_copy_data(&mut self) {
        let mut ahead = self.lexer.clone();
        ahead.skip_line();
        while ahead.at < self.text.len() {
            let line = ahead.rest_of_line();
            ahead.skip_line();
            if line == "\\." {
                self.lexer = ahead;
                return;
            }
        }
    }

    /// A line that is an order to a client program.
    fn directive(&mut self) -> bool {
        let line = self.lexer.rest_of_line();
        if line.starts_with('\\') {
            self.lexer.skip_line();
            return true;
        }
        let mut words = line.split_whitespace();
        let Some(first) = words.next() else { return false };
        if first.eq_ignore_ascii_case("DELIMITER")
            && let Some(delimiter) = words.next()
        {
            self.finish();
            delimiter.clone_into(&mut self.delimiter);
            self.lexer.skip_line();
            return true;
        }
        if first.trim_end_matches(';').eq_ignore_ascii_case("GO") {
            let rest = words.next().unwrap_or("");
            if rest.is_empty() || rest.bytes().all(|byte| byte.is_ascii_digit()) || rest.starts_with("--") {
                self.finish();
                self.lexer.skip_line();
                return true;
            }
        }
        false
    }

    fn comment(&mut self, token: Token) {
        let text = token.text(self.text);
        let Some(body) = text.strip_prefix("--").or_else(|| text.strip_prefix('#')) else {
            return self.block_comment(text);
        };
        let body = body.trim_start_matches(['-', '#', ' ', '\t']).trim();
        if let Some(name) = strip_word(body, "name:") {
            self.finish();
            self.name = name.trim_start().trim_start_matches(':').split_whitespace().next().unwrap_or("").to_owned();
            return;
        }
        let tool = ["+goose ", "+migrate ", "migrate:", "rambler ", "!", "@"]
            .into_iter()
            .find_map(|prefix| strip_word(body, prefix));
        let Some(order) = tool else { return };
        let order = order.trim().split(|byte: char| !byte.is_ascii_alphanumeric()).next().unwrap_or("");
        match order.to_ascii_lowercase().as_str() {
            "up" | "ups" => {
                self.finish();
                self.skipping = false;
            }
            "down" | "downs" => {
                self.finish();
                self.skipping = true;
            }
            "statementbegin" => {
                self.finish();
                self.verbatim = true;
            }
            "statementend" => {
                self.verbatim = false;
                self.finish();
            }
            _ => {}
        }
    }

    /// `/* name: GetUser :one */`.
    fn block_comment(&mut self, text: &str) {
        let body = text.trim_start_matches("/*").trim();
        if let Some(name) = strip_word(body, "name:") {
            self.finish();
            self.name = name.split_whitespace().next().unwrap_or("").trim_end_matches("*/").to_owned();
        }
    }

    fn starts_with(&self, words: &[&str]) -> bool {
        words.len() <= self.current.len()
            && words.iter().zip(&self.current).all(|(word, token)| token.is(self.text, word))
    }

    /// Follows `BEGIN`, `CASE` and `END` once the statement is known to create a routine.
    fn track(&mut self, token: Token) {
        if token.kind != Kind::Word {
            self.block.after_end = false;
            return;
        }
        if !self.block.routine {
            if self.current.len() < 14 && self.starts_with(&["CREATE"]) || self.starts_with(&["ALTER"]) {
                let text = token.text(self.text);
                let kind = ["TRIGGER", "FUNCTION", "PROCEDURE", "PROC", "EVENT", "PACKAGE"]
                    .iter()
                    .any(|word| text.eq_ignore_ascii_case(word));
                // `ON`, `AS` or `(` before the word: it is part of something else.
                self.block.routine = kind
                    && !self.current.iter().any(|token| {
                        token.is(self.text, "ON") || token.is(self.text, "AS") || token.is_symbol(self.text, "(")
                    });
            }
            return;
        }
        let text = token.text(self.text);
        let is = |word: &str| text.eq_ignore_ascii_case(word);
        if self.block.after_end {
            self.block.after_end = false;
            if ["IF", "LOOP", "WHILE", "REPEAT", "FOR"].iter().any(|word| is(word)) {
                // `END IF` closes what was never counted.
                self.block.depth += 1;
                return;
            }
            if is("CASE") {
                return;
            }
        }
        if is("BEGIN") || is("CASE") {
            self.block.depth += 1;
        } else if is("END") {
            self.block.depth = self.block.depth.saturating_sub(1);
            self.block.after_end = true;
        }
    }

    fn finish(&mut self) {
        self.block = Block::default();
        let mut tokens = std::mem::take(&mut self.current);
        while tokens.last().is_some_and(|token| token.is_symbol(self.text, ";")) {
            tokens.pop();
        }
        if !tokens.is_empty() && !self.skipping {
            self.pieces.push(Piece { tokens, name: self.name.clone() });
        }
    }
}

/// What follows a prefix, whatever its case.
fn strip_word<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

#[cfg(test)]
mod tests {
    use super::cut;
    use crate::frontend::sql::lex::Rules;

    fn pieces(text: &str) -> Vec<String> {
        cut(text, Rules::of(text, ""))
            .iter()
            .map(|piece| {
                let words: Vec<&str> = piece.tokens.iter().map(|token| token.text(text)).collect();
                format!("{}{}@{}", piece.name, words.join(" "), piece.line())
            })
            .collect()
    }

    #[test]
    fn semicolons_split() {
        assert_eq!(pieces("a; b ';' c;\n\nd"), ["a@1", "b ';' c@1", "d@3"]);
        assert_eq!(pieces("a $$;$$ b; -- c;\n d"), ["a $$;$$ b@1", "d@2"]);
    }

    #[test]
    fn routine_bodies_stay_whole() {
        let text =
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE b SET c = CASE WHEN 1 THEN 2 END; DELETE FROM d; END; x";
        assert_eq!(pieces(text).len(), 2);
        let text = "CREATE PROCEDURE p() BEGIN IF a THEN b; END IF; WHILE c DO d; END WHILE; e; END; x";
        assert_eq!(pieces(text).len(), 2);
        assert_eq!(pieces("CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f(); x").len(), 2);
    }

    #[test]
    fn client_orders() {
        assert_eq!(pieces("DELIMITER //\na; b//\nDELIMITER ;\nc; d"), ["a ; b@2", "c@4", "d@4"]);
        assert_eq!(pieces("a\nGO\nb\ngo 5\nc"), ["a@1", "b@3", "c@5"]);
        assert_eq!(pieces("\\connect x\na;\n\\set y 1\nb;"), ["a@2", "b@4"]);
        assert_eq!(pieces("COPY a FROM stdin;\n1\tit's\n\\.\nb;"), ["COPY a FROM stdin@1", "b@4"]);
    }

    #[test]
    fn migration_sections() {
        assert_eq!(pieces("-- +goose Up\na;\n-- +goose Down\nb;"), ["a@2"]);
        assert_eq!(
            pieces("-- +goose Up\n-- +goose StatementBegin\na; b;\n-- +goose StatementEnd\nc;"),
            ["a ; b@3", "c@5"]
        );
        assert_eq!(
            pieces("-- +goose StatementBegin\na; b;\n-- c\nCREATE d;\ncreate e; f;\n-- +goose StatementEnd"),
            ["a ; b@2", "CREATE d@4", "create e ; f@5"]
        );
        assert_eq!(pieces("-- migrate:up\na;\n-- migrate:down\nb;"), ["a@2"]);
        assert_eq!(pieces("-- +migrate Down\nb;\n-- +migrate Up\na;"), ["a@4"]);
    }

    #[test]
    fn names_of_queries() {
        assert_eq!(pieces("-- name: GetUser :one\na;\n-- name: list-users\nb;"), ["GetUsera@2", "list-usersb@4"]);
    }

    #[test]
    fn strings_of_either_kind() {
        assert_eq!(pieces(r"a 'it\'s'; b").len(), 2);
        assert_eq!(pieces(r"a 'c:\'; b 'd'").len(), 2);
        assert_eq!(pieces("a 'never ends;\nb; c"), ["a 'never ends; b@1", "c@2"]);
    }
}
