//! Close a session when its person signs out.

use kernel::{PersonId, Ref, Role, SessionId};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;

/// Close a session. Only the system does this, in `sign_out`; closing one that has ended changes nothing.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseSession {
    /// Which.
    pub session: SessionId,
}

impl Command for CloseSession {
    const NAME: &'static str = "session.close";
    const ROLES: &'static [Role] = &[];
    const EXAMPLE: &'static str = r#"{"session":"session-31"}"#;

    fn handle(&self, db: &mut Db, _: &mut Context<'_>) -> Result<Facts, Stop> {
        let session = self.session;
        let person = rows::person(db, session)?;
        Ok(person.map_or_else(Facts::new, |person| Facts::one(SessionClosed { session, person })))
    }
}

/// A person signed out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SessionClosed {
    /// The session.
    pub session: SessionId,
    /// Who.
    pub person: PersonId,
}

impl Fact for SessionClosed {
    const KIND: &'static str = "session.closed";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.session.into(), self.person.into()]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::close(db, self.session, applied.at)
    }

    fn samples() -> Vec<Self> {
        vec![SessionClosed { session: SessionId(31), person: PersonId(12) }]
    }
}
