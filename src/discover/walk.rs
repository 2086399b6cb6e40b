//! Lists the files of a folder: parallel, gitignore-aware, following no links.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::{DirEntry, WalkBuilder, WalkState};

use crate::discover::project::{Listed, Listing};
use crate::discover::revision::IgnoreFiles;
use crate::discover::roles::{self, Folder};
use crate::discover::{DiscoverError, DiscoverOptions};
use crate::model::diagnostic::Diagnostic;

/// What one entry of the walk is.
enum Seen {
    File(Listed),
    Link { path: String, target: Target },
    LeftOut(String),
    Problem(Diagnostic),
}

/// Where a symbolic link leads.
enum Target {
    /// To something below the root: it is read there.
    Inside,
    Outside,
    /// To a folder around itself, or in a circle.
    Loop,
    Nothing,
}

/// All files below `root` that no ignore file names, sorted by path.
pub(super) fn list(root: &Path, options: &DiscoverOptions) -> Result<Listing, DiscoverError> {
    let mut first = std::fs::read_dir(root)
        .map_err(|error| DiscoverError::Unreadable { path: root.to_owned(), reason: error.to_string() })?;
    let is_empty = first.next().is_none();

    let seen = Arc::new(Mutex::new(Vec::new()));
    let filter = {
        let (seen, root, exclude) = (Arc::clone(&seen), root.to_owned(), options.exclude.clone());
        move |entry: &DirEntry| {
            let Some(path) = relative(&root, entry.path()).filter(|path| !path.is_empty()) else { return true };
            if exclude.iter().any(|glob| glob.matches(&path)) {
                return false;
            }
            if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
                return true;
            }
            let folder = roles::folder(&entry.file_name().to_string_lossy(), |name| entry.path().join(name).is_file());
            if folder == Folder::LeftOut {
                seen.lock().unwrap_or_else(PoisonError::into_inner).push(Seen::LeftOut(path));
            }
            folder == Folder::Read
        }
    };
    WalkBuilder::new(root)
        .hidden(false)
        .require_git(false)
        // The answer follows from the tree, not from the settings of whoever runs it.
        .git_global(false)
        .add_custom_ignore_filename(IgnoreFiles::NAME)
        .follow_links(false)
        .threads(rayon::current_num_threads())
        .filter_entry(filter)
        .build_parallel()
        .run(|| {
            let mut batch = Batch { seen: Arc::clone(&seen), own: Vec::new() };
            let root = root.to_owned();
            Box::new(move |entry| {
                batch.own.extend(look(&root, entry));
                WalkState::Continue
            })
        });
    let seen = std::mem::take(&mut *seen.lock().unwrap_or_else(PoisonError::into_inner));
    let mut listing = sorted(seen);
    listing.diagnostics.extend(
        missing_submodules(root).into_iter().filter(|it| !options.exclude.iter().any(|glob| glob.matches(&it.file))),
    );
    Ok(Listing { is_empty, ..listing })
}

/// Folders that `.gitmodules` names and that hold nothing: a clone does not bring them by itself.
fn missing_submodules(root: &Path) -> Vec<Diagnostic> {
    // What cannot be read names nothing; a checkout without submodules has no such file.
    let text = std::fs::read_to_string(root.join(".gitmodules")).unwrap_or_default();
    let paths = text.lines().filter_map(|line| {
        let (key, path) = line.split_once('=')?;
        let path = path.trim().trim_matches('"').trim_end_matches('/');
        let inside = !path.is_empty() && !path.starts_with('/') && path.split('/').all(|it| it != "..");
        (key.trim() == "path" && inside).then_some(path)
    });
    let is_missing = |path: &&str| std::fs::read_dir(root.join(path)).map_or(true, |mut it| it.next().is_none());
    paths
        .filter(is_missing)
        .map(|path| {
            let message = format!(
                "this submodule's folder is empty or missing, so nothing in it is read; run `git submodule update --init {path}`"
            );
            Diagnostic::warning("submodule", path, 0, message)
        })
        .collect()
}

/// What one thread has seen; handed over when the thread is done.
struct Batch {
    seen: Arc<Mutex<Vec<Seen>>>,
    own: Vec<Seen>,
}

impl Drop for Batch {
    fn drop(&mut self) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).append(&mut self.own);
    }
}

fn look(root: &Path, entry: Result<DirEntry, ignore::Error>) -> Option<Seen> {
    let entry = match entry {
        Ok(entry) => entry,
        Err(error) => return Some(Seen::Problem(unreadable(root, &error))),
    };
    let kind = entry.file_type()?;
    if kind.is_dir() {
        return None;
    }
    let Some(path) = relative(root, entry.path()) else {
        let shown = entry.path().strip_prefix(root).unwrap_or(entry.path()).to_string_lossy().into_owned();
        let message = "the path is not valid UTF-8, so the file is left out; rename it";
        return Some(Seen::Problem(Diagnostic::warning("path-encoding", &shown, 0, message)));
    };
    if kind.is_symlink() {
        return Some(Seen::Link { target: target(root, entry.path()), path });
    }
    if !kind.is_file() {
        // Sockets, pipes and devices hold no source, and opening one could wait forever.
        return None;
    }
    match entry.metadata() {
        Ok(found) => Some(Seen::File(Listed { path, bytes: found.len(), blob: String::new() })),
        Err(error) => Some(Seen::Problem(unreadable(root, &error))),
    }
}

fn target(root: &Path, link: &Path) -> Target {
    match link.canonicalize() {
        Ok(target) if link.starts_with(&target) => Target::Loop,
        Ok(target) if target.starts_with(root) => Target::Inside,
        Ok(_) => Target::Outside,
        // A circle of links is told by an error that has no stable kind yet; a link to nothing has one.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Target::Nothing,
        Err(_) => Target::Loop,
    }
}

/// Relative to the root with `/`; `None` when it is not UTF-8.
fn relative(root: &Path, path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> =
        path.strip_prefix(root).ok()?.components().map(|part| part.as_os_str().to_str()).collect();
    Some(parts?.join("/"))
}

fn unreadable(root: &Path, error: &ignore::Error) -> Diagnostic {
    let (path, reason) = place(error);
    let path = path.and_then(|path| relative(root, &path)).unwrap_or_default();
    Diagnostic::warning("unreadable", &path, 0, format!("cannot be read ({reason}), so it is left out"))
}

/// Path and reason of a walk's error.
fn place(error: &ignore::Error) -> (Option<PathBuf>, String) {
    match error {
        ignore::Error::WithPath { path, err } => (Some(path.clone()), place(err).1),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => place(err),
        ignore::Error::Io(error) => (None, error.to_string()),
        other => (None, other.to_string()),
    }
}

fn sorted(seen: Vec<Seen>) -> Listing {
    let mut listing = Listing::default();
    let (mut outside, mut inside, mut broken) = (Vec::new(), Vec::new(), Vec::new());
    for one in seen {
        match one {
            Seen::File(file) => listing.files.push(file),
            Seen::LeftOut(path) => listing.left_out.push(path),
            Seen::Problem(problem) => listing.diagnostics.push(problem),
            Seen::Link { path, target: Target::Inside } => inside.push(path),
            Seen::Link { path, target: Target::Outside } => outside.push(path),
            Seen::Link { path, target: Target::Nothing } => broken.push(path),
            Seen::Link { path, target: Target::Loop } => {
                let message = "this symbolic link leads back to itself or to a folder around it; it is not followed";
                listing.diagnostics.push(Diagnostic::note("symlink-loop", &path, 0, message));
            }
        }
    }
    listing.files.sort_unstable();
    for (mut links, what) in [
        (inside, "to files of this tree, which are read where they are"),
        (outside, "out of this tree, so what they lead to is not read"),
        (broken, "to nothing"),
    ] {
        links.sort_unstable();
        if let Some(first) = links.first() {
            let count = links.len();
            let message = format!("{count} symbolic links lead {what}; this is the first");
            listing.diagnostics.push(Diagnostic::note("symlink", first, 0, message));
        }
    }
    listing
}
