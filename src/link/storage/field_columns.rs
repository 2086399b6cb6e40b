//! Columns that the fields of an entity's type are (`entity.columns "fields"`), with the types that these declare.

use rustc_hash::FxHashSet;

use crate::link::names::program::Def;
use crate::link::storage::column_types::column_type;
use crate::link::storage::naming;
use crate::link::storage::stores::{Stores, push_column};
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::Inference;
use crate::model::fact::{Captured, DefinitionKind, ExprId, ExprKind, FileFacts};
use crate::model::rule::Rule;

/// What frontends call a list where they speak of types.
const LIST: &str = "[]";

impl<'a> Inference<'a> {
    /// Columns that rules name, and those of the fields of types that queries ask for by a rule of theirs.
    pub(super) fn declare_columns(&mut self, stores: &mut Stores, asked: impl Iterator<Item = (Def, &'a Rule)>) {
        let left_out = self.fields_that_are_no_columns();
        let mut listed: Vec<(Def, &Rule)> = Vec::new();
        let mut named = Vec::new();
        for (unit, rule, found) in self.hits(declares_columns) {
            let facts = self.facts(unit);
            if self.guards_hold(unit, found.owner, rule, found) != Held::Yes {
                continue;
            }
            let root = facts.definition(found.owner);
            let type_id = if root.kind == DefinitionKind::Field { root.parent } else { found.owner };
            let types = self.entity_types(unit, type_id);
            if lists_all_fields(rule) {
                for of in &types {
                    self.add_field_columns(stores, rule, *of, &left_out);
                }
                listed.extend(types.iter().map(|it| (*it, rule)));
            }
            if rule.has("entity.column") || rule.has("entity.relation") {
                named.push((unit, rule, found, types));
            }
        }
        for (of, rule) in asked {
            // Its own pattern file says what fields of entities are.
            let listing = self.rules.rules.iter().find(|it| lists_all_fields(it) && it.via() == rule.via());
            if let Some(listing) = listing {
                listed.push((of, listing));
                self.add_field_columns(stores, listing, of, &left_out);
            }
        }
        // By now it is known what the columns of fields are called.
        for (unit, rule, found, types) in named {
            types.into_iter().for_each(|of| self.add_column(stores, unit, rule, found, of));
        }
        // Where nothing else is the key, the field of this name is.
        for (of, rule) in listed {
            let (Some(store), Some(key)) = (stores.of_type.get(&of), rule.settings.get("column.key")) else { continue };
            let columns = &mut stores.drafts[*store].columns;
            if !columns.iter().any(|it| it.primary_key)
                && let Some(column) = columns.iter_mut().find(|it| it.name == *key)
            {
                column.primary_key = true;
                column.nullable = false;
            }
        }
    }

    /// Fields that a rule says are no columns (`column.none`).
    fn fields_that_are_no_columns(&mut self) -> FxHashSet<Def> {
        let mut fields = FxHashSet::default();
        for (unit, rule, found) in self.hits(|it| it.settings.contains_key("column.none")) {
            if let Some(Captured::Definition(field)) = capture(rule, found, "entity.column") {
                fields.insert(self.program.def(unit, *field));
            }
        }
        fields
    }

    fn add_field_columns(&mut self, stores: &mut Stores, rule: &Rule, of: Def, left_out: &FxHashSet<Def>) {
        let Some(store) = stores.of_type.get(&of).copied() else { return };
        // Its parts' fields are its own, and come first.
        let mut parts = self.lineage(of).types.clone();
        parts.retain(|it| *it == of || !stores.of_type.contains_key(it));
        for part in parts.into_iter().rev() {
            self.add_fields_of(stores, rule, store, part, left_out);
        }
    }

    fn add_fields_of(&mut self, stores: &mut Stores, rule: &Rule, store: usize, part: Def, left_out: &FxHashSet<Def>) {
        let called = rule.settings.get("column.called").map_or("{name|snake}", String::as_str);
        let (unit, id) = self.program.local(part);
        let facts = self.facts(unit);
        for field_id in facts.def_ids() {
            let field = facts.definition(field_id);
            let is_field = field.kind == DefinitionKind::Field && field.parent == id;
            if !is_field || left_out.contains(&self.program.def(unit, field_id)) {
                continue;
            }
            if let Some((inner, in_list)) = field.declared.map(|it| innermost(facts, it))
                && let Some(held) = self.project_type(unit, id, inner)
                // A field of another entity's type is a relation, and so is a list of structures.
                && (stores.of_type.contains_key(&held) || in_list && !self.is_single_value(held))
            {
                continue;
            }
            let written = stores.column_name(part, &field.name).map(str::to_owned);
            let name = written.unwrap_or_else(|| naming::store_name(called, &field.name, ""));
            if name != field.name.as_str() {
                stores.column_names.insert((part, field.name.to_string()), name.clone());
                let attributes = &mut stores.drafts[store].attributes;
                if !attributes.iter().any(|it| *it == field.name.as_str()) {
                    attributes.push(field.name.to_string());
                }
            }
            let draft = &mut stores.drafts[store];
            if !draft.is_made {
                push_column(draft, &name, false);
            }
            let column = draft.columns.iter_mut().find(|it| it.name.eq_ignore_ascii_case(&name));
            if let (Some(column), Some(declared)) = (column, field.declared) {
                column_type(facts, rule, declared, column);
            }
        }
    }
}

/// What a declared type is in the end, and whether a list stands around it.
fn innermost(facts: &FileFacts, declared: ExprId) -> (ExprId, bool) {
    let (mut inner, mut in_list) = (declared, false);
    while let ExprKind::Index { base, index } = facts.expr(inner).kind {
        in_list |= matches!(&facts.expr(base).kind, ExprKind::Name(name) if name == LIST);
        inner = index;
    }
    (inner, in_list)
}

/// Whether a rule names columns of the type it stands on.
fn declares_columns(rule: &Rule) -> bool {
    (rule.has("entity.column") || rule.has("entity.relation") || lists_all_fields(rule))
        && !rule.settings.contains_key("column.none")
        && !["access", "definition.store", "relation"].into_iter().any(|it| rule.has(it))
}

fn lists_all_fields(rule: &Rule) -> bool {
    rule.settings.get("entity.columns").is_some_and(|it| it == "fields")
}
