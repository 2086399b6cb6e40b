//! Texts that a template engine fills in before a database reads them: conditions of Go templates and Jinja, and prefixes
//! that configuration puts before the names of tables.

use std::borrow::Cow;

use crate::model::sql::is_prefix;

/// The text without its directives: what stands under a condition stays, what stands under its `else` goes unless these are
/// whole statements, and a hole called `..prefix` in front of a name is dropped, so that the table is called by the rest. Lines stay where they are.
pub(super) fn resolved(text: &str) -> Cow<'_, str> {
    let has_directives = text.contains("{{") || text.contains("{%");
    if !has_directives && !holds_prefix(text) {
        return Cow::Borrowed(text);
    }
    let mut written = String::with_capacity(text.len());
    // One entry for each open block: whether its text stays.
    let mut kept: Vec<bool> = Vec::new();
    let mut begun: Vec<usize> = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        put(&mut written, &rest[..start], kept.last() != Some(&false));
        let tail = &rest[start..];
        let Some((inner, length, is_statement)) = hole(tail) else {
            put(&mut written, "{", kept.last() != Some(&false));
            rest = &tail[1..];
            continue;
        };
        let whole = &tail[..length];
        rest = &tail[length..];
        let parent = kept.last() != Some(&false);
        match (is_statement || tail.starts_with("{{")).then(|| inner.split_whitespace().next().unwrap_or_default()) {
            Some("if" | "range" | "with" | "for" | "block" | "define" | "macro" | "unless") => {
                kept.push(parent);
                begun.push(written.len());
                put(&mut written, whole, false);
            }
            Some("else" | "elif" | "elseif") if !kept.is_empty() => {
                let first = begun.last().and_then(|it| written.get(*it..)).unwrap_or_default();
                let whole_statements = first.contains(';');
                if let Some(last) = kept.last_mut() {
                    *last &= whole_statements;
                }
                put(&mut written, whole, false);
            }
            Some("end" | "endif" | "endfor" | "endblock" | "endmacro" | "endunless") if !kept.is_empty() => {
                kept.pop();
                begun.pop();
                put(&mut written, whole, false);
            }
            Some(word) if is_condition(word, inner) => {
                let other = format!("{{{{{} ", word.trim_end_matches('!'));
                let is_else = word.ends_with('!') && text.contains(&other);
                put(&mut written, &inner[word.len()..], parent && !is_else);
            }
            Some(word) if is_call(word, inner) => match table_named(word, inner, &written) {
                Some(name) => put(&mut written, name, parent),
                None => put(&mut written, whole, false),
            },
            _ if is_prefix(inner, rest) => put(&mut written, whole, false),
            _ => put(&mut written, whole, parent),
        }
    }
    put(&mut written, rest, kept.last() != Some(&false));
    Cow::Owned(written)
}

/// What stands where a parameter is given (`{{:since and at > :since}}`), or where it is not (`{{:since! ..}}`).
fn is_condition(word: &str, inner: &str) -> bool {
    let name = word.trim_end_matches('!').strip_prefix(':').unwrap_or_default();
    let is_name = !name.is_empty() && name.chars().all(|it| it.is_alphanumeric() || it == '_');
    is_name && inner.starts_with(word) && inner.len() > word.len()
}

/// A comment, or a function of the template's own that writes a statement (`{{ addColumn "orders" "note" }}`).
fn is_call(word: &str, inner: &str) -> bool {
    let arguments = inner[word.len()..].trim_start();
    word.starts_with("/*") || arguments.starts_with(['"', '\'', '`'])
}

/// The one name that a function of the template's own is given where a table is named (`FROM {{ tenant "orders" }}`): it
/// puts something before that name.
fn table_named<'t>(word: &str, inner: &'t str, before: &str) -> Option<&'t str> {
    let last = before.trim_end_matches(['"', '`', '[']).trim_end().rsplit(char::is_whitespace).next()?;
    let leads = ["from", "into", "update", "join", "table", "exists", "references", "on", "to"];
    if word.starts_with("/*") || !leads.iter().any(|it| last.eq_ignore_ascii_case(it)) {
        return None;
    }
    let given = inner[word.len()..].trim().trim_matches(['(', ')']);
    let name = given.get(1..given.len().checked_sub(1)?)?;
    (!name.is_empty() && name.chars().all(|it| it.is_alphanumeric() || it == '_')).then_some(name)
}

/// Text as it is, or nothing but its line breaks.
fn put(written: &mut String, text: &str, stays: bool) {
    if stays {
        written.push_str(text);
    } else {
        written.extend(text.chars().filter(|it| *it == '\n'));
    }
}

/// What stands inside the braces that a text begins with, how long they are, and whether they are a statement (`{% .. %}`).
fn hole(tail: &str) -> Option<(&str, usize, bool)> {
    let (open, close) = if tail.starts_with("{{") {
        ("{{", "}}")
    } else if tail.starts_with("{%") {
        ("{%", "%}")
    } else {
        ("{", "}")
    };
    let end = tail.find(close)?;
    let inner = tail.get(open.len()..end)?;
    // Braces of one line: what spans lines is no hole of a name.
    if open == "{" && inner.contains(['\n', '{']) {
        return None;
    }
    Some((inner.trim_matches(['-', ' ', '\t']), end + close.len(), open == "{%"))
}

fn holds_prefix(text: &str) -> bool {
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let tail = &rest[start..];
        match hole(tail) {
            Some((inner, length, _)) if is_prefix(inner, &tail[length..]) => return true,
            _ => rest = &tail[1..],
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_and_prefixes() {
        for (text, expected) in [
            ("SELECT 1", "SELECT 1"),
            ("CREATE TABLE {{.prefix}}orders (id INT)", "CREATE TABLE orders (id INT)"),
            ("SELECT * FROM \"{{ .TablePrefix }}orders\"", "SELECT * FROM \"orders\""),
            ("DELETE FROM {s.tablePrefix}orders", "DELETE FROM orders"),
            ("SELECT '{prefix}' FROM orders", "SELECT '{prefix}' FROM orders"),
            ("SELECT * FROM {tenant}_orders", "SELECT * FROM {tenant}_orders"),
            ("a {{if .mysql}}`x`{{else}}x\ny{{end}} b", "a `x`\n b"),
            ("{% if a %}a{% elif b %}b{% else %}c{% endif %}d", "ad"),
            ("{{- range .Names}}{{.}},{{end -}}", "{{.}},"),
            ("SELECT '{' , $1::jsonb -> '{a,b}'", "SELECT '{' , $1::jsonb -> '{a,b}'"),
            ("{{if .a}}SELECT 1;{{else}}SELECT 2;{{end}}", "SELECT 1;SELECT 2;"),
            ("{{- /* why */ -}}{{ addColumn \"orders\" \"note\" }}\nSELECT {{ ref('a') }}", "\nSELECT {{ ref('a') }}"),
            ("{{ end }} SELECT 1", "{{ end }} SELECT 1"),
            ("WHERE a {{:b and c > :b}} {{:d! or e}}", "WHERE a  and c > :b  or e"),
            ("{{:lite a as x}}{{:lite! b as x}} {{:lite}}", " a as x {{:lite}}"),
            (
                "CREATE TABLE IF NOT EXISTS {{ tenant \"orders\" }} (id INT)",
                "CREATE TABLE IF NOT EXISTS orders (id INT)",
            ),
            ("ALTER TABLE a RENAME TO {{ tenant \"orders\" }}", "ALTER TABLE a RENAME TO orders"),
            ("SELECT * FROM {{ source \"a\" \"orders\" }} WHERE x", "SELECT * FROM  WHERE x"),
        ] {
            assert_eq!(resolved(text), expected, "{text}");
        }
    }
}
