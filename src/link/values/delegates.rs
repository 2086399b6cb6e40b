//! Objects that leave what they lack to another one: `def __getattr__(self, name): return getattr(self.db, name)`.

use crate::link::names::program::Def;
use crate::link::values::infer::Inference;
use crate::link::values::value::{Values, union};
use crate::model::fact::{DefId, DefinitionKind, ExprId, ExprKind, FileFacts, ParamKind, StepKind};

/// The method that is asked for what an object lacks.
const ASKED: &str = "__getattr__";
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
        values
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
