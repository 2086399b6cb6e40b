//! Relations between entities, as far as they tell what a member of an instance is: `order.customer`, `order.lines`.

use rustc_hash::FxHashSet;

use crate::link::names::program::Def;
use crate::link::storage::naming;
use crate::link::storage::stores::Stores;
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::{Subject, Sym, Value, Values, insert};
use crate::model::fact::{Captured, DefId, DefinitionKind, ExprId};
use crate::model::rule::Rule;

/// The other side of a relation between entities.
#[derive(Clone, Debug)]
pub(crate) struct Related {
    /// An entity, or the store of one from outside.
    pub(crate) of: Subject,
    /// Type of a collection of it (`inverse.type`); none where the member is the entity itself.
    pub(crate) through: Option<String>,
    /// A list as well as one.
    pub(crate) many: bool,
    /// A table lies between the two.
    pub(crate) between: bool,
    /// Rule by which reading the member reads the other side's store (`relation.loads`).
    pub(crate) loads: Option<u32>,
    /// Whoever reads the entity reads the other side at once (`relation.eager`).
    pub(crate) eager: bool,
}

impl Inference<'_> {
    /// The field of a type that a mapper also knows as a column would be called (`volumes` of `Volumes`).
    pub(crate) fn field_spelled(&mut self, of: Subject, word: &str) -> Option<String> {
        let Subject::Type(of) = of else { return None };
        if !word.starts_with(char::is_lowercase) {
            return None;
        }
        for base in self.lineage(of).types.clone() {
            let (unit, id) = self.program.local(base);
            let facts = self.facts(unit);
            if !facts.typing.embeds_parts {
                return None;
            }
            let mut fields = facts.def_ids().map(|it| facts.definition(it)).filter(|it| it.parent == id);
            let found = fields
                .find(|it| it.kind == DefinitionKind::Field && it.name != word && naming::snake(&it.name) == word);
            if let Some(field) = found {
                return Some(field.name.to_string());
            }
        }
        None
    }

    /// Reads the relations that entity rules declare. Runs once the classes are known.
    pub(crate) fn declare_relations(&mut self) {
        self.find_named_inverses();
        self.rowless = self.types_without_rows();
        self.find_proxies();
        for (unit, rule, found) in self.hits(|it| it.has("entity.relation")) {
            let facts = self.facts(unit);
            let (Some(Captured::Expr(target)), Some(Captured::Definition(root)), Some(Captured::Definition(member))) = (
                capture(rule, found, "entity.relation"),
                capture(rule, found, "definition.entity"),
                capture(rule, found, "entity.column"),
            ) else {
                continue;
            };
            if self.guards_hold(unit, found.owner, rule, found) != Held::Yes {
                continue;
            }
            let own = self.program.def(unit, *root);
            let kind = rule.settings.get("relation.kind").map_or("foreign-key", String::as_str);
            let through = rule.settings.get("inverse.type").cloned();
            let name = facts.definition(*member).name.to_string();
            let Some(of) = self.related_subject(unit, *root, *target, own) else {
                if !rule.settings.contains_key("relation.column") {
                    let loads = rule.settings.get("relation.loads").map(|_| found.rule);
                    let (many, eager) = (kind != "foreign-key", rule.settings.contains_key("relation.eager"));
                    let related = Related { of: Subject::None, through: None, many, between: false, loads, eager };
                    self.relate_by_class(Spot { unit, owner: *member, expr: *target }, own, &related, &name);
                }
                continue;
            };
            let named_elsewhere = self.named_inverses.contains(&(own, name.clone()));
            // The column of a key that points to another table is no object (`user_id = ForeignKey("users.id")`).
            if !rule.settings.contains_key("relation.column") {
                let collection = if kind == "many-to-many" { through.clone() } else { None };
                let many = kind != "foreign-key" && collection.is_none();
                let between = collection.is_some();
                let loads = rule.settings.get("relation.loads").filter(|_| collection.is_none()).map(|_| found.rule);
                let value = facts.definition(*member).value;
                let eager = rule.settings.contains_key("relation.eager")
                    && !self.is_called_off(unit, rule, "relation.unless", value)
                    || self.related.get(&(own, name.clone())).is_some_and(|it| it.eager);
                self.related.insert((own, name), Related { of, through: collection, many, between, loads, eager });
            }
            let single = rule.settings.get("inverse.single").is_some_and(|it| it == "true");
            // Where no collection is named, the other side is one or a list.
            let either = kind == "has-many" && through.is_none();
            let written = self.captured_name(unit, rule, found, "entity.inverse");
            // What has no rows of its own gives its relations to those below it.
            let holders = match self.implementers.get(&own) {
                Some(below) if self.rowless.contains(&own) => {
                    below.iter().copied().filter(|it| !self.rowless.contains(it)).collect()
                }
                _ => vec![own],
            };
            for holder in holders {
                // One that points to itself points to rows of each type below it alone.
                let of = if of == Subject::Type(own) { Subject::Type(holder) } else { of };
                let own_name = self.program.definition(holder).name.to_string();
                let written = written.as_ref().map(|it| self.inverse_name(rule, it, holder));
                let default = |setting: &str| {
                    rule.settings
                        .get(setting)
                        .filter(|_| !named_elsewhere)
                        .map(|it| naming::store_name(it, &own_name, ""))
                };
                let has_written = capture(rule, found, "entity.inverse").is_some();
                let inverse = if has_written { written.clone() } else { default("inverse.name") };
                // Queries call the other side by another name than instances do.
                let query = rule.settings.get("inverse.query").filter(|_| !named_elsewhere || has_written);
                if let Some(name) = query.map(|it| written.unwrap_or_else(|| naming::store_name(it, &own_name, ""))) {
                    match of {
                        Subject::Type(of) => {
                            if let Some(store) = self.store_proxied(of) {
                                self.outside_queried.entry(name.clone()).or_default().push((store, holder));
                            }
                            self.queried.entry((of, name)).or_insert(holder);
                        }
                        Subject::Named(store) => {
                            self.outside_queried.entry(name).or_default().push((store, holder));
                        }
                        Subject::None => {}
                    }
                }
                if let Some(inverse) = inverse
                    && (single || either || through.is_some())
                {
                    let loads = rule.settings.get("relation.loads").filter(|_| single || either).map(|_| found.rule);
                    let through = through.clone().filter(|_| !single);
                    let between = kind == "many-to-many";
                    let related =
                        Related { of: Subject::Type(holder), through, many: either, between, loads, eager: false };
                    match of {
                        Subject::Type(of) => {
                            if let Some(store) = self.store_proxied(of) {
                                self.relate_outside(store, inverse.clone(), related.clone());
                            }
                            self.related.entry((of, inverse)).or_insert(related);
                        }
                        Subject::Named(store) => self.relate_outside(store, inverse, related),
                        Subject::None => {}
                    }
                }
            }
        }
        self.relate_brought();
        self.relate_abroad();
        self.relate_parts();
        self.relate_pointing();
        self.share_relations();
    }

    /// Types whose relations and columns are those of the types below them.
    fn types_without_rows(&mut self) -> FxHashSet<Def> {
        let mut found = self.mixins.clone();
        for (unit, rule, hit) in self.hits(|it| it.settings.contains_key("entity.abstract")) {
            if rule.settings.get("entity.abstract").is_some_and(|it| it == "true")
                && let Some(Captured::Definition(root)) = capture(rule, hit, "definition.entity")
                && self.guards_hold(unit, hit.owner, rule, hit) == Held::Yes
            {
                found.insert(self.program.def(unit, *root));
            }
        }
        found
    }

    /// The name that a relation gives to its other side, with the words that stand for the type that has it
    /// (`inverse.words`).
    pub(crate) fn inverse_name(&self, rule: &Rule, written: &str, holder: Def) -> String {
        let mut name = written.to_owned();
        for (word, filled) in rule.words("inverse.words").filter_map(|it| it.split_once('=')) {
            if name.contains(word) {
                name = name.replace(word, &self.conventional_name(rule, filled, holder));
            }
        }
        name
    }

    /// Several rules may match one relation: that which captures the name of its other side is right about it.
    fn find_named_inverses(&mut self) {
        for (unit, rule, found) in self.hits(|it| it.has("entity.inverse")) {
            let facts = self.facts(unit);
            if let (Some(_), Some(Captured::Definition(root)), Some(Captured::Definition(member))) = (
                capture(rule, found, "entity.inverse"),
                capture(rule, found, "definition.entity"),
                capture(rule, found, "entity.column"),
            ) {
                let own = self.program.def(unit, *root);
                self.named_inverses.insert((own, facts.definition(*member).name.to_string()));
            }
        }
    }

    /// Stores on the other side of a relation that a path of a query names, and the type there.
    pub(crate) fn related_by_name(&mut self, stores: &Stores, of: Subject, name: &str) -> Vec<(usize, Subject)> {
        let related = match of {
            Subject::Type(of) => {
                let types = self.lineage(of).types.clone();
                let queried = types.iter().find_map(|it| self.queried.get(&(*it, name.to_owned())).copied());
                let queried = queried.or_else(|| self.queried_above(of, name));
                self.relation_of(of, name).map(|it| it.of).or(queried.map(Subject::Type))
            }
            Subject::Named(store) => {
                let queried = self.outside_queried.get(name).and_then(|it| it.iter().find(|(it, _)| *it == store));
                self.outside_relation(store, name).map(|it| it.of).or(queried.map(|(_, it)| Subject::Type(*it)))
            }
            Subject::None => None,
        };
        let of = match related {
            Some(Subject::Type(of)) => of,
            Some(Subject::Named(store)) => {
                let found = stores.find(self.pool.text(store));
                return found.map(|it| (it, Subject::Named(store))).into_iter().collect();
            }
            _ => return Vec::new(),
        };
        if let Some(store) = self.store_of_type(stores, of) {
            return vec![(store, Subject::Type(of))];
        }
        let below = self.concrete_types(stores, of);
        below.into_iter().filter_map(|it| Some((self.store_of_type(stores, it)?, Subject::Type(it)))).collect()
    }

    /// What the last word of a path joins: rows between two entities, or rows that point here. A key joins nothing.
    pub(crate) fn far_end(&mut self, stores: &Stores, of: Subject, path: &str) -> Option<usize> {
        let mut at = of;
        let mut parts = path.split("__").peekable();
        while let Some(part) = parts.next() {
            if parts.peek().is_none() {
                if let Some(link) = self.link_of(stores, at, part) {
                    return Some(link);
                }
                let own = match at {
                    Subject::Type(of) => {
                        let types = self.lineage(of).types.clone();
                        let queried = types.iter().find_map(|it| self.queried.get(&(*it, part.to_owned())).copied());
                        queried.or_else(|| self.queried_above(of, part))
                    }
                    Subject::Named(store) => {
                        let queried = self.outside_queried.get(part)?;
                        queried.iter().find(|(it, _)| *it == store).map(|(_, it)| *it)
                    }
                    Subject::None => None,
                }?;
                return self.store_of_type(stores, own);
            }
            at = self.related_by_name(stores, at, part).first()?.1;
        }
        None
    }

    /// What concrete entities are reached by, a type above them is reached by as well: its methods run on them. That
    /// says nothing of the other types below it.
    fn share_relations(&mut self) {
        let mut known: Vec<((Def, String), Related)> =
            self.related.iter().map(|(key, it)| (key.clone(), it.clone())).collect();
        known.sort_by(|a, b| a.0.cmp(&b.0));
        for ((of, name), related) in known {
            for base in self.lineage(of).types.clone().into_iter().skip(1) {
                self.shared.entry((base, name.clone())).or_insert_with(|| related.clone());
            }
        }
    }

    /// The relation of this name that instances of a type have, or those of types below it.
    pub(crate) fn relation_of(&mut self, of: Def, name: &str) -> Option<Related> {
        let key = |it: Def| (it, name.to_owned());
        let lineage = self.lineage(of);
        let own = lineage.types.iter().find_map(|it| Some((*it, self.related.get(&key(*it))?)));
        if let Some((holder, found)) = own {
            let mut found = found.clone();
            // A type without rows that points to itself points to rows of the type below it.
            if found.of == Subject::Type(holder) && self.rowless.contains(&holder) {
                found.of = Subject::Type(of);
            }
            return Some(found);
        }
        if let Some(found) = self.shared.get(&key(of)) {
            return Some(found.clone());
        }
        // Rows of a type below one from outside have the relations of that one.
        if !self.outside_related.contains_key(name) {
            return None;
        }
        let store = self.store_above(of)?;
        self.outside_relation(store, name).cloned()
    }

    /// What a member is by a relation of types below.
    pub(crate) fn shared_member(&mut self, of: Def, name: &str) -> Option<Values> {
        if self.shared.is_empty() {
            return None;
        }
        let related = self.shared.get(&(of, name.to_owned()))?.clone();
        Some(self.related_values(related))
    }

    /// The entity a relation names: by type, or by its name in a text (`"Order"`, `"shop.Order"`, `"self"`). One from
    /// outside is its store.
    pub(crate) fn related_subject(&mut self, unit: u32, owner: DefId, target: ExprId, own: Def) -> Option<Subject> {
        let text = match self.subject_told(unit, owner, target)? {
            Subject::Type(of) => return Some(Subject::Type(of)),
            Subject::Named(text) => self.pool.text(text).to_owned(),
            Subject::None => return None,
        };
        if text == "self" {
            return Some(Subject::Type(own));
        }
        if let Some(of) = self.entity_named(unit, &text) {
            return Some(Subject::Type(of));
        }
        if self.stubs.type_of(&text).is_some() {
            return Some(Subject::Named(self.pool.sym(&text)));
        }
        if let Some(of) = self.kindred_named(&text, own) {
            return Some(Subject::Type(of));
        }
        let store = self.stubs.store_of(&text)?;
        Some(Subject::Named(self.pool.sym(store)))
    }

    /// The relation of this name that an entity from outside has.
    pub(crate) fn outside_relation(&self, store: Sym, name: &str) -> Option<&Related> {
        self.outside_related.get(name)?.iter().find(|(it, _)| *it == store).map(|(_, it)| it)
    }

    /// What a member of an entity from outside is by a relation that the program declares.
    pub(crate) fn outside_related_member(&mut self, path: Sym, name: &str) -> Option<Values> {
        if !self.outside_related.contains_key(name) {
            return None;
        }
        let store = self.outside_entity(path)?;
        let related = self.outside_relation(store, name)?.clone();
        Some(self.related_values(related))
    }

    /// The type of the program that a text names by its own name and, before a dot, a part of its module's name.
    pub(crate) fn entity_named(&self, unit: u32, text: &str) -> Option<Def> {
        if self.stubs.knows(text) {
            return None;
        }
        let (path, name) = text.rsplit_once('.').map_or(("", text), |(path, name)| (path, name));
        let candidates = self.types_named.get(name)?;
        let near = |it: &&Def| {
            let unit_of = self.program.unit_of(**it);
            if path.is_empty() {
                return unit_of == unit;
            }
            let module = &self.program.modules[self.program.unit(unit_of).module.0 as usize].name;
            let label = path.rsplit('.').next().unwrap_or(path);
            module.split('.').any(|part| part.eq_ignore_ascii_case(label))
        };
        match candidates.as_slice() {
            [only] => Some(*only),
            many => {
                let mut near: Vec<Def> = many.iter().filter(near).copied().collect();
                if near.len() > 1 {
                    // Doubles that tests declare, and classes nested in others, stand behind.
                    near.retain(|it| !self.program.is_test(*it) && !self.program.is_type(self.program.parent(*it)));
                }
                match near[..] {
                    [only] => Some(only),
                    // The same name in another registry (models that a migration keeps) stands further away.
                    [] if path.is_empty() => self.nearest(unit, many),
                    _ => None,
                }
            }
        }
    }

    /// Of several types of one name the one that has a base in common with the type that names it: what describes requests is
    /// often called like the entity.
    fn kindred_named(&mut self, name: &str, own: Def) -> Option<Def> {
        let candidates = self.types_named.get(name).filter(|it| it.len() > 1)?.clone();
        let lineage = self.lineage(own);
        let kin: Vec<Def> = lineage.types.iter().skip(1).copied().collect();
        let outside = lineage.outside.clone();
        let mut found = None;
        for it in candidates {
            let lineage = self.lineage(it);
            let shares = lineage.types.iter().skip(1).any(|it| kin.contains(it))
                || lineage.outside.iter().any(|it| outside.contains(it));
            if it != own && shares && !self.program.is_test(it) && found.replace(it).is_some() {
                return None;
            }
        }
        found
    }

    /// The one type whose module shares the most of its name with that of a file.
    fn nearest(&self, unit: u32, candidates: &[Def]) -> Option<Def> {
        let module = |unit: u32| self.program.modules[self.program.unit(unit).module.0 as usize].name.as_str();
        let home = module(unit);
        let shared = |it: Def| {
            let other = module(self.program.unit_of(it));
            home.split('.').zip(other.split('.')).take_while(|(one, other)| one == other).count()
        };
        let most = candidates.iter().map(|it| shared(*it)).max().filter(|it| *it > 0)?;
        let mut near = candidates.iter().copied().filter(|it| shared(*it) == most);
        near.next().filter(|_| near.next().is_none())
    }

    /// What a member of an instance is by a relation of its entity.
    pub(crate) fn related_member(&mut self, of: Def, name: &str) -> Option<Values> {
        let Some(related) = self.related.get(&(of, name.to_owned())).cloned() else {
            return self.pointed_rows(of, name);
        };
        Some(self.related_values(related))
    }

    fn related_values(&mut self, related: Related) -> Values {
        let mut values = Values::new();
        if let Some(through) = related.through {
            let id = self.outside(&through, true, related.of);
            insert(&mut values, id);
            return values;
        }
        let of = match related.of {
            Subject::Type(of) => of,
            Subject::Named(store) => {
                if let Some(path) = self.stubs.type_of(self.pool.text(store)) {
                    let id = self.outside(path, true, related.of);
                    insert(&mut values, id);
                }
                return values;
            }
            Subject::None => return values,
        };
        let id = self.pool.id(Value::Instance(of));
        insert(&mut values, id);
        if related.many {
            // Whether it is one or a list is not written in every notation.
            let container = self.relation_list(of);
            let id = self.pool.id(Value::Container(container));
            insert(&mut values, id);
        }
        values
    }

    fn relation_list(&mut self, of: Def) -> u32 {
        if let Some(container) = self.relation_lists.get(&of) {
            return *container;
        }
        let container = self.new_container();
        let any = self.containers[container as usize].any;
        let id = self.pool.id(Value::Instance(of));
        self.add(any, id);
        self.relation_lists.insert(of, container);
        container
    }
}
