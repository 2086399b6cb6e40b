//! Formats with `printf` verbs.

/// A part of a text with `printf` verbs.
pub(crate) enum Printed<'t> {
    Text(&'t str),
    /// The argument of this number, from 0.
    Argument(usize),
}

/// Verbs as C, Go and Python write them: flags, width, precision, `[n]` and `n$` argument indexes, `%%`.
pub(crate) fn printf_pieces(format: &str) -> Vec<Printed<'_>> {
    let mut pieces = Vec::new();
    let mut rest = format;
    let mut next = 0;
    while let Some(at) = rest.find('%') {
        pieces.push(Printed::Text(&rest[..at]));
        let after = &rest[at + 1..];
        let mut index = None;
        let verb = after.char_indices().find(|(place, letter)| {
            if matches!(letter, '[' | '$') {
                let digits = match letter {
                    '[' => after[place + 1..].split(']').next(),
                    _ => after.get(..*place),
                };
                index = digits.and_then(|it| it.parse::<usize>().ok());
            }
            !matches!(letter, '+' | '-' | '#' | ' ' | '.' | '$' | '[' | ']' | '0'..='9')
        });
        match verb {
            Some((0, '%')) => {
                pieces.push(Printed::Text("%"));
                rest = &after[1..];
            }
            Some((place, letter)) if letter.is_ascii_alphabetic() => {
                let number = index.map_or(next, |it| it.saturating_sub(1));
                next = number + 1;
                pieces.push(Printed::Argument(number));
                rest = &after[place + 1..];
            }
            _ => {
                pieces.push(Printed::Text("%"));
                rest = after;
            }
        }
    }
    pieces.push(Printed::Text(rest));
    pieces
}

#[cfg(test)]
mod tests {
    use super::{Printed, printf_pieces};

    #[test]
    fn verbs_name_their_arguments() {
        for (format, expected) in [
            ("a %s b %d", "a <0> b <1>"),
            ("%[2]s %[1]s %s", "<1> <0> <1>"),
            ("100%% of %q", "100% of <0>"),
            ("%-5.2f|%v", "<0>|<1>"),
            ("LIKE 'a%' AND x", "LIKE 'a%' AND x"),
            ("%1$s %2$s", "<0> <1>"),
            ("%", "%"),
            ("%[", "%["),
        ] {
            let shown: String = printf_pieces(format)
                .into_iter()
                .map(|it| match it {
                    Printed::Text(text) => text.to_owned(),
                    Printed::Argument(number) => format!("<{number}>"),
                })
                .collect();
            assert_eq!(shown, expected, "{format}");
        }
    }
}
