//! Names: which definitions a program has, what an import leads to, and what a word means where it stands.

pub(crate) mod headed;
pub(crate) mod program;
pub(crate) mod scope;
pub(crate) mod spaces;
