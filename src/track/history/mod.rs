//! Coupling over time: metrics of sampled revisions, read straight from git objects. Git is the store.
//!
//! A revision costs what it changed: contents are read and parsed once however many revisions hold them, equal trees and
//! equal states of the source are measured once, and what was measured is kept, so that an interrupted run goes on where
//! it was. Revisions are linked independently of each other, one on each core.

pub mod authors;
pub mod boundaries;
pub mod calendar;
pub mod changes;
pub mod co_change;
mod kept;
pub mod sampling;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::config::Settings;
use crate::discover::history::{Change, ChangeKind, Commit, Log, Repository, Walk};
use crate::discover::{DiscoverError, DiscoverOptions};
use crate::extract::pool::FactPool;
use crate::frontend::{self, FRONTENDS};
use crate::measure::system::metrics;
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::graph::SystemGraph;
use crate::model::history::{Authors, BoundarySource, CoChange, CoChangeLimits, History, Revision, Skipped};
use crate::model::rule::RuleSet;
use crate::model::source::{Project, Role};
use crate::track::history::boundaries::Boundaries;
use crate::track::history::changes::ChangeLog;
use crate::track::history::kept::{Kept, Outcome};
use crate::track::history::sampling::Every;
use crate::{Request, extract, link, partition};

/// Revisions whose facts are in memory together.
const WINDOW: usize = 48;
/// Share of a revision's files that must be readable for its figures to mean anything.
const READABLE: f64 = 0.5;

/// What to measure.
#[derive(Clone, Default)]
pub struct HistoryOptions<'a> {
    pub every: Every,
    pub walk: Walk,
    /// A day, or a span before the newest commit; see [`calendar::since`].
    pub since: Option<String>,
    /// Only so many of the newest commits.
    pub last: Option<usize>,
    /// Revision whose boundaries hold for all; the newest when `None`.
    pub boundaries_at: Option<String>,
    /// Folder that keeps what was measured.
    pub keep: Option<PathBuf>,
    /// Called with the number of revisions done and the number of all, from any thread.
    pub progress: Option<&'a (dyn Fn(usize, usize) + Sync)>,
}

/// Why there is no history.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    #[error(transparent)]
    Discover(#[from] DiscoverError),
    #[error("{0}")]
    Since(String),
    #[error("no commit is left to measure: {0}")]
    Nothing(String),
}

/// Measures the sampled revisions of the repository around `request.path`, up to `request.revision`.
pub fn history(
    request: &Request<'_>,
    options: &HistoryOptions<'_>,
) -> Result<(History, Vec<Diagnostic>), HistoryError> {
    let repository = Repository::open(&request.path)?;
    let tip = repository.resolve(request.revision.as_deref().unwrap_or("HEAD"))?;
    let log = repository.log(&tip, options.walk)?;
    let mut diagnostics = log_diagnostics(&log);
    let tags = repository.tags();
    let newest = log.commits.last().map_or(0, |it| it.time);
    let since = options.since.as_deref().map(|text| calendar::since(text, newest)).transpose();
    let since = since.map_err(HistoryError::Since)?;
    let chosen = sampling::sample(&log, &tags, options.every, since, options.last);
    let samples: Vec<&Commit> = chosen.into_iter().map(|at| &log.commits[at]).collect();
    if samples.is_empty() {
        let why = if options.every == Every::Tag { "no tag stands on a walked commit" } else { "`--since` is later" };
        return Err(HistoryError::Nothing(why.to_owned()));
    }
    if options.every == Every::Tag {
        diagnostics.extend(tags_elsewhere(&log, &tags));
    }
    let at = match &options.boundaries_at {
        Some(revision) => repository.resolve(revision)?,
        None => tip.clone(),
    };
    let (rules, found) = frontend::rules::load(FRONTENDS, &request.queries);
    diagnostics.extend(found);
    let mut pool = FactPool::new(&request.extract);
    let read = || Ok(graph_at(&at, request, &repository, &mut pool, &rules)?);
    let (boundaries, found) = boundaries_of(request, options, &repository, &at, read)?;
    diagnostics.extend(found);
    let name = run_name(request, &repository, &boundaries);
    let kept = Kept::open(options.keep.as_deref(), &name).unwrap_or_else(|error| {
        let message = format!("what is measured cannot be kept for the next run ({error})");
        diagnostics.push(Diagnostic::note("cache", "", 0, message));
        Kept::default()
    });
    let mut run = Run { request, options, repository: &repository, boundaries: &boundaries, kept };
    run.measure(&samples, &at, &mut pool, &rules)?;
    diagnostics.extend(pool.close());
    let mut history = History {
        schema: "seamline.history/1".to_owned(),
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        project: project_name(request),
        tip,
        every: options.every.id().to_owned(),
        walk: if options.walk == Walk::All { "all" } else { "first-parent" }.to_owned(),
        boundaries: BoundarySource {
            kind: if request.settings.declared.is_empty() { "proposed" } else { "declared" }.to_owned(),
            revision: at,
        },
        services: boundaries.services.clone(),
        commits: log.commits.len() as u32,
        shallow: log.shallow,
        revisions: Vec::new(),
        skipped: Vec::new(),
    };
    for commit in &samples {
        run.publish(commit, &tags, &mut history);
    }
    diagnostics.sort();
    diagnostics.dedup();
    Ok((history, diagnostics))
}

/// What changes together up to the newest commit.
pub fn changing_together(
    request: &Request<'_>,
    options: &HistoryOptions<'_>,
    limits: CoChangeLimits,
) -> Result<(CoChange, Vec<Diagnostic>), HistoryError> {
    let repository = Repository::open(&request.path)?;
    let tip = repository.resolve(request.revision.as_deref().unwrap_or("HEAD"))?;
    let read = || read_at(request, &tip);
    let (boundaries, mut diagnostics) = boundaries_of(request, options, &repository, &tip, read)?;
    let system = crate::read(&Request { revision: Some(tip.clone()), ..request.clone() })?;
    let log = changes::changes(&repository, &tip, &paths(&system.graph))?;
    diagnostics.extend(change_diagnostics(&log));
    Ok((co_change::co_change(&repository, &system.graph, Some(&boundaries), &log, &tip, limits), diagnostics))
}

/// Who changes and who owns each service, up to the newest commit.
pub fn authorship(
    request: &Request<'_>,
    options: &HistoryOptions<'_>,
) -> Result<(Authors, Vec<Diagnostic>), HistoryError> {
    let repository = Repository::open(&request.path)?;
    let tip = repository.resolve(request.revision.as_deref().unwrap_or("HEAD"))?;
    let read = || read_at(request, &tip);
    let (boundaries, mut diagnostics) = boundaries_of(request, options, &repository, &tip, read)?;
    let today: Vec<String> = boundaries.files().map(|(path, _)| path.to_owned()).collect();
    let log = changes::changes(&repository, &tip, &today)?;
    diagnostics.extend(change_diagnostics(&log));
    Ok((authors::authors(&repository, &boundaries, &log, &tip), diagnostics))
}

/// Reads which files change together into the graph, for the partition.
pub fn add_co_change(request: &Request<'_>, graph: &mut SystemGraph) -> Result<Vec<Diagnostic>, HistoryError> {
    let repository = Repository::open(&request.path)?;
    let tip = repository.resolve(request.revision.as_deref().unwrap_or("HEAD"))?;
    let log = changes::changes(&repository, &tip, &paths(graph))?;
    let found = co_change::co_change(&repository, graph, None, &log, &tip, CoChangeLimits::default());
    graph.co_changes = co_change::file_pairs(graph, &found);
    Ok(change_diagnostics(&log))
}

fn paths(graph: &SystemGraph) -> Vec<String> {
    graph.files.iter().map(|it| it.path.clone()).collect()
}

fn change_diagnostics(log: &ChangeLog) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    if log.shallow {
        let message =
            "this clone is shallow, so what changes together is told from few commits; run `git fetch --unshallow`";
        diagnostics.push(Diagnostic::warning("shallow-clone", "", 0, message));
    }
    if log.unread > 0 {
        let message = format!("changes of {} commits cannot be read because objects are missing", log.unread);
        diagnostics.push(Diagnostic::warning("missing-object", "", 0, message));
    }
    diagnostics
}

/// The graph of a commit, from facts that the revisions around it share.
fn graph_at(
    at: &str,
    request: &Request<'_>,
    repository: &Repository,
    pool: &mut FactPool<'_>,
    rules: &RuleSet,
) -> Result<SystemGraph, DiscoverError> {
    let project = repository.project(at, &discover_options(&request.settings))?;
    pool.fill(&[&project], repository, rules);
    let (facts, _) = pool.facts(&project);
    Ok(link::link(&project, &facts, rules, &frontend::sql::Reader).0)
}

/// The graph of a commit as every other command reads it.
fn read_at(request: &Request<'_>, at: &str) -> Result<SystemGraph, HistoryError> {
    Ok(crate::read(&Request { revision: Some(at.to_owned()), ..request.clone() })?.graph)
}

fn discover_options(settings: &Settings) -> DiscoverOptions {
    DiscoverOptions { exclude: settings.exclude.clone(), ..DiscoverOptions::default() }
}

/// The boundaries that hold for all revisions: those of the partition at commit `at`, kept from an earlier run or found in
/// the graph that `read` gives.
fn boundaries_of(
    request: &Request<'_>,
    options: &HistoryOptions<'_>,
    repository: &Repository,
    at: &str,
    read: impl FnOnce() -> Result<SystemGraph, HistoryError>,
) -> Result<(Boundaries, Vec<Diagnostic>), HistoryError> {
    let name = format!("boundaries-{}.json", fingerprint(request, repository, &[at]));
    let path = options.keep.as_ref().map(|folder| folder.join(name));
    let kept = path.as_ref().and_then(|path| std::fs::read(path).ok());
    if let Some(boundaries) = kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
        return Ok((boundaries, Vec::new()));
    }
    let mut graph = read()?;
    if request.settings.partition.co_change {
        let request = Request { revision: Some(at.to_owned()), ..request.clone() };
        add_co_change(&request, &mut graph)?;
    }
    let (partition, found) = partition::partition(&graph, &request.settings);
    let boundaries = Boundaries::new(&graph, &partition);
    if let (Some(path), Ok(bytes)) = (path, serde_json::to_vec(&boundaries)) {
        // Found again next time when it cannot be kept.
        let folder = path.parent().map_or(Ok(()), std::fs::create_dir_all);
        let _ = folder.and_then(|()| write_whole(&path, &bytes));
    }
    Ok((boundaries, found))
}

/// Under another name first, so that nobody reads half of it.
fn write_whole(path: &std::path::Path, bytes: &[u8]) -> io::Result<()> {
    let fresh = path.with_extension(format!("{}.new", std::process::id()));
    std::fs::write(&fresh, bytes)?;
    std::fs::rename(&fresh, path)
}

/// Name of everything that figures depend on besides the commit.
fn run_name(request: &Request<'_>, repository: &Repository, boundaries: &Boundaries) -> String {
    fingerprint(request, repository, &["figures", &boundaries.fingerprint()])
}

fn fingerprint(request: &Request<'_>, repository: &Repository, more: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    let settings = serde_json::to_string(&request.settings).unwrap_or_default();
    let limit = request.extract.max_file_bytes.to_string();
    let program = extract::program();
    let queries = request.queries.iter().flat_map(|(path, text)| [path.as_str(), text.as_str()]);
    for part in [program.as_str(), &settings, &limit, repository.prefix()]
        .into_iter()
        .chain(queries)
        .chain(more.iter().copied())
    {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
    }
    hasher.finalize().to_hex()[..32].to_owned()
}

fn project_name(request: &Request<'_>) -> String {
    let path = request.path.canonicalize().unwrap_or_else(|_| request.path.clone());
    let name = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    name.trim_end_matches(".git").to_owned()
}

fn log_diagnostics(log: &Log) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    if log.shallow {
        let message = format!(
            "this clone is shallow and ends after {} commits; run `git fetch --unshallow`, or keep figures of each run \
             with `seamline metrics --append`",
            log.commits.len()
        );
        diagnostics.push(Diagnostic::warning("shallow-clone", "", 0, message));
    }
    if let Some(problem) = log.broken.as_ref().filter(|_| !log.shallow) {
        let message = format!("the walk ended after {} commits ({problem}); run `git fsck`", log.commits.len());
        diagnostics.push(Diagnostic::warning("missing-object", "", 0, message));
    }
    diagnostics
}

fn tags_elsewhere(log: &Log, tags: &BTreeMap<String, Vec<String>>) -> Option<Diagnostic> {
    let walked: BTreeSet<&str> = log.commits.iter().map(|it| it.id.as_str()).collect();
    let elsewhere = tags.keys().filter(|id| !walked.contains(id.as_str())).count();
    (elsewhere > 0).then(|| {
        let message = format!(
            "{elsewhere} tagged commits are not on the walked line and are left out; `--all-commits` walks merged \
             branches as well"
        );
        Diagnostic::note("tags-elsewhere", "", 0, message)
    })
}

/// A path at an older revision to the path of the same file where the boundaries are from.
type Moved = Arc<FxHashMap<String, String>>;

struct Run<'a> {
    request: &'a Request<'a>,
    options: &'a HistoryOptions<'a>,
    repository: &'a Repository,
    boundaries: &'a Boundaries,
    kept: Kept,
}

/// A state of the source, listed and named.
struct Listed {
    state: String,
    /// Nothing when the state is known or bad.
    project: Option<Project>,
}

impl Run<'_> {
    /// Measures what no earlier run measured.
    fn measure(
        &mut self,
        samples: &[&Commit],
        boundaries_at: &str,
        pool: &mut FactPool<'_>,
        rules: &RuleSet,
    ) -> Result<(), HistoryError> {
        let pending: Vec<usize> =
            (0..samples.len()).filter(|at| self.kept.of_commit(&samples[*at].id).is_none()).collect();
        let done = AtomicUsize::new(samples.len() - pending.len());
        let tick = |count: usize| {
            let now = done.fetch_add(count, Ordering::Relaxed) + count;
            if let Some(progress) = self.options.progress {
                progress(now, samples.len());
            }
        };
        tick(0);
        let Some(oldest) = pending.first() else { return Ok(()) };
        let moved = self.moved(samples, *oldest, boundaries_at)?;
        let mut trees: FxHashMap<(String, usize), String> = FxHashMap::default();
        // The newest first: most of what they hold was read for the boundaries.
        for window in pending.rchunks(WINDOW) {
            // Equal trees first, so that nothing is listed twice.
            let ids: Vec<Option<(String, usize)>> = window
                .par_iter()
                .map(|at| {
                    let tree = self.repository.tree(&samples[*at].id).ok()?;
                    Some((tree, Arc::as_ptr(&moved[*at]).addr()))
                })
                .collect();
            let mut first: BTreeMap<&(String, usize), usize> = BTreeMap::new();
            for (at, id) in window.iter().zip(&ids) {
                if let Some(id) = id.as_ref().filter(|id| !trees.contains_key(*id)) {
                    first.entry(id).or_insert(*at);
                }
            }
            let to_list: Vec<usize> = window
                .iter()
                .zip(&ids)
                .filter(|(at, id)| id.as_ref().is_none_or(|id| first.get(id) == Some(*at)))
                .map(|(at, _)| *at)
                .collect();
            let listed: Vec<(usize, Listed)> =
                to_list.par_iter().map(|at| (*at, self.list(samples[*at], &moved[*at]))).collect();
            let mut states: BTreeMap<usize, String> = BTreeMap::new();
            let mut fresh: BTreeMap<String, (usize, Project)> = BTreeMap::new();
            for (at, listed) in listed {
                states.insert(at, listed.state.clone());
                match listed.project {
                    None if !self.kept.has_state(&listed.state) => {
                        let outcome = Outcome::Bad(listed.state.trim_start_matches("bad: ").to_owned());
                        self.kept.write_state(&listed.state, &outcome);
                        self.kept.remember(listed.state, outcome);
                    }
                    Some(project) => drop(fresh.entry(listed.state).or_insert((at, project))),
                    None => {}
                }
            }
            tick(window.len() - fresh.len());
            if !fresh.is_empty() {
                let projects: Vec<&Project> = fresh.values().map(|(_, project)| project).collect();
                pool.fill(&projects, self.repository, rules);
                let outcomes: Vec<(String, Outcome)> = fresh
                    .par_iter()
                    .map(|(state, (at, project))| {
                        let outcome = measured(project, pool, rules, self.boundaries, self.settings(), &moved[*at]);
                        self.kept.write_state(state, &outcome);
                        tick(1);
                        (state.clone(), outcome)
                    })
                    .collect();
                for (state, outcome) in outcomes {
                    self.kept.remember(state, outcome);
                }
            }
            for (at, id) in window.iter().zip(&ids) {
                let state = match (states.get(at), id) {
                    (Some(state), _) => state.clone(),
                    (None, Some(id)) => match trees.get(id).or_else(|| first.get(id).and_then(|at| states.get(at))) {
                        Some(state) => state.clone(),
                        None => continue,
                    },
                    (None, None) => continue,
                };
                if let Some(id) = id {
                    trees.insert(id.clone(), state.clone());
                }
                self.kept.add_commit(&samples[*at].id, &state);
            }
        }
        Ok(())
    }

    fn settings(&self) -> &Settings {
        &self.request.settings
    }

    /// Where files of each sample stand where the boundaries are from; only needed from `oldest` on.
    fn moved(&self, samples: &[&Commit], oldest: usize, boundaries_at: &str) -> Result<Vec<Moved>, HistoryError> {
        let mut ends: Vec<&str> = samples[oldest..].iter().map(|it| it.id.as_str()).collect();
        ends.push(boundaries_at);
        let changes: Vec<Vec<Change>> = ends
            .par_windows(2)
            .map(|pair| {
                // What a partial clone lacks cannot be followed; its revisions are reported when they are listed.
                let mut changes = self.repository.changes(Some(pair[0]), pair[1], true).unwrap_or_default();
                changes.retain(|it| matches!(it.kind, ChangeKind::Renamed | ChangeKind::Added));
                changes
            })
            .collect();
        let mut moved: Vec<Moved> = vec![Moved::default(); samples.len()];
        let mut later = Moved::default();
        for (at, changes) in changes.iter().enumerate().rev() {
            let is_known = |it: &Change| later.contains_key(&it.path) || self.boundaries.of_file(&it.path).is_some();
            if changes.iter().any(|it| later.contains_key(&it.path) || it.kind == ChangeKind::Renamed && is_known(it)) {
                let mut earlier = (*later).clone();
                for change in changes {
                    earlier.remove(&change.path);
                }
                for change in changes.iter().filter(|it| it.kind == ChangeKind::Renamed && is_known(it)) {
                    let today = later.get(&change.path).unwrap_or(&change.path);
                    earlier.insert(change.from.clone(), today.clone());
                }
                later = Arc::new(earlier);
            }
            moved[oldest + at] = Arc::clone(&later);
        }
        Ok(moved)
    }

    /// Lists a revision's files; what cannot be listed is bad.
    fn list(&self, commit: &Commit, moved: &Moved) -> Listed {
        let options = discover_options(self.settings());
        let bad = |reason: String| Listed { state: format!("bad: {reason}"), project: None };
        let project = match self.repository.project(&commit.id, &options) {
            Ok(project) => without_tests(project),
            Err(DiscoverError::NoFolder { folder, .. }) => return bad(format!("there is no folder `{folder}`")),
            Err(error) => return bad(error.to_string()),
        };
        let missing = project.diagnostics.iter().filter(|it| it.code == "missing-object").count();
        if missing > 0 {
            return bad(format!("{missing} files' contents are missing from this clone; run `git fetch --refetch`"));
        }
        if project.files.iter().all(|it| it.role == Role::Vendored) {
            return bad("no file is in a language that is read".to_owned());
        }
        let state = state_name(&project, moved);
        let known = self.kept.has_state(&state);
        Listed { state, project: (!known).then_some(project) }
    }

    /// Puts a commit's outcome into the history.
    fn publish(&self, commit: &Commit, tags: &BTreeMap<String, Vec<String>>, history: &mut History) {
        let date = calendar::rfc3339(commit.time);
        let skipped = |reason: &str| Skipped { id: commit.id.clone(), date: date.clone(), reason: reason.to_owned() };
        match self.kept.of_commit(&commit.id) {
            Some(Outcome::Measured { files, placed, problems, metrics }) => history.revisions.push(Revision {
                id: commit.id.clone(),
                date,
                time: commit.time,
                tags: tags.get(&commit.id).cloned().unwrap_or_default(),
                subject: commit.subject.clone(),
                files: *files,
                placed: f64::from_bits(*placed),
                problems: problems.clone(),
                metrics: Outcome::figures(metrics),
            }),
            Some(Outcome::Bad(reason)) => history.skipped.push(skipped(reason)),
            None => history.skipped.push(skipped("it could not be read")),
        }
    }
}

/// Without its tests: no figure counts what stands in them, and their doubles stay their own ([`link`]).
fn without_tests(mut project: Project) -> Project {
    project.files.retain(|it| it.role != Role::Test);
    project
}

/// Equal for two projects of which the same figures come.
fn state_name(project: &Project, moved: &Moved) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut part = |text: &str| {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    };
    for file in &project.files {
        for text in [&file.path, &file.language, &file.module, &file.package, &file.blob] {
            part(text);
        }
        part(&format!("{:?}{}", file.role, file.is_package));
        if let Some(today) = moved.get(&file.path) {
            part(today);
        }
    }
    for package in &project.packages {
        part(&format!("{package:?}"));
    }
    for diagnostic in &project.diagnostics {
        part(&diagnostic.code);
    }
    hasher.finalize().to_hex()[..32].to_owned()
}

/// Links one state and measures it.
fn measured(
    project: &Project,
    pool: &FactPool<'_>,
    rules: &RuleSet,
    boundaries: &Boundaries,
    settings: &Settings,
    moved: &Moved,
) -> Outcome {
    let run = || {
        let (facts, mut diagnostics) = pool.facts(project);
        // What others wrote and is only kept along is not read.
        let wanted = project.files.iter().filter(|it| it.role != Role::Vendored).count();
        if (facts.len() as f64) < READABLE * wanted as f64 {
            return Outcome::Bad(format!("only {} of {wanted} files could be read", facts.len()));
        }
        let (graph, found) = link::link(project, &facts, rules, &frontend::sql::Reader);
        diagnostics.extend(found);
        diagnostics.extend(project.diagnostics.iter().cloned());
        diagnostics.sort();
        diagnostics.dedup();
        let (partition, placed) = boundaries.partition(&graph, settings, moved);
        let found = metrics(&graph, &partition);
        let mut problems: BTreeMap<String, u32> = BTreeMap::new();
        for it in diagnostics.iter().filter(|it| it.severity >= Severity::Warning) {
            *problems.entry(it.code.clone()).or_default() += 1;
        }
        let figure = |it: crate::measure::system::Metric| (it.id.to_owned(), it.service, it.value.to_bits());
        Outcome::Measured {
            files: facts.len() as u32,
            placed: placed.to_bits(),
            problems,
            metrics: found.into_iter().map(figure).collect(),
        }
    };
    catch_unwind(AssertUnwindSafe(run))
        .unwrap_or_else(|_| Outcome::Bad("reading it failed inside Seamline; please report it".to_owned()))
}
