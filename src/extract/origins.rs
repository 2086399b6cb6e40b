//! Where the first name of an expression comes from, as far as one file tells.

use rustc_hash::FxHashMap;

use crate::extract::relevance::Relevance;
use crate::model::fact::{DefinitionKind, ExprId, ExprKind, FileFacts, StepKind, written_name};

/// Where the value of an expression comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin<'o> {
    /// From this outside package: the expression begins with a name imported from it.
    Outside(&'o str),
    /// From a text or number written down right here.
    Literal,
    Unknown,
}

/// Names of a file that stand for one outside package wherever they occur in it.
pub(super) struct Origins<'f> {
    outside: FxHashMap<&'f str, Option<String>>,
}

impl<'f> Origins<'f> {
    pub(super) fn new(facts: &'f FileFacts, relevance: &Relevance) -> Self {
        let mut outside: FxHashMap<&str, Option<String>> = FxHashMap::default();
        for import in &facts.imports {
            let Some(alias) = &import.alias else { continue };
            let root = relevance.outside(facts, import);
            outside
                .entry(alias.as_str())
                .and_modify(|known| {
                    if *known != root {
                        *known = None;
                    }
                })
                .or_insert(root);
        }
        // Whatever else has the name takes it from the import, at least somewhere.
        let mut taken = |name: &str| {
            if let Some(known) = outside.get_mut(name) {
                *known = None;
            }
        };
        for definition in &facts.definitions {
            if !matches!(definition.kind, DefinitionKind::Field | DefinitionKind::Method) {
                taken(&definition.name);
            }
            definition.params.iter().for_each(|param| taken(&param.name));
        }
        for step in &facts.steps {
            if let StepKind::Assign { target, .. } | StepKind::Declare { target, .. } = step.kind {
                each_name(facts, target, &mut taken);
            }
        }
        outside.retain(|_, root| root.is_some());
        Self { outside }
    }

    pub(super) fn of(&self, facts: &FileFacts, id: ExprId) -> Origin<'_> {
        let start = id;
        let mut id = id;
        // Chains are seldom longer; the bound is for facts that refer to themselves.
        for _ in 0..200 {
            let Some(expr) = facts.exprs.get(id.0 as usize) else { return Origin::Unknown };
            id = match &expr.kind {
                ExprKind::Name(name) => {
                    let root = self.outside.get(written_name(name)).and_then(Option::as_deref);
                    return root.map_or(Origin::Unknown, Origin::Outside);
                }
                ExprKind::Member { base, .. } | ExprKind::Index { base, .. } => *base,
                ExprKind::Call { callee, .. } => *callee,
                ExprKind::Construct { of, .. } => *of,
                // What a text says by itself is for others to judge.
                ExprKind::Text(_) | ExprKind::Template(_) | ExprKind::Constant(_) if id != start => {
                    return Origin::Literal;
                }
                _ => return Origin::Unknown,
            };
        }
        Origin::Unknown
    }
}

/// Names that an assignment gives a value, also by unpacking.
fn each_name(facts: &FileFacts, target: ExprId, taken: &mut impl FnMut(&str)) {
    let mut open = vec![target];
    let mut left = 1000_u32;
    while let Some(id) = open.pop() {
        left = left.saturating_sub(1);
        match facts.exprs.get(id.0 as usize).map(|expr| &expr.kind) {
            _ if left == 0 => return,
            Some(ExprKind::Name(name)) => taken(name),
            Some(ExprKind::Sequence(items)) => open.extend(items),
            _ => {}
        }
    }
}
