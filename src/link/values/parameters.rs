//! Parameters whose type a rule tells: a decorator, the class around, or a field that is worked out by a method.

use rustc_hash::FxHashSet;

use crate::link::names::program::Def;
use crate::link::values::containers::text_key;
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::Inference;
use crate::link::values::value::{Subject, Value, ValueId, Var};
use crate::model::fact::{Captured, DefId, DefinitionKind, ExprId, ExprKind, Match, ParamKind, StepKind};
use crate::model::rule::Rule;

impl<'a> Inference<'a> {
    /// Parameters whose type a decorator tells (`@receiver(post_save, sender=Order)`), or the class around them.
    pub(crate) fn declare_parameters(&mut self) {
        for (unit, rule, found) in self.hits(|it| it.has("parameter")) {
            if let Some(Captured::Definition(chooser)) = capture(rule, found, "parameter.type") {
                self.give_agreed(unit, rule, found, *chooser);
                continue;
            }
            let Some(Captured::Expr(of)) = capture(rule, found, "parameter.type") else { continue };
            if self.guards_hold(unit, found.owner, rule, found) != Held::Yes {
                continue;
            }
            if let (true, Some(Captured::Definition(method))) =
                (rule.settings.contains_key("parameter.keywords"), capture(rule, found, "parameter"))
            {
                self.note_keywords(unit, *method, self.facts(unit).definition(*method).parent, *of);
                continue;
            }
            if let Some(member) = rule.settings.get("parameter.member") {
                self.give_member(unit, rule, found, member);
                continue;
            }
            let (functions, scope): (Vec<Def>, DefId) = match capture(rule, found, "parameter") {
                Some(Captured::Definition(id)) => {
                    let of = self.program.def(unit, *id);
                    let functions = if self.program.is_type(of) && !rule.settings.contains_key("parameter.method") {
                        self.functions_of_type(rule, of)
                    } else {
                        self.function_meant(rule, unit, *id).into_iter().collect()
                    };
                    (functions, self.facts(unit).definition(*id).parent)
                }
                Some(Captured::Expr(named)) => (self.functions_named(rule, unit, found.owner, *named), found.owner),
                _ => continue,
            };
            let mut vars: Vec<Var> = Vec::new();
            for function in functions {
                let var = self.parameter_meant(rule, function).or_else(|| self.keyword_meant(rule, function));
                vars.extend(var);
            }
            if vars.is_empty() {
                continue;
            }
            let mut types = self.eval(unit, scope, *of);
            if types.is_empty()
                && let Some(text) = self.plain_text(unit, scope, *of)
                && let Some(of) = self.entity_named(unit, &text)
            {
                types = self.one(Value::Def(of));
            }
            for value in types {
                let value = match (self.pool.value(value), rule.settings.get("parameter.list")) {
                    (Value::Def(of) | Value::Instance(of), Some(list)) if self.program.is_type(of) => {
                        let id = self.outside(list, true, Subject::Type(of));
                        self.pool.value(id)
                    }
                    (Value::Def(of), None) if self.program.is_type(of) => Value::Instance(of),
                    (Value::Outside { path, subject, site, .. }, None) => {
                        Value::Outside { path, instance: true, subject, site }
                    }
                    (other, None) => other,
                    (_, Some(_)) => continue,
                };
                let value = self.pool.id(value);
                vars.iter().for_each(|it| self.add(*it, value));
            }
        }
    }

    /// The parameter is an instance of any type that a function returns, where these agree in what a member of theirs is
    /// (`parameter.agrees "Meta.model"`).
    fn give_agreed(&mut self, unit: u32, rule: &'a Rule, found: &Match, chooser: DefId) {
        let (Some(Captured::Definition(id)), Some(member)) =
            (capture(rule, found, "parameter"), rule.settings.get("parameter.agrees"))
        else {
            return;
        };
        let function = self.function_meant(rule, unit, *id);
        let Some(var) = function.and_then(|it| self.parameter_meant(rule, it)) else { return };
        if self.guards_hold(unit, found.owner, rule, found) != Held::Yes {
            return;
        }
        let mut types: Vec<Def> = Vec::new();
        for step in self.facts(unit).steps.iter().filter(|it| it.owner == chooser) {
            let StepKind::Return(returned) = step.kind else { continue };
            let values = self.eval(unit, chooser, returned);
            let of_type = |it: &ValueId| match self.pool.value(*it) {
                Value::Def(of) if self.program.is_type(of) => Some(of),
                _ => None,
            };
            let own: Vec<Def> = values.iter().filter_map(of_type).collect();
            if own.is_empty() || own.len() < values.len() {
                return;
            }
            types.extend(own);
        }
        if self.agree(unit, &types, member) {
            for of in types {
                let value = self.pool.id(Value::Instance(of));
                self.add(var, value);
            }
        }
    }

    /// What a decorator or a call says of a class stands in a member of it (`parameter.member "model"`).
    fn give_member(&mut self, unit: u32, rule: &'a Rule, found: &Match, member: &'a str) {
        let (Some(of), Some(Captured::Expr(given))) =
            (capture(rule, found, "parameter"), capture(rule, found, "parameter.type"))
        else {
            return;
        };
        let (types, scope): (Vec<Def>, DefId) = match of {
            Captured::Definition(id) => (vec![self.program.def(unit, *id)], self.facts(unit).definition(*id).parent),
            Captured::Expr(named) => {
                let values = self.eval(unit, found.owner, *named);
                let types = values.iter().filter_map(|it| match self.pool.value(*it) {
                    Value::Def(of) if self.program.is_type(of) => Some(of),
                    _ => None,
                });
                (types.collect(), found.owner)
            }
            Captured::Word(_) => return,
        };
        let values = self.eval(unit, scope, *given);
        for of in types {
            let var = self.named_var(self.program.def_space(of), member);
            for value in &values {
                self.add(var, *value);
            }
        }
    }

    /// The methods of a type, and the functions that a list among its members names (`parameter.listed "actions"`).
    fn functions_of_type(&mut self, rule: &Rule, of: Def) -> Vec<Def> {
        let mut functions = self.methods_meant(of);
        let Some(list) = rule.settings.get("parameter.listed") else { return functions };
        for it in self.lineage(of).types.clone() {
            for member in self.program.members(self.program.def_space(it), list) {
                let (unit, id) = self.program.local(member);
                let facts = self.facts(unit);
                let Some(value) = facts.definition(id).value else { continue };
                let ExprKind::Sequence(items) = &facts.expr(value).kind else { continue };
                for item in items {
                    for value in self.eval(unit, facts.definition(id).parent, *item) {
                        if let Value::Def(function) = self.pool.value(value)
                            && self.program.is_function(function)
                        {
                            functions.push(function);
                        }
                    }
                }
            }
        }
        functions
    }

    /// The methods of a type, and those that the program's own types above it bring and it does not answer itself.
    fn methods_meant(&mut self, of: Def) -> Vec<Def> {
        let mut methods: Vec<Def> = Vec::new();
        let mut named: FxHashSet<&str> = FxHashSet::default();
        for it in self.lineage(of).types.clone() {
            if self.program.is_test(of) && !self.program.is_test(it) {
                continue;
            }
            let (unit, id) = self.program.local(it);
            let facts = self.facts(unit);
            let own: Vec<DefId> = facts
                .def_ids()
                .filter(|it| {
                    let definition = facts.definition(*it);
                    definition.parent == id && definition.kind == DefinitionKind::Method
                })
                .filter(|it| !named.contains(facts.definition(*it).name.as_str()))
                .collect();
            named.extend(own.iter().map(|it| facts.definition(*it).name.as_str()));
            methods.extend(own.into_iter().map(|it| self.program.def(unit, it)));
        }
        methods
    }

    /// The program's functions that an expression names (`post_save.connect(on_saved, sender=Order)`), or the methods of
    /// the types that it names.
    fn functions_named(&mut self, rule: &Rule, unit: u32, owner: DefId, expr: ExprId) -> Vec<Def> {
        let mut functions = Vec::new();
        for value in self.eval(unit, owner, expr) {
            match self.pool.value(value) {
                Value::Def(of) | Value::Bound(of, _) if self.program.is_function(of) => functions.push(of),
                Value::Def(of) if self.program.is_type(of) => functions.extend(self.functions_of_type(rule, of)),
                _ => {}
            }
        }
        functions
    }

    /// The function that has the parameter: what is matched, or the method that works out the field that is matched
    /// (`parameter.method "get_{field}"`).
    fn function_meant(&self, rule: &Rule, unit: u32, id: DefId) -> Option<Def> {
        let def = self.program.def(unit, id);
        let Some(method) = rule.settings.get("parameter.method") else { return Some(def) };
        let name = method.replace("{field}", &self.program.definition(def).name);
        let members = self.program.members(self.program.def_space(self.program.parent(def)), &name);
        members.into_iter().find(|it| self.program.definition(*it).kind == DefinitionKind::Method)
    }

    /// The parameter of that name, or at that place behind the receiver.
    fn parameter_meant(&self, rule: &Rule, function: Def) -> Option<Var> {
        let (unit, id) = self.program.local(function);
        let space = self.program.space(unit, id);
        if let Some(name) = rule.settings.get("parameter.name") {
            return self.find_var(space, name);
        }
        let place: usize = rule.settings.get("parameter.at")?.parse().ok()?;
        let params = &self.facts(unit).definition(id).params;
        let param = params.iter().filter(|it| it.kind == ParamKind::Plain).nth(place)?;
        self.find_var(space, &param.name)
    }
    /// A function that takes all keywords in one mapping has the parameter of that name in there (`kwargs["instance"]`).
    fn keyword_meant(&mut self, rule: &Rule, function: Def) -> Option<Var> {
        let (unit, id) = self.program.local(function);
        let definition = self.facts(unit).definition(id);
        let name = rule.settings.get("parameter.name").filter(|_| definition.kind == DefinitionKind::Function)?;
        let keywords = definition.params.iter().find(|it| it.kind == ParamKind::Keywords)?;
        let var = self.named_var(self.program.space(unit, id), &keywords.name);
        let container = self.param_container(var);
        Some(self.container_var(container, Some(&text_key(name))))
    }
}
