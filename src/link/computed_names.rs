//! Names that entities work out for their stores: which convention a function follows is told by the names that are known.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use crate::link::guards::capture;
use crate::link::infer::Inference;
use crate::link::program::Def;
use crate::link::stores::Stores;
use crate::model::fact::{Captured, DefinitionKind};
use crate::model::rule::Rule;

/// An entity whose name for its store is worked out.
#[derive(Clone, Copy)]
pub(crate) struct Computed<'a> {
    pub(crate) of: Def,
    /// Type that holds the function which works it out.
    namer: Def,
    rule: &'a Rule,
}

impl<'a> Inference<'a> {
    /// The entity, where the member that names its store (`entity.named_by`) is a function that it inherits.
    pub(crate) fn computed_name(&mut self, of: Def, member: &str, rule: &'a Rule) -> Option<Computed<'a>> {
        let lineage = self.lineage(of).types.clone();
        let holder = |it: &&Def| !self.program.members(self.program.def_space(**it), member).is_empty();
        let namer = *lineage.iter().find(holder)?;
        let members = self.program.members(self.program.def_space(namer), member);
        let works_out = members.iter().any(|it| self.program.definition(*it).kind == DefinitionKind::Method);
        (works_out && namer != of).then_some(Computed { of, namer, rule })
    }

    /// Names by the convention of `entity.store` (a list, the commonest first) under which most entities with the same
    /// function have a store that is known: from DDL, or because a foreign key names it.
    pub(crate) fn fitting_names(&mut self, computed: &[Computed<'a>], stores: &Stores) -> Vec<(Def, String)> {
        if computed.is_empty() {
            return Vec::new();
        }
        let mut known = self.names_of_keys();
        known.extend(stores.drafts.iter().map(|it| it.name.to_lowercase()));
        let mut groups: BTreeMap<Def, Vec<Computed<'a>>> = BTreeMap::new();
        for it in computed {
            groups.entry(it.namer).or_default().push(*it);
        }
        let mut fitting = Vec::new();
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
            fitting.extend(best.into_iter().flat_map(|(_, names)| names));
        }
        fitting
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
