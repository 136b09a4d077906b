//! Lift a hold, where it was placed and wherever it spread.

use kernel::{Act, HoldId, LotId, PersonId, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::place::release_act;
use super::rows;
use super::rules::{HoldRefused, may_lift};
use crate::given::Words;

/// Lift a hold, and with it everything it spread to. Somebody else than who placed it does this.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LiftHold {
    /// The hold.
    pub hold: HoldId,
    /// Why it is lifted: what was found.
    pub reason: Words,
}

impl Command for LiftHold {
    const NAME: &'static str = "hold.lift";
    const ROLES: &'static [Role] = &[Role::QualityManager, Role::Director];
    const EXAMPLE: &'static str =
        r#"{"hold":"hold-40","reason":"Control sample repeated twice, within limits"}"#;

    fn acts(&self, db: &mut Db) -> Result<Vec<Act>, StoreError> {
        match rows::find(db, self.hold)? {
            Some(hold) => release_act(db, hold.lot),
            None => Ok(Vec::new()),
        }
    }

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let Some(hold) = rows::find(db, self.hold)? else {
            return Err(HoldRefused::NoSuch(self.hold.into()).into());
        };
        let by = may_lift(&hold, cx.actor.person())?;
        let reason = self.reason.as_str().to_owned();
        Ok(Facts::one(HoldLifted { hold: hold.id, lot: hold.lot, by, reason }))
    }
}

/// A hold was lifted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HoldLifted {
    /// The hold.
    pub hold: HoldId,
    /// The lot it was placed on.
    pub lot: LotId,
    /// Who lifted it.
    pub by: PersonId,
    /// Why.
    pub reason: String,
}

impl Fact for HoldLifted {
    const KIND: &'static str = "hold.lifted";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.hold.into(), self.lot.into()]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::lift(db, self.hold, applied.at, self.by, &self.reason)
    }

    fn samples() -> Vec<Self> {
        vec![HoldLifted { hold: HoldId(40), lot: LotId(12), by: PersonId(3), reason: "repeated".into() }]
    }
}
