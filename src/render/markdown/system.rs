//! What concerns the system as a whole: the first page, and the chapters after the services.

use crate::measure::cuts::{ShownCut, side_by_side};
use crate::model::graph::{BlindSpot, Evidence, SymbolKind};
use crate::model::partition::Place;
use crate::model::plan::{Action, Contract, Crossing, KernelModule, OrderMethod, Seam, Verdict};
use crate::model::wording::{count, enumerate, short_name};
use crate::render::markdown::page::{Page, code};
use crate::render::overview::{
    Overview, declared_words, homeless_stores, missing_share, outsiders, percent, shared_stores as shared, sure_words,
    tenths, thousands, why_this_cut,
};

/// Functions of an interface that are listed.
const INTERFACE: usize = 20;
/// Modules of the shared kernel that are listed besides those that reach into services.
const KERNEL: usize = 25;
/// Blind spots that are listed of each kind.
const BLIND_SPOTS: usize = 10;

/// The answer in one paragraph.
pub(super) fn answer(page: &mut Page, overview: &Overview) {
    let report = page.report;
    let name = if report.graph.name.is_empty() { "this system" } else { &report.graph.name };
    let plan = &report.plan;
    match plan.advice.action {
        Action::LeaveAlone => {
            page.heading(1, &format!("{name}: leave this alone"));
            page.paragraph("No boundary found here is worth a cut. What was read and who touches what is below; there is no order and there are no steps, on purpose.");
        }
        Action::Extract => {
            page.heading(1, &format!("{name}: where it wants to split"));
            let first = plan.order.steps.first().map(|it| page.service(it.service)).unwrap_or_default();
            page.paragraph(&format!(
                "{} stand out, {}. Start with **{first}**. Between them cross {}; {} of {} are shared and each has a verdict below.",
                count(report.partition.services.len(), "service"),
                if let Some(words) = declared_words(&report.partition) {
                    words
                } else if report.partition.from_data {
                    "by the data they write"
                } else if report.graph.accesses.is_empty() {
                    "by their code alone, for no data access was found"
                } else {
                    "mostly by their code, for more than half of it is in services without data of their own"
                },
                overview.crossing.words(),
                shared(plan).len(),
                count(plan.stores.len(), "store"),
            ));
        }
    }
    for reason in &plan.advice.reasons {
        page.item(reason);
    }
    if !plan.advice.reasons.is_empty() {
        page.end_list();
    }
}

/// What was read, and what could not be.
pub(super) fn read(page: &mut Page, overview: &Overview) {
    page.heading(2, "What was read");
    let graph = &page.report.graph;
    let mut rows: Vec<Vec<String>> = overview
        .languages
        .iter()
        .map(|(language, files, lines)| vec![language.clone(), files.to_string(), thousands(*lines)])
        .collect();
    if rows.is_empty() {
        page.paragraph("No production code was found.");
    } else {
        rows.sort_by(|a, b| a[0].cmp(&b[0]));
        page.table(&["language", ">files", ">lines"], &rows);
    }
    if !overview.others.is_empty() {
        page.paragraph(&format!(
            "Besides: {}. Tests are evidence of use and never part of a service.",
            enumerate(&overview.others, 6)
        ));
    }
    let found = &overview.found;
    page.paragraph(&format!(
        "Found: {}, {}, {}, {}, {} and {}{}.",
        count(graph.stores.len(), "store"),
        count(found.accesses, "access"),
        count(found.transactions, "transaction"),
        count(found.joins, "join"),
        count(graph.endpoints.len(), "endpoint"),
        count(found.calls, "call"),
        found.of_tests()
    ));
    let kinds: Vec<String> = overview.blind_spots.iter().map(|(kind, number)| format!("{number} {kind}")).collect();
    page.paragraph(&match (kinds.is_empty(), overview.resolved) {
        (true, _) => "Could not be read: nothing that was looked at.".to_owned(),
        (false, Some(share)) => format!(
            "Could not be read: {} of {} sites looked at ({} of them resolved; blind spots are {} of blind spots and data accesses together): {}. They are listed at the end.",
            overview.blind_places,
            graph.sites,
            tenths(share),
            missing_share(graph),
            enumerate(&kinds, 8)
        ),
        (false, None) => format!("Could not be read: {}. They are listed at the end.", enumerate(&kinds, 8)),
    });
    if !overview.problems.is_empty() {
        let kinds: Vec<String> = overview.problems.iter().map(|(code, number)| format!("{number} {code}")).collect();
        page.paragraph(&format!("Problems noted on the way: {}.", enumerate(&kinds, 8)));
    }
}

/// The table of services.
pub(super) fn proposal(page: &mut Page) {
    let report = page.report;
    if report.plan.services.is_empty() {
        return;
    }
    page.heading(2, "The proposal");
    let rows: Vec<Vec<String>> = report
        .plan
        .services
        .iter()
        .map(|it| {
            vec![
                format!("**{}**", page.service(it.service)),
                page.stores(&it.stores, 8),
                it.endpoints.len().to_string(),
                thousands(it.lines),
                sure_words(&report.partition, it),
                page.services(&it.fan_out),
                page.services(&it.fan_in),
            ]
        })
        .collect();
    page.table(&["service", "owns", ">endpoints", ">lines", ">confidence", "needs", "needed by"], &rows);
    alternatives(page);
}

/// The recommended cut beside the others, each with what it costs and the services it has.
fn alternatives(page: &mut Page) {
    let partition = &page.report.partition;
    if partition.alternatives.is_empty() {
        return;
    }
    let rows: Vec<Vec<String>> = side_by_side(&page.report.graph, partition)
        .into_iter()
        .map(|ShownCut { label, chosen, figures: it }| {
            vec![
                if chosen { format!("**{label}**") } else { label.to_owned() },
                it.services.to_string(),
                percent(it.largest_share),
                percent(it.non_extreme_distribution),
                it.cut_calls.to_string(),
                it.foreign_accesses.to_string(),
                it.shared_stores.to_string(),
                it.broken_transactions.to_string(),
                it.cross_joins.to_string(),
                it.cross_foreign_keys.to_string(),
                format!("{:.2}", it.endpoint_fan_out),
            ]
        })
        .collect();
    page.paragraph(
        "The same system cut otherwise. A coarser cut crosses less as a rule, one service crosses nothing; what it costs is \
         the size of the largest.",
    );
    page.table(
        &[
            "cut",
            ">services",
            ">largest",
            ">tiny or huge",
            ">cut calls",
            ">foreign accesses",
            ">shared stores",
            ">broken transactions",
            ">joins across",
            ">foreign keys across",
            ">services per endpoint",
        ],
        &rows,
    );
    page.paragraph(
        "The table counts an access where it stands. The chapters on stores also count what a service reaches through the shared \
         kernel, so more may be shared there.",
    );
    let why = why_this_cut(&page.report.graph, partition);
    why.iter().for_each(|it| page.item(it));
    if !why.is_empty() {
        page.end_list();
    }
    let others: Vec<String> = partition
        .alternatives
        .iter()
        .map(|it| {
            let names: Vec<&str> = it.services.iter().map(|it| it.name.as_str()).collect();
            format!("*{}*: {}", it.label, if names.is_empty() { "none".to_owned() } else { enumerate(&names, 20) })
        })
        .collect();
    page.paragraph(&format!("Their services: {}.", others.join("; ")));
}

/// The table of shared stores.
pub(super) fn shared_stores(page: &mut Page) {
    let plan = &page.report.plan;
    if plan.stores.is_empty() {
        return;
    }
    page.heading(2, "Shared stores");
    let shared = shared(plan);
    if shared.is_empty() {
        page.paragraph("No store is touched by more than one service: each moves with its own.");
        edge_stores(page);
        homeless(page);
        return;
    }
    let rows: Vec<Vec<String>> = shared
        .iter()
        .map(|it| {
            let (writers, readers) = outsiders(&page.report.partition, it);
            vec![
                page.store(it.store),
                page.place(it.ownership.place).to_owned(),
                enumerate(&writers, 6),
                enumerate(&readers, 6),
                format!("**{}**", it.verdict.words()),
                it.reason.text.clone(),
                page.sites(&it.reason.sites[..it.reason.sites.len().min(2)]),
            ]
        })
        .collect();
    page.table(&["store", "owner", "also written by", "also read by", "verdict", "because", "places"], &rows);
    edge_stores(page);
    homeless(page);
}

/// Stores that neither move with a service nor are shared, with what is known of each.
fn homeless(page: &mut Page) {
    let stores = homeless_stores(&page.report.plan);
    if stores.is_empty() {
        return;
    }
    page.paragraph(&format!("{} of no service, or touched by none:", upper(&count(stores.len(), "store"))));
    for it in stores {
        let owner = page.place(it.ownership.place);
        let owner = if it.ownership.place == Place::Outside { String::new() } else { format!(" ({owner})") };
        page.item(&format!("{}{owner}: {} ({})", page.store(it.store), it.reason.text, page.sites(&it.reason.sites)));
    }
    page.end_list();
}

/// Stores that the edge layer touches besides their owner.
fn edge_stores(page: &mut Page) {
    let mut names = Vec::new();
    let mut sites = Vec::new();
    for plan in page.report.plan.stores.iter().filter(|it| it.is_asked_by_edge()) {
        names.push(page.store(plan.store));
        sites.extend(&plan.reason.sites);
    }
    if !names.is_empty() {
        let sites: Vec<Evidence> = sites.into_iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect();
        page.paragraph(&format!(
            "The edge layer touches {} directly ({}). It keeps no data of its own and has to ask the owner.",
            enumerate(&names, 12),
            page.sites(&sites)
        ));
    }
}

/// The order of extraction.
pub(super) fn order(page: &mut Page) {
    let order = &page.report.plan.order;
    if order.steps.is_empty() {
        return;
    }
    page.heading(2, "The order");
    page.paragraph(&format!(
        "A service that leaves before another it needs has to call back into the monolith until that one leaves too. {} {}{} Total weight of such throw-away calls: {} (calls, 3 for each access to a store, 10 for each shared transaction){}.",
        match order.method {
            OrderMethod::Exact => "Every order was weighed; among equals the easier one goes first.",
            OrderMethod::Greedy => "There are too many services to weigh every order; this one was found greedily and improved by exchanges.",
        },
        match order.pilot {
            Some(pilot) => format!("**{}** goes first because it is the least entangled: the one to learn on.", page.service(pilot)),
            None => String::new(),
        },
        match order.remainder {
            Some(rest) => format!(
                " **{}** stays: it holds more than half of the lines, so it is what remains of the monolith, and what is asked of it is not thrown away.",
                page.service(rest)
            ),
            None => String::new(),
        },
        order.cost,
        if order.cost > order.cheapest { format!("; the cheapest order without that choice throws away {}", order.cheapest) } else { String::new() }
    ));
    let rows: Vec<Vec<String>> = order
        .steps
        .iter()
        .enumerate()
        .map(|(position, step)| {
            let blockers: Vec<String> = step.blockers.iter().map(|it| it.text.clone()).collect();
            let back: Vec<String> =
                step.temporary.iter().map(|it| format!("{} ({})", page.service(it.to), it.cost)).collect();
            vec![
                (position + 1).to_string(),
                format!("**{}**", page.service(step.service)),
                if blockers.is_empty() { "nothing".to_owned() } else { blockers.join("; ") },
                if back.is_empty() { "nobody".to_owned() } else { enumerate(&back, 8) },
                step.reasons
                    .iter()
                    .find(|it| it.text.starts_with("Owns"))
                    .map(|it| it.text.clone())
                    .unwrap_or_default(),
            ]
        })
        .collect();
    page.table(&[">#", "service", "to solve first", "calls back for (weight)", "size"], &rows);
}

/// Last part of a qualified name.
fn last_name(name: &str) -> &str {
    name.rsplit(['.', ':']).next().unwrap_or(name)
}

/// A section for each pair of services.
pub(super) fn seams(page: &mut Page) {
    let seams = &page.report.plan.seams;
    if seams.is_empty() {
        return;
    }
    page.heading(2, "Seams");
    page.paragraph("What crosses between two services, and the interface that would replace it.");
    for seam in seams {
        self::seam(page, seam);
    }
}

fn seam(page: &mut Page, seam: &Seam) {
    let (first, second) = (page.service(seam.first), page.service(seam.second));
    page.heading(3, &format!("{first} and {second}"));
    if !seam.shared_stores.is_empty() {
        page.paragraph(&format!("Shared: {}.", page.stores(&seam.shared_stores, 10)));
    }
    for (from, to, crossing) in [(first, second, &seam.forward), (second, first, &seam.backward)] {
        if !crossing.is_empty() {
            direction(page, from, to, crossing);
        }
    }
    let graph = &page.report.graph;
    let joins: Vec<Evidence> = seam.joins.iter().map(|it| graph.joins[*it as usize].evidence).collect();
    if !joins.is_empty() {
        page.paragraph(&format!(
            "{} that one opens and the other takes part in: {}.",
            upper(&count(joins.len(), "join")),
            page.sites(&joins)
        ));
    }
    let sagas: Vec<Evidence> = seam.sagas.iter().map(|it| page.report.plan.sagas[*it as usize].evidence).collect();
    if !sagas.is_empty() {
        page.paragraph(&format!(
            "{} that one opens and the other takes part in: {}.",
            upper(&count(sagas.len(), "transaction")),
            page.sites(&sagas)
        ));
    }
}

fn direction(page: &mut Page, from: &str, to: &str, crossing: &Crossing) {
    let graph = &page.report.graph;
    let mut parts = Vec::new();
    let mut add = |number: usize, noun: &str, sites: Vec<Evidence>| {
        if number > 0 {
            let unique: std::collections::BTreeSet<Evidence> = sites.into_iter().collect();
            parts.push(format!("{} ({})", count(number, noun), page.sites(&unique.into_iter().collect::<Vec<_>>())));
        }
    };
    add(crossing.calls.len(), "call", crossing.calls.iter().map(|it| graph.calls[*it as usize].evidence).collect());
    add(
        crossing.accesses.len(),
        "store access",
        crossing.accesses.iter().map(|it| graph.accesses[*it as usize].evidence).collect(),
    );
    let types = |it: &&u32| {
        matches!(graph.symbol(graph.references[**it as usize].to).kind, SymbolKind::Type | SymbolKind::Interface)
    };
    let (of_types, of_values): (Vec<&u32>, Vec<&u32>) = crossing.types.iter().partition(types);
    add(of_types.len(), "type mention", of_types.iter().map(|it| graph.references[**it as usize].evidence).collect());
    add(
        of_values.len(),
        "module variable",
        of_values.iter().map(|it| graph.references[**it as usize].evidence).collect(),
    );
    add(
        crossing.foreign_keys.len(),
        "foreign key",
        crossing
            .foreign_keys
            .iter()
            .map(|(store, key)| graph.store(*store).foreign_keys[*key as usize].evidence)
            .collect(),
    );
    add(
        crossing.messages.len(),
        "message",
        crossing.messages.iter().map(|it| graph.messages[*it as usize].evidence).collect(),
    );
    page.paragraph(&format!("**{from}** needs **{to}**: {}.", parts.join(", ")));
    if crossing.interface.is_empty() {
        return;
    }
    let (functions, operations): (Vec<&Contract>, Vec<&Contract>) =
        crossing.interface.iter().partition(|it| it.symbol.is_some());
    // What one call may reach in several types is one function of the interface.
    let mut grouped: Vec<(&Contract, usize)> = Vec::new();
    for it in functions {
        let same = |other: &Contract| last_name(&other.name) == last_name(&it.name) && other.sites == it.sites;
        match grouped.iter_mut().find(|group| same(group.0)) {
            Some(group) => group.1 += 1,
            None => grouped.push((it, 0)),
        }
    }
    let more = grouped.len().saturating_sub(INTERFACE);
    let rows: Vec<Vec<String>> = grouped
        .into_iter()
        .take(INTERFACE)
        .map(|(it, others)| {
            let place = it.defined_at.map_or(String::new(), |site| page.site(site));
            vec![
                code(&format!("{}{}", short_name(&it.name), it.signature)),
                if others > 0 { format!("{place} and {others} more of that name") } else { place },
                page.sites(&it.sites),
            ]
        })
        .collect();
    if !rows.is_empty() {
        page.table(&[&format!("{to} has to offer"), "today at", "called from"], &rows);
    }
    if more > 0 {
        page.paragraph(&format!("and {more} more."));
    }
    if !operations.is_empty() {
        let names: Vec<String> = operations.iter().map(|it| code(&it.name)).collect();
        page.paragraph(&format!(
            "New, instead of direct access (*Shared stores in detail* has their places): {}.",
            enumerate(&names, INTERFACE)
        ));
    }
}

/// What stays a library.
pub(super) fn kernel(page: &mut Page) {
    let modules = &page.report.plan.kernel;
    if modules.is_empty() {
        return;
    }
    page.heading(2, "Shared kernel");
    let graph = &page.report.graph;
    // What reaches into a service has to be turned around; of the others the most used say enough.
    let (turned, mut rest): (Vec<&KernelModule>, Vec<&KernelModule>) =
        modules.iter().partition(|it| !it.reaches.is_empty());
    rest.sort_by_key(|it| (std::cmp::Reverse((it.users.len(), it.symbols.len())), it.module));
    let more = rest.len().saturating_sub(KERNEL);
    let rows: Vec<Vec<String>> = turned
        .into_iter()
        .chain(rest.into_iter().take(KERNEL))
        .map(|it| {
            let symbols: Vec<String> = it.symbols.iter().map(|it| page.symbol(*it)).collect();
            let reached: Vec<String> = it
                .reaches
                .iter()
                .map(|(service, site)| format!("{} ({})", page.service(*service), page.site(*site)))
                .collect();
            vec![
                code(&graph.module(it.module).name),
                page.services(&it.users),
                enumerate(&symbols, 6),
                if reached.is_empty() { "nothing".to_owned() } else { enumerate(&reached, 3) },
                page.site(it.evidence),
            ]
        })
        .collect();
    page.table(&["module", "used by", "what they use", "reaches into (turn around)", "place"], &rows);
    if more > 0 {
        page.paragraph(&format!("and {more} more that reach into no service."));
    }
}

/// Prefixes that several serve.
pub(super) fn gateway(page: &mut Page) {
    let prefixes = &page.report.plan.prefixes;
    if prefixes.is_empty() {
        return;
    }
    page.heading(2, "Gateway conflicts");
    page.paragraph(
        "These prefixes are served by more than one place, so a gateway has to route by method and full path.",
    );
    let graph = &page.report.graph;
    let mut rows = Vec::new();
    for prefix in prefixes {
        for (place, endpoints) in &prefix.places {
            let routes: Vec<String> = endpoints
                .iter()
                .map(|it| &graph.endpoints[*it as usize])
                .map(|it| code(&format!("{} {}", it.method, it.path)))
                .collect();
            let sites: Vec<Evidence> = endpoints.iter().map(|it| graph.endpoints[*it as usize].evidence).collect();
            rows.push(vec![
                code(&prefix.prefix),
                page.place(*place).to_owned(),
                enumerate(&routes, 6),
                page.sites(&sites),
            ]);
        }
    }
    page.table(&["prefix", "served by", "routes", "places"], &rows);
}

/// Risks with what to do about them.
pub(super) fn risks(page: &mut Page) {
    let risks = &page.report.plan.risks;
    if risks.is_empty() {
        return;
    }
    page.heading(2, "Risks");
    for alike in risks.chunk_by(|a, b| a.kind == b.kind) {
        let Some(mitigation) = alike.first().map(|it| &it.mitigation) else { continue };
        let [one] = alike else {
            // The same advice for several places is given once.
            page.item(&format!("{} of the kind `{}`. *What helps:* {mitigation}.", alike.len(), alike[0].kind));
            for risk in alike {
                page.text.push_str("  ");
                page.fact(&risk.statement);
            }
            continue;
        };
        page.item(&format!("{}. *What helps:* {mitigation}.", page.cited(&one.statement)));
    }
    page.end_list();
}

/// What to tick off.
pub(super) fn checklists(page: &mut Page) {
    let checklist = &page.report.plan.checklist;
    let parts = [("Before", &checklist.before), ("During", &checklist.during), ("After", &checklist.after)];
    if parts.iter().all(|it| it.1.is_empty()) {
        return;
    }
    page.heading(2, "Checklists");
    for (title, items) in parts {
        if items.is_empty() {
            continue;
        }
        page.heading(3, title);
        for item in items {
            page.task(item);
        }
        page.end_list();
    }
}

/// What could not be resolved, by kind.
pub(super) fn blind_spots(page: &mut Page) {
    let mut kinds: std::collections::BTreeMap<&str, Vec<&BlindSpot>> = std::collections::BTreeMap::new();
    for it in page.report.graph.counted_blind_spots() {
        kinds.entry(&it.kind).or_default().push(it);
    }
    if kinds.is_empty() {
        return;
    }
    page.heading(2, "Blind spots");
    let mut rows = Vec::new();
    for (kind, spots) in kinds {
        for it in spots.iter().take(BLIND_SPOTS) {
            let place = it.symbol.map_or(Place::Outside, |it| page.report.partition.symbol(it));
            let whose = if place == Place::Outside { String::new() } else { page.place(place).to_owned() };
            rows.push(vec![kind.to_owned(), it.detail.clone(), whose, page.site(it.evidence)]);
        }
        if spots.len() > BLIND_SPOTS {
            rows.push(vec![
                kind.to_owned(),
                format!("and {} more", spots.len() - BLIND_SPOTS),
                String::new(),
                String::new(),
            ]);
        }
    }
    page.table(&["kind", "what is missing", "in", "place"], &rows);
}

/// What this plan does not say.
pub(super) fn refusals(page: &mut Page) {
    let refusals = &page.report.plan.refusals;
    let merge = page.report.plan.stores.iter().any(|it| it.verdict == Verdict::MergeServices);
    if refusals.is_empty() && !merge {
        return;
    }
    page.heading(2, "What this plan does not say");
    for refusal in refusals {
        page.refusal(refusal);
    }
    if merge {
        page.item("Where the verdict is to merge two services, the steps above still treat them apart: decide, pin the decision in seamline.toml and run again.");
    }
}

fn upper(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}
