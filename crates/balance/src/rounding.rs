//! Rounding for the report, so that printed figures still close exactly.
//!
//! Every figure becomes the printable number just below or just above it, and every balance holds in printed
//! digits. Figures between two printable numbers form cycles in the flowsheet (the outside counts as one
//! place): something can be sent round a cycle without disturbing any balance, until one figure of it is
//! printable. The sense is chosen that moves figures less. Flows round so, and amounts of each component.
//!
//! Source: Cox, JASA 82 (1987) 520, for tables; the flowsheet is the same network.

/// A figure between two places; none is the outside.
pub type Edge = (Option<usize>, Option<usize>);

/// Figures that do not balance before they are rounded, so that they cannot after.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("place {place:?} does not balance before rounding: off by {off}; round reconciled figures only")]
pub struct Unbalanced {
    /// Where; none is the outside.
    pub place: Option<usize>,
    /// By how much, in the last printed digit.
    pub off: f64,
}

/// Nearer to a printable number than this part of its last digit, a figure is that number.
const PRINTABLE: f64 = 1e-5;

/// Rounds balanced figures to so many decimals. Gives them in units of the last digit, so that closing is
/// exact: 12.3 with one decimal is 123.
///
/// # Errors
/// [`Unbalanced`] names the place whose figures do not balance to start with.
pub fn zero_sum(edges: &[Edge], values: &[f64], decimals: i32) -> Result<Vec<i64>, Unbalanced> {
    let scale = 10_f64.powi(decimals);
    let mut units: Vec<f64> = values.iter().map(|value| value * scale).collect();
    let wanted = units.clone();
    let places = 1 + edges.iter().flat_map(|(a, b)| [*a, *b]).flatten().max().map_or(0, |most| most + 1);
    let at = |place: Option<usize>| place.map_or(0, |place| place + 1);
    let ends: Vec<(usize, usize)> = edges.iter().map(|&(from, to)| (at(from), at(to))).collect();
    let mut near: Vec<Vec<usize>> = vec![Vec::new(); places];
    for (edge, &(from, to)) in ends.iter().enumerate() {
        near[from].push(edge);
        near[to].push(edge);
    }
    for edge in 0..units.len() {
        if ends[edge].0 == ends[edge].1 {
            units[edge] = units[edge].round();
        }
        while between(units[edge]) {
            let Some(cycle) = cycle(edge, &ends, &near, &units) else {
                units[edge] = units[edge].round();
                break;
            };
            send(&cycle, &mut units, &wanted);
        }
    }
    let whole: Vec<i64> = units.iter().map(|unit| unit.round() as i64).collect();
    let mut sums = vec![0_i64; places];
    for (&(from, to), unit) in ends.iter().zip(&whole) {
        sums[to] += unit;
        sums[from] -= unit;
    }
    match sums.iter().position(|&sum| sum != 0) {
        None => Ok(whole),
        Some(place) => Err(Unbalanced { place: place.checked_sub(1), off: sums[place] as f64 }),
    }
}

fn between(unit: f64) -> bool {
    (unit - unit.round()).abs() > PRINTABLE
}

/// A closed walk over figures that are not printable, from this edge: each with its sense.
fn cycle(
    first: usize,
    ends: &[(usize, usize)],
    near: &[Vec<usize>],
    units: &[f64],
) -> Option<Vec<(usize, f64)>> {
    let (home, begin) = ends[first];
    let mut reached_by: Vec<Option<usize>> = vec![None; near.len()];
    reached_by[begin] = Some(first);
    let mut waiting = std::collections::VecDeque::from([begin]);
    while let Some(place) = waiting.pop_front() {
        if place == home {
            let mut walk = Vec::new();
            let mut now = home;
            while let Some(edge) = reached_by[now] {
                let (from, to) = ends[edge];
                walk.push((edge, if to == now { 1.0 } else { -1.0 }));
                now = if to == now { from } else { to };
                if edge == first {
                    return Some(walk);
                }
            }
            return None;
        }
        for &edge in near[place].iter().filter(|&&edge| edge != first && between(units[edge])) {
            let (from, to) = ends[edge];
            let next = if from == place { to } else { from };
            if reached_by[next].is_none() && from != to {
                reached_by[next] = Some(edge);
                waiting.push_back(next);
            }
        }
    }
    None
}

/// Sends round what makes one figure printable, in the sense that leaves the figures nearer to what they
/// were.
fn send(cycle: &[(usize, f64)], units: &mut [f64], wanted: &[f64]) {
    let room = |sense: f64| {
        let one = |&(edge, own): &(usize, f64)| {
            let unit = units[edge];
            if own * sense > 0.0 { unit.ceil() - unit } else { unit - unit.floor() }
        };
        sense * cycle.iter().map(one).fold(f64::INFINITY, f64::min)
    };
    let (forth, back) = (room(1.0), room(-1.0));
    let cost = |amount: f64| -> f64 {
        cycle.iter().map(|&(edge, own)| (units[edge] + own * amount - wanted[edge]).powi(2)).sum()
    };
    let amount = if cost(forth) <= cost(back) { forth } else { back };
    for &(edge, own) in cycle {
        units[edge] += own * amount;
        if !between(units[edge]) {
            units[edge] = units[edge].round();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn three_thirds_still_make_one() {
        let edges = [(None, Some(0)), (Some(0), None), (Some(0), None), (Some(0), None)];
        let third = 1.0 / 3.0;
        let rounded = zero_sum(&edges, &[1.0, third, third, third], 1).unwrap();
        assert_eq!(rounded[0], 10);
        assert_eq!(rounded[1..].iter().sum::<i64>(), 10);
        assert!(rounded[1..].iter().all(|&part| part == 3 || part == 4));
    }

    #[test]
    fn figures_that_never_balanced_are_refused() {
        let edges = [(None, Some(0)), (Some(0), None)];
        let error = zero_sum(&edges, &[1.0, 3.0], 0).unwrap_err();
        assert!(error.to_string().contains("off by"), "{error}");
    }

    proptest! {
        #[test]
        fn every_balance_closes_and_no_figure_moves_a_whole_digit(
            splits in proptest::collection::vec(0.01_f64..0.99, 1..12),
            feed in 1.0_f64..1e5,
            decimals in 0_i32..4,
        ) {
            // a chain: each node sends a part out and the rest on, and the last returns a part to the first
            let (mut edges, mut values) = (vec![(None, Some(0))], vec![feed]);
            let mut flow = feed;
            for (node, split) in splits.iter().enumerate() {
                edges.push((Some(node), None));
                values.push(flow * split);
                flow *= 1.0 - split;
                edges.push((Some(node), Some(node + 1)));
                values.push(flow);
            }
            edges.push((Some(splits.len()), None));
            values.push(flow);
            edges.push((Some(0), Some(splits.len())));
            values.push(feed * 0.37);
            edges.push((Some(splits.len()), Some(0)));
            values.push(feed * 0.37);
            let rounded = zero_sum(&edges, &values, decimals).unwrap();
            let scale = 10_f64.powi(decimals);
            for (unit, value) in rounded.iter().zip(&values) {
                prop_assert!((*unit as f64 - value * scale).abs() < 1.0 + 1e-4);
            }
        }
    }
}
