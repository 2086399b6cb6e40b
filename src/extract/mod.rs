//! One file to its facts, in parallel, cached by content; knows no other file.

mod index;
mod matching;
mod owners;

pub use index::RuleIndex;
pub use matching::match_rules;
