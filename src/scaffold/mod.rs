//! A plan to trees of files: the skeleton of one service, in the monolith's language, that builds and passes its test.
//!
//! What the graph does not show is not made up: handlers answer `501` and name the code they stand for.

mod ddl;
mod go;
mod python;
mod routes;
mod rust;

use heck::ToSnakeCase;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;

use crate::model::graph::{StoreKind, SystemGraph};
use crate::model::partition::{Place, ServiceId};
use crate::model::plan::Seam;
use crate::model::report::{Artifact, Report};

pub use crate::scaffold::routes::Route;

/// A language that skeletons are written in.
pub trait Target: Sync {
    /// Id of the language, as in the graph.
    fn language(&self) -> &'static str;
    /// What it writes, in a line.
    fn summary(&self) -> &'static str;
    /// Templates as `(path in the skeleton, text)`.
    fn templates(&self) -> &'static [(&'static str, &'static str)];
    /// Route parameters as the language's router writes them.
    fn path(&self, route: &Route) -> String;
    /// The function that answers a route, as the language writes names, after the one that answers it today.
    fn handler(&self, name: &str) -> String {
        format!("handle_{}", name.to_snake_case())
    }
}

/// All targets, sorted by language.
pub static TARGETS: &[&dyn Target] = &[&go::Go, &python::Python, &rust::Rust];

/// Why there is no skeleton.
#[derive(Debug, thiserror::Error)]
pub enum ScaffoldError {
    #[error("no service `{name}` is proposed; there are: {known}")]
    NoService { name: String, known: String },
    #[error("no skeleton can be written in `{language}`; there are: {known}")]
    NoTarget { language: String, known: String },
    #[error("the skeleton's template {path} is broken: {reason}")]
    Template { path: String, reason: String },
}

/// Everything a template may say.
#[derive(Debug, Serialize)]
struct Skeleton {
    /// Service's name, lower-case with `-`.
    name: String,
    /// The same as an identifier, with `_`.
    ident: String,
    monolith: String,
    revision: String,
    routes: Vec<RouteView>,
    tables: Vec<String>,
    /// Stores that are no tables: collections, caches.
    other_stores: Vec<String>,
    /// Services that it needs today, each with what for; as the plan has it.
    needs: Vec<String>,
    /// Services that need it.
    needed_by: Vec<String>,
    /// What could not be carried over, one sentence each.
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct RouteView {
    method: String,
    path: String,
    /// Path as the graph has it.
    original: String,
    params: Vec<String>,
    /// Name of the handler function, unique.
    handler: String,
    symbol: String,
    place: String,
}

/// Writes the skeleton of the service called `name`; in the language of most of its code unless another is wanted.
pub fn scaffold(report: &Report, name: &str, language: Option<&str>) -> Result<Vec<Artifact>, ScaffoldError> {
    let graph = &report.graph;
    let service = report.partition.service_ids().find(|it| report.partition.services[it.index()].name == name);
    let Some(service) = service else {
        let known: Vec<&str> = report.partition.services.iter().map(|it| it.name.as_str()).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        return Err(ScaffoldError::NoService { name: name.to_owned(), known });
    };
    let language = language.map_or_else(|| main_language(report, service), str::to_owned);
    let Some(target) = TARGETS.iter().find(|it| it.language() == language) else {
        let known: Vec<&str> = TARGETS.iter().map(|it| it.language()).collect();
        return Err(ScaffoldError::NoTarget { language, known: known.join(", ") });
    };
    let skeleton = skeleton(report, service, *target);
    let mut artifacts = Vec::new();
    for (path, template) in target.templates() {
        artifacts.push(Artifact {
            path: path.replace("SERVICE", &skeleton.ident),
            bytes: filled(path, template, &skeleton)?,
        });
    }
    artifacts.push(Artifact {
        path: "README.md".to_owned(),
        bytes: filled("README.md", include_str!("templates/README.md.j2"), &skeleton)?,
    });
    if !skeleton.tables.is_empty() {
        let ddl = ddl::ddl(graph, &report.partition, service);
        artifacts.push(Artifact { path: "migrations/0001_owned_tables.sql".to_owned(), bytes: ddl.into_bytes() });
    }
    artifacts.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(artifacts)
}

fn filled(path: &str, template: &str, skeleton: &Skeleton) -> Result<Vec<u8>, ScaffoldError> {
    let broken =
        |error: minijinja::Error| ScaffoldError::Template { path: path.to_owned(), reason: format!("{error:#}") };
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    let syntax = minijinja::syntax::SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()
        .map_err(broken)?;
    environment.set_syntax(syntax);
    environment.add_template(path, template).map_err(broken)?;
    let template = environment.get_template(path).map_err(broken)?;
    let text = template.render(minijinja::value::Serde(skeleton)).map_err(broken)?;
    Ok(text.into_bytes())
}

/// The language most of the service's lines are written in.
fn main_language(report: &Report, service: ServiceId) -> String {
    let graph = &report.graph;
    let mut lines: std::collections::BTreeMap<&str, u64> = std::collections::BTreeMap::new();
    for id in graph.symbol_ids() {
        if report.partition.symbol(id) == Place::Service(service) {
            let symbol = graph.symbol(id);
            let language = graph.file(symbol.file).language.as_str();
            *lines.entry(language).or_default() += u64::from(symbol.end_line.saturating_sub(symbol.line) + 1);
        }
    }
    lines
        .into_iter()
        .max_by_key(|(_, lines)| *lines)
        .map_or_else(|| "python".to_owned(), |(language, _)| language.to_owned())
}

fn skeleton(report: &Report, service: ServiceId, target: &dyn Target) -> Skeleton {
    let graph = &report.graph;
    let partition = &report.partition;
    let name = partition.services[service.index()].name.clone();
    let (routes, notes) = routes::routes(report, service, target);
    let mut tables = Vec::new();
    let mut other_stores = Vec::new();
    for id in graph.store_ids().filter(|it| partition.store(*it) == Place::Service(service)) {
        let store = graph.store(id);
        match store.kind {
            StoreKind::Table => tables.push(store.name.clone()),
            _ => other_stores.push(format!("{} ({})", store.name, format!("{:?}", store.kind).to_lowercase())),
        }
    }
    Skeleton {
        ident: identifier(&name),
        name,
        monolith: graph.name.clone(),
        revision: graph.revision.clone().unwrap_or_default(),
        routes: routes.iter().map(|it| view(graph, it, target)).collect(),
        tables,
        other_stores,
        needs: neighbors(report, service, false),
        needed_by: neighbors(report, service, true),
        notes,
    }
}

fn view(graph: &SystemGraph, route: &Route, target: &dyn Target) -> RouteView {
    RouteView {
        method: route.method.clone(),
        path: target.path(route),
        original: route.original.clone(),
        params: route.params.clone(),
        handler: route.handler.clone(),
        symbol: graph.symbol(route.symbol).name.clone(),
        place: graph.place(route.evidence),
    }
}

/// What a service needs of others by the plan's seams, or what they need of it.
fn neighbors(report: &Report, service: ServiceId, incoming: bool) -> Vec<String> {
    let of_seam = |seam: &Seam| {
        let other = match service {
            it if it == seam.first => seam.second,
            it if it == seam.second => seam.first,
            _ => return None,
        };
        let crossing = if (service == seam.first) == incoming { &seam.backward } else { &seam.forward };
        let name = &report.partition.services[other.index()].name;
        crossing.is_need().then(|| format!("{name} ({})", crossing.words()))
    };
    let mut found: Vec<String> = report.plan.seams.iter().filter_map(of_seam).collect();
    found.sort();
    found
}

/// Words that some target's grammar keeps for itself.
const KEYWORDS: &[&str] = &[
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "case",
    "chan",
    "class",
    "const",
    "continue",
    "def",
    "default",
    "defer",
    "del",
    "elif",
    "else",
    "enum",
    "except",
    "false",
    "finally",
    "fn",
    "for",
    "from",
    "func",
    "global",
    "go",
    "if",
    "impl",
    "import",
    "in",
    "interface",
    "is",
    "lambda",
    "let",
    "loop",
    "map",
    "match",
    "mod",
    "move",
    "none",
    "not",
    "or",
    "package",
    "pass",
    "pub",
    "raise",
    "range",
    "ref",
    "return",
    "select",
    "self",
    "static",
    "struct",
    "super",
    "switch",
    "trait",
    "true",
    "try",
    "type",
    "unsafe",
    "use",
    "var",
    "where",
    "while",
    "with",
    "yield",
];

/// A name that every language takes as an identifier.
fn identifier(name: &str) -> String {
    let mut ident: String =
        name.chars().map(|it| if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '_' }).collect();
    if !ident.starts_with(|it: char| it.is_ascii_alphabetic()) {
        ident.insert_str(0, "svc_");
    }
    if KEYWORDS.contains(&ident.as_str()) {
        ident.push('_');
    }
    ident
}
