//! In which order migration files apply, whatever tool they were written for.
//!
//! Known by their names: numbers with a direction (`001_x.up.sql`) or without one (`001_x.sql`, cut into sections where the
//! file is read), dates (`2024-01-01-000000_x/up.sql`, `20240101_x/migration.sql`), versions (`V1_2__x.sql`), steps to repeat
//! (`R__x.sql`) and to take back (`U1__x.sql`), and dumps beside them.

use std::collections::BTreeMap;

/// What applying a file means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MigrationKind {
    /// One step after the others.
    Step,
    /// Applied after all steps of its folder (`R__views.sql`).
    Repeatable,
    /// The whole schema once more: a dump, or the same steps for another database.
    Snapshot,
}

/// A file in its turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    pub path: String,
    pub kind: MigrationKind,
}

/// Folders named after databases hold the same steps once for each; the first of these that is there counts.
const DATABASES: &[&str] = &[
    "postgres",
    "postgresql",
    "pgsql",
    "pg",
    "psql",
    "mysql",
    "mariadb",
    "sqlite",
    "sqlite3",
    "mssql",
    "sqlserver",
    "cockroach",
    "cockroachdb",
    "oracle",
    "clickhouse",
];

/// Files that describe everything at once.
const SNAPSHOTS: &[&str] =
    &["schema", "structure", "dump", "database", "full_schema", "all", "create_tables", "tables"];

/// Folders of what takes steps back (`rollback_dbs/1.17.0/1.17.0.sql`), by their words.
const WAYS_BACK: &[&str] = &["rollback", "rollbacks", "downgrade", "downgrades"];

/// Files of all folders, folder by folder, each in its turn; what takes a step back is left out.
pub fn migration_order(paths: &[String]) -> Vec<Migration> {
    let mut folders: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for path in paths {
        if let Some((folder, entry)) = entry(path) {
            folders.entry(folder).or_default().push(entry);
        }
    }
    let other_database = other_databases(folders.keys());
    let has_steps = folders
        .iter()
        .any(|(folder, entries)| !other_database.contains(folder) && entries.iter().any(|entry| entry.numbered));
    let mut ordered: Vec<(MigrationKind, String, Entry)> = Vec::new();
    for (folder, entries) in folders {
        // Beside numbered steps, a file without a number is applied by hand, if at all.
        let stepped = entries.iter().any(|entry| entry.numbered);
        for entry in entries {
            let stray = !entry.numbered && entry.kind == MigrationKind::Step && stepped;
            let kind = if other_database.contains(&folder) || entry.snapshot && has_steps || stray {
                MigrationKind::Snapshot
            } else {
                entry.kind
            };
            ordered.push((kind, folder.clone(), entry));
        }
    }
    ordered.sort_by(|a, b| {
        let rank = |kind: MigrationKind| kind == MigrationKind::Snapshot;
        (rank(a.0), &a.1, a.0, &a.2.version, &a.2.path).cmp(&(rank(b.0), &b.1, b.0, &b.2.version, &b.2.path))
    });
    ordered.into_iter().map(|(kind, _, entry)| Migration { path: entry.path, kind }).collect()
}

struct Entry {
    path: String,
    /// Numbered files first, by number; then the others by name.
    version: (bool, Vec<u64>),
    numbered: bool,
    kind: MigrationKind,
    snapshot: bool,
}

/// Folder of the sequence, and the file's place in it; `None` for what goes back.
fn entry(path: &str) -> Option<(String, Entry)> {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = file.strip_suffix(".sql").unwrap_or(file).to_ascii_lowercase();
    if stem == "down"
        || stem.ends_with(".down")
        || stem.ends_with("_down") && stem.starts_with(|c: char| c.is_ascii_digit())
        || goes_back(folder)
    {
        return None;
    }
    // One folder for each step.
    let (folder, name) = if matches!(stem.as_str(), "up" | "migration") {
        folder.rsplit_once('/').unwrap_or(("", folder))
    } else {
        (folder, stem.as_str())
    };
    let name = name.to_ascii_lowercase();
    let mut kind = MigrationKind::Step;
    let mut version = numbers(&name, false);
    if let Some((head, _)) = name.split_once("__") {
        if head == "r" {
            kind = MigrationKind::Repeatable;
        } else if let Some(rest) = head.strip_prefix('v').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        {
            version = numbers(rest, true);
        } else if head
            .strip_prefix('u')
            .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_'))
        {
            return None;
        }
    }
    let numbered = !version.is_empty();
    let entry = Entry {
        path: path.to_owned(),
        snapshot: !numbered && SNAPSHOTS.contains(&name.as_str()),
        version: (!numbered, version),
        numbered,
        kind,
    };
    Some((folder.to_owned(), entry))
}

fn goes_back(folder: &str) -> bool {
    let words = folder.split(|c: char| !c.is_ascii_alphanumeric());
    folder.split('/').any(|it| it == "down") || words.into_iter().any(|it| WAYS_BACK.contains(&it))
}

/// Leading numbers: `2024-01-15` is 20240115; with `underscores`, `1_2` and `1.2` are two.
fn numbers(text: &str, underscores: bool) -> Vec<u64> {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            break;
        }
        found.push(rest[..digits].parse().unwrap_or(u64::MAX));
        rest = &rest[digits..];
        let joined = rest.starts_with('-') || underscores && rest.starts_with(['_', '.']);
        if !joined || !rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
            break;
        }
        rest = &rest[1..];
    }
    // A date with dashes is the number without them: tools changed their mind about that within one folder.
    let dated = text.len() >= 5 && text.as_bytes()[4] == b'-' && found.len() > 2;
    if dated {
        let length = text.len() - rest.len();
        let digits: String = text[..length].chars().filter(char::is_ascii_digit).collect();
        // As text, so that a date without time comes before the same date with one.
        if let Ok(number) = format!("{digits:0<14}").parse() {
            return vec![number];
        }
    }
    found
}

/// Folders that stand beside one of the same kind for a database named earlier in the list.
fn other_databases<'a>(folders: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut by_shape: BTreeMap<String, Vec<(usize, String)>> = BTreeMap::new();
    for folder in folders {
        let parts: Vec<&str> = folder.split('/').collect();
        for (at, part) in parts.iter().enumerate() {
            if let Some(rank) = DATABASES.iter().position(|known| known.eq_ignore_ascii_case(part)) {
                let mut shape = parts.clone();
                shape[at] = "*";
                by_shape.entry(shape.join("/")).or_default().push((rank, folder.clone()));
                break;
            }
        }
    }
    let mut others = Vec::new();
    for (_, mut same) in by_shape {
        same.sort();
        others.extend(same.into_iter().skip(1).map(|(_, folder)| folder));
    }
    others
}

#[cfg(test)]
mod tests {
    use super::{MigrationKind, migration_order};

    fn order(paths: &[&str]) -> Vec<String> {
        let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        migration_order(&paths)
            .into_iter()
            .map(|migration| match migration.kind {
                MigrationKind::Step => migration.path,
                MigrationKind::Repeatable => format!("{} again", migration.path),
                MigrationKind::Snapshot => format!("{} whole", migration.path),
            })
            .collect()
    }

    #[test]
    fn numbers_order_steps() {
        assert_eq!(order(&["m/10_b.up.sql", "m/2_a.up.sql", "m/2_a.down.sql"]), ["m/2_a.up.sql", "m/10_b.up.sql"]);
        assert_eq!(
            order(&["m/V1_10__b.sql", "m/V1_9__a.sql", "m/R__v.sql", "m/U1_9__a.sql"]),
            ["m/V1_9__a.sql", "m/V1_10__b.sql", "m/R__v.sql again"]
        );
        assert_eq!(order(&["m/V10__b.sql", "m/V2.1__a.sql"]), ["m/V2.1__a.sql", "m/V10__b.sql"]);
        assert_eq!(
            order(&["m/20240201000000_b.sql", "m/20240101000000_a.sql"]),
            ["m/20240101000000_a.sql", "m/20240201000000_b.sql"]
        );
    }

    #[test]
    fn ways_back_are_left_out() {
        assert_eq!(
            order(&[
                "db/init_dbs/1.17.0/1.17.0.sql",
                "db/rollback_dbs/1.17.0/1.17.0.sql",
                "m/down/1_a.sql",
                "m/up/1_a.sql"
            ]),
            ["db/init_dbs/1.17.0/1.17.0.sql", "m/up/1_a.sql"]
        );
        assert_eq!(order(&["countdown/1_a.sql"]), ["countdown/1_a.sql"]);
    }

    #[test]
    fn a_folder_for_each_step() {
        assert_eq!(
            order(&["m/2024-02-01-000000_b/up.sql", "m/2024-02-01-000000_b/down.sql", "m/2024-01-15-120000_a/up.sql"]),
            ["m/2024-01-15-120000_a/up.sql", "m/2024-02-01-000000_b/up.sql"]
        );
        assert_eq!(
            order(&["m/2017-08-31-230457_b/up.sql", "m/20160326002021_a/up.sql"]),
            ["m/20160326002021_a/up.sql", "m/2017-08-31-230457_b/up.sql"]
        );
        assert_eq!(
            order(&["p/20240201_b/migration.sql", "p/20240101_a/migration.sql"]),
            ["p/20240101_a/migration.sql", "p/20240201_b/migration.sql"]
        );
    }

    #[test]
    fn dumps_and_other_databases_are_the_same_schema() {
        assert_eq!(
            order(&["db/schema.sql", "db/migrations/1_a.sql"]),
            ["db/migrations/1_a.sql", "db/schema.sql whole"]
        );
        assert_eq!(order(&["db/schema.sql"]), ["db/schema.sql"]);
        assert_eq!(
            order(&["m/sqlite/1_a.sql", "m/mysql/1_a.sql", "m/postgresql/1_a.sql"]),
            ["m/postgresql/1_a.sql", "m/mysql/1_a.sql whole", "m/sqlite/1_a.sql whole"]
        );
    }

    #[test]
    fn names_without_numbers_come_last() {
        assert_eq!(order(&["m/seed.sql", "m/001_a.sql"]), ["m/001_a.sql", "m/seed.sql whole"]);
        assert_eq!(order(&["m/b.sql", "m/a.sql"]), ["m/a.sql", "m/b.sql"]);
    }
}
