//! Handles that functions hand out for a name they are given: `self.space(name).insert(..)` is about what `name` holds, and
//! who gave that name decides. An object may keep its handle (`&Documents{c: db.Collection(name)}`), and a type with type
//! parameters may work the name out from one of them (`Repository[Order]`).

use crate::link::access::deciders::Slot;
use crate::link::names::program::Def;
use crate::link::storage::stores::Stores;
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::{Subject, Value};
use crate::model::fact::{Argument, DefinitionKind, ExprId, ExprKind, ParamKind};
use crate::model::rule::{Gives, Rule, Subject as StubSubject};

/// Calls and variables between a handle and the name it was made of.
const MOST_STEPS: u32 = 6;
/// Methods that hand a kept handle to one another.
const MOST_LEVELS: u32 = 3;
/// Calls of one such method that are looked at.
const MOST_CALLS: usize = 400;

/// A store by name, with the callers that decide it.
type Named = (Subject, Vec<Spot>);

/// The stores of a handle that an object keeps.
#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) named: Vec<Named>,
    /// A name was worked out from a row's type.
    pub(crate) by_type: bool,
    /// Every object's handle has a name.
    pub(crate) whole: bool,
}

impl<'a> Inference<'a> {
    /// The stores by whose names a function of the program made the handle that a call stands on, each with the callers
    /// that decide it.
    pub(crate) fn names_handed_out(&mut self, rule: &Rule, handle: Spot) -> Option<Vec<(Subject, Vec<Spot>)>> {
        let name = self.name_of_handle(handle, 0)?;
        if let Some(text) = self.plain_text(name.unit, name.owner, name.expr) {
            return (!text.is_empty()).then(|| vec![(Subject::Named(self.pool.sym(&text)), Vec::new())]);
        }
        self.names_given(rule, name)
    }

    fn name_of_handle(&mut self, handle: Spot, level: u32) -> Option<Spot> {
        if level > MOST_STEPS {
            return None;
        }
        let facts = self.facts(handle.unit);
        match &facts.expr(handle.expr).kind {
            ExprKind::Name(_) => {
                let vars = self.vars_of(handle.unit, handle.owner, handle.expr);
                let [(var, false)] = vars.as_slice() else { return None };
                let sources = self.sources(*var);
                let [only] = sources.as_slice() else { return None };
                self.name_of_handle(*only, level + 1)
            }
            ExprKind::Call { callee, args } => {
                for value in self.eval(handle.unit, handle.owner, *callee) {
                    match self.pool.value(value) {
                        Value::Outside { path, .. } => {
                            let separator = self.separator(handle.unit);
                            let Some(stub) = self.stub_of_call(path, separator).stub else { continue };
                            if let Some(StubSubject::Argument(n)) = stub.subject {
                                let argument = args.get(usize::from(n))?;
                                return Some(Spot { expr: argument.value, ..handle });
                            }
                            let callee = self.without_types(handle.unit, *callee);
                            if let (Gives::Receiver, ExprKind::Member { base, .. }) =
                                (&stub.gives, &facts.expr(callee).kind)
                            {
                                return self.name_of_handle(Spot { expr: *base, ..handle }, level + 1);
                            }
                        }
                        Value::Def(def) | Value::Bound(def, _) if self.program.is_function(def) => {
                            let var = self.result_var(def)?;
                            let sources = self.sources(var);
                            let [only] = sources.as_slice() else { return None };
                            let inner = self.name_of_handle(*only, level + 1)?;
                            return self.handed_to(def, inner, handle, args);
                        }
                        _ => {}
                    }
                }
                None
            }
            _ => None,
        }
    }

    /// What a call gives for the parameter that an expression in the function is; the expression itself if it is none.
    fn handed_to(&self, def: Def, inner: Spot, call: Spot, args: &[Argument]) -> Option<Spot> {
        let ExprKind::Name(name) = &self.facts(inner.unit).expr(inner.expr).kind else { return Some(inner) };
        let (unit, id) = self.program.local(def);
        if (inner.unit, inner.owner) != (unit, id) {
            return Some(inner);
        }
        let mut plain = self.program.definition(def).params.iter().filter(|it| it.kind == ParamKind::Plain);
        let Some(position) = plain.position(|it| it.name == *name) else { return Some(inner) };
        let named = args.iter().find(|it| it.name.as_ref() == Some(name));
        let argument = named.or_else(|| args.get(position).filter(|it| it.name.is_none() && !it.spread))?;
        Some(Spot { expr: argument.value, ..call })
    }

    /// The stores by whose names the handles were made that an object keeps (`docs.c.Find(..)`), each with the callers that
    /// hold such an object.
    pub(crate) fn names_kept(&mut self, stores: &Stores, handle: Spot) -> Kept {
        let mut named: Vec<Named> = Vec::new();
        let mut by_type = false;
        if !self.bindings.is_empty() {
            return Kept::default();
        }
        let found = self.written(handle);
        let mut whole = found.whole;
        for origin in found.origins {
            if (origin.spot.unit, origin.spot.owner) == (handle.unit, handle.owner) {
                continue;
            }
            let Some(name) = self.argument_that_names(origin.spot) else {
                whole = false;
                continue;
            };
            let before = self.bind_within(&origin.within);
            let text = self.plain_text(name.unit, name.owner, name.expr);
            let mut subject = text.map(|it| Subject::Named(self.pool.sym(&it)));
            if subject.is_none() {
                subject = self.named_by_row(stores, name);
                by_type |= subject.is_some();
            }
            self.bindings.truncate(before);
            whole &= subject.is_some();
            let Some(subject) = subject else { continue };
            let mut by: Vec<Spot> = Vec::new();
            for it in origin.handed.into_iter().flat_map(|it| [it.0, it.1]) {
                if (it.unit, it.owner) != (handle.unit, handle.owner) && !by.contains(&it) {
                    by.push(it);
                }
            }
            if !named.iter().any(|it| it.0 == subject && it.1 == by) {
                named.push((subject, by));
            }
        }
        Kept { named, by_type, whole }
    }

    /// What a call of the library is given that names the store of the handle it makes.
    fn argument_that_names(&mut self, made: Spot) -> Option<Spot> {
        let ExprKind::Call { callee, args } = &self.facts(made.unit).expr(made.expr).kind else { return None };
        for value in self.eval(made.unit, made.owner, *callee) {
            let Value::Outside { path, .. } = self.pool.value(value) else { continue };
            let stub = self.stub_of_call(path, self.separator(made.unit)).stub;
            if let Some(StubSubject::Argument(n)) = stub.and_then(|it| it.subject) {
                return args.get(usize::from(n)).map(|it| Spot { expr: it.value, ..made });
            }
        }
        None
    }

    /// The entity whose row a function of the program is given to say a name: `nameOf(Order{})`.
    fn named_by_row(&mut self, stores: &Stores, name: Spot) -> Option<Subject> {
        let origins = self.written(name).origins;
        let [only] = origins.as_slice() else { return None };
        let (function, call) = *only.within.last()?;
        let ExprKind::Call { callee, args } = &self.facts(call.unit).expr(call.expr).kind else { return None };
        let given = match (self.facts(call.unit).expr(*callee).kind.clone(), args.as_slice()) {
            (ExprKind::Index { index, .. }, []) => self.project_type(call.unit, call.owner, index),
            (_, [row]) if self.program.is_function(function) => {
                let values = self.eval(call.unit, call.owner, row.value);
                match values.as_slice() {
                    [only] => match self.pool.value(*only) {
                        Value::Instance(of) => Some(of),
                        _ => None,
                    },
                    _ => None,
                }
            }
            _ => None,
        }?;
        self.store_of_type(stores, given).map(|_| Subject::Type(given))
    }

    /// The methods of types with type parameters that use a handle which their object keeps, here or by handing their own
    /// object's part on: whoever calls them says by a type which store is meant.
    pub(crate) fn slots_of_handle(&mut self, handle: Spot, level: u32) -> Vec<(Def, Slot<'a>)> {
        let mut slots: Vec<(Def, Slot<'a>)> = Vec::new();
        let Some(method) = self.rooted_in_receiver(handle, 0) else { return slots };
        let params = self.program.definition(method).type_params.len();
        if params > 0 {
            slots.extend((0..params).map(|it| (method, Slot::Type(it))));
            return slots;
        }
        if level >= MOST_LEVELS {
            return slots;
        }
        for call in self.calls_of(method).to_vec().into_iter().take(MOST_CALLS) {
            let ExprKind::Call { callee, .. } = &self.facts(call.unit).expr(call.expr).kind else { continue };
            let ExprKind::Member { base, .. } = &self.facts(call.unit).expr(*callee).kind else { continue };
            for slot in self.slots_of_handle(Spot { expr: *base, ..call }, level + 1) {
                if !slots.contains(&slot) {
                    slots.push(slot);
                }
            }
        }
        slots
    }

    /// The type expression that an alias stands for.
    pub(in crate::link) fn behind_alias(&mut self, spot: Spot) -> Option<Spot> {
        let values = self.eval(spot.unit, spot.owner, spot.expr);
        let [only] = values.as_slice() else { return None };
        let Value::Def(of) = self.pool.value(*only) else { return None };
        if self.program.kind(of) != DefinitionKind::Alias {
            return None;
        }
        let (unit, id) = self.program.local(of);
        let definition = self.facts(unit).definition(id);
        definition.bases.first().map(|expr| Spot { unit, owner: definition.parent, expr: *expr })
    }

    /// The type argument of what a field is given, where its declared type says none: all that is put there is made for one.
    pub(in crate::link) fn applied_in_field(&mut self, field: Def, level: u32) -> Option<Spot> {
        let (unit, id) = self.program.local(field);
        let definition = self.facts(unit).definition(id);
        let var = self.find_var(self.program.space(unit, definition.parent), &definition.name)?;
        let sources = self.sources(var);
        let [only] = sources.as_slice() else { return None };
        self.applied_type(*only, level + 1)
    }

    /// What a call hands to a parameter that is declared as a type parameter.
    pub(in crate::link) fn argument_of_type(&self, function: Def, index: usize, args: &[Argument]) -> Option<ExprId> {
        let (unit, id) = self.program.local(function);
        let mut plain = self.program.definition(function).params.iter().filter(|it| it.kind == ParamKind::Plain);
        let position = plain.position(|it| {
            it.declared.is_some_and(|expr| {
                self.type_slot(Spot { unit, owner: id, expr }) == Some((function, Slot::Type(index)))
            })
        })?;
        self.argument_of(function, position, args)
    }
}
