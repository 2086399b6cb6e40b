//! `architecture.svg` and one picture per service: drawn here, with no Graphviz, browser or font at hand.
//!
//! Text stays text, so that it can be selected, searched and read aloud; colors follow the reader's light or dark
//! scheme; every shape says more in its `<title>`. Nothing is cut off or covered: see `layout` and `lettering`.

mod canvas;
pub(super) mod layout;
pub(super) mod lettering;
mod overview;
mod service;

use std::collections::BTreeSet;

use crate::model::report::{Artifact, Report};
use crate::render::Renderer;
use crate::render::diagram;
use crate::render::svg::canvas::{Canvas, Px};
use crate::render::svg::layout::Size;
use crate::render::svg::lettering::{clean, escape};

/// Writes `architecture.svg` and `services/<name>.svg`.
pub struct Svg;

impl Renderer for Svg {
    fn format(&self) -> &'static str {
        "svg"
    }

    fn summary(&self) -> &'static str {
        "pictures of the services and of each one's inside (architecture.svg, services/*.svg)"
    }

    fn render(&self, report: &Report) -> Vec<Artifact> {
        let overview = diagram::overview(report);
        let mut artifacts = vec![Artifact {
            path: "architecture.svg".to_owned(),
            bytes: overview_svg(&overview, Embedding::File).into_bytes(),
        }];
        for (name, id) in file_names(report).into_iter().zip(report.partition.service_ids()) {
            let view = diagram::service_view(report, id);
            let bytes = service_svg(&view, Embedding::File).into_bytes();
            artifacts.push(Artifact { path: format!("services/{name}.svg"), bytes });
        }
        artifacts
    }
}

/// Where a picture will stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Embedding {
    /// A file of its own, with its styles.
    File,
    /// Inside a page that has [`STYLE`] already; the number tells it apart from other pictures there.
    Page(u32),
}

pub(super) fn overview_svg(overview: &diagram::Overview, embedding: Embedding) -> String {
    let mut canvas = Canvas::default();
    let size = overview::draw(&mut canvas, overview);
    let description = overview::describe(overview);
    page(canvas, size, embedding, &format!("Architecture of {}", overview.title), &description)
}

pub(super) fn service_svg(view: &diagram::ServiceView, embedding: Embedding) -> String {
    let mut canvas = Canvas::default();
    let size = service::draw(&mut canvas, view);
    let description = service::describe(view);
    page(canvas, size, embedding, &format!("Inside of {}", view.name), &description)
}

/// For each service in the partition's order, a name for its files: ASCII, unique.
pub(super) fn file_names(report: &Report) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut names = Vec::new();
    for service in &report.partition.services {
        let plain: String = (service.name.chars())
            .map(|it| if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '-' })
            .collect();
        let mut name: String = plain.split('-').filter(|it| !it.is_empty()).collect::<Vec<_>>().join("-");
        name.truncate(60);
        if name.is_empty() {
            name.push_str("service");
        }
        let mut unique = name.clone();
        let mut number = 2;
        while !taken.insert(unique.clone()) {
            unique = format!("{name}-{number}");
            number += 1;
        }
        names.push(unique);
    }
    names
}

fn page(canvas: Canvas, size: Size, embedding: Embedding, title: &str, description: &str) -> String {
    let (width, height) = (Px(size.width.ceil()), Px(size.height.ceil()));
    let (id, style, size) = match embedding {
        Embedding::File => {
            (String::new(), format!("<style>\n{STYLE}</style>\n"), format!(" width=\"{width}\" height=\"{height}\""))
        }
        // As wide as the page, but never so small that its text cannot be read: then the page scrolls it.
        Embedding::Page(number) => {
            let least = Px((size.width * 0.7).floor());
            let style = format!(" style=\"width:100%;max-width:{width}px;min-width:{least}px;height:auto\"");
            (format!("-{number}"), String::new(), style)
        }
    };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"sl\" viewBox=\"0 0 {width} {height}\"{size} role=\"img\" \
         aria-labelledby=\"sl-title{id} sl-desc{id}\">\n<title id=\"sl-title{id}\">{}</title>\n\
         <desc id=\"sl-desc{id}\">{}</desc>\n{style}\
         <rect class=\"sl-page\" x=\"0\" y=\"0\" width=\"{width}\" height=\"{height}\"/>\n{}</svg>\n",
        escape(&clean(title)),
        escape(&clean(description)),
        canvas.finish()
    )
}

/// Styles of every picture. Colors stand in classes, not in custom properties, which some viewers do not know.
pub(super) const STYLE: &str = "\
.sl { font-family: system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; }
.sl-page { fill: #ffffff; }
.sl-ink { fill: #1b2430; }
.sl-muted { fill: #586474; }
.sl-box { fill: #ffffff; stroke: #b9c4d2; stroke-width: 1.2; }
.sl-head { fill: #eaf0f8; }
.sl-unsure { stroke-dasharray: 6 4; }
.sl-rule { stroke: #d5dde7; stroke-width: 1; }
.sl-band { fill: #f5f7fa; stroke: #d5dde7; stroke-width: 1; }
.sl-chip { fill: #ffffff; stroke: #cfd8e3; stroke-width: 1; }
.sl-shared { fill: #fff1da; stroke: #e9b96a; stroke-width: 1; }
.sl-shared-ink { fill: #7a4300; }
.sl-icon { fill: none; stroke: #7d8b9c; stroke-width: 1.1; }
.sl-icon-shared { fill: none; stroke: #b06a10; stroke-width: 1.1; }
.sl-track { fill: #d3dce8; }
.sl-meter { fill: #2f6fb2; }
.sl-code { stroke: #75869b; fill: none; }
.sl-data { stroke: #cf7413; fill: none; }
.sl-tx { stroke: #c22a4d; fill: none; }
.sl-read { stroke: #8fa0b4; fill: none; }
.sl-write { stroke: #2f6fb2; fill: none; }
.sl-weak { stroke-dasharray: 5 4; }
.sl-code-tip { fill: #75869b; }
.sl-data-tip { fill: #cf7413; }
.sl-tx-tip { fill: #c22a4d; }
.sl-read-tip { fill: #8fa0b4; }
.sl-write-tip { fill: #2f6fb2; }
.sl-label { fill: #ffffff; stroke: #cfd8e3; stroke-width: 1; }
.sl-data-ink { fill: #8a4a00; }
.sl-tx-ink { fill: #a11a3c; }
@media screen and (prefers-color-scheme: dark) {
.sl-page { fill: #12171d; }
.sl-ink { fill: #e5eaf1; }
.sl-muted { fill: #9ba8b8; }
.sl-box { fill: #1a2129; stroke: #45525f; }
.sl-head { fill: #232e3a; }
.sl-rule { stroke: #333e4a; }
.sl-band { fill: #171d24; stroke: #333e4a; }
.sl-chip { fill: #1f2831; stroke: #3c4855; }
.sl-shared { fill: #3a2b14; stroke: #8a6426; }
.sl-shared-ink { fill: #ffcf8f; }
.sl-icon { stroke: #8493a5; }
.sl-icon-shared { stroke: #e0a04a; }
.sl-track { fill: #384553; }
.sl-meter { fill: #6fb0ee; }
.sl-code, .sl-read { stroke: #8a9bb0; }
.sl-data { stroke: #f0a24f; }
.sl-tx { stroke: #ff7391; }
.sl-write { stroke: #6fb0ee; }
.sl-code-tip, .sl-read-tip { fill: #8a9bb0; }
.sl-data-tip { fill: #f0a24f; }
.sl-tx-tip { fill: #ff7391; }
.sl-write-tip { fill: #6fb0ee; }
.sl-label { fill: #1a2129; stroke: #45525f; }
.sl-data-ink { fill: #f7b974; }
.sl-tx-ink { fill: #ff9db2; }
}
";
