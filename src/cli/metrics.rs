//! `seamline metrics`: coupling in figures.

use std::io::Write;

use clap::{Args, ValueEnum};

use crate::cli::common::Input;
use crate::cli::{Failure, Outcome};
use crate::measure::system::{METRICS, Metric, metrics};

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
            Format::Openmetrics => stdout.write_all(open_metrics(&found).as_bytes())?,
        }
        Ok(Outcome::Fine)
    }
}

fn number(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.4}") }
}

/// `OpenMetrics` 1.0 text: a family per metric, `# EOF` at the end.
fn open_metrics(found: &[Metric]) -> String {
    let mut text = String::new();
    for kind in METRICS {
        let samples: Vec<&Metric> = found.iter().filter(|it| it.id == kind.id).collect();
        if samples.is_empty() {
            continue;
        }
        let id = kind.id;
        text.push_str(&format!(
            "# TYPE seamline_{id} gauge\n# HELP seamline_{id} {}\n",
            kind.summary.replace('\\', "\\\\")
        ));
        for sample in samples {
            let label = sample.service.as_ref().map_or_else(String::new, |it| format!("{{service=\"{it}\"}}"));
            text.push_str(&format!("seamline_{id}{label} {}\n", sample.value));
        }
    }
    text.push_str("# EOF\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_metrics_has_families_and_an_end() {
        let found = [
            Metric { id: "cut_calls", service: None, value: 3.0 },
            Metric { id: "cut_calls", service: Some("orders".to_owned()), value: 2.0 },
        ];
        let text = open_metrics(&found);
        assert_eq!(text.matches("# TYPE").count(), 1);
        assert!(text.contains("\nseamline_cut_calls 3\nseamline_cut_calls{service=\"orders\"} 2\n"), "{text}");
        assert!(text.ends_with("# EOF\n"));
    }
}
