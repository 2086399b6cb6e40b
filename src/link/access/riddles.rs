//! Calls of which nothing is known and whose store is told elsewhere: these are no blind spots.

use rustc_hash::FxHashSet;

use crate::link::access::accesses::{Accesses, RawSpot};
use crate::link::values::infer::{Inference, Spot};
use crate::model::fact::{ExprId, ExprKind};
use crate::model::graph::Confidence;

/// Steps from what a call is given to the statement that it is.
const MOST_STEPS: usize = 24;

impl Inference<'_> {
    /// Of all that a call is given (`select(Order.id, func.now())`) some name a store, and then the others are no riddle. Nor is
    /// a call of which each caller says what it touches, one whose chain names the store further on
    /// (`select(func.count()).select_from(Order)`), and one that is given such a chain (`session.scalar(stmt)`).
    pub(super) fn drop_riddles_told(&mut self, found: &mut Accesses) {
        let sure = || found.accesses.iter().filter(|it| it.confidence > Confidence::Guess || it.by_callers);
        let lines: FxHashSet<_> = sure().map(|it| (it.unit, it.owner, it.line)).collect();
        let mut told: FxHashSet<(u32, ExprId)> = FxHashSet::default();
        for (unit, root) in sure().filter_map(|it| Some((it.unit, it.expr?))) {
            told.extend(self.chain_of(unit, root).into_iter().map(|it| (unit, it)));
        }
        let mut spots = std::mem::take(&mut found.blind_spots);
        spots.retain(|it| {
            it.kind != "unresolved-target"
                || !lines.contains(&(it.unit, it.owner, it.line)) && !self.is_part_told(it, &told)
        });
        found.blind_spots = spots;
    }

    /// A call and those that its receiver is made of.
    fn chain_of(&self, unit: u32, root: ExprId) -> Vec<ExprId> {
        let facts = self.facts(unit);
        let (mut chain, mut at) = (Vec::new(), root);
        loop {
            match &facts.expr(at).kind {
                ExprKind::Call { callee, .. } => {
                    chain.push(at);
                    at = *callee;
                }
                ExprKind::Member { base, .. } => at = *base,
                _ => return chain,
            }
        }
    }

    /// Whether the call, or what it or one before it in its chain is given, is part of a chain that names a store.
    fn is_part_told(&mut self, spot: &RawSpot, told: &FxHashSet<(u32, ExprId)>) -> bool {
        let Some(expr) = spot.root else { return false };
        let mut open = vec![Spot { unit: spot.unit, owner: spot.owner, expr }];
        let mut seen: FxHashSet<ExprId> = FxHashSet::default();
        for _ in 0..MOST_STEPS {
            let Some(at) = open.pop() else { break };
            if !seen.insert(at.expr) {
                continue;
            }
            let chain = self.chain_of(at.unit, at.expr);
            if chain.iter().any(|it| told.contains(&(at.unit, *it))) {
                return true;
            }
            let first = chain.last().map_or(at.expr, |it| self.receiver_at(at.unit, *it));
            for (var, _) in self.vars_of(at.unit, at.owner, first) {
                open.extend(self.sources(var).into_iter().filter(|it| (it.unit, it.owner) == (at.unit, at.owner)));
            }
            for call in chain {
                if let ExprKind::Call { args, .. } = &self.facts(at.unit).expr(call).kind {
                    open.extend(args.iter().map(|it| Spot { expr: it.value, ..at }));
                }
            }
        }
        false
    }

    /// What the innermost call of a chain is called on (`stmt` of `stmt.where(..)`).
    fn receiver_at(&self, unit: u32, call: ExprId) -> ExprId {
        let facts = self.facts(unit);
        let ExprKind::Call { callee, .. } = &facts.expr(call).kind else { return call };
        match &facts.expr(*callee).kind {
            ExprKind::Member { base, .. } => *base,
            _ => *callee,
        }
    }
}
