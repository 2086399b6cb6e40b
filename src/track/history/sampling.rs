//! Which of the walked commits are measured.

use std::collections::{BTreeMap, BTreeSet};

use crate::discover::history::{Commit, Log};
use crate::track::history::calendar;

/// How often a revision is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Every {
    Commit,
    /// The last commit of each calendar week that has one (UTC, from Monday).
    #[default]
    Week,
    Month,
    /// Tagged commits.
    Tag,
}

impl Every {
    pub fn id(self) -> &'static str {
        match self {
            Self::Commit => "commit",
            Self::Week => "week",
            Self::Month => "month",
            Self::Tag => "tag",
        }
    }
}

/// Positions in [`Log::commits`] of the commits to measure, oldest first. The newest is always among them, so that the
/// trend ends where the code is; only tags end with the last tag.
///
/// `since` leaves older commits out, `last` all but so many of the newest.
pub fn sample(
    log: &Log,
    tags: &BTreeMap<String, Vec<String>>,
    every: Every,
    since: Option<i64>,
    last: Option<usize>,
) -> Vec<usize> {
    let skipped = last.map_or(0, |last| log.commits.len().saturating_sub(last));
    let recent = |commit: &Commit| since.is_none_or(|since| commit.time >= since);
    let within = log.commits.iter().enumerate().skip(skipped).filter(|(_, commit)| recent(commit));
    let bucket: fn(i64) -> i64 = match every {
        Every::Commit => return within.map(|(at, _)| at).collect(),
        Every::Tag => return within.filter(|(_, commit)| tags.contains_key(&commit.id)).map(|(at, _)| at).collect(),
        Every::Week => calendar::week,
        Every::Month => calendar::month,
    };
    let mut newest: BTreeMap<i64, usize> = BTreeMap::new();
    for (at, commit) in within {
        newest.insert(bucket(commit.time), at);
    }
    // Clocks may disagree with the order of commits, which is the one that counts.
    let chosen: BTreeSet<usize> = newest.into_values().collect();
    chosen.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(times: &[i64]) -> Log {
        let commit = |(at, time): (usize, &i64)| Commit {
            id: at.to_string(),
            parents: Vec::new(),
            time: *time,
            author: (String::new(), String::new()),
            subject: String::new(),
        };
        Log { commits: times.iter().enumerate().map(commit).collect(), ..Log::default() }
    }

    #[test]
    fn the_last_commit_of_a_week_stands_for_it() {
        let day = 86_400;
        // Days 4 and 11 of 1970 were Mondays.
        let log = log(&[4 * day, 5 * day, 10 * day, 11 * day, 40 * day]);
        let none = BTreeMap::new();
        assert_eq!(sample(&log, &none, Every::Week, None, None), [2, 3, 4]);
        assert_eq!(sample(&log, &none, Every::Month, None, None), [3, 4]);
        assert_eq!(sample(&log, &none, Every::Commit, Some(10 * day), None), [2, 3, 4]);
        assert_eq!(sample(&log, &none, Every::Commit, None, Some(2)), [3, 4]);
        let tags = BTreeMap::from([("1".to_owned(), vec!["v1".to_owned()])]);
        assert_eq!(sample(&log, &tags, Every::Tag, None, None), [1]);
    }
}
