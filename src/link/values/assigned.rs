//! Things from libraries that nobody described, told by where the program puts them: what a function with a parameter
//! `db *sql.DB` is given is one, whatever library has it (`load(service.Handle)`), and so it is everywhere else.
//!
//! Only where a language lets nothing but values of the type into what is declared so.

use rustc_hash::FxHashMap;

use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::{Site, Subject, Sym, Value, Var};
use crate::model::fact::{DefId, ExprId, ExprKind};

/// Variables between what a library has and where it is put.
const MOST_STEPS: u32 = 4;

/// What is known of members of paths that no stub speaks of.
#[derive(Default)]
pub(crate) struct Assigned<'a> {
    /// Types of members, by the path they are read from and their names.
    members: FxHashMap<(Sym, &'a str), Sym>,
    /// Paths of methods and functions whose results are known, by the same.
    methods: FxHashMap<(Sym, &'a str), Sym>,
    /// Types of results by these paths.
    results: FxHashMap<Sym, Sym>,
}

impl Inference<'_> {
    /// Learns what things from outside are by the declared fields, parameters and results that the program puts them into.
    /// Whether something was learned.
    pub(in crate::link) fn learn_by_use(&mut self) -> bool {
        self.current = u32::MAX;
        let before = self.assigned.members.len() + self.assigned.methods.len();
        self.each_declared(Self::learn_from);
        self.assigned.members.len() + self.assigned.methods.len() > before
    }

    fn learn_from(&mut self, unit: u32, owner: DefId, declared: ExprId, var: Var) {
        if !matches!(self.facts(unit).expr(declared).kind, ExprKind::Name(_) | ExprKind::Member { .. }) {
            return;
        }
        let sources = self.sources(var);
        if sources.is_empty() {
            return;
        }
        let values = self.eval(unit, owner, declared);
        let [only] = values.as_slice() else { return };
        let Value::Outside { path, .. } = self.pool.value(*only) else { return };
        if !self.stubs.knows(self.pool.text(path)) {
            return;
        }
        for source in sources {
            self.learn_source(source, path, 0);
        }
    }

    fn learn_source(&mut self, spot: Spot, of: Sym, steps: u32) {
        let facts = self.facts(spot.unit);
        let expr = &facts.expr(spot.expr).kind;
        if steps > MOST_STEPS || !matches!(expr, ExprKind::Name(_) | ExprKind::Member { .. } | ExprKind::Call { .. }) {
            return;
        }
        let values = self.eval(spot.unit, spot.owner, spot.expr);
        if values.is_empty() || !self.are_foreign(&values) {
            return;
        }
        match expr {
            ExprKind::Member { base, name } => {
                if let Some(path) = self.foreign_base(Spot { expr: *base, ..spot }, name) {
                    self.assigned.members.entry((path, name)).or_insert(of);
                }
            }
            ExprKind::Call { callee, .. } => {
                let ExprKind::Member { base, name } = &facts.expr(*callee).kind else { return };
                let Some(path) = self.foreign_base(Spot { expr: *base, ..spot }, name) else { return };
                let full = format!("{}{}{name}", self.pool.text(path), self.separator(spot.unit));
                let method = self.pool.sym(&full);
                self.assigned.methods.entry((path, name)).or_insert(method);
                self.assigned.results.entry(method).or_insert(of);
            }
            ExprKind::Name(_) => {
                if let [only] = self.given_here(spot).as_slice() {
                    self.learn_source(*only, of, steps + 1);
                }
            }
            _ => {}
        }
    }

    /// The one path outside that a member is read from, where nothing of the program answers.
    fn foreign_base(&mut self, base: Spot, name: &str) -> Option<Sym> {
        let values = self.eval(base.unit, base.owner, base.expr);
        let [only] = values.as_slice() else { return None };
        let path = match self.pool.value(*only) {
            Value::Outside { path, .. } => path,
            Value::Instance(of) => match self.lineage(of).outside.as_slice() {
                [only] => *only,
                _ => return None,
            },
            _ => return None,
        };
        let full = format!("{}{}{name}", self.pool.text(path), self.separator(base.unit));
        self.stubs.is_foreign(&full).then_some(path)
    }

    /// What a member of an outside path is by its use.
    pub(crate) fn assigned_member(&mut self, path: Sym, name: &str) -> Option<Value> {
        if let Some(of) = self.assigned.members.get(&(path, name)) {
            return Some(Value::Outside { path: *of, instance: true, subject: Subject::None, site: Site(0) });
        }
        let path = *self.assigned.methods.get(&(path, name))?;
        Some(Value::Outside { path, instance: false, subject: Subject::None, site: Site(0) })
    }

    /// What a call of an outside path gives by its use.
    pub(crate) fn assigned_result(&self, path: Sym) -> Option<Value> {
        let path = *self.assigned.results.get(&path)?;
        Some(Value::Outside { path, instance: true, subject: Subject::None, site: Site(0) })
    }
}
