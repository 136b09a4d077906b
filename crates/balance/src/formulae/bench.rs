//! The balance of a bench test: every product was weighed and assayed, nothing is left to calculate but
//! sums.
//!
//! `weight % = 100 w_j/Σw`, `calculated head = Σ w_j a_j/Σw`, `distribution = 100 w_j a_j/Σ w_j a_j`
//! (Wills & Finch, ch. 3; SME *Mineral Processing Handbook*, 1985). The units are weight % × assay.
//! The standard deviations of head and distributions follow from the first derivatives, errors independent.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::by_element::{ByElement, Label, names};
use super::check;
use super::measured::Measured;
use super::problem::Problem;
use super::quantile::z_probability;

/// Products of one test, weighed and assayed.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Dry weights, all in one unit.
    #[serde(alias = "weights", alias = "weight_g", alias = "weight", alias = "mass_g", alias = "masses_g")]
    #[serde(alias = "mass", alias = "masses")]
    pub weights_g: Vec<Measured>,
    /// Assays of each product: of one element, or by element.
    #[serde(alias = "assays", alias = "assay_pct", alias = "assay")]
    pub assays_pct: ByElement<Vec<Measured>>,
    /// Names of the products.
    #[serde(default, alias = "product", alias = "name", alias = "names")]
    pub products: Vec<Label>,
    /// The head as assayed, to compare with the calculated one.
    #[serde(alias = "assayed_head", alias = "head_pct", alias = "head_assay_pct", alias = "head")]
    pub assayed_head_pct: Option<ByElement<Measured>>,
    /// The weight that was taken for the test, to show what was lost of it.
    #[serde(alias = "charge_g", alias = "head_weight_g", alias = "feed_g")]
    pub feed_weight_taken_g: Option<f64>,
}

/// The balance. Of several elements, each of the figures by element.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// Names of the products, from 1 where none were given.
    pub products: Vec<String>,
    /// Weight of each, % of their sum.
    pub weight_pct: Vec<f64>,
    /// Their sum.
    pub feed_weight_g: f64,
    /// What was taken and is in no product, % of what was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight_lost_pct: Option<f64>,
    /// The elements.
    #[serde(flatten)]
    pub metals: Metals,
}

/// Of one element or several.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Metals {
    /// The figures themselves.
    One(Metal),
    /// Each figure by element.
    Several {
        /// Calculated heads.
        calc_head_pct: BTreeMap<String, f64>,
        /// Distributions.
        recovery_pct: BTreeMap<String, Vec<f64>>,
        /// Everything, by element.
        elements: BTreeMap<String, Metal>,
    },
}

/// One element over the products.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Metal {
    /// Weight % × assay of each product.
    pub units: Vec<f64>,
    /// Their sum.
    pub feed_units: f64,
    /// The head that the products add up to.
    pub calc_head_pct: f64,
    /// Its standard deviation; none unless all weights and assays have theirs.
    pub calc_head_sd_pct: Option<f64>,
    /// What each product holds, % of all.
    pub recovery_pct: Vec<f64>,
    /// Standard deviations of these.
    pub recovery_sd_pct: Option<Vec<f64>>,
    /// The comparison with the assayed head, when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head: Option<HeadCheck>,
}

/// Calculated against assayed head.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeadCheck {
    /// As assayed.
    pub assayed_head_pct: f64,
    /// Calculated − assayed.
    pub difference: f64,
    /// The same, % of the assayed.
    pub difference_pct: f64,
    /// The difference in its standard deviations; none unless both are known.
    pub z: Option<f64>,
    /// How often so much would come of chance alone.
    pub probability: Option<f64>,
}

/// Weight, calculated head and distribution of every product.
pub fn solve(given: &Given) -> Result<Answer, Problem> {
    let n = given.weights_g.len();
    check::at_least("weights_g", n, 1, "to make a balance")?;
    for (at, weight) in given.weights_g.iter().enumerate() {
        weight.check(&check::row("weights_g", at), check::positive)?;
    }
    if !given.products.is_empty() {
        check::as_long("products", given.products.len(), "weights_g", n)?;
    }
    let total: f64 = given.weights_g.iter().map(|weight| weight.value).sum();
    let taken =
        given.feed_weight_taken_g.map(|taken| check::positive("feed_weight_taken_g", taken)).transpose()?;
    let weight_pct = given.weights_g.iter().map(|weight| 100.0 * weight.value / total).collect();
    Ok(Answer {
        products: names(&given.products, n),
        weight_pct,
        feed_weight_g: total,
        weight_lost_pct: taken.map(|taken| 100.0 * (taken - total) / taken),
        metals: metals(given, total)?,
    })
}

fn metals(given: &Given, total: f64) -> Result<Metals, Problem> {
    let one = |field: &str, assays: &[Measured], head| metal(field, given, assays, head, total);
    match (&given.assays_pct, &given.assayed_head_pct) {
        (ByElement::One(_), Some(ByElement::Several(_))) => Err(Problem::unreadable(
            "assayed_head_pct",
            "is by element while the assays are not; give one number, or assays by element",
        )),
        (ByElement::Several(_), Some(ByElement::One(_))) => Err(Problem::unreadable(
            "assayed_head_pct",
            "is one number while the assays are by element; give it by element too",
        )),
        (ByElement::One(assays), None) => Ok(Metals::One(one("assays_pct", assays, None)?)),
        (ByElement::One(assays), Some(ByElement::One(head))) => {
            Ok(Metals::One(one("assays_pct", assays, Some(*head))?))
        }
        (ByElement::Several(all), None) => several(all, &BTreeMap::new(), one),
        (ByElement::Several(all), Some(ByElement::Several(heads))) => several(all, heads, one),
    }
}

fn several(
    all: &BTreeMap<String, Vec<Measured>>,
    heads: &BTreeMap<String, Measured>,
    metal: impl Fn(&str, &[Measured], Option<Measured>) -> Result<Metal, Problem>,
) -> Result<Metals, Problem> {
    if let Some(extra) = heads.keys().find(|element| !all.contains_key(*element)) {
        let place = format!("assayed_head_pct.{extra}");
        return Err(Problem::unreadable(place, "is assayed in no product; leave it out"));
    }
    let mut elements = BTreeMap::new();
    for (element, assays) in all {
        let found = metal(&format!("assays_pct.{element}"), assays, heads.get(element).copied())?;
        elements.insert(element.clone(), found);
    }
    Ok(Metals::Several {
        calc_head_pct: elements.iter().map(|(name, one)| (name.clone(), one.calc_head_pct)).collect(),
        recovery_pct: elements.iter().map(|(name, one)| (name.clone(), one.recovery_pct.clone())).collect(),
        elements,
    })
}

fn metal(
    field: &str,
    given: &Given,
    assays: &[Measured],
    head: Option<Measured>,
    total: f64,
) -> Result<Metal, Problem> {
    check::as_long(field, assays.len(), "weights_g", given.weights_g.len())?;
    for (at, assay) in assays.iter().enumerate() {
        assay.check(&check::row(field, at), check::not_negative)?;
    }
    let content: Vec<f64> = given.weights_g.iter().zip(assays).map(|(w, a)| w.value * a.value).collect();
    let sum: f64 = content.iter().sum();
    if sum <= 0.0 {
        let what = "no product holds any of the element, so there is nothing to distribute";
        return Err(Problem::impossible(field, what, "leave the element out"));
    }
    let calculated = sum / total;
    let calculated_sd =
        spread(given, assays, |k| ((assays[k].value - calculated) / total, given.weights_g[k].value / total));
    let by_content = |j: usize, k: usize| {
        let kept = if k == j { 1.0 } else { 0.0 };
        100.0 * (kept - content[j] / sum) / sum
    };
    let recovery_sd = (0..assays.len()).map(|j| {
        spread(given, assays, |k| {
            (by_content(j, k) * assays[k].value, by_content(j, k) * given.weights_g[k].value)
        })
    });
    let recovery_sd: Option<Vec<f64>> = recovery_sd.collect();
    let units: Vec<f64> = content.iter().map(|amount| 100.0 * amount / total).collect();
    Ok(Metal {
        feed_units: units.iter().sum(),
        units,
        calc_head_pct: calculated,
        calc_head_sd_pct: calculated_sd,
        recovery_pct: content.iter().map(|amount| 100.0 * amount / sum).collect(),
        recovery_sd_pct: recovery_sd,
        head: head.map(|head| compare(field, head, calculated, calculated_sd)).transpose()?,
    })
}

/// The standard deviation of a figure, from its slopes by weight and assay of each product.
fn spread(given: &Given, assays: &[Measured], slopes: impl Fn(usize) -> (f64, f64)) -> Option<f64> {
    let mut variance = 0.0;
    for (at, (weight, assay)) in given.weights_g.iter().zip(assays).enumerate() {
        let (by_weight, by_assay) = slopes(at);
        variance += by_weight.powi(2) * weight.variance()? + by_assay.powi(2) * assay.variance()?;
    }
    Some(variance.sqrt())
}

fn compare(field: &str, head: Measured, calculated: f64, sd: Option<f64>) -> Result<HeadCheck, Problem> {
    let place = field.replace("assays_pct", "assayed_head_pct");
    head.check(&place, check::positive)?;
    let difference = calculated - head.value;
    let spread = head.sd.zip(sd).map(|(of_head, of_sum)| of_head.hypot(of_sum)).filter(|sd| *sd > 0.0);
    Ok(HeadCheck {
        assayed_head_pct: head.value,
        difference,
        difference_pct: 100.0 * difference / head.value,
        z: spread.map(|sd| difference / sd),
        probability: spread.map(|sd| z_probability(difference / sd)),
    })
}
