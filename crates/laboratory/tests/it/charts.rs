//! Control charts: the point that is judged is never in the limits that judge it.

use laboratory::import::AddMapping;
use laboratory::qc::EnterControl;
use laboratory::worksheet::OpenWorksheet;
use serde_json::Value;

use crate::lab::{Lab, code, on_each_database};
use crate::pages::page;

/// A tolerance so wide that it stops nothing; duplicates are judged near the limit of detection.
const WIDE: &str = r#"[{"analyte": "Mn", "unit": "mg/L", "basis": "not_stated", "lod": "0.001",
    "reference_required": "yes", "reference_percent": "60"}]"#;
/// The ten controls of field-faults/20, the last of them gross.
const CONTROLS: [&str; 10] = ["1.00", "1.01", "0.99", "1.00", "1.02", "0.98", "1.00", "1.01", "0.99", "1.50"];

/// Enters controls an hour apart on a worksheet; gives their verdicts.
fn entered(lab: &Lab, values: &[&str]) -> Vec<String> {
    entered_on(lab, "WS-1", values)
}

fn entered_on(lab: &Lab, sheet: &str, values: &[&str]) -> Vec<String> {
    let places =
        vec![serde_json::json!({"kind": "reference", "reference_lot": lab.reference_lot}); values.len()];
    let sheet = serde_json::json!({"code": sheet, "method": lab.method, "places": places});
    let sheet: OpenWorksheet = serde_json::from_value(sheet).unwrap();
    let worksheet = lab.world.store.run(&lab.analyst(), sheet).unwrap().id().unwrap();
    for (at, value) in values.iter().enumerate() {
        lab.world.clock.advance_seconds(3600);
        let control = EnterControl {
            worksheet,
            position: serde_json::from_value((at + 1).into()).unwrap(),
            analyte: code("Mn"),
            value: code(value),
            unit: None,
        };
        lab.world.store.run(&lab.analyst(), control).unwrap();
    }
    let sql = "SELECT verdict FROM qc_event ORDER BY number";
    lab.world.store.read(|db| db.query(sql, &[], |row| row.text(0))).unwrap()
}

fn chart(lab: &Lab) -> (Value, String) {
    let named = [("lot", lab.reference_lot.to_string()), ("analyte", "Mn".to_owned())];
    let view = page(lab, "/laboratory/charts/{lot}/{analyte}", &named, &[]).unwrap();
    (view.data, view.body.into_string())
}

fn fired(data: &Value) -> Vec<usize> {
    let one_three = |one: &Value| {
        one["judged"]["fired"].as_array().is_some_and(|rules| rules.contains(&Value::from("1-3s")))
    };
    let controls = data["controls"].as_array().unwrap();
    (0..controls.len()).filter(|at| one_three(&controls[*at])).collect()
}

#[test]
fn a_gross_control_fires_on_the_chart_and_fails_in_its_run() {
    on_each_database(|world| {
        let lab = Lab::new(world, WIDE);
        let verdicts = entered(&lab, &CONTROLS);
        assert!(verdicts[..9].iter().all(|verdict| verdict == "pass"), "{verdicts:?}");
        assert_eq!(verdicts[9], "failure", "60 % of 1.00 would let 1.50 pass");
        let (data, body) = chart(&lab);
        assert_eq!(fired(&data), [9]);
        let last = &data["controls"][9]["judged"];
        assert_eq!(last["limits"]["points"], 9);
        assert!((last["limits"]["mean"].as_f64().unwrap() - 1.0).abs() < 1e-12);
        assert_eq!(data["spread"]["left_out"], 1, "nor does it count for the next");
        assert!(body.contains("1-3s") && body.contains("控制限由最初 9 个受控点建立"));
        store::verify(&lab.world.store, true).unwrap();
    });
}

/// Copies of the newest control, more than any page or limit takes, measured at an instant.
fn many(lab: &Lab, copies: u32, unit: &str, measured_at: &str) {
    let sql = format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {copies})
         INSERT INTO qc_event (number, run, position, kind, analyte, method_version, reference_lot, measured,
         value, target, tolerance, unit, rule, verdict, measured_at, hand_typed, recorded_at)
         SELECT (SELECT MAX(number) FROM qc_event) + 1000000 + i, run, position, kind, analyte,
         method_version, reference_lot, '1.01', '1.01', target, tolerance, '{unit}', rule, verdict,
         '{measured_at}', hand_typed, recorded_at
         FROM qc_event CROSS JOIN n WHERE number = (SELECT MAX(number) FROM qc_event)"
    );
    let mut db = match lab.world.database() {
        Some(url) => store::Db::postgres(url).unwrap(),
        None => store::Db::sqlite(&lab.world.folder().join("orepass.db")).unwrap(),
    };
    assert_eq!(db.execute(&sql, &[]).unwrap(), u64::from(copies));
}

#[test]
fn after_thousands_of_controls_the_newest_is_on_the_chart_and_judged_by_the_first() {
    on_each_database(|world| {
        let lab = Lab::new(world, WIDE);
        entered(&lab, &CONTROLS[..9]);
        let later = lab.world.store.now().plus_seconds(60).to_string();
        many(&lab, 5100, "mg/L", &later);
        entered_on(&lab, "WS-2", &["1.50"]);
        let (data, _) = chart(&lab);
        let controls = data["controls"].as_array().unwrap();
        assert_eq!((controls.len(), controls[499]["measured"].as_str()), (500, Some("1.50")));
        assert_eq!(fired(&data), [499]);
        assert_eq!(controls[499]["verdict"], "failure");
        let limits = &controls[499]["judged"]["limits"];
        assert_eq!((limits["points"].as_u64(), &data["spread"]["points"]), (Some(25), &25.into()));
        let mean = limits["mean"].as_f64().unwrap();
        assert!((mean - (9.0 + 16.0 * 1.01) / 25.0).abs() < 1e-9, "the first 25 points: {mean}");
    });
}

#[test]
fn points_in_a_unit_of_old_do_not_crowd_out_those_that_make_the_limits() {
    on_each_database(|world| {
        let lab = Lab::new(world, WIDE);
        entered(&lab, &CONTROLS[..1]);
        many(&lab, 300, "%", "2026-01-01T00:00:00.000000Z");
        entered_on(&lab, "WS-2", &CONTROLS[1..9]);
        entered_on(&lab, "WS-3", &["1.50"]);
        let data = chart(&lab).0;
        let last = data["controls"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["verdict"], &last["unit"]), (&"failure".into(), &"mg/L".into()));
        assert_eq!((&last["judged"]["limits"]["points"], &data["unit"]), (&9.into(), &"mg/L".into()));
    });
}

#[test]
fn a_censored_control_that_was_typed_is_no_point_of_the_chart() {
    on_each_database(|world| {
        let lab = Lab::new(world, WIDE);
        entered(&lab, &["1.00", "<5", ">0.2"]);
        let data = chart(&lab).0;
        let charted: Vec<_> =
            data["controls"].as_array().unwrap().iter().map(|one| &one["charted"]).collect();
        assert_eq!(charted, [&Value::from(1.0), &Value::Null, &Value::Null]);
    });
}

#[test]
fn a_gross_control_fires_wherever_it_stands_but_is_judged_by_what_was_known() {
    on_each_database(|world| {
        let lab = Lab::new(world, WIDE);
        let mut order = CONTROLS[..9].to_vec();
        order.insert(1, CONTROLS[9]);
        let verdicts = entered(&lab, &order);
        assert!(!verdicts.contains(&"failure".to_owned()), "the stated limits hold until there are others");
        assert_eq!(fired(&chart(&lab).0), [1]);
    });
}

#[test]
fn below_the_least_number_of_points_the_stated_limits_hold_and_the_chart_says_so() {
    on_each_database(|world| {
        let lab = Lab::new(world, WIDE);
        assert_eq!(entered(&lab, &["1.00", "1.50", "1.70"]), ["pass", "warning", "failure"]);
        let (data, body) = chart(&lab);
        assert!(data["spread"].is_null() && fired(&data).is_empty());
        assert_eq!((&data["stated"]["target"], &data["stated"]["tolerance"]), (&"1".into(), &"0.6".into()));
        assert!(body.contains("控制限尚未建立") && body.contains("判定"), "{body}");
    });
}

#[test]
fn controls_of_files_are_judged_by_the_same_limits() {
    on_each_database(|world| {
        let lab = Lab::new(world, WIDE);
        let mapping = AddMapping { name: code("plain"), toml: crate::MAPPING.to_owned() };
        lab.world.store.run(&lab.analyst(), mapping).unwrap();
        lab.sample("S-1");
        let rows: Vec<_> = CONTROLS.iter().map(|value| ("CRM-1", "Mn", *value)).collect();
        crate::take(&lab, "controls.csv", &rows[..9]);
        lab.world.clock.advance_seconds(3600);
        crate::take(&lab, "gross.csv", &[("S-1", "Mn", "3"), rows[9]]);
        assert_eq!(lab.results()[0].qc, "failure");
        assert_eq!(fired(&chart(&lab).0), [9]);
        store::verify(&lab.world.store, true).unwrap();
    });
}

#[test]
fn duplicates_near_the_limit_of_detection_are_judged_as_field_fault_21_has_it() {
    let method = r#"[{"analyte": "Mn", "unit": "mg/L", "basis": "not_stated", "lod": "0.001",
        "duplicate_percent": "5"}]"#;
    for (first, again, qc) in [
        ("0.0005", "<0.001", "pass"),
        ("<0.001", "<0.001", "pass"),
        ("ND", "<0.001", "pass"),
        ("<0.001", "0.0005", "pass"),
        ("<0.001", "5", "failure"),
        ("<0.001", "0.0025", "not_tested"),
    ] {
        on_each_database(|world| {
            let lab = Lab::new(world, method);
            let mapping = AddMapping { name: code("plain"), toml: crate::MAPPING.to_owned() };
            lab.world.store.run(&lab.analyst(), mapping).unwrap();
            lab.sample("S-1");
            crate::take(&lab, "d.csv", &[("S-1", "Mn", first), ("S-1 DUP", "Mn", again)]);
            assert_eq!(lab.results()[0].qc, qc, "{first} {again}");
        });
    }
}
