//! What an expression begins with: the receiver of its method, or a parameter that a type is handed in by.

use smallvec::SmallVec;

use crate::link::access::joins::first_of_chain;
use crate::link::names::program::Def;
use crate::link::storage::stores::Stores;
use crate::link::values::carried::Holder;
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::{Subject, Value};
use crate::model::fact::{ExprId, ExprKind};

/// Expressions, one leading to the other, that are followed.
const MOST_DEEP: u32 = 8;

impl Inference<'_> {
    /// The method that inherits to several mapped types, where an expression is about the type that the method is called
    /// on: `cls.query`, `self`, `instance` of `instance = cls(**values)`.
    pub(in crate::link) fn own_row(&mut self, stores: &Stores, spot: Spot) -> Option<Def> {
        let function = self.rooted_in_receiver(spot, 0)?;
        let base = self.program.parent(function);
        if !self.program.is_type(base) || self.store_of_type(stores, base).is_some() {
            return None;
        }
        let values = self.eval(spot.unit, spot.owner, spot.expr);
        let mut about = 0;
        for value in &values {
            let of = match self.pool.value(*value) {
                Value::Instance(of) | Value::Def(of) => of,
                Value::Outside { subject: Subject::Type(of), .. } => of,
                _ => return None,
            };
            if !self.program.is_type(of) {
                return None;
            }
            let lineage = self.lineage(of);
            if !lineage.types.contains(&base) {
                // A manager or query set of the program's own is about the same as what it stands for.
                if lineage.outside.is_empty() || self.store_of_type(stores, of).is_some() {
                    return None;
                }
                continue;
            }
            about += usize::from(of != base);
        }
        (about > 1 || values.len() == 1 && about == 0).then_some(function)
    }

    /// The method whose receiver an expression begins with, also by way of local variables.
    pub(in crate::link) fn rooted_in_receiver(&mut self, spot: Spot, deep: u32) -> Option<Def> {
        if deep > MOST_DEEP {
            return None;
        }
        if let Some((function, holder)) = self.holder(spot) {
            return (holder == Holder::Receiver).then_some(function);
        }
        let at = |expr: ExprId| Spot { expr, ..spot };
        match &self.facts(spot.unit).expr(spot.expr).kind {
            ExprKind::Call { callee: inner, .. }
            | ExprKind::Member { base: inner, .. }
            | ExprKind::Element(inner)
            | ExprKind::Index { base: inner, .. } => self.rooted_in_receiver(at(*inner), deep + 1),
            ExprKind::Name(_) => self.given_here(spot).into_iter().find_map(|it| self.rooted_in_receiver(it, deep + 1)),
            _ => None,
        }
    }

    /// The name of a parameter that an expression begins with, or that the call it begins with is given first.
    pub(in crate::link) fn rooted_in_class(&mut self, spot: Spot, deep: u32) -> Option<Spot> {
        if deep > MOST_DEEP {
            return None;
        }
        let at = |expr: ExprId| Spot { expr, ..spot };
        match &self.facts(spot.unit).expr(spot.expr).kind {
            ExprKind::Name(_) if self.slot_of(spot).is_some() => Some(spot),
            ExprKind::Name(_) => {
                let begun = self.begun_with(spot);
                let roots: Option<Vec<Spot>> = begun.into_iter().map(|it| self.rooted_in_class(it, deep + 1)).collect();
                let roots = roots?;
                let name = |it: &Spot| match &self.facts(it.unit).expr(it.expr).kind {
                    ExprKind::Name(name) => Some(name),
                    _ => None,
                };
                roots.first().copied().filter(|first| roots.iter().all(|it| name(it) == name(first)))
            }
            ExprKind::Call { callee, args } => {
                let first = args.first().filter(|it| it.name.is_none()).map(|it| at(it.value));
                let first = first.filter(|it| matches!(self.facts(it.unit).expr(it.expr).kind, ExprKind::Name(_)));
                self.rooted_in_class(at(*callee), deep + 1).or_else(|| self.rooted_in_class(first?, deep + 1))
            }
            ExprKind::Member { base: inner, .. } | ExprKind::Element(inner) | ExprKind::Index { base: inner, .. } => {
                self.rooted_in_class(at(*inner), deep + 1)
            }
            _ => None,
        }
    }

    /// What a local variable is given first: what goes on with it (`query = query.filter(..)`) says nothing new.
    pub(in crate::link) fn begun_with(&mut self, spot: Spot) -> SmallVec<[Spot; 2]> {
        let mut given = self.given_here(spot);
        given.retain(|it| !self.goes_on(spot, *it));
        given
    }

    /// The same of a variable that a call hands on as it is (`Ok(made)`).
    pub(in crate::link) fn begun_within(&mut self, spot: Spot) -> SmallVec<[Spot; 2]> {
        let ExprKind::Call { args, .. } = &self.facts(spot.unit).expr(spot.expr).kind else {
            return self.begun_with(spot);
        };
        let [only] = args.as_slice() else { return SmallVec::new() };
        let handed = self.eval(spot.unit, spot.owner, only.value);
        let is_same = !handed.is_empty() && handed == self.eval(spot.unit, spot.owner, spot.expr);
        if is_same { self.begun_with(Spot { expr: only.value, ..spot }) } else { SmallVec::new() }
    }

    /// Whether a chain of calls begins with the variable that a name stands for.
    fn goes_on(&self, name: Spot, chain: Spot) -> bool {
        let facts = self.facts(name.unit);
        let first = first_of_chain(facts, chain.expr);
        matches!((&facts.expr(name.expr).kind, &facts.expr(first).kind), (ExprKind::Name(one), ExprKind::Name(other)) if one == other)
    }
}
