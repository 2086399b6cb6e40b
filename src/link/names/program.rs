//! All files as one program: namespaces, their members, and what an import leads to. Knows no values.

use std::borrow::Borrow;

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::link::names::spaces::Spaces;
use crate::model::fact::{Anchor, DefId, Definition, DefinitionKind, FileFacts, Import, StepKind, Text};
use crate::model::source::{Project, Role, SourceFile};

/// A definition anywhere in the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Def(pub(crate) u32);

/// A module by name; several files may share one (a Go package).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Mod(pub(crate) u32);

/// A namespace: a module's, or that of a type or function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Space(pub(crate) u32);

/// One file with its place in the numbering of definitions and steps.
pub(crate) struct Unit<'a> {
    pub(crate) source: &'a SourceFile,
    pub(crate) facts: &'a FileFacts,
    /// Number of the file's first definition.
    pub(crate) first_def: u32,
    /// Number of the file's first step.
    pub(crate) first_step: u32,
    /// Number of the file's first expression.
    pub(crate) first_expr: u32,
    pub(crate) module: Mod,
}

/// A module.
pub(crate) struct ModuleEntry<'a> {
    pub(crate) name: String,
    pub(crate) language: &'a str,
    pub(crate) units: SmallVec<[u32; 1]>,
    /// Inline module (`mod x { .. }`): the definition it is written in.
    pub(crate) inline: Option<Def>,
    pub(crate) separator: &'a str,
}

/// What an import's path leads to.
pub(crate) enum Target {
    Module(Mod),
    /// Qualified name outside the project.
    Outside(String),
}

/// What stands directly in a definition, and whether it opens a module.
#[derive(Clone, Copy, Default)]
struct Holds {
    imports: bool,
    globs: bool,
    module: bool,
}

impl Space {
    /// Number of the module whose namespace it is; none for that of a definition.
    pub(crate) fn module(self) -> Option<usize> {
        (self.0 > u32::MAX / 2).then_some((u32::MAX - self.0) as usize)
    }
}

pub(crate) struct Program<'a> {
    pub(crate) units: Vec<Unit<'a>>,
    pub(crate) modules: Vec<ModuleEntry<'a>>,
    /// Modules by language and name.
    by_name: FxHashMap<&'a str, FxHashMap<Box<str>, Mod>>,
    /// Modules by one above them and the rest of their name.
    children: FxHashMap<Mod, FxHashMap<Box<str>, Mod>>,
    unit_of_def: Vec<u32>,
    unit_of_step: Vec<u32>,
    /// Per definition, whether it is test code: by its file, or by what it stands in.
    tests: Vec<bool>,
    members: Spaces<'a, SmallVec<[Def; 1]>>,
    /// Per definition, which of the maps here have anything under it: most scopes hold nothing.
    holds: Vec<Holds>,
    /// Imports by scope and alias.
    imports: FxHashMap<(Def, &'a str), SmallVec<[u32; 1]>>,
    /// Globs by scope.
    globs: FxHashMap<Def, SmallVec<[u32; 2]>>,
    /// Module that an inline module definition opens.
    inline_modules: FxHashMap<Def, Mod>,
    /// What packages call their dependencies by names of their own: package, that name, and the dependency's.
    renamed: FxHashMap<(&'a str, &'a str), &'a str>,
    /// What packages say they depend on, in lower case and with `_`.
    declared: FxHashSet<String>,
    pub(crate) step_count: u32,
    pub(crate) expr_count: u32,
}

impl<'a> Program<'a> {
    pub(crate) fn new<F: Borrow<FileFacts>>(project: &'a Project, facts: &'a [(usize, F)]) -> Self {
        let mut program = Self {
            units: Vec::with_capacity(facts.len()),
            modules: Vec::new(),
            by_name: FxHashMap::default(),
            children: FxHashMap::default(),
            unit_of_def: Vec::new(),
            unit_of_step: Vec::new(),
            tests: Vec::new(),
            members: Spaces::default(),
            holds: Vec::new(),
            imports: FxHashMap::default(),
            globs: FxHashMap::default(),
            inline_modules: FxHashMap::default(),
            renamed: FxHashMap::default(),
            declared: FxHashSet::default(),
            step_count: 0,
            expr_count: 0,
        };
        for package in &project.packages {
            for (name, of) in &package.renamed {
                program.renamed.insert((&package.name, name), of);
            }
            program.declared.extend(package.dependencies.iter().map(|it| it.to_lowercase().replace('-', "_")));
        }
        for (file, facts) in facts {
            let source = &project.files[*file];
            program.add_unit(source, facts.borrow());
        }
        program.add_parents();
        program.add_given_names();
        program.add_children();
        program.collect_members();
        program.add_declared_names();
        program
    }

    /// The package that a name at the root of a path means in a file.
    pub(crate) fn package_meant<'n>(&self, unit: u32, name: &'n str) -> &'n str
    where
        'a: 'n,
    {
        if self.renamed.is_empty() {
            return name;
        }
        let package = self.units[unit as usize].source.package.as_str();
        self.renamed.get(&(package, name)).copied().unwrap_or(name)
    }

    fn add_unit(&mut self, source: &'a SourceFile, facts: &'a FileFacts) {
        let unit = self.units.len() as u32;
        let separator = if facts.separator.is_empty() { "." } else { facts.separator.as_str() };
        let module = self.module_entry(&source.language, source.module.clone(), separator);
        self.modules[module.0 as usize].units.push(unit);
        let first_def = self.unit_of_def.len() as u32;
        self.unit_of_def.extend(std::iter::repeat_n(unit, facts.definitions.len()));
        self.unit_of_step.extend(std::iter::repeat_n(unit, facts.steps.len()));
        for definition in &facts.definitions {
            // A parent stands before what it holds; the module is its own parent.
            let parent = self.tests.get((first_def + definition.parent.0) as usize).copied().unwrap_or(false);
            self.tests.push(source.role == Role::Test || definition.traits.is_test || parent);
        }
        self.units.push(Unit {
            source,
            facts,
            first_def,
            first_step: self.step_count,
            first_expr: self.expr_count,
            module,
        });
        self.step_count += facts.steps.len() as u32;
        self.expr_count += facts.exprs.len() as u32;
        for id in facts.def_ids().skip(1) {
            let definition = facts.definition(id);
            if definition.kind == DefinitionKind::Module {
                let name = format!("{}{separator}{}", self.modules[module.0 as usize].name, definition.path);
                let inline = self.module_entry(&source.language, name, separator);
                let def = Def(first_def + id.0);
                self.modules[inline.0 as usize].inline.get_or_insert(def);
                self.inline_modules.insert(def, inline);
            }
        }
    }

    fn module_entry(&mut self, language: &'a str, name: String, separator: &'a str) -> Mod {
        let next = Mod(self.modules.len() as u32);
        let named = self.by_name.entry(language).or_default();
        if let Some(known) = named.get(name.as_str()) {
            return *known;
        }
        named.insert(name.as_str().into(), next);
        self.modules.push(ModuleEntry { name, language, units: SmallVec::new(), inline: None, separator });
        next
    }

    /// Names that declarations give to modules which they find by path.
    fn add_given_names(&mut self) {
        for unit in 0..self.units.len() as u32 {
            let (facts, module) = (self.unit(unit).facts, self.unit(unit).module);
            for import in facts.imports.iter().filter(|it| it.anchor == Anchor::Folder) {
                if let (Target::Module(found), Some(alias)) = (self.import_target(unit, import), &import.alias) {
                    let entry = &self.modules[module.0 as usize];
                    let name = format!("{}{}{alias}", entry.name, entry.separator);
                    self.by_name.entry(entry.language).or_default().entry(name.into()).or_insert(found);
                }
            }
        }
    }

    /// Namespaces that have no file of their own but hold modules (`a` of `a.b`).
    fn add_parents(&mut self) {
        let mut index = 0;
        while index < self.modules.len() {
            let entry = &self.modules[index];
            let (language, separator) = (entry.language, entry.separator);
            // What an inline module stands in has a file or is itself inline, or is a type that macros gave modules.
            let inline_only = entry.inline.is_some() && entry.units.is_empty();
            if !inline_only
                && !entry.name.contains('/')
                && let Some((parent, _)) = entry.name.rsplit_once(separator)
                && !parent.is_empty()
            {
                let parent = parent.to_owned();
                self.module_entry(language, parent, separator);
            }
            index += 1;
        }
    }

    fn add_children(&mut self) {
        for (number, entry) in (0..).zip(&self.modules) {
            for (at, separator) in entry.name.match_indices(entry.separator) {
                let rest = &entry.name[at + separator.len()..];
                if let Some(above) = self.module_named(entry.language, &entry.name[..at])
                    && self.modules[above.0 as usize].separator == entry.separator
                {
                    self.children.entry(above).or_default().insert(rest.into(), Mod(number));
                }
            }
        }
    }

    /// Where an import gives a module no name, it is called what its own files say (`"shop/orders/v1"` is `v1`, whatever the
    /// path seems to say).
    fn add_declared_names(&mut self) {
        let mut declared: Vec<(Def, &'a str, u32)> = Vec::new();
        for unit in 0..self.units.len() as u32 {
            let (facts, first) = (self.units[unit as usize].facts, self.units[unit as usize].first_def);
            for (index, import) in (0_u32..).zip(&facts.imports) {
                let ([path], None, Some(alias)) = (import.path.as_slice(), &import.name, &import.alias) else {
                    continue;
                };
                let Target::Module(found) = self.import_target(unit, import) else { continue };
                let names = self.modules[found.0 as usize].units.iter();
                let mut names = names.map(|it| self.units[*it as usize].facts.definitions[0].name.as_str());
                let own = names.find(|it| !it.ends_with("_test")).unwrap_or_default();
                let scope = Def(first + import.scope.0);
                let is_free = !own.is_empty() && own != alias && !self.imports.contains_key(&(scope, own));
                if is_free && path.contains('/') {
                    declared.push((scope, own, index));
                }
            }
        }
        for (scope, name, index) in declared {
            self.holds[scope.0 as usize].imports = true;
            self.imports.entry((scope, name)).or_default().push(index);
        }
    }

    fn collect_members(&mut self) {
        self.holds = vec![Holds::default(); self.unit_of_def.len()];
        let holds = &mut self.holds;
        self.inline_modules.keys().for_each(|def| holds[def.0 as usize].module = true);
        for unit in 0..self.units.len() as u32 {
            let (facts, first) = (self.units[unit as usize].facts, self.units[unit as usize].first_def);
            for id in facts.def_ids().skip(1) {
                let definition = facts.definition(id);
                if definition.name.is_empty()
                    || definition.receiver.is_some()
                    || definition.kind == DefinitionKind::Closure
                {
                    continue;
                }
                let space = self.space(unit, definition.parent);
                self.add_member(space, &definition.name, Def(first + id.0));
            }
            for (index, import) in facts.imports.iter().enumerate() {
                let binds_outside = |alias: &Text| facts.definition(import.scope).rebinds.contains(alias);
                // `global x; from orders import x`
                let is_global = import.alias.as_ref().is_some_and(binds_outside);
                let scope = if is_global { Def(first + DefId::MODULE.0) } else { Def(first + import.scope.0) };
                let holds = &mut self.holds[scope.0 as usize];
                if import.glob {
                    holds.globs = true;
                    self.globs.entry(scope).or_default().push(index as u32);
                } else if let Some(alias) = &import.alias {
                    holds.imports = true;
                    self.imports.entry((scope, alias.as_str())).or_default().push(index as u32);
                }
            }
        }
    }

    /// Whether a function hands anything back by a `return`.
    pub(crate) fn returns(&self, def: Def) -> bool {
        let (unit, id) = self.local(def);
        let facts = self.units[unit as usize].facts;
        facts.steps.iter().any(|step| step.owner == id && matches!(step.kind, StepKind::Return(_)))
    }

    /// Adds a method written outside its type, once the type is known.
    pub(crate) fn add_member(&mut self, space: Space, name: &'a str, def: Def) {
        let entry = self.members.get_or_insert(space, name, SmallVec::new);
        if !entry.contains(&def) {
            entry.push(def);
        }
    }

    pub(crate) fn def_count(&self) -> u32 {
        self.unit_of_def.len() as u32
    }

    /// Whether this is test code, which may replace what production code means but never says it.
    pub(crate) fn is_test(&self, def: Def) -> bool {
        self.tests[def.0 as usize]
    }

    pub(crate) fn unit_of(&self, def: Def) -> u32 {
        self.unit_of_def[def.0 as usize]
    }

    pub(crate) fn unit_of_step(&self, step: u32) -> u32 {
        self.unit_of_step[step as usize]
    }

    pub(crate) fn unit(&self, unit: u32) -> &Unit<'a> {
        &self.units[unit as usize]
    }

    pub(crate) fn local(&self, def: Def) -> (u32, DefId) {
        let unit = self.unit_of(def);
        (unit, DefId(def.0 - self.units[unit as usize].first_def))
    }

    pub(crate) fn def(&self, unit: u32, id: DefId) -> Def {
        Def(self.units[unit as usize].first_def + id.0)
    }

    pub(crate) fn definition(&self, def: Def) -> &'a Definition {
        let (unit, id) = self.local(def);
        self.units[unit as usize].facts.definition(id)
    }

    pub(crate) fn parent(&self, def: Def) -> Def {
        let (unit, id) = self.local(def);
        self.def(unit, self.units[unit as usize].facts.definition(id).parent)
    }

    pub(crate) fn kind(&self, def: Def) -> DefinitionKind {
        self.definition(def).kind
    }

    pub(crate) fn is_type(&self, def: Def) -> bool {
        matches!(self.kind(def), DefinitionKind::Type | DefinitionKind::Interface | DefinitionKind::Alias)
    }

    pub(crate) fn is_function(&self, def: Def) -> bool {
        matches!(self.kind(def), DefinitionKind::Function | DefinitionKind::Method | DefinitionKind::Closure)
    }

    /// Namespace that a definition opens; a module's definitions live in the module's.
    pub(crate) fn space(&self, unit: u32, id: DefId) -> Space {
        let def = self.def(unit, id);
        if id == DefId::MODULE {
            return self.module_space(self.units[unit as usize].module);
        }
        match self.module_of_inline(def) {
            Some(module) => self.module_space(module),
            None => self.def_space(def),
        }
    }

    pub(crate) fn space_of(&self, def: Def) -> Space {
        let (unit, id) = self.local(def);
        self.space(unit, id)
    }

    /// Whether a namespace is that of test code.
    pub(crate) fn is_test_space(&self, space: Space) -> bool {
        match space.module() {
            Some(module) => {
                let units = &self.modules[module].units;
                !units.is_empty() && units.iter().all(|it| self.unit(*it).source.role == Role::Test)
            }
            None => self.is_test(Def(space.0)),
        }
    }

    pub(crate) fn module_space(&self, module: Mod) -> Space {
        Space(u32::MAX - module.0)
    }

    pub(crate) fn def_space(&self, def: Def) -> Space {
        Space(def.0)
    }

    pub(crate) fn module_of_inline(&self, def: Def) -> Option<Mod> {
        if !self.holds[def.0 as usize].module {
            return None;
        }
        self.inline_modules.get(&def).copied()
    }

    /// The module whose namespace the definition's code sees.
    pub(crate) fn enclosing_module(&self, unit: u32, mut id: DefId) -> Mod {
        let facts = self.units[unit as usize].facts;
        loop {
            if id == DefId::MODULE {
                return self.units[unit as usize].module;
            }
            if let Some(module) = self.module_of_inline(self.def(unit, id)) {
                return module;
            }
            let parent = facts.definition(id).parent;
            if parent == id {
                return self.units[unit as usize].module;
            }
            id = parent;
        }
    }

    pub(crate) fn members(&self, space: Space, name: &str) -> SmallVec<[Def; 1]> {
        self.members.get(space, name).cloned().unwrap_or_default()
    }

    pub(crate) fn imports_of(&self, scope: Def, alias: &str) -> SmallVec<[u32; 1]> {
        if !self.holds[scope.0 as usize].imports {
            return SmallVec::new();
        }
        self.imports.get(&(scope, alias)).cloned().unwrap_or_default()
    }

    pub(crate) fn globs_of(&self, scope: Def) -> SmallVec<[u32; 2]> {
        if !self.holds[scope.0 as usize].globs {
            return SmallVec::new();
        }
        self.globs.get(&scope).cloned().unwrap_or_default()
    }

    pub(crate) fn module_named(&self, language: &str, name: &str) -> Option<Mod> {
        self.by_name.get(language)?.get(name).copied()
    }

    /// What stands in a file whose module goes by its path, where that was kept.
    pub(crate) fn written_file(&self, language: &str, path: &str) -> Option<&str> {
        let module = self.module_named(language, path)?;
        let unit = *self.modules.get(module.0 as usize)?.units.first()?;
        Some(self.unit(unit).facts.written.as_str()).filter(|it| !it.is_empty())
    }

    pub(crate) fn child_module(&self, module: Mod, name: &str) -> Option<Mod> {
        self.children.get(&module)?.get(name).copied()
    }

    /// Where the path of an import leads, without its last `name`.
    pub(crate) fn import_target(&self, unit: u32, import: &Import) -> Target {
        let file = &self.units[unit as usize];
        let separator = self.modules[file.module.0 as usize].separator;
        let language = self.modules[file.module.0 as usize].language;
        let here = &self.modules[self.enclosing_module(unit, import.scope).0 as usize].name;
        let mut path = import.path.join(separator);
        if let (Anchor::Absolute, Some(first)) = (import.anchor, import.path.first()) {
            let meant = self.package_meant(unit, first);
            if meant != first {
                path.replace_range(..first.len(), meant);
            }
        }
        let lookup = |name: &str| self.module_named(language, name);
        let under = |base: &str| match (base.is_empty(), path.is_empty()) {
            (true, _) => path.clone(),
            (false, true) => base.to_owned(),
            (false, false) => format!("{base}{separator}{path}"),
        };
        match import.anchor {
            Anchor::Absolute => {
                if let Some(module) = lookup(&path) {
                    return Target::Module(module);
                }
                // A sibling (a script's own folder, a Rust 2018 path), then the package's root.
                let mut base = here.as_str();
                if !path.contains('/') && separator == "::" {
                    if let Some(module) = lookup(&under(base)) {
                        return Target::Module(module);
                    }
                    // Up to the edition of 2018 a path begins at the root; a library may be called like a module there.
                    let root = here.split(separator).next().unwrap_or(here);
                    if let Some(module) = lookup(&under(root)).filter(|it| self.has_imported(*it, import)) {
                        return Target::Module(module);
                    }
                } else if !path.contains('/') {
                    // A folder above that is no package itself may stand on the language's path (scripts, `backend/`).
                    if !file.source.is_package {
                        base = base.rsplit_once(separator).map_or("", |(parent, _)| parent);
                    }
                    while !base.is_empty() {
                        let is_folder = lookup(base).is_none_or(|it| self.modules[it.0 as usize].units.is_empty());
                        if is_folder && let Some(module) = lookup(&under(base)) {
                            return Target::Module(module);
                        }
                        base = base.rsplit_once(separator).map_or("", |(parent, _)| parent);
                    }
                    if let Some(module) = self.in_started_package(file, here, &path, import) {
                        return Target::Module(module);
                    }
                }
                Target::Outside(path)
            }
            Anchor::Package => {
                let root = here.split(separator).next().unwrap_or(here);
                let name = under(root);
                lookup(&name).map_or(Target::Outside(name), Target::Module)
            }
            Anchor::Folder => {
                let parent = || here.rsplit_once(separator).map_or("", |(parent, _)| parent);
                let name = under(if file.source.is_package { here } else { parent() });
                lookup(&name).map_or(Target::Outside(name), Target::Module)
            }
            Anchor::Up(levels) => {
                let inside = import.scope != DefId::MODULE && separator == "::";
                let mut strip = levels;
                if strip > 0 && file.source.is_package && !inside && separator == "." {
                    strip -= 1;
                }
                let mut base = here.as_str();
                for _ in 0..strip {
                    base = base.rsplit_once(separator).map_or("", |(parent, _)| parent);
                }
                let name = under(base);
                lookup(&name).map_or(Target::Outside(name), Target::Module)
            }
        }
    }

    /// A module that an import names as a script sees it which is started in a package's own folder (`bin/shop/main.py`, and
    /// `from app.orders import Order` for `shop.app.orders`): it must have what is imported, and no package that the project
    /// depends on may be called so.
    fn in_started_package(&self, file: &Unit<'_>, here: &str, path: &str, import: &Import) -> Option<Mod> {
        let ModuleEntry { separator, language, .. } = self.modules[file.module.0 as usize];
        let first = import.path.first()?;
        if separator != "."
            || (import.path.len() < 2 && self.declared.is_empty())
            || self.declared.contains(&first.as_str().to_lowercase())
        {
            return None;
        }
        let mut base = here;
        loop {
            let found = self.module_named(language, &format!("{base}{separator}{path}"));
            if let Some(module) =
                found.filter(|it| *it != file.module && (self.has_imported(*it, import) || self.hands_on(*it, import)))
            {
                return Some(module);
            }
            base = base.rsplit_once(separator)?.0;
        }
    }

    /// Whether a module below another imports what an import names in it, and so hands it on.
    fn hands_on(&self, module: Mod, import: &Import) -> bool {
        let name = import.name.as_ref().filter(|_| import.path.len() > 1);
        let units = &self.modules[module.0 as usize].units;
        name.is_some_and(|name| units.iter().any(|it| !self.imports_of(self.def(*it, DefId::MODULE), name).is_empty()))
    }

    /// Whether a module has what an import names in it.
    fn has_imported(&self, module: Mod, import: &Import) -> bool {
        match &import.name {
            Some(name) => !self.members(self.module_space(module), name).is_empty(),
            None => import.path.len() > 1,
        }
    }

    /// Definition that an access, call or message belongs to: the nearest named one.
    pub(crate) fn named_owner(&self, unit: u32, mut owner: DefId) -> DefId {
        let facts = self.units[unit as usize].facts;
        loop {
            let definition = facts.definition(owner);
            let named = matches!(
                definition.kind,
                DefinitionKind::Function
                    | DefinitionKind::Method
                    | DefinitionKind::Type
                    | DefinitionKind::Interface
                    | DefinitionKind::Macro
            );
            if named || owner == DefId::MODULE || definition.parent == owner {
                return owner;
            }
            owner = definition.parent;
        }
    }

    /// Qualified name of a definition.
    pub(crate) fn qualified(&self, def: Def) -> String {
        let (unit, id) = self.local(def);
        let file = &self.units[unit as usize];
        let module = &self.modules[file.module.0 as usize];
        let path = &file.facts.definition(id).path;
        if path.is_empty() { module.name.clone() } else { format!("{}{}{path}", module.name, module.separator) }
    }
}
