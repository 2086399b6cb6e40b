//! Functions of the database: what the body of one touches that a `.sql` file makes, a statement touches that calls it.

use rustc_hash::FxHashMap;

use crate::link::access::accesses::{Accesses, RawAccess};
use crate::link::storage::migrations::migration_order;
use crate::link::storage::stores::Stores;
use crate::link::values::infer::Inference;
use crate::model::fact::Match;
use crate::model::graph::Confidence;
use crate::model::source::Role;
use crate::model::sql::{Operation, SqlStatement};

/// Functions of the database that call each other, so deep.
const MOST_CALLED: u32 = 3;

/// Functions by their names in lower case, as the file and the statement that made them last.
pub(crate) type Routines = FxHashMap<String, (u32, usize)>;

impl Inference<'_> {
    /// The functions that the program's own `.sql` files make.
    pub(crate) fn routines(&self) -> Routines {
        let mut unit_of: FxHashMap<&str, u32> = FxHashMap::default();
        let mut paths: Vec<String> = Vec::new();
        for (unit, file) in self.program.units.iter().enumerate() {
            let is_own = !matches!(file.source.role, Role::Test | Role::Vendored);
            if is_own && file.facts.sql.iter().any(|it| !it.routine.is_empty()) {
                unit_of.insert(&file.source.path, unit as u32);
                paths.push(file.source.path.clone());
            }
        }
        let mut routines = Routines::default();
        for migration in migration_order(&paths) {
            let Some(unit) = unit_of.get(migration.path.as_str()).copied() else { continue };
            for (at, statement) in self.program.unit(unit).facts.sql.iter().enumerate() {
                if !statement.routine.is_empty() {
                    routines.insert(statement.routine.to_lowercase().to_string(), (unit, at));
                }
            }
        }
        routines
    }

    /// Adds what the functions touch that a statement calls.
    pub(crate) fn called_routines(
        &mut self,
        stores: &mut Stores,
        unit: u32,
        hit: &Match,
        statement: &SqlStatement,
        confidence: Confidence,
        found: &mut Accesses,
    ) {
        let mut open: Vec<(&str, u32)> = statement.calls.iter().map(|it| (it.as_str(), 0)).collect();
        let mut seen: Vec<(u32, usize)> = Vec::new();
        while let Some((name, level)) = open.pop() {
            let Some(place) = found.routines.get(name).copied().filter(|it| !seen.contains(it)) else { continue };
            seen.push(place);
            let (file, at) = place;
            let body = &self.facts(file).sql[at];
            if level < MOST_CALLED {
                open.extend(body.calls.iter().map(|it| (it.as_str(), level + 1)));
            }
            for access in body.accesses.iter().filter(|it| it.operation != Operation::Ddl && !it.partial) {
                let Some(store) = self.whole_name(stores, access) else { continue };
                stores.drafts[store].used = true;
                let step = (store, access.operation, confidence.min(Confidence::Likely));
                found.accesses.push(RawAccess {
                    columns: access.columns.iter().map(ToString::to_string).collect(),
                    ..self.access_at(unit, hit.owner, hit.line, hit.rule, step)
                });
            }
        }
    }
}
