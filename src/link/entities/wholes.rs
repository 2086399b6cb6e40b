//! Rows that lie in the tables of the types above theirs as well (`class Driver(Person)` with a table for each): where whole
//! rows are read, so are the parts above.

use crate::link::storage::stores::Stores;
use crate::link::values::infer::Inference;
use crate::model::rule::Rule;

impl Inference<'_> {
    /// Stores of the types above those whose rows lie in these stores, where a rule loads whole rows by relations that it is
    /// given by name.
    pub(crate) fn parts_above(
        &mut self,
        stores: &Stores,
        rule: &Rule,
        columns: &[String],
        read: &[usize],
    ) -> Vec<usize> {
        let loads = rule.has("access.column") && rule.settings.get("access.also").is_some_and(|it| it == "relation");
        if !loads || columns.is_empty() { Vec::new() } else { self.stores_above(stores, read) }
    }

    /// Stores of the types above those whose rows lie in these stores, which are not among them.
    pub(crate) fn stores_above(&mut self, stores: &Stores, read: &[usize]) -> Vec<usize> {
        let mut above: Vec<usize> = Vec::new();
        for store in read {
            // Rows of a table that several types share may be of any of them.
            let [of] = stores.drafts[*store].entities.as_slice() else { continue };
            for it in self.inherited_stores(stores, *of) {
                if !read.contains(&it) && !above.contains(&it) {
                    above.push(it);
                }
            }
        }
        above
    }
}
