//! Robust estimators by iteratively reweighted least squares: a measurement far from the balances counts
//! less.
//!
//! The weight of a measurement with residual r (in standard deviations) is ρ′(r) / r:
//!
//! - Huber: min(1, k/|r|) with k = 1.345 (95 % efficient on normal errors);
//! - contaminated normal, with a share p = 0.05 of gross errors b = 10 times as wide:
//!   ((1 − p) e^(−r²/2) + (p/b³) e^(−r²/2b²)) / ((1 − p) e^(−r²/2) + (p/b) e^(−r²/2b²)).
//!
//! Every statistic of the answer is then that of the reweighted problem.
//!
//! Source: Huber, Robust Statistics, 1981, ch. 7; Tjoa & Biegler, Comput. Chem. Eng. 15 (1991) 679.

use crate::Robust;
use crate::model::{Model, Variable};
use crate::settle::{Part, Settled};

const HUBER: f64 = 1.345;
const SHARE: f64 = 0.05;
const WIDTH: f64 = 10.0;
const ROUNDS: usize = 60;
/// Measurements with a larger test are left out in turn to begin with, so many of them.
const FAR: f64 = 3.0;
const STARTS: usize = 4;

/// Reconciles with weights that follow the residuals.
pub(crate) fn settle(model: &Model, robust: Robust) -> Settled {
    let plain = Settled::new(model, Part::whole(model), None);
    match robust {
        Robust::None => plain,
        Robust::Huber => reweighted(model, plain, huber),
        Robust::ContaminatedNormal => least(model, plain),
    }
}

/// The contaminated normal is not convex. It begins where Huber ends, and where each of the most suspect
/// measurements is left out; the end that is likeliest is taken.
fn least(model: &Model, plain: Settled) -> Settled {
    let mut suspect: Vec<(f64, usize)> = (0..model.variables.len())
        .filter_map(|i| Some((plain.measurement_test(i).filter(|z| *z > FAR)?, i)))
        .collect();
    suspect.sort_by(|(a, i), (b, j)| b.total_cmp(a).then_with(|| i.cmp(j)));
    let mut ends: Vec<Settled> = suspect
        .into_iter()
        .take(STARTS)
        .map(|(_, i)| {
            let mut part = plain.part.clone();
            part.weights[i] = 0.0;
            reweighted(model, Settled::new(model, part, Some(&plain.point.v)), contaminated)
        })
        .filter(|end| end.point.converged)
        .collect();
    ends.insert(0, reweighted(model, reweighted(model, plain, huber), contaminated));
    let unlikely = |end: &Settled| -> f64 {
        let residual =
            |(variable, v): (&Variable, &f64)| variable.measured.map(|(value, sd)| (v - value) / sd);
        model.variables.iter().zip(&end.point.v).filter_map(residual).map(loss).sum()
    };
    let mut best = ends.remove(0);
    for end in ends {
        if unlikely(&end) < unlikely(&best) - 1e-9 {
            best = end;
        }
    }
    best
}

/// − ln of the density, up to a constant; where the density vanishes, of its wide part.
fn loss(r: f64) -> f64 {
    let wide = (SHARE / WIDTH).ln() - 0.5 * r * r / (WIDTH * WIDTH);
    let narrow = (1.0 - SHARE).ln() - 0.5 * r * r;
    let (high, low) = if narrow > wide { (narrow, wide) } else { (wide, narrow) };
    -(high + (low - high).exp().ln_1p())
}

fn reweighted(model: &Model, mut now: Settled, factor: fn(f64) -> f64) -> Settled {
    for _ in 0..ROUNDS {
        let mut part = now.part.clone();
        let mut moved = 0.0_f64;
        for (i, variable) in model.variables.iter().enumerate() {
            let Some((value, sd)) = variable.measured else { continue };
            let weight = factor((now.point.v[i] - value) / sd) / (sd * sd);
            moved = moved.max((weight - part.weights[i]).abs() * sd * sd);
            part.weights[i] = weight;
        }
        if moved < 1e-8 || !now.point.converged {
            break;
        }
        now = Settled::new(model, part, Some(&now.point.v));
    }
    now
}

fn huber(r: f64) -> f64 {
    if r.abs() <= HUBER { 1.0 } else { HUBER / r.abs() }
}

fn contaminated(r: f64) -> f64 {
    let narrow = (1.0 - SHARE) * (-0.5 * r * r).exp();
    let wide = SHARE / WIDTH * (-0.5 * r * r / (WIDTH * WIDTH)).exp();
    if narrow + wide > 0.0 {
        (narrow + wide / (WIDTH * WIDTH)) / (narrow + wide)
    } else {
        1.0 / (WIDTH * WIDTH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_residuals_count_whole_and_large_ones_little() {
        assert_eq!(huber(1.0), 1.0);
        assert!((huber(-2.69) - 0.5).abs() < 1e-12);
        assert!(contaminated(0.0) > 0.99 && contaminated(8.0) < 0.0101);
        assert!(contaminated(1e6).is_finite());
        // −ln(0.95 e^(−1/2) + 0.005 e^(−1/200))
        assert!((loss(1.0) - 0.542_696_2).abs() < 1e-6, "{}", loss(1.0));
        assert!((loss(1e3) - loss(-1e3)).abs() < 1e-12 && loss(1e3).is_finite());
    }
}
