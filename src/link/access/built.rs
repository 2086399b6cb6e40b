//! What a chain of calls says of itself: reads that only build the query of a write, and relations that load with rows
//! which the chain never gives.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::link::access::accesses::{Accesses, RawAccess};
use crate::link::access::joins;
use crate::link::calls::visit;
use crate::link::storage::stores::Stores;
use crate::link::values::guards::{capture, captures};
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::{Value, ValueId};
use crate::model::fact::{Captured, DefId, ExprId, ExprKind, FileFacts, Match, StepKind};
use crate::model::rule::Rule;
use crate::model::sql::{Effect, Operation};

/// Variables that a chain began in, one in the other, that are followed.
const MOST_NAMES: u32 = 2;

impl Inference<'_> {
    /// In one chain a write wins over the reads that only build its query.
    pub(crate) fn drop_query_building(&mut self, stores: &Stores, found: &mut Accesses) {
        let mut building: FxHashSet<(u32, ExprId, usize)> = FxHashSet::default();
        let mut parents: FxHashMap<u32, Vec<Option<ExprId>>> = FxHashMap::default();
        let rules = self.rules;
        // What only hands a statement over does not say which of the reads in it build the write.
        let hands_over = |it: &RawAccess| rules.rules[it.rule as usize].settings.contains_key("access.elsewhere");
        let writes = found.accesses.iter().filter(|it| it.operation.effect() == Effect::Write && !hands_over(it));
        let writes: Vec<(&RawAccess, ExprId)> = writes.filter_map(|it| Some((it, it.expr?))).collect();
        let written: FxHashSet<(u32, ExprId)> = writes.iter().map(|(it, root)| (it.unit, *root)).collect();
        for (access, root) in writes {
            let facts = self.facts(access.unit);
            let mut todo = vec![root];
            let mut steps = 0;
            let mut named: Vec<&str> = Vec::new();
            let mut built: Vec<ExprId> = Vec::new();
            while let Some(expr) = todo.pop() {
                steps += 1;
                if steps > 64 {
                    break;
                }
                match &facts.expr(expr).kind {
                    ExprKind::Call { callee, args } => {
                        if expr != root {
                            building.insert((access.unit, expr, access.store));
                        }
                        todo.extend(args.iter().map(|it| it.value));
                        todo.push(*callee);
                    }
                    ExprKind::Member { base, .. } => match &facts.expr(*base).kind {
                        ExprKind::Name(name) if named.contains(&name.as_str()) => {}
                        ExprKind::Name(name) => {
                            named.push(name);
                            let around = parents.entry(access.unit).or_insert_with(|| joins::parents(facts));
                            // What another variable goes on building of it is a part of the same query.
                            let is_write = |it: ExprId| written.contains(&(access.unit, it)) || built.contains(&it);
                            let given = self.only_built(access.unit, access.owner, name, around, &is_write);
                            // Rows that were fetched were read.
                            if given.iter().all(|it| self.asks_only(stores, access.unit, access.owner, *it)) {
                                built.extend(&given);
                                todo.extend(given);
                            }
                        }
                        _ => todo.push(*base),
                    },
                    _ => {}
                }
            }
        }
        let upserts: FxHashSet<(u32, ExprId, usize)> = found
            .accesses
            .iter()
            .filter(|it| it.operation == Operation::Upsert)
            .filter_map(|it| Some((it.unit, it.expr?, it.store)))
            .collect();
        // `insert .. on conflict do update` is one upsert.
        found.accesses.retain(|it| {
            it.operation != Operation::Insert
                || it.expr.is_none_or(|expr| !upserts.contains(&(it.unit, expr, it.store)))
        });
        let mut accesses = std::mem::take(&mut found.accesses);
        accesses.retain(|it| {
            it.operation.effect() == Effect::Write
                || it.expr.is_none_or(|expr| {
                    !building.contains(&(it.unit, expr, it.store)) || self.gives_rows(stores, it, expr)
                })
        });
        found.accesses = accesses;
    }

    /// Whether a call only describes a query (`access.lazy`) that stands as a statement of its own: nobody takes it, so it never
    /// runs.
    pub(crate) fn is_never_run(&self, unit: u32, rule: &Rule, root: Option<ExprId>) -> bool {
        let facts = self.facts(unit);
        let Some(root) = root.filter(|_| !facts.unused.is_empty() && rule.settings.contains_key("access.lazy")) else {
            return false;
        };
        let line = facts.expr(root).at.line;
        let end = |it: ExprId| facts.expr(it).end_line.max(facts.expr(it).at.line);
        facts.unused.iter().filter(|it| it.0 >= root.0 && facts.expr(root).at.line <= end(**it)).any(|outer| {
            let mut at = *outer;
            while let ExprKind::Call { callee, .. } = &facts.expr(at).kind
                && let ExprKind::Member { base, name } = &facts.expr(*callee).kind
                && facts.expr(at).at.line >= line
                && rule.words("access.lazy").any(|it| it == name)
            {
                if at == root {
                    return true;
                }
                at = *base;
            }
            false
        })
    }

    /// What a local variable is given, where all that a function does with it is to go on building (`q = q.filter(..)`) and to
    /// write (`q.delete()`): then nothing ever reads what it asks for. Nothing where it is used in another way.
    fn only_built(
        &self,
        unit: u32,
        owner: DefId,
        name: &str,
        parents: &[Option<ExprId>],
        is_write: &dyn Fn(ExprId) -> bool,
    ) -> Vec<ExprId> {
        let facts = self.facts(unit);
        let home = self.program.space(unit, owner);
        if owner == DefId::MODULE
            || self.assigned_space(unit, owner, name) != home
            || self.find_var(home, name).is_none()
        {
            return Vec::new();
        }
        let is_it = |it: ExprId| is_named(facts, it, name);
        let mut given: Vec<ExprId> = Vec::new();
        let mut uses: Vec<ExprId> = Vec::new();
        for step in facts.steps.iter().filter(|it| self.stands_in(unit, it.owner, owner)) {
            let (target, value) = match step.kind {
                StepKind::Assign { target, value } => (Some(target), value),
                StepKind::Declare { .. } | StepKind::Spawn(_) => continue,
                StepKind::Return(it) | StepKind::Yield(it) | StepKind::Call(it) | StepKind::Read(it) => (None, it),
            };
            if target.is_some_and(is_it) {
                given.push(value);
            } else if let Some(target) = target {
                visit(facts, target, &mut |it| uses.extend(is_it(it).then_some(it)), 0);
            }
            visit(facts, value, &mut |it| uses.extend(is_it(it).then_some(it)), 0);
        }
        let is_fine = |of: &ExprId| {
            let last = joins::last_of_chain(facts, parents, *of);
            let mut at = *of;
            while at != last && !is_write(at) {
                at = parents[at.0 as usize].unwrap_or(last);
            }
            last != *of && (is_write(at) || given.contains(&last))
        };
        if uses.iter().all(is_fine) { given } else { Vec::new() }
    }

    /// Whether a value is known, and no row.
    fn asks_only(&mut self, stores: &Stores, unit: u32, owner: DefId, expr: ExprId) -> bool {
        let values = self.eval(unit, owner, expr);
        let is_row = |it: &ValueId| match self.pool.value(*it) {
            Value::Instance(of) => self.store_of_type(stores, of).is_some(),
            Value::Outside { path, instance: true, .. } => self.outside_entity(path).is_some(),
            _ => true,
        };
        !values.is_empty() && !values.iter().any(is_row)
    }

    /// Whether a definition is another one or stands inside it.
    fn stands_in(&self, unit: u32, mut of: DefId, within: DefId) -> bool {
        let facts = self.facts(unit);
        while of != within && of != DefId::MODULE {
            of = facts.definition(of).parent;
        }
        of == within
    }

    /// What loads along with rows does not where a query only counts them, or asks for columns (`access.bare`).
    pub(crate) fn drop_unloaded(&mut self, found: &mut Accesses) {
        let rules = self.rules;
        let mut parents: FxHashMap<u32, Vec<Option<ExprId>>> = FxHashMap::default();
        let asks = |it: &&RawAccess| rules.rules[it.rule as usize].settings.contains_key("access.asks");
        let asking: FxHashSet<(u32, DefId)> =
            found.accesses.iter().filter(asks).map(|it| (it.unit, self.named_owner(it.unit, it.owner))).collect();
        let mut accesses = std::mem::take(&mut found.accesses);
        accesses.retain(|it| {
            let rule = &rules.rules[it.rule as usize];
            if it.loaded && rule.settings.contains_key("access.elsewhere") {
                // The statement was made here: what loads with it is said there.
                return !asking.contains(&(it.unit, self.named_owner(it.unit, it.owner)));
            }
            let Some(root) = it.expr.filter(|_| it.loaded && rule.settings.contains_key("access.bare")) else {
                return true;
            };
            let facts = self.facts(it.unit);
            let around = parents.entry(it.unit).or_insert_with(|| joins::parents(facts));
            let last = joins::last_of_chain(facts, around, root);
            let ends_bare = called(facts, last).is_some_and(|name| rule.words("access.bare").any(|it| it == name));
            !ends_bare && !self.asks_columns(Spot { unit: it.unit, owner: it.owner, expr: last }, rule, 0)
        });
        found.accesses = accesses;
    }

    /// Whether the chain that a match stands in ends with rows, with which others may load (`access.bare`, `access.asks`).
    pub(crate) fn ends_in_rows(&mut self, unit: u32, rule: &Rule, hit: &Match) -> bool {
        let Some(Captured::Expr(root)) = capture(rule, hit, "access") else { return false };
        if !rule.settings.contains_key("access.bare") || self.asks_for_columns(unit, rule, hit) {
            return false;
        }
        let facts = self.facts(unit);
        let last = joins::last_of_chain(facts, &joins::parents(facts), *root);
        let ends_bare = called(facts, last).is_some_and(|name| rule.words("access.bare").any(|it| it == name));
        !ends_bare && !self.asks_columns(Spot { unit, owner: hit.owner, expr: last }, rule, 0)
    }

    /// Stores that load with the rows of a store, whichever of its entities they are rows of.
    pub(crate) fn loaded_with(&mut self, stores: &mut Stores, store: usize) -> Vec<usize> {
        let mut loading: Vec<usize> = Vec::new();
        for of in stores.drafts[store].entities.clone() {
            loading.extend(self.eager_stores(stores, of).into_iter().filter(|it| *it != store));
        }
        loading.sort_unstable();
        loading.dedup();
        loading.iter().for_each(|it| stores.drafts[*it].used = true);
        loading
    }

    /// Whether a chain asks (`access.asks`) for columns, and for no entity as such: `query(Order.id, func.sum(Order.total))`.
    /// It may have begun in a local variable; of several calls that ask, the last counts.
    fn asks_columns(&mut self, last: Spot, rule: &Rule, level: u32) -> bool {
        let facts = self.facts(last.unit);
        let mut at = last.expr;
        while let ExprKind::Call { callee, args } = &facts.expr(at).kind {
            if called(facts, at).is_some_and(|name| rule.words("access.asks").any(|it| it == name)) {
                return !args.is_empty() && args.iter().all(|it| self.is_column(Spot { expr: it.value, ..last }));
            }
            let ExprKind::Member { base, .. } = &facts.expr(*callee).kind else { return false };
            at = *base;
        }
        let ExprKind::Name(name) = &facts.expr(at).kind else { return false };
        if level > MOST_NAMES {
            return false;
        }
        let given = facts.steps.iter().filter(|it| it.owner == last.owner).filter_map(|it| match it.kind {
            StepKind::Assign { target, value } if is_named(facts, target, name) => Some(value),
            _ => None,
        });
        // `query = query.filter(..)` asks for what it asked for before.
        let begun: Vec<ExprId> = given.filter(|it| !is_named(facts, first_of(facts, *it), name)).collect();
        !begun.is_empty() && begun.into_iter().all(|expr| self.asks_columns(Spot { expr, ..last }, rule, level + 1))
    }

    /// Whether a rule's targets are columns, with which no rows come that relations could load along.
    pub(crate) fn asks_for_columns(&mut self, unit: u32, rule: &Rule, hit: &Match) -> bool {
        if !rule.settings.contains_key("access.within") {
            return false;
        }
        let targets: Vec<ExprId> = (captures(rule, hit, "access.target"))
            .filter_map(|it| match it {
                Captured::Expr(expr) => Some(*expr),
                _ => None,
            })
            .collect();
        !targets.is_empty() && targets.into_iter().all(|expr| self.is_column(Spot { unit, owner: hit.owner, expr }))
    }

    fn is_column(&mut self, spot: Spot) -> bool {
        match &self.facts(spot.unit).expr(spot.expr).kind {
            ExprKind::Member { .. } | ExprKind::Call { .. } => {}
            ExprKind::Sequence(items) => {
                return !items.is_empty() && items.iter().all(|it| self.is_column(Spot { expr: *it, ..spot }));
            }
            _ => return false,
        }
        let values = self.eval(spot.unit, spot.owner, spot.expr);
        !values.iter().any(|it| match self.pool.value(*it) {
            Value::Def(of) | Value::Instance(of) => self.program.is_type(of),
            _ => false,
        })
    }
}

fn is_named(facts: &FileFacts, expr: ExprId, name: &str) -> bool {
    matches!(&facts.expr(expr).kind, ExprKind::Name(it) if it == name)
}

/// What a chain of calls begins with.
fn first_of(facts: &FileFacts, expr: ExprId) -> ExprId {
    let mut first = expr;
    while let ExprKind::Call { callee, .. } = &facts.expr(first).kind
        && let ExprKind::Member { base, .. } = &facts.expr(*callee).kind
    {
        first = *base;
    }
    first
}

/// The name of what a call runs.
fn called(facts: &FileFacts, call: ExprId) -> Option<&str> {
    let ExprKind::Call { callee, .. } = &facts.expr(call).kind else { return None };
    match &facts.expr(*callee).kind {
        ExprKind::Member { name, .. } | ExprKind::Name(name) => Some(name),
        _ => None,
    }
}
