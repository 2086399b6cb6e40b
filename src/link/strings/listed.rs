//! Statements that are written as lists of their lines (`["UPDATE orders SET", "state = ?"]`), to be joined before they are run.

use crate::link::values::infer::{Inference, Spot};
use crate::model::fact::{ExprId, ExprKind, FileFacts, Piece, StepKind};

/// How a statement begins that is written line by line.
const BEGINNINGS: [&str; 6] = ["delete", "insert", "replace", "select", "update", "with"];

/// Methods that put one line more into a list.
const ADDING: [&str; 2] = ["append", "push"];

impl Inference<'_> {
    /// The pieces of the one statement that the lines of a list are, with those that its function adds to the variable it is
    /// kept in. Where each line begins like a statement, each is one of its own.
    pub(super) fn listed_statement(&self, list: Spot, items: &[ExprId]) -> Option<Vec<Piece>> {
        let facts = self.facts(list.unit);
        let mut lines = items.to_vec();
        if !lines.iter().all(|it| is_text(facts, *it)) {
            return None;
        }
        let first = beginning(facts, *lines.first()?)?;
        lines.extend(added_lines(facts, list));
        // `INSERT INTO ..` goes on with `SELECT ..`, and so does `WITH ..`.
        let goes_on = ["insert", "replace", "with"].contains(&first);
        let is_own = |it: &ExprId| beginning(facts, *it).is_some_and(|it| !(goes_on && it == "select"));
        if lines.len() > 1 && lines.iter().skip(1).all(is_own) {
            return None;
        }
        let mut pieces = Vec::new();
        for line in lines {
            pieces.push(match &facts.expr(line).kind {
                ExprKind::Text(text) => Piece::Text(text.clone()),
                _ => Piece::Hole(line),
            });
            pieces.push(Piece::Text("\n".into()));
        }
        Some(pieces)
    }
}

fn is_text(facts: &FileFacts, expr: ExprId) -> bool {
    matches!(facts.expr(expr).kind, ExprKind::Text(_) | ExprKind::Template(_))
}

/// The word that a line begins with, if a statement may begin so.
fn beginning(facts: &FileFacts, line: ExprId) -> Option<&'static str> {
    let written = match &facts.expr(line).kind {
        ExprKind::Text(text) => text,
        ExprKind::Template(pieces) => match pieces.first() {
            Some(Piece::Text(text)) => text,
            _ => return None,
        },
        _ => return None,
    };
    let word = written.split_whitespace().next()?;
    BEGINNINGS.into_iter().find(|it| word.eq_ignore_ascii_case(it))
}

/// Lines that are put into the variable which a list is given to, in the order of the source.
fn added_lines(facts: &FileFacts, list: Spot) -> Vec<ExprId> {
    let target = facts.steps.iter().find_map(|it| match it.kind {
        StepKind::Assign { target, value } if value == list.expr => Some(target),
        _ => None,
    });
    let Some(ExprKind::Name(name)) = target.map(|it| &facts.expr(it).kind) else { return Vec::new() };
    let mut lines = Vec::new();
    for step in facts.steps.iter().filter(|it| it.owner == list.owner) {
        let StepKind::Call(call) = step.kind else { continue };
        let ExprKind::Call { callee, args } = &facts.expr(call).kind else { continue };
        let ExprKind::Member { base, name: method } = &facts.expr(*callee).kind else { continue };
        let is_list = matches!(&facts.expr(*base).kind, ExprKind::Name(it) if it == name);
        if let [line] = args.as_slice()
            && is_list
            && ADDING.contains(&method.as_str())
            && is_text(facts, line.value)
        {
            lines.push(line.value);
        }
    }
    lines
}
