//! `seamline metrics`: coupling in figures.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::cli::common::Input;
use crate::cli::{Failure, Outcome};
use crate::discover::history::Repository;
use crate::measure::system::{Direction, METRICS, Metric, metrics};
use crate::model::diagnostic::Severity;
use crate::model::history::{Figure, Revision};
use crate::model::report::Report;
use crate::render::check::openmetrics::{Sample, families};
use crate::render::trend;
use crate::track::history::calendar::rfc3339;

/// Prints coupling metrics, for the whole system and per service.
#[derive(Debug, Args)]
pub(super) struct Metrics {
    #[command(flatten)]
    input: Input,
    /// Output format.
    #[arg(long, value_enum, default_value_t = Format::Text, value_name = "FORMAT")]
    format: Format,
    /// Add the figures of the commit that is read to this file instead of printing them: CSV as `seamline history`
    /// writes it, or a JSON object per line where the name ends in `.jsonl`. A commit stands in it once.
    #[arg(long, value_name = "FILE")]
    append: Option<PathBuf>,
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
        if let Some(file) = &self.append {
            let revision = self.revision(&report, &found)?;
            return append(file, &revision);
        }
        let mut stdout = std::io::stdout().lock();
        match self.format {
            Format::Text => {
                let name = |it: &Metric| it.service.as_deref().unwrap_or("").chars().count();
                let width = found.iter().map(name).max().unwrap_or(0).max(24);
                writeln!(stdout, "{:<26} {:<width$} {:>9}  better  unit", "metric", "service", "value")?;
                let mut before = "";
                for metric in &found {
                    let service = metric.service.as_deref().unwrap_or("");
                    let kind = METRICS.iter().find(|it| it.id == metric.id);
                    let better = match kind.map(|it| it.direction) {
                        Some(Direction::Lower) => "lower",
                        Some(Direction::Higher) => "higher",
                        _ => "-",
                    };
                    // What it counts is said once.
                    let unit = kind.filter(|it| before != it.id).map_or("", |it| it.summary);
                    before = metric.id;
                    let line =
                        format!("{:<26} {service:<width$} {:>9}  {better:<6}  {unit}", metric.id, number(metric.value));
                    writeln!(stdout, "{}", line.trim_end())?;
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

impl Metrics {
    /// The commit that was read, with its figures.
    fn revision(&self, report: &Report, found: &[Metric]) -> Result<Revision, Failure> {
        let Some(id) = &report.graph.revision else {
            let message = "`--append` needs a commit to name the figures by, and this folder is in no git repository";
            return Err(Failure::Message(message.to_owned()));
        };
        let repository = Repository::open(&self.input.path)?;
        let commit = repository.commit(id)?;
        let figure = |it: &Metric| Figure { metric: it.id.to_owned(), service: it.service.clone(), value: it.value };
        let mut problems: BTreeMap<String, u32> = BTreeMap::new();
        for it in report.diagnostics.iter().filter(|it| it.severity >= Severity::Warning) {
            *problems.entry(it.code.clone()).or_default() += 1;
        }
        Ok(Revision {
            id: commit.id.clone(),
            date: rfc3339(commit.time),
            time: commit.time,
            tags: repository.tags().remove(&commit.id).unwrap_or_default(),
            subject: commit.subject,
            files: report.graph.files.len() as u32,
            placed: 1.0,
            problems,
            metrics: found.iter().map(figure).collect(),
        })
    }
}

/// Puts a revision into a file where other runs put theirs; what the file says of the same commit is replaced.
fn append(file: &Path, revision: &Revision) -> Result<Outcome, Failure> {
    let failed =
        |what: &str, error: &std::io::Error| Failure::Message(format!("cannot {what} {}: {error}", file.display()));
    let before = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(failed("read", &error)),
    };
    let after = if file.extension().is_some_and(|it| it == "jsonl" || it == "ndjson") {
        trend::with_json_line(&before, revision)
    } else {
        trend::with_csv_rows(&before, revision)
            .map_err(|problem| Failure::Message(format!("{}: {problem}", file.display())))?
    };
    if after != before {
        // Under another name first, so that an interruption leaves the old file.
        let mut name = file.as_os_str().to_owned();
        name.push(".new");
        let fresh = PathBuf::from(name);
        std::fs::write(&fresh, &after)
            .and_then(|()| std::fs::rename(&fresh, file))
            .map_err(|error| failed("write", &error))?;
    }
    Ok(Outcome::Fine)
}

fn number(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.4}") }
}
