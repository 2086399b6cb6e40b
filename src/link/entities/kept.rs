//! Queries that a class keeps, in its body, in a method or in what its initializer assigns, and that a call runs elsewhere
//! (`operation "kept"`).

use std::collections::BTreeMap;

use crate::link::access::accesses::{Accesses, MOST_CANDIDATES, RawAccess};
use crate::link::names::program::Def;
use crate::link::storage::stores::Stores;
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::{INITIALIZER, Inference};
use crate::link::values::value::{Subject, Value, Values};
use crate::model::fact::{Captured, DefId, DefinitionKind, ExprId, ExprKind, StepKind};
use crate::model::graph::Confidence;
use crate::model::rule::Rule;
use crate::model::sql::Operation;

/// What definitions read: the call that it stands on, and the store.
type Kept = BTreeMap<(u32, DefId), Vec<(Option<ExprId>, usize)>>;

impl Inference<'_> {
    /// Whether something is what a method that `access.handed` names was handed: its queries ran before.
    fn ran_before(&self, unit: u32, owner: DefId, receiver: ExprId, rule: &Rule) -> bool {
        let facts = self.facts(unit);
        let ExprKind::Name(name) = &facts.expr(receiver).kind else { return false };
        let function = facts.definition(self.named_owner(unit, owner));
        rule.words("access.handed").any(|it| function.name == it) && function.params.iter().any(|it| it.name == *name)
    }

    /// What the queries that a class keeps ask for is read by a call that runs them (`operation "kept"`): a form that is
    /// validated looks its choices up.
    pub(crate) fn kept_queries(&mut self, stores: &Stores, found: &mut Accesses) {
        let unique = self.unique_fields();
        let mut kept = Kept::new();
        for access in found.accesses.iter().filter(|it| it.operation == Operation::Select) {
            let kind = self.facts(access.unit).definition(access.owner).kind;
            // What is asked of a library's own table is no part of a query.
            let rule = &self.rules.rules[access.rule as usize];
            let keeps = !rule.settings.contains_key("access.store")
                && matches!(kind, DefinitionKind::Type | DefinitionKind::Method | DefinitionKind::Function);
            if access.confidence > Confidence::Guess && keeps {
                kept.entry((access.unit, access.owner)).or_default().push((access.expr, access.store));
            }
        }
        let mut run: Vec<RawAccess> = Vec::new();
        for (unit, rule, hit) in self.hits(|it| it.settings.get("operation").is_some_and(|it| it == "kept")) {
            let Some(Captured::Expr(root)) = capture(rule, hit, "access") else { continue };
            let heirs = self.heirs_at(unit, rule, hit);
            if heirs.is_empty() && self.guards_hold(unit, hit.owner, rule, hit) != Held::Yes {
                continue;
            }
            let Some(receiver) = self.receiver_of(unit, rule, hit, Some(*root)) else { continue };
            if heirs.is_empty() && self.is_overridden(unit, hit.owner, rule, Some(*root)) {
                continue;
            }
            if self.ran_before(unit, hit.owner, receiver, rule) {
                continue;
            }
            let mut values = self.eval(unit, hit.owner, receiver);
            let unanswered: Vec<&str> = rule.words("access.unanswered").collect();
            let bound = if heirs.len() > MOST_CANDIDATES { Confidence::Guess } else { Confidence::Likely };
            if !heirs.is_empty() {
                values = heirs.into_iter().map(|it| self.pool.id(Value::Instance(it))).collect();
            }
            for value in values {
                let of = match self.pool.value(value) {
                    Value::Instance(of) | Value::Super(of) => of,
                    Value::Outside { subject: Subject::Type(of), instance: true, .. } => {
                        let asked = self.is_relation(unit, hit.owner, receiver);
                        let Some(manager) = self.first_manager(of).filter(|_| asked) else { continue };
                        manager
                    }
                    _ => continue,
                };
                if self.has_own_method(of, &unanswered) {
                    continue;
                }
                let holders = match rule.settings.get("access.kept") {
                    Some(paths) => {
                        let receiver = [self.pool.id(Value::Instance(of))];
                        let holders = paths.split_whitespace().map(|it| self.types_along(unit, &receiver, it));
                        holders.into_iter().find(|it| !it.is_empty()).unwrap_or_default()
                    }
                    None => vec![of],
                };
                let mut read: Vec<usize> = Vec::new();
                for of in holders {
                    read.extend(self.looked_up(stores, unit, rule, of, &unique));
                    for keeper in self.keepers(rule, of) {
                        let Some(stores_read) = kept.get(&keeper) else { continue };
                        let others = self.stores_of_siblings(stores, keeper, of);
                        read.extend(stores_read.iter().filter(|it| !others.contains(&it.1)).map(|it| it.1));
                    }
                    read.extend(self.chosen_stores(stores, rule, of, &kept));
                }
                read.sort_unstable();
                read.dedup();
                for store in read {
                    let step = (store, Operation::Select, bound);
                    run.push(self.access_at(unit, hit.owner, hit.line, hit.rule, step));
                }
            }
        }
        found.accesses.extend(run);
    }

    /// Whether an expression is a relation of a row: a collection of rows on its other side.
    fn is_relation(&mut self, unit: u32, owner: DefId, expr: ExprId) -> bool {
        let ExprKind::Member { base, name } = &self.facts(unit).expr(expr).kind else { return false };
        self.eval(unit, owner, *base).iter().any(|it| {
            let Value::Instance(of) = self.pool.value(*it) else { return false };
            self.relation_of(of, name).is_some_and(|it| it.through.is_some())
        })
    }

    /// Stores that a method shared by many classes reads for the others only.
    fn stores_of_siblings(&mut self, stores: &Stores, keeper: (u32, DefId), of: Def) -> Vec<usize> {
        let method = self.program.def(keeper.0, keeper.1);
        if !self.program.is_function(method) || self.program.parent(method) == of {
            return Vec::new();
        }
        let all = self.results_of(method);
        let mut own = all.clone();
        self.keep_to_asked(method, of, &mut own);
        if own.len() == all.len() {
            return Vec::new();
        }
        let mut stores_of = |values: &Values| -> Vec<usize> {
            let types: Vec<Def> = values
                .iter()
                .filter_map(|it| match self.pool.value(*it) {
                    Value::Outside { subject: Subject::Type(it), .. } | Value::Instance(it) => Some(it),
                    _ => None,
                })
                .collect();
            let mut found: Vec<usize> = Vec::new();
            for it in types {
                found.extend(self.store_of_type(stores, it));
                found.extend(self.inherited_stores(stores, it));
            }
            found
        };
        let own = stores_of(&own);
        let mut others = stores_of(&all);
        others.retain(|it| !own.contains(it));
        others
    }

    /// What keeps the queries of a class: its body and those of the classes above it, or the method that a rule names
    /// (`access.keeper "get_queryset queryset"`), which goes before the bodies unless it names one of the words itself.
    fn keepers(&mut self, rule: &Rule, of: Def) -> Vec<(u32, DefId)> {
        let mut keepers = Vec::new();
        let words: Vec<&str> = rule.words("access.keeper").collect();
        for it in self.lineage(of).types.clone() {
            if let Some(method) = words.first()
                && let [own] = self.program.members(self.program.def_space(it), method).as_slice()
            {
                let (unit, id) = self.program.local(*own);
                keepers.push((unit, id));
                let facts = self.facts(unit);
                let definition = facts.definition(id);
                let lines = definition.line..=definition.end_line;
                let leads_on = facts.exprs.iter().any(|it| {
                    lines.contains(&it.at.line)
                        && matches!(&it.kind, ExprKind::Member { name, .. } if words.contains(&name.as_str()))
                });
                if !leads_on {
                    break;
                }
            }
            keepers.push(self.program.local(it));
        }
        keepers
    }

    /// Stores of queries that the initializers of a class assign to a member of the name that the rule says
    /// (`access.chosen "queryset"`: `self.fields["order"].queryset = Order.objects.filter(..)`), or give by this keyword to what is assigned to an index.
    fn chosen_stores(&mut self, stores: &Stores, rule: &Rule, of: Def, kept: &Kept) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        let Some(member) = rule.settings.get("access.chosen") else { return found };
        for it in self.lineage(of).types.clone() {
            for function in self.program.members(self.program.def_space(it), INITIALIZER) {
                let (unit, id) = self.program.local(function);
                let facts = self.facts(unit);
                let assigned = facts.steps.iter().filter(|it| it.owner == id).filter_map(|it| match it.kind {
                    StepKind::Assign { target, value } => Some((target, value)),
                    _ => None,
                });
                let chosen = assigned.filter_map(|(target, value)| match &facts.expr(target).kind {
                    ExprKind::Member { base, name } if name == member => {
                        matches!(facts.expr(*base).kind, ExprKind::Index { .. }).then_some(value)
                    }
                    ExprKind::Index { .. } => match &facts.expr(value).kind {
                        ExprKind::Call { args, .. } => {
                            let named = args.iter().find(|it| it.name.as_deref() == Some(member.as_str()));
                            named.map(|it| it.value)
                        }
                        _ => None,
                    },
                    _ => None,
                });
                for value in chosen {
                    for subject in self.subjects_of(unit, id, value) {
                        if let Subject::Type(of) = subject {
                            found.extend(self.store_of_type(stores, of));
                        }
                    }
                    self.add_chain(unit, id, value, kept, &mut found);
                }
            }
        }
        found
    }

    /// What the calls of a chain read, and what the program's own function reads that the chain begins with.
    fn add_chain(&mut self, unit: u32, owner: DefId, value: ExprId, kept: &Kept, found: &mut Vec<usize>) {
        let facts = self.facts(unit);
        let mut at = value;
        while let ExprKind::Call { callee, .. } = &facts.expr(at).kind {
            let own = kept.get(&(unit, owner)).into_iter().flatten();
            found.extend(own.filter(|it| it.0 == Some(at)).map(|it| it.1));
            match &facts.expr(*callee).kind {
                ExprKind::Member { base, .. } => at = *base,
                ExprKind::Name(_) => {
                    for value in self.eval(unit, owner, *callee) {
                        if let Value::Def(function) = self.pool.value(value)
                            && self.program.is_function(function)
                        {
                            let stores = kept.get(&self.program.local(function)).into_iter().flatten();
                            found.extend(stores.map(|it| it.1));
                        }
                    }
                    return;
                }
                _ => return,
            }
        }
    }
}
