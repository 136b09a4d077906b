//! The printed sheet of a worksheet, to lay the rack out by.

use kernel::WorksheetId;
use publish::rack::{RackPosition, RackSheet, pdf};
use site::{Download, FileOut, Miss, STAFF, Visit};
use store::StoreError;
use ui::{Lang, Words};

use super::PlaceKind;
use super::rows::{self, RackPlace};
use crate::page::{self, choice};
use crate::{instrument, method, reference, result};

/// `/laboratory/worksheets/{worksheet}/sheet.pdf`.
pub(crate) const DOWNLOAD: Download =
    Download { path: "/laboratory/worksheets/{worksheet}/sheet.pdf", readers: STAFF, make: sheet };

fn sheet(visit: &mut Visit<'_>) -> Result<FileOut, Miss> {
    let id: WorksheetId = visit.id("worksheet")?;
    let sheet = rows::by_id(visit.db, id)?.ok_or_else(|| Miss::NoSuch(id.to_string()))?;
    let version = method::rows::by_id(visit.db, sheet.version)?;
    let version = version.ok_or_else(|| StoreError::Missing(sheet.version.to_string()))?;
    let instrument = match sheet.instrument {
        Some(id) => instrument::rows::code(visit.db, id)?.unwrap_or_default(),
        None => String::new(),
    };
    let mut places = Vec::new();
    for place in rows::places(visit.db, id)? {
        let note = note(visit, &place)?;
        places.push(RackPosition {
            position: place.position,
            kind: kind(visit.words, place.kind),
            control: place.kind != PlaceKind::Sample,
            code: place.code.unwrap_or_default(),
            note,
        });
    }
    let printed = RackSheet {
        method: format!("{} {}", sheet.method_code, sheet.edition),
        instrument,
        opened_on: crate::times::day_in(sheet.opened_at, visit.words.zone()).to_string(),
        opened_by: page::person(visit, sheet.opened_by)?.map(|named| named.label).unwrap_or_default(),
        analytes: version.analytes.into_keys().collect(),
        places,
        code: sheet.code,
    };
    let bytes = pdf(&printed, &visit.now.to_string())
        .map_err(|why| StoreError::stored(format!("the sheet of {id}"), why))?;
    let name = format!("{}.pdf", printed.code);
    Ok(FileOut { name, content_type: "application/pdf", bytes, inline: true })
}

/// What stands at a position, in both languages.
fn kind(words: &Words, kind: PlaceKind) -> publish::Names {
    let say = |lang| choice(&words.in_lang(lang), "place", kind.word());
    publish::Names::new(say(Lang::En), say(Lang::Zh))
}

/// The lot of a sample, or until when a reference material is good.
fn note(visit: &mut Visit<'_>, place: &RackPlace) -> Result<String, Miss> {
    if let Some(lot) = place.reference_lot {
        let lot = reference::rows::lot_by_id(visit.db, lot)?;
        return Ok(lot.map(|lot| format!("→ {}", lot.expires)).unwrap_or_default());
    }
    let sample = match place.sample {
        Some(sample) => result::rows::sample_by_id(visit.db, sample)?,
        None => None,
    };
    let lot = page::name_opt(visit, sample.and_then(|sample| sample.lot))?;
    Ok(lot.map(|lot| lot.label).unwrap_or_default())
}
