//! Relations between entities, as far as they tell what a member of an instance is: `order.customer`, `order.lines`.

use rustc_hash::FxHashMap;

use crate::link::guards::{Held, capture};
use crate::link::infer::{Inference, Related};
use crate::link::naming;
use crate::link::program::Def;
use crate::link::value::{Subject, Value, Values, insert};
use crate::model::fact::{Captured, DefId, DefinitionKind, ExprId};

impl Inference<'_> {
    /// Reads the relations that entity rules declare. Runs once the classes are known.
    pub(crate) fn declare_relations(&mut self) {
        let mut types: FxHashMap<&str, Vec<Def>> = FxHashMap::default();
        for unit in 0..self.program.units.len() as u32 {
            let facts = self.facts(unit);
            for id in facts.def_ids() {
                if facts.definition(id).kind == DefinitionKind::Type {
                    types.entry(facts.definition(id).name.as_str()).or_default().push(self.program.def(unit, id));
                }
            }
        }
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
                let Some(of) = self.related_type(unit, *root, *target, own, &types) else { continue };
                let kind = rule.settings.get("relation.kind").map_or("foreign-key", String::as_str);
                let through = rule.settings.get("inverse.type").cloned();
                let name = facts.definition(*member).name.to_string();
                // The column of a key that points to another table is no object (`user_id = ForeignKey("users.id")`).
                if !rule.settings.contains_key("relation.column") {
                    let collection = if kind == "many-to-many" { through.clone() } else { None };
                    let many = kind != "foreign-key" && collection.is_none();
                    self.related.insert((own, name), Related { of, through: collection, many });
                }
                let inverse = self.captured_name(unit, rule, found, "entity.inverse").or_else(|| {
                    let rule = rule.settings.get("inverse.name")?;
                    Some(naming::store_name(rule, &facts.definition(*root).name, ""))
                });
                if let (Some(inverse), Some(through)) = (inverse, through) {
                    let related = Related { of: own, through: Some(through), many: false };
                    self.related.entry((of, inverse)).or_insert(related);
                }
            }
        }
    }

    /// The entity a relation names: by type, or by its name in a text (`"Order"`, `"shop.Order"`, `"self"`).
    fn related_type(
        &mut self,
        unit: u32,
        owner: DefId,
        target: ExprId,
        own: Def,
        types: &FxHashMap<&str, Vec<Def>>,
    ) -> Option<Def> {
        let text = match self.subject_of(unit, owner, target)? {
            Subject::Type(of) => return Some(of),
            Subject::Named(text) => self.pool.text(text).to_owned(),
            Subject::None => return None,
        };
        if text == "self" {
            return Some(own);
        }
        let (path, name) = text.rsplit_once('.').map_or(("", text.as_str()), |(path, name)| (path, name));
        let candidates = types.get(name)?;
        let near = |it: &&Def| {
            let unit_of = self.program.unit_of(**it);
            if path.is_empty() {
                return unit_of == unit;
            }
            let module = &self.program.modules[self.program.unit(unit_of).module.0 as usize].name;
            module.split('.').any(|part| part == path.rsplit('.').next().unwrap_or(path))
        };
        match candidates.as_slice() {
            [only] => Some(*only),
            many => match many.iter().filter(near).copied().collect::<Vec<_>>()[..] {
                [only] => Some(only),
                _ => None,
            },
        }
    }

    /// What a member of an instance is by a relation of its entity.
    pub(crate) fn related_member(&mut self, of: Def, name: &str) -> Option<Values> {
        let related = self.related.get(&(of, name.to_owned()))?.clone();
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
        Some(values)
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
