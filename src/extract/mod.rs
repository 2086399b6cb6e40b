//! One file to its facts, in parallel, cached by content; knows no other file.

mod cache;
mod index;
mod macros;
mod matching;
mod origins;
mod owners;
pub mod pool;
mod relevance;
mod results;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::extract::cache::{Cache, Kept, Key};
use crate::extract::relevance::Relevance;
use crate::frontend::{FRONTENDS, Frontend};
use crate::model::diagnostic::Diagnostic;
use crate::model::fact::FileFacts;
use crate::model::rule::RuleSet;
use crate::model::source::{Project, ReadSource, Role, SourceFile};

pub use index::RuleIndex;
pub use matching::match_rules;
pub use results::{Fingerprint, fingerprint, recall, remember};

/// A NUL this early means that a file is no text.
const BINARY_HEAD: usize = 8 << 10;
/// More problems than this in one file are told by their number.
const MAX_PROBLEMS: usize = 8;
/// Parsers recurse as deep as the code nests; a thousand brackets overflow a stack of the usual size.
const STACK_BYTES: usize = 64 << 20;

/// How to read files.
#[derive(Clone)]
pub struct ExtractOptions<'a> {
    /// File that keeps facts between runs.
    pub cache: Option<PathBuf>,
    /// Larger files are data or generated and are left out, in bytes.
    pub max_file_bytes: u64,
    /// Languages, as the project was discovered with.
    pub frontends: &'static [&'static dyn Frontend],
    /// Match every rule everywhere, also where it cannot hold. Slower, and the same graph comes of it: for tests of that.
    pub every_rule: bool,
    /// Called with the number of files done so far, from any thread.
    pub progress: Option<&'a (dyn Fn(usize) + Sync)>,
}

impl Default for ExtractOptions<'_> {
    fn default() -> Self {
        Self { cache: None, max_file_bytes: 5 << 20, frontends: FRONTENDS, every_rule: false, progress: None }
    }
}

/// Threads with stacks that deeply nested code fits on; `jobs` of 0 takes one for each core.
pub fn pool(jobs: usize) -> Result<rayon::ThreadPool, rayon::ThreadPoolBuildError> {
    rayon::ThreadPoolBuilder::new().num_threads(jobs).stack_size(STACK_BYTES).build()
}

/// Names this build of the program: what another build found out is not trusted.
pub fn program() -> String {
    cache::program().to_hex().to_string()
}

/// Facts of every file that is not third-party code, with its index into [`Project::files`] and in that order.
///
/// Runs on the current thread pool, which should be a [`pool()`].
pub fn extract(
    project: &Project,
    source: &dyn ReadSource,
    rules: &RuleSet,
    options: &ExtractOptions<'_>,
) -> (Vec<(usize, FileFacts)>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let cache = options
        .cache
        .as_deref()
        .and_then(|path| Cache::open(path).map_err(|note| diagnostics.push(note.into_diagnostic())).ok());
    let done = AtomicUsize::new(0);
    let one = |file: &SourceFile| {
        let outcome = read_file(file, source, cache.as_ref(), options);
        if let Some(progress) = options.progress {
            progress(done.fetch_add(1, Ordering::Relaxed) + 1);
        }
        outcome
    };
    let outcomes: Vec<(usize, Outcome)> = project
        .files
        .par_iter()
        .enumerate()
        .filter(|(_, file)| file.role != Role::Vendored)
        .map(|(number, file)| (number, one(file)))
        .collect();
    let mut read = Vec::with_capacity(outcomes.len());
    for (number, outcome) in outcomes {
        match outcome {
            Ok(found) => read.push((number, found)),
            Err(problem) => {
                diagnostics.push(Diagnostic { file: project.files[number].path.clone(), ..problem });
            }
        }
    }
    macros::expand(project, source, &mut read, cache.as_ref(), options);
    if options.every_rule {
        let index = RuleIndex::new(rules);
        read.par_iter_mut()
            .for_each(|(number, found)| match_rules(&index, &mut found.kept.facts, &project.files[*number].language));
    } else {
        match_relevant(project, rules, &mut read, cache.as_ref());
    }
    let mut facts = Vec::with_capacity(read.len());
    for (number, mut found) in read {
        let problems_found = std::mem::take(&mut found.kept.facts.diagnostics);
        diagnostics.extend(problems(problems_found, &project.files[number].path));
        facts.push((number, found.kept.facts));
    }
    if let Some(cache) = cache {
        diagnostics.extend(cache.close().into_iter().map(cache::Note::into_diagnostic));
    }
    diagnostics.sort();
    (facts, diagnostics)
}

/// Matches the rules that can hold in this project on every file whose matches are not those already.
fn match_relevant(project: &Project, rules: &RuleSet, read: &mut [(usize, Found)], cache: Option<&Cache>) {
    let language = |number: usize| project.files[number].language.as_str();
    let mut languages: Vec<&str> = read.iter().map(|(number, _)| language(*number)).collect();
    languages.sort_unstable();
    languages.dedup();
    let relevant = |name: &str| {
        let of_language = read.iter().filter(|(number, _)| language(*number) == name);
        let files: Vec<&FileFacts> = of_language.map(|(_, found)| &found.kept.facts).collect();
        (name.to_owned(), Relevance::new(rules, name, project, &files))
    };
    let relevance: Vec<_> = languages.into_par_iter().map(relevant).collect();
    let relevance = relevance.into_iter().collect();
    let index = RuleIndex::relevant(rules, relevance);
    read.par_iter_mut().for_each(|(number, found)| {
        let Found { key, kept } = found;
        let language = language(*number);
        let Some(relevance) = index.relevance.get(language) else { return };
        // Only what is kept for the next run has to tell whether it still holds.
        if key.is_some() {
            let stamp = relevance.stamp(&kept.facts);
            if kept.stamp == stamp {
                return;
            }
            kept.stamp = stamp;
        }
        match_rules(&index, &mut kept.facts, language);
        if let (Some(cache), Some(key)) = (cache, key) {
            cache.put(key, kept);
        }
    });
}

/// Facts of a file with what the cache knows of them.
struct Found {
    key: Option<Key>,
    kept: Kept,
}

/// Facts, or why there are none; the diagnostic's file is filled in later.
type Outcome = Result<Found, Diagnostic>;

fn read_file(
    file: &SourceFile,
    source: &dyn ReadSource,
    cache: Option<&Cache>,
    options: &ExtractOptions<'_>,
) -> Outcome {
    let too_large = |bytes: u64| {
        let message = format!(
            "{bytes} bytes are more than the limit of {}; data and generated code are left out",
            options.max_file_bytes
        );
        Err(Diagnostic::warning("too-large", "", 0, message))
    };
    if file.bytes > options.max_file_bytes {
        return too_large(file.bytes);
    }
    let Some(frontend) = options.frontends.iter().find(|frontend| frontend.id() == file.language) else {
        return Err(Diagnostic::warning("unknown-language", "", 0, format!("no frontend reads `{}`", file.language)));
    };
    let bytes = source
        .read(file)
        .map_err(|error| Diagnostic::warning("unreadable", "", 0, format!("cannot be read ({error})")))?;
    if bytes.len() as u64 > options.max_file_bytes {
        return too_large(bytes.len() as u64);
    }
    if bytes[..bytes.len().min(BINARY_HEAD)].contains(&0) {
        let message = format!("holds binary data, although its name says {}; left out", frontend.id());
        return Err(Diagnostic::warning("binary", "", 0, message));
    }
    let key = cache.map(|cache| cache.key(frontend.id(), &bytes));
    if let (Some(cache), Some(key)) = (cache, &key)
        && let Some(kept) = cache.get(key)
    {
        return Ok(Found { key: Some(*key), kept });
    }
    let facts = facts_of(*frontend, bytes)?;
    Ok(Found { key, kept: Kept { stamp: Kept::UNMATCHED, facts } })
}

fn facts_of(frontend: &dyn Frontend, bytes: Vec<u8>) -> Result<FileFacts, Diagnostic> {
    let (text, invalid) = decoded(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut facts = catch_unwind(AssertUnwindSafe(|| frontend.facts(text))).map_err(|_| {
        let message = "reading this file failed inside Seamline, so it is left out; please report it";
        Diagnostic::warning("internal-error", "", 0, message)
    })?;
    facts.diagnostics.extend(invalid);
    Ok(facts)
}

/// Text of a file; bytes that are not UTF-8 are replaced and reported.
fn decoded(bytes: Vec<u8>) -> (String, Option<Diagnostic>) {
    match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            let line = 1 + memchr::memchr_iter(b'\n', &bytes[..good]).count() as u32;
            let message = "not valid UTF-8 from here on; the bytes in question are read as unknown characters";
            let text = String::from_utf8_lossy(&bytes).into_owned();
            (text, Some(Diagnostic::warning("encoding", "", line, message)))
        }
    }
}

/// The problems of one file with its name, the many of a broken one cut to the first few and their number.
fn problems(mut found: Vec<Diagnostic>, file: &str) -> Vec<Diagnostic> {
    found.sort();
    if let Some(more) = found.get(MAX_PROBLEMS) {
        let count = found.len() - MAX_PROBLEMS;
        let message = format!("{count} more problems in this file");
        let rest = Diagnostic { message, ..more.clone() };
        found.truncate(MAX_PROBLEMS);
        found.push(rest);
    }
    for problem in &mut found {
        file.clone_into(&mut problem.file);
    }
    found
}
