//! Batch flotation kinetics: six curves through recovery against time, ranked.
//!
//! | model | recovery, % | parameters |
//! |---|---|---|
//! | `first_order` | `R∞ (1 − e^(−kt))` | R∞, k |
//! | `klimpel_rectangular` | `R∞ (1 − (1 − e^(−kt))/(kt))` | R∞, k |
//! | `second_order` | `R∞² k t/(1 + R∞ k t)` | R∞, k |
//! | `second_order_rectangular` | `R∞ (1 − ln(1 + kt)/(kt))` | R∞, k |
//! | `kelsall` | `100 ((1 − φ)(1 − e^(−k_f t)) + φ (1 − e^(−k_s t)))` | φ, k_f, k_s |
//! | `gamma` | `R∞ (1 − (λ/(λ + t))^P)` | R∞, λ, P |
//!
//! Sources: García-Zúñiga (1935), first order; Klimpel, *Selection of chemical reagents for flotation*
//! (1980), rectangular distribution of rate constants; Kelsall, Trans. IMM 70 (1961) 191, fast and slow
//! floating shares; Loveday, Trans. IMM 75 (1966) C219 and Imaizumi & Inoue (1963), gamma distribution of
//! rate constants, here with mean rate `P/λ`; Bu et al., *Physicochem. Probl. Miner. Process.* 53 (2017)
//! 342, all of them compared.
//!
//! Parameters stay in their ranges: rates above 0, φ from 0 to 1. R∞ is what fits best; above 100 % it is
//! no recovery any more, which is said in a warning and not hidden by a bound.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::check;
use super::fit::{self, Fit, Range, Task, factor, spaced};
use super::problem::Problem;
use super::two_product::usual;

/// Cumulative recovery against cumulative time.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Times in minutes; rates come out per minute.
    #[serde(alias = "time", alias = "t_min", alias = "times_min", alias = "minutes")]
    pub time_min: Option<Vec<f64>>,
    /// Times in seconds, in the place of minutes; rates come out per second.
    #[serde(alias = "t_s", alias = "times_s", alias = "seconds")]
    pub time_s: Option<Vec<f64>>,
    /// Cumulative recoveries, %.
    #[serde(
        alias = "recovery",
        alias = "recoveries_pct",
        alias = "cumulative_recovery_pct",
        alias = "r_pct"
    )]
    pub recovery_pct: Vec<f64>,
    /// Which models; all when left out. A list of names, or an object of which the keys are names.
    #[serde(default, alias = "model")]
    pub models: Wanted,
    /// Of the intervals.
    #[serde(default = "usual")]
    pub confidence: f64,
}

/// Which models are wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted(pub Vec<Model>);

/// A curve of recovery against time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// One rate.
    #[serde(alias = "classical", alias = "garcia_zuniga")]
    FirstOrder,
    /// Rates spread evenly from 0 to k.
    #[serde(alias = "klimpel", alias = "rectangular")]
    KlimpelRectangular,
    /// Rate by the square of what is left.
    SecondOrder,
    /// The same with rates spread evenly.
    SecondOrderRectangular,
    /// A fast and a slow share.
    Kelsall,
    /// Rates by a gamma distribution.
    #[serde(alias = "gamma_distribution", alias = "loveday")]
    Gamma,
}

impl Model {
    /// All of them.
    pub const ALL: [Model; 6] = [
        Model::FirstOrder,
        Model::KlimpelRectangular,
        Model::SecondOrder,
        Model::SecondOrderRectangular,
        Model::Kelsall,
        Model::Gamma,
    ];

    /// Names of its parameters, in order.
    pub fn parameters(self) -> &'static [&'static str] {
        match self {
            Model::Kelsall => &["phi", "k_fast", "k_slow"],
            Model::Gamma => &["r_inf_pct", "lambda", "p"],
            _ => &["r_inf_pct", "k"],
        }
    }

    /// Recovery at a time, %.
    pub fn recovery(self, params: &[f64], time: f64) -> f64 {
        let of = |at: usize| params.get(at).copied().unwrap_or(f64::NAN);
        let (a, b, c) = (of(0), of(1), params.get(2).copied().unwrap_or_default());
        match self {
            Model::FirstOrder => -a * (-b * time).exp_m1(),
            Model::KlimpelRectangular => a * (1.0 - mean_decay(b * time)),
            Model::SecondOrder => a * a * b * time / (1.0 + a * b * time),
            Model::SecondOrderRectangular => a * (1.0 - mean_hyperbola(b * time)),
            Model::Kelsall => -100.0 * ((1.0 - a) * (-b * time).exp_m1() + a * (-c * time).exp_m1()),
            Model::Gamma => -a * (-c * (time / b).ln_1p()).exp_m1(),
        }
    }

    fn ranges(self) -> &'static [Range] {
        match self {
            Model::Kelsall => &[Range::Share, Range::Positive, Range::Positive],
            Model::Gamma => &[Range::Positive, Range::Positive, Range::Positive],
            _ => &[Range::Positive, Range::Positive],
        }
    }

    /// Starts on a grid of rates; what is linear is solved at each.
    fn starts(self, time: &[f64], recovery: &[f64]) -> Vec<Vec<f64>> {
        let first = time.iter().copied().filter(|time| *time > 0.0).fold(f64::INFINITY, f64::min);
        let last = time.iter().copied().fold(0.0, f64::max);
        let shape = |params: &[f64]| time.iter().map(|t| self.recovery(params, *t)).collect::<Vec<_>>();
        let scaled = |rest: &[f64]| {
            let unit: Vec<f64> = [&[1.0], rest].concat();
            let top = factor(&shape(&unit), recovery).max(1e-6);
            // In the second order, k stands beside R∞: what the shape has as k is R∞ k.
            let rest = rest.iter().map(|k| if self == Model::SecondOrder { k / top } else { *k });
            std::iter::once(top).chain(rest).collect::<Vec<f64>>()
        };
        let rates = |count: usize| spaced(0.03 / last, 30.0 / first, count);
        match self {
            Model::Gamma => {
                let pairs = spaced(first * 0.03, last * 100.0, 24)
                    .into_iter()
                    .flat_map(|lambda| spaced(0.1, 300.0, 20).into_iter().map(move |power| [lambda, power]));
                pairs.map(|rest| scaled(&rest)).collect()
            }
            Model::Kelsall => {
                let pairs = rates(30).into_iter().flat_map(|fast| {
                    rates(30).into_iter().filter(move |slow| *slow < fast).map(move |slow| (fast, slow))
                });
                pairs.map(|(fast, slow)| split(time, recovery, fast, slow)).collect()
            }
            _ => rates(60).iter().map(|k| scaled(&[*k])).collect(),
        }
    }
}

/// `(1 − e^(−u))/u`, 1 at 0.
fn mean_decay(u: f64) -> f64 {
    if u.abs() < 1e-8 { 1.0 - u / 2.0 } else { -(-u).exp_m1() / u }
}

/// `ln(1 + u)/u`, 1 at 0.
fn mean_hyperbola(u: f64) -> f64 {
    if u.abs() < 1e-8 { 1.0 - u / 2.0 } else { u.ln_1p() / u }
}

/// Kelsall's share that fits best at two given rates: it is linear in it.
fn split(time: &[f64], recovery: &[f64], fast: f64, slow: f64) -> Vec<f64> {
    let grown = |rate: f64, t: f64| -100.0 * (-rate * t).exp_m1();
    let less: Vec<f64> = time.iter().map(|t| grown(slow, *t) - grown(fast, *t)).collect();
    let rest: Vec<f64> = time.iter().zip(recovery).map(|(t, r)| r - grown(fast, *t)).collect();
    vec![factor(&less, &rest).clamp(1e-4, 1.0 - 1e-4), fast, slow]
}

/// One fitted model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fitted {
    /// Names of the parameters, in the order of `params`.
    pub parameters: &'static [&'static str],
    /// The fit.
    #[serde(flatten)]
    pub fit: Fit,
    /// Akaike weight among the fitted models: how much speaks for this one.
    pub weight: f64,
}

/// All fitted models.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// By model.
    #[serde(flatten)]
    pub models: BTreeMap<Model, Fitted>,
    /// From best to worst, by `criterion`.
    pub ranking: Vec<Model>,
    /// The first of them.
    pub best: Model,
    /// `aicc`, or `aic` where the points are too few for it in one of the models.
    pub criterion: &'static str,
    /// `1/min` or `1/s`.
    pub rate_unit: &'static str,
    /// Models that were not fitted, with the reason.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub not_fitted: BTreeMap<Model, String>,
    /// What a reader must know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// Fits and ranks the models.
pub fn solve(given: &Given) -> Result<Answer, Problem> {
    let (field, time, rate_unit) = times(given)?;
    let confidence = check::confidence(given.confidence)?;
    checked(field, time, &given.recovery_pct)?;
    let mut fits: BTreeMap<Model, Fit> = BTreeMap::new();
    let mut not_fitted = BTreeMap::new();
    for model in &given.models.0 {
        match fitted(*model, time, &given.recovery_pct, confidence) {
            Ok(fit) => drop(fits.insert(*model, fit)),
            Err(why) => drop(not_fitted.insert(*model, why)),
        }
    }
    let small = fits.values().all(|fit| fit.aicc.is_some());
    let score = |fit: &Fit| if small { fit.aicc.unwrap_or(fit.aic) } else { fit.aic };
    let mut ranking: Vec<Model> = fits.keys().copied().collect();
    ranking.sort_by(|a, b| score(&fits[a]).total_cmp(&score(&fits[b])));
    let Some(best) = ranking.first().copied() else {
        let why = not_fitted.values().next().cloned().unwrap_or_default();
        return Err(Problem::impossible(
            field,
            format!("no model could be fitted: {why}"),
            "give more points",
        ));
    };
    let least = score(&fits[&best]);
    let likelihood = |fit: &Fit| ((least - score(fit)) / 2.0).exp();
    let all: f64 = fits.values().map(likelihood).sum();
    let warnings = warnings(&fits, &given.recovery_pct);
    let models = fits.into_iter().map(|(model, fit)| {
        let weight = likelihood(&fit) / all;
        (model, Fitted { parameters: model.parameters(), fit, weight })
    });
    let criterion = if small { "aicc" } else { "aic" };
    Ok(Answer { models: models.collect(), ranking, best, criterion, rate_unit, not_fitted, warnings })
}

fn times(given: &Given) -> Result<(&'static str, &[f64], &'static str), Problem> {
    match (&given.time_min, &given.time_s) {
        (Some(time), None) => Ok(("time_min", time, "1/min")),
        (None, Some(time)) => Ok(("time_s", time, "1/s")),
        (None, None) => Err(Problem::missing("time_min", "time_min, or time_s")),
        (Some(_), Some(_)) => Err(Problem::impossible(
            "time_s",
            "times are given in minutes and in seconds",
            "give one of them",
        )),
    }
}

fn checked(field: &str, time: &[f64], recovery: &[f64]) -> Result<(), Problem> {
    check::as_long("recovery_pct", recovery.len(), field, time.len())?;
    check::each(field, time, check::not_negative)?;
    check::rising(field, time)?;
    check::each("recovery_pct", recovery, check::percent)?;
    if let (Some(0.0), Some(begun)) = (time.first(), recovery.first().filter(|first| **first > 0.0)) {
        let what = format!("{begun} % is recovered at time 0");
        return Err(Problem::impossible("recovery_pct[1]", what, "recovery begins at 0; leave the row out"));
    }
    let floated = time.iter().zip(recovery).filter(|(t, r)| **t > 0.0 && **r > 0.0).count();
    check::at_least(field, floated, 2, "with time and recovery above 0")
}

fn fitted(model: Model, time: &[f64], recovery: &[f64], confidence: f64) -> Result<Fit, String> {
    let (points, needed) = (time.iter().filter(|time| **time > 0.0).count(), model.parameters().len());
    if points < needed {
        return Err(format!("{points} points for {needed} parameters"));
    }
    let curve = |params: &[f64], t: f64| model.recovery(params, t);
    let task = Task { model: &curve, ranges: model.ranges(), x: time, y: recovery };
    let starts = model.starts(time, recovery);
    let mut fit = fit::fit(&task, starts, confidence).ok_or("no start led anywhere")?;
    if model == Model::Kelsall && fit.params[1] < fit.params[2] {
        // The two shares have changed names.
        let (slow, fast) = (fit.params[1], fit.params[2]);
        fit = fit::fit(&task, vec![vec![1.0 - fit.params[0], fast, slow]], confidence).ok_or("no start")?;
    }
    Ok(fit)
}

fn warnings(fits: &BTreeMap<Model, Fit>, recovery: &[f64]) -> Vec<String> {
    let mut said = Vec::new();
    for (at, pair) in recovery.windows(2).enumerate() {
        if pair[1] < pair[0] {
            said.push(format!("recovery_pct[{}] falls; cumulative recovery cannot", at + 2));
        }
    }
    for (model, fit) in fits {
        let name = serde_json::to_value(model).ok().and_then(|word| word.as_str().map(str::to_owned));
        let name = name.unwrap_or_default();
        let top = fit.params[0];
        if *model != Model::Kelsall && top > 100.0 {
            said.push(format!(
                "{name}: R∞ is {top:.4} %, above 100 %; read it as a parameter, not a recovery"
            ));
        }
        if fit.sd.is_none() && fit.dof > 0 {
            said.push(format!("{name}: the points do not determine all parameters; no intervals"));
        }
        if fit.dof == 0 {
            said.push(format!("{name}: as many parameters as points; the curve passes through all of them"));
        }
        if !fit.at_bound.is_empty() {
            said.push(format!("{name}: parameter {:?} lies at the end of its range", fit.at_bound));
        }
    }
    said
}

impl Default for Wanted {
    fn default() -> Self {
        Wanted(Model::ALL.to_vec())
    }
}

impl<'de> Deserialize<'de> for Wanted {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names: Vec<Value> = match Value::deserialize(deserializer)? {
            Value::Object(map) => map.into_iter().map(|(name, _)| Value::String(name)).collect(),
            Value::Array(list) => list,
            one => vec![one],
        };
        let models = names.into_iter().map(serde_json::from_value).collect::<Result<Vec<Model>, _>>();
        models.map(Wanted).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIME: [f64; 8] = [0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 15.0];

    fn given(recovery: Vec<f64>) -> Given {
        let time_min = Some(TIME.to_vec());
        Given { time_min, time_s: None, recovery_pct: recovery, models: Wanted::default(), confidence: 0.95 }
    }

    #[test]
    fn noiseless_curves_give_their_parameters_back() {
        let cases: [(Model, &[f64]); 8] = [
            (Model::FirstOrder, &[88.0, 0.9]),
            (Model::FirstOrder, &[62.0, 0.06]),
            (Model::KlimpelRectangular, &[94.0, 2.1]),
            (Model::SecondOrder, &[93.0, 0.02]),
            (Model::SecondOrderRectangular, &[97.0, 3.0]),
            (Model::Kelsall, &[0.2, 1.4, 0.05]),
            (Model::Kelsall, &[0.6, 3.0, 0.12]),
            (Model::Gamma, &[96.0, 1.5, 2.2]),
        ];
        for (model, params) in cases {
            let recovery = TIME.iter().map(|t| model.recovery(params, *t)).collect();
            let answer = solve(&given(recovery)).unwrap();
            let fit = &answer.models[&model].fit;
            for (found, want) in fit.params.iter().zip(params) {
                assert!((found / want - 1.0).abs() < 1e-5, "{model:?} {params:?}: {:?}", fit.params);
            }
            assert!(answer.ranking[0] == model || answer.models[&answer.ranking[0]].fit.sse < 1e-9);
        }
    }

    #[test]
    fn every_model_converges_on_flat_steep_and_late_data() {
        for recovery in [
            vec![90.0, 90.1, 90.2, 90.2, 90.3, 90.3, 90.3, 90.4],
            vec![0.1, 0.3, 0.9, 2.0, 3.1, 5.0, 8.2, 15.0],
            vec![10.0, 50.0, 80.0, 88.0, 88.0, 88.1, 95.0, 99.0],
        ] {
            let answer = solve(&given(recovery.clone())).unwrap();
            assert_eq!(answer.models.len(), 6, "{recovery:?}");
            for (model, fitted) in &answer.models {
                let fit = &fitted.fit;
                assert!(
                    fit.sse.is_finite() && fit.params.iter().all(|p| p.is_finite() && *p >= 0.0),
                    "{model:?}"
                );
                if *model == Model::Kelsall {
                    assert!(fit.params[0] <= 1.0 && fit.params[1] >= fit.params[2]);
                }
            }
        }
    }
}
