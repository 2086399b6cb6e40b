//! Texts: literals, formats, concatenations, struct tags, and what an import path is called.

use std::iter::Peekable;
use std::str::Chars;

use crate::model::fact::{ExprId, Piece, Text};

/// Value of an interpreted string literal, given without its quotes. A broken escape stands for itself.
pub(super) fn unescape(text: &str) -> Text {
    if !text.contains('\\') {
        return text.into();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c != '\\' {
            bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            continue;
        }
        let Some(escape) = rest.next() else { break };
        let plain = match escape {
            'a' => 7,
            'b' => 8,
            'f' => 12,
            'n' => b'\n',
            'r' => b'\r',
            't' => b'\t',
            'v' => 11,
            '0'..='7' => {
                let first = escape.to_digit(8).unwrap_or_default();
                digits(&mut rest, 2, 8, first) as u8
            }
            'x' => digits(&mut rest, 2, 16, 0) as u8,
            'u' | 'U' => {
                let code = digits(&mut rest, if escape == 'u' { 4 } else { 8 }, 16, 0);
                let c = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
                bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                continue;
            }
            other => {
                bytes.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes());
                continue;
            }
        };
        bytes.push(plain);
    }
    String::from_utf8_lossy(&bytes).as_ref().into()
}

/// Up to `count` digits in the base, after a first value.
fn digits(rest: &mut Peekable<Chars<'_>>, count: usize, base: u32, first: u32) -> u32 {
    let mut value = first;
    for _ in 0..count {
        let Some(digit) = rest.peek().and_then(|c| c.to_digit(base)) else { break };
        value = value.wrapping_mul(base).wrapping_add(digit);
        rest.next();
    }
    value
}

/// Adds a text to the end of a template, joining neighbors.
pub(super) fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    if text.is_empty() {
        return;
    }
    if let Some(Piece::Text(last)) = pieces.last_mut() {
        last.push_str(text);
    } else {
        pieces.push(Piece::Text(text.into()));
    }
}

/// A format of package `fmt` with its arguments filled in; `known` gives the text of an argument that is a literal.
///
/// Verbs are those of the package's documentation: flags, width, precision, `[n]` argument indexes, `%%`.
pub(super) fn format_pieces(
    format: &[Piece],
    arguments: &[ExprId],
    known: impl Fn(ExprId) -> Option<Text>,
) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut next = 0;
    for piece in format {
        let Piece::Text(text) = piece else {
            pieces.push(piece.clone());
            continue;
        };
        let mut rest = text.as_str();
        while let Some(at) = rest.find('%') {
            push_text(&mut pieces, &rest[..at]);
            let (verb, length) = read_verb(&rest[at + 1..], &mut next);
            match verb {
                Some('%') => push_text(&mut pieces, "%"),
                Some(verb) => {
                    if let Some(argument) = arguments.get(next) {
                        match known(*argument) {
                            Some(text) if verb == 'q' => push_text(&mut pieces, &format!("\"{text}\"")),
                            Some(text) => push_text(&mut pieces, &text),
                            None => pieces.push(Piece::Hole(*argument)),
                        }
                    }
                    next += 1;
                }
                None => push_text(&mut pieces, "%"),
            }
            rest = &rest[at + 1 + length..];
        }
        push_text(&mut pieces, rest);
    }
    pieces
}

/// The verb after a `%`, and the bytes up to its end. `next` moves past `*` arguments and to explicit indexes.
fn read_verb(text: &str, next: &mut usize) -> (Option<char>, usize) {
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '+' | '-' | '#' | ' ' | '.' | '0'..='9' => {}
            '*' => *next += 1,
            '[' => {
                let inner = text.get(at + 1..).unwrap_or_default();
                let Some(end) = inner.find(']') else { return (None, 0) };
                if let Ok(index) = inner[..end].parse::<usize>() {
                    *next = index.saturating_sub(1);
                }
                for _ in 0..=end {
                    chars.next();
                }
            }
            '%' => return (Some('%'), at + 1),
            c if c.is_ascii_alphabetic() => return (Some(c), at + 1),
            _ => break,
        }
    }
    (None, 0)
}

/// Name and text of one part of a tag's value.
pub(super) type TagPart = (Option<Text>, Text);

/// The keys of a struct tag with their values split: `gorm:"column:x;unique"` gives `gorm` with `column = x` and `unique`.
///
/// A value is split at `;`, or where it has none at `,`, or where it has quoted words at blanks, never inside
/// parentheses. In a part, what stands before a `:` or `=` is its name; a word in single quotes is named `quoted`.
pub(super) fn tag_parts(tag: &str) -> Vec<(&str, Vec<TagPart>)> {
    let mut found = Vec::new();
    let mut rest = tag.trim_start();
    while let Some((key, after)) = rest.split_once(":\"") {
        let mut end = after.len();
        let mut escaped = false;
        for (at, byte) in after.bytes().enumerate() {
            match byte {
                b'\\' if !escaped => escaped = true,
                b'"' if !escaped => {
                    end = at;
                    break;
                }
                _ => escaped = false,
            }
        }
        let value = unescape(&after[..end]);
        found.push((key.trim(), split_value(&value)));
        rest = after.get(end + 1..).unwrap_or_default().trim_start();
    }
    found
}

fn split_value(value: &str) -> Vec<TagPart> {
    let separator = if value.contains(';') {
        ';'
    } else if value.contains(',') {
        ','
    } else if value.contains('\'') {
        ' '
    } else {
        ';'
    };
    let mut parts = Vec::new();
    let (mut start, mut depth, mut quoted) = (0, 0_u32, false);
    for (at, c) in value.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '\'' => quoted = !quoted,
            _ if c == separator && depth == 0 && !quoted => {
                parts.push(&value[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&value[start..]);
    let first_empty = parts.first().is_some_and(|first| first.is_empty());
    let kept = parts.into_iter().enumerate().filter(|(at, part)| !part.trim().is_empty() || (*at == 0 && first_empty));
    kept.map(|(_, part)| named_part(part.trim())).collect()
}

fn named_part(part: &str) -> TagPart {
    if let Some(word) = part.strip_prefix('\'').and_then(|word| word.strip_suffix('\'')) {
        return (Some(Text::const_new("quoted")), word.into());
    }
    match part.split_once([':', '=']) {
        Some((name, value)) if !name.is_empty() && !name.contains(' ') => (Some(name.into()), value.into()),
        _ => (None, part.into()),
    }
}

/// The name that an import path gives its package when the import names none: the last element without a version,
/// and without the affixes by which repositories say that they are written in Go.
pub(super) fn default_alias(path: &str) -> Text {
    let mut elements = path.rsplit('/');
    let mut last = elements.next().unwrap_or(path);
    if is_version(last)
        && let Some(before) = elements.next()
    {
        last = before;
    }
    if let Some((name, version)) = last.rsplit_once('.')
        && is_version(version)
    {
        last = name;
    }
    if let Some((name, version)) = last.rsplit_once('-')
        && is_version(version)
    {
        last = name;
    }
    let stripped = last.strip_suffix(".go").or_else(|| last.strip_suffix("-go")).unwrap_or(last);
    let stripped = stripped.strip_prefix("go-").unwrap_or(stripped);
    let kept = if stripped.is_empty() { last } else { stripped };
    kept.chars().filter(|c| !matches!(c, '-' | '.')).collect()
}

/// `v2`, `v11`.
fn is_version(element: &str) -> bool {
    element.strip_prefix('v').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}
