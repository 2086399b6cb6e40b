//! Names: what they mean in a scope, through imports, globs and re-exports.

use smallvec::SmallVec;

use crate::link::names::program::{Def, Mod, Program, Target};
use crate::link::names::spaces::Spaces;
use crate::link::values::guards::without_major;
use crate::link::values::infer::{Imported, Inference, MOST_HOPS, Spot};
use crate::link::values::value::{Site, Subject, Value, ValueId, Values, Var, insert, union};
use crate::model::fact::{DefId, DefinitionKind, ExprId, ExprKind, FileFacts};

/// The one thing that a name means where it stands, whatever values that has by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Var(Var),
    Def(Def),
    /// By its number in the file.
    Import(u32),
    Value(ValueId),
}

/// What names mean, by the number of the expression: most are asked for again and again.
#[derive(Default)]
pub(crate) struct Meanings {
    /// Kind and number of what is meant, and the scope that was asked from with one added: two words each, for there are
    /// as many as expressions.
    known: Vec<(u32, u32)>,
}

/// Where the kind of a meaning stands beside the scope.
const KIND: u32 = 30;

impl Meanings {
    /// From here on meanings are kept, of so many expressions.
    pub(in crate::link) fn keep(&mut self, exprs: u32) {
        self.known = vec![(0, 0); exprs as usize];
    }

    fn get(&self, at: u32, scope: DefId) -> Option<Meaning> {
        let (number, kind) = *self.known.get(at as usize)?;
        if kind & !(u32::MAX << KIND) != scope.0 + 1 {
            return None;
        }
        Some(match kind >> KIND {
            0 => Meaning::Var(Var(number)),
            1 => Meaning::Def(Def(number)),
            2 => Meaning::Import(number),
            _ => Meaning::Value(ValueId(number)),
        })
    }

    fn set(&mut self, at: u32, scope: DefId, meaning: Meaning) {
        let (number, kind) = match meaning {
            Meaning::Var(it) => (it.0, 0),
            Meaning::Def(it) => (it.0, 1),
            Meaning::Import(it) => (it, 2),
            Meaning::Value(it) => (it.0, 3),
        };
        if let Some(known) = self.known.get_mut(at as usize).filter(|_| scope.0 + 1 < 1 << KIND) {
            *known = (number, kind << KIND | (scope.0 + 1));
        }
    }
}

/// What is known of names once all values are: can be asked from several threads.
pub(in crate::link) struct KnownNames<'g, 'a> {
    pub(in crate::link) program: &'g Program<'a>,
    meanings: &'g Meanings,
    named: &'g Spaces<'a, Var>,
    call_vars: &'g [u32],
}

impl KnownNames<'_, '_> {
    /// Whether a name is known to be a variable of its function alone, or nothing of the program.
    pub(in crate::link) fn is_local(&self, unit: u32, owner: DefId, expr: ExprId) -> bool {
        if let Some(meaning) = self.meanings.get(self.program.unit(unit).first_expr + expr.0, owner) {
            return matches!(meaning, Meaning::Var(_) | Meaning::Value(_));
        }
        // Nobody asked for its value: a function around may have a variable of that name.
        let facts = self.program.unit(unit).facts;
        let ExprKind::Name(name) = &facts.expr(expr).kind else { return false };
        let mut scope = scope_at(facts, owner, expr);
        while scope != DefId::MODULE {
            let is_type = facts.definition(scope).kind == DefinitionKind::Type;
            if !is_type && self.named.get(self.program.space(unit, scope), name).is_some() {
                return true;
            }
            scope = facts.definition(scope).parent;
        }
        false
    }

    /// Whether an expression is a call that is a step of its own.
    pub(in crate::link) fn is_step(&self, unit: u32, expr: ExprId) -> bool {
        self.call_vars[(self.program.unit(unit).first_expr + expr.0) as usize] != u32::MAX
    }
}

fn scope_at(facts: &FileFacts, owner: DefId, expr: ExprId) -> DefId {
    let definition = facts.definition(owner);
    let decorates = !definition.attributes.is_empty()
        && matches!(definition.kind, DefinitionKind::Function | DefinitionKind::Method)
        && facts.expr(expr).at.line < definition.line;
    if decorates { definition.parent } else { owner }
}

impl<'a> Inference<'a> {
    /// Value a definition's name denotes.
    pub(crate) fn denoted(&mut self, def: Def) -> Values {
        if let Some(var) = self.decorated.get(&def).copied() {
            return self.read(var);
        }
        let mut values = Values::new();
        if let Some(module) = self.program.module_of_inline(def) {
            let id = self.pool.id(Value::Module(module));
            insert(&mut values, id);
            return values;
        }
        match self.program.kind(def) {
            DefinitionKind::Field | DefinitionKind::Variable | DefinitionKind::Constant => {
                let definition = self.program.definition(def);
                let space = self.program.space_of(self.program.parent(def));
                if let Some(var) = self.find_var(space, &definition.name) {
                    return self.read(var);
                }
            }
            _ => {
                let id = self.pool.id(Value::Def(def));
                insert(&mut values, id);
            }
        }
        values
    }

    pub(crate) fn outside(&mut self, path: &str, instance: bool, subject: Subject) -> ValueId {
        let path = self.pool.sym(self.stubs.canonical(path));
        self.pool.id(Value::Outside { path, instance, subject, site: Site(0) })
    }

    /// Values of a name that stands at an expression.
    pub(crate) fn name(&mut self, unit: u32, owner: DefId, expr: ExprId, name: &'a str) -> Values {
        if let Some(values) = self.bound_values(unit, owner, name) {
            return values;
        }
        if let Some(values) = self.meant(unit, owner, expr) {
            return values;
        }
        let (values, meaning) = self.lookup(unit, self.scope_at(unit, owner, expr), name);
        self.keep_meaning(unit, owner, expr, meaning);
        values
    }

    /// The scope in which a name is looked up: what decorates a function stands outside it, though it belongs to it.
    pub(crate) fn scope_at(&self, unit: u32, owner: DefId, expr: ExprId) -> DefId {
        scope_at(self.facts(unit), owner, expr)
    }

    pub(in crate::link) fn known_names(&self) -> KnownNames<'_, 'a> {
        KnownNames { program: &self.program, meanings: &self.meanings, named: &self.named, call_vars: &self.call_vars }
    }

    /// Values of the argument that a parameter stands for while a call's result is worked out, as they are where it is called.
    fn bound_values(&mut self, unit: u32, owner: DefId, name: &str) -> Option<Values> {
        if self.bindings.is_empty() {
            return None;
        }
        let var = self.find_var(self.program.space(unit, owner), name)?;
        let at = self.bindings.iter().rposition(|(it, _)| *it == var)?;
        let inner = self.bindings.split_off(at);
        let Spot { unit, owner, expr } = inner[0].1;
        let values = self.eval(unit, owner, expr);
        self.bindings.extend(inner);
        Some(values)
    }

    /// Values of `base.name` that stands at an expression, where those of `base` are known.
    pub(crate) fn member_at(
        &mut self,
        unit: u32,
        owner: DefId,
        expr: ExprId,
        base: ExprId,
        bases: Values,
        name: &'a str,
    ) -> Values {
        let only = if let [only] = *bases { Some(self.pool.value(only)) } else { None };
        let values = self.members_of(unit, base, bases, name);
        if let Some(only) = only
            && !self.set_attributes.contains(name)
            && let Some(of) = self.meaning_at(unit, owner, base)
        {
            let meaning = match (only, values.as_slice()) {
                (Value::Module(module), [_]) if !matches!(of, Meaning::Var(_)) => self.only_member(module, name),
                (Value::Outside { path, .. }, [id])
                    if self.is_outside(unit, of) && self.setting_word(path).is_none() =>
                {
                    matches!(self.pool.value(*id), Value::Outside { .. }).then_some(Meaning::Value(*id))
                }
                _ => None,
            };
            self.keep_meaning(unit, owner, expr, meaning);
        }
        values
    }

    /// Values of a name or member whose meaning is known.
    pub(crate) fn meant(&mut self, unit: u32, owner: DefId, expr: ExprId) -> Option<Values> {
        Some(match self.meaning_at(unit, owner, expr)? {
            Meaning::Var(var) => self.read(var),
            Meaning::Def(def) => self.denoted(def),
            Meaning::Import(index) => self.imported(unit, index),
            Meaning::Value(id) => SmallVec::from_slice(&[id]),
        })
    }

    fn meaning_at(&self, unit: u32, owner: DefId, expr: ExprId) -> Option<Meaning> {
        self.meanings.get(self.program.unit(unit).first_expr + expr.0, owner)
    }

    fn keep_meaning(&mut self, unit: u32, owner: DefId, expr: ExprId, meaning: Option<Meaning>) {
        if let Some(meaning) = meaning {
            self.meanings.set(self.program.unit(unit).first_expr + expr.0, owner, meaning);
        }
    }

    /// The function or type that a name in a module's namespace means, where it is the only thing of this name.
    fn only_member(&self, module: Mod, name: &str) -> Option<Meaning> {
        let space = self.program.module_space(module);
        match self.program.members(space, name).as_slice() {
            [only] if self.find_var(space, name).is_none() => Some(Meaning::Def(*only)),
            _ => None,
        }
    }

    /// Whether what is meant lies outside the program for good.
    fn is_outside(&self, unit: u32, meaning: Meaning) -> bool {
        match meaning {
            Meaning::Import(index) => self.outside_imports.contains_key(&(unit, index)),
            Meaning::Value(_) => true,
            Meaning::Var(_) | Meaning::Def(_) => false,
        }
    }

    /// What a name means in a scope, and if nothing else can come to be meant, what that is.
    fn lookup(&mut self, unit: u32, owner: DefId, name: &'a str) -> (Values, Option<Meaning>) {
        let facts = self.facts(unit);
        let mut scope = owner;
        let mut name = name;
        // A name that is also a variable of the function, where only an item can be meant.
        let mut items_only = false;
        if let Some(item) = name.strip_prefix("::") {
            name = item;
            items_only = true;
        }
        let owner = scope;
        let mut first = true;
        let mut through_globs = false;
        loop {
            let definition = facts.definition(scope);
            let is_root = scope == DefId::MODULE;
            let def = self.program.def(unit, scope);
            let is_inline = !is_root && definition.kind == DefinitionKind::Module;
            let is_type = matches!(definition.kind, DefinitionKind::Type | DefinitionKind::Interface);
            let opens =
                if facts.typing.hides_members { !is_type } else { first || definition.kind != DefinitionKind::Type };
            if is_root || is_inline || opens {
                let space = self.program.space(unit, scope);
                let mut meanings: SmallVec<[Meaning; 2]> = SmallVec::new();
                let mut values = Values::new();
                let has_items = is_root || is_inline || definition.kind == DefinitionKind::Type;
                if (has_items || !items_only)
                    && let Some(var) = self.find_var(space, name)
                {
                    meanings.push(Meaning::Var(var));
                    let read = self.read(var);
                    union(&mut values, &read);
                }
                let members = self.program.members(space, name);
                for member in members {
                    meanings.push(Meaning::Def(member));
                    let denoted = self.denoted(member);
                    union(&mut values, &denoted);
                }
                let imports = self.program.imports_of(def, name);
                for import in imports {
                    meanings.push(Meaning::Import(import));
                    let imported = self.imported(unit, import);
                    union(&mut values, &imported);
                }
                if meanings.is_empty()
                    && let Some(value) = self.added_name(space, name)
                {
                    meanings.push(Meaning::Value(value));
                    insert(&mut values, value);
                }
                if let [first, ..] = meanings.as_slice() {
                    // Attributes that the program sets on modules and types are not all there from the beginning.
                    let is_fixed =
                        meanings.len() == 1 && !through_globs && (!has_items || !self.set_attributes.contains(name));
                    return (values, is_fixed.then_some(*first));
                }
                let globs = self.program.globs_of(def);
                for glob in globs {
                    through_globs = true;
                    let values = self.through_glob(unit, glob, name);
                    if !values.is_empty() {
                        return (values, None);
                    }
                }
                if is_root || is_inline {
                    break;
                }
            }
            first = false;
            scope = definition.parent;
        }
        let module = self.program.enclosing_module(unit, owner);
        if let Some(child) = self.program.child_module(module, name) {
            // `mod x;` makes the file's module a member of its parent.
            let id = self.pool.id(Value::Module(child));
            return (SmallVec::from_slice(&[id]), None);
        }
        let name = self.program.package_meant(unit, name);
        let root = self.root_module(unit, name);
        if root.is_none() && self.is_type_parameter(unit, owner, name) {
            // Whatever the caller names; nothing from outside.
            return (Values::new(), None);
        }
        let mut values = Values::new();
        if root.is_none() {
            values = self.through_outside_globs(unit, owner, name);
        }
        if !values.is_empty() {
            return (values, None);
        }
        let id = root.unwrap_or_else(|| self.outside(name, false, Subject::None));
        let is_fixed = !through_globs && !self.set_attributes.contains(name);
        (SmallVec::from_slice(&[id]), is_fixed.then_some(Meaning::Value(id)))
    }

    /// Whether a name is a type parameter of the definition or of one around it.
    fn is_type_parameter(&self, unit: u32, mut scope: DefId, name: &str) -> bool {
        let facts = self.facts(unit);
        loop {
            let definition = facts.definition(scope);
            if definition.type_params.iter().any(|it| it.0 == name) {
                return true;
            }
            if scope == DefId::MODULE {
                return false;
            }
            scope = definition.parent;
        }
    }

    /// A name that only a glob over outside code can bring (`use actix_web::web::*`), where a stub or rule knows it there.
    fn through_outside_globs(&mut self, unit: u32, owner: DefId, name: &str) -> Values {
        let facts = self.facts(unit);
        let separator = self.separator(unit);
        let mut values = Values::new();
        let mut scope = owner;
        loop {
            for glob in self.program.globs_of(self.program.def(unit, scope)) {
                let Imported::Outside(path) = self.import_target(unit, glob) else { continue };
                let full = format!("{}{separator}{name}", self.pool.text(path));
                if self.stubs.knows(&full) {
                    let id = self.outside(&full, false, Subject::None);
                    insert(&mut values, id);
                }
            }
            if scope == DefId::MODULE {
                return values;
            }
            scope = facts.definition(scope).parent;
        }
    }

    /// A package of the project named in a path without an import (`app::orders`, `crate::orders`).
    pub(crate) fn root_module(&mut self, unit: u32, name: &str) -> Option<ValueId> {
        let entry = &self.program.modules[self.program.unit(unit).module.0 as usize];
        if entry.separator != "::" {
            return None;
        }
        let own = entry.name.split("::").next().unwrap_or_default();
        let wanted = match name {
            "crate" => own,
            "self" => entry.name.as_str(),
            "super" => entry.name.rsplit_once("::").map_or(own, |(parent, _)| parent),
            _ => name,
        };
        let module = self.program.module_named(entry.language, wanted)?;
        Some(self.pool.id(Value::Module(module)))
    }

    pub(crate) fn through_glob(&mut self, unit: u32, glob: u32, name: &'a str) -> Values {
        if self.hops > MOST_HOPS {
            return Values::new();
        }
        self.hops += 1;
        let mut values = Values::new();
        match self.import_target(unit, glob) {
            Imported::Module(module) => values = self.module_member(module, name, true),
            Imported::Outside(path) => {
                // A glob over an outside path says nothing, but one over a type of the project does (enum variants).
                let path = self.pool.text(path).to_owned();
                if let Some(base) = self.through_path(unit, &path) {
                    for value in base {
                        let value = self.pool.value(value);
                        if let Value::Module(module) = value {
                            // A module under another name (`pub use other::schema`).
                            let found = self.module_member(module, name, true);
                            union(&mut values, &found);
                        } else if matches!(value, Value::Def(_)) {
                            let mut found = self.member(value, name, unit);
                            found.retain(|it| self.is_told(*it, name));
                            union(&mut values, &found);
                        }
                    }
                }
            }
        }
        self.hops -= 1;
        values
    }

    /// Whether a member that a glob brings is known: a type that inherits from outside would have one of any name.
    fn is_told(&self, member: ValueId, name: &str) -> bool {
        let Value::Outside { path, .. } = self.pool.value(member) else { return true };
        let path = self.pool.text(path);
        !path.ends_with(name) || self.stubs.knows(path)
    }

    /// The module whose names a glob import brings in.
    pub(crate) fn glob_module(&mut self, unit: u32, glob: u32) -> Option<Mod> {
        match self.import_target(unit, glob) {
            Imported::Module(module) => Some(module),
            Imported::Outside(path) => {
                let path = self.pool.text(path).to_owned();
                self.through_path(unit, &path)?.iter().find_map(|it| match self.pool.value(*it) {
                    Value::Module(module) => Some(module),
                    _ => None,
                })
            }
        }
    }

    pub(crate) fn import_target(&mut self, unit: u32, index: u32) -> Imported {
        if let Some(found) = self.import_cache.get(&(unit, index)) {
            return *found;
        }
        let import = &self.facts(unit).imports[index as usize];
        let target = match self.program.import_target(unit, import) {
            Target::Module(module) => Imported::Module(module),
            Target::Outside(path) => Imported::Outside(self.pool.sym(&path)),
        };
        self.import_cache.insert((unit, index), target);
        target
    }

    pub(crate) fn import_module(&mut self, unit: u32, index: u32) -> Result<Mod, String> {
        match self.import_target(unit, index) {
            Imported::Module(module) => Ok(module),
            Imported::Outside(path) => Err(self.pool.text(path).to_owned()),
        }
    }

    /// What an import binds.
    pub(crate) fn imported(&mut self, unit: u32, index: u32) -> Values {
        let mut values = Values::new();
        if self.hops > MOST_HOPS {
            return values;
        }
        self.hops += 1;
        let import = &self.facts(unit).imports[index as usize];
        let target = self.import_target(unit, index);
        let head_only = import.name.is_none()
            && import.path.len() > 1
            && import.alias.as_ref() == import.path.first()
            && import.alias.as_ref() != import.path.last();
        match (target, &import.name) {
            (_, None) if head_only => {
                let language = self.program.modules[self.program.unit(unit).module.0 as usize].language;
                let head = self.program.module_named(language, &import.path[0]);
                let id = match head {
                    Some(module) => self.pool.id(Value::Module(module)),
                    None => self.outside(&import.path[0], false, Subject::None),
                };
                insert(&mut values, id);
            }
            (Imported::Module(module), None) => {
                let id = self.pool.id(Value::Module(module));
                insert(&mut values, id);
            }
            (Imported::Module(module), Some(name)) => {
                values = self.module_member(module, name, false);
                if values.is_empty() && self.program.modules[module.0 as usize].units.is_empty() {
                    let path = self.joined(module, name);
                    let id = self.outside(&path, false, Subject::None);
                    insert(&mut values, id);
                }
            }
            (Imported::Outside(path), name) => {
                if let Some(id) = self.outside_imports.get(&(unit, index)).copied() {
                    insert(&mut values, id);
                } else {
                    let separator = self.separator(unit);
                    let mut path = self.pool.text(path).to_owned();
                    if path.contains("/v") {
                        path = without_major(&path);
                    }
                    let full = match name {
                        Some(name) if path.is_empty() => name.to_string(),
                        Some(name) => format!("{path}{separator}{name}"),
                        None => path,
                    };
                    let through = self.head_module(unit, &full);
                    if let Some(found) = through.and_then(|(module, at)| self.through_module(unit, module, &full[at..]))
                    {
                        values = found;
                    } else if let Some(found) = self.by_imported_head(unit, index) {
                        values = found;
                    } else {
                        let id = self.outside(&full, false, Subject::None);
                        values = self.with_provided(id);
                        if through.is_none() && !self.is_provided(id) {
                            self.outside_imports.insert((unit, index), id);
                        }
                    }
                }
            }
        }
        self.hops -= 1;
        values
    }

    pub(crate) fn joined(&self, module: Mod, name: &str) -> String {
        let entry = &self.program.modules[module.0 as usize];
        format!("{}{}{name}", entry.name, entry.separator)
    }

    /// Follows a qualified path whose head is a module of the project and whose tail runs through its members.
    pub(crate) fn through_path(&mut self, unit: u32, path: &str) -> Option<Values> {
        let (module, at) = self.head_module(unit, path)?;
        self.through_module(unit, module, &path[at..])
    }

    /// The longest head of a path that is a module of the project, and where the members after it begin.
    fn head_module(&self, unit: u32, path: &str) -> Option<(Mod, usize)> {
        let entry = &self.program.modules[self.program.unit(unit).module.0 as usize];
        let mut head = path;
        for _ in 0..3 {
            (head, _) = head.rsplit_once(entry.separator)?;
            if head.is_empty() {
                return None;
            }
            if let Some(module) = self.program.module_named(entry.language, head) {
                return Some((module, head.len() + entry.separator.len()));
            }
        }
        None
    }

    fn through_module(&mut self, unit: u32, module: Mod, members: &str) -> Option<Values> {
        let mut values = Values::new();
        let id = self.pool.id(Value::Module(module));
        insert(&mut values, id);
        for name in members.split(self.separator(unit)) {
            let mut next = Values::new();
            for value in values {
                let value = self.pool.value(value);
                let found = self.member(value, name, unit);
                union(&mut next, &found);
            }
            values = next;
        }
        (!values.is_empty()).then_some(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meanings_are_those_of_the_scope_that_asked() {
        let mut meanings = Meanings::default();
        let all = [Meaning::Var(Var(7)), Meaning::Def(Def(0)), Meaning::Import(u32::MAX), Meaning::Value(ValueId(3))];
        meanings.set(0, DefId::MODULE, all[0]);
        assert_eq!(meanings.get(0, DefId::MODULE), None, "none are kept yet");
        meanings.keep(all.len() as u32);
        for (at, meaning) in (0..).zip(all) {
            assert_eq!(meanings.get(at, DefId(at)), None);
            meanings.set(at, DefId(at), meaning);
            assert_eq!(meanings.get(at, DefId(at)), Some(meaning));
            assert_eq!(meanings.get(at, DefId(at + 1)), None);
        }
        assert_eq!(meanings.get(4, DefId::MODULE), None);
    }
}
