//! Bond's third law of comminution and his laboratory work index.
//!
//! - Third law (Bond, *The third theory of comminution*, Trans. AIME 193 (1952) 484):
//!   `W = 10 Wi (1/√P80 − 1/√F80)`, with sizes in µm and `W`, `Wi` in kWh/t of the same ton.
//! - Ball mill work index (Bond, *Crushing and grinding calculations*, Brit. Chem. Eng. 6 (1961) 378 and
//!   543): `Wi = 44.5 / (P1^0.23 · Gbp^0.82 · (10/√P80 − 10/√F80))` in kWh per short ton; `P1` is the
//!   closing screen in µm, `Gbp` the net grams of undersize per revolution.
//! - Rod mill: `Wi = 62 / (P1^0.23 · Grp^0.625 · (10/√P80 − 10/√F80))`, likewise.
//! - Operating work index: `Wio = W / (10/√P80 − 10/√F80)` from the energy that was used.
//!
//! One tonne is 1.102311311 short tons, so 44.5 becomes 49.05 and 62 becomes 68.34.

use serde::{Deserialize, Serialize};

use super::check;
use super::problem::Problem;

/// Short tons in a metric tonne (0.90718474 t each, exact).
pub const SHORT_TONS_PER_TONNE: f64 = 1.0 / 0.907_184_74;

/// Sizes, and of the rest what is known.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// 80 % of the feed passes this, µm.
    #[serde(alias = "f80", alias = "feed_80_um")]
    pub f80_um: f64,
    /// 80 % of the product passes this, µm.
    #[serde(alias = "p80", alias = "product_80_um")]
    pub p80_um: f64,
    /// Closing screen of the laboratory test, µm.
    #[serde(alias = "p1", alias = "p1_um", alias = "closing_screen", alias = "screen_um", alias = "p100_um")]
    pub closing_screen_um: Option<f64>,
    /// Net grams of undersize per revolution at equilibrium: `Gbp`, `Grp`.
    #[serde(alias = "gbp", alias = "gpr", alias = "grp", alias = "g_per_rev", alias = "grindability_g_rev")]
    #[serde(alias = "grindability", alias = "net_grams_per_revolution")]
    pub grams_per_revolution: Option<f64>,
    /// Which mill the test was made in.
    #[serde(default, alias = "test", alias = "type")]
    pub mill: Mill,
    /// A work index that is known, kWh per metric tonne.
    #[serde(alias = "wi", alias = "wi_kwh_t", alias = "work_index", alias = "bond_work_index_kwh_t")]
    pub work_index_kwh_t: Option<f64>,
    /// Energy that was used, kWh per metric tonne.
    #[serde(alias = "w", alias = "w_kwh_t", alias = "energy", alias = "specific_energy_kwh_t")]
    pub energy_kwh_t: Option<f64>,
    /// Power drawn, kW; with the throughput, in the place of the energy.
    #[serde(alias = "power")]
    pub power_kw: Option<f64>,
    /// Dry tonnes per hour.
    #[serde(alias = "tph", alias = "throughput_tph", alias = "feed_tph", alias = "throughput")]
    pub throughput_t_h: Option<f64>,
}

/// The mill of the laboratory test.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mill {
    /// Ball mill, usually closed at 150 µm or finer.
    #[default]
    #[serde(alias = "ball_mill", alias = "bbwi", alias = "Ball")]
    Ball,
    /// Rod mill, usually closed at 1180 µm.
    #[serde(alias = "rod_mill", alias = "brwi", alias = "Rod")]
    Rod,
}

/// Work indices and energies.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// `10/√P80 − 10/√F80`, the size term.
    pub size_term: f64,
    /// Which laboratory test.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mill: Option<Mill>,
    /// The work index, tested or given, kWh per metric tonne.
    pub work_index_kwh_t: Option<f64>,
    /// The same, kWh per short ton.
    pub work_index_kwh_short_ton: Option<f64>,
    /// What the third law says the reduction takes, kWh per metric tonne.
    pub energy_kwh_t: Option<f64>,
    /// The same at the given throughput, kW.
    pub power_kw: Option<f64>,
    /// Energy that was used, kWh per metric tonne.
    pub energy_used_kwh_t: Option<f64>,
    /// What work index that comes to, kWh per metric tonne.
    pub operating_work_index_kwh_t: Option<f64>,
    /// Work index over operating work index, %.
    pub efficiency_pct: Option<f64>,
}

/// Whatever of work index, energy and operating work index follows from what is given.
pub fn solve(given: &Given) -> Result<Answer, Problem> {
    let (feed, product) =
        (check::positive("f80_um", given.f80_um)?, check::positive("p80_um", given.p80_um)?);
    if product >= feed {
        let what = format!("the product's {product} µm is not finer than the feed's {feed} µm");
        return Err(Problem::impossible("p80_um", what, "give F80 and P80 in µm, in this order"));
    }
    let term = 10.0 / product.sqrt() - 10.0 / feed.sqrt();
    let tested = laboratory(given, term)?;
    let known = given.work_index_kwh_t.map(|wi| check::positive("work_index_kwh_t", wi)).transpose()?;
    if tested.is_some() && known.is_some() {
        let what = "a work index is given beside a laboratory test";
        return Err(Problem::impossible("work_index_kwh_t", what, "give one or the other"));
    }
    let index = tested.or(known);
    let throughput = given.throughput_t_h.map(|t| check::positive("throughput_t_h", t)).transpose()?;
    let used = used(given, throughput)?;
    if index.is_none() && used.is_none() {
        let give = "work_index_kwh_t, or closing_screen_um and grams_per_revolution, or energy_kwh_t";
        return Err(Problem::missing("work_index_kwh_t", give));
    }
    let energy = index.map(|wi| wi * term);
    let operating = used.map(|used| used / term);
    Ok(Answer {
        size_term: term,
        mill: tested.map(|_| given.mill),
        work_index_kwh_t: index,
        work_index_kwh_short_ton: index.map(|wi| wi / SHORT_TONS_PER_TONNE),
        energy_kwh_t: energy,
        power_kw: energy.zip(throughput).map(|(energy, throughput)| energy * throughput),
        energy_used_kwh_t: used,
        operating_work_index_kwh_t: operating,
        efficiency_pct: index.zip(operating).map(|(index, operating)| 100.0 * index / operating),
    })
}

fn laboratory(given: &Given, term: f64) -> Result<Option<f64>, Problem> {
    let (screen, grams) = match (given.closing_screen_um, given.grams_per_revolution) {
        (None, None) => return Ok(None),
        (Some(screen), Some(grams)) => (screen, grams),
        (None, Some(_)) => {
            return Err(Problem::missing("closing_screen_um", "the closing screen of the test in µm"));
        }
        (Some(_), None) => {
            return Err(Problem::missing("grams_per_revolution", "net grams of undersize per revolution"));
        }
    };
    let (screen, grams) =
        (check::positive("closing_screen_um", screen)?, check::positive("grams_per_revolution", grams)?);
    let (constant, power) = match given.mill {
        Mill::Ball => (44.5, 0.82),
        Mill::Rod => (62.0, 0.625),
    };
    Ok(Some(SHORT_TONS_PER_TONNE * constant / (screen.powf(0.23) * grams.powf(power) * term)))
}

fn used(given: &Given, throughput: Option<f64>) -> Result<Option<f64>, Problem> {
    match (given.energy_kwh_t, given.power_kw, throughput) {
        (Some(_), Some(_), Some(_)) => Err(Problem::impossible(
            "energy_kwh_t",
            "energy is given beside power and throughput",
            "give energy_kwh_t, or power_kw and throughput_t_h",
        )),
        (Some(energy), ..) => check::positive("energy_kwh_t", energy).map(Some),
        (None, Some(power), Some(throughput)) => Ok(Some(check::positive("power_kw", power)? / throughput)),
        (None, Some(_), None) => {
            Err(Problem::missing("throughput_t_h", "the throughput that goes with power_kw"))
        }
        (None, None, _) => Ok(None),
    }
}
