//! What a call says of the rows it wants: by keywords, its own and those of mappings spread into it, and by conditions that it
//! is given: as they stand there, kept in local variables and lists, or made by functions of the program's own.

use rustc_hash::FxHashSet;

use crate::link::names::program::Def;
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::invoke::ADDING_METHODS;
use crate::link::values::value::{Subject, Value};
use crate::model::fact::{DefId, ExprId, ExprKind, StepKind};

/// Expressions that are looked at for one call.
const MOST_PARTS: usize = 400;
/// Functions that conditions are followed into, one in another.
const MOST_FUNCTIONS: usize = 2;

/// One word of a condition.
pub(crate) enum Said {
    /// `customer__email=..`
    Keyword(String),
    /// A text that the call itself is given, or one inside something else that it is given.
    Text { text: String, own: bool },
}

/// A part that is still to be looked at: the calls of functions that lead to it, and whether it may be a condition as it stands.
struct Part {
    spot: Spot,
    within: Vec<(Def, Spot)>,
    placed: bool,
}

impl Inference<'_> {
    /// The words of all conditions that a call is given.
    pub(crate) fn conditions(&mut self, unit: u32, owner: DefId, root: ExprId) -> Vec<Said> {
        let mut said = Vec::new();
        let root = Spot { unit, owner, expr: root };
        let mut todo = self.parts_of_call(root, &[], &mut said);
        let own: Vec<ExprId> = todo.iter().map(|it| it.spot.expr).collect();
        let mut seen: FxHashSet<Spot> = FxHashSet::default();
        while let Some(part) = todo.pop() {
            if seen.len() > MOST_PARTS || !seen.insert(part.spot) {
                continue;
            }
            let Part { spot, within, placed } = part;
            let inside = |spot| Part { spot, within: within.clone(), placed };
            match &self.facts(spot.unit).expr(spot.expr).kind {
                ExprKind::Call { callee, .. } => {
                    todo.extend(self.parts_of_call(spot, &within, &mut said));
                    if placed && within.len() < MOST_FUNCTIONS {
                        let made = self.conditions_made(spot, *callee);
                        todo.extend(made.into_iter().map(|(of, made)| {
                            let within = within.iter().copied().chain([(of, spot)]).collect();
                            Part { spot: made, within, placed }
                        }));
                    }
                }
                ExprKind::Choice(items) | ExprKind::Sequence(items) => {
                    todo.extend(items.iter().map(|it| inside(Spot { expr: *it, ..spot })));
                }
                ExprKind::Text(text) => {
                    let own = within.is_empty() && own.contains(&spot.expr);
                    said.push(Said::Text { text: text.to_string(), own });
                }
                ExprKind::Name(name) => {
                    let mut kept = self.conditions_kept(spot, name, root);
                    // A list by a keyword holds values (`pk__in=wanted`).
                    let is_list = |it: &Spot| matches!(self.facts(it.unit).expr(it.expr).kind, ExprKind::Sequence(_));
                    kept.retain(|it| placed || !is_list(it));
                    todo.extend(kept.into_iter().map(inside));
                }
                _ => {}
            }
        }
        said
    }

    /// The keywords of a call are said; its arguments are looked at next. What a function is given says the call that led into
    /// it, and no other.
    fn parts_of_call(&mut self, call: Spot, within: &[(Def, Spot)], said: &mut Vec<Said>) -> Vec<Part> {
        let ExprKind::Call { args, .. } = &self.facts(call.unit).expr(call.expr).kind else { return Vec::new() };
        said.extend(args.iter().filter_map(|it| Some(Said::Keyword(it.name.as_ref()?.to_string()))));
        let before = self.bind_within(within);
        let spread = self.spread_keys(call.unit, call.owner, call.expr, within.is_empty());
        self.bindings.truncate(before);
        said.extend(spread.into_iter().map(Said::Keyword));
        let part = |it: &crate::model::fact::Argument| Part {
            spot: Spot { expr: it.value, ..call },
            within: within.to_vec(),
            placed: it.name.is_none(),
        };
        args.iter().map(part).collect()
    }

    /// Conditions that a local variable or list of the function holds, as far as they were put there before.
    fn conditions_kept(&self, at: Spot, name: &str, root: Spot) -> Vec<Spot> {
        use ExprKind::{Call, Choice, Name, Sequence};
        let facts = self.facts(at.unit);
        let Some(var) = self.find_var(self.program.space(at.unit, at.owner), name) else { return Vec::new() };
        let is_here = |it: &Spot| (it.unit, it.owner) == (at.unit, at.owner);
        let is_before = |it: ExprId| (at.unit, at.owner) != (root.unit, root.owner) || it < root.expr;
        let says = |it: ExprId| {
            matches!(facts.expr(it).kind, Call { .. } | Choice(_) | Name(_) | Sequence(_)) && is_before(it)
        };
        let sources = self.vars.sources(var).iter().filter(|it| is_here(it) && says(it.expr));
        let mut kept: Vec<Spot> = sources.copied().collect();
        for step in facts.steps.iter().filter(|it| it.owner == at.owner) {
            let StepKind::Call(call) = step.kind else { continue };
            let ExprKind::Call { callee, args } = &facts.expr(call).kind else { continue };
            let ExprKind::Member { base, name: method } = &facts.expr(*callee).kind else { continue };
            if matches!(&facts.expr(*base).kind, ExprKind::Name(it) if it == name)
                && ADDING_METHODS.contains(&method.as_str())
                && is_before(call)
            {
                kept.extend(args.iter().filter(|it| says(it.value)).map(|it| Spot { expr: it.value, ..at }));
            }
        }
        kept
    }

    /// What a function of the program's own gives that is no row, query or store: a condition that it makes.
    fn conditions_made(&mut self, call: Spot, callee: ExprId) -> Vec<(Def, Spot)> {
        let mut made: Vec<(Def, Spot)> = Vec::new();
        for value in self.eval(call.unit, call.owner, callee) {
            let (Value::Def(of) | Value::Bound(of, _)) = self.pool.value(value) else { continue };
            let Some(var) = self.result_var(of).filter(|_| self.program.is_function(of)) else { continue };
            made.extend(self.sources(var).iter().map(|it| (of, *it)));
        }
        let is_about_rows = |it: &Spot, inference: &mut Self| {
            inference.eval(it.unit, it.owner, it.expr).iter().any(|it| match inference.pool.value(*it) {
                Value::Outside { subject, .. } => subject != Subject::None,
                Value::Instance(_) => true,
                _ => false,
            })
        };
        made.retain(|(_, it)| !is_about_rows(it, self));
        made
    }
}
