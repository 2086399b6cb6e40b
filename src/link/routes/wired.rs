//! Handlers that are put into the fields of generated code: a generator writes the routes, the program what answers them.

use crate::link::names::program::Def;
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::Value;
use crate::model::fact::{Argument, DefId, DefinitionKind, ExprId, ExprKind, FileFacts, StepKind};
use crate::model::rule::Rule;
use crate::model::source::Role;

/// A variable that is given its value in more places says nothing.
const MOST_GIVEN: usize = 4;
/// Wrappers in wrappers around a function, so deep.
const MOST_NESTED: u32 = 4;
/// Generated wrappers around each other, so deep.
const MOST_WRAPPED: u32 = 3;

impl Inference<'_> {
    /// Types of the object whose public methods are served (`Register(server, orders.New(db))`): what it was made with
    /// is no handler.
    pub(crate) fn served_objects(&mut self, unit: u32, rule: &Rule, owner: DefId, object: ExprId) -> Vec<Def> {
        if let Some(given) = self.bound(unit, owner, object) {
            return self.served_objects(given.unit, rule, given.owner, given.expr);
        }
        let mut types = Vec::new();
        if rule.settings.get("endpoint.handler").is_some_and(|it| matches!(it.as_str(), "exported" | "methods"))
            && matches!(self.facts(unit).expr(object).kind, ExprKind::Call { .. })
        {
            for value in self.eval(unit, owner, object) {
                if let Value::Instance(of) = self.pool.value(value)
                    && self.program.kind(of) != DefinitionKind::Interface
                    && !types.contains(&of)
                {
                    types.push(of);
                }
            }
        }
        types
    }

    /// Functions that code which no generator wrote gives to a member (`api.GetOrder = orders.HandlerFunc(show)`).
    pub(crate) fn wired_handlers(&mut self, member: Spot) -> Vec<Def> {
        let mut defs = Vec::new();
        for (var, _) in self.vars_of(member.unit, member.owner, member.expr) {
            for given in self.sources(var) {
                let by_hand = self.program.unit(given.unit).source.role == Role::Production
                    && !self.program.is_test(self.program.def(given.unit, given.owner));
                if by_hand {
                    self.functions_of(given.unit, given.owner, given.expr, &mut defs, 0);
                }
            }
        }
        // A method of an interface is answered by what the program makes.
        let is_open = |it: &Def| self.program.definition(*it).traits.is_abstract;
        if !defs.iter().all(is_open) {
            defs.retain(|it| !is_open(it));
        }
        defs
    }

    /// The methods that answer behind a generated one: a wrapper keeps the object that the program hands it in a field, and
    /// calls the method of its own name there.
    pub(crate) fn answering_by_hand(&mut self, generated: Def, level: u32) -> Vec<Def> {
        let mut answering = Vec::new();
        let definition = self.program.definition(generated);
        if definition.receiver.is_none() {
            return self.answering_given(generated);
        }
        let Some(receiver) = definition.receiver.filter(|_| level < MOST_WRAPPED) else { return answering };
        let unit = self.program.unit_of(generated);
        let mut held = Vec::new();
        for value in self.type_objects(unit, definition.parent, receiver) {
            let Value::Def(of) = self.pool.value(value) else { continue };
            let (home, id) = self.program.local(of);
            let fields = self.facts(home).definitions.iter().filter(|it| it.parent == id);
            for field in fields.filter(|it| it.kind == DefinitionKind::Field) {
                if let Some(var) = self.find_var(self.program.def_space(of), &field.name) {
                    held.extend(self.read(var));
                }
            }
        }
        for value in held {
            let Value::Instance(of) = self.pool.value(value) else { continue };
            let Some(method) = self.method_named(of, &definition.name) else { continue };
            if method == generated || self.program.definition(method).traits.is_abstract {
                continue;
            }
            let found = match self.program.unit(self.program.unit_of(method)).source.role {
                Role::Production => vec![method],
                Role::Generated => self.answering_by_hand(method, level + 1),
                _ => Vec::new(),
            };
            answering.extend(found.into_iter().filter(|it| !answering.contains(it)).collect::<Vec<Def>>());
        }
        answering
    }

    /// The methods that answer behind a generated function which makes a handler of the contract that it is given: of that it calls
    /// one method (`func orders_Get(srv OrdersServer) handler { return func(..) { srv.Get(..) } }`).
    fn answering_given(&mut self, generated: Def) -> Vec<Def> {
        let (unit, id) = self.program.local(generated);
        let facts = self.facts(unit);
        let definition = facts.definition(id);
        let lines = definition.line..=definition.end_line;
        let mut called: Vec<(DefId, ExprId, &str)> = Vec::new();
        for step in facts.steps.iter().filter(|it| lines.contains(&it.line)) {
            let StepKind::Call(call) = step.kind else { continue };
            let ExprKind::Call { callee, .. } = &facts.expr(call).kind else { continue };
            let ExprKind::Member { base, name } = &facts.expr(*callee).kind else { continue };
            let ExprKind::Name(of) = &facts.expr(*base).kind else { continue };
            if definition.params.iter().any(|it| it.name == *of) {
                called.push((step.owner, *callee, name));
            }
        }
        called.dedup_by_key(|it| it.2);
        let [(owner, callee, _)] = called.as_slice() else { return Vec::new() };
        let mut answering = Vec::new();
        for value in self.eval(unit, *owner, *callee) {
            let (Value::Def(of) | Value::Bound(of, _)) = self.pool.value(value) else { continue };
            let by_hand = self.program.unit(self.program.unit_of(of)).source.role == Role::Production;
            let is_written = self.program.is_function(of) && !self.program.definition(of).traits.is_abstract;
            if by_hand && is_written && !answering.contains(&of) {
                answering.push(of);
            }
        }
        answering
    }

    /// `view = resource.as_view()`, `handler := logged(route.Handler)`, `handler := h` that is wrapped later on: what the
    /// registration in hand makes of a variable. True where that is known.
    pub(crate) fn made_of_bound(
        &mut self,
        unit: u32,
        owner: DefId,
        expr: ExprId,
        defs: &mut Vec<Def>,
        level: u32,
    ) -> bool {
        if self.bindings.is_empty() || !matches!(self.facts(unit).expr(expr).kind, ExprKind::Name(_)) {
            return false;
        }
        let vars = self.vars_of(unit, owner, expr);
        let sources: Vec<Spot> = vars.iter().flat_map(|(var, _)| self.sources(*var)).collect();
        let before = defs.len();
        if sources.len() > MOST_GIVEN || sources.iter().any(|it| (it.unit, it.owner) != (unit, owner)) {
            return false;
        }
        let mut is_decided = false;
        for made in sources {
            if let Some(spot) = self.bound(unit, owner, made.expr) {
                is_decided = true;
                self.functions_of(spot.unit, spot.owner, spot.expr, defs, level + 1);
                continue;
            }
            let ExprKind::Call { callee, args } = &self.facts(unit).expr(made.expr).kind else { continue };
            // `wrapped := registrar.wrap(h)`: a function that it is given says more than what wraps it.
            if self.functions_bound(unit, owner, args, defs, level) {
                continue;
            }
            if let ExprKind::Member { base, .. } = &self.facts(unit).expr(*callee).kind
                && let Some(spot) = self.bound(unit, owner, *base)
            {
                self.functions_of(spot.unit, spot.owner, spot.expr, defs, level + 1);
                continue;
            }
            for argument in args {
                if let Some(spot) = self.bound(unit, owner, argument.value) {
                    self.functions_of(spot.unit, spot.owner, spot.expr, defs, level + 1);
                }
            }
            if defs.len() == before {
                args.iter().for_each(|it| self.made_within(unit, owner, it.value, defs, level));
            }
        }
        // What the registration in hand gives decides, also where nothing is known of it.
        is_decided || defs.len() > before
    }

    /// The functions among arguments that the registration in hand gave; false where there are none.
    fn functions_bound(&mut self, unit: u32, owner: DefId, args: &[Argument], defs: &mut Vec<Def>, level: u32) -> bool {
        let before = defs.len();
        for argument in args {
            let Some(spot) = self.bound(unit, owner, argument.value) else { continue };
            let mut given = Vec::new();
            self.functions_of(spot.unit, spot.owner, spot.expr, &mut given, level + 1);
            defs.extend(given.into_iter().filter(|it| self.program.is_function(*it)));
        }
        defs.len() > before
    }

    /// What the registration in hand gave a function that wrappers in wrappers stand around, or that the function literal in them
    /// calls: `strip(path, logged(func(..) { h(..) }))`.
    fn made_within(&mut self, unit: u32, owner: DefId, expr: ExprId, defs: &mut Vec<Def>, level: u32) {
        match &self.facts(unit).expr(expr).kind {
            ExprKind::Call { args, .. } if level < MOST_NESTED => {
                for argument in args {
                    match self.bound(unit, owner, argument.value) {
                        Some(spot) => self.functions_of(spot.unit, spot.owner, spot.expr, defs, level + 1),
                        None => self.made_within(unit, owner, argument.value, defs, level + 1),
                    }
                }
            }
            ExprKind::Function(literal) => {
                for called in called_in(self.facts(unit), *literal) {
                    if let Some(spot) = self.bound(unit, *literal, called) {
                        self.functions_of(spot.unit, spot.owner, spot.expr, defs, level + 1);
                    }
                }
            }
            _ => {}
        }
    }
}

/// What a function literal calls by a plain name.
fn called_in(facts: &FileFacts, literal: DefId) -> Vec<ExprId> {
    let calls = facts.steps.iter().filter(|it| it.owner == literal).filter_map(|it| match it.kind {
        StepKind::Call(call) => match &facts.expr(call).kind {
            ExprKind::Call { callee, .. } => Some(*callee),
            _ => None,
        },
        _ => None,
    });
    calls.filter(|it| matches!(facts.expr(*it).kind, ExprKind::Name(_))).collect()
}
