//! Expressions: names, calls, literals, function literals, and texts put together from pieces.

use crate::frontend::go::grammar::{Field, GRAMMAR, Kind};
use crate::frontend::go::lower::{Lowering, NEW_VALUE, Scope};
use crate::frontend::go::strings::{format_pieces, push_text};
use crate::model::fact::{
    Argument, Definition, DefinitionKind, ExprId, ExprKind, Piece, Position, StepKind, Text, Visibility,
};

impl Lowering<'_> {
    /// The expression under the cursor, with the steps of the calls in it.
    pub(super) fn expr(&mut self) -> ExprId {
        self.deeper(Self::expr_inner).unwrap_or(self.unknown)
    }

    fn expr_inner(&mut self) -> ExprId {
        match self.kind() {
            Kind::Identifier | Kind::FieldIdentifier | Kind::BlankIdentifier => match self.text() {
                "_" => self.unknown,
                name => {
                    let written = self.written(name);
                    self.push(ExprKind::Name(written))
                }
            },
            Kind::SelectorExpression => self.selector(),
            Kind::CallExpression => self.call(),
            Kind::CompositeLiteral => self.composite(),
            Kind::RawString | Kind::InterpretedString => {
                let text = self.literal_text();
                self.push(ExprKind::Text(text))
            }
            Kind::IntLiteral
            | Kind::FloatLiteral
            | Kind::ImaginaryLiteral
            | Kind::RuneLiteral
            | Kind::Nil
            | Kind::True
            | Kind::False
            | Kind::Iota => self.push(ExprKind::Constant(self.text().into())),
            Kind::ParenthesizedExpression | Kind::LiteralElement | Kind::VariadicArgument => self.only_expr(),
            Kind::UnaryExpression => self.unary(),
            Kind::BinaryExpression => self.binary(),
            Kind::IndexExpression => {
                let (mut base, mut index) = (self.unknown, self.unknown);
                self.children(|walk, _| match walk.field() {
                    Field::Operand => base = walk.expr(),
                    Field::Index => index = walk.expr(),
                    _ => {}
                });
                self.push(ExprKind::Index { base, index })
            }
            Kind::SliceExpression => {
                let mut base = self.unknown;
                self.children(|walk, kind| match walk.field() {
                    Field::Operand => base = walk.expr(),
                    Field::Start | Field::End | Field::Capacity => walk.discard(kind),
                    _ => {}
                });
                base
            }
            Kind::TypeAssertion | Kind::TypeConversion => self.conversion(),
            Kind::TypeInstantiation => {
                let (mut base, mut arguments) = (None, Vec::new());
                self.children(|walk, kind| {
                    if kind != Kind::Comment {
                        let of = walk.type_expr();
                        if base.is_none() { base = Some(of) } else { arguments.push(of) }
                    }
                });
                let base = base.unwrap_or(self.unknown);
                self.instantiated(base, arguments)
            }
            Kind::FuncLiteral => self.func_literal(),
            Kind::TypeIdentifier
            | Kind::QualifiedType
            | Kind::PointerType
            | Kind::ParenthesizedType
            | Kind::ArrayType
            | Kind::SliceType
            | Kind::MapType
            | Kind::ChannelType
            | Kind::FunctionType
            | Kind::GenericType
            | Kind::InterfaceType => self.type_expr(),
            Kind::Error => {
                self.children(Self::discard);
                self.unknown
            }
            _ => self.unknown,
        }
    }

    /// Adds the expressions of the list under the cursor; true when it is one single call.
    pub(super) fn expressions(&mut self, values: &mut Vec<ExprId>) -> bool {
        let first = values.len();
        if self.kind() != Kind::ExpressionList {
            let is_call = self.kind() == Kind::CallExpression;
            values.push(self.expr());
            return is_call;
        }
        let mut is_call = false;
        self.children(|walk, kind| {
            if kind != Kind::Comment {
                is_call = kind == Kind::CallExpression;
                values.push(walk.expr());
            }
        });
        is_call && values.len() == first + 1
    }

    /// Reads an expression whose value nobody asks for: only the calls in it matter.
    pub(super) fn discard(&mut self, kind: Kind) {
        if matches!(kind, Kind::Identifier | Kind::Comment | Kind::IntLiteral | Kind::InterpretedString | Kind::Nil) {
            return;
        }
        let exprs = self.facts.exprs.len();
        let before = (self.facts.steps.len(), self.facts.definitions.len());
        self.expr();
        if before == (self.facts.steps.len(), self.facts.definitions.len()) {
            self.facts.exprs.truncate(exprs);
        }
    }

    /// The one expression below the node under the cursor.
    fn only_expr(&mut self) -> ExprId {
        let mut found = None;
        self.children(|walk, kind| {
            if kind != Kind::Comment && found.is_none() {
                found = Some(walk.expr());
            }
        });
        found.unwrap_or(self.unknown)
    }

    fn selector(&mut self) -> ExprId {
        let (mut base, mut name, mut at, mut end) = (self.unknown, Text::default(), Position::default(), 0);
        self.children(|walk, kind| match walk.field() {
            Field::Operand => base = walk.expr(),
            Field::Selected if kind != Kind::Comment => {
                name = walk.text().into();
                end = walk.line();
                let column = walk.node().map_or(0, |node| node.start_position().column as u32);
                at = Position { line: end, column: column + 1 };
            }
            _ => {}
        });
        if let Some(method) = self.http_method(base, &name) {
            return self.push_at(ExprKind::Text(method), at, end);
        }
        self.push_at(ExprKind::Member { base, name }, at, end)
    }

    /// Text of `http.MethodGet` and the like.
    fn http_method(&self, base: ExprId, name: &str) -> Option<Text> {
        let verb = name.strip_prefix("Method")?;
        let is_verb =
            matches!(verb, "Get" | "Head" | "Post" | "Put" | "Patch" | "Delete" | "Connect" | "Options" | "Trace");
        (is_verb && self.standard_package(base) == "net/http").then(|| verb.to_ascii_uppercase().into())
    }

    /// Path of the standard package that a name stands for, where its texts are known; else nothing.
    fn standard_package(&self, base: ExprId) -> &'static str {
        let found = self.name_of(base).and_then(|name| self.texts.iter().find(|(known, _)| known == name));
        found.map_or("", |(_, package)| *package)
    }

    fn unary(&mut self) -> ExprId {
        let operator = self.operator();
        match operator {
            "&" | "*" | "+" => self.only_expr(),
            "<-" => {
                let of = self.only_expr();
                self.push(ExprKind::Element(of))
            }
            "-" => {
                let constant = self.text();
                let operand = self.only_expr();
                match self.expr_kind(operand) {
                    ExprKind::Constant(_) => self.push(ExprKind::Constant(constant.into())),
                    _ => self.unknown,
                }
            }
            _ => {
                self.children(Self::discard);
                self.unknown
            }
        }
    }

    /// Operator of the unary, binary or assigning node under the cursor.
    pub(super) fn operator(&self) -> &'static str {
        let operator = self.node().and_then(|node| node.child_by_field_id(GRAMMAR.operator));
        operator.and_then(|operator| GRAMMAR.language.node_kind_for_id(operator.kind_id())).unwrap_or_default()
    }

    /// Chains of one operator lean to the left: they are walked without recursion.
    fn binary(&mut self) -> ExprId {
        let is_sum = self.operator() == "+";
        let mut levels = 0_u32;
        while self.kind() == Kind::BinaryExpression && (self.operator() == "+") == is_sum && self.down() {
            levels += 1;
        }
        let mut operands = Vec::new();
        let mut operand = |walk: &mut Self| match walk.kind() {
            Kind::Comment => {}
            _ if is_sum => operands.push(walk.expr()),
            kind => walk.discard(kind),
        };
        operand(self);
        for _ in 0..levels {
            while self.next() {
                if self.kind() != Kind::Other && self.field() == Field::Right {
                    operand(self);
                }
            }
            self.up();
        }
        if is_sum { self.sum(&operands) } else { self.unknown }
    }

    /// Operands of `+`: a text with holes, unless a number takes part.
    pub(super) fn sum(&mut self, operands: &[ExprId]) -> ExprId {
        let mut pieces = Vec::with_capacity(operands.len());
        let (mut has_text, mut has_other) = (false, false);
        for operand in operands {
            match self.expr_kind(*operand) {
                ExprKind::Text(text) => {
                    has_text = true;
                    push_text(&mut pieces, text);
                }
                ExprKind::Template(inner) => {
                    has_text = true;
                    for piece in inner {
                        match piece {
                            Piece::Text(text) => push_text(&mut pieces, text),
                            Piece::Hole(_) => pieces.push(piece.clone()),
                        }
                    }
                }
                ExprKind::Constant(_) | ExprKind::Unknown => {
                    has_other = true;
                    pieces.push(Piece::Hole(*operand));
                }
                _ => pieces.push(Piece::Hole(*operand)),
            }
        }
        if has_other && !has_text { self.unknown } else { self.push(ExprKind::Template(pieces)) }
    }

    /// `x.(T)` and `T(x)` for types that no expression can name: a value of the type.
    fn conversion(&mut self) -> ExprId {
        let (mut of, mut operand, mut is_generic) = (self.unknown, self.unknown, false);
        let is_conversion = self.kind() == Kind::TypeConversion;
        self.children(|walk, kind| match walk.field() {
            Field::Type => {
                is_generic = kind == Kind::GenericType;
                of = walk.type_expr();
            }
            Field::Operand => operand = walk.expr(),
            _ => {}
        });
        // The grammar takes `f[T](x)` for a conversion to the generic type `f`.
        if is_conversion && is_generic {
            let call = self.push(ExprKind::Call { callee: of, args: vec![Self::positional(operand)] });
            let line = self.line();
            self.step(StepKind::Call(call), line);
            return call;
        }
        self.converted(of, operand)
    }

    /// A value seen as a type; conversions between texts and numbers are dropped.
    pub(super) fn converted(&mut self, of: ExprId, operand: ExprId) -> ExprId {
        let is_bytes = match self.expr_kind(of) {
            ExprKind::Index { base, index } => {
                self.name_of(*base).is_some_and(|name| name == "[]")
                    && self.name_of(*index).is_some_and(|n| is_basic(n))
            }
            ExprKind::Name(name) => is_basic(name),
            _ => false,
        };
        if is_bytes {
            return operand;
        }
        self.push(ExprKind::Construct { of, fields: vec![Self::positional(operand)] })
    }

    pub(super) fn positional(value: ExprId) -> Argument {
        Argument { name: None, value, spread: false }
    }

    /// Arguments of a call, and which of them are texts that are being written.
    fn arguments(&mut self, args: &mut Vec<Argument>, written: &mut Vec<ExprId>) {
        self.children(|walk, kind| {
            if kind != Kind::Comment {
                let value = walk.expr();
                if matches!(kind, Kind::Identifier | Kind::UnaryExpression) && walk.is_written(value) {
                    written.push(value);
                }
                args.push(Argument { name: None, value, spread: kind == Kind::VariadicArgument });
            }
        });
    }

    fn call(&mut self) -> ExprId {
        let (line, end_line) = (self.line(), self.end_line());
        let column = self.node().map_or(0, |node| node.start_position().column as u32) + 1;
        let mut at = Position { line, column };
        let (mut callee, mut args, mut type_args) = (self.unknown, Vec::new(), Vec::new());
        let mut written = Vec::new();
        self.children(|walk, _| match walk.field() {
            Field::Function => callee = walk.expr(),
            Field::TypeArguments => walk.type_arguments(&mut type_args),
            Field::Arguments => walk.arguments(&mut args, &mut written),
            _ => {}
        });
        if !type_args.is_empty() {
            callee = self.instantiated(callee, type_args);
        }
        let special = match self.expr_kind(callee) {
            ExprKind::Name(name) => builtin(name),
            ExprKind::Member { base, name } => {
                at = self.facts.expr(callee).at;
                self.text_call(*base, name)
            }
            _ => Special::None,
        };
        if let Some(value) = self.special(special, &args, at, end_line) {
            return value;
        }
        let id = self.push_at(ExprKind::Call { callee, args }, at, end_line);
        self.step(StepKind::Call(id), at.line);
        if special == Special::None {
            // Who is handed a text that is being written may write more of it.
            written.into_iter().for_each(|it| self.collect(it, vec![Piece::Hole(self.unknown)], at, end_line));
        }
        id
    }

    /// Whether this names a text that is written piece by piece.
    fn is_written(&self, expr: ExprId) -> bool {
        self.name_of(expr).is_some_and(|it| self.scope.builders.contains(it))
    }

    /// What a builtin or a text function gives; `None` leaves the call as it stands.
    fn special(&mut self, special: Special, args: &[Argument], at: Position, end_line: u32) -> Option<ExprId> {
        let first = args.first().map(|arg| arg.value);
        match special {
            Special::None => None,
            Special::Make => Some(self.push_at(ExprKind::Construct { of: first?, fields: Vec::new() }, at, end_line)),
            Special::Append => {
                let list = first?;
                let spread = args.iter().skip(1).find(|arg| arg.spread).map(|arg| arg.value);
                let added = if let Some(spread) = spread {
                    spread
                } else {
                    let items = args.iter().skip(1).map(|arg| arg.value).collect();
                    self.push_at(ExprKind::Sequence(items), at, end_line)
                };
                Some(self.push_at(ExprKind::Choice(vec![list, added]), at, end_line))
            }
            Special::Silent => Some(self.unknown),
            Special::Basic => first,
            Special::Sprintf => {
                let pieces = self.formatted(args)?;
                Some(self.push_at(ExprKind::Template(pieces), at, end_line))
            }
            Special::Join => {
                let separator = args.get(1)?.value;
                let (ExprKind::Sequence(items), ExprKind::Text(separator)) =
                    (self.expr_kind(first?), self.expr_kind(separator))
                else {
                    return None;
                };
                let mut pieces = Vec::new();
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        push_text(&mut pieces, separator);
                    }
                    match self.expr_kind(*item) {
                        ExprKind::Text(text) => push_text(&mut pieces, text),
                        _ => pieces.push(Piece::Hole(*item)),
                    }
                }
                Some(self.push_at(ExprKind::Template(pieces), at, end_line))
            }
            Special::Path => {
                let mut pieces = Vec::new();
                for (index, arg) in args.iter().enumerate() {
                    let part = match self.expr_kind(arg.value) {
                        ExprKind::Text(text) if index == 0 => text.trim_end_matches('/'),
                        ExprKind::Text(text) => text.trim_matches('/'),
                        _ => "{}",
                    };
                    if index > 0 && !part.is_empty() {
                        push_text(&mut pieces, "/");
                    }
                    if part == "{}" { pieces.push(Piece::Hole(arg.value)) } else { push_text(&mut pieces, part) }
                }
                Some(self.push_at(ExprKind::Template(pieces), at, end_line))
            }
            Special::Write(builder) => {
                let argument = first?;
                let added = match self.expr_kind(argument) {
                    ExprKind::Constant(rune) => Piece::Text(rune.trim_matches('\'').into()),
                    ExprKind::Text(text) => Piece::Text(text.clone()),
                    _ => Piece::Hole(argument),
                };
                self.collect(builder, vec![added], at, end_line);
                Some(self.unknown)
            }
            Special::Print => {
                let builder = first?;
                let pieces = self.formatted(&args[1..])?;
                self.collect(builder, pieces, at, end_line);
                Some(self.unknown)
            }
            Special::Fill(template) => {
                let builder = first?;
                if self.is_written(builder) {
                    self.collect(builder, vec![Piece::Hole(template)], at, end_line);
                }
                None
            }
            Special::Collected(builder) => Some(builder),
            Special::Reset(target) => {
                let value = self.push_at(ExprKind::Text(Text::default()), at, end_line);
                self.step(StepKind::Assign { target, value }, at.line);
                Some(self.unknown)
            }
        }
    }

    /// `builder += pieces`.
    fn collect(&mut self, builder: ExprId, mut added: Vec<Piece>, at: Position, end_line: u32) {
        added.insert(0, Piece::Hole(builder));
        let value = self.push_at(ExprKind::Template(added), at, end_line);
        self.step(StepKind::Assign { target: builder, value }, at.line);
    }

    /// A literal format with its arguments.
    fn formatted(&self, args: &[Argument]) -> Option<Vec<Piece>> {
        let format = args.first()?.value;
        let rest: Vec<ExprId> = args.iter().skip(1).map(|arg| arg.value).collect();
        let known = |id| match self.expr_kind(id) {
            ExprKind::Text(text) => Some(text.clone()),
            _ => None,
        };
        match self.expr_kind(format) {
            ExprKind::Text(text) => Some(format_pieces(&[Piece::Text(text.clone())], &rest, known)),
            ExprKind::Template(pieces) => Some(format_pieces(pieces, &rest, known)),
            _ => None,
        }
    }

    /// Functions of the standard packages that put texts together.
    fn text_call(&self, base: ExprId, method: &str) -> Special {
        let Some(name) = self.name_of(base) else { return Special::None };
        if self.scope.builders.contains(name) {
            return match method {
                "WriteString" | "WriteByte" | "WriteRune" | "Write" => Special::Write(base),
                "String" | "Bytes" => Special::Collected(base),
                "Reset" => Special::Reset(base),
                "Grow" | "Len" | "Cap" | "Truncate" => Special::Silent,
                _ => Special::None,
            };
        }
        match (self.standard_package(base), method) {
            ("fmt", "Sprintf") => Special::Sprintf,
            ("fmt", "Fprintf") => Special::Print,
            ("strings", "Join") => Special::Join,
            ("path" | "path/filepath", "Join") => Special::Path,
            (_, "Execute" | "ExecuteTemplate") => Special::Fill(base),
            _ => Special::None,
        }
    }

    /// True for the type, or the value, of a text that is written piece by piece.
    pub(super) fn is_builder(&self, of: ExprId) -> bool {
        match self.expr_kind(of) {
            ExprKind::Member { base, name } => {
                matches!((self.standard_package(*base), name.as_str()), ("strings", "Builder") | ("bytes", "Buffer"))
            }
            ExprKind::Construct { of, fields } => fields.is_empty() && self.is_builder(*of),
            _ => false,
        }
    }
}

/// Numbers of one list that are kept.
const MOST_NUMBERS: usize = 64;

/// Composite and function literals.
impl Lowering<'_> {
    fn composite(&mut self) -> ExprId {
        let (mut of, mut value) = (self.unknown, self.unknown);
        self.children(|walk, kind| match walk.field() {
            Field::Type => of = walk.type_expr(),
            Field::Body if kind == Kind::LiteralValue => value = walk.literal_value(of),
            _ => {}
        });
        value
    }

    /// The braces of a composite literal of a type.
    fn literal_value(&mut self, of: ExprId) -> ExprId {
        self.deeper(|walk| walk.literal_inner(of)).unwrap_or(self.unknown)
    }

    fn literal_inner(&mut self, of: ExprId) -> ExprId {
        let (element, is_map) = match self.expr_kind(of) {
            ExprKind::Index { base, index } => match self.name_of(*base).map(Text::as_str) {
                Some("[]") => (Some(*index), false),
                Some("map") => match self.expr_kind(*index) {
                    ExprKind::Sequence(parts) => (parts.get(1).copied(), true),
                    _ => (None, true),
                },
                _ => (None, false),
            },
            _ => (None, false),
        };
        let element_type = element.unwrap_or(self.unknown);
        let is_numbers = self.name_of(element_type).is_some_and(|it| it == "int");
        let mut fields: Vec<(Option<Text>, Option<ExprId>, ExprId)> = Vec::new();
        self.children(|walk, kind| match kind {
            Kind::LiteralElement => {
                // Long tables of numbers say nothing; a short list may be the program of a route.
                let keeps = is_numbers && fields.len() < MOST_NUMBERS;
                let value = walk.element(element_type, keeps);
                fields.push((None, None, value));
            }
            Kind::KeyedElement => {
                let (mut name, mut key, mut value) = (None, None, walk.unknown);
                walk.children(|walk, kind| match walk.field() {
                    Field::Key if is_map => key = Some(walk.expr()),
                    Field::Key if element.is_none() => name = walk.key_name(),
                    Field::Value if kind != Kind::Comment => value = walk.element(element_type, false),
                    _ => {}
                });
                fields.push((name, key, value));
            }
            _ => {}
        });
        let kind = match element {
            Some(_) if fields.is_empty() => ExprKind::Construct { of, fields: Vec::new() },
            Some(_) if is_map => ExprKind::Mapping(fields.into_iter().map(|(_, key, value)| (key, value)).collect()),
            Some(_) => ExprKind::Sequence(fields.into_iter().map(|(_, _, value)| value).collect()),
            None => {
                let named = fields.into_iter().map(|(name, _, value)| Argument { name, value, spread: false });
                ExprKind::Construct { of, fields: named.collect() }
            }
        };
        self.push(kind)
    }

    /// Name of a field, or text of a key in a literal whose type is only a name.
    fn key_name(&mut self) -> Option<Text> {
        let mut name = None;
        self.children(|walk, kind| match kind {
            Kind::Identifier | Kind::FieldIdentifier => name = Some(Text::from(walk.text())),
            Kind::RawString | Kind::InterpretedString => name = Some(walk.literal_text()),
            Kind::Comment | Kind::IntLiteral => {}
            kind => walk.discard(kind),
        });
        name
    }

    /// One element; where its type is left out, it is the one given.
    fn element(&mut self, of: ExprId, keeps: bool) -> ExprId {
        let mut value = self.unknown;
        self.children(|walk, kind| match kind {
            Kind::LiteralValue => value = walk.literal_value(of),
            Kind::IntLiteral if keeps => value = walk.expr(),
            Kind::Comment | Kind::IntLiteral | Kind::FloatLiteral | Kind::RuneLiteral => {}
            _ => value = walk.expr(),
        });
        value
    }

    fn func_literal(&mut self) -> ExprId {
        let (line, end_line) = (self.line(), self.end_line());
        let path = self.facts.definition(self.owner).path.clone();
        let mut closure = Definition::new("", path, DefinitionKind::Closure, self.owner, line, end_line);
        closure.visibility = Visibility::Private;
        let id = self.define(closure);
        let inner = Scope { results: Vec::new(), ..self.scope.clone() };
        let outer_scope = std::mem::replace(&mut self.scope, inner);
        let outer_owner = std::mem::replace(&mut self.owner, id);
        let (mut params, mut results) = (Vec::new(), Vec::new());
        self.children(|walk, kind| match walk.field() {
            Field::Parameters => walk.parameters(&mut params),
            Field::Result => walk.results(kind, &mut results),
            Field::Body => {
                walk.describe(id, &mut params, &results);
                walk.body(&results, line);
            }
            _ => {}
        });
        self.scope = outer_scope;
        self.owner = outer_owner;
        self.push(ExprKind::Function(id))
    }
}

/// Calls that are not left as they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Special {
    None,
    /// `make(T, ..)`, `new(T)`
    Make,
    Append,
    /// A builtin that gives nothing with a name or a type.
    Silent,
    /// Conversion to a basic type.
    Basic,
    Sprintf,
    /// `fmt.Fprintf(&builder, ..)`
    Print,
    Join,
    /// `path.Join(..)`
    Path,
    Write(ExprId),
    /// `template.Execute(&builder, ..)`
    Fill(ExprId),
    Collected(ExprId),
    Reset(ExprId),
}

fn builtin(name: &str) -> Special {
    match name {
        "make" | "new" => Special::Make,
        NEW_VALUE => Special::Basic,
        "append" => Special::Append,
        "cap" | "close" | "complex" | "copy" | "delete" | "imag" | "len" | "panic" | "print" | "println" | "real"
        | "recover" => Special::Silent,
        _ if is_basic(name) => Special::Basic,
        _ => Special::None,
    }
}

/// Predeclared types that hold texts and numbers.
fn is_basic(name: &str) -> bool {
    matches!(
        name,
        "bool"
            | "byte"
            | "complex128"
            | "complex64"
            | "float32"
            | "float64"
            | "int"
            | "int16"
            | "int32"
            | "int64"
            | "int8"
            | "rune"
            | "string"
            | "uint"
            | "uint16"
            | "uint32"
            | "uint64"
            | "uint8"
            | "uintptr"
    )
}
