//! Types that packages bring and the program puts to use: managers known by where they stand, rows of outside models in
//! types below them.

use rustc_hash::FxHashSet;

use crate::link::entities::relations::Related;
use crate::link::names::program::Def;
use crate::link::storage::naming;
use crate::link::storage::stores::Stores;
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::Inference;
use crate::link::values::value::{Subject, Sym, Value, ValueId, Values, union};
use crate::model::fact::{Captured, DefinitionKind};
use crate::model::graph::StoreKind;
use crate::model::rule::Rule;

/// Settings that list the verbs of a library's queries.
const VERBS: &[&str] = &["access.select", "access.insert", "access.update", "access.delete", "access.upsert"];

impl<'a> Inference<'a> {
    /// A type of a package that nobody described, made where an entity keeps its queries, is what the rule there says
    /// (`manager.extends`); so is what a type of the program's own inherits from, if it is made there.
    pub(crate) fn learn_managers(&mut self) {
        let mut learned = false;
        for (unit, rule, found) in self.hits(|it| it.settings.contains_key("manager.extends")) {
            let (Some(Captured::Expr(made)), Some(base)) =
                (capture(rule, found, "entity.manager"), rule.settings.get("manager.extends"))
            else {
                continue;
            };
            if self.guards_hold(unit, found.owner, rule, found) != Held::Yes {
                continue;
            }
            for value in self.eval(unit, found.owner, *made) {
                let unknown: Vec<Sym> = match self.pool.value(value) {
                    Value::Outside { path, instance: false, .. } => vec![path],
                    Value::Def(of) if self.program.is_type(of) => {
                        let outside = self.lineage(of).outside.clone();
                        let is_known = |it: &Sym| self.stubs.lineage(self.pool.text(*it)).len() > 1;
                        if outside.iter().any(is_known) { Vec::new() } else { outside }
                    }
                    _ => Vec::new(),
                };
                for path in unknown {
                    learned |= self.stubs.learn(self.pool.text(path), base);
                }
            }
        }
        if learned {
            // Guards were answered without knowing it.
            self.guarded.outside.clear();
        }
    }

    /// Store of the outside entity that a type inherits from.
    pub(crate) fn store_above(&mut self, of: Def) -> Option<Sym> {
        let lineage = self.lineage(of);
        lineage.outside.iter().find_map(|it| self.outside_entity(*it))
    }

    /// Store of the outside entity that a type is another face of: what points to it points there.
    pub(crate) fn store_proxied(&mut self, of: Def) -> Option<Sym> {
        if self.proxies.contains(&of) { self.store_above(of) } else { None }
    }

    /// An entity from outside has a relation by what the program declares.
    pub(crate) fn relate_outside(&mut self, store: Sym, name: String, related: Related) {
        let known = self.outside_related.entry(name).or_default();
        if !known.iter().any(|(it, _)| *it == store) {
            known.push((store, related));
        }
    }

    /// A row of a mapped type has the part that a type below it adds under that type's name (`inverse.part`):
    /// `place.restaurant`.
    pub(crate) fn relate_parts(&mut self) {
        let mut parts: Vec<(Def, &str, u32)> = Vec::new();
        for (unit, rule, hit) in self.hits(|it| it.settings.contains_key("inverse.part")) {
            if let (Some(Captured::Definition(root)), Some(name)) =
                (capture(rule, hit, "definition.entity"), rule.settings.get("inverse.part"))
                && self.guards_hold(unit, hit.owner, rule, hit) == Held::Yes
            {
                parts.push((self.program.def(unit, *root), name, hit.rule));
            }
        }
        let mapped: FxHashSet<Def> = parts.iter().map(|it| it.0).collect();
        for (of, name, rule) in parts {
            if self.rowless.contains(&of) || self.proxies.contains(&of) {
                continue;
            }
            let lineage = self.lineage(of);
            let whole = |it: &&Def| mapped.contains(*it) && !self.rowless.contains(*it) && !self.proxies.contains(*it);
            let Some(above) = lineage.types.iter().skip(1).find(whole).copied() else { continue };
            let name = naming::store_name(name, &self.program.definition(of).name, "");
            let related = Related {
                of: Subject::Type(of),
                through: None,
                many: false,
                between: false,
                loads: Some(rule),
                eager: false,
            };
            self.related.entry((above, name)).or_insert(related);
        }
    }

    /// Types of queries that what speaks for an entity makes for it (`manager.made`): `OrderQuery(self.model)`.
    pub(crate) fn declare_made_queries(&mut self, managed: &mut Vec<(Def, Def)>) {
        for (unit, rule, found) in self.hits(|it| it.settings.contains_key("manager.made")) {
            let Some(Captured::Expr(made)) = capture(rule, found, "entity.manager") else { continue };
            let maker = self.program.parent(self.program.def(unit, self.named_owner(unit, found.owner)));
            let owners: Vec<Def> = managed.iter().filter(|it| it.0 == maker).map(|it| it.1).collect();
            if owners.is_empty() || self.guards_hold(unit, found.owner, rule, found) == Held::No {
                continue;
            }
            for value in self.eval(unit, found.owner, *made) {
                let Value::Def(of) = self.pool.value(value) else { continue };
                if self.program.is_type(of) && self.speaks_for_owner(of) {
                    let types = self.lineage(of).types.clone();
                    managed.extend(types.iter().flat_map(|it| owners.iter().map(|owner| (*it, *owner))));
                }
            }
        }
    }

    /// What stands first among what speaks for an entity: the rows of a relation are asked for by way of it.
    pub(crate) fn first_manager(&mut self, of: Def) -> Option<Def> {
        if self.managed.is_empty() {
            return None;
        }
        for base in self.lineage(of).types.clone() {
            let (unit, id) = self.program.local(base);
            let facts = self.facts(unit);
            for field in facts.def_ids().filter(|it| facts.definition(*it).parent == id) {
                let definition = facts.definition(field);
                if definition.kind != DefinitionKind::Field || definition.value.is_none() {
                    continue;
                }
                let Some(var) = self.find_var(self.program.space(unit, id), &definition.name) else { continue };
                for value in self.read(var) {
                    match self.pool.value(value) {
                        // A class of queries that is asked for a manager stands for what it gives.
                        Value::Instance(manager) | Value::Def(manager) if self.managed.contains_key(&manager) => {
                            return Some(manager);
                        }
                        Value::Outside { path, instance: true, .. }
                            if self.stubs.speaks_for_owner(self.pool.text(path)) =>
                        {
                            return None;
                        }
                        _ => {}
                    }
                }
            }
        }
        None
    }

    /// Notes which methods of their own have what speaks for entities.
    pub(crate) fn name_manager_methods(&mut self, managed: &[(Def, Def)]) {
        for (of, _) in managed {
            let (unit, id) = self.program.local(*of);
            let facts = self.program.unit(unit).facts;
            let methods = facts.definitions.iter().filter(|it| it.parent == id && it.kind == DefinitionKind::Method);
            self.manager_methods.extend(methods.map(|it| it.name.as_str()));
        }
        let rules = self.rules;
        for rule in &rules.rules {
            for verbs in VERBS.iter().filter_map(|it| rule.settings.get(*it)) {
                verbs.split_whitespace().for_each(|it| {
                    self.manager_methods.remove(it);
                });
            }
        }
    }

    /// A method of the program's own that rows of an entity are asked for by: what stands first among what speaks for the entity
    /// has it, and a relation that leads to such rows as well (`game.shots.published()`).
    pub(crate) fn members_of_managers(&mut self, relations: &[ValueId], name: &str, unit: u32) -> Option<Values> {
        let mut values = Values::new();
        for relation in relations {
            let Value::Outside { path, instance: true, subject: Subject::Type(of), .. } = self.pool.value(*relation)
            else {
                return None;
            };
            let manager = self.stubs.speaks_for_owner(self.pool.text(path)).then(|| self.first_manager(of))??;
            let types = self.lineage(manager).types.clone();
            if types.iter().all(|it| self.program.members(self.program.def_space(*it), name).is_empty()) {
                return None;
            }
            let own = self.type_member(manager, name, unit, true, 0);
            union(&mut values, &own);
        }
        Some(values)
    }

    /// Relations that a type from outside brings to those below it (`entity.brings "groups=pkg.Group"`): each with a table
    /// between.
    pub(crate) fn relate_brought(&mut self) {
        for (of, rule) in self.types_brought() {
            let through = rule.settings.get("inverse.type").cloned();
            for (name, other) in rule.words("entity.brings").filter_map(|it| it.split_once('=')) {
                let Some(store) = self.stubs.store_of(other) else { continue };
                let store = self.pool.sym(store);
                let related = |of: Subject| Related {
                    of,
                    through: through.clone(),
                    many: false,
                    between: true,
                    loads: None,
                    eager: false,
                };
                self.brought.insert((of, name.to_owned()));
                self.related.entry((of, name.to_owned())).or_insert_with(|| related(Subject::Named(store)));
                if let Some(inverse) = rule.settings.get("inverse.name") {
                    self.relate_outside(store, inverse.clone(), related(Subject::Type(of)));
                }
                if let Some(query) = rule.settings.get("inverse.query") {
                    self.outside_queried.entry(query.clone()).or_default().push((store, of));
                }
            }
        }
    }

    /// Types with rows of their own that a type from outside brings relations to.
    pub(crate) fn types_brought(&mut self) -> Vec<(Def, &'a Rule)> {
        let rules = self.rules;
        let mut found: Vec<(Def, u32)> = Vec::new();
        for (unit, rule, hit) in self.hits(|it| it.settings.contains_key("entity.brings")) {
            if let Some(Captured::Definition(root)) = capture(rule, hit, "definition.entity")
                && self.guards_hold(unit, hit.owner, rule, hit) == Held::Yes
            {
                let of = self.program.def(unit, *root);
                if !self.rowless.contains(&of) && !self.proxies.contains(&of) && !self.program.is_test(of) {
                    found.push((of, hit.rule));
                }
            }
        }
        let all: FxHashSet<Def> = found.iter().map(|it| it.0).collect();
        // Rows of a type below have the relations of the one above.
        found.retain(|(of, _)| !self.lineage(*of).types.iter().skip(1).any(|it| all.contains(it)));
        found.into_iter().map(|(of, rule)| (of, &rules.rules[rule as usize])).collect()
    }

    /// Types that rules say are no more than another face of the entity above them (`entity.proxy`).
    pub(crate) fn find_proxies(&mut self) {
        for (unit, rule, hit) in self.hits(|it| it.settings.get("entity.proxy").is_some_and(|it| it == "true")) {
            if let Some(Captured::Definition(root)) = capture(rule, hit, "definition.entity")
                && self.guards_hold(unit, hit.owner, rule, hit) == Held::Yes
            {
                self.proxies.insert(self.program.def(unit, *root));
            }
        }
        self.find_made_proxies();
    }

    /// The same of types that a metaclass of the program's own makes (`entity.proxy "made"`), and of all below them: what
    /// `entity.proxy "maker"` marks makes nothing else.
    fn find_made_proxies(&mut self) {
        let mut makers: FxHashSet<Def> = FxHashSet::default();
        let mut made: Vec<Def> = Vec::new();
        for way in ["maker", "made"] {
            for (unit, rule, hit) in self.hits(|it| it.settings.get("entity.proxy").is_some_and(|it| it == way)) {
                let Some(Captured::Definition(root)) = capture(rule, hit, "definition.entity") else { continue };
                if self.guards_hold(unit, hit.owner, rule, hit) != Held::Yes {
                    continue;
                }
                let of = self.program.def(unit, *root);
                match capture(rule, hit, "entity.maker") {
                    Some(Captured::Expr(maker)) => {
                        let by = self.types_named_in(unit, hit.owner, *maker);
                        if by.iter().any(|it| self.lineage(*it).types.iter().any(|it| makers.contains(it))) {
                            made.push(of);
                        }
                    }
                    _ => drop(makers.insert(of)),
                }
            }
        }
        if made.is_empty() {
            return;
        }
        let program = &self.program;
        let all = (0..program.units.len() as u32).flat_map(|unit| {
            let facts = program.unit(unit).facts;
            facts
                .def_ids()
                .filter(|it| facts.definition(*it).kind == DefinitionKind::Type)
                .map(move |it| program.def(unit, it))
        });
        let all: Vec<Def> = all.collect();
        for of in all {
            if self.lineage(of).types.iter().any(|it| made.contains(it)) {
                self.proxies.insert(of);
            }
        }
    }

    /// The other side of a relation that points to the outside entity above a type, by the name that queries have for it.
    pub(crate) fn queried_above(&mut self, of: Def, name: &str) -> Option<Def> {
        if !self.outside_queried.contains_key(name) {
            return None;
        }
        let store = self.store_above(of)?;
        self.outside_queried.get(name)?.iter().find(|(it, _)| *it == store).map(|(_, it)| *it)
    }

    /// A type that has no table of its own and stands for rows of an outside entity (`class Member(User)` as a proxy).
    pub(crate) fn map_proxies(&mut self, stores: &mut Stores) {
        let mut proxies: Vec<Def> = self.proxies.iter().copied().collect();
        proxies.sort_unstable();
        for of in proxies {
            if self.store_of_type(stores, of).is_none()
                && let Some(store) = self.store_above(of)
            {
                let name = self.pool.text(store).to_owned();
                self.map_type(stores, of, &name, StoreKind::Table);
            }
        }
    }
}
