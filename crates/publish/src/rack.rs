//! The sheet of a worksheet: the rack to lay out by, with a code to scan at every position and room to write.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::label::qr_svg;
use crate::names::Names;
use crate::typeset::{self, Sheet, TypesetError};

/// A worksheet to be printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RackSheet {
    /// What people call the worksheet; also what its own code scans as.
    pub code: String,
    /// Code and edition of the method.
    pub method: String,
    /// Code of the instrument; may be empty.
    pub instrument: String,
    /// The day it was opened, ISO 8601.
    pub opened_on: String,
    /// Who opened it; may be empty.
    pub opened_by: String,
    /// The analytes, as the method names them.
    pub analytes: Vec<String>,
    /// The rack, in order.
    pub places: Vec<RackPosition>,
}

/// A position of the rack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RackPosition {
    /// Its number, from 1.
    pub position: u32,
    /// What stands there: sample, blank, reference material, duplicate; in both languages.
    pub kind: Names,
    /// Whether it is a control rather than a sample.
    pub control: bool,
    /// Code of the sample or reference material; empty for a blank.
    pub code: String,
    /// The lot it was taken from, the day a reference material expires; may be empty.
    pub note: String,
}

#[derive(Serialize)]
struct Printed<'a> {
    #[serde(flatten)]
    sheet: &'a RackSheet,
    qr: String,
    codes: BTreeMap<&'a str, String>,
}

/// The sheet on A4. `at` (RFC 3339) dates the file.
pub fn pdf(sheet: &RackSheet, at: &str) -> Result<Vec<u8>, TypesetError> {
    let named = sheet.places.iter().map(|place| place.code.as_str()).filter(|code| !code.is_empty());
    let codes = named.map(|code| Ok((code, qr_svg(code)?))).collect::<Result<_, TypesetError>>()?;
    let printed = Printed { sheet, qr: qr_svg(&sheet.code)?, codes };
    let data = serde_json::to_vec(&printed)
        .map_err(|error| TypesetError::Data { what: "a worksheet", reason: error.to_string() })?;
    typeset::pdf(Sheet {
        what: "a worksheet",
        template: include_str!("rack.typ"),
        files: BTreeMap::from([("rack.json", data)]),
        at,
        ident: sheet.code.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(samples: u32) -> RackSheet {
        let place = |position, kind: (&str, &str), control, code: &str| RackPosition {
            position,
            kind: Names::new(kind.0, kind.1),
            control,
            code: code.to_owned(),
            note: if control { String::new() } else { "MS-260314-02".to_owned() },
        };
        let mut places = vec![
            place(1, ("Blank", "空白"), true, ""),
            place(2, ("Reference material", "标准物质"), true, "GBW07163"),
        ];
        let sample = |n: u32| place(n + 2, ("Sample", "样品"), false, &format!("S-2026-{n:04}"));
        places.extend((1..=samples).map(sample));
        places.push(place(samples + 3, ("Duplicate", "平行样"), true, "S-2026-0001"));
        RackSheet {
            code: "WS-26-014".into(),
            method: "ICP-01 2026".into(),
            instrument: "ICP-2".into(),
            opened_on: "2026-03-14".into(),
            opened_by: "Li Na 李娜".into(),
            analytes: vec!["Mn".into(), "Fe".into(), "Ca".into()],
            places,
        }
    }

    #[test]
    fn a_rack_is_printed_with_a_code_at_every_position_and_the_same_bytes_twice() {
        let first = pdf(&sheet(40), "2026-03-14T01:02:03Z").unwrap();
        assert_eq!(first, pdf(&sheet(40), "2026-03-14T01:02:03Z").unwrap());
        if let Ok(dir) = std::env::var("OREPASS_LOOK") {
            std::fs::write(format!("{dir}/rack.pdf"), first).unwrap();
        }
    }
}
