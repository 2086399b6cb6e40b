//! `seamline export`: the graph as data.

use std::io::Write;

use clap::Args;

use crate::cli::common::Input;
use crate::cli::{Failure, Outcome};

/// Prints the dependency and data-access graph (`seamline.graph/1`).
#[derive(Debug, Args)]
pub struct Export {
    #[command(flatten)]
    input: Input,
}

impl Export {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let (_, system) = self.input.read()?;
        let text = serde_json::to_string_pretty(&system.graph).unwrap_or_default();
        let mut stdout = std::io::stdout().lock();
        writeln!(stdout, "{text}")?;
        Ok(Outcome::Fine)
    }
}
