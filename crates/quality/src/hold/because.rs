//! The system holds a lot: something that its release rests on changed.

use facts::Cause;
use kernel::{HoldId, LotId, Role};
use serde::{Deserialize, Serialize};
use store::{Command, Context, Db, Facts, Stop};

use super::place::{Ground, held};
use super::rows;

/// Hold a lot for what happened to a record, unless it is held for that already. The system does this upon
/// facts of other areas.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldBecause {
    /// The lot that is in doubt.
    pub lot: LotId,
    /// What happened.
    pub because: Cause,
}

impl Command for HoldBecause {
    const NAME: &'static str = "lot.hold_because";
    const ROLES: &'static [Role] = &[];
    const EXAMPLE: &'static str =
        r#"{"lot":"lot-12","because":{"record":"result-9","event":"result-retracted"}}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let open = rows::open_on(db, self.lot)?;
        let known = |ground: &Ground| match ground {
            Ground::Because(cause) => cause.is_doubt_of(&self.because),
            Ground::Reason(_) => false,
        };
        if open.iter().any(|open| known(&open.ground)) {
            return Ok(Facts::new());
        }
        held(db, HoldId::next(cx.numbers), self.lot, Ground::Because(self.because), None)
    }
}
