//! Somebody entitled lets a lot pass a door that is shut to it.

use std::collections::BTreeSet;

use kernel::{
    Act, AuthorisationId, Edge, EdgeRole, HoldId, Instant, LotId, Meaning, OverrideId, PartyId, PersonId,
    Ref, Role,
};
use materials::quantity::Mass;
use measure::Decimal;
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::guard::{buyer, passage};
use super::rows;
use super::rules::{Answered, Door, GateRefused, Rule, Standing, rule};
use crate::given::Words;
use crate::hold::place::release_act;
use crate::release::known::Nonconformity;
use crate::release::rules::check_expiry;
use crate::release::since;
use crate::view_rows;

/// Let a lot pass a door that is shut to it, until an instant and with a reason: leave for a customer though
/// it is held, rejected or not released, or go into a blend or a process. Another person then moves it, and
/// the use is counted. It answers for what is known of the lot now; whatever comes up later shuts the door
/// again.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AllowLot {
    /// The lot.
    pub lot: LotId,
    /// The door: ship, consign, blend or product.
    pub door: Opening,
    /// To whom, where it leaves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<PartyId>,
    /// Wet mass it is for, kg; as much as there is when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mass_kg_wet: Option<Mass>,
    /// Why it may pass nevertheless.
    pub reason: Words,
    /// Until when, at most a year.
    pub valid_until: Instant,
}

/// A door that opens by exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Opening {
    /// It is delivered.
    Ship,
    /// It goes out of hand: to a carrier or a toll treater.
    Consign,
    /// It goes into a process that leads to product.
    Product,
    /// It goes into a blend.
    Blend,
}

impl Opening {
    /// The door.
    pub const fn door(self) -> Door {
        match self {
            Opening::Ship => Door::Ship,
            Opening::Consign => Door::Consign,
            Opening::Product => Door::Product,
            Opening::Blend => Door::Blend,
        }
    }
}

impl Command for AllowLot {
    const NAME: &'static str = "lot.allow";
    const ROLES: &'static [Role] = &[Role::QualityManager, Role::Director];
    const SIGNS: Option<Meaning> = Some(Meaning::Approved);
    const EXAMPLE: &'static str = r#"{"lot":"lot-12","door":"ship","party":"party-2","mass_kg_wet":"400",
        "valid_until":"2026-03-31T00:00:00Z",
        "reason":"The customer takes it as off-grade, letter of 12 March"}"#;

    fn acts(&self, db: &mut Db) -> Result<Vec<Act>, StoreError> {
        release_act(db, self.lot)
    }

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        if view_rows::lot(db, self.lot)?.is_none() {
            return Err(GateRefused::NoSuch(self.lot.into()).into());
        }
        if let Some(party) = self.party
            && view_rows::party(db, party)?.is_none()
        {
            return Err(GateRefused::NoSuch(party.into()).into());
        }
        let door = self.door.door();
        if door.leaves() && self.party.is_none() {
            return Err(GateRefused::NoParty.into());
        }
        check_expiry(cx.at, self.valid_until)?;
        let party = self.party.filter(|_| door.leaves());
        let of = passage(db, self.lot, (door, party), Decimal::ZERO)?;
        let problems = match of.door.leaves() {
            true => super::outside(db, self.lot, buyer(&of), cx.at)?,
            false => super::inside(db, self.lot)?,
        };
        let shut = problems.iter().filter(|one| rule(one.standing, of.door, of.receiver) == Rule::Override);
        let answers: Vec<Answered> = shut.map(Answered::from).collect();
        if answers.is_empty() {
            return Err(GateRefused::NoException { lot: self.lot, door: of.door }.into());
        }
        Ok(Facts::one(LotAllowed {
            id: OverrideId::next(cx.numbers),
            lot: self.lot,
            door: of.door,
            party,
            mass_kg_wet: self.mass_kg_wet.map(Mass::decimal),
            reason: self.reason.as_str().to_owned(),
            valid_until: self.valid_until,
            answers,
            knew: since::known(db, self.lot, buyer(&of), cx.at)?,
            person: cx.actor.person().ok_or(GateRefused::NoPerson)?,
            authorisation: cx.authorisations.first().copied().ok_or(GateRefused::NoPerson)?,
        }))
    }
}

/// A lot may pass by exception.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotAllowed {
    /// The exception.
    pub id: OverrideId,
    /// Of which lot.
    pub lot: LotId,
    /// At which door.
    pub door: Door,
    /// To whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<PartyId>,
    /// Wet mass it is for, kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mass_kg_wet: Option<Decimal>,
    /// Why.
    pub reason: String,
    /// Until when, exclusive.
    pub valid_until: Instant,
    /// What it answers for.
    pub answers: Vec<Answered>,
    /// What was known not to conform.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub knew: BTreeSet<Nonconformity>,
    /// Who answers.
    pub person: PersonId,
    /// Under which authorisation.
    pub authorisation: AuthorisationId,
}

impl Fact for LotAllowed {
    const KIND: &'static str = "lot.allowed";

    fn subjects(&self) -> Vec<Ref> {
        let mut all = vec![self.id.into(), self.lot.into()];
        all.extend(self.party.map(Ref::from));
        for on in self.answers.iter().filter_map(|of| of.on) {
            if !all.contains(&on) {
                all.push(on);
            }
        }
        all
    }

    fn edges(&self) -> Vec<Edge> {
        vec![
            Edge::new(self.lot, self.id, EdgeRole::Decision),
            Edge::new(self.person, self.id, EdgeRole::By),
            Edge::new(self.authorisation, self.id, EdgeRole::Authorisation),
        ]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::put_allowance(db, self, applied.at)
    }

    fn samples() -> Vec<Self> {
        let Ok(valid_until) = "2026-03-31T00:00:00Z".parse() else { return Vec::new() };
        let answer = |standing, on| Answered { standing, on };
        let ship = LotAllowed {
            id: OverrideId(48),
            lot: LotId(12),
            door: Door::Ship,
            party: Some(PartyId(2)),
            mass_kg_wet: Some(400.into()),
            reason: "taken as off-grade".into(),
            valid_until,
            answers: vec![
                answer(Standing::Held, Some(HoldId(40).into())),
                answer(Standing::Unreleased, None),
            ],
            knew: BTreeSet::new(),
            person: PersonId(3),
            authorisation: AuthorisationId(4),
        };
        let (analyte, figure) = ("Cd".to_owned(), "0.0007".to_owned());
        let known = Nonconformity { analyte, sample: None, compared: figure.clone(), figure };
        let knowing = LotAllowed { knew: BTreeSet::from([known]), ..ship.clone() };
        vec![knowing, LotAllowed { door: Door::Blend, party: None, mass_kg_wet: None, ..ship.clone() }, ship]
    }
}
