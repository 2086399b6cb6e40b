//! Routes whose registration stands once and runs often: in a wrapper that callers hand path and handler to, or in a loop
//! over a table of routes. Each call of the wrapper and each row of the table is a registration of its own, so that no path
//! is paired with the handler of another.

use crate::link::routes::endpoints::MOST_CHOSEN;
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::{Value, Var};
use crate::model::fact::{Argument, DefId, DefinitionKind, ExprId, ExprKind, FileFacts, ParamKind, Piece, StepKind};
use crate::model::source::Role;

/// Wrappers around wrappers, and names on the way to a table, that are followed.
const MOST_LEVELS: u32 = 6;
/// Registrations of one call at most.
const MOST_REGISTRATIONS: usize = 2_000;

/// Functions that make rows for each other, so deep.
const MOST_MAKERS: u32 = 3;

/// What the names of one registration stand for in one of its runs.
pub(crate) struct Registration {
    /// None if nothing is known of the run.
    pub(crate) bindings: Vec<(Var, Spot)>,
    /// The argument or the row that decides it.
    pub(crate) at: Spot,
    /// The row was found by its type: which list holds it is not known.
    pub(crate) loose: bool,
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

impl<'a> Inference<'a> {
    /// The runs of a registration by its route; none if the route is decided where it stands.
    pub(crate) fn registrations(&mut self, unit: u32, owner: DefId, route: ExprId, level: u32) -> Vec<Registration> {
        let mut found = Vec::new();
        if level < MOST_LEVELS {
            let names = self.names_in(unit, route);
            for (at, name) in names.iter().copied().enumerate() {
                match &self.facts(unit).expr(name).kind {
                    ExprKind::Member { .. } => {
                        let (row, read) = self.root_of(unit, name);
                        let all_known = self.rows_of_loop(unit, owner, row, false, &mut found);
                        let given = if found.is_empty() && name == route {
                            self.calls_with_route(unit, owner, (row, route), level)
                        } else {
                            Vec::new()
                        };
                        if !given.is_empty() {
                            found = given;
                        } else if !all_known || found.is_empty() {
                            let mut all = Vec::new();
                            self.rows_of_type(unit, owner, row, read, &mut all);
                            if all.len() > found.len() {
                                found = all;
                            }
                        }
                    }
                    ExprKind::Index { base, .. } => {
                        self.rows_of_loop(unit, owner, *base, true, &mut found);
                    }
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
                    found = self.rows_within(unit, owner, &names[at + 1..], found);
                    break;
                }
            }
            if found.is_empty()
                && let Some(object) = self.objects_in(unit, owner, route, 0).first()
            {
                self.calls_of_wrapper(unit, owner, *object, level, &mut found);
            }
        }
        found.truncate(MOST_REGISTRATIONS);
        found
    }

    /// Loops in loops (`for version, routes in CATALOG: for path, view in routes`), and loops in a wrapper that each call gives
    /// a table of its own: the rows of the inner table for each row of the outer one. Rows whose table is not known stay open:
    /// what is said of them must not be crossed.
    fn rows_within(
        &mut self,
        unit: u32,
        owner: DefId,
        names: &[ExprId],
        outer: Vec<Registration>,
    ) -> Vec<Registration> {
        let is_inner = |it: &&ExprId| !matches!(self.facts(unit).expr(**it).kind, ExprKind::Index { .. });
        let Some(name) = names.iter().find(is_inner).copied() else { return outer };
        let is_member = matches!(self.facts(unit).expr(name).kind, ExprKind::Member { .. });
        let mut all = Vec::new();
        for registration in outer {
            let before = self.bindings.len();
            self.bindings.extend_from_slice(&registration.bindings);
            let mut inner = Vec::new();
            let mut whole = false;
            if self.bound(unit, owner, name).is_none() {
                if is_member {
                    whole = self.rows_of_given(unit, owner, name, &mut inner);
                } else {
                    self.rows_taken_apart(unit, owner, name, &mut inner);
                }
            }
            self.bindings.truncate(before);
            if inner.is_empty() {
                // A table that is known to have no rows registers nothing.
                all.extend((!whole).then_some(registration));
                continue;
            }
            for mut row in inner {
                row.bindings.splice(0..0, registration.bindings.iter().copied());
                all.push(row);
            }
            if all.len() > MOST_REGISTRATIONS {
                break;
            }
        }
        all
    }

    /// The rows of a loop over what the call in hand gives, also as a part of it (`for action in controller.actions`); true where
    /// they are all.
    fn rows_of_given(&mut self, unit: u32, owner: DefId, read: ExprId, found: &mut Vec<Registration>) -> bool {
        let (row, _) = self.root_of(unit, read);
        let mut looped = false;
        let mut whole = true;
        for (var, _) in self.vars_of(unit, owner, row) {
            let before = found.len();
            for source in self.sources(var) {
                let ExprKind::Element(table) = self.facts(source.unit).expr(source.expr).kind else { continue };
                let table = Spot { expr: table, ..source };
                let (root, _) = self.root_of(table.unit, table.expr);
                if self.bound(table.unit, table.owner, root).is_none() {
                    continue;
                }
                looped = true;
                let written = self.written(table);
                whole &= written.whole;
                for origin in written.origins {
                    let is_list =
                        !matches!(self.facts(origin.spot.unit).expr(origin.spot.expr).kind, ExprKind::Construct { .. });
                    whole &= if is_list {
                        self.rows(origin.spot, &Shape::Fields, found, &mut Vec::new(), 0)
                    } else {
                        self.row(origin.spot, &Shape::Fields, found)
                    };
                }
            }
            found.iter_mut().skip(before).for_each(|it| it.bindings.push((var, it.at)));
        }
        looped && whole
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
            if !self.is_called_on(unit, scope, Spot { expr: call, ..source }) || self.is_spare(source) {
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
                found.push(Registration { bindings, at: source, loose: false });
                continue;
            }
            for mut registration in outer {
                registration.bindings.extend_from_slice(&bindings);
                found.push(registration);
            }
        }
    }

    /// The calls of a wrapper that is given the route as a part of an object (`router.Add(orders.At("/orders"), list)`), where
    /// it can be told for most of them.
    fn calls_with_route(
        &mut self,
        unit: u32,
        owner: DefId,
        (object, route): (ExprId, ExprId),
        level: u32,
    ) -> Vec<Registration> {
        let mut found = Vec::new();
        self.calls_of_wrapper(unit, owner, object, level, &mut found);
        let mut told: Vec<(Spot, Vec<String>)> = Vec::new();
        let mut kept: Vec<Registration> = Vec::new();
        for mut registration in found {
            let before = self.bindings.len();
            self.bindings.extend_from_slice(&registration.bindings);
            let texts: Vec<String> = self.texts(unit, owner, route).into_iter().map(|it| it.text).collect();
            self.bindings.truncate(before);
            let (said, is_known) = ((registration.at, texts), |it: &[String]| (1..=MOST_CHOSEN).contains(&it.len()));
            if told.contains(&said) {
                continue;
            }
            if is_known(&said.1) {
                told.push(said);
            } else {
                // Any of the routes of all calls: which one it is here is not known.
                registration.bindings.clear();
            }
            kept.push(registration);
        }
        if told.len() * 2 > kept.len() { kept } else { Vec::new() }
    }

    /// HTTP methods that the call of a wrapper gives last, beside the path: `handle(mux, "/orders", show, "GET", "POST")`.
    pub(crate) fn methods_given(&mut self, path: Spot) -> Vec<String> {
        let Some((_, _, args)) = call_given(self.facts(path.unit), path.expr) else { return Vec::new() };
        let place = args.iter().position(|it| it.value == path.expr).unwrap_or_default();
        let mut methods = Vec::new();
        for argument in args[place + 1..].iter().rev() {
            let Some(method) = self.method_word(path.unit, path.owner, argument.value) else { break };
            methods.insert(0, method);
        }
        if methods.is_empty() {
            // The only one before the path: `registrar.Register(http.MethodGet, "/orders", show)`.
            let before = args[..place].to_vec();
            methods.extend(before.iter().filter_map(|it| self.method_word(path.unit, path.owner, it.value)));
            if methods.len() > 1 {
                methods.clear();
            }
        }
        methods
    }

    /// Whether a generator wrote the function around a place and nobody calls it: it offers more than the program uses.
    fn is_spare(&self, place: Spot) -> bool {
        let owner = self.named_owner(place.unit, place.owner);
        self.program.unit(place.unit).source.role == Role::Generated
            && self.calls_of(self.program.def(place.unit, owner)).is_empty()
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
                    found.push(Registration { bindings, at, loose: false });
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

    /// The rows of the list that a loop runs over; false where not all of what is in it can be told.
    fn rows_of_loop(
        &mut self,
        unit: u32,
        owner: DefId,
        row: ExprId,
        by_items: bool,
        found: &mut Vec<Registration>,
    ) -> bool {
        let mut whole = true;
        for (var, _) in self.vars_of(unit, owner, row) {
            let before = found.len();
            let shape = if by_items { Shape::Whole(var) } else { Shape::Fields };
            for source in self.sources(var) {
                if let ExprKind::Element(table) = self.facts(source.unit).expr(source.expr).kind {
                    whole &= self.rows_of_table(Spot { expr: table, ..source }, &shape, found);
                }
            }
            // The row itself, for what is read of it by more than one step.
            found.iter_mut().skip(before).for_each(|it| it.bindings.push((var, it.at)));
        }
        whole
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

    fn rows_of_table(&mut self, table: Spot, shape: &Shape, found: &mut Vec<Registration>) -> bool {
        // Of a wrapper's call in hand the list that it gives, not those of all others.
        if let Some(given) = self.bound(table.unit, table.owner, table.expr).filter(|_| !self.is_rest_name(table)) {
            return self.rows(given, shape, found, &mut Vec::new(), 0);
        }
        match self.rows_of_calls(table, shape, found) {
            Some(whole) => whole,
            None => self.rows(table, shape, found, &mut Vec::new(), 0),
        }
    }

    /// Whether a name is the parameter that takes all further arguments of its function.
    fn is_rest_name(&self, spot: Spot) -> bool {
        let facts = self.facts(spot.unit);
        let ExprKind::Name(word) = &facts.expr(spot.expr).kind else { return false };
        facts.definition(spot.owner).params.iter().any(|it| it.kind == ParamKind::Rest && it.name == *word)
    }

    /// `row` of `row.endpoint.path`, and the name of the member that is read of it.
    fn root_of(&self, unit: u32, expr: ExprId) -> (ExprId, &'a str) {
        let (mut root, mut read) = (expr, "");
        while let ExprKind::Member { base, name } = &self.facts(unit).expr(root).kind {
            (root, read) = (*base, name.as_str());
        }
        (root, read)
    }

    /// Where the list that a loop runs over is put together out of sight, each literal of its rows' type is a row; one in
    /// a function that makes it of its parameters stands for as many rows as there are calls.
    fn rows_of_type(&mut self, unit: u32, owner: DefId, row: ExprId, read: &str, found: &mut Vec<Registration>) {
        let mut looped = None;
        for (var, _) in self.vars_of(unit, owner, row) {
            let sources = self.sources(var);
            let all = sources.iter().all(|it| matches!(self.facts(it.unit).expr(it.expr).kind, ExprKind::Element(_)));
            looped = Some(var).filter(|_| all && !sources.is_empty());
        }
        let Some(var) = looped else { return };
        let values = self.eval(unit, owner, row);
        let [only] = values.as_slice() else { return };
        let Value::Instance(of) = self.pool.value(*only) else { return };
        let name = self.program.definition(of).name.clone();
        for home in 0..self.program.units.len() as u32 {
            if self.program.unit(home).source.role != Role::Production {
                continue;
            }
            let facts = self.facts(home);
            for (index, expr) in facts.exprs.iter().enumerate() {
                let ExprKind::Construct { of: made, fields } = &expr.kind else { continue };
                let (ExprKind::Name(word) | ExprKind::Member { name: word, .. }) = &facts.expr(*made).kind else {
                    continue;
                };
                if *word != name || fields.is_empty() || found.len() > MOST_REGISTRATIONS {
                    continue;
                }
                let owner = function_at(facts, expr.at.line);
                let is_row = self.types(home, owner, *made).contains(only);
                if !is_row || self.program.is_test(self.program.def(home, owner)) {
                    continue;
                }
                let literal = Spot { unit: home, owner, expr: ExprId(index as u32) };
                let before = found.len();
                self.row(literal, &Shape::Fields, found);
                let Some(mut made) =
                    (found.len() > before).then(|| found.split_off(before)).and_then(|mut it| it.pop())
                else {
                    continue;
                };
                made.bindings.push((var, literal));
                made.loose = true;
                // Where the literal itself gives what is read, nothing else matters.
                let own = fields.iter().find(|it| it.name.as_deref() == Some(read)).map(|it| vec![it.value]);
                let given = own.unwrap_or_else(|| fields.iter().map(|it| it.value).collect());
                for (outer, at) in self.runs_of(literal, &given, 0) {
                    let mut bindings = made.bindings.clone();
                    bindings.extend(outer);
                    found.push(Registration { bindings, at: at.unwrap_or(literal), loose: true });
                }
            }
        }
    }

    /// What the parameters among some expressions of a function stand for, for each call of it.
    fn runs_of(&mut self, place: Spot, given: &[ExprId], level: u32) -> Vec<(Vec<(Var, Spot)>, Option<Spot>)> {
        let facts = self.facts(place.unit);
        let owner = self.named_owner(place.unit, place.owner);
        let params = &facts.definition(owner).params;
        let takes = |it: &ExprId| match &facts.expr(*it).kind {
            ExprKind::Name(name) => params.iter().any(|param| param.name == *name),
            _ => false,
        };
        if level > MOST_MAKERS || !given.iter().any(takes) {
            return vec![(Vec::new(), None)];
        }
        let function = self.program.def(place.unit, owner);
        let mut runs = Vec::new();
        for call in self.calls_of(function).to_vec() {
            let ExprKind::Call { args, .. } = &self.facts(call.unit).expr(call.expr).kind else { continue };
            let before = self.bind_within(&[(function, call)]);
            let bindings = self.bindings.split_off(before);
            let given: Vec<ExprId> = args.iter().map(|it| it.value).collect();
            for (outer, at) in self.runs_of(call, &given, level + 1) {
                let mut bindings = bindings.clone();
                bindings.extend(outer);
                runs.push((bindings, at.or(Some(call))));
            }
            if runs.len() > MOST_REGISTRATIONS {
                break;
            }
        }
        if runs.is_empty() { vec![(Vec::new(), None)] } else { runs }
    }

    /// The rows that each call hands to a function which loops over them, with what else it hands over. None if the table
    /// is no parameter, or no call is known; false where not all rows can be told.
    fn rows_of_calls(&mut self, table: Spot, shape: &Shape, found: &mut Vec<Registration>) -> Option<bool> {
        let facts = self.facts(table.unit);
        let ExprKind::Name(name) = &facts.expr(table.expr).kind else { return None };
        let params = &facts.definition(table.owner).params;
        let mut given_by_place = params.iter().filter(|it| matches!(it.kind, ParamKind::Plain | ParamKind::Rest));
        let position = given_by_place.position(|it| it.name == *name)?;
        let is_rest = params.iter().any(|it| it.kind == ParamKind::Rest && it.name == *name);
        let function = self.program.def(table.unit, table.owner);
        let calls = self.calls_of(function).to_vec();
        let mut whole = true;
        for call in &calls {
            let ExprKind::Call { args, .. } = &self.facts(call.unit).expr(call.expr).kind else { continue };
            let named = args.iter().find(|it| it.name.as_deref() == Some(name.as_str()));
            let before = self.bind_within(&[(function, *call)]);
            let bindings = self.bindings.split_off(before);
            let mut rows = Vec::new();
            let mut seen = Vec::new();
            if is_rest {
                for given in args.iter().skip(position) {
                    let given_at = Spot { expr: given.value, ..*call };
                    if given.spread {
                        whole &= self.rows(given_at, shape, &mut rows, &mut seen, 0);
                    } else {
                        whole &= self.row(given_at, shape, &mut rows);
                    }
                }
            } else if let Some(given) = named.or_else(|| args.get(position).filter(|it| it.name.is_none())) {
                whole &= self.rows(Spot { expr: given.value, ..*call }, shape, &mut rows, &mut seen, 0);
            }
            for mut row in rows {
                row.bindings.splice(0..0, bindings.iter().copied());
                found.push(row);
            }
        }
        (!calls.is_empty()).then_some(whole)
    }

    /// The rows of a list; false where not all of what is in it can be told. `seen`: variables that were looked at, since a
    /// list that grows names itself.
    fn rows(
        &mut self,
        table: Spot,
        shape: &Shape,
        found: &mut Vec<Registration>,
        seen: &mut Vec<Var>,
        level: u32,
    ) -> bool {
        if level > MOST_LEVELS {
            return false;
        }
        let at = |expr: ExprId| Spot { expr, ..table };
        let mut whole = true;
        match &self.facts(table.unit).expr(table.expr).kind {
            ExprKind::Mapping(entries) if matches!(shape, Shape::Pairs(_)) => {
                for (key, value) in entries {
                    let pair = [key.map(at), Some(at(*value))];
                    add_parts(at(*value), shape, |place| pair.get(place).copied().flatten(), found);
                }
            }
            ExprKind::Sequence(items) => items.iter().for_each(|it| whole &= self.row(at(*it), shape, found)),
            ExprKind::Mapping(entries) => entries.iter().for_each(|(_, it)| whole &= self.row(at(*it), shape, found)),
            ExprKind::Construct { fields, .. } => {
                fields.iter().for_each(|it| whole &= self.row(at(it.value), shape, found));
            }
            ExprKind::Choice(items) => {
                items.iter().for_each(|it| whole &= self.rows(at(*it), shape, found, seen, level + 1));
            }
            ExprKind::Name(_) | ExprKind::Member { .. } => {
                if let Some(given) = self.bound(table.unit, table.owner, table.expr) {
                    return self.rows(given, shape, found, seen, level + 1);
                }
                let vars = self.vars_of(table.unit, table.owner, table.expr);
                whole = !vars.is_empty();
                for (var, _) in vars {
                    if seen.contains(&var) {
                        continue;
                    }
                    seen.push(var);
                    for source in self.sources(var) {
                        whole &= self.rows(source, shape, found, seen, level + 1);
                    }
                }
            }
            ExprKind::Call { callee, .. } => {
                let mut is_told = false;
                for value in self.eval(table.unit, table.owner, *callee) {
                    let (Value::Def(def) | Value::Bound(def, _)) = self.pool.value(value) else { continue };
                    if !self.program.is_function(def) {
                        continue;
                    }
                    let Some(var) = self.result_var(def) else { continue };
                    for source in self.sources(var) {
                        is_told = true;
                        let source = self.first_of(source);
                        whole &= self.rows(source, shape, found, seen, level + 1);
                    }
                }
                whole &= is_told;
            }
            ExprKind::Constant(_) => {}
            _ => whole = false,
        }
        whole
    }

    /// Of several results of a function the list is the first; a list of rows is one result.
    fn first_of(&self, result: Spot) -> Spot {
        let facts = self.facts(result.unit);
        let is_row = |it: &ExprId| matches!(facts.expr(*it).kind, ExprKind::Sequence(_) | ExprKind::Mapping(_));
        match &facts.expr(result.expr).kind {
            ExprKind::Sequence(items) => match items.first() {
                Some(first)
                    if !matches!(facts.expr(*first).kind, ExprKind::Construct { .. }) && !items.iter().all(is_row) =>
                {
                    Spot { expr: *first, ..result }
                }
                _ => result,
            },
            _ => result,
        }
    }

    /// Binds the fields of a type, or the names that take a row apart, to what one literal gives them; false if it is no literal.
    fn row(&mut self, row: Spot, shape: &Shape, found: &mut Vec<Registration>) -> bool {
        if let ExprKind::Sequence(_) | ExprKind::Mapping(_) = &self.facts(row.unit).expr(row.expr).kind {
            match shape {
                Shape::Whole(var) => found.push(Registration { bindings: vec![(*var, row)], at: row, loose: false }),
                Shape::Parts(_) => {
                    add_parts(row, shape, |place| self.item_of(row, &place.to_string()), found);
                }
                Shape::Fields | Shape::Pairs(_) => return false,
            }
            return true;
        }
        if !matches!(shape, Shape::Fields) {
            return false;
        }
        let ExprKind::Construct { of, fields: given } = &self.facts(row.unit).expr(row.expr).kind else {
            return false;
        };
        let mut bindings = Vec::new();
        for value in self.types(row.unit, row.owner, *of) {
            let Value::Instance(of) = self.pool.value(value) else { continue };
            let (home, id) = self.program.local(of);
            let facts = self.facts(home);
            // Embedded parts stand before the fields, where none has its name written.
            let parts = if facts.typing.embeds_parts { facts.definition(id).bases.len() } else { 0 };
            let fields = facts.definitions.iter().filter(|it| it.parent == id && it.kind == DefinitionKind::Field);
            for (position, field) in fields.enumerate() {
                let position = position + parts;
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
        let is_row = !bindings.is_empty();
        if is_row {
            found.push(Registration { bindings, at: row, loose: false });
        }
        is_row
    }
}

/// Binds the names that take a row apart.
fn add_parts(row: Spot, shape: &Shape, item: impl Fn(usize) -> Option<Spot>, found: &mut Vec<Registration>) {
    let (Shape::Parts(parts) | Shape::Pairs(parts)) = shape else { return };
    let bindings: Vec<(Var, Spot)> = parts.iter().filter_map(|(place, var)| Some((*var, item(*place)?))).collect();
    if !bindings.is_empty() {
        found.push(Registration { bindings, at: row, loose: false });
    }
}

/// The innermost function around a line.
pub(in crate::link) fn function_at(facts: &FileFacts, line: u32) -> DefId {
    let around = facts.def_ids().filter(|id| {
        let definition = facts.definition(*id);
        matches!(definition.kind, DefinitionKind::Function | DefinitionKind::Method | DefinitionKind::Closure)
            && (definition.line..=definition.end_line).contains(&line)
    });
    around.min_by_key(|id| facts.definition(*id).end_line - facts.definition(*id).line).unwrap_or(DefId::MODULE)
}

/// The call that an expression is given to as it stands: its number, what is called, and all that it is given.
pub(in crate::link) fn call_given(facts: &FileFacts, argument: ExprId) -> Option<(ExprId, ExprId, &[Argument])> {
    (argument.0..).map(ExprId).zip(facts.exprs.iter().skip(argument.0 as usize)).find_map(|(at, it)| match &it.kind {
        ExprKind::Call { callee, args } if args.iter().any(|it| it.value == argument) => {
            Some((at, *callee, args.as_slice()))
        }
        _ => None,
    })
}
