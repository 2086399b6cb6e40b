//! `.importlinter`: a forbidden contract per service; what crosses today is ignored by name.

use std::collections::BTreeSet;

use crate::model::partition::Place;
use crate::model::report::{Artifact, Report};
use crate::render::enforce::{Enforcer, HEADER, Modules};

/// import-linter, for Python.
pub struct ImportLinter;

impl Enforcer for ImportLinter {
    fn id(&self) -> &'static str {
        "import-linter"
    }

    fn summary(&self) -> &'static str {
        ".importlinter, for Python"
    }

    fn render(&self, report: &Report) -> Result<Artifact, String> {
        let mut modules = Modules::new(report, "python")?;
        // The linter reads packages only: scripts beside them and folders without `__init__.py` it refuses to take.
        let graph = &report.graph;
        let packages: BTreeSet<&str> = (graph.modules.iter())
            .filter(|it| graph.file(it.file).path.ends_with("__init__.py"))
            .map(|it| it.name.as_str())
            .collect();
        modules.places.retain(|name, _| packages.contains(root(name)));
        modules.imports.retain(|(from, to)| packages.contains(root(from)) && packages.contains(root(to)));
        let roots: BTreeSet<&str> = modules.places.keys().map(|it| root(it)).collect();
        if roots.is_empty() {
            return Err("no Python package (a folder with `__init__.py`) stands at the top of its imports".to_owned());
        }
        let mut text = format!("# {HEADER}\n[importlinter]\nroot_packages =\n{}", lines(roots));
        let by_place = modules.by_place();
        for (place, sources) in &by_place {
            if !matches!(place, Place::Service(_) | Place::SharedKernel) {
                continue;
            }
            let refused: BTreeSet<&str> = by_place
                .iter()
                .filter(|(to, _)| !Modules::allowed(*place, **to) && **to != Place::Outside)
                .flat_map(|(_, names)| names.iter().copied())
                .collect();
            if refused.is_empty() {
                continue;
            }
            let name = modules.place_name(*place);
            text.push_str(&format!(
                "\n[importlinter:contract:{name}]\nname = {name} imports no other service\ntype = forbidden\n\
                 as_packages = False\nallow_indirect_imports = True\nunmatched_ignore_imports_alerting = warn\n\
                 source_modules =\n{}forbidden_modules =\n{}",
                lines(sources.iter().copied()),
                lines(refused.iter().copied())
            ));
            let today: Vec<String> = modules
                .crossing()
                .into_iter()
                .filter(|(from, to)| modules.places[from] == *place && refused.contains(to))
                .map(|(from, to)| format!("{from} -> {to}"))
                .collect();
            if !today.is_empty() {
                text.push_str(&format!("ignore_imports =\n{}", lines(today.iter().map(String::as_str))));
            }
        }
        Ok(Artifact { path: ".importlinter".to_owned(), bytes: text.into_bytes() })
    }
}

/// The package that everything of a module's path is imported from.
fn root(module: &str) -> &str {
    module.split('.').next().unwrap_or(module)
}

fn lines<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    names.into_iter().map(|it| format!("    {it}\n")).collect()
}
