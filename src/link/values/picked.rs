//! What the program's own registries of classes hand out: `get_class("orders.views", "OrderView")` names a module, or the end of
//! its path, and what stands there.

use crate::link::names::program::Mod;
use crate::link::values::infer::Inference;
use crate::link::values::value::{Value, Values, union};
use crate::model::fact::{Argument, ExprKind, Text};

impl<'a> Inference<'a> {
    /// What a call of a function that gives nothing known names by two texts, where one module alone has it.
    pub(crate) fn picked_by_names(&mut self, unit: u32, args: &'a [Argument]) -> Values {
        let facts = self.facts(unit);
        let [module, names] = args else { return Values::new() };
        if [module, names].into_iter().any(|it| it.name.is_some() || it.spread) {
            return Values::new();
        }
        let ExprKind::Text(module) = &facts.expr(module.value).kind else { return Values::new() };
        let is_path = !module.is_empty() && module.chars().all(|it| it.is_alphanumeric() || matches!(it, '_' | '.'));
        if !is_path {
            return Values::new();
        }
        match &facts.expr(names.value).kind {
            ExprKind::Text(name) => self.picked(unit, module, name),
            ExprKind::Sequence(items) => {
                let container = self.container_of_expr(self.calling);
                let mut is_empty = true;
                for (index, item) in items.iter().enumerate() {
                    let ExprKind::Text(name) = &facts.expr(*item).kind else { continue };
                    let values = self.picked(unit, module, name);
                    is_empty &= values.is_empty();
                    let var = self.container_var(container, Some(&index.to_string()));
                    self.add_all(var, &values);
                }
                if is_empty { Values::new() } else { self.one(Value::Container(container)) }
            }
            _ => Values::new(),
        }
    }

    fn picked(&mut self, unit: u32, module: &Text, name: &Text) -> Values {
        let separator = self.separator(unit);
        if !name.starts_with(|it: char| it.is_alphabetic()) || name.contains(separator) {
            return Values::new();
        }
        let ending = format!("{separator}{module}");
        let named = |it: &Mod| {
            let found = &self.program.modules[it.0 as usize].name;
            (found == module.as_str() || found.ends_with(&ending))
                && !self.program.members(self.program.module_space(*it), name).is_empty()
        };
        let mut modules = (0..self.program.modules.len() as u32).map(Mod).filter(named);
        let (Some(only), None) = (modules.next(), modules.next()) else { return Values::new() };
        let mut values = Values::new();
        for member in self.program.members(self.program.module_space(only), name) {
            if self.program.is_type(member) || self.program.is_function(member) {
                let id = self.pool.id(Value::Def(member));
                union(&mut values, &[id]);
            }
        }
        values
    }
}
