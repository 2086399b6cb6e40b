//! Builders that a generator writes for each entity: what their inner methods touch, whoever runs the builder touches.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::link::access::accesses::{Accesses, Step};
use crate::link::names::program::Def;
use crate::link::values::guards::capture;
use crate::link::values::infer::Inference;
use crate::link::values::value::{Subject, Value};
use crate::model::fact::{Captured, DefId, DefinitionKind};
use crate::model::graph::Confidence;
use crate::model::rule::Rule;
use crate::model::source::Role;

/// What methods touch, by the pattern file that says so.
type Touched<'a> = FxHashMap<(Def, &'a str), Vec<Step>>;

impl Inference<'_> {
    /// What calls of builders touch (`access.through`): the methods at the end of a path of members from the receiver's type say it.
    pub(crate) fn accesses_through(&mut self, found: &mut Accesses) {
        let hits = self.hits(|it| it.settings.contains_key("access.through"));
        if hits.is_empty() {
            return;
        }
        let rules = self.rules;
        let mut touched: Touched<'_> = FxHashMap::default();
        for it in &found.accesses {
            let method = self.program.def(it.unit, self.named_owner(it.unit, it.owner));
            let via = rules.rules[it.rule as usize].via();
            touched.entry((method, via)).or_default().push((it.store, it.operation, it.confidence));
        }
        for (unit, rule, hit) in hits {
            if matches!(self.program.unit(unit).source.role, Role::Generated | Role::Vendored) {
                continue;
            }
            let Some(Captured::Expr(target)) = capture(rule, hit, "access.target") else { continue };
            let mut subjects: SmallVec<[Subject; 2]> = SmallVec::new();
            for value in self.eval(unit, hit.owner, *target) {
                self.add_subjects(value, &mut subjects);
            }
            let verb = match capture(rule, hit, "access.verb") {
                Some(Captured::Word(verb)) => verb.as_str(),
                _ => "",
            };
            let mut steps: Vec<Step> = Vec::new();
            let mut types = 0;
            for subject in subjects {
                let Subject::Type(of) = subject else { continue };
                let before = steps.len();
                self.steps_of_builder(of, verb, rule, &touched, &mut steps);
                types += u32::from(steps.len() > before);
            }
            let bounded = types > 1 || rule.settings.contains_key("access.confidence");
            steps.sort_unstable();
            // The surest one of each comes last.
            steps.reverse();
            steps.dedup_by_key(|it| (it.0, it.1));
            for (store, operation, confidence) in steps {
                let confidence = if bounded { confidence.min(Confidence::Likely) } else { confidence };
                found.sites += 1;
                let step = (store, operation, confidence);
                found.accesses.push(self.access_at(unit, hit.owner, hit.line, hit.rule, step));
            }
        }
    }

    /// The first path of a rule that leads to methods which touch something says what the call touches: what is sure of it, if anything is.
    fn steps_of_builder(&mut self, of: Def, verb: &str, rule: &Rule, touched: &Touched<'_>, steps: &mut Vec<Step>) {
        for path in rule.words("access.through") {
            let (way, method) = path.rsplit_once('.').unwrap_or(("", path));
            let mut types = vec![of];
            for word in way.split('.').filter(|it| !it.is_empty()) {
                types = types.into_iter().flat_map(|it| self.types_of_member(it, word, verb)).collect();
            }
            let mut here: Vec<Step> = Vec::new();
            for of in types {
                for member in self.program.members(self.program.def_space(of), method) {
                    here.extend(touched.get(&(member, rule.via())).into_iter().flatten());
                }
            }
            if here.iter().any(|it| it.2 == Confidence::Certain) {
                here.retain(|it| it.2 == Confidence::Certain);
            }
            if !here.is_empty() {
                steps.extend(here);
                return;
            }
        }
    }

    /// The types that a member is declared as or gives: `*` is every field, `{verb}` the field that is called like the call (`WithOwner`, `withOwner`).
    fn types_of_member(&mut self, of: Def, word: &str, verb: &str) -> Vec<Def> {
        let space = self.program.def_space(of);
        let members: Vec<Def> = match word {
            "*" => {
                let (unit, id) = self.program.local(of);
                let facts = self.facts(unit);
                let is_field = |it: &DefId| {
                    let definition = facts.definition(*it);
                    definition.parent == id && definition.kind == DefinitionKind::Field
                };
                facts.def_ids().filter(is_field).map(|it| self.program.def(unit, it)).collect()
            }
            "{verb}" => self.program.members(space, &uncapitalized(verb)).to_vec(),
            _ => self.program.members(space, word).to_vec(),
        };
        let mut types: Vec<Def> = Vec::new();
        for member in members {
            let (unit, id) = self.program.local(member);
            let definition = self.facts(unit).definition(id);
            let Some(declared) = definition.declared.or(definition.result) else { continue };
            for value in self.types(unit, definition.parent, declared) {
                let values = match self.pool.value(value) {
                    Value::Container(container) => self.container_read(container, None),
                    _ => SmallVec::from_slice(&[value]),
                };
                types.extend(values.into_iter().filter_map(|it| match self.pool.value(it) {
                    Value::Instance(of) => Some(of),
                    _ => None,
                }));
            }
        }
        types.sort_unstable();
        types.dedup();
        types
    }
}

fn uncapitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |it| it.to_lowercase().chain(letters).collect())
}
