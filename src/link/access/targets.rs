//! Which stores an access touches: its targets, the subject of its chain, the relations it names.

use rustc_hash::FxHashSet;

use crate::link::access::accesses::{decided_by_caller, key_space, table_word};
use crate::link::access::conditions::Said;
use crate::link::access::meant::target_mode;
use crate::link::calls::children;
use crate::link::names::program::Def;
use crate::link::storage::stores::Stores;
use crate::link::values::guards::{Held, capture, captures};
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::members::ROWS_BETWEEN;
use crate::link::values::value::{Subject, Value, ValueId};
use crate::model::fact::{Captured, DefId, DefinitionKind, ExprId, ExprKind, Match, RegionKind, StepKind};
use crate::model::graph::{Confidence, StoreKind};
use crate::model::rule::{Guard, Rule, Subject as StubSubject};

/// Parts of an expression that are looked at for what it is about.
const MOST_WITHIN: usize = 64;
/// A place that may hold more names than this says nothing.
const MOST_HELD: usize = 6;
/// Of more entities than this one chain is not about all.
const MOST_SURE: usize = 3;

impl Inference<'_> {
    /// The stores that an earlier call of the chain names as its target (`db.Find(&users).Count(&n)`).
    pub(crate) fn stores_of_chain(
        &mut self,
        stores: &mut Stores,
        unit: u32,
        owner: DefId,
        root: Option<ExprId>,
    ) -> Vec<usize> {
        let facts = self.facts(unit);
        let Some(mut expr) = root else { return Vec::new() };
        while let ExprKind::Call { callee, .. } = &facts.expr(expr).kind
            && let ExprKind::Member { base, .. } = &facts.expr(*callee).kind
        {
            expr = *base;
            let numbers = self.matches_at.get(&(self.program.unit(unit).first_expr + expr.0)).cloned();
            for number in numbers.into_iter().flatten() {
                let hit = &facts.matches[number as usize];
                let rules = self.rules;
                let rule = &rules.rules[hit.rule as usize];
                let Some(target) = capture(rule, hit, "access.target") else { continue };
                let Some(confidence) = self.confidence(unit, rule, hit) else { continue };
                let mut subjects = Vec::new();
                let mode = target_mode(rule);
                if mode == "key" {
                    // Commands of one pipeline have a key each.
                    continue;
                }
                self.target_subjects(unit, owner, rule, target, mode, &mut subjects);
                let found = subjects.into_iter();
                let found: Vec<usize> = found
                    .filter_map(|it| self.store_of_subject(stores, it, rule, StoreKind::Table, confidence))
                    .collect();
                if !found.is_empty() {
                    return found;
                }
            }
        }
        Vec::new()
    }

    /// Whether `inner` is a link of the chain of calls that ends in `outer`.
    pub(crate) fn chain_holds(&self, unit: u32, outer: ExprId, inner: ExprId) -> bool {
        let facts = self.facts(unit);
        let mut expr = outer;
        while let ExprKind::Call { callee, .. } = &facts.expr(expr).kind
            && let ExprKind::Member { base, .. } = &facts.expr(*callee).kind
        {
            expr = *base;
            if expr == inner {
                return true;
            }
        }
        false
    }

    /// Stores read through relations that a call names: in texts (`"orders__items"`) and keywords (`customer__email=..`).
    pub(crate) fn relation_reads(
        &mut self,
        stores: &Stores,
        rule: &Rule,
        unit: u32,
        owner: DefId,
        root: Option<ExprId>,
        columns: &[String],
        touched: &[usize],
    ) -> Vec<usize> {
        let mut paths: Vec<String> = Vec::new();
        // A keyword follows the relations before its last word: `customer=c` compares a key and joins nothing.
        let named = |word: &str| {
            let mut parts: Vec<&str> = word.split("__").collect();
            while parts.last().is_some_and(|last| rule.words("access.lookups").any(|it| it == *last)) {
                parts.pop();
            }
            parts.join("__")
        };
        let followed = |word: &str| named(word).rsplit_once("__").map(|(path, _)| path.to_owned());
        // Its last word joins where the rows that point here are meant (`lines=line`, `Count("lines")`).
        let mut ends: Vec<String> = Vec::new();
        if rule.settings.get("access.also").is_some_and(|it| it == "path") {
            let columns = || columns.iter().map(|it| it.trim_start_matches('-'));
            paths.extend(columns().filter_map(|it| Some(it.rsplit_once("__")?.0.to_owned())));
            ends.extend(columns().map(str::to_owned));
        } else {
            paths.extend_from_slice(columns);
        }
        for said in root.map(|it| self.conditions(unit, owner, it)).unwrap_or_default() {
            match said {
                Said::Text { text, own: false } if text.contains("__") => paths.push(text),
                Said::Text { text, own: false } => ends.push(text),
                Said::Text { text, own: true } if !text.contains("__") => {}
                Said::Keyword(text) | Said::Text { text, .. } => {
                    paths.extend(followed(&text));
                    ends.push(named(&text));
                }
            }
        }
        let mut reads = Vec::new();
        for store in touched {
            let mut entities: Vec<Subject> =
                stores.drafts[*store].entities.iter().map(|it| Subject::Type(*it)).collect();
            if entities.is_empty() && self.stubs.type_of(&stores.drafts[*store].name).is_some() {
                entities.push(Subject::Named(self.pool.sym(&stores.drafts[*store].name)));
            }
            for of in entities {
                for path in &paths {
                    for related in self.related_stores(stores, of, path) {
                        if !reads.contains(&related) {
                            reads.push(related);
                        }
                    }
                }
                for path in &ends {
                    if let Some(end) = self.far_end(stores, of, path)
                        && !reads.contains(&end)
                    {
                        reads.push(end);
                    }
                }
            }
        }
        reads
    }

    /// Types that accesses are about as they stand, but for those in their own methods: no base of others is asked for itself.
    pub(crate) fn queried_types(&mut self) -> FxHashSet<Def> {
        let mut queried = FxHashSet::default();
        for (unit, rule, hit) in self.hits(|it| it.has("access") && it.has("access.target")) {
            let mode = rule.settings.get("access.target").map_or("entity", String::as_str);
            let is_test = self.program.is_test(self.program.def(unit, hit.owner));
            if mode != "entity" || is_test || self.guards_hold(unit, hit.owner, rule, hit) != Held::Yes {
                continue;
            }
            let owner = self.named_owner(unit, hit.owner);
            let definition = self.facts(unit).definition(owner);
            let own = definition.receiver.map(|it| self.type_objects(unit, definition.parent, it)).unwrap_or_default();
            let mut subjects = Vec::new();
            for target in captures(rule, hit, "access.target") {
                self.target_subjects(unit, hit.owner, rule, target, mode, &mut subjects);
            }
            for subject in subjects {
                if let Subject::Type(of) = subject
                    && !own.iter().any(|it| self.pool.value(*it) == Value::Def(of))
                {
                    queried.insert(of);
                }
            }
        }
        queried
    }

    pub(crate) fn target_subjects(
        &mut self,
        unit: u32,
        owner: DefId,
        rule: &Rule,
        target: &Captured,
        mode: &str,
        subjects: &mut Vec<Subject>,
    ) {
        match target {
            Captured::Expr(expr) => match mode {
                "name" | "key" => {
                    let texts = self.target_texts(Spot { unit, owner, expr: *expr }, rule);
                    if texts.is_empty() && !rule.settings.contains_key("access.under") {
                        // A value that is about a store: a table as an expression, or one of several.
                        let here = Spot { unit, owner, expr: *expr };
                        for it in self.origins(here).unwrap_or_else(|| vec![here]) {
                            for value in self.eval(it.unit, it.owner, it.expr) {
                                if let Value::Outside { subject, .. } = self.pool.value(value)
                                    && subject != Subject::None
                                    && !subjects.contains(&subject)
                                {
                                    subjects.push(subject);
                                }
                            }
                        }
                        if subjects.is_empty()
                            && let Some(subject) = self.subject_of(unit, owner, *expr)
                        {
                            subjects.push(subject);
                        }
                    }
                    for text in texts {
                        if mode == "key" && decided_by_caller(&text, unit, owner) {
                            continue;
                        }
                        let name = if mode == "key" { key_space(&text.text) } else { text.text };
                        if let Some(name) = table_word(&name) {
                            subjects.push(Subject::Named(self.pool.sym(name)));
                        }
                    }
                }
                _ => {
                    let values = self.eval(unit, owner, *expr);
                    let is_inner = self.is_inner_type(unit, owner, *expr);
                    let mut flat = Vec::new();
                    for value in values {
                        match self.pool.value(value) {
                            Value::Outside { .. } if is_inner => {}
                            Value::Container(container) => flat.extend(self.container_read(container, None)),
                            // A name for a list of rows (`type Orders []Order`) is about the rows.
                            Value::Instance(of) if !self.container_of(of).is_empty() => {
                                flat.extend(self.elements(&[value]));
                            }
                            _ => flat.push(value),
                        }
                    }
                    self.keep_guarded(rule, "access.target", &mut flat);
                    for value in flat {
                        let subject = match self.pool.value(value) {
                            Value::Def(of) | Value::Instance(of) | Value::Super(of) if self.program.is_type(of) => {
                                Subject::Type(of)
                            }
                            Value::Outside { subject, .. } if subject != Subject::None => subject,
                            Value::Outside { path, .. } => match self.outside_store(path) {
                                Some(subject) => subject,
                                None => continue,
                            },
                            _ => continue,
                        };
                        if !subjects.contains(&subject) {
                            subjects.push(subject);
                        }
                    }
                    // A column or a relation named through its entity: `select(User.id)`, `join(User.orders)`.
                    if let ExprKind::Member { base, name } = &self.facts(unit).expr(*expr).kind
                        && !is_inner
                    {
                        for value in self.eval(unit, owner, *base) {
                            if let Value::Def(of) = self.pool.value(value)
                                && let Some(entity) = self.pointed.get(&(of, name.to_string()))
                            {
                                subjects.push(Subject::Type(*entity));
                            } else if let Value::Def(of) = self.pool.value(value)
                                && let Some(other) = self.far_side(of, name)
                            {
                                if !subjects.contains(&other) {
                                    subjects.push(other);
                                }
                            } else if let Value::Def(of) = self.pool.value(value)
                                && self.program.is_type(of)
                                && !subjects.contains(&Subject::Type(of))
                            {
                                subjects.push(Subject::Type(of));
                            }
                        }
                    }
                    if rule.settings.contains_key("access.within") {
                        for subject in self.subjects_within(unit, owner, *expr) {
                            if !subjects.contains(&subject) {
                                subjects.push(subject);
                            }
                        }
                    }
                }
            },
            Captured::Word(word) => subjects.push(Subject::Named(self.pool.sym(word))),
            Captured::Definition(id) => subjects.push(Subject::Type(self.program.def(unit, *id))),
        }
    }

    /// The other side of a relation that a member of an entity's type is, where rows are loaded by it.
    fn far_side(&mut self, of: Def, name: &str) -> Option<Subject> {
        let related = self.relation_of(of, name).filter(|it| it.loads.is_some())?;
        (related.of != Subject::None).then_some(related.of)
    }

    /// Tables between two entities whose relation a target names (`join(Order.tags)`).
    pub(crate) fn links_named(&mut self, stores: &Stores, unit: u32, rule: &Rule, hit: &Match) -> Vec<usize> {
        let mut links = Vec::new();
        if stores.links.is_empty() {
            return links;
        }
        for target in captures(rule, hit, "access.target") {
            let Captured::Expr(expr) = target else { continue };
            let ExprKind::Member { base, name } = &self.facts(unit).expr(*expr).kind else { continue };
            for value in self.eval(unit, hit.owner, *base) {
                if let Value::Def(of) = self.pool.value(value)
                    && self.far_side(of, name).is_some()
                {
                    links.extend(self.link_of(stores, Subject::Type(of), name));
                }
            }
        }
        links
    }

    /// Entities whose members stand in an expression (`func.count(Order.id).label("n")`), and what queries that stand in
    /// it are about; also by way of a local variable.
    pub(crate) fn subjects_within(&mut self, unit: u32, owner: DefId, expr: ExprId) -> Vec<Subject> {
        let facts = self.facts(unit);
        let mut subjects: Vec<Subject> = Vec::new();
        let mut seen: Vec<ExprId> = Vec::new();
        let mut todo = vec![expr];
        while let Some(at) = todo.pop() {
            if seen.len() > MOST_WITHIN || seen.contains(&at) {
                continue;
            }
            seen.push(at);
            if self.is_inner_type(unit, owner, at) {
                continue;
            }
            if at == expr && !self.add_declared(unit, owner, at, &mut subjects) {
                self.add_named(unit, owner, at, &mut subjects);
            }
            match &facts.expr(at).kind {
                ExprKind::Member { base, .. } => {
                    self.add_named(unit, owner, *base, &mut subjects);
                    todo.push(*base);
                }
                ExprKind::Name(name) => {
                    let Some(var) = self.find_var(self.program.space(unit, owner), name) else { continue };
                    let sources = self.vars.sources(var);
                    let own = sources.iter().filter(|it| it.unit == unit && it.owner == owner && it.expr < at);
                    todo.extend(own.map(|it| it.expr).filter(|it| !matches!(facts.expr(*it).kind, ExprKind::Name(_))));
                }
                ExprKind::Function(_) | ExprKind::Compared(_) => {}
                _ => children(facts, at, &mut |it| todo.push(it)),
            }
        }
        subjects
    }

    /// Of many entities that a chain may be about, those that go into this one: a function of the project's own may begin
    /// chains for all of them. True if some were left out.
    pub(crate) fn narrowed(
        &mut self,
        stores: &Stores,
        unit: u32,
        owner: DefId,
        rule: &Rule,
        hit: &Match,
        root: Option<ExprId>,
        subjects: &mut Vec<Subject>,
    ) -> bool {
        let types = subjects.iter().filter(|it| matches!(it, Subject::Type(_))).count();
        if types <= MOST_SURE {
            return false;
        }
        let Some(receiver) = self.receiver_of(unit, rule, hit, root) else { return false };
        let mut kept: Vec<Subject> = Vec::new();
        for origin in self.ingredients(Spot { unit, owner, expr: receiver }).origins {
            let at = origin.spot;
            let values = match &self.facts(at.unit).expr(at.expr).kind {
                ExprKind::Name(_) | ExprKind::Construct { .. } if origin.handed.is_none() => {
                    self.eval(at.unit, at.owner, at.expr)
                }
                _ => continue,
            };
            let home = (at.unit, self.named_owner(at.unit, at.owner)) == (unit, self.named_owner(unit, owner));
            if let [only] = values.as_slice()
                && home
                && let Value::Instance(of) = self.pool.value(*only)
                && self.store_of_type(stores, of).is_some()
                && subjects.contains(&Subject::Type(of))
                && !kept.contains(&Subject::Type(of))
            {
                kept.push(Subject::Type(of));
            }
        }
        let fewer = !kept.is_empty() && kept.len() < subjects.len();
        if fewer {
            *subjects = kept;
        }
        fewer
    }

    /// Whether a chain says itself what it is about, here or in a function that begins it.
    pub(crate) fn chain_names(&mut self, unit: u32, owner: DefId, receiver: ExprId) -> bool {
        !self.chain_targets(Spot { unit, owner, expr: receiver }).is_empty()
    }

    /// What a chain says itself that it is about, also where functions that serve many chains hand it on (`q = filtered(q)`).
    fn chain_said(&mut self, receiver: Spot) -> Vec<Subject> {
        let rules = self.rules;
        let mut said = Vec::new();
        for (at, number) in self.chain_targets(receiver) {
            let hit = &self.facts(at.unit).matches[number as usize];
            let rule = &rules.rules[hit.rule as usize];
            if self.guards_hold(at.unit, hit.owner, rule, hit) != Held::Yes {
                continue;
            }
            for target in captures(rule, hit, "access.target") {
                let mode = target_mode(rule);
                if let ("name", Captured::Expr(expr)) = (mode, target)
                    && let Some(named) = self.names_given(rule, Spot { unit: at.unit, owner: hit.owner, expr: *expr })
                {
                    said.extend(named.into_iter().map(|it| it.0).filter(|it| !said.contains(it)).collect::<Vec<_>>());
                    continue;
                }
                self.target_subjects(at.unit, hit.owner, rule, target, mode, &mut said);
            }
        }
        said
    }

    /// The calls of a chain that say what it is about, with the matches there, but for what callers hand in.
    fn chain_targets(&mut self, receiver: Spot) -> Vec<(Spot, u32)> {
        let parts = self.ingredients(receiver).origins;
        let mut targets = Vec::new();
        for it in parts.iter().filter(|it| it.handed.is_none()) {
            let at = self.program.unit(it.spot.unit).first_expr + it.spot.expr.0;
            for number in self.matches_at.get(&at).into_iter().flatten() {
                let hit = &self.facts(it.spot.unit).matches[*number as usize];
                let rule = &self.rules.rules[hit.rule as usize];
                if rule.settings.get("operation").is_some_and(|it| it == "target") {
                    targets.push((it.spot, *number));
                }
            }
        }
        targets
    }

    /// The stores that a place names by what was written down, each with the callers that decide it. Where that is not
    /// all of it, it still says more than all that the place might ever hold, if that is much.
    pub(crate) fn names_given(&mut self, rule: &Rule, spot: Spot) -> Option<Vec<(Subject, Vec<Spot>)>> {
        let (named, whole) = self.names_written(spot);
        if whole || named.is_empty() {
            return whole.then_some(named).filter(|it| !it.is_empty());
        }
        let mut held = Vec::new();
        self.target_subjects(spot.unit, spot.owner, rule, &Captured::Expr(spot.expr), "name", &mut held);
        (held.len() > MOST_HELD).then_some(named)
    }

    /// The stores that the call names which made a handle where it is used (`tx.Bucket(name).Put(..)`), when it is given a name
    /// that callers decide.
    pub(crate) fn names_of_handle(&mut self, rule: &Rule, handle: Spot) -> Vec<(Subject, Vec<Spot>)> {
        let mut makers = vec![handle.expr];
        let origins = self.written(handle).origins;
        makers.extend(
            origins
                .iter()
                .map(|it| it.spot)
                .filter(|it| (it.unit, it.owner) == (handle.unit, handle.owner))
                .map(|it| it.expr),
        );
        for maker in makers {
            let mut at = maker;
            while let ExprKind::Call { callee, args } = &self.facts(handle.unit).expr(at).kind {
                for value in self.eval(handle.unit, handle.owner, *callee) {
                    let Value::Outside { path, .. } = self.pool.value(value) else { continue };
                    let stub = self.stub_of_call(path, self.separator(handle.unit)).stub;
                    if let Some(StubSubject::Argument(n)) = stub.and_then(|it| it.subject)
                        && let Some(argument) = args.get(usize::from(n))
                    {
                        let name = Spot { expr: argument.value, ..handle };
                        if let Some(named) = self.names_given(rule, name).or_else(|| self.names_listed(name)) {
                            return named;
                        }
                    }
                }
                let ExprKind::Member { base, .. } = &self.facts(handle.unit).expr(*callee).kind else { break };
                at = *base;
            }
        }
        Vec::new()
    }

    /// The names of a list that a loop goes through (`for _, name := range []string{"orders", "parcels"}`): each is meant once.
    fn names_listed(&mut self, name: Spot) -> Option<Vec<(Subject, Vec<Spot>)>> {
        let vars = self.vars_of(name.unit, name.owner, name.expr);
        let sources: Vec<Spot> = vars.into_iter().flat_map(|it| self.sources(it.0)).collect();
        let is_element = |it: &Spot| matches!(self.facts(it.unit).expr(it.expr).kind, ExprKind::Element(_));
        if sources.is_empty() || !sources.iter().all(is_element) {
            return None;
        }
        let texts = self.texts(name.unit, name.owner, name.expr);
        let words: Option<Vec<String>> =
            texts.iter().map(|it| table_word(&it.text).filter(|_| !it.through_parameter).map(str::to_owned)).collect();
        let words = words.filter(|it| !it.is_empty())?;
        Some(words.iter().map(|it| (Subject::Named(self.pool.sym(it)), Vec::new())).collect())
    }

    /// The stores that a place names, as they were written down, and whether every way led to one.
    pub(crate) fn names_written(&mut self, spot: Spot) -> (Vec<(Subject, Vec<Spot>)>, bool) {
        let kind = &self.facts(spot.unit).expr(spot.expr).kind;
        if !matches!(kind, ExprKind::Name(_) | ExprKind::Member { .. } | ExprKind::Call { .. }) {
            return (Vec::new(), false);
        }
        let found = self.written(spot);
        let mut named = Vec::new();
        let mut whole = found.whole;
        for origin in found.origins {
            let at = origin.spot;
            let mut subjects: Vec<Subject> = Vec::new();
            match &self.facts(at.unit).expr(at.expr).kind {
                ExprKind::Text(text) if text.is_empty() => continue,
                ExprKind::Text(text) => subjects.extend(table_word(text).map(|it| Subject::Named(self.pool.sym(it)))),
                _ => {
                    for value in self.eval(at.unit, at.owner, at.expr) {
                        if let Value::Outside { subject, .. } = self.pool.value(value)
                            && subject != Subject::None
                            && !subjects.contains(&subject)
                        {
                            subjects.push(subject);
                        }
                    }
                    if subjects.is_empty() {
                        // `TableName("orders")`: a function makes the name of what the call on this way gives it.
                        let before = self.bind_within(&origin.within);
                        subjects = self.names_of(at.unit, at.owner, at.expr);
                        self.bindings.truncate(before);
                    }
                }
            }
            let [subject] = subjects.as_slice() else {
                whole = false;
                continue;
            };
            let mut by: Vec<Spot> = Vec::new();
            for it in origin.handed.into_iter().flat_map(|it| [it.0, it.1]) {
                if (it.unit, it.owner) != (spot.unit, spot.owner) && !by.contains(&it) {
                    by.push(it);
                }
            }
            named.push((*subject, by));
        }
        (named, whole)
    }

    /// Of several values that a captured expression may have, those that the rule asks for, if there are any.
    fn keep_guarded(&mut self, rule: &Rule, name: &str, values: &mut Vec<ValueId>) {
        if values.len() < 2 {
            return;
        }
        let wanted = rule.guards.iter().find_map(|guard| match guard {
            Guard::Type { capture, any_of, negated: false }
                if rule.captures.get(usize::from(*capture)).is_some_and(|it| it == name) =>
            {
                Some(any_of)
            }
            _ => None,
        });
        let Some(wanted) = wanted else { return };
        let kept: Vec<ValueId> =
            values.iter().copied().filter(|it| self.any_matches(&[*it], wanted, true) == Held::Yes).collect();
        if !kept.is_empty() {
            *values = kept;
        }
    }

    /// Whether a call says by a constant that it does not do it (`access.unless "commit=False"`).
    pub(crate) fn is_called_off(&self, unit: u32, rule: &Rule, setting: &str, root: Option<ExprId>) -> bool {
        let facts = self.facts(unit);
        let Some(ExprKind::Call { args, .. }) = root.map(|it| &facts.expr(it).kind) else { return false };
        rule.words(setting).filter_map(|it| it.split_once('=')).any(|(name, value)| {
            args.iter().filter(|it| it.name.as_ref().is_some_and(|it| it == name)).any(|it| {
                matches!(&facts.expr(it.value).kind, ExprKind::Constant(word) | ExprKind::Text(word) if word == value)
            })
        })
    }

    pub(crate) fn receiver_of(&self, unit: u32, rule: &Rule, hit: &Match, root: Option<ExprId>) -> Option<ExprId> {
        if let Some(Captured::Expr(receiver)) = capture(rule, hit, "access.receiver") {
            return Some(*receiver);
        }
        let ExprKind::Call { callee, .. } = &self.facts(unit).expr(root?).kind else { return None };
        let callee = self.without_types(unit, *callee);
        match &self.facts(unit).expr(callee).kind {
            ExprKind::Member { base, .. } => Some(*base),
            _ => None,
        }
    }

    /// What the receiver of a call is about. A name that a `with` block around the call binds is what that block entered.
    pub(crate) fn receiver_subjects(&mut self, unit: u32, owner: DefId, rule: &Rule, receiver: ExprId) -> Vec<Subject> {
        let mut own = self.outside_subjects(unit, owner, rule, receiver);
        if own.len() > 1 {
            let said = self.chain_said(Spot { unit, owner, expr: receiver });
            if !said.is_empty() && said.iter().all(|it| own.contains(it)) {
                own = said;
            }
        }
        match self.entered_around(unit, owner, receiver) {
            Some(entered) if own.len() > 1 => self.outside_subjects(unit, owner, rule, entered),
            _ => own,
        }
    }

    fn outside_subjects(&mut self, unit: u32, owner: DefId, rule: &Rule, expr: ExprId) -> Vec<Subject> {
        let mut subjects = Vec::new();
        let mut values = self.eval(unit, owner, expr).to_vec();
        // What else a parameter may hold is about other things.
        self.keep_guarded(rule, "access.receiver", &mut values);
        for value in values {
            if let Value::Outside { subject, .. } = self.pool.value(value)
                && subject != Subject::None
                && !subjects.contains(&subject)
            {
                subjects.push(subject);
            }
        }
        subjects
    }

    /// What the innermost `with` block around a name entered under it.
    fn entered_around(&self, unit: u32, owner: DefId, expr: ExprId) -> Option<ExprId> {
        let facts = self.facts(unit);
        let ExprKind::Name(name) = &facts.expr(expr).kind else { return None };
        let line = facts.expr(expr).at.line;
        let mut best: Option<(u32, ExprId)> = None;
        for step in facts.steps.iter().filter(|it| it.owner == owner) {
            let StepKind::Assign { target, value } = step.kind else { continue };
            let ExprKind::Entered(inner) = facts.expr(value).kind else { continue };
            if !matches!(&facts.expr(target).kind, ExprKind::Name(it) if it == name) {
                continue;
            }
            let around = facts
                .regions
                .iter()
                .find(|it| it.kind == RegionKind::With(inner) && it.first_line <= line && line <= it.last_line);
            if let Some(region) = around
                && best.is_none_or(|(first, _)| region.first_line >= first)
            {
                best = Some((region.first_line, value));
            }
        }
        best.map(|(_, value)| value)
    }

    /// The store a subject stands for. A type no rule declared is one only if this rule names such types.
    pub(crate) fn store_of_subject(
        &mut self,
        stores: &mut Stores,
        subject: Subject,
        rule: &Rule,
        kind: StoreKind,
        confidence: Confidence,
    ) -> Option<usize> {
        match subject {
            Subject::Type(of) => {
                if let Some(store) = self.store_of_type(stores, of) {
                    return Some(store);
                }
                let naming_rule = rule.settings.get("entity.store")?;
                if stores.abstract_types.contains_key(&of) || self.program.kind(of) != DefinitionKind::Type {
                    return None;
                }
                if confidence < Confidence::Likely || self.is_single_value(of) {
                    return None;
                }
                let name = self.said_name(rule, naming_rule, of)?;
                Some(self.map_type(stores, of, &name, kind))
            }
            Subject::Named(sym) => {
                let name = self.pool.text(sym).to_owned();
                if let Some((of, relation)) = name.strip_prefix(ROWS_BETWEEN).and_then(|it| it.split_once(' ')) {
                    let of = Def(of.parse().ok()?);
                    let history = self.history_of(stores, of, relation);
                    return history.or_else(|| self.link_of(stores, Subject::Type(of), relation));
                }
                if let Some(known) = self.name_behind(stores, name.split_whitespace().next().unwrap_or_default()) {
                    return Some(known);
                }
                let bare = table_word(&name)?.trim_matches(['`', '"', '[', ']']).to_owned();
                // A mapper's name for a type that several files have.
                if target_mode(rule) == "entity"
                    && stores.find(&bare).is_none()
                    && let Some(store) = self.store_called_like(stores, bare.rsplit('.').next().unwrap_or(&bare))
                {
                    return Some(store);
                }
                if kind == StoreKind::Table || kind == StoreKind::View {
                    let (schema, table) =
                        bare.rsplit_once('.').map_or((None, bare.as_str()), |(schema, table)| (Some(schema), table));
                    return Some(stores.named(schema, table, kind));
                }
                Some(stores.named(None, &bare, kind))
            }
            Subject::None => None,
        }
    }

    pub(crate) fn captured_columns(&mut self, unit: u32, rule: &Rule, hit: &Match) -> Vec<String> {
        let mut columns: Vec<String> = rule.words("access.relations").map(str::to_owned).collect();
        let lists = rule.settings.get("access.also").is_some_and(|it| it == "relation");
        columns.extend(captures(rule, hit, "access.column").flat_map(|it| match it {
            Captured::Expr(expr) => match self.plain_text(unit, hit.owner, *expr) {
                Some(text) => vec![text],
                None if lists => self.texts_listed(Spot { unit, owner: hit.owner, expr: *expr }),
                None => Vec::new(),
            },
            Captured::Word(word) => vec![word.to_string()],
            Captured::Definition(_) => Vec::new(),
        }));
        // `order_by("-placed")`: the sign is none of the name.
        columns.into_iter().map(|it| it.trim_start_matches('-').to_owned()).collect()
    }
}

/// Takes stores by name, each with the callers that decide it.
pub(crate) fn take_named(
    named: Vec<(Subject, Vec<Spot>)>,
    subjects: &mut Vec<Subject>,
    callers: &mut Vec<(Subject, Spot)>,
) {
    for (subject, handed) in named {
        if !subjects.contains(&subject) {
            subjects.push(subject);
        }
        callers.extend(handed.into_iter().map(|it| (subject, it)));
    }
}
