//! Asking for a retest: a new result is wanted, the first stays valid.

use facts::Notice;
use kernel::{Ref, ResultId, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::{NewResult, NoResult, Workflow, may_undo};
use crate::given::Reason;

/// Ask for a retest; the first result stays valid.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetestResult {
    /// The result.
    pub result: ResultId,
    /// Why.
    pub why: Reason,
}

impl Command for RetestResult {
    const NAME: &'static str = "result.retest";
    const ROLES: &'static [Role] = &[Role::LaboratoryHead, Role::QualityManager];
    const EXAMPLE: &'static str = r#"{"result": "result-9", "why": "the customer doubts it"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        may_undo(&rows::standing(db, self.result)?)?;
        let first = rows::again(db, self.result)?;
        let first = first.ok_or_else(|| NoResult::Unknown(self.result.to_string()))?;
        let new = NewResult {
            id: ResultId::next(cx.numbers),
            run: None,
            position: 0,
            workflow: Workflow::Assigned,
            replicate: first.replicate + 1,
            replaces: None,
            instrument: None,
            calibration: None,
            why: Some(self.why.as_str().to_owned()),
            tested_by: None,
            tested_at: cx.at,
            authorisation: None,
            ..first
        };
        Ok(Facts::one(RetestAsked { new, first: self.result }))
    }
}

/// A retest was asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RetestAsked {
    /// The result to come.
    pub new: NewResult,
    /// The result that stays valid.
    pub first: ResultId,
}

impl Fact for RetestAsked {
    const KIND: &'static str = "result.retest_asked";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.new.id.into(), self.first.into(), self.new.sample.into()]
    }

    fn notices(&self) -> Vec<Notice> {
        vec![Notice::RetestAsked(self.first)]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::insert(db, &self.new, None, applied)
    }

    fn samples() -> Vec<Self> {
        let mut asked = super::ResultEntered::samples();
        let mut new = asked.remove(0).new;
        (new.id, new.workflow) = (ResultId(13), Workflow::Assigned);
        vec![RetestAsked { new, first: ResultId(9) }]
    }
}
