//! Where rows lie in more stores than one, and calls that only describe what a query will do.

use crate::link::storage::stores::Stores;
use crate::link::values::infer::Inference;
use crate::link::values::value::{Subject, Value};
use crate::model::fact::{DefId, DefinitionKind, ExprId, ExprKind, StepKind};
use crate::model::graph::Confidence;
use crate::model::rule::{Gives, Rule};
use crate::model::sql::Operation;

/// Of more parts than these hardly all are read.
const FEW_PARTS: usize = 2;

impl Inference<'_> {
    /// Stores of the types below an entity whose rows are read with all their parts (`entity.whole`): which of them a row
    /// has is not known before it is read.
    pub(crate) fn parts_below(
        &mut self,
        stores: &Stores,
        operation: Operation,
        subjects: &[Subject],
    ) -> Vec<(usize, Confidence)> {
        let mut parts: Vec<usize> = Vec::new();
        if operation != Operation::Select || stores.whole_types.is_empty() {
            return Vec::new();
        }
        for subject in subjects {
            let Subject::Type(of) = subject else { continue };
            if !stores.whole_types.contains(of) || !stores.of_type.contains_key(of) {
                continue;
            }
            for below in self.concrete_types(stores, *of) {
                if let Some(store) = self.store_of_type(stores, below)
                    && !parts.contains(&store)
                {
                    parts.push(store);
                }
            }
        }
        let bound = if parts.len() > FEW_PARTS { Confidence::Guess } else { Confidence::Likely };
        parts.into_iter().map(|it| (it, bound)).collect()
    }

    /// Stores of the queries that a call is given to look values up in (`filter(customer__in=customers)`): they run within it.
    pub(crate) fn queries_within(
        &mut self,
        stores: &Stores,
        unit: u32,
        rule: &Rule,
        owner: DefId,
        root: Option<ExprId>,
    ) -> Vec<usize> {
        let mut found = Vec::new();
        let facts = self.facts(unit);
        let Some(ExprKind::Call { args, .. }) = root.map(|it| &facts.expr(it).kind) else { return found };
        let looks_up = |name: &str| {
            let word = name.rsplit_once("__").map(|(_, word)| word);
            word.is_some_and(|word| rule.words("access.lookups").any(|it| it == word))
        };
        let separator = self.separator(unit);
        for argument in args.iter().filter(|it| it.name.as_ref().is_some_and(|it| looks_up(it))) {
            let mut meant: Vec<usize> = Vec::new();
            for value in self.eval(unit, owner, argument.value) {
                let Value::Outside { path, instance: true, subject: Subject::Type(of), .. } = self.pool.value(value)
                else {
                    continue;
                };
                // What gives rows of what it is about when it is run through.
                let gives = self.stubs.member(self.pool.text(path), separator, "[]").map(|it| &it.gives);
                if matches!(gives, Some(Gives::Subject))
                    && let Some(store) = self.store_of_type(stores, of)
                    && !meant.contains(&store)
                {
                    meant.push(store);
                }
            }
            // Of several queries that may stand there it is one, and which is not known.
            found.extend(meant.first().filter(|it| meant.len() == 1 && !found.contains(it)));
        }
        found
    }

    /// What assigning the relation that a member is (`order.tags = [..]`) does to the table between the two entities: rows of
    /// an entity that was not just made are read before.
    pub(crate) fn links_assigned(
        &mut self,
        stores: &mut Stores,
        unit: u32,
        owner: DefId,
        root: Option<ExprId>,
    ) -> Vec<(usize, Operation)> {
        let mut steps = Vec::new();
        let Some(ExprKind::Member { base, name }) = root.map(|it| &self.facts(unit).expr(it).kind) else {
            return steps;
        };
        let facts = self.facts(unit);
        let is_emptied =
            |value: ExprId| matches!(&facts.expr(value).kind, ExprKind::Sequence(items) if items.is_empty());
        let emptied = facts.steps.iter().any(
            |it| matches!(it.kind, StepKind::Assign { target, value } if Some(target) == root && is_emptied(value)),
        );
        for value in self.eval(unit, owner, *base) {
            let Value::Instance(of) = self.pool.value(value) else { continue };
            let Some(link) = self.link_of(stores, Subject::Type(of), name) else { continue };
            steps.push((link, if emptied { Operation::Delete } else { Operation::Insert }));
            if self.was_just_made(unit, owner, *base) {
                continue;
            }
            steps.push((link, Operation::Select));
            if let Some(Subject::Type(other)) = self.relation_of(of, name).map(|it| it.of)
                && let Some(other) = self.store_of_type(stores, other)
            {
                steps.push((other, Operation::Select));
            }
        }
        for (store, _) in &steps {
            stores.drafts[*store].used = true;
        }
        steps
    }

    /// Whether a name stands for what this function made by calling a type.
    fn was_just_made(&mut self, unit: u32, owner: DefId, expr: ExprId) -> bool {
        let ExprKind::Name(name) = &self.facts(unit).expr(expr).kind else { return false };
        let Some(var) = self.find_var(self.program.space(unit, owner), name) else { return false };
        self.sources(var).iter().any(|it| {
            let ExprKind::Call { callee, .. } = &self.facts(it.unit).expr(it.expr).kind else { return false };
            let made = self.eval(it.unit, it.owner, *callee);
            made.iter().any(|it| matches!(self.pool.value(*it), Value::Def(of) if self.program.is_type(of)))
        })
    }

    /// Whether a call that counts in functions only stands outside of one (`access.inside`).
    pub(crate) fn runs_nothing(&self, unit: u32, owner: DefId, rule: &Rule) -> bool {
        rule.settings.contains_key("access.inside")
            && matches!(self.facts(unit).definition(owner).kind, DefinitionKind::Module | DefinitionKind::Type)
    }
}
