//! What an access is about, as its target, its chain and its receiver say it, and what is read and written beside it.

use smallvec::SmallVec;

use crate::link::access::accesses::{Accesses, Step, table_word};
use crate::link::access::targets::take_named;
use crate::link::entities::histories::recorded;
use crate::link::storage::stores::Stores;
use crate::link::strings::texts::TextAt;
use crate::link::values::containers::text_key;
use crate::link::values::guards::{capture, captures};
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::Subject;
use crate::model::fact::{Captured, DefId, ExprId, ExprKind, Match};
use crate::model::graph::Confidence;
use crate::model::rule::Rule;
use crate::model::sql::Operation;

/// What an access is about.
pub(crate) struct Meant {
    pub(crate) subjects: Vec<Subject>,
    /// Subjects that callers decide, with the places where they do.
    pub(crate) callers: Vec<(Subject, Spot)>,
    /// The match names a target, whether or not it is known what that is.
    pub(crate) had_target: bool,
    /// Each subject is meant in some run of this place.
    pub(crate) exact: bool,
    /// The receiver stands for several names, one at a time.
    pub(crate) by_receiver: bool,
    /// Objects that keep what the call stands on decide.
    pub(crate) kept: bool,
    /// Nothing more than likely: a name was worked out from a row's type, or some objects' names are not known.
    pub(crate) unsure: bool,
    /// Some objects' names are not known.
    pub(crate) half_known: bool,
}

/// Calls and variables of one chain that are looked at.
const MOST_LINKS: usize = 32;

/// How a rule's target is to be read: as an entity, a name, a key.
pub(crate) fn target_mode(rule: &Rule) -> &str {
    rule.settings.get("access.target").map_or("entity", String::as_str)
}

impl Inference<'_> {
    /// The texts of a rule's target, or those under a key of the mapping that it leads to.
    pub(crate) fn target_texts(&mut self, at: Spot, rule: &Rule) -> Vec<TextAt> {
        match rule.settings.get("access.under") {
            Some(key) => self.texts_in(at.unit, at.owner, at.expr, Some(&text_key(key))),
            None => self.texts(at.unit, at.owner, at.expr),
        }
    }

    /// What a match is about; nothing where its key says all, and its callers' accesses are added.
    pub(crate) fn what_is_meant(
        &mut self,
        stores: &mut Stores,
        unit: u32,
        rule: &Rule,
        hit: &Match,
        root: Option<ExprId>,
        step: (Operation, Confidence),
        found: &mut Accesses,
    ) -> Option<Meant> {
        let mut subjects: Vec<Subject> = Vec::new();
        let mode = target_mode(rule);
        let mut had_target = false;
        let mut callers: Vec<(Subject, Spot)> = Vec::new();
        let mut exact = mode == "name";
        for target in captures(rule, hit, "access.target") {
            had_target = true;
            if let ("name", Captured::Expr(expr)) = (mode, target)
                && !rule.settings.contains_key("access.under")
                && let Some(named) = self.names_given(rule, Spot { unit, owner: hit.owner, expr: *expr })
            {
                take_named(named, &mut subjects, &mut callers);
                continue;
            }
            exact = false;
            if let ("key", Captured::Expr(expr)) = (mode, target)
                && self.callers_keys(stores, unit, rule, hit, *expr, step.0, step.1, found)
            {
                return None;
            }
            self.target_subjects(unit, hit.owner, rule, target, mode, &mut subjects);
        }
        self.subjects_beside(rule, &mut subjects);
        if let Some(name) = rule.settings.get("access.store") {
            had_target = true;
            match name.strip_prefix("entity[").and_then(|it| it.strip_suffix(']')) {
                Some(variable) => {
                    let mut named = SmallVec::new();
                    for value in self.instances_named_by(unit, variable) {
                        self.add_subjects(value, &mut named);
                    }
                    subjects.extend(named);
                }
                None => subjects.push(Subject::Named(self.pool.sym(name))),
            }
        }
        let comes_first = rule.settings.get("access.subject").map(String::as_str);
        let chain_first = comes_first == Some("first");
        // A destination that no rule declared an entity may be a plain struct: then the chain's subject counts.
        let undeclared = mode == "entity"
            && (comes_first != Some("target") || subjects.is_empty())
            && !rule.settings.contains_key("access.store")
            && subjects.iter().all(|it| match it {
                Subject::Type(of) => self.store_of_type(stores, *of).is_none(),
                _ => true,
            });
        // What several names flow to is about one of them at a time.
        let mut by_receiver = false;
        let (mut kept, mut unsure, mut half_known) = (false, false, false);
        if subjects.is_empty() || chain_first || undeclared {
            // The chain or the receiver says what it is about.
            if let Some(receiver) = self.receiver_of(unit, rule, hit, root) {
                let own = self.receiver_subjects(unit, hit.owner, rule, receiver);
                let own = self.reaching_subjects(unit, hit.owner, rule, receiver, own);
                let chain = Spot { unit, owner: hit.owner, expr: receiver };
                unsure |= had_target && own.is_empty() && self.chain_says(chain, rule.via(), "name");
                if undeclared && own.is_empty() && self.chain_says(chain, rule.via(), "entity") {
                    // `db.Model(row).Find(&totals)`: what rows are put into names no store where the chain names one.
                    subjects.clear();
                }
                by_receiver = own.len() > 1 && own.iter().all(|it| matches!(it, Subject::Named(_)));
                let says_more = had_target && !undeclared && !subjects.is_empty() && own != subjects;
                if !own.is_empty() && (!says_more || self.chain_names(unit, hit.owner, receiver)) {
                    subjects = own;
                } else if !had_target && !chain_first && subjects.is_empty() {
                    let handle = Spot { unit, owner: hit.owner, expr: receiver };
                    let named = self.names_of_handle(rule, handle);
                    exact |= !named.is_empty();
                    take_named(named, &mut subjects, &mut callers);
                    self.add_spoken_for(stores, handle, &mut subjects);
                }
                let handle = Spot { unit, owner: hit.owner, expr: receiver };
                if subjects.is_empty()
                    && !had_target
                    && let Some(named) = self.names_handed_out(rule, handle)
                {
                    take_named(named, &mut subjects, &mut callers);
                    exact = true;
                }
                if subjects.is_empty() && !had_target {
                    // `docs.c.Find(..)`
                    let found = self.names_kept(stores, handle);
                    kept = !found.named.is_empty();
                    (unsure, half_known) = (kept && (found.by_type || !found.whole), kept && !found.whole);
                    exact |= kept;
                    take_named(found.named, &mut subjects, &mut callers);
                }
            }
        }
        if let (true, Some(Captured::Expr(expr))) =
            (mode == "entity" && subjects.is_empty(), capture(rule, hit, "access.target"))
        {
            let found = self.names_kept(stores, Spot { unit, owner: hit.owner, expr: *expr });
            kept = !found.named.is_empty();
            (unsure, half_known) = (kept && (found.by_type || !found.whole), kept && !found.whole);
            exact |= kept;
            take_named(found.named, &mut subjects, &mut callers);
        }
        Some(Meant { subjects, callers, had_target, exact, by_receiver, kept, unsure, half_known })
    }

    /// The types that members of the subjects' types stand for (`type ToEntity = ..`) or give (`First() *Order`), where a rule asks for those.
    pub(crate) fn subjects_beside(&mut self, rule: &Rule, subjects: &mut Vec<Subject>) {
        let words: Vec<&str> = rule.words("access.of").collect();
        if words.is_empty() {
            return;
        }
        for subject in std::mem::take(subjects) {
            let Subject::Type(of) = subject else { continue };
            let mut found: SmallVec<[Subject; 2]> = SmallVec::new();
            for word in &words {
                for member in self.program.members(self.program.def_space(of), word) {
                    let (unit, id) = self.program.local(member);
                    let definition = self.facts(unit).definition(id);
                    // A function is about what it gives.
                    let given = definition.result.map(|it| match &self.facts(unit).expr(it).kind {
                        ExprKind::Sequence(items) => items.first().copied().unwrap_or(it),
                        _ => it,
                    });
                    let Some(of) = definition.bases.first().copied().or(given) else { continue };
                    for value in self.types(unit, definition.parent, of) {
                        self.add_subjects(value, &mut found);
                    }
                }
            }
            subjects.extend(found);
            subjects.dedup();
        }
    }

    /// Whether a chain is told what it is about by a rule of the same library, in such a mode. Where that cannot be read, what it fills may as well be of
    /// another store.
    fn chain_says(&mut self, chain: Spot, via: &str, mode: &str) -> bool {
        let mut at = chain;
        for _ in 0..MOST_LINKS {
            let facts = self.facts(at.unit);
            match &facts.expr(at.expr).kind {
                ExprKind::Call { callee, .. } => {
                    let ExprKind::Member { base, .. } = &facts.expr(*callee).kind else { return false };
                    let numbers = self.matches_at.get(&(self.program.unit(at.unit).first_expr + at.expr.0));
                    let says = |it: &u32| {
                        let rule = &self.rules.rules[facts.matches[*it as usize].rule as usize];
                        let says = rule.settings.get("operation").is_some_and(|it| it == "target");
                        says && rule.via() == via && target_mode(rule) == mode
                    };
                    if numbers.into_iter().flatten().any(says) {
                        return true;
                    }
                    at.expr = *base;
                }
                // `chain := db.Model(row)`
                ExprKind::Name(_) => {
                    let vars = self.vars_of(at.unit, at.owner, at.expr);
                    let sources: Vec<Spot> = vars.into_iter().flat_map(|it| self.sources(it.0)).collect();
                    match sources.as_slice() {
                        [only] if (only.unit, only.owner) == (at.unit, at.owner) => at = *only,
                        _ => return false,
                    }
                }
                _ => return false,
            }
        }
        false
    }

    /// Stores that the texts of an argument name, where it may be one of several.
    pub(crate) fn names_of(&mut self, unit: u32, owner: DefId, expr: ExprId) -> Vec<Subject> {
        let texts = self.texts(unit, owner, expr);
        let mut names: Vec<Subject> = Vec::new();
        for word in texts.iter().filter_map(|it| table_word(&it.text)) {
            let name = Subject::Named(self.pool.sym(word));
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// An abstract type stands for those below it, but where what embeds it is no kind of it.
    pub(crate) fn add_concrete_types(&mut self, stores: &Stores, unit: u32, subjects: &mut Vec<Subject>) {
        if !self.facts(unit).typing.embeds_parts
            && subjects.iter().all(|it| matches!(it, Subject::Type(of) if self.store_of_type(stores, *of).is_none()))
        {
            for subject in subjects.clone() {
                if let Subject::Type(of) = subject
                    && stores.abstract_types.contains_key(&of)
                {
                    subjects.extend(self.concrete_types(stores, of).into_iter().map(Subject::Type));
                }
            }
        }
    }

    /// Whether a name of several that a target stands for comes from any place that gives a value, and whether from a field
    /// that all share which embed its type.
    pub(crate) fn carried_by(&mut self, unit: u32, rule: &Rule, hit: &Match) -> (bool, bool) {
        let (mut by_value, mut by_field) = (true, false);
        for target in captures(rule, hit, "access.target") {
            let Captured::Expr(expr) = target else { continue };
            if !self.texts(unit, hit.owner, *expr).is_empty() {
                by_value = false;
                by_field |=
                    matches!(self.facts(unit).expr(*expr).kind, ExprKind::Member { .. } | ExprKind::Template(_));
            }
        }
        (by_value, by_field)
    }

    /// What a verb reads and records besides.
    pub(crate) fn add_beside(
        &mut self,
        stores: &Stores,
        rule: &Rule,
        verb: &str,
        touched: &[usize],
        deleted: Option<Subject>,
        step: (Operation, Confidence),
        beside: &mut Vec<Step>,
    ) {
        let (operation, confidence) = step;
        // Rows whose parts lie in the stores of the types above are read whole.
        let mut whole = touched.to_vec();
        if confidence > Confidence::Guess {
            whole.extend(self.stores_above(stores, touched));
        }
        if rule.words("access.reads").any(|it| it == verb || it == "*") {
            beside.extend(whole.iter().map(|it| (*it, Operation::Select, confidence)));
        }
        if rule.words("access.returns").any(|it| it == verb) {
            let bound = confidence.min(Confidence::Likely);
            beside.extend(whole.iter().map(|it| (*it, Operation::Select, bound)));
        }
        let histories = recorded(stores, rule, verb, touched.iter().copied());
        let bound = confidence.min(Confidence::Likely);
        beside.extend(histories.into_iter().map(|(store, operation)| (store, operation, bound)));
        if operation == Operation::Delete
            && confidence > Confidence::Guess
            && rule.settings.get("access.cascade").is_some_and(|it| it == "query")
            && let Some(subject) = deleted
            && (stores.is_watched(subject) || self.has_dependents(stores, subject))
        {
            // Rows are looked up before those that point to them.
            beside.extend(whole.iter().map(|it| (*it, Operation::Select, confidence)));
        }
        beside.dedup();
    }

    /// What goes with the rows that a verb deletes, and what keeps a record of it.
    pub(crate) fn gone_along(
        &mut self,
        stores: &Stores,
        rule: &Rule,
        verb: &str,
        deleted: Option<Subject>,
        step: (Operation, Confidence),
    ) -> Vec<(usize, Operation)> {
        let (Operation::Delete, true, Some(subject)) = (step.0, step.1 > Confidence::Guess, deleted) else {
            return Vec::new();
        };
        if !rule.settings.contains_key("access.cascade") {
            return Vec::new();
        }
        let rows = self.cascaded(stores, subject);
        let deleted = rows.iter().filter(|it| it.1 == Operation::Delete).map(|it| it.0);
        let mut along = recorded(stores, rule, verb, deleted);
        along.extend(rows);
        along
    }

    /// The one thing that is meant whose rows are kept: the type of a query has none.
    pub(crate) fn one_of_rows(&mut self, stores: &Stores, subjects: &[Subject]) -> Option<Subject> {
        let mut of_rows = subjects.iter().copied().filter(|it| match it {
            Subject::Type(of) => subjects.len() == 1 || self.store_of_type(stores, *of).is_some(),
            _ => true,
        });
        let only = of_rows.next()?;
        of_rows.next().is_none().then_some(only)
    }
}
