//! Concede that items of a lot do not conform, with the customer's consent.

use std::collections::BTreeSet;

use kernel::{
    Act, AuthorisationId, DispositionId, Edge, EdgeRole, Instant, LotId, Meaning, PartyId, PersonId, Ref,
    Role, SpecificationVersionId,
};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::known::Nonconformity;
use super::rows::{self, Put};
use super::rules::{ReleaseRefused, check_expiry};
use crate::given::Words;
use crate::hold::place::release_act;
use crate::specification::rows as specifications;
use crate::view_rows;

/// Concede items of a lot to a customer who consented. Another person then releases the lot to that customer.
/// It answers for what is known not to conform now; another figure found later is asked about again.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConcedeLot {
    /// The lot.
    pub lot: LotId,
    /// The edition it does not conform to.
    pub specification_version: SpecificationVersionId,
    /// The customer who consented.
    pub party: PartyId,
    /// The customer's consent: letter, number, date.
    pub consent: Words,
    /// The items that need not conform.
    pub items: Vec<Words>,
    /// Until when it may be used.
    pub valid_until: Instant,
    /// Why the lot may be used nevertheless.
    pub reason: Words,
}

impl Command for ConcedeLot {
    const NAME: &'static str = "lot.concede";
    const ROLES: &'static [Role] = &[Role::QualityManager, Role::Director];
    const SIGNS: Option<Meaning> = Some(Meaning::Approved);
    const EXAMPLE: &'static str = r#"{"lot":"lot-12","specification_version":"specification-version-6",
        "party":"party-2","consent":"BH letter 2026-03-13","items":["Cd"],
        "valid_until":"2026-06-30T00:00:00Z",
        "reason":"Cd slightly above; the customer's process tolerates it"}"#;

    fn acts(&self, db: &mut Db) -> Result<Vec<Act>, StoreError> {
        release_act(db, self.lot)
    }

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        if view_rows::lot(db, self.lot)?.is_none() {
            return Err(ReleaseRefused::NoSuch(self.lot.into()).into());
        }
        if view_rows::party(db, self.party)?.is_none() {
            return Err(ReleaseRefused::NoSuch(self.party.into()).into());
        }
        let Some(version) = specifications::find(db, self.specification_version)? else {
            return Err(ReleaseRefused::NoSuch(self.specification_version.into()).into());
        };
        if rows::decided(db, self.lot)?.is_some_and(|decided| !decided.released) {
            return Err(ReleaseRefused::Rejected(self.lot).into());
        }
        let known = |item: &Words| version.items.iter().any(|of| of.analyte.to_string() == item.as_str());
        if let Some(unknown) = self.items.iter().find(|item| !known(item)) {
            return Err(ReleaseRefused::ConcessionItem(unknown.as_str().to_owned()).into());
        }
        if self.items.is_empty() {
            return Err(ReleaseRefused::ConcessionItem(String::new()).into());
        }
        check_expiry(cx.at, self.valid_until)?;
        let asked = |of: &Nonconformity| self.items.iter().any(|item| item.as_str() == of.analyte);
        let covers = super::since::nonconforming(db, self.lot, &version)?.into_iter().filter(asked).collect();
        Ok(Facts::one(LotConceded {
            disposition: DispositionId::next(cx.numbers),
            lot: self.lot,
            specification_version: self.specification_version,
            party: self.party,
            consent: self.consent.as_str().to_owned(),
            items: self.items.iter().map(|item| item.as_str().to_owned()).collect(),
            covers: Some(covers),
            valid_until: self.valid_until,
            reason: self.reason.as_str().to_owned(),
            person: cx.actor.person().ok_or(ReleaseRefused::NoPerson)?,
            authorisation: cx.authorisations.first().copied(),
        }))
    }
}

/// Items of a lot were conceded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LotConceded {
    /// The decision.
    pub disposition: DispositionId,
    /// The lot.
    pub lot: LotId,
    /// From which edition.
    pub specification_version: SpecificationVersionId,
    /// Whose consent.
    pub party: PartyId,
    /// The consent's reference.
    pub consent: String,
    /// The items.
    pub items: Vec<String>,
    /// What did not conform of them: it answers for that, and for nothing found later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covers: Option<BTreeSet<Nonconformity>>,
    /// Until when, exclusive.
    pub valid_until: Instant,
    /// Why.
    pub reason: String,
    /// Who conceded.
    pub person: PersonId,
    /// Under which authorisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorisation: Option<AuthorisationId>,
}

impl Fact for LotConceded {
    const KIND: &'static str = "lot.conceded";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.disposition.into(), self.lot.into(), self.specification_version.into(), self.party.into()]
    }

    fn edges(&self) -> Vec<Edge> {
        let to = self.disposition;
        let mut edges = vec![
            Edge::new(self.lot, to, EdgeRole::Decision),
            Edge::new(self.specification_version, to, EdgeRole::Specification),
            Edge::new(self.person, to, EdgeRole::By),
        ];
        edges.extend(self.authorisation.map(|by| Edge::new(by, to, EdgeRole::Authorisation)));
        edges
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        let detail = serde_json::to_string(&self.items).map_err(|why| StoreError::stored("items", why))?;
        let covers = self.covers.as_ref().map(serde_json::to_string).transpose();
        let covers = covers.map_err(|why| StoreError::stored("covers", why))?;
        let put = Put {
            id: self.disposition,
            lot: self.lot,
            decision: "concession",
            version: Some(self.specification_version),
            party: Some(self.party),
            at: applied.at,
            person: Some(self.person),
            authorisation: self.authorisation,
            reason: Some(&self.reason),
            consent: Some(&self.consent),
            valid_until: Some(self.valid_until),
            detail,
            covers,
        };
        rows::put(db, &put)
    }

    fn samples() -> Vec<Self> {
        let Ok(valid_until) = "2026-06-30T00:00:00Z".parse() else { return Vec::new() };
        let plain = LotConceded {
            covers: None,
            disposition: DispositionId(52),
            lot: LotId(12),
            specification_version: SpecificationVersionId(6),
            party: PartyId(2),
            consent: "BH letter 2026-03-13".into(),
            items: vec!["Cd".into()],
            valid_until,
            reason: "the customer's process tolerates it".into(),
            person: PersonId(3),
            authorisation: Some(AuthorisationId(4)),
        };
        let (analyte, figure) = ("Cd".to_owned(), "0.0007".to_owned());
        let known = Nonconformity { analyte, sample: None, compared: figure.clone(), figure };
        vec![LotConceded { covers: Some(BTreeSet::from([known])), ..plain.clone() }, plain]
    }
}
