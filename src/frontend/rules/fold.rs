//! Folds a predicate on a capture into the words of the node it stands on.

use crate::model::fact::Text;
use crate::model::rule::{DefinitionShape, Pattern, Place, Shape, Words};

/// What a predicate asks of a word.
pub(super) enum Condition {
    AnyOf(Vec<Text>),
    NoneOf(Vec<Text>),
    Matching(Text),
    NotMatching(Text),
}

/// Narrows every node and word that `capture` stands on.
pub(super) fn fold(pattern: &mut Pattern, capture: u8, condition: &Condition) -> Result<(), String> {
    if pattern.capture == Some(capture) {
        narrow_shape(&mut pattern.shape, condition)?;
    }
    fold_shape(&mut pattern.shape, capture, condition)
}

fn fold_shape(shape: &mut Shape, capture: u8, condition: &Condition) -> Result<(), String> {
    let mut inner: Vec<&mut Pattern> = Vec::new();
    match shape {
        Shape::Any | Shape::String | Shape::Function => {}
        Shape::Either(patterns) => inner.extend(patterns),
        Shape::Name(words) | Shape::Text(words) | Shape::Constant(words) => fold_words(words, capture, condition)?,
        Shape::Member { base, name } => {
            inner.extend(base.as_deref_mut());
            fold_words(name, capture, condition)?;
        }
        Shape::Call { callee, receiver, method, arguments } => {
            inner.extend(callee.as_deref_mut());
            inner.extend(receiver.as_deref_mut());
            if let Some(method) = method {
                fold_words(method, capture, condition)?;
            }
            inner.extend(places(arguments));
        }
        Shape::Index { base, index } => {
            inner.extend(base.as_deref_mut());
            inner.extend(index.as_deref_mut());
        }
        Shape::Sequence(items) | Shape::Mapping(items) => inner.extend(places(items)),
        Shape::Construct { of, fields } => {
            inner.extend(of.as_deref_mut());
            inner.extend(places(fields));
        }
        Shape::Definition(shape) => {
            let DefinitionShape {
                kinds: _,
                name,
                bases,
                attributes,
                parameters,
                result,
                returns,
                declared,
                value,
                receiver,
                implements,
                inside,
                members,
            } = shape.as_mut();
            fold_words(name, capture, condition)?;
            inner.extend(bases);
            inner.extend(attributes);
            inner.extend(places(parameters));
            for part in [result, returns, declared, value, receiver, implements, inside] {
                inner.extend(part.as_mut());
            }
            inner.extend(places(members));
        }
        Shape::Chain { of, by } => {
            inner.push(of);
            fold_words(by, capture, condition)?;
        }
        Shape::With(expr) => inner.push(expr),
        Shape::Worded(shape, _) => fold_shape(shape, capture, condition)?,
        Shape::Assign { target, value } => {
            inner.extend(target.as_deref_mut());
            inner.extend(value.as_deref_mut());
        }
    }
    inner.into_iter().try_for_each(|pattern| fold(pattern, capture, condition))
}

fn places(items: &mut [(Place, Pattern)]) -> impl Iterator<Item = &mut Pattern> {
    items.iter_mut().map(|(_, pattern)| pattern)
}

fn fold_words(words: &mut Words, capture: u8, condition: &Condition) -> Result<(), String> {
    if words.capture == Some(capture) { narrow(words, condition) } else { Ok(()) }
}

fn narrow_shape(shape: &mut Shape, condition: &Condition) -> Result<(), String> {
    match shape {
        Shape::Name(words) | Shape::Text(words) | Shape::Constant(words) | Shape::Worded(_, words) => {
            narrow(words, condition)
        }
        Shape::Definition(definition) => narrow(&mut definition.name, condition),
        Shape::With(_) | Shape::Assign { .. } => {
            Err("a `with` block or an assignment has no word to compare".to_owned())
        }
        _ => {
            let mut words = Words::default();
            narrow(&mut words, condition)?;
            let node = std::mem::replace(shape, Shape::Any);
            *shape = Shape::Worded(Box::new(node), words);
            Ok(())
        }
    }
}

fn narrow(words: &mut Words, condition: &Condition) -> Result<(), String> {
    match condition {
        Condition::AnyOf(texts) if words.any_of.is_empty() => words.any_of.clone_from(texts),
        Condition::AnyOf(texts) => {
            words.any_of.retain(|word| texts.contains(word));
            if words.any_of.is_empty() {
                return Err("no word fulfills both this and the words of the pattern".to_owned());
            }
        }
        Condition::NoneOf(texts) => words.none_of.extend(texts.iter().cloned()),
        Condition::Matching(regex) => set_once(&mut words.matching, regex)?,
        Condition::NotMatching(regex) => set_once(&mut words.not_matching, regex)?,
    }
    Ok(())
}

fn set_once(slot: &mut Text, regex: &Text) -> Result<(), String> {
    if !slot.is_empty() {
        return Err("a capture takes one `#match?` and one `#not-match?`; join expressions with `|`".to_owned());
    }
    slot.clone_from(regex);
    Ok(())
}
