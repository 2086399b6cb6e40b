//! `seamline scaffold`: the skeleton of one service.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use crate::cli::common::{Input, write_artifacts};
use crate::cli::{Failure, Outcome};
use crate::scaffold::{TARGETS, scaffold};

/// Writes the skeleton of one proposed service: endpoints, owned tables, Dockerfile, health check and tests.
#[derive(Debug, Args)]
pub(super) struct Scaffold {
    /// Name of a proposed service, as `analyze` prints it.
    service: String,
    #[command(flatten)]
    input: Input,
    /// Folder to write; it must not exist or be empty.
    #[arg(long, short, value_name = "DIR")]
    out: PathBuf,
    /// Language of the skeleton [default: that of most of the service's code].
    #[arg(long, value_name = "LANGUAGE", value_parser = languages())]
    language: Option<String>,
}

fn languages() -> clap::builder::PossibleValuesParser {
    TARGETS
        .iter()
        .map(|it| clap::builder::PossibleValue::new(it.language()).help(it.summary()))
        .collect::<Vec<_>>()
        .into()
}

impl Scaffold {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let taken = std::fs::read_dir(&self.out).is_ok_and(|mut it| it.next().is_some());
        if taken {
            return Err(Failure::Message(format!(
                "{} is not empty; give a new folder, so that nothing of yours is overwritten",
                self.out.display()
            )));
        }
        let (_, report) = self.input.analyze()?;
        let artifacts = scaffold(&report, &self.service, self.language.as_deref())
            .map_err(|error| Failure::Message(error.to_string()))?;
        write_artifacts(&self.out, &artifacts)?;
        let mut stdout = std::io::stdout().lock();
        for artifact in &artifacts {
            writeln!(stdout, "{}", self.out.join(&artifact.path).display())?;
        }
        Ok(Outcome::Fine)
    }
}
