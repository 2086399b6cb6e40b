//! Import statements, wherever they stand.

use crate::frontend::python::lower::{Lowering, ScopeKind};
use crate::frontend::python::syntax::{Field, Id, Syntax};
use crate::model::fact::{Anchor, Import, Text};

impl Lowering<'_> {
    pub(super) fn import(&mut self, id: Id) {
        let line = self.tree.line(id);
        if self.tree.syntax(id) == Syntax::Import {
            for name in self.fields(id, Field::Name) {
                let (path, alias) = self.imported(name);
                let alias = alias.or_else(|| path.first().cloned());
                self.add(Anchor::Absolute, path, None, alias, line);
            }
            return;
        }
        let Some(module) = self.tree.child(id, Field::ModuleName) else { return };
        let (anchor, path) = match self.tree.syntax(module) {
            Syntax::RelativeImport => {
                let mut levels = 0;
                let mut path = Vec::new();
                for part in self.all_children(module) {
                    match self.tree.syntax(part) {
                        Syntax::ImportPrefix => {
                            levels = self.tree.text(part).bytes().filter(|byte| *byte == b'.').count() as u32;
                        }
                        _ => path = self.dotted_path(part),
                    }
                }
                (Anchor::Up(levels), path)
            }
            _ => (Anchor::Absolute, self.dotted_path(module)),
        };
        if !self.members(id, Syntax::Wildcard).is_empty() {
            self.add(anchor, path, None, None, line);
            if let Some(import) = self.facts.imports.last_mut() {
                import.glob = true;
            }
            return;
        }
        for name in self.fields(id, Field::Name) {
            let (member, alias) = self.imported(name);
            let Some(member) = member.into_iter().next_back() else { continue };
            let alias = alias.or_else(|| Some(member.clone()));
            // One line for each name of a list in parentheses.
            let line = self.tree.line(name).max(line);
            self.add(anchor, path.clone(), Some(member), alias, line);
        }
    }

    fn add(&mut self, anchor: Anchor, path: Vec<Text>, name: Option<Text>, alias: Option<Text>, line: u32) {
        let scope = self.owner();
        self.facts.imports.push(Import {
            scope,
            anchor,
            path,
            name,
            alias,
            glob: false,
            reexport: self.scope_kind() == ScopeKind::Module,
            types_only: self.types_only,
            line,
        });
    }

    /// Path and alias of `a.b` or `a.b as c`.
    fn imported(&self, id: Id) -> (Vec<Text>, Option<Text>) {
        if self.tree.syntax(id) != Syntax::AliasedImport {
            return (self.dotted_path(id), None);
        }
        let path = self.tree.child(id, Field::Name).map(|name| self.dotted_path(name)).unwrap_or_default();
        let alias = self.tree.child(id, Field::Alias).map(|alias| Text::new(self.tree.text(alias)));
        (path, alias)
    }

    fn dotted_path(&self, id: Id) -> Vec<Text> {
        self.tree.text(id).split('.').map(|part| Text::new(part.trim())).filter(|part| !part.is_empty()).collect()
    }
}
