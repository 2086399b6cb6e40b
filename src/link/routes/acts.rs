//! Methods that a registration names by words beside the object that serves (`controller=orders, action="show"`,
//! `member={"close": "POST"}`). The object may be handed over inside another one.

use crate::link::names::program::Def;
use crate::link::routes::paths::join_paths;
use crate::link::values::guards::capture;
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::Value;
use crate::model::fact::{Captured, ExprId, ExprKind, Match, StepKind};
use crate::model::rule::Rule;

/// Variables, functions and wrappers on the way to the object that serves.
const MOST_LEVELS: u32 = 8;

/// A method of a type by its name, how it is asked for, and what that adds to the route.
struct Act {
    name: String,
    method: String,
    below: String,
}

impl Inference<'_> {
    /// Handlers by the names of methods: the one of `@endpoint.action`, or those of `endpoint.methods` that the type has and
    /// those that keywords of the call list (`endpoint.acts`).
    pub(crate) fn acted_handlers(
        &mut self,
        unit: u32,
        rule: &Rule,
        hit: &Match,
        object: ExprId,
        methods: &[String],
        handlers: &mut Vec<(String, Def)>,
    ) {
        let object = Spot { unit, owner: hit.owner, expr: object };
        if let Some(Captured::Expr(action)) = capture(rule, hit, "endpoint.action") {
            let Some(name) = self.plain_text(unit, hit.owner, *action) else { return };
            for of in self.objects_inside(object, std::slice::from_ref(&name), 0) {
                let Some(member) = self.method_named(of, &name) else { continue };
                handlers.extend(methods.iter().map(|it| (it.clone(), member)));
            }
            return;
        }
        let acts = self.acts(unit, rule, hit);
        let usual = rule.words("endpoint.methods").filter_map(|it| it.split_once('='));
        let usual: Vec<(&str, &str)> = usual.collect();
        let names = usual.iter().map(|it| it.0.to_owned()).chain(acts.iter().map(|it| it.name.clone()));
        let names: Vec<String> = names.collect();
        for of in self.objects_inside(object, &names, 0) {
            for (name, method) in &usual {
                if let Some(member) = self.method_named(of, name) {
                    handlers.push(((*method).to_owned(), member));
                }
            }
            for act in &acts {
                // What is written down is a route, also where the type answers it by other means.
                let member = self.method_named(of, &act.name).unwrap_or(of);
                handlers.push((join_paths(&act.method, &act.below), member));
            }
        }
    }

    /// What keywords of the call list beside the usual methods: `member={"close": "POST"}`. `endpoint.acts` says of each keyword
    /// what stands before the name (`member={id}`), and methods whose first name is none (`collection:PUT`).
    fn acts(&mut self, unit: u32, rule: &Rule, hit: &Match) -> Vec<Act> {
        let mut acts: Vec<Act> = Vec::new();
        let Some(Captured::Expr(root)) = capture(rule, hit, "endpoint") else { return acts };
        let ExprKind::Call { args, .. } = &self.facts(unit).expr(*root).kind else { return acts };
        for word in rule.words("endpoint.acts") {
            let (head, before) = word.split_once('=').unwrap_or((word, ""));
            let (keyword, bare) = head.split_once(':').unwrap_or((head, ""));
            let mut bare: Vec<&str> = bare.split(',').collect();
            let Some(given) = args.iter().find(|it| it.name.as_deref() == Some(keyword)) else { continue };
            for (name, value) in self.pairs(Spot { unit, owner: hit.owner, expr: given.value }) {
                let Some(method) = self.plain_text(unit, hit.owner, value) else { continue };
                let method = method.to_uppercase();
                let is_bare = bare.iter().position(|it| *it == method);
                if let Some(at) = is_bare {
                    bare.remove(at);
                }
                let below = if is_bare.is_some() { before.to_owned() } else { join_paths(before, &name) };
                acts.push(Act { name, method, below });
            }
        }
        acts
    }

    /// Keys with their values, of a literal or a call with keywords (`dict(close="POST")`).
    fn pairs(&self, of: Spot) -> Vec<(String, ExprId)> {
        match &self.facts(of.unit).expr(of.expr).kind {
            ExprKind::Mapping(entries) => {
                let text = |key: ExprId| match &self.facts(of.unit).expr(key).kind {
                    ExprKind::Text(text) => Some(text.to_string()),
                    _ => None,
                };
                entries.iter().filter_map(|(key, value)| Some((text((*key)?)?, *value))).collect()
            }
            ExprKind::Call { args, .. } => {
                args.iter().filter_map(|it| Some((it.name.as_ref()?.to_string(), it.value))).collect()
            }
            _ => Vec::new(),
        }
    }

    /// What stands before the route by keywords of the call (`endpoint.above`): the first that is given counts, as a text, or as
    /// what it lists under the words in brackets (`parent=[plural]/{[single]_id}`).
    pub(crate) fn written_above(&mut self, unit: u32, rule: &Rule, hit: &Match) -> Option<String> {
        rule.settings.get("endpoint.above")?;
        let Some(Captured::Expr(root)) = capture(rule, hit, "endpoint") else { return None };
        let ExprKind::Call { args, .. } = &self.facts(unit).expr(*root).kind else { return None };
        for word in rule.words("endpoint.above") {
            let (keyword, parts) = word.split_once('=').unwrap_or((word, ""));
            let Some(given) = args.iter().find(|it| it.name.as_deref() == Some(keyword)) else { continue };
            if parts.is_empty() {
                return self.plain_text(unit, hit.owner, given.value);
            }
            let mut text = parts.to_owned();
            for (name, value) in self.pairs(Spot { unit, owner: hit.owner, expr: given.value }) {
                if let Some(said) = self.plain_text(unit, hit.owner, value) {
                    text = text.replace(&format!("[{name}]"), &said);
                }
            }
            return Some(text);
        }
        None
    }

    /// The types of an object that have one of these methods, or else of what the object was made with first, through variables,
    /// keys and functions of the program's own.
    fn objects_inside(&mut self, object: Spot, names: &[String], level: u32) -> Vec<Def> {
        let mut found: Vec<Def> = Vec::new();
        if level > MOST_LEVELS {
            return found;
        }
        if let Some(given) = self.bound(object.unit, object.owner, object.expr) {
            return self.objects_inside(given, names, level + 1);
        }
        for value in self.eval(object.unit, object.owner, object.expr) {
            if let Value::Instance(of) | Value::Def(of) = self.pool.value(value)
                && self.program.is_type(of)
                && names.iter().any(|it| self.method_named(of, it).is_some())
                && !found.contains(&of)
            {
                found.push(of);
            }
        }
        if !found.is_empty() {
            return found;
        }
        let at = |expr: ExprId| Spot { expr, ..object };
        let mut inner: Vec<Spot> = Vec::new();
        match &self.facts(object.unit).expr(object.expr).kind {
            ExprKind::Name(_) | ExprKind::Member { .. } => {
                for (var, _) in self.vars_of(object.unit, object.owner, object.expr) {
                    inner.extend(self.sources(var));
                }
            }
            ExprKind::Index { base, index } => inner.extend(self.kept_under(object, *base, *index)),
            ExprKind::Choice(items) => inner.extend(items.iter().map(|it| at(*it))),
            ExprKind::Call { callee, args } => {
                for value in self.eval(object.unit, object.owner, *callee) {
                    if let Value::Def(def) | Value::Bound(def, _) = self.pool.value(value)
                        && self.program.is_function(def)
                        && let Some(var) = self.result_var(def)
                    {
                        inner.extend(self.sources(var));
                    }
                }
                if inner.is_empty() {
                    inner.extend(args.first().filter(|it| it.name.is_none() && !it.spread).map(|it| at(it.value)));
                }
            }
            _ => {}
        }
        for spot in inner {
            for of in self.objects_inside(spot, names, level + 1) {
                if !found.contains(&of) {
                    found.push(of);
                }
            }
        }
        found
    }

    /// What the function last put under a key before it reads it: `self.resources["orders"] = ..`.
    fn kept_under(&self, read: Spot, base: ExprId, index: ExprId) -> Option<Spot> {
        let facts = self.facts(read.unit);
        let key = self.key(read.unit, index)?;
        let word = |it: ExprId| match &facts.expr(it).kind {
            ExprKind::Name(name) | ExprKind::Member { name, .. } => Some(name),
            _ => None,
        };
        let line = facts.expr(read.expr).at.line;
        let kept = facts.steps.iter().filter(|it| it.owner == read.owner && it.line <= line).filter_map(|it| {
            let StepKind::Assign { target, value } = it.kind else { return None };
            let ExprKind::Index { base: of, index } = facts.expr(target).kind else { return None };
            let is_it = word(of).is_some() && word(of) == word(base) && self.key(read.unit, index)? == key;
            is_it.then_some((it.line, value))
        });
        kept.max_by_key(|it| it.0).map(|(_, expr)| Spot { expr, ..read })
    }
}
