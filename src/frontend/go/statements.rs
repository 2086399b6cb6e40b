//! Statements: what a function body assigns, returns, calls and repeats.

use crate::frontend::go::grammar::{Field, GRAMMAR, Kind};
use crate::frontend::go::lower::Lowering;
use crate::model::fact::{DefId, ExprId, ExprKind, Piece, Region, RegionKind, StepKind, Text, plain_name};

impl Lowering<'_> {
    /// The statement under the cursor.
    pub(super) fn statement(&mut self, kind: Kind) {
        self.deeper(|walk| walk.statement_inner(kind));
    }

    fn statement_inner(&mut self, kind: Kind) {
        match kind {
            Kind::ExpressionStatement | Kind::IncStatement | Kind::DecStatement | Kind::SendStatement => {
                self.children(Self::discard);
            }
            Kind::ShortVarDeclaration | Kind::AssignmentStatement | Kind::ReceiveStatement => self.assignment(kind),
            Kind::ReturnStatement => self.returned(),
            Kind::GoStatement | Kind::DeferStatement => self.children(|walk, child| {
                if child != Kind::Comment {
                    let line = walk.line();
                    let call = walk.expr();
                    if kind == Kind::GoStatement && matches!(walk.expr_kind(call), ExprKind::Call { .. }) {
                        walk.step(StepKind::Spawn(call), line);
                    }
                }
            }),
            Kind::ForStatement => {
                if self.owner != DefId::MODULE {
                    let (first_line, last_line) = (self.line(), self.end_line());
                    let region = Region { owner: self.owner, kind: RegionKind::Loop, first_line, last_line };
                    self.facts.regions.push(region);
                }
                self.in_block(|walk| walk.children(Self::part));
            }
            Kind::RangeClause => self.range(),
            Kind::TypeSwitchStatement => self.in_block(Self::type_switch),
            Kind::IfStatement
            | Kind::ExpressionSwitchStatement
            | Kind::SelectStatement
            | Kind::ExpressionCase
            | Kind::DefaultCase
            | Kind::CommunicationCase
            | Kind::Block => self.in_block(|walk| walk.children(Self::part)),
            Kind::ForClause | Kind::LabeledStatement | Kind::StatementList | Kind::Error => {
                self.children(Self::part);
            }
            Kind::ConstDeclaration => self.constants(),
            Kind::VarDeclaration | Kind::VarSpecList => self.children(|walk, kind| match kind {
                Kind::VarSpec => {
                    walk.variables();
                    walk.clear_embeds();
                }
                Kind::VarSpecList => walk.statement_inner(kind),
                Kind::Comment => walk.directive(),
                _ => {}
            }),
            Kind::TypeDeclaration => self.children(|walk, kind| {
                if matches!(kind, Kind::TypeSpec | Kind::TypeAlias) {
                    walk.type_definition(kind);
                }
            }),
            Kind::FunctionDeclaration | Kind::MethodDeclaration => self.function(kind),
            _ => {}
        }
    }

    /// A part of a compound statement: a statement, or an expression whose value only steers.
    fn part(&mut self, kind: Kind) {
        match kind {
            Kind::ExpressionList => self.children(Self::discard),
            Kind::ExpressionStatement
            | Kind::IncStatement
            | Kind::DecStatement
            | Kind::SendStatement
            | Kind::ShortVarDeclaration
            | Kind::AssignmentStatement
            | Kind::ReceiveStatement
            | Kind::ReturnStatement
            | Kind::GoStatement
            | Kind::DeferStatement
            | Kind::IfStatement
            | Kind::ForStatement
            | Kind::ForClause
            | Kind::RangeClause
            | Kind::ExpressionSwitchStatement
            | Kind::TypeSwitchStatement
            | Kind::SelectStatement
            | Kind::ExpressionCase
            | Kind::DefaultCase
            | Kind::CommunicationCase
            | Kind::LabeledStatement
            | Kind::Block
            | Kind::StatementList
            | Kind::ConstDeclaration
            | Kind::VarDeclaration
            | Kind::TypeDeclaration
            | Kind::FunctionDeclaration
            | Kind::MethodDeclaration
            | Kind::Error => self.statement(kind),
            Kind::Comment => {}
            _ => self.discard(kind),
        }
    }

    /// Whether the two sides of the node under the cursor are joined by `:=`.
    fn declares(&self) -> bool {
        let Some(node) = self.node() else { return false };
        let (left, right) = GRAMMAR.sides;
        match (node.child_by_field_id(left), node.child_by_field_id(right)) {
            (Some(left), Some(right)) => self.between(left, right).contains(":="),
            _ => false,
        }
    }

    /// The left side: names that are declared now, or targets that exist.
    fn targets(&mut self, declares: bool) -> Vec<ExprId> {
        let mut targets = Vec::new();
        self.children(|walk, _| {
            if walk.field() != Field::Left {
                return;
            }
            if !declares {
                walk.expressions(&mut targets);
                walk.note_rebound(&targets);
                return;
            }
            walk.children(|walk, kind| {
                if kind == Kind::Identifier {
                    let name = walk.text();
                    targets.push(walk.declared_name(name));
                }
            });
        });
        targets
    }

    /// What no block declares is a variable of the package.
    fn note_rebound(&mut self, targets: &[ExprId]) {
        for target in targets {
            let ExprKind::Name(name) = self.expr_kind(*target) else { continue };
            let name = name.clone();
            if !self.is_declared(&name)
                && let owner = self.owner
                && let Some(definition) = self.definition_mut(owner)
                && !definition.rebinds.contains(&name)
            {
                definition.rebinds.push(name);
            }
        }
    }

    /// `a := x`, `a, b = f()`, `a += x`, `v := <-ch`. The right side is read before the left one names anything.
    fn assignment(&mut self, kind: Kind) {
        let line = self.line();
        let operator = if kind == Kind::AssignmentStatement { self.operator() } else { "=" };
        let declares = kind == Kind::ShortVarDeclaration || kind == Kind::ReceiveStatement && self.declares();
        let (mut values, mut is_call) = (Vec::new(), false);
        self.children(|walk, _| {
            if walk.field() == Field::Right {
                is_call = walk.expressions(&mut values);
            }
        });
        let outer = if operator == "=" { self.forget_texts(&values, declares) } else { Vec::new() };
        let targets = self.targets(declares);
        match operator {
            "=" => {}
            "+=" => {
                if let (Some(target), Some(value)) = (targets.first(), values.first()) {
                    let sum = self.sum(&[*target, *value]);
                    self.assign(*target, sum, line);
                }
                return;
            }
            _ => return,
        }
        if values.len() == 1 && targets.len() > 1 {
            for outer in outer {
                let target = self.push(ExprKind::Name(outer));
                let target = self.push(ExprKind::Sequence(vec![target]));
                self.assign(target, values[0], line);
            }
            self.unpack(targets, values[0], is_call, line);
            return;
        }
        for (target, value) in targets.into_iter().zip(values) {
            if let (ExprKind::Name(name), true) = (self.expr_kind(target), self.is_builder(value)) {
                let name = name.clone();
                self.scope.builders.push(name);
                let value = self.push(ExprKind::Text(Text::default()));
                self.assign(target, value, line);
                continue;
            }
            self.assign(target, value, line);
            for outer in &outer {
                let target = self.push(ExprKind::Name(outer.clone()));
                self.assign(target, value, line);
            }
        }
    }

    /// A variable that is given a new text holds nothing else up to the end of the block. If an outer block declares
    /// it, it may hold that text behind the block as well: gives what it is called there. Of several results of a call
    /// the first is the text.
    fn forget_texts(&mut self, values: &[ExprId], declares: bool) -> Vec<Text> {
        let [value] = values else { return Vec::new() };
        if !self.holds_text(*value) {
            return Vec::new();
        }
        let is_call = matches!(self.expr_kind(*value), ExprKind::Call { .. });
        let mut only = None;
        self.children(|walk, _| {
            if walk.field() == Field::Left {
                walk.children(|walk, kind| {
                    only = match only {
                        None if kind == Kind::Identifier => Some(walk.text()),
                        Some(first) if is_call => Some(first),
                        _ => Some("_"),
                    };
                });
            }
        });
        let Some(name) = only.filter(|name| *name != "_") else { return Vec::new() };
        if is_call && self.builds_on(*value, name) || declares && !self.declared_here(name) {
            return Vec::new();
        }
        if self.declared_here(name) {
            let is_carried = self.carried.contains(&self.written(name));
            let outer = if is_carried { self.declared_outside(name).split_off(1) } else { Vec::new() };
            let written = self.redeclare(name);
            if is_carried {
                self.carried.insert(written);
            }
            return outer;
        }
        // `query = fmt.Sprintf("%s LIMIT 1", query)` adds to what an outer block wrote.
        let outer = if self.builds_on(*value, name) { Vec::new() } else { self.declared_outside(name) };
        if !outer.is_empty() {
            let written = self.redeclare(name);
            self.carried.insert(written);
        }
        outer
    }

    /// Whether a value is a text, or what a call makes of one that is written there (`adopt("SELECT ..")`).
    fn holds_text(&self, value: ExprId) -> bool {
        let is_text = |it: ExprId| matches!(self.expr_kind(it), ExprKind::Text(_) | ExprKind::Template(_));
        match self.expr_kind(value) {
            ExprKind::Call { args, .. } => args.iter().any(|it| is_text(it.value)),
            _ => is_text(value),
        }
    }

    /// Whether a text, or an argument of a call, holds what a name stood for before.
    fn builds_on(&self, value: ExprId, name: &str) -> bool {
        match self.expr_kind(value) {
            ExprKind::Template(pieces) => pieces.iter().any(|piece| match piece {
                Piece::Hole(hole) => self.builds_on(*hole, name),
                Piece::Text(_) => false,
            }),
            ExprKind::Call { callee, args } => {
                self.builds_on(*callee, name) || args.iter().any(|it| self.builds_on(it.value, name))
            }
            ExprKind::Member { base, .. } => self.builds_on(*base, name),
            ExprKind::Name(it) => plain_name(it) == name,
            _ => false,
        }
    }

    /// Several targets of one value: the results of a call, or a value with its `ok`.
    pub(super) fn unpack(&mut self, targets: Vec<ExprId>, value: ExprId, is_call: bool, line: u32) {
        if !is_call {
            if let Some(first) = targets.first() {
                self.assign(*first, value, line);
            }
            return;
        }
        if targets.iter().all(|target| *target == self.unknown) {
            return;
        }
        let target = self.push(ExprKind::Sequence(targets));
        self.assign(target, value, line);
    }

    /// One assignment; what has no name or no meaning is none.
    pub(super) fn assign(&mut self, target: ExprId, value: ExprId, line: u32) {
        if target == self.unknown {
            return;
        }
        match (self.expr_kind(value), self.expr_kind(target)) {
            (ExprKind::Construct { of, .. }, ExprKind::Name(name)) => {
                let (of, name) = (*of, name.clone());
                self.note_channels(of, std::iter::once(name.as_str()));
            }
            (ExprKind::Construct { of, .. }, ExprKind::Member { name, .. }) => {
                let (of, name) = (*of, name.clone());
                self.note_channel_fields(of, std::iter::once(name.as_str()));
            }
            _ => {}
        }
        self.step(StepKind::Assign { target, value }, line);
    }

    /// A name to assign to; `_` is nothing.
    pub(super) fn target_name(&mut self, name: &str) -> ExprId {
        if name == "_" { self.unknown } else { self.push(ExprKind::Name(name.into())) }
    }

    fn returned(&mut self) {
        let line = self.line();
        let mut values = Vec::new();
        self.children(|walk, kind| {
            if kind == Kind::ExpressionList {
                walk.expressions(&mut values);
            }
        });
        if values.is_empty() {
            let names = self.scope.results.clone();
            values = names.into_iter().map(|name| self.push(ExprKind::Name(name))).collect();
        }
        let value = match values.len() {
            0 => return,
            1 => values[0],
            _ => self.push(ExprKind::Sequence(values)),
        };
        if value != self.unknown {
            self.step(StepKind::Return(value), line);
        }
    }

    /// `for k, v := range xs`: the second gets an element; so does the first of a channel.
    fn range(&mut self) {
        let line = self.line();
        let mut of = self.unknown;
        self.children(|walk, _| {
            if walk.field() == Field::Right {
                of = walk.expr();
            }
        });
        let declares = self.declares();
        let targets = self.targets(declares);
        let is_channel = match self.expr_kind(of) {
            ExprKind::Name(name) => self.channels.contains(plain_name(name)),
            ExprKind::Member { name, .. } => {
                self.channels.contains(&compact_str::format_compact!(".{}", plain_name(name)))
            }
            _ => false,
        };
        if let [first, rest @ ..] = targets.as_slice()
            && let Some(target) = if is_channel { Some(*first) } else { rest.first().copied() }
            && target != self.unknown
        {
            let value = self.push(ExprKind::Element(of));
            self.step(StepKind::Assign { target, value }, line);
        }
    }

    /// In each case the name has the case's type; with several types in a case it keeps its own.
    fn type_switch(&mut self) {
        let (mut alias, mut value) = (None, self.unknown);
        self.children(|walk, kind| match walk.field() {
            Field::Initializer => walk.statement(kind),
            Field::Alias => {
                alias = Some(walk.text()).filter(|name| *name != "_");
            }
            Field::Value => value = walk.expr(),
            _ if matches!(kind, Kind::TypeCase | Kind::DefaultCase) => {
                walk.in_block(|walk| walk.type_case(alias, value));
            }
            _ => {}
        });
    }

    fn type_case(&mut self, alias: Option<&str>, value: ExprId) {
        let line = self.line();
        let mut types = Vec::new();
        let mut told = false;
        let mut tell = |walk: &mut Self, types: &[ExprId]| {
            if told {
                return;
            }
            told = true;
            let Some(alias) = alias else { return };
            let target = walk.declared_name(alias);
            let seen = match types {
                [of] if walk.name_of(*of).is_none_or(|name| name != "nil") => walk.converted(*of, value),
                _ => value,
            };
            walk.step(StepKind::Assign { target, value: seen }, line);
        };
        self.children(|walk, kind| {
            if walk.field() == Field::Type {
                types.push(walk.type_expr());
            } else {
                tell(walk, &types);
                walk.part(kind);
            }
        });
    }
}
