//! Routers of the program's own over a library's: `func (r *router) Route(path string, body func(*router))` makes a group of the
//! library's and runs the body on a router around it. Each call of it is a group, and what it hands in is its body.

use crate::link::names::program::Def;
use crate::link::routes::registrations::call_given;
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::{Site, Value};
use crate::model::fact::{Captured, DefId, DefinitionKind, ExprId, ExprKind, Match, ParamKind};
use crate::model::rule::Rule;

/// A call of a function that makes a group with the prefix and runs the body that it is given.
#[derive(Clone)]
pub(crate) struct WrappedGroup<'a> {
    pub(crate) site: Site,
    pub(crate) call: Spot,
    /// The function, and where its own group says the prefix.
    pub(crate) wrapper: Def,
    pub(crate) prefix: Spot,
    pub(crate) via: &'a str,
}

impl<'a> Inference<'a> {
    /// Finds the calls of such functions, and what runs as the bodies of their groups.
    pub(in crate::link) fn find_wrapped_groups(&mut self) {
        for (unit, rule, hit) in self.hits(|it| it.has("endpoint.group") && it.has("endpoint.body")) {
            if self.guards_hold(unit, hit.owner, rule, hit) == Held::Yes {
                self.find_wrapped(unit, rule, hit);
            }
        }
    }

    fn find_wrapped(&mut self, unit: u32, rule: &'a Rule, hit: &Match) {
        let (Some(Captured::Expr(root)), Some(Captured::Expr(body)), Some(Captured::Expr(prefix))) = (
            capture(rule, hit, "endpoint.group"),
            capture(rule, hit, "endpoint.body"),
            capture(rule, hit, "endpoint.prefix"),
        ) else {
            return;
        };
        let owner = self.named_owner(unit, hit.owner);
        let wrapper = self.program.def(unit, owner);
        // Where the prefix is no matter of the call, the group is the same for all of them.
        let named = match &self.facts(unit).expr(*prefix).kind {
            ExprKind::Name(name) => name.as_str(),
            _ => return,
        };
        if !self.facts(unit).definition(owner).params.iter().any(|it| it.name == named) {
            return;
        }
        let Some(place) = self.body_given(unit, owner, hit.owner, *body) else { return };
        let calls: Vec<Spot> = self.calls_of(wrapper).to_vec();
        for call in calls {
            if self.program.is_test(self.program.def(call.unit, call.owner)) {
                continue;
            }
            let ExprKind::Call { args, .. } = &self.facts(call.unit).expr(call.expr).kind else { continue };
            let Some(given) = args.get(place).filter(|it| it.name.is_none() && !it.spread) else { continue };
            let site = self.call_site(call.unit, call.expr);
            for value in self.eval(call.unit, call.owner, given.value) {
                if let Value::Def(function) | Value::Bound(function, _) = self.pool.value(value)
                    && self.program.is_function(function)
                {
                    self.group_bodies.entry(function).or_default().push((site, rule.via()));
                }
            }
            let prefix = Spot { unit, owner: hit.owner, expr: *prefix };
            self.wrapped_groups.push(WrappedGroup { site, call, wrapper, prefix, via: rule.via() });
            self.inner_groups.insert(self.call_site(unit, *root));
        }
    }

    /// The place of the parameter that the body of a group calls, where that body is a literal in the function.
    fn body_given(&mut self, unit: u32, wrapper: DefId, owner: DefId, body: ExprId) -> Option<usize> {
        let facts = self.facts(unit);
        let params: Vec<&str> = facts
            .definition(wrapper)
            .params
            .iter()
            .filter(|it| it.kind == ParamKind::Plain)
            .map(|it| it.name.as_str())
            .collect();
        let literal = self.eval(unit, owner, body).into_iter().find_map(|it| match self.pool.value(it) {
            Value::Def(def) if self.program.kind(def) == DefinitionKind::Closure => Some(self.program.local(def)),
            _ => None,
        });
        let (_, literal) = literal.filter(|(home, _)| *home == unit)?;
        let lines = facts.definition(literal).line..=facts.definition(literal).end_line;
        facts.exprs.iter().filter(|it| lines.contains(&it.at.line)).find_map(|it| {
            let ExprKind::Call { callee, .. } = &it.kind else { return None };
            let ExprKind::Name(called) = &facts.expr(*callee).kind else { return None };
            params.iter().position(|it| *it == called.as_str())
        })
    }

    /// The groups around a registration that runs for each call of a wrapper, or row of a table: those around the call, since
    /// the wrapper itself is called from everywhere.
    pub(in crate::link) fn groups_around_run(&mut self, unit: u32, owner: DefId, via: &str, at: Spot) -> Vec<Site> {
        let around = self.groups_around(at.unit, at.owner, via);
        let is_call = at.owner != DefId::MODULE && call_given(self.facts(at.unit), at.expr).is_some();
        if !around.is_empty() || is_call && !self.wrapped_groups.is_empty() {
            return around;
        }
        self.groups_around(unit, owner, via)
    }

    /// The prefix of such a group, as its call says it.
    pub(in crate::link) fn prefixes_of_wrapped(&mut self, group: &WrappedGroup<'_>) -> Vec<String> {
        let before = self.bind_within(&[(group.wrapper, group.call)]);
        let texts = self.texts(group.prefix.unit, group.prefix.owner, group.prefix.expr);
        self.bindings.truncate(before);
        texts.iter().map(|it| self.without_configured(it)).collect()
    }
}
