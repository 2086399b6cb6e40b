//! Types that code makes rows of, deletes, or names for a table, where no rule declares them: entities from the start, so that
//! their relations are known before the first query is read.

use crate::link::access::accesses::table_word;
use crate::link::names::program::Def;
use crate::link::storage::stores::{Stores, store_kind};
use crate::link::values::guards::{Held, capture, captures};
use crate::link::values::infer::Inference;
use crate::link::values::value::Subject;
use crate::model::fact::{Captured, DefinitionKind, Match};
use crate::model::graph::StoreKind;
use crate::model::rule::Rule;
use crate::model::source::Role;

/// A type, the name and kind of its store, and the rule by which it is asked for.
type Asked<'a> = (Def, String, StoreKind, &'a Rule);

impl<'a> Inference<'a> {
    /// Types that production code writes by rules which name the tables of such types, with their names.
    pub(crate) fn asked_types(&mut self, stores: &Stores) -> Vec<Asked<'a>> {
        let mut asked: Vec<Asked<'a>> = Vec::new();
        // Types whose rows a chain puts into a table that it names; none where chains name several.
        let mut told: Vec<(Def, Option<String>, StoreKind, &'a Rule)> = Vec::new();
        let names_tables = |it: &Rule| {
            it.has("access.target")
                && it.settings.contains_key("entity.store")
                && it.settings.get("access.target").is_none_or(|it| it == "entity")
        };
        for (unit, rule, hit) in self.hits(names_tables) {
            let is_test = self.program.is_test(self.program.def(unit, hit.owner));
            let is_past = self.program.unit(unit).source.role == Role::Migration;
            if is_test || is_past || !says_rows(rule, hit) || self.guards_hold(unit, hit.owner, rule, hit) != Held::Yes
            {
                continue;
            }
            // `db.Table("orders").Create(&row)`: the chain says it.
            let root = match capture(rule, hit, "access") {
                Some(Captured::Expr(expr)) => Some(*expr),
                _ => None,
            };
            let chain = match self.receiver_of(unit, rule, hit, root) {
                Some(receiver) => self.receiver_subjects(unit, hit.owner, rule, receiver),
                None => Vec::new(),
            };
            let mut subjects = Vec::new();
            for target in captures(rule, hit, "access.target") {
                self.target_subjects(unit, hit.owner, rule, target, "entity", &mut subjects);
            }
            // One type only: what else a parameter may hold is about other things.
            let [Subject::Type(of)] = subjects.as_slice() else { continue };
            let known = asked.iter().any(|it| it.0 == *of) || stores.abstract_types.contains_key(of);
            let is_mapped = self.store_of_type(stores, *of).is_some();
            if known || self.program.kind(*of) != DefinitionKind::Type || is_mapped || self.is_single_value(*of) {
                continue;
            }
            if !chain.is_empty() {
                if let [Subject::Named(name)] = chain.as_slice()
                    && let Some(name) = table_word(self.pool.text(*name)).map(str::to_owned)
                {
                    match told.iter_mut().find(|it| it.0 == *of) {
                        Some(it) if it.1.as_ref() == Some(&name) => {}
                        Some(it) => it.1 = None,
                        None => told.push((*of, Some(name), store_kind(rule), rule)),
                    }
                }
                continue;
            }
            if let Some(naming_rule) = rule.settings.get("entity.store")
                && let Some(name) = self.said_name(rule, naming_rule, *of)
            {
                asked.push((*of, name, store_kind(rule), rule));
            }
        }
        let is_asked = |of: Def| asked.iter().any(|it| it.0 == of);
        let told: Vec<_> = told.into_iter().filter(|it| !is_asked(it.0)).collect();
        asked.extend(told.into_iter().filter_map(|(of, name, kind, rule)| Some((of, name?, kind, rule))));
        asked
    }

    /// Whether a type is a value of another one under a new name (`type DateTime time.Time`), and so no row.
    pub(crate) fn is_single_value(&mut self, of: Def) -> bool {
        let lineage = self.lineage(of).types.clone();
        let mut parts = lineage.iter().map(|it| self.program.local(*it));
        parts.all(|(unit, id)| {
            let facts = self.facts(unit);
            facts.typing.embeds_parts
                && !facts.definitions.iter().any(|it| it.parent == id && it.kind == DefinitionKind::Field)
        })
    }
}

/// Whether a match makes or deletes rows or tables, or names what a chain is about; what is read may be no entity.
fn says_rows(rule: &Rule, hit: &Match) -> bool {
    if let Some(operation) = rule.settings.get("operation") {
        return matches!(operation.as_str(), "target" | "ddl");
    }
    let Some(Captured::Word(verb)) = capture(rule, hit, "access.verb") else { return false };
    ["access.insert", "access.upsert", "access.delete"].iter().any(|it| rule.words(it).any(|it| it == verb))
}
