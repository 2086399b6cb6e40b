//! Objects that are filled from rows by the fields their class declares (`operation "filled"`): fields that are called like
//! relations of the row, and those of the classes that such fields are of, are read by who has it done.

use rustc_hash::FxHashSet;

use crate::link::access::accesses::Accesses;
use crate::link::names::program::Def;
use crate::link::storage::stores::Stores;
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::{Subject, Value};
use crate::model::fact::{Captured, DefId, DefinitionKind, ExprId, ExprKind};
use crate::model::graph::Confidence;
use crate::model::sql::Operation;

/// Classes inside of one another are followed this far.
const MOST_DEPTH: usize = 4;
/// Of more pairs of a class and an entity than this that may meet, nothing is said; of several, each is a guess.
const MOST_PAIRS: usize = 16;

impl Inference<'_> {
    /// Reads of relations that fill objects of declared fields.
    pub(crate) fn filled_relations(&mut self, stores: &mut Stores, found: &mut Accesses) {
        if self.rows_load_awaited() {
            return;
        }
        for (unit, rule, hit) in self.hits(|it| it.settings.get("operation").is_some_and(|it| it == "filled")) {
            let Some(Captured::Expr(filler)) = capture(rule, hit, "access.receiver") else { continue };
            let Some(Captured::Expr(row)) = capture(rule, hit, "access.target") else { continue };
            let Some(Captured::Expr(root)) = capture(rule, hit, "access") else { continue };
            if self.guards_hold(unit, hit.owner, rule, hit) != Held::Yes
                || self.is_overridden(unit, hit.owner, rule, Some(*root))
            {
                continue;
            }
            let row = Spot { unit, owner: hit.owner, expr: *row };
            let fillers = self.eval(unit, hit.owner, *filler);
            let classes = self.types_along(unit, &fillers, "");
            let entities = self.rows_at(row);
            let pairs = classes.len() * entities.len();
            if pairs == 0 || pairs > MOST_PAIRS {
                continue;
            }
            let mut read: Vec<usize> = Vec::new();
            for class in &classes {
                for of in &entities {
                    self.filled_by(stores, (*class, *of), row, &mut Vec::new(), &mut read);
                }
            }
            // What the function reads of them anyway is told already.
            let home = self.named_owner(unit, hit.owner);
            let told: FxHashSet<usize> = (found.accesses.iter())
                .filter(|it| it.unit == unit && it.operation == Operation::Select)
                .filter(|it| self.named_owner(unit, it.owner) == home)
                .map(|it| it.store)
                .collect();
            read.retain(|it| !told.contains(it));
            let confidence = if pairs == 1 { Confidence::Likely } else { Confidence::Guess };
            for store in read {
                stores.drafts[store].used = true;
                let step = (store, Operation::Select, confidence);
                found.accesses.push(self.access_at(unit, hit.owner, hit.line, hit.rule, step));
            }
        }
    }

    /// Entities whose rows, or lists of them, stand in an expression.
    fn rows_at(&mut self, spot: Spot) -> Vec<Def> {
        let mut values = self.eval(spot.unit, spot.owner, spot.expr);
        let items = self.elements(&values);
        values.extend(items);
        let mut entities: Vec<Def> = Vec::new();
        for value in values {
            if let Value::Instance(of) = self.pool.value(value)
                && !entities.contains(&of)
            {
                entities.push(of);
            }
        }
        entities
    }

    /// Stores that the fields of a class read from a row, which a path of relations leads to, unless it came with them.
    fn filled_by(
        &mut self,
        stores: &mut Stores,
        (class, entity): (Def, Def),
        row: Spot,
        path: &mut Vec<String>,
        read: &mut Vec<usize>,
    ) {
        if path.len() > MOST_DEPTH {
            return;
        }
        for field in self.fields_declared(class) {
            let name = self.program.definition(field).name.to_string();
            let Some(related) = self.relation_of(entity, &name) else { continue };
            path.push(name.clone());
            if !self.row_brings(row, path) {
                self.read_related(stores, entity, &name, read);
            }
            if let Subject::Type(of) = related.of {
                for nested in self.classes_of_field(field) {
                    self.filled_by(stores, (nested, of), row, path, read);
                }
            }
            path.pop();
        }
    }

    /// Fields that a class and those above it declare.
    fn fields_declared(&mut self, class: Def) -> Vec<Def> {
        let mut fields: Vec<Def> = Vec::new();
        for of in self.lineage(class).types.clone() {
            let (unit, id) = self.program.local(of);
            let all = self.facts(unit).definitions.iter().enumerate();
            let own = all.filter(|(_, it)| it.parent == id && it.kind == DefinitionKind::Field);
            fields.extend(own.map(|(at, _)| self.program.def(unit, DefId(at as u32))));
        }
        fields
    }

    /// Classes of the program that a field is declared to be of, also in a list, or that what it is made by is given.
    fn classes_of_field(&mut self, field: Def) -> Vec<Def> {
        let (unit, id) = self.program.local(field);
        let definition = self.facts(unit).definition(id);
        let owner = definition.parent;
        let mut classes: Vec<Def> = Vec::new();
        if let Some(declared) = definition.declared {
            let mut values = self.types(unit, owner, declared);
            let items = self.elements(&values);
            values.extend(items);
            for value in values {
                if let Value::Instance(of) = self.pool.value(value) {
                    classes.push(of);
                }
            }
        } else if let Some(value) = definition.value {
            self.classes_given(unit, owner, value, 0, &mut classes);
        }
        classes
    }

    /// Classes that a call is given, also by calls inside of it (`List(Nested(BarnSchema))`).
    fn classes_given(&mut self, unit: u32, owner: DefId, expr: ExprId, depth: usize, classes: &mut Vec<Def>) {
        let ExprKind::Call { args, .. } = &self.facts(unit).expr(expr).kind else { return };
        for given in args {
            if depth < MOST_DEPTH {
                self.classes_given(unit, owner, given.value, depth + 1, classes);
            }
            let values = self.eval(unit, owner, given.value);
            classes.extend(values.into_iter().filter_map(|it| match self.pool.value(it) {
                Value::Def(of) if self.program.is_type(of) => Some(of),
                _ => None,
            }));
        }
    }
}
