//! Decorators of the program: what a name denotes that they stand on.
//!
//! One that returns what it was given, or a function that hands all it is given on to that, leaves each decorated function
//! itself: one wrapper runs for all of them, but what it hands on is of the call in hand.

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::link::names::program::Def;
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::put_in::{Given, PutIn, hands_on, wrapped_name};
use crate::link::values::value::{Value, ValueId, Values, insert, union};
use crate::link::values::variables::MOST_VALUES;
use crate::model::fact::{DefId, ExprId, ExprKind, FileFacts, ParamKind, StepKind};

/// Functions that hand on all they are given.
#[derive(Default)]
pub(crate) struct Wrappers {
    /// By decorator and what it returns, whether that hands all on to what was decorated.
    passing: FxHashMap<(Def, Def), bool>,
    /// What runs around a decorated function.
    around: FxHashMap<Def, SmallVec<[Def; 1]>>,
    /// The calls that hand on, by unit.
    calls: FxHashSet<(u32, ExprId)>,
    /// What decorators put into functions: the parameter, and where its value is written.
    put_in: FxHashMap<Def, Vec<(String, Spot)>>,
    /// The calls that put something in, by unit.
    putting: FxHashSet<(u32, ExprId)>,
}

impl Inference<'_> {
    /// A decorator of the project replaces the function by what it returns, unless that only wraps it; an outside one is transparent.
    pub(crate) fn decorate(&mut self, def: Def) {
        let (unit, id) = self.program.local(def);
        for (param, given) in self.wrappers.put_in.get(&def).cloned().unwrap_or_default() {
            let values = self.eval(given.unit, given.owner, given.expr);
            let Some(var) = self.find_var(self.program.space(unit, id), &param) else { continue };
            self.add_all(var, &values);
            self.add_source(var, given);
        }
        let definition = self.facts(unit).definition(id);
        let mut value = self.pool.id(Value::Def(def));
        let mut replaced = Values::new();
        for attribute in definition.attributes.iter().rev() {
            let decorators = self.eval(unit, definition.parent, *attribute);
            // A name may stand for several decorators: each is given the same, and gives one of the results.
            let mut outcome = Values::new();
            for decorator in decorators {
                let decorator_value = self.pool.value(decorator);
                let target = match decorator_value {
                    Value::Def(it) | Value::Bound(it, _) if self.program.is_function(it) => it,
                    Value::Def(it) if self.program.is_type(it) => {
                        // A class as decorator: the name denotes an instance of it.
                        let made = self.pool.id(Value::Instance(it));
                        insert(&mut outcome, made);
                        continue;
                    }
                    _ => continue,
                };
                let receiver = if let Value::Bound(_, of) = decorator_value { Some(Value::Instance(of)) } else { None };
                self.bind_values(target, &[value], receiver);
                if let Some(var) = self.result_var(target) {
                    let results = self.read(var);
                    if results.is_empty() && self.program.returns(target) {
                        // What it returns is not known yet; reading it brings this back.
                        return;
                    }
                    let mut functions: Values = results
                        .iter()
                        .copied()
                        .filter(|it| {
                            matches!(self.pool.value(*it), Value::Def(_) | Value::Bound(..) | Value::Instance(_))
                        })
                        .collect();
                    self.see_through(def, value, target, &mut functions);
                    union(&mut outcome, &functions);
                }
            }
            if let Some(first) = outcome.first() {
                value = *first;
                replaced = outcome;
            }
        }
        if !replaced.is_empty() {
            let fresh = self.decorated.get(&def).copied();
            let var = if let Some(var) = fresh {
                var
            } else {
                let var = self.new_var();
                self.decorated.insert(def, var);
                var
            };
            self.add_all(var, &replaced);
        }
    }

    /// Keeps what decorators put into functions.
    pub(crate) fn put_in(&mut self, given: &PutIn) {
        for ((position, id), params) in given {
            let def = self.program.def(*position as u32, *id);
            let spot = |it: &Given| Spot { unit: it.file as u32, owner: it.owner, expr: it.value };
            let of = params.iter().map(|it| (it.param.clone(), spot(it))).collect();
            self.wrappers.put_in.insert(def, of);
            self.wrappers.putting.extend(params.iter().map(|it| (it.file as u32, it.call)));
        }
    }

    /// Takes out of what a decorator returns for `def`, handed to it as `handed`, what stands for `def` itself.
    fn see_through(&mut self, def: Def, handed: ValueId, decorator: Def, returned: &mut Values) {
        let given = self.first_given(decorator);
        let mut kept = Values::new();
        for value in returned.drain(..) {
            match self.pool.value(value) {
                Value::Def(it) => {
                    // A decorator may hand what it is given to one that another function makes of it.
                    let maker = self.program.parent(it);
                    let made_for = self.first_given(maker);
                    let is_full = made_for.len() >= MOST_VALUES;
                    if (maker == decorator || made_for.contains(&handed) || is_full) && self.passes_all_on(maker, it) {
                        let around = self.wrappers.around.entry(def).or_default();
                        if !around.contains(&it) {
                            around.push(it);
                        }
                    } else if !given.contains(&value) {
                        kept.push(value);
                    }
                }
                Value::Bound(..) if given.contains(&value) => {}
                _ => kept.push(value),
            }
        }
        // A function that many decorators are made by gives what any of them gives: only its own wrappers count.
        if kept.len() > 1 {
            kept.retain(|it| match self.pool.value(*it) {
                Value::Def(of) => self.is_within(of, decorator),
                _ => false,
            });
        }
        *returned = kept;
    }

    /// Whether a definition stands inside of another.
    fn is_within(&self, inner: Def, outer: Def) -> bool {
        let mut at = inner;
        while at != outer {
            let parent = self.program.parent(at);
            if parent == at {
                return false;
            }
            at = parent;
        }
        true
    }

    /// What a function is given first.
    fn first_given(&mut self, decorator: Def) -> Values {
        let (unit, id) = self.program.local(decorator);
        match self.facts(unit).definition(id).params.iter().find(|it| it.kind == ParamKind::Plain) {
            Some(param) => {
                let var = self.named_var(self.program.space(unit, id), &param.name);
                self.read(var)
            }
            None => Values::new(),
        }
    }

    /// What runs around a function wherever its name is called.
    pub(crate) fn run_around(&self, def: Def) -> &[Def] {
        self.wrappers.around.get(&def).map_or(&[], SmallVec::as_slice)
    }

    /// Whether a call hands more on than its function was given: each decorated function is given that for itself.
    pub(crate) fn puts_in(&self, unit: u32, call: ExprId) -> bool {
        self.wrappers.putting.contains(&(unit, call))
    }

    /// Whether a call hands all that its function was given on to what that function is a wrapper of.
    pub(crate) fn hands_all_on(&self, unit: u32, call: ExprId) -> bool {
        self.wrappers.calls.contains(&(unit, call))
    }

    /// What wrappers of a function give its parameter of this name among the keywords that they hand on (`kwargs["query"] =
    /// select(Order)`).
    pub(crate) fn keywords_around(&self, def: Def, param: &str) -> Vec<Spot> {
        let around = self.wrappers.around.get(&def).into_iter().flatten();
        let of_one = around.flat_map(|wrapper| {
            let (unit, owner) = self.program.local(*wrapper);
            let calls = self.wrappers.calls.iter().filter(move |it| it.0 == unit);
            calls.map(move |it| Spot { unit, owner, expr: it.1 })
        });
        let mut found: Vec<Spot> = of_one.flat_map(|it| self.spread_under(it, param)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// `def run(*args, **kwargs): .. result = function(*args, **kwargs) .. return result` inside of `def decorator(function)`.
    fn passes_all_on(&mut self, decorator: Def, wrapper: Def) -> bool {
        if let Some(known) = self.wrappers.passing.get(&(decorator, wrapper)) {
            return *known;
        }
        let calls = self.passing_calls(decorator, wrapper);
        self.wrappers.passing.insert((decorator, wrapper), !calls.is_empty());
        let passes = !calls.is_empty();
        self.wrappers.calls.extend(calls);
        passes
    }

    fn passing_calls(&self, decorator: Def, wrapper: Def) -> Vec<(u32, ExprId)> {
        let ((unit, id), (home, around)) = (self.program.local(wrapper), self.program.local(decorator));
        let facts = self.facts(unit);
        let definition = facts.definition(id);
        let Some(wrapped) = wrapped_name(facts.definition(around)).filter(|_| unit == home) else { return Vec::new() };
        if definition.parent != around {
            return Vec::new();
        }
        let own = facts.steps.iter().filter(|it| it.owner == id);
        let calls = own.filter_map(|step| {
            let StepKind::Call(expr) = step.kind else { return None };
            let ExprKind::Call { callee, args } = &facts.expr(expr).kind else { return None };
            let is_it = matches!(&facts.expr(*callee).kind, ExprKind::Name(it) if it == wrapped);
            (is_it && hands_on(facts, definition, args).is_some()).then_some(expr)
        });
        let calls: Vec<ExprId> = calls.collect();
        let gives = facts.steps.iter().filter(|it| it.owner == id).filter_map(|step| match step.kind {
            StepKind::Return(value) => {
                Some(calls.iter().any(|it| leads_to(facts, value, *it) || assigned(facts, step.owner, value, *it)))
            }
            _ => None,
        });
        // One that gives nothing back is there for what it does besides.
        let mut gives = gives.peekable();
        let passes = gives.peek().is_none() || gives.any(|it| it);
        calls.into_iter().filter(|_| passes).map(|it| (unit, it)).collect()
    }
}

/// Whether an expression is a call, or may be.
fn leads_to(facts: &FileFacts, expr: ExprId, call: ExprId) -> bool {
    expr == call || matches!(&facts.expr(expr).kind, ExprKind::Choice(items) if items.contains(&call))
}

/// Whether a name was given the result of a call.
fn assigned(facts: &FileFacts, owner: DefId, expr: ExprId, call: ExprId) -> bool {
    let ExprKind::Name(name) = &facts.expr(expr).kind else { return false };
    facts.steps.iter().filter(|it| it.owner == owner).any(|step| match step.kind {
        StepKind::Assign { target, value } => {
            matches!(&facts.expr(target).kind, ExprKind::Name(it) if it == name) && leads_to(facts, value, call)
        }
        _ => false,
    })
}
