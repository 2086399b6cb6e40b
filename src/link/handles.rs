//! Handles that functions hand out for a name they are given: `self.space(name).insert(..)` is about what `name` holds, and
//! who gave that name decides.

use crate::link::infer::{Inference, Spot};
use crate::link::program::Def;
use crate::link::value::{Subject, Value};
use crate::model::fact::{Argument, ExprKind, ParamKind};
use crate::model::rule::{Gives, Rule, Subject as StubSubject};

/// Calls and variables between a handle and the name it was made of.
const MOST_STEPS: u32 = 6;

impl Inference<'_> {
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
}
