//! Follows texts through constants, variables, fields, parameters, concatenation and formatting.

use smallvec::SmallVec;

use crate::link::names::program::Def;
use crate::link::strings::holes::MOST_MADE;
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::{Value, Var};
use crate::model::fact::{DefId, DefinitionKind, ExprId, ExprKind, FileFacts, Piece, RegionKind, StepKind};
use crate::model::rule::Gives;

/// Texts followed per expression at most; a place with more is a blind spot of its own. A wrapper that all statements of
/// a program go through has hundreds.
pub(in crate::link) const MOST_TEXTS: usize = 2_000;
/// Expressions looked at for one text at most.
const MOST_LOOKS: u32 = 50_000;
/// Steps from the use of a text to where it is written.
const MOST_STEPS: u32 = 10;
/// So many expressions that a search for what made a value looked at count as one.
const LOOKS_FOR_ONE: u32 = 16;

/// A text and the literal it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TextAt {
    /// Parts that are not known stand as `{name}`.
    pub(crate) text: String,
    pub(crate) origin: Spot,
    /// Literals that a part of the text comes from.
    pub(crate) parts: Vec<Spot>,
    /// Reached through a parameter: the caller decided the text.
    pub(crate) through_parameter: bool,
    /// What came through the parameter is only a part of it: how it begins was written before.
    pub(crate) begun: bool,
    /// The argument by which it came in, as far out as it was followed.
    pub(crate) caller: Option<Spot>,
    /// The argument by which it came into the function that uses it.
    pub(crate) handed_in: Option<Spot>,
    /// It was read from a field of which only all values that it ever holds are known.
    pub(super) from_field: bool,
    /// A part of it was.
    pub(crate) by_field: bool,
}

impl TextAt {
    /// A text as it stands somewhere.
    pub(in crate::link) fn plain(text: String, origin: Spot) -> TextAt {
        TextAt {
            text,
            origin,
            parts: Vec::new(),
            through_parameter: false,
            begun: false,
            caller: None,
            handed_in: None,
            from_field: false,
            by_field: false,
        }
    }

    /// This text read from a field: who filled the field does not call who reads it.
    fn kept(mut self) -> TextAt {
        (self.caller, self.handed_in) = (None, None);
        self.from_field = true;
        self
    }

    /// Whether it was read from a field.
    pub(crate) fn is_kept(&self) -> bool {
        self.from_field
    }

    /// This text by the type of what a caller hands in.
    fn handed(mut self, by: Spot) -> TextAt {
        self.through_parameter = true;
        (self.caller, self.handed_in) = (Some(by), Some(by));
        self
    }

    /// This text with another one behind it. Who hands in the name of a table decides what the text touches, and so does
    /// who hands in how it begins.
    pub(in crate::link) fn longer(&self, part: &TextAt) -> TextAt {
        let mut longer = self.clone();
        longer.text.push_str(&part.text);
        longer.begun |= !self.through_parameter && begins(&self.text) && part.through_parameter;
        longer.through_parameter |= part.through_parameter;
        longer.by_field |= part.by_field || part.from_field;
        if part.caller.is_some() && (names_table(&self.text) || self.text.trim().is_empty()) {
            longer.caller = part.caller;
            longer.handed_in = part.handed_in;
        }
        longer
    }
}

/// Whether a statement begins in a text: a comment before it says nothing.
fn begins(text: &str) -> bool {
    let text = text.trim();
    let is_comment = text.starts_with("/*") && text.find("*/").is_some_and(|at| at + 2 == text.len());
    !text.is_empty() && !is_comment
}

/// Whether two members are read of one variable, by the same names.
fn is_same_object(facts: &FileFacts, one: ExprId, other: ExprId) -> bool {
    match (&facts.expr(one).kind, &facts.expr(other).kind) {
        (ExprKind::Member { base: one, .. }, ExprKind::Member { base: other, .. }) => {
            is_same_object(facts, *one, *other)
        }
        (ExprKind::Name(one), ExprKind::Name(other)) => one == other,
        _ => false,
    }
}

/// Whether the next word of a statement is the name of a table.
pub(in crate::link) fn names_table(before: &str) -> bool {
    let last =
        before.trim_end_matches(['"', '`', '[']).trim_end().rsplit(char::is_whitespace).next().unwrap_or_default();
    ["from", "into", "update", "join", "table"].iter().any(|it| last.eq_ignore_ascii_case(it))
}

pub(in crate::link) struct Trail {
    /// Where the text is used.
    root: Spot,
    pub(in crate::link) steps: u32,
    /// Expressions looked at so far.
    looks: u32,
    /// Variables being followed, with the text they have so far.
    open: SmallVec<[(Var, Option<String>); 8]>,
    /// A variable on the way has other texts as well, which are not known.
    pub(in crate::link) half_known: bool,
}

impl Inference<'_> {
    /// The one text an expression surely has.
    pub(crate) fn plain_text(&mut self, unit: u32, owner: DefId, expr: ExprId) -> Option<String> {
        let mut texts = self.texts(unit, owner, expr);
        (texts.len() == 1).then(|| texts.remove(0).text).filter(|it| !it.is_empty())
    }

    /// All texts an expression may have; empty when nothing is known.
    pub(crate) fn texts(&mut self, unit: u32, owner: DefId, expr: ExprId) -> Vec<TextAt> {
        let root = Spot { unit, owner, expr };
        let mut trail = Trail { root, steps: 0, looks: 0, open: SmallVec::new(), half_known: false };
        let mut texts = self.follow(unit, owner, expr, &mut trail);
        texts.truncate(MOST_TEXTS);
        texts
    }

    /// Texts that a mapping or list may give for a key, or whatever it is asked for.
    pub(crate) fn texts_in(&mut self, unit: u32, owner: DefId, expr: ExprId, key: Option<&str>) -> Vec<TextAt> {
        let root = Spot { unit, owner, expr };
        let mut trail = Trail { root, steps: 0, looks: 0, open: SmallVec::new(), half_known: false };
        self.follow_key(unit, owner, expr, key, &mut trail)
    }

    pub(in crate::link) fn follow(&mut self, unit: u32, owner: DefId, expr: ExprId, trail: &mut Trail) -> Vec<TextAt> {
        trail.looks += 1;
        if trail.steps > MOST_STEPS || trail.looks > MOST_LOOKS {
            return Vec::new();
        }
        let facts = self.facts(unit);
        let origin = Spot { unit, owner, expr };
        match &facts.expr(expr).kind {
            ExprKind::Text(text) => vec![TextAt::plain(text.to_string(), origin)],
            ExprKind::Template(pieces) => self.follow_template(origin, pieces, trail),
            ExprKind::Sequence(items) => match self.listed_statement(origin, items) {
                Some(pieces) => self.follow_template(origin, &pieces, trail),
                None => Vec::new(),
            },
            ExprKind::Choice(items) => {
                let mut texts = Vec::new();
                for item in items {
                    texts.extend(self.follow(unit, owner, *item, trail));
                }
                texts
            }
            ExprKind::Name(_) | ExprKind::Member { .. } => {
                let mut texts = Vec::new();
                if let Some(given) =
                    self.bound(unit, owner, expr).filter(|_| matches!(facts.expr(expr).kind, ExprKind::Member { .. }))
                {
                    trail.steps += 1;
                    let texts = self.follow_one(given, trail);
                    trail.steps -= 1;
                    return texts;
                }
                // The literal that made the holder of a field says more than all that the field may hold.
                if matches!(facts.expr(expr).kind, ExprKind::Member { .. })
                    && let Some(texts) = self.follow_written(origin, trail)
                {
                    return texts;
                }
                if self.bindings.is_empty()
                    && let Some(origins) = self.member_origins(origin)
                {
                    for it in origins {
                        trail.steps += 1;
                        texts.extend(self.follow_one(it, trail).into_iter().map(TextAt::kept));
                        trail.steps -= 1;
                    }
                    return texts;
                }
                let vars = self.vars_of(unit, owner, expr);
                for (var, is_parameter) in vars {
                    let before = facts.expr(expr).at.line;
                    texts.extend(self.follow_var(var, is_parameter, origin, before, trail));
                }
                if texts.is_empty() {
                    for spot in self.texts_provided(unit, owner, expr) {
                        texts.extend(self.follow_one(spot, trail));
                    }
                }
                if texts.is_empty() {
                    texts.extend(self.store_asked_for(origin).map(|it| TextAt::plain(it, origin)));
                }
                if matches!(facts.expr(expr).kind, ExprKind::Member { .. }) {
                    texts = texts.into_iter().map(TextAt::kept).collect();
                }
                texts
            }
            ExprKind::Call { callee, args } => {
                if let Some(texts) = self.follow_bound(origin, trail) {
                    return texts;
                }
                if let Some(pieces) = self.accumulated(origin) {
                    return self.follow_template(origin, &pieces, trail);
                }
                let mut texts = Vec::new();
                if let Some(methods) = self.dispatched(origin) {
                    for (method, by) in methods {
                        let Some(var) = self.result_var(method) else { continue };
                        let given = self.follow_var(var, false, origin, u32::MAX, trail);
                        texts.extend(given.into_iter().map(|it| it.handed(by)));
                    }
                    return texts;
                }
                for value in self.eval(unit, owner, *callee) {
                    match self.pool.value(value) {
                        Value::Def(def) | Value::Bound(def, _) if self.program.is_function(def) => {
                            // An interface of the project's own over a library's type: its method does what that one does.
                            let definition = self.program.definition(def);
                            if definition.traits.is_abstract
                                && let Some(passed) = self.stubs.passes(&definition.name)
                                && let Some(argument) = args.get(usize::from(passed))
                            {
                                texts.extend(self.follow(unit, owner, argument.value, trail));
                                continue;
                            }
                            let Some(var) = self.result_var(def) else { continue };
                            // What a function makes of its parameters, it makes of this call's arguments.
                            let before = if self.bindings.len() < 12 {
                                self.bind_arguments(unit, owner, def, args)
                            } else {
                                self.bindings.len()
                            };
                            self.bind_literal(unit, owner, *callee);
                            let receiver = self.called_on(unit, owner, *callee, def);
                            let receivers = self.receivers.len();
                            self.receivers.extend(receiver);
                            let given = self.follow_var(var, false, origin, u32::MAX, trail);
                            self.receivers.truncate(receivers);
                            self.bindings.truncate(before);
                            texts.extend(self.under_key(origin, *callee, args, given));
                        }
                        Value::Outside { path, .. } => {
                            let path = self.pool.text(path).to_owned();
                            let separator = self.separator(unit);
                            let stub = self.stubs.exact(&path).or_else(|| {
                                path.rsplit_once(separator)
                                    .and_then(|(of, name)| self.stubs.member(of, separator, name))
                            });
                            if let Some(Gives::Format(n)) = stub.map(|it| &it.gives) {
                                let given: Vec<ExprId> = args.iter().skip(usize::from(*n)).map(|it| it.value).collect();
                                texts.extend(self.follow_format(origin, &given, trail));
                            }
                            if matches!(stub.map(|it| &it.gives), Some(Gives::StoreName)) {
                                texts.extend(self.store_asked_for(origin).map(|it| TextAt::plain(it, origin)));
                                continue;
                            }
                            let carried = stub.and_then(|it| it.text).and_then(|it| args.get(usize::from(it)));
                            let inner = match stub.map(|it| &it.gives) {
                                _ if carried.is_some() => carried.map(|it| it.value),
                                Some(Gives::Argument(n)) => args.get(usize::from(*n)).map(|it| it.value),
                                Some(Gives::Receiver) => match &facts.expr(*callee).kind {
                                    ExprKind::Member { base, .. } => Some(*base),
                                    _ => None,
                                },
                                _ => None,
                            };
                            if let Some(inner) = inner {
                                texts.extend(self.follow(unit, owner, inner, trail));
                            }
                        }
                        _ => {}
                    }
                }
                if texts.is_empty()
                    && let ExprKind::Member { base, .. } = &facts.expr(*callee).kind
                    && matches!(facts.expr(*base).kind, ExprKind::Text(_) | ExprKind::Template(_))
                {
                    // A method of a literal (`"..".strip()`, `"..".to_string()`) keeps the text.
                    texts.extend(self.follow(unit, owner, *base, trail));
                }
                texts
            }
            ExprKind::Element(inner) => self.follow_elements(unit, owner, *inner, trail),
            ExprKind::Index { base, index } => {
                if let Some(item) = self.bound(unit, owner, expr) {
                    return self.follow_one(item, trail);
                }
                if let Some(texts) = self.numbered(Spot { expr: *index, ..origin }, trail) {
                    return texts;
                }
                let key = self.key(unit, *index);
                self.follow_key(unit, owner, *base, key.as_deref(), trail)
            }
            _ => Vec::new(),
        }
    }

    /// The type on which a method is called that is written for a trait of it (`Health::route()`, where `route` is what every
    /// `T: Simple` has).
    fn called_on(&mut self, unit: u32, owner: DefId, callee: ExprId, method: Def) -> Option<Def> {
        let ExprKind::Member { base, .. } = &self.facts(unit).expr(callee).kind else { return None };
        let values = self.eval(unit, owner, *base);
        let [only] = values.as_slice() else { return None };
        let (Value::Def(of) | Value::Instance(of)) = self.pool.value(*only) else { return None };
        if !self.program.is_type(of) || self.program.kind(of) == DefinitionKind::Interface {
            return None;
        }
        let name = &self.program.definition(method).name;
        let own = self.program.members(self.program.def_space(of), name);
        (!own.contains(&method)).then_some(of)
    }

    /// A trait as the type that its method is called on, where that is known.
    fn received(&mut self, of: Def) -> Def {
        let Some(receiver) = self.receivers.last().copied() else { return of };
        let is_open = self.program.kind(of) == DefinitionKind::Interface;
        if is_open && self.lineage(receiver).types.contains(&of) { receiver } else { of }
    }

    /// A method that is called on a literal (`Token{Table: access}.TableName()`) finds in the fields what the literal gives them.
    fn bind_literal(&mut self, unit: u32, owner: DefId, callee: ExprId) {
        let facts = self.facts(unit);
        let ExprKind::Member { base, .. } = &facts.expr(callee).kind else { return };
        if matches!(facts.expr(*base).kind, ExprKind::Construct { .. }) {
            self.bind_fields(Spot { unit, owner, expr: *base });
        }
    }

    /// Fields of a type stand for what a literal gives them.
    pub(in crate::link) fn bind_fields(&mut self, literal: Spot) {
        let Spot { unit, owner, expr } = literal;
        let ExprKind::Construct { of, fields } = &self.facts(unit).expr(expr).kind else { return };
        for value in self.types(unit, owner, *of) {
            let Value::Instance(of) = self.pool.value(value) else { continue };
            let space = self.program.space_of(of);
            for field in fields {
                if let Some(var) = field.name.as_ref().and_then(|name| self.find_var(space, name)) {
                    self.bindings.push((var, Spot { unit, owner, expr: field.value }));
                }
            }
        }
    }

    /// Texts of one of the expressions that something may have been given.
    fn follow_one(&mut self, given: Spot, trail: &mut Trail) -> Vec<TextAt> {
        let texts = self.follow(given.unit, given.owner, given.expr, trail);
        let is_unknown = || !matches!(self.facts(given.unit).expr(given.expr).kind, ExprKind::Constant(_));
        trail.half_known |= texts.is_empty() && is_unknown();
        texts
    }

    /// Texts of a field by the literals that made its holders, once all calls are known.
    fn follow_written(&mut self, spot: Spot, trail: &mut Trail) -> Option<Vec<TextAt>> {
        self.backward.as_ref()?;
        let found = self.written(spot);
        trail.looks += found.looks / LOOKS_FOR_ONE;
        if !found.whole || found.origins.is_empty() || found.origins.len() > MOST_MADE {
            return None;
        }
        let mut texts: Vec<TextAt> = Vec::new();
        trail.steps += 1;
        for origin in found.origins {
            let at = origin.spot;
            // What a function makes of its parameters, it made of the arguments of the call that led here.
            let before = self.bind_within(&origin.within);
            let made = self.follow_one(at, trail);
            self.bindings.truncate(before);
            for mut text in made {
                if let Some((last, first)) = origin.handed {
                    text.through_parameter = true;
                    text.handed_in = Some(last);
                    text.caller = Some(first);
                }
                if !texts.contains(&text) {
                    texts.push(text);
                }
            }
        }
        trail.steps -= 1;
        (!texts.is_empty()).then_some(texts)
    }

    /// What a variable is given: by the call that is followed, if one is, or by whatever gives it something.
    fn sources_bound(&mut self, var: Var) -> SmallVec<[Spot; 1]> {
        match self.bindings.iter().rev().find(|(it, _)| *it == var) {
            Some((_, spot)) => SmallVec::from_slice(&[*spot]),
            None => self.sources(var),
        }
    }

    /// Of several results of a function the text is the first.
    fn first_result(&self, result: Spot) -> Spot {
        match &self.facts(result.unit).expr(result.expr).kind {
            ExprKind::Sequence(items) => items.first().map_or(result, |it| Spot { expr: *it, ..result }),
            _ => result,
        }
    }

    pub(in crate::link) fn follow_var(
        &mut self,
        var: Var,
        is_parameter: bool,
        at: Spot,
        before: u32,
        trail: &mut Trail,
    ) -> Vec<TextAt> {
        let is_result = before == u32::MAX;
        if let Some((_, so_far)) = trail.open.iter().find(|(it, _)| *it == var) {
            // `query += ..` names itself: what it holds so far.
            return so_far
                .as_ref()
                .map(|text| vec![TextAt { through_parameter: is_parameter, ..TextAt::plain(text.clone(), at) }])
                .unwrap_or_default();
        }
        let _ = self.read(var);
        let sources = self.sources_bound(var);
        // What only tests put there says nothing about production code.
        let asked_by_tests = self.program.is_test(self.program.def(at.unit, at.owner));
        let sources: SmallVec<[Spot; 1]> = sources
            .into_iter()
            .filter(|it| asked_by_tests || !self.program.is_test(self.program.def(it.unit, it.owner)))
            .collect();
        trail.steps += 1;
        trail.open.push((var, None));
        let first = |it: Spot| if is_result { self.first_result(it) } else { it };
        let sources: SmallVec<[Spot; 1]> = sources.into_iter().map(first).collect();
        let mut texts: Vec<TextAt> = Vec::new();
        let mut extended: Vec<Spot> = Vec::new();
        let lines = |it: &Spot| self.facts(it.unit).expr(it.expr).at.line;
        // Where the variable begins: what it held before is forgotten there.
        let begins = sources.iter().filter(|it| it.unit == at.unit).map(lines).min().unwrap_or_default();
        for source in &sources {
            let line = self.facts(source.unit).expr(source.expr).at.line;
            let is_later = line > before && sources.len() > 1 && self.stands_inside(*source, at);
            if is_later && !self.loops_back(at.unit, at.owner, before, line, begins) {
                continue;
            }
            if self.mentions(*source, var) {
                extended.push(*source);
            } else {
                for mut text in self.follow_one(*source, trail) {
                    text.through_parameter |= is_parameter;
                    text.begun &= !is_parameter;
                    if is_parameter {
                        text.caller.get_or_insert(*source);
                        // What another function makes of its parameter comes back from it.
                        if self.stands_inside(trail.root, at) {
                            text.handed_in = Some(*source);
                        }
                    }
                    // One text that several callers hand in is that of each.
                    let same =
                        |it: &TextAt| (it.origin, it.caller) == (text.origin, text.caller) && it.text == text.text;
                    if !texts.iter().any(same) {
                        texts.push(text);
                    }
                }
            }
            if texts.len() > MOST_TEXTS {
                break;
            }
        }
        for source in extended {
            for text in &mut texts {
                if let Some(open) = trail.open.last_mut() {
                    open.1 = Some(text.text.clone());
                }
                if let Some(longer) = self.follow(source.unit, source.owner, source.expr, trail).into_iter().next() {
                    text.text = longer.text;
                    text.parts.push(longer.origin);
                    text.parts.extend(longer.parts);
                }
            }
        }
        trail.open.pop();
        trail.steps -= 1;
        texts
    }

    /// Whether a loop runs an earlier line again after a later one, and the line where the variable begins does not lie
    /// in between.
    fn loops_back(&self, unit: u32, owner: DefId, earlier: u32, later: u32, begins: u32) -> bool {
        let mut regions = self.facts(unit).regions.iter().filter(|it| it.owner == owner && it.kind == RegionKind::Loop);
        regions.any(|it| it.first_line <= earlier && later <= it.last_line && begins < it.first_line)
    }

    /// Whether a place stands in the body of the function around another place, or in a closure there.
    fn stands_inside(&self, source: Spot, at: Spot) -> bool {
        let mut scope = source.owner;
        while source.unit == at.unit && scope != at.owner {
            let definition = self.facts(source.unit).definition(scope);
            if definition.kind != DefinitionKind::Closure || definition.parent == scope {
                return false;
            }
            scope = definition.parent;
        }
        source.unit == at.unit
    }

    /// Whether an assigned expression is built from the variable itself. A field of another object is another one
    /// (`copy.name = format!("new_{}", original.name)`).
    pub(in crate::link) fn mentions(&mut self, source: Spot, var: Var) -> bool {
        let facts = self.facts(source.unit);
        let ExprKind::Template(pieces) = &facts.expr(source.expr).kind else { return false };
        let target = facts.steps.iter().find_map(|it| match it.kind {
            StepKind::Assign { target, value } if value == source.expr => Some(target),
            _ => None,
        });
        pieces.iter().any(|it| match it {
            Piece::Hole(hole) => {
                let is_field = matches!(facts.expr(*hole).kind, ExprKind::Member { .. });
                let is_other = is_field && target.is_some_and(|it| !is_same_object(facts, it, *hole));
                !is_other && self.vars_of(source.unit, source.owner, *hole).iter().any(|(it, _)| *it == var)
            }
            Piece::Text(_) => false,
        })
    }

    /// Variables a name or member expression reads, and whether each is a parameter.
    pub(crate) fn vars_of(&mut self, unit: u32, owner: DefId, expr: ExprId) -> SmallVec<[(Var, bool); 2]> {
        let facts = self.facts(unit);
        let mut vars = SmallVec::new();
        match &facts.expr(expr).kind {
            ExprKind::Name(name) => {
                let mut scope = self.scope_at(unit, owner, expr);
                loop {
                    let space = self.program.space(unit, scope);
                    if let Some(var) = self.find_var(space, name) {
                        let is_parameter = facts.definition(scope).params.iter().any(|it| it.name == *name);
                        vars.push((var, is_parameter));
                        return vars;
                    }
                    // What a function imports for itself hides what the module has.
                    self.imported_vars(unit, scope, name, &mut vars);
                    if !vars.is_empty() || scope == DefId::MODULE {
                        break;
                    }
                    scope = facts.definition(scope).parent;
                }
            }
            ExprKind::Member { base, name } => {
                for value in self.eval(unit, owner, *base) {
                    match self.pool.value(value) {
                        Value::Instance(of) | Value::Def(of) | Value::Super(of) if self.program.is_type(of) => {
                            let of = self.received(of);
                            for base in self.lineage(of).types.clone() {
                                let space = self.program.def_space(base);
                                if let Some(var) = self.find_var(space, name)
                                    && !self.sources(var).is_empty()
                                {
                                    vars.push((var, false));
                                    break;
                                }
                            }
                        }
                        Value::Module(module) => self.module_var(module, name, &mut vars, 0),
                        Value::Outside { path, .. } => {
                            if let Some(word) = self.setting_word(path) {
                                vars.extend(self.setting_vars(Some(word), name).into_iter().map(|it| (it, false)));
                            }
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        vars
    }

    /// Variables that the imports and globs of a scope bring under a name.
    fn imported_vars(&mut self, unit: u32, scope: DefId, name: &str, vars: &mut SmallVec<[(Var, bool); 2]>) {
        let def = self.program.def(unit, scope);
        for import in self.program.imports_of(def, name) {
            let original = &self.facts(unit).imports[import as usize].name;
            if let (Ok(module), Some(original)) = (self.import_module(unit, import), original) {
                self.module_var(module, original, vars, 0);
            }
        }
        for glob in self.program.globs_of(def) {
            if let Ok(module) = self.import_module(unit, glob) {
                self.module_var(module, name, vars, 0);
            }
        }
    }

    pub(crate) fn module_var(
        &mut self,
        module: crate::link::names::program::Mod,
        name: &str,
        vars: &mut SmallVec<[(Var, bool); 2]>,
        hops: u32,
    ) {
        let space = self.program.module_space(module);
        if let Some(var) = self.find_var(space, name) {
            vars.push((var, false));
            return;
        }
        if hops > 4 {
            return;
        }
        // A re-exported constant.
        let units: SmallVec<[u32; 2]> = self.program.modules[module.0 as usize].units.iter().copied().collect();
        for unit in units {
            let scope = self.program.def(unit, DefId::MODULE);
            let imports = self.program.imports_of(scope, name);
            for import in imports {
                let original = self.facts(unit).imports[import as usize].name.clone();
                if let (Ok(target), Some(original)) = (self.import_module(unit, import), original)
                    && target != module
                {
                    self.module_var(target, &original, vars, hops + 1);
                }
            }
            let globs = self.program.globs_of(scope);
            for glob in globs {
                if let Ok(target) = self.import_module(unit, glob)
                    && target != module
                {
                    self.module_var(target, name, vars, hops + 1);
                }
            }
        }
    }

    /// Texts among the elements of what is iterated: a literal list, a constant tuple, a mapping's keys.
    fn follow_elements(&mut self, unit: u32, owner: DefId, inner: ExprId, trail: &mut Trail) -> Vec<TextAt> {
        let facts = self.facts(unit);
        match &facts.expr(inner).kind {
            ExprKind::Sequence(items) => {
                let mut texts = Vec::new();
                for item in items {
                    texts.extend(self.follow(unit, owner, *item, trail));
                }
                texts
            }
            ExprKind::Mapping(entries) => {
                let mut texts = Vec::new();
                for (key, _) in entries {
                    if let Some(key) = key {
                        texts.extend(self.follow(unit, owner, *key, trail));
                    }
                }
                texts
            }
            ExprKind::Construct { fields, .. } => {
                let mut texts = Vec::new();
                for field in fields.iter().filter(|it| it.name.is_none()) {
                    texts.extend(self.follow(unit, owner, field.value, trail));
                }
                texts
            }
            ExprKind::Name(_) | ExprKind::Member { .. } => self.through_sources(unit, owner, inner, trail, None, true),
            ExprKind::Call { callee, .. } => {
                // `xs.iter()`, `d.values()`.
                match &facts.expr(*callee).kind {
                    ExprKind::Member { base, name } if name == "values" => {
                        let mut texts = self.follow_key(unit, owner, *base, None, trail);
                        texts.truncate(MOST_TEXTS);
                        texts
                    }
                    ExprKind::Member { base, .. } => self.follow_elements(unit, owner, *base, trail),
                    _ => Vec::new(),
                }
            }
            _ => Vec::new(),
        }
    }

    fn follow_key(
        &mut self,
        unit: u32,
        owner: DefId,
        base: ExprId,
        key: Option<&str>,
        trail: &mut Trail,
    ) -> Vec<TextAt> {
        let facts = self.facts(unit);
        match &facts.expr(base).kind {
            ExprKind::Mapping(entries) => {
                let mut texts = Vec::new();
                for (entry, value) in entries {
                    let entry = entry.and_then(|it| self.key(unit, it));
                    if key.is_none() || entry.as_deref() == key {
                        texts.extend(self.follow(unit, owner, *value, trail));
                    }
                }
                texts
            }
            ExprKind::Sequence(items) => {
                let mut texts = Vec::new();
                for (index, item) in items.iter().enumerate() {
                    if key.is_none_or(|key| key == index.to_string()) {
                        texts.extend(self.follow(unit, owner, *item, trail));
                    }
                }
                texts
            }
            ExprKind::Name(_) | ExprKind::Member { .. } => self.through_sources(unit, owner, base, trail, key, false),
            // What stands under the key of what a function of the program's own gives.
            ExprKind::Call { callee, .. } if trail.steps <= MOST_STEPS => {
                let mut texts = Vec::new();
                trail.steps += 1;
                for value in self.eval(unit, owner, *callee) {
                    let (Value::Def(def) | Value::Bound(def, _)) = self.pool.value(value) else { continue };
                    let Some(var) = self.program.is_function(def).then(|| self.result_var(def)).flatten() else {
                        continue;
                    };
                    if trail.open.iter().any(|(it, _)| *it == var) {
                        continue;
                    }
                    trail.open.push((var, None));
                    for source in self.sources(var) {
                        texts.extend(self.follow_key(source.unit, source.owner, source.expr, key, trail));
                    }
                    trail.open.pop();
                }
                trail.steps -= 1;
                texts
            }
            _ => Vec::new(),
        }
    }

    fn through_sources(
        &mut self,
        unit: u32,
        owner: DefId,
        expr: ExprId,
        trail: &mut Trail,
        key: Option<&str>,
        elements: bool,
    ) -> Vec<TextAt> {
        let mut texts = Vec::new();
        if trail.steps > MOST_STEPS {
            return texts;
        }
        trail.steps += 1;
        for (var, _) in self.vars_of(unit, owner, expr) {
            if trail.open.iter().any(|(it, _)| *it == var) {
                continue;
            }
            trail.open.push((var, None));
            for source in self.sources_bound(var) {
                texts.extend(if elements {
                    self.follow_elements(source.unit, source.owner, source.expr, trail)
                } else {
                    self.follow_key(source.unit, source.owner, source.expr, key, trail)
                });
            }
            trail.open.pop();
        }
        trail.steps -= 1;
        texts
    }
}
