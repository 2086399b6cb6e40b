//! Texts of a method that several types have, called on a parameter: `item.Table()` in `func put(item Row)` is what the types
//! that callers hand in say, and each caller decides it.

use rustc_hash::FxHashSet;

use crate::link::names::program::Def;
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::Value;
use crate::model::fact::{ExprId, ExprKind};

/// Calls of one function that are looked at.
const MOST_CALLS: usize = 200;

impl Inference<'_> {
    /// The methods that a call on a parameter runs, each with the argument that brings its type; nothing where it is not a matter of
    /// callers, or where one of them is not known to hand in one type.
    pub(crate) fn dispatched(&mut self, spot: Spot) -> Option<Vec<(Def, Spot)>> {
        if !self.bindings.is_empty() {
            return None;
        }
        let facts = self.facts(spot.unit);
        let ExprKind::Call { callee, .. } = &facts.expr(spot.expr).kind else { return None };
        let ExprKind::Member { base, name: method } = &facts.expr(*callee).kind else { return None };
        let ExprKind::Name(name) = &facts.expr(*base).kind else { return None };
        let (holder, position) = self.parameter_at(spot, name)?;
        if self.methods_run(spot, *callee).len() < 2 {
            return None;
        }
        let calls = self.calls_of(self.program.def(spot.unit, holder)).to_vec();
        if calls.is_empty() || calls.len() > MOST_CALLS {
            return None;
        }
        let mut found = Vec::new();
        for call in calls {
            let facts = self.facts(call.unit);
            let ExprKind::Call { args, .. } = &facts.expr(call.expr).kind else { return None };
            let argument = args.get(position).filter(|it| it.name.is_none() && !it.spread)?;
            let given = Spot { expr: argument.value, ..call };
            let mut methods: FxHashSet<Def> = FxHashSet::default();
            for value in self.eval(given.unit, given.owner, given.expr) {
                let value = self.pool.value(value);
                for it in self.member(value, method, given.unit) {
                    if let Value::Bound(def, _) | Value::Def(def) = self.pool.value(it) {
                        methods.insert(def);
                    }
                }
            }
            methods.retain(|it| !self.program.definition(*it).traits.is_abstract);
            let [only] = methods.into_iter().collect::<Vec<_>>()[..] else { return None };
            found.push((only, given));
        }
        Some(found)
    }

    /// Methods with a body that a callee may be.
    fn methods_run(&mut self, spot: Spot, callee: ExprId) -> FxHashSet<Def> {
        let values = self.eval(spot.unit, spot.owner, callee);
        let defs = values.into_iter().filter_map(|it| match self.pool.value(it) {
            Value::Bound(def, _) | Value::Def(def) if self.program.is_function(def) => Some(def),
            _ => None,
        });
        let defs: Vec<Def> = defs.collect();
        defs.into_iter().filter(|it| !self.program.definition(*it).traits.is_abstract).collect()
    }
}
