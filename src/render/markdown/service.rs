//! How a service leaves, said once; then one chapter for each service, in the order of extraction, with what is its own.

use std::collections::BTreeSet;

use crate::model::graph::{Evidence, StoreId};
use crate::model::partition::ServiceId;
use crate::model::plan::{FileMove, OrderStep, Party, Phase, ServicePlan, Stage, StorePlan, Verdict};
use crate::model::wording::{count, enumerate};
use crate::render::markdown::page::{Page, code};
use crate::render::overview::{outsiders, percent, thousands};

/// Rows of the table of files, and ranges of one file.
const FILES: usize = 25;
const RANGES: usize = 8;
/// From so many whole files on, a folder is one row; so many of them are named.
const SEVERAL: usize = 3;
const NAMES: usize = 8;
/// Rows of the table of endpoints.
const ENDPOINTS: usize = 40;

/// What is done for every service alike, stage by stage.
pub(super) fn recipe(page: &mut Page) {
    if page.report.plan.order.steps.is_empty() {
        return;
    }
    page.heading(2, "How a service leaves");
    page.paragraph(
        "Each service goes through the same stages. What is done in each of them is said here once; the chapters below name only \
         what is the service's own: its stores, routes, files and calls, and where they stand.",
    );
    for (position, stage) in Stage::ALL.into_iter().enumerate() {
        page.paragraph(&format!("**{}. {}.**", position + 1, stage.title()));
        for step in stage.practice() {
            page.item(&format!("{step}."));
        }
        page.item(&format!("*Done when:* {}. *Way back:* {}.", lower(stage.exit()), lower(stage.rollback())));
        page.end_list();
    }
}

/// A chapter for every service.
pub(super) fn chapters(page: &mut Page, only: Option<ServiceId>) {
    let plan = &page.report.plan;
    let wanted = |it: &&OrderStep| only.is_none_or(|only| it.service == only);
    for (position, step) in plan.order.steps.iter().enumerate().filter(|it| wanted(&it.1)) {
        if let Some(service) = plan.services.get(step.service.index()) {
            chapter(page, position, step, service);
        }
    }
}

fn chapter(page: &mut Page, position: usize, step: &OrderStep, service: &ServicePlan) {
    let name = page.service(service.service);
    page.heading(2, &format!("{}. {name}", position + 1));
    opening(page, service);
    if page.report.plan.order.remainder == Some(service.service) {
        page.paragraph(
            "It stays where it is, and the others leave it. Its stages are for the day on which it has to be one service among them.",
        );
    }
    page.paragraph("Why at this place:");
    for reason in &step.reasons {
        page.fact(reason);
    }
    page.end_list();
    if !step.blockers.is_empty() {
        page.paragraph("Before it can leave:");
        for blocker in &step.blockers {
            page.task(blocker);
        }
        page.end_list();
    }
    stores(page, service);
    endpoints(page, service);
    moves(page, service);
    page.heading(3, "What is its own in each stage");
    for (position, phase) in service.phases.iter().enumerate() {
        self::phase(page, position, phase);
    }
}

fn opening(page: &mut Page, service: &ServicePlan) {
    let partition = &page.report.partition;
    let mut sentences = vec![format!(
        "{} lines of code in {}, {} and {}, behind {}.",
        thousands(service.lines),
        count(service.moves.len(), "file"),
        count(service.functions as usize, "function"),
        count(service.types as usize, "type"),
        count(service.endpoints.len(), "endpoint")
    )];
    sentences.push(if service.stores.is_empty() {
        "It owns no store.".to_owned()
    } else {
        format!("It owns {}.", page.stores(&service.stores, 12))
    });
    sentences.push(format!(
        "It needs {}; needed by {}.",
        page.services(&service.fan_out),
        page.services(&service.fan_in)
    ));
    sentences.push(match partition.services.get(service.service.index()) {
        Some(it) if it.declared => "Declared in seamline.toml.".to_owned(),
        _ => format!("Confidence {}.", percent(service.confidence)),
    });
    page.paragraph(&sentences.join(" "));
    let reasons = partition.services.get(service.service.index()).map_or(&[][..], |it| it.reasons.as_slice());
    if !reasons.is_empty() {
        page.paragraph(&format!("What speaks for it: {}.", reasons.join("; ")));
    }
}

fn stores(page: &mut Page, service: &ServicePlan) {
    let plans: Vec<&StorePlan> = page
        .report
        .plan
        .stores
        .iter()
        .filter(|it| {
            it.ownership.place.service() == Some(service.service) || service.foreign_stores.contains(&it.store)
        })
        .collect();
    if plans.is_empty() {
        return;
    }
    page.heading(3, "Stores");
    let graph = &page.report.graph;
    let goes_along = |plan: &&StorePlan| {
        let party = plan.parties.iter().find(|it| it.place.service() == Some(service.service));
        let is_foreign = plan.ownership.place.service() != Some(service.service);
        is_foreign && party.is_some_and(|it| it.uses().all(|it| graph.accesses[it.access as usize].cascaded))
    };
    let (along, plans): (Vec<&StorePlan>, Vec<&StorePlan>) = plans.into_iter().partition(goes_along);
    let along: Vec<StoreId> = along.iter().map(|it| it.store).collect();
    // What nobody else touches needs no row of its own.
    let is_own = |it: &&StorePlan| it.ownership.place.service() == Some(service.service);
    let (alone, plans): (Vec<&StorePlan>, Vec<&StorePlan>) =
        plans.into_iter().partition(|it| is_own(it) && it.verdict == Verdict::MovesWithService && !it.is_shared());
    let alone: Vec<String> = alone
        .into_iter()
        .map(|it| match it.reason.sites.first() {
            Some(site) => format!("{} ({})", page.store(it.store), page.site(*site)),
            None => page.store(it.store),
        })
        .collect();
    if !alone.is_empty() {
        page.paragraph(&format!("Touched by nobody else, and gone with it: {}.", enumerate(&alone, alone.len())));
    }
    let mut rows = Vec::new();
    for plan in plans {
        let own = plan.ownership.place.service() == Some(service.service);
        let (writers, readers) = outsiders(&page.report.partition, plan);
        let mut others = Vec::new();
        if !writers.is_empty() {
            others.push(format!("written by {}", enumerate(&writers, 5)));
        }
        if !readers.is_empty() {
            others.push(format!("read by {}", enumerate(&readers, 5)));
        }
        let party = plan.parties.iter().find(|it| it.place.service() == Some(service.service));
        rows.push(vec![
            page.store(plan.store),
            if own { "own".to_owned() } else { format!("of {}", page.place(plan.ownership.place)) },
            match party {
                Some(party) if !own => instead(plan, party),
                _ => plan.verdict.words().to_owned(),
            },
            if own { others.join("; ") } else { String::new() },
            // Of a store of another: the service's own accesses, which have to go.
            match party {
                Some(party) if !own => {
                    let sites = accesses(page, party);
                    format!("{}: {}", count(sites.len(), "access"), page.sites(&sites))
                }
                _ => page.sites(&plan.reason.sites),
            },
        ]);
    }
    if !rows.is_empty() {
        page.table(&["store", "whose", "what happens", "who else", "places"], &rows);
    }
    if !along.is_empty() {
        let names = page.stores(&along, 6);
        page.paragraph(&format!("Rows of others go along with what is deleted here: of {names}."));
    }
}

/// Where a party touches a store.
pub(super) fn accesses(page: &Page, party: &Party) -> Vec<Evidence> {
    let place = |access: u32| page.report.graph.accesses[access as usize].evidence;
    let sites: BTreeSet<Evidence> = party.uses().map(|it| it.call.unwrap_or_else(|| place(it.access))).collect();
    sites.into_iter().collect()
}

/// What a service does instead of touching a store of another, with the operations of the owner that it calls.
fn instead(plan: &StorePlan, party: &Party) -> String {
    let words = party.remedy.map_or("", remedy_words);
    let calls = plan.operations.iter().filter(|it| it.callers.contains(&party.place));
    let names: Vec<String> = calls.map(|it| code(&it.name)).collect();
    if names.is_empty() { words.to_owned() } else { format!("{words}: {}", enumerate(&names, 4)) }
}

/// What a service does about a store of another.
pub(super) fn remedy_words(remedy: Verdict) -> &'static str {
    match remedy {
        Verdict::OwnerExposesApi => "asks the owner",
        Verdict::ReplicateReadModel => "keeps a copy, refreshed by events",
        Verdict::CopyReference => "keeps a copy",
        Verdict::SplitColumns => "keeps its own columns",
        Verdict::SplitRows => "keeps its own rows",
        Verdict::SequencePerService => "counts for itself",
        Verdict::MergeServices => "merges with the owner",
        Verdict::StaysShared | Verdict::MovesWithService => "goes on sharing it",
    }
}

fn endpoints(page: &mut Page, service: &ServicePlan) {
    if service.endpoints.is_empty() {
        return;
    }
    page.heading(3, "Endpoints");
    let graph = &page.report.graph;
    // The methods that one handler answers on one path stand in one row.
    let mut rows: Vec<(Vec<&str>, &str, String, String)> = Vec::new();
    for it in service.endpoints.iter().map(|it| &graph.endpoints[*it as usize]) {
        let (mut handler, site) = (page.symbol(it.handler), page.site(it.evidence));
        if it.registers {
            handler.push_str(" (registers it; what answers is not of this project, or was not found)");
        }
        match rows.iter_mut().find(|row| row.1 == it.path && row.2 == handler && row.3 == site) {
            Some(row) => row.0.push(&it.method),
            None => rows.push((vec![&it.method], &it.path, handler, site)),
        }
    }
    let more = rows.len().saturating_sub(ENDPOINTS);
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .take(ENDPOINTS)
        .map(|(methods, path, handler, site)| vec![code(&format!("{} {path}", methods.join(", "))), handler, site])
        .collect();
    page.table(&["route", "handler", "place"], &rows);
    if more > 0 {
        page.paragraph(&format!("and {more} more."));
    }
}

fn moves(page: &mut Page, service: &ServicePlan) {
    if service.moves.is_empty() {
        return;
    }
    page.heading(3, "What moves");
    let rows = move_rows(page, &service.moves);
    let more = rows.len().saturating_sub(FILES);
    page.table(&["file or folder", ">lines", "which", "what stands there"], &rows[..rows.len() - more]);
    if more > 0 {
        page.paragraph(&format!("and {more} more."));
    }
    let manifest = page.report.graph.packages.iter().any(|it| !it.dependencies.is_empty());
    let names: Vec<String> = service
        .packages
        .iter()
        .filter(|it| it.declared || !manifest)
        .map(|it| if it.perhaps { format!("perhaps {}", code(&it.name)) } else { code(&it.name) })
        .collect();
    if !names.is_empty() {
        page.paragraph(&format!("External packages: {}.", enumerate(&names, 20)));
    }
}

/// The whole files of a folder in one row where there are several; a file that moves in part has its own.
fn move_rows(page: &Page, moves: &[FileMove]) -> Vec<Vec<String>> {
    let folder = |it: &FileMove| {
        let path = page.report.graph.file(it.file).path.as_str();
        path.rsplit_once('/').map_or("", |it| it.0)
    };
    let mut rows = Vec::new();
    for part in moves.chunk_by(|a, b| a.whole && b.whole && folder(a) == folder(b)) {
        if part.len() < SEVERAL {
            rows.extend(part.iter().map(|it| move_row(page, it)));
            continue;
        }
        let path = folder(&part[0]);
        let names: Vec<String> = part
            .iter()
            .map(|it| page.report.graph.file(it.file).path.as_str())
            .map(|it| code(it.strip_prefix(path).map_or(it, |it| it.trim_start_matches('/'))))
            .collect();
        let lines = part.iter().flat_map(|it| &it.ranges).map(|it| it.last - it.first + 1).sum();
        let folder = if path.is_empty() { "the root".to_owned() } else { code(&format!("{path}/")) };
        rows.push(vec![folder, thousands(lines), count(part.len(), "whole file"), enumerate(&names, NAMES)]);
    }
    rows
}

fn move_row(page: &Page, it: &FileMove) -> Vec<String> {
    let lines: u32 = it.ranges.iter().map(|it| it.last - it.first + 1).sum();
    let which = if it.whole {
        "all of it".to_owned()
    } else {
        let ranges: Vec<String> = it.ranges.iter().map(|it| format!("{}-{}", it.first, it.last)).collect();
        enumerate(&ranges, RANGES)
    };
    let symbols: Vec<String> = it.ranges.iter().flat_map(|it| &it.symbols).map(|it| page.symbol(*it)).collect();
    vec![code(&page.report.graph.file(it.file).path), thousands(lines), which, enumerate(&symbols, 4)]
}

/// What is the service's own in a stage; what stands for all is in the recipe.
fn phase(page: &mut Page, position: usize, phase: &Phase) {
    let own = || {
        let steps = phase.steps.iter().enumerate();
        steps.filter(|(at, _)| !phase.standing.contains(&(*at as u32))).map(|it| it.1)
    };
    if own().next().is_none() && phase.refusals.is_empty() {
        return;
    }
    page.paragraph(&format!("**{}. {}**", position + 1, phase.stage.title()));
    for step in own() {
        page.task(step);
    }
    for refusal in &phase.refusals {
        page.refusal(refusal);
    }
    page.end_list();
}

fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_lowercase().chain(chars).collect())
}
