//! Who must be told: of a lot that is in doubt, which customers received how much, under which certificates,
//! how much of what they received came from it, and what of it is still in stock.
//!
//! Material is followed by share: a tenth of a blend that is shipped holds a tenth of everything that went
//! into the blend. Shares are of dry mass, as the moves state them, and are kept to every digit.

pub mod pages;
pub(crate) mod rows;

use std::collections::BTreeMap;

use kernel::{CertificateId, DispositionId, HoldId, Instant, Kind, LotId, Names, PartyId, Ref};
use materials::quantity::{DECIMALS, rounded};
use measure::Decimal;
use serde::{Deserialize, Serialize};
use store::{Db, StoreError};

use crate::certificate::issue::label;
use crate::gate::rows::split_off;
use crate::{hold, release, view_rows};

/// What became of lots that are in doubt.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Recall {
    /// How many lots are concerned, the first included.
    pub lots: usize,
    /// Who received some, or was given a certificate: everybody who must be told.
    pub told: Vec<Told>,
    /// What is left in stock.
    pub left: Vec<Left>,
}

/// Somebody who must be told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// Who.
    pub party: PartyId,
    /// Their code.
    pub code: String,
    /// Their names.
    pub names: Names,
    /// What they are: `customer`.
    pub kind: String,
    /// Wet mass they received, kg.
    pub received_kg_wet: Decimal,
    /// Dry mass they received, kg.
    pub received_kg_dry: Decimal,
    /// Wet mass of that which is of the lot in doubt, kg, by share.
    pub of_it_kg_wet: Option<Decimal>,
    /// Dry mass of that, kg.
    pub of_it_kg_dry: Option<Decimal>,
    /// The certificates they were given.
    pub certificates: Vec<Paper>,
    /// What they received, oldest first; nothing where they only hold a certificate.
    pub deliveries: Vec<Delivery>,
}

/// A certificate somebody holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// Which.
    pub certificate: CertificateId,
    /// Its number and revision.
    pub number: String,
    /// For which lot.
    pub lot: LotId,
    /// When it was issued.
    pub issued_at: Instant,
    /// Whether another took its place.
    pub superseded: bool,
}

/// A lot that left.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// Which.
    pub lot: LotId,
    /// Its code.
    pub code: String,
    /// When it left.
    pub at: Instant,
    /// Its wet mass, kg.
    pub kg_wet: Decimal,
    /// Its dry mass, kg.
    pub kg_dry: Decimal,
    /// The fraction of it that is of the lot in doubt.
    pub share: Option<Decimal>,
    /// That as wet mass, kg.
    pub of_it_kg_wet: Option<Decimal>,
    /// That as dry mass, kg.
    pub of_it_kg_dry: Option<Decimal>,
}

/// A lot that is still there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Left {
    /// Which.
    pub lot: LotId,
    /// Its code.
    pub code: String,
    /// Where it lies.
    pub location: Option<String>,
    /// Its wet mass, kg.
    pub kg_wet: Decimal,
    /// Its dry mass, kg.
    pub kg_dry: Decimal,
    /// The fraction of it that is of the lot in doubt.
    pub share: Option<Decimal>,
    /// That as wet mass, kg.
    pub of_it_kg_wet: Option<Decimal>,
    /// That as dry mass, kg.
    pub of_it_kg_dry: Option<Decimal>,
}

/// What became of a record that is in doubt: of a lot and everything made from it, of the lot a hold was
/// placed on, and, for anything else, of all lots among what rests upon it or was decided and certified upon
/// it. Nothing when no lot is concerned.
///
/// # Errors
/// The database cannot be read.
pub fn recall(db: &mut Db, record: Ref, affected: &[Ref]) -> Result<Option<Recall>, StoreError> {
    let root = match record.kind {
        Kind::Lot => Some(LotId(record.number)),
        Kind::Hold => hold::rows::find(db, HoldId(record.number))?.map(|hold| hold.lot),
        Kind::Disposition => {
            release::list_rows::disposition(db, DispositionId(record.number))?.map(|of| of.lot)
        }
        _ => None,
    };
    if let Some(root) = root {
        let shares = reached(db, root, true)?;
        let all = shares.into_iter().map(|(lot, share)| (lot, Some(share))).collect();
        return gather(db, &all).map(Some);
    }
    let mut lots: BTreeMap<LotId, Option<Decimal>> = BTreeMap::new();
    for of in affected.iter().chain([&record]) {
        let lot = match of.kind {
            Kind::Lot => Some(LotId(of.number)),
            Kind::Disposition => {
                release::list_rows::disposition(db, DispositionId(of.number))?.map(|of| of.lot)
            }
            Kind::Certificate => rows::certified(db, CertificateId(of.number))?,
            _ => None,
        };
        lots.extend(lot.map(|lot| (lot, None)));
    }
    for lot in lots.keys().copied().collect::<Vec<_>>() {
        let made = view_rows::closure(db, lot, view_rows::children)?;
        lots.extend(made.into_iter().map(|(lot, _)| (lot, None)));
    }
    if lots.is_empty() { Ok(None) } else { gather(db, &lots).map(Some) }
}

/// The lots that a lot went into, itself with 1, each with the fraction of it that came from there. A lot is
/// made after its parents and has the greater number, so each is looked at once, when all its parents were.
pub(crate) fn reached(
    db: &mut Db,
    root: LotId,
    through_rework: bool,
) -> Result<BTreeMap<LotId, Decimal>, StoreError> {
    let mut shares = BTreeMap::from([(root, Decimal::ONE)]);
    let mut at = Some(root);
    while let Some(lot) = at {
        let share = shares.get(&lot).copied().unwrap_or_default();
        for (into, part, kind) in rows::flows_from(db, lot)? {
            if into > lot && (through_rework || kind != "rework") {
                *shares.entry(into).or_default() += share * part;
            }
        }
        at = shares
            .range((std::ops::Bound::Excluded(lot), std::ops::Bound::Unbounded))
            .next()
            .map(|(lot, _)| *lot);
    }
    Ok(shares)
}

fn gather(db: &mut Db, lots: &BTreeMap<LotId, Option<Decimal>>) -> Result<Recall, StoreError> {
    let mut told: BTreeMap<PartyId, Told> = BTreeMap::new();
    let mut left = Vec::new();
    for (lot, share) in lots {
        let Some(of) = rows::lot(db, *lot)? else { continue };
        let part = |kg: Decimal| share.map(|share| to_mg(kg * share));
        let (kg_wet, kg_dry) = (of.kg_wet, of.kg_dry);
        let (of_it_kg_wet, of_it_kg_dry) = (part(kg_wet), part(kg_dry));
        if of.in_stock {
            let (lot, share, code, location) = (*lot, *share, of.code.clone(), of.location.clone());
            left.push(Left { lot, code, location, kg_wet, kg_dry, share, of_it_kg_wet, of_it_kg_dry });
        }
        for paper in rows::papers(db, *lot)? {
            let holder = holder(db, &mut told, paper.0)?;
            add(holder, paper.1);
        }
        let Some((party, at)) = of.shipped else { continue };
        let delivery = Delivery {
            lot: *lot,
            code: of.code,
            at,
            kg_wet,
            kg_dry,
            share: *share,
            of_it_kg_wet,
            of_it_kg_dry,
        };
        let papers = papers_of_whole(db, *lot, party)?;
        let holder = holder(db, &mut told, party)?;
        papers.into_iter().for_each(|paper| add(holder, paper));
        receive(holder, delivery);
    }
    let mut told: Vec<Told> = told.into_values().collect();
    told.sort_by(|a, b| b.received_kg_dry.cmp(&a.received_kg_dry).then(a.code.cmp(&b.code)));
    Ok(Recall { lots: lots.len(), told, left })
}

/// A milligram is what moves are kept to.
fn to_mg(kg: Decimal) -> Decimal {
    rounded(kg, DECIMALS).normalize()
}

fn add(holder: &mut Told, paper: Paper) {
    if !holder.certificates.contains(&paper) {
        holder.certificates.push(paper);
    }
}

fn receive(holder: &mut Told, delivery: Delivery) {
    let more = |sum: &mut Option<Decimal>, kg: Option<Decimal>| {
        *sum = kg.map(|kg| sum.unwrap_or_default() + kg).or(*sum);
    };
    holder.received_kg_wet += delivery.kg_wet;
    holder.received_kg_dry += delivery.kg_dry;
    more(&mut holder.of_it_kg_wet, delivery.of_it_kg_wet);
    more(&mut holder.of_it_kg_dry, delivery.of_it_kg_dry);
    holder.deliveries.push(delivery);
}

fn holder<'a>(
    db: &mut Db,
    told: &'a mut BTreeMap<PartyId, Told>,
    party: PartyId,
) -> Result<&'a mut Told, StoreError> {
    use std::collections::btree_map::Entry;
    match told.entry(party) {
        Entry::Occupied(known) => Ok(known.into_mut()),
        Entry::Vacant(place) => {
            let (code, names, kind) = rows::party(db, party)?;
            let (received_kg_wet, received_kg_dry) = (Decimal::ZERO, Decimal::ZERO);
            Ok(place.insert(Told {
                party,
                code,
                names,
                kind,
                received_kg_wet,
                received_kg_dry,
                of_it_kg_wet: None,
                of_it_kg_dry: None,
                certificates: Vec::new(),
                deliveries: Vec::new(),
            }))
        }
    }
}

/// The certificates that went to a party for the lots a shipped one was split off.
fn papers_of_whole(db: &mut Db, lot: LotId, party: PartyId) -> Result<Vec<Paper>, StoreError> {
    let mut found = Vec::new();
    let mut piece = lot;
    while let Some((whole, _)) = split_off(db, piece)? {
        let own = rows::papers(db, whole)?;
        found.extend(own.into_iter().filter(|(to, _)| *to == party).map(|(_, paper)| paper));
        piece = whole;
    }
    Ok(found)
}

/// A certificate's number as it is printed.
fn number(code: &str, revision: u32) -> String {
    label(code, revision)
}
