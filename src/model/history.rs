//! Coupling over time: the figures of sampled revisions, what changes together, and who changes what.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Metrics of sampled revisions under one set of boundaries. Public as `seamline.history/1`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct History {
    /// `seamline.history/1`.
    pub schema: String,
    /// Version of Seamline that measured.
    pub tool: String,
    /// Name of the project's folder.
    pub project: String,
    /// Full id of the newest commit that was walked to.
    pub tip: String,
    /// `commit`, `week`, `month` or `tag`.
    pub every: String,
    /// `first-parent` or `all`: which commits were walked.
    pub walk: String,
    /// Where the boundaries come from: `declared` in the configuration, or `proposed` for the revision named.
    pub boundaries: BoundarySource,
    /// Names of the services, sorted; the same for all revisions.
    pub services: Vec<String>,
    /// Commits walked.
    pub commits: u32,
    /// True where the clone ends before the history does.
    pub shallow: bool,
    /// Oldest first.
    pub revisions: Vec<Revision>,
    /// Revisions that could not be measured, oldest first.
    pub skipped: Vec<Skipped>,
}

/// Where boundaries come from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BoundarySource {
    /// `declared` or `proposed`.
    pub kind: String,
    /// Full id of the commit whose partition is carried back.
    pub revision: String,
}

/// The figures of one revision.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Revision {
    /// Full commit id.
    pub id: String,
    /// Committer's time, RFC 3339 in UTC.
    pub date: String,
    /// The same in seconds since 1970.
    pub time: i64,
    /// Tags on this commit, sorted.
    pub tags: Vec<String>,
    /// First line of the message.
    pub subject: String,
    /// Files that were read.
    pub files: u32,
    /// Share of the production symbols that the boundaries could be carried to, 0 to 1. Low values mean that the code
    /// was another one then, and that the figures say little.
    pub placed: f64,
    /// Number of diagnostics by code (`syntax-error`, `lfs-pointer`, `submodule` ..).
    pub problems: BTreeMap<String, u32>,
    /// Sorted by metric and service.
    pub metrics: Vec<Figure>,
}

/// One figure.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Figure {
    /// Id as `seamline metrics` prints it.
    pub metric: String,
    /// Service it belongs to; the whole system when `null`.
    pub service: Option<String>,
    pub value: f64,
}

/// A revision that could not be measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Skipped {
    /// Full commit id.
    pub id: String,
    /// Committer's time, RFC 3339 in UTC.
    pub date: String,
    /// Why, in words.
    pub reason: String,
}

/// What changes together. Public as `seamline.co-change/1`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CoChange {
    /// `seamline.co-change/1`.
    pub schema: String,
    pub tool: String,
    /// Full id of the newest commit.
    pub tip: String,
    /// Commits that were counted: no merges, and none that change more files than the limit.
    pub commits: u32,
    /// Commits left out because they change more files than the limit.
    pub huge: u32,
    pub limits: CoChangeLimits,
    /// Pairs of files, strongest first.
    pub files: Vec<CoChangePair>,
    /// Pairs of tables, strongest first.
    pub tables: Vec<CoChangePair>,
    /// Number of file pairs above the limits whose ends lie in two services.
    pub across_boundaries: u32,
    /// The same for each service: pairs with one end in it and the other in another service.
    pub across_by_service: BTreeMap<String, u32>,
}

/// Limits below or above which nothing is said; the usual ones of co-change tools.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CoChangeLimits {
    /// Least number of commits that change an entity.
    pub min_revs: u32,
    /// Least number of commits that change both.
    pub min_shared: u32,
    /// Least degree, in percent.
    pub min_degree: u32,
    /// Largest number of files that a commit may change.
    pub max_changeset: u32,
}

impl Default for CoChangeLimits {
    fn default() -> Self {
        Self { min_revs: 5, min_shared: 5, min_degree: 30, max_changeset: 30 }
    }
}

/// Two entities that change together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CoChangePair {
    /// Path at the newest commit, or name of a table; `a` sorts before `b`.
    pub a: String,
    pub b: String,
    /// Commits that change each, and both.
    pub revs_a: u32,
    pub revs_b: u32,
    pub shared: u32,
    /// Shared commits over all counted ones, 0 to 1.
    pub support: f64,
    /// Share of the changes of `a` that change `b` as well, 0 to 1, and the other way round.
    pub confidence_ab: f64,
    pub confidence_ba: f64,
    /// Shared commits over the mean of both, in percent, cut to a whole number.
    pub degree: u32,
    /// Services of `a` and `b`, where they have one.
    pub services: (Option<String>, Option<String>),
}

/// Who changes and who owns each service. Public as `seamline.authors/1`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Authors {
    /// `seamline.authors/1`.
    pub schema: String,
    pub tool: String,
    /// Full id of the newest commit.
    pub tip: String,
    /// Commits that were counted.
    pub commits: u32,
    /// Path of the file that names owners, when there is one.
    pub codeowners: Option<String>,
    /// Sorted by name; `shared_kernel` and `edge` beside the services.
    pub services: Vec<ServiceAuthors>,
}

/// Who changes and who owns one service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ServiceAuthors {
    pub service: String,
    /// Files that lie in it for the most part.
    pub files: u32,
    /// Commits that change at least one of them.
    pub commits: u32,
    /// Most commits first.
    pub authors: Vec<AuthorShare>,
    /// 1 less the sum of the squared shares: 0 for one author, near 1 for many equal ones (fractal value).
    pub fragmentation: f64,
    /// Fewest authors that together made half of the changes.
    pub half: u32,
    /// Owners by the number of files that the rules give them, most first.
    pub owners: Vec<OwnedFiles>,
    /// Files that no rule names.
    pub unowned: u32,
}

/// One author's part.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AuthorShare {
    pub name: String,
    pub commits: u32,
    /// Of all changes to the service's files, 0 to 1.
    pub share: f64,
}

/// One owner's part.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OwnedFiles {
    pub owner: String,
    pub files: u32,
}
