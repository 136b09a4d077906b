//! What the material has had: a figure far from those of its released lots is asked about.
//!
//! A number can be wrong and conform: percent written for grams per tonne, digits that changed places, a
//! neighbour's sample. Most of them are nothing that this material has ever had. ISO/IEC 17025:2017 7.7.1 i)
//! wants reported results to be reviewed for that; whoever knows why a figure is new answers for it.

use std::collections::BTreeMap;

use kernel::LotId;
use measure::{Analyte, Basis, Decimal, Qualifier, Unit};

use super::{Case, Found};
use crate::judgement::Measured;

/// From so many released lots on, something can be unusual.
const LEAST_LOTS: usize = 20;

/// A figure is unusual from so many robust standard deviations on, of the logarithm.
const FAR: f64 = 6.0;

/// The least relative scatter that is believed of a material: half a percent.
const LEAST_SCATTER: f64 = 0.005;

/// Contents of released lots of one material, in percent, by analyte and basis.
#[derive(Debug, Clone, Default)]
pub struct Past(BTreeMap<(Analyte, Basis), BTreeMap<LotId, OfLot>>);

/// Sum and number of a lot's figures, and whether one of them could not be quantified.
#[derive(Debug, Clone, Copy, Default)]
struct OfLot {
    sum: f64,
    count: f64,
    below: bool,
}

impl Past {
    /// Adds a figure of a lot; nothing where it lies below the limit of quantification.
    pub(crate) fn add(&mut self, lot: LotId, analyte: Analyte, basis: Basis, percent: Option<f64>) {
        let of = self.0.entry((analyte, basis)).or_default().entry(lot).or_default();
        match percent.filter(|percent| *percent > 0.0) {
            Some(percent) => (of.sum, of.count) = (of.sum + percent, of.count + 1.0),
            None => of.below = true,
        }
    }

    /// Median and robust standard deviation of the logarithm (1.4826 times the median deviation; Hampel
    /// 1974), where there are enough lots, and hardly one of them too little to be quantified.
    fn usual(&self, analyte: &Analyte, basis: Basis) -> Option<Usual> {
        let all = self.0.get(&(analyte.clone(), basis)).filter(|all| all.len() >= LEAST_LOTS)?;
        let sure = all.values().filter(|of| !of.below);
        let logs: Vec<f64> = sure.map(|of| (of.sum / of.count).ln()).collect();
        if logs.len() * 10 < all.len() * 9 {
            return None;
        }
        let middle = median(logs.clone());
        let spread = 1.4826 * median(logs.iter().map(|log| (log - middle).abs()).collect());
        Some(Usual { middle, spread, lots: all.len() })
    }
}

struct Usual {
    middle: f64,
    spread: f64,
    lots: usize,
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    let half = all.len() / 2;
    if all.len() % 2 == 1 { all[half] } else { f64::midpoint(all[half - 1], all[half]) }
}

/// Every figure is one that the material has had. Without enough released lots there is nothing to compare
/// with, and nobody asks.
pub(super) fn usual(case: &Case, used: &[&Measured]) -> Found {
    let mut found = Found::default();
    for result in used {
        if case.compared.contains(&result.id) {
            found.see(result.id);
            continue;
        }
        let Some(usual) = case.past.usual(&result.analyte, result.reported.basis()) else { continue };
        let scatter = usual.spread.max(relative_uncertainty(result)).max(LEAST_SCATTER);
        if is_usual(result, &usual, scatter) {
            found.see(result.id);
        } else {
            found.unsure(result.id, words(result, &usual, scatter));
        }
    }
    let nothing = found.seen.is_empty() && found.unclear.is_empty();
    if nothing { found.not_asked([]) } else { found }
}

/// `Fe 0.00041 mg/kg (2.45–6.86 mg/kg, n = 42)`.
fn words(result: &Measured, usual: &Usual, scatter: f64) -> String {
    let unit = result.reported.unit();
    let end = |side: f64| in_unit((usual.middle + side * FAR * scatter).exp(), unit);
    let (low, high, figure) = (end(-1.0), end(1.0), result.reported.figure());
    format!("{} {figure} {unit} ({low}–{high} {unit}, n = {})", result.analyte, usual.lots)
}

/// Whether a figure lies among those of the past. A bound speaks only where all of it lies outside.
fn is_usual(result: &Measured, usual: &Usual, scatter: f64) -> bool {
    // As it counts: what the method cannot quantify is a bound.
    let counted = result.stated().counted;
    let Some(text) = counted.text() else { return true };
    let Some(percent) = percent(text.decimal(), counted.unit()) else { return true };
    let (low, high) = (usual.middle - FAR * scatter, usual.middle + FAR * scatter);
    match counted.qualifier() {
        Qualifier::Value if percent > 0.0 => (low..=high).contains(&percent.ln()),
        // Nought or less where there has always been something.
        Qualifier::Value => false,
        Qualifier::Below | Qualifier::NotDetected => percent.ln() >= low,
        Qualifier::Above => percent.ln() <= high,
        _ => true,
    }
}

/// A content in percent; nothing of what is no mass fraction.
pub(crate) fn percent(value: Decimal, unit: Unit) -> Option<f64> {
    Unit::convert(value, unit, Unit::Percent).ok().map(float)
}

/// Near enough for what is usual; nothing reported or judged comes of it.
fn float(value: Decimal) -> f64 {
    value.to_string().parse().unwrap_or(f64::NAN)
}

/// Relative standard uncertainty of a figure; none of what counts as a bound, however little was read.
fn relative_uncertainty(result: &Measured) -> f64 {
    if result.stated().counted.qualifier() != Qualifier::Value {
        return 0.0;
    }
    let of = || {
        let standard = float(result.reported.uncertainty()?.standard());
        let value = float(result.reported.text()?.decimal());
        (value > 0.0).then_some(standard / value)
    };
    of().unwrap_or_default()
}

/// Three significant digits in the unit of the result.
fn in_unit(percent: f64, unit: Unit) -> String {
    let factor = Unit::convert(Decimal::ONE, Unit::Percent, unit).map_or(1.0, float);
    let value = percent * factor;
    let places = (2.0 - value.log10().floor()).clamp(0.0, 12.0);
    format!("{value:.*}", places as usize)
}

#[cfg(test)]
mod tests {
    use super::super::tests::fine;
    use super::super::{Check, Key, State, assess};
    use super::*;

    impl Past {
        /// Manganese of about 32 % and so much cadmium in so many lots.
        pub(in super::super) fn sample(lots: u64, cadmium: f64) -> Past {
            let mut past = Past::default();
            for lot in 0..lots {
                let off = (lot as f64 - lots as f64 / 2.0) / lots as f64; // ±0.5
                let (mn, cd) = (32.3 * (1.0 + 0.004 * off), cadmium * (1.0 + 0.8 * off));
                past.add(LotId(1000 + lot), Analyte::parse("Mn"), Basis::Dry, Some(mn));
                past.add(LotId(1000 + lot), Analyte::parse("Cd"), Basis::Dry, Some(cd));
            }
            past
        }
    }

    fn after(lots: u64, cadmium: f64) -> Case {
        Case { past: Past::sample(lots, cadmium), ..fine() }
    }

    fn check(case: &Case) -> Check {
        assess(case).1.into_iter().find(|check| check.key == Key::History).unwrap()
    }

    #[test]
    fn what_a_material_never_had_is_asked_about_once_there_is_a_history() {
        // The lot has <0.0001 % of it, or what the bound of it is.
        let percent = 0.0001;
        for (lots, usual, state) in [
            (0, percent, State::NotAsked),
            (LEAST_LOTS as u64 - 1, percent * 1000.0, State::NotAsked),
            (LEAST_LOTS as u64, percent, State::Pass),
            (60, percent * 1.5, State::Pass),
            (60, percent * 1000.0, State::Undecidable),
            (60, percent / 1000.0, State::Pass), // a bound above all of it says nothing
        ] {
            let found = check(&after(lots, usual));
            assert_eq!(found.state, state, "{lots} lots of about {usual} %: {found:?}");
        }
    }

    #[test]
    fn a_bound_is_unusual_however_uncertain_the_little_was_that_was_read() {
        // Percent read as grams per tonne: reported below the limit, where there has always been more.
        let mut case = after(60, 0.01);
        let percent = |text: &str| text.parse::<measure::DecimalText>().unwrap();
        let u = measure::Uncertainty::new("0.00005".parse().unwrap(), 2.into(), Unit::Percent).unwrap();
        let limits = measure::Limits { loq: Some(percent("0.0003")), ..Default::default() };
        let read = super::super::tests::result(22, "Cd", "0.0000001").reported.with_uncertainty(u).unwrap();
        case.results[1] = Measured { limits, reported: read, ..case.results[1].clone() };
        assert_eq!(check(&case).state, State::Undecidable);
    }

    #[test]
    fn what_could_hardly_ever_be_quantified_has_no_history() {
        let mut case = after(60, 1.0);
        for lot in 0..7 {
            case.past.add(LotId(1000 + lot), Analyte::parse("Cd"), Basis::Dry, None);
        }
        assert_eq!(check(&case).state, State::Pass, "manganese alone is compared");
    }

    #[test]
    fn a_second_person_may_answer_for_what_is_new() {
        let mut case = after(60, 1.0);
        assert_eq!(check(&case).state, State::Undecidable);
        assert!(Key::History.may_be_overridden());
        assert!(check(&case).args["what"].contains("n = 60"), "{:?}", check(&case).args);
        case.past = Past::default();
        assert_eq!(check(&case).state, State::NotAsked);
    }
}
