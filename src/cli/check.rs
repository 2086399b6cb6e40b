//! `seamline check`: did this change couple the system tighter than before?

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::common::Input;
use crate::cli::{Failure, Outcome};
use crate::config::Settings;
use crate::measure::system::{METRICS, metrics};
use crate::model::report::Report;
use crate::track::baseline::{self, Comparison};
use crate::track::findings::{Finding, findings};

/// Compares today's coupling between services with the accepted baseline; exit code 1 on anything new.
///
/// Boundaries should be declared (`seamline init`), so that a finding means the code changed and not the proposal.
#[derive(Debug, Args)]
pub(super) struct Check {
    #[command(flatten)]
    input: Input,
    /// Baseline file [default: seamline.baseline in PATH, or what the configuration names].
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Accept everything that exists today: write the baseline anew.
    #[arg(long, conflicts_with = "update_baseline")]
    write_baseline: bool,
    /// Take fixed entries out of the baseline; adds nothing.
    #[arg(long)]
    update_baseline: bool,
    /// Fixed entries that still stand in the baseline are findings too.
    #[arg(long)]
    strict: bool,
    /// Output format.
    #[arg(long, value_enum, default_value_t = Format::Text, value_name = "FORMAT")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    /// `seamline.check/1`.
    Json,
}

impl Check {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let (request, report) = self.input.analyze()?;
        let settings = &request.settings;
        let path = self.baseline.clone().unwrap_or_else(|| self.input.path.join(&settings.check.baseline));
        let found = findings(&report);
        let mut stdout = std::io::stdout().lock();
        let save = |text: String| {
            std::fs::write(&path, text)
                .map_err(|error| Failure::Message(format!("cannot write {}: {error}", path.display())))
        };
        if self.write_baseline {
            save(baseline::text(found.iter().map(|it| &it.key)))?;
            writeln!(stdout, "{}: {} findings accepted", path.display(), found.len())?;
            return Ok(Outcome::Fine);
        }
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(Failure::Message(format!(
                    "there is no baseline {}; `seamline check --write-baseline` accepts what exists today",
                    path.display()
                )));
            }
            Err(error) => return Err(Failure::Message(format!("cannot read {}: {error}", path.display()))),
        };
        let accepted =
            baseline::parse(&text, &path.display().to_string()).map_err(|error| Failure::Message(error.to_string()))?;
        let comparison = baseline::compare(&found, &accepted);
        if self.update_baseline && !comparison.fixed.is_empty() {
            let kept: Vec<_> = accepted.iter().filter(|it| !comparison.fixed.contains(it)).collect();
            save(baseline::text(kept))?;
        }
        let limits = limits(&report, settings)?;
        let strict = (self.strict || settings.check.strict) && !self.update_baseline;
        let failed = !comparison.new.is_empty() || !limits.is_empty() || strict && !comparison.fixed.is_empty();
        match self.format {
            Format::Text => self.print(&mut stdout, &report, &comparison, &limits)?,
            Format::Json => {
                let sites = |it: &Finding| it.sites.iter().map(|site| report.graph.place(*site)).collect::<Vec<_>>();
                let new: Vec<_> = comparison
                    .new
                    .iter()
                    .map(|it| {
                        serde_json::json!({
                            "rule": it.key.rule, "source": it.key.source, "target": it.key.target,
                            "object": it.key.object, "message": it.message, "sites": sites(it),
                        })
                    })
                    .collect();
                let fixed: Vec<_> = comparison
                    .fixed
                    .iter()
                    .map(|it| serde_json::json!({ "rule": it.rule, "source": it.source, "target": it.target, "object": it.object }))
                    .collect();
                let document = serde_json::json!({
                    "schema": "seamline.check/1", "failed": failed, "known": comparison.known,
                    "new": new, "fixed": fixed, "limits": limits,
                });
                writeln!(stdout, "{}", serde_json::to_string_pretty(&document).unwrap_or_default())?;
            }
        }
        Ok(if failed { Outcome::Findings } else { Outcome::Fine })
    }

    fn print(
        &self,
        out: &mut impl Write,
        report: &Report,
        found: &Comparison<'_>,
        limits: &[String],
    ) -> Result<(), Failure> {
        for finding in &found.new {
            let places: Vec<String> = finding.sites.iter().take(3).map(|it| report.graph.place(*it)).collect();
            writeln!(out, "new {}: {} ({})", finding.key.rule, finding.message, places.join(", "))?;
        }
        for limit in limits {
            writeln!(out, "limit {limit}")?;
        }
        for key in &found.fixed {
            writeln!(out, "fixed {}: {} {} {}", key.rule, key.source, key.target, key.object)?;
        }
        writeln!(
            out,
            "{} new, {} known, {} fixed, {} over a limit",
            found.new.len(),
            found.known,
            found.fixed.len(),
            limits.len()
        )?;
        if !found.fixed.is_empty() && !self.update_baseline {
            writeln!(out, "`seamline check --update-baseline` takes the fixed ones out")?;
        }
        Ok(())
    }
}

/// Metrics outside the limits that the configuration sets.
fn limits(report: &Report, settings: &Settings) -> Result<Vec<String>, Failure> {
    let mut broken = Vec::new();
    let found = metrics(&report.graph, &report.partition);
    for threshold in &settings.check.thresholds {
        if !METRICS.iter().any(|it| it.id == threshold.metric) {
            let known: Vec<&str> = METRICS.iter().map(|it| it.id).collect();
            return Err(Failure::Message(format!(
                "[[check.threshold]] names no metric `{}`; there are {}",
                threshold.metric,
                known.join(", ")
            )));
        }
        let Some(metric) = found.iter().find(|it| it.id == threshold.metric && it.service == threshold.service) else {
            continue;
        };
        let of = threshold.service.as_ref().map_or_else(String::new, |it| format!(" of {it}"));
        if let Some(max) = threshold.max
            && metric.value > max
        {
            broken.push(format!("{}{of} is {}, more than {max}", metric.id, metric.value));
        }
        if let Some(min) = threshold.min
            && metric.value < min
        {
            broken.push(format!("{}{of} is {}, less than {min}", metric.id, metric.value));
        }
    }
    if let Some(max) = settings.check.max_blind_spots
        && report.graph.blind_spot_share() > max
    {
        broken.push(format!("blind_spot_share is {:.3}, more than {max}", report.graph.blind_spot_share()));
    }
    Ok(broken)
}
