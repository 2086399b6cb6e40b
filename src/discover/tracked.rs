//! Files that git tracks although a `.gitignore` names them: it says nothing of what was committed (gitignore(5)).

use std::path::Path;

use crate::discover::project::{Listed, Listing};
use crate::discover::revision::{IgnoreFiles, folder_in_repository};
use crate::discover::roles::{self, Folder};
use crate::discover::{DiscoverOptions, excluded};

/// Adds what the index of the repository around `root` has below it and the walk left out. A repository or an index that
/// cannot be read adds nothing.
pub(super) fn add(root: &Path, options: &DiscoverOptions, listing: &mut Listing) {
    let Some(paths) = missing(root, listing) else { return };
    let mut found: Vec<Listed> = Vec::new();
    for path in paths {
        if excluded(&path, options) || is_hidden(root, &path) || is_ours(root, &path) {
            continue;
        }
        // Through a link it would be read twice or from elsewhere.
        let file = root.join(&path);
        let is_plain = file.canonicalize().is_ok_and(|it| it == file);
        if let Ok(about) = std::fs::symlink_metadata(&file)
            && about.is_file()
            && is_plain
        {
            found.push(Listed { path, bytes: about.len(), blob: String::new() });
        }
    }
    listing.files.append(&mut found);
    listing.files.sort_unstable();
}

/// Files of the index below `root` that are not listed.
fn missing(root: &Path, listing: &Listing) -> Option<Vec<String>> {
    let repository = gix::discover(root).ok()?;
    repository.workdir()?;
    let index = repository.open_index().ok()?;
    let mut prefix = folder_in_repository(&repository, root);
    if !prefix.is_empty() {
        prefix.push('/');
    }
    let is_listed = |path: &str| listing.files.binary_search_by(|it| it.path.as_str().cmp(path)).is_ok();
    let tracked = index.entries().iter().filter(|it| it.mode.contains(gix::index::entry::Mode::FILE));
    let below = tracked.filter_map(|it| std::str::from_utf8(it.path(&index)).ok()?.strip_prefix(&prefix));
    let mut res: Vec<String> = below.filter(|it| !is_listed(it)).map(str::to_owned).collect();
    // A file in conflict has an entry for each side.
    res.dedup();
    Some(res)
}

/// Whether a folder around a file is not read, whoever ignores it.
fn is_hidden(root: &Path, path: &str) -> bool {
    path.match_indices('/').any(|(end, _)| {
        let name = path[..end].rsplit('/').next().unwrap_or_default();
        roles::folder(name, |marker| root.join(&path[..end]).join(marker).is_file()) != Folder::Read
    })
}

/// Whether one of our own ignore files names a file.
fn is_ours(root: &Path, path: &str) -> bool {
    let mut ignored = IgnoreFiles::new("");
    let ends = path.match_indices('/').map(|it| it.0);
    for end in std::iter::once(0).chain(ends) {
        if let Ok(bytes) = std::fs::read(root.join(&path[..end]).join(IgnoreFiles::NAME)) {
            ignored.add(&path[..end], &bytes);
        }
    }
    ignored.built().0.matched_path_or_any_parents(path, false).is_ignore()
}
