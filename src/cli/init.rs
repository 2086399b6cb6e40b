//! `seamline init`: the accepted proposal as `seamline.toml`.

use std::collections::BTreeMap;
use std::io::Write;

use clap::Args;

use crate::cli::common::Input;
use crate::cli::{Failure, Outcome};
use crate::model::graph::{ModuleId, SymbolKind};
use crate::model::partition::Place;
use crate::model::report::Report;
use crate::model::source::Role;

/// Writes the proposed boundaries to seamline.toml, to be changed there and obeyed by the next run.
#[derive(Debug, Args)]
pub(super) struct Init {
    #[command(flatten)]
    input: Input,
    /// Print the configuration instead of writing it.
    #[arg(long)]
    dry_run: bool,
}

impl Init {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let path = self.input.path.join("seamline.toml");
        if !self.dry_run && path.exists() {
            return Err(Failure::Message(format!(
                "{} exists and is not overwritten; move it away, or see `seamline init --dry-run`",
                path.display()
            )));
        }
        let (_, report) = self.input.analyze()?;
        let text = configuration(&report);
        let mut stdout = std::io::stdout().lock();
        if self.dry_run {
            stdout.write_all(text.as_bytes())?;
        } else {
            std::fs::write(&path, text)
                .map_err(|error| Failure::Message(format!("cannot write {}: {error}", path.display())))?;
            writeln!(stdout, "{}: {} services", path.display(), report.partition.services.len())?;
        }
        Ok(Outcome::Fine)
    }
}

/// Modules that stand whole in a place, and the symbols of modules that are split, by place.
fn configuration(report: &Report) -> String {
    let (graph, partition) = (&report.graph, &report.partition);
    let mut places: BTreeMap<ModuleId, BTreeMap<Place, u32>> = BTreeMap::new();
    for id in graph.symbol_ids() {
        let symbol = graph.symbol(id);
        if symbol.role == Role::Production && symbol.kind != SymbolKind::Module {
            *places.entry(symbol.module).or_default().entry(partition.symbol(id)).or_default() += 1;
        }
    }
    // A module goes where most of it is; what is elsewhere is named symbol by symbol.
    let mut modules: BTreeMap<Place, Vec<&str>> = BTreeMap::new();
    let mut home: BTreeMap<ModuleId, Place> = BTreeMap::new();
    for (module, counts) in &places {
        let most =
            counts.iter().max_by_key(|(place, count)| (**count, std::cmp::Reverse(**place))).map(|(place, _)| *place);
        if let Some(place) = most {
            home.insert(*module, place);
            modules.entry(place).or_default().push(&graph.module(*module).name);
        }
    }
    let mut symbols: BTreeMap<Place, Vec<&str>> = BTreeMap::new();
    for id in graph.symbol_ids() {
        let symbol = graph.symbol(id);
        let place = partition.symbol(id);
        let follows_parent = symbol.parent.is_some_and(|it| partition.symbol(it) == place);
        let elsewhere = home.get(&symbol.module).is_some_and(|it| *it != place);
        if symbol.role == Role::Production && symbol.kind != SymbolKind::Module && elsewhere && !follows_parent {
            symbols.entry(place).or_default().push(&symbol.name);
        }
    }
    let mut text = String::from("# Boundaries accepted from `seamline init`. Change them here; the next run obeys.\n");
    let lists = |text: &mut String, place: Place| {
        for (key, names) in [("modules", modules.get(&place)), ("symbols", symbols.get(&place))] {
            if let Some(names) = names {
                let mut names = names.clone();
                names.sort_unstable();
                names.dedup();
                text.push_str(&list(key, &names));
            }
        }
    };
    for id in partition.service_ids() {
        let service = &partition.services[id.index()];
        text.push_str(&format!("\n[[service]]\nname = {:?}\n", service.name));
        lists(&mut text, Place::Service(id));
        let stores: Vec<&str> = graph
            .store_ids()
            .filter(|it| partition.store(*it) == Place::Service(id))
            .map(|it| graph.store(it).name.as_str())
            .collect();
        text.push_str(&list("stores", &stores));
    }
    for (name, place) in [("shared_kernel", Place::SharedKernel), ("edge", Place::EdgeLayer)] {
        if modules.contains_key(&place) || symbols.contains_key(&place) {
            text.push_str(&format!("\n[{name}]\n"));
            lists(&mut text, place);
        }
    }
    text
}

fn list(key: &str, names: &[&str]) -> String {
    if names.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = names.iter().map(|it| format!("    {},\n", toml::Value::from(*it))).collect();
    format!("{key} = [\n{}]\n", lines.concat())
}
