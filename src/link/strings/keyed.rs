//! Texts that a registry keeps under keys: `queries.Add(CmdInsert, "INSERT ..")`, and `queries.Pick(CmdInsert)` to have them
//! back. Whatever way the registry keeps them, what a call with a key gives was put beside the same key.

use std::rc::Rc;

use compact_str::CompactString;
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::link::calls::visit;
use crate::link::names::program::Def;
use crate::link::strings::numbered::add_numbering;
use crate::link::strings::texts::TextAt;
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::Var;
use crate::model::fact::{Argument, DefId, DefinitionKind, ExprId, ExprKind, FileFacts, StepKind};
use crate::model::source::Role;

/// Steps from a key to the constant that it is.
const MOST_STEPS: u32 = 3;
/// Keys that one place may stand for.
const MOST_KEYS: usize = 16;

/// What a text is kept under.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Key {
    Constant(Var),
    Text(String),
}

/// What stands beside texts where they are written.
#[derive(Default)]
pub(crate) struct Keyed {
    /// Expressions that may be keys, by the texts beside them.
    beside: FxHashMap<(u32, ExprId), SmallVec<[Spot; 2]>>,
    /// The variable of a module in whose value a text stands.
    homes: FxHashMap<(u32, ExprId), DefId>,
    /// Names of all constants.
    constants: FxHashSet<CompactString>,
    /// Functions that keep a text under a number which they hand back, with the position of the text.
    pub(super) numbering: FxHashMap<Def, usize>,
}

impl Inference<'_> {
    /// Of the texts that a call of the program's own gives, those kept under the key that it names, in the registry that it
    /// is called on.
    pub(crate) fn under_key(&mut self, at: Spot, callee: ExprId, args: &[Argument], texts: Vec<TextAt>) -> Vec<TextAt> {
        if texts.len() < 2 {
            return texts;
        }
        let keyed = self.keyed_texts();
        let beside = |it: &TextAt| keyed.beside.get(&(it.origin.unit, it.origin.expr));
        if !texts.iter().any(|it| beside(it).is_some()) {
            return texts;
        }
        let mut wanted: Vec<Key> = Vec::new();
        for argument in args {
            self.keys(Spot { expr: argument.value, ..at }, &keyed, 0, &mut wanted);
        }
        let mut kept: Vec<TextAt> = Vec::new();
        if !wanted.is_empty() {
            let mut known: FxHashMap<Spot, bool> = FxHashMap::default();
            for text in &texts {
                let spots = beside(text).cloned().unwrap_or_default();
                let is_wanted = spots.into_iter().any(|spot| {
                    *known.entry(spot).or_insert_with(|| {
                        let mut keys = Vec::new();
                        self.keys(spot, &keyed, 0, &mut keys);
                        keys.iter().any(|it| wanted.contains(it))
                    })
                });
                if is_wanted {
                    kept.push(text.clone());
                }
            }
        }
        let kept = if kept.is_empty() { texts } else { kept };
        self.of_registry(at, callee, &keyed, kept)
    }

    /// Those that stand in the value of the variable which the call is made on, if any do.
    fn of_registry(&mut self, at: Spot, callee: ExprId, keyed: &Keyed, texts: Vec<TextAt>) -> Vec<TextAt> {
        let ExprKind::Member { base, .. } = &self.facts(at.unit).expr(callee).kind else { return texts };
        let registries = self.vars_of(at.unit, at.owner, *base);
        let of = |it: &TextAt| {
            let unit = it.origin.unit;
            let home = keyed.homes.get(&(unit, it.origin.expr))?;
            let definition = self.facts(unit).definition(*home);
            self.find_var(self.program.space(unit, definition.parent), &definition.name)
        };
        let own: Vec<TextAt> = texts
            .iter()
            .filter(|it| of(it).is_some_and(|var| registries.iter().any(|(it, _)| *it == var)))
            .cloned()
            .collect();
        let mut texts = if own.is_empty() { texts } else { own };
        // Who put a text there decides nothing.
        for text in texts.iter_mut().filter(|it| keyed.beside.contains_key(&(it.origin.unit, it.origin.expr))) {
            (text.through_parameter, text.begun, text.caller, text.handed_in) = (false, false, None, None);
        }
        texts
    }

    /// Constants and texts that an expression may stand for as a key.
    fn keys(&mut self, at: Spot, keyed: &Keyed, steps: u32, keys: &mut Vec<Key>) {
        if keys.len() >= MOST_KEYS || steps > MOST_STEPS {
            return;
        }
        let facts = self.facts(at.unit);
        match &facts.expr(at.expr).kind {
            ExprKind::Text(text) if is_key(text) => keys.push(Key::Text(text.to_string())),
            ExprKind::Choice(items) => {
                items.iter().for_each(|it| self.keys(Spot { expr: *it, ..at }, keyed, steps + 1, keys));
            }
            ExprKind::Name(_) | ExprKind::Member { .. } => {
                for (var, _) in self.vars_of(at.unit, at.owner, at.expr) {
                    if self.is_constant(at, keyed) {
                        keys.push(Key::Constant(var));
                        continue;
                    }
                    let bound = self.bindings.iter().rev().find(|(it, _)| *it == var).map(|it| it.1);
                    let sources = bound.map_or_else(|| self.sources(var), |it| SmallVec::from_slice(&[it]));
                    for source in sources {
                        self.keys(source, keyed, steps + 1, keys);
                    }
                }
            }
            _ => {}
        }
    }

    /// Whether a name is that of a constant.
    fn is_constant(&self, at: Spot, keyed: &Keyed) -> bool {
        match &self.facts(at.unit).expr(at.expr).kind {
            ExprKind::Name(name) | ExprKind::Member { name, .. } => keyed.constants.contains(name.as_str()),
            _ => false,
        }
    }

    /// What stands beside the texts of all code but tests, worked out when it is first asked for.
    pub(super) fn keyed_texts(&mut self) -> Rc<Keyed> {
        if let Some(known) = &self.keyed {
            return Rc::clone(known);
        }
        let mut keyed = Keyed::default();
        for unit in 0..self.program.units.len() as u32 {
            let file = self.program.unit(unit);
            if matches!(file.source.role, Role::Test | Role::Vendored) {
                continue;
            }
            let facts = file.facts;
            add_numbering(facts, |it| self.program.def(unit, it), &mut keyed.numbering);
            for id in facts.def_ids() {
                let definition = facts.definition(id);
                if definition.kind == DefinitionKind::Constant {
                    keyed.constants.insert(definition.name.as_str().into());
                }
                if let (Some(value), DefId::MODULE) = (definition.value, definition.parent) {
                    visit(facts, value, &mut |it| keyed.at_home(facts, unit, id, it), 0);
                }
            }
            for step in &facts.steps {
                if let StepKind::Call(call) = step.kind
                    && let ExprKind::Call { args, .. } = &facts.expr(call).kind
                    && args.len() > 1
                {
                    keyed.add_call(facts, unit, step.owner, args);
                }
            }
        }
        let keyed = Rc::new(keyed);
        self.keyed = Some(Rc::clone(&keyed));
        keyed
    }
}

impl Keyed {
    /// A part of the value of a module's variable.
    fn at_home(&mut self, facts: &FileFacts, unit: u32, home: DefId, part: ExprId) {
        match &facts.expr(part).kind {
            ExprKind::Text(_) | ExprKind::Template(_) => {
                self.homes.insert((unit, part), home);
            }
            ExprKind::Mapping(entries) => {
                for (key, value) in entries {
                    if let Some(key) = key {
                        let key = Spot { unit, owner: DefId::MODULE, expr: *key };
                        self.add_texts(facts, *value, &[key]);
                    }
                }
            }
            _ => {}
        }
    }

    /// The arguments of a call: those that may be keys, and the texts in the others.
    fn add_call(&mut self, facts: &FileFacts, unit: u32, owner: DefId, args: &[Argument]) {
        let may_be_key = |it: &&Argument| match &facts.expr(it.value).kind {
            ExprKind::Text(text) => is_key(text),
            ExprKind::Name(_) | ExprKind::Member { .. } => true,
            _ => false,
        };
        let keys: Vec<Spot> = args.iter().filter(may_be_key).map(|it| Spot { unit, owner, expr: it.value }).collect();
        if keys.is_empty() || keys.len() == args.len() {
            return;
        }
        for argument in args.iter().filter(|it| !may_be_key(it)) {
            self.add_texts(facts, argument.value, &keys);
        }
    }

    fn add_texts(&mut self, facts: &FileFacts, value: ExprId, keys: &[Spot]) {
        let Some(unit) = keys.first().map(|it| it.unit) else { return };
        let is_text = |it: ExprId| match &facts.expr(it).kind {
            ExprKind::Text(text) => !is_key(text),
            ExprKind::Template(_) => true,
            _ => false,
        };
        visit(
            facts,
            value,
            &mut |it| {
                if is_text(it) {
                    self.beside.entry((unit, it)).or_default().extend_from_slice(keys);
                }
            },
            0,
        );
    }
}

/// Whether a text is a word that may be a key, no statement.
fn is_key(text: &str) -> bool {
    !text.is_empty() && text.len() < 60 && !text.contains(char::is_whitespace)
}
