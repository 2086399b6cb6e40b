//! Texts with holes: templates and formats, and what may stand in their holes.

use crate::link::access::accesses::beside;
use crate::link::strings::printf::{Printed, printf_pieces};
use crate::link::strings::texts::{MOST_TEXTS, TextAt, Trail, names_table};
use crate::link::values::infer::{Inference, Spot};
use crate::model::fact::{ExprId, ExprKind, Piece};

/// Texts that one template's holes make at most: more, and the hole that would go beyond stays a hole. Names of tables may
/// be as many as texts.
pub(in crate::link) const MOST_MADE: usize = 96;

/// What may stand in a hole of a template.
#[derive(Default)]
struct Filling {
    found: Vec<TextAt>,
    /// It may stand for other texts, which are not known.
    half_known: bool,
    /// The name of a table stands there.
    is_table: bool,
}

impl Inference<'_> {
    pub(in crate::link) fn follow_template(
        &mut self,
        origin: Spot,
        pieces: &[Piece],
        trail: &mut Trail,
    ) -> Vec<TextAt> {
        let facts = self.facts(origin.unit);
        let mut texts: Vec<TextAt> = vec![TextAt::plain(String::new(), origin)];
        let mut parts: Vec<Spot> = Vec::new();
        let mut filled = self.fill_holes(origin, pieces, trail);
        for (number, piece) in pieces.iter().enumerate() {
            match piece {
                Piece::Text(text) => texts.iter_mut().for_each(|it| it.text.push_str(text)),
                Piece::Hole(hole) => {
                    let next = pieces.get(number + 1);
                    let Filling { mut found, half_known, is_table } = std::mem::take(&mut filled[number]);
                    let is_part = half_known && begins_name(next);
                    if let Some(Piece::Text(next)) = next {
                        drop_empty_names(&mut found, &texts, next);
                    }
                    let most = if is_table { MOST_TEXTS } else { MOST_MADE };
                    if found.is_empty() || is_part || found.len() * texts.len() > most {
                        let name = match &facts.expr(*hole).kind {
                            ExprKind::Name(name) | ExprKind::Member { name, .. } => format!("{{{name}}}"),
                            _ => "{hole}".to_owned(),
                        };
                        texts.iter_mut().for_each(|it| it.text.push_str(&name));
                    } else {
                        trail.half_known |= half_known;
                        for it in &found {
                            parts.push(it.origin);
                            parts.extend(&it.parts);
                        }
                        texts = texts.iter().flat_map(|it| found.iter().map(|part| it.longer(part))).collect();
                    }
                }
            }
        }
        texts.iter_mut().for_each(|it| it.parts.clone_from(&parts));
        texts
    }

    /// What may stand in each hole of a template. Where that makes too many texts, tables are told before columns: a hole that
    /// names none stays one, the one with most texts first.
    fn fill_holes(&mut self, origin: Spot, pieces: &[Piece], trail: &mut Trail) -> Vec<Filling> {
        let mut filled: Vec<Filling> = Vec::with_capacity(pieces.len());
        for (number, piece) in pieces.iter().enumerate() {
            let Piece::Hole(hole) = piece else {
                filled.push(Filling::default());
                continue;
            };
            let before = number.checked_sub(1).and_then(|it| pieces.get(it));
            let is_table = matches!(before, Some(Piece::Text(text)) if names_table(text));
            let (mut found, half_known) = self.follow_hole(origin, *hole, trail);
            if stands_alone(before, pieces.get(number + 1)) {
                found.iter_mut().for_each(|it| self.include(it));
            }
            filled.push(Filling { found, half_known, is_table });
        }
        let made = |filled: &[Filling]| {
            filled.iter().map(|it| it.found.len().max(1)).fold(1, |made: usize, it| made.saturating_mul(it))
        };
        while made(&filled) > MOST_MADE && filled.iter().any(|it| it.is_table && it.found.len() > 1) {
            let others = filled.iter_mut().filter(|it| !it.is_table && it.found.len() > 1);
            let Some(most) = others.max_by_key(|it| it.found.len()) else { break };
            most.found.clear();
        }
        filled
    }

    /// A text that is the path of a file with SQL was read from there: what stands in that file is what the text around
    /// it goes on with.
    fn include(&self, text: &mut TextAt) {
        if !text.text.ends_with(".sql") || text.text.contains(char::is_whitespace) {
            return;
        }
        let file = beside(&self.program.unit(text.origin.unit).source.path, &text.text);
        if let Some(written) = self.program.written_file("sql", &file) {
            written.clone_into(&mut text.text);
        }
    }

    /// Texts of a hole, and whether it may stand for others that are not known.
    fn follow_hole(&mut self, origin: Spot, hole: ExprId, trail: &mut Trail) -> (Vec<TextAt>, bool) {
        let around = std::mem::take(&mut trail.half_known);
        trail.steps += 1;
        let found = self.follow(origin.unit, origin.owner, hole, trail);
        trail.steps -= 1;
        let half_known = std::mem::replace(&mut trail.half_known, around);
        (found, half_known)
    }

    /// A format that is no literal (`fmt.Sprintf(query, table)`): its texts with what is known of its arguments.
    pub(in crate::link) fn follow_format(&mut self, origin: Spot, given: &[ExprId], trail: &mut Trail) -> Vec<TextAt> {
        let Some((format, given)) = given.split_first() else { return Vec::new() };
        trail.steps += 1;
        let formats = self.follow(origin.unit, origin.owner, *format, trail);
        let mut texts = Vec::new();
        for format in formats {
            let pieces = printf_pieces(&format.text);
            let mut made = vec![TextAt { text: String::new(), ..format.clone() }];
            for (number, piece) in pieces.iter().enumerate() {
                let argument = match *piece {
                    Printed::Text(text) => {
                        made.iter_mut().for_each(|it| it.text.push_str(text));
                        continue;
                    }
                    Printed::Argument(number) => given.get(number),
                };
                let (mut found, half_known) =
                    argument.map_or_else(|| (Vec::new(), false), |it| self.follow_hole(origin, *it, trail));
                let mut is_part = false;
                if let Some(Printed::Text(next)) = pieces.get(number + 1) {
                    is_part = half_known && goes_on(next);
                    drop_empty_names(&mut found, &made, next);
                }
                if found.is_empty() || is_part || found.len() * made.len() > MOST_MADE {
                    let name = match argument.map(|it| &self.facts(origin.unit).expr(*it).kind) {
                        Some(ExprKind::Name(name) | ExprKind::Member { name, .. }) => format!("{{{name}}}"),
                        _ => "{hole}".to_owned(),
                    };
                    made.iter_mut().for_each(|it| it.text.push_str(&name));
                    continue;
                }
                trail.half_known |= half_known;
                made = made
                    .iter()
                    .flat_map(|before| {
                        found.iter().map(move |it| {
                            let mut longer = before.longer(it);
                            longer.parts.push(it.origin);
                            longer.parts.extend(&it.parts);
                            longer
                        })
                    })
                    .collect();
            }
            texts.extend(made);
        }
        trail.steps -= 1;
        texts.truncate(MOST_TEXTS);
        texts
    }
}

/// Whether what stands between two pieces is a part of a statement, and no part of a path.
fn stands_alone(before: Option<&Piece>, next: Option<&Piece>) -> bool {
    let is_end = |it: char| it.is_whitespace() || matches!(it, '(' | ')' | ',' | ';');
    let ends = |it: &Piece| matches!(it, Piece::Text(text) if text.is_empty() || text.ends_with(is_end));
    let begins = |it: &Piece| matches!(it, Piece::Text(text) if text.is_empty() || text.starts_with(is_end));
    (before.is_some() || next.is_some()) && before.is_none_or(ends) && next.is_none_or(begins)
}

/// Whether a hole is the beginning of a name, or a schema before one: what follows it goes on without a space.
fn begins_name(next: Option<&Piece>) -> bool {
    matches!(next, Some(Piece::Text(text)) if goes_on(text))
}

/// Whether a text goes on with a name that something before it begins.
fn goes_on(text: &str) -> bool {
    match text.strip_prefix(['"', '`', ']']) {
        Some(rest) => rest.starts_with('.'),
        None => text.starts_with(|it: char| it == '.' || it == '_' || it.is_alphanumeric()),
    }
}

/// Without the cases in which nothing stands where a table is named: before a word that would pass for its name
/// (`FROM {table} t`), or before what joins the parts of a name (`FROM {tenant}_orders`). They are not filled in yet.
fn drop_empty_names(found: &mut Vec<TextAt>, before: &[TextAt], next: &str) {
    let begins = |it: &TextAt| !it.text.ends_with(|it: char| it.is_alphanumeric() || matches!(it, '_' | '}'));
    let part = next.starts_with('_') && before.iter().all(begins);
    let whole = || !goes_on(next) && before.iter().all(|it| reads_table(&it.text));
    if found.iter().any(|it| it.text.is_empty()) && (part || whole()) {
        found.retain(|it| !it.text.is_empty());
    }
}

/// Whether nothing but the name of a table can follow.
fn reads_table(before: &str) -> bool {
    let before = before.trim_end_matches(['"', '`', '[']).trim_end();
    let last = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    ["from", "into", "join"].iter().any(|it| last.eq_ignore_ascii_case(it))
}
