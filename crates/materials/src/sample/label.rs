//! What stands on a sample's label.

use kernel::{Instant, SampleId};
use serde::Serialize;
use store::{Db, StoreError, params};

store::statements! {
    LABEL = "SELECT s.code, s.name, m.name_en, m.name_zh, l.code, s.taken_at FROM sample s
        LEFT JOIN material m ON m.number = s.material LEFT JOIN lot l ON l.number = s.lot WHERE s.number = ?1";
}

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
