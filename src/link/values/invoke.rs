//! Calls: what they may run, what they give, and how arguments reach parameters.

use smallvec::SmallVec;

use crate::link::names::program::Def;
use crate::link::values::containers::text_key;
use crate::link::values::infer::{INITIALIZER, Inference, MOST_BOUND, Spot};
use crate::link::values::value::{Site, Subject, Value, ValueId, Values, insert, union};
use crate::link::values::variables::MOST_VALUES;
use crate::model::fact::{Argument, DefId, DefinitionKind, ExprId, ExprKind, ParamKind};
use crate::model::rule::{Gives, Subject as StubSubject};

/// Functions that apply functions, one in the other, that are followed.
const MOST_APPLIED: u32 = 3;
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
pub(crate) const ADDING_METHODS: &[&str] =
    &["append", "add", "push", "insert", "appendleft", "push_back", "push_front", "extend", "setdefault"];

impl<'a> Inference<'a> {
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
        if let ExprKind::Member { name, .. } = &facts.expr(*callee).kind
            && let Some(of) = self.variant_of(unit, &receivers, name)
        {
            self.fill_variant(unit, owner, of, name, args);
            results = self.one(Value::Instance(of));
            self.add_all(var, &results);
            return;
        }
        let callees = match &facts.expr(*callee).kind {
            ExprKind::Member { base, name } => match self.meant(unit, owner, *callee) {
                Some(callees) => callees,
                None => self.member_at(unit, owner, *callee, *base, receivers.clone(), name),
            },
            _ => self.eval(unit, owner, *callee),
        };
        for callee_value in &callees {
            let callee_value = self.pool.value(*callee_value);
            if self.puts_in(unit, expr)
                && let Value::Def(def) = callee_value
            {
                let found = self.results_of(def);
                union(&mut results, &found);
                continue;
            }
            self.calling = self.program.unit(unit).first_expr + expr.0;
            let found = self.call_value(unit, owner, callee_value, args, &receivers);
            union(&mut results, &found);
        }
        self.send(unit, owner, expr, args);
        self.keep_to_owner(&receivers, &callees, &mut results);
        self.apply_matches(unit, owner, expr, &receivers, &mut results);
        self.mark_routers(unit, expr, &receivers, &mut results);
        self.add_all(var, &results);
    }

    /// The enum that a call such as `Step::Text("..")` makes a value of.
    fn variant_of(&self, unit: u32, receivers: &[ValueId], name: &str) -> Option<Def> {
        if !name.starts_with(char::is_uppercase) || self.separator(unit) != "::" {
            return None;
        }
        receivers.iter().find_map(|it| match self.pool.value(*it) {
            Value::Def(of) if self.program.is_type(of) => {
                let found = self.program.members(self.program.def_space(of), name);
                found.iter().any(|it| self.program.kind(*it) == DefinitionKind::Field).then_some(of)
            }
            _ => None,
        })
    }

    /// What a variant carries is read under its name, also where a pattern takes it out.
    fn fill_variant(&mut self, unit: u32, owner: DefId, of: Def, name: &'a str, args: &'a [Argument]) {
        let [argument] = args else { return };
        let values = self.eval(unit, owner, argument.value);
        let var = self.named_var(self.program.space_of(of), name);
        self.add_all(var, &values);
        self.add_source(var, Spot { unit, owner, expr: argument.value });
    }

    /// A new value of a type that endpoints are registered on gets an identity: the call that made it.
    /// A call that hands its receiver on made nothing.
    pub(crate) fn mark_routers(&mut self, unit: u32, expr: ExprId, receivers: &[ValueId], results: &mut Values) {
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

    /// The callee of a call without its type arguments (`find::<User>(..)`).
    pub(crate) fn without_types(&self, unit: u32, callee: ExprId) -> ExprId {
        match self.facts(unit).expr(callee).kind {
            ExprKind::Index { base, .. } if self.separator(unit) == "::" => base,
            _ => callee,
        }
    }

    pub(crate) fn call_on_containers(
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
    pub(crate) fn call_value(
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
                if let Some(path) = self.hands_on_to(def) {
                    return self.call_outside(unit, owner, path, Subject::None, Site(0), args, receivers);
                }
                let results = self.results_for(unit, owner, def, args);
                if results.is_empty() { self.picked_by_names(unit, args) } else { results }
            }
            Value::Bound(method, of) => self.call_method(unit, owner, (method, of), args, receivers),
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
                let called = self.stub_of_call(path, self.separator(unit)).of_instance.filter(|_| instance);
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

    pub(crate) fn results_of(&mut self, def: Def) -> Values {
        match self.result_var(def) {
            Some(var) => self.read(var),
            None => Values::new(),
        }
    }

    /// Results of one call: where the function makes a store value of a text it is given (`return db[name]`), that of
    /// this call's text; where it calls a function that it is given (`return find(id)`), that of this call's function.
    pub(crate) fn results_for(&mut self, unit: u32, owner: DefId, def: Def, args: &'a [Argument]) -> Values {
        // Whatever other callers hand in must not come in first, so this is decided before anything is known.
        if let Some(own) = self.results_applied(unit, owner, def, args) {
            return own;
        }
        let mut results = self.results_of(def);
        // What holds all it can hold has no place for what this call hands in.
        let is_full = self.bindings.is_empty()
            && results.len() >= MOST_VALUES
            && results
                .iter()
                .any(|it| matches!(self.pool.value(*it), Value::Outside { subject: Subject::Type(_), .. }))
            && self.is_handed_many_types(def)
            && args.iter().any(|it| self.is_about_type(unit, owner, it.value));
        self.keep_to_given(unit, owner, def, args, &mut results);
        // Nor has what names its store by a text that each caller gives another one.
        let is_named = args.iter().any(|it| matches!(self.facts(unit).expr(it.value).kind, ExprKind::Text(_)))
            && results.iter().any(|it| match self.pool.value(*it) {
                Value::Outside { path, instance: true, .. } => self.stubs.is_named_by_call(self.pool.text(path)),
                _ => false,
            });
        let about_stores = is_full
            || is_named
            || results.iter().any(|it| match self.pool.value(*it) {
                Value::Outside { subject: Subject::Named(_), .. } => true,
                Value::Def(of) => results.len() > 1 && self.program.is_type(of),
                _ => false,
            });
        if !about_stores || args.is_empty() || self.bindings.len() > MOST_BOUND {
            return results;
        }
        let Some(var) = self.result_var(def) else { return results };
        let sources = self.sources(var);
        if sources.is_empty() || sources.len() > 3 {
            return results;
        }
        let before = self.bind_arguments(unit, owner, def, args);
        let mut own = Values::new();
        if self.bindings.len() > before {
            for source in sources {
                let mut begun = if is_full || is_named { self.begun_within(source) } else { SmallVec::new() };
                if begun.is_empty() {
                    begun.push(source);
                }
                for it in begun {
                    let found = self.eval(it.unit, it.owner, it.expr);
                    union(&mut own, &found);
                }
            }
        }
        self.bindings.truncate(before);
        if is_full {
            self.keep_to_given(unit, owner, def, args, &mut own);
        }
        if own.is_empty() { results } else { own }
    }

    /// Results of one call of a function that gives back what one of its parameters gives, also by way of a variable.
    fn results_applied(&mut self, unit: u32, owner: DefId, def: Def, args: &'a [Argument]) -> Option<Values> {
        let (home, id) = self.program.local(def);
        let facts = self.facts(home);
        let params = &facts.definition(id).params;
        if args.is_empty() || self.applying >= MOST_APPLIED || !self.applying_functions.contains(&def) {
            return None;
        }
        let var = self.result_var(def)?;
        let mut spots: SmallVec<[Spot; 4]> = SmallVec::new();
        for source in self.sources(var) {
            if !matches!(self.facts(source.unit).expr(source.expr).kind, ExprKind::Name(_)) {
                spots.push(source);
                continue;
            }
            for (var, _) in self.vars_of(source.unit, source.owner, source.expr) {
                spots.extend(self.sources(var));
            }
        }
        let given = |spot: &Spot| -> Option<(ExprId, &'a [Argument])> {
            if (spot.unit, spot.owner) != (home, id) {
                return None;
            }
            let ExprKind::Call { callee, args: handed } = &facts.expr(spot.expr).kind else { return None };
            let ExprKind::Name(name) = &facts.expr(*callee).kind else { return None };
            let at = params.iter().filter(|it| it.kind == ParamKind::Plain).position(|it| it.name == *name)?;
            let named = args.iter().find(|it| it.name.as_ref() == Some(name));
            let argument = named.or_else(|| args.get(at).filter(|it| it.name.is_none() && !it.spread))?;
            Some((argument.value, handed))
        };
        let applied: SmallVec<[_; 4]> = spots.iter().map(given).collect();
        if applied.iter().all(Option::is_none) {
            return None;
        }
        self.applying += 1;
        let mut results = Values::new();
        for (spot, applied) in spots.iter().zip(applied) {
            let Some((argument, handed)) = applied else {
                let found = self.eval(spot.unit, spot.owner, spot.expr);
                union(&mut results, &found);
                continue;
            };
            for value in self.eval(unit, owner, argument) {
                let value = self.pool.value(value);
                self.calling = self.program.unit(spot.unit).first_expr + spot.expr.0;
                let found = self.call_value(spot.unit, spot.owner, value, handed, &[]);
                union(&mut results, &found);
            }
        }
        self.applying -= 1;
        Some(results)
    }

    /// Lets the parameters of a function stand for the arguments of one call, until the bindings are cut back to the
    /// number given back.
    pub(crate) fn bind_arguments(&mut self, unit: u32, owner: DefId, def: Def, args: &'a [Argument]) -> usize {
        let (target_unit, id) = self.program.local(def);
        let definition = self.facts(target_unit).definition(id);
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
        before
    }

    pub(crate) fn construct(&mut self, unit: u32, owner: DefId, of: Def, args: &'a [Argument]) {
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

    pub(crate) fn call_outside(
        &mut self,
        unit: u32,
        owner: DefId,
        path: crate::link::values::value::Sym,
        subject: Subject,
        site: Site,
        args: &'a [Argument],
        receivers: &[ValueId],
    ) -> Values {
        if self.pool.text(path) == "super" {
            return self.super_of(unit, owner);
        }
        if self.pool.text(path) == "type" && args.len() == 1 {
            let mut classes = Values::new();
            for value in self.eval(unit, owner, args[0].value) {
                if let Value::Instance(of) = self.pool.value(value) {
                    let id = self.pool.id(Value::Def(of));
                    insert(&mut classes, id);
                }
            }
            if !classes.is_empty() {
                return classes;
            }
        }
        let separator = self.separator(unit);
        if let Some(known) = self.assigned_result(path) {
            return self.one(known);
        }
        let Some(stub) = self.stub_of_call(path, separator).stub else {
            return self.one(Value::Outside { path, instance: true, subject, site });
        };
        let mut others: SmallVec<[Subject; 2]> = SmallVec::new();
        let subject = match stub.subject {
            _ if !stub.of.is_empty() => {
                others = self.subjects_told(unit, owner, receivers, args, &stub.of);
                if others.is_empty() { subject } else { others.remove(0) }
            }
            Some(StubSubject::Argument(n)) => {
                if let Some(argument) = args.get(usize::from(n)) {
                    others = self.subjects_of(unit, owner, argument.value);
                }
                if others.is_empty() { subject } else { others.remove(0) }
            }
            Some(StubSubject::Arguments) => {
                for argument in args.iter().filter(|it| it.name.is_none()) {
                    for found in self.subjects_within(unit, owner, argument.value) {
                        if !others.contains(&found) {
                            others.push(found);
                        }
                    }
                }
                if others.is_empty() { subject } else { others.remove(0) }
            }
            Some(StubSubject::Member) => {
                let text = self.pool.text(path);
                let name = text.rsplit_once(separator).map_or(text, |(_, name)| name).to_owned();
                Subject::Named(self.pool.sym(&name))
            }
            _ => subject,
        };
        let argument = |n: u8| args.get(usize::from(n)).map(|it| it.value);
        match &stub.gives {
            Gives::Instance(of) | Gives::Field(of) => {
                let first = self.outside_instance(of, subject, site);
                let mut results: Values = SmallVec::from_slice(&[first]);
                for subject in others {
                    let id = self.outside_instance(of, subject, site);
                    insert(&mut results, id);
                }
                results
            }
            Gives::Entity(name) => self.types_named_by(unit, owner, name.as_deref(), args),
            Gives::Named(n) => argument(*n).map_or_else(Values::new, |it| self.named_by_texts(unit, owner, it)),
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
                        // The part that a type embeds is the receiver, not the type around it.
                        Value::Instance(of) if self.embeds_parts(of) => {
                            let text = self.pool.text(path);
                            let base = text.rsplit_once(separator).map_or(text, |(base, _)| base).to_owned();
                            let path = self.pool.sym(&base);
                            Value::Outside { path, instance: true, subject, site }
                        }
                        other => other,
                    };
                    let id = self.pool.id(value);
                    insert(&mut results, id);
                }
                results
            }
            Gives::Argument(n) => argument(*n).map_or_else(Values::new, |it| self.eval(unit, owner, it)),
            Gives::Given(n) => self.partly_given(unit, owner, args.get(usize::from(*n)..).unwrap_or_default()),
            Gives::ListOf(n) | Gives::PairsOf(n) => match argument(*n) {
                Some(it) if matches!(stub.gives, Gives::PairsOf(_)) => self.mapped(unit, owner, it),
                Some(argument) => self.listed(unit, owner, argument),
                None if args.is_empty() => {
                    let container = self.container_of_expr(self.calling);
                    self.one(Value::Container(container))
                }
                None => self.one(Value::Outside { path, instance: true, subject, site }),
            },
            Gives::Arguments => {
                let container = self.container_of_expr(self.calling);
                let any = self.containers[container as usize].any;
                self.vars.set_listed(any, args.len() > 1);
                for argument in args {
                    let values = self.eval(unit, owner, argument.value);
                    self.add_all(any, &values);
                }
                self.one(Value::Container(container))
            }
            Gives::InstanceOf(n) => argument(*n).map_or_else(Values::new, |it| self.instances_of(unit, owner, it)),
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
            // A function gives an element of what it is given (`max(orders)`).
            Gives::Element if receivers.is_empty() => argument(0).map_or_else(Values::new, |it| {
                let given = self.eval(unit, owner, it);
                self.elements(&given)
            }),
            Gives::Element => self.elements(receivers),
            Gives::Keyed => argument(0).map_or_else(Values::new, |it| self.keyed(unit, owner, receivers, it, &stub.of)),
            Gives::Subject => {
                let mut results = self.about(subject);
                for other in others.into_iter().filter(|it| matches!(it, Subject::Type(_))) {
                    let found = self.about(other);
                    union(&mut results, &found);
                }
                results
            }
            // A text: what it says is followed where it is used.
            Gives::Format(_) => Values::new(),
            Gives::EntityOf(variable) => self.instances_named_by(unit, variable),
            Gives::StoreName => Values::new(),
            Gives::Asked => self.about(subject),
            Gives::Held
            | Gives::Setting(_)
            | Gives::Same(_)
            | Gives::Extends(_)
            | Gives::Relates(_)
            | Gives::Wraps(_)
            | Gives::Names(_)
            | Gives::Holds(_) => self.one(Value::Outside { path, instance: true, subject, site }),
        }
    }

    /// A function that is handed out with some of its arguments given (`partial(f, x)`): the function itself.
    fn partly_given(&mut self, unit: u32, owner: DefId, args: &'a [Argument]) -> Values {
        let Some((function, args)) = args.split_first() else { return Values::new() };
        let functions = self.eval(unit, owner, function.value);
        for value in &functions {
            match self.pool.value(*value) {
                Value::Def(def) if self.program.is_type(def) => self.construct(unit, owner, def, args),
                Value::Def(def) if self.program.is_function(def) => self.bind(unit, owner, def, args, None),
                Value::Bound(method, of) => {
                    let by_class = self.program.definition(method).traits.is_class;
                    let receiver = if by_class { Value::Def(of) } else { Value::Instance(of) };
                    self.bind(unit, owner, method, args, Some(receiver));
                }
                _ => {}
            }
        }
        functions
    }

    /// Instances of the type that an expression names; where it gives a query, the rows of that.
    fn instances_of(&mut self, unit: u32, owner: DefId, expr: ExprId) -> Values {
        let mut results = self.types(unit, owner, expr);
        let separator = self.separator(unit);
        let is_call = matches!(self.facts(unit).expr(expr).kind, ExprKind::Call { .. });
        for value in self.eval(unit, owner, expr) {
            match self.pool.value(value) {
                Value::Instance(_) if is_call => {
                    insert(&mut results, value);
                }
                Value::Outside { path, instance: true, subject, .. } if subject != Subject::None => {
                    let gives = self.stubs.member(self.pool.text(path), separator, "[]").map(|it| &it.gives);
                    if matches!(gives, Some(Gives::Subject | Gives::Element)) {
                        results.retain(|it| *it != value);
                        let rows = self.about(subject);
                        union(&mut results, &rows);
                    }
                }
                _ => {}
            }
        }
        results
    }

    /// A list of what an expression yields; one that is a list already stays that.
    pub(crate) fn listed(&mut self, unit: u32, owner: DefId, expr: ExprId) -> Values {
        let list = self.calling;
        let mut results = Values::new();
        for value in self.eval(unit, owner, expr) {
            let yielded = match self.pool.value(value) {
                Value::Container(_) => {
                    insert(&mut results, value);
                    continue;
                }
                Value::Outside { subject: subject @ Subject::Named(_), .. } => self.about(subject),
                _ => self.elements(&[value]),
            };
            if !yielded.is_empty() {
                let container = self.container_of_expr(list);
                let any = self.containers[container as usize].any;
                self.add_all(any, &yielded);
                let id = self.pool.id(Value::Container(container));
                insert(&mut results, id);
            }
        }
        results
    }

    /// An instance of the entity that something is about.
    pub(crate) fn about(&mut self, subject: Subject) -> Values {
        match subject {
            Subject::Type(of) => self.one(Value::Instance(of)),
            Subject::Named(store) => match self.stubs.type_of(self.pool.text(store)).map(str::to_owned) {
                Some(of) => {
                    let id = self.outside(&of, true, subject);
                    SmallVec::from_slice(&[id])
                }
                None => Values::new(),
            },
            Subject::None => Values::new(),
        }
    }

    pub(crate) fn super_of(&mut self, unit: u32, owner: DefId) -> Values {
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
        self.subjects_of(unit, owner, expr).first().copied()
    }

    /// All that an argument may make a value be about.
    pub(crate) fn subjects_of(&mut self, unit: u32, owner: DefId, expr: ExprId) -> SmallVec<[Subject; 2]> {
        let values = self.eval(unit, owner, expr);
        let mut subjects = SmallVec::new();
        for value in &values {
            self.add_subjects(*value, &mut subjects);
        }
        if subjects.is_empty()
            && let Some(text) = self.plain_text(unit, owner, expr)
            && !text.is_empty()
        {
            subjects.push(Subject::Named(self.pool.sym(&text)));
        }
        subjects
    }

    /// Binds arguments to parameters.
    pub(crate) fn bind(&mut self, unit: u32, owner: DefId, def: Def, args: &'a [Argument], receiver: Option<Value>) {
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
                self.tell_literals(def, param.declared, &values);
                continue;
            }
            let values = self.eval(unit, owner, argument.value);
            if argument.spread {
                for param in definition.params.iter().filter(|it| it.kind == ParamKind::Plain) {
                    let given = self.spread_for(&values, &param.name);
                    let var = self.named_var(space, &param.name);
                    self.add_all(var, &given);
                }
                self.hand_keywords_on(space, &definition.params, &values);
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
                self.tell_literals(def, param.declared, &values);
            }
        }
    }

    /// What a parameter gets of lists and mappings that are spread: of a mapping what stands under its name.
    pub(crate) fn spread_for(&mut self, values: &[ValueId], name: &str) -> Values {
        let mut given = Values::new();
        for value in values {
            let found = match self.pool.value(*value) {
                Value::Container(container) if self.has_names(container) => {
                    self.container_read(container, Some(&text_key(name)))
                }
                _ => self.elements(&[*value]),
            };
            union(&mut given, &found);
        }
        given
    }

    /// Whether a container is a mapping whose keys are written.
    fn has_names(&self, container: u32) -> bool {
        self.container_keys(container).iter().any(|it| it.starts_with(|it: char| !it.is_ascii_digit()))
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
}
