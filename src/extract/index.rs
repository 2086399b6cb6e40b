//! Rules by what a hit must look like, so that a file's nodes meet only the rules that can match them.

use std::sync::OnceLock;

use regex::Regex;
use rustc_hash::FxHashMap;

use crate::extract::relevance::{self, Relevance};
use crate::model::fact::{DefinitionKind, ExprKind, FileFacts, Text, written_name};
use crate::model::rule::{Pattern, Rule, RuleSet, Shape, Words};

/// All rules of a run, ready for [`match_rules`](crate::extract::match_rules): regular expressions compiled once, rules
/// found by language, kind of node and word.
pub struct RuleIndex<'r> {
    pub(super) rules: &'r [Rule],
    pub(super) languages: FxHashMap<&'r str, LanguageIndex<'r>>,
    regexes: FxHashMap<&'r str, LazyRegex>,
    /// What can hold in the project, by language; without an entry, everything.
    pub(super) relevance: FxHashMap<String, Relevance>,
}

/// A regular expression, compiled when a word first meets it: most never do. Nothing where it does not compile; the loader
/// refuses that, and a rule made otherwise then matches nothing.
type LazyRegex = OnceLock<Option<Regex>>;

/// The rules of one language.
#[derive(Default)]
pub(super) struct LanguageIndex<'r> {
    /// By the kind of expression the pattern begins with, see `head`.
    expressions: [Bucket<'r>; Head::COUNT],
    definitions: FxHashMap<&'r str, Bucket<'r>>,
    any_definition: Vec<u32>,
    pub(super) with: Vec<u32>,
    pub(super) assign: Vec<u32>,
    callees: Callees,
}

/// Rules for calls of anything, of which a guard accepts what has one of some names or a name that the project gave it.
#[derive(Default)]
struct Callees {
    by_name: FxHashMap<String, Vec<u32>>,
    all: Vec<u32>,
}

impl Callees {
    /// Rules that may match a call, by what [`Relevance::can_be_named`] says of its callee.
    fn candidates(&self, facts: &FileFacts, kind: &ExprKind, relevance: Option<&Relevance>) -> &[u32] {
        let (ExprKind::Call { callee, .. }, Some(relevance)) = (kind, relevance) else { return &[] };
        match relevance::last_name(facts, *callee) {
            Some(name) if !relevance.is_given(name) => self.by_name.get(name).map_or(&[], Vec::as_slice),
            _ => &self.all,
        }
    }
}

/// Rules by the word that a node must have, and those that take any.
#[derive(Default)]
struct Bucket<'r> {
    by_word: FxHashMap<&'r str, Vec<u32>>,
    any: Vec<u32>,
}

impl<'r> Bucket<'r> {
    fn add(&mut self, words: Option<&[&'r str]>, rule: u32) {
        match words {
            None => push_once(&mut self.any, rule),
            Some(words) => {
                for word in words {
                    push_once(self.by_word.entry(word).or_default(), rule);
                }
            }
        }
    }

    fn candidates(&self, word: Option<&str>) -> [&[u32]; 2] {
        let named = word.and_then(|word| self.by_word.get(word)).map(Vec::as_slice).unwrap_or_default();
        [named, &self.any]
    }
}

fn push_once(rules: &mut Vec<u32>, rule: u32) {
    if rules.last() != Some(&rule) {
        rules.push(rule);
    }
}

/// Kind of an expression, as far as a pattern's outermost node tells it.
#[derive(Clone, Copy)]
enum Head {
    Name,
    Member,
    Call,
    Index,
    Text,
    Constant,
    Sequence,
    Mapping,
    Construct,
    Function,
    Other,
}

impl Head {
    const COUNT: usize = Self::Other as usize + 1;

    fn of(kind: &ExprKind) -> Self {
        match kind {
            ExprKind::Name(_) => Self::Name,
            ExprKind::Member { .. } => Self::Member,
            ExprKind::Call { .. } => Self::Call,
            ExprKind::Index { .. } => Self::Index,
            ExprKind::Text(_) => Self::Text,
            ExprKind::Constant(_) => Self::Constant,
            ExprKind::Sequence(_) => Self::Sequence,
            ExprKind::Mapping(_) => Self::Mapping,
            ExprKind::Construct { .. } => Self::Construct,
            ExprKind::Function(_) => Self::Function,
            ExprKind::Template(_)
            | ExprKind::Element(_)
            | ExprKind::Entered(_)
            | ExprKind::Choice(_)
            | ExprKind::Compared(_)
            | ExprKind::Unknown => Self::Other,
        }
    }
}

impl<'r> RuleIndex<'r> {
    /// Sorts the rules of a set into buckets.
    pub fn new(set: &'r RuleSet) -> Self {
        Self::relevant(set, FxHashMap::default())
    }

    /// Only the rules that can hold in a project.
    pub(super) fn relevant(set: &'r RuleSet, relevance: FxHashMap<String, Relevance>) -> Self {
        let mut index =
            Self { rules: &set.rules, languages: FxHashMap::default(), regexes: FxHashMap::default(), relevance };
        for (number, rule) in (0_u32..).zip(&set.rules) {
            if index.relevance.get(&rule.language).is_some_and(|relevance| !relevance.is_active(number)) {
                continue;
            }
            collect(&mut index.regexes, &rule.pattern.shape);
            let rules = index.languages.entry(rule.language.as_str()).or_default();
            let relevance = index.relevance.get(&rule.language);
            let names = any_callee(&rule.pattern.shape).and_then(|it| relevance?.accepted_names(number, it));
            let Some(names) = names else {
                rules.add(&rule.pattern.shape, None, number);
                continue;
            };
            rules.callees.all.push(number);
            names.iter().for_each(|it| rules.callees.by_name.entry(it.clone()).or_default().push(number));
        }
        index
    }

    /// Whether a word matches a regular expression of one of the rules.
    pub(super) fn is_match(&self, regex: &str, word: &str) -> bool {
        let compiled = self.regexes.get(regex).map(|it| it.get_or_init(|| Regex::new(regex).ok()));
        compiled.and_then(Option::as_ref).is_some_and(|it| it.is_match(word))
    }
}

impl<'r> LanguageIndex<'r> {
    /// `outer` are words that a node around `shape` already asks for.
    fn add(&mut self, shape: &'r Shape, outer: Option<&[&'r str]>, rule: u32) {
        let mut expression = |head: Head, words: Option<&[&'r str]>| {
            self.expressions[head as usize].add(words.or(outer), rule);
        };
        match shape {
            Shape::Either(patterns) => {
                for pattern in patterns {
                    self.add(&pattern.shape, outer, rule);
                }
            }
            Shape::Worded(inner, words) => {
                let own = words_of(words);
                self.add(inner, own.as_deref().or(outer), rule);
            }
            // Behind a chain may stand calls of any word.
            Shape::Any | Shape::String | Shape::Chain { .. } => {
                for bucket in &mut self.expressions {
                    bucket.add(None, rule);
                }
            }
            Shape::Name(words) => expression(Head::Name, words_of(words).as_deref()),
            Shape::Text(words) => expression(Head::Text, words_of(words).as_deref()),
            Shape::Constant(words) => expression(Head::Constant, words_of(words).as_deref()),
            Shape::Member { name, .. } => expression(Head::Member, words_of(name).as_deref()),
            Shape::Call { callee, method, .. } => {
                let words = match (method, callee) {
                    (Some(method), _) => words_of(method),
                    (None, Some(callee)) => callee_words(callee),
                    (None, None) => None,
                };
                expression(Head::Call, words.as_deref());
            }
            Shape::Index { .. } => expression(Head::Index, None),
            Shape::Sequence(_) => expression(Head::Sequence, None),
            Shape::Mapping(_) => expression(Head::Mapping, None),
            Shape::Construct { of, .. } => {
                expression(Head::Construct, of.as_deref().and_then(callee_words).as_deref());
            }
            Shape::Function => expression(Head::Function, None),
            Shape::Definition(definition) => {
                let words = words_of(&definition.name);
                if definition.kinds.is_empty() {
                    push_once(&mut self.any_definition, rule);
                }
                for kind in &definition.kinds {
                    self.definitions.entry(kind.as_str()).or_default().add(words.as_deref(), rule);
                }
            }
            Shape::With(_) => push_once(&mut self.with, rule),
            Shape::Assign { .. } => push_once(&mut self.assign, rule),
        }
    }

    /// Rules that may match an expression.
    pub(super) fn for_expression(
        &self,
        facts: &FileFacts,
        kind: &ExprKind,
        relevance: Option<&Relevance>,
    ) -> [&[u32]; 3] {
        let bucket = &self.expressions[Head::of(kind) as usize];
        let word = if bucket.by_word.is_empty() { None } else { word(facts, kind) };
        let [named, any] = bucket.candidates(word);
        [named, any, self.callees.candidates(facts, kind, relevance)]
    }

    /// Rules that may match a definition.
    pub(super) fn for_definition(&self, kind: DefinitionKind, name: &str) -> [&[u32]; 3] {
        let [named, any] =
            self.definitions.get(kind_word(kind)).map_or([&[][..]; 2], |bucket| bucket.candidates(Some(name)));
        [named, any, &self.any_definition]
    }
}

/// Capture of the callee of a pattern for calls of anything.
fn any_callee(shape: &Shape) -> Option<u8> {
    let Shape::Call { callee: Some(callee), .. } = shape else { return None };
    callee.capture.filter(|_| callee.shape == Shape::Any)
}

/// Words that a node must have; `None` when it may have any.
fn words_of(words: &Words) -> Option<Vec<&str>> {
    (!words.any_of.is_empty()).then(|| words.any_of.iter().map(Text::as_str).collect())
}

/// Last names a callee may have; `None` when it may have any.
fn callee_words(pattern: &Pattern) -> Option<Vec<&str>> {
    match &pattern.shape {
        Shape::Name(words) | Shape::Member { name: words, .. } => words_of(words),
        Shape::Index { base, .. } => base.as_deref().and_then(callee_words),
        Shape::Worded(shape, words) => match shape.as_ref() {
            // Any word of the node is the word of the callee.
            Shape::Any | Shape::Name(_) | Shape::Member { .. } => words_of(words),
            _ => None,
        },
        Shape::Either(patterns) => {
            let mut all = Vec::new();
            for pattern in patterns {
                all.extend(callee_words(pattern)?);
            }
            Some(all)
        }
        _ => None,
    }
}

/// A node's own word: a name, a member's name, a literal; for a call or a composite literal that of its callee or type.
pub(super) fn word<'f>(facts: &'f FileFacts, kind: &'f ExprKind) -> Option<&'f str> {
    let mut kind = kind;
    // Types and callees nest a few levels; the bound is for facts that refer to themselves.
    for _ in 0..16 {
        let next = match kind {
            ExprKind::Name(name) => return Some(written_name(name)),
            ExprKind::Member { name, .. } => return Some(name),
            ExprKind::Text(text) | ExprKind::Constant(text) => return Some(text),
            ExprKind::Call { callee: next, .. }
            | ExprKind::Construct { of: next, .. }
            | ExprKind::Index { base: next, .. } => next,
            _ => return None,
        };
        kind = &facts.exprs.get(next.0 as usize)?.kind;
    }
    None
}

/// The word of `kind:` for a definition.
pub(super) fn kind_word(kind: DefinitionKind) -> &'static str {
    match kind {
        DefinitionKind::Module => "module",
        DefinitionKind::Function => "function",
        DefinitionKind::Method => "method",
        DefinitionKind::Type => "type",
        DefinitionKind::Interface => "interface",
        DefinitionKind::Alias => "alias",
        DefinitionKind::Field => "field",
        DefinitionKind::Constant => "constant",
        DefinitionKind::Variable => "variable",
        DefinitionKind::Closure => "closure",
        DefinitionKind::Macro => "macro",
    }
}

fn collect<'r>(regexes: &mut FxHashMap<&'r str, LazyRegex>, shape: &'r Shape) {
    let mut words = |words: &'r Words| {
        for regex in [&words.matching, &words.not_matching] {
            if !regex.is_empty() {
                regexes.entry(regex.as_str()).or_default();
            }
        }
    };
    let mut inner: Vec<&'r Pattern> = Vec::new();
    match shape {
        Shape::Any | Shape::String | Shape::Function => {}
        Shape::Either(patterns) => inner.extend(patterns),
        Shape::Name(own) | Shape::Text(own) | Shape::Constant(own) => words(own),
        Shape::Member { base, name } => {
            words(name);
            inner.extend(base.as_deref());
        }
        Shape::Call { callee, receiver, method, arguments } => {
            method.iter().for_each(words);
            inner.extend(callee.as_deref().into_iter().chain(receiver.as_deref()));
            inner.extend(arguments.iter().map(|(_, pattern)| pattern));
        }
        Shape::Index { base, index } => inner.extend(base.as_deref().into_iter().chain(index.as_deref())),
        Shape::Sequence(items) | Shape::Mapping(items) => inner.extend(items.iter().map(|(_, pattern)| pattern)),
        Shape::Construct { of, fields } => {
            inner.extend(of.as_deref());
            inner.extend(fields.iter().map(|(_, pattern)| pattern));
        }
        Shape::Definition(own) => {
            words(&own.name);
            inner.extend(own.bases.iter().chain(&own.attributes));
            inner.extend(own.parameters.iter().chain(&own.members).map(|(_, pattern)| pattern));
            let single =
                [&own.result, &own.returns, &own.declared, &own.value, &own.receiver, &own.implements, &own.inside];
            inner.extend(single.into_iter().flatten());
        }
        Shape::Chain { of, by } => {
            words(by);
            inner.push(of);
        }
        Shape::With(expr) => inner.push(expr),
        Shape::Worded(shape, own) => {
            words(own);
            collect(regexes, shape);
        }
        Shape::Assign { target, value } => inner.extend(target.as_deref().into_iter().chain(value.as_deref())),
    }
    for pattern in inner {
        collect(regexes, &pattern.shape);
    }
}
