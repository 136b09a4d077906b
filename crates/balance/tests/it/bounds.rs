//! Bounds, censored assays, inventories, relative flows.

use balance::{Answer, Class, Given, Of, Value, solve};
use serde_json::json;

fn answer(value: serde_json::Value) -> Answer {
    let given: Given = serde_json::from_value(value).expect("readable");
    solve(&given).expect("solvable")
}

fn of<'a>(answer: &'a Answer, stream: &str, of: &str) -> &'a Value {
    let wanted = Of::from(of);
    answer.values.iter().find(|value| value.stream.0 == stream && value.of == wanted).expect("the quantity")
}

fn near(found: Option<f64>, wanted: f64) {
    let found = found.expect("observable");
    assert!((found - wanted).abs() <= 1e-7 * wanted.abs().max(1.0), "{found} is not {wanted}");
}

#[test]
fn a_flow_that_would_be_negative_stays_at_zero_and_the_rest_closes() {
    // without bounds the spill would be −1.5; at zero: feed and product meet in the middle
    let answer = answer(json!({
        "streams": [{"name": "in", "to": "a"}, {"name": "out", "from": "a"}, {"name": "spill", "from": "a"}],
        "measurements": [
            {"stream": "in", "of": "flow", "value": 100.0, "sd": 1.0},
            {"stream": "out", "of": "flow", "value": 103.0, "sd": 1.0}
        ]
    }));
    assert!(answer.converged, "{:?}", answer.notes);
    near(of(&answer, "spill", "flow").value, 0.0);
    assert!(of(&answer, "spill", "flow").at_bound);
    near(of(&answer, "in", "flow").value, 101.5);
    near(Some(answer.objective), 4.5);
}

#[test]
fn a_stated_bound_holds_and_is_let_go_when_it_need_not() {
    let with = |upper: f64| {
        answer(json!({
            "streams": [{"name": "in", "to": "a"}, {"name": "out", "from": "a"}],
            "measurements": [
                {"stream": "in", "of": "flow", "value": 100.0, "sd": 1.0},
                {"stream": "out", "of": "flow", "value": 104.0, "sd": 1.0}
            ],
            "bounds": [{"stream": "in", "of": "flow", "upper": upper}]
        }))
    };
    near(of(&with(101.0), "out", "flow").value, 101.0);
    assert!(of(&with(101.0), "in", "flow").at_bound);
    near(of(&with(103.0), "out", "flow").value, 102.0);
    assert!(!of(&with(103.0), "in", "flow").at_bound);
}

fn two_product(tail: serde_json::Value) -> serde_json::Value {
    json!({
        "streams": [
            {"name": "feed", "to": "cell"}, {"name": "conc", "from": "cell"}, {"name": "tail", "from": "cell"}
        ],
        "components": ["Cu"],
        "measurements": [
            {"stream": "feed", "of": "flow", "value": 100.0, "sd": 1.0},
            {"stream": "feed", "of": "Cu", "value": 1.0, "sd": 0.05},
            {"stream": "conc", "of": "Cu", "value": 25.0, "sd": 0.5},
            tail
        ]
    })
}

#[test]
fn the_two_product_formula_comes_out_where_nothing_is_redundant() {
    let answer = answer(two_product(json!({"stream": "tail", "of": "Cu", "value": 0.1, "sd": 0.01})));
    assert!(answer.converged);
    let conc = 100.0 * (1.0 - 0.1) / (25.0 - 0.1);
    near(of(&answer, "conc", "flow").value, conc);
    assert_eq!(of(&answer, "conc", "flow").class, Class::Observable);
    assert_eq!(answer.dof, 0);
    // by the delta method: c = F (f − t) / (k − t)
    let (f, k, t) = (1.0, 25.0, 0.1);
    let terms: [f64; 4] = [
        conc / 100.0 * 1.0,
        100.0 / (k - t) * 0.05,
        -conc / (k - t) * 0.5,
        100.0 * (f - k) / (k - t) / (k - t) * 0.01,
    ];
    near(of(&answer, "conc", "flow").sd, terms.iter().map(|term| term * term).sum::<f64>().sqrt());
}

#[test]
fn a_censored_tail_is_an_interval_never_a_value() {
    let mut case = two_product(json!({"stream": "tail", "of": "Cu", "below": 0.2}));
    let open = answer(case.clone());
    // nothing else is known of the tail: its grade stays undetermined
    assert!(of(&open, "tail", "Cu").measured.is_none());
    assert_eq!(of(&open, "tail", "Cu").class, Class::Unobservable);
    // with the concentrate weighed, the tail would have to hold 0.36 %: the limit holds it
    case["measurements"]
        .as_array_mut()
        .expect("a list")
        .push(json!({"stream": "conc", "of": "flow", "value": 2.6, "sd": 0.05}));
    let held = answer(case);
    assert!(held.converged, "{:?}", held.notes);
    near(of(&held, "tail", "Cu").value, 0.2);
    assert!(of(&held, "tail", "Cu").at_bound);
    assert!(of(&held, "conc", "flow").value.expect("observable") > 2.6);
}

#[test]
fn a_tank_that_filled_takes_what_is_missing() {
    let answer = answer(json!({
        "streams": [{"name": "in", "to": "tank"}, {"name": "out", "from": "tank"}],
        "inventory": [{"node": "tank", "change": 5.0, "sd": 1.0}],
        "measurements": [
            {"stream": "in", "of": "flow", "value": 100.0, "sd": 1.0},
            {"stream": "out", "of": "flow", "value": 92.0, "sd": 1.0}
        ]
    }));
    // the imbalance of 3 is shared by three equal deviations
    near(of(&answer, "in", "flow").value, 99.0);
    near(of(&answer, "out", "flow").value, 93.0);
    near(Some(answer.objective), 3.0);
    assert_eq!(answer.dof, 1);
    near(answer.nodes[0].imbalance, 3.0);
    near(answer.nodes[0].nodal_test, 3.0_f64.sqrt());
}

#[test]
fn where_no_flow_is_known_flows_are_relative_to_the_feed() {
    let mut case = two_product(json!({"stream": "tail", "of": "Cu", "value": 0.1, "sd": 0.01}));
    case["measurements"].as_array_mut().expect("a list").remove(0);
    let answer = answer(case);
    assert!(answer.converged);
    near(of(&answer, "conc", "flow").value, 0.9 / 24.9);
    assert!(answer.notes.iter().any(|note| note.code == "relative-flows"));
}

#[test]
fn a_property_that_does_not_conserve_takes_no_part() {
    let mut case = two_product(json!({"stream": "tail", "of": "Cu", "value": 0.1, "sd": 0.01}));
    case["components"] = json!(["Cu", {"name": "temperature", "conserves": false}]);
    case["measurements"]
        .as_array_mut()
        .expect("a list")
        .push(json!({"stream": "feed", "of": "temperature", "value": -4.0, "sd": 0.5}));
    let answer = answer(case);
    near(of(&answer, "feed", "temperature").value, -4.0);
    assert_eq!(of(&answer, "feed", "temperature").class, Class::NonRedundant);
    assert_eq!(answer.nodes.len(), 2);
}

#[test]
fn a_bypass_that_nothing_determines_is_unobservable_and_named() {
    let answer = answer(json!({
        "streams": [
            {"name": "in", "to": "a"}, {"name": "left", "from": "a", "to": "b"},
            {"name": "right", "from": "a", "to": "b"}, {"name": "out", "from": "b"}
        ],
        "measurements": [{"stream": "in", "of": "flow", "value": 10.0, "sd": 0.1}]
    }));
    let names: Vec<&str> = answer.unobservable.iter().map(|quantity| quantity.stream.0.as_str()).collect();
    assert_eq!(names, ["left", "right"]);
    assert_eq!(of(&answer, "left", "flow").value, None);
    near(of(&answer, "out", "flow").value, 10.0);
    assert_eq!(of(&answer, "out", "flow").class, Class::Observable);
}

#[test]
fn a_stream_that_dries_up_does_no_harm() {
    let answer = answer(json!({
        "streams": [
            {"name": "feed", "to": "cell"}, {"name": "conc", "from": "cell"},
            {"name": "tail", "from": "cell"},
            {"name": "purge", "from": "cell"}
        ],
        "components": ["Cu"],
        "measurements": [
            {"stream": "feed", "of": "flow", "value": 100.0, "sd": 1.0},
            {"stream": "conc", "of": "flow", "value": 40.0, "sd": 1.0},
            {"stream": "tail", "of": "flow", "value": 61.0, "sd": 1.0},
            {"stream": "feed", "of": "Cu", "value": 1.0, "sd": 0.05},
            {"stream": "conc", "of": "Cu", "value": 2.0, "sd": 0.05},
            {"stream": "tail", "of": "Cu", "value": 0.4, "sd": 0.05},
            {"stream": "purge", "of": "Cu", "value": 0.5, "sd": 0.05}
        ]
    }));
    assert!(answer.converged, "{:?}", answer.notes);
    near(of(&answer, "purge", "flow").value, 0.0);
    assert_eq!(of(&answer, "purge", "Cu").class, Class::NonRedundant);
}

/// More comes out than goes in, and half of the metal is missing: the third stream would have to vanish and
/// carry it all the same. Nothing closes that, however far one goes.
#[test]
fn what_no_solution_attains_does_not_converge_and_the_node_is_named() {
    let answer = answer(json!({
        "streams": [{"name": "in", "to": "n"}, {"name": "out", "from": "n"}, {"name": "gap", "from": "n"}],
        "components": ["Cu"],
        "measurements": [
            {"stream": "in", "of": "flow", "value": 100, "sd": 1},
            {"stream": "in", "of": "Cu", "value": 1, "sd": 0.001},
            {"stream": "out", "of": "flow", "value": 101, "sd": 1},
            {"stream": "out", "of": "Cu", "value": 0.5, "sd": 0.001},
        ],
    }));
    assert!(!answer.converged);
    let note = answer.notes.iter().find(|note| note.code == "not-converged").expect("it is said");
    assert!(note.message.contains("node `n`") || note.message.contains("`gap`"), "{}", note.message);
}

/// 0.3 of 100 is the rest of 0.7, whatever was measured: nothing is uncertain in it, not even by a rounding.
#[test]
fn what_exact_figures_determine_has_no_deviation() {
    let answer = answer(json!({
        "streams": [{"name": "in", "to": "n"}, {"name": "a", "from": "n"}, {"name": "b", "from": "n"}],
        "components": ["solids", "water"],
        "sums": [{"components": ["solids", "water"], "to": 1.0}],
        "fixed": [
            {"stream": "in", "of": "solids", "value": 0.7}, {"stream": "a", "of": "solids", "value": 0.7}
        ],
        "measurements": [
            {"stream": "in", "of": "flow", "value": 100, "sd": 1},
            {"stream": "a", "of": "flow", "value": 40, "sd": 1},
            {"stream": "b", "of": "flow", "value": 61, "sd": 1},
            {"stream": "b", "of": "solids", "value": 0.69, "sd": 0.01}
        ]
    }));
    assert!(answer.converged, "{:?}", answer.notes);
    for (stream, quantity, value) in [("in", "water", 0.3), ("b", "solids", 0.7), ("b", "water", 0.3)] {
        let found = of(&answer, stream, quantity);
        near(found.value, value);
        assert_eq!(found.sd, Some(0.0), "{found:?}");
    }
}
