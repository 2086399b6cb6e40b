//! What namespaces hold, by name. Most hold a handful of names: looking through these one after the other stays within
//! a line or two of memory, where one table of all names of a program is a miss for each question.

use rustc_hash::FxHashMap;

use crate::link::names::program::Space;

/// Namespaces with more names than this are looked up by hash.
const FEW: usize = 12;

pub(crate) struct Spaces<'a, T> {
    of_defs: Vec<Names<'a, T>>,
    /// Modules count down from the last number.
    of_modules: Vec<Names<'a, T>>,
}

struct Names<'a, T> {
    held: Vec<Named<'a, T>>,
    /// A bit for each mark that is held: most names that are asked for are not here, and are not looked for then.
    marks: u64,
    /// Positions of the names, where they are many.
    index: Option<Box<FxHashMap<&'a str, usize>>>,
}

struct Named<'a, T> {
    name: &'a str,
    /// What can be told of the name without looking at it.
    mark: u32,
    what: T,
}

/// Length, first and last byte: two names that differ mostly differ here.
fn mark(name: &str) -> u32 {
    let bytes = name.as_bytes();
    let (first, last) = (bytes.first().copied().unwrap_or(0), bytes.last().copied().unwrap_or(0));
    (bytes.len() as u32) << 16 | u32::from(first) << 8 | u32::from(last)
}

/// The bit of a mark.
fn bit(mark: u32) -> u64 {
    1 << (mark.wrapping_mul(0x9E37_79B9) >> 26)
}

impl<T> Default for Spaces<'_, T> {
    fn default() -> Self {
        Self { of_defs: Vec::new(), of_modules: Vec::new() }
    }
}

impl<T> Default for Names<'_, T> {
    fn default() -> Self {
        Self { held: Vec::new(), marks: 0, index: None }
    }
}

impl<'a, T> Spaces<'a, T> {
    pub(crate) fn get(&self, space: Space, name: &str) -> Option<&T> {
        let names = match space.module() {
            Some(module) => self.of_modules.get(module),
            None => self.of_defs.get(space.0 as usize),
        }?;
        names.held.get(names.position(name)?).map(|it| &it.what)
    }

    /// What stands under a name, put there if nothing does.
    pub(crate) fn get_or_insert(&mut self, space: Space, name: &'a str, new: impl FnOnce() -> T) -> &mut T {
        let (spaces, at) = match space.module() {
            Some(module) => (&mut self.of_modules, module),
            None => (&mut self.of_defs, space.0 as usize),
        };
        if spaces.len() <= at {
            spaces.resize_with(at + 1, Names::default);
        }
        spaces[at].get_or_insert(name, new)
    }
}

impl<'a, T> Names<'a, T> {
    fn position(&self, name: &str) -> Option<usize> {
        let mark = mark(name);
        if self.marks & bit(mark) == 0 {
            return None;
        }
        if let Some(index) = &self.index {
            return index.get(name).copied();
        }
        self.held.iter().position(|it| it.mark == mark && it.name == name)
    }

    fn get_or_insert(&mut self, name: &'a str, new: impl FnOnce() -> T) -> &mut T {
        let at = self.position(name).unwrap_or_else(|| {
            let mark = mark(name);
            self.marks |= bit(mark);
            self.held.push(Named { name, mark, what: new() });
            let last = self.held.len() - 1;
            match &mut self.index {
                Some(index) => drop(index.insert(name, last)),
                None if last >= FEW => {
                    self.index = Some(Box::new(self.held.iter().enumerate().map(|(at, it)| (it.name, at)).collect()));
                }
                None => {}
            }
            last
        });
        &mut self.held[at].what
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_and_many_names_are_found() {
        let names: Vec<String> = (0..40).map(|it| format!("name{it}")).collect();
        let mut spaces = Spaces::default();
        for space in [Space(3), Space(u32::MAX - 1)] {
            for (at, name) in names.iter().enumerate() {
                assert_eq!(spaces.get(space, name), None);
                assert_eq!(*spaces.get_or_insert(space, name, || at), at);
                assert_eq!(*spaces.get_or_insert(space, name, || 99), at);
            }
            for (at, name) in names.iter().enumerate() {
                assert_eq!(spaces.get(space, name), Some(&at));
            }
        }
        assert_eq!(spaces.get(Space(2), "name1"), None);
        assert_eq!(spaces.get(Space(u32::MAX), "name1"), None);
    }
}
