//! A folder or a git revision to a [`Project`]: which files there are, what each is for, and where it stands.
//!
//! `walk` lists a folder, `revision` lists a commit, and `project` makes the same of either list.

mod base;
pub mod history;
mod project;
mod renames;
mod revision;
mod roles;
mod tracked;
mod walk;

use std::io;
use std::path::{Path, PathBuf};

use crate::config::PathGlob;
use crate::frontend::{FRONTENDS, Frontend};
use crate::model::source::{Project, ReadSource, SourceFile};

pub use base::{Fork, file_at_revision, fork};
pub use revision::at_revision;

/// What to read of a project.
#[derive(Clone)]
pub struct DiscoverOptions {
    /// Files and folders that are not read, besides what `.gitignore` (of files not tracked) and `.seamlineignore` name.
    pub exclude: Vec<PathGlob>,
    /// Languages to look for.
    pub frontends: &'static [&'static dyn Frontend],
}

impl Default for DiscoverOptions {
    fn default() -> Self {
        Self { exclude: Vec::new(), frontends: FRONTENDS }
    }
}

/// Why there is nothing to analyze. The text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum DiscoverError {
    #[error("`{0}` does not exist; give the folder of a checkout")]
    Missing(PathBuf),
    #[error("`{path}` is a file; give its folder, `{folder}`")]
    File { path: PathBuf, folder: PathBuf },
    #[error("`{0}` is neither a folder nor a file; give the folder of a checkout")]
    NotAFolder(PathBuf),
    #[error("`{path}` cannot be read ({reason}); check its permissions")]
    Unreadable { path: PathBuf, reason: String },
    #[error("`{0}` is empty; give the folder of a checkout")]
    Empty(PathBuf),
    #[error("`{0}` is a git repository without files checked out; name a revision to read, `--rev HEAD`")]
    Bare(PathBuf),
    #[error("`{path}` has no file in a language that is read ({languages}); found: {found}")]
    NothingToRead { path: PathBuf, languages: String, found: String },
    #[error(
        "`{path}` is not in a git repository that can be read, so it has no revision `{revision}` ({reason}); \
         leave `--rev` out or give a clone"
    )]
    NoRepository { path: PathBuf, revision: String, reason: String },
    #[error(
        "the repository of `{path}` has no revision `{revision}` ({reason}); see `git log --all`, or fetch it first"
    )]
    NoRevision { path: PathBuf, revision: String, reason: String },
    #[error("revision `{revision}` has no folder `{folder}`; give a folder that exists in it")]
    NoFolder { revision: String, folder: String },
    #[error(
        "objects of revision `{revision}` are missing or damaged ({reason}); run `git fetch --refetch` or `git fsck`"
    )]
    Objects { revision: String, reason: String },
}

/// Where the bytes of a project's files come from.
pub struct Tree {
    store: Store,
}

enum Store {
    Folder(PathBuf),
    Git(Box<gix::ThreadSafeRepository>),
}

impl ReadSource for Tree {
    fn read(&self, file: &SourceFile) -> io::Result<Vec<u8>> {
        match &self.store {
            Store::Folder(root) => std::fs::read(root.join(&file.path)),
            Store::Git(repository) => revision::read_blob(&repository.to_thread_local(), &file.blob),
        }
    }
}

impl Tree {
    /// The folder on disk; `None` when the files come from git.
    pub fn folder(&self) -> Option<&Path> {
        match &self.store {
            Store::Folder(root) => Some(root),
            Store::Git(_) => None,
        }
    }
}

/// Reads the folder `root`: a gitignore-aware walk that follows no links and opens only what it has to; what git tracks
/// is read even where an ignore file names it.
pub fn discover(root: &Path, options: &DiscoverOptions) -> Result<(Project, Tree), DiscoverError> {
    let root = checked_folder(root)?;
    let mut listing = walk::list(&root, options)?;
    tracked::add(&root, options, &mut listing);
    if listing.files.is_empty() && listing.is_empty {
        return Err(DiscoverError::Empty(root));
    }
    let read = |file: &project::Listed, limit: Option<u64>| read_start(&root.join(&file.path), limit);
    let mut project = project::project(listing, options, &read);
    if project.files.is_empty() {
        let error = nothing_to_read(&root, options, &project);
        return Err(if revision::is_bare(&root) { DiscoverError::Bare(root) } else { error });
    }
    project.name = folder_name(&root);
    project.revision = revision::head(&root);
    Ok((project, Tree { store: Store::Folder(root) }))
}

/// An existing folder, as a path without links.
fn checked_folder(root: &Path) -> Result<PathBuf, DiscoverError> {
    let unreadable = |error: &io::Error| DiscoverError::Unreadable { path: root.to_owned(), reason: error.to_string() };
    match std::fs::metadata(root) {
        Ok(found) if found.is_dir() => root.canonicalize().map_err(|error| unreadable(&error)),
        Ok(found) if found.is_file() => {
            let folder = root.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            Err(DiscoverError::File { path: root.to_owned(), folder: folder.to_owned() })
        }
        Ok(_) => Err(DiscoverError::NotAFolder(root.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(DiscoverError::Missing(root.to_owned())),
        Err(error) => Err(unreadable(&error)),
    }
}

/// Whether a glob names a file or any folder around it.
fn excluded(path: &str, options: &DiscoverOptions) -> bool {
    options
        .exclude
        .iter()
        .any(|glob| glob.matches(path) || path.match_indices('/').any(|(end, _)| glob.matches(&path[..end])))
}

fn read_start(path: &Path, limit: Option<u64>) -> io::Result<Vec<u8>> {
    match limit {
        None => std::fs::read(path),
        Some(limit) => {
            let mut bytes = Vec::new();
            io::Read::read_to_end(&mut io::Read::take(std::fs::File::open(path)?, limit), &mut bytes)?;
            Ok(bytes)
        }
    }
}

fn folder_name(root: &Path) -> String {
    root.file_name().map_or_else(|| "project".to_owned(), |name| name.to_string_lossy().into_owned())
}

fn nothing_to_read(root: &Path, options: &DiscoverOptions, project: &Project) -> DiscoverError {
    let languages: Vec<&str> = options.frontends.iter().map(|frontend| frontend.id()).collect();
    let found: Vec<String> = project.unread.iter().take(8).map(|(extension, n)| format!("{n} {extension}")).collect();
    let found = if found.is_empty() { "no file at all that is not ignored".to_owned() } else { found.join(", ") };
    DiscoverError::NothingToRead { path: root.to_owned(), languages: languages.join(", "), found }
}
