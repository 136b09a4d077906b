//! Correcting: a new result takes the place of one that was wrong, and is marked as changed on every print.

use kernel::chronology::{Event, Moment};
use kernel::{Act, Activity, Code, ResultId, Role};
use measure::{Basis, Unit};
use serde::{Deserialize, Serialize};
use store::{Command, Context, Db, Facts, Stop, StoreError};

use super::enter_by_hand::{ResultEntered, specification, typed};
use super::rows;
use super::rules::{NewResult, NoResult, Workflow, may_undo};
use crate::given::Reason;
use crate::times;

/// Correct a result: the new one replaces it and is marked as changed.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectResult {
    /// The result that is wrong.
    pub result: ResultId,
    /// What it should be: 12.30, <0.001.
    pub value: Code,
    /// Its unit; the method's unless given.
    #[schema(value_type = Option<String>)]
    pub unit: Option<Unit>,
    /// Its basis; that of the result unless given.
    #[schema(value_type = Option<String>)]
    pub basis: Option<Basis>,
    /// Why.
    pub why: Reason,
}

impl Command for CorrectResult {
    const NAME: &'static str = "result.correct";
    const ROLES: &'static [Role] = &[Role::Analyst, Role::LaboratoryHead];
    const EXAMPLE: &'static str =
        r#"{"result": "result-9", "value": "32.01", "why": "digits were exchanged"}"#;

    fn acts(&self, db: &mut Db) -> Result<Vec<Act>, StoreError> {
        super::review::acts(db, &[self.result], Activity::Test)
    }

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        may_undo(&rows::standing(db, self.result)?)?;
        let unknown = || NoResult::Unknown(self.result.to_string());
        let before = rows::again(db, self.result)?.ok_or_else(unknown)?;
        let sample = rows::sample_by_id(db, before.sample)?;
        if let Some(sample) = &sample {
            let mut moments = times::of_sample(sample);
            moments.push(Moment::at(Event::Measured, before.tested_at));
            times::stands(&moments, cx.at, Some(self.why.as_str()))?;
        }
        let (version, spec) = specification(db, before.method, None, &before.analyte, before.tested_at)?;
        let moisture = sample.and_then(|sample| sample.moisture_percent);
        let basis = self.basis.or(before.basis.parse().ok());
        let (settled, basis) = typed(&spec, self.value.as_str(), self.unit, basis, moisture)?;
        let acts = self.acts(db)?;
        let authorisation = cx.authorised(db, &acts, before.tested_at)?.first().copied();
        let new = NewResult {
            id: ResultId::next(cx.numbers),
            version: version.id,
            basis: basis.as_str().to_owned(),
            settled,
            workflow: Workflow::Measured,
            qc: super::enter_by_hand::before_judgement(&spec),
            replaces: Some(self.result),
            changed: true,
            why: Some(self.why.as_str().to_owned()),
            tested_by: cx.actor.person(),
            authorisation,
            ..before
        };
        Ok(Facts::one(ResultEntered { new, typed: self.value.to_string(), void: Some(self.result) }))
    }
}
