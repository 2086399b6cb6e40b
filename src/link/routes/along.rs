//! What the calls around a registration say of its route, in whatever order they stand: `r.Path("/orders").Methods("GET")
//! .HandlerFunc(show)`, `r.Methods("GET").HandlerFunc(show)` on a router that has its path already.

use crate::link::routes::endpoints::HTTP_METHODS;
use crate::link::routes::paths::join_paths;
use crate::link::routes::registrations::Registration;
use crate::link::values::guards::capture;
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::Site;
use crate::model::fact::{Argument, Captured, DefId, ExprId, ExprKind, FileFacts, Match};
use crate::model::rule::Rule;

/// Calls in one chain that are looked at.
const MOST_CALLS: usize = 16;

/// A chain of calls that together register a route.
pub(crate) struct Along<'a> {
    /// What the chain begins with.
    base: ExprId,
    /// Arguments that say parts of the route, in the order of the source.
    pub(crate) routes: Vec<ExprId>,
    methods: Vec<&'a Argument>,
    /// Calls that are named by the method and say the route.
    verbs: Vec<&'a str>,
}

impl Along<'_> {
    /// The expressions that say methods.
    pub(crate) fn said_methods(&self) -> Vec<ExprId> {
        self.methods.iter().map(|it| it.value).collect()
    }
}

impl<'a> Inference<'a> {
    /// The chain that a match stands in, where its rule says what its calls mean (`endpoint.along "Path=route Methods=method Name"`).
    pub(crate) fn along(&self, unit: u32, rule: &Rule, hit: &Match) -> Option<Along<'a>> {
        rule.settings.get("endpoint.along")?;
        let root =
            ["endpoint", "endpoint.group", "endpoint.mount"].iter().find_map(|it| match capture(rule, hit, it) {
                Some(Captured::Expr(root)) => Some(*root),
                _ => None,
            })?;
        let facts = self.facts(unit);
        let meant = |name: &str| {
            rule.words("endpoint.along").find_map(|it| {
                let (word, means) = it.split_once('=').unwrap_or((it, ""));
                (word == name).then_some(means)
            })
        };
        let (base, _, _) = method_called(facts, root)?;
        let mut along = Along { base, routes: Vec::new(), methods: Vec::new(), verbs: Vec::new() };
        let mut calls: Vec<(&str, &'a str, &'a [Argument])> = Vec::new();
        while let Some((base, name, args)) = method_called(facts, along.base) {
            let Some(means) = meant(name).filter(|_| calls.len() < MOST_CALLS) else { break };
            calls.insert(0, (means, name, args));
            along.base = base;
        }
        let mut outer = root;
        while let Some((call, name, args)) = called_on(facts, outer) {
            let Some(means) = meant(name).filter(|_| calls.len() < MOST_CALLS) else { break };
            calls.push((means, name, args));
            outer = call;
        }
        for (means, name, args) in calls {
            match means {
                "verb" => {
                    along.routes.extend(args.first().map(|it| it.value));
                    along.verbs.push(name);
                }
                "route" => along.routes.extend(args.first().map(|it| it.value)),
                "method" => along.methods.extend(args),
                _ => {}
            }
        }
        Some(along)
    }

    /// The expressions that say the route of a match: its own, or those that the chain around it says, the nearest first.
    pub(crate) fn routes_said(&self, unit: u32, rule: &Rule, hit: &Match) -> Vec<ExprId> {
        match capture(rule, hit, "endpoint.route") {
            Some(Captured::Expr(route)) => vec![*route],
            Some(_) => Vec::new(),
            None => self.along(unit, rule, hit).map(|it| it.routes.into_iter().rev().collect()).unwrap_or_default(),
        }
    }

    /// The runs of a registration, by the first of its parts that callers or rows decide.
    pub(crate) fn runs(&mut self, unit: u32, rule: &Rule, hit: &Match) -> Vec<Registration> {
        for route in self.routes_said(unit, rule, hit) {
            let runs = self.registrations(unit, hit.owner, route, 0);
            if !runs.is_empty() {
                return runs;
            }
        }
        Vec::new()
    }

    /// The parts of a route that a chain says, joined; none where one of them is not known.
    pub(crate) fn route_along(&mut self, unit: u32, owner: DefId, along: &Along<'a>) -> Option<String> {
        let mut route = String::new();
        for part in &along.routes {
            let texts = self.texts(unit, owner, *part);
            let [text] = texts.as_slice() else { return None };
            route = join_paths(&route, &self.without_configured(text));
        }
        Some(route)
    }

    /// The HTTP methods that a chain says; any where they come from a list that is not known.
    pub(crate) fn methods_along(&mut self, unit: u32, owner: DefId, along: &Along<'a>) -> Vec<String> {
        let mut methods: Vec<String> = along.verbs.iter().map(|it| it.to_ascii_uppercase()).collect();
        for argument in &along.methods {
            if argument.spread {
                methods.extend(self.methods_listed(Spot { unit, owner, expr: argument.value }));
            } else {
                self.method_words(unit, owner, argument.value, &mut methods);
            }
        }
        methods.dedup();
        methods
    }

    /// The methods that a variable holds: none where it is a parameter that the call in hand leaves out, and that means no list.
    pub(crate) fn methods_kept(&mut self, list: Spot) -> Vec<String> {
        if let (false, ExprKind::Name(name)) = (self.bindings.is_empty(), &self.facts(list.unit).expr(list.expr).kind)
            && let Some((holder, _)) = self.parameter_at(list, name)
        {
            let facts = self.facts(list.unit);
            let default = facts.definition(holder).params.iter().find(|it| it.name == *name).and_then(|it| it.default);
            return match default.map(|it| (it, &facts.expr(it).kind)) {
                Some((_, ExprKind::Constant(_))) => Vec::new(),
                Some((at, ExprKind::Sequence(_))) => self.methods_listed(Spot { expr: at, ..list }),
                _ => vec!["ANY".to_owned()],
            };
        }
        self.methods_listed(list)
    }

    /// The methods that a loop goes through in the run of a registration in hand (`for _, method := range route.Methods`).
    pub(crate) fn methods_in_loop(&mut self, method: Spot) -> Vec<String> {
        if self.bindings.is_empty() {
            return Vec::new();
        }
        let vars = self.vars_of(method.unit, method.owner, method.expr);
        let sources: Vec<Spot> = vars.iter().flat_map(|(var, _)| self.sources(*var)).collect();
        let [only] = sources.as_slice() else { return Vec::new() };
        let ExprKind::Element(list) = self.facts(only.unit).expr(only.expr).kind else { return Vec::new() };
        let found = self.items_written(Spot { expr: list, ..*only });
        let texts: Vec<String> = found
            .origins
            .iter()
            .filter_map(|it| self.plain_text(it.spot.unit, it.spot.owner, it.spot.expr))
            .map(|it| it.to_uppercase())
            .collect();
        let all_known = found.whole && texts.len() == found.origins.len();
        if all_known && texts.iter().all(|it| is_method(it)) { texts } else { Vec::new() }
    }

    /// The methods in a list that is written out, also by way of a variable.
    fn methods_listed(&mut self, list: Spot) -> Vec<String> {
        let vars = self.vars_of(list.unit, list.owner, list.expr);
        let mut lists: Vec<Spot> = vars.iter().flat_map(|(var, _)| self.sources(*var)).collect();
        if vars.is_empty() {
            lists.push(list);
        }
        let [only] = lists.as_slice() else { return vec!["ANY".to_owned()] };
        let (ExprKind::Sequence(items), at) = (&self.facts(only.unit).expr(only.expr).kind, *only) else {
            return vec!["ANY".to_owned()];
        };
        let mut methods = Vec::new();
        items.iter().for_each(|it| self.method_words(at.unit, at.owner, *it, &mut methods));
        methods
    }

    /// The routers that a match registers on: what the chain around it begins with, or what its rule captures.
    pub(crate) fn router_sites(&mut self, unit: u32, rule: &Rule, hit: &Match) -> Vec<Site> {
        match self.along(unit, rule, hit) {
            Some(along) => {
                let mut sites = Vec::new();
                self.sites_of(unit, hit.owner, along.base, &mut sites);
                sites
            }
            None => self.captured_sites(unit, rule, hit, "endpoint.router"),
        }
    }
}

/// Whether a word is an HTTP method, or any of them.
pub(in crate::link) fn is_method(word: &str) -> bool {
    word == "ANY" || HTTP_METHODS.contains(&word)
}

/// What a method is called on, its name, and what it is given.
fn method_called(facts: &FileFacts, call: ExprId) -> Option<(ExprId, &str, &[Argument])> {
    let ExprKind::Call { callee, args } = &facts.expr(call).kind else { return None };
    let ExprKind::Member { base, name } = &facts.expr(*callee).kind else { return None };
    Some((*base, name, args))
}

/// The method that is called on a call: the outer call, the method's name, and what it is given.
fn called_on(facts: &FileFacts, inner: ExprId) -> Option<(ExprId, &str, &[Argument])> {
    (inner.0..).map(ExprId).take(facts.exprs.len().saturating_sub(inner.0 as usize)).find_map(|at| {
        method_called(facts, at).filter(|(base, _, _)| *base == inner).map(|(_, name, args)| (at, name, args))
    })
}
