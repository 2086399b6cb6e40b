//! Guards of rules, and rules that shape values: subjects of chains, store values, router groups.

use compact_str::CompactString;
use rustc_hash::FxHashMap;

use crate::link::names::program::Def;
use crate::link::values::infer::Inference;
use crate::link::values::value::{Site, Subject, Sym, Value, ValueId, Values, insert, union};
use crate::model::fact::{Captured, DefId, ExprId, Match};
use crate::model::rule::{Guard, Rule};

/// A chain that may be about more entities than this says nothing.
const MOST_SUBJECTS: usize = 8;

impl Inference<'_> {
    /// Lets the functions that fill a group work on its router.
    fn hand_router(&mut self, functions: &[ValueId], routers: &[ValueId]) {
        for function in functions {
            let (function, receiver) = match self.pool.value(*function) {
                Value::Def(function) => (function, None),
                Value::Bound(function, of) => (function, Some(Value::Instance(of))),
                _ => continue,
            };
            for router in routers {
                self.bind_values(function, &[*router], receiver);
            }
        }
    }

    /// Lets rules that shape values act on a call: subjects of chains, store values, router groups.
    pub(crate) fn apply_matches(
        &mut self,
        unit: u32,
        owner: DefId,
        expr: ExprId,
        receivers: &[ValueId],
        results: &mut Values,
    ) {
        let at = self.program.unit(unit).first_expr + expr.0;
        let Some(numbers) = self.matches_at.get(&at).cloned() else { return };
        let facts = self.facts(unit);
        for number in numbers {
            let found = &facts.matches[number as usize];
            let rule = &self.rules.rules[found.rule as usize];
            let names_target = rule.settings.get("operation").is_some_and(|it| it == "target");
            let has = |name: &str| rule.captures.iter().any(|it| it == name);
            if names_target {
                if self.guards_hold(unit, owner, rule, found) != Held::Yes {
                    continue;
                }
                // More entities than this say nothing.
                let subjects = match capture(rule, found, "access.target") {
                    Some(Captured::Expr(target)) => match self.subjects_of(unit, owner, *target).to_vec() {
                        none if none.is_empty() => self.names_of(unit, owner, *target),
                        some => some,
                    },
                    Some(Captured::Word(word)) => vec![Subject::Named(self.pool.sym(word))],
                    _ => Vec::new(),
                };
                if subjects.is_empty() || subjects.len() > MOST_SUBJECTS {
                    continue;
                }
                if let Some(path) = rule.settings.get("access.assumes") {
                    // Nobody knows what it is asked of; what is asked says it.
                    let is_unknown = self.are_foreign(results) && self.are_foreign(receivers);
                    if let (true, [subject @ Subject::Type(_)]) = (is_unknown, &subjects[..]) {
                        let assumed = self.outside(path, true, *subject);
                        results.clear();
                        insert(results, assumed);
                    }
                    continue;
                }
                let base = if results.is_empty() { receivers } else { results.as_slice() };
                let mut changed = Values::new();
                for (value, subject) in base.iter().flat_map(|value| subjects.iter().map(move |it| (*value, *it))) {
                    let value = match self.pool.value(value) {
                        Value::Outside { path, instance, site, .. } => Value::Outside { path, instance, subject, site },
                        // What stands for a library's type is about something as that is.
                        Value::Instance(of) => match self.stands_for(of) {
                            Some(path) => {
                                insert(&mut changed, value);
                                Value::Outside { path, instance: true, subject, site: Site(0) }
                            }
                            None => Value::Instance(of),
                        },
                        other => other,
                    };
                    let id = self.pool.id(value);
                    insert(&mut changed, id);
                }
                *results = changed;
            } else if has("definition.store") {
                if self.guards_hold(unit, owner, rule, found) != Held::Yes {
                    continue;
                }
                if let Some(text) = self.store_name_of(unit, owner, rule, found) {
                    let qualified = results.iter().any(|it| match self.pool.value(*it) {
                        Value::Outside { subject: Subject::Named(known), .. } => self
                            .pool
                            .text(known)
                            .strip_suffix(text.as_str())
                            .is_some_and(|schema| schema.ends_with('.')),
                        _ => false,
                    });
                    if qualified {
                        // Another rule knew the schema as well.
                        continue;
                    }
                    let subject = Subject::Named(self.pool.sym(&text));
                    let changed: Values = results
                        .clone()
                        .iter()
                        .map(|it| match self.pool.value(*it) {
                            Value::Outside { path, instance, site, .. } => {
                                self.pool.id(Value::Outside { path, instance, subject, site })
                            }
                            _ => *it,
                        })
                        .collect();
                    *results = Values::new();
                    union(results, &changed);
                }
            } else if has("endpoint.group") {
                if rule.settings.contains_key("endpoint.own") || self.guards_hold(unit, owner, rule, found) == Held::No
                {
                    continue;
                }
                if has("endpoint.body") && !has("endpoint.prefix") {
                    // The function works on the router itself.
                    if let Some(Captured::Expr(body)) = capture(rule, found, "endpoint.body") {
                        let body = self.eval(unit, owner, *body);
                        self.hand_router(&body, receivers);
                    }
                    continue;
                }
                let site = Site(at + 1);
                let changed: Vec<ValueId> = results
                    .iter()
                    .map(|it| match self.pool.value(*it) {
                        Value::Outside { path, instance, subject, .. } => {
                            self.pool.id(Value::Outside { path, instance, subject, site })
                        }
                        _ => *it,
                    })
                    .collect();
                *results = Values::new();
                union(results, &changed);
                if let Some(Captured::Expr(body)) = capture(rule, found, "endpoint.body") {
                    let values = results.clone();
                    let values = if values.is_empty() {
                        receivers
                            .iter()
                            .filter_map(|it| match self.pool.value(*it) {
                                Value::Outside { path, instance, subject, .. } => {
                                    Some(self.pool.id(Value::Outside { path, instance, subject, site }))
                                }
                                _ => None,
                            })
                            .collect()
                    } else {
                        values
                    };
                    let body = self.eval(unit, owner, *body);
                    self.hand_router(&body, &values);
                }
            }
        }
    }

    /// Name that a call which builds a store value gives it, with its schema.
    pub(crate) fn store_name_of(&mut self, unit: u32, owner: DefId, rule: &Rule, found: &Match) -> Option<String> {
        let mut texts = ["entity.store", "entity.schema"].map(|name| match capture(rule, found, name) {
            Some(Captured::Expr(expr)) => Some(*expr),
            _ => None,
        });
        let name = texts[0].take().and_then(|it| self.plain_text(unit, owner, it))?;
        match texts[1].take().and_then(|it| self.plain_text(unit, owner, it)) {
            Some(schema) => Some(format!("{schema}.{name}")),
            None => Some(name),
        }
    }

    /// Whether the guards of a rule hold at a match.
    pub(crate) fn guards_hold(&mut self, unit: u32, owner: DefId, rule: &Rule, found: &Match) -> Held {
        let mut held = Held::Yes;
        for guard in &rule.guards {
            let (index, any_of, negated, by_type) = match guard {
                Guard::Type { capture, any_of, negated } => (*capture, any_of, *negated, true),
                Guard::Is { capture, any_of, negated } => (*capture, any_of, *negated, false),
            };
            let Some((_, captured)) = found.captures.iter().find(|(it, _)| *it == index) else { continue };
            let answer = match captured {
                Captured::Expr(expr) => {
                    let mut values = self.eval(unit, owner, *expr);
                    if by_type && !negated {
                        self.without_own_methods(unit, *expr, &mut values);
                    }
                    match self.any_matches(&values, any_of, by_type) {
                        // A handle of a library that nobody here knows may well be one: what it is given tells.
                        Held::No if by_type && rule.takes_any_sql() && self.are_foreign(&values) => Held::Unknown,
                        Held::No
                            if by_type && rule.settings.contains_key("access.handle") && self.are_opaque(&values) =>
                        {
                            Held::Unknown
                        }
                        answer => answer,
                    }
                }
                Captured::Definition(id) => {
                    let def = self.program.def(unit, *id);
                    let id = self.pool.id(Value::Def(def));
                    self.any_matches(&[id], any_of, by_type)
                }
                Captured::Word(_) => Held::Unknown,
            };
            let answer = match (answer, negated) {
                (Held::Unknown, true) => Held::Yes,
                (Held::Yes, true) => Held::No,
                (Held::No, true) => Held::Yes,
                (other, false) => other,
            };
            held = held.min(answer);
        }
        held
    }

    /// Whether all values are of libraries that no rule speaks of, or of types that embed one.
    pub(crate) fn are_foreign(&mut self, values: &[ValueId]) -> bool {
        values.iter().all(|it| match self.pool.value(*it) {
            Value::Outside { path, .. } => self.stubs.is_foreign(self.pool.text(path)),
            Value::Instance(of) => {
                let outside = self.lineage(of).outside.clone();
                !outside.is_empty() && outside.iter().all(|it| self.stubs.is_foreign(self.pool.text(*it)))
            }
            _ => false,
        })
    }

    /// Whether of all values no more is known than where they were taken from: a library that no rule speaks of, or what the
    /// program keeps in an object of a library (`g.db`, `request.state.db`).
    fn are_opaque(&mut self, values: &[ValueId]) -> bool {
        values.iter().all(|it| match self.pool.value(*it) {
            Value::Outside { path, subject: Subject::None, .. } => {
                let path = self.pool.text(path);
                self.stubs.is_foreign(path) || self.stubs.is_kept(path)
            }
            _ => self.are_foreign(&[*it]),
        })
    }

    pub(crate) fn any_matches(&mut self, values: &[ValueId], any_of: &[CompactString], by_type: bool) -> Held {
        if values.is_empty() {
            return Held::Unknown;
        }
        let mut unknown = false;
        for value in values {
            match self.pool.value(*value) {
                Value::Outside { path, instance, .. } => {
                    if by_type && !instance && self.stubs.is_empty() {
                        continue;
                    }
                    if self.outside_matches(path, any_of) {
                        return Held::Yes;
                    }
                    // A name that nothing in the program or the stubs explains may be anything.
                    let text = self.pool.text(path);
                    unknown |= !text.contains(['.', '/', ':'])
                        && self.stubs.exact(text).is_none()
                        && !self.is_short_for(text, values);
                }
                Value::Instance(of) | Value::Def(of) | Value::Bound(of, _) | Value::Super(of) => {
                    if self.definition_matches(of, any_of) {
                        return Held::Yes;
                    }
                    if self.program.is_type(of) {
                        let lineage = self.lineage(of);
                        if lineage.outside.iter().any(|path| self.outside_matches(*path, any_of))
                            || lineage.types.iter().skip(1).any(|base| self.definition_matches(*base, any_of))
                        {
                            return Held::Yes;
                        }
                        // What stands for a library's value is one where that is asked for (`impl Deref`).
                        let is_instance = matches!(self.pool.value(*value), Value::Instance(_));
                        for behind in if by_type && is_instance { self.dereferenced(of) } else { Values::new() } {
                            if let Value::Outside { path, .. } = self.pool.value(behind)
                                && self.outside_matches(path, any_of)
                            {
                                return Held::Yes;
                            }
                        }
                        unknown |= by_type && (self.is_open_interface(of) || self.stands_openly(of));
                    }
                }
                _ => {}
            }
        }
        if unknown { Held::Unknown } else { Held::No }
    }

    /// Whether a bare name is the last word of another value's path: the same type, named where its import was not followed.
    fn is_short_for(&self, name: &str, values: &[ValueId]) -> bool {
        values.iter().any(|it| match self.pool.value(*it) {
            Value::Outside { path, .. } => {
                self.pool.text(path).strip_suffix(name).is_some_and(|it| it.ends_with(['.', ':']))
            }
            _ => false,
        })
    }

    /// Whether an outside path or something above it is one of a guard's.
    fn outside_matches(&mut self, path: Sym, any_of: &[CompactString]) -> bool {
        if let Some(known) = self.guarded.outside.get(&(path, any_of.as_ptr().addr())) {
            return *known;
        }
        let above = self.stubs.lineage(self.pool.text(path));
        let found = above.iter().any(|it| any_of.iter().any(|wanted| path_matches(it, wanted)));
        self.guarded.outside.insert((path, any_of.as_ptr().addr()), found);
        found
    }

    fn definition_matches(&mut self, of: Def, any_of: &[CompactString]) -> bool {
        if let Some(known) = self.guarded.definitions.get(&(of, any_of.as_ptr().addr())) {
            return *known;
        }
        let qualified = self.program.qualified(of);
        let found = any_of.iter().any(|wanted| path_matches(&qualified, wanted))
            || self.hands_on_to(of).is_some_and(|path| self.outside_matches(path, any_of));
        self.guarded.definitions.insert((of, any_of.as_ptr().addr()), found);
        found
    }
}

/// Answers to guards so far, by the address at which the rules of the run hold the names that a guard asks for. They rest
/// on names and stubs alone.
#[derive(Default)]
pub(crate) struct Guarded {
    pub(crate) outside: FxHashMap<(Sym, usize), bool>,
    definitions: FxHashMap<(Def, usize), bool>,
}

/// Answer of a guard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Held {
    No,
    Unknown,
    Yes,
}

/// Captured node of a match by name.
pub(crate) fn capture<'m>(rule: &Rule, found: &'m Match, name: &str) -> Option<&'m Captured> {
    captures(rule, found, name).next()
}

/// All captured nodes of a match by name.
pub(crate) fn captures<'m>(rule: &Rule, found: &'m Match, name: &str) -> impl Iterator<Item = &'m Captured> {
    let index = rule.captures.iter().position(|it| it == name);
    found.captures.iter().filter(move |(it, _)| Some(usize::from(*it)) == index).map(|(_, captured)| captured)
}

/// Whether a qualified name is the wanted one: equal, below a `.*`, or equal up to a major version in a Go path.
pub(crate) fn path_matches(path: &str, wanted: &str) -> bool {
    if path == wanted {
        return true;
    }
    if let Some(prefix) = wanted.strip_suffix(".*").or_else(|| wanted.strip_suffix("::*")) {
        return path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ':', '/']));
    }
    path.contains("/v") && without_major(path) == wanted
}

/// A Go path without the elements that only tell a major version (`/v2`).
pub(crate) fn without_major(path: &str) -> String {
    let (package, member) = match path.rfind('/') {
        Some(slash) => match path[slash..].find('.') {
            Some(dot) => (&path[..slash + dot], &path[slash + dot..]),
            None => (path, ""),
        },
        None => (path, ""),
    };
    let kept: Vec<&str> = package
        .split('/')
        .filter(|it| !(it.len() > 1 && it.starts_with('v') && it[1..].bytes().all(|byte| byte.is_ascii_digit())))
        .collect();
    format!("{}{member}", kept.join("/"))
}
