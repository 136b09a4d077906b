//! Open a session, once the password was right.

use kernel::{Instant, PersonId, Ref, Role, SessionId, Via};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::{SESSION_SECONDS, rows};
use crate::account;
use crate::text::Sha256Hex;

/// Open a session for a person whose password was right. Only the system does this, in `sign_in`.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenSession {
    /// Whose.
    pub person: PersonId,
    /// The hash of the cookie's secret.
    pub secret_sha256: Sha256Hex,
    /// Through which face.
    pub via: Via,
}

impl Command for OpenSession {
    const NAME: &'static str = "session.open";
    const ROLES: &'static [Role] = &[];
    const EXAMPLE: &'static str = r#"{"person":"person-12","via":"page",
        "secret_sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        account::rules::may_enter(account::rows::find(db, self.person)?, self.person, cx.at)?;
        Ok(Facts::one(SessionOpened {
            session: SessionId::next(cx.numbers),
            person: self.person,
            secret_sha256: self.secret_sha256.clone(),
            via: self.via,
            expires_at: cx.at.plus_seconds(SESSION_SECONDS),
        }))
    }
}

/// A person signed in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SessionOpened {
    /// The session.
    pub session: SessionId,
    /// Who.
    pub person: PersonId,
    /// The hash of the cookie's secret.
    pub secret_sha256: Sha256Hex,
    /// Through which face.
    pub via: Via,
    /// The end of it, at the latest.
    pub expires_at: Instant,
}

impl Fact for SessionOpened {
    const KIND: &'static str = "session.opened";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.session.into(), self.person.into()]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::insert(db, self, applied.at)?;
        account::rows::guard(db, self.person, account::rules::Guard::default())
    }

    fn samples() -> Vec<Self> {
        let secret_sha256 = crate::secret::digest("sample");
        let expires_at = Instant::from_micros(1_772_000_000_000_000);
        let (session, person) = (SessionId(31), PersonId(12));
        vec![SessionOpened { session, person, secret_sha256, via: Via::Page, expires_at }]
    }
}
