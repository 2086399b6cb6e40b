//! Keys that entities have without writing them, and foreign keys that code declares beside its entities: a macro over two
//! tables, a relation of a sibling type.

use crate::link::names::program::Def;
use crate::link::storage::naming;
use crate::link::storage::stores::{Stores, push_column};
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::Inference;
use crate::link::values::value::{Subject, Value};
use crate::model::fact::{Captured, DefId, ExprId, ExprKind, Match};
use crate::model::rule::Rule;
use crate::model::sql::{Column, ForeignKey, StoreName};

/// A foreign key that names no column of the other table means its primary key.
pub(crate) fn refer_to_keys(stores: &mut Stores) {
    for own in 0..stores.drafts.len() {
        for at in 0..stores.drafts[own].foreign_keys.len() {
            let (key, _) = &stores.drafts[own].foreign_keys[at];
            if !key.referenced_columns.is_empty() {
                continue;
            }
            let Some(target) = stores.find(&key.store.name) else { continue };
            let primary = stores.drafts[target].columns.iter().filter(|it| it.primary_key);
            let primary: Vec<_> = primary.map(|it| it.name.clone()).collect();
            if primary.len() == key.columns.len() {
                stores.drafts[own].foreign_keys[at].0.referenced_columns = primary;
            }
        }
    }
}

/// A relation in code is no constraint of a table that DDL makes without one.
pub(crate) fn drop_mere_relations(stores: &mut Stores) {
    for draft in stores.drafts.iter_mut().filter(|it| it.is_made) {
        let related_by = std::mem::take(&mut draft.related_by);
        draft.foreign_keys.retain(|(key, _)| !related_by.contains(&key.columns));
    }
}

impl Inference<'_> {
    /// `entity.key`: the key column of an entity that writes none; rows that begin in the store of a mapped type above have
    /// a key that points there (`entity.part`).
    pub(crate) fn declare_own_keys(&mut self, stores: &mut Stores) {
        for (of, (name, part)) in stores.own_keys.clone() {
            let Some(store) = stores.of_type.get(&of).copied() else { continue };
            if stores.drafts[store].columns.iter().any(|it| it.primary_key) {
                continue;
            }
            let mut above = self.lineage(of).types.clone().into_iter().skip(1);
            let whole = above.find(|it| stores.of_type.get(it).is_some_and(|it| *it != store));
            let Some(whole) = whole.filter(|_| stores.joined_types.contains(&of)) else {
                put_key(&mut stores.drafts[store].columns, &name);
                continue;
            };
            let (Some(part), Some(target)) = (part, stores.of_type.get(&whole).copied()) else { continue };
            let name = naming::store_name(&part, &self.program.definition(whole).name, "");
            let (unit, id) = self.program.local(of);
            let line = self.facts(unit).definition(id).line;
            let key = ForeignKey {
                columns: vec![name.as_str().into()],
                store: StoreName { schema: None, name: stores.drafts[target].name.as_str().into() },
                referenced_columns: Vec::new(),
                on_delete_cascade: false,
                name: String::new().into(),
            };
            let draft = &mut stores.drafts[store];
            put_key(&mut draft.columns, &name);
            draft.foreign_keys.push((key, (unit, line)));
        }
    }

    pub(crate) fn declare_foreign_keys(&mut self, stores: &mut Stores) {
        for (unit, rule, found) in self.hits(|it| it.has("relation")) {
            let facts = self.facts(unit);
            if self.guards_hold(unit, found.owner, rule, found) != Held::Yes {
                continue;
            }
            let Some(Captured::Expr(target)) = capture(rule, found, "entity.relation") else { continue };
            let Some(target) = self.store_named(stores, unit, found.owner, *target) else { continue };
            if let Some(Captured::Definition(id)) = capture(rule, found, "relation")
                && let Some(entity) = stores.drafts[target].entities.first()
            {
                let definition = facts.definition(*id);
                let holder = self.program.def(unit, definition.parent);
                self.pointed.insert((holder, definition.name.to_string()), *entity);
            }
            let Some(own) = self.store_of_relation(stores, unit, rule, found) else { continue };
            let written = self.captured_name(unit, rule, found, "entity.column");
            // `Column::OrderId` is how code calls the column.
            let column = if let Some(name) = written {
                naming::snake(name.rsplit_once("::").map_or(name.as_str(), |it| it.1))
            } else {
                let naming = rule.settings.get("relation.column");
                let other = self.captured_name(unit, rule, found, "entity.relation");
                let (Some(naming), Some(other)) = (naming, other) else { continue };
                naming::store_name(naming, &other, "")
            };
            let target = StoreName { schema: None, name: stores.drafts[target].name.as_str().into() };
            let draft = &mut stores.drafts[own];
            // A column that the table does not have is called otherwise than its relation says.
            if !draft.columns.is_empty() && !draft.columns.iter().any(|it| it.name.eq_ignore_ascii_case(&column)) {
                continue;
            }
            push_column(draft, &column, false);
            let key = ForeignKey {
                columns: vec![column.as_str().into()],
                store: target,
                referenced_columns: Vec::new(),
                on_delete_cascade: false,
                name: String::new().into(),
            };
            if !draft.foreign_keys.iter().any(|(it, _)| it.columns == key.columns) {
                draft.related_by.push(key.columns.clone());
                draft.foreign_keys.push((key, (unit, found.line)));
            }
        }
    }

    /// The store that holds the key: what the rule captured, or that of the type beside the definition.
    fn store_of_relation(&mut self, stores: &mut Stores, unit: u32, rule: &Rule, found: &Match) -> Option<usize> {
        if let Some(Captured::Expr(of)) = capture(rule, found, "relation.of") {
            return self.store_named(stores, unit, found.owner, *of);
        }
        let Some(Captured::Definition(id)) = capture(rule, found, "relation") else { return None };
        let definition = self.facts(unit).definition(*id);
        let Some(name) = rule.settings.get("entity.beside") else {
            return self.store_of_type(stores, self.program.def(unit, *id));
        };
        let space = self.program.module_space(self.program.enclosing_module(unit, definition.parent));
        let beside = self.program.members(space, name);
        beside.into_iter().find_map(|it| self.store_of_type(stores, it))
    }

    /// The store of a table, a type, or the path of a type in a text (`"super::user::Entity"`).
    fn store_named(&mut self, stores: &mut Stores, unit: u32, owner: DefId, expr: ExprId) -> Option<usize> {
        if let Some(text) = self.plain_text(unit, owner, expr)
            && let Some((path, name)) = text.rsplit_once("::")
        {
            let of = self.type_at(unit, path, name)?;
            return self.store_of_type(stores, of);
        }
        self.related_store(stores, unit, owner, expr).or_else(|| {
            let ExprKind::Name(name) = &self.facts(unit).expr(expr).kind else { return None };
            stores.find(name)
        })
    }

    /// A type by the path that code in a file writes in a text.
    fn type_at(&self, unit: u32, path: &str, name: &str) -> Option<Def> {
        let home = &self.program.modules[self.program.unit(unit).module.0 as usize];
        let mut full: Vec<&str> = home.name.split("::").collect();
        for part in path.split("::") {
            match part {
                "super" => full.truncate(full.len().saturating_sub(1)),
                "self" => {}
                "crate" => full.truncate(1),
                _ => full.push(part),
            }
        }
        let module = self.program.module_named(home.language, &full.join("::"))?;
        let space = self.program.module_space(module);
        if let Some(added) = self.added_name(space, name)
            && let Value::Outside { subject: Subject::Type(of), .. } = self.pool.value(added)
        {
            return Some(of);
        }
        let found = self.program.members(space, name);
        found.into_iter().find(|it| self.program.is_type(*it))
    }
}

/// A key column stands first.
pub(crate) fn put_key(columns: &mut Vec<Column>, name: &str) {
    columns.retain(|it| !it.name.eq_ignore_ascii_case(name));
    columns.insert(0, Column { name: name.into(), primary_key: true, ..Column::default() });
}
