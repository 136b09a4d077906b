//! A file that is imported for a worksheet.

use kernel::WorksheetId;
use laboratory::import::{ImportContext, import};
use laboratory::qc::EnterControl;
use laboratory::reference::VoidReferenceLot;
use laboratory::worksheet::OpenWorksheet;
use store::params;

use crate::lab::{Lab, on_each_database};
use crate::{csv, lab};

pub fn open(lab: &Lab) -> WorksheetId {
    let sample = |id: &str| lab.typed(id, "1").sample;
    let sheet: OpenWorksheet = serde_json::from_value(serde_json::json!({
        "code": "WS-1", "method": lab.method, "instrument": lab.instrument, "places": [
        {"kind": "blank"}, {"kind": "reference", "reference_lot": lab.reference_lot},
        {"kind": "sample", "sample": sample("S-1")}, {"kind": "duplicate", "sample": sample("S-1")},
        {"kind": "sample", "sample": sample("S-2")}, {"kind": "sample", "sample": sample("S-3")}]}))
    .unwrap();
    lab.world.store.run(&lab.analyst(), sheet).unwrap().id().unwrap()
}

#[test]
fn the_rack_says_what_stands_where_and_what_the_file_lacks_or_has_too_much_is_told() {
    on_each_database(|world| {
        let lab = lab(world);
        let sheet = open(&lab);
        // The mapping takes the second S-1 for a sample; the rack knows that it is the duplicate.
        let rows = [
            ("BLK-1", "Mn", "0.001"),
            ("CRM-1", "Mn", "1.01"),
            ("S-1", "Mn", "12.3"),
            ("S-1", "Mn", "12.4"),
            ("S-2", "Mn", "7.5"),
            ("X-9", "Mn", "3.0"),
        ];
        let context = ImportContext { worksheet: Some(sheet), ..ImportContext::of(lab.method) };
        let text = csv(&rows);
        let (store, who) = (&lab.world.store, lab.analyst());
        let receipt =
            import(store, &who, "ws.csv", text.as_bytes(), Some("plain"), &context, &mut |_| {}).unwrap();
        assert_eq!(
            receipt.readings,
            [("asks", 1), ("control", 3), ("result", 2)].map(|(k, n)| (k.to_owned(), n)).into()
        );
        assert!(lab.waiting(receipt.import)[0].1.starts_with("not-on-worksheet: X-9"));
        let sql = "SELECT position, value, run, instrument FROM v_laboratory_result ORDER BY position";
        let row =
            |row: &store::Row<'_>| Ok((row.number(0)?, row.text(1)?, row.number(2)?, row.opt_number(3)?));
        let results = store.read(|db| db.query(sql, &[], row)).unwrap();
        let (run, machine) = (sheet.number(), Some(lab.instrument.number()));
        assert_eq!(results, [(3, "12.3".into(), run, machine), (5, "7.5".into(), run, machine)]);
        let sql = "SELECT position, kind, verdict FROM qc_event WHERE run = ?1 ORDER BY position";
        let row = |row: &store::Row<'_>| Ok((row.number(0)?, row.text(1)?, row.text(2)?));
        let controls = store.read(|db| db.query(sql, params![run], row)).unwrap();
        let kinds: Vec<_> = controls.iter().map(|(at, kind, _)| (*at, kind.as_str())).collect();
        assert_eq!(kinds, [(1, "blank"), (2, "reference"), (4, "duplicate")]);
        assert!(lab.results().iter().all(|row| row.qc == "pass"), "controls of the rack gate its results");
        let sql = "SELECT place, outcome, reason FROM intake_note WHERE outcome IN ('missing', 'extra')
                   ORDER BY line";
        let row = |row: &store::Row<'_>| Ok((row.text(0)?, row.text(1)?, row.text(2)?));
        let notes = store.read(|db| db.query(sql, &[], row)).unwrap();
        let told =
            |place: &str, what: &str, which: &str| (place.to_owned(), what.to_owned(), which.to_owned());
        assert_eq!(notes, [told("", "missing", "6 · S-3"), told("7", "extra", "X-9")]);
        store::verify(store, true).unwrap();
    });
}

#[test]
fn a_file_is_not_imported_for_a_worksheet_of_another_method() {
    on_each_database(|world| {
        let lab = lab(world);
        let sheet = open(&lab);
        let give = |name: &str, json: String| {
            let kind = *lab.world.store.registry().commands.get(name).unwrap();
            let command = (kind.parse)(&json).unwrap();
            lab.world.store.request(store::Request { actor: lab.head(), command, reason: None, key: None })
        };
        let json = r#"{"code": "ICP-02", "names": {"en": "x", "zh": "某"}}"#.to_owned();
        let other: kernel::MethodId = give("method.define", json).unwrap().id().unwrap();
        give("method.issue_version", crate::lab::issue(other, "1", "2026-01-01")).unwrap();
        let context = ImportContext { worksheet: Some(sheet), ..ImportContext::of(other) };
        let text = csv(&[("S-1", "Mn", "1")]);
        let (store, who) = (&lab.world.store, lab.analyst());
        let run = import(store, &who, "ws.csv", text.as_bytes(), Some("plain"), &context, &mut |_| {});
        let Err(laboratory::ImportError::Stopped(store::Stop::Refused(refusal))) = run else {
            panic!("it was imported")
        };
        assert_eq!(refusal.code, "import-worksheet-method");
    });
}

#[test]
fn a_control_typed_against_a_void_or_expired_bottle_proves_nothing() {
    on_each_database(|world| {
        let lab = lab(world);
        let sheet = open(&lab);
        let enter = |value: &str| {
            let command: EnterControl = serde_json::from_value(
                serde_json::json!({"worksheet": sheet, "position": 2, "analyte": "Mn", "value": value}),
            )
            .unwrap();
            lab.world.store.run(&lab.analyst(), command).unwrap();
            let sql = "SELECT verdict FROM qc_event ORDER BY number DESC LIMIT 1";
            lab.world.store.read(|db| db.one("qc_event", sql, &[], |row| row.text(0))).unwrap()
        };
        assert_eq!(enter("1.01"), "pass");
        let why = crate::lab::reason("the producer recalled the bottle");
        let void = VoidReferenceLot { lot: lab.reference_lot, from: None, why };
        lab.world.store.run(&lab.head(), void).unwrap();
        assert_eq!(enter("1.01"), "undecidable");
        store::verify(&lab.world.store, true).unwrap();
    });
}
