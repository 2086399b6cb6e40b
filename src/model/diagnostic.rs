//! What went wrong with an input, or how far the reading of it reached: values, never control flow.

use serde::{Deserialize, Serialize};

/// How much a [`Diagnostic`] matters to the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing; nothing is missing from the answer.
    Note,
    /// Something was left out of the answer.
    Warning,
    /// The user asked for something that cannot be done as asked.
    Error,
}

/// One problem in the input or in its coverage, with the place and what to do next.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Repository-relative path with `/`, empty when no file is to blame.
    pub file: String,
    /// Line from 1; 0 when the whole file is meant.
    pub line: u32,
    pub severity: Severity,
    /// Stable kebab-case code such as `syntax-error`.
    pub code: String,
    /// Lower case, no final dot, says what to do next where something can be done.
    pub message: String,
}

impl Diagnostic {
    pub fn new(severity: Severity, code: &str, file: &str, line: u32, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, severity, code: code.to_owned(), message: message.into() }
    }

    pub fn warning(code: &str, file: &str, line: u32, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, file, line, message)
    }

    pub fn note(code: &str, file: &str, line: u32, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, file, line, message)
    }
}
