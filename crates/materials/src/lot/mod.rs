//! The story of a lot.
//!
//! A lot is a quantity of one material that is kept apart and has a history of its own. It is made by a move:
//! received from outside, split from another lot, blended of several, or made by a process. From then on it
//! only gives: to samples, to other lots, to a customer. Nothing is ever added to a lot, because its
//! composition would change under the results it already has; what is added to makes a new lot ([`blend`]).
//! So the shares of its parents are fixed when it is made and sum to one. What was rejected or is held and
//! goes through a process again makes lots of their own, by a move of its own ([`rework`]).
//!
//! A move is a few postings whose books close ([`balance::Books`]), in wet mass and in dry mass. What a lot
//! weighs is the sum of its postings and nothing else; the row keeps that sum, written with each posting and
//! checked by tests and by `ledger verify`. A lot that is empty is consumed, lost, or shipped.
//!
//! One file for each kind of move: [`receive`], [`split`], [`blend`], [`process`], [`rework`], [`ship`],
//! [`adjust`], [`lose`]; taking a sample is [`crate::sample::take`]. A lot that is only carried elsewhere
//! keeps its masses: [`relocate`].

pub mod adjust;
pub mod balance;
pub mod blend;
pub mod family;
mod forms;
pub(crate) mod listing;
pub mod lose;
pub mod move_page;
pub mod page;
pub mod process;
pub mod receive;
pub mod relocate;
pub mod rework;
pub(crate) mod rows;
pub mod rules;
pub mod ship;
pub(crate) mod shown_rows;
pub mod split;

use kernel::{Code, Day, LotId, MaterialId, PartyId};
use measure::Decimal;
use serde::{Deserialize, Serialize};

use crate::custody::Custody;
use crate::quantity::{Count, Mass, Masses, Moisture, Weighed};
use balance::MadeLot;
use rules::{Lot, LotRefused};

/// A part of a lot that goes into a move.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Portion {
    /// The lot.
    pub lot: LotId,
    /// Wet mass taken from it, kg; all of it when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mass_kg_wet: Option<Mass>,
}

/// A lot that a move makes. Two of wet mass, moisture and dry mass give the third; three are checked; where
/// only the wet mass is given, the moisture is that of what went in.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLot {
    /// What people will call it.
    pub code: Code,
    /// What it is a lot of; that of what went in when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub material: Option<MaterialId>,
    /// Wet mass, kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mass_kg_wet: Option<Mass>,
    /// Moisture, % of the wet mass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moisture_percent: Option<Moisture>,
    /// Dry mass, kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mass_kg_dry: Option<Mass>,
    /// The production day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub produced_on: Option<Day>,
    /// How many packages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packages: Option<Count>,
    /// Mass with packaging, kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mass_kg_gross: Option<Mass>,
    /// Where it lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Code>,
}

impl NewLot {
    fn weighed(&self) -> Weighed {
        Weighed { wet: self.mass_kg_wet, moisture: self.moisture_percent, dry: self.mass_kg_dry }
    }

    /// The lot as it is made, once its masses are known.
    fn made(
        &self,
        lot: LotId,
        masses: Masses,
        moisture_percent: Decimal,
        from: &Origin,
    ) -> Result<MadeLot, LotRefused> {
        if masses.kg_wet.is_zero() {
            return Err(LotRefused::NothingMoved);
        }
        let mass_kg_gross = self.mass_kg_gross.map(Mass::decimal);
        if let Some(gross) = mass_kg_gross.filter(|gross| *gross < masses.kg_wet) {
            return Err(LotRefused::Gross { gross, net: masses.kg_wet });
        }
        Ok(MadeLot {
            lot,
            code: self.code.clone(),
            material: self.material.or(from.material).ok_or(LotRefused::Materials)?,
            masses,
            moisture_percent,
            custody: from.custody,
            origin_party: from.origin_party,
            produced_on: self.produced_on,
            packages: self.packages.map(Count::number),
            mass_kg_gross,
            location: self.location.clone(),
        })
    }
}

/// What a made lot has from the lots that went into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Origin {
    /// Their material, when they have the same.
    material: Option<MaterialId>,
    /// Their one source, when they have the same.
    origin_party: Option<PartyId>,
    /// The custody model that is left.
    custody: Custody,
}

impl Origin {
    /// Of several lots, with the custody model claimed for what is made of them.
    fn of(lots: &[Lot], claimed: Option<Custody>) -> Result<Self, LotRefused> {
        let first = lots.first().ok_or(LotRefused::NothingMoved)?;
        let same = |same: fn(&Lot, &Lot) -> bool| lots.iter().all(|lot| same(lot, first));
        let origin_party = first.origin_party.filter(|_| same(|a, b| a.origin_party == b.origin_party));
        let models: Vec<Custody> = lots.iter().map(|lot| lot.custody).collect();
        let custody = Custody::mixed(&models, origin_party.is_some(), claimed)?;
        let material = same(|a, b| a.material == b.material).then_some(first.material);
        Ok(Origin { material, origin_party, custody })
    }
}

/// Refuses what is named twice.
pub(crate) fn each_once<T: PartialEq + ToString>(names: &[T]) -> Result<(), LotRefused> {
    match names.iter().enumerate().find(|(at, name)| names[..*at].contains(name)) {
        Some((_, name)) => Err(LotRefused::Twice(name.to_string())),
        None => Ok(()),
    }
}

/// The reason an act must have.
pub(crate) fn required(reason: Option<&str>) -> Result<&str, LotRefused> {
    reason.map(str::trim).filter(|reason| !reason.is_empty()).ok_or(LotRefused::NoReason)
}

/// Roles that move lots.
pub(crate) const MOVERS: &[kernel::Role] =
    &[kernel::Role::ShiftSupervisor, kernel::Role::Metallurgist, kernel::Role::Receiver];
