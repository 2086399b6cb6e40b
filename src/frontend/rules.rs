//! Loads `.scm` pattern files, built-in and the user's own, into one [`RuleSet`]. `docs/patterns.md` is the manual.
//!
//! Text becomes forms (`syntax`), a form becomes a pattern (`pattern`), and predicates on captures are folded into the
//! pattern (`fold`), so that a loaded rule needs no names looked up while it is matched.

mod fold;
mod pattern;
mod stub;
mod syntax;

use std::borrow::Cow;
use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::frontend::Frontend;
use crate::frontend::rules::fold::Condition;
use crate::frontend::rules::pattern::Captures;
use crate::frontend::rules::syntax::{Form, FormKind, Problem};
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::fact::Position;
use crate::model::rule::{Guard, Pattern, Rule, RuleSet, SETTINGS, Shape};

/// What a message lists when a predicate is unknown.
const PREDICATES: &str = "#eq? #any-of? #match? #type? #is? and their #not- forms, #set!";

/// Loads the patterns of all frontends and then the user's files, given as `(path, text)`.
///
/// A user's file names its language by a folder of its path (`go/our-orm.scm`) or in its first line (`; language: go`).
/// What cannot be loaded is left out and reported with its place; a built-in file never is.
pub fn load(frontends: &[&dyn Frontend], user: &[(String, String)]) -> (RuleSet, Vec<Diagnostic>) {
    let mut hasher = blake3::Hasher::new();
    hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
    let mut sources = Vec::new();
    for frontend in frontends {
        for (id, text) in frontend.queries() {
            hash_file(&mut hasher, id, text);
            let (id, language) = (Cow::Borrowed(*id), frontend.id());
            let path = Cow::Owned(format!("queries/{id}.scm"));
            sources.push(Ok(Source { path, id, language, text, is_built_in: true }));
        }
    }
    for (path, text) in user {
        hash_file(&mut hasher, path, text);
        sources.push(match user_language(frontends, path, text) {
            Some(language) => {
                let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
                let id = Cow::Owned(format!("{language}/{}", name.strip_suffix(".scm").unwrap_or(name)));
                Ok(Source { path: Cow::Borrowed(path), id, language, text, is_built_in: false })
            }
            None => Err(Diagnostic::new(
                Severity::Error,
                "query-language",
                path,
                1,
                format!(
                    "no language is given: put the file into a folder named after it, or begin it with \
                     `; language: {}`",
                    ids(frontends).join("|")
                ),
            )),
        });
    }
    let load = |source: Result<Source<'_>, Diagnostic>| match source {
        Ok(source) => load_file(&source),
        Err(diagnostic) => (RuleSet::default(), vec![diagnostic]),
    };
    let loaded: Vec<_> = sources.into_par_iter().map(load).collect();
    let mut set = RuleSet { fingerprint: hasher.finalize().to_hex().to_string(), ..RuleSet::default() };
    let mut diagnostics = Vec::new();
    for (part, found) in loaded {
        set.rules.extend(part.rules);
        set.stubs.extend(part.stubs);
        diagnostics.extend(found);
    }
    (set, diagnostics)
}

/// Lengths keep two files from hashing like one.
fn hash_file(hasher: &mut blake3::Hasher, name: &str, text: &str) {
    for part in [name, text] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
}

fn ids(frontends: &[&dyn Frontend]) -> Vec<&'static str> {
    frontends.iter().map(|frontend| frontend.id()).collect()
}

fn user_language(frontends: &[&dyn Frontend], path: &str, text: &str) -> Option<&'static str> {
    let first = text.lines().next().unwrap_or_default().trim_start_matches('\u{feff}').trim_start_matches([';', ' ']);
    if let Some(named) = first.strip_prefix("language:") {
        let named = named.trim();
        return ids(frontends).into_iter().find(|id| *id == named);
    }
    let folder = path.rsplit_once(['/', '\\'])?.0;
    folder.split(['/', '\\']).rev().find_map(|part| ids(frontends).into_iter().find(|id| *id == part))
}

/// One pattern file.
struct Source<'a> {
    path: Cow<'a, str>,
    id: Cow<'a, str>,
    language: &'a str,
    text: &'a str,
    is_built_in: bool,
}

fn load_file(source: &Source<'_>) -> (RuleSet, Vec<Diagnostic>) {
    let mut set = RuleSet::default();
    let (forms, mut problems) = syntax::forms(source.text);
    let mut number = 0_u32;
    let mut forms = forms.into_iter().peekable();
    while let Some(form) = forms.next() {
        if stub::is_stub(&form) {
            match stub::stubs(&form, source.language) {
                Ok(stubs) => set.stubs.extend(stubs),
                Err(problem) => problems.push(problem),
            }
            continue;
        }
        let mut captures = Vec::new();
        while let Some(next) = forms.next_if(|next| matches!(next.kind, FormKind::Capture(_))) {
            captures.push(next);
        }
        number += 1;
        match rule(form, captures, source.is_built_in) {
            Ok(mut loaded) => {
                loaded.id = format!("{}:{number}", source.id);
                source.language.clone_into(&mut loaded.language);
                set.rules.push(loaded);
            }
            Err(problem) => problems.push(problem),
        }
    }
    problems.sort_by_key(|problem| problem.at);
    let said = |problem: Problem| {
        let message = format!("column {}: {}", problem.at.column, problem.message);
        Diagnostic::new(Severity::Error, "query-error", &source.path, problem.at.line, message)
    };
    (set, problems.into_iter().map(said).collect())
}

/// One top-level form with the captures behind it.
fn rule(form: Form, trailing: Vec<Form>, is_built_in: bool) -> Result<Rule, Problem> {
    let at = form.at;
    if !matches!(form.kind, FormKind::List(_) | FormKind::Choices(_)) {
        return Err(Problem::new(
            form.at,
            format!("{} stands outside a pattern; a pattern begins with `(` or `[`", form.kind.describe()),
        ));
    }
    let mut predicates = Vec::new();
    let body = take_predicates(form, &mut predicates)
        .ok_or_else(|| Problem::new(at, "a predicate stands inside the pattern that it is about"))?;
    let mut forms = vec![body];
    forms.extend(trailing);

    let mut captures = Captures::default();
    let (pattern, used) = pattern::pattern(&forms, &mut captures, pattern::Slot::Root)?;
    if let Some(extra) = forms.get(used) {
        return Err(Problem::new(extra.at, format!("{} does not belong to a pattern", extra.kind.describe())));
    }
    if !captures.names.iter().any(|name| !name.starts_with('_')) {
        return Err(Problem::new(at, "the pattern captures nothing, so nothing follows from it; add a capture"));
    }
    let mut rule = Rule {
        id: String::new(),
        language: String::new(),
        pattern,
        captures: captures.names,
        guards: Vec::new(),
        settings: BTreeMap::new(),
    };
    for predicate in &predicates {
        apply(&mut rule, predicate, is_built_in)?;
    }
    Ok(rule)
}

/// `(#name ..)` with its arguments.
struct Predicate {
    at: Position,
    name: String,
    arguments: Vec<Form>,
}

/// A form without the predicates in it; `None` when it is one itself.
fn take_predicates(form: Form, found: &mut Vec<Predicate>) -> Option<Form> {
    let at = form.at;
    let (mut items, is_list) = match form.kind {
        FormKind::List(items) => (items, true),
        FormKind::Choices(items) => (items, false),
        kind => return Some(Form { at, kind }),
    };
    if let (true, Some(Form { kind: FormKind::Predicate(name), at })) = (is_list, items.first()) {
        let (name, at) = (name.clone(), *at);
        items.remove(0);
        found.push(Predicate { at, name, arguments: items });
        return None;
    }
    let kept = items.into_iter().filter_map(|item| take_predicates(item, found)).collect();
    Some(Form { at, kind: if is_list { FormKind::List(kept) } else { FormKind::Choices(kept) } })
}

/// Folds a predicate into its rule. That the regular expressions of built-in files compile is tested, not looked at each time.
fn apply(rule: &mut Rule, predicate: &Predicate, is_built_in: bool) -> Result<(), Problem> {
    if predicate.name == "#set!" {
        let (key, value) = setting(predicate)?;
        if rule.settings.insert(key.clone(), value).is_some() {
            return Err(Problem::new(predicate.at, format!("the setting `{key}` is given twice")));
        }
        return Ok(());
    }
    let plain = predicate.name.replacen("#not-", "#", 1);
    let negated = plain != predicate.name;
    if !matches!(plain.as_str(), "#eq?" | "#any-of?" | "#match?" | "#type?" | "#is?") {
        return Err(Problem::new(
            predicate.at,
            format!("unknown predicate `{}`; allowed: {PREDICATES}", predicate.name),
        ));
    }
    let capture = predicate_capture(rule, predicate)?;
    let texts = predicate_texts(predicate)?;
    let condition = match plain.as_str() {
        "#type?" => {
            rule.guards.push(Guard::Type { capture, any_of: texts, negated });
            return Ok(());
        }
        "#is?" => {
            rule.guards.push(Guard::Is { capture, any_of: texts, negated });
            return Ok(());
        }
        "#match?" => {
            let [regex] = texts.as_slice() else {
                return Err(Problem::new(predicate.at, format!("`{}` takes one regular expression", predicate.name)));
            };
            if !is_built_in && let Err(error) = regex::Regex::new(regex) {
                let reason = error.to_string();
                let reason = reason.lines().last().unwrap_or_default().trim().to_owned();
                return Err(Problem::new(predicate.at, format!("`{regex}` is not a regular expression: {reason}")));
            }
            if negated { Condition::NotMatching(regex.clone()) } else { Condition::Matching(regex.clone()) }
        }
        _ if plain == "#eq?" && texts.len() > 1 => {
            return Err(Problem::new(
                predicate.at,
                format!(
                    "`{}` takes one text; use `{}any-of?` for several",
                    predicate.name,
                    if negated { "#not-" } else { "#" }
                ),
            ));
        }
        _ if negated => Condition::NoneOf(texts),
        _ => Condition::AnyOf(texts),
    };
    fold::fold(&mut rule.pattern, capture, &condition).map_err(|message| Problem::new(predicate.at, message))
}

fn predicate_capture(rule: &Rule, predicate: &Predicate) -> Result<u8, Problem> {
    let Some(Form { kind: FormKind::Capture(name), at }) = predicate.arguments.first() else {
        return Err(Problem::new(
            predicate.at,
            format!("`{}` begins with a capture: `({0} @x \"..\")`", predicate.name),
        ));
    };
    rule.captures.iter().position(|known| known == name).map(|index| index as u8).ok_or_else(|| {
        let known: Vec<String> = rule.captures.iter().map(|known| format!("@{known}")).collect();
        Problem::new(*at, format!("`@{name}` is not captured by this pattern, which has {}", known.join(" ")))
    })
}

fn predicate_texts(predicate: &Predicate) -> Result<Vec<crate::model::fact::Text>, Problem> {
    let mut texts = Vec::new();
    for argument in predicate.arguments.iter().skip(1) {
        match &argument.kind {
            FormKind::Text(text) => texts.push(text.as_str().into()),
            FormKind::Choices(items) if items.iter().all(|item| matches!(item.kind, FormKind::Text(_))) => {
                texts.extend(items.iter().filter_map(|item| match &item.kind {
                    FormKind::Text(text) => Some(text.as_str().into()),
                    _ => None,
                }));
            }
            other => {
                return Err(Problem::new(
                    argument.at,
                    format!("`{}` takes texts in quotes, not {}", predicate.name, other.describe()),
                ));
            }
        }
    }
    if texts.is_empty() {
        return Err(Problem::new(predicate.at, format!("`{}` needs at least one text in quotes", predicate.name)));
    }
    Ok(texts)
}

/// Key and value of `(#set! key "value" ..)`; no value means `true`, several are joined by a blank.
fn setting(predicate: &Predicate) -> Result<(String, String), Problem> {
    let (key, at) = match predicate.arguments.first() {
        Some(Form { kind: FormKind::Word(key, None) | FormKind::Text(key), at }) => (key, *at),
        Some(other) => {
            return Err(Problem::new(
                other.at,
                format!("`#set!` begins with a key, not with {}", other.kind.describe()),
            ));
        }
        None => return Err(Problem::new(predicate.at, "`#set!` needs a key and a value: `(#set! key \"value\")`")),
    };
    let Some((_, allowed)) = SETTINGS.iter().find(|(known, _)| known == key) else {
        let keys: Vec<&str> = SETTINGS.iter().map(|(known, _)| *known).collect();
        return Err(Problem::new(at, format!("unknown setting `{key}`; allowed: {}", keys.join(" "))));
    };
    let mut words = Vec::new();
    for argument in &predicate.arguments[1..] {
        match &argument.kind {
            FormKind::Text(text) => words.push(text.clone()),
            FormKind::Word(word, place) => words.push(syntax::with_place(word, place.as_deref())),
            other => {
                return Err(Problem::new(
                    argument.at,
                    format!("a setting's value is a text, not {}", other.describe()),
                ));
            }
        }
    }
    let value = if words.is_empty() { "true".to_owned() } else { words.join(" ") };
    if !allowed.is_empty() && !allowed.contains(&value.as_str()) {
        return Err(Problem::new(at, format!("`{key}` cannot be \"{value}\"; allowed: {}", allowed.join(" "))));
    }
    Ok((key.clone(), value))
}

/// A pattern that is one of several.
fn either(mut patterns: Vec<Pattern>) -> Pattern {
    if patterns.len() == 1
        && let Some(only) = patterns.pop()
    {
        return only;
    }
    Pattern { shape: Shape::Either(patterns), capture: None }
}
