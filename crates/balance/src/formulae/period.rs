//! Closing a period by check-in and check-out, with opening and closing stock.
//!
//! `unaccounted = opening + receipts − product − tailings − other losses − closing`, in one unit of
//! contained metal. With independent errors its variance is the sum of the variances, so it is significant
//! where `z = unaccounted / sd` exceeds the normal quantile (AMIRA P754 *Metal Accounting Code of
//! Practice*, release 3, principles 1, 9 and 10; Morrison, *An Introduction to Metal Balancing and
//! Reconciliation*, 2008).
//!
//! - recovery on inputs: `100 · product / (opening + receipts − closing)`;
//! - recovery on outputs: `100 · product / (product + tailings)`;
//! - reconciled: least squares with the one balance as constraint, `x_i − s_i σ_i² · unaccounted / Σσ²`,
//!   where `s_i` is +1 for what comes in and −1 for what goes out.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::check;
use super::measured::Measured;
use super::problem::Problem;
use super::quantile::{Interval, z, z_probability};
use super::two_product::usual;

/// What was there, came and went. Each is one figure, or a list of figures with names.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// The unit of all figures, in words; printed again.
    pub unit: Option<String>,
    /// Stock at the beginning.
    #[serde(alias = "opening_stock")]
    pub opening: Items,
    /// What was received.
    #[serde(alias = "receipt", alias = "feed", alias = "inputs")]
    pub receipts: Items,
    /// What was made of it.
    #[serde(alias = "products", alias = "shipments")]
    pub product: Items,
    /// What was thrown away, measured.
    #[serde(alias = "tailing", alias = "tails", alias = "tail")]
    pub tailings: Items,
    /// Other measured losses: slag, effluent, dust. They count as outputs, not as product.
    #[serde(default, alias = "losses", alias = "known_losses")]
    pub other_losses: Items,
    /// Stock at the end.
    #[serde(alias = "closing_stock")]
    pub closing: Items,
    /// Of the test and the interval.
    #[serde(default = "usual")]
    pub confidence: f64,
}

/// One or several figures of one kind.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Items(pub Vec<Item>);

/// A figure with its name.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// The amount.
    pub amount: Measured,
}

/// How the period closed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// The unit, as given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Positive: lost. Negative: found.
    pub unaccounted: f64,
    /// The same, % of the receipts.
    pub unaccounted_pct_of_receipts: f64,
    /// Its standard deviation; none unless every figure has its own.
    pub sd: Option<f64>,
    /// Unaccounted over its standard deviation.
    pub z: Option<f64>,
    /// How often so much would come of chance alone.
    pub probability: Option<f64>,
    /// Whether it is beyond chance at 95 %.
    pub significant_95: Option<bool>,
    /// The same at the stated confidence.
    pub significant: Option<bool>,
    /// The stated confidence.
    pub confidence: f64,
    /// Interval of the unaccounted amount.
    pub interval: Option<Interval>,
    /// Product of what was there to be won, %.
    pub recovery_on_inputs_pct: f64,
    /// Product of what came out, %.
    pub recovery_on_outputs_pct: f64,
    /// Reconciled figures: opening, receipts, product, tailings, other losses, closing, each in the order
    /// given.
    pub reconciled: Option<Vec<f64>>,
    /// The figures one by one.
    pub lines: Vec<Line>,
}

/// One figure, measured and reconciled.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// The kind it belongs to, and its name or number where there are several.
    pub name: String,
    /// As measured.
    pub measured: f64,
    /// Its standard deviation.
    pub sd: Option<f64>,
    /// After reconciliation.
    pub reconciled: Option<f64>,
    /// Standard deviation after reconciliation.
    pub reconciled_sd: Option<f64>,
}

/// Closes the period.
pub fn solve(given: &Given) -> Result<Answer, Problem> {
    let confidence = check::confidence(given.confidence)?;
    let all = signed(given)?;
    let sum = |items: &Items| items.0.iter().map(|item| item.amount.value).sum::<f64>();
    let (receipts, product) = (sum(&given.receipts), sum(&given.product));
    check::positive("receipts", receipts)?;
    let inputs = sum(&given.opening) + receipts - sum(&given.closing);
    let outputs = product + sum(&given.tailings) + sum(&given.other_losses);
    check::positive("opening + receipts − closing", inputs)?;
    check::positive("product + tailings + other_losses", outputs)?;
    let unaccounted = inputs - outputs;
    let variance: Option<f64> = all.iter().map(|(_, _, amount)| amount.variance()).sum();
    let sd = variance.map(f64::sqrt);
    let score = sd.filter(|sd| *sd > 0.0).map(|sd| unaccounted / sd);
    let lines: Vec<Line> = all.iter().map(|one| line(one, unaccounted, variance)).collect();
    Ok(Answer {
        unit: given.unit.clone(),
        unaccounted,
        unaccounted_pct_of_receipts: 100.0 * unaccounted / receipts,
        sd,
        z: score,
        probability: score.map(z_probability),
        significant_95: score.map(|score| score.abs() > z(0.95)),
        significant: score.map(|score| score.abs() > z(confidence)),
        confidence,
        interval: sd.map(|sd| Interval::around(unaccounted, z(confidence) * sd)),
        recovery_on_inputs_pct: 100.0 * product / inputs,
        recovery_on_outputs_pct: 100.0 * product / outputs,
        reconciled: lines.iter().map(|line| line.reconciled).collect(),
        lines,
    })
}

type Signed = (String, f64, Measured);

/// All figures in order, with +1 for what comes in and −1 for what goes out.
fn signed(given: &Given) -> Result<Vec<Signed>, Problem> {
    let kinds = [
        ("opening", 1.0, &given.opening),
        ("receipts", 1.0, &given.receipts),
        ("product", -1.0, &given.product),
        ("tailings", -1.0, &given.tailings),
        ("other_losses", -1.0, &given.other_losses),
        ("closing", -1.0, &given.closing),
    ];
    let mut all: Vec<Signed> = Vec::new();
    for (kind, sign, items) in kinds {
        for (at, item) in items.0.iter().enumerate() {
            let number = check::row(kind, at);
            let place = if items.0.len() == 1 { kind.to_owned() } else { number };
            item.amount.check(&place, check::not_negative)?;
            let name = item.name.as_ref().map_or(place, |name| format!("{kind}: {name}"));
            all.push((name, sign, item.amount));
        }
    }
    let with = all.iter().filter(|(_, _, amount)| amount.sd.is_some()).count();
    if let (true, Some((name, ..))) = (with > 0, all.iter().find(|(_, _, amount)| amount.sd.is_none())) {
        let give = "its standard deviation, as the other figures have one; 0 where it is exact";
        return Err(Problem::missing(format!("{name}.sd"), give));
    }
    Ok(all)
}

fn line((name, sign, amount): &Signed, unaccounted: f64, total: Option<f64>) -> Line {
    let shares = amount.variance().zip(total).map(|(own, total)| {
        // With nothing measured in doubt nothing can be shared out: figures stay as they are.
        let share = if total > 0.0 { own / total } else { 0.0 };
        (amount.value - sign * share * unaccounted, (own * (1.0 - share)).max(0.0).sqrt())
    });
    Line {
        name: name.clone(),
        measured: amount.value,
        sd: amount.sd,
        reconciled: shares.map(|(value, _)| value),
        reconciled_sd: shares.map(|(_, sd)| sd),
    }
}

impl<'de> Deserialize<'de> for Items {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let item = |value: Value| {
            let name = value.get("name").and_then(Value::as_str).map(str::to_owned);
            serde_json::from_value(value).map(|amount| Item { name, amount })
        };
        // `[412, 6]` is one figure with its standard deviation; a list of lists or objects is several.
        let several = |list: &[Value]| list.len() != 2 || list.iter().any(|one| !one.is_number());
        let items = match value {
            Value::Array(list) if several(&list) => list.into_iter().map(item).collect::<Result<_, _>>(),
            one => item(one).map(|one| vec![one]),
        };
        items.map(Items).map_err(serde::de::Error::custom)
    }
}
