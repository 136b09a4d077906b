//! Release a lot.

use std::collections::BTreeSet;

use kernel::{
    Act, AuthorisationId, BalanceId, DispositionId, Edge, EdgeRole, LotId, Meaning, OverrideId, PartyId,
    PersonId, Ref, ResultId, Role, SpecificationVersionId,
};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::checks::{Key, State};
use super::rows::{self, Put};
use super::rules::{ReleaseRefused, exceptions, may_release};
use super::{Assessment, case};
use crate::hold::place::release_act;
use crate::judgement::Line;
use crate::view_rows;

/// Release a lot against an edition of a specification. Refused, with the first reason, unless every check
/// holds.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseLot {
    /// The lot.
    pub lot: LotId,
    /// The edition it is released against; left out, the right one in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub specification_version: Option<SpecificationVersionId>,
    /// The customer it is meant for; then the customer's own edition counts, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<PartyId>,
}

impl Command for ReleaseLot {
    const NAME: &'static str = "lot.release";
    const ROLES: &'static [Role] = &[Role::QualityManager];
    const SIGNS: Option<Meaning> = Some(Meaning::Released);
    const EXAMPLE: &'static str = r#"{"lot":"lot-12","specification_version":"specification-version-6"}"#;

    fn acts(&self, db: &mut Db) -> Result<Vec<Act>, StoreError> {
        release_act(db, self.lot)
    }

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let found = case::checks(db, self.lot, self.specification_version, self.customer, cx.at)?;
        let Some(found) = found else { return Err(ReleaseRefused::NoSuch(self.lot.into()).into()) };
        if let Some(customer) = self.customer
            && view_rows::party(db, customer)?.is_none()
        {
            return Err(ReleaseRefused::NoSuch(customer.into()).into());
        }
        // A release whose grounds have fallen is none any more: the lot is released again upon what stands.
        let stands = crate::gate::stands(db, self.lot, cx.at)?;
        let own = !found.case.samples.is_empty();
        let decided = match rows::decided(db, self.lot)? {
            Some(of) => Some(of),
            // Split off a released lot and never looked at by itself: it is released already, with that lot.
            None if !own => crate::gate::released_as(db, self.lot)?.map(|of| of.decided()),
            None => None,
        };
        let decided = decided.filter(|of| !of.released || stands);
        let person = may_release(&found, decided, cx.actor.person())?;
        let authorisation = cx.authorisations.first().copied();
        let disposition = DispositionId::next(cx.numbers);
        Ok(Facts::one(released(found, disposition, person, authorisation)?))
    }
}

fn released(
    found: Assessment,
    disposition: DispositionId,
    person: PersonId,
    authorisation: Option<AuthorisationId>,
) -> Result<LotReleased, ReleaseRefused> {
    let (case, checks) = (found.case, found.checks);
    let missing = || ReleaseRefused::NoSuch(case.lot.id.into());
    let version = case.version.as_ref().map(|version| version.id).ok_or_else(missing)?;
    let leaned: Vec<Ref> = exceptions(&case, &checks).into_iter().map(|(record, _)| record).collect();
    Ok(LotReleased {
        disposition,
        lot: case.lot.id,
        specification_version: version,
        customer: case.customer,
        lines: found.lines,
        checks: checks
            .into_iter()
            .map(|check| Held { key: check.key, state: check.state, evidence: check.evidence })
            .collect(),
        exceptions: leaned,
        person,
        authorisation,
    })
}

/// A check as it stood at the release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Which.
    pub key: Key,
    /// How it stood.
    pub state: State,
    /// What was looked at.
    pub evidence: Vec<Ref>,
}

/// A lot was released.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LotReleased {
    /// The decision.
    pub disposition: DispositionId,
    /// The lot.
    pub lot: LotId,
    /// Against which edition.
    pub specification_version: SpecificationVersionId,
    /// For whom, if for somebody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<PartyId>,
    /// The verdicts.
    pub lines: Vec<Line>,
    /// The checks.
    pub checks: Vec<Held>,
    /// The overrides and concessions it leans on.
    pub exceptions: Vec<Ref>,
    /// Who released it.
    pub person: PersonId,
    /// Under which authorisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorisation: Option<AuthorisationId>,
}

impl LotReleased {
    /// Every result that was looked at, each once.
    pub fn results(&self) -> Vec<ResultId> {
        let mut all: Vec<ResultId> =
            self.lines.iter().flat_map(|line| line.results.iter().chain(&line.considered)).copied().collect();
        all.sort();
        all.dedup();
        all
    }
}

impl LotReleased {
    /// What failed a check and an exception answered for, with the exception.
    pub fn overridden(&self, key: Key) -> impl Iterator<Item = Ref> {
        let over = move |check: &&Held| check.key == key && check.state == State::Overridden;
        self.checks.iter().filter(over).flat_map(|check| check.evidence.iter().copied())
    }

    /// Whether an exception answers for a record that failed a check.
    pub fn leans_on(&self, key: Key, record: Ref) -> bool {
        self.overridden(key).any(|covered| covered == record)
    }

    /// The results that were compared with what released lots had, and of which nobody answers for an
    /// exception until some day.
    pub fn compared(&self) -> BTreeSet<ResultId> {
        self.results().into_iter().filter(|of| !self.leans_on(Key::History, (*of).into())).collect()
    }

    /// The balances that were looked at.
    pub fn balances(&self) -> impl Iterator<Item = BalanceId> {
        let checks = self.checks.iter().filter(|check| check.key == Key::Balance);
        checks.flat_map(|check| &check.evidence).filter_map(|of| BalanceId::try_from(*of).ok())
    }
}

impl Fact for LotReleased {
    const KIND: &'static str = "lot.released";

    fn subjects(&self) -> Vec<Ref> {
        let fixed = [self.disposition.into(), self.lot.into(), self.specification_version.into()];
        fixed.into_iter().chain(self.exceptions.iter().copied()).collect()
    }

    fn edges(&self) -> Vec<Edge> {
        let to = self.disposition;
        let mut edges = vec![
            Edge::new(self.lot, to, EdgeRole::Decision),
            Edge::new(self.specification_version, to, EdgeRole::Specification),
            Edge::new(self.person, to, EdgeRole::By),
        ];
        edges.extend(self.authorisation.map(|by| Edge::new(by, to, EdgeRole::Authorisation)));
        edges.extend(self.results().into_iter().map(|result| Edge::new(result, to, EdgeRole::Decision)));
        edges.extend(self.exceptions.iter().map(|record| Edge::new(*record, to, EdgeRole::Decision)));
        edges.extend(self.balances().map(|balance| Edge::new(balance, to, EdgeRole::Decision)));
        edges
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        let detail = serde_json::to_string(self).map_err(|why| StoreError::stored(self.disposition, why))?;
        rows::put(
            db,
            &Put {
                id: self.disposition,
                lot: self.lot,
                decision: "released",
                version: Some(self.specification_version),
                party: self.customer,
                at: applied.at,
                person: Some(self.person),
                authorisation: self.authorisation,
                reason: None,
                consent: None,
                valid_until: None,
                detail,
                covers: None,
            },
        )?;
        rows::put_rests_on(db, self.disposition, &self.results())?;
        let overrides = self.exceptions.iter().filter_map(|record| OverrideId::try_from(*record).ok());
        overrides.into_iter().try_for_each(|id| rows::count_use(db, id))
    }

    fn samples() -> Vec<Self> {
        let (key, state) = (Key::Holds, State::Pass);
        vec![LotReleased {
            disposition: DispositionId(50),
            lot: LotId(12),
            specification_version: SpecificationVersionId(6),
            customer: None,
            lines: Vec::new(),
            checks: vec![Held { key, state, evidence: vec![LotId(12).into()] }],
            exceptions: vec![OverrideId(48).into()],
            person: PersonId(3),
            authorisation: Some(AuthorisationId(4)),
        }]
    }
}
