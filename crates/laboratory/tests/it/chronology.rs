//! Sampled, received, measured, reviewed, released: at every door of the laboratory, in this order.

use kernel::{Instant, ReadingId};
use laboratory::import::{AddMapping, DecideReading, Decision, ImportContext, import};
use laboratory::instrument::{CalibrateInstrument, VoidCalibration};
use laboratory::method::{IssueMethodVersion, VoidMethodVersion};
use laboratory::result::{CorrectResult, EnterResult, ReleaseResults, ReviewResults};
use store::{Request, params};

use crate::lab::{Lab, MN_METHOD, MakeSample, at, code, issue, on_each_database, reason, refused};

const DATED: &str = r#"
name = "dated"
version = 1
instrument = "ICP-9"
layout = "long"
class_default = "sample"
[open]
delimiter = "semicolon"
[sample]
column = "sample"
[analyte]
column = "analyte"
[value]
column = "value"
unit_column = "unit"
[time]
column = "date"
format = ["%Y-%m-%d %H:%M", "%Y-%m-%d"]
[[class]]
when = { field = "sample_id", equals = ["CRM-1"] }
is = "control"
"#;

/// A method that needs no control, so that nothing but the times decides.
const PLAIN: &str = r#"[{"analyte": "Mn", "unit": "mg/L", "basis": "not_stated"}]"#;

/// It is noon of 2 March 2026 (UTC). `TAKEN` was taken at 9 that day, `SENT` came from outside at 10, and
/// nobody said when it was taken; `KNOWN` came at 10 and was taken the day before.
fn lab(world: testkit::World) -> Lab {
    let lab = Lab::new(world, PLAIN);
    lab.world.store.run(&lab.analyst(), AddMapping { name: code("dated"), toml: DATED.to_owned() }).unwrap();
    lab.world.clock.set(at("2026-03-02T10:00:00Z"));
    let make = |name: &str, taken_at: Option<&str>, from_outside| {
        lab.sample_of(MakeSample { code: code(name), taken_at: taken_at.map(at), from_outside })
    };
    make("TAKEN", Some("2026-03-02T09:00:00Z"), false);
    make("SENT", None, true);
    make("KNOWN", Some("2026-03-01T09:00:00Z"), true);
    lab.world.clock.set(at("2026-03-02T12:00:00Z"));
    lab
}

fn enter(lab: &Lab, sample: &str, measured_at: &str, why: Option<&str>) -> String {
    let command = EnterResult { measured_at: Some(at(measured_at)), ..lab.typed(sample, "1.5") };
    let request = Request::new(&lab.analyst(), command).because(why.unwrap_or_default());
    match lab.world.store.request(request) {
        Ok(_) => "entered".to_owned(),
        Err(store::Stop::Refused(refusal)) => refusal.code,
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn a_result_typed_by_hand_keeps_the_order_of_its_sample() {
    on_each_database(|world| {
        let lab = lab(world);
        for (sample, measured, why, expected) in [
            ("TAKEN", "2026-03-02T09:30:00Z", None, "entered"),
            ("TAKEN", "2026-03-02T09:00:00Z", None, "entered"),
            ("TAKEN", "2026-03-02T08:58:00Z", None, "entered"), // within what clocks may differ
            ("TAKEN", "2026-03-02T08:57:00Z", None, "result-time-order"),
            ("TAKEN", "2026-03-02T08:57:00Z", Some("it is so"), "result-time-order"),
            ("TAKEN", "2021-05-01T00:00:00Z", None, "result-time-order"), // field-faults/18
            ("TAKEN", "2026-03-02T01:30:00Z", None, "result-time-order"), // the wrong zone
            ("TAKEN", "2026-03-02T12:02:00Z", None, "entered"),
            ("TAKEN", "2026-03-02T12:03:00Z", None, "result-future"),
            ("TAKEN", "2027-03-02T09:30:00Z", None, "result-future"),
            ("SENT", "2026-03-02T10:30:00Z", None, "entered"),
            ("SENT", "2026-03-02T08:00:00Z", None, "result-time-asks"),
            (
                "SENT",
                "2026-03-02T08:00:00Z",
                Some("it was entered in the books after it was measured"),
                "entered",
            ),
            ("SENT", "2025-03-02T08:00:00Z", Some("it is so"), "result-time-order"),
            ("KNOWN", "2026-03-01T10:00:00Z", None, "result-time-asks"),
            ("KNOWN", "2026-03-01T08:00:00Z", Some("it is so"), "result-time-order"),
        ] {
            assert_eq!(enter(&lab, sample, measured, why), expected, "{sample} {measured}");
        }
        store::verify(&lab.world.store, true).unwrap();
    });
}

/// Takes a file in on the clock of a zone; gives its readings, each with what it asks or became.
fn take(lab: &Lab, zone: Option<&str>, rows: &[(&str, &str)]) -> Vec<(ReadingId, String)> {
    take_by(lab, "dated", zone, rows)
}

fn take_by(lab: &Lab, mapping: &str, zone: Option<&str>, rows: &[(&str, &str)]) -> Vec<(ReadingId, String)> {
    let line = |(sample, date): &(&str, &str)| format!("{sample};Mn;1.5;mg/L;{date}\n");
    let text = format!("sample;analyte;value;unit;date\n{}", rows.iter().map(line).collect::<String>());
    let zone = zone.map(str::to_owned);
    let context = ImportContext { instrument: Some(lab.instrument), zone, ..ImportContext::of(lab.method) };
    let (store, who) = (&lab.world.store, lab.analyst());
    let receipt =
        import(store, &who, "dated.csv", text.as_bytes(), Some(mapping), &context, &mut |_| {}).unwrap();
    let sql = "SELECT number, outcome, why FROM reading WHERE import = ?1 ORDER BY position";
    let row = |row: &store::Row<'_>| {
        let why = row.opt_text(2)?.unwrap_or(row.text(1)?);
        Ok((ReadingId(row.number(0)?), why.split(':').next().unwrap_or_default().to_owned()))
    };
    store.read(|db| db.query(sql, params![receipt.import.number()], row)).unwrap()
}

fn decide(reading: ReadingId, decision: Decision) -> DecideReading {
    DecideReading {
        reading,
        decision,
        sample: None,
        reference_lot: None,
        all_alike: None,
        measured_at: None,
        zone: None,
        why: reason("looked at"),
    }
}

fn tested(lab: &Lab) -> Vec<String> {
    let sql = "SELECT tested_at FROM v_laboratory_result ORDER BY number";
    lab.world.store.read(|db| db.query(sql, &[], |row| row.text(0))).unwrap()
}

#[test]
fn a_reading_that_contradicts_its_sample_waits_for_a_decision() {
    on_each_database(|world| {
        let lab = lab(world);
        let rows = [
            ("TAKEN", "2026-03-02 09:30", "result"),
            ("TAKEN", "2026-03-02", "repeated"), // the day alone contradicts nothing
            ("TAKEN", "2026-03-02 08:00", "before-sampled"),
            ("TAKEN", "2021-05-01 09:30", "before-sampled"),
            ("TAKEN", "2026-03-02 20:00", "time-future"),
            ("TAKEN", "2026-03-03", "time-future"),
            ("CRM-1", "2026-03-02 20:00", "time-future"),
            ("SENT", "2026-03-02 08:00", "before-received"),
            ("SENT", "2025-03-02 08:00", "before-received"),
            ("SENT", "2015-12-31 08:00", "no-edition"),
        ];
        let file: Vec<(&str, &str)> = rows.iter().map(|row| (row.0, row.1)).collect();
        let found = take(&lab, Some("UTC"), &file);
        for ((sample, time, expected), (_, outcome)) in rows.iter().zip(&found) {
            assert_eq!(outcome, expected, "{sample} {time}");
        }
        let (store, analyst) = (&lab.world.store, lab.analyst());
        // Time that passes makes no reading true: what lay after its file still does.
        lab.world.clock.set(at("2026-03-04T12:00:00Z"));
        for at in [2, 3, 4, 5, 6, 8, 9] {
            let still = refused(store.run(&analyst, decide(found[at].0, Decision::Replicate)));
            assert_eq!(still.code, "reading-still-asks", "{:?}", rows[at]);
        }
        store.run(&analyst, decide(found[7].0, Decision::Accept)).unwrap();
        let right = Some(at("2026-03-02T11:00:00Z"));
        let command = DecideReading { measured_at: right, ..decide(found[3].0, Decision::Replicate) };
        store.run(&analyst, command).unwrap();
        store.run(&analyst, decide(found[4].0, Decision::Ignore)).unwrap();
        let expected =
            ["2026-03-02T09:30:00.000000Z", "2026-03-02T08:00:00.000000Z", "2026-03-02T11:00:00.000000Z"];
        assert_eq!(tested(&lab), expected);
        store::verify(store, true).unwrap();
    });
}

#[test]
fn an_attribute_of_any_name_leaves_an_exact_time_exact() {
    on_each_database(|world| {
        let lab = lab(world);
        for (at, name) in ["measured on", "measured at", "day_only", "flags"].into_iter().enumerate() {
            let attribute = format!("[[attribute]]\nname = \"{name}\"\ncolumn = \"date\"\n");
            let toml = DATED.replace("\"dated\"", &format!("\"dated{at}\"")) + &attribute;
            let mapping = format!("dated{at}");
            lab.world.store.run(&lab.analyst(), AddMapping { name: code(&mapping), toml }).unwrap();
            // TAKEN was taken at 9: at 8 it was not measured, on that day it may have been.
            let ask =
                |sample: &str, date: &str| take_by(&lab, &mapping, None, &[(sample, date)])[0].1.clone();
            assert_eq!(ask("TAKEN", "2026-03-02 08:00"), "before-sampled", "{name}");
            let sample = format!("DAY{at}");
            let taken_at = Some(crate::lab::at("2026-03-02T09:00:00Z"));
            lab.sample_of(MakeSample { code: code(&sample), taken_at, from_outside: false });
            assert_eq!(ask(&sample, "2026-03-02"), "result", "{name}");
            let kept = format!("%\"{name}\":\"2026-03-02 08:00\"%");
            let sql = "SELECT COUNT(*) FROM reading WHERE detail LIKE ?1";
            let kept = lab.world.store.read(|db| db.one("readings", sql, params![kept], |row| row.number(0)));
            assert_eq!(kept.unwrap(), 1, "{name}: what the file says under it is kept");
        }
        store::verify(&lab.world.store, true).unwrap();
    });
}

#[test]
fn a_day_alone_is_still_a_day_when_its_reading_waited() {
    on_each_database(|world| {
        let lab = lab(world);
        let found = take(&lab, None, &[("LATER", "2026-03-02")]);
        assert_eq!(found[0].1, "unknown-sample");
        let taken_at = Some(crate::lab::at("2026-03-02T09:00:00Z"));
        lab.sample_of(MakeSample { code: code("LATER"), taken_at, from_outside: false });
        lab.world.store.run(&lab.analyst(), decide(found[0].0, Decision::Accept)).unwrap();
        assert_eq!(tested(&lab), ["2026-03-02T00:00:00.000000Z"]);
        store::verify(&lab.world.store, true).unwrap();
    });
}

#[test]
fn the_wrong_zone_of_a_whole_file_is_set_right_by_one_decision() {
    on_each_database(|world| {
        let lab = lab(world);
        lab.sample("OTHER");
        let file = [("TAKEN", "2026-03-02 19:30"), ("OTHER", "2026-03-02 19:45")];
        let found = take(&lab, Some("UTC"), &file);
        assert!(found.iter().all(|(_, asks)| asks == "time-future"), "{found:?}");
        let zone = Some("Asia/Shanghai".to_owned());
        let all_alike = Some(laboratory::YesNo::Yes);
        let wrong = DecideReading { zone: Some("Nowhere".into()), ..decide(found[0].0, Decision::Accept) };
        assert_eq!(refused(lab.world.store.run(&lab.analyst(), wrong)).code, "import-zone");
        let command = DecideReading { zone, all_alike, ..decide(found[0].0, Decision::Accept) };
        lab.world.store.run(&lab.analyst(), command).unwrap();
        assert_eq!(tested(&lab), ["2026-03-02T11:30:00.000000Z", "2026-03-02T11:45:00.000000Z"]);
        assert_eq!(lab.results().len(), 2);
        store::verify(&lab.world.store, true).unwrap();
    });
}

#[test]
fn the_clock_of_a_file_is_the_institutes_unless_something_else_is_said() {
    on_each_database(|world| {
        let lab = lab(world);
        let kind = lab.world.store.registry().commands["institute.found"];
        let command = (kind.parse)(kind.example).unwrap();
        let request = Request { actor: kernel::Actor::system(), command, reason: None, key: None };
        lab.world.store.request(request).unwrap();
        // 19:30 in Shanghai is 11:30 UTC; taken for UTC it would lie in the future (field-faults/12).
        assert_eq!(take(&lab, None, &[("TAKEN", "2026-03-02 19:30")])[0].1, "result");
        assert_eq!(take(&lab, Some("UTC"), &[("KNOWN", "2026-03-02 11:30")])[0].1, "result");
        let expected = ["2026-03-02T11:30:00.000000Z", "2026-03-02T11:30:00.000000Z"];
        assert_eq!(tested(&lab), expected);
        let zones = "SELECT zone FROM intake_import ORDER BY number";
        let zones = lab.world.store.read(|db| db.query(zones, &[], |row| row.text(0))).unwrap();
        assert_eq!(zones, ["Asia/Shanghai", "UTC"]);
    });
}

/// Method edition and calibration of the results, oldest first.
fn frozen(lab: &Lab) -> Vec<(String, bool)> {
    let sql = "SELECT method_edition, calibration FROM v_laboratory_result ORDER BY number";
    let row = |row: &store::Row<'_>| Ok((row.text(0)?, row.opt_number(1)?.is_some()));
    lab.world.store.read(|db| db.query(sql, &[], row)).unwrap()
}

#[test]
fn edition_and_calibration_are_those_in_force_when_it_was_measured_on_both_sides_of_the_border() {
    on_each_database(|world| {
        let lab = lab(world);
        let kind = lab.world.store.registry().commands["institute.found"];
        let command = (kind.parse)(kind.example).unwrap();
        let request = Request { actor: kernel::Actor::system(), command, reason: None, key: None };
        lab.world.store.request(request).unwrap();
        // The edition comes into force when 4 March begins in Shanghai: 3 March 16:00 UTC.
        let newer: IssueMethodVersion =
            serde_json::from_str(&issue(lab.method, "2027", "2026-03-04").replace(MN_METHOD, PLAIN)).unwrap();
        lab.world.store.run(&lab.head(), newer).unwrap();
        let calibrate: CalibrateInstrument = serde_json::from_value(serde_json::json!({
            "instrument": lab.other, "certificate": "CAL-3", "valid_from": "2026-03-01T00:00:00Z",
            "valid_until": "2026-03-03T16:00:00Z",
        }))
        .unwrap();
        lab.world.store.run(&lab.head(), calibrate).unwrap();
        lab.world.clock.set(at("2026-03-05T00:00:00Z"));
        for (number, measured) in ["2026-03-03T15:59:59Z", "2026-03-03T16:00:00Z"].iter().enumerate() {
            let command = EnterResult {
                measured_at: Some(at(measured)),
                instrument: Some(lab.other),
                ..lab.typed(&format!("B-{number}"), "1")
            };
            lab.world.store.run(&lab.analyst(), command).unwrap();
        }
        assert_eq!(frozen(&lab), [("2026".to_owned(), true), ("2027".to_owned(), false)]);
        let named = |version| EnterResult {
            method_version: Some(version),
            measured_at: Some(at("2026-03-03T16:00:00Z")),
            ..lab.typed("B-3", "1")
        };
        let old = refused(lab.world.store.run(&lab.analyst(), named(lab.version)));
        assert_eq!(old.code, "method-version-superseded");
        lab.sample("B-4");
        lab.sample("B-5");
        take(&lab, None, &[("B-4", "2026-03-03 23:59"), ("B-5", "2026-03-04 00:00")]);
        let editions: Vec<String> = frozen(&lab).into_iter().skip(2).map(|(edition, _)| edition).collect();
        assert_eq!(editions, ["2026", "2027"]);
        store::verify(&lab.world.store, true).unwrap();
    });
}

#[test]
fn who_measured_was_authorised_when_they_did() {
    on_each_database(|world| {
        let lab = lab(world);
        // Of the three nobody was authorised before 2016; the sample is from 2000.
        lab.sample("OLD");
        let early = EnterResult { measured_at: Some(at("2015-06-01T00:00:00Z")), ..lab.typed("OLD", "1") };
        assert_eq!(refused(lab.world.store.run(&lab.analyst(), early)).code, "authorisation-not-yet");
        let older: IssueMethodVersion = serde_json::from_value(serde_json::json!({
            "method": lab.method, "edition": "x", "in_force_from": "2026-03-02",
            "analytes": serde_json::from_str::<serde_json::Value>(PLAIN).unwrap(),
        }))
        .unwrap();
        lab.world.store.run(&lab.head(), older).unwrap();
        assert_eq!(enter(&lab, "OLD", "2016-06-01T00:00:00Z", None), "entered");
    });
}

#[test]
fn nothing_is_reviewed_or_released_before_it_was_measured_even_when_the_clock_goes_back() {
    on_each_database(|world| {
        let lab = lab(world);
        assert_eq!(enter(&lab, "TAKEN", "2026-03-02T12:00:00Z", None), "entered");
        let results = vec![lab.results()[0].id];
        lab.world.clock.set(at("2026-03-01T00:00:00Z"));
        lab.world.store.run(&lab.reviewer(), ReviewResults { results: results.clone() }).unwrap();
        lab.world.store.run(&lab.head(), ReleaseResults { results }).unwrap();
        let sql = "SELECT tested_at, reviewed_at, released_at FROM v_laboratory_result";
        let row = |row: &store::Row<'_>| Ok([row.text(0)?, row.text(1)?, row.text(2)?]);
        let times = lab.world.store.read(|db| db.one("a result", sql, &[], row)).unwrap();
        assert!(times.is_sorted(), "{times:?}");
    });
}

#[test]
fn a_correction_keeps_the_time_and_the_edition_of_what_it_corrects() {
    on_each_database(|world| {
        let lab = lab(world);
        assert_eq!(enter(&lab, "TAKEN", "2026-03-02T11:00:00Z", None), "entered");
        let newer = issue(lab.method, "2027", "2026-03-03").replace(MN_METHOD, PLAIN);
        let newer: IssueMethodVersion = serde_json::from_str(&newer).unwrap();
        lab.world.store.run(&lab.head(), newer).unwrap();
        lab.world.clock.set(at("2026-03-05T00:00:00Z"));
        let correct = CorrectResult {
            result: lab.results()[0].id,
            value: code("1.6"),
            unit: None,
            basis: None,
            why: reason("digits were exchanged"),
        };
        lab.world.store.run(&lab.analyst(), correct).unwrap();
        assert_eq!(tested(&lab), ["2026-03-02T11:00:00.000000Z"; 2]);
        assert_eq!(frozen(&lab)[1].0, "2026");
    });
}

/// What a calibration says of a time counts, whenever its certificate comes.
#[test]
fn a_calibration_that_is_entered_later_holds_from_its_own_date() {
    on_each_database(|world| {
        let lab = lab(world);
        let measure = |sample: &str, at_time: &str| {
            let command = EnterResult {
                measured_at: Some(at(at_time)),
                instrument: Some(lab.other),
                ..lab.typed(sample, "1")
            };
            lab.world.store.run(&lab.analyst(), command).unwrap();
        };
        let calibrate = |certificate: &str, from: &str, until: &str| {
            let command: CalibrateInstrument = serde_json::from_value(serde_json::json!({
                "instrument": lab.other, "certificate": certificate, "valid_from": from, "valid_until": until,
            }))
            .unwrap();
            lab.world.store.run(&lab.head(), command).unwrap().id::<kernel::CalibrationId>().unwrap()
        };
        let under = || {
            let sql = "SELECT calibration FROM v_laboratory_result ORDER BY number";
            let row = |row: &store::Row<'_>| Ok(row.opt_number(0)?.map(kernel::CalibrationId));
            lab.world.store.read(|db| db.query(sql, &[], row)).unwrap()
        };
        lab.world.clock.set(at("2026-03-09T00:00:00Z"));
        for (number, day) in ["03", "04", "05", "06"].iter().enumerate() {
            measure(&format!("L-{number}"), &format!("2026-03-{day}T00:00:00Z"));
        }
        assert_eq!(under(), [None; 4]);
        let first = calibrate("CAL-L1", "2026-03-04T00:00:00Z", "2026-03-06T00:00:00Z");
        assert_eq!(under(), [None, Some(first), Some(first), None], "up to but not at its end");
        let wider = calibrate("CAL-L2", "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z");
        assert_eq!(under(), [Some(wider), Some(first), Some(first), Some(wider)], "what had one keeps it");
        let void = VoidCalibration { calibration: first, from: None, why: reason("it drifted") };
        lab.world.store.run(&lab.head(), void).unwrap();
        let suspect: Vec<bool> = lab.results().iter().map(|row| row.suspect.is_some()).collect();
        assert_eq!(suspect, [false, true, true, false]);
        let told = |id: kernel::CalibrationId| lab.world.store.describe(id.into()).unwrap().unwrap().fields;
        assert!(told(first).iter().any(|(key, _)| key == "field-recorded-at"), "{:?}", told(first));
        assert!(told(lab.calibration).iter().all(|(key, _)| key != "field-recorded-at"));
        store::verify(&lab.world.store, true).unwrap();
    });
}

#[test]
fn a_calibration_is_recorded_and_found_bad_after_it_was_done() {
    on_each_database(|world| {
        let lab = lab(world);
        let calibrate = |from: &str| -> CalibrateInstrument {
            serde_json::from_value(serde_json::json!({"instrument": lab.other, "certificate": "CAL-9",
                "valid_from": from, "valid_until": "2028-01-01T00:00:00Z"}))
            .unwrap()
        };
        for (from, refusal) in
            [("2026-03-02T12:00:00Z", None), ("2026-03-02T12:03:00Z", Some("calibration-in-future"))]
        {
            let done = lab.world.store.run(&lab.head(), calibrate(from));
            match refusal {
                None => assert!(done.is_ok(), "{from}"),
                Some(code) => assert_eq!(refused(done).code, code, "{from}"),
            }
        }
        let void = |from: Instant| VoidCalibration {
            calibration: lab.calibration,
            from: Some(from),
            why: reason("it drifted"),
        };
        let later = refused(lab.world.store.run(&lab.head(), void(at("2026-03-03T00:00:00Z"))));
        assert_eq!(later.code, "calibration-in-future");
        lab.world.store.run(&lab.head(), void(at("2026-03-01T00:00:00Z"))).unwrap();
    });
}

#[test]
fn nothing_is_measured_by_an_edition_while_it_is_void_nor_by_the_one_before_it() {
    on_each_database(|world| {
        let lab = lab(world);
        lab.sample_of(MakeSample {
            code: code("OLD"),
            taken_at: Some(at("2026-02-20T09:00:00Z")),
            from_outside: false,
        });
        let (store, head) = (&lab.world.store, lab.head());
        let void = VoidMethodVersion {
            version: lab.version,
            from: Some(at("2026-03-01T12:00:00Z")),
            why: reason("the wrong line"),
        };
        store.run(&head, void).unwrap();
        let next: IssueMethodVersion =
            serde_json::from_str(&issue(lab.method, "2027", "2026-03-02").replace(MN_METHOD, PLAIN)).unwrap();
        store.run(&head, next).unwrap();
        let rows = [
            ("OLD", "2026-03-01 11:59", "result"),
            ("OLD", "2026-03-01 12:00", "no-edition"),
            ("OLD", "2026-03-01 23:59", "no-edition"),
            ("OLD", "2026-03-02 00:00", "repeated"), // by the next edition
        ];
        let readings = take(&lab, Some("UTC"), &rows.map(|(sample, date, _)| (sample, date)));
        for ((_, became), (_, date, expected)) in readings.iter().zip(rows) {
            assert_eq!(became, expected, "{date}");
        }
    });
}
