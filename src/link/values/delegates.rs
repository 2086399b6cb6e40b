//! Objects that leave what they lack to another one: `def __getattr__(self, name): return getattr(self.db, name)`, or in Rust
//! what `deref` gives.

use crate::link::names::program::Def;
use crate::link::values::infer::Inference;
use crate::link::values::value::{Value, ValueId, Values, union};
use crate::model::fact::{DefId, DefinitionKind, ExprId, ExprKind, FileFacts, ParamKind, StepKind};

/// The method that is asked for what an object lacks.
const ASKED: &str = "__getattr__";
/// In Rust, the method that gives what an object stands for.
const DEREF: &str = "deref";
/// Objects that leave what they lack to the next one, one in the other.
const MOST_LEFT: u32 = 3;

impl Inference<'_> {
    /// A member that instances of a type lack, and so have of another object.
    pub(crate) fn left_to_another(&mut self, of: Def, name: &str) -> Values {
        let mut values = Values::new();
        if name.starts_with("__") || self.leaving >= MOST_LEFT {
            return values;
        }
        for base in self.lineage(of).types.clone() {
            for method in self.program.members(self.program.def_space(base), ASKED).to_vec() {
                if self.program.kind(method) != DefinitionKind::Method {
                    continue;
                }
                let (unit, id) = self.program.local(method);
                for other in others_asked(self.facts(unit), id) {
                    self.leaving += 1;
                    for value in self.eval(unit, id, other) {
                        let value = self.pool.value(value);
                        let found = self.member(value, name, unit);
                        union(&mut values, &found);
                    }
                    self.leaving -= 1;
                }
            }
        }
        if values.is_empty() && name != DEREF {
            self.leaving += 1;
            for value in self.dereferenced(of) {
                let value = self.pool.value(value);
                let found = self.member(value, name, self.program.unit_of(of));
                union(&mut values, &found);
            }
            self.leaving -= 1;
        }
        values
    }

    /// What an instance of a type of the program's own stands for: what its `deref` gives.
    pub(crate) fn dereferenced(&mut self, of: Def) -> Values {
        let mut values = Values::new();
        if self.separator(self.program.unit_of(of)) != "::" {
            return values;
        }
        for method in self.program.members(self.program.def_space(of), DEREF).to_vec() {
            if self.program.kind(method) == DefinitionKind::Method
                && let Some(var) = self.result_var(method)
            {
                let found = self.read(var);
                union(&mut values, &found);
            }
        }
        values
    }

    /// Leaves out instances that stand for a library's value (`impl Deref`), where what is asked of them is a method that their
    /// own type has: it goes before those of what they stand for.
    pub(crate) fn without_own_methods(&mut self, unit: u32, receiver: ExprId, values: &mut Values) {
        if self.separator(unit) != "::" {
            return;
        }
        let has = |this: &Self, it: ValueId, name: &str| match this.pool.value(it) {
            Value::Instance(of) => !this.program.members(this.program.def_space(of), name).is_empty(),
            _ => false,
        };
        if !values.iter().any(|it| has(self, *it, DEREF)) {
            return;
        }
        let asked = self.facts(unit).exprs.iter().find_map(|it| match &it.kind {
            ExprKind::Member { base, name } if *base == receiver => Some(name),
            _ => None,
        });
        if let Some(name) = asked {
            values.retain(|it| !(has(self, *it, DEREF) && has(self, *it, name)));
        }
    }
}

/// What a method that is given a name hands back that member of.
fn others_asked(facts: &FileFacts, method: DefId) -> Vec<ExprId> {
    let Some(param) = facts.definition(method).params.iter().find(|it| it.kind == ParamKind::Plain) else {
        return Vec::new();
    };
    let given = |step: &crate::model::fact::Step| {
        let StepKind::Return(value) = step.kind else { return None };
        let ExprKind::Call { callee, args } = &facts.expr(value).kind else { return None };
        let is_asked = matches!(&facts.expr(*callee).kind, ExprKind::Name(it) if it == "getattr");
        let by_name =
            args.get(1).is_some_and(|it| matches!(&facts.expr(it.value).kind, ExprKind::Name(it) if *it == param.name));
        (is_asked && by_name).then(|| args[0].value)
    };
    facts.steps.iter().filter(|it| it.owner == method).filter_map(given).collect()
}
