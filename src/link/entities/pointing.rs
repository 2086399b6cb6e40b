//! Relations whose other side may be a row of any type (`relation.kind "any"`): a column names the type, another one the row.
//! Which types are meant is said where these declare the relation back (`relation.pointed`).

use rustc_hash::FxHashMap;

use crate::link::names::program::Def;
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::Inference;
use crate::link::values::value::{Subject, Value, Values};
use crate::model::fact::Captured;

/// With more types than this on the other side, nothing is said of what stands there.
const MOST_POINTED: usize = 6;

/// The types whose rows a member may lead to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pointing {
    pub(crate) of: Vec<Def>,
    pub(crate) rule: u32,
}

impl Inference<'_> {
    /// Finds the members that lead to rows of any type, and the types that are known to be on the other side.
    pub(crate) fn relate_pointing(&mut self) {
        let mut members: FxHashMap<Def, Vec<(String, u32)>> = FxHashMap::default();
        for (unit, rule, found) in self.hits(|it| it.settings.get("relation.kind").is_some_and(|it| it == "any")) {
            if let (Some(Captured::Definition(root)), Some(Captured::Definition(member))) =
                (capture(rule, found, "definition.entity"), capture(rule, found, "entity.column"))
                && self.guards_hold(unit, found.owner, rule, found) == Held::Yes
            {
                let name = self.facts(unit).definition(*member).name.to_string();
                members.entry(self.program.def(unit, *root)).or_default().push((name, found.rule));
            }
        }
        if members.is_empty() {
            return;
        }
        for (unit, rule, found) in self.hits(|it| it.settings.contains_key("relation.pointed")) {
            let (Some(Captured::Expr(target)), Some(Captured::Definition(root))) =
                (capture(rule, found, "entity.relation"), capture(rule, found, "definition.entity"))
            else {
                continue;
            };
            if self.guards_hold(unit, found.owner, rule, found) != Held::Yes {
                continue;
            }
            let own = self.program.def(unit, *root);
            let Some(Subject::Type(entity)) = self.related_subject(unit, *root, *target, own) else { continue };
            let holders: Vec<Def> = match self.implementers.get(&own) {
                Some(below) if self.rowless.contains(&own) => {
                    below.iter().copied().filter(|it| !self.rowless.contains(it)).collect()
                }
                _ => vec![own],
            };
            let types = self.lineage(entity).types.clone();
            // Which of several such members is meant is not said.
            let Some([(name, rule)]) = types.iter().find_map(|it| members.get(it)).map(Vec::as_slice) else { continue };
            for of in types {
                let pointing = self.pointing.entry((of, name.clone())).or_default();
                pointing.rule = *rule;
                for holder in &holders {
                    if !pointing.of.contains(holder) {
                        pointing.of.push(*holder);
                    }
                }
            }
        }
    }

    /// The types that a member of an instance may lead to.
    pub(crate) fn pointed_from(&mut self, of: Def, name: &str) -> Option<Pointing> {
        if self.pointing.is_empty() {
            return None;
        }
        let types = self.lineage(of).types.clone();
        let found = types.into_iter().find_map(|it| self.pointing.get(&(it, name.to_owned())))?;
        (found.of.len() <= MOST_POINTED).then(|| found.clone())
    }

    /// The row that a member of an instance leads to, where one type alone is known to be there.
    pub(crate) fn pointed_rows(&mut self, of: Def, name: &str) -> Option<Values> {
        match self.pointed_from(of, name)?.of[..] {
            [only] => Some(self.one(Value::Instance(only))),
            _ => None,
        }
    }
}
