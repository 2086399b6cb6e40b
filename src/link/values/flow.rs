//! Where a value was written down, found backwards once all values are known: through variables, fields of the literals
//! that made their holders, parameters and receivers of the calls seen, and results of the program's functions. What a
//! function hands back is followed for the call in hand alone.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use smallvec::SmallVec;

use crate::link::names::program::Def;
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::{Value, Var};
use crate::model::fact::{Argument, DefId, DefinitionKind, ExprId, ExprKind, FileFacts, ParamKind, Piece, StepKind};

/// Steps from a use to where the value is written.
const MOST_STEPS: u32 = 24;
/// Expressions looked at for one use.
const MOST_LOOKS: u32 = 2_000;
/// Calls of one function that are followed.
const MOST_CALLS: usize = 400;
/// Types embedded in one another that are followed.
const MOST_EMBEDDED: u32 = 3;

/// Calls and assigned members by what they name, for going backwards.
pub(crate) struct Backward<'a> {
    /// Calls of each function, those of tests left out.
    calls: FxHashMap<Def, Vec<Spot>>,
    /// Values given to members of a local name: by function, name and member.
    members: FxHashMap<(u32, DefId, &'a str, &'a str), Vec<ExprId>>,
    /// Last names of the types that others embed: methods of all others are their receivers' own.
    embedded: FxHashSet<&'a str>,
    /// Ways followed before.
    written: FxHashMap<Spot, Found>,
}

/// A place where a value is written, and the calls by which it came to where it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) spot: Spot,
    /// Calls whose results led here.
    pub(crate) within: SmallVec<[(Def, Spot); 2]>,
    /// The call or argument by which it came in last, and the first of all.
    pub(crate) handed: Option<(Spot, Spot)>,
    /// It only goes into what a builder is given to compare with or to write: no part of a statement.
    pub(crate) is_operand: bool,
}

/// What was found on one way back.
#[derive(Clone, Default)]
pub(crate) struct Found {
    pub(crate) origins: Vec<Origin>,
    /// Every way led somewhere.
    pub(crate) whole: bool,
    /// What the search cost whoever asked, where nothing was kept of it: expressions looked at.
    pub(crate) looks: u32,
}

/// What is read of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Part<'a> {
    Field(&'a str),
    /// A part that the type embeds under this name.
    Embedded(&'a str),
    /// Any element of a list or mapping.
    Element,
}

struct Way<'a> {
    /// Parts to be read of what is found, the next one first.
    path: SmallVec<[Part<'a>; 4]>,
    /// Calls whose results are being followed.
    within: SmallVec<[(Def, Spot); 2]>,
    handed: Option<(Spot, Spot)>,
    /// It leads through code that only filled a field or variable: who calls that does not call what reads it.
    elsewhere: bool,
    /// It leads to an operand of a call or a literal, or led through one.
    to_operand: bool,
    operand: bool,
    steps: u32,
}

impl<'a> Way<'a> {
    fn on(&self) -> Self {
        let (path, within) = (self.path.clone(), self.within.clone());
        let operand = self.operand || self.to_operand;
        Self { path, within, steps: self.steps + 1, operand, to_operand: false, ..*self }
    }

    /// Into what goes into a call or a literal.
    fn to_part(&self, is_operand: bool) -> Self {
        Self { to_operand: is_operand, ..self.on() }
    }

    /// Where what is read was filled in, by code that another call ran.
    fn aside(&self) -> Self {
        let mut way = self.on();
        way.within.clear();
        way.elsewhere = true;
        way
    }

    /// Behind a call or an argument of another function.
    fn outwards(&self, by: Spot) -> Self {
        let mut way = self.on();
        way.within.clear();
        if !self.elsewhere {
            way.handed = Some((self.handed.map_or(by, |it| it.0), by));
        }
        way
    }

    fn part(&self, part: Part<'a>) -> Self {
        let mut way = self.on();
        way.path.insert(0, part);
        way
    }

    /// Without so many parts.
    fn rest(&self, read: usize) -> Self {
        let mut way = self.on();
        way.path.drain(..read);
        way
    }

    /// The field that is read, with how many parts lie up to it.
    fn field(&self) -> Option<(&'a str, usize)> {
        let at = self.path.iter().position(|it| !matches!(it, Part::Embedded(_)))?;
        if let Part::Field(name) = self.path[at] { Some((name, at + 1)) } else { None }
    }
}

struct Search {
    found: Found,
    looks: u32,
    seen: FxHashSet<(Spot, u64)>,
    /// Everything that goes into the value is wanted, not only the value.
    parts: bool,
}

impl Search {
    /// A way ends here.
    fn found(&mut self, spot: Spot, way: &Way<'_>) {
        if !way.path.is_empty() {
            self.found.whole = false;
        } else if !self.parts {
            self.found.origins.push(Origin {
                spot,
                within: way.within.clone(),
                handed: way.handed,
                is_operand: way.operand,
            });
        }
    }
}

/// A name's place: its variable, and the parameter of a function that it is.
struct Place {
    var: Var,
    holder: DefId,
    param: Option<(ParamKind, usize)>,
}

impl<'a> Inference<'a> {
    /// Indexes calls and assigned members; only then can ways be followed back.
    /// Calls that run a function, those of tests left out.
    pub(crate) fn calls_of(&self, def: Def) -> &[Spot] {
        self.backward.as_ref().and_then(|it| it.calls.get(&def)).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn look_backward(&mut self) {
        let mut backward = Backward {
            calls: FxHashMap::default(),
            members: FxHashMap::default(),
            embedded: FxHashSet::default(),
            written: FxHashMap::default(),
        };
        for unit in 0..self.program.units.len() as u32 {
            let facts = self.facts(unit);
            backward
                .embedded
                .extend(facts.definitions.iter().flat_map(|it| &it.bases).filter_map(|it| last_of(facts, *it)));
            for step in &facts.steps {
                if self.program.is_test(self.program.def(unit, step.owner)) {
                    continue;
                }
                match step.kind {
                    StepKind::Call(expr) => {
                        let ExprKind::Call { callee, .. } = &facts.expr(expr).kind else { continue };
                        if self.hands_all_on(unit, expr) {
                            continue;
                        }
                        for value in self.eval(unit, step.owner, *callee) {
                            if let Value::Def(def) | Value::Bound(def, _) = self.pool.value(value)
                                && self.program.is_function(def)
                            {
                                let spots = backward.calls.entry(def).or_default();
                                let spot = Spot { unit, owner: step.owner, expr };
                                if spots.last() != Some(&spot) {
                                    spots.push(spot);
                                }
                            }
                        }
                    }
                    StepKind::Assign { target, value } => {
                        if let ExprKind::Member { base, name } = &facts.expr(target).kind
                            && let ExprKind::Name(of) = &facts.expr(*base).kind
                        {
                            let key = (unit, step.owner, of.as_str(), name.as_str());
                            backward.members.entry(key).or_default().push(value);
                        }
                    }
                    _ => {}
                }
            }
        }
        self.backward = Some(backward);
    }

    /// The expressions that a value was written as.
    pub(crate) fn written(&mut self, spot: Spot) -> Found {
        if !self.bindings.is_empty() {
            // It depends on the calls on the way here, so it cannot be kept.
            return self.search(spot, SmallVec::new(), false);
        }
        if let Some(known) = self.backward.as_ref().and_then(|it| it.written.get(&spot)) {
            return known.clone();
        }
        let found = Found { looks: 0, ..self.search(spot, SmallVec::new(), false) };
        if let Some(backward) = &mut self.backward {
            backward.written.insert(spot, found.clone());
        }
        found
    }

    /// The expressions that the items of a list were written as.
    pub(crate) fn items_written(&mut self, list: Spot) -> Found {
        self.search(list, SmallVec::from_iter([Part::Element]), false)
    }

    /// Every expression that goes into a value: chains of calls with their arguments, texts and their parts.
    pub(crate) fn ingredients(&mut self, spot: Spot) -> Found {
        self.search(spot, SmallVec::new(), true)
    }

    /// Lets the parameters and receivers of calls stand for what these calls hand to them, until the bindings are cut
    /// back to the number given back.
    pub(crate) fn bind_within(&mut self, within: &[(Def, Spot)]) -> usize {
        let before = self.bindings.len();
        for (def, call) in within {
            let facts = self.facts(call.unit);
            let ExprKind::Call { callee, args } = &facts.expr(call.expr).kind else { continue };
            self.bind_arguments(call.unit, call.owner, *def, args);
            let (unit, id) = self.program.local(*def);
            let receiver = self.facts(unit).definition(id).params.iter().find(|it| it.kind == ParamKind::Receiver);
            let base = match &facts.expr(self.without_types(call.unit, *callee)).kind {
                ExprKind::Member { base, .. } => *base,
                _ => continue,
            };
            if let Some(var) = receiver.and_then(|it| self.find_var(self.program.space(unit, id), &it.name)) {
                self.bindings.push((var, Spot { expr: base, ..*call }));
            }
        }
        before
    }

    fn search(&mut self, spot: Spot, path: SmallVec<[Part<'a>; 4]>, parts: bool) -> Found {
        if self.backward.is_none() {
            return Found::default();
        }
        let found = Found { origins: Vec::new(), whole: true, looks: 0 };
        let mut search = Search { found, looks: 0, seen: FxHashSet::default(), parts };
        let within = SmallVec::new();
        let way = Way { path, within, handed: None, elsewhere: false, to_operand: false, operand: false, steps: 0 };
        self.back(spot, &way, &mut search);
        Found { looks: search.looks, ..search.found }
    }

    fn back(&mut self, spot: Spot, way: &Way<'a>, search: &mut Search) {
        search.looks += 1;
        if way.steps > MOST_STEPS || search.looks > MOST_LOOKS {
            search.found.whole = false;
            return;
        }
        let is_test = self.program.is_test(self.program.def(spot.unit, spot.owner));
        if is_test || !search.seen.insert((spot, self.fingerprint(way, search.parts))) {
            return;
        }
        if search.parts {
            search.found.origins.push(Origin {
                spot,
                within: way.within.clone(),
                handed: way.handed,
                is_operand: way.operand,
            });
        }
        let facts = self.facts(spot.unit);
        let at = |expr: ExprId| Spot { expr, ..spot };
        match &facts.expr(spot.expr).kind {
            ExprKind::Name(name) => self.back_name(spot, name, way, search),
            ExprKind::Member { base, name } => self.back_member(spot, *base, name, way, search),
            ExprKind::Call { callee, args } => {
                let mut own: SmallVec<[Def; 4]> = SmallVec::new();
                let mut converts = false;
                for value in self.eval(spot.unit, spot.owner, *callee) {
                    match self.pool.value(value) {
                        Value::Def(def) | Value::Bound(def, _)
                            if self.program.is_function(def) && !self.program.definition(def).traits.is_abstract =>
                        {
                            own.push(def);
                        }
                        Value::Def(def) if self.program.is_type(def) => converts = true,
                        _ => {}
                    }
                }
                if own.is_empty() {
                    if converts && args.len() == 1 {
                        self.back(at(args[0].value), &way.on(), search);
                    } else if search.parts {
                        let mut inner = way.on();
                        inner.path.clear();
                        let mut object = None;
                        if let ExprKind::Member { base, .. } = &facts.expr(*callee).kind {
                            self.back(at(*base), &inner, search);
                            object = Some(at(*base)).filter(|it| self.is_object(*it));
                        }
                        for argument in args {
                            let given = at(argument.value);
                            let is_operand = self.is_operand(given, object);
                            self.back(given, &inner.to_part(is_operand), search);
                        }
                    } else if way.path.is_empty() {
                        search.found(spot, way);
                    } else {
                        search.found.whole = false;
                    }
                    return;
                }
                for def in own {
                    if way.within.iter().any(|(it, _)| *it == def) {
                        continue;
                    }
                    let mut inner = way.on();
                    inner.within.push((def, spot));
                    let sources = self.result_var(def).map(|var| self.sources(var)).unwrap_or_default();
                    search.found.whole &= !sources.is_empty();
                    for source in sources {
                        self.back(source, &inner, search);
                    }
                }
            }
            ExprKind::Construct { fields, .. } => match way.path.first().copied() {
                Some(Part::Element) => {
                    fields.iter().for_each(|it| self.back(at(it.value), &way.rest(1), search));
                }
                Some(Part::Field(wanted)) => match self.field_in(spot, wanted, 0) {
                    Some((field, promoted)) => self.back(field, &way.rest(usize::from(!promoted)), search),
                    None => search.found.whole = false,
                },
                Some(Part::Embedded(wanted)) => match fields.iter().find(|it| self.is_part(spot, it, wanted)) {
                    Some(part) => self.back(at(part.value), &way.rest(1), search),
                    None => search.found.whole = false,
                },
                None => {
                    search.found(spot, way);
                    if search.parts {
                        for field in fields {
                            let given = at(field.value);
                            let is_operand = self.is_operand(given, Some(spot));
                            self.back(given, &way.to_part(is_operand), search);
                        }
                    }
                }
            },
            ExprKind::Choice(items) => items.iter().for_each(|it| self.back(at(*it), &way.on(), search)),
            // Which element it is, others tell.
            ExprKind::Element(_) if !search.parts => search.found.whole = false,
            ExprKind::Element(inner) => self.back(at(*inner), &way.part(Part::Element), search),
            ExprKind::Index { base, .. } => self.back(at(*base), &way.part(Part::Element), search),
            ExprKind::Sequence(items) => {
                let way = if way.path.first() == Some(&Part::Element) { way.rest(1) } else { way.on() };
                items.iter().for_each(|it| self.back(at(*it), &way, search));
            }
            ExprKind::Mapping(entries) => {
                let way = if way.path.first() == Some(&Part::Element) { way.rest(1) } else { way.on() };
                for (_, value) in entries {
                    let given = at(*value);
                    let is_operand = search.parts && self.is_operand(given, Some(spot));
                    self.back(given, &way.to_part(is_operand), search);
                }
            }
            ExprKind::Template(pieces) => {
                search.found(spot, way);
                if search.parts {
                    for piece in pieces {
                        if let Piece::Hole(hole) = piece {
                            self.back(at(*hole), &way.on(), search);
                        }
                    }
                }
            }
            ExprKind::Constant(word) if matches!(word.as_str(), "nil" | "None" | "null") => {}
            ExprKind::Text(_) | ExprKind::Constant(_) | ExprKind::Function(_) => search.found(spot, way),
            ExprKind::Entered(_) | ExprKind::Compared(_) | ExprKind::Unknown => search.found.whole = false,
        }
    }

    fn back_name(&mut self, spot: Spot, name: &'a str, way: &Way<'a>, search: &mut Search) {
        let Some(place) = self.place_of(spot, name) else {
            // Another module's.
            let vars = self.vars_of(spot.unit, spot.owner, spot.expr);
            search.found.whole &= !vars.is_empty();
            for (var, _) in vars {
                self.back_sources(var, spot, way, search);
            }
            return;
        };
        if place.param.is_some()
            && let Some((value, read)) = self.given_anew(spot, name, way)
        {
            self.back(value, &way.rest(read), search);
            return;
        }
        if let Some((_, bound)) = self.bindings.iter().rev().find(|(it, _)| *it == place.var).copied() {
            let mut inner = way.on();
            if let Some((ParamKind::Receiver, _)) = place.param {
                let method = self.program.def(spot.unit, place.holder);
                inner.path = self.embedded_between(bound, bound.expr, method);
                inner.path.extend(way.path.iter().copied());
            }
            self.back(bound, &inner, search);
            return;
        }
        let def = self.program.def(spot.unit, place.holder);
        let here = way.within.iter().rposition(|(it, _)| *it == def);
        match place.param {
            Some((kind, position)) if matches!(kind, ParamKind::Receiver | ParamKind::Plain) => {
                if let Some(at) = here {
                    // The call whose result is followed.
                    let call = way.within[at].1;
                    let mut inner = way.on();
                    inner.within.truncate(at);
                    self.back_argument(call, kind, position, name, def, &inner, search);
                    if search.parts {
                        let mut sources = self.sources(place.var);
                        sources.retain(|it| it.unit == spot.unit && it.owner == place.holder);
                        sources.into_iter().for_each(|it| self.back(it, &way.on(), search));
                    }
                    return;
                }
                let calls = self.backward.as_ref().and_then(|it| it.calls.get(&def)).cloned().unwrap_or_default();
                if calls.is_empty() || calls.len() > MOST_CALLS {
                    search.found.whole = false;
                }
                for call in calls.into_iter().take(MOST_CALLS) {
                    self.back_argument(call, kind, position, name, def, &way.outwards(call), search);
                }
                for given in self.keywords_around(def, name) {
                    self.back(given, &way.outwards(given), search);
                }
                // A parameter given another value, as in `q = q.Where(..)`.
                let sources = self.sources(place.var);
                for source in sources.into_iter().filter(|it| it.unit == spot.unit && it.owner == place.holder) {
                    self.back(source, &way.on(), search);
                }
            }
            Some((ParamKind::Rest, position)) if here.is_some() => {
                let Some(at) = here else { return };
                // Of the call whose result is followed, all that it gives from there on.
                let call = way.within[at].1;
                let ExprKind::Call { args, .. } = &self.facts(call.unit).expr(call.expr).kind else { return };
                let mut inner = way.on();
                inner.within.truncate(at);
                for given in args.iter().skip(position).filter(|it| it.name.is_none()) {
                    let is_item = !given.spread && inner.path.first() == Some(&Part::Element);
                    let inner = if is_item { inner.rest(1) } else { inner.on() };
                    self.back(Spot { expr: given.value, ..call }, &inner, search);
                }
            }
            _ => self.back_sources(place.var, spot, way, search),
        }
    }

    /// What a function gives the field of its receiver or parameter that is read, once and before it hands that back
    /// (`func (r Route) At(path string) Route { r.path = path; return r }`); and how many parts that reads.
    fn given_anew(&self, spot: Spot, name: &'a str, way: &Way<'a>) -> Option<(Spot, usize)> {
        let (wanted, read) = way.field()?;
        let given = self.backward.as_ref()?.members.get(&(spot.unit, spot.owner, name, wanted))?;
        let [only] = given.as_slice() else { return None };
        let facts = self.facts(spot.unit);
        let returned = facts.steps.iter().any(|it| it.owner == spot.owner && it.kind == StepKind::Return(spot.expr));
        (returned && facts.expr(*only).at.line < facts.expr(spot.expr).at.line)
            .then_some((Spot { expr: *only, ..spot }, read))
    }

    /// What a call hands to a receiver or parameter.
    fn back_argument(
        &mut self,
        call: Spot,
        kind: ParamKind,
        position: usize,
        name: &str,
        of: Def,
        way: &Way<'a>,
        search: &mut Search,
    ) {
        let facts = self.facts(call.unit);
        let ExprKind::Call { callee, args } = &facts.expr(call.expr).kind else { return };
        let mut embedded = Way { path: SmallVec::new(), ..way.on() };
        let given = if kind == ParamKind::Receiver {
            match &facts.expr(self.without_types(call.unit, *callee)).kind {
                ExprKind::Member { base, .. } => {
                    embedded.path = self.embedded_between(call, *base, of);
                    Some(*base)
                }
                _ => None,
            }
        } else {
            let named = args.iter().find(|it| it.name.as_deref() == Some(name));
            named.or_else(|| args.get(position).filter(|it| it.name.is_none() && !it.spread)).map(|it| it.value)
        };
        embedded.path.extend(way.path.iter().copied());
        if let Some(expr) = given {
            self.back(Spot { expr, ..call }, &embedded, search);
        } else {
            let given = self.spread_under(call, name);
            search.found.whole &= !given.is_empty();
            given.into_iter().for_each(|it| self.back(it, &embedded, search));
        }
    }

    /// The parts that lie between what a method is called on and the type that has the method.
    fn embedded_between(&mut self, call: Spot, base: ExprId, method: Def) -> SmallVec<[Part<'a>; 4]> {
        let mut chain = SmallVec::new();
        let (unit, id) = self.program.local(method);
        let definition = self.facts(unit).definition(id);
        if !self.facts(unit).typing.embeds_parts {
            return chain;
        }
        let Some(receiver) = definition.receiver else { return chain };
        let holders = self.type_objects(unit, definition.parent, receiver);
        let Some(Value::Def(holder)) = holders.first().map(|it| self.pool.value(*it)) else { return chain };
        let name = self.program.definition(holder).name.as_str();
        if self.backward.as_ref().is_some_and(|it| !it.embedded.contains(name)) {
            return chain;
        }
        for value in self.eval(call.unit, call.owner, base) {
            if let Value::Instance(of) = self.pool.value(value)
                && of != holder
                && self.embedded_in(of, holder, &mut chain, 0)
            {
                break;
            }
        }
        chain
    }

    fn embedded_in(&mut self, of: Def, wanted: Def, chain: &mut SmallVec<[Part<'a>; 4]>, level: u32) -> bool {
        if of == wanted {
            return true;
        }
        if level > MOST_EMBEDDED {
            return false;
        }
        let (unit, id) = self.program.local(of);
        let facts = self.facts(unit);
        let definition = facts.definition(id);
        for base in &definition.bases {
            let Some(name) = last_of(facts, *base) else { continue };
            for value in self.type_objects(unit, definition.parent, *base) {
                let Value::Def(part) = self.pool.value(value) else { continue };
                chain.push(Part::Embedded(name));
                if self.embedded_in(part, wanted, chain, level + 1) {
                    return true;
                }
                chain.pop();
            }
        }
        false
    }

    fn back_sources(&mut self, var: Var, spot: Spot, way: &Way<'a>, search: &mut Search) {
        let mut given: Vec<Spot> = Vec::new();
        let field = way.field();
        if let (Some((wanted, _)), ExprKind::Name(name)) = (field, &self.facts(spot.unit).expr(spot.expr).kind)
            && let Some(values) =
                (self.backward.as_ref()).and_then(|it| it.members.get(&(spot.unit, spot.owner, name.as_str(), wanted)))
        {
            // `r := &orders{}; r.table = "orders"`
            given.extend(values.iter().map(|expr| Spot { expr: *expr, ..spot }));
        }
        let before = search.found.whole;
        for it in &given {
            self.back(*it, &way.rest(field.map_or(0, |it| it.1)), search);
        }
        let assigned = !given.is_empty() && search.found.whole;
        let sources = self.sources(var);
        search.found.whole &= assigned || !sources.is_empty();
        let line = self.facts(spot.unit).expr(spot.expr).at.line;
        for source in &sources {
            let later = (source.unit, source.owner) == (spot.unit, spot.owner)
                && self.facts(source.unit).expr(source.expr).at.line > line;
            if later && sources.len() > 1 {
                continue;
            }
            let home = self.named_owner(source.unit, source.owner);
            let is_here = (source.unit, home) == (spot.unit, self.named_owner(spot.unit, spot.owner));
            let inner = if is_here { way.on() } else { way.aside() };
            self.back(*source, &inner, search);
        }
        if assigned {
            // The literal leaves out what is given to it afterwards.
            search.found.whole = before;
        }
    }

    fn back_member(&mut self, spot: Spot, base: ExprId, name: &'a str, way: &Way<'a>, search: &mut Search) {
        let values = self.eval(spot.unit, spot.owner, base);
        let module = values.iter().any(|it| matches!(self.pool.value(*it), Value::Module(_)));
        if !module {
            let kept = search.found.whole;
            self.back(Spot { expr: base, ..spot }, &way.part(Part::Field(name)), search);
            if search.found.whole || !search.parts {
                return;
            }
            search.found.whole = kept;
        }
        // All that a field of this name ever holds.
        let vars = self.vars_of(spot.unit, spot.owner, spot.expr);
        search.found.whole &= !vars.is_empty();
        for (var, _) in vars {
            for source in self.sources(var) {
                self.back(source, &way.aside(), search);
            }
        }
    }

    /// What a literal gives a field, or the part that is embedded and has it.
    fn field_in(&self, literal: Spot, name: &str, level: u32) -> Option<(Spot, bool)> {
        let ExprKind::Construct { fields, .. } = &self.facts(literal.unit).expr(literal.expr).kind else { return None };
        if let Some(field) = fields.iter().find(|it| it.name.as_deref() == Some(name)) {
            return Some((Spot { expr: field.value, ..literal }, false));
        }
        if level > 2 {
            return None;
        }
        fields.iter().enumerate().find_map(|(position, it)| {
            let inner = Spot { expr: it.value, ..literal };
            // A part that another expression makes is embedded if its name is that of its type, or where it has none
            // if it stands before the fields.
            match (&self.facts(literal.unit).expr(it.value).kind, it.name.as_deref()) {
                (ExprKind::Construct { .. }, _) => self.field_in(inner, name, level + 1),
                (_, Some(part)) if self.embeds(literal, |base, _| base == part) => Some((inner, true)),
                (_, None) if self.embeds(literal, |_, at| at == position) => Some((inner, true)),
                _ => None,
            }
        })
    }

    /// Whether a literal gives the embedded part of this name here, also without saying the name.
    fn is_part(&self, literal: Spot, field: &Argument, wanted: &str) -> bool {
        if let Some(name) = &field.name {
            return name == wanted;
        }
        let facts = self.facts(literal.unit);
        let ExprKind::Construct { of, .. } = &facts.expr(field.value).kind else { return false };
        matches!(&facts.expr(*of).kind, ExprKind::Name(name) | ExprKind::Member { name, .. } if name == wanted)
    }

    /// Whether the type of a literal embeds such a part, by name and place.
    fn embeds(&self, literal: Spot, is_part: impl Fn(&str, usize) -> bool) -> bool {
        let facts = self.facts(literal.unit);
        let ExprKind::Construct { of, .. } = &facts.expr(literal.expr).kind else { return false };
        let (ExprKind::Name(name) | ExprKind::Member { name, .. }) = &facts.expr(*of).kind else { return false };
        self.types_named.get(name.as_str()).is_some_and(|types| {
            types.iter().any(|it| {
                let (unit, id) = self.program.local(*it);
                let facts = self.facts(unit);
                facts.definition(id).bases.iter().enumerate().any(|(at, base)| match &facts.expr(*base).kind {
                    ExprKind::Name(name) | ExprKind::Member { name, .. } => is_part(name, at),
                    ExprKind::Index { base, .. } => {
                        matches!(&facts.expr(*base).kind, ExprKind::Name(name) if is_part(name, at))
                    }
                    _ => false,
                })
            })
        })
    }

    /// The variable that a name reads here, if it is the function's own or that of one around.
    fn place_of(&self, spot: Spot, name: &str) -> Option<Place> {
        let facts = self.facts(spot.unit);
        let mut scope = spot.owner;
        loop {
            let space = self.program.space(spot.unit, scope);
            if let Some(var) = self.find_var(space, name) {
                let definition = facts.definition(scope);
                let plain = definition.params.iter().filter(|it| it.kind != ParamKind::Receiver);
                let position = plain.take_while(|it| it.name != name).count();
                let param = definition.params.iter().find(|it| it.name == name).map(|it| (it.kind, position));
                let param = param.filter(|_| definition.kind != DefinitionKind::Type);
                return Some(Place { var, holder: scope, param });
            }
            if scope == DefId::MODULE {
                return None;
            }
            scope = facts.definition(scope).parent;
        }
    }

    /// The function whose parameter a name reads, and the parameter's position without the receiver.
    pub(crate) fn parameter_at(&self, spot: Spot, name: &str) -> Option<(DefId, usize)> {
        let place = self.place_of(spot, name)?;
        let (_, position) = place.param.filter(|it| it.0 == ParamKind::Plain)?;
        Some((place.holder, position))
    }

    /// Whether what goes into a call of a library's object, or into a literal of its types, is no builder or list of these: data that
    /// a statement compares with or writes. What a plain function is given (`fmt.Sprintf("%s LIMIT 1", query)`) is none only
    /// where nothing is known of it.
    fn is_operand(&mut self, given: Spot, into: Option<Spot>) -> bool {
        let holders = into.map(|it| self.packages_of(it)).unwrap_or_default();
        let packages = self.packages_of(given);
        let values = self.eval(given.unit, given.owner, given.expr);
        if values.iter().any(|it| matches!(self.pool.value(*it), Value::Container(_))) {
            return false;
        }
        let is_related =
            |it: &String| holders.iter().any(|of| of.starts_with(it.as_str()) || it.starts_with(of.as_str()));
        if holders.is_empty() { packages.is_empty() } else { !packages.iter().any(is_related) }
    }

    /// Whether an expression is an instance of a library's type, and no package or function.
    fn is_object(&mut self, spot: Spot) -> bool {
        let values = self.eval(spot.unit, spot.owner, spot.expr);
        values.iter().any(|it| matches!(self.pool.value(*it), Value::Outside { instance: true, .. }))
    }

    /// The packages of the outside objects that an expression may be.
    fn packages_of(&mut self, spot: Spot) -> SmallVec<[String; 2]> {
        let values = self.eval(spot.unit, spot.owner, spot.expr);
        let paths = values.iter().filter_map(|it| match self.pool.value(*it) {
            Value::Outside { path, .. } => Some(self.pool.text(path)),
            _ => None,
        });
        let packages = paths.filter_map(|path| {
            let package = path.split_once("::").map(|it| it.0);
            package.or_else(|| path.rfind('/').or(Some(0)).and_then(|at| Some(&path[..at + path[at..].find('.')?])))
        });
        packages.map(str::to_owned).collect()
    }

    /// What tells one way through an expression from another.
    fn fingerprint(&self, way: &Way<'_>, parts: bool) -> u64 {
        let mut hasher = FxHasher::default();
        way.path.hash(&mut hasher);
        way.within.hash(&mut hasher);
        (way.operand, way.to_operand).hash(&mut hasher);
        // Who hands a part in is not asked for.
        if let Some((_, by)) = way.handed.filter(|_| !parts) {
            (by.unit, self.named_owner(by.unit, by.owner)).hash(&mut hasher);
        }
        hasher.finish()
    }
}

/// Last name of a type, its arguments aside.
fn last_of(facts: &FileFacts, of: ExprId) -> Option<&str> {
    let of = match facts.expr(of).kind {
        ExprKind::Index { base, .. } => base,
        _ => of,
    };
    match &facts.expr(of).kind {
        ExprKind::Name(name) | ExprKind::Member { name, .. } => Some(name.as_str()),
        _ => None,
    }
}
