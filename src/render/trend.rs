//! Coupling over time as text, CSV, JSON and `OpenMetrics`; pictures are in [`super::trend_chart`].

use std::collections::{BTreeMap, BTreeSet};

use schemars::generate::SchemaSettings;

use crate::measure::system::{Direction, METRICS};
use crate::model::history::{Authors, CoChange, CoChangePair, History, Revision};
use crate::model::report::Artifact;
use crate::render::json::lines;

/// Columns of the long form: one line per figure. `seamline metrics --append` writes the same.
pub const COLUMNS: [&str; 6] = ["date", "revision", "tags", "metric", "service", "value"];
/// Metrics that the text shows, in this order.
const SHOWN: [&str; 12] = [
    "cut_calls",
    "foreign_accesses",
    "shared_stores",
    "cross_joins",
    "cross_foreign_keys",
    "cross_transactions",
    "modularity",
    "propagation_cost",
    "cycles",
    "blind_spot_share",
    "accesses",
    "lines",
];
/// Resolved accesses that fall to less than this share while the code does not shrink went out of sight, from so many on.
const LOST: f64 = 0.7;
const SHRUNK: f64 = 0.9;
const ENOUGH: f64 = 20.0;
/// Columns of a small drawing of a series in text.
const SPARK: usize = 24;

/// `seamline.history/1`, a line per revision and per figure.
pub fn json(history: &History) -> Vec<u8> {
    lines(history, 3)
}

/// `seamline.co-change/1`.
pub fn co_change_json(found: &CoChange) -> Vec<u8> {
    lines(found, 2)
}

/// `seamline.authors/1`.
pub fn authors_json(found: &Authors) -> Vec<u8> {
    lines(found, 3)
}

/// The JSON Schemas (draft 2020-12), as `history-1.json`, `co-change-1.json` and `authors-1.json`.
pub fn schemas() -> Vec<Artifact> {
    let generator = || SchemaSettings::draft2020_12().for_serialize().into_generator();
    let artifact = |name: &str, mut schema: schemars::Schema| {
        // The name is the version: another one is another format.
        if let Some(field) = schema.pointer_mut("/properties/schema").and_then(serde_json::Value::as_object_mut) {
            field.insert("const".to_owned(), format!("seamline.{name}/1").into());
        }
        let mut bytes = serde_json::to_vec_pretty(&schema).unwrap_or_default();
        bytes.push(b'\n');
        Artifact { path: format!("{name}-1.json"), bytes }
    };
    vec![
        artifact("history", generator().into_root_schema_for::<History>()),
        artifact("co-change", generator().into_root_schema_for::<CoChange>()),
        artifact("authors", generator().into_root_schema_for::<Authors>()),
    ]
}

/// One line per revision, metric and service (RFC 4180, lines end with CR LF).
pub fn csv(history: &History) -> String {
    let mut text = row(&COLUMNS);
    for revision in &history.revisions {
        text.push_str(&csv_rows(revision));
    }
    text
}

/// The lines of one revision, without the heading.
pub fn csv_rows(revision: &Revision) -> String {
    let tags = revision.tags.join(" ");
    let mut text = String::new();
    for figure in &revision.metrics {
        let service = figure.service.as_deref().unwrap_or("");
        let value = figure.value.to_string();
        text.push_str(&row(&[&revision.date, &revision.id, &tags, &figure.metric, service, &value]));
    }
    text
}

/// A file of such lines with those of one revision in it; what it had of the same revision is replaced.
pub fn with_csv_rows(before: &str, revision: &Revision) -> Result<String, String> {
    let heading = row(&COLUMNS);
    let fresh = csv_rows(revision);
    let Some((first, rest)) = before.split_once('\n') else {
        return if before.trim().is_empty() { Ok(heading + &fresh) } else { Err(no_figures(before)) };
    };
    if first.trim_end() != heading.trim_end() {
        return Err(no_figures(first));
    }
    let mut text = heading;
    let mut placed = false;
    for line in rest.lines().filter(|it| !it.trim().is_empty()) {
        // Neither date nor id is ever quoted.
        if line.split(',').nth(1) == Some(&revision.id) {
            if !placed {
                text.push_str(&fresh);
                placed = true;
            }
            continue;
        }
        text.push_str(line.trim_end());
        text.push_str("\r\n");
    }
    if !placed {
        text.push_str(&fresh);
    }
    Ok(text)
}

fn no_figures(first: &str) -> String {
    let shown: String = first.trim().chars().take(60).collect();
    format!("the first line is `{shown}`, not `{}`; give another file", COLUMNS.join(","))
}

/// The same for a file with a JSON object per line.
pub fn with_json_line(before: &str, revision: &Revision) -> String {
    let fresh = serde_json::to_string(revision).unwrap_or_default();
    let is_same = |line: &str| {
        let id =
            serde_json::from_str::<serde_json::Value>(line).ok().and_then(|it| it["id"].as_str().map(str::to_owned));
        id.as_deref() == Some(&revision.id)
    };
    let mut lines: Vec<&str> = Vec::new();
    let mut placed = false;
    for line in before.lines().filter(|it| !it.trim().is_empty()) {
        if !is_same(line) {
            lines.push(line);
        } else if !placed {
            lines.push(&fresh);
            placed = true;
        }
    }
    if !placed {
        lines.push(&fresh);
    }
    lines.join("\n") + "\n"
}

/// One line of CSV; fields are quoted where they must be.
pub fn row(fields: &[&str]) -> String {
    let quoted = |field: &&str| {
        if field.contains([',', '"', '\r', '\n']) || field.starts_with(' ') || field.ends_with(' ') {
            format!("\"{}\"", field.replace('"', "\"\""))
        } else {
            (*field).to_owned()
        }
    };
    fields.iter().map(quoted).collect::<Vec<_>>().join(",") + "\r\n"
}

/// Pairs in the form of code-maat's coupling analysis: `entity,coupled,degree,average-revs`.
pub fn co_change_csv(pairs: &[CoChangePair]) -> String {
    let mut text = String::from("entity,coupled,degree,average-revs\n");
    for pair in pairs {
        let average = (pair.revs_a + pair.revs_b).div_ceil(2).to_string();
        let line = row(&[&pair.a, &pair.b, &pair.degree.to_string(), &average]);
        text.push_str(line.trim_end_matches("\r\n"));
        text.push('\n');
    }
    text
}

/// `OpenMetrics` 1.0 text with a time stamp on every sample, as backfilling tools read it.
///
/// Within a series time stamps rise; of commits with equal ones the last counts.
pub fn open_metrics(history: &History) -> String {
    let mut series: BTreeMap<(&str, Option<&str>), BTreeMap<i64, f64>> = BTreeMap::new();
    for revision in &history.revisions {
        for figure in &revision.metrics {
            let of = series.entry((&figure.metric, figure.service.as_deref())).or_default();
            of.insert(revision.time, figure.value);
        }
    }
    let mut text = String::new();
    for kind in METRICS {
        let mut samples = String::new();
        for ((_, service), points) in series.range((kind.id, None)..).take_while(|((id, _), _)| *id == kind.id) {
            let label = service.map_or_else(String::new, |it| format!("{{service=\"{}\"}}", escaped(it)));
            for (time, value) in points {
                samples.push_str(&format!("seamline_{}{label} {value} {time}\n", kind.id));
            }
        }
        if !samples.is_empty() {
            let help = escaped(kind.summary);
            text.push_str(&format!("# TYPE seamline_{id} gauge\n# HELP seamline_{id} {help}\n{samples}", id = kind.id));
        }
    }
    text.push_str("# EOF\n");
    text
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// Values of a metric over the revisions that have it, oldest first, with the position of the revision.
pub fn series(history: &History, metric: &str, service: Option<&str>) -> Vec<(usize, f64)> {
    let value = |(at, revision): (usize, &Revision)| {
        let found = revision.metrics.iter().find(|it| it.metric == metric && it.service.as_deref() == service)?;
        Some((at, found.value))
    };
    history.revisions.iter().enumerate().filter_map(value).collect()
}

/// For the terminal: what was measured, and where each figure came from and went.
pub fn text(history: &History) -> String {
    let mut text = String::new();
    let (Some(first), Some(last)) = (history.revisions.first(), history.revisions.last()) else {
        return format!("{}: none of {} revisions could be measured\n", history.project, history.skipped.len());
    };
    let sampled =
        if history.every == "commit" { "every commit".to_owned() } else { format!("one per {}", history.every) };
    text.push_str(&format!(
        "{}: {} revisions from {} to {}, {sampled} of {} ({})\n",
        history.project,
        history.revisions.len(),
        &first.date[..10],
        &last.date[..10],
        crate::model::wording::count(history.commits as usize, "commit"),
        history.walk
    ));
    let short = |id: &str| id[..id.len().min(10)].to_owned();
    text.push_str(&format!(
        "Boundaries: {} {} at {}: {}\n\n",
        crate::model::wording::count(history.services.len(), "service"),
        history.boundaries.kind,
        short(&history.boundaries.revision),
        crate::model::wording::enumerate(&history.services, 12)
    ));
    text.push_str(&format!("{:<22}{:>10}{:>10}{:>10}  {:<SPARK$}\n", "", "first", "last", "change", "course"));
    for id in SHOWN {
        let points = series(history, id, None);
        let (Some((_, from)), Some((_, to))) = (points.first(), points.last()) else { continue };
        let change = to - from;
        let direction = METRICS.iter().find(|it| it.id == id).map_or(Direction::Neutral, |it| it.direction);
        let verdict = match direction {
            _ if change.abs() < 1e-9 => "",
            Direction::Lower if change > 0.0 => "worse",
            Direction::Lower => "better",
            Direction::Higher if change < 0.0 => "worse",
            Direction::Higher => "better",
            Direction::Neutral => "",
        };
        let sign = if change > 0.0 { "+" } else { "" };
        let values: Vec<f64> = points.iter().map(|it| it.1).collect();
        let line = format!(
            "{id:<22}{:>10}{:>10}{:>10}  {:<SPARK$}  {verdict}",
            number(*from),
            number(*to),
            format!("{sign}{}", number(change)),
            spark(&values)
        );
        text.push_str(line.trim_end());
        text.push('\n');
    }
    let hardly = history.revisions.iter().filter(|it| it.placed < 0.5).count();
    if hardly > 0 {
        let until = history.revisions.iter().rev().find(|it| it.placed < 0.5).map_or("", |it| &it.date[..10]);
        text.push_str(&format!(
            "\nIn {hardly} revisions (the last of {until}) less than half of the code could be placed in today's services: \
             their figures say little.\n"
        ));
    }
    let share = series(history, "blind_spot_share", None);
    let blind = share.iter().filter(|it| it.1 > 0.5).count();
    if blind > 0 {
        let until = share.iter().rev().find(|it| it.1 > 0.5).map_or("", |it| &history.revisions[it.0].date[..10]);
        text.push_str(&format!(
            "\nIn {blind} revisions (the last of {until}) most data accesses could not be resolved: foreign accesses and shared \
             stores are too low there.\n"
        ));
    }
    if let Some((before, after, at)) = lost_sight(history) {
        text.push_str(&format!(
            "\nOn the way to {} the accesses that are resolved fell from {before:.0} to {after:.0} and the code did not shrink: \
             since then something reads and writes that is not seen, and the figures behind it look better than they are.\n",
            &history.revisions[at].date[..10]
        ));
    }
    if let Some(skipped) = history.skipped.first() {
        let reasons: BTreeSet<&str> = history.skipped.iter().map(|it| it.reason.as_str()).collect();
        let more =
            if reasons.len() > 1 { format!(" (and {} other reasons)", reasons.len() - 1) } else { String::new() };
        text.push_str(&format!(
            "\n{} skipped; {}: {}{more}\n",
            crate::model::wording::count(history.skipped.len(), "revision"),
            short(&skipped.id),
            skipped.reason
        ));
    }
    text
}

/// The deepest fall of resolved accesses from one revision to the next, and at which, where the code did not shrink with it.
fn lost_sight(history: &History) -> Option<(f64, f64, usize)> {
    let lines: BTreeMap<usize, f64> = series(history, "lines", None).into_iter().collect();
    let accesses = series(history, "accesses", None);
    let falls = accesses.windows(2).filter_map(|it| {
        let [(from, before), (to, after)] = *it else { return None };
        let shrunk = lines.get(&to)? < &(SHRUNK * lines.get(&from)?);
        (before >= ENOUGH && after < LOST * before && !shrunk).then_some((before, after, to))
    });
    falls.min_by(|a, b| (a.1 / a.0).total_cmp(&(b.1 / b.0)))
}

/// Whole numbers as such, others with three decimals.
pub fn number(value: f64) -> String {
    if value.fract().abs() < 1e-9 { format!("{value:.0}") } else { format!("{value:.3}") }
}

/// A series as a row of blocks, from its least value to its greatest.
fn spark(values: &[f64]) -> String {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let (low, high) = values.iter().fold((f64::MAX, f64::MIN), |(low, high), it| (low.min(*it), high.max(*it)));
    let columns = values.len().min(SPARK);
    (0..columns)
        .map(|column| {
            let at = if columns == 1 { 0 } else { column * (values.len() - 1) / (columns - 1) };
            let part = if high > low { (values[at] - low) / (high - low) } else { 0.0 };
            BLOCKS[(part * 7.0).round() as usize]
        })
        .collect()
}

/// Who changes and who owns each service, for the terminal.
pub fn authors_text(found: &Authors) -> String {
    let mut text =
        format!("{} commits; owners from {}\n", found.commits, found.codeowners.as_deref().unwrap_or("no file"));
    for service in &found.services {
        let share = |it: &crate::model::history::AuthorShare| format!("{} {:.0} %", it.name, 100.0 * it.share);
        let shares: Vec<String> = service.authors.iter().map(share).collect();
        let owned = |it: &crate::model::history::OwnedFiles| format!("{} ({})", it.owner, it.files);
        let owners: Vec<String> = service.owners.iter().map(owned).collect();
        text.push_str(&format!(
            "\n{}: {}, {}, {}; half of the changes by {}, fragmentation {:.2}\n  {}\n",
            service.service,
            crate::model::wording::count(service.files as usize, "file"),
            crate::model::wording::count(service.commits as usize, "commit"),
            crate::model::wording::count(service.authors.len(), "author"),
            service.half,
            service.fragmentation,
            crate::model::wording::enumerate(&shares, 6)
        ));
        if !owners.is_empty() {
            let rest = if service.unowned > 0 { format!(", {} without", service.unowned) } else { String::new() };
            text.push_str(&format!("  owned by {}{rest}\n", crate::model::wording::enumerate(&owners, 5)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::history::Figure;

    fn revision(id: &str, time: i64, value: f64) -> Revision {
        let figure = |service: Option<&str>| Figure {
            metric: "cut_calls".to_owned(),
            service: service.map(str::to_owned),
            value,
        };
        Revision {
            id: id.to_owned(),
            date: "2026-01-02T03:04:05Z".to_owned(),
            time,
            metrics: vec![figure(None), figure(Some("a\"b"))],
            ..Revision::default()
        }
    }

    #[test]
    fn open_metrics_rises_in_time_within_each_series() {
        let revisions = vec![revision("a", 20, 1.0), revision("b", 10, 2.0), revision("c", 20, 3.0)];
        let text = open_metrics(&History { revisions, ..History::default() });
        assert!(text.contains("\nseamline_cut_calls 2 10\nseamline_cut_calls 3 20\n"), "{text}");
        assert!(text.contains("\nseamline_cut_calls{service=\"a\\\"b\"} 2 10\n"), "{text}");
        assert!(text.ends_with("# EOF\n"));
        assert_eq!(text.matches("# TYPE").count(), 1);
    }

    /// A builder of its own hides what a program does with its data: that is no progress.
    #[test]
    fn accesses_that_went_out_of_sight_are_said() {
        let at = |time: i64, accesses: f64, lines: f64| {
            let figure = |metric: &str, value: f64| Figure { metric: metric.to_owned(), service: None, value };
            let metrics = vec![figure("accesses", accesses), figure("lines", lines)];
            Revision { date: format!("2026-01-0{time}T03:04:05Z"), time, metrics, ..Revision::default() }
        };
        let of = |revisions: Vec<Revision>| text(&History { revisions, ..History::default() });
        let hidden = of(vec![at(1, 43.0, 900.0), at(2, 15.0, 950.0)]);
        assert!(
            hidden.contains("On the way to 2026-01-02 the accesses that are resolved fell from 43 to 15"),
            "{hidden}"
        );
        assert!(!of(vec![at(1, 43.0, 900.0), at(2, 40.0, 950.0)]).contains("On the way to"));
        assert!(!of(vec![at(1, 43.0, 900.0), at(2, 15.0, 400.0)]).contains("On the way to"));
    }

    #[test]
    fn csv_has_a_line_per_figure() {
        let history = History { revisions: vec![revision("abc", 1, 0.5)], ..History::default() };
        let text = csv(&history);
        assert_eq!(text.lines().count(), 3);
        assert!(text.contains("2026-01-02T03:04:05Z,abc,,cut_calls,\"a\"\"b\",0.5\r\n"), "{text}");
    }

    #[test]
    fn a_revision_stands_in_a_file_once() {
        let (a, b) = (revision("a", 1, 1.0), revision("b", 2, 2.0));
        let one = with_csv_rows("", &a).expect("a new file");
        let two = with_csv_rows(&one, &b).expect("its own file");
        assert_eq!(with_csv_rows(&two, &a).as_deref(), Ok(two.as_str()));
        let other = with_csv_rows(&two, &revision("a", 1, 7.0)).expect("its own file");
        assert_eq!(other.lines().count(), two.lines().count());
        assert!(other.contains("a,,cut_calls,,7") && !other.contains("a,,cut_calls,,1"), "{other}");
        assert!(with_csv_rows("x,y\r\n1,2\r\n", &a).is_err());
        let lines = with_json_line(&with_json_line("", &a), &b);
        assert_eq!(lines.lines().count(), 2);
        assert_eq!(with_json_line(&lines, &a), lines);
    }

    #[test]
    fn a_spark_goes_from_least_to_most() {
        assert_eq!(spark(&[1.0, 2.0, 3.0]), "▁▅█");
        assert_eq!(spark(&[5.0, 5.0]), "▁▁");
        assert_eq!(spark(&vec![0.0; 500]).chars().count(), SPARK);
    }
}
