//! Exchanged figures. Two samples under each other's name, or two columns of one, leave a pattern that no
//! single bias explains: here the pairs are tried, and those that explain most are named.

use ::balance::{self as answer, self as given};
use ::balance::{Answer, Given};

use super::solved::Swap;
use super::text::significant;
use super::{Case, DIGITS_OF_SPREAD};

/// Figures tried: the most adjusted ones.
const TRIED: usize = 16;
/// Pairs named.
const NAMED: usize = 3;
/// A pair is worth naming when exchanging it takes away this part of χ².
const WORTH: f64 = 0.5;
/// Networks above this many quantities take too long to be solved for every pair.
const QUANTITIES: usize = 2_000;

/// The exchanges that lower χ² most: of one component between two streams, or of two components of one
/// stream that share a unit.
pub(super) fn swaps(case: &Case, given: &Given, answer: &Answer) -> Vec<Swap> {
    if answer.values.len() > QUANTITIES {
        return Vec::new();
    }
    let mut found: Vec<(f64, Swap)> = Vec::new();
    for (one, other) in pairs(case, given, answer) {
        let mut exchanged = given.clone();
        let (a, b) = (given.measurements[one].clone(), given.measurements[other].clone());
        let put = |into: &mut given::Measurement, from: &given::Measurement| {
            (into.value, into.sd) = (from.value, from.sd);
        };
        put(&mut exchanged.measurements[one], &b);
        put(&mut exchanged.measurements[other], &a);
        let Ok(then) = ::balance::solve(&exchanged) else { continue };
        if !then.converged || then.objective > answer.objective * (1.0 - WORTH) {
            continue;
        }
        let name = |of: &given::Measurement| (of.stream.to_string(), of.of.to_string());
        let swap = Swap {
            one: name(&a),
            other: name(&b),
            objective_after: significant(then.objective, DIGITS_OF_SPREAD),
            closes: then.global_test == answer::GlobalTest::Pass,
        };
        found.push((then.objective, swap));
    }
    found.sort_by(|(a, x), (b, y)| a.total_cmp(b).then_with(|| x.one.cmp(&y.one)));
    found.into_iter().take(NAMED).map(|(_, swap)| swap).collect()
}

/// Pairs of places in the measurements that could have been exchanged.
fn pairs(case: &Case, given: &Given, answer: &Answer) -> Vec<(usize, usize)> {
    let strength = |of: &given::Measurement| {
        let line = answer.values.iter().find(|value| value.stream == of.stream && value.of == of.of);
        line.and_then(|line| line.measurement_test).unwrap_or_default()
    };
    let shares = given
        .measurements
        .iter()
        .enumerate()
        .filter(|(_, of)| of.of != given::Of::Flow && of.value.is_some());
    let mut ranked: Vec<(f64, usize)> = shares.map(|(at, of)| (strength(of), at)).collect();
    ranked.sort_by(|(a, x), (b, y)| b.total_cmp(a).then_with(|| x.cmp(y)));
    let mut chosen: Vec<usize> = ranked.into_iter().take(TRIED).map(|(_, at)| at).collect();
    chosen.sort_unstable();
    let alike = |one: usize, other: usize| {
        let (a, b) = (&given.measurements[one], &given.measurements[other]);
        let unit = |of: &given::Of| case.definition.unit_of(&of.to_string());
        a.value != b.value && (a.of == b.of || a.stream == b.stream && unit(&a.of) == unit(&b.of))
    };
    let mut pairs = Vec::new();
    for (at, one) in chosen.iter().enumerate() {
        pairs
            .extend(chosen[at + 1..].iter().filter(|other| alike(*one, **other)).map(|other| (*one, *other)));
    }
    pairs
}
