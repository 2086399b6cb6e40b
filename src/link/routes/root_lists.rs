//! Lists of routes that nothing hangs anywhere: where the program says which list is the first one, any other serves only
//! below it.

use rustc_hash::FxHashSet;

use crate::link::names::program::Mod;
use crate::link::values::infer::Inference;
use crate::link::values::value::Value;
use crate::model::fact::{DefId, ExprKind, Piece};
use crate::model::source::Role;

/// The lists that the program begins with, and what it says of others.
#[derive(Default)]
pub(crate) struct RootLists {
    roots: FxHashSet<Mod>,
    /// Modules that others import.
    imported: FxHashSet<Mod>,
    /// Dotted texts of production code: a list may be named there in a way that is not read.
    named: FxHashSet<String>,
    /// How such texts go on where their beginning is only known at run time (`"{}.urls"`): `.urls`.
    endings: FxHashSet<String>,
}

/// What is seen of where a list of routes hangs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hanging {
    /// Nothing speaks against it that it serves.
    Seen,
    /// A text whose beginning is only known at run time may name it: it serves below a prefix that is not known.
    Somewhere,
    /// Nothing hangs it anywhere.
    Nowhere,
}

impl RootLists {
    /// Where the list of a module hangs.
    fn hanging(&self, module: Mod, name: &str) -> Hanging {
        let is_named = || {
            let rest = name.match_indices('.').map(|(at, _)| &name[at + 1..]);
            std::iter::once(name).chain(rest).any(|it| self.named.contains(it))
        };
        if self.roots.is_empty() || self.roots.contains(&module) || self.imported.contains(&module) || is_named() {
            return Hanging::Seen;
        }
        // `"{}.urls"` names the module, `"{}.urls.routes"` a list in it.
        let names = |ending: &str| !ending.is_empty() && name.ends_with(ending);
        if self.endings.iter().any(|it| names(it) || it.rsplit_once('.').is_some_and(|it| names(it.0))) {
            return Hanging::Somewhere;
        }
        Hanging::Nowhere
    }
}

impl Inference<'_> {
    /// Where the list of a module hangs; `name` is the variable that names the first list.
    pub(crate) fn hanging(&mut self, unit: u32, name: &str, lists: &mut Option<RootLists>) -> Hanging {
        let module = self.program.unit(unit).module;
        let entry = self.program.modules[module.0 as usize].name.clone();
        lists.get_or_insert_with(|| self.root_lists(name)).hanging(module, &entry)
    }

    fn root_lists(&mut self, name: &str) -> RootLists {
        let mut lists = RootLists::default();
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
            let is_dotted = |it: &str| it.contains('.') && it.len() < 200 && !it.contains(char::is_whitespace);
            for expr in &facts.exprs {
                match &expr.kind {
                    ExprKind::Text(text) if is_dotted(text) => {
                        lists.named.insert(text.to_string());
                    }
                    ExprKind::Template(pieces) => {
                        if let [Piece::Hole(_), Piece::Text(text)] = pieces.as_slice()
                            && text.starts_with('.')
                            && is_dotted(text)
                        {
                            lists.endings.insert(text.to_string());
                        }
                    }
                    _ => {}
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
