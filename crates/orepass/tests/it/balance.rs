//! `orepass balance` as a metallurgist gives it: the program, on flowsheets of its own and signals.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// Runs the program upon standard input: how it ended, what it printed, what it complained of.
fn orepass(arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_orepass"))
        .arg("balance")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let out = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (out.status.code().unwrap(), text(out.stdout), text(out.stderr))
}

fn answer(arguments: &[&str], input: &str) -> Value {
    let (code, out, error) = orepass(&[arguments, &["--format", "json"]].concat(), input);
    assert_eq!((code, error.as_str()), (0, ""), "{out}");
    serde_json::from_str(&out).unwrap()
}

/// A rougher whose cleaner tailings come back; all flows measured, the feed 5 % high.
fn circuit() -> String {
    let flow =
        |stream: &str, value: f64, sd: f64| json!({"stream": stream, "of": "flow", "value": value, "sd": sd});
    json!({
        "streams": [
            {"name": "feed", "to": "rougher"},
            {"name": "rougher conc", "from": "rougher", "to": "cleaner"},
            {"name": "cleaner tail", "from": "cleaner", "to": "rougher"},
            {"name": "conc", "from": "cleaner"},
            {"name": "tail", "from": "rougher"}
        ],
        "measurements": [
            flow("feed", 210.0, 1.0), flow("rougher conc", 30.1, 0.3), flow("cleaner tail", 19.9, 0.2),
            flow("conc", 10.0, 0.1), flow("tail", 190.2, 1.0)
        ]
    })
    .to_string()
}

#[test]
fn a_flowsheet_is_solved_and_says_what_its_figures_hang_on() {
    let found = answer(&["solve", "-", "--target", "conc:flow", "--recovery", "conc:flow"], &circuit());
    assert_eq!(found["global_test"], "reject");
    let first = &found["suspects"][0];
    assert!(["feed", "tail"].contains(&first["stream"].as_str().unwrap()), "{first}");
    for value in found["values"].as_array().unwrap() {
        let figure = |key: &str| value[key].as_f64().unwrap();
        let half = 1.959_963_984_540_054 * figure("sd");
        assert!((figure("lower") - (figure("value") - half)).abs() < 1e-9, "{value}");
        assert!((figure("upper") - (figure("value") + half)).abs() < 1e-9, "{value}");
    }
    let drivers = found["influence"][0]["measurements"].as_array().unwrap();
    assert_eq!((&drivers[0]["stream"], &drivers[0]["rank"]), (&json!("conc"), &json!(1)));
    let shares: f64 = drivers.iter().map(|one| one["share"].as_f64().unwrap()).sum();
    assert!((shares - 1.0).abs() < 1e-9);
    let helpers = found["next_measurement"][0]["candidates"].as_array().unwrap();
    assert_eq!(helpers[0]["stream"], "conc");
    assert!(helpers.iter().all(|one| one["sd_after"].as_f64() < one["sd_before"].as_f64()));
    assert_eq!(found["next_measurement"][1]["target"]["kind"], "recovery");
    assert!(answer(&["solve", "-"], &circuit()).get("influence").is_none());
}

#[test]
fn a_sheet_is_solved_to_the_hand_calculated_answer() {
    // one node, three meters of equal deviation: the imbalance of 3 is shared out evenly
    let sheet = "stream,from,to,flow [t/h],flow sd\nfeed,,mill,103,2\nconc,mill,,40,2\ntail,mill,,60,2\n";
    let found = answer(&["solve", "-"], sheet);
    for (at, value) in [(0, 102.0), (1, 41.0), (2, 61.0)] {
        assert!((found["values"][at]["value"].as_f64().unwrap() - value).abs() < 1e-9, "{found}");
        let sd = (4.0_f64 * 2.0 / 3.0).sqrt();
        assert!((found["values"][at]["sd"].as_f64().unwrap() - sd).abs() < 1e-9);
    }
    assert!((found["objective"].as_f64().unwrap() - 0.75).abs() < 1e-9);
    let (_, table, _) = orepass(&["solve", "-", "--target", "feed:flow"], sheet);
    for word in ["lower", "upper", "what flow in feed hangs on", "would help flow in feed most"] {
        assert!(table.contains(word), "{word}: {table}");
    }
}

#[test]
fn trials_are_the_same_for_the_same_seed_and_larger_biases_are_found_more_often() {
    let arguments = ["identify", "-", "--runs", "400", "--seed", "7"];
    let found = answer(&arguments, &circuit());
    assert_eq!(found, answer(&arguments, &circuit()));
    assert_ne!(found, answer(&["identify", "-", "--runs", "400", "--seed", "8"], &circuit()));
    assert_eq!((&found["trials"], &found["left_out"]), (&json!(400), &json!(0)));
    assert!((found["false_alarms"].as_f64().unwrap() - 0.05).abs() < 0.04, "{found}");
    assert!((found["coverage"].as_f64().unwrap() - 0.95).abs() < 0.03, "{found}");
    let meters = found["meters"].as_array().unwrap();
    assert_eq!(meters.len(), 5);
    for meter in meters {
        let detected: Vec<f64> = meter["rates"]
            .as_array()
            .unwrap()
            .iter()
            .map(|rate| rate["detected"].as_f64().unwrap())
            .collect();
        assert!(detected[0] <= detected[1] && detected[1] <= detected[2], "{meter}");
    }
    let one = answer(&["identify", "-", "--runs", "50", "--meter", "conc:flow"], &circuit());
    assert_eq!(one["meters"].as_array().unwrap().len(), 1);
}

#[test]
fn five_thousand_streams_are_tried_as_far_as_time_allows_and_it_is_said() {
    let mut streams = vec![json!({"name": "s0", "to": "n0"})];
    for i in 0..2499 {
        streams.push(json!({"name": format!("p{i}"), "from": format!("n{i}")}));
        streams.push(
            json!({"name": format!("s{}", i + 1), "from": format!("n{i}"), "to": format!("n{}", i + 1)}),
        );
    }
    streams.push(json!({"name": "end", "from": "n2499"}));
    let measured = |stream: &Value| {
        let name = stream["name"].as_str().unwrap();
        let left = |done: f64| 1000.0 - 0.1 * done;
        let value = match name.split_at(1) {
            ("p", _) => 0.1,
            ("s", done) => left(done.parse().unwrap()),
            _ => left(2499.0),
        };
        json!({"stream": name, "of": "flow", "value": value, "sd": value / 100.0})
    };
    let measurements: Vec<Value> = streams.iter().map(measured).collect();
    let plant = json!({"streams": streams, "measurements": measurements}).to_string();
    let found = answer(&["identify", "-"], &plant);
    assert_eq!(found["notes"][0]["code"], "fewer-trials", "{}", found["notes"]);
    let (trials, tried) = (found["trials"].as_u64().unwrap(), found["meters"].as_array().unwrap().len());
    assert!((100..1000).contains(&trials), "{trials}");
    assert_eq!(tried + found["left_out"].as_u64().unwrap() as usize, 5000);
}

#[test]
fn signals_are_judged_each_by_both_tests() {
    let mut state = 1_u64;
    let mut noise = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    };
    let mut sheet = String::from("time,feed,level,stuck\n");
    for i in 0..300 {
        let (feed, level) = (100.0 + noise(), 50.0 + 0.05 * f64::from(i) + noise());
        sheet.push_str(&format!("{i},{feed},{level},7\n"));
    }
    let found = answer(&["steady", "-"], &sheet);
    let series = found["series"].as_array().unwrap();
    let names: Vec<&str> = series.iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["feed", "level", "stuck"]);
    assert_eq!(series[0]["steady_window"], true, "{}", series[0]);
    assert!(series[0]["ratio"].as_f64() > series[0]["ratio_critical"].as_f64());
    assert_eq!((&series[1]["verdict"], &series[2]["verdict"]), (&json!("not-steady"), &json!("constant")));
    assert_eq!(found["r_critical"], 1.44);
}

#[test]
fn what_cannot_be_right_ends_with_2_and_is_named() {
    let sheet = "stream,from,to,flow,flow sd\nfeed,,mill,103,2\nconc,mill,,x7,2\n";
    let cases: &[(&[&str], &str, &[&str])] = &[
        (&["solve", "-"], sheet, &["row 3", "x7"]),
        (&["solve", "-"], r#"{"streams": [], "mesurements": []}"#, &["mesurements"]),
        (&["solve", "-", "--target", "concentrate:flow"], &circuit(), &["`concentrate`"]),
        (&["solve", "-", "--target", "conc"], &circuit(), &["--target conc", "STREAM:OF"]),
        (&["solve", "-", "--target", "conc:flow", "--assume", "0"], &circuit(), &["--assume 0"]),
        (&["identify", "-", "--meter", "conc:Cu"], &circuit(), &["`Cu`"]),
        (&["steady", "-"], "a,b\n1,2\n3,off\n", &["row 3", "`b`", "`off`"]),
        (&["steady", "-"], "a,a\n1,2\n", &["`a`"]),
    ];
    for (arguments, input, names) in cases {
        let (code, out, error) = orepass(&[arguments, &["--format", "json"][..]].concat(), input);
        assert_eq!(code, 2, "{arguments:?}: {out}{error}");
        let told: Value = serde_json::from_str(&out).unwrap();
        for name in *names {
            assert!(
                told["error"].as_str().unwrap().contains(name) && error.contains(name),
                "{name}: {error}"
            );
        }
    }
}

#[test]
fn several_days_are_answered_each_and_together() {
    let day = |name: &str, feed: f64| {
        let flow =
            |stream: &str, value: f64| json!({"stream": stream, "of": "flow", "value": value, "sd": 1});
        json!({"name": name, "measurements": [flow("feed", feed), flow("conc", 10.0), flow("tail", 90.0)]})
    };
    let days: Vec<Value> = (1..=9).map(|n| day(&format!("day {n}"), 102.0)).collect();
    let input = json!({
        "streams": [
            {"name": "feed", "to": "cell"}, {"name": "conc", "from": "cell"}, {"name": "tail", "from": "cell"}
        ],
        "sets": days,
    });
    let found = answer(&["solve", "-"], &input.to_string());
    for (n, set) in found["sets"].as_array().unwrap().iter().enumerate() {
        assert_eq!((&set["name"], &set["global_test"]), (&json!(format!("day {}", n + 1)), &json!("pass")));
        assert_eq!(set["recoveries"].as_array().unwrap().len(), 2);
    }
    // an imbalance of 2 with variance 3 each day: 9 · 4 / 3 with nine degrees of freedom
    let across = &found["across"];
    assert!((across["objective"].as_f64().unwrap() - 12.0).abs() < 1e-9);
    assert_eq!((&across["dof"], &across["global_test"]), (&json!(9), &json!("pass")));
    assert!((across["nodes"][0]["leak_estimate"].as_f64().unwrap() - 2.0).abs() < 1e-9);
    assert!((across["nodes"][0]["glr_leak"].as_f64().unwrap() - 12.0).abs() < 1e-9);
    let (_, table, _) = orepass(&["solve", "-"], &input.to_string());
    assert!(table.contains("set day 9") && table.contains("persists: a leak of flow at cell"), "{table}");
}

#[test]
fn a_biased_weigher_is_explained_and_what_closes_needs_no_explanation() {
    let measured = |fed: f64, coarse: f64| {
        let one = |stream: &str, of: &str, value: f64, sd: f64| {
            let mut one = json!({"stream": stream, "of": of, "value": value});
            one["sd"] = json!(sd);
            one
        };
        let flows = [("feed", fed), ("conc", 10.0), ("middlings", 30.0), ("tail", 60.0)];
        let shares = [("feed", 3.1), ("conc", 20.0), ("middlings", 3.0), ("tail", coarse)];
        let flows = flows.map(|(stream, value)| one(stream, "flow", value, 0.2));
        let shares = shares.map(|(stream, value)| one(stream, "Cu", value, 0.02));
        json!({
            "streams": [{"name": "feed", "to": "mill"}, {"name": "conc", "from": "mill"},
                {"name": "middlings", "from": "mill"}, {"name": "tail", "from": "mill"}],
            "components": ["Cu"],
            "measurements": flows.into_iter().chain(shares).collect::<Vec<_>>(),
        })
        .to_string()
    };
    // 100 · 3.1 = 10 · 20 + 30 · 3 + 60 · ⅓
    let closed = answer(&["solve", "-", "--explain"], &measured(100.0, 1.0 / 3.0));
    assert_eq!((&closed["global_test"], &closed["explanations"]), (&json!("pass"), &json!([])));
    let broken = answer(&["solve", "-", "--explain"], &measured(110.0, 1.0 / 3.0));
    let first = &broken["explanations"][0];
    assert_eq!(first["faults"][0]["kind"], "bias");
    assert_eq!((&first["faults"][0]["stream"], &first["faults"][0]["of"]), (&json!("feed"), &json!("flow")));
    assert!((first["faults"][0]["estimate"].as_f64().unwrap() - 10.0).abs() < 1.0, "{first}");
    assert!(first["objective"].as_f64() < first["chi2_critical"].as_f64());
    let (_, table, _) = orepass(&["solve", "-", "--explain"], &measured(110.0, 1.0 / 3.0));
    assert!(table.contains("explanation 1") && table.contains("flow of feed is biased by"), "{table}");
}
