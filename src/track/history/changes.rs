//! Which files each commit changed, under the names they have today.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::discover::DiscoverError;
use crate::discover::history::{Change, ChangeKind, Commit, Repository, Walk};

/// One file that a commit changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    /// Position in [`ChangeLog::paths`].
    pub path: u32,
    pub kind: ChangeKind,
    /// Ids of the contents before and after.
    pub blobs: (String, String),
}

/// One commit that is no merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Name and address of the author, as written.
    pub author: (String, String),
    /// Number of files changed, those that are gone today included.
    pub size: usize,
    pub files: Vec<Touched>,
}

/// What all commits changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeLog {
    /// Paths that the newest commit has, sorted.
    pub paths: Vec<String>,
    /// Oldest first.
    pub commits: Vec<Changed>,
    /// True where the clone ends before the history does.
    pub shallow: bool,
    /// Commits whose changes could not be read because objects are missing.
    pub unread: u32,
}

/// Reads the changes of every commit up to `tip` that is no merge, under the names that files have at `tip`.
///
/// Renames are followed by likeness, from the newest commit back; files that are gone today are only counted. `today`
/// are the paths of `tip`.
pub fn changes(repository: &Repository, tip: &str, today: &[String]) -> Result<ChangeLog, DiscoverError> {
    let log = repository.log(tip, Walk::All)?;
    let single: Vec<&Commit> = log.commits.iter().filter(|it| it.parents.len() < 2).collect();
    let found: Vec<Option<Vec<Change>>> = single
        .par_iter()
        .map(|commit| {
            // The oldest commit of a shallow clone names a parent that is not here.
            let parent = commit.parents.first().map(String::as_str);
            repository.changes(parent, &commit.id, true).ok()
        })
        .collect();
    let mut paths: Vec<String> = today.to_vec();
    paths.sort_unstable();
    paths.dedup();
    let number: BTreeMap<&str, u32> = paths.iter().enumerate().map(|(at, path)| (path.as_str(), at as u32)).collect();
    let mut renamed: FxHashMap<String, Option<u32>> = FxHashMap::default();
    let mut commits = Vec::new();
    let mut unread = 0;
    for (commit, changes) in single.iter().zip(found).rev() {
        let Some(changes) = changes else {
            unread += 1;
            continue;
        };
        let size = changes.len();
        let mut files = Vec::new();
        let mut before: Vec<(String, Option<u32>)> = Vec::new();
        for change in changes {
            let known = renamed.get(&change.path).copied();
            let path = known.unwrap_or_else(|| number.get(change.path.as_str()).copied());
            if change.kind == ChangeKind::Renamed {
                before.push((change.from, path));
            }
            if let Some(path) = path.filter(|_| change.kind != ChangeKind::Removed) {
                files.push(Touched { path, kind: change.kind, blobs: change.blobs });
            }
        }
        renamed.extend(before);
        files.sort_by_key(|it| it.path);
        files.dedup_by_key(|it| it.path);
        commits.push(Changed { author: commit.author.clone(), size, files });
    }
    commits.reverse();
    Ok(ChangeLog { paths, commits, shallow: log.shallow, unread })
}
