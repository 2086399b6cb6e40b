//! Functions that run what they are given: what goes into a statement, such as a builder's chain in a function further
//! out, is what the function that sends it does.

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::link::access::accesses::{Accesses, MOST_CANDIDATES, RawSpot, Step, beside, shortened};
use crate::link::names::program::{Def, Unit};
use crate::link::routes::registrations::function_at;
use crate::link::storage::migrations::migration_order;
use crate::link::storage::stores::Stores;
use crate::link::strings::texts::TextAt;
use crate::link::values::flow::Origin;
use crate::link::values::guards::{Held, capture, captures};
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::Subject;
use crate::model::fact::{Captured, ExprId, ExprKind, FileFacts, Match, Piece};
use crate::model::graph::Confidence;
use crate::model::source::Role;
use crate::model::sql::{Operation, ReadSql, SchemaChange, SqlAccess};

/// Chains that go on from one another.
const MOST_CHAINS: u32 = 4;

/// A call that runs SQL whose text other code decides.
pub(crate) struct Sender {
    pub(crate) unit: u32,
    pub(crate) hit: Match,
    pub(crate) confidence: Confidence,
    /// Nothing is known of the text itself.
    pub(crate) is_bare: bool,
}

impl Sender {
    /// Whether other code decides all that a call runs: following more than that costs more than it tells.
    pub(crate) fn needed(texts: &[TextAt]) -> bool {
        texts.iter().all(|it| it.through_parameter && !it.begun)
    }
}

impl Inference<'_> {
    /// Gives what was built for a statement to the function that sends it.
    pub(crate) fn sent_statements(&mut self, stores: &mut Stores, sql: &dyn ReadSql, found: &mut Accesses) {
        let senders = std::mem::take(&mut found.senders);
        if senders.is_empty() {
            return;
        }
        let mut built: FxHashMap<(u32, ExprId), Vec<Step>> = FxHashMap::default();
        for access in &found.accesses {
            if let Some(expr) = access.expr {
                let step = (access.store, access.operation, access.confidence);
                built.entry((access.unit, expr)).or_default().push(step);
            }
        }
        let mut clauses: FxHashMap<(Spot, SmallVec<[(Def, Spot); 2]>), Vec<Step>> = FxHashMap::default();
        let mut files: FxHashMap<(u32, String), Vec<Step>> = FxHashMap::default();
        let mut decided: FxHashSet<(u32, u32)> = FxHashSet::default();
        for sender in senders {
            let rules = self.rules;
            let rule = &rules.rules[sender.hit.rule as usize];
            let Some(Captured::Expr(expr)) = capture(rule, &sender.hit, "embedded.sql") else { continue };
            let spot = Spot { unit: sender.unit, owner: sender.hit.owner, expr: *expr };
            let mut sent: Vec<Step> = Vec::new();
            // Part of it came by no argument: what fields and lists ever hold.
            let mut is_blended = false;
            let by_chain = rule.settings.get("sql.chain").is_some_and(|it| it == "true");
            if by_chain {
                // What stands in the statement itself is told there.
                let mut own = Vec::new();
                self.chain_calls(spot, &mut own);
                let mut parts = Vec::new();
                self.chain_parts(spot, 0, &mut parts);
                sent.extend(parts.iter().filter(|it| !own.contains(it)).filter_map(|it| built.get(it)).flatten());
            }
            let prepares = rule.settings.get("sql.prepares").is_some_and(|it| it == "true");
            let origins = if by_chain { Vec::new() } else { self.ingredients(spot).origins };
            for origin in origins {
                let here = (origin.spot.unit, origin.spot.expr);
                // What is only prepared here counts where it is run.
                if prepares && found.run_texts.contains(&here) {
                    continue;
                }
                // What goes into a call of which nothing is known may come from a query without being one.
                let is_sure = sender.confidence == Confidence::Certain || !sender.is_bare;
                if let Some(steps) = built.get(&here).filter(|_| is_sure && !origin.is_operand) {
                    self.steps_within(stores, &origin, steps, &mut sent);
                }
                let before = sent.len();
                let place = (origin.spot, origin.within.clone());
                if !clauses.contains_key(&place) {
                    let steps = self.clauses(stores, sql, &origin, found);
                    clauses.insert(place.clone(), steps);
                }
                sent.extend(clauses.get(&place).into_iter().flatten());
                is_blended |= sent.len() > before && origin.handed.is_none() && origin.within.is_empty();
                if sender.is_bare {
                    for text in self.paths_named(&origin) {
                        let place = (origin.spot.unit, text);
                        let known = files.contains_key(&place);
                        let steps = if known { Vec::new() } else { self.file_steps(stores, place.0, &place.1) };
                        sent.extend(files.entry(place).or_insert(steps).iter());
                    }
                }
            }
            if sent.is_empty() {
                continue;
            }
            decided.insert((sender.unit, sender.hit.line));
            sent.sort_unstable();
            // The surest one of each comes last.
            sent.reverse();
            sent.dedup_by_key(|it| (it.0, it.1));
            let touched: FxHashSet<usize> = sent.iter().map(|it| it.0).collect();
            let is_vague = is_blended && touched.len() > MOST_CANDIDATES;
            let bound = if is_vague { Confidence::Guess } else { Confidence::Likely };
            for (store, operation, confidence) in sent {
                let known = found.accesses.iter().any(|it| {
                    (it.unit, it.owner, it.line, it.store) == (sender.unit, sender.hit.owner, sender.hit.line, store)
                        && it.operation == operation
                });
                if known {
                    continue;
                }
                let step = (store, operation, confidence.min(sender.confidence).min(bound));
                let hit = &sender.hit;
                found.accesses.push(self.access_at(sender.unit, hit.owner, hit.line, hit.rule, step));
            }
        }
        // Texts that were found to be sent have their call after all.
        let used: Vec<(u32, u32, u32)> = found
            .used_texts
            .iter()
            .map(|(unit, expr)| (*unit, self.facts(*unit).expr(*expr)))
            .map(|(unit, written)| match written.kind {
                ExprKind::Text(_) | ExprKind::Template(_) => (unit, written.at.line, written.end_line),
                _ => (unit, written.at.line, written.at.line),
            })
            .collect();
        let is_used = |it: &RawSpot| {
            used.iter().any(|(unit, first, last)| *unit == it.unit && (*first..=*last).contains(&it.line))
        };
        found.blind_spots.retain(|it| match it.kind {
            "dynamic-sql" => !decided.contains(&(it.unit, it.line)),
            "unattributed-sql" => !is_used(it),
            _ => true,
        });
    }

    /// The calls that a builder's chain consists of, with their arguments, also where it goes on from a variable, a field
    /// or a parameter. What is compared with in its conditions is no part of it.
    fn chain_parts(&mut self, spot: Spot, level: u32, parts: &mut Vec<(u32, ExprId)>) {
        let Some(expr) = self.chain_calls(spot, parts) else { return };
        if level < MOST_CHAINS {
            let here = Spot { expr, ..spot };
            let mut from: Vec<(Spot, SmallVec<[(Def, Spot); 2]>)> =
                self.written(here).origins.into_iter().map(|it| (it.spot, it.within)).collect();
            if from.is_empty() {
                for (var, _) in self.vars_of(here.unit, here.owner, here.expr) {
                    from.extend(self.sources(var).into_iter().map(|it| (it, SmallVec::new())));
                }
            }
            for (origin, within) in from.into_iter().filter(|it| it.0 != here) {
                // What a function goes on building of its parameter came with the call in hand.
                let before = self.bind_within(&within);
                self.chain_parts(origin, level + 1, parts);
                self.bindings.truncate(before);
            }
        }
    }

    /// The calls of a chain with their arguments, and what it begins with. Nothing where they were met before.
    fn chain_calls(&self, spot: Spot, parts: &mut Vec<(u32, ExprId)>) -> Option<ExprId> {
        let facts = self.facts(spot.unit);
        let mut expr = spot.expr;
        while let ExprKind::Call { args, .. } = &facts.expr(expr).kind {
            if parts.contains(&(spot.unit, expr)) {
                return None;
            }
            parts.push((spot.unit, expr));
            for mut given in args.iter().map(|it| it.value) {
                parts.push((spot.unit, given));
                // `options(joinedload(Order.lines).joinedload(Line.product))`
                while let Some(inner) = called_on(facts, given) {
                    parts.push((spot.unit, inner));
                    given = inner;
                }
            }
            let Some(base) = called_on(facts, expr) else { break };
            expr = base;
        }
        Some(expr)
    }

    /// What a builder's call does where it is reached by certain calls: a function that builds for any table builds for
    /// theirs.
    fn steps_within(&mut self, stores: &mut Stores, origin: &Origin, steps: &[Step], sent: &mut Vec<Step>) {
        let several = steps.iter().any(|it| it.0 != steps[0].0);
        if !several || origin.within.is_empty() {
            sent.extend(steps);
            return;
        }
        let at = origin.spot;
        let number = self.program.unit(at.unit).first_expr + at.expr.0;
        let mut targets: Vec<ExprId> = Vec::new();
        for hit in self.matches_at.get(&number).cloned().unwrap_or_default() {
            let hit = &self.facts(at.unit).matches[hit as usize];
            let rule = &self.rules.rules[hit.rule as usize];
            targets.extend(captures(rule, hit, "access.target").filter_map(|it| match it {
                Captured::Expr(expr) => Some(*expr),
                _ => None,
            }));
        }
        if targets.is_empty() {
            // A clause stands on its text.
            targets.push(at.expr);
        }
        let before = self.bind_within(&origin.within);
        let mut named: Vec<usize> = Vec::new();
        for expr in targets {
            for (subject, _) in self.names_written(Spot { expr, ..at }).0 {
                if let Subject::Named(name) = subject {
                    named.extend(stores.find(self.pool.text(name)));
                }
            }
        }
        self.bindings.truncate(before);
        sent.extend(steps.iter().filter(|it| named.contains(&it.0)));
    }

    /// Tables of a text that goes into a statement, such as a clause with the table of a join.
    fn clauses(&mut self, stores: &mut Stores, sql: &dyn ReadSql, origin: &Origin, found: &mut Accesses) -> Vec<Step> {
        let spot = origin.spot;
        let mut steps = Vec::new();
        if !matches!(self.facts(spot.unit).expr(spot.expr).kind, ExprKind::Text(_) | ExprKind::Template(_)) {
            return steps;
        }
        let before = self.bind_within(&origin.within);
        let texts = self.texts(spot.unit, spot.owner, spot.expr);
        self.bindings.truncate(before);
        let has_tables = !found.changes.is_empty() || stores.drafts.iter().any(|it| !it.defined_at.is_empty());
        for text in texts {
            let whole = sql.looks_like_sql(&text.text);
            if !has_clause(&text.text) || !(whole || reads_as_clause(&text.text)) {
                continue;
            }
            let statements = self.statements(sql, &text.text, "", !whole, found);
            for access in statements.iter().flat_map(|it| &it.accesses) {
                // A part may name what another part defines (`WITH recent AS (..)`): only a table that the program has counts.
                let known = stores.find(&access.store.name).map(|it| &stores.drafts[it]);
                if has_tables
                    && !known.is_some_and(|it| it.used || !it.defined_at.is_empty())
                    && !made_by(found, access)
                {
                    continue;
                }
                let Some(store) = self.whole_name(stores, access) else { continue };
                found.used_texts.insert((spot.unit, spot.expr));
                stores.drafts[store].used = true;
                steps.push((store, access.operation, Confidence::Likely));
            }
        }
        steps
    }

    /// Texts that may name files with statements: literals, and paths to `.sql` files that are put together.
    fn paths_named(&mut self, origin: &Origin) -> Vec<String> {
        let spot = origin.spot;
        match &self.facts(spot.unit).expr(spot.expr).kind {
            ExprKind::Text(text) => vec![text.to_string()],
            ExprKind::Template(pieces)
                if matches!(pieces.last(), Some(Piece::Text(end)) if end.ends_with(".sql"))
                    || matches!(pieces.last(), Some(Piece::Hole(_))) =>
            {
                let before = self.bind_within(&origin.within);
                let texts = self.texts(spot.unit, spot.owner, spot.expr);
                self.bindings.truncate(before);
                texts.into_iter().map(|it| it.text).filter(|it| it.ends_with(".sql")).collect()
            }
            _ => Vec::new(),
        }
    }

    /// What the `.sql` files of a folder do to rows of today's tables, which a text names beside the file that holds it
    /// (`migrations/*.sql`, `migrations/{dialect}/*.sql`).
    fn file_steps(&self, stores: &Stores, unit: u32, text: &str) -> Vec<Step> {
        let holes = text.find(['{', '*']).filter(|at| *at > 2 && text.ends_with(".sql") && text[..*at].contains('/'));
        if let Some(at) = holes
            && !text.contains(char::is_whitespace)
        {
            let mut start = beside(&self.program.unit(unit).source.path, &text[..at]);
            if text[..at].ends_with('/') && !start.ends_with('/') {
                start.push('/');
            }
            let steps =
                self.row_steps(stores, |path| path.strip_prefix(&start).is_some_and(|it| fits(&text[at..], it)));
            return steps.into_iter().map(|(store, operation)| (store, operation, Confidence::Likely)).collect();
        }
        let folder = text.trim_end_matches("*.sql").trim_end_matches(['*', '/']);
        if folder.len() < 3 || folder.contains(char::is_whitespace) || folder.contains(['{', '*']) {
            return Vec::new();
        }
        let folder = format!("{}/", beside(&self.program.unit(unit).source.path, folder));
        let steps = self.row_steps(stores, |path| path.starts_with(&folder));
        steps.into_iter().map(|(store, operation)| (store, operation, Confidence::Likely)).collect()
    }

    /// A library runs the migrations nearest to the code that calls it: what these do to rows.
    pub(crate) fn run_migrations(
        &mut self,
        stores: &mut Stores,
        unit: u32,
        hit: &Match,
        line: u32,
        found: &mut Accesses,
    ) {
        let here = self.program.unit(unit).source.path.clone();
        let near = |path: &str| path.split('/').zip(here.split('/')).take_while(|(one, other)| one == other).count();
        let is_step = |it: &Unit<'_>| it.source.role == Role::Migration && !it.facts.sql.is_empty();
        let steps: FxHashSet<&str> =
            self.program.units.iter().filter(|it| is_step(it)).map(|it| it.source.path.as_str()).collect();
        let Some(nearest) = steps.iter().map(|it| near(it)).max() else { return };
        for (store, operation) in self.row_steps(stores, |path| steps.contains(path) && near(path) == nearest) {
            stores.drafts[store].used = true;
            let step = (store, operation, Confidence::Guess);
            found.accesses.push(self.access_at(unit, hit.owner, line, hit.rule, step));
        }
    }

    /// What the steps among certain `.sql` files do to rows of today's tables, those that take a step back left out.
    fn row_steps(&self, stores: &Stores, wanted: impl Fn(&str) -> bool) -> Vec<(usize, Operation)> {
        let files: FxHashMap<&str, u32> = (0..self.program.units.len() as u32)
            .filter(|it| !self.facts(*it).sql.is_empty() && wanted(&self.program.unit(*it).source.path))
            .map(|it| (self.program.unit(it).source.path.as_str(), it))
            .collect();
        if files.is_empty() {
            return Vec::new();
        }
        let mut paths: Vec<String> = files.keys().map(ToString::to_string).collect();
        paths.sort_unstable();
        let mut done: Vec<(usize, Operation)> = Vec::new();
        for migration in migration_order(&paths) {
            let Some(unit) = files.get(migration.path.as_str()) else { continue };
            // What has a name is run by it.
            for statement in self.facts(*unit).sql.iter().filter(|it| it.routine.is_empty() && it.name.is_empty()) {
                for access in statement.accesses.iter().filter(|it| !it.partial) {
                    let name = &access.store.name;
                    let store = match &access.store.schema {
                        Some(schema) => stores.find(&format!("{schema}.{name}")),
                        None => stores.find(name),
                    };
                    let today = store.filter(|it| !stores.drafts[*it].defined_at.is_empty());
                    let step = today.map(|it| (it, access.operation));
                    done.extend(step.filter(|it| it.1 != Operation::Ddl && !done.contains(it)));
                }
            }
        }
        done
    }

    /// Calls of the project's own macros that were not expanded, where a statement, a store or an entity is named in them
    /// or in their rules.
    pub(crate) fn opaque_macros(&self, stores: &Stores, sql: &dyn ReadSql, found: &mut Accesses) {
        let entities: FxHashSet<&str> = stores
            .drafts
            .iter()
            .flat_map(|it| it.entities.iter().map(|def| self.program.definition(*def).name.as_str()))
            .collect();
        for unit in 0..self.program.units.len() as u32 {
            let file = self.program.unit(unit);
            if file.source.role != Role::Production {
                continue;
            }
            for call in &file.facts.macros.opaque {
                let known = |word: &str| {
                    stores
                        .find(word)
                        .is_some_and(|it| !stores.drafts[it].defined_at.is_empty() || stores.drafts[it].used)
                };
                let about = call.words.iter().find(|word| {
                    entities.contains(word.as_str()) || sql.looks_like_sql(word) || word.len() > 2 && known(word)
                });
                let Some(about) = about.filter(|_| !file.facts.definition(call.owner).traits.is_test) else { continue };
                found.sites += 1;
                found.blind_spots.push(RawSpot {
                    root: None,
                    kind: "macro",
                    unit,
                    owner: call.owner,
                    line: call.line,
                    detail: format!(
                        "what `{}!` stands for could not be read; it names {}",
                        call.name,
                        shortened(about)
                    ),
                });
            }
        }
    }

    /// Texts that are only told to someone (an error's message): a statement in one is run by nobody.
    pub(crate) fn told_texts(&mut self, found: &mut Accesses) {
        for (unit, rule, hit) in self.hits(|it| it.has("embedded.prose")) {
            if let Some(Captured::Expr(expr)) = capture(rule, hit, "embedded.prose")
                && matches!(self.facts(unit).expr(*expr).kind, ExprKind::Text(_) | ExprKind::Template(_))
                && self.guards_hold(unit, hit.owner, rule, hit) == Held::Yes
            {
                found.used_texts.insert((unit, *expr));
            }
        }
    }

    /// SQL literals that no rule attributed to a call: counted, never dropped.
    pub(crate) fn unattributed_texts(&self, sql: &dyn ReadSql, found: &mut Accesses) {
        for unit in 0..self.program.units.len() as u32 {
            let file = self.program.unit(unit);
            if file.source.role != Role::Production || !file.facts.sql.is_empty() {
                continue;
            }
            for (index, expr) in file.facts.exprs.iter().enumerate() {
                let ExprKind::Text(text) = &expr.kind else { continue };
                if text.len() > 14
                    && !found.used_texts.contains(&(unit, ExprId(index as u32)))
                    && sql.looks_like_sql(text)
                {
                    let inside_used = found.used_texts.iter().any(|(used_unit, used)| {
                        *used_unit == unit
                            && file.facts.expr(*used).at.line <= expr.at.line
                            && expr.end_line <= file.facts.expr(*used).end_line
                    });
                    let owner = function_at(file.facts, expr.at.line);
                    if inside_used || self.program.is_test(self.program.def(unit, owner)) {
                        continue;
                    }
                    found.sites += 1;
                    found.blind_spots.push(RawSpot {
                        root: None,
                        kind: "unattributed-sql",
                        unit,
                        owner,
                        line: expr.at.line,
                        detail: format!("no call was seen that runs this text: {}", shortened(text)),
                    });
                }
            }
        }
    }
}

/// Whether code makes the table that an access names.
fn made_by(found: &Accesses, access: &SqlAccess) -> bool {
    found.changes.iter().any(|it| match &it.change {
        SchemaChange::CreateTable { store, .. } | SchemaChange::CreateView { store, .. } => {
            store.name.eq_ignore_ascii_case(&access.store.name)
        }
        _ => false,
    })
}

/// Whether a path may be what a pattern with holes and stars names: its parts in order, the last at the end.
fn fits(pattern: &str, path: &str) -> bool {
    let mut parts: Vec<&str> = Vec::new();
    let mut rest = pattern;
    while let Some(open) = rest.find(['{', '*']) {
        parts.push(&rest[..open]);
        let hole = &rest[open..];
        let end = if hole.starts_with('*') { 1 } else { hole.find('}').map_or(hole.len(), |it| it + 1) };
        rest = &hole[end..];
    }
    let Some(mut path) = path.strip_suffix(rest) else { return false };
    parts.into_iter().all(|part| match path.find(part) {
        Some(at) => {
            path = &path[at + part.len()..];
            true
        }
        None => false,
    })
}

/// So many words in a row, with nothing but blanks between them, are prose.
const PROSE: usize = 4;

/// Whether a part of a statement begins like one, or lists columns before its first FROM: prose has that word as well.
fn reads_as_clause(text: &str) -> bool {
    const OPENING: &[&str] = &[
        "from", "join", "left", "right", "inner", "outer", "cross", "full", "natural", "where", "and", "or", "on",
        "union", "into", "update", "delete", "set", "using", "with",
    ];
    const CONDITION: &[&str] = &[
        "case", "when", "then", "else", "end", "as", "and", "or", "not", "is", "null", "select", "distinct", "in",
        "over", "by",
    ];
    let first = text.split(|it: char| !it.is_alphanumeric() && it != '_').find(|it| !it.is_empty()).unwrap_or_default();
    let before = text.to_lowercase();
    let before = before.split("from").next().unwrap_or_default();
    let is_word = |it: &str| !it.is_empty() && it.chars().all(char::is_alphabetic) && !CONDITION.contains(&it);
    let words: Vec<bool> = before.split(' ').map(is_word).collect();
    let is_prose = words.windows(PROSE).any(|it| it.iter().all(|it| *it));
    OPENING.iter().any(|it| first.eq_ignore_ascii_case(it))
        || (before.contains([',', '.', '*', '(', '=', ')']) && !is_prose)
}

/// Whether a text says which tables a statement touches.
fn has_clause(text: &str) -> bool {
    let mut words = text.split(|it: char| !it.is_alphanumeric() && it != '_');
    words.any(|word| ["from", "join", "into", "update"].iter().any(|it| word.eq_ignore_ascii_case(it)))
}

/// What a call of a method is called on.
fn called_on(facts: &FileFacts, call: ExprId) -> Option<ExprId> {
    let ExprKind::Call { callee, .. } = &facts.expr(call).kind else { return None };
    let ExprKind::Member { base, .. } = &facts.expr(*callee).kind else { return None };
    Some(*base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_no_clause() {
        for (text, is_clause) in [
            ("Authorization (CAA) records forbid the CA from issuing a certificate", false),
            ("received a message from the server", false),
            ("o.id, o.total AS sum FROM orders o", true),
            ("count(*) from orders", true),
            ("CASE WHEN o.paid IS NOT NULL THEN 1 ELSE 0 END, o.id FROM orders o", true),
            ("JOIN carts c ON c.id = o.cart_id", true),
        ] {
            assert_eq!(reads_as_clause(text), is_clause, "{text}");
        }
    }
}
