//! Names that entities work out for their stores: which convention a function follows is told by the names that are known.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use crate::link::access::accesses::Accesses;
use crate::link::names::program::Def;
use crate::link::storage::stores::Stores;
use crate::link::values::guards::capture;
use crate::link::values::infer::Inference;
use crate::model::fact::{Captured, DefinitionKind};
use crate::model::graph::Confidence;
use crate::model::rule::Rule;

/// An entity whose name for its store is worked out.
#[derive(Clone, Copy)]
pub(crate) struct Computed<'a> {
    pub(crate) of: Def,
    /// Type that holds the function which works it out.
    namer: Def,
    function: Def,
    rule: &'a Rule,
}

impl<'a> Inference<'a> {
    /// The entity, where the member that names its store (`entity.named_by`) is a function that it inherits.
    pub(crate) fn computed_name(&mut self, of: Def, member: &str, rule: &'a Rule) -> Option<Computed<'a>> {
        let lineage = self.lineage(of).types.clone();
        let holder = |it: &&Def| !self.program.members(self.program.def_space(**it), member).is_empty();
        let namer = *lineage.iter().find(holder)?;
        let members = self.program.members(self.program.def_space(namer), member);
        let function = members.into_iter().find(|it| self.program.definition(*it).kind == DefinitionKind::Method)?;
        (namer != of).then_some(Computed { of, namer, function, rule })
    }

    /// Names that the functions give for their classes; where these cannot be followed, names by the convention of
    /// `entity.store` (a list, the commonest first) under which most entities with the same function have a store that is
    /// known: from DDL, or because a foreign key names it. With each whether nothing but the convention says it.
    pub(crate) fn fitting_names(&mut self, computed: &[Computed<'a>], stores: &Stores) -> Vec<(Def, String, bool)> {
        if computed.is_empty() {
            return Vec::new();
        }
        let mut known = self.names_of_keys();
        known.extend(stores.drafts.iter().map(|it| it.name.to_lowercase()));
        let mut groups: BTreeMap<Def, Vec<Computed<'a>>> = BTreeMap::new();
        let mut fitting = Vec::new();
        for it in computed {
            match self.text_for_class(it.function, it.of).filter(|it| !it.is_empty() && !it.contains('{')) {
                Some(name) => fitting.push((it.of, name, false)),
                None => groups.entry(it.namer).or_default().push(*it),
            }
        }
        for group in groups.into_values() {
            let conventions = group[0].rule.settings.get("entity.store").map_or("", String::as_str);
            let mut best: Option<(usize, Vec<(Def, String)>)> = None;
            for convention in conventions.split_whitespace() {
                let names = group.iter().map(|it| (it.of, self.conventional_name(it.rule, convention, it.of)));
                let names: Vec<(Def, String)> = names.collect();
                let fits = names.iter().filter(|(_, name)| known.contains(&name.to_lowercase())).count();
                if best.as_ref().is_none_or(|(most, _)| fits > *most) {
                    best = Some((fits, names));
                }
            }
            if let Some((fits, names)) = best {
                fitting.extend(names.into_iter().map(|(of, name)| (of, name, fits == 0)));
            }
        }
        fitting
    }

    /// What touches a store whose name only a convention says is likely at most.
    pub(crate) fn bound_by_names(&self, stores: &Stores, found: &mut Accesses) {
        if stores.unsure_types.is_empty() {
            return;
        }
        let unsure: FxHashSet<usize> =
            stores.unsure_types.iter().filter_map(|it| stores.of_type.get(it).copied()).collect();
        for access in found.accesses.iter_mut().filter(|it| unsure.contains(&it.store)) {
            access.confidence = access.confidence.min(Confidence::Likely);
        }
    }

    /// Stores that foreign keys of entities name in texts: `order` for `order.id`.
    fn names_of_keys(&mut self) -> FxHashSet<String> {
        let mut names = FxHashSet::default();
        for (unit, rule, found) in self.hits(|it| it.settings.contains_key("relation.kind")) {
            if rule.settings.get("relation.kind").is_some_and(|it| it == "foreign-key")
                && let Some(Captured::Expr(expr)) = capture(rule, found, "entity.relation")
                && let Some(text) = self.plain_text(unit, found.owner, *expr)
                && let Some((store, _)) = text.rsplit_once('.')
            {
                let bare = store.rsplit('.').next().unwrap_or(store);
                names.insert(bare.to_lowercase());
                names.insert(store.to_lowercase());
            }
        }
        names
    }
}
