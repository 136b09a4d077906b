//! Partition curves of classifiers and separators: d50, sharpness, bypass, Ep and imperfection.
//!
//! With `Rf` the share that by-passes classification (usually the water split) and `x = d/d50c`:
//!
//! - `whiten`: `P = Rf + (1 − Rf) (1 − (e^α − 1)/(e^(αx) + e^α − 2))` (Whiten 1966; Napier-Munn et al.,
//!   *Mineral Comminution Circuits*, 1996: there written for the overflow);
//! - `plitt`: `P = Rf + (1 − Rf) (1 − e^(−ln 2 · x^m))` (Plitt, CIM Bull. 69 (1976) 114; Reid 1971);
//! - `logistic`, of densities: `P = 1/(1 + e^(ln 3 (ρ50 − ρ)/Ep))` (Whiten, for dense medium; Napier-Munn,
//!   Int. J. Miner. Process. 19 (1987) 273).
//!
//! `P` is the share that reports to the underflow (sinks). The actual curve holds the bypass, the
//! corrected one is `(P − Rf)/(1 − Rf)`. `Ep = (d75 − d25)/2`, imperfection `I = (d75 − d25)/(2 d50)`
//! (Wills & Finch, ch. 9 and 11).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::check;
use super::fit::{self, Fit, Range, Task, spaced};
use super::problem::Problem;
use super::quantile::Interval;
use super::two_product::usual;

/// Shares reporting to the underflow against size, or to the sinks against density.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Mean sizes of the classes (any unit), rising or falling; d50 comes out in the same.
    #[serde(alias = "size", alias = "sizes_um", alias = "size_mm", alias = "d_um", alias = "mean_size_um")]
    pub size_um: Option<Vec<f64>>,
    /// Mean densities of the classes, in the place of sizes.
    #[serde(alias = "densities", alias = "sg", alias = "density_g_cm3", alias = "rd")]
    pub density: Option<Vec<f64>>,
    /// Share of each class that reports to the underflow (sinks), %.
    #[serde(alias = "partition", alias = "to_underflow_pct", alias = "partition_to_underflow_pct")]
    #[serde(alias = "partition_number_pct", alias = "recovery_to_underflow_pct", alias = "p_pct")]
    pub partition_pct: Option<Vec<f64>>,
    /// The same for the overflow (floats), in the place of it.
    #[serde(alias = "partition_to_overflow_pct", alias = "recovery_to_overflow_pct")]
    pub to_overflow_pct: Option<Vec<f64>>,
    /// Size distribution of the underflow, % retained in each class; with the next two, in the place of
    /// both.
    #[serde(alias = "uf_pct")]
    pub underflow_pct: Option<Vec<f64>>,
    /// Size distribution of the overflow, % retained in each class.
    #[serde(alias = "of_pct")]
    pub overflow_pct: Option<Vec<f64>>,
    /// Share of the solids that reports to the underflow, %.
    #[serde(alias = "solids_split_pct", alias = "yield_to_underflow_pct")]
    pub solids_to_underflow_pct: Option<f64>,
    /// The bypass, %, where it is known (from the water split); fitted when left out.
    #[serde(alias = "water_split_pct", alias = "rf_pct", alias = "water_to_underflow_pct", alias = "bypass")]
    pub bypass_pct: Option<f64>,
    /// Which models; all that fit the kind of data when left out.
    #[serde(default, alias = "model")]
    pub models: Option<Models>,
    /// Of the intervals.
    #[serde(default = "usual")]
    pub confidence: f64,
}

/// One model or several.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Models {
    /// Its name.
    One(Model),
    /// Their names.
    Several(Vec<Model>),
}

/// A partition curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// By size, sharpness α.
    Whiten,
    /// By size, sharpness m.
    #[serde(alias = "rosin_rammler", alias = "reid")]
    Plitt,
    /// By density, spread Ep.
    #[serde(alias = "whiten_density")]
    Logistic,
}

impl Model {
    /// Names of its parameters, in order; the bypass as a share of 1.
    pub fn parameters(self) -> &'static [&'static str] {
        match self {
            Model::Whiten => &["d50c", "alpha", "rf"],
            Model::Plitt => &["d50c", "m", "rf"],
            Model::Logistic => &["d50c", "ep", "rf"],
        }
    }

    /// The corrected curve at a size or density, a share of 1.
    pub fn corrected(self, d50: f64, sharpness: f64, at: f64) -> f64 {
        let x = at / d50;
        match self {
            Model::Whiten => 1.0 - whiten(sharpness, x),
            Model::Plitt => -(-std::f64::consts::LN_2 * x.powf(sharpness)).exp_m1(),
            Model::Logistic => 1.0 / (1.0 + (3.0_f64.ln() * (d50 - at) / sharpness).exp()),
        }
    }

    /// Where the corrected curve has a value; none outside 0 to 1.
    pub fn place(self, d50: f64, sharpness: f64, share: f64) -> Option<f64> {
        if !(share > 0.0 && share < 1.0) {
            return None;
        }
        Some(match self {
            Model::Whiten => {
                // e^(αx) = (e^α − 1)/(1 − P) − e^α + 2, divided by e^α before it is taken apart.
                let e = (-sharpness).exp();
                d50 * (1.0 + (((1.0 - e) / (1.0 - share)) - 1.0 + 2.0 * e).ln() / sharpness)
            }
            Model::Plitt => d50 * ((1.0 / (1.0 - share)).log2()).powf(1.0 / sharpness),
            Model::Logistic => d50 + sharpness * (share / (1.0 - share)).ln() / 3.0_f64.ln(),
        })
    }
}

/// Whiten's share to the overflow without bypass; large exponents are taken out of both sides.
fn whiten(alpha: f64, x: f64) -> f64 {
    let most = alpha * x.max(1.0);
    if most < 500.0 {
        return alpha.exp_m1() / ((alpha * x).exp_m1() + alpha.exp_m1());
    }
    let (a, ax, one) = ((alpha - most).exp(), (alpha * x - most).exp(), (-most).exp());
    (a - one) / (ax + a - 2.0 * one)
}

/// The curves.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// By model.
    #[serde(flatten)]
    pub models: BTreeMap<Model, Curve>,
    /// The one with the least sum of squares.
    pub best: Model,
    /// The points: size or density, share to the underflow, %.
    pub points: Vec<[f64; 2]>,
    /// What a reader must know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// One fitted curve.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Curve {
    /// Where half of what is classified goes to the underflow.
    pub d50c: f64,
    /// α of Whiten, m of Plitt; for densities Ep.
    pub sharpness: f64,
    /// The same by its own name.
    #[serde(flatten)]
    pub named: BTreeMap<&'static str, f64>,
    /// The bypass, %.
    pub bypass_pct: f64,
    /// The same as a share, `Rf`.
    pub rf: f64,
    /// Interval of d50c.
    pub d50c_interval: Option<Interval>,
    /// Interval of the sharpness.
    pub sharpness_interval: Option<Interval>,
    /// Interval of the bypass, %; none where it was given.
    pub bypass_interval_pct: Option<Interval>,
    /// Ep of the corrected curve.
    pub ep: f64,
    /// Imperfection of the corrected curve.
    pub imperfection: f64,
    /// Of the corrected curve.
    pub corrected: Points,
    /// Of the actual curve, bypass and all.
    pub actual: Points,
    /// Names of `params`.
    pub parameters: &'static [&'static str],
    /// The fit, in per cent.
    #[serde(flatten)]
    pub fit: Fit,
    /// The corrected points: `100 (P − Rf)/(1 − Rf)`.
    pub corrected_pct: Vec<f64>,
}

/// Places on a curve; none where the bypass alone lies above them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Points {
    /// Where a quarter goes to the underflow.
    pub d25: Option<f64>,
    /// Where half does.
    pub d50: Option<f64>,
    /// Where three quarters do.
    pub d75: Option<f64>,
    /// `(d75 − d25)/2`.
    pub ep: Option<f64>,
    /// `(d75 − d25)/(2 d50)`.
    pub imperfection: Option<f64>,
    /// `d25/d75`, the sharpness index.
    pub sharpness_index: Option<f64>,
}

/// Fits the curves.
pub fn solve(given: &Given) -> Result<Answer, Problem> {
    let confidence = check::confidence(given.confidence)?;
    let (points, dense) = points(given)?;
    let bypass =
        given.bypass_pct.map(|percent| check::within("bypass_pct", percent, 0.0, 99.0)).transpose()?;
    let wanted = match &given.models {
        Some(Models::One(model)) => vec![*model],
        Some(Models::Several(models)) if !models.is_empty() => models.clone(),
        _ if dense => vec![Model::Logistic],
        _ => vec![Model::Whiten, Model::Plitt],
    };
    // A dense-medium bath has no water split: no bypass unless one is given.
    let share = bypass.map(|percent| percent / 100.0).or(dense.then_some(0.0));
    let needed = if share.is_some() { 2 } else { 3 };
    check::at_least("partition_pct", points.len(), needed, "points, one for each parameter")?;
    let (x, y): (Vec<f64>, Vec<f64>) = points.iter().map(|point| (point[0], point[1])).unzip();
    let mut models = BTreeMap::new();
    for model in wanted {
        models.insert(model, curve(model, &x, &y, share, confidence)?);
    }
    let best = models.iter().min_by(|a, b| a.1.fit.sse.total_cmp(&b.1.fit.sse)).map(|(model, _)| *model);
    let best = best.ok_or_else(|| Problem::missing("models", "at least one model"))?;
    let warnings = warnings(&models, &x);
    Ok(Answer { models, best, points, warnings })
}

fn points(given: &Given) -> Result<(Vec<[f64; 2]>, bool), Problem> {
    let (field, x, dense) = match (&given.size_um, &given.density) {
        (Some(size), None) => ("size_um", size, false),
        (None, Some(density)) => ("density", density, true),
        (None, None) => return Err(Problem::missing("size_um", "size_um, or density")),
        (Some(_), Some(_)) => {
            return Err(Problem::impossible(
                "density",
                "size and density are both given",
                "give one of them",
            ));
        }
    };
    check::each(field, x, check::positive)?;
    let y = shares(given, field, x.len())?;
    let mut points: Vec<[f64; 2]> = x.iter().zip(y).map(|(x, y)| [*x, y]).collect();
    points.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let sorted: Vec<f64> = points.iter().map(|point| point[0]).collect();
    check::rising(field, &sorted)?;
    Ok((points, dense))
}

fn shares(given: &Given, like: &str, count: usize) -> Result<Vec<f64>, Problem> {
    let checked = |field: &str, values: &[f64]| {
        check::as_long(field, values.len(), like, count)?;
        check::each(field, values, check::percent)
    };
    match (&given.partition_pct, &given.to_overflow_pct, &given.underflow_pct, &given.overflow_pct) {
        (Some(values), None, None, None) => checked("partition_pct", values).map(|()| values.clone()),
        (None, Some(values), None, None) => {
            checked("to_overflow_pct", values)?;
            Ok(values.iter().map(|value| 100.0 - value).collect())
        }
        (None, None, Some(under), Some(over)) => {
            checked("underflow_pct", under)?;
            checked("overflow_pct", over)?;
            let give = "the share of the solids that goes to the underflow, %";
            let split =
                given.solids_to_underflow_pct.ok_or(Problem::missing("solids_to_underflow_pct", give))?;
            let split = check::percent("solids_to_underflow_pct", split)? / 100.0;
            let of = |(at, (u, o)): (usize, (&f64, &f64))| {
                let feed = split * u + (1.0 - split) * o;
                if feed > 0.0 {
                    return Ok(100.0 * split * u / feed);
                }
                let what = "the class is empty in underflow and overflow";
                Err(Problem::impossible(check::row("underflow_pct", at), what, "leave the row out"))
            };
            under.iter().zip(over).enumerate().map(of).collect()
        }
        _ => Err(Problem::missing(
            "partition_pct",
            "partition_pct or to_overflow_pct; or underflow_pct, overflow_pct and solids_to_underflow_pct",
        )),
    }
}

fn curve(model: Model, x: &[f64], y: &[f64], bypass: Option<f64>, confidence: f64) -> Result<Curve, Problem> {
    let of = |params: &[f64], at: f64| {
        let corrected = model.corrected(params[0], params[1], at);
        100.0 * (params[2] + (1.0 - params[2]) * corrected)
    };
    let ranges = [Range::Positive, Range::Positive, bypass.map_or(Range::Share, Range::Fixed)];
    let task = Task { model: &of, ranges: &ranges, x, y };
    let fit = fit::fit(&task, starts(model, x, y, bypass), confidence)
        .ok_or_else(|| Problem::impossible("partition_pct", "no start led anywhere", "check the points"))?;
    let [d50c, sharpness, rf] = [fit.params[0], fit.params[1], fit.params[2]];
    let corrected = places(|share| model.place(d50c, sharpness, share));
    let interval = |at: usize| fit.intervals.as_ref().and_then(|all| all[at]);
    let percent = |interval: Interval| Interval { low: 100.0 * interval.low, high: 100.0 * interval.high };
    Ok(Curve {
        d50c,
        sharpness,
        named: model
            .parameters()
            .get(1)
            .map(|name| (*name, sharpness))
            .into_iter()
            .filter(|_| model != Model::Logistic)
            .collect(),
        bypass_pct: 100.0 * rf,
        rf,
        d50c_interval: interval(0),
        sharpness_interval: interval(1),
        bypass_interval_pct: interval(2).map(percent),
        ep: corrected.ep.unwrap_or(f64::NAN),
        imperfection: corrected.imperfection.unwrap_or(f64::NAN),
        corrected,
        actual: places(|share| model.place(d50c, sharpness, (share - rf) / (1.0 - rf))),
        parameters: model.parameters(),
        corrected_pct: y.iter().map(|y| (y - 100.0 * rf) / (1.0 - rf)).collect(),
        fit,
    })
}

fn places(at: impl Fn(f64) -> Option<f64>) -> Points {
    let [d25, d50, d75] = [at(0.25), at(0.5), at(0.75)];
    let ep = d25.zip(d75).map(|(low, high)| (high - low) / 2.0);
    Points {
        d25,
        d50,
        d75,
        ep,
        imperfection: ep.zip(d50).map(|(ep, d50)| ep / d50),
        sharpness_index: d25.zip(d75).map(|(low, high)| low / high),
    }
}

/// Starts on a grid; the bypass is linear and solved at each.
fn starts(model: Model, x: &[f64], y: &[f64], bypass: Option<f64>) -> Vec<Vec<f64>> {
    let (low, high) = (x[0], x[x.len() - 1]);
    let mut starts = Vec::new();
    let widths = match model {
        Model::Logistic => spaced((high - low) / 200.0, high - low, 12),
        _ => spaced(0.2, 20.0, 12),
    };
    let middles =
        if model == Model::Logistic { spaced(low, high, 40) } else { spaced(low / 3.0, high * 3.0, 40) };
    for d50 in middles {
        for width in &widths {
            let shape: Vec<f64> = x.iter().map(|x| model.corrected(d50, *width, *x)).collect();
            let rest: Vec<f64> = shape.iter().map(|corrected| 1.0 - corrected).collect();
            let short: Vec<f64> = shape.iter().zip(y).map(|(corrected, y)| y / 100.0 - corrected).collect();
            let rf = bypass.unwrap_or_else(|| fit::factor(&rest, &short).clamp(1e-4, 0.95));
            starts.push(vec![d50, *width, rf]);
        }
    }
    starts
}

fn warnings(models: &BTreeMap<Model, Curve>, x: &[f64]) -> Vec<String> {
    let mut said = Vec::new();
    for (model, curve) in models {
        let name = model.parameters()[1];
        if curve.d50c < x[0] || curve.d50c > x[x.len() - 1] {
            said.push(format!(
                "{name}: d50c {:.4} lies outside the points; it is an extrapolation",
                curve.d50c
            ));
        }
        if curve.fit.at_bound.contains(&3) {
            said.push(format!("{name}: the bypass fits best at the end of its range and is held there"));
        }
        if curve.fit.sd.is_none() && curve.fit.dof > 0 {
            said.push(format!("{name}: the points do not determine all parameters; no intervals"));
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(x: &[f64], y: Vec<f64>) -> Given {
        let text = serde_json::json!({ "size_um": x, "partition_pct": y });
        serde_json::from_value(text).unwrap()
    }

    const SIZES: [f64; 9] = [12.0, 20.0, 32.0, 45.0, 63.0, 90.0, 125.0, 180.0, 250.0];

    #[test]
    fn noiseless_curves_give_their_parameters_back() {
        for model in [Model::Whiten, Model::Plitt] {
            for (d50, sharpness, rf) in
                [(60.0, 2.5, 0.3), (110.0, 6.0, 0.08), (45.0, 1.2, 0.0), (150.0, 3.0, 0.5)]
            {
                let of = |x: &f64| 100.0 * (rf + (1.0 - rf) * model.corrected(d50, sharpness, *x));
                let answer = solve(&given(&SIZES, SIZES.iter().map(of).collect())).unwrap();
                let curve = &answer.models[&model];
                assert!((curve.d50c / d50 - 1.0).abs() < 1e-5, "{model:?} {d50}: {curve:?}");
                assert!((curve.sharpness / sharpness - 1.0).abs() < 1e-4, "{model:?}: {}", curve.sharpness);
                assert!((curve.rf - rf).abs() < 1e-5, "{model:?}: {} for {rf}", curve.rf);
            }
        }
    }

    #[test]
    fn places_lie_on_the_curve_and_half_is_at_d50() {
        for model in [Model::Whiten, Model::Plitt, Model::Logistic] {
            for sharpness in [0.5, 2.0, 40.0, 900.0] {
                assert!((model.corrected(70.0, sharpness, 70.0) - 0.5).abs() < 1e-12, "{model:?}");
                for share in [0.1, 0.25, 0.5, 0.75, 0.9] {
                    let place = model.place(70.0, sharpness, share).unwrap();
                    let back = model.corrected(70.0, sharpness, place);
                    assert!((back - share).abs() < 1e-9, "{model:?} {sharpness} {share}: {place} {back}");
                }
            }
        }
    }

    /// For Plitt's curve, Ep and imperfection have a closed form in m.
    #[test]
    fn the_imperfection_of_plitt_follows_from_m() {
        let curve = places(|share| Model::Plitt.place(80.0, 2.0, share));
        let want = (2.0_f64.powf(0.5) - 0.415_037_499_f64.powf(0.5)) / 2.0;
        assert!((curve.imperfection.unwrap() - want).abs() < 1e-9, "{curve:?}");
    }
}
