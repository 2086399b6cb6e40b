//! Annotations of GitHub's workflow commands. Ten of a type are shown per step, so findings of one rule between the same
//! two services stand together, errors first, the largest groups first, and the last line says how many are left.

use std::collections::BTreeMap;

use crate::model::check::{CheckReport, Finding, Level, Spot, Status};
use crate::render::check::{CheckFormat, first_site, shortened};

/// GitHub annotations.
pub struct Annotations;

/// Most annotations of a type that are shown per step.
pub const MAX_OF_A_TYPE: usize = 10;
/// Longest message, in characters.
const MAX_MESSAGE: usize = 3_000;

impl CheckFormat for Annotations {
    fn format(&self) -> &'static str {
        "github"
    }

    fn summary(&self) -> &'static str {
        "GitHub annotations, ten of a type at most"
    }

    fn render(&self, report: &CheckReport) -> String {
        let mut text = String::new();
        for (level, command) in [(Level::Error, "error"), (Level::Warning, "warning"), (Level::Note, "notice")] {
            let found: Vec<&Finding> = report.with(Status::New).filter(|it| it.level == level).collect();
            let groups = grouped(&found);
            let shown = if groups.len() > MAX_OF_A_TYPE { MAX_OF_A_TYPE - 1 } else { groups.len() };
            for group in &groups[..shown] {
                text.push_str(&annotation(command, group));
            }
            let left: usize = groups[shown..].iter().map(Vec::len).sum();
            if left > 0 {
                let words = format!("{left} more findings of {} in all; the summary of the step has them", found.len());
                text.push_str(&format!("::{command} title=seamline::{}\n", message(&words)));
            }
        }
        text
    }
}

/// Each finding by itself where that fits, else those of a rule between the same services together.
fn grouped<'f>(found: &[&'f Finding]) -> Vec<Vec<&'f Finding>> {
    if found.len() <= MAX_OF_A_TYPE {
        return found.iter().map(|it| vec![*it]).collect();
    }
    let mut groups: BTreeMap<(&str, &[String]), Vec<&Finding>> = BTreeMap::new();
    for finding in found {
        groups.entry((&finding.key.rule, &finding.services)).or_default().push(finding);
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    groups.sort_by_key(|it| std::cmp::Reverse(it.len()));
    groups
}

fn annotation(command: &str, group: &[&Finding]) -> String {
    let Some(first) = group.first() else { return String::new() };
    let site = first_site(first);
    let title = match group.len() {
        1 => format!("seamline {}", first.key.rule),
        many => format!("seamline {} ({many})", first.key.rule),
    };
    let mut lines: Vec<String> = Vec::new();
    for finding in group.iter().take(20) {
        let places: Vec<String> = finding.sites.iter().take(3).map(Spot::place).collect();
        lines.push(format!("{} ({})", finding.message, places.join(", ")));
    }
    if group.len() > lines.len() {
        lines.push(format!("and {} more", group.len() - lines.len()));
    }
    let text = shortened(&lines.join("\n"), MAX_MESSAGE);
    format!(
        "::{command} file={},line={},title={}::{}\n",
        property(&site.path),
        site.line,
        property(&title),
        message(&text)
    )
}

/// Text after the second `::`.
fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Value of a property.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
