//! Syntax trees of tree-sitter's grammars.

use std::cell::RefCell;

use tree_sitter::{Language, Parser, Tree};

thread_local! {
    /// A parser keeps the memory it works in, so the next file of the thread takes it over.
    static PARSER: RefCell<Parser> = RefCell::new(Parser::new());
}

/// The tree of a source text; nothing where the library does not know this version of grammars.
pub(super) fn parse(language: &Language, source: &str) -> Option<Tree> {
    PARSER.with_borrow_mut(|parser| {
        parser.set_language(language).ok()?;
        parser.parse(source, None)
    })
}
