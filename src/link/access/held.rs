//! Statements that fields hold (`query:"get-page"`): whoever reads the field runs it.

use rustc_hash::FxHashSet;

use crate::link::access::accesses::Accesses;
use crate::link::calls::visit;
use crate::link::names::program::Def;
use crate::link::storage::stores::Stores;
use crate::link::values::infer::Inference;
use crate::link::values::value::Value;
use crate::model::fact::{ExprId, ExprKind, FileFacts, Match, StepKind};
use crate::model::graph::Confidence;
use crate::model::source::Role;

impl Inference<'_> {
    /// Gives the statements that fields hold to the functions that read the fields.
    pub(crate) fn held_statements(&mut self, stores: &mut Stores, found: &mut Accesses) {
        let held = std::mem::take(&mut found.held);
        if held.is_empty() {
            return;
        }
        let names: FxHashSet<&str> = held.iter().map(|it| self.program.definition(it.field).name.as_str()).collect();
        let mut read: FxHashSet<Def> = FxHashSet::default();
        for unit in 0..self.program.units.len() as u32 {
            if self.program.unit(unit).source.role == Role::Vendored {
                continue;
            }
            let facts = self.facts(unit);
            let mut seen: FxHashSet<ExprId> = FxHashSet::default();
            for step in &facts.steps {
                let (StepKind::Assign { value: root, .. } | StepKind::Return(root) | StepKind::Call(root)) = step.kind
                else {
                    continue;
                };
                let mut members = Vec::new();
                visit(facts, root, &mut |it| members.push(it), 0);
                let run = run_here(facts, &members);
                for expr in members {
                    let ExprKind::Member { base, name } = &facts.expr(expr).kind else { continue };
                    if !names.contains(name.as_str()) || !seen.insert(expr) {
                        continue;
                    }
                    let mut fields: Vec<Def> = Vec::new();
                    for value in self.eval(unit, step.owner, *base) {
                        let Value::Instance(of) = self.pool.value(value) else { continue };
                        for base in self.lineage(of).types.clone() {
                            fields.extend(self.program.members(self.program.def_space(base), name));
                        }
                    }
                    for it in held.iter().filter(|it| fields.contains(&it.field)) {
                        read.insert(it.field);
                        let line = facts.expr(expr).at.line;
                        let hit = Match { rule: it.hit.rule, owner: step.owner, line, captures: Vec::new() };
                        // What only hands the statement on leaves it to others to run it.
                        let bound = if run.contains(&expr) { Confidence::Certain } else { Confidence::Likely };
                        self.add_statement(stores, unit, &hit, &it.statement, it.confidence.min(bound), found);
                        // What the function makes of the text is that statement.
                        found
                            .blind_spots
                            .retain(|spot| spot.kind != "dynamic-sql" || (spot.unit, spot.owner) != (unit, step.owner));
                    }
                }
            }
        }
        for it in held.iter().filter(|it| !read.contains(&it.field)) {
            self.add_statement(stores, it.unit, &it.hit, &it.statement, it.confidence, found);
        }
    }
}

/// Of these expressions those on which a method is called, directly or on a part of theirs.
fn run_here(facts: &FileFacts, exprs: &[ExprId]) -> FxHashSet<ExprId> {
    let mut run = FxHashSet::default();
    for expr in exprs {
        let ExprKind::Call { callee, .. } = &facts.expr(*expr).kind else { continue };
        let mut inner = *callee;
        while let ExprKind::Member { base, .. } = &facts.expr(inner).kind {
            run.insert(*base);
            inner = *base;
        }
    }
    run
}
