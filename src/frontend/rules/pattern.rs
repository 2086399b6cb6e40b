//! A form to a [`Pattern`]: nodes, fields, places, words and captures.

use crate::frontend::rules::either;
use crate::frontend::rules::syntax::{Form, FormKind, Problem, with_place};
use crate::model::fact::{Position, Text};
use crate::model::rule::{CAPTURES, DefinitionShape, Pattern, Place, Shape, Words};

const EXPRESSIONS: &str = "_ name member call chain index text string constant sequence mapping construct function";
const KINDS: &[&str] = &[
    "module",
    "function",
    "method",
    "type",
    "interface",
    "alias",
    "field",
    "constant",
    "variable",
    "closure",
    "macro",
];
/// Field alternatives multiply; more than this many is a mistake.
const MAX_VARIANTS: usize = 64;
const MAX_CAPTURES: usize = 32;

/// Names of a rule's captures in the order of their first use.
#[derive(Default)]
pub(super) struct Captures {
    pub(super) names: Vec<String>,
}

impl Captures {
    fn index(&mut self, form: &Form, name: &str) -> Result<u8, Problem> {
        if !name.starts_with('_') && !CAPTURES.contains(&name) {
            let allowed: Vec<String> = CAPTURES.iter().map(|known| format!("@{known}")).collect();
            return Err(Problem::new(
                form.at,
                format!("unknown capture `@{name}`; allowed: {} and any `@_name`", allowed.join(" ")),
            ));
        }
        if let Some(index) = self.names.iter().position(|known| known == name) {
            return Ok(index as u8);
        }
        if self.names.len() == MAX_CAPTURES {
            return Err(Problem::new(form.at, format!("more than {MAX_CAPTURES} captures in one pattern")));
        }
        self.names.push(name.to_owned());
        Ok((self.names.len() - 1) as u8)
    }
}

/// What kind of node may stand somewhere.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    /// Any node.
    Root,
    /// An expression.
    Expression,
    /// A definition.
    Definition,
}

/// Reads the pattern at the start of `forms` with the captures behind it; gives how many forms it took.
pub(super) fn pattern(forms: &[Form], captures: &mut Captures, slot: Slot) -> Result<(Pattern, usize), Problem> {
    let Some(form) = forms.first() else {
        return Err(Problem::new(Position { line: 1, column: 1 }, "a node was expected"));
    };
    let mut found = match &form.kind {
        FormKind::Word(word, None) if word == "_" => Pattern { shape: Shape::Any, capture: None },
        FormKind::Choices(items) => choices(form, items, captures, slot)?,
        FormKind::List(items) => list(form, items, captures, slot)?,
        other => {
            return Err(Problem::new(
                form.at,
                format!("a node was expected, such as `(name \"x\")` or `(_)`, not {}", other.describe()),
            ));
        }
    };
    let mut used = 1;
    while let Some(Form { kind: FormKind::Capture(name), .. }) = forms.get(used) {
        let index = captures.index(&forms[used], name)?;
        if found.capture.is_some() {
            // A second capture stands on the same node.
            found = Pattern { shape: Shape::Either(vec![found]), capture: None };
        }
        found.capture = Some(index);
        used += 1;
    }
    Ok((found, used))
}

fn choices(form: &Form, items: &[Form], captures: &mut Captures, slot: Slot) -> Result<Pattern, Problem> {
    let mut patterns = Vec::new();
    let mut rest = items;
    while !rest.is_empty() {
        let (one, used) = pattern(rest, captures, slot)?;
        patterns.push(one);
        rest = &rest[used..];
    }
    if patterns.is_empty() {
        return Err(Problem::new(form.at, "a list of alternatives must not be empty"));
    }
    Ok(either(patterns))
}

fn list(form: &Form, items: &[Form], captures: &mut Captures, slot: Slot) -> Result<Pattern, Problem> {
    match items.first() {
        Some(Form { kind: FormKind::Word(word, None), .. }) => {
            let mut variants = vec![Vec::new()];
            spread_choices(form, &items[1..], &mut variants)?;
            let mut patterns = Vec::with_capacity(variants.len());
            for variant in variants {
                patterns.push(Pattern { shape: node(form, word, &variant, captures, slot)?, capture: None });
            }
            Ok(either(patterns))
        }
        // `((call ..) @access (#eq? ..))`: the brackets only hold predicates, which are gone by now.
        Some(Form { kind: FormKind::List(_) | FormKind::Choices(_), .. }) => {
            let (inner, used) = pattern(items, captures, slot)?;
            match items.get(used) {
                None => Ok(inner),
                Some(extra) => Err(Problem::new(
                    extra.at,
                    format!("{} where only captures and predicates can stand", extra.kind.describe()),
                )),
            }
        }
        Some(other) => Err(Problem::new(
            other.at,
            format!(
                "a node begins with its name ({EXPRESSIONS} definition with assign), not with {}",
                other.kind.describe()
            ),
        )),
        None => Err(Problem::new(form.at, format!("an empty node; allowed: {EXPRESSIONS} definition with assign"))),
    }
}

/// Multiplies out `[argument[0]: P keyword[x]: Q]` among the fields of a node.
fn spread_choices(form: &Form, items: &[Form], variants: &mut Vec<Vec<Form>>) -> Result<(), Problem> {
    let mut previous_is_field = false;
    for item in items {
        let alternatives = match &item.kind {
            FormKind::Choices(inner)
                if !previous_is_field && matches!(inner.first(), Some(Form { kind: FormKind::Field(..), .. })) =>
            {
                split_fields(inner)
            }
            _ => vec![std::slice::from_ref(item)],
        };
        previous_is_field = matches!(item.kind, FormKind::Field(..));
        if variants.len() * alternatives.len() > MAX_VARIANTS {
            return Err(Problem::new(form.at, format!("more than {MAX_VARIANTS} combinations of alternatives")));
        }
        if let [only] = alternatives.as_slice() {
            variants.iter_mut().for_each(|it| it.extend_from_slice(only));
            continue;
        }
        *variants = variants
            .iter()
            .flat_map(|variant| {
                alternatives.iter().map(move |more| variant.iter().chain(more.iter()).cloned().collect())
            })
            .collect();
    }
    Ok(())
}

fn split_fields(items: &[Form]) -> Vec<&[Form]> {
    let mut starts: Vec<usize> = (0..items.len()).filter(|&at| matches!(items[at].kind, FormKind::Field(..))).collect();
    starts.push(items.len());
    starts.windows(2).map(|pair| &items[pair[0]..pair[1]]).collect()
}

/// One node with its fields, alternatives already multiplied out.
fn node(form: &Form, name: &str, items: &[Form], captures: &mut Captures, slot: Slot) -> Result<Shape, Problem> {
    check_slot(form, name, slot)?;
    let mut fields = Fields { node: name, form, rest: items, captures };
    let shape = match name {
        "_" => Shape::Any,
        "name" => Shape::Name(fields.own_words()?),
        "text" => Shape::Text(fields.own_words()?),
        "constant" => Shape::Constant(fields.own_words()?),
        "string" => Shape::String,
        "function" => Shape::Function,
        "member" => {
            let (mut base, mut word) = (None, None);
            while let Some((field, place, at)) = fields.next_field("base: name:")? {
                match (field, place) {
                    ("base", None) => fields.set_pattern(&mut base, Slot::Expression)?,
                    ("name", None) => fields.set_words(&mut word)?,
                    _ => return Err(fields.unknown(at, field, place, "base: name:")),
                }
            }
            Shape::Member { base, name: word.unwrap_or_default() }
        }
        "call" => fields.call()?,
        "index" => {
            let (mut base, mut index) = (None, None);
            while let Some((field, place, at)) = fields.next_field("base: index:")? {
                match (field, place) {
                    ("base", None) => fields.set_pattern(&mut base, Slot::Expression)?,
                    ("index", None) => fields.set_pattern(&mut index, Slot::Expression)?,
                    _ => return Err(fields.unknown(at, field, place, "base: index:")),
                }
            }
            Shape::Index { base, index }
        }
        "sequence" => Shape::Sequence(fields.places("item", "item: item[n]: item[-1]: item[*]:", false)?),
        "mapping" => Shape::Mapping(fields.places("key", "key: key[k]: key[*]:", true)?),
        "construct" => {
            let allowed = "of: field: field[F]: field[n]: field[*]:";
            let (mut of, mut parts) = (None, Vec::new());
            while let Some((field, place, at)) = fields.next_field(allowed)? {
                match field {
                    "of" if place.is_none() => fields.set_pattern(&mut of, Slot::Expression)?,
                    "field" => parts.push((read_place(place), fields.pattern(Slot::Expression)?)),
                    _ => return Err(fields.unknown(at, field, place, allowed)),
                }
            }
            Shape::Construct { of, fields: parts }
        }
        "definition" => Shape::Definition(Box::new(fields.definition()?)),
        "chain" => {
            let (mut of, mut by) = (None, None);
            while let Some((field, place, at)) = fields.next_field("of: by:")? {
                match (field, place) {
                    ("of", None) => fields.set_pattern(&mut of, Slot::Expression)?,
                    ("by", None) => fields.set_words(&mut by)?,
                    _ => return Err(fields.unknown(at, field, place, "of: by:")),
                }
            }
            let of = of.ok_or_else(|| Problem::new(form.at, "`chain` needs what it begins with: `(chain of: (_))`"))?;
            Shape::Chain { of, by: by.unwrap_or_default() }
        }
        "with" => {
            let (inner, used) = pattern(fields.rest, fields.captures, Slot::Expression).map_err(|problem| {
                if fields.rest.is_empty() {
                    Problem::new(form.at, "`with` needs the node of its expression: `(with (_))`")
                } else {
                    problem
                }
            })?;
            fields.rest = &fields.rest[used..];
            Shape::With(Box::new(inner))
        }
        "assign" => {
            let (mut target, mut value) = (None, None);
            while let Some((field, place, at)) = fields.next_field("target: value:")? {
                match (field, place) {
                    ("target", None) => fields.set_pattern(&mut target, Slot::Expression)?,
                    ("value", None) => fields.set_pattern(&mut value, Slot::Expression)?,
                    _ => return Err(fields.unknown(at, field, place, "target: value:")),
                }
            }
            Shape::Assign { target, value }
        }
        _ => {
            return Err(Problem::new(
                form.at,
                format!("unknown node `{name}`; allowed: {EXPRESSIONS} definition with assign"),
            ));
        }
    };
    match fields.rest.first() {
        None => Ok(shape),
        Some(extra) => {
            Err(Problem::new(extra.at, format!("{} does not belong into `({name} ..)`", extra.kind.describe())))
        }
    }
}

fn check_slot(form: &Form, name: &str, slot: Slot) -> Result<(), Problem> {
    let message = match (name, slot) {
        ("definition", Slot::Expression) => "a definition cannot stand where an expression stands",
        ("with" | "assign", Slot::Expression | Slot::Definition) => {
            "`with` and `assign` can only be the outermost node of a pattern"
        }
        ("definition" | "_", Slot::Definition) => return Ok(()),
        (_, Slot::Definition) => "only `(definition ..)` can stand here",
        _ => return Ok(()),
    };
    Err(Problem::new(form.at, message))
}

/// Name, place and where it stands.
type FieldName<'a> = (&'a str, Option<&'a str>, Position);

/// The fields of one node, read from the left.
struct Fields<'a, 'c> {
    node: &'a str,
    form: &'a Form,
    rest: &'a [Form],
    captures: &'c mut Captures,
}

impl<'a> Fields<'a, '_> {
    /// Name and place of the next field.
    fn next_field(&mut self, allowed: &str) -> Result<Option<FieldName<'a>>, Problem> {
        let Some((form, rest)) = self.rest.split_first() else { return Ok(None) };
        let FormKind::Field(name, place) = &form.kind else {
            return Err(Problem::new(
                form.at,
                format!("{} where a field of `{}` was expected; allowed: {allowed}", form.kind.describe(), self.node),
            ));
        };
        if rest.is_empty() {
            return Err(Problem::new(
                form.at,
                format!("the field `{}:` has no value", with_place(name, place.as_deref())),
            ));
        }
        self.rest = rest;
        Ok(Some((name.as_str(), place.as_deref(), form.at)))
    }

    fn unknown(&self, at: Position, field: &str, place: Option<&str>, allowed: &str) -> Problem {
        Problem::new(
            at,
            format!("unknown field `{}:` of `{}`; allowed: {allowed}", with_place(field, place), self.node),
        )
    }

    fn pattern(&mut self, slot: Slot) -> Result<Pattern, Problem> {
        let (found, used) = pattern(self.rest, self.captures, slot)?;
        self.rest = &self.rest[used..];
        Ok(found)
    }

    fn set_pattern(&mut self, found: &mut Option<Box<Pattern>>, slot: Slot) -> Result<(), Problem> {
        let at = self.rest.first().map_or(self.form.at, |form| form.at);
        if found.replace(Box::new(self.pattern(slot)?)).is_some() {
            return Err(Problem::new(at, "this field is given twice; use a list `[..]` for alternatives"));
        }
        Ok(())
    }

    fn set_words(&mut self, found: &mut Option<Words>) -> Result<(), Problem> {
        let at = self.rest.first().map_or(self.form.at, |form| form.at);
        if found.replace(self.words()?).is_some() {
            return Err(Problem::new(at, "this field is given twice; use a list `[..]` for alternatives"));
        }
        Ok(())
    }

    /// The word behind the node's name, which may be left out.
    fn own_words(&mut self) -> Result<Words, Problem> {
        if self.rest.is_empty() { Ok(Words::default()) } else { self.words() }
    }

    /// `"x"`, `["x" "y"]` or `_`, with a capture behind it.
    fn words(&mut self) -> Result<Words, Problem> {
        let mut words = Words::default();
        if let Some((form, rest)) = self.rest.split_first() {
            match &form.kind {
                FormKind::Text(text) => words.any_of.push(text.as_str().into()),
                FormKind::Word(word, None) if word == "_" => {}
                FormKind::Choices(items) if !items.is_empty() => {
                    for item in items {
                        let FormKind::Text(text) = &item.kind else {
                            return Err(Problem::new(
                                item.at,
                                format!("a list of words in quotes was expected, not {}", item.kind.describe()),
                            ));
                        };
                        words.any_of.push(Text::from(text.as_str()));
                    }
                }
                other => {
                    return Err(Problem::new(
                        form.at,
                        format!("a word was expected: \"x\", [\"x\" \"y\"] or _, not {}", other.describe()),
                    ));
                }
            }
            self.rest = rest;
        }
        if let Some((form, rest)) = self.rest.split_first()
            && let FormKind::Capture(name) = &form.kind
        {
            words.capture = Some(self.captures.index(form, name)?);
            self.rest = rest;
            if let Some(Form { kind: FormKind::Capture(_), at }) = rest.first() {
                return Err(Problem::new(*at, "a word takes one capture"));
            }
        }
        Ok(words)
    }

    fn places(&mut self, field: &str, allowed: &str, named: bool) -> Result<Vec<(Place, Pattern)>, Problem> {
        let mut parts = Vec::new();
        while let Some((found, place, at)) = self.next_field(allowed)? {
            if found != field {
                return Err(self.unknown(at, found, place, allowed));
            }
            let place = match read_place(place) {
                Place::At(_) | Place::Last if named => Place::Named(place.unwrap_or_default().into()),
                Place::Named(_) if !named => return Err(self.unknown(at, found, place, allowed)),
                place => place,
            };
            parts.push((place, self.pattern(Slot::Expression)?));
        }
        Ok(parts)
    }

    fn call(&mut self) -> Result<Shape, Problem> {
        let allowed =
            "callee: receiver: method: argument: argument[n]: argument[-1]: argument[*]: keyword[name]: keyword[*]:";
        let (mut callee, mut receiver, mut method, mut arguments) = (None, None, None, Vec::new());
        while let Some((field, place, at)) = self.next_field(allowed)? {
            match (field, place) {
                ("callee", None) => self.set_pattern(&mut callee, Slot::Expression)?,
                ("receiver", None) => self.set_pattern(&mut receiver, Slot::Expression)?,
                ("method", None) => self.set_words(&mut method)?,
                ("argument", _) => {
                    let slot = read_place(place);
                    if matches!(slot, Place::Named(_)) {
                        return Err(self.unknown(at, field, place, allowed));
                    }
                    arguments.push((slot, self.pattern(Slot::Expression)?));
                }
                ("keyword", Some(name)) => {
                    arguments.push((Place::Named(name.into()), self.pattern(Slot::Expression)?));
                }
                _ => return Err(self.unknown(at, field, place, allowed)),
            }
        }
        if callee.is_some() && (receiver.is_some() || method.is_some()) {
            return Err(Problem::new(
                self.form.at,
                "`callee:` excludes `receiver:` and `method:`, which stand for a member callee",
            ));
        }
        Ok(Shape::Call { callee, receiver, method, arguments })
    }

    fn definition(&mut self) -> Result<DefinitionShape, Problem> {
        let allowed = "kind: name: base: attribute: parameter: parameter[n]: parameter[*]: parameter[name]: result: \
                       return: declared: value: receiver: implements: inside: member: member[x]: member[*]:";
        let mut shape = DefinitionShape::default();
        let mut name = None;
        let mut single: [(&str, Slot, Option<Box<Pattern>>); 7] = [
            ("result", Slot::Expression, None),
            ("return", Slot::Expression, None),
            ("declared", Slot::Expression, None),
            ("value", Slot::Expression, None),
            ("receiver", Slot::Expression, None),
            ("implements", Slot::Expression, None),
            ("inside", Slot::Definition, None),
        ];
        while let Some((field, place, at)) = self.next_field(allowed)? {
            match (field, place) {
                ("kind", None) => {
                    let words_at = self.rest.first().map_or(at, |form| form.at);
                    let words = self.words()?;
                    if let Some(bad) = words.any_of.iter().find(|word| !KINDS.contains(&word.as_str())) {
                        return Err(Problem::new(
                            words_at,
                            format!("unknown kind \"{bad}\"; allowed: {}", KINDS.join(" ")),
                        ));
                    }
                    if words.capture.is_some() {
                        return Err(Problem::new(words_at, "`kind:` takes no capture"));
                    }
                    shape.kinds = words.any_of;
                }
                ("name", None) => self.set_words(&mut name)?,
                ("base", None) => shape.bases.push(self.pattern(Slot::Expression)?),
                ("attribute", None) => shape.attributes.push(self.pattern(Slot::Expression)?),
                ("parameter", _) => shape.parameters.push((read_place(place), self.pattern(Slot::Expression)?)),
                ("member", _) => match read_place(place) {
                    Place::At(_) | Place::Last => return Err(self.unknown(at, field, place, allowed)),
                    slot => shape.members.push((slot, self.pattern(Slot::Definition)?)),
                },
                (_, None) => match single.iter_mut().find(|(known, ..)| *known == field) {
                    Some((_, slot, found)) => self.set_pattern(found, *slot)?,
                    None => return Err(self.unknown(at, field, place, allowed)),
                },
                _ => return Err(self.unknown(at, field, place, allowed)),
            }
        }
        shape.name = name.unwrap_or_default();
        let [result, returns, declared, value, receiver, implements, inside] =
            single.map(|(_, _, slot)| slot.map(|pattern| *pattern));
        Ok(DefinitionShape { result, returns, declared, value, receiver, implements, inside, ..shape })
    }
}

fn read_place(place: Option<&str>) -> Place {
    match place {
        None => Place::Some,
        Some("*") => Place::Each,
        Some("-1") => Place::Last,
        Some(word) => word.parse().map_or_else(|_| Place::Named(word.into()), Place::At),
    }
}
