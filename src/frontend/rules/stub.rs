//! `(stub "path" returns: ..)`: what code outside the project hands back.

use crate::frontend::rules::syntax::{Form, FormKind, Problem, with_place};
use crate::model::fact::{Position, Text};
use crate::model::rule::{Gives, Stub, Subject};

const FIELDS: &str =
    "returns: is: same: extends: relates: wraps: names: holds: subject: of: text: by: between: inverse:";
const RETURNS: &str = "\"Type\" self element member subject arguments argument[n] given[n] named[n] list[n] pairs[n] call[n] instance[n] format[n] entity entity[NAME]";
const SUBJECTS: &str = "member index argument[n] arguments owner \"store\"";

/// Whether a top-level form is a stub, right or wrong.
pub(super) fn is_stub(form: &Form) -> bool {
    let FormKind::List(items) = &form.kind else { return false };
    matches!(items.first(), Some(Form { kind: FormKind::Word(word, None), .. }) if word == "stub")
}

/// The stubs of one form: one for each of its names.
pub(super) fn stubs(form: &Form, language: &str) -> Result<Vec<Stub>, Problem> {
    let FormKind::List(items) = &form.kind else { return Ok(Vec::new()) };
    let names = match items.get(1) {
        Some(names) => texts(names)?,
        None => return Err(Problem::new(form.at, "a stub needs a name: `(stub \"package.name\" returns: ..)`")),
    };
    let mut gives: Option<Gives> = None;
    let mut subject = None;
    let mut store: Option<Text> = None;
    let mut of: Vec<Text> = Vec::new();
    let (mut by, mut between, mut inverse) = (None, None, Vec::new());
    let mut text = None;
    let mut rest = &items[2..];
    while let Some((field, after)) = rest.split_first() {
        let FormKind::Field(name, None) = &field.kind else {
            return Err(Problem::new(
                field.at,
                format!("{} where a field was expected: {FIELDS}", field.kind.describe()),
            ));
        };
        let Some((value, after)) = after.split_first() else {
            return Err(Problem::new(field.at, format!("the field `{name}:` has no value")));
        };
        rest = after;
        if name == "of" {
            of = texts(value)?;
            continue;
        }
        match name.as_str() {
            "by" => {
                by = Some(one_name(name, value)?);
                continue;
            }
            "between" => {
                between = Some(one_name(name, value)?);
                continue;
            }
            "inverse" => {
                inverse = texts(value)?;
                continue;
            }
            _ => {}
        }
        if name == "text" {
            text = Some(argument_place(value)?);
            continue;
        }
        if name == "subject" {
            if let FormKind::Text(text) = &value.kind {
                store = Some(text.as_str().into());
                continue;
            }
            if subject.replace(read_subject(value)?).is_some() {
                return Err(Problem::new(field.at, "`subject:` is given twice"));
            }
            continue;
        }
        if gives.replace(read_gives(name, field.at, value)?).is_some() {
            return Err(Problem::new(field.at, "a stub says one thing; write a second stub for the second one"));
        }
    }
    let Some(gives) = gives else {
        return Err(Problem::new(form.at, format!("a stub must say what its name gives: {FIELDS}")));
    };
    let stub = |path: Text| Stub {
        language: language.to_owned(),
        path,
        gives: gives.clone(),
        subject,
        store: store.clone(),
        of: of.clone(),
        by: by.clone(),
        between: between.clone(),
        inverse: inverse.clone(),
        text,
    };
    Ok(names.into_iter().map(stub).collect())
}

fn texts(form: &Form) -> Result<Vec<Text>, Problem> {
    match &form.kind {
        FormKind::Text(text) if !text.is_empty() => Ok(vec![text.as_str().into()]),
        FormKind::Choices(items) if !items.is_empty() => {
            let mut all = Vec::new();
            for item in items {
                all.extend(texts(item)?);
            }
            Ok(all)
        }
        other => {
            Err(Problem::new(form.at, format!("a qualified name in quotes was expected, not {}", other.describe())))
        }
    }
}

fn read_gives(field: &str, at: Position, value: &Form) -> Result<Gives, Problem> {
    Ok(match field {
        "returns" => match &value.kind {
            FormKind::Text(text) => Gives::Instance(text.as_str().into()),
            FormKind::Word(word, None) if word == "self" => Gives::Receiver,
            FormKind::Word(word, None) if word == "element" => Gives::Element,
            FormKind::Word(word, None) if word == "subject" => Gives::Subject,
            FormKind::Word(word, None) if word == "member" => Gives::Keyed,
            FormKind::Word(word, None) if word == "arguments" => Gives::Arguments,
            FormKind::Word(word, None) if word == "store" => Gives::StoreName,
            FormKind::Word(word, None) if word == "entity" => Gives::Entity(None),
            FormKind::Word(word, Some(name)) if word == "entity" => Gives::Entity(Some(name.as_str().into())),
            FormKind::Word(word, Some(place)) if word == "argument" => Gives::Argument(number(value, place)?),
            FormKind::Word(word, Some(place)) if word == "named" => Gives::Named(number(value, place)?),
            FormKind::Word(word, Some(place)) if word == "given" => Gives::Given(number(value, place)?),
            FormKind::Word(word, Some(place)) if word == "list" => Gives::ListOf(number(value, place)?),
            FormKind::Word(word, Some(place)) if word == "pairs" => Gives::PairsOf(number(value, place)?),
            FormKind::Word(word, Some(place)) if word == "format" => Gives::Format(number(value, place)?),
            FormKind::Word(word, Some(place)) if word == "call" => Gives::CallOf(number(value, place)?),
            FormKind::Word(word, Some(place)) if word == "instance" => Gives::InstanceOf(number(value, place)?),
            other => {
                return Err(Problem::new(
                    value.at,
                    format!("`returns:` takes one of {RETURNS}, not {}", other.describe()),
                ));
            }
        },
        "is" => match &value.kind {
            FormKind::Word(word, Some(place)) if word == "setting" => Gives::Setting(place.as_str().into()),
            FormKind::Word(word, Some(name)) if word == "entity" => Gives::EntityOf(name.as_str().into()),
            FormKind::Word(word, None) if word == "subject" => Gives::Held,
            FormKind::Word(word, None) if word == "entity" => Gives::Asked,
            FormKind::Word(word, None) if word == "store" => Gives::StoreName,
            _ => Gives::Field(one_name(field, value)?),
        },
        "same" => Gives::Same(one_name(field, value)?),
        "extends" => Gives::Extends(one_name(field, value)?),
        "relates" => Gives::Relates(one_name(field, value)?),
        "wraps" => Gives::Wraps(argument_number(field, value)?),
        "names" => Gives::Names(argument_number(field, value)?),
        "holds" => Gives::Holds(argument_number(field, value)?),
        _ => return Err(Problem::new(at, format!("unknown field `{field}:` of a stub; allowed: {FIELDS}"))),
    })
}

fn one_name(field: &str, value: &Form) -> Result<Text, Problem> {
    match &value.kind {
        FormKind::Text(text) if !text.is_empty() => Ok(text.as_str().into()),
        other => Err(Problem::new(
            value.at,
            format!("`{field}:` takes a qualified name in quotes, not {}", other.describe()),
        )),
    }
}

fn argument_number(field: &str, value: &Form) -> Result<u8, Problem> {
    match &value.kind {
        FormKind::Word(word, None) if word.parse::<u8>().is_ok() => number(value, word),
        other => Err(Problem::new(
            value.at,
            format!("`{field}:` takes the number of a type argument, from 0, not {}", other.describe()),
        )),
    }
}

fn argument_place(value: &Form) -> Result<u8, Problem> {
    match &value.kind {
        FormKind::Word(word, Some(place)) if word == "argument" => number(value, place),
        other => Err(Problem::new(value.at, format!("`text:` takes argument[n], not {}", other.describe()))),
    }
}

fn number(value: &Form, digits: &str) -> Result<u8, Problem> {
    digits.parse().map_err(|_| Problem::new(value.at, format!("`[{digits}]` must be a number from 0 to 255")))
}

fn read_subject(value: &Form) -> Result<Subject, Problem> {
    match &value.kind {
        FormKind::Word(word, None) if word == "member" => Ok(Subject::Member),
        FormKind::Word(word, None) if word == "index" => Ok(Subject::Index),
        FormKind::Word(word, None) if word == "owner" => Ok(Subject::Owner),
        FormKind::Word(word, None) if word == "arguments" => Ok(Subject::Arguments),
        FormKind::Word(word, Some(place)) if word == "argument" => Ok(Subject::Argument(number(value, place)?)),
        FormKind::Word(word, place) => Err(Problem::new(
            value.at,
            format!("unknown subject `{}`; allowed: {SUBJECTS}", with_place(word, place.as_deref())),
        )),
        other => Err(Problem::new(value.at, format!("`subject:` takes one of {SUBJECTS}, not {}", other.describe()))),
    }
}
