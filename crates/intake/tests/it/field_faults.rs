//! Files on which an earlier version was wrong, with their right answers (opening half: workbooks, numbers,
//! units, times). The files are not part of the project; without them the tests say so.

use std::path::{Path, PathBuf};

use intake::{Import, Limits, Mapping, Outcome, Reading, read};

fn data() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: {} is not here", path.display());
    None
}

/// A file of a folder, read by a mapping of that folder.
fn import(folder: &str, file: &str, mapping: &str) -> Option<Import> {
    let folder = data()?.join(folder);
    let bytes = std::fs::read(folder.join(file)).unwrap();
    let text = std::fs::read_to_string(folder.join(mapping)).unwrap();
    let mapping = Mapping::parse(&text, mapping).unwrap();
    Some(read(file, &bytes, &mapping, &Limits::default()).unwrap_or_else(|error| panic!("{error}")))
}

fn intake_fault(stem: &str, ending: &str) -> Option<Import> {
    import("intake-faults", &format!("{stem}.{ending}"), &format!("{stem}.toml"))
}

fn value(reading: &Reading) -> (&str, Option<&str>) {
    (reading.sample_id.as_str(), reading.value.as_deref())
}

#[test]
fn number_as_unit_f04() {
    let Some(import) = intake_fault("f04-number-as-unit", "csv") else { return };
    assert!(import.readings.is_empty(), "{:#?}", import.readings);
    assert!(matches!(&import.rows[1].outcome, Outcome::Refused { reason } if reason.contains("36.099")));
}

#[test]
fn thousands_after_a_zero_f05() {
    let Some(import) = intake_fault("f05-thousands-leading-zero", "csv") else { return };
    assert_eq!(import.readings.iter().map(value).collect::<Vec<_>>(), [("S3", Some("1234.5"))]);
    for row in [1, 2] {
        assert!(matches!(import.rows[row].outcome, Outcome::Refused { .. }), "{:?}", import.rows[row]);
    }
}

#[test]
fn times_without_separators_f07() {
    let Some(import) = intake_fault("f07-time-without-separators", "csv") else { return };
    let times: Vec<Option<&str>> = import.readings.iter().map(|one| one.measured_at.as_deref()).collect();
    assert_eq!(times, [Some("2025-03-31T10:42:02"), None, None]);
    let warned = |text: &str| import.warnings.iter().any(|one| one.contains(text));
    assert!(warned("2025-03-31T01:12:02 or ") && warned("2025-03-31T11:20:02"), "{:?}", import.warnings);
    assert!(warned("20250331 74202"), "{:?}", import.warnings);
}

#[test]
fn limit_letter_f11() {
    let Some(import) = intake_fault("f11-limit-letter-L", "csv") else { return };
    let (first, second) = (&import.readings[0], &import.readings[1]);
    assert_eq!((first.value.as_deref(), first.unit.as_str()), (Some("0.05"), "mg/L"));
    assert!(first.needs_decision.as_deref().unwrap().contains("the cell says L"), "{first:?}");
    assert_eq!((second.unit.as_str(), &second.needs_decision), ("mg/L", &None));
}

#[test]
fn leading_tabs_f13() {
    let Some(import) = intake_fault("f13-line-leading-tabs", "txt") else { return };
    assert!(matches!(import.rows[0].outcome, Outcome::Skipped { .. }), "{:?}", import.rows);
    assert_eq!(import.readings.iter().map(value).collect::<Vec<_>>(), [("S1", Some("1.5"))]);
}

#[test]
fn binary_digits_f16() {
    let Some(import) = intake_fault("f16-workbook-binary-digits", "xlsx") else { return };
    let one = &import.readings[0];
    assert_eq!((one.value.as_deref(), one.raw.as_str()), (Some("4.674"), "4.6740000000000004"));
    assert_eq!(one.needs_decision, None);
}

#[test]
fn escapes_07() {
    let Some(import) = import("field-faults/07-xlsx-xHHHH-escape", "input.xlsx", "mapping.toml") else {
        return;
    };
    let one = &import.readings[0];
    assert_eq!((one.analyte.as_str(), one.sample_id.as_str()), ("Cu (%)", "LOT_x0041_7"));
}

#[test]
fn superscripts_08() {
    let Some(import) = import("field-faults/08-xlsx-superscript-footnote", "input.xlsx", "mapping.toml")
    else {
        return;
    };
    for (at, script) in [(0, "superscript \"3\""), (1, "superscript \"2\"")] {
        let one = &import.readings[at];
        assert!(one.needs_decision.as_deref().unwrap().contains(script), "{one:?}");
        assert!(!["1.23", "52"].contains(&one.value.as_deref().unwrap()));
    }
    let third = &import.readings[2];
    assert_eq!((third.value.as_deref(), &third.needs_decision), (Some("1.5E-3"), &None));
}

#[test]
fn hidden_rows_and_sheets_09() {
    let folder = "field-faults/09-xlsx-hidden-rows";
    let Some(rows) = import(folder, "input.xlsx", "mapping.toml") else { return };
    assert_eq!(rows.readings.iter().map(value).collect::<Vec<_>>(), [("S1", Some("1.5"))]);
    assert!(matches!(&rows.rows[1].outcome, Outcome::Skipped { rule } if rule.contains("hidden")));
    assert!(rows.warnings.iter().any(|text| text.contains("rows 2 are hidden")), "{:?}", rows.warnings);
    let sheets = import(folder, "hidden-sheet.xlsx", "mapping.toml").unwrap();
    assert_eq!(sheets.readings.iter().map(value).collect::<Vec<_>>(), [("S1", Some("1.5"))]);
    assert_eq!(sheets.readings[0].row, "new!2");
    assert!(sheets.warnings.iter().any(|text| text.contains("hidden") && text.contains("old")));
}

#[test]
fn numeric_ids_10() {
    let Some(import) = import("field-faults/10-xlsx-numeric-id", "input.xlsx", "mapping.toml") else {
        return;
    };
    let ids: Vec<&str> = import.readings.iter().map(|one| one.sample_id.as_str()).collect();
    assert_eq!(ids, ["240001", "100000", "00123"]);
    assert!(import.readings.iter().all(|one| one.needs_decision.is_none()));
}
