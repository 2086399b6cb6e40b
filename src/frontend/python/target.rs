//! What receives a value: assignments, unpacking, and the patterns of `match`.

use crate::frontend::python::lower::{Lowering, ScopeKind, variable_kind};
use crate::frontend::python::syntax::{Field, Id, Syntax};
use crate::model::fact::{DefinitionKind, ExprId, ExprKind, ParamKind, StepKind, Text};

/// Types of the language that take arguments: an applied one on the right makes the left an alias.
const GENERIC_BUILTINS: &[&str] = &["list", "dict", "set", "frozenset", "tuple", "type"];

impl<'s> Lowering<'s> {
    pub(super) fn assignment(&mut self, id: Id) {
        if self.tree.syntax(id) == Syntax::AugmentedAssignment {
            self.augmented(id);
            return;
        }
        let mut targets = Vec::new();
        let mut node = id;
        let right = loop {
            targets.extend(self.tree.child(node, Field::Left));
            match self.tree.child(node, Field::Right) {
                Some(right) if self.tree.syntax(right) == Syntax::Assignment => node = right,
                right => break right,
            }
        };
        if let Some(annotation) = self.tree.child(id, Field::Type) {
            self.annotated(targets.first().copied(), annotation, right);
            return;
        }
        let Some(right) = right else { return };
        if let [target] = targets[..]
            && self.implicit_alias(target, right)
        {
            return;
        }
        let value = match self.tree.syntax(right) {
            Syntax::AugmentedAssignment => {
                self.augmented(right);
                None
            }
            _ => self.value(right),
        };
        for target in targets {
            if self.tree.syntax(target) == Syntax::Identifier
                && let Some(value) = value
                && !self.is_constant(value)
            {
                self.drop_overwritten(self.tree.text(target), value);
            }
            self.assign(target, value);
        }
    }

    /// `target: annotation = right`.
    fn annotated(&mut self, target: Option<Id>, annotation: Id, right: Option<Id>) {
        let Some(target) = target else { return };
        let word = self.tree.text(annotation).rsplit('.').next().unwrap_or_default();
        if word == "TypeAlias"
            && let Some(right) = right
        {
            self.alias(target, right);
            return;
        }
        let declared = self.annotation(annotation);
        let value = right.and_then(|right| self.value(right));
        let line = self.tree.line(target);
        let is_name = self.tree.syntax(target) == Syntax::Identifier;
        if is_name && self.scope_kind() != ScopeKind::Function {
            self.define_variable(target, value, declared);
            self.assign_step(target, value);
            return;
        }
        let Some(lowered) = self.target(target) else { return };
        if let Some(declared) = declared {
            self.step(StepKind::Declare { target: lowered, declared }, line);
        }
        if is_name {
            self.note_assigned(target);
        }
        if let Some(value) = value
            && !self.is_constant(value)
        {
            self.step(StepKind::Assign { target: lowered, value }, line);
        }
    }

    fn alias(&mut self, target: Id, right: Id) {
        let aliased = self.annotation(right);
        let (line, end_line) = (self.tree.line(target), self.tree.end_line(right));
        let name = self.tree.text(target);
        let def = self.define(name, DefinitionKind::Alias, line, end_line);
        self.definition(def).bases = aliased.into_iter().collect();
        self.scope().assigned.insert(name, Some(def));
    }

    /// `Orders = list[Order]` outside of functions names a type.
    fn implicit_alias(&mut self, target: Id, right: Id) -> bool {
        if self.scope_kind() == ScopeKind::Function
            || self.tree.syntax(target) != Syntax::Identifier
            || self.tree.syntax(right) != Syntax::Subscript
        {
            return false;
        }
        let name = self.tree.text(target);
        let is_type_name = |name: &str| {
            name.starts_with(|c: char| c.is_ascii_uppercase()) && name.bytes().any(|byte| byte.is_ascii_lowercase())
        };
        let base = self.tree.child(right, Field::Value).map(|base| self.tree.text(base)).unwrap_or_default();
        let last = base.rsplit('.').next().unwrap_or_default();
        if !is_type_name(name) || !(is_type_name(last) || GENERIC_BUILTINS.contains(&last)) {
            return false;
        }
        self.alias(target, right);
        true
    }

    fn is_rest(&self, name: &str) -> bool {
        let params = &self.facts.definition(self.owner()).params;
        params.iter().any(|it| it.kind == ParamKind::Rest && it.name == name)
    }

    fn augmented(&mut self, id: Id) {
        let (Some(left), Some(right)) = (self.tree.child(id, Field::Left), self.tree.child(id, Field::Right)) else {
            return;
        };
        let operator = self.tree.child(id, Field::Operator).map_or(Syntax::None, |operator| self.tree.syntax(operator));
        let name = self.tree.text(left);
        if name == "__all__" && self.scope_kind() == ScopeKind::Module {
            let value = self.value(right);
            self.declare_exports(value, true);
            return;
        }
        let line = self.tree.line(left);
        let mark = self.mark();
        let value = self.value(right);
        let is_name = self.tree.syntax(left) == Syntax::Identifier;
        let added = match (operator, value.map(|value| self.kind(value))) {
            // Lists grow: the target keeps what it had by its other assignments.
            (Syntax::Plus, Some(ExprKind::Sequence(_))) | (Syntax::Or, Some(_)) => value,
            (Syntax::Plus, Some(ExprKind::Text(_) | ExprKind::Template(_))) => {
                let before = self.value(left);
                self.added(right, &[before, value], mark)
            }
            // What a function takes as the rest of its arguments is a list.
            (Syntax::Plus, Some(ExprKind::Name(given))) if !is_name && self.is_rest(given) => value,
            (Syntax::Plus, Some(ExprKind::Name(_) | ExprKind::Member { .. } | ExprKind::Call { .. })) if is_name => {
                let before = self.value(left);
                self.added(right, &[before, value], mark)
            }
            _ => None,
        };
        if is_name && added.is_none() {
            self.forget(mark);
            return;
        }
        let Some(target) = self.target(left) else { return };
        let value = self.or_unknown(added, right);
        self.step(StepKind::Assign { target, value }, line);
    }

    /// Gives a value to a name, a member, an index or a pattern of these. At module and class level, names get definitions.
    pub(super) fn assign(&mut self, target: Id, value: Option<ExprId>) {
        self.assign_as(target, value, true);
    }

    /// Same for targets that live only inside an expression.
    pub(super) fn assign_local(&mut self, target: Id, value: Option<ExprId>) {
        self.assign_as(target, value, false);
    }

    fn assign_as(&mut self, target: Id, value: Option<ExprId>, defines: bool) {
        match self.tree.syntax(target) {
            Syntax::Identifier => {
                if defines && self.tree.text(target) == "__all__" && self.scope_kind() == ScopeKind::Module {
                    self.declare_exports(value, false);
                    return;
                }
                if defines && self.scope_kind() != ScopeKind::Function {
                    self.define_variable(target, value, None);
                }
                self.assign_step(target, value);
            }
            Syntax::Pattern | Syntax::List => self.unpack(target, value, defines),
            Syntax::Parenthesized | Syntax::AsTarget => {
                if let Some(inner) = self.tree.first(target) {
                    self.assign_as(inner, value, defines);
                }
            }
            Syntax::Attribute | Syntax::Subscript => {
                let line = self.tree.line(target);
                let indexed = self.tree.syntax(target) == Syntax::Subscript;
                let mark = self.mark();
                let Some(lowered) = self.target(target) else { return };
                let leads = value.is_some_and(|value| !self.is_constant(value));
                let keyed = matches!(self.kind(lowered), ExprKind::Index { index, .. } if !self.is_constant(*index));
                if indexed && !leads && !keyed {
                    self.forget(mark);
                    return;
                }
                let value = self.or_unknown(value, target);
                if indexed {
                    self.overwrite_entry(lowered, value);
                }
                self.step(StepKind::Assign { target: lowered, value }, line);
            }
            _ => {}
        }
    }

    fn unpack(&mut self, target: Id, value: Option<ExprId>, defines: bool) {
        let targets = self.all_children(target);
        let starred = targets.iter().any(|target| self.tree.syntax(*target) == Syntax::Splat);
        if let Some(ExprKind::Sequence(items)) = value.map(|value| self.kind(value))
            && items.len() == targets.len()
            && !starred
            && !items.iter().any(|item| matches!(self.kind(*item), ExprKind::Element(_)))
        {
            let items = items.clone();
            for (target, item) in targets.into_iter().zip(items) {
                self.assign_as(target, Some(item), defines);
            }
            return;
        }
        if starred && self.unpack_starred(&targets, value, defines) {
            return;
        }
        let mut lowered = Vec::new();
        for inner in targets {
            match self.tree.syntax(inner) {
                // The rest is as much of the same; what stands after it has no known place.
                Syntax::Splat => {
                    if let Some(rest) = self.tree.first(inner) {
                        self.assign_as(rest, value, defines);
                    }
                    break;
                }
                Syntax::Identifier => {
                    if defines && self.scope_kind() != ScopeKind::Function {
                        self.define_variable(inner, None, None);
                    }
                    self.note_assigned(inner);
                    lowered.push(self.name(inner));
                }
                Syntax::Pattern | Syntax::List => {
                    let nested = self.all_children(inner);
                    let names = nested
                        .into_iter()
                        .map(|part| {
                            let part_target = self.target(part);
                            self.or_unknown(part_target, part)
                        })
                        .collect();
                    lowered.push(self.push(inner, ExprKind::Sequence(names)));
                }
                _ => {
                    let inner_target = self.target(inner);
                    lowered.push(self.or_unknown(inner_target, inner));
                }
            }
        }
        if lowered.is_empty() {
            return;
        }
        let line = self.tree.line(target);
        let value = self.or_unknown(value, target);
        let target = self.push(target, ExprKind::Sequence(lowered));
        self.step(StepKind::Assign { target, value }, line);
    }

    /// `a, *b, c = w, x, y, z` with all values written down.
    fn unpack_starred(&mut self, targets: &[Id], value: Option<ExprId>, defines: bool) -> bool {
        let Some(ExprKind::Sequence(items)) = value.map(|value| self.kind(value)) else { return false };
        let Some(at) = targets.iter().position(|target| self.tree.syntax(*target) == Syntax::Splat) else {
            return false;
        };
        let behind = targets.len() - at - 1;
        if items.len() + 1 < targets.len() || items.iter().any(|item| matches!(self.kind(*item), ExprKind::Element(_)))
        {
            return false;
        }
        let items = items.clone();
        let rest = items[at..items.len() - behind].to_vec();
        for (target, item) in targets[..at].iter().zip(&items) {
            self.assign_as(*target, Some(*item), defines);
        }
        if let Some(name) = self.tree.first(targets[at]) {
            let rest = self.push(targets[at], ExprKind::Sequence(rest));
            self.assign_as(name, Some(rest), defines);
        }
        for (target, item) in targets[at + 1..].iter().zip(&items[items.len() - behind..]) {
            self.assign_as(*target, Some(*item), defines);
        }
        true
    }

    /// A target as an expression.
    fn target(&mut self, id: Id) -> Option<ExprId> {
        match self.tree.syntax(id) {
            Syntax::Identifier => Some(self.name(id)),
            Syntax::Attribute | Syntax::Subscript => self.value(id),
            Syntax::Parenthesized => self.tree.first(id).and_then(|inner| self.target(inner)),
            _ => None,
        }
    }

    /// A value that leads nowhere is only told when it is the first the name gets: the name then hides outer ones.
    fn assign_step(&mut self, target: Id, value: Option<ExprId>) {
        let constant = value.is_none_or(|value| self.is_constant(value));
        let known = self.note_assigned(target);
        if constant && known {
            return;
        }
        let line = self.tree.line(target);
        let value = self.or_unknown(value, target);
        let target = self.name(target);
        self.step(StepKind::Assign { target, value }, line);
    }

    /// Notes that a variable is assigned; whether it was before.
    fn note_assigned(&mut self, target: Id) -> bool {
        let text = self.tree.text(target);
        if let Some(number) = self.webs.number(target) {
            return !self.scope().reassigned.insert((text, number));
        }
        let known = self.scope().assigned.contains_key(text);
        self.scope().assigned.entry(text).or_default();
        known
    }

    /// `a = x` directly before `a = y` in one block says nothing.
    /// Only for statements: inside an expression, a step taken back could hide one that was added.
    fn drop_overwritten(&mut self, name: &str, value: ExprId) {
        let Some(last) = self.facts.steps.get(self.block_start..).and_then(<[_]>::last).copied() else { return };
        let StepKind::Assign { target, .. } = last.kind else { return };
        if last.owner != self.owner() || !matches!(self.kind(target), ExprKind::Name(before) if before == name) {
            return;
        }
        let since = &self.facts.exprs[target.0 as usize + 1..];
        if since.iter().any(|expr| matches!(&expr.kind, ExprKind::Name(used) if used == name)) {
            return;
        }
        self.facts.steps.pop();
        if let Some(Some(def)) = self.scope().assigned.get(name).copied() {
            self.definition(def).value = Some(value);
        }
    }

    /// `d = {"a": x}` and then `d["a"] = y`, with nothing but such assignments between: the literal says y at once.
    fn overwrite_entry(&mut self, target: ExprId, value: ExprId) {
        if !self.is_plain(value) {
            return;
        }
        let mut keys = Vec::new();
        let mut base = target;
        while let ExprKind::Index { base: inner, index } = self.kind(base) {
            keys.push(*index);
            base = *inner;
        }
        let ExprKind::Name(name) = self.kind(base) else { return };
        let mut literal = None;
        for step in self.facts.steps[self.block_start..].iter().rev() {
            let StepKind::Assign { target, value } = step.kind else { return };
            match self.kind(target) {
                ExprKind::Name(assigned) if assigned == name => {
                    literal = Some(value);
                    break;
                }
                ExprKind::Index { .. } => {}
                _ => return,
            }
        }
        let Some(mut mapping) = literal else { return };
        for (level, key) in keys.iter().rev().enumerate() {
            let ExprKind::Mapping(entries) = self.kind(mapping) else { return };
            let known =
                entries.iter().position(|(known, _)| known.is_some_and(|known| self.kind(known) == self.kind(*key)));
            let Some(at) = known else { return };
            if level + 1 < keys.len() {
                mapping = entries[at].1;
            } else if let ExprKind::Mapping(entries) = &mut self.facts.exprs[mapping.0 as usize].kind {
                entries[at].1 = value;
            }
        }
    }

    /// A name, a dotted name or a literal without parts: nothing that could hold the dictionary itself.
    fn is_plain(&self, mut value: ExprId) -> bool {
        loop {
            match self.kind(value) {
                ExprKind::Member { base, .. } => value = *base,
                ExprKind::Name(_) | ExprKind::Text(_) | ExprKind::Constant(_) | ExprKind::Function(_) => return true,
                _ => return false,
            }
        }
    }

    /// Module variables, constants and class attributes. The first value and the first type stay.
    fn define_variable(&mut self, target: Id, value: Option<ExprId>, declared: Option<ExprId>) {
        let name: &'s str = self.tree.text(target);
        let known = self.scope().assigned.get(name).copied().flatten();
        let types_only = self.types_only;
        let def = if let Some(def) = known {
            self.definition(def).traits.is_types_only &= types_only;
            def
        } else {
            let kind = if self.scope_kind() == ScopeKind::Class { DefinitionKind::Field } else { variable_kind(name) };
            let line = self.tree.line(target);
            let end_line = value.map_or(line, |value| self.facts.expr(value).end_line.max(line));
            let def = self.define(name, kind, line, end_line);
            self.scope().assigned.insert(name, Some(def));
            self.definition(def).traits.is_types_only = types_only;
            def
        };
        let value = value.filter(|value| !matches!(self.kind(*value), ExprKind::Unknown));
        let definition = self.definition(def);
        definition.declared = definition.declared.or(declared);
        definition.value = definition.value.or(value);
    }

    // ------------------------------------------------------------ match

    pub(super) fn match_statement(&mut self, id: Id) {
        let subjects = self.fields(id, Field::Subject);
        let subject = match subjects[..] {
            [only] => self.required(only),
            [first, ..] => {
                let items = subjects.iter().map(|subject| self.required(*subject)).collect();
                self.push(first, ExprKind::Sequence(items))
            }
            [] => return,
        };
        let Some(body) = self.tree.child(id, Field::Body) else { return };
        for case in self.members(body, Syntax::CaseClause) {
            for part in self.all_children(case) {
                match (self.tree.field(part), self.tree.syntax(part)) {
                    (Field::Guard, _) => self.discard(part),
                    (Field::Consequence, _) | (_, Syntax::Block) => self.block(part),
                    _ => self.pattern(part, subject),
                }
            }
        }
    }

    fn pattern(&mut self, id: Id, subject: ExprId) {
        if self.depth >= self.limit {
            self.too_deep(id);
            return;
        }
        self.depth += 1;
        self.pattern_inner(id, subject);
        self.depth -= 1;
    }

    fn pattern_inner(&mut self, id: Id, subject: ExprId) {
        match self.tree.syntax(id) {
            Syntax::Identifier | Syntax::DottedName => {
                let text = self.tree.text(id);
                if !text.contains('.') && text != "_" {
                    self.assign_local_name(id, subject);
                }
            }
            Syntax::AsPattern => {
                let parts = self.all_children(id);
                let [inner, name] = parts[..] else { return };
                self.pattern(inner, subject);
                let class = self.class_of(inner);
                let line = self.tree.line(name);
                match class {
                    Some(declared) => {
                        let target = self.name(name);
                        self.step(StepKind::Declare { target, declared }, line);
                    }
                    None => self.assign_local_name(name, subject),
                }
            }
            Syntax::ClassPattern => {
                for part in self.all_children(id).into_iter().skip(1) {
                    self.pattern(part, subject);
                }
            }
            Syntax::KeywordPattern => {
                let parts = self.all_children(id);
                let [name, inner] = parts[..] else { return };
                let text = Text::new(self.tree.text(name));
                let member = self.push(name, ExprKind::Member { base: subject, name: text });
                self.pattern(inner, member);
            }
            Syntax::Pattern | Syntax::List => {
                for part in self.all_children(id) {
                    let element = self.push(part, ExprKind::Element(subject));
                    self.pattern(part, element);
                }
            }
            Syntax::Splat => {
                if let Some(name) = self.tree.first(id) {
                    self.assign_local_name(name, subject);
                }
            }
            Syntax::DictPattern => {
                let mut key = None;
                for part in self.all_children(id) {
                    match self.tree.field(part) {
                        Field::Key => key = self.value(part),
                        Field::Value => {
                            let index = self.or_unknown(key.take(), part);
                            let indexed = self.push(part, ExprKind::Index { base: subject, index });
                            self.pattern(part, indexed);
                        }
                        _ => {}
                    }
                }
            }
            Syntax::CasePattern | Syntax::UnionPattern | Syntax::Parenthesized => {
                for part in self.all_children(id) {
                    self.pattern(part, subject);
                }
            }
            _ => {}
        }
    }

    fn assign_local_name(&mut self, name: Id, value: ExprId) {
        if self.tree.text(name).contains('.') {
            return;
        }
        self.assign_step(name, Some(value));
    }

    /// The class that a pattern demands.
    fn class_of(&mut self, id: Id) -> Option<ExprId> {
        match self.tree.syntax(id) {
            Syntax::CasePattern => {
                let inner = self.tree.first(id)?;
                self.class_of(inner)
            }
            Syntax::ClassPattern => {
                let name = self.tree.first(id)?;
                Some(self.dotted(name))
            }
            _ => None,
        }
    }

    /// `a.b.c` from a dotted name.
    fn dotted(&mut self, id: Id) -> ExprId {
        let mut words = self.tree.text(id).split('.');
        let first = words.next().unwrap_or_default();
        let mut base = self.push(id, ExprKind::Name(first.into()));
        for word in words {
            base = self.push(id, ExprKind::Member { base, name: word.into() });
        }
        base
    }
}
