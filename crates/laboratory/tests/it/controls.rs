//! What a control says stays said: it is not taken back by measuring again, an override answers for what was
//! known, a bottle found bad controls nothing, and no number is too large to be judged.

use kernel::{ResultId, WorksheetId};
use laboratory::import::{AddMapping, ImportContext, import};
use laboratory::qc::{EnterControl, OverrideQc};
use laboratory::reference::VoidReferenceLot;
use laboratory::result::{EnterResult, ReleaseResults, ReviewResults};
use laboratory::worksheet::OpenWorksheet;
use store::{Stop, StoreError};

use crate::lab::{Lab, code, on_each_database, reason, refused};
use crate::rack::open;
use crate::{csv, lab, take};

fn control(sheet: WorksheetId, position: u32, value: &str) -> EnterControl {
    let json = serde_json::json!({"worksheet": sheet, "position": position, "analyte": "Mn", "value": value});
    serde_json::from_value(json).unwrap()
}

fn enter(lab: &Lab, sheet: WorksheetId, position: u32, value: &str) {
    lab.world.store.run(&lab.analyst(), control(sheet, position, value)).unwrap();
}

/// A result typed at position 5 of a worksheet with a blank and a reference material before it.
fn typed(lab: &Lab) -> (WorksheetId, ResultId) {
    let sheet = open(lab);
    let result: EnterResult =
        serde_json::from_value(serde_json::json!({"sample": lab.typed("S-2", "1").sample,
        "method": lab.method, "analyte": "Mn", "value": "7.5", "worksheet": sheet, "position": 5}))
        .unwrap();
    (sheet, lab.world.store.run(&lab.analyst(), result).unwrap().id().unwrap())
}

fn answer(lab: &Lab, result: ResultId, seconds: i64) {
    let until = lab.world.store.now().plus_seconds(seconds);
    let command = OverrideQc { result, until, why: reason("looked into") };
    lab.world.store.run(&lab.reviewer_head(), command).unwrap();
}

fn qc(lab: &Lab) -> Vec<String> {
    lab.results().iter().map(|row| row.qc.clone()).collect()
}

#[test]
fn a_failed_control_is_not_taken_back_by_measuring_or_typing_it_again() {
    on_each_database(|world| {
        let lab = lab(world);
        let sheet = open(&lab);
        let store = &lab.world.store;
        let file = |name: &str, rows: &[(&str, &str, &str)]| {
            let context = ImportContext { worksheet: Some(sheet), ..ImportContext::of(lab.method) };
            let text = csv(rows);
            import(store, &lab.analyst(), name, text.as_bytes(), Some("plain"), &context, &mut |_| {})
                .unwrap();
        };
        let rack = |reference| {
            [
                ("BLK-1", "Mn", "0.001"),
                ("CRM-1", "Mn", reference),
                ("S-1", "Mn", "12.3"),
                ("S-1", "Mn", "12.4"),
            ]
        };
        file("first.csv", &rack("1.30"));
        assert_eq!(qc(&lab), ["failure"]);
        file("again.csv", &rack("1.01")[..2]);
        assert_eq!(qc(&lab), ["failure"], "a second file on the same rack");
        for (position, value) in [(2, "1.00"), (2, "1.01"), (2, "<5"), (1, "0.002")] {
            enter(&lab, sheet, position, value);
            assert_eq!(qc(&lab), ["failure"], "{value} typed at {position}");
        }
        let result = lab.results()[0].id;
        store.run(&lab.reviewer(), ReviewResults { results: vec![result] }).unwrap();
        let held = store.run(&lab.head(), ReleaseResults { results: vec![result] });
        assert_eq!(refused(held).code, "result-qc-failure");
        answer(&lab, result, 3600);
        store.run(&lab.head(), ReleaseResults { results: vec![result] }).unwrap();
        store::verify(store, true).unwrap();
    });
}

#[test]
fn an_override_answers_for_what_was_known_when_it_was_given() {
    on_each_database(|world| {
        let lab = lab(world);
        let (sheet, result) = typed(&lab);
        let mut told = vec![qc(&lab).remove(0)];
        let mut then = |position: u32, value: &str| {
            match position {
                0 => answer(&lab, result, 3600),
                _ => enter(&lab, sheet, position, value),
            }
            told.push(qc(&lab).remove(0));
        };
        then(0, ""); // answered for: not run
        then(1, "0.001"); // the blank passes, the reference is still not run
        then(2, "1.30"); // it fails, of which nobody knew
        then(0, "");
        then(2, "1.01"); // further evidence
        then(1, "0.5"); // another control fails
        then(2, "1.00");
        then(0, "");
        then(1, "0.6"); // the same one once more
        then(0, "");
        then(1, "0.002");
        let expected = [
            "not_tested",
            "failure_overridden",
            "failure_overridden",
            "failure",
            "failure_overridden",
            "failure_overridden",
            "failure",
            "failure",
            "failure_overridden",
            "failure",
            "failure_overridden",
            "failure_overridden",
        ];
        assert_eq!(told, expected);
        store::verify(&lab.world.store, true).unwrap();
    });
}

#[test]
fn what_was_released_upon_an_override_is_a_failure_again_when_another_control_fails() {
    on_each_database(|world| {
        let lab = lab(world);
        let (sheet, result) = typed(&lab);
        let store = &lab.world.store;
        store.run(&lab.reviewer(), ReviewResults { results: vec![result] }).unwrap();
        answer(&lab, result, 36_000);
        answer(&lab, result, 60);
        lab.world.clock.advance_seconds(61);
        let late = store.run(&lab.head(), ReleaseResults { results: vec![result] });
        assert_eq!(refused(late).code, "qc-override-lapsed", "the newest says until when");
        answer(&lab, result, 60);
        store.run(&lab.head(), ReleaseResults { results: vec![result] }).unwrap();
        enter(&lab, sheet, 1, "0.5");
        let row = lab.results().remove(0);
        assert_eq!((row.workflow.as_str(), row.qc.as_str()), ("released", "failure"));
        store::verify(store, true).unwrap();
    });
}

/// Whoever answered for a control did not answer for a bottle that is found bad later.
#[test]
fn an_override_lapses_when_a_bottle_that_controlled_the_result_is_found_bad() {
    for (blank, reference, status, then) in
        [("0.001", "1.30", "failure", "not_tested"), ("0.5", "1.01", "failure", "failure")]
    {
        on_each_database(|world| {
            let lab = lab(world);
            let (sheet, result) = typed(&lab);
            enter(&lab, sheet, 1, blank);
            enter(&lab, sheet, 2, reference);
            assert_eq!(qc(&lab), [status]);
            lab.world.clock.advance_seconds(60);
            answer(&lab, result, 36_000);
            assert_eq!(qc(&lab), ["failure_overridden"]);
            lab.world.clock.advance_seconds(60);
            let why = reason("the producer recalled the bottle");
            let void = VoidReferenceLot { lot: lab.reference_lot, from: None, why };
            lab.world.store.run(&lab.head(), void).unwrap();
            assert_eq!(qc(&lab), [then]);
            store::verify(&lab.world.store, true).unwrap();
        });
    }
}

#[test]
fn runs_are_judged_again_when_a_bottle_that_controlled_them_is_found_bad() {
    on_each_database(|world| {
        let lab = lab(world);
        let run = |sample| [("BLK-1", "Mn", "0.001"), ("CRM-1", "Mn", "1.00"), (sample, "Mn", "12.3")];
        take(&lab, "before.csv", &run("S-1"));
        lab.world.clock.advance_seconds(3600);
        let from = lab.world.store.now();
        take(&lab, "since.csv", &run("S-3"));
        let (sheet, _) = typed(&lab);
        enter(&lab, sheet, 1, "0.001");
        enter(&lab, sheet, 2, "1.00");
        lab.sample("S-4");
        let failed = [("BLK-1", "Mn", "0.5"), ("CRM-1", "Mn", "1.01"), ("S-4", "Mn", "12.3")];
        take(&lab, "failed.csv", &failed);
        assert_eq!(qc(&lab), ["pass", "pass", "pass", "failure"]);
        let why = reason("the producer recalled the bottle");
        let void = VoidReferenceLot { lot: lab.reference_lot, from: Some(from), why };
        lab.world.store.run(&lab.head(), void).unwrap();
        assert_eq!(qc(&lab), ["pass", "not_tested", "not_tested", "failure"]);
        let suspect: Vec<bool> = lab.results().iter().map(|row| row.suspect.is_some()).collect();
        assert_eq!(suspect, [false, true, true, true]);
        enter(&lab, sheet, 1, "0.002");
        assert_eq!(qc(&lab)[2], "not_tested", "nor does its old control count when the run is judged later");
        store::verify(&lab.world.store, true).unwrap();
    });
}

/// Numbers that stand at the edge of 28 digits in g/L, in mg/L or in the method's µg/L.
const EXTREME: [&str; 14] = [
    "7E22", "-7E22", "7.9E22", "9.9E24", "1E28", "-1E28", "7.9E28", "-7.9E28", "9.99E27", "1E-28", "-1E-28",
    "<7E22", ">7.9E22", "0",
];

#[test]
fn no_number_at_any_door_stops_the_writer() {
    on_each_database(|world| {
        let method = r#"[{"analyte": "Mn", "unit": "µg/L", "basis": "not_stated", "lod": "0.001",
            "range_high": "100000", "uncertainty_percent": "400", "uncertainty_absolute": "0.1",
            "blank_limit": "0.01", "reference_required": "yes", "duplicate_percent": "500"}]"#;
        let lab = Lab::new(world, method);
        let (store, who) = (&lab.world.store, lab.analyst());
        let mapping = AddMapping { name: code("plain"), toml: crate::MAPPING.to_owned() };
        store.run(&who, mapping).unwrap();
        let answered = |done: Result<store::Receipt, Stop>, what: &str| match done {
            Ok(_) | Err(Stop::Refused(_) | Stop::Failed(StoreError::Stored { .. })) => {}
            Err(other) => panic!("{what}: {other}"),
        };
        let mut samples = 0;
        for unit in ["g/L", "mg/L", "µg/L"] {
            for first in EXTREME {
                let mut rows = String::from("sample;analyte;value;unit\n");
                for again in EXTREME {
                    samples += 1;
                    let sample = format!("X-{samples}");
                    lab.sample(&sample);
                    for (id, value) in [("BLK", first), ("CRM-1", first), (&sample, first)] {
                        rows += &format!("{id};Mn;{value};{unit}\n");
                    }
                    rows += &format!("{sample} DUP;Mn;{again};{unit}\n");
                }
                let (name, context) =
                    (format!("{unit}{first}.csv").replace('/', " per "), ImportContext::of(lab.method));
                let done = import(store, &who, &name, rows.as_bytes(), Some("plain"), &context, &mut |_| {});
                done.unwrap_or_else(|why| panic!("{first} {unit}: {why}"));
            }
        }
        let sample = lab.sample("S-1");
        let sheet: OpenWorksheet = serde_json::from_value(serde_json::json!({"code": "WS-1",
            "method": lab.method, "places": [{"kind": "blank"},
            {"kind": "reference", "reference_lot": lab.reference_lot}, {"kind": "sample", "sample": sample},
            {"kind": "duplicate", "sample": sample}]}))
        .unwrap();
        let sheet: WorksheetId = store.run(&who, sheet).unwrap().id().unwrap();
        for unit in ["g/L", "mg/L", "µg/L"] {
            for value in EXTREME {
                let unit: Option<measure::Unit> = unit.parse().ok();
                let result = EnterResult { unit, ..lab.typed("S-1", value) };
                answered(store.run(&who, result), value);
                for position in [1, 2, 4] {
                    let control = EnterControl { unit, ..control(sheet, position, value) };
                    answered(store.run(&who, control), value);
                }
            }
        }
        store::verify(store, true).unwrap();
    });
}

#[test]
fn a_method_whose_uncertainty_cannot_be_reckoned_refuses_the_number_and_says_so() {
    on_each_database(|world| {
        let method = r#"[{"analyte": "Mn", "unit": "mg/L", "basis": "not_stated",
            "uncertainty_percent": "100000"}]"#;
        let lab = Lab::new(world, method);
        let no = refused(lab.world.store.run(&lab.analyst(), lab.typed("S-1", "1E27")));
        assert_eq!(no.code, "result-value");
        assert!(no.args["why"].contains("supported range"), "{:?}", no.args);
    });
}
