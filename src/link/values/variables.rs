//! Variables: what they hold, who read them, and who is woken when they hold more.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::link::names::program::Space;
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::{Value, ValueId, Values, Var, insert};
use crate::model::fact::{DefId, DefinitionKind, ExprId, ExprKind, ParamKind};

/// A variable that holds more values than this says nothing any more and stops growing.
pub(crate) const MOST_VALUES: usize = 24;
/// A list that is written out holds what it holds, up to this size.
const MOST_LISTED: usize = 2048;

/// All variables, in the order of their numbers. What is asked for at every step lies together in one line of memory a
/// variable; the rest lies apart.
#[derive(Default)]
pub(crate) struct Variables {
    states: Vec<VarState>,
    sources: Vec<Sources>,
    /// The only instances that declared types let variables hold.
    sealed: FxHashMap<Var, ValueId>,
    /// The same for the items of lists and mappings.
    sealed_items: FxHashMap<Var, ValueId>,
    /// Whether it is test code that makes variables.
    of_tests: bool,
}

#[derive(Default)]
struct VarState {
    values: Values,
    readers: SmallVec<[u32; 4]>,
    /// The same once they are many, to find one fast.
    reader_set: Option<Box<FxHashSet<u32>>>,
    /// It is of test code. Others take nothing from tests.
    of_tests: bool,
    /// Its declared type lets it hold one instance only.
    is_sealed: bool,
    /// Holds a list that is written out.
    listed: bool,
}

/// Expressions assigned to a variable, for following texts.
#[derive(Default)]
struct Sources {
    spots: SmallVec<[Spot; 1]>,
    /// Work that followed them, sorted.
    readers: Vec<u32>,
}

/// More readers than this are looked up in a set.
const FEW_READERS: usize = 24;
/// Places that give a variable its value; a wrapper that all statements go through has hundreds.
const MOST_SOURCES: usize = 1_024;
/// Sources beyond these are only looked at when all values are known.
const FEW_SOURCES: usize = 64;

impl VarState {
    fn add_reader(&mut self, reader: u32) {
        if let Some(set) = &mut self.reader_set {
            if set.insert(reader) {
                self.readers.push(reader);
            }
        } else if !self.readers.contains(&reader) {
            self.readers.push(reader);
            if self.readers.len() > FEW_READERS {
                self.reader_set = Some(Box::new(self.readers.iter().copied().collect()));
            }
        }
    }
}

impl Variables {
    pub(in crate::link) fn with_capacity(count: usize) -> Self {
        Self { states: Vec::with_capacity(count), sources: Vec::with_capacity(count), ..Self::default() }
    }

    /// A variable that holds nothing yet.
    pub(in crate::link) fn new_var(&mut self) -> Var {
        self.new_var_of(None)
    }

    /// The same, told whether it is of tests.
    pub(in crate::link) fn new_var_of(&mut self, of_tests: Option<bool>) -> Var {
        self.states.push(VarState { of_tests: of_tests.unwrap_or(self.of_tests), ..VarState::default() });
        self.sources.push(Sources::default());
        Var(self.states.len() as u32 - 1)
    }

    pub(in crate::link) fn values(&self, var: Var) -> &[ValueId] {
        &self.states[var.0 as usize].values
    }

    pub(in crate::link) fn sources(&self, var: Var) -> &[Spot] {
        &self.sources[var.0 as usize].spots
    }

    /// Whether a variable was given more than it may hold.
    pub(in crate::link) fn is_full(&self, var: Var) -> bool {
        self.states[var.0 as usize].values.len() >= MOST_VALUES
    }

    pub(in crate::link) fn set_listed(&mut self, var: Var, listed: bool) {
        self.states[var.0 as usize].listed = listed;
    }

    /// Whether variables that are made from here on, or declared once more, are of tests.
    pub(in crate::link) fn set_of_tests(&mut self, of_tests: bool) {
        self.of_tests = of_tests;
    }

    /// A variable that production code declares is not of tests, whoever declared it first.
    pub(in crate::link) fn declared_again(&mut self, var: Var) {
        self.states[var.0 as usize].of_tests &= self.of_tests;
    }
}

impl<'a> Inference<'a> {
    pub(crate) fn new_var(&mut self) -> Var {
        self.vars.new_var()
    }

    pub(crate) fn named_var(&mut self, space: Space, name: &'a str) -> Var {
        // What tests set on production code is not theirs.
        let of_tests = self.tests_run.then(|| self.program.is_test_space(space));
        let vars = &mut self.vars;
        *self.named.get_or_insert(space, name, || vars.new_var_of(of_tests))
    }

    /// The variable of a name that is declared.
    pub(in crate::link) fn declared_var(&mut self, space: Space, name: &'a str) -> Var {
        let var = self.named_var(space, name);
        self.vars.declared_again(var);
        var
    }

    pub(crate) fn find_var(&self, space: Space, name: &str) -> Option<Var> {
        self.named.get(space, name).copied()
    }

    /// Where a language has no types below a type that is no interface, what is declared as one never holds another.
    pub(in crate::link) fn seal_declared(&mut self) {
        self.each_declared(Self::seal);
    }

    /// Declared fields, parameters and results where a declared type is all that a variable can hold: what they are
    /// declared as, and their variables.
    pub(in crate::link) fn each_declared(&mut self, mut act: impl FnMut(&mut Self, u32, DefId, ExprId, Var)) {
        for unit in 0..self.program.units.len() as u32 {
            let facts = self.facts(unit);
            if !facts.typing.is_structural {
                continue;
            }
            for id in facts.def_ids() {
                let definition = facts.definition(id);
                let def = self.program.def(unit, id);
                let mut act = |this: &mut Self, owner: DefId, declared: Option<ExprId>, var: Option<Var>| {
                    if let (Some(declared), Some(var)) = (declared, var) {
                        act(this, unit, owner, declared, var);
                    }
                };
                if definition.kind == DefinitionKind::Field {
                    let var = self.find_var(self.program.space(unit, definition.parent), &definition.name);
                    act(self, definition.parent, definition.declared, var);
                } else if self.program.is_function(def) {
                    let space = self.program.space(unit, id);
                    for param in definition.params.iter().filter(|it| it.kind == ParamKind::Plain) {
                        let var = self.find_var(space, &param.name);
                        act(self, id, param.declared, var);
                    }
                    let var = self.result_var(def);
                    act(self, id, definition.result, var);
                }
            }
        }
    }

    fn seal(&mut self, unit: u32, owner: DefId, declared: ExprId, var: Var) {
        let facts = self.facts(unit);
        let (named, of_items) = match &facts.expr(declared).kind {
            ExprKind::Name(_) | ExprKind::Member { .. } => (declared, false),
            ExprKind::Index { base, index } => match (&facts.expr(*base).kind, &facts.expr(*index).kind) {
                (ExprKind::Name(list), ExprKind::Name(_) | ExprKind::Member { .. }) if list == "[]" => (*index, true),
                (ExprKind::Name(map), ExprKind::Sequence(both)) if map == "map" => match both.as_slice() {
                    [_, value] => (*value, true),
                    _ => return,
                },
                _ => return,
            },
            _ => return,
        };
        if !matches!(facts.expr(named).kind, ExprKind::Name(_) | ExprKind::Member { .. }) {
            return;
        }
        let values = self.types(unit, owner, named);
        if let [only] = values.as_slice()
            && let Value::Instance(of) = self.pool.value(*only)
            && self.program.kind(of) == DefinitionKind::Type
        {
            if of_items {
                self.vars.sealed_items.insert(var, *only);
                return;
            }
            self.vars.sealed.insert(var, *only);
            let state = &mut self.vars.states[var.0 as usize];
            state.is_sealed = true;
            let pool = &self.pool;
            state.values.retain(|it| *it == *only || !matches!(pool.value(*it), Value::Instance(_)));
        }
    }

    /// Items of a list or mapping without instances that its declared type cannot hold.
    pub(in crate::link) fn declared_items(
        &mut self,
        unit: u32,
        owner: DefId,
        list: ExprId,
        mut items: Values,
    ) -> Values {
        if items.len() < 2 || !self.facts(unit).typing.is_structural {
            return items;
        }
        let vars = self.vars_of(unit, owner, list);
        let sealed = |var: &(Var, bool)| self.vars.sealed_items.get(&var.0).copied();
        let Some(only) = vars.first().and_then(sealed) else { return items };
        if vars.iter().all(|it| sealed(it) == Some(only)) {
            let pool = &self.pool;
            items.retain(|it| *it == only || !matches!(pool.value(*it), Value::Instance(_)));
        }
        items
    }

    pub(crate) fn read(&mut self, var: Var) -> Values {
        let state = &mut self.vars.states[var.0 as usize];
        if self.current != u32::MAX && state.readers.last() != Some(&self.current) {
            state.add_reader(self.current);
        }
        state.values.clone()
    }

    pub(crate) fn add(&mut self, var: Var, value: ValueId) {
        self.add_all(var, &[value]);
    }

    pub(crate) fn add_all(&mut self, var: Var, values: &[ValueId]) {
        let state = &mut self.vars.states[var.0 as usize];
        if self.tests_run && !state.of_tests {
            return;
        }
        let sealed = if state.is_sealed { self.vars.sealed.get(&var).copied() } else { None };
        let most = if state.listed { MOST_LISTED } else { MOST_VALUES };
        let mut is_new = false;
        for value in values {
            let is_refused =
                sealed.is_some_and(|sealed| sealed != *value) && matches!(self.pool.value(*value), Value::Instance(_));
            if is_refused {
                continue;
            }
            is_new |= state.values.len() < most && insert(&mut state.values, *value);
        }
        if is_new {
            self.wake_readers(var);
        }
    }

    /// Queues what read a variable.
    pub(in crate::link) fn wake_readers(&mut self, var: Var) {
        wake(&self.vars.states[var.0 as usize].readers, &mut self.queued, &mut self.queue);
    }

    pub(crate) fn add_source(&mut self, var: Var, spot: Spot) {
        if self.tests_run && !self.vars.states[var.0 as usize].of_tests {
            return;
        }
        let sources = &mut self.vars.sources[var.0 as usize];
        if sources.spots.len() < MOST_SOURCES && !sources.spots.contains(&spot) {
            sources.spots.push(spot);
            if sources.spots.len() <= FEW_SOURCES {
                wake(&sources.readers, &mut self.queued, &mut self.queue);
            }
        }
    }

    /// Expressions assigned to a variable; whoever asks is woken by one more.
    pub(crate) fn sources(&mut self, var: Var) -> SmallVec<[Spot; 1]> {
        let sources = &mut self.vars.sources[var.0 as usize];
        if self.current != u32::MAX
            && let Err(at) = sources.readers.binary_search(&self.current)
        {
            sources.readers.insert(at, self.current);
        }
        sources.spots.clone()
    }
}

fn wake(readers: &[u32], queued: &mut [bool], queue: &mut VecDeque<u32>) {
    queue.extend(readers.iter().filter(|it| !std::mem::replace(&mut queued[**it as usize], true)));
}
