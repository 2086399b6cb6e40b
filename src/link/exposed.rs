//! Relations among the fields that a class lists for what it reads or writes (`access.fields "Meta.fields"`).

use std::collections::BTreeMap;

use crate::link::accesses::{Accesses, RawAccess};
use crate::link::guards::{Held, capture};
use crate::link::infer::Inference;
use crate::link::program::Def;
use crate::link::stores::Stores;
use crate::link::value::{Subject, Value, ValueId};
use crate::model::fact::{Captured, DefId, DefinitionKind, ExprId, ExprKind, Match};
use crate::model::graph::{Confidence, StoreKind};
use crate::model::rule::Rule;
use crate::model::sql::{Effect, Operation};

/// Begins the word for a list of every field of the entity.
const EVERY: &str = "every=";
/// Classes whose lists are looked at for one access.
const MOST_LISTS: usize = 12;

impl Inference<'_> {
    /// What an access on entities reads and writes besides, by the relations among the fields that its receiver's class
    /// lists: rows between two entities, and for a write the rows that its keys name.
    pub(crate) fn exposed_relations(
        &mut self,
        stores: &mut Stores,
        unit: u32,
        rule: &Rule,
        hit: &Match,
        root: Option<ExprId>,
        subjects: &[Subject],
        operation: Operation,
    ) -> Vec<(usize, Operation)> {
        let mut found: Vec<(usize, Operation)> = Vec::new();
        let mut words = rule.words("access.fields");
        let Some(path) = words.next() else { return found };
        let (mut only_between, mut every) = (false, None);
        for word in words {
            only_between |= word == "between";
            every = word.strip_prefix(EVERY).or(every);
        }
        if self.guards_hold(unit, hit.owner, rule, hit) != Held::Yes {
            return found;
        }
        let Some(receiver) = self.receiver_of(unit, rule, hit, root) else { return found };
        let receivers = self.eval(unit, hit.owner, receiver);
        let lists = self.listed_at(unit, &receivers, path);
        let mut add = |it: (usize, Operation)| {
            if !found.contains(&it) {
                found.push(it);
            }
        };
        let writes = operation.effect() == Effect::Write;
        for subject in subjects {
            let Subject::Type(of) = *subject else { continue };
            for list in &lists {
                let names = if every.is_some_and(|every| list.iter().any(|it| it == every)) {
                    self.own_relations(of)
                } else {
                    list.clone()
                };
                for name in names {
                    let Some(related) = self.relation_of(of, &name) else { continue };
                    let link = self.link_of(stores, *subject, &name);
                    // Rows on the far side of a key are looked up only when they are named.
                    if link.is_none() && (only_between || !writes || related.many || related.through.is_some()) {
                        continue;
                    }
                    let far = match related.of {
                        Subject::Type(of) => self.store_of_type(stores, of),
                        Subject::Named(store) => Some(stores.named(None, self.pool.text(store), StoreKind::Table)),
                        Subject::None => None,
                    };
                    if let Some(link) = link {
                        add((link, Operation::Select));
                        if writes {
                            add((link, Operation::Insert));
                        }
                    }
                    if let Some(far) = far {
                        add((far, Operation::Select));
                    }
                }
            }
        }
        found
    }

    /// What the queries that a class keeps ask for is read by a call that runs them (`operation "kept"`): a form that is
    /// validated looks its choices up.
    pub(crate) fn kept_queries(&mut self, found: &mut Accesses) {
        let rules = self.rules;
        let mut kept: BTreeMap<(u32, DefId), Vec<usize>> = BTreeMap::new();
        for access in found.accesses.iter().filter(|it| it.operation == Operation::Select) {
            if access.confidence > Confidence::Guess
                && self.facts(access.unit).definition(access.owner).kind == DefinitionKind::Type
            {
                kept.entry((access.unit, access.owner)).or_default().push(access.store);
            }
        }
        let mut run: Vec<RawAccess> = Vec::new();
        for unit in 0..self.program.units.len() as u32 {
            for hit in self.facts(unit).matches.iter().filter(|_| !kept.is_empty()) {
                let rule = &rules.rules[hit.rule as usize];
                if rule.settings.get("operation").is_none_or(|it| it != "kept")
                    || self.guards_hold(unit, hit.owner, rule, hit) != Held::Yes
                {
                    continue;
                }
                let Some(Captured::Expr(root)) = capture(rule, hit, "access") else { continue };
                let Some(receiver) = self.receiver_of(unit, rule, hit, Some(*root)) else { continue };
                for value in self.eval(unit, hit.owner, receiver) {
                    let Value::Instance(of) = self.pool.value(value) else { continue };
                    for it in self.lineage(of).types.clone() {
                        for store in kept.get(&self.program.local(it)).into_iter().flatten() {
                            let step = (*store, Operation::Select, Confidence::Likely);
                            run.push(self.access_at(unit, hit.owner, hit.line, hit.rule, step));
                        }
                    }
                }
            }
        }
        found.accesses.extend(run);
    }

    /// The lists of names at the end of a path of members: `serializer_class.Meta.fields`.
    fn listed_at(&mut self, unit: u32, receivers: &[ValueId], path: &str) -> Vec<Vec<String>> {
        let mut holders: Vec<Def> = Vec::new();
        for receiver in receivers {
            if let Value::Instance(of) | Value::Super(of) | Value::Def(of) = self.pool.value(*receiver)
                && self.program.is_type(of)
            {
                holders.push(of);
            }
        }
        let (members, last) = path.rsplit_once('.').unwrap_or(("", path));
        for member in members.split('.').filter(|it| !it.is_empty()) {
            let mut next: Vec<Def> = Vec::new();
            for of in holders {
                for value in self.type_member(of, member, unit, false, 0) {
                    if let Value::Def(it) = self.pool.value(value)
                        && self.program.is_type(it)
                        && !next.contains(&it)
                    {
                        next.push(it);
                    }
                }
            }
            holders = next;
        }
        let mut lists = Vec::new();
        for of in holders.into_iter().take(MOST_LISTS) {
            for base in self.lineage(of).types.clone() {
                let members = self.program.members(self.program.def_space(base), last);
                let Some(member) = members.first() else { continue };
                let (unit, id) = self.program.local(*member);
                if let Some(value) = self.facts(unit).definition(id).value {
                    lists.push(self.listed_names(unit, id, value));
                }
                break;
            }
        }
        lists
    }

    /// The texts of a list, or one text alone.
    fn listed_names(&mut self, unit: u32, owner: DefId, value: ExprId) -> Vec<String> {
        match &self.facts(unit).expr(value).kind {
            ExprKind::Text(text) => vec![text.to_string()],
            ExprKind::Sequence(items) => items.iter().filter_map(|it| self.plain_text(unit, owner, *it)).collect(),
            _ => Vec::new(),
        }
    }

    /// Relations that a type or those above it declare as members.
    fn own_relations(&mut self, of: Def) -> Vec<String> {
        let types = self.lineage(of).types.clone();
        let mut names: Vec<String> = (self.related.keys())
            .filter(|(it, name)| {
                types.contains(it) && !self.program.members(self.program.def_space(*it), name).is_empty()
            })
            .map(|(_, name)| name.clone())
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}
