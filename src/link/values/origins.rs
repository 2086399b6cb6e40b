//! Where a value was written down. Variables of one field are shared by all holders of a type; here a field is read from
//! the literal that made its holder, so that two repositories of one type keep their own tables.

use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::Value;
use crate::model::fact::ExprKind;

/// Steps from a use to where the value is written.
const MOST_STEPS: u32 = 8;
/// Places that a value may come from; with more, nothing is said.
const MOST_ORIGINS: usize = 8;

impl Inference<'_> {
    /// The expressions that an expression stands for; nothing if one of the ways leads nowhere.
    pub(crate) fn origins(&mut self, spot: Spot) -> Option<Vec<Spot>> {
        let mut found = Vec::new();
        self.trace(spot, 0, &mut found).then_some(found)
    }

    /// What a member is by the literals that made its holder.
    pub(crate) fn member_origins(&mut self, spot: Spot) -> Option<Vec<Spot>> {
        let mut found = Vec::new();
        self.trace_member(spot, 0, &mut found).then_some(found)
    }

    fn trace(&mut self, spot: Spot, steps: u32, found: &mut Vec<Spot>) -> bool {
        if steps > MOST_STEPS || found.len() > MOST_ORIGINS {
            return false;
        }
        match &self.facts(spot.unit).expr(spot.expr).kind {
            ExprKind::Name(_) => self.trace_sources(spot, steps, found),
            ExprKind::Member { .. } => {
                let before = found.len();
                if self.trace_member(spot, steps, found) {
                    return true;
                }
                found.truncate(before);
                self.trace_sources(spot, steps, found)
            }
            ExprKind::Choice(items) => items.iter().all(|it| self.trace(Spot { expr: *it, ..spot }, steps + 1, found)),
            ExprKind::Call { callee, .. } => {
                let mut own = Vec::new();
                for value in self.eval(spot.unit, spot.owner, *callee) {
                    if let Value::Def(def) | Value::Bound(def, _) = self.pool.value(value)
                        && self.program.is_function(def)
                    {
                        own.push(def);
                    }
                }
                match own.as_slice() {
                    [] => {
                        found.push(spot);
                        true
                    }
                    [only] => {
                        let Some(var) = self.result_var(*only) else { return false };
                        let sources = self.sources(var);
                        !sources.is_empty() && sources.iter().all(|it| self.trace(*it, steps + 1, found))
                    }
                    _ => false,
                }
            }
            ExprKind::Compared(_) | ExprKind::Unknown => false,
            _ => {
                found.push(spot);
                true
            }
        }
    }

    fn trace_sources(&mut self, spot: Spot, steps: u32, found: &mut Vec<Spot>) -> bool {
        let vars = self.vars_of(spot.unit, spot.owner, spot.expr);
        let [(var, _)] = vars.as_slice() else { return false };
        let sources = self.sources(*var);
        !sources.is_empty()
            && sources.len() <= MOST_ORIGINS
            && sources.iter().all(|it| self.trace(*it, steps + 1, found))
    }

    fn trace_member(&mut self, spot: Spot, steps: u32, found: &mut Vec<Spot>) -> bool {
        let ExprKind::Member { base, name } = &self.facts(spot.unit).expr(spot.expr).kind else { return false };
        let mut holders = Vec::new();
        if !self.trace(Spot { expr: *base, ..spot }, steps + 1, &mut holders) || holders.is_empty() {
            return false;
        }
        holders.into_iter().all(|it| match self.field_of(it, name, 0) {
            Some(field) => self.trace(field, steps + 1, found),
            None => false,
        })
    }

    /// What a literal gives a field, also one of a part that is embedded.
    fn field_of(&self, literal: Spot, name: &str, level: u32) -> Option<Spot> {
        let ExprKind::Construct { fields, .. } = &self.facts(literal.unit).expr(literal.expr).kind else { return None };
        if let Some(field) = fields.iter().find(|it| it.name.as_deref() == Some(name)) {
            return Some(Spot { expr: field.value, ..literal });
        }
        if level > 2 {
            return None;
        }
        fields.iter().find_map(|it| self.field_of(Spot { expr: it.value, ..literal }, name, level + 1))
    }
}
