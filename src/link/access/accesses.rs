//! Data accesses: what the matches of access rules and SQL texts touch, confirmed against types and stores.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::link::access::answered::Answer;
use crate::link::access::chosen::DecidedSteps;
use crate::link::access::meant::{Meant, target_mode};
use crate::link::access::senders::Sender;
use crate::link::names::program::Def;
use crate::link::storage::routines::Routines;
use crate::link::storage::stores::{Site, Stores, store_kind};
use crate::link::strings::texts::TextAt;
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::Subject;
use crate::model::fact::{Captured, DefId, DefinitionKind, ExprId, ExprKind, Match};
use crate::model::graph::{Confidence, StoreKind};
use crate::model::rule::Rule;
use crate::model::source::Role;
use crate::model::sql::{Operation, ReadSql, SchemaChange, SqlStatement, TransactionMark, is_prefix};

/// An access before ids are given out.
#[derive(Clone, Debug)]
pub(crate) struct RawAccess {
    pub(crate) unit: u32,
    pub(crate) owner: DefId,
    pub(crate) line: u32,
    pub(crate) store: usize,
    pub(crate) operation: Operation,
    pub(crate) columns: Vec<String>,
    pub(crate) rule: u32,
    pub(crate) confidence: Confidence,
    pub(crate) in_loop: bool,
    pub(crate) predicates: Vec<(String, String)>,
    /// The call it stands on, for chains.
    pub(crate) expr: Option<ExprId>,
    /// Read together with what else its statement touches, not by a statement of its own.
    pub(crate) joins: bool,
    /// Callers decide the store and have accesses of their own.
    pub(crate) by_callers: bool,
    /// Loads along with the rows of another store.
    pub(crate) loaded: bool,
    /// Goes with the deletion of another store's rows.
    pub(crate) cascaded: bool,
}

/// What is done to a store.
pub(crate) type Step = (usize, Operation, Confidence);

pub(crate) struct RawJoin {
    pub(crate) unit: u32,
    pub(crate) owner: DefId,
    pub(crate) line: u32,
    pub(crate) stores: Vec<usize>,
}

pub(crate) struct RawSpot {
    /// The call that is no known access, where it is one.
    pub(crate) root: Option<ExprId>,
    pub(crate) kind: &'static str,
    pub(crate) unit: u32,
    pub(crate) owner: DefId,
    pub(crate) line: u32,
    pub(crate) detail: String,
}

impl RawSpot {
    /// A blind spot where a rule was met, that is no call of an access.
    pub(crate) fn at(kind: &'static str, unit: u32, hit: &Match, detail: impl Into<String>) -> Self {
        Self { root: None, kind, unit, owner: hit.owner, line: hit.line, detail: detail.into() }
    }
}

/// A `BEGIN`, `COMMIT` or `ROLLBACK` sent as text.
pub(crate) struct RawMark {
    pub(crate) unit: u32,
    pub(crate) owner: DefId,
    pub(crate) line: u32,
    pub(crate) mark: TransactionMark,
}

/// DDL found in code, in the order of its files and lines.
pub(crate) struct CodeChange {
    pub(crate) site: Site,
    pub(crate) change: SchemaChange,
}

/// A statement that a field holds (`query:"get-page"`): whoever reads the field runs it.
pub(crate) struct HeldStatement {
    pub(crate) field: Def,
    pub(crate) unit: u32,
    pub(crate) hit: Match,
    pub(crate) statement: SqlStatement,
    pub(crate) confidence: Confidence,
}

/// A statement that was only prepared: it belongs here if nobody was seen to run it.
pub(crate) struct PreparedStatement {
    pub(crate) unit: u32,
    pub(crate) hit: Match,
    pub(crate) text: TextAt,
    pub(crate) statement: SqlStatement,
    pub(crate) confidence: Confidence,
    /// Names under which it can be run.
    pub(crate) names: Vec<String>,
}

/// A call that runs the statement that was prepared under a name.
pub(crate) struct NamedRun {
    pub(crate) unit: u32,
    pub(crate) hit: Match,
    pub(crate) name: String,
    pub(crate) confidence: Confidence,
}

/// A relation read along by a chain whose subject was not known at that call.
pub(crate) struct ChainRelation {
    pub(crate) unit: u32,
    pub(crate) owner: DefId,
    pub(crate) line: u32,
    pub(crate) rule: u32,
    pub(crate) root: ExprId,
    pub(crate) columns: Vec<String>,
    pub(crate) confidence: Confidence,
}

/// More stores than this at one place are a blind spot besides being guesses.
pub(crate) const MOST_CANDIDATES: usize = 6;

#[derive(Default)]
pub(crate) struct Accesses {
    pub(crate) accesses: Vec<RawAccess>,
    pub(crate) joins: Vec<RawJoin>,
    /// Stores that a function joins to a query which it is handed: unit, function, store.
    pub(crate) added: Vec<(u32, DefId, usize)>,
    pub(crate) blind_spots: Vec<RawSpot>,
    pub(crate) marks: Vec<RawMark>,
    pub(crate) changes: Vec<CodeChange>,
    /// Sites looked at, those of tests left out.
    pub(crate) sites: u32,
    pub(crate) relations: Vec<ChainRelation>,
    /// What calls describe that stand outside of functions.
    pub(crate) described: Vec<RawAccess>,
    /// Calls that name relations of what they are about, with the stores that are read for these.
    pub(crate) related: FxHashMap<(u32, ExprId), Vec<usize>>,
    /// Calls that run a query, with the stores whose rows are loaded along by a relation.
    pub(crate) along: Vec<(Spot, usize)>,
    pub(crate) held: Vec<HeldStatement>,
    pub(crate) senders: Vec<Sender>,
    pub(crate) prepared: Vec<PreparedStatement>,
    pub(crate) routines: Routines,
    /// Names that statements are prepared under, and the calls that run one by its name.
    pub(crate) statement_names: FxHashSet<String>,
    pub(crate) named_runs: Vec<NamedRun>,
    /// Texts whose prepared statements are run, by where they are written.
    pub(crate) run_texts: FxHashSet<(u32, ExprId)>,
    /// Literals whose SQL was attributed.
    pub(crate) used_texts: FxHashSet<(u32, ExprId)>,
    pub(crate) decided_steps: DecidedSteps,
    pub(crate) statements: FxHashMap<(String, bool), std::rc::Rc<Vec<SqlStatement>>>,
    /// What methods of the program's own do to rows of a type in the place of a library's.
    pub(crate) answers: FxHashMap<(Def, Def), Answer>,
}

impl<'a> Inference<'a> {
    /// All accesses of all code.
    pub(crate) fn find_accesses(
        &mut self,
        stores: &mut Stores,
        sql: &dyn ReadSql,
        queries: &FxHashMap<String, (u32, usize)>,
    ) -> Accesses {
        let (statement_names, routines) = (self.statement_names(), self.routines());
        let mut found = Accesses { routines, statement_names, ..Accesses::default() };
        self.told_texts(&mut found);
        self.tell_store_names(stores);
        for (unit, rule, hit) in self.hits(says_accesses) {
            if self.program.unit(unit).source.role == Role::Vendored {
                continue;
            }
            if rule.has("embedded.sql") {
                self.sql_access(stores, sql, queries, unit, rule, hit, &mut found);
            } else {
                self.rule_access(stores, unit, rule, hit, &mut found);
            }
        }
        self.prepared_statements(stores, &mut found);
        self.held_statements(stores, &mut found);
        self.loaded_relations(stores, &mut found);
        self.iterated_queries(stores, &mut found);
        self.heirs_accesses(stores, &mut found);
        self.kept_queries(stores, &mut found);
        self.shown_relations(stores, &mut found);
        self.filled_relations(stores, &mut found);
        self.chain_relations(stores, &mut found);
        self.described_queries(stores, &mut found);
        self.run_elsewhere(stores, &mut found);
        self.joined_deletions(stores, &mut found);
        self.saved_along(stores, &mut found);
        self.replaced_relations(stores, &mut found);
        self.hooked_inserts(stores, &mut found);
        self.unattributed_texts(sql, &mut found);
        self.opaque_macros(stores, sql, &mut found);
        self.compared_columns(stores, &mut found);
        self.drop_query_building(stores, &mut found);
        self.drop_unloaded(&mut found);
        self.drop_loaded_before(&mut found);
        self.strangers(&mut found);
        strongest_per_call(&mut found);
        self.lower_chosen(&mut found);
        self.drop_riddles_told(&mut found);
        self.accesses_through(&mut found);
        self.name_columns(stores, &mut found);
        self.sent_statements(stores, sql, &mut found);
        self.handed_statements(stores, sql, &mut found);
        self.drop_handed_on(&mut found);
        self.find_joins(&mut found);
        self.drop_compared_twice(&mut found);
        self.carried_joins(&mut found);
        self.bound_by_names(stores, &mut found);
        found
    }

    pub(crate) fn confidence(&mut self, unit: u32, rule: &Rule, hit: &Match) -> Option<Confidence> {
        let held = self.guards_hold(unit, hit.owner, rule, hit);
        let mut confidence = match held {
            Held::Yes => Confidence::Certain,
            Held::No => return None,
            Held::Unknown => match rule.settings.get("access.untyped").map(String::as_str) {
                Some("likely") => Confidence::Likely,
                Some("guess") => Confidence::Guess,
                _ => return None,
            },
        };
        if let Some(bound) = rule.settings.get("access.confidence") {
            confidence = confidence.min(if bound == "guess" { Confidence::Guess } else { Confidence::Likely });
        }
        Some(confidence)
    }

    pub(crate) fn rule_access(
        &mut self,
        stores: &mut Stores,
        unit: u32,
        rule: &'a Rule,
        hit: &Match,
        found: &mut Accesses,
    ) {
        if self.runs_nothing(unit, hit.owner, rule) {
            self.note_described(stores, unit, rule, hit, found);
        } else {
            self.do_access(stores, unit, rule, hit, found);
        }
    }

    pub(crate) fn do_access(
        &mut self,
        stores: &mut Stores,
        unit: u32,
        rule: &'a Rule,
        hit: &Match,
        found: &mut Accesses,
    ) {
        let Some(operation) = operation_of(rule, hit) else { return };
        let Some(mut confidence) = self.confidence(unit, rule, hit) else { return };
        if self.callers_say(unit, rule, hit) {
            confidence = Confidence::Guess;
        }
        if operation == Operation::Select && self.facts(unit).definition(hit.owner).kind == DefinitionKind::Type {
            // A query that a class keeps runs where it is used.
            confidence = confidence.min(Confidence::Likely);
        }
        found.sites += u32::from(!self.program.is_test(self.program.def(unit, hit.owner)));
        let root = match capture(rule, hit, "access") {
            Some(Captured::Expr(expr)) => Some(*expr),
            _ => None,
        };
        if self.is_called_off(unit, rule, "access.unless", root)
            || self.is_overridden(unit, hit.owner, rule, root)
            || !self.is_configured(rule)
            || self.is_never_run(unit, rule, root)
        {
            return;
        }
        let step = (operation, confidence);
        let Some(meant) = self.what_is_meant(stores, unit, rule, hit, root, step, found) else { return };
        let Meant { mut subjects, callers, had_target, exact, by_receiver, kept, unsure, half_known } = meant;
        if unsure {
            confidence = confidence.min(Confidence::Likely);
        }
        confidence = confidence.min(self.sure_of_field(unit, rule, hit));
        if half_known {
            found.blind_spots.push(RawSpot {
                root: None,
                kind: "other-targets",
                unit,
                owner: hit.owner,
                line: hit.line,
                detail: "who calls this function may mean other stores, which are not decidable".to_owned(),
            });
        }
        let Some(operation) = self.answered(unit, rule, hit, &subjects, operation, found) else { return };
        let (operation, is_likely) = self.by_row(unit, rule, hit, operation);
        if is_likely {
            confidence = confidence.min(Confidence::Likely);
        }
        if self.is_unmade(unit, rule, hit)
            || self.is_no_new_row(unit, rule, hit)
            || self.is_kept_elsewhere(stores, unit, rule, hit)
        {
            return;
        }
        let mode = target_mode(rule);
        let kind = store_kind(rule);
        let mut touched = Vec::new();
        let narrowed = self.narrowed(stores, unit, hit.owner, rule, hit, root, &mut subjects);
        if self.guards_hold(unit, hit.owner, rule, hit) == Held::Unknown {
            // By name alone only what is a store for other reasons counts.
            subjects.retain(|it| match it {
                Subject::Type(of) => self.store_of_type(stores, *of).is_some(),
                Subject::Named(sym) => had_target && mode != "entity" && stores.find(self.pool.text(*sym)).is_some(),
                Subject::None => false,
            });
        }
        self.add_concrete_types(stores, unit, &mut subjects);
        let mut along: Vec<(usize, Operation)> = Vec::new();
        let mut loaded: Vec<usize> = Vec::new();
        let columns_only = self.asks_for_columns(unit, rule, hit);
        if confidence > Confidence::Guess {
            for subject in &subjects {
                let Subject::Type(of) = subject else { continue };
                along.extend(self.inherited_stores(stores, *of).into_iter().map(|it| (it, operation)));
                if operation == Operation::Select && !only_joins(rule) && !columns_only {
                    let eager = self.eager_stores(stores, *of);
                    along.extend(eager.iter().map(|it| (*it, Operation::Select)));
                    loaded.extend(eager);
                }
            }
        }
        let parts = self.parts_below(stores, operation, &subjects);
        let exposed = self.exposed_relations(stores, unit, rule, hit, root, &subjects, operation);
        along.extend(self.links_named(stores, unit, rule, hit).into_iter().map(|it| (it, Operation::Select)));
        along.extend(
            self.queries_within(stores, unit, rule, hit.owner, root).into_iter().map(|it| (it, Operation::Select)),
        );
        let (by_value, by_field) = if mode == "name" && subjects.len() > 1 && !exact {
            self.carried_by(unit, rule, hit)
        } else {
            (false, false)
        };
        // What a deletion takes along is only known where it is known what is deleted.
        let deleted = self.one_of_rows(stores, &subjects);
        let subject_count = subjects.len();
        let subject_types = subjects.iter().filter(|it| matches!(it, Subject::Type(_))).count();
        for subject in subjects {
            if let Some(store) = self.store_of_subject(stores, subject, rule, kind, confidence)
                && !touched.contains(&store)
            {
                touched.push(store);
            }
        }
        if touched.is_empty() && (!had_target || subject_count == 0) {
            touched = self.stores_of_chain(stores, unit, hit.owner, root);
            if touched.len() > 1 {
                confidence = confidence.min(Confidence::Likely);
            }
        }
        if touched.is_empty() {
            if let (Some("relation" | "path"), Some(root)) =
                (rule.settings.get("access.also").map(String::as_str), root)
            {
                // What the chain is about may be said by a call after this one.
                let columns = self.captured_columns(unit, rule, hit);
                found.relations.push(ChainRelation {
                    unit,
                    owner: hit.owner,
                    line: hit.line,
                    rule: hit.rule,
                    root,
                    columns,
                    confidence,
                });
                return;
            }
            let receiver = self.receiver_of(unit, rule, hit, root);
            if self.add_decided(stores, unit, rule, hit, receiver, (&[], operation, confidence), found).is_some() {
                return;
            }
            let sure = confidence == Confidence::Certain || rule.settings.contains_key("access.told");
            if sure && kind != StoreKind::Cache && !self.only_hands_on(unit, hit.owner) {
                found.blind_spots.push(RawSpot {
                    root,
                    kind: "unresolved-target",
                    unit,
                    owner: hit.owner,
                    line: hit.line,
                    detail: "which store this call touches is not decidable".to_owned(),
                });
            }
            return;
        }
        let mut many = touched.clone();
        many.truncate(if subject_types > 1 || by_receiver { usize::MAX } else { 1 });
        if kept {
            many.clear();
        }
        let receiver = self.receiver_of(unit, rule, hit, root);
        let mut decided: Vec<usize> = Vec::new();
        let own = self.add_decided(stores, unit, rule, hit, receiver, (&many, operation, confidence), found);
        // Others that hold such an object mean other stores.
        let one_of_many = kept && own.is_some();
        if one_of_many {
            confidence = confidence.min(Confidence::Likely);
        }
        match own {
            Some(own) if own.is_empty() && !kept => return,
            own => decided.extend(own.into_iter().flatten()),
        }
        touched.extend(decided.iter().filter(|it| !many.contains(it)));
        // The capture may stand inside the pattern: a chain that starts on another line.
        let line = root.map_or(hit.line, |root| self.facts(unit).expr(root).at.line);
        let columns = self.captured_columns(unit, rule, hit);
        let is_member = |root: ExprId| matches!(self.facts(unit).expr(root).kind, ExprKind::Member { .. });
        // A new row that is given to a member is a row of its own.
        if root.is_some_and(is_member) && !rule.settings.contains_key("access.made") {
            let relinked = self.links_assigned(stores, unit, hit.owner, root);
            if !relinked.is_empty() {
                found.accesses.extend(relinked.into_iter().map(|(store, operation)| {
                    self.access_at(unit, hit.owner, line, hit.rule, (store, operation, confidence))
                }));
                return;
            }
            // An assigned attribute is written only where the entity maps it.
            touched.retain(|store| columns.iter().all(|column| stores.maps(*store, column)));
            if touched.is_empty() {
                return;
            }
        }
        let verb = match capture(rule, hit, "access.verb") {
            Some(Captured::Word(word)) => word.to_string(),
            _ => String::new(),
        };
        let between = match rule.settings.get("access.link") {
            Some(_) => self.link_of_chain(stores, unit, hit.owner, root),
            None => None,
        };
        // What changes the rows between two entities leaves the entities as they are.
        let relinks = between.filter(|(_, direct)| *direct).and_then(|(link, _)| {
            let words = rule.words("access.link").filter_map(|it| it.split_once('='));
            let named = words.into_iter().find(|(word, _)| *word == verb)?.1;
            Some((link, parse_operation(named)?))
        });
        let mut steps: Vec<(usize, Operation)> = match relinks {
            Some(link) => vec![link],
            None => touched.iter().map(|it| (*it, operation)).collect(),
        };
        if let (Some((link, direct)), None) = (between, relinks) {
            let adds = direct && matches!(operation, Operation::Insert | Operation::Upsert);
            steps.push((link, if adds { Operation::Insert } else { Operation::Select }));
        }
        // Where the rows between say all, those of the other side may not be asked.
        let unsure_side = between.is_some_and(|it| it.1) && rule.words("access.between").any(|it| it == verb.as_str());
        for step in along {
            if !touched.contains(&step.0) && !steps.contains(&step) {
                steps.push(step);
            }
        }
        let instead = rule.settings.get("access.also").is_some_and(|it| it == "instead");
        if instead {
            steps.clear();
        }
        let read_along = steps.len();
        let mut weak: Vec<(usize, Operation)> = Vec::new();
        if rule.settings.contains_key("access.also") {
            let mut related = self.relation_reads(stores, rule, unit, hit.owner, root, &columns, &touched);
            related.extend(self.parts_above(stores, rule, &columns, &related));
            let mut related = stores.relation_steps(related, instead.then_some(operation));
            weak.extend(stores.beyond_links(&mut related));
            for step in related {
                if !steps.iter().any(|(it, _)| *it == step.0) {
                    steps.push(step);
                }
            }
            if !instead && steps.len() > read_along {
                if let Some(root) = root.filter(|_| operation == Operation::Select && touched.len() == 1) {
                    let named = steps[read_along..].iter().map(|it| it.0);
                    found.related.entry((unit, root)).or_default().extend(named);
                }
                self.join_along(stores, unit, rule, hit, root, &columns, &touched, &steps, found);
            }
        }
        let generic = exact && touched.len() > 1 || narrowed || one_of_many;
        // Several types may flow to one place; which of them it is then rests on more than was seen.
        let by_type = subject_types > 1 && !kept || (by_value || by_field || by_receiver) && touched.len() > 1;
        let confidence = match touched.len() {
            0 | 1 => confidence,
            2 | 3 if by_type && !self.only_hands_on(unit, hit.owner) => confidence.min(Confidence::Likely),
            _ if by_type => Confidence::Guess,
            _ if generic => confidence.min(Confidence::Likely),
            _ => confidence,
        };
        if by_type && touched.len() > MOST_CANDIDATES {
            found.blind_spots.push(RawSpot {
                root: None,
                kind: "many-candidates",
                unit,
                owner: hit.owner,
                line: hit.line,
                detail: format!("{} stores may be meant; who calls this function decides", touched.len()),
            });
            if by_value {
                return;
            }
        }
        let mut beside: Vec<Step> =
            exposed.into_iter().map(|(store, operation)| (store, operation, confidence)).collect();
        beside
            .extend(weak.into_iter().map(|(store, operation)| (store, operation, confidence.min(Confidence::Likely))));
        beside.extend(parts.into_iter().map(|(it, bound)| (it, operation, confidence.min(bound))));
        self.add_beside(stores, rule, &verb, &touched, deleted, (operation, confidence), &mut beside);
        let cascaded = self.gone_along(stores, rule, &verb, deleted, (operation, confidence));
        if let Some((link, _)) = relinks.filter(|_| rule.words("access.reads").any(|it| it == verb)) {
            // The rows between are read with those they lead to.
            beside = vec![(link, Operation::Select, confidence)];
            beside.extend(touched.iter().map(|it| (*it, Operation::Select, confidence)));
        }
        for (store, operation, confidence) in beside {
            stores.drafts[store].used = true;
            found.accesses.push(self.access_at(unit, hit.owner, line, hit.rule, (store, operation, confidence)));
        }
        for (store, operation) in cascaded {
            stores.drafts[store].used = true;
            let step = (store, operation, Confidence::Likely);
            let access = self.access_at(unit, hit.owner, line, hit.rule, step);
            found.accesses.push(RawAccess { cascaded: true, ..access });
        }
        if rule.settings.get("access.runs").is_some_and(|it| it == "migrations") {
            self.run_migrations(stores, unit, hit, line, found);
        }
        // Who decides which table a generic function touches, touches it as well.
        let mut by_callers = decided;
        for (subject, by) in callers.into_iter().filter(|_| generic) {
            let Some(store) = self.store_of_subject(stores, subject, rule, kind, confidence) else { continue };
            let line = self.facts(by.unit).expr(by.expr).at.line;
            found.accesses.push(self.access_at(by.unit, by.owner, line, hit.rule, (store, operation, confidence)));
            by_callers.push(store);
        }
        for (store, operation) in steps {
            stores.drafts[store].used = true;
            let is_unsure = unsure_side && touched.contains(&store);
            let confidence = if is_unsure { confidence.min(Confidence::Likely) } else { confidence };
            found.accesses.push(RawAccess {
                columns: if touched.contains(&store) { columns.clone() } else { Vec::new() },
                expr: root,
                joins: rule.settings.contains_key("access.join"),
                by_callers: by_callers.contains(&store),
                loaded: loaded.contains(&store) && !touched.contains(&store),
                ..self.access_at(unit, hit.owner, line, hit.rule, (store, operation, confidence))
            });
        }
    }

    /// An access on a line that stands on no call of its own and names no columns.
    pub(crate) fn access_at(&self, unit: u32, owner: DefId, line: u32, rule: u32, step: Step) -> RawAccess {
        let (store, operation, confidence) = step;
        RawAccess {
            unit,
            owner,
            line,
            store,
            operation,
            columns: Vec::new(),
            rule,
            confidence,
            in_loop: self.in_loop(unit, owner, line),
            predicates: Vec::new(),
            expr: None,
            joins: false,
            by_callers: false,
            cascaded: false,
            loaded: false,
        }
    }

    /// Keys that callers hand to a wrapper are touched by the callers. True when nothing else is left to say.
    pub(crate) fn callers_keys(
        &mut self,
        stores: &mut Stores,
        unit: u32,
        rule: &Rule,
        hit: &Match,
        expr: ExprId,
        operation: Operation,
        confidence: Confidence,
        found: &mut Accesses,
    ) -> bool {
        let texts = self.texts(unit, hit.owner, expr);
        let mut only = !texts.is_empty();
        for text in texts {
            if !decided_by_caller(&text, unit, hit.owner) {
                only = false;
                continue;
            }
            let key = key_space(&text.text);
            let Some(name) = table_word(&key) else { continue };
            let store = stores.named(None, name, store_kind(rule));
            stores.drafts[store].used = true;
            let caller = text.caller.unwrap_or(text.origin);
            let line = self.facts(caller.unit).expr(caller.expr).at.line;
            let step = (store, operation, confidence.min(self.reach(&text)));
            found.accesses.push(self.access_at(caller.unit, caller.owner, line, hit.rule, step));
        }
        only
    }

    /// What hands a statement over that the same function made says nothing new.
    fn drop_handed_on(&self, found: &mut Accesses) {
        let rules = self.rules;
        let elsewhere = |rule: u32| rules.rules[rule as usize].settings.contains_key("access.elsewhere");
        let key = |it: &RawAccess| (it.unit, self.named_owner(it.unit, it.owner), it.store, it.operation.effect());
        let made: FxHashSet<_> = found.accesses.iter().filter(|it| !elsewhere(it.rule)).map(key).collect();
        found.accesses.retain(|it| !elsewhere(it.rule) || !made.contains(&key(it)));
    }

    /// Definition that an access, call or message belongs to: the nearest named one.
    pub(crate) fn named_owner(&self, unit: u32, owner: DefId) -> DefId {
        self.program.named_owner(unit, owner)
    }
}

/// Whether a text came in through a parameter from other code, and not only its end.
pub(crate) fn decided_by_caller(text: &TextAt, unit: u32, owner: DefId) -> bool {
    text.through_parameter
        && !text.begun
        && text.caller.is_some()
        && (text.origin.unit, text.origin.owner) != (unit, owner)
}

/// The store in a text that may carry an alias: `orders AS o`, `orders o`. A sub-select or a hole names none.
pub(crate) fn table_word(text: &str) -> Option<&str> {
    let text = match text.strip_prefix('{').and_then(|it| it.split_once('}')) {
        Some((hole, rest)) if is_prefix(hole, rest) => rest,
        // A schema of which nothing is known.
        Some((_, rest)) => rest.trim_start_matches(['"', '`', ']']).strip_prefix('.').unwrap_or(text),
        None => text,
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let name = match words.as_slice() {
        [name] | [name, _] => name,
        [name, word, _] if word.eq_ignore_ascii_case("as") => name,
        _ => return None,
    };
    (!text.contains(['{', '}', '(', ')']) && name.contains(char::is_alphanumeric)).then_some(*name)
}

/// Several rules may speak of one call: an upsert says more than an update or insert, any write more than a read.
fn strongest_per_call(found: &mut Accesses) {
    let rank = |operation: Operation| match operation {
        Operation::Upsert => 3,
        Operation::Insert | Operation::Update | Operation::Delete | Operation::Ddl => 2,
        Operation::Select => 1,
        Operation::Unknown => 0,
    };
    let mut best: FxHashMap<(u32, ExprId, usize), u32> = FxHashMap::default();
    for access in &found.accesses {
        if let Some(expr) = access.expr {
            let entry = best.entry((access.unit, expr, access.store)).or_default();
            *entry = (*entry).max(rank(access.operation));
        }
    }
    found.accesses.retain(|it| it.expr.is_none_or(|expr| best[&(it.unit, expr, it.store)] == rank(it.operation)));
}

/// `src/a/q.sql` of `q.sql` or `../a/q.sql` named in `src/a/b.rs`.
pub(crate) fn beside(file: &str, path: &str) -> String {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Whether what a rule matches touches a store.
fn says_accesses(rule: &Rule) -> bool {
    let is_other = |it: &String| matches!(it.as_str(), "target" | "columns" | "kept" | "shown" | "filled");
    rule.has("embedded.sql")
        || rule.has("access")
            && !rule.settings.contains_key("access.compared")
            && !rule.settings.contains_key("access.through")
            && !rule.settings.get("operation").is_some_and(is_other)
}

/// Whether a call only joins what it names: the statement gives no rows of that, so nothing loads with them.
fn only_joins(rule: &Rule) -> bool {
    rule.settings.get("access.join").is_some_and(|it| it == "true") && !rule.settings.contains_key("access.also")
}

/// Operation a match stands for: fixed by the rule or told by the verb; `None` when the verb is not one of the rule's.
pub(crate) fn operation_of(rule: &Rule, hit: &Match) -> Option<Operation> {
    if let Some(fixed) = rule.settings.get("operation") {
        return parse_operation(fixed);
    }
    let Some(Captured::Word(verb)) = capture(rule, hit, "access.verb") else { return Some(Operation::Unknown) };
    let verbs = [
        ("access.select", Operation::Select),
        ("access.insert", Operation::Insert),
        ("access.update", Operation::Update),
        ("access.delete", Operation::Delete),
        ("access.upsert", Operation::Upsert),
        ("access.ddl", Operation::Ddl),
    ];
    verbs.into_iter().find(|(setting, _)| rule.words(setting).any(|it| it == verb)).map(|it| it.1)
}

fn parse_operation(name: &str) -> Option<Operation> {
    Some(match name {
        "select" => Operation::Select,
        "insert" => Operation::Insert,
        "update" => Operation::Update,
        "delete" => Operation::Delete,
        "upsert" => Operation::Upsert,
        "ddl" => Operation::Ddl,
        "unknown" => Operation::Unknown,
        _ => return None,
    })
}

/// Name of the key space a cache key belongs to: its text up to the first separator or hole.
pub(crate) fn key_space(key: &str) -> String {
    let key = behind_holes(key);
    let end = key.find([':', '{', '%', '|', '/', '*', '[', '?']).unwrap_or(key.len());
    key[..end].trim_end_matches(['-', '_', '.']).to_owned()
}

/// A key without what nobody can read before its first word (`{prefix}orders:1`).
fn behind_holes(key: &str) -> &str {
    let mut rest = key;
    while rest.starts_with('{') {
        let mut depth = 0;
        let closes = |it: char| {
            depth += match it {
                '{' => 1,
                '}' => -1,
                _ => 0,
            };
            depth == 0
        };
        let Some(end) = rest.find(closes) else { return key };
        rest = rest[end + 1..].trim_start_matches([':', '-', '_', '.', '/', '|']);
    }
    if rest.starts_with(char::is_alphabetic) { rest } else { key }
}

pub(crate) fn shortened(text: &str) -> String {
    let mut line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > 90 {
        line = line.chars().take(87).collect::<String>() + "...";
    }
    line
}
