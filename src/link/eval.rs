//! Evaluation of expressions, members, types and calls to sets of values.

use smallvec::SmallVec;

use crate::link::infer::{INITIALIZER, Inference, Spot, text_key};
use crate::link::program::{Def, Mod};
use crate::link::value::{Site, Subject, Value, ValueId, Values, insert, union};
use crate::model::fact::{Argument, Captured, DefId, DefinitionKind, ExprId, ExprKind, Match, ParamKind};
use crate::model::rule::{Gives, Guard, Rule, Stub, Subject as StubSubject};

/// Methods of containers that give an element.
const ELEMENT_METHODS: &[&str] = &[
    "get",
    "pop",
    "popleft",
    "first",
    "last",
    "next",
    "remove",
    "get_mut",
    "setdefault",
    "pop_front",
    "pop_back",
    "unwrap",
    "entry",
];
/// Methods of containers that take elements in.
const ADDING_METHODS: &[&str] =
    &["append", "add", "push", "insert", "appendleft", "push_back", "push_front", "extend", "setdefault"];

impl<'a> Inference<'a> {
    /// Values of an expression.
    pub(crate) fn eval(&mut self, unit: u32, owner: DefId, expr: ExprId) -> Values {
        let facts = self.facts(unit);
        match &facts.expr(expr).kind {
            ExprKind::Name(name) => self.lookup(unit, owner, name),
            ExprKind::Member { base, name } => {
                let mut values = Values::new();
                let mut bases = self.eval(unit, owner, *base);
                if let Some(package) = self.package_like(unit, *base, &bases) {
                    bases = SmallVec::from_slice(&[package]);
                }
                for value in bases {
                    let value = self.pool.value(value);
                    let found = self.member(value, name, unit);
                    union(&mut values, &found);
                }
                values
            }
            ExprKind::Call { callee, args } if !self.bindings.is_empty() && self.bindings.len() < 3 => {
                let receivers = match &facts.expr(*callee).kind {
                    ExprKind::Member { base, .. } => self.eval(unit, owner, *base),
                    _ => Values::new(),
                };
                let mut values = Values::new();
                for value in self.eval(unit, owner, *callee) {
                    let value = self.pool.value(value);
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
                let values = self.types(unit, owner, *of);
                for value in &values {
                    if let Value::Instance(of) = self.pool.value(*value) {
                        self.set_fields(unit, owner, of, fields);
                    }
                }
                values
            }
            ExprKind::Element(inner) => {
                let values = self.eval(unit, owner, *inner);
                self.elements(&values)
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
            ExprKind::Text(_) | ExprKind::Template(_) | ExprKind::Constant(_) | ExprKind::Unknown => Values::new(),
        }
    }

    /// `rocket::build()` beside `fn rocket()`: where paths have their own namespace, what stands before `::` is no
    /// function.
    fn package_like(&mut self, unit: u32, base: ExprId, bases: &[ValueId]) -> Option<ValueId> {
        let ExprKind::Name(name) = &self.facts(unit).expr(base).kind else { return None };
        let only_functions = !bases.is_empty()
            && bases.iter().all(|it| {
                matches!(self.pool.value(*it), Value::Def(of) if self.program.kind(of) == DefinitionKind::Function)
            });
        if !only_functions || self.separator(unit) != "::" {
            return None;
        }
        Some(self.outside(name, false, Subject::None))
    }

    pub(crate) fn one(&mut self, value: Value) -> Values {
        let id = self.pool.id(value);
        SmallVec::from_slice(&[id])
    }

    fn literal_container(&mut self, unit: u32, expr: ExprId) -> u32 {
        let at = self.program.unit(unit).first_expr + expr.0;
        if let Some(container) = self.container_at.get(&at) {
            return *container;
        }
        let container = self.new_container();
        self.container_at.insert(at, container);
        container
    }

    fn spread_into(&mut self, container: u32, values: &[ValueId]) {
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
    fn merge_into(&mut self, container: u32, values: &[ValueId]) {
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

    fn set_fields(&mut self, unit: u32, owner: DefId, of: Def, fields: &'a [Argument]) {
        let space = self.program.space_of(of);
        for field in fields {
            let Some(name) = &field.name else { continue };
            let values = self.eval(unit, owner, field.value);
            let var = self.named_var(space, name);
            self.add_all(var, &values);
            self.add_source(var, Spot { unit, owner, expr: field.value });
        }
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
                Value::Outside { subject: Subject::Type(of), .. } => {
                    let id = self.pool.id(Value::Instance(of));
                    insert(&mut elements, id);
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
    fn container_of(&mut self, of: Def) -> Values {
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

    fn method_results(&mut self, of: Def, name: &str) -> Values {
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

    fn entered(&mut self, unit: u32, owner: DefId, inner: ExprId) -> Values {
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

    fn index(&mut self, unit: u32, owner: DefId, bases: &[ValueId], index: ExprId) -> Values {
        let mut values = Values::new();
        let key = self.key(unit, index);
        for value in bases {
            match self.pool.value(*value) {
                Value::Container(container) => {
                    let found = self.container_read(container, key.as_deref());
                    union(&mut values, &found);
                }
                // An applied generic is the generic.
                Value::Def(_) => {
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

    fn index_subjects(&mut self, unit: u32, owner: DefId, index: ExprId) -> Vec<Subject> {
        let texts = self.texts(unit, owner, index);
        texts
            .into_iter()
            .filter(|it| !it.text.contains('{'))
            .map(|it| Subject::Named(self.pool.sym(&it.text)))
            .collect()
    }

    fn project_type(&mut self, unit: u32, owner: DefId, expr: ExprId) -> Option<Def> {
        let expr = match &self.facts(unit).expr(expr).kind {
            ExprKind::Sequence(items) => *items.first()?,
            _ => expr,
        };
        self.eval(unit, owner, expr).iter().find_map(|it| match self.pool.value(*it) {
            Value::Def(of) if self.program.is_type(of) => Some(of),
            _ => None,
        })
    }

    pub(crate) fn separator(&self, unit: u32) -> &'a str {
        self.program.modules[self.program.unit(unit).module.0 as usize].separator
    }

    /// Types (as objects) that a type expression names, without arguments.
    pub(crate) fn type_objects(&mut self, unit: u32, owner: DefId, expr: ExprId) -> Values {
        let facts = self.facts(unit);
        match &facts.expr(expr).kind {
            ExprKind::Index { base, index } => {
                let bases = self.type_objects(unit, owner, *base);
                // `Base[Order]`: the argument tells what an outside base is about.
                self.index(unit, owner, &bases, *index)
            }
            _ => {
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
                if let ExprKind::Name(name) = &facts.expr(*base).kind {
                    match name.as_str() {
                        "[]" | "chan" => return self.type_container(unit, owner, expr, arguments.first().copied()),
                        "map" => return self.type_container(unit, owner, expr, arguments.get(1).copied()),
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
    fn names_generic(&self, alias: Def) -> bool {
        let (unit, id) = self.program.local(alias);
        let facts = self.facts(unit);
        let base = facts.definition(id).bases.first();
        base.is_some_and(|it| matches!(facts.expr(*it).kind, ExprKind::Name(_) | ExprKind::Member { .. }))
    }

    fn type_aliases(&mut self, unit: u32, owner: DefId, expr: ExprId) -> Values {
        let mut values = Values::new();
        for value in self.eval(unit, owner, expr) {
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

    fn type_container(&mut self, unit: u32, owner: DefId, expr: ExprId, element: Option<ExprId>) -> Values {
        let container = self.literal_container(unit, expr);
        if let Some(element) = element {
            let values = self.types(unit, owner, element);
            let any = self.containers[container as usize].any;
            self.add_all(any, &values);
        }
        self.one(Value::Container(container))
    }

    /// A name in a module's namespace.
    pub(crate) fn module_member(&mut self, module: Mod, name: &str, public_only: bool) -> Values {
        let mut values = Values::new();
        if self.hops > 12 {
            return values;
        }
        self.hops += 1;
        let space = self.program.module_space(module);
        let members = self.program.members(space, name);
        for member in members {
            let found = self.denoted(member);
            union(&mut values, &found);
        }
        if let Some(var) = self.find_var(space, name) {
            let found = self.read(var);
            union(&mut values, &found);
        }
        // Where modules have names of their own (`mod home; pub use home::*` with `fn home`), both are meant.
        let mut child = None;
        if values.is_empty()
            && let Some(found) = self.program.child_module(module, name)
        {
            let id = self.pool.id(Value::Module(found));
            if self.program.modules[module.0 as usize].separator == "::" {
                child = Some(id);
            } else {
                insert(&mut values, id);
            }
        }
        if values.is_empty()
            && let Some(value) = self.added_name(space, name)
        {
            insert(&mut values, value);
        }
        if values.is_empty() || public_only {
            let units: SmallVec<[u32; 2]> = self.program.modules[module.0 as usize].units.iter().copied().collect();
            let inline = self.program.modules[module.0 as usize].inline;
            let mut scopes: SmallVec<[(u32, Def); 2]> =
                units.iter().map(|unit| (*unit, self.program.def(*unit, DefId::MODULE))).collect();
            if let Some(inline) = inline {
                scopes.push((self.program.unit_of(inline), inline));
            }
            for (unit, scope) in scopes {
                let imports = self.program.imports_of(scope, name);
                for import in imports {
                    let found = self.imported(unit, import);
                    union(&mut values, &found);
                }
                if values.is_empty() {
                    let globs = self.program.globs_of(scope);
                    for glob in globs {
                        if let Some(target) = self.glob_module(unit, glob)
                            && target != module
                        {
                            let found = self.module_member(target, name, true);
                            union(&mut values, &found);
                        }
                    }
                }
            }
        }
        self.hops -= 1;
        if let Some(child) = child {
            insert(&mut values, child);
        }
        values
    }

    /// `value.name`.
    pub(crate) fn member(&mut self, value: Value, name: &str, unit: u32) -> Values {
        match value {
            Value::Module(module) => {
                let mut values = self.module_member(module, name, false);
                if values.is_empty() && self.program.modules[module.0 as usize].units.is_empty() {
                    let path = self.joined(module, name);
                    let id = self.outside(&path, false, Subject::None);
                    insert(&mut values, id);
                }
                values
            }
            Value::Instance(of) => self.type_member(of, name, unit, true, 0),
            Value::Def(of) if self.program.is_type(of) => self.type_member(of, name, unit, false, 0),
            Value::Super(of) => self.type_member(of, name, unit, true, 1),
            Value::Outside { path, instance, subject, site } => {
                self.outside_member(path, instance, subject, site, name, unit, None)
            }
            Value::Container(_) | Value::Def(_) | Value::Bound(..) => Values::new(),
        }
    }

    fn type_member(&mut self, of: Def, name: &str, unit: u32, instance: bool, skip: usize) -> Values {
        let mut values = Values::new();
        let lineage = self.lineage(of);
        for base in lineage.types.iter().skip(skip) {
            if instance
                && !self.related.is_empty()
                && let Some(found) = self.related_member(*base, name)
            {
                return found;
            }
            let space = self.program.def_space(*base);
            let members = self.program.members(space, name);
            for member in &members {
                let definition = self.program.definition(*member);
                match definition.kind {
                    DefinitionKind::Method | DefinitionKind::Function => {
                        if let Some(var) = self.decorated_var(*member) {
                            let found = self.read(var);
                            union(&mut values, &found);
                        } else if definition.traits.is_property && instance {
                            if let Some(var) = self.result_var(*member) {
                                let found = self.read(var);
                                union(&mut values, &found);
                            }
                        } else if definition.traits.is_class || (instance && !definition.traits.is_static) {
                            let id = self.pool.id(Value::Bound(*member, of));
                            insert(&mut values, id);
                        } else {
                            let id = self.pool.id(Value::Def(*member));
                            insert(&mut values, id);
                        }
                    }
                    DefinitionKind::Field => {
                        let found = self.denoted(*member);
                        let found = self.owned(of, &found);
                        if found.is_empty() && definition.declared.is_none() && !instance {
                            // An enum's variant is one of the enum.
                            let id = self.pool.id(Value::Instance(of));
                            insert(&mut values, id);
                        }
                        union(&mut values, &found);
                    }
                    _ => {
                        let found = self.denoted(*member);
                        union(&mut values, &found);
                    }
                }
            }
            if let Some(var) = self.find_var(space, name) {
                let found = self.read(var);
                union(&mut values, &found);
            }
            if !members.is_empty() || !values.is_empty() {
                break;
            }
        }
        if self.program.kind(of) == DefinitionKind::Interface || self.is_abstract(&values) {
            for implementer in self.implementers.get(&of).cloned().unwrap_or_default() {
                if implementer != of && self.hops < 6 {
                    self.hops += 1;
                    let found = self.type_member(implementer, name, unit, instance, 0);
                    self.hops -= 1;
                    union(&mut values, &found);
                }
            }
        }
        if values.is_empty() && instance {
            values = self.embedded(of, name);
        }
        if values.is_empty() {
            for path in lineage.outside.clone() {
                let found = self.outside_member(path, instance, Subject::Type(of), Site(0), name, unit, Some(of));
                union(&mut values, &found);
            }
        }
        values
    }

    /// `x.Base` for a type that embeds `Base`: a part of it under the base's own name.
    fn embedded(&mut self, of: Def, name: &str) -> Values {
        for base in self.lineage(of).types.clone() {
            let (unit, id) = self.program.local(base);
            let definition = self.facts(unit).definition(id);
            let named = definition.bases.iter().find(|it| match &self.facts(unit).expr(**it).kind {
                ExprKind::Name(own) | ExprKind::Member { name: own, .. } => own == name,
                _ => false,
            });
            if let Some(named) = named {
                return self.types(unit, definition.parent, *named);
            }
        }
        Values::new()
    }

    /// Values of class attributes whose type says by a stub that they are about the class they are read from
    /// (`(stub "T" is: "T" subject: owner)`).
    fn owned(&mut self, of: Def, values: &[ValueId]) -> Values {
        let mut owned = Values::new();
        for value in values {
            let outside: SmallVec<[crate::link::value::Sym; 2]> = match self.pool.value(*value) {
                Value::Outside { path, instance: true, subject: Subject::None, .. } => SmallVec::from_slice(&[path]),
                // An instance of a project type, or what a class method of one made.
                Value::Instance(it) | Value::Def(it) if self.program.is_type(it) => {
                    SmallVec::from_slice(&self.lineage(it).outside)
                }
                _ => SmallVec::new(),
            };
            let kind = outside.iter().find_map(|path| {
                let path = self.pool.text(*path);
                self.stubs.lineage(path).iter().find_map(|it| match self.stubs.exact(it) {
                    Some(Stub { gives: Gives::Field(kind), subject: Some(StubSubject::Owner), .. }) => {
                        Some(kind.clone())
                    }
                    _ => None,
                })
            });
            match (kind, self.pool.value(*value)) {
                (Some(kind), Value::Outside { .. }) => {
                    let id = self.outside(&kind, true, Subject::Type(of));
                    insert(&mut owned, id);
                }
                (Some(kind), Value::Instance(it) | Value::Def(it)) => {
                    let id = self.outside(&kind, true, Subject::Type(of));
                    insert(&mut owned, id);
                    let id = self.pool.id(Value::Instance(it));
                    insert(&mut owned, id);
                }
                _ => {
                    insert(&mut owned, *value);
                }
            }
        }
        owned
    }

    fn is_abstract(&self, values: &[ValueId]) -> bool {
        !values.is_empty()
            && values.iter().all(|it| match self.pool.value(*it) {
                Value::Bound(method, _) | Value::Def(method) => self.program.definition(method).traits.is_abstract,
                _ => false,
            })
    }

    fn outside_member(
        &mut self,
        path: crate::link::value::Sym,
        instance: bool,
        subject: Subject,
        site: Site,
        name: &str,
        unit: u32,
        owner: Option<Def>,
    ) -> Values {
        let base = self.pool.text(path).to_owned();
        let separator = self.separator(unit);
        let mut values = Values::new();
        if let Some(var) = self.outside_field(path, name) {
            let set = self.read(var);
            if !set.is_empty() {
                return set;
            }
        }
        let stub = self.stubs.member(&base, separator, name);
        match stub {
            Some(Stub { gives: Gives::Field(of), subject: named, .. }) => {
                let subject = match named {
                    Some(StubSubject::Member) => Subject::Named(self.pool.sym(name)),
                    Some(StubSubject::Owner) => owner.map_or(subject, Subject::Type),
                    _ => subject,
                };
                let of = self.stubs.canonical(of).to_owned();
                let path = self.pool.sym(&of);
                let id = self.pool.id(Value::Outside { path, instance: true, subject, site });
                insert(&mut values, id);
            }
            Some(Stub { gives: Gives::Same(other), .. }) => {
                let id = self.outside(other, false, subject);
                insert(&mut values, id);
            }
            _ => {
                // The exact member keeps the nearest type's name so that a call finds its stub by lineage.
                let full = format!("{base}{separator}{name}");
                let canonical = self.stubs.canonical(&full).to_owned();
                let path = self.pool.sym(&canonical);
                let _ = instance;
                let id = self.pool.id(Value::Outside { path, instance: false, subject, site });
                insert(&mut values, id);
            }
        }
        values
    }

    fn decorated_var(&self, def: Def) -> Option<crate::link::value::Var> {
        self.decorated_of(def)
    }

    /// Evaluates a call: what it may run, and what it gives.
    pub(crate) fn call(&mut self, unit: u32, owner: DefId, expr: ExprId) {
        let facts = self.facts(unit);
        let ExprKind::Call { callee, args } = &facts.expr(expr).kind else { return };
        let Some(var) = self.call_var(unit, expr) else { return };
        let mut results = Values::new();
        let member = self.without_types(unit, *callee);
        let receivers = match &facts.expr(member).kind {
            ExprKind::Member { base, .. } => self.eval(unit, owner, *base),
            _ => Values::new(),
        };
        if let ExprKind::Member { name, .. } = &facts.expr(member).kind {
            self.call_on_containers(unit, owner, &receivers, name, args, &mut results);
        }
        for callee_value in self.eval(unit, owner, *callee) {
            let callee_value = self.pool.value(callee_value);
            let found = self.call_value(unit, owner, callee_value, args, &receivers);
            union(&mut results, &found);
        }
        self.apply_matches(unit, owner, expr, &receivers, &mut results);
        self.mark_routers(unit, expr, &receivers, &mut results);
        self.add_all(var, &results);
    }

    /// A new value of a type that endpoints are registered on gets an identity: the call that made it.
    /// A call that hands its receiver on made nothing.
    fn mark_routers(&mut self, unit: u32, expr: ExprId, receivers: &[ValueId], results: &mut Values) {
        if self.router_types.is_empty() {
            return;
        }
        let site = Site(self.program.unit(unit).first_expr + expr.0 + 1);
        let mut marked = Values::new();
        for value in results.iter() {
            let id = match self.pool.value(*value) {
                Value::Outside { path, instance: true, subject, site: Site(0) }
                    if !receivers.contains(value) && self.is_router(path) =>
                {
                    self.pool.id(Value::Outside { path, instance: true, subject, site })
                }
                _ => *value,
            };
            insert(&mut marked, id);
        }
        *results = marked;
    }

    fn is_router(&self, path: crate::link::value::Sym) -> bool {
        let path = self.pool.text(path);
        self.stubs.lineage(path).iter().any(|it| self.router_types.contains(*it))
    }

    /// The callee of a call without its type arguments (`find::<User>(..)`).
    pub(crate) fn without_types(&self, unit: u32, callee: ExprId) -> ExprId {
        match self.facts(unit).expr(callee).kind {
            ExprKind::Index { base, .. } if self.separator(unit) == "::" => base,
            _ => callee,
        }
    }

    fn call_on_containers(
        &mut self,
        unit: u32,
        owner: DefId,
        receivers: &[ValueId],
        name: &str,
        args: &'a [Argument],
        results: &mut Values,
    ) {
        for receiver in receivers {
            let Value::Container(container) = self.pool.value(*receiver) else { continue };
            if ADDING_METHODS.contains(&name) {
                let any = self.containers[container as usize].any;
                for argument in args {
                    let values = self.eval(unit, owner, argument.value);
                    if name == "extend" {
                        self.spread_into(container, &values);
                    } else {
                        self.add_all(any, &values);
                    }
                }
            }
            if name == "update" {
                for argument in args {
                    let values = self.eval(unit, owner, argument.value);
                    match &argument.name {
                        Some(key) => {
                            let var = self.container_var(container, Some(&text_key(key)));
                            self.add_all(var, &values);
                        }
                        None => self.merge_into(container, &values),
                    }
                }
            }
            if ELEMENT_METHODS.contains(&name) {
                let key = args.first().and_then(|it| self.key(unit, it.value));
                let found = self.container_read(container, key.as_deref());
                union(results, &found);
            } else {
                insert(results, *receiver);
            }
        }
    }

    /// Values of a call of one value.
    fn call_value(
        &mut self,
        unit: u32,
        owner: DefId,
        callee: Value,
        args: &'a [Argument],
        receivers: &[ValueId],
    ) -> Values {
        match callee {
            Value::Def(def) if self.program.kind(def) == DefinitionKind::Alias => {
                let mut results = Values::new();
                let (alias_unit, id) = self.program.local(def);
                let definition = self.facts(alias_unit).definition(id);
                if let Some(base) = definition.bases.first() {
                    results = self.types(alias_unit, definition.parent, *base);
                }
                results
            }
            Value::Def(def) if self.program.is_type(def) => {
                self.construct(unit, owner, def, args);
                self.one(Value::Instance(def))
            }
            Value::Def(def) if self.program.is_function(def) => {
                self.bind(unit, owner, def, args, None);
                self.results_for(unit, owner, def, args)
            }
            Value::Bound(method, of) => {
                let receiver =
                    if self.program.definition(method).traits.is_class { Value::Def(of) } else { Value::Instance(of) };
                self.bind(unit, owner, method, args, Some(receiver));
                self.results_for(unit, owner, method, args)
            }
            Value::Instance(of) => {
                let mut results = Values::new();
                for called in self.type_member(of, "__call__", unit, true, 0) {
                    if let Value::Bound(method, of) = self.pool.value(called) {
                        self.bind(unit, owner, method, args, Some(Value::Instance(of)));
                        let found = self.results_of(method);
                        union(&mut results, &found);
                    }
                }
                results
            }
            Value::Outside { path, instance, subject, site } => {
                // What calling an instance gives is said by the stub `Type.()`.
                let of = self.pool.text(path).to_owned();
                let separator = self.separator(unit);
                let called = if instance {
                    self.stubs.lineage(&of).iter().find_map(|it| self.stubs.exact(&format!("{it}{separator}()")))
                } else {
                    None
                };
                match called.map(|it| &it.gives) {
                    Some(Gives::Instance(of)) => {
                        let of = self.outside(of, true, subject);
                        SmallVec::from_slice(&[of])
                    }
                    _ => self.call_outside(unit, owner, path, subject, site, args, receivers),
                }
            }
            _ => Values::new(),
        }
    }

    fn results_of(&mut self, def: Def) -> Values {
        match self.result_var(def) {
            Some(var) => self.read(var),
            None => Values::new(),
        }
    }

    /// Results of one call: where the function makes a store value of a text it is given (`return db[name]`), that of
    /// this call's text.
    fn results_for(&mut self, unit: u32, owner: DefId, def: Def, args: &'a [Argument]) -> Values {
        let results = self.results_of(def);
        let (target_unit, id) = self.program.local(def);
        let definition = self.facts(target_unit).definition(id);
        let about_stores =
            results.iter().any(|it| matches!(self.pool.value(*it), Value::Outside { subject: Subject::Named(_), .. }));
        if !about_stores || args.is_empty() || self.bindings.len() > 2 {
            return results;
        }
        let Some(var) = self.result_var(def) else { return results };
        let sources = self.vars[var.0 as usize].sources.clone();
        if sources.is_empty() || sources.len() > 3 {
            return results;
        }
        let space = self.program.space(target_unit, id);
        let before = self.bindings.len();
        let plain = definition.params.iter().filter(|it| it.kind == ParamKind::Plain);
        for (position, param) in plain.enumerate() {
            let argument = args
                .iter()
                .find(|it| it.name.as_ref() == Some(&param.name))
                .or_else(|| args.get(position).filter(|it| it.name.is_none() && !it.spread));
            if let (Some(argument), Some(var)) = (argument, self.find_var(space, &param.name)) {
                self.bindings.push((var, Spot { unit, owner, expr: argument.value }));
            }
        }
        let mut own = Values::new();
        if self.bindings.len() > before {
            for source in sources {
                let found = self.eval(source.unit, source.owner, source.expr);
                union(&mut own, &found);
            }
        }
        self.bindings.truncate(before);
        if own.is_empty() { results } else { own }
    }

    fn construct(&mut self, unit: u32, owner: DefId, of: Def, args: &'a [Argument]) {
        let mut initialized = false;
        for base in self.lineage(of).types.clone() {
            let space = self.program.def_space(base);
            let members = self.program.members(space, INITIALIZER);
            for member in &members {
                self.bind(unit, owner, *member, args, Some(Value::Instance(of)));
            }
            if !members.is_empty() {
                initialized = true;
                break;
            }
        }
        if !initialized {
            self.set_fields(unit, owner, of, args);
        }
    }

    fn call_outside(
        &mut self,
        unit: u32,
        owner: DefId,
        path: crate::link::value::Sym,
        subject: Subject,
        site: Site,
        args: &'a [Argument],
        receivers: &[ValueId],
    ) -> Values {
        let text = self.pool.text(path).to_owned();
        let separator = self.separator(unit);
        if text == "super" {
            return self.super_of(unit, owner);
        }
        let stub = match self.stubs.exact(&text) {
            Some(stub) => Some(stub),
            None => text.rsplit_once(separator).and_then(|(of, name)| self.stubs.member(of, separator, name)),
        };
        let Some(stub) = stub else {
            return self.one(Value::Outside { path, instance: true, subject, site });
        };
        let subject = match stub.subject {
            Some(StubSubject::Argument(n)) => {
                args.get(usize::from(n)).and_then(|it| self.subject_of(unit, owner, it.value)).unwrap_or(subject)
            }
            Some(StubSubject::Member) => {
                let name = text.rsplit_once(separator).map_or(text.as_str(), |(_, name)| name).to_owned();
                Subject::Named(self.pool.sym(&name))
            }
            _ => subject,
        };
        let argument = |n: u8| args.get(usize::from(n)).map(|it| it.value);
        match &stub.gives {
            Gives::Instance(of) | Gives::Field(of) => {
                let of = self.stubs.canonical(of).to_owned();
                let path = self.pool.sym(&of);
                self.one(Value::Outside { path, instance: true, subject, site })
            }
            Gives::Receiver => {
                let mut results = Values::new();
                for receiver in receivers {
                    let value = match self.pool.value(*receiver) {
                        Value::Outside { path, instance, site, subject: own } => Value::Outside {
                            path,
                            instance,
                            site,
                            subject: if subject == Subject::None { own } else { subject },
                        },
                        other => other,
                    };
                    let id = self.pool.id(value);
                    insert(&mut results, id);
                }
                results
            }
            Gives::Argument(n) => argument(*n).map_or_else(Values::new, |it| self.eval(unit, owner, it)),
            Gives::InstanceOf(n) => argument(*n).map_or_else(Values::new, |it| self.types(unit, owner, it)),
            Gives::CallOf(n) => {
                let Some(argument) = argument(*n) else { return Values::new() };
                let mut results = Values::new();
                for value in self.eval(unit, owner, argument) {
                    let value = self.pool.value(value);
                    let found = self.call_value(unit, owner, value, &[], &[]);
                    for result in found {
                        // A generator stands for what it yields.
                        match self.pool.value(result) {
                            Value::Container(container) => {
                                let found = self.container_read(container, None);
                                union(&mut results, &found);
                            }
                            _ => {
                                insert(&mut results, result);
                            }
                        }
                    }
                }
                results
            }
            Gives::Element => self.elements(receivers),
            Gives::Subject => match subject {
                Subject::Type(of) => self.one(Value::Instance(of)),
                _ => Values::new(),
            },
            Gives::Same(_) | Gives::Extends(_) | Gives::Wraps(_) | Gives::Holds(_) => {
                self.one(Value::Outside { path, instance: true, subject, site })
            }
        }
    }

    fn super_of(&mut self, unit: u32, owner: DefId) -> Values {
        let facts = self.facts(unit);
        let mut scope = owner;
        loop {
            let def = self.program.def(unit, scope);
            if self.program.is_type(def) {
                return self.one(Value::Super(def));
            }
            if scope == DefId::MODULE {
                return Values::new();
            }
            scope = facts.definition(scope).parent;
        }
    }

    /// What an argument makes a value be about: a store's name, an entity, or what the argument is about.
    pub(crate) fn subject_of(&mut self, unit: u32, owner: DefId, expr: ExprId) -> Option<Subject> {
        let values = self.eval(unit, owner, expr);
        for value in &values {
            match self.pool.value(*value) {
                Value::Def(of) | Value::Instance(of) if self.program.is_type(of) => return Some(Subject::Type(of)),
                Value::Outside { subject, .. } if subject != Subject::None => return Some(subject),
                Value::Container(container) => {
                    for element in self.container_read(container, None) {
                        if let Value::Def(of) | Value::Instance(of) = self.pool.value(element)
                            && self.program.is_type(of)
                        {
                            return Some(Subject::Type(of));
                        }
                    }
                }
                _ => {}
            }
        }
        let text = self.plain_text(unit, owner, expr)?;
        (!text.is_empty()).then(|| Subject::Named(self.pool.sym(&text)))
    }

    /// Binds arguments to parameters.
    fn bind(&mut self, unit: u32, owner: DefId, def: Def, args: &'a [Argument], receiver: Option<Value>) {
        let (target_unit, id) = self.program.local(def);
        let definition = self.facts(target_unit).definition(id);
        let space = self.program.space(target_unit, id);
        let mut params = definition.params.iter().filter(|it| it.kind != ParamKind::Keywords);
        let mut rest = None;
        if let (Some(receiver), Some(first)) = (receiver, definition.params.first())
            && first.kind == ParamKind::Receiver
        {
            params.next();
            let var = self.named_var(space, &first.name);
            let id = self.pool.id(receiver);
            self.add(var, id);
        }
        for argument in args {
            if let Some(name) = &argument.name {
                let Some(param) = definition.params.iter().find(|it| it.name == *name && it.kind == ParamKind::Plain)
                else {
                    if let Some(keywords) = definition.params.iter().find(|it| it.kind == ParamKind::Keywords) {
                        let var = self.named_var(space, &keywords.name);
                        let container = self.param_container(var);
                        let values = self.eval(unit, owner, argument.value);
                        let var = self.container_var(container, Some(&text_key(name)));
                        self.add_all(var, &values);
                    }
                    continue;
                };
                let values = self.eval(unit, owner, argument.value);
                let var = self.named_var(space, &param.name);
                self.add_all(var, &values);
                self.add_source(var, Spot { unit, owner, expr: argument.value });
                continue;
            }
            let values = self.eval(unit, owner, argument.value);
            if argument.spread {
                let elements = self.elements(&values);
                for param in &definition.params {
                    if param.kind == ParamKind::Plain {
                        let var = self.named_var(space, &param.name);
                        self.add_all(var, &elements);
                    }
                }
                continue;
            }
            let param = match rest {
                Some(param) => param,
                None => match params.next() {
                    Some(param) => param,
                    None => break,
                },
            };
            let var = self.named_var(space, &param.name);
            if param.kind == ParamKind::Rest {
                rest = Some(param);
                let container = self.param_container(var);
                let any = self.containers[container as usize].any;
                self.add_all(any, &values);
            } else {
                self.add_all(var, &values);
                self.add_source(var, Spot { unit, owner, expr: argument.value });
            }
        }
    }

    /// Binds known values to the first parameters (decorators).
    pub(crate) fn bind_values(&mut self, def: Def, values: &[ValueId], receiver: Option<Value>) {
        let (unit, id) = self.program.local(def);
        let definition = self.facts(unit).definition(id);
        let space = self.program.space(unit, id);
        let mut values = values.iter().copied();
        for param in &definition.params {
            let var = self.named_var(space, &param.name);
            if param.kind == ParamKind::Receiver
                && let Some(receiver) = receiver
            {
                let id = self.pool.id(receiver);
                self.add(var, id);
                continue;
            }
            let Some(value) = values.next() else { return };
            self.add(var, value);
        }
    }

    /// Lets rules that shape values act on a call: subjects of chains, store values, router groups.
    fn apply_matches(&mut self, unit: u32, owner: DefId, expr: ExprId, receivers: &[ValueId], results: &mut Values) {
        let at = self.program.unit(unit).first_expr + expr.0;
        let Some(numbers) = self.matches_at.get(&at).cloned() else { return };
        let facts = self.facts(unit);
        for number in numbers {
            let found = &facts.matches[number as usize];
            let rule = &self.rules.rules[found.rule as usize];
            let names_target = rule.settings.get("operation").is_some_and(|it| it == "target");
            let has = |name: &str| rule.captures.iter().any(|it| it == name);
            if names_target {
                if self.guards_hold(unit, owner, rule, found) != Held::Yes {
                    continue;
                }
                let subject = capture(rule, found, "access.target").and_then(|it| match it {
                    Captured::Expr(target) => self.subject_of(unit, owner, *target),
                    Captured::Word(word) => Some(Subject::Named(self.pool.sym(word))),
                    Captured::Definition(_) => None,
                });
                let Some(subject) = subject else { continue };
                let base = if results.is_empty() { receivers } else { results.as_slice() };
                let mut changed = Values::new();
                for value in base {
                    let value = match self.pool.value(*value) {
                        Value::Outside { path, instance, site, .. } => Value::Outside { path, instance, subject, site },
                        other => other,
                    };
                    let id = self.pool.id(value);
                    insert(&mut changed, id);
                }
                *results = changed;
            } else if has("definition.store") {
                if self.guards_hold(unit, owner, rule, found) == Held::No {
                    continue;
                }
                if let Some(text) = self.store_name_of(unit, owner, rule, found) {
                    let qualified = results.iter().any(|it| match self.pool.value(*it) {
                        Value::Outside { subject: Subject::Named(known), .. } => self
                            .pool
                            .text(known)
                            .strip_suffix(text.as_str())
                            .is_some_and(|schema| schema.ends_with('.')),
                        _ => false,
                    });
                    if qualified {
                        // Another rule knew the schema as well.
                        continue;
                    }
                    let subject = Subject::Named(self.pool.sym(&text));
                    let changed: Values = results
                        .clone()
                        .iter()
                        .map(|it| match self.pool.value(*it) {
                            Value::Outside { path, instance, site, .. } => {
                                self.pool.id(Value::Outside { path, instance, subject, site })
                            }
                            _ => *it,
                        })
                        .collect();
                    *results = Values::new();
                    union(results, &changed);
                }
            } else if has("endpoint.group") {
                if self.guards_hold(unit, owner, rule, found) == Held::No {
                    continue;
                }
                if has("endpoint.body") && !has("endpoint.prefix") {
                    // The function works on the router itself.
                    if let Some(Captured::Expr(body)) = capture(rule, found, "endpoint.body") {
                        for function in self.eval(unit, owner, *body) {
                            if let Value::Def(function) | Value::Bound(function, _) = self.pool.value(function) {
                                for value in receivers {
                                    self.bind_values(function, &[*value], None);
                                }
                            }
                        }
                    }
                    continue;
                }
                let site = Site(at + 1);
                let changed: Vec<ValueId> = results
                    .iter()
                    .map(|it| match self.pool.value(*it) {
                        Value::Outside { path, instance, subject, .. } => {
                            self.pool.id(Value::Outside { path, instance, subject, site })
                        }
                        _ => *it,
                    })
                    .collect();
                *results = Values::new();
                union(results, &changed);
                if let Some(Captured::Expr(body)) = capture(rule, found, "endpoint.body") {
                    let values = results.clone();
                    let values = if values.is_empty() {
                        receivers
                            .iter()
                            .filter_map(|it| match self.pool.value(*it) {
                                Value::Outside { path, instance, subject, .. } => {
                                    Some(self.pool.id(Value::Outside { path, instance, subject, site }))
                                }
                                _ => None,
                            })
                            .collect()
                    } else {
                        values
                    };
                    for function in self.eval(unit, owner, *body) {
                        if let Value::Def(function) | Value::Bound(function, _) = self.pool.value(function) {
                            for value in &values {
                                self.bind_values(function, &[*value], None);
                            }
                        }
                    }
                }
            }
        }
    }

    /// Name that a call which builds a store value gives it, with its schema.
    pub(crate) fn store_name_of(&mut self, unit: u32, owner: DefId, rule: &Rule, found: &Match) -> Option<String> {
        let mut texts = ["entity.store", "entity.schema"].map(|name| match capture(rule, found, name) {
            Some(Captured::Expr(expr)) => Some(*expr),
            _ => None,
        });
        let name = texts[0].take().and_then(|it| self.plain_text(unit, owner, it))?;
        match texts[1].take().and_then(|it| self.plain_text(unit, owner, it)) {
            Some(schema) => Some(format!("{schema}.{name}")),
            None => Some(name),
        }
    }

    /// Whether the guards of a rule hold at a match.
    pub(crate) fn guards_hold(&mut self, unit: u32, owner: DefId, rule: &Rule, found: &Match) -> Held {
        let mut held = Held::Yes;
        for guard in &rule.guards {
            let (index, any_of, negated, by_type) = match guard {
                Guard::Type { capture, any_of, negated } => (*capture, any_of, *negated, true),
                Guard::Is { capture, any_of, negated } => (*capture, any_of, *negated, false),
            };
            let Some((_, captured)) = found.captures.iter().find(|(it, _)| *it == index) else { continue };
            let answer = match captured {
                Captured::Expr(expr) => {
                    let values = self.eval(unit, owner, *expr);
                    self.any_matches(&values, any_of, by_type)
                }
                Captured::Definition(id) => {
                    let def = self.program.def(unit, *id);
                    let id = self.pool.id(Value::Def(def));
                    self.any_matches(&[id], any_of, by_type)
                }
                Captured::Word(_) => Held::Unknown,
            };
            let answer = match (answer, negated) {
                (Held::Unknown, true) => Held::Yes,
                (Held::Yes, true) => Held::No,
                (Held::No, true) => Held::Yes,
                (other, false) => other,
            };
            held = held.min(answer);
        }
        held
    }

    fn any_matches(&mut self, values: &[ValueId], any_of: &[compact_str::CompactString], by_type: bool) -> Held {
        if values.is_empty() {
            return Held::Unknown;
        }
        let mut unknown = false;
        for value in values {
            let value = self.pool.value(*value);
            match value {
                Value::Outside { path, instance, .. } => {
                    let path = self.pool.text(path).to_owned();
                    if by_type && !instance && self.stubs.is_empty() {
                        continue;
                    }
                    if self.stubs.lineage(&path).iter().any(|it| any_of.iter().any(|wanted| path_matches(it, wanted))) {
                        return Held::Yes;
                    }
                    // A name that nothing in the program or the stubs explains may be anything.
                    unknown |= !path.contains(['.', '/', ':']);
                }
                Value::Instance(of) | Value::Def(of) | Value::Bound(of, _) | Value::Super(of) => {
                    let qualified = self.program.qualified(of);
                    if any_of.iter().any(|wanted| path_matches(&qualified, wanted)) {
                        return Held::Yes;
                    }
                    if self.program.is_type(of) {
                        let lineage = self.lineage(of);
                        for path in &lineage.outside {
                            let path = self.pool.text(*path).to_owned();
                            if self
                                .stubs
                                .lineage(&path)
                                .iter()
                                .any(|it| any_of.iter().any(|wanted| path_matches(it, wanted)))
                            {
                                return Held::Yes;
                            }
                        }
                        for base in lineage.types.iter().skip(1) {
                            let qualified = self.program.qualified(*base);
                            if any_of.iter().any(|wanted| path_matches(&qualified, wanted)) {
                                return Held::Yes;
                            }
                        }
                        // An interface that nothing of the project satisfies stands for something from outside.
                        unknown |= by_type
                            && self.program.kind(of) == DefinitionKind::Interface
                            && self.implementers.get(&of).is_none_or(Vec::is_empty);
                    }
                }
                _ => {}
            }
        }
        if unknown { Held::Unknown } else { Held::No }
    }
}

/// Answer of a guard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Held {
    No,
    Unknown,
    Yes,
}

/// Captured node of a match by name.
pub(crate) fn capture<'m>(rule: &Rule, found: &'m Match, name: &str) -> Option<&'m Captured> {
    captures(rule, found, name).next()
}

/// All captured nodes of a match by name.
pub(crate) fn captures<'m>(rule: &Rule, found: &'m Match, name: &str) -> impl Iterator<Item = &'m Captured> {
    let index = rule.captures.iter().position(|it| it == name);
    found.captures.iter().filter(move |(it, _)| Some(usize::from(*it)) == index).map(|(_, captured)| captured)
}

/// Whether a qualified name is the wanted one: equal, below a `.*`, or equal up to a major version in a Go path.
pub(crate) fn path_matches(path: &str, wanted: &str) -> bool {
    if path == wanted {
        return true;
    }
    if let Some(prefix) = wanted.strip_suffix(".*").or_else(|| wanted.strip_suffix("::*")) {
        return path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ':', '/']));
    }
    path.contains("/v") && without_major(path) == wanted
}

/// A Go path without the elements that only tell a major version (`/v2`).
pub(crate) fn without_major(path: &str) -> String {
    let (package, member) = match path.rfind('/') {
        Some(slash) => match path[slash..].find('.') {
            Some(dot) => (&path[..slash + dot], &path[slash + dot..]),
            None => (path, ""),
        },
        None => (path, ""),
    };
    let kept: Vec<&str> = package
        .split('/')
        .filter(|it| !(it.len() > 1 && it.starts_with('v') && it[1..].bytes().all(|byte| byte.is_ascii_digit())))
        .collect();
    format!("{}{member}", kept.join("/"))
}
