//! Trend charts as SVG: coupling, shared stores, cut edges per service, modularity and blind spots over time.
//!
//! Colors are attributes that a style sheet in the same file replaces where the reader's screen is dark.

use std::collections::BTreeMap;

use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::model::history::{History, Revision};
use crate::model::report::Artifact;
use crate::render::trend::series;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Plot<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

const PAGE: (u8, u8, u8) = (255, 255, 255);
const INK: (u8, u8, u8) = (27, 36, 48);
const MUTED: (u8, u8, u8) = (88, 100, 116);
const GRID: (u8, u8, u8) = (221, 227, 234);
const SHADE: (u8, u8, u8) = (243, 245, 248);
/// Colors of lines on white, each with its counterpart on a dark ground.
const LINES: [((u8, u8, u8), &str); 8] = [
    ((47, 111, 178), "#6fb0ee"),
    ((207, 116, 19), "#f0a24f"),
    ((194, 42, 77), "#ff7391"),
    ((22, 138, 123), "#4cc9b8"),
    ((122, 79, 191), "#b99af0"),
    ((124, 138, 31), "#b9c95a"),
    ((150, 75, 0), "#d9a066"),
    ((117, 134, 155), "#8a9bb0"),
];
/// Services that get a line of their own; the rest are summed up.
const MOST_LINES: usize = 7;
/// Revisions of which less than this share of the code could be placed, or of whose data accesses more than this share
/// could not be resolved, say little and are shaded.
const ENOUGH: f64 = 0.5;
/// Width kept for the labels at the ends of lines, and what one letter of them takes, in pixels.
const LABELS: u32 = 172;
const LETTER: f64 = 6.3;

/// How values are written on the axis.
#[derive(Clone, Copy, PartialEq)]
enum Unit {
    Count,
    Percent,
    Index,
}

/// One chart.
struct Chart {
    file: &'static str,
    title: &'static str,
    note: &'static str,
    unit: Unit,
    lines: Vec<Line>,
}

/// One line of it: a value for some of the revisions.
struct Line {
    label: String,
    points: Vec<(usize, f64)>,
    color: usize,
}

/// Every chart as a file of its own below `trend/`, and all of them on one page in `trend.svg`, which comes first.
pub fn charts(history: &History) -> Vec<Artifact> {
    if history.revisions.is_empty() {
        return Vec::new();
    }
    let charts = all(history);
    let axis = Axis::new(history);
    let mut found = vec![Artifact { path: "trend.svg".to_owned(), bytes: page(history, &axis, &charts).into_bytes() }];
    for chart in &charts {
        let title = format!("{} of {}", chart.title, history.project);
        let text = svg((960, 420), &title, &summary(history, chart), |area| draw(area, history, &axis, chart));
        found.push(Artifact { path: format!("trend/{}.svg", chart.file), bytes: text.into_bytes() });
    }
    found
}

fn all(history: &History) -> Vec<Chart> {
    let line = |label: &str, metric: &str, color: usize| Line {
        label: label.to_owned(),
        points: series(history, metric, None),
        color,
    };
    vec![
        Chart {
            file: "coupling",
            title: "Coupling between services",
            note: "sites; lower is better",
            unit: Unit::Count,
            lines: vec![line("cut calls", "cut_calls", 0), line("foreign accesses", "foreign_accesses", 1)],
        },
        Chart {
            file: "shared-stores",
            title: "Shared data",
            note: "lower is better, except stores, which is how many there are",
            unit: Unit::Count,
            lines: vec![
                line("stores", "stores", 7),
                line("shared stores", "shared_stores", 2),
                line("cross foreign keys", "cross_foreign_keys", 1),
                line("cross joins", "cross_joins", 4),
                line("cross transactions", "cross_transactions", 3),
            ],
        },
        Chart {
            file: "cut-edges",
            title: "Cut calls per service",
            note: "call sites with one end in the service; lower is better",
            unit: Unit::Count,
            lines: per_service(history, "cut_calls"),
        },
        Chart {
            file: "modularity",
            title: "Modularity",
            note: "of the call graph under the services; higher is better",
            unit: Unit::Index,
            lines: vec![
                line("modularity Q", "modularity", 0),
                line("structural (SM)", "structural_modularity", 3),
                line("propagation cost", "propagation_cost", 2),
            ],
        },
        Chart {
            file: "blind-spots",
            title: "Blind spots",
            note: "data accesses that could not be resolved; lower is better",
            unit: Unit::Percent,
            lines: vec![line("unresolved", "blind_spot_share", 4)],
        },
        Chart {
            file: "size",
            title: "Size",
            note: "lines of production code, for comparison",
            unit: Unit::Count,
            lines: vec![line("lines", "lines", 7)],
        },
    ]
}

/// The services with the highest values today, and the sum of the others.
fn per_service(history: &History, metric: &str) -> Vec<Line> {
    let mut all: Vec<(&str, Vec<(usize, f64)>)> =
        history.services.iter().map(|it| (it.as_str(), series(history, metric, Some(it)))).collect();
    all.retain(|(_, points)| points.iter().any(|it| it.1 > 0.0));
    let last = |points: &[(usize, f64)]| points.last().map_or(0.0, |it| it.1);
    let peak = |points: &[(usize, f64)]| points.iter().map(|it| it.1).fold(0.0, f64::max);
    all.sort_by(|a, b| {
        (last(&b.1), peak(&b.1))
            .partial_cmp(&(last(&a.1), peak(&a.1)))
            .unwrap_or(std::cmp::Ordering::Equal)
            .then(a.0.cmp(b.0))
    });
    let own = if all.len() > MOST_LINES + 1 { MOST_LINES } else { all.len() };
    let rest = all.split_off(own);
    let line =
        |(color, (name, points)): (usize, (&str, Vec<(usize, f64)>))| Line { label: name.to_owned(), points, color };
    let mut lines: Vec<Line> = all.into_iter().enumerate().map(line).collect();
    if !rest.is_empty() {
        let mut sums: BTreeMap<usize, f64> = BTreeMap::new();
        for (at, value) in rest.iter().flat_map(|(_, points)| points) {
            *sums.entry(*at).or_default() += value;
        }
        let label = format!("{} others, summed", rest.len());
        lines.push(Line { label, points: sums.into_iter().collect(), color: LINES.len() - 1 });
    }
    lines
}

/// Where revisions stand from left to right, and what is written below them.
struct Axis {
    positions: Vec<f64>,
    ticks: Vec<(f64, String)>,
    /// Tags, where revisions stand by time.
    tags: Vec<(f64, String)>,
    /// Whether revisions just before each one could not be measured.
    gaps: Vec<bool>,
    range: (f64, f64),
}

impl Axis {
    /// Tags and few commits stand side by side under their names; everything else stands by time.
    fn new(history: &History) -> Self {
        let count = history.revisions.len();
        let by_name = history.every == "tag" || history.every == "commit" && count <= 40;
        if by_name {
            let name = |at: usize| {
                let revision = &history.revisions[at];
                revision.tags.first().cloned().unwrap_or_else(|| revision.id[..revision.id.len().min(7)].to_owned())
            };
            let longest = (0..count).map(|at| name(at).chars().count()).max().unwrap_or(1);
            let fit = (600.0 / (longest as f64 * LETTER + 14.0)).max(1.0) as usize;
            let step = count.div_ceil(fit.max(1)).max(1);
            // Counted from the end, so that the newest has its name.
            let ticks = (0..count).rev().step_by(step).map(|at| (at as f64, name(at))).collect();
            let end = (count.max(2) - 1) as f64;
            return Self {
                positions: (0..count).map(|at| at as f64).collect(),
                ticks,
                tags: Vec::new(),
                gaps: gaps(history),
                range: (0.0, end),
            };
        }
        let positions: Vec<f64> = history.revisions.iter().map(|it| it.time as f64).collect();
        let low = positions.iter().copied().fold(f64::MAX, f64::min);
        let high = positions.iter().copied().fold(f64::MIN, f64::max).max(low + 86_400.0);
        let tags = history
            .revisions
            .iter()
            .zip(&positions)
            .filter_map(|(revision, at)| Some((*at, revision.tags.first()?.clone())))
            .collect();
        Self { ticks: dates(history), positions, tags, gaps: gaps(history), range: (low, high) }
    }
}

/// Before which revisions others were skipped.
fn gaps(history: &History) -> Vec<bool> {
    let mut skipped: Vec<&str> = history.skipped.iter().map(|it| it.date.as_str()).collect();
    skipped.sort_unstable();
    let until = |date: &str| skipped.partition_point(|it| *it < date);
    let pairs = history.revisions.windows(2).map(|it| until(&it[0].date) < until(&it[1].date));
    std::iter::once(false).chain(pairs).collect()
}

/// Beginnings of years, or of months where the history is short, at most ten.
fn dates(history: &History) -> Vec<(f64, String)> {
    let mut years: Vec<(f64, String)> = Vec::new();
    let mut months: Vec<(f64, String)> = Vec::new();
    let mut days: Vec<(f64, String)> = Vec::new();
    for revision in &history.revisions {
        let Some(date) = revision.date.get(..10) else { continue };
        for (length, ticks) in [(4, &mut years), (7, &mut months), (10, &mut days)] {
            if !ticks.iter().any(|it| it.1 == date[..length]) {
                ticks.push((revision.time as f64, date[..length].to_owned()));
            }
        }
    }
    let mut ticks = if years.len() > 3 {
        years
    } else if months.len() > 2 {
        months
    } else {
        days
    };
    // The first is where the history begins, which is no beginning of a year.
    if ticks.len() > 4 {
        ticks.remove(0);
    }
    let step = ticks.len().div_ceil(10).max(1);
    ticks.into_iter().step_by(step).collect()
}

/// All charts in one picture.
fn page(history: &History, axis: &Axis, charts: &[Chart]) -> String {
    const WIDTH: u32 = 1240;
    const HEAD: u32 = 64;
    const ROW: u32 = 330;
    let rows = charts.len().div_ceil(2) as u32;
    let title = format!("Coupling of {} over time", history.project);
    let (first, last) = (&history.revisions[0], &history.revisions[history.revisions.len() - 1]);
    let note = format!(
        "{} revisions from {} to {}, under the same {} services ({} at {})",
        history.revisions.len(),
        &first.date[..10],
        &last.date[..10],
        history.services.len(),
        history.boundaries.kind,
        &history.boundaries.revision[..history.boundaries.revision.len().min(7)]
    );
    let mut notes = Vec::new();
    if history.revisions.iter().any(says_little) {
        notes.push(
            "Shaded: less than half of the code could be placed in these services, or most of its data accesses could \
             not be resolved.",
        );
    }
    if axis.gaps.contains(&true) {
        notes.push("Dashed: what lies between could not be read.");
    }
    let foot = notes.join(" ");
    let height = HEAD + rows * ROW + if foot.is_empty() { 12 } else { 36 };
    svg((WIDTH, height), &title, &note, |area| {
        if !foot.is_empty() {
            area.draw(&text(&foot, (20, height.cast_signed() - 18), 12.0, MUTED, HPos::Left, VPos::Center))?;
        }
        let (area, _) = area.split_vertically(HEAD + rows * ROW);
        let (head, body) = area.split_vertically(HEAD);
        head.draw(&text(&title, (20, 30), 20.0, INK, HPos::Left, VPos::Center))?;
        head.draw(&text(&note, (20, 52), 13.0, MUTED, HPos::Left, VPos::Center))?;
        for (panel, chart) in body.split_evenly((rows as usize, 2)).iter().zip(charts) {
            draw(panel, history, axis, chart)?;
        }
        Ok(())
    })
}

/// What a chart shows, for those who do not see it.
fn summary(history: &History, chart: &Chart) -> String {
    let parts: Vec<String> = chart
        .lines
        .iter()
        .filter_map(|line| {
            let (first, last) = (line.points.first()?, line.points.last()?);
            Some(format!("{} from {} to {}", line.label, value(first.1, chart.unit), value(last.1, chart.unit)))
        })
        .collect();
    let dates = (&history.revisions[0].date, &history.revisions[history.revisions.len() - 1].date);
    format!("{} to {}: {}", &dates.0[..10], &dates.1[..10], parts.join("; "))
}

type Drawn = Result<(), DrawingAreaErrorKind<<SVGBackend<'static> as DrawingBackend>::ErrorType>>;

fn draw(area: &Area<'_>, history: &History, axis: &Axis, chart: &Chart) -> Drawn {
    let values = || chart.lines.iter().flat_map(|it| &it.points).map(|it| it.1);
    let low = values().fold(0.0, f64::min);
    let high = match chart.unit {
        Unit::Count => nice_top(values().fold(0.0, f64::max)),
        Unit::Percent => (values().fold(0.0, f64::max) * 1.15).clamp(0.05, 1.0),
        Unit::Index => (values().fold(0.0, f64::max) * 1.1).max(0.1),
    };
    let low = if low < 0.0 { low * 1.15 } else { 0.0 };
    let (width, height) = area.dim_in_pixel();
    area.draw(&text(chart.title, (20, 20), 15.0, INK, HPos::Left, VPos::Center))?;
    area.draw(&text(chart.note, (20, 38), 12.0, MUTED, HPos::Left, VPos::Center))?;
    let mut plot = ChartBuilder::on(area)
        .margin_top(62)
        .margin_left(12)
        .margin_right(LABELS)
        .margin_bottom(10)
        .x_label_area_size(26)
        .y_label_area_size(44)
        .build_cartesian_2d(axis.range.0..axis.range.1, low..high)?;
    for (from, to) in shaded(history, axis) {
        let style = RGBColor(SHADE.0, SHADE.1, SHADE.2).filled();
        plot.draw_series(std::iter::once(Rectangle::new([(from, low), (to, high)], style)))?;
    }
    let color = |(r, g, b)| RGBColor(r, g, b);
    plot.configure_mesh()
        .disable_x_mesh()
        .disable_x_axis()
        .x_labels(0)
        .y_labels(5)
        .y_max_light_lines(0)
        .bold_line_style(color(GRID))
        .axis_style(color(GRID))
        .y_label_formatter(&|it| value(*it, chart.unit))
        .label_style(("sans-serif", 12.0 * 1.24).into_font().color(&color(MUTED)))
        .draw()?;
    let base = plot.backend_coord(&(axis.range.0, low)).1;
    let origin = area.get_base_pixel();
    let mut free = i32::MIN;
    let mut ticks = axis.ticks.clone();
    ticks.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (at, label) in &ticks {
        let x = plot.backend_coord(&(*at, low)).0 - origin.0;
        let half = (label.chars().count() as f64 * LETTER / 2.0) as i32;
        let y = base - origin.1;
        area.draw(&PathElement::new([(x, y), (x, y + 4)], color(MUTED)))?;
        if x - half > free {
            area.draw(&text(label, (x, y + 8), 12.0, MUTED, HPos::Center, VPos::Top))?;
            free = x + half + 8;
        }
    }
    draw_tags(area, axis, &plot)?;
    let mut ends: Vec<(i32, &Line)> = Vec::new();
    for line in &chart.lines {
        let style = color(LINES[line.color].0).stroke_width(2);
        let place = |it: (usize, f64)| (axis.positions[it.0], it.1);
        let mut before: Option<(f64, f64)> = None;
        for run in unbroken(&line.points, &axis.gaps) {
            let points: Vec<(f64, f64)> = thinned(run).map(place).collect();
            if let (Some(before), Some(first)) = (before, points.first()) {
                let dashed = DashedLineSeries::new([before, *first], 2, 5, color(LINES[line.color].0).stroke_width(1));
                plot.draw_series(dashed)?;
            }
            if let [only] = points.as_slice() {
                plot.draw_series(std::iter::once(Circle::new(*only, 3, style.filled())))?;
            } else {
                plot.draw_series(LineSeries::new(points.iter().copied(), style))?;
            }
            before = points.last().copied();
        }
        if let Some(last) = before {
            ends.push((plot.backend_coord(&last).1 - origin.1, line));
        }
    }
    // Labels at the ends of the lines, pushed apart where they would lie on each other.
    ends.sort_by_key(|it| it.0);
    let mut rows: Vec<i32> = ends.iter().map(|it| it.0).collect();
    for at in 1..rows.len() {
        rows[at] = rows[at].max(rows[at - 1] + 15);
    }
    let over = rows.last().map_or(0, |it| (it - (height.cast_signed() - 34)).max(0));
    for at in (0..rows.len()).rev() {
        let below = rows.get(at + 1).map_or(i32::MAX, |it| it - 15);
        rows[at] = rows[at].min(below).min(rows[at] - if at + 1 == rows.len() { over } else { 0 });
    }
    let x = (width - LABELS).cast_signed() + 8;
    for ((_, line), y) in ends.iter().zip(rows) {
        let last = line.points.last().map_or(0.0, |it| it.1);
        let room = (f64::from(LABELS - 14) / LETTER) as usize;
        let figure = value(last, chart.unit);
        let name = cut(&line.label, room.saturating_sub(figure.len() + 1));
        let label = format!("{name} {figure}");
        area.draw(&text(&label, (x, y), 12.0, LINES[line.color].0, HPos::Left, VPos::Center))?;
    }
    Ok(())
}

/// Small marks on top where tags stand, with as many names as there is room for.
fn draw_tags(area: &Area<'_>, axis: &Axis, plot: &Plot<'_, '_>) -> Drawn {
    let origin = area.get_base_pixel();
    let top = plot.plotting_area().get_y_range().end;
    let mut free = i32::MIN;
    let step = axis.tags.len().div_ceil(60).max(1);
    for (at, name) in axis.tags.iter().step_by(step) {
        let (x, y) = plot.backend_coord(&(*at, top));
        let (x, y) = (x - origin.0, y - origin.1);
        area.draw(&PathElement::new([(x, y - 4), (x, y)], RGBColor(MUTED.0, MUTED.1, MUTED.2)))?;
        let half = (name.chars().count() as f64 * LETTER * 0.83 / 2.0) as i32;
        if x - half > free {
            area.draw(&text(name, (x, y - 6), 10.0, MUTED, HPos::Center, VPos::Bottom))?;
            free = x + half + 10;
        }
    }
    Ok(())
}

/// Whether the boundaries hardly fit a revision, or its data accesses are mostly unknown.
fn says_little(revision: &Revision) -> bool {
    let blind = revision.metrics.iter().find(|it| it.metric == "blind_spot_share" && it.service.is_none());
    revision.placed < ENOUGH || blind.is_some_and(|it| it.value > ENOUGH)
}

/// Stretches of revisions that say little.
fn shaded(history: &History, axis: &Axis) -> Vec<(f64, f64)> {
    let mut stretches: Vec<(f64, f64)> = Vec::new();
    let mut open = false;
    for (revision, at) in history.revisions.iter().zip(&axis.positions) {
        let hardly = says_little(revision);
        match stretches.last_mut().filter(|_| open) {
            Some(last) => last.1 = *at,
            None if hardly => stretches.push((*at, *at)),
            None => {}
        }
        open = hardly;
    }
    stretches
}

/// The points in runs between which no revision was skipped.
fn unbroken<'p>(points: &'p [(usize, f64)], gaps: &[bool]) -> impl Iterator<Item = &'p [(usize, f64)]> {
    points.chunk_by(|a, b| !gaps[a.0 + 1..=b.0].contains(&true))
}

/// Points without those in the middle of a level stretch.
fn thinned(points: &[(usize, f64)]) -> impl Iterator<Item = (usize, f64)> {
    let level = |at: usize| {
        at > 0
            && at + 1 < points.len()
            && (points[at - 1].1 - points[at].1).abs() < 1e-12
            && (points[at].1 - points[at + 1].1).abs() < 1e-12
    };
    points.iter().enumerate().filter(move |(at, _)| !level(*at)).map(|(_, it)| *it)
}

/// A little above the greatest value.
fn nice_top(most: f64) -> f64 {
    (most * 1.08).max(4.0).ceil()
}

fn value(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Count => format!("{value:.0}"),
        Unit::Percent => format!("{:.0} %", 100.0 * value),
        Unit::Index => {
            let text = format!("{value:.2}");
            if text == "-0.00" { "0.00".to_owned() } else { text }
        }
    }
}

fn cut(name: &str, room: usize) -> String {
    if name.chars().count() <= room {
        return name.to_owned();
    }
    name.chars().take(room.saturating_sub(1)).chain(['…']).collect()
}

/// Text of so many pixels; the backend divides sizes by 1.24.
fn text<'t>(
    text: &str,
    at: (i32, i32),
    size: f64,
    (r, g, b): (u8, u8, u8),
    horizontal: HPos,
    vertical: VPos,
) -> Text<'t, (i32, i32), String> {
    let style = ("sans-serif", size * 1.24).into_font().color(&RGBColor(r, g, b)).pos(Pos::new(horizontal, vertical));
    Text::new(text.to_owned(), at, style)
}

/// A picture of a size, with its title and description, and with the style for dark screens.
fn svg(size: (u32, u32), title: &str, description: &str, paint: impl FnOnce(&Area<'_>) -> Drawn) -> String {
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, size).into_drawing_area();
        // Drawing into memory cannot fail; a picture that did would lack a line, not be broken.
        let (r, g, b) = PAGE;
        let painted = area.fill(&RGBColor(r, g, b)).and_then(|()| paint(&area)).and_then(|()| area.present());
        debug_assert!(painted.is_ok(), "{painted:?}");
    }
    let Some(at) = text.find('>') else { return text };
    let head = format!(
        " role=\"img\" aria-label=\"{}\">\n<title>{}</title>\n<desc>{}</desc>\n<style>\n{}</style>",
        escape(title),
        escape(title),
        escape(description),
        style()
    );
    text.replace_range(at..=at, &head);
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

fn style() -> String {
    let mut text = String::from(
        "text { font-family: system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; \
         font-variant-numeric: tabular-nums; }\npolyline { stroke-linejoin: round; stroke-linecap: round; }\n\
         @media screen and (prefers-color-scheme: dark) {\n",
    );
    let fixed = [(PAGE, "#12171d"), (INK, "#e5eaf1"), (MUTED, "#9ba8b8"), (GRID, "#2c3641"), (SHADE, "#1a2129")];
    for ((r, g, b), dark) in fixed.into_iter().chain(LINES) {
        let light = format!("#{r:02X}{g:02X}{b:02X}");
        text.push_str(&format!("[fill=\"{light}\"] {{ fill: {dark}; }}\n[stroke=\"{light}\"] {{ stroke: {dark}; }}\n"));
    }
    text.push_str("}\n");
    text
}

fn escape(text: &str) -> String {
    let clean: String = text.chars().filter(|it| !it.is_control()).collect();
    clean.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::history::Skipped;

    #[test]
    fn what_was_skipped_breaks_the_line() {
        let revision = |date: &str| Revision { date: date.to_owned(), ..Revision::default() };
        let skipped = Skipped { id: String::new(), date: "2026-02-10".to_owned(), reason: String::new() };
        let history = History {
            revisions: ["2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"].map(revision).to_vec(),
            skipped: vec![skipped],
            ..History::default()
        };
        let gaps = gaps(&history);
        assert_eq!(gaps, [false, false, true, false]);
        let points = [(0, 1.0), (1, 2.0), (2, 3.0), (3, 4.0)];
        let runs: Vec<usize> = unbroken(&points, &gaps).map(<[_]>::len).collect();
        assert_eq!(runs, [2, 2]);
    }
}
