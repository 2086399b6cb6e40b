//! Statements that are prepared under a name and run by it (`tx.Prepare(ctx, "add order", ..)`, `tx.Exec(ctx, "add order")`).

use std::cmp::Reverse;

use rustc_hash::FxHashSet;

use crate::link::access::accesses::{Accesses, NamedRun, PreparedStatement};
use crate::link::storage::stores::Stores;
use crate::link::values::guards::capture;
use crate::link::values::infer::Inference;
use crate::model::fact::{Captured, Match};
use crate::model::graph::Confidence;
use crate::model::rule::Rule;

impl Inference<'_> {
    /// Names that production code prepares statements under.
    pub(crate) fn statement_names(&mut self) -> FxHashSet<String> {
        let mut names = FxHashSet::default();
        for (unit, rule, hit) in self.hits(|it| it.has("embedded.name")) {
            names.extend(self.prepared_as(unit, rule, hit));
        }
        names
    }

    /// The names that a call prepares its statement under.
    pub(crate) fn prepared_as(&mut self, unit: u32, rule: &Rule, hit: &Match) -> Vec<String> {
        let Some(Captured::Expr(expr)) = capture(rule, hit, "embedded.name") else { return Vec::new() };
        let texts = self.texts(unit, hit.owner, *expr);
        let names = texts.into_iter().map(|it| it.text.trim().to_owned());
        names.filter(|it| !it.is_empty() && !it.contains('{')).collect()
    }

    /// Gives what was prepared under a name to whoever runs it: of several with one name that of the same file, then of the
    /// same package. The statements that were run.
    pub(crate) fn named_statements(
        &mut self,
        stores: &mut Stores,
        prepared: &[PreparedStatement],
        found: &mut Accesses,
    ) -> FxHashSet<usize> {
        let mut ran = FxHashSet::default();
        // Rules of several libraries may know the call by its looks: the surest of them tells it, of equals that whose name comes first.
        let mut runs = std::mem::take(&mut found.named_runs);
        let call = |it: &NamedRun| (it.unit, it.hit.owner, it.hit.line, it.name.clone());
        runs.sort_by_cached_key(|it| {
            (call(it), Reverse(it.confidence), self.rules.rules[it.hit.rule as usize].id.as_str())
        });
        runs.dedup_by_key(|it| call(it));
        for run in runs {
            let near = |unit: u32| {
                let same = self.program.unit(unit).module == self.program.unit(run.unit).module;
                if unit == run.unit { 2 } else { u32::from(same) }
            };
            let named = |it: &&PreparedStatement| it.names.contains(&run.name);
            let Some(nearest) = prepared.iter().filter(named).map(|it| near(it.unit)).max() else { continue };
            let meant: Vec<usize> = (0..prepared.len())
                .filter(|it| named(&&prepared[*it]) && near(prepared[*it].unit) == nearest)
                .collect();
            let is_one = meant.iter().all(|it| prepared[*it].hit.line == prepared[meant[0]].hit.line);
            let bound = if is_one { Confidence::Certain } else { Confidence::Likely };
            for at in meant {
                let confidence = prepared[at].confidence.min(run.confidence).min(bound);
                self.add_statement(stores, run.unit, &run.hit, &prepared[at].statement, confidence, found);
                ran.insert(at);
            }
        }
        ran
    }
}
