//! A folder or a git revision to a `Project`.
