//! `seamline metrics`: coupling in figures.

use std::io::Write;

use clap::{Args, ValueEnum};

use crate::cli::common::Input;
use crate::cli::{Failure, Outcome};
use crate::measure::system::metrics;
use crate::render::check::openmetrics::{Sample, families};

/// Prints coupling metrics, for the whole system and per service.
#[derive(Debug, Args)]
pub(super) struct Metrics {
    #[command(flatten)]
    input: Input,
    /// Output format.
    #[arg(long, value_enum, default_value_t = Format::Text, value_name = "FORMAT")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    /// `seamline.metrics/1`.
    Json,
    /// Text exposition, for Prometheus and GitLab's metrics report.
    Openmetrics,
}

impl Metrics {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let (_, report) = self.input.analyze()?;
        let found = metrics(&report.graph, &report.partition);
        let mut stdout = std::io::stdout().lock();
        match self.format {
            Format::Text => {
                for metric in &found {
                    let service = metric.service.as_deref().unwrap_or("");
                    writeln!(stdout, "{:<26} {service:<24} {}", metric.id, number(metric.value))?;
                }
            }
            Format::Json => {
                let metrics: Vec<_> = found
                    .iter()
                    .map(|it| serde_json::json!({ "id": it.id, "service": it.service, "value": it.value }))
                    .collect();
                let document = serde_json::json!({
                    "schema": "seamline.metrics/1",
                    "revision": report.graph.revision,
                    "metrics": metrics,
                });
                writeln!(stdout, "{}", serde_json::to_string_pretty(&document).unwrap_or_default())?;
            }
            Format::Openmetrics => {
                let samples: Vec<Sample<'_>> = found
                    .iter()
                    .map(|it| Sample { id: it.id, service: it.service.as_deref(), value: it.value })
                    .collect();
                writeln!(stdout, "{}# EOF", families(&samples))?;
            }
        }
        Ok(Outcome::Fine)
    }
}

fn number(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.4}") }
}
