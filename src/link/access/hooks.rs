//! Methods of a row that a mapper calls before it writes it: one that says what to do where the row is there already makes an
//! insert an upsert.

use rustc_hash::FxHashSet;

use crate::link::access::accesses::Accesses;
use crate::link::names::program::Def;
use crate::link::storage::stores::Stores;
use crate::link::values::guards::Held;
use crate::link::values::infer::Inference;
use crate::link::values::value::Value;
use crate::model::sql::Operation;

impl Inference<'_> {
    /// Inserts, by rules about rows (`access.along`), of types that have such a method (`access.hook`) are upserts.
    pub(crate) fn hooked_inserts(&mut self, stores: &Stores, found: &mut Accesses) {
        let mut hooked: FxHashSet<Def> = FxHashSet::default();
        for (unit, rule, hit) in self.hits(|it| it.has("access.hook")) {
            let definition = self.facts(unit).definition(self.named_owner(unit, hit.owner));
            let (true, Some(receiver)) =
                (rule.words("access.hook").any(|it| it == definition.name), definition.receiver)
            else {
                continue;
            };
            if self.guards_hold(unit, hit.owner, rule, hit) != Held::Yes {
                continue;
            }
            for value in self.type_objects(unit, definition.parent, receiver) {
                if let Value::Def(of) = self.pool.value(value) {
                    hooked.insert(of);
                }
            }
        }
        if hooked.is_empty() {
            return;
        }
        let mut upserted: FxHashSet<usize> = FxHashSet::default();
        for (index, draft) in stores.drafts.iter().enumerate() {
            let has_hook = |it: &Def| self.lineage(*it).types.iter().any(|it| hooked.contains(it));
            if draft.entities.iter().any(has_hook) {
                upserted.insert(index);
            }
        }
        let rules = self.rules;
        for access in &mut found.accesses {
            let by_row = rules.rules[access.rule as usize].settings.contains_key("access.along");
            if by_row && access.operation == Operation::Insert && upserted.contains(&access.store) {
                access.operation = Operation::Upsert;
            }
        }
    }
}
