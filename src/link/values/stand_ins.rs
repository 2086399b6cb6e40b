//! Types of the program's own that hand what they are asked to a library's type, method by method (`func (d *Store) Find(out
//! any) Store { return wrap(d.inner.Find(out)) }`). They, and the interfaces over them, stand for that type. A function that hands
//! all it is given to a library's (`def Table(*args, **kwargs): return sa.Table(*args, **kwargs)`) stands for that function.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::link::names::program::Def;
use crate::link::values::guards::capture;
use crate::link::values::infer::Inference;
use crate::link::values::value::{Sym, Value, ValueId, Values};
use crate::model::fact::{
    Argument, Captured, DefId, DefinitionKind, ExprId, ExprKind, FileFacts, Match, ParamKind, StepKind,
};
use crate::model::rule::Rule;
use crate::model::source::Role;

/// A type with fewer methods of that kind has its own mind.
const LEAST: usize = 5;

/// What stands for what.
#[derive(Default)]
pub(crate) struct StandIns {
    types: FxHashMap<Def, Sym>,
    /// Names of the methods of each that hand on.
    handed: FxHashSet<(Def, String)>,
    /// Methods that only hand on.
    methods: FxHashSet<Def>,
    /// Types that hand what they are asked to something of which nothing, or only an interface, is known.
    open: FxHashSet<Def>,
    /// Functions that hand on, with the library's function or type.
    functions: FxHashMap<Def, Sym>,
}

impl<'a> Inference<'a> {
    /// Finds such functions. Runs before anything is called, since tables and columns are made at module level.
    pub(crate) fn find_standing_functions(&mut self) {
        for unit in 0..self.program.units.len() as u32 {
            if matches!(self.program.unit(unit).source.role, Role::Test | Role::Vendored) {
                continue;
            }
            let facts = self.facts(unit);
            let takes_all =
                |id: &DefId| facts.definition(*id).params.first().is_some_and(|it| it.kind == ParamKind::Rest);
            for id in facts.def_ids().filter(takes_all) {
                let Some(callee) = all_handed_to(facts, id) else { continue };
                let [only] = *self.eval(unit, id, callee) else { continue };
                let Value::Outside { path, .. } = self.pool.value(only) else { continue };
                if !self.stubs.is_foreign(self.pool.text(path)) {
                    self.stand_ins.functions.insert(self.program.def(unit, id), path);
                }
            }
        }
    }

    /// The library's function or type that a function of the program stands for.
    pub(crate) fn hands_on_to(&self, of: Def) -> Option<Sym> {
        self.stand_ins.functions.get(&of).copied()
    }

    /// Finds such types, and makes them inherit from what they stand for; then those that put what they hold into one of
    /// these for each call (`return Checked{inner: m.inner}.Find(out)`).
    pub(crate) fn find_stand_ins(&mut self) {
        self.find_types_handing(false);
        if !self.stand_ins.types.is_empty() {
            self.find_types_handing(true);
            self.lineages.clear();
        }
    }

    fn find_types_handing(&mut self, wrapped: bool) {
        let mut handed: BTreeMap<(Def, &'a str), BTreeMap<&'a str, Def>> = BTreeMap::new();
        let mut helpers: BTreeMap<(Def, &'a str), Vec<Def>> = BTreeMap::new();
        for unit in 0..self.program.units.len() as u32 {
            if self.program.unit(unit).source.role != Role::Production {
                continue;
            }
            let facts = self.facts(unit);
            for step in &facts.steps {
                let StepKind::Call(call) = step.kind else { continue };
                // Also in a function literal that a helper runs (`c.traced("GET", func() { found = c.inner.Get(key) })`).
                let owner = self.named_owner(unit, step.owner);
                let Some((field, name, within)) = handed_on(facts, owner, call) else { continue };
                if let Some(within) = within
                    && !(wrapped && self.is_handing(unit, step.owner, within, name))
                {
                    continue;
                }
                let applying = self.applying_helpers(unit, step.owner, call, name);
                for value in self.receiver_values(unit, owner) {
                    if let Value::Instance(of) = self.pool.value(value) {
                        let method = self.program.def(unit, owner);
                        handed.entry((of, field)).or_default().insert(name, method);
                        helpers.entry((of, field)).or_default().extend(&applying);
                    }
                }
            }
        }
        for ((of, field), methods) in handed {
            if methods.len() < LEAST || wrapped && self.stands_for(of).is_some() {
                continue;
            }
            let unit = self.program.unit_of(of);
            let held = self.member(Value::Instance(of), field, unit);
            let is_open =
                |it: &ValueId| matches!(self.pool.value(*it), Value::Instance(of) if self.is_open_interface(of));
            if held.iter().all(is_open) {
                self.stand_ins.methods.extend(methods.values());
                self.stand_ins.methods.extend(helpers.get(&(of, field)).into_iter().flatten());
                self.stand_ins.open.insert(of);
            }
            for value in held {
                let Value::Outside { path, instance: true, .. } = self.pool.value(value) else { continue };
                if self.stubs.is_foreign(self.pool.text(path)) {
                    continue;
                }
                self.stand_ins.methods.extend(methods.values());
                self.stand_ins.methods.extend(helpers.get(&(of, field)).into_iter().flatten());
                let mut standing = vec![of];
                let over = self.implementers.iter().filter(|(_, types)| types.contains(&of)).map(|(it, _)| *it);
                standing.extend(over.filter(|it| {
                    let space = self.program.def_space(*it);
                    methods.keys().filter(|name| !self.program.members(space, name).is_empty()).count() >= LEAST
                }));
                for it in standing {
                    self.stand_ins.types.insert(it, path);
                    self.stand_ins.handed.extend(methods.keys().map(|name| (it, (*name).to_owned())));
                    let extended = self.extended.entry(it).or_default();
                    if !extended.contains(&path) {
                        extended.push(path);
                    }
                }
            }
        }
    }

    /// Whether a type is an interface that nothing of the program satisfies: it stands for something from outside.
    pub(crate) fn is_open_interface(&self, of: Def) -> bool {
        self.program.kind(of) == DefinitionKind::Interface && self.implementers.get(&of).is_none_or(Vec::is_empty)
    }

    /// Whether a type hands on to such a value.
    pub(crate) fn stands_openly(&self, of: Def) -> bool {
        self.stand_ins.open.contains(&of)
    }

    /// Methods that apply the library's method they are given to what comes with it.
    fn applying_helpers(&mut self, unit: u32, owner: DefId, call: ExprId, name: &str) -> Vec<Def> {
        let ExprKind::Call { callee, .. } = &self.facts(unit).expr(call).kind else { return Vec::new() };
        if matches!(&self.facts(unit).expr(*callee).kind, ExprKind::Member { name: called, .. } if called == name) {
            return Vec::new();
        }
        let called = self.eval(unit, owner, *callee);
        let methods = called.iter().filter_map(|it| match self.pool.value(*it) {
            Value::Bound(def, _) if self.program.is_function(def) => Some(def),
            _ => None,
        });
        methods.collect()
    }

    /// Whether a literal makes a type that hands on the method of this name.
    fn is_handing(&mut self, unit: u32, owner: DefId, literal: ExprId, name: &str) -> bool {
        self.eval(unit, owner, literal).iter().any(|it| match self.pool.value(*it) {
            Value::Instance(of) => self.stand_ins.handed.contains(&(of, name.to_owned())),
            _ => false,
        })
    }

    /// The library's type that a type of the program stands for.
    pub(crate) fn stands_for(&self, of: Def) -> Option<Sym> {
        self.stand_ins.types.get(&of).copied()
    }

    /// Takes the library's value out of what a method is called on, where the program's own type answers it by itself.
    pub(crate) fn keep_answering(&self, bases: &mut Values, name: &str) {
        if bases.len() < 2 || self.stand_ins.types.is_empty() {
            return;
        }
        let answers = bases.iter().find_map(|it| {
            let Value::Instance(of) = self.pool.value(*it) else { return None };
            let path = self.stands_for(of)?;
            let own = !self.program.members(self.program.def_space(of), name).is_empty();
            (own && !self.stand_ins.handed.contains(&(of, name.to_owned()))).then_some(path)
        });
        if let Some(answered) = answers {
            bases.retain(|it| !matches!(self.pool.value(*it), Value::Outside { path, .. } if path == answered));
        }
    }

    /// Whether a function is a method that hands its call to the library: whoever calls it says what is done.
    pub(crate) fn only_hands_on(&self, unit: u32, owner: DefId) -> bool {
        self.stand_ins.methods.contains(&self.program.def(unit, self.named_owner(unit, owner)))
    }

    /// Whether a match stands in such a method, about what that was given: calls of it are matched as the library's own.
    pub(crate) fn callers_say(&self, unit: u32, rule: &Rule, hit: &Match) -> bool {
        if self.stand_ins.methods.is_empty() || !self.only_hands_on(unit, hit.owner) {
            return false;
        }
        let facts = self.facts(unit);
        let params = &facts.definition(self.named_owner(unit, hit.owner)).params;
        let given = capture(rule, hit, "embedded.sql").or_else(|| capture(rule, hit, "access.target"));
        let Some(Captured::Expr(given)) = given else { return false };
        // A parameter that the method gives anew (`sql = adapted(sql)`) is still what it was given.
        let plain = |name: &str| name.split('\u{b7}').next().unwrap_or_default().to_owned();
        matches!(&facts.expr(*given).kind, ExprKind::Name(name) if params.iter().any(|it| *it.name == plain(name)))
    }
}

/// What a function calls with all it is given, where it gives back nothing else.
fn all_handed_to(facts: &FileFacts, function: DefId) -> Option<ExprId> {
    let definition = facts.definition(function);
    let [rest, keywords @ ..] = definition.params.as_slice() else { return None };
    if definition.kind != DefinitionKind::Function || !keywords.iter().all(|it| it.kind == ParamKind::Keywords) {
        return None;
    }
    let mut returned = facts.steps.iter().filter(|it| it.owner == function).filter_map(|it| match it.kind {
        StepKind::Return(value) => Some(value),
        _ => None,
    });
    let (Some(only), None) = (returned.next(), returned.next()) else { return None };
    let ExprKind::Call { callee, args } = &facts.expr(only).kind else { return None };
    let first = args.first().filter(|it| it.spread)?;
    let is_rest = matches!(&facts.expr(first.value).kind, ExprKind::Name(name) if *name == rest.name);
    (is_rest && args[1..].iter().all(|it| it.spread || it.name.is_some())).then_some(*callee)
}

/// The field of the receiver and the method's own name, where a call hands all parameters on in their order; and the literal
/// that holds the field's value alone, where it is called on one.
fn handed_on(facts: &FileFacts, owner: DefId, call: ExprId) -> Option<(&str, &str, Option<ExprId>)> {
    let method = facts.definition(owner);
    let ExprKind::Call { callee, args } = &facts.expr(call).kind else { return None };
    let (callee, args) = applied_by_helper(facts, owner, *callee, args).unwrap_or((*callee, args));
    let ExprKind::Member { base, name } = &facts.expr(callee).kind else { return None };
    let (inner, within) = match &facts.expr(*base).kind {
        ExprKind::Construct { fields, .. } if fields.len() == 1 => (fields[0].value, Some(*base)),
        _ => (*base, None),
    };
    let ExprKind::Member { base: own, name: field } = &facts.expr(inner).kind else { return None };
    let ExprKind::Name(receiver) = &facts.expr(*own).kind else { return None };
    if method.kind != DefinitionKind::Method || method.name != *name {
        return None;
    }
    let (mut receivers, plain): (Vec<_>, Vec<_>) = method.params.iter().partition(|it| it.kind == ParamKind::Receiver);
    let same = |it: ExprId, name: &str| matches!(&facts.expr(it).kind, ExprKind::Name(it) if it == name);
    let all = args.len() == plain.len() && args.iter().zip(&plain).all(|(it, param)| same(it.value, &param.name));
    (all && receivers.pop()?.name == *receiver).then_some((field, name, within))
}

/// What a method of the same receiver is given to apply, and what it applies that to: the library's method comes first
/// (`self._run(self.inner.execute, sql, *values)`).
fn applied_by_helper<'a>(
    facts: &'a FileFacts,
    owner: DefId,
    callee: ExprId,
    args: &'a [Argument],
) -> Option<(ExprId, &'a [Argument])> {
    let receiver = &facts.definition(owner).params.iter().find(|it| it.kind == ParamKind::Receiver)?.name;
    let ExprKind::Member { base, .. } = &facts.expr(callee).kind else { return None };
    let (first, rest) = args.split_first()?;
    let is_own = matches!(&facts.expr(*base).kind, ExprKind::Name(it) if it == receiver);
    let is_method = matches!(facts.expr(first.value).kind, ExprKind::Member { .. });
    (is_own && is_method && first.name.is_none() && !first.spread).then_some((first.value, rest))
}
