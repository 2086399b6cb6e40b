//! Relations between entities, as far as they tell what a member of an instance is: `order.customer`, `order.lines`.

use crate::link::guards::{Held, capture};
use crate::link::infer::{Inference, Related};
use crate::link::naming;
use crate::link::program::Def;
use crate::link::stores::Stores;
use crate::link::value::{Subject, Value, Values, insert};
use crate::model::fact::{Captured, DefId, ExprId};

impl Inference<'_> {
    /// Reads the relations that entity rules declare. Runs once the classes are known.
    pub(crate) fn declare_relations(&mut self) {
        for unit in 0..self.program.units.len() as u32 {
            let facts = self.facts(unit);
            for found in &facts.matches {
                let rules = self.rules;
                let rule = &rules.rules[found.rule as usize];
                let (
                    Some(Captured::Expr(target)),
                    Some(Captured::Definition(root)),
                    Some(Captured::Definition(member)),
                ) = (
                    capture(rule, found, "entity.relation"),
                    capture(rule, found, "definition.entity"),
                    capture(rule, found, "entity.column"),
                )
                else {
                    continue;
                };
                if self.guards_hold(unit, found.owner, rule, found) != Held::Yes {
                    continue;
                }
                let own = self.program.def(unit, *root);
                let Some(of) = self.related_type(unit, *root, *target, own) else { continue };
                let kind = rule.settings.get("relation.kind").map_or("foreign-key", String::as_str);
                let through = rule.settings.get("inverse.type").cloned();
                let name = facts.definition(*member).name.to_string();
                // The column of a key that points to another table is no object (`user_id = ForeignKey("users.id")`).
                if !rule.settings.contains_key("relation.column") {
                    let collection = if kind == "many-to-many" { through.clone() } else { None };
                    let many = kind != "foreign-key" && collection.is_none();
                    let loads =
                        rule.settings.get("relation.loads").filter(|_| collection.is_none()).map(|_| found.rule);
                    let eager = rule.settings.contains_key("relation.eager")
                        || self.related.get(&(own, name.clone())).is_some_and(|it| it.eager);
                    self.related.insert((own, name), Related { of, through: collection, many, loads, eager });
                }
                let inverse = self.captured_name(unit, rule, found, "entity.inverse").or_else(|| {
                    let rule = rule.settings.get("inverse.name")?;
                    Some(naming::store_name(rule, &facts.definition(*root).name, ""))
                });
                if let Some(name) = rule.settings.get("inverse.query") {
                    // Queries call the other side by another name than instances do.
                    let own_name = naming::store_name(name, &facts.definition(*root).name, "");
                    let written = self.captured_name(unit, rule, found, "entity.inverse");
                    self.queried.entry((of, written.unwrap_or(own_name))).or_insert(own);
                }
                let single = rule.settings.get("inverse.single").is_some_and(|it| it == "true");
                if let Some(inverse) = inverse
                    && (single || through.is_some())
                {
                    let loads = rule.settings.get("relation.loads").filter(|_| single).map(|_| found.rule);
                    let through = through.filter(|_| !single);
                    let related = Related { of: own, through, many: false, loads, eager: false };
                    self.related.entry((of, inverse)).or_insert(related);
                }
            }
        }
        self.share_relations();
    }

    /// Stores on the other side of a relation that a path of a query names, and the type there.
    pub(crate) fn related_by_name(&mut self, stores: &Stores, of: Def, name: &str) -> Vec<(usize, Def)> {
        let types = self.lineage(of).types.clone();
        let queried = types.iter().find_map(|it| self.queried.get(&(*it, name.to_owned())).copied());
        let related = self.relation_of(of, name).map(|it| it.of).or(queried);
        let Some(of) = related else { return Vec::new() };
        if let Some(store) = self.store_of_type(stores, of) {
            return vec![(store, of)];
        }
        let below = self.concrete_types(stores, of);
        below.into_iter().filter_map(|it| Some((self.store_of_type(stores, it)?, it))).collect()
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
        let own = self.lineage(of).types.iter().find_map(|it| self.related.get(&key(*it)));
        own.or_else(|| self.shared.get(&key(of))).cloned()
    }

    /// What a member is by a relation of types below.
    pub(crate) fn shared_member(&mut self, of: Def, name: &str) -> Option<Values> {
        if self.shared.is_empty() {
            return None;
        }
        let related = self.shared.get(&(of, name.to_owned()))?.clone();
        Some(self.related_values(related))
    }

    /// The entity a relation names: by type, or by its name in a text (`"Order"`, `"shop.Order"`, `"self"`).
    fn related_type(&mut self, unit: u32, owner: DefId, target: ExprId, own: Def) -> Option<Def> {
        let text = match self.subject_of(unit, owner, target)? {
            Subject::Type(of) => return Some(of),
            Subject::Named(text) => self.pool.text(text).to_owned(),
            Subject::None => return None,
        };
        if text == "self" {
            return Some(own);
        }
        self.entity_named(unit, &text)
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
                    _ => None,
                }
            }
        }
    }

    /// What a member of an instance is by a relation of its entity.
    pub(crate) fn related_member(&mut self, of: Def, name: &str) -> Option<Values> {
        let related = self.related.get(&(of, name.to_owned()))?.clone();
        Some(self.related_values(related))
    }

    fn related_values(&mut self, related: Related) -> Values {
        let mut values = Values::new();
        if let Some(through) = related.through {
            let id = self.outside(&through, true, Subject::Type(related.of));
            insert(&mut values, id);
        } else {
            let id = self.pool.id(Value::Instance(related.of));
            insert(&mut values, id);
        }
        if related.many {
            // Whether it is one or a list is not written in every notation.
            let container = self.relation_list(related.of);
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
