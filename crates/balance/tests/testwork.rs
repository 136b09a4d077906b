//! The formulae against the cases of the data folder, through the same entry as the command.

use std::path::PathBuf;

use balance::formulae::reading::Sheet;
use balance::formulae::registry;
use serde_json::Value;

/// The cases of test work, where the data folder is there.
fn cases() -> Option<Vec<(String, String)>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/reconciliation");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        assert!(std::env::var_os("CI").is_none(), "{} must be present where CI is set", folder.display());
        println!("skipped: {} is absent", folder.display());
        return None;
    };
    let mut all: Vec<(String, String)> = entries
        .flatten()
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()))
        .filter(|(name, _)| name.starts_with("met-"))
        .map(|(name, path)| (name, std::fs::read_to_string(path).unwrap()))
        .collect();
    all.sort();
    assert_eq!(all.len(), 7, "cases of test work");
    Some(all)
}

/// How close a figure is to the one that is wanted.
type Close<'a> = &'a dyn Fn(f64, f64) -> bool;

fn answer(text: &str) -> Value {
    let sheet = Sheet::parse(text).unwrap();
    registry::of_kind(&sheet).unwrap().answer(&sheet).unwrap_or_else(|problem| panic!("{problem}"))
}

/// Every figure of `want` is in `have` under the same key, within the tolerance.
fn compare(place: &str, want: &Value, have: &Value, close: Close<'_>, wrong: &mut Vec<String>) {
    match want {
        Value::Object(map) => {
            for (key, want) in map {
                compare(&format!("{place}.{key}"), want, &have[key.as_str()], close, wrong);
            }
        }
        Value::Array(list) => {
            if have.as_array().map(Vec::len) != Some(list.len()) {
                wrong.push(format!("{place}: {have} for {want}"));
            }
            for (at, want) in list.iter().enumerate() {
                compare(&format!("{place}[{at}]"), want, &have[at], close, wrong);
            }
        }
        Value::Number(number) => {
            let ok = have.as_f64().zip(number.as_f64()).is_some_and(|(have, want)| close(have, want));
            if !ok {
                wrong.push(format!("{place}: {have} for {want}"));
            }
        }
        other => {
            if other != have {
                wrong.push(format!("{place}: {have} for {want}"));
            }
        }
    }
}

#[test]
fn every_case_of_the_data_folder_is_answered_within_its_tolerance() {
    for (name, text) in cases().into_iter().flatten() {
        let case: Value = serde_json::from_str(&text).unwrap();
        let answer = answer(&text);
        let tolerance = &case["tolerance"];
        let of = |key: &str| tolerance[key].as_f64();
        let relative = of("rel").or(of("param_rel")).or(of("rel_vs_published")).unwrap_or(1e-9);
        let absolute = of("abs_small").or(of("abs_vs_published")).unwrap_or(1e-12);
        let close = |have: f64, want: f64| {
            let apart = (have - want).abs();
            apart <= relative * want.abs() || apart <= absolute
        };
        let mut expected = case["expected"].clone();
        for row in expected["rows"].as_array_mut().into_iter().flatten() {
            // What a book printed, rounded, beside the answer it is compared with below.
            row.as_object_mut().unwrap().remove("published_mass_g");
        }
        let mut wrong = Vec::new();
        compare(&name, &expected, &answer, &close, &mut wrong);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

#[test]
fn the_masses_of_gy_are_those_that_wills_printed() {
    let Some(cases) = cases() else { return };
    let (_, text) = cases.iter().find(|(name, _)| name.starts_with("met-gy")).unwrap();
    let answer = answer(text);
    for (at, published) in [1_369_632.0, 24_501.0, 438.0, 0.07].into_iter().enumerate() {
        let mass = answer["rows"][at]["mass_with_safety_2_g"].as_f64().unwrap();
        assert!((mass - published).abs() <= (0.002_f64 * published).max(0.005), "{mass} for {published}");
    }
    assert!((answer["total_rel_error_pct"].as_f64().unwrap() - 1.4).abs() < 0.05);
}
