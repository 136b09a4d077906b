//! The two-product formula: recovery and mass pull from assays of feed, concentrate and tailing.
//!
//! With `f`, `c`, `t` the assays, mass and metal balance give (Wills & Finch, *Wills' Mineral Processing
//! Technology*, 8th ed., ch. 3; Napier-Munn et al., *Mineral Comminution Circuits*, 1996)
//!
//! `C/F = (f − t)/(c − t)` and `R = 100 · c (f − t) / (f (c − t))`.
//!
//! The standard deviations follow from the first derivatives, with independent errors of the assays:
//!
//! `∂R/∂f = 100 c t / (f² (c − t))`, `∂R/∂c = −100 t (f − t) / (f (c − t)²)`,
//! `∂R/∂t = −100 c (c − f) / (f (c − t)²)`, and likewise for the mass pull.

use serde::{Deserialize, Serialize};

use super::check;
use super::measured::Measured;
use super::problem::Problem;
use super::quantile::{Interval, z};
use super::separation_efficiency;

/// Assays in one unit (%, g/t), each with its standard deviation where it is known.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Assay of the feed.
    #[serde(alias = "feed_pct", alias = "feed_assay", alias = "feed_assay_pct", alias = "f")]
    #[serde(alias = "feed_grade", alias = "feed_grade_pct", alias = "head")]
    pub feed: Measured,
    /// Assay of the concentrate.
    #[serde(alias = "conc", alias = "conc_pct", alias = "concentrate_pct", alias = "conc_assay")]
    #[serde(alias = "concentrate_assay", alias = "concentrate_assay_pct", alias = "c")]
    #[serde(alias = "concentrate_grade", alias = "concentrate_grade_pct", alias = "conc_grade")]
    pub concentrate: Measured,
    /// Assay of the tailing.
    #[serde(
        alias = "tail_pct",
        alias = "tailing",
        alias = "tailings",
        alias = "tails",
        alias = "tail_assay"
    )]
    #[serde(alias = "tailing_pct", alias = "tailings_pct", alias = "tail_assay_pct", alias = "t")]
    #[serde(alias = "tail_grade", alias = "tail_grade_pct", alias = "tailings_grade")]
    pub tail: Measured,
    /// Standard deviation of the feed's assay, where it is not given with it.
    #[serde(alias = "sd_feed")]
    pub feed_sd: Option<f64>,
    /// Standard deviation of the concentrate's assay.
    #[serde(alias = "sd_concentrate", alias = "sd_conc", alias = "conc_sd")]
    pub concentrate_sd: Option<f64>,
    /// Standard deviation of the tailing's assay.
    #[serde(alias = "sd_tail", alias = "tailing_sd")]
    pub tail_sd: Option<f64>,
    /// Dry mass of the feed in any unit; the masses of the products come out in the same.
    #[serde(alias = "feed_t", alias = "feed_g", alias = "feed_tonnes", alias = "feed_tph")]
    pub feed_mass: Option<f64>,
    /// Assay of the pure mineral, %: then the separation efficiency is given too.
    #[serde(alias = "mineral_pct", alias = "mineral_assay")]
    pub mineral_assay_pct: Option<f64>,
    /// Of the intervals.
    #[serde(default = "usual")]
    pub confidence: f64,
}

pub(super) fn usual() -> f64 {
    0.95
}

/// What the assays say of the separation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// Mass of concentrate, % of the feed.
    pub mass_pull_pct: f64,
    /// Recovery of the metal into the concentrate, %.
    pub recovery_pct: f64,
    /// What is left in the tailing, %.
    pub loss_pct: f64,
    /// Feed over concentrate by mass.
    pub ratio_of_concentration: f64,
    /// Concentrate over feed by assay.
    pub enrichment_ratio: f64,
    /// Standard deviation of the mass pull; none unless all three assays have theirs.
    pub mass_pull_sd_pct: Option<f64>,
    /// Standard deviation of the recovery.
    pub recovery_sd_pct: Option<f64>,
    /// Interval of the mass pull.
    pub mass_pull_interval: Option<Interval>,
    /// Interval of the recovery.
    pub recovery_interval: Option<Interval>,
    /// Which assay the doubt in the recovery comes from, % of its variance.
    pub recovery_variance_shares_pct: Option<Shares>,
    /// Mass of concentrate, when that of the feed is given.
    pub concentrate_mass: Option<f64>,
    /// Mass of tailing.
    pub tail_mass: Option<f64>,
    /// Separation efficiency, when the mineral's assay is given.
    pub separation_efficiency_pct: Option<f64>,
}

/// Shares of a variance by assay, %.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Shares {
    /// Of the feed's assay.
    pub feed: f64,
    /// Of the concentrate's.
    pub concentrate: f64,
    /// Of the tailing's.
    pub tail: f64,
}

/// Recovery and mass pull.
pub fn solve(given: &Given) -> Result<Answer, Problem> {
    let (feed, concentrate, tail) = checked(given)?;
    let (f, c, t) = (feed.value, concentrate.value, tail.value);
    let pull = share(f, c, t)?;
    let recovery = 100.0 * c * pull / f;
    let variances = feed.variance().zip(concentrate.variance()).zip(tail.variance());
    let sds = variances.map(|((of_f, of_c), of_t)| {
        let span = c - t;
        let by = |slopes: [f64; 3]| {
            [slopes[0] * slopes[0] * of_f, slopes[1] * slopes[1] * of_c, slopes[2] * slopes[2] * of_t]
        };
        let recovery = by([
            100.0 * c * t / (f * f * span),
            -100.0 * t * (f - t) / (f * span * span),
            -100.0 * c * (c - f) / (f * span * span),
        ]);
        let pull = by([100.0 / span, -100.0 * (f - t) / (span * span), -100.0 * (c - f) / (span * span)]);
        (pull, recovery)
    });
    let quantile = z(check::confidence(given.confidence)?);
    let mass_pull_sd = sds.map(|(pull, _)| pull.iter().sum::<f64>().sqrt());
    let recovery_sd = sds.map(|(_, recovery)| recovery.iter().sum::<f64>().sqrt());
    let efficiency =
        |m: f64| separation_efficiency::of(f, c, check::percent("mineral_assay_pct", m)?, 100.0 * pull);
    let efficiency = given.mineral_assay_pct.map(efficiency).transpose()?;
    Ok(Answer {
        mass_pull_pct: 100.0 * pull,
        recovery_pct: recovery,
        loss_pct: 100.0 - recovery,
        ratio_of_concentration: 1.0 / pull,
        enrichment_ratio: c / f,
        mass_pull_sd_pct: mass_pull_sd,
        recovery_sd_pct: recovery_sd,
        mass_pull_interval: mass_pull_sd.map(|sd| Interval::around(100.0 * pull, quantile * sd)),
        recovery_interval: recovery_sd.map(|sd| Interval::around(recovery, quantile * sd)),
        recovery_variance_shares_pct: sds.and_then(|(_, parts)| shares(parts)),
        concentrate_mass: given.feed_mass.map(|mass| mass * pull),
        tail_mass: given.feed_mass.map(|mass| mass * (1.0 - pull)),
        separation_efficiency_pct: efficiency.map(|found| found.separation_efficiency_pct),
    })
}

/// `(f − t)/(c − t)`, where the assays are in an order that two products of one feed can have.
pub(super) fn share(feed: f64, concentrate: f64, tail: f64) -> Result<f64, Problem> {
    let between = (tail < feed && feed < concentrate) || (concentrate < feed && feed < tail);
    if !between {
        let what =
            format!("the feed's assay {feed} is not between concentrate {concentrate} and tail {tail}");
        let remedy =
            "no mass pull between 0 and 100 % closes this balance: check for swapped samples or units";
        return Err(Problem::impossible("feed", what, remedy));
    }
    Ok((feed - tail) / (concentrate - tail))
}

fn checked(given: &Given) -> Result<(Measured, Measured, Measured), Problem> {
    let whole = |name: &str, measured: Measured, sd: Option<f64>| {
        if measured.sd.is_some() && sd.is_some() {
            let what = "the standard deviation is given twice";
            return Err(Problem::impossible(format!("{name}_sd"), what, "give it once"));
        }
        let measured = Measured { value: measured.value, sd: measured.sd.or(sd) };
        measured.check(name, check::not_negative)?;
        Ok(measured)
    };
    let feed = whole("feed", given.feed, given.feed_sd)?;
    check::positive("feed", feed.value)?;
    given.feed_mass.map_or(Ok(0.0), |mass| check::positive("feed_mass", mass))?;
    let concentrate = whole("concentrate", given.concentrate, given.concentrate_sd)?;
    Ok((feed, concentrate, whole("tail", given.tail, given.tail_sd)?))
}

fn shares(parts: [f64; 3]) -> Option<Shares> {
    let total: f64 = parts.iter().sum();
    let percent = |part: f64| 100.0 * part / total;
    (total > 0.0).then(|| Shares {
        feed: percent(parts[0]),
        concentrate: percent(parts[1]),
        tail: percent(parts[2]),
    })
}
