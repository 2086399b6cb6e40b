//! A repository opened once to read many revisions of it: its commits, its tags, the files of each commit and what
//! changed between two. Blobs that were looked at before are remembered by their ids, so that a revision costs what it
//! changed.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::{PoisonError, RwLock};

use gix::bstr::ByteSlice;
use gix::diff::blob::{Algorithm, Diff, InternedInput};
use gix::object::tree::diff::ChangeDetached;
use gix::traverse::commit::simple::CommitTimeOrder;
use rustc_hash::FxHashMap;

use crate::discover::project::{self, Listed};
use crate::discover::renames::with_renames;
use crate::discover::revision::{Sizes, folder_in_repository, listing, read_blob, reason};
use crate::discover::{DiscoverError, DiscoverOptions, checked_folder, folder_name};
use crate::model::source::{Project, ReadSource, SourceFile};

/// Bytes of a blob that are remembered: enough to tell what a file is for.
const HEAD_BYTES: usize = 2048;

/// Which commits a walk meets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Walk {
    /// The branch's own states: a merged branch is one step.
    #[default]
    FirstParent,
    /// Every commit that is reachable.
    All,
}

/// One commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Full id in hexadecimal.
    pub id: String,
    /// Ids of all parents; what a shallow clone lacks is absent.
    pub parents: Vec<String>,
    /// Committer's time, in seconds since 1970 (UTC).
    pub time: i64,
    /// Name and address of the author, as written.
    pub author: (String, String),
    /// First line of the message.
    pub subject: String,
}

/// The commits that lead to a revision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    /// Oldest first; a commit stands after its parents where clocks agree.
    pub commits: Vec<Commit>,
    /// True where the clone ends before the history does.
    pub shallow: bool,
    /// Why the walk ended early, when it did.
    pub broken: Option<String>,
}

/// What a change did to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    Added,
    Removed,
    Modified,
    /// Moved, with or without edits; at least half of it is the same.
    Renamed,
}

/// One file that differs between two commits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// Path after the change, or before it when it was removed; relative to the folder that is read.
    pub path: String,
    pub kind: ChangeKind,
    /// Path before a rename, else empty.
    pub from: String,
    /// Ids of the contents before and after; empty where there is none.
    pub blobs: (String, String),
}

/// A repository, open for reading many revisions.
pub struct Repository {
    shared: gix::ThreadSafeRepository,
    /// Folder that is read, empty for all of it.
    prefix: String,
    name: String,
    sizes: RwLock<Sizes>,
    heads: RwLock<FxHashMap<String, Box<[u8]>>>,
}

impl Repository {
    /// Opens the repository around `path`; when `path` is a folder below its root, only that folder is read.
    pub fn open(path: &Path) -> Result<Self, DiscoverError> {
        let root = checked_folder(path)?;
        let repository = gix::discover(&root).map_err(|error| DiscoverError::NoRepository {
            path: path.to_owned(),
            revision: "HEAD".to_owned(),
            reason: reason(&error),
        })?;
        let prefix = folder_in_repository(&repository, &root);
        let name = folder_name(&root).trim_end_matches(".git").to_owned();
        let shared = repository.into_sync();
        Ok(Self { shared, prefix, name, sizes: RwLock::default(), heads: RwLock::default() })
    }

    /// Folder inside the repository that is read, empty for all of it.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Full id of the commit that `revision` names.
    pub fn resolve(&self, revision: &str) -> Result<String, DiscoverError> {
        let repository = self.shared.to_thread_local();
        let commit = commit_named(&repository, revision)?;
        Ok(commit.id.to_string())
    }

    /// The commit that `revision` names.
    pub fn commit(&self, revision: &str) -> Result<Commit, DiscoverError> {
        let repository = self.shared.to_thread_local();
        let id = commit_named(&repository, revision)?.id;
        let lacking =
            |error: gix::Error| DiscoverError::Objects { revision: revision.to_owned(), reason: reason(&error) };
        read_commit(&repository, id).map_err(lacking)
    }

    /// The commits that lead to `revision`, itself included.
    pub fn log(&self, revision: &str, walk: Walk) -> Result<Log, DiscoverError> {
        let mut repository = self.shared.to_thread_local();
        repository.object_cache_size(32 << 20);
        let tip = commit_named(&repository, revision)?.id;
        let mut log = Log { shallow: repository.is_shallow().unwrap_or(false), ..Log::default() };
        let order = gix::revision::walk::Sorting::ByCommitTime(CommitTimeOrder::NewestFirst);
        let mut walker = repository.rev_walk([tip]).sorting(order);
        if walk == Walk::FirstParent {
            walker = walker.first_parent_only();
        }
        let no_objects =
            |error: gix::Error| DiscoverError::Objects { revision: revision.to_owned(), reason: reason(&error) };
        for step in walker.all().map_err(no_objects)? {
            let found = step.map_err(|error| error.to_string()).and_then(|step| {
                let id = step.id;
                read_commit(&repository, id).map_err(|error| reason(&error))
            });
            match found {
                Ok(commit) => log.commits.push(commit),
                Err(problem) => {
                    // A partial clone ends here; what was found so far stands.
                    log.broken = Some(problem);
                    break;
                }
            }
        }
        log.commits.reverse();
        Ok(log)
    }

    /// Names of tags by the commit they stand for, sorted.
    pub fn tags(&self) -> BTreeMap<String, Vec<String>> {
        let repository = self.shared.to_thread_local();
        let mut tags: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let Ok(references) = repository.references() else { return tags };
        let Ok(found) = references.tags() else { return tags };
        for mut reference in found.flatten() {
            let name = reference.name().shorten().to_string();
            if let Ok(id) = reference.peel_to_id() {
                tags.entry(id.to_string()).or_default().push(name);
            }
        }
        tags.values_mut().for_each(|names| names.sort());
        tags
    }

    /// Id of the tree that is read at a commit: equal trees are equal projects.
    pub fn tree(&self, commit: &str) -> Result<String, DiscoverError> {
        let repository = self.shared.to_thread_local();
        let tree = self.tree_of(&repository, commit)?;
        Ok(tree.id.to_string())
    }

    /// Files of a commit, as [`crate::discover::at_revision`] finds them.
    pub fn project(&self, commit: &str, options: &DiscoverOptions) -> Result<Project, DiscoverError> {
        let repository = self.local();
        let found = commit_named(&repository, commit)?;
        let listing = {
            let sizes = self.sizes.read().unwrap_or_else(PoisonError::into_inner);
            listing(&repository, &found, &self.prefix, options, &sizes)?
        };
        let unknown: Vec<(gix::ObjectId, u64)> = {
            let sizes = self.sizes.read().unwrap_or_else(PoisonError::into_inner);
            let id = |file: &Listed| Some((gix::ObjectId::from_hex(file.blob.as_bytes()).ok()?, file.bytes));
            listing.files.iter().filter_map(id).filter(|(id, _)| !sizes.contains_key(id)).collect()
        };
        if !unknown.is_empty() {
            self.sizes.write().unwrap_or_else(PoisonError::into_inner).extend(unknown);
        }
        let read = |file: &Listed, limit: Option<u64>| self.start_of(file, limit);
        let mut project = project::project(listing, options, &read);
        project.name.clone_from(&self.name);
        project.revision = Some(found.id.to_string());
        Ok(project)
    }

    /// Bytes of a blob by its id in hexadecimal.
    pub fn blob(&self, id: &str) -> io::Result<Vec<u8>> {
        read_blob(&self.shared.to_thread_local(), id)
    }

    /// Bytes of the file `path` of a commit, relative to the repository's root; `None` when there is none.
    pub fn file(&self, commit: &str, path: &str) -> Option<Vec<u8>> {
        let repository = self.shared.to_thread_local();
        let tree = commit_named(&repository, commit).ok()?.tree().ok()?;
        let entry = tree.lookup_entry_by_path(path).ok()??;
        Some(entry.object().ok()?.detach().data)
    }

    /// Files that differ between two commits, sorted by path; with `renames`, moved source files are recognized by likeness.
    ///
    /// Without `from`, everything in `to` is new.
    pub fn changes(&self, from: Option<&str>, to: &str, renames: bool) -> Result<Vec<Change>, DiscoverError> {
        let repository = self.local();
        let lacking = |error: gix::Error| DiscoverError::Objects { revision: to.to_owned(), reason: reason(&error) };
        let old = match from {
            Some(from) => match self.tree_of(&repository, from) {
                Err(DiscoverError::NoFolder { .. }) => repository.empty_tree(),
                found => found?,
            },
            None => repository.empty_tree(),
        };
        let new = match self.tree_of(&repository, to) {
            Err(DiscoverError::NoFolder { .. }) => repository.empty_tree(),
            found => found?,
        };
        if old.id == new.id {
            return Ok(Vec::new());
        }
        let options = gix::diff::Options::default().with_rewrites(None);
        let found = repository.diff_tree_to_tree(&old, &new, options).map_err(lacking)?;
        let mut changes: Vec<Change> = found.iter().filter_map(change).collect();
        if renames {
            changes = with_renames(&repository, changes);
        }
        changes.sort();
        Ok(changes)
    }

    /// Lines of the second content that the first does not have, or around which it has others: first and last, from 1.
    pub fn changed_lines(&self, before: &str, after: &str) -> io::Result<Vec<(u32, u32)>> {
        let (before, after) = (self.blob(before)?, self.blob(after)?);
        let input = InternedInput::new(before.as_slice(), after.as_slice());
        let diff = Diff::compute(Algorithm::Histogram, &input);
        Ok(diff.hunks().map(|hunk| (hunk.after.start + 1, hunk.after.end.max(hunk.after.start + 1))).collect())
    }

    fn local(&self) -> gix::Repository {
        let mut repository = self.shared.to_thread_local();
        repository.object_cache_size(8 << 20);
        repository
    }

    fn tree_of<'r>(&self, repository: &'r gix::Repository, commit: &str) -> Result<gix::Tree<'r>, DiscoverError> {
        let lacking =
            |error: gix::Error| DiscoverError::Objects { revision: commit.to_owned(), reason: reason(&error) };
        let top = commit_named(repository, commit)?.tree().map_err(lacking)?;
        if self.prefix.is_empty() {
            return Ok(top);
        }
        let no_folder = || DiscoverError::NoFolder { revision: commit.to_owned(), folder: self.prefix.clone() };
        let entry = top.lookup_entry_by_path(&self.prefix).map_err(lacking)?.ok_or_else(no_folder)?;
        entry.object().map_err(lacking)?.try_into_tree().map_err(|_| no_folder())
    }

    /// A file, or only so many bytes from its start, which are remembered.
    fn start_of(&self, file: &Listed, limit: Option<u64>) -> io::Result<Vec<u8>> {
        let limit = limit.map_or(usize::MAX, |limit| limit as usize);
        if limit > HEAD_BYTES {
            let mut bytes = self.blob(&file.blob)?;
            bytes.truncate(limit);
            return Ok(bytes);
        }
        if let Some(head) = self.heads.read().unwrap_or_else(PoisonError::into_inner).get(&file.blob) {
            return Ok(head[..head.len().min(limit)].to_vec());
        }
        let mut bytes = self.blob(&file.blob)?;
        bytes.truncate(HEAD_BYTES);
        let head: Box<[u8]> = bytes.as_slice().into();
        self.heads.write().unwrap_or_else(PoisonError::into_inner).insert(file.blob.clone(), head);
        bytes.truncate(limit);
        Ok(bytes)
    }
}

impl ReadSource for Repository {
    fn read(&self, file: &SourceFile) -> io::Result<Vec<u8>> {
        self.blob(&file.blob)
    }
}

fn commit_named<'r>(repository: &'r gix::Repository, revision: &str) -> Result<gix::Commit<'r>, DiscoverError> {
    let no_revision = |error: gix::Error| DiscoverError::NoRevision {
        path: repository.workdir().unwrap_or(repository.path()).to_owned(),
        revision: revision.to_owned(),
        reason: reason(&error),
    };
    if let Ok(id) = gix::ObjectId::from_hex(revision.as_bytes()) {
        return repository.find_commit(id).map_err(&no_revision);
    }
    let found = repository.rev_parse_single(revision).and_then(|id| id.object());
    found.and_then(gix::Object::peel_to_commit).map_err(no_revision)
}

fn read_commit(repository: &gix::Repository, id: gix::ObjectId) -> Result<Commit, gix::Error> {
    let commit = repository.find_commit(id)?;
    let parents = commit.parent_ids().map(|id| id.to_string()).collect();
    let decoded = commit.decode()?;
    let author = decoded.author()?;
    let time = decoded.committer()?.time()?.seconds;
    let subject = decoded.message().summary().to_str_lossy().trim().to_owned();
    let text = |bytes: &gix::bstr::BStr| bytes.to_str_lossy().trim().to_owned();
    Ok(Commit { id: id.to_string(), parents, time, author: (text(author.name), text(author.email)), subject })
}

/// Files only; links, submodules and paths that are no text are left out.
fn change(found: &ChangeDetached) -> Option<Change> {
    let text = |path: &gix::bstr::BString| path.to_str().ok().map(str::to_owned);
    let none = String::new;
    let one =
        |path, kind, old: String, new: String| Some(Change { path, kind, from: String::new(), blobs: (old, new) });
    match found {
        ChangeDetached::Addition { location, entry_mode, id, .. } if entry_mode.is_blob() => {
            one(text(location)?, ChangeKind::Added, none(), id.to_string())
        }
        ChangeDetached::Deletion { location, entry_mode, id, .. } if entry_mode.is_blob() => {
            one(text(location)?, ChangeKind::Removed, id.to_string(), none())
        }
        ChangeDetached::Modification { location, previous_id, entry_mode, id, .. } if entry_mode.is_blob() => {
            one(text(location)?, ChangeKind::Modified, previous_id.to_string(), id.to_string())
        }
        _ => None,
    }
}
