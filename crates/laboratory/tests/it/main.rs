//! The laboratory from a file to released results, on both databases, told as a laboratory would tell it.

#![allow(clippy::unwrap_used)] // a test that cannot be set up has failed

mod charts;
mod chronology;
mod controls;
mod lab;
mod pages;
mod questions;
mod rack;
mod range;

use std::collections::BTreeMap;

use kernel::{InstrumentId, Kind, Ref, Role};
use lab::*;
use laboratory::import::{AddMapping, DecideReading, Decision, ImportContext, import};
use laboratory::instrument::VoidCalibration;
use laboratory::method::IssueMethodVersion;
use laboratory::qc::OverrideQc;
use laboratory::result::{
    CorrectResult, EnterResult, InvalidateResult, ReleaseResults, RetestResult, RetractResult, ReviewResults,
};
use store::params;

const MAPPING: &str = r#"
name = "plain"
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
[[class]]
when = { field = "sample_id", matches = '^BLK' }
is = "blank"
[[class]]
when = { field = "sample_id", equals = ["CRM-1"] }
is = "control"
[[class]]
when = { field = "sample_id", matches = ' DUP$' }
is = "duplicate"
"#;

fn csv(rows: &[(&str, &str, &str)]) -> String {
    let line = |(sample, analyte, value): &(&str, &str, &str)| format!("{sample};{analyte};{value};mg/L\n");
    format!("sample;analyte;value;unit\n{}", rows.iter().map(line).collect::<String>())
}

fn take(lab: &Lab, name: &str, rows: &[(&str, &str, &str)]) -> laboratory::ImportReceipt {
    let context = ImportContext { instrument: Some(lab.instrument), ..ImportContext::of(lab.method) };
    let text = csv(rows);
    let mut seen = 0;
    let done = &mut |work: laboratory::Work| seen = work.done;
    let receipt =
        import(&lab.world.store, &lab.analyst(), name, text.as_bytes(), Some("plain"), &context, done);
    let receipt = receipt.unwrap();
    assert!(receipt.again || seen == rows.len() as u64);
    receipt
}

fn lab(world: testkit::World) -> Lab {
    let lab = Lab::new(world, MN_METHOD);
    let mapping = AddMapping { name: code("plain"), toml: MAPPING.to_owned() };
    lab.world.store.run(&lab.analyst(), mapping).unwrap();
    for sample in ["S-1", "S-2", "S-3"] {
        lab.sample(sample);
    }
    lab
}

const CLEAN: &[(&str, &str, &str)] = &[
    ("BLK-1", "Mn", "0.001"),
    ("CRM-1", "Mn", "1.01"),
    ("S-1", "Mn", "12.30"),
    ("S-2", "Mn", "<0.003"),
    ("S-2 DUP", "Mn", "<0.003"),
    ("S-3", "Mn", "-0.0005"),
    ("CRM-1", "Mn", "0.99"),
];

#[test]
fn a_clean_run_is_imported_reviewed_and_released_by_two_persons() {
    on_each_database(|world| {
        let lab = lab(world);
        let receipt = take(&lab, "clean.csv", CLEAN);
        assert_eq!(receipt.readings, BTreeMap::from([("control".into(), 4), ("result".into(), 3)]));
        let rows = lab.results();
        let shown: Vec<_> = rows.iter().map(|r| (&*r.qualifier, r.value.as_deref(), &*r.qc)).collect();
        let expected = [
            ("value", Some("12.30"), "pass"),
            ("below", Some("0.003"), "pass"),
            ("value", Some("-0.0005"), "pass"),
        ];
        assert_eq!(shown, expected);
        let results: Vec<_> = rows.iter().map(|row| row.id).collect();
        let early = lab.world.store.run(&lab.head(), ReleaseResults { results: results.clone() });
        assert_eq!(refused(early).code, "result-state");
        let same = lab.world.store.run(&lab.analyst(), ReviewResults { results: results.clone() });
        assert_eq!(refused(same).code, "result-same-person");
        lab.world.store.run(&lab.reviewer(), ReviewResults { results: results.clone() }).unwrap();
        lab.world.store.run(&lab.head(), ReleaseResults { results: results.clone() }).unwrap();
        assert!(lab.results().iter().all(|row| row.workflow == "released" && row.calibration.is_some()));
        let reached = lab.reached(Ref::from(lab.reference_lot));
        assert!(
            results.iter().all(|id| reached.contains(&id.number())),
            "a reference lot found bad reaches them"
        );
        let sql = "SELECT method_edition, reporting_limit, uncertainty, in_range, released_by
                   FROM v_laboratory_result
                   ORDER BY number LIMIT 1";
        let row = |row: &store::Row<'_>| {
            Ok((row.text(0)?, row.text(1)?, row.text(2)?, row.int(3)?, row.number(4)?))
        };
        let one = lab.world.store.read(|db| db.one("a result", sql, &[], row)).unwrap();
        assert_eq!(one, ("2026".into(), "0.003".into(), "0.492".into(), 1, HEAD.0));
        assert!(store::verify(&lab.world.store, true).unwrap().rows > 20);
    });
}

#[test]
fn the_same_file_again_changes_nothing_and_a_broken_off_import_goes_on() {
    on_each_database(|world| {
        let lab = lab(world);
        let first = take(&lab, "clean.csv", CLEAN);
        let entries = lab.entries();
        let again = take(&lab, "clean.csv", CLEAN);
        assert!(again.again && again.import == first.import && again.readings == first.readings);
        assert_eq!(lab.entries(), entries);
        let rows = [("BLK-1", "Mn", "0.002"), ("CRM-1", "Mn", "1.00"), ("S-9", "Mn", "3")];
        let context = ImportContext::of(lab.method);
        let text = csv(&rows);
        let begun = laboratory::import::begin(
            &lab.world.store,
            &lab.analyst(),
            "b.csv",
            text.as_bytes(),
            Some("plain"),
            &context,
        );
        let (import, finished) = begun.unwrap();
        assert!(!finished);
        let lab = lab.reopen();
        while lab.world.store.work().unwrap() {}
        assert_eq!(lab.outcomes(import), BTreeMap::from([("asks".into(), 1), ("control".into(), 2)]));
        let entries = lab.entries();
        laboratory::import::continue_import(&lab.world.store, import).unwrap();
        assert_eq!(lab.entries(), entries);
        store::verify(&lab.world.store, true).unwrap();
    });
}

#[test]
fn a_failed_blank_holds_what_it_covers_until_a_second_person_answers_for_it() {
    on_each_database(|world| {
        let lab = lab(world);
        let rows = [
            ("BLK-1", "Mn", "0.001"),
            ("CRM-1", "Mn", "1.00"),
            ("S-1", "Mn", "12.3"),
            ("BLK-2", "Mn", "0.5"),
            ("S-2", "Mn", "7.7"),
            ("BLK-3", "Mn", "0.001"),
            ("S-3", "Mn", "5.5"),
        ];
        take(&lab, "bad.csv", &rows);
        let results = lab.results();
        let qc: Vec<&str> = results.iter().map(|row| &*row.qc).collect();
        assert_eq!(qc, ["failure", "failure", "pass"]);
        let all: Vec<_> = results.iter().map(|row| row.id).collect();
        lab.world.store.run(&lab.reviewer(), ReviewResults { results: all.clone() }).unwrap();
        let held = lab.world.store.run(&lab.head(), ReleaseResults { results: vec![all[1]] });
        let refusal = refused(held);
        assert_eq!(
            (refusal.code.as_str(), refusal.remedy.as_deref()),
            ("result-qc-failure", Some("qc.override"))
        );
        lab.world.store.run(&lab.head(), ReleaseResults { results: vec![all[2]] }).unwrap();
        let until = lab.world.store.now().plus_seconds(3600);
        let command = OverrideQc { result: all[1], until, why: reason("the vial was not the blank") };
        let own = lab.world.store.run(&lab.as_head(ANALYST), command.clone());
        assert_eq!(refused(own).code, "result-same-person");
        lab.world.store.run(&lab.reviewer_head(), command).unwrap();
        lab.world.clock.advance_seconds(3601);
        let late = lab.world.store.run(&lab.head(), ReleaseResults { results: vec![all[1]] });
        assert_eq!(refused(late).code, "qc-override-lapsed");
        let until = lab.world.store.now().plus_seconds(3600);
        let command = OverrideQc { result: all[1], until, why: reason("looked at again") };
        lab.world.store.run(&lab.reviewer_head(), command).unwrap();
        lab.world.store.run(&lab.head(), ReleaseResults { results: vec![all[1]] }).unwrap();
        let counted = "SELECT COUNT(*) FROM v_laboratory_override";
        assert_eq!(
            lab.world.store.read(|db| db.one("overrides", counted, &[], |row| row.int(0))).unwrap(),
            2
        );
        store::verify(&lab.world.store, true).unwrap();
    });
}

#[test]
fn a_required_control_that_was_not_run_is_not_a_pass() {
    on_each_database(|world| {
        let lab = lab(world);
        take(&lab, "none.csv", &[("BLK-1", "Mn", "0.001"), ("S-1", "Mn", "12.3")]);
        let results = lab.results();
        assert_eq!(results[0].qc, "not_tested");
        lab.world.store.run(&lab.reviewer(), ReviewResults { results: vec![results[0].id] }).unwrap();
        let held = lab.world.store.run(&lab.head(), ReleaseResults { results: vec![results[0].id] });
        assert_eq!(refused(held).code, "result-qc-not-tested");
    });
}

#[test]
fn what_is_not_clear_waits_with_both_values_and_a_person_decides() {
    on_each_database(|world| {
        let lab = lab(world);
        take(&lab, "first.csv", CLEAN);
        let rows = [
            ("BLK-1", "Mn", "0.002"),
            ("CRM-1", "Mn", "1.00"),
            ("S-1", "Mn", "12.90"),
            ("S-2", "Mn", "0.004"),
            ("X-7", "Mn", "3.3"),
            ("X-7", "Fe", "3.3"),
        ];
        let receipt = take(&lab, "second.csv", &rows);
        let expected = [("asks".into(), 3), ("control".into(), 2), ("refused".into(), 1)];
        assert_eq!(receipt.readings, BTreeMap::from(expected));
        let asks = lab.waiting(receipt.import);
        let difference = &asks[0].1;
        assert!(difference.starts_with("repeated: ") && difference.contains("12.30, 12.90"), "{difference}");
        let decide = |at: usize, decision| DecideReading {
            reading: asks[at].0,
            decision,
            sample: None,
            reference_lot: None,
            all_alike: None,
            measured_at: None,
            zone: None,
            why: reason("looked at"),
        };
        let store = &lab.world.store;
        assert_eq!(
            refused(store.run(&lab.analyst(), decide(2, Decision::Accept))).code,
            "reading-still-asks"
        );
        assert_eq!(refused(store.run(&lab.analyst(), decide(2, Decision::Sample))).code, "reading-names");
        store.run(&lab.analyst(), decide(0, Decision::Replace)).unwrap();
        store.run(&lab.analyst(), decide(1, Decision::Ignore)).unwrap();
        lab.sample("X-7");
        store.run(&lab.analyst(), decide(2, Decision::Accept)).unwrap();
        assert_eq!(refused(store.run(&lab.analyst(), decide(2, Decision::Accept))).code, "reading-settled");
        let rows = lab.results();
        let s1: Vec<_> =
            rows.iter().filter(|r| r.sample == "S-1").map(|r| (r.value.as_deref(), &*r.validity)).collect();
        assert_eq!(s1, [(Some("12.30"), "retracted"), (Some("12.90"), "valid")]);
        let x7 = rows.iter().find(|row| row.sample == "X-7").unwrap();
        assert_eq!((x7.value.as_deref(), &*x7.qc), (Some("3.3"), "pass"));
        assert!(rows.iter().find(|row| row.value.as_deref() == Some("12.90")).unwrap().changed);
        store::verify(store, true).unwrap();
    });
}

#[test]
fn readings_that_ask_alike_are_decided_together() {
    on_each_database(|world| {
        let lab = Lab::new(world, WIDE_METHOD);
        let mapping = AddMapping { name: code("plain"), toml: MAPPING.to_owned() };
        lab.world.store.run(&lab.analyst(), mapping).unwrap();
        let receipt = take(&lab, "x.csv", &[("X-7", "Mn", "1"), ("X-7", "Cu", "2"), ("X-8", "Mn", "3")]);
        assert_eq!(receipt.readings, BTreeMap::from([("asks".into(), 3)]));
        let command = DecideReading {
            reading: lab.waiting(receipt.import)[0].0,
            decision: Decision::Sample,
            sample: Some(lab.sample("S-1")),
            reference_lot: None,
            all_alike: Some(laboratory::YesNo::Yes),
            measured_at: None,
            zone: None,
            why: reason("the label says so"),
        };
        lab.world.store.run(&lab.analyst(), command).unwrap();
        let found: Vec<_> = lab.results().iter().map(|r| (r.sample.clone(), r.value.clone())).collect();
        let expected = [("S-1".to_owned(), Some("1".to_owned())), ("S-1".to_owned(), Some("2".to_owned()))];
        assert_eq!(found, expected);
        assert_eq!(lab.waiting(receipt.import).len(), 1);
        store::verify(&lab.world.store, true).unwrap();
    });
}

#[test]
fn a_calibration_found_bad_marks_exactly_what_was_measured_under_it_since() {
    on_each_database(|world| {
        let lab = lab(world);
        lab.world.clock.set(at("2026-03-02T08:00:00Z"));
        take(&lab, "early.csv", &[("S-1", "Mn", "1.0")]);
        lab.world.clock.set(at("2026-03-02T12:00:00Z"));
        take(&lab, "late.csv", &[("S-2", "Mn", "2.0"), ("S-3", "Mn", "3.0")]);
        let hand = EnterResult { measured_at: Some(at("2026-03-02T11:00:00Z")), ..lab.typed("S-4", "4.0") };
        lab.world.store.run(&lab.analyst(), hand).unwrap();
        let other =
            EnterResult { instrument: Some(InstrumentId(lab.other.number())), ..lab.typed("S-5", "5.0") };
        lab.world.store.run(&lab.analyst(), other).unwrap();
        let from = Some(at("2026-03-02T10:00:00Z"));
        let command =
            VoidCalibration { calibration: lab.calibration, from, why: reason("the standard drifted") };
        let receipt = lab.world.store.run(&lab.head(), command).unwrap();
        let said: Vec<u64> =
            receipt.subjects.iter().filter(|one| one.kind == Kind::Result).map(|one| one.number).collect();
        let raw = lab.measured_under(lab.calibration, at("2026-03-02T10:00:00Z"));
        assert_eq!(said, raw);
        assert_eq!(said.len(), 3);
        let marked: Vec<u64> =
            lab.results().iter().filter(|row| row.suspect.is_some()).map(|row| row.id.number()).collect();
        assert_eq!(marked, raw);
        let review = ReviewResults { results: vec![kernel::ResultId(marked[0])] };
        assert_eq!(refused(lab.world.store.run(&lab.reviewer(), review)).code, "result-suspect");
        let reached = lab.reached(Ref::from(lab.calibration));
        assert!(raw.iter().all(|number| reached.contains(number)));
        store::verify(&lab.world.store, true).unwrap();
    });
}

#[test]
fn nothing_is_entered_on_an_older_version_once_a_newer_one_is_in_force() {
    on_each_database(|world| {
        let lab = lab(world);
        let old = EnterResult { method_version: Some(lab.version), ..lab.typed("S-6", "4.0") };
        lab.world.store.run(&lab.analyst(), old).unwrap();
        let newer: IssueMethodVersion =
            serde_json::from_str(&issue(lab.method, "2027", "2026-03-05")).unwrap();
        lab.world.store.run(&lab.head(), newer.clone()).unwrap();
        let still = EnterResult { method_version: Some(lab.version), ..lab.typed("S-7", "4.0") };
        lab.world.store.run(&lab.analyst(), still).unwrap();
        lab.world.clock.set(at("2026-03-05T00:00:01Z"));
        let late = EnterResult { method_version: Some(lab.version), ..lab.typed("S-8", "4.0") };
        let refusal = refused(lab.world.store.run(&lab.analyst(), late));
        assert_eq!((refusal.code.as_str(), &*refusal.args["current"]), ("method-version-superseded", "2027"));
        lab.world.store.run(&lab.analyst(), lab.typed("S-8", "4.0")).unwrap();
        let editions = "SELECT method_edition FROM v_laboratory_result ORDER BY number";
        let editions = lab.world.store.read(|db| db.query(editions, &[], |row| row.text(0))).unwrap();
        assert_eq!(editions, ["2026", "2026", "2027"]);
        let backwards =
            IssueMethodVersion { edition: code("x"), in_force_from: "2026-03-01".parse().unwrap(), ..newer };
        assert_eq!(refused(lab.world.store.run(&lab.head(), backwards)).code, "method-version-earlier");
    });
}

#[test]
fn an_authorisation_that_lapsed_at_midnight_does_not_cover_five_past() {
    on_each_database(|world| {
        let lab = lab(world);
        lab.world.clock.set(at("2026-12-31T23:50:00Z"));
        take(&lab, "evening.csv", CLEAN);
        let results: Vec<_> = lab.results().iter().map(|row| row.id).collect();
        lab.world.clock.set(at("2027-01-01T00:05:00Z"));
        let late = lab.world.store.run(&lab.reviewer(), ReviewResults { results });
        assert_eq!(refused(late).code, "authorisation-lapsed");
    });
}

#[test]
fn typed_numbers_stay_marked_and_the_three_verbs_differ() {
    on_each_database(|world| {
        let lab = lab(world);
        let store = &lab.world.store;
        for wrong in ["1.2.3", "about 4", "3 %"] {
            assert_eq!(
                refused(store.run(&lab.analyst(), lab.typed("S-1", wrong))).code,
                "result-value",
                "{wrong}"
            );
        }
        let first: kernel::ResultId =
            store.run(&lab.analyst(), lab.typed("S-1", "12.03")).unwrap().id().unwrap();
        let correct = CorrectResult {
            result: first,
            value: code("12.30"),
            unit: None,
            basis: None,
            why: reason("digits were exchanged"),
        };
        let second: kernel::ResultId = store.run(&lab.analyst(), correct).unwrap().id().unwrap();
        let again = store.run(&lab.head(), RetractResult { result: first, why: reason("x") });
        assert_eq!(refused(again).code, "result-not-valid");
        let early = store.run(&lab.head(), InvalidateResult { result: second, why: reason("x") });
        assert_eq!(refused(early).code, "result-state");
        store
            .run(&lab.head(), RetestResult { result: second, why: reason("the customer doubts it") })
            .unwrap();
        let third: kernel::ResultId =
            store.run(&lab.analyst(), lab.typed("S-1", "12.35")).unwrap().id().unwrap();
        let rows = lab.results();
        let shown: Vec<_> = rows
            .iter()
            .map(|r| (r.id, r.value.as_deref(), &*r.validity, &*r.workflow, r.hand_typed, r.changed))
            .filter(|row| row.3 != "cancelled")
            .collect();
        let expected = [
            (first, Some("12.03"), "retracted", "measured", true, false),
            (second, Some("12.30"), "valid", "measured", true, true),
            (third, Some("12.35"), "valid", "measured", true, false),
        ];
        assert_eq!(shown, expected);
        store::verify(store, true).unwrap();
    });
}

#[test]
fn every_statement_prepares_and_every_example_parses() {
    on_each_database(|world| {
        for (name, sql) in (laboratory::AREA.statements)() {
            world.store.read(|db| db.prepare(sql)).unwrap_or_else(|why| panic!("{name}: {why}"));
        }
    });
    for command in (laboratory::AREA.commands)() {
        (command.parse)(command.example).unwrap_or_else(|why| panic!("{}: {why:?}", command.name));
    }
    for fact in (laboratory::AREA.facts)() {
        assert!(
            !(fact.samples)().is_empty() && (fact.samples)().iter().all(|text| text.len() > 2),
            "{}",
            fact.kind
        );
    }
}

#[test]
fn every_real_file_reads_into_the_laboratory_as_its_key_says() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/instruments");
    let Ok(entries) = std::fs::read_dir(folder) else {
        assert!(std::env::var("CI").is_err(), "the instrument files are missing: {folder}");
        println!("left out: {folder} is not there");
        return;
    };
    let mut names: Vec<String> =
        entries.flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| !name.ends_with(".key.csv") && name != "README.md");
    names.sort();
    assert_eq!(names.len(), 13);
    on_each_database(|world| {
        let lab = Lab::new(world, WIDE_METHOD);
        for name in &names {
            let bytes = std::fs::read(format!("{folder}/{name}")).unwrap();
            let key = std::fs::read_to_string(format!("{folder}/{name}.key.csv")).unwrap();
            // Only one of them asks for it; Eltra writes the month first, and saying otherwise would be
            // refused.
            let asks = !name.starts_with("eltra");
            let date_order = asks.then_some(laboratory::import::DateOrder::DayFirst);
            let instrument = Some(lab.instrument);
            let context = ImportContext { instrument, date_order, ..ImportContext::of(lab.method) };
            let given = match name.as_str() {
                // Bruker writes the sample id only into the name of the file.
                "bruker-s8-tiger-xrf.csv" => "DU-0001.csv",
                "bruker-s8-tiger-xrf.xlsx" => "DU-0001-234987347.xlsx",
                other => other,
            };
            let receipt =
                import(&lab.world.store, &lab.analyst(), given, &bytes, None, &context, &mut |_| {});
            let receipt = receipt.unwrap_or_else(|why| panic!("{name}: {why}"));
            let key = key_rows(&key);
            let sql = "SELECT place, sample_id, analyte, raw, qualifier, value FROM reading WHERE import = ?1
                       ORDER BY number";
            let row = |row: &store::Row<'_>| {
                Ok([0, 1, 2, 3, 4].map(|at| row.text(at).unwrap_or_default()).into_iter().collect::<Vec<_>>())
            };
            let values = params![receipt.import.number()];
            let mut stored = lab.world.store.read(|db| db.query(sql, values, row)).unwrap();
            stored.sort();
            assert_eq!(stored.len(), key.len(), "{name}");
            for (stored, key) in stored.iter().zip(&key) {
                assert_eq!(stored, key, "{name}");
            }
            let again =
                import(&lab.world.store, &lab.analyst(), given, &bytes, None, &context, &mut |_| {}).unwrap();
            assert!(again.again && again.readings == receipt.readings);
        }
        store::verify(&lab.world.store, true).unwrap();
    });
}

#[test]
fn what_cannot_be_read_leaves_nothing_behind() {
    on_each_database(|world| {
        let lab = lab(world);
        let context = ImportContext::of(lab.method);
        let entries = lab.entries();
        let junk: &[&[u8]] = &[b"\x00\x01\x02\xff\xfe junk", b"", b"PK\x03\x04 not a zip"];
        for bytes in junk {
            let run = import(
                &lab.world.store,
                &lab.analyst(),
                "junk.xlsx",
                bytes,
                Some("plain"),
                &context,
                &mut |_| {},
            );
            assert!(run.is_err());
            assert!(
                import(&lab.world.store, &lab.analyst(), "j", bytes, None, &context, &mut |_| {}).is_err()
            );
        }
        assert_eq!(lab.entries(), entries);
        assert!(lab.world.store.files().all().unwrap().is_empty());
        let nobody = lab.world.actor_as(kernel::PersonId(77), &[Role::Analyst]);
        let text = csv(CLEAN);
        let run =
            import(&lab.world.store, &nobody, "c.csv", text.as_bytes(), Some("plain"), &context, &mut |_| {});
        assert!(matches!(run, Err(laboratory::ImportError::Stopped(store::Stop::Refused(_)))));
    });
}

#[test]
fn the_synthetic_file_of_the_bench_takes_the_real_path() {
    let readings: usize =
        std::env::var("OREPASS_BENCH_READINGS").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    on_each_database(|world| {
        let spec = |at: usize| format!(r#"{{"analyte": "A{at}", "unit": "mg/L", "basis": "not_stated"}}"#);
        let method = format!("[{}]", (1..=10).map(spec).collect::<Vec<_>>().join(","));
        let lab = Lab::new(world, &method);
        for at in 1..=readings / 10 {
            lab.sample(&format!("BENCH-{at}"));
        }
        let mapping =
            AddMapping { name: code("orepass-bench"), toml: laboratory::import::bench::MAPPING.to_owned() };
        lab.world.store.run(&lab.analyst(), mapping).unwrap();
        let context = ImportContext { instrument: Some(lab.instrument), ..ImportContext::of(lab.method) };
        let text = laboratory::import::bench::file(readings, readings / 10);
        let begun = std::time::Instant::now();
        let receipt =
            laboratory::import::bench::run(&lab.world.store, &lab.analyst(), &context, &text).unwrap();
        println!("{readings} readings in {:?}", begun.elapsed());
        assert_eq!(receipt.readings, BTreeMap::from([("result".to_owned(), readings as u64)]));
        assert_eq!(laboratory::import::bench::file(readings, readings / 10), text);
    });
}
