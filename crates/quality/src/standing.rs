//! How lots, holds and certificates stand, and what is to be done with them next, for the head of their
//! pages.

use kernel::{CertificateId, HoldId, Kind, LotId, Ref};
use site::Visit;
use store::StoreError;
use ui::kit::record::Action;
use ui::{Badge, Link, State};

use crate::certificate::pages::badge as certificate_badge;
use crate::certificate::rows as certificates;
use crate::gate;
use crate::hold::pages::badge as hold_badge;
use crate::hold::rows as holds;
use crate::release::rows as releases;
use crate::show::decision;
use crate::view_rows;

/// Held before released or rejected: a hold counts whatever was decided.
pub(crate) fn standing(visit: &mut Visit<'_>, record: Ref) -> Result<Vec<Badge>, StoreError> {
    let number = record.number;
    let words = visit.words;
    let mut badges = Vec::new();
    match record.kind {
        Kind::Lot => {
            if !holds::open_on(visit.db, LotId(number))?.is_empty() {
                badges.push(Badge::new(State::Held, words.t("state-lot-held")));
            }
            match releases::decided(visit.db, LotId(number))? {
                Some(of) => badges.push(decision(words, if of.released { "released" } else { "rejected" })),
                None if gate::released_as(visit.db, LotId(number))?.is_some() => {
                    badges.push(Badge::new(State::Pass, words.t("state-lot-released-with")));
                }
                None => {}
            }
            if gate::rows::allowed_until(visit.db, LotId(number), visit.now)?.is_some() {
                badges.push(Badge::new(State::Warning, words.t("state-lot-allowed")));
            }
        }
        Kind::Hold => {
            let lifted = holds::find(visit.db, HoldId(number))?.map(|hold| hold.lifted);
            badges.extend(lifted.map(|lifted| hold_badge(words, !lifted)));
        }
        Kind::Certificate => {
            if let Some(of) = certificates::find(visit.db, CertificateId(number))? {
                let stands = crate::certificate::standing::of(visit.db, &of)?;
                badges.push(certificate_badge(words, stands.word(), of.pdf_sha256.is_some()));
            }
        }
        _ => {}
    }
    Ok(badges)
}

/// A held lot has its hold looked at (lifting it is the override, and who may not is told who can), an
/// undecided one is decided on, a released one gets its certificate.
pub(crate) fn next(visit: &mut Visit<'_>, record: Ref) -> Result<Option<Action>, StoreError> {
    if record.kind != Kind::Lot {
        return Ok(None);
    }
    let lot = LotId(record.number);
    if let Some(open) = holds::open_on(visit.db, lot)?.first() {
        let href = format!("/quality/holds/{}", open.hold);
        if !visit.may("hold.lift") {
            return authority::offer(visit, "hold.lift", href).map(Some);
        }
        return Ok(Some(Action::Open(Link::new(visit.words.t("next-look-at-hold"), href))));
    }
    let in_stock = view_rows::lot(visit.db, lot)?.is_some_and(|lot| lot.state == "in-stock");
    let decided = match releases::decided(visit.db, lot)? {
        Some(of) => Some(of.released),
        None => gate::released_as(visit.db, lot)?.map(|_| true),
    };
    match decided {
        None if !in_stock => Ok(None),
        None => authority::offer(visit, "lot.release", format!("/quality/release/{lot}")).map(Some),
        Some(true) if certificates::of_lot(visit.db, lot)?.is_empty() => {
            authority::offer(visit, "certificate.issue", format!("/do/certificate.issue?lot={lot}")).map(Some)
        }
        Some(_) => Ok(None),
    }
}
