//! Rows that a mapper writes along with a row: those that its literal holds, that its members were given (there, or by the
//! functions that made or filled it), or that were loaded with it.

use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use crate::link::access::accesses::Accesses;
use crate::link::names::program::Def;
use crate::link::storage::stores::Stores;
use crate::link::values::guards::capture;
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::{Subject, Value, ValueId, Var};
use crate::model::fact::{Captured, DefId, ExprId, ExprKind, ParamKind, StepKind};
use crate::model::graph::Confidence;
use crate::model::sql::Operation;

/// Variables within variables that are looked at.
const MOST_DEEP: u32 = 6;
/// Literals, variables and functions that a row is made of, one within the other.
const MOST_HELD: u32 = 14;
/// A variable that is given its value in more places says nothing.
const MOST_GIVEN: usize = 4;
/// Variables that are looked at for one row.
const MOST_SAME: usize = 32;
/// Links of a chain that are looked at.
const MOST_LINKS: usize = 32;

/// What is known of a row that is saved.
struct Row<'a> {
    /// Members that are left out, by their paths.
    omitted: Vec<String>,
    /// Variables that were looked at, by their functions.
    seen: FxHashSet<(u32, DefId, &'a str)>,
    /// Stores of the rows that it holds.
    stores: Vec<usize>,
}

impl<'a> Inference<'a> {
    /// Adds what goes along with rows that are saved by rules with `access.along`.
    pub(crate) fn saved_along(&mut self, stores: &mut Stores, found: &mut Accesses) {
        for (unit, rule, hit) in self.hits(|it| it.settings.contains_key("access.along")) {
            let (Some(Captured::Expr(root)), Some(Captured::Expr(target))) =
                (capture(rule, hit, "access"), capture(rule, hit, "access.target"))
            else {
                continue;
            };
            let words: Vec<&str> = rule.words("access.along").collect();
            if self.confidence(unit, rule, hit) != Some(Confidence::Certain) {
                continue;
            }
            let Some(omitted) = self.omitted(Spot { unit, owner: hit.owner, expr: *root }, &words) else { continue };
            let saved = Spot { unit, owner: hit.owner, expr: *target };
            let line = self.facts(unit).expr(*root).at.line;
            let mut row = Row { omitted, seen: FxHashSet::default(), stores: Vec::new() };
            self.held_rows(stores, saved, line, ("", 0), &mut row);
            let mut along = row.stores;
            if row.omitted.is_empty() {
                self.loaded_rows(saved, line, found, &mut along);
            }
            along.sort_unstable();
            along.dedup();
            for store in along {
                stores.drafts[store].used = true;
                let step = (store, Operation::Upsert, Confidence::Likely);
                let known = found.accesses.iter().any(|it| {
                    (it.unit, it.owner, it.line, it.store) == (unit, hit.owner, line, store)
                        && it.operation != Operation::Select
                });
                if !known {
                    found.accesses.push(self.access_at(unit, hit.owner, line, hit.rule, step));
                }
            }
        }
    }

    /// What calls of these names in a chain leave out, also where a variable kept its beginning: members by their paths;
    /// nothing is written along where one of them says something else than texts.
    fn omitted(&mut self, root: Spot, words: &[&str]) -> Option<Vec<String>> {
        let facts = self.facts(root.unit);
        let mut omitted: Vec<String> = Vec::new();
        let mut at = root.expr;
        for _ in 0..MOST_LINKS {
            match &facts.expr(at).kind {
                ExprKind::Call { callee, args } => {
                    let ExprKind::Member { base, name } = &facts.expr(*callee).kind else { break };
                    if words.contains(&name.as_str()) {
                        for argument in args {
                            let ExprKind::Text(text) = &facts.expr(argument.value).kind else { return None };
                            omitted.push(text.to_string());
                        }
                    }
                    at = *base;
                }
                ExprKind::Name(_) => {
                    let vars = self.vars_of(root.unit, root.owner, at);
                    let [(var, false)] = vars.as_slice() else { break };
                    let sources = self.sources(*var);
                    let [source] = sources.as_slice() else { break };
                    if source.unit != root.unit {
                        break;
                    }
                    at = source.expr;
                }
                _ => break,
            }
        }
        Some(omitted)
    }

    /// Rows in what a row is made of (`Order{Lines: []Line{..}}`), also by way of a variable and of functions that make it
    /// or fill it.
    fn held_rows(&mut self, stores: &mut Stores, spot: Spot, line: u32, (path, deep): (&str, u32), row: &mut Row<'a>) {
        if deep > MOST_HELD {
            return;
        }
        let facts = self.facts(spot.unit);
        let at = |expr: ExprId| Spot { expr, ..spot };
        match &facts.expr(spot.expr).kind {
            ExprKind::Construct { of, fields } => {
                let of = self.project_type(spot.unit, spot.owner, *of);
                for field in fields {
                    match (of, &field.name) {
                        (Some(of), Some(name)) => {
                            self.given_rows(stores, &[of], name, (at(field.value), line), (path, deep), row);
                        }
                        (None, Some(_)) => {}
                        _ => self.held_rows(stores, at(field.value), line, (path, deep + 1), row),
                    }
                }
            }
            ExprKind::Sequence(items) | ExprKind::Choice(items) => {
                for item in items {
                    self.held_rows(stores, at(*item), line, (path, deep + 1), row);
                }
            }
            ExprKind::Element(inner) => self.held_rows(stores, at(*inner), line, (path, deep + 1), row),
            ExprKind::Name(name) => {
                let home = self.named_owner(spot.unit, spot.owner);
                if !row.seen.insert((spot.unit, home, name.as_str())) {
                    return;
                }
                self.filled_rows(stores, spot, name, line, (path, deep), row);
                let vars = self.vars_of(spot.unit, spot.owner, spot.expr);
                let [(var, false)] = vars.as_slice() else { return };
                let mut own = self.sources(*var);
                own.retain(|it| it.unit == spot.unit && self.named_owner(it.unit, it.owner) == home);
                if own.len() <= MOST_GIVEN {
                    own.into_iter().for_each(|it| self.held_rows(stores, it, line, (path, deep + 1), row));
                }
            }
            ExprKind::Call { callee, .. } => {
                for function in self.functions_run(at(*callee)) {
                    let (unit, id) = self.program.local(function);
                    if !row.seen.insert((unit, id, "")) {
                        continue;
                    }
                    let Some(result) = self.result_var(function) else { continue };
                    for given in self.sources(result).into_iter().take(MOST_GIVEN) {
                        // The first of several results.
                        let expr = match &self.facts(given.unit).expr(given.expr).kind {
                            ExprKind::Sequence(items) => items.first().copied().unwrap_or(given.expr),
                            _ => given.expr,
                        };
                        self.held_rows(stores, Spot { expr, ..given }, u32::MAX, (path, deep + 1), row);
                    }
                }
            }
            _ => {}
        }
    }

    /// Rows that a variable's members are given up to a line (`order.Lines = lines`), also by a function that is handed
    /// the variable or is a method of it (`order.Fill(cart)`).
    fn filled_rows(
        &mut self,
        stores: &mut Stores,
        spot: Spot,
        variable: &'a str,
        line: u32,
        (path, deep): (&str, u32),
        row: &mut Row<'a>,
    ) {
        if deep > MOST_HELD {
            return;
        }
        let facts = self.facts(spot.unit);
        let home = self.named_owner(spot.unit, spot.owner);
        let is_own = |expr: ExprId| matches!(&facts.expr(expr).kind, ExprKind::Name(it) if it == variable);
        for step in facts.steps.iter().filter(|it| it.line <= line) {
            match step.kind {
                StepKind::Assign { target, value } => {
                    let ExprKind::Member { base, name } = &facts.expr(target).kind else { continue };
                    if !is_own(*base) || self.named_owner(spot.unit, step.owner) != home {
                        continue;
                    }
                    let values = self.eval(spot.unit, step.owner, *base);
                    let types = values.iter().filter_map(|it| match self.pool.value(*it) {
                        Value::Instance(of) => Some(of),
                        _ => None,
                    });
                    let types: SmallVec<[Def; 2]> = types.collect();
                    let value = Spot { owner: step.owner, expr: value, ..spot };
                    self.given_rows(stores, &types, name, (value, line), (path, deep), row);
                }
                StepKind::Call(call) => {
                    let ExprKind::Call { callee, args } = &facts.expr(call).kind else { continue };
                    let on = matches!(&facts.expr(*callee).kind, ExprKind::Member { base, .. } if is_own(*base));
                    let place = args.iter().position(|it| it.name.is_none() && !it.spread && is_own(it.value));
                    if !on && place.is_none() || self.named_owner(spot.unit, step.owner) != home {
                        continue;
                    }
                    for function in self.functions_run(Spot { owner: step.owner, expr: *callee, ..spot }) {
                        let (unit, id) = self.program.local(function);
                        let params = &self.facts(unit).definition(id).params;
                        let param = if on {
                            params.iter().find(|it| it.kind == ParamKind::Receiver)
                        } else {
                            params.iter().filter(|it| it.kind == ParamKind::Plain).nth(place.unwrap_or_default())
                        };
                        let Some(param) = param.filter(|it| !it.name.is_empty()) else { continue };
                        if row.seen.insert((unit, id, param.name.as_str())) {
                            let inner = Spot { unit, owner: id, expr: spot.expr };
                            self.filled_rows(stores, inner, &param.name, u32::MAX, (path, deep + 1), row);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// Adds what a member of a row is given, with what that holds in turn.
    fn given_rows(
        &mut self,
        stores: &mut Stores,
        types: &[Def],
        name: &str,
        (value, line): (Spot, u32),
        (path, deep): (&str, u32),
        row: &mut Row<'a>,
    ) {
        if !self.may_hold(value.unit, value.expr) {
            return;
        }
        let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        if row.omitted.contains(&path) {
            return;
        }
        let mut is_related = false;
        for of in types {
            // Functions that fill a row fill in its owner as well where they have it; it is seldom new.
            if line == u32::MAX && self.is_owner(*of, name) {
                continue;
            }
            let related = self.rows_of_field(stores, *of, name);
            is_related |= !related.is_empty();
            row.stores.extend(related);
        }
        if is_related {
            self.held_rows(stores, value, line, (&path, deep + 1), row);
        }
    }

    /// Whether a member is the row that owns the one which has it: there is a key of it beside it, and it has the row in turn.
    fn is_owner(&mut self, of: Def, name: &str) -> bool {
        let keys = [format!("{name}ID"), format!("{name}Id")];
        let space = self.program.def_space(of);
        if !keys.iter().any(|it| !self.program.members(space, it).is_empty()) {
            return false;
        }
        let Some(var) = self.find_var(space, name) else { return false };
        let owners = self.read(var);
        owners.iter().any(|it| {
            let Value::Instance(owner) = self.pool.value(*it) else { return false };
            self.members_of_kind(owner, of)
        })
    }

    /// Whether a type has a member of another type, or of many of it.
    fn members_of_kind(&mut self, holder: Def, held: Def) -> bool {
        let (unit, id) = self.program.local(holder);
        let facts = self.facts(unit);
        let fields = facts.def_ids().filter(|it| facts.definition(*it).parent == id);
        fields.into_iter().any(|it| {
            let Some(declared) = facts.definition(it).declared else { return false };
            self.types(unit, id, declared).iter().any(|it| match self.pool.value(*it) {
                Value::Instance(it) => it == held,
                Value::Container(container) => {
                    let items = self.container_read(container, None);
                    items.iter().any(|it| self.pool.value(*it) == Value::Instance(held))
                }
                _ => false,
            })
        })
    }

    /// The program's own functions that a call runs; none where it may be one of many.
    fn functions_run(&mut self, callee: Spot) -> SmallVec<[Def; 4]> {
        let mut functions: SmallVec<[Def; 4]> = SmallVec::new();
        for value in self.eval(callee.unit, callee.owner, callee.expr) {
            if let Value::Def(function) | Value::Bound(function, _) = self.pool.value(value)
                && self.program.is_function(function)
                && !self.program.is_test(function)
                && !self.program.definition(function).traits.is_abstract
            {
                functions.push(function);
            }
        }
        if functions.len() > MOST_GIVEN { SmallVec::new() } else { functions }
    }

    /// Stores of the rows that a field is declared to hold, with the table between.
    fn rows_of_field(&mut self, stores: &Stores, of: Def, name: &str) -> Vec<usize> {
        for base in self.lineage(of).types.clone() {
            for field in self.program.members(self.program.def_space(base), name) {
                let (unit, id) = self.program.local(field);
                let definition = self.facts(unit).definition(id);
                let Some(declared) = definition.declared else { continue };
                let mut held = self.types(unit, definition.parent, declared);
                for value in held.clone() {
                    if let Value::Container(container) = self.pool.value(value) {
                        held.extend(self.container_read(container, None));
                    }
                }
                let is_row = |it: &ValueId| match self.pool.value(*it) {
                    Value::Instance(it) => self.store_of_type(stores, it).is_some(),
                    _ => false,
                };
                if held.iter().any(is_row) {
                    return self.related_stores(stores, Subject::Type(of), name);
                }
            }
        }
        Vec::new()
    }

    /// Whether a value that a member is given may be rows: none and an empty list are not.
    fn may_hold(&self, unit: u32, value: ExprId) -> bool {
        match &self.facts(unit).expr(value).kind {
            ExprKind::Constant(_) | ExprKind::Text(_) => false,
            ExprKind::Sequence(items) => !items.is_empty(),
            ExprKind::Construct { fields, .. } => !fields.is_empty(),
            ExprKind::Name(name) => name != "nil",
            _ => true,
        }
    }

    /// Rows that were loaded with the same variable before (`db.Preload("Lines").First(&order)`), or with one that another
    /// function handed here.
    fn loaded_rows(&mut self, saved: Spot, line: u32, found: &Accesses, along: &mut Vec<usize>) {
        if found.along.is_empty() {
            return;
        }
        let own = self.vars_of(saved.unit, saved.owner, saved.expr);
        let Some((own, _)) = own.first().copied() else { return };
        let mut handed: Vec<Var> = Vec::new();
        self.same_rows(saved, 0, &mut handed);
        handed.retain(|it| *it != own);
        for (run, store) in &found.along {
            let at = self.facts(run.unit).expr(run.expr);
            let ExprKind::Call { args, .. } = &at.kind else { continue };
            let before = run.unit == saved.unit && at.at.line < line;
            let mut given = args.iter().flat_map(|it| self.vars_of(run.unit, run.owner, it.value));
            if given.any(|(it, _)| it == own && before || handed.contains(&it)) {
                along.push(*store);
            }
        }
    }

    /// Variables that hold the very rows which a place holds: what it is given, elements of it, results of functions.
    fn same_rows(&mut self, spot: Spot, deep: u32, vars: &mut Vec<Var>) {
        if deep > MOST_DEEP || vars.len() > MOST_SAME {
            return;
        }
        let facts = self.facts(spot.unit);
        let at = |expr: ExprId| Spot { expr, ..spot };
        match &facts.expr(spot.expr).kind {
            ExprKind::Name(_) => {
                for (var, is_parameter) in self.vars_of(spot.unit, spot.owner, spot.expr) {
                    if vars.contains(&var) || is_parameter {
                        continue;
                    }
                    vars.push(var);
                    for given in self.sources(var).into_iter().take(MOST_GIVEN) {
                        if !self.program.is_test(self.program.def(given.unit, given.owner)) {
                            self.same_rows(given, deep + 1, vars);
                        }
                    }
                }
            }
            ExprKind::Element(inner) => self.same_rows(at(*inner), deep + 1, vars),
            ExprKind::Choice(items) => items.iter().for_each(|it| self.same_rows(at(*it), deep + 1, vars)),
            ExprKind::Sequence(items) if deep > 0 => {
                // The first of several results.
                items.iter().take(1).for_each(|it| self.same_rows(at(*it), deep + 1, vars));
            }
            ExprKind::Call { callee, .. } => {
                for value in self.eval(spot.unit, spot.owner, *callee) {
                    let (Value::Def(function) | Value::Bound(function, _)) = self.pool.value(value) else { continue };
                    let Some(result) = self.result_var(function) else { continue };
                    for given in self.sources(result).into_iter().take(MOST_GIVEN) {
                        self.same_rows(given, deep + 1, vars);
                    }
                }
            }
            _ => {}
        }
    }
}
