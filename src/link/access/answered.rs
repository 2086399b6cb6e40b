//! Methods of the program's own that a library's call on a row runs in the place of the library's (`access.answers`): a
//! `delete` that only marks the row as deleted changes it, and takes nothing along.

use crate::link::access::accesses::Accesses;
use crate::link::names::program::Def;
use crate::link::values::guards::capture;
use crate::link::values::infer::{INITIALIZER, Inference};
use crate::link::values::value::{Subject, Value};
use crate::model::fact::{Captured, DefId, ExprId, ExprKind, FileFacts, Match};
use crate::model::rule::Rule;
use crate::model::source::Role;
use crate::model::sql::Operation;

/// Methods that call each other are followed this deep.
const MOST_DEEP: u32 = 4;

/// What a method does to the row that it is called on.
#[derive(Clone, Copy, Default)]
pub(crate) struct Answer {
    /// It calls the library's, or what cannot be told from it.
    library: bool,
    /// It writes the row in another way.
    writes: bool,
}

/// What is looked for in a method.
#[derive(Clone, Copy)]
struct Asked<'r> {
    rule: &'r Rule,
    method: &'r str,
    /// The type of the row.
    of: Def,
}

impl Inference<'_> {
    /// The operation that remains of a call where methods of the program's own answer it; none where they write nothing.
    pub(crate) fn answered(
        &mut self,
        unit: u32,
        rule: &Rule,
        hit: &Match,
        subjects: &[Subject],
        operation: Operation,
        found: &mut Accesses,
    ) -> Option<Operation> {
        let Some(method) = method_asked(rule, hit) else { return Some(operation) };
        // A migration sees the models as they were: fields, and no methods.
        if self.program.unit(unit).source.role == Role::Migration {
            return Some(operation);
        }
        let above = self.class_above(unit, hit);
        let mut writes = false;
        for subject in subjects {
            let Subject::Type(of) = *subject else { return Some(operation) };
            let Some(own) = self.own_answer(of, above, method) else { return Some(operation) };
            let known = found.answers.get(&(own, of)).copied();
            let answer = known.unwrap_or_else(|| {
                let mut answer = Answer::default();
                self.read_answer(own, Asked { rule, method, of }, 0, &mut answer);
                answer
            });
            found.answers.insert((own, of), answer);
            if answer.library {
                return Some(operation);
            }
            writes |= answer.writes;
        }
        match operation {
            _ if subjects.is_empty() => Some(operation),
            _ if !writes => None,
            // A row that is there is changed.
            Operation::Delete => Some(Operation::Update),
            other => Some(other),
        }
    }

    /// Whether a function of the program's own answers a call that a rule takes for a library's (`access.foreign`): what it
    /// does is said of that function.
    pub(crate) fn is_overridden(&mut self, unit: u32, owner: DefId, rule: &Rule, root: Option<ExprId>) -> bool {
        if !rule.settings.contains_key("access.foreign") {
            return false;
        }
        let Some(ExprKind::Call { callee, .. }) = root.map(|it| &self.facts(unit).expr(it).kind) else { return false };
        let callees = self.eval(unit, owner, *callee);
        let mut own_types: Vec<Def> = Vec::new();
        if let ExprKind::Member { base, .. } = &self.facts(unit).expr(*callee).kind {
            for value in self.eval(unit, owner, *base) {
                let (Value::Instance(of) | Value::Super(of)) = self.pool.value(value) else { continue };
                own_types.extend(self.lineage(of).types.iter().copied());
            }
        }
        let unanswered: Vec<&str> = rule.words("access.unanswered").collect();
        if !unanswered.is_empty() && own_types.iter().any(|it| self.has_own_method(*it, &unanswered)) {
            return true;
        }
        callees.iter().any(|it| match self.pool.value(*it) {
            // What a type below overrides is still the library's for this one.
            Value::Bound(own, _) => {
                let holder = self.program.parent(own);
                let is_below = !own_types.is_empty() && !own_types.contains(&holder);
                !is_below && !self.program.is_test(own)
            }
            // A type that is called runs what makes its instances.
            Value::Def(own) if self.program.is_type(own) => {
                let types = self.lineage(own).types.clone();
                types.iter().any(|it| !self.program.members(self.program.def_space(*it), INITIALIZER).is_empty())
            }
            Value::Def(own) => self.program.is_function(own) && !self.program.is_test(own),
            _ => false,
        })
    }

    /// Whether a type, or one of the program's own above it, has a method of one of these names.
    pub(crate) fn has_own_method(&mut self, of: Def, names: &[&str]) -> bool {
        let types = self.lineage(of).types.clone();
        let has = |it: &Def| {
            let space = self.program.def_space(*it);
            names.iter().any(|name| self.program.members(space, name).iter().any(|it| self.program.is_function(*it)))
        };
        types.iter().any(has)
    }

    /// The class whose method is passed over by a call on `super()`.
    fn class_above(&mut self, unit: u32, hit: &Match) -> Option<Def> {
        let (_, Captured::Expr(root)) =
            hit.captures.iter().find(|(_, it)| matches!(it, Captured::Expr(it) if self.is_call(unit, *it)))?
        else {
            return None;
        };
        let ExprKind::Call { callee, .. } = &self.facts(unit).expr(*root).kind else { return None };
        let ExprKind::Member { base, .. } = &self.facts(unit).expr(*callee).kind else { return None };
        self.eval(unit, hit.owner, *base).into_iter().find_map(|it| match self.pool.value(it) {
            Value::Super(of) => Some(of),
            _ => None,
        })
    }

    fn is_call(&self, unit: u32, expr: ExprId) -> bool {
        matches!(self.facts(unit).expr(expr).kind, ExprKind::Call { .. })
    }

    /// The method of the program's own that a type answers with, or that stands above a class of its lineage.
    fn own_answer(&mut self, of: Def, above: Option<Def>, method: &str) -> Option<Def> {
        let mut types = self.lineage(of).types.clone();
        if let Some(above) = above {
            if !types.contains(&above) {
                types.clone_from(&self.lineage(above).types);
            }
            let passed = types.iter().position(|it| *it == above)?;
            types.drain(..=passed);
        }
        types.into_iter().find_map(|it| {
            let members = self.program.members(self.program.def_space(it), method);
            members.into_iter().find(|it| self.program.is_function(*it) && !self.program.is_test(*it))
        })
    }

    fn read_answer(&mut self, own: Def, asked: Asked<'_>, deep: u32, answer: &mut Answer) {
        if deep > MOST_DEEP || answer.library {
            answer.library = true;
            return;
        }
        let (unit, id) = self.program.local(own);
        let facts = self.facts(unit);
        let definition = facts.definition(id);
        let Some(row) = definition.params.first().map(|it| it.name.clone()) else { return };
        let lines = definition.line..=definition.end_line;
        let is_row = |it: ExprId| matches!(&facts.expr(it).kind, ExprKind::Name(name) if *name == row);
        for number in 0..facts.exprs.len() as u32 {
            let call = facts.expr(ExprId(number));
            let ExprKind::Call { callee, .. } = &call.kind else { continue };
            let ExprKind::Member { base, name } = &facts.expr(*callee).kind else { continue };
            if !lines.contains(&call.at.line) {
                continue;
            }
            let asks = name == asked.method;
            let writes = asked.rule.words("access.instead").any(|it| it == name);
            if is_row(*base) {
                answer.writes |= writes;
                if !asks
                    && !writes
                    && let Some(next) = self.own_answer(asked.of, None, name)
                    && next != own
                {
                    self.read_answer(next, asked, deep + 1, answer);
                }
                continue;
            }
            if !asks && !writes {
                continue;
            }
            let mut values = self.eval(unit, id, *base).to_vec();
            if values.is_empty() && asks && !rooted_in(facts, *base, &row) {
                answer.library = true;
            }
            values.sort_unstable();
            for value in values {
                match self.pool.value(value) {
                    Value::Super(above) if asks => match self.own_answer(asked.of, Some(above), asked.method) {
                        Some(next) => self.read_answer(next, asked, deep + 1, answer),
                        None => answer.library = true,
                    },
                    Value::Super(_) => answer.writes = true,
                    Value::Def(of) if self.program.is_type(of) => match self.own_answer(of, None, asked.method) {
                        Some(next) if asks && next != own => self.read_answer(next, asked, deep + 1, answer),
                        _ => answer.library |= asks,
                    },
                    Value::Instance(of) | Value::Outside { subject: Subject::Type(of), .. } => {
                        let is_kin = self.lineage(of).types.contains(&asked.of)
                            || self.lineage(asked.of).types.contains(&of)
                            || self.program.parent(own) == of;
                        answer.library |= asks && is_kin;
                        answer.writes |= writes && is_kin;
                    }
                    Value::Outside { subject: Subject::None, .. } => answer.library |= asks,
                    _ => {}
                }
            }
        }
    }
}

/// The row's method that a match of a rule runs: its verb, or the only one that the rule names.
fn method_asked<'r>(rule: &'r Rule, hit: &Match) -> Option<&'r str> {
    let verb = match capture(rule, hit, "access.verb") {
        Some(Captured::Word(word)) => word.as_str(),
        _ => "",
    };
    let mut words = rule.words("access.answers");
    let first = words.next()?;
    if first == verb || rule.words("access.answers").count() == 1 {
        return Some(first);
    }
    words.find(|it| *it == verb)
}

/// Whether an expression begins with a member of a name, but for its class (`self.lines.all()`).
fn rooted_in(facts: &FileFacts, mut expr: ExprId, row: &str) -> bool {
    loop {
        match &facts.expr(expr).kind {
            ExprKind::Member { base, name } => {
                if matches!(&facts.expr(*base).kind, ExprKind::Name(it) if it == row) {
                    return !name.starts_with("__");
                }
                expr = *base;
            }
            ExprKind::Call { callee, .. } => expr = *callee,
            ExprKind::Index { base, .. } => expr = *base,
            _ => return false,
        }
    }
}
