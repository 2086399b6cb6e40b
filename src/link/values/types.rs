//! Type expressions: what they name, and what something declared with them may hold.

use smallvec::SmallVec;

use crate::link::names::program::Def;
use crate::link::values::infer::Inference;
use crate::link::values::value::{Subject, Value, Values, insert, union};
use crate::model::fact::{DefId, DefinitionKind, ExprId, ExprKind, FileFacts};
use crate::model::rule::Gives;

impl Inference<'_> {
    /// What the receiver of a method is: an instance of the type that it stands in or beside, or that type itself. A method
    /// that the program adds to a library's type runs on one of these.
    pub(crate) fn receiver_values(&mut self, unit: u32, method: DefId) -> Values {
        let definition = self.facts(unit).definition(method);
        let mut values = Values::new();
        let own = if let Some(receiver) = definition.receiver {
            self.type_objects(unit, definition.parent, receiver)
        } else {
            let parent = self.program.def(unit, definition.parent);
            if self.program.is_type(parent) { self.one(Value::Def(parent)) } else { Values::new() }
        };
        for value in own {
            let value = match self.pool.value(value) {
                Value::Def(of) if definition.traits.is_class => Value::Def(of),
                Value::Def(of) => Value::Instance(of),
                Value::Outside { path, subject, site, .. } if !definition.traits.is_class => {
                    Value::Outside { path, instance: true, subject, site }
                }
                _ => continue,
            };
            let id = self.pool.id(value);
            insert(&mut values, id);
        }
        values
    }

    /// Types (as objects) that a type expression names, without arguments.
    pub(crate) fn type_objects(&mut self, unit: u32, owner: DefId, expr: ExprId) -> Values {
        let facts = self.facts(unit);
        if let ExprKind::Index { base, index } = &facts.expr(expr).kind {
            let bases = self.type_objects(unit, owner, *base);
            // `Base[Order]`: the argument tells what an outside base is about.
            self.index(unit, owner, &bases, *index)
        } else {
            let mut values = Values::new();
            for value in self.eval(unit, owner, expr) {
                match self.pool.value(value) {
                    Value::Def(of) if self.program.kind(of) == DefinitionKind::Alias => {
                        let (unit, id) = self.program.local(of);
                        let definition = self.facts(unit).definition(id);
                        if let Some(base) = definition.bases.first()
                            && self.hops < 8
                        {
                            self.hops += 1;
                            let found = self.type_objects(unit, definition.parent, *base);
                            self.hops -= 1;
                            union(&mut values, &found);
                        }
                    }
                    _ => {
                        insert(&mut values, value);
                    }
                }
            }
            values
        }
    }

    /// What something declared with this type may hold.
    pub(crate) fn types(&mut self, unit: u32, owner: DefId, expr: ExprId) -> Values {
        let facts = self.facts(unit);
        match &facts.expr(expr).kind {
            ExprKind::Name(_) | ExprKind::Member { .. } => {
                let objects = self.type_aliases(unit, owner, expr);
                let mut values = Values::new();
                for object in objects {
                    match self.pool.value(object) {
                        Value::Def(of) if self.program.is_type(of) => {
                            let id = self.pool.id(Value::Instance(of));
                            insert(&mut values, id);
                        }
                        Value::Outside { path, instance: false, subject, site } => {
                            let id = self.pool.id(Value::Outside { path, instance: true, subject, site });
                            insert(&mut values, id);
                        }
                        // An alias was resolved to instances already.
                        Value::Instance(_) | Value::Outside { .. } | Value::Container(_) => {
                            insert(&mut values, object);
                        }
                        _ => {}
                    }
                }
                values
            }
            ExprKind::Index { base, index } => {
                let arguments: SmallVec<[ExprId; 3]> = match &facts.expr(*index).kind {
                    ExprKind::Sequence(items) => SmallVec::from_slice(items),
                    _ => SmallVec::from_slice(&[*index]),
                };
                if takes(facts, *base).is_some() {
                    return Values::new();
                }
                if let ExprKind::Name(name) = &facts.expr(*base).kind {
                    match name.as_str() {
                        "[]" | "chan" => return self.type_container(unit, owner, expr, arguments.first().copied()),
                        "map" => return self.type_container(unit, owner, expr, arguments.get(1).copied()),
                        // Which function it is, its type does not tell.
                        "func" => return Values::new(),
                        _ => {}
                    }
                }
                let mut values = Values::new();
                let mut objects = Values::new();
                for object in self.eval(unit, owner, *base) {
                    match self.pool.value(object) {
                        // `type Result<T> = std::result::Result<T, Error>` is the generic it names.
                        Value::Def(of) if self.program.kind(of) == DefinitionKind::Alias && self.names_generic(of) => {
                            let found = self.type_objects(unit, owner, *base);
                            union(&mut objects, &found);
                        }
                        _ => {
                            insert(&mut objects, object);
                        }
                    }
                }
                for object in objects {
                    match self.pool.value(object) {
                        Value::Def(of) if self.program.is_type(of) => {
                            if self.program.kind(of) == DefinitionKind::Alias {
                                let found = self.types(unit, owner, *base);
                                union(&mut values, &found);
                            } else {
                                let id = self.pool.id(Value::Instance(of));
                                insert(&mut values, id);
                            }
                        }
                        Value::Outside { path, .. } => {
                            let path = self.pool.text(path).to_owned();
                            match self.stubs.exact(self.stubs.canonical(&path)).map(|it| &it.gives) {
                                Some(Gives::Wraps(n)) => {
                                    if let Some(argument) = arguments.get(usize::from(*n)) {
                                        let found = self.types(unit, owner, *argument);
                                        union(&mut values, &found);
                                    }
                                }
                                Some(Gives::Names(n)) => {
                                    if let Some(argument) = arguments.get(usize::from(*n)) {
                                        let found = self.type_objects(unit, owner, *argument);
                                        union(&mut values, &found);
                                    }
                                }
                                Some(Gives::Holds(n)) => {
                                    let argument = arguments.get(usize::from(*n)).copied();
                                    let found = self.type_container(unit, owner, expr, argument);
                                    union(&mut values, &found);
                                }
                                _ => {
                                    let of = arguments.first().and_then(|it| self.project_type(unit, owner, *it));
                                    let subject = of.map_or(Subject::None, Subject::Type);
                                    let id = self.outside(&path, true, subject);
                                    insert(&mut values, id);
                                }
                            }
                        }
                        _ => {}
                    }
                }
                values
            }
            ExprKind::Choice(items) => {
                let mut values = Values::new();
                for item in items {
                    let found = self.types(unit, owner, *item);
                    union(&mut values, &found);
                }
                values
            }
            ExprKind::Sequence(items) => {
                let container = self.literal_container(unit, expr);
                for (index, item) in items.iter().enumerate() {
                    let values = self.types(unit, owner, *item);
                    if !values.is_empty() {
                        let key = index.to_string();
                        let var = self.container_var(container, Some(&key));
                        self.add_all(var, &values);
                    }
                }
                self.one(Value::Container(container))
            }
            _ => Values::new(),
        }
    }

    /// Whether an alias names a generic without applying it.
    pub(crate) fn names_generic(&self, alias: Def) -> bool {
        let (unit, id) = self.program.local(alias);
        let facts = self.facts(unit);
        let base = facts.definition(id).bases.first();
        base.is_some_and(|it| matches!(facts.expr(*it).kind, ExprKind::Name(_) | ExprKind::Member { .. }))
    }

    pub(crate) fn type_aliases(&mut self, unit: u32, owner: DefId, expr: ExprId) -> Values {
        let mut values = Values::new();
        let mut named = self.eval(unit, owner, expr);
        let is_type = |it: Value| matches!(it, Value::Def(of) if self.program.is_type(of));
        let facts = self.facts(unit);
        let hides =
            named.is_empty() || facts.typing.is_structural && !named.iter().any(|it| is_type(self.pool.value(*it)));
        if hides && owner != DefId::MODULE && matches!(facts.expr(expr).kind, ExprKind::Name(_)) {
            // `server := &server{}`: the variable is called like the type, and hides it only from there on.
            let mut types = self.eval(unit, DefId::MODULE, expr);
            types.retain(|it| matches!(self.pool.value(*it), Value::Def(of) if self.program.is_type(of)));
            if !types.is_empty() {
                named = types;
            }
        }
        for value in named {
            match self.pool.value(value) {
                Value::Def(of) if self.program.kind(of) == DefinitionKind::Alias && self.hops < 8 => {
                    let (unit, id) = self.program.local(of);
                    let definition = self.facts(unit).definition(id);
                    if let Some(base) = definition.bases.first() {
                        self.hops += 1;
                        let found = self.types(unit, definition.parent, *base);
                        self.hops -= 1;
                        union(&mut values, &found);
                    }
                }
                _ => {
                    insert(&mut values, value);
                }
            }
        }
        values
    }

    pub(crate) fn type_container(&mut self, unit: u32, owner: DefId, expr: ExprId, element: Option<ExprId>) -> Values {
        let container = self.literal_container(unit, expr);
        if let Some(element) = element {
            let values = self.types(unit, owner, element);
            let any = self.containers[container as usize].any;
            self.add_all(any, &values);
        }
        self.one(Value::Container(container))
    }

    pub(crate) fn project_type(&mut self, unit: u32, owner: DefId, expr: ExprId) -> Option<Def> {
        let expr = match &self.facts(unit).expr(expr).kind {
            ExprKind::Sequence(items) => *items.first()?,
            _ => expr,
        };
        self.eval(unit, owner, expr).iter().find_map(|it| match self.pool.value(*it) {
            Value::Def(of) if self.program.is_type(of) => Some(of),
            _ => None,
        })
    }
}

/// What a function type takes: its base is `func` applied to the types of its inputs.
pub(in crate::link) fn takes(facts: &FileFacts, base: ExprId) -> Option<&[ExprId]> {
    let ExprKind::Index { base, index } = &facts.expr(base).kind else { return None };
    let ExprKind::Sequence(inputs) = &facts.expr(*index).kind else { return None };
    matches!(&facts.expr(*base).kind, ExprKind::Name(name) if name == "func").then_some(inputs.as_slice())
}
