//! Texts that a type of the program's own puts together piece by piece: `q := New("SELECT id"); q.Add("FROM orders"); run(q.String())`.
//! What a function added to such a value of its own up to the place where it tells its text is that text, in the order of the source.
//!
//! Which methods add and which tell is read from their bodies: one that hands a parameter on to a member of its receiver and gives
//! nothing back but the receiver, and one without parameters that returns what that member gives.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::link::names::program::Def;
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::Value;
use crate::model::fact::{Argument, DefId, DefinitionKind, ExprId, ExprKind, FileFacts, ParamKind, Piece, StepKind};

/// Pieces of one text at most, and values that were handed on so often.
const MOST_PIECES: usize = 120;
const MOST_HANDED: u32 = 3;
/// Calls in a chain and variables given on, so deep.
const MOST_LINKS: u32 = 40;

/// Methods that put texts together, by the member that holds the text.
#[derive(Default)]
pub(crate) struct Accumulators<'a> {
    /// Methods that add, and functions that make such a value, with the positions of what they add.
    adds: FxHashMap<Def, (&'a str, SmallVec<[usize; 1]>)>,
    makes: FxHashMap<Def, (&'a str, SmallVec<[usize; 1]>)>,
    tells: FxHashMap<Def, &'a str>,
    /// What methods that tell are called: nearly no call has such a name.
    telling: FxHashSet<&'a str>,
}

impl<'a> Inference<'a> {
    /// The pieces of the text that a call tells, where it tells what its function put together.
    pub(crate) fn accumulated(&mut self, spot: Spot) -> Option<Vec<Piece>> {
        let known = self.accumulators();
        let facts = self.facts(spot.unit);
        let ExprKind::Call { callee, .. } = &facts.expr(spot.expr).kind else { return None };
        let ExprKind::Member { base, name } = &facts.expr(*callee).kind else { return None };
        if !known.telling.contains(name.as_str()) {
            return None;
        }
        let told = self.one_of(spot, *callee, |def| known.tells.get(&def).copied())?;
        let pieces = self.added(Spot { expr: *base, ..spot }, told, spot.expr, &known, 0)?;
        (pieces.len() > 1 && pieces.len() <= MOST_PIECES).then_some(pieces)
    }

    fn accumulators(&mut self) -> Rc<Accumulators<'a>> {
        if let Some(known) = &self.accumulators {
            return Rc::clone(known);
        }
        let mut known = Accumulators::default();
        for unit in 0..self.program.units.len() as u32 {
            let facts = self.facts(unit);
            for step in &facts.steps {
                let def = self.program.def(unit, step.owner);
                match step.kind {
                    StepKind::Call(expr) => {
                        let ExprKind::Call { callee, args } = &facts.expr(expr).kind else { continue };
                        let ExprKind::Member { base, .. } = &facts.expr(*callee).kind else { continue };
                        let given = args.iter().map(|it| it.value);
                        known.note(facts, step.owner, def, *base, given);
                    }
                    StepKind::Assign { target, value } => {
                        known.note(facts, step.owner, def, target, [value].into_iter());
                    }
                    StepKind::Return(value) => {
                        if let Some(member) = told(facts, step.owner, value) {
                            known.tells.insert(def, member);
                        }
                        if let ExprKind::Construct { fields, .. } = &facts.expr(value).kind {
                            known.note_literal(facts, step.owner, def, fields);
                        }
                    }
                    _ => {}
                }
            }
        }
        let members: FxHashSet<&str> = known.adds.values().map(|it| it.0).collect();
        known.tells.retain(|_, it| members.contains(it));
        known.telling = known.tells.keys().map(|it| self.program.definition(*it).name.as_str()).collect();
        let known = Rc::new(known);
        self.accumulators = Some(Rc::clone(&known));
        known
    }

    /// What the functions that a callee may be have in common.
    fn one_of<T>(&mut self, spot: Spot, callee: ExprId, of: impl Fn(Def) -> Option<T>) -> Option<T> {
        self.eval(spot.unit, spot.owner, callee).into_iter().find_map(|it| match self.pool.value(it) {
            Value::Def(def) | Value::Bound(def, _) => of(def),
            _ => None,
        })
    }

    /// What was put into a value before an expression of its function.
    fn added(
        &mut self,
        spot: Spot,
        member: &str,
        before: ExprId,
        known: &Rc<Accumulators<'a>>,
        depth: u32,
    ) -> Option<Vec<Piece>> {
        if depth > MOST_LINKS {
            return None;
        }
        let facts = self.facts(spot.unit);
        match &facts.expr(spot.expr).kind {
            ExprKind::Name(name) => self.added_to(spot, name, member, before, known, depth),
            ExprKind::Call { callee, args } => {
                let of_member = |it: &(&str, SmallVec<[usize; 1]>)| (it.0 == member).then(|| it.1.clone());
                if let Some(positions) = self.one_of(spot, *callee, |def| known.makes.get(&def).and_then(of_member)) {
                    return Some(pieces_of(facts, args, &positions));
                }
                let ExprKind::Member { base, .. } = &facts.expr(*callee).kind else { return None };
                let positions = self.one_of(spot, *callee, |def| known.adds.get(&def).and_then(of_member))?;
                let mut pieces = self.added(Spot { expr: *base, ..spot }, member, before, known, depth + 1)?;
                pieces.extend(pieces_of(facts, args, &positions));
                Some(pieces)
            }
            ExprKind::Construct { .. } => Some(Vec::new()),
            _ => None,
        }
    }

    /// What was put into a variable of a function before an expression of it.
    fn added_to(
        &mut self,
        spot: Spot,
        name: &str,
        member: &str,
        before: ExprId,
        known: &Rc<Accumulators<'a>>,
        depth: u32,
    ) -> Option<Vec<Piece>> {
        let facts = self.facts(spot.unit);
        let end = facts.expr(before).at;
        let mut pieces = None;
        for step in facts.steps.iter().filter(|it| it.owner == spot.owner) {
            match step.kind {
                StepKind::Assign { target, value }
                    if is_name(facts, target, name) && facts.expr(value).at < end && value != before =>
                {
                    pieces = self.added(Spot { expr: value, ..spot }, member, value, known, depth + 1);
                }
                StepKind::Call(call) if facts.expr(call).at < end && call != before => {
                    let Some(pieces) = &mut pieces else { continue };
                    let ExprKind::Call { callee, args } = &facts.expr(call).kind else { continue };
                    let of_member = |it: &(&str, SmallVec<[usize; 1]>)| (it.0 == member).then(|| it.1.clone());
                    if let ExprKind::Member { base, .. } = &facts.expr(*callee).kind
                        && root_is(facts, *base, name)
                    {
                        if let Some(positions) =
                            self.one_of(spot, *callee, |def| known.adds.get(&def).and_then(of_member))
                        {
                            pieces.extend(pieces_of(facts, args, &positions));
                        }
                        continue;
                    }
                    let Some(position) = args.iter().position(|it| is_name(facts, it.value, name)) else { continue };
                    let helper = self.one_of(spot, *callee, Some);
                    if let Some(helper) = helper.filter(|it| self.program.is_function(*it)) {
                        self.added_by(helper, position, member, known, pieces, 0);
                    }
                }
                _ => {}
            }
        }
        pieces
    }

    /// What a function adds to the value that it is handed: texts of its own, and a hole for all else.
    fn added_by(
        &mut self,
        helper: Def,
        position: usize,
        member: &str,
        known: &Rc<Accumulators<'a>>,
        pieces: &mut Vec<Piece>,
        depth: u32,
    ) {
        let (unit, owner) = self.program.local(helper);
        let facts = self.facts(unit);
        let plain = facts.definition(owner).params.iter().filter(|it| it.kind == ParamKind::Plain);
        let Some(name) = plain.map(|it| it.name.as_str()).nth(position) else { return };
        if depth > MOST_HANDED {
            return;
        }
        for step in facts.steps.iter().filter(|it| it.owner == owner) {
            let StepKind::Call(call) = step.kind else { continue };
            let ExprKind::Call { callee, args } = &facts.expr(call).kind else { continue };
            let spot = Spot { unit, owner, expr: call };
            let of_member = |it: &(&str, SmallVec<[usize; 1]>)| (it.0 == member).then(|| it.1.clone());
            if let ExprKind::Member { base, .. } = &facts.expr(*callee).kind
                && root_is(facts, *base, name)
            {
                let positions = self.one_of(spot, *callee, |def| known.adds.get(&def).and_then(of_member));
                for position in positions.unwrap_or_default() {
                    let text = match args.get(position).map(|it| &facts.expr(it.value).kind) {
                        Some(ExprKind::Text(text)) => text.clone(),
                        _ => "{hole}".into(),
                    };
                    pieces.extend([Piece::Text(text), Piece::Text(" ".into())]);
                }
            } else if let Some(position) = args.iter().position(|it| is_name(facts, it.value, name))
                && let Some(further) = self.one_of(spot, *callee, Some).filter(|it| self.program.is_function(*it))
            {
                self.added_by(further, position, member, known, pieces, depth + 1);
            }
        }
    }
}

impl<'a> Accumulators<'a> {
    /// A value that goes into a member: of the receiver, or of a variable that the function returns.
    fn note(
        &mut self,
        facts: &'a FileFacts,
        owner: DefId,
        def: Def,
        into: ExprId,
        given: impl Iterator<Item = ExprId>,
    ) {
        let ExprKind::Member { base, name: member } = &facts.expr(into).kind else { return };
        let ExprKind::Name(holder) = &facts.expr(*base).kind else { return };
        let definition = facts.definition(owner);
        if !matches!(definition.kind, DefinitionKind::Function | DefinitionKind::Method) {
            return;
        }
        let names = plain_names(facts, owner);
        let mut positions: SmallVec<[usize; 1]> = SmallVec::new();
        for value in given {
            for (position, name) in names.iter().enumerate() {
                if mentions(facts, value, name, 0) && !positions.contains(&position) {
                    positions.push(position);
                }
            }
        }
        if positions.is_empty() {
            return;
        }
        let is_receiver = definition.params.iter().any(|it| it.kind == ParamKind::Receiver && it.name == *holder);
        if is_receiver && gives_only(facts, owner, holder) {
            let noted = self.adds.entry(def).or_insert_with(|| (member, SmallVec::new()));
            // The first of several members holds the text, further ones what goes with it.
            if noted.0 == member {
                noted.1.extend(positions.iter().copied().filter(|it| !noted.1.contains(it)).collect::<Vec<_>>());
            }
        } else if !is_receiver && !names.contains(&holder.as_str()) && definition.result.is_some() {
            let returns = |it: &crate::model::fact::Step| {
                it.owner == owner && matches!(it.kind, StepKind::Return(value) if is_name(facts, value, holder))
            };
            if facts.steps.iter().any(returns) {
                self.makes.entry(def).or_insert((member, positions));
            }
        }
    }

    /// A literal that a function returns, with a parameter in one of its members.
    fn note_literal(&mut self, facts: &'a FileFacts, owner: DefId, def: Def, fields: &'a [Argument]) {
        for (position, name) in plain_names(facts, owner).into_iter().enumerate() {
            let field = fields.iter().find(|it| it.name.is_some() && mentions(facts, it.value, name, 0));
            if let Some(member) = field.and_then(|it| it.name.as_deref()) {
                self.makes.entry(def).or_insert_with(|| (member, SmallVec::from_slice(&[position])));
                return;
            }
        }
    }
}

/// Names of a function's parameters.
fn plain_names(facts: &FileFacts, owner: DefId) -> SmallVec<[&str; 4]> {
    let plain = facts.definition(owner).params.iter().filter(|it| it.kind == ParamKind::Plain);
    plain.map(|it| it.name.as_str()).collect()
}

/// The member of the receiver whose text a method without parameters returns.
fn told(facts: &FileFacts, owner: DefId, value: ExprId) -> Option<&str> {
    let definition = facts.definition(owner);
    let receiver = definition.params.iter().find(|it| it.kind == ParamKind::Receiver)?;
    if definition.params.len() > 1 {
        return None;
    }
    let value = match &facts.expr(value).kind {
        ExprKind::Sequence(items) => *items.first()?,
        _ => value,
    };
    let value = match &facts.expr(value).kind {
        // `q.text.String()`, `strings.Join(q.parts, " ")`
        ExprKind::Call { callee, args } => match (args.first(), &facts.expr(*callee).kind) {
            (Some(first), _) => first.value,
            (None, ExprKind::Member { base, .. }) => *base,
            _ => return None,
        },
        _ => value,
    };
    let ExprKind::Member { base, name } = &facts.expr(value).kind else { return None };
    is_name(facts, *base, &receiver.name).then_some(name.as_str())
}

/// Whether a method gives back nothing, or its receiver.
fn gives_only(facts: &FileFacts, owner: DefId, receiver: &str) -> bool {
    facts.steps.iter().filter(|it| it.owner == owner).all(|it| match it.kind {
        StepKind::Return(value) => is_name(facts, value, receiver),
        _ => true,
    })
}

fn is_name(facts: &FileFacts, expr: ExprId, name: &str) -> bool {
    matches!(&facts.expr(expr).kind, ExprKind::Name(it) if it == name)
}

/// Whether a name goes into a value: as it is, into a text, or into a list or literal.
fn mentions(facts: &FileFacts, expr: ExprId, name: &str, depth: u32) -> bool {
    let within = |it: ExprId| depth < MOST_HANDED && mentions(facts, it, name, depth + 1);
    match &facts.expr(expr).kind {
        ExprKind::Name(it) => it == name,
        ExprKind::Template(pieces) => {
            pieces.iter().any(|it| matches!(it, Piece::Hole(hole) if is_name(facts, *hole, name)))
        }
        ExprKind::Choice(items) | ExprKind::Sequence(items) => items.iter().any(|it| within(*it)),
        ExprKind::Construct { fields, .. } => fields.iter().any(|it| within(it.value)),
        ExprKind::Call { args, .. } => args.iter().any(|it| within(it.value)),
        _ => false,
    }
}

/// Whether a chain of calls begins at a name.
fn root_is(facts: &FileFacts, mut expr: ExprId, name: &str) -> bool {
    loop {
        expr = match &facts.expr(expr).kind {
            ExprKind::Name(it) => return it == name,
            ExprKind::Call { callee, .. } => match &facts.expr(*callee).kind {
                ExprKind::Member { base, .. } => *base,
                _ => return false,
            },
            _ => return false,
        };
    }
}

fn pieces_of(facts: &FileFacts, args: &[Argument], positions: &[usize]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for position in positions {
        let Some(argument) = args.get(*position).filter(|it| !it.spread) else { continue };
        pieces.push(match &facts.expr(argument.value).kind {
            ExprKind::Text(text) => Piece::Text(text.clone()),
            _ => Piece::Hole(argument.value),
        });
        pieces.push(Piece::Text(" ".into()));
    }
    pieces
}
