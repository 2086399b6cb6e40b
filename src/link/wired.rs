//! Handlers that are put into the fields of generated code: a generator writes the routes, the program what answers them.

use crate::link::infer::{Inference, Spot};
use crate::link::program::Def;
use crate::model::source::Role;

impl Inference<'_> {
    /// Functions that code which no generator wrote gives to a member (`api.GetOrder = orders.HandlerFunc(show)`).
    pub(crate) fn wired_handlers(&mut self, member: Spot) -> Vec<Def> {
        let mut defs = Vec::new();
        for (var, _) in self.vars_of(member.unit, member.owner, member.expr) {
            for given in self.sources(var) {
                let by_hand = self.program.unit(given.unit).source.role == Role::Production
                    && !self.program.is_test(self.program.def(given.unit, given.owner));
                if by_hand {
                    self.functions_of(given.unit, given.owner, given.expr, &mut defs, 0);
                }
            }
        }
        // A method of an interface is answered by what the program makes.
        let is_open = |it: &Def| self.program.definition(*it).traits.is_abstract;
        if !defs.iter().all(is_open) {
            defs.retain(|it| !is_open(it));
        }
        defs
    }
}
