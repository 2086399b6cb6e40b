//! Types whose methods serve because an object of theirs is given to what serves them (the roots of a schema), also as a
//! part of another one.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::link::names::program::Def;
use crate::link::values::guards::{capture, captures};
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::Value;
use crate::model::fact::{Captured, DefinitionKind, ExprKind, Match};
use crate::model::rule::Rule;

/// Types that serve, with the methods that they answer to.
pub(crate) type Roots = FxHashMap<Def, Vec<String>>;

impl Inference<'_> {
    /// Types of which production code hands an object to what serves it (`@endpoint.root`), with what they are made of
    /// (`@endpoint.parts`).
    pub(crate) fn root_types(&mut self) -> Roots {
        let mut roots = Roots::default();
        let mut made_of_parts: Option<FxHashSet<Def>> = None;
        for (unit, rule, hit) in self.hits(|it| it.has("endpoint.root")) {
            if self.program.is_test(self.program.def(unit, hit.owner)) || !self.group_guards(unit, rule, hit) {
                continue;
            }
            let Some(method) = rule.settings.get("endpoint.method") else { continue };
            for captured in captures(rule, hit, "endpoint.root") {
                let Captured::Expr(expr) = captured else { continue };
                let mut open = self.types_of_object(Spot { unit, owner: hit.owner, expr: *expr });
                while let Some(of) = open.pop() {
                    let methods = roots.entry(of).or_default();
                    if methods.contains(method) {
                        continue;
                    }
                    methods.push(method.clone());
                    if made_of_parts.is_none() {
                        made_of_parts = Some(self.types_of_parts());
                    }
                    if made_of_parts.as_ref().is_some_and(|it| it.contains(&of)) {
                        open.extend(self.field_types(of));
                    }
                }
            }
        }
        roots
    }

    /// The methods to which a definition inside such a type answers.
    pub(crate) fn rooted_methods(&mut self, unit: u32, rule: &Rule, hit: &Match, roots: &Roots) -> Vec<String> {
        let Some(Captured::Definition(id)) = capture(rule, hit, "endpoint") else { return Vec::new() };
        let definition = self.facts(unit).definition(*id);
        let Some(receiver) = definition.receiver else { return Vec::new() };
        let parent = definition.parent;
        let mut methods = Vec::new();
        for value in self.type_objects(unit, parent, receiver) {
            if let Value::Def(of) = self.pool.value(value) {
                methods.extend(roots.get(&of).into_iter().flatten().cloned());
            }
        }
        methods
    }

    /// Types whose objects an expression gives: what it is, or what a function of the type makes (`Query::default()`).
    fn types_of_object(&mut self, spot: Spot) -> Vec<Def> {
        let of_values = |it: &mut Self, expr| {
            let values = it.eval(spot.unit, spot.owner, expr);
            let types = values.iter().filter_map(|value| match it.pool.value(*value) {
                Value::Instance(of) | Value::Def(of) if it.program.is_type(of) => Some(of),
                _ => None,
            });
            types.collect::<Vec<Def>>()
        };
        let types = of_values(self, spot.expr);
        if !types.is_empty() {
            return types;
        }
        let facts = self.facts(spot.unit);
        match &facts.expr(spot.expr).kind {
            ExprKind::Call { callee, .. } => match &facts.expr(*callee).kind {
                ExprKind::Member { base, .. } => of_values(self, *base),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    fn types_of_parts(&mut self) -> FxHashSet<Def> {
        let mut types = FxHashSet::default();
        for (unit, rule, hit) in self.hits(|it| it.has("endpoint.parts")) {
            if let Some(Captured::Definition(id)) = capture(rule, hit, "endpoint.parts")
                && self.group_guards(unit, rule, hit)
            {
                types.insert(self.program.def(unit, *id));
            }
        }
        types
    }

    fn field_types(&mut self, of: Def) -> Vec<Def> {
        let (unit, id) = self.program.local(of);
        let definitions = &self.facts(unit).definitions;
        let fields = definitions.iter().filter(|it| it.parent == id && it.kind == DefinitionKind::Field);
        let declared: Vec<_> = fields.filter_map(|it| it.declared).collect();
        let mut types = Vec::new();
        for declared in declared {
            for value in self.types(unit, id, declared) {
                if let Value::Instance(of) | Value::Def(of) = self.pool.value(value) {
                    types.push(of);
                }
            }
        }
        types
    }
}
