//! A relation that a row is given anew (`order.lines = []`, `user.profile = Profile(..)`): where the other side or a table
//! between keeps the key, the rows that were there are read, and their keys change. The row itself does not.

use crate::link::access::accesses::Accesses;
use crate::link::names::program::Def;
use crate::link::storage::stores::Stores;
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::{INITIALIZER, Inference, Spot};
use crate::link::values::value::{Subject, Value};
use crate::model::fact::{Captured, ExprKind, Match};
use crate::model::graph::Confidence;
use crate::model::rule::Rule;
use crate::model::source::Role;
use crate::model::sql::Operation;

/// A member that may be relations of more entities than this says nothing.
const MOST_RELATIONS: usize = 3;

/// What lies on the other side of a relation whose key is not kept by its own row.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Replaced {
    other: usize,
    between: Option<usize>,
}

impl Inference<'_> {
    /// Adds what giving a relation anew reads and writes (`access.replaced`).
    pub(crate) fn replaced_relations(&mut self, stores: &mut Stores, found: &mut Accesses) {
        for (unit, rule, hit) in self.hits(|it| it.settings.contains_key("access.replaced")) {
            let how = rule.settings.get("access.replaced").map_or("", String::as_str);
            let Some(Captured::Expr(member)) = capture(rule, hit, "access.target") else { continue };
            let ExprKind::Member { base, name } = &self.facts(unit).expr(*member).kind else { continue };
            if how == "elsewhere" || self.program.unit(unit).source.role == Role::Vendored {
                continue;
            }
            let holder = Spot { unit, owner: hit.owner, expr: *base };
            let replaced = self.kept_elsewhere(stores, holder, name);
            if replaced.is_empty() {
                continue;
            }
            let owner = self.named_owner(unit, hit.owner);
            let is_made = self.program.definition(self.program.def(unit, owner)).name == INITIALIZER
                || self.was_made(holder, rule);
            if is_made || self.guards_hold(unit, hit.owner, rule, hit) != Held::Yes {
                continue;
            }
            // A new row is inserted: another rule says so.
            let is_new = match capture(rule, hit, "_given") {
                Some(Captured::Expr(given)) => self.was_made(Spot { expr: *given, ..holder }, rule),
                _ => false,
            };
            for Replaced { other, between } in replaced {
                // What becomes of the rows between is told with the assignment.
                let steps: Vec<(usize, Operation)> = match (how, between) {
                    ("read", Some(between)) => vec![(other, Operation::Select), (between, Operation::Select)],
                    ("read" | "read-keys", None) => vec![(other, Operation::Select)],
                    ("write", None) if !is_new => vec![(other, Operation::Update)],
                    _ => Vec::new(),
                };
                for (store, operation) in steps {
                    stores.drafts[store].used = true;
                    let step = (store, operation, Confidence::Likely);
                    found.accesses.push(self.access_at(unit, hit.owner, hit.line, hit.rule, step));
                }
            }
        }
    }

    /// Whether an assignment gives a relation whose key the row itself does not keep: it changes nothing of the row.
    pub(crate) fn is_kept_elsewhere(&mut self, stores: &Stores, unit: u32, rule: &Rule, hit: &Match) -> bool {
        if rule.settings.get("access.replaced").is_none_or(|it| it != "elsewhere") {
            return false;
        }
        let (Some(Captured::Expr(holder)), Some(name)) =
            (capture(rule, hit, "access.target"), self.captured_member(unit, rule, hit))
        else {
            return false;
        };
        let holder = Spot { unit, owner: hit.owner, expr: *holder };
        let found = self.kept_elsewhere(stores, holder, name);
        !found.is_empty() && found.iter().all(|it| it.between.is_none())
    }

    /// The relations of this name that rows have, if others keep the keys of all of them.
    fn kept_elsewhere(&mut self, stores: &Stores, holder: Spot, name: &str) -> Vec<Replaced> {
        let mut found = Vec::new();
        for value in self.eval(holder.unit, holder.owner, holder.expr) {
            let Value::Instance(of) = self.pool.value(value) else { continue };
            let Some(replaced) = self.replaced(stores, of, name) else { return Vec::new() };
            if !found.contains(&replaced) {
                found.push(replaced);
            }
        }
        if found.len() > MOST_RELATIONS { Vec::new() } else { found }
    }

    fn replaced(&mut self, stores: &Stores, of: Def, name: &str) -> Option<Replaced> {
        let related = self.relation_of(of, name)?;
        let Subject::Type(far) = related.of else { return None };
        let other = self.store_of_type(stores, far)?;
        if let Some(between) = self.link_of(stores, Subject::Type(of), name) {
            return Some(Replaced { other, between: Some(between) });
        }
        let own = self.store_of_type(stores, of)?;
        let points = |from: usize, to: usize| {
            let name = &stores.drafts[to].name;
            stores.drafts[from].foreign_keys.iter().any(|(it, _)| it.store.name.eq_ignore_ascii_case(name))
        };
        (own != other && points(other, own) && !points(own, other)).then_some(Replaced { other, between: None })
    }
}
