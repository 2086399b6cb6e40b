//! One run of `check`: today's findings against a base revision, a baseline, waivers and limits.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{Settings, Waiver};
use crate::measure::system::metrics;
use crate::model::check::{CheckReport, Delta, Finding, Key, Level, RULES, SeamChange, Spot, Status, rule};
use crate::model::graph::{Confidence, SystemGraph};
use crate::model::partition::Partition;
use crate::track::baseline::Baseline;
use crate::track::boundaries::carry;
use crate::track::contracts::{Unmatched, violations};
use crate::track::cycles::{module_cycles, service_cycles};
use crate::track::findings::{Found, blind_spots, crossings};
use crate::track::identity::{Blobs, Identity, identity};
use crate::track::limits::{Figures, figures, past_limits, ratcheted};

/// The revision compared with, under its own boundaries.
pub struct Base<'a> {
    pub graph: &'a SystemGraph,
    pub partition: &'a Partition,
    pub blobs: &'a Blobs,
}

/// What to check, and against what.
pub struct Question<'a> {
    pub graph: &'a SystemGraph,
    pub blobs: &'a Blobs,
    /// Boundaries of the graph; carried over from the base where there is one.
    pub partition: Option<&'a Partition>,
    pub base: Option<Base<'a>>,
    pub settings: &'a Settings,
    pub baseline: Option<&'a Baseline>,
    /// `2026-12-31`.
    pub today: &'a str,
    /// Path and text of the configuration, for the places of what has none in the code.
    pub config: (&'a str, &'a str),
    /// Path of the baseline.
    pub baseline_path: &'a str,
    /// The settings' services are those that the baseline keeps, not the configuration's.
    pub kept: bool,
    /// Entries of the baseline that no longer occur fail.
    pub strict: bool,
}

/// The answer, and what a new baseline would hold.
pub struct Answer {
    pub report: CheckReport,
    /// Everything that exists today and a baseline can hold.
    pub today: Baseline,
    /// The given baseline without what no longer occurs, with the names of today.
    pub shrunk: Baseline,
    /// Entries of the given baseline that no longer occur and do not fail: told of as gone.
    pub fixed: usize,
    /// Selectors of contracts that select nothing.
    pub unmatched: Vec<Unmatched>,
}

/// Compares. Opens nothing and asks no clock.
pub fn compare(question: &Question<'_>) -> Answer {
    let settings = question.settings;
    let none = Partition::default();
    let (names, carried);
    let declared = !settings.declared.is_empty();
    let (partition, boundaries) = if let Some(base) = &question.base {
        names = identity(base.graph, question.graph, base.blobs, question.blobs);
        carried = carry(base.graph, base.partition, question.graph, settings, &names);
        let words = if question.kept {
            "those that the baseline was written with; what is new is placed by name and use"
        } else if declared {
            "declared; what is not declared is carried over from the base revision by name"
        } else {
            "computed on the base revision and carried over by name"
        };
        (&carried, words)
    } else {
        names = Identity::default();
        let words = if question.kept {
            "those that the baseline was written with"
        } else if declared {
            "declared"
        } else {
            "proposed by this run"
        };
        (question.partition.unwrap_or(&none), words)
    };
    let (mut found, unmatched) = everything(question.graph, partition, settings, &names, question.base.is_some());
    let earlier: Vec<Found> = question
        .base
        .as_ref()
        .map_or_else(Vec::new, |base| everything(base.graph, base.partition, settings, &Identity::default(), true).0);
    let now = figures(&metrics(question.graph, partition));
    let before = match &question.base {
        Some(base) => figures(&metrics(base.graph, base.partition)),
        None => question.baseline.map(|it| it.metrics.clone()).unwrap_or_default(),
    };
    let empty = Baseline::default();
    let baseline = question.baseline.unwrap_or(&empty);
    // What was a guess before and is sure now, or the other way round, is neither new nor gone.
    let guessed_earlier: Vec<Found> = (question.base.as_ref())
        .map_or_else(Vec::new, |base| if_guesses_hold(base.graph, base.partition, &Identity::default()));
    let guessed: Vec<Found> =
        if question.base.is_some() { if_guesses_hold(question.graph, partition, &names) } else { Vec::new() };
    if let Some(base) = &question.base {
        let here: BTreeSet<Key> = found.iter().chain(&guessed).map(|it| it.earlier.clone()).collect();
        let there: BTreeSet<Key> = earlier.iter().chain(&guessed_earlier).map(|it| it.finding.key.clone()).collect();
        let left: BTreeSet<&str> = (question.graph.symbols.iter()).map(|it| names.symbol(&it.name)).collect();
        let removed: BTreeSet<&str> =
            (base.graph.symbols.iter()).map(|it| it.name.as_str()).filter(|it| !left.contains(it)).collect();
        follow_moves(&mut found, &earlier, &here, &there, &removed);
    }
    let earlier_keys: BTreeSet<&Key> = earlier.iter().chain(&guessed_earlier).map(|it| &it.finding.key).collect();
    let levels = |it: &mut Finding| -> bool {
        if let Some(level) = settings.check.levels.get(&it.key.rule) {
            let Some(level) = level.level() else { return false };
            it.level = level;
        }
        true
    };
    let mut findings: Vec<Finding> = Vec::new();
    for it in &found {
        let mut finding = it.finding.clone();
        let holds = rule(&finding.key.rule).is_some_and(|it| it.in_baseline);
        let gated = holds || question.base.is_some();
        let was_there = earlier_keys.contains(&it.earlier)
            || baseline.keys.contains(&finding.key)
            || baseline.keys.contains(&it.earlier);
        if !gated || !levels(&mut finding) {
            continue;
        }
        if was_there {
            finding.status = Status::Known;
        }
        findings.push(finding);
    }
    for mut finding in past_limits(&settings.check, &now, &before) {
        finding.sites = vec![place_of(question.config, &format!("\"{}\"", finding.key.source), question.baseline_path)];
        if levels(&mut finding) {
            findings.push(finding);
        }
    }
    let mut fixed: Vec<Finding> = Vec::new();
    for key in &stale(question, &found, baseline) {
        let mut finding = stale_entry(question, baseline, key);
        if !levels(&mut finding) {
            continue;
        }
        // What is fixed is gone; only where it has to leave the baseline at once is that a finding.
        if finding.level > Level::Note {
            findings.push(finding);
        } else {
            let message = format!("{}: fixed since the baseline was written", spaced(key, 1));
            fixed.push(Finding { key: key.clone(), status: Status::Gone, message, ..finding });
        }
    }
    waive(question, &mut findings);
    let (waiting, rest): (Vec<Finding>, Vec<Finding>) =
        findings.into_iter().partition(|it| it.key.rule == "stale-entry" && it.level == Level::Note);
    findings = rest;
    findings.sort_by(|a, b| {
        (a.status, std::cmp::Reverse(a.level), &a.key).cmp(&(b.status, std::cmp::Reverse(b.level), &b.key))
    });
    let here: BTreeSet<&Key> = found.iter().chain(&guessed).map(|it| &it.earlier).collect();
    let mut gone: Vec<Finding> = earlier
        .iter()
        .filter(|it| !here.contains(&it.finding.key))
        .map(|it| Finding { status: Status::Gone, ..it.finding.clone() })
        .collect();
    gone.retain_mut(|it| levels(it));
    let entries = fixed.len();
    fixed.retain(|it| gone.iter().all(|known| known.key != it.key));
    gone.extend(fixed);
    gone.extend(waiting.into_iter().map(|it| Finding { status: Status::Gone, ..it }));
    gone.sort_by(|a, b| a.key.cmp(&b.key));
    let seams = seams(&found, &earlier, question.base.is_some(), &findings);
    let shrunk = Baseline {
        keys: found
            .iter()
            .filter(|it| baseline.keys.contains(&it.finding.key) || baseline.keys.contains(&it.earlier))
            .map(|it| it.finding.key.clone())
            .collect(),
        metrics: tightened(&baseline.metrics, &now, settings),
        boundaries: if question.kept { baseline.boundaries.clone() } else { BTreeSet::new() },
        lines: BTreeMap::new(),
    };
    let in_baseline = |it: &&Found| rule(&it.finding.key.rule).is_some_and(|it| it.in_baseline);
    let today = Baseline {
        keys: found.iter().filter(in_baseline).map(|it| it.finding.key.clone()).collect(),
        metrics: ratcheted(&settings.check, &now),
        ..Baseline::default()
    };
    let report = CheckReport {
        project: question.graph.name.clone(),
        base: question.base.as_ref().and_then(|it| it.graph.revision.clone()),
        head: question.graph.revision.clone(),
        boundaries: boundaries.to_owned(),
        services: partition.services.iter().map(|it| it.name.clone()).collect(),
        deltas: deltas(&before, &now),
        renamed: renamed(&names),
        gone,
        findings,
        seams,
        notes: Vec::new(),
        links: None,
    };
    Answer { report, today, shrunk, fixed: entries, unmatched }
}

/// Findings of every rule, sorted by key. Where a contract says the same, the contract speaks.
fn everything(
    graph: &SystemGraph,
    partition: &Partition,
    settings: &Settings,
    names: &Identity,
    compared: bool,
) -> (Vec<Found>, Vec<Unmatched>) {
    let (contracts, unmatched) = violations(graph, partition, &settings.contracts, names);
    let said: BTreeSet<(&str, &str)> = contracts
        .iter()
        .filter_map(|it| Some((it.finding.key.rule.strip_prefix("contract-no-")?, it)))
        .map(|(_, it)| (it.finding.key.source.as_str(), it.finding.message.split(" (contract").next().unwrap_or("")))
        .collect();
    let mut found = crossings(graph, partition, names);
    found.retain(|it| {
        !(it.finding.key.rule.starts_with("cross-boundary-")
            && said.contains(&(it.finding.key.source.as_str(), it.finding.message.as_str())))
    });
    found.extend(service_cycles(graph, partition, names));
    if compared {
        found.extend(module_cycles(graph, names));
        found.extend(blind_spots(graph, names));
    }
    found.extend(contracts);
    found.sort_by(|a, b| a.finding.key.cmp(&b.finding.key));
    (found, unmatched)
}

/// What crosses a boundary if every guess is right.
fn if_guesses_hold(graph: &SystemGraph, partition: &Partition, names: &Identity) -> Vec<Found> {
    let mut bold = graph.clone();
    let confidences = bold.accesses.iter_mut().map(|it| &mut it.confidence);
    for confidence in confidences.chain(bold.calls.iter_mut().map(|it| &mut it.confidence)) {
        *confidence = (*confidence).max(Confidence::Likely);
    }
    let mut found = crossings(&bold, partition, names);
    found.extend(service_cycles(&bold, partition, names));
    found
}

/// What moved within its service couples nothing tighter: what is new from one function of a service while the same is gone from
/// another one, or new to one function while it is gone to another one of that service that was `removed`. Each thing gone
/// answers for one new thing, which gets its key, and so is neither new nor gone.
fn follow_moves(
    found: &mut [Found],
    earlier: &[Found],
    here: &BTreeSet<Key>,
    there: &BTreeSet<Key>,
    removed: &BTreeSet<&str>,
) {
    const BY_FUNCTIONS: [&str; 5] = [
        "cross-boundary-call",
        "cross-boundary-join",
        "cross-boundary-transaction",
        "foreign-store-read",
        "foreign-store-write",
    ];
    let mut gone: Vec<&Found> = earlier
        .iter()
        .filter(|it| BY_FUNCTIONS.contains(&it.finding.key.rule.as_str()) && !here.contains(&it.finding.key))
        .collect();
    for it in found.iter_mut().filter(|it| !there.contains(&it.earlier)) {
        let answers = |was: &&Found| {
            let (was, now) = (&was.finding, &it.earlier);
            let of_source = was.key.target == now.target;
            let of_target = was.key.source == now.source && removed.contains(was.key.target.as_str());
            let alike =
                (&was.key.rule, &was.key.object, &was.services) == (&now.rule, &now.object, &it.finding.services);
            alike && (of_source || of_target)
        };
        if let Some(at) = gone.iter().position(answers) {
            let was = &gone.remove(at).finding.key;
            let other = if was.target == it.earlier.target { &was.source } else { &was.target };
            it.finding.moved_from = Some(other.clone());
            it.earlier = was.clone();
        }
    }
}

/// Entries of the baseline that no longer occur.
fn stale(question: &Question<'_>, found: &[Found], baseline: &Baseline) -> Vec<Key> {
    let mut occurring: BTreeSet<&Key> = found.iter().map(|it| &it.finding.key).collect();
    if question.base.is_some() {
        occurring.extend(found.iter().map(|it| &it.earlier));
    }
    baseline.keys.iter().filter(|it| !occurring.contains(it)).cloned().collect()
}

/// An entry of the baseline that no longer occurs, with its own line.
fn stale_entry(question: &Question<'_>, baseline: &Baseline, key: &Key) -> Finding {
    let line = baseline.lines.get(key).copied().unwrap_or(1);
    Finding {
        key: Key {
            rule: "stale-entry".to_owned(),
            source: key.source.clone(),
            target: key.target.clone(),
            object: join(&[&key.rule, &key.object]),
        },
        level: if question.strict { Level::Error } else { Level::Note },
        status: Status::New,
        message: format!("fixed, but still in the baseline: {}", spaced(key, 0)),
        sites: vec![Spot { path: question.baseline_path.to_owned(), line, text: String::new() }],
        path: Vec::new(),
        services: Vec::new(),
        waiver: None,
        moved_from: None,
    }
}

/// Figures of a baseline, moved on where today's are better.
fn tightened(kept: &Figures, now: &Figures, settings: &Settings) -> Figures {
    let wanted = ratcheted(&settings.check, now);
    kept.iter()
        .filter_map(|(key, was)| {
            let today = *wanted.get(key)?;
            let rising = settings.check.thresholds.iter().any(|it| it.metric == key.0 && it.max_increase.is_some());
            Some((key.clone(), if rising { was.min(today) } else { was.max(today) }))
        })
        .collect()
}

/// Marks what waivers accept, and reports waivers that are past their day or accept nothing.
fn waive(question: &Question<'_>, findings: &mut Vec<Finding>) {
    let mut more = Vec::new();
    for waiver in &question.settings.waivers {
        let glob = crate::config::NameGlob::new(squeezed(&waiver.key));
        let expired = waiver.expires.as_str() < question.today;
        let mut used = false;
        for finding in findings.iter_mut() {
            if !glob.matches(&squeezed(&finding.key.text())) {
                continue;
            }
            used = true;
            if !expired && finding.status == Status::New {
                finding.status = Status::Waived;
            }
            finding.waiver = Some((waiver.reason.clone(), waiver.link.clone(), waiver.expires.clone()));
        }
        if expired {
            more.push(on_waiver(
                question,
                waiver,
                "expired-waiver",
                Level::Error,
                format!(
                    "the waiver of `{}` expired on {} ({}, {})",
                    squeezed(&waiver.key),
                    waiver.expires,
                    waiver.reason,
                    waiver.link
                ),
            ));
        } else if !used {
            let level = if question.strict { Level::Error } else { Level::Note };
            let message = format!("the waiver of `{}` accepts nothing that occurs", squeezed(&waiver.key));
            more.push(on_waiver(question, waiver, "stale-entry", level, message));
        }
    }
    findings.extend(more);
}

fn on_waiver(question: &Question<'_>, waiver: &Waiver, rule: &str, level: Level, message: String) -> Finding {
    let level = question.settings.check.levels.get(rule).and_then(|it| it.level()).unwrap_or(level);
    Finding {
        key: Key { rule: rule.to_owned(), source: squeezed(&waiver.key), ..Key::default() },
        level,
        status: Status::New,
        message,
        sites: vec![place_of(question.config, &waiver.expires, question.baseline_path)],
        path: Vec::new(),
        services: Vec::new(),
        waiver: Some((waiver.reason.clone(), waiver.link.clone(), waiver.expires.clone())),
        moved_from: None,
    }
}

/// Words of a key with one space between them, so that a copied key survives editors that change tabs.
fn squeezed(key: &str) -> String {
    key.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Words of a key from one of its fields on.
fn spaced(key: &Key, from: usize) -> String {
    squeezed(&key.text().splitn(from + 1, '\t').last().unwrap_or_default().replace('\t', " "))
}

fn join(parts: &[&str]) -> String {
    parts.iter().filter(|it| !it.is_empty()).copied().collect::<Vec<_>>().join(" ")
}

/// Where a text stands in the configuration; else the start of the configuration, or of the baseline.
fn place_of((path, text): (&str, &str), needle: &str, otherwise: &str) -> Spot {
    if path.is_empty() {
        return Spot { path: otherwise.to_owned(), line: 1, text: String::new() };
    }
    let before = text.find(needle).map_or("", |at| &text[..at]);
    Spot { path: path.to_owned(), line: before.matches('\n').count() as u32 + 1, text: String::new() }
}

fn deltas(before: &Figures, now: &Figures) -> Vec<Delta> {
    let keys: BTreeSet<&(String, Option<String>)> = before.keys().chain(now.keys()).collect();
    keys.into_iter()
        .map(|key| Delta {
            metric: key.0.clone(),
            service: key.1.clone(),
            before: before.get(key).copied(),
            after: now.get(key).copied(),
        })
        .collect()
}

fn renamed(names: &Identity) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = [&names.modules, &names.symbols, &names.stores]
        .into_iter()
        .flatten()
        .map(|(now, earlier)| (earlier.clone(), now.clone()))
        .collect();
    all.sort();
    all.dedup();
    all
}

/// What crosses between each two services by rule. Without a base revision what is known counts as before.
fn seams(found: &[Found], earlier: &[Found], compared: bool, findings: &[Finding]) -> Vec<SeamChange> {
    let crossing = |it: &&Finding| {
        ["cross-boundary-", "foreign-store-", "contract-no-"].iter().any(|start| it.key.rule.starts_with(start))
    };
    let mut counts: BTreeMap<(String, String), BTreeMap<String, (u32, u32)>> = BTreeMap::new();
    let mut count = |finding: &Finding, before: u32, after: u32| {
        let Some((from, others)) = finding.services.split_first() else { return };
        for to in others {
            let of = counts.entry((from.clone(), to.clone())).or_default().entry(finding.key.rule.clone()).or_default();
            of.0 += before;
            of.1 += after;
        }
    };
    if compared {
        earlier.iter().map(|it| &it.finding).filter(crossing).for_each(|it| count(it, 1, 0));
        found.iter().map(|it| &it.finding).filter(crossing).for_each(|it| count(it, 0, 1));
    } else {
        findings.iter().filter(crossing).for_each(|it| count(it, u32::from(it.status != Status::New), 1));
    }
    counts
        .into_iter()
        .map(|((from, to), counts)| SeamChange {
            from,
            to,
            counts: counts.into_iter().map(|(rule, (before, after))| (rule, before, after)).collect(),
        })
        .collect()
}

/// A rule that `[check.levels]` names and that does not exist.
pub fn unknown_rule(settings: &Settings) -> Option<&str> {
    settings.check.levels.keys().find(|it| RULES.iter().all(|rule| rule.id != it.as_str())).map(String::as_str)
}
