//! Relations among the fields that a class lists for what it reads or writes (`access.fields "Meta.fields"`).

use rustc_hash::FxHashSet;

use crate::link::names::program::Def;
use crate::link::storage::stores::Stores;
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::Inference;
use crate::link::values::value::{Subject, Value, ValueId, Values, union};
use crate::model::fact::{Captured, DefId, DefinitionKind, ExprId, ExprKind, Match};
use crate::model::graph::StoreKind;
use crate::model::rule::Rule;
use crate::model::sql::{Effect, Operation};

/// Begins the word for a list of every field of the entity.
const EVERY: &str = "every=";
/// Begins the path to a list of the fields that are left out, where no other list is written.
const WITHOUT: &str = "without=";
/// Begins the path to the entity that a validating class is about, and to names that it takes from nobody.
const OF: &str = "of=";
const BUT: &str = "but=";
/// Instead of a path: a row that looks up what its own fields ask for.
const ITSELF: &str = "itself";
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
        let (mut only_between, mut every, mut without) = (false, None, None);
        for word in words {
            only_between |= word == "between";
            every = word.strip_prefix(EVERY).or(every);
            without = word.strip_prefix(WITHOUT).or(without);
        }
        if self.guards_hold(unit, hit.owner, rule, hit) != Held::Yes {
            return found;
        }
        let Some(receiver) = self.receiver_of(unit, rule, hit, root) else { return found };
        let receivers = self.eval(unit, hit.owner, receiver);
        let mut lists = self.listed_at(unit, &receivers, path);
        let mut left_out: Vec<String> = Vec::new();
        if let (Some(every), Some(without), true) = (every, without, lists.is_empty()) {
            // A class that only says which fields it leaves out has all others.
            let named = self.listed_at(unit, &receivers, without);
            lists.extend((!named.is_empty()).then(|| vec![every.to_owned()]));
            left_out = named.into_iter().flatten().collect();
        }
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
                for name in names.into_iter().filter(|it| !left_out.contains(it)) {
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

    /// Stores in which the validation of a class's fields looks something up: rows that keys name, and the entity's own for
    /// a value that no other row may have. What the class declares as its own field is its own business.
    pub(crate) fn looked_up(
        &mut self,
        stores: &Stores,
        unit: u32,
        rule: &Rule,
        form: Def,
        unique: &FxHashSet<(Def, String)>,
    ) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        let words: Vec<&str> = rule.words("access.fields").collect();
        let word = |begin: &str| words.iter().find_map(|it| it.strip_prefix(begin));
        if words.as_slice() == [ITSELF] {
            return self.looked_up_by_row(stores, form, unique);
        }
        let (Some(path), Some(of)) = (words.first(), word(OF)) else { return found };
        let form = [self.pool.id(Value::Instance(form))];
        let passed: Vec<String> =
            word(BUT).map(|it| self.listed_at(unit, &form, it)).unwrap_or_default().into_iter().flatten().collect();
        let lists = self.listed_at(unit, &form, path);
        for entity in self.types_along(unit, &form, of) {
            for name in lists.iter().flatten() {
                let names = if word(EVERY) == Some(name) { self.own_fields(entity) } else { vec![name.clone()] };
                for name in names {
                    let declared = self.types_along(unit, &form, "").into_iter().any(|form| {
                        let types = self.lineage(form).types.clone();
                        types.iter().any(|it| !self.program.members(self.program.def_space(*it), &name).is_empty())
                    });
                    if declared || passed.contains(&name) {
                        continue;
                    }
                    let related = self.relation_of(entity, &name);
                    let far = related.filter(|it| !it.many || it.through.is_some()).map(|it| it.of);
                    if let Some(Subject::Type(of)) = far {
                        found.extend(self.store_of_type(stores, of));
                    }
                    if self.lineage(entity).types.iter().any(|it| unique.contains(&(*it, name.clone()))) {
                        found.extend(self.store_of_type(stores, entity));
                    }
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Stores in which a row that validates itself looks something up: those of rows that its keys name, and its own where no
    /// two rows may have the same.
    fn looked_up_by_row(&mut self, stores: &Stores, of: Def, unique: &FxHashSet<(Def, String)>) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        let Some(own) = self.store_of_type(stores, of) else { return found };
        for name in self.own_fields(of) {
            let key = self.relation_of(of, &name).filter(|it| !it.many && it.through.is_none());
            if let Some(Subject::Type(far)) = key.map(|it| it.of) {
                found.extend(self.store_of_type(stores, far));
            }
        }
        for it in self.lineage(of).types.clone() {
            if unique.iter().any(|(holder, _)| *holder == it) {
                found.push(self.store_of_type(stores, it).unwrap_or(own));
            }
        }
        found
    }

    /// Fields in which no two rows may have the same (`column.unique`), without a name where only several together may not.
    pub(crate) fn unique_fields(&mut self) -> FxHashSet<(Def, String)> {
        let mut unique = FxHashSet::default();
        for (unit, rule, hit) in self.hits(|it| it.settings.contains_key("column.unique")) {
            let Some(Captured::Definition(of)) = capture(rule, hit, "definition.entity") else { continue };
            let name = match capture(rule, hit, "entity.column") {
                Some(Captured::Definition(field)) => self.facts(unit).definition(*field).name.to_string(),
                _ => String::new(),
            };
            unique.insert((self.program.def(unit, *of), name));
        }
        unique
    }

    /// Names of the fields that a type or those above it declare.
    pub(crate) fn own_fields(&mut self, of: Def) -> Vec<String> {
        let mut names = Vec::new();
        for it in self.lineage(of).types.clone() {
            let (unit, id) = self.program.local(it);
            let facts = self.facts(unit);
            names.extend(
                facts
                    .definitions
                    .iter()
                    .filter(|it| it.parent == id && it.kind == DefinitionKind::Field)
                    .map(|it| it.name.to_string()),
            );
        }
        names
    }

    /// The lists of names at the end of a path of members: `serializer_class.Meta.fields`.
    fn listed_at(&mut self, unit: u32, receivers: &[ValueId], path: &str) -> Vec<Vec<String>> {
        let (members, last) = path.rsplit_once('.').unwrap_or(("", path));
        let holders = self.types_along(unit, receivers, members);
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

    /// The lists of names, or names alone, that the member of a type is; that of the nearest type above it where it has none.
    pub(crate) fn members_listed(&mut self, of: Def, member: &str) -> Vec<Vec<String>> {
        let (unit, _) = self.program.local(of);
        let holder = [self.pool.id(Value::Def(of))];
        self.listed_at(unit, &holder, member)
    }

    /// The types at the end of a path of members, or of the receivers themselves.
    pub(crate) fn types_along(&mut self, unit: u32, receivers: &[ValueId], path: &str) -> Vec<Def> {
        let mut holders: Vec<Def> = Vec::new();
        for receiver in receivers {
            if let Value::Instance(of) | Value::Super(of) | Value::Def(of) = self.pool.value(*receiver)
                && self.program.is_type(of)
            {
                holders.push(of);
            }
        }
        for member in path.split('.').filter(|it| !it.is_empty()) {
            let mut next: Vec<Def> = Vec::new();
            for of in holders {
                let values = match member.strip_suffix("()") {
                    Some(method) => self.results_of_own(of, method, unit),
                    None => self.type_member(of, member, unit, false, 0),
                };
                for value in values {
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
        holders
    }

    /// What a method gives that a type has or inherits in the program.
    fn results_of_own(&mut self, of: Def, method: &str, unit: u32) -> Values {
        let mut results = Values::new();
        for value in self.type_member(of, method, unit, true, 0) {
            if let Value::Def(own) | Value::Bound(own, _) = self.pool.value(value)
                && self.program.is_function(own)
            {
                let given = self.results_of(own);
                union(&mut results, &given);
            }
        }
        results
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
    pub(crate) fn own_relations(&mut self, of: Def) -> Vec<String> {
        let types = self.lineage(of).types.clone();
        let mut names: Vec<String> = (self.related.keys())
            .filter(|(it, name)| {
                types.contains(it)
                    && (self.brought.contains(&(*it, name.clone()))
                        || !self.program.members(self.program.def_space(*it), name).is_empty())
            })
            .map(|(_, name)| name.clone())
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}
