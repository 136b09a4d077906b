//! What areas tell each other: the only contract between them beside ids and read-only views.
//!
//! A fact that concerns other areas says so in [`Notice`]s. Their reactions match on those, never on the name
//! of a fact; what they then do keeps the [`Cause`], so that a reader is told it in words of his own and the
//! same doubt is not raised twice.

use std::fmt;

use kernel::{AuthorisationId, BalanceId, DispositionId, Kind, LotId, Ref, ResultId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

kernel::vocabulary! {
    /// What happened to a record.
    Event {
        /// An edition of a method was voided.
        MethodVersionVoided = "method-version-voided",
        /// A lot of a reference material was voided.
        ReferenceLotVoided = "reference-lot-voided",
        /// A calibration was voided.
        CalibrationVoided = "calibration-voided",
        /// A result was found wrong after it had been released.
        ResultInvalidated = "result-invalidated",
        /// A result was retracted.
        ResultRetracted = "result-retracted",
        /// A result was replaced by a corrected one.
        ResultCorrected = "result-corrected",
        /// A result was released.
        ResultReleased = "result-released",
        /// A result is to be measured again.
        RetestAsked = "retest-asked",
        /// A reading became something other than the result it had been.
        ReadingDecided = "reading-decided",
        /// The quality control of a run was judged, again or for the first time.
        RunJudged = "run-judged",
        /// The mass of a lot was adjusted.
        LotAdjusted = "lot-adjusted",
        /// A lot was rejected.
        LotRejected = "lot-rejected",
        /// An authorisation was withdrawn.
        AuthorisationWithdrawn = "authorisation-withdrawn",
        /// Something that a metal balance rests on changed.
        BalanceOutdated = "balance-outdated",
        /// A final metal balance was opened again.
        BalanceReopened = "balance-reopened",
    }
}

/// Why something was done by the system: what happened to which record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Cause {
    /// The record.
    pub record: Ref,
    /// What happened to it.
    pub event: Event,
}

impl Cause {
    /// Something that happened to a record.
    pub fn new(record: impl Into<Ref>, event: Event) -> Self {
        Cause { record: record.into(), event }
    }

    /// Whether both are one doubt: a balance that is opened again after it went out of date raises none anew.
    pub fn is_doubt_of(&self, other: &Cause) -> bool {
        self.record == other.record && (self.event == other.event || self.record.kind == Kind::Balance)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.record, self.event)
    }
}

/// What a fact tells other areas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// Results that counted do not any more.
    ResultsFell {
        /// The results.
        results: Vec<ResultId>,
        /// They, or what they were measured under.
        cause: Cause,
    },
    /// A result counts from now on.
    ResultReleased(ResultId),
    /// A result is in doubt and is measured again.
    RetestAsked(ResultId),
    /// The quality control of a run, an import or a worksheet, may say something else than before.
    RunJudged(Ref),
    /// The mass of a lot is another.
    LotAdjusted(LotId),
    /// A lot is rejected, by this decision.
    LotRejected(DispositionId, LotId),
    /// What was signed under an authorisation may not have been allowed.
    AuthorisationWithdrawn(AuthorisationId),
    /// A metal balance that was final and up to date is not.
    BalanceUnsettled(BalanceId, Event),
}

impl Notice {
    /// What whoever acts upon it gives as the cause.
    pub fn cause(&self) -> Cause {
        match self {
            Notice::ResultsFell { cause, .. } => *cause,
            Notice::ResultReleased(result) => Cause::new(*result, Event::ResultReleased),
            Notice::RetestAsked(result) => Cause::new(*result, Event::RetestAsked),
            Notice::RunJudged(run) => Cause::new(*run, Event::RunJudged),
            Notice::LotAdjusted(lot) => Cause::new(*lot, Event::LotAdjusted),
            Notice::LotRejected(decision, _) => Cause::new(*decision, Event::LotRejected),
            Notice::AuthorisationWithdrawn(under) => Cause::new(*under, Event::AuthorisationWithdrawn),
            Notice::BalanceUnsettled(balance, event) => Cause::new(*balance, *event),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_balance_is_doubted_once_a_result_for_each_thing_that_happens_to_it() {
        let (balance, result) = (BalanceId(3), ResultId(9));
        let table = [
            (Cause::new(balance, Event::BalanceOutdated), Cause::new(balance, Event::BalanceReopened), true),
            (
                Cause::new(BalanceId(4), Event::BalanceOutdated),
                Cause::new(balance, Event::BalanceOutdated),
                false,
            ),
            (Cause::new(result, Event::RunJudged), Cause::new(result, Event::RunJudged), true),
            (Cause::new(result, Event::RunJudged), Cause::new(result, Event::ResultRetracted), false),
            (Cause::new(result, Event::RunJudged), Cause::new(ResultId(8), Event::RunJudged), false),
        ];
        for (one, other, same) in table {
            assert_eq!(one.is_doubt_of(&other), same, "{one:?} {other:?}");
        }
    }

    #[test]
    fn a_cause_is_stored_as_two_words() {
        let cause = Cause::new(ResultId(9), Event::ResultRetracted);
        let stored = r#"{"record":"result-9","event":"result-retracted"}"#;
        assert_eq!(serde_json::to_string(&cause).unwrap(), stored);
        assert_eq!(serde_json::from_str::<Cause>(stored).unwrap(), cause);
    }
}
