//! Lineages of types, and which types satisfy which interface.

use std::collections::VecDeque;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::link::names::program::Def;
use crate::link::values::infer::{Inference, Lineage};
use crate::link::values::value::{Sym, Value};
use crate::model::fact::{DefinitionKind, ExprId, ExprKind, ParamKind};

/// A class that is mixed into more types than this says nothing of them.
const MOST_MIXED: usize = 400;

impl<'a> Inference<'a> {
    /// The lineage of a type: method resolution order, then what it inherits from outside.
    pub(crate) fn lineage(&mut self, of: Def) -> Rc<Lineage> {
        if let Some(lineage) = self.lineages.get(&of) {
            return Rc::clone(lineage);
        }
        // A cycle sees the type alone.
        self.lineages.insert(of, Rc::new(Lineage { types: vec![of], outside: Vec::new() }));
        let (unit, id) = self.program.local(of);
        let definition = self.facts(unit).definition(id);
        let mut parents: Vec<Rc<Lineage>> = Vec::new();
        let mut direct = Vec::new();
        let mut outside: Vec<Sym> = Vec::new();
        for base in &definition.bases {
            for value in self.type_objects(unit, definition.parent, *base) {
                match self.pool.value(value) {
                    Value::Def(it) if it != of => {
                        direct.push(it);
                        parents.push(self.lineage(it));
                    }
                    Value::Outside { path, .. } => outside.push(path),
                    _ => {}
                }
            }
        }
        if let Some(extended) = self.extended.get(&of) {
            outside.extend(extended);
        }
        let mut types = merge_orders(of, &direct, &parents);
        types.dedup();
        for parent in &parents {
            for path in &parent.outside {
                if !outside.contains(path) {
                    outside.push(*path);
                }
            }
        }
        let lineage = Rc::new(Lineage { types, outside });
        self.lineages.insert(of, Rc::clone(&lineage));
        lineage
    }

    /// Which types satisfy which interface: by declaration, and by their method sets where no declaration is needed.
    pub(crate) fn find_implementers(&mut self) {
        let mut found: FxHashMap<Def, Vec<Def>> = FxHashMap::default();
        let mut methods: Methods<'a> = FxHashMap::default();
        let mut interfaces: Vec<Def> = Vec::new();
        for unit in 0..self.program.units.len() as u32 {
            let facts = self.facts(unit);
            for id in facts.def_ids() {
                let definition = facts.definition(id);
                let def = self.program.def(unit, id);
                match definition.kind {
                    DefinitionKind::Interface => interfaces.push(def),
                    DefinitionKind::Type => {
                        for base in self.lineage(def).types.iter().skip(1) {
                            found.entry(*base).or_default().push(def);
                        }
                    }
                    DefinitionKind::Method => {
                        let owners: Vec<Def> = match definition.receiver {
                            Some(receiver) => self
                                .type_objects(unit, definition.parent, receiver)
                                .iter()
                                .filter_map(
                                    |it| if let Value::Def(of) = self.pool.value(*it) { Some(of) } else { None },
                                )
                                .collect(),
                            None => vec![self.program.def(unit, definition.parent)],
                        };
                        for of in owners {
                            methods.entry(of).or_default().insert(&definition.name, def);
                            if let Some(contract) = definition.implements {
                                for value in self.type_objects(unit, definition.parent, contract) {
                                    if let Value::Def(interface) = self.pool.value(value) {
                                        found.entry(interface).or_default().push(of);
                                    }
                                }
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
        self.match_method_sets(&interfaces, &methods, &mut found);
        found.values_mut().for_each(|types| {
            types.sort_unstable();
            types.dedup();
            // A double stands for its contract only where nothing else does.
            if types.iter().any(|it| !self.program.is_test(*it)) {
                types.retain(|it| !self.program.is_test(*it));
            }
        });
        self.implementers = found;
        self.borrow_bases();
    }

    /// A class without a known base that is mixed into others only does what all of these can do: its methods run on them.
    fn borrow_bases(&mut self) {
        let mut mixins: Vec<(Def, Vec<Def>)> = (self.implementers.iter())
            .filter(|(of, below)| {
                !below.is_empty() && below.len() <= MOST_MIXED && self.program.kind(**of) == DefinitionKind::Type
            })
            .map(|(of, below)| (*of, below.clone()))
            .collect();
        mixins.sort_unstable();
        for (of, below) in mixins {
            let own = self.lineage(of);
            if !self.looks_below(of) || own.outside.iter().any(|it| self.stubs.knows(self.pool.text(*it))) {
                continue;
            }
            let mut shared: Option<Vec<Sym>> = None;
            for it in below {
                // Another mixin says nothing; what is mixed into it does.
                let outside = self.lineage(it).outside.clone();
                if outside.is_empty() && self.implementers.contains_key(&it) {
                    continue;
                }
                let mut above: Vec<Sym> = Vec::new();
                for path in outside {
                    let text = self.pool.text(path).to_owned();
                    for base in self.stubs.lineage(&text) {
                        if self.stubs.knows(base) {
                            let base = self.pool.sym(base);
                            above.push(base);
                        }
                    }
                }
                match &mut shared {
                    None => shared = Some(above),
                    Some(shared) => shared.retain(|it| above.contains(it)),
                }
                if shared.as_ref().is_some_and(Vec::is_empty) {
                    break;
                }
            }
            let Some(shared) = shared.filter(|it| !it.is_empty()) else { continue };
            let mut outside = own.outside.clone();
            for path in shared {
                if !outside.contains(&path) {
                    outside.push(path);
                }
            }
            self.lineages.insert(of, Rc::new(Lineage { types: own.types.clone(), outside }));
            self.mixins.insert(of);
        }
    }

    /// Whether methods of a type may use what only types below it have.
    pub(crate) fn looks_below(&self, of: Def) -> bool {
        self.facts(self.program.unit_of(of)).typing.looks_below
    }

    /// Whether the type's bases are parts it embeds (Go), not types it inherits from.
    pub(crate) fn embeds_parts(&self, of: Def) -> bool {
        self.facts(self.program.unit_of(of)).typing.embeds_parts
    }

    /// Structural satisfaction, for languages whose methods need not say which interface they serve (Go).
    pub(crate) fn match_method_sets(
        &mut self,
        interfaces: &[Def],
        methods: &Methods<'a>,
        found: &mut FxHashMap<Def, Vec<Def>>,
    ) {
        let mut by_name: FxHashMap<&str, Vec<Def>> = FxHashMap::default();
        let mut sets: Vec<(Def, FxHashMap<&'a str, Def>)> = Vec::new();
        let known = self.type_names();
        let mut types: Vec<Def> = methods.keys().copied().collect();
        types.sort_unstable();
        for of in types {
            let (unit, _) = self.program.local(of);
            if self.program.kind(of) != DefinitionKind::Type || !self.facts(unit).typing.is_structural {
                continue;
            }
            let mut all: FxHashMap<&'a str, Def> = FxHashMap::default();
            for base in self.lineage(of).types.iter().rev() {
                if let Some(own) = methods.get(base) {
                    all.extend(own.iter().map(|(name, def)| (*name, *def)));
                }
            }
            let mut names: Vec<&str> = all.keys().copied().collect();
            names.sort_unstable();
            for name in names {
                by_name.entry(name).or_default().push(of);
            }
            sets.push((of, all));
        }
        for interface in interfaces {
            let mut wanted: Vec<(&str, Def)> = Vec::new();
            for base in &self.lineage(*interface).types {
                if let Some(own) = methods.get(base) {
                    wanted.extend(own.iter().map(|(name, def)| (*name, *def)));
                }
            }
            wanted.sort_unstable();
            let Some((rarest, _)) = wanted.iter().min_by_key(|(it, _)| by_name.get(*it).map_or(0, Vec::len)) else {
                continue;
            };
            for of in by_name.get(*rarest).into_iter().flatten() {
                let Ok(at) = sets.binary_search_by_key(of, |(it, _)| *it) else { continue };
                let has = |(name, of): &(&str, Def)| {
                    sets[at].1.get(name).is_some_and(|it| self.same_signature(&known, *of, *it))
                };
                if wanted.iter().all(has) {
                    found.entry(*interface).or_default().push(*of);
                }
            }
        }
    }
}

/// Methods by the type they are written for, and by name.
type Methods<'a> = FxHashMap<Def, FxHashMap<&'a str, Def>>;

/// Predeclared types with one name each; those with two (`byte`, `rune`) tell nothing.
const PREDECLARED: &[&str] = &[
    "string", "bool", "error", "int", "int8", "int16", "int64", "uint", "uint16", "uint32", "uint64", "float32",
    "float64",
];

impl<'a> Inference<'a> {
    /// Names that surely are types, and not another name of one or a type parameter.
    fn type_names(&self) -> FxHashSet<&'a str> {
        let mut known: FxHashSet<&'a str> = PREDECLARED.iter().copied().collect();
        let mut aliases: FxHashSet<&'a str> = FxHashSet::default();
        for unit in &self.program.units {
            for definition in &unit.facts.definitions {
                match definition.kind {
                    DefinitionKind::Type | DefinitionKind::Interface if definition.name.len() > 1 => {
                        known.insert(&definition.name);
                    }
                    DefinitionKind::Alias => {
                        aliases.insert(&definition.name);
                    }
                    _ => {}
                }
            }
        }
        known.retain(|it| !aliases.contains(it));
        known
    }

    /// Whether two methods of one name take and give the same, as far as it is written: a type whose name is not known
    /// to be one may be any.
    fn same_signature(&self, known: &FxHashSet<&str>, one: Def, other: Def) -> bool {
        let side = |def: Def| {
            let (unit, _) = self.program.local(def);
            let definition = self.program.definition(def);
            let params: Vec<(ParamKind, Option<ExprId>)> = definition
                .params
                .iter()
                .filter(|it| it.kind != ParamKind::Receiver)
                .map(|it| (it.kind, it.declared))
                .collect();
            let results: Vec<ExprId> = match definition.result {
                None => Vec::new(),
                Some(result) => match &self.facts(unit).expr(result).kind {
                    ExprKind::Sequence(items) => items.clone(),
                    _ => vec![result],
                },
            };
            (unit, params, results)
        };
        let ((unit, params, results), (other_unit, other_params, other_results)) = (side(one), side(other));
        let same = |a: Option<ExprId>, b: Option<ExprId>| match (a, b) {
            (Some(a), Some(b)) => self.may_be_same_type(known, (unit, a), (other_unit, b)),
            _ => true,
        };
        params.len() == other_params.len()
            && results.len() == other_results.len()
            && params.iter().zip(&other_params).all(|(a, b)| a.0 == b.0 && same(a.1, b.1))
            && results.iter().zip(&other_results).all(|(a, b)| same(Some(*a), Some(*b)))
    }

    fn may_be_same_type(&self, known: &FxHashSet<&str>, one: (u32, ExprId), other: (u32, ExprId)) -> bool {
        match (&self.facts(one.0).expr(one.1).kind, &self.facts(other.0).expr(other.1).kind) {
            (
                ExprKind::Name(a) | ExprKind::Member { name: a, .. },
                ExprKind::Name(b) | ExprKind::Member { name: b, .. },
            ) => a == b || !known.contains(a.as_str()) || !known.contains(b.as_str()),
            (ExprKind::Index { base: a, index: x }, ExprKind::Index { base: b, index: y }) => {
                self.may_be_same_type(known, (one.0, *a), (other.0, *b))
                    && self.may_be_same_type(known, (one.0, *x), (other.0, *y))
            }
            _ => true,
        }
    }
}

/// C3 linearization of the method resolution order (Python's, Barrett et al. 1996); depth-first where none exists.
fn merge_orders(of: Def, direct: &[Def], parents: &[Rc<Lineage>]) -> Vec<Def> {
    let mut lists: Vec<VecDeque<Def>> = parents.iter().map(|it| it.types.iter().copied().collect()).collect();
    lists.push(direct.iter().copied().collect());
    let mut order = vec![of];
    loop {
        lists.retain(|it| !it.is_empty());
        if lists.is_empty() {
            return order;
        }
        let candidate = lists
            .iter()
            .map(|it| it[0])
            .find(|head| !lists.iter().any(|list| list.iter().skip(1).any(|it| it == head)));
        let next = candidate.unwrap_or(lists[0][0]);
        if !order.contains(&next) {
            order.push(next);
        }
        for list in &mut lists {
            list.retain(|it| *it != next);
        }
    }
}
