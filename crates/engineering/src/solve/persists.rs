//! What the periods of one flowsheet version show together: a meter that reads a little wrong in each of
//! them.

use ::balance as answer;
use serde::Serialize;

use super::solved::{What, what};
use super::text::significant;
use super::{Case, DIGITS_OF_SPREAD, Settings, given};

/// Periods that are looked at, the last ones.
pub const PERIODS: usize = 24;
/// Quantities of a flowsheet above which a page would wait too long for all its periods.
const QUANTITIES: usize = 500;

/// A bias or a leak that is alike in all periods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Persistent {
    /// What it is.
    pub what: What,
    /// How many periods can test it.
    pub periods: u32,
    /// How large: a bias in % of the value, a leak in the unit of flows.
    pub size: String,
    /// Its standard deviation.
    pub sd: String,
    /// The root of its likelihood ratio.
    pub statistic: String,
    /// What that had to exceed.
    pub critical: String,
}

/// What persists over some periods, the strongest first; nothing to say of fewer than two, or where one of
/// them cannot be solved.
pub fn persistent(periods: &[(String, Case, Settings)]) -> Option<Vec<Persistent>> {
    let wide = |case: &Case| case.definition.streams.len() * (1 + case.definition.components.len());
    if periods.len() < 2 || periods.iter().any(|(_, case, _)| wide(case) > QUANTITIES) {
        return None;
    }
    let sets: Vec<(answer::Name, answer::Reconciled)> = periods
        .iter()
        .map(|(code, case, settings)| {
            let given = given(case, settings);
            Some((answer::Name(code.clone()), answer::reconcile(&given).ok()?))
        })
        .collect::<Option<_>>()?;
    let across = answer::across(&sets);
    let critical = significant(across.test_critical?, DIGITS_OF_SPREAD);
    let spread = |number: f64| significant(number, DIGITS_OF_SPREAD);
    let one = |found: &answer::Persistent| {
        let (periods, size, sd) = match &found.what {
            answer::Blamed::Bias { stream, of } => {
                let bias = across.values.iter().find(|bias| bias.stream == *stream && bias.of == *of)?;
                let share = bias.relative_bias_estimate.zip(bias.relative_bias_sd)?;
                (bias.sets, 100.0 * share.0, 100.0 * share.1)
            }
            answer::Blamed::Leak { node, of } => {
                let leak = across.nodes.iter().find(|leak| leak.node == *node && leak.of == *of)?;
                let unit = periods
                    .first()
                    .map_or(1.0, |(_, case, _)| super::text::float(case.share_unit(&of.to_string())));
                (leak.sets, leak.leak_estimate * unit, leak.leak_sd * unit)
            }
        };
        Some(Persistent {
            what: what(&found.what),
            periods: super::solved::count(periods),
            size: spread(size),
            sd: spread(sd),
            statistic: spread(found.statistic),
            critical: critical.clone(),
        })
    };
    Some(across.persistent.iter().filter_map(one).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flowsheet::rules::tests::drawn;
    use crate::solve::Robust;
    use crate::solve::tests::measured;

    #[test]
    fn a_weigher_that_reads_two_per_cent_high_in_each_month_persists_and_one_bad_month_does_not() {
        let settings =
            Settings { confidence: measure::Decimal::new(95, 2), robust: Robust::None, eliminate: false };
        let month = |code: usize, feed: f64| {
            let figures =
                format!("f flow {feed} 1, t flow 80 1, c flow 20 0.2, f Mn 10 .1, t Mn 2.5 .02, c Mn 40 .3");
            let case =
                Case { definition: drawn("f:>a t:a> c:a>"), measured: measured(&figures), stocks: vec![] };
            (format!("M-{code}"), case, settings)
        };
        let high: Vec<_> = (1..=12).map(|at| month(at, 102.0)).collect();
        let found = persistent(&high).unwrap();
        let first = found.first().expect("it persists");
        assert_eq!(first.what, What::Bias { stream: "f".to_owned(), of: "flow".to_owned() });
        assert_eq!(first.periods, 12);
        let size: f64 = first.size.parse().unwrap();
        assert!((size - 2.0).abs() < 0.3, "{first:?}");
        let once: Vec<_> = (1..=12).map(|at| month(at, if at == 5 { 125.0 } else { 100.0 })).collect();
        assert_eq!(persistent(&once), Some(vec![]));
        assert_eq!(persistent(&high[..1]), None);
    }
}
