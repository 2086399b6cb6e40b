//! Evaluation of expressions, members, types and calls to sets of values.

use smallvec::SmallVec;

use crate::link::names::program::Def;
use crate::link::values::infer::{Inference, MOST_BOUND, Spot};
use crate::link::values::outside::OutsideMember;
use crate::link::values::value::{Subject, Sym, Value, ValueId, Values, insert, union};
use crate::model::fact::{Argument, DefId, DefinitionKind, ExprId, ExprKind, Piece, Text};
use crate::model::rule::{Gives, Stub, Subject as StubSubject};

impl<'a> Inference<'a> {
    /// Values of an expression.
    pub(crate) fn eval(&mut self, unit: u32, owner: DefId, expr: ExprId) -> Values {
        let facts = self.facts(unit);
        match &facts.expr(expr).kind {
            ExprKind::Name(name) => self.name(unit, owner, expr, name),
            ExprKind::Member { base, name } => {
                if let Some(values) = self.meant(unit, owner, expr) {
                    return values;
                }
                let bases = self.eval(unit, owner, *base);
                self.member_of(unit, owner, expr, *base, bases, name)
            }
            ExprKind::Call { callee, args } if !self.bindings.is_empty() && self.bindings.len() <= MOST_BOUND => {
                // What a call is made on is worked out once: chains of calls are long.
                let (receivers, called) = match &facts.expr(*callee).kind {
                    ExprKind::Member { base, name } => {
                        let receivers = self.eval(unit, owner, *base);
                        let called = match self.meant(unit, owner, *callee) {
                            Some(values) => values,
                            None => self.member_of(unit, owner, *callee, *base, receivers.clone(), name),
                        };
                        (receivers, called)
                    }
                    _ => (Values::new(), self.eval(unit, owner, *callee)),
                };
                let mut values = Values::new();
                for value in called {
                    let value = self.pool.value(value);
                    self.calling = self.program.unit(unit).first_expr + expr.0;
                    let found = self.call_value(unit, owner, value, args, &receivers);
                    union(&mut values, &found);
                }
                values
            }
            ExprKind::Call { .. } => match self.call_var(unit, expr) {
                Some(var) => self.read(var),
                None => Values::new(),
            },
            ExprKind::Index { base, index } => {
                let bases = self.eval(unit, owner, *base);
                self.index(unit, owner, &bases, *index)
            }
            ExprKind::Sequence(items) => {
                let container = self.literal_container(unit, expr);
                for (index, item) in items.iter().enumerate() {
                    let values = self.eval(unit, owner, *item);
                    if !values.is_empty() {
                        let key = index.to_string();
                        let var = self.container_var(container, Some(&key));
                        self.add_all(var, &values);
                    }
                }
                self.one(Value::Container(container))
            }
            ExprKind::Mapping(entries) => {
                let container = self.literal_container(unit, expr);
                for (key, value) in entries {
                    let values = self.eval(unit, owner, *value);
                    if values.is_empty() {
                        continue;
                    }
                    match key {
                        Some(key) => {
                            let key = self.key(unit, *key);
                            let var = self.container_var(container, key.as_deref());
                            self.add_all(var, &values);
                        }
                        None => self.spread_into(container, &values),
                    }
                }
                self.one(Value::Container(container))
            }
            ExprKind::Construct { of, fields } => {
                let mut values = self.types(unit, owner, *of);
                for value in &values {
                    if let Value::Instance(of) = self.pool.value(*value) {
                        self.set_fields(unit, owner, of, fields);
                    }
                }
                self.mark_routers(unit, expr, &[], &mut values);
                values
            }
            ExprKind::Element(inner) => {
                let values = self.eval(unit, owner, *inner);
                let items = self.elements(&values);
                self.declared_items(unit, owner, *inner, items)
            }
            ExprKind::Entered(inner) => self.entered(unit, owner, *inner),
            ExprKind::Choice(items) => {
                let mut values = Values::new();
                for item in items {
                    let found = self.eval(unit, owner, *item);
                    union(&mut values, &found);
                }
                values
            }
            ExprKind::Function(id) => {
                let def = self.program.def(unit, *id);
                self.one(Value::Def(def))
            }
            // `rows + others`: nobody knows of either that it is a text.
            ExprKind::Template(pieces) if pieces.iter().all(|it| matches!(it, Piece::Hole(_))) => {
                let mut values = Values::new();
                for piece in pieces {
                    let Piece::Hole(part) = piece else { continue };
                    let mut found = self.eval(unit, owner, *part);
                    found.retain(|it| match self.pool.value(*it) {
                        Value::Container(_) => true,
                        Value::Outside { instance, subject, .. } => instance && subject != Subject::None,
                        _ => false,
                    });
                    union(&mut values, &found);
                }
                values
            }
            ExprKind::Text(_)
            | ExprKind::Template(_)
            | ExprKind::Constant(_)
            | ExprKind::Compared(_)
            | ExprKind::Unknown => Values::new(),
        }
    }

    /// Values of a member whose base's are known.
    fn member_of(
        &mut self,
        unit: u32,
        owner: DefId,
        expr: ExprId,
        base: ExprId,
        bases: Values,
        name: &'a str,
    ) -> Values {
        match self.links_asked(unit, owner, base, &bases, name) {
            Some(links) => self.members_of(unit, base, links, name),
            None => self.member_at(unit, owner, expr, base, bases, name),
        }
    }

    /// Values of `base.name`, where those of `base` are known.
    pub(crate) fn members_of(&mut self, unit: u32, base: ExprId, mut bases: Values, name: &str) -> Values {
        if let Some(package) = self.package_like(unit, base, &bases) {
            bases = SmallVec::from_slice(&[package]);
        }
        self.keep_answering(&mut bases, name);
        let is_own = self.manager_methods.contains(name);
        let mut values = is_own.then(|| self.members_of_managers(&bases, name, unit)).flatten().unwrap_or_default();
        if let [only] = *bases {
            let value = self.pool.value(only);
            let found = self.member(value, name, unit);
            if values.is_empty() {
                return found;
            }
            union(&mut values, &found);
            return values;
        }
        // One outside path may stand there with many things that it is about.
        let mut known: SmallVec<[(Sym, Option<OutsideMember<'a>>); 2]> = SmallVec::new();
        for value in bases {
            let value = self.pool.value(value);
            let Value::Outside { path, subject, site, .. } = value else {
                let found = self.member(value, name, unit);
                union(&mut values, &found);
                continue;
            };
            let meaning = if let Some((_, meaning)) = known.iter().find(|(it, _)| *it == path) {
                *meaning
            } else {
                let meaning = match self.outside_meaning(path, name, unit) {
                    Ok(set) => {
                        union(&mut values, &set);
                        None
                    }
                    Err(found) => Some(found),
                };
                known.push((path, meaning));
                meaning
            };
            if let Some(meaning) = meaning {
                let found = self.outside_value(meaning, path, subject, site, name, unit, None);
                union(&mut values, &found);
            }
        }
        values
    }

    /// `rocket::build()` beside `fn rocket()`: where paths have their own namespace, what stands before `::` is no
    /// function.
    pub(crate) fn package_like(&mut self, unit: u32, base: ExprId, bases: &[ValueId]) -> Option<ValueId> {
        let ExprKind::Name(name) = &self.facts(unit).expr(base).kind else { return None };
        let only_functions = !bases.is_empty()
            && bases.iter().all(|it| {
                matches!(self.pool.value(*it), Value::Def(of) if self.program.kind(of) == DefinitionKind::Function)
            });
        if !only_functions || self.separator(unit) != "::" {
            return None;
        }
        // `mod orders;` beside `fn orders()`.
        if let Some(child) = self.program.child_module(self.program.unit(unit).module, name) {
            return Some(self.pool.id(Value::Module(child)));
        }
        Some(self.outside(name, false, Subject::None))
    }

    pub(crate) fn one(&mut self, value: Value) -> Values {
        let id = self.pool.id(value);
        SmallVec::from_slice(&[id])
    }

    pub(crate) fn literal_container(&mut self, unit: u32, expr: ExprId) -> u32 {
        self.container_of_expr(self.program.unit(unit).first_expr + expr.0)
    }

    /// The container that the expression of this number makes.
    pub(crate) fn container_of_expr(&mut self, at: u32) -> u32 {
        if let Some(container) = self.container_at.get(&at) {
            return *container;
        }
        let container = self.new_container();
        self.container_at.insert(at, container);
        container
    }

    pub(crate) fn spread_into(&mut self, container: u32, values: &[ValueId]) {
        let any = self.containers[container as usize].any;
        for value in values {
            if let Value::Container(other) = self.pool.value(*value)
                && other != container
            {
                let found = self.container_read(other, None);
                self.add_all(any, &found);
            }
        }
    }

    /// `d.update(other)`: elements under their keys.
    pub(crate) fn merge_into(&mut self, container: u32, values: &[ValueId]) {
        for value in values {
            let Value::Container(other) = self.pool.value(*value) else { continue };
            if other == container {
                continue;
            }
            for key in self.container_keys(other) {
                let found = self.container_read(other, Some(&key));
                let var = self.container_var(container, Some(&key));
                self.add_all(var, &found);
            }
            let unkeyed = self.containers[other as usize].any;
            let found = self.read(unkeyed);
            let any = self.containers[container as usize].any;
            self.add_all(any, &found);
        }
    }

    pub(crate) fn set_fields(&mut self, unit: u32, owner: DefId, of: Def, fields: &'a [Argument]) {
        let space = self.program.space_of(of);
        let by_position = !fields.is_empty() && fields.iter().all(|it| it.name.is_none() && !it.spread);
        let names = if by_position { self.field_names(of) } else { Vec::new() };
        let (home, id) = self.program.local(of);
        let has_outside = !self.facts(home).definition(id).bases.is_empty() && !self.facts(home).typing.embeds_parts;
        for (index, field) in fields.iter().enumerate() {
            let Some(name) = field.name.as_ref().or_else(|| names.get(index).copied()) else { continue };
            // What a base from outside makes of positions is not written anywhere; texts are what tables are named by.
            if by_position && has_outside && !matches!(self.facts(unit).expr(field.value).kind, ExprKind::Text(_)) {
                continue;
            }
            let values = self.eval(unit, owner, field.value);
            let var = self.named_var(space, name);
            self.add_all(var, &values);
            self.add_source(var, Spot { unit, owner, expr: field.value });
        }
    }

    /// Names of a type's fields in the order of the source; none where it inherits some. Under a base from outside (a named
    /// tuple) all fields must be declared.
    fn field_names(&mut self, of: Def) -> Vec<&'a Text> {
        let (unit, id) = self.program.local(of);
        let facts = self.facts(unit);
        let bases = &facts.definition(id).bases;
        let has_bases = !bases.is_empty();
        let is_embedding = facts.typing.embeds_parts;
        if has_bases && !is_embedding && self.lineage(of).types.len() > 1 {
            return Vec::new();
        }
        let inside = facts.definitions.iter().skip(id.0 as usize + 1);
        let fields: Vec<_> = inside.filter(|it| it.parent == id && it.kind == DefinitionKind::Field).collect();
        if has_bases && is_embedding {
            // Embedded parts are fields of their own, mostly the first ones.
            let first = fields.first().map_or(u32::MAX, |it| it.line);
            let parts = bases.iter().filter_map(|it| match &facts.expr(*it).kind {
                ExprKind::Name(name) | ExprKind::Member { name, .. } if facts.expr(*it).at.line < first => Some(name),
                _ => None,
            });
            let names: Vec<&'a Text> = parts.chain(fields.iter().map(|it| &it.name)).collect();
            return if names.len() == bases.len() + fields.len() { names } else { Vec::new() };
        }
        if has_bases && fields.iter().any(|it| it.declared.is_none()) {
            return Vec::new();
        }
        fields.into_iter().map(|it| &it.name).collect()
    }

    /// What iteration over the values yields.
    pub(crate) fn elements(&mut self, values: &[ValueId]) -> Values {
        let mut elements = Values::new();
        for value in values {
            match self.pool.value(*value) {
                Value::Container(container) => {
                    let found = self.container_read(container, None);
                    union(&mut elements, &found);
                }
                Value::Outside { path, instance: true, subject: subject @ Subject::Type(of), .. } => {
                    let path = self.pool.text(path).to_owned();
                    // What is about an entity holds its rows, unless it is said to hold something else about it.
                    let id = match self.stubs.member(&path, ".", "[]") {
                        Some(Stub { gives: Gives::Instance(held), subject: None, .. }) if held.as_str() != path => {
                            self.outside(held, true, subject)
                        }
                        _ => self.pool.id(Value::Instance(of)),
                    };
                    insert(&mut elements, id);
                }
                Value::Outside { subject: Subject::Type(of), .. } => {
                    let id = self.pool.id(Value::Instance(of));
                    insert(&mut elements, id);
                }
                Value::Outside { path, instance: true, subject: subject @ Subject::Named(_), .. } => {
                    // So does what is about rows of a type from outside.
                    let gives = self.stubs.member(self.pool.text(path), ".", "[]").map(|it| &it.gives);
                    let holds_rows = matches!(gives, Some(Gives::Subject));
                    let rows = if holds_rows { self.about(subject) } else { Values::new() };
                    if rows.is_empty() {
                        insert(&mut elements, *value);
                    }
                    union(&mut elements, &rows);
                }
                Value::Outside { .. } => {
                    insert(&mut elements, *value);
                }
                Value::Instance(of) => {
                    for held in self.container_of(of) {
                        if let Value::Container(container) = self.pool.value(held) {
                            let found = self.container_read(container, None);
                            union(&mut elements, &found);
                        }
                    }
                    for name in ["__iter__", "__next__"] {
                        let results = self.method_results(of, name);
                        for result in results {
                            match self.pool.value(result) {
                                Value::Container(container) => {
                                    let found = self.container_read(container, None);
                                    union(&mut elements, &found);
                                }
                                Value::Instance(it) if it == of => {}
                                _ => {
                                    insert(&mut elements, result);
                                }
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        elements
    }

    /// The container that a type is another name of (`type Orders []Order`).
    pub(crate) fn container_of(&mut self, of: Def) -> Values {
        let (unit, id) = self.program.local(of);
        let facts = self.facts(unit);
        let definition = facts.definition(id);
        let [base] = definition.bases.as_slice() else { return Values::new() };
        match &facts.expr(*base).kind {
            ExprKind::Index { base: name, .. } if matches!(&facts.expr(*name).kind, ExprKind::Name(it) if matches!(it.as_str(), "[]" | "map" | "chan")) => {
                self.types(unit, definition.parent, *base)
            }
            _ => Values::new(),
        }
    }

    pub(crate) fn method_results(&mut self, of: Def, name: &str) -> Values {
        let mut results = Values::new();
        for base in self.lineage(of).types.clone() {
            let methods = self.program.members(self.program.def_space(base), name);
            for method in &methods {
                if let Some(var) = self.result_var(*method) {
                    let found = self.read(var);
                    union(&mut results, &found);
                }
            }
            if !methods.is_empty() {
                break;
            }
        }
        results
    }

    pub(crate) fn entered(&mut self, unit: u32, owner: DefId, inner: ExprId) -> Values {
        let mut entered = Values::new();
        for value in self.eval(unit, owner, inner) {
            match self.pool.value(value) {
                // A generator made into a context manager hands out what it yields.
                Value::Container(container) => {
                    let found = self.container_read(container, None);
                    union(&mut entered, &found);
                }
                Value::Instance(of) => {
                    let mut found = self.method_results(of, "__enter__");
                    let other = self.method_results(of, "__aenter__");
                    union(&mut found, &other);
                    if found.is_empty() {
                        insert(&mut found, value);
                    }
                    union(&mut entered, &found);
                }
                _ => {
                    insert(&mut entered, value);
                }
            }
        }
        entered
    }

    /// Whether an outside type above the type says so of those below (`returns: subject subject: owner` of `T.[]`).
    fn gives_rows_by_key(&mut self, of: Def, unit: u32) -> bool {
        let separator = self.separator(unit);
        let above = self.lineage(of).outside.clone();
        above.into_iter().any(|it| {
            let stub = self.stubs.member(self.pool.text(it), separator, "[]");
            stub.is_some_and(|it| matches!((&it.gives, &it.subject), (Gives::Subject, Some(StubSubject::Owner))))
        })
    }

    /// Whether an outside type above the type says that an instance stands for several results of which it is the first
    /// (`returns: self` of `T.[]`): `get_or_create(..)[0]`.
    fn stands_for_several(&mut self, of: Def, unit: u32) -> bool {
        let separator = self.separator(unit);
        let above = self.lineage(of).outside.clone();
        above.into_iter().any(|it| {
            let stub = self.stubs.member(self.pool.text(it), separator, "[]");
            stub.is_some_and(|it| matches!(it.gives, Gives::Receiver))
        })
    }

    pub(crate) fn index(&mut self, unit: u32, owner: DefId, bases: &[ValueId], index: ExprId) -> Values {
        let mut values = Values::new();
        let key = self.key(unit, index);
        for value in bases {
            match self.pool.value(*value) {
                Value::Container(container) => {
                    let found = self.container_read(container, key.as_deref());
                    union(&mut values, &found);
                }
                // A mapped type may give its rows by their keys (`Order[1]`).
                Value::Def(of) if self.gives_rows_by_key(of, unit) => {
                    let id = self.pool.id(Value::Instance(of));
                    insert(&mut values, id);
                }
                // An applied generic is the generic.
                Value::Def(_) | Value::Bound(..) => {
                    insert(&mut values, *value);
                }
                Value::Instance(of) => {
                    for held in self.container_of(of) {
                        if let Value::Container(container) = self.pool.value(held) {
                            let found = self.container_read(container, key.as_deref());
                            union(&mut values, &found);
                        }
                    }
                    let found = self.method_results(of, "__getitem__");
                    union(&mut values, &found);
                    if key.as_deref() == Some("0") && found.is_empty() && self.stands_for_several(of, unit) {
                        insert(&mut values, *value);
                    }
                    if self.is_keyed(unit, of) {
                        let found = self.keyed(unit, owner, &[*value], index, &[]);
                        union(&mut values, &found);
                    }
                }
                Value::Outside { path, instance, subject, site } => {
                    let base = self.pool.text(path).to_owned();
                    let separator = self.separator(unit);
                    match self.stubs.member(&base, separator, "[]") {
                        Some(Stub { gives: Gives::Field(of) | Gives::Instance(of), subject: named, .. }) => {
                            let mut subjects = vec![subject];
                            if matches!(named, Some(StubSubject::Index)) {
                                let named = self.index_subjects(unit, owner, index);
                                if !named.is_empty() {
                                    subjects = named;
                                }
                            }
                            for subject in subjects {
                                let id = self.outside(of, true, subject);
                                insert(&mut values, id);
                            }
                        }
                        Some(Stub { gives: Gives::Subject | Gives::Element, .. }) => {
                            let found = self.elements(&[*value]);
                            union(&mut values, &found);
                        }
                        Some(Stub { gives: Gives::Keyed, of, .. }) => {
                            let found = self.keyed(unit, owner, &[*value], index, of);
                            union(&mut values, &found);
                        }
                        _ if !instance => {
                            // An applied outside generic keeps its name; a subject may come from the argument.
                            let mut subject = subject;
                            if subject == Subject::None
                                && let Some(of) = self.project_type(unit, owner, index)
                            {
                                subject = Subject::Type(of);
                            }
                            let id = self.pool.id(Value::Outside { path, instance, subject, site });
                            insert(&mut values, id);
                        }
                        _ => {
                            if let Subject::Type(of) = subject {
                                let id = self.pool.id(Value::Instance(of));
                                insert(&mut values, id);
                            }
                            insert(&mut values, *value);
                        }
                    }
                }
                _ => {}
            }
        }
        values
    }

    pub(crate) fn index_subjects(&mut self, unit: u32, owner: DefId, index: ExprId) -> Vec<Subject> {
        let texts = self.texts(unit, owner, index);
        if texts.is_empty() {
            // The type argument of a generic function.
            let types = self.eval(unit, owner, index);
            let types = types.iter().filter_map(|it| match self.pool.value(*it) {
                Value::Def(of) if self.program.is_type(of) => Some(Subject::Type(of)),
                _ => None,
            });
            return types.collect();
        }
        texts
            .into_iter()
            .filter(|it| !it.text.contains('{'))
            .map(|it| Subject::Named(self.pool.sym(&it.text)))
            .collect()
    }

    pub(crate) fn separator(&self, unit: u32) -> &'a str {
        self.program.modules[self.program.unit(unit).module.0 as usize].separator
    }
}
