//! What a method calls on the classes above its own (`super().all()`): it runs on whatever the method itself was called on, which may
//! be a class far below.

use crate::link::names::program::Def;
use crate::link::values::infer::Inference;
use crate::link::values::value::{Subject, Value, ValueId, Values, insert};
use crate::model::fact::{Argument, DefId, DefinitionKind, ParamKind};

impl<'a> Inference<'a> {
    /// Values of a call of a method on what it was found at.
    pub(super) fn call_method(
        &mut self,
        unit: u32,
        owner: DefId,
        (method, of): (Def, Def),
        args: &'a [Argument],
        receivers: &[ValueId],
    ) -> Values {
        let is_class = self.program.definition(method).traits.is_class;
        let receiver = if is_class { Value::Def(of) } else { Value::Instance(of) };
        self.bind(unit, owner, method, args, Some(receiver));
        let is_above = receivers.iter().any(|it| matches!(self.pool.value(*it), Value::Super(_)));
        if is_above {
            self.bind_own_receiver(unit, owner, method);
        }
        let mut results = self.results_for(unit, owner, method, args);
        self.keep_to_receiver(method, of, &mut results);
        if is_above {
            self.keep_to_below(method, of, &mut results);
        }
        results
    }

    /// Gives the receiver of the method around a call to the method above that it calls.
    fn bind_own_receiver(&mut self, unit: u32, owner: DefId, above: Def) {
        let Some((scope, name)) = self.receiver_around(unit, owner) else { return };
        let own = self.named_var(self.program.space(unit, scope), name);
        let (home, id) = self.program.local(above);
        let definition = self.facts(home).definition(id);
        let Some(first) = definition.params.first().filter(|it| it.kind == ParamKind::Receiver) else { return };
        let var = self.named_var(self.program.space(home, id), &first.name);
        if var == own {
            return;
        }
        let (is_class, base) = (definition.traits.is_class, self.program.parent(above));
        for value in self.read(own) {
            let (Value::Instance(of) | Value::Def(of)) = self.pool.value(value) else { continue };
            if !self.program.is_type(of) || !self.lineage(of).types.contains(&base) {
                continue;
            }
            let id = self.pool.id(if is_class { Value::Def(of) } else { Value::Instance(of) });
            self.add(var, id);
        }
    }

    /// What a method above gives to a class is about that class or those below it, where it gives anything about these.
    fn keep_to_below(&mut self, above: Def, of: Def, results: &mut Values) {
        let base = self.program.parent(above);
        let about = |value: Value| match value {
            Value::Outside { subject: Subject::Type(it), .. } | Value::Instance(it) | Value::Def(it) => Some(it),
            _ => None,
        };
        let mut kept = Values::new();
        let mut says = false;
        for id in results.iter() {
            let subject = about(self.pool.value(*id)).filter(|it| self.program.is_type(*it));
            let lineage = subject.map(|it| self.lineage(it));
            let is_below = lineage.as_ref().is_some_and(|it| it.types.contains(&of));
            says |= is_below;
            if is_below || lineage.is_none_or(|it| !it.types.contains(&base)) {
                insert(&mut kept, *id);
            }
        }
        if says {
            *results = kept;
        }
    }

    /// The method around a place, and what it calls its receiver.
    fn receiver_around(&self, unit: u32, owner: DefId) -> Option<(DefId, &'a str)> {
        let facts = self.facts(unit);
        let mut scope = owner;
        loop {
            let definition = facts.definition(scope);
            if let Some(first) = definition.params.first().filter(|it| it.kind == ParamKind::Receiver) {
                return Some((scope, first.name.as_str()));
            }
            if definition.kind != DefinitionKind::Closure {
                return None;
            }
            scope = definition.parent;
        }
    }
}
