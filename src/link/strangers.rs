//! Types of packages that are asked for rows and of which nobody knows what they are stored in: told as blind spots.

use rustc_hash::FxHashSet;

use crate::link::accesses::{Accesses, RawSpot};
use crate::link::guards::{Held, capture};
use crate::link::infer::Inference;
use crate::link::value::Value;
use crate::model::fact::{Captured, DefId};
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
            let [only] = *self.eval(unit, hit.owner, *stranger) else { continue };
            let Value::Outside { path, instance: false, .. } = self.pool.value(only) else { continue };
            let name = self.pool.text(path);
            let is_known = self.stubs.lineage(name).len() > 1 || self.stubs.store_of(name).is_some();
            if is_known || !told.insert((unit, hit.owner, hit.line)) {
                continue;
            }
            let detail = format!("nothing is known of `{name}`, which comes from a package");
            found.sites += u32::from(!self.program.is_test(self.program.def(unit, hit.owner)));
            found.blind_spots.push(RawSpot {
                kind: "unresolved-target",
                unit,
                owner: hit.owner,
                line: hit.line,
                detail,
            });
        }
    }
}
