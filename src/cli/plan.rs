//! `seamline plan`: the extraction plan as Markdown.

use std::io::Write;

use clap::Args;

use crate::cli::common::{Input, suggestion};
use crate::cli::{Failure, Outcome};
use crate::render::markdown;

/// Prints the extraction plan: owners and verdicts, order, steps with their evidence.
#[derive(Debug, Args)]
pub(super) struct Plan {
    #[command(flatten)]
    input: Input,
    /// Print the chapter of this service alone.
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
}

impl Plan {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let (_, report) = self.input.analyze()?;
        let text = match &self.service {
            None => markdown::document(&report),
            Some(name) => markdown::chapter(&report, name).ok_or_else(|| {
                let near = suggestion(name, report.partition.services.iter().map(|it| it.name.as_str()));
                Failure::Message(format!("no service is called `{name}`{near}"))
            })?,
        };
        std::io::stdout().lock().write_all(text.as_bytes())?;
        Ok(Outcome::Fine)
    }
}
