//! Several data sets on one flowsheet: shifts, days, tests. Each is reconciled by itself, and what they show
//! together is tested: a bias too small for one set persists in all of them.
//!
//! In set i a bias of a measurement is estimated as bᵢ with variance Vᵢ = σ⁴ / var(adjustment). The sets are
//! independent, so that the bias they have in common and its likelihood ratio are
//! ```text
//! b = Σ (bᵢ/Vᵢ) / Σ (1/Vᵢ),   var(b) = 1 / Σ (1/Vᵢ),   GLR = (Σ bᵢ/Vᵢ)² / Σ (1/Vᵢ) ~ χ²(1)
//! ```
//! and the same of bᵢ over the reconciled value (a meter that reads so many per cent high) and of leaks.
//! What is common must be alike: Q = Σ (bᵢ − b)²/Vᵢ ~ χ²(sets − 1). One wild day makes a large ratio and a
//! larger Q, and does not persist.
//!
//! Source: Narasimhan & Mah, AIChE J. 33 (1987) 1514 (likelihood ratios), over independent samples; Cochran,
//! Biometrics 10 (1954) 101 (Q).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::judge::critical;
use crate::model::Statement;
use crate::reconciled::{Reconciled, reconcile};
use crate::{Blamed, Given, GlobalTest, Name, Of, Quantity, Wrong};

/// What several data sets show together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Across {
    /// Σ of the objectives.
    pub objective: f64,
    /// Σ of the degrees of freedom.
    pub dof: usize,
    /// The value χ² of these degrees exceeds with probability 1 − confidence.
    pub chi2_critical: Option<f64>,
    /// Whether the sets together close within what their measurements allow.
    pub global_test: GlobalTest,
    /// The root of a likelihood ratio above this is suspect: Šidák's level over all of `values`.
    pub test_critical: Option<f64>,
    /// What persists, the strongest first.
    pub persistent: Vec<Persistent>,
    /// Every measurement that at least one set can test, in the order of the streams.
    pub values: Vec<CommonBias>,
    /// Every balance that at least one set can test.
    pub nodes: Vec<CommonLeak>,
}

/// A gross error that the sets have in common.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Persistent {
    /// 1 for the strongest.
    pub rank: u32,
    /// What it is.
    #[serde(flatten)]
    pub what: Blamed,
    /// The root of its likelihood ratio.
    pub statistic: f64,
}

/// The bias of a measurement over the sets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CommonBias {
    /// The stream.
    pub stream: Name,
    /// What of it.
    pub of: Of,
    /// How many sets can test it.
    pub sets: usize,
    /// The common bias, in the unit of the quantity.
    pub bias_estimate: f64,
    /// Its standard deviation.
    pub bias_sd: f64,
    /// Its likelihood ratio.
    pub glr_bias: f64,
    /// How far the sets' own biases are from the common one: χ² of `sets` − 1 where it is the same in all.
    pub spread: f64,
    /// The common bias as a part of the reconciled value; none when that is zero in a set.
    pub relative_bias_estimate: Option<f64>,
    /// Its standard deviation.
    pub relative_bias_sd: Option<f64>,
    /// Its likelihood ratio.
    pub glr_relative_bias: Option<f64>,
    /// How far the sets' own relative biases are from the common one.
    pub relative_spread: Option<f64>,
}

/// The leak of a balance over the sets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CommonLeak {
    /// The node.
    pub node: Name,
    /// Of the flow or a component.
    pub of: Of,
    /// How many sets can test it.
    pub sets: usize,
    /// The common leak, positive when something is lost.
    pub leak_estimate: f64,
    /// Its standard deviation.
    pub leak_sd: f64,
    /// Its likelihood ratio.
    pub glr_leak: f64,
    /// How far the sets' own leaks are from the common one.
    pub spread: f64,
}

impl Given {
    /// The balance of each data set: the flowsheet and what is said beside it hold for all of them.
    ///
    /// # Errors
    /// [`Wrong`] names two sets of one name, and measurements that stand outside the sets.
    pub fn of_sets(&self) -> Result<Vec<(Name, Given)>, Wrong> {
        if !self.measurements.is_empty() || !self.inventory.is_empty() {
            return Err(Wrong::OutsideSets);
        }
        let mut found: Vec<(Name, Given)> = Vec::new();
        for set in &self.sets {
            if found.iter().any(|(name, _)| *name == set.name) {
                return Err(Wrong::SetTwice(set.name.clone()));
            }
            let mut given = Given { sets: Vec::new(), ..self.clone() };
            given.measurements.clone_from(&set.measurements);
            given.inventory.clone_from(&set.inventory);
            given.fixed.extend(set.fixed.iter().cloned());
            given.bounds.extend(set.bounds.iter().cloned());
            found.push((set.name.clone(), given));
        }
        Ok(found)
    }
}

/// Reconciles every data set by itself.
///
/// # Errors
/// [`Wrong::InSet`] names the set, and what in it cannot be right.
pub fn reconcile_sets(given: &Given) -> Result<Vec<(Name, Reconciled)>, Wrong> {
    let solved = given.of_sets()?.into_iter().map(|(name, given)| match reconcile(&given) {
        Ok(reconciled) => Ok((name, reconciled)),
        Err(wrong) => Err(Wrong::InSet { set: name, wrong: Box::new(wrong) }),
    });
    solved.collect()
}

/// What the sets show together, with everything in.
pub fn across(sets: &[(Name, Reconciled)]) -> Across {
    let confidence = sets.first().map_or(0.95, |(_, set)| set.options.confidence);
    let objective = sets.iter().map(|(_, set)| set.whole.objective).sum();
    let dof = sets.iter().map(|(_, set)| set.whole.dof).sum();
    let chi2_critical = critical::chi_squared(dof, confidence);
    let (values, nodes) = (biases(sets), leaks(sets));
    let test_critical = critical::sidak(values.len(), confidence);
    let persistent = persistent(&values, &nodes, test_critical, confidence);
    let global_test = match chi2_critical {
        None => GlobalTest::NotTestable,
        Some(limit) if objective > limit => GlobalTest::Reject,
        Some(_) => GlobalTest::Pass,
    };
    Across { objective, dof, chi2_critical, global_test, test_critical, persistent, values, nodes }
}

/// Independent estimates of one figure: Σ b/V and Σ 1/V.
#[derive(Debug, Clone, Copy, Default)]
struct Pooled {
    sets: usize,
    pull: f64,
    weight: f64,
    /// Σ b²/V.
    square: f64,
}

impl Pooled {
    fn add(&mut self, estimate: f64, variance: f64) {
        self.sets += 1;
        self.pull += estimate / variance;
        self.square += estimate * estimate / variance;
        self.weight += variance.recip();
    }

    fn estimate(self) -> f64 {
        self.pull / self.weight
    }

    fn sd(self) -> f64 {
        self.weight.sqrt().recip()
    }

    fn ratio(self) -> f64 {
        self.pull * self.pull / self.weight
    }

    fn spread(self) -> f64 {
        (self.square - self.ratio()).max(0.0)
    }
}

fn biases(sets: &[(Name, Reconciled)]) -> Vec<CommonBias> {
    let Some((_, first)) = sets.first() else { return Vec::new() };
    let quantities = first.model.sheet.streams.len() * first.model.sheet.width();
    let mut found = Vec::new();
    for i in 0..quantities {
        let (mut plain, mut relative) = (Pooled::default(), Some(Pooled::default()));
        for (_, set) in sets {
            let whole = &set.whole;
            if whole.measurement_test(i).is_none() {
                continue;
            }
            let (own, spread) = (whole.covariance.variance[i], whole.adjustment_variance[i]);
            let unit = set.model.unit[i];
            let bias = (whole.part.targets[i] - whole.point.v[i]) * own / spread * unit;
            let variance = own * own / spread * unit * unit;
            plain.add(bias, variance);
            let value = whole.point.v[i] * unit;
            relative = relative.filter(|_| value != 0.0).map(|mut relative| {
                relative.add(bias / value, variance / (value * value));
                relative
            });
        }
        let Some(Quantity { stream, of }) = first.named(i).filter(|_| plain.sets > 0) else { continue };
        found.push(CommonBias {
            stream,
            of,
            sets: plain.sets,
            bias_estimate: plain.estimate(),
            bias_sd: plain.sd(),
            glr_bias: plain.ratio(),
            spread: plain.spread(),
            relative_bias_estimate: relative.map(Pooled::estimate),
            relative_bias_sd: relative.map(Pooled::sd),
            glr_relative_bias: relative.map(Pooled::ratio),
            relative_spread: relative.map(Pooled::spread),
        });
    }
    found
}

fn leaks(sets: &[(Name, Reconciled)]) -> Vec<CommonLeak> {
    let Some((_, first)) = sets.first() else { return Vec::new() };
    // sets may differ in their inventories, and so in their variables; their balances have the same names
    let mut common: BTreeMap<(usize, usize), Pooled> = BTreeMap::new();
    for (_, set) in sets {
        for ((row, leak), unit) in set.model.rows.iter().zip(&set.whole.leak).zip(&set.model.row_unit) {
            let (Statement::Balance { node, of }, Some((pull, variance))) = (row.what, *leak) else {
                continue;
            };
            // the estimate is pull/variance with variance 1/variance
            common.entry((node, of)).or_default().add(pull / variance * unit, unit * unit / variance);
        }
    }
    let leak = |((node, of), common): ((usize, usize), Pooled)| CommonLeak {
        node: first.model.sheet.nodes[node].clone(),
        of: first.model.sheet.word(of),
        sets: common.sets,
        leak_estimate: common.estimate(),
        leak_sd: common.sd(),
        glr_leak: common.ratio(),
        spread: common.spread(),
    };
    common.into_iter().map(leak).collect()
}

/// What is large in all sets together and not only in some.
fn persistent(
    values: &[CommonBias],
    nodes: &[CommonLeak],
    limit: Option<f64>,
    confidence: f64,
) -> Vec<Persistent> {
    let Some(limit) = limit else { return Vec::new() };
    let alike = |sets: usize, spread: f64| {
        critical::chi_squared(sets.saturating_sub(1), confidence).is_none_or(|limit| spread <= limit)
    };
    let bias = |one: &CommonBias| {
        let what = Blamed::Bias { stream: one.stream.clone(), of: one.of.clone() };
        let relative = one.glr_relative_bias.zip(one.relative_spread);
        let ways = std::iter::once((one.glr_bias, one.spread)).chain(relative);
        let best = ways.filter(|(_, spread)| alike(one.sets, *spread)).map(|(ratio, _)| ratio);
        Some((what, best.max_by(f64::total_cmp)?.sqrt()))
    };
    let leak = |one: &CommonLeak| {
        let what = Blamed::Leak { node: one.node.clone(), of: one.of.clone() };
        alike(one.sets, one.spread).then(|| (what, one.glr_leak.sqrt()))
    };
    let biases = values.iter().filter_map(bias);
    let mut found: Vec<(Blamed, f64)> = biases.chain(nodes.iter().filter_map(leak)).collect();
    found.retain(|(_, statistic)| *statistic > limit);
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let ranked =
        |(at, (what, statistic)): (usize, (Blamed, f64))| Persistent { rank: at as u32 + 1, what, statistic };
    found.into_iter().enumerate().map(ranked).collect()
}
