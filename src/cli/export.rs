//! `seamline export`: the graph as data.

use std::io::Write;

use clap::Args;

use crate::cli::common::Input;
use crate::cli::{Failure, Outcome};
use crate::render::json;

/// Prints the dependency and data-access graph (`seamline.graph/1`).
#[derive(Debug, Args)]
pub(super) struct Export {
    #[command(flatten)]
    input: Input,
    /// Output format.
    #[arg(long, value_name = "FORMAT", default_value = "json", value_parser = ["json"])]
    format: String,
}

impl Export {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let (_, system) = self.input.read()?;
        std::io::stdout().lock().write_all(&json::graph_json(&system.graph))?;
        Ok(Outcome::Fine)
    }
}
