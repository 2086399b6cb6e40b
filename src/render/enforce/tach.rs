//! `tach.toml`: modules with what they may depend on; what crosses today is listed as deprecated.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::partition::Place;
use crate::model::report::{Artifact, Report};
use crate::render::enforce::{Enforcer, HEADER, Modules};

/// tach, for Python.
pub struct Tach;

impl Enforcer for Tach {
    fn id(&self) -> &'static str {
        "tach"
    }

    fn summary(&self) -> &'static str {
        "tach.toml, for Python"
    }

    fn render(&self, report: &Report) -> Result<Artifact, String> {
        let modules = Modules::new(report, "python")?;
        let roots = source_roots(report, &modules);
        let roots: Vec<String> = roots.iter().map(|it| quoted(it)).collect();
        let mut text = format!(
            "# {HEADER}\nsource_roots = [{}]\nexact = false\nforbid_circular_dependencies = false\n",
            roots.join(", ")
        );
        let entries = entries(&modules);
        // A module is covered by the longest entry that leads to it.
        let entry_of = |name: &str| -> Option<&str> {
            let mut at = name;
            loop {
                if let Some((entry, _)) = entries.get_key_value(at) {
                    return Some(*entry);
                }
                at = at.rsplit_once('.')?.0;
            }
        };
        let mut crossing: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (from, to) in modules.crossing() {
            if let (Some(from), Some(to)) = (entry_of(from), entry_of(to)) {
                crossing.entry(from).or_default().insert(to);
            }
        }
        for (path, place) in &entries {
            text.push_str(&format!("\n# {}\n[[modules]]\npath = {}\n", modules.place_name(*place), quoted(path)));
            if matches!(place, Place::EdgeLayer | Place::Outside) {
                continue;
            }
            let mut lines: Vec<String> = entries
                .iter()
                .filter(|(other, to)| *other != path && Modules::allowed(*place, **to))
                .map(|(other, _)| format!("    {},\n", quoted(other)))
                .collect();
            for other in crossing.get(path).into_iter().flatten() {
                lines.push(format!("    {{ path = {}, deprecated = true }},\n", quoted(other)));
            }
            text.push_str(&format!("depends_on = [\n{}]\n", lines.concat()));
        }
        Ok(Artifact { path: "tach.toml".to_owned(), bytes: text.into_bytes() })
    }
}

/// The largest packages that stand in one place as a whole, and the modules of those that do not.
fn entries<'r>(modules: &Modules<'r>) -> BTreeMap<&'r str, Place> {
    let mut below: BTreeMap<&str, BTreeSet<Place>> = BTreeMap::new();
    for (name, place) in &modules.places {
        below.entry(name).or_default().insert(*place);
        for (end, _) in name.match_indices('.') {
            below.entry(&name[..end]).or_default().insert(*place);
        }
    }
    let mut found = BTreeMap::new();
    for (name, place) in &modules.places {
        let ends = name.match_indices('.').map(|it| it.0).chain([name.len()]);
        let whole = ends.map(|end| &name[..end]).find(|it| below[it].len() == 1);
        found.insert(whole.unwrap_or(name), *place);
    }
    found
}

/// Folders that the modules' names start from.
fn source_roots(report: &Report, modules: &Modules<'_>) -> Vec<String> {
    let mut roots = BTreeSet::new();
    for module in report.graph.modules.iter().filter(|it| modules.places.contains_key(it.name.as_str())) {
        let path = &report.graph.file(module.file).path;
        let stem = path.strip_suffix("/__init__.py").or_else(|| path.strip_suffix(".py")).unwrap_or(path);
        if let Some(root) = stem.strip_suffix(&module.name.replace('.', "/")) {
            let root = root.trim_end_matches('/');
            roots.insert(if root.is_empty() { ".".to_owned() } else { root.to_owned() });
        }
    }
    if roots.is_empty() { vec![".".to_owned()] } else { roots.into_iter().collect() }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
