//! Separation efficiency: one number for grade and recovery together.
//!
//! Schulz, N.F., *Separation efficiency*, Trans. SME-AIME 247 (1970) 81–87; Wills & Finch, *Wills' Mineral
//! Processing Technology*, 8th ed., ch. 1: `SE = R_m − R_g`, the recovery of the valuable mineral less
//! that of the gangue into the concentrate, and with all metal in one mineral of assay `m`
//!
//! `SE = 100 · C · m (c − f) / ((m − f) f)`, where `C` is the share of the feed's mass in the concentrate.

use serde::{Deserialize, Serialize};

use super::check;
use super::problem::Problem;

/// One concentrate. Of `mass_pull_pct`, `recovery_pct` and `tail_pct` one says how much of it there is.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Assay of the feed, %.
    #[serde(alias = "feed", alias = "feed_assay_pct", alias = "f")]
    pub feed_pct: f64,
    /// Assay of the concentrate, %.
    #[serde(alias = "concentrate", alias = "conc", alias = "conc_pct", alias = "c")]
    #[serde(alias = "concentrate_assay_pct", alias = "conc_assay_pct")]
    pub concentrate_pct: f64,
    /// Assay of the pure mineral, %.
    #[serde(alias = "mineral_pct", alias = "mineral_assay", alias = "mineral", alias = "m")]
    pub mineral_assay_pct: f64,
    /// Mass of concentrate, % of the feed.
    #[serde(alias = "mass_pull", alias = "weight_pct", alias = "conc_weight_pct")]
    pub mass_pull_pct: Option<f64>,
    /// Recovery of the metal, %.
    #[serde(alias = "recovery", alias = "r")]
    pub recovery_pct: Option<f64>,
    /// Assay of the tailing, %: the two-product formula gives the mass.
    #[serde(alias = "tail", alias = "tailing_pct", alias = "tailings_pct", alias = "t")]
    pub tail_pct: Option<f64>,
}

/// How well mineral and gangue were parted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Answer {
    /// Mass of concentrate, % of the feed.
    pub mass_pull_pct: f64,
    /// Recovery of the metal, %: that of the mineral too.
    pub recovery_pct: f64,
    /// Recovery of the gangue into the concentrate, %.
    pub gangue_recovery_pct: f64,
    /// Their difference, %.
    pub separation_efficiency_pct: f64,
}

/// The separation efficiency of a concentrate.
pub fn solve(given: &Given) -> Result<Answer, Problem> {
    let mineral = check::within("mineral_assay_pct", given.mineral_assay_pct, 0.0, 100.0)?;
    check::positive("feed_pct", given.feed_pct)?;
    check::within("feed_pct", given.feed_pct, 0.0, mineral)?;
    check::positive("concentrate_pct", given.concentrate_pct)?;
    check::within("concentrate_pct", given.concentrate_pct, 0.0, mineral)?;
    of(given.feed_pct, given.concentrate_pct, mineral, mass_pull(given)?)
}

fn mass_pull(given: &Given) -> Result<f64, Problem> {
    let (feed, concentrate) = (given.feed_pct, given.concentrate_pct);
    match (given.mass_pull_pct, given.recovery_pct, given.tail_pct) {
        (Some(pull), None, None) => check::percent("mass_pull_pct", pull),
        (None, Some(recovery), None) => Ok(check::percent("recovery_pct", recovery)? * feed / concentrate),
        (None, None, Some(tail)) => {
            let two = super::two_product::share(feed, concentrate, check::percent("tail_pct", tail)?)?;
            Ok(100.0 * two)
        }
        (None, None, None) => {
            Err(Problem::missing("mass_pull_pct", "mass_pull_pct, recovery_pct or tail_pct"))
        }
        _ => Err(Problem::impossible(
            "mass_pull_pct",
            "more than one of mass_pull_pct, recovery_pct and tail_pct is given",
            "give the one that was measured",
        )),
    }
}

/// The same from checked figures, all in per cent.
pub(super) fn of(feed: f64, concentrate: f64, mineral: f64, pull: f64) -> Result<Answer, Problem> {
    let recovery = pull * concentrate / feed;
    if mineral <= feed {
        let what = format!("the mineral's assay {mineral} is not above the feed's {feed}");
        return Err(Problem::impossible("mineral_assay_pct", what, "give the assay of the pure mineral"));
    }
    let gangue = pull * (mineral - concentrate) / (mineral - feed);
    if recovery > 100.0 * (1.0 + 1e-9) || gangue > 100.0 * (1.0 + 1e-9) {
        let what = format!("{pull} % of the mass at {concentrate} % would hold {recovery} % of the metal");
        return Err(Problem::impossible("mass_pull_pct", what, "check feed, concentrate and mass pull"));
    }
    Ok(Answer {
        mass_pull_pct: pull,
        recovery_pct: recovery,
        gangue_recovery_pct: gangue,
        separation_efficiency_pct: recovery - gangue,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tin(grade: f64, recovery: f64) -> f64 {
        let given = Given {
            feed_pct: 1.0,
            concentrate_pct: grade,
            mineral_assay_pct: 78.6,
            mass_pull_pct: None,
            recovery_pct: Some(recovery),
            tail_pct: None,
        };
        solve(&given).unwrap().separation_efficiency_pct
    }

    /// Wills & Finch, example 1.1: a tin concentrator, 1 % Sn feed, cassiterite with 78.6 % Sn.
    #[test]
    fn the_tin_concentrator_of_wills() {
        for (grade, recovery, want) in [(63.0, 62.0, 61.8), (42.0, 72.0, 71.2), (21.0, 78.0, 75.2)] {
            assert!((tin(grade, recovery) - want).abs() < 0.06, "{grade}: {}", tin(grade, recovery));
        }
    }

    #[test]
    fn the_closed_form_of_schulz_is_the_difference_of_recoveries() {
        let (f, c, m, pull) = (1.3, 24.0, 34.6, 4.9);
        let closed = pull * m * (c - f) / ((m - f) * f);
        assert!((of(f, c, m, pull).unwrap().separation_efficiency_pct - closed).abs() < 1e-12);
    }
}
