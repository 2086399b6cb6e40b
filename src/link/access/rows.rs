//! Columns that a call names beside its access: rows written out as mappings, literals and assignments, lists of columns,
//! and the constants by which a filter or a new row tells rows apart.
//!
//! Either all columns of a call are known or none is said: a row that grows by what cannot be read says nothing.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::link::access::accesses::Accesses;
use crate::link::names::program::Def;
use crate::link::storage::naming::snake;
use crate::link::storage::stores::Stores;
use crate::link::values::guards::{Held, capture, captures};
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::Value;
use crate::model::fact::{Argument, Captured, DefId, DefinitionKind, ExprId, ExprKind, Match, StepKind};
use crate::model::graph::StoreKind;
use crate::model::rule::Rule;
use crate::model::source::Role;
use crate::model::sql::Operation;

/// Steps from a call to where its row is written.
const MOST_STEPS: u32 = 6;
/// Places that give a row; with more nothing is said.
const MOST_SOURCES: usize = 8;
/// Links of a chain that are walked.
const MOST_LINKS: usize = 64;

/// One column of a row.
#[derive(Clone, Debug)]
struct Cell {
    name: String,
    /// A field of a type, whose column may be called otherwise.
    is_field: bool,
    /// The text it is given.
    constant: Option<String>,
}

#[derive(Clone, Debug, Default)]
struct Row {
    cells: Vec<Cell>,
    /// Literals that it was put together from: constants of one alone are those of every row.
    literals: usize,
}

/// What one call says of columns.
struct Named {
    unit: u32,
    owner: DefId,
    expr: ExprId,
    /// None where not all columns are known.
    row: Option<Row>,
    /// The call names no columns, only constants.
    only_filters: bool,
    /// No other column counts, whatever the row gives (`row.only`).
    limits: bool,
    filters: Vec<(String, String)>,
}

/// What is assigned to parts of variables in a file, by the variable's name.
pub(crate) type PartWrites<'a> = FxHashMap<&'a str, Vec<PartWrite>>;

#[derive(Clone, Copy)]
pub(crate) struct PartWrite {
    owner: DefId,
    base: ExprId,
    /// The whole target, a member or an index.
    target: ExprId,
    value: ExprId,
}

impl<'a> Inference<'a> {
    /// Gives accesses the columns that calls of their chains name (`operation "columns"`).
    pub(crate) fn name_columns(&mut self, stores: &Stores, found: &mut Accesses) {
        let named = self.calls_with_columns();
        if named.is_empty() {
            return;
        }
        let units: FxHashSet<u32> = named.iter().map(|it| it.unit).collect();
        let rules = self.rules;
        let mut at: FxHashMap<(u32, ExprId), Vec<usize>> = FxHashMap::default();
        for (index, access) in found.accesses.iter().enumerate() {
            let settings = &rules.rules[access.rule as usize].settings;
            // What is read along has columns of its own.
            let own = !settings.contains_key("access.also") && !access.joins;
            if let (true, true, Some(expr)) = (own, units.contains(&access.unit), access.expr) {
                at.entry((access.unit, expr)).or_default().push(index);
            }
        }
        let mut of_access: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
        let mut loose: FxHashMap<(u32, ExprId), Vec<usize>> = FxHashMap::default();
        for (number, it) in named.iter().enumerate() {
            // The nearest access that the chain begins with, the call's own first.
            let links = self.links(it.unit, it.owner, it.expr);
            match links.iter().find_map(|link| at.get(&(it.unit, *link))) {
                Some(accesses) => {
                    accesses.iter().for_each(|access| of_access.entry(*access).or_default().push(number));
                }
                None => loose.entry((it.unit, it.expr)).or_default().push(number),
            }
        }
        if !loose.is_empty() {
            let mut places: Vec<_> = at.iter().collect();
            places.sort_unstable();
            for ((unit, expr), accesses) in places {
                let owner = found.accesses[accesses[0]].owner;
                let links = self.links(*unit, owner, *expr);
                for number in links.iter().filter_map(|link| loose.get(&(*unit, *link))).flatten() {
                    accesses.iter().for_each(|access| of_access.entry(*access).or_default().push(*number));
                }
            }
        }
        let mut of_access: Vec<_> = of_access.into_iter().collect();
        of_access.sort_unstable();
        for (index, mut numbers) in of_access {
            numbers.sort_unstable();
            numbers.dedup();
            let (store, operation) = (found.accesses[index].store, found.accesses[index].operation);
            let limited = numbers.iter().any(|it| named[*it].limits);
            let mut columns: Option<Vec<String>> = Some(Vec::new());
            let mut constants: Vec<(String, String)> = Vec::new();
            for it in numbers.into_iter().map(|it| &named[it]) {
                constants.extend(
                    it.filters
                        .iter()
                        .filter_map(|(name, value)| Some((self.column_of(stores, store, name, false)?, value.clone()))),
                );
                if it.only_filters || limited && !it.limits {
                    continue;
                }
                let Some(row) = &it.row else {
                    columns = None;
                    continue;
                };
                for cell in &row.cells {
                    let column = self.column_of(stores, store, &cell.name, cell.is_field);
                    if let (Some(column), Some(constant), 1, Operation::Insert) =
                        (&column, &cell.constant, row.literals, operation)
                    {
                        constants.push((column.clone(), constant.clone()));
                    }
                    match (column, &mut columns) {
                        (Some(column), Some(columns)) => columns.push(column),
                        _ => columns = None,
                    }
                }
            }
            let access = &mut found.accesses[index];
            access.columns = columns.unwrap_or_default();
            access.columns.sort();
            access.columns.dedup();
            for it in constants {
                if !access.predicates.contains(&it) {
                    access.predicates.push(it);
                }
            }
        }
    }

    fn calls_with_columns(&mut self) -> Vec<Named> {
        let mut named = Vec::new();
        for (unit, rule, hit) in self.hits(names_columns) {
            if self.program.unit(unit).source.role == Role::Vendored {
                continue;
            }
            let Some(Captured::Expr(expr)) = capture(rule, hit, "access") else { continue };
            if self.guards_hold(unit, hit.owner, rule, hit) == Held::Yes {
                named.push(self.named_by(unit, rule, hit, *expr));
            }
        }
        named
    }

    fn named_by(&mut self, unit: u32, rule: &Rule, hit: &Match, expr: ExprId) -> Named {
        let mut row = Row::default();
        let mut whole = true;
        for it in captures(rule, hit, "access.column") {
            let text = match it {
                Captured::Expr(expr) => self.plain_text(unit, hit.owner, *expr),
                Captured::Word(word) => {
                    row.cells.push(Cell { name: word.to_string(), is_field: true, constant: None });
                    continue;
                }
                Captured::Definition(_) => None,
            };
            match text.as_deref().and_then(listed) {
                Some(names) => {
                    row.cells.extend(names.map(|name| Cell { name, is_field: false, constant: None }));
                }
                None => whole = false,
            }
        }
        for it in captures(rule, hit, "access.row") {
            let Captured::Expr(expr) = it else { continue };
            let below = !rule.settings.contains_key("row.operators");
            whole &= self.row_at(rule, Spot { unit, owner: hit.owner, expr: *expr }, 0, below, &mut row);
        }
        let mut filters = Vec::new();
        let mut only_filters = true;
        for name in &rule.captures {
            only_filters &= name != "access.column" && name != "access.row";
        }
        for it in captures(rule, hit, "access.filter") {
            let Captured::Expr(expr) = it else { continue };
            let mut wanted = Row::default();
            self.row_at(rule, Spot { unit, owner: hit.owner, expr: *expr }, 0, true, &mut wanted);
            if wanted.literals == 1 {
                let cells = wanted.cells.into_iter().filter(|it| !it.name.starts_with('$'));
                filters.extend(cells.filter_map(|it| Some((it.name, it.constant?))));
            }
        }
        whole &= !row.cells.is_empty();
        let limits = rule.settings.get("row.only").is_some_and(|it| it == "true");
        Named { unit, owner: hit.owner, expr, row: whole.then_some(row), only_filters, limits, filters }
    }

    /// Reads the columns of a row into `row`; false if there may be more of them. `below`: what is given to operators
    /// has been reached, or there are none.
    fn row_at(&mut self, rule: &Rule, spot: Spot, steps: u32, below: bool, row: &mut Row) -> bool {
        if steps > MOST_STEPS {
            return false;
        }
        let facts = self.facts(spot.unit);
        let at = |expr: ExprId| Spot { expr, ..spot };
        match &facts.expr(spot.expr).kind {
            ExprKind::Mapping(entries) => {
                row.literals += usize::from(below);
                let mut whole = true;
                for (key, value) in entries {
                    whole &= match key {
                        None => self.row_at(rule, at(*value), steps + 1, below, row),
                        Some(key) => match self.plain_text(spot.unit, spot.owner, *key) {
                            Some(key) => self.cell(rule, key, at(*value), steps, below, row),
                            None => false,
                        },
                    };
                }
                whole
            }
            ExprKind::Construct { of, fields } => self.literal_row(rule, spot, *of, fields, steps, below, row),
            ExprKind::Sequence(items) => {
                let mut whole = true;
                for item in items {
                    whole &= self.row_at(rule, at(*item), steps + 1, below, row);
                }
                whole
            }
            ExprKind::Choice(items) => items.iter().all(|it| self.row_at(rule, at(*it), steps + 1, below, row)),
            ExprKind::Call { callee, args } => self.called_row(rule, spot, *callee, args, steps, below, row),
            ExprKind::Name(_) => {
                let mut own = Row::default();
                if self.variable_row(rule, spot, steps, below, &mut own) {
                    row.literals += own.literals;
                    row.cells.append(&mut own.cells);
                    return true;
                }
                self.row_of_type(rule, spot, row)
            }
            ExprKind::Member { .. } => self.row_of_type(rule, spot, row),
            _ => false,
        }
    }

    /// One key with its value: a column, or an operator above columns.
    fn cell(&mut self, rule: &Rule, key: String, value: Spot, steps: u32, below: bool, row: &mut Row) -> bool {
        if !below {
            return rule.words("row.operators").any(|it| it == key) && self.row_at(rule, value, steps + 1, true, row);
        }
        let constant = match &self.facts(value.unit).expr(value.expr).kind {
            ExprKind::Text(text) => Some(text.to_string()),
            _ => None,
        };
        row.cells.push(Cell { name: key, is_field: false, constant });
        true
    }

    /// A literal with a type: the fields of a type of the program, else keys, or pairs of key and value.
    fn literal_row(
        &mut self,
        rule: &Rule,
        spot: Spot,
        of: ExprId,
        fields: &'a [Argument],
        steps: u32,
        below: bool,
        row: &mut Row,
    ) -> bool {
        let facts = self.facts(spot.unit);
        let at = |expr: ExprId| Spot { expr, ..spot };
        // A type without fields, such as a mapping with a name, has keys.
        let known = self.project_type(spot.unit, spot.owner, of).filter(|it| self.has_fields(*it));
        row.literals += usize::from(below);
        let mut whole = true;
        for field in fields {
            let value = at(field.value);
            if field.spread {
                // What the type gives a field by itself is written by nobody.
                whole &= matches!(&facts.expr(field.value).kind, ExprKind::Call { callee, args } if args.is_empty()
                    && self.last_word(spot.unit, *callee).is_some_and(|word| rule.words("row.rest").any(|it| it == word)));
                continue;
            }
            whole &= match (&field.name, known) {
                (Some(name), Some(_)) => {
                    let added = self.cell(rule, name.to_string(), value, steps, true, row);
                    if let Some(cell) = row.cells.last_mut() {
                        cell.is_field = true;
                    }
                    added
                }
                (Some(name), None) => match self.key_word(spot, name) {
                    Some(key) => self.cell(rule, key, value, steps, below, row),
                    None => false,
                },
                (None, _) => match self.pair(value) {
                    Some((key, value)) => match self.plain_text(key.unit, key.owner, key.expr) {
                        Some(key) => self.cell(rule, key, value, steps, below, row),
                        None => false,
                    },
                    None => false,
                },
            };
        }
        whole
    }

    fn has_fields(&self, of: Def) -> bool {
        let (unit, id) = self.program.local(of);
        let mut definitions = self.facts(unit).definitions.iter();
        self.program.is_type(of) && definitions.any(|it| it.kind == DefinitionKind::Field && it.parent == id)
    }

    /// A key without quotes is that of a constant of the module, if there is one of that name.
    fn key_word(&mut self, spot: Spot, name: &str) -> Option<String> {
        let space = self.program.space(spot.unit, DefId::MODULE);
        let Some(var) = self.find_var(space, name) else { return Some(name.to_owned()) };
        let sources = self.sources(var);
        let [only] = sources.as_slice() else { return None };
        self.plain_text(only.unit, only.owner, only.expr)
    }

    /// `{"name", value}`, `{Key: "name", Value: value}`.
    fn pair(&self, spot: Spot) -> Option<(Spot, Spot)> {
        let parts: Vec<ExprId> = match &self.facts(spot.unit).expr(spot.expr).kind {
            ExprKind::Construct { fields, .. } => fields.iter().map(|it| it.value).collect(),
            ExprKind::Sequence(items) => items.clone(),
            _ => return None,
        };
        let [key, value] = parts.as_slice() else { return None };
        Some((Spot { expr: *key, ..spot }, Spot { expr: *value, ..spot }))
    }

    pub(in crate::link) fn last_word(&self, unit: u32, expr: ExprId) -> Option<&'a str> {
        match &self.facts(unit).expr(expr).kind {
            ExprKind::Name(name) | ExprKind::Member { name, .. } => Some(name.as_str()),
            _ => None,
        }
    }

    /// `column.eq(value)` of a list of assignments, a copy of a row, or what a function of the program gives.
    fn called_row(
        &mut self,
        rule: &Rule,
        spot: Spot,
        callee: ExprId,
        args: &'a [Argument],
        steps: u32,
        below: bool,
        row: &mut Row,
    ) -> bool {
        let facts = self.facts(spot.unit);
        let at = |expr: ExprId| Spot { expr, ..spot };
        let word = self.last_word(spot.unit, callee).unwrap_or_default();
        let base = match &facts.expr(callee).kind {
            ExprKind::Member { base, .. } => Some(*base),
            _ => None,
        };
        if let (Some(base), [value]) = (base, args)
            && rule.words("row.assigns").any(|it| it == word)
        {
            let Some(column) = self.last_word(spot.unit, base) else { return false };
            row.literals += 1;
            return self.cell(rule, column.to_owned(), at(value.value), steps, true, row);
        }
        if steps == 0 && rule.settings.get("row.keywords").is_some_and(|it| it == "true") {
            row.literals += 1;
            return args.iter().all(|it| match &it.name {
                Some(name) => self.cell(rule, name.to_string(), at(it.value), steps, true, row),
                None => self.row_at(rule, at(it.value), steps + 1, below, row),
            });
        }
        if rule.words("row.copies").any(|it| it == word) {
            return match (args, base) {
                ([only], _) if only.name.is_none() && !only.spread => {
                    self.row_at(rule, at(only.value), steps + 1, below, row)
                }
                ([], Some(base)) => self.row_at(rule, at(base), steps + 1, below, row),
                _ => false,
            };
        }
        let mut functions: Vec<Def> = Vec::new();
        for value in self.eval(spot.unit, spot.owner, callee) {
            if let Value::Def(def) | Value::Bound(def, _) = self.pool.value(value)
                && self.program.is_function(def)
            {
                functions.push(def);
            }
        }
        if let [only] = functions.as_slice()
            && let Some(var) = self.result_var(*only)
        {
            let sources = self.sources(var);
            return !sources.is_empty()
                && sources.len() <= MOST_SOURCES
                && sources.iter().all(|it| self.row_at(rule, *it, steps + 1, below, row));
        }
        self.row_of_type(rule, spot, row)
    }

    /// A row that a variable keeps: what it was made as, and what was put into it.
    fn variable_row(&mut self, rule: &Rule, spot: Spot, steps: u32, below: bool, row: &mut Row) -> bool {
        let facts = self.facts(spot.unit);
        let ExprKind::Name(name) = &facts.expr(spot.expr).kind else { return false };
        let vars = self.vars_of(spot.unit, spot.owner, spot.expr);
        let [(var, _)] = vars.as_slice() else { return false };
        let by_members = rule.settings.get("row.members").is_some_and(|it| it == "true");
        let sources = self.sources(*var);
        let made = !sources.is_empty() && sources.len() <= MOST_SOURCES;
        for source in &sources {
            let before = row.cells.len();
            let whole = made && self.row_at(rule, *source, steps + 1, below, row);
            if !whole && by_members {
                // Where it comes from writes nothing; what is assigned to it does.
                row.cells.truncate(before);
            } else if !whole {
                return false;
            }
        }
        if !made {
            return false;
        }
        let writes = self.part_writes(spot.unit);
        for write in writes.get(name.as_str()).into_iter().flatten() {
            if !self.vars_of(spot.unit, write.owner, write.base).iter().any(|(it, _)| it == var) {
                continue;
            }
            let value = Spot { unit: spot.unit, owner: write.owner, expr: write.value };
            let whole = match &facts.expr(write.target).kind {
                ExprKind::Member { name, .. } if by_members => {
                    self.cell(rule, name.to_string(), value, steps, true, row)
                }
                ExprKind::Index { index, .. } => match self.plain_text(spot.unit, write.owner, *index) {
                    Some(key) => self.cell(rule, key, value, steps, below, row),
                    None => false,
                },
                _ => true,
            };
            if !whole {
                return false;
            }
        }
        !row.cells.is_empty()
    }

    /// All fields of the type that a value has, where the rule says that such a row is written whole.
    fn row_of_type(&mut self, rule: &Rule, spot: Spot, row: &mut Row) -> bool {
        if rule.settings.get("row.types").is_none_or(|it| it != "true") {
            return false;
        }
        let mut types: Vec<Def> = Vec::new();
        for value in self.eval(spot.unit, spot.owner, spot.expr) {
            if let Value::Instance(of) = self.pool.value(value)
                && self.program.is_type(of)
            {
                types.push(of);
            }
        }
        let [only] = types.as_slice() else { return false };
        let (unit, id) = self.program.local(*only);
        let fields = self.facts(unit).definitions.iter();
        for field in fields.filter(|it| it.kind == DefinitionKind::Field && it.parent == id) {
            row.cells.push(Cell { name: field.name.to_string(), is_field: true, constant: None });
        }
        row.literals += 1;
        !row.cells.is_empty()
    }

    /// What a name is called in the store; none where the store's columns are known and this is no part of them.
    fn column_of(&self, stores: &Stores, store: usize, name: &str, is_field: bool) -> Option<String> {
        let draft = &stores.drafts[store];
        if draft.kind == Some(StoreKind::Collection) {
            // A document's fields; what stands below one is a part of it.
            let top = name.split('.').next().unwrap_or_default();
            return (!top.is_empty() && !top.contains('{')).then(|| top.to_owned());
        }
        let name = name.rsplit('.').next().unwrap_or_default().trim_matches(['"', '`', '[', ']']);
        if let Some(written) = draft.entities.iter().find_map(|it| stores.column_name(*it, name)) {
            return Some(written.to_owned());
        }
        let snaked = snake(name);
        let known = |wanted: &str| draft.columns.iter().find(|it| it.name.eq_ignore_ascii_case(wanted));
        if let Some(column) = known(name).or_else(|| known(&snaked)) {
            return Some(column.name.to_string());
        }
        let plain = !name.is_empty() && name.chars().all(|it| it.is_alphanumeric() || it == '_');
        (plain && draft.columns.is_empty()).then(|| if is_field { snaked } else { name.to_owned() })
    }

    /// The call and the calls it is called on, also through variables of the function.
    fn links(&mut self, unit: u32, owner: DefId, expr: ExprId) -> Vec<ExprId> {
        let facts = self.facts(unit);
        let mut links: Vec<ExprId> = Vec::new();
        let mut todo = vec![expr];
        while let Some(next) = todo.pop() {
            if links.len() >= MOST_LINKS || links.contains(&next) {
                continue;
            }
            match &facts.expr(next).kind {
                ExprKind::Call { callee, .. } => {
                    links.push(next);
                    if let ExprKind::Member { base, .. } = &facts.expr(*callee).kind {
                        todo.push(*base);
                    }
                }
                ExprKind::Name(_) => {
                    links.push(next);
                    for (var, is_parameter) in self.vars_of(unit, owner, next) {
                        if !is_parameter {
                            let sources = self.sources(var);
                            let own = sources.iter().filter(|it| it.unit == unit && it.owner == owner);
                            todo.extend(own.map(|it| it.expr));
                        }
                    }
                }
                _ => {}
            }
        }
        links
    }

    fn part_writes(&mut self, unit: u32) -> std::rc::Rc<PartWrites<'a>> {
        if let Some(known) = self.part_writes.get(&unit) {
            return std::rc::Rc::clone(known);
        }
        let facts = self.facts(unit);
        let mut writes: PartWrites<'a> = FxHashMap::default();
        for step in &facts.steps {
            let StepKind::Assign { target, value } = step.kind else { continue };
            let (ExprKind::Member { base, .. } | ExprKind::Index { base, .. }) = facts.expr(target).kind else {
                continue;
            };
            if let ExprKind::Name(name) = &facts.expr(base).kind {
                writes.entry(name.as_str()).or_default().push(PartWrite { owner: step.owner, base, target, value });
            }
        }
        let writes = std::rc::Rc::new(writes);
        self.part_writes.insert(unit, std::rc::Rc::clone(&writes));
        writes
    }
}

fn names_columns(rule: &Rule) -> bool {
    rule.settings.get("operation").is_some_and(|it| it == "columns")
}

/// The names of a list of columns such as `id, title`, or of one assignment such as `title = ?`; none if anything else
/// stands in it.
fn listed(text: &str) -> Option<impl Iterator<Item = String>> {
    let text = match text.split_once('=') {
        Some((column, value)) if !text.contains(',') && !value.starts_with('=') => column.trim_end(),
        _ => text,
    };
    let plain = |it: &str| {
        let it = it.trim_matches(['"', '`', '[', ']']);
        !it.is_empty() && it.chars().all(|it| it.is_alphanumeric() || matches!(it, '_' | '.' | '`' | '"'))
    };
    text.split(',').all(|it| plain(it.trim())).then(|| text.split(',').map(|it| it.trim().to_owned()))
}
