//! Tests: does it close, and which figure breaks it?

pub(crate) mod critical;
pub(crate) mod culprit;
pub(crate) mod explain;
pub(crate) mod serial;

use std::cmp::Ordering;

/// Statistics that differ by less, relatively, are the same.
pub(crate) const SAME: f64 = 1e-6;

/// The largest first, and what is the same but for a rounding in an order of its own: which of those that tie
/// comes first must not hang on the last digit.
pub(crate) fn ranked<T>(
    all: &mut [T],
    same: f64,
    size: impl Fn(&T) -> f64,
    order: impl Fn(&T, &T) -> Ordering,
) {
    all.sort_by(|a, b| size(b).total_cmp(&size(a)));
    let mut at = 0;
    while at < all.len() {
        let largest = size(&all[at]);
        let alike = |one: &&T| size(one) == largest || largest - size(one) <= same * largest.abs();
        let end = at + all[at..].iter().take_while(alike).count().max(1);
        all[at..end].sort_by(&order);
        at = end;
    }
}
