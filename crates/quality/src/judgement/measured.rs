//! A result as the gate sees it: the figure, its statuses, and everything it was made under.

use kernel::{
    Activity, AuthorisationId, CalibrationId, Instant, InstrumentId, MethodId, MethodVersionId, Names,
    PersonId, ReadingId, ReferenceLotId, ResultId, SampleId,
};
use measure::reporting::Stated;
use measure::{Analyte, Decimal, Limits, Reported};
use serde::{Deserialize, Serialize};

/// Where a result is in its life, as far as release asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Workflow {
    /// Assigned, measured or reviewed: somebody still has to act on it.
    Pending,
    /// Released by the laboratory.
    Released,
    /// A record that there is no figure: not received, insufficient, not analysed, no result, cancelled.
    NoFigure,
}

impl Workflow {
    /// From the laboratory's word; an unknown one counts as pending, so that nothing passes by mistake.
    pub fn read(word: &str) -> Self {
        match word {
            "released" => Workflow::Released,
            "listed_not_received" | "insufficient_sample" | "not_analysed" | "no_result" | "cancelled" => {
                Workflow::NoFigure
            }
            _ => Workflow::Pending,
        }
    }
}

/// Its quality control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Qc {
    /// Passed, or passed with a warning.
    Fine,
    /// The method asks for none.
    NotRequired,
    /// Required and not run. That is not a pass.
    NotTested,
    /// Failed.
    Failure,
    /// Failed, and overridden by a second person until this instant.
    Overridden(Instant),
}

/// The calibration window a result was measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Which calibration.
    pub calibration: CalibrationId,
    /// From when it held.
    pub valid_from: Instant,
    /// Until when, exclusive.
    pub valid_until: Instant,
    /// From when it was found not to hold.
    pub voided_from: Option<Instant>,
}

impl Window {
    /// Whether it held at that instant, by what is known now.
    pub fn held_at(&self, at: Instant) -> bool {
        self.valid_from <= at && at < self.valid_until && !self.void_at(at)
    }

    /// Whether it was found not to hold at that instant.
    pub fn void_at(&self, at: Instant) -> bool {
        self.voided_from.is_some_and(|from| from <= at)
    }
}

/// The authorisation that a signature cites.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cited {
    /// Which.
    pub authorisation: AuthorisationId,
    /// Whose.
    pub person: PersonId,
    /// For what.
    pub activity: Option<Activity>,
    /// From when.
    pub valid_from: Instant,
    /// Until when, exclusive.
    pub valid_until: Instant,
    /// From when it was withdrawn.
    pub withdrawn_at: Option<Instant>,
}

/// A signature on a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// Who.
    pub person: PersonId,
    /// When.
    pub at: Instant,
    /// Under which authorisation; absent when none was cited or it does not exist.
    pub under: Option<Cited>,
}

impl Signed {
    /// The authorisation that it cites, where that was withdrawn from before it by what is known now.
    pub fn withdrawn(&self) -> Option<AuthorisationId> {
        let void = |cited: &&Cited| cited.withdrawn_at.is_some_and(|from| from <= self.at);
        self.under.as_ref().filter(void).map(|cited| cited.authorisation)
    }

    /// Whether the signer was authorised for this activity at that very instant, by what is known now.
    pub fn was_authorised(&self, activity: Activity) -> bool {
        self.under.as_ref().is_some_and(|cited| {
            cited.person == self.person
                && cited.activity == Some(activity)
                && cited.valid_from <= self.at
                && self.at < cited.valid_until
                && cited.withdrawn_at.is_none_or(|from| self.at < from)
        })
    }
}

/// A result of one of the lot's samples that is neither retracted nor invalidated.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Which.
    pub id: ResultId,
    /// Of which sample.
    pub sample: SampleId,
    /// Of what.
    pub analyte: Analyte,
    /// Of the sample of this code.
    pub sample_code: String,
    /// The mass of the sample, kg: dry where that is known of it, else wet; with which of them it is.
    pub sample_kg: Option<(Decimal, bool)>,
    /// The moisture the lot had when the sample was taken, percent.
    pub sample_moisture: Option<Decimal>,
    /// The figure as it was measured.
    pub reported: Reported,
    /// How many significant digits were read, where the figure has more: moisture made them, to be rounded
    /// once.
    pub digits: Option<u32>,
    /// By which method.
    pub method: MethodId,
    /// By which edition of it.
    pub method_version: MethodVersionId,
    /// The method's code.
    pub method_code: String,
    /// The edition's name.
    pub method_edition: String,
    /// The method's names.
    pub method_names: Names,
    /// The method's limits in the unit and basis of the figure, and what it reports below them.
    pub limits: Limits,
    /// Where it is in its life.
    pub workflow: Workflow,
    /// Its quality control.
    pub qc: Qc,
    /// Whether it lies within the method's validity range; `None` when the method states none.
    pub in_range: Option<bool>,
    /// On which instrument.
    pub instrument: Option<InstrumentId>,
    /// Under which calibration.
    pub window: Option<Window>,
    /// Whether its method's edition is void from before it was measured.
    pub edition_void: bool,
    /// The reference material lots that controlled it and are void from before they did.
    pub reference_void: Vec<ReferenceLotId>,
    /// The reading it rests on.
    pub reading: Option<ReadingId>,
    /// Whether a person typed it.
    pub hand_typed: bool,
    /// Whether it was changed since it was entered.
    pub changed: bool,
    /// Whether its sample came from outside.
    pub from_outside: bool,
    /// When it was measured.
    pub tested_at: Instant,
    /// Who measured.
    pub tested: Option<Signed>,
    /// Who reviewed.
    pub reviewed: Option<Signed>,
    /// Who released.
    pub released: Option<Signed>,
}

impl Measured {
    /// The figure as it is reported: by the limits of the method's edition.
    pub fn stated(&self) -> Stated {
        self.limits.state(&self.reported)
    }

    /// As what it counts, where that is not the figure as measured.
    pub fn restated(&self) -> Option<Reported> {
        let counted = self.stated().counted;
        (counted.figure() != self.reported.figure()).then_some(counted)
    }
}
