//! The three-product formula, and its kin for more products: as many metals as products less one.
//!
//! With the feed's mass as 1, mass and metal balances are linear in the shares `x` of the products:
//! `Σ x_j = 1` and `Σ a_ij x_j = f_i` for each metal `i` (Wills & Finch, ch. 3; SME
//! *Mineral Processing Handbook*, 1985). The recovery of metal `i` into product `j` is
//! `100 · a_ij x_j / f_i`.
//!
//! Standard deviations follow from the first derivatives of the solution: with `A x = b`,
//! `∂x/∂b_i = A⁻¹ e_i` and `∂x/∂a_ij = −A⁻¹ e_i x_j`, errors of the assays being independent.

use std::collections::BTreeMap;

use nalgebra::{DMatrix, DVector};
use serde::{Deserialize, Serialize};

use super::check;
use super::measured::Measured;
use super::problem::{Fault, Problem};

/// Assays by metal, in one unit for each metal.
pub type Assays = BTreeMap<String, Measured>;

/// A feed and its products, the tailing among them.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Assays of the feed; as many metals as there are products less one.
    pub feed: Assays,
    /// The products, the tailing last by custom.
    pub products: Vec<Product>,
    /// Dry mass of the feed; the masses of the products come out in its unit.
    #[serde(alias = "feed_t", alias = "feed_g", alias = "feed_tonnes", alias = "feed_tph")]
    pub feed_mass: Option<f64>,
}

/// One product.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Its name; unique.
    pub name: String,
    /// Its assays, of the same metals as the feed's.
    pub assays: Assays,
}

/// How mass and metals part.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// The products, in the order given.
    pub products: Vec<Part>,
}

/// What goes into one product.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// Its mass, % of the feed.
    pub mass_pull_pct: f64,
    /// Standard deviation of that; none unless every assay has its own.
    pub mass_pull_sd_pct: Option<f64>,
    /// Its mass, when that of the feed is given.
    pub mass: Option<f64>,
    /// Recovery of each metal into it, %.
    pub recovery_pct: BTreeMap<String, f64>,
    /// Standard deviations of these.
    pub recovery_sd_pct: Option<BTreeMap<String, f64>>,
}

/// Mass pulls and recoveries of all products.
pub fn solve(given: &Given) -> Result<Answer, Problem> {
    let metals: Vec<&String> = given.feed.keys().collect();
    checked(given, &metals)?;
    let n = given.products.len();
    let assay = |i: usize, j: usize| given.products[j].assays[metals[i]];
    // The last row says that the shares are a whole.
    let matrix = DMatrix::from_fn(n, n, |i, j| if i + 1 < n { assay(i, j).value } else { 1.0 });
    let right = DVector::from_fn(n, |i, _| if i + 1 < n { given.feed[metals[i]].value } else { 1.0 });
    let inverse = inverse(&matrix, given)?;
    let shares = &inverse * right;
    for (j, share) in shares.iter().enumerate() {
        if !(-1e-9..=1.0 + 1e-9).contains(share) {
            let what =
                format!("the assays give {} {:.4} % of the mass", given.products[j].name, share * 100.0);
            let remedy = "a share must lie between 0 and 100: check for swapped samples, units or metals";
            return Err(Problem::impossible(format!("products[{}]", j + 1), what, remedy));
        }
    }
    let spread = Spread { given, metals: &metals, inverse: &inverse, shares: &shares };
    let products = (0..n).map(|j| {
        let of = |i: usize| 100.0 * assay(i, j).value * shares[j] / given.feed[metals[i]].value;
        Part {
            name: given.products[j].name.clone(),
            mass_pull_pct: 100.0 * shares[j],
            mass_pull_sd_pct: spread.mass(j),
            mass: given.feed_mass.map(|mass| mass * shares[j]),
            recovery_pct: (0..n - 1).map(|i| (metals[i].clone(), of(i))).collect(),
            recovery_sd_pct: (0..n - 1).map(|i| Some((metals[i].clone(), spread.recovery(i, j)?))).collect(),
        }
    });
    Ok(Answer { products: products.collect() })
}

fn checked(given: &Given, metals: &[&String]) -> Result<(), Problem> {
    check::at_least("products", given.products.len(), 2, "to part a feed")?;
    if metals.len() + 1 != given.products.len() {
        let what = format!("{} products and {} metals", given.products.len(), metals.len());
        let remedy =
            "the formula takes one metal fewer than products; with more, use `orepass balance solve`";
        return Err(Problem::impossible("feed", what, remedy));
    }
    for (metal, assay) in &given.feed {
        assay.check(&format!("feed.{metal}"), check::positive)?;
    }
    for (at, product) in given.products.iter().enumerate() {
        let place = format!("products[{}].assays", at + 1);
        for metal in metals {
            let Some(assay) = product.assays.get(*metal) else {
                return Err(Problem::missing(
                    format!("{place}.{metal}"),
                    "the assay of each metal of the feed",
                ));
            };
            assay.check(&format!("{place}.{metal}"), check::not_negative)?;
        }
        if let Some(extra) = product.assays.keys().find(|metal| !given.feed.contains_key(*metal)) {
            let why = "is not assayed in the feed; leave it out, or give the feed's assay";
            return Err(Problem::new(format!("{place}.{extra}"), Fault::Unreadable(why.to_owned())));
        }
    }
    given.feed_mass.map_or(Ok(()), |mass| check::positive("feed_mass", mass).map(drop))
}

fn inverse(matrix: &DMatrix<f64>, given: &Given) -> Result<DMatrix<f64>, Problem> {
    // Metals in per cent and in g/t stand side by side: rows are scaled before the rank is judged.
    let mut scaled = matrix.clone();
    for mut row in scaled.row_iter_mut() {
        let largest = row.amax();
        row /= if largest > 0.0 { largest } else { 1.0 };
    }
    let values = scaled.svd(false, false).singular_values;
    let none = || {
        let names: Vec<&str> = given.products.iter().map(|product| product.name.as_str()).collect();
        let what = format!("the products {} cannot be told apart by these assays", names.join(", "));
        Problem::impossible("products", what, "use metals that part differently between them")
    };
    if values.min() < 1e-10 * values.max() {
        return Err(none());
    }
    matrix.clone().try_inverse().ok_or_else(none)
}

/// First-order propagation from the assays to the answer.
struct Spread<'a> {
    given: &'a Given,
    metals: &'a [&'a String],
    inverse: &'a DMatrix<f64>,
    shares: &'a DVector<f64>,
}

impl Spread<'_> {
    fn mass(&self, j: usize) -> Option<f64> {
        Some(100.0 * self.variance(|i, k| self.slope(j, i, k))?.sqrt())
    }

    fn recovery(&self, of: usize, j: usize) -> Option<f64> {
        let (feed, own) =
            (self.given.feed[self.metals[of]].value, self.given.products[j].assays[self.metals[of]]);
        let variance = self.variance(|i, k| {
            // R = a x / f: through x, and directly through a or f.
            let direct = match k {
                Some(k) if i == of && k == j => self.shares[j] / feed,
                None if i == of => -own.value * self.shares[j] / (feed * feed),
                _ => 0.0,
            };
            own.value / feed * self.slope(j, i, k) + direct
        })?;
        Some(100.0 * variance.sqrt())
    }

    /// ∂x_j by the assay of metal `i` in product `k`, or in the feed.
    fn slope(&self, j: usize, i: usize, k: Option<usize>) -> f64 {
        self.inverse[(j, i)] * k.map_or(1.0, |k| -self.shares[k])
    }

    fn variance(&self, slope: impl Fn(usize, Option<usize>) -> f64) -> Option<f64> {
        let mut sum = 0.0;
        for (i, metal) in self.metals.iter().enumerate() {
            sum += slope(i, None).powi(2) * self.given.feed[*metal].variance()?;
            for (k, product) in self.given.products.iter().enumerate() {
                sum += slope(i, Some(k)).powi(2) * product.assays[*metal].variance()?;
            }
        }
        Some(sum)
    }
}
