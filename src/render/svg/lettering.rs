//! How wide text gets, without a font: an upper bound from the metrics of a wide common face.
//!
//! A reader's machine chooses the face, so boxes are made for the widest of the usual ones. The table holds the advance
//! widths of `DejaVu Sans` (the same as Verdana's within a few units), in thousandths of the font size, for U+0020..U+007E;
//! Helvetica, Arial, Segoe UI, Roboto and San Francisco are narrower.

const ADVANCES: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
    636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863,
    748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635,
    615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
    337, 636, 838,
];

/// Bold is wider: the greatest ratio of `DejaVu Sans Bold` among the letters and digits that occur much.
const BOLD: f64 = 1.14;

/// How a text is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Face {
    /// In pixels.
    pub(super) size: f64,
    pub(super) bold: bool,
}

impl Face {
    pub(super) const fn regular(size: f64) -> Self {
        Self { size, bold: false }
    }

    pub(super) const fn bold(size: f64) -> Self {
        Self { size, bold: true }
    }

    /// Width of a clean text in pixels, never too small for the usual faces.
    pub(super) fn width(self, text: &str) -> f64 {
        let units: u32 = text.chars().map(advance).sum();
        let factor = if self.bold { BOLD } else { 1.0 };
        f64::from(units) * self.size * factor / 1000.0
    }

    /// The text, or as much of its start as fits with an ellipsis.
    pub(super) fn fit(self, text: &str, width: f64) -> String {
        if self.width(text) <= width {
            return text.to_owned();
        }
        let mut end = text.len();
        for (at, letter) in text.char_indices().rev() {
            end = at;
            // A mark belongs to the letter before it.
            if advance(letter) > 0 && self.width(&text[..at]) + self.width("…") <= width {
                break;
            }
        }
        format!("{}…", text[..end].trim_end())
    }

    /// The text with its middle left out where it does not fit: names that differ at the end stay apart.
    pub(super) fn fit_middle(self, text: &str, width: f64) -> String {
        if self.width(text) <= width {
            return text.to_owned();
        }
        let half = (width - self.width("…")) / 2.0;
        let start = self.fit(text, half + self.width("…"));
        let mut from = text.len();
        for (at, letter) in text.char_indices().rev() {
            if self.width(&text[at..]) > half {
                break;
            }
            if advance(letter) > 0 {
                from = at;
            }
        }
        format!("{start}{}", text[from..].trim_start())
    }
}

fn advance(letter: char) -> u32 {
    match letter {
        ' '..='~' => u32::from(ADVANCES[letter as usize - 32]),
        '·' => 320,
        '–' => 500,
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200d}' | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{a0}'..='\u{24f}' if letter.is_lowercase() => 680,
        '\u{a0}'..='\u{3ff}' => 860,
        '\u{400}'..='\u{52f}' if letter.is_lowercase() => 900,
        '\u{400}'..='\u{52f}' => 1100,
        // Symbols, scripts with full-width letters, emoji.
        '\u{1f000}'.. => 1400,
        _ => 1050,
    }
}

/// A text for display: one line, without control characters and marks that turn the direction of what follows.
pub(super) fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{feff}' => {}
            '\u{fffe}' | '\u{ffff}' => {}
            _ if letter.is_control() || letter.is_whitespace() => {
                if !clean.is_empty() && !clean.ends_with(' ') {
                    clean.push(' ');
                }
            }
            _ => clean.push(letter),
        }
    }
    clean.truncate(clean.trim_end().len());
    clean
}

/// For text and attributes of XML.
pub(in crate::render) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(letter),
            '\u{fffe}' | '\u{ffff}' => {}
            _ if letter.is_control() => {}
            _ => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_left_alone_and_the_rest_is_cut() {
        let face = Face::regular(12.0);
        assert_eq!(face.fit("orders", 100.0), "orders");
        let long = "order_items_".repeat(20);
        for width in [20.0, 55.5, 140.0] {
            for cut in [face.fit(&long, width), face.fit_middle(&long, width)] {
                assert!(cut.contains('…') && face.width(&cut) <= width, "{cut} {width}");
            }
        }
        assert!(face.fit_middle("abcdefghijklmnopqrstuvwxyz", 90.0).ends_with('z'));
    }

    #[test]
    fn cuts_stand_between_letters() {
        let face = Face::regular(10.0);
        let accents = "e\u{301}".repeat(40);
        let cut = face.fit(&accents, 60.0);
        assert!(cut.ends_with("e\u{301}…"), "{cut:?}");
        assert!(face.width(&face.fit("注文管理サービス注文管理", 50.0)) <= 50.0);
        assert_eq!(face.fit("xyz", 0.0), "…");
    }

    #[test]
    fn text_is_made_fit_for_display() {
        assert_eq!(clean(" a\u{0}b\n\tc \u{202e}d "), "a b c d");
        assert_eq!(escape("<a & \"b\">\u{1}"), "&lt;a &amp; &quot;b&quot;&gt;");
    }
}
