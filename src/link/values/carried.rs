//! What an object was made with: a repository that is given its entity (`Repository(session, Order)`), or whose type names
//! it (`model = Order`), touches that entity's store for whoever calls its methods.

use smallvec::{SmallVec, smallvec};

use crate::link::names::program::Def;
use crate::link::values::infer::{INITIALIZER, Inference, Spot};
use crate::link::values::value::{Subject, Value};
use crate::model::fact::{Argument, DefId, DefinitionKind, ExprId, ExprKind, ParamKind, StepKind};

/// Expressions, one leading to the other, that are followed.
const MOST_DEEP: u32 = 8;
/// A variable that is given its value in more places says nothing.
const MOST_GIVEN: usize = 6;
/// Objects that hold one another (`self.service.repository.model`).
const MOST_HELD: usize = 3;

/// Members to be read of an object, the next one first.
pub(crate) type Path<'a> = SmallVec<[&'a str; 3]>;

/// Which object of a function its callers decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holder {
    Receiver,
    /// The argument for this parameter, the receiver not counted.
    Argument(usize),
}

/// What a member of all instances of a type is.
enum Given<'a> {
    /// This, whoever makes the instance.
    Always(Spot),
    /// What the maker gives for this parameter of the initializer.
    Parameter(Def, usize),
    /// What the maker gives under this name, where no initializer is written.
    Field(&'a str),
}

impl<'a> Inference<'a> {
    /// The member of an object by which it is decided which types an expression is about, and the function that is handed
    /// the object.
    pub(crate) fn carried_path(&mut self, spot: Spot, deep: u32) -> Option<(Def, Holder, Path<'a>)> {
        if deep > MOST_DEEP {
            return None;
        }
        let facts = self.facts(spot.unit);
        let at = |expr: ExprId| Spot { expr, ..spot };
        match &facts.expr(spot.expr).kind {
            ExprKind::Member { base, name } => {
                if let Some((function, holder)) = self.holder(at(*base)) {
                    if self.is_about(spot) {
                        return Some((function, holder, smallvec![name.as_str()]));
                    }
                    return self.carried_by_own(function, holder, name, deep);
                }
                if self.is_about(spot)
                    && let Some((function, holder, mut path)) = self.held(at(*base))
                {
                    path.push(name);
                    return Some((function, holder, path));
                }
                self.carried_path(at(*base), deep + 1)
            }
            ExprKind::Call { callee, args } => {
                if let ExprKind::Member { base, name } = &facts.expr(*callee).kind
                    && let Some((function, holder)) = self.holder(at(*base))
                    && let Some(found) = self.carried_by_own(function, holder, name, deep)
                {
                    return Some(found);
                }
                let found = self.carried_path(at(*callee), deep + 1);
                found.or_else(|| args.iter().find_map(|it| self.carried_path(at(it.value), deep + 1)))
            }
            ExprKind::Name(_) => {
                let given = self.given_here(spot);
                given.into_iter().find_map(|it| self.carried_path(it, deep + 1))
            }
            ExprKind::Element(inner) | ExprKind::Entered(inner) | ExprKind::Index { base: inner, .. } => {
                self.carried_path(at(*inner), deep + 1)
            }
            ExprKind::Choice(items) | ExprKind::Sequence(items) => {
                items.iter().find_map(|it| self.carried_path(at(*it), deep + 1))
            }
            _ => None,
        }
    }

    /// The same for what a method or property of the receiver's own type gives.
    fn carried_by_own(
        &mut self,
        function: Def,
        holder: Holder,
        name: &str,
        deep: u32,
    ) -> Option<(Def, Holder, Path<'a>)> {
        if holder != Holder::Receiver {
            return None;
        }
        let own = self.program.parent(function);
        for base in self.lineage(own).types.clone() {
            let members = self.program.members(self.program.def_space(base), name);
            for member in members.iter().copied() {
                if !self.program.is_function(member) {
                    continue;
                }
                let sources = self.result_var(member).map(|var| self.sources(var)).unwrap_or_default();
                for source in sources.into_iter().take(MOST_GIVEN) {
                    if let Some((_, Holder::Receiver, path)) = self.carried_path(source, deep + 1) {
                        return Some((function, holder, path));
                    }
                }
            }
            if !members.is_empty() {
                return None;
            }
        }
        None
    }

    /// The function whose receiver or parameter a name is, or `super()` stands for.
    pub(crate) fn holder(&self, spot: Spot) -> Option<(Def, Holder)> {
        let facts = self.facts(spot.unit);
        let name = match &facts.expr(spot.expr).kind {
            ExprKind::Name(name) => Some(name),
            ExprKind::Call { callee, .. } if matches!(&facts.expr(*callee).kind, ExprKind::Name(it) if it == "super") => {
                None
            }
            _ => return None,
        };
        let mut scope = spot.owner;
        loop {
            let definition = facts.definition(scope);
            let def = self.program.def(spot.unit, scope);
            if self.program.is_function(def) {
                let receiver = definition.params.iter().find(|it| it.kind == ParamKind::Receiver);
                if receiver.is_some_and(|it| name.is_none_or(|name| it.name == *name)) {
                    return Some((def, Holder::Receiver));
                }
                if let Some(name) = name {
                    let mut plain = definition.params.iter().filter(|it| it.kind == ParamKind::Plain);
                    if let Some(position) = plain.position(|it| it.name == *name) {
                        let named = definition.kind != DefinitionKind::Closure;
                        return named.then_some((def, Holder::Argument(position)));
                    }
                }
            }
            if scope == DefId::MODULE || self.program.is_type(def) {
                return None;
            }
            scope = definition.parent;
        }
    }

    /// A member of a receiver or parameter, also by way of a local variable.
    pub(crate) fn held(&mut self, spot: Spot) -> Option<(Def, Holder, Path<'a>)> {
        let mut at = spot;
        let mut path: Path<'a> = Path::new();
        for _ in 0..MOST_DEEP {
            if let Some((function, holder)) = self.holder(at) {
                return Some((function, holder, path));
            }
            match &self.facts(at.unit).expr(at.expr).kind {
                ExprKind::Member { base, name } if path.len() < MOST_HELD => {
                    path.insert(0, name);
                    at = Spot { expr: *base, ..at };
                }
                ExprKind::Name(_) => match self.given_here(at).as_slice() {
                    [only] => at = *only,
                    _ => return None,
                },
                _ => return None,
            }
        }
        None
    }

    /// What a function's own variable is given in it.
    pub(crate) fn given_here(&mut self, spot: Spot) -> SmallVec<[Spot; 2]> {
        let ExprKind::Name(name) = &self.facts(spot.unit).expr(spot.expr).kind else { return SmallVec::new() };
        let Some(var) = self.find_var(self.program.space(spot.unit, spot.owner), name) else { return SmallVec::new() };
        let sources = self.sources(var);
        let own =
            sources.into_iter().filter(|it| (it.unit, it.owner) == (spot.unit, spot.owner) && it.expr != spot.expr);
        own.take(MOST_GIVEN).collect()
    }

    /// Whether an expression gives types, or what is about stores.
    fn is_about(&mut self, spot: Spot) -> bool {
        let values = self.eval(spot.unit, spot.owner, spot.expr);
        values.iter().any(|it| match self.pool.value(*it) {
            Value::Def(of) => self.program.is_type(of),
            Value::Outside { subject, .. } => subject != Subject::None,
            _ => false,
        })
    }

    pub(crate) fn types_at(&mut self, spot: Spot) -> Vec<Def> {
        let values = self.eval(spot.unit, spot.owner, spot.expr);
        let types = values.iter().filter_map(|it| match self.pool.value(*it) {
            Value::Def(of) if self.program.is_type(of) => Some(of),
            _ => None,
        });
        types.collect()
    }

    /// What a member of the object that an expression gives is about; none where that is not known.
    pub(crate) fn carried_subjects(&mut self, base: Spot, path: &[&'a str], deep: u32) -> Option<Vec<Subject>> {
        let (name, rest) = path.split_first()?;
        if deep > MOST_DEEP {
            return None;
        }
        let mut subjects: Vec<Subject> = Vec::new();
        let mut whole = false;
        for value in self.eval(base.unit, base.owner, base.expr) {
            let (Value::Instance(of) | Value::Def(of)) = self.pool.value(value) else { continue };
            if !self.program.is_type(of) {
                continue;
            }
            let found = match self.given(of, name) {
                Some(Given::Always(spot)) => self.subjects_behind(of, spot, rest, deep),
                _ => None,
            };
            whole = found.is_some();
            subjects.extend(found.into_iter().flatten());
            if !whole {
                break;
            }
        }
        if !whole {
            subjects.clear();
            for made in self.creations(base, deep)? {
                let ExprKind::Call { callee, args } = &self.facts(made.unit).expr(made.expr).kind else { return None };
                let of = *self.types_at(Spot { expr: *callee, ..made }).first()?;
                let spot = match self.given(of, name)? {
                    Given::Always(spot) => spot,
                    Given::Parameter(initializer, position) => {
                        Spot { expr: self.argument_of(initializer, position, args)?, ..made }
                    }
                    Given::Field(field) => {
                        Spot { expr: args.iter().find(|it| it.name.as_deref() == Some(field))?.value, ..made }
                    }
                };
                subjects.extend(self.subjects_behind(of, spot, rest, deep)?);
            }
        }
        subjects.sort_unstable();
        subjects.dedup();
        (!subjects.is_empty()).then_some(subjects)
    }

    /// What a member of all instances of a type is about, whoever makes them.
    pub(crate) fn carried_by_type(&mut self, of: Def, path: &[&'a str]) -> Option<Vec<Subject>> {
        let (name, rest) = path.split_first()?;
        match self.given(of, name)? {
            Given::Always(spot) => self.subjects_behind(of, spot, rest, 0),
            _ => None,
        }
    }

    /// What an expression is about that stands in the code of a type, for instances of a type below it.
    fn subjects_behind(&mut self, of: Def, spot: Spot, rest: &[&'a str], deep: u32) -> Option<Vec<Subject>> {
        if !rest.is_empty() {
            return self.carried_subjects(spot, rest, deep + 1);
        }
        let types = self.types_at(spot);
        if !types.is_empty() {
            return Some(types.into_iter().map(Subject::Type).collect());
        }
        self.named_for(of, spot, 0).map(|it| vec![it])
    }

    /// The store that an expression in a type's code names for instances of a type below it: `self.database[self.name]`.
    fn named_for(&mut self, of: Def, spot: Spot, deep: u32) -> Option<Subject> {
        if deep > MOST_DEEP {
            return None;
        }
        let facts = self.facts(spot.unit);
        let at = |expr: ExprId| Spot { expr, ..spot };
        let found = match &facts.expr(spot.expr).kind {
            ExprKind::Index { index, .. } => self.text_for(of, at(*index)),
            ExprKind::Call { callee, args } => match &facts.expr(*callee).kind {
                ExprKind::Member { base, .. } => {
                    if let Some(found) = self.named_for(of, at(*base), deep + 1) {
                        return Some(found);
                    }
                    args.first().and_then(|it| self.text_for(of, at(it.value)))
                }
                _ => None,
            },
            ExprKind::Member { base, name } if matches!(self.holder(at(*base)), Some((_, Holder::Receiver))) => {
                let written = self.written_for(of, name);
                return written.into_iter().find_map(|it| self.named_for(of, it, deep + 1));
            }
            _ => None,
        };
        if let Some(text) = found {
            return Some(Subject::Named(self.pool.sym(&text)));
        }
        let values = self.eval(spot.unit, spot.owner, spot.expr);
        let mut subjects = values.iter().filter_map(|it| match self.pool.value(*it) {
            Value::Outside { subject, .. } if subject != Subject::None => Some(subject),
            _ => None,
        });
        let first = subjects.next()?;
        subjects.all(|it| it == first).then_some(first)
    }

    /// A text, also as a member of an instance of the type.
    fn text_for(&mut self, of: Def, spot: Spot) -> Option<String> {
        let text = |it: &Self, spot: Spot| match &it.facts(spot.unit).expr(spot.expr).kind {
            ExprKind::Text(text) if !text.is_empty() => Some(text.to_string()),
            _ => None,
        };
        match &self.facts(spot.unit).expr(spot.expr).kind {
            ExprKind::Member { base, name } => {
                if !matches!(self.holder(Spot { expr: *base, ..spot }), Some((_, Holder::Receiver))) {
                    return None;
                }
                let written = self.written_for(of, name);
                written.into_iter().find_map(|it| text(self, it))
            }
            _ => text(self, spot),
        }
    }

    /// Where a member of a type's instances is given its value by the type's own code, else by that of a type above.
    fn written_for(&mut self, of: Def, name: &str) -> Vec<Spot> {
        let mut written = Vec::new();
        for base in self.lineage(of).types.clone() {
            let Some(var) = self.find_var(self.program.def_space(base), name) else { continue };
            for source in self.sources(var) {
                let owner = self.program.def(source.unit, source.owner);
                if owner == base || self.program.parent(owner) == base {
                    written.push(source);
                }
            }
        }
        written
    }

    /// The calls that make the object that an expression gives; none where some of them are not known.
    fn creations(&mut self, spot: Spot, deep: u32) -> Option<SmallVec<[Spot; 2]>> {
        if deep > MOST_DEEP {
            return None;
        }
        let facts = self.facts(spot.unit);
        let at = |expr: ExprId| Spot { expr, ..spot };
        let mut sources: SmallVec<[Spot; 4]> = SmallVec::new();
        match &facts.expr(spot.expr).kind {
            ExprKind::Call { callee, .. } => {
                let mut made = false;
                for value in self.eval(spot.unit, spot.owner, *callee) {
                    match self.pool.value(value) {
                        Value::Def(of) if self.program.is_type(of) => made = true,
                        Value::Def(function) | Value::Bound(function, _) if self.program.is_function(function) => {
                            sources.extend(self.results_written(function)?);
                        }
                        _ => return None,
                    }
                }
                if made {
                    return sources.is_empty().then(|| smallvec![spot]);
                }
            }
            ExprKind::Member { base, name } => {
                for value in self.eval(spot.unit, spot.owner, *base) {
                    let Value::Instance(of) = self.pool.value(value) else { continue };
                    sources.extend(self.member_written(of, name)?);
                }
            }
            ExprKind::Name(name) => {
                if let Some(var) = self.find_var(self.program.space(spot.unit, spot.owner), name) {
                    let parameter = facts.definition(spot.owner).params.iter().any(|it| it.name == *name);
                    if parameter {
                        return None;
                    }
                    sources.extend(self.sources(var));
                } else {
                    for (var, parameter) in self.vars_of(spot.unit, spot.owner, spot.expr) {
                        if parameter {
                            return None;
                        }
                        sources.extend(self.sources(var));
                    }
                }
            }
            ExprKind::Choice(items) => sources.extend(items.iter().map(|it| at(*it))),
            _ => return None,
        }
        if sources.is_empty() || sources.len() > MOST_GIVEN {
            return None;
        }
        let mut made = SmallVec::new();
        for source in sources {
            for it in self.creations(source, deep + 1)? {
                if !made.contains(&it) {
                    made.push(it);
                }
            }
        }
        Some(made)
    }

    fn results_written(&mut self, function: Def) -> Option<SmallVec<[Spot; 1]>> {
        let var = self.result_var(function)?;
        let sources = self.sources(var);
        (!sources.is_empty()).then_some(sources)
    }

    /// Where a member of an instance is written: a field, or a property's results.
    fn member_written(&mut self, of: Def, name: &str) -> Option<SmallVec<[Spot; 1]>> {
        for base in self.lineage(of).types.clone() {
            let space = self.program.def_space(base);
            for member in self.program.members(space, name) {
                if self.program.is_function(member) {
                    return self.results_written(member);
                }
            }
            if let Some(var) = self.find_var(space, name) {
                let sources = self.sources(var);
                if !sources.is_empty() {
                    return Some(sources);
                }
            }
        }
        None
    }

    /// What a member of a type's instances is: what its body says, else what the initializer makes it.
    fn given(&mut self, of: Def, name: &str) -> Option<Given<'a>> {
        let types = self.lineage(of).types.clone();
        for (index, base) in types.iter().enumerate() {
            let space = self.program.def_space(*base);
            for member in self.program.members(space, name) {
                let (unit, id) = self.program.local(member);
                let definition = self.facts(unit).definition(id);
                if self.program.is_function(member) {
                    let results = self.results_written(member)?;
                    let [only] = results.as_slice() else { return None };
                    return Some(Given::Always(*only));
                }
                if let Some(value) = definition.value {
                    return Some(Given::Always(Spot { unit, owner: definition.parent, expr: value }));
                }
            }
            if let Some(initializer) = self.program.members(space, INITIALIZER).first() {
                let given = self.given_by(types.get(index..)?, *initializer, name, 0);
                return given.or_else(|| self.written_for(of, name).first().map(|it| Given::Always(*it)));
            }
        }
        if let [only] = self.written_for(of, name).as_slice() {
            return Some(Given::Always(*only));
        }
        let own = types.iter().find_map(|it| {
            let members = self.program.members(self.program.def_space(*it), name);
            members.first().map(|it| self.program.definition(*it).name.as_str())
        })?;
        Some(Given::Field(own))
    }

    /// What an initializer makes of a member, also by way of that of a type above.
    fn given_by(&mut self, types: &[Def], initializer: Def, name: &str, deep: u32) -> Option<Given<'a>> {
        if deep > MOST_DEEP {
            return None;
        }
        let (unit, id) = self.program.local(initializer);
        let facts = self.facts(unit);
        let definition = facts.definition(id);
        let receiver = definition.params.iter().find(|it| it.kind == ParamKind::Receiver)?;
        let is_receiver = |expr: ExprId| matches!(&facts.expr(expr).kind, ExprKind::Name(it) if *it == receiver.name);
        let parameter = |expr: ExprId| {
            let mut plain = definition.params.iter().filter(|it| it.kind == ParamKind::Plain);
            let named = |expr: ExprId| match &facts.expr(expr).kind {
                ExprKind::Name(name) => Some(name),
                _ => None,
            };
            let name = match &facts.expr(expr).kind {
                ExprKind::Choice(items) => items.iter().find_map(|it| named(*it)),
                _ => named(expr),
            };
            plain.position(|it| Some(&it.name) == name)
        };
        let given = |expr: ExprId| match parameter(expr) {
            Some(position) => Given::Parameter(initializer, position),
            None => Given::Always(Spot { unit, owner: id, expr }),
        };
        for step in facts.steps.iter().filter(|it| it.owner == id) {
            if let StepKind::Assign { target, value } = step.kind
                && let ExprKind::Member { base, name: member } = &facts.expr(target).kind
                && member == name
                && is_receiver(*base)
            {
                return Some(given(value));
            }
        }
        for step in facts.steps.iter().filter(|it| it.owner == id) {
            let StepKind::Call(call) = step.kind else { continue };
            let ExprKind::Call { callee, args } = &facts.expr(call).kind else { continue };
            let ExprKind::Member { base, name: method } = &facts.expr(*callee).kind else { continue };
            if method != INITIALIZER {
                continue;
            }
            let by_name = matches!(facts.expr(*base).kind, ExprKind::Name(_));
            let rest: Vec<Def> = if by_name {
                let named = *self.types_at(Spot { unit, owner: id, expr: *base }).first()?;
                self.lineage(named).types.clone()
            } else {
                types.iter().skip(1).copied().collect()
            };
            let args: &'a [Argument] = if by_name { args.get(1..)? } else { args };
            for (index, above) in rest.iter().enumerate() {
                let members = self.program.members(self.program.def_space(*above), INITIALIZER);
                let Some(outer) = members.first() else { continue };
                match self.given_by(rest.get(index..)?, *outer, name, deep + 1) {
                    Some(Given::Parameter(outer, position)) => {
                        if let Some(argument) = self.argument_of(outer, position, args) {
                            return Some(given(argument));
                        }
                    }
                    Some(found) => return Some(found),
                    None => {}
                }
                break;
            }
        }
        None
    }
}
