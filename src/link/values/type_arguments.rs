//! Type arguments: what a call, a value or a declared type gives for the type parameter of a generic function or type.

use crate::link::access::deciders::Slot;
use crate::link::names::program::Def;
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::Value;
use crate::model::fact::{Argument, DefId, DefinitionKind, ExprId, ExprKind, ParamKind};

impl<'a> Inference<'a> {
    /// The type that a call gives for a type parameter: written at the call, that of an argument, or that of the value
    /// the method is called on.
    pub(in crate::link) fn type_argument(
        &mut self,
        call: Spot,
        callee: ExprId,
        args: &'a [Argument],
        function: Def,
        index: usize,
    ) -> Option<Spot> {
        let facts = self.facts(call.unit);
        let definition = self.program.definition(function);
        match &facts.expr(callee).kind {
            ExprKind::Index { index: types, .. } => self.nth_type(Spot { expr: *types, ..call }, index),
            ExprKind::Member { base, .. } if definition.receiver.is_some() => {
                let base = Spot { expr: *base, ..call };
                for value in self.eval(call.unit, call.owner, base.expr) {
                    let Value::Instance(of) = self.pool.value(value) else { continue };
                    if let Some(given) = self.embedded_argument(of, function, index) {
                        return Some(given);
                    }
                }
                let applied = self.applied_type(base, 0)?;
                self.nth_type(applied, index)
            }
            _ => {
                let (unit, id) = self.program.local(function);
                let mut plain = definition.params.iter().filter(|it| it.kind == ParamKind::Plain);
                let position = plain.position(|it| {
                    it.declared.is_some_and(|declared| {
                        self.type_slot(Spot { unit, owner: id, expr: declared }) == Some((function, Slot::Type(index)))
                    })
                })?;
                let argument = self.argument_of(function, position, args)?;
                // The literal's type, if it is one.
                match &facts.expr(argument).kind {
                    ExprKind::Construct { of, .. } => Some(Spot { expr: *of, ..call }),
                    _ => None,
                }
            }
        }
    }

    pub(in crate::link) fn nth_type(&self, types: Spot, index: usize) -> Option<Spot> {
        match &self.facts(types.unit).expr(types.expr).kind {
            ExprKind::Sequence(items) => items.get(index).map(|it| Spot { expr: *it, ..types }),
            _ => (index == 0).then_some(types),
        }
    }

    /// `struct { Repository[Order] }`: the type argument of the base that has the method.
    fn embedded_argument(&mut self, of: Def, function: Def, index: usize) -> Option<Spot> {
        let name = &self.program.definition(function).name;
        for holder in self.lineage(of).types.clone() {
            let (unit, id) = self.program.local(holder);
            for base in &self.program.definition(holder).bases {
                let ExprKind::Index { base: generic, index: types } = self.facts(unit).expr(*base).kind else {
                    continue;
                };
                let Some(generic) = self.project_type(unit, id, generic) else { continue };
                if self.program.members(self.program.def_space(generic), name).contains(&function) {
                    return self.nth_type(Spot { unit, owner: id, expr: types }, index);
                }
            }
        }
        None
    }

    /// The arguments of the generic type that a value was declared or made with.
    pub(in crate::link) fn applied_type(&mut self, spot: Spot, level: u32) -> Option<Spot> {
        if level > 4 {
            return None;
        }
        let facts = self.facts(spot.unit);
        let at = |expr: ExprId| Spot { expr, ..spot };
        match &facts.expr(spot.expr).kind {
            ExprKind::Index { index, .. } => Some(at(*index)),
            ExprKind::Construct { of, .. } => match &facts.expr(*of).kind {
                ExprKind::Index { index, .. } => Some(at(*index)),
                _ => None,
            },
            ExprKind::Call { callee, .. } => {
                if let ExprKind::Index { index, .. } = facts.expr(*callee).kind {
                    return Some(at(index));
                }
                let function =
                    self.eval(spot.unit, spot.owner, *callee).into_iter().find_map(|it| match self.pool.value(it) {
                        Value::Def(def) | Value::Bound(def, _) if self.program.is_function(def) => Some(def),
                        _ => None,
                    })?;
                let (unit, id) = self.program.local(function);
                let result = self.program.definition(function).result?;
                self.declared_argument(Spot { unit, owner: id, expr: result })
            }
            ExprKind::Member { base, name } => {
                for value in self.eval(spot.unit, spot.owner, *base) {
                    let Value::Instance(of) = self.pool.value(value) else { continue };
                    for holder in self.lineage(of).types.clone() {
                        for field in self.program.members(self.program.def_space(holder), name) {
                            let (unit, id) = self.program.local(field);
                            if let Some(declared) = self.program.definition(field).declared {
                                let owner = self.facts(unit).definition(id).parent;
                                let found = self.declared_argument(Spot { unit, owner, expr: declared });
                                return found.or_else(|| self.applied_in_field(field, level));
                            }
                        }
                    }
                }
                None
            }
            ExprKind::Name(name) => {
                let mut scope = spot.owner;
                loop {
                    let definition = facts.definition(scope);
                    if let Some(param) = definition.params.iter().find(|it| it.name == *name) {
                        return self.declared_argument(at(param.declared?));
                    }
                    if scope == DefId::MODULE || definition.kind != DefinitionKind::Closure {
                        break;
                    }
                    scope = definition.parent;
                }
                let vars = self.vars_of(spot.unit, spot.owner, spot.expr);
                let [(var, _)] = vars.as_slice() else { return None };
                let sources = self.sources(*var);
                let [only] = sources.as_slice() else { return None };
                self.applied_type(*only, level + 1)
            }
            _ => None,
        }
    }

    /// `Order` of a declared `Repository[Order]`, the first of several results, also by another name of that.
    pub(in crate::link) fn declared_argument(&mut self, spot: Spot) -> Option<Spot> {
        let mut at = spot;
        for _ in 0..4 {
            match &self.facts(at.unit).expr(at.expr).kind {
                ExprKind::Index { index, .. } => return Some(Spot { expr: *index, ..at }),
                ExprKind::Sequence(items) => at.expr = *items.first()?,
                ExprKind::Name(_) | ExprKind::Member { .. } => at = self.behind_alias(at)?,
                _ => return None,
            }
        }
        None
    }
}
