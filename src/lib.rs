//! Seamline reads a monolith's checkout and says where it wants to split.
//!
//! Data flows one way: `Project -> FileFacts -> SystemGraph -> Partition -> Plan -> Report -> Artifact`.
//! [`read`] runs the first half, [`analyze`] the whole pipeline; each stage is one function of its own module.

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
use crate::extract::ExtractOptions;
use crate::frontend::FRONTENDS;
use crate::model::diagnostic::Diagnostic;
use crate::model::graph::SystemGraph;
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
}

/// Reads a project into its graph.
pub fn read(request: &Request<'_>) -> Result<System, DiscoverError> {
    let options = DiscoverOptions { exclude: request.settings.exclude.clone(), ..DiscoverOptions::default() };
    let (project, tree) = match &request.revision {
        Some(revision) => discover::at_revision(&request.path, revision, &options)?,
        None => discover::discover(&request.path, &options)?,
    };
    let (rules, mut diagnostics) = frontend::rules::load(FRONTENDS, &request.queries);
    let (facts, found) = extract::extract(&project, &tree, &rules, &request.extract);
    diagnostics.extend(project.diagnostics.iter().cloned());
    diagnostics.extend(found);
    let (graph, found) = link::link(&project, &facts, &rules, &frontend::sql::Reader);
    diagnostics.extend(found);
    diagnostics.sort();
    diagnostics.dedup();
    Ok(System { project, graph, rules, diagnostics })
}

/// Runs the whole pipeline: what the system is, where it wants to split, and how to get there.
pub fn analyze(request: &Request<'_>) -> Result<Report, DiscoverError> {
    let system = read(request)?;
    Ok(advise(system, &request.settings))
}

/// The second half of the pipeline: boundaries and plan for a system that was read.
pub fn advise(system: System, settings: &Settings) -> Report {
    let System { graph, mut diagnostics, .. } = system;
    let (partition, found) = partition::partition(&graph, settings);
    diagnostics.extend(found);
    let (plan, found) = plan::plan(&graph, &partition, &settings.plan);
    diagnostics.extend(found);
    diagnostics.sort();
    diagnostics.dedup();
    Report { graph, partition, plan, diagnostics }
}
