//! Which of the things that a wrapper (middleware, a server around an endpoint) is given is the handler.

use crate::link::names::program::Def;
use crate::link::routes::registrations::call_given;
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::Value;
use crate::model::fact::{Argument, DefId, ExprId, ExprKind, FileFacts, Param, ParamKind};
use crate::model::rule::{Gives, Rule};

impl Inference<'_> {
    /// The method by which a type serves, or the object that a factory makes (`serve(newOrders)`).
    pub(in crate::link) fn member_that_serves(&mut self, def: Def, method: &str) -> Option<Def> {
        if self.program.is_type(def) {
            return self.method_named(def, method);
        }
        let made = self.result_var(def).map(|it| self.read(it))?;
        let mut own = made.iter().filter_map(|it| match self.pool.value(*it) {
            Value::Instance(of) => Some(of),
            _ => None,
        });
        let (Some(only), None) = (own.next(), own.next()) else { return None };
        self.method_named(only, method)
    }

    /// Who answers by a text that stands beside the path in a call of the program's own (`page("^orders/$", "shop.views.List")`),
    /// by position: a keyword's text may be the name of the route.
    pub(in crate::link) fn handlers_named(
        &mut self,
        path: Spot,
        rule: &Rule,
        methods: &[String],
    ) -> Vec<(String, Def)> {
        let Some((_, _, args)) = call_given(self.facts(path.unit), path.expr) else { return Vec::new() };
        let mut handlers = Vec::new();
        for argument in args.iter().filter(|it| it.name.is_none() && it.value != path.expr) {
            for value in self.named_by_texts(path.unit, path.owner, argument.value) {
                let Value::Def(def) = self.pool.value(value) else { continue };
                let before = handlers.len();
                if self.program.is_type(def) {
                    self.type_handlers(def, rule, None, &mut handlers);
                }
                if handlers.len() == before && (self.program.is_type(def) || self.program.is_function(def)) {
                    handlers.extend(methods.iter().map(|it| (it.clone(), def)));
                }
            }
        }
        handlers
    }

    /// Of several functions that a wrapper of the program's own is given, the one whose type is that of what the wrapper makes.
    pub(in crate::link) fn handler_among(
        &mut self,
        unit: u32,
        owner: DefId,
        callee: ExprId,
        args: &[Argument],
    ) -> Option<ExprId> {
        let is_function = |it: &mut Self, at: ExprId| {
            let values = it.eval(unit, owner, at);
            values.iter().any(|value| match it.pool.value(*value) {
                Value::Def(of) | Value::Bound(of, _) => it.program.is_function(of),
                _ => false,
            })
        };
        let mut given: Vec<usize> = Vec::new();
        for (place, argument) in args.iter().enumerate() {
            if is_function(self, argument.value) {
                given.push(place);
            }
        }
        if given.len() < 2 {
            return None;
        }
        let wrapper = self.function_called(unit, owner, callee)?;
        let (home, id) = self.program.local(wrapper);
        let facts = self.facts(home);
        let definition = facts.definition(id);
        let result = definition.result?;
        let params: Vec<&Param> = definition.params.iter().filter(|it| it.kind == ParamKind::Plain).collect();
        let alike = |place: &usize| {
            let declared = params.get(*place).and_then(|it| it.declared);
            declared.is_some_and(|it| is_same(facts, it, result, 0))
        };
        let mut alike = given.iter().filter(|it| alike(it));
        let only = alike.next().filter(|_| alike.next().is_none())?;
        args.get(*only).map(|it| it.value)
    }

    /// The function that a name or member is written as, where a decorator of the program's own put a function of its own in its
    /// place: that one says nothing of what answers.
    pub(in crate::link) fn decorated_as(&mut self, named: Spot, inner: Def) -> Option<Def> {
        let around = self.program.parent(inner);
        if !self.program.is_function(inner) || !self.program.is_function(around) {
            return None;
        }
        let facts = self.facts(named.unit);
        let written = match &facts.expr(named.expr).kind {
            ExprKind::Name(word) => {
                let module = self.program.unit(named.unit).module;
                self.program.members(self.program.module_space(module), word).to_vec()
            }
            ExprKind::Member { base, name } => {
                let holders = self.eval(named.unit, named.owner, *base);
                let holder = holders.iter().find_map(|it| match self.pool.value(*it) {
                    Value::Instance(of) | Value::Def(of) if self.program.is_type(of) => Some(of),
                    _ => None,
                })?;
                self.method_named(holder, name).into_iter().collect()
            }
            _ => return None,
        };
        let is_it = |it: &Def| {
            *it != inner && self.program.is_function(*it) && !self.program.definition(*it).attributes.is_empty()
        };
        written.into_iter().find(is_it)
    }

    /// The argument that an outside wrapper gives back, as its stub says: what else it is given is no handler.
    pub(in crate::link) fn handed_on(
        &mut self,
        unit: u32,
        owner: DefId,
        callee: ExprId,
        args: &[Argument],
    ) -> Option<ExprId> {
        let values = self.eval(unit, owner, callee);
        let [only] = values.as_slice() else { return None };
        let Value::Outside { path, .. } = self.pool.value(*only) else { return None };
        match self.stubs.exact(self.pool.text(path))?.gives {
            Gives::Argument(at) => args.get(usize::from(at)).map(|it| it.value),
            _ => None,
        }
    }

    /// Whether a call makes a function that is given something, such as a request.
    pub(in crate::link) fn makes_asking(&mut self, unit: u32, owner: DefId, expr: ExprId) -> bool {
        let made = self.eval(unit, owner, expr);
        made.iter().any(|it| match self.pool.value(*it) {
            Value::Def(of) if self.program.is_function(of) => {
                self.program.definition(of).params.iter().any(|it| it.kind == ParamKind::Plain)
            }
            _ => false,
        })
    }

    /// Whether an expression is a function literal without parameters: beside other things that a handler is made with
    /// (`listing(store, func() any { return &[]Order{} })`) it is none.
    pub(in crate::link) fn takes_nothing(&self, unit: u32, expr: ExprId) -> bool {
        let facts = self.facts(unit);
        matches!(&facts.expr(expr).kind, ExprKind::Function(id) if facts.definition(*id).params.is_empty())
    }

    /// Functions that make a handler: their own names say more than the literals they return.
    pub(in crate::link) fn add_makers(&mut self, unit: u32, owner: DefId, callee: ExprId, defs: &mut Vec<Def>) {
        for value in self.eval(unit, owner, callee) {
            if let Value::Def(def) | Value::Bound(def, _) = self.pool.value(value)
                && self.program.is_function(def)
                && !defs.contains(&def)
            {
                defs.push(def);
            }
        }
    }

    /// Functions that the registration in hand gave to a function.
    pub(in crate::link) fn functions_given(&mut self, unit: u32, owner: DefId, level: u32) -> Vec<Def> {
        let mut given = Vec::new();
        if self.bindings.is_empty() {
            return given;
        }
        let space = self.program.space(unit, owner);
        for param in &self.facts(unit).definition(owner).params {
            let Some(var) = self.find_var(space, &param.name) else { continue };
            if let Some((_, spot)) = self.bindings.iter().rev().find(|(it, _)| *it == var) {
                let spot = *spot;
                self.functions_of(spot.unit, spot.owner, spot.expr, &mut given, level + 1);
            }
        }
        given.retain(|it| self.program.is_function(*it));
        given
    }
}

/// Whether two types of a file are written alike.
fn is_same(facts: &FileFacts, one: ExprId, other: ExprId, level: u32) -> bool {
    let all = |one: &[ExprId], other: &[ExprId]| {
        one.len() == other.len() && one.iter().zip(other).all(|(it, other)| is_same(facts, *it, *other, level + 1))
    };
    match (&facts.expr(one).kind, &facts.expr(other).kind) {
        _ if level > 6 => false,
        (ExprKind::Name(one), ExprKind::Name(other)) => one == other,
        (ExprKind::Member { base, name }, ExprKind::Member { base: other, name: called }) => {
            name == called && is_same(facts, *base, *other, level + 1)
        }
        (ExprKind::Index { base, index }, ExprKind::Index { base: other, index: by }) => {
            all(&[*base, *index], &[*other, *by])
        }
        (ExprKind::Sequence(one), ExprKind::Sequence(other)) => all(one, other),
        _ => false,
    }
}
