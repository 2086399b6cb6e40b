//! Type expressions: annotations as written, in strings, and as values.
//!
//! `None` and `Optional` vanish, unions become a choice, callables become `func`, as `model::fact` documents.

use crate::frontend::python::lower::Lowering;
use crate::frontend::python::syntax::{Field, Id, Syntax};
use crate::model::fact::{ExprId, ExprKind, Position};

/// How deep a type may nest before it is cut.
const MAX_TYPE_DEPTH: u32 = 40;

impl Lowering<'_> {
    /// A type; `None` where it says nothing (`None`, `...`, a literal type).
    pub(super) fn annotation(&mut self, id: Id) -> Option<ExprId> {
        if self.depth >= self.limit {
            self.too_deep(id);
            return None;
        }
        self.depth += 1;
        let lowered = self.annotation_inner(id);
        self.depth -= 1;
        lowered
    }

    fn annotation_inner(&mut self, id: Id) -> Option<ExprId> {
        match self.tree.syntax(id) {
            Syntax::Type | Syntax::Parenthesized | Syntax::ConstrainedType => {
                let inner = self.tree.first(id)?;
                self.annotation(inner)
            }
            Syntax::Identifier => Some(self.name(id)),
            Syntax::Attribute | Syntax::MemberType => self.value(id),
            Syntax::Str => {
                let text = self.plain_text(id);
                let at = self.position(id);
                self.type_text(&text, at)
            }
            Syntax::Binary | Syntax::UnionType => {
                let mut options = Vec::new();
                self.union(id, &mut options);
                self.choice(id, options)
            }
            Syntax::GenericType => {
                let base = self.tree.first(id)?;
                let arguments = self.members(id, Syntax::TypeParameter).first().copied();
                let items = arguments.map(|list| self.all_children(list)).unwrap_or_default();
                self.applied(id, base, &items)
            }
            Syntax::Subscript => {
                let base = self.tree.child(id, Field::Value)?;
                let mut items = self.fields(id, Field::Subscript);
                if let [only] = items[..]
                    && self.tree.syntax(only) == Syntax::List
                    && self.tree.text(only).starts_with('(')
                {
                    items = self.all_children(only);
                }
                self.applied(id, base, &items)
            }
            Syntax::List => {
                let items: Vec<ExprId> =
                    self.all_children(id).into_iter().map(|item| self.annotation_or_unknown(item)).collect();
                Some(self.push(id, ExprKind::Sequence(items)))
            }
            Syntax::Call => self.value(id),
            _ => None,
        }
    }

    fn union(&mut self, id: Id, options: &mut Vec<ExprId>) {
        for part in self.all_children(id) {
            match self.tree.syntax(part) {
                Syntax::Or => {}
                Syntax::Binary | Syntax::UnionType if self.depth < self.limit => {
                    self.depth += 1;
                    self.union(part, options);
                    self.depth -= 1;
                }
                _ => options.extend(self.annotation(part)),
            }
        }
    }

    fn annotation_or_unknown(&mut self, id: Id) -> ExprId {
        match self.annotation(id) {
            Some(lowered) => lowered,
            None => self.unknown(id),
        }
    }

    /// `base[items]`.
    fn applied(&mut self, id: Id, base: Id, items: &[Id]) -> Option<ExprId> {
        let word = self.tree.text(base).rsplit('.').next().unwrap_or_default();
        match (word, items) {
            ("Literal", _) => None,
            ("Optional", [only]) => self.annotation(*only),
            ("Union", _) => {
                let options = items.iter().filter_map(|item| self.annotation(*item)).collect();
                self.choice(id, options)
            }
            ("Callable", [_, result]) => {
                let callee = self.push(base, ExprKind::Name("func".into()));
                let result = self.annotation_or_unknown(*result);
                let index = self.push(id, ExprKind::Sequence(vec![result]));
                Some(self.push(id, ExprKind::Index { base: callee, index }))
            }
            ("Annotated", [kept, marks @ ..]) => {
                let callee = self.annotation(base)?;
                let mut lowered = vec![self.annotation_or_unknown(*kept)];
                for mark in marks {
                    let mark = self.value(*mark).unwrap_or_else(|| self.unknown(*mark));
                    lowered.push(mark);
                }
                let index = self.push(id, ExprKind::Sequence(lowered));
                Some(self.push(id, ExprKind::Index { base: callee, index }))
            }
            _ => {
                let callee = self.annotation(base)?;
                let mut lowered: Vec<ExprId> = items.iter().map(|item| self.annotation_or_unknown(*item)).collect();
                let index = match lowered.pop() {
                    Some(only) if lowered.is_empty() => only,
                    Some(last) => {
                        lowered.push(last);
                        self.push(id, ExprKind::Sequence(lowered))
                    }
                    None => self.unknown(id),
                };
                Some(self.push(id, ExprKind::Index { base: callee, index }))
            }
        }
    }

    fn choice(&mut self, id: Id, mut options: Vec<ExprId>) -> Option<ExprId> {
        if options.len() > 1 {
            return Some(self.push(id, ExprKind::Choice(options)));
        }
        options.pop()
    }

    /// A type inside a string: `"Order"`, `"list[shop.Order] | None"`.
    pub(super) fn type_text(&mut self, text: &str, at: Position) -> Option<ExprId> {
        let mark = self.mark();
        let mut reader = TypeReader { lowering: self, rest: text, at, depth: 0 };
        let read = reader.union();
        // Anything after the type means that the string was none.
        let lowered = read.filter(|_| reader.rest.trim().is_empty()).and_then(|read| read.0);
        if lowered.is_none() {
            self.forget(mark);
        }
        lowered
    }
}

/// Reads a type from a string, left to right.
struct TypeReader<'a, 'l, 't> {
    lowering: &'a mut Lowering<'l>,
    rest: &'t str,
    at: Position,
    depth: u32,
}

/// A type that was read; `None` inside says nothing (`None`, `...`).
struct Read(Option<ExprId>);

impl<'t> TypeReader<'_, '_, 't> {
    /// `None` when the text is no type.
    fn union(&mut self) -> Option<Read> {
        let mut options = Vec::new();
        loop {
            options.extend(self.one()?.0);
            if !self.eat('|') {
                break;
            }
        }
        Some(Read(if options.len() > 1 { Some(self.push(ExprKind::Choice(options))) } else { options.pop() }))
    }

    fn one(&mut self) -> Option<Read> {
        self.depth += 1;
        if self.depth > MAX_TYPE_DEPTH {
            return None;
        }
        let read = self.one_inner();
        self.depth -= 1;
        read
    }

    fn one_inner(&mut self) -> Option<Read> {
        self.rest = self.rest.trim_start();
        if let Some(after) = self.rest.strip_prefix("...") {
            self.rest = after;
            return Some(Read(None));
        }
        if let Some(quote) = self.rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
            let end = self.rest[1..].find(quote)?;
            let inner = &self.rest[1..=end];
            let outer = std::mem::replace(&mut self.rest, inner);
            let read = self.union();
            self.rest = &outer[end + 2..];
            return read;
        }
        if self.eat('[') {
            let items = self.list()?;
            return Some(Read(Some(self.push(ExprKind::Sequence(items)))));
        }
        let word = self.word()?;
        if word == "None" {
            return Some(Read(None));
        }
        let mut last = word;
        let mut base = self.push(ExprKind::Name(word.into()));
        while self.eat('.') {
            last = self.word()?;
            base = self.push(ExprKind::Member { base, name: last.into() });
        }
        if !self.eat('[') {
            return Some(Read(Some(base)));
        }
        if last == "Literal" {
            let end = self.rest.find(']')?;
            self.rest = &self.rest[end + 1..];
            return Some(Read(None));
        }
        let mut items = self.list()?;
        Some(Read(Some(match (last, items.len()) {
            ("Optional", 1) => items[0],
            ("Union", _) => self.push(ExprKind::Choice(items)),
            ("Callable", 2) => {
                let callee = self.push(ExprKind::Name("func".into()));
                items.remove(0);
                let index = self.push(ExprKind::Sequence(items));
                self.push(ExprKind::Index { base: callee, index })
            }
            (_, 1) => self.push(ExprKind::Index { base, index: items[0] }),
            _ => {
                let index = self.push(ExprKind::Sequence(items));
                self.push(ExprKind::Index { base, index })
            }
        })))
    }

    /// Items up to the closing bracket.
    fn list(&mut self) -> Option<Vec<ExprId>> {
        let mut items = Vec::new();
        loop {
            if self.eat(']') {
                return Some(items);
            }
            let item = self.union()?.0;
            let item = match item {
                Some(item) => item,
                None => self.push(ExprKind::Unknown),
            };
            items.push(item);
            if !self.eat(',') {
                return self.eat(']').then_some(items);
            }
        }
    }

    fn word(&mut self) -> Option<&'t str> {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(self.rest.len());
        if end == 0 || self.rest.as_bytes()[0].is_ascii_digit() {
            return None;
        }
        let word = &self.rest[..end];
        self.rest = &self.rest[end..];
        Some(word)
    }

    fn eat(&mut self, wanted: char) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(wanted) {
            Some(after) => {
                self.rest = after;
                true
            }
            None => false,
        }
    }

    fn push(&mut self, kind: ExprKind) -> ExprId {
        self.lowering.push_at(kind, self.at, self.at.line)
    }
}
