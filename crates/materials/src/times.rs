//! When lots were produced and samples taken: nothing later than now, nothing before what it is made of.

use kernel::chronology::{Contradiction, Event, Moment, check};
use kernel::{Day, Instant, LotId, Refusal, Refuse};
use store::{Db, Stop};

/// Why a time is refused, in order of precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeRefused {
    /// The day of production has not come where the institute is.
    Produced(Day),
    /// The sample would have been taken before its lot was produced.
    BeforeProduced {
        /// When the lot was produced.
        produced_on: Day,
        /// When the sample was taken.
        taken_at: Instant,
    },
    /// The sample would have been taken before the day on which its lot came or was made, and nobody says why
    /// the lot was entered late.
    BeforeEntered {
        /// The day on which the lot was entered in the books.
        entered_on: Day,
        /// When the sample was taken.
        taken_at: Instant,
    },
    /// The day of production lies so far back that its year is more likely wrong.
    LongAgo(Day),
    /// What comes out would have been produced before what went in.
    BeforeInput {
        /// When what comes out was produced.
        produced_on: Day,
        /// When the latest of what went in was.
        input: Day,
    },
}

impl Refuse for TimeRefused {
    fn refusal(&self) -> Refusal {
        match self {
            TimeRefused::Produced(day) => {
                Refusal::new("lot-produced-in-future", "ISO/IEC 17025:2017 7.5.1").with("day", day)
            }
            TimeRefused::BeforeProduced { produced_on, taken_at } => {
                Refusal::new("sample-before-produced", "ISO/IEC 17025:2017 7.3.3")
                    .with("produced_on", produced_on)
                    .with("taken_at", taken_at)
            }
            TimeRefused::BeforeEntered { entered_on, taken_at } => {
                Refusal::new("sample-before-lot", "ISO/IEC 17025:2017 7.3.3")
                    .with("entered_on", entered_on)
                    .with("taken_at", taken_at)
            }
            TimeRefused::LongAgo(day) => {
                Refusal::new("lot-produced-long-ago", "ISO/IEC 17025:2017 7.5.1").with("day", day)
            }
            TimeRefused::BeforeInput { produced_on, input } => {
                Refusal::new("lot-produced-before-input", "ISO/IEC 17025:2017 7.5.1")
                    .with("day", produced_on)
                    .with("input", input)
            }
        }
    }
}

/// A production day so many years back asks for a reason: its year is more likely wrong.
const LONG_AGO_YEARS: i16 = 3;

/// Whether lots can have been produced on these days: not later than now, not in another age unless a reason
/// is given, not before the lots they were made of.
pub(crate) fn produced<'a>(
    db: &mut Db,
    days: impl IntoIterator<Item = &'a Option<Day>>,
    inputs: impl IntoIterator<Item = LotId>,
    (now, reason): (Instant, Option<&str>),
) -> Result<(), Stop> {
    let zone = authority::zone(db)?;
    let today = now.timestamp().to_zoned(zone.clone()).date();
    let mut latest: Option<Day> = None;
    for input in inputs {
        latest = latest.max(crate::sample::rows::produced_on(db, input)?);
    }
    for day in days.into_iter().flatten() {
        let moment = Moment::day(Event::Produced, *day, &zone);
        if check(&[moment], now).is_err() {
            return Err(TimeRefused::Produced(*day).into());
        }
        if day.date().year() < today.year() - LONG_AGO_YEARS && said(reason).is_none() {
            return Err(TimeRefused::LongAgo(*day).into());
        }
        if let Some(input) = latest.filter(|input| day < input) {
            return Err(TimeRefused::BeforeInput { produced_on: *day, input }.into());
        }
    }
    Ok(())
}

/// Whether a sample from outside can have been taken then: not in another age, unless a reason is given.
pub(crate) fn not_long_ago(
    db: &mut Db,
    taken_at: Instant,
    (now, reason): (Instant, Option<&str>),
) -> Result<(), Stop> {
    let zone = authority::zone(db)?;
    let day = |at: Instant| at.timestamp().to_zoned(zone.clone()).date();
    if day(taken_at).year() < day(now).year() - LONG_AGO_YEARS && said(reason).is_none() {
        return Err(TimeRefused::LongAgo(Day::from(day(taken_at))).into());
    }
    Ok(())
}

fn said(reason: Option<&str>) -> Option<&str> {
    reason.map(str::trim).filter(|reason| !reason.is_empty())
}

/// Whether a sample can have been taken then, of a lot produced on that day and entered in the books at that
/// instant. A lot may be entered late; then a reason says so.
pub(crate) fn sampled(
    db: &mut Db,
    (produced_on, entered_at): (Option<Day>, Instant),
    taken_at: Instant,
    (now, reason): (Instant, Option<&str>),
) -> Result<(), Stop> {
    let zone = authority::zone(db)?;
    if let Some(produced_on) = produced_on {
        let lot = Moment::day(Event::Produced, produced_on, &zone);
        if let Err(Contradiction::Order { .. }) = check(&[lot, Moment::at(Event::Sampled, taken_at)], now) {
            return Err(TimeRefused::BeforeProduced { produced_on, taken_at }.into());
        }
    }
    let entered_on = Day::from(entered_at.timestamp().to_zoned(zone.clone()).date());
    let begins = Moment::day(Event::Produced, entered_on, &zone).from;
    if taken_at < begins && said(reason).is_none() {
        return Err(TimeRefused::BeforeEntered { entered_on, taken_at }.into());
    }
    Ok(())
}

/// Whether an instant has come, within what clocks may differ.
pub(crate) fn has_come(taken_at: Instant, now: Instant) -> bool {
    check(&[Moment::at(Event::Sampled, taken_at)], now).is_ok()
}
