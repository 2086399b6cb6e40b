//! Outside names that stand for what a function or type of the program gives: `current_user` is what the registered loader
//! finds (`@provides`, `provides.name`), `request.db` what was registered under that name (`@provides.key`).

use smallvec::SmallVec;

use crate::link::names::program::Def;
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::{Site, Subject, Sym, Value, ValueId, Values, insert, union};
use crate::model::fact::{Captured, DefId, ExprId, ExprKind};

/// Who says what an outside name is.
#[derive(Clone, Copy)]
pub(crate) enum Provider {
    /// A function of the program, by what it gives.
    Function(Def),
    /// An expression that names a function, or a type for an instance of it.
    Named(Spot),
}

impl Inference<'_> {
    /// Reads which outside names the program gives a meaning. Runs once module level is known.
    pub(crate) fn find_provided(&mut self) {
        for (unit, rule, found) in self.hits(|it| it.has("provides")) {
            if self.guards_hold(unit, found.owner, rule, found) != Held::Yes {
                continue;
            }
            let provider = match capture(rule, found, "provides") {
                Some(Captured::Definition(id)) => Provider::Function(self.program.def(unit, *id)),
                Some(Captured::Expr(expr)) => Provider::Named(Spot { unit, owner: found.owner, expr: *expr }),
                _ => continue,
            };
            let key = match capture(rule, found, "provides.key") {
                Some(Captured::Expr(expr)) => self.plain_text(unit, found.owner, *expr),
                _ => None,
            };
            for name in rule.words("provides.name") {
                let name = match &key {
                    Some(key) => name.replace("{key}", key),
                    None if name.contains('{') => continue,
                    None => name.to_owned(),
                };
                let path = self.pool.sym(self.stubs.canonical(&name));
                self.provided.entry(path).or_default().push(provider);
            }
        }
        let pool = &self.pool;
        let provided = &self.provided;
        self.outside_imports.retain(|_, id| match pool.value(*id) {
            Value::Outside { path, .. } => !provided.contains_key(&path),
            _ => true,
        });
    }

    /// Texts that the program gives for an outside name (an option's default for `conf.option`).
    pub(crate) fn texts_provided(&mut self, unit: u32, owner: DefId, expr: ExprId) -> Vec<Spot> {
        if self.provided.is_empty() {
            return Vec::new();
        }
        let mut spots = Vec::new();
        for value in self.eval(unit, owner, expr) {
            let Some(path) = self.provider_of(value) else { continue };
            spots.extend(self.provided[&path].iter().filter_map(|it| match it {
                Provider::Named(spot) if matches!(self.facts(spot.unit).expr(spot.expr).kind, ExprKind::Text(_)) => {
                    Some(*spot)
                }
                _ => None,
            }));
        }
        spots
    }

    /// Whether the program says what this outside value is.
    pub(crate) fn is_provided(&self, id: ValueId) -> bool {
        !self.provided.is_empty() && self.provider_of(id).is_some()
    }

    fn provider_of(&self, id: ValueId) -> Option<Sym> {
        match self.pool.value(id) {
            Value::Outside { path, .. } if self.provided.contains_key(&path) => Some(path),
            _ => None,
        }
    }

    /// What the program gives for a member of an outside value.
    pub(crate) fn provided_member(&mut self, path: Sym) -> Option<Values> {
        if !self.provided.contains_key(&path) {
            return None;
        }
        let id = self.pool.id(Value::Outside { path, instance: true, subject: Subject::None, site: Site(0) });
        let mut given = self.with_provided(id);
        given.retain(|it| *it != id);
        Some(given).filter(|it| !it.is_empty())
    }

    /// An outside value and what the program gives in its place.
    pub(crate) fn with_provided(&mut self, id: ValueId) -> Values {
        let mut values: Values = SmallVec::from_slice(&[id]);
        if self.provided.is_empty() {
            return values;
        }
        let Some(path) = self.provider_of(id) else { return values };
        for provider in self.provided[&path].clone() {
            match provider {
                Provider::Function(def) => {
                    let given = self.results_of(def);
                    union(&mut values, &given);
                }
                Provider::Named(spot) => {
                    let mut named = self.eval(spot.unit, spot.owner, spot.expr);
                    if named.is_empty()
                        && let Some(text) = self.plain_text(spot.unit, spot.owner, spot.expr)
                        && let Some(found) = self.through_path(spot.unit, &text)
                    {
                        named = found;
                    }
                    for value in named {
                        match self.pool.value(value) {
                            Value::Def(of) if self.program.is_type(of) => {
                                let id = self.pool.id(Value::Instance(of));
                                insert(&mut values, id);
                            }
                            Value::Def(of) | Value::Bound(of, _) if self.program.is_function(of) => {
                                let given = self.results_of(of);
                                union(&mut values, &given);
                            }
                            _ => {}
                        }
                    }
                }
            }
        }
        values
    }
}
