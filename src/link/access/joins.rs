//! Joins of statements that code builds by calls: what one call joins, with what the rest of the statement touches.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::link::access::accesses::{Accesses, RawAccess, RawJoin};
use crate::link::calls::children;
use crate::link::names::program::Def;
use crate::link::storage::stores::Stores;
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::{Subject, Value};
use crate::model::fact::{DefId, ExprId, ExprKind, FileFacts, Match, StepKind};
use crate::model::graph::Confidence;
use crate::model::rule::Rule;
use crate::model::sql::Operation;

/// Links of a query that are followed back to where it was made.
const MOST_LINKS: usize = 64;
/// Of more functions than this that may have made a query any may be meant; of many more nothing is said.
const FEW_MAKERS: usize = 3;
const MOST_MAKERS: usize = 12;
/// Makers that hand on what others made are followed this far.
const MOST_HANDS: u32 = 3;

/// What the accesses of one statement have in common.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Statement<'a> {
    /// The last call of a fluent chain.
    Chain(ExprId),
    /// A query kept in a local variable and built further.
    Variable(DefId, &'a str),
}

impl Inference<'_> {
    /// Adds a join for each statement in which a call that joins stands beside accesses to other stores.
    pub(crate) fn find_joins(&mut self, found: &mut Accesses) {
        let mut of_unit: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
        for (at, access) in found.accesses.iter().enumerate() {
            if access.expr.is_some() {
                of_unit.entry(access.unit).or_default().push(at);
            }
        }
        let mut units: Vec<u32> = of_unit.keys().copied().collect();
        units.sort_unstable();
        for unit in units {
            let members = &of_unit[&unit];
            if members.iter().any(|at| found.accesses[*at].joins) {
                self.joins_of_unit(unit, members, found);
            }
        }
    }

    /// Joins what a call reads along to each store that it may be about: of several one at a time is meant.
    pub(crate) fn join_along(
        &mut self,
        stores: &Stores,
        unit: u32,
        rule: &Rule,
        hit: &Match,
        root: Option<ExprId>,
        columns: &[String],
        touched: &[usize],
        steps: &[(usize, Operation)],
        found: &mut Accesses,
    ) {
        for one in touched {
            let mut joined: Vec<usize> = if touched.len() == 1 {
                steps.iter().map(|(it, _)| *it).collect()
            } else {
                self.relation_reads(stores, rule, unit, hit.owner, root, columns, &[*one])
            };
            if !joined.contains(one) {
                joined.push(*one);
            }
            joined.sort_unstable();
            if joined.len() > 1 {
                found.joins.push(RawJoin { unit, owner: hit.owner, line: hit.line, stores: joined });
            }
        }
    }

    /// A query that another function built with joins reads all of them where it runs.
    pub(crate) fn carried_joins(&mut self, found: &mut Accesses) {
        let mut joined: FxHashMap<(u32, DefId), Vec<usize>> = FxHashMap::default();
        for (at, join) in found.joins.iter().enumerate() {
            joined.entry((join.unit, self.named_owner(join.unit, join.owner))).or_default().push(at);
        }
        // Tables in clauses that a function adds to a query which it is handed.
        let rules = self.rules;
        let mut clauses: FxHashMap<(u32, DefId), Vec<usize>> = FxHashMap::default();
        for access in found.accesses.iter().filter(|it| it.joins && it.operation == Operation::Select) {
            if rules.rules[access.rule as usize].has("embedded.sql") {
                let added = clauses.entry((access.unit, self.named_owner(access.unit, access.owner))).or_default();
                added.push(access.store);
            }
        }
        for (unit, owner, store) in &found.added {
            clauses.entry((*unit, *owner)).or_default().push(*store);
        }
        if joined.is_empty() && clauses.is_empty() {
            return;
        }
        let key = |it: &RawAccess| (it.unit, self.named_owner(it.unit, it.owner), it.store);
        let mut known: FxHashSet<_> =
            found.accesses.iter().filter(|it| it.operation == Operation::Select).map(key).collect();
        let mut carried: Vec<RawAccess> = Vec::new();
        for access in &found.accesses {
            let (Operation::Select, Some(expr)) = (access.operation, access.expr) else { continue };
            let makers = self.makers_of(access.unit, access.owner, expr);
            let bound = if makers.len() > FEW_MAKERS { Confidence::Guess } else { Confidence::Likely };
            for maker in makers {
                let place = self.program.local(maker);
                let whole = joined.get(&place).into_iter().flatten().map(|at| &found.joins[*at].stores);
                let whole = whole.filter(|it| it.contains(&access.store));
                let added = clauses.get(&place).filter(|_| access.confidence > Confidence::Guess);
                for stores in whole.chain(added) {
                    for store in stores {
                        let owner = self.named_owner(access.unit, access.owner);
                        if known.insert((access.unit, owner, *store)) {
                            carried.push(RawAccess {
                                store: *store,
                                columns: Vec::new(),
                                predicates: Vec::new(),
                                confidence: access.confidence.min(bound),
                                expr: None,
                                joins: false,
                                by_callers: false,
                                cascaded: false,
                                ..access.clone()
                            });
                        }
                    }
                }
            }
        }
        found.accesses.extend(carried);
    }

    /// Functions of the program that may have made a query: whose calls it begins with, through local variables, and
    /// those that they have it from.
    fn makers_of(&mut self, unit: u32, owner: DefId, expr: ExprId) -> Vec<Def> {
        let mut makers: Vec<Def> = Vec::new();
        let mut seen: FxHashSet<(u32, ExprId)> = FxHashSet::default();
        let mut todo = vec![(Spot { unit, owner, expr }, 0)];
        while let Some((at, hands)) = todo.pop() {
            if seen.len() > MOST_LINKS || !seen.insert((at.unit, at.expr)) {
                continue;
            }
            match &self.facts(at.unit).expr(at.expr).kind {
                ExprKind::Call { callee, args } => {
                    let made_by = self.makers_at(at, *callee);
                    match &self.facts(at.unit).expr(*callee).kind {
                        ExprKind::Member { base, .. } if made_by.is_empty() => {
                            todo.push((Spot { expr: *base, ..at }, hands));
                        }
                        ExprKind::Name(_) if made_by.is_empty() => {
                            todo.extend(args.first().map(|it| (Spot { expr: it.value, ..at }, hands)));
                        }
                        _ => {}
                    }
                    for maker in made_by {
                        if makers.contains(&maker) {
                            continue;
                        }
                        makers.push(maker);
                        if hands < MOST_HANDS
                            && let Some(var) = self.result_var(maker)
                        {
                            todo.extend(self.sources(var).into_iter().map(|it| (it, hands + 1)));
                        }
                    }
                }
                ExprKind::Name(name) => {
                    if let Some(var) = self.find_var(self.program.space(at.unit, at.owner), name) {
                        let sources = self.vars.sources(var);
                        let own = sources.iter().filter(|it| it.unit == at.unit && it.owner == at.owner);
                        todo.extend(own.map(|it| (*it, hands)));
                    }
                }
                ExprKind::Choice(items) => todo.extend(items.iter().map(|it| (Spot { expr: *it, ..at }, hands))),
                _ => {}
            }
        }
        if makers.len() > MOST_MAKERS { Vec::new() } else { makers }
    }

    /// Functions of the program that a call runs, also by way of outside code that works on what they give
    /// (`get_object` on `get_queryset`).
    fn makers_at(&mut self, at: Spot, callee: ExprId) -> Vec<Def> {
        let mut makers: Vec<Def> = Vec::new();
        let separator = self.separator(at.unit);
        for value in self.eval(at.unit, at.owner, callee) {
            match self.pool.value(value) {
                Value::Def(of) | Value::Bound(of, _) if self.program.is_function(of) && !makers.contains(&of) => {
                    makers.push(of);
                }
                Value::Outside { path, .. } => {
                    let Some(stub) = self.stub_of_call(path, separator).stub.filter(|it| !it.of.is_empty()) else {
                        continue;
                    };
                    let ExprKind::Member { base, .. } = self.facts(at.unit).expr(callee).kind else { continue };
                    for receiver in self.eval(at.unit, at.owner, base) {
                        let receiver = match self.pool.value(receiver) {
                            Value::Super(of) => Value::Instance(of),
                            other => other,
                        };
                        for name in &stub.of {
                            for it in self.member(receiver, name, at.unit) {
                                if let Value::Bound(of, _) = self.pool.value(it)
                                    && !makers.contains(&of)
                                {
                                    makers.push(of);
                                }
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        makers
    }

    fn joins_of_unit(&mut self, unit: u32, members: &[usize], found: &mut Accesses) {
        let facts = self.facts(unit);
        let parents = parents(facts);
        let ends: Vec<ExprId> = members
            .iter()
            .filter_map(|at| found.accesses[*at].expr)
            .map(|expr| last_of_chain(facts, &parents, enclosing_call(facts, &parents, expr)))
            .collect();
        let built: FxHashSet<ExprId> = ends.iter().copied().collect();
        let mut kept: FxHashMap<ExprId, (DefId, &str)> = FxHashMap::default();
        for step in &facts.steps {
            if let StepKind::Assign { target, value } = step.kind
                && built.contains(&value)
                && let ExprKind::Name(name) = &facts.expr(target).kind
            {
                kept.insert(value, (step.owner, name));
            }
        }
        let variables: FxHashSet<(DefId, &str)> = kept.values().copied().collect();
        let mut statements: FxHashMap<Statement<'_>, Vec<usize>> = FxHashMap::default();
        let mut order = Vec::new();
        for (at, end) in members.iter().zip(ends) {
            let owner = found.accesses[*at].owner;
            let first = first_of_chain(facts, end);
            let begun_at = match &facts.expr(first).kind {
                ExprKind::Name(name) if variables.contains(&(owner, name.as_str())) => Some((owner, name.as_str())),
                _ => None,
            };
            let statement = match begun_at.filter(|_| self.is_query(unit, owner, first)) {
                Some((owner, name)) => Statement::Variable(owner, name),
                None => kept.get(&end).map_or(Statement::Chain(end), |(owner, name)| Statement::Variable(*owner, name)),
            };
            let entry = statements.entry(statement).or_default();
            if entry.is_empty() {
                order.push(statement);
            }
            entry.push(*at);
        }
        for statement in order {
            let of: Vec<_> = statements[&statement].iter().map(|at| &found.accesses[*at]).collect();
            let Some(joining) = of.iter().find(|it| it.joins) else { continue };
            let stores_where = |wanted: &dyn Fn(&RawAccess) -> bool| {
                let mut stores: Vec<usize> = of.iter().filter(|it| wanted(it)).map(|it| it.store).collect();
                stores.sort_unstable();
                stores.dedup();
                stores
            };
            let mut stores = stores_where(&|_| true);
            // Of the queries that callers may hand in one at a time is meant: what is joined goes with whichever it is.
            if stores_where(&|it| it.confidence == Confidence::Guess).len() > 1 {
                stores = stores_where(&|it| it.confidence > Confidence::Guess);
                let owner = self.named_owner(unit, joining.owner);
                let joined = of.iter().filter(|it| it.joins && it.confidence > Confidence::Guess);
                found.added.extend(joined.map(|it| (unit, owner, it.store)));
            }
            let join = RawJoin { unit, owner: joining.owner, line: joining.line, stores };
            if join.stores.len() > 1 {
                found.joins.push(join);
            }
        }
    }

    /// Whether an expression is a query still being built, not something that a query gave.
    fn is_query(&mut self, unit: u32, owner: DefId, expr: ExprId) -> bool {
        self.eval(unit, owner, expr)
            .iter()
            .any(|it| matches!(self.pool.value(*it), Value::Outside { subject, .. } if subject != Subject::None))
    }
}

/// For each expression the one it stands in.
pub(crate) fn parents(facts: &FileFacts) -> Vec<Option<ExprId>> {
    let mut parents = vec![None; facts.exprs.len()];
    for at in 0..facts.exprs.len() as u32 {
        children(facts, ExprId(at), &mut |inner| parents[inner.0 as usize] = Some(ExprId(at)));
    }
    parents
}

/// The nearest call at or around an expression; the expression itself where none is.
fn enclosing_call(facts: &FileFacts, parents: &[Option<ExprId>], expr: ExprId) -> ExprId {
    let mut at = Some(expr);
    while let Some(found) = at {
        if matches!(facts.expr(found).kind, ExprKind::Call { .. }) {
            return found;
        }
        at = parents[found.0 as usize];
    }
    expr
}

/// The last call of the fluent chain (`a.b().c()`) that a call is a link of.
pub(crate) fn last_of_chain(facts: &FileFacts, parents: &[Option<ExprId>], expr: ExprId) -> ExprId {
    let mut last = expr;
    while let Some(member) = parents[last.0 as usize]
        && let ExprKind::Member { base, .. } = &facts.expr(member).kind
        && *base == last
        && let Some(call) = parents[member.0 as usize]
        && let ExprKind::Call { callee, .. } = &facts.expr(call).kind
        && *callee == member
    {
        last = call;
    }
    last
}

/// What the fluent chain that ends in a call begins with.
pub(crate) fn first_of_chain(facts: &FileFacts, expr: ExprId) -> ExprId {
    let mut first = expr;
    while let ExprKind::Call { callee, .. } = &facts.expr(first).kind
        && let ExprKind::Member { base, .. } = &facts.expr(*callee).kind
    {
        first = *base;
    }
    first
}
