//! Endpoints of a service as routes that any router accepts: one per method and shape, parameters named alike.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::graph::{Evidence, SymbolId};
use crate::model::partition::{Place, ServiceId};
use crate::model::report::Report;
use crate::scaffold::{Target, identifier};

/// One route of a skeleton.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// `GET`, `POST` .. or `ANY`.
    pub method: String,
    /// Segments; a parameter is `{name}`.
    pub segments: Vec<String>,
    /// Ends in a slash.
    pub is_folder: bool,
    pub params: Vec<String>,
    pub handler: String,
    pub original: String,
    pub symbol: SymbolId,
    pub evidence: Evidence,
}

/// Routes of a service in order, and what could not become one.
pub(crate) fn routes(report: &Report, service: ServiceId, target: &dyn Target) -> (Vec<Route>, Vec<String>) {
    let graph = &report.graph;
    let mut routes: Vec<Route> = Vec::new();
    let mut notes = Vec::new();
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut shapes: BTreeSet<(String, String)> = BTreeSet::new();
    let mut handlers: BTreeSet<String> = BTreeSet::new();
    for endpoint in &graph.endpoints {
        if report.partition.symbol(endpoint.handler) != Place::Service(service) {
            continue;
        }
        let written = format!("{} {}", endpoint.method, endpoint.path);
        let standard = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY"];
        if !standard.contains(&endpoint.method.as_str()) {
            notes.push(format!(
                "{written} ({}) is no plain HTTP route and was left out.",
                graph.place(endpoint.evidence)
            ));
            continue;
        }
        let mut segments = Vec::new();
        let mut params = Vec::new();
        let mut shape = String::new();
        let mut plain = true;
        for segment in endpoint.path.split('/').filter(|it| !it.is_empty()) {
            shape.push('/');
            let name = segment.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
            match name {
                Some(name) if !name.contains(['{', '}']) => {
                    // Routers refuse two names for one place, so the first one counts.
                    let name = names.entry(shape.clone()).or_insert_with(|| identifier(name)).clone();
                    let name = if params.contains(&name) { format!("{name}_{}", params.len() + 1) } else { name };
                    shape.push_str("{}");
                    segments.push(format!("{{{name}}}"));
                    params.push(name);
                }
                _ => {
                    plain &= segment.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_.~@+".contains(&it));
                    shape.push_str(segment);
                    segments.push(segment.to_owned());
                }
            }
        }
        if !plain {
            notes.push(format!(
                "{written} ({}) has a path that is not plain text and was left out.",
                graph.place(endpoint.evidence)
            ));
            continue;
        }
        let is_folder = endpoint.path.len() > 1 && endpoint.path.ends_with('/');
        // The root and health checks belong to the skeleton itself.
        if shape == "/health" || !shapes.insert((endpoint.method.clone(), format!("{shape}{is_folder}"))) {
            continue;
        }
        let symbol = graph.symbol(endpoint.handler);
        let name = symbol.name.rsplit(['.', ':', '/']).next().unwrap_or_default();
        let base = target.handler(name);
        let mut handler = base.clone();
        let mut number = 2;
        while !handlers.insert(handler.clone()) {
            handler = format!("{base}_{number}");
            number += 1;
        }
        routes.push(Route {
            method: endpoint.method.clone(),
            segments,
            is_folder,
            params,
            handler,
            original: endpoint.path.clone(),
            symbol: endpoint.handler,
            evidence: endpoint.evidence,
        });
    }
    // Where some method has a route of its own, `ANY` beside it on the same shape would be refused by some routers.
    let any: BTreeSet<String> = routes.iter().filter(|it| it.method == "ANY").map(Route::shape).collect();
    routes.retain(|it| it.method == "ANY" || !any.contains(&it.shape()));
    (routes, notes)
}

impl Route {
    /// Path with parameters as `{name}`.
    pub fn braces(&self) -> String {
        let end = if self.is_folder { "/" } else { "" };
        format!("/{}{end}", self.segments.join("/"))
    }

    fn shape(&self) -> String {
        let parts: Vec<&str> =
            self.segments.iter().map(|it| if it.starts_with('{') { "{}" } else { it.as_str() }).collect();
        format!("/{}{}", parts.join("/"), self.is_folder)
    }
}
