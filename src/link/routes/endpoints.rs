//! Endpoints with their full paths, messages, and calls to other services.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::link::access::accesses::RawSpot;
use crate::link::names::program::Def;
use crate::link::routes::handlers::is_fields;
use crate::link::routes::messages::{RawMessage, tell_undecided};
use crate::link::routes::paths::{begins_with, join_paths, normalize, outside_holes, split_method, upper_camel};
use crate::link::routes::products::drop_products;
use crate::link::routes::remotes::RawRemote;
use crate::link::routes::root_lists::{Hanging, RootLists};
use crate::link::routes::roots::Roots;
use crate::link::routes::route_names::{drop_renamed, naming};
use crate::link::routes::routers::{FUNCTION_SITES, Group, drop_circular, function_site, hangs_nowhere};
use crate::link::strings::texts::TextAt;
use crate::link::values::guards::{Held, capture, captures};
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::{Site, Value};
use crate::model::fact::{Captured, DefId, ExprId, ExprKind, Match, Piece};
use crate::model::rule::Rule;
use crate::model::source::Role;

pub(crate) const HTTP_METHODS: &[&str] =
    &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT"];

/// Paths that one call of a function may give where it makes a route.
pub(in crate::link::routes) const MOST_CHOSEN: usize = 2;

#[derive(Clone)]
pub(crate) struct RawEndpoint {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) handler: Def,
    /// The handler only registers the route.
    pub(crate) registers: bool,
    pub(crate) framework: String,
    pub(crate) unit: u32,
    pub(crate) line: u32,
    /// The method was read, not assumed.
    explicit: bool,
    /// Whether the call of the wrapper around the registration gives this method; nothing where it gives none.
    is_asked: Option<bool>,
    /// The call it stands on.
    root: Option<ExprId>,
    /// Where the registration itself stands.
    from: Option<(u32, ExprId)>,
    /// The rule says nothing of a handler: whoever registers the route stands for it.
    stands_in: bool,
    /// The rule read a prefix beside the route.
    prefixed: bool,
    /// The expression that says the method, and how much the rule read beside it.
    said: Option<(ExprId, usize)>,
    /// The route was asked for by its name, as the rule says it.
    pub(crate) named: Option<&'static str>,
}

impl RawEndpoint {
    /// One that is written as it stands, with its method and path.
    pub(crate) fn written(rule: &Rule, unit: u32, line: u32, (method, path): (&str, &str), handler: Def) -> Self {
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            handler,
            registers: false,
            framework: framework(rule),
            unit,
            line,
            explicit: true,
            is_asked: None,
            root: None,
            from: None,
            stands_in: false,
            prefixed: false,
            said: None,
            named: None,
        }
    }
}

/// What a rule calls its framework.
fn framework(rule: &Rule) -> String {
    let written = rule.settings.get("endpoint.framework").cloned();
    written.unwrap_or_else(|| rule.via().rsplit('/').next().unwrap_or_default().to_owned())
}

/// Tells of routers that hang nowhere in sight.
fn tell_unhung(found: &mut Endpoints) {
    let mut unhung: Vec<_> = std::mem::take(&mut found.unhung).into_values().collect();
    unhung.sort_unstable();
    unhung.dedup_by(|next, first| {
        let is_same = (next.0, next.2) == (first.0, first.2);
        first.3 += if is_same { next.3 } else { 0 };
        is_same
    });
    for (unit, owner, line, routes) in unhung {
        let detail = format!("under which prefix {routes} of the routes registered here stand is not decidable");
        found.blind_spots.push(RawSpot { root: None, kind: "dynamic-route", unit, owner, line, detail });
    }
}

/// The place of a route of which nothing is known.
fn undecidable(unit: u32, hit: &Match) -> RawSpot {
    let detail = "the route's text is not decidable".to_owned();
    RawSpot::at("dynamic-route", unit, hit, detail)
}

/// Whether a rule is about endpoints, messages or calls to other services.
fn says_endpoints(rule: &Rule) -> bool {
    ["endpoint", "message.publish", "message.subscribe", "remote"].into_iter().any(|it| rule.has(it))
}

#[derive(Default)]
pub(crate) struct Endpoints {
    pub(crate) endpoints: Vec<RawEndpoint>,
    pub(crate) messages: Vec<RawMessage>,
    pub(crate) remotes: Vec<RawRemote>,
    pub(crate) blind_spots: Vec<RawSpot>,
    /// Messages without a decidable topic that count where something subscribes through their broker.
    pub(in crate::link::routes) undecided: Vec<(String, RawSpot)>,
    /// Calls in the lists that modules stand for, by file.
    listed: FxHashMap<u32, FxHashSet<Site>>,
    /// Functions in which routes are registered.
    registering: FxHashSet<Def>,
    /// Paths of routes by the names that they were given.
    pub(crate) named: FxHashMap<String, Vec<String>>,
    /// Types that serve as roots.
    roots: Roots,
    /// The lists of routes that the program begins with.
    root_lists: Option<RootLists>,
    /// Routers that serve only below another one, and hang nowhere: where the first of their routes stands, and how many they are.
    unhung: FxHashMap<Site, (u32, DefId, u32, usize)>,
}

impl Inference<'_> {
    pub(crate) fn find_endpoints(&mut self) -> Endpoints {
        let mut found = Endpoints::default();
        self.find_group_bodies();
        let groups = self.router_groups(&mut found.blind_spots);
        found.registering = self.registering_functions();
        found.named = self.named_routes();
        found.listed = self.module_lists();
        found.roots = self.root_types();
        for (unit, rule, hit) in self.hits(says_endpoints) {
            let role = self.program.unit(unit).source.role;
            if role != Role::Production && !(rule.has("endpoint") && role == Role::Generated) {
                continue;
            }
            let facts = self.facts(unit);
            if facts.definition(hit.owner).traits.is_test {
                continue;
            }
            if rule.has("endpoint") {
                self.endpoint(unit, rule, hit, &groups, &mut found);
            } else if rule.has("remote") {
                self.remote(unit, rule, hit, &mut found);
            } else {
                self.message(unit, rule, hit, &mut found);
            }
        }
        // Where one rule read the methods, another's assumed one is no fact.
        let read: FxHashSet<(u32, u32, String, Def)> = found
            .endpoints
            .iter()
            .filter(|it| it.explicit)
            .map(|it| (it.unit, it.line, it.path.clone(), it.handler))
            .collect();
        found.endpoints.retain(|it| it.explicit || !read.contains(&(it.unit, it.line, it.path.clone(), it.handler)));
        // A wrapper that registers by the method it is given (`switch method`) registers that one.
        let call = |it: &RawEndpoint| (it.unit, it.line, it.path.clone(), it.handler);
        let asked: FxHashSet<_> = found.endpoints.iter().filter(|it| it.is_asked == Some(true)).map(call).collect();
        found.endpoints.retain(|it| it.is_asked != Some(false) || !asked.contains(&call(it)));
        // The same for the methods of a type, where one registration runs often.
        let said = |it: &RawEndpoint| Some((it.from.filter(|_| it.root.is_none())?, it.unit, it.line, it.path.clone()));
        let read: FxHashSet<_> = found.endpoints.iter().filter(|it| it.explicit).filter_map(said).collect();
        found.endpoints.retain(|it| it.explicit || said(it).is_none_or(|it| !read.contains(&it)));
        // Nor is a whole type a handler where another rule read which of its methods serve.
        let place = |it: &RawEndpoint| (it.unit, it.line, it.path.clone());
        let served: FxHashSet<_> =
            found.endpoints.iter().filter(|it| self.program.is_function(it.handler)).map(place).collect();
        let whole = |it: &RawEndpoint| it.method == "ANY" && self.program.is_type(it.handler);
        // A type that says to which methods it answers, with what others bring along, answers to no other.
        let says = |it: &&RawEndpoint| it.method != "ANY" && self.program.is_type(it.handler);
        let said: FxHashSet<_> = found.endpoints.iter().filter(says).map(|it| (place(it), it.handler)).collect();
        let is_told = |it: &RawEndpoint| served.contains(&place(it)) || said.contains(&(place(it), it.handler));
        found.endpoints.retain(|it| !whole(it) || !is_told(it));
        // A definition whose route has a prefix beside it has none without.
        let stands = |it: &RawEndpoint| (it.unit, it.line, it.method.clone(), it.handler);
        let prefixed: FxHashSet<_> =
            found.endpoints.iter().filter(|it| it.prefixed && it.root.is_none()).map(stands).collect();
        found.endpoints.retain(|it| it.prefixed || it.root.is_some() || !prefixed.contains(&stands(it)));
        let key = |it: &RawEndpoint| (it.unit, it.line, it.method.clone(), it.path.clone());
        let handled: FxHashSet<_> = found.endpoints.iter().filter(|it| !it.stands_in).map(key).collect();
        found.endpoints.retain(|it| !it.stands_in || !handled.contains(&key(it)));
        // Of several rules for one decorator the one that read more says it all.
        let mut most: FxHashMap<(u32, ExprId), usize> = FxHashMap::default();
        for (unit, (said, read)) in found.endpoints.iter().filter_map(|it| Some((it.unit, it.said?))) {
            let most = most.entry((unit, said)).or_default();
            *most = read.max(*most);
        }
        let less = |it: &RawEndpoint| it.said.is_some_and(|(said, read)| most[&(it.unit, said)] > read);
        found.endpoints.retain(|it| !less(it));
        drop_renamed(&mut found.endpoints);
        self.keep_answered(&mut found.endpoints);
        self.drop_begun(&mut found.endpoints);
        self.find_tables(&mut found);
        tell_unhung(&mut found);
        tell_undecided(&mut found);
        self.find_coded(&mut found);
        self.find_unheard(&mut found);
        self.find_unserved(&mut found);
        found
    }

    /// A handler that says which methods it answers to (`@require_POST`) answers to no other.
    fn keep_answered(&mut self, endpoints: &mut Vec<RawEndpoint>) {
        let mut answers: FxHashMap<Def, Vec<String>> = FxHashMap::default();
        for (unit, rule, hit) in self.hits(|rule| rule.has("endpoint.answers")) {
            if let Some(Captured::Definition(id)) = capture(rule, hit, "endpoint.answers")
                && self.group_guards(unit, rule, hit)
            {
                let methods = self.methods(unit, rule, hit);
                answers.entry(self.program.def(unit, *id)).or_default().extend(methods);
            }
        }
        if answers.is_empty() {
            return;
        }
        *endpoints = std::mem::take(endpoints)
            .into_iter()
            .flat_map(|it| match answers.get(&it.handler).filter(|_| it.method == "ANY") {
                Some(methods) => {
                    methods.iter().map(|method| RawEndpoint { method: method.clone(), ..it.clone() }).collect()
                }
                None => vec![it],
            })
            .collect();
    }

    /// A chain that goes on to say more about its route (`HandleFunc(..).Methods("GET")`) is one endpoint.
    pub(crate) fn drop_begun(&self, endpoints: &mut Vec<RawEndpoint>) {
        let mut begun: FxHashSet<(u32, ExprId, String, Def)> = FxHashSet::default();
        for endpoint in endpoints.iter() {
            let Some(mut expr) = endpoint.root else { continue };
            while let ExprKind::Call { callee, .. } = &self.facts(endpoint.unit).expr(expr).kind
                && let ExprKind::Member { base, .. } = &self.facts(endpoint.unit).expr(*callee).kind
            {
                begun.insert((endpoint.unit, *base, endpoint.path.clone(), endpoint.handler));
                expr = *base;
            }
        }
        endpoints.retain(|it| {
            it.explicit || it.root.is_none_or(|root| !begun.contains(&(it.unit, root, it.path.clone(), it.handler)))
        });
    }

    /// A path without the part that comes from configuration: one of which nothing is written (`format!("/{prefix}")`),
    /// or what stands unknown before its first slash (`base + "/api"`).
    pub(crate) fn without_configured(&self, text: &TextAt) -> String {
        let ExprKind::Template(pieces) = &self.facts(text.origin.unit).expr(text.origin.expr).kind else {
            return text.text.clone();
        };
        let nothing_written = text.text.contains('{')
            && pieces.iter().all(|it| !matches!(it, Piece::Text(text) if text.contains(char::is_alphanumeric)))
            && !outside_holes(&text.text).any(char::is_alphanumeric);
        if nothing_written {
            return String::new();
        }
        let (method, path) = match split_method(&text.text) {
            (Some(method), path) => (format!("{method} "), path),
            (None, path) => (String::new(), path),
        };
        let begins_open = match pieces.as_slice() {
            [Piece::Hole(_), ..] => true,
            // `"GET " + prefix + "/orders"` as well.
            [Piece::Text(before), Piece::Hole(_), ..] => split_method(before).1.trim_start_matches('/').is_empty(),
            _ => false,
        };
        path.trim_start_matches('/')
            .strip_prefix('{')
            .filter(|_| begins_open)
            .and_then(|rest| rest.split_once('}'))
            .filter(|(_, rest)| rest.starts_with('/'))
            .map_or_else(|| text.text.clone(), |(_, rest)| format!("{method}{rest}"))
    }

    /// Whether what stands in front of a text is written somewhere, braces and all (`for prefix in ["/{project}", ""]`).
    fn begins_known(&mut self, text: &TextAt) -> bool {
        let Spot { unit, owner, expr } = text.origin;
        let ExprKind::Template(pieces) = &self.facts(unit).expr(expr).kind else { return false };
        let Some(Piece::Hole(hole)) = pieces.first() else { return false };
        let front = self.texts(unit, owner, *hole);
        front.iter().any(|it| {
            let is_literal = matches!(self.facts(it.origin.unit).expr(it.origin.expr).kind, ExprKind::Text(_));
            is_literal && it.text.starts_with('/') && text.text.starts_with(&it.text)
        })
    }

    /// Whether an expression is what a function of the program's own gives.
    fn is_chosen(&mut self, unit: u32, owner: DefId, expr: ExprId) -> bool {
        let ExprKind::Call { callee, .. } = &self.facts(unit).expr(expr).kind else { return false };
        self.function_called(unit, owner, *callee).is_some()
    }

    pub(crate) fn group_guards(&mut self, unit: u32, rule: &Rule, hit: &Match) -> bool {
        self.guards_hold(unit, hit.owner, rule, hit) == Held::Yes
    }

    pub(crate) fn endpoint(
        &mut self,
        unit: u32,
        rule: &Rule,
        hit: &Match,
        groups: &FxHashMap<Site, Group>,
        found: &mut Endpoints,
    ) {
        let is_others = self.passes_on(unit, rule, hit) || self.is_answered(unit, rule, hit, &found.registering);
        if !self.group_guards(unit, rule, hit) || is_others {
            return;
        }
        for route in self.routes_said(unit, rule, hit) {
            if self.reads_kept_prefix(unit, hit.owner, route) {
                found.blind_spots.push(undecidable(unit, hit));
                return;
            }
        }
        let registrations = self.runs(unit, rule, hit);
        if registrations.is_empty() && self.is_of_unread_rows(unit, rule, hit) {
            found.blind_spots.push(RawSpot::at(
                "dynamic-route",
                unit,
                hit,
                "which routes the list has that is registered here is not decidable",
            ));
            return;
        }
        let since = found.endpoints.len();
        if registrations.is_empty() {
            self.register(unit, rule, hit, groups, None, found);
        }
        let mut unplaced = 0_usize;
        for registration in registrations {
            if registration.bindings.is_empty() {
                found.blind_spots.push(undecidable(unit, hit));
                continue;
            }
            let before = self.bindings.len();
            self.bindings.extend(registration.bindings);
            let run = Some((registration.at, registration.loose));
            unplaced += usize::from(!self.register(unit, rule, hit, groups, run, found));
            self.bindings.truncate(before);
        }
        if let Some((paths, handlers)) = drop_products(&mut found.endpoints, since) {
            let detail = format!(
                "which of {handlers} handlers answers which of the {paths} paths registered here is not decidable"
            );
            let kind = "dynamic-route";
            found.blind_spots.push(RawSpot::at(kind, unit, hit, detail));
        }
        if unplaced > 0 {
            found.blind_spots.push(RawSpot::at(
                "dynamic-route",
                unit,
                hit,
                format!("under which prefix {unplaced} of the routes registered here stand is not decidable"),
            ));
        }
    }

    /// One registration; `run`: what decides it, and whether only its type led there. False if its prefix is not known.
    fn register(
        &mut self,
        unit: u32,
        rule: &Rule,
        hit: &Match,
        groups: &FxHashMap<Site, Group>,
        run: Option<(Spot, bool)>,
        found: &mut Endpoints,
    ) -> bool {
        let mut routes: Vec<String> = Vec::new();
        for captured in captures(rule, hit, "endpoint.route") {
            match captured {
                Captured::Expr(expr) => {
                    let texts = self.texts(unit, hit.owner, *expr);
                    let mut known: Vec<String> = Vec::new();
                    for it in &texts {
                        let text = if self.begins_known(it) { it.text.clone() } else { self.without_configured(it) };
                        // What has holes only is no route.
                        if it.text.is_empty() || !text.is_empty() {
                            known.push(text);
                        }
                    }
                    if known.len() > MOST_CHOSEN && self.is_chosen(unit, hit.owner, *expr) {
                        // A function that makes paths of several shapes: which one it is here is not known.
                        known.clear();
                    }
                    if known.is_empty() {
                        found.blind_spots.push(undecidable(unit, hit));
                    }
                    let is_quoted = rule.settings.get("endpoint.quoted").is_some_and(|it| it == "true");
                    for route in known {
                        if is_quoted && !route.starts_with('/') {
                            found.blind_spots.push(RawSpot::at(
                                "dynamic-route",
                                unit,
                                hit,
                                format!("the route is code that is not decidable: {route}"),
                            ));
                            continue;
                        }
                        routes.push(route);
                    }
                }
                Captured::Word(word) => {
                    let mut route = word.as_str();
                    for affix in rule.words("endpoint.strip") {
                        route = route.strip_prefix(affix).unwrap_or(route);
                        route = route.strip_suffix(affix).unwrap_or(route);
                    }
                    routes.push(route.to_owned());
                }
                Captured::Definition(_) => {}
            }
        }
        if routes.is_empty() {
            if captures(rule, hit, "endpoint.route").next().is_some() {
                return true;
            }
            routes.push(String::new());
        }
        let along = self.along(unit, rule, hit);
        if let Some(along) = &along {
            let Some(above) = self.route_along(unit, hit.owner, along) else {
                found.blind_spots.push(undecidable(unit, hit));
                return true;
            };
            routes.iter_mut().for_each(|it| *it = join_paths(&above, it));
        }
        if rule.settings.get("endpoint.qualified").is_some_and(|it| it == "true") {
            for route in &mut routes {
                if let Some(whole) = self.qualified_service(unit, hit, rule, route) {
                    *route = whole;
                }
            }
        }
        if naming(rule).is_some() {
            routes = self.routes_called(unit, hit, routes, found);
            if routes.is_empty() {
                return true;
            }
        }
        let mut sites = self.router_sites(unit, rule, hit);
        if sites.iter().all(|it| groups.get(it).is_none_or(|it| !it.nested)) {
            let around = match run {
                Some((at, _)) => self.groups_around_run(unit, hit.owner, rule.via(), at),
                None => self.groups_around(unit, hit.owner, rule.via()),
            };
            if !around.is_empty() {
                sites = around;
            }
        }
        // What stands in a list hangs where the list does.
        let listed = match capture(rule, hit, "endpoint") {
            Some(Captured::Expr(root)) if sites.is_empty() => Some(self.call_site(unit, *root)),
            _ => None,
        };
        sites.extend(listed.filter(|it| groups.contains_key(it)));
        let own = self.module_site(self.program.unit(unit).module);
        // What stands in another list than the module's is none of the module's routes.
        let is_own = listed.is_none_or(|it| found.listed.get(&unit).is_none_or(|all| all.contains(&it)));
        if sites.is_empty() || (listed.is_some() && is_own && groups.contains_key(&own)) {
            sites.push(own);
        }
        let mut hanging = Hanging::Seen;
        // A list that hangs nowhere serves nobody, where the program says which one is the first.
        if let Some(root) = rule.settings.get("endpoint.root")
            && hit.owner == DefId::MODULE
            && sites == [own]
            && !groups.contains_key(&own)
        {
            hanging = self.hanging(unit, root, &mut found.root_lists);
        }
        if hanging != Hanging::Seen {
            found.unhung.entry(own).or_insert((unit, hit.owner, hit.line, 0)).3 += 1;
        }
        if hanging == Hanging::Nowhere {
            return true;
        }
        if let Some(Captured::Definition(id)) = capture(rule, hit, "endpoint") {
            sites.push(function_site(self.program.def(unit, *id)));
            // A type whose methods carry their routes may hang below a router as a whole.
            let holder = self.facts(unit).definition(*id).parent;
            sites.push(function_site(self.program.def(unit, holder)));
        }
        sites.retain(|it| it.0 < FUNCTION_SITES || groups.contains_key(it));
        if sites.is_empty() && rule.settings.get("endpoint.mounted").is_some_and(|it| it == "true") {
            return true;
        }
        drop_circular(groups, &mut sites);
        let inside = function_site(self.program.def(unit, hit.owner));
        if groups.contains_key(&inside) && matches!(capture(rule, hit, "endpoint"), Some(Captured::Expr(_))) {
            sites = vec![inside];
        }
        for site in sites.iter().filter(|it| hangs_nowhere(groups, **it)) {
            found.unhung.entry(*site).or_insert((unit, hit.owner, hit.line, 0)).3 += 1;
        }
        let mut prefixes: Vec<String> = sites.iter().flat_map(|it| Self::full_prefixes(groups, *it)).collect();
        let is_placed = prefixes.iter().all(|it| *it == prefixes[0]) || run.is_none_or(|it| !it.1);
        if hanging == Hanging::Somewhere {
            prefixes = vec!["/{prefix}".to_owned()];
        } else if !is_placed {
            prefixes = vec![join_paths(&begins_with(&prefixes), "/{prefix}")];
        }
        // A service is called by its trait, and its methods as the contract writes them.
        let is_service = rule.settings.get("endpoint.service").is_some_and(|it| it == "true");
        if is_service {
            routes.iter_mut().for_each(|it| *it = upper_camel(it));
        }
        // A prefix on the endpoint's own match stands before its route.
        let own = match capture(rule, hit, "endpoint.prefix") {
            Some(Captured::Expr(expr)) if is_service => self.last_word(unit, *expr).map(str::to_owned),
            Some(Captured::Expr(expr)) => self.plain_text(unit, hit.owner, *expr),
            _ => self.written_above(unit, rule, hit),
        };
        if let Some(text) = own {
            prefixes = if prefixes.is_empty() {
                vec![text]
            } else {
                prefixes.iter().map(|it| join_paths(it, &text)).collect()
            };
        }
        if prefixes.is_empty() {
            prefixes.push(String::new());
        }
        let mut methods = self.methods(unit, rule, hit);
        if rule.settings.get("endpoint.rooted").is_some_and(|it| it == "true") {
            methods = self.rooted_methods(unit, rule, hit, &found.roots);
        }
        let mut explicit = capture(rule, hit, "endpoint.method").is_some();
        let said_along = along.map(|it| self.methods_along(unit, hit.owner, &it)).unwrap_or_default();
        if !said_along.is_empty() {
            (methods, explicit) = (said_along, true);
        }
        let given = run.map(|it| self.methods_given(it.0)).unwrap_or_default();
        let is_asked = |method: &str| (!given.is_empty()).then(|| given.iter().any(|it| it == method));
        if run.is_some() && !explicit && methods == ["ANY"] {
            explicit = !given.is_empty();
            if explicit {
                methods.clone_from(&given);
            }
        }
        let prefixed = rule.has("endpoint.prefix");
        let stands_in = matches!(capture(rule, hit, "endpoint"), Some(Captured::Expr(_)))
            && !rule.captures.iter().any(|it| it == "endpoint.handler");
        let decorates = matches!(capture(rule, hit, "endpoint"), Some(Captured::Definition(_)));
        let said = match capture(rule, hit, "endpoint.method") {
            Some(Captured::Expr(expr)) if decorates => {
                Some((*expr, rule.captures.iter().filter(|it| it.starts_with("endpoint.")).count()))
            }
            _ => None,
        };
        let framework = framework(rule);
        let root = match capture(rule, hit, "endpoint") {
            Some(Captured::Expr(root)) => Some(*root),
            _ => None,
        };
        let from = root.map(|it| (unit, it));
        let (at, line, root) = match run {
            Some((run, _)) => (run.unit, self.facts(run.unit).expr(run.expr).at.line, None),
            None => (unit, self.route_line(unit, rule, hit), root),
        };
        // A decorator of the project's own registers what it stands on.
        let decorated = run.map(|it| self.decorated_with(it.0)).unwrap_or_default();
        let mut handlers = Vec::new();
        let mut registers = false;
        for def in &decorated {
            handlers.extend(self.decorated_handlers(*def, rule, &methods));
        }
        if decorated.is_empty() {
            (handlers, registers) = self.handlers(unit, rule, hit, &methods);
        }
        if let (true, Some((run, _))) = (registers, run) {
            let named = self.handlers_named(run, rule, &methods);
            if !named.is_empty() {
                (handlers, registers) = (named, false);
            }
        }
        let is_wired = rule.settings.get("endpoint.handler").is_some_and(|it| it == "wired");
        if self.program.unit(unit).source.role == Role::Generated && !is_wired {
            // Routes that a generator wrote are the program's where it answers them.
            let generated = std::mem::take(&mut handlers);
            for (method, handler) in generated {
                let answering = self.answering_by_hand(handler, 0);
                handlers.extend(answering.into_iter().map(|it| (method.clone(), it)));
            }
            registers = false;
            if handlers.is_empty() {
                return true;
            }
        }
        let ends_in_slash = self.ends_in_slash(unit, rule, hit);
        let is_bare = rule.settings.get("endpoint.bare").is_some_and(|it| it == "true");
        let is_joined = rule.settings.get("endpoint.joined").is_some_and(|it| it == "true");
        for (method, handler) in handlers {
            let (at, line) = if is_fields(rule) { self.written_at(handler) } else { (at, line) };
            for prefix in &prefixes {
                for route in &routes {
                    let (in_route, path) = split_method(route);
                    let method = in_route.map_or_else(|| method.clone(), str::to_owned);
                    // `GET/{pk}`: what a method of a type adds to the route.
                    let (method, below) =
                        method.split_once('/').map_or((method.as_str(), ""), |(method, below)| (method, below));
                    let mut path = join_paths(path.trim_start_matches('^'), below);
                    if ends_in_slash && !path.ends_with('/') {
                        path.push('/');
                    }
                    if is_bare && path == "/" && !prefix.is_empty() {
                        path.clear();
                    }
                    found.endpoints.push(RawEndpoint {
                        method: method.to_owned(),
                        path: match route.strip_prefix(':') {
                            Some(verb) if is_joined && !prefix.is_empty() => format!("{}:{verb}", normalize(prefix)),
                            _ => normalize(&join_paths(prefix, &path)),
                        },
                        handler,
                        registers,
                        framework: framework.clone(),
                        unit: at,
                        line,
                        explicit: explicit || in_route.is_some(),
                        is_asked: is_asked(method),
                        root,
                        from,
                        stands_in,
                        prefixed,
                        said,
                        named: naming(rule),
                    });
                }
            }
        }
        is_placed
    }

    /// The file and line of a definition.
    fn written_at(&self, def: Def) -> (u32, u32) {
        let (unit, id) = self.program.local(def);
        (unit, self.facts(unit).definition(id).line)
    }

    /// Whether a router ends its routes in a slash (`endpoint.slash`), unless it was made with that keyword as `False`, or is of
    /// a type of the program's own that makes or says it otherwise.
    fn ends_in_slash(&mut self, unit: u32, rule: &Rule, hit: &Match) -> bool {
        let Some(keyword) = rule.settings.get("endpoint.slash") else { return false };
        let Some(Captured::Expr(router)) = capture(rule, hit, "endpoint.router") else { return true };
        for value in self.eval(unit, hit.owner, *router) {
            let Value::Instance(of) = self.pool.value(value) else { continue };
            for of in self.lineage(of).types.clone() {
                let space = self.program.def_space(of);
                let makers = self.program.members(space, "__init__").to_vec();
                let says = !self.program.members(space, keyword).is_empty() || self.find_var(space, keyword).is_some();
                if says || makers.iter().any(|it| self.mentions_word(*it, keyword)) {
                    return false;
                }
            }
        }
        let mut made: Vec<Spot> = Vec::new();
        for (var, _) in self.vars_of(unit, hit.owner, *router) {
            made.extend(self.sources(var));
        }
        !made.iter().any(|it| match &self.facts(it.unit).expr(it.expr).kind {
            ExprKind::Call { args, .. } => args.iter().any(|given| {
                given.name.as_deref() == Some(keyword)
                    && matches!(&self.facts(it.unit).expr(given.value).kind, ExprKind::Constant(word) if word == "False")
            }),
            _ => false,
        })
    }

    /// Whether a function has a parameter of a name, or sets or gives something under it.
    fn mentions_word(&self, function: Def, word: &str) -> bool {
        let (unit, id) = self.program.local(function);
        let facts = self.facts(unit);
        let definition = facts.definition(id);
        let lines = definition.line..=definition.end_line;
        definition.params.iter().any(|it| it.name == word)
            || facts.exprs.iter().filter(|it| lines.contains(&it.at.line)).any(|it| match &it.kind {
                ExprKind::Member { name, .. } | ExprKind::Name(name) | ExprKind::Text(name) => name == word,
                ExprKind::Call { args, .. } => args.iter().any(|it| it.name.as_deref() == Some(word)),
                _ => false,
            })
    }

    /// A table of routes inside one call: each stands on its own line.
    pub(crate) fn route_line(&self, unit: u32, rule: &Rule, hit: &Match) -> u32 {
        let (Some(Captured::Expr(root)), Some(Captured::Expr(route))) =
            (capture(rule, hit, "endpoint"), capture(rule, hit, "endpoint.route"))
        else {
            return hit.line;
        };
        let facts = self.facts(unit);
        match &facts.expr(*root).kind {
            ExprKind::Call { args, .. }
                if args.iter().any(|it| matches!(facts.expr(it.value).kind, ExprKind::Sequence(_))) =>
            {
                facts.expr(*route).at.line
            }
            _ => hit.line,
        }
    }
}
