//! The figures that both the terminal's summary and the document open with.

use std::collections::{BTreeMap, BTreeSet};

use crate::measure::cuts::{CutFigures, MOST_FAN_OUT, MOST_FOREIGN, cut_figures, foreign_share};
use crate::measure::system::crossings;
use crate::model::diagnostic::Severity;
use crate::model::graph::{Evidence, SystemGraph};
use crate::model::partition::{Partition, Place, ServiceId};
use crate::model::plan::{Plan, ServicePlan, StorePlan, Verdict};
use crate::model::report::Report;
use crate::model::source::Role;
use crate::model::wording::{count, enumerate};

/// What was read, what could not be, and what crosses.
pub(crate) struct Overview {
    /// Production code: language, files, lines; most lines first.
    pub(crate) languages: Vec<(String, u32, u32)>,
    /// Files of other roles, as `12 test files`.
    pub(crate) others: Vec<String>,
    pub(crate) found: Found,
    /// Kind of blind spot and number, most first; those of tests left out, here and below.
    pub(crate) blind_spots: Vec<(String, usize)>,
    /// Places with blind spots; one may miss several stores.
    pub(crate) blind_places: usize,
    /// Share of the sites looked at that were resolved, in percent; `None` where there were no sites.
    pub(crate) resolved: Option<f64>,
    /// Code of a warning or error and number, most first.
    pub(crate) problems: Vec<(String, usize)>,
    pub(crate) crossing: Crossing,
}

/// Why this cut and no other, from the figures that stand side by side; nothing where there are no others, or where the user
/// drew the boundaries.
pub(crate) fn why_this_cut(graph: &SystemGraph, partition: &Partition) -> Vec<String> {
    if partition.alternatives.is_empty() || partition.services.iter().any(|it| it.declared) {
        return Vec::new();
    }
    let own = cut_figures(graph, partition);
    let mut reasons = Vec::new();
    let foreign = foreign_share(graph, partition);
    let mut limits = Vec::new();
    if own.endpoint_fan_out > 0.0 {
        limits.push(format!(
            "the mean endpoint works on the data of {:.2} services (the limit is {MOST_FAN_OUT:.1})",
            own.endpoint_fan_out
        ));
    }
    if own.foreign_accesses > 0 {
        limits.push(format!(
            "{} of what services read and write is another's (the limit is {})",
            percent(foreign),
            percent(MOST_FOREIGN)
        ));
    }
    let beyond = if own.endpoint_fan_out > MOST_FAN_OUT || foreign > MOST_FOREIGN {
        ". That is beyond the limit, and no coarser cut that lies closer together convinces"
    } else {
        ""
    };
    reasons.push(format!(
        "Why this cut and not the cheapest row: the coupling gives this cut; a coarser one is taken only where requests would be put \
         together from too many answers{}{beyond}.",
        if limits.is_empty() { String::new() } else { format!(". Here {}", enumerate(&limits, 2)) }
    ));
    for other in &partition.alternatives {
        reasons.push(against(&own, &cut_figures(graph, other), &other.label));
    }
    reasons
}

/// What one cut costs and saves beside another one.
fn against(own: &CutFigures, other: &CutFigures, label: &str) -> String {
    let (mut saves, mut costs) = (Vec::new(), Vec::new());
    let pairs = [
        (own.cut_calls, other.cut_calls, "cut call"),
        (own.foreign_accesses, other.foreign_accesses, "access"),
        (own.shared_stores, other.shared_stores, "shared store"),
        (own.broken_transactions, other.broken_transactions, "broken transaction"),
        (own.cross_joins, other.cross_joins, "join"),
        (own.cross_foreign_keys, other.cross_foreign_keys, "foreign key"),
    ];
    for (own, other, noun) in pairs {
        let what = |number: usize| {
            let tail = match noun {
                "access" => " to another's data",
                "join" | "foreign key" => " across",
                _ => "",
            };
            format!("{}{tail}", count(number, noun))
        };
        match own.cmp(&other) {
            std::cmp::Ordering::Less => saves.push(what(other - own)),
            std::cmp::Ordering::Greater => costs.push(what(own - other)),
            std::cmp::Ordering::Equal => {}
        }
    }
    let sizes = (percent(own.largest_share), percent(other.largest_share));
    let smaller = sizes.0 != sizes.1 && own.largest_share < other.largest_share;
    let larger = sizes.0 != sizes.1 && !smaller;
    let size = if sizes.0 == sizes.1 {
        format!("the largest has {} of the code in both", sizes.0)
    } else {
        format!("the largest has {} of the code instead of {}", sizes.0, sizes.1)
    };
    let mut differ = Vec::new();
    if !costs.is_empty() {
        differ.push(format!("{} more", enumerate(&costs, 6)));
    }
    if !saves.is_empty() {
        differ.push(format!("{} fewer", enumerate(&saves, 6)));
    }
    let differ = if differ.is_empty() { String::new() } else { format!(", for {}", differ.join(", and ")) };
    let judgment = if own.services > other.services && saves.is_empty() && !costs.is_empty() {
        if smaller {
            ". It is the dearer cut: what it buys are more services and a smaller largest one"
        } else {
            ". By these figures the other cut is better in all but the number of services: take it unless you need more of them"
        }
    } else if own.services < other.services && costs.is_empty() && !saves.is_empty() && !larger {
        ". The finer cut buys nothing but more services"
    } else {
        ""
    };
    format!("Beside {label} ({}): {size}{differ}{judgment}.", count(other.services, "service"))
}

/// Facts of the system itself; those of tests are counted apart.
pub(crate) struct Found {
    pub(crate) accesses: usize,
    pub(crate) accesses_of_tests: usize,
    pub(crate) transactions: usize,
    pub(crate) joins: usize,
    pub(crate) calls: usize,
}

impl Found {
    fn new(graph: &SystemGraph) -> Self {
        let of_system = |symbol, evidence| !graph.is_test(Some(symbol), evidence);
        let accesses = graph.accesses.iter().filter(|it| of_system(it.symbol, it.evidence)).count();
        Self {
            accesses,
            accesses_of_tests: graph.accesses.len() - accesses,
            transactions: graph.counted_transactions().count(),
            joins: graph.counted_joins().count(),
            calls: graph.calls.iter().filter(|it| of_system(it.from, it.evidence)).count(),
        }
    }

    /// `, and 40 accesses in tests`; nothing where there are none.
    pub(crate) fn of_tests(&self) -> String {
        match self.accesses_of_tests {
            0 => String::new(),
            number => format!(", and {} in tests", count(number, "access")),
        }
    }
}

/// Edges between services.
pub(crate) struct Crossing {
    pub(crate) calls: usize,
    pub(crate) accesses: usize,
    pub(crate) joins: usize,
    pub(crate) foreign_keys: usize,
    pub(crate) transactions: usize,
    pub(crate) messages: usize,
}

impl Overview {
    pub(crate) fn new(report: &Report) -> Self {
        let graph = &report.graph;
        let mut languages: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
        let mut roles: BTreeMap<Role, usize> = BTreeMap::new();
        for file in &graph.files {
            if file.role == Role::Production {
                let entry = languages.entry(&file.language).or_default();
                entry.0 += 1;
                entry.1 += file.lines;
            } else {
                *roles.entry(file.role).or_default() += 1;
            }
        }
        let mut languages: Vec<_> =
            languages.into_iter().map(|(name, (files, lines))| (name.to_owned(), files, lines)).collect();
        languages.sort_by_key(|it| (std::cmp::Reverse(it.2), it.0.clone()));
        let blind = graph.counted_blind_spots().map(|it| it.evidence).collect::<BTreeSet<_>>().len();
        let problems =
            report.diagnostics.iter().filter(|it| it.severity >= Severity::Warning).map(|it| it.code.as_str());
        Self {
            languages,
            others: roles.into_iter().map(|(role, number)| count(number, &format!("{} file", role.id()))).collect(),
            found: Found::new(graph),
            blind_spots: tally(graph.counted_blind_spots().map(|it| it.kind.as_str())),
            blind_places: blind,
            resolved: (graph.sites > 0)
                .then(|| 100.0 * (1.0 - blind as f64 / f64::from(graph.sites).max(blind as f64))),
            problems: tally(problems),
            crossing: crossing(report),
        }
    }
}

fn tally<'a>(words: impl Iterator<Item = &'a str>) -> Vec<(String, usize)> {
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    for word in words {
        *numbers.entry(word).or_default() += 1;
    }
    let mut found: Vec<_> = numbers.into_iter().map(|(word, number)| (word.to_owned(), number)).collect();
    found.sort_by_key(|it| (std::cmp::Reverse(it.1), it.0.clone()));
    found
}

/// The same figures as those that stand side by side.
fn crossing(report: &Report) -> Crossing {
    let crossing = crossings(&report.graph, &report.partition);
    let number = |id: &str| crossing.get(id).map_or(0, Vec::len);
    let directions = report.plan.seams.iter().flat_map(|it| [&it.forward, &it.backward]);
    Crossing {
        calls: number("cut_calls"),
        accesses: number("foreign_accesses"),
        joins: number("cross_joins"),
        foreign_keys: number("cross_foreign_keys"),
        transactions: number("cross_transactions"),
        messages: directions.map(|it| it.messages.len()).sum(),
    }
}

impl Crossing {
    /// `12 calls, 3 joins and 1 transaction`; `nothing` where all is zero.
    pub(crate) fn words(&self) -> String {
        let parts: Vec<String> = [
            (self.calls, "call"),
            (self.accesses, "access to another's store"),
            (self.joins, "join"),
            (self.foreign_keys, "foreign key"),
            (self.transactions, "transaction"),
            (self.messages, "message"),
        ]
        .into_iter()
        .filter(|it| it.0 > 0)
        .map(|(number, noun)| match noun.split_once(' ') {
            Some((head, tail)) if head == "access" => format!("{} {tail}", count(number, head)),
            _ => count(number, noun),
        })
        .collect();
        if parts.is_empty() { "nothing".to_owned() } else { enumerate(&parts, 6) }
    }
}

/// `3,214`.
pub(crate) fn thousands(number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `87 %`.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.0} %", (share * 100.0).clamp(0.0, 100.0))
}

/// `97.8 %`: a share is never rounded up to one that was not reached.
pub(crate) fn tenths(percent: f64) -> String {
    format!("{:.1} %", (percent * 10.0 + 1e-9).floor() / 10.0)
}

/// The metric `blind_spot_share`, as `--max-blind-spots` takes it.
pub(crate) fn missing_share(graph: &SystemGraph) -> String {
    format!("{:.1} %", 100.0 * graph.blind_spot_share())
}

/// Where the boundaries come from, if every service is a declared one.
pub(crate) fn declared_words(partition: &Partition) -> Option<&'static str> {
    let all = !partition.services.is_empty() && partition.services.iter().all(|it| it.declared);
    all.then_some("declared in seamline.toml")
}

/// How sure a service is: what was declared is not weighed.
pub(crate) fn sure_words(partition: &Partition, service: &ServicePlan) -> String {
    match partition.services.get(service.service.index()) {
        Some(it) if it.declared => "declared".to_owned(),
        _ => percent(service.confidence),
    }
}

/// Stores that neither move with their service nor are shared or asked for by the edge layer: no service has them.
pub(crate) fn homeless_stores(plan: &Plan) -> Vec<&StorePlan> {
    let elsewhere =
        |it: &&StorePlan| it.verdict != Verdict::MovesWithService && !it.is_shared() && !it.is_asked_by_edge();
    plan.stores.iter().filter(elsewhere).collect()
}

pub(crate) fn service_name(partition: &Partition, service: ServiceId) -> &str {
    partition.services.get(service.index()).map_or("?", |it| it.name.as_str())
}

pub(crate) fn place_name(partition: &Partition, place: Place) -> &str {
    match place {
        Place::Service(service) => service_name(partition, service),
        Place::SharedKernel => "shared kernel",
        Place::EdgeLayer => "edge layer",
        Place::Outside => "nobody",
    }
}

/// Names of the places that touch a store from outside its owner: those that write, and those that only read.
pub(crate) fn outsiders<'a>(partition: &'a Partition, plan: &StorePlan) -> (Vec<&'a str>, Vec<&'a str>) {
    let (mut writers, mut readers) = (Vec::new(), Vec::new());
    for party in plan.parties.iter().filter(|it| it.place != plan.ownership.place) {
        let list = if party.writes.is_empty() { &mut readers } else { &mut writers };
        list.push(place_name(partition, party.place));
    }
    (writers, readers)
}

/// Stores that several touch, the most touched first.
pub(crate) fn shared_stores(plan: &Plan) -> Vec<&StorePlan> {
    let mut shared: Vec<&StorePlan> = plan.stores.iter().filter(|it| it.is_shared()).collect();
    shared.sort_by_key(|it| {
        let services = it.parties.iter().filter(|it| it.place.service().is_some()).count();
        let writers = it.parties.iter().filter(|it| it.place.service().is_some() && !it.writes.is_empty()).count();
        (std::cmp::Reverse(writers.max(1)), std::cmp::Reverse(services), it.store)
    });
    shared
}

/// `a.py:3, b.py:7 and 4 more`, without marks.
pub(crate) fn places(graph: &SystemGraph, sites: &[Evidence], limit: usize) -> String {
    enumerate(&sites.iter().map(|it| graph.place(*it)).collect::<Vec<_>>(), limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1000), "1,000");
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!((tenths(99.68), tenths(100.0)), ("99.6 %".to_owned(), "100.0 %".to_owned()));
        assert_eq!(percent(0.874), "87 %");
        assert_eq!(percent(1.0), "100 %");
    }
}
