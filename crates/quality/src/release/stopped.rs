//! On the page of a released lot: what stops it at the door. It is what the door itself asks.

use kernel::{Kind, LotId, Ref};
use site::{Miss, Visit};
use ui::{Link, Markup, Words, html};

use super::Assessment;
use crate::gate::rows::Release;
use crate::gate::{self, Problem};

/// What speaks against its leaving, for the customer in question; nothing of a lot that is not released, of
/// which the checks say it all.
pub(super) fn gather(
    visit: &mut Visit<'_>,
    found: &Assessment,
    release: Option<Release>,
) -> Result<Vec<Problem>, Miss> {
    let Some(release) = release else { return Ok(Vec::new()) };
    let customer = found.case.customer.or(release.customer);
    let mut all = gate::outside(visit.db, found.case.lot.id, customer, visit.now)?;
    for one in &mut all {
        one.what = visit.said(&one.what)?;
    }
    Ok(all)
}

/// The items of which a released lot's results come to something else today than was decided upon.
pub(super) fn otherwise(
    visit: &mut Visit<'_>,
    lot: LotId,
    release: Option<Release>,
) -> Result<Vec<String>, Miss> {
    let then = match release {
        Some(of) => crate::certificate::release_of(visit.db, of.disposition)?,
        None => None,
    };
    Ok(match then {
        Some(then) => gate::told_otherwise(visit.db, &then, lot)?,
        None => Vec::new(),
    })
}

/// What stops a released lot, each with the way to what would mend it.
pub(super) fn listed(words: &Words, all: &[Problem]) -> Markup {
    html! {
        ul {
            @for of in all {
                @let said = words.t(&format!("gate-standing-{}", of.standing.word()));
                li {
                    (words.pair(&said, &of.what))
                    @if let Some(mend) = &of.mend {
                        " " (remedy(words, &mend.command, mend.on))
                    }
                }
            }
        }
    }
}

/// The way to what would mend something.
pub(super) fn remedy(words: &Words, command: &str, on: Option<Ref>) -> Link {
    let href = match on {
        Some(lot) if command == "result.release" && lot.kind == Kind::Lot => {
            format!("/laboratory/results?lot={lot}")
        }
        Some(result) if command == "result.release" => format!("/laboratory/results/{result}"),
        Some(on) => format!("/do/{command}?{}={on}", on.kind.word().replace('-', "_")),
        None => format!("/do/{command}"),
    };
    Link::new(words.t(&site::word("remedy", command)), href)
}
