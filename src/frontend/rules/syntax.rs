//! Text of a `.scm` file to a tree of forms: brackets, words, strings, fields, captures, predicates, each with its place.

use crate::model::fact::Position;

/// Deepest nesting that is read; no pattern needs a tenth of it.
const MAX_DEPTH: u32 = 100;

/// Something wrong with the text, where it stands and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) at: Position,
    pub(super) message: String,
}

impl Problem {
    pub(super) fn new(at: Position, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }
}

/// One form with the place where it starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) at: Position,
    pub(super) kind: FormKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FormKind {
    /// `( .. )`
    List(Vec<Form>),
    /// `[ .. ]`
    Choices(Vec<Form>),
    /// `"x"`, unescaped.
    Text(String),
    /// `call`, `_`, and with a place `argument[0]`.
    Word(String, Option<String>),
    /// `argument[0]:`
    Field(String, Option<String>),
    /// `@access`, without the sign.
    Capture(String),
    /// `#eq?`, with the sign.
    Predicate(String),
}

impl FormKind {
    /// How a message calls it.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::List(_) => "a node".to_owned(),
            Self::Choices(_) => "a list `[..]`".to_owned(),
            Self::Text(text) => format!("the text \"{text}\""),
            Self::Word(word, place) => format!("`{}`", with_place(word, place.as_deref())),
            Self::Field(name, place) => format!("the field `{}:`", with_place(name, place.as_deref())),
            Self::Capture(name) => format!("the capture `@{name}`"),
            Self::Predicate(name) => format!("the predicate `{name}`"),
        }
    }
}

/// `name` or `name[place]`.
pub(super) fn with_place(name: &str, place: Option<&str>) -> String {
    place.map_or_else(|| name.to_owned(), |place| format!("{name}[{place}]"))
}

/// Reads all top-level forms. After a problem, reading goes on with the next line that opens a form in column 1.
pub(super) fn forms(text: &str) -> (Vec<Form>, Vec<Problem>) {
    let mut reader = Reader { text, offset: 0, at: Position { line: 1, column: 1 } };
    let (mut forms, mut problems) = (Vec::new(), Vec::new());
    loop {
        reader.skip_blank();
        if reader.peek().is_none() {
            return (forms, problems);
        }
        match reader.form(0) {
            Ok(form) => forms.push(form),
            Err(problem) => {
                problems.push(problem);
                // What belongs to the broken form would only give wrong follow-up messages.
                reader.skip_to_next_opening();
            }
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    offset: usize,
    at: Position,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.offset..].chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let found = self.peek()?;
        self.offset += found.len_utf8();
        if found == '\n' {
            self.at = Position { line: self.at.line + 1, column: 1 };
        } else {
            self.at.column += found.len_utf8() as u32;
        }
        Some(found)
    }

    /// Goes on to so many bytes further in the line.
    fn skip(&mut self, bytes: usize) {
        self.offset += bytes;
        self.at.column += bytes as u32;
    }

    fn skip_blank(&mut self) {
        while let Some(next) = self.peek() {
            if next == ';' {
                let rest = &self.text[self.offset..];
                self.skip(rest.find('\n').unwrap_or(rest.len()));
            } else if next == ' ' {
                let rest = self.text[self.offset..].bytes();
                self.skip(rest.take_while(|it| *it == b' ').count());
            } else if next.is_whitespace() || next == '\u{feff}' {
                self.bump();
            } else {
                return;
            }
        }
    }

    fn skip_to_next_opening(&mut self) {
        while self.peek().is_some() {
            self.bump();
            if self.at.column == 1 && matches!(self.peek(), Some('(' | '[')) {
                return;
            }
        }
    }

    fn form(&mut self, depth: u32) -> Result<Form, Problem> {
        let at = self.at;
        if depth > MAX_DEPTH {
            return Err(Problem::new(at, format!("nested more than {MAX_DEPTH} deep")));
        }
        let kind = match self.peek() {
            Some('(') => FormKind::List(self.until(')', depth)?),
            Some('[') => FormKind::Choices(self.until(']', depth)?),
            Some('"') => FormKind::Text(self.quoted()?),
            Some('@') => {
                self.bump();
                FormKind::Capture(self.word())
            }
            Some('#') => {
                self.bump();
                FormKind::Predicate(format!("#{}", self.word()))
            }
            Some(next) if is_word(next) => {
                let word = self.word();
                let place = if self.peek() == Some('[') { Some(self.place()?) } else { None };
                if self.peek() == Some(':') {
                    self.bump();
                    FormKind::Field(word, place)
                } else {
                    FormKind::Word(word, place)
                }
            }
            Some(')' | ']') => {
                return Err(Problem::new(at, "closing bracket without an opening one"));
            }
            Some(other) => return Err(Problem::new(at, format!("unexpected character `{}`", other.escape_debug()))),
            None => return Err(Problem::new(at, "the file ends in the middle of a pattern")),
        };
        Ok(Form { at, kind })
    }

    fn until(&mut self, close: char, depth: u32) -> Result<Vec<Form>, Problem> {
        let open = self.at;
        self.bump();
        let mut items = Vec::new();
        loop {
            self.skip_blank();
            match self.peek() {
                Some(next) if next == close => {
                    self.bump();
                    return Ok(items);
                }
                Some(next @ (')' | ']')) => {
                    return Err(Problem::new(self.at, format!("`{next}` where `{close}` was expected")));
                }
                None => return Err(Problem::new(open, format!("no closing `{close}` for this bracket"))),
                Some(_) => items.push(self.form(depth + 1)?),
            }
        }
    }

    fn quoted(&mut self) -> Result<String, Problem> {
        let open = self.at;
        self.bump();
        let mut text = String::new();
        loop {
            // What stands for itself is taken at once.
            let plain = self.text[self.offset..].bytes().take_while(|it| !matches!(it, b'"' | b'\\' | b'\n')).count();
            text.push_str(&self.text[self.offset..self.offset + plain]);
            self.skip(plain);
            let at = self.at;
            match self.bump() {
                Some('"') => return Ok(text),
                Some('\\') => match self.bump() {
                    Some('n') => text.push('\n'),
                    Some('t') => text.push('\t'),
                    Some('r') => text.push('\r'),
                    Some(same @ ('"' | '\\')) => text.push(same),
                    Some(other) => {
                        return Err(Problem::new(
                            at,
                            format!(
                                "unknown escape `\\{0}` in a text; for a backslash write `\\\\{0}`",
                                other.escape_debug()
                            ),
                        ));
                    }
                    None => return Err(Problem::new(open, "no closing `\"` for this text")),
                },
                Some(other) => text.push(other),
                None => return Err(Problem::new(open, "no closing `\"` for this text")),
            }
        }
    }

    fn word(&mut self) -> String {
        let rest = &self.text[self.offset..];
        let word = &rest[..rest.find(|it| !is_word(it)).unwrap_or(rest.len())];
        self.skip(word.len());
        word.to_owned()
    }

    /// `[0]`, `[-1]`, `[*]`, `[name]`, `["any text"]`.
    fn place(&mut self) -> Result<String, Problem> {
        let open = self.at;
        self.bump();
        self.skip_blank();
        let place = if self.peek() == Some('"') { self.quoted()? } else { self.word() };
        self.skip_blank();
        if self.peek() != Some(']') || place.is_empty() {
            return Err(Problem::new(open, "a place is one of `[0]`, `[-1]`, `[*]`, `[name]`"));
        }
        self.bump();
        Ok(place)
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '*' | '?' | '!' | '$' | '/')
}
