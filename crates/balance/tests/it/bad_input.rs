//! Input that cannot be right is refused, and the refusal names the thing.

use balance::{Given, Of, solve};
use serde_json::{Value, json};

fn tank() -> Value {
    json!({
        "streams": [
            {"name": "feed", "to": "mill"}, {"name": "conc", "from": "mill"}, {"name": "tail", "from": "mill"}
        ],
        "components": ["Cu"],
        "measurements": [
            {"stream": "feed", "of": "flow", "value": 100.0, "sd": 1.0},
            {"stream": "feed", "of": "Cu", "value": 1.0, "sd": 0.05},
            {"stream": "conc", "of": "Cu", "value": 25.0, "sd": 0.5},
            {"stream": "tail", "of": "Cu", "value": 0.1, "sd": 0.01}
        ]
    })
}

fn refusal(change: impl FnOnce(&mut Value)) -> String {
    let mut value = tank();
    change(&mut value);
    let given: Given = serde_json::from_value(value).expect("readable");
    solve(&given).expect_err("refused").to_string()
}

#[test]
fn each_fault_is_named() {
    type Change = fn(&mut Value);
    let table: &[(Change, &[&str])] = &[
        (|v| v["streams"] = json!([]), &["no streams"]),
        (|v| v["streams"][1]["name"] = json!("feed"), &["`feed`", "two streams"]),
        (|v| v["streams"][1] = json!({"name": "conc"}), &["`conc`", "nowhere"]),
        (|v| v["streams"][0]["from"] = json!("mill"), &["`mill`", "feed"]),
        (|v| v["streams"][0]["name"] = json!(" "), &["a stream", "empty name"]),
        (|v| v["streams"][0]["to"] = json!(""), &["a node", "empty name"]),
        (|v| v["components"] = json!(["Cu", "Cu"]), &["`Cu`", "two components"]),
        (|v| v["components"] = json!(["Cu", "flow"]), &["`flow`", "rename"]),
        (|v| v["components"] = json!(["Cu", "Au"]), &["`Au`", "measured in no stream"]),
        (|v| v["measurements"][0]["stream"] = json!("fead"), &["`fead`", "not among"]),
        (|v| v["measurements"][1]["of"] = json!("Pb"), &["`Pb`", "feed"]),
        (|v| v["measurements"][0]["sd"] = json!(-1.0), &["flow of stream `feed`", "-1", "above zero"]),
        (|v| v["measurements"][0]["sd"] = json!(0.0), &["flow of stream `feed`", "above zero"]),
        (|v| v["measurements"][0]["sd"] = Value::Null, &["flow of stream `feed`", "no default"]),
        (|v| v["measurements"][0]["below"] = json!(3.0), &["flow of stream `feed`", "one of them only"]),
        (|v| v["measurements"][3]["stream"] = json!("conc"), &["`Cu` of stream `conc`", "twice"]),
        (
            |v| v["fixed"] = json!([{"stream": "feed", "of": "flow", "value": 1.0}]),
            &["flow of stream `feed`", "twice"],
        ),
        (|v| v["fixed"] = json!([{"stream": "x", "of": "flow", "value": 1.0}]), &["`x`"]),
        (|v| v["inventory"] = json!([{"node": "tank", "change": 1.0}]), &["`tank`"]),
        (|v| v["inventory"] = json!([{"node": "mill", "change": 1.0, "sd": -2.0}]), &["`mill`", "-2"]),
        (
            |v| v["bounds"] = json!([{"stream": "tail", "of": "Cu", "lower": 2.0, "upper": 1.0}]),
            &["`tail`", "lower bound 2"],
        ),
        (|v| v["sums"] = json!([{"components": [], "to": 1.0}]), &["sum 1", "no terms"]),
        (|v| v["sums"] = json!([{"components": ["Zn"], "to": 1.0}]), &["sum 1", "`Zn`"]),
        (|v| v["constraints"] = json!([{"terms": [], "equals": 1.0}]), &["constraint 1", "no terms"]),
        (|v| v["options"] = json!({"confidence": 95.0}), &["`confidence`", "95"]),
        (
            |v| {
                v["measurements"] = json!([{"stream": "feed", "of": "Cu", "value": 1.0, "sd": 0.1}]);
                v["fixed"] = json!([
                    {"stream": "feed", "of": "flow", "value": 100.0},
                    {"stream": "conc", "of": "flow", "value": 4.0},
                    {"stream": "tail", "of": "flow", "value": 90.0}
                ]);
            },
            &["flow balance of node `mill`", "contradicts"],
        ),
    ];
    for (change, words) in table {
        let message = refusal(change);
        for word in *words {
            assert!(message.contains(word), "{message} does not say {word}");
        }
    }
}

#[test]
fn what_is_no_number_is_named() {
    let mut given: Given = serde_json::from_value(tank()).expect("readable");
    given.measurements[2].value = Some(f64::NAN);
    let message = solve(&given).expect_err("refused").to_string();
    assert!(message.contains("`Cu` of stream `conc`") && message.contains("NaN"), "{message}");
    given.measurements[2].value = Some(1.0);
    given.measurements[2].sd = Some(f64::INFINITY);
    assert!(solve(&given).expect_err("refused").to_string().contains("inf"));
}

#[test]
fn a_key_that_does_not_exist_is_refused() {
    let mut value = tank();
    value["measurments"] = json!([]);
    assert!(serde_json::from_value::<Given>(value).unwrap_err().to_string().contains("measurments"));
}

fn ring(nodes: usize, fed: bool) -> Given {
    let mut streams: Vec<Value> =
        (0..nodes).map(|n| json!({"name": format!("r{n}"), "from": n, "to": (n + 1) % nodes})).collect();
    let flow = |n: usize| if fed && n < nodes / 2 { 13.0 } else { 10.0 } + (n % 7) as f64 * 0.01;
    let mut measurements: Vec<Value> = (0..nodes)
        .map(|n| json!({"stream": format!("r{n}"), "of": "flow", "value": flow(n), "sd": 0.1}))
        .collect();
    if fed {
        streams.push(json!({"name": "in", "to": 0}));
        streams.push(json!({"name": "out", "from": nodes / 2}));
        measurements.push(json!({"stream": "in", "of": "flow", "value": 3.0, "sd": 0.1}));
    }
    serde_json::from_value(json!({"streams": streams, "measurements": measurements})).expect("readable")
}

#[test]
fn a_ring_of_ten_thousand_nodes_is_answered_or_refused_at_once() {
    let message = solve(&ring(10_000, false)).expect_err("no feed").to_string();
    assert!(message.contains("nothing feeds") && message.contains("10000 nodes"), "{message}");
    let start = std::time::Instant::now();
    let answer = solve(&ring(10_000, true)).expect("a ring");
    assert!(answer.converged);
    let out = answer.values.iter().find(|value| value.stream.0 == "out").expect("out");
    assert!((out.value.expect("observable") - 3.0).abs() < 0.5);
    assert_eq!(out.of, Of::Flow);
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}

#[test]
fn disconnected_parts_are_named() {
    let mut value = tank();
    value["streams"]
        .as_array_mut()
        .expect("a list")
        .extend([json!({"name": "water", "to": "pond"}), json!({"name": "seep", "from": "pond"})]);
    let given: Given = serde_json::from_value(value).expect("readable");
    let answer = solve(&given).expect("solvable");
    assert_eq!(answer.parts.len(), 2);
    assert_eq!(answer.parts[1][0].0, "water");
}
