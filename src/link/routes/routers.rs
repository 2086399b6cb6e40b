//! Routers: what each one is called in the facts, what it hangs below, and the prefixes under which it is reachable.

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::link::access::accesses::RawSpot;
use crate::link::names::program::{Def, Mod};
use crate::link::routes::idle::drop_partial;
use crate::link::routes::paths::join_paths;
use crate::link::routes::registrations::call_given;
use crate::link::values::guards::{Held, capture, captures};
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::{Site, Value, ValueId, Values};
use crate::model::fact::{Captured, DefId, ExprId, ExprKind, FileFacts, Match, Piece};
use crate::model::rule::Rule;

/// Sites from here on are functions that carry their route, the others calls that make routers.
pub(in crate::link) const FUNCTION_SITES: u32 = 1 << 31;
/// Lists of routers stand in each other this deep at most.
const MOST_LEVELS: u32 = 8;
/// Routers hang below each other this deep at most.
const MOST_DEEP: u32 = 64;
/// Prefixes of one router that are told.
const MOST_PREFIXES: usize = 8;

/// A router and what it hangs below.
#[derive(Default)]
pub(crate) struct Group {
    prefixes: SmallVec<[String; 1]>,
    parents: SmallVec<[Above; 2]>,
    /// Of these it seems to hang below itself.
    circular: FxHashSet<Site>,
    /// All prefixes under which it is reachable.
    full: Vec<String>,
    /// Hangs below the groups in whose bodies it stands.
    pub(in crate::link) nested: bool,
    /// Serves only below another router.
    is_part: bool,
    /// Hangs below the router that it is made with, wherever its own routes are listed.
    placed: bool,
}

impl Group {
    /// The routers that it hangs below.
    pub(in crate::link) fn parents(&self) -> impl Iterator<Item = Site> + '_ {
        self.parents.iter().map(|it| it.parent)
    }
}

/// What a router hangs below, and the prefix of the mount, which may stand in the place of the router's own.
struct Above {
    parent: Site,
    mount: String,
    replaces: bool,
}

/// A mount of a router or of a list of routes below others.
#[derive(Default)]
struct Mount {
    has_prefix: bool,
    prefix: String,
    replaces: bool,
    parents: Vec<Site>,
    /// The call that says it.
    call: Site,
}

impl Inference<'_> {
    /// `unknown`: mounts of which nothing is known.
    pub(crate) fn router_groups(&mut self, unknown: &mut Vec<RawSpot>) -> FxHashMap<Site, Group> {
        let mut groups: FxHashMap<Site, Group> = FxHashMap::default();
        let mut made_of: FxHashSet<Site> = FxHashSet::default();
        let mut mounts: FxHashMap<(u32, u32, Site, usize), Mount> = FxHashMap::default();
        let mut registered = None;
        for (unit, rule, hit) in self.hits(|it| it.has("endpoint.group") || it.has("endpoint.mount")) {
            if self.program.is_test(self.program.def(unit, hit.owner)) {
                continue;
            }
            let first = self.program.unit(unit).first_expr;
            let prefix = match capture(rule, hit, "endpoint.prefix") {
                Some(Captured::Expr(expr)) => {
                    self.texts(unit, hit.owner, *expr).into_iter().map(|it| self.without_configured(&it)).collect()
                }
                Some(Captured::Word(word)) => vec![word.to_string()],
                Some(Captured::Definition(_)) => Vec::new(),
                None => {
                    let along = self.along(unit, rule, hit);
                    let written = along.and_then(|it| self.route_along(unit, hit.owner, &it));
                    written.or_else(|| rule.settings.get("endpoint.under").cloned()).into_iter().collect()
                }
            };
            let is_part = rule.settings.get("endpoint.part").is_some_and(|it| it == "true");
            if let Some(Captured::Definition(id)) = capture(rule, hit, "endpoint.group") {
                // What the routes of a function hang below is not known.
                if self.group_guards(unit, rule, hit) {
                    let group = groups.entry(function_site(self.program.def(unit, *id))).or_default();
                    (group.prefixes, group.is_part) = (SmallVec::from_iter(["/{prefix}".to_owned()]), true);
                }
            } else if let Some(Captured::Expr(root)) = capture(rule, hit, "endpoint.group") {
                let passes_on = prefix.is_empty() && capture(rule, hit, "endpoint.body").is_some();
                if passes_on || self.guards_hold(unit, hit.owner, rule, hit) == Held::No {
                    continue;
                }
                if rule.settings.contains_key("endpoint.own") {
                    for site in self.router_sites(unit, rule, hit) {
                        groups.entry(site).or_default().prefixes.extend(prefix.iter().cloned());
                    }
                    continue;
                }
                let site = Site(first + root.0 + 1);
                // Who runs a body on it makes another one with each call.
                if self.inner_groups.contains(&site) {
                    continue;
                }
                let around = self.groups_around(unit, hit.owner, rule.via());
                let nested = !around.is_empty();
                let parents = if nested { around } else { self.router_sites(unit, rule, hit) };
                let mut prefix = prefix;
                let placed = rule.settings.contains_key("endpoint.key") && !prefix.is_empty();
                if placed {
                    prefix = prefix.iter().map(|it| self.below_rows(unit, rule, hit, it, &mut registered)).collect();
                }
                let group = groups.entry(site).or_default();
                group.nested |= nested;
                group.is_part |= is_part;
                group.placed |= placed;
                for text in prefix {
                    if !group.prefixes.contains(&text) {
                        group.prefixes.push(text);
                    }
                }
                for parent in parents {
                    if parent != site && !group.parents.iter().any(|it| it.parent == parent) {
                        group.parents.push(Above { parent, mount: String::new(), replaces: false });
                    }
                }
            } else if capture(rule, hit, "endpoint.mount").is_some() {
                if !self.group_guards(unit, rule, hit) {
                    continue;
                }
                // A mount in a loop over a table is one for each row.
                let mut runs = match capture(rule, hit, "endpoint.prefix") {
                    Some(Captured::Expr(prefix)) => self.registrations(unit, hit.owner, *prefix, 0),
                    _ => Vec::new(),
                };
                // So is one in a function that is given what it mounts, for each call.
                if let Some(Captured::Expr(child)) = capture(rule, hit, "endpoint.handler").filter(|_| runs.is_empty())
                    && matches!(self.facts(unit).expr(*child).kind, ExprKind::Name(_))
                {
                    runs = self.registrations(unit, hit.owner, *child, 0);
                }
                if let Some(Captured::Expr(list)) = capture(rule, hit, "endpoint.list")
                    && let ExprKind::Mapping(rows) = &self.facts(unit).expr(*list).kind
                {
                    self.mount_rows(
                        unit,
                        rule,
                        hit,
                        (prefix.into_iter().next().unwrap_or_default(), rows),
                        &mut mounts,
                    );
                    continue;
                }
                if runs.is_empty() {
                    self.mount(unit, rule, hit, prefix.clone(), (&mut made_of, unknown), &mut mounts);
                }
                for run in runs {
                    let before = self.bindings.len();
                    self.bindings.extend(run.bindings);
                    let prefix = match capture(rule, hit, "endpoint.prefix") {
                        Some(Captured::Expr(expr)) => {
                            let texts = self.texts(unit, hit.owner, *expr);
                            texts.iter().map(|it| self.without_configured(it)).collect()
                        }
                        _ => prefix.clone(),
                    };
                    self.mount(unit, rule, hit, prefix, (&mut made_of, unknown), &mut mounts);
                    self.bindings.truncate(before);
                }
            }
        }
        for wrapped in self.wrapped_groups.clone() {
            let prefixes = self.prefixes_of_wrapped(&wrapped);
            let parents = self.groups_around(wrapped.call.unit, wrapped.call.owner, wrapped.via);
            let group = groups.entry(wrapped.site).or_default();
            group.nested = true;
            group.prefixes.extend(prefixes);
            let above = parents.into_iter().filter(|it| *it != wrapped.site);
            group.parents.extend(above.map(|parent| Above { parent, mount: String::new(), replaces: false }));
        }
        let mut mounts: Vec<_> = mounts.into_iter().collect();
        mounts.sort_by_key(|(at, _)| *at);
        let listed: FxHashSet<Site> = mounts.iter().map(|((_, _, child, _), _)| *child).collect();
        for ((unit, _, child, _), Mount { prefix, replaces, mut parents, call, .. }) in mounts {
            if groups.get(&child).is_some_and(|it| it.placed) {
                continue;
            }
            // A mount in a list hangs where the list does.
            if parents.is_empty() && listed.contains(&call) && call != child {
                parents.push(call);
            }
            if parents.is_empty() {
                // Registered on nothing in sight: the routes of its own file carry it.
                let own = self.module_site(self.program.unit(unit).module);
                parents.push(if own == child { Site(0) } else { own });
            }
            let group = groups.entry(child).or_default();
            let above = parents.into_iter().map(|parent| Above { parent, mount: prefix.clone(), replaces });
            // A router that its maker hangs below the same one has its place told here.
            let above: SmallVec<[Above; 2]> = above.collect();
            group.parents.retain(|old| !above.iter().any(|it| it.parent == old.parent && old.mount.is_empty()));
            group.parents.extend(above);
        }
        drop_idle(&mut groups, &made_of);
        self.called_groups(&mut groups);
        let idle = self.idle_routers(&groups);
        tell_prefixes(&mut groups, &idle);
        groups
    }

    /// Whether nothing at all is known of what a mount names.
    fn is_unknown_mount(&mut self, unit: u32, rule: &Rule, hit: &Match) -> bool {
        let mut is_unknown = false;
        for captured in captures(rule, hit, "endpoint.handler") {
            let Captured::Expr(expr) = captured else { continue };
            let is_name = matches!(self.facts(unit).expr(*expr).kind, ExprKind::Name(_) | ExprKind::Index { .. });
            let is_written = self.texts(unit, hit.owner, *expr).iter().any(|it| !it.text.contains('{'));
            is_unknown |= is_name && !is_written && self.eval(unit, hit.owner, *expr).is_empty();
        }
        is_unknown
    }

    /// A mount for each row of a mapping of prefixes to routers, all below one prefix more.
    fn mount_rows(
        &mut self,
        unit: u32,
        rule: &Rule,
        hit: &Match,
        (above, rows): (String, &[(Option<ExprId>, ExprId)]),
        mounts: &mut FxHashMap<(u32, u32, Site, usize), Mount>,
    ) {
        let parents = self.captured_sites(unit, rule, hit, "endpoint.router");
        for (key, value) in rows {
            let Some(key) = key else { continue };
            let texts = self.texts(unit, hit.owner, *key);
            let [below] = texts.as_slice() else { continue };
            let spot = Spot { unit, owner: hit.owner, expr: *value };
            let mut children = Vec::new();
            self.sites_of(unit, hit.owner, *value, &mut children);
            self.sites_mounted(spot, &mut children);
            let line = self.facts(unit).expr(*value).at.line;
            for child in children {
                let parents = parents.iter().copied().filter(|it| *it != child).collect();
                let prefix = join_paths(&above, &below.text);
                let mount = Mount { has_prefix: true, prefix, replaces: false, parents, call: Site(0) };
                mounts.entry((unit, line, child, 0)).or_insert(mount);
            }
        }
    }

    /// One mount of what the rule captures below its routers.
    fn mount(
        &mut self,
        unit: u32,
        rule: &Rule,
        hit: &Match,
        prefix: Vec<String>,
        (made_of, unknown): (&mut FxHashSet<Site>, &mut Vec<RawSpot>),
        mounts: &mut FxHashMap<(u32, u32, Site, usize), Mount>,
    ) {
        let children = self.mounted_sites(unit, rule, hit);
        let parents = self.captured_sites(unit, rule, hit, "endpoint.router");
        if let (Some(Captured::Expr(root)), Some(Captured::Expr(router))) =
            (capture(rule, hit, "endpoint.mount"), capture(rule, hit, "endpoint.router"))
            && root == router
        {
            made_of.extend(&parents);
        }
        if children.is_empty() && self.is_unknown_mount(unit, rule, hit) {
            unknown.push(RawSpot::at("dynamic-route", unit, hit, "what is mounted here is not decidable"));
        }
        // What says that there is no prefix knows more than what says which one is usual.
        let says_none = rule.settings.get("endpoint.under").is_some_and(String::is_empty);
        let has_prefix = capture(rule, hit, "endpoint.prefix").is_some() || says_none;
        let prefix = prefix.into_iter().next().unwrap_or_default();
        let replaces = rule.settings.get("endpoint.replaces").is_some_and(|it| it == "true") && !prefix.is_empty();
        let call = match capture(rule, hit, "endpoint.mount") {
            Some(Captured::Expr(call)) => self.call_site(unit, *call),
            _ => Site(0),
        };
        for child in children {
            let parents: Vec<Site> = parents.iter().copied().filter(|it| *it != child).collect();
            // Of two rules for one call the one that read the prefix says more; a call in a loop may say several.
            let mut number = 0;
            while has_prefix
                && mounts.get(&(unit, hit.line, child, number)).is_some_and(|it| it.has_prefix && it.prefix != prefix)
            {
                number += 1;
            }
            let entry = mounts.entry((unit, hit.line, child, number)).or_default();
            if has_prefix || !entry.has_prefix {
                let mut parents = parents;
                if (entry.has_prefix, entry.prefix.as_str(), entry.call) == (has_prefix, prefix.as_str(), call) {
                    // The same mount, by another call of the function around it.
                    let others = std::mem::take(&mut entry.parents);
                    parents.extend(others.into_iter().filter(|it| *it != child));
                    parents.sort_unstable();
                    parents.dedup();
                }
                *entry = Mount { has_prefix, prefix: prefix.clone(), replaces, parents, call };
            }
        }
    }

    /// Groups that a function of the program's own makes with the prefix that it is given: each call of it makes one.
    fn called_groups(&mut self, groups: &mut FxHashMap<Site, Group>) {
        let mut calls = Vec::new();
        for (unit, rule, hit) in self.hits(|it| it.has("endpoint.group") && it.has("endpoint.prefix")) {
            let Some(Captured::Expr(prefix)) = capture(rule, hit, "endpoint.prefix") else { continue };
            let is_inner = match capture(rule, hit, "endpoint.group") {
                Some(Captured::Expr(root)) => self.inner_groups.contains(&self.call_site(unit, *root)),
                _ => false,
            };
            let is_test = self.program.is_test(self.program.def(unit, hit.owner));
            if is_inner || is_test || !self.group_guards(unit, rule, hit) {
                continue;
            }
            for run in self.registrations(unit, hit.owner, *prefix, 0) {
                if let Some((call, _, _)) = call_given(self.facts(run.at.unit), run.at.expr) {
                    let site = Site(self.program.unit(run.at.unit).first_expr + call.0 + 1);
                    self.made_groups.insert(site);
                    calls.push((site, unit, rule, hit, run, *prefix));
                }
            }
        }
        for (site, unit, rule, hit, run, prefix) in calls {
            let before = self.bindings.len();
            self.bindings.extend(run.bindings);
            let texts = self.texts(unit, hit.owner, prefix);
            let parents = self.captured_sites(unit, rule, hit, "endpoint.router");
            self.bindings.truncate(before);
            let group = groups.entry(site).or_default();
            group.prefixes.extend(texts.iter().map(|it| self.without_configured(it)));
            for parent in parents.into_iter().filter(|it| *it != site) {
                group.parents.push(Above { parent, mount: String::new(), replaces: false });
            }
        }
    }

    /// The groups that calls of the program's own functions made, where a router came from some.
    fn sites_called(&mut self, router: Spot, sites: &mut Vec<Site>) -> bool {
        let mut called: Vec<Site> = Vec::new();
        let mut others: Vec<Site> = Vec::new();
        for origin in self.written(router).origins {
            let mut calls =
                origin.within.iter().map(|(_, call)| Site(self.program.unit(call.unit).first_expr + call.expr.0 + 1));
            if let Some(site) = calls.find(|it| self.made_groups.contains(it)) {
                called.push(site);
            } else if origin.spot != router {
                let values = self.eval_unbound(origin.spot);
                self.sites_among(&values, &mut others);
            }
        }
        let is_told = !called.is_empty();
        for site in called.into_iter().chain(others).filter(|_| is_told) {
            if !sites.contains(&site) {
                sites.push(site);
            }
        }
        is_told
    }

    /// Functions that register routes which their callers hand them.
    pub(crate) fn registering_functions(&mut self) -> FxHashSet<Def> {
        let mut functions = FxHashSet::default();
        for (unit, rule, hit) in self.hits(|it| it.has("endpoint")) {
            let function = self.program.def(unit, self.named_owner(unit, hit.owner));
            if !functions.contains(&function)
                && self.group_guards(unit, rule, hit)
                && !self.passes_on(unit, rule, hit)
                && !self.runs(unit, rule, hit).is_empty()
            {
                functions.insert(function);
            }
        }
        functions
    }

    /// Whether a call that a rule takes for a registration runs a function of the program's own that registers what it is
    /// given: each run of that one is an endpoint.
    pub(crate) fn is_answered(&mut self, unit: u32, rule: &Rule, hit: &Match, registering: &FxHashSet<Def>) -> bool {
        let Some(Captured::Expr(root)) = capture(rule, hit, "endpoint") else { return false };
        let ExprKind::Call { callee, .. } = &self.facts(unit).expr(*root).kind else { return false };
        let callees = self.eval(unit, hit.owner, *callee);
        let owner = self.program.def(unit, self.named_owner(unit, hit.owner));
        !callees.is_empty()
            && callees.iter().all(|it| match self.pool.value(*it) {
                Value::Def(def) | Value::Bound(def, _) => def != owner && registering.contains(&def),
                _ => false,
            })
    }

    /// Identity of a module as a list of routes.
    pub(crate) fn module_site(&self, module: Mod) -> Site {
        Site(u32::MAX - module.0)
    }

    /// Routers that a mount hangs below another: router values, or modules by value or name.
    pub(crate) fn mounted_sites(&mut self, unit: u32, rule: &Rule, hit: &Match) -> Vec<Site> {
        let mut sites = self.captured_sites(unit, rule, hit, "endpoint.handler");
        if let Some(Captured::Expr(list)) = capture(rule, hit, "endpoint.list") {
            for member in members_added(self.facts(unit), *list) {
                self.sites_of(unit, hit.owner, member, &mut sites);
            }
        }
        // A route or a mount that the call around it puts below a prefix.
        if rule.settings.contains_key("endpoint.under") {
            let calls = captures(rule, hit, "endpoint.handler").filter_map(|it| match it {
                Captured::Expr(call) => Some(self.call_site(unit, *call)),
                _ => None,
            });
            return calls.collect();
        }
        for captured in captures(rule, hit, "endpoint.handler") {
            if let Captured::Expr(expr) = captured {
                self.sites_mounted(Spot { unit, owner: hit.owner, expr: *expr }, &mut sites);
            }
        }
        sites
    }

    /// What an expression stands for that is hung below a router: modules by value or name, types, lists, what a call wraps.
    fn sites_mounted(&mut self, written: Spot, sites: &mut Vec<Site>) {
        let Spot { unit, owner, expr } = self.bound(written.unit, written.owner, written.expr).unwrap_or(written);
        if sites.iter().all(|it| it.0 >= FUNCTION_SITES) {
            let wrapped = self.sites_wrapped(Spot { unit, owner, expr });
            sites.extend(wrapped);
        }
        let values = self.eval(unit, owner, expr);
        for value in &values {
            if let Value::Module(module) = self.pool.value(*value) {
                sites.push(self.module_site(module));
            }
        }
        self.sites_of_types(&values, sites);
        sites.extend(self.calls_listed(unit, owner, expr));
        let language = self.program.modules[self.program.unit(unit).module.0 as usize].language;
        for text in self.texts(unit, owner, expr) {
            if let Some(module) = self.program.module_named(language, &text.text) {
                sites.push(self.module_site(module));
            } else if let Some((module, name)) = text.text.rsplit_once('.')
                && let Some(module) = self.program.module_named(language, module)
                && let Some(var) = self.find_var(self.program.module_space(module), name)
            {
                // A router by its dotted name (`"events.api.router"`).
                let values = self.read(var);
                self.sites_among(&values, sites);
            }
        }
    }

    /// Routers that a call is given to wrap (`mount("/orders", logged(orders.ServeHTTP))`).
    fn sites_wrapped(&mut self, call: Spot) -> Vec<Site> {
        let mut sites = Vec::new();
        let facts = self.facts(call.unit);
        let ExprKind::Call { args, .. } = &facts.expr(call.expr).kind else { return sites };
        for argument in args {
            let before = sites.len();
            self.sites_of(call.unit, call.owner, argument.value, &mut sites);
            if sites.len() == before
                && let ExprKind::Member { base, .. } = &facts.expr(argument.value).kind
            {
                self.sites_of(call.unit, call.owner, *base, &mut sites);
            }
        }
        sites.retain(|it| it.0 < FUNCTION_SITES);
        sites
    }

    pub(crate) fn captured_sites(&mut self, unit: u32, rule: &Rule, hit: &Match, name: &str) -> Vec<Site> {
        let mut sites = Vec::new();
        for captured in captures(rule, hit, name) {
            let Captured::Expr(expr) = captured else { continue };
            self.sites_of(unit, hit.owner, *expr, &mut sites);
        }
        sites
    }

    pub(crate) fn sites_of(&mut self, unit: u32, owner: DefId, expr: ExprId, sites: &mut Vec<Site>) {
        if let Some(spot) = self.bound(unit, owner, expr) {
            return self.sites_of(spot.unit, spot.owner, spot.expr, sites);
        }
        if !self.made_groups.is_empty() && self.sites_called(Spot { unit, owner, expr }, sites) {
            return;
        }
        let before = sites.len();
        self.sites_kept(Spot { unit, owner, expr }, sites);
        if sites.len() > before {
            return;
        }
        let values = self.eval(unit, owner, expr);
        self.sites_among(&values, sites);
        // A router of a type of the project is told by the call that made it.
        let is_own = values.iter().any(|it| matches!(self.pool.value(*it), Value::Instance(_)));
        for made in self.origins(Spot { unit, owner, expr }).filter(|_| is_own).unwrap_or_default() {
            let site = Site(self.program.unit(made.unit).first_expr + made.expr.0 + 1);
            let is_call = matches!(self.facts(made.unit).expr(made.expr).kind, ExprKind::Call { .. });
            if is_call && !sites.contains(&site) {
                sites.push(site);
            }
        }
        // What such a router hands out (`router.urls`) is that router.
        if sites.len() == before
            && let ExprKind::Member { base, .. } = self.facts(unit).expr(expr).kind
            && self.are_routers(&values)
        {
            self.sites_of(unit, owner, base, sites);
        }
    }

    /// Whether values are instances of types that routes are registered on.
    fn are_routers(&self, values: &Values) -> bool {
        let is_router = |it: &ValueId| match self.pool.value(*it) {
            Value::Outside { path, instance: true, .. } => self.router_types.contains(self.pool.text(path)),
            _ => false,
        };
        !values.is_empty() && values.iter().all(is_router)
    }

    /// A router that a wrapper keeps in a field is, in the registration in hand, the one that its wrapper was made with.
    fn sites_kept(&mut self, router: Spot, sites: &mut Vec<Site>) {
        let ExprKind::Member { base, .. } = &self.facts(router.unit).expr(router.expr).kind else { return };
        if self.bound(router.unit, router.owner, *base).is_none() {
            return;
        }
        for origin in self.written(router).origins {
            let at = origin.spot;
            if at == router || !matches!(self.facts(at.unit).expr(at.expr).kind, ExprKind::Call { .. }) {
                continue;
            }
            let values = self.eval_unbound(at);
            self.sites_among(&values, sites);
        }
    }

    /// What an expression may be whatever the registration in hand.
    fn eval_unbound(&mut self, at: Spot) -> Values {
        let bindings = std::mem::take(&mut self.bindings);
        let values = self.eval(at.unit, at.owner, at.expr);
        self.bindings = bindings;
        values
    }

    /// `super().add_url_rule(..)` in a router's own `add_url_rule` passes on what its callers register.
    pub(in crate::link) fn passes_on(&mut self, unit: u32, rule: &Rule, hit: &Match) -> bool {
        let Some(Captured::Expr(root)) = capture(rule, hit, "endpoint") else { return false };
        let facts = self.facts(unit);
        let ExprKind::Call { callee, .. } = &facts.expr(*root).kind else { return false };
        let ExprKind::Member { base, name } = &facts.expr(*callee).kind else { return false };
        if facts.definition(hit.owner).name != *name {
            return false;
        }
        let values = self.eval(unit, hit.owner, *base);
        !values.is_empty() && values.iter().all(|it| matches!(self.pool.value(*it), Value::Super(_)))
    }

    /// Routers and routed functions among values; a list stands for what is in it, also in lists inside it.
    fn sites_among(&mut self, values: &[ValueId], sites: &mut Vec<Site>) {
        for value in self.unpacked(values) {
            match self.pool.value(value) {
                Value::Outside { site, .. } if site != Site(0) && !sites.contains(&site) => sites.push(site),
                // A function with a route of its own, or a type of such, hung below a router.
                Value::Def(def) if self.program.is_function(def) || self.program.is_type(def) => {
                    let site = function_site(def);
                    if !sites.contains(&site) {
                        sites.push(site);
                    }
                }
                // A module that stands for the routes in it (`include("shop.urls")`).
                _ => {}
            }
        }
    }

    /// Methods that carry their routes themselves, where an instance of their type is hung below a router.
    fn sites_of_types(&mut self, values: &[ValueId], sites: &mut Vec<Site>) {
        for value in self.unpacked(values) {
            if let Value::Instance(of) | Value::Def(of) = self.pool.value(value)
                && self.program.is_type(of)
            {
                let methods = self.written_methods(of);
                sites.extend(methods.into_iter().map(function_site));
            }
        }
    }

    /// The values with what lists among them hold, and lists in these: each list once, since what a program keeps of parsed
    /// texts holds itself many times over.
    fn unpacked(&mut self, values: &[ValueId]) -> Vec<ValueId> {
        let mut all = Vec::new();
        self.unpack(values, &mut all, &mut FxHashMap::default(), 0);
        all
    }

    /// `seen`: lists that were opened, with the level at which they were.
    fn unpack(&mut self, values: &[ValueId], all: &mut Vec<ValueId>, seen: &mut FxHashMap<u32, u32>, level: u32) {
        for value in values {
            let Value::Container(container) = self.pool.value(*value) else {
                all.push(*value);
                continue;
            };
            if level < MOST_LEVELS && seen.get(&container).is_none_or(|it| level < *it) {
                seen.insert(container, level);
                let held = self.container_read(container, None);
                self.unpack(&held, all, seen, level + 1);
            }
        }
    }

    /// All prefixes under which a router is reachable.
    pub(crate) fn full_prefixes(groups: &FxHashMap<Site, Group>, site: Site) -> Vec<String> {
        groups.get(&site).map_or_else(|| vec![String::new()], |it| it.full.clone())
    }
}

/// Members whose items a list holds: all of them (`urls = router.urls`), or some beside others (`[..] + router.urls`, `urls += router.urls`).
fn members_added(facts: &FileFacts, list: ExprId) -> Vec<ExprId> {
    let is_member = |it: &ExprId| matches!(facts.expr(*it).kind, ExprKind::Member { .. });
    match &facts.expr(list).kind {
        ExprKind::Member { .. } => vec![list],
        ExprKind::Template(pieces) => {
            let holes = pieces.iter().filter_map(|it| match it {
                Piece::Hole(hole) => Some(*hole),
                Piece::Text(_) => None,
            });
            holes.filter(is_member).collect()
        }
        ExprKind::Sequence(items) => {
            let spread = items.iter().filter_map(|it| match facts.expr(*it).kind {
                ExprKind::Element(inner) => Some(inner),
                _ => None,
            });
            spread.filter(is_member).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether a router serves only below another one, and neither it nor what it hangs below hangs below a router that serves by
/// itself.
pub(in crate::link) fn hangs_nowhere(groups: &FxHashMap<Site, Group>, site: Site) -> bool {
    let Some(group) = groups.get(&site).filter(|it| it.is_part) else { return false };
    group.parents.iter().all(|it| it.parent != site && hangs_nowhere_above(groups, it.parent, MOST_LEVELS))
}

fn hangs_nowhere_above(groups: &FxHashMap<Site, Group>, site: Site, levels: u32) -> bool {
    let Some(group) = groups.get(&site).filter(|it| levels > 0 && it.is_part) else { return false };
    group.parents.iter().all(|it| hangs_nowhere_above(groups, it.parent, levels - 1))
}

/// Works out for each router under which prefixes it is reachable. Functions that register on whatever router they are given
/// may seem to hang below each other in a circle: a router is never below itself.
fn tell_prefixes(groups: &mut FxHashMap<Site, Group>, idle: &FxHashSet<Site>) {
    let sites: Vec<Site> = groups.keys().copied().collect();
    for site in sites.iter().copied() {
        if above(groups, site).contains(&site) {
            let circular: FxHashSet<Site> = groups[&site]
                .parents
                .iter()
                .map(|it| it.parent)
                .filter(|it| *it == site || above(groups, *it).contains(&site))
                .collect();
            if let Some(group) = groups.get_mut(&site) {
                group.circular = circular;
            }
        }
    }
    groups.values_mut().for_each(|it| it.parents.retain(|above| !it.circular.contains(&above.parent)));
    let mut known: FxHashMap<Site, Vec<String>> = FxHashMap::default();
    for site in sites {
        prefixes_of(groups, idle, site, 0, &mut known);
    }
    known.into_iter().for_each(|(site, full)| {
        if let Some(group) = groups.get_mut(&site) {
            group.full = full;
        }
    });
}

/// Of the routers that one may be, those that seem to hang below themselves do not say where it is reachable if others do.
pub(in crate::link) fn drop_circular(groups: &FxHashMap<Site, Group>, sites: &mut Vec<Site>) {
    let circular = |it: &Site| groups.get(it).is_some_and(|it| !it.circular.is_empty());
    if !sites.iter().all(circular) {
        sites.retain(|it| !circular(it));
    }
}

/// All routers that one hangs below.
fn above(groups: &FxHashMap<Site, Group>, site: Site) -> FxHashSet<Site> {
    let mut all: FxHashSet<Site> = FxHashSet::default();
    let mut open = vec![site];
    while let Some(site) = open.pop() {
        let parents = groups.get(&site).map_or(&[][..], |it| it.parents.as_slice());
        open.extend(parents.iter().map(|it| it.parent).filter(|it| all.insert(*it)));
    }
    all
}

fn prefixes_of(
    groups: &FxHashMap<Site, Group>,
    idle: &FxHashSet<Site>,
    site: Site,
    level: u32,
    known: &mut FxHashMap<Site, Vec<String>>,
) -> Vec<String> {
    if let Some(full) = known.get(&site) {
        return full.clone();
    }
    let Some(group) = groups.get(&site).filter(|_| level <= MOST_DEEP) else { return vec![String::new()] };
    let own: Vec<String> = if group.prefixes.is_empty() { vec![String::new()] } else { group.prefixes.to_vec() };
    let mut paths: Vec<(bool, String)> = Vec::new();
    for Above { parent, mount, replaces } in &group.parents {
        let bases = match *parent {
            Site(0) => vec![String::new()],
            parent => prefixes_of(groups, idle, parent, level + 1, known),
        };
        let is_idle = idle.contains(parent);
        for base in bases {
            let above = join_paths(&base, mount);
            if *replaces {
                paths.push((is_idle, above));
            } else {
                paths.extend(own.iter().map(|own| (is_idle, join_paths(&above, own))));
            }
        }
    }
    let mut full = if group.parents.is_empty() { own } else { drop_partial(paths) };
    full.sort();
    full.dedup();
    full.truncate(MOST_PREFIXES);
    known.insert(site, full.clone());
    full
}

/// A router made of what it is given that hangs nowhere is not what serves it, if another one does.
fn drop_idle(groups: &mut FxHashMap<Site, Group>, made_of: &FxHashSet<Site>) {
    let hangs = |it: &Site| groups.get(it).is_some_and(|it| !it.parents.is_empty());
    let idle: FxHashSet<Site> = made_of.iter().copied().filter(|it| !hangs(it)).collect();
    groups.values_mut().for_each(|group| {
        if group.parents.iter().any(|it| !idle.contains(&it.parent)) {
            group.parents.retain(|it| !idle.contains(&it.parent));
        }
    });
}

/// Where a function hangs that carries its route itself.
pub(in crate::link) fn function_site(def: Def) -> Site {
    Site(FUNCTION_SITES | def.0)
}
