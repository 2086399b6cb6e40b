//! Files that do not parse: cut into the largest pieces that do, each of which is lowered like any other code.
//!
//! An error-tolerant grammar only finds the pieces; so a broken function costs its own broken statements and no more.

use proc_macro2::extra::invalidate_current_thread_spans;
use syn::parse::Parser;
use syn::{Block, Expr, Item};
use tree_sitter::Node;

use super::is_too_deep;
use super::lowering::{Lowering, join};
use crate::frontend::trees;
use crate::model::fact::{DefinitionKind, Position, Text};

/// Lowers what can be read of a text that does not parse as a whole.
pub(super) fn lower<'s>(lowering: &mut Lowering<'s>, source: &'s str) {
    let Some(tree) = trees::parse(&tree_sitter_rust::LANGUAGE.into(), source) else { return };
    let mut walk = Walk { lowering, source, budget: 20_000 };
    walk.children(tree.root_node(), Inside::Module, 0);
}

/// What the pieces of a node are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Module,
    Body,
}

struct Walk<'w, 's> {
    lowering: &'w mut Lowering<'s>,
    source: &'s str,
    /// Pieces tried before giving up on the rest of the file.
    budget: u32,
}

/// Broken nodes nested deeper than this are not looked into.
const MAX_NODES: u32 = 200;

impl<'s> Walk<'_, 's> {
    fn children(&mut self, node: Node<'_>, inside: Inside, depth: u32) {
        if depth > MAX_NODES {
            return;
        }
        let mut cursor = node.walk();
        let mut attributes: Option<usize> = None;
        for child in node.named_children(&mut cursor) {
            if self.budget == 0 {
                return;
            }
            match child.kind() {
                "line_comment" | "block_comment" => continue,
                "attribute_item" => {
                    attributes.get_or_insert(child.start_byte());
                    continue;
                }
                _ => {}
            }
            let attributes = attributes.take();
            self.piece(child, attributes.unwrap_or_else(|| child.start_byte()), inside, depth);
        }
    }

    /// Lowers a node with its attributes if it parses, else what is inside it.
    fn piece(&mut self, node: Node<'_>, start: usize, inside: Inside, depth: u32) {
        self.budget -= 1;
        let Some(text) = self.source.get(start..node.end_byte()) else { return };
        if text.is_empty() {
            return;
        }
        let kind = node.kind();
        if !node.has_error() && !is_too_deep(text) && self.parsed(text, start, kind, inside) {
            return;
        }
        match kind {
            "mod_item" | "function_item" | "impl_item" | "trait_item" => self.broken_item(node, depth),
            _ => self.children(node, inside, depth + 1),
        }
    }

    fn parsed(&mut self, text: &'s str, start: usize, kind: &str, inside: Inside) -> bool {
        self.lowering.read(text, self.origin(start));
        let done = if is_item(kind) {
            match syn::parse_str::<Item>(text) {
                Ok(item) => {
                    self.lowering.item(&item, &[]);
                    true
                }
                Err(_) => false,
            }
        } else if inside == Inside::Body && is_statement(kind) {
            match Block::parse_within.parse_str(text) {
                Ok(stmts) => {
                    let block = Block { brace_token: syn::token::Brace::default(), stmts };
                    self.lowering.block(&block, false);
                    true
                }
                Err(_) => false,
            }
        } else if is_expression(kind) {
            match syn::parse_str::<Expr>(text) {
                Ok(expr) => {
                    self.lowering.effect(&expr);
                    true
                }
                Err(_) => false,
            }
        } else {
            false
        };
        invalidate_current_thread_spans();
        done
    }

    /// A definition of which only the head can be trusted.
    fn broken_item(&mut self, node: Node<'_>, depth: u32) {
        let (line, end) = (node.start_position().row as u32 + 1, node.end_position().row as u32 + 1);
        let body = node.child_by_field_name("body");
        let head_end = body.map_or_else(|| node.end_byte(), |body| body.start_byte());
        let head = self.source.get(node.start_byte()..head_end).unwrap_or_default();
        let named = node.child_by_field_name("name").or_else(|| node.child_by_field_name("type"));
        let name: Text = named.and_then(|name| self.source.get(name.byte_range())).unwrap_or_default().into();
        // With an empty body, the head may parse on its own: then parameters and types are known.
        let whole = format!("{head}{{}}");
        if let Ok(item) = syn::parse_str::<Item>(&whole)
            && !name.is_empty()
        {
            let before = self.lowering.facts.definitions.len();
            self.lowering.read("", self.origin(node.start_byte()));
            match item {
                Item::Impl(implementation) => {
                    let Some(body) = body else { return };
                    let own = self.lowering.ty(&implementation.self_ty);
                    invalidate_current_thread_spans();
                    let outer = self.lowering.self_type.replace(own);
                    self.members(body, &name, own, depth);
                    self.lowering.self_type = outer;
                    return;
                }
                item => self.lowering.item(&item, &[]),
            }
            invalidate_current_thread_spans();
            if let (Some(body), Some(_)) = (body, self.lowering.facts.definitions.get(before)) {
                let id = crate::model::fact::DefId(before as u32);
                let definition = self.lowering.definition(id);
                definition.end_line = end;
                definition.traits.is_abstract = false;
                let inside = match definition.kind {
                    DefinitionKind::Module | DefinitionKind::Interface => Inside::Module,
                    _ => Inside::Body,
                };
                let outer = std::mem::replace(&mut self.lowering.owner, id);
                self.children(body, inside, depth + 1);
                self.lowering.owner = outer;
            }
            return;
        }
        if node.kind() == "function_item" && !name.is_empty() {
            let path = self.lowering.path_of(&name);
            let id = self.lowering.define(name, path, DefinitionKind::Function, line, end);
            let outer = std::mem::replace(&mut self.lowering.owner, id);
            self.children(node, Inside::Body, depth + 1);
            self.lowering.owner = outer;
            return;
        }
        self.children(node, Inside::Module, depth + 1);
    }

    /// Functions of a broken impl, each as a method.
    fn members(&mut self, body: Node<'_>, type_name: &str, own: crate::model::fact::ExprId, depth: u32) {
        let before = self.lowering.facts.definitions.len();
        self.children(body, Inside::Module, depth + 1);
        let owner = self.lowering.owner;
        let outer_path = self.lowering.path_of(type_name);
        for definition in &mut self.lowering.facts.definitions[before..] {
            if definition.parent == owner && definition.kind == DefinitionKind::Function {
                definition.kind = DefinitionKind::Method;
                definition.path = join(&outer_path, &definition.name);
                definition.receiver = Some(own);
            }
        }
    }

    fn origin(&self, byte: usize) -> Position {
        let before = self.source.get(..byte).unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count() as u32;
        let column = before.len() - before.rfind('\n').map_or(0, |newline| newline + 1);
        Position { line, column: column as u32 }
    }
}

fn is_item(kind: &str) -> bool {
    kind.ends_with("_item") || matches!(kind, "use_declaration" | "extern_crate_declaration" | "macro_definition")
}

fn is_statement(kind: &str) -> bool {
    matches!(kind, "let_declaration" | "expression_statement")
}

fn is_expression(kind: &str) -> bool {
    kind.ends_with("_expression") || kind.ends_with("_literal") || kind == "macro_invocation"
}
