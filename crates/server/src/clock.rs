//! Times as people write them, on the clock of the institute: for forms and the command line alike.

use jiff::tz::TimeZone;

use crate::schema::{self, Field, Shape};

/// A date and time of the institute's clock becomes the instant that it means; a date its beginning. A time that
/// the clock showed twice, or never, when it was put back or forward, is left as it is: it names no instant, and
/// says so where it is read.
pub fn clocked(zone: &TimeZone, values: Vec<(String, String)>, fields: &[Field]) -> Vec<(String, String)> {
    let read = |text: &str| {
        let day = || text.parse::<jiff::civil::Date>().map(|day| day.at(0, 0, 0, 0));
        let local = text.parse::<jiff::civil::DateTime>().or_else(|_| day()).ok()?;
        zone.to_ambiguous_timestamp(local).unambiguous().ok().map(|at| at.to_string())
    };
    let one = |(name, text): (String, String)| {
        let found = if is_local(fields, &name, &text) { read(text.trim()) } else { None };
        (name, found.unwrap_or(text))
    };
    values.into_iter().map(one).collect()
}

/// Whether a field takes an instant and its text names no zone.
pub fn is_local(fields: &[Field], name: &str, text: &str) -> bool {
    matches!(schema::shape(fields, name), Some(Shape::Instant))
        && text.trim().parse::<kernel::Instant>().is_err()
}
