//! Names of stores that a library tells by the entity: `"DELETE FROM " + Order._meta.db_table`, `engine.TableName(&order)`.

use crate::link::names::program::Def;
use crate::link::storage::stores::Stores;
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::{Subject, Value};
use crate::model::fact::{ExprId, ExprKind};
use crate::model::rule::{Gives, Stub};

impl Inference<'_> {
    /// Keeps the name of each entity's store.
    pub(in crate::link) fn tell_store_names(&mut self, stores: &Stores) {
        self.store_names = stores
            .of_type
            .iter()
            .map(|(of, store)| (*of, &stores.drafts[*store]))
            .map(|(of, it)| match &it.schema {
                Some(schema) => (of, format!("{schema}.{}", it.name)),
                None => (of, it.name.clone()),
            })
            .collect();
    }

    /// The name of a store, where an expression asks a library for it.
    pub(in crate::link) fn store_asked_for(&mut self, spot: Spot) -> Option<String> {
        if self.store_names.is_empty() {
            return None;
        }
        let facts = self.facts(spot.unit);
        let (named, args) = match &facts.expr(spot.expr).kind {
            ExprKind::Call { callee, args } => (*callee, args.as_slice()),
            ExprKind::Member { .. } => (spot.expr, [].as_slice()),
            _ => return None,
        };
        let ExprKind::Member { base, name } = &facts.expr(named).kind else { return None };
        let (base, name) = (*base, name.as_str());
        let is_call = named != spot.expr;
        let separator = self.separator(spot.unit);
        let holders = self.eval(spot.unit, spot.owner, base);
        for holder in holders {
            let Value::Outside { path, subject, .. } = self.pool.value(holder) else { continue };
            let path = self.pool.text(path).to_owned();
            let Some(stub) = self.stubs.member(&path, separator, name) else { continue };
            if !matches!(stub.gives, Gives::StoreName) {
                continue;
            }
            let given = args.first().map(|it| it.value).filter(|_| is_call);
            let of = match (subject, given) {
                (_, Some(given)) => self.entity_at(Spot { expr: given, ..spot }),
                (Subject::Type(of), None) => Some(of),
                _ => self.entity_held(Spot { expr: base, ..spot }, stub),
            };
            if let Some(name) = of.and_then(|it| self.name_of_store(it)) {
                return Some(name);
            }
        }
        None
    }

    fn name_of_store(&mut self, of: Def) -> Option<String> {
        self.lineage(of).types.iter().find_map(|it| self.store_names.get(it).cloned())
    }

    /// The one type of the program that an expression is, or an instance of it.
    fn entity_at(&mut self, spot: Spot) -> Option<Def> {
        let values = self.eval(spot.unit, spot.owner, spot.expr);
        let mut types = values.iter().map(|it| match self.pool.value(*it) {
            Value::Def(of) | Value::Instance(of) if self.program.is_type(of) => Some(of),
            _ => None,
        });
        let first = types.next()??;
        types.all(|it| it == Some(first)).then_some(first)
    }

    /// What the literal that an object is holds in the member that the stub names.
    fn entity_held(&mut self, object: Spot, stub: &Stub) -> Option<Def> {
        let ExprKind::Construct { fields, .. } = &self.facts(object.unit).expr(object.expr).kind else { return None };
        let held: Vec<ExprId> = fields
            .iter()
            .filter(|it| it.name.as_ref().is_some_and(|name| stub.of.contains(name)))
            .map(|it| it.value)
            .collect();
        let [held] = held.as_slice() else { return None };
        self.entity_at(Spot { expr: *held, ..object })
    }
}
