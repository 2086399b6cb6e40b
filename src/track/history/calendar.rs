//! Days and weeks in UTC, counted without a time zone database (Gregorian calendar; ISO 8601 weeks begin on Mondays).

const DAY: i64 = 86_400;

/// `2026-11-20T21:40:48Z` of seconds since 1970.
pub fn rfc3339(time: i64) -> String {
    let second = time.rem_euclid(DAY);
    format!("{}T{:02}:{:02}:{:02}Z", date(time), second / 3600, second % 3600 / 60, second % 60)
}

/// `2026-11-20` of seconds since 1970.
pub fn date(time: i64) -> String {
    let (year, month, day) = civil(time.div_euclid(DAY));
    format!("{year:04}-{month:02}-{day:02}")
}

/// A number that is the same for all seconds of one week and greater for a later one.
pub fn week(time: i64) -> i64 {
    // Day 0 was a Thursday.
    (time.div_euclid(DAY) + 3).div_euclid(7)
}

/// A number that is the same for all seconds of one month and greater for a later one.
pub fn month(time: i64) -> i64 {
    let (year, month, _) = civil(time.div_euclid(DAY));
    year * 12 + i64::from(month)
}

/// First second of a day such as `2026-11-20`, or of so long before `now`: `90d`, `12w`, `6m` (of 30 days), `2y`.
pub fn since(text: &str, now: i64) -> Result<i64, String> {
    let wrong = || format!("`{text}` is no date: write 2026-11-20, or 90d, 12w, 6m or 2y before the newest commit");
    let text = text.trim();
    if let Some((at, unit)) = text.char_indices().next_back().filter(|(_, last)| last.is_ascii_lowercase()) {
        let days = match unit {
            'd' => 1,
            'w' => 7,
            'm' => 30,
            'y' => 365,
            _ => return Err(wrong()),
        };
        let count: u32 = text[..at].parse().map_err(|_| wrong())?;
        return Ok(now - i64::from(count) * days * DAY);
    }
    let parts: Vec<i64> = text.split('-').map(str::parse).collect::<Result<_, _>>().map_err(|_| wrong())?;
    match parts.as_slice() {
        &[year, month, day] if (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day) => {
            let days = days(year, month, day);
            let (_, _, back) = civil(days);
            // The 31st of a shorter month is none.
            if i64::from(back) == day { Ok(days * DAY) } else { Err(wrong()) }
        }
        _ => Err(wrong()),
    }
}

/// Days since 1970-01-01 of a date; months count from March, so that the leap day ends the year.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (153 * month + 2) / 5 + day
        - 719_469
}

/// Year, month and day of a day since 1970-01-01 (Howard Hinnant, chrono-compatible low-level date algorithms).
fn civil(day: i64) -> (i64, u32, u32) {
    let day = day + 719_468;
    let era = day.div_euclid(146_097);
    let of_era = day.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month as u32, date as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (time, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_763_674_848, "2025-11-20T21:40:48Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(rfc3339(time), text);
            assert_eq!(since(&text[..10], 0), Ok(time.div_euclid(DAY) * DAY), "{text}");
        }
    }

    #[test]
    fn weeks_begin_on_mondays_and_months_on_the_first() {
        let at = |text: &str| since(text, 0).expect("a date");
        assert_eq!(week(at("2026-11-16")), week(at("2026-11-22") + DAY - 1));
        assert_eq!(week(at("2026-11-16")), week(at("2026-11-15")) + 1);
        assert_eq!(month(at("2026-12-31")) + 1, month(at("2027-01-01")));
    }

    #[test]
    fn spans_count_back_and_nonsense_is_refused() {
        assert_eq!(since("2w", 100 * DAY), Ok(86 * DAY));
        for text in ["", "x", "2026-13-01", "2026-02-30", "2026-11", "-3d", "3x", "tomorrow"] {
            assert!(since(text, 0).is_err(), "{text}");
        }
    }
}
