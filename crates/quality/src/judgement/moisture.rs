//! By which moisture a figure goes from dry to as received and back: by that of the very sample.
//!
//! What the laboratory released of the sample goes first; where there is nothing, what the lot had when the
//! sample was taken. Water that the lot lost since changes no content of what was taken before, so the book's
//! figure of today is never asked.

use kernel::ResultId;
use measure::judgement::Why;
use measure::{Basis, Decimal, DecimalText, Qualifier, Unit};
use serde::{Deserialize, Serialize};

use super::{Measured, Reason, Scene};

/// A moisture that was used, percent of the mass as received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moisture {
    /// Of the sample of this code.
    pub sample: String,
    /// As it was reported: `8.00`, `<0.5`; several results one after another.
    pub percent: String,
    /// The results it is; none where it is what the lot had when the sample was taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<ResultId>,
}

/// Which of what a moisture may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Least,
    Mean,
    Most,
}

/// What is known of the moisture of a sample.
pub(super) struct Known {
    least: Decimal,
    mean: Decimal,
    most: Decimal,
    /// Whether every result is a number.
    exact: bool,
    pub said: Moisture,
}

impl Known {
    pub(super) fn at(&self, end: End) -> Decimal {
        match end {
            End::Least => self.least,
            End::Mean => self.mean,
            End::Most => self.most,
        }
    }

    /// Whether it makes a difference which end is taken.
    pub(super) fn is_open(&self) -> bool {
        self.least != self.most
    }

    /// Whether there is a mean.
    pub(super) fn is_exact(&self) -> bool {
        self.exact
    }
}

/// The moisture that moves this result to the basis of the item; nothing where no moisture does.
pub(super) fn needed(scene: &Scene<'_>, result: &Measured) -> Result<Option<Known>, Reason> {
    match (result.reported.basis(), scene.item.basis) {
        (Basis::Dry, Basis::AsReceived) | (Basis::AsReceived, Basis::Dry) => {
            of_sample(result, scene.released).map(Some)
        }
        _ => Ok(None),
    }
}

/// What makes a content as received one of the dry mass, by what is known of the sample's moisture.
pub(crate) fn drying(result: &Measured, released: &[&Measured]) -> Option<Decimal> {
    let asked = Some(result).filter(|result| result.reported.basis() == Basis::AsReceived)?;
    let percent = of_sample(asked, released).ok()?.mean;
    measure::convert_basis(Decimal::ONE, Basis::AsReceived, Basis::Dry, percent).ok()
}

fn of_sample(of: &Measured, released: &[&Measured]) -> Result<Known, Reason> {
    let own: Vec<&Measured> = released
        .iter()
        .copied()
        .filter(|result| result.sample == of.sample && result.analyte.is_moisture())
        .collect();
    let moist: Vec<&Measured> =
        own.iter().copied().filter(|result| result.reported.basis() != Basis::Dry).collect();
    match (own.is_empty(), moist.is_empty()) {
        (true, _) => of_lot(of),
        // Related to the dry mass it is another number, or bound water: which, nobody has said.
        (false, true) => Err(unclear(of, &own)),
        (false, false) => found(of, &moist),
    }
}

/// What the lot had when the sample was taken.
fn of_lot(of: &Measured) -> Result<Known, Reason> {
    let unknown = Reason::Measured(Why::BasesDiffer);
    let percent = of.sample_moisture.filter(|percent| possible(*percent)).ok_or(unknown)?;
    let said = Moisture {
        sample: of.sample_code.clone(),
        percent: percent.normalize().to_string(),
        results: Vec::new(),
    };
    Ok(Known { least: percent, mean: percent, most: percent, exact: true, said })
}

/// What the laboratory found. Results that differ by more than a twentieth contradict each other.
fn found(of: &Measured, moist: &[&Measured]) -> Result<Known, Reason> {
    let wrong = || unclear(of, moist);
    let ends: Option<Vec<(Decimal, Decimal)>> = moist.iter().map(|result| ends(result)).collect();
    let ends = ends.ok_or_else(wrong)?;
    let least = ends.iter().map(|(low, _)| *low).min().ok_or_else(wrong)?;
    let most = ends.iter().map(|(_, high)| *high).max().ok_or_else(wrong)?;
    let exact = ends.iter().all(|(low, high)| low == high);
    // The last digit is rounded in each.
    let coarsest = moist.iter().filter_map(|result| last_place(result)).max().unwrap_or_default();
    let highest_low = ends.iter().map(|(low, _)| *low).max().unwrap_or(least);
    let lowest_high = ends.iter().map(|(_, high)| *high).min().unwrap_or(most);
    if highest_low - lowest_high > (most * Decimal::new(5, 2)).max(coarsest) {
        return Err(wrong());
    }
    let sum: Decimal = ends.iter().map(|(_, high)| *high).sum();
    let mean = sum.checked_div(Decimal::from(ends.len())).unwrap_or(most);
    let said = Moisture {
        sample: of.sample_code.clone(),
        percent: said(moist),
        results: moist.iter().map(|result| result.id).collect(),
    };
    Ok(Known { least, mean, most, exact, said })
}

/// Least and most of one result, percent; nothing where it cannot be, or says nothing.
fn ends(result: &Measured) -> Option<(Decimal, Decimal)> {
    let measured = result.reported.number();
    if measured.is_some_and(|number| percent(result, number).is_none_or(|percent| !possible(percent))) {
        return None;
    }
    let stated = result.stated().counted;
    let number = percent(result, stated.text()?.decimal()).filter(|percent| possible(*percent))?;
    match stated.qualifier() {
        Qualifier::Value => Some((number, number)),
        Qualifier::Below | Qualifier::NotDetected => Some((Decimal::ZERO, number)),
        _ => None,
    }
}

fn percent(result: &Measured, number: Decimal) -> Option<Decimal> {
    Unit::convert(number, result.reported.unit(), Unit::Percent).ok()
}

fn last_place(result: &Measured) -> Option<Decimal> {
    let half = result.reported.text().and_then(DecimalText::half_unit)?;
    percent(result, half.checked_mul(Decimal::TWO)?)
}

/// From nothing to less than all.
fn possible(percent: Decimal) -> bool {
    (Decimal::ZERO..Decimal::ONE_HUNDRED).contains(&percent)
}

fn unclear(of: &Measured, moist: &[&Measured]) -> Reason {
    Reason::Moisture(format!("{}: {}", of.sample_code, said(moist)))
}

fn said(moist: &[&Measured]) -> String {
    let one = |result: &&Measured| result.stated().counted.figure();
    moist.iter().map(one).collect::<Vec<_>>().join(", ")
}
