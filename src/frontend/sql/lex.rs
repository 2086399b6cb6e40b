//! Cuts SQL text of any dialect into tokens with byte ranges. Never fails and reads each byte about once.
//!
//! The tokens serve what must not depend on a grammar: finding where statements end, rewriting placeholders,
//! statements whose first words already say everything, bodies of routines, and the tolerant pass.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Bare name or keyword, also one with holes in it (`log_{hole}`), also `#temp`.
    Word,
    /// Name in `"` or backticks.
    Quoted,
    /// String literal, also dollar-quoted.
    Text,
    Number,
    /// Placeholder of a driver for one value: `?` `$1` `:name` `@p`.
    Param,
    /// Anything may stand here: `{x}` `%s` `%(name)s` `${x}` `{{ x }}`.
    Hole,
    Symbol,
    Comment,
}

/// One token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Line inside the text, from 1.
    pub(super) line: u32,
}

impl Token {
    pub(super) fn text(self, source: &str) -> &str {
        source.get(self.start..self.end).unwrap_or("")
    }

    /// Whether it is this keyword; `upper` must be upper case.
    pub(super) fn is(self, source: &str, upper: &str) -> bool {
        self.kind == Kind::Word && self.text(source).eq_ignore_ascii_case(upper)
    }

    pub(super) fn is_symbol(self, source: &str, symbol: &str) -> bool {
        self.kind == Kind::Symbol && self.text(source) == symbol
    }
}

/// How strings and comments of the text are written.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rules {
    /// `\'` inside a string does not end it (`MySQL`).
    pub(super) backslash: bool,
    /// `#` starts a comment (`MySQL`).
    pub(super) hash_comments: bool,
    /// A string that never ends stops at the end of its line instead of swallowing the rest.
    pub(super) cut_strings: bool,
}

impl Rules {
    /// From a dialect id, or from the looks of the text when it is empty.
    pub(super) fn of(text: &str, dialect: &str) -> Self {
        let mysql = match dialect {
            "mysql" => true,
            "" => text.contains('`') || text.contains("AUTO_INCREMENT") || text.contains("ENGINE="),
            _ => false,
        };
        let backslash =
            mysql || matches!(dialect, "bigquery" | "hive" | "spark" | "databricks" | "clickhouse" | "snowflake");
        Self { backslash, hash_comments: mysql || dialect == "bigquery", cut_strings: false }
    }
}

/// Position in a text.
#[derive(Clone)]
pub(super) struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    rules: Rules,
    pub(super) at: usize,
    pub(super) line: u32,
    /// Inside an executable comment `/*!40101 .. */`.
    executable: bool,
    /// A string, quoted name or comment had no end.
    pub(super) unterminated: bool,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str, rules: Rules) -> Self {
        let mut lexer =
            Self { text, bytes: text.as_bytes(), rules, at: 0, line: 1, executable: false, unterminated: false };
        if text.starts_with('\u{feff}') {
            lexer.at = 3;
        }
        lexer
    }

    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    /// Moves over white space; true when a line began on the way, or at the start of the text.
    pub(super) fn skip_space(&mut self) -> bool {
        let mut fresh = self.at == 0;
        while let Some(&byte) = self.bytes.get(self.at) {
            if byte == b'\n' {
                self.line += 1;
                fresh = true;
            } else if !byte.is_ascii_whitespace() && byte != 0 && byte != 0x1a {
                if byte == 0xc2 && self.byte(self.at + 1) == 0xa0 {
                    self.at += 1;
                } else {
                    break;
                }
            }
            self.at += 1;
        }
        fresh
    }

    /// Rest of the current line, without its end.
    pub(super) fn rest_of_line(&self) -> &'a str {
        let rest = self.text.get(self.at..).unwrap_or("");
        rest.split('\n').next().unwrap_or("").trim_end_matches('\r')
    }

    /// Moves to the start of the next line.
    pub(super) fn skip_line(&mut self) {
        match self.bytes[self.at.min(self.bytes.len())..].iter().position(|&byte| byte == b'\n') {
            Some(length) => {
                self.at += length + 1;
                self.line += 1;
            }
            None => self.at = self.bytes.len(),
        }
    }

    /// Moves ahead within the text, counting lines.
    pub(super) fn advance_to(&mut self, end: usize) {
        let end = end.min(self.bytes.len());
        self.line += self.bytes[self.at..end].iter().filter(|&&byte| byte == b'\n').count() as u32;
        self.at = end;
    }

    /// The next token; white space must have been skipped or is skipped here.
    pub(super) fn next(&mut self) -> Option<Token> {
        self.skip_space();
        let start = self.at;
        let line = self.line;
        let first = *self.bytes.get(start)?;
        let (kind, end) = self.scan(start, first);
        self.advance_to(end.max(start + 1));
        Some(Token { kind, start, end: self.at, line })
    }

    fn scan(&mut self, start: usize, first: u8) -> (Kind, usize) {
        let second = self.byte(start + 1);
        match first {
            b'-' if second == b'-' => (Kind::Comment, self.line_end(start)),
            b'/' if second == b'*' => self.block_comment(start),
            b'*' if second == b'/' && self.executable => {
                self.executable = false;
                (Kind::Comment, start + 2)
            }
            b'#' if second == b'{' => match self.braces(start + 1) {
                Some(end) => (Kind::Hole, end),
                None => (Kind::Symbol, start + 1),
            },
            b'#' if self.rules.hash_comments || second.is_ascii_whitespace() || second == b'!' => {
                (Kind::Comment, self.line_end(start))
            }
            b'#' if is_word_byte(second) || second == b'#' => (Kind::Word, self.word_end(start + 2)),
            b'\'' => (Kind::Text, self.quoted(start + 1, b'\'', self.rules.backslash)),
            b'"' => (Kind::Quoted, self.quoted(start + 1, b'"', self.rules.backslash)),
            b'`' => (Kind::Quoted, self.quoted(start + 1, b'`', false)),
            b'e' | b'E' if second == b'\'' => (Kind::Text, self.quoted(start + 2, b'\'', true)),
            b'n' | b'N' | b'x' | b'X' | b'b' | b'B' if second == b'\'' => {
                (Kind::Text, self.quoted(start + 2, b'\'', self.rules.backslash))
            }
            b'$' => self.dollar(start, second),
            b'{' => match self.braces(start) {
                Some(end) if self.byte(start + 1) == b'%' || self.byte(start + 1) == b'#' => (Kind::Comment, end),
                Some(end) => self.word_or_hole(start, end),
                None => (Kind::Symbol, start + 1),
            },
            b'%' => match self.percent(start) {
                Some(end) => self.word_or_hole(start, end),
                None => (Kind::Symbol, start + if second == b'%' { 2 } else { 1 }),
            },
            b'?' if second == b'|' || second == b'&' => (Kind::Symbol, start + 2),
            b'?' => (Kind::Param, self.digits(start + 1)),
            b':' if second == b':' || second == b'=' => (Kind::Symbol, start + 2),
            b':' if second == b'\'' || second == b'"' => (Kind::Hole, self.quoted(start + 2, second, false)),
            b':' if is_word_byte(second) => (Kind::Param, self.word_end(start + 1)),
            b'@' if second == b'@' || is_word_byte(second) => (Kind::Param, self.word_end(start + 2)),
            b'0'..=b'9' => (Kind::Number, self.number(start)),
            _ if is_word_byte(first) => (Kind::Word, self.word_end(start + 1)),
            _ => (Kind::Symbol, start + 1),
        }
    }

    fn line_end(&self, at: usize) -> usize {
        memchr::memchr(b'\n', &self.bytes[at..]).map_or(self.bytes.len(), |length| at + length)
    }

    fn block_comment(&mut self, start: usize) -> (Kind, usize) {
        let bang = if self.byte(start + 2) == b'M' { start + 3 } else { start + 2 };
        if self.byte(bang) == b'!' {
            self.executable = true;
            return (Kind::Comment, self.digits(bang + 1));
        }
        let mut depth = 0_u32;
        let mut at = start;
        while at + 1 < self.bytes.len() {
            match (self.bytes[at], self.bytes[at + 1]) {
                (b'/', b'*') => {
                    depth += 1;
                    at += 2;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    at += 2;
                    if depth == 0 {
                        return (Kind::Comment, at);
                    }
                }
                _ => at += 1,
            }
        }
        // Not nested in this dialect, or never closed.
        if let Some(length) = self.text.get(start + 2..).and_then(|rest| rest.find("*/")) {
            (Kind::Comment, start + 2 + length + 2)
        } else {
            self.unterminated = true;
            (Kind::Comment, if self.rules.cut_strings { self.line_end(start) } else { self.bytes.len() })
        }
    }

    /// End of a string or quoted name whose content starts at `at`; a doubled quote does not end it.
    fn quoted(&mut self, at: usize, quote: u8, backslash: bool) -> usize {
        let mut here = at;
        while let Some(&byte) = self.bytes.get(here) {
            if byte == b'\\' && backslash {
                here += 2;
            } else if byte == quote {
                if self.byte(here + 1) != quote {
                    return here + 1;
                }
                here += 2;
            } else {
                here += 1;
            }
        }
        self.unterminated = true;
        if self.rules.cut_strings { self.line_end(at) } else { self.bytes.len() }
    }

    /// `$1`, `$tag$ .. $tag$`, `${x}`, `$name`.
    fn dollar(&mut self, start: usize, second: u8) -> (Kind, usize) {
        if second.is_ascii_digit() {
            return (Kind::Param, self.digits(start + 1));
        }
        if second == b'{' {
            return match self.braces(start + 1) {
                Some(end) => self.word_or_hole(start, end),
                None => (Kind::Symbol, start + 1),
            };
        }
        let mut tag = start + 1;
        while is_word_byte(self.byte(tag)) && self.byte(tag) != b'$' {
            tag += 1;
        }
        if self.byte(tag) == b'$' {
            let mark = &self.bytes[start..=tag];
            let body = tag + 1;
            if let Some(length) = memchr::memmem::find(&self.bytes[body..], mark) {
                return (Kind::Text, body + length + mark.len());
            }
            return (Kind::Symbol, tag + 1);
        }
        if tag > start + 1 { (Kind::Param, tag) } else { (Kind::Symbol, start + 1) }
    }

    /// End of `{name}`, `{name.attr:fmt}`, `{}`, `{{ x }}`, `{% x %}` that opens at `at`.
    fn braces(&self, at: usize) -> Option<usize> {
        let close = match self.byte(at + 1) {
            b'{' => "}}",
            b'%' => "%}",
            b'#' => "#}",
            _ => "}",
        };
        let line = self.text.get(at..self.line_end(at))?;
        let length = line.find(close)?;
        let inside = line.get(1..length)?;
        if close == "}" && inside.contains(['{', ';', '\'', ',']) {
            return None;
        }
        // `{d '2020-01-01'}` and `{fn now()}` are ODBC escapes, not holes.
        (close != "}" || !inside.trim().contains(' ')).then_some(at + length + close.len())
    }

    /// End of `%s`, `%d`, `%v`, `%[1]s`, `%(name)s` that opens at `at`.
    fn percent(&self, at: usize) -> Option<usize> {
        let mut here = at + 1;
        if self.byte(here) == b'(' {
            let length = self.text.get(here..self.line_end(at))?.find(')')?;
            here += length + 1;
        } else if self.byte(here) == b'[' {
            let length = self.text.get(here..self.line_end(at))?.find(']')?;
            here += length + 1;
        }
        if matches!(self.byte(here), b'+' | b'#') {
            here += 1;
        }
        let verb = self.byte(here);
        let free = !is_word_byte(self.byte(here + 1)) || self.byte(here + 1) == b'_';
        (matches!(verb, b's' | b'd' | b'v' | b'q' | b'f' | b'i' | b'I' | b'L' | b't' | b'w' | b'x') && free)
            .then_some(here + 1)
    }

    /// A hole, or a word that begins with one.
    fn word_or_hole(&self, start: usize, end: usize) -> (Kind, usize) {
        let stop = self.word_end(end);
        if stop > end && start < end { (Kind::Word, stop) } else { (Kind::Hole, end) }
    }

    /// End of a word that goes on at `at`; holes directly inside it belong to it.
    fn word_end(&self, at: usize) -> usize {
        let mut here = at.min(self.bytes.len());
        loop {
            let byte = self.byte(here);
            let inner_hash = byte == b'#'
                && !self.rules.hash_comments
                && is_word_byte(self.byte(here.wrapping_sub(1)))
                && is_word_byte(self.byte(here + 1));
            if is_word_byte(byte) || inner_hash {
                here += 1;
            } else if byte == b'{' || byte == b'$' && self.byte(here + 1) == b'{' {
                match self.braces(if byte == b'$' { here + 1 } else { here }) {
                    Some(end) => here = end,
                    None => return here,
                }
            } else if byte == b'%' && (self.byte(here.wrapping_sub(1)) == b'_' || self.byte(here + 1) == b'(') {
                match self.percent(here) {
                    Some(end) => here = end,
                    None => return here,
                }
            } else {
                return here;
            }
        }
    }

    fn digits(&self, at: usize) -> usize {
        let mut here = at;
        while self.byte(here).is_ascii_digit() {
            here += 1;
        }
        here
    }

    fn number(&self, at: usize) -> usize {
        let mut here = at;
        loop {
            let byte = self.byte(here);
            let exponent = matches!(byte, b'+' | b'-') && matches!(self.byte(here.wrapping_sub(1)), b'e' | b'E');
            if is_word_byte(byte) || byte == b'.' && self.byte(here + 1) != b'.' || exponent && here > at {
                here += 1;
            } else {
                return here;
            }
        }
    }
}

/// Whether a byte goes on a bare name; every byte beyond ASCII does.
pub(super) fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

/// All tokens of a text that are no comments.
pub(super) fn tokens(text: &str, rules: Rules) -> Vec<Token> {
    let mut lexer = Lexer::new(text, rules);
    let mut found = Vec::with_capacity(text.len() / 6);
    while let Some(token) = lexer.next() {
        if token.kind != Kind::Comment {
            found.push(token);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Kind, Rules, tokens};

    fn kinds(text: &str) -> String {
        let mut written = String::new();
        for token in tokens(text, Rules::of(text, "")) {
            let letter = match token.kind {
                Kind::Word => 'w',
                Kind::Quoted => 'q',
                Kind::Text => 't',
                Kind::Number => 'n',
                Kind::Param => 'p',
                Kind::Hole => 'h',
                Kind::Symbol => 's',
                Kind::Comment => 'c',
            };
            written.push(letter);
            written.push(':');
            written.push_str(token.text(text));
            written.push(' ');
        }
        written.trim_end().to_owned()
    }

    #[test]
    fn cuts_words_strings_and_holes() {
        for (text, expected) in [
            ("select a.b", "w:select w:a s:. w:b"),
            ("a -- b\n c", "w:a w:c"),
            ("/* a /* b */ c */ d", "w:d"),
            ("'it''s' x", "t:'it''s' w:x"),
            (r"E'it\'s' x", r"t:E'it\'s' w:x"),
            ("$$a;b$$ $1 $x$ y $x$", "t:$$a;b$$ p:$1 t:$x$ y $x$"),
            ("a::int :name := 1", "w:a s::: w:int p::name s::= n:1"),
            ("{hole}_log log_{x} {x} {y}", "w:{hole}_log w:log_{x} h:{x} h:{y}"),
            ("%s %(id)s log_%s %s_log", "h:%s h:%(id)s w:log_%s w:%s_log"),
            ("x ?| y ? z ?1", "w:x s:?| w:y p:? w:z p:?1"),
            ("/*!40101 SET x */;", "w:SET w:x s:;"),
            ("@a @@b #tmp ##tmp", "p:@a p:@@b w:#tmp w:##tmp"),
            ("1.5e-3 1..2", "n:1.5e-3 n:1 s:. s:. n:2"),
            ("{{ table }} {% if x %} y", "h:{{ table }} w:y"),
            ("`a``b` \"c\"\"d\"", "q:`a``b` q:\"c\"\"d\""),
            ("é_ü", "w:é_ü"),
        ] {
            assert_eq!(kinds(text), expected, "{text}");
        }
    }

    #[test]
    fn broken_text_ends() {
        for text in ["'", "\"", "`", "/*", "$$", "{", "%", "%(", "E'\\", "'\\", "\u{feff}'", "$a$", "#{", ":'", "/*!"] {
            let _ = tokens(text, Rules { backslash: true, hash_comments: false, cut_strings: false });
            let _ = tokens(text, Rules { backslash: false, hash_comments: true, cut_strings: true });
        }
    }
}
