//! `JUnit` XML: a suite per rule, a case per finding. New findings fail, waived ones are skipped, known ones pass.

use crate::model::check::{CheckReport, Finding, RULES, Spot, Status};
use crate::render::check::{CheckFormat, first_site, standing};

/// `JUnit` XML.
pub struct JUnit;

impl CheckFormat for JUnit {
    fn format(&self) -> &'static str {
        "junit"
    }

    fn summary(&self) -> &'static str {
        "JUnit XML, for the test tab of a pipeline"
    }

    fn render(&self, report: &CheckReport) -> String {
        let mut suites = String::new();
        let (mut tests, mut failures, mut skipped) = (0, 0, 0);
        for rule in RULES {
            let found: Vec<&Finding> = standing(report).filter(|it| it.key.rule == rule.id).collect();
            let failing = found.iter().filter(|it| it.fails()).count();
            let waived = found.iter().filter(|it| it.status == Status::Waived).count();
            let cases = found.len().max(1);
            suites.push_str(&format!(
                "  <testsuite name=\"{}\" tests=\"{cases}\" failures=\"{failing}\" errors=\"0\" skipped=\"{waived}\" time=\"0\">\n",
                rule.id
            ));
            if found.is_empty() {
                suites.push_str(&format!(
                    "    <testcase name=\"{}\" classname=\"seamline.{}\" time=\"0\"/>\n",
                    attribute(rule.summary),
                    rule.id
                ));
            }
            found.iter().for_each(|it| case(&mut suites, it));
            suites.push_str("  </testsuite>\n");
            tests += cases;
            failures += failing;
            skipped += waived;
        }
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"seamline\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\" time=\"0\">\n{suites}</testsuites>\n"
        )
    }
}

fn case(text: &mut String, finding: &Finding) {
    let key = &finding.key;
    let name: Vec<&str> =
        [&key.source, &key.target, &key.object].into_iter().map(String::as_str).filter(|it| !it.is_empty()).collect();
    let site = first_site(finding);
    text.push_str(&format!(
        "    <testcase name=\"{}\" classname=\"seamline.{}\" file=\"{}\" line=\"{}\" time=\"0\">",
        attribute(&name.join(" ")),
        key.rule,
        attribute(&site.path),
        site.line
    ));
    match (finding.fails(), &finding.waiver) {
        (true, _) => {
            let mut places: Vec<String> = finding.sites.iter().map(Spot::place).collect();
            places.extend(finding.path.iter().map(|it| format!("{}: {}", it.place(), it.text)));
            text.push_str(&format!(
                "\n      <failure message=\"{}\" type=\"{}\">{}</failure>\n    </testcase>\n",
                attribute(&finding.message),
                finding.level.word(),
                content(&places.join("\n"))
            ));
        }
        (false, Some((reason, link, day))) if finding.status == Status::Waived => {
            let words = format!("waived until {day}: {reason} {link}");
            text.push_str(&format!("\n      <skipped message=\"{}\"/>\n    </testcase>\n", attribute(&words)));
        }
        _ => text.push_str("</testcase>\n"),
    }
}

/// Text of an attribute; what XML 1.0 does not know at all becomes a question mark.
fn attribute(text: &str) -> String {
    content(text).replace('"', "&quot;").replace('\n', "&#10;").replace('\t', "&#9;")
}

fn content(text: &str) -> String {
    let known = |it: char| matches!(it, '\t' | '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    let text: String = text.replace('\r', "\n").chars().map(|it| if known(it) { it } else { '?' }).collect();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
