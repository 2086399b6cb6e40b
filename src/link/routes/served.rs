//! Which methods of a type serve, under which part of its route, and what the part of a route that tells rows apart is called.

use crate::link::names::program::Def;
use crate::link::routes::endpoints::HTTP_METHODS;
use crate::link::values::guards::{capture, captures};
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::{Site, Sym, Value};
use crate::model::fact::{Captured, DefId, DefinitionKind, ExprId, ExprKind, Match};
use crate::model::rule::Rule;

/// A type that is registered on a router, and the route it has there.
pub(crate) struct Registered {
    router: Site,
    route: String,
    of: Def,
}

/// HTTP methods of an action, the part of its route that tells rows apart, and its path where one is written.
type Action = (Vec<String>, String, Option<String>);

impl<'a> Inference<'a> {
    /// Methods of a type that serve: those named like HTTP methods, or those that the rule names, with what the route says that
    /// their names end in.
    pub(crate) fn type_handlers(
        &mut self,
        of: Def,
        rule: &Rule,
        suffix: Option<&str>,
        handlers: &mut Vec<(String, Def)>,
    ) {
        let lineage = self.lineage(of);
        let mut named: Vec<(String, String)> = rule
            .words("endpoint.methods")
            .filter_map(|it| it.split_once('='))
            .map(|(name, method)| (name.to_owned(), method.to_owned()))
            .collect();
        if named.is_empty() {
            named = HTTP_METHODS.iter().map(|it| (it.to_lowercase(), (*it).to_owned())).collect();
        }
        if let Some(suffix) = suffix {
            named.iter_mut().for_each(|(name, _)| *name = format!("{name}_{suffix}"));
        }
        let before = handlers.len();
        let key = self.key_of(of, rule);
        if let Some(decorator) = rule.settings.get("endpoint.actions") {
            self.action_handlers(of, decorator, rule.settings.get("endpoint.more"), key.as_deref(), handlers);
        }
        let brought = self.brought(of, rule);
        for (name, method) in named {
            let method = match (&key, rule.words("endpoint.key").next()) {
                (Some(key), Some(common)) => method.replace(&format!("{{{common}}}"), &format!("{{{key}}}")),
                _ => method,
            };
            let mut own = false;
            for base in &lineage.types {
                let members = self.program.members(self.program.def_space(*base), &name);
                if let Some(member) = members.iter().find(|it| self.program.is_function(**it)) {
                    handlers.push((method.clone(), *member));
                    own = true;
                    break;
                }
            }
            if !own && brought.contains(&name) {
                handlers.push((method, of));
            }
        }
        self.keep_allowed(of, rule, before, handlers);
        if handlers.len() == before {
            handlers.push(("ANY".to_owned(), of));
        }
    }

    /// Leaves out methods that the type does not answer to (`http_method_names = ["get"]`).
    fn keep_allowed(&mut self, of: Def, rule: &Rule, before: usize, handlers: &mut Vec<(String, Def)>) {
        let Some(member) = rule.settings.get("endpoint.allowed") else { return };
        let lists = self.members_listed(of, member);
        let Some(allowed) = lists.first().filter(|it| !it.is_empty()) else { return };
        let added = handlers.split_off(before);
        let verb = |it: &str| it.split('/').next().unwrap_or_default().to_lowercase();
        handlers
            .extend(added.into_iter().filter(|(method, _)| allowed.iter().any(|it| it.to_lowercase() == verb(method))));
    }

    /// Methods that types from outside bring along: `pkg.ListMixin=list pkg.AllMixin=list,create`.
    fn brought(&mut self, of: Def, rule: &Rule) -> Vec<String> {
        let outside = self.lineage(of).outside.clone();
        self.brought_by(&outside, rule)
    }

    /// The HTTP methods to which a type from outside answers by itself, where it is registered as it is.
    pub(crate) fn methods_brought(&mut self, rule: &Rule, view: Spot) -> Vec<String> {
        let mut paths = Vec::new();
        for value in self.eval(view.unit, view.owner, view.expr) {
            if let Value::Outside { path, .. } = self.pool.value(value) {
                paths.push(path);
            }
        }
        let brought = self.brought_by(&paths, rule).into_iter().map(|it| it.to_uppercase());
        let mut methods: Vec<String> = brought.filter(|it| HTTP_METHODS.contains(&it.as_str())).collect();
        methods.sort();
        methods.dedup();
        methods
    }

    fn brought_by(&self, paths: &[Sym], rule: &Rule) -> Vec<String> {
        let mut brought = Vec::new();
        for path in paths.iter().copied() {
            let above = self.stubs.lineage(self.pool.text(path));
            for (by, names) in rule.words("endpoint.brings").filter_map(|it| it.split_once('=')) {
                if above.contains(&by) {
                    brought.extend(names.split(',').map(str::to_owned));
                }
            }
        }
        brought
    }

    /// What the part of a route is called that tells the rows of a type apart: the first of the members that a rule names
    /// which has a text (`endpoint.key "pk lookup_url_kwarg lookup_field"`), else the rule's own word for it.
    fn key_of(&mut self, of: Def, rule: &Rule) -> Option<String> {
        let mut words = rule.words("endpoint.key");
        let common = words.next()?;
        for member in words {
            if let Some([text]) = self.members_listed(of, member).first().map(Vec::as_slice) {
                return Some(text.clone());
            }
        }
        Some(common.to_owned())
    }

    /// Methods of a type that a decorator makes routes of their own: `@action(detail=True, methods=["post"])`, and those
    /// that answer to more methods of such a route: `@close.mapping.delete`.
    fn action_handlers(
        &mut self,
        of: Def,
        decorator: &str,
        more: Option<&String>,
        key: Option<&str>,
        handlers: &mut Vec<(String, Def)>,
    ) {
        let mut routes: Vec<(&str, String)> = Vec::new();
        let mut nearer: Vec<(&str, Def)> = Vec::new();
        for base in self.lineage(of).types.clone() {
            let (unit, parent) = self.program.local(base);
            let facts = self.facts(unit);
            for id in facts.def_ids() {
                let definition = facts.definition(id);
                let is_own = definition.parent == parent && id != parent;
                // A method of a nearer type stands in the place of its namesakes.
                let is_replaced = nearer.iter().any(|(name, of)| *name == definition.name && *of != base);
                if !is_own || is_replaced || definition.kind != DefinitionKind::Method {
                    continue;
                }
                nearer.push((definition.name.as_str(), base));
                let member = self.program.def(unit, id);
                for attribute in &definition.attributes {
                    if let Some((verb, action)) = more.and_then(|it| self.more_of(unit, *attribute, it)) {
                        if let Some((_, route)) = routes.iter().find(|(name, _)| *name == action) {
                            handlers.push((format!("{}{route}", verb.to_uppercase()), member));
                        }
                        continue;
                    }
                    let Some((methods, key, path)) = self.action(unit, parent, *attribute, decorator, key) else {
                        continue;
                    };
                    let route = format!("{key}/{}", path.unwrap_or_else(|| definition.name.to_string()));
                    routes.push((definition.name.as_str(), route.clone()));
                    handlers.extend(methods.into_iter().map(|it| (format!("{it}{route}"), member)));
                }
            }
        }
    }

    /// The verb and the action's name of `@close.mapping.delete`, where `mapping` is the rule's word for it.
    fn more_of(&self, unit: u32, attribute: ExprId, word: &str) -> Option<(&'a str, &'a str)> {
        let facts = self.facts(unit);
        let ExprKind::Member { base, name: verb } = &facts.expr(attribute).kind else { return None };
        let ExprKind::Member { base, name } = &facts.expr(*base).kind else { return None };
        let ExprKind::Name(action) = &facts.expr(*base).kind else { return None };
        (name == word).then_some((verb.as_str(), action.as_str()))
    }

    /// Methods and the route, below that of the type, that an action's decorator says; no path where it is the method's name.
    fn action(
        &mut self,
        unit: u32,
        owner: DefId,
        attribute: ExprId,
        decorator: &str,
        key: Option<&str>,
    ) -> Option<Action> {
        let facts = self.facts(unit);
        let ExprKind::Call { callee, args } = &facts.expr(attribute).kind else { return None };
        // Names in a class body are not those that its methods give to themselves (`self.action = ..`).
        let around = facts.definition(owner).parent;
        let is_action = self
            .eval(unit, around, *callee)
            .iter()
            .any(|it| matches!(self.pool.value(*it), Value::Outside { path, .. } if self.pool.text(path) == decorator));
        if !is_action {
            return None;
        }
        let argument = |name: &str| args.iter().find(|it| it.name.as_deref() == Some(name)).map(|it| it.value);
        let is_detail = argument("detail")
            .is_some_and(|it| matches!(&facts.expr(it).kind, ExprKind::Constant(text) if text == "True"));
        let path = argument("url_path").and_then(|it| self.plain_text(unit, owner, it));
        let mut methods = Vec::new();
        let first = args.first().filter(|it| it.name.is_none() && !it.spread).map(|it| it.value);
        if let Some(list) = argument("methods").or(first)
            && let ExprKind::Sequence(items) = &facts.expr(list).kind
        {
            for item in items {
                methods.extend(self.plain_text(unit, owner, *item).map(|it| it.to_uppercase()));
            }
        }
        if methods.is_empty() {
            methods.push("GET".to_owned());
        }
        let key = key.filter(|_| is_detail).map(|it| format!("/{{{it}}}")).unwrap_or_default();
        Some((methods, key, path))
    }

    /// Types that rules with a key register on routers, with their routes there.
    fn registered(&mut self) -> Vec<Registered> {
        let mut registered = Vec::new();
        for (unit, rule, hit) in self.hits(|it| it.has("endpoint") && it.settings.contains_key("endpoint.key")) {
            let Some(Captured::Expr(route)) = capture(rule, hit, "endpoint.route") else { continue };
            if !self.group_guards(unit, rule, hit) {
                continue;
            }
            let Some(route) = self.plain_text(unit, hit.owner, *route) else { continue };
            let mut types = Vec::new();
            for captured in captures(rule, hit, "endpoint.handler") {
                if let Captured::Expr(expr) = captured {
                    self.functions_of(unit, hit.owner, *expr, &mut types, 0);
                }
            }
            for router in self.captured_sites(unit, rule, hit, "endpoint.router") {
                let of = types.iter().map(|of| Registered { router, route: route.clone(), of: *of });
                registered.extend(of);
            }
        }
        registered
    }

    /// Below which route a router hangs that is made for the rows of a type registered on another one: `users/{user_pk}`
    /// (`NestedRouter(router, "users", lookup="user")`).
    pub(crate) fn below_rows(
        &mut self,
        unit: u32,
        rule: &Rule,
        hit: &Match,
        route: &str,
        registered: &mut Option<Vec<Registered>>,
    ) -> String {
        let lookup = match capture(rule, hit, "endpoint.lookup") {
            Some(Captured::Expr(expr)) => self.plain_text(unit, hit.owner, *expr),
            _ => None,
        };
        let routers = self.captured_sites(unit, rule, hit, "endpoint.router");
        let known = match registered.take() {
            Some(known) => known,
            None => self.registered(),
        };
        let same = |it: &&Registered| it.route.trim_matches('/') == route.trim_matches('/');
        let of = known.iter().filter(same).find(|it| routers.contains(&it.router)).map(|it| it.of);
        *registered = Some(known);
        let common = || rule.words("endpoint.key").next().map(str::to_owned);
        let key = of.and_then(|of| self.key_of(of, rule)).or_else(common).unwrap_or_default();
        let key = lookup.map_or_else(|| key.clone(), |it| format!("{it}_{key}"));
        format!("{}/{{{key}}}", route.trim_end_matches('/'))
    }
}
