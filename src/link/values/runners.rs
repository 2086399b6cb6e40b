//! Functions that are handed a function with its arguments and run it: `db.run(self.find_txn, "orders", key)`. What is run is
//! called with these arguments, behind what the runner puts before them (a cursor), as if the call stood there.

use std::borrow::Borrow;

use rustc_hash::FxHashMap;

use crate::model::fact::{
    Argument, DefId, Definition, DefinitionKind, Expr, ExprId, ExprKind, FileFacts, ParamKind, Step, StepKind,
};
use crate::model::source::{Project, Role};

/// Runners that run what they are given by way of another one.
const MOST_LEVELS: usize = 3;

/// How a function runs what it is handed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Runner {
    /// Place of the function among the arguments, and how many arguments the runner puts before those that follow it.
    at: usize,
    lead: usize,
    /// What the runner takes by name for itself.
    own: Vec<String>,
}

/// Adds the calls that runners make to the facts of the files where these are called, by position.
pub(crate) fn add_calls<F: Borrow<FileFacts>>(
    project: &Project,
    facts: &[(usize, F)],
    changed: &mut FxHashMap<usize, FileFacts>,
) {
    let mut runners: FxHashMap<String, Vec<Runner>> = FxHashMap::default();
    for _ in 0..MOST_LEVELS {
        let known = runners.clone();
        for (file, facts) in facts {
            if project.files[*file].role == Role::Production {
                runners_of(facts.borrow(), &known, &mut runners);
            }
        }
        if known == runners {
            break;
        }
    }
    // One name for several that work in different ways tells nothing.
    runners.retain(|_, of| of.iter().all(|it| (it.at, it.lead) == (of[0].at, of[0].lead)));
    if runners.is_empty() {
        return;
    }
    for (position, (_, own)) in facts.iter().enumerate() {
        let facts = changed.get(&position).unwrap_or_else(|| own.borrow());
        let calls: Vec<(usize, ExprId, Vec<Argument>, usize)> = (facts.steps.iter().enumerate())
            .filter_map(|(at, step)| {
                let (function, args, lead) = call_made(facts, step, &runners)?;
                Some((at, function, args, lead))
            })
            .collect();
        if calls.is_empty() {
            continue;
        }
        let mut facts = facts.clone();
        for (at, function, args, lead) in calls.into_iter().rev() {
            let like = facts.expr(function).clone();
            let mut given: Vec<Argument> = Vec::with_capacity(lead + args.len());
            for _ in 0..lead {
                let value = push(&mut facts, &like, ExprKind::Unknown);
                given.push(Argument { name: None, value, spread: false });
            }
            given.extend(args);
            let call = push(&mut facts, &like, ExprKind::Call { callee: function, args: given });
            let step = Step { kind: StepKind::Call(call), ..facts.steps[at] };
            facts.steps.insert(at + 1, step);
        }
        changed.insert(position, facts);
    }
}

/// An expression where another one stands.
fn push(facts: &mut FileFacts, like: &Expr, kind: ExprKind) -> ExprId {
    facts.exprs.push(Expr { kind, ..like.clone() });
    ExprId(facts.exprs.len() as u32 - 1)
}

/// The call that a runner makes where it is called: the function, the arguments that it is handed, and how many come before.
fn call_made(
    facts: &FileFacts,
    step: &Step,
    runners: &FxHashMap<String, Vec<Runner>>,
) -> Option<(ExprId, Vec<Argument>, usize)> {
    let StepKind::Call(call) = step.kind else { return None };
    let ExprKind::Call { callee, args } = &facts.expr(call).kind else { return None };
    let runner = runners.get(last_word(facts, *callee)?)?.first()?;
    let function = args.get(runner.at).filter(|it| it.name.is_none() && !it.spread)?.value;
    last_word(facts, function)?;
    if args[..runner.at].iter().any(|it| it.name.is_some() || it.spread) || is_given(facts, step.owner, function) {
        return None;
    }
    let is_own = |it: &Argument| it.name.as_ref().is_some_and(|name| runner.own.iter().any(|own| own == name.as_str()));
    let handed: Vec<Argument> = args[runner.at + 1..].iter().filter(|it| !is_own(it)).cloned().collect();
    (!handed.is_empty()).then_some((function, handed, runner.lead))
}

/// Whether an expression is a parameter of the function that it stands in, or of one around.
fn is_given(facts: &FileFacts, owner: DefId, expr: ExprId) -> bool {
    let ExprKind::Name(name) = &facts.expr(expr).kind else { return false };
    let mut at = owner;
    loop {
        let definition = facts.definition(at);
        if definition.params.iter().any(|it| it.name == *name) {
            return true;
        }
        if at == DefId::MODULE {
            return false;
        }
        at = definition.parent;
    }
}

/// Runners of a file, by their names.
fn runners_of(facts: &FileFacts, known: &FxHashMap<String, Vec<Runner>>, runners: &mut FxHashMap<String, Vec<Runner>>) {
    for step in &facts.steps {
        let StepKind::Call(call) = step.kind else { continue };
        let ExprKind::Call { callee, args } = &facts.expr(call).kind else { continue };
        let Some(spread) = args.iter().position(|it| it.spread && it.name.is_none()) else { continue };
        let ExprKind::Name(rest) = &facts.expr(args[spread].value).kind else { continue };
        let mut at = step.owner;
        while at != DefId::MODULE {
            let definition = facts.definition(at);
            if let Some(runner) = runner_at(facts, definition, rest, (*callee, &args[..spread]), known) {
                let of = runners.entry(definition.name.to_string()).or_default();
                if !of.contains(&runner) {
                    of.push(runner);
                }
            }
            at = definition.parent;
        }
    }
}

/// How a function runs what it is handed, if a call in it, with what stands before its list of arguments, does that.
fn runner_at(
    facts: &FileFacts,
    definition: &Definition,
    rest: &str,
    (callee, before): (ExprId, &[Argument]),
    known: &FxHashMap<String, Vec<Runner>>,
) -> Option<Runner> {
    if !matches!(definition.kind, DefinitionKind::Function | DefinitionKind::Method) {
        return None;
    }
    let by_place = || definition.params.iter().filter(|it| it.kind != ParamKind::Receiver);
    by_place().find(|it| it.kind == ParamKind::Rest && it.name == rest)?;
    let place = |expr: ExprId| match &facts.expr(expr).kind {
        ExprKind::Name(name) => by_place().position(|it| it.kind == ParamKind::Plain && it.name == *name),
        _ => None,
    };
    let own = || by_place().map(|it| it.name.to_string()).collect();
    if before.iter().any(|it| it.name.is_some() || it.spread) {
        return None;
    }
    if let Some(at) = place(callee) {
        return Some(Runner { at, lead: before.len(), own: own() });
    }
    // Handed on with its arguments: to a runner, or to one that runs another runner with it.
    let (last, others) = before.split_last()?;
    let at = place(last.value)?;
    let by_other = others.iter().find_map(|it| known.get(last_word(facts, it.value)?)?.first());
    let by_callee =
        || last_word(facts, callee).and_then(|it| known.get(it)?.first()).filter(|it| it.at == others.len());
    let lead = by_other.or_else(by_callee)?.lead;
    Some(Runner { at, lead, own: own() })
}

/// The last word of a name or a member.
fn last_word(facts: &FileFacts, expr: ExprId) -> Option<&str> {
    match &facts.expr(expr).kind {
        ExprKind::Name(name) | ExprKind::Member { name, .. } => Some(name),
        _ => None,
    }
}
