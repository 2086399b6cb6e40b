//! The picture of one service: its modules or functions at the left, the stores they touch at the right.

use crate::render::diagram::{ServiceStore, ServiceView, Touch, Unit, count};
use crate::render::svg::canvas::{Anchor, Canvas};
use crate::render::svg::layout::{Area, Point, Size};
use crate::render::svg::lettering::{Face, clean};

const MARGIN: f64 = 28.0;
const ROW: f64 = 30.0;
const GAP: f64 = 8.0;
const CHANNEL: f64 = 220.0;
const MAX_COLUMN: f64 = 360.0;

const TITLE: Face = Face::bold(18.0);
const SUBTITLE: Face = Face::regular(12.5);
const NAME: Face = Face::regular(12.0);
const FACT: Face = Face::regular(11.0);

/// Draws the view; returns the size of the page.
pub(super) fn draw(canvas: &mut Canvas, view: &ServiceView) -> Size {
    let (units, stores) = order(view);
    let left = column(units.iter().map(|&it| unit_width(&view.units[it])));
    let right = column(stores.iter().map(|&it| store_width(&view.stores[it])));
    let channel = if view.touches.is_empty() { 60.0 } else { CHANNEL };
    let inner = (left + channel + right).max(560.0);
    let mut y = MARGIN + 16.0;
    canvas.text("sl-ink", TITLE, Anchor::Start, Point { x: MARGIN, y }, inner, &view.name);
    y += 20.0;
    canvas.text("sl-muted", SUBTITLE, Anchor::Start, Point { x: MARGIN, y }, inner, &view.subtitle);
    y += 20.0;
    let rows = units.len().max(stores.len()) as f64;
    let height = rows * (ROW + GAP);
    let top = |count: usize, at: usize| y + (height - count as f64 * (ROW + GAP)) / 2.0 + at as f64 * (ROW + GAP);
    let unit_area = |at: usize| Area { x: MARGIN, y: top(units.len(), at), width: left, height: ROW };
    let store_area =
        |at: usize| Area { x: MARGIN + inner - right, y: top(stores.len(), at), width: right, height: ROW };

    let place = |order: &[usize], item: usize| order.iter().position(|&it| it == item).unwrap_or_default();
    for touch in &view.touches {
        draw_touch(
            canvas,
            view,
            touch,
            port(view, touch, unit_area(place(&units, touch.unit)), true, &units, &stores),
            port(view, touch, store_area(place(&stores, touch.store)), false, &units, &stores),
        );
    }
    for (at, &unit) in units.iter().enumerate() {
        draw_unit(canvas, &view.units[unit], unit_area(at));
    }
    for (at, &store) in stores.iter().enumerate() {
        draw_store(canvas, &view.stores[store], store_area(at));
    }
    if units.is_empty() && stores.is_empty() {
        let at = Point { x: MARGIN, y: y + 16.0 };
        canvas.text("sl-muted", SUBTITLE, Anchor::Start, at, inner, "Nothing of this service touches a store.");
        y += 24.0;
    }
    y += height + 18.0;
    y = legend(canvas, view, y, inner);
    for note in &view.notes {
        y += 18.0;
        let text = format!("Folded: {note}.");
        canvas.text("sl-muted", FACT, Anchor::Start, Point { x: MARGIN, y }, inner, &text);
    }
    Size { width: inner + 2.0 * MARGIN, height: y + MARGIN }
}

/// The picture in a sentence.
pub(super) fn describe(view: &ServiceView) -> String {
    let own = view.stores.iter().filter(|it| it.owner.is_none()).count();
    format!(
        "{}; {} of its own, {} of others; {} drawn",
        view.subtitle,
        count(own, "store"),
        count(view.stores.len() - own, "store"),
        count(view.units.len(), "member")
    )
}

/// Orders of units and stores with few crossings: alternating barycenters, own stores before those of others.
fn order(view: &ServiceView) -> (Vec<usize>, Vec<usize>) {
    let mut units: Vec<usize> = (0..view.units.len()).collect();
    let mut stores: Vec<usize> = (0..view.stores.len()).collect();
    let sort = |items: &mut Vec<usize>, others: &[usize], near: &dyn Fn(usize) -> Vec<usize>| {
        let mut place = vec![0usize; others.iter().max().map_or(0, |it| it + 1)];
        for (at, &other) in others.iter().enumerate() {
            place[other] = at;
        }
        let key = |item: usize| {
            let near = near(item);
            if near.is_empty() {
                f64::INFINITY
            } else {
                near.iter().map(|&it| place[it] as f64).sum::<f64>() / near.len() as f64
            }
        };
        items.sort_by(|&a, &b| key(a).total_cmp(&key(b)).then(a.cmp(&b)));
    };
    let touched = |unit: usize| view.touches.iter().filter(|it| it.unit == unit).map(|it| it.store).collect();
    let touching = |store: usize| view.touches.iter().filter(|it| it.store == store).map(|it| it.unit).collect();
    for _ in 0..6 {
        sort(&mut stores, &units, &touching);
        sort(&mut units, &stores, &touched);
    }
    stores.sort_by_key(|&it| view.stores[it].owner.is_some());
    sort(&mut units, &stores, &touched);
    (units, stores)
}

/// Where a touch meets its unit or store: spread over the side by where its other end is.
fn port(view: &ServiceView, touch: &Touch, area: Area, left: bool, units: &[usize], stores: &[usize]) -> Point {
    let other = |it: &Touch| {
        let (order, item) = if left { (stores, it.store) } else { (units, it.unit) };
        order.iter().position(|&at| at == item).unwrap_or_default()
    };
    let mut ends: Vec<usize> = (view.touches.iter())
        .filter(|it| if left { it.unit == touch.unit } else { it.store == touch.store })
        .map(&other)
        .collect();
    ends.sort_unstable();
    let at = ends.iter().position(|&it| it == other(touch)).unwrap_or_default();
    let gap = (6.0f64).min((area.height - 8.0) / ends.len().max(1) as f64);
    let y = area.y + area.height / 2.0 + (at as f64 - (ends.len() as f64 - 1.0) / 2.0) * gap;
    Point { x: if left { area.right() } else { area.x }, y }
}

fn column(widths: impl Iterator<Item = f64>) -> f64 {
    widths.fold(140.0, f64::max).min(MAX_COLUMN).ceil()
}

fn unit_width(unit: &Unit) -> f64 {
    let facts = if unit.facts.is_empty() { 0.0 } else { FACT.width(&unit.facts.join(" · ")) + 14.0 };
    NAME.width(&clean(&unit.name)) + facts + 24.0
}

fn store_width(store: &ServiceStore) -> f64 {
    let side = note(store).map_or(0.0, |it| FACT.width(&clean(&it)) + 14.0);
    NAME.width(&clean(&store.row.name)) + side + 24.0
}

/// What stands beside the name of a store.
fn note(store: &ServiceStore) -> Option<String> {
    match (&store.owner, store.row.verdict) {
        (Some(owner), _) => Some(format!("of {owner}")),
        (None, Some(verdict)) => Some(verdict.words().to_owned()),
        (None, None) => None,
    }
}

fn draw_unit(canvas: &mut Canvas, unit: &Unit, area: Area) {
    canvas.open("sl-unit", &unit.detail);
    canvas.rect("sl-box", area, 6.0);
    let mut room = area.width - 24.0;
    let y = area.y + area.height / 2.0 + 4.2;
    if !unit.facts.is_empty() {
        let at = Point { x: area.right() - 12.0, y };
        room -= canvas.text("sl-muted", FACT, Anchor::End, at, room * 0.5, &unit.facts.join(" · ")) + 14.0;
    }
    canvas.name("sl-ink", NAME, Anchor::Start, Point { x: area.x + 12.0, y }, room, &unit.name);
    canvas.close();
}

fn draw_store(canvas: &mut Canvas, store: &ServiceStore, area: Area) {
    canvas.open("sl-store", &store.row.detail);
    let shared = store.row.verdict.is_some();
    let class = match (&store.owner, shared) {
        (Some(_), _) => "sl-band sl-unsure",
        (None, true) => "sl-shared",
        (None, false) => "sl-box",
    };
    canvas.rect(class, area, 6.0);
    let ink = if shared && store.owner.is_none() { "sl-shared-ink" } else { "sl-ink" };
    let mut room = area.width - 24.0;
    let y = area.y + area.height / 2.0 + 4.2;
    if let Some(note) = note(store) {
        let side = if store.owner.is_some() { "sl-muted" } else { "sl-shared-ink" };
        let at = Point { x: area.right() - 12.0, y };
        room -= canvas.text(side, FACT, Anchor::End, at, room * 0.6, &note) + 14.0;
    }
    canvas.name(ink, NAME, Anchor::Start, Point { x: area.x + 12.0, y }, room, &store.row.name);
    canvas.close();
}

fn draw_touch(canvas: &mut Canvas, view: &ServiceView, touch: &Touch, from: Point, to: Point) {
    let class = if touch.writes > 0 { "sl-write" } else { "sl-read" };
    let width = 1.0 + f64::from(touch.reads + touch.writes).log2() * 0.5;
    let detail = format!(
        "{} to {}: {}, {}",
        view.units[touch.unit].name,
        view.stores[touch.store].row.name,
        count(touch.reads as usize, "read"),
        count(touch.writes as usize, "write")
    );
    canvas.open("sl-touch", &detail);
    let middle = f64::midpoint(from.x, to.x);
    let path = format!(
        "M{:.1} {:.1}C{middle:.1} {:.1} {middle:.1} {:.1} {:.1} {:.1}",
        from.x,
        from.y,
        from.y,
        to.y,
        to.x - 6.0,
        to.y
    );
    canvas.path(class, Some(width), &path);
    canvas.arrow_head(&format!("{class}-tip"), to, Point { x: to.x - 7.0, ..to }, 2.6 + width * 0.5);
    canvas.close();
}

fn legend(canvas: &mut Canvas, view: &ServiceView, top: f64, inner: f64) -> f64 {
    let mut entries = Vec::new();
    if view.touches.iter().any(|it| it.writes > 0) {
        entries.push(("sl-write", "writes"));
    }
    if view.touches.iter().any(|it| it.writes == 0) {
        entries.push(("sl-read", "reads only"));
    }
    if view.stores.iter().any(|it| it.owner.is_some()) {
        entries.push(("", "dashed: store of another owner"));
    }
    let mut at = Point { x: MARGIN, y: top + 8.0 };
    for (mark, words) in entries {
        if !mark.is_empty() {
            let (end, middle) = (Point { x: at.x + 26.0, y: at.y - 4.0 }, at.y - 4.0);
            canvas.path(mark, Some(2.0), &format!("M{:.1} {middle:.1}H{:.1}", at.x, at.x + 19.0));
            canvas.arrow_head(&format!("{mark}-tip"), end, Point { x: end.x - 8.0, ..end }, 4.0);
            at.x += 34.0;
        }
        at.x += canvas.text("sl-muted", FACT, Anchor::Start, at, inner, words) + 24.0;
    }
    at.y
}
