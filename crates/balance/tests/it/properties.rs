//! What must hold whatever the plant.

use balance::{Answer, Class, Given, Of, solve};
use proptest::prelude::*;

use super::plant::{Dice, Plant, worst};

fn all(_: usize, _: usize) -> bool {
    true
}

fn at(answer: &Answer, width: usize, s: usize, of: usize) -> f64 {
    answer.values[s * width + of].value.expect("observable")
}

fn close(a: f64, b: f64, relative: f64) -> bool {
    (a - b).abs() <= relative * a.abs().max(b.abs())
}

fn plants() -> impl Strategy<Value = (u64, usize, usize, usize)> {
    (any::<u64>(), 1_usize..7, 0_usize..7, 0_usize..4)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reconciled_values_satisfy_every_balance(
        (seed, nodes, more, components) in plants(),
        gaps in 0_usize..4,
    ) {
        let mut dice = Dice::new(seed);
        let plant = Plant::new(&mut dice, nodes, more, components);
        let holes: Vec<(usize, usize)> =
            (0..gaps).map(|_| (dice.below(plant.ends.len()), dice.below(components + 1))).collect();
        let given = plant.measured(&mut dice, 0.03, &|s, of| !holes.contains(&(s, of)));
        let Ok(answer) = solve(&given) else { return Ok(()) };
        // with many gaps the measured values may ask for what cannot be; then the answer says so
        let told = answer.notes.iter().any(|note| note.code == "not-converged");
        prop_assert!(answer.converged || (told && gaps > 0), "{:?}", answer.notes);
        prop_assume!(answer.converged && answer.unobservable.is_empty());
        let off = worst(&plant, &|s, of| at(&answer, components + 1, s, of));
        prop_assert!(off < 1e-9, "{off}");
        prop_assert!(answer.values.iter().all(|value| value.value.unwrap() >= 0.0));
    }

    #[test]
    fn the_answer_does_not_depend_on_order_or_units((seed, nodes, more, components) in plants()) {
        let mut dice = Dice::new(seed);
        let plant = Plant::new(&mut dice, nodes, more, components);
        let given = plant.measured(&mut dice, 0.03, &all);
        let answer = solve(&given).unwrap();
        let turned = solve(&turned(&given)).unwrap();
        let larger = solve(&scaled(&given, 1000.0, 100.0)).unwrap();
        prop_assert!(close(answer.objective, turned.objective, 1e-8));
        prop_assert!(close(answer.objective, larger.objective, 1e-8));
        for (i, value) in answer.values.iter().enumerate() {
            let other = turned.values.iter().find(|v| v.stream == value.stream && v.of == value.of).unwrap();
            let factor = if value.of == Of::Flow { 1000.0 } else { 100.0 };
            prop_assert!(close(value.value.unwrap(), other.value.unwrap(), 1e-8));
            prop_assert!(close(value.sd.unwrap(), other.sd.unwrap(), 1e-6));
            prop_assert!(close(value.value.unwrap() * factor, larger.values[i].value.unwrap(), 1e-8));
            prop_assert!(close(value.sd.unwrap() * factor, larger.values[i].sd.unwrap(), 1e-6));
            prop_assert_eq!(value.class, larger.values[i].class);
        }
    }

    #[test]
    fn removing_a_redundant_measurement_never_lowers_an_sd((seed, nodes, more, components) in plants()) {
        let mut dice = Dice::new(seed);
        let plant = Plant::new(&mut dice, nodes, more, components);
        let mut given = plant.measured(&mut dice, 0.0, &all);
        let before = solve(&given).unwrap();
        let gone = dice.below(given.measurements.len());
        prop_assume!(before.values[gone].class == Class::Redundant);
        given.measurements.remove(gone);
        let Ok(after) = solve(&given) else { return Ok(()) };
        for (a, b) in before.values.iter().zip(&after.values) {
            let (a, b) = (a.sd.unwrap(), b.sd.unwrap_or(f64::INFINITY));
            prop_assert!(b >= a * (1.0 - 1e-6), "{a} became {b}");
        }
    }

    #[test]
    fn without_redundancy_the_measured_values_come_back(seed in any::<u64>(), products in 1_usize..5) {
        let mut dice = Dice::new(seed);
        let mut plant = Plant::new(&mut dice, 1, 0, 0);
        for _ in 1..products {
            plant.ends.push((Some(0), None));
            plant.flow.push(1.0);
            plant.share.push(Vec::new());
        }
        let given = plant.measured(&mut dice, 0.05, &|s, _| s > 0);
        let answer = solve(&given).unwrap();
        prop_assert!(answer.notes.iter().any(|note| note.code == "no-redundancy"), "{:?}", answer.notes);
        prop_assert_eq!(answer.dof, 0);
        for value in &answer.values[1..] {
            prop_assert!(close(value.value.unwrap(), value.measured.unwrap(), 1e-12));
            prop_assert!(close(value.sd.unwrap(), value.measured_sd.unwrap(), 1e-12));
            prop_assert_eq!(value.class, Class::NonRedundant);
        }
        prop_assert_eq!(answer.values[0].class, Class::Observable);
    }

    #[test]
    fn the_general_path_gives_what_the_fast_one_gives((seed, nodes, more, components) in plants()) {
        let mut dice = Dice::new(seed);
        let plant = Plant::new(&mut dice, nodes, more, components);
        let given = plant.measured(&mut dice, 0.03, &all);
        // a constraint that says nothing new sends the same problem down the general path
        let mut general = given.clone();
        let flow = |s: usize, factor: f64| balance::Term {
            stream: given.streams[s].name.clone(),
            of: Of::Flow,
            factor,
        };
        let own: Vec<balance::Term> = (plant.ends.iter().enumerate())
            .filter(|(_, (from, to))| from != to)
            .filter_map(|(s, (from, to))| {
                let sign = f64::from(u8::from(*to == Some(0))) - f64::from(u8::from(*from == Some(0)));
                (sign != 0.0).then(|| flow(s, sign))
            })
            .collect();
        general.constraints.push(balance::Constraint { terms: own, equals: 0.0 });
        let (fast, slow) = (solve(&given).unwrap(), solve(&general).unwrap());
        prop_assert_eq!(fast.dof, slow.dof);
        prop_assert!(close(fast.objective, slow.objective, 1e-8));
        for (a, b) in fast.values.iter().zip(&slow.values) {
            prop_assert!(close(a.value.unwrap(), b.value.unwrap(), 1e-8));
            prop_assert!(close(a.sd.unwrap(), b.sd.unwrap(), 1e-6));
            prop_assert!(close(a.measurement_test.unwrap(), b.measurement_test.unwrap(), 1e-4)
                || a.measurement_test.unwrap() < 1e-3);
        }
        let kept = |node: &balance::NodeBalance| !(node.node.0 == "n0" && node.of == Of::Flow);
        for (a, b) in fast.nodes.iter().zip(&slow.nodes).filter(|(a, _)| kept(a)) {
            if let Some(leak) = b.glr_leak {
                prop_assert!(close(a.glr_leak.unwrap() + 1.0, leak + 1.0, 1e-4));
            }
        }
    }
}

fn turned(given: &Given) -> Given {
    let mut turned = given.clone();
    turned.streams.reverse();
    turned.components.reverse();
    turned.measurements.rotate_left(given.measurements.len() / 2);
    turned
}

fn scaled(given: &Given, flow: f64, share: f64) -> Given {
    let mut scaled = given.clone();
    for measurement in &mut scaled.measurements {
        let factor = if measurement.of == Of::Flow { flow } else { share };
        measurement.value = measurement.value.map(|value| value * factor);
        measurement.sd = measurement.sd.map(|sd| sd * factor);
    }
    scaled
}
