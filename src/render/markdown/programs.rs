//! The programs that start in the checkout, and what several of them share today.

use crate::model::graph::Evidence;
use crate::model::plan::{ProgramPlan, Programs};
use crate::model::wording::{count, enumerate};
use crate::render::markdown::page::{Page, code};

/// Stores that are listed with their places.
const STORES: usize = 30;

/// A table of programs and one of the stores that several of them touch; nothing where one program is all there is.
pub(super) fn programs(page: &mut Page) {
    let found = &page.report.plan.programs;
    if found.programs.len() < 2 {
        return;
    }
    page.heading(2, "Programs");
    page.paragraph(&format!(
        "{} start in this checkout and run apart, whatever is cut. What each runs is told by calls, routes and imports from its start on{}",
        count(found.programs.len(), "program"),
        match (found.unreached, found.touching) {
            (0, _) => ".".to_owned(),
            (missed, all) => format!(
                "; to {missed} of the {} that touch a store none of these paths leads.",
                count(all as usize, "function")
            ),
        }
    ));
    let rows: Vec<Vec<String>> = found.working().map(|it| row(page, it)).collect();
    if !rows.is_empty() {
        page.table(
            &["program", "starts at", ">functions", ">endpoints", "listens to", "writes", "only reads", "code of"],
            &rows,
        );
    }
    by_folder(page, found);
    let others: Vec<String> = (found.programs.iter())
        .filter(|it| !it.works())
        .map(|it| format!("{} ({})", it.name, page.site(it.evidence)))
        .collect();
    if !others.is_empty() {
        page.paragraph(&format!("Seen to touch no store and to answer nothing: {}.", enumerate(&others, 12)));
    }
    if found.working().count() > 1 {
        shared(page, found);
    }
}

fn row(page: &Page, it: &ProgramPlan) -> Vec<String> {
    let topics: Vec<String> = it.topics.iter().map(|it| code(it)).collect();
    vec![
        format!("**{}**", it.name),
        page.site(it.evidence),
        it.functions.to_string(),
        it.endpoints.len().to_string(),
        if topics.is_empty() { "nothing".to_owned() } else { enumerate(&topics, 6) },
        page.stores(&it.writes, 8),
        page.stores(&it.reads, 8),
        page.services(&it.services),
    ]
}

/// Programs whose code was taken by where it stands.
fn by_folder(page: &mut Page, found: &Programs) {
    for it in found.working() {
        if let Some(folder) = &it.folder {
            let folder = if folder.is_empty() {
                "all that is here".to_owned()
            } else {
                format!("what stands below {}", code(folder))
            };
            page.item(&format!("**{}** loads by name what it runs, so {folder} counts as its code.", it.name));
        }
    }
    page.end_list();
}

fn shared(page: &mut Page, found: &Programs) {
    if found.stores.is_empty() {
        page.paragraph("No store was seen to be touched by two of them.");
        return;
    }
    let verb = if found.stores.len() == 1 { "is" } else { "are" };
    page.paragraph(&format!(
        "{} {verb} touched by several of them: a database that deployables share today, unless each of them opens one of its \
         own, for stores are told by their names alone. Whichever service takes such a store, all of these programs have to ask \
         it, or be cut along with it.",
        count(found.stores.len(), "store")
    ));
    let named = |uses: &[(u32, Evidence)]| -> String {
        let uses: Vec<String> = (uses.iter())
            .map(|(program, at)| format!("{} ({})", found.programs[*program as usize].name, page.site(*at)))
            .collect();
        if uses.is_empty() { "none".to_owned() } else { enumerate(&uses, 6) }
    };
    let rows: Vec<Vec<String>> = (found.stores.iter().take(STORES))
        .map(|it| {
            vec![
                page.store(it.store),
                page.place(page.report.partition.store(it.store)).to_owned(),
                named(&it.writers),
                named(&it.readers),
            ]
        })
        .collect();
    page.table(&["store", "owner", "written by", "only read by"], &rows);
    if found.stores.len() > STORES {
        page.paragraph(&format!("and {} more.", found.stores.len() - STORES));
    }
}
