//! Boundaries that other tools and people wrote down, as declarations to score or to start from.
//!
//! Read are decomposition JSON (`{"name", "partitions": [{"name", "classes"}]}` or `{"class": "service"}`), CODEOWNERS
//! (GitHub and GitLab), `tach.toml`, import-linter contracts (`.importlinter`, `setup.cfg`, `pyproject.toml`),
//! `.go-arch-lint.yml`, and the services of a `seamline.toml`. Texts in, rules out; opens no file.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use crate::config::{DeclaredService, Members, NameGlob, PathGlob, ServiceName, Settings};
use crate::model::graph::{FileId, ModuleId, SymbolKind, SystemGraph};
use crate::partition::signals::is_placed;

/// Where a rule puts what it matches.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    Service(String),
    SharedKernel,
    /// Taken back: nobody's.
    Nobody,
}

/// What a rule matches.
#[derive(Clone, Debug, PartialEq)]
pub enum Subject {
    /// Files, by patterns of which one has to match.
    Files(Vec<PathGlob>),
    /// A module and everything below it.
    Module(String),
    /// A type, function, module or store by its name or the end of it.
    Name(String),
}

/// One rule; of several that match, the last one counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    pub subject: Subject,
    pub target: Target,
    /// As the file writes it.
    pub text: String,
}

/// Rules that name parts of a system.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resolved {
    pub services: Vec<DeclaredService>,
    pub shared_kernel: Members,
    /// Rules that match nothing, as the file writes them.
    pub unmatched: Vec<String>,
}

/// Reads the text of a file; its name says what it is. The error says what was expected.
pub fn read(path: &str, text: &str) -> Result<Vec<Rule>, String> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let rules = match name {
        "CODEOWNERS" => code_owners(text)?,
        "tach.toml" => tach(text)?,
        ".importlinter" | "setup.cfg" => import_linter(&contracts_of_ini(text)),
        "pyproject.toml" => import_linter(&contracts_of_toml(text)?),
        "seamline.toml" => return Err("a seamline.toml is obeyed as it is: pass it with --config".to_owned()),
        _ if name.ends_with(".json") => decomposition(text)?,
        _ if name.contains("go-arch-lint") => go_arch_lint(text)?,
        _ => {
            return Err("unknown kind of file: use a decomposition as .json, CODEOWNERS, tach.toml, .importlinter, \
                        setup.cfg, pyproject.toml or .go-arch-lint.yml"
                .to_owned());
        }
    };
    if rules.is_empty() {
        return Err("it declares no boundary".to_owned());
    }
    Ok(rules)
}

/// Turns any name into one for a service.
fn service_name(text: &str) -> String {
    let lower = text.to_lowercase();
    let parts: Vec<&str> = lower.split(|it: char| !it.is_ascii_alphanumeric()).filter(|it| !it.is_empty()).collect();
    let joined = parts.join("-");
    if joined.starts_with(|it: char| it.is_ascii_lowercase()) { joined } else { format!("service-{joined}") }
}

fn rule(subject: Subject, service: &str, text: &str) -> Rule {
    Rule { subject, target: Target::Service(service_name(service)), text: text.to_owned() }
}

fn decomposition(text: &str) -> Result<Vec<Rule>, String> {
    let value: Value = serde_json::from_str(text).map_err(|it| it.to_string())?;
    if let Some(parts) = value.get("partitions").and_then(Value::as_array) {
        let mut res = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            let name = part.get("name").and_then(Value::as_str).map_or_else(|| format!("service-{at}"), str::to_owned);
            for class in part.get("classes").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
                res.push(rule(Subject::Name(class.to_owned()), &name, class));
            }
        }
        return Ok(res);
    }
    let classes = value.as_object().ok_or("neither `partitions` nor an object of names and services")?;
    let of = |(class, service): (&String, &Value)| -> Result<Rule, String> {
        let service = match service {
            Value::String(name) => name.clone(),
            Value::Number(number) => format!("service-{number}"),
            _ => return Err(format!("`{class}` has no service: write a name or a number")),
        };
        Ok(rule(Subject::Name(class.clone()), &service, class))
    };
    classes.iter().map(of).collect()
}

/// Patterns as in `.gitignore`; the last line that matches a file counts, its first owner names the service.
fn code_owners(text: &str) -> Result<Vec<Rule>, String> {
    let mut res = Vec::new();
    let mut section: Option<String> = None;
    for line in text.lines() {
        let line = line.split(" #").next().unwrap_or(line).trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        // A GitLab section, with owners of its own perhaps.
        if let Some(end) = line.trim_start_matches('^').strip_prefix('[').and_then(|it| it.find(']')) {
            let rest = &line.trim_start_matches('^')[end + 2..];
            section = rest.split_whitespace().find(|it| it.contains('@')).map(str::to_owned);
            continue;
        }
        let mut words = line.split_whitespace();
        let Some(pattern) = words.next() else { continue };
        let owner = words.next().map(str::to_owned).or_else(|| section.clone());
        let team = owner.as_deref().map(|it| {
            let it = it.trim_start_matches('@');
            it.rsplit('/').next().unwrap_or(it).split('@').next().unwrap_or(it).to_owned()
        });
        let subject = Subject::Files(git_patterns(pattern)?);
        let target = team.map_or(Target::Nobody, |it| Target::Service(service_name(&it)));
        res.push(Rule { subject, target, text: line.to_owned() });
    }
    Ok(res)
}

fn git_patterns(pattern: &str) -> Result<Vec<PathGlob>, String> {
    let anchored = pattern.trim_end_matches('/').contains('/');
    let bare = pattern.trim_matches('/');
    let base = if anchored { bare.to_owned() } else { format!("**/{bare}") };
    let below = format!("{base}/**");
    let all = match (pattern, pattern.ends_with('/')) {
        ("*" | "/" | "**", _) => vec!["**".to_owned()],
        (_, true) => vec![below],
        _ => vec![base, below],
    };
    all.into_iter().map(PathGlob::try_from).collect()
}

fn tach(text: &str) -> Result<Vec<Rule>, String> {
    let value: toml::Table = toml::from_str(text).map_err(|it| it.message().to_owned())?;
    let mut res = Vec::new();
    for module in value.get("modules").and_then(toml::Value::as_array).into_iter().flatten() {
        let shared = module.get("utility").and_then(toml::Value::as_bool).unwrap_or(false);
        let one = module.get("path").and_then(toml::Value::as_str);
        let many = module.get("paths").and_then(toml::Value::as_array).into_iter().flatten();
        for path in one.into_iter().chain(many.filter_map(toml::Value::as_str)).filter(|it| *it != "<root>") {
            let name = path.rsplit('.').next().unwrap_or(path);
            let mut found = rule(Subject::Module(path.to_owned()), name, path);
            if shared {
                found.target = Target::SharedKernel;
            }
            res.push(found);
        }
    }
    Ok(distinct(res))
}

/// Services of equal name and different paths get the part before it too.
fn distinct(mut rules: Vec<Rule>) -> Vec<Rule> {
    let mut paths: BTreeMap<Target, BTreeSet<String>> = BTreeMap::new();
    for it in &rules {
        paths.entry(it.target.clone()).or_default().insert(it.text.clone());
    }
    for it in &mut rules {
        let parts: Vec<&str> = it.text.split('.').collect();
        if matches!(it.target, Target::Service(_)) && paths[&it.target].len() > 1 && parts.len() > 1 {
            it.target = Target::Service(service_name(&parts[parts.len() - 2..].join("-")));
        }
    }
    rules
}

/// Type of a contract, and its lists by key.
type LintContract = (String, BTreeMap<String, Vec<String>>);

fn contracts_of_ini(text: &str) -> Vec<LintContract> {
    let mut res: Vec<LintContract> = Vec::new();
    let mut inside = false;
    let mut key = String::new();
    for line in text.lines().filter(|it| !it.trim_start().starts_with(['#', ';'])) {
        let trimmed = line.trim();
        if let Some(section) = trimmed.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
            inside = section.starts_with("importlinter:contract:");
            key.clear();
            if inside {
                res.push((String::new(), BTreeMap::new()));
            }
            continue;
        }
        let Some((kind, lists)) = res.last_mut().filter(|_| inside && !trimmed.is_empty()) else { continue };
        let starts_key = !line.starts_with(char::is_whitespace);
        let value = match trimmed.split_once(['=', ':']).filter(|_| starts_key) {
            Some((name, value)) => {
                key = name.trim().to_owned();
                value.trim()
            }
            None => trimmed,
        };
        if key == "type" && starts_key {
            *kind = value.to_owned();
        } else if !value.is_empty() {
            lists.entry(key.clone()).or_default().push(value.to_owned());
        }
    }
    res
}

fn contracts_of_toml(text: &str) -> Result<Vec<LintContract>, String> {
    let value: toml::Table = toml::from_str(text).map_err(|it| it.message().to_owned())?;
    let contracts = value.get("tool").and_then(|it| it.get("importlinter")).and_then(|it| it.get("contracts"));
    let of = |it: &toml::Value| -> LintContract {
        let kind = it.get("type").and_then(toml::Value::as_str).unwrap_or_default().to_owned();
        let mut lists = BTreeMap::new();
        for (key, value) in it.as_table().into_iter().flatten() {
            let names = value.as_array().into_iter().flatten().filter_map(toml::Value::as_str).map(str::to_owned);
            lists.insert(key.clone(), names.collect());
        }
        (kind, lists)
    };
    Ok(contracts.and_then(toml::Value::as_array).into_iter().flatten().map(of).collect())
}

/// Independent modules are services; where no contract says so, layers and the sides of protected modules are.
fn import_linter(contracts: &[LintContract]) -> Vec<Rule> {
    let of = |kind: &str| {
        let mut names: Vec<String> = Vec::new();
        for (_, lists) in contracts.iter().filter(|it| it.0 == kind) {
            let list = |key: &str| lists.get(key).cloned().unwrap_or_default();
            let layers = list("layers").into_iter().chain(list("modules"));
            let layers = layers.flat_map(|it| it.split(['|', ':']).map(str::to_owned).collect::<Vec<_>>());
            let layers = layers.map(|it| it.trim_matches([' ', '(', ')']).to_owned()).filter(|it| !it.is_empty());
            let containers = list("containers");
            for layer in layers {
                if containers.is_empty() {
                    names.push(layer);
                } else {
                    names.extend(containers.iter().map(|it| format!("{it}.{layer}")));
                }
            }
        }
        names.dedup();
        names
    };
    let found = Some(of("independence")).filter(|it| !it.is_empty()).unwrap_or_else(|| of("layers"));
    let rules = found.iter().map(|path| {
        let name = path.trim_end_matches(".*").rsplit('.').next().unwrap_or(path);
        rule(Subject::Module(path.clone()), name, path)
    });
    distinct(rules.collect())
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
struct Component {
    #[serde(rename = "in")]
    within: OneOrMany,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GoArchLint {
    #[serde(default)]
    workdir: String,
    #[serde(default)]
    components: BTreeMap<String, Component>,
    #[serde(default)]
    common_components: Vec<String>,
}

/// Components are folders of packages below `workdir`; common ones are the shared kernel.
fn go_arch_lint(text: &str) -> Result<Vec<Rule>, String> {
    let lint: GoArchLint = serde_saphyr::from_str(text).map_err(|it| it.to_string())?;
    let mut res = Vec::new();
    for (name, component) in &lint.components {
        let paths = match &component.within {
            OneOrMany::One(path) => vec![path.clone()],
            OneOrMany::Many(paths) => paths.clone(),
        };
        for path in paths {
            let whole = [lint.workdir.trim_matches(['/', '.']), path.trim_matches('/')];
            let whole: Vec<&str> = whole.into_iter().filter(|it| !it.is_empty() && *it != ".").collect();
            let folder = whole.join("/");
            // `x/**` is `x` and everything below, `x` its own files.
            let patterns = match folder.strip_suffix("/**") {
                Some(base) => vec![format!("{base}/**")],
                None => vec![format!("{folder}/*.go")],
            };
            let patterns: Result<Vec<PathGlob>, String> = patterns.into_iter().map(PathGlob::try_from).collect();
            let mut found = rule(Subject::Files(patterns?), name, &path);
            if lint.common_components.contains(name) {
                found.target = Target::SharedKernel;
            }
            res.push(found);
        }
    }
    Ok(res)
}

/// What the rules say about a system: whole modules where they can, else files, and symbols and stores by name.
pub fn resolve(graph: &SystemGraph, rules: &[Rule]) -> Resolved {
    let mut used = vec![false; rules.len()];
    let mut by_file: BTreeMap<FileId, Target> = BTreeMap::new();
    for (at, file) in graph.files.iter().enumerate().filter(|it| is_placed(it.1.role)) {
        let module = file.module.map(|it| graph.module(it).name.as_str());
        for (number, rule) in rules.iter().enumerate() {
            let matches = match &rule.subject {
                Subject::Files(patterns) => patterns.iter().any(|it| it.matches(&file.path)),
                Subject::Module(name) => module.is_some_and(|it| is_below(it, name)),
                Subject::Name(_) => false,
            };
            if matches {
                used[number] = true;
                by_file.insert(FileId(at as u32), rule.target.clone());
            }
        }
    }
    let mut lists: BTreeMap<Target, DeclaredService> = BTreeMap::new();
    let mut of_module: BTreeMap<ModuleId, BTreeSet<Option<&Target>>> = BTreeMap::new();
    for (at, file) in graph.files.iter().enumerate().filter(|it| is_placed(it.1.role)) {
        if let Some(module) = file.module {
            of_module.entry(module).or_default().insert(by_file.get(&FileId(at as u32)));
        }
    }
    for (id, target) in &by_file {
        let file = graph.file(*id);
        let list = lists.entry(target.clone()).or_default();
        match file.module.filter(|it| of_module[it].len() == 1) {
            Some(module) => list.modules.push(NameGlob::new(graph.module(module).name.clone())),
            None => list.files.extend(PathGlob::try_from(file.path.clone())),
        }
    }
    for (rule, used) in rules.iter().zip(&mut used) {
        if let Subject::Name(name) = &rule.subject {
            let list = lists.entry(rule.target.clone()).or_default();
            *used = add_named(graph, name, list);
        }
    }
    let mut res = Resolved::default();
    for (target, mut list) in lists {
        for names in [&mut list.modules, &mut list.symbols, &mut list.stores] {
            names.sort();
            names.dedup();
        }
        let empty =
            list.files.is_empty() && list.modules.is_empty() && list.symbols.is_empty() && list.stores.is_empty();
        match target {
            Target::Service(name) if !empty => {
                // `service_name` makes valid names only.
                if let Ok(name) = ServiceName::try_from(name) {
                    res.services.push(DeclaredService { name, ..list });
                }
            }
            Target::SharedKernel => {
                let DeclaredService { files, modules, symbols, stores, .. } = list;
                res.shared_kernel = Members { files, modules, symbols, stores };
            }
            _ => {}
        }
    }
    res.unmatched = rules.iter().zip(used).filter(|it| !it.1).map(|it| it.0.text.clone()).collect();
    res
}

/// `shop.orders` and everything in it; `*` stands for one part.
fn is_below(module: &str, pattern: &str) -> bool {
    let normal = |it: &str| it.replace("::", ".").replace('/', ".");
    let (module, pattern) = (normal(module), normal(pattern));
    let pattern = pattern.trim_end_matches(".**");
    let mut parts = module.split('.');
    pattern.split('.').all(|it| parts.next().is_some_and(|part| it == "*" || it == part))
}

/// Adds what one name names; false when it is nothing or several things.
fn add_named(graph: &SystemGraph, name: &str, list: &mut DeclaredService) -> bool {
    if let Some(store) = graph.stores.iter().find(|it| it.name == name) {
        list.stores.push(NameGlob::new(store.name.clone()));
        return true;
    }
    if let Some(file) = graph.files.iter().find(|it| it.path == name && is_placed(it.role)) {
        list.files.extend(PathGlob::try_from(file.path.clone()));
        return true;
    }
    if let Some(module) = graph.modules.iter().find(|it| it.name == name) {
        list.modules.push(NameGlob::new(module.name.clone()));
        return true;
    }
    let ends = |it: &str| it == name || it.strip_suffix(name).is_some_and(|it| it.ends_with(['.', ':', '/', ')']));
    let symbols = graph.symbols.iter().filter(|it| is_placed(it.role) && it.kind != SymbolKind::Module);
    let named: Vec<_> = symbols.filter(|it| ends(&it.name)).collect();
    let types: Vec<_> =
        named.iter().filter(|it| matches!(it.kind, SymbolKind::Type | SymbolKind::Interface)).copied().collect();
    match (types.as_slice(), named.as_slice()) {
        ([one], _) | (_, [one]) => {
            list.symbols.push(NameGlob::new(one.name.clone()));
            true
        }
        _ => false,
    }
}

/// The settings with the boundaries as declared services.
pub fn declare(settings: &Settings, resolved: &Resolved) -> Settings {
    let mut res = settings.clone();
    res.declared = resolved.services.clone();
    res.shared_kernel = resolved.shared_kernel.clone();
    res
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn targets(rules: &[Rule]) -> Vec<(String, String)> {
        let name = |it: &Target| match it {
            Target::Service(name) => name.clone(),
            Target::SharedKernel => "[shared]".to_owned(),
            Target::Nobody => "-".to_owned(),
        };
        rules.iter().map(|it| (it.text.clone(), name(&it.target))).collect()
    }

    #[test]
    fn decompositions() {
        let rules = read("x.json", r#"{"name":"a","partitions":[{"name":"Order Service","classes":["Order"]}]}"#);
        assert_eq!(targets(&rules.unwrap()), [("Order".to_owned(), "order-service".to_owned())]);
        let rules = read("x.json", r#"{"Order": 1, "User": "people"}"#).unwrap();
        assert_eq!(targets(&rules)[0].1, "service-1");
        assert!(read("x.json", "[]").is_err() && read("x.json", "{").is_err() && read("x.json", "{}").is_err());
        assert!(read("notes.txt", "").unwrap_err().contains("CODEOWNERS"));
    }

    #[test]
    fn code_owners_like_git() {
        let rules = read(
            ".github/CODEOWNERS",
            "# all\n* @org/core\n/shop/orders/ @org/orders-team # ours\n*.sql dba@example.com\n/docs/\n[Pay][2] @pay\nshop/pay\n",
        )
        .unwrap();
        let of: Vec<String> = targets(&rules).into_iter().map(|it| it.1).collect();
        assert_eq!(of, ["core", "orders-team", "dba", "-", "pay"]);
        let matches = |rule: usize, path: &str| match &rules[rule].subject {
            Subject::Files(patterns) => patterns.iter().any(|it| it.matches(path)),
            _ => false,
        };
        assert!(matches(0, "a/b.py") && matches(1, "shop/orders/a.py") && !matches(1, "x/shop/orders/a.py"));
        assert!(matches(2, "a/b.sql") && matches(4, "shop/pay/a.py") && matches(4, "shop/pay"));
    }

    #[test]
    fn linters() {
        let rules = read("tach.toml", "[[modules]]\npath = \"shop.orders\"\ndepends_on = []\n[[modules]]\npath = \"<root>\"\n[[modules]]\npaths = [\"shop.base\"]\nutility = true\n").unwrap();
        assert_eq!(targets(&rules).into_iter().map(|it| it.1).collect::<Vec<_>>(), ["orders", "[shared]"]);
        let ini = "[importlinter]\nroot_package = shop\n[importlinter:contract:1]\nname = x\ntype = independence\nmodules =\n    shop.orders\n    shop.pay\n[importlinter:contract:2]\ntype=layers\nlayers=\n  shop.web\n";
        let rules = read(".importlinter", ini).unwrap();
        assert_eq!(targets(&rules).into_iter().map(|it| it.1).collect::<Vec<_>>(), ["orders", "pay"]);
        let toml = "[tool.importlinter]\nroot_package = \"shop\"\n[[tool.importlinter.contracts]]\nname = \"l\"\ntype = \"layers\"\nlayers = [\"web | cli\", \"core\"]\ncontainers = [\"shop\"]\n";
        let rules = read("pyproject.toml", toml).unwrap();
        assert_eq!(
            targets(&rules).into_iter().map(|it| it.0).collect::<Vec<_>>(),
            ["shop.web", "shop.cli", "shop.core"]
        );
        let yaml = "version: 3\nworkdir: internal\ncomponents:\n  orders: { in: orders/** }\n  pay:\n    in: [pay, pay/db]\n  base: { in: base }\ncommonComponents:\n  - base\n";
        let rules = read(".go-arch-lint.yml", yaml).unwrap();
        assert_eq!(
            targets(&rules).into_iter().map(|it| it.1).collect::<Vec<_>>(),
            ["[shared]", "orders", "pay", "pay"]
        );
        assert!(read(".go-arch-lint.yml", "components: [").is_err());
        assert!(is_below("shop.orders.api", "shop.orders") && !is_below("shop.orders2", "shop.orders"));
        assert!(is_below("shop.x.models", "shop.*.models"));
    }
}
