//! Stages on a straight isotherm: Kremser's equation for counter-current, and the other thing,
//! cross-current.
//!
//! With the extraction factor `E = D · O/A` and `N` ideal stages, organic entering bare:
//!
//! - counter-current (Kremser 1930; Souders & Brown 1932): `100 (E^(N+1) − E)/(E^(N+1) − 1)`, and
//!   `100 N/(N + 1)` at `E = 1`;
//! - cross-current with fresh organic at the same `O/A` in every stage, `N` times as much of it in all:
//!   `100 (1 − 1/(1 + E)^N)`;
//! - cross-current with the same organic parted among the stages: `100 (1 − 1/(1 + E/N)^N)`.
//!
//! The second is often printed as if it were the first. It is not: it spends `N` times the organic.

use serde::{Deserialize, Serialize};

use super::check;
use super::problem::Problem;

/// `E`, or `D` and `O/A`; and `N`, or the extraction that is asked for.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// The extraction factor.
    #[serde(alias = "E", alias = "extraction_factor")]
    pub e: Option<f64>,
    /// The distribution coefficient, organic over aqueous.
    #[serde(alias = "D", alias = "distribution_coefficient", alias = "kd", alias = "KD")]
    pub d: Option<f64>,
    /// Organic over aqueous flow, by volume.
    #[serde(
        alias = "O_over_A",
        alias = "o_a",
        alias = "oa",
        alias = "O/A",
        alias = "o/a",
        alias = "phase_ratio"
    )]
    pub o_over_a: Option<f64>,
    /// Ideal stages.
    #[serde(alias = "N", alias = "stages")]
    pub n: Option<u32>,
    /// Extraction that is asked for, %: how many counter-current stages does it take?
    #[serde(alias = "extraction_pct", alias = "target_pct")]
    pub target_extraction_pct: Option<f64>,
    /// Aqueous feed; the raffinates come out in its unit.
    pub feed: Option<f64>,
}

/// What the stages extract.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// The extraction factor.
    pub extraction_factor: f64,
    /// Ideal stages: as given, or the whole number that reaches the target.
    pub stages: u32,
    /// Counter-current, %.
    pub kremser_countercurrent_extraction_pct: f64,
    /// Cross-current, fresh organic at the same ratio in every stage, %.
    pub crosscurrent_extraction_pct: f64,
    /// Cross-current, the same organic parted among the stages, %.
    pub crosscurrent_split_extraction_pct: f64,
    /// Counter-current stages that the target takes, not rounded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stages_needed: Option<f64>,
    /// Counter-current raffinate, when the feed is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kremser_countercurrent_raffinate: Option<f64>,
    /// Cross-current raffinate, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crosscurrent_raffinate: Option<f64>,
}

/// What a number of stages extracts, or how many it takes.
pub fn solve(given: &Given) -> Result<Answer, Problem> {
    let factor = match (given.e, given.d, given.o_over_a) {
        (Some(e), None, _) => check::positive("e", e)?,
        (None, Some(d), Some(ratio)) => check::positive("d", d)? * check::positive("o_over_a", ratio)?,
        (Some(_), Some(_), _) => {
            return Err(Problem::impossible("e", "e and d are both given", "give e, or d and o_over_a"));
        }
        (None, Some(_), None) => return Err(Problem::missing("o_over_a", "the flow ratio that goes with d")),
        (None, None, _) => return Err(Problem::missing("e", "e, or d and o_over_a")),
    };
    let (stages, needed) = match (given.n, given.target_extraction_pct) {
        (Some(0), None) => return Err(Problem::unreadable("n", "is 0; at least one stage is needed")),
        (Some(n), None) => (check::within("n", f64::from(n), 1.0, 1000.0).map(|_| n)?, None),
        (None, Some(target)) => {
            let needed = needed(factor, target)?;
            (((needed - 1e-9).ceil().max(1.0)) as u32, Some(needed))
        }
        (Some(_), Some(_)) => {
            return Err(Problem::impossible("n", "n and target_extraction_pct are both given", "give one"));
        }
        (None, None) => return Err(Problem::missing("n", "n, or target_extraction_pct")),
    };
    let mut answer = of(factor, stages);
    answer.stages_needed = needed;
    if let Some(feed) = given.feed {
        let left = |percent: f64| feed * (1.0 - percent / 100.0);
        check::positive("feed", feed)?;
        answer.kremser_countercurrent_raffinate = Some(left(answer.kremser_countercurrent_extraction_pct));
        answer.crosscurrent_raffinate = Some(left(answer.crosscurrent_extraction_pct));
    }
    Ok(answer)
}

/// The three extractions of an extraction factor and a number of stages.
pub(super) fn of(e: f64, stages: u32) -> Answer {
    let n = f64::from(stages);
    // 1/(1 + E + … + E^N) is left over: no cancellation near E = 1, no overflow above.
    let left: f64 = if e <= 1.0 {
        1.0 / (0..=stages).map(|power| e.powf(f64::from(power))).sum::<f64>()
    } else {
        let sum: f64 = (0..=stages).map(|power| e.powf(-f64::from(power))).sum();
        e.powf(-n) / sum
    };
    Answer {
        extraction_factor: e,
        stages,
        kremser_countercurrent_extraction_pct: 100.0 * (1.0 - left),
        crosscurrent_extraction_pct: 100.0 * (1.0 - (1.0 + e).powf(-n)),
        crosscurrent_split_extraction_pct: 100.0 * (1.0 - (1.0 + e / n).powf(-n)),
        stages_needed: None,
        kremser_countercurrent_raffinate: None,
        crosscurrent_raffinate: None,
    }
}

fn needed(e: f64, target: f64) -> Result<f64, Problem> {
    let share = check::percent("target_extraction_pct", target)? / 100.0;
    if share <= 0.0 || share >= 1.0 || (e < 1.0 && share >= e) {
        let most = 100.0 * e.min(1.0);
        let what = format!("{target} % is not between 0 and {most} %, what endless stages reach at E = {e}");
        return Err(Problem::impossible("target_extraction_pct", what, "raise O/A, or ask for less"));
    }
    // left = (E − 1)/(E^(N+1) − 1)
    let left = 1.0 - share;
    if (e - 1.0).abs() < 1e-9 {
        return Ok(1.0 / left - 1.0);
    }
    Ok((1.0 + (e - 1.0) / left).ln() / e.ln() - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_and_at_one_the_formula_does_not_break() {
        assert!((of(1.0, 3).kremser_countercurrent_extraction_pct - 75.0).abs() < 1e-12);
        let near = of(1.0 + 1e-12, 3).kremser_countercurrent_extraction_pct;
        assert!((near - 75.0).abs() < 1e-9, "{near}");
        assert!(of(50.0, 300).kremser_countercurrent_extraction_pct <= 100.0);
    }

    #[test]
    fn stages_needed_is_the_inverse() {
        for e in [0.8, 1.0, 1.4, 5.0] {
            let target = of(e, 4).kremser_countercurrent_extraction_pct;
            assert!((needed(e, target).unwrap() - 4.0).abs() < 1e-6, "{e}");
        }
        assert!(needed(0.8, 81.0).is_err());
    }
}
