//! Relations between rows of outside types, which no code of the program declares: `user.groups`, `group.permissions`.

use crate::link::entities::relations::Related;
use crate::link::values::infer::Inference;
use crate::link::values::value::{Subject, Value};
use crate::model::fact::{DefId, ExprId, ExprKind};
use crate::model::rule::{Gives, Stub};

/// A relation of an outside type: whose rows, the rows on the other side, and what a stub says of it.
pub(crate) struct Abroad<'a> {
    pub(crate) holder: Subject,
    pub(crate) other: Subject,
    /// Name of the relation.
    pub(crate) name: &'a str,
    pub(crate) stub: &'a Stub,
}

impl<'a> Inference<'a> {
    /// Relations that stubs tell of types whose packages the program imports. Rows of a type of the program's own say for
    /// themselves how they are related.
    pub(crate) fn relations_abroad(&mut self) -> Vec<Abroad<'a>> {
        let mut found = Vec::new();
        for stub in self.stubs.relations().to_vec() {
            let (Gives::Relates(target), Some((holder, name))) = (&stub.gives, stub.path.rsplit_once('.')) else {
                continue;
            };
            let package = if holder.contains('.') { holder } else { target.as_str() };
            if !(0..self.program.units.len() as u32).any(|unit| self.imports_root_of(unit, package)) {
                continue;
            }
            let holders = self.rows_called(holder);
            let others = self.rows_called(target);
            if let ([holder @ Subject::Named(_)], [other]) = (holders.as_slice(), others.as_slice()) {
                found.push(Abroad { holder: *holder, other: *other, name, stub });
            }
        }
        found
    }

    /// Whose rows a type is: by its path, or by the variable of the program that names it (a name without a dot).
    fn rows_called(&mut self, path: &str) -> Vec<Subject> {
        if path.contains('.') {
            let store = self.stubs.store_of(path).map(|it| Subject::Named(self.pool.sym(it)));
            return store.into_iter().collect();
        }
        let mut subjects = Vec::new();
        for value in self.instances_named_by(0, path) {
            match self.pool.value(value) {
                Value::Instance(of) => subjects.push(Subject::Type(of)),
                Value::Outside { path, .. } => {
                    subjects.extend(self.outside_entity(path).map(Subject::Named));
                }
                _ => {}
            }
        }
        subjects
    }

    /// What an expression is about; where nothing is known of a member, its name may be a variable that names an entity
    /// (`settings.OWNER_MODEL`, whatever the program keeps its settings in).
    pub(crate) fn subject_told(&mut self, unit: u32, owner: DefId, expr: ExprId) -> Option<Subject> {
        if let Some(found) = self.subject_of(unit, owner, expr) {
            return Some(found);
        }
        let ExprKind::Member { name, .. } = &self.facts(unit).expr(expr).kind else { return None };
        if !self.stubs.knows(name) {
            return None;
        }
        match self.rows_called(name).as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// Makes these relations known, from both sides.
    pub(crate) fn relate_abroad(&mut self) {
        for Abroad { holder, other, name, stub } in self.relations_abroad() {
            let Subject::Named(store) = holder else { continue };
            let between = stub.between.is_some();
            let by = stub.by.as_ref().map(ToString::to_string);
            let related = |of: Subject, through: Option<String>| Related {
                of,
                through,
                many: false,
                between,
                loads: None,
                eager: false,
            };
            self.relate_outside(store, name.to_owned(), related(other, by.clone().filter(|_| between)));
            for (place, inverse) in stub.inverse.iter().enumerate() {
                match other {
                    Subject::Named(far) => {
                        self.relate_outside(far, inverse.to_string(), related(holder, by.clone()));
                    }
                    // What queries call it may be a name of the program's own.
                    Subject::Type(of) if place == 0 => {
                        let space = self.program.def_space(of);
                        if self.program.members(space, inverse).is_empty() {
                            let related = related(holder, by.clone());
                            self.related.entry((of, inverse.to_string())).or_insert(related);
                        }
                    }
                    _ => {}
                }
            }
        }
    }
}
