//! Invalidating: a released result, perhaps already on a certificate, is void, and kept.

use facts::{Cause, Event, Notice};
use kernel::{Ref, ResultId, Role, SampleId};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::{Validity, may_invalidate};
use crate::given::Reason;

/// Invalidate a released result; certificates that carry it must be superseded.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvalidateResult {
    /// The result.
    pub result: ResultId,
    /// Why.
    pub why: Reason,
}

impl Command for InvalidateResult {
    const NAME: &'static str = "result.invalidate";
    const ROLES: &'static [Role] = &[Role::LaboratoryHead, Role::QualityManager];
    const EXAMPLE: &'static str =
        r#"{"result": "result-9", "why": "the balance was found out of tolerance"}"#;

    fn handle(&self, db: &mut Db, _: &mut Context<'_>) -> Result<Facts, Stop> {
        let standing = rows::standing(db, self.result)?;
        may_invalidate(&standing)?;
        let why = self.why.as_str().to_owned();
        Ok(Facts::one(ResultInvalidated { result: self.result, sample: standing.sample, why }))
    }
}

/// A result was invalidated: void, and kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ResultInvalidated {
    /// The result.
    pub result: ResultId,
    /// Its sample.
    pub sample: SampleId,
    /// Why.
    pub why: String,
}

impl Fact for ResultInvalidated {
    const KIND: &'static str = "result.invalidated";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.result.into(), self.sample.into()]
    }

    fn notices(&self) -> Vec<Notice> {
        let cause = Cause::new(self.result, Event::ResultInvalidated);
        vec![Notice::ResultsFell { results: vec![self.result], cause }]
    }

    fn apply(&self, db: &mut Db, _: &Applied) -> Result<(), StoreError> {
        rows::set_validity(db, self.result, Validity::Invalidated.word(), &self.why)
    }

    fn samples() -> Vec<Self> {
        vec![ResultInvalidated {
            result: ResultId(9),
            sample: SampleId(8),
            why: "the balance was found out of tolerance".to_owned(),
        }]
    }
}
