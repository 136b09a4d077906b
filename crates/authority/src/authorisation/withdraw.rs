//! Withdraw an authorisation.

use facts::Notice;
use kernel::{AuthorisationId, Instant, PersonId, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::{self, GrantRefusal};
use crate::text::Prose;

/// Withdraw an authorisation from an instant on. An instant in the past says that it should not have been
/// relied upon since then: what was done under it is listed by its impact.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawAuthorisation {
    /// Which.
    pub authorisation: AuthorisationId,
    /// From this instant on it is not valid; the instant of this command when left out.
    #[serde(default)]
    pub from: Option<Instant>,
    /// Why.
    pub reason: Prose,
}

impl Command for WithdrawAuthorisation {
    const NAME: &'static str = "authorisation.withdraw";
    const ROLES: &'static [Role] = &[Role::TalentOfficer, Role::LaboratoryHead, Role::QualityManager];
    const EXAMPLE: &'static str = r#"{"authorisation":"authorisation-51","from":"2026-06-01T00:00:00Z",
        "reason":"Proficiency test of May 2026 not passed"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let found = rows::find(db, self.authorisation)?;
        let held = found.ok_or(GrantRefusal::Unknown(self.authorisation))?;
        if cx.actor.only.is_some() {
            return Err(GrantRefusal::ByToken(held.person).into());
        }
        let from = self.from.unwrap_or(cx.at);
        rules::may_withdraw(&held, from)?;
        let (authorisation, person, reason) = (held.id, held.person, self.reason.clone());
        Ok(Facts::one(AuthorisationWithdrawn { authorisation, person, from, reason }))
    }
}

/// An authorisation was withdrawn.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AuthorisationWithdrawn {
    /// Which.
    pub authorisation: AuthorisationId,
    /// Whose it was.
    pub person: PersonId,
    /// From this instant on.
    pub from: Instant,
    /// Why.
    pub reason: Prose,
}

impl Fact for AuthorisationWithdrawn {
    const KIND: &'static str = "authorisation.withdrawn";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.authorisation.into(), self.person.into()]
    }

    fn notices(&self) -> Vec<Notice> {
        vec![Notice::AuthorisationWithdrawn(self.authorisation)]
    }

    fn apply(&self, db: &mut Db, _: &Applied) -> Result<(), StoreError> {
        rows::withdraw(db, self.authorisation, self.from, self.reason.as_str())
    }

    fn samples() -> Vec<Self> {
        let (authorisation, person) = (AuthorisationId(51), PersonId(12));
        let reason = Prose::parse("Proficiency test not passed").expect("a fixed text");
        vec![AuthorisationWithdrawn { authorisation, person, from: Instant::from_micros(0), reason }]
    }
}
