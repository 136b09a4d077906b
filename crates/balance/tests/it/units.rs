//! The unit in which something is written does not change what comes out: figures, classes, tests.

use std::collections::BTreeMap;

use balance::{
    Answer, Bound, Class, Constraint, Fixed, Given, Inventory, Name, NodeBalance, Of, Quantity, Robust, Set,
    Sum, Target, Term, Trials, Value, across, identification, reconcile, reconcile_sets, values,
};
use serde_json::json;

use super::plant::{Dice, Plant};
use super::shares::{size_by_assay, slurry};

/// What is promised.
const SAME: f64 = 1e-9;

/// What 1 of the flow and of each component becomes.
#[derive(Debug, Clone, Default)]
pub struct Units {
    flow: f64,
    components: BTreeMap<Name, f64>,
    /// Of which other a component is a share.
    parents: BTreeMap<Name, Name>,
}

impl Units {
    pub fn new(given: &Given, flow: f64, components: &[(&str, f64)]) -> Self {
        let own =
            |name: &str| components.iter().find(|(other, _)| *other == name).map_or(1.0, |(_, unit)| *unit);
        Units {
            flow,
            components: given.components.iter().map(|c| (c.name.clone(), own(&c.name.0))).collect(),
            parents: given.components.iter().filter_map(|c| Some((c.name.clone(), c.of.clone()?))).collect(),
        }
    }

    fn of(&self, of: &Of) -> f64 {
        match of {
            Of::Flow => self.flow,
            Of::Component(name) => self.components[name],
        }
    }

    /// Of an amount: the flow and the shares in between.
    fn amount(&self, of: &Of) -> f64 {
        let (mut unit, mut next) = (
            self.flow,
            match of {
                Of::Flow => None,
                Of::Component(name) => Some(name),
            },
        );
        while let Some(name) = next {
            unit *= self.components[name];
            next = self.parents.get(name);
        }
        unit
    }

    /// The same plant, written in these units.
    pub fn write(&self, given: &Given) -> Given {
        let mut given = given.clone();
        let scale = |value: &mut Option<f64>, unit: f64| *value = value.map(|value| value * unit);
        let measured = |measurements: &mut Vec<balance::Measurement>| {
            for one in measurements {
                let unit = self.of(&one.of);
                for value in [&mut one.value, &mut one.sd, &mut one.below, &mut one.above] {
                    scale(value, unit);
                }
            }
        };
        let gained = |inventory: &mut Vec<Inventory>| {
            for gain in inventory {
                let unit = self.amount(&gain.of);
                gain.change *= unit;
                scale(&mut gain.sd, unit);
            }
        };
        measured(&mut given.measurements);
        gained(&mut given.inventory);
        for set in &mut given.sets {
            measured(&mut set.measurements);
            gained(&mut set.inventory);
        }
        given.fixed.iter_mut().for_each(|fixed| fixed.value *= self.of(&fixed.of));
        for bound in &mut given.bounds {
            let unit = self.of(&bound.of);
            scale(&mut bound.lower, unit);
            scale(&mut bound.upper, unit);
        }
        given.sums.iter_mut().for_each(|sum| sum.to *= self.components[&sum.components[0]]);
        for total in &mut given.totals {
            if let Some(class) = self.parents.get(&total.parts[0]) {
                total.whole *= self.components[class];
            }
        }
        for constraint in &mut given.constraints {
            let first = self.of(&constraint.terms[0].of);
            constraint.equals *= first;
            constraint.terms.iter_mut().for_each(|term| term.factor *= first / self.of(&term.of));
        }
        given
    }
}

/// Whether two figures are the same to `SAME`, beside what is lost where they are differences.
fn same(a: f64, b: f64, lost: f64) -> bool {
    (a - b).abs() <= SAME * a.abs().max(b.abs()) + lost
}

fn both(what: &str, a: Option<f64>, b: Option<f64>, lost: f64) -> Result<(), String> {
    match (a, b) {
        (Some(a), Some(b)) if same(a, b, lost) => Ok(()),
        (None, None) => Ok(()),
        _ => Err(format!("{what}: {a:?} and {b:?}")),
    }
}

fn equal<T: PartialEq + std::fmt::Debug>(what: &str, a: T, b: T) -> Result<(), String> {
    if a == b { Ok(()) } else { Err(format!("{what}: {a:?} and {b:?}")) }
}

/// A value: `a` in the units of the first, `b` in others. A deviation that remains of a far larger one, and a
/// test of what the balances say hardly anything of, are known to fewer digits: of a variance 1e-13 is lost.
fn same_value(units: &Units, a: &Value, b: &Value) -> Result<(), String> {
    let unit = units.of(&a.of);
    let told = |what: &str| format!("{what} of {} of {}", a.of, a.stream);
    let back = |value: Option<f64>| value.map(|value| value / unit);
    equal(&told("class"), (a.class, a.at_bound), (b.class, b.at_bound))?;
    both(&told("measured"), a.measured, back(b.measured), 0.0)?;
    let sd = a.sd.unwrap_or(0.0).max(a.measured_sd.unwrap_or(0.0));
    both(&told("value"), a.value, back(b.value), SAME * sd)?;
    let squares = |value: Option<f64>| value.map(|value| value * value);
    both(&told("sd²"), squares(a.sd), squares(back(b.sd)), 1e-13 * sd * sd)?;
    let loose = a.value.unwrap_or(0.0).abs() * SAME + SAME * sd;
    both(
        &told("lower"),
        a.lower,
        back(b.lower),
        2.0 * loose + 1e-7 * sd * f64::from(a.sd < Some(1e-5 * sd)),
    )?;
    both(&told("adjustment"), a.adjustment, b.adjustment, SAME)?;
    let weak = match (a.measured_sd, a.detectability) {
        // σ / sd(adjustment): what an adjustment's rounding is multiplied by
        (Some(sd), Some(least)) => least / sd,
        _ => 1.0,
    };
    both(&told("test"), a.measurement_test, b.measurement_test, 1e-12 * weak * weak)?;
    both(&told("detectability"), a.detectability, back(b.detectability), 1e-12 * weak * weak * sd)?;
    both(&told("bias"), a.bias_estimate, back(b.bias_estimate), 1e-12 * weak * weak * sd)
}

fn same_node(
    units: &Units,
    a: &NodeBalance,
    b: &NodeBalance,
    (passes, dependent): (f64, bool),
) -> Result<(), String> {
    let unit = units.amount(&a.of);
    let told = |what: &str| format!("{what} of {} at {}", a.of, a.node);
    both(&told("imbalance"), a.imbalance, b.imbalance.map(|off| off / unit), 1e-13 * passes)?;
    both(&told("nodal test"), a.nodal_test, b.nodal_test, 1e-11)?;
    // Where balances depend on each other one is dropped, and a leak of it shows in the others: which one it
    // is may hang on the units (docs/balance.md).
    if dependent {
        return Ok(());
    }
    both(&told("leak's ratio"), a.glr_leak, b.glr_leak, SAME)?;
    both(&told("leak"), a.leak_estimate, b.leak_estimate.map(|leak| leak / unit), SAME * passes)
}

fn same_answer(units: &Units, a: &Answer, b: &Answer) -> Result<(), String> {
    let codes = |answer: &Answer| answer.notes.iter().map(|note| note.code.clone()).collect::<Vec<_>>();
    equal("converged", (a.converged, codes(a)), (b.converged, codes(b)))?;
    if !a.converged {
        return Ok(());
    }
    equal("dof", (a.dof, a.global_test), (b.dof, b.global_test))?;
    both("objective", Some(a.objective), Some(b.objective), 1e-11)?;
    equal(
        "limits",
        (a.chi2_critical, a.measurement_test_critical),
        (b.chi2_critical, b.measurement_test_critical),
    )?;
    equal("unobservable", &a.unobservable, &b.unobservable)?;
    for (a, b) in a.values.iter().zip(&b.values) {
        same_value(units, a, b)?;
    }
    let most = |of: &Of| {
        let amount = |value: &&Value| value.of == *of;
        a.values
            .iter()
            .filter(amount)
            .filter_map(|v| v.value.or(v.measured))
            .fold(0.0_f64, |m, v| m.max(v.abs()))
    };
    let dependent = codes(a).iter().any(|code| code == "dependent-balances");
    for (a, b) in a.nodes.iter().zip(&b.nodes) {
        let flow = most(&Of::Flow);
        let passes = if a.of == Of::Flow { flow } else { flow * most(&a.of).max(1e-300) };
        same_node(units, a, b, (passes, dependent))?;
    }
    equal("suspects", a.suspects.len(), b.suspects.len())?;
    for (a, b) in a.suspects.iter().zip(&b.suspects) {
        equal("suspect", (&a.what, a.dof_after, &a.ties), (&b.what, b.dof_after, &b.ties))?;
        both("its statistic", Some(a.statistic), Some(b.statistic), SAME)?;
        both("χ² without it", Some(a.objective_after), Some(b.objective_after), SAME)?;
    }
    Ok(())
}

/// Everything else that can be asked.
fn same_questions(units: &Units, given: &Given, other: &Given) -> Result<(), String> {
    let (a, b) = (reconcile(given).map_err(|w| w.to_string())?, reconcile(other).map_err(|w| w.to_string())?);
    let (first, second) = (a.answer(), b.answer());
    same_answer(units, &first, &second)?;
    if !first.converged {
        return Ok(());
    }
    let sized = !given.measurements.is_empty() || !given.fixed.is_empty();
    let recovered = (a.recoveries(), b.recoveries());
    equal("recoveries", recovered.0.len(), recovered.1.len())?;
    for (one, other) in recovered.0.iter().zip(&recovered.1) {
        let (unit, told) = (units.amount(&one.of), format!("recovery of {} to {}", one.of, one.stream));
        both(&told, Some(one.recovery), Some(other.recovery), 1e-11)?;
        both(&told, Some(one.sd), Some(other.sd), 1e-12)?;
        both(&told, Some(one.amount), Some(other.amount / unit), SAME * one.amount_sd)?;
        both(&told, Some(one.amount_sd), Some(other.amount_sd / unit), 0.0)?;
        same_target(units, &a_target(&one.stream, &one.of, true), sized, (&a, &b))?;
    }
    let quantity = &first.values[first.values.len() / 2];
    same_target(units, &a_target(&quantity.stream, &quantity.of, false), sized, (&a, &b))?;
    let alike = |one: &Quantity, other: &Quantity| one.of == other.of;
    let (one, other) = (a.explain(&alike), b.explain(&alike));
    equal("explanations", one.explanations.len(), other.explanations.len())?;
    for (a, b) in one.explanations.iter().zip(&other.explanations) {
        both("χ² of an explanation", Some(a.objective), Some(b.objective), SAME)?;
        for (a, b) in a.faults.iter().zip(&b.faults) {
            equal("fault", (&a.what, &a.ties), (&b.what, &b.ties))?;
            let unit = match &a.what {
                balance::Cause::Bias(quantity) => units.of(&quantity.of),
                _ => units.flow,
            };
            let sd = a.sd.unwrap_or(0.0);
            both("fault's size", a.estimate, b.estimate.map(|e| e / unit), SAME * sd)?;
            both("its deviation", a.sd, b.sd.map(|e| e / unit), SAME * sd)?;
        }
    }
    Ok(())
}

fn a_target(stream: &Name, of: &Of, recovery: bool) -> Target {
    let quantity = Quantity { stream: stream.clone(), of: of.clone() };
    if recovery { Target::Recovery(quantity) } else { Target::Quantity(quantity) }
}

/// What a figure hangs on, and what would help it.
fn same_target(
    units: &Units,
    target: &Target,
    sized: bool,
    (a, b): (&balance::Reconciled, &balance::Reconciled),
) -> Result<(), String> {
    let unit = match target {
        Target::Quantity(quantity) => units.of(&quantity.of),
        Target::Recovery(_) => 1.0,
    };
    let (one, other) = (a.influence(target).expect("a question"), b.influence(target).expect("a question"));
    let other: BTreeMap<_, _> = other.iter().map(|i| (&i.measurement, i)).collect();
    for influence in one.iter().filter(|influence| influence.share > 1e-6) {
        let found = other.get(&influence.measurement).ok_or("an influence is missing")?;
        both("share", Some(influence.share), Some(found.share), 1e-10)?;
        let own = units.of(&influence.measurement.of) / unit;
        let sensitivity = Some(influence.sensitivity);
        both("sensitivity", sensitivity, Some(found.sensitivity * own), 0.0)?;
    }
    let (one, other) = (
        a.next_measurement(target, 0.05).expect("a question"),
        b.next_measurement(target, 0.05).expect("a question"),
    );
    let other: BTreeMap<_, _> = other.iter().map(|c| (&c.quantity, c)).collect();
    // of what nothing at all is known, the size is made up
    for candidate in one.iter().filter(|_| sized) {
        let before = candidate.sd_before.unwrap_or(candidate.sd_after);
        if candidate.sd_after > 0.999_999 * before && candidate.sd_before.is_some() || before == 0.0 {
            continue;
        }
        let found = other.get(&candidate.quantity).ok_or(format!("{candidate:?} is missing"))?;
        let own = units.of(&candidate.quantity.of);
        both("assumed", Some(candidate.assumed_sd), Some(found.assumed_sd / own), 0.0)?;
        both("before", candidate.sd_before, found.sd_before.map(|sd| sd / unit), 0.0)?;
        both("after", Some(candidate.sd_after), Some(found.sd_after / unit), SAME * before)?;
    }
    Ok(())
}

/// A unit between 1e-9 and 1e9: any number, or a power of ten as units have it.
fn unit(dice: &mut Dice) -> f64 {
    let exponent = -9.0 + 18.0 * dice.part();
    if dice.part() < 0.5 { 10_f64.powf(exponent) } else { 10_f64.powi(exponent.round() as i32) }
}

/// A plant with gaps and, by the dice, what else can be stated.
fn stated(dice: &mut Dice, nodes: usize, more: usize, components: usize) -> (Given, Units) {
    let plant = Plant::new(dice, nodes, more, components);
    let rest = components > 0 && dice.part() < 0.3;
    let plant = if rest { plant.with_rest() } else { plant };
    let width = 1 + plant.components();
    let gaps = dice.below(4);
    let holes: Vec<(usize, usize)> =
        (0..gaps).map(|_| (dice.below(plant.ends.len()), dice.below(width))).collect();
    let noise = [0.01, 0.03, 0.1][dice.below(3)];
    let mut given = plant.measured(dice, noise, &|s, of| !holes.contains(&(s, of)));
    // components of very different size, as metals are
    let size: Vec<f64> =
        (0..width).map(|_| if rest { 1.0 } else { 10_f64.powi(-(dice.below(7) as i32)) }).collect();
    let names: Vec<String> = given.components.iter().map(|c| c.name.0.clone()).collect();
    let sizes: Vec<(&str, f64)> = names.iter().map(String::as_str).zip(size).collect();
    given = Units::new(&given, 1.0, &sizes).write(&given);
    if rest {
        let components = given.components.iter().map(|c| c.name.clone()).collect();
        given.sums.push(Sum { components, to: 1.0, streams: None });
    }
    further(dice, &plant, &mut given, rest);
    let own: Vec<f64> = (0..width).map(|_| unit(dice)).collect();
    let common = unit(dice);
    let units: Vec<(&str, f64)> = names
        .iter()
        .enumerate()
        .map(|(c, name)| (name.as_str(), if rest { common } else { own[c] }))
        .collect();
    let units = Units::new(&given, unit(dice), &units);
    (given, units)
}

/// Stock, a gross error, bounds, a censored assay, an exact figure, an equation, an estimator.
fn further(dice: &mut Dice, plant: &Plant, given: &mut Given, rest: bool) {
    if dice.part() < 0.3 {
        let node = Name("n0".to_owned());
        given.inventory.push(Inventory { node: node.clone(), of: Of::Flow, change: 3.0, sd: Some(1.0) });
        for component in &given.components.clone() {
            let one = given.measurements.iter().find(|m| m.of == Of::Component(component.name.clone()));
            let share = one.and_then(|m| m.value).unwrap_or(1.0);
            let of = Of::Component(component.name.clone());
            given.inventory.push(Inventory { node: node.clone(), of, change: 3.0 * share, sd: Some(share) });
        }
    }
    if given.measurements.is_empty() {
        return;
    }
    let at = dice.below(given.measurements.len());
    let one = given.measurements[at].clone();
    match dice.below(6) {
        0 => given.measurements[at].value = one.value.map(|value| value * 1.4),
        1 => {
            let upper = one.value.map(|value| value * 0.99);
            given.bounds.push(Bound { stream: one.stream, of: one.of, lower: None, upper });
        }
        2 if !rest && one.of != Of::Flow => {
            given.measurements[at].below = one.value;
            (given.measurements[at].value, given.measurements[at].sd) = (None, None);
        }
        3 => {
            given.measurements.remove(at);
            let value = one.value.unwrap_or(1.0);
            given.fixed.push(Fixed { stream: one.stream, of: one.of, value });
        }
        4 => {
            let of = one.of.clone();
            let term = |s: usize, factor: f64| Term { stream: Name(format!("s{s}")), of: of.clone(), factor };
            let number = |of: &Of| match of {
                Of::Flow => 0,
                Of::Component(name) => 1 + name.0[1..].parse::<usize>().expect("a number"),
            };
            let truth = plant.truth(0, number(&of)) / plant.truth(1, number(&of));
            given.constraints.push(Constraint { terms: vec![term(0, 1.0), term(1, -truth)], equals: 0.0 });
        }
        _ => {}
    }
    given.options.robust = match dice.below(8) {
        0 => Robust::Huber,
        1 => Robust::ContaminatedNormal,
        _ => Robust::None,
    };
    given.options.eliminate = dice.part() < 0.3;
}

#[test]
fn units_of_any_size_change_nothing() {
    let mut wrong = Vec::new();
    let mut solved = 0;
    let cases = 150;
    for seed in 0..cases {
        let mut dice = Dice::new(1_000 + seed);
        let (nodes, more, components) = (1 + dice.below(6), dice.below(7), dice.below(4));
        let (given, units) = stated(&mut dice, nodes, more, components);
        let other = units.write(&given);
        let Ok(first) = reconcile(&given) else {
            assert!(reconcile(&other).is_err(), "{seed}: refused in one unit only");
            continue;
        };
        solved += u64::from(first.answer().converged);
        if let Err(why) = same_questions(&units, &given, &other) {
            wrong.push(format!("{seed}: {why} in {units:?}"));
        }
    }
    assert!(solved * 10 > cases * 8, "{solved} of {cases} converge");
    assert!(wrong.is_empty(), "{} of {cases}:\n{}", wrong.len(), wrong.join("\n"));
}

/// A gold plant: gravity, leach, a cleaner that returns; feed and tail assayed twice over, some flows not
/// weighed.
fn gold() -> Given {
    fn measured(stream: &str, of: &str, value: f64, sd: f64) -> serde_json::Value {
        json!({"stream": stream, "of": of, "value": value, "sd": sd})
    }
    serde_json::from_value(json!({
        "streams": [
            {"name": "ore", "to": "mill"}, {"name": "pulp", "from": "mill", "to": "gravity"},
            {"name": "gravity concentrate", "from": "gravity"},
            {"name": "gravity tail", "from": "gravity", "to": "flotation"},
            {"name": "rougher", "from": "flotation", "to": "cleaner"},
            {"name": "return", "from": "cleaner", "to": "mill"},
            {"name": "concentrate", "from": "cleaner"},
            {"name": "tail", "from": "flotation"}
        ],
        "components": ["Au", "Ag"],
        "measurements": [
            measured("ore", "flow", 212.4, 2.1), measured("pulp", "flow", 219.8, 4.0),
            measured("gravity concentrate", "flow", 0.031, 0.001), measured("tail", "flow", 205.9, 4.1),
            measured("concentrate", "flow", 6.05, 0.12),
            measured("ore", "Au", 2.31, 0.07), measured("pulp", "Au", 2.96, 0.11),
            measured("gravity concentrate", "Au", 4210.0, 130.0), measured("gravity tail", "Au", 2.27, 0.09),
            measured("rougher", "Au", 31.4, 1.2), measured("return", "Au", 17.9, 0.9),
            measured("concentrate", "Au", 52.6, 1.6), measured("tail", "Au", 0.171, 0.012),
            measured("ore", "Ag", 11.2, 0.5), measured("concentrate", "Ag", 318.0, 9.0),
            measured("tail", "Ag", 1.42, 0.1), measured("gravity concentrate", "Ag", 880.0, 40.0)
        ]
    }))
    .expect("readable")
}

const MASSES: [(&str, f64); 3] = [("t", 1.0), ("kg", 1e3), ("kt", 1e-3)];
const SHARES: [(&str, f64); 5] = [("g/t", 1.0), ("%", 1e-4), ("ppb", 1e3), ("fraction", 1e-6), ("mg/t", 1e3)];

#[test]
fn one_gold_balance_in_any_unit_has_the_same_figures_classes_and_tests() {
    let given = gold();
    let answer = reconcile(&given).unwrap().answer();
    assert!(answer.converged && answer.dof >= 4, "{}", answer.dof);
    let redundant = |answer: &Answer| answer.values.iter().filter(|v| v.class == Class::Redundant).count();
    for (mass, flow) in MASSES {
        for (at, (word, share)) in SHARES.into_iter().enumerate() {
            let (other, silver) = SHARES[(2 * at + 1) % SHARES.len()];
            let units = Units::new(&given, flow, &[("Au", share), ("Ag", silver)]);
            let written = units.write(&given);
            same_questions(&units, &given, &written)
                .unwrap_or_else(|why| panic!("{mass}, Au in {word}, Ag in {other}: {why}"));
            let found = reconcile(&written).unwrap().answer();
            assert_eq!(redundant(&found), redundant(&answer), "{mass} {word}");
        }
    }
}

#[test]
fn shares_of_shares_do_not_depend_on_units_either() {
    let read = |value: serde_json::Value| serde_json::from_value::<Given>(value).expect("readable");
    let mut dice = Dice::new(5);
    for _ in 0..40 {
        let (flow, class, metal) = (unit(&mut dice), unit(&mut dice), unit(&mut dice));
        let given = read(slurry());
        let units = Units::new(&given, flow, &[("solids", class), ("water", class), ("Cu", metal)]);
        same_questions(&units, &given, &units.write(&given)).unwrap();
        let given = read(size_by_assay());
        let metals = [("Cu-fine", metal), ("Cu-coarse", metal), ("Cu", metal)];
        let units = Units::new(&given, flow, &[&[("fine", class), ("coarse", class)], &metals[..]].concat());
        same_questions(&units, &given, &units.write(&given)).unwrap();
    }
}

#[test]
fn several_sets_and_trials_do_not_depend_on_units_either() {
    let mut dice = Dice::new(17);
    let plant = Plant::new(&mut dice, 4, 4, 2);
    let days: Vec<Given> = (0..5).map(|_| plant.measured(&mut dice, 0.03, &|_, _| true)).collect();
    let mut given = Given { measurements: Vec::new(), ..days[0].clone() };
    for (day, one) in days.iter().enumerate() {
        let (inventory, fixed, bounds) = (Vec::new(), Vec::new(), Vec::new());
        let (name, measurements) = (Name(format!("day {day}")), one.measurements.clone());
        given.sets.push(Set { name, measurements, inventory, fixed, bounds });
    }
    for _ in 0..10 {
        let units = Units::new(&given, unit(&mut dice), &[("c0", unit(&mut dice)), ("c1", unit(&mut dice))]);
        let (a, b) = (
            across(&reconcile_sets(&given).unwrap()),
            across(&reconcile_sets(&units.write(&given)).unwrap()),
        );
        assert_eq!((a.dof, a.global_test, a.persistent.len()), (b.dof, b.global_test, b.persistent.len()));
        let near = |a: f64, b: f64, sd: f64| assert!(same(a, b, SAME * sd), "{a} {b}");
        for (a, b) in a.values.iter().zip(&b.values) {
            let unit = units.of(&a.of);
            near(a.bias_estimate, b.bias_estimate / unit, a.bias_sd);
            near(a.bias_sd, b.bias_sd / unit, 0.0);
            near(a.spread, b.spread, 1.0);
            near(a.glr_bias, b.glr_bias, 1.0);
            let relative = |bias: &balance::CommonBias| bias.relative_bias_estimate.unwrap();
            near(relative(a), relative(b), a.relative_bias_sd.unwrap());
        }
        for (a, b) in a.nodes.iter().zip(&b.nodes) {
            let unit = units.amount(&a.of);
            near(a.leak_estimate, b.leak_estimate / unit, a.leak_sd);
            near(a.leak_sd, b.leak_sd / unit, 0.0);
        }
        let trials = Trials { runs: 50, sizes: vec![3.0, 6.0], only: vec![], most: 1 << 40 };
        let tried = |given: &Given| {
            let mut dice = Dice::new(3);
            identification(given, &trials, &mut || dice.normal()).unwrap()
        };
        let own = Units { flow: units.flow, ..units.clone() };
        assert_eq!(tried(&days[0]), tried(&own.write(&days[0])));
    }
}

#[test]
fn values_alone_are_those_of_the_answer_in_any_unit() {
    let given = gold();
    let mut whole = Dice::new(9);
    let plant = Plant::new(&mut whole, 3, 3, 2).measured(&mut whole, 0.02, &|_, _| true);
    for (given, names) in [(given, ["Au", "Ag"]), (plant, ["c0", "c1"])] {
        let units = Units::new(&given, 1e-7, &[(names[0], 1e8), (names[1], 3e-9)]);
        let (a, b) = (values(&given).unwrap(), values(&units.write(&given)).unwrap());
        let of = reconcile(&given).unwrap().answer();
        for ((a, b), value) in a.iter().zip(&b).zip(&of.values) {
            both("value", *a, b.map(|b| b / units.of(&value.of)), 0.0).unwrap();
        }
    }
}
