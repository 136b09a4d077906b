//! What stands on a sample's label, and sheets of labels.

use kernel::{Actor, Instant, Refusal, SampleId};
use publish::label::{Label, pdf};
use serde::Serialize;
use site::{Download, FileOut, Miss, STAFF, Upload, Uploaded, Visit};
use store::{Db, Store, StoreError, params};

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
    Download { path: "/samples/{sample}/label.pdf", readers: STAFF, make: one };
/// `/samples/labels.pdf?samples=sample-8,sample-9`: labels of several samples on A4 sheets.
pub(crate) const SHEETS: Download = Download { path: "/samples/labels.pdf", readers: STAFF, make: several };
/// `/samples/labels`: samples chosen in their list lead to their labels.
pub(crate) const CHOSEN: Upload = Upload { path: "/samples/labels", readers: STAFF, receive: chosen };
/// How many labels are printed at once: ten sheets.
const MOST: usize = 270;

fn one(visit: &mut Visit<'_>) -> Result<FileOut, Miss> {
    let sample: SampleId = visit.id("sample")?;
    sheets(visit, &[sample], format!("{sample}.pdf"))
}

fn several(visit: &mut Visit<'_>) -> Result<FileOut, Miss> {
    let samples = named(visit.asked("samples"))?;
    sheets(visit, &samples, "labels.pdf".to_owned())
}

/// Samples that are named, each once, in their order.
fn named(text: &str) -> Result<Vec<SampleId>, Miss> {
    let mut samples: Vec<SampleId> = Vec::new();
    for part in text.split([',', '\n']).map(str::trim).filter(|part| !part.is_empty()) {
        let sample = part.parse().map_err(|_| Miss::NoSuch(part.to_owned()))?;
        if !samples.contains(&sample) {
            samples.push(sample);
        }
    }
    let wrong = |code: &str| Refusal::new(code, "HOUSE parse at the rim");
    match samples.len() {
        0 => Err(Miss::Unreadable(Box::new(wrong("labels-none")))),
        1..=MOST => Ok(samples),
        count => {
            let refusal = wrong("labels-too-many").with("count", count).with("most", MOST);
            Err(Miss::Unreadable(Box::new(refusal)))
        }
    }
}

fn chosen(_: &Store, _: &Actor, sent: &Uploaded) -> Result<String, Miss> {
    let selected = sent.fields.get("selected").map(String::as_str).unwrap_or_default();
    let samples: Vec<String> = named(selected)?.iter().map(SampleId::to_string).collect();
    Ok(format!("{}?samples={}", SHEETS.path, samples.join(",")))
}

fn sheets(visit: &mut Visit<'_>, samples: &[SampleId], name: String) -> Result<FileOut, Miss> {
    let mut labels = Vec::with_capacity(samples.len());
    for sample in samples {
        let found = label(visit.db, *sample)?.ok_or_else(|| Miss::NoSuch(sample.to_string()))?;
        let name = publish::Names::new(found.name_en, found.name_zh);
        labels.push(Label { scan: found.code.clone(), code: found.code, name, note: found.note });
    }
    let bytes =
        pdf(&labels, &visit.now.to_string()).map_err(|why| StoreError::stored("labels of samples", why))?;
    Ok(FileOut { name, content_type: "application/pdf", bytes, inline: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chosen_samples_lead_to_their_labels_each_once() {
        let ids = |text: &str| named(text).map(|all| all.iter().map(|id| id.number()).collect::<Vec<_>>());
        assert_eq!(ids("sample-8,sample-9\nsample-8").unwrap(), [8, 9]);
        assert!(matches!(ids("sample-8, lot-9"), Err(Miss::NoSuch(what)) if what == "lot-9"));
        assert!(matches!(ids(" "), Err(Miss::Unreadable(why)) if why.code == "labels-none"));
        let many: Vec<String> = (1..=271).map(|n| format!("sample-{n}")).collect();
        assert!(matches!(ids(&many.join(",")), Err(Miss::Unreadable(why)) if why.code == "labels-too-many"));
    }
}
