//! What patterns bind: `let`, parameters, `match` arms, `if let`, loops.

use syn::spanned::Spanned;
use syn::{Expr, Member, Pat, Path};

use super::lowering::{Lowering, word};
use crate::model::fact::{ExprId, ExprKind, Position, StepKind, Text};

/// Tuple structs of the standard library that stand for what they hold.
const TRANSPARENT: &[&str] = &["Some", "Ok", "Ready", "Continue"];

impl Lowering<'_> {
    /// Binds the names of a pattern to the parts of a value.
    pub(super) fn bind(&mut self, pattern: &Pat, value: ExprId) {
        match pattern {
            Pat::Ident(ident) => {
                let at = self.at(ident.ident.span());
                if let Some((_, inner)) = &ident.subpat {
                    self.bind(inner, value);
                } else if is_constant(&ident.ident.to_string()) {
                    return;
                }
                let target = self.variable(word(&ident.ident), at);
                self.assign(target, value, at.line);
            }
            Pat::Tuple(_) => {
                if let Some(target) = self.target(pattern) {
                    let line = self.position(target).line;
                    self.assign(target, value, line);
                }
            }
            Pat::Slice(slice) => {
                let at = self.at(slice.bracket_token.span.open());
                let element = self.push(ExprKind::Element(value), at, at.line);
                for item in &slice.elems {
                    self.bind(item, element);
                }
            }
            Pat::TupleStruct(tuple) => self.bind_tuple_struct(tuple, value),
            Pat::Struct(pattern) => {
                let source = self.variant_or(&pattern.path, value);
                for field in &pattern.fields {
                    let name: Text = match &field.member {
                        Member::Named(ident) => word(ident),
                        Member::Unnamed(index) => compact_str::format_compact!("{}", index.index),
                    };
                    let line = self.position(source).line;
                    let part = self.member(source, name, line);
                    self.bind(&field.pat, part);
                }
            }
            Pat::Or(cases) => {
                if let Some(first) = cases.cases.first() {
                    self.bind(first, value);
                }
            }
            Pat::Paren(inner) => self.bind(&inner.pat, value),
            Pat::Reference(inner) => self.bind(&inner.pat, value),
            Pat::Guard(inner) => self.bind(&inner.pat, value),
            Pat::Type(typed) => match self.declare(typed) {
                Some(target) => {
                    let line = self.position(target).line;
                    self.assign(target, value, line);
                }
                None => self.bind(&typed.pat, value),
            },
            _ => {}
        }
    }

    /// The variable that a pattern binds. Where the function has bound the name before, it is another variable up to the
    /// end of its block, and has a name of its own in the facts.
    pub(super) fn variable(&mut self, name: Text, at: Position) -> ExprId {
        if !self.bound.contains(&name) {
            self.bound.push(name.clone());
            return self.name(name, at);
        }
        let mut number = self.bound.len();
        let mut fresh = compact_str::format_compact!("{name}·{number}");
        while self.bound.contains(&fresh) {
            number += 1;
            fresh = compact_str::format_compact!("{name}·{number}");
        }
        self.renamed.push((name, fresh.clone()));
        self.bound.push(fresh.clone());
        self.name(fresh, at)
    }

    /// Walks a part of a function; what patterns bind there means nothing behind it.
    pub(super) fn scoped<T>(&mut self, walk: impl FnOnce(&mut Self) -> T) -> T {
        let renamed = self.renamed.len();
        let result = walk(self);
        self.renamed.truncate(renamed);
        result
    }

    fn bind_tuple_struct(&mut self, pattern: &syn::PatTupleStruct, value: ExprId) {
        let name = pattern.path.segments.last().map(|segment| word(&segment.ident)).unwrap_or_default();
        if let [inner] = pattern.elems.iter().collect::<Vec<_>>().as_slice() {
            if TRANSPARENT.contains(&name.as_str()) {
                return self.bind(inner, value);
            }
            if name == "Err" {
                let at = self.pattern_start(inner);
                let unknown = self.unknown(at);
                return self.bind(inner, unknown);
            }
            let source = self.variant_or(&pattern.path, value);
            if source != value {
                return self.bind(inner, source);
            }
        }
        let source = self.variant_or(&pattern.path, value);
        for (index, item) in pattern.elems.iter().enumerate() {
            if matches!(item, Pat::Rest(_)) {
                break;
            }
            if matches!(item, Pat::Wild(_)) {
                continue;
            }
            let line = self.position(source).line;
            let part = self.member(source, compact_str::format_compact!("{index}"), line);
            self.bind(item, part);
        }
    }

    /// What an enum's variant carries is the declared type of `Enum::Variant`; any other pattern takes the value apart.
    fn variant_or(&mut self, path: &Path, value: ExprId) -> ExprId {
        let segments = path.segments.len();
        let qualified = segments >= 2
            && path.segments.iter().nth(segments - 2).is_some_and(|segment| is_constant(&segment.ident.to_string()));
        if qualified { self.value_path(None, path) } else { value }
    }

    /// `x: T` of a `let`: what it declares.
    pub(super) fn declare(&mut self, typed: &syn::PatType) -> Option<ExprId> {
        let target = self.target(&typed.pat)?;
        let declared = self.ty(&typed.ty);
        let line = self.position(target).line;
        self.step(StepKind::Declare { target, declared }, line);
        Some(target)
    }

    /// The pattern as one assignable expression; parts that bind nothing are unknown.
    fn target(&mut self, pattern: &Pat) -> Option<ExprId> {
        match pattern {
            Pat::Ident(ident) => {
                let at = self.at(ident.ident.span());
                Some(self.variable(word(&ident.ident), at))
            }
            Pat::Tuple(tuple) => {
                let at = self.at(tuple.paren_token.span.open());
                let mut items = Vec::with_capacity(tuple.elems.len());
                for item in &tuple.elems {
                    if matches!(item, Pat::Rest(_)) {
                        break;
                    }
                    let item = match self.target(item) {
                        Some(target) => target,
                        None => self.unknown(at),
                    };
                    items.push(item);
                }
                Some(self.push(ExprKind::Sequence(items), at, at.line))
            }
            Pat::TupleStruct(tuple) if tuple.elems.len() == 1 => {
                let transparent = tuple
                    .path
                    .segments
                    .last()
                    .is_some_and(|segment| TRANSPARENT.contains(&segment.ident.to_string().as_str()));
                if transparent { self.target(&tuple.elems[0]) } else { None }
            }
            Pat::Paren(inner) => self.target(&inner.pat),
            Pat::Reference(inner) => self.target(&inner.pat),
            Pat::Type(inner) => self.target(&inner.pat),
            _ => None,
        }
    }

    pub(super) fn pattern_start(&self, pattern: &Pat) -> Position {
        match pattern {
            Pat::Ident(ident) => self.at(ident.ident.span()),
            Pat::Tuple(tuple) => self.at(tuple.paren_token.span.open()),
            Pat::Struct(pattern) => self.path_start(&pattern.path),
            Pat::TupleStruct(pattern) => self.path_start(&pattern.path),
            other => self.at(other.span()),
        }
    }

    /// Condition with `let` parts: binds what they match.
    pub(super) fn condition(&mut self, condition: &Expr) {
        let mut rest = vec![condition];
        while let Some(part) = rest.pop() {
            match part {
                Expr::Binary(binary) if matches!(binary.op, syn::BinOp::And(_)) => {
                    rest.push(&binary.right);
                    rest.push(&binary.left);
                }
                Expr::Let(found) => {
                    let value = self.value(&found.expr);
                    self.bind(&found.pat, value);
                }
                other => self.effect(other),
            }
        }
    }
}

/// Constants, variants and types are written with a capital; so is no variable.
fn is_constant(name: &str) -> bool {
    name.chars().find(|letter| *letter != '_').is_some_and(char::is_uppercase)
}
