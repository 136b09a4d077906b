//! Sample labels, and QR codes for pages.

use std::collections::BTreeMap;

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use serde::Serialize;

use crate::names::Names;
use crate::typeset::{self, Sheet, TypesetError};

/// One label, 50 × 30 mm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Label {
    /// What a scanner reads: the code itself or an address ending in it.
    pub scan: String,
    /// The code a person reads.
    pub code: String,
    pub name: Names,
    /// A last line: lot, date, storage; may be empty.
    pub note: String,
}

/// A QR code as SVG, error correction M, with the quiet zone of four modules that ISO/IEC 18004 asks for.
pub fn qr_svg(text: &str) -> Result<String, TypesetError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|error| TypesetError::Qr { bytes: text.len(), reason: error.to_string() })?;
    Ok(code.render::<svg::Color<'_>>().quiet_zone(true).min_dimensions(200, 200).build())
}

#[derive(Serialize)]
struct Sticker<'a> {
    #[serde(flatten)]
    label: &'a Label,
    qr: String,
}

/// A sheet of labels on A4, three across and nine down, with cut marks. `at` (RFC 3339) dates the file.
pub fn pdf(labels: &[Label], at: &str) -> Result<Vec<u8>, TypesetError> {
    let stickers = labels
        .iter()
        .map(|label| Ok(Sticker { label, qr: qr_svg(&label.scan)? }))
        .collect::<Result<Vec<_>, TypesetError>>()?;
    let data = serde_json::to_vec(&stickers)
        .map_err(|error| TypesetError::Data { what: "labels", reason: error.to_string() })?;
    typeset::pdf(Sheet {
        what: "labels",
        template: include_str!("label.typ"),
        files: BTreeMap::from([("labels.json", data)]),
        at,
        ident: labels.iter().map(|label| label.code.as_str()).collect::<Vec<_>>().join(" "),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(count: usize) -> Vec<Label> {
        (1..=count)
            .map(|n| Label {
                scan: format!("https://lims.example/s/S-2026-{n:04}"),
                code: format!("S-2026-{n:04}"),
                name: Names::new("Manganese sulphate, final product", "硫酸锰成品"),
                note: "MS-260314-02 · 2026-03-14".into(),
            })
            .collect()
    }

    #[test]
    fn twenty_eight_labels_take_two_pages_and_the_same_bytes_twice() {
        let first = pdf(&labels(28), "2026-03-14T01:02:03Z").unwrap();
        assert_eq!(first, pdf(&labels(28), "2026-03-14T01:02:03Z").unwrap());
        if let Ok(dir) = std::env::var("OREPASS_LOOK") {
            std::fs::write(format!("{dir}/labels.pdf"), first).unwrap();
        }
    }

    #[test]
    fn a_qr_code_keeps_its_quiet_zone_and_refuses_what_does_not_fit() {
        let svg = qr_svg("https://lims.example/v/7K2F").unwrap();
        assert!(svg.contains("viewBox"), "{svg}");
        let error = qr_svg(&"x".repeat(4000)).unwrap_err();
        assert!(matches!(error, TypesetError::Qr { bytes: 4000, .. }));
    }
}
