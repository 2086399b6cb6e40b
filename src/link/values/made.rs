//! What a type below hands to the constructor above it: `super().__init__(model=Order)`, `Orders(Order)`. A member that the
//! constructor keeps is, in an instance of that type, what it was given there, not what its siblings give.

use smallvec::SmallVec;

use crate::link::names::program::Def;
use crate::link::routes::registrations::call_given;
use crate::link::values::infer::{INITIALIZER, Inference, Spot};
use crate::link::values::value::{Subject, Value, ValueId, Values, union};
use crate::link::values::variables::MOST_VALUES;
use crate::model::fact::{Argument, DefId, DefinitionKind, ExprId, ExprKind, ParamKind};

/// Constructors that hand on what they are given are followed this far.
const MOST_CONSTRUCTORS: u32 = 4;

/// Members that are worked out by one another this deep.
const MOST_MAKING: usize = 8;

impl<'a> Inference<'a> {
    /// What `of` hands up for a member that a type above it keeps from its constructor, found at `base`; only types are told apart so.
    pub(crate) fn made_with(&mut self, of: Def, base: Def, name: &str) -> Option<Values> {
        let var = self.find_var(self.program.def_space(base), name)?;
        let sources = self.sources(var);
        let [source] = sources.as_slice() else { return None };
        let source = *source;
        let ExprKind::Name(word) = &self.facts(source.unit).expr(source.expr).kind else { return None };
        // Whoever runs the constructor has the member, so the variable may be that of a type below.
        let keeper = self.program.parent(self.program.def(source.unit, source.owner));
        if keeper == of || !self.program.is_type(keeper) || !self.takes(source.unit, source.owner, word) {
            return None;
        }
        let kept = self.read(var);
        if !kept.iter().any(|it| matches!(self.pool.value(*it), Value::Def(it) if self.program.is_type(it))) {
            return None;
        }
        let kin = self.lineage(of);
        let below: SmallVec<[Def; 4]> = kin.types.iter().copied().take_while(|it| *it != keeper).collect();
        if below.len() == kin.types.len() {
            return None;
        }
        let mut given = Vec::new();
        let constructed = self.handed_up(&below, source.unit, source.owner, word, &mut given, 0);
        if given.is_empty() && !constructed {
            return None;
        }
        if self.making.contains(&(of, var)) {
            return Some(Values::new());
        }
        if self.making.len() >= MOST_MAKING {
            return None;
        }
        self.making.push((of, var));
        let mut values = Values::new();
        for spot in given {
            let found = self.eval(spot.unit, spot.owner, spot.expr);
            union(&mut values, &found);
        }
        self.making.pop();
        Some(values)
    }

    /// A method of a type above gives what is about the type that its receiver was made with, not about its siblings'.
    pub(crate) fn keep_to_made(&mut self, base: Def, of: Def, results: &mut Values) {
        let about = |value: Value| match value {
            Value::Outside { subject: Subject::Type(it), .. } | Value::Instance(it) | Value::Def(it) => Some(it),
            _ => None,
        };
        if !results.iter().any(|it| about(self.pool.value(*it)).is_some()) {
            return;
        }
        let (unit, id) = self.program.local(base);
        let facts = self.facts(unit);
        let taken: SmallVec<[String; 4]> = facts
            .def_ids()
            .filter(|it| facts.definition(*it).parent == id && facts.definition(*it).name == INITIALIZER)
            .flat_map(|it| facts.definition(it).params.iter())
            .filter(|it| it.kind == ParamKind::Plain)
            .flat_map(|it| [it.name.to_string(), format!("_{}", it.name)])
            .collect();
        for name in taken {
            let Some(own) = self.made_with(of, base, &name) else { continue };
            let Some(var) = self.find_var(self.program.def_space(base), &name) else { continue };
            let all = self.read(var);
            results.retain(|it| {
                let Some(it) = about(self.pool.value(*it)) else { return true };
                let names = |values: &Values| values.iter().any(|value| self.pool.value(*value) == Value::Def(it));
                !names(&all) || names(&own)
            });
        }
    }

    /// A method of a type above gives what is about the class attribute that its receiver's type sets (`model = Order`),
    /// not about those of its siblings.
    pub(crate) fn keep_to_class(&mut self, base: Def, of: Def, results: &mut Values) {
        if !self.looks_below(base) || !results.iter().any(|it| self.row_or_type(*it).is_some()) {
            return;
        }
        let between: SmallVec<[Def; 4]> = self.lineage(of).types.iter().copied().take_while(|it| *it != base).collect();
        let (unit, id) = self.program.local(base);
        let facts = self.facts(unit);
        let fields = facts.def_ids().map(|it| facts.definition(it)).filter(|it| it.parent == id);
        for field in fields.filter(|it| it.kind == DefinitionKind::Field) {
            let is_set = |it: &Def| !self.program.members(self.program.def_space(*it), &field.name).is_empty();
            if !between.iter().any(is_set) {
                continue;
            }
            let own = self.type_member(of, &field.name, unit, true, 0);
            let Some(own) = self.told_apart(&own) else { continue };
            let all = self.member_below(base, &field.name, unit, true);
            let Some(all) = self.told_apart(&all) else { continue };
            results.retain(|it| self.row_or_type(*it).is_none_or(|it| !all.contains(&it) || own.contains(&it)));
        }
    }

    /// A library's method asks members of its own class what it is about (`queryset`): a method of the program's that
    /// overrides it for many classes gives each of them what is about its own members.
    pub(crate) fn keep_to_asked(&mut self, method: Def, of: Def, results: &mut Values) {
        if self.told_apart(results).is_none_or(|it| it.len() < 2) {
            return;
        }
        let own = self.asked_of(method, of);
        let mut kept = results.clone();
        kept.retain(|it| self.row_or_type(*it).is_none_or(|it| own.contains(&it)));
        if self.told_apart(&kept).is_some() {
            *results = kept;
        }
    }

    /// What the members are about that a library's method of this name asks the class for.
    fn asked_of(&mut self, method: Def, of: Def) -> SmallVec<[Def; 4]> {
        let mut own: SmallVec<[Def; 4]> = SmallVec::new();
        let name = self.program.definition(method).name.as_str();
        let unit = self.program.unit_of(of);
        let separator = self.separator(unit);
        let outside = self.lineage(of).outside.clone();
        let asked = outside.iter().find_map(|it| {
            let stub = self.stubs.member(self.pool.text(*it), separator, name)?;
            Some(&stub.of).filter(|it| !it.is_empty())
        });
        let Some(asked) = asked else { return own };
        let members: Vec<_> = asked.iter().filter(|it| *it != name).cloned().collect();
        let receiver = self.pool.id(Value::Instance(of));
        for subject in self.subjects_of_members(unit, &[receiver], &members) {
            if let Subject::Type(it) = subject {
                own.push(it);
            }
        }
        own
    }

    /// Whether one of a function's parameters is about as many types as half of what a variable holds: its callers hand in their
    /// models. A conversion of everything (`From`) is handed rows and values instead.
    pub(crate) fn is_handed_many_types(&mut self, function: Def) -> bool {
        let (home, id) = self.program.local(function);
        let params = &self.facts(home).definition(id).params;
        params.iter().filter(|it| it.kind == ParamKind::Plain).any(|param| {
            let Some(var) = self.find_var(self.program.space(home, id), &param.name) else { return false };
            let brought = self.read(var);
            2 * brought.iter().filter(|it| self.about_type(**it).is_some()).count() >= MOST_VALUES
        })
    }

    /// Whether an argument is a type, or about one.
    pub(crate) fn is_about_type(&mut self, unit: u32, owner: DefId, argument: ExprId) -> bool {
        self.eval(unit, owner, argument).iter().any(|it| self.about_type(*it).is_some())
    }

    /// What a function gives of things that its parameters bring (`session_query(Order)`) is about what this call hands in.
    pub(crate) fn keep_to_given(
        &mut self,
        unit: u32,
        owner: DefId,
        function: Def,
        args: &'a [Argument],
        results: &mut Values,
    ) {
        let Some(mut told) = self.told_apart(results) else { return };
        let (home, id) = self.program.local(function);
        let params = &self.facts(home).definition(id).params;
        for (at, param) in params.iter().filter(|it| it.kind == ParamKind::Plain).enumerate() {
            let named = args.iter().find(|it| it.name.as_ref() == Some(&param.name));
            if args.iter().any(|it| it.spread) {
                return;
            }
            let Some(argument) = named.or_else(|| args.get(at).filter(|it| it.name.is_none())) else { continue };
            let Some(var) = self.find_var(self.program.space(home, id), &param.name) else { continue };
            let brought = self.read(var);
            let is_type = |it: &ValueId| matches!(self.pool.value(*it), Value::Def(_));
            let types: SmallVec<[Def; 4]> =
                brought.iter().filter(|it| is_type(it)).filter_map(|it| self.about_type(*it)).collect();
            let brought: SmallVec<[Def; 4]> = brought.iter().filter_map(|it| self.about_type(*it)).collect();
            if !told.iter().any(|it| brought.contains(it)) {
                continue;
            }
            let given = self.eval(unit, owner, argument.value);
            let own: SmallVec<[Def; 4]> = given.iter().filter_map(|it| self.about_type(*it)).collect();
            // A row is found for a model that is handed in; what only asks for rows brings none.
            results.retain(|it| match self.pool.value(*it) {
                Value::Instance(it) => !types.contains(&it) || own.contains(&it),
                _ => self.about_type(*it).is_none_or(|it| !brought.contains(&it) || own.contains(&it)),
            });
            told.retain(|it| !brought.contains(it) || own.contains(it));
        }
    }

    /// The mapped types that values are about, if any.
    fn told_apart(&mut self, values: &Values) -> Option<SmallVec<[Def; 4]>> {
        let mut about: SmallVec<[Def; 4]> = SmallVec::new();
        for value in values {
            let Some(of) = self.row_or_type(*value) else { continue };
            if !about.contains(&of) {
                about.push(of);
            }
        }
        Some(about).filter(|it| !it.is_empty())
    }

    /// The same, or the type of an instance: a row that a helper finds for the model that it is given.
    fn row_or_type(&self, value: ValueId) -> Option<Def> {
        match self.pool.value(value) {
            Value::Instance(it) => Some(it),
            _ => self.about_type(value),
        }
    }

    /// The type that a type, or something from outside that is about it, stands for; no instance of it.
    fn about_type(&self, value: ValueId) -> Option<Def> {
        match self.pool.value(value) {
            Value::Outside { subject: Subject::Type(it), .. } => Some(it),
            Value::Def(it) if self.program.is_type(it) => Some(it),
            _ => None,
        }
    }

    /// What arrives at a constructor's parameter from the types below that have one of their own, or else from who makes them;
    /// whether one of their own hands something up.
    fn handed_up(
        &mut self,
        below: &[Def],
        unit: u32,
        id: DefId,
        word: &str,
        given: &mut Vec<Spot>,
        level: u32,
    ) -> bool {
        let Some(var) = self.find_var(self.program.space(unit, id), word) else { return false };
        let constructor = self.facts(unit).definition(id).name.clone();
        let holder =
            below.iter().rposition(|it| !self.program.members(self.program.def_space(*it), &constructor).is_empty());
        if level > MOST_CONSTRUCTORS {
            return false;
        }
        for spot in self.sources(var) {
            let Some(at) = holder else {
                if self.makes_one_of(spot, below) {
                    given.push(spot);
                }
                continue;
            };
            let from = self.program.def(spot.unit, spot.owner);
            if self.program.parent(from) != below[at] {
                continue;
            }
            match &self.facts(spot.unit).expr(spot.expr).kind {
                ExprKind::Name(word) if self.takes(spot.unit, spot.owner, word) => {
                    self.handed_up(&below[..at], spot.unit, spot.owner, word, given, level + 1);
                }
                _ => given.push(spot),
            }
        }
        holder.is_some_and(|at| self.calls_up(below[at], &constructor))
    }

    /// Whether a type's own constructor calls one of the same name: by the end it is known what it gives.
    fn calls_up(&self, of: Def, constructor: &str) -> bool {
        self.program.members(self.program.def_space(of), constructor).iter().any(|own| {
            let (unit, id) = self.program.local(*own);
            let facts = self.facts(unit);
            let lines = facts.definition(id).line..=facts.definition(id).end_line;
            facts.exprs.iter().any(|it| match &it.kind {
                ExprKind::Call { callee, .. } if lines.contains(&it.at.line) => {
                    matches!(&facts.expr(*callee).kind, ExprKind::Member { name, .. } if name == constructor)
                }
                _ => false,
            })
        })
    }

    /// Whether an argument is given to a call that makes one of these types.
    fn makes_one_of(&mut self, argument: Spot, types: &[Def]) -> bool {
        call_given(self.facts(argument.unit), argument.expr).is_some_and(|(_, callee, _)| {
            self.eval(argument.unit, argument.owner, callee)
                .iter()
                .any(|it| matches!(self.pool.value(*it), Value::Def(it) if types.first() == Some(&it)))
        })
    }

    /// Whether a function has a parameter of this name.
    fn takes(&self, unit: u32, function: DefId, word: &str) -> bool {
        let params = &self.facts(unit).definition(function).params;
        params.iter().any(|it| it.kind == ParamKind::Plain && it.name == word)
    }
}
