//! The picture of the services: edge layer above, services with their stores and seams, shared kernel below, legend.

use std::fmt::Write as _;

use crate::model::plan::Verdict;
use crate::render::diagram::{Band, Link, LinkKind, Overview, ServiceBox, StoreRow, count};
use crate::render::svg::canvas::{Anchor, Canvas};
use crate::render::svg::layout::{Area, Point, Route, Size, Tie, layout};
use crate::render::svg::lettering::{Face, clean};

const MARGIN: f64 = 32.0;
const MIN_WIDTH: f64 = 880.0;
const MAX_BOX: f64 = 340.0;
const MIN_BOX: f64 = 200.0;
const PAD: f64 = 14.0;
const ROW: f64 = 24.0;
const HEAD: f64 = 56.0;
/// Meter and figure of the confidence, with the space before them.
const METER: f64 = 100.0;

const TITLE: Face = Face::bold(22.0);
const SUBTITLE: Face = Face::regular(13.0);
const NAME: Face = Face::bold(15.0);
const FACT: Face = Face::regular(11.5);
const STORE: Face = Face::regular(12.0);
const VERDICT: Face = Face::regular(11.0);
const LABEL: Face = Face::regular(11.0);
const BAND: Face = Face::bold(13.0);

/// Below this share a placement is drawn as unsure.
const UNSURE: f64 = 0.5;
/// More links than this are labelled with their weight only.
const MANY_LINKS: usize = 30;

/// Draws everything; returns the size of the page.
pub(super) fn draw(canvas: &mut Canvas, overview: &Overview) -> Size {
    let boxes: Vec<Size> = overview.services.iter().map(box_size).collect();
    let brief = overview.links.len() > MANY_LINKS;
    let labels: Vec<Vec<String>> = overview.links.iter().map(|it| label_lines(it, brief)).collect();
    let ties: Vec<Tie> = (overview.links.iter().zip(&labels))
        .map(|(it, lines)| Tie { from: it.from, to: it.to, weight: it.weight, label: label_size(lines) })
        .collect();
    let layout = layout(&boxes, &ties);
    let inner = layout.size.width.max(MIN_WIDTH);
    let left = MARGIN + (inner - layout.size.width) / 2.0;

    let mut y = MARGIN + 20.0;
    canvas.text("sl-ink", TITLE, Anchor::Start, Point { x: MARGIN, y }, inner, &overview.title);
    y += 22.0;
    canvas.text("sl-muted", SUBTITLE, Anchor::Start, Point { x: MARGIN, y }, inner, &overview.subtitle);
    y += 20.0;
    if !overview.edge.is_empty() {
        y = band(canvas, "Edge layer", "stays in front of the services", &overview.edge, y, inner) + 28.0;
    }
    if overview.services.is_empty() {
        y += 24.0;
        let at = Point { x: MARGIN, y };
        canvas.text("sl-muted", SUBTITLE, Anchor::Start, at, inner, "No service is proposed.");
        y += 24.0;
    }

    let shift = |it: Area| Area { x: it.x + left, y: it.y + y, ..it };
    for (link, route) in overview.links.iter().zip(&layout.routes) {
        draw_link(canvas, link, route, left, y);
    }
    for ((link, route), lines) in overview.links.iter().zip(&layout.routes).zip(&labels) {
        draw_label(canvas, link, shift(route.label), lines);
    }
    for (service, &area) in overview.services.iter().zip(&layout.boxes) {
        draw_service(canvas, service, shift(area));
    }
    y += layout.size.height + 28.0;
    if !overview.kernel.is_empty() {
        y = band(canvas, "Shared kernel", "a library that services use, not a service", &overview.kernel, y, inner)
            + 24.0;
    }
    y = legend(canvas, overview, y + 4.0, inner);
    y += 6.0;
    for note in &overview.notes {
        y += 18.0;
        let text = format!("Folded: {note}.");
        canvas.text("sl-muted", FACT, Anchor::Start, Point { x: MARGIN, y }, inner, &text);
    }
    Size { width: inner + 2.0 * MARGIN, height: y + MARGIN }
}

/// The picture in a sentence or two, for those who do not see it.
pub(super) fn describe(overview: &Overview) -> String {
    let names: Vec<&str> = overview.services.iter().map(|it| it.name.as_str()).collect();
    let shared = overview.services.iter().flat_map(|it| &it.stores).filter(|it| it.verdict.is_some()).count()
        + overview.kernel.stores.len();
    format!(
        "{}. Services: {}. {} between them, {} touched by several.",
        overview.subtitle,
        if names.is_empty() { "none".to_owned() } else { names.join(", ") },
        count(overview.links.len(), "seam"),
        count(shared, "store")
    )
}

fn box_size(service: &ServiceBox) -> Size {
    let name = NAME.width(&clean(&service.name)) + service.confidence.map_or(0.0, |_| METER);
    let facts = FACT.width(&service.facts.join(" · "));
    let rows = service.stores.iter().map(|it| {
        let verdict = it.verdict.map_or(0.0, |it| VERDICT.width(it.words()) + 22.0);
        STORE.width(&store_label(it)) + verdict + 20.0
    });
    let width = rows.fold(name.max(facts), f64::max) + 2.0 * PAD;
    let lane = service.stores.len() as f64 * ROW + if service.hidden > 0 { ROW } else { 0.0 };
    let lane = if lane > 0.0 { lane + 12.0 } else { 0.0 };
    Size { width: width.clamp(MIN_BOX, MAX_BOX).ceil(), height: HEAD + lane }
}

/// The name of a store, and its kind where that is not a table.
fn store_label(row: &StoreRow) -> String {
    clean(&row.name)
}

fn draw_service(canvas: &mut Canvas, service: &ServiceBox, area: Area) {
    let unsure = service.confidence.is_some_and(|it| it < UNSURE);
    let mut tip = format!("{}\n{}", service.name, service.facts.join(", "));
    if let Some(confidence) = service.confidence {
        let _ = write!(tip, "\nconfidence {}", percent(confidence));
    }
    canvas.open("sl-service", &tip);
    canvas.rect(if unsure { "sl-box sl-unsure" } else { "sl-box" }, area, 8.0);
    let head = Area { x: area.x + 1.0, y: area.y + 1.0, width: area.width - 2.0, height: HEAD - 2.0 };
    canvas.rect("sl-head", head, 7.0);
    let room = area.width - 2.0 * PAD;
    let at = Point { x: area.x + PAD, y: area.y + 23.0 };
    let name_room = room - service.confidence.map_or(0.0, |_| METER - 8.0);
    canvas.name("sl-ink sl-name", NAME, Anchor::Start, at, name_room, &service.name);
    if let Some(confidence) = service.confidence {
        let right = Point { x: area.right() - PAD, y: area.y + 22.5 };
        canvas.text("sl-muted", FACT, Anchor::End, right, 44.0, &percent(confidence));
        let track = Area { x: area.right() - PAD - METER + 14.0, y: area.y + 16.5, width: 34.0, height: 4.0 };
        canvas.rect("sl-track", track, 2.0);
        canvas.rect("sl-meter", Area { width: track.width * confidence.clamp(0.0, 1.0), ..track }, 2.0);
    }
    let at = Point { x: area.x + PAD, y: area.y + 43.0 };
    canvas.text("sl-muted", FACT, Anchor::Start, at, room, &service.facts.join(" · "));
    canvas.close();

    let mut y = area.y + HEAD + 6.0;
    for row in &service.stores {
        let row_area = Area { x: area.x + 7.0, y: y + 1.0, width: area.width - 14.0, height: ROW - 2.0 };
        draw_store(canvas, row, row_area);
        y += ROW;
    }
    if service.hidden > 0 {
        let at = Point { x: area.x + PAD, y: y + 16.0 };
        let text = format!("and {}", count(service.hidden, "more store").replace("more stores", "more"));
        canvas.text("sl-muted", FACT, Anchor::Start, at, room, &text);
    }
}

fn draw_store(canvas: &mut Canvas, row: &StoreRow, area: Area) {
    canvas.open("sl-store", &row.detail);
    let shared = row.verdict.is_some();
    if shared {
        canvas.rect("sl-shared", area, 4.0);
    }
    let middle = area.y + area.height / 2.0;
    icon(canvas, if shared { "sl-icon-shared" } else { "sl-icon" }, area.x + 7.0, middle);
    let mut room = area.width - 30.0;
    let baseline = middle + 4.2;
    if let Some(verdict) = row.verdict {
        let at = Point { x: area.right() - 7.0, y: baseline };
        let name = STORE.width(&store_label(row)).min(room * 0.45);
        let words = verdict.words();
        room -= canvas.text("sl-shared-ink", VERDICT, Anchor::End, at, room - name - 14.0, words) + 14.0;
    }
    let ink = if shared { "sl-shared-ink" } else { "sl-ink" };
    canvas.name(ink, STORE, Anchor::Start, Point { x: area.x + 23.0, y: baseline }, room, &store_label(row));
    canvas.close();
}

/// A small cylinder.
fn icon(canvas: &mut Canvas, class: &str, x: f64, middle: f64) {
    let path = format!("M{x:.1} {top:.1}a4.5 2 0 0 1 9 0v7a4.5 2 0 0 1-9 0zm0 0a4.5 2 0 0 0 9 0", top = middle - 3.5);
    canvas.path(class, None, &path);
}

fn label_lines(link: &Link, brief: bool) -> Vec<String> {
    if brief {
        return vec![crate::render::diagram::grouped(link.weight as usize)];
    }
    let mut lines: Vec<String> = link.parts.iter().take(3).cloned().collect();
    if link.parts.len() > 3 {
        lines[2] = format!("{}, …", lines[2]);
    }
    lines
}

fn label_size(lines: &[String]) -> Size {
    let width = lines.iter().map(|it| LABEL.width(it)).fold(0.0, f64::max);
    Size { width: width + 18.0, height: lines.len() as f64 * 14.0 + 8.0 }
}

fn class(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::Code => "sl-code",
        LinkKind::Data => "sl-data",
        LinkKind::Transaction => "sl-tx",
    }
}

/// Grows with the logarithm, so that a seam of 500 edges does not cover one of 5.
fn thickness(weight: u32) -> f64 {
    1.2 + f64::from(weight.max(1)).log2() * 0.55
}

fn draw_link(canvas: &mut Canvas, link: &Link, route: &Route, left: f64, top: f64) {
    let width = thickness(link.weight);
    let class = class(link.kind);
    let tip_class = format!("{class}-tip");
    let half = 3.6 + width * 0.75;
    let length = 7.0 + width;
    canvas.open("sl-link", &link.detail);
    let mut strokes: Vec<Vec<Point>> = (route.strokes.iter())
        .map(|it| it.iter().map(|it| Point { x: it.x + left, y: it.y + top }).collect())
        .collect();
    let mut heads = Vec::new();
    // Lines end inside their heads, so that a thick one does not stick out at the tip.
    if link.directed
        && let Some(end) = strokes.last_mut().and_then(|it| pull_back(it, length, true))
    {
        heads.push(end);
    }
    if link.both
        && let Some(end) = strokes.first_mut().and_then(|it| pull_back(it, length, false))
    {
        heads.push(end);
    }
    for stroke in &strokes {
        canvas.stroke(class, width, stroke);
    }
    for (tip, back) in heads {
        canvas.arrow_head(&tip_class, tip, back, half);
    }
    canvas.close();
}

/// Shortens a stroke at its end or start; returns the tip and the back of the head that fills the gap.
fn pull_back(stroke: &mut [Point], length: f64, at_end: bool) -> Option<(Point, Point)> {
    let (end, before) = if at_end { (stroke.len().checked_sub(1)?, stroke.len().checked_sub(2)?) } else { (0, 1) };
    let (tip, from) = (*stroke.get(end)?, *stroke.get(before)?);
    let sign = if from.y < tip.y { -1.0 } else { 1.0 };
    let back = Point { x: tip.x, y: tip.y + sign * length };
    stroke[end] = Point { x: tip.x, y: tip.y + sign * (length - 1.5) };
    Some((tip, back))
}

fn draw_label(canvas: &mut Canvas, link: &Link, area: Area, lines: &[String]) {
    canvas.open("sl-seam", &link.detail);
    canvas.rect("sl-label", area, 6.0);
    for (at, line) in lines.iter().enumerate() {
        let ink = match link.kind {
            LinkKind::Transaction if at == 0 => "sl-tx-ink",
            LinkKind::Data if at == 0 => "sl-data-ink",
            _ => "sl-muted",
        };
        let point = Point { x: area.center(), y: area.y + 15.0 + at as f64 * 14.0 };
        canvas.text(ink, LABEL, Anchor::Middle, point, area.width - 8.0, line);
    }
    canvas.close();
}

/// A band across the page with a chip per module and per store; returns its lower end.
fn band(canvas: &mut Canvas, title: &str, meaning: &str, band: &Band, top: f64, inner: f64) -> f64 {
    const CHIP: f64 = 24.0;
    const GAP: f64 = 8.0;
    let room = inner - 2.0 * PAD;
    // Chips flow like words.
    let chips: Vec<(f64, Option<&StoreRow>, String)> = (band.stores.iter())
        .map(|it| {
            let words = it.verdict.map_or("", Verdict::words);
            let verdict = if words.is_empty() { 0.0 } else { VERDICT.width(words) + 16.0 };
            let width = STORE.width(&store_label(it)).min(260.0) + verdict + 36.0;
            (width.min(room), Some(it), String::new())
        })
        .chain(band.modules.iter().map(|it| {
            let name = clean(&it.label);
            (STORE.width(&name).min(260.0) + 22.0, None, it.detail.clone())
        }))
        .collect();
    let mut places = Vec::with_capacity(chips.len());
    let (mut x, mut line) = (0.0, 0.0);
    for (width, ..) in &chips {
        if x > 0.0 && x + width > room {
            x = 0.0;
            line += 1.0;
        }
        places.push((x, line));
        x += width + GAP;
    }
    let more = if band.hidden > 0 {
        format!("and {} more", count(band.hidden, "module").replace("modules", ""))
    } else {
        String::new()
    };
    let more = more.split_whitespace().collect::<Vec<_>>().join(" ");
    let more_width = FACT.width(&more) + 4.0;
    if !more.is_empty() && x > 0.0 && x + more_width > room {
        x = 0.0;
        line += 1.0;
    }
    let height = 38.0 + (line + 1.0) * (CHIP + GAP) + 4.0;
    let area = Area { x: MARGIN, y: top, width: inner, height };
    canvas.open("sl-layer", "");
    canvas.rect("sl-band", area, 8.0);
    let at = Point { x: area.x + PAD, y: top + 23.0 };
    let used = canvas.text("sl-ink", BAND, Anchor::Start, at, room * 0.4, title) + 12.0;
    let facts = std::iter::once(meaning).chain(band.facts.iter().map(String::as_str)).collect::<Vec<_>>().join(" · ");
    canvas.text("sl-muted", FACT, Anchor::Start, Point { x: at.x + used, ..at }, room - used, &facts);
    let labels = band.stores.iter().map(|_| "").chain(band.modules.iter().map(|it| it.label.as_str()));
    for (((width, store, tip), (x, line)), label) in chips.iter().zip(places).zip(labels) {
        let chip = Area { x: area.x + PAD + x, y: top + 36.0 + line * (CHIP + GAP), width: *width, height: CHIP };
        if let Some(row) = store {
            if row.verdict.is_none() {
                canvas.rect("sl-chip", chip, 4.0);
            }
            draw_store(canvas, row, chip);
        } else {
            canvas.open("sl-module", tip);
            canvas.rect("sl-chip", chip, 12.0);
            let at = Point { x: chip.center(), y: chip.y + 16.2 };
            canvas.name("sl-ink", STORE, Anchor::Middle, at, width - 16.0, label);
            canvas.close();
        }
    }
    if !more.is_empty() {
        let at = Point { x: area.x + PAD + x, y: top + 36.0 + line * (CHIP + GAP) + 16.0 };
        canvas.text("sl-muted", FACT, Anchor::Start, at, more_width, &more);
    }
    canvas.close();
    area.bottom()
}

/// What the marks mean; only those that occur. Returns the baseline of its last line.
fn legend(canvas: &mut Canvas, overview: &Overview, top: f64, inner: f64) -> f64 {
    let occurs = |kind: LinkKind| overview.links.iter().any(|it| it.kind == kind);
    let mut entries: Vec<(&str, &str)> = Vec::new();
    if overview.services.iter().any(|it| it.confidence.is_some()) {
        entries.push(("meter", "confidence"));
    }
    if overview.services.iter().any(|it| it.confidence.is_some_and(|it| it < UNSURE)) {
        entries.push(("unsure", "below 50 %"));
    }
    let shared = |rows: &[StoreRow]| rows.iter().any(|it| it.verdict.is_some());
    if overview.services.iter().any(|it| shared(&it.stores)) || shared(&overview.kernel.stores) {
        entries.push(("shared", "store that several services touch, and its verdict"));
    }
    for (kind, mark, words) in [
        (LinkKind::Code, "sl-code", "needs: calls, types, messages"),
        (LinkKind::Data, "sl-data", "also data of the other side"),
        (LinkKind::Transaction, "sl-tx", "also a transaction over both"),
    ] {
        if occurs(kind) {
            entries.push((mark, words));
        }
    }
    if !overview.links.is_empty() {
        entries.push(("", "thicker: more edges cut"));
    }
    let mut at = Point { x: MARGIN, y: top + 14.0 };
    canvas.open("sl-legend", "");
    for (mark, words) in entries {
        let sample = if mark.is_empty() { 0.0 } else { 34.0 };
        let width = sample + FACT.width(words);
        if at.x > MARGIN && at.x + width > MARGIN + inner {
            at = Point { x: MARGIN, y: at.y + 20.0 };
        }
        let middle = at.y - 4.0;
        let swatch = Area { x: at.x, y: middle - 6.0, width: 26.0, height: 12.0 };
        match mark {
            "" => {}
            "meter" => {
                let track = Area { y: middle - 2.0, height: 4.0, ..swatch };
                canvas.rect("sl-track", track, 2.0);
                canvas.rect("sl-meter", Area { width: 18.0, ..track }, 2.0);
            }
            "unsure" => canvas.rect("sl-box sl-unsure", swatch, 3.0),
            "shared" => canvas.rect("sl-shared", swatch, 3.0),
            line => {
                let end = Point { x: at.x + 26.0, y: middle };
                canvas.path(line, Some(2.2), &format!("M{:.1} {middle:.1}H{:.1}", at.x, at.x + 19.0));
                canvas.arrow_head(&format!("{line}-tip"), end, Point { x: end.x - 8.0, ..end }, 4.2);
            }
        }
        canvas.text("sl-muted", FACT, Anchor::Start, Point { x: at.x + sample, ..at }, inner - sample, words);
        at.x += width + 26.0;
    }
    canvas.close();
    at.y
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}
