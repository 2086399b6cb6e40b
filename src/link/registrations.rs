//! Routes whose registration stands once and runs often: in a wrapper that callers hand path and handler to, or in a loop
//! over a table of routes. Each call of the wrapper and each row of the table is a registration of its own, so that no path
//! is paired with the handler of another.

use crate::link::infer::{Inference, Spot};
use crate::link::value::{Value, Var};
use crate::model::fact::{Argument, DefId, DefinitionKind, ExprId, ExprKind, FileFacts, ParamKind, Piece, StepKind};

/// Wrappers around wrappers, and names on the way to a table, that are followed.
const MOST_LEVELS: u32 = 6;
/// Registrations of one call at most.
const MOST_REGISTRATIONS: usize = 2_000;

/// What the names of one registration stand for in one of its runs.
pub(crate) struct Registration {
    pub(crate) bindings: Vec<(Var, Spot)>,
    /// The argument or the row that decides it.
    pub(crate) at: Spot,
}

/// How a loop looks at the rows of its table.
enum Shape {
    /// By the fields of a row.
    Fields,
    /// By items of the variable that holds the row.
    Whole(Var),
    /// The row is taken apart: a name for each place.
    Parts(Vec<(usize, Var)>),
    /// The same for keys and values of a mapping.
    Pairs(Vec<(usize, Var)>),
}

impl Inference<'_> {
    /// The runs of a registration by its route; none if the route is decided where it stands.
    pub(crate) fn registrations(&mut self, unit: u32, owner: DefId, route: ExprId, level: u32) -> Vec<Registration> {
        let mut found = Vec::new();
        if level < MOST_LEVELS {
            for name in self.names_in(unit, route) {
                match &self.facts(unit).expr(name).kind {
                    ExprKind::Member { base, .. } => self.rows_of_loop(unit, owner, *base, false, &mut found),
                    ExprKind::Index { base, .. } => self.rows_of_loop(unit, owner, *base, true, &mut found),
                    ExprKind::Name(_) => {
                        self.rows_taken_apart(unit, owner, name, &mut found);
                        if found.is_empty() {
                            self.calls_of_wrapper(unit, owner, name, level, &mut found);
                        }
                        if found.is_empty() {
                            self.rest_of_calls(unit, owner, name, &mut found);
                        }
                    }
                    _ => {}
                }
                if !found.is_empty() {
                    break;
                }
            }
        }
        found.truncate(MOST_REGISTRATIONS);
        found
    }

    /// What a name, a member or an item of a row stands for in the registration in hand.
    pub(crate) fn bound(&mut self, unit: u32, owner: DefId, expr: ExprId) -> Option<Spot> {
        if self.bindings.is_empty() {
            return None;
        }
        if let ExprKind::Index { base, index } = &self.facts(unit).expr(expr).kind {
            let key = self.key(unit, *index)?;
            let row = self.bound(unit, owner, *base)?;
            return self.item_of(row, &key);
        }
        if !matches!(self.facts(unit).expr(expr).kind, ExprKind::Name(_) | ExprKind::Member { .. }) {
            return None;
        }
        let vars = self.vars_of(unit, owner, expr);
        let (_, spot) = self.bindings.iter().rev().find(|(it, _)| vars.iter().any(|(var, _)| var == it))?;
        Some(*spot).filter(|it| (it.unit, it.expr) != (unit, expr))
    }

    /// What stands in a literal under a key or at a place.
    fn item_of(&self, row: Spot, key: &str) -> Option<Spot> {
        let facts = self.facts(row.unit);
        let item = match &facts.expr(row.expr).kind {
            ExprKind::Sequence(items) => *items.get(key.parse::<usize>().ok()?)?,
            ExprKind::Mapping(entries) => {
                let is_it = |it: &Option<ExprId>| it.is_some_and(|it| self.key(row.unit, it).as_deref() == Some(key));
                entries.iter().find(|it| is_it(&it.0))?.1
            }
            _ => return None,
        };
        Some(Spot { expr: item, ..row })
    }

    /// Names, members and items that a text is put together from.
    fn names_in(&self, unit: u32, expr: ExprId) -> Vec<ExprId> {
        match &self.facts(unit).expr(expr).kind {
            ExprKind::Name(_) | ExprKind::Member { .. } | ExprKind::Index { .. } => vec![expr],
            ExprKind::Template(pieces) => {
                let holes = pieces.iter().filter_map(|it| match it {
                    Piece::Hole(hole) => Some(*hole),
                    Piece::Text(_) => None,
                });
                holes.flat_map(|it| self.names_in(unit, it)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn calls_of_wrapper(&mut self, unit: u32, owner: DefId, name: ExprId, level: u32, found: &mut Vec<Registration>) {
        let ExprKind::Name(word) = &self.facts(unit).expr(name).kind else { return };
        let mut scope = owner;
        while !self.facts(unit).definition(scope).params.iter().any(|it| it.name == *word) {
            if scope == DefId::MODULE {
                return;
            }
            scope = self.facts(unit).definition(scope).parent;
        }
        let Some(var) = self.find_var(self.program.space(unit, scope), word) else { return };
        let wrapper = self.program.def(unit, scope);
        // The last of the handlers that a wrapper takes is the one that answers.
        let params = &self.facts(unit).definition(scope).params;
        let plain = params.iter().filter(|it| it.kind == ParamKind::Plain).count();
        let rest = params.iter().find(|it| it.kind == ParamKind::Rest);
        let rest = rest.and_then(|it| self.find_var(self.program.space(unit, scope), &it.name));
        for source in self.sources(var) {
            let Some((call, _, args)) = call_given(self.facts(source.unit), source.expr) else { continue };
            if !self.is_called_on(unit, scope, Spot { expr: call, ..source }) {
                continue;
            }
            let before = self.bind_within(&[(wrapper, Spot { expr: call, ..source })]);
            if let (Some(rest), Some(last)) = (rest, args.last().filter(|_| args.len() > plain)) {
                self.bindings.push((rest, Spot { expr: last.value, ..source }));
            }
            let bindings = self.bindings.split_off(before);
            if !bindings.iter().any(|(it, _)| *it == var) {
                continue;
            }
            // Any of the arguments may come from further out: the path where the method is written here.
            let mut outer = Vec::new();
            for argument in std::iter::once(source.expr).chain(args.iter().map(|it| it.value)) {
                outer = self.registrations(source.unit, source.owner, argument, level + 1);
                if !outer.is_empty() {
                    break;
                }
            }
            if outer.is_empty() {
                found.push(Registration { bindings, at: source });
                continue;
            }
            for mut registration in outer {
                registration.bindings.extend_from_slice(&bindings);
                found.push(registration);
            }
        }
    }

    /// `for url in urls: router.add(url, view)` in a wrapper with `*urls`: each of the arguments that a call gives there.
    fn rest_of_calls(&mut self, unit: u32, owner: DefId, name: ExprId, found: &mut Vec<Registration>) {
        let params = &self.facts(unit).definition(owner).params;
        let Some(rest) = params.iter().find(|it| it.kind == ParamKind::Rest) else { return };
        let before_rest = params.iter().take_while(|it| it.kind != ParamKind::Rest);
        let plain = before_rest.filter(|it| it.kind == ParamKind::Plain).count();
        let wrapper = self.program.def(unit, owner);
        for (var, _) in self.vars_of(unit, owner, name) {
            let looped = self.sources(var).iter().any(|it| match &self.facts(it.unit).expr(it.expr).kind {
                ExprKind::Element(inner) => {
                    it.unit == unit
                        && matches!(&self.facts(unit).expr(*inner).kind, ExprKind::Name(it) if *it == rest.name)
                }
                _ => false,
            });
            let Some(first) = params.iter().find(|it| looped && it.kind == ParamKind::Plain) else { continue };
            let Some(given) = self.find_var(self.program.space(unit, owner), &first.name) else { continue };
            for source in self.sources(given) {
                let Some((call, _, args)) = call_given(self.facts(source.unit), source.expr) else { continue };
                let call = Spot { expr: call, ..source };
                if !self.is_called_on(unit, owner, call) {
                    continue;
                }
                let before = self.bind_within(&[(wrapper, call)]);
                let bindings = self.bindings.split_off(before);
                for argument in args.iter().filter(|it| it.name.is_none() && !it.spread).skip(plain) {
                    let at = Spot { expr: argument.value, ..source };
                    let mut bindings = bindings.clone();
                    bindings.push((var, at));
                    found.push(Registration { bindings, at });
                }
            }
        }
    }

    /// Whether a call of a method is on an instance of its type, and does not only reach it through an interface that the
    /// type happens to satisfy.
    fn is_called_on(&mut self, unit: u32, method: DefId, call: Spot) -> bool {
        let receiver = self.facts(unit).definition(method).params.iter().find(|it| it.kind == ParamKind::Receiver);
        let ExprKind::Call { callee, .. } = &self.facts(call.unit).expr(call.expr).kind else { return true };
        let (Some(receiver), ExprKind::Member { base, .. }) = (receiver, &self.facts(call.unit).expr(*callee).kind)
        else {
            return true;
        };
        let Some(var) = self.find_var(self.program.space(unit, method), &receiver.name) else { return true };
        let own = self.read(var);
        let given = self.eval(call.unit, call.owner, *base);
        own.is_empty() || given.iter().any(|it| own.contains(it))
    }

    fn rows_of_loop(&mut self, unit: u32, owner: DefId, row: ExprId, whole: bool, found: &mut Vec<Registration>) {
        for (var, _) in self.vars_of(unit, owner, row) {
            let shape = if whole { Shape::Whole(var) } else { Shape::Fields };
            for source in self.sources(var) {
                if let ExprKind::Element(table) = self.facts(source.unit).expr(source.expr).kind {
                    self.rows_of_table(Spot { expr: table, ..source }, &shape, found);
                }
            }
        }
    }

    /// `for path, view in ROUTES`: what each row of the table gives the names that take it apart.
    fn rows_taken_apart(&mut self, unit: u32, owner: DefId, name: ExprId, found: &mut Vec<Registration>) {
        let facts = self.facts(unit);
        let ExprKind::Name(word) = &facts.expr(name).kind else { return };
        let line = facts.expr(name).at.line;
        let takes_apart = facts.steps.iter().filter(|it| it.owner == owner).filter_map(|it| match it.kind {
            StepKind::Assign { target, value } => match (&facts.expr(target).kind, &facts.expr(value).kind) {
                (ExprKind::Sequence(names), ExprKind::Element(table)) => Some((it.line, names, *table)),
                _ => None,
            },
            _ => None,
        });
        let is_it = |it: &ExprId| matches!(&facts.expr(*it).kind, ExprKind::Name(it) if it == word);
        let mut loops: Vec<_> = takes_apart.filter(|(_, names, _)| names.iter().any(is_it)).collect();
        // The nearest one around; that of a comprehension may stand below.
        loops.sort_by_key(|(at, _, _)| (*at > line, line.abs_diff(*at)));
        let Some((_, names, table)) = loops.first() else { return };
        let mut parts: Vec<(usize, Var)> = Vec::new();
        for (place, part) in names.iter().enumerate() {
            if let ExprKind::Name(part) = &facts.expr(*part).kind
                && let Some(var) = self.find_var(self.assigned_space(unit, owner, part), part)
            {
                parts.push((place, var));
            }
        }
        // `for path, view in ROUTES.items()`
        let pairs = match &facts.expr(*table).kind {
            ExprKind::Call { callee, args } if args.is_empty() => match &facts.expr(*callee).kind {
                ExprKind::Member { base, name } if name == "items" => Some(*base),
                _ => None,
            },
            _ => None,
        };
        let (table, shape) = match pairs {
            Some(mapping) => (mapping, Shape::Pairs(parts)),
            None => (*table, Shape::Parts(parts)),
        };
        let at = Spot { unit, owner, expr: table };
        self.rows_of_table(at, &shape, found);
        if found.is_empty() {
            // Which path belongs to which handler is not known.
            let unknown = Spot { expr: ExprId(0), ..at };
            add_parts(at, &shape, |_| Some(unknown), found);
        }
    }

    fn rows_of_table(&mut self, table: Spot, shape: &Shape, found: &mut Vec<Registration>) {
        if !self.rows_of_calls(table, shape, found) {
            self.rows(table, shape, found, 0);
        }
    }

    /// The rows that each call hands to a function which loops over them, with what else it hands over. False if the table
    /// is no parameter, or no call is known.
    fn rows_of_calls(&mut self, table: Spot, shape: &Shape, found: &mut Vec<Registration>) -> bool {
        let facts = self.facts(table.unit);
        let ExprKind::Name(name) = &facts.expr(table.expr).kind else { return false };
        let params = facts.definition(table.owner).params.iter().filter(|it| it.kind == ParamKind::Plain);
        let Some(position) = params.clone().position(|it| it.name == *name) else { return false };
        let function = self.program.def(table.unit, table.owner);
        let calls = self.calls_of(function).to_vec();
        for call in &calls {
            let ExprKind::Call { args, .. } = &self.facts(call.unit).expr(call.expr).kind else { continue };
            let named = args.iter().find(|it| it.name.as_deref() == Some(name.as_str()));
            let Some(given) = named.or_else(|| args.get(position).filter(|it| it.name.is_none())) else { continue };
            let before = self.bind_within(&[(function, *call)]);
            let bindings = self.bindings.split_off(before);
            let mut rows = Vec::new();
            self.rows(Spot { expr: given.value, ..*call }, shape, &mut rows, 0);
            for mut row in rows {
                row.bindings.splice(0..0, bindings.iter().copied());
                found.push(row);
            }
        }
        !calls.is_empty()
    }

    fn rows(&mut self, table: Spot, shape: &Shape, found: &mut Vec<Registration>, level: u32) {
        if level > MOST_LEVELS {
            return;
        }
        let at = |expr: ExprId| Spot { expr, ..table };
        match &self.facts(table.unit).expr(table.expr).kind {
            ExprKind::Mapping(entries) if matches!(shape, Shape::Pairs(_)) => {
                for (key, value) in entries {
                    let pair = [key.map(at), Some(at(*value))];
                    add_parts(at(*value), shape, |place| pair.get(place).copied().flatten(), found);
                }
            }
            ExprKind::Sequence(items) => items.iter().for_each(|it| self.row(at(*it), shape, found)),
            ExprKind::Mapping(entries) => entries.iter().for_each(|(_, it)| self.row(at(*it), shape, found)),
            ExprKind::Construct { fields, .. } => fields.iter().for_each(|it| self.row(at(it.value), shape, found)),
            ExprKind::Choice(items) => items.iter().for_each(|it| self.rows(at(*it), shape, found, level + 1)),
            ExprKind::Name(_) | ExprKind::Member { .. } => {
                for (var, _) in self.vars_of(table.unit, table.owner, table.expr) {
                    for source in self.sources(var) {
                        self.rows(source, shape, found, level + 1);
                    }
                }
            }
            ExprKind::Call { callee, .. } => {
                for value in self.eval(table.unit, table.owner, *callee) {
                    let (Value::Def(def) | Value::Bound(def, _)) = self.pool.value(value) else { continue };
                    if !self.program.is_function(def) {
                        continue;
                    }
                    let Some(var) = self.result_var(def) else { continue };
                    for source in self.sources(var) {
                        self.rows(source, shape, found, level + 1);
                    }
                }
            }
            _ => {}
        }
    }

    /// Binds the fields of a type, or the names that take a row apart, to what one literal gives them.
    fn row(&mut self, row: Spot, shape: &Shape, found: &mut Vec<Registration>) {
        if let ExprKind::Sequence(_) | ExprKind::Mapping(_) = &self.facts(row.unit).expr(row.expr).kind {
            match shape {
                Shape::Whole(var) => found.push(Registration { bindings: vec![(*var, row)], at: row }),
                Shape::Parts(_) => {
                    add_parts(row, shape, |place| self.item_of(row, &place.to_string()), found);
                }
                Shape::Fields | Shape::Pairs(_) => {}
            }
            return;
        }
        if !matches!(shape, Shape::Fields) {
            return;
        }
        let ExprKind::Construct { of, fields: given } = &self.facts(row.unit).expr(row.expr).kind else { return };
        let mut bindings = Vec::new();
        for value in self.types(row.unit, row.owner, *of) {
            let Value::Instance(of) = self.pool.value(value) else { continue };
            let (home, id) = self.program.local(of);
            let definitions = &self.facts(home).definitions;
            let fields = definitions.iter().filter(|it| it.parent == id && it.kind == DefinitionKind::Field);
            for (position, field) in fields.enumerate() {
                let value = given
                    .iter()
                    .find(|it| it.name.as_ref() == Some(&field.name))
                    .or_else(|| given.get(position).filter(|it| it.name.is_none()));
                // A field that the literal leaves out stands for nothing.
                let expr = value.map_or(ExprId(0), |it| it.value);
                if let Some(var) = self.find_var(self.program.def_space(of), &field.name) {
                    bindings.push((var, Spot { expr, ..row }));
                }
            }
        }
        if !bindings.is_empty() {
            found.push(Registration { bindings, at: row });
        }
    }
}

/// Binds the names that take a row apart.
fn add_parts(row: Spot, shape: &Shape, item: impl Fn(usize) -> Option<Spot>, found: &mut Vec<Registration>) {
    let (Shape::Parts(parts) | Shape::Pairs(parts)) = shape else { return };
    let bindings: Vec<(Var, Spot)> = parts.iter().filter_map(|(place, var)| Some((*var, item(*place)?))).collect();
    if !bindings.is_empty() {
        found.push(Registration { bindings, at: row });
    }
}

/// The call that an expression is given to as it stands: its number, what is called, and all that it is given.
pub(super) fn call_given(facts: &FileFacts, argument: ExprId) -> Option<(ExprId, ExprId, &[Argument])> {
    (argument.0..).map(ExprId).zip(facts.exprs.iter().skip(argument.0 as usize)).find_map(|(at, it)| match &it.kind {
        ExprKind::Call { callee, args } if args.iter().any(|it| it.value == argument) => {
            Some((at, *callee, args.as_slice()))
        }
        _ => None,
    })
}
