//! Markdown for one sticky comment on a pull request: the answer in a line, what is new with links, figures before and
//! after, and a diagram of the seams that changed.

use crate::measure::system::{Direction, METRICS};
use crate::model::check::{CheckReport, Delta, Finding, Level, SeamChange, Spot, Status};
use crate::model::wording::{count, short_name};
use crate::render::check::{CheckFormat, shortened, uri};

/// Sticky comment.
pub struct Comment;

/// First line of the comment, by which a job finds the one to replace.
pub const MARK: &str = "<!-- seamline-check -->";
/// Most characters that a comment may have.
pub const MAX_CHARS: usize = 65_536;
/// Most seams in the diagram.
const MAX_SEAMS: usize = 40;
/// Most findings listed openly; the rest is folded.
const OPEN: usize = 12;

impl CheckFormat for Comment {
    fn format(&self) -> &'static str {
        "comment"
    }

    fn summary(&self) -> &'static str {
        "Markdown for one sticky pull-request comment"
    }

    fn render(&self, report: &CheckReport) -> String {
        format!("{MARK}\n{}", body(report, MAX_CHARS - 1_024))
    }
}

/// The Markdown in at most `limit` characters: lists are cut before sections are.
pub(super) fn body(report: &CheckReport, limit: usize) -> String {
    let mut most = 400;
    loop {
        let text = body_of(report, most);
        // Bytes and UTF-16 units are counted by some: the widest count has to fit.
        if text.len() <= limit || most == 0 {
            return if text.len() <= limit { text } else { shortened(&text, limit / 4) };
        }
        most /= 2;
    }
}

fn body_of(report: &CheckReport, most: usize) -> String {
    let mut text = format!("### {}\n\n", headline(report));
    if let (Some(base), Some(head)) = (&report.base, &report.head) {
        text.push_str(&format!(
            "{} against {}; boundaries {}.\n\n",
            code(head.get(..10).unwrap_or(head)),
            code(base.get(..10).unwrap_or(base)),
            plain(&report.boundaries)
        ));
    } else {
        text.push_str(&format!("Boundaries {}.\n\n", plain(&report.boundaries)));
    }
    let failing: Vec<&Finding> = report.with(Status::New).filter(|it| it.fails()).collect();
    let noted: Vec<&Finding> = report.with(Status::New).filter(|it| !it.fails()).collect();
    let waived: Vec<&Finding> = report.with(Status::Waived).collect();
    let gone: Vec<&Finding> = report.gone.iter().collect();
    // The same access is a finding of its own and makes the table shared: the rows say it once.
    list(&mut text, report, "New", &failing, most, true);
    diagram(&mut text, report);
    figures(&mut text, report, most);
    list(&mut text, report, "Gone", &gone, most, false);
    list(&mut text, report, "Noted", &noted, most, false);
    list(&mut text, report, "Waived", &waived, most, false);
    let moved_on: Vec<_> = report.moved().collect();
    if !moved_on.is_empty() && most > 0 {
        text.push_str(&format!("<details><summary>Moved within a service: {}</summary>\n\n", moved_on.len()));
        for (finding, from) in moved_on.iter().take(most) {
            text.push_str(&format!("- {}, was {}\n", plain(&finding.message), code(from)));
        }
        rest(&mut text, moved_on.len(), most);
        text.push_str("\n</details>\n\n");
    }
    if !report.renamed.is_empty() && most > 0 {
        text.push_str(&format!("<details><summary>Renamed and followed: {}</summary>\n\n", report.renamed.len()));
        for (before, after) in report.renamed.iter().take(most) {
            text.push_str(&format!("- {} → {}\n", code(before), code(after)));
        }
        rest(&mut text, report.renamed.len(), most);
        text.push_str("\n</details>\n\n");
    }
    for note in &report.notes {
        text.push_str(&format!("> {}\n", plain(note)));
    }
    while text.ends_with("\n\n") {
        text.pop();
    }
    text
}

fn headline(report: &CheckReport) -> String {
    let failing = report.findings.iter().filter(|it| it.fails()).count();
    let known = report.count(Status::Known);
    match (failing, report.gone.len()) {
        (0, 0) => format!("✅ Seamline: no coupling added ({known} known)"),
        (0, gone) => format!("✅ Seamline: no coupling added, {gone} gone ({known} known)"),
        (new, 0) => format!("❌ Seamline: {} ({known} known)", count(new, "new finding")),
        (new, gone) => format!("❌ Seamline: {}, {gone} gone ({known} known)", count(new, "new finding")),
    }
}

fn list(text: &mut String, report: &CheckReport, title: &str, found: &[&Finding], most: usize, open: bool) {
    if found.is_empty() {
        return;
    }
    let openly = if open { OPEN.min(most) } else { 0 };
    if open {
        text.push_str(&format!("#### {title}\n\n"));
        found.iter().take(openly).for_each(|it| line(text, report, it));
        text.push('\n');
    }
    let folded = &found[openly.min(found.len())..];
    if !folded.is_empty() {
        let words = if open { format!("{} more", folded.len()) } else { format!("{title}: {}", folded.len()) };
        text.push_str(&format!("<details><summary>{words}</summary>\n\n"));
        folded.iter().take(most).for_each(|it| line(text, report, it));
        rest(text, folded.len(), most);
        text.push_str("\n</details>\n\n");
    }
}

fn rest(text: &mut String, all: usize, most: usize) {
    if all > most {
        text.push_str(&format!("- and {} more\n", all - most));
    }
}

fn line(text: &mut String, report: &CheckReport, finding: &Finding) {
    let mark = match (finding.status, finding.level) {
        (Status::Gone, _) => "🟢",
        (Status::Waived, _) => "⚪",
        (_, Level::Error) => "🔴",
        (_, Level::Warning) => "🟠",
        (_, Level::Note) => "🔵",
    };
    let places: Vec<String> = finding.sites.iter().take(3).map(|it| link(report, finding.status, it)).collect();
    let more = finding.sites.len().saturating_sub(3);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let place = if places.is_empty() { String::new() } else { format!(" — {}{more}", places.join(", ")) };
    text.push_str(&format!(
        "- {mark} {} {}{place}\n",
        code(&finding.key.rule),
        plain(&shortened(&readable(finding), 400))
    ));
    if let (Status::Waived, Some((reason, at, day))) = (finding.status, &finding.waiver) {
        text.push_str(&format!("  until {day}: {} {}\n", plain(reason), plain(at)));
    }
    if finding.path.len() > 3 && finding.key.rule.starts_with("contract-") {
        for step in finding.path.iter().take(12) {
            text.push_str(&format!("  - {} {}\n", link(report, finding.status, step), plain(&step.text)));
        }
    }
}

/// The message with long names cut to their last parts; the link leads to the whole.
fn readable(finding: &Finding) -> String {
    let mut text = finding.message.clone();
    for name in [&finding.key.source, &finding.key.target] {
        if name.len() > 40 {
            text = text.replace(name.as_str(), &short_name(name));
        }
    }
    text
}

/// A place as a link where the address is known. What is gone has no place in the revision checked.
fn link(report: &CheckReport, status: Status, spot: &Spot) -> String {
    let place = code(&spot.place());
    match &report.links {
        Some(links) if status != Status::Gone => format!("[{place}]({links}{}#L{})", uri(&spot.path), spot.line),
        _ => place,
    }
}

/// Figures that moved so that a reader can see it: counts by one, shares by half a per cent; worse ones first. Of a
/// service only those that have a better end.
pub(super) fn moved(report: &CheckReport) -> Vec<&Delta> {
    let seen = |from: f64, to: f64| {
        let is_count = from.fract() == 0.0 && to.fract() == 0.0;
        (to - from).abs() >= if is_count { 0.5 } else { 0.005 }
    };
    let differs = |it: &&Delta| match (it.before, it.after) {
        (Some(before), Some(after)) => seen(before, after),
        (None, Some(value)) | (Some(value), None) => seen(0.0, value) && report.base.is_some(),
        (None, None) => false,
    };
    let neutral = |it: &Delta| METRICS.iter().any(|kind| kind.id == it.metric && kind.direction == Direction::Neutral);
    let mut found: Vec<&Delta> =
        report.deltas.iter().filter(differs).filter(|it| it.service.is_none() || !neutral(it)).collect();
    found.sort_by_key(|it| ["worse", "better", ""].iter().position(|word| *word == judged(it)));
    found
}

fn figures(text: &mut String, report: &CheckReport, most: usize) {
    let moved = moved(report);
    if moved.is_empty() || most == 0 {
        return;
    }
    let (whole, own): (Vec<&Delta>, Vec<&Delta>) = moved.into_iter().partition(|it| it.service.is_none());
    table(text, "Figures that moved", &whole, most, true);
    table(text, "By service", &own, most, false);
}

fn table(text: &mut String, title: &str, found: &[&Delta], most: usize, open: bool) {
    if found.is_empty() {
        return;
    }
    if open {
        text.push_str(&format!("#### {title}\n\n"));
    } else {
        text.push_str(&format!("<details><summary>{title}: {}</summary>\n\n", found.len()));
    }
    text.push_str("| metric | before | after | change | |\n| --- | ---: | ---: | ---: | --- |\n");
    for delta in found.iter().take(most) {
        let name = match &delta.service {
            Some(service) => format!("{} of {}", code(&delta.metric), plain(service)),
            None => code(&delta.metric),
        };
        let shown = |it: Option<f64>| it.map_or_else(|| "–".to_owned(), number);
        let change = match (delta.before, delta.after) {
            (Some(before), Some(after)) if after > before => format!("+{}", number(after - before)),
            (Some(before), Some(after)) => format!("−{}", number(before - after)),
            _ => String::new(),
        };
        text.push_str(&format!(
            "| {name} | {} | {} | {change} | {} |\n",
            shown(delta.before),
            shown(delta.after),
            judged(delta)
        ));
    }
    if found.len() > most {
        text.push_str(&format!("| and {} more | | | | |\n", found.len() - most));
    }
    text.push_str(if open { "\n" } else { "\n</details>\n\n" });
}

fn judged(delta: &Delta) -> &'static str {
    let kind = METRICS.iter().find(|it| it.id == delta.metric);
    let (Some(before), Some(after)) = (delta.before, delta.after) else { return "" };
    match kind.map(|it| it.direction) {
        Some(Direction::Lower) if after > before => "worse",
        Some(Direction::Lower) => "better",
        Some(Direction::Higher) if after < before => "worse",
        Some(Direction::Higher) => "better",
        _ => "",
    }
}

/// A figure as people write it: four decimals at most.
pub(super) fn number(value: f64) -> String {
    let text = format!("{value:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// The seams that changed, as a flowchart: red where more crosses now, green where less does.
fn diagram(text: &mut String, report: &CheckReport) {
    let mut changed: Vec<&SeamChange> = report.seams.iter().filter(|it| it.changed()).collect();
    if changed.is_empty() {
        return;
    }
    let weight = |it: &SeamChange| it.counts.iter().map(|it| it.1.abs_diff(it.2)).sum::<u32>();
    changed.sort_by_key(|it| (std::cmp::Reverse(weight(it)), &it.from, &it.to));
    let all = changed.len();
    changed.truncate(MAX_SEAMS);
    text.push_str("#### Seams that changed\n\n```mermaid\nflowchart LR\n");
    let mut names: Vec<&str> = changed.iter().flat_map(|it| [it.from.as_str(), it.to.as_str()]).collect();
    names.sort_unstable();
    names.dedup();
    for (at, name) in names.iter().enumerate() {
        text.push_str(&format!("  s{at}[\"{}\"]\n", label(name)));
    }
    let id = |name: &str| names.iter().position(|it| *it == name).unwrap_or_default();
    let (mut worse, mut better) = (Vec::new(), Vec::new());
    for (at, seam) in changed.iter().enumerate() {
        let mut parts: Vec<String> = Vec::new();
        let mut sum = 0_i64;
        for (rule, before, after) in seam.counts.iter().filter(|it| it.1 != it.2) {
            let step = i64::from(*after) - i64::from(*before);
            sum += step;
            parts.push(format!(
                "{}{} {}",
                if step > 0 { "+" } else { "−" },
                step.abs(),
                noun(rule, step.unsigned_abs())
            ));
        }
        text.push_str(&format!("  s{} -->|\"{}\"| s{}\n", id(&seam.from), label(&parts.join("<br/>")), id(&seam.to)));
        if seam.counts.iter().any(|it| it.2 > it.1) || sum > 0 { worse.push(at) } else { better.push(at) }
    }
    for (edges, color) in [(worse, "#d1242f"), (better, "#1a7f37")] {
        if !edges.is_empty() {
            let edges: Vec<String> = edges.iter().map(usize::to_string).collect();
            text.push_str(&format!("  linkStyle {} stroke:{color},stroke-width:2px\n", edges.join(",")));
        }
    }
    text.push_str("```\n\n");
    if all > changed.len() {
        text.push_str(&format!("The {} seams that changed most of {all} are drawn.\n\n", changed.len()));
    }
}

/// `call` or `calls` of `cross-boundary-call`.
fn noun(rule: &str, number: u64) -> String {
    let word = match rule {
        "foreign-store-read" => "read",
        "foreign-store-write" => "write",
        _ => rule.trim_start_matches("cross-boundary-").trim_start_matches("contract-no-").trim_end_matches("-across"),
    };
    let word = word.replace('-', " ");
    if number == 1 { word } else { format!("{word}s") }
}

/// Label of a Mermaid node or edge; only our own line breaks stay markup.
fn label(text: &str) -> String {
    let safe = |part: &str| -> String {
        shortened(part, 80)
            .chars()
            .map(|it| {
                if it.is_alphanumeric() || " -_./:+−…".contains(it) {
                    it.to_string()
                } else {
                    format!("#{};", it as u32)
                }
            })
            .collect()
    };
    text.split("<br/>").map(safe).collect::<Vec<_>>().join("<br/>")
}

/// Text that Markdown shows as it stands, in one line.
fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '\n' | '\r' | '\t' => shown.push(' '),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '&' => shown.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' => {
                shown.push('\\');
                shown.push(it);
            }
            // An at sign would call someone, a number sign link an issue.
            '@' => shown.push_str("&#64;"),
            '#' => shown.push_str("&#35;"),
            _ if it.is_control() => shown.push('\u{fffd}'),
            _ => shown.push(it),
        }
    }
    shown
}

/// Code in one line. What could end it, or open something else, stands as text inside an element.
fn code(text: &str) -> String {
    let is_odd = |it: char| it.is_control() || "`<>&|@\\".contains(it);
    if text.contains(is_odd) || text.starts_with(' ') || text.ends_with(' ') || text.is_empty() {
        return format!("<code>{}</code>", plain(text));
    }
    format!("`{text}`")
}
