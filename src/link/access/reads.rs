//! Members that are read rather than called: properties run code, relations of entities load rows.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::link::access::accesses::{Accesses, RawAccess};
use crate::link::calls::{RawCall, visit};
use crate::link::names::program::Def;
use crate::link::storage::stores::Stores;
use crate::link::values::assumed::keyword_taken;
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::{Subject, Value, Values};
use crate::model::fact::{DefId, ExprId, ExprKind, FileFacts, RegionKind, StepKind};
use crate::model::graph::{Confidence, StoreKind};
use crate::model::rule::{Gives, Guard};
use crate::model::source::Role;
use crate::model::sql::Operation;

/// Of more types than this that a member may lead to, each is a guess.
const MOST_POINTED_SURE: usize = 1;

/// A member that code reads.
struct MemberRead<'a> {
    unit: u32,
    owner: DefId,
    base: ExprId,
    expr: ExprId,
    name: &'a str,
}

impl<'a> Inference<'a> {
    /// Whoever reads a property of an instance calls it.
    pub(crate) fn property_calls(&mut self, calls: &mut Vec<RawCall>) {
        let mut names: FxHashSet<&str> = FxHashSet::default();
        for unit in 0..self.program.units.len() as u32 {
            let definitions = &self.facts(unit).definitions;
            names.extend(definitions.iter().filter(|it| it.traits.is_property).map(|it| it.name.as_str()));
        }
        for read in self.member_reads(&names) {
            let mut properties: Vec<Def> = Vec::new();
            for value in self.bases(&read) {
                let (of, skip) = match self.pool.value(value) {
                    Value::Instance(of) => (of, 0),
                    Value::Super(of) => (of, 1),
                    _ => continue,
                };
                for base in self.lineage(of).types.iter().skip(skip) {
                    let members = self.program.members(self.program.def_space(*base), read.name);
                    for member in &members {
                        if self.program.definition(*member).traits.is_property && !properties.contains(member) {
                            properties.push(*member);
                        }
                    }
                    if !members.is_empty() {
                        break;
                    }
                }
            }
            let confidence = match properties.len() {
                0 => continue,
                1 => Confidence::Certain,
                2..=8 => Confidence::Likely,
                _ => Confidence::Guess,
            };
            let line = self.facts(read.unit).expr(read.expr).at.line;
            for property in properties {
                self.push_call(read.unit, read.owner, property, line, confidence, calls);
            }
        }
    }

    /// Reading a relation of an entity's instance reads the other side's store, unless it was loaded before.
    pub(crate) fn loaded_relations(&mut self, stores: &mut Stores, found: &mut Accesses) {
        let own = self.related.iter().map(|((_, name), it)| (name, it));
        let outside = self.outside_related.iter().flat_map(|(name, of)| of.iter().map(move |(_, it)| (name, it)));
        let mut loading: Vec<String> =
            own.chain(outside).filter(|(_, it)| it.loads.is_some()).map(|(name, _)| name.clone()).collect();
        loading.extend(self.pointing.keys().map(|(_, name)| name.clone()));
        loading.sort_unstable();
        loading.dedup();
        if loading.is_empty() {
            return;
        }
        let names: FxHashSet<&str> = loading.iter().map(String::as_str).collect();
        // Where a path (`order.customer`) was read first, in each function.
        let mut first_read: FxHashMap<(u32, DefId, Vec<&'a str>), u32> = FxHashMap::default();
        for read in self.member_reads(&names) {
            if self.was_read_before(&read, &mut first_read) {
                continue;
            }
            let mut loads: Vec<(usize, u32)> = Vec::new();
            // What comes along with rows of the other side.
            let mut along: Vec<(usize, u32)> = Vec::new();
            let mut parts: Vec<(usize, u32, Confidence)> = Vec::new();
            let mut many = false;
            for value in self.bases(&read) {
                let (holder, related) = match self.pool.value(value) {
                    Value::Instance(of) => (Subject::Type(of), self.relation_of(of, read.name)),
                    Value::Outside { path, instance: true, .. } => match self.outside_entity(path) {
                        Some(store) => (Subject::Named(store), self.outside_relation(store, read.name).cloned()),
                        None => continue,
                    },
                    _ => continue,
                };
                if let (None, Subject::Type(of)) = (&related, holder)
                    && let Some(pointing) = self.pointed_from(of, read.name)
                {
                    let of: Vec<usize> = pointing.of.iter().filter_map(|it| self.store_of_type(stores, *it)).collect();
                    many |= of.len() > MOST_POINTED_SURE;
                    loads.extend(of.into_iter().map(|it| (it, pointing.rule)));
                    continue;
                }
                let Some((of, Some(rule))) = related.map(|it| (it.of, it.loads)) else { continue };
                let store = match of {
                    Subject::Type(of) => self.store_of_type(stores, of),
                    Subject::Named(store) => Some(stores.named(None, self.pool.text(store), StoreKind::Table)),
                    Subject::None => None,
                };
                let Some(store) = store else { continue };
                if let Subject::Type(of) = of {
                    along.extend(self.inherited_stores(stores, of).into_iter().map(|it| (it, rule)));
                    along.extend(self.eager_stores(stores, of).into_iter().map(|it| (it, rule)));
                    let below = self.parts_below(stores, Operation::Select, &[Subject::Type(of)]);
                    parts.extend(below.into_iter().map(|(store, bound)| (store, rule, bound)));
                }
                let link = self.link_of(stores, holder, read.name);
                let through = self.gone_through(stores, holder, read.name);
                for store in [Some(store), link, through].into_iter().flatten() {
                    if !loads.iter().any(|(it, _)| *it == store) {
                        loads.push((store, rule));
                    }
                }
            }
            if loads.is_empty() || self.comes_loaded(Spot { unit: read.unit, owner: read.owner, expr: read.expr }) {
                continue;
            }
            loads.sort_unstable();
            loads.dedup();
            many |= self.comes_by_keywords(&read);
            let confidence = if many || loads.len() > 4 { Confidence::Guess } else { Confidence::Likely };
            for (store, rule) in along {
                if !loads.iter().any(|(it, _)| *it == store) {
                    loads.push((store, rule));
                }
            }
            let line = self.facts(read.unit).expr(read.expr).at.line;
            parts.retain(|(part, ..)| !loads.iter().any(|(it, _)| it == part));
            parts.extend(loads.into_iter().map(|(store, rule)| (store, rule, confidence)));
            for (store, rule, confidence) in parts {
                stores.drafts[store].used = true;
                let access = self.access_at(read.unit, read.owner, line, rule, (store, Operation::Select, confidence));
                found.accesses.push(RawAccess { expr: Some(read.expr), ..access });
            }
        }
    }

    /// Whether the function read the same path of the same variable before, so that the row is there by now.
    fn was_read_before(
        &self,
        read: &MemberRead<'a>,
        first_read: &mut FxHashMap<(u32, DefId, Vec<&'a str>), u32>,
    ) -> bool {
        let facts = self.facts(read.unit);
        let line = facts.expr(read.expr).at.line;
        let Some(path) = path_of(facts, read.expr) else { return false };
        let Some(first) = first_read.get_mut(&(read.unit, read.owner, path.clone())) else {
            // What the function gave it itself, whatever comes, is at hand.
            let column = |it: ExprId| facts.expr(root_of(facts, it)).at.column;
            let own = facts.steps.iter().filter(|it| it.owner == read.owner);
            let outermost = own.filter_map(|it| shown(it.kind)).map(column).min();
            let given = facts.steps.iter().any(|it| {
                let StepKind::Assign { target, value } = it.kind else { return false };
                it.owner == read.owner
                    && facts.expr(value).end_line < line
                    && Some(column(target)) == outermost
                    && !matches!(facts.expr(value).kind, ExprKind::Constant(_))
                    && path_of(facts, target).is_some_and(|it| it.len() > 1 && it == path)
            });
            first_read.insert((read.unit, read.owner, path), line);
            return given;
        };
        let given_anew = facts.steps.iter().any(|it| {
            let StepKind::Assign { target, .. } = it.kind else { return false };
            it.owner == read.owner
                && (*first..=line).contains(&it.line)
                && path_of(facts, target).is_some_and(|it| path.starts_with(&it))
        });
        if given_anew {
            *first = line;
        }
        !given_anew
    }

    /// Iterating over a query that was built elsewhere runs it: outside values whose elements are what they are about.
    pub(crate) fn iterated_queries(&mut self, stores: &mut Stores, found: &mut Accesses) {
        let rules = self.rules;
        let reading: Vec<(u32, &str)> = rules
            .rules
            .iter()
            .enumerate()
            .filter(|(_, rule)| rule.settings.contains_key("access.select"))
            .flat_map(|(index, rule)| {
                rule.guards.iter().filter_map(move |guard| match guard {
                    Guard::Type { any_of, negated: false, .. } => any_of.first().map(|it| (index as u32, it.as_str())),
                    _ => None,
                })
            })
            .collect();
        for unit in 0..self.program.units.len() as u32 {
            if self.program.unit(unit).source.role == Role::Vendored {
                continue;
            }
            let facts = self.facts(unit);
            for step in &facts.steps {
                let (StepKind::Assign { value, .. } | StepKind::Yield(value) | StepKind::Read(value)) = step.kind
                else {
                    continue;
                };
                let ExprKind::Element(inner) = facts.expr(value).kind else { continue };
                // A chain written in place is an access of its own.
                if matches!(facts.expr(inner).kind, ExprKind::Sequence(_) | ExprKind::Mapping(_)) {
                    continue;
                }
                let mut loads: Vec<(usize, u32)> = Vec::new();
                for value in self.eval(unit, step.owner, inner) {
                    let Value::Outside { path, instance: true, subject, .. } = self.pool.value(value) else { continue };
                    if subject == Subject::None {
                        continue;
                    }
                    let path = self.pool.text(path);
                    let gives = self.stubs.member(path, self.separator(unit), "[]").map(|it| &it.gives);
                    if !matches!(gives, Some(Gives::Subject)) {
                        continue;
                    }
                    let lineage = self.stubs.lineage(path);
                    let Some((number, _)) = reading.iter().find(|(_, it)| lineage.contains(it)) else { continue };
                    let rule = &rules.rules[*number as usize];
                    let mut subjects = vec![subject];
                    if let Subject::Type(of) = subject
                        && self.store_of_type(stores, of).is_none()
                    {
                        subjects = self.concrete_types(stores, of).into_iter().map(Subject::Type).collect();
                    }
                    for subject in subjects {
                        if let Some(store) =
                            self.store_of_subject(stores, subject, rule, StoreKind::Table, Confidence::Guess)
                            && !loads.iter().any(|(it, _)| *it == store)
                        {
                            loads.push((store, *number));
                        }
                    }
                }
                let confidence = match loads.len() {
                    0 => continue,
                    1 => Confidence::Certain,
                    2 | 3 => Confidence::Likely,
                    _ => Confidence::Guess,
                };
                let line = facts.expr(inner).at.line;
                let read: Vec<usize> = loads.iter().map(|it| it.0).collect();
                let above = self.stores_above(stores, &read);
                let by = loads[0].1;
                loads.extend(above.into_iter().map(|it| (it, by)));
                for (store, rule) in loads {
                    stores.drafts[store].used = true;
                    let access = self.access_at(unit, step.owner, line, rule, (store, Operation::Select, confidence));
                    found.accesses.push(RawAccess { expr: Some(inner), ..access });
                }
            }
        }
    }

    /// Whether the row was handed in among the rest of the keywords, mostly by who looked it up with what belongs to it.
    fn comes_by_keywords(&mut self, read: &MemberRead<'a>) -> bool {
        let facts = self.facts(read.unit);
        let root = root_of(facts, read.base);
        let is_taken = |it: &Spot| {
            it.unit == read.unit && it.owner == read.owner && keyword_taken(facts, it.owner, it.expr).is_some()
        };
        let vars = match facts.expr(root).kind {
            ExprKind::Name(_) => self.vars_of(read.unit, read.owner, root),
            _ => return false,
        };
        vars.into_iter().any(|(var, _)| self.sources(var).iter().any(is_taken))
    }

    fn bases(&mut self, read: &MemberRead<'_>) -> Values {
        self.eval(read.unit, read.owner, read.base)
    }

    /// All reads of members of these names, in the order of the source; an assignment's target is none.
    fn member_reads(&self, names: &FxHashSet<&str>) -> Vec<MemberRead<'a>> {
        let mut reads = Vec::new();
        if names.is_empty() {
            return reads;
        }
        for unit in 0..self.program.units.len() as u32 {
            if self.program.unit(unit).source.role == Role::Vendored {
                continue;
            }
            let facts = self.facts(unit);
            let wanted = |expr: ExprId| matches!(&facts.expr(expr).kind, ExprKind::Member { name, .. } if names.contains(name.as_str()));
            if !(0..facts.exprs.len() as u32).any(|it| wanted(ExprId(it))) {
                continue;
            }
            let mut roots: Vec<(DefId, ExprId)> = Vec::new();
            for step in &facts.steps {
                match step.kind {
                    StepKind::Assign { target, value } => {
                        if let ExprKind::Member { base, .. } = facts.expr(target).kind {
                            roots.push((step.owner, base));
                        }
                        roots.push((step.owner, value));
                    }
                    StepKind::Return(expr) | StepKind::Yield(expr) | StepKind::Call(expr) | StepKind::Read(expr) => {
                        roots.push((step.owner, expr));
                    }
                    StepKind::Declare { .. } | StepKind::Spawn(_) => {}
                }
            }
            for region in &facts.regions {
                if let RegionKind::With(expr) = region.kind {
                    roots.push((region.owner, expr));
                }
            }
            let mut seen = vec![false; facts.exprs.len()];
            for (owner, root) in roots {
                visit(
                    facts,
                    root,
                    &mut |expr| {
                        if wanted(expr)
                            && !std::mem::replace(&mut seen[expr.0 as usize], true)
                            && let ExprKind::Member { base, name } = &facts.expr(expr).kind
                        {
                            reads.push(MemberRead { unit, owner, base: *base, expr, name });
                        }
                    },
                    0,
                );
            }
        }
        reads
    }
}

/// The expression that a step begins with, as it is written.
fn shown(step: StepKind) -> Option<ExprId> {
    match step {
        StepKind::Assign { target: it, .. }
        | StepKind::Declare { target: it, .. }
        | StepKind::Return(it)
        | StepKind::Yield(it)
        | StepKind::Call(it)
        | StepKind::Read(it) => Some(it),
        StepKind::Spawn(_) => None,
    }
}

/// What a chain of calls and members begins with.
fn root_of(facts: &FileFacts, expr: ExprId) -> ExprId {
    let mut at = expr;
    loop {
        at = match facts.expr(at).kind {
            ExprKind::Member { base, .. } => base,
            ExprKind::Call { callee, .. } => callee,
            _ => return at,
        };
    }
}

/// The names of a path from a variable on (`order.customer.address`).
fn path_of(facts: &FileFacts, expr: ExprId) -> Option<Vec<&str>> {
    let mut names = Vec::new();
    let mut at = expr;
    loop {
        match &facts.expr(at).kind {
            ExprKind::Member { base, name } => {
                names.push(name.as_str());
                at = *base;
            }
            ExprKind::Name(name) => {
                // A branch in which the type of a variable is known has the same row.
                names.push(name.split("·is").next().unwrap_or(name));
                names.reverse();
                return Some(names);
            }
            _ => return None,
        }
    }
}
