//! Histories: tables that get a row of their own whenever a row of an entity is written.

use crate::link::names::program::Def;
use crate::link::storage::stores::Stores;
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::Inference;
use crate::link::values::members::ROWS_BETWEEN;
use crate::link::values::value::{Subject, Values};
use crate::model::fact::Captured;
use crate::model::graph::StoreKind;
use crate::model::rule::Rule;
use crate::model::sql::Operation;

/// That rows of an entity are recorded: under which member, and by which rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Recorded {
    member: Option<String>,
    rule: u32,
}

impl Inference<'_> {
    /// Reads which entities have a history. Runs once the classes are known.
    pub(crate) fn find_histories(&mut self) {
        for (unit, rule, found) in self.hits(|it| it.settings.contains_key("history.store")) {
            if self.guards_hold(unit, found.owner, rule, found) != Held::Yes {
                continue;
            }
            let of = match (capture(rule, found, "definition.entity"), capture(rule, found, "entity.of")) {
                (_, Some(Captured::Expr(expr))) => match self.subject_of(unit, found.owner, *expr) {
                    Some(Subject::Type(of)) => of,
                    _ => continue,
                },
                (Some(Captured::Definition(id)), _) => self.program.def(unit, *id),
                _ => continue,
            };
            let member = match capture(rule, found, "entity.history") {
                Some(Captured::Definition(id)) => Some(self.facts(unit).definition(*id).name.to_string()),
                _ => None,
            };
            let recorded = Recorded { member, rule: found.rule };
            let known = self.histories.entry(of).or_default();
            if !known.contains(&recorded) {
                known.push(recorded);
            }
        }
    }

    /// The history of an entity, as a member of the type or of an instance.
    pub(crate) fn history_member(&mut self, of: Def, base: Def, name: &str) -> Option<Values> {
        let rules = self.rules;
        let recorded = self.histories.get(&base)?.iter().find(|it| it.member.as_deref() == Some(name))?;
        let kind = rules.rules[recorded.rule as usize].settings.get("history.type")?;
        let holder = if self.rowless.contains(&base) { of } else { base };
        let rows = self.pool.sym(&format!("{ROWS_BETWEEN}{} {name}", holder.0));
        let id = self.outside(kind, true, Subject::Named(rows));
        Some(Values::from_slice(&[id]))
    }

    /// Makes the tables of histories known.
    pub(crate) fn declare_histories(&mut self, stores: &mut Stores) {
        let rules = self.rules;
        let mut known: Vec<(Def, Vec<Recorded>)> =
            self.histories.iter().map(|(of, recorded)| (*of, recorded.clone())).collect();
        known.sort_by_key(|it| it.0);
        for (of, recorded) in known {
            let has_rows = !self.rowless.contains(&of) && self.store_of_type(stores, of).is_some();
            let entities = if has_rows { vec![of] } else { self.concrete_types(stores, of) };
            for it in recorded {
                let rule = &rules.rules[it.rule as usize];
                let Some(naming_rule) = rule.settings.get("history.store") else { continue };
                for entity in &entities {
                    let Some(store) = self.store_of_type(stores, *entity) else { continue };
                    let name = self.conventional_name(rule, naming_rule, *entity);
                    let history = stores.named(None, &name, StoreKind::Table);
                    let (unit, id) = self.program.local(*entity);
                    let site = (unit, self.facts(unit).definition(id).line);
                    let draft = &mut stores.drafts[history];
                    draft.used = true;
                    if draft.defined_at.is_empty() {
                        draft.defined_at.push(site);
                    }
                    stores.histories.entry(store).or_default().push((*entity, it.member.clone(), history));
                }
            }
        }
    }

    /// The history that a member of an entity stands for.
    pub(crate) fn history_of(&self, stores: &Stores, of: Def, name: &str) -> Option<usize> {
        let of_store = stores.histories.get(stores.of_type.get(&of)?)?;
        let known = of_store.iter().find(|it| it.0 == of && it.1.as_deref() == Some(name));
        known.map(|it| it.2)
    }
}

/// What rows the histories get when rows of these stores are written by this verb (`access.recorded`).
pub(crate) fn recorded(
    stores: &Stores,
    rule: &Rule,
    verb: &str,
    written: impl Iterator<Item = usize>,
) -> Vec<(usize, Operation)> {
    if stores.histories.is_empty() || !rule.words("access.recorded").any(|it| it == verb) {
        return Vec::new();
    }
    let mut rows: Vec<(usize, Operation)> =
        written.filter_map(|it| stores.histories.get(&it)).flatten().map(|it| (it.2, Operation::Insert)).collect();
    rows.sort_unstable_by_key(|it| it.0);
    rows.dedup();
    rows
}
