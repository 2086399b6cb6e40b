//! Transactions: which lines run inside one unit of work, and what they reach.

use std::ops::RangeInclusive;

use rustc_hash::FxHashSet;

use crate::link::access::accesses::RawMark;
use crate::link::calls::{RawCall, captured_expr};
use crate::link::names::program::Def;
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::Value;
use crate::model::fact::{Captured, DefId, ExprKind, RegionKind};
use crate::model::graph::Confidence;
use crate::model::source::Role;
use crate::model::sql::TransactionMark;

/// Names that are followed from what a function gives back to the call that made it.
const MOST_NAMES: usize = 16;

/// Lines of one definition that run inside a transaction, and functions run inside it as a whole.
pub(crate) struct RawTransaction {
    pub(crate) unit: u32,
    pub(crate) owner: DefId,
    pub(crate) line: u32,
    pub(crate) first_line: u32,
    pub(crate) last_line: u32,
    pub(crate) bodies: Vec<Def>,
}

impl Inference<'_> {
    /// Whether a line of a function stands in a loop.
    pub(crate) fn in_loop(&self, unit: u32, owner: DefId, line: u32) -> bool {
        self.facts(unit)
            .regions
            .iter()
            .any(|it| it.owner == owner && it.kind == RegionKind::Loop && it.first_line <= line && line <= it.last_line)
    }

    /// Lines of calls whose arguments run once a transaction has ended (`transaction.on_commit(..)`), by unit.
    pub(crate) fn find_after_commit(&mut self) -> Vec<(u32, RangeInclusive<u32>)> {
        let mut found = Vec::new();
        for (unit, rule, hit) in self.hits(|it| it.has("transaction.after")) {
            if let Some(call) = captured_expr(capture(rule, hit, "transaction.after"))
                && self.guards_hold(unit, hit.owner, rule, hit) == Held::Yes
            {
                let call = self.facts(unit).expr(call);
                found.push((unit, call.at.line..=call.end_line));
            }
        }
        found
    }

    pub(crate) fn find_transactions(&mut self, marks: &[RawMark], calls: &[RawCall]) -> Vec<RawTransaction> {
        let mut found: Vec<RawTransaction> = Vec::new();
        let mut openers: Vec<Def> = Vec::new();
        let mut ended: FxHashSet<Def> = FxHashSet::default();
        let mut closing: Vec<(u32, DefId, u32)> = Vec::new();
        for (unit, rule, hit) in self.hits(|it| it.has("transaction")) {
            if self.program.unit(unit).source.role == Role::Vendored {
                continue;
            }
            let facts = self.facts(unit);
            let Some(root) = capture(rule, hit, "transaction") else { continue };
            let closes = rule.settings.get("transaction.closes").is_some_and(|it| it == "true");
            if self.guards_hold(unit, hit.owner, rule, hit) != Held::Yes {
                continue;
            }
            if !closes && rule.settings.get("transaction.end").is_some_and(|it| it == "true") {
                ended.insert(self.program.def(unit, self.named_owner(unit, hit.owner)));
                continue;
            }
            if closes {
                closing.push((unit, self.named_owner(unit, hit.owner), hit.line));
                continue;
            }
            let mut transaction = RawTransaction {
                unit,
                owner: hit.owner,
                line: hit.line,
                first_line: 0,
                last_line: 0,
                bodies: Vec::new(),
            };
            if let Some(body) = captured_expr(capture(rule, hit, "transaction.body")) {
                for value in self.eval(unit, hit.owner, body) {
                    if let Value::Def(def) | Value::Bound(def, _) = self.pool.value(value) {
                        let (body_unit, id) = self.program.local(def);
                        let definition = self.facts(body_unit).definition(id);
                        if body_unit == unit && definition.name.is_empty() {
                            transaction.first_line = definition.line;
                            transaction.last_line = definition.end_line;
                        } else {
                            transaction.bodies.push(def);
                        }
                    }
                }
            } else {
                match root {
                    Captured::Definition(id) => {
                        let definition = facts.definition(*id);
                        transaction.owner = *id;
                        transaction.first_line = definition.line;
                        transaction.last_line = definition.end_line;
                    }
                    Captured::Expr(expr) => {
                        let region = facts.regions.iter().find(|it| {
                            matches!(it.kind, RegionKind::With(with) if with == *expr)
                                || matches!(it.kind, RegionKind::With(_))
                                    && it.first_line == hit.line
                                    && it.owner == hit.owner
                        });
                        if let Some(region) = region {
                            transaction.first_line = region.first_line;
                            transaction.last_line = region.last_line;
                        } else {
                            let owner = self.named_owner(unit, hit.owner);
                            let opener = self.program.def(unit, owner);
                            let opened = Spot { unit, owner: hit.owner, expr: *expr };
                            if self.hands_out(opener, |_, it| (it.unit, it.expr) == (opened.unit, opened.expr)) {
                                openers.push(opener);
                            }
                            transaction.first_line = hit.line;
                            transaction.last_line = facts.definition(owner).end_line;
                            self.end_of_transaction(unit, owner, &mut transaction);
                        }
                    }
                    Captured::Word(_) => continue,
                }
            }
            found.push(transaction);
        }
        self.closed_transactions(closing, &mut found);
        // Whoever ends it hands out how that went.
        openers.retain(|it| !ended.contains(it));
        self.handed_transactions(openers, &ended, calls, &mut found);
        for mark in marks.iter().filter(|it| it.mark == TransactionMark::Begin) {
            let owner = self.named_owner(mark.unit, mark.owner);
            let end = marks
                .iter()
                .filter(|it| it.unit == mark.unit && it.mark == TransactionMark::Commit && it.line >= mark.line)
                .filter(|it| self.named_owner(it.unit, it.owner) == owner)
                .map(|it| it.line)
                .min();
            let last_line = end.unwrap_or(self.facts(mark.unit).definition(owner).end_line);
            found.push(RawTransaction {
                unit: mark.unit,
                owner,
                line: mark.line,
                first_line: mark.line,
                last_line,
                bodies: Vec::new(),
            });
        }
        self.add_passed_on(&mut found);
        found
    }

    /// A function that opens a transaction and hands it out opens one in whoever calls it.
    fn handed_transactions(
        &mut self,
        mut openers: Vec<Def>,
        ended: &FxHashSet<Def>,
        calls: &[RawCall],
        found: &mut Vec<RawTransaction>,
    ) {
        let mut at = 0;
        while at < openers.len() {
            let opener = openers[at];
            at += 1;
            for call in calls.iter().filter(|it| it.to == opener && it.confidence != Confidence::Guess) {
                if openers.contains(&call.from) {
                    continue;
                }
                if !ended.contains(&call.from) && self.hands_out(call.from, |inference, it| inference.calls(it, opener))
                {
                    openers.push(call.from);
                    continue;
                }
                let (unit, id) = self.program.local(call.from);
                let owner = self.named_owner(unit, id);
                if unit != call.unit || found.iter().any(|it| (it.unit, it.owner, it.line) == (unit, owner, call.line))
                {
                    continue;
                }
                let last_line = self.facts(unit).definition(owner).end_line;
                let mut transaction = RawTransaction {
                    unit,
                    owner,
                    line: call.line,
                    first_line: call.line,
                    last_line,
                    bodies: Vec::new(),
                };
                self.end_of_transaction(unit, owner, &mut transaction);
                found.push(transaction);
            }
        }
    }

    /// Whether a function gives its caller what one of the wanted calls makes, as it is or as a part of something.
    fn hands_out(&mut self, of: Def, wanted: impl Fn(&mut Self, Spot) -> bool) -> bool {
        let Some(result) = self.result_var(of) else { return false };
        let mut seen = vec![result];
        let mut open: Vec<Spot> = self.sources(result).into_vec();
        while let Some(spot) = open.pop() {
            match &self.facts(spot.unit).expr(spot.expr).kind {
                ExprKind::Call { .. } if wanted(self, spot) => return true,
                ExprKind::Name(_) if self.program.def(spot.unit, spot.owner) == of => {
                    for (var, _) in self.vars_of(spot.unit, spot.owner, spot.expr) {
                        if seen.len() < MOST_NAMES && !seen.contains(&var) {
                            seen.push(var);
                            open.extend(self.sources(var));
                        }
                    }
                }
                ExprKind::Choice(items) | ExprKind::Sequence(items) => {
                    open.extend(items.iter().map(|it| Spot { expr: *it, ..spot }));
                }
                ExprKind::Construct { fields, .. } => {
                    open.extend(fields.iter().map(|it| Spot { expr: it.value, ..spot }));
                }
                _ => {}
            }
        }
        false
    }

    fn calls(&mut self, call: Spot, wanted: Def) -> bool {
        let ExprKind::Call { callee, .. } = &self.facts(call.unit).expr(call.expr).kind else { return false };
        self.eval(call.unit, call.owner, *callee).into_iter().any(|it| match self.pool.value(it) {
            Value::Def(def) | Value::Bound(def, _) => def == wanted,
            _ => false,
        })
    }

    /// A call that commits what was done since the last one, where nothing says where the transaction began.
    fn closed_transactions(&self, mut closing: Vec<(u32, DefId, u32)>, found: &mut Vec<RawTransaction>) {
        closing.sort_unstable();
        closing.dedup();
        let opened = found.len();
        let mut before: Option<(u32, DefId, u32)> = None;
        for (unit, owner, line) in closing {
            let begun = before.filter(|it| (it.0, it.1) == (unit, owner)).map(|it| it.2 + 1);
            before = Some((unit, owner, line));
            let written = found[..opened].iter().any(|it| {
                it.unit == unit
                    && self.named_owner(unit, it.owner) == owner
                    && it.first_line <= line
                    && line <= it.last_line
            });
            if !written {
                let first_line = begun.unwrap_or(self.facts(unit).definition(owner).line).min(line);
                found.push(RawTransaction { unit, owner, line, first_line, last_line: line, bodies: Vec::new() });
            }
        }
    }

    /// A call that opens a transaction reaches to the last call in the function that ends one.
    fn end_of_transaction(&mut self, unit: u32, owner: DefId, transaction: &mut RawTransaction) {
        let facts = self.facts(unit);
        let mut last = None;
        for hit in &facts.matches {
            let rules = self.rules;
            let rule = &rules.rules[hit.rule as usize];
            if rule.settings.get("transaction.end").is_some_and(|it| it == "true")
                && hit.line >= transaction.first_line
                && hit.line <= transaction.last_line
                && self.named_owner(unit, hit.owner) == owner
                && self.guards_hold(unit, hit.owner, rule, hit) != Held::No
            {
                last = last.max(Some(hit.line));
            }
        }
        if let Some(last) = last {
            transaction.last_line = last;
        }
    }
}
