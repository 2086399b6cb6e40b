//! A layered layout for boxes of any size: rows of boxes, channels between them, and a place for every label.
//!
//! After Sugiyama: an order with few links against it (Eades, Lin and Smyth's greedy one), rows by the longest path,
//! folded where that would give a tower or a ribbon, barycenter sweeps for the order within rows, and x positions by
//! isotonic regression. Rows of boxes stand at even levels and channels at odd ones. A link passes every level between
//! its ends at a place reserved for it and its label is one of these places, so lines cross boxes or labels nowhere.
//!
//! The same input gives the same picture, and all ties break by position in the input.

use std::cmp::Reverse;

/// Width and height in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::render) struct Size {
    pub(in crate::render) width: f64,
    pub(in crate::render) height: f64,
}

/// Left, top, width and height in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::render) struct Area {
    pub(in crate::render) x: f64,
    pub(in crate::render) y: f64,
    pub(in crate::render) width: f64,
    pub(in crate::render) height: f64,
}

impl Area {
    pub(in crate::render) fn right(self) -> f64 {
        self.x + self.width
    }

    pub(in crate::render) fn bottom(self) -> f64 {
        self.y + self.height
    }

    pub(in crate::render) fn center(self) -> f64 {
        self.x + self.width / 2.0
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::render) struct Point {
    pub(in crate::render) x: f64,
    pub(in crate::render) y: f64,
}

/// A link to lay out; `from` and `to` are positions of boxes and differ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::render) struct Tie {
    pub(in crate::render) from: usize,
    pub(in crate::render) to: usize,
    /// At least 1.
    pub(in crate::render) weight: u32,
    pub(in crate::render) label: Size,
}

/// Where everything goes; the top left corner of the whole is (0, 0).
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::render) struct Layout {
    pub(in crate::render) boxes: Vec<Area>,
    pub(in crate::render) routes: Vec<Route>,
    pub(in crate::render) size: Size,
}

/// Where a link runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::render) struct Route {
    pub(in crate::render) label: Area,
    /// From the box `from` to the box `to`. Two points of the same x are joined by a line, others by a curve that starts
    /// and ends upright. Two strokes where the label is between them.
    pub(in crate::render) strokes: Vec<Vec<Point>>,
}

const BOX_GAP: f64 = 44.0;
const LABEL_GAP: f64 = 16.0;
const PASS_GAP: f64 = 14.0;
const PASS_WIDTH: f64 = 4.0;
/// Between two ends at the same side of a box.
const PORT_GAP: f64 = 36.0;
/// Width to height that a picture should have.
const ASPECT: f64 = 1.5;
const SWEEPS: usize = 24;

/// Places boxes and ties.
pub(in crate::render) fn layout(boxes: &[Size], ties: &[Tie]) -> Layout {
    if boxes.is_empty() {
        return Layout::default();
    }
    let straight = rows(boxes, ties);
    let mut turning = straight.clone();
    turning.iter_mut().skip(1).step_by(2).for_each(|it| it.reverse());
    // Sweeps do not turn a whole row around, so both ways are tried.
    let grids = [straight, turning].map(|rows| {
        let mut grid = Grid::new(boxes, ties, &rows);
        grid.order();
        grid.pack();
        grid
    });
    let [first, second] = grids;
    let better = if second.length() < first.length() { second } else { first };
    better.place(boxes, ties)
}

/// Positions of boxes, row by row.
fn rows(boxes: &[Size], ties: &[Tie]) -> Vec<Vec<usize>> {
    let tied = |at: usize| ties.iter().any(|it| it.from == at || it.to == at);
    let order = flow_order(boxes.len(), ties);
    let mut place = vec![0; boxes.len()];
    for (at, &item) in order.iter().enumerate() {
        place[item] = at;
    }
    let mut rank = vec![0usize; boxes.len()];
    for &item in &order {
        for tie in ties.iter().filter(|it| it.from == item && place[it.to] > place[item]) {
            rank[tie.to] = rank[tie.to].max(rank[item] + 1);
        }
    }
    let mut queue: Vec<usize> = order.iter().copied().filter(|&it| tied(it)).collect();
    queue.sort_by_key(|&it| (rank[it], place[it]));

    let pitch = |it: usize| boxes[it].width + BOX_GAP;
    let total: f64 = (0..boxes.len()).map(pitch).sum();
    let area: f64 = boxes.iter().map(|it| (it.width + BOX_GAP) * (it.height + 150.0)).sum();
    let target = (area * ASPECT).sqrt().max(1.0);
    let wanted = (total / target).round().max(1.0) as usize;

    let mut natural: Vec<Vec<usize>> = Vec::new();
    for &item in &queue {
        natural.resize(natural.len().max(rank[item] + 1), Vec::new());
        natural[rank[item]].push(item);
    }
    let widest = natural.iter().map(|row| row.iter().copied().map(pitch).sum::<f64>()).fold(0.0, f64::max);
    let mut rows =
        if natural.len() <= wanted + 1 && widest <= target * 1.3 { natural } else { fold(&queue, pitch, wanted) };

    // Boxes without links fill up: first the gaps in rows, then rows of their own.
    let width = |row: &[usize]| row.iter().copied().map(pitch).sum::<f64>();
    let limit = rows.iter().map(|it| width(it)).fold(target, f64::max);
    for item in order.into_iter().filter(|&it| !tied(it)) {
        match rows.last_mut().filter(|row| width(row) + pitch(item) <= limit) {
            Some(row) => row.push(item),
            None => rows.push(vec![item]),
        }
    }
    rows
}

/// Cuts a sequence into so many rows of about the same width.
fn fold(queue: &[usize], pitch: impl Fn(usize) -> f64, rows: usize) -> Vec<Vec<usize>> {
    let total: f64 = queue.iter().copied().map(&pitch).sum();
    let mut folded: Vec<Vec<usize>> = Vec::new();
    let mut before = 0.0;
    for &item in queue {
        let middle = before + pitch(item) / 2.0;
        let row = ((middle / total * rows as f64) as usize).min(rows.saturating_sub(1));
        folded.resize(folded.len().max(row + 1), Vec::new());
        folded[row].push(item);
        before += pitch(item);
    }
    folded.retain(|it| !it.is_empty());
    folded
}

/// All positions, such that few and light links lead backward.
fn flow_order(count: usize, ties: &[Tie]) -> Vec<usize> {
    let mut left: Vec<usize> = (0..count).collect();
    let (mut head, mut tail) = (Vec::new(), Vec::new());
    while !left.is_empty() {
        let weight = |end: fn(&Tie) -> (usize, usize), at: usize| -> i64 {
            (ties.iter()).filter(|it| end(it).0 == at && left.contains(&end(it).1)).map(|it| i64::from(it.weight)).sum()
        };
        let flows: Vec<(usize, i64, i64)> = (left.iter())
            .map(|&it| (it, weight(|tie| (tie.from, tie.to), it), weight(|tie| (tie.to, tie.from), it)))
            .collect();
        let sink = flows.iter().rfind(|it| it.1 == 0 && it.2 > 0);
        let pick = if let Some(&(item, ..)) = sink {
            tail.push(item);
            item
        } else {
            // A source has nothing coming in, so nothing beats it but a greater source.
            let best = flows.iter().min_by_key(|&&(item, out, into)| (into > 0, Reverse(out - into), item));
            let Some(&(item, ..)) = best else { break };
            head.push(item);
            item
        };
        left.retain(|&it| it != pick);
    }
    head.extend(tail.into_iter().rev());
    head
}

/// What stands at a level.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Role {
    Box(usize),
    Label,
    Pass,
}

#[derive(Clone, Debug)]
struct Item {
    role: Role,
    level: usize,
    width: f64,
    /// Center.
    x: f64,
    /// Items of the levels above and below that lines lead to.
    above: Vec<usize>,
    below: Vec<usize>,
}

struct Grid {
    items: Vec<Item>,
    /// Items of each level from left to right.
    levels: Vec<Vec<usize>>,
    /// Position of each item in its level.
    slots: Vec<usize>,
    /// Item of each box.
    boxes: Vec<usize>,
    /// For each tie, the items between its ends from the upper one to the lower one.
    chains: Vec<Vec<usize>>,
    /// For each tie, the item of its label.
    labels: Vec<usize>,
}

impl Grid {
    fn new(boxes: &[Size], ties: &[Tie], rows: &[Vec<usize>]) -> Self {
        let mut grid = Self {
            items: Vec::new(),
            levels: vec![Vec::new(); rows.len() * 2],
            slots: Vec::new(),
            boxes: vec![0; boxes.len()],
            chains: Vec::new(),
            labels: Vec::new(),
        };
        for (row, members) in rows.iter().enumerate() {
            for &member in members {
                grid.boxes[member] = grid.push(Role::Box(member), row * 2, boxes[member].width);
            }
        }
        for tie in ties {
            let (from, to) = (grid.boxes[tie.from], grid.boxes[tie.to]);
            let (upper, lower) = if grid.items[from].level <= grid.items[to].level { (from, to) } else { (to, from) };
            let (first, last) = (grid.items[upper].level, grid.items[lower].level);
            if first == last {
                let label = grid.push(Role::Label, first + 1, tie.label.width);
                grid.join(upper, label);
                grid.join(lower, label);
                grid.labels.push(label);
                grid.chains.push(vec![label]);
                continue;
            }
            let middle = first + 1 + (last - first - 1) / 4 * 2;
            let mut chain = Vec::new();
            for level in first + 1..last {
                let item = if level == middle {
                    let label = grid.push(Role::Label, level, tie.label.width);
                    grid.labels.push(label);
                    label
                } else {
                    grid.push(Role::Pass, level, PASS_WIDTH)
                };
                grid.join(chain.last().copied().unwrap_or(upper), item);
                chain.push(item);
            }
            grid.join(chain.last().copied().unwrap_or(upper), lower);
            grid.chains.push(chain);
        }
        grid.slots = vec![0; grid.items.len()];
        grid.number();
        grid
    }

    fn push(&mut self, role: Role, level: usize, width: f64) -> usize {
        let item = self.items.len();
        self.items.push(Item { role, level, width, x: 0.0, above: Vec::new(), below: Vec::new() });
        self.levels[level].push(item);
        item
    }

    fn join(&mut self, upper: usize, lower: usize) {
        self.items[upper].below.push(lower);
        self.items[lower].above.push(upper);
    }

    fn number(&mut self) {
        for level in &self.levels {
            for (slot, &item) in level.iter().enumerate() {
                self.slots[item] = slot;
            }
        }
    }

    /// Sweeps down and up until the order with the fewest crossings is known.
    fn order(&mut self) {
        let mut best = (self.crossings(), self.levels.clone());
        for sweep in 0..SWEEPS {
            let down = sweep % 2 == 0;
            for step in 0..self.levels.len() {
                self.sort_level(if down { step } else { self.levels.len() - 1 - step }, down);
            }
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.levels.clone());
            }
        }
        self.levels = best.1;
        self.number();
        self.exchange();
    }

    fn sort_level(&mut self, level: usize, down: bool) {
        let mut keyed: Vec<(f64, usize)> = (self.levels[level].iter())
            .map(|&item| {
                let it = &self.items[item];
                // Labels of links within a row hang on that row only.
                let sides = if down { [&it.above, &it.below] } else { [&it.below, &it.above] };
                let near = if sides[0].is_empty() { sides[1] } else { sides[0] };
                let sum: usize = near.iter().map(|&it| self.slots[it] * 2 + 1).sum();
                // As a share of the level, since levels differ in length.
                let length = near.first().map_or(1, |&it| self.levels[self.items[it].level].len());
                let own = (self.slots[item] * 2 + 1) as f64 / self.levels[level].len() as f64;
                let mean = sum as f64 / (near.len() * length) as f64;
                (if near.is_empty() { own } else { mean }, item)
            })
            .collect();
        keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (slot, &(_, item)) in keyed.iter().enumerate() {
            self.levels[level][slot] = item;
            self.slots[item] = slot;
        }
    }

    /// Exchanges neighbors as long as that removes crossings.
    fn exchange(&mut self) {
        for _ in 0..8 {
            let mut better = false;
            for level in 0..self.levels.len() {
                for slot in 1..self.levels[level].len() {
                    let (left, right) = (self.levels[level][slot - 1], self.levels[level][slot]);
                    if self.inversions(left, right) > self.inversions(right, left) {
                        self.levels[level].swap(slot - 1, slot);
                        (self.slots[left], self.slots[right]) = (slot, slot - 1);
                        better = true;
                    }
                }
            }
            if !better {
                break;
            }
        }
    }

    /// Crossings between the lines of two items of a level, the first of them at the left.
    fn inversions(&self, left: usize, right: usize) -> usize {
        let (left, right) = (&self.items[left], &self.items[right]);
        let crossed = |left: &[usize], right: &[usize]| {
            left.iter().map(|&a| right.iter().filter(|&&b| self.slots[b] < self.slots[a]).count()).sum::<usize>()
        };
        crossed(&left.above, &right.above) + crossed(&left.below, &right.below)
    }

    fn crossings(&self) -> usize {
        let mut crossings = 0;
        for level in &self.levels {
            for (at, &left) in level.iter().enumerate() {
                for &right in &level[at + 1..] {
                    let (left, right) = (&self.items[left].below, &self.items[right].below);
                    crossings += left
                        .iter()
                        .map(|&a| right.iter().filter(|&&b| self.slots[b] < self.slots[a]).count())
                        .sum::<usize>();
                }
            }
        }
        crossings
    }

    /// Finds x for every item: near what it is joined to, in order, without overlap.
    fn pack(&mut self) {
        for level in 0..self.levels.len() {
            let mut x = 0.0;
            let mut before: Option<usize> = None;
            for &item in &self.levels[level] {
                x += before.map_or(0.0, |before| self.distance(before, item));
                self.items[item].x = x;
                before = Some(item);
            }
            let middle = x / 2.0;
            for &item in &self.levels[level] {
                self.items[item].x -= middle;
            }
        }
        for sweep in 0..SWEEPS {
            for step in 0..self.levels.len() {
                self.pull(if sweep % 2 == 0 { step } else { self.levels.len() - 1 - step });
            }
        }
        let left = self.items.iter().map(|it| it.x - it.width / 2.0).fold(f64::INFINITY, f64::min);
        for item in &mut self.items {
            item.x -= left;
        }
    }

    /// Least distance of the centers of two neighbors.
    fn distance(&self, left: usize, right: usize) -> f64 {
        let gap = |item: usize| match self.items[item].role {
            Role::Box(_) => BOX_GAP,
            Role::Label => LABEL_GAP,
            Role::Pass => PASS_GAP,
        };
        let gap = f64::midpoint(gap(left), gap(right));
        f64::midpoint(self.items[left].width, self.items[right].width) + gap
    }

    /// Moves the items of a level as near to where their lines want them as their order and widths allow: isotonic
    /// regression by pooling neighbors that would overlap.
    fn pull(&mut self, level: usize) {
        struct Pool {
            /// Weighted mean of what the members want.
            place: f64,
            weight: f64,
            members: usize,
        }
        let items = &self.levels[level];
        let mut offsets = Vec::with_capacity(items.len());
        let mut pools: Vec<Pool> = Vec::new();
        let mut offset = 0.0;
        for (slot, &item) in items.iter().enumerate() {
            if slot > 0 {
                offset += self.distance(items[slot - 1], item);
            }
            offsets.push(offset);
            let (wanted, weight) = self.wish(item);
            pools.push(Pool { place: wanted - offset, weight, members: 1 });
            while let [.., left, right] = pools.as_mut_slice()
                && left.place > right.place
            {
                let weight = left.weight + right.weight;
                left.place = (left.place * left.weight + right.place * right.weight) / weight;
                left.weight = weight;
                left.members += right.members;
                pools.pop();
            }
        }
        let places = pools.iter().flat_map(|it| std::iter::repeat_n(it.place, it.members));
        let found: Vec<f64> = places.zip(offsets).map(|(place, offset)| place + offset).collect();
        for (slot, x) in found.into_iter().enumerate() {
            let item = self.levels[level][slot];
            self.items[item].x = x;
        }
    }

    /// Sideways way of all lines plus the width of the picture, to compare two layouts of the same system.
    fn length(&self) -> f64 {
        let way = |item: &Item| item.below.iter().map(|&it| (self.items[it].x - item.x).abs()).sum::<f64>();
        let right = self.items.iter().map(|it| it.x + it.width / 2.0).fold(0.0, f64::max);
        self.items.iter().map(way).sum::<f64>() + right
    }

    /// Where an item would like to be, and how much.
    fn wish(&self, item: usize) -> (f64, f64) {
        let it = &self.items[item];
        // A little toward the middle of the page, so that rows do not wander off in a staircase.
        let (mut sum, mut weight) = (it.x * 0.05, 0.2);
        for &other in it.above.iter().chain(&it.below) {
            // Lines through several rows are straight first.
            let pull = match (it.role, self.items[other].role) {
                (Role::Pass, Role::Pass) => 8.0,
                (Role::Pass, _) | (_, Role::Pass) => 3.0,
                _ => 1.0,
            };
            sum += self.items[other].x * pull;
            weight += pull;
        }
        (sum / weight, weight)
    }

    fn place(&self, boxes: &[Size], ties: &[Tie]) -> Layout {
        let bands = self.bands(boxes, ties);
        let mut layout = Layout::default();
        for (at, size) in boxes.iter().enumerate() {
            let item = &self.items[self.boxes[at]];
            let Size { width, height } = *size;
            layout.boxes.push(Area { x: item.x - width / 2.0, y: bands[item.level].top, width, height });
        }
        let ports = self.ports(ties, &layout.boxes);
        for (at, tie) in ties.iter().enumerate() {
            layout.routes.push(self.route(at, tie, ports[at], &layout.boxes, &bands));
        }
        let right = self.items.iter().map(|it| it.x + it.width / 2.0).fold(0.0, f64::max);
        layout.size = Size { width: right, height: bands.last().map_or(0.0, |it| it.end) };
        layout
    }

    /// Heights of the levels.
    fn bands(&self, boxes: &[Size], ties: &[Tie]) -> Vec<Span> {
        let mut spans = Vec::with_capacity(self.levels.len());
        let mut y = 0.0;
        for (level, items) in self.levels.iter().enumerate() {
            if level % 2 == 0 {
                let heights = items.iter().map(|&it| match self.items[it].role {
                    Role::Box(at) => boxes[at].height,
                    Role::Label | Role::Pass => 0.0,
                });
                let height = heights.fold(0.0, f64::max);
                spans.push(Span { top: y, bottom: y + height, end: y + height });
                y += height;
                continue;
            }
            let height = (self.labels.iter().zip(ties))
                .filter(|it| self.items[*it.0].level == level)
                .map(|it| it.1.label.height)
                .fold(0.0, f64::max);
            let last = level + 1 == self.levels.len();
            let reach = if items.is_empty() && last {
                0.0
            } else {
                // Curves need height where many of them cross.
                34.0 + (items.len() as f64 * 3.0).min(46.0)
            };
            let below = if last { 0.0 } else { reach };
            spans.push(Span { top: y + reach, bottom: y + reach + height, end: y + reach + height + below });
            y += reach + height + below;
        }
        spans
    }

    /// For each tie, where it leaves its upper and its lower box.
    fn ports(&self, ties: &[Tie], areas: &[Area]) -> Vec<[f64; 2]> {
        let mut ports = vec![[0.0; 2]; ties.len()];
        for (at, area) in areas.iter().enumerate() {
            // Ends at the bottom, then ends at the top.
            let mut sides: [Vec<(f64, usize, usize)>; 2] = [Vec::new(), Vec::new()];
            for (tie, link) in ties.iter().enumerate().filter(|it| it.1.from == at || it.1.to == at) {
                let chain = &self.chains[tie];
                let own = self.items[self.boxes[at]].level;
                let other = self.items[self.boxes[if link.from == at { link.to } else { link.from }]].level;
                let (Some(&first), Some(&last)) = (chain.first(), chain.last()) else { continue };
                match own.cmp(&other) {
                    std::cmp::Ordering::Less => sides[0].push((self.items[first].x, tie, 0)),
                    std::cmp::Ordering::Equal => sides[0].push((self.items[first].x, tie, usize::from(link.to == at))),
                    std::cmp::Ordering::Greater => sides[1].push((self.items[last].x, tie, 1)),
                }
            }
            for side in &mut sides {
                side.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                let gap = PORT_GAP.min((area.width - 24.0).max(0.0) / side.len().max(1) as f64);
                let start = area.center() - gap * (side.len() as f64 - 1.0) / 2.0;
                for (place, &(_, tie, end)) in side.iter().enumerate() {
                    ports[tie][end] = start + gap * place as f64;
                }
            }
        }
        ports
    }

    fn route(&self, at: usize, tie: &Tie, ports: [f64; 2], areas: &[Area], bands: &[Span]) -> Route {
        let label = &self.items[self.labels[at]];
        let Size { width, height } = tie.label;
        let span = bands[label.level];
        // Labels of different heights share the middle of their channel.
        let y = f64::midpoint(span.top, span.bottom) - height / 2.0;
        let area = Area { x: label.x - width / 2.0, y, width, height };
        let (from, to) = (&self.items[self.boxes[tie.from]], &self.items[self.boxes[tie.to]]);
        if from.level == to.level {
            let row = bands[from.level].bottom;
            let sign = if ports[0] <= ports[1] { -1.0 } else { 1.0 };
            let inner = width / 4.0 * sign;
            let first = vec![
                Point { x: ports[0], y: areas[tie.from].bottom() },
                Point { x: ports[0], y: row },
                Point { x: label.x + inner, y: span.top },
                Point { x: label.x + inner, y: area.y },
            ];
            let second = vec![
                Point { x: label.x - inner, y: area.y },
                Point { x: label.x - inner, y: span.top },
                Point { x: ports[1], y: row },
                Point { x: ports[1], y: areas[tie.to].bottom() },
            ];
            return Route { label: area, strokes: vec![distinct(first), distinct(second)] };
        }
        let down = from.level < to.level;
        let (upper, lower) = if down { (tie.from, tie.to) } else { (tie.to, tie.from) };
        let mut points = vec![
            Point { x: ports[0], y: areas[upper].bottom() },
            Point { x: ports[0], y: bands[self.items[self.boxes[upper]].level].bottom },
        ];
        for &item in &self.chains[at] {
            let it = &self.items[item];
            points.push(Point { x: it.x, y: bands[it.level].top });
            points.push(Point { x: it.x, y: bands[it.level].bottom });
        }
        points.push(Point { x: ports[1], y: areas[lower].y });
        if !down {
            points.reverse();
        }
        Route { label: area, strokes: vec![distinct(points)] }
    }
}

/// Without points on top of each other, so that the last two tell from where a line arrives.
fn distinct(mut points: Vec<Point>) -> Vec<Point> {
    points.dedup_by(|b, a| (a.x - b.x).abs() < 0.05 && (a.y - b.y).abs() < 0.05);
    points
}

/// Heights of a level: what stands there from `top` to `bottom`, free space to `end`.
#[derive(Clone, Copy, Debug)]
struct Span {
    top: f64,
    bottom: f64,
    end: f64,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn systems() -> impl Strategy<Value = (Vec<Size>, Vec<Tie>)> {
        let size = |width: std::ops::Range<u32>, height: std::ops::Range<u32>| {
            (width, height).prop_map(|(w, h)| Size { width: f64::from(w), height: f64::from(h) })
        };
        (1usize..14).prop_flat_map(move |count| {
            let boxes = prop::collection::vec(size(40..340, 30..300), count);
            let tie = (0..count, 0..count, 1u32..400, size(20..140, 14..60));
            let ties = prop::collection::vec(tie, 0..40).prop_map(|ties| {
                ties.into_iter()
                    .filter(|it| it.0 != it.1)
                    .map(|(from, to, weight, label)| Tie { from, to, weight, label })
                    .collect()
            });
            (boxes, ties)
        })
    }

    fn apart(a: Area, b: Area) -> bool {
        const SLACK: f64 = 0.01;
        a.right() <= b.x + SLACK || b.right() <= a.x + SLACK || a.bottom() <= b.y + SLACK || b.bottom() <= a.y + SLACK
    }

    /// Points on a stroke as it is drawn.
    fn samples(stroke: &[Point]) -> Vec<Point> {
        let mut points = Vec::new();
        for pair in stroke.windows(2) {
            let [a, b] = [pair[0], pair[1]];
            let middle = f64::midpoint(a.y, b.y);
            for step in 0..=24 {
                let t = f64::from(step) / 24.0;
                let mix = |p: [f64; 4]| {
                    let s = 1.0 - t;
                    s * s * s * p[0] + 3.0 * s * s * t * p[1] + 3.0 * s * t * t * p[2] + t * t * t * p[3]
                };
                points.push(Point { x: mix([a.x, a.x, b.x, b.x]), y: mix([a.y, middle, middle, b.y]) });
            }
        }
        points
    }

    fn inside(point: Point, area: Area) -> bool {
        const SLACK: f64 = 0.5;
        point.x > area.x + SLACK
            && point.x < area.right() - SLACK
            && point.y > area.y + SLACK
            && point.y < area.bottom() - SLACK
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

        #[test]
        fn nothing_covers_anything((boxes, ties) in systems()) {
            let layout = layout(&boxes, &ties);
            prop_assert_eq!(&layout, &super::layout(&boxes, &ties));
            let labels = layout.routes.iter().map(|it| it.label);
            let areas: Vec<Area> = layout.boxes.iter().copied().chain(labels).collect();
            for (at, &area) in areas.iter().enumerate() {
                prop_assert!(area.x > -0.01 && area.y > -0.01);
                prop_assert!(area.right() <= layout.size.width + 0.01);
                prop_assert!(area.bottom() <= layout.size.height + 0.01);
                for &other in &areas[at + 1..] {
                    prop_assert!(apart(area, other), "{:?} {:?}", area, other);
                }
            }
            for (at, route) in layout.routes.iter().enumerate() {
                for point in route.strokes.iter().flat_map(|it| samples(it)) {
                    for (other, &area) in areas.iter().enumerate() {
                        let own = other == boxes.len() + at;
                        prop_assert!(own || !inside(point, area), "link {} at {:?} in {:?}", at, point, area);
                    }
                }
            }
        }

        #[test]
        fn strokes_lead_from_box_to_box((boxes, ties) in systems()) {
            let layout = layout(&boxes, &ties);
            for (tie, route) in ties.iter().zip(&layout.routes) {
                let touches = |point: Option<&Point>, at: usize| {
                    let area = layout.boxes[at];
                    point.is_some_and(|it| {
                        let on_edge = (it.y - area.y).abs() < 0.01 || (it.y - area.bottom()).abs() < 0.01;
                        on_edge && it.x >= area.x && it.x <= area.right()
                    })
                };
                prop_assert!(touches(route.strokes.first().and_then(|it| it.first()), tie.from));
                prop_assert!(touches(route.strokes.last().and_then(|it| it.last()), tie.to));
            }
        }
    }

    #[test]
    fn a_chain_reads_from_top_to_bottom_and_a_crowd_stays_a_page() {
        let size = Size { width: 200.0, height: 100.0 };
        let tie = |from, to| Tie { from, to, weight: 1, label: Size { width: 50.0, height: 20.0 } };
        let chain = layout(&[size; 3], &[tie(2, 0), tie(0, 1)]);
        assert!(chain.boxes[2].y <= chain.boxes[0].y && chain.boxes[0].y <= chain.boxes[1].y);
        let long: Vec<Tie> = (0..29).map(|at| tie(at, at + 1)).collect();
        let folded = layout(&[size; 30], &long).size;
        assert!(folded.width / folded.height > 0.6 && folded.width / folded.height < 3.0, "{folded:?}");
        assert_eq!(layout(&[], &[]), Layout::default());
        assert_eq!(layout(&[size], &[]).size, size);
    }
}
