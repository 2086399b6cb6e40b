//! `seamline ledger`: per table, who owns it, who reads and writes it, and how sure that is.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::cli::common::Input;
use crate::cli::{Failure, Outcome};
use crate::model::graph::{Access, Confidence, StoreId, SystemGraph};
use crate::model::partition::{Partition, Place};
use crate::model::report::Report;
use crate::model::source::Role;
use crate::model::sql::Effect;
use crate::model::wording::{count, distance};

/// Shows who touches which table: owner, readers, writers, joins, foreign keys, transactions, each with its place.
///
/// `seamline ledger orders` shows one table of the checkout around, `seamline ledger orders PATH` that of another one: a
/// PATH that does not exist, and is a bare name, is the name of a table.
#[derive(Debug, Args)]
pub(super) struct Ledger {
    #[command(flatten)]
    input: Input,
    /// Folder of the checkout, where the name of a table comes first.
    #[arg(value_name = "PATH")]
    folder: Option<PathBuf>,
    /// Only this table (or collection); may be given several times.
    #[arg(long = "table", short, value_name = "NAME")]
    tables: Vec<String>,
    /// Output format.
    #[arg(long, value_enum, default_value_t = Format::Text, value_name = "FORMAT")]
    format: Format,
    /// In text: list what tests touch as well, instead of counting it.
    #[arg(long)]
    tests: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Csv,
    Json,
}

/// One line of the ledger.
#[derive(Debug, Serialize)]
struct Line<'a> {
    store: &'a str,
    kind: String,
    owner: String,
    relation: &'static str,
    operation: String,
    symbol: &'a str,
    service: String,
    columns: String,
    with: String,
    confidence: String,
    via: &'a str,
    file: &'a str,
    line: u32,
    /// Of the code that does it: production, test, generated ..
    role: &'static str,
    /// Goes with the deletion of the rows that these point to.
    cascaded: bool,
}

impl Ledger {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let mut input = self.input.clone();
        let mut tables = self.tables.clone();
        if let Some(folder) = &self.folder {
            tables.push(input.path.to_string_lossy().into_owned());
            input.path.clone_from(folder);
        } else if let Some(name) = table_name(&input.path) {
            tables.push(name);
            input.path = PathBuf::from(".");
        }
        let (_, report) = input.analyze()?;
        let wanted = wanted(&report.graph, &tables)?;
        let lines: Vec<Line<'_>> = wanted.iter().flat_map(|it| lines_of(&report, *it)).collect();
        let mut stdout = std::io::stdout().lock();
        match self.format {
            Format::Json => {
                let document = serde_json::json!({ "schema": "seamline.ledger/1", "lines": lines });
                writeln!(stdout, "{}", serde_json::to_string_pretty(&document).unwrap_or_default())?;
            }
            Format::Csv => {
                writeln!(
                    stdout,
                    "store,kind,owner,relation,operation,symbol,service,columns,with,confidence,via,file,line,role,cascaded"
                )?;
                for line in &lines {
                    let fields = [
                        line.store,
                        &line.kind,
                        &line.owner,
                        line.relation,
                        &line.operation,
                        line.symbol,
                        &line.service,
                        &line.columns,
                        &line.with,
                        &line.confidence,
                        line.via,
                        line.file,
                        &line.line.to_string(),
                        line.role,
                        if line.cascaded { "true" } else { "false" },
                    ];
                    writeln!(stdout, "{}", fields.map(quoted).join(","))?;
                }
            }
            Format::Text => print_text(&mut stdout, &report, &wanted, &lines, self.tests)?,
        }
        Ok(Outcome::Fine)
    }
}

/// The table that an argument names where no folder of that name stands.
fn table_name(path: &Path) -> Option<String> {
    let name = path.to_str()?;
    let is_bare = !name.is_empty() && !name.contains(['/', '\\']);
    (is_bare && !path.exists()).then(|| name.to_owned())
}

fn wanted(graph: &SystemGraph, tables: &[String]) -> Result<Vec<StoreId>, Failure> {
    if tables.is_empty() {
        return Ok(graph.store_ids().collect());
    }
    tables
        .iter()
        .map(|name| {
            graph.store_ids().find(|it| graph.store(*it).name.eq_ignore_ascii_case(name)).ok_or_else(|| {
                let mut near: Vec<&str> = graph.stores.iter().map(|it| it.name.as_str()).collect();
                near.sort_by_key(|it| distance(it, name));
                near.truncate(3);
                let hint = if near.is_empty() { "no table was found at all".to_owned() } else { near.join(", ") };
                Failure::Message(format!("no table `{name}`; nearest: {hint}"))
            })
        })
        .collect()
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field.to_owned() }
}

pub(crate) fn place_name(partition: &Partition, place: Place) -> String {
    match place {
        Place::Service(id) => partition.services.get(id.index()).map_or_else(String::new, |it| it.name.clone()),
        Place::SharedKernel => "shared kernel".to_owned(),
        Place::EdgeLayer => "edge layer".to_owned(),
        Place::Outside => "outside".to_owned(),
    }
}

pub(crate) fn confidence_word(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Certain => "certain",
        Confidence::Likely => "likely",
        Confidence::Guess => "guess",
    }
}

fn lines_of(report: &Report, id: StoreId) -> Vec<Line<'_>> {
    let (graph, partition) = (&report.graph, &report.partition);
    let store = graph.store(id);
    let kind = format!("{:?}", store.kind).to_lowercase();
    let owner = place_name(partition, partition.store(id));
    let line = |relation,
                operation: String,
                symbol,
                columns: Vec<String>,
                with: Vec<StoreId>,
                confidence,
                via,
                evidence: crate::model::graph::Evidence| {
        let symbol: Option<crate::model::graph::SymbolId> = symbol;
        Line {
            store: &store.name,
            kind: kind.clone(),
            owner: owner.clone(),
            relation,
            operation,
            symbol: symbol.map_or("", |it| graph.symbol(it).name.as_str()),
            service: symbol.map_or_else(String::new, |it| place_name(partition, partition.symbol(it))),
            columns: columns.join(" "),
            with: with.iter().map(|it| graph.store(*it).name.as_str()).collect::<Vec<_>>().join(" "),
            confidence,
            via,
            file: graph.file(evidence.file).path.as_str(),
            line: evidence.line,
            role: symbol.map_or(graph.file(evidence.file).role, |it| graph.symbol(it).role).id(),
            cascaded: false,
        }
    };
    let mut lines: Vec<Line<'_>> = Vec::new();
    for access in graph.accesses.iter().filter(|it| it.store == id) {
        let relation = if access.operation.effect() == Effect::Write { "writes" } else { "reads" };
        let operation = format!("{:?}", access.operation).to_lowercase();
        let confidence = confidence_word(access.confidence).to_owned();
        let told = line(
            relation,
            operation,
            Some(access.symbol),
            access.columns.clone(),
            Vec::new(),
            confidence,
            &access.via,
            access.evidence,
        );
        lines.push(Line { cascaded: access.cascaded, ..told });
    }
    for join in graph.joins.iter().filter(|it| it.stores.contains(&id)) {
        let with = join.stores.iter().copied().filter(|it| *it != id).collect();
        lines.push(line(
            "joined",
            "join".to_owned(),
            Some(join.symbol),
            Vec::new(),
            with,
            "certain".to_owned(),
            "",
            join.evidence,
        ));
    }
    for transaction in graph.transactions.iter().filter(|it| it.writes.contains(&id)) {
        let with: Vec<StoreId> = transaction.writes.iter().copied().filter(|it| *it != id).collect();
        if !with.is_empty() {
            lines.push(line(
                "written with",
                "transaction".to_owned(),
                Some(transaction.symbol),
                Vec::new(),
                with,
                "certain".to_owned(),
                "",
                transaction.evidence,
            ));
        }
    }
    for (other, from) in graph.store_ids().map(|it| (it, graph.store(it))) {
        for key in &from.foreign_keys {
            if other == id {
                lines.push(line(
                    "references",
                    "foreign key".to_owned(),
                    None,
                    key.columns.clone(),
                    vec![key.store],
                    "certain".to_owned(),
                    "",
                    key.evidence,
                ));
            } else if key.store == id {
                lines.push(line(
                    "referenced by",
                    "foreign key".to_owned(),
                    None,
                    key.columns.clone(),
                    vec![other],
                    "certain".to_owned(),
                    "",
                    key.evidence,
                ));
            }
        }
    }
    lines
}

fn print_text(
    out: &mut impl Write,
    report: &Report,
    wanted: &[StoreId],
    lines: &[Line<'_>],
    tests: bool,
) -> Result<(), Failure> {
    let graph = &report.graph;
    let mut by_store: BTreeMap<&str, Vec<&Line<'_>>> = BTreeMap::new();
    for line in lines {
        by_store.entry(line.store).or_default().push(line);
    }
    for id in wanted {
        let store = graph.store(*id);
        let of_program = |it: &&Access| it.store == *id && graph.symbol(it.symbol).role != Role::Test;
        let accesses: Vec<&Access> = graph.accesses.iter().filter(of_program).collect();
        let writers = accesses.iter().filter(|it| it.operation.effect() == Effect::Write).count();
        let verdict = report
            .plan
            .stores
            .iter()
            .find(|it| it.store == *id)
            .map_or_else(String::new, |it| format!(", {}", it.verdict.id()));
        writeln!(
            out,
            "{} ({}): owner {}{verdict}; {} reads, {writers} writes, {} columns",
            store.name,
            format!("{:?}", store.kind).to_lowercase(),
            place_name(&report.partition, report.partition.store(*id)),
            accesses.len() - writers,
            store.columns.len(),
        )?;
        for site in store.defined_at.iter().take(3) {
            writeln!(out, "  defined       {}", graph.place(*site))?;
        }
        for (site, difference) in &store.conflicts {
            writeln!(out, "  contradicted  {}: {difference}", graph.place(*site))?;
        }
        let (in_tests, of_program): (Vec<&Line<'_>>, Vec<&Line<'_>>) = by_store
            .get(store.name.as_str())
            .into_iter()
            .flatten()
            .partition(|it| !tests && it.role == Role::Test.id());
        for line in of_program {
            let with = if line.with.is_empty() { String::new() } else { format!(" with {}", line.with) };
            let who =
                if line.symbol.is_empty() { String::new() } else { format!(" {} [{}]", line.symbol, line.service) };
            let columns = if line.columns.is_empty() { String::new() } else { format!(" ({})", line.columns) };
            let sure = if line.confidence == "certain" { String::new() } else { format!(", {}", line.confidence) };
            let along = if line.cascaded { ", goes with rows it points to" } else { "" };
            writeln!(
                out,
                "  {:<13} {}{who}{columns}{with}, {}:{}{sure}{along}",
                line.relation, line.operation, line.file, line.line
            )?;
        }
        if !in_tests.is_empty() {
            let files: BTreeSet<&str> = in_tests.iter().map(|it| it.file).collect();
            let (sites, files) = (count(in_tests.len(), "time"), count(files.len(), "file"));
            writeln!(out, "  in tests      {sites} in {files} (--tests lists them)")?;
        }
        writeln!(out)?;
    }
    Ok(())
}
