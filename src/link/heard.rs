//! Functions that hear what is sent to a variable of the program's own: whoever sends calls them (`@call.signal`).

use rustc_hash::FxHashMap;

use crate::link::names::program::Def;
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::Inference;
use crate::link::values::value::{Value, Var};
use crate::model::fact::{Argument, Captured, DefId, ExprId, ExprKind};

/// Functions by what they hear. More than these hear everything, and nothing is said.
pub(crate) type Heard = FxHashMap<Var, Vec<Def>>;
const MOST_HEARING: usize = 40;

impl<'a> Inference<'a> {
    /// Finds who hears what: by a decorator, or by a call that connects a function.
    pub(crate) fn find_heard(&mut self) {
        let mut heard = Heard::default();
        for (unit, rule, hit) in self.hits(|it| it.has("call.signal") && it.has("parameter")) {
            let Some(Captured::Expr(signal)) = capture(rule, hit, "call.signal") else { continue };
            if self.guards_hold(unit, hit.owner, rule, hit) != Held::Yes {
                continue;
            }
            let functions: Vec<Def> = match capture(rule, hit, "parameter") {
                Some(Captured::Definition(id)) => vec![self.program.def(unit, *id)],
                Some(Captured::Expr(named)) => {
                    let values = self.eval(unit, hit.owner, *named);
                    let function = |it: &crate::link::values::value::ValueId| match self.pool.value(*it) {
                        Value::Def(of) | Value::Bound(of, _) if self.program.is_function(of) => Some(of),
                        _ => None,
                    };
                    values.iter().filter_map(function).collect()
                }
                _ => continue,
            };
            for var in self.signal_vars(unit, hit.owner, *signal) {
                let known = heard.entry(var).or_default();
                for function in &functions {
                    if !known.contains(function) && !self.program.is_test(*function) {
                        known.push(*function);
                    }
                }
            }
        }
        heard.retain(|_, it| it.len() <= MOST_HEARING);
        self.heard = heard;
    }

    /// Functions that a call which sends something runs.
    pub(crate) fn hearing(&mut self, unit: u32, owner: DefId, call: ExprId) -> Vec<Def> {
        if self.heard.is_empty() {
            return Vec::new();
        }
        let rules = self.rules;
        let place = self.program.unit(unit).first_expr + call.0;
        let mut functions: Vec<Def> = Vec::new();
        for number in self.matches_at.get(&place).cloned().into_iter().flatten() {
            let hit = &self.facts(unit).matches[number as usize];
            let rule = &rules.rules[hit.rule as usize];
            if !rule.has("call") {
                continue;
            }
            let Some(Captured::Expr(signal)) = capture(rule, hit, "call.signal") else { continue };
            if self.guards_hold(unit, owner, rule, hit) != Held::Yes {
                continue;
            }
            for var in self.signal_vars(unit, owner, *signal) {
                let known = self.heard.get(&var).cloned().unwrap_or_default();
                functions.extend(known.into_iter().filter(|it| !functions.contains(it)).collect::<Vec<_>>());
            }
        }
        functions
    }

    /// Hands what is sent to those who hear it.
    pub(crate) fn send(&mut self, unit: u32, owner: DefId, call: ExprId, args: &'a [Argument]) {
        for function in self.hearing(unit, owner, call) {
            self.bind(unit, owner, function, args, None);
        }
    }

    /// The variables that an expression names, also by an import inside a function.
    fn signal_vars(&mut self, unit: u32, owner: DefId, signal: ExprId) -> Vec<Var> {
        let mut vars = self.vars_of(unit, owner, signal);
        if let (true, ExprKind::Name(name)) = (vars.is_empty(), &self.facts(unit).expr(signal).kind) {
            let mut scope = owner;
            while scope != DefId::MODULE && vars.is_empty() {
                for import in self.program.imports_of(self.program.def(unit, scope), name) {
                    if let (Ok(module), Some(name)) =
                        (self.import_module(unit, import), &self.facts(unit).imports[import as usize].name)
                    {
                        self.module_var(module, name, &mut vars, 0);
                    }
                }
                scope = self.facts(unit).definition(scope).parent;
            }
        }
        vars.into_iter().filter(|it| !it.1).map(|it| it.0).collect()
    }
}
