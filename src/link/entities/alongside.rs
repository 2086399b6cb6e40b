//! Rows that an operation touches beside those it names: of tables between two entities, and of what goes with a deleted row.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use crate::link::access::accesses::RawAccess;
use crate::link::entities::abroad::Abroad;
use crate::link::names::program::Def;
use crate::link::storage::foreign_keys::put_key;
use crate::link::storage::naming;
use crate::link::storage::stores::{Stores, push_column};
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::Inference;
use crate::link::values::value::{Subject, Sym, Value};
use crate::model::fact::{Captured, DefId, ExprId, ExprKind, Match};
use crate::model::graph::StoreKind;
use crate::model::rule::Rule;
use crate::model::sql::{Effect, ForeignKey, Operation, StoreName};

/// More rows of other tables than this go with one deletion: then nothing is said of the rest.
const MOST_CASCADED: usize = 60;

/// What becomes of the rows that point to a deleted row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cascade {
    Delete,
    /// Deleted one by one, after they were read.
    Load,
    Update,
    /// Read, and their key emptied, if they have one.
    Loosen,
}

/// The table between two entities.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    pub(crate) store: usize,
    /// Named by the program, not by a naming rule.
    is_explicit: bool,
    /// Between rows of one entity.
    is_own: bool,
    /// The mapper reads what a row is linked to before it deletes the row.
    is_loaded: bool,
}

impl Stores {
    /// Whether rows are read before they are deleted, since some code is told of each.
    pub(crate) fn is_watched(&self, of: Subject) -> bool {
        self.all_watched || self.watched.contains(&of)
    }

    /// Takes out of what a call does to a relation with a table between what it writes to the other side, whose rows may be
    /// there already.
    pub(crate) fn beyond_links(&self, steps: &mut Vec<(usize, Operation)>) -> Vec<(usize, Operation)> {
        let is_between = |store: usize| self.links.values().any(|it| it.store == store);
        if !steps.iter().any(|it| is_between(it.0)) {
            return Vec::new();
        }
        let is_far = |it: &(usize, Operation)| !is_between(it.0) && it.1.effect() == Effect::Write;
        let far = steps.iter().copied().filter(is_far).collect();
        steps.retain(|it| !is_far(it));
        far
    }

    /// What a call does to the stores of a relation: reads them, or does to them what it does (`access.also "instead"`).
    /// Taking a relation apart deletes the rows between, or leaves those of the other side without their key.
    pub(crate) fn relation_steps(&self, related: Vec<usize>, instead: Option<Operation>) -> Vec<(usize, Operation)> {
        let is_between = |store: &usize| self.links.values().any(|it| it.store == *store);
        match instead {
            Some(Operation::Delete) => {
                let between: Vec<usize> = related.iter().copied().filter(is_between).collect();
                if between.is_empty() {
                    related.into_iter().map(|it| (it, Operation::Update)).collect()
                } else {
                    between.into_iter().map(|it| (it, Operation::Delete)).collect()
                }
            }
            operation => related.into_iter().map(|it| (it, operation.unwrap_or(Operation::Select))).collect(),
        }
    }
}

impl Inference<'_> {
    /// Remembers the table between an entity and the other side of a relation, and what deleting the other side does.
    pub(crate) fn relate_rows(
        &mut self,
        stores: &mut Stores,
        unit: u32,
        rule: &Rule,
        found: &Match,
        of: Def,
        field: &str,
        holders: &[usize],
    ) {
        let cascade = match rule.settings.get("relation.cascade").map(String::as_str) {
            Some("delete") => Some(Cascade::Delete),
            Some("update") => Some(Cascade::Update),
            // The same said from this side: rows are read, and deleted or left without their key.
            Some("belongs") => Some(Cascade::Load),
            Some("leaves") => Some(Cascade::Loosen),
            _ => None,
        };
        let owned = rule.settings.get("relation.cascade").is_some_and(|it| it == "owned");
        let loosened = rule.settings.get("relation.cascade").is_some_and(|it| it == "loosened");
        let naming_rule = rule.settings.get("relation.link");
        let written = match capture(rule, found, "entity.link") {
            Some(Captured::Expr(expr)) => Some(*expr),
            _ => None,
        };
        if cascade.is_none() && !owned && !loosened && naming_rule.is_none() && written.is_none() {
            return;
        }
        let Some(Captured::Expr(target)) = capture(rule, found, "entity.relation") else { return };
        let Some(other) = self.related_subject(unit, found.owner, *target, of) else { return };
        let value = match capture(rule, found, "entity.column") {
            Some(Captured::Definition(member)) => self.facts(unit).definition(*member).value,
            _ => None,
        };
        // What says how the other side is called may call it off as well.
        let said_within = match value.map(|it| &self.facts(unit).expr(it).kind) {
            Some(ExprKind::Call { args, .. }) => args.iter().map(|it| it.value).collect(),
            _ => Vec::new(),
        };
        let mut said = value.into_iter().chain(said_within);
        let called_off = said.any(|it| self.is_called_off(unit, rule, "relation.unless", Some(it)));
        if let Some(cascade) = cascade.filter(|_| !called_off) {
            let rows = stores.cascades.entry(other).or_default();
            if cascade == Cascade::Load {
                rows.retain(|it| *it != (of, Cascade::Loosen));
            }
            let is_said = cascade == Cascade::Loosen && rows.iter().any(|it| it.0 == of);
            if !is_said && !rows.contains(&(of, cascade)) {
                rows.push((of, cascade));
            }
        }
        if let (true, Subject::Type(part)) = (owned, other) {
            let rows = stores.cascades.entry(Subject::Type(of)).or_default();
            rows.retain(|it| *it != (part, Cascade::Loosen));
            let cascade = if rule.settings.contains_key("relation.loads") { Cascade::Load } else { Cascade::Delete };
            if !rows.contains(&(part, cascade)) {
                rows.push((part, cascade));
            }
        }
        let loosened = loosened && !called_off;
        if let (true, Subject::Type(part)) = (loosened, other) {
            let rows = stores.cascades.entry(Subject::Type(of)).or_default();
            if !rows.iter().any(|(it, _)| *it == part) {
                rows.push((part, Cascade::Loosen));
            }
        }
        if naming_rule.is_none() && written.is_none() {
            return;
        }
        let explicit = written.and_then(|it| self.link_named(stores, unit, found.owner, it));
        let inverse = self.captured_name(unit, rule, found, "entity.inverse");
        let is_own = other == Subject::Type(of);
        let is_loaded = rule.settings.contains_key("relation.loads") && !called_off;
        for holder in holders {
            let link = match (explicit, naming_rule) {
                (Some(store), _) => Link { store, is_explicit: true, is_own, is_loaded },
                (None, Some(naming_rule)) if written.is_none() => {
                    let name = stores.drafts[*holder].name.clone();
                    let name = naming_rule.replace("{store}", &name).replace("{field}", field);
                    Link { store: stores.named(None, &name, StoreKind::Table), is_explicit: false, is_own, is_loaded }
                }
                _ => continue,
            };
            let entities: Vec<Def> = stores.drafts[*holder].entities.clone();
            for entity in entities {
                if !self.lineage(entity).types.contains(&of) {
                    continue;
                }
                let own_name = self.program.definition(entity).name.to_string();
                let mut names = vec![(Subject::Type(entity), field.to_owned())];
                match &inverse {
                    Some(inverse) => names.push((other, self.inverse_name(rule, inverse, entity))),
                    None if self.named_inverses.contains(&(of, field.to_owned())) => {}
                    None => {
                        for setting in ["inverse.name", "inverse.query"] {
                            if let Some(rule) = rule.settings.get(setting) {
                                names.push((other, naming::store_name(rule, &own_name, "")));
                            }
                        }
                    }
                }
                for name in names {
                    let known = stores.links.get(&name);
                    if known.is_none_or(|it| link.is_explicit && !it.is_explicit) {
                        stores.links.insert(name, link);
                    }
                }
            }
        }
    }

    /// Entities whose rows some code is told of one by one when they are deleted (`cascade.watched`): they are read before.
    /// Who watches without naming an entity (`@entity.of`) watches all.
    fn find_watched(&mut self, stores: &mut Stores) {
        let mut watching: BTreeMap<(u32, u32, u32), Vec<Subject>> = BTreeMap::new();
        for (unit, rule, hit) in self.hits(|it| it.settings.contains_key("cascade.watched")) {
            let is_test = self.program.is_test(self.program.def(unit, hit.owner));
            if is_test || self.guards_hold(unit, hit.owner, rule, hit) != Held::Yes {
                continue;
            }
            // Who hands all it takes on to a library names the entity elsewhere.
            let handed = match capture(rule, hit, "_signal") {
                Some(Captured::Expr(signal)) => self.vars_of(unit, hit.owner, *signal).iter().any(|it| it.1),
                _ => false,
            };
            if handed {
                continue;
            }
            let by = match capture(rule, hit, "parameter") {
                Some(Captured::Definition(by)) => (unit, 0, by.0),
                Some(Captured::Expr(by)) => (unit, 1, by.0),
                _ => continue,
            };
            let watched = watching.entry(by).or_default();
            if let Some(Captured::Expr(of)) = capture(rule, hit, "entity.of") {
                let own = self.program.def(unit, DefId::MODULE);
                watched.push(self.related_subject(unit, hit.owner, *of, own).unwrap_or(Subject::None));
            }
        }
        for watched in watching.into_values() {
            stores.all_watched |= watched.is_empty();
            stores.watched.extend(watched.into_iter().filter(|it| *it != Subject::None));
        }
    }

    /// The tables between for relations that a type from outside brings (`entity.brings`).
    fn link_brought(&mut self, stores: &mut Stores) {
        for (of, rule) in self.types_brought() {
            let Some(holder) = self.store_of_type(stores, of) else { continue };
            let Some(naming_rule) = rule.settings.get("relation.link") else { continue };
            for (name, other) in rule.words("entity.brings").filter_map(|it| it.split_once('=')) {
                let Some(far) = self.stubs.store_of(other) else { continue };
                let far = Subject::Named(self.pool.sym(far));
                let between = naming_rule.replace("{store}", &stores.drafts[holder].name).replace("{field}", name);
                let store = stores.named(None, &between, StoreKind::Table);
                let link = Link { store, is_explicit: false, is_own: false, is_loaded: false };
                let inverses = ["inverse.name", "inverse.query"].into_iter().filter_map(|it| rule.settings.get(it));
                stores.links.entry((Subject::Type(of), name.to_owned())).or_insert(link);
                for inverse in inverses {
                    stores.links.entry((far, inverse.clone())).or_insert(link);
                }
            }
        }
    }

    /// The tables between rows of outside types: they count where they are used.
    fn link_abroad(&mut self, stores: &mut Stores) {
        for Abroad { holder, other, name, stub } in self.relations_abroad() {
            for end in [holder, other] {
                if let Subject::Named(end) = end {
                    stores.named(None, self.pool.text(end), StoreKind::Table);
                }
            }
            let Some(between) = &stub.between else { continue };
            let store = stores.named(None, between, StoreKind::Table);
            let link = Link { store, is_explicit: false, is_own: false, is_loaded: false };
            stores.links.entry((holder, name.to_owned())).or_insert(link);
            for inverse in &stub.inverse {
                stores.links.entry((other, inverse.to_string())).or_insert(link);
            }
            for end in [holder, other] {
                let rows = stores.links_of.entry(end).or_default();
                if !rows.contains(&store) {
                    rows.push(store);
                }
            }
        }
    }

    /// The table that a relation says lies between: a type, a table, or the name of one.
    fn link_named(&mut self, stores: &mut Stores, unit: u32, owner: DefId, expr: ExprId) -> Option<usize> {
        if let Some(store) = self.related_store(stores, unit, owner, expr) {
            return Some(store);
        }
        let Subject::Named(text) = self.subject_of(unit, owner, expr)? else { return None };
        let text = self.pool.text(text).to_owned();
        let (schema, name) = text.rsplit_once('.').map_or((None, text.as_str()), |(schema, name)| (Some(schema), name));
        let is_path = schema.is_some() && matches!(self.facts(unit).expr(expr).kind, ExprKind::Text(_));
        (!name.is_empty() && !is_path).then(|| stores.named(schema, name, StoreKind::Table))
    }

    /// Makes the tables between entities known: two keys each.
    pub(crate) fn declare_links(&mut self, stores: &mut Stores) {
        self.link_brought(stores);
        self.find_watched(stores);
        let mut links: Vec<(Subject, String, Link)> =
            stores.links.iter().map(|((of, name), link)| (*of, name.clone(), *link)).collect();
        // The program's own side comes first: it knows where the table is declared.
        let order = |of: Subject| (!matches!(of, Subject::Type(_)), of);
        links.sort_by(|a, b| (order(a.0), &a.1).cmp(&(order(b.0), &b.1)));
        for (of, _, link) in links {
            stores.drafts[link.store].used = true;
            if link.is_explicit && !stores.drafts[link.store].entities.is_empty() {
                // Rows of an entity of its own.
                continue;
            }
            let rows = stores.links_of.entry(of).or_default();
            if !rows.contains(&link.store) {
                rows.push(link.store);
            }
            let (name, site, target) = match of {
                Subject::Type(of) => {
                    let Some(target) = self.store_of_type(stores, of) else { continue };
                    let (unit, id) = self.program.local(of);
                    let definition = self.facts(unit).definition(id);
                    (
                        definition.name.to_lowercase().to_string(),
                        Some((unit, definition.line)),
                        stores.drafts[target].name.clone(),
                    )
                }
                Subject::Named(store) => {
                    let store = self.pool.text(store);
                    let Some(path) = self.stubs.type_of(store) else { continue };
                    (path.rsplit('.').next().unwrap_or(path).to_lowercase(), None, store.to_owned())
                }
                Subject::None => continue,
            };
            let target_name = StoreName { schema: None, name: target.as_str().into() };
            let own_key = match of {
                Subject::Type(of) => stores.own_keys.get(&of).map(|(key, _)| key.clone()),
                _ => None,
            };
            // Both keys point to the same table: the ends have names.
            let ends: &[&str] = if link.is_own && own_key.is_some() { &["from_", "to_"] } else { &[""] };
            let draft = &mut stores.drafts[link.store];
            if let Some(key) = own_key.filter(|_| !draft.columns.iter().any(|it| it.primary_key)) {
                put_key(&mut draft.columns, &key);
            }
            if draft.defined_at.is_empty() {
                draft.defined_at.extend(site);
            }
            for end in ends {
                let column = format!("{end}{name}_id");
                push_column(draft, &column, false);
                let Some(site) = site.or_else(|| draft.defined_at.first().copied()) else { continue };
                if !draft.foreign_keys.iter().any(|(it, _)| it.columns.iter().any(|it| *it == column)) {
                    let key = ForeignKey {
                        columns: vec![column.as_str().into()],
                        store: target_name.clone(),
                        referenced_columns: Vec::new(),
                        on_delete_cascade: false,
                        name: String::new().into(),
                    };
                    draft.foreign_keys.push((key, site));
                }
            }
        }
        self.link_abroad(stores);
    }

    /// The table between an entity and the other side of the relation of this name.
    pub(crate) fn link_of(&mut self, stores: &Stores, of: Subject, name: &str) -> Option<usize> {
        if stores.links.is_empty() {
            return None;
        }
        let known = |of: Subject| stores.links.get(&(of, name.to_owned())).map(|it| it.store);
        match of {
            Subject::Type(of) => {
                let own = self.lineage(of).types.iter().find_map(|it| known(Subject::Type(*it)));
                // Rows of a type below an outside entity have the relations of that one.
                let own = own.or_else(|| known(Subject::Named(self.store_above(of)?)));
                own.or_else(|| self.link_below(stores, of, name))
            }
            _ => known(of),
        }
    }

    /// The table between that a relation of the types below stands for, where these agree.
    fn link_below(&self, stores: &Stores, of: Def, name: &str) -> Option<usize> {
        if !self.shared.contains_key(&(of, name.to_owned())) {
            return None;
        }
        let known = |it: &Def| stores.links.get(&(Subject::Type(*it), name.to_owned())).map(|it| it.store);
        let mut found = self.implementers.get(&of)?.iter().filter_map(known);
        let first = found.next()?;
        found.all(|it| it == first).then_some(first)
    }

    /// The table between two entities that a chain of calls begins with (`order.tags.add(..)`), and whether the last
    /// call is made on the relation itself.
    pub(crate) fn link_of_chain(
        &mut self,
        stores: &Stores,
        unit: u32,
        owner: DefId,
        root: Option<ExprId>,
    ) -> Option<(usize, bool)> {
        if stores.links.is_empty() {
            return None;
        }
        let facts = self.facts(unit);
        let mut expr = root?;
        let mut direct = true;
        while let ExprKind::Call { callee, .. } = &facts.expr(expr).kind
            && let ExprKind::Member { base, .. } = &facts.expr(*callee).kind
        {
            if let ExprKind::Member { base: holder, name } = &facts.expr(*base).kind {
                for value in self.eval(unit, owner, *holder) {
                    let of = match self.pool.value(value) {
                        Value::Instance(of) => Subject::Type(of),
                        Value::Outside { path, instance: true, .. } => match self.outside_entity(path) {
                            Some(store) => Subject::Named(store),
                            None => continue,
                        },
                        _ => continue,
                    };
                    if let Some(link) = self.link_of(stores, of, name) {
                        return Some((link, direct));
                    }
                }
                return None;
            }
            direct = false;
            expr = *base;
        }
        None
    }

    /// Store that instances of an outside type are rows of.
    pub(crate) fn outside_entity(&mut self, path: Sym) -> Option<Sym> {
        let store = self.stubs.store_of(self.pool.text(path))?;
        Some(self.pool.sym(store))
    }

    /// Whether a call gives rows and so ran, whatever is called on them: `orders.get(pk=1).delete()` reads and deletes.
    pub(crate) fn gives_rows(&mut self, stores: &Stores, access: &RawAccess, expr: ExprId) -> bool {
        self.eval(access.unit, access.owner, expr).iter().any(|value| match self.pool.value(*value) {
            Value::Instance(of) => self.store_of_type(stores, of) == Some(access.store),
            Value::Outside { path, instance: true, .. } => {
                let entity = self.outside_entity(path);
                entity.is_some_and(|it| stores.find(self.pool.text(it)) == Some(access.store))
            }
            _ => false,
        })
    }

    /// What else is touched when a row is deleted, by the relations that point to it.
    pub(crate) fn cascaded(&mut self, stores: &Stores, subject: Subject) -> Vec<(usize, Operation)> {
        let mut touched: Vec<(usize, Operation)> = Vec::new();
        let mut seen: FxHashSet<Subject> = FxHashSet::default();
        let mut todo = vec![subject];
        seen.insert(subject);
        while let Some(subject) = todo.pop() {
            for key in self.kin(subject) {
                for link in stores.links_of.get(&key).into_iter().flatten() {
                    add(&mut touched, *link, Operation::Delete);
                    for linked in self.loaded_by_link(stores, key, *link) {
                        add(&mut touched, linked, Operation::Select);
                    }
                    if stores.all_watched {
                        add(&mut touched, *link, Operation::Select);
                    }
                }
                for (own, cascade) in stores.cascades.get(&key).cloned().unwrap_or_default() {
                    let mapped = match self.store_of_type(stores, own) {
                        Some(_) => vec![own],
                        None => match subject {
                            Subject::Type(of) if key == Subject::Type(own) => vec![of],
                            _ => self.concrete_types(stores, own),
                        },
                    };
                    for it in mapped {
                        let Some(store) = self.store_of_type(stores, it) else { continue };
                        match cascade {
                            Cascade::Update => add(&mut touched, store, Operation::Update),
                            Cascade::Loosen => {
                                // A key on this side, or rows between, leave the other side alone.
                                let points = |own: usize| {
                                    let name = &stores.drafts[own].name;
                                    let mut keys = stores.drafts[store].foreign_keys.iter();
                                    keys.any(|(it, _)| it.store.name.eq_ignore_ascii_case(name))
                                };
                                if let Subject::Type(holder) = key
                                    && self.store_of_type(stores, holder).is_some_and(points)
                                    && !touched.contains(&(store, Operation::Delete))
                                {
                                    add(&mut touched, store, Operation::Select);
                                    add(&mut touched, store, Operation::Update);
                                }
                            }
                            Cascade::Delete | Cascade::Load => {
                                add(&mut touched, store, Operation::Delete);
                                let it = Subject::Type(it);
                                let watched = stores.is_watched(it);
                                if cascade == Cascade::Load || watched || self.has_dependents(stores, it) {
                                    // Its rows are looked up first, to find those that point to them.
                                    add(&mut touched, store, Operation::Select);
                                }
                                if seen.insert(it) {
                                    todo.push(it);
                                }
                            }
                        }
                    }
                }
            }
            if touched.len() > MOST_CASCADED {
                break;
            }
        }
        touched
    }

    /// What is read of a table between two entities, and of the other side, before a row of this side is deleted.
    fn loaded_by_link(&mut self, stores: &Stores, key: Subject, link: usize) -> Vec<usize> {
        let Subject::Type(of) = key else { return Vec::new() };
        let is_it = |(at, it): &(&(Subject, String), &Link)| at.0 == key && it.store == link && it.is_loaded;
        let mut names: Vec<&String> = stores.links.iter().filter(is_it).map(|(at, _)| &at.1).collect();
        names.sort_unstable();
        let mut loaded = Vec::new();
        for name in names {
            loaded.push(link);
            if let Some(Subject::Type(far)) = self.relation_of(of, name).map(|it| it.of) {
                loaded.extend(self.store_of_type(stores, far));
            }
        }
        loaded
    }

    /// Whether deleting a row touches other rows.
    pub(crate) fn has_dependents(&mut self, stores: &Stores, subject: Subject) -> bool {
        self.kin(subject).iter().any(|it| stores.cascades.contains_key(it) || stores.links_of.contains_key(it))
    }

    fn kin(&mut self, subject: Subject) -> Vec<Subject> {
        match subject {
            Subject::Type(of) => self.lineage(of).types.iter().map(|it| Subject::Type(*it)).collect(),
            other => vec![other],
        }
    }
}

fn add(touched: &mut Vec<(usize, Operation)>, store: usize, operation: Operation) {
    if !touched.contains(&(store, operation)) {
        touched.push((store, operation));
    }
}
