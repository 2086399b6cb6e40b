//! Parameters that nobody is seen to give a value: frameworks call such functions, and their names say what they are given.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use crate::link::names::program::Def;
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::Inference;
use crate::link::values::value::{Subject, Values, Var};
use crate::model::fact::{Captured, DefId, ExprId, ExprKind, FileFacts, ParamKind, StepKind};
use crate::model::source::Role;

/// So many functions ask a parameter of one name what only one type answers: then others of that name are of it as well.
const ENOUGH_ASKED: usize = 3;

impl Inference<'_> {
    /// Takes parameters without a type and without a value, and what is taken out of the keywords of a function, for rows of
    /// the entity that stubs say their names stand for. True where one was.
    pub(crate) fn assume_parameters(&mut self) -> bool {
        self.current = u32::MAX;
        let mut taken: Vec<(Var, Values)> = Vec::new();
        for unit in 0..self.program.units.len() as u32 {
            let file = self.program.unit(unit);
            if matches!(file.source.role, Role::Test | Role::Vendored | Role::Migration) {
                continue;
            }
            self.parameters_assumed(unit, &mut taken);
            self.keywords_assumed(unit, &mut taken);
        }
        self.parameters_asked(&mut taken);
        for (var, rows) in &taken {
            self.add_all(*var, rows);
        }
        !taken.is_empty()
    }

    fn parameters_assumed(&mut self, unit: u32, taken: &mut Vec<(Var, Values)>) {
        let facts = self.facts(unit);
        for id in facts.def_ids() {
            if self.program.is_test(self.program.def(unit, id)) {
                continue;
            }
            let plain = |it: &&crate::model::fact::Param| it.declared.is_none() && it.kind == ParamKind::Plain;
            for param in facts.definition(id).params.iter().filter(plain) {
                if self.stubs.assumed(&param.name).is_empty() {
                    continue;
                }
                let Some(var) = self.find_var(self.program.space(unit, id), &param.name) else { continue };
                if self.read(var).is_empty() {
                    let rows = self.rows_assumed(unit, &param.name);
                    taken.extend((!rows.is_empty()).then_some((var, rows)));
                }
            }
        }
    }

    /// Parameters without a type and without a value that are asked what only one type answers (`store.query(Order)`) are
    /// instances of it, and so are those that are called as some of these are.
    fn parameters_asked(&mut self, taken: &mut Vec<(Var, Values)>) {
        let mut asked: BTreeMap<(&str, &str), FxHashSet<Def>> = BTreeMap::new();
        for (unit, rule, found) in self.hits(|it| it.has("parameter.asked")) {
            let (Some(of), Some(Captured::Expr(expr))) =
                (rule.settings.get("parameter.is"), capture(rule, found, "parameter.asked"))
            else {
                continue;
            };
            let facts = self.facts(unit);
            let ExprKind::Name(name) = &facts.expr(*expr).kind else { continue };
            let Some(var) = self.free_parameter(unit, found.owner, name) else { continue };
            if self.guards_hold(unit, found.owner, rule, found) == Held::Yes {
                let id = self.outside(of, true, Subject::None);
                taken.push((var, SmallVec::from_slice(&[id])));
                let def = self.program.def(unit, found.owner);
                asked.entry((name.as_str(), of.as_str())).or_default().insert(def);
            }
        }
        asked.retain(|_, functions| functions.len() >= ENOUGH_ASKED);
        if asked.is_empty() {
            return;
        }
        for unit in 0..self.program.units.len() as u32 {
            let file = self.program.unit(unit);
            if file.source.role != Role::Production {
                continue;
            }
            let facts = self.facts(unit);
            for id in facts.def_ids() {
                for param in &facts.definition(id).params {
                    let Some(of) = asked.keys().find(|it| it.0 == param.name.as_str()).map(|it| it.1) else { continue };
                    if let Some(var) = self.free_parameter(unit, id, &param.name) {
                        let id = self.outside(of, true, Subject::None);
                        taken.push((var, SmallVec::from_slice(&[id])));
                    }
                }
            }
        }
    }

    /// A parameter of a function that has no type and that nobody is seen to give a value.
    fn free_parameter(&mut self, unit: u32, owner: DefId, name: &str) -> Option<Var> {
        let mut params = self.facts(unit).definition(owner).params.iter();
        params.find(|it| it.name == name && it.kind == ParamKind::Plain && it.declared.is_none())?;
        let var = self.find_var(self.program.space(unit, owner), name)?;
        self.read(var).is_empty().then_some(var)
    }

    /// What is taken out of the keywords that a function is given by whoever calls it, under a name that stubs speak of:
    /// `self.user = kwargs.pop("user")`.
    fn keywords_assumed(&mut self, unit: u32, taken: &mut Vec<(Var, Values)>) {
        let facts = self.facts(unit);
        for step in &facts.steps {
            let StepKind::Assign { target, value } = step.kind else { continue };
            let Some(word) = keyword_taken(facts, step.owner, value) else { continue };
            let mut given = self.rows_assumed(unit, word);
            let types = self.stubs.parameters(word);
            if let Some(of) = types.iter().copied().find(|it| self.imports_root_of(unit, it)) {
                given.push(self.outside(of, true, Subject::None));
            }
            if given.is_empty() || self.program.is_test(self.program.def(unit, step.owner)) {
                continue;
            }
            for (var, _) in self.vars_of(unit, step.owner, target) {
                if self.read(var).is_empty() {
                    taken.push((var, given.clone()));
                }
            }
        }
    }

    /// Rows of the entity that a name stands for in a file that imports the package.
    fn rows_assumed(&mut self, unit: u32, name: &str) -> Values {
        let known = self.stubs.assumed(name).iter().find(|(_, package)| self.imports_root_of(unit, package));
        known.copied().map_or_else(Values::new, |(variable, _)| self.instances_named_by(unit, variable))
    }
}

/// The word in `kwargs.pop("word")`, `kwargs.get("word")`, `kwargs["word"]`.
pub(crate) fn keyword_taken(facts: &FileFacts, owner: DefId, value: ExprId) -> Option<&str> {
    let is_keywords = |expr: ExprId| match &facts.expr(expr).kind {
        ExprKind::Name(name) => {
            facts.definition(owner).params.iter().any(|it| it.name == *name && it.kind == ParamKind::Keywords)
        }
        _ => false,
    };
    let word = match &facts.expr(value).kind {
        ExprKind::Call { callee, args } => match &facts.expr(*callee).kind {
            ExprKind::Member { base, name } if matches!(name.as_str(), "pop" | "get") && is_keywords(*base) => {
                args.first()?.value
            }
            _ => return None,
        },
        ExprKind::Index { base, index } if is_keywords(*base) => *index,
        _ => return None,
    };
    match &facts.expr(word).kind {
        ExprKind::Text(text) => Some(text.as_str()),
        _ => None,
    }
}
