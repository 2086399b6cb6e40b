//! Matches of patterns by what their rules are about, so that a step looks at those alone that concern it.

use crate::link::infer::Inference;
use crate::model::fact::Match;
use crate::model::rule::Rule;

impl<'a> Inference<'a> {
    /// Matches of the wanted rules with their files, in the order of files and lines.
    pub(crate) fn hits(&self, wanted: impl Fn(&Rule) -> bool) -> Vec<(u32, &'a Rule, &'a Match)> {
        let wanted: Vec<Option<&'a Rule>> = self.rules.rules.iter().map(|it| wanted(it).then_some(it)).collect();
        let mut hits = Vec::new();
        for (unit, file) in (0..).zip(&self.program.units) {
            let of = |found: &'a Match| Some((unit, wanted.get(found.rule as usize).copied().flatten()?, found));
            hits.extend(file.facts.matches.iter().filter_map(of));
        }
        hits
    }
}
