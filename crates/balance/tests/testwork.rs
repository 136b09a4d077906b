//! The formulae against the cases of the data folder, through the same entry as the command.

#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use balance::formulae::reading::Sheet;
use balance::formulae::registry;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

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

/// The examples of docs/testwork.md: what is fed to a command, and figures that come out of it.
fn examples(text: &str) -> Vec<(String, String, Value)> {
    let mut all = Vec::new();
    for part in text.split("```sh\norepass testwork ").skip(1) {
        let (line, rest) = part.split_once(" - <<'END'\n").unwrap();
        let (body, rest) = rest.split_once("\nEND\n```\n\n```json\n").unwrap();
        let (answer, _) = rest.split_once("```").unwrap();
        let name = line.split_whitespace().next().unwrap();
        all.push((name.to_owned(), body.to_owned(), serde_json::from_str(answer).unwrap()));
    }
    all
}

#[test]
fn the_document_shows_every_formula_and_its_examples_come_out() {
    let text = include_str!("../../../docs/testwork.md");
    let examples = examples(text);
    for formula in registry::ALL {
        let heading = format!("\n## `{}`\n", formula.name);
        assert!(text.contains(&heading), "docs/testwork.md has no section for {}", formula.name);
        assert!(examples.iter().any(|(name, ..)| name == formula.name), "{} has no example", formula.name);
    }
    for (name, body, want) in examples {
        let sheet = Sheet::parse(&body).unwrap();
        let have =
            registry::named(&name).unwrap().answer(&sheet).unwrap_or_else(|why| panic!("{name}: {why}"));
        let mut wrong = Vec::new();
        compare(&name, &want, &have, &|have, want| (have - want).abs() <= 1e-4 * want.abs(), &mut wrong);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

fn work(name: &str, text: &str) -> Result<Value, String> {
    let sheet = Sheet::parse(text).map_err(|why| why.to_string())?;
    registry::named(name).unwrap().answer(&sheet).map_err(|why| why.to_string())
}

/// (formula, input, what the refusal must name)
const REFUSED: &[(&str, &str, &str)] = &[
    ("bench", r#"{"weights_g": [45.3, 952.1], "assays_pct": [26.9, "<0.01"]}"#, "assays_pct[2]"),
    ("bench", r#"{"weights_g": [45.3, null], "assays_pct": [26.9, 0.07]}"#, "weights_g[2]"),
    ("bench", r#"{"weights_g": [45.3], "assays_pct": [26.9, 0.07]}"#, "assays_pct: has 2 values"),
    ("bench", r#"{"weights_g": [45.3, -1], "assays_pct": [26.9, 0.07]}"#, "weights_g[2]"),
    ("bench", "weights_g,assays_pct\n45.3,26.9\n952.1,\n", "assays_pct[2]"),
    ("two-product", r#"{"feed": 1.3, "concentrate": 26}"#, "tail: is missing"),
    ("two-product", r#"{"feed": 30, "concentrate": 26, "tail": 0.1}"#, "not between"),
    ("two-product", r#"{"feed": "ND", "concentrate": 26, "tail": 0.1}"#, "`ND` is not a number"),
    ("two-product", r#"{"feed": 1.3, "concentrate": 26, "tail": 0.1, "fedd": 2}"#, "fedd"),
    ("two-product", r#"{"feed": [1.3, -0.1], "concentrate": 26, "tail": 0.1}"#, "feed.sd"),
    ("three-product", r#"{"feed": {"pb": 5}, "a": {"pb": 60}, "b": {"pb": 2}, "tail": {"pb": 1}}"#, "feed"),
    (
        "period",
        r#"{"opening": [1, 1], "receipts": 5, "product": [3, 1], "tailings": 1, "closing": 2}"#,
        "receipts.sd",
    ),
    ("bond", r#"{"f80_um": 100, "p80_um": 1000, "work_index_kwh_t": 12}"#, "p80_um"),
    ("bond", r#"{"f80_um": 1000, "p80_um": 100}"#, "work_index_kwh_t"),
    ("partition", r#"{"size_um": [10, 20, 20, 40], "partition_pct": [5, 30, 31, 80]}"#, "size_um[3]"),
    ("partition", r#"{"size_um": [10, 20, 30, 40], "partition_pct": [5, 30, 131, 80]}"#, "partition_pct[3]"),
    ("kinetics", r#"{"time_min": [1, 2, 2], "recovery_pct": [40, 60, 61]}"#, "time_min[3]"),
    ("kinetics", r#"{"time_min": [1, 2, 4], "recovery_pct": [40, 60, 161]}"#, "recovery_pct[3]"),
    ("kinetics", r#"{"time_min": [1, 2, 4], "recovery_pct": [40, 60, 70], "models": ["cubic"]}"#, "cubic"),
    ("kinetics", "time_min,recovery_pct\n1,40\n2,<60\n", "recovery_pct[2]"),
    (
        "locked-cycle",
        r#"{"conc_g": [1, 2], "conc_cu_pct": [20, 20], "tail_g": [9, 8], "tail_cu_pct": [1, 1],
        "fresh_feed_g_per_cycle": 10, "fresh_feed_cu_pct": 2}"#,
        "last",
    ),
    ("leach", r#"{"head_mass_g": 500, "head_grade_g_t": 3, "residue_grade_g_t": 0.3}"#, "residue_mass_g"),
    (
        "leach",
        r#"{"head_mass_g": 500, "head_grade_g_t": 3, "head_grade_pct": 1, "residue_mass_g": 490,
        "residue_grade_g_t": 0.3}"#,
        "two units",
    ),
    (
        "sx-mccabe",
        r#"{"feed": 2.5, "target_raffinate": 0.1, "O_over_A": 0.2, "isotherm": "y=7.5x/(0.9+x)"}"#,
        "O/A",
    ),
    (
        "sx-mccabe",
        r#"{"feed": 2.5, "target_raffinate": 0.1, "O_over_A": 1, "isotherm": "y=sin(x)"}"#,
        "isotherm",
    ),
    ("kremser", r#"{"E": 0.5, "target_extraction_pct": 60}"#, "target_extraction_pct"),
    (
        "gy",
        r#"{"ore_assay_pct": 90, "mineral_assay_pct": 86.6, "rel_error_pct": 2, "liberation_cm": 0.015,
        "rho_mineral": 7.5, "rho_gangue": 2.65, "g": 0.25, "top_size_cm": 1}"#,
        "ore_assay_pct",
    ),
    ("grade-recovery", r#"{"weights_g": [1, 2], "assays_pct": [10, "trace"]}"#, "assays_pct[2]"),
    (
        "separation-efficiency",
        r#"{"feed_pct": 1, "concentrate_pct": 90, "mineral_assay_pct": 78}"#,
        "concentrate_pct",
    ),
    ("doe", r#"{"y": [1, 2, 3]}"#, "2^k"),
    ("doe", "A,B,y\n-1,-1,5\n1,-1,6\n-1,1,7\n", "A 1, B 1"),
    ("doe", r#"{"y": [1, 2, 3, ""]}"#, "y[4]"),
];

#[test]
fn what_cannot_be_right_is_refused_by_name() {
    for (name, text, named) in REFUSED {
        match work(name, text) {
            Err(why) => assert!(why.contains(named), "{name} {text}: {why}"),
            Ok(answer) => panic!("{name} {text}: {answer}"),
        }
    }
}

/// Box, Hunter & Hunter, Statistics for Experimenters, pilot plant: temperature, concentration, catalyst.
#[test]
fn the_pilot_plant_of_box_hunter_and_hunter() {
    let y = "[[59, 61], [74, 70], [50, 58], [69, 67], [50, 54], [81, 85], [46, 44], [79, 81]]";
    let answer = work("doe", &format!("{{\"y\": {y}}}")).unwrap();
    let effects =
        [("A", 23.0), ("B", -5.0), ("C", 1.5), ("AB", 1.5), ("AC", 10.0), ("BC", 0.0), ("ABC", 0.5)];
    for (word, want) in effects {
        assert!((answer["effects"][word].as_f64().unwrap() - want).abs() < 1e-9, "{word}: {answer}");
    }
    assert!((answer["mean"].as_f64().unwrap() - 64.25).abs() < 1e-9);
    assert!((answer["effect_sd"].as_f64().unwrap() - 1.414).abs() < 1e-3, "{answer}");
}

/// Wills & Finch: galena ore of 5 % Pb at 25 mm, 178 kg for a standard deviation of 1 %.
#[test]
fn the_galena_ore_of_wills_at_25_mm() {
    let answer = work(
        "gy",
        r#"{"ore_assay_pct": 5, "mineral_assay_pct": 86.6, "rho_mineral": 7.5, "rho_gangue": 2.65, "g": 0.25,
            "liberation_um": 150, "top_size_mm": 25, "sample_mass_g": 178000}"#,
    );
    let sd = answer.unwrap()["total_rel_sd_pct"].as_f64().unwrap();
    assert!((sd - 1.0).abs() < 0.01, "{sd}");
}

/// The closed forms of the standard deviations against a difference quotient.
#[test]
fn the_doubt_of_recoveries_follows_the_assays() {
    let recovery = |f: f64, c: f64, t: f64| {
        let text = format!("{{\"feed\": {f}, \"concentrate\": {c}, \"tail\": {t}}}");
        work("two-product", &text).unwrap()["recovery_pct"].as_f64().unwrap()
    };
    let (f, c, t) = (1.3, 25.0, 0.12);
    let sds = [0.03, 0.4, 0.01];
    let step = 1e-6;
    let slopes = [
        (recovery(f + step, c, t) - recovery(f - step, c, t)) / (2.0 * step),
        (recovery(f, c + step, t) - recovery(f, c - step, t)) / (2.0 * step),
        (recovery(f, c, t + step) - recovery(f, c, t - step)) / (2.0 * step),
    ];
    let want = slopes.iter().zip(sds).map(|(slope, sd)| (slope * sd).powi(2)).sum::<f64>().sqrt();
    let two = work("two-product", r#"{"feed": [1.3, 0.03], "concentrate": [25, 0.4], "tail": [0.12, 0.01]}"#)
        .unwrap();
    assert!((two["recovery_sd_pct"].as_f64().unwrap() / want - 1.0).abs() < 1e-6, "{two}");
    // Two products and one metal: the general formula says the same as the special one.
    let general = r#"{"feed": {"cu": [1.3, 0.03]}, "conc": {"cu": [25, 0.4]}, "tail": {"cu": [0.12, 0.01]}}"#;
    let general = &work("n_product", general).unwrap()["products"][0];
    for (key, have) in [
        ("recovery_sd_pct", &general["recovery_sd_pct"]["cu"]),
        ("mass_pull_sd_pct", &general["mass_pull_sd_pct"]),
    ] {
        assert!((have.as_f64().unwrap() / two[key].as_f64().unwrap() - 1.0).abs() < 1e-9, "{key}: {general}");
    }
}

/// (formula, table, JSON that says the same)
const TABLES: &[(&str, &str, &str)] = &[
    (
        "three-product",
        "stream,Pb,Zn,feed_mass\nfeed,5.45,9.9,200\npb conc,60,10,\nzn conc,2,55,\ntail,0.25,1.2,\n",
        r#"{"metals": ["Pb", "Zn"], "feed": [5.45, 9.9], "pb conc": [60, 10], "zn conc": [2, 55],
            "tail": [0.25, 1.2], "feed_mass": 200}"#,
    ),
    (
        "bench",
        "product;weight_g;Cu_pct;head_Cu_pct\nc;20;25;1.1\nt;980;0.6;1.1\n",
        r#"{"products": ["c", "t"], "weights_g": [20, 980], "assays_pct": {"Cu": [25, 0.6]},
            "head_Cu_pct": 1.1}"#,
    ),
    (
        "period",
        "opening,opening_sd,receipts,receipts_sd,product,product_sd,tailings,tailings_sd,closing,closing_sd\n\
         412,6,1530,9.2,1391.5,4.2,118,3.5,428,8\n",
        r#"{"opening": [412, 6], "receipts": {"value": 1530, "sd": 9.2},
            "product": [{"value": 1391.5, "sd": 4.2}],
            "tailings": [118, 3.5], "closing": [428, 8]}"#,
    ),
    (
        "doe",
        "run,A,B,y\n1,1,1,9\n2,-1,1,7\n3,1,-1,4\n4,-1,-1,5\n",
        r#"{"factors": ["A", "B"], "y": [5, 4, 7, 9]}"#,
    ),
    (
        "kinetics",
        "\u{feff}Time min\tRecovery-pct\n1\t50\n2\t70\n4\t82\n8\t86\n",
        r#"{"kind": "kinetics", "inputs": {"time_min": [1, 2, 4, 8], "recovery_pct": [50, 70, 82, 86]}}"#,
    ),
];

#[test]
fn a_table_and_json_say_the_same() {
    for (name, table, json) in TABLES {
        let (table, json) = (work(name, table), work(name, json));
        assert!(json.is_ok(), "{name}: {json:?}");
        assert_eq!(table, json, "{name}");
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

fn sum(value: &Value) -> f64 {
    value.as_array().into_iter().flatten().map(number).sum()
}

proptest! {
    #[test]
    fn recoveries_of_ordered_assays_lie_between_0_and_100(
        tail in 0.001..1.0_f64, above in 0.001..5.0_f64, further in 0.001..60.0_f64,
    ) {
        let (feed, concentrate) = (tail + above, tail + above + further);
        let two = json!({"feed": [feed, 0.1], "concentrate": [concentrate, 0.1], "tail": [tail, 0.1]});
        let answer = work("two-product", &two.to_string()).unwrap();
        for key in ["recovery_pct", "mass_pull_pct", "loss_pct"] {
            prop_assert!((0.0..=100.0).contains(&number(&answer[key])), "{key}: {answer}");
        }
        let shares = answer["recovery_variance_shares_pct"].as_object().unwrap();
        prop_assert!((shares.values().map(number).sum::<f64>() - 100.0).abs() < 1e-9);
        let swapped = json!({"feed": concentrate, "concentrate": feed, "tail": tail});
        prop_assert!(work("two-product", &swapped.to_string()).is_err());
    }

    #[test]
    fn distributions_add_up_to_100(rows in vec((0.1..1000.0_f64, 0.001..60.0_f64), 1..9)) {
        let (weights, assays): (Vec<f64>, Vec<f64>) = rows.into_iter().unzip();
        let test = json!({"weights_g": weights, "assays_pct": assays}).to_string();
        let answer = work("bench", &test).unwrap();
        prop_assert!((sum(&answer["recovery_pct"]) - 100.0).abs() < 1e-9);
        prop_assert!((sum(&answer["weight_pct"]) - 100.0).abs() < 1e-9);
        let units = number(&answer["feed_units"]) / 100.0;
        prop_assert!((units / number(&answer["calc_head_pct"]) - 1.0).abs() < 1e-9);
        if weights.len() > 1 {
            let curve = work("grade-recovery", &test).unwrap();
            let last = curve["cumulative_recovery_pct"].as_array().unwrap().last().map(number).unwrap();
            prop_assert!((last - 100.0).abs() < 1e-9);
        }
    }

    #[test]
    fn what_was_mixed_is_parted_again(first in 0.02..0.3_f64, second in 0.02..0.3_f64) {
        let assays = [[60.0, 10.0], [2.0, 55.0], [0.25, 1.2]];
        let shares = [first, second, 1.0 - first - second];
        let mixed = |metal: usize| (0..3).map(|j| shares[j] * assays[j][metal]).sum::<f64>();
        let given = json!({"feed": [mixed(0), mixed(1)], "products": [
            {"name": "a", "assays": {"1": 60, "2": 10}}, {"name": "b", "assays": [2, 55]},
            {"name": "tail", "assays": {"1": 0.25, "2": 1.2}}]});
        let answer = work("three-product", &given.to_string()).unwrap();
        for (at, share) in shares.into_iter().enumerate() {
            prop_assert!((number(&answer["products"][at]["mass_pull_pct"]) / 100.0 - share).abs() < 1e-9);
        }
        for metal in ["1", "2"] {
            let parts = answer["products"].as_array().unwrap().iter();
            let all: f64 = parts.map(|part| number(&part["recovery_pct"][metal])).sum();
            prop_assert!((all - 100.0).abs() < 1e-9);
        }
    }

    #[test]
    fn a_reconciled_period_closes_and_no_doubt_grows(
        figures in vec(100.0..2000.0_f64, 3), loss in -50.0..50.0_f64, sds in vec(0.1..20.0_f64, 5),
    ) {
        let (opening, closing, tailings) = (figures[0], 0.5 * figures[0], figures[1]);
        let receipts = figures[1] + figures[2];
        let product = opening + receipts - tailings - closing - loss;
        prop_assume!(product > 0.0);
        let given = json!({
            "opening": [opening, sds[0]], "receipts": [receipts, sds[1]], "product": [product, sds[2]],
            "tailings": [tailings, sds[3]], "closing": [closing, sds[4]],
        });
        let answer = work("period", &given.to_string()).unwrap();
        let r: Vec<f64> = answer["reconciled"].as_array().unwrap().iter().map(number).collect();
        prop_assert!((r[0] + r[1] - r[2] - r[3] - r[4]).abs() < 1e-8 * receipts);
        for line in answer["lines"].as_array().unwrap() {
            prop_assert!(number(&line["reconciled_sd"]) <= number(&line["sd"]));
        }
    }

    #[test]
    fn mean_and_effects_rebuild_the_responses(y in vec(-100.0..100.0_f64, 8)) {
        let answer = work("doe", &json!({"y": y}).to_string()).unwrap();
        for (run, want) in y.iter().enumerate() {
            let sign = |word: &str| {
                let low = word.bytes().filter(|letter| run >> (letter - b'A') & 1 == 0).count();
                if low % 2 == 0 { 0.5 } else { -0.5 }
            };
            let effects = answer["effects"].as_object().unwrap();
            let all: f64 = effects.iter().map(|(word, effect)| sign(word) * number(effect)).sum();
            prop_assert!((number(&answer["mean"]) + all - want).abs() < 1e-9);
        }
    }
}
