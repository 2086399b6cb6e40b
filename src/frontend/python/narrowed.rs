//! Variables that a condition narrows: what stands below `if isinstance(row, Order):` is about an order, and what stands elsewhere is not.

use crate::frontend::python::lower::Lowering;
use crate::frontend::python::syntax::{Field, Id, Syntax};
use crate::model::fact::{DefId, ExprId, ExprKind, StepKind};

/// Stands in the name of a variable that was narrowed, before its number.
pub(super) const NARROWED: &str = "·is";
/// Types that one condition asks for at most.
const MOST_TYPES: usize = 8;

/// A variable under another name while the branch lasts in which its type is known.
pub(super) struct Narrowed<'s> {
    owner: DefId,
    name: &'s str,
    web: Option<u16>,
    number: usize,
}

impl Lowering<'_> {
    /// What a variable is called here, where a condition around tells its type.
    pub(super) fn narrowed_name(&self, id: Id) -> Option<usize> {
        if self.narrowed.is_empty() {
            return None;
        }
        let (owner, name, web) = (self.owner(), self.tree.text(id), self.webs.number(id));
        let found = self.narrowed.iter().rev().find(|it| it.owner == owner && it.name == name && it.web == web);
        found.map(|it| it.number)
    }

    /// A branch that is only run where its condition holds.
    pub(super) fn narrowed_branch(&mut self, condition: Option<Id>, block: Id) {
        let mut asked: Vec<(Id, Id)> = Vec::new();
        if let Some(condition) = condition {
            self.types_asked(condition, &mut asked);
        }
        let before = self.narrowed.len();
        for (variable, types) in asked {
            let name = self.tree.text(variable);
            if self.is_given_inside(block, name) {
                continue;
            }
            let mut declared: Vec<ExprId> = Vec::new();
            match self.tree.syntax(types) {
                Syntax::List | Syntax::Parenthesized => {
                    let mut named = self.all_children(types);
                    named.retain(|it| self.names_class(*it));
                    for each in named.into_iter().take(MOST_TYPES) {
                        declared.extend(self.annotation(each));
                    }
                }
                _ if self.names_class(types) => declared.extend(self.annotation(types)),
                _ => {}
            }
            if declared.is_empty() {
                continue;
            }
            let value = self.name(variable);
            let web = self.webs.number(variable);
            // The place in the file tells one branch from another.
            let number = self.facts.exprs.len();
            self.narrowed.push(Narrowed { owner: self.owner(), name, web, number });
            let target = self.name(variable);
            let line = self.tree.line(variable);
            self.step(StepKind::Assign { target, value }, line);
            for declared in declared {
                self.step(StepKind::Declare { target, declared }, line);
            }
        }
        self.branch(block);
        self.narrowed.truncate(before);
    }

    /// Variables and the types that a condition asks whether they are of, all of which hold where it holds.
    fn types_asked(&self, condition: Id, asked: &mut Vec<(Id, Id)>) {
        match self.tree.syntax(condition) {
            Syntax::Parenthesized => {
                if let Some(inner) = self.tree.first(condition) {
                    self.types_asked(inner, asked);
                }
            }
            Syntax::Boolean => {
                let is_and =
                    self.tree.child(condition, Field::Operator).is_some_and(|it| self.tree.syntax(it) == Syntax::And);
                for side in [Field::Left, Field::Right].into_iter().filter(|_| is_and) {
                    if let Some(side) = self.tree.child(condition, side) {
                        self.types_asked(side, asked);
                    }
                }
            }
            Syntax::Call => {
                let named = self.tree.child(condition, Field::Function).map(|it| self.tree.text(it));
                let Some(list) = self.tree.child(condition, Field::Arguments).filter(|_| named == Some("isinstance"))
                else {
                    return;
                };
                if let [variable, types] = self.all_children(list)[..]
                    && self.tree.syntax(variable) == Syntax::Identifier
                {
                    asked.push((variable, types));
                }
            }
            _ => {}
        }
    }

    /// A class by its name; what is written small is mostly a text or a number.
    fn names_class(&self, id: Id) -> bool {
        let last = self.tree.text(id).rsplit('.').next().unwrap_or_default();
        matches!(self.tree.syntax(id), Syntax::Identifier | Syntax::Attribute) && last.starts_with(char::is_uppercase)
    }

    /// Whether a block gives a variable another value.
    fn is_given_inside(&self, block: Id, name: &str) -> bool {
        self.tree.inside(block).any(|it| {
            self.tree.syntax(it) == Syntax::Identifier
                && self.tree.text(it) == name
                && matches!(self.tree.field(it), Field::Left | Field::Name | Field::Alias)
        })
    }

    /// The name that is written for a variable.
    pub(super) fn name(&mut self, id: Id) -> ExprId {
        let text = self.tree.text(id);
        let narrowed = self.narrowed_name(id);
        let written = match (narrowed, self.webs.number(id)) {
            (Some(number), _) => compact_str::format_compact!("{text}{NARROWED}{number}"),
            (None, Some(number)) => compact_str::format_compact!("{text}·{number}"),
            (None, None) => text.into(),
        };
        let name = self.push(id, ExprKind::Name(written));
        if narrowed.is_none()
            && let Some(given) = self.webs.settle(id, name)
        {
            self.facts.settled.push((name, given));
        }
        name
    }
}
