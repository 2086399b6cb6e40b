//! Lists the files of a git commit without a checkout; nothing of the work tree is read.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use gix::objs::tree::EntryKind;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use rustc_hash::FxHashMap;

use crate::discover::project::{self, Listed, Listing};
use crate::discover::roles::{self, Folder};
use crate::discover::{
    DiscoverError, DiscoverOptions, Store, Tree, checked_folder, excluded, folder_name, nothing_to_read,
};
use crate::model::diagnostic::Diagnostic;
use crate::model::source::Project;

/// Reads revision `revision` (anything `git rev-parse` takes that names a commit) of the repository around `path`.
///
/// When `path` is a folder below the repository's root, only that folder is read. Bare repositories work as well.
pub fn at_revision(path: &Path, revision: &str, options: &DiscoverOptions) -> Result<(Project, Tree), DiscoverError> {
    let root = checked_folder(path)?;
    let mut repository = gix::discover(&root).map_err(|error| DiscoverError::NoRepository {
        path: path.to_owned(),
        revision: revision.to_owned(),
        reason: reason(&error),
    })?;
    repository.object_cache_size(32 << 20);
    let no_revision = |error: gix::Error| DiscoverError::NoRevision {
        path: path.to_owned(),
        revision: revision.to_owned(),
        reason: reason(&error),
    };
    let commit = repository
        .rev_parse_single(revision)
        .and_then(|id| id.object())
        .and_then(gix::Object::peel_to_commit)
        .map_err(no_revision)?;
    let id = commit.id.to_string();
    let prefix = folder_in_repository(&repository, &root);
    let listing =
        listing(&repository, &commit, &prefix, options, &FxHashMap::default()).map_err(|error| match error {
            // In the words it was asked for.
            DiscoverError::NoFolder { folder, .. } => DiscoverError::NoFolder { revision: revision.to_owned(), folder },
            other => other,
        })?;
    if listing.files.is_empty() && listing.is_empty {
        return Err(DiscoverError::Empty(root));
    }
    drop(commit);
    let shared = repository.into_sync();
    let read = |file: &Listed, limit: Option<u64>| {
        let mut bytes = read_blob(&shared.to_thread_local(), &file.blob)?;
        bytes.truncate(limit.map_or(usize::MAX, |limit| limit as usize));
        Ok(bytes)
    };
    let mut project = project::project(listing, options, &read);
    if project.files.is_empty() {
        return Err(nothing_to_read(&root, options, &project));
    }
    let name = folder_name(&root);
    name.trim_end_matches(".git").clone_into(&mut project.name);
    project.revision = Some(id);
    Ok((project, Tree { store: Store::Git(Box::new(shared)) }))
}

/// Sizes of blobs that were asked for before.
pub(super) type Sizes = FxHashMap<gix::ObjectId, u64>;

/// Files of a commit below the folder `prefix`.
pub(super) fn listing(
    repository: &gix::Repository,
    commit: &gix::Commit<'_>,
    prefix: &str,
    options: &DiscoverOptions,
    sizes: &Sizes,
) -> Result<Listing, DiscoverError> {
    let revision = || commit.id.to_string();
    let objects = |error: gix::Error| DiscoverError::Objects { revision: revision(), reason: reason(&error) };
    let top = commit.tree().map_err(objects)?;
    let mut tree = top.clone();
    if !prefix.is_empty() {
        let no_folder = || DiscoverError::NoFolder { revision: revision(), folder: prefix.to_owned() };
        let entry = top.lookup_entry_by_path(prefix).map_err(objects)?.ok_or_else(no_folder)?;
        tree = entry.object().map_err(objects)?.try_into_tree().map_err(|_| no_folder())?;
    }
    let entries = tree.traverse().breadthfirst.files().map_err(objects)?;
    let mut ignored = IgnoreFiles::new(prefix);
    ignored.add_above(&top);
    ignored.add_below(repository, &entries);
    Ok(list(repository, &entries, &ignored.built(), options, sizes))
}

/// Bytes of a blob by its id in hexadecimal.
pub(super) fn read_blob(repository: &gix::Repository, blob: &str) -> io::Result<Vec<u8>> {
    let id = gix::ObjectId::from_hex(blob.as_bytes()).map_err(io::Error::other)?;
    let mut blob = repository.find_blob(id).map_err(|error| io::Error::other(reason(&error)))?;
    Ok(blob.take_data())
}

/// Id of the commit that is checked out around a folder, when the commit has that folder.
pub(super) fn head(root: &Path) -> Option<String> {
    let repository = gix::discover(root).ok()?;
    let id = repository.head_id().ok()?.detach();
    let prefix = folder_in_repository(&repository, root);
    if !prefix.is_empty() {
        let tree = repository.find_commit(id).ok()?.tree().ok()?;
        tree.lookup_entry_by_path(&prefix).ok()??;
    }
    Some(id.to_string())
}

/// Whether a folder is itself a repository that has no work tree.
pub(super) fn is_bare(root: &Path) -> bool {
    gix::open(root).is_ok_and(|it| it.is_bare())
}

/// A folder's path below the work tree's root, with `/`; empty for the root and in a bare repository.
pub(super) fn folder_in_repository(repository: &gix::Repository, folder: &Path) -> String {
    let below = repository
        .workdir()
        .and_then(|root| root.canonicalize().ok())
        .and_then(|root| folder.strip_prefix(root).ok().map(Path::to_owned))
        .unwrap_or_default();
    let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

/// The innermost reason in one line.
pub(super) fn reason(error: &gix::Error) -> String {
    let text = error.to_string();
    text.lines().next().unwrap_or("unknown reason").trim().to_owned()
}

type Entries<'a> = &'a [gix::traverse::tree::recorder::Entry];

fn list(
    repository: &gix::Repository,
    entries: Entries<'_>,
    (ignored, prefix): &(Gitignore, &str),
    options: &DiscoverOptions,
    sizes: &Sizes,
) -> Listing {
    let mut listing = Listing { is_empty: entries.is_empty(), ..Listing::default() };
    let folders = Folders::new(entries);
    let mut links = Vec::new();
    for entry in entries {
        let kind = entry.mode.kind();
        if kind == EntryKind::Tree {
            continue;
        }
        let Ok(path) = std::str::from_utf8(&entry.filepath) else {
            let shown = entry.filepath.to_string();
            let message = "the path is not valid UTF-8, so the file is left out; rename it";
            listing.diagnostics.push(Diagnostic::warning("path-encoding", &shown, 0, message));
            continue;
        };
        let is_ignored = ignored.matched_path_or_any_parents(join(prefix, path), false).is_ignore();
        if is_ignored || folders.hide(path) || excluded(path, options) {
            continue;
        }
        match kind {
            EntryKind::Link => links.push(path),
            EntryKind::Commit => {
                let message =
                    "a submodule's files are not in this repository, so they are not read; analyze it by itself";
                listing.diagnostics.push(Diagnostic::warning("submodule", path, 0, message));
            }
            _ => {
                // What is missing is told of when it turns out to be source.
                let known = sizes.get(&entry.oid).copied();
                let bytes =
                    known.unwrap_or_else(|| repository.find_header(entry.oid).map_or(0, |header| header.size()));
                listing.files.push(Listed { path: path.to_owned(), bytes, blob: entry.oid.to_string() });
            }
        }
    }
    links.sort_unstable();
    if let Some(first) = links.first() {
        let message = format!("{} symbolic links are not followed; this is the first", links.len());
        listing.diagnostics.push(Diagnostic::note("symlink", first, 0, message));
    }
    listing.left_out = folders.left_out.into_iter().collect();
    listing.files.sort_unstable();
    listing
}

/// Our own ignore files, all as lines of one file in the repository's root. `.gitignore` says nothing of files that were
/// committed.
pub(super) struct IgnoreFiles<'a> {
    builder: GitignoreBuilder,
    /// Folder that is read.
    prefix: &'a str,
}

impl<'a> IgnoreFiles<'a> {
    pub(super) const NAME: &'static str = ".seamlineignore";

    pub(super) fn new(prefix: &'a str) -> Self {
        Self { builder: GitignoreBuilder::new(""), prefix }
    }

    /// Ignore files in folders around the one that is read.
    fn add_above(&mut self, top: &gix::Tree<'_>) {
        let ends = self.prefix.match_indices('/').map(|(end, _)| end);
        let folders = (!self.prefix.is_empty()).then_some(0).into_iter().chain(ends).map(|end| &self.prefix[..end]);
        for folder in folders.collect::<Vec<_>>() {
            let found = top.lookup_entry_by_path(join(folder, IgnoreFiles::NAME)).ok().flatten();
            if let Some(object) = found.and_then(|entry| entry.object().ok()) {
                self.add(folder, &object.data);
            }
        }
    }

    /// Ignore files in the folder that is read and below.
    fn add_below(&mut self, repository: &gix::Repository, entries: Entries<'_>) {
        for entry in entries {
            let Ok(path) = std::str::from_utf8(&entry.filepath) else { continue };
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            if name == IgnoreFiles::NAME
                && entry.mode.is_blob()
                && let Ok(blob) = repository.find_blob(entry.oid)
            {
                self.add(&join(self.prefix, folder), &blob.data);
            }
        }
    }

    pub(super) fn add(&mut self, folder: &str, bytes: &[u8]) {
        for line in String::from_utf8_lossy(bytes).lines() {
            // A line that is no glob matches nothing, as in a walk.
            let _ = self.builder.add_line(None, &below(folder, line));
        }
    }

    pub(super) fn built(self) -> (Gitignore, &'a str) {
        (self.builder.build().unwrap_or_else(|_| Gitignore::empty()), self.prefix)
    }
}

/// `folder/name`, either of which may be empty.
fn join(folder: &str, name: &str) -> String {
    [folder, name].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
}

/// A line of an ignore file in `folder`, as it would stand in the root's file.
fn below(folder: &str, line: &str) -> String {
    if folder.is_empty() || line.trim().is_empty() || line.starts_with('#') {
        return line.to_owned();
    }
    let (sign, rest) = line.strip_prefix('!').map_or(("", line), |rest| ("!", rest));
    match rest.strip_prefix('/') {
        Some(rest) => format!("{sign}/{folder}/{rest}"),
        None if rest.trim_end_matches('/').contains('/') => format!("{sign}/{folder}/{rest}"),
        None => format!("{sign}/{folder}/**/{rest}"),
    }
}

/// Folders of the tree that are not read.
struct Folders {
    hidden: BTreeSet<String>,
    left_out: BTreeSet<String>,
}

impl Folders {
    fn new(entries: Entries<'_>) -> Self {
        let mut folders = Self { hidden: BTreeSet::new(), left_out: BTreeSet::new() };
        for entry in entries {
            let Ok(path) = std::str::from_utf8(&entry.filepath) else { continue };
            let Some((folder, file)) = path.rsplit_once('/') else { continue };
            let mut start = 0;
            for part in folder.split('/') {
                let end = start + part.len();
                // A marker counts for the folder it stands in.
                let decision = roles::folder(part, |marker| end == folder.len() && file == marker);
                let name = &folder[..end];
                match decision {
                    Folder::Read => {}
                    Folder::Hidden => drop(folders.hidden.insert(name.to_owned())),
                    Folder::LeftOut => drop(folders.left_out.insert(name.to_owned())),
                }
                if decision != Folder::Read {
                    break;
                }
                start = end + 1;
            }
        }
        folders
    }

    fn hide(&self, path: &str) -> bool {
        path.match_indices('/').any(|(end, _)| {
            let folder = &path[..end];
            self.hidden.contains(folder) || self.left_out.contains(folder)
        })
    }
}
