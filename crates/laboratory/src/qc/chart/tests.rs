use proptest::prelude::*;

use super::*;

/// The ten controls of field-faults/20, the last of them gross.
const CONTROLS: [&str; 10] = ["1.00", "1.01", "0.99", "1.00", "1.02", "0.98", "1.00", "1.01", "0.99", "1.50"];

fn points(values: &[&str]) -> Vec<Point> {
    let one = |(at, text): (usize, &&str)| {
        let unit = Unit::MilligramPerLitre;
        Point::read(Instant::from_micros(at as i64), text, unit, unit).unwrap()
    };
    values.iter().enumerate().map(one).collect()
}

fn ones_three(values: &[&str]) -> Vec<usize> {
    let judged = judge(&points(values));
    (0..values.len()).filter(|at| judged[*at].fired.contains(&Fired::OneThree)).collect()
}

#[test]
fn each_rule_fires_where_it_should_and_nowhere_else() {
    for (z, expected) in [
        (vec![0.5, 3.1], vec![Fired::OneThree]),
        (vec![0.5, 3.0], vec![]),
        (vec![2.1, 2.2], vec![Fired::TwoTwo]),
        (vec![-2.1, 2.2], vec![Fired::RangeFour]),
        (vec![2.1, -1.9], vec![]),
        (vec![1.1, 1.2, 1.1, 1.3], vec![Fired::FourOne]),
        (vec![1.1, -1.2, 1.1, 1.3], vec![]),
        (vec![0.1, 0.2, 0.3, 0.1, 0.2, 0.3, 0.1, 0.2, 0.3, 0.1], vec![Fired::TenX]),
        (vec![0.1, 0.2, 0.3, 0.1, -0.2, 0.3, 0.1, 0.2, 0.3, 0.1], vec![]),
    ] {
        let z: Vec<Option<f64>> = z.into_iter().map(Some).collect();
        assert_eq!(fired(&z, z.len() - 1), expected, "{z:?}");
    }
    assert_eq!(fired(&[Some(2.2), None, Some(2.1)], 2), vec![], "a point without limits ends a run");
    assert_eq!(fired(&[Some(2.2), None], 1), vec![]);
}

#[test]
fn a_gross_control_does_not_hide_itself_wherever_it_stands() {
    assert_eq!(ones_three(&CONTROLS), [9]);
    for at in 0..10 {
        let mut order = CONTROLS.to_vec();
        let gross = order.pop().unwrap();
        order.insert(at, gross);
        assert_eq!(ones_three(&order), [at]);
    }
    let last = judge(&points(&CONTROLS))[9].limits.unwrap();
    let found = (last.points, last.left_out, (last.mean * 1e3).round());
    assert_eq!(found, (9, 0, 1000.0), "nine before it, without it");
    // Σ|Δ| = 0.01 + 0.02 + 0.01 + 0.02 + 0.04 + 0.02 + 0.01 + 0.02
    assert!((last.sd - 0.15 / 8.0 / 1.128).abs() < 1e-12);
}

#[test]
fn two_gross_controls_in_a_row_do_not_hide_each_other() {
    for at in [0, 3, 9] {
        let mut order = CONTROLS[..9].to_vec();
        order.insert(at, "1.50");
        order.insert(at, "1.52");
        assert_eq!(ones_three(&order), [at, at + 1], "{order:?}");
    }
    let mut apart = CONTROLS.to_vec();
    apart.insert(4, "0.40");
    assert_eq!(ones_three(&apart), [4, 10]);
}

#[test]
fn a_baseline_without_any_spread_has_that_of_its_rounding() {
    let mut same = vec!["1.00"; 9];
    for (last, fires) in [("1.00", false), ("1.01", false), ("1.02", true), ("1.50", true), ("0.5", true)] {
        same.push(last);
        assert_eq!(!ones_three(&same).is_empty(), fires, "{last}");
        same.pop();
    }
}

#[test]
fn fewer_than_the_least_points_establish_nothing() {
    assert!(learned(&points(&CONTROLS[..LEAST])).is_some());
    assert!(learned(&points(&CONTROLS[..LEAST - 1])).is_none());
    assert!(judge(&points(&CONTROLS[..LEAST])).iter().all(|one| one.limits.is_none()), "each has 7 others");
    let mut with_outlier = CONTROLS[..LEAST - 1].to_vec();
    with_outlier.push("9");
    assert!(learned(&points(&with_outlier)).is_none(), "an outlier does not count");
    assert!(judge(&[]).is_empty() && learned(&[]).is_none());
}

#[test]
fn a_drift_does_not_carry_the_limits_along() {
    let text: Vec<String> = (0..90)
        .map(|n| {
            let noise = [0.0, 0.01, -0.01, 0.02, -0.02][n % 5];
            format!("{:.3}", 1.0 + noise + n.saturating_sub(40) as f64 * 0.004)
        })
        .collect();
    let texts: Vec<&str> = text.iter().map(String::as_str).collect();
    let judged = judge(&points(&texts));
    assert_eq!(judged[89].limits.unwrap().points, MOST);
    assert_eq!(judged[89].limits, judged[60].limits);
    assert!(judged[89].fired.contains(&Fired::OneThree) && judged[30].fired.is_empty());
}

#[test]
fn values_in_another_unit_are_brought_to_that_of_the_chart_or_left_out() {
    let at = Instant::from_micros(1);
    let (mg, ug) = (Unit::MilligramPerLitre, Unit::parse("ug/L").unwrap());
    assert_eq!(Point::read(at, "1010", ug, mg).map(|point| point.value), Some(1.01));
    assert_eq!(Point::read(at, "1.01", Unit::Percent, mg), None);
    assert_eq!(Point::read(at, "", mg, mg), None);
}

/// Published values, where the data folder is there.
#[test]
fn centre_and_spread_are_those_of_published_charts() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/statistics/");
    let read = |name: &str| std::fs::read_to_string(format!("{folder}{name}"));
    let (Ok(rings), Ok(expected), Ok(rules)) =
        (read("qcc_pistonrings.csv"), read("qcc_2_7_expected.json"), read("nelson_rules_by_definition.json"))
    else {
        println!("left out: {folder} is not there");
        return;
    };
    let diameters: Vec<&str> = rings
        .lines()
        .skip(1)
        .filter(|line| line.ends_with("TRUE"))
        .filter_map(|l| l.split(',').next())
        .collect();
    let expected: serde_json::Value = serde_json::from_str(&expected).unwrap();
    let found = spread(&points(&diameters), 0);
    assert!((found.mean - expected["I"]["center"].as_f64().unwrap()).abs() < 1e-9);
    assert!((found.sd - expected["I"]["std_dev"].as_f64().unwrap()).abs() < 1e-9, "{found:?}");
    let rules: serde_json::Value = serde_json::from_str(&rules).unwrap();
    for name in ["r1", "r1_exactly_3_no_signal", "r5_includes_beyond3"] {
        let one = &rules["sequences"][name];
        let z: Vec<Option<f64>> = one["z"].as_array().unwrap().iter().map(|z| z.as_f64()).collect();
        let found: Vec<usize> = (0..z.len()).filter(|at| fired(&z, *at).contains(&Fired::OneThree)).collect();
        let given = one["signals"].get("1").and_then(|all| all.as_array()).cloned().unwrap_or_default();
        let given: Vec<usize> = given.iter().filter_map(|at| at.as_u64()).map(|at| at as usize).collect();
        assert_eq!(found, given, "{name}");
    }
}

proptest! {
    /// Whatever the others are, a point far off fires, and its own size moves no limit it is judged by.
    #[test]
    fn the_judged_point_is_never_in_its_limits(
        noise in prop::collection::vec(-20i32..=20, 9..40), at in 0usize..40, far in 3i32..1000,
    ) {
        let at = at % (noise.len() + 1);
        let text = |hundredths: i32| format!("{:.2}", f64::from(hundredths) / 100.0);
        let row = |gross: i32| {
            let mut all: Vec<String> = noise.iter().map(|n| text(100 + n)).collect();
            all.insert(at, text(gross));
            all
        };
        let judged = |gross: i32| {
            let all = row(gross);
            judge(&points(&all.iter().map(String::as_str).collect::<Vec<_>>()))
        };
        let (one, other) = (judged(100 + far * 100), judged(100 - far * 77));
        prop_assert_eq!(one[at].limits, other[at].limits);
        prop_assume!(one[at].limits.is_some());
        let limits = one[at].limits.unwrap();
        let beyond = f64::from(far) + 1.0 > limits.mean + 3.0 * limits.sd;
        prop_assert_eq!(one[at].fired.contains(&Fired::OneThree), beyond);
    }
}
