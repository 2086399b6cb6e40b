//! SQL found in code: its texts, the statements in them, and what those touch.

use std::ops::Range;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::link::access::accesses::{
    Accesses, CodeChange, HeldStatement, NamedRun, PreparedStatement, RawAccess, RawJoin, RawMark, RawSpot, beside,
    shortened,
};
use crate::link::access::senders::Sender;
use crate::link::calls::{captured_expr, one_of};
use crate::link::routes::registrations::call_given;
use crate::link::storage::catalogs::{is_foreign_catalog, is_no_name};
use crate::link::storage::stores::Stores;
use crate::link::strings::texts::TextAt;
use crate::link::values::guards::capture;
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::Value;
use crate::model::fact::{Captured, DefId, DefinitionKind, ExprId, ExprKind, Match, Piece, plain_name};
use crate::model::graph::Confidence;
use crate::model::rule::Rule;
use crate::model::sql::{Operation, ReadSql, Reading, SchemaChange, SqlAccess, SqlStatement};

/// Bytes of one text that are read as SQL.
const MOST_SQL: usize = 200_000;
/// Of more than these what a field decides is only guessed.
pub(super) const MOST_BY_FIELD: usize = 6;

impl Inference<'_> {
    /// Whether an expression is a parameter that is declared as a type of another package, so no text, where types are kept.
    fn is_of_another_type(&self, unit: u32, owner: DefId, expr: ExprId) -> bool {
        let facts = self.facts(unit);
        let ExprKind::Name(name) = &facts.expr(expr).kind else { return false };
        if !facts.typing.is_structural {
            return false;
        }
        let mut scope = owner;
        loop {
            let definition = facts.definition(scope);
            if let Some(param) = definition.params.iter().find(|it| it.name == *name) {
                return param.declared.is_some_and(|it| matches!(facts.expr(it).kind, ExprKind::Member { .. }));
            }
            if definition.kind != DefinitionKind::Closure {
                return false;
            }
            scope = definition.parent;
        }
    }

    pub(crate) fn sql_access(
        &mut self,
        stores: &mut Stores,
        sql: &dyn ReadSql,
        queries: &FxHashMap<String, (u32, usize)>,
        unit: u32,
        rule: &Rule,
        hit: &Match,
        found: &mut Accesses,
    ) {
        let Some(mut confidence) = self.confidence(unit, rule, hit) else { return };
        let Some(Captured::Expr(expr)) = capture(rule, hit, "embedded.sql") else { return };
        let callers_say = self.callers_say(unit, rule, hit);
        if callers_say {
            confidence = Confidence::Guess;
        }
        let expr = *expr;
        if confidence < Confidence::Certain && self.is_of_another_type(unit, hit.owner, expr) {
            return;
        }
        let setting = |name: &str| rule.settings.get(name).is_some_and(|it| it == "true");
        let fragment = setting("sql.fragment");
        let expression = setting("sql.expression");
        let (prepares, runs_prepared) = (setting("sql.prepares"), setting("sql.prepared"));
        found.sites += u32::from(!fragment && !runs_prepared);
        let mut texts = self.texts(unit, hit.owner, expr);
        // What a function gives where there is nothing to run says nothing of what it gives elsewhere.
        let only_blank = !texts.is_empty() && texts.iter().all(|it| it.text.trim().is_empty());
        if only_blank {
            texts.clear();
        }
        let test = self.program.is_test(self.program.def(unit, hit.owner));
        let names_one = |it: &TextAt| !fragment && !prepares && found.statement_names.contains(it.text.trim());
        let is_known = (prepares || runs_prepared) && !texts.is_empty() || texts.iter().any(names_one);
        // Of a library that nobody here knows, only what looks like a statement is one.
        let is_told = confidence == Confidence::Certain
            || texts.is_empty()
            || texts.iter().any(|it| sql.looks_like_sql(&it.text));
        // An object of the program's own is no statement, so the call was none of that library.
        let is_object = confidence < Confidence::Certain
            && texts.is_empty()
            && self.eval(unit, hit.owner, expr).iter().any(|it| matches!(self.pool.value(*it), Value::Instance(_)));
        if !fragment && !test && !is_known && is_told && !is_object && !callers_say && Sender::needed(&texts) {
            let is_bare = texts.is_empty() && !runs_prepared;
            found.senders.push(Sender { unit, hit: hit.clone(), confidence, is_bare });
        }
        let dialect = rule.settings.get("sql.dialect").map_or("", String::as_str);
        let is_run =
            !fragment && !expression && !prepares && !runs_prepared && !setting("sql.file") && !setting("sql.named");
        let is_carried = !test
            && is_run
            && !callers_say
            && self.carried_in(stores, sql, dialect, (unit, hit, expr), confidence, found);
        if texts.is_empty() && is_carried {
            return;
        }
        if texts.is_empty() {
            // Someone else's statement object (a query builder) is another rule's business; a bare value is a gap.
            // A value that is only known to be a text is bare, too.
            // So is what a library gives that no rule speaks of.
            let evaluates = self.eval(unit, hit.owner, expr);
            let bare = only_blank
                || self.are_foreign(&evaluates)
                || evaluates.iter().all(|it| match self.pool.value(*it) {
                    Value::Outside { path, .. } => !self.pool.text(path).contains(['.', ':', '/']),
                    _ => false,
                });
            if !fragment && !runs_prepared && confidence == Confidence::Certain && bare {
                found.blind_spots.push(RawSpot {
                    root: None,
                    kind: "dynamic-sql",
                    unit,
                    owner: hit.owner,
                    line: hit.line,
                    detail: format!("the SQL text of this call is not decidable: {}", self.describe(unit, expr)),
                });
            }
            return;
        }
        let first_told = found.accesses.len();
        let weak = confidence != Confidence::Certain || rule.guards.is_empty();
        let is_only = texts.len() == 1;
        let names = if prepares { self.prepared_as(unit, rule, hit) } else { Vec::new() };
        let mut by_field: Vec<Range<usize>> = Vec::new();
        // Whoever hands a prepared statement in has it run; who only prepared what an object keeps does not.
        let is_given = !runs_prepared || self.is_handed_on(Spot { unit, owner: hit.owner, expr });
        let spots = found.blind_spots.len();
        // What each text tells, where it is written and who hands it in, and whether the name of a table in it is not known.
        let mut told: Vec<(Range<usize>, (Spot, Option<Spot>), bool)> = Vec::new();
        for text in texts {
            let (before, spots) = (found.accesses.len(), found.blind_spots.len());
            let mut body = text.text.clone();
            // A word before it says that the text names a file without its extension (`load:orders.List`).
            if let Some(stem) = rule.settings.get("sql.stem").and_then(|it| body.strip_prefix(it.as_str())) {
                body = format!("{}.sql", stem.trim_end_matches(".sql"));
            }
            // A text that is the path of a file with SQL was read from there (`include_str!`, `go:embed`).
            let is_path = body.ends_with(".sql") && !body.contains(char::is_whitespace);
            if is_path || setting("sql.file") || setting("sql.named") {
                let beside = beside(&self.program.unit(text.origin.unit).source.path, &body);
                let Some((file, at)) =
                    queries.get(&beside).or_else(|| queries.get(body.trim_start_matches(['.', '/'])))
                else {
                    // A field's attribute may name other things than queries.
                    let on_field = self.facts(unit).definition(hit.owner).kind == DefinitionKind::Field;
                    if confidence == Confidence::Certain && !on_field {
                        found.blind_spots.push(RawSpot {
                            root: None,
                            kind: "missing-query-file",
                            unit,
                            owner: hit.owner,
                            line: hit.line,
                            detail: format!("no query named {body} was found among the .sql files"),
                        });
                    }
                    continue;
                };
                let file_facts = self.facts(*file);
                let statements: Vec<SqlStatement> = if setting("sql.named") {
                    file_facts.sql.get(*at).cloned().into_iter().collect()
                } else {
                    file_facts.sql.clone()
                };
                let held = self.facts(unit).definition(hit.owner).kind == DefinitionKind::Field;
                for statement in statements {
                    if held {
                        let field = self.program.def(unit, hit.owner);
                        found.held.push(HeldStatement { field, unit, hit: hit.clone(), statement, confidence });
                    } else {
                        self.add_statement(stores, unit, hit, &statement, confidence, found);
                    }
                }
                continue;
            }
            if !fragment && !prepares && found.statement_names.contains(body.trim()) {
                let name = body.trim().to_owned();
                found.named_runs.push(NamedRun { unit, hit: hit.clone(), name, confidence });
                continue;
            }
            found.used_texts.insert((text.origin.unit, text.origin.expr));
            found.used_texts.extend(text.parts.iter().map(|it| (it.unit, it.expr)));
            if weak && !fragment && !sql.looks_like_sql(&body) {
                continue;
            }
            if body.trim().is_empty() {
                continue;
            }
            if body.len() > MOST_SQL {
                let end = (0..=MOST_SQL).rev().find(|it| body.is_char_boundary(*it)).unwrap_or_default();
                body.truncate(end);
            }
            let statements = self.statements(sql, &body, dialect, fragment, found);
            for statement in statements.iter() {
                if statement.reading == Reading::Refused {
                    // Of many texts that may come here, those that are no statements say nothing.
                    let sure = confidence == Confidence::Certain && is_only && !expression;
                    let is_told = sql.looks_like_sql(&body) || sure;
                    if !fragment && !runs_prepared && is_told {
                        found.blind_spots.push(RawSpot {
                            root: None,
                            kind: "unreadable-sql",
                            unit,
                            owner: hit.owner,
                            line: hit.line,
                            detail: format!("{}: {}", statement.problem, shortened(&body)),
                        });
                    }
                    continue;
                }
                let mut bounded = confidence.min(self.reach(&text));
                if statement.reading == Reading::Tolerant {
                    bounded = bounded.min(Confidence::Likely);
                }
                if prepares {
                    let (hit, text, statement) = (hit.clone(), text.clone(), statement.clone());
                    let names = names.clone();
                    found.prepared.push(PreparedStatement { unit, hit, text, statement, confidence: bounded, names });
                    continue;
                }
                let part = fragment.then(|| self.without_parts(statement, unit, stores));
                let statement = part.as_ref().unwrap_or(statement);
                let first = found.accesses.len();
                self.add_statement(stores, unit, hit, statement, bounded, found);
                if runs_prepared {
                    found.run_texts.insert((text.origin.unit, text.origin.expr));
                }
                if !callers_say && is_given {
                    let end = found.accesses.len();
                    self.add_for_deciders(stores, unit, hit, &text, statement, bounded, found);
                    if found.accesses.len() > end {
                        found.accesses[first..end].iter_mut().for_each(|it| it.by_callers = true);
                    }
                }
            }
            let is_open = found.blind_spots[spots..].iter().any(|it| it.kind == "dynamic-table-name");
            told.push((
                before..found.accesses.len(),
                (text.origin, text.handed_in.filter(|it| it.owner != hit.owner)),
                is_open,
            ));
            if !is_only && (text.by_field || self.has_field_hole(text.origin)) {
                by_field.push(before..found.accesses.len());
            }
        }
        // Of `orders` and `{prefix}_orders`, which of them it is decides what nobody can read.
        for (_, by, _) in told.iter().filter(|it| it.2) {
            for (accesses, _, _) in told.iter().filter(|it| it.1 == *by) {
                let accesses = &mut found.accesses[accesses.clone()];
                accesses.iter_mut().for_each(|it| it.confidence = it.confidence.min(Confidence::Likely));
            }
        }
        if callers_say {
            found.blind_spots.truncate(spots);
        }
        bound_by_field(&by_field, found);
        if is_carried {
            let told = &mut found.accesses[first_told..];
            told.iter_mut().filter(|it| (it.unit, it.owner) == (unit, hit.owner)).for_each(|it| it.by_callers = true);
        }
    }

    /// How sure it is that this text comes to where it is used: a call that may run any of several methods hands it in,
    /// or it was handed to what filled a field, as others may fill it.
    pub(in crate::link) fn reach(&mut self, text: &TextAt) -> Confidence {
        if !text.through_parameter || text.begun {
            return Confidence::Certain;
        }
        let by: SmallVec<[Spot; 2]> = [text.handed_in, text.caller].into_iter().flatten().collect();
        if by.is_empty() {
            return Confidence::Likely;
        }
        let mut reach = Confidence::Certain;
        for it in by {
            let Some((_, callee, _)) = call_given(self.facts(it.unit), it.expr) else { continue };
            let callees = self.eval(it.unit, it.owner, callee);
            let is_method = |it: Value| match it {
                Value::Bound(def, _) => !self.program.definition(def).traits.is_abstract,
                _ => false,
            };
            reach = reach.min(one_of(callees.iter().filter(|it| is_method(self.pool.value(**it))).count()));
        }
        reach
    }

    /// A part of a statement without the names that other texts of its file define as parts (`WITH recent AS (..)`).
    fn without_parts(&self, part: &SqlStatement, unit: u32, stores: &Stores) -> SqlStatement {
        let mut part = part.clone();
        let is_part = |name: &str| {
            stores.find(name).is_none_or(|it| stores.drafts[it].defined_at.is_empty())
                && self.facts(unit).exprs.iter().any(|it| match &it.kind {
                    ExprKind::Text(text) => defines_part(text, name),
                    ExprKind::Template(pieces) => {
                        pieces.iter().any(|it| matches!(it, Piece::Text(text) if defines_part(text, name)))
                    }
                    _ => false,
                })
        };
        part.accesses.retain(|it| !is_part(&it.store.name));
        part.joins.iter_mut().for_each(|it| it.retain(|it| !is_part(&it.name)));
        part
    }

    /// Whether a text is put together with what a field holds.
    fn has_field_hole(&self, origin: Spot) -> bool {
        let facts = self.facts(origin.unit);
        let ExprKind::Template(pieces) = &facts.expr(origin.expr).kind else { return false };
        pieces.iter().any(|it| match it {
            Piece::Hole(hole) => matches!(facts.expr(*hole).kind, ExprKind::Member { .. }),
            Piece::Text(_) => false,
        })
    }

    /// Who hands the text in touches the table as much as the generic function that runs it.
    fn add_for_deciders(
        &mut self,
        stores: &mut Stores,
        unit: u32,
        hit: &Match,
        text: &TextAt,
        statement: &SqlStatement,
        confidence: Confidence,
        found: &mut Accesses,
    ) {
        let spots = deciders(text, unit, hit.owner);
        let (some, all) = (confidence.min(Confidence::Likely), spots.len());
        for spot in spots {
            if self.is_handed_on(spot) {
                continue;
            }
            let line = self.facts(spot.unit).expr(spot.expr).at.line;
            let caller = Match { rule: hit.rule, owner: spot.owner, line, captures: Vec::new() };
            // With functions in between, these may decide whether it comes to that.
            self.add_statement(stores, spot.unit, &caller, statement, if all > 1 { some } else { confidence }, found);
        }
    }

    /// Whether what is handed in is what the function around was given itself: it neither decides nor does anything.
    fn is_handed_on(&mut self, spot: Spot) -> bool {
        matches!(self.facts(spot.unit).expr(spot.expr).kind, ExprKind::Name(_))
            && self.vars_of(spot.unit, spot.owner, spot.expr).iter().any(|it| it.1)
    }

    /// Statements that were prepared and that nobody was seen to run: whoever prepared one himself is likely to run it, whoever
    /// had it prepared may have.
    pub(crate) fn prepared_statements(&mut self, stores: &mut Stores, found: &mut Accesses) {
        let prepared = std::mem::take(&mut found.prepared);
        let ran = self.named_statements(stores, &prepared, found);
        for (at, it) in prepared.into_iter().enumerate() {
            if ran.contains(&at) {
                continue;
            }
            if found.run_texts.contains(&(it.text.origin.unit, it.text.origin.expr)) {
                continue;
            }
            if deciders(&it.text, it.unit, it.hit.owner).is_empty() {
                let confidence = it.confidence.min(Confidence::Likely);
                self.add_statement(stores, it.unit, &it.hit, &it.statement, confidence, found);
            } else {
                self.add_for_deciders(stores, it.unit, &it.hit, &it.text, &it.statement, Confidence::Guess, found);
            }
        }
    }

    pub(crate) fn statements(
        &self,
        sql: &dyn ReadSql,
        text: &str,
        dialect: &str,
        fragment: bool,
        found: &mut Accesses,
    ) -> std::rc::Rc<Vec<SqlStatement>> {
        let key = (format!("{dialect}\u{0}{text}"), fragment);
        if let Some(known) = found.statements.get(&key) {
            return std::rc::Rc::clone(known);
        }
        let statements =
            std::rc::Rc::new(if fragment { sql.read_fragment(text, dialect) } else { sql.read(text, dialect) });
        found.statements.insert(key, std::rc::Rc::clone(&statements));
        statements
    }

    pub(crate) fn add_statement(
        &mut self,
        stores: &mut Stores,
        unit: u32,
        hit: &Match,
        statement: &SqlStatement,
        confidence: Confidence,
        found: &mut Accesses,
    ) {
        let in_loop = self.in_loop(unit, hit.owner, hit.line);
        // Who creates a trigger or a routine changes the schema; what its body touches happens when that runs.
        let body = if statement.routine.is_empty() { hit.owner } else { DefId::MODULE };
        // Tables that a test makes for itself say nothing about the system's schema.
        if !self.program.is_test(self.program.def(unit, hit.owner)) {
            for change in statement.changes.iter().filter(|it| !has_open_name(it)) {
                found.changes.push(CodeChange { site: (unit, hit.line), change: change.clone() });
            }
        }
        let rules = self.rules;
        let rule = &rules.rules[hit.rule as usize];
        let set = |name: &str| rule.settings.get(name).is_some_and(|it| it == "true");
        // A clause belongs to the statement that the call around it builds.
        let clause = if set("sql.fragment") { captured_expr(capture(rule, hit, "embedded.sql")) } else { None };
        if let Some(mark) = statement.transaction {
            found.marks.push(RawMark { unit, owner: hit.owner, line: hit.line, mark });
        }
        for access in &statement.accesses {
            if is_foreign_catalog(stores, &access.store) {
                continue;
            }
            // A table that is given another name or dropped, and that nothing else knows, is of the past.
            let is_left = |it: &SchemaChange| match it {
                SchemaChange::RenameTable { from: store, .. } | SchemaChange::Drop { store, .. } => {
                    *store == access.store
                }
                _ => false,
            };
            if access.operation == Operation::Ddl
                && statement.changes.iter().any(is_left)
                && stores.find(&access.store.name).is_none()
            {
                continue;
            }
            let Some(store) = self.whole_name(stores, access) else {
                found.blind_spots.push(RawSpot {
                    root: None,
                    kind: "dynamic-table-name",
                    unit,
                    owner: hit.owner,
                    line: hit.line,
                    detail: format!("the table's name is put together at run time: {}", access.store.name),
                });
                continue;
            };
            let confidence = if access.partial { confidence.min(Confidence::Likely) } else { confidence };
            stores.drafts[store].used = true;
            let predicates = statement
                .predicates
                .iter()
                .filter(|it| it.store == access.store)
                .map(|it| (it.column.to_string(), it.value.to_string()))
                .collect();
            let owner = if access.operation == Operation::Ddl { hit.owner } else { body };
            found.accesses.push(RawAccess {
                columns: access.columns.iter().map(ToString::to_string).collect(),
                in_loop,
                predicates,
                expr: clause,
                joins: clause.is_some() && set("access.join"),
                ..self.access_at(unit, owner, hit.line, hit.rule, (store, access.operation, confidence))
            });
        }
        if statement.routine.is_empty() && !found.routines.is_empty() {
            self.called_routines(stores, unit, hit, statement, confidence, found);
        }
        for join in &statement.joins {
            let mut joined: Vec<usize> = Vec::new();
            for it in join {
                if !is_foreign_catalog(stores, it) && !it.name.contains('{') && !is_no_name(&it.name) {
                    joined.push(stores.of_sql(it));
                }
            }
            joined.sort_unstable();
            joined.dedup();
            if joined.len() > 1 {
                found.joins.push(RawJoin { unit, owner: body, line: hit.line, stores: joined });
            }
        }
    }
}

impl Inference<'_> {
    pub(crate) fn describe(&self, unit: u32, expr: ExprId) -> String {
        match &self.facts(unit).expr(expr).kind {
            ExprKind::Name(name) => format!("it comes from `{}`", plain_name(name)),
            ExprKind::Member { name, .. } => format!("it comes from `{name}`"),
            ExprKind::Call { .. } => "a call gives it".to_owned(),
            _ => "an expression gives it".to_owned(),
        }
    }

    /// The table that the program makes under the name behind a hole (`{tenant}orders`): what stands in the hole comes before
    /// the names of all tables, or of none.
    pub(crate) fn name_behind(&self, stores: &Stores, name: &str) -> Option<usize> {
        let (_, rest) = name.strip_prefix('{')?.split_once('}')?;
        let whole = rest.len() > 2 && rest.chars().all(|it| it.is_alphanumeric() || it == '_');
        stores.find(rest.trim_start_matches('_')).filter(|it| whole && !stores.drafts[*it].defined_at.is_empty())
    }

    /// The store that a statement names. A known table whose name a hole follows (`FROM orders{where}`) ends there.
    pub(crate) fn whole_name(&self, stores: &mut Stores, access: &SqlAccess) -> Option<usize> {
        let name = &access.store.name;
        let is_made = |stores: &Stores| stores.find(name).is_some_and(|it| !stores.drafts[it].defined_at.is_empty());
        let is_word = access.store.schema.as_ref().is_some_and(|it| !it.ends_with('_') && is_no_name(it));
        if is_foreign_catalog(stores, &access.store) || is_word || is_no_name(name) && !is_made(stores) {
            return None;
        }
        let Some(at) = access.store.name.find('{') else {
            let in_open_schema = access.store.schema.as_ref().is_some_and(|it| it.contains('{'));
            return (in_open_schema || !access.partial).then(|| stores.of_sql(&access.store));
        };
        if at == 0 {
            return self.name_behind(stores, &access.store.name);
        }
        let before = &access.store.name[..at];
        if !before.ends_with(char::is_alphanumeric) {
            return None;
        }
        let known = match &access.store.schema {
            Some(schema) => stores.find(&format!("{schema}.{before}")),
            None => stores.find(before),
        };
        known.filter(|it| !stores.drafts[*it].defined_at.is_empty())
    }
}

/// Whether a text says `name AS (`.
fn defines_part(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let is_whole = !text[..at].ends_with(|it: char| it.is_alphanumeric() || it == '_' || it == '.');
        let mut words = text[at + name.len()..].trim_start();
        if words.len() < 2 || !words.is_char_boundary(2) || !words[..2].eq_ignore_ascii_case("as") {
            return false;
        }
        words = words[2..].trim_start().trim_start_matches("NOT ").trim_start_matches("MATERIALIZED").trim_start();
        is_whole && words.starts_with('(')
    })
}

/// Whether a statement makes a table or view whose name is put together at run time: none that can be named.
fn has_open_name(change: &SchemaChange) -> bool {
    matches!(change, SchemaChange::CreateTable { store, .. } | SchemaChange::CreateView { store, .. } if store.name.contains('{'))
}

/// Where callers of a generic function decided its text: the next one and the outermost one, each where it hands the text
/// in. Who only made a part of it, or put it into a field, does not run it.
fn deciders(text: &TextAt, unit: u32, owner: DefId) -> SmallVec<[Spot; 2]> {
    let mut spots: SmallVec<[Spot; 2]> = SmallVec::new();
    if !text.through_parameter {
        return spots;
    }
    for spot in [text.handed_in, text.caller].into_iter().flatten() {
        let place = (spot.unit, spot.owner);
        if place != (unit, owner) && spots.iter().all(|it| (it.unit, it.owner) != place) {
            spots.push(spot);
        }
    }
    spots
}

/// A field holds what all instances were given: what not every text does that is made of it is not certain.
fn bound_by_field(texts: &[Range<usize>], found: &mut Accesses) {
    if texts.len() < 2 {
        return;
    }
    let step = |it: &RawAccess| (it.store, it.operation);
    let every: Vec<Vec<_>> = texts.iter().map(|it| found.accesses[it.clone()].iter().map(step).collect()).collect();
    let differs = |it: &(usize, Operation)| every.iter().any(|of| !of.contains(it));
    let mut differing: Vec<_> = every.iter().flatten().copied().filter(differs).collect();
    differing.sort_unstable();
    differing.dedup();
    let bound = if differing.len() > MOST_BY_FIELD { Confidence::Guess } else { Confidence::Likely };
    for access in texts.iter().cloned().flatten() {
        let access = &mut found.accesses[access];
        if differing.contains(&(access.store, access.operation)) {
            access.confidence = access.confidence.min(bound);
        }
    }
}
