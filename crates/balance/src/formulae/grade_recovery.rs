//! The grade–recovery curve from products in the order in which they came off.
//!
//! Cumulative over the first `j` products: mass `Σw`, grade `Σwa/Σw`, recovery `100 Σwa / Σ_all wa`; the
//! last product is the tailing, so that the last point is the calculated head at 100 % (Wills & Finch,
//! *Wills' Mineral Processing Technology*, 8th ed., ch. 1).
//! With the mineral's assay each point has its separation efficiency (Schulz 1970).

use serde::{Deserialize, Serialize};

use super::by_element::{ByElement, Label, names};
use super::check;
use super::problem::Problem;
use super::separation_efficiency;

/// Products in order, the tailing last.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Names of the products.
    #[serde(default, alias = "product", alias = "name", alias = "names")]
    pub products: Vec<Label>,
    /// Dry weights, all in one unit.
    #[serde(alias = "weights", alias = "weight_g", alias = "weight", alias = "mass_g", alias = "masses_g")]
    #[serde(alias = "mass", alias = "weight_pct", alias = "mass_pct")]
    pub weights_g: Vec<f64>,
    /// Assays, %: of one element or by element.
    #[serde(alias = "assays", alias = "assay_pct", alias = "assay", alias = "grade_pct")]
    pub assays_pct: ByElement<Vec<f64>>,
    /// Assay of the pure mineral, %, of the one element.
    #[serde(alias = "mineral_pct", alias = "mineral_assay")]
    pub mineral_assay_pct: Option<f64>,
    /// `given`, or `grade`: richest first.
    #[serde(default)]
    pub order: Order,
}

/// In which order products are added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// As given.
    #[default]
    Given,
    /// From the richest to the poorest: the best curve these products can make.
    Grade,
}

/// The curve of one element.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Curve {
    /// The element; none when there is one without a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
    /// The head that the products add up to, %.
    pub calc_head_pct: f64,
    /// Cumulative mass, %.
    pub cumulative_mass_pct: Vec<f64>,
    /// Cumulative grade, %.
    pub cumulative_grade_pct: Vec<f64>,
    /// Cumulative recovery, %.
    pub cumulative_recovery_pct: Vec<f64>,
    /// Recovery into each product, %.
    pub recovery_pct: Vec<f64>,
    /// Cumulative grade over head.
    pub enrichment_ratio: Vec<f64>,
    /// Separation efficiency at each point, when the mineral's assay is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub separation_efficiency_pct: Option<Vec<f64>>,
    /// The product after which it is greatest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub best_cut: Option<String>,
    /// Names of the products, in the order they were added up.
    pub products: Vec<String>,
}

/// The curves: of one element its figures, of several a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// One element.
    One(Curve),
    /// Several, by name.
    Several {
        /// By name.
        elements: std::collections::BTreeMap<String, Curve>,
    },
}

/// Adds the products up.
pub fn solve(given: &Given) -> Result<Answer, Problem> {
    let n = given.weights_g.len();
    check::at_least("weights_g", n, 2, "products, the tailing last")?;
    check::each("weights_g", &given.weights_g, check::positive)?;
    if !given.products.is_empty() {
        check::as_long("products", given.products.len(), "weights_g", n)?;
    }
    match &given.assays_pct {
        ByElement::One(assays) => curve(given, None, "assays_pct", assays).map(Answer::One),
        ByElement::Several(all) => {
            if all.len() > 1 && given.mineral_assay_pct.is_some() {
                let why = "belongs to one element and several are given; ask for each by itself";
                return Err(Problem::unreadable("mineral_assay_pct", why));
            }
            let one = |(name, assays): (&String, &Vec<f64>)| {
                let found = curve(given, Some(name.clone()), &format!("assays_pct.{name}"), assays)?;
                Ok((name.clone(), found))
            };
            Ok(Answer::Several { elements: all.iter().map(one).collect::<Result<_, Problem>>()? })
        }
    }
}

fn curve(given: &Given, element: Option<String>, field: &str, assays: &[f64]) -> Result<Curve, Problem> {
    let weights = &given.weights_g;
    check::as_long(field, assays.len(), "weights_g", weights.len())?;
    check::each(field, assays, check::percent)?;
    let mut order: Vec<usize> = (0..weights.len()).collect();
    if given.order == Order::Grade {
        order.sort_by(|a, b| assays[*b].total_cmp(&assays[*a]));
    }
    let (mass, metal): (f64, f64) =
        (weights.iter().sum(), weights.iter().zip(assays).map(|(weight, assay)| weight * assay).sum());
    if metal <= 0.0 {
        return Err(Problem::impossible(field, "no product holds any of the element", "leave it out"));
    }
    let head = metal / mass;
    let (mut pulls, mut grades, mut recoveries) = (Vec::new(), Vec::new(), Vec::new());
    let (mut so_far, mut metal_so_far) = (0.0, 0.0);
    for at in &order {
        so_far += weights[*at];
        metal_so_far += weights[*at] * assays[*at];
        pulls.push(100.0 * so_far / mass);
        grades.push(metal_so_far / so_far);
        recoveries.push(100.0 * metal_so_far / metal);
    }
    let efficiency =
        given.mineral_assay_pct.map(|mineral| efficiencies(mineral, head, &grades, &pulls)).transpose()?;
    let names = names(&given.products, weights.len());
    let names: Vec<String> = order.iter().map(|at| names[*at].clone()).collect();
    let best = efficiency.as_ref().and_then(|all| {
        all.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map(|(at, _)| names[at].clone())
    });
    Ok(Curve {
        element,
        calc_head_pct: head,
        cumulative_mass_pct: pulls,
        enrichment_ratio: grades.iter().map(|grade| grade / head).collect(),
        cumulative_grade_pct: grades,
        cumulative_recovery_pct: recoveries,
        recovery_pct: order.iter().map(|at| 100.0 * weights[*at] * assays[*at] / metal).collect(),
        separation_efficiency_pct: efficiency,
        best_cut: best,
        products: names,
    })
}

fn efficiencies(mineral: f64, head: f64, grades: &[f64], pulls: &[f64]) -> Result<Vec<f64>, Problem> {
    let richest = grades.iter().copied().fold(0.0, f64::max);
    check::within("mineral_assay_pct", mineral, richest, 100.0)?;
    let of = |(grade, pull): (&f64, &f64)| {
        separation_efficiency::of(head, *grade, mineral, *pull).map(|found| found.separation_efficiency_pct)
    };
    grades.iter().zip(pulls).map(of).collect()
}
