//! `seamline what-if`: what a change of the boundaries would do, before anybody makes it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use clap::{Args, ValueEnum};

use crate::cli::common::{Input, suggestion};
use crate::cli::ledger::place_name;
use crate::cli::steering;
use crate::cli::{Failure, Outcome};
use crate::config::Selector;
use crate::measure::system::{Direction, METRICS, Metric, metrics};
use crate::model::check::{Finding, Key, Spot};
use crate::model::graph::SystemGraph;
use crate::model::partition::{Partition, Place};
use crate::model::report::Report;
use crate::model::sql::{Effect, Operation};
use crate::model::wording::{count, ends_in, enumerate, short_name};
use crate::partition::pins;
use crate::partition::revise::{Change, revise};
use crate::plan::plan;
use crate::render::json::what_if::{
    BrokenTransaction, Conflict, Delta, Moved, StoreChange, Transactions, WHAT_IF_SCHEMA, WhatIf as Answer,
    what_if_json,
};
use crate::track::findings::crossings_of;

/// Tries a change of the boundaries: metric deltas, new and gone conflicts, broken transactions.
///
/// Changes are applied in the order split, merge, move, pin; what they do not name stays where it is.
#[derive(Debug, Args)]
pub(super) struct WhatIf {
    /// Folder of the checkout, and how to read it.
    #[command(flatten)]
    input: Input,
    /// Move code or a table: a selector (`symbol:`, `module:`, `file:`, `store:`), or the end of a qualified name, to a
    /// service, `shared_kernel` or `edge`.
    #[arg(long = "move", value_name = "X=SERVICE", value_parser = assignment)]
    moves: Vec<(String, String)>,
    /// Make several services one; the first gives the name.
    #[arg(long, value_name = "A,B")]
    merge: Vec<String>,
    /// Divide a service where the coupling inside is weakest, each part with tables of its own where it has several.
    #[arg(long, value_name = "A")]
    split: Vec<String>,
    /// Make a service the owner of a table.
    #[arg(long = "pin", value_name = "TABLE=SERVICE", value_parser = assignment)]
    pins: Vec<(String, String)>,
    /// Write the change, and the boundaries it rests on, to seamline.toml; comments stay.
    #[arg(long)]
    write: bool,
    /// Output format.
    #[arg(long, value_enum, default_value_t = Format::Text, value_name = "FORMAT")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    /// `seamline.what-if/1`.
    Json,
}

/// A smaller difference reads as none with three decimals.
const SHOWN: f64 = 0.0005;
/// Lines shown of each list in text.
const MOST: usize = 12;

fn assignment(text: &str) -> Result<(String, String), String> {
    match text.rsplit_once('=').map(|(name, service)| (name.trim(), service.trim())) {
        Some((name, service)) if !name.is_empty() && !service.is_empty() => Ok((name.to_owned(), service.to_owned())),
        _ => Err("write NAME=SERVICE".to_owned()),
    }
}

impl WhatIf {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        if self.moves.len() + self.merge.len() + self.split.len() + self.pins.len() == 0 {
            let message = "nothing to try: give --move, --merge, --split or --pin";
            return Err(Failure::Message(message.to_owned()));
        }
        let (request, before) = self.input.analyze()?;
        let changes = self.changes(&before)?;
        let settings = &request.settings;
        let (after, hints) = self
            .input
            .pooled(|| -> Result<_, String> {
                let partition = revise(&before.graph, settings, &before.partition, &changes)?;
                let (plan, _) = plan(&before.graph, &partition, &settings.plan);
                let graph = before.graph.clone();
                let after = Report { graph, partition, plan, diagnostics: Vec::new() };
                let hints = hints(&before, &after);
                Ok((after, hints))
            })?
            .map_err(Failure::Message)?;
        let answer = compare(&before, &after, &changes, hints);
        let mut stdout = std::io::stdout().lock();
        match self.format {
            Format::Json => stdout.write_all(&what_if_json(&answer))?,
            Format::Text => stdout.write_all(as_text(&answer).as_bytes())?,
        }
        drop(stdout);
        if self.write {
            steering::write(&self.input, settings, &after, &changes)?;
        }
        Ok(Outcome::Fine)
    }

    fn changes(&self, report: &Report) -> Result<Vec<Change>, Failure> {
        let names: Vec<&str> = report.partition.services.iter().map(|it| it.name.as_str()).collect();
        let mut fresh = self.split.iter().peekable();
        let splits = fresh.peek().is_some();
        let known = |name: &str| -> Result<(), Failure> {
            // The parts of a split get their names later.
            if splits || names.contains(&name) || matches!(name, "shared_kernel" | "edge") {
                return Ok(());
            }
            let mut message = format!("no service is called `{name}`");
            message.push_str(&suggestion(name, names.iter().copied()));
            Err(Failure::Message(message))
        };
        let mut changes = Vec::new();
        for name in fresh {
            if !names.contains(&name.as_str()) {
                let message = format!("no service is called `{name}`{}", suggestion(name, names.iter().copied()));
                return Err(Failure::Message(message));
            }
            changes.push(Change::Split(name.clone()));
        }
        for list in &self.merge {
            let merged: Vec<String> = list.split(',').map(|it| it.trim().to_owned()).collect();
            for name in &merged {
                known(name)?;
            }
            changes.push(Change::Merge(merged));
        }
        for (name, service) in &self.moves {
            known(service)?;
            changes.push(Change::Move(named(&report.graph, name)?, service.clone()));
        }
        for (name, service) in &self.pins {
            known(service)?;
            let graph = &report.graph;
            let bare = name.strip_prefix("store:").unwrap_or(name);
            let selector = selector(&format!("store:{bare}"))?;
            if !graph.stores.iter().any(|it| selector.selects_store(&it.name)) {
                let near = suggestion(bare, graph.stores.iter().map(|it| it.name.as_str()));
                return Err(Failure::Message(format!("no table is called `{bare}`{near}")));
            }
            changes.push(Change::Move(selector, service.clone()));
        }
        Ok(changes)
    }
}

fn selector(text: &str) -> Result<Selector, Failure> {
    Selector::try_from(text.to_owned()).map_err(Failure::Message)
}

/// What a user calls code or a table: a selector, else the end of one qualified name.
fn named(graph: &SystemGraph, text: &str) -> Result<Selector, Failure> {
    let wanted = selector(text)?;
    if !pins::select(graph, &wanted).is_empty() {
        return Ok(wanted);
    }
    let bare = ["symbol:", "module:", "file:", "store:"].iter().find_map(|it| text.strip_prefix(it)).unwrap_or(text);
    let found: Vec<&str> = graph.symbols.iter().map(|it| it.name.as_str()).filter(|it| ends_in(it, bare)).collect();
    match found.as_slice() {
        [one] => selector(&format!("symbol:{one}")),
        [] => {
            let modules = graph.modules.iter().map(|it| it.name.as_str());
            let symbols = graph.symbols.iter().map(|it| it.name.as_str());
            let all = graph.stores.iter().map(|it| it.name.as_str()).chain(modules).chain(symbols);
            Err(Failure::Message(format!("nothing is named `{text}`{}", suggestion(bare, all))))
        }
        several => Err(Failure::Message(format!(
            "`{text}` names {} symbols: {}; give more of the name",
            several.len(),
            enumerate(several, MOST)
        ))),
    }
}

/// How the public formats write a place.
fn published_place(partition: &Partition, place: Place) -> String {
    match place {
        Place::Service(_) => format!("service:{}", place_name(partition, place)),
        Place::SharedKernel => "shared-kernel".to_owned(),
        Place::EdgeLayer => "edge-layer".to_owned(),
        Place::Outside => "outside".to_owned(),
    }
}

fn compare(before: &Report, after: &Report, changes: &[Change], hints: Vec<String>) -> Answer {
    let graph = &before.graph;
    let names = |it: &Report| it.partition.services.iter().map(|it| it.name.clone()).collect();
    let mut moved: Vec<Moved> = Vec::new();
    let mut note = |name: &str, kind: String, from: Place, to: Place| {
        let (from, to) = (published_place(&before.partition, from), published_place(&after.partition, to));
        if from != to {
            moved.push(Moved { name: name.to_owned(), kind, from, to });
        }
    };
    for id in graph.symbol_ids() {
        let symbol = graph.symbol(id);
        let kind = format!("{:?}", symbol.kind).to_lowercase();
        note(&symbol.name, kind, before.partition.symbol(id), after.partition.symbol(id));
    }
    for id in graph.store_ids() {
        let name = &graph.store(id).name;
        note(name, "store".to_owned(), before.partition.store(id), after.partition.store(id));
    }
    moved.sort();
    let (old, new) = (by_key(crossings_of(before)), by_key(crossings_of(after)));
    let only = |these: &BTreeMap<Key, Finding>, those: &BTreeMap<Key, Finding>| -> Vec<Conflict> {
        let alone = these.iter().filter(|it| !those.contains_key(it.0));
        let mut res: Vec<Conflict> = alone
            .map(|(key, it)| Conflict {
                rule: key.rule.clone(),
                message: it.message.clone(),
                sites: it.sites.iter().map(Spot::place).collect(),
            })
            .collect();
        res.sort();
        res
    };
    Answer {
        schema: WHAT_IF_SCHEMA,
        tool: env!("CARGO_PKG_VERSION"),
        changes: changes.iter().map(in_words).collect(),
        services_before: names(before),
        services_after: names(after),
        moved,
        metrics: deltas(&metrics(graph, &before.partition), &metrics(graph, &after.partition)),
        stores: store_changes(before, after),
        new_conflicts: only(&new, &old),
        gone_conflicts: only(&old, &new),
        transactions: transactions(before, after),
        hints,
    }
}

fn in_words(change: &Change) -> String {
    match change {
        Change::Split(name) => format!("split {name}"),
        Change::Merge(names) => format!("merge {}", enumerate(names, usize::MAX)),
        Change::Move(selector, target) => format!("move {} to {target}", selector.as_str()),
    }
}

fn by_key(found: Vec<Finding>) -> BTreeMap<Key, Finding> {
    found.into_iter().map(|it| (it.key.clone(), it)).collect()
}

fn deltas(before: &[Metric], after: &[Metric]) -> Vec<Delta> {
    let mut both: BTreeMap<(&str, Option<&str>), (Option<f64>, Option<f64>)> = BTreeMap::new();
    for it in before {
        both.entry((it.id, it.service.as_deref())).or_default().0 = Some(it.value);
    }
    for it in after {
        both.entry((it.id, it.service.as_deref())).or_default().1 = Some(it.value);
    }
    both.into_iter()
        .filter(|(_, (before, after))| match (before, after) {
            (Some(before), Some(after)) => (before - after).abs() > 1e-9,
            _ => true,
        })
        .map(|((id, service), (before, after))| {
            let direction = METRICS.iter().find(|it| it.id == id).map_or(Direction::Neutral, |it| it.direction);
            let judgment = match (before, after, direction) {
                (Some(before), Some(after), Direction::Lower) => {
                    if after < before {
                        "better"
                    } else {
                        "worse"
                    }
                }
                (Some(before), Some(after), Direction::Higher) => {
                    if after > before {
                        "better"
                    } else {
                        "worse"
                    }
                }
                _ => "neutral",
            };
            Delta { id: id.to_owned(), service: service.map(str::to_owned), before, after, judgment }
        })
        .collect()
}

fn store_changes(before: &Report, after: &Report) -> Vec<StoreChange> {
    let stores = before.graph.stores.iter().zip(before.plan.stores.iter().zip(&after.plan.stores));
    let mut res: Vec<StoreChange> = stores
        .map(|(store, (old, new))| StoreChange {
            store: store.name.clone(),
            owner_before: published_place(&before.partition, old.ownership.place),
            owner_after: published_place(&after.partition, new.ownership.place),
            verdict_before: old.verdict.id().to_owned(),
            verdict_after: new.verdict.id().to_owned(),
            shared_before: old.is_shared(),
            shared_after: new.is_shared(),
        })
        .filter(|it| {
            it.owner_before != it.owner_after
                || it.verdict_before != it.verdict_after
                || it.shared_before != it.shared_after
        })
        .collect();
    res.sort();
    res
}

/// Owners of what each transaction writes, for those that write stores of several services.
fn broken(report: &Report) -> BTreeMap<u32, BrokenTransaction> {
    let (graph, partition) = (&report.graph, &report.partition);
    let mut res = BTreeMap::new();
    for (at, it) in graph.counted_transactions().enumerate() {
        let services: BTreeSet<String> = (it.writes.iter())
            .filter_map(|it| partition.store(*it).service())
            .map(|it| partition.services[it.index()].name.clone())
            .collect();
        if services.len() > 1 {
            let transaction = BrokenTransaction {
                symbol: graph.symbol(it.symbol).name.clone(),
                services: services.into_iter().collect(),
                stores: it.writes.iter().map(|it| graph.store(*it).name.clone()).collect(),
                site: graph.place(it.evidence),
            };
            res.insert(at as u32, transaction);
        }
    }
    res
}

fn transactions(before: &Report, after: &Report) -> Transactions {
    let (old, new) = (broken(before), broken(after));
    let only = |these: &BTreeMap<u32, BrokenTransaction>, those: &BTreeMap<u32, BrokenTransaction>| {
        let mut res: Vec<BrokenTransaction> =
            these.iter().filter(|it| !those.contains_key(it.0)).map(|it| it.1.clone()).collect();
        res.sort();
        res
    };
    Transactions { before: old.len(), after: new.len(), broken: only(&new, &old), healed: only(&old, &new) }
}

/// Stores that another service than their owner now writes most.
fn hints(before: &Report, after: &Report) -> Vec<String> {
    let graph = &before.graph;
    let writes = |partition: &Partition| {
        let mut res: Vec<BTreeMap<String, u32>> = vec![BTreeMap::new(); graph.stores.len()];
        for access in &graph.accesses {
            let writes = access.operation != Operation::Ddl && access.operation.effect() == Effect::Write;
            if writes && let Some(service) = partition.symbol(access.symbol).service() {
                let name = partition.services[service.index()].name.clone();
                *res[access.store.index()].entry(name).or_insert(0) += 1;
            }
        }
        res
    };
    let leader = |counts: &BTreeMap<String, u32>, owner: &str| -> Option<(String, u32, u32)> {
        let own = counts.get(owner).copied().unwrap_or(0);
        let most = counts.iter().max_by_key(|it| (*it.1, std::cmp::Reverse(it.0.as_str())))?;
        (*most.1 > own).then(|| (most.0.clone(), *most.1, own))
    };
    let (old, new) = (writes(&before.partition), writes(&after.partition));
    graph
        .store_ids()
        .filter_map(|id| {
            let owner = |report: &Report| place_name(&report.partition, report.partition.store(id));
            let (name, most, own) = leader(&new[id.index()], &owner(after))?;
            if leader(&old[id.index()], &owner(before)).is_some_and(|it| it.0 == name) {
                return None;
            }
            let store = &graph.store(id).name;
            Some(format!(
                "{name} now writes {store} at {}, its owner {} at {own}: try --pin {store}={name}",
                count(most as usize, "site"),
                owner(after)
            ))
        })
        .collect()
}

fn as_text(answer: &Answer) -> String {
    let mut out = format!("If you {}:\n", answer.changes.join(", "));
    let (old, new): (BTreeSet<&String>, BTreeSet<&String>) =
        (answer.services_before.iter().collect(), answer.services_after.iter().collect());
    let gone: Vec<&&String> = old.difference(&new).collect();
    let come: Vec<&&String> = new.difference(&old).collect();
    out.push_str(&format!("  services      {} -> {}", old.len(), new.len()));
    for (word, names) in [("gone", &gone), ("new", &come)] {
        if !names.is_empty() {
            out.push_str(&format!("; {word}: {}", enumerate(names, MOST)));
        }
    }
    out.push('\n');
    let stores = answer.moved.iter().filter(|it| it.kind == "store").count();
    let functions = answer.moved.iter().filter(|it| matches!(it.kind.as_str(), "function" | "method")).count();
    out.push_str(&format!("  moved         {}, {}\n", count(functions, "function"), count(stores, "store")));
    if answer.moved.is_empty() {
        out.push_str("\nNothing changes: it is there already.\n");
        return out;
    }
    let whole: Vec<&Delta> = answer.metrics.iter().filter(|it| it.service.is_none()).collect();
    if !whole.is_empty() {
        out.push_str("\nMetrics of the whole system\n");
    }
    for it in whole {
        let (Some(before), Some(after)) = (it.before, it.after) else { continue };
        if (after - before).abs() < SHOWN {
            continue;
        }
        let judgment = if it.judgment == "neutral" { String::new() } else { format!("  {}", it.judgment) };
        let values = format!("{} -> {}", number(before), number(after));
        out.push_str(&format!("  {:<24} {values:<20} {:>+9.3}{judgment}\n", it.id, after - before));
    }
    if !answer.stores.is_empty() {
        out.push_str("\nStores\n");
    }
    for it in answer.stores.iter().take(MOST) {
        let arrow = |a: &str, b: &str| if a == b { a.to_owned() } else { format!("{a} -> {b}") };
        out.push_str(&format!(
            "  {:<24} {}; {}\n",
            it.store,
            arrow(&it.owner_before, &it.owner_after),
            arrow(&it.verdict_before, &it.verdict_after)
        ));
    }
    more(&mut out, answer.stores.len());
    for (title, list) in [("New conflicts", &answer.new_conflicts), ("Gone conflicts", &answer.gone_conflicts)] {
        out.push_str(&format!("\n{title}: {}\n", list.len()));
        for it in list.iter().take(MOST) {
            let site = it.sites.first().map_or("", String::as_str);
            let others = if it.sites.len() > 1 { format!(" and {} more", it.sites.len() - 1) } else { String::new() };
            out.push_str(&format!("  {} at {site}{others}\n", it.message));
        }
        more(&mut out, list.len());
    }
    let it = &answer.transactions;
    out.push_str(&format!("\nTransactions over several services: {} -> {}\n", it.before, it.after));
    for (word, list) in [("breaks", &it.broken), ("heals", &it.healed)] {
        for it in list.iter().take(MOST) {
            out.push_str(&format!(
                "  {word:<7} {} writes {} ({}) at {}\n",
                short_name(&it.symbol),
                enumerate(&it.stores, MOST),
                it.services.join(", "),
                it.site
            ));
        }
        more(&mut out, list.len());
    }
    if !answer.hints.is_empty() {
        out.push_str("\nWorth a look\n");
        answer.hints.iter().for_each(|it| out.push_str(&format!("  {it}\n")));
    }
    out
}

fn more(out: &mut String, all: usize) {
    if all > MOST {
        out.push_str(&format!("  and {} more; `--format json` lists them\n", all - MOST));
    }
}

fn number(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.3}") }
}
