//! Several data sets on one flowsheet.

use balance::{Blamed, Given, Name, Set, Wrong, across, reconcile_sets, solve};
use serde_json::json;

use super::plant::{Dice, Plant};

/// So many sets measured on one plant with noise of their own; stream `s0`'s flow reads so much too high.
fn measured(sets: usize, high: f64) -> Given {
    let mut dice = Dice::new(11);
    let plant = Plant::new(&mut dice, 4, 4, 2);
    let all: Vec<Given> = (0..sets).map(|_| plant.measured(&mut dice, 0.02, &|_, _| true)).collect();
    let mut given = Given { measurements: Vec::new(), ..all[0].clone() };
    for (at, one) in all.into_iter().enumerate() {
        let mut measurements = one.measurements;
        let first = measurements
            .iter_mut()
            .find(|m| m.stream.0 == "s0" && m.of.to_string() == "flow")
            .expect("a flow");
        first.value = first.value.map(|value| value * (1.0 + high));
        let name = Name(format!("day {}", at + 1));
        let (inventory, fixed, bounds) = (Vec::new(), Vec::new(), Vec::new());
        given.sets.push(Set { name, measurements, inventory, fixed, bounds });
    }
    given
}

#[test]
fn each_set_is_reconciled_as_if_it_were_alone() {
    let given = measured(3, 0.0);
    let together = reconcile_sets(&given).unwrap();
    for ((name, found), set) in together.iter().zip(&given.sets) {
        let alone = Given { sets: Vec::new(), measurements: set.measurements.clone(), ..given.clone() };
        assert_eq!(*name, set.name);
        assert_eq!(found.answer(), solve(&alone).unwrap());
    }
    let sums = across(&together);
    let answers: Vec<_> = together.iter().map(|(_, one)| one.answer()).collect();
    assert_eq!(sums.dof, answers.iter().map(|answer| answer.dof).sum::<usize>());
    let objective: f64 = answers.iter().map(|answer| answer.objective).sum();
    assert!((sums.objective - objective).abs() < 1e-9 * objective);
}

#[test]
fn one_set_says_across_what_it_says_alone() {
    let given = measured(1, 0.0);
    let together = reconcile_sets(&given).unwrap();
    let (answer, sums) = (together[0].1.answer(), across(&together));
    for bias in &sums.values {
        let value = answer.values.iter().find(|v| v.stream == bias.stream && v.of == bias.of).unwrap();
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-9 * b.abs().max(1e-9), "{bias:?} {value:?}");
        near(bias.bias_estimate, value.bias_estimate.unwrap());
        near(bias.glr_bias, value.glr_bias.unwrap());
        near(bias.glr_relative_bias.unwrap(), value.glr_bias.unwrap());
    }
    for leak in &sums.nodes {
        let line = answer.nodes.iter().find(|line| line.node == leak.node && line.of == leak.of).unwrap();
        assert!((leak.leak_estimate / line.leak_estimate.unwrap() - 1.0).abs() < 1e-9);
        assert!((leak.glr_leak / line.glr_leak.unwrap() - 1.0).abs() < 1e-9);
    }
}

#[test]
fn a_bias_that_no_day_shows_is_found_in_thirty() {
    let given = measured(30, 0.03);
    let together = reconcile_sets(&given).unwrap();
    let found = together.iter().filter(|(_, one)| one.answer().suspects.len() == 1).count();
    assert!(found < 10, "{found} days reject by themselves");
    let sums = across(&together);
    let first = &sums.persistent[0];
    assert_eq!(first.what, Blamed::Bias { stream: Name("s0".to_owned()), of: balance::Of::Flow }, "{sums:?}");
    let bias = sums.values.iter().find(|v| v.stream.0 == "s0" && v.of == balance::Of::Flow).unwrap();
    let (estimate, sd) = (bias.relative_bias_estimate.unwrap(), bias.relative_bias_sd.unwrap());
    assert_eq!(bias.sets, 30);
    assert!((estimate - 0.03).abs() < 3.0 * sd && sd < 0.01, "{estimate} {sd}");
}

#[test]
fn one_wild_day_does_not_persist() {
    let mut given = measured(30, 0.0);
    let wild = given.sets[7].measurements.iter_mut();
    for figure in wild.filter(|m| m.stream.0 == "s0" && m.of == balance::Of::Flow) {
        figure.value = figure.value.map(|value| value * 1.6);
    }
    let sums = across(&reconcile_sets(&given).unwrap());
    let bias = sums.values.iter().find(|v| v.stream.0 == "s0" && v.of == balance::Of::Flow).unwrap();
    assert!(bias.glr_bias.sqrt() > sums.test_critical.unwrap(), "{bias:?}");
    assert!(sums.persistent.is_empty(), "{:?}", sums.persistent);
}

#[test]
fn sound_sets_have_no_persistent_bias() {
    let sums = across(&reconcile_sets(&measured(30, 0.0)).unwrap());
    assert!(sums.persistent.is_empty(), "{:?}", sums.persistent);
}

/// By hand: two days of one stream in and one out, in and out each with deviation 1.
/// Adjustments are half of the imbalance, var(adjustment) = 1/2, so that bᵢ = imbalance and Vᵢ = 2.
#[test]
fn the_common_bias_is_the_mean_of_equally_sure_days() {
    let day = |name: &str, fed: f64| {
        let flow =
            |stream: &str, value: f64| json!({"stream": stream, "of": "flow", "value": value, "sd": 1});
        json!({"name": name, "measurements": [flow("in", fed), flow("out", 100.0)]})
    };
    let given: Given = serde_json::from_value(json!({
        "streams": [{"name": "in", "to": "n"}, {"name": "out", "from": "n"}],
        "sets": [day("a", 103.0), day("b", 105.0)],
    }))
    .unwrap();
    let sums = across(&reconcile_sets(&given).unwrap());
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} {b}");
    near(sums.values[0].bias_estimate, 4.0);
    near(sums.values[0].bias_sd, 1.0);
    near(sums.values[0].glr_bias, 16.0);
    // (3 − 4)²/2 + (5 − 4)²/2
    near(sums.values[0].spread, 1.0);
    near(sums.values[1].bias_estimate, -4.0);
    // 3/101.5 and 5/102.5 with variances 2/101.5² and 2/102.5²
    let (a, b) = (101.5_f64, 102.5_f64);
    near(sums.values[0].relative_bias_estimate.unwrap(), (3.0 * a + 5.0 * b) / (a * a + b * b));
    near(sums.nodes[0].leak_estimate, 4.0);
    near(sums.nodes[0].glr_leak, 16.0);
}

#[test]
fn each_fault_in_the_sets_is_named() {
    let given = measured(2, 0.0);
    assert_eq!(solve(&given).unwrap_err(), Wrong::Sets);
    let mut twice = given.clone();
    twice.sets[1].name = twice.sets[0].name.clone();
    let mut outside = given.clone();
    outside.measurements = outside.sets[0].measurements.clone();
    let mut negative = given.clone();
    negative.sets[1].measurements[0].sd = Some(-1.0);
    let table: [(Given, &[&str]); 3] = [
        (twice, &["`day 1`", "two sets"]),
        (outside, &["beside `sets`"]),
        (negative, &["set `day 2`", "-1", "above zero"]),
    ];
    for (given, words) in table {
        let Err(wrong) = reconcile_sets(&given) else { panic!("refused: {words:?}") };
        let message = wrong.to_string();
        assert!(words.iter().all(|word| message.contains(word)), "{message}");
    }
}
