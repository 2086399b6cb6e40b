//! Handlers of endpoints and the methods they answer to.

use crate::link::calls::captured_expr;
use crate::link::names::program::Def;
use crate::link::routes::along::is_method;
use crate::link::routes::endpoints::HTTP_METHODS;
use crate::link::values::guards::{capture, captures};
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::{Value, Values, Var};
use crate::model::fact::{Captured, DefId, DefinitionKind, ExprId, ExprKind, Match, Visibility};
use crate::model::rule::Rule;
use crate::model::source::Role;

/// Calls, variables and functions that a chain of methods is followed through.
const MOST_CHAINED: u32 = 24;

impl<'a> Inference<'a> {
    pub(crate) fn methods(&mut self, unit: u32, rule: &Rule, hit: &Match) -> Vec<String> {
        let mut methods = Vec::new();
        for captured in captures(rule, hit, "endpoint.method") {
            match captured {
                Captured::Word(word) => {
                    let mapped =
                        rule.words("endpoint.methods").find_map(|it| it.strip_prefix(word.as_str())?.strip_prefix('='));
                    methods.push(mapped.map_or_else(|| word.to_uppercase().to_string(), str::to_owned));
                }
                Captured::Expr(expr) => self.method_words(unit, hit.owner, *expr, &mut methods),
                Captured::Definition(_) => {}
            }
        }
        if methods.is_empty() {
            methods.push(rule.settings.get("endpoint.method").map_or_else(|| "ANY".to_owned(), |it| it.to_uppercase()));
        }
        methods.retain(|it| !it.is_empty());
        methods.iter_mut().filter(|it| *it == "*").for_each(|it| *it = "ANY".to_owned());
        methods
    }

    pub(crate) fn method_words(&mut self, unit: u32, owner: DefId, expr: ExprId, methods: &mut Vec<String>) {
        if let Some(spot) = self.bound(unit, owner, expr) {
            return self.method_words(spot.unit, spot.owner, spot.expr, methods);
        }
        match &self.facts(unit).expr(expr).kind {
            ExprKind::Sequence(items) => {
                for item in items {
                    methods.extend(self.plain_text(unit, owner, *item).map(|it| it.to_uppercase()));
                }
            }
            ExprKind::Name(name) | ExprKind::Member { name, .. } => {
                let said = self.methods_in_loop(Spot { unit, owner, expr });
                if !said.is_empty() {
                    methods.extend(said);
                    return;
                }
                if let Some(method) = self.plain_text(unit, owner, expr) {
                    methods.push(method.to_uppercase());
                    return;
                }
                // A constant of the language's own (`http.MethodGet`, `Method::GET`), a list, else one of several, or unknown.
                let word = name.strip_prefix("Method").unwrap_or(name);
                let is_word = word.len() < name.len() || is_method(&word.to_uppercase());
                if is_word && !word.is_empty() && self.texts(unit, owner, expr).len() < 2 {
                    methods.push(word.to_uppercase());
                } else {
                    methods.extend(self.methods_kept(Spot { unit, owner, expr }));
                }
            }
            _ => {
                let text = self.plain_text(unit, owner, expr).unwrap_or_default().to_uppercase();
                methods.extend(text.split(',').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned));
            }
        }
    }

    /// What the call that registers a route says that the names of serving methods end in (`endpoint.suffix` names the keyword).
    fn said_suffix(&mut self, unit: u32, rule: &Rule, hit: &Match) -> Option<String> {
        let keyword = rule.settings.get("endpoint.suffix")?;
        let Some(Captured::Expr(root)) = capture(rule, hit, "endpoint") else { return None };
        let ExprKind::Call { args, .. } = &self.facts(unit).expr(*root).kind else { return None };
        let said = args.iter().find(|it| it.name.as_deref() == Some(keyword))?;
        self.plain_text(unit, hit.owner, said.value)
    }

    /// A definition that carries its route: a type answers with its methods.
    pub(crate) fn decorated_handlers(&mut self, def: Def, rule: &Rule, methods: &[String]) -> Vec<(String, Def)> {
        let mut handlers = Vec::new();
        if self.program.is_type(def) {
            self.type_handlers(def, rule, None, &mut handlers);
        }
        if handlers.is_empty() {
            let answers = match rule.settings.get("endpoint.handler") {
                Some(it) if it == "implementing" => self.implementing(def),
                _ => vec![def],
            };
            for answer in answers {
                handlers.extend(methods.iter().map(|method| (method.clone(), answer)));
            }
        }
        handlers
    }

    /// The methods that answer a method of a contract: of each type that fulfills it its own, or the contract's where it has none.
    fn implementing(&mut self, method: Def) -> Vec<Def> {
        let contract = self.program.parent(method);
        let name = &self.program.definition(method).name;
        let types = self.implementers.get(&contract).cloned().unwrap_or_default();
        let mut answers: Vec<Def> = Vec::new();
        for of in types {
            if !self.program.is_type(of) {
                continue;
            }
            let own = self.program.members(self.program.def_space(of), name).to_vec();
            let own = own.into_iter().find(|it| self.program.is_function(*it) && self.fulfills(*it, contract));
            answers.push(own.unwrap_or(method));
        }
        answers.sort_unstable();
        answers.dedup();
        if answers.is_empty() { vec![method] } else { answers }
    }

    /// Whether a method is written for a contract, where the language has that said.
    fn fulfills(&mut self, method: Def, contract: Def) -> bool {
        let (unit, id) = self.program.local(method);
        let definition = self.facts(unit).definition(id);
        definition.implements.is_none_or(|it| {
            let named = self.type_objects(unit, definition.parent, it);
            named.iter().any(|it| self.pool.value(*it) == Value::Def(contract))
        })
    }

    /// The definitions on which a call with this argument stands as a decorator, or that its result is called with.
    pub(crate) fn decorated_with(&mut self, argument: Spot) -> Vec<Def> {
        let facts = self.facts(argument.unit);
        let takes = |it: ExprId| match &facts.expr(it).kind {
            ExprKind::Call { args, .. } => args.iter().any(|it| it.value == argument.expr),
            _ => false,
        };
        if let Some(id) = facts.def_ids().find(|id| facts.definition(*id).attributes.iter().any(|it| takes(*it))) {
            return vec![self.program.def(argument.unit, id)];
        }
        let given = facts.exprs.iter().skip(argument.expr.0 as usize).find_map(|it| match &it.kind {
            ExprKind::Call { callee, args } if takes(*callee) => args.first().map(|it| it.value),
            _ => None,
        });
        let mut defs = Vec::new();
        if let Some(given) = given {
            self.functions_of(argument.unit, argument.owner, given, &mut defs, 0);
        }
        defs
    }

    /// Who answers a route by which method, and whether that is only who registers it.
    pub(crate) fn handlers(
        &mut self,
        unit: u32,
        rule: &Rule,
        hit: &Match,
        methods: &[String],
    ) -> (Vec<(String, Def)>, bool) {
        let mut handlers: Vec<(String, Def)> = Vec::new();
        let each = |handlers: &mut Vec<(String, Def)>, def: Def| {
            for method in methods {
                handlers.push((method.clone(), def));
            }
        };
        let by_definition = match capture(rule, hit, "endpoint") {
            Some(Captured::Definition(id)) => Some(*id),
            _ => None,
        };
        if let Some(id) = by_definition
            && capture(rule, hit, "endpoint.handler").is_none()
        {
            return (self.decorated_handlers(self.program.def(unit, id), rule, methods), false);
        }
        let suffix = self.said_suffix(unit, rule, hit);
        let mut is_known = false;
        for captured in captures(rule, hit, "endpoint.handler") {
            match captured {
                Captured::Expr(expr) => {
                    if rule.settings.get("endpoint.handler").is_some_and(|it| it == "chain") {
                        self.chained_handlers(unit, hit.owner, *expr, &mut handlers, 0);
                        if !handlers.is_empty() {
                            continue;
                        }
                    }
                    if rule.settings.get("endpoint.handler").is_some_and(|it| it == "wired") {
                        let wired = self.wired_handlers(Spot { unit, owner: hit.owner, expr: *expr });
                        wired.into_iter().for_each(|it| each(&mut handlers, it));
                        continue;
                    }
                    if rule.settings.get("endpoint.handler").is_some_and(|it| it == "inside") {
                        self.acted_handlers(unit, rule, hit, *expr, methods, &mut handlers);
                        continue;
                    }
                    if self.verbs_kept(Spot { unit, owner: hit.owner, expr: *expr }, &mut handlers) {
                        continue;
                    }
                    let mut defs = self.served_objects(unit, rule, hit.owner, *expr);
                    if defs.is_empty() {
                        self.functions_of(unit, hit.owner, *expr, &mut defs, 0);
                    }
                    self.drop_answered(&mut defs);
                    let method =
                        rule.settings.get("endpoint.handler").filter(|it| !matches!(it.as_str(), "methods" | "chain"));
                    is_known |= !defs.is_empty();
                    for def in defs {
                        let member = method.and_then(|it| self.member_that_serves(def, it));
                        if let Some(member) = member {
                            each(&mut handlers, member);
                        } else if method.is_some_and(|it| it == "exported") && self.program.is_type(def) {
                            let contract = match by_definition {
                                Some(id) => {
                                    let result = self.facts(unit).definition(id).result;
                                    result.and_then(|it| self.interface_at(unit, hit.owner, it))
                                }
                                None => self.contract_of(unit, hit, *expr),
                            };
                            let served = if let Some(contract) = contract {
                                self.methods_behind(def, contract)
                            } else {
                                let served = self.exported_methods(def);
                                let own = by_definition.map(|id| self.program.def(unit, id));
                                // A type that hands out itself serves more than this, and nothing says what.
                                if own.is_some_and(|it| served.contains(&it)) { Vec::new() } else { served }
                            };
                            for member in served {
                                let name = self.program.definition(member).name.as_str();
                                let name = if is_fields(rule) { camel(name) } else { name.to_owned() };
                                handlers.extend(methods.iter().map(|method| (format!("{method}/{name}"), member)));
                            }
                        } else if self.program.is_type(def) {
                            if !self.mapped_handlers(unit, rule, hit, def, &mut handlers) {
                                let before = handlers.len();
                                self.type_handlers(def, rule, suffix.as_deref(), &mut handlers);
                                keep_said(&mut handlers, before, rule, methods);
                            }
                        } else {
                            each(&mut handlers, def);
                        }
                    }
                }
                Captured::Definition(id) => each(&mut handlers, self.program.def(unit, *id)),
                Captured::Word(_) => {}
            }
        }
        let says_less = is_known && rule.has("endpoint.method");
        let registers = handlers.is_empty() && by_definition.is_none() && !says_less;
        if registers {
            // Whoever registers an unknown handler still shows that the route exists.
            let owner = self.named_owner(unit, hit.owner);
            let registrar = self.program.def(unit, owner);
            let mut brought = Vec::new();
            if methods == ["ANY"] && rule.settings.contains_key("endpoint.brings") {
                for view in captures(rule, hit, "endpoint.handler").filter_map(|it| captured_expr(Some(it))) {
                    brought.extend(self.methods_brought(rule, Spot { unit, owner: hit.owner, expr: view }));
                }
            }
            if brought.is_empty() {
                each(&mut handlers, registrar);
            }
            handlers.extend(brought.into_iter().map(|it| (it, registrar)));
        }
        (handlers, registers)
    }

    /// The interface that a registration written in the project (generated code) takes its handler as.
    fn contract_of(&mut self, unit: u32, hit: &Match, handler: ExprId) -> Option<Def> {
        let (_, Captured::Expr(root)) = hit.captures.iter().find(|(_, captured)| match captured {
            Captured::Expr(root) => match &self.facts(unit).expr(*root).kind {
                ExprKind::Call { args, .. } => args.iter().any(|it| it.value == handler),
                _ => false,
            },
            _ => false,
        })?
        else {
            return None;
        };
        let rules = self.rules;
        if let Some(literal) = self.described(unit, &rules.rules[hit.rule as usize], hit) {
            return self.contract_in(literal);
        }
        let ExprKind::Call { callee, args } = &self.facts(unit).expr(*root).kind else { return None };
        let position = args.iter().position(|it| it.value == handler)?;
        let function = self.function_called(unit, hit.owner, *callee)?;
        let (home, id) = self.program.local(function);
        let definition = self.facts(home).definition(id);
        let declared = definition.params.get(position)?.declared?;
        self.interface_at(home, definition.parent, declared)
    }

    pub(in crate::link) fn function_called(&mut self, unit: u32, owner: DefId, callee: ExprId) -> Option<Def> {
        self.eval(unit, owner, callee).into_iter().find_map(|it| match self.pool.value(it) {
            Value::Def(def) if self.program.is_function(def) => Some(def),
            _ => None,
        })
    }

    /// A service's name with its package, which stands in the generated file whose function registers it
    /// (`ServiceName: "shop.v1.Orders"`).
    pub(crate) fn qualified_service(&mut self, unit: u32, hit: &Match, rule: &Rule, service: &str) -> Option<String> {
        let Some(Captured::Expr(root)) = capture(rule, hit, "endpoint") else { return None };
        let ExprKind::Call { callee, .. } = &self.facts(unit).expr(*root).kind else { return None };
        let home = if let Some(literal) = self.described(unit, rule, hit) {
            literal.unit
        } else {
            let function = self.function_called(unit, hit.owner, *callee)?;
            self.program.local(function).0
        };
        let is_name = |it: &str| it.chars().all(|it| it.is_alphanumeric() || matches!(it, '.' | '_'));
        self.facts(home).exprs.iter().find_map(|it| match &it.kind {
            ExprKind::Text(text) if text.rsplit_once('.').is_some_and(|(_, it)| it == service) && is_name(text) => {
                Some(text.to_string())
            }
            _ => None,
        })
    }

    /// The literal that describes the service which a registration names.
    fn described(&mut self, unit: u32, rule: &Rule, hit: &Match) -> Option<Spot> {
        let Some(Captured::Expr(expr)) = capture(rule, hit, "endpoint.described") else { return None };
        let (var, _) = self.vars_of(unit, hit.owner, *expr).into_iter().next()?;
        let sources = self.sources(var);
        let kind = |it: &Spot| &self.facts(it.unit).expr(it.expr).kind;
        sources.into_iter().find(|it| matches!(kind(it), ExprKind::Construct { .. }))
    }

    /// The interface of which such a literal holds a nil value (`HandlerType: (*OrdersServer)(nil)`).
    fn contract_in(&mut self, literal: Spot) -> Option<Def> {
        let facts = self.facts(literal.unit);
        let ExprKind::Construct { fields, .. } = &facts.expr(literal.expr).kind else { return None };
        fields.iter().find_map(|it| match &facts.expr(it.value).kind {
            ExprKind::Construct { of: named, .. } | ExprKind::Call { callee: named, .. } => {
                self.interface_at(literal.unit, literal.owner, *named)
            }
            _ => None,
        })
    }

    /// The interface of the project that a type expression names.
    fn interface_at(&mut self, unit: u32, owner: DefId, declared: ExprId) -> Option<Def> {
        self.type_objects(unit, owner, declared).into_iter().find_map(|it| match self.pool.value(it) {
            Value::Def(def) if self.program.kind(def) == DefinitionKind::Interface => Some(def),
            _ => None,
        })
    }

    /// The methods by which a type serves an interface, also those of its parts, but for what a generator wrote.
    fn methods_behind(&mut self, of: Def, contract: Def) -> Vec<Def> {
        let mut names: Vec<&'a str> = Vec::new();
        for base in self.lineage(contract).types.clone() {
            let (home, id) = self.program.local(base);
            let inside = self.facts(home).definitions.iter().filter(|it| it.parent == id);
            names.extend(inside.filter(|it| it.kind == DefinitionKind::Method).map(|it| it.name.as_str()));
        }
        let parts = self.lineage(of).types.clone();
        let mut served = Vec::new();
        for name in names {
            let mut found = parts.iter().flat_map(|part| self.program.members(self.program.def_space(*part), name));
            let is_written = |it: &Def| {
                let role = self.program.unit(self.program.unit_of(*it)).source.role;
                let is_public = self.program.definition(*it).visibility == Visibility::Public;
                role != Role::Generated && is_public && self.program.is_function(*it)
            };
            served.extend(found.find(is_written));
        }
        served
    }

    /// `get(list).post(create)`, also where a variable or a function of the program's own gives it.
    pub(crate) fn chained_handlers(
        &mut self,
        unit: u32,
        owner: DefId,
        expr: ExprId,
        handlers: &mut Vec<(String, Def)>,
        level: u32,
    ) {
        if level > MOST_CHAINED {
            return;
        }
        let facts = self.facts(unit);
        let ExprKind::Call { callee, args } = &facts.expr(expr).kind else {
            if matches!(facts.expr(expr).kind, ExprKind::Name(_) | ExprKind::Member { .. }) {
                for (var, _) in self.vars_of(unit, owner, expr) {
                    self.chained_sources(var, handlers, level);
                }
            }
            return;
        };
        let name = match &facts.expr(*callee).kind {
            ExprKind::Member { base, name } => {
                self.chained_handlers(unit, owner, *base, handlers, level + 1);
                name
            }
            ExprKind::Name(name) => name,
            _ => return,
        };
        // `get_with(list, documented)` is `get(list)` with more said about it.
        let method = name.strip_suffix("_with").unwrap_or(name).to_uppercase();
        if method != "ANY" && !HTTP_METHODS.contains(&method.as_str()) {
            // A wrapper around a chain: `checked(get(list))`.
            if handlers.is_empty() {
                args.iter().for_each(|it| self.chained_handlers(unit, owner, it.value, handlers, level + 1));
            }
            if handlers.is_empty()
                && let Some(function) = self.function_called(unit, owner, *callee)
                && let Some(var) = self.result_var(function)
            {
                // What it makes of its parameters, it makes of this call's arguments.
                let before = self.bind_arguments(unit, owner, function, args);
                self.chained_sources(var, handlers, level);
                self.bindings.truncate(before);
            }
            return;
        }
        if let Some(argument) = args.first() {
            let mut defs = Vec::new();
            self.functions_of(unit, owner, argument.value, &mut defs, 0);
            handlers.extend(defs.into_iter().map(|it| (method.clone(), it)));
        }
    }

    fn chained_sources(&mut self, var: Var, handlers: &mut Vec<(String, Def)>, level: u32) {
        for source in self.sources(var) {
            self.chained_handlers(source.unit, source.owner, source.expr, handlers, level + 1);
        }
    }

    /// Methods of a type by the HTTP methods in a mapping (`{"get": "list"}`).
    fn verbs_mapped(&mut self, map: Spot, of: Def, handlers: &mut Vec<(String, Def)>) {
        let ExprKind::Mapping(entries) = &self.facts(map.unit).expr(map.expr).kind else { return };
        for (verb, name) in entries {
            let verb = verb.and_then(|it| self.plain_text(map.unit, map.owner, it)).map(|it| it.to_uppercase());
            let Some(verb) = verb.filter(|it| HTTP_METHODS.contains(&it.as_str())) else { continue };
            let Some(name) = self.plain_text(map.unit, map.owner, *name) else { continue };
            // What the library brings along the type itself stands for.
            handlers.push((verb, self.method_named(of, &name).unwrap_or(of)));
        }
    }

    /// The same where a variable keeps what a type made of the mapping (`crew = Crew.as_view({"get": "list"})`).
    fn verbs_kept(&mut self, variable: Spot, handlers: &mut Vec<(String, Def)>) -> bool {
        if !matches!(self.facts(variable.unit).expr(variable.expr).kind, ExprKind::Name(_) | ExprKind::Member { .. }) {
            return false;
        }
        let mut made = Vec::new();
        for (var, _) in self.vars_of(variable.unit, variable.owner, variable.expr) {
            made.extend(self.sources(var));
        }
        let [only] = made.as_slice() else { return false };
        let facts = self.facts(only.unit);
        let ExprKind::Call { callee, args } = &facts.expr(only.expr).kind else { return false };
        let (ExprKind::Member { base, .. }, Some(map)) = (&facts.expr(*callee).kind, args.first()) else {
            return false;
        };
        let before = handlers.len();
        for value in self.eval(only.unit, only.owner, *base) {
            if let Value::Def(of) = self.pool.value(value)
                && self.program.is_type(of)
            {
                self.verbs_mapped(Spot { expr: map.value, ..*only }, of, handlers);
            }
        }
        handlers.len() > before
    }

    /// Methods of a type as the registration maps them: `get,post:List;delete:Remove`, `*` for any (`@endpoint.map`).
    fn mapped_handlers(
        &mut self,
        unit: u32,
        rule: &Rule,
        hit: &Match,
        of: Def,
        handlers: &mut Vec<(String, Def)>,
    ) -> bool {
        let Some(Captured::Expr(map)) = capture(rule, hit, "endpoint.map") else { return false };
        if matches!(self.facts(unit).expr(*map).kind, ExprKind::Mapping(_)) {
            self.verbs_mapped(Spot { unit, owner: hit.owner, expr: *map }, of, handlers);
            return !handlers.is_empty();
        }
        let Some(text) = self.plain_text(unit, hit.owner, *map) else { return false };
        let before = handlers.len();
        for (verbs, name) in text.split(';').filter_map(|it| it.split_once(':')) {
            let Some(member) = self.method_named(of, name.trim()) else { continue };
            let verb = |it: &str| if it.trim() == "*" { "ANY".to_owned() } else { it.trim().to_uppercase() };
            handlers.extend(verbs.split(',').map(|it| (verb(it), member)));
        }
        handlers.len() > before
    }

    /// Public methods that are written for a type, in the order of the source.
    pub(crate) fn exported_methods(&mut self, of: Def) -> Vec<Def> {
        let mut methods = self.written_methods(of);
        methods.retain(|it| self.program.definition(*it).visibility == Visibility::Public);
        methods
    }

    /// Methods that are written for a type in its module, in the order of the source.
    pub(crate) fn written_methods(&mut self, of: Def) -> Vec<Def> {
        let module = self.program.unit(self.program.unit_of(of)).module;
        let mut methods = Vec::new();
        for unit in self.program.modules[module.0 as usize].units.clone() {
            let facts = self.facts(unit);
            for id in facts.def_ids() {
                let definition = facts.definition(id);
                let Some(receiver) = definition.receiver else { continue };
                let is_own = self
                    .type_objects(unit, definition.parent, receiver)
                    .iter()
                    .any(|it| self.pool.value(*it) == Value::Def(of));
                if is_own {
                    methods.push(self.program.def(unit, id));
                }
            }
        }
        methods
    }

    /// The method of that name that a type has or inherits.
    pub(crate) fn method_named(&mut self, of: Def, name: &str) -> Option<Def> {
        self.lineage(of).types.iter().find_map(|base| {
            let members = self.program.members(self.program.def_space(*base), name);
            members.iter().copied().find(|it| self.program.is_function(*it))
        })
    }

    /// Whether a call gives a function of the project.
    fn gives_function(&mut self, unit: u32, owner: DefId, expr: ExprId) -> bool {
        let values = self.eval(unit, owner, expr);
        values.iter().any(|it| matches!(self.pool.value(*it), Value::Def(of) if self.program.is_function(of)))
    }

    /// Whether a call gives things of the project, and no function.
    fn gives_objects(&mut self, unit: u32, owner: DefId, expr: ExprId) -> bool {
        let is_call = matches!(self.facts(unit).expr(expr).kind, ExprKind::Call { .. });
        let values = if is_call { self.eval(unit, owner, expr) } else { Values::new() };
        !values.is_empty() && values.iter().all(|it| matches!(self.pool.value(*it), Value::Instance(_)))
    }

    /// Functions an expression hands over: itself, or what a wrapper (middleware) was given.
    pub(crate) fn functions_of(&mut self, unit: u32, owner: DefId, expr: ExprId, defs: &mut Vec<Def>, level: u32) {
        if level > 6 {
            return;
        }
        if let Some(spot) = self.bound(unit, owner, expr) {
            if matches!(self.facts(unit).expr(expr).kind, ExprKind::Name(_))
                && let Some(kept) = self.function_kept(spot, level)
            {
                defs.push(kept);
                return;
            }
            return self.functions_of(spot.unit, spot.owner, spot.expr, defs, level + 1);
        }
        if self.made_of_bound(unit, owner, expr, defs, level) {
            return;
        }
        if let ExprKind::Call { callee, args } = &self.facts(unit).expr(expr).kind {
            let before = defs.len();
            if let Some(argument) = self.handed_on(unit, owner, *callee, args) {
                self.functions_of(unit, owner, argument, defs, level + 1);
                if defs.len() > before {
                    return;
                }
            }
            if let Some(argument) = self.handler_among(unit, owner, *callee, args) {
                self.functions_of(unit, owner, argument, defs, level + 1);
                if defs.len() > before {
                    return;
                }
            }
            let makes_function = self.gives_function(unit, owner, expr);
            let asks = makes_function && args.len() > 1 && self.makes_asking(unit, owner, expr);
            for argument in args {
                // What a function is made with (`health(env.database())`) is no handler.
                if makes_function && self.gives_objects(unit, owner, argument.value) {
                    continue;
                }
                if asks && self.takes_nothing(unit, argument.value) {
                    continue;
                }
                self.functions_of(unit, owner, argument.value, defs, level + 1);
            }
            if defs.len() > before {
                // Beside a function, what else a wrapper is given is its own business; without one, a call that makes
                // an object of the project is no wrapper.
                let given = defs.split_off(before);
                if given.iter().any(|it| self.program.is_function(*it)) {
                    defs.extend(given.into_iter().filter(|it| self.program.is_function(*it)));
                    return;
                }
                let mut makes_function = false;
                for value in self.eval(unit, owner, expr) {
                    match self.pool.value(value) {
                        Value::Instance(made) if !defs.contains(&made) => defs.push(made),
                        Value::Def(made) if self.program.is_function(made) => makes_function = true,
                        _ => {}
                    }
                }
                if makes_function {
                    // What a function is made with is no handler.
                    self.add_makers(unit, owner, *callee, defs);
                }
                if defs.len() == before {
                    defs.extend(given);
                }
                return;
            }
            // `chain(handler, middleware...).adapted()`: a method of what a wrapper makes of the handler in hand.
            if let ExprKind::Member { base, .. } = &self.facts(unit).expr(*callee).kind
                && let ExprKind::Call { args, .. } = &self.facts(unit).expr(*base).kind
            {
                for argument in args.iter().filter(|it| !it.spread) {
                    if let Some(spot) = self.bound(unit, owner, argument.value) {
                        self.functions_of(spot.unit, spot.owner, spot.expr, defs, level + 1);
                    }
                }
                if defs.len() > before {
                    return;
                }
            }
            // `View.as_view()`, `h.List()` that returns the handler.
            if let ExprKind::Member { base, .. } = &self.facts(unit).expr(*callee).kind {
                for value in self.eval(unit, owner, *base) {
                    if let Value::Def(of) = self.pool.value(value)
                        && self.program.is_type(of)
                        && !defs.contains(&of)
                    {
                        defs.push(of);
                        return;
                    }
                }
            }
            self.add_makers(unit, owner, *callee, defs);
            return;
        }
        if let Some(call) = self.wrapping_kept(Spot { unit, owner, expr }) {
            let before = defs.len();
            self.functions_of(unit, owner, call, defs, level + 1);
            if defs.len() > before {
                return;
            }
        }
        let values = self.eval(unit, owner, expr);
        let is_own = |it: Value| matches!(it, Value::Def(_) | Value::Bound(..) | Value::Instance(_));
        if matches!(self.facts(unit).expr(expr).kind, ExprKind::Name(_) | ExprKind::Member { .. })
            && !values.iter().any(|it| is_own(self.pool.value(*it)))
        {
            // `server(endpoint, ..).serve`: a method of what a wrapper makes of the handler.
            if let ExprKind::Member { base, .. } = &self.facts(unit).expr(expr).kind
                && matches!(self.facts(unit).expr(*base).kind, ExprKind::Call { .. })
            {
                let mut wrapped = Vec::new();
                self.functions_of(unit, owner, *base, &mut wrapped, level + 1);
                if let [only] = wrapped.as_slice()
                    && self.program.is_function(*only)
                {
                    defs.push(*only);
                }
                return;
            }
            return self.functions_made(Spot { unit, owner, expr }, defs, level);
        }
        for value in values {
            let (Value::Def(def) | Value::Bound(def, _) | Value::Instance(def)) = self.pool.value(value) else {
                continue;
            };
            let def = self.decorated_as(Spot { unit, owner, expr }, def).unwrap_or(def);
            let def = if self.program.kind(def) == DefinitionKind::Closure {
                let (unit, id) = self.program.local(def);
                let owner = self.named_owner(unit, id);
                // What a wrapper makes of the function it was given stands for that function.
                let mut given = self.functions_given(unit, owner, level);
                if given.is_empty() {
                    given.extend(self.method_given(unit, id, owner));
                }
                if !given.is_empty() {
                    defs.extend(given);
                    continue;
                }
                self.program.def(unit, owner)
            } else {
                def
            };
            if !defs.contains(&def) {
                defs.push(def);
            }
        }
    }

    /// A method of a contract is answered by the method of its name that the program writes, where that is known.
    fn drop_answered(&self, defs: &mut Vec<Def>) {
        let is_open = |it: &Def| self.program.is_function(*it) && self.program.definition(*it).traits.is_abstract;
        let name = |it: &Def| self.program.definition(*it).name.as_str();
        let written: Vec<&str> = defs.iter().filter(|it| !is_open(it)).map(name).collect();
        defs.retain(|it| !is_open(it) || !written.contains(&name(it)));
    }

    /// `listing := logged(list)`, wrapped once more where it is registered: the call that a variable of the function keeps, where it
    /// is given a function.
    fn wrapping_kept(&mut self, variable: Spot) -> Option<ExprId> {
        let Spot { unit, owner, expr } = variable;
        if !matches!(self.facts(unit).expr(expr).kind, ExprKind::Name(_)) {
            return None;
        }
        let made: Vec<Spot> = self.vars_of(unit, owner, expr).into_iter().flat_map(|it| self.sources(it.0)).collect();
        let [only] = made.as_slice() else { return None };
        if (only.unit, only.owner) != (unit, owner) {
            return None;
        }
        let ExprKind::Call { args, .. } = &self.facts(unit).expr(only.expr).kind else { return None };
        let plain =
            |it: &ExprId| matches!(self.facts(unit).expr(*it).kind, ExprKind::Name(_) | ExprKind::Member { .. });
        let given: Vec<ExprId> = args.iter().map(|it| it.value).filter(plain).collect();
        // What makes an object of the program's own is no wrapper.
        let values = self.eval(unit, owner, expr);
        let makes_object = values.iter().any(|it| matches!(self.pool.value(*it), Value::Instance(_)));
        let wraps = !makes_object && given.iter().any(|it| self.is_function_at(unit, owner, *it));
        wraps.then_some(only.expr)
    }

    fn is_function_at(&mut self, unit: u32, owner: DefId, expr: ExprId) -> bool {
        self.eval(unit, owner, expr).iter().any(|it| match self.pool.value(*it) {
            Value::Def(of) | Value::Bound(of, _) => self.program.is_function(of),
            _ => false,
        })
    }

    /// What a variable of which only the library knows the value was made of (`order_list = OrderList.as_view()`).
    fn functions_made(&mut self, variable: Spot, defs: &mut Vec<Def>, level: u32) {
        let mut made = Vec::new();
        for (var, _) in self.vars_of(variable.unit, variable.owner, variable.expr) {
            made.extend(self.sources(var));
        }
        let [only] = made.as_slice() else { return };
        let ExprKind::Call { callee, .. } = &self.facts(only.unit).expr(only.expr).kind else { return };
        // What a function of the program's own makes is an object, and not that function.
        let makers = self.eval(only.unit, only.owner, *callee);
        if !makers.iter().any(|it| matches!(self.pool.value(*it), Value::Def(_) | Value::Bound(..))) {
            self.functions_of(only.unit, only.owner, only.expr, defs, level + 1);
        }
    }

    /// The one function that a row of a registry keeps in a field of its own: the row serves by calling it.
    fn function_kept(&mut self, row: Spot, level: u32) -> Option<Def> {
        let ExprKind::Construct { of, fields } = &self.facts(row.unit).expr(row.expr).kind else { return None };
        let parts = self.types(row.unit, row.owner, *of).iter().find_map(|it| match self.pool.value(*it) {
            Value::Instance(of) => Some(self.program.definition(of).bases.len()),
            _ => None,
        })?;
        let mut kept = Vec::new();
        for field in fields.iter().enumerate().filter(|(at, it)| it.name.is_some() || *at >= parts).map(|it| it.1) {
            self.functions_of(row.unit, row.owner, field.value, &mut kept, level + 1);
        }
        kept.retain(|it| self.program.is_function(*it));
        kept.dedup();
        if let [only] = kept.as_slice() { Some(*only) } else { None }
    }
}

/// Of the methods of a type those alone count to which the registration says that it answers.
fn keep_said(handlers: &mut Vec<(String, Def)>, before: usize, rule: &Rule, methods: &[String]) {
    if !rule.has("endpoint.method") || !methods.iter().all(|it| HTTP_METHODS.contains(&it.as_str())) {
        return;
    }
    for (method, handler) in handlers.split_off(before) {
        if method == "ANY" {
            handlers.extend(methods.iter().map(|it| (it.clone(), handler)));
        } else if methods.contains(&method) {
            handlers.push((method, handler));
        }
    }
}

/// Whether the methods of a type are fields of a schema (`endpoint.fields`): called in lower camel case, each with its own place.
pub(crate) fn is_fields(rule: &Rule) -> bool {
    rule.settings.get("endpoint.fields").is_some_and(|it| it == "true")
}

/// `AddAlbum` to `addAlbum`, `APIKeys` to `apiKeys`.
fn camel(name: &str) -> String {
    let upper = name.chars().take_while(|it| it.is_uppercase()).count();
    let is_word = name.chars().nth(upper).is_some_and(char::is_lowercase);
    let lowered = if is_word && upper > 1 { upper - 1 } else { upper };
    name.chars().enumerate().map(|(at, it)| if at < lowered { it.to_ascii_lowercase() } else { it }).collect()
}
