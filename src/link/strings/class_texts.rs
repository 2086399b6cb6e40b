//! Texts that a function of a class works out from the attributes of the class that it is called on
//! (`cls.flavor.lower() + "_" + cls.stem`), for one class below.

use smallvec::SmallVec;

use crate::link::entities::relations::Related;
use crate::link::names::program::Def;
use crate::link::values::guards::capture;
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::{Subject, Value};
use crate::model::fact::{
    Argument, Captured, DefId, DefinitionKind, ExprId, ExprKind, Match, ParamKind, Piece, StepKind,
};
use crate::model::rule::Rule;

/// Calls and names that are followed for one text.
const MOST_STEPS: u32 = 12;
/// What a class says its own name is.
const OWN_NAME: &str = "__name__";

/// The class above all others.
const ROOT: &str = "object";

/// A parameter with the text that it is given.
type Given<'a> = SmallVec<[(&'a str, String); 2]>;

impl<'a> Inference<'a> {
    /// What a method gives as text where it is called on `of`; nothing where one part of it is not known for certain.
    pub(crate) fn text_for_class(&mut self, method: Def, of: Def) -> Option<String> {
        self.class_result(method, of, &Given::new(), 0)
    }

    /// What an expression in a method is as text where the method is called on `of`.
    pub(crate) fn text_on_class(&mut self, spot: Spot, of: Def) -> Option<String> {
        self.class_text(spot, of, &Given::new(), 0)
    }

    /// The relation that a method of a type without rows declares, for each of the types below it: which entity is on its other
    /// side is worked out from the attributes of that type.
    pub(crate) fn relate_by_class(&mut self, target: Spot, own: Def, related: &Related, name: &str) {
        if self.program.kind(self.program.def(target.unit, target.owner)) != DefinitionKind::Method {
            return;
        }
        for holder in self.implementers.get(&own).cloned().unwrap_or_default() {
            if !self.rowless.contains(&holder)
                && let Some(text) = self.text_on_class(target, holder)
                && let Some(of) = self.entity_named(target.unit, &text)
            {
                let known = self.related.get(&(holder, name.to_owned()));
                let eager = related.eager || known.is_some_and(|it| it.eager);
                let related = Related { of: Subject::Type(of), eager, ..related.clone() };
                self.related.insert((holder, name.to_owned()), related);
            }
        }
    }

    fn class_result(&mut self, method: Def, of: Def, given: &Given<'a>, steps: u32) -> Option<String> {
        let (unit, owner) = self.program.local(method);
        let mut given_back =
            self.facts(unit).steps.iter().filter(|it| it.owner == owner).filter_map(|it| match it.kind {
                StepKind::Return(value) => Some(value),
                _ => None,
            });
        let (Some(expr), None) = (given_back.next(), given_back.next()) else { return None };
        self.class_text(Spot { unit, owner, expr }, of, given, steps + 1)
    }

    fn class_text(&mut self, spot: Spot, of: Def, given: &Given<'a>, steps: u32) -> Option<String> {
        if steps > MOST_STEPS {
            return None;
        }
        let facts = self.facts(spot.unit);
        let at = |expr: ExprId| Spot { expr, ..spot };
        match &facts.expr(spot.expr).kind {
            ExprKind::Text(text) => Some(text.to_string()),
            ExprKind::Template(pieces) => {
                let mut whole = String::new();
                for piece in pieces {
                    match piece {
                        Piece::Text(text) => whole.push_str(text),
                        Piece::Hole(hole) => whole.push_str(&self.class_text(at(*hole), of, given, steps + 1)?),
                    }
                }
                Some(whole)
            }
            ExprKind::Name(name) => {
                if let Some((_, text)) = given.iter().find(|(it, _)| it == name) {
                    return Some(text.clone());
                }
                let mut assigned =
                    facts.steps.iter().filter(|it| it.owner == spot.owner).filter_map(|it| match it.kind {
                        StepKind::Assign { target, value } => match &facts.expr(target).kind {
                            ExprKind::Name(it) if it == name => Some(value),
                            _ => None,
                        },
                        _ => None,
                    });
                match (assigned.next(), assigned.next()) {
                    (Some(only), None) => self.class_text(at(only), of, given, steps + 1),
                    (None, _) => self.text_of_module(spot),
                    _ => None,
                }
            }
            ExprKind::Member { base, name } if self.is_receiver(at(*base)) => {
                if name == OWN_NAME {
                    return Some(self.program.definition(of).name.to_string());
                }
                let member = self.member_of_class(of, name)?;
                let definition = self.program.definition(member);
                if definition.kind == DefinitionKind::Method {
                    // What is read as an attribute is a property.
                    let is_property = !definition.attributes.is_empty() && !definition.traits.is_class;
                    return if is_property { self.class_result(member, of, &Given::new(), steps) } else { None };
                }
                let (unit, _) = self.program.local(member);
                self.plain_text(unit, definition.parent, definition.value?)
            }
            ExprKind::Member { .. } => self.plain_text(spot.unit, spot.owner, spot.expr),
            ExprKind::Call { callee, args } => match &facts.expr(*callee).kind {
                ExprKind::Member { base, name } if self.is_receiver(at(*base)) => {
                    let method = self.member_of_class(of, name)?;
                    self.class_call(spot, method, args, of, given, steps)
                }
                ExprKind::Member { base, name } if args.is_empty() => {
                    let text = self.class_text(at(*base), of, given, steps + 1)?;
                    match name.as_str() {
                        "lower" => Some(text.to_lowercase()),
                        "upper" => Some(text.to_uppercase()),
                        _ => None,
                    }
                }
                ExprKind::Name(_) => {
                    let callees = self.eval(spot.unit, spot.owner, *callee);
                    let [only] = callees.as_slice() else { return None };
                    let Value::Def(function) = self.pool.value(*only) else { return None };
                    self.class_call(spot, function, args, of, given, steps)
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// A name that the function does not give a value: a constant around it, no parameter.
    fn text_of_module(&mut self, spot: Spot) -> Option<String> {
        let is_parameter = self.vars_of(spot.unit, spot.owner, spot.expr).iter().any(|it| it.1);
        if is_parameter { None } else { self.plain_text(spot.unit, spot.owner, spot.expr) }
    }

    fn class_call(
        &mut self,
        call: Spot,
        function: Def,
        args: &'a [Argument],
        of: Def,
        given: &Given<'a>,
        steps: u32,
    ) -> Option<String> {
        if !self.program.is_function(function) || args.iter().any(|it| it.spread) {
            return None;
        }
        let (unit, id) = self.program.local(function);
        let mut params = self.facts(unit).definition(id).params.iter().filter(|it| it.kind == ParamKind::Plain);
        let mut handed = Given::new();
        for argument in args {
            let name = match &argument.name {
                Some(name) => name.as_str(),
                None => params.next()?.name.as_str(),
            };
            let text = self.class_text(Spot { expr: argument.value, ..call }, of, given, steps + 1)?;
            handed.push((name, text));
        }
        self.class_result(function, of, &handed, steps)
    }

    /// Whether a name is that by which a method knows the class or object that it is called on.
    fn is_receiver(&self, spot: Spot) -> bool {
        let facts = self.facts(spot.unit);
        let ExprKind::Name(name) = &facts.expr(spot.expr).kind else { return false };
        let own = facts.definition(spot.owner).params.iter().find(|it| it.kind == ParamKind::Receiver);
        own.is_some_and(|it| it.name == *name)
    }

    /// The one definition of a member that a class has or inherits.
    fn member_of_class(&mut self, of: Def, name: &str) -> Option<Def> {
        let lineage = self.lineage(of).types.clone();
        let members = lineage
            .iter()
            .map(|it| self.program.members(self.program.def_space(*it), name))
            .find(|it| !it.is_empty())?;
        let [only] = members.as_slice() else { return None };
        Some(*only)
    }

    /// Whether a rule is about what a package brings (`entity.foreign`), and the class that it takes for its base is none.
    pub(crate) fn is_brought_by_nobody(&mut self, unit: u32, rule: &Rule, found: &Match) -> bool {
        let Some(name) = rule.settings.get("entity.foreign") else { return false };
        match capture(rule, found, name) {
            Some(Captured::Expr(base)) => self.is_plain_base(unit, DefId::MODULE, *base),
            _ => false,
        }
    }

    /// Whether the class that a rule takes for the base of entities is one of the program's own that
    /// inherits nothing from elsewhere: then no package brings what the rule says.
    fn is_plain_base(&mut self, unit: u32, owner: DefId, base: ExprId) -> bool {
        let values = self.eval(unit, owner, base);
        !values.is_empty()
            && values.iter().all(|it| match self.pool.value(*it) {
                Value::Def(of) if self.program.is_type(of) => {
                    let lineage = self.lineage(of);
                    !lineage.outside.iter().any(|it| self.pool.text(*it).contains('.'))
                        && lineage.types.iter().all(|it| self.is_written_whole(*it))
                }
                _ => false,
            })
    }

    /// Whether nothing but its text and known classes makes a class: no decorator, no base that only the run time knows.
    fn is_written_whole(&mut self, of: Def) -> bool {
        let (unit, id) = self.program.local(of);
        let facts = self.facts(unit);
        let definition = facts.definition(id);
        definition.attributes.is_empty()
            && definition.bases.iter().all(|base| {
                matches!(&facts.expr(*base).kind, ExprKind::Name(name) if name == ROOT)
                    || !self.eval(unit, definition.parent, *base).is_empty()
            })
    }
}
