//! Results of whole runs kept beside the facts: what nothing changed in is not worked out again.
//!
//! A result is named by everything that it rests on: the program, the rules, and of every file its name, place, role and
//! content. A result that is damaged or missing is worked out anew, so that only time depends on what is kept.

use rayon::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::extract::ExtractOptions;
use crate::extract::cache::{Cache, Key};
use crate::model::rule::RuleSet;
use crate::model::source::{Project, ReadSource, Role, SourceFile};

/// Names what a run's results rest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint(Key);

impl Fingerprint {
    /// The same, and something more that a later result rests on.
    #[must_use]
    pub fn and(&self, more: &[u8]) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.0.0).update(more);
        Self(Key::of(&hasher))
    }
}

/// What the results of a run rest on; none where nothing is kept between runs, or where that cannot be told.
pub fn fingerprint(
    project: &Project,
    source: &dyn ReadSource,
    rules: &RuleSet,
    options: &ExtractOptions<'_>,
) -> Option<Fingerprint> {
    options.cache.as_ref()?;
    let content = |file: &SourceFile| -> [u8; 32] {
        let left_out = file.role == Role::Vendored || file.bytes > options.max_file_bytes;
        match if left_out { Ok(Vec::new()) } else { source.read(file) } {
            Ok(bytes) => *blake3::hash(&bytes).as_bytes(),
            Err(error) => *blake3::hash(format!("cannot be read: {error}").as_bytes()).as_bytes(),
        }
    };
    let contents: Vec<[u8; 32]> = project.files.par_iter().map(content).collect();
    let languages: Vec<&str> = options.frontends.iter().map(|it| it.id()).collect();
    let about = (&rules.fingerprint, options.max_file_bytes, options.every_rule, languages);
    let mut hasher = crate::extract::cache::stamp();
    hasher.update(&postcard::to_stdvec(&about).ok()?);
    hasher.update(&postcard::to_stdvec(&(&project.packages, &project.unread, &project.diagnostics)).ok()?);
    for (file, content) in project.files.iter().zip(&contents) {
        let place = (&file.path, &file.language, file.role, &file.module, &file.package, file.is_package, file.bytes);
        hasher.update(&postcard::to_stdvec(&place).ok()?).update(content);
    }
    Some(Fingerprint(Key::of(&hasher)))
}

/// A result of an earlier run.
pub fn recall<T: DeserializeOwned>(options: &ExtractOptions<'_>, fingerprint: &Fingerprint) -> Option<T> {
    let cache = Cache::open(options.cache.as_deref()?).ok()?;
    let payload = cache.result(&fingerprint.0)?;
    postcard::from_bytes(&payload).ok()
}

/// Keeps a result for later runs. Where it cannot be kept, they work it out again.
pub fn remember<T: Serialize>(options: &ExtractOptions<'_>, fingerprint: &Fingerprint, result: &T) {
    let Some(Ok(cache)) = options.cache.as_deref().map(Cache::open) else { return };
    if let Ok(payload) = postcard::to_stdvec(result) {
        cache.put_result(&fingerprint.0, &payload);
    }
}
