//! `seamline check`: did this change couple the system tighter than before?

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::common::{Configuration, Input, refuse_contradictions};
use crate::cli::{Failure, Outcome, steering};
use crate::config::Settings;
use crate::discover::{self, DiscoverError};
use crate::measure::system::METRICS;
use crate::model::check::{CheckReport, Finding};
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::graph::SystemGraph;
use crate::model::partition::Partition;
use crate::model::source::Project;
use crate::model::wording::count;
use crate::render::check::{FORMATS, format};
use crate::track::baseline::{self, Baseline};
use crate::track::boundaries::declared;
use crate::track::compare::{Answer, Base, Question, compare};
use crate::track::history::calendar;
use crate::track::identity::Blobs;
use crate::track::limits::unknown_metric;
use crate::{Request, System};

/// Says what couples services tighter than before; exit code 1 on anything new.
///
/// With `--base` two revisions are read from git and compared under the same boundaries; without it today's findings are
/// held against the baseline file. Contracts, limits and waivers of the configuration hold in both cases. Where the
/// configuration declares no service, the baseline keeps those that it was written with, so that no run judges by others.
#[derive(Debug, Args)]
pub(super) struct Check {
    #[command(flatten)]
    input: Input,
    /// Compare with the commit where the one checked left this revision.
    #[arg(long, value_name = "REV")]
    base: Option<String>,
    /// With `--base`, check the files of the folder instead of the last commit.
    #[arg(long, requires = "base", conflicts_with = "rev")]
    worktree: bool,
    /// Baseline file [default: seamline.baseline in PATH, or what the configuration names].
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Accept everything that exists today: write the baseline anew.
    #[arg(long, conflicts_with = "update_baseline")]
    write_baseline: bool,
    /// Take fixed entries out of the baseline; with `--base` renamed ones follow. Adds nothing.
    #[arg(long)]
    update_baseline: bool,
    /// Fixed entries that still stand in the baseline, and waivers of nothing, fail too.
    #[arg(long)]
    strict: bool,
    /// Output format, to stdout or with `=FILE` to a file; may be given several times.
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = wanted, long_help = formats_help())]
    format: Vec<Wanted>,
    /// File for the format that names none.
    #[arg(long, short, value_name = "FILE")]
    output_file: Option<PathBuf>,
    /// Folder to put before every path, where PATH is a folder of the repository.
    #[arg(long, value_name = "DIR", default_value = "")]
    prefix: String,
    /// Address to put before the paths in Markdown [default: from the variables of GitHub and GitLab].
    #[arg(long, value_name = "URL")]
    links: Option<String>,
    /// Day on which waivers are judged [default: today].
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<String>,
}

/// A format and where it goes.
#[derive(Clone, Debug)]
struct Wanted {
    format: &'static str,
    file: Option<PathBuf>,
}

fn wanted(text: &str) -> Result<Wanted, String> {
    let (name, file) = text.split_once('=').map_or((text, None), |(name, file)| (name, Some(file)));
    let Some(found) = format(name) else {
        let known: Vec<&str> = FORMATS.iter().map(|it| it.format()).collect();
        return Err(format!("there are {}", known.join(", ")));
    };
    if file.is_some_and(str::is_empty) {
        return Err("a file name is missing after `=`".to_owned());
    }
    Ok(Wanted { format: found.format(), file: file.map(PathBuf::from) })
}

fn formats_help() -> String {
    let lines: Vec<String> = FORMATS.iter().map(|it| format!("- {}: {}", it.format(), it.summary())).collect();
    format!(
        "Output format, to stdout or with `=FILE` to a file; may be given several times [default: text]:\n{}",
        lines.join("\n")
    )
}

/// A revision that was read.
struct Read {
    graph: SystemGraph,
    blobs: Blobs,
    diagnostics: Vec<Diagnostic>,
}

impl Read {
    fn new(system: System) -> Self {
        let System { project, graph, diagnostics, .. } = system;
        Self { blobs: blobs(&project), graph, diagnostics }
    }
}

fn blobs(project: &Project) -> Blobs {
    project.files.iter().map(|it| (it.path.clone(), it.blob.clone())).collect()
}

impl Check {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let outputs = self.outputs()?;
        let mut input = self.input.clone();
        if self.base.is_some() && !self.worktree && input.rev.is_none() {
            input.rev = Some("HEAD".to_owned());
        }
        let configuration = input.configuration()?;
        let request = input.request()?;
        refuse_unknown(&configuration, &request.settings)?;
        let named = !request.settings.declared.is_empty();
        let today = self.today.clone().unwrap_or_else(today);
        let mut notes = Vec::new();
        let baseline_path =
            self.baseline.clone().unwrap_or_else(|| self.input.path.join(&request.settings.check.baseline));
        let baseline = self.accepted(&baseline_path, &input, &request.settings, &mut notes)?;
        // One that is written anew keeps its boundaries as well: what exists is accepted, no other services.
        let mut kept = baseline.clone().or_else(|| readable(&baseline_path)).unwrap_or_default();
        let with_kept = |it: &Baseline| (!named && !it.boundaries.is_empty()).then(|| it.declared(&request.settings));
        let mut own = with_kept(&kept);
        let (base, head, mut partition) = self.read(&input, &request, own.as_ref(), &mut notes)?;
        input.report(&head.diagnostics);
        let proposes = self.write_baseline && !named && own.is_none();
        if proposes {
            let graph = base.as_ref().map_or(&head.graph, |it| &it.graph);
            kept.boundaries = steering::boundaries(graph, &partition);
            own = with_kept(&kept);
            if let Some(own) = &own {
                partition = declared(graph, own);
            }
        }
        let settings = own.as_ref().unwrap_or(&request.settings);
        let shown_path = self.baseline.as_ref().map_or_else(|| settings.check.baseline.clone(), |it| slashed(it));
        let question = Question {
            graph: &head.graph,
            blobs: &head.blobs,
            partition: Some(&partition),
            base: base.as_ref().map(|it| Base { graph: &it.graph, partition: &partition, blobs: &it.blobs }),
            settings,
            baseline: baseline.as_ref(),
            today: &today,
            config: (&configuration.name, &configuration.text),
            baseline_path: &shown_path,
            kept: own.is_some(),
            strict: (self.strict || settings.check.strict) && !self.update_baseline,
        };
        let answer = input.pooled(|| compare(&question))?;
        if let Some(unmatched) = answer.unmatched.first() {
            return Err(Failure::Message(format!(
                "{}: `{}` of contract `{}` selects nothing: correct the name or remove it",
                configuration.place(&unmatched.selector),
                unmatched.selector,
                unmatched.contract
            )));
        }
        if self.write_baseline {
            let boundaries = if own.is_some() { kept.boundaries } else { BTreeSet::new() };
            save(&baseline_path, &baseline::text(&Baseline { boundaries, ..answer.today.clone() }))?;
            let mut stdout = std::io::stdout().lock();
            writeln!(stdout, "{}: {} findings accepted", baseline_path.display(), answer.today.keys.len())?;
            let services = count(answer.report.services.len(), "service");
            if answer.report.services.len() < 2 {
                writeln!(
                    stdout,
                    "With {services} there is no boundary to cross: only contracts and limits of seamline.toml can find anything"
                )?;
            }
            if proposes {
                writeln!(
                    stdout,
                    "It keeps the boundaries that this run proposes ({services}), so that the next ones judge by the same; \
                     `seamline init` writes them to seamline.toml instead"
                )?;
            } else if own.is_some() {
                writeln!(
                    stdout,
                    "It keeps the boundaries that it had ({services}); without the file they are proposed anew"
                )?;
            }
            return Ok(Outcome::Fine);
        }
        let Answer { mut report, shrunk, fixed, .. } = answer;
        if self.update_baseline
            && let Some(baseline) = &baseline
        {
            if baseline::text(&shrunk) != baseline::text(baseline) {
                save(&baseline_path, &baseline::text(&shrunk))?;
            }
            report.findings.retain(|it| it.key.rule != "stale-entry");
        } else if fixed > 0 {
            let entries = count(fixed, "entry");
            notes.push(format!(
                "fixed, still in {shown_path}: {entries}; `seamline check --update-baseline` takes them out"
            ));
        }
        if baseline.is_none() && base.is_none() {
            notes.push(format!("there is no baseline {}: only contracts and limits are held", baseline_path.display()));
            report.findings.retain(|it| !is_crossing(it));
        }
        report.notes = notes;
        report.links = self.links.clone().or_else(|| self.links_of_the_job(&report));
        self.put_prefix(&mut report);
        for (format, file) in outputs {
            let text = format.render(&report);
            match file {
                Some(file) => save(&file, &text)?,
                None => std::io::stdout().lock().write_all(text.as_bytes())?,
            }
        }
        Ok(if report.failed() { Outcome::Findings } else { Outcome::Fine })
    }

    /// Formats with their files; one of them at most goes to stdout.
    fn outputs(&self) -> Result<Vec<(&'static dyn crate::render::check::CheckFormat, Option<PathBuf>)>, Failure> {
        let text = [Wanted { format: "text", file: None }];
        let wanted: &[Wanted] = if self.format.is_empty() { &text } else { &self.format };
        let mut rest = self.output_file.clone();
        let mut found = Vec::new();
        let mut to_stdout: Option<&str> = None;
        for it in wanted {
            let Some(format) = format(it.format) else { continue };
            let file = it.file.clone().or_else(|| rest.take());
            if file.is_none()
                && let Some(other) = to_stdout.replace(it.format)
            {
                return Err(Failure::Message(format!(
                    "`{other}` and `{}` cannot both go to stdout: write `--format {}=FILE`",
                    it.format, it.format
                )));
            }
            found.push((format, file));
        }
        if let Some(file) = rest {
            let message = "names a file, but every format has its own: leave one of them without `=FILE`";
            return Err(Failure::Message(format!("--output-file {} {message}", file.display())));
        }
        Ok(found)
    }

    /// The base revision, if any, the one checked, and the boundaries: those of the base where there is one.
    fn read(
        &self,
        input: &Input,
        request: &Request<'static>,
        own: Option<&Settings>,
        notes: &mut Vec<String>,
    ) -> Result<(Option<Read>, Read, Partition), Failure> {
        let place = |system: &System, request: &Request<'_>| match own {
            Some(settings) => (declared(&system.graph, settings), Vec::new()),
            None => crate::boundaries_of(system, request),
        };
        let Some(base) = &self.base else {
            let (system, (partition, found)) = input.pooled(|| -> Result<_, DiscoverError> {
                let system = crate::read(request)?;
                let boundaries = place(&system, request);
                Ok((system, boundaries))
            })??;
            let mut head = Read::new(system);
            let mut found = found;
            input.place_settings(&mut found);
            refuse_contradictions(&found)?;
            head.diagnostics.extend(found);
            return Ok((None, head, partition));
        };
        let fork = discover::fork(&input.path, base, input.rev.as_deref().unwrap_or("HEAD"))?;
        notes.extend(fork.note);
        let earlier = Request { revision: Some(fork.commit.clone()), ..request.clone() };
        let (base, head, (partition, found)) = input.pooled(|| -> Result<_, DiscoverError> {
            let base = match crate::read(&earlier) {
                Ok(system) => Some(system),
                Err(
                    error @ (DiscoverError::Empty(_)
                    | DiscoverError::NothingToRead { .. }
                    | DiscoverError::NoFolder { .. }),
                ) => {
                    notes.push(format!("the base revision has no code: {error}"));
                    None
                }
                Err(error) => return Err(error),
            };
            let boundaries = || base.as_ref().map(|it| place(it, &earlier)).unwrap_or_default();
            let (partition, head) = rayon::join(boundaries, || crate::read(request));
            let empty = || Read {
                graph: SystemGraph { revision: Some(fork.commit.clone()), ..SystemGraph::default() },
                blobs: Blobs::new(),
                diagnostics: Vec::new(),
            };
            let base = base.map_or_else(empty, Read::new);
            Ok((base, Read::new(head?), partition))
        })??;
        let mut head = head;
        let mut found = found;
        input.place_settings(&mut found);
        refuse_contradictions(&found)?;
        // What only the base lacks is worth a line of its own.
        for it in base.diagnostics.iter().filter(|it| it.severity > Severity::Note && !head.diagnostics.contains(it)) {
            let place = if it.file.is_empty() { String::new() } else { format!("{}: ", it.file) };
            notes.push(format!("in the base revision, {place}{}", it.message));
        }
        head.diagnostics.extend(found);
        Ok((Some(base), head, partition))
    }

    /// The baseline, from the folder or from the revision checked.
    fn accepted(
        &self,
        path: &Path,
        input: &Input,
        settings: &Settings,
        notes: &mut Vec<String>,
    ) -> Result<Option<Baseline>, Failure> {
        if self.write_baseline {
            return Ok(None);
        }
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let stored =
                    input.rev.as_ref().filter(|_| self.baseline.is_none()).and_then(|revision| {
                        discover::file_at_revision(&input.path, revision, &settings.check.baseline)
                    });
                if let Some(bytes) = stored {
                    String::from_utf8_lossy(&bytes).into_owned()
                } else if self.baseline.is_none()
                    && (self.base.is_some() || !settings.contracts.is_empty() || !settings.check.thresholds.is_empty())
                {
                    if self.update_baseline {
                        notes.push(format!("there is no baseline {} to update", path.display()));
                    }
                    return Ok(None);
                } else {
                    return Err(Failure::Message(format!(
                        "there is no baseline {}; `seamline check --write-baseline` accepts what exists today, and \
                         `--base REV` compares with a revision instead",
                        path.display()
                    )));
                }
            }
            Err(error) => return Err(Failure::Message(format!("cannot read {}: {error}", path.display()))),
        };
        baseline::parse(&text, &path.display().to_string())
            .map(Some)
            .map_err(|error| Failure::Message(error.to_string()))
    }

    /// Address of the revision's files, as the job's variables tell it.
    fn links_of_the_job(&self, report: &CheckReport) -> Option<String> {
        let variable = |name: &str| std::env::var(name).ok().filter(|it| !it.is_empty());
        let head = report.head.as_ref()?;
        let project = variable("CI_PROJECT_URL").map(|it| format!("{it}/-/blob/{head}/"));
        let github =
            || Some(format!("{}/{}/blob/{head}/", variable("GITHUB_SERVER_URL")?, variable("GITHUB_REPOSITORY")?));
        project.or_else(github)
    }

    fn put_prefix(&self, report: &mut CheckReport) {
        let prefix = self.prefix.trim_matches('/');
        if prefix.is_empty() {
            return;
        }
        for finding in report.findings.iter_mut().chain(&mut report.gone) {
            for spot in finding.sites.iter_mut().chain(&mut finding.path) {
                spot.path = format!("{prefix}/{}", spot.path);
            }
        }
    }
}

/// The baseline that a file holds, where it holds one.
fn readable(path: &Path) -> Option<Baseline> {
    baseline::parse(&std::fs::read_to_string(path).ok()?, "").ok()
}

/// What a baseline is needed for.
fn is_crossing(finding: &Finding) -> bool {
    let rule = finding.key.rule.as_str();
    !(rule.starts_with("contract-") || ["metric-limit", "expired-waiver", "stale-entry"].contains(&rule))
}

/// Names in `[check]` that exist only once the program is known.
fn refuse_unknown(configuration: &Configuration, settings: &Settings) -> Result<(), Failure> {
    let Some(metric) = unknown_metric(&settings.check) else { return Ok(()) };
    let known: Vec<&str> = METRICS.iter().map(|it| it.id).collect();
    Err(Failure::Message(format!(
        "{}: [[check.threshold]] names no metric `{metric}`; there are {}",
        configuration.place(metric),
        known.join(", ")
    )))
}

fn save(path: &Path, text: &str) -> Result<(), Failure> {
    let write = || {
        if let Some(parent) = path.parent().filter(|it| !it.as_os_str().is_empty()) {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, text)
    };
    write().map_err(|error| Failure::Message(format!("cannot write {}: {error}", path.display())))
}

fn slashed(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}

/// Today in UTC, `2026-12-31`.
fn today() -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |it| it.as_secs());
    calendar::date(now.cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_take_files() {
        let it = wanted("sarif=a=b.sarif").expect("a format and a file");
        assert_eq!((it.format, it.file), ("sarif", Some(PathBuf::from("a=b.sarif"))));
        assert!(wanted("nothing").is_err_and(|it| it.contains("codequality")));
        assert!(wanted("json=").is_err());
    }
}
