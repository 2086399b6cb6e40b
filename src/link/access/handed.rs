//! Statements handed to the program's own code in which their way to the database is lost: a wrapper that takes its text
//! apart, a registry of queries. Who hands a whole statement on, about tables that the program has, has it run.

use std::borrow::Cow;

use compact_str::CompactString;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::link::access::accesses::{Accesses, RawSpot};
use crate::link::names::program::Def;
use crate::link::routes::registrations::call_given;
use crate::link::storage::catalogs::is_foreign_catalog;
use crate::link::storage::stores::Stores;
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::{Value, Values};
use crate::model::fact::{Captured, DefId, DefinitionKind, ExprId, ExprKind, Match, Piece, StepKind};
use crate::model::graph::Confidence;
use crate::model::source::Role;
use crate::model::sql::{ReadSql, Reading, SchemaChange, SqlStatement};

/// Forms of one text that are looked at: with and without an optional clause.
const MOST_FORMS: usize = 8;

/// Calls between a function that is handed a statement and the one that sends it.
const MOST_CALLS: u32 = 3;

/// Texts of statements that no call was seen to run, by where they are written.
type Loose = FxHashSet<(u32, ExprId)>;

impl<'a> Inference<'a> {
    /// Gives each such statement to the function that hands it on.
    pub(crate) fn handed_statements(&mut self, stores: &mut Stores, sql: &dyn ReadSql, found: &mut Accesses) {
        let (loose, names) = self.loose_statements(sql, found);
        if loose.is_empty() {
            return;
        }
        let rules = self.rule_of_languages();
        let senders = self.sending_functions();
        let sending = self.sending_names(&senders);
        let made = made_tables(found);
        let mut told: FxHashSet<(u32, u32, u32)> = FxHashSet::default();
        for unit in 0..self.program.units.len() as u32 {
            let (source, facts) = (self.program.unit(unit).source, self.facts(unit));
            let Some(rule) = rules.get(source.language.as_str()).copied() else { continue };
            if source.role != Role::Production {
                continue;
            }
            for step in &facts.steps {
                let StepKind::Call(call) = step.kind else { continue };
                if self.program.is_test(self.program.def(unit, step.owner)) {
                    continue;
                }
                let ExprKind::Call { callee, args } = &facts.expr(call).kind else { continue };
                // `execute_all(["DELETE ..", "DELETE .."])` is handed each of them.
                let given = args.iter().flat_map(|it| match &facts.expr(it.value).kind {
                    ExprKind::Sequence(items) => items.clone(),
                    _ => vec![it.value],
                });
                for expr in given {
                    let spot = Spot { unit, owner: step.owner, expr };
                    let Some(text) = self.loose_text(spot, &loose, &names) else { continue };
                    if !self.leads_on(Spot { expr: call, ..spot }, *callee, &senders, &sending) {
                        continue;
                    }
                    let line = facts.expr(expr).at.line;
                    let hit = Match { rule, owner: step.owner, line, captures: Vec::new() };
                    let bodies = self.texts(text.unit, text.owner, text.expr);
                    let mut statements = Vec::new();
                    for body in bodies.iter().take(MOST_FORMS) {
                        statements.extend(self.statements(sql, &body.text, "", false, found).iter().cloned());
                    }
                    if statements.is_empty() || !statements.iter().all(|it| is_about_known(it, stores, &made)) {
                        continue;
                    }
                    // A library is told much that only begins like a statement.
                    let is_whole = |it: &SqlStatement| it.reading == Reading::Parsed;
                    if !statements.iter().all(is_whole) && !self.is_own_call(spot, *callee) {
                        continue;
                    }
                    for statement in &statements {
                        self.add_statement(stores, unit, &hit, statement, Confidence::Likely, found);
                    }
                    let written = self.facts(text.unit).expr(text.expr);
                    told.insert((text.unit, written.at.line, written.end_line));
                }
            }
        }
        // The literal of a format stands a line below the format.
        let is_told = |it: &RawSpot| {
            told.iter().any(|(unit, first, last)| *unit == it.unit && (*first..=*last).contains(&it.line))
        };
        found.blind_spots.retain(|it| it.kind != "unattributed-sql" || !is_told(it));
    }

    /// Whole statements in production code that are not known to be run, and the names that stand for some.
    fn loose_statements(&self, sql: &dyn ReadSql, found: &Accesses) -> (Loose, FxHashSet<&'a str>) {
        let mut loose = Loose::default();
        let mut names: FxHashSet<&'a str> = FxHashSet::default();
        for unit in 0..self.program.units.len() as u32 {
            let file = self.program.unit(unit);
            if file.source.role != Role::Production || !file.facts.sql.is_empty() {
                continue;
            }
            let before = loose.len();
            for (index, expr) in file.facts.exprs.iter().enumerate() {
                let place = (unit, ExprId(index as u32));
                if let Some(text) = written_text(&expr.kind)
                    && text.len() > 14
                    && !found.used_texts.contains(&place)
                    && sql.looks_like_sql(&text)
                {
                    loose.insert(place);
                }
            }
            if loose.len() == before {
                continue;
            }
            for id in file.facts.def_ids() {
                let definition = file.facts.definition(id);
                if definition.value.is_some_and(|it| loose.contains(&(unit, it))) {
                    names.insert(&definition.name);
                }
            }
            for step in &file.facts.steps {
                if let StepKind::Assign { target, value } = step.kind
                    && loose.contains(&(unit, value))
                    && let ExprKind::Name(name) = &file.facts.expr(target).kind
                {
                    names.insert(name);
                }
            }
        }
        (loose, names)
    }

    /// The one loose statement that an argument is.
    fn loose_text(&mut self, at: Spot, loose: &Loose, names: &FxHashSet<&str>) -> Option<Spot> {
        if loose.contains(&(at.unit, at.expr)) {
            return Some(at);
        }
        let (ExprKind::Name(name) | ExprKind::Member { name, .. }) = &self.facts(at.unit).expr(at.expr).kind else {
            return None;
        };
        if !names.contains(name.as_str()) {
            return None;
        }
        let mut sources: Vec<Spot> = Vec::new();
        for (var, is_parameter) in self.vars_of(at.unit, at.owner, at.expr) {
            if !is_parameter {
                sources.extend(self.sources(var));
            }
        }
        let [only] = sources.as_slice() else { return None };
        loose.contains(&(only.unit, only.expr)).then_some(*only)
    }

    /// Whether a call runs a function of the program's own that leads to a database, or that makes an instance of a type of
    /// the program's: a statement that is run by its methods. Of a method that nothing in sight has, such as one that a trait
    /// of the program adds to a library's type, its name tells.
    fn leads_on(&mut self, call: Spot, callee: ExprId, senders: &FxHashSet<Def>, sending: &FxHashSet<&'a str>) -> bool {
        let mut is_own = false;
        let callees = self.eval(call.unit, call.owner, callee);
        let facts = self.facts(call.unit);
        if let ExprKind::Member { name, .. } = &facts.expr(self.without_types(call.unit, callee)).kind
            && sending.contains(name.as_str())
            && callees.iter().all(|it| matches!(self.pool.value(*it), Value::Outside { .. }))
        {
            return true;
        }
        // A library's method that was handed in as a function (`find(ctx, id, tx.QueryRow)`).
        let is_sending = |it: &Value| match it {
            Value::Outside { path, .. } => {
                self.pool.text(*path).rsplit(['.', ':']).next().is_some_and(|it| sending.contains(it))
            }
            _ => false,
        };
        if matches!(facts.expr(callee).kind, ExprKind::Name(_))
            && callees.iter().any(|it| is_sending(&self.pool.value(*it)))
        {
            return true;
        }
        for value in callees {
            if let Value::Bound(def, _) | Value::Def(def) = self.pool.value(value)
                && self.program.is_function(def)
                && !self.program.is_test(def)
            {
                is_own = true;
                if senders.contains(&def) {
                    return true;
                }
            }
        }
        let made = if is_own { self.eval(call.unit, call.owner, call.expr) } else { Values::new() };
        made.iter().any(|it| matches!(self.pool.value(*it), Value::Instance(_)))
    }

    /// Whether a call runs a function of the program's own.
    fn is_own_call(&mut self, at: Spot, callee: ExprId) -> bool {
        self.eval(at.unit, at.owner, callee).into_iter().any(
            |it| matches!(self.pool.value(it), Value::Bound(def, _) | Value::Def(def) if self.program.is_function(def)),
        )
    }

    /// Functions that send statements, and those that call one, some calls up.
    fn sending_functions(&self) -> FxHashSet<Def> {
        let function = |unit: u32, owner: DefId| self.program.def(unit, self.named_owner(unit, owner));
        let hits = self.hits(|it| it.has("embedded.sql") && !it.settings.contains_key("sql.fragment"));
        let mut edge: Vec<Def> = hits.into_iter().map(|(unit, _, hit)| function(unit, hit.owner)).collect();
        let mut sending: FxHashSet<Def> = edge.iter().copied().collect();
        for _ in 0..MOST_CALLS {
            let mut next = Vec::new();
            for def in edge {
                for call in self.calls_of(def) {
                    let caller = function(call.unit, call.owner);
                    if sending.insert(caller) {
                        next.push(caller);
                    }
                }
            }
            edge = next;
        }
        sending
    }

    /// Names of methods that send what they are given: those of the program, and those that rules know.
    fn sending_names(&self, senders: &FxHashSet<Def>) -> FxHashSet<&'a str> {
        let method = |def: &Def| {
            let (unit, id) = self.program.local(*def);
            let definition = self.facts(unit).definition(id);
            (definition.kind == DefinitionKind::Method).then_some(definition.name.as_str())
        };
        let mut names: FxHashSet<&'a str> = senders.iter().filter_map(method).collect();
        for (unit, rule, hit) in self.hits(|it| it.has("embedded.sql") && !it.settings.contains_key("sql.fragment")) {
            if let Some(Captured::Expr(text)) = capture(rule, hit, "embedded.sql")
                && let Some((_, callee, _)) = call_given(self.facts(unit), *text)
                && let ExprKind::Member { name, .. } = &self.facts(unit).expr(callee).kind
            {
                names.insert(name);
            }
        }
        names
    }

    /// For each language the first rule by which some code of it is known to send statements, or looks as if it did.
    fn rule_of_languages(&mut self) -> FxHashMap<&'a str, u32> {
        let mut rules: FxHashMap<&'a str, u32> = FxHashMap::default();
        let mut known: FxHashSet<&'a str> = FxHashSet::default();
        for (unit, rule, hit) in self.hits(|it| it.has("embedded.sql")) {
            let language = self.program.unit(unit).source.language.as_str();
            if rule.settings.contains_key("sql.fragment") || known.contains(language) {
                continue;
            }
            if self.guards_hold(unit, hit.owner, rule, hit) == Held::Yes {
                known.insert(language);
                rules.insert(language, hit.rule);
            } else {
                rules.entry(language).or_insert(hit.rule);
            }
        }
        rules
    }
}

/// A literal's text, a template's with `{}` for its holes where it begins with a word.
fn written_text(kind: &ExprKind) -> Option<Cow<'_, str>> {
    match kind {
        ExprKind::Text(text) => Some(Cow::Borrowed(text)),
        ExprKind::Template(pieces) if matches!(pieces.first(), Some(Piece::Text(_))) => {
            let piece = |it: &Piece| match it {
                Piece::Text(text) => text.to_string(),
                Piece::Hole(_) => "{}".to_owned(),
            };
            Some(Cow::Owned(pieces.iter().map(piece).collect()))
        }
        _ => None,
    }
}

/// Tables that code makes.
fn made_tables(found: &Accesses) -> FxHashSet<CompactString> {
    let made = found.changes.iter().filter_map(|it| match &it.change {
        SchemaChange::CreateTable { store, .. } | SchemaChange::CreateView { store, .. } => {
            Some(store.name.to_lowercase())
        }
        _ => None,
    });
    made.collect()
}

/// Whether a statement touches only tables that the program makes, or where it was understood whole that it touches
/// elsewhere.
fn is_about_known(statement: &SqlStatement, stores: &Stores, made: &FxHashSet<CompactString>) -> bool {
    let whole = statement.reading == Reading::Parsed;
    statement.reading != Reading::Refused
        && !statement.accesses.is_empty()
        && statement.changes.is_empty()
        && statement.accesses.iter().all(|it| {
            let has = |it: usize| whole && stores.drafts[it].used || !stores.drafts[it].defined_at.is_empty();
            let known = || stores.find(&it.store.name).is_some_and(has);
            !it.partial
                && !is_foreign_catalog(stores, &it.store)
                && (made.contains(&it.store.name.to_lowercase()) || known())
        })
}
