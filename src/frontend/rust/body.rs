//! Blocks, statements and expressions.

use syn::{
    BinOp, Block, Expr, ExprCall, ExprClosure, ExprIf, ExprMatch, ExprMethodCall, ExprStruct, Lit, Local, Member, Pat,
    Stmt, UnOp,
};

use super::lowering::{Lowering, named, positional, word};
use crate::model::fact::{
    Argument, DefId, Definition, DefinitionKind, ExprId, ExprKind, Piece, Position, RegionKind, StepKind, Text,
    Visibility, plain_name,
};

/// Methods of the standard library without arguments that hand on what they are called on.
const SAME: &[&str] = &[
    "as_deref",
    "as_deref_mut",
    "as_mut",
    "as_ref",
    "as_str",
    "borrow",
    "borrow_mut",
    "by_ref",
    "clone",
    "cloned",
    "copied",
    "to_owned",
    "to_string",
    "unwrap",
    "unwrap_or_default",
];
/// Methods of locks and cells: what they hand out is what the lock is about, unless a type of the project has such a
/// method itself.
const GUARDS: &[&str] =
    &["get", "get_mut", "into_inner", "load_full", "lock", "lock_owned", "read", "upgrade", "write"];
/// Those that are told how to make it first.
const GUARDS_WITH: &[&str] = &["get_or_init", "get_or_insert_with", "get_or_try_init"];
/// Those with arguments, which are walked for their calls.
const SAME_WITH: &[&str] = &[
    "context",
    "inspect_err",
    "instrument",
    "map_err",
    "ok_or",
    "ok_or_else",
    "or_else",
    "unwrap_or_else",
    "with_context",
];
/// Methods that iterate over what they are called on.
const ITERATES: &[&str] = &["drain", "into_iter", "into_par_iter", "iter", "iter_mut", "par_iter"];
/// Iterator methods that keep the elements.
const KEEPS_ELEMENTS: &[&str] =
    &["chain", "filter", "inspect", "peekable", "rev", "skip", "skip_while", "step_by", "take", "take_while"];
/// Methods that hand each element, or what an option holds, to their closure.
const TAKES_ELEMENT: &[&str] = &[
    "all",
    "and_then",
    "any",
    "filter",
    "filter_map",
    "find",
    "find_map",
    "flat_map",
    "for_each",
    "inspect",
    "is_some_and",
    "map",
    "map_or",
    "map_or_else",
    "partition",
    "position",
    "skip_while",
    "take_while",
    "then",
];
/// A longer chain is cut off at its start.
const MAX_CHAIN: usize = 2000;

impl Lowering<'_> {
    /// Statements in order; the value of the last expression when it is wanted.
    pub(super) fn block(&mut self, block: &Block, wanted: bool) -> Option<ExprId> {
        let mut value = None;
        let renamed = self.renamed.len();
        let last = block.stmts.len().wrapping_sub(1);
        for (index, stmt) in block.stmts.iter().enumerate() {
            match stmt {
                Stmt::Local(local) => self.local(local),
                Stmt::Item(item) => self.item(item, &[]),
                Stmt::Expr(expr, None) if wanted && index == last => value = self.value_opt(expr),
                Stmt::Expr(expr, _) => self.effect(expr),
                Stmt::Macro(call) => {
                    let result = self.macro_value(&call.mac);
                    if wanted && index == last && call.semi_token.is_none() {
                        value = result;
                    }
                }
            }
        }
        self.renamed.truncate(renamed);
        value
    }

    pub(super) fn local(&mut self, local: &Local) {
        let Some(init) = &local.init else {
            match &local.pat {
                Pat::Type(typed) => {
                    self.declare(typed);
                }
                Pat::Ident(ident) => {
                    let at = self.at(ident.ident.span());
                    self.variable(word(&ident.ident), at);
                }
                _ => {}
            }
            return;
        };
        let value = self.value_opt(&init.expr);
        if let Some((_, diverge)) = &init.diverge {
            self.effect(diverge);
        }
        if let Some(value) = value {
            self.bind(&local.pat, value);
        } else if !matches!(local.pat, Pat::Wild(_)) {
            let at = self.pattern_start(&local.pat);
            let value = self.unknown(at);
            self.bind(&local.pat, value);
        }
    }

    /// Lowers an expression whose value nobody takes.
    pub(super) fn effect(&mut self, expr: &Expr) {
        match expr {
            Expr::If(branch) => {
                self.branches(branch, false);
            }
            Expr::Match(branch) => {
                self.arms(branch, false);
            }
            Expr::Block(inner) => {
                self.block(&inner.block, false);
            }
            Expr::Unsafe(inner) => {
                self.block(&inner.block, false);
            }
            // A bare name or literal has no effect.
            Expr::Path(_) | Expr::Lit(_) | Expr::Continue(_) => {}
            other => {
                self.value_opt(other);
            }
        }
    }

    /// The value of an expression; unknown where it has none that matters.
    pub(super) fn value(&mut self, expr: &Expr) -> ExprId {
        match self.value_opt(expr) {
            Some(value) => value,
            None => self.unknown(self.here()),
        }
    }

    /// The value of an expression, or nothing where it is unit, diverges, or says nothing about names, types and text.
    ///
    /// Chains are walked from their innermost receiver outward, so that their length costs no stack.
    pub(super) fn value_opt(&mut self, expr: &Expr) -> Option<ExprId> {
        let mut chain: Vec<&Expr> = Vec::new();
        let mut base = expr;
        loop {
            let next = match base {
                Expr::MethodCall(call) => Some(call.receiver.as_ref()),
                Expr::Field(field) => Some(field.base.as_ref()),
                Expr::Index(index) => Some(index.expr.as_ref()),
                Expr::Call(call) if !matches!(call.func.as_ref(), Expr::Path(_)) => Some(call.func.as_ref()),
                _ => None,
            };
            if let Some(next) = next {
                chain.push(base);
                base = next;
                continue;
            }
            base = match base {
                Expr::Await(inner) => &inner.base,
                Expr::Try(inner) => &inner.expr,
                Expr::Paren(inner) => &inner.expr,
                Expr::Group(inner) => &inner.expr,
                Expr::Reference(inner) => &inner.expr,
                Expr::RawAddr(inner) => &inner.expr,
                Expr::Cast(inner) => &inner.expr,
                Expr::Unary(inner) if matches!(inner.op, UnOp::Deref(_)) => &inner.expr,
                _ => break,
            };
        }
        if !self.descend(self.origin.line + 1) {
            self.ascend();
            return None;
        }
        let cut = chain.len().min(MAX_CHAIN);
        let mut value = if cut < chain.len() { None } else { self.leaf(base) };
        for link in chain[..cut].iter().rev() {
            let inner = match value {
                Some(value) => value,
                None => self.unknown(self.here()),
            };
            value = match link {
                Expr::MethodCall(call) => self.method_call(call, inner),
                Expr::Field(field) => {
                    let (name, line) = match &field.member {
                        Member::Named(ident) => (word(ident), self.at(ident.span()).line),
                        Member::Unnamed(index) => {
                            (compact_str::format_compact!("{}", index.index), self.at(index.span).line)
                        }
                    };
                    Some(self.member(inner, name, line))
                }
                Expr::Index(index) => {
                    let key = self.value(&index.index);
                    let (at, end) = (self.position(inner), self.end_line(index.bracket_token.span.close()));
                    Some(self.push(ExprKind::Index { base: inner, index: key }, at, end))
                }
                Expr::Call(call) => {
                    let args = self.arguments(&call.args);
                    let (at, end) = (self.position(inner), self.end_line(call.paren_token.span.close()));
                    Some(self.call(inner, args, at, end))
                }
                _ => Some(inner),
            };
        }
        self.ascend();
        value
    }

    fn leaf(&mut self, expr: &Expr) -> Option<ExprId> {
        match expr {
            Expr::Path(path) => Some(self.value_path(path.qself.as_ref(), &path.path)),
            Expr::Lit(literal) => Some(self.literal(&literal.lit)),
            Expr::Call(call) => self.call_of_path(call),
            Expr::Struct(construct) => Some(self.construct(construct)),
            Expr::Macro(call) => self.macro_value(&call.mac),
            Expr::Closure(closure) => Some(self.closure(closure, None)),
            Expr::Binary(_) => self.binary(expr),
            Expr::If(branch) => self.branches(branch, true),
            Expr::Match(branch) => self.arms(branch, true),
            Expr::Block(inner) => self.block(&inner.block, true),
            Expr::Unsafe(inner) => self.block(&inner.block, true),
            Expr::Const(inner) => self.block(&inner.block, true),
            Expr::Async(inner) => self.block(&inner.block, true),
            Expr::TryBlock(inner) => self.block(&inner.block, true),
            Expr::Array(array) => {
                let span = array.bracket_token.span;
                let items = array.elems.iter().map(|item| self.value(item)).collect();
                let (at, end) = (self.at(span.open()), self.end_line(span.close()));
                Some(self.push(ExprKind::Sequence(items), at, end))
            }
            Expr::Repeat(repeat) => {
                let item = self.value(&repeat.expr);
                self.effect(&repeat.len);
                let at = self.at(repeat.bracket_token.span.open());
                Some(self.push(ExprKind::Sequence(vec![item]), at, at.line))
            }
            Expr::Tuple(tuple) if tuple.elems.is_empty() => None,
            Expr::Tuple(tuple) => {
                let span = tuple.paren_token.span;
                let items = tuple.elems.iter().map(|item| self.value(item)).collect();
                let (at, end) = (self.at(span.open()), self.end_line(span.close()));
                Some(self.push(ExprKind::Sequence(items), at, end))
            }
            Expr::Assign(assign) => {
                let value = self.value(&assign.right);
                if !matches!(assign.left.as_ref(), Expr::Infer(_)) {
                    let target = self.value(&assign.left);
                    let line = self.at(assign.eq_token.span).line;
                    self.assign(target, value, line);
                }
                None
            }
            Expr::Let(_) => {
                self.condition(expr);
                None
            }
            Expr::ForLoop(inner) => {
                let iterated = self.value(&inner.expr);
                let (iterated, pattern) = self.counted(iterated, &inner.pat);
                let element = self.element(iterated);
                self.scoped(|walk| {
                    walk.bind(pattern, element);
                    walk.block(&inner.body, false);
                });
                let first = self.at(inner.for_token.span).line;
                let last = self.end_line(inner.body.brace_token.span.close());
                self.region(RegionKind::Loop, first, last);
                None
            }
            Expr::While(inner) => {
                self.scoped(|walk| {
                    walk.condition(&inner.cond);
                    walk.block(&inner.body, false);
                });
                let first = self.at(inner.while_token.span).line;
                let last = self.end_line(inner.body.brace_token.span.close());
                self.region(RegionKind::Loop, first, last);
                None
            }
            Expr::Loop(inner) => {
                self.block(&inner.body, false);
                let first = self.at(inner.loop_token.span).line;
                let last = self.end_line(inner.body.brace_token.span.close());
                self.region(RegionKind::Loop, first, last);
                None
            }
            Expr::Return(inner) => {
                let value = inner.expr.as_ref().and_then(|value| self.value_opt(value));
                self.returned(value);
                None
            }
            Expr::Yield(inner) => {
                let value = inner.expr.as_ref().and_then(|value| self.value_opt(value));
                if let Some(value) = value {
                    let line = self.position(value).line;
                    self.step(StepKind::Yield(value), line);
                }
                None
            }
            Expr::Break(inner) => {
                if let Some(value) = &inner.expr {
                    self.effect(value);
                }
                None
            }
            Expr::Unary(unary) => {
                let operand = self.value_opt(&unary.expr)?;
                match &self.facts.expr(operand).kind {
                    ExprKind::Constant(number) => {
                        let text = compact_str::format_compact!("-{number}");
                        let at = self.position(operand);
                        Some(self.push(ExprKind::Constant(text), at, at.line))
                    }
                    _ => None,
                }
            }
            Expr::Range(range) => {
                for end in [&range.start, &range.end].into_iter().flatten() {
                    self.effect(end);
                }
                None
            }
            _ => None,
        }
    }

    pub(super) fn literal(&mut self, literal: &Lit) -> ExprId {
        let span = literal.span();
        let (at, end) = (self.at(span), self.end_line(span));
        let kind = match literal {
            Lit::Str(text) => ExprKind::Text(text.value().into()),
            Lit::ByteStr(bytes) => match String::from_utf8(bytes.value()) {
                Ok(text) => ExprKind::Text(text.into()),
                Err(_) => ExprKind::Unknown,
            },
            Lit::Char(letter) => {
                let mut text = Text::default();
                text.push(letter.value());
                ExprKind::Constant(text)
            }
            Lit::Int(number) => ExprKind::Constant(number.base10_digits().into()),
            Lit::Float(number) => ExprKind::Constant(number.base10_digits().into()),
            Lit::Bool(truth) => ExprKind::Constant(if truth.value { "true".into() } else { "false".into() }),
            _ => ExprKind::Unknown,
        };
        self.push(kind, at, end)
    }

    fn arguments<'e>(&mut self, args: impl IntoIterator<Item = &'e Expr>) -> Vec<Argument> {
        args.into_iter().map(|argument| positional(self.value(argument))).collect()
    }

    fn call_of_path(&mut self, call: &ExprCall) -> Option<ExprId> {
        let Expr::Path(func) = call.func.as_ref() else { return None };
        let last = func.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        if let ("Some" | "Ok" | "Err", [argument]) = (last.as_str(), call.args.iter().collect::<Vec<_>>().as_slice())
            && func.path.segments.len() <= 2
        {
            let value = self.value_opt(argument);
            return if last == "Err" { None } else { value };
        }
        if last == "from"
            && call.args.len() == 1
            && func.path.segments.first().is_some_and(|first| first.ident == "String" || first.ident == "Cow")
        {
            return self.value_opt(&call.args[0]);
        }
        let callee = self.value_path(func.qself.as_ref(), &func.path);
        // `let user = user(id)`: a function, until a variable takes its name.
        if let ExprKind::Name(name) = &self.facts.expr(callee).kind
            && !self.is_variable(name)
        {
            self.path_heads.push(callee);
        }
        let args = self.arguments(&call.args);
        let (at, end) = (self.position(callee), self.end_line(call.paren_token.span.close()));
        Some(self.call(callee, args, at, end))
    }

    /// Whether a variable or parameter of that name is in sight by now.
    fn is_variable(&self, name: &str) -> bool {
        if self.bound.iter().any(|bound| bound == name) {
            return true;
        }
        let mut scope = self.owner;
        loop {
            let definition = self.facts.definition(scope);
            if definition.params.iter().any(|param| param.name == name) {
                return true;
            }
            if definition.parent == scope || definition.kind != DefinitionKind::Closure {
                return false;
            }
            scope = definition.parent;
        }
    }

    fn method_call(&mut self, call: &ExprMethodCall, receiver: ExprId) -> Option<ExprId> {
        let at = self.at(call.method.span());
        let name = word(&call.method);
        let method = name.as_str();
        let end = self.end_line(call.paren_token.span.close());
        match call.args.len() {
            0 if SAME.contains(&method) => return Some(receiver),
            0 if method == "into" && self.is_text(receiver) => return Some(receiver),
            1 if method == "expect" && is_message(&call.args[0]) => return Some(receiver),
            1 if method == "unwrap_or" || method == "or" => {
                // A query builder's `or` takes an expression, and keeps its receiver either way.
                let other = self.value_opt(&call.args[0]);
                return self.choice([Some(receiver), other].into_iter().flatten().collect(), at);
            }
            1 if SAME_WITH.contains(&method) => {
                self.effect(&call.args[0]);
                return Some(receiver);
            }
            0 | 1 if matches!(method, "concat" | "join") => {
                if let Some(joined) = self.joined_texts(receiver, call.args.first(), at, end) {
                    return Some(joined);
                }
            }
            1 if method == "push_str" => {
                let added = self.value(&call.args[0]);
                self.append(receiver, added, at);
                return None;
            }
            _ => {}
        }
        let takes_element = TAKES_ELEMENT.contains(&method);
        let last = call.args.len().wrapping_sub(1);
        let mut args = Vec::with_capacity(call.args.len());
        for (index, argument) in call.args.iter().enumerate() {
            let value = match argument {
                Expr::Closure(closure) if takes_element && index == last && closure.inputs.len() == 1 => {
                    self.closure(closure, Some(receiver))
                }
                other => self.value(other),
            };
            args.push(positional(value));
        }
        let is_guard = match args.len() {
            0 => GUARDS.contains(&method),
            1 => GUARDS_WITH.contains(&method),
            _ => false,
        };
        let member = self.push(ExprKind::Member { base: receiver, name }, at, at.line);
        let callee = match &call.turbofish {
            Some(types) => self.generic(member, types),
            None => member,
        };
        let id = self.call(callee, args, at, end);
        if is_guard {
            return self.choice(vec![id, receiver], at);
        }
        Some(id)
    }

    /// `[base, "/api"].concat()` and `["a", b].join(", ")` as a template, where a text among the items shows that texts
    /// are joined.
    fn joined_texts(&mut self, receiver: ExprId, between: Option<&Expr>, at: Position, end: u32) -> Option<ExprId> {
        let ExprKind::Sequence(items) = &self.facts.expr(receiver).kind else { return None };
        if !items.iter().any(|item| self.is_text(*item)) {
            return None;
        }
        let items = items.clone();
        let between = match between {
            Some(between) => {
                let between = self.value(between);
                self.pieces(between)
            }
            None => Vec::new(),
        };
        let mut pieces = Vec::new();
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                pieces.extend(between.iter().cloned());
            }
            pieces.extend(self.pieces(item));
        }
        Some(self.template(pieces, at, end))
    }

    /// `text += more` as an assignment of both.
    fn append(&mut self, target: ExprId, added: ExprId, at: Position) {
        let mut pieces = vec![Piece::Hole(target)];
        pieces.extend(self.pieces(added));
        let end = self.facts.expr(added).end_line;
        let value = self.template(pieces, at, end);
        self.assign(target, value, at.line);
    }

    /// `write!(text, ..)`.
    pub(super) fn append_pieces(&mut self, target: ExprId, more: Vec<Piece>, at: Position, end: u32) {
        let mut pieces = vec![Piece::Hole(target)];
        pieces.extend(more);
        let value = self.template(pieces, at, end);
        self.assign(target, value, at.line);
    }

    fn construct(&mut self, construct: &ExprStruct) -> ExprId {
        let of = self.value_path(construct.qself.as_ref(), &construct.path);
        let mut fields = Vec::with_capacity(construct.fields.len());
        for field in &construct.fields {
            let name: Text = match &field.member {
                Member::Named(ident) => match (word(ident), field.colon_token) {
                    // A macro's own variable as a field of its name.
                    (name, None) => plain_name(&name).into(),
                    (name, Some(_)) => name,
                },
                Member::Unnamed(index) => compact_str::format_compact!("{}", index.index),
            };
            let value = self.value(&field.expr);
            fields.push(named(name, value));
        }
        if let Some(rest) = &construct.rest {
            let value = self.value(rest);
            fields.push(Argument { name: None, value, spread: true });
        }
        let (at, end) = (self.position(of), self.end_line(construct.brace_token.span.close()));
        self.push(ExprKind::Construct { of, fields }, at, end)
    }

    /// `over`: what the method iterates over that is given this closure.
    fn closure(&mut self, closure: &ExprClosure, over: Option<ExprId>) -> ExprId {
        let at = self.at(closure.inputs_begin.span);
        let path = self.facts.definition(self.owner).path.clone();
        let id = DefId(self.facts.definitions.len() as u32);
        let mut definition = Definition::new("", path, DefinitionKind::Closure, self.owner, at.line, at.line);
        definition.visibility = Visibility::Private;
        definition.traits.is_test = self.in_test;
        self.facts.definitions.push(definition);
        let (renamed, bound) = (self.renamed.len(), self.bound.len());
        let mut params = Vec::with_capacity(closure.inputs.len());
        let mut unpacked: Vec<(&Pat, ExprId)> = Vec::new();
        for (index, input) in closure.inputs.iter().enumerate() {
            params.push(self.parameter(input, None, index, &mut unpacked));
        }
        let result = self.result(&closure.output);
        let definition = self.definition(id);
        definition.params = params;
        definition.result = result;
        let end = self.inside(id, |lowering| {
            if let (Some(over), Some(input)) = (over, closure.inputs.first()) {
                let (over, pattern) = lowering.counted(over, input);
                // The pattern names the parameter itself.
                lowering.bound.truncate(bound);
                let element = lowering.item_of(over).unwrap_or(over);
                lowering.bind(pattern, element);
            } else {
                for (pattern, value) in unpacked {
                    lowering.bind(pattern, value);
                }
            }
            let value = lowering.value_opt(&closure.body);
            lowering.returned(value);
            value.map_or(at.line, |value| lowering.facts.expr(value).end_line)
        });
        let end = match closure.body.as_ref() {
            Expr::Block(body) => self.end_line(body.block.brace_token.span.close()),
            Expr::Async(body) => self.end_line(body.block.brace_token.span.close()),
            _ => end,
        };
        self.renamed.truncate(renamed);
        self.definition(id).end_line = end.max(at.line);
        self.push(ExprKind::Function(id), at, end)
    }

    /// One element of a value that a loop runs over.
    fn element(&mut self, iterated: ExprId) -> ExprId {
        if let Some(item) = self.item_of(iterated) {
            return item;
        }
        let at = self.position(iterated);
        self.push(ExprKind::Element(iterated), at, at.line)
    }

    /// `users.iter()` and `user` of `users.iter().enumerate()` and `(i, user)`.
    fn counted<'p>(&self, iterated: ExprId, pattern: &'p Pat) -> (ExprId, &'p Pat) {
        if let Pat::Tuple(tuple) = pattern
            && let (2, Some(element)) = (tuple.elems.len(), tuple.elems.last())
            && let ExprKind::Call { callee, .. } = &self.facts.expr(iterated).kind
            && let ExprKind::Member { base, name } = &self.facts.expr(*callee).kind
            && name == "enumerate"
        {
            return (*base, element);
        }
        (iterated, pattern)
    }

    /// One of `users` for `users.iter().filter(..)`, a pair for `users.iter().enumerate()` and `users.iter().zip(names)`.
    fn item_of(&mut self, id: ExprId) -> Option<ExprId> {
        let ExprKind::Call { callee, args } = &self.facts.expr(id).kind else { return None };
        let ExprKind::Member { base, name } = &self.facts.expr(*callee).kind else { return None };
        let (base, other, at) = (*base, args.first().map(|it| it.value), self.position(id));
        match (name.as_str(), other) {
            (name, _) if ITERATES.contains(&name) => Some(self.push(ExprKind::Element(base), at, at.line)),
            (name, _) if KEEPS_ELEMENTS.contains(&name) => self.item_of(base),
            ("enumerate", None) => {
                let (number, item) = (self.unknown(at), self.item_of(base)?);
                Some(self.push(ExprKind::Sequence(vec![number, item]), at, at.line))
            }
            ("zip", Some(other)) => {
                let items = vec![self.item_of(base)?, self.element(other)];
                Some(self.push(ExprKind::Sequence(items), at, at.line))
            }
            _ => None,
        }
    }

    /// A sum of texts is a template; other operators only have effects.
    fn binary(&mut self, expr: &Expr) -> Option<ExprId> {
        let mut operands: Vec<&Expr> = Vec::new();
        let mut sum = true;
        let mut rest = expr;
        while let Expr::Binary(binary) = rest {
            match binary.op {
                BinOp::Add(_) => {}
                BinOp::AddAssign(_) => {
                    let added = self.value(&binary.right);
                    let target = self.value(&binary.left);
                    if self.is_text(added) || matches!(binary.right.as_ref(), Expr::Reference(_)) {
                        let at = self.position(target);
                        self.append(target, added, at);
                    }
                    return None;
                }
                _ => sum = false,
            }
            operands.push(&binary.right);
            rest = &binary.left;
        }
        operands.push(rest);
        if !sum {
            for operand in operands.into_iter().rev() {
                self.effect(operand);
            }
            return None;
        }
        let mut pieces = Vec::new();
        let (mut any_text, mut at, mut end) = (false, Position::default(), 0);
        for (index, operand) in operands.into_iter().rev().enumerate() {
            let value = self.value(operand);
            any_text |= self.is_text(value);
            if index == 0 {
                at = self.position(value);
            }
            end = self.facts.expr(value).end_line;
            pieces.extend(self.pieces(value));
        }
        any_text.then(|| self.template(pieces, at, end))
    }

    /// `if` chains, one loop turn for each `else if`.
    fn branches(&mut self, first: &ExprIf, wanted: bool) -> Option<ExprId> {
        let at = self.at(first.if_token.span);
        let mut values = Vec::new();
        let mut branch = first;
        loop {
            let value = self.scoped(|walk| {
                walk.condition(&branch.cond);
                walk.block(&branch.then_branch, wanted)
            });
            values.extend(value);
            match &branch.else_branch {
                Some((_, next)) => match next.as_ref() {
                    Expr::If(next) => branch = next,
                    Expr::Block(last) => {
                        values.extend(self.block(&last.block, wanted));
                        break;
                    }
                    other => {
                        values.extend(self.value_opt(other));
                        break;
                    }
                },
                None => break,
            }
        }
        self.choice(values, at)
    }

    fn arms(&mut self, branch: &ExprMatch, wanted: bool) -> Option<ExprId> {
        let at = self.at(branch.match_token.span);
        let matched = self.value(&branch.expr);
        let mut values = Vec::new();
        for arm in &branch.arms {
            let value = self.scoped(|walk| {
                walk.bind(&arm.pat, matched);
                if let Pat::Guard(guarded) = &arm.pat {
                    walk.condition(&guarded.guard);
                }
                if wanted {
                    return walk.value_opt(&arm.body);
                }
                walk.effect(&arm.body);
                None
            });
            values.extend(value);
        }
        self.choice(values, at)
    }
}

/// The text that `expect` is given, as against the token that a parser expects.
fn is_message(argument: &Expr) -> bool {
    match argument {
        Expr::Lit(literal) => matches!(literal.lit, Lit::Str(_)),
        Expr::Reference(inner) => is_message(&inner.expr),
        Expr::Macro(call) => call.mac.path.is_ident("format"),
        _ => false,
    }
}
