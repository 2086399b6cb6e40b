//! The summary that `seamline analyze` prints to the terminal.
//!
//! It fits on a screen or two whatever the size of the system: long lists end in how many more there are, and the
//! document (`plan.md`) has them in full.

use std::cmp::Reverse;

use crate::measure::cuts::{ShownCut, side_by_side};
use crate::model::graph::Evidence;
use crate::model::plan::{Action, KernelModule, OrderStep, ProgramPlan, ProgramStore, ServicePlan, StorePlan, Verdict};
use crate::model::report::{Artifact, Report};
use crate::model::wording::{count, enumerate};
use crate::render::Renderer;
use crate::render::overview::{
    Overview, declared_words, homeless_stores, missing_share, outsiders, percent, place_name, places, service_name,
    shared_stores, sure_words, tenths, thousands, why_this_cut,
};

/// Writes `summary.txt`: the terminal's summary without colors.
pub struct Summary;

impl Renderer for Summary {
    fn format(&self) -> &'static str {
        "text"
    }

    fn summary(&self) -> &'static str {
        "the summary of the terminal (summary.txt)"
    }

    fn render(&self, report: &Report) -> Vec<Artifact> {
        vec![Artifact { path: "summary.txt".to_owned(), bytes: summary(report, Color::Never, WIDTH).into_bytes() }]
    }
}

/// Columns of the summary where the terminal does not say.
pub const WIDTH: usize = 100;

/// Rows shown of each list.
const SERVICES: usize = 16;
const STORES: usize = 12;
const STEPS: usize = 10;
const PROGRAMS: usize = 8;

/// Whether the summary carries terminal colors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    Always,
    Never,
}

/// The summary, at most `width` columns wide (at least 60), with a final line break.
pub fn summary(report: &Report, color: Color, width: usize) -> String {
    let mut page = Page { text: String::new(), color, width: width.max(60) };
    let overview = Overview::new(report);
    read(&mut page, report, &overview);
    programs(&mut page, report);
    proposal(&mut page, report, &overview);
    alternatives(&mut page, report);
    if !report.partition.services.is_empty() {
        services(&mut page, report);
        stores(&mut page, report);
        order(&mut page, report);
    }
    next(&mut page, report);
    page.text
}

/// Lines so far, and how they may look.
struct Page {
    text: String,
    color: Color,
    width: usize,
}

/// Looks of a piece of text.
#[derive(Clone, Copy)]
enum Look {
    Plain,
    Bold,
    Dim,
    Good,
    Care,
    Bad,
}

impl Page {
    fn paint(&self, text: &str, look: Look) -> String {
        let code = match look {
            Look::Plain => return text.to_owned(),
            Look::Bold => "1",
            Look::Dim => "2",
            Look::Good => "32",
            Look::Care => "33",
            Look::Bad => "31",
        };
        match self.color {
            Color::Always => format!("\x1b[{code}m{text}\x1b[0m"),
            Color::Never => text.to_owned(),
        }
    }

    fn line(&mut self, text: &str) {
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }

    fn heading(&mut self, text: &str, note: &str) {
        let heading = self.paint(text, Look::Bold);
        self.line("");
        let room = self.width.saturating_sub(text.chars().count() + 2);
        let note =
            if note.is_empty() { String::new() } else { format!("  {}", self.paint(&clip(note, room), Look::Dim)) };
        self.line(&format!("{heading}{note}"));
    }

    /// Text broken at spaces, every line after the first indented by `hang`.
    fn wrap(&mut self, first: &str, text: &str, hang: usize) {
        let mut line = first.to_owned();
        let mut used = visible(first);
        for word in text.split(' ') {
            let length = word.chars().count();
            if used > hang && used + 1 + length > self.width {
                self.line(&line);
                line = " ".repeat(hang);
                used = hang;
            } else if used > 0 && !line.ends_with(' ') {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += length;
        }
        self.line(&line);
    }

    /// Rows of cells; the last column takes what is left and is clipped.
    fn table(&mut self, rows: &[Vec<(String, Look)>], right: &[usize]) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns)
            .map(|column| {
                rows.iter().filter_map(|row| row.get(column)).map(|it| it.0.chars().count()).max().unwrap_or(0)
            })
            .collect();
        for row in rows {
            let mut line = String::from(" ");
            let mut used = 1;
            for (column, (text, look)) in row.iter().enumerate() {
                let last = column + 1 == row.len();
                let room = if last { self.width.saturating_sub(used + 1) } else { widths[column].min(self.width / 2) };
                let text = clip(text, room);
                let pad = if last { 0 } else { room.saturating_sub(text.chars().count()) };
                let painted = self.paint(&text, *look);
                line.push(' ');
                if right.contains(&column) {
                    line.push_str(&" ".repeat(pad));
                    line.push_str(&painted);
                } else {
                    line.push_str(&painted);
                    line.push_str(&" ".repeat(pad));
                }
                line.push(' ');
                used += 2 + text.chars().count() + pad;
            }
            self.line(&line);
        }
    }
}

/// Columns that a text takes; colors take none.
fn visible(text: &str) -> usize {
    let mut columns = 0;
    let mut chars = text.chars();
    while let Some(it) = chars.next() {
        if it == '\x1b' {
            chars.by_ref().find(|it| *it == 'm');
        } else {
            columns += 1;
        }
    }
    columns
}

/// At most `room` columns, with an ellipsis where something is missing.
fn clip(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let mut clipped: String = text.chars().take(room.saturating_sub(1)).collect();
    clipped.truncate(clipped.trim_end_matches([' ', ',']).len());
    clipped.push('…');
    clipped
}

fn read(page: &mut Page, report: &Report, overview: &Overview) {
    let graph = &report.graph;
    let name = if graph.name.is_empty() { "this project" } else { &graph.name };
    let revision = graph.revision.as_deref().map_or(String::new(), |it| format!(" at {}", it.get(..12).unwrap_or(it)));
    let title = page.paint(&format!("{name}{revision}"), Look::Bold);
    page.line(&title);
    let languages: Vec<String> = overview
        .languages
        .iter()
        .map(|(language, files, lines)| {
            format!("{language} {} ({} lines)", count(*files as usize, "file"), thousands(*lines))
        })
        .collect();
    let mut read = if languages.is_empty() { vec!["no production code".to_owned()] } else { languages };
    read.extend(overview.others.iter().cloned());
    page.wrap("  read   ", &read.join(", "), 9);
    let found = &overview.found;
    let facts = [
        count(graph.stores.len(), "store"),
        count(found.accesses, "access"),
        count(found.transactions, "transaction"),
        count(graph.endpoints.len(), "endpoint"),
        count(graph.messages.len(), "message"),
        count(found.calls, "call"),
    ];
    page.wrap("  found  ", &(facts.join(", ") + &found.of_tests()), 9);
    let total = overview.blind_spots.iter().map(|it| it.1).sum::<usize>();
    let blind = match (total, overview.resolved) {
        (0, None) => "no site that could be an access".to_owned(),
        (0, Some(_)) => "everything that was looked at is resolved".to_owned(),
        (number, resolved) => {
            let kinds: Vec<String> =
                overview.blind_spots.iter().map(|(kind, number)| format!("{number} {kind}")).collect();
            let share = resolved.map_or(String::new(), |it| {
                let places = overview.blind_places;
                let at = if places == number { " of".to_owned() } else { format!(" at {places} of") };
                format!(
                    "{at} {} sites looked at ({} of them resolved; blind spots are {} of blind spots and data accesses together)",
                    graph.sites,
                    tenths(it),
                    missing_share(graph)
                )
            });
            format!("{}{share}: {}", count(number, "blind spot"), enumerate(&kinds, 5))
        }
    };
    page.wrap("  unsure ", &blind, 9);
    if !overview.problems.is_empty() {
        let kinds: Vec<String> = overview.problems.iter().map(|(code, number)| format!("{number} {code}")).collect();
        let total: usize = overview.problems.iter().map(|it| it.1).sum();
        page.wrap("  noted  ", &format!("{}: {}", count(total, "problem"), enumerate(&kinds, 5)), 9);
    }
}

/// Programs that run apart, where there are several, and what they share.
fn programs(page: &mut Page, report: &Report) {
    let found = &report.plan.programs;
    if found.programs.len() < 2 {
        return;
    }
    page.heading(&format!("Programs that start here and run apart: {}", found.programs.len()), "");
    let (mut working, others): (Vec<&ProgramPlan>, Vec<&ProgramPlan>) =
        found.programs.iter().partition(|it| it.works());
    working.sort_by_key(|it| std::cmp::Reverse(it.functions));
    if !working.is_empty() {
        program_table(page, report, &working);
    }
    if !others.is_empty() {
        let named: Vec<String> =
            others.iter().map(|it| format!("{} ({})", it.name, report.graph.place(it.evidence))).collect();
        page.wrap("  ", &format!("Seen to touch no store and to answer nothing: {}", enumerate(&named, 4)), 2);
    }
    if found.unreached > 0 && !working.is_empty() {
        let all = count(found.touching as usize, "function");
        page.wrap(
            "  ",
            &format!("No start was seen to lead to {} of the {all} that touch a store", found.unreached),
            2,
        );
    }
    if working.len() > 1 {
        shared_by_programs(page, report);
    }
}

fn program_table(page: &mut Page, report: &Report, programs: &[&ProgramPlan]) {
    let dim = |text: &str| (text.to_owned(), Look::Dim);
    let heads = ["program", "functions", "endpoints", "only reads", "writes", "starts at"];
    let mut rows = vec![heads.map(dim).to_vec()];
    rows.extend(programs.iter().take(PROGRAMS).map(|it| {
        let number = |it: usize| (it.to_string(), Look::Plain);
        vec![
            (it.name.clone(), Look::Bold),
            (thousands(it.functions), Look::Plain),
            number(it.endpoints.len()),
            number(it.reads.len()),
            number(it.writes.len()),
            (report.graph.place(it.evidence), Look::Plain),
        ]
    }));
    page.table(&rows, &[1, 2, 3, 4]);
    if programs.len() > PROGRAMS {
        page.line(&format!("  and {} more", programs.len() - PROGRAMS));
    }
}

/// Tables are told by their names alone, so that two programs may each have a database of its own is said.
fn shared_by_programs(page: &mut Page, report: &Report) {
    let found = &report.plan.programs;
    let mut shared: Vec<&ProgramStore> = found.stores.iter().collect();
    shared.sort_by_key(|it| std::cmp::Reverse((it.writers.len(), it.readers.len())));
    let name = |it: &(u32, Evidence)| found.programs[it.0 as usize].name.as_str();
    let shown: Vec<String> = (shared.iter())
        .map(|it| {
            let (writers, readers) = (it.writers.iter().map(name), it.readers.iter().map(name));
            let (writers, readers): (Vec<&str>, Vec<&str>) = (writers.collect(), readers.collect());
            let parts = [("written by", writers), ("read by", readers)].into_iter().filter(|it| !it.1.is_empty());
            let parts: Vec<String> = parts.map(|it| format!("{} {}", it.0, few(&it.1))).collect();
            format!("{} ({})", report.graph.store(it.store).name, parts.join("; "))
        })
        .collect();
    let words = match shown.len() {
        0 => "No store was seen to be touched by two of them".to_owned(),
        number => format!(
            "{} by several of them, a database shared between deployables today unless each opens its own: {}",
            if number == 1 { "1 store is touched".to_owned() } else { format!("{number} stores are touched") },
            enumerate(&shown, 4)
        ),
    };
    page.wrap("  ", &words, 2);
}

fn proposal(page: &mut Page, report: &Report, overview: &Overview) {
    let partition = &report.partition;
    let advice = &report.plan.advice;
    match advice.action {
        Action::Extract => {
            let number = count(partition.services.len(), "service");
            let declared = declared_words(partition);
            page.heading(
                &format!("{}: {number}", if declared.is_some() { "Boundaries" } else { "Proposal" }),
                if let Some(words) = declared {
                    words
                } else if partition.from_data {
                    "from data access"
                } else if report.graph.accesses.is_empty() {
                    "from code coupling alone: no data access was found"
                } else {
                    "mostly from code coupling: more than half of the code is in candidates without data of their own"
                },
            );
        }
        Action::LeaveAlone => {
            let words = page.paint("Leave this alone: no boundary here is worth a cut yet", Look::Care);
            page.line("");
            page.line(&words);
        }
    }
    for reason in &advice.reasons {
        page.wrap("  ", reason, 2);
    }
    if advice.action == Action::LeaveAlone && partition.services.len() > 1 {
        page.wrap("  ", "What follows is the least bad cut that was found: to read, not to follow.", 2);
    }
    if partition.services.len() > 1 {
        page.wrap("  ", &format!("Crossing between them: {}", overview.crossing.words()), 2);
    }
}

/// The recommended cut beside the others, each with what it costs.
fn alternatives(page: &mut Page, report: &Report) {
    let partition = &report.partition;
    if partition.alternatives.is_empty() {
        return;
    }
    let dim = |text: &str| (text.to_owned(), Look::Dim);
    let heads = ["cut", "services", "largest", "cut calls", "foreign", "shared", "broken tx", "fan-out"];
    let mut rows = vec![heads.map(dim).to_vec()];
    for ShownCut { label, chosen, figures: it } in side_by_side(&report.graph, partition) {
        let plain = |text: String| (text, Look::Plain);
        rows.push(vec![
            (label.to_owned(), if chosen { Look::Bold } else { Look::Plain }),
            plain(it.services.to_string()),
            plain(percent(it.largest_share)),
            plain(it.cut_calls.to_string()),
            plain(it.foreign_accesses.to_string()),
            plain(it.shared_stores.to_string()),
            plain(it.broken_transactions.to_string()),
            plain(format!("{:.2}", it.endpoint_fan_out)),
        ]);
    }
    page.line("");
    page.table(&rows, &[1, 2, 3, 4, 5, 6, 7]);
    // The plan says what each alternative costs beside it; here the table does.
    if let Some(reason) = why_this_cut(&report.graph, partition).first() {
        page.wrap("  ", reason, 2);
    }
}

fn services(page: &mut Page, report: &Report) {
    let plan = &report.plan;
    let dim = |text: &str| (text.to_owned(), Look::Dim);
    let mut rows = vec![vec![dim("service"), dim("stores"), dim("endpoints"), dim("lines"), dim("sure"), dim("owns")]];
    for service in plan.services.iter().take(SERVICES) {
        rows.push(service_row(report, service));
    }
    page.line("");
    page.table(&rows, &[1, 2, 3, 4]);
    if plan.services.len() > SERVICES {
        page.line(&format!("  and {} more", plan.services.len() - SERVICES));
    }
    // What most services use comes first; what none uses is no library of theirs.
    let mut kernel: Vec<&KernelModule> = plan.kernel.iter().filter(|it| !it.users.is_empty()).collect();
    kernel.sort_by_key(|it| Reverse(it.users.len()));
    let kernel: Vec<String> = kernel.into_iter().map(|it| kernel_name(report, it)).collect();
    if !kernel.is_empty() {
        page.wrap("  ", &format!("Stays a library for all: {}", enumerate(&kernel, 6)), 2);
    }
}

/// Last part of a module's name, or `parts of` it where a service takes the rest.
fn kernel_name(report: &Report, kernel: &KernelModule) -> String {
    let module = report.graph.module(kernel.module);
    // The file at the root of a checkout may be a module without a name.
    let name = if module.name.is_empty() { &report.graph.file(kernel.evidence.file).path } else { &module.name };
    let short = name.rsplit('/').next().unwrap_or(name);
    let split = report
        .graph
        .symbol_ids()
        .any(|it| report.graph.symbol(it).module == kernel.module && report.partition.symbol(it).service().is_some());
    if split { format!("parts of {short}") } else { short.to_owned() }
}

fn service_row(report: &Report, service: &ServicePlan) -> Vec<(String, Look)> {
    let sure = if service.confidence >= 0.75 {
        Look::Good
    } else if service.confidence >= 0.5 {
        Look::Care
    } else {
        Look::Bad
    };
    let stores: Vec<&str> = service.stores.iter().map(|it| report.graph.store(*it).name.as_str()).collect();
    vec![
        (service_name(&report.partition, service.service).to_owned(), Look::Bold),
        (service.stores.len().to_string(), Look::Plain),
        (service.endpoints.len().to_string(), Look::Plain),
        (thousands(service.lines), Look::Plain),
        (sure_words(&report.partition, service), sure),
        (if stores.is_empty() { "no store".to_owned() } else { enumerate(&stores, 6) }, Look::Plain),
    ]
}

fn verdict_look(verdict: Verdict) -> Look {
    match verdict {
        Verdict::MovesWithService | Verdict::CopyReference | Verdict::SequencePerService => Look::Good,
        Verdict::OwnerExposesApi | Verdict::ReplicateReadModel | Verdict::SplitColumns | Verdict::SplitRows => {
            Look::Care
        }
        Verdict::StaysShared | Verdict::MergeServices => Look::Bad,
    }
}

fn stores(page: &mut Page, report: &Report) {
    let shared = shared_stores(&report.plan);
    if report.plan.stores.is_empty() {
        return;
    }
    let own = report.plan.stores.iter().filter(|it| it.verdict == Verdict::MovesWithService).count();
    let note = format!("{own} of {} simply move with their service", count(report.plan.stores.len(), "store"));
    page.heading(&format!("Shared stores: {}", shared.len()), &note);
    if shared.is_empty() {
        edge_stores(page, report);
        homeless(page, report);
        return;
    }
    let dim = |text: &str| (text.to_owned(), Look::Dim);
    let mut rows = vec![vec![dim("store"), dim("owner"), dim("verdict"), dim("touched from outside by")]];
    rows.extend(shared.iter().take(STORES).map(|it| store_row(report, it)));
    page.table(&rows, &[]);
    if shared.len() > STORES {
        page.line(&format!("  and {} more", shared.len() - STORES));
    }
    edge_stores(page, report);
    homeless(page, report);
}

/// Stores that neither move with a service nor are shared.
fn homeless(page: &mut Page, report: &Report) {
    let names: Vec<&str> =
        homeless_stores(&report.plan).iter().map(|it| report.graph.store(it.store).name.as_str()).collect();
    if !names.is_empty() {
        let number = count(names.len(), "store");
        page.wrap("  ", &format!("{number} of no service, or touched by none: {}", enumerate(&names, 8)), 2);
    }
}

/// Stores that the edge layer touches besides their owner.
fn edge_stores(page: &mut Page, report: &Report) {
    let names: Vec<&str> = report
        .plan
        .stores
        .iter()
        .filter(|it| it.is_asked_by_edge())
        .map(|it| report.graph.store(it.store).name.as_str())
        .collect();
    if !names.is_empty() {
        page.wrap("  ", &format!("The edge layer touches besides, and has to ask: {}", enumerate(&names, 8)), 2);
    }
}

/// `a, b +3`.
fn few(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first, second] => format!("{first}, {second}"),
        [first, second, rest @ ..] => format!("{first}, {second} +{}", rest.len()),
    }
}

fn store_row(report: &Report, plan: &StorePlan) -> Vec<(String, Look)> {
    let (writers, readers) = outsiders(&report.partition, plan);
    let mut touched = Vec::new();
    if !writers.is_empty() {
        touched.push(format!("written by {}", few(&writers)));
    }
    if !readers.is_empty() {
        touched.push(format!("read by {}", few(&readers)));
    }
    vec![
        (report.graph.store(plan.store).name.clone(), Look::Bold),
        (place_name(&report.partition, plan.ownership.place).to_owned(), Look::Plain),
        (plan.verdict.words().to_owned(), verdict_look(plan.verdict)),
        (touched.join("; "), Look::Plain),
    ]
}

fn order(page: &mut Page, report: &Report) {
    let order = &report.plan.order;
    if order.steps.is_empty() {
        return;
    }
    let note = if order.pilot.is_some() {
        "one to learn on, then the fewest calls thrown away"
    } else {
        "the fewest calls thrown away"
    };
    page.heading("What to extract first", note);
    for (position, step) in order.steps.iter().take(STEPS).enumerate() {
        order_step(page, report, position, step);
    }
    if order.steps.len() > STEPS {
        let rest: Vec<&str> =
            order.steps[STEPS..].iter().map(|it| service_name(&report.partition, it.service)).collect();
        page.wrap("  then ", &enumerate(&rest, 12), 7);
    }
    let first = order.steps.first();
    let work = first.and_then(|it| report.plan.services.get(it.service.index())).and_then(|it| it.phases.first());
    let reason = first.and_then(|it| it.blockers.first()).or(work.and_then(|it| it.steps.first()));
    if let Some(reason) = reason {
        page.wrap("  Begin at", &format!("{}: {}", places(&report.graph, &reason.sites, 3), lower(&reason.text)), 4);
    }
}

fn order_step(page: &mut Page, report: &Report, position: usize, step: &OrderStep) {
    let name = page.paint(service_name(&report.partition, step.service), Look::Bold);
    let mut why: Vec<String> = Vec::new();
    if report.plan.order.pilot == Some(step.service) || step.temporary.is_empty() {
        why.extend(step.reasons.first().map(|it| it.text.clone()));
    }
    let back: Vec<&str> = step.temporary.iter().map(|it| service_name(&report.partition, it.to)).collect();
    match back.as_slice() {
        [] => {}
        [one] => why.push(format!("calls back for {one} (weight {}) until that leaves", step.cost)),
        many => why.push(format!("calls back for {} (weight {}) until they leave", enumerate(many, 4), step.cost)),
    }
    let blockers: Vec<String> = step.blockers.iter().map(|it| lower(&it.text)).collect();
    if !blockers.is_empty() {
        let first = if report.plan.order.remainder == Some(step.service) { "" } else { "first " };
        why.push(format!("{first}{}", enumerate(&blockers, 5)));
    }
    let text = format!("{}.", lower(&why.join("; ")));
    page.wrap(&format!("  {:>2}  {name}: ", position + 1), &text, 6);
}

/// First letter in lower case, unless the word is an abbreviation.
fn lower(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(first), second) if !second.is_some_and(char::is_uppercase) => {
            first.to_lowercase().chain(text.chars().skip(1)).collect()
        }
        _ => text.to_owned(),
    }
}

fn next(page: &mut Page, report: &Report) {
    let mut hints: Vec<(String, &str)> = Vec::new();
    if let Some(store) = shared_stores(&report.plan).first() {
        hints.push((
            format!("seamline explain {}", report.graph.store(store.store).name),
            "who touches it where, and why this verdict",
        ));
    }
    if let Some(step) = report.plan.order.steps.first() {
        let name = service_name(&report.partition, step.service);
        hints.push((format!("seamline plan --service {name}"), "its steps, each with the places it rests on"));
        hints.push((
            format!("seamline scaffold {name} --out {name}"),
            "a service that builds, with its tables and routes",
        ));
    }
    if report.graph.accesses.is_empty() {
        hints.push((
            "queries in seamline.toml".to_owned(),
            "patterns of its data access, if it has any (docs/patterns.md)",
        ));
    }
    match report.plan.advice.action {
        _ if report.partition.services.is_empty() => {
            hints.push(("seamline export --format json".to_owned(), "the graph that was read"));
        }
        Action::Extract => {
            hints.push(("seamline init".to_owned(), "keep these boundaries in seamline.toml, then change them there"));
        }
        Action::LeaveAlone => {
            hints.push(("seamline init".to_owned(), "write them to seamline.toml, to change and to measure them"));
        }
    }
    page.heading("Next", "");
    let rows: Vec<Vec<(String, Look)>> =
        hints.into_iter().map(|(command, what)| vec![(command, Look::Bold), (what.to_owned(), Look::Dim)]).collect();
    page.table(&rows, &[]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clipping() {
        assert_eq!(clip("orders", 6), "orders");
        assert_eq!(clip("orders, payments", 9), "orders…");
        assert_eq!(clip("Größe", 4), "Grö…");
    }

    #[test]
    fn an_empty_report_says_what_to_do() {
        let text = summary(&Report::default(), Color::Never, WIDTH);
        assert!(text.contains("no production code"), "{text}");
        assert!(text.contains("Leave this alone"), "{text}");
        assert!(text.contains("Next"), "{text}");
        assert!(text.contains("queries in seamline.toml"), "{text}");
        assert!(!text.contains('\x1b'));
    }
}
