//! Loads `.scm` pattern files into a `RuleSet`.
