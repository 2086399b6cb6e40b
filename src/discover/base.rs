//! What a comparison of two revisions needs of a repository beside their trees.

use std::path::Path;

use crate::discover::DiscoverError;

/// A commit to compare with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fork {
    /// Full id.
    pub commit: String,
    /// Why it is not the best common ancestor, where it is not.
    pub note: Option<String>,
}

/// The commit where `head` left `base`: their best common ancestor, so that what happened on `base` since is no change of
/// `head`. In a clone without the history between them it is `base` itself.
pub fn fork(path: &Path, base: &str, head: &str) -> Result<Fork, DiscoverError> {
    let repository = gix::discover(path).map_err(|error| DiscoverError::NoRepository {
        path: path.to_owned(),
        revision: base.to_owned(),
        reason: one_line(&error.to_string()),
    })?;
    let commit = |revision: &str| {
        let found =
            repository.rev_parse_single(revision).and_then(|id| id.object()).and_then(gix::Object::peel_to_commit);
        found.map(|it| it.id).map_err(|error| DiscoverError::NoRevision {
            path: path.to_owned(),
            revision: revision.to_owned(),
            reason: one_line(&error.to_string()),
        })
    };
    let (base_id, head_id) = (commit(base)?, commit(head)?);
    if let Ok(Some(found)) = repository.merge_base(base_id, head_id) {
        return Ok(Fork { commit: found.to_string(), note: None });
    }
    let words = "has no commit in common with the one checked, as far as this clone goes; fetch more of the history";
    let note = format!("`{base}` {words} to compare with where they parted");
    Ok(Fork { commit: base_id.to_string(), note: Some(note) })
}

/// The bytes of a file of a revision, relative to the folder `path`; `None` where the revision has no such file.
pub fn file_at_revision(path: &Path, revision: &str, name: &str) -> Option<Vec<u8>> {
    let repository = gix::discover(path).ok()?;
    let commit =
        repository.rev_parse_single(revision).and_then(|id| id.object()).and_then(gix::Object::peel_to_commit).ok()?;
    let folder = super::revision::folder_in_repository(&repository, &path.canonicalize().ok()?);
    let full = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    let entry = commit.tree().ok()?.lookup_entry_by_path(&full).ok()??;
    Some(entry.object().ok()?.data.clone())
}

fn one_line(text: &str) -> String {
    text.lines().next().unwrap_or("unknown reason").trim().to_owned()
}
