//! The stages of one extraction, and what is done in each of them for every service alike.

use serde::{Deserialize, Serialize};

/// Stage of one extraction, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Pin down what the code does today.
    Characterize,
    /// An interface inside the monolith, nothing else crosses.
    Decouple,
    /// Joins, transactions and foreign keys that cross are dissolved.
    Untangle,
    /// The tables get a schema of their own.
    SplitSchema,
    /// The service starts, empty.
    Build,
    /// Dual write, backfill, verification, switch.
    MoveData,
    /// Requests go over, a share at a time.
    Route,
    /// What is left behind is removed.
    Decommission,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 8] = [
        Self::Characterize,
        Self::Decouple,
        Self::Untangle,
        Self::SplitSchema,
        Self::Build,
        Self::MoveData,
        Self::Route,
        Self::Decommission,
    ];

    /// Heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Characterize => "Pin down today's behavior",
            Self::Decouple => "Put an interface between, inside the monolith",
            Self::Untangle => "Dissolve what crosses in the database",
            Self::SplitSchema => "Give its tables a schema of their own",
            Self::Build => "Start the service beside the monolith",
            Self::MoveData => "Move the data",
            Self::Route => "Route the traffic",
            Self::Decommission => "Remove what is left behind",
        }
    }

    /// What is done for every service alike.
    pub fn practice(self) -> &'static [&'static str] {
        match self {
            Self::Characterize => &[
                "Record request and answer of every endpoint in the service's table as characterization tests, errors included",
                "Keep the tests green that call this code today; write some where there are none",
                "Settle what is doubtful before anything moves: placements, unresolved places, definitions that contradict each other",
            ],
            Self::Decouple => &[
                "Put an interface in front of what other services call, and call what they offer through a client of its own",
                "Replace every access to a store of another service as the last column of the service's table of stores says; the owner offers what is listed under *Shared stores in detail*",
                "Take what it uses of the shared kernel along as a library",
            ],
            Self::Untangle => &[
                "Turn each transaction over several services into the steps given under *Transactions that break*, with an outbox",
                "Compose each join over the boundary from separate answers, or read a copy",
                "Take out each foreign key over the boundary in the five steps given under *Foreign keys that cross*",
            ],
            Self::SplitSchema => &[
                "Give the tables a schema (a collection: a database) of their own on the same server, with a role that sees no other",
            ],
            Self::Build => &[
                "Start from the skeleton and move the code listed under *What moves*; declare the packages named there",
                "Give every call to another service a timeout, a retry limit and a request id",
            ],
            Self::MoveData => &[
                "Dual write: write to both databases, the old one stays the truth",
                "Backfill in batches by primary key, repeatable from any batch; how many rows there are is not in a checkout, so count them in production and choose batches by the time one takes",
                "Verify until nothing differs: row counts, checksums by key range, sampled rows field by field",
                "Switch the reads behind a flag, then the writes: the new database is the truth, the old one is still written",
                "Caches and other spaces of keys are not copied: the new owner starts with them empty",
            ],
            Self::Route => &[
                "First only requests with a canary header, answers compared with the monolith's",
                "Then 10, 25, 50, 75 and 100 percent of the traffic, each step held until errors and latency are no worse than the monolith's",
            ],
            Self::Decommission => &[
                "Delete the moved code from the monolith, in shared files by the ranges listed under *What moves*",
                "Let the interface inside the monolith call the service only, and delete its old implementation",
                "Stop writing the old tables; keep them read-only for as long as a way back is wanted, then archive and drop them",
            ],
        }
    }

    /// How to know that the stage is over.
    pub fn exit(self) -> &'static str {
        match self {
            Self::Characterize => "The tests pass against the monolith, twice in a row",
            Self::Decouple => {
                "No code outside calls or reads it but through these interfaces; `seamline check` holds the line"
            }
            Self::Untangle => "No join, transaction or foreign key of these stores crosses the boundary",
            Self::SplitSchema => "The monolith runs with one connection per schema and nothing reaches across",
            Self::Build => "The characterization tests pass against the service alone",
            Self::MoveData => "Verification finds no difference over a full cycle of the system's busiest period",
            Self::Route => "All traffic goes to the service and the monolith's routes see none",
            Self::Decommission => "Nothing in the monolith names these files, tables or routes",
        }
    }

    /// How to get back from here.
    pub fn rollback(self) -> &'static str {
        match self {
            Self::Characterize => "Nothing has changed yet",
            Self::Decouple => "Revert the commits: everything still runs in one process",
            Self::Untangle => {
                "The old column and the old transaction stay until the last of these steps: switch back to them"
            }
            Self::SplitSchema => "Move the tables back into the old schema: no row has changed",
            Self::Build => "Stop it: no request reaches it yet",
            Self::MoveData => {
                "Turn the flag of the reads back, then that of the writes: the old tables are complete until the last step"
            }
            Self::Route => "Set the weight back to 0: the monolith still serves every route",
            Self::Decommission => "Until the tables are dropped: restore the code from its tag and copy the rows back",
        }
    }
}
