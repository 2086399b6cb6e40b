//! Texts that a function keeps in a table of the program's under a number that it makes up and hands back: what
//! `var byName = register("SELECT ..")` was given is what the table has at `[byName]`, and so has what was made of the table.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::link::names::program::Def;
use crate::link::strings::texts::{TextAt, Trail};
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::Value;
use crate::model::fact::{DefId, ExprId, ExprKind, FileFacts, ParamKind, StepKind};

/// Steps from an index to the call that gave the number.
const MOST_STEPS: u32 = 4;
/// Calls that a number may come from.
const MOST_NUMBERS: usize = 16;

impl Inference<'_> {
    /// The texts that the numbers were handed back for which an index may be; nothing where it may be anything else.
    pub(crate) fn numbered(&mut self, index: Spot, trail: &mut Trail) -> Option<Vec<TextAt>> {
        self.backward.as_ref()?;
        let keyed = self.keyed_texts();
        if keyed.numbering.is_empty() {
            return None;
        }
        let mut kept: Vec<Spot> = Vec::new();
        if !self.texts_numbered(index, &keyed.numbering, 0, &mut kept) {
            return None;
        }
        let texts = kept.into_iter().flat_map(|it| self.follow(it.unit, it.owner, it.expr, trail)).collect();
        Some(texts)
    }

    /// What was given to the calls that an expression has its number from; whether it has it from nothing else.
    fn texts_numbered(
        &mut self,
        at: Spot,
        numbering: &FxHashMap<Def, usize>,
        steps: u32,
        kept: &mut Vec<Spot>,
    ) -> bool {
        if steps > MOST_STEPS || kept.len() > MOST_NUMBERS {
            return false;
        }
        match &self.facts(at.unit).expr(at.expr).kind {
            ExprKind::Name(_) | ExprKind::Member { .. } => {
                let vars = self.vars_of(at.unit, at.owner, at.expr);
                let mut sources: Vec<Spot> = Vec::new();
                for (var, is_parameter) in vars {
                    let bound = self.bindings.iter().rev().find(|(it, _)| *it == var).map(|it| it.1);
                    match bound {
                        Some(given) => sources.push(given),
                        // Whoever calls says which.
                        None if is_parameter => return false,
                        None => sources.extend(self.sources(var)),
                    }
                }
                !sources.is_empty() && sources.into_iter().all(|it| self.texts_numbered(it, numbering, steps + 1, kept))
            }
            ExprKind::Call { callee, args } => {
                let functions = self.eval(at.unit, at.owner, *callee);
                let [only] = functions.as_slice() else { return false };
                let (Value::Def(function) | Value::Bound(function, _)) = self.pool.value(*only) else { return false };
                let text = numbering.get(&function).and_then(|it| args.get(*it));
                kept.extend(text.map(|it| Spot { expr: it.value, ..at }));
                text.is_some()
            }
            _ => false,
        }
    }
}

/// The functions of a file that keep a parameter under a number of their own and hand that back, each with the parameter's
/// position: `func register(text string) int { at := len(texts); texts[at] = text; return at }`.
pub(super) fn add_numbering(facts: &FileFacts, def: impl Fn(DefId) -> Def, numbering: &mut FxHashMap<Def, usize>) {
    let name = |expr: ExprId| match &facts.expr(expr).kind {
        ExprKind::Name(name) => Some(name),
        _ => None,
    };
    for step in &facts.steps {
        let StepKind::Assign { target, value } = step.kind else { continue };
        let ExprKind::Index { index, .. } = facts.expr(target).kind else { continue };
        let (Some(number), Some(kept)) = (name(index), name(value)) else { continue };
        let plain: SmallVec<[_; 4]> =
            facts.definition(step.owner).params.iter().filter(|it| it.kind == ParamKind::Plain).collect();
        let Some(position) = plain.iter().position(|it| it.name == *kept) else { continue };
        let returns = |it: StepKind| matches!(it, StepKind::Return(expr) if name(expr) == Some(number));
        let hands_back = facts.steps.iter().any(|it| it.owner == step.owner && returns(it.kind));
        if hands_back && plain.iter().all(|it| it.name != *number) {
            numbering.insert(def(step.owner), position);
        }
    }
}
