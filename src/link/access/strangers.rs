//! Types of packages that are asked for rows and of which nobody knows what they are stored in: told as blind spots.

use rustc_hash::FxHashSet;

use crate::link::access::accesses::{Accesses, RawSpot};
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::{Subject, Value, ValueId};
use crate::model::fact::{Captured, DefId, ExprKind, plain_name};
use crate::model::source::Role;

impl Inference<'_> {
    /// A rule knows by its looks what asks for rows (`@access.stranger`); what is asked comes from a package whose source is not
    /// here, and no stub speaks of it.
    pub(crate) fn strangers(&mut self, found: &mut Accesses) {
        let mut told: FxHashSet<(u32, DefId, u32)> = FxHashSet::default();
        for (unit, rule, hit) in self.hits(|it| it.has("access.stranger")) {
            let Some(Captured::Expr(stranger)) = capture(rule, hit, "access.stranger") else { continue };
            if matches!(self.program.unit(unit).source.role, Role::Vendored | Role::Migration)
                || self.guards_hold(unit, hit.owner, rule, hit) != Held::Yes
            {
                continue;
            }
            let asked = self.eval(unit, hit.owner, *stranger);
            if rule.settings.contains_key("access.unknown") {
                let spot = Spot { unit, owner: hit.owner, expr: *stranger };
                if self.is_nothing_known(spot, &asked)
                    && !found.accesses.iter().any(|it| (it.unit, it.line) == (unit, hit.line))
                    && told.insert((unit, hit.owner, hit.line))
                {
                    let ExprKind::Name(name) = &self.facts(unit).expr(*stranger).kind else { continue };
                    let name = plain_name(name);
                    let detail =
                        format!("which type `{name}` is, whose rows are asked for here, is only known at run time");
                    let (kind, owner, line) = ("unresolved-target", hit.owner, hit.line);
                    found.sites += 1;
                    found.blind_spots.push(RawSpot { root: None, kind, unit, owner, line, detail });
                }
                continue;
            }
            let [only] = *asked else { continue };
            let Value::Outside { path, instance: false, .. } = self.pool.value(only) else { continue };
            let name = self.pool.text(path);
            let is_known = self.stubs.lineage(name).len() > 1 || self.stubs.store_of(name).is_some();
            if is_known || !told.insert((unit, hit.owner, hit.line)) {
                continue;
            }
            let detail = format!("nothing is known of `{name}`, which comes from a package");
            found.sites += u32::from(!self.program.is_test(self.program.def(unit, hit.owner)));
            found.blind_spots.push(RawSpot {
                root: None,
                kind: "unresolved-target",
                unit,
                owner: hit.owner,
                line: hit.line,
                detail,
            });
        }
    }

    /// Whether a name is a variable of the function, or of one around it.
    fn is_variable(&self, asked: Spot) -> bool {
        let facts = self.facts(asked.unit);
        let ExprKind::Name(name) = &facts.expr(asked.expr).kind else { return false };
        let mut scope = asked.owner;
        while scope != DefId::MODULE {
            let is_function = self.program.is_function(self.program.def(asked.unit, scope));
            if is_function && self.find_var(self.program.space(asked.unit, scope), name).is_some() {
                return true;
            }
            scope = facts.definition(scope).parent;
        }
        false
    }

    /// Whether a variable of a function that is no test may hold anything (`access.unknown`).
    fn is_nothing_known(&mut self, asked: Spot, values: &[ValueId]) -> bool {
        let def = self.program.def(asked.unit, asked.owner);
        let is_unknown = values.iter().all(|it| match self.pool.value(*it) {
            Value::Outside { path, instance: true, subject: Subject::None, .. } => {
                let path = self.pool.text(path);
                self.stubs.lineage(path).len() < 2 && self.stubs.store_of(path).is_none()
            }
            _ => false,
        });
        is_unknown && !self.program.is_test(def) && self.is_variable(asked)
    }
}
