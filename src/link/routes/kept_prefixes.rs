//! Routers of the program's own that keep the prefix of the group in hand in a field while its body runs:
//! `func (r *router) Group(path string, body func()) { before := r.prefix; r.prefix += path; body(); r.prefix = before }`.
//! Below which prefix a route stands that reads the field is decided by who calls, and not by what the field may hold.

use crate::link::names::program::Def;
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::Value;
use crate::model::fact::{DefId, ExprId, ExprKind, ParamKind, Piece, StepKind};

/// Steps from a route to the field.
const MOST_STEPS: u32 = 6;

impl<'a> Inference<'a> {
    /// Whether a route is put together from a prefix that the router keeps for the group in hand.
    pub(in crate::link::routes) fn reads_kept_prefix(&mut self, unit: u32, owner: DefId, route: ExprId) -> bool {
        let method = self.named_owner(unit, owner);
        let is_written = matches!(self.facts(unit).expr(route).kind, ExprKind::Text(_));
        if is_written || self.receiver_name(unit, method).is_none() {
            return false;
        }
        let mut fields: Vec<&'a str> = Vec::new();
        for of in self.entity_types(unit, method) {
            for other in self.written_methods(of) {
                self.add_kept_fields(other, &mut fields);
            }
        }
        !fields.is_empty() && self.reads_field(Spot { unit, owner, expr: route }, &fields, 0)
    }

    fn receiver_name(&self, unit: u32, method: DefId) -> Option<&'a str> {
        let mut params = self.facts(unit).definition(method).params.iter();
        params.find(|it| it.kind == ParamKind::Receiver).map(|it| it.name.as_str())
    }

    /// Fields of the receiver that a method makes longer by what it is given, and that runs a function it is given.
    fn add_kept_fields(&self, method: Def, fields: &mut Vec<&'a str>) {
        let (unit, id) = self.program.local(method);
        let facts = self.facts(unit);
        let Some(receiver) = self.receiver_name(unit, id) else { return };
        let definition = facts.definition(id);
        let is_param = |expr: ExprId| match &facts.expr(expr).kind {
            ExprKind::Name(name) => definition.params.iter().any(|it| it.kind == ParamKind::Plain && it.name == *name),
            _ => false,
        };
        let field_of = |expr: ExprId| match &facts.expr(expr).kind {
            ExprKind::Member { base, name } => {
                let is_own = matches!(&facts.expr(*base).kind, ExprKind::Name(it) if it == receiver);
                is_own.then_some(name.as_str())
            }
            _ => None,
        };
        let lines = definition.line..=definition.end_line;
        let runs_body = facts.exprs.iter().filter(|it| lines.contains(&it.at.line)).any(|it| match &it.kind {
            ExprKind::Call { callee, .. } => is_param(*callee),
            _ => false,
        });
        if !runs_body {
            return;
        }
        for step in facts.steps.iter().filter(|it| it.owner == id) {
            let StepKind::Assign { target, value } = step.kind else { continue };
            let ExprKind::Template(pieces) = &facts.expr(value).kind else { continue };
            let holes = || {
                pieces.iter().filter_map(|it| match it {
                    Piece::Hole(hole) => Some(*hole),
                    Piece::Text(_) => None,
                })
            };
            if let Some(field) = field_of(target)
                && holes().any(|it| field_of(it) == Some(field))
                && holes().any(is_param)
            {
                fields.push(field);
            }
        }
    }

    /// Whether an expression reads one of these fields of the receiver, also by way of local variables, of methods of the same
    /// type and of functions that it is given to.
    fn reads_field(&mut self, spot: Spot, fields: &[&str], steps: u32) -> bool {
        if steps > MOST_STEPS {
            return false;
        }
        let at = |expr: ExprId| Spot { expr, ..spot };
        let method = self.named_owner(spot.unit, spot.owner);
        match &self.facts(spot.unit).expr(spot.expr).kind {
            ExprKind::Member { base, name } => {
                let receiver = self.receiver_name(spot.unit, method);
                let base = &self.facts(spot.unit).expr(*base).kind;
                matches!(base, ExprKind::Name(it) if Some(it.as_str()) == receiver) && fields.contains(&name.as_str())
            }
            ExprKind::Template(pieces) => pieces.iter().any(|it| match it {
                Piece::Hole(hole) => self.reads_field(at(*hole), fields, steps + 1),
                Piece::Text(_) => false,
            }),
            ExprKind::Choice(items) => items.iter().any(|it| self.reads_field(at(*it), fields, steps + 1)),
            ExprKind::Name(_) => {
                let vars = self.vars_of(spot.unit, spot.owner, spot.expr);
                vars.into_iter().filter(|(_, is_parameter)| !is_parameter).any(|(var, _)| {
                    let sources = self.sources(var);
                    sources.into_iter().any(|it| it.unit == spot.unit && self.reads_field(it, fields, steps + 1))
                })
            }
            ExprKind::Call { callee, args } => {
                if args.iter().any(|it| self.reads_field(at(it.value), fields, steps + 1)) {
                    return true;
                }
                for value in self.eval(spot.unit, spot.owner, *callee) {
                    if let Value::Def(function) | Value::Bound(function, _) = self.pool.value(value)
                        && self.program.local(function).0 == spot.unit
                        && let Some(var) = self.result_var(function)
                        && self.sources(var).into_iter().any(|it| self.reads_field(it, fields, steps + 1))
                    {
                        return true;
                    }
                }
                false
            }
            _ => false,
        }
    }
}
