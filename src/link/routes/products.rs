//! Registrations that pair several paths with several handlers.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::link::names::program::Def;
use crate::link::routes::endpoints::RawEndpoint;

/// Takes back what one registration said of several paths with the same several handlers, of which nothing says what belongs
/// together: such a product would be wrong for the most part. How many paths and handlers it had.
pub(super) fn drop_products(endpoints: &mut Vec<RawEndpoint>, since: usize) -> Option<(usize, usize)> {
    let mut answering: FxHashMap<(String, String), Vec<Def>> = FxHashMap::default();
    for it in &endpoints[since..] {
        let handlers = answering.entry((it.method.clone(), it.path.clone())).or_default();
        if let Err(place) = handlers.binary_search(&it.handler) {
            handlers.insert(place, it.handler);
        }
    }
    let mut alike: FxHashMap<Vec<Def>, FxHashSet<String>> = FxHashMap::default();
    for ((_, path), handlers) in answering.into_iter().filter(|it| it.1.len() > 1) {
        alike.entry(handlers).or_default().insert(path);
    }
    alike.retain(|_, paths| paths.len() > 1);
    let paths: FxHashSet<&String> = alike.values().flatten().collect();
    let handlers: FxHashSet<Def> = alike.keys().flatten().copied().collect();
    let dropped = endpoints.split_off(since);
    endpoints.extend(dropped.into_iter().filter(|it| !paths.contains(&it.path)));
    (!paths.is_empty()).then_some((paths.len(), handlers.len()))
}
