//! When things happened: days in the institute's zone, and the order of what happens to a sample.

use jiff::tz::TimeZone;
use kernel::chronology::{Contradiction, Event, Moment, Ruling, check};
use kernel::{Day, Instant};
use store::{Db, StoreError};

use crate::result::rows::Sample;
use crate::result::rules::NoResult;

/// The calendar day of an instant in a zone.
pub(crate) fn day_in(at: Instant, zone: &TimeZone) -> Day {
    Day::from(at.timestamp().to_zoned(zone.clone()).date())
}

/// The calendar day of an instant where the institute is: an edition comes into force when its day begins
/// there.
pub(crate) fn day(db: &mut Db, at: Instant) -> Result<Day, StoreError> {
    Ok(day_in(at, &authority::zone(db)?))
}

/// An instant as a clock on the wall shows it, to the minute.
pub(crate) fn local(at: Instant, zone: &TimeZone) -> String {
    at.timestamp().to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// What is known of when a sample was taken and came. One from outside of which nobody said when it was
/// taken only came.
pub(crate) fn of_sample(sample: &Sample) -> Vec<Moment> {
    let came = Moment::at(Event::Received, sample.made_at);
    let taken = Moment::at(Event::Sampled, sample.taken_at);
    match sample.from_outside {
        true if sample.taken_at >= sample.made_at => vec![came],
        true => vec![taken, came],
        false => vec![taken],
    }
}

/// Whether a time stands that a person gives. A contradiction that asks is answered by saying why.
pub(crate) fn stands(moments: &[Moment], now: Instant, why: Option<&str>) -> Result<(), NoResult> {
    let said = why.is_some_and(|why| !why.trim().is_empty());
    match check(moments, now) {
        Err(Contradiction::Future(moment)) => Err(NoResult::Future(moment.from)),
        Err(Contradiction::Order { ruling: Ruling::Asks, .. }) if said => Ok(()),
        Err(order) => Err(NoResult::Order(order)),
        Ok(()) => Ok(()),
    }
}
