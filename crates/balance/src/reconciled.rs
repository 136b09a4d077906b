//! A reconciliation that can be asked further: covariances, recoveries, influence, the next measurement.

use serde::{Deserialize, Serialize};

use crate::covariance::{Linear, some};
use crate::judge::{critical, ranked, serial};
use crate::model::{Model, What};
use crate::settle::Settled;
use crate::{Class, Given, Of, Quantity, Suspect, Wrong};

/// What differs by less, relatively, is the same and stands in the order of the names.
const ALIKE: f64 = 1e-9;

/// A solved balance with all its variances.
pub struct Reconciled {
    pub(crate) model: Model,
    pub(crate) whole: Settled,
    pub(crate) cleaned: Option<(Model, Settled)>,
    pub(crate) suspects: Vec<Suspect>,
    /// Whether suspects remain that are not listed.
    pub(crate) cut: bool,
    /// Without what the rest did not converge.
    pub(crate) stopped: Option<String>,
    pub(crate) options: crate::Options,
}

/// The share of a feed that a product carries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recovery {
    /// The product.
    pub stream: crate::Name,
    /// Of the flow (the mass pull) or a component.
    pub of: Of,
    /// Amount in the product, flow unit × component unit.
    pub amount: f64,
    /// Its standard deviation.
    pub amount_sd: f64,
    /// Amount over the sum of the feeds of the same part of the flowsheet.
    pub recovery: f64,
    /// Its standard deviation, by the delta method on the reconciled solution.
    pub sd: f64,
    /// Lower end of the interval at the stated confidence.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

/// What a figure hangs on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Influence {
    /// The measurement.
    pub measurement: Quantity,
    /// How far the figure moves when the measurement moves by 1.
    pub sensitivity: f64,
    /// Which part of the figure's variance is the measurement's.
    pub share: f64,
}

/// What one more measurement would do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// What would be measured, once or once more.
    pub quantity: Quantity,
    /// With which standard deviation.
    pub assumed_sd: f64,
    /// The target's standard deviation now; none when it is unobservable.
    pub sd_before: Option<f64>,
    /// And then.
    pub sd_after: f64,
}

/// A figure that is asked after.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// A flow or a component of a stream.
    Quantity(Quantity),
    /// The recovery of the flow or a component to a product.
    Recovery(Quantity),
}

/// Reconciles, and keeps what is needed to ask further.
///
/// # Errors
/// As [`crate::solve`].
pub fn reconcile(given: &Given) -> Result<Reconciled, Wrong> {
    let model = Model::read(given)?;
    let whole = crate::robust::settle(&model, given.options.robust);
    crate::solve::contradiction(&model, &whole)?;
    let found = serial::eliminate(&model, &whole, given.options.confidence);
    let serial::Eliminated { suspects, rest: cleaned, cut, stopped } = found;
    Ok(Reconciled { model, whole, cleaned, suspects, cut, stopped, options: given.options.clone() })
}

impl Reconciled {
    /// The reconciliation that is shown: without the suspects when they are to be eliminated.
    pub(crate) fn shown(&self) -> &Settled {
        match &self.cleaned {
            Some((_, cleaned)) if self.options.eliminate => cleaned,
            _ => &self.whole,
        }
    }

    /// The model that goes with it: it knows the leaks that were admitted.
    pub(crate) fn plant(&self) -> &Model {
        match &self.cleaned {
            Some((model, _)) if self.options.eliminate => model,
            _ => &self.model,
        }
    }

    /// The covariance of two reconciled quantities; none when one is unobservable.
    ///
    /// # Errors
    /// [`Wrong`] names a stream or component that does not exist.
    pub fn covariance(&self, a: &Quantity, b: &Quantity) -> Result<Option<f64>, Wrong> {
        let (a, b) = (self.at(a)?, self.at(b)?);
        let shown = self.shown();
        if !shown.point.converged {
            return Ok(None);
        }
        let unit = self.plant().unit[a] * self.plant().unit[b];
        let measured = |i: usize| shown.covariance.in_measured(&[(i, 1.0)], &shown.held);
        Ok(measured(a).zip(measured(b)).map(|(a, b)| shown.covariance.of(&a, &b) * unit))
    }

    /// Recoveries of the flow and of every component that conserves, to every product; none of what did not
    /// converge.
    pub fn recoveries(&self) -> Vec<Recovery> {
        if !self.shown().point.converged {
            return Vec::new();
        }
        let sheet = &self.plant().sheet;
        let mut found = Vec::new();
        for part in sheet.parts() {
            let nodes = sheet.nodes_of(&part);
            let kept: Vec<usize> = (0..sheet.width())
                .filter(|&of| nodes.iter().all(|&node| sheet.conserved(of, node)))
                .collect();
            let feeds: Vec<usize> = part.iter().copied().filter(|&s| sheet.ends[s].0.is_none()).collect();
            for &product in part.iter().filter(|&&s| sheet.ends[s].1.is_none()) {
                found.extend(kept.iter().filter_map(|&of| self.recovery(product, of, &feeds)));
            }
        }
        found
    }

    /// Amount in a stream and its derivatives.
    fn amount(&self, stream: usize, of: usize) -> Option<(f64, Linear)> {
        let (shown, factors) = (self.shown(), self.plant().factors(stream, of));
        if factors.iter().any(|&i| shown.class[i] == Class::Unobservable) {
            return None;
        }
        let value = |i: usize| shown.point.v[i];
        let others = |i: usize| factors.iter().filter(|&&j| j != i).map(|&j| value(j)).product();
        let slope = factors.iter().map(|&i| (i, others(i))).collect();
        Some((factors.iter().map(|&i| value(i)).product(), slope))
    }

    /// Value and derivatives of a recovery.
    fn ratio(&self, product: usize, of: usize, feeds: &[usize]) -> Option<(f64, Linear)> {
        let (amount, slope) = self.amount(product, of)?;
        let fed: Vec<(f64, Linear)> = feeds.iter().map(|&s| self.amount(s, of)).collect::<Option<_>>()?;
        let total: f64 = fed.iter().map(|(amount, _)| amount).sum();
        if total <= 0.0 {
            return None;
        }
        let ratio = amount / total;
        let up = slope.into_iter().map(|(i, s)| (i, s / total));
        let down = fed.into_iter().flat_map(|(_, slope)| slope).map(|(i, s)| (i, -ratio * s / total));
        Some((ratio, up.chain(down).collect()))
    }

    fn recovery(&self, product: usize, of: usize, feeds: &[usize]) -> Option<Recovery> {
        let (amount, slope) = self.amount(product, of)?;
        let (recovery, ratio) = self.ratio(product, of, feeds)?;
        let (amount_sd, sd) = (self.sd(&slope)?, self.sd(&ratio)?);
        let wide = critical::normal(0.5 + self.options.confidence / 2.0) * sd;
        let unit: f64 = self.plant().factors(product, of).into_iter().map(|i| self.plant().unit[i]).product();
        Some(Recovery {
            stream: self.plant().sheet.streams[product].clone(),
            of: self.plant().sheet.word(of),
            amount: amount * unit,
            amount_sd: amount_sd * unit,
            recovery,
            sd,
            lower: recovery - wide,
            upper: recovery + wide,
        })
    }

    fn sd(&self, function: &[(usize, f64)]) -> Option<f64> {
        let shown = self.shown();
        let measured = shown.covariance.in_measured(function, &shown.held)?;
        Some(shown.covariance.variance_of(&measured).sqrt())
    }

    /// On which measurements a figure hangs, the largest share first. The shares add up to 1. Empty when the
    /// target is unobservable or exact.
    ///
    /// # Errors
    /// [`Wrong`] names a stream or component that does not exist.
    pub fn influence(&self, target: &Target) -> Result<Vec<Influence>, Wrong> {
        let shown = self.shown();
        let function = self.function(target)?.filter(|_| shown.point.converged);
        let measured = function.and_then(|f| shown.covariance.in_measured(&f, &shown.held));
        let Some(measured) = measured else { return Ok(Vec::new()) };
        let sensitivity = shown.covariance.sensitivity(&measured);
        let target_unit = self.unit(target)?;
        let part = |i: usize| sensitivity[i].powi(2) * shown.covariance.variance[i];
        let prior: f64 = measured.iter().map(|&(i, f)| f * f * shown.covariance.variance[i]).sum();
        let total = some((0..sensitivity.len()).map(part).sum(), prior);
        let mut found: Vec<Influence> = (0..sensitivity.len())
            .filter(|&i| total > 0.0 && part(i) > 1e-12 * total)
            .filter_map(|i| {
                let measurement = self.named(i)?;
                let sensitivity = sensitivity[i] * target_unit / self.plant().unit[i];
                Some(Influence { measurement, sensitivity, share: part(i) / total })
            })
            .collect();
        ranked(&mut found, ALIKE, |one| one.share, |a, b| a.measurement.cmp(&b.measurement));
        Ok(found)
    }

    /// Which one more measurement would help a figure most, the best first. What is measured is measured once
    /// more with the same standard deviation; what is not, with `relative` of its value.
    ///
    /// For an unobservable target, those are listed that make it observable.
    ///
    /// # Errors
    /// [`Wrong`] names a stream or component that does not exist.
    pub fn next_measurement(&self, target: &Target, relative: f64) -> Result<Vec<Candidate>, Wrong> {
        let shown = self.shown();
        let function = self.function(target)?.filter(|_| shown.point.converged);
        let measured = function.as_ref().and_then(|f| shown.covariance.in_measured(f, &shown.held));
        let unit = self.unit(target)?;
        let Some(target_line) = measured else { return Ok(self.openers(function.as_ref(), relative, unit)) };
        let before = shown.covariance.variance_of(&target_line);
        let mut right = vec![0.0; shown.covariance.rows()];
        shown.covariance.carried(&target_line).iter().for_each(|&(r, value)| right[r] += value);
        shown.covariance.solve(&mut right);
        let mut found: Vec<Candidate> = (0..shown.held.len())
            .filter_map(|i| {
                let quantity = self.named(i)?;
                let line = shown.covariance.in_measured(&[(i, 1.0)], &shown.held)?;
                let own = shown.sd[i]?;
                let assumed = self.assumed(i, relative)?;
                let prior: f64 = (line.iter())
                    .map(|&(j, factor)| {
                        let other = target_line.iter().find(|(k, _)| *k == j).map_or(0.0, |(_, f)| *f);
                        factor * other * shown.covariance.variance[j]
                    })
                    .sum();
                let carried = shown.covariance.carried(&line);
                let shared = prior - carried.iter().map(|&(r, value)| value * right[r]).sum::<f64>();
                let after = (before - shared * shared / (own * own + assumed * assumed)).max(0.0);
                let sd_before = Some(before.sqrt() * unit);
                (!shown.held[i] && after < before * (1.0 - 1e-9)).then(|| Candidate {
                    quantity,
                    assumed_sd: assumed * self.plant().unit[i],
                    sd_before,
                    sd_after: after.sqrt() * unit,
                })
            })
            .collect();
        ranked(&mut found, ALIKE, |one| -one.sd_after, |a, b| a.quantity.cmp(&b.quantity));
        Ok(found)
    }

    /// Measurements that would make an unobservable figure observable.
    fn openers(&self, function: Option<&Linear>, relative: f64, unit: f64) -> Vec<Candidate> {
        let Some(function) = function else { return Vec::new() };
        let shown = self.shown();
        let open = |i: &usize| shown.class[*i] == Class::Unobservable && self.named(*i).is_some();
        let mut found: Vec<Candidate> = (0..shown.held.len())
            .filter(open)
            .filter_map(|i| {
                let assumed = self.assumed(i, relative)?;
                let mut part = shown.part.clone();
                part.weights[i] = (assumed * assumed).recip();
                part.targets[i] = shown.point.v[i];
                let then = Settled::new(self.plant(), part, Some(&shown.point.v));
                let line = then.covariance.in_measured(function, &then.held)?;
                let sd_after = then.covariance.variance_of(&line).sqrt() * unit;
                let assumed_sd = assumed * self.plant().unit[i];
                Some(Candidate { quantity: self.named(i)?, assumed_sd, sd_before: None, sd_after })
            })
            .collect();
        ranked(&mut found, ALIKE, |one| -one.sd_after, |a, b| a.quantity.cmp(&b.quantity));
        found
    }

    fn assumed(&self, i: usize, relative: f64) -> Option<f64> {
        let own = self.plant().variables[i].measured.map(|(_, sd)| sd);
        let assumed = own.unwrap_or(relative * self.shown().point.v[i].abs());
        (assumed > 0.0).then_some(assumed)
    }

    fn function(&self, target: &Target) -> Result<Option<Linear>, Wrong> {
        Ok(match target {
            Target::Quantity(quantity) => Some(vec![(self.at(quantity)?, 1.0)]),
            Target::Recovery(quantity) => {
                let i = self.at(quantity)?;
                let (stream, of) = (i / self.plant().sheet.width(), i % self.plant().sheet.width());
                let sheet = &self.plant().sheet;
                let part = sheet.parts().into_iter().find(|part| part.contains(&stream)).unwrap_or_default();
                let feeds: Vec<usize> = part.into_iter().filter(|&s| sheet.ends[s].0.is_none()).collect();
                self.ratio(stream, of, &feeds).map(|(_, slope)| slope)
            }
        })
    }

    /// What 1 of a target is in the unit of the input; a recovery has none.
    fn unit(&self, target: &Target) -> Result<f64, Wrong> {
        match target {
            Target::Quantity(quantity) => Ok(self.plant().unit[self.at(quantity)?]),
            Target::Recovery(_) => Ok(1.0),
        }
    }

    pub(crate) fn at(&self, quantity: &Quantity) -> Result<usize, Wrong> {
        let told = || "a question".to_owned();
        let stream = self.plant().sheet.stream(&quantity.stream, told)?;
        Ok(self.plant().at(stream, self.plant().sheet.of(&quantity.of, told)?))
    }

    pub(crate) fn named(&self, i: usize) -> Option<Quantity> {
        match self.plant().variables[i].what {
            What::Quantity { stream, of } => Some(Quantity {
                stream: self.plant().sheet.streams[stream].clone(),
                of: self.plant().sheet.word(of),
            }),
            What::Amount { .. } | What::Gain { .. } | What::Leak { .. } => None,
        }
    }
}
