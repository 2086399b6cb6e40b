//! Writes that wait: what a unit of work holds is sent where it is settled, by the function that commits it.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::link::access::accesses::{Accesses, RawAccess};
use crate::link::access::anew::members_read;
use crate::link::calls::RawCall;
use crate::link::names::program::Def;
use crate::link::storage::stores::Stores;
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::{INITIALIZER, Inference};
use crate::link::values::value::Value;
use crate::model::fact::{DefId, ExprKind, FileFacts, Region, RegionKind, Step, StepKind};
use crate::model::graph::Confidence;
use crate::model::rule::Rule;
use crate::model::source::Role;
use crate::model::sql::{Effect, Operation};

/// Functions below one that settles are looked at this far down.
const MOST_LEVELS: u32 = 3;
/// Functions looked at for one that settles.
const MOST_FUNCTIONS: usize = 64;
/// With more stores than this, each is only a guess.
const FEW_STORES: usize = 3;
/// A function that calls no more than this does little else than settle.
const FEW_CALLS: usize = 2;
/// With more stores than this, what callers leave to one that only settles is a guess.
const FEW_OF_CALLERS: usize = 6;
/// Calls down to the function that settles.
const MOST_SETTLED_BELOW: u32 = 2;
/// Rows of more stores than this that come along are only guessed.
const FEW_EAGER: usize = 8;
/// With more than this nothing is said.
const MOST_STORES: usize = 12;

impl<'a> Inference<'a> {
    /// Gives the writes that functions leave waiting to those that call them and settle.
    pub(crate) fn settle_writes(&mut self, calls: &[RawCall], found: &mut Accesses) {
        let settling = self.settling();
        let rules = self.rules;
        let pending = |it: &RawAccess| rules.rules[it.rule as usize].settings.get("access.pending").map(String::as_str);
        let mut waiting: FxHashMap<Def, Vec<RawAccess>> = FxHashMap::default();
        let mut kept: Vec<RawAccess> = Vec::with_capacity(found.accesses.len());
        for access in std::mem::take(&mut found.accesses) {
            let Some(how) = pending(&access) else {
                kept.push(access);
                continue;
            };
            let only = how == "only";
            let owner = self.named_owner(access.unit, access.owner);
            let def = self.program.def(access.unit, owner);
            let makes = self.program.definition(def).name == INITIALIZER;
            if access.operation.effect() == Effect::Write && access.confidence > Confidence::Guess && !makes {
                waiting.entry(def).or_default().push(access.clone());
            }
            // What only waits is no access of the function, unless it settles itself. What a row does to itself while it is
            // made is done to no row yet.
            let early = how == "own" && makes;
            if !only && !early || settling.contains_key(&def) && !makes {
                kept.push(access);
            }
        }
        found.accesses = kept;
        if settling.is_empty() || waiting.is_empty() {
            return;
        }
        let mut below: FxHashMap<Def, Vec<(Def, u32)>> = FxHashMap::default();
        for call in calls.iter().filter(|it| it.confidence > Confidence::Guess) {
            below.entry(call.from).or_default().push((call.to, call.line));
        }
        let key = |it: &RawAccess| (it.unit, self.named_owner(it.unit, it.owner), it.store);
        let written: FxHashSet<_> =
            found.accesses.iter().filter(|it| it.operation.effect() == Effect::Write).map(key).collect();
        let mut functions: Vec<(Def, u32)> = settling.iter().map(|(def, line)| (*def, *line)).collect();
        functions.sort_unstable();
        for (def, line) in functions {
            let (unit, owner) = self.program.local(def);
            let mut new: Vec<RawAccess> = Vec::new();
            for access in left_waiting(def, line, &below, &settling, &waiting) {
                let known = written.contains(&(unit, owner, access.store));
                if !known && !new.iter().any(|it| it.store == access.store) {
                    new.push(access.clone());
                }
            }
            let mut confidence = if new.len() > FEW_STORES { Confidence::Guess } else { Confidence::Likely };
            if new.is_empty() && !waiting.contains_key(&def) && self.hardly_calls(def) {
                // One that does no more than settle sends what its callers left waiting until they called it.
                for access in self.left_by_callers(def, calls, &below, &settling, &waiting) {
                    let known = written.contains(&(unit, owner, access.store));
                    if !known && !new.iter().any(|it| it.store == access.store) {
                        new.push(access.clone());
                    }
                }
                confidence = if new.len() > FEW_OF_CALLERS { Confidence::Guess } else { Confidence::Likely };
            }
            if new.len() > MOST_STORES {
                continue;
            }
            found.accesses.extend(new.into_iter().map(|it| {
                self.access_at(unit, owner, line, it.rule, (it.store, it.operation, it.confidence.min(confidence)))
            }));
        }
    }

    /// Whether a function does little else than settle.
    fn hardly_calls(&self, def: Def) -> bool {
        let (unit, owner) = self.program.local(def);
        let steps = self.facts(unit).steps.iter();
        steps.filter(|it| it.owner == owner && matches!(it.kind, StepKind::Call(_))).count() <= FEW_CALLS
    }

    /// Writes that wait in the functions that call one, or below them, when they call it; those of tests say nothing.
    fn left_by_callers<'w>(
        &self,
        def: Def,
        calls: &[RawCall],
        below: &FxHashMap<Def, Vec<(Def, u32)>>,
        settling: &FxHashMap<Def, u32>,
        waiting: &'w FxHashMap<Def, Vec<RawAccess>>,
    ) -> Vec<&'w RawAccess> {
        let mut left = Vec::new();
        for call in calls.iter().filter(|it| it.to == def && it.from != def && it.confidence > Confidence::Guess) {
            if self.program.is_test(call.from) && !self.program.is_test(def) {
                continue;
            }
            left.extend(waiting.get(&call.from).into_iter().flatten().filter(|it| it.line <= call.line));
            left.extend(left_waiting(call.from, call.line, below, settling, waiting));
        }
        left
    }

    /// Rows that a function goes on to use after it settled, or called what settles, are read anew
    /// (`access.reads "after"`).
    pub(crate) fn rows_read_anew(&mut self, calls: &[RawCall], stores: &mut Stores, found: &mut Accesses) {
        if self.rows_are_kept() {
            return;
        }
        let mut settled: FxHashMap<Def, Vec<Settled>> = FxHashMap::default();
        for (unit, rule, hit) in self.hits(|it| it.has("access.settle") && it.settings.contains_key("access.reads")) {
            if self.program.unit(unit).source.role == Role::Vendored {
                continue;
            }
            if rule.settings.get("access.reads").is_some_and(|it| it == "after")
                && capture(rule, hit, "access.settle").is_some()
                && self.guards_hold(unit, hit.owner, rule, hit) == Held::Yes
            {
                let at = Settled::new(self.facts(unit), hit.owner, hit.line, hit.rule);
                settled.entry(self.program.def(unit, hit.owner)).or_default().push(at);
            }
        }
        if settled.is_empty() {
            return;
        }
        for _ in 0..MOST_SETTLED_BELOW {
            let above: Vec<(Def, Settled)> = (calls.iter())
                .filter(|it| it.confidence > Confidence::Guess && it.from != it.to && !self.program.is_test(it.to))
                .filter(|it| !settled.contains_key(&it.from))
                .filter_map(|it| {
                    let (unit, owner) = self.program.local(it.from);
                    let rule = settled.get(&it.to)?.first()?.rule;
                    Some((it.from, Settled::new(self.facts(unit), owner, it.line, rule)))
                })
                .collect();
            for (from, at) in above {
                settled.entry(from).or_default().push(at);
            }
        }
        let mut settled: Vec<(Def, Settled)> = (settled.into_iter())
            .flat_map(|(def, places)| first_of_each_way(places).into_iter().map(move |it| (def, it)))
            .collect();
        settled.sort_unstable();
        self.rows_read_below(calls, &settled, stores, found);
        let gone = self.deleted_rows(found);
        let mut by_unit: FxHashMap<u32, Vec<(DefId, Settled)>> = FxHashMap::default();
        for (def, at) in settled {
            let (unit, owner) = self.program.local(def);
            by_unit.entry(unit).or_default().push((owner, at));
        }
        for unit in 0..self.program.units.len() as u32 {
            let Some(mut from) = by_unit.remove(&unit) else { continue };
            from.sort_unstable();
            let facts = self.facts(unit);
            for (owner, Settled { after, until, rule }) in from {
                let mut members = members_read(facts, owner, after);
                members.retain(|(member, _)| facts.expr(*member).at.line <= until);
                members.dedup();
                // What was read anew once is there, and what is loaded after the commit never expired.
                let mut fresh: FxHashSet<(&str, usize)> = FxHashSet::default();
                for (member, base) in members {
                    let ExprKind::Member { name, .. } = &facts.expr(member).kind else { continue };
                    let row = match &facts.expr(base).kind {
                        ExprKind::Name(row) => row.as_str(),
                        _ => "",
                    };
                    let line = facts.expr(member).at.line;
                    if gone.iter().any(|it| (it.0, it.1, it.2) == (unit, owner, row) && it.3 <= line)
                        || is_given_between(facts, owner, row, after, line)
                    {
                        continue;
                    }
                    let mut read: Vec<usize> = Vec::new();
                    for value in self.eval(unit, owner, base) {
                        let Value::Instance(of) = self.pool.value(value) else { continue };
                        let Some(store) = self.store_of_type(stores, of).filter(|it| stores.has_column(*it, name))
                        else {
                            continue;
                        };
                        read.push(store);
                        read.extend(self.eager_stores(stores, of));
                    }
                    read.sort_unstable();
                    read.dedup();
                    let confidence = if read.len() > FEW_EAGER { Confidence::Guess } else { Confidence::Likely };
                    for store in read {
                        if row.is_empty() || fresh.insert((row, store)) {
                            let step = (store, Operation::Select, confidence);
                            found.accesses.push(self.access_at(unit, owner, line, rule, step));
                        }
                    }
                }
            }
        }
    }

    /// Variables whose row a function deletes, with the line where it does: nothing of it is there to be read anew.
    fn deleted_rows(&self, found: &Accesses) -> Vec<(u32, DefId, &'a str, u32)> {
        let mut gone = Vec::new();
        for access in found.accesses.iter().filter(|it| it.operation == Operation::Delete) {
            let facts = self.facts(access.unit);
            let here = facts.steps.iter().filter(|it| it.owner == access.owner && it.line == access.line);
            for step in here {
                let StepKind::Call(call) = step.kind else { continue };
                let ExprKind::Call { callee, args } = &facts.expr(call).kind else { continue };
                let base = match &facts.expr(*callee).kind {
                    ExprKind::Member { base, .. } if args.is_empty() => Some(*base),
                    _ => None,
                };
                for row in base.into_iter().chain(args.iter().map(|it| it.value)) {
                    if let ExprKind::Name(name) = &facts.expr(row).kind {
                        gone.push((access.unit, access.owner, name.as_str(), access.line));
                    }
                }
            }
        }
        gone
    }

    /// Functions that settle a unit of work, with the last line where they do.
    fn settling(&mut self) -> FxHashMap<Def, u32> {
        let mut settling: FxHashMap<Def, u32> = FxHashMap::default();
        for (unit, rule, hit) in self.hits(|it| it.has("access.settle")) {
            if self.program.unit(unit).source.role == Role::Vendored {
                continue;
            }
            if capture(rule, hit, "access.settle").is_none()
                || makes_sessions(rule)
                || self.guards_hold(unit, hit.owner, rule, hit) != Held::Yes
            {
                continue;
            }
            let def = self.program.def(unit, self.named_owner(unit, hit.owner));
            let line = settling.entry(def).or_default();
            *line = hit.line.max(*line);
        }
        settling
    }
}

/// Where a function settled a unit of work: rows that it looks at in these lines are read anew.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::link) struct Settled {
    /// Last line of the call that settled: what it was given was looked at before.
    pub(in crate::link) after: u32,
    /// Last line of the branch that leaves the function; no end where none does.
    pub(in crate::link) until: u32,
    pub(in crate::link) rule: u32,
}

impl Settled {
    fn new(facts: &FileFacts, owner: DefId, line: u32, rule: u32) -> Self {
        let call = |it: &Step| match it.kind {
            StepKind::Call(expr) if it.owner == owner && it.line == line => Some(facts.expr(expr).end_line),
            _ => None,
        };
        let after = facts.steps.iter().filter_map(call).max().unwrap_or(line);
        let leaves = |it: &&Region| {
            it.owner == owner && it.kind == RegionKind::Leaving && (it.first_line..=it.last_line).contains(&line)
        };
        let until = facts.regions.iter().filter(leaves).map(|it| it.last_line).min().unwrap_or(u32::MAX);
        Self { after, until, rule }
    }
}

/// The first place in each branch that leaves the function, and the first outside of them.
fn first_of_each_way(mut places: Vec<Settled>) -> Vec<Settled> {
    places.sort_unstable();
    let mut until = 0;
    places.retain(|it| {
        let is_first = it.after > until;
        until = if is_first { it.until } else { until };
        is_first
    });
    places
}

/// Whether a variable is given another value between two lines of a function.
fn is_given_between(facts: &FileFacts, owner: DefId, name: &str, after: u32, before: u32) -> bool {
    facts.steps.iter().filter(|it| it.owner == owner && it.line > after && it.line < before).any(|step| {
        matches!(step.kind, StepKind::Assign { target, .. }
            if matches!(&facts.expr(target).kind, ExprKind::Name(it) if it == name))
    })
}

/// Whether a rule is about what makes that which is settled.
fn makes_sessions(rule: &Rule) -> bool {
    rule.settings.get("access.reads").is_some_and(|it| matches!(it.as_str(), "made" | "never" | "awaited"))
}

/// Writes that the functions below one leave waiting, without those below functions that settle themselves.
fn left_waiting<'w>(
    def: Def,
    line: u32,
    below: &FxHashMap<Def, Vec<(Def, u32)>>,
    settling: &FxHashMap<Def, u32>,
    waiting: &'w FxHashMap<Def, Vec<RawAccess>>,
) -> Vec<&'w RawAccess> {
    let mut left = Vec::new();
    let mut seen: FxHashSet<Def> = FxHashSet::default();
    seen.insert(def);
    let mut level: Vec<Def> =
        below.get(&def).into_iter().flatten().filter(|(_, at)| *at <= line).map(|(to, _)| *to).collect();
    for _ in 0..MOST_LEVELS {
        let mut next = Vec::new();
        for to in level {
            if settling.contains_key(&to) || seen.len() > MOST_FUNCTIONS || !seen.insert(to) {
                continue;
            }
            left.extend(waiting.get(&to).into_iter().flatten());
            next.extend(below.get(&to).into_iter().flatten().map(|(to, _)| *to));
        }
        level = next;
    }
    left
}
