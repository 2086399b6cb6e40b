//! Statements that an object carries to who runs them: `store.All(ctx, NewQuery("SELECT ..").Args(id), &rows)`, where `All` runs
//! `q.Text` of its parameter. Whoever makes the object and hands it on has its statement run.

use rustc_hash::FxHashSet;

use crate::link::access::accesses::Accesses;
use crate::link::access::embedded::MOST_BY_FIELD;
use crate::link::storage::stores::Stores;
use crate::link::strings::texts::TextAt;
use crate::link::values::infer::{Inference, Spot};
use crate::model::fact::{DefId, ExprId, ExprKind, FileFacts, Match, ParamKind};
use crate::model::graph::Confidence;
use crate::model::sql::{ReadSql, Reading};

/// Functions that hand the object on.
const MOST_HANDED: u32 = 4;
/// Arguments that are looked at.
const MOST_ARGUMENTS: usize = 2_000;
/// Steps back to where the object is made.
const MOST_STEPS: u32 = 6;

/// What is found of an object.
struct Made<'r, 'a> {
    /// Fields and methods that are read of it.
    read: &'r FxHashSet<&'a str>,
    seen: Vec<ExprId>,
    texts: Vec<TextAt>,
}

impl<'a> Inference<'a> {
    /// Tells the statements of objects that callers of a function hand in, and that it runs by a field or method of them; true if
    /// there are any.
    pub(crate) fn carried_in(
        &mut self,
        stores: &mut Stores,
        sql: &dyn ReadSql,
        dialect: &str,
        (unit, hit, run): (u32, &Match, ExprId),
        confidence: Confidence,
        found: &mut Accesses,
    ) -> bool {
        let mut is_told = false;
        let (objects, read) = self.objects_handed_in(Spot { unit, owner: hit.owner, expr: run });
        for (given, hops) in objects {
            let mut made = Made { read: &read, seen: Vec::new(), texts: Vec::new() };
            self.texts_of_made(given, 0, &mut made);
            let mut texts = made.texts;
            texts.retain(|it| sql.looks_like_sql(&it.text));
            let line = self.facts(given.unit).expr(given.expr).at.line;
            let caller = Match { rule: hit.rule, owner: given.owner, line, captures: Vec::new() };
            // What a field says that a part of the text is read from is one of many.
            let by_field = texts.iter().filter(|it| it.by_field).count();
            let reach = match by_field {
                0 | 1 => Confidence::Certain,
                2..=MOST_BY_FIELD => Confidence::Likely,
                _ => Confidence::Guess,
            };
            for text in texts {
                found.used_texts.insert((text.origin.unit, text.origin.expr));
                found.used_texts.extend(text.parts.iter().map(|it| (it.unit, it.expr)));
                let statements = self.statements(sql, &text.text, dialect, false, found);
                for statement in statements.iter().filter(|it| it.reading != Reading::Refused) {
                    let is_sure = hops == 0 && statement.reading != Reading::Tolerant;
                    let confidence = if text.by_field { confidence.min(reach) } else { confidence };
                    let bounded = if is_sure { confidence } else { confidence.min(Confidence::Likely) };
                    self.add_statement(stores, given.unit, &caller, statement, bounded, found);
                    is_told = true;
                }
            }
        }
        is_told
    }

    /// The arguments, as far out as they are handed on, by which a parameter of which a field or a method's result is read came
    /// in, each with the number of functions in between; and the words that are read of them on the way.
    fn objects_handed_in(&mut self, read: Spot) -> (Vec<(Spot, u32)>, FxHashSet<&'a str>) {
        let (mut handed, mut words) = (Vec::new(), FxHashSet::default());
        let facts = self.facts(read.unit);
        let root = match &facts.expr(read.expr).kind {
            ExprKind::Member { base, .. } => *base,
            ExprKind::Call { callee, args } if args.is_empty() => match &facts.expr(*callee).kind {
                ExprKind::Member { base, .. } => *base,
                _ => return (handed, words),
            },
            _ => return (handed, words),
        };
        words.extend(words_read(facts, read.expr));
        let mut seen: FxHashSet<(u32, DefId, &str)> = FxHashSet::default();
        let mut open: Vec<(Spot, u32)> = vec![(Spot { expr: root, ..read }, 0)];
        while let Some((object, hops)) = open.pop() {
            let Some(name) = self.parameter_read(object) else {
                if object.expr != root || object.unit != read.unit {
                    handed.push((object, hops - 1));
                }
                continue;
            };
            if hops > MOST_HANDED || handed.len() > MOST_ARGUMENTS || !seen.insert((object.unit, object.owner, name)) {
                continue;
            }
            words.extend(words_read(self.facts(object.unit), object.expr));
            let Some(var) = self.find_var(self.program.space(object.unit, object.owner), name) else { continue };
            for given in self.sources(var) {
                let is_elsewhere = (given.unit, given.owner) != (object.unit, object.owner);
                if is_elsewhere && !self.program.is_test(self.program.def(given.unit, given.owner)) {
                    open.push((given, hops + 1));
                }
            }
        }
        (handed, words)
    }

    /// The name of the parameter that an expression is, or is a part of.
    fn parameter_read(&self, object: Spot) -> Option<&'a str> {
        let facts = self.facts(object.unit);
        let mut root = object.expr;
        while let ExprKind::Member { base, .. } = &facts.expr(root).kind {
            root = *base;
        }
        let ExprKind::Name(name) = &facts.expr(root).kind else { return None };
        let params = &facts.definition(object.owner).params;
        params.iter().any(|it| it.kind == ParamKind::Plain && it.name == *name).then_some(name.as_str())
    }

    /// The texts that the function around an expression gave to what made the object.
    fn texts_of_made(&mut self, object: Spot, level: u32, made: &mut Made<'_, 'a>) {
        if level > MOST_STEPS || made.seen.contains(&object.expr) {
            return;
        }
        made.seen.push(object.expr);
        let at = |expr: ExprId| Spot { expr, ..object };
        match &self.facts(object.unit).expr(object.expr).kind {
            ExprKind::Call { callee, args } => {
                if let ExprKind::Member { base, .. } = &self.facts(object.unit).expr(*callee).kind {
                    self.texts_of_made(at(*base), level + 1, made);
                }
                for argument in args {
                    self.texts_given(at(argument.value), level, made);
                }
            }
            ExprKind::Construct { fields, .. } => {
                // What other fields hold is not run.
                for field in
                    fields.iter().filter(|it| it.name.as_ref().is_none_or(|it| made.read.contains(it.as_str())))
                {
                    self.texts_given(at(field.value), level, made);
                }
            }
            ExprKind::Name(_) => {
                for given in self.given_here(object) {
                    self.texts_of_made(given, level + 1, made);
                }
            }
            ExprKind::Choice(items) => items.iter().for_each(|it| self.texts_of_made(at(*it), level + 1, made)),
            _ => {}
        }
    }

    fn texts_given(&mut self, given: Spot, level: u32, made: &mut Made<'_, 'a>) {
        let told = self.texts(given.unit, given.owner, given.expr);
        let is_made_of_text = !told.is_empty();
        // What the function was given itself, or what is kept somewhere, is decided by others.
        made.texts.extend(told.into_iter().filter(|it| (!it.through_parameter || it.begun) && !it.is_kept()));
        if !is_made_of_text {
            self.texts_of_made(given, level + 1, made);
        }
    }
}

/// The members that an expression goes through.
fn words_read(facts: &FileFacts, expr: ExprId) -> Vec<&str> {
    let mut words = Vec::new();
    let mut at = expr;
    loop {
        match &facts.expr(at).kind {
            ExprKind::Member { base, name } => {
                words.push(name.as_str());
                at = *base;
            }
            ExprKind::Call { callee, .. } => at = *callee,
            _ => return words,
        }
    }
}
