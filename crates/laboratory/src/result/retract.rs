//! Retracting: a result is void, and kept.

use facts::{Cause, Event, Notice};
use kernel::{Ref, ResultId, Role, SampleId};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::{Validity, may_undo};
use crate::given::Reason;

/// Retract a result: it becomes void and is kept.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetractResult {
    /// The result.
    pub result: ResultId,
    /// Why.
    pub why: Reason,
}

impl Command for RetractResult {
    const NAME: &'static str = "result.retract";
    const ROLES: &'static [Role] = &[Role::LaboratoryHead, Role::QualityManager];
    const EXAMPLE: &'static str = r#"{"result": "result-9", "why": "samples were exchanged"}"#;

    fn handle(&self, db: &mut Db, _: &mut Context<'_>) -> Result<Facts, Stop> {
        let standing = rows::standing(db, self.result)?;
        may_undo(&standing)?;
        let why = self.why.as_str().to_owned();
        Ok(Facts::one(ResultRetracted { result: self.result, sample: standing.sample, why }))
    }
}

/// A result was retracted: void, and kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ResultRetracted {
    /// The result.
    pub result: ResultId,
    /// Its sample.
    pub sample: SampleId,
    /// Why.
    pub why: String,
}

impl Fact for ResultRetracted {
    const KIND: &'static str = "result.retracted";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.result.into(), self.sample.into()]
    }

    fn notices(&self) -> Vec<Notice> {
        let cause = Cause::new(self.result, Event::ResultRetracted);
        vec![Notice::ResultsFell { results: vec![self.result], cause }]
    }

    fn apply(&self, db: &mut Db, _: &Applied) -> Result<(), StoreError> {
        rows::set_validity(db, self.result, Validity::Retracted.word(), &self.why)
    }

    fn samples() -> Vec<Self> {
        vec![ResultRetracted {
            result: ResultId(9),
            sample: SampleId(8),
            why: "samples were exchanged".to_owned(),
        }]
    }
}
