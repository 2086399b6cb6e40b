//! `.go-arch-lint.yml`, version 3: a component per service and what it may depend on.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::graph::FileId;
use crate::model::partition::Place;
use crate::model::report::{Artifact, Report};
use crate::render::enforce::{Enforcer, HEADER, Modules};

/// go-arch-lint, for Go.
pub struct GoArchLint;

impl Enforcer for GoArchLint {
    fn id(&self) -> &'static str {
        "go-arch-lint"
    }

    fn summary(&self) -> &'static str {
        ".go-arch-lint.yml, for Go"
    }

    fn render(&self, report: &Report) -> Result<Artifact, String> {
        let modules = Modules::new(report, "go")?;
        let graph = &report.graph;
        let folder = |file: FileId| graph.file(file).path.rsplit_once('/').map_or(".", |it| it.0);
        let folders: BTreeMap<&str, &str> =
            graph.modules.iter().map(|it| (it.name.as_str(), folder(it.file))).collect();
        let by_place = modules.by_place();
        let mut text = format!(
            "# {HEADER}\nversion: 3\nworkdir: .\nallow:\n  depOnAnyVendor: true\n  deepScan: false\nexcludeFiles:\n  - \"^.*_test\\\\.go$\"\n"
        );
        // The linter asks for a component of every file that it is not told to leave out: tests, mocks, migrations.
        let placed: BTreeSet<&str> = modules.places.keys().filter_map(|it| folders.get(it).copied()).collect();
        let go_files = (0..graph.files.len() as u32).map(FileId).filter(|it| graph.file(*it).language == "go");
        let left_out: BTreeSet<&str> = go_files.map(folder).filter(|it| !placed.contains(it)).collect();
        if !left_out.is_empty() {
            let left_out: Vec<String> = left_out.iter().map(|it| format!("  - {}\n", quoted(it))).collect();
            text.push_str(&format!("exclude:\n{}", left_out.concat()));
        }
        text.push_str("components:\n");
        for (place, names) in &by_place {
            let mut of_place: Vec<&str> = names.iter().filter_map(|it| folders.get(it).copied()).collect();
            of_place.sort_unstable();
            of_place.dedup();
            let of_place: Vec<String> = of_place.into_iter().map(|it| format!("      - {}\n", quoted(it))).collect();
            text.push_str(&format!("  {}:\n    in:\n{}", modules.place_name(*place), of_place.concat()));
        }
        let mut today: BTreeMap<Place, BTreeSet<Place>> = BTreeMap::new();
        for (from, to) in modules.crossing() {
            today.entry(modules.places[from]).or_default().insert(modules.places[to]);
        }
        text.push_str("deps:\n");
        for place in by_place.keys() {
            text.push_str(&format!("  {}:\n", modules.place_name(*place)));
            if matches!(place, Place::EdgeLayer | Place::Outside) {
                text.push_str("    anyProjectDeps: true\n");
                continue;
            }
            // A component of several packages may use itself only where that is said.
            let mut lines = vec![format!("      - {}\n", modules.place_name(*place))];
            if *place != Place::SharedKernel && by_place.contains_key(&Place::SharedKernel) {
                lines.push(format!("      - {}\n", modules.place_name(Place::SharedKernel)));
            }
            for to in today.get(place).into_iter().flatten() {
                lines.push(format!("      - {} # crosses today\n", modules.place_name(*to)));
            }
            text.push_str(&format!("    mayDependOn:\n{}", lines.concat()));
        }
        Ok(Artifact { path: ".go-arch-lint.yml".to_owned(), bytes: text.into_bytes() })
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
