//! Locked-cycle flotation tests: is it stable, and what would the plant make of it?
//!
//! Intermediate products return to the next cycle, only final products leave. With sums over the last `N`
//! cycles (three by custom; SGS, Agar, *Calculation of locked cycle flotation test results*, Minerals Eng.
//! 13 (2000) 1533; SME *Mineral Processing Handbook*, 1985):
//!
//! - **stability**: mean mass of all products per cycle over the fresh feed, and the same for metal: 100 %
//!   when nothing gathers in the circuit;
//! - **SME projection**: the distribution among the products themselves, `Σ w_j a_j / Σ_j Σ w_j a_j`;
//! - **concentrate production**: metal in a product per cycle over metal in the fresh feed of a cycle;
//! - **n-product formula**: from grades alone, the mean grades of the products and that of the fresh feed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::by_element::{Label, names};
use super::check;
use super::measured::Measured;
use super::n_product;
use super::problem::Problem;

/// Final products by cycle, and the fresh feed of each cycle.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Names of the cycles, in order.
    #[serde(default, alias = "cycle")]
    pub cycles: Vec<Label>,
    /// Final products, concentrates first; the last is the tailing.
    pub products: Vec<Product>,
    /// Dry mass of fresh feed in each cycle, g.
    #[serde(alias = "fresh_feed_g", alias = "feed_g", alias = "feed_g_per_cycle")]
    pub fresh_feed_g_per_cycle: f64,
    /// Assays of the fresh feed, by element.
    #[serde(alias = "fresh_feed_pct", alias = "feed_pct")]
    pub fresh_feed: BTreeMap<String, f64>,
    /// How many cycles at the end are taken.
    #[serde(default = "three", alias = "last_n", alias = "n_last")]
    pub last: usize,
    /// How far stability may be from 100 %.
    #[serde(default = "two")]
    pub stability_tolerance_pct: f64,
}

fn three() -> usize {
    3
}

fn two() -> f64 {
    2.0
}

/// One final product over the cycles.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Its name, as `conc`, `tail`.
    pub name: String,
    /// Dry mass in each cycle, g.
    #[serde(alias = "weights_g", alias = "g")]
    pub mass_g: Vec<f64>,
    /// Assays in each cycle, by element.
    #[serde(alias = "assays_pct")]
    pub assays: BTreeMap<String, Vec<f64>>,
}

/// Stability and projections.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// How many cycles were taken.
    pub last: usize,
    /// Products per fresh feed by mass, %.
    pub stability_mass_pct: f64,
    /// Whether that is within the tolerance.
    pub stable_mass: bool,
    /// Mass of all products of each cycle, % of the fresh feed.
    pub mass_by_cycle_pct: Vec<f64>,
    /// By element.
    pub elements: BTreeMap<String, Element>,
    /// By product.
    pub products: BTreeMap<String, f64>,
    /// Names of the cycles.
    pub cycles: Vec<String>,
    /// What a reader must know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// The figures of the first element and the first product by their usual names.
    #[serde(flatten)]
    pub first: First,
}

/// The first product's figures for the first element: all there is in a plain test.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct First {
    /// Metal in all products per metal in the fresh feed, %.
    pub stability_metal_pct: f64,
    /// Whether that is within the tolerance.
    pub stable_metal: bool,
    /// Mass of the concentrate, % of all products.
    pub sme_mass_pull_pct: f64,
    /// Its grade, weighted by mass.
    pub sme_conc_grade: f64,
    /// Grade of the tailing, the last product.
    pub sme_tail_grade: f64,
    /// Metal in the concentrate, % of that in all products.
    pub sme_recovery_pct: f64,
    /// Metal in the concentrate, % of that in the fresh feed.
    pub concentrate_production_recovery_pct: f64,
    /// Recovery by the n-product formula; none where the grades do not determine it.
    pub n_product_recovery_pct: Option<f64>,
}

/// One element over the products.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Element {
    /// Metal in all products per metal in the fresh feed, %.
    pub stability_metal_pct: f64,
    /// Whether that is within the tolerance.
    pub stable_metal: bool,
    /// Metal of all products in each cycle, % of that in the fresh feed.
    pub metal_by_cycle_pct: Vec<f64>,
    /// Grade of each product, weighted by mass.
    pub sme_grade: BTreeMap<String, f64>,
    /// Head that the products add up to.
    pub calculated_head: f64,
    /// Distribution among the products, %.
    pub sme_recovery_pct: BTreeMap<String, f64>,
    /// Metal in each product, % of that in the fresh feed.
    pub concentrate_production_recovery_pct: BTreeMap<String, f64>,
    /// By the n-product formula.
    pub n_product_recovery_pct: Option<BTreeMap<String, f64>>,
}

/// Judges and projects the test.
pub fn solve(given: &Given) -> Result<Answer, Problem> {
    checked(given)?;
    let cycles = given.products[0].mass_g.len();
    let feed = given.fresh_feed_g_per_cycle;
    let by_cycle: Vec<f64> = (0..cycles)
        .map(|cycle| 100.0 * given.products.iter().map(|product| product.mass_g[cycle]).sum::<f64>() / feed)
        .collect();
    let stability = mean(&by_cycle[cycles - given.last..]);
    let stable = |percent: f64| (percent - 100.0).abs() <= given.stability_tolerance_pct;
    let total: f64 = given.products.iter().map(|product| mass(product, given.last)).sum();
    let shares: BTreeMap<String, f64> = given
        .products
        .iter()
        .map(|product| (product.name.clone(), 100.0 * mass(product, given.last) / total))
        .collect();
    let mut warnings = Vec::new();
    let by_grades = match by_grades(given) {
        Ok(found) => Some(found),
        Err(why) => {
            warnings.push(format!("n-product formula: {why}"));
            None
        }
    };
    let mut elements = BTreeMap::new();
    for (name, head) in &given.fresh_feed {
        elements.insert(name.clone(), element(given, name, *head, by_grades.as_ref()));
    }
    if !stable(stability) {
        warnings.push(format!("mass is not stable: {stability:.3} % of the fresh feed left the circuit"));
    }
    for (name, one) in elements.iter().filter(|(_, one)| !one.stable_metal) {
        warnings
            .push(format!("{name} is not stable: {:.3} % of it left the circuit", one.stability_metal_pct));
    }
    let first = first(given, &elements, &shares);
    Ok(Answer {
        last: given.last,
        stability_mass_pct: stability,
        stable_mass: stable(stability),
        mass_by_cycle_pct: by_cycle,
        elements,
        products: shares,
        cycles: names(&given.cycles, cycles),
        warnings,
        first,
    })
}

fn checked(given: &Given) -> Result<(), Problem> {
    check::positive("fresh_feed_g_per_cycle", given.fresh_feed_g_per_cycle)?;
    check::at_least("products", given.products.len(), 2, "final products, the tailing last")?;
    check::at_least("fresh_feed", given.fresh_feed.len(), 1, "element")?;
    check::not_negative("stability_tolerance_pct", given.stability_tolerance_pct)?;
    for (name, head) in &given.fresh_feed {
        check::positive(format!("fresh_feed.{name}"), *head)?;
    }
    let cycles = given.products[0].mass_g.len();
    let like = format!("products[1].mass_g ({})", given.products[0].name);
    if !given.cycles.is_empty() {
        check::as_long("cycles", given.cycles.len(), &like, cycles)?;
    }
    if given.last == 0 || given.last > cycles {
        let why = format!("is {}; it must be from 1 to the {cycles} cycles of the test", given.last);
        return Err(Problem::unreadable("last", why));
    }
    let mut seen = std::collections::BTreeSet::new();
    for (at, product) in given.products.iter().enumerate() {
        let place = format!("products[{}] {}", at + 1, product.name);
        if !seen.insert(&product.name) {
            return Err(Problem::unreadable(place, "is there twice; give each product one name"));
        }
        check::as_long(&format!("{place}.mass_g"), product.mass_g.len(), &like, cycles)?;
        check::each(&format!("{place}.mass_g"), &product.mass_g, |field, value| {
            check::positive(field, value)
        })?;
        for name in given.fresh_feed.keys() {
            let field = format!("{place}.assays.{name}");
            let assays = product.assays.get(name);
            let assays = assays.ok_or_else(|| Problem::missing(&field, "the assays of each cycle"))?;
            check::as_long(&field, assays.len(), &like, cycles)?;
            check::each(&field, assays, check::not_negative)?;
        }
        if let Some(extra) = product.assays.keys().find(|name| !given.fresh_feed.contains_key(*name)) {
            let place = format!("fresh_feed.{extra}");
            return Err(Problem::missing(place, "the fresh feed's assay, as the products have one"));
        }
    }
    Ok(())
}

fn element(given: &Given, name: &str, head: f64, by_grades: Option<&n_product::Answer>) -> Element {
    let fresh = given.fresh_feed_g_per_cycle * head;
    let cycles = given.products[0].mass_g.len();
    let by_cycle: Vec<f64> = (0..cycles)
        .map(|cycle| {
            let metal = given.products.iter().map(|one| one.mass_g[cycle] * one.assays[name][cycle]);
            100.0 * metal.sum::<f64>() / fresh
        })
        .collect();
    let stability = mean(&by_cycle[cycles - given.last..]);
    let metal = |product: &Product| metal(product, name, given.last);
    let total: f64 = given.products.iter().map(metal).sum();
    let mass_of_all: f64 = given.products.iter().map(|product| mass(product, given.last)).sum();
    let each = |of: &dyn Fn(&Product) -> f64| {
        given.products.iter().map(|product| (product.name.clone(), of(product))).collect::<BTreeMap<_, _>>()
    };
    Element {
        stability_metal_pct: stability,
        stable_metal: (stability - 100.0).abs() <= given.stability_tolerance_pct,
        metal_by_cycle_pct: by_cycle,
        sme_grade: each(&|product| metal(product) / mass(product, given.last)),
        calculated_head: total / mass_of_all,
        sme_recovery_pct: each(&|product| 100.0 * metal(product) / total),
        concentrate_production_recovery_pct: each(&|product| {
            100.0 * metal(product) / (given.last as f64 * fresh)
        }),
        n_product_recovery_pct: by_grades.map(|answer| {
            answer.products.iter().map(|part| (part.name.clone(), part.recovery_pct[name])).collect()
        }),
    }
}

fn first(given: &Given, elements: &BTreeMap<String, Element>, shares: &BTreeMap<String, f64>) -> First {
    let (conc, tail) = (&given.products[0].name, &given.products[given.products.len() - 1].name);
    // The checks have made sure of one element at least.
    let name = given.fresh_feed.keys().next().cloned().unwrap_or_default();
    let one = &elements[&name];
    First {
        stability_metal_pct: one.stability_metal_pct,
        stable_metal: one.stable_metal,
        sme_mass_pull_pct: shares[conc],
        sme_conc_grade: one.sme_grade[conc],
        sme_tail_grade: one.sme_grade[tail],
        sme_recovery_pct: one.sme_recovery_pct[conc],
        concentrate_production_recovery_pct: one.concentrate_production_recovery_pct[conc],
        n_product_recovery_pct: one.n_product_recovery_pct.as_ref().map(|all| all[conc]),
    }
}

/// The n-product formula on the mean grades; it takes one element fewer than products.
fn by_grades(given: &Given) -> Result<n_product::Answer, Problem> {
    let feed = given.fresh_feed.iter().map(|(name, head)| (name.clone(), Measured::of(*head)));
    let grade = |product: &Product, name: &String| {
        Measured::of(metal(product, name, given.last) / mass(product, given.last))
    };
    let products = given.products.iter().map(|product| n_product::Product {
        name: product.name.clone(),
        assays: given.fresh_feed.keys().map(|name| (name.clone(), grade(product, name))).collect(),
    });
    n_product::solve(&n_product::Given {
        feed: feed.collect(),
        products: products.collect(),
        feed_mass: None,
    })
}

fn mass(product: &Product, last: usize) -> f64 {
    product.mass_g[product.mass_g.len() - last..].iter().sum()
}

fn metal(product: &Product, name: &str, last: usize) -> f64 {
    let from = product.mass_g.len() - last;
    product.mass_g[from..].iter().zip(&product.assays[name][from..]).map(|(mass, assay)| mass * assay).sum()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
