//! Members: what `value.name` denotes, for modules, types, instances and outside values.

use std::hash::BuildHasher;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::link::names::program::{Def, Mod};
use crate::link::values::infer::{Imported, Inference, MOST_HOPS};
use crate::link::values::outside::OutsideMember;
use crate::link::values::value::{Site, Subject, Sym, Value, ValueId, Values, insert, union};
use crate::model::fact::{DefId, DefinitionKind, ExprId, ExprKind};
use crate::model::rule::{Gives, Stub, Subject as StubSubject};

/// Attribute of an instance that is its class.
const CLASS_OF: &str = "__class__";
/// Bases under their own names are followed this far through one another.
const MOST_EMBEDDINGS: u32 = 4;
/// Begins the name of a table between two entities that is known by one of them and its relation.
pub(crate) const ROWS_BETWEEN: &str = "between ";
/// A base class with more types below it than this says nothing of what they have.
const MOST_BELOW: usize = 40;
/// Members of types below are looked up one through the other this far.
const MOST_BELOW_HOPS: u32 = 6;
/// A question that asked more modules than this has its table dropped, not emptied.
const FEW_ASKED: usize = 64;

impl<'a> Inference<'a> {
    /// A name in a module's namespace. Within one question each module is asked once for a name: re-exports and globs
    /// lead to it on many ways.
    pub(crate) fn module_member(&mut self, module: Mod, name: &str, public_only: bool) -> Values {
        if self.hops > MOST_HOPS {
            return Values::new();
        }
        let asked = (module, FxBuildHasher.hash_one(name), public_only);
        if let Some(known) = self.asked.get(&asked) {
            return known.clone();
        }
        let is_first = self.asked.is_empty();
        self.asked.insert(asked, Values::new());
        self.hops += 1;
        let (mut values, child) = self.own_member(module, name, public_only);
        if values.is_empty() {
            values = self.globbed_member(module, name);
        }
        self.hops -= 1;
        if let Some(child) = child {
            insert(&mut values, child);
        }
        if !is_first {
            self.asked.insert(asked, values.clone());
        } else if self.asked.len() > FEW_ASKED {
            self.asked = FxHashMap::default();
        } else {
            self.asked.clear();
        }
        values
    }

    /// What a module itself declares or imports by name, and the module below it that is meant as well.
    fn own_member(&mut self, module: Mod, name: &str, public_only: bool) -> (Values, Option<ValueId>) {
        let mut values = Values::new();
        let space = self.program.module_space(module);
        let members = self.program.members(space, name);
        for member in members {
            let found = self.denoted(member);
            union(&mut values, &found);
        }
        if let Some(var) = self.find_var(space, name) {
            let found = self.read(var);
            union(&mut values, &found);
        }
        // Where modules have names of their own (`mod home; pub use home::*` with `fn home`), both are meant.
        let mut child = None;
        if values.is_empty()
            && let Some(found) = self.program.child_module(module, name)
        {
            let id = self.pool.id(Value::Module(found));
            if self.program.modules[module.0 as usize].separator == "::" {
                child = Some(id);
            } else {
                // `from .chart import chart`: the name is what the import binds.
                values = self.imported_over(module, found, name);
                if values.is_empty() {
                    insert(&mut values, id);
                }
            }
        }
        if values.is_empty()
            && let Some(value) = self.added_name(space, name)
        {
            insert(&mut values, value);
        }
        if values.is_empty() || public_only {
            for (unit, scope) in self.scopes_of(module) {
                for import in self.program.imports_of(scope, name) {
                    let found = self.imported(unit, import);
                    union(&mut values, &found);
                }
            }
        }
        (values, child)
    }

    /// The files of a module, or the place in one where it is written.
    fn scopes_of(&self, module: Mod) -> SmallVec<[(u32, Def); 2]> {
        let entry = &self.program.modules[module.0 as usize];
        let of_files = entry.units.iter().map(|unit| (*unit, self.program.def(*unit, DefId::MODULE)));
        of_files.chain(entry.inline.map(|inline| (self.program.unit_of(inline), inline))).collect()
    }

    /// A name that globs of a module bring, the nearest first on each way.
    fn globbed_member(&mut self, module: Mod, name: &str) -> Values {
        let mut values = Values::new();
        let mut seen: SmallVec<[Mod; 8]> = SmallVec::from_slice(&[module]);
        let mut at = 0;
        while let Some(from) = seen.get(at).copied() {
            at += 1;
            if from != module {
                let (mut found, child) = self.own_member(from, name, true);
                let is_there = !found.is_empty();
                if let Some(child) = child {
                    insert(&mut found, child);
                }
                union(&mut values, &found);
                if is_there {
                    continue;
                }
            }
            for (unit, scope) in self.scopes_of(from) {
                for glob in self.program.globs_of(scope) {
                    if let Some(target) = self.glob_module(unit, glob)
                        && !seen.contains(&target)
                    {
                        seen.push(target);
                    }
                }
            }
        }
        values
    }

    /// What a module's imports bind under the name of a module below it, also a glob over that module.
    fn imported_over(&mut self, module: Mod, child: Mod, name: &str) -> Values {
        let mut values = Values::new();
        let units: SmallVec<[u32; 2]> = self.program.modules[module.0 as usize].units.iter().copied().collect();
        for unit in units {
            for import in self.program.imports_of(self.program.def(unit, DefId::MODULE), name) {
                if let Imported::Module(of) = self.import_target(unit, import)
                    && of == child
                    && let Some(inner) = self.facts(unit).imports[import as usize].name.as_ref()
                {
                    let found = self.module_member(child, inner, false);
                    union(&mut values, &found);
                }
            }
            for glob in self.program.globs_of(self.program.def(unit, DefId::MODULE)) {
                if self.glob_module(unit, glob) == Some(child) {
                    let mut found = self.module_member(child, name, true);
                    found.retain(|it| !matches!(self.pool.value(*it), Value::Module(_)));
                    union(&mut values, &found);
                }
            }
        }
        values
    }

    /// `value.name`.
    pub(crate) fn member(&mut self, value: Value, name: &str, unit: u32) -> Values {
        match value {
            Value::Module(module) => {
                let mut values = self.module_member(module, name, false);
                if values.is_empty() && self.program.modules[module.0 as usize].units.is_empty() {
                    let path = self.joined(module, name);
                    let id = self.outside(&path, false, Subject::None);
                    insert(&mut values, id);
                }
                values
            }
            Value::Instance(of) => self.type_member(of, name, unit, true, 0),
            Value::Def(of) if self.program.is_type(of) => self.type_member(of, name, unit, false, 0),
            Value::Super(of) => self.type_member(of, name, unit, true, 1),
            Value::Outside { path, subject, site, instance } => {
                let own = self.added_method(path, subject, instance, name);
                if own.is_empty() { self.outside_member(path, subject, site, name, unit, None) } else { own }
            }
            Value::Container(_) | Value::Def(_) | Value::Bound(..) => Values::new(),
        }
    }

    pub(crate) fn type_member(&mut self, of: Def, name: &str, unit: u32, instance: bool, skip: usize) -> Values {
        self.member_of_type(of, name, unit, instance, skip, true)
    }

    /// The same, of what implements the type as well or of the type alone.
    fn member_of_type(
        &mut self,
        of: Def,
        name: &str,
        unit: u32,
        instance: bool,
        skip: usize,
        implemented: bool,
    ) -> Values {
        let mut values = Values::new();
        if name == CLASS_OF && instance {
            return self.one(Value::Def(of));
        }
        let lineage = self.lineage(of);
        let mut only_declared = false;
        for base in lineage.types.iter().skip(skip) {
            if instance
                && !self.related.is_empty()
                && let Some(found) = self.related_member(*base, name)
            {
                return found;
            }
            if !instance && let Some(found) = self.rows_between(*base, name) {
                return found;
            }
            if !self.histories.is_empty()
                && let Some(found) = self.history_member(of, *base, name)
            {
                return found;
            }
            let space = self.program.def_space(*base);
            let members = self.program.members(space, name);
            // What only type checkers see hides nothing of what is there when the program runs.
            if members.iter().any(|it| self.program.definition(*it).traits.is_types_only)
                && (lineage.outside.iter().any(|it| !self.is_untold(*it, name, unit))
                    || lineage.types.iter().skip_while(|it| *it != base).skip(1).any(|it| {
                        self.program
                            .members(self.program.def_space(*it), name)
                            .iter()
                            .any(|it| !self.program.definition(*it).traits.is_types_only)
                    }))
            {
                continue;
            }
            for member in &members {
                let definition = self.program.definition(*member);
                match definition.kind {
                    DefinitionKind::Method | DefinitionKind::Function => {
                        if let Some(var) = self.decorated_var(*member) {
                            let found = self.read(var);
                            union(&mut values, &found);
                        } else if definition.traits.is_property && instance {
                            if let Some(var) = self.result_var(*member) {
                                let found = self.read(var);
                                union(&mut values, &found);
                            }
                        } else if definition.traits.is_class || (instance && !definition.traits.is_static) {
                            let id = self.pool.id(Value::Bound(*member, of));
                            insert(&mut values, id);
                        } else {
                            let id = self.pool.id(Value::Def(*member));
                            insert(&mut values, id);
                        }
                    }
                    DefinitionKind::Field => {
                        only_declared = definition.declared.is_some() && definition.value.is_none();
                        let found = self.denoted(*member);
                        let found = self.owned(of, &found);
                        if found.is_empty() && definition.declared.is_none() && !instance {
                            let told = lineage.outside.iter().copied().find(|it| !self.is_untold(*it, name, unit));
                            if let Some(path) = told {
                                // Made in a way that nobody knows (a manager that a metaclass chooses): what the base has there.
                                for subject in self.spoken_for(of) {
                                    let base = self.outside_member(path, subject, Site(0), name, unit, Some(of));
                                    union(&mut values, &base);
                                }
                            } else {
                                // An enum's variant is one of the enum.
                                let id = self.pool.id(Value::Instance(of));
                                insert(&mut values, id);
                            }
                        }
                        union(&mut values, &found);
                    }
                    _ => {
                        let found = self.denoted(*member);
                        union(&mut values, &found);
                    }
                }
            }
            if let Some(var) = self.find_var(space, name) {
                let mut found = self.read(var);
                if members.is_empty() && instance && self.is_veiled(&found, &lineage.outside, name, unit) {
                    found.clear();
                }
                let found = self.owned(of, &found);
                only_declared &= found.iter().all(|it| values.contains(it));
                union(&mut values, &found);
            }
            if !values.is_empty()
                && instance
                && let Some(own) = self.made_with(of, *base, name)
            {
                values = own;
                break;
            }
            if !members.is_empty() || !values.is_empty() {
                break;
            }
        }
        if implemented && (self.program.kind(of) == DefinitionKind::Interface || self.is_abstract(&values)) {
            self.implemented(of, name, unit, instance, &mut values);
        }
        if values.is_empty()
            && instance
            && let Some(found) = self.shared_member(of, name)
        {
            return found;
        }
        if values.is_empty() && instance {
            values = self.embedded(of, name);
        }
        if values.is_empty() && instance && skip == 0 {
            values = self.left_to_another(of, name);
        }
        // What only declares a member that types below give a value is what they give.
        if skip == 0 && instance && only_declared && !values.is_empty() {
            let below = self.member_below(of, name, unit, instance);
            if !below.is_empty() {
                return below;
            }
        }
        let speaks = values.is_empty() && self.speaks_for_itself(of, name, unit);
        if values.is_empty() && skip == 0 && (!speaks || self.rowless.contains(&of)) {
            values = self.member_below(of, name, unit, instance);
        }
        if values.is_empty() || speaks {
            // What the program sets itself is nothing of a base that nobody knows (`self.session = session`).
            let is_set = lineage.types.iter().skip(skip).any(|it| self.is_set(*it, name));
            for path in lineage.outside.clone() {
                if is_set && self.stubs.is_foreign(self.pool.text(path)) {
                    continue;
                }
                // What embeds a handle is no entity: there a base is a part.
                if self.embeds_parts(of) {
                    let found = self.outside_member(path, Subject::None, Site(0), name, unit, Some(of));
                    union(&mut values, &found);
                    continue;
                }
                for mut subject in self.spoken_for(of) {
                    if instance && subject == Subject::Type(of) && self.is_untold(path, name, unit) {
                        subject = Subject::None;
                    }
                    let found = self.outside_member(path, subject, Site(0), name, unit, Some(of));
                    union(&mut values, &found);
                }
            }
        }
        values
    }

    /// The member in all that implements a type. Each type is asked once, however many contracts lead to it.
    fn implemented(&mut self, of: Def, name: &str, unit: u32, instance: bool, values: &mut Values) {
        let mut seen: FxHashSet<Def> = FxHashSet::from_iter([of]);
        let mut contracts = vec![of];
        while let Some(contract) = contracts.pop() {
            for implementer in self.implementers.get(&contract).cloned().unwrap_or_default() {
                if !seen.insert(implementer) {
                    continue;
                }
                let found = self.member_of_type(implementer, name, unit, instance, 0, false);
                // What embeds a contract leaves the member to whatever it holds.
                if self.is_abstract(&found) {
                    contracts.push(implementer);
                }
                union(values, &found);
            }
        }
    }

    /// Whether code of the program assigns an attribute of this name to a type or its instances.
    fn is_set(&self, of: Def, name: &str) -> bool {
        self.set_attributes.contains(name) && self.find_var(self.program.def_space(of), name).is_some()
    }

    /// A relation with a table between, read from the entity's type: its collection as such, about that table.
    fn rows_between(&mut self, of: Def, name: &str) -> Option<Values> {
        let related = self.related.get(&(of, name.to_owned()))?;
        let kind = related.through.clone().filter(|_| related.between)?;
        let rows = self.pool.sym(&format!("{ROWS_BETWEEN}{} {name}", of.0));
        let id = self.outside(&kind, false, Subject::Named(rows));
        Some(SmallVec::from_slice(&[id]))
    }

    /// The tables between that a member of an instance's relation stands for (`order.tags.through`).
    pub(crate) fn links_asked(
        &mut self,
        unit: u32,
        owner: DefId,
        base: ExprId,
        bases: &[ValueId],
        name: &str,
    ) -> Option<Values> {
        let ExprKind::Member { base: holder, name: relation } = &self.facts(unit).expr(base).kind else { return None };
        let separator = self.separator(unit);
        let asks = bases.iter().any(|it| match self.pool.value(*it) {
            Value::Outside { path, instance: true, .. } => {
                matches!(self.stub_of_member(path, separator, name).stub.map(|it| &it.gives), Some(Gives::Same(_)))
            }
            _ => false,
        });
        if !asks {
            return None;
        }
        let mut links = Values::new();
        for value in self.eval(unit, owner, *holder) {
            let Value::Instance(of) = self.pool.value(value) else { continue };
            for it in self.lineage(of).types.clone() {
                if let Some(found) = self.rows_between(it, relation) {
                    union(&mut links, &found);
                    break;
                }
            }
        }
        Some(links).filter(|it| !it.is_empty())
    }

    /// Whether a base class from outside gives a type this member, which is then about the type: what those below have under
    /// that name says nothing of its rows.
    fn speaks_for_itself(&mut self, of: Def, name: &str, unit: u32) -> bool {
        let separator = self.separator(unit);
        self.lineage(of).outside.clone().into_iter().any(|path| {
            let stub = self.stub_of_member(path, separator, name).stub;
            matches!(stub, Some(Stub { gives: Gives::Field(_), subject: Some(StubSubject::Owner), .. }))
        })
    }

    /// What a type leaves to those below it (`self.model` of a base class): a method of the base runs on them.
    pub(crate) fn member_below(&mut self, of: Def, name: &str, unit: u32, instance: bool) -> Values {
        let mut values = Values::new();
        if self.hops >= MOST_BELOW_HOPS || !self.looks_below(of) {
            return values;
        }
        let below = match self.implementers.get(&of) {
            Some(below) if below.len() <= MOST_BELOW => below.clone(),
            _ => return values,
        };
        self.hops += 1;
        for it in below {
            if it == of || self.program.is_test(it) && !self.program.is_test(of) {
                continue;
            }
            if !self.program.members(self.program.def_space(it), name).is_empty() {
                let found = self.type_member(it, name, unit, instance, 0);
                union(&mut values, &found);
            }
        }
        self.hops -= 1;
        values
    }

    /// `x.Base` for a type that embeds `Base`: a part of it under the base's own name.
    pub(crate) fn embedded(&mut self, of: Def, name: &str) -> Values {
        for base in self.lineage(of).types.clone() {
            let (unit, id) = self.program.local(base);
            let definition = self.facts(unit).definition(id);
            let named = definition.bases.iter().find(|it| match &self.facts(unit).expr(**it).kind {
                ExprKind::Name(own) | ExprKind::Member { name: own, .. } => own == name,
                _ => false,
            });
            if let Some(named) = named {
                // A base may be a member of an instance of the type itself (`class A(a.B)` beside `a = A()`).
                if self.embeddings >= MOST_EMBEDDINGS {
                    return Values::new();
                }
                self.embeddings += 1;
                let values = self.types(unit, definition.parent, *named);
                self.embeddings -= 1;
                return values;
            }
        }
        Values::new()
    }

    /// Values of class attributes whose type says by a stub that they are about the class they are read from
    /// (`(stub "T" is: "T" subject: owner)`).
    pub(crate) fn owned(&mut self, of: Def, values: &[ValueId]) -> Values {
        let mut owned = Values::new();
        for value in values {
            let outside: SmallVec<[crate::link::values::value::Sym; 2]> = match self.pool.value(*value) {
                Value::Outside { path, instance: true, subject: Subject::None, .. } => SmallVec::from_slice(&[path]),
                // An instance of a project type, or what a class method of one made.
                Value::Instance(it) | Value::Def(it) if self.program.is_type(it) => {
                    SmallVec::from_slice(&self.lineage(it).outside)
                }
                _ => SmallVec::new(),
            };
            let kind = outside.iter().find_map(|path| self.owned_kind(*path));
            match (kind, self.pool.value(*value)) {
                (Some(kind), Value::Outside { .. }) => {
                    let id = self.outside(kind, true, Subject::Type(of));
                    insert(&mut owned, id);
                }
                (Some(kind), Value::Instance(it) | Value::Def(it)) => {
                    let id = self.outside(kind, true, Subject::Type(of));
                    insert(&mut owned, id);
                    let id = self.pool.id(Value::Instance(it));
                    insert(&mut owned, id);
                }
                _ => {
                    insert(&mut owned, *value);
                }
            }
        }
        owned
    }

    pub(crate) fn is_abstract(&self, values: &[ValueId]) -> bool {
        !values.is_empty()
            && values.iter().all(|it| match self.pool.value(*it) {
                Value::Bound(method, _) | Value::Def(method) => self.program.definition(method).traits.is_abstract,
                _ => false,
            })
    }

    pub(crate) fn outside_member(
        &mut self,
        path: Sym,
        subject: Subject,
        site: Site,
        name: &str,
        unit: u32,
        owner: Option<Def>,
    ) -> Values {
        if let Some(known) = self.assigned_member(path, name) {
            return self.one(known);
        }
        match self.outside_meaning(path, name, unit) {
            Ok(set) => set,
            Err(found) => self.outside_value(found, path, subject, site, name, unit, owner),
        }
    }

    /// Whether what the program sets as a member is of a library that nobody here knows, where the member itself is known
    /// (`db.session = Proxy(..)`, `form.save = MethodType(save, form)`): it takes nothing from that.
    fn is_veiled(&mut self, set: &[ValueId], outside: &[Sym], name: &str, unit: u32) -> bool {
        let separator = self.separator(unit);
        !set.is_empty()
            && outside.iter().any(|it| self.stubs.member(self.pool.text(*it), separator, name).is_some())
            && self.are_foreign(set)
    }

    /// Whether nobody tells of a member: one of a row is not about the row then.
    fn is_untold(&mut self, path: Sym, name: &str, unit: u32) -> bool {
        let found = self.stub_of_member(path, self.separator(unit), name);
        found.stub.is_none() && !self.stubs.knows(self.pool.text(found.path))
    }

    /// What the program set under a name of an outside path, else what stubs say of it.
    pub(crate) fn outside_meaning(&mut self, path: Sym, name: &str, unit: u32) -> Result<Values, OutsideMember<'a>> {
        if let Some(var) = self.outside_field(path, name) {
            let mut set = self.read(var);
            if !set.is_empty() && !self.is_veiled(&set, &[path], name, unit) {
                // A row that stands there anyway is not gone because some code puts a stand-in of it there.
                let found = self.stub_of_member(path, self.separator(unit), name);
                if let Some(Stub { gives: Gives::EntityOf(variable), .. }) = found.stub {
                    let rows = self.instances_named_by(unit, variable);
                    union(&mut set, &rows);
                }
                return Ok(set);
            }
        }
        if let Some(found) = self.outside_related_member(path, name) {
            return Ok(found);
        }
        if let Some(word) = self.setting_word(path) {
            let mut set = Values::new();
            for var in self.setting_vars(Some(word), name) {
                let found = self.read(var);
                union(&mut set, &found);
            }
            if !set.is_empty() {
                return Ok(set);
            }
        }
        let found = self.stub_of_member(path, self.separator(unit), name);
        match self.provided_member(found.path) {
            Some(given) => Ok(given),
            None => Err(found),
        }
    }

    /// A member that stubs tell of, about what its receiver is about.
    pub(crate) fn outside_value(
        &mut self,
        found: OutsideMember<'a>,
        path: Sym,
        subject: Subject,
        site: Site,
        name: &str,
        unit: u32,
        owner: Option<Def>,
    ) -> Values {
        let id = match found.stub {
            Some(Stub { gives: Gives::EntityOf(variable), .. }) => return self.instances_named_by(unit, variable),
            Some(Stub { gives: Gives::Field(of), subject: named, .. }) => {
                let subject = match named {
                    Some(StubSubject::Member) => Subject::Named(self.pool.sym(name)),
                    Some(StubSubject::Owner) => match owner {
                        Some(owner) => Subject::Type(owner),
                        None if subject == Subject::None => self.outside_store(path).unwrap_or(subject),
                        None => subject,
                    },
                    _ => subject,
                };
                self.outside_instance(of, subject, site)
            }
            Some(Stub { gives: Gives::Same(other), .. }) => self.outside(other, false, subject),
            Some(Stub { gives: Gives::Held, of, .. }) if !of.is_empty() => {
                let Some(owner) = owner else { return Values::new() };
                let holder = self.pool.id(Value::Instance(owner));
                let mut held = Values::new();
                for subject in self.subjects_of_members(unit, &[holder], of) {
                    let found = self.about(subject);
                    union(&mut held, &found);
                }
                return held;
            }
            Some(Stub { gives: Gives::Held, .. }) => return self.about(subject),
            Some(Stub { gives: Gives::Asked, .. }) => self.pool.id(match subject {
                Subject::Type(of) => Value::Def(of),
                _ => Value::Outside { path: found.path, instance: false, subject, site },
            }),
            // The exact member keeps the nearest type's name so that a call finds its stub by lineage.
            _ => self.pool.id(Value::Outside { path: found.path, instance: false, subject, site }),
        };
        SmallVec::from_slice(&[id])
    }

    pub(crate) fn decorated_var(&self, def: Def) -> Option<crate::link::values::value::Var> {
        self.decorated_of(def)
    }
}
