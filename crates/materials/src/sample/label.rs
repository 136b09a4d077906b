//! What stands on a sample's label.

use kernel::{Instant, SampleId};
use publish::label::{Label, pdf};
use serde::Serialize;
use site::{Download, FileOut, Miss, STAFF, Visit};
use store::{Db, StoreError, params};

use super::rows::LABEL;

/// A label's content, for the publisher of labels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SampleLabel {
    /// Whose label.
    pub sample: SampleId,
    /// What a person and a scanner read.
    pub code: String,
    /// What it is a sample of, in English; the sender's name for it where that is unknown.
    pub name_en: String,
    /// The same in Chinese.
    pub name_zh: String,
    /// Lot and day.
    pub note: String,
}

/// The label of a sample, if there is one.
pub fn label(db: &mut Db, sample: SampleId) -> Result<Option<SampleLabel>, StoreError> {
    db.maybe(LABEL, params![sample.number()], |row| {
        let name = row.opt_text(1)?.unwrap_or_default();
        let taken: Instant = row.parse(5)?;
        let day: String = taken.to_string().chars().take(10).collect();
        let lot = row.opt_text(4)?;
        Ok(SampleLabel {
            sample,
            code: row.text(0)?,
            name_en: row.opt_text(2)?.unwrap_or_else(|| name.clone()),
            name_zh: row.opt_text(3)?.unwrap_or(name),
            note: lot.into_iter().chain([day]).collect::<Vec<_>>().join(" · "),
        })
    })
}

/// `/samples/{sample}/label.pdf`: a sheet with the label, to be printed.
pub(crate) const DOWNLOAD: Download =
    Download { path: "/samples/{sample}/label.pdf", readers: STAFF, make: sheet };

fn sheet(visit: &mut Visit<'_>) -> Result<FileOut, Miss> {
    let sample: SampleId = visit.id("sample")?;
    let found = label(visit.db, sample)?.ok_or_else(|| Miss::NoSuch(sample.to_string()))?;
    let name = publish::Names::new(found.name_en, found.name_zh);
    let printed = Label { scan: found.code.clone(), code: found.code.clone(), name, note: found.note };
    let bytes = pdf(&[printed], &visit.now.to_string())
        .map_err(|why| StoreError::stored(format!("the label of {sample}"), why))?;
    Ok(FileOut { name: format!("{sample}.pdf"), content_type: "application/pdf", bytes, inline: true })
}
