//! When a reading was measured, and what that contradicts.

use jiff::tz::TimeZone;
use kernel::Instant;
use kernel::chronology::{Contradiction, Event, Moment, Ruling, SKEW_SECONDS, check};

use super::rules::{Answer, Outcome, RawReading, Scope};
use crate::result::rows::Sample;
use crate::times::{local, of_sample};

/// The questions that are about time; they are the same for every sample of a file.
pub(super) const QUESTIONS: [&str; 5] =
    ["time-future", "before-sampled", "before-received", "no-edition", "not-authorised"];

/// When a reading was measured: as a person says, as the file says on the clock a person names, or at the
/// latest when the import began.
pub(super) fn moment(scope: &Scope, raw: &RawReading, answer: &Answer) -> Moment {
    let said = answer.measured_at.map(|at| Moment::at(Event::Measured, at));
    said.unwrap_or_else(|| match raw.at {
        None => Moment::at(Event::Measured, scope.begun_at),
        Some(at) => {
            let at = answer.zone.as_ref().map_or(at, |zone| moved(at, &scope.clock, zone));
            match raw.day_only {
                true => Moment::on(Event::Measured, at),
                false => Moment::at(Event::Measured, at),
            }
        }
    })
}

/// What one clock showed, read on another.
fn moved(at: Instant, from: &TimeZone, to: &TimeZone) -> Instant {
    let shown = at.timestamp().to_zoned(from.clone()).datetime();
    to.to_timestamp(shown).map_or(at, |at| Instant::from_micros(at.as_microsecond()))
}

fn asks(code: &str, what: String) -> Option<Outcome> {
    Some(Outcome::Asks(code.to_owned(), what))
}

/// What asks of a reading before it is known whose it is: a time later than its file, a time at which no
/// edition was in force, or at which who measured was not authorised. Only another time answers these, or an
/// edition or authorisation that is recorded by now.
pub(super) fn contradicts(scope: &Scope, measured: Moment, edition: bool) -> Option<Outcome> {
    let shown = |at: Instant| local(at, &scope.zone);
    if measured.from > scope.begun_at.plus_seconds(SKEW_SECONDS) {
        return asks("time-future", format!("{} > {}", shown(measured.from), shown(scope.begun_at)));
    }
    if !edition {
        return asks("no-edition", shown(measured.from));
    }
    match scope.authorised.get(&measured.from) {
        Some(None) => asks("not-authorised", shown(measured.from)),
        _ => None,
    }
}

/// What asks of a reading of a sample: that it was measured before the sample was taken, or came. The latter
/// is answered by saying why; a sample may be entered in the books late.
pub(super) fn before_sample(
    scope: &Scope,
    sample: &Sample,
    measured: Moment,
    answered: bool,
) -> Option<Outcome> {
    let mut moments = of_sample(sample);
    moments.push(measured);
    // The sample may be registered after the file came; that is no contradiction by itself.
    let far = moments.iter().map(|moment| moment.from).max().unwrap_or(scope.begun_at);
    match check(&moments, far) {
        Err(Contradiction::Order { earlier, later, ruling }) => {
            let code = match earlier.event {
                Event::Received => "before-received",
                _ => "before-sampled",
            };
            let zone = &scope.zone;
            let about = format!("{} < {}", local(later.from, zone), local(earlier.from, zone));
            if ruling == Ruling::Asks && answered { None } else { asks(code, about) }
        }
        _ => None,
    }
}
