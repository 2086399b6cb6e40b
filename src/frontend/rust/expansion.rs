//! Macros by example: the rules that a project writes, and what a call of one stands for.
//!
//! The first rule that matches counts, as in the language. Fragments are parsed, repetitions are taken as long as they
//! match. What the rules write stands where the call stands; what the call hands in keeps its own place. Names that the rules
//! bind are told apart from those of the code around.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Expr, ImplItem, Lit, Macro};

use super::derived::is_derive;
use super::lowering::{Lowering, word};
use super::pasted::pasted;
use crate::model::fact::{KnownMacro, OpaqueCall, Text, WrittenMacro};

/// Macros inside what macros stand for, so deep.
const MOST_DEPTH: u32 = 48;
/// Expansions of one file, and the tokens of all of them.
const MOST_EXPANSIONS: u32 = 4_000;
const MOST_WRITTEN: usize = 400_000;
/// Longer rules are not kept.
const MOST_RULES: usize = 40_000;
/// Names and texts kept of a call that is not expanded.
const MOST_WORDS: usize = 400;

/// Tokens of one expansion at most.
const MOST_TOKENS: usize = 20_000;
/// Groups, prefixes or angle brackets in a row at most: what comes out is read by a recursive parser.
const MOST_NESTING: usize = 100;
/// Parts of an argument list looked at to find the end of one expression.
const MOST_PARTS: usize = 12;
/// Operators of several characters that are one token tree to a macro.
const OPERATORS: &[&str] = &[
    "...", "..=", "<<=", ">>=", "::", "->", "=>", "==", "!=", "<=", ">=", "&&", "||", "..", "<<", ">>", "+=", "-=",
    "*=", "/=", "%=", "^=", "&=", "|=",
];

/// The rules of one macro.
struct Rules {
    rules: Vec<(Vec<Matcher>, Vec<TokenTree>)>,
    /// Names that the rules bind are no names of the code around.
    tells_names_apart: bool,
}

enum Matcher {
    Token(TokenTree),
    Group(Delimiter, Vec<Matcher>),
    Fragment { name: String, kind: String },
    Repeat { inner: Vec<Matcher>, separator: Vec<TokenTree>, once: bool, some: bool },
}

/// What a name of a matcher stands for.
#[derive(Clone)]
enum Bound {
    One(Vec<TokenTree>),
    Many(Vec<Bound>),
}

type Bindings = BTreeMap<String, Bound>;

impl Rules {
    /// Reads rules as they are written; none that cannot be read.
    fn read(texts: &[String]) -> Self {
        let mut rules = Vec::new();
        for text in texts {
            let Ok(stream) = TokenStream::from_str(text) else { continue };
            let trees: Vec<TokenTree> = stream.into_iter().collect();
            let mut rest = trees.as_slice();
            while let [
                TokenTree::Group(matcher),
                TokenTree::Punct(_),
                TokenTree::Punct(_),
                TokenTree::Group(body),
                after @ ..,
            ] = rest
            {
                let inner: Vec<TokenTree> = matcher.stream().into_iter().collect();
                rules.push((matchers(&inner, 0), body.stream().into_iter().collect()));
                rest = match after {
                    [TokenTree::Punct(end), after @ ..] if end.as_char() == ';' => after,
                    after => after,
                };
            }
        }
        Self { rules, tells_names_apart: true }
    }

    /// What a call with these arguments stands for, at `span`. `home` is what `$crate` means, `number` tells its names apart.
    fn expand(&self, arguments: &TokenStream, home: &[TokenTree], span: Span, number: u32) -> Option<TokenStream> {
        let tokens: Vec<TokenTree> = arguments.clone().into_iter().collect();
        if tokens.len() > MOST_TOKENS {
            return None;
        }
        let (bindings, body) = self.rules.iter().find_map(|(matcher, body)| {
            let mut bindings = Bindings::new();
            let used = matched(matcher, &tokens, &mut bindings)?;
            (used == tokens.len()).then_some((bindings, body))
        })?;
        let mut locals = BTreeSet::new();
        if self.tells_names_apart {
            bound_names(body, &mut locals);
        }
        let mut writer = Writer { home, span, number, locals, left: MOST_TOKENS };
        let seen: BTreeMap<&str, &Bound> = bindings.iter().map(|(name, bound)| (name.as_str(), bound)).collect();
        let mut out = Vec::new();
        writer.write(body, &seen, &mut out)?;
        (nesting(&out, 0) <= MOST_NESTING).then(|| out.into_iter().collect())
    }
}

/// Names and texts of tokens, without those of the language.
fn words(tokens: TokenStream, found: &mut BTreeSet<String>) {
    for tree in tokens {
        match tree {
            TokenTree::Group(group) => words(group.stream(), found),
            TokenTree::Ident(ident) => {
                found.insert(ident.to_string());
            }
            TokenTree::Literal(literal) => {
                if let Ok(Lit::Str(text)) = syn::parse2::<Lit>(TokenTree::Literal(literal).into()) {
                    found.insert(text.value());
                }
            }
            TokenTree::Punct(_) => {}
        }
    }
}

/// Macros that tokens run: `query` for `query!(..)` and `$crate::query!(..)`, `store::query` for `store::a::query!(..)`.
fn runs(tokens: TokenStream, found: &mut BTreeSet<String>) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    for (index, tree) in trees.iter().enumerate() {
        match tree {
            TokenTree::Group(group) => runs(group.stream(), found),
            TokenTree::Ident(name) => {
                let [TokenTree::Punct(bang), TokenTree::Group(_), ..] = &trees[index + 1..] else { continue };
                if bang.as_char() != '!' {
                    continue;
                }
                let mut first = name;
                let mut at = index;
                while let Some([TokenTree::Ident(before), TokenTree::Punct(colon), TokenTree::Punct(_)]) =
                    at.checked_sub(3).and_then(|start| trees.get(start..at))
                    && colon.as_char() == ':'
                {
                    first = before;
                    at -= 3;
                }
                found.insert(called(&first.to_string(), &name.to_string()));
            }
            _ => {}
        }
    }
}

/// A macro's name as it is looked up, by the first and the last part of its path.
fn called(first: &str, last: &str) -> String {
    if first == last || matches!(first, "crate" | "self" | "super") {
        return last.to_owned();
    }
    format!("{first}::{last}")
}

/// Macros that may be expanded in one file, and how far that went.
#[derive(Default)]
pub(super) struct Expansions {
    known: BTreeMap<Text, Known>,
    depth: u32,
    number: u32,
    written: usize,
}

struct Known {
    rules: Rules,
    words: BTreeSet<String>,
    home: Vec<TokenTree>,
}

impl Expansions {
    pub(super) fn new(macros: &[KnownMacro]) -> Self {
        let known = macros.iter().map(|it| {
            let mut found = BTreeSet::new();
            for stream in it.rules.iter().filter_map(|rules| TokenStream::from_str(rules).ok()) {
                words(stream, &mut found);
            }
            let home = if it.namespace.is_empty() { "crate" } else { it.namespace.as_str() };
            let home = TokenStream::from_str(home).map(|stream| stream.into_iter().collect()).unwrap_or_default();
            let mut rules = Rules::read(&it.rules);
            rules.tells_names_apart = !is_derive(&it.name);
            (it.name.clone(), Known { rules, words: found, home })
        });
        Self { known: known.collect(), ..Self::default() }
    }
}

impl Lowering<'_> {
    /// What a call of a macro of the project stands for, as far as it reads as what is wanted; of another one what it is given, where
    /// names are put together in it. To be followed by
    /// [`Self::leave_expansion`].
    pub(super) fn expansion<T>(&mut self, call: &Macro, read: impl Fn(TokenStream) -> Option<T>) -> Option<T> {
        let (first, last) = (call.path.segments.first()?, call.path.segments.last()?);
        let name = called(&word(&first.ident), &word(&last.ident));
        if !self.expansions.known.contains_key(name.as_str()) {
            self.runs.insert(name);
            let value = pasted(call.tokens.clone()).and_then(read)?;
            self.expansions.depth += 1;
            return Some(value);
        }
        self.expansion_of(&name, &word(&last.ident), last.ident.span(), std::slice::from_ref(&call.tokens), read)
    }

    /// What a known macro stands for, given the first of these that its rules take.
    pub(super) fn expansion_of<T>(
        &mut self,
        name: &str,
        called: &str,
        span: Span,
        given: &[TokenStream],
        read: impl Fn(TokenStream) -> Option<T>,
    ) -> Option<T> {
        let Some(known) = self.expansions.known.get(name) else {
            self.runs.insert(name.to_owned());
            return None;
        };
        self.expansions.number += 1;
        let number = self.expansions.number;
        let goes_on =
            self.expansions.depth < MOST_DEPTH && number <= MOST_EXPANSIONS && self.expansions.written <= MOST_WRITTEN;
        let expand = |tokens: &TokenStream| known.rules.expand(tokens, &known.home, span, number);
        let expanded = if goes_on { given.iter().find_map(expand) } else { None };
        let size =
            expanded.as_ref().map_or(0, |stream| stream.clone().into_iter().count() + stream.to_string().len() / 8);
        if let Some(value) = expanded.and_then(read) {
            self.expansions.written += size;
            self.expansions.depth += 1;
            return Some(value);
        }
        let mut found = known.words.clone();
        given.iter().for_each(|tokens| words(tokens.clone(), &mut found));
        let line = self.at(span).line;
        let words = found.into_iter().take(MOST_WORDS).map(Text::from).collect();
        self.facts.macros.opaque.push(OpaqueCall { owner: self.owner, line, name: called.into(), words });
        None
    }

    pub(super) fn leave_expansion(&mut self) {
        self.expansions.depth -= 1;
    }

    /// The members that a macro among those of an impl stands for.
    pub(super) fn impl_expansion(&mut self, call: &Macro) -> Option<Vec<ImplItem>> {
        let members = |input: ParseStream<'_>| {
            let mut found = Vec::new();
            while !input.is_empty() {
                found.push(input.parse::<ImplItem>()?);
            }
            Ok(found)
        };
        self.expansion(call, |stream| members.parse2(stream).ok())
    }

    /// Keeps the rules of a macro for the files that run it.
    pub(super) fn written_macro(&mut self, name: Text, is_exported: bool, written: &Macro) {
        let rules = written.tokens.to_string();
        if !written.path.is_ident("macro_rules") || rules.len() > MOST_RULES {
            return;
        }
        let mut found = BTreeSet::new();
        runs(written.tokens.clone(), &mut found);
        let runs = found.into_iter().map(Text::from).collect();
        self.facts.macros.written.push(WrittenMacro { name, rules, is_exported, runs });
    }
}

// Matchers.

fn matchers(trees: &[TokenTree], depth: usize) -> Vec<Matcher> {
    let mut found = Vec::new();
    let mut rest = trees;
    while let Some((tree, after)) = rest.split_first() {
        rest = after;
        match (tree, after) {
            _ if depth > MOST_NESTING => return found,
            (
                TokenTree::Punct(dollar),
                [TokenTree::Ident(name), TokenTree::Punct(colon), TokenTree::Ident(kind), after @ ..],
            ) if dollar.as_char() == '$' && colon.as_char() == ':' => {
                found.push(Matcher::Fragment { name: name.to_string(), kind: kind.to_string() });
                rest = after;
            }
            (TokenTree::Punct(dollar), [TokenTree::Group(group), after @ ..]) if dollar.as_char() == '$' => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                let Some((separator, operator, width)) = repetition(after) else { return found };
                let inner = matchers(&inner, depth + 1);
                let (once, some) = (operator == '?', operator == '+');
                found.push(Matcher::Repeat { inner, separator: separator.to_vec(), once, some });
                rest = &after[width..];
            }
            (TokenTree::Group(group), _) => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                found.push(Matcher::Group(group.delimiter(), matchers(&inner, depth + 1)));
            }
            (other, _) => found.push(Matcher::Token(other.clone())),
        }
    }
    found
}

/// What follows a repeated group: its separator, its operator, and how many tokens both take.
fn repetition(after: &[TokenTree]) -> Option<(&[TokenTree], char, usize)> {
    let at = after.iter().take(4).position(is_operator)?;
    let TokenTree::Punct(operator) = &after[at] else { return None };
    Some((&after[..at], operator.as_char(), at + 1))
}

fn is_operator(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Punct(punct) if matches!(punct.as_char(), '*' | '+' | '?'))
}

/// How many tokens the matchers take from the front; nothing when they do not match.
fn matched(matchers: &[Matcher], tokens: &[TokenTree], bindings: &mut Bindings) -> Option<usize> {
    let mut at = 0;
    for matcher in matchers {
        let rest = tokens.get(at..)?;
        match matcher {
            Matcher::Token(wanted) => {
                if !is_same(wanted, rest.first()?) {
                    return None;
                }
                at += 1;
            }
            Matcher::Group(delimiter, inner) => {
                let TokenTree::Group(group) = rest.first()? else { return None };
                if group.delimiter() != *delimiter {
                    return None;
                }
                let within: Vec<TokenTree> = group.stream().into_iter().collect();
                if matched(inner, &within, bindings)? != within.len() {
                    return None;
                }
                at += 1;
            }
            Matcher::Fragment { name, kind } => {
                let (used, value) = fragment(kind, rest)?;
                bindings.insert(name.clone(), Bound::One(value));
                at += used;
            }
            Matcher::Repeat { inner, separator, once, some } => {
                at += repeated(inner, separator, (*once, *some), rest, bindings)?;
            }
        }
    }
    Some(at)
}

fn repeated(
    inner: &[Matcher],
    separator: &[TokenTree],
    (once, some): (bool, bool),
    tokens: &[TokenTree],
    bindings: &mut Bindings,
) -> Option<usize> {
    let mut turns: Vec<Bindings> = Vec::new();
    let mut at = 0;
    while !once || turns.is_empty() {
        let mut start = at;
        if !turns.is_empty() && !separator.is_empty() {
            let between = tokens.get(at..at + separator.len());
            if !between.is_some_and(|found| separator.iter().zip(found).all(|(wanted, got)| is_same(wanted, got))) {
                break;
            }
            start += separator.len();
        }
        let mut own = Bindings::new();
        let Some(used) = tokens.get(start..).and_then(|rest| matched(inner, rest, &mut own)) else { break };
        if used == 0 {
            break;
        }
        turns.push(own);
        at = start + used;
    }
    if some && turns.is_empty() {
        return None;
    }
    let mut names = BTreeSet::new();
    names_of(inner, &mut names);
    for name in names {
        let each = turns.iter().filter_map(|turn| turn.get(&name).cloned()).collect();
        bindings.insert(name, Bound::Many(each));
    }
    Some(at)
}

fn names_of(matchers: &[Matcher], names: &mut BTreeSet<String>) {
    for matcher in matchers {
        match matcher {
            Matcher::Token(_) => {}
            Matcher::Group(_, inner) | Matcher::Repeat { inner, .. } => names_of(inner, names),
            Matcher::Fragment { name, .. } => {
                names.insert(name.clone());
            }
        }
    }
}

fn is_same(wanted: &TokenTree, got: &TokenTree) -> bool {
    match (wanted, got) {
        (TokenTree::Ident(a), TokenTree::Ident(b)) => a == b,
        (TokenTree::Punct(a), TokenTree::Punct(b)) => a.as_char() == b.as_char(),
        (TokenTree::Literal(a), TokenTree::Literal(b)) => a.to_string() == b.to_string(),
        _ => false,
    }
}

/// One fragment from the front of the tokens, and how many of them it takes.
fn fragment(kind: &str, tokens: &[TokenTree]) -> Option<(usize, Vec<TokenTree>)> {
    let first = |used: usize| tokens.get(..used).map(|taken| (used, taken.to_vec()));
    match kind {
        "expr" | "expr_2021" => expression(tokens),
        "ident" => match tokens.first()? {
            TokenTree::Ident(ident) if ident != "_" => first(1),
            _ => None,
        },
        "tt" => first(width_of_tree(tokens)?),
        "literal" => match tokens {
            [TokenTree::Literal(_), ..] => first(1),
            [TokenTree::Ident(word), ..] if word == "true" || word == "false" => first(1),
            [TokenTree::Punct(minus), TokenTree::Literal(_), ..] if minus.as_char() == '-' => first(2),
            _ => None,
        },
        "lifetime" => match tokens {
            [TokenTree::Punct(quote), TokenTree::Ident(_), ..] if quote.as_char() == '\'' => first(2),
            _ => None,
        },
        "block" => match tokens.first()? {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => first(1),
            _ => None,
        },
        "ty" => first(parsed::<syn::Type>(tokens, Parse::parse)?),
        "path" => first(parsed::<syn::Path>(tokens, Parse::parse)?),
        "pat" => first(parsed::<syn::Pat>(tokens, syn::Pat::parse_multi_with_leading_vert)?),
        "pat_param" => first(parsed::<syn::Pat>(tokens, syn::Pat::parse_single)?),
        "stmt" => first(parsed::<syn::Stmt>(tokens, Parse::parse)?),
        "item" => first(parsed::<syn::Item>(tokens, Parse::parse)?),
        "meta" => first(parsed::<syn::Meta>(tokens, Parse::parse)?),
        "vis" => first(parsed::<syn::Visibility>(tokens, Parse::parse).unwrap_or(0)),
        _ => None,
    }
}

/// How many tokens one thing takes that the parser reads from the front.
fn parsed<T>(tokens: &[TokenTree], read: impl Fn(ParseStream<'_>) -> syn::Result<T>) -> Option<usize> {
    let both = |input: ParseStream<'_>| {
        read(input)?;
        input.parse::<TokenStream>()
    };
    let rest = both.parse2(tokens.iter().cloned().collect()).ok()?;
    tokens.len().checked_sub(rest.into_iter().count())
}

/// An expression ends at `,`, `;`, `=>` or with the tokens; commas of closures and generics are part of it.
fn expression(tokens: &[TokenTree]) -> Option<(usize, Vec<TokenTree>)> {
    let mut end = 0;
    for _ in 0..MOST_PARTS {
        end += tokens[end..]
            .iter()
            .zip(tokens[end..].iter().skip(1).map(Some).chain([None]))
            .position(|(tree, next)| ends_expression(tree, next))
            .unwrap_or(tokens.len() - end);
        let taken = &tokens[..end];
        if let Ok(expr) = syn::parse2::<Expr>(taken.iter().cloned().collect()) {
            let value = if binds_loosely(&expr) {
                vec![TokenTree::Group(Group::new(Delimiter::None, taken.iter().cloned().collect()))]
            } else {
                taken.to_vec()
            };
            return (!taken.is_empty()).then_some((end, value));
        }
        if end >= tokens.len() {
            return None;
        }
        end += 1;
    }
    None
}

fn ends_expression(tree: &TokenTree, next: Option<&TokenTree>) -> bool {
    let TokenTree::Punct(punct) = tree else { return false };
    match punct.as_char() {
        ',' | ';' => true,
        '=' => matches!(next, Some(TokenTree::Punct(tip)) if tip.as_char() == '>'),
        _ => false,
    }
}

/// Whether what follows an expression would bind to a part of it.
fn binds_loosely(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::Assign(_)
            | Expr::Binary(_)
            | Expr::Cast(_)
            | Expr::Closure(_)
            | Expr::If(_)
            | Expr::Match(_)
            | Expr::Range(_)
            | Expr::Reference(_)
            | Expr::Unary(_)
    )
}

/// One token tree as a macro counts them: operators of several characters and lifetimes are one.
fn width_of_tree(tokens: &[TokenTree]) -> Option<usize> {
    let TokenTree::Punct(punct) = tokens.first()? else { return Some(1) };
    if punct.as_char() == '\'' {
        return Some(if matches!(tokens.get(1), Some(TokenTree::Ident(_))) { 2 } else { 1 });
    }
    let joined: String = tokens
        .iter()
        .take(3)
        .map_while(|tree| match tree {
            TokenTree::Punct(punct) => Some(punct.as_char()),
            _ => None,
        })
        .collect();
    Some(OPERATORS.iter().find(|operator| joined.starts_with(**operator)).map_or(1, |operator| operator.len()))
}

// What comes out.

struct Writer<'r> {
    home: &'r [TokenTree],
    span: Span,
    number: u32,
    /// Names that the rules bind.
    locals: BTreeSet<String>,
    /// Tokens that may still be written.
    left: usize,
}

impl Writer<'_> {
    fn write(&mut self, body: &[TokenTree], seen: &BTreeMap<&str, &Bound>, out: &mut Vec<TokenTree>) -> Option<()> {
        let mut rest = body;
        while let Some((tree, after)) = rest.split_first() {
            rest = after;
            match (tree, after) {
                (TokenTree::Punct(dollar), [TokenTree::Ident(name), after @ ..]) if dollar.as_char() == '$' => {
                    let name = name.to_string();
                    if name == "crate" {
                        self.place(self.home, out)?;
                    } else if let Some(Bound::One(value)) = seen.get(name.as_str()) {
                        self.count(value.len())?;
                        out.extend(value.iter().cloned());
                    } else {
                        return None;
                    }
                    rest = after;
                }
                (TokenTree::Punct(dollar), [TokenTree::Group(group), after @ ..]) if dollar.as_char() == '$' => {
                    let (separator, _, width) = repetition(after)?;
                    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                    self.repeat(&inner, separator, seen, out)?;
                    rest = &after[width..];
                }
                (TokenTree::Group(group), _) => {
                    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                    let mut within = Vec::new();
                    self.count(1)?;
                    self.write(&inner, seen, &mut within)?;
                    let mut written = Group::new(group.delimiter(), within.into_iter().collect());
                    written.set_span(self.span);
                    out.push(TokenTree::Group(written));
                }
                (TokenTree::Ident(ident), _) if self.locals.contains(&ident.to_string()) => {
                    let of_something =
                        matches!(out.last(), Some(TokenTree::Punct(punct)) if matches!(punct.as_char(), '.' | ':'));
                    let calls = matches!(after, [TokenTree::Punct(mark), ..] if mark.as_char() == '!');
                    self.count(1)?;
                    if of_something || calls {
                        self.place(std::slice::from_ref(tree), out)?;
                    } else {
                        let name = format!("{ident}·{}", self.number);
                        out.push(TokenTree::Ident(Ident::new(&name, self.span)));
                    }
                }
                _ => self.place(std::slice::from_ref(tree), out)?,
            }
        }
        Some(())
    }

    fn repeat(
        &mut self,
        inner: &[TokenTree],
        separator: &[TokenTree],
        seen: &BTreeMap<&str, &Bound>,
        out: &mut Vec<TokenTree>,
    ) -> Option<()> {
        let mut names = BTreeSet::new();
        variables(inner, &mut names);
        let many = |name: &String| match seen.get(name.as_str()) {
            Some(Bound::Many(each)) => Some((name.clone(), each)),
            _ => None,
        };
        let repeated: Vec<(String, &Vec<Bound>)> = names.iter().filter_map(many).collect();
        let turns = repeated.iter().map(|(_, each)| each.len()).min()?;
        for turn in 0..turns {
            if turn > 0 {
                self.place(separator, out)?;
            }
            let mut narrowed = seen.clone();
            for (name, each) in &repeated {
                narrowed.insert(name.as_str(), each.get(turn)?);
            }
            self.write(inner, &narrowed, out)?;
        }
        Some(())
    }

    /// Tokens of the rules stand where the call stands.
    fn place(&mut self, trees: &[TokenTree], out: &mut Vec<TokenTree>) -> Option<()> {
        self.count(trees.len())?;
        for tree in trees {
            let mut tree = tree.clone();
            tree.set_span(self.span);
            out.push(tree);
        }
        Some(())
    }

    fn count(&mut self, tokens: usize) -> Option<()> {
        self.left = self.left.checked_sub(tokens)?;
        Some(())
    }
}

/// `$name`s of a body.
fn variables(trees: &[TokenTree], names: &mut BTreeSet<String>) {
    for (index, tree) in trees.iter().enumerate() {
        match tree {
            TokenTree::Group(group) => variables(&group.stream().into_iter().collect::<Vec<_>>(), names),
            TokenTree::Ident(name) if index > 0 && is_punct(&trees[index - 1], '$') => {
                names.insert(name.to_string());
            }
            _ => {}
        }
    }
}

fn is_punct(tree: &TokenTree, letter: char) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == letter)
}

/// Names that a body binds itself: behind `let` and `for`, and in front of `=>`.
fn bound_names(trees: &[TokenTree], names: &mut BTreeSet<String>) {
    let mut start = 0;
    for (index, tree) in trees.iter().enumerate() {
        match tree {
            TokenTree::Group(group) => {
                bound_names(&group.stream().into_iter().collect::<Vec<_>>(), names);
                if group.delimiter() == Delimiter::Brace {
                    start = index + 1;
                }
            }
            TokenTree::Ident(word) if word == "let" => {
                let ends = |tree: &TokenTree| is_punct(tree, '=') || is_punct(tree, ';');
                let end = trees[index..].iter().position(ends).map_or(trees.len(), |end| index + end);
                pattern_names(&trees[index + 1..end], names);
            }
            // A loop, not `impl .. for .. {`.
            TokenTree::Ident(word) if word == "for" => {
                let is_brace =
                    |tree: &TokenTree| matches!(tree, TokenTree::Group(it) if it.delimiter() == Delimiter::Brace);
                let is_in = |tree: &TokenTree| matches!(tree, TokenTree::Ident(word) if word == "in");
                let end = trees[index..].iter().position(|tree| is_brace(tree) || is_in(tree)).map(|end| index + end);
                if let Some(end) = end.filter(|end| is_in(&trees[*end])) {
                    pattern_names(&trees[index + 1..end], names);
                }
            }
            TokenTree::Punct(punct) if punct.as_char() == ',' => start = index + 1,
            TokenTree::Punct(punct)
                if punct.as_char() == '=' && trees.get(index + 1).is_some_and(|next| is_punct(next, '>')) =>
            {
                if let Some(pattern) = trees.get(start..index) {
                    let end = pattern.iter().position(|tree| matches!(tree, TokenTree::Ident(word) if word == "if"));
                    pattern_names(&pattern[..end.unwrap_or(pattern.len())], names);
                }
                start = index + 2;
            }
            _ => {}
        }
    }
}

/// Lower-case names of a pattern, without those handed in, paths and types.
fn pattern_names(trees: &[TokenTree], names: &mut BTreeSet<String>) {
    for (index, tree) in trees.iter().enumerate() {
        match tree {
            // A type follows.
            TokenTree::Punct(punct) if punct.as_char() == ':' && punct.spacing() == proc_macro2::Spacing::Alone => {
                return;
            }
            TokenTree::Group(group) => pattern_names(&group.stream().into_iter().collect::<Vec<_>>(), names),
            TokenTree::Ident(ident) => {
                let name = ident.to_string();
                let is_handed_in = index > 0 && is_punct(&trees[index - 1], '$');
                let leads =
                    trees.get(index + 1).is_some_and(|next| is_punct(next, ':') || matches!(next, TokenTree::Group(_)));
                let is_variable = name.starts_with(|letter: char| letter.is_lowercase()) && !is_word_of_language(&name);
                if is_variable && !is_handed_in && !leads {
                    names.insert(name);
                }
            }
            _ => {}
        }
    }
}

fn is_word_of_language(name: &str) -> bool {
    matches!(name, "mut" | "ref" | "self" | "crate" | "super" | "true" | "false" | "box" | "const")
}

/// The deepest nesting of groups, or the longest run of prefixes or angle brackets.
fn nesting(trees: &[TokenTree], depth: usize) -> usize {
    if depth > MOST_NESTING {
        return depth;
    }
    let (mut most, mut prefixes, mut angles) = (depth, 0, 0);
    for tree in trees {
        match tree {
            TokenTree::Group(group) => {
                prefixes = 0;
                most = most.max(nesting(&group.stream().into_iter().collect::<Vec<_>>(), depth + 1));
            }
            TokenTree::Punct(punct) => match punct.as_char() {
                '&' | '*' | '!' | '-' | '|' | '=' => prefixes += 1,
                '<' => angles += 1,
                ';' => angles = 0,
                _ => prefixes = 0,
            },
            _ => prefixes = 0,
        }
        most = most.max(prefixes).max(angles);
    }
    most
}
