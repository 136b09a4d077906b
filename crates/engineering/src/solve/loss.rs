//! Unaccounted loss from the raw figures, and recoveries from the reconciled ones.

use super::solved::{Loss, Recovery};
use super::text::{float, significant};
use super::{Case, DIGITS, DIGITS_OF_SPREAD};
use crate::flowsheet::Stream;
use crate::flowsheet::rules::FLOW;
use crate::given::Sign;

/// A standard deviation of a recovery below this is rounding.
const EXACT: f64 = 1e-8;

/// What went in, less what stock gained, less what came out, for the flow and every component that conserves;
/// left out where a feed or a product was not measured. The variance of a mass of metal F·c is
/// (c·s(F))² + (F·s(c))² (JCGM 100:2008, 5.1.2), figures independent.
pub(super) fn losses(case: &Case) -> Vec<Loss> {
    let conserved = case.definition.components.iter().filter(|part| !part.reacts.0 && part.except.is_empty());
    let all = std::iter::once(FLOW).chain(conserved.map(|part| part.name.as_str()));
    all.filter_map(|of| loss(case, of)).collect()
}

fn loss(case: &Case, of: &str) -> Option<Loss> {
    let (mut entered, mut left, mut variance) = (0.0, 0.0, 0.0);
    for (streams, total) in [
        (case.definition.feeds().collect::<Vec<_>>(), &mut entered),
        (case.definition.products().collect(), &mut left),
    ] {
        for stream in streams {
            let (mass, spread) = carried(case, stream, of)?;
            *total += mass;
            variance += spread * spread;
        }
    }
    for stock in case.stocks.iter().filter(|stock| stock.of == of) {
        entered -= float(stock.change);
        variance += float(stock.sd).powi(2);
    }
    Some(Loss {
        of: of.to_owned(),
        entered: significant(entered, DIGITS),
        lost: significant(entered - left, DIGITS_OF_SPREAD),
        sd: significant(variance.sqrt(), DIGITS_OF_SPREAD),
    })
}

/// The measured mass of a quantity in a stream and its standard deviation, in the unit of flows.
fn carried(case: &Case, stream: &Stream, of: &str) -> Option<(f64, f64)> {
    let figure = |of: &str| {
        let measured = case.measured(stream.name.as_str(), of)?;
        let value = float(measured.value);
        match measured.given.sign {
            Sign::Equal => Some((value, measured.sd.map(float)?)),
            // Somewhere from nothing to the limit: its middle, and the deviation of a rectangle.
            Sign::Below => Some((value / 2.0, value / 12f64.sqrt())),
            Sign::Above => None,
        }
    };
    let (mut mass, mut spread) = figure(FLOW)?;
    for of in case.definition.chain(of) {
        let (share, of_share) = figure(of)?;
        (mass, spread) = (mass * share, (share * spread).hypot(mass * of_share));
    }
    let unit = float(case.share_unit(of));
    Some((mass * unit, spread * unit))
}

/// The share of what the feeds carry that leaves with each product, with its standard deviation by the delta
/// method on the reconciled solution.
pub(super) fn recoveries(reconciled: &::balance::Reconciled) -> Vec<Recovery> {
    let line = |of: ::balance::Recovery| {
        // what the flowsheet alone determines (all of one feed goes to one product) has no spread but
        // rounding
        let known = of.sd > EXACT;
        let percent = |part: f64| significant(100.0 * part, 6);
        Recovery {
            stream: of.stream.to_string(),
            of: of.of.to_string(),
            percent: percent(of.recovery),
            sd: known.then(|| significant(100.0 * of.sd, DIGITS_OF_SPREAD)),
            interval: known.then(|| (percent(of.lower), percent(of.upper))),
        }
    };
    reconciled.recoveries().into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flowsheet::rules::tests::drawn;
    use crate::solve::tests::measured;

    #[test]
    fn loss_comes_with_its_uncertainty_and_is_left_out_where_something_is_unmeasured() {
        let figures =
            measured("f flow 100 1, f Mn 10 0.1, p flow 20 0.2, p Mn 40 0.4, t flow 78 1, t Mn 2 0.1");
        let mut case = Case { definition: drawn("f:>a p:a> t:a>"), measured: figures, stocks: vec![] };
        let found = losses(&case);
        assert_eq!((found[0].lost.as_str(), found[0].entered.as_str()), ("2.000", "100.000000000"));
        assert_eq!(found[1].lost, "0.4400", "10 − 8 − 1.56 t of Mn");
        let by_hand =
            ((0.1f64.powi(2) * 2.0) + (0.08f64.powi(2) * 2.0) + 0.02f64.powi(2) + 0.078f64.powi(2)).sqrt();
        assert_eq!(found[1].sd, significant(by_hand, 4));
        case.measured.retain(|measured| measured.stream != "t" || measured.of != "Mn");
        assert_eq!(losses(&case).len(), 1);
    }
}
