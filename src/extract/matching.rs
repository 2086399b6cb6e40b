//! Matches the rules of a language on the facts of one file.
//!
//! A pattern's parts do not refer to each other, so a part is decided on its own and nothing is ever taken back. A
//! pattern is first tested, without allocating; only a hit binds its captures.

use std::cell::OnceCell;

use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};

use crate::extract::index::{RuleIndex, kind_word, word};
use crate::extract::origins::{Origin, Origins};
use crate::extract::owners::owners;
use crate::extract::relevance::Relevance;
use crate::model::diagnostic::Diagnostic;
use crate::model::fact::{
    Argument, Captured, DefId, Definition, DefinitionKind, ExprId, ExprKind, FileFacts, Match, ParamKind, Piece,
    RegionKind, StepKind, Text, written_name,
};
use crate::model::rule::{DefinitionShape, Pattern, Place, Shape, Words};

/// Matches of one node that are kept; `[*]` in two places multiplies.
const MAX_ROWS: usize = 20_000;

/// Fills [`FileFacts::matches`] with every hit of every rule of the language, ordered by line and rule.
pub fn match_rules(rules: &RuleIndex<'_>, facts: &mut FileFacts, language: &str) {
    facts.matches.clear();
    let Some(index) = rules.languages.get(language) else { return };
    let relevance = rules.relevance.get(language);
    let origins = relevance.map(|relevance| (relevance, Origins::new(facts, relevance)));
    let file = File { facts, rules, origins, members: OnceCell::new(), returns: OnceCell::new() };
    let owners: OnceCell<Vec<DefId>> = OnceCell::new();
    let owner = |id: ExprId| {
        owners.get_or_init(|| self::owners(file.facts)).get(id.0 as usize).copied().unwrap_or(DefId::MODULE)
    };
    let mut hits = Hits::default();
    for (id, expr) in (0..).map(ExprId).zip(&file.facts.exprs) {
        for &rule in index.for_expression(file.facts, &expr.kind, relevance).into_iter().flatten() {
            file.hit(rule, Node::Expr(id), &mut hits, || (owner(id), expr.at.line));
        }
    }
    for (id, definition) in file.facts.def_ids().zip(&file.facts.definitions) {
        for &rule in index.for_definition(definition.kind, &definition.name).into_iter().flatten() {
            file.hit(rule, Node::Definition(id), &mut hits, || (id, definition.line));
        }
    }
    for region in &file.facts.regions {
        let RegionKind::With(expr) = region.kind else { continue };
        for &rule in &index.with {
            file.hit(rule, Node::With(expr), &mut hits, || (region.owner, region.first_line));
        }
    }
    if !index.assign.is_empty() {
        for step in &file.facts.steps {
            let StepKind::Assign { target, value } = step.kind else { continue };
            for &rule in &index.assign {
                file.hit(rule, Node::Assign(target, value), &mut hits, || (step.owner, step.line));
            }
        }
    }
    let Hits { mut matches, cut } = hits;
    matches.sort_by_key(|found| (found.line, found.rule));
    facts.matches = matches;
    for (rule, line) in cut {
        let id = &rules.rules[rule as usize].id;
        let message = format!("the pattern `{id}` gives more than {MAX_ROWS} matches here; the rest is left out");
        facts.diagnostics.push(Diagnostic::warning("pattern-limit", "", line, message));
    }
}

/// What has been found in a file so far.
#[derive(Default)]
struct Hits {
    matches: Vec<Match>,
    /// Rule and line of matches that were left out.
    cut: Vec<(u32, u32)>,
}

/// What a pattern can stand on.
#[derive(Clone, Copy)]
enum Node {
    Expr(ExprId),
    Definition(DefId),
    With(ExprId),
    Assign(ExprId, ExprId),
}

/// One thing that a shape asks of a node.
enum Part<'p, 'n> {
    /// This node must match.
    Node(&'p Pattern, Node),
    /// Some one of the nodes must match, or with `true` every one that matches counts.
    Among(&'p Pattern, &'n mut dyn Iterator<Item = Node>, bool),
    /// This word must be accepted.
    Word(&'p Words, &'n str),
}

/// Captures of one match. Most hits are refused once they are bound, so they are bound in place.
type Row = SmallVec<[(u8, Captured); 4]>;
type Rows = SmallVec<[Row; 1]>;

struct File<'f, 'r> {
    facts: &'f FileFacts,
    rules: &'f RuleIndex<'r>,
    /// Where names come from, for rules of a known project.
    origins: Option<(&'f Relevance, Origins<'f>)>,
    /// Definitions directly inside each definition, with the methods written for it elsewhere in the file.
    members: OnceCell<Vec<Vec<DefId>>>,
    /// Returned expressions of each definition.
    returns: OnceCell<FxHashMap<DefId, Vec<ExprId>>>,
}

impl File<'_, '_> {
    fn hit(&self, rule: u32, node: Node, hits: &mut Hits, place: impl Fn() -> (DefId, u32)) {
        let pattern = &self.rules.rules[rule as usize].pattern;
        if !self.test(&pattern.shape, node) {
            return;
        }
        let mut rows: Rows = smallvec![Row::new()];
        let whole = self.bind(pattern, node, &mut rows);
        rows.retain(|row| self.can_hold(rule, row));
        if rows.is_empty() {
            return;
        }
        let (owner, line) = place();
        if !whole {
            hits.cut.push((rule, line));
        }
        for row in &mut rows {
            row.sort_by_key(|(capture, _)| *capture);
        }
        rows.dedup();
        hits.matches.extend(rows.into_iter().map(|row| Match { rule, owner, line, captures: row.into_vec() }));
    }

    /// False when a guard asks for a package whose values a captured expression cannot have.
    fn can_hold(&self, rule: u32, row: &Row) -> bool {
        let Some((relevance, origins)) = &self.origins else { return true };
        relevance.accepted(rule).iter().all(|wanted| {
            let captured = row.iter().find(|(found, _)| *found == wanted.capture);
            let Some((_, Captured::Expr(id))) = captured else { return true };
            let comes = match origins.of(self.facts, *id) {
                Origin::Unknown => true,
                Origin::Literal => Relevance::can_be_literal(wanted),
                Origin::Outside(root) => relevance.can_come_from(root, wanted),
            };
            comes && relevance.can_be_named(self.facts, *id, wanted)
        })
    }

    fn test(&self, shape: &Shape, node: Node) -> bool {
        match shape {
            Shape::Any => true,
            Shape::Either(patterns) => patterns.iter().any(|pattern| self.test(&pattern.shape, node)),
            _ => self.parts(shape, node, &mut |part| match part {
                Part::Node(pattern, node) => self.test(&pattern.shape, node),
                Part::Among(pattern, mut nodes, _) => Iterator::any(&mut nodes, |node| self.test(&pattern.shape, node)),
                Part::Word(words, word) => self.accepts(words, word),
            }),
        }
    }

    /// Adds the captures of a pattern that is known to match; false when rows had to be left out.
    fn bind(&self, pattern: &Pattern, node: Node, rows: &mut Rows) -> bool {
        let mut whole = true;
        if let Some(capture) = pattern.capture {
            let captured = match node {
                Node::Expr(id) | Node::With(id) | Node::Assign(id, _) => Captured::Expr(id),
                Node::Definition(id) => Captured::Definition(id),
            };
            push(rows, capture, &captured);
        }
        match &pattern.shape {
            Shape::Any => {}
            Shape::Either(patterns) => {
                if let Some(first) = patterns.iter().find(|pattern| self.test(&pattern.shape, node)) {
                    whole &= self.bind(first, node, rows);
                }
            }
            shape => {
                self.bind_parts(shape, node, rows, &mut whole);
            }
        }
        whole
    }

    fn bind_parts(&self, shape: &Shape, node: Node, rows: &mut Rows, whole: &mut bool) {
        if let Shape::Worded(inner, _) = shape {
            match inner.as_ref() {
                Shape::Any => {}
                Shape::Either(patterns) => {
                    if let Some(first) = patterns.iter().find(|pattern| self.test(&pattern.shape, node)) {
                        *whole &= self.bind(first, node, rows);
                    }
                }
                inner => self.bind_parts(inner, node, rows, whole),
            }
            return;
        }
        self.parts(shape, node, &mut |part| {
            match part {
                Part::Node(pattern, node) => *whole &= self.bind(pattern, node, rows),
                Part::Among(pattern, mut nodes, false) => {
                    let first = Iterator::find(&mut nodes, |node| self.test(&pattern.shape, *node));
                    if let Some(first) = first {
                        *whole &= self.bind(pattern, first, rows);
                    }
                }
                Part::Among(pattern, nodes, true) => {
                    let before = std::mem::take(rows);
                    for node in nodes.filter(|node| self.test(&pattern.shape, *node)) {
                        if rows.len() + before.len() > MAX_ROWS {
                            *whole = false;
                            break;
                        }
                        let mut more = before.clone();
                        *whole &= self.bind(pattern, node, &mut more);
                        rows.append(&mut more);
                    }
                }
                Part::Word(words, word) => {
                    if let Some(capture) = words.capture {
                        push(rows, capture, &Captured::Word(Text::from(word)));
                    }
                }
            }
            true
        });
    }

    fn accepts(&self, words: &Words, word: &str) -> bool {
        let matches = |regex: &Text| self.rules.is_match(regex, word);
        (words.any_of.is_empty() || words.any_of.iter().any(|known| known == word))
            && !words.none_of.iter().any(|known| known == word)
            && (words.matching.is_empty() || matches(&words.matching))
            && (words.not_matching.is_empty() || !matches(&words.not_matching))
    }

    /// Hands every part of a shape to `ask` until one fails; false as well when the node is of another kind.
    fn parts(&self, shape: &Shape, node: Node, ask: &mut dyn FnMut(Part<'_, '_>) -> bool) -> bool {
        if let Shape::Worded(inner, words) = shape {
            return self.test(inner, node) && self.worded(words, node);
        }
        match node {
            Node::Definition(id) => match shape {
                Shape::Definition(shape) => self.definition(shape, id, ask),
                _ => false,
            },
            Node::With(expr) => match shape {
                Shape::With(pattern) => ask(Part::Node(pattern, Node::Expr(expr))),
                _ => false,
            },
            Node::Assign(target_expr, value_expr) => match shape {
                Shape::Assign { target, value } => {
                    one(target.as_deref(), target_expr, ask) && one(value.as_deref(), value_expr, ask)
                }
                _ => false,
            },
            Node::Expr(id) => {
                if let Shape::Chain { of, by } = shape {
                    return ask(Part::Among(of, &mut self.chain(id, by).map(Node::Expr), false));
                }
                self.facts.exprs.get(id.0 as usize).is_some_and(|expr| self.expression(shape, &expr.kind, ask))
            }
        }
    }

    fn expression(&self, shape: &Shape, kind: &ExprKind, ask: &mut dyn FnMut(Part<'_, '_>) -> bool) -> bool {
        match (shape, kind) {
            (Shape::Name(words), ExprKind::Name(word)) => ask(Part::Word(words, written_name(word))),
            (Shape::Text(words), ExprKind::Text(word)) | (Shape::Constant(words), ExprKind::Constant(word)) => {
                ask(Part::Word(words, word))
            }
            (
                Shape::String,
                ExprKind::Text(_)
                | ExprKind::Template(_)
                | ExprKind::Name(_)
                | ExprKind::Member { .. }
                | ExprKind::Call { .. }
                | ExprKind::Index { .. }
                | ExprKind::Choice(_),
            )
            | (Shape::Function, ExprKind::Function(_)) => true,
            (Shape::Member { base, name }, ExprKind::Member { base: base_expr, name: word }) => {
                ask(Part::Word(name, word)) && one(base.as_deref(), *base_expr, ask)
            }
            (Shape::Index { base, index }, ExprKind::Index { base: base_expr, index: index_expr }) => {
                one(base.as_deref(), *base_expr, ask) && one(index.as_deref(), *index_expr, ask)
            }
            (Shape::Call { callee, receiver, method, arguments }, ExprKind::Call { callee: callee_expr, args }) => {
                self.callee(callee.as_deref(), receiver.as_deref(), method.as_ref(), *callee_expr, ask)
                    && arguments.iter().all(|(place, pattern)| argument(args, place, pattern, ask))
            }
            (Shape::Construct { of, fields }, ExprKind::Construct { of: of_expr, fields: args }) => {
                let of_expr = match of {
                    Some(of) if !self.test(&of.shape, Node::Expr(*of_expr)) => self.without_type_arguments(*of_expr),
                    _ => *of_expr,
                };
                one(of.as_deref(), of_expr, ask)
                    && fields.iter().all(|(place, pattern)| match place {
                        // A field of any kind, named or by position.
                        Place::Some | Place::Each => {
                            let mut values = args.iter().map(|field| Node::Expr(field.value));
                            ask(Part::Among(pattern, &mut values, *place == Place::Each))
                        }
                        _ => argument(args, place, pattern, ask),
                    })
            }
            (Shape::Sequence(items), ExprKind::Sequence(exprs)) => items.iter().all(|(place, pattern)| {
                let expr = match place {
                    Place::At(position) => exprs.get(usize::from(*position)),
                    Place::Last => exprs.last(),
                    Place::Named(_) => None,
                    Place::Some | Place::Each => {
                        let mut all = exprs.iter().map(|id| Node::Expr(*id));
                        return ask(Part::Among(pattern, &mut all, *place == Place::Each));
                    }
                };
                expr.is_some_and(|id| ask(Part::Node(pattern, Node::Expr(*id))))
            }),
            (Shape::Mapping(keys), ExprKind::Mapping(entries)) => keys.iter().all(|(place, pattern)| {
                let mut values = entries.iter().filter(|(key, _)| match place {
                    Place::Named(name) => key
                        .and_then(|key| self.facts.exprs.get(key.0 as usize))
                        .is_some_and(|key| word(self.facts, &key.kind) == Some(name)),
                    _ => true,
                });
                let mut values = values.by_ref().map(|(_, value)| Node::Expr(*value));
                ask(Part::Among(pattern, &mut values, *place == Place::Each))
            }),
            _ => false,
        }
    }

    fn callee(
        &self,
        callee: Option<&Pattern>,
        receiver: Option<&Pattern>,
        method: Option<&Words>,
        expr: ExprId,
        ask: &mut dyn FnMut(Part<'_, '_>) -> bool,
    ) -> bool {
        if let Some(callee) = callee {
            let found =
                if self.test(&callee.shape, Node::Expr(expr)) { expr } else { self.without_type_arguments(expr) };
            return ask(Part::Node(callee, Node::Expr(found)));
        }
        if receiver.is_none() && method.is_none() {
            return true;
        }
        let expr = self.without_type_arguments(expr);
        let Some(ExprKind::Member { base, name }) = self.facts.exprs.get(expr.0 as usize).map(|expr| &expr.kind) else {
            return false;
        };
        method.is_none_or(|words| ask(Part::Word(words, name))) && one(receiver, *base, ask)
    }

    /// An expression and, where it calls a method of these names, what that is called on, and so on.
    fn chain(&self, id: ExprId, by: &Words) -> impl Iterator<Item = ExprId> {
        std::iter::successors(Some(id), |id| {
            let ExprKind::Call { callee, .. } = self.facts.exprs.get(id.0 as usize)?.kind else { return None };
            match &self.facts.exprs.get(self.without_type_arguments(callee).0 as usize)?.kind {
                ExprKind::Member { base, name } if self.accepts(by, name) => Some(*base),
                _ => None,
            }
        })
    }

    /// `find` of `find[User]`; an index by a literal is no type argument.
    fn without_type_arguments(&self, id: ExprId) -> ExprId {
        let kind = |id: ExprId| self.facts.exprs.get(id.0 as usize).map(|expr| &expr.kind);
        match kind(id) {
            Some(ExprKind::Index { base, index })
                if !matches!(kind(*index), Some(ExprKind::Text(_) | ExprKind::Template(_) | ExprKind::Constant(_))) =>
            {
                *base
            }
            _ => id,
        }
    }

    fn worded(&self, words: &Words, node: Node) -> bool {
        let template;
        let found = match node {
            Node::Definition(id) => {
                self.facts.definitions.get(id.0 as usize).map(|definition| definition.name.as_str())
            }
            Node::Expr(id) => match self.facts.exprs.get(id.0 as usize).map(|expr| &expr.kind) {
                Some(ExprKind::Template(pieces)) => {
                    template = pieces
                        .iter()
                        .map(|piece| match piece {
                            Piece::Text(text) => text.as_str(),
                            Piece::Hole(_) => "{}",
                        })
                        .collect::<Text>();
                    Some(template.as_str())
                }
                Some(kind) => word(self.facts, kind),
                None => None,
            },
            Node::With(_) | Node::Assign(..) => None,
        };
        match found {
            Some(found) => self.accepts(words, found),
            None => words.any_of.is_empty() && words.matching.is_empty(),
        }
    }

    fn definition(&self, shape: &DefinitionShape, id: DefId, ask: &mut dyn FnMut(Part<'_, '_>) -> bool) -> bool {
        let Some(found) = self.facts.definitions.get(id.0 as usize) else { return false };
        if !shape.kinds.is_empty() && !shape.kinds.iter().any(|kind| kind == kind_word(found.kind)) {
            return false;
        }
        ask(Part::Word(&shape.name, &found.name))
            && given(shape.receiver.as_ref(), found.receiver, ask)
            && given(shape.implements.as_ref(), found.implements, ask)
            && given(shape.result.as_ref(), found.result, ask)
            && given(shape.declared.as_ref(), found.declared, ask)
            && given(shape.value.as_ref(), found.value, ask)
            && shape.bases.iter().all(|base| among(base, &found.bases, ask))
            && shape.attributes.iter().all(|attribute| each(attribute, &found.attributes, ask))
            && shape.parameters.iter().all(|(place, pattern)| parameter(found, place, pattern, ask))
            && shape
                .returns
                .as_ref()
                .is_none_or(|pattern| self.returns().get(&id).is_some_and(|returned| among(pattern, returned, ask)))
            && shape.inside.as_ref().is_none_or(|pattern| {
                let mut around = self.around(id, found).into_iter().map(Node::Definition);
                ask(Part::Among(pattern, &mut around, false))
            })
            && shape.members.iter().all(|(place, pattern)| {
                let members = self.members().get(id.0 as usize).map(Vec::as_slice).unwrap_or_default();
                let mut members = members
                    .iter()
                    .filter(|member| match place {
                        Place::Named(name) => self.facts.definition(**member).name == *name,
                        _ => true,
                    })
                    .map(|member| Node::Definition(*member));
                ask(Part::Among(pattern, &mut members, *place == Place::Each))
            })
    }

    /// The definition around another one, and the type a method was written for when it stands in the same file.
    fn around(&self, id: DefId, definition: &Definition) -> Vec<DefId> {
        let mut around = Vec::new();
        if definition.parent != id {
            around.push(definition.parent);
        }
        around.extend(self.receiver_type(definition));
        around
    }

    fn receiver_type(&self, definition: &Definition) -> Option<DefId> {
        let receiver = self.facts.exprs.get(definition.receiver?.0 as usize)?;
        let name = word(self.facts, &receiver.kind)?;
        let is_type = |candidate: &Definition| {
            matches!(candidate.kind, DefinitionKind::Type | DefinitionKind::Interface | DefinitionKind::Alias)
        };
        let found = self.facts.definitions.iter().position(|one| is_type(one) && one.name == *name)?;
        let found = DefId(found as u32);
        (found != definition.parent).then_some(found)
    }

    fn members(&self) -> &[Vec<DefId>] {
        self.members.get_or_init(|| {
            let mut members = vec![Vec::new(); self.facts.definitions.len()];
            for (id, definition) in self.facts.def_ids().zip(&self.facts.definitions) {
                for around in self.around(id, definition) {
                    if let Some(list) = members.get_mut(around.0 as usize) {
                        list.push(id);
                    }
                }
            }
            members
        })
    }

    fn returns(&self) -> &FxHashMap<DefId, Vec<ExprId>> {
        self.returns.get_or_init(|| {
            let mut returns: FxHashMap<DefId, Vec<ExprId>> = FxHashMap::default();
            for step in &self.facts.steps {
                if let StepKind::Return(expr) = step.kind {
                    returns.entry(step.owner).or_default().push(expr);
                }
            }
            returns
        })
    }
}

fn push(rows: &mut [Row], capture: u8, captured: &Captured) {
    for row in rows {
        row.push((capture, captured.clone()));
    }
}

/// A part that the pattern may leave out.
fn one(pattern: Option<&Pattern>, id: ExprId, ask: &mut dyn FnMut(Part<'_, '_>) -> bool) -> bool {
    pattern.is_none_or(|pattern| ask(Part::Node(pattern, Node::Expr(id))))
}

/// A part that the pattern may leave out and the facts may not have.
fn given(pattern: Option<&Pattern>, id: Option<ExprId>, ask: &mut dyn FnMut(Part<'_, '_>) -> bool) -> bool {
    pattern.is_none_or(|pattern| id.is_some_and(|id| ask(Part::Node(pattern, Node::Expr(id)))))
}

/// One match for each of several: decorators that register a function twice.
fn each(pattern: &Pattern, ids: &[ExprId], ask: &mut dyn FnMut(Part<'_, '_>) -> bool) -> bool {
    ask(Part::Among(pattern, &mut ids.iter().map(|id| Node::Expr(*id)), true))
}

fn among(pattern: &Pattern, ids: &[ExprId], ask: &mut dyn FnMut(Part<'_, '_>) -> bool) -> bool {
    ask(Part::Among(pattern, &mut ids.iter().map(|id| Node::Expr(*id)), false))
}

fn argument(args: &[Argument], place: &Place, pattern: &Pattern, ask: &mut dyn FnMut(Part<'_, '_>) -> bool) -> bool {
    let mut positions = args.iter().filter(|argument| argument.name.is_none());
    let found = match place {
        Place::Some | Place::Each => {
            let mut values = positions.filter(|argument| !argument.spread).map(|argument| Node::Expr(argument.value));
            return ask(Part::Among(pattern, &mut values, *place == Place::Each));
        }
        Place::At(position) => positions.take_while(|argument| !argument.spread).nth(usize::from(*position)),
        Place::Last => positions.next_back(),
        Place::Named(name) if name == "*" => {
            let named = args.iter().filter(|argument| argument.name.is_some() && !argument.spread);
            let mut values = named.map(|argument| Node::Expr(argument.value));
            return ask(Part::Among(pattern, &mut values, true));
        }
        Place::Named(name) => args.iter().find(|argument| argument.name.as_ref() == Some(name)),
    };
    found.is_some_and(|argument| ask(Part::Node(pattern, Node::Expr(argument.value))))
}

fn parameter(
    definition: &Definition,
    place: &Place,
    pattern: &Pattern,
    ask: &mut dyn FnMut(Part<'_, '_>) -> bool,
) -> bool {
    let mut params = definition.params.iter().filter(|param| param.kind != ParamKind::Receiver);
    let declared = match place {
        Place::Some | Place::Each => {
            let mut declared = params.filter_map(|param| param.declared).map(Node::Expr);
            return ask(Part::Among(pattern, &mut declared, *place == Place::Each));
        }
        Place::At(position) => params.nth(usize::from(*position)),
        Place::Last => params.next_back(),
        Place::Named(name) => params.find(|param| param.name == *name),
    };
    given(Some(pattern), declared.and_then(|param| param.declared), ask)
}
