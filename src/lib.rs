//! Seamline reads a monolith's checkout and says where it wants to split.
//!
//! Data flows one way: `Project -> FileFacts -> SystemGraph -> Partition -> Plan -> Report -> Artifact`.
//! [`read`] runs the first half, [`analyze`] the whole pipeline; each stage is one function of its own module.

#![warn(clippy::expect_used, clippy::panic)]

pub mod cli;
pub mod config;
pub mod discover;
pub mod extract;
pub mod frontend;
pub mod link;
pub mod measure;
pub mod model;
pub mod partition;
pub mod plan;
pub mod render;
pub mod scaffold;
pub mod track;

use std::path::PathBuf;

use crate::config::Settings;
use crate::discover::{DiscoverError, DiscoverOptions};
use crate::extract::{ExtractOptions, Fingerprint};
use crate::frontend::FRONTENDS;
use crate::model::diagnostic::Diagnostic;
use crate::model::graph::SystemGraph;
use crate::model::partition::Partition;
use crate::model::plan::Plan;
use crate::model::report::Report;
use crate::model::rule::RuleSet;
use crate::model::source::Project;

/// What to read and how.
#[derive(Clone, Default)]
pub struct Request<'a> {
    /// Folder of the checkout, or of a repository when `revision` is given.
    pub path: PathBuf,
    /// Git revision to read instead of the working tree.
    pub revision: Option<String>,
    /// The user's own pattern files as `(path, text)`.
    pub queries: Vec<(String, String)>,
    pub settings: Settings,
    pub extract: ExtractOptions<'a>,
}

/// The first half of the pipeline: what the system is.
pub struct System {
    pub project: Project,
    pub graph: SystemGraph,
    pub rules: RuleSet,
    pub diagnostics: Vec<Diagnostic>,
    /// What all of this rests on; none where nothing is kept between runs.
    pub fingerprint: Option<Fingerprint>,
}

/// Reads a project into its graph.
pub fn read(request: &Request<'_>) -> Result<System, DiscoverError> {
    let options = DiscoverOptions { exclude: request.settings.exclude.clone(), ..DiscoverOptions::default() };
    let listed = || match &request.revision {
        Some(revision) => discover::at_revision(&request.path, revision, &options),
        None => discover::discover(&request.path, &options),
    };
    let (listed, (rules, mut diagnostics)) = rayon::join(listed, || frontend::rules::load(FRONTENDS, &request.queries));
    let (project, tree) = listed?;
    diagnostics.extend(project.diagnostics.iter().cloned());
    let fingerprint = extract::fingerprint(&project, &tree, &rules, &request.extract);
    let kept = fingerprint.and_then(|it| extract::recall(&request.extract, &it));
    let (mut graph, found): (SystemGraph, Vec<Diagnostic>) = if let Some(kept) = kept {
        kept
    } else {
        let (facts, mut found) = extract::extract(&project, &tree, &rules, &request.extract);
        let (graph, more) = link::link(&project, &facts, &rules, &frontend::sql::Reader);
        // Thousands of files are given back beside what comes next.
        rayon::spawn(move || drop(facts));
        // What is said of the cache is said of this run.
        let (about_cache, mut kept): (Vec<_>, Vec<_>) = found.drain(..).partition(|it| it.code == "cache");
        diagnostics.extend(about_cache);
        kept.extend(more);
        let result = (graph, kept);
        if let Some(fingerprint) = &fingerprint {
            extract::remember(&request.extract, fingerprint, &result);
        }
        result
    };
    graph.name.clone_from(&project.name);
    graph.revision.clone_from(&project.revision);
    diagnostics.extend(found);
    diagnostics.sort();
    diagnostics.dedup();
    Ok(System { project, graph, rules, diagnostics, fingerprint })
}

/// Runs the whole pipeline: what the system is, where it wants to split, and how to get there.
pub fn analyze(request: &Request<'_>) -> Result<Report, DiscoverError> {
    let system = read(request)?;
    let settings = serde_json::to_vec(&request.settings).unwrap_or_default();
    let Some(fingerprint) = system.fingerprint.map(|it| it.and(&settings)) else {
        return Ok(advise(system, &request.settings));
    };
    let kept: Option<Advice> = extract::recall(&request.extract, &fingerprint);
    let (partition, plan, found) = if let Some(advice) = kept {
        advice
    } else {
        let advice = boundaries(&system.graph, &request.settings);
        extract::remember(&request.extract, &fingerprint, &advice);
        advice
    };
    Ok(report(system, partition, plan, found))
}

/// The boundaries alone, for who compares two revisions: as `analyze` left them, or found and kept.
pub fn boundaries_of(system: &System, request: &Request<'_>) -> (Partition, Vec<Diagnostic>) {
    let settings = serde_json::to_vec(&request.settings).unwrap_or_default();
    let find = || partition::partition(&system.graph, &request.settings);
    let Some(fingerprint) = system.fingerprint.as_ref() else { return find() };
    let whole: Option<Advice> = extract::recall(&request.extract, &fingerprint.and(&settings));
    if let Some((partition, _, found)) = whole {
        return (partition, found);
    }
    let alone = fingerprint.and(&[b"boundaries", settings.as_slice()].concat());
    if let Some(kept) = extract::recall(&request.extract, &alone) {
        return kept;
    }
    let found = find();
    extract::remember(&request.extract, &alone, &found);
    found
}

/// What the second half of the pipeline finds, with its diagnostics.
type Advice = (Partition, Plan, Vec<Diagnostic>);

/// The second half of the pipeline: boundaries and plan for a system that was read.
pub fn advise(system: System, settings: &Settings) -> Report {
    let (partition, plan, found) = boundaries(&system.graph, settings);
    report(system, partition, plan, found)
}

fn boundaries(graph: &SystemGraph, settings: &Settings) -> Advice {
    let (partition, mut found) = partition::partition(graph, settings);
    let (plan, more) = plan::plan(graph, &partition, &settings.plan);
    found.extend(more);
    (partition, plan, found)
}

fn report(system: System, partition: Partition, plan: Plan, found: Vec<Diagnostic>) -> Report {
    let System { graph, mut diagnostics, .. } = system;
    diagnostics.extend(found);
    diagnostics.sort();
    diagnostics.dedup();
    Report { graph, partition, plan, diagnostics }
}
