//! One service: what it owns, which lines move, who needs it and whom it needs.

use std::collections::{BTreeMap, BTreeSet};

use crate::measure::size::own_lines;
use crate::model::graph::{Evidence, FileId, ModuleId, SymbolId, SymbolKind};
use crate::model::partition::{Place, ServiceId};
use crate::model::plan::{
    Doubt, ExternalPackage, FileMove, KernelModule, LineRange, Ownership, Saga, ServicePlan, ServicePrefix,
    SharedPrefix,
};
use crate::model::source::Role;
use crate::plan::seams::Crossings;
use crate::plan::survey::{Survey, unique};

/// Below this confidence a placement is worth a look.
const DOUBT: f64 = 0.5;

/// Facts of every service; the phases are filled later.
pub(super) fn services(
    survey: &Survey,
    owners: &[Ownership],
    crossings: &Crossings,
    sagas: &[Saga],
) -> Vec<ServicePlan> {
    let moves = moves(survey);
    let prefixes = prefixes(survey);
    let tests = tests(survey);
    let lines = own_lines(survey.graph);
    survey
        .partition
        .service_ids()
        .map(|service| service_plan(survey, service, owners, crossings, sagas, &moves, &prefixes, &tests, &lines))
        .collect()
}

fn service_plan(
    survey: &Survey,
    service: ServiceId,
    owners: &[Ownership],
    crossings: &Crossings,
    sagas: &[Saga],
    moves: &BTreeMap<ServiceId, Vec<FileMove>>,
    prefixes: &BTreeMap<String, BTreeMap<Place, Vec<u32>>>,
    tests: &BTreeMap<ServiceId, BTreeSet<SymbolId>>,
    lines: &[u32],
) -> ServicePlan {
    let graph = survey.graph;
    let place = Place::Service(service);
    let moves = moves.get(&service).cloned().unwrap_or_default();
    let members: Vec<SymbolId> =
        graph.symbol_ids().filter(|it| survey.partition.symbol(*it) == place && survey.is_production(*it)).collect();
    let of_kind =
        |kinds: &[SymbolKind]| members.iter().filter(|it| kinds.contains(&graph.symbol(**it).kind)).count() as u32;
    let files: BTreeSet<FileId> = moves.iter().map(|it| it.file).collect();
    let partial: BTreeSet<FileId> = moves.iter().filter(|it| !it.whole).map(|it| it.file).collect();
    let mut packages: BTreeMap<&str, Vec<Evidence>> = BTreeMap::new();
    for import in graph.imports.iter().filter(|it| it.to.is_none() && files.contains(&it.evidence.file)) {
        packages.entry(&import.target).or_default().push(import.evidence);
    }
    let endpoints: Vec<u32> = (0..graph.endpoints.len() as u32)
        .filter(|it| survey.partition.symbol(graph.endpoints[*it as usize].handler) == place)
        .collect();
    let mut doubts: Vec<Doubt> = members
        .iter()
        .filter_map(|symbol| {
            let placement = survey.partition.symbols.get(symbol.index())?;
            let (runner_up, share) = placement.runner_up?;
            (placement.confidence < DOUBT).then_some(Doubt {
                symbol: *symbol,
                confidence: placement.confidence,
                runner_up,
                share,
            })
        })
        .collect();
    doubts.sort_by(|a, b| a.confidence.total_cmp(&b.confidence).then(a.symbol.cmp(&b.symbol)));
    ServicePlan {
        service,
        stores: graph
            .store_ids()
            .filter(|it| owners[it.index()].place == place && !survey.store_sites(*it).is_empty())
            .collect(),
        foreign_stores: graph
            .store_ids()
            .filter(|it| owners[it.index()].place != place && survey.uses[it.index()].contains_key(&place))
            .collect(),
        prefixes: prefixes
            .iter()
            .filter_map(|(prefix, places)| {
                Some(ServicePrefix {
                    prefix: prefix.clone(),
                    endpoints: places.get(&place)?.clone(),
                    shared_with: places.keys().copied().filter(|it| *it != place).collect(),
                })
            })
            .collect(),
        endpoints,
        lines: members.iter().map(|it| lines[it.index()]).sum(),
        functions: of_kind(&[SymbolKind::Function, SymbolKind::Method]),
        types: of_kind(&[SymbolKind::Type, SymbolKind::Interface]),
        packages: packages
            .into_iter()
            .map(|(name, sites)| ExternalPackage {
                name: name.to_owned(),
                declared: is_declared(survey, name),
                perhaps: sites.iter().all(|it| partial.contains(&it.file)),
                sites: unique(sites),
            })
            .collect(),
        confidence: survey.partition.services[service.index()].confidence,
        fan_in: unique(
            crossings.iter().filter(|((_, to), it)| *to == service && it.is_need()).map(|((from, _), _)| *from),
        ),
        fan_out: unique(
            crossings.iter().filter(|((from, _), it)| *from == service && it.is_need()).map(|((_, to), _)| *to),
        ),
        sagas: (0..sagas.len() as u32)
            .filter(|it| {
                sagas[*it as usize].writers.contains(&service) || sagas[*it as usize].readers.contains(&service)
            })
            .collect(),
        tests: tests.get(&service).into_iter().flatten().copied().collect(),
        doubts,
        blind_spots: (0..graph.blind_spots.len() as u32)
            .filter(|it| graph.blind_spots[*it as usize].symbol.is_some_and(|it| survey.partition.symbol(it) == place))
            .collect(),
        moves,
        phases: Vec::new(),
    }
}

/// Which lines of which file go to which service.
fn moves(survey: &Survey) -> BTreeMap<ServiceId, Vec<FileMove>> {
    let graph = survey.graph;
    let mut by_file: BTreeMap<FileId, Vec<SymbolId>> = BTreeMap::new();
    for symbol in graph.symbol_ids().filter(|it| survey.is_production(*it)) {
        let it = graph.symbol(symbol);
        if it.kind != SymbolKind::Module && matches!(graph.file(it.file).role, Role::Production | Role::Generated) {
            by_file.entry(it.file).or_default().push(symbol);
        }
    }
    let mut found: BTreeMap<ServiceId, Vec<FileMove>> = BTreeMap::new();
    for (file, symbols) in by_file {
        let runs = runs(survey, &symbols);
        let places: BTreeSet<Place> = runs.iter().map(|it| it.0).collect();
        if let ([Place::Service(only)], lines @ 1..) =
            (places.iter().copied().collect::<Vec<_>>().as_slice(), graph.file(file).lines)
        {
            let range = LineRange { first: 1, last: lines, symbols };
            found.entry(*only).or_default().push(FileMove { file, whole: true, ranges: vec![range] });
            continue;
        }
        let mut ranges: BTreeMap<ServiceId, Vec<LineRange>> = BTreeMap::new();
        for (place, range) in runs {
            if let Place::Service(service) = place {
                ranges.entry(service).or_default().push(range);
            }
        }
        for (service, ranges) in ranges {
            found.entry(service).or_default().push(FileMove { file, whole: false, ranges });
        }
    }
    found
}

/// Runs of lines whose innermost symbols go to one place. Lines of no symbol count only between lines of the same place.
fn runs(survey: &Survey, symbols: &[SymbolId]) -> Vec<(Place, LineRange)> {
    let graph = survey.graph;
    let mut outermost_first: Vec<SymbolId> = symbols.to_vec();
    outermost_first.sort_by_key(|it| {
        let symbol = graph.symbol(*it);
        (std::cmp::Reverse(symbol.end_line.saturating_sub(symbol.line)), symbol.line, *it)
    });
    let mut innermost: BTreeMap<u32, SymbolId> = BTreeMap::new();
    for symbol in outermost_first {
        let it = graph.symbol(symbol);
        for line in it.line..=it.end_line.max(it.line) {
            innermost.insert(line, symbol);
        }
    }
    let mut runs: Vec<(Place, LineRange)> = Vec::new();
    for (line, symbol) in innermost {
        let place = survey.partition.symbol(symbol);
        match runs.last_mut() {
            Some((known, range)) if *known == place => {
                range.last = line;
                if !range.symbols.contains(&symbol) {
                    range.symbols.push(symbol);
                }
            }
            _ => runs.push((place, LineRange { first: line, last: line, symbols: vec![symbol] })),
        }
    }
    runs
}

/// Endpoints by what their paths begin with, and by who serves them. Where one place serves all of a prefix, it is as long as
/// their paths agree: the shorter it is, the more it would take of others.
fn prefixes(survey: &Survey) -> BTreeMap<String, BTreeMap<Place, Vec<u32>>> {
    let mut found: BTreeMap<String, BTreeMap<Place, Vec<u32>>> = BTreeMap::new();
    for (short, places) in by_first_part(survey) {
        let prefix = match places.values().next() {
            Some(endpoints) if places.len() == 1 => {
                let paths: Vec<&str> =
                    endpoints.iter().map(|it| survey.graph.endpoints[*it as usize].path.as_str()).collect();
                common(&short, &paths)
            }
            _ => short,
        };
        for (place, endpoints) in places {
            found.entry(prefix.clone()).or_default().entry(place).or_default().extend(endpoints);
        }
    }
    found
}

/// What all paths begin with, by whole parts that are no parameters; at least `short`.
fn common(short: &str, paths: &[&str]) -> String {
    let parts = |path: &'_ str| -> Vec<String> {
        path.split('/').filter(|it| !it.is_empty()).take_while(|it| !is_variable(it)).map(str::to_owned).collect()
    };
    let mut agreed: Option<Vec<String>> = None;
    for path in paths {
        let own = parts(path);
        agreed = Some(match agreed {
            None => own,
            Some(known) => known.into_iter().zip(own).take_while(|(a, b)| a == b).map(|it| it.0).collect(),
        });
    }
    let long = format!("/{}", agreed.unwrap_or_default().join("/"));
    if long.len() > short.len() && long.starts_with(short) { long } else { short.to_owned() }
}

/// Endpoints by the first telling part of their path, and by who serves them.
fn by_first_part(survey: &Survey) -> BTreeMap<String, BTreeMap<Place, Vec<u32>>> {
    let mut by_prefix: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for (position, endpoint) in survey.graph.endpoints.iter().enumerate() {
        if survey.partition.symbol(endpoint.handler) != Place::Outside {
            by_prefix.entry(prefix(&endpoint.path)).or_default().push(position as u32);
        }
    }
    let mut found: BTreeMap<String, BTreeMap<Place, Vec<u32>>> = BTreeMap::new();
    for (prefix, endpoints) in by_prefix {
        if endpoints.iter().map(|it| endpoint_place(survey, *it)).collect::<BTreeSet<_>>().len() > 1 {
            refine(survey, &prefix, &endpoints, &mut found);
        } else {
            for position in endpoints {
                found
                    .entry(prefix.clone())
                    .or_default()
                    .entry(endpoint_place(survey, position))
                    .or_default()
                    .push(position);
            }
        }
    }
    found
}

/// Where several places serve a prefix, what comes after it may tell them apart.
fn refine(survey: &Survey, prefix: &str, endpoints: &[u32], found: &mut BTreeMap<String, BTreeMap<Place, Vec<u32>>>) {
    let mut longer: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    let mut here = Vec::new();
    for position in endpoints {
        let path = &survey.graph.endpoints[*position as usize].path;
        let rest = path.strip_prefix(prefix).unwrap_or_default().trim_start_matches('/');
        match rest.split('/').next().filter(|it| !it.is_empty() && !is_variable(it)) {
            Some(next) => longer.entry(format!("{}/{next}", prefix.trim_end_matches('/'))).or_default().push(*position),
            None => here.push(*position),
        }
    }
    for position in here {
        found.entry(prefix.to_owned()).or_default().entry(endpoint_place(survey, position)).or_default().push(position);
    }
    for (prefix, endpoints) in longer {
        if endpoints.iter().map(|it| endpoint_place(survey, *it)).collect::<BTreeSet<_>>().len() > 1 {
            refine(survey, &prefix, &endpoints, found);
        } else {
            let places = found.entry(prefix).or_default();
            for position in endpoints {
                places.entry(endpoint_place(survey, position)).or_default().push(position);
            }
        }
    }
}

fn endpoint_place(survey: &Survey, endpoint: u32) -> Place {
    survey.partition.symbol(survey.graph.endpoints[endpoint as usize].handler)
}

fn is_variable(part: &str) -> bool {
    part.starts_with(['{', '*', ':'])
}

/// Whether a manifest of the project names the package, or a package that holds it.
fn is_declared(survey: &Survey, name: &str) -> bool {
    let plain = |it: &str| it.to_ascii_lowercase().replace('_', "-");
    let name = plain(name);
    survey.graph.packages.iter().flat_map(|it| &it.dependencies).any(|dependency| {
        let rest = name.strip_prefix(&plain(dependency));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '.', ':']))
    })
}

/// Prefixes that more than one place serves.
pub(super) fn shared_prefixes(survey: &Survey) -> Vec<SharedPrefix> {
    prefixes(survey)
        .into_iter()
        .filter(|(_, places)| places.len() > 1 && places.keys().any(|it| it.service().is_some()))
        .map(|(prefix, places)| SharedPrefix { prefix, places: places.into_iter().collect() })
        .collect()
}

/// A path up to its first part that says something: `/api/v1/users/{id}` gives `/api/v1/users`.
fn prefix(path: &str) -> String {
    let mut taken = String::new();
    for part in path.split('/').filter(|it| !it.is_empty()) {
        if is_variable(part) {
            break;
        }
        taken.push('/');
        taken.push_str(part);
        let version = part
            .strip_prefix('v')
            .is_some_and(|it| !it.is_empty() && it.chars().all(|it| it.is_ascii_digit() || it == '.'));
        if !version && !matches!(part, "api" | "rest" | "rpc") {
            return taken;
        }
    }
    if taken.is_empty() { "/".to_owned() } else { taken }
}

/// Tests that call the code of a service, also by way of what helps tests (factories, fixtures).
fn tests(survey: &Survey) -> BTreeMap<ServiceId, BTreeSet<SymbolId>> {
    let graph = survey.graph;
    let in_tests = |it: SymbolId| graph.symbol(it).role == Role::Test;
    let mut callers: BTreeMap<SymbolId, BTreeSet<SymbolId>> = BTreeMap::new();
    let mut entered: BTreeMap<SymbolId, BTreeSet<ServiceId>> = BTreeMap::new();
    for call in graph.calls.iter().filter(|it| in_tests(it.from)) {
        if let Some(service) = survey.partition.symbol(call.to).service() {
            entered.entry(call.from).or_default().insert(service);
        } else if in_tests(call.to) {
            callers.entry(call.to).or_default().insert(call.from);
        }
    }
    let mut found: BTreeMap<ServiceId, BTreeSet<SymbolId>> = BTreeMap::new();
    for (from, services) in entered {
        let mut seen = BTreeSet::from([from]);
        let mut open = vec![from];
        while let Some(it) = open.pop() {
            if is_test(survey, it) {
                services.iter().for_each(|service| {
                    found.entry(*service).or_default().insert(it);
                });
                continue;
            }
            open.extend(callers.get(&it).into_iter().flatten().filter(|it| seen.insert(**it)));
        }
    }
    found
}

/// Whether a test runner would start it: by its name, but where attributes say so (Rust).
fn is_test(survey: &Survey, id: SymbolId) -> bool {
    let symbol = survey.graph.symbol(id);
    let name = symbol.name.rsplit(['.', ':']).next().unwrap_or_default().to_lowercase();
    let by_attribute = survey.graph.module(symbol.module).language == "rust";
    by_attribute || ["test", "benchmark", "fuzz", "example"].iter().any(|it| name.starts_with(it))
}

/// What the services and a module of the kernel do to each other.
#[derive(Default)]
struct Ties {
    users: BTreeSet<ServiceId>,
    symbols: BTreeSet<SymbolId>,
    reaches: BTreeSet<(ServiceId, Evidence)>,
}

/// Modules that become a library, with who uses them.
pub(super) fn kernel(survey: &Survey) -> Vec<KernelModule> {
    // Nothing is shared by one.
    if survey.partition.services.len() < 2 {
        return Vec::new();
    }
    let graph = survey.graph;
    let mut modules: BTreeMap<ModuleId, Ties> = BTreeMap::new();
    for symbol in graph.symbol_ids() {
        if survey.partition.symbol(symbol) == Place::SharedKernel && survey.is_production(symbol) {
            modules.entry(graph.symbol(symbol).module).or_default();
        }
    }
    let calls = graph.calls.iter().map(|it| (it.from, it.to, it.evidence));
    let references = graph.references.iter().map(|it| (it.from, it.to, it.evidence));
    for (from, to, evidence) in calls.chain(references).filter(|it| survey.is_production(it.0)) {
        match (survey.partition.symbol(from), survey.partition.symbol(to)) {
            (Place::Service(user), Place::SharedKernel) => {
                let ties = modules.entry(graph.symbol(to).module).or_default();
                ties.users.insert(user);
                ties.symbols.insert(to);
            }
            (Place::SharedKernel, Place::Service(reached)) => {
                modules.entry(graph.symbol(from).module).or_default().reaches.insert((reached, evidence));
            }
            _ => {}
        }
    }
    modules
        .into_iter()
        .map(|(module, ties)| KernelModule {
            module,
            users: ties.users.into_iter().collect(),
            symbols: ties.symbols.into_iter().collect(),
            reaches: ties.reaches.into_iter().collect(),
            evidence: Evidence { file: graph.module(module).file, line: 1 },
        })
        .collect()
}

#[cfg(test)]
mod tests_of_prefixes {
    use super::{common, prefix};

    #[test]
    fn a_prefix_is_as_long_as_the_paths_agree() {
        assert_eq!(common("/api/source", &["/api/source/errors", "/api/source/errors/{id}"]), "/api/source/errors");
        assert_eq!(common("/api/users", &["/api/users", "/api/users/{id}"]), "/api/users");
        assert_eq!(common("/", &["/{id}", "/"]), "/");
        assert_eq!(common("/a", &["/a/list", "/a/lists"]), "/a");
    }

    #[test]
    fn prefixes_skip_what_says_nothing() {
        assert_eq!(prefix("/api/v1/users/{id}"), "/api/v1/users");
        assert_eq!(prefix("/users"), "/users");
        assert_eq!(prefix("/{id}"), "/");
        assert_eq!(prefix("/"), "/");
        assert_eq!(prefix("/api"), "/api");
        assert_eq!(prefix("/v2.1/orders/{id}/lines"), "/v2.1/orders");
        assert_eq!(prefix("/video"), "/video");
    }
}
