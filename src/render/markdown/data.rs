//! What concerns the data of several services: shared stores, transactions that break, foreign keys that cross.

use std::collections::BTreeSet;

use crate::model::graph::Evidence;
use crate::model::partition::Place;
use crate::model::plan::{ForeignKeyCut, Saga, StepRole, StorePlan, StoreUse, Verdict};
use crate::model::wording::{count, enumerate};
use crate::render::markdown::page::{Page, code};
use crate::render::markdown::service::{accesses, remedy_words};
use crate::render::overview::shared_stores as shared;

/// Rows of one transaction that are listed.
const STEPS: usize = 40;

/// Every shared store with its parties, parts and operations; why the verdict is what it is stands in the table above.
pub(super) fn stores_in_detail(page: &mut Page) {
    let (left, decided): (Vec<&StorePlan>, Vec<&StorePlan>) =
        shared(&page.report.plan).into_iter().partition(|it| it.verdict == Verdict::StaysShared);
    if left.is_empty() && decided.is_empty() {
        return;
    }
    page.heading(2, "Shared stores in detail");
    let looked_up = |it: &&StorePlan| {
        it.parts.is_empty() && it.parties.iter().all(|it| it.remedy.is_none() || it.writes.is_empty())
    };
    let (looked_up, decided): (Vec<&StorePlan>, Vec<&StorePlan>) = decided.into_iter().partition(looked_up);
    for plan in decided {
        store(page, plan);
    }
    if !looked_up.is_empty() {
        page.heading(3, "Only read by others");
        looked_up.into_iter().for_each(|it| only_read(page, it));
        page.end_list();
    }
    if left.is_empty() {
        return;
    }
    page.heading(3, "Shared for now");
    page.paragraph("Nothing is to be done about these yet; who touches them:");
    for plan in left {
        let parties: Vec<String> = plan
            .parties
            .iter()
            .map(|it| format!("{} at {}", page.place(it.place), page.sites(&accesses(page, it))))
            .collect();
        page.item(&format!("{}: {}", page.store(plan.store), parties.join("; ")));
    }
    page.end_list();
}

fn store(page: &mut Page, plan: &StorePlan) {
    let name = page.store(plan.store);
    page.heading(3, &format!("{name}: {}", plan.verdict.words()));
    let ownership = &plan.ownership;
    let runner_up = ownership.runner_up.map_or(String::new(), |(service, sites)| {
        let margin = if ownership.margin > 0.0 {
            format!(", a margin of {:.0} % of them", 100.0 * ownership.margin)
        } else {
            String::new()
        };
        format!("; next is {} with {}{margin}", page.service(service), count(sites as usize, "write site"))
    });
    page.paragraph(&format!(
        "Owner: {} ({}{runner_up}). Rule `{}`.",
        page.place(ownership.place),
        ownership.basis,
        plan.rule
    ));
    for party in &plan.parties {
        let mut parts = Vec::new();
        for (verb, uses) in [("writes at", &party.writes), ("reads at", &party.reads)] {
            if !uses.is_empty() {
                parts.push(format!("{verb} {}", sites(page, uses)));
            }
        }
        let then = match party.remedy {
            None => "owner".to_owned(),
            Some(remedy) => format!("{} ({})", remedy_words(remedy), party.reason),
        };
        page.item(&format!("**{}** {}. *From then on:* {then}.", page.place(party.place), enumerate(&parts, 2)));
    }
    for part in &plan.parts {
        let what = match &part.rows {
            Some((column, values)) => format!("rows with {} = {}", code(column), enumerate(values, 6)),
            None if part.columns.is_empty() => continue,
            None => enumerate(&part.columns.iter().map(|it| code(it)).collect::<Vec<_>>(), 12),
        };
        page.item(&format!("{} keeps {what} ({})", page.service(part.service), page.sites(&part.sites)));
    }
    for it in &plan.operations {
        let callers: Vec<&str> = it.callers.iter().map(|it| page.place(*it)).collect();
        page.item(&format!(
            "offer {} to {} ({})",
            code(&format!("{}{}", it.name, it.signature)),
            enumerate(&callers, 6),
            page.sites(&it.sites)
        ));
    }
    page.end_list();
}

/// A store that others only read, in one line: who, where, and what they do instead.
fn only_read(page: &mut Page, plan: &StorePlan) {
    let readers: Vec<String> = plan
        .parties
        .iter()
        .filter_map(|it| {
            let remedy = remedy_words(it.remedy?);
            Some(format!("{} at {}: {remedy} ({})", page.place(it.place), sites(page, &it.reads), it.reason))
        })
        .collect();
    let offers: Vec<String> = plan
        .operations
        .iter()
        .map(|it| {
            let callers: Vec<&str> = it.callers.iter().map(|it| page.place(*it)).collect();
            format!("{} to {}", code(&format!("{}{}", it.name, it.signature)), enumerate(&callers, 6))
        })
        .collect();
    let offers =
        if offers.is_empty() { String::new() } else { format!(" The owner offers {}.", enumerate(&offers, 12)) };
    page.item(&format!(
        "{}: {}, rule `{}`. Owner: {} ({}). Read by {}.{offers}",
        page.store(plan.store),
        plan.verdict.words(),
        plan.rule,
        page.place(plan.ownership.place),
        plan.ownership.basis,
        readers.join("; ")
    ));
}

fn sites(page: &Page, uses: &[StoreUse]) -> String {
    let place = |access: u32| page.report.graph.accesses[access as usize].evidence;
    let sites: BTreeSet<Evidence> = uses.iter().map(|it| it.call.unwrap_or_else(|| place(it.access))).collect();
    page.sites(&sites.into_iter().collect::<Vec<_>>())
}

/// Every transaction that breaks, as the steps of a saga.
pub(super) fn sagas(page: &mut Page) {
    let sagas: Vec<&Saga> = page.report.plan.sagas.iter().filter(|it| it.is_distributed()).collect();
    let others = undivided(page, &sagas);
    if sagas.is_empty() && others.is_empty() {
        return;
    }
    page.heading(2, "Transactions that break");
    if !others.is_empty() {
        let number = count(sagas.len() + others.len(), "transaction");
        page.paragraph(&format!("Of {number} over stores of several services {} break. The others:", sagas.len()));
        others.iter().for_each(|it| page.item(it));
        page.end_list();
    }
    if sagas.is_empty() {
        return;
    }
    page.paragraph(
        "What stands before the pivot has to be undone when a later step fails; the pivot is one transaction of one service, which \
         also writes the outbox; what stands after it is repeated from there until it succeeds. Within each part the steps are in \
         source order; the same step at several places is one row.",
    );
    let uncalled = page.report.graph.uncalled();
    for saga in sagas {
        let services: Vec<&str> = saga.writers.iter().map(|it| page.service(*it)).collect();
        page.heading(3, &format!("{} ({})", page.symbol(saga.symbol), enumerate(&services, 6)));
        if uncalled.contains(&saga.symbol) {
            page.paragraph("No route, message or `main` that was read leads here: a framework does, or it is a command, a job or dead code. Look at that first.");
        }
        steps(page, saga);
    }
}

fn steps(page: &mut Page, saga: &Saga) {
    let mut rows: Vec<(Vec<String>, Vec<Evidence>)> = Vec::new();
    for it in &saga.steps {
        let role = match it.role {
            StepRole::Read => "read",
            StepRole::Compensatable => "undo",
            StepRole::Pivot => "**pivot**",
            StepRole::Retriable => "retry",
        };
        let cells = vec![
            page.place(it.place).to_owned(),
            format!("{} {}", it.operation.as_str(), page.store(it.store)),
            role.to_owned(),
            it.undo.clone(),
        ];
        match rows.iter_mut().find(|row| row.0 == cells) {
            Some(row) if !row.1.contains(&it.evidence) => row.1.push(it.evidence),
            Some(_) => {}
            None => rows.push((cells, vec![it.evidence])),
        }
    }
    if rows.is_empty() {
        page.paragraph(&format!("Opened at {}; the steps inside could not be listed.", page.site(saga.evidence)));
        return;
    }
    let more = rows.len().saturating_sub(STEPS);
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .take(STEPS)
        .map(|(mut cells, sites)| {
            cells.push(page.sites(&sites));
            cells
        })
        .collect();
    page.table(&["service", "step", "role", "when a later step fails", "places"], &rows);
    if more > 0 {
        page.paragraph(&format!("and {more} more."));
    }
}

/// Transactions over stores of several services that are no saga of the plan, each with why.
fn undivided(page: &Page, sagas: &[&Saga]) -> Vec<String> {
    let (graph, partition) = (&page.report.graph, &page.report.partition);
    let crossing = graph.transactions.iter().enumerate().filter(|(_, it)| !graph.is_test(Some(it.symbol), it.evidence));
    crossing
        .filter(|(at, _)| sagas.iter().all(|it| it.transaction as usize != *at))
        .filter_map(|(_, it)| {
            let owners: BTreeSet<_> = it.writes.iter().filter_map(|it| partition.store(*it).service()).collect();
            let why = match partition.symbol(it.symbol) {
                Place::Outside => "it belongs to no service (a migration, a script)",
                _ => "what the verdicts leave to each service, or what stands beside the database, does not cross",
            };
            let names = page.services(&owners.iter().copied().collect::<Vec<_>>());
            (owners.len() > 1).then(|| {
                format!("{} writes stores of {names} ({}): {why}", page.symbol(it.symbol), page.site(it.evidence))
            })
        })
        .collect()
}

/// Every foreign key that a boundary cuts: the steps once, then the places of each key.
pub(super) fn foreign_keys(page: &mut Page) {
    let mut seen = BTreeSet::new();
    let cuts: Vec<&ForeignKeyCut> = page
        .report
        .plan
        .stores
        .iter()
        .flat_map(|it| &it.foreign_keys)
        .filter(|it| seen.insert((it.store, it.columns.clone(), it.references)))
        .collect();
    if cuts.is_empty() {
        return;
    }
    page.heading(2, "Foreign keys that cross");
    page.paragraph(
        "Each is taken out in five steps, and at every step the old column is still right. *Expand:* add a column beside the old \
         one, indexed like it, without a constraint. *Dual write:* set both wherever the old one is written. *Backfill:* copy the \
         old one in batches and count the rows that differ; how many rows there are is unknown. *Switch reads:* use the new one, \
         and ask the owner of the other table where a join was. *Contract:* drop the constraint, then the old column. Where rows \
         go with those of the other table today (ON DELETE CASCADE), a message that they are gone takes its place, which the \
         owner of the key handles.",
    );
    let rows: Vec<Vec<String>> = cuts
        .into_iter()
        .map(|cut| {
            let columns = cut.columns.join(", ");
            let of = |step: usize| {
                let sites = cut.steps.get(step).map_or(&[][..], |it| it.sites.as_slice());
                // Where nothing names the column, the step only has the key's own place.
                if sites == [cut.evidence] { "not seen".to_owned() } else { page.sites(sites) }
            };
            vec![
                code(&format!("{}.{columns}", page.report.graph.store(cut.store).name)),
                page.store(cut.references),
                page.site(cut.evidence),
                of(1),
                of(3),
                if cut.on_delete_cascade { "rows go along".to_owned() } else { String::new() },
            ]
        })
        .collect();
    page.table(&["key", "leads to", "defined at", "written at", "read or joined at", "on delete"], &rows);
}
