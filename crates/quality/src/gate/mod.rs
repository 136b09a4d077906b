//! The gate: what a lot may do next, at every door, by how it stands.
//!
//! One table ([`rules::rule`]) says for each standing of a lot, each door and each kind of party whether the
//! door is open, opens by an exception that a second person answers for, or is closed. Shipping, consigning,
//! certifying, blending and processing ask it; moves of material are facts of `materials`, which [`guard`]
//! stops before they are recorded (ISO 9001:2015 8.6, 8.7.1).
//!
//! A lot stands as it was decided, and as what it was made of: a hold reaches everything made from a lot, a
//! rejection everything split off it ([`crate::release::inherit`]), and whatever contains rejected material
//! says so until somebody answers for it or it is reworked. Lots split off a released lot are released with
//! it. A release whose results no longer stand is none.

pub mod allow;
pub mod count;
pub(crate) mod guard;
mod owes;
pub(crate) mod rows;
pub mod rules;

use std::collections::BTreeSet;

use kernel::{DispositionId, Instant, Kind, LotId, PartyId, Ref};
use materials::party::register::PartyKind;
use store::{Db, Stop, StoreError};

use crate::certificate::ground_rows;
use crate::certificate::rules::CertificateRefused;
use crate::hold::rows as holds;
use crate::release::release_lot::LotReleased;
use crate::release::{case, since};
use crate::specification::rows as specifications;
use crate::specification::rules::{ever_in_force, right_ones};
use crate::view_rows;
pub use rules::{Door, GateRefused, Mend, Problem, Receiver, Rule, Standing, rule};

/// What a party is to a lot that goes there. A supplier is one to whom the lot is returned only while it is
/// the lot as it was received from them; whatever was made here is sold to them.
pub fn receiver(db: &mut Db, lot: LotId, party: PartyId) -> Result<Option<Receiver>, StoreError> {
    let Some(kind) = rows::party_kind(db, party)? else { return Ok(None) };
    Ok(Some(match PartyKind::from_word(&kind) {
        Some(PartyKind::Carrier) => Receiver::Carrier,
        Some(PartyKind::Treater) => Receiver::Treater,
        Some(PartyKind::Laboratory) => Receiver::Laboratory,
        Some(PartyKind::Supplier) if returned(db, lot, party)? => Receiver::Source,
        _ => Receiver::Customer,
    }))
}

/// Whether a party carries what belongs to others.
pub(crate) fn is_carrier(db: &mut Db, party: PartyId) -> Result<bool, StoreError> {
    let kind = rows::party_kind(db, party)?;
    Ok(kind.is_some_and(|kind| PartyKind::from_word(&kind) == Some(PartyKind::Carrier)))
}

/// Whether the lot is still what came in, and is known to have come from this party.
fn returned(db: &mut Db, lot: LotId, party: PartyId) -> Result<bool, StoreError> {
    let mut whole = lot;
    while let Some((from, _)) = rows::split_off(db, whole)? {
        whole = from;
    }
    let came = rows::received_from(db, whole)?;
    Ok(came.flatten() == Some(party))
}

/// How a lot stands inside the house: held, rejected; nothing else stops material there.
pub fn inside(db: &mut Db, lot: LotId) -> Result<Vec<Problem>, StoreError> {
    let mut found = rows::rejections_on(db, lot)?;
    let held = |open: holds::Open| Problem::new(Standing::Held, Some(open.hold.into()), open.why());
    found.extend(holds::open_on(db, lot)?.into_iter().map(held));
    Ok(found)
}

/// Everything that speaks against a lot's leaving, for a customer where there is one; the gravest first.
/// Empty when nothing does: it is released, or nothing asks for a release.
pub fn outside(
    db: &mut Db,
    lot: LotId,
    customer: Option<PartyId>,
    at: Instant,
) -> Result<Vec<Problem>, StoreError> {
    let mut found = inside(db, lot)?;
    let Some(of) = view_rows::lot(db, lot)? else { return Ok(found) };
    let release = released_as(db, lot)?;
    if !found.iter().any(|problem| problem.standing == Standing::Rejected) {
        let answered = release.as_ref().map_or(0, |release| release.disposition.number());
        let open = rows::contained(db, lot)?;
        found.extend(open.into_iter().filter(|of| of.on.is_some_and(|on| on.number > answered)));
    }
    let all = specifications::of_material(db, of.material)?;
    let right = right_ones(&all, customer, at);
    match release {
        None => {
            let mut named = right.iter().map(|version| version.label()).collect::<Vec<_>>().join(", ");
            if named.is_empty() {
                named = of.material_code.clone();
            }
            if ever_in_force(&all, at) {
                found.push(Problem::new(
                    Standing::Unreleased,
                    right.first().map(|version| version.id.into()),
                    named,
                ));
            } else if let Some(source) = owes::a_release(db, lot, at)? {
                found.push(Problem::new(Standing::Unreleased, Some(source.into()), source.to_string()));
            }
        }
        Some(release) => {
            found.extend(fallen(db, lot, release.disposition, at)?);
            // A carrier takes it to whomever it was released for; that release is by their own edition.
            let meant = release.customer.is_none() || customer.is_none() || release.customer == customer;
            let theirs = right_ones(&all, customer.or(release.customer), at);
            let current = theirs.is_empty() || theirs.iter().any(|version| version.id == release.version);
            if !(meant && current) {
                let on = release.disposition;
                found.push(Problem::new(Standing::Elsewhere, Some(on.into()), on.to_string()));
            }
        }
    }
    found.sort_by_key(|problem| problem.standing);
    Ok(found)
}

/// What takes the ground from under a release of a lot, or of that it was split off: a check of it does not
/// hold any more, what it was decided on no longer stands, what is known of the lot now does not conform, or
/// a certificate of the lot that was issued upon it was taken back.
fn fallen(db: &mut Db, lot: LotId, release: DispositionId, at: Instant) -> Result<Vec<Problem>, StoreError> {
    let withdrawn = |on: Ref, what: String| Problem::new(Standing::Withdrawn, Some(on), what);
    let Some(then) = crate::certificate::release_of(db, release)? else { return Ok(Vec::new()) };
    let mut found = unkept(db, &then, at)?;
    if found.is_empty()
        && let Some((lot, what)) = case::no_longer_conforms(db, release, at)?
    {
        found.push(withdrawn(lot.into(), what));
    }
    if let Some(what) = case::part_reads_otherwise(db, release, lot)? {
        found.push(withdrawn(lot.into(), what));
    }
    let gone = ground_rows::release_fell(db, release)?;
    found.extend(gone.into_iter().map(|of| withdrawn(of.record, of.record.to_string())));
    // Of another piece of the same lot it says nothing here.
    let wholes = view_rows::closure(db, lot, |db, lot| {
        Ok(rows::split_off(db, lot)?.map(|(whole, _)| whole).into_iter().collect())
    })?;
    let of_it = |of: LotId| of == lot || wholes.iter().any(|(whole, _)| *whole == of);
    let taken_back = ground_rows::taken_back(db, release)?.into_iter().filter(|(_, of)| of_it(*of));
    found.extend(taken_back.map(|(of, _)| withdrawn(of.into(), of.to_string())));
    let mut seen = BTreeSet::new();
    found.retain(|of| seen.insert(of.on));
    Ok(found)
}

/// The checks of a release that do not hold any more, and what would mend each; but for what somebody found
/// sound who confirmed a certificate issued upon it.
pub(crate) fn unkept(db: &mut Db, then: &LotReleased, at: Instant) -> Result<Vec<Problem>, StoreError> {
    let failing = since::failing(db, then, at)?;
    if failing.is_empty() {
        return Ok(Vec::new());
    }
    let sound = ground_rows::found_sound(db, then)?;
    let mut found = Vec::new();
    for check in failing {
        let what = check.args.get("what").cloned().unwrap_or_default();
        let mend = check.remedy.clone().map(|command| Box::new(Mend { command, on: check.on }));
        let records: BTreeSet<Ref> = check.evidence.iter().copied().collect();
        let open = records.into_iter().filter(|of| !sound.contains(of));
        let problem = |on| Problem::new(Standing::Withdrawn, Some(on), what.clone());
        found.extend(open.map(|on| Problem { mend: mend.clone(), ..problem(on) }));
    }
    Ok(found)
}

/// The items of which a lot's results come to something else today than it was released upon: what was
/// decided is not what a paper may say now.
pub(crate) fn told_otherwise(db: &mut Db, then: &LotReleased, lot: LotId) -> Result<Vec<String>, StoreError> {
    let mut before = None;
    let mut piece = lot;
    while piece != then.lot {
        let Some((whole, by)) = rows::split_off(db, piece)? else { break };
        (before, piece) = (Some(by), whole);
    }
    since::told_otherwise(db, then, before)
}

/// The release a lot goes upon: its own, or that of the lot it was split off after that was released.
pub fn released_as(db: &mut Db, lot: LotId) -> Result<Option<rows::Release>, StoreError> {
    released_before(db, lot, None)
}

/// The same before a move that took from the lot.
fn released_before(
    db: &mut Db,
    lot: LotId,
    before: Option<kernel::MoveId>,
) -> Result<Option<rows::Release>, StoreError> {
    if let Some(own) = rows::release_before(db, lot, before)? {
        return Ok(Some(own));
    }
    let mut piece = lot;
    while let Some((whole, by)) = rows::split_off(db, piece)? {
        if let Some(found) = rows::release_before(db, whole, Some(by))? {
            return Ok(Some(found));
        }
        piece = whole;
    }
    Ok(None)
}

/// Whether a lot may be certified to a customer: the same table, in the words of certificates.
///
/// # Errors
/// The gravest reason why not.
pub fn may_certify(db: &mut Db, lot: LotId, customer: PartyId, at: Instant) -> Result<(), Stop> {
    let problems = outside(db, lot, Some(customer), at)?;
    // Which ground of the release fell the certificate itself says, more nearly.
    let withdrawn = |of: &Problem| of.on.filter(|_| of.standing == Standing::Withdrawn).map(|on| on.kind);
    let ground = |kind: Kind| !matches!(kind, Kind::Certificate | Kind::Lot | Kind::Disposition);
    let release = released_as(db, lot)?;
    let fell = match &release {
        Some(of) => !ground_rows::release_fell(db, of.disposition)?.is_empty(),
        None => false,
    };
    let own = |of: &Problem| fell && withdrawn(of).is_some_and(|kind| ground(kind) || kind == Kind::Lot);
    let shut =
        |of: &&Problem| !own(of) && rule(of.standing, Door::Certificate, Receiver::Customer) != Rule::Open;
    let Some(problem) = problems.into_iter().find(|of| shut(&of)) else {
        // Without a specification nothing is released, and there is nothing a certificate could state.
        return match release {
            Some(_) => Ok(()),
            None => Err(CertificateRefused::NotReleased(lot).into()),
        };
    };
    Err(match (problem.standing, problem.on) {
        (Standing::Held, Some(hold)) => CertificateRefused::Held { lot, hold }.into(),
        (Standing::Elsewhere, _) => CertificateRefused::OtherCustomer { lot, customer }.into(),
        (Standing::Rejected | Standing::Contains | Standing::Withdrawn, _) => {
            let code = view_rows::lot(db, lot)?.map(|lot| lot.code).unwrap_or_default();
            GateRefused::Stopped(rules::Stopped { lot, code, door: Door::Certificate, problem }).into()
        }
        _ => CertificateRefused::NotReleased(lot).into(),
    })
}

/// Whether the release a lot has still stands upon what it was decided on; a lot whose release does not may
/// be released again.
pub fn stands(db: &mut Db, lot: LotId, at: Instant) -> Result<bool, StoreError> {
    let Some(release) = released_as(db, lot)? else { return Ok(false) };
    let since = |of: &Problem| of.on.is_some_and(|on| on.number > release.disposition.number());
    let told = match crate::certificate::release_of(db, release.disposition)? {
        Some(then) => told_otherwise(db, &then, lot)?,
        None => Vec::new(),
    };
    let stands = told.is_empty() && fallen(db, lot, release.disposition, at)?.is_empty();
    Ok(stands && !rows::contained(db, lot)?.iter().any(since))
}
