//! Names that a list spells out: `[getattr(order, name) for name in ("customer", "shop")]` reads these two members.

use crate::frontend::python::lower::{Lowering, ScopeKind};
use crate::frontend::python::syntax::Id;
use crate::model::fact::{DefId, DefinitionKind, ExprId, ExprKind, Piece, StepKind, Text};

/// A list with more names than this is told apart from nothing.
const MOST_NAMES: usize = 24;
/// Steps before a use among which the loop of its variable is looked for.
const MOST_STEPS: usize = 400;

impl Lowering<'_> {
    /// Members of an object under the names that a loop goes through.
    pub(super) fn members_spelled(&mut self, id: Id, object: ExprId, name: ExprId) -> Option<ExprId> {
        let names = self.names_spelled(name)?;
        let members: Vec<ExprId> =
            names.into_iter().map(|name| self.push(id, ExprKind::Member { base: object, name })).collect();
        self.either(id, members)
    }

    /// Elements of a mapping under the names that a loop goes through.
    pub(super) fn entries_spelled(&mut self, id: Id, base: ExprId, name: ExprId) -> Option<ExprId> {
        let mut entries = Vec::new();
        for name in self.names_spelled(name)? {
            let index = self.push(id, ExprKind::Text(name));
            entries.push(self.push(id, ExprKind::Index { base, index }));
        }
        self.either(id, entries)
    }

    /// The texts that a variable is, one after the other, where a loop over a list that is written out gives it its value;
    /// also inside one text (`f"{name}_set"`).
    fn names_spelled(&self, word: ExprId) -> Option<Vec<Text>> {
        let name = match self.kind(word) {
            ExprKind::Name(name) => name,
            ExprKind::Template(pieces) => return self.names_filled(pieces),
            _ => return None,
        };
        let ExprKind::Element(list) = *self.kind(self.given(name)?) else { return None };
        let names = self.list_spelled(list)?;
        (!names.is_empty() && names.len() <= MOST_NAMES).then_some(names)
    }

    /// A text with one hole, filled by each name that a loop goes through.
    fn names_filled(&self, pieces: &[Piece]) -> Option<Vec<Text>> {
        let mut holes = pieces.iter().filter_map(|it| if let Piece::Hole(hole) = it { Some(*hole) } else { None });
        let hole = holes.next().filter(|it| matches!(self.kind(*it), ExprKind::Name(_)))?;
        if holes.next().is_some() || pieces.len() < 2 {
            return None;
        }
        let filled = |name: &Text| -> Text {
            let parts = pieces.iter().map(|it| match it {
                Piece::Text(text) => text.as_str(),
                Piece::Hole(_) => name.as_str(),
            });
            parts.collect::<String>().into()
        };
        Some(self.names_spelled(hole)?.iter().map(filled).collect())
    }

    /// What a variable of the function in hand was given last.
    fn given(&self, name: &str) -> Option<ExprId> {
        let owner = self.owner();
        self.facts.steps.iter().rev().take(MOST_STEPS).find_map(|step| match step.kind {
            StepKind::Assign { target, value } if step.owner == owner => {
                matches!(self.kind(target), ExprKind::Name(it) if it == name).then_some(value)
            }
            _ => None,
        })
    }

    fn list_spelled(&self, list: ExprId) -> Option<Vec<Text>> {
        match self.kind(list) {
            ExprKind::Sequence(items) => items
                .iter()
                .map(|item| match self.kind(*item) {
                    ExprKind::Text(text) => Some(text.clone()),
                    _ => None,
                })
                .collect(),
            ExprKind::Name(name) => {
                let value = self.given(name).or_else(|| self.declared(DefId::MODULE, name))?;
                matches!(self.kind(value), ExprKind::Sequence(_)).then(|| self.list_spelled(value)).flatten()
            }
            ExprKind::Member { base, name } => {
                let is_own = matches!(self.kind(*base), ExprKind::Name(it) if matches!(it.as_str(), "self" | "cls"));
                let class = self.scopes.iter().rev().find(|it| it.kind == ScopeKind::Class).filter(|_| is_own)?;
                let value = self.declared(class.def, name)?;
                matches!(self.kind(value), ExprKind::Sequence(_)).then(|| self.list_spelled(value)).flatten()
            }
            _ => None,
        }
    }

    /// The one value of a name in a module or a class.
    fn declared(&self, scope: DefId, name: &str) -> Option<ExprId> {
        let mut found = self.facts.definitions.iter().filter(|it| {
            it.parent == scope
                && it.name == name
                && matches!(it.kind, DefinitionKind::Field | DefinitionKind::Variable | DefinitionKind::Constant)
        });
        let only = found.next()?;
        found.next().is_none().then_some(only.value).flatten()
    }
}
