//! Call, import and reference edges between definitions, read off the inferred values.

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::link::names::program::{Def, Mod, Program, Unit};
use crate::link::names::scope::KnownNames;
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::{INITIALIZER, Inference};
use crate::link::values::value::Value;
use crate::model::fact::{
    Captured, DefId, Definition, DefinitionKind, ExprId, ExprKind, FileFacts, ParamKind, Piece, RegionKind, StepKind,
};
use crate::model::graph::{Confidence, ReferenceKind};
use crate::model::rule::Gives;
use crate::model::source::Role;

/// Methods that iteration calls.
const ITERATION: &[&str] = &["__iter__", "__next__", "__aiter__", "__anext__"];
/// Methods that a `with` block calls.
const CONTEXT: &[&str] = &["__enter__", "__exit__", "__aenter__", "__aexit__"];

pub(crate) struct RawCall {
    pub(crate) from: Def,
    pub(crate) to: Def,
    pub(crate) unit: u32,
    pub(crate) line: u32,
    pub(crate) confidence: Confidence,
    /// What was handed down to the caller and runs here: a closure, of which `to` is the function around, or `to` itself.
    pub(crate) given: Option<Def>,
}

pub(crate) struct RawReference {
    pub(crate) from: Def,
    pub(crate) to: Def,
    pub(crate) kind: ReferenceKind,
    pub(crate) unit: u32,
    pub(crate) line: u32,
}

pub(crate) struct RawImport {
    pub(crate) from: Mod,
    pub(crate) to: Option<Mod>,
    pub(crate) target: String,
    pub(crate) unit: u32,
    pub(crate) line: u32,
}

impl<'a> Inference<'a> {
    pub(crate) fn find_calls(&mut self) -> Vec<RawCall> {
        let mut calls = Vec::new();
        for unit in 0..self.program.units.len() as u32 {
            if self.program.unit(unit).source.role == Role::Vendored {
                continue;
            }
            let facts = self.facts(unit);
            for step in &facts.steps {
                match step.kind {
                    StepKind::Call(expr) => self.call_edges(unit, step.owner, expr, &mut calls),
                    // Iterating calls what the iterated type says (`__iter__`, `__next__`).
                    StepKind::Assign { value, .. } | StepKind::Yield(value) => {
                        if let ExprKind::Element(inner) = &facts.expr(value).kind {
                            self.protocol_edges(unit, step.owner, *inner, ITERATION, step.line, &mut calls);
                        }
                    }
                    _ => {}
                }
            }
            for region in &facts.regions {
                if let RegionKind::With(expr) = region.kind {
                    self.protocol_edges(unit, region.owner, expr, CONTEXT, region.first_line, &mut calls);
                }
            }
            for id in facts.def_ids() {
                let definition = facts.definition(id);
                for attribute in &definition.attributes {
                    // `@decorate` runs when the definition around it does.
                    if !matches!(facts.expr(*attribute).kind, ExprKind::Call { .. }) {
                        let targets = self.eval(unit, definition.parent, *attribute);
                        for target in targets {
                            if let Value::Def(to) | Value::Bound(to, _) = self.pool.value(target)
                                && self.program.is_function(to)
                            {
                                self.push_call(
                                    unit,
                                    definition.parent,
                                    to,
                                    definition.line,
                                    Confidence::Certain,
                                    &mut calls,
                                );
                            }
                        }
                    }
                }
                for param in &definition.params {
                    if let Some(default) = param.default {
                        self.injected(unit, id, default, &mut calls);
                    }
                    if let Some(declared) = param.declared {
                        self.injected(unit, id, declared, &mut calls);
                    }
                }
            }
        }
        self.property_calls(&mut calls);
        // What a test put in the place of something outside runs in that test only.
        calls.retain(|it| self.program.is_test(it.from) || !self.program.is_test(it.to));
        calls
    }

    /// Methods that a statement calls on an instance without naming them.
    fn protocol_edges(
        &mut self,
        unit: u32,
        owner: DefId,
        expr: ExprId,
        protocol: &[&str],
        line: u32,
        calls: &mut Vec<RawCall>,
    ) {
        for value in self.eval(unit, owner, expr) {
            let Value::Instance(of) = self.pool.value(value) else { continue };
            for name in protocol {
                for base in self.lineage(of).types.clone() {
                    let members = self.program.members(self.program.def_space(base), name);
                    for member in &members {
                        self.push_call(unit, owner, *member, line, Confidence::Certain, calls);
                    }
                    if !members.is_empty() {
                        break;
                    }
                }
            }
        }
    }

    /// A default such as `Depends(f)`: whoever calls the function, `f` runs for it.
    fn injected(&mut self, unit: u32, id: DefId, expr: ExprId, calls: &mut Vec<RawCall>) {
        let facts = self.facts(unit);
        match &facts.expr(expr).kind {
            ExprKind::Call { callee, args } => {
                let parent = facts.definition(id).parent;
                let targets = self.eval(unit, parent, *callee);
                for target in targets {
                    if let Value::Outside { path, .. } = self.pool.value(target) {
                        let path = self.pool.text(path).to_owned();
                        if let Some(Gives::CallOf(n)) = self.stubs.exact(&path).map(|it| &it.gives)
                            && let Some(argument) = args.get(usize::from(*n))
                        {
                            for value in self.eval(unit, parent, argument.value) {
                                self.called(unit, id, value, facts.expr(expr).at.line, Confidence::Certain, calls);
                            }
                        }
                    }
                }
            }
            // `Annotated[Session, Depends(get_session)]`
            ExprKind::Index { index, .. } => {
                if let ExprKind::Sequence(items) = &facts.expr(*index).kind {
                    for item in items {
                        self.injected(unit, id, *item, calls);
                    }
                }
            }
            _ => {}
        }
    }

    fn called(
        &mut self,
        unit: u32,
        owner: DefId,
        value: crate::link::values::value::ValueId,
        line: u32,
        confidence: Confidence,
        calls: &mut Vec<RawCall>,
    ) {
        match self.pool.value(value) {
            Value::Def(to) | Value::Bound(to, _) if self.program.is_function(to) => {
                self.push_call(unit, owner, to, line, confidence, calls);
                let from = self.program.def(unit, owner);
                for around in self.run_around(to).iter().filter(|it| **it != from) {
                    self.push_call(unit, owner, *around, line, confidence, calls);
                }
            }
            Value::Def(of) if self.program.is_type(of) => {
                for base in self.lineage(of).types.clone() {
                    let members = self.program.members(self.program.def_space(base), INITIALIZER);
                    for member in &members {
                        self.push_call(unit, owner, *member, line, confidence, calls);
                    }
                    if !members.is_empty() {
                        break;
                    }
                }
            }
            Value::Instance(of) => {
                for base in self.lineage(of).types.clone() {
                    let members = self.program.members(self.program.def_space(base), "__call__");
                    for member in &members {
                        self.push_call(unit, owner, *member, line, confidence, calls);
                    }
                    if !members.is_empty() {
                        break;
                    }
                }
            }
            _ => {}
        }
    }

    pub(crate) fn push_call(
        &self,
        unit: u32,
        owner: DefId,
        to: Def,
        line: u32,
        confidence: Confidence,
        calls: &mut Vec<RawCall>,
    ) {
        let from = self.program.def(unit, self.named_owner(unit, owner));
        let (to_unit, to_id) = self.program.local(to);
        if self.program.kind(to) == DefinitionKind::Closure {
            // A closure's body belongs to the function around it, which runs it by handing it down.
            let given = Some(to);
            let to = self.program.def(to_unit, self.named_owner(to_unit, to_id));
            if to != from {
                calls.push(RawCall { from, to, unit, line, confidence: confidence.min(Confidence::Likely), given });
            }
            return;
        }
        calls.push(RawCall { from, to, unit, line, confidence, given: None });
    }

    fn call_edges(&mut self, unit: u32, owner: DefId, expr: ExprId, calls: &mut Vec<RawCall>) {
        let facts = self.facts(unit);
        let ExprKind::Call { callee, args } = &facts.expr(expr).kind else { return };
        let line = facts.expr(expr).at.line;
        let targets = self.eval(unit, owner, *callee);
        let in_project = targets
            .iter()
            .filter(|it| match self.pool.value(**it) {
                Value::Def(to) | Value::Bound(to, _) => !self.program.definition(to).traits.is_abstract,
                Value::Instance(_) => true,
                _ => false,
            })
            .count();
        let confidence = one_of(in_project);
        let mut outside = targets.is_empty();
        let before = calls.len();
        for target in &targets {
            if matches!(self.pool.value(*target), Value::Outside { .. }) {
                outside = true;
            }
            self.called(unit, owner, *target, line, confidence, calls);
        }
        if let ExprKind::Name(name) = &facts.expr(*callee).kind
            && self.is_parameter(unit, owner, name)
        {
            for call in &mut calls[before..] {
                call.given = call.given.or(Some(call.to));
            }
        }
        for to in self.hearing(unit, owner, expr) {
            self.push_call(unit, owner, to, line, Confidence::Likely, calls);
        }
        if outside {
            self.handed_over(unit, owner, expr, args, line, calls);
        } else {
            self.run_by_rule(unit, owner, expr, args, line, calls);
        }
    }

    /// What a call of the program's own code runs by a rule (generated wrappers that run whatever they are given): a
    /// function (`argument[1]`), or a method of a value (`argument[1].execute`).
    fn run_by_rule(
        &mut self,
        unit: u32,
        owner: DefId,
        expr: ExprId,
        args: &'a [crate::model::fact::Argument],
        line: u32,
        calls: &mut Vec<RawCall>,
    ) {
        let at = self.program.unit(unit).first_expr + expr.0;
        for number in self.matches_at.get(&at).cloned().unwrap_or_default() {
            let found = &self.facts(unit).matches[number as usize];
            let rules = self.rules;
            let rule = &rules.rules[found.rule as usize];
            let Some(runs) = rule.settings.get("call.runs").filter(|_| capture(rule, found, "call").is_some()) else {
                continue;
            };
            let Some((index, rest)) = runs.strip_prefix("argument[").and_then(|it| it.split_once(']')) else {
                continue;
            };
            let argument = index.parse::<usize>().ok().and_then(|it| args.get(it));
            let Some(argument) = argument else { continue };
            if self.guards_hold(unit, owner, rule, found) != Held::Yes {
                continue;
            }
            for value in self.eval(unit, owner, argument.value) {
                match (self.pool.value(value), rest.strip_prefix('.')) {
                    (Value::Def(to) | Value::Bound(to, _), None) if self.program.is_function(to) => {
                        self.push_call(unit, owner, to, line, Confidence::Likely, calls);
                    }
                    (Value::Instance(of), Some(method)) => {
                        if let Some(to) = self.method_named(of, method) {
                            self.push_call(unit, owner, to, line, Confidence::Likely, calls);
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// Whether a name is a parameter of the function around, or of a closure in between.
    fn is_parameter(&self, unit: u32, mut owner: DefId, name: &str) -> bool {
        let (facts, last) = (self.facts(unit), self.named_owner(unit, owner));
        loop {
            let definition = facts.definition(owner);
            if definition.params.iter().any(|it| it.name.as_str() == name) {
                return true;
            }
            if owner == last || owner == definition.parent {
                return false;
            }
            owner = definition.parent;
        }
    }

    /// Functions of the project handed to outside code, which may call them.
    fn handed_over(
        &mut self,
        unit: u32,
        owner: DefId,
        expr: ExprId,
        args: &'a [crate::model::fact::Argument],
        line: u32,
        calls: &mut Vec<RawCall>,
    ) {
        let at = self.program.unit(unit).first_expr + expr.0;
        let mut runs: Option<String> = None;
        for number in self.matches_at.get(&at).cloned().unwrap_or_default() {
            let found = &self.facts(unit).matches[number as usize];
            let rule = &self.rules.rules[found.rule as usize];
            if capture(rule, found, "call").is_some() {
                runs = rule.settings.get("call.runs").cloned();
            }
        }
        if runs.as_deref() == Some("receiver")
            && let ExprKind::Call { callee, .. } = &self.facts(unit).expr(expr).kind
            && let ExprKind::Member { base, .. } = self.facts(unit).expr(*callee).kind
        {
            for value in self.eval(unit, owner, base) {
                if let Value::Def(to) | Value::Bound(to, _) = self.pool.value(value)
                    && self.program.is_function(to)
                {
                    self.push_call(unit, owner, to, line, Confidence::Likely, calls);
                }
            }
        }
        self.receiver_runs(unit, owner, expr, line, calls);
        let mut registers: Option<bool> = None;
        for (index, argument) in args.iter().enumerate() {
            if !matches!(facts_kind(self.facts(unit), argument.value), ExprKind::Name(_) | ExprKind::Member { .. }) {
                continue;
            }
            let named = argument.name.as_deref().unwrap_or_default();
            let run = runs
                .as_deref()
                .is_some_and(|it| it == format!("argument[{index}]") || it == format!("keyword[{named}]"));
            if !run && *registers.get_or_insert_with(|| self.registers(unit, expr)) {
                continue;
            }
            let confidence = if run { Confidence::Likely } else { Confidence::Guess };
            for value in self.eval(unit, owner, argument.value) {
                if let Value::Def(to) | Value::Bound(to, _) = self.pool.value(value)
                    && self.program.is_function(to)
                {
                    self.push_call(unit, owner, to, line, confidence, calls);
                }
            }
        }
    }

    /// Methods of the program's own that what a library's method is called on runs in turn (`call.runs "receiver.create"`).
    fn receiver_runs(&mut self, unit: u32, owner: DefId, expr: ExprId, line: u32, calls: &mut Vec<RawCall>) {
        let at = self.program.unit(unit).first_expr + expr.0;
        for number in self.matches_at.get(&at).cloned().unwrap_or_default() {
            let found = &self.facts(unit).matches[number as usize];
            let rules = self.rules;
            let rule = &rules.rules[found.rule as usize];
            let methods: Vec<&str> = rule.words("call.runs").filter_map(|it| it.strip_prefix("receiver.")).collect();
            let ExprKind::Call { callee, .. } = &self.facts(unit).expr(expr).kind else { return };
            let ExprKind::Member { base, .. } = self.facts(unit).expr(*callee).kind else { return };
            if methods.is_empty() || self.guards_hold(unit, owner, rule, found) != Held::Yes {
                continue;
            }
            for value in self.eval(unit, owner, base) {
                let Value::Instance(of) = self.pool.value(value) else { continue };
                for to in methods.iter().filter_map(|it| self.method_named(of, it)).collect::<Vec<_>>() {
                    self.push_call(unit, owner, to, line, Confidence::Likely, calls);
                }
            }
        }
    }

    /// Whether a call registers a handler: the handler runs for a request, not for the caller.
    fn registers(&self, unit: u32, expr: ExprId) -> bool {
        let line = self.facts(unit).expr(expr).at.line;
        let matches = &self.facts(unit).matches;
        // They are in the order of their lines.
        let here = matches[matches.partition_point(|it| it.line < line)..].iter().take_while(|it| it.line == line);
        here.flat_map(|it| &self.rules.rules[it.rule as usize].captures)
            .any(|it| matches!(it.as_str(), "endpoint" | "endpoint.mount" | "message.subscribe"))
    }

    pub(crate) fn find_imports(&mut self) -> Vec<RawImport> {
        let mut imports = Vec::new();
        for unit in 0..self.program.units.len() as u32 {
            if self.program.unit(unit).source.role == Role::Vendored {
                continue;
            }
            let facts = self.facts(unit);
            let from = self.program.unit(unit).module;
            for (index, import) in facts.imports.iter().enumerate() {
                let target = self.import_module(unit, index as u32);
                let (to, target) = match target {
                    Ok(module) => {
                        let child = import.name.as_ref().and_then(|it| self.program.child_module(module, it));
                        let to =
                            child.filter(|it| !self.program.modules[it.0 as usize].units.is_empty()).unwrap_or(module);
                        (Some(to), self.program.modules[to.0 as usize].name.clone())
                    }
                    Err(path) => {
                        let separator = self.separator(unit);
                        let full = match &import.name {
                            Some(name) if path.is_empty() => name.to_string(),
                            _ => path,
                        };
                        if let Some(module) = self.module_above(unit, &full) {
                            (Some(module), self.program.modules[module.0 as usize].name.clone())
                        } else {
                            let package = if full.contains('/') {
                                full
                            } else {
                                full.split(separator).next().unwrap_or(&full).to_owned()
                            };
                            (None, package)
                        }
                    }
                };
                if to == Some(from) || target.is_empty() {
                    continue;
                }
                imports.push(RawImport { from, to, target, unit, line: import.line });
            }
        }
        imports
    }

    /// The nearest module of the project on the way to an item (`use app::models::Order` names a type of `app::models`).
    fn module_above(&self, unit: u32, path: &str) -> Option<Mod> {
        let entry = &self.program.modules[self.program.unit(unit).module.0 as usize];
        let mut head = path;
        while let Some((parent, _)) = head.rsplit_once(entry.separator) {
            head = parent;
            if let Some(module) = self.program.module_named(entry.language, head)
                && !self.program.modules[module.0 as usize].units.is_empty()
            {
                return Some(module);
            }
        }
        None
    }

    pub(crate) fn find_references(&mut self) -> Vec<RawReference> {
        let mut references = Vec::new();
        for (unit, named) in (0..).zip(self.named_in_steps()) {
            let facts = self.facts(unit);
            if self.program.unit(unit).source.role == Role::Vendored {
                continue;
            }
            for id in facts.def_ids() {
                self.declared_references(unit, id, &mut references);
            }
            let mut named = named.into_iter().peekable();
            for (number, step) in facts.steps.iter().enumerate() {
                if let StepKind::Declare { declared, .. } = step.kind {
                    self.type_references(unit, step.owner, step.owner, declared, step.line, &mut references);
                }
                while let Some((_, expr)) = named.next_if(|it| it.0 == number) {
                    let line = facts.expr(expr).at.line;
                    match &facts.expr(expr).kind {
                        ExprKind::Construct { of, .. } => {
                            self.type_references(unit, step.owner, step.owner, *of, line, &mut references);
                        }
                        ExprKind::Name(name) => {
                            self.global_reference(unit, step.owner, expr, name, &mut references);
                        }
                        _ => {}
                    }
                }
            }
        }
        references
    }

    /// By file, the literals of types and the names of module variables in each step, with its number.
    fn named_in_steps(&self) -> Vec<Vec<(usize, ExprId)>> {
        let known = self.known_names();
        let of_modules: Vec<FxHashSet<&str>> =
            known.program.modules.par_iter().map(|it| globals_of(known.program, &it.units)).collect();
        let of_unit = |unit: &Unit<'a>, number: u32| {
            let (of_module, imported) = (&of_modules[unit.module.0 as usize], names_imported(unit.facts));
            let globals = |name: &str| of_module.contains(name) || imported.contains(name);
            let mut seen = Vec::new();
            for (at, step) in unit.facts.steps.iter().enumerate() {
                let exprs: [Option<ExprId>; 2] = match step.kind {
                    StepKind::Assign { target, value } => [Some(target), Some(value)],
                    StepKind::Return(value)
                    | StepKind::Yield(value)
                    | StepKind::Call(value)
                    | StepKind::Read(value) => [Some(value), None],
                    StepKind::Declare { .. } | StepKind::Spawn(_) => [None, None],
                };
                for expr in exprs.into_iter().flatten() {
                    let mut see = |it: ExprId| seen.push((at, it));
                    collect_named(&known, (number, step.owner), expr, &globals, &mut see, 0);
                }
            }
            seen
        };
        known.program.units.par_iter().enumerate().map(|(number, unit)| of_unit(unit, number as u32)).collect()
    }

    fn global_reference(
        &mut self,
        unit: u32,
        owner: DefId,
        expr: ExprId,
        name: &str,
        references: &mut Vec<RawReference>,
    ) {
        let space = self.program.module_space(self.program.unit(unit).module);
        let line = self.facts(unit).expr(expr).at.line;
        let mut targets: Vec<Def> = self.program.members(space, name).to_vec();
        if targets.is_empty() {
            let scope = self.program.def(unit, DefId::MODULE);
            for import in self.program.imports_of(scope, name) {
                let original = self.facts(unit).imports[import as usize].name.clone();
                if let (Ok(module), Some(original)) = (self.import_module(unit, import), original) {
                    targets.extend(self.program.members(self.program.module_space(module), &original));
                }
            }
        }
        let from = self.program.def(unit, self.named_owner(unit, owner));
        for to in targets {
            let kind = match self.program.kind(to) {
                DefinitionKind::Variable | DefinitionKind::Constant => ReferenceKind::Reads,
                DefinitionKind::Type | DefinitionKind::Interface | DefinitionKind::Alias => ReferenceKind::Uses,
                _ => continue,
            };
            if to != from {
                references.push(RawReference { from, to, kind, unit, line });
            }
        }
    }

    fn declared_references(&mut self, unit: u32, id: DefId, references: &mut Vec<RawReference>) {
        let definition = self.facts(unit).definition(id);
        for base in &definition.bases {
            self.base_references(unit, id, definition.parent, *base, definition.line, references);
        }
        if let Some(contract) = definition.implements
            && let Some(receiver) = definition.receiver
        {
            let types = self.type_objects(unit, definition.parent, receiver);
            for value in types {
                if let Value::Def(of) = self.pool.value(value) {
                    for value in self.type_objects(unit, definition.parent, contract) {
                        if let Value::Def(to) = self.pool.value(value) {
                            references.push(RawReference {
                                from: of,
                                to,
                                kind: ReferenceKind::Extends,
                                unit,
                                line: definition.line,
                            });
                        }
                    }
                }
            }
        }
        // A field's type is used by the type around it.
        let user = if definition.kind == DefinitionKind::Field { definition.parent } else { id };
        let scope = if definition.kind == DefinitionKind::Field { definition.parent } else { id };
        for param in definition.params.iter().filter(|it| it.kind != ParamKind::Receiver) {
            if let Some(declared) = param.declared {
                self.type_references(unit, user, scope, declared, definition.line, references);
            }
        }
        for declared in [definition.result, definition.declared].into_iter().flatten() {
            self.type_references(unit, user, scope, declared, definition.line, references);
        }
    }

    fn base_references(
        &mut self,
        unit: u32,
        id: DefId,
        scope: DefId,
        expr: ExprId,
        line: u32,
        references: &mut Vec<RawReference>,
    ) {
        let from = self.program.def(unit, id);
        for value in self.type_objects(unit, scope, expr) {
            if let Value::Def(to) = self.pool.value(value)
                && to != from
            {
                references.push(RawReference { from, to, kind: ReferenceKind::Extends, unit, line });
            }
        }
    }

    fn type_references(
        &mut self,
        unit: u32,
        user: DefId,
        scope: DefId,
        expr: ExprId,
        line: u32,
        references: &mut Vec<RawReference>,
    ) {
        let facts = self.facts(unit);
        let from = self.program.def(unit, self.named_owner(unit, user));
        let mut names = Vec::new();
        visit(facts, expr, &mut |it| names.push(it), 0);
        for name in names {
            if !matches!(facts.expr(name).kind, ExprKind::Name(_) | ExprKind::Member { .. }) {
                continue;
            }
            for value in self.eval(unit, scope, name) {
                if let Value::Def(to) = self.pool.value(value)
                    && self.program.is_type(to)
                    && to != from
                {
                    references.push(RawReference { from, to, kind: ReferenceKind::Uses, unit, line });
                }
            }
        }
    }
}

/// Literals of types and names of module variables in an expression of a file and function, in the order they are written;
/// calls in it are steps of their own.
fn collect_named(
    known: &KnownNames<'_, '_>,
    (unit, owner): (u32, DefId),
    expr: ExprId,
    globals: &impl Fn(&str) -> bool,
    see: &mut dyn FnMut(ExprId),
    depth: u32,
) {
    let facts = known.program.unit(unit).facts;
    match &facts.expr(expr).kind {
        ExprKind::Construct { .. } => see(expr),
        ExprKind::Name(name) if !known.is_local(unit, owner, expr) && globals(name) => see(expr),
        ExprKind::Call { .. } if depth > 0 && known.is_step(unit, expr) => return,
        _ => {}
    }
    if depth < 64 {
        children(facts, expr, &mut |it| collect_named(known, (unit, owner), it, globals, see, depth + 1));
    }
}

/// Names of a module's own variables and constants.
fn globals_of<'a>(program: &Program<'a>, units: &[u32]) -> FxHashSet<&'a str> {
    let definitions = units.iter().flat_map(|it| &program.unit(*it).facts.definitions);
    let is_global = |it: &&Definition| {
        it.parent == DefId::MODULE && matches!(it.kind, DefinitionKind::Variable | DefinitionKind::Constant)
    };
    definitions.filter(is_global).map(|it| it.name.as_str()).collect()
}

/// Names of a file that may denote a variable or constant of another module.
fn names_imported(facts: &FileFacts) -> FxHashSet<&str> {
    facts.imports.iter().filter(|it| it.name.is_some()).filter_map(|it| it.alias.as_deref()).collect()
}

fn facts_kind(facts: &FileFacts, expr: ExprId) -> &ExprKind {
    &facts.expr(expr).kind
}

/// Visits an expression and everything in it, calls' own arguments included, closures' bodies not.
pub(crate) fn visit(facts: &FileFacts, expr: ExprId, see: &mut dyn FnMut(ExprId), depth: u32) {
    if depth > 64 {
        return;
    }
    see(expr);
    children(facts, expr, &mut |it| visit(facts, it, see, depth + 1));
}

/// How sure it is that a call runs one of so many functions.
pub(crate) fn one_of(functions: usize) -> Confidence {
    match functions {
        0 | 1 => Confidence::Certain,
        2..=8 => Confidence::Likely,
        _ => Confidence::Guess,
    }
}

/// Visits what stands directly in an expression, in the order it is written.
pub(crate) fn children(facts: &FileFacts, expr: ExprId, see: &mut dyn FnMut(ExprId)) {
    match &facts.expr(expr).kind {
        ExprKind::Member { base, .. } => see(*base),
        ExprKind::Call { callee, args } => {
            see(*callee);
            args.iter().for_each(|it| see(it.value));
        }
        ExprKind::Index { base, index } => {
            see(*base);
            see(*index);
        }
        ExprKind::Template(pieces) => pieces.iter().for_each(|it| {
            if let Piece::Hole(hole) = it {
                see(*hole);
            }
        }),
        ExprKind::Sequence(items) | ExprKind::Choice(items) | ExprKind::Compared(items) => {
            items.iter().for_each(|it| see(*it));
        }
        ExprKind::Mapping(entries) => entries.iter().for_each(|(key, value)| {
            if let Some(key) = key {
                see(*key);
            }
            see(*value);
        }),
        ExprKind::Construct { of, fields } => {
            see(*of);
            fields.iter().for_each(|it| see(it.value));
        }
        ExprKind::Element(it) | ExprKind::Entered(it) => see(*it),
        ExprKind::Name(_) | ExprKind::Text(_) | ExprKind::Constant(_) | ExprKind::Function(_) | ExprKind::Unknown => {}
    }
}

/// The expression a capture stands on, where it is one.
pub(crate) fn captured_expr(captured: Option<&Captured>) -> Option<ExprId> {
    match captured {
        Some(Captured::Expr(expr)) => Some(*expr),
        _ => None,
    }
}
