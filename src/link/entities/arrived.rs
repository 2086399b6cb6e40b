//! Rows that come with relations loaded: by the query that gave them, from the row they belong to, or as they were made.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::link::access::accesses::{Accesses, RawAccess, operation_of};
use crate::link::names::program::Def;
use crate::link::storage::stores::Stores;
use crate::link::values::guards::Held;
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::{Subject, Value};
use crate::model::fact::{DefId, ExprId, ExprKind, Match, ParamKind};
use crate::model::graph::Confidence;
use crate::model::rule::{Gives, Rule};
use crate::model::sql::Operation;

/// Steps from where a row is used to the query that gave it.
const MOST_STEPS: u32 = 12;
/// Expressions looked at for one use.
const MOST_LOOKS: usize = 400;
/// Of more functions that a query may come from hardly all are meant.
const MOST_WAYS: usize = 3;
/// Calls of one function that are followed.
const MOST_CALLS: usize = 40;

/// What was looked at for one use.
#[derive(Default)]
struct Looked {
    seen: FxHashSet<(Spot, usize)>,
}

/// The way back through a query.
struct QueryWalk<'f> {
    related: &'f FxHashMap<(u32, ExprId), Vec<usize>>,
    read: Vec<usize>,
    seen: FxHashSet<Spot>,
    /// Calls whose results are followed.
    within: Vec<(Def, Spot)>,
    /// Functions that hand it in, or that may have given it.
    ways: usize,
}

impl<'f> QueryWalk<'f> {
    fn new(related: &'f FxHashMap<(u32, ExprId), Vec<usize>>) -> Self {
        Self { related, read: Vec::new(), seen: FxHashSet::default(), within: Vec::new(), ways: 0 }
    }
}

impl Inference<'_> {
    /// Whether what a member reads was loaded with the row that it begins with, whichever way that came.
    pub(crate) fn comes_loaded(&mut self, member: Spot) -> bool {
        let mut path: Vec<String> = Vec::new();
        let mut at = member.expr;
        while let ExprKind::Member { base, name } = &self.facts(member.unit).expr(at).kind {
            path.insert(0, name.to_string());
            at = *base;
            if self.brings(Spot { expr: at, ..member }, &path, 0, &mut Looked::default()) == Some(true) {
                return true;
            }
        }
        false
    }

    /// Whether a row came with what a path of relations reads from it.
    pub(crate) fn row_brings(&mut self, row: Spot, path: &[String]) -> bool {
        self.brings(row, path, 0, &mut Looked::default()) == Some(true)
    }

    /// Takes out what asks for the rows of a relation that came with its row (`access.kept "all"`).
    pub(crate) fn drop_loaded_before(&mut self, found: &mut Accesses) {
        let rules = self.rules;
        let mut accesses = std::mem::take(&mut found.accesses);
        accesses.retain(|it| {
            let Some(expr) = it.expr.filter(|_| it.operation == Operation::Select) else { return true };
            let rule = &rules.rules[it.rule as usize];
            if !rule.settings.contains_key("access.loaded") {
                return true;
            }
            let ExprKind::Call { callee, args } = &self.facts(it.unit).expr(expr).kind else { return true };
            let ExprKind::Member { base, name } = &self.facts(it.unit).expr(*callee).kind else { return true };
            if !args.is_empty() || !rule.words("access.loaded").any(|it| it == name) {
                return true;
            }
            let is_member = matches!(self.facts(it.unit).expr(*base).kind, ExprKind::Member { .. });
            !is_member || !self.comes_loaded(Spot { unit: it.unit, owner: it.owner, expr: *base })
        });
        found.accesses = accesses;
    }

    /// A query that another function built runs where it is consumed, with the relations that are named there.
    pub(crate) fn run_elsewhere(&mut self, stores: &mut Stores, found: &mut Accesses) {
        if found.related.is_empty() {
            return;
        }
        let runs: Vec<(Spot, u32, u32)> = (found.accesses.iter())
            .filter(|it| it.operation == Operation::Select && it.confidence > Confidence::Guess && !it.joins)
            .filter_map(|it| Some((Spot { unit: it.unit, owner: it.owner, expr: it.expr? }, it.line, it.rule)))
            .collect();
        let mut told: FxHashSet<(u32, DefId, usize)> =
            found.accesses.iter().map(|it| (it.unit, self.named_owner(it.unit, it.owner), it.store)).collect();
        for (run, line, rule) in runs {
            let Some(query) = self.query_run(run) else { continue };
            let home = self.named_owner(run.unit, run.owner);
            let mut walk = QueryWalk::new(&found.related);
            self.walk_query(query, 0, &mut walk);
            let mut read = walk.read;
            read.sort_unstable();
            read.dedup();
            let confidence = if walk.ways > MOST_WAYS { Confidence::Guess } else { Confidence::Likely };
            for store in read {
                if told.insert((run.unit, home, store)) {
                    stores.drafts[store].used = true;
                    let step = (store, Operation::Select, confidence);
                    found.accesses.push(self.access_at(run.unit, run.owner, line, rule, step));
                }
            }
        }
    }

    /// A query that joins other tables finds the rows that it deletes by a query of its own, which reads them.
    pub(crate) fn joined_deletions(&mut self, stores: &mut Stores, found: &mut Accesses) {
        let rules = self.rules;
        let deletes = |it: &&RawAccess| {
            let cascade = rules.rules[it.rule as usize].settings.get("access.cascade");
            it.operation == Operation::Delete && cascade.is_some_and(|it| it == "query")
        };
        let deletions: Vec<RawAccess> = found.accesses.iter().filter(deletes).cloned().collect();
        for it in deletions {
            let Some(expr) = it.expr else { continue };
            let ExprKind::Call { callee, .. } = &self.facts(it.unit).expr(expr).kind else { continue };
            let ExprKind::Member { base, .. } = &self.facts(it.unit).expr(*callee).kind else { continue };
            let mut walk = QueryWalk::new(&found.related);
            self.walk_query(Spot { unit: it.unit, owner: it.owner, expr: *base }, 0, &mut walk);
            if !walk.read.is_empty() && walk.ways <= MOST_WAYS {
                stores.drafts[it.store].used = true;
                let step = (it.store, Operation::Select, it.confidence.min(Confidence::Likely));
                found.accesses.push(self.access_at(it.unit, it.owner, it.line, it.rule, step));
            }
        }
    }

    /// The query that is run: run through, handed to a function, or asked for what is no query any more.
    fn query_run(&mut self, run: Spot) -> Option<Spot> {
        let facts = self.facts(run.unit);
        let expr = match &facts.expr(run.expr).kind {
            ExprKind::Call { callee, args } => match &facts.expr(*callee).kind {
                ExprKind::Member { base, .. } if !self.gives_queries(run) => *base,
                ExprKind::Name(_) => args.first().filter(|it| it.name.is_none() && !it.spread)?.value,
                _ => return None,
            },
            ExprKind::Name(_) | ExprKind::Member { .. } => run.expr,
            _ => return None,
        };
        let query = Spot { expr, ..run };
        self.gives_queries(query).then_some(query)
    }

    /// The properties that a member of an instance is.
    fn properties_read(&mut self, base: Spot, name: &str) -> Vec<Def> {
        let mut found: Vec<Def> = Vec::new();
        for value in self.eval(base.unit, base.owner, base.expr) {
            let Value::Instance(of) = self.pool.value(value) else { continue };
            for it in self.lineage(of).types.clone() {
                let members = self.program.members(self.program.def_space(it), name);
                for member in &members {
                    if self.program.definition(*member).traits.is_property && !found.contains(member) {
                        found.push(*member);
                    }
                }
                if !members.is_empty() {
                    break;
                }
            }
        }
        found
    }

    /// Whether an expression is a query: an outside value that gives rows of what it is about when it is run through.
    fn gives_queries(&mut self, spot: Spot) -> bool {
        let separator = self.separator(spot.unit);
        self.eval(spot.unit, spot.owner, spot.expr).iter().any(|it| match self.pool.value(*it) {
            Value::Outside { path, instance: true, .. } => {
                let gives = self.stubs.member(self.pool.text(path), separator, "[]").map(|it| &it.gives);
                matches!(gives, Some(Gives::Subject))
            }
            Value::Instance(of) => self.speaks_for_owner(of),
            _ => false,
        })
    }

    /// What is read for the relations that the calls of a query name, back to where it begins.
    fn walk_query(&mut self, spot: Spot, steps: u32, walk: &mut QueryWalk<'_>) {
        if steps > MOST_STEPS || walk.seen.len() > MOST_LOOKS || !walk.seen.insert(spot) {
            return;
        }
        let at = |expr: ExprId| Spot { expr, ..spot };
        match &self.facts(spot.unit).expr(spot.expr).kind {
            ExprKind::Name(name) => {
                let vars = self.vars_of(spot.unit, spot.owner, spot.expr);
                let [(var, is_parameter)] = vars.as_slice() else { return };
                let line = self.facts(spot.unit).expr(spot.expr).at.line;
                let mut sources = self.sources(*var).to_vec();
                if *is_parameter {
                    sources.retain(|it| it.unit == spot.unit && it.owner == spot.owner);
                    let def = self.program.def(spot.unit, spot.owner);
                    if let Some((_, call)) = walk.within.iter().rev().find(|it| it.0 == def).copied() {
                        sources.extend(self.handed_by(call, spot, name));
                    } else {
                        let handed = self.handed_in(spot, name).unwrap_or_default();
                        walk.ways += handed.len();
                        sources.extend(handed);
                    }
                }
                let later = |it: &Spot| {
                    it.unit == spot.unit && it.owner == spot.owner && self.facts(it.unit).expr(it.expr).at.line > line
                };
                sources.retain(|it| !later(it));
                sources.into_iter().for_each(|it| self.walk_query(it, steps + 1, walk));
            }
            ExprKind::Choice(items) => items.iter().for_each(|it| self.walk_query(at(*it), steps + 1, walk)),
            ExprKind::Index { base, .. } => self.walk_query(at(*base), steps + 1, walk),
            // A property that builds a query, or a member that was given one.
            ExprKind::Member { base, name } => {
                let properties = self.properties_read(at(*base), name);
                if properties.is_empty() {
                    let mut sources: Vec<Spot> = Vec::new();
                    for (var, _) in self.vars_of(spot.unit, spot.owner, spot.expr) {
                        sources.extend(self.sources(var));
                    }
                    let is_test = |it: &Spot| self.program.is_test(self.program.def(it.unit, it.owner));
                    sources.retain(|it| !self.gives_no_row(*it) && !is_test(it));
                    walk.ways += sources.len().saturating_sub(1);
                    if walk.ways <= MOST_WAYS {
                        sources.into_iter().for_each(|it| self.walk_query(it, steps + 1, walk));
                    }
                }
                for function in properties {
                    walk.within.push((function, spot));
                    let sources = self.results_given(function);
                    sources.into_iter().for_each(|it| self.walk_query(it, steps + 1, walk));
                    walk.within.pop();
                }
            }
            ExprKind::Call { callee, args } => {
                let mut own: Vec<Def> = Vec::new();
                for value in self.eval(spot.unit, spot.owner, *callee) {
                    if let Value::Def(def) | Value::Bound(def, _) = self.pool.value(value)
                        && self.program.is_function(def)
                    {
                        own.push(def);
                    }
                }
                if !own.is_empty() {
                    walk.ways += own.len() - 1;
                    for function in own {
                        walk.within.push((function, spot));
                        let sources = self.results_given(function);
                        sources.into_iter().for_each(|it| self.walk_query(it, steps + 1, walk));
                        walk.within.pop();
                    }
                    return;
                }
                if let Some(named) = walk.related.get(&(spot.unit, spot.expr)) {
                    walk.read.extend(named);
                }
                if let ExprKind::Member { base, .. } = &self.facts(spot.unit).expr(*callee).kind {
                    self.walk_query(at(*base), steps + 1, walk);
                } else {
                    let first = args.first().filter(|it| it.name.is_none() && !it.spread).map(|it| at(it.value));
                    if let Some(first) = first.filter(|it| self.gives_queries(*it)) {
                        self.walk_query(first, steps + 1, walk);
                    }
                }
            }
            _ => {}
        }
    }

    /// Whether each way to a row, or to the rows it is one of, loads what a path of relations reads; nothing where the way
    /// only leads back to itself.
    fn brings(&mut self, spot: Spot, path: &[String], steps: u32, looked: &mut Looked) -> Option<bool> {
        if steps > MOST_STEPS || looked.seen.len() > MOST_LOOKS {
            return Some(false);
        }
        if !looked.seen.insert((spot, path.len())) {
            return None;
        }
        let at = |expr: ExprId| Spot { expr, ..spot };
        match &self.facts(spot.unit).expr(spot.expr).kind {
            ExprKind::Name(name) => self.name_brings(spot, name, path, steps, looked),
            ExprKind::Element(inner) => self.brings(at(*inner), path, steps + 1, looked),
            ExprKind::Index { base, .. } => self.brings(at(*base), path, steps + 1, looked),
            ExprKind::Choice(items) => {
                let rows: Vec<ExprId> = items.iter().copied().filter(|it| !self.gives_no_row(at(*it))).collect();
                let rows: Vec<Spot> = rows.into_iter().map(at).collect();
                self.all_bring(&rows, path, steps, looked)
            }
            ExprKind::Member { base, name } => {
                if self.belongs(at(*base), name, path) {
                    return Some(true);
                }
                let values = self.eval(spot.unit, spot.owner, *base);
                let is_relation = values.iter().any(
                    |it| matches!(self.pool.value(*it), Value::Instance(of) if self.relation_of(of, name).is_some()),
                );
                if is_relation {
                    // Whatever it was given, it may as well be read.
                    return Some(false);
                }
                let mut sources: Vec<Spot> = Vec::new();
                for (var, _) in self.vars_of(spot.unit, spot.owner, spot.expr) {
                    sources.extend(self.sources(var));
                }
                sources
                    .retain(|it| !self.gives_no_row(*it) && !self.program.is_test(self.program.def(it.unit, it.owner)));
                self.all_bring(&sources, path, steps, looked)
            }
            ExprKind::Call { .. } => self.call_brings(spot, path, steps, looked),
            _ => Some(false),
        }
    }

    fn all_bring(&mut self, spots: &[Spot], path: &[String], steps: u32, looked: &mut Looked) -> Option<bool> {
        let mut all = if spots.is_empty() { Some(false) } else { None };
        for it in spots {
            match self.brings(*it, path, steps + 1, looked) {
                Some(false) => return Some(false),
                Some(true) => all = Some(true),
                None => {}
            }
        }
        all
    }

    fn gives_no_row(&self, spot: Spot) -> bool {
        matches!(&self.facts(spot.unit).expr(spot.expr).kind, ExprKind::Constant(word) if word == "None")
    }

    fn name_brings(
        &mut self,
        spot: Spot,
        name: &str,
        path: &[String],
        steps: u32,
        looked: &mut Looked,
    ) -> Option<bool> {
        let vars = self.vars_of(spot.unit, spot.owner, spot.expr);
        let [(var, is_parameter)] = vars.as_slice() else { return Some(false) };
        let line = self.facts(spot.unit).expr(spot.expr).at.line;
        let mut sources = self.sources(*var).to_vec();
        let here = |it: &Spot| it.unit == spot.unit && it.owner == spot.owner;
        let later = |it: &Spot| here(it) && self.facts(it.unit).expr(it.expr).at.line > line;
        if *is_parameter {
            sources.retain(|it| here(it));
            sources.extend(self.handed_in(spot, name)?);
        }
        let all = sources.len();
        sources.retain(|it| !(self.gives_no_row(*it) || all > 1 && later(it)));
        self.all_bring(&sources, path, steps, looked)
    }

    /// What all calls seen hand to a parameter; none where some other code may call the function. A method's own row is
    /// handed in by frameworks and pages as well.
    fn handed_in(&self, spot: Spot, name: &str) -> Option<Vec<Spot>> {
        let definition = self.facts(spot.unit).definition(spot.owner);
        let param = definition.params.iter().find(|it| it.name == name && it.kind != ParamKind::Receiver)?;
        let plain = definition.params.iter().filter(|it| it.kind != ParamKind::Receiver);
        let position = plain.take_while(|it| it.name != param.name).count();
        let calls = self.calls_of(self.program.def(spot.unit, spot.owner));
        if calls.is_empty() || calls.len() > MOST_CALLS {
            return None;
        }
        calls.iter().map(|call| self.given_at(*call, name, position)).collect()
    }

    /// What one call hands to a parameter, or to the receiver.
    fn handed_by(&self, call: Spot, spot: Spot, name: &str) -> Option<Spot> {
        let definition = self.facts(spot.unit).definition(spot.owner);
        let param = definition.params.iter().find(|it| it.name == name)?;
        if param.kind != ParamKind::Receiver {
            let plain = definition.params.iter().filter(|it| it.kind != ParamKind::Receiver);
            return self.given_at(call, name, plain.take_while(|it| it.name != name).count());
        }
        let ExprKind::Call { callee, .. } = &self.facts(call.unit).expr(call.expr).kind else { return None };
        match &self.facts(call.unit).expr(*callee).kind {
            ExprKind::Member { base, .. } => Some(Spot { expr: *base, ..call }),
            _ => None,
        }
    }

    fn given_at(&self, call: Spot, name: &str, position: usize) -> Option<Spot> {
        let ExprKind::Call { args, .. } = &self.facts(call.unit).expr(call.expr).kind else { return None };
        let named = args.iter().find(|it| it.name.as_deref() == Some(name));
        let placed = args.get(position).filter(|it| it.name.is_none() && !it.spread);
        Some(Spot { expr: named.or(placed)?.value, ..call })
    }

    /// What a call gives: rows of a query that names the relation, or that were made with the other side at hand.
    fn call_brings(&mut self, spot: Spot, path: &[String], steps: u32, looked: &mut Looked) -> Option<bool> {
        let facts = self.facts(spot.unit);
        let ExprKind::Call { callee, args } = &facts.expr(spot.expr).kind else { return Some(false) };
        let given = |name: &str| args.iter().find(|it| it.name.as_deref() == Some(name)).map(|it| it.value);
        let mut own: Vec<Def> = Vec::new();
        for value in self.eval(spot.unit, spot.owner, *callee) {
            match self.pool.value(value) {
                Value::Def(of) if self.program.is_type(of) => {
                    // A row that is put together in memory.
                    let made = given(&path[0]).filter(|it| !self.gives_no_row(Spot { expr: *it, ..spot }));
                    return Some(made.is_some() && path.len() == 1);
                }
                Value::Def(def) | Value::Bound(def, _) if self.program.is_function(def) => own.push(def),
                _ => {}
            }
        }
        if !own.is_empty() {
            let sources: Vec<Spot> = own.into_iter().flat_map(|it| self.results_given(it)).collect();
            return self.all_bring(&sources, path, steps, looked);
        }
        let rules = self.rules;
        let place = self.program.unit(spot.unit).first_expr + spot.expr.0;
        let wanted = path.join("__");
        for number in self.matches_at.get(&place).cloned().into_iter().flatten() {
            let hit = &facts.matches[number as usize];
            let rule = &rules.rules[hit.rule as usize];
            if !rule.has("access") || self.guards_hold(spot.unit, hit.owner, rule, hit) != Held::Yes {
                continue;
            }
            if rule.settings.get("access.also").is_some_and(|it| it == "relation") {
                let named = self.captured_columns(spot.unit, rule, hit);
                if named
                    .iter()
                    .any(|it| *it == wanted || it.strip_prefix(&wanted).is_some_and(|it| it.starts_with("__")))
                {
                    return Some(true);
                }
            }
            if operation_of(rule, hit) == Some(Operation::Insert) && path.len() == 1 && given(&path[0]).is_some() {
                return Some(true);
            }
            if rule.settings.get("operation").is_some_and(|it| it == "kept")
                && self.keeper_brings(spot, (rule, hit), path, steps, looked) == Some(true)
            {
                return Some(true);
            }
        }
        match &facts.expr(*callee).kind {
            ExprKind::Member { base, .. } => self.brings(Spot { expr: *base, ..spot }, path, steps + 1, looked),
            // What takes rows and gives rows: `get_object_or_404(query)`, `list(query)`.
            ExprKind::Name(_) => match args.first().filter(|it| it.name.is_none() && !it.spread) {
                Some(first) => self.brings(Spot { expr: first.value, ..spot }, path, steps + 1, looked),
                None => Some(false),
            },
            _ => Some(false),
        }
    }

    /// What a function hands back, but for nothing.
    fn results_given(&mut self, function: Def) -> Vec<Spot> {
        let Some(var) = self.result_var(function) else { return Vec::new() };
        let mut sources = self.sources(var).to_vec();
        sources.retain(|it| !self.gives_no_row(*it));
        sources
    }

    /// Whether the query that the receiver's class keeps loads it: that of the method which works it out, else of its body.
    fn keeper_brings(
        &mut self,
        spot: Spot,
        (rule, hit): (&Rule, &Match),
        path: &[String],
        steps: u32,
        looked: &mut Looked,
    ) -> Option<bool> {
        let Some(receiver) = self.receiver_of(spot.unit, rule, hit, Some(spot.expr)) else { return Some(false) };
        let mut words = rule.words("access.keeper");
        let Some(method) = words.next() else { return Some(false) };
        let members: Vec<&str> = words.collect();
        let mut holders: Vec<Def> = Vec::new();
        for value in self.eval(spot.unit, spot.owner, receiver) {
            match self.pool.value(value) {
                Value::Instance(of) | Value::Super(of) => holders.push(of),
                _ => {}
            }
        }
        let mut kept: Vec<Spot> = Vec::new();
        for of in holders {
            let types = self.lineage(of).types.clone();
            let before = kept.len();
            for it in types {
                let space = self.program.def_space(it);
                if let [own] = self.program.members(space, method).as_slice() {
                    kept.extend(self.results_given(*own));
                }
                let own = members.iter().find_map(|it| self.program.members(space, it).first().copied());
                if let (true, Some(own)) = (kept.len() == before, own) {
                    let (unit, id) = self.program.local(own);
                    let value = self.facts(unit).definition(id).value;
                    kept.extend(value.map(|expr| Spot { unit, owner: id, expr }));
                }
                if kept.len() > before {
                    break;
                }
            }
            if kept.len() == before {
                return Some(false);
            }
        }
        self.all_bring(&kept, path, steps, looked)
    }

    /// Whether a member is the rows that point to the row it is a member of: they hold that row already (`order.lines.all()`
    /// and the order of each line).
    fn belongs(&mut self, base: Spot, name: &str, path: &[String]) -> bool {
        let [back] = path else { return false };
        self.eval(base.unit, base.owner, base.expr).iter().any(|it| {
            let Value::Instance(of) = self.pool.value(*it) else { return false };
            let Some(rows) = self.relation_of(of, name).filter(|it| it.through.is_some() && !it.between) else {
                return false;
            };
            let Subject::Type(row) = rows.of else { return false };
            let Some(Subject::Type(whole)) =
                self.relation_of(row, back).filter(|it| it.loads.is_some()).map(|it| it.of)
            else {
                return false;
            };
            self.lineage(of).types.contains(&whole)
        })
    }
}
