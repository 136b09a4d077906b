//! Revoke a token.

use kernel::{PersonId, Ref, Role, TokenId};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::TokenRefusal;

/// Revoke a token: one's own, or anybody's as an administrator.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeToken {
    /// Which.
    pub token: TokenId,
}

impl Command for RevokeToken {
    const NAME: &'static str = "token.revoke";
    const ROLES: &'static [Role] = Role::ALL;
    const EXAMPLE: &'static str = r#"{"token":"token-61"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let held = rows::find(db, self.token)?.ok_or(TokenRefusal::Unknown(self.token))?;
        let keeper = cx.actor.is_system() || cx.actor.roles.contains(&Role::Administrator);
        if cx.actor.person() != Some(held.person) && !keeper {
            return Err(TokenRefusal::NotYours(held.id).into());
        }
        if held.revoked_at.is_some() {
            return Err(TokenRefusal::RevokedAlready(held.id).into());
        }
        Ok(Facts::one(TokenRevoked { token: held.id, person: held.person }))
    }
}

/// A token was revoked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TokenRevoked {
    /// Which.
    pub token: TokenId,
    /// Whose it was.
    pub person: PersonId,
}

impl Fact for TokenRevoked {
    const KIND: &'static str = "token.revoked";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.token.into(), self.person.into()]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::revoke(db, self.token, applied.at)
    }

    fn samples() -> Vec<Self> {
        vec![TokenRevoked { token: TokenId(61), person: PersonId(12) }]
    }
}
