//! What a certificate says was decided on the lot.

use kernel::{DispositionId, Instant};
use publish::certificate::Disposition;
use store::{Db, Stop, StoreError};

use super::issue::Order;
use super::rows;
use super::rules::CertificateRefused;
use crate::hold::rows as holds;
use crate::release::release_lot::LotReleased;
use crate::release::rows as releases;
use crate::specification::{Version, rows as specifications};
use crate::view_rows;

/// The name of the edition that the lot was released by, where that is no longer the customer's: then it
/// stands beside what was decided. Only a revision of what was issued under it is written so.
pub(super) fn edition(
    db: &mut Db,
    order: &Order,
    version: &Version,
    at: Instant,
) -> Result<Option<String>, StoreError> {
    let all = specifications::of_material(db, version.material)?;
    let right = crate::specification::rules::right_ones(&all, Some(order.customer), at);
    Ok((!right.iter().any(|of| of.id == version.id)).then(|| version.label()))
}

/// What the certificate says was decided on the lot, by which edition where that is out of force. A first
/// issue needs a release that nothing holds up.
pub(super) fn disposition(
    db: &mut Db,
    lot: &view_rows::Lot,
    (release, out_of_force): (&LotReleased, Option<String>),
    revision: bool,
) -> Result<Disposition, Stop> {
    use publish::Names as Both;
    let (by_en, by_zh) = match out_of_force {
        Some(label) => (
            format!(
                " Released by {label}, no longer the edition in force; the lot was not judged by another."
            ),
            format!("放行依据为 {label}，该版本已非现行有效版本，本批未按其他版本判定。"),
        ),
        None => Default::default(),
    };
    let parents =
        |db: &mut Db, lot| Ok(view_rows::parents(db, lot)?.into_iter().map(|(lot, _)| lot).collect());
    let mut doubted = holds::open_on(db, lot.id)?;
    for (ancestor, _) in view_rows::closure(db, lot.id, parents)? {
        doubted.extend(holds::open_on(db, ancestor)?);
    }
    if let Some(open) = doubted.first() {
        if !revision {
            return Err(CertificateRefused::Held { lot: lot.id, hold: open.hold.into() }.into());
        }
        // Why is between us; what a customer needs is that it is held, and the hold to ask about.
        let en = format!("The lot is on hold ({}). Do not use it.", open.hold);
        let zh = format!("本批已暂扣（{}），不得使用。", open.hold);
        return Ok(Disposition::Held { statement: Both::new(en, zh) });
    }
    if releases::decided(db, lot.id)?.is_some_and(|decided| !decided.released) {
        let (en, zh) = ("The lot is rejected. Do not use it.", "本批判为不合格，不得使用。");
        return Ok(Disposition::Rejected { statement: Both::new(en, zh) });
    }
    let since = |of: &crate::gate::rows::Contained| of.0.number() > release.disposition.number();
    if let Some((_, _, code, _)) = crate::gate::rows::contained_in(db, lot.id)?.into_iter().find(since) {
        let en = format!("The lot contains rejected material (lot {code}). Do not use it.");
        let zh = format!("本批含有判为不合格的物料（批次 {code}），不得使用。");
        return Ok(Disposition::Held { statement: Both::new(en, zh) });
    }
    let conceded = release.exceptions.iter().find_map(|record| DispositionId::try_from(*record).ok());
    let consent = match conceded {
        Some(id) => rows::consent(db, id)?.map(|words| (id, words)),
        None => None,
    };
    Ok(match consent {
        Some((id, (consent, reason))) => Disposition::Concession {
            statement: Both::new(
                format!(
                    "Released by concession with the customer's consent, for this lot only. {reason}{by_en}"
                ),
                format!("经客户同意让步接收，仅限本批。{reason}{by_zh}"),
            ),
            reference: id.to_string(),
            consent: Both::new(&consent, &consent),
        },
        None => Disposition::Released {
            statement: Both::new(
                format!("Every required item conforms to the specification. The lot is released.{by_en}"),
                format!("所检必检项目均符合规范要求，本批准予放行。{by_zh}"),
            ),
        },
    })
}
