//! Extraction by leaching: by solids, by solution and by calculated head, which are three numbers.
//!
//! With `H` the metal in the head as assayed, `R` that in the residue and `S` that in all solution:
//!
//! - by solids: `100 (1 − R/H)`, which takes the head's assay and the residue for right;
//! - by solution: `100 S/H`, which takes the head's assay and the solution for right;
//! - by calculated head: `100 S/(S + R)`, which does without the head's assay.
//!
//! The closure (accountability) `100 (S + R)/H` is 100 % where the three agree, and
//! `by solution + (100 − by solids) = closure` always (Marsden & House, *The Chemistry of Gold
//! Extraction*, 2nd ed., 2006). Solution drawn for samples during the test counts with `S`.

use serde::{Deserialize, Serialize};

use super::check;
use super::measured::Measured;
use super::problem::Problem;
use super::quantile::{Interval, z};
use super::two_product::usual;

/// A leach test. Each grade and concentration in one of the units offered.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Dry mass leached, g.
    #[serde(
        alias = "head_g",
        alias = "feed_mass_g",
        alias = "ore_mass_g",
        alias = "solids_in_g",
        alias = "feed_g"
    )]
    pub head_mass_g: Measured,
    /// Assay of the head, %.
    #[serde(alias = "head_pct", alias = "head_assay_pct", alias = "feed_grade_pct", alias = "feed_pct")]
    pub head_grade_pct: Option<Measured>,
    /// Assay of the head, g/t.
    #[serde(
        alias = "head_g_t",
        alias = "head_assay_g_t",
        alias = "head_grade_ppm",
        alias = "feed_grade_g_t"
    )]
    pub head_grade_g_t: Option<Measured>,
    /// Dry mass of the residue, g.
    #[serde(alias = "residue_g", alias = "solids_out_g", alias = "tail_mass_g")]
    pub residue_mass_g: Option<Measured>,
    /// Mass lost by leaching, % of the head's, in the place of the residue's mass.
    #[serde(alias = "weight_loss_pct", alias = "solids_loss_pct")]
    pub mass_loss_pct: Option<Measured>,
    /// Assay of the residue, %.
    #[serde(alias = "residue_pct", alias = "residue_assay_pct", alias = "tail_grade_pct")]
    pub residue_grade_pct: Option<Measured>,
    /// Assay of the residue, g/t.
    #[serde(alias = "residue_g_t", alias = "residue_assay_g_t", alias = "residue_grade_ppm")]
    pub residue_grade_g_t: Option<Measured>,
    /// Volume of the final solution with its washings, L.
    #[serde(alias = "solution_L", alias = "solution_l", alias = "solution_volume_L", alias = "pls_volume_l")]
    #[serde(alias = "volume_l", alias = "volume_L", alias = "pls_l")]
    pub solution_volume_l: Option<Measured>,
    /// The same, mL.
    #[serde(alias = "solution_ml", alias = "solution_volume_mL")]
    pub solution_volume_ml: Option<Measured>,
    /// Metal in it, g/L.
    #[serde(alias = "solution_g_L", alias = "solution_g_l", alias = "solution_conc_g_l", alias = "pls_g_l")]
    #[serde(alias = "solution_grade_g_l")]
    pub solution_conc_g_l: Option<Measured>,
    /// Metal in it, mg/L.
    #[serde(
        alias = "solution_mg_L",
        alias = "solution_mg_l",
        alias = "solution_conc_mg_L",
        alias = "pls_mg_l"
    )]
    #[serde(alias = "solution_ppm", alias = "solution_grade_mg_l")]
    pub solution_conc_mg_l: Option<Measured>,
    /// Solution drawn during the test and not returned.
    #[serde(default, alias = "withdrawn")]
    pub samples: Vec<Sample>,
    /// Of the intervals.
    #[serde(default = "usual")]
    pub confidence: f64,
}

/// A sample of solution that was drawn and not returned.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// When, h.
    #[serde(alias = "time", alias = "t_h")]
    pub time_h: Option<f64>,
    /// Its volume, mL.
    #[serde(alias = "volume_mL")]
    pub volume_ml: f64,
    /// Metal in it, mg/L.
    #[serde(alias = "conc_mg_L", alias = "mg_l")]
    pub conc_mg_l: Option<f64>,
    /// Metal in it, g/L.
    #[serde(alias = "conc_g_L", alias = "g_l")]
    pub conc_g_l: Option<f64>,
}

/// Three extractions and the closure between them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// `100 (1 − R/H)`.
    pub extraction_by_solids_pct: f64,
    /// `100 S/H`; none without a solution.
    pub extraction_by_solution_pct: Option<f64>,
    /// `100 S/(S + R)`.
    pub extraction_by_calculated_head_pct: Option<f64>,
    /// `100 (S + R)/H`.
    pub closure_pct: Option<f64>,
    /// Standard deviations, in the same order; none unless every figure has its own.
    pub sd: Option<[f64; 4]>,
    /// Interval of the closure.
    pub closure_interval: Option<Interval>,
    /// Whether the closure differs from 100 % beyond chance.
    pub closure_significant: Option<bool>,
    /// Metal in the head as assayed, g.
    pub head_metal_g: f64,
    /// Metal in the residue, g.
    pub residue_metal_g: f64,
    /// Metal in all solution, g.
    pub solution_metal_g: Option<f64>,
    /// Of that, in samples drawn, g.
    pub sampled_metal_g: f64,
    /// The head that residue and solution add up to, in the unit of the head's assay.
    pub calculated_head: Option<f64>,
    /// The head's assay.
    pub assayed_head: f64,
    /// `%` or `g/t`.
    pub grade_unit: &'static str,
}

/// A figure and its relative variance.
#[derive(Clone, Copy)]
struct Amount {
    value: f64,
    variance: Option<f64>,
}

impl Amount {
    fn product(a: Measured, b: Measured, factor: f64) -> Amount {
        let variance = a
            .variance()
            .zip(b.variance())
            .map(|(of_a, of_b)| factor * factor * (b.value * b.value * of_a + a.value * a.value * of_b));
        Amount { value: factor * a.value * b.value, variance }
    }
}

/// Works out the three.
pub fn solve(given: &Given) -> Result<Answer, Problem> {
    let confidence = check::confidence(given.confidence)?;
    given.head_mass_g.check("head_mass_g", check::positive)?;
    let head_grade = grade("head_grade", given.head_grade_pct, given.head_grade_g_t)?;
    let residue_grade = grade("residue_grade", given.residue_grade_pct, given.residue_grade_g_t)?;
    let head = Amount::product(given.head_mass_g, head_grade.0, head_grade.1);
    check::positive("head_grade_pct", head.value)?;
    let residue = Amount::product(residue_mass(given)?, residue_grade.0, residue_grade.1);
    let sampled = sampled(given)?;
    let solution = solution(given)?.map(|own| Amount { value: own.value + sampled, ..own });
    if solution.is_none() && !given.samples.is_empty() {
        return Err(Problem::missing("solution_volume_l", "the final solution that goes with the samples"));
    }
    let (h, r) = (head.value, residue.value);
    let s = solution.map(|solution| solution.value);
    let closure = s.map(|s| 100.0 * (s + r) / h);
    let sd = solution.and_then(|solution| deviations(head, residue, solution));
    let percent = head_grade.1 > 1e-3;
    Ok(Answer {
        extraction_by_solids_pct: 100.0 * (1.0 - r / h),
        extraction_by_solution_pct: s.map(|s| 100.0 * s / h),
        extraction_by_calculated_head_pct: s.filter(|s| s + r > 0.0).map(|s| 100.0 * s / (s + r)),
        closure_pct: closure,
        closure_interval: closure.zip(sd).map(|(at, sd)| Interval::around(at, z(confidence) * sd[3])),
        closure_significant: closure.zip(sd).map(|(at, sd)| (at - 100.0).abs() > z(confidence) * sd[3]),
        sd,
        head_metal_g: h,
        residue_metal_g: r,
        solution_metal_g: s,
        sampled_metal_g: sampled,
        calculated_head: s.map(|s| (s + r) / given.head_mass_g.value / head_grade.1),
        assayed_head: head_grade.0.value,
        grade_unit: if percent { "%" } else { "g/t" },
    })
}

/// First-order standard deviations of the four percentages; samples drawn are taken as exact beside the
/// rest.
fn deviations(head: Amount, residue: Amount, solution: Amount) -> Option<[f64; 4]> {
    let variances = [head.variance?, residue.variance?, solution.variance?];
    let (h, r, s) = (head.value, residue.value, solution.value);
    let of = |slopes: [f64; 3]| {
        100.0
            * slopes
                .iter()
                .zip(variances)
                .map(|(slope, variance)| slope * slope * variance)
                .sum::<f64>()
                .sqrt()
    };
    let sum = s + r;
    Some([
        of([r / (h * h), -1.0 / h, 0.0]),
        of([-s / (h * h), 0.0, 1.0 / h]),
        of([0.0, -s / (sum * sum), r / (sum * sum)]),
        of([-sum / (h * h), 1.0 / h, 1.0 / h]),
    ])
}

/// A grade, and by what it is multiplied to be a share of 1.
fn grade(name: &str, percent: Option<Measured>, grams: Option<Measured>) -> Result<(Measured, f64), Problem> {
    match (percent, grams) {
        (Some(grade), None) => {
            grade.check(&format!("{name}_pct"), check::percent)?;
            Ok((grade, 1e-2))
        }
        (None, Some(grade)) => {
            grade.check(&format!("{name}_g_t"), |field, value| check::within(field, value, 0.0, 1e6))?;
            Ok((grade, 1e-6))
        }
        (None, None) => {
            Err(Problem::missing(format!("{name}_pct"), "the grade in % (…_pct) or in g/t (…_g_t)"))
        }
        (Some(_), Some(_)) => {
            Err(Problem::impossible(format!("{name}_g_t"), "the grade is given in two units", "give one"))
        }
    }
}

fn residue_mass(given: &Given) -> Result<Measured, Problem> {
    match (given.residue_mass_g, given.mass_loss_pct) {
        (Some(mass), None) => {
            mass.check("residue_mass_g", check::not_negative)?;
            Ok(mass)
        }
        (None, Some(loss)) => {
            loss.check("mass_loss_pct", check::percent)?;
            let (head, left) = (given.head_mass_g, 1.0 - loss.value / 100.0);
            // Both come from the head's mass; its own doubt is carried once, by the head.
            let sd = loss.sd.map(|sd| head.value * sd / 100.0);
            Ok(Measured { value: head.value * left, sd })
        }
        (None, None) => Err(Problem::missing(
            "residue_mass_g",
            "residue_mass_g, or mass_loss_pct (0 if nothing dissolved)",
        )),
        (Some(_), Some(_)) => Err(Problem::impossible(
            "mass_loss_pct",
            "the residue's mass and the loss of mass are both given",
            "give one of them",
        )),
    }
}

fn solution(given: &Given) -> Result<Option<Amount>, Problem> {
    let volume = match (given.solution_volume_l, given.solution_volume_ml) {
        (Some(_), Some(_)) => {
            return Err(Problem::impossible("solution_volume_ml", "the volume is given twice", "give one"));
        }
        (Some(litres), None) => Some((litres, 1.0)),
        (None, millilitres) => millilitres.map(|volume| (volume, 1e-3)),
    };
    let conc = match (given.solution_conc_g_l, given.solution_conc_mg_l) {
        (Some(_), Some(_)) => {
            return Err(Problem::impossible(
                "solution_conc_mg_l",
                "the concentration is given twice",
                "give one",
            ));
        }
        (Some(grams), None) => Some((grams, 1.0)),
        (None, milligrams) => milligrams.map(|conc| (conc, 1e-3)),
    };
    match (volume, conc) {
        (None, None) => Ok(None),
        (Some((volume, litres)), Some((conc, grams))) => {
            volume.check("solution_volume_l", check::positive)?;
            conc.check("solution_conc_g_l", check::not_negative)?;
            Ok(Some(Amount::product(volume, conc, litres * grams)))
        }
        (Some(_), None) => {
            Err(Problem::missing("solution_conc_g_l", "the metal in the solution, g/L or mg/L"))
        }
        (None, Some(_)) => Err(Problem::missing("solution_volume_l", "the volume of the solution, L or mL")),
    }
}

fn sampled(given: &Given) -> Result<f64, Problem> {
    let mut sum = 0.0;
    for (at, sample) in given.samples.iter().enumerate() {
        let place = check::row("samples", at);
        let litres = check::not_negative(format!("{place}.volume_ml"), sample.volume_ml)? / 1000.0;
        let grams = match (sample.conc_g_l, sample.conc_mg_l) {
            (Some(grams), None) => grams,
            (None, Some(milligrams)) => milligrams / 1000.0,
            _ => {
                return Err(Problem::missing(
                    format!("{place}.conc_mg_l"),
                    "conc_mg_l or conc_g_l, one of them",
                ));
            }
        };
        sum += litres * check::not_negative(format!("{place}.conc_mg_l"), grams)?;
    }
    Ok(sum)
}
