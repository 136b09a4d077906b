//! The order in which things happen to a sample, and what is done about a time that contradicts it.
//!
//! Produced ≤ sampled ≤ received ≤ measured ≤ reviewed ≤ released ≤ certified, and nothing later than now.
//! One table decides for every command and file which contradiction is *refused* and which is *asked about*;
//! what is asked about goes on once somebody has said why it is so. A wrong year, a wrong time zone or two
//! exchanged samples show as such a contradiction more often than as anything else.

use std::fmt;

use crate::{Day, Instant};

/// How far the clocks of an instrument and of this machine may differ, seconds. Within it nothing
/// contradicts anything.
pub const SKEW_SECONDS: i64 = 120;

/// How long after it came a sample may be entered in the books, seconds: 31 days. A measurement from before
/// that entry asks; one from longer before cannot be of this sample.
pub const LATE_ENTRY_SECONDS: i64 = 31 * 86_400;

/// What happens to a sample, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// Its lot was produced.
    Produced,
    /// It was taken.
    Sampled,
    /// It was entered in the books here.
    Received,
    /// It was measured.
    Measured,
    /// A result of it was reviewed.
    Reviewed,
    /// The result was released.
    Released,
    /// A certificate was issued on it.
    Certified,
}

impl Event {
    /// All of them, in order.
    pub const ALL: &'static [Event] = &[
        Event::Produced,
        Event::Sampled,
        Event::Received,
        Event::Measured,
        Event::Reviewed,
        Event::Released,
        Event::Certified,
    ];

    /// The word it is called by in refusals and questions.
    pub const fn word(self) -> &'static str {
        match self {
            Event::Produced => "produced",
            Event::Sampled => "sampled",
            Event::Received => "received",
            Event::Measured => "measured",
            Event::Reviewed => "reviewed",
            Event::Released => "released",
            Event::Certified => "certified",
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// An event with its time: an instant, or everything from one to another where only the day is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// What happened.
    pub event: Event,
    /// At the earliest.
    pub from: Instant,
    /// At the latest.
    pub until: Instant,
}

impl Moment {
    /// At an instant.
    pub fn at(event: Event, at: Instant) -> Self {
        Moment { event, from: at, until: at }
    }

    /// On a day that begins at an instant.
    pub fn on(event: Event, begins: Instant) -> Self {
        Moment { event, from: begins, until: begins.plus_seconds(86_400) }
    }

    /// On a calendar day of a time zone.
    pub fn day(event: Event, day: Day, zone: &jiff::tz::TimeZone) -> Self {
        let begins = |date: jiff::civil::Date| {
            let at =
                zone.to_timestamp(date.at(0, 0, 0, 0)).map(|at| Instant::from_micros(at.as_microsecond()));
            at.unwrap_or(Instant::from_micros(0))
        };
        let next = day.date().tomorrow().unwrap_or(day.date());
        Moment { event, from: begins(day.date()), until: begins(next) }
    }
}

/// What is done about two events in this relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ruling {
    /// They stand.
    Stands,
    /// Somebody says why it is so, or gives the right time.
    Asks,
    /// It cannot be.
    Refused,
}

/// A time that contradicts another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contradiction {
    /// It has not come yet.
    Future(Moment),
    /// It lies before what must have come first.
    Order {
        /// What must come first.
        earlier: Moment,
        /// What lies before it.
        later: Moment,
        /// What is done about it.
        ruling: Ruling,
    },
}

impl Contradiction {
    /// What is done about it.
    pub fn ruling(&self) -> Ruling {
        match self {
            Contradiction::Future(_) => Ruling::Refused,
            Contradiction::Order { ruling, .. } => *ruling,
        }
    }
}

/// What is done about two events, the first of which must come first: the table.
pub fn ruling(earlier: Moment, later: Moment) -> Ruling {
    let skew = earlier.from.plus_seconds(-SKEW_SECONDS);
    if earlier.event >= later.event || later.until >= skew {
        return Ruling::Stands;
    }
    let late = earlier.from.plus_seconds(-LATE_ENTRY_SECONDS);
    match (earlier.event, later.event) {
        (Event::Received, Event::Measured) if later.until >= late => Ruling::Asks,
        _ => Ruling::Refused,
    }
}

/// The worst contradiction among events, and between them and now: a time in the future first, then what is
/// refused, then what asks.
pub fn check(moments: &[Moment], now: Instant) -> Result<(), Contradiction> {
    let latest = now.plus_seconds(SKEW_SECONDS);
    if let Some(future) = moments.iter().find(|moment| moment.from > latest) {
        return Err(Contradiction::Future(*future));
    }
    let mut worst: Option<Contradiction> = None;
    for earlier in moments {
        for later in moments {
            let ruling = ruling(*earlier, *later);
            let before = worst.map_or(Ruling::Stands, |worst| worst.ruling());
            if ruling > before {
                worst = Some(Contradiction::Order { earlier: *earlier, later: *later, ruling });
            }
        }
    }
    worst.map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Instant = Instant::from_micros(1_800_000_000_000_000);

    #[test]
    fn every_pair_of_events_in_every_relation_has_one_ruling() {
        use Ruling::{Asks, Refused, Stands};
        let (hour, day) = (3600, 86_400);
        for (at, first) in Event::ALL.iter().enumerate() {
            for (place, second) in Event::ALL.iter().enumerate() {
                let asks = (*first, *second) == (Event::Received, Event::Measured);
                for (seconds, forward) in [
                    (365 * day, Stands),
                    (hour, Stands),
                    (0, Stands),
                    (-SKEW_SECONDS, Stands),
                    (-SKEW_SECONDS - 1, if asks { Asks } else { Refused }),
                    (-8 * hour, if asks { Asks } else { Refused }),
                    (-LATE_ENTRY_SECONDS, if asks { Asks } else { Refused }),
                    (-LATE_ENTRY_SECONDS - 1, Refused),
                    (-5 * 365 * day, Refused),
                ] {
                    let (a, b) = (Moment::at(*first, NOON), Moment::at(*second, NOON.plus_seconds(seconds)));
                    let expected = if at < place { forward } else { Stands };
                    assert_eq!(ruling(a, b), expected, "{first} then {second} {seconds} s later");
                }
            }
        }
    }

    #[test]
    fn nothing_lies_in_the_future_beyond_the_skew_of_clocks() {
        for event in Event::ALL {
            for (seconds, stands) in [(-1, true), (SKEW_SECONDS, true), (SKEW_SECONDS + 1, false)] {
                let moment = Moment::at(*event, NOON.plus_seconds(seconds));
                assert_eq!(check(&[moment], NOON).is_ok(), stands, "{event} {seconds}");
            }
        }
    }

    #[test]
    fn the_worst_is_named_first() {
        let at = |event, seconds| Moment::at(event, NOON.plus_seconds(seconds));
        let measured = at(Event::Measured, -50_000);
        let asks = check(&[measured, at(Event::Received, -10)], NOON).unwrap_err();
        assert_eq!(asks.ruling(), Ruling::Asks);
        let all = [at(Event::Received, -10), at(Event::Sampled, -20), measured];
        let Contradiction::Order { earlier, later, ruling } = check(&all, NOON).unwrap_err() else {
            panic!()
        };
        assert_eq!((earlier.event, later.event), (Event::Sampled, Event::Measured));
        assert_eq!(ruling, Ruling::Refused);
        let future = check(&[all[0], all[1], measured, at(Event::Reviewed, 900)], NOON).unwrap_err();
        assert!(matches!(future, Contradiction::Future(moment) if moment.event == Event::Reviewed));
        assert_eq!(check(&[], NOON), Ok(()));
    }

    #[test]
    fn a_day_is_all_of_it_in_its_own_zone() {
        let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
        let day = Moment::day(Event::Measured, "2026-03-14".parse().unwrap(), &zone);
        assert_eq!(day.from.to_string(), "2026-03-13T16:00:00.000000Z");
        assert_eq!(day.until.to_string(), "2026-03-14T16:00:00.000000Z");
        for (sampled, stands) in [("2026-03-14T15:59:00Z", true), ("2026-03-14T16:03:00Z", false)] {
            let sampled = Moment::at(Event::Sampled, sampled.parse().unwrap());
            assert_eq!(ruling(sampled, day) == Ruling::Stands, stands, "{sampled:?}");
        }
        let produced = Moment { event: Event::Produced, ..day };
        for (sampled, stands) in [("2026-03-13T16:00:00Z", true), ("2026-03-13T15:00:00Z", false)] {
            let sampled = Moment::at(Event::Sampled, sampled.parse().unwrap());
            assert_eq!(ruling(produced, sampled) == Ruling::Stands, stands, "{sampled:?}");
        }
    }
}
