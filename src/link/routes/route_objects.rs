//! Routes that are objects: `register(route)` asks what it is handed for its path, its HTTP method and who answers it.

use crate::link::names::program::Def;
use crate::link::strings::texts::{TextAt, Trail};
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::Value;
use crate::model::fact::{DefId, ExprId, ExprKind, ParamKind, Piece};

/// Variables between a route and the call that says it, and between an object and the literal that made it.
const MOST_STEPS: u32 = 4;

impl Inference<'_> {
    /// Parameters whose methods say a route, also by way of local variables (`path := route.Path()`).
    pub(in crate::link) fn objects_in(&mut self, unit: u32, owner: DefId, expr: ExprId, level: u32) -> Vec<ExprId> {
        let facts = self.facts(unit);
        let is_param = |name: &str| facts.definition(owner).params.iter().any(|it| it.name == name);
        let mut found = Vec::new();
        match &facts.expr(expr).kind {
            _ if level > MOST_STEPS => {}
            ExprKind::Name(name) if !is_param(name) => {
                for (var, _) in self.vars_of(unit, owner, expr) {
                    for source in self.sources(var) {
                        if (source.unit, source.owner) == (unit, owner) && source.expr != expr {
                            found.extend(self.objects_in(unit, owner, source.expr, level + 1));
                        }
                    }
                }
            }
            ExprKind::Template(pieces) => {
                for piece in pieces {
                    if let Piece::Hole(hole) = piece {
                        found.extend(self.objects_in(unit, owner, *hole, level + 1));
                    }
                }
            }
            ExprKind::Choice(items) => {
                for item in items {
                    found.extend(self.objects_in(unit, owner, *item, level + 1));
                }
            }
            ExprKind::Call { callee, args } if args.is_empty() => {
                if let ExprKind::Member { base, .. } = &facts.expr(*callee).kind
                    && matches!(&facts.expr(*base).kind, ExprKind::Name(name) if is_param(name))
                {
                    found.push(*base);
                }
            }
            _ => {}
        }
        found
    }

    /// Texts of a method without arguments that is called on a parameter which stands for one argument: those of the one
    /// method that the argument's type has.
    pub(in crate::link) fn follow_bound(&mut self, call: Spot, trail: &mut Trail) -> Option<Vec<TextAt>> {
        let ExprKind::Call { callee, args } = &self.facts(call.unit).expr(call.expr).kind else { return None };
        let ExprKind::Member { base, name } = &self.facts(call.unit).expr(*callee).kind else { return None };
        if self.bindings.is_empty() || !args.is_empty() {
            return None;
        }
        let given = self.bound(call.unit, call.owner, *base)?;
        let method = self.method_of(given, name)?;
        let var = self.result_var(method)?;
        let before = self.bindings.len();
        self.bind_made(given, 0);
        let texts = self.follow_var(var, false, call, u32::MAX, trail);
        self.bindings.truncate(before);
        (!texts.is_empty()).then_some(texts)
    }

    /// The one method with a body that a name is for what stands somewhere.
    fn method_of(&mut self, object: Spot, name: &str) -> Option<Def> {
        let mut methods: Vec<Def> = Vec::new();
        for value in self.eval(object.unit, object.owner, object.expr) {
            let value @ Value::Instance(_) = self.pool.value(value) else { continue };
            for it in self.member(value, name, object.unit) {
                if let Value::Bound(def, _) | Value::Def(def) = self.pool.value(it)
                    && !methods.contains(&def)
                {
                    methods.push(def);
                }
            }
        }
        methods.retain(|it| self.program.is_function(*it) && !self.program.definition(*it).traits.is_abstract);
        if let [only] = methods.as_slice() { Some(*only) } else { None }
    }

    /// Fields of an object stand for what the literal gives them that made it, here or in the function that was called for it.
    fn bind_made(&mut self, object: Spot, level: u32) {
        if level > MOST_STEPS {
            return;
        }
        match &self.facts(object.unit).expr(object.expr).kind {
            ExprKind::Construct { .. } => self.bind_fields(object),
            ExprKind::Call { callee, args } => {
                let mut makers = Vec::new();
                for value in self.eval(object.unit, object.owner, *callee) {
                    if let Value::Def(def) | Value::Bound(def, _) = self.pool.value(value)
                        && self.program.is_function(def)
                    {
                        makers.push(def);
                    }
                }
                let [maker] = makers.as_slice() else { return };
                let results = self.result_var(*maker).map(|it| self.sources(it)).unwrap_or_default();
                if let [made] = results.as_slice() {
                    let made = *made;
                    self.bind_arguments(object.unit, object.owner, *maker, args);
                    self.bind_made(made, level + 1);
                }
            }
            ExprKind::Name(_) => {
                let vars = self.vars_of(object.unit, object.owner, object.expr);
                let made: Vec<Spot> = vars.iter().flat_map(|(var, _)| self.sources(*var)).collect();
                if let [made] = made.as_slice() {
                    self.bind_made(*made, level + 1);
                }
            }
            _ => {}
        }
    }

    /// The method that a function literal calls of what its function was handed (`route.Handle`): the one that takes arguments.
    pub(in crate::link) fn method_given(&mut self, unit: u32, literal: DefId, owner: DefId) -> Option<Def> {
        if self.bindings.is_empty() {
            return None;
        }
        let facts = self.facts(unit);
        let lines = facts.definition(literal).line..=facts.definition(literal).end_line;
        let space = self.program.space(unit, owner);
        let mut found: Vec<Def> = Vec::new();
        for param in facts.definition(owner).params.iter().filter(|it| it.kind == ParamKind::Plain) {
            let Some(var) = self.find_var(space, &param.name) else { continue };
            let Some((_, given)) = self.bindings.iter().rev().find(|(it, _)| *it == var).copied() else { continue };
            for expr in facts.exprs.iter().filter(|it| lines.contains(&it.at.line)) {
                let ExprKind::Member { base, name } = &expr.kind else { continue };
                if !matches!(&facts.expr(*base).kind, ExprKind::Name(it) if *it == param.name) {
                    continue;
                }
                let Some(method) = self.method_of(given, name) else { continue };
                let takes = self.program.definition(method).params.iter().any(|it| it.kind == ParamKind::Plain);
                if takes && !found.contains(&method) {
                    found.push(method);
                }
            }
        }
        if let [only] = found.as_slice() { Some(*only) } else { None }
    }
}
