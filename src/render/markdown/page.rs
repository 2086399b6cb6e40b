//! Markdown as text: headings, tables, tasks with their places; whatever names hold, the marks stay whole.

use crate::model::graph::{Evidence, StoreId, SymbolId};
use crate::model::partition::{Place, ServiceId};
use crate::model::plan::{Refusal, Statement};
use crate::model::report::Report;
use crate::model::wording::{enumerate, short_name};
use crate::render::overview::{place_name, service_name};

/// Places shown after a statement.
const SITES: usize = 4;

/// The document so far.
pub(super) struct Page<'a> {
    pub(super) report: &'a Report,
    pub(super) text: String,
}

impl<'a> Page<'a> {
    pub(super) fn new(report: &'a Report) -> Self {
        Self { report, text: String::new() }
    }

    pub(super) fn heading(&mut self, level: usize, text: &str) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
        self.text.push_str(&"#".repeat(level));
        self.text.push(' ');
        self.text.push_str(text);
        self.text.push_str("\n\n");
    }

    pub(super) fn paragraph(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push_str("\n\n");
    }

    pub(super) fn item(&mut self, text: &str) {
        self.text.push_str("- ");
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// A line of work with its places.
    pub(super) fn task(&mut self, statement: &Statement) {
        let line = format!("- [ ] {}\n", self.cited(statement));
        self.text.push_str(&line);
    }

    /// A fact with its places.
    pub(super) fn fact(&mut self, statement: &Statement) {
        let line = self.cited(statement);
        self.item(&line);
    }

    pub(super) fn refusal(&mut self, refusal: &Refusal) {
        self.item(&format!("**Not planned:** {}. *To change that:* {}.", refusal.reason, refusal.remedy));
    }

    /// One blank line, however many lists end here.
    pub(super) fn end_list(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// Columns named by `head`; a `>` before a name aligns it right.
    pub(super) fn table(&mut self, head: &[&str], rows: &[Vec<String>]) {
        let names: Vec<&str> = head.iter().map(|it| it.trim_start_matches('>')).collect();
        self.row(&names);
        let marks: Vec<&str> = head.iter().map(|it| if it.starts_with('>') { "--:" } else { "---" }).collect();
        self.row(&marks);
        for row in rows {
            let cells: Vec<String> = row.iter().map(|it| cell(it)).collect();
            self.row(&cells);
        }
        self.text.push('\n');
    }

    fn row<S: AsRef<str>>(&mut self, cells: &[S]) {
        for cell in cells {
            self.text.push_str("| ");
            self.text.push_str(cell.as_ref());
            self.text.push(' ');
        }
        self.text.push_str("|\n");
    }

    pub(super) fn cited(&self, statement: &Statement) -> String {
        format!("{} ({})", statement.text, self.sites(&statement.sites))
    }

    /// `a.py:3`, `b.py:7` and 4 more.
    pub(super) fn sites(&self, sites: &[Evidence]) -> String {
        let places: Vec<String> = sites.iter().map(|it| self.site(*it)).collect();
        enumerate(&places, SITES)
    }

    pub(super) fn site(&self, site: Evidence) -> String {
        code(&self.report.graph.place(site))
    }

    pub(super) fn service(&self, service: ServiceId) -> &'a str {
        service_name(&self.report.partition, service)
    }

    pub(super) fn services(&self, services: &[ServiceId]) -> String {
        let names: Vec<&str> = services.iter().map(|it| self.service(*it)).collect();
        if names.is_empty() { "no service".to_owned() } else { enumerate(&names, 12) }
    }

    pub(super) fn place(&self, place: Place) -> &'a str {
        place_name(&self.report.partition, place)
    }

    pub(super) fn store(&self, store: StoreId) -> String {
        code(&self.report.graph.store(store).name)
    }

    pub(super) fn stores(&self, stores: &[StoreId], limit: usize) -> String {
        let names: Vec<String> = stores.iter().map(|it| self.store(*it)).collect();
        if names.is_empty() { "none".to_owned() } else { enumerate(&names, limit) }
    }

    pub(super) fn symbol(&self, symbol: SymbolId) -> String {
        code(&short_name(&self.report.graph.symbol(symbol).name))
    }
}

/// A name as code, whatever it holds.
pub(super) fn code(name: &str) -> String {
    let clean: String = name.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    if clean.contains('`') { format!("`` {clean} ``") } else { format!("`{clean}`") }
}

/// A cell cannot hold a line break or a bare bar.
fn cell(text: &str) -> String {
    text.replace('\n', " ").replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn awkward_names() {
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(code("a\nb"), "`a b`");
        assert_eq!(cell("a|b\nc"), "a\\|b c");
    }
}
