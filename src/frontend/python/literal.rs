//! String literals and the two old ways to fill them: what text they hold and where the holes are.
//!
//! Sources: Python's language reference, "String and Bytes literals", and the library reference,
//! "printf-style String Formatting" and "Format String Syntax".

use crate::model::fact::Text;

/// A literal's prefix and quotes taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Literal<'s> {
    pub(super) body: &'s str,
    /// Backslashes stand for themselves.
    pub(super) raw: bool,
}

/// One part of a text to be filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Text(String),
    Hole(Slot),
}

/// Which argument fills a hole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    At(usize),
    Named(String),
    /// Something of the argument, such as `{0.name}`: what it is cannot be said.
    Derived,
}

/// Splits `rb"""..."""` into what it says about itself and what stands between the quotes.
pub(super) fn literal(source: &str) -> Literal<'_> {
    let prefix = source.bytes().take_while(u8::is_ascii_alphabetic).count();
    let raw = source[..prefix].bytes().any(|byte| matches!(byte, b'r' | b'R'));
    let rest = &source[prefix..];
    let quotes = if rest.starts_with("\"\"\"") || rest.starts_with("'''") { 3 } else { 1 };
    let quotes = quotes.min(rest.len());
    let closed = rest.len() >= 2 * quotes && rest.ends_with(&rest[..quotes]);
    let end = if closed { rest.len() - quotes } else { rest.len() };
    Literal { body: rest.get(quotes..end).unwrap_or_default(), raw }
}

/// Resolves escapes. Unknown ones stay as they are, as Python does.
pub(super) fn unescape(body: &str, raw: bool) -> Text {
    if raw || !body.contains('\\') {
        return Text::new(body);
    }
    let mut out = Text::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(escape) = rest.chars().next() else {
            out.push('\\');
            break;
        };
        rest = &rest[escape.len_utf8()..];
        match escape {
            '\n' => {}
            '\r' => rest = rest.strip_prefix('\n').unwrap_or(rest),
            '\\' | '\'' | '"' => out.push(escape),
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            'a' => out.push('\u{7}'),
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            'v' => out.push('\u{b}'),
            '0'..='7' => {
                let more = rest.bytes().take(2).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
                let digits = rest[..more].bytes().fold(escape as u32 - '0' as u32, |n, b| n * 8 + u32::from(b - b'0'));
                rest = &rest[more..];
                out.push(char::from_u32(digits).unwrap_or('\u{fffd}'));
            }
            'x' | 'u' | 'U' => {
                let width = match escape {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                let digits = rest.bytes().take(width).take_while(u8::is_ascii_hexdigit).count();
                if digits == width {
                    let code = u32::from_str_radix(&rest[..digits], 16).ok().and_then(char::from_u32);
                    out.push(code.unwrap_or('\u{fffd}'));
                    rest = &rest[digits..];
                } else {
                    out.push('\\');
                    out.push(escape);
                }
            }
            'N' => {
                let name = rest.strip_prefix('{').and_then(|after| after.find('}'));
                rest = name.map_or(rest, |end| &rest[end + 2..]);
                out.push('\u{fffd}');
            }
            other => {
                out.push('\\');
                out.push(other);
            }
        }
    }
    out.push_str(rest);
    out
}

/// Parts of `text % values`. `None` when it has no hole or is not a format at all.
pub(super) fn percent(text: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut next = 0;
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        literal.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            literal.push('%');
            rest = after;
            continue;
        }
        let mut slot = None;
        if let Some(after) = rest.strip_prefix('(') {
            let end = after.find(')')?;
            slot = Some(Slot::Named(after[..end].to_owned()));
            rest = &after[end + 1..];
        }
        let flags =
            rest.bytes().take_while(|byte| matches!(byte, b'#' | b'0'..=b'9' | b'-' | b' ' | b'+' | b'.')).count();
        rest = &rest[flags..];
        rest.bytes().next().filter(u8::is_ascii_alphabetic)?;
        rest = &rest[1..];
        flush(&mut parts, &mut literal);
        parts.push(Part::Hole(slot.unwrap_or_else(|| {
            next += 1;
            Slot::At(next - 1)
        })));
    }
    literal.push_str(rest);
    flush(&mut parts, &mut literal);
    parts.iter().any(|part| matches!(part, Part::Hole(_))).then_some(parts)
}

/// Parts of `text.format(..)`. `None` when the text is no format.
pub(super) fn format(text: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut next = 0;
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        literal.push_str(&rest[..at]);
        let brace = rest.as_bytes()[at];
        rest = &rest[at + 1..];
        if rest.as_bytes().first() == Some(&brace) {
            literal.push(char::from(brace));
            rest = &rest[1..];
            continue;
        }
        if brace == b'}' {
            return None;
        }
        let end = hole_end(rest)?;
        let field = &rest[..end];
        rest = &rest[end + 1..];
        let name = field.split([':', '!']).next().unwrap_or_default();
        let slot = if name.is_empty() {
            next += 1;
            Slot::At(next - 1)
        } else if let Ok(at) = name.parse() {
            Slot::At(at)
        } else if name.contains(['.', '[']) {
            Slot::Derived
        } else {
            Slot::Named(name.to_owned())
        };
        flush(&mut parts, &mut literal);
        parts.push(Part::Hole(slot));
    }
    literal.push_str(rest);
    flush(&mut parts, &mut literal);
    Some(parts)
}

/// Offset of the brace that closes a replacement field; its format may hold fields itself.
fn hole_end(rest: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some(at),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn flush(parts: &mut Vec<Part>, literal: &mut String) {
    if !literal.is_empty() {
        parts.push(Part::Text(std::mem::take(literal)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(parts: Option<Vec<Part>>) -> String {
        let Some(parts) = parts else { return "none".to_owned() };
        parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.clone(),
                Part::Hole(Slot::At(at)) => format!("<{at}>"),
                Part::Hole(Slot::Named(name)) => format!("<{name}>"),
                Part::Hole(Slot::Derived) => "<?>".to_owned(),
            })
            .collect()
    }

    #[test]
    fn literals_lose_prefix_and_quotes() {
        assert_eq!(literal("'a'"), Literal { body: "a", raw: false });
        assert_eq!(literal("Rb\"\"\"a\"b\"\"\""), Literal { body: "a\"b", raw: true });
        assert_eq!(literal("''"), Literal { body: "", raw: false });
        assert_eq!(literal("\"open"), Literal { body: "open", raw: false });
        assert_eq!(literal("\""), Literal { body: "", raw: false });
        assert_eq!(literal(""), Literal { body: "", raw: false });
    }

    #[test]
    fn escapes_become_characters() {
        assert_eq!(unescape(r#"a\n\t\\\'\"\x41\u00e9\101\q"#, false), "a\n\t\\'\"AéA\\q");
        assert_eq!(unescape("a\\\nb", false), "ab");
        assert_eq!(unescape(r"\N{BULLET}x", false), "\u{fffd}x");
        assert_eq!(unescape(r"\d+", true), r"\d+");
        assert_eq!(unescape("\\", false), "\\");
        assert_eq!(unescape(r"\x4", false), r"\x4");
        assert_eq!(unescape("\\é", false), "\\é");
    }

    #[test]
    fn percent_formats_name_their_holes() {
        assert_eq!(shown(percent("SELECT %s FROM %-10s")), "SELECT <0> FROM <1>");
        assert_eq!(shown(percent("%(a)s = 100%%")), "<a> = 100%");
        assert_eq!(shown(percent("100%")), "none");
        assert_eq!(shown(percent("plain")), "none");
        assert_eq!(shown(percent("%(a")), "none");
    }

    #[test]
    fn format_strings_name_their_holes() {
        assert_eq!(shown(format("a {} b {} {{c}}")), "a <0> b <1> {c}");
        assert_eq!(shown(format("{1} {name!r:>{w}} {0.x}")), "<1> <name> <?>");
        assert_eq!(shown(format("json {")), "none");
        assert_eq!(shown(format("} x")), "none");
    }
}
