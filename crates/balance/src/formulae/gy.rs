//! Gy's sampling: how much sample it takes, or what error a sample carries.
//!
//! The relative variance of the fundamental error (Gy, *Sampling of Particulate Materials*, 1979; Wills &
//! Finch, ch. 3; François-Bongarçon & Gy, 2002) is
//!
//! `s² = C d³ (1/M_s − 1/M_L)`, `C = f g l m`, with the top size `d` (95 % passes) in cm and masses in g,
//!
//! - `m = (1 − a)/a · ((1 − a) ρ_mineral + a ρ_gangue)`, the mineral factor; `a` is the share of mineral,
//!   the ore's assay over the mineral's;
//! - `l = (L/d)^b`, at most 1, the liberation factor; `L` the liberation size, `b` 0.5 unless stated;
//! - `f` the shape factor: 0.5, or 0.2 for flakes of gold;
//! - `g` the size range factor: 0.25 when the 95 % size is above 4 times the 5 % size, 0.5 from 2 to 4,
//!   0.75 below 2, 1 for one size.
//!
//! Over `n` stages the variance is shared equally, so each may have `s/√n`; `s` is the relative error
//! asked for over the normal quantile. The safety factor multiplies the mass. Segregation adds
//! `s²_GE = γ ξ s²_FSE`, by the grouping factor γ and the segregation factor ξ.

use serde::{Deserialize, Serialize};

use super::check;
use super::problem::{Fault, Problem};
use super::quantile::z;

/// An ore, and either an error that is asked for or masses that were taken.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Of the errors.
    #[serde(alias = "confidence", default = "super::two_product::usual")]
    pub conf: f64,
    /// Assay of the ore, %.
    #[serde(alias = "assay_pct", alias = "ore_pct", alias = "grade_pct")]
    pub ore_assay_pct: f64,
    /// Assay of the pure mineral, %; 100 when the ore's assay is of the mineral itself.
    #[serde(alias = "mineral_pct")]
    pub mineral_assay_pct: f64,
    /// Relative error that is asked for, %, at the confidence, over all stages.
    #[serde(alias = "relative_error_pct", alias = "error_pct")]
    pub rel_error_pct: Option<f64>,
    /// Top sizes of the stages, cm: one or a list.
    #[serde(default, alias = "top_sizes_cm", alias = "top_size", alias = "d95_cm", alias = "d_cm")]
    pub top_size_cm: Numbers,
    /// The same, mm.
    #[serde(default, alias = "top_sizes_mm", alias = "d95_mm", alias = "d_mm")]
    pub top_size_mm: Numbers,
    /// Liberation size, cm.
    #[serde(alias = "liberation_size_cm")]
    pub liberation_cm: Option<f64>,
    /// The same, mm.
    #[serde(alias = "liberation_size_mm")]
    pub liberation_mm: Option<f64>,
    /// The same, µm.
    #[serde(alias = "liberation_size_um")]
    pub liberation_um: Option<f64>,
    /// Liberation factor, when it is stated and not calculated.
    #[serde(alias = "liberation_factor")]
    pub l: Option<f64>,
    /// Exponent of the liberation factor.
    #[serde(alias = "exponent", default = "half")]
    pub b: f64,
    /// Density of the mineral, g/cm³.
    #[serde(alias = "mineral_density", alias = "density_mineral", alias = "sg_mineral")]
    pub rho_mineral: f64,
    /// Density of the gangue, g/cm³.
    #[serde(alias = "gangue_density", alias = "density_gangue", alias = "sg_gangue")]
    pub rho_gangue: f64,
    /// Stages of sampling among which the variance is shared; as many as top sizes when left out.
    #[serde(alias = "n_stages")]
    pub stages: Option<usize>,
    /// 95 % passing size over 5 % passing size: gives `g`.
    #[serde(alias = "F95_over_F5", alias = "d95_over_d5", alias = "size_ratio")]
    pub f95_over_f5: Option<f64>,
    /// Shape factor.
    #[serde(default = "half", alias = "shape_factor")]
    pub f: f64,
    /// Size range factor.
    #[serde(alias = "size_range_factor", alias = "size_factor")]
    pub g: Option<f64>,
    /// Factor on the mass.
    #[serde(default = "one", alias = "safety_factor")]
    pub safety: f64,
    /// Masses that were or will be taken at the stages, g: then the errors are worked out.
    #[serde(default, alias = "masses_g", alias = "mass_g", alias = "sample_masses_g")]
    pub sample_mass_g: Numbers,
    /// Masses from which they are taken, g; endless when left out.
    #[serde(default, alias = "lot_masses_g")]
    pub lot_mass_g: Numbers,
    /// Segregation factor ξ, 0 to 1.
    #[serde(alias = "segregation", alias = "xi")]
    pub segregation_factor: Option<f64>,
    /// Grouping factor γ.
    #[serde(alias = "grouping", alias = "gamma")]
    pub grouping_factor: Option<f64>,
}

fn half() -> f64 {
    0.5
}

fn one() -> f64 {
    1.0
}

/// One number, or one for each stage.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Numbers(pub Vec<f64>);

/// Masses and errors of the stages.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// Share of mineral in the ore.
    pub mineral_fraction: f64,
    /// The mineral factor, g/cm³.
    pub m: f64,
    /// The shape factor.
    pub f: f64,
    /// The size range factor.
    pub g: f64,
    /// The normal quantile of the confidence.
    pub z: f64,
    /// The stages.
    pub rows: Vec<Row>,
    /// Relative error of all stages together, %, at the confidence, with the masses of the rows.
    pub total_rel_error_pct: f64,
    /// The same as a relative standard deviation, %.
    pub total_rel_sd_pct: f64,
    /// With segregation, %, at the confidence; none unless both factors are given.
    pub total_rel_error_with_segregation_pct: Option<f64>,
}

/// One stage.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Row {
    /// Top size, cm.
    pub top_size_cm: f64,
    /// The liberation factor.
    pub l: f64,
    /// The sampling constant, g/cm³.
    #[serde(rename = "C")]
    pub c: f64,
    /// The least mass for the error that is asked for, g; none when masses were given.
    pub minimum_mass_g: Option<f64>,
    /// The same times the safety factor.
    pub mass_with_safety_g: Option<f64>,
    /// The same where the safety factor is 2, by its usual name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mass_with_safety_2_g: Option<f64>,
    /// The mass that the errors are of, g.
    pub mass_g: f64,
    /// Fundamental error of that mass, %, at the confidence.
    pub rel_error_pct_of_that_mass: f64,
    /// The same as a relative standard deviation, %.
    pub fundamental_rel_sd_pct: f64,
    /// With segregation, a relative standard deviation, %.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rel_sd_with_segregation_pct: Option<f64>,
}

/// Masses for an error, or errors of masses.
pub fn solve(given: &Given) -> Result<Answer, Problem> {
    let quantile = z(check::confidence(given.conf).map_err(|problem| Problem::new("conf", problem.fault))?);
    let sizes = sizes(given)?;
    let (share, mineral) = mineral(given)?;
    let g = size_range(given)?;
    check::within("f", given.f, 1e-3, 1.0)?;
    check::positive("safety", given.safety)?;
    let segregation = segregation(given)?;
    let mut rows = Vec::new();
    for (at, size) in sizes.iter().enumerate() {
        let l = liberation(given, *size)?;
        let constant = given.f * g * l * mineral;
        rows.push(row(given, at, sizes.len(), *size, [l, constant, quantile], segregation)?);
    }
    let variance: f64 = rows.iter().map(|row| row.fundamental_rel_sd_pct.powi(2)).sum();
    let sd = variance.sqrt();
    Ok(Answer {
        mineral_fraction: share,
        m: mineral,
        f: given.f,
        g,
        z: quantile,
        total_rel_error_pct: quantile * sd,
        total_rel_sd_pct: sd,
        total_rel_error_with_segregation_pct: segregation.map(|more| quantile * sd * (1.0 + more).sqrt()),
        rows,
    })
}

fn row(
    given: &Given,
    at: usize,
    count: usize,
    size: f64,
    [l, constant, quantile]: [f64; 3],
    segregation: Option<f64>,
) -> Result<Row, Problem> {
    let coarse = constant * size.powi(3);
    let least = match (given.rel_error_pct, given.sample_mass_g.0.is_empty()) {
        (Some(error), true) => {
            let stages = given.stages.unwrap_or(count);
            check::within("stages", stages as f64, 1.0, 100.0)?;
            let sd = check::positive("rel_error_pct", error)? / 100.0 / quantile / (stages as f64).sqrt();
            Some(mass_for(coarse, sd * sd, lot(given, at, count)?))
        }
        (None, false) => None,
        (None, true) => return Err(Problem::missing("rel_error_pct", "rel_error_pct, or sample_mass_g")),
        (Some(_), false) => {
            let what = "an error that is asked for and masses that were taken are both given";
            return Err(Problem::impossible("rel_error_pct", what, "ask for one at a time"));
        }
    };
    let mass = match least {
        Some(least) => least * given.safety,
        None => {
            check::as_long("sample_mass_g", given.sample_mass_g.0.len(), "top_size_cm", count)?;
            check::positive(check::row("sample_mass_g", at), given.sample_mass_g.0[at])?
        }
    };
    let whole = lot(given, at, count)?.map_or(0.0, |lot| 1.0 / lot);
    let sd = 100.0 * (coarse * (1.0 / mass - whole).max(0.0)).sqrt();
    Ok(Row {
        top_size_cm: size,
        l,
        c: constant,
        minimum_mass_g: least,
        mass_with_safety_g: least.map(|_| mass),
        mass_with_safety_2_g: least.filter(|_| given.safety == 2.0).map(|_| mass),
        mass_g: mass,
        rel_error_pct_of_that_mass: quantile * sd,
        fundamental_rel_sd_pct: sd,
        rel_sd_with_segregation_pct: segregation.map(|more| sd * (1.0 + more).sqrt()),
    })
}

/// `s² = C d³ (1/M − 1/L)`, solved for the mass.
fn mass_for(coarse: f64, variance: f64, lot: Option<f64>) -> f64 {
    1.0 / (variance / coarse + lot.map_or(0.0, |lot| 1.0 / lot))
}

fn lot(given: &Given, at: usize, count: usize) -> Result<Option<f64>, Problem> {
    let lots = &given.lot_mass_g.0;
    if lots.is_empty() {
        return Ok(None);
    }
    check::as_long("lot_mass_g", lots.len(), "top_size_cm", count)?;
    let lot = check::positive(check::row("lot_mass_g", at), lots[at])?;
    if let Some(mass) = given.sample_mass_g.0.get(at).filter(|mass| **mass > lot) {
        let what = format!("a sample of {mass} g cannot come out of a lot of {lot} g");
        return Err(Problem::impossible(check::row("sample_mass_g", at), what, "check the masses"));
    }
    Ok(Some(lot))
}

fn sizes(given: &Given) -> Result<Vec<f64>, Problem> {
    let (field, sizes, factor) = match (given.top_size_cm.0.is_empty(), given.top_size_mm.0.is_empty()) {
        (false, true) => ("top_size_cm", &given.top_size_cm.0, 1.0),
        (true, false) => ("top_size_mm", &given.top_size_mm.0, 0.1),
        (true, true) => return Err(Problem::missing("top_size_cm", "the top size of each stage, cm or mm")),
        _ => return Err(Problem::impossible("top_size_mm", "sizes are given in cm and in mm", "give one")),
    };
    check::each(field, sizes, check::positive)?;
    Ok(sizes.iter().map(|size| size * factor).collect())
}

fn mineral(given: &Given) -> Result<(f64, f64), Problem> {
    check::positive("mineral_assay_pct", given.mineral_assay_pct)?;
    check::percent("mineral_assay_pct", given.mineral_assay_pct)?;
    check::positive("ore_assay_pct", given.ore_assay_pct)?;
    if given.ore_assay_pct >= given.mineral_assay_pct {
        let what = format!("{} is not below the mineral's {}", given.ore_assay_pct, given.mineral_assay_pct);
        return Err(Problem::impossible(
            "ore_assay_pct",
            what,
            "give the ore's and the mineral's assay in %",
        ));
    }
    let (heavy, light) = (
        check::positive("rho_mineral", given.rho_mineral)?,
        check::positive("rho_gangue", given.rho_gangue)?,
    );
    let a = given.ore_assay_pct / given.mineral_assay_pct;
    Ok((a, (1.0 - a) / a * ((1.0 - a) * heavy + a * light)))
}

fn size_range(given: &Given) -> Result<f64, Problem> {
    match (given.g, given.f95_over_f5) {
        (Some(g), _) => check::within("g", g, 1e-3, 1.0),
        (None, Some(ratio)) => {
            check::within("f95_over_f5", ratio, 1.0, f64::MAX)?;
            Ok(match ratio {
                ratio if ratio > 4.0 => 0.25,
                ratio if ratio >= 2.0 => 0.5,
                ratio if ratio > 1.0 => 0.75,
                _ => 1.0,
            })
        }
        (None, None) => Err(Problem::missing("g", "g (0.25 for what is not sized), or f95_over_f5")),
    }
}

fn liberation(given: &Given, size: f64) -> Result<f64, Problem> {
    let known = [(given.liberation_cm, 1.0), (given.liberation_mm, 0.1), (given.liberation_um, 1e-4)];
    let mut known = known.into_iter().filter_map(|(size, factor)| size.map(|size| size * factor));
    match (given.l, known.next(), known.next()) {
        (Some(l), None, None) => check::within("l", l, 0.0, 1.0).and_then(|l| check::positive("l", l)),
        (None, Some(liberation), None) => {
            check::within("b", given.b, 0.0, 3.0)?;
            Ok((check::positive("liberation_cm", liberation)? / size).powf(given.b).min(1.0))
        }
        (None, None, _) => {
            Err(Problem::missing("liberation_cm", "liberation_cm, liberation_mm, liberation_um or l"))
        }
        _ => Err(Problem::impossible("liberation_cm", "liberation is given more than once", "give it once")),
    }
}

fn segregation(given: &Given) -> Result<Option<f64>, Problem> {
    match (given.segregation_factor, given.grouping_factor) {
        (None, None) => Ok(None),
        (Some(xi), Some(gamma)) => {
            check::within("segregation_factor", xi, 0.0, 1.0)?;
            Ok(Some(xi * check::not_negative("grouping_factor", gamma)?))
        }
        (Some(_), None) => {
            Err(Problem::missing("grouping_factor", "γ, which goes with the segregation factor"))
        }
        (None, Some(_)) => {
            Err(Problem::missing("segregation_factor", "ξ, which goes with the grouping factor"))
        }
    }
}

impl<'de> Deserialize<'de> for Numbers {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        let list = match &value {
            serde_json::Value::Array(list) => list.as_slice(),
            one => std::slice::from_ref(one),
        };
        let read: Result<Vec<f64>, Fault> = list.iter().map(super::measured::number).collect();
        read.map(Numbers).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ore(more: serde_json::Value) -> Given {
        let mut given = serde_json::json!({
            "ore_assay_pct": 5, "mineral_assay_pct": 86.6, "rho_mineral": 7.5, "rho_gangue": 2.65,
            "liberation_um": 150, "g": 0.25, "top_size_mm": [25, 5]
        });
        for (key, value) in more.as_object().unwrap() {
            given[key] = value.clone();
        }
        serde_json::from_value(given).unwrap()
    }

    proptest! {
        #[test]
        fn masses_for_an_error_carry_that_error(error in 0.1..20.0_f64, lot in 1e6..1e9_f64) {
            let lots = [lot, lot];
            let asked = ore(serde_json::json!({"rel_error_pct": error, "lot_mass_g": lots}));
            let asked = solve(&asked).unwrap();
            let masses: Vec<f64> = asked.rows.iter().map(|row| row.mass_g).collect();
            prop_assert!(masses.iter().all(|mass| *mass < lot));
            let back = ore(serde_json::json!({"sample_mass_g": masses, "lot_mass_g": lots}));
            let back = solve(&back).unwrap();
            prop_assert!((back.total_rel_error_pct / error - 1.0).abs() < 1e-9);
        }
    }
}
