//! Monte Carlo on the steam network of Serth and Heenan (AIChE J. 32 (1986) 733): the tests err as often as
//! they say they do.

use balance::{GlobalTest, Trials, identification, solve};

use super::cases::{cases, given};
use super::plant::Dice;

#[test]
fn false_alarms_and_intervals_are_what_they_claim() {
    let Some((_, mut case)) =
        cases(&["linear_wls"]).into_iter().find(|(id, _)| id == "lin-serth-heenan-1986-steam")
    else {
        return;
    };
    case["inputs"]["y"] = case["true_values"].clone();
    let given = given(&case);
    let mut dice = Dice::new(1986);
    let trials = Trials { runs: 400, sizes: vec![3.0, 5.0, 10.0], only: vec![], most: 1 << 40 };
    let found = identification(&given, &trials, &mut || dice.normal()).expect("solvable");
    assert_eq!((found.trials, found.left_out), (400, 0));
    assert_eq!(found.meters.len(), 28);
    // a steam meter in the middle of the network is found nearly always at 10 σ; a tiny stream beside large
    // ones never: its bias is lost in their noise
    let rate = |stream: &str, at: usize| {
        let meter = found.meters.iter().find(|meter| meter.quantity.stream.0 == stream).expect("a meter");
        meter.rates[at].identified
    };
    assert!(rate("s24", 2) > 0.9, "{}", rate("s24", 2));
    assert!(rate("s0", 2) < 0.1, "{}", rate("s0", 2));
    assert!(found.meters.iter().all(|m| m.rates[0].detected <= m.rates[2].detected + 0.05));

    // what would take too long is made less, and told
    let short = Trials { most: 100 * 3 * 28 * 10, ..trials };
    let some = identification(&given, &short, &mut || dice.normal()).expect("solvable");
    assert_eq!((some.trials, some.meters.len(), some.left_out), (100, 10, 18));

    let many = Trials { runs: 20_000, sizes: vec![], ..short };
    let many = identification(&given, &Trials { most: 1 << 40, ..many }, &mut || dice.normal());
    let many = many.expect("solvable");
    assert!((many.false_alarms - 0.05).abs() <= 0.005, "{}", many.false_alarms);
    assert!((many.coverage - 0.95).abs() <= 0.005, "{}", many.coverage);
}

#[test]
fn whole_solutions_err_as_often_as_the_shortcut() {
    let Some((_, mut case)) =
        cases(&["linear_wls"]).into_iter().find(|(id, _)| id == "lin-serth-heenan-1986-steam")
    else {
        return;
    };
    case["inputs"]["y"] = case["true_values"].clone();
    let truth = given(&case);
    let mut dice = Dice::new(7);
    let (trials, mut alarms) = (1500, 0);
    for _ in 0..trials {
        let mut given = truth.clone();
        for measurement in &mut given.measurements {
            let sd = measurement.sd.expect("measured");
            measurement.value = measurement.value.map(|value| value + sd * dice.normal());
        }
        let answer = solve(&given).expect("solvable");
        assert!(answer.converged);
        alarms += i32::from(answer.global_test == GlobalTest::Reject);
    }
    let rate = f64::from(alarms) / f64::from(trials);
    assert!((rate - 0.05).abs() < 0.017, "{rate}");
}
