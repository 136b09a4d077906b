//! A lot passed a door by exception: the exception is counted.

use kernel::{LotId, MoveId, OverrideId, PartyId, Ref, Role};
use measure::Decimal;
use serde::{Deserialize, Serialize};
use store::{Applied, Attempt, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::guard::{pass, passage};
use super::rows;
use super::rules::Door;

/// Count the exception by which a lot passed. The system does this upon the move.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CountException {
    /// The lot.
    pub lot: LotId,
    /// The door.
    pub door: Door,
    /// To whom it went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<PartyId>,
    /// Wet mass, kg.
    pub kg_wet: String,
    /// The move.
    pub by: MoveId,
}

impl Command for CountException {
    const NAME: &'static str = "exception.count";
    const ROLES: &'static [Role] = &[];
    const EXAMPLE: &'static str =
        r#"{"lot":"lot-12","door":"ship","party":"party-2","kg_wet":"400","by":"move-61"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let kg_wet = self.kg_wet.parse::<Decimal>().map_err(|why| StoreError::stored("a mass", why))?;
        let of = passage(db, self.lot, (self.door, self.party), kg_wet)?;
        let Some(id) = pass(db, &of, Attempt { at: cx.at, actor: cx.actor })? else {
            return Ok(Facts::new());
        };
        Ok(Facts::one(ExceptionUsed { id, lot: self.lot, by: self.by, kg_wet }))
    }
}

/// An exception was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExceptionUsed {
    /// The exception.
    pub id: OverrideId,
    /// The lot.
    pub lot: LotId,
    /// The move.
    pub by: MoveId,
    /// Wet mass, kg.
    pub kg_wet: Decimal,
}

impl Fact for ExceptionUsed {
    const KIND: &'static str = "exception.used";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.id.into(), self.lot.into(), self.by.into()]
    }

    fn apply(&self, db: &mut Db, _: &Applied) -> Result<(), StoreError> {
        rows::count_use(db, self.id, self.kg_wet)
    }

    fn samples() -> Vec<Self> {
        vec![ExceptionUsed { id: OverrideId(48), lot: LotId(12), by: MoveId(61), kg_wet: 400.into() }]
    }
}
