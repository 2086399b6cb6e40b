//! Transactions that run what their function was given: each function literal that a call hands in runs inside one, also where
//! it is handed on to the function that opens it.

use rustc_hash::FxHashSet;

use crate::link::access::transactions::RawTransaction;
use crate::link::values::infer::Inference;
use crate::model::fact::{DefId, ExprKind, ParamKind, StepKind};

/// Transactions that come about so at most.
const MOST: usize = 4_000;

impl Inference<'_> {
    /// Adds the transactions of function literals that calls hand to functions which run them inside one.
    pub(crate) fn add_passed_on(&self, found: &mut Vec<RawTransaction>) {
        let mut known: FxHashSet<(u32, DefId, u32)> =
            found.iter().map(|it| (it.unit, it.owner, it.first_line)).collect();
        let mut at = 0;
        while at < found.len() && found.len() < MOST {
            let (unit, first, last) = (found[at].unit, found[at].first_line, found[at].last_line);
            let home = self.named_owner(unit, found[at].owner);
            at += 1;
            for position in self.params_run(unit, home, first, last) {
                for call in self.calls_of(self.program.def(unit, home)) {
                    let facts = self.facts(call.unit);
                    let ExprKind::Call { args, .. } = &facts.expr(call.expr).kind else { continue };
                    let given = args.get(position).map(|it| &facts.expr(it.value).kind);
                    let Some(ExprKind::Function(id)) = given else { continue };
                    let body = facts.definition(*id);
                    if known.insert((call.unit, *id, body.line)) {
                        found.push(RawTransaction {
                            unit: call.unit,
                            owner: *id,
                            line: body.line,
                            first_line: body.line,
                            last_line: body.end_line,
                            bodies: Vec::new(),
                        });
                    }
                }
            }
        }
    }

    /// Positions of the parameters that a function calls between two lines, also from a literal in it.
    fn params_run(&self, unit: u32, function: DefId, first: u32, last: u32) -> Vec<usize> {
        let facts = self.facts(unit);
        let params: Vec<&str> = (facts.definition(function).params.iter())
            .filter(|it| it.kind == ParamKind::Plain)
            .map(|it| it.name.as_str())
            .collect();
        let mut run = Vec::new();
        if params.is_empty() {
            return run;
        }
        for step in facts.steps.iter().filter(|it| (first..=last).contains(&it.line)) {
            if let StepKind::Call(expr) = step.kind
                && let ExprKind::Call { callee, .. } = &facts.expr(expr).kind
                && let ExprKind::Name(name) = &facts.expr(*callee).kind
                && let Some(position) = params.iter().position(|it| it == name)
                && self.named_owner(unit, step.owner) == function
                && !run.contains(&position)
            {
                run.push(position);
            }
        }
        run
    }
}
