//! Which definition each expression of a file belongs to.

use crate::model::fact::{DefId, DefinitionKind, ExprId, ExprKind, FileFacts, Piece, RegionKind, StepKind};

/// Owner of every expression, by its index; what nothing refers to belongs to the module.
///
/// Steps come first, because a call says whose it is. Decorators, bases and signatures belong to their definition,
/// values of fields, constants and variables to the definition around them.
pub(super) fn owners(facts: &FileFacts) -> Vec<DefId> {
    let mut owners = vec![None; facts.exprs.len()];
    let mut walk = Walk { facts, owners: &mut owners, open: Vec::new() };
    for step in &facts.steps {
        match step.kind {
            StepKind::Assign { target, value } => walk.own(step.owner, [target, value]),
            StepKind::Declare { target, declared } => walk.own(step.owner, [target, declared]),
            StepKind::Return(expr)
            | StepKind::Yield(expr)
            | StepKind::Call(expr)
            | StepKind::Spawn(expr)
            | StepKind::Read(expr) => {
                walk.own(step.owner, [expr]);
            }
        }
    }
    for region in &facts.regions {
        if let RegionKind::With(expr) = region.kind {
            walk.own(region.owner, [expr]);
        }
    }
    for (id, definition) in facts.def_ids().zip(&facts.definitions) {
        walk.own(id, definition.attributes.iter().chain(&definition.bases).copied());
        walk.own(id, [definition.receiver, definition.implements, definition.result].into_iter().flatten());
        for param in &definition.params {
            walk.own(id, param.declared.into_iter().chain(param.default));
        }
        let around = match definition.kind {
            DefinitionKind::Field | DefinitionKind::Constant | DefinitionKind::Variable | DefinitionKind::Alias => {
                definition.parent
            }
            _ => id,
        };
        walk.own(around, definition.declared.into_iter().chain(definition.value));
    }
    owners.into_iter().map(|owner| owner.unwrap_or(DefId::MODULE)).collect()
}

struct Walk<'f, 'o> {
    facts: &'f FileFacts,
    owners: &'o mut [Option<DefId>],
    open: Vec<ExprId>,
}

impl Walk<'_, '_> {
    /// Gives the expressions, and all below them that have no owner yet, to `owner`.
    fn own(&mut self, owner: DefId, exprs: impl IntoIterator<Item = ExprId>) {
        self.open.extend(exprs);
        while let Some(id) = self.open.pop() {
            let Some(slot) = self.owners.get_mut(id.0 as usize) else { continue };
            if slot.is_some() {
                continue;
            }
            *slot = Some(owner);
            self.open_children(id);
        }
    }

    fn open_children(&mut self, id: ExprId) {
        let open = &mut self.open;
        match &self.facts.expr(id).kind {
            ExprKind::Name(_)
            | ExprKind::Text(_)
            | ExprKind::Constant(_)
            | ExprKind::Function(_)
            | ExprKind::Unknown => {}
            ExprKind::Member { base, .. } => open.push(*base),
            ExprKind::Call { callee: first, args } | ExprKind::Construct { of: first, fields: args } => {
                open.push(*first);
                open.extend(args.iter().map(|argument| argument.value));
            }
            ExprKind::Index { base, index } => open.extend([*base, *index]),
            ExprKind::Template(pieces) => open.extend(pieces.iter().filter_map(|piece| match piece {
                Piece::Hole(hole) => Some(*hole),
                Piece::Text(_) => None,
            })),
            ExprKind::Sequence(items) | ExprKind::Choice(items) | ExprKind::Compared(items) => open.extend(items),
            ExprKind::Mapping(entries) => {
                open.extend(entries.iter().flat_map(|(key, value)| key.iter().chain([value]).copied()));
            }
            ExprKind::Element(inner) | ExprKind::Entered(inner) => open.push(*inner),
        }
    }
}
