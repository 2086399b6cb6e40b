//! Limits on metrics: ceilings, floors, and ratchets against what was before.

use std::collections::BTreeMap;

use crate::config::{CheckOptions, Threshold};
use crate::measure::system::{METRICS, Metric};
use crate::model::check::{Finding, Key, Level, Status};

/// Figures by metric and service.
pub type Figures = BTreeMap<(String, Option<String>), f64>;

/// Figures of a list of metrics.
pub fn figures(found: &[Metric]) -> Figures {
    found.iter().map(|it| ((it.id.to_owned(), it.service.clone()), it.value)).collect()
}

/// A threshold that names a metric which does not exist.
pub fn unknown_metric(options: &CheckOptions) -> Option<&str> {
    let known = |it: &&Threshold| METRICS.iter().any(|kind| kind.id == it.metric);
    options.thresholds.iter().find(|it| !known(it)).map(|it| it.metric.as_str())
}

/// Figures that a ratchet will be held to: what `--write-baseline` keeps of them.
pub fn ratcheted(options: &CheckOptions, now: &Figures) -> Figures {
    let moving = |it: &&Threshold| it.max_increase.is_some() || it.max_decrease.is_some();
    let kept = |key: &(String, Option<String>)| options.thresholds.iter().filter(moving).any(|it| applies(it, key));
    now.iter().filter(|it| kept(it.0)).map(|(key, value)| (key.clone(), *value)).collect()
}

/// `service = "*"` holds for each service, no service for the whole.
fn applies(threshold: &Threshold, (metric, service): &(String, Option<String>)) -> bool {
    let of = threshold.service.as_deref();
    *metric == threshold.metric && (of == service.as_deref() || of == Some("*") && service.is_some())
}

/// Figures past their limits, sorted by key. `before` is the base revision, or the baseline.
pub fn past_limits(options: &CheckOptions, now: &Figures, before: &Figures) -> Vec<Finding> {
    let mut found = Vec::new();
    for threshold in &options.thresholds {
        for (key, value) in now.iter().filter(|it| applies(threshold, it.0)) {
            let earlier = before.get(key).copied();
            // A hair above is a rounding error, not a rise.
            let above = |limit: f64| *value > limit + 1e-9;
            let below = |limit: f64| *value < limit - 1e-9;
            let rise = |step: f64| earlier.map(|it| it + step).filter(|it| above(*it));
            let fall = |step: f64| earlier.map(|it| it - step).filter(|it| below(*it));
            let was = earlier.map_or_else(String::new, |it| format!(" after {}", number(it)));
            let broken = [
                ("max", threshold.max.filter(|it| above(*it)).map(|it| format!("more than {}", number(it)))),
                ("min", threshold.min.filter(|it| below(*it)).map(|it| format!("less than {}", number(it)))),
                (
                    "max-increase",
                    threshold.max_increase.and_then(rise).map(|it| format!("it may rise to {}", number(it))),
                ),
                (
                    "max-decrease",
                    threshold.max_decrease.and_then(fall).map(|it| format!("it may fall to {}", number(it))),
                ),
            ];
            for (limit, words) in broken {
                let Some(words) = words else { continue };
                let of = key.1.as_ref().map_or_else(String::new, |it| format!(" of {it}"));
                found.push(finding(limit, key, format!("{}{of} is {}{was}: {words}", key.0, number(*value))));
            }
        }
    }
    if let Some(max) = options.max_blind_spots {
        let key = ("blind_spot_share".to_owned(), None);
        if let Some(value) = now.get(&key).filter(|it| **it > max) {
            found.push(finding(
                "max",
                &key,
                format!("blind_spot_share is {}, more than {}", number(*value), number(max)),
            ));
        }
    }
    found.sort_by(|a, b| a.key.cmp(&b.key));
    found.dedup_by(|a, b| a.key == b.key);
    found
}

fn finding(limit: &str, (metric, service): &(String, Option<String>), message: String) -> Finding {
    Finding {
        key: Key {
            rule: "metric-limit".to_owned(),
            source: metric.clone(),
            target: service.clone().unwrap_or_default(),
            object: limit.to_owned(),
        },
        level: Level::Error,
        status: Status::New,
        message,
        sites: Vec::new(),
        path: Vec::new(),
        services: service.iter().cloned().collect(),
        waiver: None,
        moved_from: None,
    }
}

/// A figure as people write it: four decimals at most.
pub fn number(value: f64) -> String {
    let text = format!("{value:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(threshold: Threshold) -> CheckOptions {
        CheckOptions { thresholds: vec![threshold], ..CheckOptions::default() }
    }

    #[test]
    fn ceilings_and_ratchets() {
        let now = Figures::from([
            (("cut_calls".to_owned(), None), 5.0),
            (("cut_calls".to_owned(), Some("a".to_owned())), 3.0),
            (("cut_calls".to_owned(), Some("b".to_owned())), 2.0),
        ]);
        let before = Figures::from([
            (("cut_calls".to_owned(), None), 4.0),
            (("cut_calls".to_owned(), Some("a".to_owned())), 3.0),
            (("cut_calls".to_owned(), Some("b".to_owned())), 1.0),
        ]);
        let threshold = |metric: &str| Threshold { metric: metric.to_owned(), ..Threshold::default() };
        let ceiling = options(Threshold { max: Some(4.0), ..threshold("cut_calls") });
        assert_eq!(past_limits(&ceiling, &now, &before)[0].message, "cut_calls is 5 after 4: more than 4");
        let ratchet =
            options(Threshold { max_increase: Some(0.0), service: Some("*".to_owned()), ..threshold("cut_calls") });
        let found = past_limits(&ratchet, &now, &before);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].message, "cut_calls of b is 2 after 1: it may rise to 1");
        assert_eq!(ratcheted(&ratchet, &now).len(), 2);
        assert!(past_limits(&ratchet, &now, &Figures::new()).is_empty(), "nothing to compare with");
        assert_eq!(unknown_metric(&options(threshold("nonsense"))), Some("nonsense"));
    }

    #[test]
    fn numbers() {
        for (value, text) in [(2.0, "2"), (0.5, "0.5"), (0.333_333, "0.3333"), (-0.000_001, "0")] {
            assert_eq!(number(value), text);
        }
    }
}
