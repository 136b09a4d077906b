//! Override a check of the gate.

use std::collections::BTreeSet;

use kernel::{
    Act, AuthorisationId, Edge, EdgeRole, Instant, LotId, Meaning, OverrideId, PersonId, Ref, Role,
};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::checks::{Key, Override};
use super::rules::{ReleaseRefused, check_expiry};
use super::{case, rows};
use crate::given::Words;
use crate::hold::place::release_act;
use crate::view_rows;

/// Override one check of a lot until an instant, with a reason. Another person then releases the lot upon it.
/// It answers for what fails the check now; whatever fails it later is not covered.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OverrideGate {
    /// The lot.
    pub lot: LotId,
    /// The check: qc, range, calibration, signers, masses, balance, rejected, plausibility or history.
    pub gate: Key,
    /// Why it may pass nevertheless.
    pub reason: Words,
    /// Until when, at most a year.
    pub valid_until: Instant,
}

impl Command for OverrideGate {
    const NAME: &'static str = "gate.override";
    const ROLES: &'static [Role] = &[Role::QualityManager, Role::Director];
    const SIGNS: Option<Meaning> = Some(Meaning::Approved);
    const EXAMPLE: &'static str = r#"{"lot":"lot-12","gate":"calibration",
        "valid_until":"2026-03-31T00:00:00Z",
        "reason":"Calibration certificate delayed; check standard within limits before and after"}"#;

    fn acts(&self, db: &mut Db) -> Result<Vec<Act>, StoreError> {
        release_act(db, self.lot)
    }

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        if view_rows::lot(db, self.lot)?.is_none() {
            return Err(ReleaseRefused::NoSuch(self.lot.into()).into());
        }
        if !self.gate.may_be_overridden() {
            return Err(ReleaseRefused::NotOverridable(self.gate).into());
        }
        check_expiry(cx.at, self.valid_until)?;
        let covers = case::failing(db, self.lot, self.gate, cx.at)?;
        if covers.is_empty() {
            return Err(ReleaseRefused::NothingToOverride { lot: self.lot, gate: self.gate }.into());
        }
        let person = cx.actor.person().ok_or(ReleaseRefused::NoPerson)?;
        let authorisation = cx.authorisations.first().copied().ok_or(ReleaseRefused::NoPerson)?;
        Ok(Facts::one(GateOverridden {
            id: OverrideId::next(cx.numbers),
            lot: self.lot,
            gate: self.gate,
            reason: self.reason.as_str().to_owned(),
            valid_until: self.valid_until,
            covers,
            person,
            authorisation,
        }))
    }
}

/// A check was overridden.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GateOverridden {
    /// The override.
    pub id: OverrideId,
    /// Of which lot.
    pub lot: LotId,
    /// Of which check.
    pub gate: Key,
    /// Why.
    pub reason: String,
    /// Until when, exclusive.
    pub valid_until: Instant,
    /// What failed the check: it answers for that, and for nothing that fails later.
    pub covers: BTreeSet<Ref>,
    /// Who answers for it.
    pub person: PersonId,
    /// Under which authorisation.
    pub authorisation: AuthorisationId,
}

impl Fact for GateOverridden {
    const KIND: &'static str = "gate.overridden";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.id.into(), self.lot.into()]
    }

    fn edges(&self) -> Vec<Edge> {
        vec![
            Edge::new(self.lot, self.id, EdgeRole::Decision),
            Edge::new(self.person, self.id, EdgeRole::By),
            Edge::new(self.authorisation, self.id, EdgeRole::Authorisation),
        ]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        let of = Override {
            id: self.id,
            key: self.gate,
            valid_until: self.valid_until,
            person: self.person,
            covers: self.covers.clone(),
        };
        rows::put_override(db, &of, (self.lot, &self.reason), applied.at, self.authorisation)
    }

    fn samples() -> Vec<Self> {
        let Ok(valid_until) = "2026-03-31T00:00:00Z".parse() else { return Vec::new() };
        vec![GateOverridden {
            id: OverrideId(48),
            lot: LotId(12),
            gate: Key::Calibration,
            reason: "certificate delayed".into(),
            valid_until,
            covers: BTreeSet::from([kernel::CalibrationId(4).into()]),
            person: PersonId(3),
            authorisation: AuthorisationId(4),
        }]
    }
}
