//! Printed figures that close: reconciled flows, and masses of a component, rounded together to the same
//! decimals so that at every node what is printed adds up.

use std::collections::BTreeMap;

use ::balance::rounding::{Edge, zero_sum};
use measure::Decimal;

use crate::flowsheet::Definition;
use crate::flowsheet::rules::FLOW;
use crate::solve::{Case, Solved, text};

/// Imbalances below this part of the largest figure are none: what 12 significant digits leave.
const NONE: f64 = 1e-9;
/// Significant digits that the largest mass of a component is printed with.
const DIGITS_OF_MASS: u32 = 5;
/// And at the most: more are beyond what a balance closes to.
const MOST_DIGITS: u32 = 11;

/// What is printed of each stream, by its name.
pub(super) type Printed = BTreeMap<String, String>;

/// Reconciled flows, all with the decimals of the one that is known best.
pub(super) fn flows(definition: &Definition, solved: &Solved) -> Printed {
    let figures = || solved.figures.iter().filter(|figure| figure.of == FLOW);
    let spreads = figures().filter_map(|figure| text::drawn(figure.sd.as_deref()?)).filter(|sd| *sd > 0.0);
    let values: BTreeMap<&str, f64> = figures()
        .filter_map(|figure| Some((figure.stream.as_str(), text::drawn(figure.reconciled.as_deref()?)?)))
        .collect();
    let most = values.values().fold(0.0, |most: f64, flow| most.max(flow.abs()));
    let decimals =
        spreads.map(text::decimals_of).max().unwrap_or_else(|| text::decimals_for(most, DIGITS_OF_MASS));
    closed(definition, &values, decimals.min(text::decimals_for(most, MOST_DIGITS)))
}

/// Reconciled masses of a component in the unit of flows.
pub(super) fn masses(case: &Case, solved: &Solved, of: &str) -> Printed {
    let unit = text::float(case.share_unit(of));
    let value = |stream: &str, of: &str| text::drawn(solved.figure(stream, of)?.reconciled.as_deref()?);
    let streams = case.definition.streams.iter().map(|stream| stream.name.as_str());
    let values: BTreeMap<&str, f64> = streams
        .filter_map(|stream| {
            let shares = case.definition.chain(of).into_iter().map(|of| value(stream, of));
            Some((stream, value(stream, FLOW)? * shares.product::<Option<f64>>()? * unit))
        })
        .collect();
    let most = values.values().fold(0.0, |most: f64, mass| most.max(mass.abs()));
    closed(&case.definition, &values, text::decimals_for(most, DIGITS_OF_MASS))
}

/// Figures rounded together. What a node gains, in stock, by reaction, by a leak that was admitted or by a
/// stream without a figure, counts as one more stream out of it, so every node balances before.
fn closed(definition: &Definition, values: &BTreeMap<&str, f64>, decimals: u32) -> Printed {
    let node = |end: &Option<kernel::Code>| {
        end.as_ref().and_then(|name| definition.nodes.iter().position(|node| node.name == *name))
    };
    let known = definition.streams.iter().filter_map(|stream| {
        let name = stream.name.as_str();
        Some((name, (node(&stream.from), node(&stream.to)), *values.get(name)?))
    });
    let (mut names, mut edges, mut amounts) = (Vec::new(), Vec::<Edge>::new(), Vec::new());
    let mut gains = vec![0.0; definition.nodes.len()];
    for (name, (from, to), value) in known {
        from.into_iter().for_each(|at| gains[at] -= value);
        to.into_iter().for_each(|at| gains[at] += value);
        names.push(name);
        edges.push((from, to));
        amounts.push(value);
    }
    let most = amounts.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
    for (at, gain) in gains.iter().enumerate().filter(|(_, gain)| gain.abs() > NONE * most) {
        edges.push((Some(at), None));
        amounts.push(*gain);
    }
    // What is too large for the digits asked for, or does not balance after all, is printed on its own.
    let whole = zero_sum(&edges, &amounts, decimals as i32).unwrap_or_default();
    names.iter().zip(whole).map(|(name, unit)| ((*name).to_owned(), shown(unit, decimals))).collect()
}

fn shown(unit: i64, decimals: u32) -> String {
    Decimal::new(unit, decimals).to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::flowsheet::rules::tests::drawn;

    const LINE: &str = "f:>a g:>a m:a>b t:a> p:b>c q:b> r:c>a x:c> y:c>";

    proptest! {
        #[test]
        fn what_is_printed_closes_at_every_node_and_no_figure_moves_a_whole_digit(
            feeds in (0.1_f64..5e3, 0.1_f64..50.0),
            splits in (0.01_f64..0.99, 0.01_f64..0.99, 0.01_f64..0.99),
            back in 0.0_f64..100.0,
            gain in prop_oneof![Just(0.0), 0.0_f64..0.05],
            decimals in 0_u32..5,
        ) {
            let definition = drawn(LINE);
            let (f, g) = feeds;
            let into = f + g + back;
            let m = into * splits.0;
            let p = (m * splits.1).max(back);
            let x = (p - back) * splits.2;
            let stocked = gain * (p - back - x);
            let values = BTreeMap::from([
                ("f", f), ("g", g), ("m", m), ("t", into - m), ("p", p), ("q", m - p), ("r", back), ("x", x),
                ("y", p - back - x - stocked),
            ]);
            let printed = closed(&definition, &values, decimals);
            let unit = 10_f64.powi(-(decimals as i32));
            for (name, value) in &values {
                let shown: f64 = printed[*name].parse().unwrap();
                prop_assert!((shown - value).abs() < unit * 1.001, "{name} {value} as {shown}");
            }
            for node in ["a", "b", "c"] {
                let mut sum = Decimal::ZERO;
                for stream in &definition.streams {
                    let value: Decimal = printed[stream.name.as_str()].parse().unwrap();
                    let here = |at: &Option<kernel::Code>| at.as_ref().is_some_and(|it| it.as_str() == node);
                    sum += if here(&stream.to) { value } else { Decimal::ZERO };
                    sum -= if here(&stream.from) { value } else { Decimal::ZERO };
                }
                if stocked <= 1e-6 || node != "c" {
                    prop_assert_eq!(sum, Decimal::ZERO, "{} does not close as printed", node);
                }
            }
        }
    }

    #[test]
    fn a_table_that_single_rounding_breaks_closes() {
        let third = 100.0 / 3.0;
        let definition = drawn("f:>a x:a> y:a> z:a>");
        let values = BTreeMap::from([("f", 100.0), ("x", third), ("y", third), ("z", third)]);
        let printed = closed(&definition, &values, 1);
        let out: Decimal =
            ["x", "y", "z"].iter().map(|name| printed[*name].parse::<Decimal>().unwrap()).sum();
        assert_eq!((printed["f"].as_str(), out.to_string().as_str()), ("100.0", "100.0"));
        assert_eq!((shown(-5, 2).as_str(), shown(1230, 2).as_str()), ("-0.05", "12.30"));
    }
}
