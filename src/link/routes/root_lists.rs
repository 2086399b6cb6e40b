//! Lists of routes that nothing hangs anywhere: where the program says which list is the first one, any other serves only
//! below it.

use rustc_hash::FxHashSet;

use crate::link::names::program::Mod;
use crate::link::values::infer::Inference;
use crate::link::values::value::Value;
use crate::model::fact::{DefId, ExprKind};
use crate::model::source::Role;

/// The lists that the program begins with, and what it says of others.
pub(crate) struct RootLists {
    roots: FxHashSet<Mod>,
    /// Modules that others import.
    imported: FxHashSet<Mod>,
    /// Dotted texts of production code: a list may be named there in a way that is not read.
    named: FxHashSet<String>,
}

impl RootLists {
    /// Whether nothing is seen that hangs the list of a module anywhere.
    fn leaves_out(&self, module: Mod, name: &str) -> bool {
        let is_named = || {
            let rest = name.match_indices('.').map(|(at, _)| &name[at + 1..]);
            std::iter::once(name).chain(rest).any(|it| self.named.contains(it))
        };
        !self.roots.is_empty() && !self.roots.contains(&module) && !self.imported.contains(&module) && !is_named()
    }
}

impl Inference<'_> {
    /// Whether the routes of a module's list serve nobody as far as is seen; `name` is the variable that names the first list.
    pub(crate) fn is_left_out(&mut self, unit: u32, name: &str, lists: &mut Option<RootLists>) -> bool {
        let module = self.program.unit(unit).module;
        let entry = self.program.modules[module.0 as usize].name.clone();
        lists.get_or_insert_with(|| self.root_lists(name)).leaves_out(module, &entry)
    }

    fn root_lists(&mut self, name: &str) -> RootLists {
        let mut lists =
            RootLists { roots: FxHashSet::default(), imported: FxHashSet::default(), named: FxHashSet::default() };
        let mut is_told = true;
        for unit in 0..self.program.units.len() as u32 {
            if self.program.unit(unit).source.role != Role::Production {
                continue;
            }
            let facts = self.facts(unit);
            let own = self.program.unit(unit).module;
            for number in 0..facts.imports.len() {
                if let Ok(module) = self.import_module(unit, number as u32) {
                    lists.imported.extend(Some(module).filter(|it| *it != own));
                }
                // `from orders import urls` imports the module of that name.
                for value in self.imported(unit, number as u32) {
                    if let Value::Module(module) = self.pool.value(value) {
                        lists.imported.extend(Some(module).filter(|it| *it != own));
                    }
                }
            }
            for expr in &facts.exprs {
                if let ExprKind::Text(text) = &expr.kind
                    && text.contains('.')
                    && text.len() < 200
                    && !text.contains(char::is_whitespace)
                {
                    lists.named.insert(text.to_string());
                }
            }
            let language = self.program.modules[own.0 as usize].language;
            let space = self.program.space(unit, DefId::MODULE);
            let Some(var) = self.find_var(space, name) else { continue };
            for source in self.sources(var) {
                for text in self.texts(source.unit, source.owner, source.expr) {
                    match self.program.module_named(language, &text.text) {
                        Some(module) => {
                            lists.roots.insert(module);
                        }
                        None => is_told = false,
                    }
                }
            }
        }
        if !is_told {
            lists.roots.clear();
        }
        lists
    }
}
