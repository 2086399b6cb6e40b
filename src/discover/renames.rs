//! Moved source files among those that a change adds and removes, recognized by likeness as git does. Other files and copies
//! of libraries are not looked at: nobody asks where they were, and they are most of what following moves costs.

use std::convert::Infallible;
use std::ops::ControlFlow;

use gix::ObjectId;
use gix::bstr::ByteSlice;
use gix::diff::Rewrites;
use gix::diff::rewrites::Tracker;
use gix::diff::rewrites::tracker::{self, visit::Source};
use gix::diff::tree::visit::Relation;
use gix::objs::tree::{EntryKind, EntryMode};
use rustc_hash::FxHashMap;

use crate::discover::history::{Change, ChangeKind};
use crate::discover::project::language_by_name;
use crate::discover::roles::Vendored;

/// Files added and removed by one change beyond which similar ones are not looked for, as git's `diff.renameLimit`.
const RENAME_LIMIT: usize = 1000;

/// A file that may have moved.
#[derive(Clone)]
struct Moving {
    id: ObjectId,
    kind: tracker::ChangeKind,
}

impl tracker::Change for Moving {
    fn id(&self) -> &gix::oid {
        &self.id
    }

    fn relation(&self) -> Option<Relation> {
        None
    }

    fn kind(&self) -> tracker::ChangeKind {
        self.kind
    }

    fn entry_mode(&self) -> EntryMode {
        EntryKind::Blob.into()
    }

    fn id_and_entry_mode(&self) -> (&gix::oid, EntryMode) {
        (&self.id, self.entry_mode())
    }
}

/// The changes with each removal and addition that are one move put together. Likeness needs contents, which a partial clone
/// may lack; then a move stays a removal and an addition.
pub(super) fn with_renames(repository: &gix::Repository, changes: Vec<Change>) -> Vec<Change> {
    let rewrites = Rewrites { copies: None, limit: RENAME_LIMIT, ..Rewrites::default() };
    let mut tracker = Tracker::new(rewrites);
    let mut blobs: FxHashMap<&str, &str> = FxHashMap::default();
    let vendored = Vendored::new(changes.iter().map(|it| it.path.as_str()));
    let is_read = |path: &str| language_by_name(path).is_some_and(|it| !vendored.holds(path, it));
    for change in changes.iter().filter(|it| is_read(&it.path)) {
        let (blob, kind) = match change.kind {
            ChangeKind::Added => (&change.blobs.1, tracker::ChangeKind::Addition),
            ChangeKind::Removed => (&change.blobs.0, tracker::ChangeKind::Deletion),
            _ => continue,
        };
        let Ok(id) = ObjectId::from_hex(blob.as_bytes()) else { continue };
        if kind == tracker::ChangeKind::Deletion {
            blobs.insert(&change.path, blob);
        }
        tracker.try_push_change(Moving { id, kind }, change.path.as_str().into());
    }
    let Ok(mut cache) = repository.diff_resource_cache_for_tree_diff() else { return changes };
    let mut moved: FxHashMap<String, String> = FxHashMap::default();
    let found = tracker.emit(
        |to, from: Option<Source<'_, Moving>>| {
            if let Some(from) = from {
                moved.insert(to.location.to_str_lossy().into_owned(), from.location.to_str_lossy().into_owned());
            }
            ControlFlow::Continue(())
        },
        &mut cache,
        &repository.objects,
        |_| Ok::<_, Infallible>(()),
    );
    if found.is_err() || moved.is_empty() {
        return changes;
    }
    let mut renamed: Vec<Change> = Vec::with_capacity(changes.len());
    for change in &changes {
        let from = moved.get(&change.path).filter(|_| change.kind == ChangeKind::Added);
        let blob = from.and_then(|it| blobs.get(it.as_str()));
        if let (Some(from), Some(blob)) = (from, blob) {
            let blobs = ((*blob).to_owned(), change.blobs.1.clone());
            renamed.push(Change { path: change.path.clone(), kind: ChangeKind::Renamed, from: from.clone(), blobs });
        } else if change.kind != ChangeKind::Removed || !moved.values().any(|it| *it == change.path) {
            renamed.push(change.clone());
        }
    }
    renamed
}
