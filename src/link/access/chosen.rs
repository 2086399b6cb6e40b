//! Calls that hand a row to a function which selects, inserts, updates or deletes it, whichever a value says (`store.Do(KEY, &row)`
//! with a `switch` inside): which of them it is nobody can tell from the row.

use rustc_hash::FxHashMap;

use crate::link::access::accesses::{Accesses, RawSpot};
use crate::link::values::infer::Inference;
use crate::model::fact::DefId;
use crate::model::graph::Confidence;
use crate::model::sql::Operation;

/// What one of these does to a row excludes the others.
const ALL: [Operation; 4] = [Operation::Select, Operation::Insert, Operation::Update, Operation::Delete];

/// What calls were found to do to the rows that they hand in, by unit, function, line and store.
pub(crate) type DecidedSteps = FxHashMap<(u32, DefId, u32, usize), Vec<Operation>>;

impl Inference<'_> {
    /// Lowers what calls that may do anything to a row are said to do, and tells them as blind spots.
    pub(super) fn lower_chosen(&self, found: &mut Accesses) {
        let steps = std::mem::take(&mut found.decided_steps);
        let mut chosen: Vec<_> =
            steps.into_iter().filter(|(_, done)| ALL.iter().all(|it| done.contains(it))).map(|it| it.0).collect();
        if chosen.is_empty() {
            return;
        }
        chosen.sort_unstable();
        for access in &mut found.accesses {
            let place = (access.unit, access.owner, access.line, access.store);
            if access.confidence == Confidence::Likely && chosen.binary_search(&place).is_ok() {
                access.confidence = Confidence::Guess;
            }
        }
        chosen.dedup_by_key(|it| (it.0, it.1, it.2));
        found.blind_spots.extend(chosen.into_iter().map(|(unit, owner, line, _)| RawSpot {
            root: None,
            kind: "many-candidates",
            unit,
            owner,
            line,
            detail: "a value decides whether what is called selects, inserts, updates or deletes this row".to_owned(),
        }));
    }
}
