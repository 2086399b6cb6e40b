//! Rust: `syn` reads a file, one walk lowers it; a file it refuses is cut into pieces that it takes.

mod bindings;
mod body;
mod declared;
mod derived;
mod expansion;
mod items;
mod layout;
mod lowering;
mod macros;
mod pasted;
mod reached;
mod recovery;
#[cfg(test)]
mod tests;
mod types;

use proc_macro2::extra::invalidate_current_thread_spans;

use crate::frontend::{Frontend, Layout, Manifest, Placement, query};
use crate::model::diagnostic::Diagnostic;
use crate::model::fact::{FileFacts, KnownMacro, Position};
use crate::model::source::{Package, Role};
use expansion::Expansions;
use lowering::Lowering;

/// The Rust frontend.
pub struct Rust;

impl Frontend for Rust {
    fn id(&self) -> &'static str {
        "rust"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["rs"]
    }

    fn manifests(&self) -> &'static [&'static str] {
        &["Cargo.toml"]
    }

    fn packages(&self, manifests: &[Manifest]) -> Vec<Package> {
        layout::packages(manifests)
    }

    fn place(&self, path: &str, layout: Layout<'_>) -> Placement {
        layout::place(path, layout)
    }

    fn role(&self, path: &str, head: &str) -> Role {
        layout::role(path, head)
    }

    fn facts(&self, source: &str) -> FileFacts {
        facts(source, &[])
    }

    fn facts_with(&self, source: &str, macros: &[KnownMacro]) -> FileFacts {
        facts(source, macros)
    }

    fn queries(&self) -> &'static [(&'static str, &'static str)] {
        &[
            query!("rust/actix_web"),
            query!("rust/aide"),
            query!("rust/async_nats"),
            query!("rust/aws_dynamodb"),
            query!("rust/axum"),
            query!("rust/diesel"),
            query!("rust/dropshot"),
            query!("rust/fjall"),
            query!("rust/graphql"),
            query!("rust/heed"),
            query!("rust/lapin"),
            query!("rust/mongodb"),
            query!("rust/mungos"),
            query!("rust/mysql"),
            query!("rust/poem"),
            query!("rust/rdkafka"),
            query!("rust/redb"),
            query!("rust/redis"),
            query!("rust/reqwest"),
            query!("rust/rocket"),
            query!("rust/rocksdb"),
            query!("rust/route_shapes"),
            query!("rust/rusqlite"),
            query!("rust/sea_orm"),
            query!("rust/sled"),
            query!("rust/sql_clients"),
            query!("rust/sqlx"),
            query!("rust/std"),
            query!("rust/tokio_postgres"),
            query!("rust/tonic"),
            query!("rust/utoipa_axum"),
            query!("rust/warp"),
        ]
    }
}

/// Brackets or prefix operators nested deeper than this are not given to a recursive parser.
const MAX_NESTING: u32 = 200;

/// What one file states.
fn facts(source: &str, macros: &[KnownMacro]) -> FileFacts {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let mut lowering = Lowering::new(source);
    lowering.expansions = Expansions::new(macros);
    let problem = if is_too_deep(source) {
        Some((0, "nested too deeply to be read as a whole".to_owned()))
    } else {
        match syn::parse_file(source) {
            Ok(file) => {
                lowering.read(source, Position::default());
                let (attributes, test) = lowering.attributes(&file.attrs);
                let module = &mut lowering.facts.definitions[0];
                module.attributes = attributes;
                module.traits.is_test = test;
                lowering.in_test = test;
                lowering.items(&file.items);
                None
            }
            Err(error) => Some((error.span().start().line as u32, error.to_string())),
        }
    };
    invalidate_current_thread_spans();
    if let Some((line, message)) = problem {
        lowering.facts.diagnostics.push(Diagnostic::warning("syntax-error", "", line, message));
        recovery::lower(&mut lowering, source);
    }
    lowering.finish()
}

/// Whether reading the text by recursive descent could need more stack than there is. Counts open brackets and runs of
/// prefix operators outside of comments and literals; doubt counts as nesting.
fn is_too_deep(source: &str) -> bool {
    let bytes = source.as_bytes();
    let (mut depth, mut angles, mut prefixes) = (0u32, 0u32, 0u32);
    let mut index = 0;
    while index < bytes.len() {
        let byte = bytes[index];
        index += 1;
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'<' => angles += 1,
            b'>' => angles = angles.saturating_sub(1),
            b';' => angles = 0,
            b'/' if bytes.get(index) == Some(&b'/') => {
                index = memchr::memchr(b'\n', &bytes[index..]).map_or(bytes.len(), |end| index + end);
            }
            b'/' if bytes.get(index) == Some(&b'*') => index = skip_comment(bytes, index + 1),
            b'"' => index = skip_string(bytes, index),
            b'r' if matches!(bytes.get(index), Some(b'"' | b'#')) && !is_word(bytes, index.wrapping_sub(2)) => {
                index = skip_raw(bytes, index);
            }
            // A character literal of a bracket or a quote.
            b'\'' if bytes.get(index) == Some(&b'\\') => index += 3,
            b'\'' if bytes.get(index + 1) == Some(&b'\'') => index += 2,
            _ => {}
        }
        match byte {
            b'&' | b'*' | b'!' | b'-' | b'|' | b'=' => prefixes += 1,
            b' ' | b'\n' | b'\t' | b'\r' => {}
            _ => prefixes = 0,
        }
        if depth > MAX_NESTING || angles > MAX_NESTING || prefixes > MAX_NESTING {
            return true;
        }
    }
    false
}

fn is_word(bytes: &[u8], index: usize) -> bool {
    bytes.get(index).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

fn skip_string(bytes: &[u8], mut index: usize) -> usize {
    while let Some(byte) = bytes.get(index) {
        match byte {
            b'\\' => index += 2,
            b'"' => return index + 1,
            _ => index += 1,
        }
    }
    bytes.len()
}

/// From after the `r` of `r#".."#`; a raw identifier is left alone.
fn skip_raw(bytes: &[u8], start: usize) -> usize {
    let hashes = bytes[start..].iter().take_while(|byte| **byte == b'#').count();
    let open = start + hashes;
    if bytes.get(open) != Some(&b'"') {
        return start;
    }
    let mut index = open + 1;
    while let Some(quote) = memchr::memchr(b'"', &bytes[index..]) {
        index += quote + 1;
        let closing = bytes[index..].iter().take(hashes).take_while(|byte| **byte == b'#').count();
        if closing == hashes {
            return index + hashes;
        }
    }
    bytes.len()
}

fn skip_comment(bytes: &[u8], mut index: usize) -> usize {
    let mut depth = 1;
    while index < bytes.len() {
        match (bytes[index], bytes.get(index + 1)) {
            (b'/', Some(b'*')) => {
                depth += 1;
                index += 2;
            }
            (b'*', Some(b'/')) => {
                depth -= 1;
                index += 2;
                if depth == 0 {
                    return index;
                }
            }
            _ => index += 1,
        }
    }
    bytes.len()
}
