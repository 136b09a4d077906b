//! The fewest faults that together explain an imbalance: biases, leaks, exchanged figures.
//!
//! Serial elimination takes the largest test first and never goes back; with several errors at once the
//! largest is often none of them (masking and smearing). Here sets of faults are built up, some of the best
//! of each size kept, each reconciled exactly, until the global test passes. What then can be left out is
//! left out.
//!
//! A bias costs a degree of freedom and so does a leak; an exchange puts two figures back and costs none.
//! Its effect is predicted from the linearised balances: with r = V⁻¹G(m − v̂) and δ the change of the two
//! figures, χ² becomes χ² + 2 δᵀGᵀr + δᵀGᵀV⁻¹G δ.
//!
//! Source: Serth & Heenan, AIChE J. 32 (1986) 733 (combinatorial search); Narasimhan & Jordache, Data
//! Reconciliation and Gross Error Detection, 2000, chapter 8 (multiple gross errors).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::culprit::{Culprit, blamed, leaks, without};
use super::{SAME, critical, ranked};
use crate::model::{Model, What};
use crate::reconciled::Reconciled;
use crate::settle::Settled;
use crate::{Blamed, Quantity};

/// Faults in one explanation at the most.
const MOST: usize = 4;
/// Sets of each size that are built upon.
const KEPT: usize = 6;
/// Explanations told.
const TOLD: usize = 5;
/// Of each kind, tried on top of a set.
const BIASES: usize = 5;
const LEAKS: usize = 3;
const EXCHANGES: usize = 4;
/// Measurements among which exchanges are looked for, the most adjusted first.
const ADJUSTED: usize = 24;

/// What explains an imbalance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explained {
    /// Sets of as few faults as do, the likeliest first; empty where up to four do not.
    pub explanations: Vec<Explanation>,
    /// Whether the search ended before everything worth trying was tried.
    pub cut: bool,
}

/// Faults that together explain the imbalance: without them the global test passes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// The faults.
    pub faults: Vec<Fault>,
    /// χ² without them.
    pub objective: f64,
    /// Degrees of freedom then.
    pub dof: usize,
    /// The critical value then.
    pub chi2_critical: Option<f64>,
    /// With which probability χ² would be larger where nothing else is wrong.
    pub p_value: Option<f64>,
}

/// One fault of an explanation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// What it is.
    #[serde(flatten)]
    pub what: Cause,
    /// How large: the bias in the unit of the quantity, the leak in the unit of flow (positive when
    /// something is lost).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate: Option<f64>,
    /// Its standard deviation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sd: Option<f64>,
    /// What would explain exactly as much in its place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ties: Vec<Blamed>,
}

/// What may be wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Cause {
    /// Two figures stand under each other's name.
    Exchange {
        /// The one.
        one: Quantity,
        /// The other.
        other: Quantity,
    },
    /// A measurement is biased.
    Bias(Quantity),
    /// A node loses or gains what no stream carries, with the composition of what enters it.
    Leak {
        /// The node.
        node: crate::Name,
    },
}

impl Reconciled {
    /// The fewest faults that explain why the global test rejects; nothing where it does not. Figures are
    /// thought to have been exchanged only where `alike` says that they could be.
    pub fn explain(&self, alike: &dyn Fn(&Quantity, &Quantity) -> bool) -> Explained {
        if !self.whole.point.converged {
            return Explained { explanations: Vec::new(), cut: false };
        }
        let mut search = Search {
            base: self,
            alike,
            budget: (80_000 / self.model.variables.len().max(1)).clamp(40, 400),
            cut: false,
        };
        let found = if search.off(&BTreeSet::new(), &self.whole) <= 0.0 { Vec::new() } else { search.sets() };
        let mut explanations: Vec<(BTreeSet<Culprit>, Explanation)> = Vec::new();
        for faults in found {
            if let Some(explanation) = search.judged(faults)
                && !explanations.iter().any(|(known, _)| *known == explanation.0)
            {
                explanations.push(explanation);
            }
        }
        let fewest = explanations.iter().map(|(faults, _)| faults.len()).min().unwrap_or(0);
        explanations.retain(|(faults, _)| faults.len() == fewest);
        ranked(&mut explanations, SAME, |(_, told)| told.p_value.unwrap_or(0.0), |(a, _), (b, _)| a.cmp(b));
        let explanations = explanations.into_iter().take(TOLD).map(|(_, told)| told).collect();
        Explained { explanations, cut: search.cut }
    }
}

struct Search<'a> {
    base: &'a Reconciled,
    alike: &'a dyn Fn(&Quantity, &Quantity) -> bool,
    /// Reconciliations that may still be made.
    budget: usize,
    cut: bool,
}

/// A set of faults and the reconciliation without them.
struct Tried {
    faults: BTreeSet<Culprit>,
    model: Model,
    settled: Settled,
    off: f64,
}

impl Search<'_> {
    /// How far χ² is above its critical value without some faults; without end where there is nothing left to
    /// test, or where a fault cost no degree of freedom: then it drove something to a bound instead.
    fn off(&self, faults: &BTreeSet<Culprit>, settled: &Settled) -> f64 {
        let cost = faults.iter().filter(|fault| !matches!(fault, Culprit::Exchange(..))).count();
        if settled.dof + cost > self.base.whole.dof {
            return f64::INFINITY;
        }
        let limit = critical::chi_squared(settled.dof, self.base.options.confidence);
        match limit {
            Some(limit) if settled.point.converged => settled.objective - limit,
            _ => f64::INFINITY,
        }
    }

    /// Sets of as few faults as make the global test pass, the best first.
    fn sets(&mut self) -> Vec<BTreeSet<Culprit>> {
        let mut kept: Vec<Tried> = Vec::new();
        for size in 1..=MOST {
            let mut next = Vec::new();
            let mut seen = BTreeSet::new();
            if size == 1 {
                let (model, whole) = (&self.base.model, &self.base.whole);
                self.grow(&BTreeSet::new(), (model, whole), &mut seen, &mut next);
            }
            for tried in &kept {
                self.grow(&tried.faults, (&tried.model, &tried.settled), &mut seen, &mut next);
            }
            ranked(&mut next, SAME, |tried| -tried.off, |a, b| a.faults.cmp(&b.faults));
            let enough = next.iter().take_while(|tried| tried.off <= 0.0).count();
            if enough > 0 {
                return next.into_iter().take(enough.min(2 * TOLD)).map(|tried| tried.faults).collect();
            }
            next.retain(|tried| tried.off.is_finite());
            next.truncate(KEPT);
            kept = next;
        }
        Vec::new()
    }

    /// Tries what seems worth it on top of a set.
    fn grow(
        &mut self,
        faults: &BTreeSet<Culprit>,
        (model, now): (&Model, &Settled),
        seen: &mut BTreeSet<BTreeSet<Culprit>>,
        into: &mut Vec<Tried>,
    ) {
        for culprit in self.worth(faults, model, now) {
            let mut faults = faults.clone();
            faults.insert(culprit);
            if !seen.insert(faults.clone()) {
                continue;
            }
            if self.budget == 0 {
                self.cut = true;
                return;
            }
            self.budget -= 1;
            let (model, settled) = without(model, now, culprit);
            let off = self.off(&faults, &settled);
            into.push(Tried { faults, model, settled, off });
        }
    }

    /// What seems worth a try: the largest of each kind, one of those that tie.
    fn worth(&self, faults: &BTreeSet<Culprit>, model: &Model, now: &Settled) -> Vec<Culprit> {
        let tests = (0..model.variables.len())
            .filter_map(|i| Some((Culprit::Measurement(i), now.measurement_test(i)?)));
        let mut found = largest(tests.collect(), BIASES);
        found.extend(largest(leaks(model, now), LEAKS));
        found.extend(largest(self.exchanges(faults, model, now), EXCHANGES));
        found
    }

    /// Exchanges with how far each is predicted to lower χ².
    fn exchanges(&self, faults: &BTreeSet<Culprit>, model: &Model, now: &Settled) -> Vec<(Culprit, f64)> {
        let taken = |i: usize| {
            faults.iter().any(|fault| matches!(fault, Culprit::Exchange(a, b) if *a == i || *b == i))
        };
        let mut adjusted: Vec<(f64, usize)> = (0..model.variables.len())
            .filter(|&i| matches!(model.variables[i].what, What::Quantity { .. }) && !taken(i))
            .filter_map(|i| Some((now.measurement_test(i)?, i)))
            .collect();
        ranked(&mut adjusted, SAME, |(test, _)| *test, |(_, i), (_, j)| i.cmp(j));
        let mut chosen: Vec<usize> = adjusted.into_iter().take(ADJUSTED).map(|(_, i)| i).collect();
        chosen.sort_unstable();
        let alike = |i: usize, j: usize| match (self.base.named(i), self.base.named(j)) {
            (Some(one), Some(other)) => (self.alike)(&one, &other),
            _ => false,
        };
        let pairs: Vec<(usize, usize)> = (chosen.iter().enumerate())
            .flat_map(|(at, &i)| chosen[at + 1..].iter().map(move |&j| (i, j)))
            .filter(|&(i, j)| {
                let told = |i: usize| now.part.targets[i] * model.unit[i];
                told(i) != told(j) && alike(i, j)
            })
            .collect();
        let pull = now.multipliers();
        let change = |i: usize, by: f64| now.covariance.columns[i].iter().map(move |&(r, g)| (r, g * by));
        let lines: Vec<Vec<(usize, f64)>> = (pairs.iter())
            .map(|&(i, j)| {
                // each takes the other's figure in its own unit
                let unit = model.unit[j] / model.unit[i];
                let by = now.part.targets[j] * unit - now.part.targets[i];
                change(i, by).chain(change(j, -by / unit)).collect()
            })
            .collect();
        let views: Vec<&[(usize, f64)]> = lines.iter().map(Vec::as_slice).collect();
        let quadratic = now.covariance.quadratic(&views);
        (pairs.iter().zip(&lines).zip(quadratic))
            .map(|((&(i, j), line), quadratic)| {
                let along: f64 = line.iter().map(|&(r, value)| value * pull[r]).sum();
                (Culprit::Exchange(i, j), -(2.0 * along + quadratic))
            })
            .filter(|(_, gain)| *gain > 0.0)
            .collect()
    }

    /// Reconciles without all of a set, the leaks last: they take the composition that the others leave.
    fn apart(&self, faults: &BTreeSet<Culprit>) -> Option<(Model, Settled)> {
        let mut now: Option<(Model, Settled)> = None;
        for &culprit in faults {
            let (model, settled) = match &now {
                Some((model, settled)) => (model, settled),
                None => (&self.base.model, &self.base.whole),
            };
            now = Some(without(model, settled, culprit));
        }
        now
    }

    /// The explanation that a set is, without the faults that it can do without; none where the whole does
    /// not close after all.
    fn judged(&self, faults: BTreeSet<Culprit>) -> Option<(BTreeSet<Culprit>, Explanation)> {
        let (model, settled) = self.apart(&faults)?;
        if self.off(&faults, &settled) > 0.0 {
            return None;
        }
        let mut told = Vec::new();
        for &culprit in &faults {
            let mut rest = faults.clone();
            rest.remove(&culprit);
            let without = self.apart(&rest);
            let (plant, now) = match &without {
                Some((model, settled)) => (model, settled),
                None => (&self.base.model, &self.base.whole),
            };
            if self.off(&rest, now) <= 0.0 {
                return self.judged(rest);
            }
            told.push(self.told(culprit, (&model, &settled), ties(plant, now, culprit))?);
        }
        let (objective, dof) = (settled.objective, settled.dof);
        let chi2_critical = critical::chi_squared(dof, self.base.options.confidence);
        let p_value = critical::above(dof, objective);
        Some((faults, Explanation { faults: told, objective, dof, chi2_critical, p_value }))
    }

    fn told(
        &self,
        culprit: Culprit,
        (model, settled): (&Model, &Settled),
        ties: Vec<Blamed>,
    ) -> Option<Fault> {
        let named = |i: usize| self.base.named(i);
        let (what, size) = match culprit {
            Culprit::Exchange(i, j) => (Cause::Exchange { one: named(i)?, other: named(j)? }, None),
            Culprit::Measurement(i) => {
                let (measured, own) = model.variables[i].measured?;
                let sd = settled.sd[i].map(|sd| sd.hypot(own));
                (Cause::Bias(named(i)?), Some((measured - settled.point.v[i], sd)))
            }
            Culprit::Node(node) => {
                let is = |what: What| matches!(what, What::Leak { node: its } if its == node);
                let i = model.variables.iter().position(|variable| is(variable.what))?;
                let node = model.sheet.nodes[node].clone();
                (Cause::Leak { node }, Some((settled.point.v[i], settled.sd[i])))
            }
        };
        let unit = match culprit {
            Culprit::Measurement(i) => model.unit[i],
            Culprit::Node(node) => model.flow_unit[node],
            Culprit::Exchange(..) => 1.0,
        };
        let estimate = size.map(|(estimate, _)| estimate * unit);
        let sd = size.and_then(|(_, sd)| sd).map(|sd| sd * unit);
        Some(Fault { what, estimate, sd, ties })
    }
}

/// What would explain exactly as much as a bias or a leak, of what was reconciled without it.
fn ties(model: &Model, now: &Settled, culprit: Culprit) -> Vec<Blamed> {
    let tests = (0..model.variables.len())
        .filter_map(|i| Some((Culprit::Measurement(i), now.measurement_test(i)?)))
        .chain(leaks(model, now))
        .collect::<Vec<_>>();
    let Some(&(_, own)) = tests.iter().find(|(other, _)| *other == culprit) else { return Vec::new() };
    let same = |z: f64| (z - own).abs() <= SAME * own;
    (tests.into_iter())
        .filter(|&(other, z)| other != culprit && same(z))
        .map(|(other, _)| blamed(model, other))
        .collect()
}

/// The largest, one of those that are the same.
fn largest(mut all: Vec<(Culprit, f64)>, most: usize) -> Vec<Culprit> {
    ranked(&mut all, SAME, |(_, size)| *size, |(a, _), (b, _)| a.cmp(b));
    all.dedup_by(|(_, next), (_, kept)| (*kept - *next).abs() <= SAME * kept.abs());
    all.into_iter().take(most).map(|(culprit, _)| culprit).collect()
}
