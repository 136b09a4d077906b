//! When lots were produced and samples taken: nothing later than now, nothing before what it is made of.

use kernel::chronology::{Contradiction, Event, Moment, check};
use kernel::{Day, Instant, Refusal, Refuse};
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
        }
    }
}

/// Whether lots can have been produced on these days.
pub(crate) fn produced<'a>(
    db: &mut Db,
    days: impl IntoIterator<Item = &'a Option<Day>>,
    now: Instant,
) -> Result<(), Stop> {
    for day in days.into_iter().flatten() {
        let moment = Moment::day(Event::Produced, *day, &authority::zone(db)?);
        if check(&[moment], now).is_err() {
            return Err(TimeRefused::Produced(*day).into());
        }
    }
    Ok(())
}

/// Whether a sample can have been taken then, of a lot produced on that day.
pub(crate) fn sampled(
    db: &mut Db,
    produced_on: Option<Day>,
    taken_at: Instant,
    now: Instant,
) -> Result<(), Stop> {
    let Some(produced_on) = produced_on else { return Ok(()) };
    let lot = Moment::day(Event::Produced, produced_on, &authority::zone(db)?);
    match check(&[lot, Moment::at(Event::Sampled, taken_at)], now) {
        Err(Contradiction::Order { .. }) => Err(TimeRefused::BeforeProduced { produced_on, taken_at }.into()),
        _ => Ok(()),
    }
}

/// Whether an instant has come, within what clocks may differ.
pub(crate) fn has_come(taken_at: Instant, now: Instant) -> bool {
    check(&[Moment::at(Event::Sampled, taken_at)], now).is_ok()
}
