//! Places for prepared statements in tables of rows: `{&s.insert, insertSQL}`. A loop prepares each row's text and keeps the
//! statement at the row's place, so the field there carries that text for whoever runs it.

use compact_str::CompactString;
use rustc_hash::FxHashSet;

use crate::link::calls::visit;
use crate::link::values::guards::Held;
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::Value;
use crate::model::fact::{ExprId, ExprKind, FileFacts, StepKind};
use crate::model::rule::Guard;

/// Parts of a row at most.
const MOST_PARTS: usize = 4;

impl Inference<'_> {
    /// Lets fields that rows name as places for statements carry the texts of their rows.
    pub(crate) fn fill_places(&mut self) {
        let prepared = self.prepared_types();
        if prepared.is_empty() {
            return;
        }
        for unit in 0..self.program.units.len() as u32 {
            let facts = self.facts(unit);
            let rows: FxHashSet<ExprId> =
                (0..facts.exprs.len() as u32).map(ExprId).filter(|it| place_and_text(facts, *it).is_some()).collect();
            if rows.is_empty() {
                continue;
            }
            let mut seen: FxHashSet<ExprId> = FxHashSet::default();
            for step in &facts.steps {
                let (StepKind::Assign { value: root, .. } | StepKind::Return(root) | StepKind::Call(root)) = step.kind
                else {
                    continue;
                };
                let mut inside = Vec::new();
                visit(facts, root, &mut |it| inside.push(it), 0);
                for row in inside.into_iter().filter(|it| rows.contains(it)) {
                    if seen.insert(row)
                        && let Some((place, text)) = place_and_text(facts, row)
                    {
                        let at = |expr| Spot { unit, owner: step.owner, expr };
                        self.fill_place(at(place), at(text), &prepared);
                    }
                }
            }
        }
    }

    fn fill_place(&mut self, place: Spot, text: Spot, prepared: &[CompactString]) {
        let values = self.eval(place.unit, place.owner, place.expr);
        if self.any_matches(&values, prepared, true) != Held::Yes {
            return;
        }
        let ExprKind::Member { base, name } = &self.facts(place.unit).expr(place.expr).kind else { return };
        for value in self.eval(place.unit, place.owner, *base) {
            let Value::Instance(of) = self.pool.value(value) else { continue };
            for holder in self.lineage(of).types.clone() {
                if let Some(var) = self.find_var(self.program.def_space(holder), name) {
                    self.add_source(var, text);
                    break;
                }
            }
        }
    }

    /// Types of prepared statements, as the rules name them that run some of the program's.
    fn prepared_types(&self) -> Vec<CompactString> {
        let mut types: Vec<CompactString> = Vec::new();
        let mut last = u32::MAX;
        for (_, rule, hit) in self.hits(|it| it.settings.contains_key("sql.prepared")) {
            if hit.rule == last {
                continue;
            }
            last = hit.rule;
            for guard in &rule.guards {
                if let Guard::Type { capture, any_of, negated: false } = guard
                    && rule.captures.get(usize::from(*capture)).is_some_and(|it| it == "embedded.sql")
                {
                    types.extend(any_of.iter().cloned());
                }
            }
        }
        types
    }
}

/// The one member and the one text of a row that has few parts.
fn place_and_text(facts: &FileFacts, row: ExprId) -> Option<(ExprId, ExprId)> {
    let parts: Vec<ExprId> = match &facts.expr(row).kind {
        ExprKind::Sequence(items) if items.len() <= MOST_PARTS => items.clone(),
        ExprKind::Construct { fields, .. } if fields.len() <= MOST_PARTS => fields.iter().map(|it| it.value).collect(),
        _ => return None,
    };
    let mut places = parts.iter().filter(|it| matches!(facts.expr(**it).kind, ExprKind::Member { .. }));
    let mut texts = parts
        .iter()
        .filter(|it| matches!(facts.expr(**it).kind, ExprKind::Text(_) | ExprKind::Template(_) | ExprKind::Name(_)));
    let (Some(place), None) = (places.next(), places.next()) else { return None };
    let (Some(text), None) = (texts.next(), texts.next()) else { return None };
    Some((*place, *text))
}
