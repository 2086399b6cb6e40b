//! Imports that begin with a name which another import of the same scope brings: after `use shop::paths::{self, ROOT}` the
//! path `paths::ORDERS` is `shop::paths::ORDERS`.

use crate::model::fact::{Anchor, FileFacts, Import};

/// Writes such paths out in full.
pub(super) fn write_out(facts: &mut FileFacts) {
    let brought: Vec<Import> = facts.imports.iter().filter(|it| it.alias.is_some()).cloned().collect();
    for import in &mut facts.imports {
        let first = match (&import.anchor, import.path.first()) {
            (Anchor::Absolute, Some(first)) => first.clone(),
            _ => continue,
        };
        let is_it = |it: &&Import| {
            it.scope == import.scope
                && it.alias.as_ref() == Some(&first)
                && it.name.is_some()
                && it.path.first() != Some(&first)
        };
        let mut found = brought.iter().filter(is_it);
        let (Some(by), None) = (found.next(), found.next()) else { continue };
        let mut path = by.path.clone();
        path.extend(by.name.clone());
        path.extend(import.path.drain(1..));
        (import.anchor, import.path) = (by.anchor, path);
    }
}
