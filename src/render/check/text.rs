//! The answer for the terminal.

use crate::model::check::{CheckReport, Finding, Spot, Status};
use crate::model::wording::count;
use crate::render::check::CheckFormat;
use crate::render::check::comment::{moved, number};

/// Plain text for people.
pub struct Text;

/// Most lines of what went away or was renamed; the rest is counted.
const MOST_GONE: usize = 20;
/// Most figures of services that are printed one by one.
const MOST_FIGURES: usize = 12;

impl CheckFormat for Text {
    fn format(&self) -> &'static str {
        "text"
    }

    fn summary(&self) -> &'static str {
        "for the terminal"
    }

    fn render(&self, report: &CheckReport) -> String {
        let mut text = String::new();
        for finding in report.with(Status::New) {
            text.push_str(&format!("new {}[{}]: {}", finding.level.word(), finding.key.rule, finding.message));
            text.push_str(&places(finding));
            text.push('\n');
            if finding.path.len() > 3 || finding.key.rule.starts_with("contract-") {
                for step in &finding.path {
                    text.push_str(&format!("    {}: {}\n", step.place(), step.text));
                }
            }
        }
        for finding in report.with(Status::Waived) {
            let (reason, link, day) = finding.waiver.clone().unwrap_or_default();
            text.push_str(&format!("waived {}: {} until {day}: {reason} {link}\n", finding.key.rule, finding.message));
        }
        let moved_on: Vec<_> = report.moved().collect();
        for (finding, from) in moved_on.iter().take(MOST_GONE) {
            text.push_str(&format!("moved {}: {}, was {from}\n", finding.key.rule, finding.message));
        }
        if moved_on.len() > MOST_GONE {
            text.push_str(&format!("moved: {} more\n", moved_on.len() - MOST_GONE));
        }
        for finding in report.gone.iter().take(MOST_GONE) {
            text.push_str(&format!("gone {}: {}{}\n", finding.key.rule, finding.message, entry(finding)));
        }
        if report.gone.len() > MOST_GONE {
            text.push_str(&format!("gone: {} more\n", report.gone.len() - MOST_GONE));
        }
        let moved: Vec<_> = moved(report).into_iter().filter(|it| it.before.is_some() && it.after.is_some()).collect();
        let (whole, own): (Vec<_>, Vec<_>) = moved.into_iter().partition(|it| it.service.is_none());
        for delta in whole.iter().chain(own.iter().take(MOST_FIGURES)) {
            let service = delta.service.as_ref().map_or_else(String::new, |it| format!(" of {it}"));
            let figure = |it: Option<f64>| it.map_or_else(|| "none".to_owned(), number);
            let (before, after) = (figure(delta.before), figure(delta.after));
            text.push_str(&format!("metric {}{service}: {before} -> {after}\n", delta.metric));
        }
        if own.len() > MOST_FIGURES {
            text.push_str(&format!("metric: {} more of services\n", own.len() - MOST_FIGURES));
        }
        for (before, after) in report.renamed.iter().take(MOST_GONE) {
            text.push_str(&format!("renamed {before} -> {after}\n"));
        }
        if report.renamed.len() > MOST_GONE {
            text.push_str(&format!("renamed: {} more\n", report.renamed.len() - MOST_GONE));
        }
        for note in &report.notes {
            text.push_str(&format!("note: {note}\n"));
        }
        let against = match (&report.base, &report.head) {
            (Some(base), Some(head)) => format!(" ({} against {})", short(head), short(base)),
            _ => String::new(),
        };
        text.push_str(&format!(
            "{} new, {} known, {} waived, {} gone{against}; boundaries {}\n",
            report.count(Status::New),
            report.count(Status::Known),
            report.count(Status::Waived),
            report.gone.len(),
            report.boundaries
        ));
        text
    }
}

/// Line of the baseline or of the configuration that still tells of what is gone; what left the code has no place there.
fn entry(finding: &Finding) -> String {
    if finding.path.is_empty() { places(finding) } else { String::new() }
}

fn places(finding: &Finding) -> String {
    let shown: Vec<String> = finding.sites.iter().take(3).map(Spot::place).collect();
    match finding.sites.len() {
        0 => String::new(),
        1..=3 => format!(" ({})", shown.join(", ")),
        many => format!(" ({} and {})", shown.join(", "), count(many - 3, "more site")),
    }
}

/// First ten digits of a commit.
fn short(commit: &str) -> &str {
    commit.get(..10).unwrap_or(commit)
}
