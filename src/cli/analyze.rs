//! `seamline analyze`: the main job. A summary on the terminal, the report in a folder.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use rayon::prelude::*;

use crate::cli::common::{Input, terminal_width, write_artifacts};
use crate::cli::{Failure, Outcome};
use crate::render::text::{self, Color};
use crate::render::{RENDERERS, renderer};

/// Reads a checkout, proposes services, and writes the report.
///
/// Prints what was read and what could not be, the proposed services with their tables, the shared tables with owner
/// and verdict, and what to extract first. Nothing is built, run or sent anywhere.
#[derive(Debug, Args)]
pub(super) struct Analyze {
    #[command(flatten)]
    input: Input,
    /// Folder for the report.
    #[arg(long, short, value_name = "DIR", default_value = "seamline-report")]
    out: PathBuf,
    /// Print only this format to stdout and write no folder.
    #[arg(long, value_name = "FORMAT", value_parser = formats())]
    format: Option<String>,
    /// Fail (exit code 1) when more of the data accesses than this percentage could not be resolved: blind spots over
    /// blind spots and data accesses, the metric `blind_spot_share`.
    #[arg(long, value_name = "PERCENT")]
    max_blind_spots: Option<f64>,
}

pub(crate) fn formats() -> clap::builder::PossibleValuesParser {
    RENDERERS
        .iter()
        .map(|it| clap::builder::PossibleValue::new(it.format()).help(it.summary()))
        .collect::<Vec<_>>()
        .into()
}

impl Analyze {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let (_, report) = self.input.analyze()?;
        let mut stdout = std::io::stdout().lock();
        if let Some(renderer) = self.format.as_deref().and_then(renderer) {
            for artifact in renderer.render(&report).into_iter().take(1) {
                stdout.write_all(&artifact.bytes)?;
            }
        } else {
            let color = if self.input.colored() { Color::Always } else { Color::Never };
            let render = || RENDERERS.par_iter().flat_map_iter(|it| it.render(&report)).collect();
            let artifacts: Vec<_> = self.input.pooled(render)?;
            write_artifacts(&self.out, &artifacts)?;
            stdout.write_all(text::summary(&report, color, terminal_width()).as_bytes())?;
            writeln!(stdout, "\nReport: {}", self.out.join("index.html").display())?;
        }
        if let Some(limit) = self.max_blind_spots {
            let share = 100.0 * report.graph.blind_spot_share();
            if share > limit {
                writeln!(
                    anstream::stderr(),
                    "seamline: {share:.1} % of the data accesses are blind spots (metric blind_spot_share), more than {limit} %"
                )?;
                return Ok(Outcome::Findings);
            }
        }
        Ok(Outcome::Fine)
    }
}
