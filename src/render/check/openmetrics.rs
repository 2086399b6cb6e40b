//! `OpenMetrics` 1.0 text, for Prometheus' textfile collector and GitLab's metrics report.

use std::collections::BTreeMap;

use crate::measure::system::METRICS;
use crate::model::check::{CheckReport, RULES, Status};
use crate::render::check::CheckFormat;

/// `OpenMetrics` text.
pub struct OpenMetrics;

impl CheckFormat for OpenMetrics {
    fn format(&self) -> &'static str {
        "openmetrics"
    }

    fn summary(&self) -> &'static str {
        "OpenMetrics text: every figure, and findings by rule and status"
    }

    fn render(&self, report: &CheckReport) -> String {
        let figures: Vec<Sample> = report
            .deltas
            .iter()
            .filter_map(|it| Some(Sample { id: &it.metric, service: it.service.as_deref(), value: it.after? }))
            .collect();
        let mut text = families(&figures);
        text.push_str(
            "# TYPE seamline_findings gauge\n# HELP seamline_findings findings of check by rule and status\n",
        );
        let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for rule in RULES {
            for (status, word) in [(Status::New, "new"), (Status::Known, "known"), (Status::Waived, "waived")] {
                let found = report.with(status).filter(|it| it.key.rule == rule.id).count();
                counts.insert((rule.id, word), found);
            }
            counts.insert((rule.id, "gone"), report.gone.iter().filter(|it| it.key.rule == rule.id).count());
        }
        for ((rule, status), count) in counts {
            text.push_str(&format!("seamline_findings{{rule=\"{rule}\",status=\"{status}\"}} {count}\n"));
        }
        text.push_str("# EOF\n");
        text
    }
}

/// One figure to print.
#[derive(Clone, Copy, Debug)]
pub struct Sample<'a> {
    pub id: &'a str,
    pub service: Option<&'a str>,
    pub value: f64,
}

/// A family per metric, without the end mark.
pub fn families(found: &[Sample<'_>]) -> String {
    let mut text = String::new();
    for kind in METRICS {
        let samples: Vec<&Sample<'_>> = found.iter().filter(|it| it.id == kind.id && it.value.is_finite()).collect();
        if samples.is_empty() {
            continue;
        }
        let id = kind.id;
        text.push_str(&format!("# TYPE seamline_{id} gauge\n# HELP seamline_{id} {}\n", escaped(kind.summary)));
        for sample in samples {
            let label = sample.service.map_or_else(String::new, |it| format!("{{service=\"{}\"}}", escaped(it)));
            text.push_str(&format!("seamline_{id}{label} {}\n", sample.value));
        }
    }
    text
}

/// Text of a help line or of a label's value.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_has_one_head_and_labels_are_escaped() {
        let found = [
            Sample { id: "cut_calls", service: None, value: 3.0 },
            Sample { id: "cut_calls", service: Some("a\"b\\c\nd"), value: 2.0 },
        ];
        let text = families(&found);
        assert_eq!(text.matches("# TYPE").count(), 1);
        assert!(text.contains("\nseamline_cut_calls 3\nseamline_cut_calls{service=\"a\\\"b\\\\c\\nd\"} 2\n"), "{text}");
    }
}
