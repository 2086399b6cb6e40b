//! Entities and stores that texts, settings and members name.

use smallvec::SmallVec;

use crate::link::names::program::{Def, Mod};
use crate::link::storage::stores::Stores;
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::{Subject, Value, ValueId, Values, Var, insert, union};
use crate::model::fact::{Argument, Captured, DefId, DefinitionKind, ExprId, ExprKind, ParamKind};

/// Relations that load at once are followed this far.
const MOST_EAGER: u32 = 2;
/// Entities that one manager type speaks for at most.
const MOST_MANAGED: usize = 12;
/// Types that an abstract one stands for at most.
const MOST_CONCRETE: usize = 40;

impl<'a> Inference<'a> {
    /// What one value may make another be about.
    pub(crate) fn add_subjects(&mut self, value: ValueId, subjects: &mut SmallVec<[Subject; 2]>) {
        let subject = match self.pool.value(value) {
            Value::Def(of) | Value::Instance(of) if self.program.is_type(of) => Subject::Type(of),
            Value::Outside { path, subject: Subject::None, .. } => match self.outside_store(path) {
                Some(subject) => subject,
                None => return,
            },
            Value::Outside { subject, .. } => subject,
            Value::Container(container) => {
                for element in self.container_read(container, None) {
                    if let Value::Def(of) | Value::Instance(of) = self.pool.value(element)
                        && self.program.is_type(of)
                        && !subjects.contains(&Subject::Type(of))
                    {
                        subjects.push(Subject::Type(of));
                    }
                }
                return;
            }
            _ => return,
        };
        if !subjects.contains(&subject) {
            subjects.push(subject);
        }
    }

    /// What a column of a type is about by what the type itself gives it: what rows of the type were given later
    /// (`plan.order_id = order.id`) says nothing of the column.
    pub(crate) fn add_declared(&mut self, unit: u32, owner: DefId, expr: ExprId, subjects: &mut Vec<Subject>) -> bool {
        let ExprKind::Member { base, name } = &self.facts(unit).expr(expr).kind else { return false };
        let [only] = *self.eval(unit, owner, *base) else { return false };
        let Value::Def(of) = self.pool.value(only) else { return false };
        if !self.program.is_type(of) {
            return false;
        }
        for base in self.lineage(of).types.clone() {
            let members = self.program.members(self.program.def_space(base), name);
            let [member] = members.as_slice() else { continue };
            let (unit, id) = self.program.local(*member);
            let field = self.facts(unit).definition(id);
            let (DefinitionKind::Field, Some(value)) = (field.kind, field.value) else { return false };
            let mut found = SmallVec::new();
            for value in self.eval(unit, field.parent, value) {
                self.add_subjects(value, &mut found);
            }
            found.retain(|it| *it != Subject::None && !subjects.contains(it));
            subjects.extend(found);
            return true;
        }
        false
    }

    /// The store that an outside type stands for.
    pub(crate) fn outside_store(&mut self, path: crate::link::values::value::Sym) -> Option<Subject> {
        let store = self.stubs.store_of(self.pool.text(path))?;
        Some(Subject::Named(self.pool.sym(store)))
    }

    /// Subject of the first of these members that has one, read from any of the receivers.
    pub(crate) fn subjects_of_members(
        &mut self,
        unit: u32,
        receivers: &[ValueId],
        members: &[compact_str::CompactString],
    ) -> SmallVec<[Subject; 2]> {
        let mut subjects: SmallVec<[Subject; 2]> = SmallVec::new();
        for heir in self.told_below(receivers, members).unwrap_or_default() {
            for subject in self.subjects_of_members(unit, &[heir], members) {
                if !subjects.contains(&subject) {
                    subjects.push(subject);
                }
            }
        }
        if !subjects.is_empty() {
            return subjects;
        }
        for path in members.iter().filter(|it| !it.starts_with("argument[") && !it.starts_with("keyword[")) {
            // A method that chooses among several says nothing of one call, unless they agree in what is behind the mark.
            let (path, agreeing) = path.split_once('?').map_or((path.as_str(), None), |it| (it.0, Some(it.1)));
            let alone = agreeing.is_some();
            let (mut is_clear, mut are_types) = (true, true);
            for receiver in receivers {
                // `super().get(..)` runs on the instance: its own attributes count.
                let receiver = match self.pool.value(*receiver) {
                    Value::Super(of) => self.pool.id(Value::Instance(of)),
                    _ => *receiver,
                };
                let mut values: Values = SmallVec::from_slice(&[receiver]);
                for name in path.split('.') {
                    let mut inner = Values::new();
                    for value in values {
                        let value = self.pool.value(value);
                        if let Some(index) = name.strip_prefix("base[").and_then(|it| it.strip_suffix(']')) {
                            let given = self.given_to_base(value, index.parse().unwrap_or(0));
                            union(&mut inner, &given);
                            continue;
                        }
                        // Outside members of a type are no attributes that the program set.
                        let found = self.member(value, name, unit);
                        for it in found {
                            match self.pool.value(it) {
                                Value::Bound(method, of) => {
                                    let mut results = self.results_of(method);
                                    self.keep_to_asked(method, of, &mut results);
                                    let is_type = |it: &ValueId| matches!(self.pool.value(*it), Value::Def(_));
                                    are_types &= results.iter().all(is_type);
                                    is_clear &= results.len() <= 1 && are_types;
                                    union(&mut inner, &results);
                                }
                                Value::Outside { instance: false, path, .. }
                                    if self.stubs.store_of(self.pool.text(path)).is_none() => {}
                                _ => {
                                    insert(&mut inner, it);
                                }
                            }
                        }
                    }
                    values = inner;
                }
                for value in values {
                    self.add_subjects(value, &mut subjects);
                }
            }
            if let (Some(member), true) = (agreeing.filter(|it| !it.is_empty()), are_types && !subjects.is_empty()) {
                let of_type = |it: &Subject| if let Subject::Type(of) = it { Some(*of) } else { None };
                let types: Vec<Def> = subjects.iter().filter_map(of_type).collect();
                if types.len() == subjects.len() && self.agree(unit, &types, member) {
                    return subjects;
                }
            }
            if alone && (!is_clear || subjects.len() > 1) {
                return SmallVec::new();
            }
            if !subjects.is_empty() {
                break;
            }
        }
        subjects
    }

    /// What a type of the program's own gives a generic base from outside at this place (`class Crew(Store[Sailor, int])`).
    fn given_to_base(&mut self, value: Value, index: usize) -> Values {
        let mut given = Values::new();
        let (Value::Instance(of) | Value::Def(of) | Value::Super(of)) = value else { return given };
        if !self.program.is_type(of) {
            return given;
        }
        for holder in self.lineage(of).types.clone() {
            let (unit, id) = self.program.local(holder);
            let (facts, scope) = (self.facts(unit), self.program.definition(holder).parent);
            for base in &facts.definition(id).bases {
                let ExprKind::Index { base: generic, index: types } = facts.expr(*base).kind else { continue };
                let bases = self.eval(unit, scope, generic);
                if bases.iter().any(|it| matches!(self.pool.value(*it), Value::Outside { .. }))
                    && let Some(named) = self.nth_type(Spot { unit, owner: scope, expr: types }, index)
                {
                    let found = self.types(unit, scope, named.expr);
                    union(&mut given, &found);
                }
            }
        }
        given
    }

    /// Whether instances of several types are about the same thing by a member of theirs.
    pub(crate) fn agree(&mut self, unit: u32, types: &[Def], member: &str) -> bool {
        let mut all: SmallVec<[Subject; 2]> = SmallVec::new();
        for of in types {
            let instance = self.pool.id(Value::Instance(*of));
            match *self.subjects_of_members(unit, &[instance], &[member.into()]) {
                [only] if all.is_empty() || all[0] == only => all.push(only),
                _ => return false,
            }
        }
        !all.is_empty()
    }

    /// The same for a call: what begins with `argument[n].` is read from an argument, which decides alone where it is known.
    pub(crate) fn subjects_told(
        &mut self,
        unit: u32,
        owner: DefId,
        receivers: &[ValueId],
        args: &'a [Argument],
        members: &[compact_str::CompactString],
    ) -> SmallVec<[Subject; 2]> {
        for path in members {
            if let Some(name) = path.strip_prefix("keyword[").and_then(|it| it.strip_suffix(']')) {
                let given = args.iter().find(|it| it.name.as_deref() == Some(name));
                let given = given.or_else(|| args.first().filter(|it| it.name.is_none() && !it.spread));
                return given
                    .map_or_else(SmallVec::new, |it| self.subjects_of(unit, owner, it.value).into_iter().collect());
            }
            let given = path.strip_prefix("argument[").and_then(|it| it.split_once("]."));
            let Some((place, inner)) = given else { continue };
            let argument = place.parse().ok().and_then(|it: usize| args.get(it)).filter(|it| it.name.is_none());
            let values = argument.map(|it| self.eval(unit, owner, it.value)).unwrap_or_default();
            if !values.is_empty() && values.iter().all(|it| matches!(self.pool.value(*it), Value::Instance(_))) {
                return self.subjects_of_members(unit, &values, &[inner.into()]);
            }
        }
        self.subjects_of_members(unit, receivers, members)
    }

    /// Which types are held by class attributes as what speaks for the class (`objects = OrderManager()`).
    pub(crate) fn declare_managers(&mut self) {
        let mut managed: Vec<(Def, Def)> = Vec::new();
        for unit in 0..self.program.units.len() as u32 {
            let facts = self.facts(unit);
            for id in facts.def_ids() {
                let definition = facts.definition(id);
                if definition.kind != DefinitionKind::Field || definition.value.is_none() {
                    continue;
                }
                let owner = self.program.def(unit, definition.parent);
                if !self.program.is_type(owner) || self.program.is_test(owner) {
                    continue;
                }
                let Some(var) = self.find_var(self.program.space(unit, definition.parent), &definition.name) else {
                    continue;
                };
                for value in self.read(var) {
                    if let Value::Instance(of) | Value::Def(of) = self.pool.value(value)
                        && self.program.is_type(of)
                        && self.speaks_for_owner(of)
                    {
                        for base in self.lineage(of).types.clone() {
                            managed.push((base, owner));
                        }
                    }
                }
            }
        }
        self.declare_named_managers(&mut managed);
        self.declare_made_queries(&mut managed);
        managed.sort_unstable();
        managed.dedup();
        self.name_manager_methods(&managed);
        for (of, owner) in managed {
            self.managed.entry(of).or_default().push(owner);
        }
    }

    /// The same where a rule says which type speaks for an entity, and under which name (`manager.name`).
    fn declare_named_managers(&mut self, managed: &mut Vec<(Def, Def)>) {
        for (unit, rule, found) in self.hits(|it| it.settings.contains_key("manager.name")) {
            let (Some(Captured::Definition(id)), Some(Captured::Expr(named)), Some(name)) = (
                capture(rule, found, "definition.entity"),
                capture(rule, found, "entity.manager"),
                rule.settings.get("manager.name"),
            ) else {
                continue;
            };
            if self.guards_hold(unit, found.owner, rule, found) != Held::Yes {
                continue;
            }
            let var = self.named_var(self.program.space(unit, *id), name);
            for value in self.eval(unit, *id, *named) {
                let Value::Def(of) = self.pool.value(value) else { continue };
                if !self.program.is_type(of) || !self.speaks_for_owner(of) {
                    continue;
                }
                let manager = self.pool.id(Value::Instance(of));
                self.add(var, manager);
                let owner = self.program.def(unit, *id);
                managed.extend(self.lineage(of).types.iter().map(|it| (*it, owner)));
            }
        }
    }

    /// A call on one entity's manager gives what is about that entity, though others have a manager of the same type.
    pub(crate) fn keep_to_owner(&mut self, receivers: &[ValueId], callees: &[ValueId], results: &mut Values) {
        if self.managed.is_empty() {
            return;
        }
        let (mut owners, mut shared): (SmallVec<[Def; 4]>, Vec<Def>) = (SmallVec::new(), Vec::new());
        for receiver in receivers {
            match self.pool.value(*receiver) {
                Value::Outside { subject: Subject::Type(of), .. } if owners.contains(&of) => {}
                Value::Outside { subject: Subject::Type(of), .. } => owners.push(of),
                Value::Instance(of) if self.managed.contains_key(&of) => shared.extend(&self.managed[&of]),
                _ => return,
            }
        }
        // A relation has the methods of the manager of its rows.
        for callee in callees.iter().filter(|_| shared.is_empty()).copied().collect::<SmallVec<[ValueId; 2]>>() {
            if let Value::Bound(_, of) = self.pool.value(callee)
                && let Some(managed) = self.managed.get(&of)
            {
                shared.extend(managed);
            }
        }
        if owners.is_empty() || shared.len() < 2 {
            return;
        }
        let mut own: SmallVec<[Def; 4]> = owners.clone();
        for owner in owners.iter().filter(|it| !shared.contains(it)) {
            own.extend_from_slice(&self.lineage(*owner).types);
        }
        results.retain(|it| match self.pool.value(*it) {
            Value::Outside { subject: Subject::Type(of), .. } | Value::Instance(of) => {
                own.contains(&of) || !shared.contains(&of)
            }
            _ => true,
        });
    }

    /// A method that a type inherits gives what is about that type (`cls.query.first()`), not about its siblings.
    pub(crate) fn keep_to_receiver(&mut self, method: Def, of: Def, results: &mut Values) {
        let base = self.program.parent(method);
        if base == of || !self.program.is_type(base) {
            return;
        }
        self.give_to_receiver(base, of, results);
        self.keep_to_made(base, of, results);
        self.keep_to_class(base, of, results);
        self.keep_to_asked(method, of, results);
        if results.len() < 2 {
            return;
        }
        self.give_own(method, base, of, results);
        let about = |value: Value| match value {
            Value::Outside { subject: Subject::Type(it), .. } | Value::Instance(it) | Value::Def(it) => Some(it),
            _ => None,
        };
        let own = self.lineage(of);
        if !results.iter().any(|it| about(self.pool.value(*it)).is_some_and(|it| it != base && own.types.contains(&it)))
        {
            return;
        }
        let mut kept = Values::new();
        for id in results.iter() {
            let sibling = match about(self.pool.value(*id)) {
                Some(it) if self.program.is_type(it) => {
                    !own.types.contains(&it) && self.lineage(it).types.contains(&base)
                }
                _ => false,
            };
            if !sibling {
                insert(&mut kept, *id);
            }
        }
        *results = kept;
    }

    /// Where a method is called on more classes than a variable holds, what it gives about its own class is about the class
    /// that it is called on, also where that is not among those held.
    fn give_own(&mut self, method: Def, base: Def, of: Def, results: &mut Values) {
        let (unit, id) = self.program.local(method);
        let receiver = self.facts(unit).definition(id).params.iter().find(|it| it.kind == ParamKind::Receiver);
        let own = receiver.and_then(|it| self.find_var(self.program.space(unit, id), &it.name));
        let Some(own) = own.filter(|it| self.vars.is_full(*it)) else { return };
        let called_on: Vec<Def> = (self.vars.values(own).iter())
            .filter_map(|it| match self.pool.value(*it) {
                Value::Instance(it) | Value::Def(it) => Some(it),
                _ => None,
            })
            .collect();
        let is_own = |it: Def| it != of && it != base && called_on.contains(&it);
        let mut given = Values::new();
        for id in results.iter() {
            let value = match self.pool.value(*id) {
                Value::Outside { path, instance, subject: Subject::Type(it), site } if is_own(it) => {
                    Value::Outside { path, instance, subject: Subject::Type(of), site }
                }
                Value::Instance(it) if is_own(it) => Value::Instance(of),
                Value::Def(it) if is_own(it) => Value::Def(of),
                other => other,
            };
            let id = self.pool.id(value);
            insert(&mut given, id);
        }
        *results = given;
    }

    /// What a method of a base class from a mapper gives about its own class is about the class that it is called on.
    fn give_to_receiver(&mut self, base: Def, of: Def, results: &mut Values) {
        let own = self.lineage(base);
        if !self.looks_below(base) || !own.outside.iter().any(|it| self.stubs.knows(self.pool.text(*it))) {
            return;
        }
        let mut given = Values::new();
        for id in results.iter() {
            let value = match self.pool.value(*id) {
                Value::Outside { path, instance, subject: Subject::Type(it), site } if it == base => {
                    Value::Outside { path, instance, subject: Subject::Type(of), site }
                }
                Value::Instance(it) if it == base => Value::Instance(of),
                other => other,
            };
            let id = self.pool.id(value);
            insert(&mut given, id);
        }
        *results = given;
    }

    /// Stores that rows of a type are written to besides its own: those of mapped types above it.
    pub(crate) fn inherited_stores(&mut self, stores: &Stores, of: Def) -> Vec<usize> {
        if !stores.of_type.contains_key(&of) || !stores.joined_types.contains(&of) {
            return Vec::new();
        }
        let own = stores.of_type[&of];
        let mut above: Vec<usize> =
            self.lineage(of).types.iter().skip(1).filter_map(|it| stores.of_type.get(it).copied()).collect();
        above.extend(self.store_above(of).and_then(|it| stores.find(self.pool.text(it))));
        above.retain(|it| *it != own);
        above.sort_unstable();
        above.dedup();
        above
    }

    /// Stores that are read along with rows of a type, by relations that load at once.
    pub(crate) fn eager_stores(&mut self, stores: &Stores, of: Def) -> Vec<usize> {
        let mut reached: Vec<usize> = Vec::new();
        let mut seen = vec![of];
        let mut todo = vec![(of, 0)];
        while let Some((of, level)) = todo.pop() {
            let kin = self.lineage(of).types.clone();
            let mut next: Vec<(Def, String)> = self
                .related
                .iter()
                .filter(|((of, _), it)| it.eager && kin.contains(of))
                .filter_map(
                    |((_, name), it)| if let Subject::Type(of) = it.of { Some((of, name.clone())) } else { None },
                )
                .collect();
            next.sort_unstable();
            for (related, name) in next {
                if let Some(link) = self.link_of(stores, Subject::Type(of), &name)
                    && !reached.contains(&link)
                {
                    reached.push(link);
                }
                if let Some(store) = self.store_of_type(stores, related)
                    && !reached.contains(&store)
                {
                    reached.push(store);
                }
                if level < MOST_EAGER && !seen.contains(&related) {
                    seen.push(related);
                    todo.push((related, level + 1));
                }
            }
        }
        reached
    }

    /// Whether a type inherits from one that a stub says is about the class that holds it.
    pub(crate) fn speaks_for_owner(&mut self, of: Def) -> bool {
        self.lineage(of).outside.iter().any(|path| self.stubs.speaks_for_owner(self.pool.text(*path)))
    }

    /// What a type speaks for: itself, or the entities that hold it.
    pub(crate) fn spoken_for(&self, of: Def) -> SmallVec<[Subject; 2]> {
        match self.managed.get(&of) {
            Some(entities) if entities.len() <= MOST_MANAGED => entities.iter().map(|it| Subject::Type(*it)).collect(),
            _ => SmallVec::from_slice(&[Subject::Type(of)]),
        }
    }

    /// The same for what an expression holds, with the entities below an abstract one in its place.
    pub(crate) fn add_spoken_for(&mut self, stores: &Stores, spot: Spot, subjects: &mut Vec<Subject>) {
        let mut types: Vec<Def> = Vec::new();
        for value in self.eval(spot.unit, spot.owner, spot.expr) {
            match self.pool.value(value) {
                Value::Instance(of) | Value::Def(of) | Value::Super(of) if self.program.is_type(of) => types.push(of),
                _ => {}
            }
        }
        for (of, subject) in
            types.into_iter().flat_map(|of| self.spoken_for(of).into_iter().map(move |it| (of, it))).collect::<Vec<_>>()
        {
            let mut stands_for = vec![subject];
            if let Subject::Type(entity) = subject
                && entity != of
                && self.store_of_type(stores, entity).is_none()
            {
                stands_for = self.concrete_types(stores, entity).into_iter().map(Subject::Type).collect();
            }
            for it in stands_for {
                if !subjects.contains(&it) {
                    subjects.push(it);
                }
            }
        }
    }

    /// Entity types that text arguments name (`"shop.Order"`, or `"shop", "Order"`), or a variable of a module.
    pub(crate) fn types_named_by(
        &mut self,
        unit: u32,
        owner: DefId,
        variable: Option<&str>,
        args: &'a [Argument],
    ) -> Values {
        let mut names: Vec<String> = Vec::new();
        if let Some(variable) = variable {
            names = self.setting_texts(variable);
            // What the program writes is known later than the calls that ask for it at first.
            if names.is_empty() && !self.is_setting_written(variable) {
                names.push(variable.to_owned());
            }
        } else if let Some(first) = args.first() {
            let labels = self.texts(unit, owner, first.value);
            // `get_model(app_label="shop", model_name="Order")`, in either order; an option is no text.
            let second = args.get(1);
            let models = second.map(|it| self.texts(unit, owner, it.value)).unwrap_or_default();
            let is_named = second.is_some_and(|it| it.name.is_some());
            for label in &labels {
                if second.is_none() || (is_named && models.is_empty()) {
                    names.push(label.text.clone());
                }
                for model in &models {
                    names.push(format!("{}.{}", label.text, model.text));
                    if first.name.is_some() {
                        names.push(format!("{}.{}", model.text, label.text));
                    }
                }
            }
        }
        let mut types = Values::new();
        for name in names {
            if let Some(of) = self.entity_named(unit, &name) {
                let id = self.pool.id(Value::Def(of));
                insert(&mut types, id);
            } else if self.stubs.knows(&name) {
                let id = self.outside(&name, false, Subject::None);
                insert(&mut types, id);
            }
        }
        types
    }

    /// What the dotted texts of an expression name, one or the values of a mapping: modules, types, functions.
    pub(crate) fn named_by_texts(&mut self, unit: u32, owner: DefId, expr: ExprId) -> Values {
        let mut texts = self.texts(unit, owner, expr);
        if texts.is_empty() {
            texts = self.texts_in(unit, owner, expr, None);
        }
        let mut values = Values::new();
        for text in texts.iter().filter(|it| !it.text.contains('{')) {
            let language = self.program.modules[self.program.unit(unit).module.0 as usize].language;
            if let Some(module) = self.program.module_named(language, &text.text) {
                let id = self.pool.id(Value::Module(module));
                insert(&mut values, id);
            } else if let Some(found) = self.through_path(unit, &text.text) {
                union(&mut values, &found);
            }
        }
        values
    }

    /// Instances of the entity that a variable's text names.
    pub(crate) fn instances_named_by(&mut self, unit: u32, variable: &str) -> Values {
        let mut values = Values::new();
        for of in self.types_named_by(unit, DefId::MODULE, Some(variable), &[]) {
            let value = match self.pool.value(of) {
                Value::Def(of) => Value::Instance(of),
                Value::Outside { path, subject, site, .. } => Value::Outside { path, instance: true, subject, site },
                other => other,
            };
            let id = self.pool.id(value);
            insert(&mut values, id);
        }
        values
    }

    /// Variables of this name in modules whose name has the word; any module for none.
    pub(crate) fn setting_vars(&mut self, word: Option<&'a str>, name: &str) -> Vec<Var> {
        let modules = self.setting_modules.entry(word).or_insert_with(|| {
            let modules = (0..).map(Mod).zip(&self.program.modules);
            let is_wanted = |name: &str| word.is_none_or(|word| name.split('.').any(|part| part.contains(word)));
            modules.filter(|(_, it)| is_wanted(&it.name)).map(|(module, _)| module).collect()
        });
        let spaces = modules.iter().map(|it| self.program.module_space(*it));
        spaces.filter_map(|space| self.named.get(space, name).copied()).collect()
    }

    /// Whether some module gives a variable of this name a text.
    fn is_setting_written(&self, name: &str) -> bool {
        (0..self.program.modules.len() as u32).any(|it| {
            let written = self.program.members(self.program.module_space(Mod(it)), name);
            written.iter().any(|it| {
                let (unit, id) = self.program.local(*it);
                let facts = self.facts(unit);
                facts.definition(id).value.is_some_and(|it| matches!(facts.expr(it).kind, ExprKind::Text(_)))
            })
        })
    }

    fn setting_texts(&mut self, name: &str) -> Vec<String> {
        let mut texts: Vec<String> = Vec::new();
        for var in self.setting_vars(None, name) {
            for source in self.sources(var) {
                for text in self.texts(source.unit, source.owner, source.expr) {
                    if !texts.contains(&text.text) {
                        texts.push(text.text);
                    }
                }
            }
        }
        texts
    }

    /// Whether a file imports anything of the package that a qualified name begins with.
    pub(crate) fn imports_root_of(&self, unit: u32, path: &str) -> bool {
        let root = path.split('.').next().unwrap_or(path);
        self.facts(unit).imports.iter().any(|it| it.path.first().is_some_and(|it| it == root))
    }

    /// Stores of the concrete types below one that has none of its own.
    pub(crate) fn concrete_types(&mut self, stores: &Stores, of: Def) -> Vec<Def> {
        let mut mapped: Vec<Def> = stores.of_type.keys().copied().collect();
        mapped.sort_unstable();
        let mut below = Vec::new();
        for it in mapped {
            if it != of && !self.program.is_test(it) && self.lineage(it).types.contains(&of) {
                below.push(it);
            }
        }
        if below.len() > MOST_CONCRETE { Vec::new() } else { below }
    }
}
