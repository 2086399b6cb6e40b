//! Expressions. Chains of calls, sums and choices are walked in loops, so that their length costs no stack.

use crate::frontend::python::literal::{self, Part, Slot};
use crate::frontend::python::lower::{Lowering, ScopeKind};
use crate::frontend::python::syntax::{Field, Id, Syntax};
use crate::model::fact::{Argument, DefinitionKind, ExprId, ExprKind, Piece, StepKind, Text};

/// Methods of a text that leave what it says in place.
const TEXT_METHODS: &[&str] = &[
    "strip",
    "lstrip",
    "rstrip",
    "lower",
    "upper",
    "casefold",
    "encode",
    "decode",
    "expandtabs",
    "removeprefix",
    "removesuffix",
];

impl Lowering<'_> {
    /// The value of an expression; `None` where it leads nowhere. Calls inside become steps.
    pub(super) fn value(&mut self, id: Id) -> Option<ExprId> {
        if self.depth >= self.limit {
            self.too_deep(id);
            return None;
        }
        self.depth += 1;
        let value = self.value_inner(id);
        self.depth -= 1;
        value
    }

    pub(super) fn required(&mut self, id: Id) -> ExprId {
        let value = self.value(id);
        self.or_unknown(value, id)
    }

    fn value_inner(&mut self, id: Id) -> Option<ExprId> {
        match self.tree.syntax(id) {
            Syntax::Identifier | Syntax::DottedName => Some(self.name(id)),
            Syntax::Attribute
            | Syntax::MemberType
            | Syntax::Call
            | Syntax::Subscript
            | Syntax::Await
            | Syntax::Parenthesized => self.postfix(id),
            Syntax::Str | Syntax::ConcatenatedString => Some(self.string(id)),
            Syntax::Number | Syntax::Literal => {
                let text = self.tree.text(id);
                Some(self.push(id, ExprKind::Constant(text.into())))
            }
            Syntax::List | Syntax::Pattern => Some(self.sequence(id)),
            Syntax::Dictionary => Some(self.mapping(id)),
            Syntax::Comprehension | Syntax::DictionaryComprehension => self.comprehension(id),
            Syntax::Lambda => Some(self.lambda(id)),
            Syntax::Conditional => self.conditional(id),
            Syntax::Boolean => self.boolean(id),
            Syntax::Comparison => self.comparison(id),
            Syntax::Binary => self.binary(id),
            Syntax::Unary => self.unary(id),
            Syntax::Named => self.walrus(id),
            Syntax::Yield => {
                self.yielded(id);
                None
            }
            Syntax::Splat => {
                let iterated = self.tree.first(id)?;
                let value = self.value(iterated)?;
                Some(self.push(id, ExprKind::Element(value)))
            }
            Syntax::Type => {
                let inner = self.tree.first(id)?;
                self.value(inner)
            }
            Syntax::GenericType => self.annotation(id),
            Syntax::Ellipsis => None,
            _ => {
                self.discard_children(id);
                None
            }
        }
    }

    /// A call whose value goes nowhere.
    pub(super) fn call_statement(&mut self, id: Id) {
        let before = self.facts.steps.len();
        self.discard(id);
        let Some(StepKind::Call(call)) = self.facts.steps.get(before..).and_then(|it| it.last()).map(|it| it.kind)
        else {
            return;
        };
        if let ExprKind::Call { callee, .. } = self.kind(call)
            && matches!(self.kind(*callee), ExprKind::Member { .. })
        {
            self.facts.unused.push(call);
        }
    }

    fn discard_children(&mut self, id: Id) {
        let mut children = self.tree.children(id);
        while let Some(child) = children.next(&self.tree) {
            self.discard(child);
        }
    }

    // ------------------------------------------------------------ a.b(c)[d]

    fn postfix(&mut self, id: Id) -> Option<ExprId> {
        let mut links = Vec::new();
        let mut base = id;
        loop {
            let inner = match self.tree.syntax(base) {
                Syntax::Attribute => self.tree.child(base, Field::Object),
                Syntax::MemberType => self.tree.first(base),
                Syntax::Call => self.tree.child(base, Field::Function),
                Syntax::Subscript => self.tree.child(base, Field::Value),
                Syntax::Await | Syntax::Parenthesized => {
                    base = self.tree.first(base)?;
                    continue;
                }
                _ => break,
            };
            links.push(base);
            base = inner?;
        }
        let mut value = self.value(base);
        for link in links.into_iter().rev() {
            value = match self.tree.syntax(link) {
                Syntax::Attribute | Syntax::MemberType => self.member(link, base, value),
                Syntax::Call => self.call(link, base, value),
                _ => self.subscript(link, value),
            };
        }
        value
    }

    fn member(&mut self, id: Id, base: Id, value: Option<ExprId>) -> Option<ExprId> {
        let name = self.tree.child(id, Field::Attribute).or_else(|| self.all_children(id).last().copied())?;
        let text = Text::new(self.tree.text(name));
        let base = self.or_unknown(value, base);
        let (at, end_line) = (self.position(name), self.tree.end_line(name));
        Some(self.push_at(ExprKind::Member { base, name: text }, at, end_line))
    }

    fn subscript(&mut self, id: Id, value: Option<ExprId>) -> Option<ExprId> {
        let indices = self.fields(id, Field::Subscript);
        let lowered: Vec<(Id, Option<ExprId>)> = indices.into_iter().map(|index| (index, self.value(index))).collect();
        let base = value?;
        match lowered[..] {
            [] => Some(base),
            // A slice is as much of the same.
            [(only, _)] if self.tree.syntax(only) == Syntax::Slice => Some(base),
            [(only, index)] => {
                let index = self.or_unknown(index, only);
                let spelled = self.entries_spelled(id, base, index);
                spelled.or_else(|| Some(self.push(id, ExprKind::Index { base, index })))
            }
            _ => {
                let items = lowered.into_iter().map(|(item, value)| self.or_unknown(value, item)).collect();
                let index = self.push(id, ExprKind::Sequence(items));
                Some(self.push(id, ExprKind::Index { base, index }))
            }
        }
    }

    fn call(&mut self, id: Id, base: Id, callee: Option<ExprId>) -> Option<ExprId> {
        let args = match self.tree.child(id, Field::Arguments) {
            Some(list) if self.tree.syntax(list) == Syntax::Arguments => self.arguments(list),
            Some(generator) => vec![Argument { name: None, value: self.required(generator), spread: false }],
            None => Vec::new(),
        };
        let callee = self.or_unknown(callee, base);
        match self.kind(callee) {
            ExprKind::Member { base, name }
                if matches!(self.kind(*base), ExprKind::Text(_) | ExprKind::Template(_)) =>
            {
                let (base, name) = (*base, name.clone());
                return self.text_method(id, base, &name, &args);
            }
            ExprKind::Name(name) if args.len() > 1 => {
                let (object, attribute) = (args[0].value, args[1].value);
                if let ("hasattr", ExprKind::Text(attribute)) = (name.as_str(), self.kind(attribute)) {
                    // Asking for a member reads it.
                    let member = ExprKind::Member { base: object, name: attribute.clone() };
                    let member = self.push(id, member);
                    self.step(StepKind::Read(member), self.tree.line(id));
                } else if let ("getattr" | "setattr", ExprKind::Text(attribute)) = (name.as_str(), self.kind(attribute))
                {
                    let writes = name == "setattr";
                    let member = ExprKind::Member { base: object, name: attribute.clone() };
                    let target = self.push(id, member);
                    if writes {
                        if let Some(value) = args.get(2).map(|argument| argument.value) {
                            self.step(StepKind::Assign { target, value }, self.tree.line(id));
                        }
                        return None;
                    }
                    return Some(target);
                } else if name == "getattr"
                    && let Some(members) = self.members_spelled(id, object, attribute)
                {
                    return Some(members);
                }
            }
            _ => {}
        }
        // In a chain over several lines, a call stands where its method's name stands.
        let (at, line) = match self.kind(callee) {
            ExprKind::Member { .. } => (self.facts.expr(callee).at, self.facts.expr(callee).at.line),
            _ => (self.position(id), self.tree.line(id)),
        };
        let call = self.push_at(ExprKind::Call { callee, args }, at, self.tree.end_line(id));
        self.step(StepKind::Call(call), line);
        Some(call)
    }

    fn arguments(&mut self, list: Id) -> Vec<Argument> {
        let mut args = Vec::new();
        let mut children = self.tree.children(list);
        while let Some(child) = children.next(&self.tree) {
            match self.tree.syntax(child) {
                Syntax::KeywordArgument => args.extend(self.keyword(child)),
                Syntax::Splat | Syntax::KeywordSplat => {
                    if let Some(inner) = self.tree.first(child) {
                        args.push(Argument { name: None, value: self.required(inner), spread: true });
                    }
                }
                _ => args.push(Argument { name: None, value: self.required(child), spread: false }),
            }
        }
        args
    }

    pub(super) fn keyword(&mut self, id: Id) -> Option<Argument> {
        let name = self.tree.child(id, Field::Name)?;
        let value = self.tree.child(id, Field::Value)?;
        Some(Argument { name: Some(self.tree.text(name).into()), value: self.required(value), spread: false })
    }

    fn lambda(&mut self, id: Id) -> ExprId {
        let params = match self.tree.child(id, Field::Parameters) {
            Some(list) => self.parameters(list),
            None => Vec::new(),
        };
        let def = self.define("", DefinitionKind::Closure, self.tree.line(id), self.tree.end_line(id));
        self.definition(def).params = params;
        self.enter(def, ScopeKind::Function);
        if let Some(body) = self.tree.child(id, Field::Body) {
            let mark = self.mark();
            match self.value(body) {
                Some(value) if !self.is_constant(value) => self.step(StepKind::Return(value), self.tree.line(body)),
                _ => {
                    self.forget(mark);
                }
            }
        }
        self.leave();
        self.push(id, ExprKind::Function(def))
    }

    fn walrus(&mut self, id: Id) -> Option<ExprId> {
        let value = self.tree.child(id, Field::Value).and_then(|value| self.value(value));
        if let Some(target) = self.tree.child(id, Field::Name) {
            self.assign(target, value);
        }
        value
    }

    fn yielded(&mut self, id: Id) {
        // Yields of a lambda are its own; of anything else, of the function around.
        let owner = self.owner();
        self.definition(owner).traits.is_generator = true;
        let mut delegates = false;
        for child in self.all_children(id) {
            if self.tree.syntax(child) == Syntax::From {
                delegates = true;
                continue;
            }
            let Some(value) = self.value(child) else { continue };
            let value = if delegates { self.push(child, ExprKind::Element(value)) } else { value };
            if !self.is_constant(value) {
                self.step(StepKind::Yield(value), self.tree.line(id));
            }
        }
    }

    // ------------------------------------------------------------ literals

    /// Lists, tuples and sets. Of a list of numbers only that it is a list is kept.
    fn sequence(&mut self, id: Id) -> ExprId {
        let mark = self.mark();
        let mut items = Vec::new();
        let mut children = self.tree.children(id);
        while let Some(child) = children.next(&self.tree) {
            items.push(self.required(child));
        }
        if items.iter().all(|item| self.is_constant(*item)) && self.forget(mark) {
            items.clear();
        }
        self.push(id, ExprKind::Sequence(items))
    }

    fn mapping(&mut self, id: Id) -> ExprId {
        let mark = self.mark();
        let mut entries = Vec::new();
        let mut children = self.tree.children(id);
        while let Some(child) = children.next(&self.tree) {
            match self.tree.syntax(child) {
                Syntax::Pair => entries.extend(self.pair(child)),
                Syntax::KeywordSplat => {
                    if let Some(inner) = self.tree.first(child) {
                        entries.push((None, self.required(inner)));
                    }
                }
                _ => self.discard(child),
            }
        }
        let leads = |id: ExprId| !self.is_constant(id);
        if !entries.iter().any(|(key, value)| key.is_some_and(leads) || leads(*value)) && self.forget(mark) {
            entries.clear();
        }
        self.push(id, ExprKind::Mapping(entries))
    }

    fn pair(&mut self, id: Id) -> Option<(Option<ExprId>, ExprId)> {
        let key = self.tree.child(id, Field::Key)?;
        let value = self.tree.child(id, Field::Value)?;
        Some((Some(self.required(key)), self.required(value)))
    }

    /// The loops first, then one element of what they make.
    fn comprehension(&mut self, id: Id) -> Option<ExprId> {
        for child in self.all_children(id) {
            match self.tree.syntax(child) {
                Syntax::ForIn => {
                    let iterated = self.tree.child(child, Field::Right);
                    let value = iterated.and_then(|iterated| self.value(iterated));
                    let element = value.map(|value| self.push(child, ExprKind::Element(value)));
                    if let Some(target) = self.tree.child(child, Field::Left) {
                        self.assign_local(target, element);
                    }
                }
                Syntax::IfClause => self.discard_children(child),
                _ => {}
            }
        }
        let body = self.tree.child(id, Field::Body)?;
        if self.tree.syntax(body) == Syntax::Pair {
            let entry = self.pair(body)?;
            return Some(self.push(id, ExprKind::Mapping(vec![entry])));
        }
        let item = self.value(body)?;
        let is_plain = matches!(self.tree.syntax(body), Syntax::Subscript | Syntax::Call);
        let items = match self.kind(item) {
            // One for each name that the loop spells out.
            ExprKind::Choice(items) if is_plain => items.clone(),
            _ => vec![item],
        };
        Some(self.push(id, ExprKind::Sequence(items)))
    }

    // ------------------------------------------------------------ either, or

    fn conditional(&mut self, id: Id) -> Option<ExprId> {
        let parts = self.all_children(id);
        let [then, condition, otherwise] = parts[..] else {
            self.discard_children(id);
            return None;
        };
        self.discard(condition);
        let options = [then, otherwise].into_iter().filter_map(|part| self.value(part)).collect();
        self.one_of(id, options)
    }

    fn boolean(&mut self, id: Id) -> Option<ExprId> {
        let mut operands = Vec::new();
        let mut node = id;
        while self.tree.syntax(node) == Syntax::Boolean {
            let (Some(left), Some(right)) = (self.tree.child(node, Field::Left), self.tree.child(node, Field::Right))
            else {
                break;
            };
            let is_and = self.tree.child(node, Field::Operator).is_some_and(|op| self.tree.syntax(op) == Syntax::And);
            operands.push((right, is_and));
            node = left;
        }
        let mut options: Vec<ExprId> = self.value(node).into_iter().collect();
        for (operand, is_and) in operands.into_iter().rev() {
            if is_and {
                // `a and b` is b wherever it is worth anything, but a is read first.
                let goes_nowhere = |option: &ExprId| self.is_compared(*option) || self.reads_member(*option);
                let read: Vec<ExprId> = options.drain(..).filter(goes_nowhere).collect();
                self.reads(id, &read);
            }
            options.extend(self.value(operand));
        }
        self.one_of(id, options)
    }

    /// As [`Self::either`], but truth values are no option beside another value.
    fn one_of(&mut self, id: Id, mut options: Vec<ExprId>) -> Option<ExprId> {
        if options.iter().any(|option| !self.is_compared(*option) && !self.is_constant(*option)) {
            let compared: Vec<ExprId> = options.extract_if(.., |option| self.is_compared(*option)).collect();
            self.reads(id, &compared);
        }
        self.either(id, options)
    }

    /// Truth values that go nowhere: what they compare is read all the same.
    fn reads(&mut self, id: Id, compared: &[ExprId]) {
        for value in compared {
            self.step(StepKind::Read(*value), self.tree.line(id));
        }
    }

    /// A choice of what leads anywhere: constants are no option beside a value.
    pub(super) fn either(&mut self, id: Id, mut options: Vec<ExprId>) -> Option<ExprId> {
        if options.iter().any(|option| !self.is_constant(*option)) {
            options.retain(|option| !self.is_constant(*option));
        }
        match options.len() {
            0 | 1 => options.pop(),
            _ => Some(self.push(id, ExprKind::Choice(options))),
        }
    }

    /// `A.x == B.y`: a truth value, but a part of a statement where columns are compared.
    fn comparison(&mut self, id: Id) -> Option<ExprId> {
        let children = self.all_children(id);
        self.searched(id, &children);
        let mark = self.mark();
        let sides: Vec<ExprId> = children.into_iter().filter_map(|side| self.value(side)).collect();
        if !sides.iter().any(|side| self.reads_member(*side)) {
            self.forget(mark);
            return None;
        }
        let sides = sides.into_iter().filter(|side| !self.is_constant(*side)).collect();
        Some(self.push(id, ExprKind::Compared(sides)))
    }

    /// `order in orders` runs through what stands on its right.
    fn searched(&mut self, id: Id, sides: &[Id]) {
        let [left, right] = sides else { return };
        let (whole, before) = (self.tree.text(id), self.tree.text(*left).len());
        let between = whole.get(before..whole.len().saturating_sub(self.tree.text(*right).len()));
        let searches =
            between.is_some_and(|it| it.split_whitespace().eq(["in"]) || it.split_whitespace().eq(["not", "in"]));
        if !searches || !matches!(self.tree.syntax(*right), Syntax::Identifier | Syntax::Attribute) {
            return;
        }
        if let Some(list) = self.value(*right) {
            let element = self.push(*right, ExprKind::Element(list));
            self.step(StepKind::Read(element), self.tree.line(id));
        }
    }

    fn is_compared(&self, id: ExprId) -> bool {
        matches!(self.kind(id), ExprKind::Compared(_))
    }

    // ------------------------------------------------------------ operators

    fn unary(&mut self, id: Id) -> Option<ExprId> {
        let operand = self.all_children(id).into_iter().find(|child| self.tree.syntax(*child) != Syntax::Minus)?;
        match self.tree.syntax(operand) {
            Syntax::Number => {
                let text = self.tree.text(id);
                Some(self.push(id, ExprKind::Constant(text.into())))
            }
            _ => self.value(operand).filter(|value| !self.is_constant(*value)),
        }
    }

    fn operator(&self, id: Id) -> Syntax {
        self.tree.child(id, Field::Operator).map_or(Syntax::None, |operator| self.tree.syntax(operator))
    }

    fn binary(&mut self, id: Id) -> Option<ExprId> {
        let operator = self.operator(id);
        // Left-leaning runs of one operator, however long.
        let mut operands = Vec::new();
        let mut node = id;
        while self.tree.syntax(node) == Syntax::Binary && self.operator(node) == operator {
            let (Some(left), Some(right)) = (self.tree.child(node, Field::Left), self.tree.child(node, Field::Right))
            else {
                break;
            };
            operands.push(right);
            node = left;
        }
        operands.push(node);
        operands.reverse();
        match operator {
            Syntax::Plus => self.sum(id, &operands),
            Syntax::Or => {
                let options = operands.into_iter().filter_map(|operand| self.value(operand)).collect();
                self.either(id, options)
            }
            Syntax::Percent => self.percent(id, &operands),
            Syntax::Over => self.path(id, &operands),
            _ => {
                for operand in operands {
                    self.discard(operand);
                }
                None
            }
        }
    }

    /// `a + b`: texts, lists, or nothing known.
    pub(super) fn sum(&mut self, id: Id, operands: &[Id]) -> Option<ExprId> {
        let mark = self.mark();
        let values: Vec<Option<ExprId>> = operands.iter().map(|operand| self.value(*operand)).collect();
        self.added(id, &values, mark)
    }

    pub(super) fn added(&mut self, id: Id, values: &[Option<ExprId>], mark: [usize; 3]) -> Option<ExprId> {
        let known = || values.iter().flatten().map(|value| self.kind(*value));
        let text = known().any(|kind| matches!(kind, ExprKind::Text(_) | ExprKind::Template(_)));
        let list = known().any(|kind| matches!(kind, ExprKind::Sequence(_)));
        let numbers = known().any(|kind| matches!(kind, ExprKind::Constant(_)));
        if text || (!list && !numbers && values.iter().all(Option::is_some)) {
            let mut pieces = Vec::new();
            for value in values {
                let value = self.or_unknown(*value, id);
                self.add_piece(&mut pieces, value);
            }
            return Some(self.template(id, pieces));
        }
        if list {
            let mut items = Vec::new();
            for value in values.iter().flatten().copied() {
                match self.kind(value) {
                    ExprKind::Sequence(inner) => items.extend(inner.iter().copied()),
                    ExprKind::Constant(_) | ExprKind::Unknown => {}
                    _ => items.push(self.push(id, ExprKind::Element(value))),
                }
            }
            return Some(self.push(id, ExprKind::Sequence(items)));
        }
        let far: Vec<ExprId> = values.iter().flatten().copied().filter(|it| self.reads_far(*it)).collect();
        for value in &far {
            self.step(StepKind::Read(*value), self.tree.line(id));
        }
        if far.is_empty() {
            self.forget(mark);
        }
        None
    }

    /// `a.b.c`: what `a.b` is may have to be loaded.
    fn reads_far(&self, id: ExprId) -> bool {
        match self.kind(id) {
            ExprKind::Member { base, .. } => matches!(self.kind(*base), ExprKind::Member { .. }),
            _ => false,
        }
    }

    /// `text % values`.
    fn percent(&mut self, id: Id, operands: &[Id]) -> Option<ExprId> {
        let [format, filling @ ..] = operands else { return None };
        let base = self.value(*format);
        let filled: Vec<(Id, Option<ExprId>)> =
            filling.iter().map(|operand| (*operand, self.value(*operand))).collect();
        if let (Some(base), [(argument, value)]) = (base, &filled[..])
            && let ExprKind::Text(text) = self.kind(base)
        {
            let parts = literal::percent(text)?;
            let args = self.percent_arguments(*argument, *value);
            return Some(self.filled(id, parts, &args));
        }
        for value in filled.iter().filter_map(|(_, value)| *value) {
            if self.reads_member(value) {
                self.step(StepKind::Read(value), self.tree.line(id));
            }
        }
        let base = base?;
        let [(argument, _)] = filled[..] else { return None };
        match self.kind(base) {
            // A format kept elsewhere, or one with holes already: its text stays, this filling is not followed.
            ExprKind::Name(_) | ExprKind::Member { .. } | ExprKind::Template(_) | ExprKind::Choice(_)
                if self.tree.syntax(argument) != Syntax::Number =>
            {
                Some(self.push(id, ExprKind::Template(vec![Piece::Hole(base)])))
            }
            _ => None,
        }
    }

    fn percent_arguments(&self, argument: Id, value: Option<ExprId>) -> Vec<Argument> {
        let positional = |value: ExprId| Argument { name: None, value, spread: false };
        match value.map(|value| (value, self.kind(value))) {
            Some((_, ExprKind::Sequence(items)))
                if self.tree.syntax(argument) == Syntax::List || self.tree.text(argument).starts_with('(') =>
            {
                items.iter().copied().map(positional).collect()
            }
            Some((_, ExprKind::Mapping(entries))) => entries
                .iter()
                .filter_map(|(key, value)| match self.kind((*key)?) {
                    ExprKind::Text(name) => Some(Argument { name: Some(name.clone()), value: *value, spread: false }),
                    _ => None,
                })
                .collect(),
            Some((value, _)) => vec![positional(value)],
            None => Vec::new(),
        }
    }

    /// `folder / "name"`.
    fn path(&mut self, id: Id, operands: &[Id]) -> Option<ExprId> {
        let mark = self.mark();
        let values: Vec<Option<ExprId>> = operands.iter().map(|operand| self.value(*operand)).collect();
        if !values
            .iter()
            .skip(1)
            .flatten()
            .any(|value| matches!(self.kind(*value), ExprKind::Text(_) | ExprKind::Template(_)))
        {
            self.forget(mark);
            return None;
        }
        let mut pieces = Vec::new();
        for (at, value) in values.into_iter().enumerate() {
            if at > 0 {
                add_text(&mut pieces, "/");
            }
            let value = self.or_unknown(value, id);
            self.add_piece(&mut pieces, value);
        }
        Some(self.template(id, pieces))
    }

    // ------------------------------------------------------------ texts

    /// Text of a string without holes.
    pub(super) fn plain_text(&self, id: Id) -> Text {
        let literal = literal::literal(self.tree.text(id));
        literal::unescape(literal.body, literal.raw)
    }

    fn string(&mut self, id: Id) -> ExprId {
        let mut pieces = Vec::new();
        if self.tree.syntax(id) == Syntax::ConcatenatedString {
            for part in self.members(id, Syntax::Str) {
                self.string_pieces(part, &mut pieces);
            }
        } else if self.tree.first(id).is_none() {
            let text = self.plain_text(id);
            return self.push(id, ExprKind::Text(text));
        } else {
            self.string_pieces(id, &mut pieces);
        }
        self.template(id, pieces)
    }

    fn string_pieces(&mut self, id: Id, pieces: &mut Vec<Piece>) {
        if self.tree.first(id).is_none() {
            let text = self.plain_text(id);
            add_text(pieces, &text);
            return;
        }
        let raw = literal::literal(self.tree.text(id)).raw;
        for part in self.all_children(id) {
            match self.tree.syntax(part) {
                Syntax::StringContent => {
                    let text = literal::unescape(self.tree.text(part), raw).replace("{{", "{").replace("}}", "}");
                    add_text(pieces, &text);
                }
                Syntax::Interpolation => {
                    if let Some(expression) = self.tree.child(part, Field::Expression) {
                        let value = self.required(expression);
                        self.add_piece(pieces, value);
                    }
                }
                _ => {}
            }
        }
    }

    /// Adds a value to a text: texts melt in, anything else is a hole.
    fn add_piece(&self, pieces: &mut Vec<Piece>, value: ExprId) {
        match self.kind(value) {
            ExprKind::Text(text) => add_text(pieces, text),
            ExprKind::Template(inner) => {
                for piece in inner {
                    match piece {
                        Piece::Text(text) => add_text(pieces, text),
                        hole @ Piece::Hole(_) => pieces.push(hole.clone()),
                    }
                }
            }
            _ => pieces.push(Piece::Hole(value)),
        }
    }

    /// One text when there is no hole in it.
    fn template(&mut self, id: Id, mut pieces: Vec<Piece>) -> ExprId {
        let kind = match pieces.len() {
            0 => ExprKind::Text(Text::default()),
            1 => match pieces.remove(0) {
                Piece::Text(text) => ExprKind::Text(text),
                hole @ Piece::Hole(_) => ExprKind::Template(vec![hole]),
            },
            _ => ExprKind::Template(pieces),
        };
        self.push(id, kind)
    }

    fn filled(&mut self, id: Id, parts: Vec<Part>, args: &[Argument]) -> ExprId {
        let mut pieces = Vec::new();
        for part in parts {
            match part {
                Part::Text(text) => add_text(&mut pieces, &text),
                Part::Hole(slot) => {
                    let value = match slot {
                        Slot::At(at) => args.iter().filter(|arg| arg.name.is_none()).nth(at).filter(|arg| !arg.spread),
                        Slot::Named(name) => args.iter().find(|arg| arg.name.as_deref() == Some(name.as_str())),
                        Slot::Derived => None,
                    };
                    let value = match value {
                        Some(argument) => argument.value,
                        None => self.unknown(id),
                    };
                    self.add_piece(&mut pieces, value);
                }
            }
        }
        self.template(id, pieces)
    }

    /// A method of a text literal: `.format(..)`, `.join([..])`, `.strip()`; no call of the project.
    fn text_method(&mut self, id: Id, base: ExprId, method: &str, args: &[Argument]) -> Option<ExprId> {
        if TEXT_METHODS.contains(&method) {
            return Some(base);
        }
        // One blank for another changes nothing that a text says.
        let is_blank = |it: &Argument| matches!(self.kind(it.value), ExprKind::Text(word) if word.trim().is_empty());
        if method == "replace" && args.len() == 2 && args.iter().all(is_blank) {
            return Some(base);
        }
        let ExprKind::Text(text) = self.kind(base) else {
            return (method == "format").then_some(base);
        };
        let text = text.clone();
        match (method, args) {
            ("format", _) => {
                let parts = literal::format(&text)?;
                Some(self.filled(id, parts, args))
            }
            ("format_map", _) => Some(base),
            ("replace", [old, new]) => {
                let ExprKind::Text(old) = self.kind(old.value) else { return None };
                let old = old.clone();
                let mut pieces = Vec::new();
                for (at, part) in text.split(old.as_str()).filter(|_| !old.is_empty()).enumerate() {
                    if at > 0 {
                        self.add_piece(&mut pieces, new.value);
                    }
                    add_text(&mut pieces, part);
                }
                (!pieces.is_empty()).then(|| self.template(id, pieces))
            }
            ("join", [list]) => {
                let ExprKind::Sequence(items) = self.kind(list.value) else {
                    let hole = ExprKind::Template(vec![Piece::Hole(list.value)]);
                    return (!self.is_constant(list.value)).then(|| self.push(id, hole));
                };
                let items = items.clone();
                let mut pieces = Vec::new();
                for (at, item) in items.into_iter().enumerate() {
                    if at > 0 {
                        add_text(&mut pieces, &text);
                    }
                    self.add_piece(&mut pieces, item);
                }
                Some(self.template(id, pieces))
            }
            _ => None,
        }
    }
}

fn add_text(pieces: &mut Vec<Piece>, text: &str) {
    if text.is_empty() {
        return;
    }
    match pieces.last_mut() {
        Some(Piece::Text(last)) => last.push_str(text),
        _ => pieces.push(Piece::Text(text.into())),
    }
}
