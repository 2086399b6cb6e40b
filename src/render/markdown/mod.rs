//! `plan.md`: the plan as a document that a tech lead can read aloud.
//!
//! A first page with the answer (what was read, the proposal, shared stores, the order), then a chapter for each service
//! in the order of extraction, the seams, the transactions that break, risks, checklists, and what could not be said.
//! Every line of work ends in the places it rests on.

mod data;
mod page;
mod programs;
mod service;
mod system;

use crate::model::partition::ServiceId;
use crate::model::plan::Action;
use crate::model::report::{Artifact, Report};
use crate::render::Renderer;
use crate::render::markdown::page::Page;
use crate::render::overview::Overview;

/// Writes `plan.md`.
pub struct Markdown;

impl Renderer for Markdown {
    fn format(&self) -> &'static str {
        "markdown"
    }

    fn summary(&self) -> &'static str {
        "the plan as a document (plan.md)"
    }

    fn render(&self, report: &Report) -> Vec<Artifact> {
        vec![Artifact { path: "plan.md".to_owned(), bytes: document(report).into_bytes() }]
    }
}

/// The chapter of one service with the recipe that it goes by; nothing where no service of this name has one.
pub fn chapter(report: &Report, name: &str) -> Option<String> {
    let service = report.partition.services.iter().position(|it| it.name == name)?;
    let mut page = Page::new(report);
    service::recipe(&mut page);
    service::chapters(&mut page, Some(ServiceId(service as u32)));
    Some(page.text)
}

/// The whole document.
pub fn document(report: &Report) -> String {
    let overview = Overview::new(report);
    let mut page = Page::new(report);
    system::answer(&mut page, &overview);
    system::read(&mut page, &overview);
    programs::programs(&mut page);
    system::proposal(&mut page);
    system::shared_stores(&mut page);
    if report.plan.advice.action == Action::Extract {
        system::order(&mut page);
        service::recipe(&mut page);
        service::chapters(&mut page, None);
    }
    data::stores_in_detail(&mut page);
    system::seams(&mut page);
    data::sagas(&mut page);
    data::foreign_keys(&mut page);
    system::kernel(&mut page);
    system::gateway(&mut page);
    system::risks(&mut page);
    system::checklists(&mut page);
    system::blind_spots(&mut page);
    system::refusals(&mut page);
    page.text
}
