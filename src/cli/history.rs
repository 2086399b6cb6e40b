//! `seamline history`: coupling over time, what changes together, and who changes what; all from git itself.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::Request;
use crate::cli::common::{Input, write_artifacts};
use crate::cli::{Failure, Outcome};
use crate::discover::history::Walk;
use crate::model::history::CoChangeLimits;
use crate::model::report::Artifact;
use crate::render::{trend, trend_chart};
use crate::track::history::sampling::Every;
use crate::track::history::{HistoryError, HistoryOptions, authorship, changing_together, history};

/// Measures coupling at sampled revisions of a git repository, under the same boundaries for all of them.
///
/// Revisions are read straight from git objects: no checkout, no database; bare repositories work as well. Boundaries are
/// those of seamline.toml, or the ones proposed for the newest revision, carried back by name. What was measured is
/// kept in the cache folder: an interrupted run goes on where it was.
#[derive(Debug, Args)]
pub(super) struct History {
    #[command(flatten)]
    input: Input,
    /// Take one revision per commit, week, month or tag.
    #[arg(long, value_enum, value_name = "SPAN")]
    every: Option<Span>,
    /// Leave older commits out: a day (2026-01-31), or a span before the newest commit (90d, 12w, 6m, 2y).
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Only the newest N commits, each of them unless --every says otherwise.
    #[arg(long, value_name = "N")]
    commits: Option<usize>,
    /// Walk merged branches as well, not only the branch's own line of commits.
    #[arg(long)]
    all_commits: bool,
    /// Carry back the boundaries of this revision instead of the newest one.
    #[arg(long, value_name = "REV")]
    boundaries: Option<String>,
    /// Print what changes together instead: pairs of files or of tables, as CSV in code-maat's form, or as JSON.
    #[arg(long = "pairs", value_enum, value_name = "OF", conflicts_with_all = ["authors", "out"])]
    pairs: Option<Pairs>,
    /// Least number of commits that change both, for --pairs.
    #[arg(long, value_name = "N", default_value_t = CoChangeLimits::default().min_shared)]
    min_shared: u32,
    /// Least degree in percent, for --pairs.
    #[arg(long, value_name = "PERCENT", default_value_t = CoChangeLimits::default().min_degree)]
    min_degree: u32,
    /// Leave out commits that change more files, for --pairs.
    #[arg(long, value_name = "N", default_value_t = CoChangeLimits::default().max_changeset)]
    max_changeset: u32,
    /// Print who changes and who owns each service instead, as text or JSON.
    #[arg(long, conflicts_with = "out")]
    authors: bool,
    /// Output format.
    #[arg(long, value_enum, default_value_t = Format::Text, value_name = "FORMAT")]
    format: Format,
    /// Write every format and the charts into this folder.
    #[arg(long, short, value_name = "DIR")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Span {
    Commit,
    /// The last commit of each calendar week; the usual one.
    Week,
    Month,
    Tag,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Pairs {
    Files,
    Tables,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Where each figure came from and went.
    Text,
    /// A line per revision, metric and service.
    Csv,
    /// `seamline.history/1`.
    Json,
    /// Text exposition with time stamps, for backfilling Prometheus.
    Openmetrics,
    /// All charts in one picture.
    Svg,
}

impl History {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let request = self.input.request()?;
        let every = match self.every {
            Some(Span::Commit) => Every::Commit,
            Some(Span::Month) => Every::Month,
            Some(Span::Tag) => Every::Tag,
            None if self.commits.is_some() => Every::Commit,
            Some(Span::Week) | None => Every::Week,
        };
        let bar = Bar::new(self.input.quiet);
        let progress = |done: usize, all: usize| bar.at(done, all);
        let options = HistoryOptions {
            every,
            walk: if self.all_commits { Walk::All } else { Walk::FirstParent },
            since: self.since.clone(),
            last: self.commits,
            boundaries_at: self.boundaries.clone(),
            keep: request.extract.cache.as_ref().and_then(|it| Some(it.parent()?.join("history"))),
            progress: Some(&progress),
        };
        if let Some(of) = self.pairs {
            return self.print_pairs(of, &request, &options);
        }
        if self.authors {
            return self.print_authors(&request, &options);
        }
        let found = self.input.pooled(|| history(&request, &options))?;
        bar.finish();
        let (history, diagnostics) = found?;
        self.input.report(&diagnostics);
        let told = if self.input.quiet { 0 } else { history.skipped.len() };
        for skipped in history.skipped.iter().take(told.min(5)) {
            let id = &skipped.id[..skipped.id.len().min(10)];
            writeln!(
                anstream::stderr(),
                "warning[skipped-revision]: {id} ({}): {}",
                &skipped.date[..10],
                skipped.reason
            )?;
        }
        if told > 5 {
            let more = told - 5;
            writeln!(anstream::stderr(), "note: {more} more revisions were skipped; `--format json` lists them all")?;
        }
        let mut stdout = std::io::stdout().lock();
        if let Some(folder) = &self.out {
            let artifact = |path: &str, bytes: Vec<u8>| Artifact { path: path.to_owned(), bytes };
            let mut artifacts = trend_chart::charts(&history);
            artifacts.push(artifact("history.csv", trend::csv(&history).into_bytes()));
            artifacts.push(artifact("history.json", trend::json(&history)));
            artifacts.push(artifact("history.prom", trend::open_metrics(&history).into_bytes()));
            write_artifacts(folder, &artifacts)?;
            stdout.write_all(trend::text(&history).as_bytes())?;
            writeln!(stdout, "\nCharts: {}", folder.join("trend.svg").display())?;
            return Ok(Outcome::Fine);
        }
        match self.format {
            Format::Text => stdout.write_all(trend::text(&history).as_bytes())?,
            Format::Csv => stdout.write_all(trend::csv(&history).as_bytes())?,
            Format::Json => stdout.write_all(&trend::json(&history))?,
            Format::Openmetrics => stdout.write_all(trend::open_metrics(&history).as_bytes())?,
            Format::Svg => {
                let Some(page) = trend_chart::charts(&history).into_iter().next() else {
                    return Err(Failure::Message("no revision could be measured, so there is no chart".to_owned()));
                };
                stdout.write_all(&page.bytes)?;
            }
        }
        Ok(Outcome::Fine)
    }
}

impl History {
    fn print_pairs(&self, of: Pairs, request: &Request<'_>, options: &HistoryOptions<'_>) -> Result<Outcome, Failure> {
        let limits = CoChangeLimits {
            min_shared: self.min_shared,
            min_degree: self.min_degree,
            max_changeset: self.max_changeset,
            ..CoChangeLimits::default()
        };
        let (found, diagnostics) = self.input.pooled(|| changing_together(request, options, limits))??;
        self.input.report(&diagnostics);
        let pairs = if of == Pairs::Files { &found.files } else { &found.tables };
        let bytes = match self.format {
            Format::Json => trend::co_change_json(&found),
            Format::Text | Format::Csv => trend::co_change_csv(pairs).into_bytes(),
            Format::Openmetrics | Format::Svg => return Err(only("--pairs", "csv and json")),
        };
        std::io::stdout().lock().write_all(&bytes)?;
        Ok(Outcome::Fine)
    }

    fn print_authors(&self, request: &Request<'_>, options: &HistoryOptions<'_>) -> Result<Outcome, Failure> {
        let (found, diagnostics) = self.input.pooled(|| authorship(request, options))??;
        self.input.report(&diagnostics);
        let bytes = match self.format {
            Format::Json => trend::authors_json(&found),
            Format::Text => trend::authors_text(&found).into_bytes(),
            Format::Csv | Format::Openmetrics | Format::Svg => return Err(only("--authors", "text and json")),
        };
        std::io::stdout().lock().write_all(&bytes)?;
        Ok(Outcome::Fine)
    }
}

fn only(flag: &str, formats: &str) -> Failure {
    Failure::Message(format!("`{flag}` knows the formats {formats}"))
}

impl From<HistoryError> for Failure {
    fn from(error: HistoryError) -> Self {
        match error {
            HistoryError::Discover(error) => Self::Discover(error),
            error => Self::Message(error.to_string()),
        }
    }
}

/// A progress bar with an estimate, on a terminal only.
struct Bar(Option<ProgressBar>);

impl Bar {
    fn new(quiet: bool) -> Self {
        if quiet || !std::io::stderr().is_terminal() {
            return Self(None);
        }
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(8));
        let template = "{bar:30} {pos}/{len} revisions, {elapsed} so far, {eta} to go {msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(250));
        Self(Some(bar))
    }

    fn at(&self, done: usize, all: usize) {
        let Some(bar) = &self.0 else { return };
        if bar.length() != Some(all as u64) {
            bar.set_length(all as u64);
            // What earlier runs measured took no time and tells nothing about the rest.
            bar.reset_eta();
        }
        bar.set_position(done as u64);
    }

    fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
