//! Times as people write them, on the clock of the institute: for forms and the command line alike.

use jiff::tz::TimeZone;

use crate::schema::{self, Field, Shape};

/// A date and time of the institute's clock becomes the instant that it means; a date its beginning. A time
/// that the clock showed twice, or never, when it was put back or forward, is left as it is: it names no
/// instant, and says so where it is read.
pub fn clocked(zone: &TimeZone, values: Vec<(String, String)>, fields: &[Field]) -> Vec<(String, String)> {
    let one = |(name, text): (String, String)| {
        let found = if is_local(fields, &name, &text) { meant(zone, text.trim()) } else { None };
        (name, found.unwrap_or(text))
    };
    values.into_iter().map(one).collect()
}

/// The instant that a date and time of a clock means, if it is one and only one.
fn meant(zone: &TimeZone, text: &str) -> Option<String> {
    let day = || text.parse::<jiff::civil::Date>().map(|day| day.at(0, 0, 0, 0));
    let local = text.parse::<jiff::civil::DateTime>().or_else(|_| day()).ok()?;
    zone.to_ambiguous_timestamp(local).unambiguous().ok().map(|at| at.to_string())
}

/// Whether a field takes an instant and its text names no zone.
pub fn is_local(fields: &[Field], name: &str, text: &str) -> bool {
    matches!(schema::shape(fields, name), Some(Shape::Instant))
        && text.trim().parse::<kernel::Instant>().is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_the_clock_showed_twice_or_never_means_no_instant() {
        let zone = TimeZone::get("America/New_York").unwrap();
        for (text, expected) in [
            ("2026-07-01 12:00", Some("2026-07-01T16:00:00Z")),
            ("2026-11-01 00:59", Some("2026-11-01T04:59:00Z")),
            ("2026-11-01 01:30", None),
            ("2026-03-08 02:30", None),
            ("2026-03-08 03:00", Some("2026-03-08T07:00:00Z")),
            ("2026-03-08", Some("2026-03-08T05:00:00Z")),
        ] {
            assert_eq!(meant(&zone, text).as_deref(), expected, "{text}");
        }
    }
}
