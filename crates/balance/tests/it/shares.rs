//! Shares of shares: size by assay, and metal in the solids of a slurry.
//!
//! The expected figures are those of a solver written apart from this crate (Python: sequential quadratic
//! programming on the constraints as products of flow and shares, null space by singular values).

use balance::{Answer, Component, Given, Measurement, Name, Of, Total, solve};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::plant::{Dice, Plant};

fn given(value: Value) -> Given {
    serde_json::from_value(value).expect("readable")
}

/// `stream of value sd` a line.
fn measured(lines: &str) -> Vec<Value> {
    let one = |line: &str| {
        let [stream, of, value, sd] = line.split_whitespace().collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let number = |text: &str| text.parse::<f64>().expect("a number");
        json!({"stream": stream, "of": of, "value": number(value), "sd": number(sd)})
    };
    lines.split(',').map(one).collect()
}

fn cyclone_and_cell() -> Value {
    json!([
        {"name": "mill", "to": "cyclone"}, {"name": "under", "from": "cyclone"},
        {"name": "over", "from": "cyclone", "to": "cell"},
        {"name": "conc", "from": "cell"}, {"name": "tail", "from": "cell"}
    ])
}

pub fn slurry() -> Value {
    json!({
        "streams": cyclone_and_cell(),
        "components": ["solids", "water", {"name": "Cu", "of": "solids"}],
        "sums": [{"components": ["solids", "water"], "to": 1.0}],
        "measurements": measured(
            "mill flow 502 5, over flow 318 6, tail flow 296 6, mill solids 0.52 0.01, under solids 0.74 0.01,
             over solids 0.375 0.01, conc solids 0.25 0.01, tail solids 0.39 0.01, mill Cu 1.31 0.03,
             over Cu 1.22 0.03, under Cu 1.36 0.03, conc Cu 24.1 0.3, tail Cu 0.11 0.01",
        ),
    })
}

pub fn size_by_assay() -> Value {
    json!({
        "streams": cyclone_and_cell(),
        "components": [
            "fine", "coarse", {"name": "Cu-fine", "of": "fine"}, {"name": "Cu-coarse", "of": "coarse"}, "Cu"
        ],
        "sums": [{"components": ["fine", "coarse"], "to": 1.0}],
        "totals": [{"component": "Cu", "parts": ["Cu-fine", "Cu-coarse"]}],
        "measurements": measured(
            "mill flow 100 1, conc flow 3.1 0.2, mill fine 0.41 0.01, over fine 0.8 0.01,
             under fine 0.12 0.01,
             conc fine 0.9 0.01, mill coarse 0.6 0.01, mill Cu-fine 1.2 0.05, mill Cu-coarse 0.7 0.05,
             under Cu-fine 0.9 0.05, under Cu-coarse 0.75 0.05, over Cu-fine 1.3 0.05, over Cu 1.1 0.05,
             mill Cu 0.93 0.02, conc Cu 16 0.3, tail Cu 0.15 0.02, tail Cu-fine 0.12 0.02",
        ),
    })
}

/// `stream of value sd` a line, of what the other solver found.
fn agrees(answer: &Answer, lines: &str) {
    for line in measured(lines) {
        let is = |value: &&balance::Value| {
            line["stream"] == value.stream.0.as_str() && line["of"] == value.of.to_string().as_str()
        };
        let found = answer.values.iter().find(is).expect("a value");
        let near = |found: Option<f64>, key: &str, within: f64| {
            let wanted = line[key].as_f64().expect("a number");
            let found = found.expect("observable");
            assert!((found / wanted - 1.0).abs() < within, "{line}: {key} {found}");
        };
        near(found.value, "value", 1e-8);
        near(found.sd, "sd", 1e-5);
    }
}

#[test]
fn metal_in_the_solids_of_a_slurry_reconciles_as_an_independent_solver_has_it() {
    let answer = solve(&given(slurry())).unwrap();
    assert!(answer.converged);
    assert_eq!(answer.dof, 4);
    assert!((answer.objective - 0.945_998_008_687).abs() < 1e-9, "{}", answer.objective);
    agrees(
        &answer,
        "mill flow 502.795998 4.90891, mill solids 0.513485824 0.00562138, mill water 0.486514176 0.00562138,
         mill Cu 1.29966555 0.0173496, under flow 185.569502 6.35287, under Cu 1.36551501 0.0270077,
         over solids 0.379542541 0.00632678, conc flow 22.3488185 1.21304, conc water 0.74979874 0.00989915,
         tail solids 0.389345334 0.00699394, tail Cu 0.110053717 0.0099969",
    );
}

#[test]
fn size_classes_and_their_assays_reconcile_as_an_independent_solver_has_it() {
    let answer = solve(&given(size_by_assay())).unwrap();
    assert!(answer.converged);
    assert_eq!(answer.dof, 5);
    assert!((answer.objective - 5.833_833_170_831).abs() < 1e-9, "{}", answer.objective);
    agrees(
        &answer,
        "mill flow 100.230509 0.994209, mill fine 0.409011811 0.00681662, mill Cu-fine 1.22629935 0.030446,
         mill Cu 0.927295559 0.0150009, over flow 43.1386057 1.42562, over Cu-coarse 0.600578464 0.221341,
         under Cu 0.759223379 0.0312604, under Cu-coarse 0.741163344 0.0352522, conc flow 2.76586909 0.125436,
         conc Cu-fine 16.2727775 0.873175, tail coarse 0.210254941 0.0105515, tail Cu 0.141422184 0.0195961",
    );
}

#[test]
fn a_leak_and_an_imbalance_of_metal_are_told_in_amounts_of_metal() {
    let answer = solve(&given(slurry())).unwrap();
    let of_metal = |node: &str| {
        let is = |line: &&balance::NodeBalance| line.node.0 == node && line.of.to_string() == "Cu";
        answer.nodes.iter().find(is).expect("a balance")
    };
    assert_eq!(of_metal("cyclone").imbalance, None, "the underflow is not measured");
    let closed = given(json!({
        "streams": [{"name": "in", "to": "n"}, {"name": "out", "from": "n"}],
        "components": ["solids", {"name": "Cu", "of": "solids"}],
        "measurements": measured(
            "in flow 100 1, out flow 98 1, in solids 0.5 0.01, out solids 0.5 0.01, in Cu 2 0.1,
             out Cu 2 0.1"),
    }));
    let line = solve(&closed).unwrap().nodes.into_iter().find(|line| line.of.to_string() == "Cu").unwrap();
    // 100 · 0.5 · 2 − 98 · 0.5 · 2, and each term's derivative times its deviation
    assert!((line.imbalance.unwrap() - 2.0).abs() < 1e-12);
    let each = |f: f64| (0.5_f64 * 2.0 * 1.0).powi(2) + (f * 2.0 * 0.01).powi(2) + (f * 0.5 * 0.1).powi(2);
    assert!((line.nodal_test.unwrap() - 2.0 / (each(100.0) + each(98.0)).sqrt()).abs() < 1e-12);
}

#[test]
fn recovery_of_metal_multiplies_the_shares_in_between() {
    let reconciled = balance::reconcile(&given(slurry())).unwrap();
    let answer = reconciled.answer();
    let value = |stream: &str, of: &str| {
        let is = |v: &&balance::Value| v.stream.0 == stream && v.of.to_string() == of;
        answer.values.iter().find(is).and_then(|v| v.value).expect("observable")
    };
    let amount = |stream: &str| value(stream, "flow") * value(stream, "solids") * value(stream, "Cu");
    let is = |r: &&balance::Recovery| r.stream.0 == "conc" && r.of.to_string() == "Cu";
    let found = reconciled.recoveries().into_iter().find(|r| is(&r)).expect("a recovery");
    assert!((found.amount / amount("conc") - 1.0).abs() < 1e-12);
    assert!((found.recovery / (amount("conc") / amount("mill")) - 1.0).abs() < 1e-12);
    assert!(found.sd > 0.0 && found.lower < found.recovery && found.recovery < found.upper);
}

#[test]
fn each_fault_in_the_shares_is_named() {
    let table = [
        (
            json!([{"name": "a", "of": "b"}, {"name": "b", "of": "a"}]),
            json!([]),
            vec!["`a`", "share of itself"],
        ),
        (json!([{"name": "Cu", "of": "Cu"}]), json!([]), vec!["`Cu`", "share of itself"]),
        (json!([{"name": "Cu", "of": "solid"}]), json!([]), vec!["`Cu`", "`solid`"]),
        (
            json!(["x", {"name": "y", "of": "x"}, {"name": "z", "of": "y"}]),
            json!([{"component": "x", "parts": ["z"]}]),
            vec!["total 1", "`z`", "`x`"],
        ),
        (json!(["x", "y"]), json!([{"component": "x", "parts": ["x", "y"]}]), vec!["total 1", "`x`"]),
        (json!(["x", "y"]), json!([{"component": "x", "parts": []}]), vec!["total 1", "no terms"]),
        (json!(["x", "y"]), json!([{"component": "w", "parts": ["y"]}]), vec!["total 1", "`w`"]),
        (
            json!(["x", "y"]),
            json!([{"component": "x", "parts": ["y"], "streams": ["no"]}]),
            vec!["total 1", "`no`"],
        ),
        (
            json!(["x", "y"]),
            json!([{"component": "x", "parts": ["y"], "whole": -1.0}]),
            vec!["total 1", "`whole`", "-1"],
        ),
    ];
    for (components, totals, words) in table {
        let all = components.as_array().expect("a list");
        let names = all.iter().map(|of| of.get("name").unwrap_or(of));
        let measurements: Vec<Value> =
            names.map(|of| json!({"stream": "in", "of": of, "value": 0.5, "sd": 0.1})).collect();
        let told = json!({
            "streams": [{"name": "in", "to": "n"}, {"name": "out", "from": "n"}],
            "components": components.clone(),
            "totals": totals,
            "measurements": measurements,
        });
        let message = solve(&given(told)).expect_err("refused").to_string();
        for word in words {
            assert!(message.contains(word), "{components}: {message} does not say {word}");
        }
    }
}

/// The same plant as a slurry of which `dry` of each stream is solids: shares become shares of the solids.
fn as_solids(plant: &Plant, flat: &Given, dry: f64) -> Given {
    let solids = Name("solids".to_owned());
    let mut given = flat.clone();
    given.components.iter_mut().for_each(|component| component.of = Some(solids.clone()));
    given.components.push(Component::named(solids.clone()));
    for stream in &given.streams {
        given.fixed.push(balance::Fixed {
            stream: stream.name.clone(),
            of: Of::Component(solids.clone()),
            value: dry,
        });
    }
    assert_eq!(plant.ends.len(), given.fixed.len());
    given
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn shares_of_solids_are_shares_of_the_flow_where_all_is_equally_dry(
        (seed, nodes, more, dry) in (any::<u64>(), 1_usize..5, 0_usize..5, 0.1_f64..1.0),
    ) {
        let mut dice = Dice::new(seed);
        let plant = Plant::new(&mut dice, nodes, more, 2);
        let flat = plant.measured(&mut dice, 0.03, &|_, _| true);
        let (one, other) = (solve(&flat).unwrap(), solve(&as_solids(&plant, &flat, dry)).unwrap());
        prop_assert!(other.converged, "{:?}", other.notes);
        prop_assert!((one.objective - other.objective).abs() < 1e-7 * one.objective.max(1.0));
        prop_assert_eq!(one.dof, other.dof);
        for value in &one.values {
            let same = other.values.iter().find(|v| v.stream == value.stream && v.of == value.of).unwrap();
            let (a, b) = (value.value.unwrap(), same.value.unwrap());
            prop_assert!((a - b).abs() < 1e-7 * a.abs(), "{value:?} {same:?}");
            let (a, b) = (value.sd.unwrap(), same.sd.unwrap());
            prop_assert!((a - b).abs() < 1e-6 * a.abs(), "{value:?} {same:?}");
        }
    }

    #[test]
    fn size_classes_balance_and_do_not_depend_on_order_or_units(
        (seed, nodes, more) in (any::<u64>(), 1_usize..5, 0_usize..4),
    ) {
        let mut dice = Dice::new(seed);
        let given = classes(&mut dice, nodes, more);
        let answer = solve(&given).unwrap();
        prop_assert!(answer.converged, "{:?}", answer.notes);
        let value = |answer: &Answer, stream: &Name, of: &str| {
            let is = |v: &&balance::Value| v.stream == *stream && v.of.to_string() == of;
            answer.values.iter().find(is).and_then(|v| v.value).expect("observable")
        };
        for stream in &given.streams {
            let at = |of: &str| value(&answer, &stream.name, of);
            prop_assert!((at("c0") + at("c1") - 1.0).abs() < 1e-9);
            let total = at("c0") * at("metal-c0") + at("c1") * at("metal-c1");
            prop_assert!((total / at("metal") - 1.0).abs() < 1e-9);
        }
        let nodes: std::collections::BTreeSet<&Name> =
            given.streams.iter().flat_map(|s| [&s.from, &s.to]).flatten().collect();
        for node in nodes {
            for of in ["c0", "c1"] {
                let (mut sum, mut size) = (0.0, 0.0_f64);
                for stream in &given.streams {
                    let at = |of: &str| value(&answer, &stream.name, of);
                    let amount = at("flow") * at(of) * at(&format!("metal-{of}"));
                    size = size.max(amount);
                    sum += amount * f64::from(u8::from(stream.to.as_ref() == Some(node)));
                    sum -= amount * f64::from(u8::from(stream.from.as_ref() == Some(node)));
                }
                prop_assert!(sum.abs() < 1e-9 * size, "{node} {of}: {sum}");
            }
        }
        let other = solve(&in_percent_and_turned(&given)).unwrap();
        prop_assert!((answer.objective - other.objective).abs() < 1e-7 * answer.objective.max(1.0));
        for found in &answer.values {
            let of = found.of.to_string();
            let factor = if of == "c0" || of == "c1" { 100.0 } else { 1.0 };
            let same = value(&other, &found.stream, &of);
            prop_assert!((found.value.unwrap() * factor / same - 1.0).abs() < 1e-7, "{found:?} {same}");
        }
    }
}

/// A plant in two size classes `c0` and `c1`, a metal in each, and the metal of the whole; all measured.
fn classes(dice: &mut Dice, nodes: usize, more: usize) -> Given {
    let plant = Plant::new(dice, nodes, more, 1).with_rest();
    let mut given = plant.measured(dice, 0.02, &|_, _| true);
    let metal = Plant { share: plant.share.iter().map(|_| vec![0.0, 0.0]).collect(), ..plant.clone() };
    // a grade that every path carries alike balances whatever the flowsheet; those measured have noise
    let grade = [0.02 + 0.2 * dice.part(), 0.02 + 0.2 * dice.part()];
    let name = |text: &str| Name(text.to_owned());
    for class in ["c0", "c1"] {
        let of = Some(name(class));
        given.components.push(Component { of, ..Component::named(name(&format!("metal-{class}"))) });
    }
    given.components.push(Component::named(name("metal")));
    given.sums.push(balance::Sum { components: vec![name("c0"), name("c1")], to: 1.0, streams: None });
    given.totals.push(Total {
        component: name("metal"),
        parts: vec![name("metal-c0"), name("metal-c1")],
        whole: 1.0,
        streams: None,
    });
    for s in 0..metal.ends.len() {
        let whole = plant.share[s][0] * grade[0] + plant.share[s][1] * grade[1];
        for (of, truth) in [("metal-c0", grade[0]), ("metal-c1", grade[1]), ("metal", whole)] {
            let sd = 0.02 * truth;
            given.measurements.push(Measurement {
                stream: given.streams[s].name.clone(),
                of: Of::Component(name(of)),
                value: Some(truth + sd * dice.normal()),
                sd: Some(sd),
                below: None,
                above: None,
            });
        }
    }
    given
}

/// Classes in %, everything in the opposite order.
fn in_percent_and_turned(given: &Given) -> Given {
    let mut other = given.clone();
    let class = |of: &Of| matches!(of.to_string().as_str(), "c0" | "c1");
    for measurement in other.measurements.iter_mut().filter(|m| class(&m.of)) {
        measurement.value = measurement.value.map(|value| value * 100.0);
        measurement.sd = measurement.sd.map(|sd| sd * 100.0);
    }
    other.sums[0].to = 100.0;
    other.totals[0].whole = 100.0;
    other.streams.reverse();
    other.components.reverse();
    other.measurements.reverse();
    other
}

#[test]
fn a_mill_changes_the_classes_and_keeps_the_metal() {
    // in: 100 at 20 % fine; out the same, ground to 60 % fine; the metal of the whole closes
    let mut told = json!({
        "streams": [{"name": "new", "to": "mill"}, {"name": "ground", "from": "mill"}],
        "components": [
            {"name": "fine", "except": ["mill"]}, {"name": "coarse", "except": ["mill"]},
            {"name": "Cu-fine", "of": "fine", "except": ["mill"]},
            {"name": "Cu-coarse", "of": "coarse", "except": ["mill"]},
            "Cu"
        ],
        "sums": [{"components": ["fine", "coarse"], "to": 1.0}],
        "totals": [{"component": "Cu", "parts": ["Cu-fine", "Cu-coarse"]}],
        "measurements": measured(
            "new flow 100 1, new fine 0.2 0.01, new Cu-fine 2 0.1, new Cu-coarse 1 0.1, new Cu 1.25 0.02,
             ground fine 0.6 0.01, ground Cu-fine 1.4 0.1, ground Cu-coarse 0.9 0.1"),
    });
    let answer = solve(&given(told.clone())).unwrap();
    assert!(answer.converged, "{:?}", answer.notes);
    let value = |stream: &str, of: &str| {
        let is = |v: &&balance::Value| v.stream.0 == stream && v.of.to_string() == of;
        answer.values.iter().find(is).and_then(|v| v.value).expect("observable")
    };
    assert!((value("new", "Cu") / value("ground", "Cu") - 1.0).abs() < 1e-9);
    assert!((value("new", "fine") - 0.2).abs() < 0.01 && (value("ground", "fine") - 0.6).abs() < 0.01);
    // the metal's own total twice over and its balance: both classes' assays were measured besides
    assert_eq!(answer.dof, 2);
    told["components"][0]["except"] = json!(["mull"]);
    let message = solve(&given(told)).expect_err("refused").to_string();
    assert!(message.contains("`mull`") && message.contains("`fine`"), "{message}");
}
