//! Who changes and who owns each service candidate: commits by author, and the rules of a CODEOWNERS file.
//!
//! CODEOWNERS is read as GitHub and GitLab document it: a line is a pattern in the manner of `.gitignore` and owners;
//! the last line that matches a path counts; GitLab's sections (`[name] @owner`) give owners to lines without any.

use std::collections::{BTreeMap, BTreeSet};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::discover::history::Repository;
use crate::model::history::{AuthorShare, Authors, OwnedFiles, ServiceAuthors};
use crate::track::history::boundaries::Boundaries;
use crate::track::history::changes::ChangeLog;

/// Where the file may stand, in the order in which it is looked for.
const CODEOWNERS: [&str; 4] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/// Authors and owners of every service, and of the shared kernel and the edge layer.
pub fn authors(repository: &Repository, boundaries: &Boundaries, log: &ChangeLog, tip: &str) -> Authors {
    let mailmap = repository.file(tip, ".mailmap").map(|bytes| Mailmap::parse(&String::from_utf8_lossy(&bytes)));
    let owners = CODEOWNERS.iter().find_map(|path| {
        let bytes = repository.file(tip, path)?;
        Some((*path, Owners::parse(&String::from_utf8_lossy(&bytes))))
    });
    let mut services: BTreeMap<&str, Gathered> = BTreeMap::new();
    for (path, place) in boundaries.files() {
        let Some(name) = boundaries.name_of(place) else { continue };
        let service = services.entry(name).or_default();
        service.files += 1;
        let whole = [repository.prefix(), path].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join("/");
        match owners.as_ref().map(|(_, rules)| rules.of(&whole)).filter(|it| !it.is_empty()) {
            Some(found) => {
                for owner in found {
                    *service.owners.entry(owner.clone()).or_default() += 1;
                }
            }
            None => service.unowned += 1,
        }
    }
    let place: Vec<Option<&str>> =
        log.paths.iter().map(|path| boundaries.of_file(path).and_then(|place| boundaries.name_of(place))).collect();
    // The name that an address is seen with last stands for it.
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for commit in &log.commits {
        let (name, address) = identity(&commit.author, mailmap.as_ref());
        names.insert(address.clone(), name);
        let touched: BTreeSet<&str> = commit.files.iter().filter_map(|it| place[it.path as usize]).collect();
        for name in touched {
            let service = services.entry(name).or_default();
            service.commits += 1;
            *service.authors.entry(address.clone()).or_default() += 1;
        }
    }
    Authors {
        schema: "seamline.authors/1".to_owned(),
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        tip: tip.to_owned(),
        commits: log.commits.len() as u32,
        codeowners: owners.map(|(path, _)| path.to_owned()),
        services: services.into_iter().map(|(name, it)| it.published(name, &names)).collect(),
    }
}

#[derive(Default)]
struct Gathered {
    files: u32,
    commits: u32,
    /// By address.
    authors: BTreeMap<String, u32>,
    owners: BTreeMap<String, u32>,
    unowned: u32,
}

impl Gathered {
    fn published(self, service: &str, names: &BTreeMap<String, String>) -> ServiceAuthors {
        // People with several addresses and one name are one person.
        let mut by_name: BTreeMap<&str, u32> = BTreeMap::new();
        for (address, commits) in &self.authors {
            *by_name.entry(names.get(address).map_or(address.as_str(), String::as_str)).or_default() += commits;
        }
        let total: u32 = by_name.values().sum();
        let share = |commits: u32| if total == 0 { 0.0 } else { f64::from(commits) / f64::from(total) };
        let mut authors: Vec<AuthorShare> = by_name
            .into_iter()
            .map(|(name, commits)| AuthorShare { name: name.to_owned(), commits, share: share(commits) })
            .collect();
        authors.sort_by(|a, b| b.commits.cmp(&a.commits).then_with(|| a.name.cmp(&b.name)));
        let mut owners: Vec<OwnedFiles> =
            self.owners.into_iter().map(|(owner, files)| OwnedFiles { owner, files }).collect();
        owners.sort_by(|a, b| b.files.cmp(&a.files).then_with(|| a.owner.cmp(&b.owner)));
        let mut sum = 0;
        let half = authors
            .iter()
            .take_while(|it| {
                let before = sum;
                sum += it.commits;
                before * 2 < total
            })
            .count() as u32;
        ServiceAuthors {
            service: service.to_owned(),
            files: self.files,
            commits: self.commits,
            fragmentation: if authors.is_empty() {
                0.0
            } else {
                1.0 - authors.iter().map(|it| it.share * it.share).sum::<f64>()
            },
            half,
            authors,
            owners,
            unowned: self.unowned,
        }
    }
}

/// Name and lower-case address of an author, as the repository's mail map corrects them.
fn identity(author: &(String, String), mailmap: Option<&Mailmap>) -> (String, String) {
    let address = author.1.to_lowercase();
    let Some(map) = mailmap else { return (author.0.clone(), address) };
    let found = map.entries.get(&(author.0.to_lowercase(), address.clone()));
    match found.or_else(|| map.entries.get(&(String::new(), address.clone()))) {
        Some((name, to)) => (
            if name.is_empty() { author.0.clone() } else { name.clone() },
            if to.is_empty() { address } else { to.clone() },
        ),
        None => (author.0.clone(), address),
    }
}

/// A `.mailmap` as `git help gitmailmap` describes it.
struct Mailmap {
    /// Name (empty for any) and address as committed, in lower case, to name and address as wanted, either may be empty.
    entries: BTreeMap<(String, String), (String, String)>,
}

impl Mailmap {
    fn parse(text: &str) -> Self {
        let mut entries = BTreeMap::new();
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or_default();
            let mut parts = line.split('>').filter_map(|part| part.split_once('<'));
            let Some((name, address)) = parts.next() else { continue };
            let (name, address) = (name.trim(), address.trim().to_lowercase());
            match parts.next() {
                Some((old_name, old)) => entries
                    .insert((old_name.trim().to_lowercase(), old.trim().to_lowercase()), (name.to_owned(), address)),
                None => entries.insert((String::new(), address), (name.to_owned(), String::new())),
            };
        }
        Self { entries }
    }
}

/// Rules of a CODEOWNERS file, in its order.
struct Owners {
    rules: Vec<(Gitignore, Vec<String>)>,
}

impl Owners {
    fn parse(text: &str) -> Self {
        let mut rules = Vec::new();
        let mut of_section: Vec<String> = Vec::new();
        for line in text.lines() {
            let line = line.split(" #").next().unwrap_or_default().trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let is_section = |it: &str| it.starts_with('[') || it.starts_with("^[");
            if is_section(line) {
                let rest = line.rsplit_once(']').map_or("", |(_, rest)| rest);
                of_section = rest.split_whitespace().map(str::to_owned).collect();
                continue;
            }
            // A space that belongs to the path is escaped.
            let escaped = line.replace("\\ ", "\u{1}");
            let mut words = escaped.split_whitespace();
            let Some(pattern) = words.next() else { continue };
            let mut owners: Vec<String> = words.map(str::to_owned).collect();
            if owners.is_empty() {
                owners.clone_from(&of_section);
            }
            let mut builder = GitignoreBuilder::new("");
            let read = builder.add_line(None, &pattern.replace('\u{1}', "\\ ")).is_ok();
            if let Some(matcher) = builder.build().ok().filter(|_| read) {
                rules.push((matcher, owners));
            }
        }
        Self { rules }
    }

    /// Owners of a path; nobody where a rule without owners takes it back.
    fn of(&self, path: &str) -> Vec<String> {
        let matching =
            |(matcher, _): &&(Gitignore, Vec<String>)| matcher.matched_path_or_any_parents(path, false).is_ignore();
        let found = self.rules.iter().rev().find(matching);
        let owners: BTreeSet<&String> = found.iter().flat_map(|(_, owners)| owners).collect();
        owners.into_iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_matching_rule_names_the_owners() {
        let owners = Owners::parse(
            "# who\n*  @all\n/orders/ @orders @sales # both\n*.sql dba@example.com\n/orders/open/\n[Web][2] @web\nweb/\n",
        );
        for (path, expected) in [
            ("x.py", vec!["@all"]),
            ("orders/a/b.py", vec!["@orders", "@sales"]),
            ("other/orders/b.py", vec!["@all"]),
            ("orders/a.sql", vec!["dba@example.com"]),
            ("orders/open/a.py", vec![]),
            ("a/web/x.py", vec!["@web"]),
        ] {
            assert_eq!(owners.of(path), expected, "{path}");
        }
    }

    #[test]
    fn mail_maps_join_what_is_one_person() {
        let map =
            Mailmap::parse("Ada L <ada@x.org>\nAda L <ada@x.org> <ADA@old.org>\nBob <b@x.org> bobby <shared@x.org>\n");
        let of = |name: &str, address: &str| identity(&(name.to_owned(), address.to_owned()), Some(&map));
        assert_eq!(of("ada", "ada@x.org"), ("Ada L".to_owned(), "ada@x.org".to_owned()));
        assert_eq!(of("ada", "ada@old.org"), ("Ada L".to_owned(), "ada@x.org".to_owned()));
        assert_eq!(of("Bobby", "shared@x.org"), ("Bob".to_owned(), "b@x.org".to_owned()));
        assert_eq!(of("eve", "shared@x.org"), ("eve".to_owned(), "shared@x.org".to_owned()));
    }

    #[test]
    fn half_of_the_changes_and_how_scattered_they_are() {
        let service = Gathered {
            authors: BTreeMap::from([("a".to_owned(), 5), ("b".to_owned(), 3), ("c".to_owned(), 2)]),
            ..Gathered::default()
        };
        let found = service.published("s", &BTreeMap::new());
        assert_eq!(found.half, 1);
        assert!((found.fragmentation - 0.62).abs() < 1e-12);
    }
}
