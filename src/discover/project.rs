//! A list of files to a [`Project`]: language, role and place of each, the same for a folder and for a revision.

use std::collections::BTreeMap;
use std::io;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::discover::DiscoverOptions;
use crate::discover::roles::Vendored;
use crate::frontend::{FRONTENDS, Frontend, Layout, Manifest};
use crate::model::diagnostic::Diagnostic;
use crate::model::source::{Package, Project, Role, SourceFile};

/// How much of a file says what it is for.
const HEAD_BYTES: u64 = 2048;
/// So much is read of a file whose role takes more than its head.
const MAX_JUDGED_BYTES: u64 = 256 * 1024;
/// A larger manifest was not written by a person.
const MAX_MANIFEST_BYTES: u64 = 4 << 20;
/// First line of the file that stands in for a large one.
const LFS_POINTER: &[u8] = b"version https://git-lfs.github.com/spec/v1";

/// One file of a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Listed {
    /// Relative to the project's root, with `/`.
    pub(super) path: String,
    pub(super) bytes: u64,
    /// Git object id, or empty.
    pub(super) blob: String,
}

/// All files of a tree.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// Sorted by path.
    pub(super) files: Vec<Listed>,
    /// Folders that tools fill and that were not listed.
    pub(super) left_out: Vec<String>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Nothing at all stands in the tree.
    pub(super) is_empty: bool,
}

/// Reads a file, or only so many bytes from its start.
pub(super) type Read<'a> = &'a (dyn Fn(&Listed, Option<u64>) -> io::Result<Vec<u8>> + Sync);

/// Finds out what each file is. Name and revision are left to the caller.
pub(super) fn project(listing: Listing, options: &DiscoverOptions, read: Read<'_>) -> Project {
    let Listing { files, mut left_out, mut diagnostics, .. } = listing;
    left_out.sort_unstable();
    diagnostics.extend(left_out.iter().map(|folder| {
        Diagnostic::note("left-out", folder, 0, "this folder is filled by a tool, so nothing in it is read")
    }));
    let vendored = Vendored::new(files.iter().map(|file| file.path.as_str()));
    let languages = Languages::new(options.frontends);
    let found: Vec<Option<usize>> = files.par_iter().map(|file| languages.of(file, read)).collect();

    let mut unread: BTreeMap<&str, u32> = BTreeMap::new();
    let mut paths: Vec<Vec<String>> = vec![Vec::new(); options.frontends.len()];
    let mut known = Vec::new();
    for (file, language) in files.iter().zip(found) {
        match language {
            Some(language) => {
                paths[language].push(file.path.clone());
                known.push((file, language));
            }
            None => *unread.entry(extension(&file.path).unwrap_or("(no extension)")).or_default() += 1,
        }
    }
    let packages: Vec<Vec<Package>> = options
        .frontends
        .iter()
        .map(|frontend| {
            let mut packages = frontend.packages(&manifests(*frontend, &files, &vendored, read, &mut diagnostics));
            packages.sort();
            packages
        })
        .collect();

    let placed: Vec<Result<SourceFile, Diagnostic>> = known
        .par_iter()
        .map(|&(file, language)| {
            let layout = Layout { paths: &paths[language], packages: &packages[language] };
            place(file, options.frontends[language], layout, &vendored, read)
        })
        .collect();
    let mut files = Vec::with_capacity(placed.len());
    for one in placed {
        match one {
            Ok(file) => files.push(file),
            Err(problem) => diagnostics.push(problem),
        }
    }
    diagnostics.sort();
    let mut unread: Vec<(String, u32)> = unread.into_iter().map(|(name, count)| (name.to_owned(), count)).collect();
    unread.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Project {
        name: String::new(),
        revision: None,
        files,
        packages: packages.into_iter().flatten().collect(),
        unread,
        diagnostics,
    }
}

fn place(
    file: &Listed,
    frontend: &dyn Frontend,
    layout: Layout<'_>,
    vendored: &Vendored,
    read: Read<'_>,
) -> Result<SourceFile, Diagnostic> {
    let mut head = read(file, Some(HEAD_BYTES)).map_err(|error| {
        if file.blob.is_empty() {
            let message = format!("cannot be read ({error}), so it is left out");
            Diagnostic::warning("unreadable", &file.path, 0, message)
        } else {
            let message = "this clone lacks the file's content, so it is left out; run `git fetch --refetch`";
            Diagnostic::warning("missing-object", &file.path, 0, message)
        }
    })?;
    if head.starts_with(LFS_POINTER) {
        let message = "only a Git LFS pointer is here, so the file is left out; run `git lfs pull`";
        return Err(Diagnostic::warning("lfs-pointer", &file.path, 0, message));
    }
    if head.len() as u64 == HEAD_BYTES && frontend.judges_whole(&file.path) {
        head = read(file, Some(MAX_JUDGED_BYTES)).unwrap_or(head);
    }
    let role = if vendored.holds(&file.path, frontend.id()) {
        Role::Vendored
    } else {
        // A frontend goes by names; here it is known that a `vendor` folder holds the project's own code.
        frontend.role_among(&file.path.replace("vendor/", "vendors/"), &String::from_utf8_lossy(&head), layout)
    };
    let placement = frontend.place(&file.path, layout);
    Ok(SourceFile {
        path: file.path.clone(),
        language: frontend.id().to_owned(),
        role,
        module: placement.module,
        package: placement.package,
        is_package: placement.is_package,
        bytes: file.bytes,
        blob: file.blob.clone(),
    })
}

fn manifests(
    frontend: &dyn Frontend,
    files: &[Listed],
    vendored: &Vendored,
    read: Read<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Manifest> {
    let mut manifests = Vec::new();
    for file in files {
        if !frontend.manifests().contains(&last_part(&file.path)) || vendored.holds(&file.path, frontend.id()) {
            continue;
        }
        match read(file, Some(MAX_MANIFEST_BYTES)) {
            Ok(bytes) => {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                manifests.push(Manifest { path: file.path.clone(), text });
            }
            Err(error) => {
                let message = format!("cannot be read ({error}), so its package is told from folders only");
                diagnostics.push(Diagnostic::warning("unreadable", &file.path, 0, message));
                manifests.push(Manifest { path: file.path.clone(), text: String::new() });
            }
        }
    }
    manifests
}

/// Which frontend reads a file.
struct Languages {
    by_extension: FxHashMap<&'static str, usize>,
    by_interpreter: FxHashMap<&'static str, usize>,
}

impl Languages {
    fn new(frontends: &[&'static dyn Frontend]) -> Self {
        let mut languages = Self { by_extension: FxHashMap::default(), by_interpreter: FxHashMap::default() };
        for (index, frontend) in frontends.iter().enumerate() {
            for extension in frontend.extensions() {
                languages.by_extension.entry(extension).or_insert(index);
            }
            for interpreter in frontend.interpreters() {
                languages.by_interpreter.entry(interpreter).or_insert(index);
            }
        }
        languages
    }

    /// By extension, and for a file without one by its `#!` line.
    fn of(&self, file: &Listed, read: Read<'_>) -> Option<usize> {
        match extension(&file.path) {
            Some(extension) => self.by_extension.get(extension.to_ascii_lowercase().as_str()).copied(),
            None if file.bytes > 2 && !self.by_interpreter.is_empty() => {
                let head = read(file, Some(256)).ok()?;
                self.by_interpreter.get(interpreter(&String::from_utf8_lossy(&head))?).copied()
            }
            None => None,
        }
    }
}

/// `py` of `a/b.py`; a leading dot makes no extension.
fn extension(path: &str) -> Option<&str> {
    last_part(path)
        .rsplit_once('.')
        .filter(|(stem, extension)| !stem.is_empty() && !extension.is_empty())
        .map(|(_, found)| found)
}

/// Language of a file by its name alone.
pub(super) fn language_by_name(path: &str) -> Option<&'static str> {
    let extension = extension(path)?;
    FRONTENDS.iter().find(|it| it.extensions().contains(&extension)).map(|it| it.id())
}

fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Interpreter of a `#!` line, without path and version: `python` of `#!/usr/bin/env -S python3.12 -u`.
fn interpreter(head: &str) -> Option<&str> {
    let line = head.strip_prefix("#!")?.lines().next()?;
    let mut words = line.split_whitespace();
    let mut program = last_part(words.next()?);
    if program == "env" {
        program = last_part(words.find(|word| !word.starts_with('-') && !word.contains('='))?);
    }
    let found = program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interpreters() {
        for (line, expected) in [
            ("#!/usr/bin/python3", Some("python")),
            ("#!/usr/bin/env python3.12\nx", Some("python")),
            ("#! /usr/bin/env -S PATH=/x python -u", Some("python")),
            ("#!/bin/sh", Some("sh")),
            ("#!", None),
            ("#!/usr/bin/env", None),
            ("# no", None),
        ] {
            assert_eq!(interpreter(line), expected, "{line}");
        }
    }

    #[test]
    fn extensions() {
        assert_eq!(extension("a.b/c"), None);
        assert_eq!(extension("a/.gitignore"), None);
        assert_eq!(extension("a/b.tar.gz"), Some("gz"));
        assert_eq!(extension("a/b."), None);
    }
}
