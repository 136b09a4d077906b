//! Counter-current solvent extraction by McCabe–Thiele: stages on an isotherm, and what a number of stages
//! reaches.
//!
//! Flows are in the ratio `O/A` and phases do not change in volume. Fresh organic enters where the
//! raffinate leaves, so the operating line is `y_{n+1} = y_in + (x_n − x_raffinate)/(O/A)` and the loaded
//! organic is `y_1 = y_in + (x_feed − x_raffinate)/(O/A)`. Stages are stepped off from the loaded end:
//! `x_n` lies on the isotherm beside `y_n` (McCabe & Thiele 1925; Ritcey & Ashbrook, *Solvent Extraction*,
//! part I).
//!
//! The number of stages is whole; the raffinate that a whole number reaches is solved for, not read off.
//! Cross-current extraction, in which each stage has fresh organic, is another circuit and is given beside
//! it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::check;
use super::isotherm::Isotherm;
use super::kremser;
use super::problem::Problem;

/// A feed, an organic, an isotherm and what is to be reached. Concentrations in one unit.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Aqueous feed.
    #[serde(alias = "feed_g_l", alias = "aq_in", alias = "aqueous_in", alias = "x_feed")]
    pub feed: f64,
    /// Organic as it enters.
    #[serde(default, alias = "organic_in", alias = "stripped_organic", alias = "org_in_g_l", alias = "y_in")]
    pub org_in: f64,
    /// Raffinate that is asked for.
    #[serde(alias = "raffinate", alias = "target", alias = "raffinate_target", alias = "x_raffinate")]
    pub target_raffinate: Option<f64>,
    /// Organic over aqueous flow, by volume.
    #[serde(alias = "o_a", alias = "oa", alias = "o/a", alias = "phase_ratio", alias = "o_to_a")]
    pub o_over_a: f64,
    /// The isotherm.
    pub isotherm: Isotherm,
    /// For how many stages the raffinate is wanted, beside those around the answer.
    #[serde(alias = "n")]
    pub stages: Option<usize>,
    /// A linear case to be given along with it.
    pub kremser: Option<kremser::Given>,
}

/// The stages.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// Loaded organic at the target.
    pub loaded_org: Option<f64>,
    /// Whole stages that reach the target.
    pub integer_stages: Option<usize>,
    /// Stages with the last counted as the part of its step that was needed.
    pub fractional_stages: Option<f64>,
    /// Aqueous and organic concentration leaving each stage, from the loaded end.
    pub steps: Vec<[f64; 2]>,
    /// Extraction at the target, %.
    pub extraction_pct: Option<f64>,
    /// The least `O/A` that can reach the target with endless stages.
    pub minimum_o_over_a: Option<f64>,
    /// `raffinate_N_stages`, counter-current.
    #[serde(flatten)]
    pub raffinates: Map<String, Value>,
    /// The same by number of stages, with loaded organic and extraction.
    pub countercurrent: Vec<Reached>,
    /// The same number of stages in cross-current, each with fresh organic at the same `O/A`.
    pub crosscurrent: Vec<Reached>,
    /// The linear case, where one was given.
    #[serde(flatten)]
    pub kremser: Option<kremser::Answer>,
}

/// What a number of stages reaches.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Reached {
    /// How many.
    pub stages: usize,
    /// The raffinate.
    pub raffinate: f64,
    /// The organic that leaves; in cross-current the mix of all.
    pub loaded_org: f64,
    /// Extraction, %.
    pub extraction_pct: f64,
}

/// More stages than any plant has: a pinch.
const MOST: usize = 500;

/// Steps off the stages and solves for what whole numbers of them reach.
pub fn solve(given: &Given) -> Result<Answer, Problem> {
    check::positive("feed", given.feed)?;
    check::positive("o_over_a", given.o_over_a)?;
    check::not_negative("org_in", given.org_in)?;
    given.isotherm.check("isotherm")?;
    if let Isotherm::Points(points) = &given.isotherm
        && given.feed > points[points.len() - 1][0]
    {
        let what =
            format!("the isotherm ends at {} and the feed is {}", points[points.len() - 1][0], given.feed);
        return Err(Problem::impossible("isotherm", what, "add points up to the feed; none are invented"));
    }
    if given.org_in >= given.isotherm.organic(given.feed) {
        let what = format!("the organic enters with {}, as much as the feed can load", given.org_in);
        return Err(Problem::impossible("org_in", what, "nothing would be extracted; strip it further"));
    }
    if given.stages == Some(0) || given.stages.is_some_and(|stages| stages > MOST) {
        return Err(Problem::unreadable("stages", format!("must be a whole number from 1 to {MOST}")));
    }
    let target = given.target_raffinate.map(|target| stepped(given, target)).transpose()?;
    if target.is_none() && given.stages.is_none() {
        return Err(Problem::missing("target_raffinate", "target_raffinate, or stages"));
    }
    let whole = target.as_ref().map_or(1, |target| target.steps.len());
    let last = (whole + 1).max(3).max(given.stages.unwrap_or(1));
    let countercurrent: Vec<Reached> = (1..=last).map(|stages| counter(given, stages)).collect();
    let named = countercurrent
        .iter()
        .map(|one| (format!("raffinate_{}_stages", one.stages), Value::from(one.raffinate)));
    Ok(Answer {
        loaded_org: target.as_ref().map(|target| target.loaded),
        integer_stages: target.as_ref().map(|target| target.steps.len()),
        fractional_stages: target.as_ref().map(|target| target.fraction),
        extraction_pct: given.target_raffinate.map(|target| 100.0 * (given.feed - target) / given.feed),
        minimum_o_over_a: given.target_raffinate.and_then(|target| least_ratio(given, target)),
        raffinates: named.collect(),
        crosscurrent: cross(given, last),
        countercurrent,
        steps: target.map(|target| target.steps).unwrap_or_default(),
        kremser: given.kremser.as_ref().map(kremser::solve).transpose()?,
    })
}

struct Stepped {
    loaded: f64,
    steps: Vec<[f64; 2]>,
    fraction: f64,
}

fn stepped(given: &Given, target: f64) -> Result<Stepped, Problem> {
    check::not_negative("target_raffinate", target)?;
    if target >= given.feed {
        let what = format!("{target} is not below the feed of {}", given.feed);
        return Err(Problem::impossible("target_raffinate", what, "ask for less than the feed holds"));
    }
    let loaded = given.org_in + (given.feed - target) / given.o_over_a;
    let (mut steps, mut y, mut above) = (Vec::new(), loaded, given.feed);
    loop {
        let x = given.isotherm.aqueous(y).filter(|x| *x < above - 1e-12 * given.feed);
        let Some(x) = x.filter(|_| steps.len() < MOST) else { return Err(pinched(given, target)) };
        steps.push([x, y]);
        if x <= target {
            let fraction = steps.len() as f64 - 1.0 + (above - target) / (above - x);
            return Ok(Stepped { loaded, steps, fraction });
        }
        (above, y) = (x, given.org_in + (x - target) / given.o_over_a);
    }
}

fn pinched(given: &Given, target: f64) -> Problem {
    let what = format!("a raffinate of {target} cannot be reached at an O/A of {}", given.o_over_a);
    let remedy = match least_ratio(given, target) {
        Some(least) => format!("the operating line meets the isotherm; O/A must be above {least:.6}"),
        None => "the organic that enters already stands beside more than that; strip it further".to_owned(),
    };
    Problem::impossible("target_raffinate", what, remedy)
}

/// The steepest operating line through (target, org_in) that stays below the isotherm up to the feed.
fn least_ratio(given: &Given, target: f64) -> Option<f64> {
    // Equal at the raffinate's end is a pinch there already: endless stages, whatever the ratio.
    if given.isotherm.organic(target) < given.org_in {
        return None;
    }
    let slope = |x: f64| (given.isotherm.organic(x) - given.org_in) / (x - target);
    let mut places: Vec<f64> =
        (1..=2000).map(|at| target + (given.feed - target) * f64::from(at) / 2000.0).collect();
    if let Isotherm::Points(points) = &given.isotherm {
        places.extend(points.iter().map(|point| point[0]).filter(|x| *x > target && *x <= given.feed));
    }
    let least = places.into_iter().map(slope).fold(f64::INFINITY, f64::min);
    (least > 0.0).then(|| 1.0 / least)
}

/// The raffinate of a whole number of stages: from a raffinate, the stages are walked up to the feed it
/// needs.
fn counter(given: &Given, stages: usize) -> Reached {
    let needs = |raffinate: f64| {
        let mut x = raffinate;
        for _ in 0..stages {
            // Leaving the stage: x beside y on the isotherm; entering it: by the operating line.
            let y = given.isotherm.organic(x);
            x = raffinate + (y - given.org_in) * given.o_over_a;
            if x > given.feed {
                return f64::INFINITY;
            }
        }
        x
    };
    let lowest = given.isotherm.aqueous(given.org_in).unwrap_or(given.feed).min(given.feed);
    let (mut low, mut high) = (lowest, given.feed);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if needs(middle) > given.feed { high = middle } else { low = middle }
    }
    let raffinate = 0.5 * (low + high);
    reached(given, stages, raffinate, given.org_in + (given.feed - raffinate) / given.o_over_a)
}

fn cross(given: &Given, last: usize) -> Vec<Reached> {
    let (mut x, mut taken) = (given.feed, 0.0);
    let mut all = Vec::new();
    for stage in 1..=last {
        // x_in + O/A · y_in = x + O/A · y(x), which rises with x.
        let total = x + given.o_over_a * given.org_in;
        let (mut low, mut high) = (0.0, total);
        for _ in 0..200 {
            let middle = 0.5 * (low + high);
            let over = middle + given.o_over_a * given.isotherm.organic(middle) > total;
            if over { high = middle } else { low = middle }
        }
        taken += given.isotherm.organic(0.5 * (low + high));
        x = 0.5 * (low + high);
        all.push(reached(given, stage, x, taken / stage as f64));
    }
    all
}

fn reached(given: &Given, stages: usize, raffinate: f64, loaded_org: f64) -> Reached {
    Reached { stages, raffinate, loaded_org, extraction_pct: 100.0 * (given.feed - raffinate) / given.feed }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn given(isotherm: Isotherm, feed: f64, org_in: f64, ratio: f64) -> Given {
        let (target_raffinate, stages, kremser) = (None, Some(4), None);
        Given { feed, org_in, target_raffinate, o_over_a: ratio, isotherm, stages, kremser }
    }

    proptest! {
        #[test]
        fn steps_lie_on_isotherm_and_operating_line(
            max in 4.0..12.0_f64, half in 0.2..2.0_f64, feed in 1.0..4.0_f64, share in 0.02..0.4_f64,
        ) {
            let isotherm = Isotherm::Saturating { max, half };
            let mut given = given(isotherm.clone(), feed, 0.01, 3.0 * feed / max);
            let target = share * feed;
            given.target_raffinate = Some(target);
            if let Ok(answer) = solve(&given) {
                for (at, [x, y]) in answer.steps.iter().enumerate() {
                    prop_assert!((isotherm.organic(*x) - y).abs() < 1e-9 * max);
                    let before = if at == 0 { feed } else { answer.steps[at - 1][0] };
                    let line = given.org_in + (before - target) / given.o_over_a;
                    prop_assert!((line - y).abs() < 1e-9 * max);
                }
                let whole = answer.integer_stages.unwrap();
                prop_assert!(answer.countercurrent[whole - 1].raffinate <= target * (1.0 + 1e-9));
                prop_assert!(whole == 1 || answer.countercurrent[whole - 2].raffinate > target);
                prop_assert!(answer.minimum_o_over_a.unwrap() < given.o_over_a * (1.0 + 1e-9));
            }
        }

        #[test]
        fn a_linear_isotherm_gives_kremser_and_the_cross_current_formula(
            d in 0.5..8.0_f64, ratio in 0.3..3.0_f64,
        ) {
            prop_assume!((d * ratio - 1.0).abs() > 1e-3);
            let answer = solve(&given(Isotherm::Linear { d }, 2.0, 0.0, ratio)).unwrap();
            for stages in 1..=4 {
                let linear = kremser::of(d * ratio, stages);
                let stepped = answer.countercurrent[stages as usize - 1].extraction_pct;
                prop_assert!((linear.kremser_countercurrent_extraction_pct - stepped).abs() < 1e-6);
                let cross = answer.crosscurrent[stages as usize - 1].extraction_pct;
                prop_assert!((linear.crosscurrent_extraction_pct - cross).abs() < 1e-6);
            }
        }
    }
}
