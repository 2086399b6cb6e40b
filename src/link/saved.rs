//! Rows that a mapper writes along with a row: those that its literal holds, that its members were given, or that were
//! loaded with it.

use crate::link::accesses::Accesses;
use crate::link::guards::capture;
use crate::link::infer::{Inference, Spot};
use crate::link::program::Def;
use crate::link::stores::Stores;
use crate::link::value::{Subject, Value, ValueId, Var};
use crate::model::fact::{Captured, ExprId, ExprKind, StepKind};
use crate::model::graph::Confidence;
use crate::model::sql::Operation;

/// Literals within literals that are looked at.
const MOST_DEEP: u32 = 6;
/// A variable that is given its value in more places says nothing.
const MOST_GIVEN: usize = 4;
/// Variables that are looked at for one row.
const MOST_SAME: usize = 32;

impl<'a> Inference<'a> {
    /// Adds what goes along with rows that are saved by rules with `access.along`.
    pub(crate) fn saved_along(&mut self, stores: &mut Stores, found: &mut Accesses) {
        for (unit, rule, hit) in self.hits(|it| it.settings.contains_key("access.along")) {
            let (Some(Captured::Expr(root)), Some(Captured::Expr(target))) =
                (capture(rule, hit, "access"), capture(rule, hit, "access.target"))
            else {
                continue;
            };
            let words: Vec<&str> = rule.words("access.along").collect();
            if self.confidence(unit, rule, hit) != Some(Confidence::Certain) || self.chain_calls(unit, *root, &words) {
                continue;
            }
            let saved = Spot { unit, owner: hit.owner, expr: *target };
            let line = self.facts(unit).expr(*root).at.line;
            let mut along: Vec<usize> = Vec::new();
            self.held_rows(stores, saved, 0, &mut along);
            self.assigned_rows(stores, saved, line, &mut along);
            self.loaded_rows(saved, line, found, &mut along);
            along.sort_unstable();
            along.dedup();
            for store in along {
                stores.drafts[store].used = true;
                let step = (store, Operation::Upsert, Confidence::Likely);
                let known = found.accesses.iter().any(|it| {
                    (it.unit, it.owner, it.line, it.store) == (unit, hit.owner, line, store)
                        && it.operation != Operation::Select
                });
                if !known {
                    found.accesses.push(self.access_at(unit, hit.owner, line, hit.rule, step));
                }
            }
        }
    }

    /// Whether a chain has a call of one of these names.
    fn chain_calls(&self, unit: u32, root: ExprId, words: &[&str]) -> bool {
        let facts = self.facts(unit);
        let mut at = root;
        while let ExprKind::Call { callee, .. } = &facts.expr(at).kind
            && let ExprKind::Member { base, name } = &facts.expr(*callee).kind
        {
            if words.contains(&name.as_str()) {
                return true;
            }
            at = *base;
        }
        false
    }

    /// Rows in the literal that a row is made of (`Order{Lines: []Line{..}}`), also by way of a local variable.
    fn held_rows(&mut self, stores: &mut Stores, spot: Spot, deep: u32, along: &mut Vec<usize>) {
        if deep > MOST_DEEP {
            return;
        }
        let facts = self.facts(spot.unit);
        let at = |expr: ExprId| Spot { expr, ..spot };
        match &facts.expr(spot.expr).kind {
            ExprKind::Construct { of, fields } => {
                let of = self.project_type(spot.unit, spot.owner, *of);
                for field in fields {
                    let is_related = match (of, &field.name) {
                        (Some(of), Some(name)) if self.may_hold(spot.unit, field.value) => {
                            let related = self.rows_of_field(stores, of, name);
                            along.extend(&related);
                            !related.is_empty()
                        }
                        (_, Some(_)) => false,
                        _ => true,
                    };
                    if is_related {
                        self.held_rows(stores, at(field.value), deep + 1, along);
                    }
                }
            }
            ExprKind::Sequence(items) | ExprKind::Choice(items) => {
                for item in items {
                    self.held_rows(stores, at(*item), deep + 1, along);
                }
            }
            ExprKind::Name(_) => {
                let vars = self.vars_of(spot.unit, spot.owner, spot.expr);
                let [(var, false)] = vars.as_slice() else { return };
                let own: Vec<Spot> = self.sources(*var).into_iter().filter(|it| it.unit == spot.unit).collect();
                if own.len() <= MOST_GIVEN {
                    own.into_iter().for_each(|it| self.held_rows(stores, it, deep + 1, along));
                }
            }
            _ => {}
        }
    }

    /// Stores of the rows that a field is declared to hold, with the table between.
    fn rows_of_field(&mut self, stores: &Stores, of: Def, name: &str) -> Vec<usize> {
        for base in self.lineage(of).types.clone() {
            for field in self.program.members(self.program.def_space(base), name) {
                let (unit, id) = self.program.local(field);
                let definition = self.facts(unit).definition(id);
                let Some(declared) = definition.declared else { continue };
                let mut held = self.types(unit, definition.parent, declared);
                for value in held.clone() {
                    if let Value::Container(container) = self.pool.value(value) {
                        held.extend(self.container_read(container, None));
                    }
                }
                let is_row = |it: &ValueId| match self.pool.value(*it) {
                    Value::Instance(it) => self.store_of_type(stores, it).is_some(),
                    _ => false,
                };
                if held.iter().any(is_row) {
                    return self.related_stores(stores, Subject::Type(of), name);
                }
            }
        }
        Vec::new()
    }

    /// Whether a value that a member is given may be rows: none and an empty list are not.
    fn may_hold(&self, unit: u32, value: ExprId) -> bool {
        match &self.facts(unit).expr(value).kind {
            ExprKind::Constant(_) | ExprKind::Text(_) => false,
            ExprKind::Sequence(items) => !items.is_empty(),
            ExprKind::Construct { fields, .. } => !fields.is_empty(),
            ExprKind::Name(name) => name != "nil",
            _ => true,
        }
    }

    /// Rows that members of the variable were given before (`order.Lines = lines`).
    fn assigned_rows(&mut self, stores: &mut Stores, saved: Spot, line: u32, along: &mut Vec<usize>) {
        let facts = self.facts(saved.unit);
        let ExprKind::Name(variable) = &facts.expr(saved.expr).kind else { return };
        let home = self.named_owner(saved.unit, saved.owner);
        let given: Vec<&'a str> = (facts.steps.iter())
            .filter(|it| it.line <= line && self.named_owner(saved.unit, it.owner) == home)
            .filter_map(|it| {
                let StepKind::Assign { target, value } = it.kind else { return None };
                let ExprKind::Member { base, name } = &facts.expr(target).kind else { return None };
                let is_own = matches!(&facts.expr(*base).kind, ExprKind::Name(it) if it == variable);
                (is_own && self.may_hold(saved.unit, value)).then_some(name.as_str())
            })
            .collect();
        if given.is_empty() {
            return;
        }
        for value in self.eval(saved.unit, saved.owner, saved.expr) {
            let Value::Instance(of) = self.pool.value(value) else { continue };
            for name in &given {
                let related = self.rows_of_field(stores, of, name);
                along.extend(related);
            }
        }
    }

    /// Rows that were loaded with the same variable before (`db.Preload("Lines").First(&order)`), or with one that another
    /// function handed here.
    fn loaded_rows(&mut self, saved: Spot, line: u32, found: &Accesses, along: &mut Vec<usize>) {
        if found.along.is_empty() {
            return;
        }
        let own = self.vars_of(saved.unit, saved.owner, saved.expr);
        let Some((own, _)) = own.first().copied() else { return };
        let mut handed: Vec<Var> = Vec::new();
        self.same_rows(saved, 0, &mut handed);
        handed.retain(|it| *it != own);
        for (run, store) in &found.along {
            let at = self.facts(run.unit).expr(run.expr);
            let ExprKind::Call { args, .. } = &at.kind else { continue };
            let before = run.unit == saved.unit && at.at.line < line;
            let mut given = args.iter().flat_map(|it| self.vars_of(run.unit, run.owner, it.value));
            if given.any(|(it, _)| it == own && before || handed.contains(&it)) {
                along.push(*store);
            }
        }
    }

    /// Variables that hold the very rows which a place holds: what it is given, elements of it, results of functions.
    fn same_rows(&mut self, spot: Spot, deep: u32, vars: &mut Vec<Var>) {
        if deep > MOST_DEEP || vars.len() > MOST_SAME {
            return;
        }
        let facts = self.facts(spot.unit);
        let at = |expr: ExprId| Spot { expr, ..spot };
        match &facts.expr(spot.expr).kind {
            ExprKind::Name(_) => {
                for (var, is_parameter) in self.vars_of(spot.unit, spot.owner, spot.expr) {
                    if vars.contains(&var) || is_parameter {
                        continue;
                    }
                    vars.push(var);
                    for given in self.sources(var).into_iter().take(MOST_GIVEN) {
                        if !self.program.is_test(self.program.def(given.unit, given.owner)) {
                            self.same_rows(given, deep + 1, vars);
                        }
                    }
                }
            }
            ExprKind::Element(inner) => self.same_rows(at(*inner), deep + 1, vars),
            ExprKind::Choice(items) => items.iter().for_each(|it| self.same_rows(at(*it), deep + 1, vars)),
            ExprKind::Sequence(items) if deep > 0 => {
                // The first of several results.
                items.iter().take(1).for_each(|it| self.same_rows(at(*it), deep + 1, vars));
            }
            ExprKind::Call { callee, .. } => {
                for value in self.eval(spot.unit, spot.owner, *callee) {
                    let (Value::Def(function) | Value::Bound(function, _)) = self.pool.value(value) else { continue };
                    let Some(result) = self.result_var(function) else { continue };
                    for given in self.sources(result).into_iter().take(MOST_GIVEN) {
                        self.same_rows(given, deep + 1, vars);
                    }
                }
            }
            _ => {}
        }
    }
}
