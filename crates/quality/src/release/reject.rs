//! Reject a lot.

use facts::Notice;
use kernel::{Act, AuthorisationId, DispositionId, Edge, EdgeRole, LotId, PersonId, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::inherit::{self, RejectionSpread};
use super::rows::{self, Put};
use super::rules::ReleaseRefused;
use crate::given::Words;
use crate::hold::place::release_act;
use crate::view_rows;

/// Reject a lot, and with it everything split off it. It cannot be released afterwards; rework makes another
/// lot.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectLot {
    /// The lot.
    pub lot: LotId,
    /// Why.
    pub reason: Words,
}

impl Command for RejectLot {
    const NAME: &'static str = "lot.reject";
    const ROLES: &'static [Role] = &[Role::QualityManager];
    const EXAMPLE: &'static str = r#"{"lot":"lot-12","reason":"Cd above the limit, confirmed by retest"}"#;

    fn acts(&self, db: &mut Db) -> Result<Vec<Act>, StoreError> {
        release_act(db, self.lot)
    }

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        if view_rows::lot(db, self.lot)?.is_none() {
            return Err(ReleaseRefused::NoSuch(self.lot.into()).into());
        }
        if rows::decided(db, self.lot)?.is_some_and(|decided| !decided.released) {
            return Err(ReleaseRefused::Rejected(self.lot).into());
        }
        let person = cx.actor.person().ok_or(ReleaseRefused::NoPerson)?;
        let disposition = DispositionId::next(cx.numbers);
        let pieces = inherit::pieces(db, self.lot)?;
        let mut facts = Facts::one(LotRejected {
            disposition,
            lot: self.lot,
            reason: self.reason.as_str().to_owned(),
            person,
            authorisation: cx.authorisations.first().copied(),
        });
        if !pieces.is_empty() {
            facts.push(RejectionSpread { disposition, lots: pieces });
        }
        Ok(facts)
    }
}

/// A lot was rejected.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LotRejected {
    /// The decision.
    pub disposition: DispositionId,
    /// The lot.
    pub lot: LotId,
    /// Why.
    pub reason: String,
    /// Who rejected it.
    pub person: PersonId,
    /// Under which authorisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorisation: Option<AuthorisationId>,
}

impl Fact for LotRejected {
    const KIND: &'static str = "lot.rejected";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.disposition.into(), self.lot.into()]
    }

    fn notices(&self) -> Vec<Notice> {
        vec![Notice::LotRejected(self.disposition, self.lot)]
    }

    fn edges(&self) -> Vec<Edge> {
        let mut edges = vec![
            Edge::new(self.lot, self.disposition, EdgeRole::Decision),
            Edge::new(self.person, self.disposition, EdgeRole::By),
        ];
        let by = self.authorisation.map(|by| Edge::new(by, self.disposition, EdgeRole::Authorisation));
        edges.extend(by);
        edges
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        let put = Put {
            id: self.disposition,
            lot: self.lot,
            decision: "rejected",
            version: None,
            party: None,
            at: applied.at,
            person: Some(self.person),
            authorisation: self.authorisation,
            reason: Some(&self.reason),
            consent: None,
            valid_until: None,
            detail: "{}".to_owned(),
            covers: None,
        };
        rows::put(db, &put)?;
        crate::gate::rows::put_rejection(db, self.disposition, self.lot, None, applied.at)?;
        crate::gate::rows::put_contained(db, self.disposition, self.lot)
    }

    fn samples() -> Vec<Self> {
        let (disposition, lot, reason) = (DispositionId(51), LotId(12), "Cd above the limit".to_owned());
        vec![LotRejected {
            disposition,
            lot,
            reason,
            person: PersonId(3),
            authorisation: Some(AuthorisationId(4)),
        }]
    }
}
