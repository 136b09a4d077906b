//! Gross errors: found, and not claimed where the data cannot tell.

use balance::{Blamed, Given, GlobalTest, Of, Quantity, Robust, Target, Term, reconcile, solve};
use serde_json::json;

use super::plant::{Dice, Plant};

fn series() -> Given {
    serde_json::from_value(json!({
        "streams": [
            {"name": "in", "to": "a"}, {"name": "one", "from": "a", "to": "b"},
            {"name": "two", "from": "a", "to": "b"},
            {"name": "mid", "from": "b", "to": "c"}, {"name": "out", "from": "c"}
        ],
        "measurements": [
            {"stream": "in", "of": "flow", "value": 100.0, "sd": 1.0},
            {"stream": "one", "of": "flow", "value": 60.0, "sd": 1.0},
            {"stream": "two", "of": "flow", "value": 30.0, "sd": 1.0},
            {"stream": "mid", "of": "flow", "value": 100.2, "sd": 1.0},
            {"stream": "out", "of": "flow", "value": 99.7, "sd": 1.0}
        ]
    }))
    .expect("readable")
}

#[test]
fn parallel_streams_tie_and_the_tie_is_told() {
    let mut given = series();
    let answer = solve(&given).expect("solvable");
    assert_eq!(answer.global_test, GlobalTest::Reject);
    assert_eq!(answer.suspects.len(), 1, "{:?}", answer.suspects);
    let suspect = &answer.suspects[0];
    assert_eq!(suspect.what, Blamed::Bias { stream: "one".into(), of: Of::Flow });
    assert!(
        suspect.ties.contains(&Blamed::Bias { stream: "two".into(), of: Of::Flow }),
        "{:?}",
        suspect.ties
    );
    // the values are those with everything, unless they were asked for without
    assert!(answer.before_elimination.is_none());
    given.options.eliminate = true;
    let cleaned = solve(&given).expect("solvable");
    assert_eq!(cleaned.global_test, GlobalTest::Pass);
    assert_eq!(cleaned.before_elimination.expect("kept").objective, answer.objective);
    assert!((cleaned.values[1].value.expect("observable") - 70.0).abs() < 1.0);
}

#[test]
fn a_spill_is_told_from_a_biased_meter() {
    // 8 are lost at b: both meters before it agree, both after it agree
    let mut given = series();
    for (at, value) in [(0, 100.0), (1, 60.2), (2, 39.9), (3, 92.1), (4, 91.8)] {
        given.measurements[at].value = Some(value);
    }
    given.options.eliminate = true;
    let answer = solve(&given).expect("solvable");
    assert_eq!(answer.suspects[0].what, Blamed::Leak { node: "b".into(), of: Of::Flow });
    assert_eq!(answer.global_test, GlobalTest::Pass);
    let before = solve(&Given { options: balance::Options::default(), ..given }).expect("solvable");
    let leak = before.nodes.iter().find(|node| node.node.0 == "b").expect("b");
    assert!((leak.leak_estimate.expect("testable") - 8.0).abs() < 0.5, "{leak:?}");
}

#[test]
fn a_spill_of_pulp_is_found_with_all_its_metals() {
    let mut dice = Dice::new(11);
    let plant = Plant::new(&mut dice, 5, 4, 3);
    let mut spilt = plant.clone();
    // a twentieth of the main flow leaves unseen at the third node
    let gone = 0.3 * plant.flow[5];
    let hole = spilt.ends.len();
    spilt.ends.push((Some(2), None));
    for stream in 3..=5 {
        let (flow, left) = (spilt.flow[stream], spilt.flow[stream] - gone);
        for (c, share) in spilt.share[stream].iter_mut().enumerate() {
            *share = (*share * flow - gone * plant.share[2][c]) / left;
        }
        spilt.flow[stream] = left;
    }
    spilt.flow.push(gone);
    spilt.share.push(plant.share[2].clone());
    let mut given = spilt.measured(&mut dice, 0.03, &|_, _| true);
    given.streams.truncate(hole);
    given.measurements.retain(|m| m.stream.0 != format!("s{hole}"));
    let answer = solve(&given).expect("solvable");
    assert_eq!(
        answer.suspects[0].what,
        Blamed::Leak { node: "n2".into(), of: Of::Flow },
        "{:?}",
        answer.suspects
    );
    assert!(answer.suspects[0].objective_after < 0.5 * answer.objective);
}

#[test]
fn a_swapped_assay_is_the_first_suspect_and_robust_estimators_bear_it() {
    let mut dice = Dice::new(5);
    let plant = Plant::new(&mut dice, 4, 4, 2);
    let clean = plant.measured(&mut dice, 0.02, &|_, _| true);
    let mut given = clean.clone();
    let at =
        given.measurements.iter().position(|m| m.stream.0 == "s2" && m.of == Of::from("c1")).expect("there");
    given.measurements[at].value = given.measurements[at].value.map(|value| value * 1.6);
    let answer = solve(&given).expect("solvable");
    assert_eq!(answer.suspects[0].what, Blamed::Bias { stream: "s2".into(), of: Of::from("c1") });
    let truth = plant.truth(2, 2);
    let off = |given: &Given| {
        let answer = solve(given).expect("solvable");
        let value =
            answer.values.iter().find(|v| v.stream.0 == "s2" && v.of == Of::from("c1")).expect("there");
        (value.value.expect("observable") / truth - 1.0).abs()
    };
    let plain = off(&given);
    for robust in [Robust::Huber, Robust::ContaminatedNormal] {
        given.options.robust = robust;
        assert!(off(&given) < plain, "{robust:?}: {} against {plain}", off(&given));
    }
}

#[test]
fn a_bias_of_the_detectable_size_is_on_the_edge_of_being_found() {
    let mut given = series();
    for (at, value) in [(0, 100.0), (1, 60.0), (2, 40.0), (3, 100.0), (4, 100.0)] {
        given.measurements[at].value = Some(value);
    }
    let clean = solve(&given).expect("solvable");
    let size = clean.values[3].detectability.expect("testable");
    given.measurements[3].value = Some(100.0 + size);
    let answer = solve(&given).expect("solvable");
    let (z, limit) = (
        answer.values[3].measurement_test.expect("testable"),
        answer.measurement_test_critical.expect("some"),
    );
    // 90 % power: 1.2816 deviations beyond the limit
    assert!((z - limit - 1.281_551_565_544_6).abs() < 1e-6, "{z} {limit}");
    assert!((answer.values[3].bias_estimate.expect("testable") - size).abs() < 1e-6 * size);
}

#[test]
fn recoveries_influence_and_the_next_measurement_answer_for_each_other() {
    let given: Given = serde_json::from_value(json!({
        "streams": [
            {"name": "feed", "to": "cell"}, {"name": "conc", "from": "cell"}, {"name": "tail", "from": "cell"}
        ],
        "components": ["Cu"],
        "measurements": [
            {"stream": "feed", "of": "flow", "value": 100.0, "sd": 1.0},
            {"stream": "feed", "of": "Cu", "value": 1.0, "sd": 0.05},
            {"stream": "conc", "of": "Cu", "value": 25.0, "sd": 0.5},
            {"stream": "tail", "of": "Cu", "value": 0.1, "sd": 0.01}
        ]
    }))
    .expect("readable");
    let reconciled = reconcile(&given).expect("solvable");
    let recoveries = reconciled.recoveries();
    let conc = recoveries.iter().find(|r| r.stream.0 == "conc" && r.of == Of::from("Cu")).expect("there");
    // R = c (f − t) / (f (c − t))
    assert!((conc.recovery - 25.0 * 0.9 / 24.9).abs() < 1e-9);
    let (f, c, t) = (1.0_f64, 25.0_f64, 0.1_f64);
    let by_f = c * t / (f * f * (c - t));
    let by_c = -t * (f - t) / (f * (c - t).powi(2));
    let by_t = c * (f - c) / (f * (c - t).powi(2));
    let sd = ((by_f * 0.05).powi(2) + (by_c * 0.5).powi(2) + (by_t * 0.01).powi(2)).sqrt();
    assert!((conc.sd - sd).abs() < 1e-9, "{} {sd}", conc.sd);
    let tail = recoveries.iter().find(|r| r.stream.0 == "tail" && r.of == Of::from("Cu")).expect("there");
    assert!((conc.recovery + tail.recovery - 1.0).abs() < 1e-9);
    assert!((conc.sd - tail.sd).abs() < 1e-9);
    let quantity = |stream: &str, of: &str| Quantity { stream: stream.into(), of: Of::from(of) };
    let target = Target::Recovery(quantity("conc", "Cu"));
    let influence = reconciled.influence(&target).expect("known");
    assert!((influence.iter().map(|one| one.share).sum::<f64>() - 1.0).abs() < 1e-9);
    assert_eq!(influence[0].measurement, quantity("tail", "Cu"));
    let next = reconciled.next_measurement(&target, 0.02).expect("known");
    assert!(next.iter().all(|candidate| candidate.sd_after < sd));
    // to weigh the concentrate once is to measure it: the promise is kept by a new balance
    let promised =
        next.iter().find(|candidate| candidate.quantity == quantity("conc", "flow")).expect("listed");
    let mut more = given.clone();
    let value = reconciled.answer().values[2].value;
    more.measurements.push(balance::Measurement {
        stream: "conc".into(),
        of: Of::Flow,
        value,
        sd: Some(promised.assumed_sd),
        below: None,
        above: None,
    });
    let then = reconcile(&more).expect("solvable").recoveries();
    let then = then.iter().find(|r| r.stream.0 == "conc" && r.of == Of::from("Cu")).expect("there");
    assert!((then.sd - promised.sd_after).abs() < 1e-8, "{} {}", then.sd, promised.sd_after);
    for value in reconciled.answer().values {
        let (known, sd) = (value.value.expect("known"), value.sd.expect("known"));
        let (lower, upper) = (value.lower.expect("known"), value.upper.expect("known"));
        assert!((upper - known - 1.959_963_984_540_054 * sd).abs() < 1e-9 * upper);
        assert!((lower - (known - 1.959_963_984_540_054 * sd).max(0.0)).abs() < 1e-9 * upper);
    }
    let variance =
        reconciled.covariance(&quantity("conc", "flow"), &quantity("conc", "flow")).expect("known");
    let own = reconciled.answer().values[2].sd.expect("observable");
    assert!((variance.expect("observable") - own * own).abs() < 1e-9 * own * own);
}

#[test]
fn what_opens_an_unobservable_figure_is_listed() {
    let mut given = series();
    given.measurements.retain(|m| m.stream.0 != "one" && m.stream.0 != "two");
    let reconciled = reconcile(&given).expect("solvable");
    let target = Target::Quantity(Quantity { stream: "one".into(), of: Of::Flow });
    let next = reconciled.next_measurement(&target, 0.05).expect("known");
    let names: Vec<&str> = next.iter().map(|candidate| candidate.quantity.stream.0.as_str()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(next.iter().all(|candidate| candidate.sd_before.is_none()));
}

#[test]
fn a_further_constraint_is_kept() {
    let mut given = series();
    let term = |stream: &str, factor: f64| Term { stream: stream.into(), of: Of::Flow, factor };
    given
        .constraints
        .push(balance::Constraint { terms: vec![term("one", 1.0), term("two", -2.0)], equals: 0.0 });
    let answer = solve(&given).expect("solvable");
    let value = |at: usize| answer.values[at].value.expect("observable");
    assert!((value(1) - 2.0 * value(2)).abs() < 1e-9 * value(1));
    assert_eq!(answer.dof, 4);
}
