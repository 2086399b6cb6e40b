//! Reads along the tokens of one statement: keywords, names, parentheses.

use crate::frontend::sql::lex::{Kind, Token};
use crate::frontend::sql::rewrite::{closing, marked, unmarked};
use crate::model::fact::Text;
use crate::model::sql::StoreName;

/// A qualified name in the text.
#[derive(Clone, Debug)]
pub(super) struct Name {
    pub(super) store: StoreName,
    pub(super) partial: bool,
    pub(super) line: u32,
}

/// A position among tokens.
#[derive(Clone)]
pub(super) struct Cursor<'a> {
    pub(super) source: &'a str,
    pub(super) tokens: &'a [Token],
    pub(super) at: usize,
    /// Unquoted names are folded to lower case.
    pub(super) fold: bool,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(source: &'a str, tokens: &'a [Token], fold: bool) -> Self {
        Self { source, tokens, at: 0, fold }
    }

    pub(super) fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    pub(super) fn rest(&self) -> &'a [Token] {
        &self.tokens[self.at.min(self.tokens.len())..]
    }

    pub(super) fn is(&self, word: &str) -> bool {
        self.peek().is_some_and(|token| token.is(self.source, word))
    }

    pub(super) fn nth_is(&self, ahead: usize, word: &str) -> bool {
        self.tokens.get(self.at + ahead).is_some_and(|token| token.is(self.source, word))
    }

    pub(super) fn is_symbol(&self, symbol: &str) -> bool {
        self.peek().is_some_and(|token| token.is_symbol(self.source, symbol))
    }

    pub(super) fn eat(&mut self, word: &str) -> bool {
        let found = self.is(word);
        self.at += usize::from(found);
        found
    }

    pub(super) fn eat_symbol(&mut self, symbol: &str) -> bool {
        let found = self.is_symbol(symbol);
        self.at += usize::from(found);
        found
    }

    /// All of these words in a row, or none.
    pub(super) fn eat_all(&mut self, words: &[&str]) -> bool {
        let found = words.iter().enumerate().all(|(ahead, word)| self.nth_is(ahead, word));
        if found {
            self.at += words.len();
        }
        found
    }

    /// Any of these words, as often as they come.
    pub(super) fn skip_any(&mut self, words: &[&str]) {
        while words.iter().any(|word| self.is(word)) {
            self.at += 1;
        }
    }

    /// Moves behind the next such word at this level of parentheses.
    pub(super) fn seek(&mut self, word: &str) -> bool {
        let mut here = self.clone();
        while here.peek().is_some() {
            if here.is(word) {
                self.at = here.at + 1;
                return true;
            }
            here.step();
        }
        false
    }

    /// One token, or a whole parenthesis.
    pub(super) fn step(&mut self) {
        if self.is_symbol("(") {
            self.at = closing(self.source, self.tokens, self.at).map_or(self.tokens.len(), |close| close + 1);
        } else {
            self.at += 1;
        }
    }

    /// One part of a name.
    pub(super) fn ident(&mut self) -> Option<(String, bool)> {
        let token = self.peek()?;
        if token.is_symbol(self.source, "[") {
            let close = self.tokens[self.at..].iter().position(|token| token.is_symbol(self.source, "]"))?;
            let from = token.end;
            let to = self.tokens[self.at + close].start;
            self.at += close + 1;
            return Some(unmarked(&marked(self.source.get(from..to)?.trim())));
        }
        let found = name_of(self.source, token, self.fold)?;
        self.at += 1;
        Some(found)
    }

    /// `a.b.c`.
    pub(super) fn name(&mut self) -> Option<Name> {
        let line = self.peek()?.line;
        let (first, mut partial) = self.ident()?;
        let mut parts = vec![first];
        while self.is_symbol(".") {
            self.at += 1;
            if self.is_symbol(".") {
                continue;
            }
            let Some((part, holes)) = self.ident() else { break };
            partial |= holes;
            parts.push(part);
        }
        let last = parts.pop()?;
        if last.is_empty() {
            return None;
        }
        let schema = (!parts.is_empty()).then(|| Text::from(parts.join(".")));
        Some(Name { store: StoreName { schema, name: last.into() }, partial, line })
    }

    /// Tokens inside the parenthesis at this place; moves behind it.
    pub(super) fn parenthesis(&mut self) -> Option<&'a [Token]> {
        if !self.is_symbol("(") {
            return None;
        }
        let close = closing(self.source, self.tokens, self.at)?;
        let inside = &self.tokens[self.at + 1..close];
        self.at = close + 1;
        Some(inside)
    }

    /// Names in a parenthesis such as `(a, b DESC, lower(c))`; what is no plain name is left out.
    pub(super) fn columns(&mut self) -> Vec<Text> {
        let Some(inside) = self.parenthesis() else { return Vec::new() };
        split(self.source, inside)
            .into_iter()
            .filter_map(|item| {
                let mut cursor = Cursor::new(self.source, item, self.fold);
                let (name, _) = cursor.ident()?;
                (!cursor.is_symbol("(")
                    || cursor.tokens.get(cursor.at + 1).is_some_and(|token| token.kind == Kind::Number))
                .then(|| Text::from(name))
            })
            .collect()
    }
}

/// The text of one part of a name, unquoted, and whether it has holes.
pub(super) fn name_of(source: &str, token: Token, fold: bool) -> Option<(String, bool)> {
    let text = token.text(source);
    match token.kind {
        Kind::Word => {
            let (name, partial) = unmarked(&marked(text));
            Some((if fold { name.to_lowercase() } else { name }, partial))
        }
        Kind::Quoted | Kind::Text => {
            let quote = text.chars().next()?;
            let inside = text.get(1..text.len().checked_sub(1)?)?;
            let doubled: String = [quote, quote].iter().collect();
            Some(unmarked(&marked(&inside.replace(&doubled, quote.encode_utf8(&mut [0; 4])))))
        }
        Kind::Hole => Some((crate::frontend::sql::rewrite::HOLE.to_owned(), true)),
        _ => None,
    }
}

/// Splits at the commas of this level.
pub(super) fn split<'a>(source: &str, tokens: &'a [Token]) -> Vec<&'a [Token]> {
    let mut parts = Vec::new();
    let mut depth = 0_u32;
    let mut from = 0;
    for (at, token) in tokens.iter().enumerate() {
        if token.kind != Kind::Symbol {
            continue;
        }
        match token.text(source) {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            "," if depth == 0 => {
                parts.push(&tokens[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&tokens[from..]);
    parts.retain(|part| !part.is_empty());
    parts
}

/// Content of a string literal, also a dollar-quoted one, with as many lines as the literal.
pub(super) fn unquote(text: &str) -> String {
    if let Some(rest) = text.strip_prefix('$') {
        let tag = rest.find('$').map_or(0, |end| end + 2);
        return text.get(tag..text.len().saturating_sub(tag)).unwrap_or("").to_owned();
    }
    let body = text.trim_start_matches(['e', 'E', 'n', 'N', 'b', 'B', 'x', 'X']);
    let inside = body.strip_prefix('\'').unwrap_or(body);
    let inside = inside.strip_suffix('\'').unwrap_or(inside);
    let plain = inside.replace("''", "'");
    if text.starts_with(['e', 'E']) { plain.replace("\\n", " ").replace("\\'", "'") } else { plain }
}
