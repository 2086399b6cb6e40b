//! Decorators of the program that put an argument in: what runs in the place of the function calls it with all that it is
//! given and something more (`return function(args[0], config.db.store, *args[1:])`). Callers know nothing of that parameter,
//! so before anything is linked it is put behind those that they give.

use std::borrow::Borrow;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::model::fact::{
    Argument, DefId, Definition, DefinitionKind, ExprId, ExprKind, FileFacts, ParamKind, StepKind,
};

/// What decorators put into functions, by the file's position and the function: the parameter, and what it is given.
pub(crate) type PutIn = BTreeMap<(usize, DefId), Vec<Given>>;

/// A parameter that a decorator gives its value, which is written in the decorator's file.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub(crate) param: String,
    /// Position of the file, the function that runs around, and the expression in it.
    pub(crate) file: usize,
    pub(crate) owner: DefId,
    pub(crate) value: ExprId,
    /// The call that puts it in.
    pub(crate) call: ExprId,
}

/// One way in which a decorator calls what it decorates.
struct Way {
    file: usize,
    owner: DefId,
    call: ExprId,
    at: usize,
    values: Vec<ExprId>,
}

/// Facts of the files with functions whose parameters change their places, by position, and what these parameters are given.
pub(crate) fn moved<F: Borrow<FileFacts>>(facts: &[(usize, F)]) -> (FxHashMap<usize, FileFacts>, PutIn) {
    let mut decorators: FxHashMap<&str, Vec<Way>> = FxHashMap::default();
    for (position, (_, facts)) in facts.iter().enumerate() {
        ways_of(position, facts.borrow(), &mut decorators);
    }
    let (mut changed, mut given) = (FxHashMap::default(), PutIn::default());
    if decorators.is_empty() {
        return (changed, given);
    }
    for (position, (_, facts)) in facts.iter().enumerate() {
        let facts: &FileFacts = facts.borrow();
        for id in facts.def_ids() {
            let definition = facts.definition(id);
            for attribute in &definition.attributes {
                let Some(name) = last_word(facts, *attribute) else { continue };
                let Some(ways) = decorators.get(name) else { continue };
                // Another function of that name is no decorator of this kind: the file must have it, or ask for it.
                let is_meant = ways.iter().all(|it| it.file == position)
                    || facts.imports.iter().any(|it| it.name.as_deref() == Some(name));
                let fits = |it: &&Way| it.at + it.values.len() <= before_rest(definition);
                let Some(way) = ways.iter().filter(fits).max_by_key(|it| it.at).filter(|_| is_meant) else { continue };
                let own: &mut FileFacts = changed.entry(position).or_insert_with(|| facts.clone());
                let params = &mut own.definitions[id.0 as usize].params;
                let taken: Vec<_> = params.drain(way.at..way.at + way.values.len()).collect();
                let of = given.entry((position, id)).or_default();
                of.extend(taken.iter().zip(&way.values).map(|(param, value)| Given {
                    param: param.name.to_string(),
                    file: way.file,
                    owner: way.owner,
                    value: *value,
                    call: way.call,
                }));
                params.extend(taken);
            }
        }
    }
    (changed, given)
}

/// How many parameters a function has that are given by their place.
fn before_rest(definition: &Definition) -> usize {
    definition.params.iter().take_while(|it| matches!(it.kind, ParamKind::Plain | ParamKind::Receiver)).count()
}

/// Decorators of a file that put something in, by their names.
fn ways_of<'f>(position: usize, facts: &'f FileFacts, decorators: &mut FxHashMap<&'f str, Vec<Way>>) {
    for step in &facts.steps {
        let StepKind::Call(call) = step.kind else { continue };
        let ExprKind::Call { callee, args } = &facts.expr(call).kind else { continue };
        let ExprKind::Name(wrapped) = &facts.expr(*callee).kind else { continue };
        let wrapper = facts.definition(step.owner);
        let decorator = facts.definition(wrapper.parent);
        if wrapper.parent == step.owner
            || decorator.kind != DefinitionKind::Function
            || wrapped_name(decorator) != Some(wrapped)
        {
            continue;
        }
        if let Some((at, values)) = hands_on(facts, wrapper, args)
            && !values.is_empty()
        {
            let way = Way { file: position, owner: step.owner, call, at, values };
            decorators.entry(decorator.name.as_str()).or_default().push(way);
        }
    }
    // Several decorators of one name are told apart by nobody here.
    decorators.retain(|_, ways| ways.iter().all(|it| it.file == ways[0].file));
}

/// The name under which a decorator knows what it decorates.
pub(crate) fn wrapped_name(decorator: &Definition) -> Option<&str> {
    Some(decorator.params.iter().find(|it| it.kind == ParamKind::Plain)?.name.as_str())
}

/// Whether a call hands on all that a wrapper is given by place: then where something is put in between, and what.
pub(crate) fn hands_on(facts: &FileFacts, wrapper: &Definition, args: &[Argument]) -> Option<(usize, Vec<ExprId>)> {
    let rest = wrapper.params.iter().position(|it| it.kind == ParamKind::Rest)?;
    let is_name = |expr: ExprId, name: &str| matches!(&facts.expr(expr).kind, ExprKind::Name(it) if it == name);
    let mut own = wrapper.params[..rest].iter();
    let mut expected = own.next();
    let rest = wrapper.params[rest].name.as_str();
    let (mut place, mut elements, mut ended) = (0, 0, false);
    let (mut at, mut put): (usize, Vec<ExprId>) = (0, Vec::new());
    for argument in args.iter().filter(|it| it.name.is_none()) {
        let value = argument.value;
        if argument.spread {
            // `*args`, `*args[1:]`: a part of a list is lowered to the list. What is spread besides are keywords.
            if is_name(value, rest) {
                if expected.is_some() {
                    return None;
                }
                ended = true;
            }
            continue;
        }
        if ended {
            return None;
        }
        if let Some(param) = expected
            && is_name(value, &param.name)
        {
            expected = own.next();
        } else if expected.is_none() && is_element(facts, value, rest, elements) {
            elements += 1;
        } else {
            let is_one_group = put.is_empty() || at + put.len() == place;
            if !is_one_group || mentions(facts, value, rest) {
                return None;
            }
            if put.is_empty() {
                at = place;
            }
            put.push(value);
        }
        place += 1;
    }
    // Without its list of arguments a call hands on only what it names: nothing, where there is none.
    let is_all =
        ended || elements == 0 && expected.is_none() && !put.is_empty() && at == 0 && wrapper.params[0].name == rest;
    is_all.then_some((at, put))
}

/// Whether an expression is the element of a list at this place (`args[0]`).
fn is_element(facts: &FileFacts, expr: ExprId, list: &str, place: usize) -> bool {
    let ExprKind::Index { base, index } = &facts.expr(expr).kind else { return false };
    matches!(&facts.expr(*base).kind, ExprKind::Name(it) if it == list)
        && matches!(&facts.expr(*index).kind, ExprKind::Constant(it) if it.parse() == Ok(place))
}

/// Whether an expression is a name, or an element of what it stands for.
fn mentions(facts: &FileFacts, expr: ExprId, name: &str) -> bool {
    match &facts.expr(expr).kind {
        ExprKind::Name(it) => it == name,
        ExprKind::Index { base, .. } | ExprKind::Member { base, .. } => mentions(facts, *base, name),
        ExprKind::Call { callee, args } => {
            mentions(facts, *callee, name) || args.iter().any(|it| mentions(facts, it.value, name))
        }
        _ => false,
    }
}

/// The last word of what stands as a decorator, without its call.
fn last_word(facts: &FileFacts, expr: ExprId) -> Option<&str> {
    match &facts.expr(expr).kind {
        ExprKind::Name(name) | ExprKind::Member { name, .. } => Some(name),
        _ => None,
    }
}
