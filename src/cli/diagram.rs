//! `seamline diagram`: one picture, to stdout or to a file.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use crate::cli::analyze::formats;
use crate::cli::common::{Input, write_artifacts};
use crate::cli::{Failure, Outcome};
use crate::render::renderer;

/// Draws the proposed architecture.
#[derive(Debug, Args)]
pub(super) struct Diagram {
    #[command(flatten)]
    input: Input,
    /// Output format.
    #[arg(long, value_name = "FORMAT", default_value = "svg", value_parser = formats())]
    format: String,
    /// Folder for all pictures of the format; without it the first one goes to stdout.
    #[arg(long, short, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Diagram {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let (_, report) = self.input.analyze()?;
        let artifacts = renderer(&self.format).map(|it| it.render(&report)).unwrap_or_default();
        match &self.out {
            Some(folder) => write_artifacts(folder, &artifacts)?,
            None => {
                if let Some(artifact) = artifacts.first() {
                    std::io::stdout().lock().write_all(&artifact.bytes)?;
                }
            }
        }
        Ok(Outcome::Fine)
    }
}
