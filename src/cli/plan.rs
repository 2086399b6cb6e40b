//! `seamline plan`: the extraction plan as Markdown.

use std::io::Write;

use clap::Args;

use crate::cli::common::Input;
use crate::cli::{Failure, Outcome};
use crate::render::markdown;

/// Prints the extraction plan: owners and verdicts, order, steps with their evidence.
#[derive(Debug, Args)]
pub(super) struct Plan {
    #[command(flatten)]
    input: Input,
}

impl Plan {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let (_, report) = self.input.analyze()?;
        std::io::stdout().lock().write_all(markdown::document(&report).as_bytes())?;
        Ok(Outcome::Fine)
    }
}
