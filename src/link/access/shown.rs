//! What a class shows of a row by the fields it lists (`operation "shown"`): fields of other classes that show rows in turn,
//! and relations that a list of names goes through, are read by who has it shown.

use rustc_hash::FxHashSet;

use crate::link::access::accesses::Accesses;
use crate::link::names::program::Def;
use crate::link::storage::stores::Stores;
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::{Subject, Value, Values};
use crate::model::fact::{Captured, DefId, DefinitionKind, ExprId, ExprKind};
use crate::model::graph::{Confidence, StoreKind};
use crate::model::rule::Rule;
use crate::model::sql::Operation;

/// Classes inside of one another are followed this far.
const MOST_DEPTH: u32 = 4;
/// Of more classes than this that may show a row, nothing is said.
const MOST_CLASSES: usize = 3;

/// What is said of classes that show rows: the member with the list of fields, the keyword by which a field is
/// taken from elsewhere, the method that does it, and the types of fields that read the other side of a relation.
struct Showing<'r> {
    list: &'r str,
    source: &'r str,
    by: &'r str,
    reading: Vec<&'r str>,
    /// The word that lists every field (`every=`), and the member with those that are left out where no list is written.
    every: Option<&'r str>,
    without: Option<&'r str>,
    /// The keyword of a field that is only taken in.
    hidden: Option<&'r str>,
}

impl Inference<'_> {
    /// Reads of what is shown along with rows.
    pub(crate) fn shown_relations(&mut self, stores: &mut Stores, found: &mut Accesses) {
        for (unit, rule, hit) in self.hits(|it| it.settings.get("operation").is_some_and(|it| it == "shown")) {
            let (options, words): (Vec<&str>, Vec<&str>) = rule.words("access.shown").partition(|it| it.contains('='));
            let option = |begin: &str| options.iter().find_map(|it| it.strip_prefix(begin));
            let Some(Captured::Expr(root)) = capture(rule, hit, "access") else { continue };
            let [path, list, entity, source, by] = words[..] else { continue };
            if self.guards_hold(unit, hit.owner, rule, hit) != Held::Yes
                || self.is_overridden(unit, hit.owner, rule, Some(*root))
            {
                continue;
            }
            let Some(receiver) = self.receiver_of(unit, rule, hit, Some(*root)) else { continue };
            if !self.is_made_of_row(Spot { unit, owner: hit.owner, expr: receiver }, rule) {
                continue;
            }
            let showing = Showing {
                list,
                source,
                by,
                reading: rule.words("access.shows").collect(),
                every: option("every="),
                without: option("without="),
                hidden: option("hidden="),
            };
            let receivers = self.eval(unit, hit.owner, receiver);
            let classes = self.types_along(unit, &receivers, if path == "self" { "" } else { path });
            if classes.is_empty() || classes.len() > MOST_CLASSES {
                continue;
            }
            let mut read: Vec<usize> = Vec::new();
            let runs_it = matches!(&self.facts(unit).expr(*root).kind, ExprKind::Call { callee, .. }
                if matches!(&self.facts(unit).expr(*callee).kind, ExprKind::Member { name, .. } if name == by));
            for class in classes {
                if !runs_it && self.shows_itself(class, by) {
                    continue;
                }
                let instance = [self.pool.id(Value::Instance(class))];
                for of in self.types_along(unit, &instance, entity) {
                    self.shown_by(stores, class, of, &showing, (0, None), &mut read);
                }
            }
            let told: FxHashSet<usize> = (found.accesses.iter())
                .filter(|it| it.unit == unit && it.line == hit.line && it.operation == Operation::Select)
                .map(|it| it.store)
                .collect();
            read.retain(|it| !told.contains(it));
            for store in read {
                stores.drafts[store].used = true;
                let step = (store, Operation::Select, Confidence::Likely);
                found.accesses.push(self.access_at(unit, hit.owner, hit.line, hit.rule, step));
            }
        }
    }

    /// Stores that a class reads besides the rows of the entity it shows. Rows that came as the many of one row have that one.
    fn shown_by(
        &mut self,
        stores: &mut Stores,
        class: Def,
        entity: Def,
        showing: &Showing<'_>,
        (depth, from): (u32, Option<Def>),
        read: &mut Vec<usize>,
    ) {
        if depth > MOST_DEPTH {
            return;
        }
        for name in self.names_shown(class, entity, showing) {
            let Some((unit, id, value)) = self.shown_field(class, &name) else {
                // A relation that is only named shows the keys on its other side, which a key of the row itself has.
                if let Some(related) = self.relation_of(entity, &name)
                    && (related.many || related.through.is_some())
                {
                    self.read_related(stores, entity, &name, read);
                }
                continue;
            };
            let ExprKind::Call { args, .. } = &self.facts(unit).expr(value).kind else { continue };
            if args.iter().any(|it| it.name.is_some() && it.name.as_deref() == showing.hidden) {
                continue;
            }
            let source = args.iter().find(|it| it.name.as_deref() == Some(showing.source));
            let path = source.and_then(|it| self.plain_text(unit, id, it.value)).unwrap_or(name);
            let mut at = entity;
            let mut parts = path.split('.').peekable();
            while let Some(part) = parts.next() {
                let (reads, nested) = self.shows_rows(unit, id, value, showing);
                let is_last = parts.peek().is_none();
                let Some(related) = self.relation_of(at, part) else {
                    if reads && is_last {
                        self.shown_by_method(stores, (at, part), nested, showing, depth, read);
                    }
                    break;
                };
                let is_read = !is_last || related.many || related.through.is_some() || reads;
                if !is_read {
                    break;
                }
                let (at_before, is_one) = (at, related.through.is_none());
                let is_there = is_one && at == entity && matches!(related.of, Subject::Type(of) if from == Some(of));
                if !is_there {
                    self.read_related(stores, at, part, read);
                }
                let Subject::Type(of) = related.of else { break };
                at = of;
                let back = (!is_one && !related.between).then_some(at_before);
                if let Some(class) = nested.filter(|_| is_last)
                    && !self.shows_itself(class, showing.by)
                {
                    self.shown_by(stores, class, of, showing, (depth + 1, back), read);
                }
            }
        }
    }

    /// The fields that a class shows: those it lists, or all of the entity's own and all that it declares itself.
    fn names_shown(&mut self, class: Def, entity: Def, showing: &Showing<'_>) -> Vec<String> {
        let listed: Vec<String> = self.members_listed(class, showing.list).into_iter().flatten().collect();
        let Some(every) = showing.every else { return listed };
        let mut left_out: Vec<String> = Vec::new();
        if listed.is_empty() {
            left_out.extend(showing.without.into_iter().flat_map(|it| self.members_listed(class, it)).flatten());
        }
        if left_out.is_empty() && !listed.iter().any(|it| it == every) {
            return listed;
        }
        // Keys of the row itself are shown as they are.
        let mut names = self.own_relations(entity);
        names.retain(|it| !left_out.contains(it) && self.relation_of(entity, it).is_some_and(|it| it.between));
        names.extend(self.own_fields(class).into_iter().filter(|it| !left_out.contains(it)));
        names.sort_unstable();
        names.dedup();
        names
    }

    /// What a field shows that stands for a property or method of the row: the rows of the query which that one hands out.
    fn shown_by_method(
        &mut self,
        stores: &mut Stores,
        (of, name): (Def, &str),
        nested: Option<Def>,
        showing: &Showing<'_>,
        depth: u32,
        read: &mut Vec<usize>,
    ) {
        let mut entities: Vec<Def> = Vec::new();
        for value in self.results_of_member(of, name) {
            if let Value::Outside { subject: Subject::Type(it), instance: true, .. } = self.pool.value(value)
                && !entities.contains(&it)
            {
                entities.push(it);
            }
        }
        let [entity] = entities[..] else { return };
        let Some(store) = self.store_of_type(stores, entity) else { return };
        if !read.contains(&store) {
            read.push(store);
        }
        if let Some(class) = nested
            && !self.shows_itself(class, showing.by)
        {
            self.shown_by(stores, class, entity, showing, (depth + 1, None), read);
        }
    }

    /// What the method of a type gives that is called so, also under another name (`notes = all_notes`).
    fn results_of_member(&mut self, of: Def, name: &str) -> Values {
        for base in self.lineage(of).types.clone() {
            for member in self.program.members(self.program.def_space(base), name) {
                if self.program.is_function(member) {
                    return self.results_of(member);
                }
                let (unit, id) = self.program.local(member);
                let definition = self.facts(unit).definition(id);
                let (owner, Some(value)) = (definition.parent, definition.value) else { continue };
                for it in self.eval(unit, owner, value) {
                    if let Value::Def(method) = self.pool.value(it)
                        && self.program.is_function(method)
                    {
                        return self.results_of(method);
                    }
                }
            }
        }
        Values::new()
    }

    /// Whether a field reads the row on the other side: as a class of the program's own that lists fields, or as a type that rules
    /// speak of.
    fn shows_rows(&mut self, unit: u32, owner: DefId, field: ExprId, showing: &Showing<'_>) -> (bool, Option<Def>) {
        for value in self.eval(unit, owner, field) {
            match self.pool.value(value) {
                Value::Instance(of) if self.lists_fields(of, showing) => return (true, Some(of)),
                Value::Outside { path, instance: true, .. } if showing.reading.contains(&self.pool.text(path)) => {
                    return (true, None);
                }
                _ => {}
            }
        }
        (false, None)
    }

    fn lists_fields(&mut self, class: Def, showing: &Showing<'_>) -> bool {
        [Some(showing.list), showing.without].into_iter().flatten().any(|it| !self.members_listed(class, it).is_empty())
    }

    /// Whether a method of the program's own does what a class shows: it tells what it reads.
    fn shows_itself(&mut self, class: Def, method: &str) -> bool {
        let types = self.lineage(class).types.clone();
        types.iter().any(|it| !self.program.members(self.program.def_space(*it), method).is_empty())
    }

    /// The field of this name that a class or one above it declares, with what it is made of.
    fn shown_field(&mut self, class: Def, name: &str) -> Option<(u32, DefId, ExprId)> {
        for base in self.lineage(class).types.clone() {
            for member in self.program.members(self.program.def_space(base), name) {
                let (unit, id) = self.program.local(member);
                let definition = self.facts(unit).definition(id);
                if definition.kind == DefinitionKind::Field
                    && let Some(value) = definition.value
                {
                    return Some((unit, definition.parent, value));
                }
            }
        }
        None
    }

    /// Adds the store on the other side of a relation, and the one between.
    pub(super) fn read_related(&mut self, stores: &mut Stores, of: Def, name: &str, read: &mut Vec<usize>) {
        let far = match self.relation_of(of, name).map(|it| it.of) {
            Some(Subject::Type(of)) => self.store_of_type(stores, of),
            Some(Subject::Named(store)) => Some(stores.named(None, self.pool.text(store), StoreKind::Table)),
            _ => None,
        };
        let link = self.link_of(stores, Subject::Type(of), name);
        for store in [far, link].into_iter().flatten() {
            if !read.contains(&store) {
                read.push(store);
            }
        }
    }

    /// Whether the object was made of rows (`access.given "instance data"`: an argument without a name or that keyword, and not the
    /// other): what was only made of input has no relation to read.
    fn is_made_of_row(&mut self, at: Spot, rule: &Rule) -> bool {
        let words: Vec<&str> = rule.words("access.given").collect();
        let [row, input] = words[..] else { return true };
        let mut spots: Vec<Spot> = Vec::new();
        if matches!(self.facts(at.unit).expr(at.expr).kind, ExprKind::Call { .. }) {
            spots.push(at);
        } else {
            for (var, _) in self.vars_of(at.unit, at.owner, at.expr) {
                spots.extend(self.sources(var));
            }
        }
        spots.iter().any(|it| match &self.facts(it.unit).expr(it.expr).kind {
            ExprKind::Call { args, .. } => {
                let named = |word: &str| args.iter().any(|it| it.name.as_deref() == Some(word));
                !named(input) && (named(row) || args.iter().any(|it| it.name.is_none() && !it.spread))
            }
            _ => false,
        })
    }
}
