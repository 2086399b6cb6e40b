//! The state of one file's lowering: the facts so far, and what names mean at this point of the walk.

use std::collections::BTreeSet;

use compact_str::ToCompactString;
use proc_macro2::{Ident, Span};

use super::expansion::Expansions;
use crate::model::diagnostic::Diagnostic;
use crate::model::fact::{
    Argument, DefId, Definition, DefinitionKind, Expr, ExprId, ExprKind, FileFacts, Piece, Position, Region,
    RegionKind, Step, StepKind, Submodule, Text, Visibility,
};

/// Expressions nested deeper than this are given up.
const MAX_DEPTH: u32 = 600;

/// Facts of a file under construction.
pub(super) struct Lowering<'s> {
    pub(super) facts: FileFacts,
    /// Definition whose body is walked.
    pub(super) owner: DefId,
    /// Inside `#[cfg(test)]` or a test function.
    pub(super) in_test: bool,
    /// What `Self` stands for.
    pub(super) self_type: Option<ExprId>,
    /// Type parameters in scope with the first trait that bounds them.
    pub(super) type_params: Vec<(Text, Option<ExprId>)>,
    /// Traits of types that stand further below: scope, type, trait.
    pub(super) late_bases: Vec<(DefId, Text, ExprId)>,
    /// Constants of impls: scope, type, constant.
    pub(super) late_constants: Vec<(DefId, Text, DefId)>,
    /// First names of paths in the function being walked.
    pub(super) path_heads: Vec<ExprId>,
    /// Variables bound in the function being walked.
    pub(super) bound: Vec<Text>,
    /// Variables that a later `let` of their name hides, with the name that stands for it there: the last one counts.
    pub(super) renamed: Vec<(Text, Text)>,
    /// Macros of the project that may be expanded here.
    pub(super) expansions: Expansions,
    /// Macros that the file runs.
    pub(super) runs: BTreeSet<String>,
    /// Place of the parsed text inside the file: lines and columns before it.
    pub(super) origin: Position,
    /// Lines of the parsed text where it is not plain ASCII, to turn characters into bytes.
    wide_lines: Option<Vec<&'s str>>,
    depth: u32,
    too_deep: bool,
}

impl<'s> Lowering<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        let lines = source.lines().count() as u32;
        let module = Definition::new("", "", DefinitionKind::Module, DefId::MODULE, 1, lines.max(1));
        Self {
            facts: FileFacts { lines, separator: "::".into(), definitions: vec![module], ..FileFacts::default() },
            owner: DefId::MODULE,
            in_test: false,
            self_type: None,
            type_params: Vec::new(),
            late_bases: Vec::new(),
            late_constants: Vec::new(),
            path_heads: Vec::new(),
            bound: Vec::new(),
            renamed: Vec::new(),
            expansions: Expansions::default(),
            runs: BTreeSet::new(),
            origin: Position::default(),
            wide_lines: None,
            depth: 0,
            too_deep: false,
        }
    }

    /// Positions from now on are those of `text`, which starts after `origin`.
    pub(super) fn read(&mut self, text: &'s str, origin: Position) {
        self.origin = origin;
        self.wide_lines = (!text.is_ascii()).then(|| text.lines().collect());
    }

    pub(super) fn finish(mut self) -> FileFacts {
        self.settle_bases();
        super::reached::write_out(&mut self.facts);
        let submodules = self.facts.submodules.get_or_insert_default();
        submodules.sort_unstable_by(|a, b| (&a.name, a.is_test).cmp(&(&b.name, b.is_test)));
        submodules.dedup();
        self.facts.macros.run = std::mem::take(&mut self.runs).into_iter().map(Text::from).collect();
        self.facts.exprs.shrink_to_fit();
        self.facts.steps.shrink_to_fit();
        self.facts.definitions.shrink_to_fit();
        self.facts
    }

    /// A name by which this file may make another one part of the package.
    pub(super) fn submodule(&mut self, name: Text, is_test: bool) {
        self.facts.submodules.get_or_insert_default().push(Submodule { name, is_test });
    }

    /// Where a token starts.
    pub(super) fn at(&self, span: Span) -> Position {
        let start = span.start();
        let line = start.line as u32;
        let column = match &self.wide_lines {
            Some(lines) => lines.get(start.line.wrapping_sub(1)).map_or(start.column, |text| {
                text.char_indices().nth(start.column).map_or(text.len(), |(byte, _)| byte)
            }),
            None => start.column,
        } as u32
            + 1;
        let before = if line == 1 { self.origin.column } else { 0 };
        Position { line: line + self.origin.line, column: column + before }
    }

    /// Line on which a token ends.
    pub(super) fn end_line(&self, span: Span) -> u32 {
        span.end().line as u32 + self.origin.line
    }

    /// Enters one level of nesting; false when that is too deep to go on.
    pub(super) fn descend(&mut self, line: u32) -> bool {
        self.depth += 1;
        if self.depth <= MAX_DEPTH {
            return true;
        }
        if !self.too_deep {
            self.too_deep = true;
            self.facts.diagnostics.push(Diagnostic::warning(
                "too-deep",
                "",
                line,
                "expressions nested too deeply are left out",
            ));
        }
        false
    }

    pub(super) fn ascend(&mut self) {
        self.depth -= 1;
    }

    // Expressions.

    pub(super) fn push(&mut self, kind: ExprKind, at: Position, end_line: u32) -> ExprId {
        let id = ExprId(self.facts.exprs.len() as u32);
        self.facts.exprs.push(Expr { kind, at, end_line: end_line.max(at.line) });
        id
    }

    pub(super) fn unknown(&mut self, at: Position) -> ExprId {
        self.push(ExprKind::Unknown, at, at.line)
    }

    pub(super) fn name(&mut self, name: impl Into<Text>, at: Position) -> ExprId {
        self.push(ExprKind::Name(name.into()), at, at.line)
    }

    /// `base.name`, starting where its base starts.
    pub(super) fn member(&mut self, base: ExprId, name: impl Into<Text>, line: u32) -> ExprId {
        let at = self.position(base);
        self.push(ExprKind::Member { base, name: name.into() }, at, line)
    }

    /// A call and its step.
    pub(super) fn call(&mut self, callee: ExprId, args: Vec<Argument>, at: Position, end_line: u32) -> ExprId {
        let id = self.push(ExprKind::Call { callee, args }, at, end_line);
        self.step(StepKind::Call(id), at.line);
        id
    }

    /// An applied generic.
    pub(super) fn applied(&mut self, base: ExprId, mut arguments: Vec<ExprId>) -> ExprId {
        let at = self.position(base);
        let end = arguments.last().map_or(at.line, |last| self.facts.expr(*last).end_line);
        let index = match arguments.len() {
            0 => return base,
            1 => arguments.remove(0),
            _ => {
                let first = self.position(arguments[0]);
                self.push(ExprKind::Sequence(arguments), first, end)
            }
        };
        self.push(ExprKind::Index { base, index }, at, end)
    }

    /// One of several values; nothing when there is none.
    pub(super) fn choice(&mut self, mut of: Vec<ExprId>, at: Position) -> Option<ExprId> {
        match of.len() {
            0 => None,
            1 => of.pop(),
            _ => {
                let end = of.iter().map(|id| self.facts.expr(*id).end_line).max().unwrap_or(at.line);
                Some(self.push(ExprKind::Choice(of), at, end))
            }
        }
    }

    /// A template of these pieces; plain text where there is no hole.
    pub(super) fn template(&mut self, pieces: Vec<Piece>, at: Position, end_line: u32) -> ExprId {
        let mut joined: Vec<Piece> = Vec::with_capacity(pieces.len());
        for piece in pieces {
            match (joined.last_mut(), piece) {
                (Some(Piece::Text(before)), Piece::Text(text)) => before.push_str(&text),
                (_, piece) => joined.push(piece),
            }
        }
        let kind = match joined.as_mut_slice() {
            [] => ExprKind::Text(Text::default()),
            [Piece::Text(text)] => ExprKind::Text(std::mem::take(text)),
            _ => ExprKind::Template(joined),
        };
        self.push(kind, at, end_line)
    }

    /// What a value adds to a template: its text, its pieces, or a hole.
    pub(super) fn pieces(&self, id: ExprId) -> Vec<Piece> {
        match &self.facts.expr(id).kind {
            ExprKind::Text(text) => vec![Piece::Text(text.clone())],
            ExprKind::Template(pieces) => pieces.clone(),
            _ => vec![Piece::Hole(id)],
        }
    }

    pub(super) fn is_text(&self, id: ExprId) -> bool {
        matches!(self.facts.expr(id).kind, ExprKind::Text(_) | ExprKind::Template(_))
    }

    /// Place of the last expression, for those that have no token of their own.
    pub(super) fn here(&self) -> Position {
        let start = Position { line: self.origin.line + 1, column: 1 };
        self.facts.exprs.last().map_or(start, |last| last.at)
    }

    pub(super) fn position(&self, id: ExprId) -> Position {
        self.facts.expr(id).at
    }

    /// What stands before `::` is never a variable: `instance::table` beside `let instance` is written `::instance`.
    /// To be called at the end of a function, with the lengths both lists had at its start.
    pub(super) fn settle_paths(&mut self, heads: usize, bound: usize) {
        for index in heads..self.path_heads.len() {
            let head = self.path_heads[index];
            let ExprKind::Name(name) = &mut self.facts.exprs[head.0 as usize].kind else { continue };
            if self.bound[bound..].contains(name) {
                name.insert_str(0, "::");
            }
        }
        self.path_heads.truncate(heads);
        self.bound.truncate(bound);
    }

    /// The name of the variable that a name means here.
    pub(super) fn current_name(&self, name: Text) -> Text {
        match self.renamed.iter().rev().find(|(written, _)| *written == name) {
            Some((_, current)) => current.clone(),
            None => name,
        }
    }

    /// A binding that is told apart by nothing else hides what a `let` of the name before it stood for.
    pub(super) fn named_anew(&mut self, name: &Text) {
        if self.renamed.iter().any(|(written, _)| written == name) {
            self.renamed.push((name.clone(), name.clone()));
        }
    }

    // Steps and regions.

    pub(super) fn step(&mut self, kind: StepKind, line: u32) {
        self.facts.steps.push(Step { owner: self.owner, kind, line });
    }

    pub(super) fn assign(&mut self, target: ExprId, value: ExprId, line: u32) {
        self.step(StepKind::Assign { target, value }, line);
    }

    pub(super) fn region(&mut self, kind: RegionKind, first_line: u32, last_line: u32) {
        self.facts.regions.push(Region { owner: self.owner, kind, first_line, last_line });
    }

    // Definitions.

    /// Path of something named `name` inside the current owner.
    pub(super) fn path_of(&self, name: &str) -> Text {
        join(&self.facts.definition(self.owner).path, name)
    }

    /// Adds a definition inside the current owner.
    pub(super) fn define(&mut self, name: Text, path: Text, kind: DefinitionKind, line: u32, end_line: u32) -> DefId {
        let mut definition = Definition::new(name, path, kind, self.owner, line, end_line.max(line));
        definition.visibility = Visibility::Private;
        definition.traits.is_test = self.in_test;
        let id = DefId(self.facts.definitions.len() as u32);
        self.facts.definitions.push(definition);
        id
    }

    pub(super) fn definition(&mut self, id: DefId) -> &mut Definition {
        &mut self.facts.definitions[id.0 as usize]
    }

    /// Walks with another owner, then comes back.
    pub(super) fn inside<T>(&mut self, owner: DefId, walk: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.owner, owner);
        let was_test = self.in_test;
        self.in_test |= self.facts.definition(owner).traits.is_test;
        let result = walk(self);
        self.owner = outer;
        self.in_test = was_test;
        result
    }
}

/// `outer::name`, or the name alone.
pub(super) fn join(outer: &str, name: &str) -> Text {
    if outer.is_empty() {
        return name.into();
    }
    let mut path = Text::with_capacity(outer.len() + 2 + name.len());
    path.push_str(outer);
    path.push_str("::");
    path.push_str(name);
    path
}

/// An identifier without `r#`.
pub(super) fn word(ident: &Ident) -> Text {
    let text = ident.to_compact_string();
    match text.strip_prefix("r#") {
        Some(plain) => plain.into(),
        None => text,
    }
}

/// An argument given by position.
pub(super) fn positional(value: ExprId) -> Argument {
    Argument { name: None, value, spread: false }
}

/// An argument given by name.
pub(super) fn named(name: impl Into<Text>, value: ExprId) -> Argument {
    Argument { name: Some(name.into()), value, spread: false }
}
