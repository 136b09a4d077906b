//! A second person answers for a result whose quality control failed or was not run; with reason and end.

use kernel::{
    Act, Activity, AuthorisationId, Edge, EdgeRole, Instant, OverrideId, PersonId, Ref, ResultId, Role,
};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use crate::given::Reason;
use crate::result;
use crate::result::rules::{NoResult, may_override};

/// Answer for a result whose quality control failed or was not run.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OverrideQc {
    /// The result.
    pub result: ResultId,
    /// Until when it may be released on this.
    pub until: Instant,
    /// Why it is good all the same.
    pub why: Reason,
}

impl Command for OverrideQc {
    const NAME: &'static str = "qc.override";
    const ROLES: &'static [Role] = &[Role::LaboratoryHead, Role::QualityManager];
    const EXAMPLE: &'static str = r#"{"result": "result-9", "until": "2026-04-01T00:00:00Z",
        "why": "the blank was mislabelled; see note 12"}"#;

    fn acts(&self, db: &mut Db) -> Result<Vec<Act>, StoreError> {
        let methods = result::rows::methods(db, &[self.result])?;
        let act = |method: kernel::MethodId| Act { activity: Activity::Approve, scope: Some(method.into()) };
        Ok(methods.into_iter().map(act).collect())
    }

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let person = cx.actor.person().ok_or(NoResult::NoPerson)?;
        may_override(&result::rows::standing(db, self.result)?, person, self.until, cx.at)?;
        Ok(Facts::one(QcOverridden {
            id: OverrideId::next(cx.numbers),
            result: self.result,
            person,
            authorisation: cx.authorisations.first().copied(),
            until: self.until,
            why: self.why.as_str().to_owned(),
        }))
    }
}

/// A second person answered for a result's quality control.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct QcOverridden {
    /// The override.
    pub id: OverrideId,
    /// The result.
    pub result: ResultId,
    /// Who.
    pub person: PersonId,
    /// Under which authorisation.
    pub authorisation: Option<AuthorisationId>,
    /// Until when.
    pub until: Instant,
    /// Why.
    pub why: String,
}

impl Fact for QcOverridden {
    const KIND: &'static str = "qc.overridden";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.id.into(), self.result.into()]
    }

    fn edges(&self) -> Vec<Edge> {
        vec![Edge::new(self.id, self.result, EdgeRole::Decision)]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::insert_override(db, self, applied)?;
        result::rows::set_overridden(db, self.result)
    }

    fn samples() -> Vec<Self> {
        vec![QcOverridden {
            id: OverrideId(14),
            result: ResultId(9),
            person: PersonId(3),
            authorisation: Some(AuthorisationId(12)),
            until: "2026-04-01T00:00:00Z".parse().expect("an instant"),
            why: "the blank was mislabelled".to_owned(),
        }]
    }
}
