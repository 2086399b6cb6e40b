//! What the commands share: the flags that say what to read, and reading it.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::Failure;
use crate::config::{self, Settings};
use crate::extract::{self, ExtractOptions};
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::report::{Artifact, Report};
use crate::model::wording::distance;
use crate::track::history::add_co_change;
use crate::{Request, System};

/// Names of the configuration file looked for in the project's folder, the first that exists.
const CONFIGS: [&str; 2] = ["seamline.toml", ".seamline.toml"];

/// What the settings' file is called in diagnostics that know no line of it.
const SETTINGS: &str = "seamline.toml";
/// Code of an error about settings that contradict each other.
const CONTRADICTION: &str = "contradicting-constraints";

/// The configuration as it was found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Configuration {
    /// Path for messages and findings: relative to the project, or as it was given. Empty when there is none.
    pub(crate) name: String,
    pub(crate) text: String,
}

impl Configuration {
    /// `path:line:column` of the first place where `needle` stands.
    pub(crate) fn place(&self, needle: &str) -> String {
        let before = self.text.find(needle).map_or("", |at| &self.text[..at]);
        let column = before.len() - before.rfind('\n').map_or(0, |it| it + 1) + 1;
        format!("{}:{}:{column}", self.name, before.matches('\n').count() + 1)
    }

    /// Line of the first name between back quotes in a message that stands in the file, from 1; 0 where none does. A
    /// contradiction names both sides before what they are about, and the later of the two places is the one to mend.
    fn line_of(&self, message: &str, is_contradiction: bool) -> u32 {
        let mut names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
        if is_contradiction {
            names.reverse();
        }
        let at = names.iter().find_map(|name| {
            let quoted = format!("\"{name}\"");
            let first = || self.text.find(&quoted).or_else(|| self.text.find(name));
            if is_contradiction { self.text.rfind(&quoted).or_else(first) } else { first() }
        });
        at.map_or(0, |at| self.text[..at].matches('\n').count() as u32 + 1)
    }
}

/// Settings that contradict each other are no settings: what would be kept of them is chance.
pub(crate) fn refuse_contradictions(diagnostics: &[Diagnostic]) -> Result<(), Failure> {
    let found: Vec<&Diagnostic> = diagnostics.iter().filter(|it| it.code == CONTRADICTION).collect();
    let Some(first) = found.first() else { return Ok(()) };
    let more = if found.len() > 1 { format!(" ({} more like this)", found.len() - 1) } else { String::new() };
    Err(Failure::Message(format!("{}:{}: {}{more}", first.file, first.line, first.message)))
}

/// When to use colors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

/// What to read, and how.
#[derive(Clone, Debug, Args)]
pub(crate) struct Input {
    /// Folder of the checkout.
    #[arg(default_value = ".", value_name = "PATH")]
    pub(crate) path: PathBuf,
    /// Read this git revision from the repository's objects instead of the working tree.
    #[arg(long, value_name = "REV")]
    pub(crate) rev: Option<String>,
    /// Configuration file [default: seamline.toml or .seamline.toml in PATH].
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Folder of own pattern files, one sub-folder per language.
    #[arg(long, value_name = "DIR")]
    pub(crate) queries: Option<PathBuf>,
    /// Fact cache file [default: seamline/facts.cache in the user's cache folder].
    #[arg(long, value_name = "FILE", conflicts_with = "no_cache")]
    pub(crate) cache: Option<PathBuf>,
    /// Read every file anew and leave no cache behind.
    #[arg(long)]
    pub(crate) no_cache: bool,
    /// Let files that change together in git's history pull together, as `partition.co_change` does.
    #[arg(long)]
    pub(crate) co_change: bool,
    /// Threads [default: one per core].
    #[arg(long, short, value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// Print no progress, no notes and no warnings; errors stay.
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// When to use colors.
    #[arg(long, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(crate) color: Color,
}

impl Input {
    /// Settings from the configuration file, or the defaults.
    pub(crate) fn settings(&self) -> Result<Settings, Failure> {
        let Configuration { name, text } = self.configuration()?;
        Ok(config::parse(&text, &name)?)
    }

    /// The configuration file: the one given, else the folder's, else in a folder without one the revision's.
    pub(crate) fn configuration(&self) -> Result<Configuration, Failure> {
        let read = |path: &Path, name: String| {
            let text = std::fs::read_to_string(path).map_err(|error| {
                Failure::Message(format!("cannot read the configuration {}: {error}", path.display()))
            })?;
            Ok(Configuration { name, text })
        };
        if let Some(path) = &self.config {
            return read(path, path.display().to_string());
        }
        for name in CONFIGS {
            let path = self.path.join(name);
            if path.is_file() {
                return read(&path, name.to_owned());
            }
        }
        let stored = |revision: &String| {
            CONFIGS.iter().find_map(|name| {
                let bytes = crate::discover::file_at_revision(&self.path, revision, name)?;
                Some(Configuration { name: (*name).to_owned(), text: String::from_utf8_lossy(&bytes).into_owned() })
            })
        };
        Ok(self.rev.as_ref().and_then(stored).unwrap_or_default())
    }

    pub(crate) fn request(&self) -> Result<Request<'static>, Failure> {
        let mut settings = self.settings()?;
        settings.partition.co_change |= self.co_change;
        let mut queries = Vec::new();
        for folder in settings.queries.iter().map(|it| self.path.join(it)).chain(self.queries.clone()) {
            read_queries(&folder, &mut queries)?;
        }
        let cache = if self.no_cache { None } else { self.cache.clone().or_else(default_cache) };
        let extract = ExtractOptions { cache, ..ExtractOptions::default() };
        Ok(Request { path: self.path.clone(), revision: self.rev.clone(), queries, settings, extract })
    }

    /// Runs work on a pool of the wanted size, with stacks deep enough for any source file.
    pub(crate) fn pooled<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
        let pool = extract::pool(self.jobs.unwrap_or(0))
            .map_err(|error| Failure::Message(format!("cannot start threads: {error}; try `--jobs 1`")))?;
        Ok(pool.install(work))
    }

    /// Reads the project and reports what could not be read.
    pub(crate) fn read(&self) -> Result<(Request<'static>, System), Failure> {
        let request = self.request()?;
        let system = self.pooled(|| crate::read(&request))??;
        self.report(&system.diagnostics);
        Ok((request, system))
    }

    /// Runs the whole pipeline and reports what could not be read.
    pub(crate) fn analyze(&self) -> Result<(Request<'static>, Report), Failure> {
        let request = self.request()?;
        let mut report = self.pooled(|| analyzed(&request))??;
        self.place_settings(&mut report.diagnostics);
        self.report(&report.diagnostics);
        refuse_contradictions(&report.diagnostics)?;
        Ok((request, report))
    }

    /// Gives what is said of the settings its line in their file: that of the name it quotes.
    pub(crate) fn place_settings(&self, diagnostics: &mut [Diagnostic]) {
        let unplaced = |it: &&mut Diagnostic| it.file == SETTINGS && it.line == 0;
        if !diagnostics.iter_mut().any(|it| unplaced(&it)) {
            return;
        }
        let Ok(configuration) = self.configuration() else { return };
        for it in diagnostics.iter_mut().filter(unplaced) {
            it.line = configuration.line_of(&it.message, it.code == CONTRADICTION);
            it.file.clone_from(&configuration.name);
        }
        diagnostics.sort();
    }

    /// Writes diagnostics to stderr: errors always, notes and warnings unless quiet.
    pub(crate) fn report(&self, diagnostics: &[Diagnostic]) {
        const MOST: usize = 20;
        let mut placed = diagnostics.to_vec();
        self.place_settings(&mut placed);
        let diagnostics = &placed;
        let mut stderr = anstream::stderr().lock();
        let shown: Vec<&Diagnostic> =
            diagnostics.iter().filter(|it| !(self.quiet && it.severity < Severity::Error)).collect();
        for diagnostic in shown.iter().take(MOST) {
            let level = match diagnostic.severity {
                Severity::Note => "note",
                Severity::Warning => "warning",
                Severity::Error => "error",
            };
            let place = match (diagnostic.file.is_empty(), diagnostic.line) {
                (true, _) => String::new(),
                (false, 0) => format!("{}: ", diagnostic.file),
                (false, line) => format!("{}:{line}: ", diagnostic.file),
            };
            let _ = writeln!(stderr, "{level}[{}]: {place}{}", diagnostic.code, diagnostic.message);
        }
        if shown.len() > MOST {
            let _ = writeln!(stderr, "note: {} more like these; `report.json` lists them all", shown.len() - MOST);
        }
    }

    /// Whether text for people on stdout may carry colors.
    pub(crate) fn colored(&self) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|it| it.is_empty())
            }
        }
    }
}

/// The whole pipeline, with git's history where the settings ask for it.
fn analyzed(request: &Request<'_>) -> Result<Report, Failure> {
    if !request.settings.partition.co_change {
        return Ok(crate::analyze(request)?);
    }
    let mut system = crate::read(request)?;
    system.diagnostics.extend(add_co_change(request, &mut system.graph)?);
    Ok(crate::advise(system, &request.settings))
}

/// `seamline/facts.cache` in the user's cache folder, where there is one.
fn default_cache() -> Option<PathBuf> {
    let base = std::env::var_os("XDG_CACHE_HOME")
        .filter(|it| !it.is_empty())
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|it| PathBuf::from(it).join(".cache")))?;
    Some(base.join("seamline").join("facts.cache"))
}

fn read_queries(folder: &Path, queries: &mut Vec<(String, String)>) -> Result<(), Failure> {
    let unreadable = |path: &Path, error: std::io::Error| {
        Failure::Message(format!("cannot read the pattern files in {}: {error}", path.display()))
    };
    let mut entries: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| unreadable(folder, error))? {
        entries.push(entry.map_err(|error| unreadable(folder, error))?.path());
    }
    entries.sort();
    for path in entries {
        if path.is_dir() {
            read_queries(&path, queries)?;
        } else if path.extension().is_some_and(|it| it == "scm") {
            let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
            queries.push((path.display().to_string(), text));
        }
    }
    Ok(())
}

/// Writes artifacts below a folder, which is made when it is missing.
pub(crate) fn write_artifacts(folder: &Path, artifacts: &[Artifact]) -> Result<(), Failure> {
    for artifact in artifacts {
        let path = folder.join(&artifact.path);
        let write = || {
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(&path, &artifact.bytes)
        };
        write().map_err(|error| Failure::Message(format!("cannot write {}: {error}", path.display())))?;
    }
    Ok(())
}

/// Columns of the terminal on stdout, as far as the shell says.
pub(crate) fn terminal_width() -> usize {
    std::env::var("COLUMNS").ok().and_then(|it| it.parse().ok()).unwrap_or(100)
}

/// `; nearest: a, b`, by the whole name or its last part.
pub(super) fn suggestion<'a>(name: &str, all: impl Iterator<Item = &'a str>) -> String {
    let tail = |it: &'a str| it.rsplit(['.', ':', '/']).next().unwrap_or(it);
    let mut near: Vec<(usize, &str)> = all.map(|it| (distance(it, name).min(distance(tail(it), name)), it)).collect();
    near.sort_unstable();
    near.dedup();
    let near: Vec<&str> = near.into_iter().take(3).map(|it| it.1).collect();
    if near.is_empty() { String::new() } else { format!("; nearest: {}", near.join(", ")) }
}
