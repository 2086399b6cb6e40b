//! Which of the values that a local variable is given one after the other it may still have where it is used.

use rustc_hash::FxHashMap;

use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::Subject;
use crate::model::fact::{DefId, ExprId, ExprKind, RegionKind};
use crate::model::rule::Rule;

impl Inference<'_> {
    /// What a receiver is about, without what its variable was given before it was given something else for good, or only
    /// afterwards (`c = db.orders` .. `c = db.parcels`).
    pub(in crate::link) fn reaching_subjects(
        &mut self,
        unit: u32,
        owner: DefId,
        rule: &Rule,
        receiver: ExprId,
        all: Vec<Subject>,
    ) -> Vec<Subject> {
        if all.len() < 2 {
            return all;
        }
        let mut kept: Vec<Subject> = Vec::new();
        for source in self.reaching(unit, owner, receiver).unwrap_or_default() {
            let own = self.receiver_subjects(unit, owner, rule, source);
            if own.is_empty() {
                return all;
            }
            kept.extend(own.into_iter().filter(|it| all.contains(it)));
        }
        let kept: Vec<Subject> = all.iter().copied().filter(|it| kept.contains(it)).collect();
        if kept.is_empty() { all } else { kept }
    }

    /// The values that may reach a use of a local variable; none where that leaves out nothing. An assignment that stands as
    /// far left as anything in the function is no matter of a condition.
    fn reaching(&mut self, unit: u32, owner: DefId, used: ExprId) -> Option<Vec<ExprId>> {
        let facts = self.facts(unit);
        let ExprKind::Name(_) = &facts.expr(used).kind else { return None };
        let line = facts.expr(used).at.line;
        let function = facts.definition(owner);
        let vars = self.vars_of(unit, owner, used);
        let [(var, false)] = vars.as_slice() else { return None };
        let var = *var;
        let sources = self.sources(var);
        if sources.len() < 2 || sources.iter().any(|it| (it.unit, it.owner) != (unit, owner)) {
            return None;
        }
        let mut begins: FxHashMap<u32, u32> = FxHashMap::default();
        for expr in facts.exprs.iter().filter(|it| function.line < it.at.line && it.at.line <= function.end_line) {
            let column = begins.entry(expr.at.line).or_insert(expr.at.column);
            *column = expr.at.column.min(*column);
        }
        let leftmost = begins.values().copied().min()?;
        let at = |it: &Spot| facts.expr(it.expr).at.line;
        let mentions: Vec<bool> = sources.iter().map(|it| self.mentions(*it, var)).collect();
        let fresh: Vec<Spot> = sources.iter().zip(mentions).filter(|(_, own)| !own).map(|(it, _)| *it).collect();
        let for_good = fresh.iter().filter(|it| at(it) < line && begins.get(&at(it)) == Some(&leftmost));
        let from = for_good.map(at).max();
        let loops_back = |later: u32| {
            facts.regions.iter().any(|it| {
                it.owner == owner && it.kind == RegionKind::Loop && it.first_line <= line && later <= it.last_line
            })
        };
        let reaches = |it: &Spot| match at(it) {
            it if it < line => from.is_none_or(|from| it >= from),
            it if it == line => true,
            it => loops_back(it),
        };
        let kept: Vec<ExprId> = fresh.iter().filter(|it| reaches(it)).map(|it| it.expr).collect();
        (!kept.is_empty() && kept.len() < fresh.len()).then_some(kept)
    }
}
