//! Members that stand for a relation of what another relation leads to: `order.tags` for `order.product.tags`.

use crate::link::entities::relations::Related;
use crate::link::names::program::Def;
use crate::link::storage::stores::Stores;
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::Inference;
use crate::link::values::value::Subject;
use crate::model::fact::Captured;

/// What a member stands for.
#[derive(Clone, Debug)]
pub(crate) struct Proxied {
    /// The entity that is gone through.
    between: Def,
    /// Its rows come with those that have the member.
    comes_along: bool,
    /// Who has the relation that is meant in the end, and its name there.
    end: (Def, String),
}

impl Inference<'_> {
    /// Declares such members, once the relations that they go by are known.
    pub(crate) fn declare_proxied(&mut self) {
        for (unit, rule, found) in self.hits(|it| it.has("entity.along")) {
            let (Some(Captured::Definition(root)), Some(Captured::Definition(member))) =
                (capture(rule, found, "definition.entity"), capture(rule, found, "entity.column"))
            else {
                continue;
            };
            let (Some(along), Some(far)) = (
                self.captured_name(unit, rule, found, "entity.along"),
                self.captured_name(unit, rule, found, "entity.far"),
            ) else {
                continue;
            };
            if self.guards_hold(unit, found.owner, rule, found) != Held::Yes {
                continue;
            }
            let own = self.program.def(unit, *root);
            let Some(first) = self.relation_of(own, &along) else { continue };
            let Subject::Type(between) = first.of else { continue };
            let name = self.facts(unit).definition(*member).name.to_string();
            // A column of the rows between, or one more relation.
            let (last, end) = match self.relation_of(between, &far) {
                Some(last) => (last, (between, far)),
                None => (first.clone(), (own, along)),
            };
            let many = first.many || last.many;
            let related = Related { many, loads: Some(found.rule), eager: false, ..last };
            self.related.insert((own, name.clone()), related);
            self.proxied.insert((own, name), Proxied { between, comes_along: first.eager, end });
        }
    }

    /// The tables between that such members stand for are theirs, too.
    pub(crate) fn link_proxied(&mut self, stores: &mut Stores) {
        let mut linked = Vec::new();
        let mut all: Vec<_> = self.proxied.iter().map(|(key, it)| (key.clone(), it.clone())).collect();
        all.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        for ((own, name), proxied) in all {
            let (holder, member) = proxied.end;
            let kin = self.lineage(holder).types.clone();
            let link = kin.into_iter().find_map(|it| stores.links.get(&(Subject::Type(it), member.clone())).copied());
            linked.extend(link.map(|it| ((Subject::Type(own), name), it)));
        }
        stores.links.extend(linked);
    }

    /// The store that reading a member goes through.
    pub(crate) fn gone_through(&mut self, stores: &Stores, of: Subject, name: &str) -> Option<usize> {
        let Subject::Type(of) = of else { return None };
        if self.proxied.is_empty() {
            return None;
        }
        let kin = self.lineage(of).types.clone();
        let proxied = kin.into_iter().find_map(|it| self.proxied.get(&(it, name.to_owned())))?;
        let between = Some(proxied.between).filter(|_| !proxied.comes_along)?;
        self.store_of_type(stores, between)
    }
}
