//! Matches of patterns by their rules, so that a step looks at those alone that concern it.

use crate::link::names::program::Program;
use crate::link::values::infer::Inference;
use crate::model::fact::Match;
use crate::model::rule::{Rule, RuleSet};

/// Where the matches of each rule stand: file, and number in the file, in this order.
pub(crate) struct Hits {
    of_rule: Vec<Vec<(u32, u32)>>,
}

impl Hits {
    pub(super) fn new(program: &Program<'_>, rules: &RuleSet) -> Self {
        let mut of_rule = vec![Vec::new(); rules.rules.len()];
        for (unit, file) in (0..).zip(&program.units) {
            for (number, found) in (0..).zip(&file.facts.matches) {
                if let Some(places) = of_rule.get_mut(found.rule as usize) {
                    places.push((unit, number));
                }
            }
        }
        Self { of_rule }
    }
}

impl<'a> Inference<'a> {
    /// Matches of the wanted rules with their files, in the order of files and lines.
    pub(crate) fn hits(&self, wanted: impl Fn(&Rule) -> bool) -> Vec<(u32, &'a Rule, &'a Match)> {
        let rules = self.rules;
        let hit = |(unit, number): (u32, u32)| {
            let found = &self.facts(unit).matches[number as usize];
            (unit, &rules.rules[found.rule as usize], found)
        };
        self.hits_at(wanted).into_iter().map(hit).collect()
    }

    /// The same as files with the numbers that matches have in them.
    pub(crate) fn hits_at(&self, wanted: impl Fn(&Rule) -> bool) -> Vec<(u32, u32)> {
        let mut places: Vec<(u32, u32)> = Vec::new();
        for (rule, of_rule) in self.rules.rules.iter().zip(&self.hits.of_rule) {
            if !of_rule.is_empty() && wanted(rule) {
                places.extend(of_rule);
            }
        }
        places.sort_unstable();
        places
    }
}
