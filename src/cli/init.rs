//! `seamline init`: the accepted proposal as `seamline.toml`.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use crate::cli::common::Input;
use crate::cli::{Failure, Outcome, ci, steering};

/// Writes the proposed boundaries to seamline.toml, to be changed there and obeyed by the next run.
#[derive(Debug, Args)]
pub(super) struct Init {
    #[command(flatten)]
    input: Input,
    /// Start from boundaries of another tool: a decomposition as .json, CODEOWNERS, tach.toml, .importlinter,
    /// pyproject.toml or .go-arch-lint.yml; what they leave open is proposed.
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Print the configuration instead of writing it.
    #[arg(long)]
    dry_run: bool,
    /// Write a workflow that runs `seamline check` on every change, instead of the configuration.
    #[arg(long, value_enum, value_name = "SERVICE")]
    ci: Option<ci::Service>,
}

impl Init {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        if let Some(service) = self.ci {
            return ci::write_workflow(service, &self.input.path, self.dry_run);
        }
        let path = self.input.path.join("seamline.toml");
        if !self.dry_run && path.exists() {
            return Err(Failure::Message(format!(
                "{} exists and is not overwritten; move it away, or see `seamline init --dry-run`",
                path.display()
            )));
        }
        let report = match &self.from {
            Some(file) => steering::declared(&self.input, file)?.0,
            None => self.input.analyze()?.1,
        };
        let text = steering::configuration(&report.graph, &report.partition);
        let mut stdout = std::io::stdout().lock();
        if self.dry_run {
            stdout.write_all(text.as_bytes())?;
        } else {
            std::fs::write(&path, text)
                .map_err(|error| Failure::Message(format!("cannot write {}: {error}", path.display())))?;
            writeln!(stdout, "{}: {} services", path.display(), report.partition.services.len())?;
        }
        Ok(Outcome::Fine)
    }
}
