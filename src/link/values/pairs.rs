//! Values that are taken apart: tuples, and what loops over pairs give (`for key, row in rows.items()`, `for number, row in
//! enumerate(rows)`, `for row, other in zip(rows, others)`).

use smallvec::SmallVec;

use crate::link::values::infer::Inference;
use crate::link::values::value::{Value, ValueId, Values, insert, union};
use crate::model::fact::{DefId, ExprId, ExprKind};

/// Methods of mappings that give each key with what is held under it.
const PAIRING_METHODS: &[&str] = &["items"];
/// Functions that give what they run through, each with something before it.
const COUNTING: &[&str] = &["enumerate"];
/// Functions that give an element of each of their arguments at a time.
const ZIPPING: &[&str] = &["zip"];

/// What each part of a value is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Parts {
    /// What is known of it by its place.
    Places,
    /// The second is the value.
    Second,
    /// That of an argument at its place.
    Arguments(ExprId),
}

impl<'a> Inference<'a> {
    /// Gives each name of several its part of a value.
    pub(crate) fn assign_parts(
        &mut self,
        unit: u32,
        owner: DefId,
        items: &'a [ExprId],
        values: &[ValueId],
        source: Option<ExprId>,
    ) {
        let taken = source.map_or(Parts::Places, |it| self.parts_taken(unit, it, items.len()));
        for (index, item) in items.iter().enumerate() {
            if taken == Parts::Second && index == 1 {
                self.assign(unit, owner, *item, values, source);
                continue;
            }
            let mut parts = Values::new();
            match taken {
                Parts::Places => {
                    for value in values {
                        match self.pool.value(*value) {
                            Value::Container(container) => {
                                let found = self.container_read(container, Some(&index.to_string()));
                                union(&mut parts, &found);
                            }
                            _ if index == 0 => {
                                insert(&mut parts, *value);
                            }
                            _ => {}
                        }
                    }
                }
                Parts::Second => {}
                Parts::Arguments(call) => {
                    if let ExprKind::Call { args, .. } = &self.facts(unit).expr(call).kind
                        && let Some(argument) = args.get(index)
                    {
                        let given = self.eval(unit, owner, argument.value);
                        parts = self.elements(&given);
                    }
                }
            }
            let part_sources = source.map_or_else(SmallVec::new, |it| self.parts_of(unit, it, index));
            self.assign(unit, owner, *item, &parts, part_sources.first().copied());
            for other in part_sources.iter().skip(1) {
                self.assign(unit, owner, *item, &[], Some(*other));
            }
        }
    }

    fn parts_taken(&self, unit: u32, source: ExprId, count: usize) -> Parts {
        let facts = self.facts(unit);
        let ExprKind::Element(inner) = facts.expr(source).kind else { return Parts::Places };
        let ExprKind::Call { callee, args } = &facts.expr(inner).kind else { return Parts::Places };
        match &facts.expr(*callee).kind {
            ExprKind::Member { name, .. } if count == 2 && args.is_empty() => {
                if PAIRING_METHODS.contains(&name.as_str()) { Parts::Second } else { Parts::Places }
            }
            ExprKind::Name(name) if count == 2 && COUNTING.contains(&name.as_str()) => Parts::Second,
            ExprKind::Name(name) if ZIPPING.contains(&name.as_str()) => {
                let plain = args.iter().take(count).all(|it| it.name.is_none() && !it.spread);
                if plain && args.len() >= count { Parts::Arguments(inner) } else { Parts::Places }
            }
            _ => Parts::Places,
        }
    }

    /// What a mapping holds that is made of the pairs in something, or of another mapping.
    pub(crate) fn mapped(&mut self, unit: u32, owner: DefId, expr: ExprId) -> Values {
        let mapping = self.calling;
        let mut results = Values::new();
        for value in self.listed(unit, owner, expr) {
            let seconds = match self.pool.value(value) {
                Value::Container(given) if !self.has_text_keys(given) => self.seconds(value),
                _ => Values::new(),
            };
            if seconds.is_empty() {
                insert(&mut results, value);
                continue;
            }
            let container = self.container_of_expr(mapping);
            let any = self.containers[container as usize].any;
            self.add_all(any, &seconds);
            let id = self.pool.id(Value::Container(container));
            insert(&mut results, id);
        }
        results
    }

    /// The second parts of what something holds.
    fn seconds(&mut self, pairs: ValueId) -> Values {
        let mut seconds = Values::new();
        for pair in self.elements(&[pairs]) {
            if let Value::Container(pair) = self.pool.value(pair) {
                let found = self.container_read(pair, Some("1"));
                union(&mut seconds, &found);
            }
        }
        seconds
    }
}
