//! Closing a follow-up without measuring again: somebody says why the limit is enough.

use kernel::{FollowUpId, Ref, ResultId, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::{FollowUpState, NoFollowUp, rows};
use crate::given::Reason;

/// Close a follow-up without measuring again; the result stays as it is, above its limit.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseFollowUp {
    /// The follow-up.
    pub follow_up: FollowUpId,
    /// Why it need not be measured again.
    pub why: Reason,
}

impl Command for CloseFollowUp {
    const NAME: &'static str = "follow_up.close";
    const ROLES: &'static [Role] = &[Role::LaboratoryHead];
    const EXAMPLE: &'static str =
        r#"{"follow_up": "follow-up-32", "why": "the customer asked only for more than 100 mg/L"}"#;

    fn handle(&self, db: &mut Db, _: &mut Context<'_>) -> Result<Facts, Stop> {
        let found = rows::by_id(db, self.follow_up)?;
        let found = found.ok_or_else(|| NoFollowUp::Unknown(self.follow_up.to_string()))?;
        if found.state != FollowUpState::Open {
            return Err(NoFollowUp::NotOpen(found.id, found.state).into());
        }
        let why = self.why.as_str().to_owned();
        Ok(Facts::one(FollowUpClosed { follow_up: found.id, result: found.result, why }))
    }
}

/// A follow-up was closed without measuring again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FollowUpClosed {
    /// The follow-up.
    pub follow_up: FollowUpId,
    /// The result above range, which stays as it is.
    pub result: ResultId,
    /// Why.
    pub why: String,
}

impl Fact for FollowUpClosed {
    const KIND: &'static str = "follow_up.closed";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.follow_up.into(), self.result.into()]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::close(db, self, applied)
    }

    fn samples() -> Vec<Self> {
        let why = "the customer asked only for more than 100 mg/L".to_owned();
        vec![FollowUpClosed { follow_up: FollowUpId(32), result: ResultId(9), why }]
    }
}
