//! Data stores: tables from DDL and migrations, entities from model types, names met in accesses.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::link::entities::alongside::{Cascade, Link};
use crate::link::names::program::Def;
use crate::link::storage::computed_names::Computed;
use crate::link::storage::foreign_keys::refer_to_keys;
use crate::link::storage::schema::Table;
use crate::link::values::guards::{Held, capture, captures};
use crate::link::values::infer::Inference;
use crate::link::values::value::{Subject, Value};
use crate::model::fact::{Captured, DefId, DefinitionKind, ExprId, ExprKind, Match};
use crate::model::graph::StoreKind;
use crate::model::rule::Rule;
use crate::model::sql::{Column, ForeignKey, StoreName};

/// Schemas whose name is not written.
const DEFAULT_SCHEMAS: &[&str] = &["public", "main", "dbo"];

/// Place of a draft fact: unit and line.
pub(crate) type Site = (u32, u32);

/// A store while it is being put together.
#[derive(Clone, Debug, Default)]
pub(crate) struct StoreDraft {
    pub(crate) name: String,
    pub(crate) schema: Option<String>,
    pub(crate) kind: Option<StoreKind>,
    pub(crate) columns: Vec<Column>,
    pub(crate) foreign_keys: Vec<(ForeignKey, Site)>,
    /// Columns of keys that only a relation in code speaks of.
    pub(crate) related_by: Vec<Vec<crate::model::fact::Text>>,
    /// DDL that lists its columns makes the table, so it says all its keys.
    pub(crate) is_made: bool,
    pub(crate) defined_at: Vec<Site>,
    pub(crate) entities: Vec<Def>,
    pub(crate) conflicts: Vec<(Site, String)>,
    pub(crate) seeded_at: Vec<Site>,
    /// Members of the entities whose columns are called otherwise.
    pub(crate) attributes: Vec<String>,
    /// Named by an access, a definition or a foreign key; drafts nobody uses are dropped.
    pub(crate) used: bool,
}

/// All stores by name, and which type is mapped to which.
#[derive(Default)]
pub(crate) struct Stores {
    pub(crate) drafts: Vec<StoreDraft>,
    by_key: FxHashMap<String, usize>,
    by_bare_name: FxHashMap<String, Vec<usize>>,
    pub(crate) of_type: FxHashMap<Def, usize>,
    pub(crate) abstract_types: FxHashMap<Def, ()>,
    /// Types whose store is only called by a convention.
    pub(crate) unsure_types: FxHashSet<Def>,
    /// Types that only look like rows (`entity.shape`).
    pub(crate) shaped_types: FxHashSet<Def>,
    /// Types whose rows have a part in the stores of the mapped types above them (`entity.joined`).
    pub(crate) joined_types: FxHashSet<Def>,
    /// Types whose rows are read with their parts in the stores of the types below (`entity.whole`).
    pub(crate) whole_types: FxHashSet<Def>,
    /// Key columns that entities have without writing them (`entity.key`), and the rule that names the key of a part
    /// (`entity.part`).
    pub(crate) own_keys: BTreeMap<Def, (String, Option<String>)>,
    /// What the column of a member is called where that is written (`@column.name`).
    pub(super) column_names: FxHashMap<(Def, String), String>,
    /// Relation by type and field, or by the name the other side gave it: the related type or store.
    pub(crate) relations: FxHashMap<(Def, String), (usize, Option<Def>)>,
    /// Tables between two entities, by either one and its name for the relation; and those without a type of their own.
    pub(crate) links: FxHashMap<(Subject, String), Link>,
    pub(crate) links_of: FxHashMap<Subject, Vec<usize>>,
    /// By the store of an entity: the entity, the member under which its history is reached, and the history.
    pub(crate) histories: FxHashMap<usize, Vec<(Def, Option<String>, usize)>>,
    /// Entities whose rows change when a row of this one is deleted.
    pub(crate) cascades: FxHashMap<Subject, Vec<(Def, Cascade)>>,
    /// Entities whose deletions some code is told of row by row; and whether those of all are.
    pub(crate) watched: FxHashSet<Subject>,
    pub(crate) all_watched: bool,
}

impl Stores {
    /// The store of this name; made if there is none.
    pub(crate) fn named(&mut self, schema: Option<&str>, name: &str, kind: StoreKind) -> usize {
        let schema = schema.filter(|it| !it.is_empty());
        // Whoever writes the default schema means no other one.
        let any_schema = schema.is_none();
        let schema = schema.filter(|it| !DEFAULT_SCHEMAS.contains(&it.to_lowercase().as_str()));
        // A space of cache keys is no table, though it may be called like one.
        let bare =
            if kind == StoreKind::Cache { format!("cache:{}", name.to_lowercase()) } else { name.to_lowercase() };
        let key = schema.map_or_else(|| bare.clone(), |it| format!("{}.{bare}", it.to_lowercase()));
        if let Some(found) = self.find_key(&key, &bare, any_schema) {
            return found;
        }
        let index = self.drafts.len();
        self.drafts.push(StoreDraft {
            name: schema.map_or_else(|| name.to_owned(), |it| format!("{it}.{name}")),
            schema: schema.map(str::to_owned),
            kind: Some(kind),
            ..StoreDraft::default()
        });
        self.by_key.insert(key, index);
        self.by_bare_name.entry(bare).or_default().push(index);
        index
    }

    fn find_key(&self, key: &str, bare: &str, any_schema: bool) -> Option<usize> {
        if let Some(found) = self.by_key.get(key) {
            return Some(*found);
        }
        // A name without schema means the only table of that name in whatever schema it is.
        match self.by_bare_name.get(bare).map(Vec::as_slice) {
            Some([only]) if any_schema => Some(*only),
            _ => None,
        }
    }

    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        let key = name.to_lowercase();
        let (schema, bare) = key.rsplit_once('.').map_or((None, key.as_str()), |(schema, bare)| (Some(schema), bare));
        let any_schema = schema.is_none();
        let schema = schema.filter(|it| !DEFAULT_SCHEMAS.contains(it));
        let key = schema.map_or_else(|| bare.to_owned(), |it| format!("{it}.{bare}"));
        self.find_key(&key, bare, any_schema)
    }

    /// Takes over a table as the schema has it in the end; what DDL says of columns and keys wins over model classes.
    pub(crate) fn add_table(&mut self, table: &Table) {
        if !table.is_defined {
            return;
        }
        let kind = if table.is_view { StoreKind::View } else { StoreKind::Table };
        // Made without a schema, it is in the default one, whatever other schemas hold.
        let index =
            self.named(table.name.schema.as_deref().or(DEFAULT_SCHEMAS.first().copied()), &table.name.name, kind);
        for part in &table.partitions {
            let key = part.name.to_lowercase().to_string();
            self.by_key.entry(key).or_insert(index);
        }
        for StoreName { schema, name } in &table.qualified {
            let key = format!("{}.{name}", schema.as_deref().unwrap_or_default()).to_lowercase();
            self.by_key.entry(key).or_insert(index);
        }
        let draft = &mut self.drafts[index];
        draft.used = true;
        draft.kind = Some(kind);
        if !table.columns.is_empty() {
            draft.columns.clone_from(&table.columns);
            draft.is_made = !table.is_view;
        }
        if !table.foreign_keys.is_empty() {
            draft.foreign_keys.clone_from(&table.foreign_keys);
            draft.related_by.retain(|it| table.foreign_keys.iter().all(|(key, _)| key.columns != *it));
        }
        for site in table.defined_at.iter().chain(&table.altered_at) {
            if !draft.defined_at.contains(site) {
                draft.defined_at.push(*site);
            }
        }
        draft.conflicts.clone_from(&table.conflicts);
    }

    /// What the column of an entity's member is called where that is written.
    pub(crate) fn column_name(&self, of: Def, member: &str) -> Option<&str> {
        if self.column_names.is_empty() {
            return None;
        }
        self.column_names.get(&(of, member.to_owned())).map(String::as_str)
    }

    /// Whether an attribute of the store's entities is a column or a relation; true where no columns are known.
    pub(crate) fn maps(&self, store: usize, attribute: &str) -> bool {
        let draft = &self.drafts[store];
        draft.columns.is_empty()
            || draft.columns.iter().any(|it| it.name.eq_ignore_ascii_case(attribute))
            || draft.attributes.iter().any(|it| it == attribute)
            || draft.entities.iter().any(|it| self.relations.contains_key(&(*it, attribute.to_owned())))
    }

    /// Whether a store has a column of this name.
    pub(crate) fn has_column(&self, store: usize, name: &str) -> bool {
        self.drafts[store].columns.iter().any(|it| it.name.eq_ignore_ascii_case(name))
    }

    /// The store of a name in a statement; which schema it is in may only be told at run time.
    pub(crate) fn of_sql(&mut self, name: &StoreName) -> usize {
        self.named(name.schema.as_deref().filter(|it| !it.contains('{')), &name.name, StoreKind::Table)
    }
}

impl<'a> Inference<'a> {
    /// Entities that rules declare: types mapped to stores, with columns and relations.
    pub(crate) fn declare_entities(&mut self, stores: &mut Stores) {
        self.find_conventions();
        let mut chosen: FxHashMap<Def, (bool, String, StoreKind)> = FxHashMap::default();
        let mut schemas: FxHashMap<Def, String> = FxHashMap::default();
        let mut same: Vec<(Def, Def)> = Vec::new();
        let mut existing: BTreeMap<Def, Vec<(String, StoreKind)>> = BTreeMap::new();
        let mut sharing: Vec<Def> = Vec::new();
        let mut computed: Vec<Computed<'a>> = Vec::new();
        let mut embedded: Vec<Def> = Vec::new();
        let mut proven: Vec<Def> = Vec::new();
        let mut queried: Option<FxHashSet<Def>> = None;
        for (unit, rule, found) in self.hits(|it| it.has("definition.entity")) {
            let root = match capture(rule, found, "definition.entity") {
                Some(Captured::Definition(id)) => *id,
                _ => found.owner,
            };
            if self.guards_hold(unit, found.owner, rule, found) != Held::Yes {
                continue;
            }
            let mut mixed = self.entity_types(unit, root);
            mixed.retain(|it| self.mixins.contains(it));
            if !mixed.is_empty() {
                // Its rows are those of the types it is mixed into.
                stores.abstract_types.extend(mixed.into_iter().map(|it| (it, ())));
                continue;
            }
            if rule.settings.contains_key("entity.whole") {
                let whole = self.entity_types(unit, root);
                stores.whole_types.extend(whole);
            }
            if rule.settings.contains_key("entity.joined") {
                let joined = self.entity_types(unit, root);
                stores.joined_types.extend(joined);
            }
            if let Some(mapped) = self.mapped_by_rows(unit, rule, found) {
                for (of, name) in mapped {
                    proven.push(of);
                    chosen.insert(of, (true, name, store_kind(rule)));
                }
                continue;
            }
            let types = match capture(rule, found, "entity.of") {
                Some(Captured::Expr(expr)) => self.types_named_in(unit, found.owner, *expr),
                _ => self.entity_types(unit, root),
            };
            for of in types {
                if let Some(key) = rule.settings.get("entity.key") {
                    stores.own_keys.insert(of, (key.clone(), rule.settings.get("entity.part").cloned()));
                }
                if let Some(member) = rule.settings.get("entity.named_by") {
                    if let Some(it) = self.computed_name(of, member, rule) {
                        sharing.push(of);
                        computed.push(it);
                    }
                    continue;
                }
                let is_abstract = match rule.settings.get("entity.abstract").map(String::as_str) {
                    // A function that gives one text names the table of the type itself.
                    Some("true") => {
                        let named = self.captured_name(unit, rule, found, "entity.store");
                        named.is_none_or(|it| it.contains('{'))
                    }
                    Some("embedded") if self.implementers.get(&of).is_some_and(|it| !it.is_empty()) => {
                        let usual = rule.settings.get("entity.store");
                        let name = usual.map(|it| self.conventional_name(rule, it, of));
                        let is_missing = name.is_none_or(|it| stores.find(&it).is_none());
                        if is_missing && !queried.get_or_insert_with(|| self.queried_types()).contains(&of) {
                            embedded.push(of);
                            continue;
                        }
                        false // What embeds it adds to its rows.
                    }
                    Some("bare") => self.is_bare(of),
                    _ => false,
                };
                if is_abstract {
                    stores.abstract_types.insert(of, ());
                    continue;
                }
                if rule.settings.contains_key("entity.proxy") {
                    continue;
                }
                if let Some(schema) = self.captured_name(unit, rule, found, "entity.schema") {
                    schemas.insert(of, schema);
                }
                if let Some(other) = self.captured_type(unit, rule, found, "entity.store")
                    && other != of
                {
                    same.push((of, other));
                    continue;
                }
                let explicit = self.captured_name(unit, rule, found, "entity.store");
                let kind = store_kind(rule);
                if rule.settings.get("entity.existing").is_some_and(|it| it == "true") {
                    let names = existing.entry(of).or_default();
                    if let Some(name) = explicit {
                        names.push((name, kind));
                    } else {
                        let rules = rule.words("entity.store");
                        names.extend(rules.map(|it| (self.conventional_name(rule, it, of), kind)));
                    }
                    continue;
                }
                let (is_explicit, name) = match explicit {
                    Some(name) => (true, name),
                    None => match rule.settings.get("entity.store") {
                        Some(naming_rule) => (false, self.conventional_name(rule, naming_rule, of)),
                        None => continue,
                    },
                };
                if !is_explicit && rule.settings.contains_key("entity.single") {
                    sharing.push(of);
                }
                if is_explicit || !rule.settings.contains_key("entity.shape") {
                    proven.push(of);
                } else {
                    stores.shaped_types.insert(of);
                }
                let entry = chosen.entry(of).or_insert_with(|| (is_explicit, name.clone(), kind));
                if is_explicit && !entry.0 {
                    *entry = (true, name, kind);
                }
            }
        }
        proven.iter().for_each(|it| _ = stores.shaped_types.remove(it));
        for of in embedded {
            if !chosen.get(&of).is_some_and(|it| it.0) {
                stores.abstract_types.insert(of, ());
            }
        }
        for (of, name, unsure) in self.fitting_names(&computed, stores) {
            let entry = chosen.entry(of).or_insert_with(|| (false, name.clone(), StoreKind::Table));
            if !entry.0 {
                entry.1 = name;
                stores.unsure_types.extend(unsure.then_some(of));
            }
        }
        for (of, _) in &same {
            chosen.remove(of);
            existing.remove(of);
        }
        self.share_stores(sharing, stores, &mut chosen);
        let mut chosen: Vec<_> = chosen.into_iter().collect();
        chosen.sort_by_key(|(of, _)| *of);
        for (of, (_, name, kind)) in chosen {
            if stores.abstract_types.contains_key(&of) || self.proxies.contains(&of) {
                continue;
            }
            let name = match schemas.get(&of) {
                Some(schema) if !name.contains('.') => format!("{schema}.{name}"),
                _ => name,
            };
            existing.remove(&of);
            self.map_type(stores, of, &name, kind);
        }
        let made = if existing.is_empty() { FxHashSet::default() } else { self.made_by_migrations() };
        for (of, names) in existing {
            let is_there = |name: &String| stores.find(name).is_some() || made.contains(name);
            if let Some((name, kind)) = names.into_iter().find(|(name, _)| is_there(name)) {
                self.map_type(stores, of, &name, kind);
            }
        }
        for (of, other) in same {
            if let Some(store) = self.store_of_type(stores, other) {
                let (name, kind) =
                    (stores.drafts[store].name.clone(), stores.drafts[store].kind.unwrap_or(StoreKind::Table));
                self.map_type(stores, of, &name, kind);
            }
        }
        let asked = self.asked_types(stores);
        for (of, name, kind, _) in &asked {
            self.map_type(stores, *of, name, *kind);
        }
        self.map_proxies(stores);
        self.find_column_names(stores);
        let asked = asked.into_iter().map(|(of, _, _, rule)| (of, rule));
        self.declare_columns(stores, asked);
        self.declare_own_keys(stores);
        self.declare_foreign_keys(stores);
        self.declare_links(stores);
        self.link_proxied(stores);
        self.declare_histories(stores);
        refer_to_keys(stores);
        self.declare_column_types(stores);
    }

    /// Rows of a type without a key column of its own stand in the store of the mapped type above it (`entity.single`).
    fn share_stores(
        &mut self,
        sharing: Vec<Def>,
        stores: &Stores,
        chosen: &mut FxHashMap<Def, (bool, String, StoreKind)>,
    ) {
        let mut keyed: FxHashSet<Def> = FxHashSet::default();
        for (unit, rule, found) in self.hits(|it| it.settings.contains_key("column.primary")) {
            if rule.settings.contains_key("column.primary")
                && let Some(Captured::Definition(id)) = capture(rule, found, "definition.entity")
            {
                keyed.insert(self.program.def(unit, *id));
            }
        }
        let mapped: FxHashSet<Def> = chosen.keys().copied().collect();
        for of in sharing {
            let is_explicit = chosen.get(&of).is_none_or(|it| it.0);
            let mut above = self.lineage(of).types.clone().into_iter().skip(1);
            let has_mapped = above.any(|it| mapped.contains(&it) && !stores.abstract_types.contains_key(&it));
            if !is_explicit && has_mapped && !keyed.contains(&of) {
                chosen.remove(&of);
            }
        }
    }

    /// Whether a type has others below it and no field of its own.
    fn is_bare(&self, of: Def) -> bool {
        let (unit, id) = self.program.local(of);
        let mut own = self.facts(unit).definitions.iter().filter(|it| it.parent == id);
        self.implementers.get(&of).is_some_and(|it| !it.is_empty()) && !own.any(|it| it.kind == DefinitionKind::Field)
    }

    /// Maps a type to a store by name.
    pub(crate) fn map_type(&mut self, stores: &mut Stores, of: Def, name: &str, kind: StoreKind) -> usize {
        let (schema, bare) = name.rsplit_once('.').map_or((None, name), |(schema, bare)| (Some(schema), bare));
        let store = stores.named(schema, bare, kind);
        let (unit, id) = self.program.local(of);
        let line = self.facts(unit).definition(id).line;
        let draft = &mut stores.drafts[store];
        draft.used = true;
        if !draft.entities.contains(&of) {
            draft.entities.push(of);
            draft.defined_at.push((unit, line));
        }
        stores.of_type.insert(of, store);
        store
    }

    /// The type a rule's definition stands for: itself, or the receiver's type of a method.
    pub(in crate::link) fn entity_types(&mut self, unit: u32, id: DefId) -> Vec<Def> {
        let facts = self.facts(unit);
        let definition = facts.definition(id);
        match definition.kind {
            DefinitionKind::Type | DefinitionKind::Interface | DefinitionKind::Alias => {
                vec![self.program.def(unit, id)]
            }
            _ => {
                if let Some(receiver) = definition.receiver {
                    return self
                        .type_objects(unit, definition.parent, receiver)
                        .iter()
                        .filter_map(|it| if let Value::Def(of) = self.pool.value(*it) { Some(of) } else { None })
                        .collect();
                }
                let parent = self.program.def(unit, definition.parent);
                if self.program.is_type(parent) { vec![parent] } else { Vec::new() }
            }
        }
    }

    /// The types that an expression denotes as such.
    pub(in crate::link) fn types_named_in(&mut self, unit: u32, owner: DefId, expr: ExprId) -> Vec<Def> {
        let values = self.eval(unit, owner, expr);
        let types = values.iter().filter_map(|it| match self.pool.value(*it) {
            Value::Def(of) | Value::Instance(of) if self.program.is_type(of) => Some(of),
            _ => None,
        });
        types.collect()
    }

    /// A type of the program that a captured name denotes.
    fn captured_type(&mut self, unit: u32, rule: &Rule, found: &Match, name: &str) -> Option<Def> {
        let Some(Captured::Expr(expr)) = capture(rule, found, name) else { return None };
        let kind = &self.facts(unit).expr(*expr).kind;
        let names = matches!(kind, crate::model::fact::ExprKind::Name(_) | crate::model::fact::ExprKind::Member { .. });
        // A query in an attribute is about the type it starts from.
        let query = self.separator(unit) == "::" && matches!(kind, crate::model::fact::ExprKind::Call { .. });
        if !(names || query) {
            return None;
        }
        let scope = self.facts(unit).definition(found.owner).parent;
        self.eval(unit, scope, *expr).iter().find_map(|it| match self.pool.value(*it) {
            Value::Def(of) if self.program.is_type(of) => Some(of),
            Value::Instance(of) if query => Some(of),
            _ => None,
        })
    }

    /// A name that a capture spells: a text, a word, or what a member definition holds or returns.
    pub(crate) fn captured_name(&mut self, unit: u32, rule: &Rule, found: &Match, name: &str) -> Option<String> {
        match capture(rule, found, name)? {
            Captured::Expr(expr) => {
                if let Some(text) = self.plain_text(unit, found.owner, *expr) {
                    return Some(text);
                }
                // A table as a value.
                let about = self.eval(unit, found.owner, *expr).iter().find_map(|it| match self.pool.value(*it) {
                    Value::Outside { subject: Subject::Named(store), .. } => Some(store),
                    _ => None,
                });
                if let Some(store) = about {
                    return Some(self.pool.text(store).to_owned());
                }
                // A bare identifier names the store where the grammar of a macro has no quotes; the modules before it are no
                // schema.
                match &self.facts(unit).expr(*expr).kind {
                    ExprKind::Name(name) | ExprKind::Member { name, .. } if self.separator(unit) == "::" => {
                        Some(name.to_string())
                    }
                    _ => None,
                }
            }
            Captured::Word(word) => Some(word.to_string()),
            Captured::Definition(id) => {
                let definition = self.facts(unit).definition(*id);
                if let Some(value) = definition.value {
                    return self.plain_text(unit, definition.parent, value);
                }
                let def = self.program.def(unit, *id);
                let var = self.result_var(def)?;
                let sources = self.sources(var);
                sources.iter().find_map(|it| self.plain_text(it.unit, it.owner, it.expr))
            }
        }
    }

    fn find_column_names(&mut self, stores: &mut Stores) {
        for (unit, rule, found) in self.hits(|it| it.has("entity.column") && it.has("column.name")) {
            let facts = self.facts(unit);
            if let Some(Captured::Definition(member)) = capture(rule, found, "entity.column")
                && capture(rule, found, "column.name").is_some()
                && self.guards_hold(unit, found.owner, rule, found) == Held::Yes
                && let Some(name) = self.captured_name(unit, rule, found, "column.name")
            {
                let member = facts.definition(*member);
                let of = self.program.def(unit, member.parent);
                stores.column_names.insert((of, member.name.to_string()), name);
            }
        }
    }

    pub(super) fn add_column(&mut self, stores: &mut Stores, unit: u32, rule: &Rule, found: &Match, of: Def) {
        // Columns of an abstract type belong to all its concrete subclasses.
        let holders = self.holders_of(stores, of);
        let facts = self.facts(unit);
        // The member that the rule captured, or the definition it stands on.
        let member = match capture(rule, found, "entity.column") {
            Some(Captured::Definition(id)) => Some(facts.definition(*id)),
            _ => None,
        };
        let field = member.unwrap_or_else(|| facts.definition(found.owner)).name.to_string();
        let relation_kind = rule.settings.get("relation.kind").map_or("foreign-key", String::as_str);
        let primary = rule.settings.get("column.primary").is_some_and(|it| it == "true");
        let written = stores.column_names.get(&(of, field.clone())).cloned();
        let column_name = match member {
            Some(member) => written.clone().unwrap_or_else(|| member.name.to_string()),
            None => self.captured_name(unit, rule, found, "entity.column").unwrap_or_else(|| field.clone()),
        };
        self.relate(stores, unit, rule, found, of, &field);
        self.relate_rows(stores, unit, rule, found, of, &field, &holders);
        for store in holders {
            if written.is_some() && !stores.drafts[store].attributes.contains(&field) {
                stores.drafts[store].attributes.push(field.clone());
            }
            if let Some(relation) = captures(rule, found, "entity.relation").next() {
                let target = match relation {
                    Captured::Expr(expr) => self.related_store(stores, unit, found.owner, *expr),
                    Captured::Word(word) => stores.find(word),
                    Captured::Definition(_) => None,
                };
                if relation_kind == "foreign-key"
                    && let Some(target) = target
                {
                    let column = match rule.settings.get("relation.column") {
                        None if written.is_none() => format!("{column_name}_id"),
                        _ => column_name.clone(),
                    };
                    push_column(&mut stores.drafts[store], &column, false);
                    let target_name = StoreName { schema: None, name: stores.drafts[target].name.as_str().into() };
                    let key = ForeignKey {
                        columns: vec![column.as_str().into()],
                        store: target_name,
                        referenced_columns: Vec::new(),
                        on_delete_cascade: false,
                        name: String::new().into(),
                    };
                    let draft = &mut stores.drafts[store];
                    if !draft.foreign_keys.iter().any(|(it, _)| it.columns == key.columns) {
                        draft.foreign_keys.push((key, (unit, found.line)));
                    }
                }
            } else {
                push_column(&mut stores.drafts[store], &column_name, primary);
            }
        }
    }

    /// Remembers a relation under its field's name and under the name the other side has for it.
    fn relate(&mut self, stores: &mut Stores, unit: u32, rule: &Rule, found: &Match, of: Def, field: &str) {
        let Some(Captured::Expr(target)) = capture(rule, found, "entity.relation") else { return };
        let Some(store) = self.related_store(stores, unit, found.owner, *target) else { return };
        let related = match self.subject_of(unit, found.owner, *target) {
            Some(Subject::Type(it)) => Some(it),
            _ => stores.drafts[store].entities.first().copied(),
        };
        stores.relations.insert((of, field.to_owned()), (store, related));
        if let (Some(inverse), Some(related)) = (self.captured_name(unit, rule, found, "entity.inverse"), related)
            && let Some(own) = self.store_of_type(stores, of)
        {
            stores.relations.insert((related, inverse), (own, Some(of)));
        }
    }

    /// Stores that a relation path reads, such as `orders__items` or `Orders.Items`, from a type on.
    pub(crate) fn related_stores(&mut self, stores: &Stores, of: Subject, path: &str) -> Vec<usize> {
        let mut reached = Vec::new();
        let mut at = of;
        for part in path.split("__").flat_map(|it| it.split('.')) {
            let spelled = self.field_spelled(at, part);
            let part = spelled.as_deref().unwrap_or(part);
            reached.extend(self.link_of(stores, at, part));
            let next = match at {
                Subject::Type(of) => {
                    let types = self.lineage(of).types.clone();
                    let known = types.iter().find_map(|it| stores.relations.get(&(*it, part.to_owned())).copied());
                    known.or_else(|| self.field_relation(stores, of, part))
                }
                _ => None,
            };
            let Some((store, related)) = next else {
                let named = self.related_by_name(stores, at, part);
                reached.extend(named.iter().map(|(store, _)| *store));
                match named.first() {
                    Some((_, next)) => at = *next,
                    None => break,
                }
                continue;
            };
            reached.push(store);
            match related {
                Some(related) => at = Subject::Type(related),
                None => match self.stubs.type_of(&stores.drafts[store].name) {
                    Some(_) => at = Subject::Named(self.pool.sym(&stores.drafts[store].name)),
                    None => break,
                },
            }
        }
        reached
    }

    /// A field whose declared type is an entity, or holds some.
    fn field_relation(&mut self, stores: &Stores, of: Def, field: &str) -> Option<(usize, Option<Def>)> {
        for base in self.lineage(of).types.clone() {
            let Some(var) = self.find_var(self.program.def_space(base), field) else { continue };
            let mut values = self.read(var);
            for value in values.clone() {
                if let Value::Container(container) = self.pool.value(value) {
                    values = self.container_read(container, None);
                }
            }
            for value in values {
                if let Value::Instance(it) = self.pool.value(value)
                    && let Some(store) = self.store_of_type(stores, it)
                {
                    return Some((store, Some(it)));
                }
            }
        }
        None
    }

    /// The store a relation names: by type, by `table.column`, or by the entity's name in a text.
    pub(crate) fn related_store(
        &mut self,
        stores: &mut Stores,
        unit: u32,
        owner: DefId,
        expr: crate::model::fact::ExprId,
    ) -> Option<usize> {
        match self.subject_told(unit, owner, expr)? {
            Subject::Type(of) => self.store_of_type(stores, of),
            Subject::Named(sym) => {
                let text = self.pool.text(sym).to_owned();
                if text == "self" {
                    let own = self.program.def(unit, owner);
                    let around = self.program.def(unit, self.facts(unit).definition(owner).parent);
                    let def = if self.program.is_type(own) { own } else { around };
                    return stores.of_type.get(&def).copied();
                }
                if let Some(store) = stores.find(&text) {
                    return Some(store);
                }
                // Entities from outside have tables too.
                let known = self.stubs.type_of(&text).map(|_| text.as_str());
                if let Some(name) = known.or_else(|| self.stubs.store_of(&text)) {
                    return Some(stores.named(None, name, StoreKind::Table));
                }
                if let Some((table, _)) = text.rsplit_once('.')
                    && let Some(store) = stores.find(table)
                {
                    return Some(store);
                }
                if let Some(of) = self.entity_named(unit, &text)
                    && let Some(store) = self.store_of_type(stores, of)
                {
                    return Some(store);
                }
                self.store_called_like(stores, text.rsplit('.').next().unwrap_or(&text))
            }
            Subject::None => None,
        }
    }

    /// The one store of mapped types of this name.
    pub(crate) fn store_called_like(&self, stores: &Stores, name: &str) -> Option<usize> {
        let mut found: Vec<usize> = stores
            .of_type
            .iter()
            .filter(|(of, _)| self.program.definition(**of).name == name)
            .map(|(_, store)| *store)
            .collect();
        found.sort_unstable();
        found.dedup();
        match found.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// Store of a type or of the nearest mapped type it inherits from.
    pub(crate) fn store_of_type(&mut self, stores: &Stores, of: Def) -> Option<usize> {
        self.lineage(of).types.iter().find_map(|it| stores.of_type.get(it).copied())
    }
}

pub(crate) fn push_column(draft: &mut StoreDraft, name: &str, primary_key: bool) {
    match draft.columns.iter_mut().find(|it| it.name.eq_ignore_ascii_case(name)) {
        Some(column) => column.primary_key |= primary_key,
        None => {
            draft.columns.push(Column { name: name.into(), primary_key, nullable: !primary_key, ..Column::default() });
        }
    }
}

/// Kind of store a rule is about.
pub(crate) fn store_kind(rule: &Rule) -> StoreKind {
    match rule.settings.get("store.kind").map(String::as_str) {
        Some("view") => StoreKind::View,
        Some("collection") => StoreKind::Collection,
        Some("topic") => StoreKind::Topic,
        Some("cache") => StoreKind::Cache,
        Some("bucket") => StoreKind::Bucket,
        _ => StoreKind::Table,
    }
}
