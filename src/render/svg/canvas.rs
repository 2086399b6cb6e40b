//! Primitives of a drawing: shapes and text with a class, rounded coordinates, and text that always fits its room.

use std::fmt::Write as _;

use crate::render::svg::layout::{Area, Point};
use crate::render::svg::lettering::{Face, clean, escape};

/// A drawing under construction.
#[derive(Default)]
pub(super) struct Canvas {
    body: String,
}

/// Where the point of a text is.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Canvas {
    /// Opens a group; everything up to [`Canvas::close`] belongs to it. `tip` is shown when the pointer rests on it.
    pub(super) fn open(&mut self, class: &str, tip: &str) {
        let _ = write!(self.body, "<g class=\"{class}\">");
        if !tip.is_empty() {
            let lines: Vec<String> = tip.lines().map(clean).collect();
            let _ = write!(self.body, "<title>{}</title>", escape(&lines.join("\n")));
        }
        self.body.push('\n');
    }

    pub(super) fn close(&mut self) {
        self.body.push_str("</g>\n");
    }

    pub(super) fn rect(&mut self, class: &str, area: Area, radius: f64) {
        let Area { x, y, width, height } = area;
        let _ = writeln!(
            self.body,
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\"/>",
            Px(x),
            Px(y),
            Px(width),
            Px(height),
            Px(radius)
        );
    }

    /// Lines between points of the same x, upright curves between others.
    pub(super) fn stroke(&mut self, class: &str, width: f64, points: &[Point]) {
        let Some((first, rest)) = points.split_first() else { return };
        let mut path = format!("M{} {}", Px(first.x), Px(first.y));
        let mut at = *first;
        for &to in rest {
            if (to.x - at.x).abs() < 0.05 {
                let _ = write!(path, "V{}", Px(to.y));
            } else {
                let middle = f64::midpoint(at.y, to.y);
                let (x1, x2) = (Px(at.x), Px(to.x));
                let _ = write!(path, "C{x1} {m} {x2} {m} {x2} {}", Px(to.y), m = Px(middle));
            }
            at = to;
        }
        self.path(class, Some(width), &path);
    }

    pub(super) fn path(&mut self, class: &str, width: Option<f64>, path: &str) {
        let _ = write!(self.body, "<path class=\"{class}\" d=\"{path}\"");
        if let Some(width) = width {
            let _ = write!(self.body, " stroke-width=\"{}\"", Px(width));
        }
        self.body.push_str("/>\n");
    }

    /// A filled triangle whose tip is at `tip` and whose back lies so far behind it.
    pub(super) fn arrow_head(&mut self, class: &str, tip: Point, back: Point, half: f64) {
        let (dx, dy) = (tip.x - back.x, tip.y - back.y);
        let length = dx.hypot(dy).max(0.01);
        let (nx, ny) = (-dy / length * half, dx / length * half);
        let path = format!(
            "M{} {}L{} {}L{} {}Z",
            Px(tip.x),
            Px(tip.y),
            Px(back.x + nx),
            Px(back.y + ny),
            Px(back.x - nx),
            Px(back.y - ny)
        );
        self.path(class, None, &path);
    }

    /// Text with its baseline at the point, cut where it is wider than `room`. Returns its width.
    pub(super) fn text(&mut self, class: &str, face: Face, anchor: Anchor, at: Point, room: f64, text: &str) -> f64 {
        let fitted = face.fit(&clean(text), room);
        self.fitted(class, face, anchor, at, &fitted)
    }

    /// The same for names, which are cut in their middle.
    pub(super) fn name(&mut self, class: &str, face: Face, anchor: Anchor, at: Point, room: f64, text: &str) -> f64 {
        let fitted = face.fit_middle(&clean(text), room);
        self.fitted(class, face, anchor, at, &fitted)
    }

    fn fitted(&mut self, class: &str, face: Face, anchor: Anchor, at: Point, text: &str) -> f64 {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let weight = if face.bold { " font-weight=\"600\"" } else { "" };
        let _ = writeln!(
            self.body,
            "<text class=\"{class}\" x=\"{}\" y=\"{}\" font-size=\"{}\"{weight}{anchor}>{}</text>",
            Px(at.x),
            Px(at.y),
            Px(face.size),
            escape(text)
        );
        face.width(text)
    }

    pub(super) fn finish(self) -> String {
        self.body
    }
}

/// A coordinate with one decimal at most.
pub(super) struct Px(pub(super) f64);

impl std::fmt::Display for Px {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tenths = (self.0 * 10.0).round() as i64;
        let (sign, tenths) = (if tenths < 0 { "-" } else { "" }, tenths.unsigned_abs());
        if tenths.is_multiple_of(10) {
            write!(to, "{sign}{}", tenths / 10)
        } else {
            write!(to, "{sign}{}.{}", tenths / 10, tenths % 10)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_have_one_decimal_at_most() {
        let shown = [0.0, 1.0, -0.04, 2.25, -3.5, 10.96].map(|it| Px(it).to_string());
        assert_eq!(shown, ["0", "1", "0", "2.3", "-3.5", "11"]);
    }
}
