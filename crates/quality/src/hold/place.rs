//! Hold a lot, and everything made from it.

use facts::Cause;
use kernel::{Act, Activity, Edge, EdgeRole, HoldId, LotId, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::HoldRefused;
use super::spread::{HoldSpread, SpreadTo};
use crate::given::Words;
use crate::view_rows;

/// Hold a lot. Everything made from it is held as well, consumed and shipped lots included, now and later.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldLot {
    /// The lot that is in doubt.
    pub lot: LotId,
    /// Why.
    pub reason: Words,
    /// What of it is in doubt: an analyte, the packing, the origin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Words>,
}

impl Command for HoldLot {
    const NAME: &'static str = "lot.hold";
    /// Whoever sees the doubt may hold; only lifting needs authority.
    const ROLES: &'static [Role] = &[
        Role::QualityManager,
        Role::LaboratoryHead,
        Role::Analyst,
        Role::ShiftSupervisor,
        Role::Metallurgist,
        Role::Receiver,
        Role::Director,
    ];
    const EXAMPLE: &'static str =
        r#"{"lot":"lot-12","reason":"Cd drifts on the control chart","scope":"Cd"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        if view_rows::lot(db, self.lot)?.is_none() {
            return Err(HoldRefused::NoSuch(self.lot.into()).into());
        }
        let ground = Ground::Reason(self.reason.as_str().to_owned());
        let scope = self.scope.as_ref().map(|scope| scope.as_str().to_owned());
        held(db, HoldId::next(cx.numbers), self.lot, ground, scope)
    }
}

/// A hold on a lot and on all that is made from it.
pub(super) fn held(
    db: &mut Db,
    hold: HoldId,
    lot: LotId,
    ground: Ground,
    scope: Option<String>,
) -> Result<Facts, Stop> {
    let made = view_rows::closure(db, lot, view_rows::children)?;
    let mut facts = Facts::one(LotHeld { hold, lot, ground, scope });
    if !made.is_empty() {
        let lots = made.into_iter().map(|(lot, via)| SpreadTo { lot, via }).collect();
        facts.push(HoldSpread { hold, lots });
    }
    Ok(facts)
}

/// Why a lot is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// What a person gave as the reason.
    Reason(String),
    /// What happened to a record that its release rests on.
    Because(Cause),
}

/// The act that lifting and deciding on a lot needs: release, on the lot's material.
pub(crate) fn release_act(db: &mut Db, lot: LotId) -> Result<Vec<Act>, StoreError> {
    // A lot that does not exist is refused by the command itself, which names it.
    let lot = view_rows::lot(db, lot)?;
    Ok(lot
        .map(|lot| Act { activity: Activity::Release, scope: Some(lot.material.into()) })
        .into_iter()
        .collect())
}

/// A lot was held.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LotHeld {
    /// The hold.
    pub hold: HoldId,
    /// On which lot.
    pub lot: LotId,
    /// Why.
    #[serde(flatten)]
    pub ground: Ground,
    /// What of it is in doubt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}

impl Fact for LotHeld {
    const KIND: &'static str = "lot.held";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.hold.into(), self.lot.into()]
    }

    fn edges(&self) -> Vec<Edge> {
        vec![Edge::new(self.lot, self.hold, EdgeRole::Decision)]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::put(db, self, applied)
    }

    fn samples() -> Vec<Self> {
        let ground = Ground::Reason("Cd drifts".into());
        let plain = LotHeld { hold: HoldId(40), lot: LotId(12), ground, scope: None };
        let cause = Cause::new(kernel::ResultId(9), facts::Event::ResultRetracted);
        let because = LotHeld { ground: Ground::Because(cause), ..plain.clone() };
        vec![plain.clone(), LotHeld { scope: Some("Cd".into()), ..plain }, because]
    }
}
