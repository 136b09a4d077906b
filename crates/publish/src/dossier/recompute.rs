//! Does a step again: exact decimal arithmetic on reported texts.

use rust_decimal::{Decimal, RoundingStrategy};

use super::model::{Rounding, Step, Ties};
use crate::certificate::ReportingRule;

/// What doing a step again came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The text that the step gives is the text that stands there.
    Agrees,
    /// It gives another text.
    Differs { expected: String },
    /// The step cannot be repeated from its inputs; a verifier says so.
    NotRecomputed,
    /// The step does not fit its inputs: their number, or a text that is no decimal.
    Impossible(&'static str),
}

/// Repeats `step` on `inputs`, each a node's id and value (for [`Step::Read`]: the raw text), and compares
/// with
/// `value`.
pub fn repeat(step: &Step, inputs: &[(&str, &str)], value: &str) -> Outcome {
    let texts: Vec<&str> = inputs.iter().map(|(_, text)| *text).collect();
    match step {
        Step::Combine { .. } => combine::repeat(step, inputs, value),
        Step::Worst { .. } => {
            let all: Option<Vec<(Ends, &str)>> =
                texts.iter().map(|text| Some((Ends::of(text)?, *text))).collect();
            all.map_or(Outcome::Impossible(NO_DECIMAL), |all| worst(step, &all, value))
        }
        _ => simple(step, &texts, value),
    }
}

fn simple(step: &Step, inputs: &[&str], value: &str) -> Outcome {
    match step {
        Step::Stated { .. } => Outcome::NotRecomputed,
        Step::Combine { .. } | Step::Worst { .. } => Outcome::Impossible("its inputs have no names"),
        Step::Mean { rounding } => mean(inputs, *rounding, value),
        _ => match inputs {
            [input] => single(step, input, value),
            _ => Outcome::Impossible("this step has exactly one input"),
        },
    }
}

fn single(step: &Step, input: &str, value: &str) -> Outcome {
    match step {
        Step::Read { decimal, thousands } => {
            let mut text = input.trim().to_owned();
            if !thousands.is_empty() {
                text = text.replace(thousands.as_str(), "");
            }
            text_equals(&text.replace(decimal.as_str(), "."), value)
        }
        Step::Plain => match plain(input) {
            Some(text) => text_equals(&text, value),
            None => Outcome::Impossible("the input is not a decimal"),
        },
        Step::Report { rule, lod, loq } => match reported(*rule, lod.as_deref(), loq.as_deref(), input) {
            Some(text) => text_equals(&text, value),
            None => Outcome::Impossible("a limit is not a decimal"),
        },
        Step::Convert { factor, rounding } => {
            let Ok(factor) = factor.parse::<Decimal>() else {
                return Outcome::Impossible("the factor is not a decimal");
            };
            computed(input, value, *rounding, |number| number.checked_mul(factor))
        }
        Step::Round { rounding } => computed(input, value, Some(*rounding), Some),
        _ => text_equals(input, value),
    }
}

/// A figure by the limits of its method: as it stands, `<LOQ`, or not detected.
fn reported(rule: ReportingRule, lod: Option<&str>, loq: Option<&str>, input: &str) -> Option<String> {
    let limit = |text: &str| split(text).number;
    let (below_lod, below) = (lod.map(limit), loq.or(lod).map(limit));
    if matches!(below_lod, Some(None)) || matches!(below, Some(None)) {
        return None;
    }
    let (lod_is, limit_is) = (below_lod.flatten(), below.flatten());
    let nd = || lod.map(|lod| format!("ND (<{lod})"));
    let less = || loq.or(lod).map(|limit| format!("<{limit}"));
    let same = || Some(input.to_owned());
    let Figure { prefix, number, .. } = split(input);
    let names_nd = rule != ReportingRule::BelowLoq;
    match (prefix.trim(), number) {
        ("", Some(number)) if names_nd && lod_is.is_some_and(|lod| number < lod) => nd(),
        ("<" | "≤", Some(number)) if names_nd && lod_is.is_some_and(|lod| number <= lod) => nd(),
        ("" | "<" | "≤", Some(number)) if limit_is.is_some_and(|limit| number < limit) => less(),
        _ if input == "ND" => nd().or_else(less).or_else(same),
        _ if input == "<LOQ" => less().or_else(same),
        _ => same(),
    }
}

/// Least and most of a figure before it was rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ends {
    pub least: Option<Decimal>,
    pub most: Option<Decimal>,
}

impl Ends {
    /// Of a text that was not rounded. What is below a limit may be as little as 0, what is above one has no
    /// end.
    fn of(text: &str) -> Option<Self> {
        let Figure { prefix, number, .. } = split(text);
        let number = Some(number?);
        match prefix.trim() {
            "" => Some(Ends { least: number, most: number }),
            "<" | "≤" | "ND (<" => Some(Ends { least: Some(Decimal::ZERO), most: number }),
            ">" | "≥" => Some(Ends { least: number, most: None }),
            _ => None,
        }
    }

    /// Of the value of a node: what its step comes to without the rounding.
    pub fn unrounded(step: &Step, inputs: &[(&str, &str)], value: &str) -> Option<Self> {
        match (step, inputs) {
            (Step::Convert { factor, .. }, [(_, input)]) => {
                let factor: Decimal = factor.parse().ok()?;
                let times = |end: Option<Decimal>| end.map(|end| end.checked_mul(factor));
                let Ends { least, most } = Ends::of(input)?;
                Some(Ends { least: times(least).flatten(), most: times(most).flatten() })
            }
            (Step::Round { .. }, [(_, input)]) => Ends::of(input),
            (Step::Combine { .. }, _) => combine::ends(step, inputs),
            _ => Ends::of(value),
        }
    }

    /// How bad it is: whether all of it lies beyond the limits (2), some of it (1) or nothing, and the room
    /// it leaves, which is the lesser of upper − most and least − lower.
    fn badness(self, lower: Option<Decimal>, upper: Option<Decimal>) -> (u8, Decimal) {
        let above = |end: Option<Decimal>, open: Decimal| {
            upper.map(|upper| end.and_then(|end| upper.checked_sub(end)).unwrap_or(open))
        };
        let below = |end: Option<Decimal>, open: Decimal| {
            lower.map(|lower| end.and_then(|end| end.checked_sub(lower)).unwrap_or(open))
        };
        let least = |one: Option<Decimal>, two: Option<Decimal>| one.into_iter().chain(two).min();
        let room = least(above(self.most, Decimal::MIN), below(self.least, Decimal::MIN));
        let best = least(above(self.least, Decimal::MAX), below(self.most, Decimal::MAX));
        let (room, best) = (room.unwrap_or(Decimal::MAX), best.unwrap_or(Decimal::MAX));
        (u8::from(room < Decimal::ZERO) + u8::from(best < Decimal::ZERO), room)
    }
}

/// The worst of several by their unrounded ends: one that lies beyond the limits goes before one that does in
/// part, and that before one within; among these the one of least room.
pub(super) fn worst(step: &Step, inputs: &[(Ends, &str)], value: &str) -> Outcome {
    let Step::Worst { lower, upper } = step else { return Outcome::Impossible("no worst of several") };
    let bound = |text: &Option<String>| text.as_deref().map(|text| split(text).number);
    let (lower, upper) = (bound(lower), bound(upper));
    if matches!((lower, upper), (None, None) | (Some(None), _) | (_, Some(None))) {
        return Outcome::Impossible("the worst needs a limit");
    }
    let key = |ends: &Ends| {
        let (beyond, room) = ends.badness(lower.flatten(), upper.flatten());
        (beyond, std::cmp::Reverse(room))
    };
    let Some(most) = inputs.iter().map(|(ends, _)| key(ends)).max() else {
        return Outcome::Impossible("the worst of nothing");
    };
    let mut worst = inputs.iter().filter(|(ends, _)| key(ends) == most).map(|(_, text)| *text);
    match worst.clone().any(|text| text == value) {
        true => Outcome::Agrees,
        false => Outcome::Differs { expected: worst.next().unwrap_or_default().to_owned() },
    }
}

pub(super) const NO_DECIMAL: &str = "an input is not a decimal";

fn text_equals(expected: &str, found: &str) -> Outcome {
    if expected == found { Outcome::Agrees } else { Outcome::Differs { expected: expected.to_owned() } }
}

fn computed(
    input: &str,
    value: &str,
    rounding: Option<Rounding>,
    apply: impl Fn(Decimal) -> Option<Decimal>,
) -> Outcome {
    let Figure { prefix, number, suffix } = split(input);
    let Some(number) = number else { return Outcome::Impossible("the input is not a decimal") };
    let Some(result) = apply(number) else { return Outcome::Impossible(TOO_LONG) };
    compare((prefix, suffix), result, rounding, value)
}

fn mean(inputs: &[&str], rounding: Option<Rounding>, value: &str) -> Outcome {
    let mut sum = Decimal::ZERO;
    for input in inputs {
        let Figure { prefix: "", number: Some(number), .. } = split(input) else {
            return Outcome::Impossible("a mean takes plain decimals only");
        };
        let Some(next) = sum.checked_add(number) else { return Outcome::Impossible(TOO_LONG) };
        sum = next;
    }
    let count = Decimal::from(inputs.len());
    // A third has no last digit: an unrounded mean is checked by multiplying, which is exact.
    let exact = match split(value) {
        Figure { prefix: "", number: Some(mean), .. } => mean.checked_mul(count) == Some(sum),
        _ => false,
    };
    match sum.checked_div(count) {
        Some(_) if rounding.is_none() && exact => Outcome::Agrees,
        Some(result) if rounding.is_none() => Outcome::Differs { expected: result.normalize().to_string() },
        Some(result) => compare(("", ""), result, rounding, value),
        None => Outcome::Impossible("a mean has at least one input"),
    }
}

const TOO_LONG: &str = "the arithmetic leaves 28 digits";

/// With rounding the texts must be equal to the last zero; without it the numbers must be.
fn compare(
    (prefix, suffix): (&str, &str),
    result: Decimal,
    rounding: Option<Rounding>,
    value: &str,
) -> Outcome {
    match rounding {
        Some(rounding) => match rounded(result, rounding) {
            Some(text) => text_equals(&format!("{prefix}{text}{suffix}"), value),
            None => Outcome::Impossible("decimal places between -20 and 20"),
        },
        None if split(value) == (Figure { prefix, number: Some(result), suffix }) => Outcome::Agrees,
        None => Outcome::Differs { expected: format!("{prefix}{}{suffix}", result.normalize()) },
    }
}

fn rounded(number: Decimal, rounding: Rounding) -> Option<String> {
    let ties = match rounding.ties {
        Ties::ToEven => RoundingStrategy::MidpointNearestEven,
        Ties::AwayFromZero => RoundingStrategy::MidpointAwayFromZero,
        Ties::Up => RoundingStrategy::ToPositiveInfinity,
        Ties::Down => RoundingStrategy::ToNegativeInfinity,
    };
    let scale = Decimal::from(10u64.checked_pow(rounding.places.unsigned_abs())?);
    if !(-19..=19).contains(&rounding.places) {
        return None;
    }
    if let Ok(places) = u32::try_from(rounding.places) {
        let text = number.round_dp_with_strategy(places, ties);
        return Some(unsigned_zero(format!("{text:.0$}", places as usize)));
    }
    let tens = number.checked_div(scale)?.round_dp_with_strategy(0, ties);
    Some(unsigned_zero(tens.checked_mul(scale)?.normalize().to_string()))
}

/// What rounds to zero has no sign.
fn unsigned_zero(text: String) -> String {
    let zero = text.bytes().all(|byte| matches!(byte, b'-' | b'0' | b'.'));
    if zero { text.trim_start_matches('-').to_owned() } else { text }
}

/// A figure in its parts: `<`, `0.001`, nothing; `ND (<`, `0.001`, `)`.
#[derive(Debug, PartialEq, Eq)]
struct Figure<'a> {
    prefix: &'a str,
    number: Option<Decimal>,
    suffix: &'a str,
}

const NOT_DETECTED: &str = "ND (<";

/// The number of a plain figure, and the decimal places it is printed to.
pub(super) fn plain_value(text: &str) -> Option<(Decimal, usize)> {
    let figure = split(text);
    let places = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    figure.number.filter(|_| figure.prefix.is_empty()).map(|number| (number, places))
}

/// Whether an uncertainty to so many decimals has as few digits as it may have beside a figure with more:
/// two.
pub(super) fn has_two_digits(uncertainty: &str) -> bool {
    let digits: String = uncertainty.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    let digits = if uncertainty.contains('.') { digits } else { digits.trim_end_matches('0') };
    digits.len() == 2 || (digits.len() < 2 && !uncertainty.contains('.'))
}

fn split(text: &str) -> Figure<'_> {
    if let Some(limit) = text.strip_prefix(NOT_DETECTED).and_then(|rest| rest.strip_suffix(')')) {
        return Figure { prefix: NOT_DETECTED, number: number(limit), suffix: ")" };
    }
    let digits = text.trim_start_matches(['<', '>', '≤', '≥', ' ']);
    let (prefix, digits) = text.split_at(text.len() - digits.len());
    Figure { prefix, number: number(digits), suffix: "" }
}

/// A decimal, perhaps with an exponent, exactly.
fn number(text: &str) -> Option<Decimal> {
    plain_number(text)?.parse().ok()
}

/// A figure in the plain spelling; nothing where it is no decimal.
pub(super) fn plain(text: &str) -> Option<String> {
    let digits = text.trim_start_matches(['<', '>', '≤', '≥', ' ']);
    Some(format!("{}{}", &text[..text.len() - digits.len()], plain_number(digits)?))
}

/// The digits without exponent or plus, without zeros before them but one before the point, zero without
/// sign.
fn plain_number(text: &str) -> Option<String> {
    let (mantissa, power) = match text.split_once(['e', 'E']) {
        Some((mantissa, power)) => (mantissa, power.parse::<i32>().ok().filter(|power| power.abs() < 1000)?),
        None => (text, 0),
    };
    let unsigned = mantissa.strip_prefix(['+', '-']).unwrap_or(mantissa);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let exponent = power - i32::try_from(fraction.len()).ok()?;
    let significant = digits.trim_start_matches('0');
    let zeros = if significant.is_empty() { 0 } else { exponent.max(0) as usize };
    let places = (-exponent).max(0) as usize;
    let sign = if mantissa.starts_with('-') && !significant.is_empty() { "-" } else { "" };
    let digits = format!("{significant}{}", "0".repeat(zeros));
    let digits = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    Some(if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
}

mod combine;

#[cfg(test)]
mod tests {
    use super::super::model::{End, Term};
    use super::*;

    fn even(places: i32) -> Rounding {
        Rounding { places, ties: Ties::ToEven }
    }

    #[test]
    fn steps_are_repeated_exactly() {
        let round = |places| Step::Round { rounding: even(places) };
        let convert = |factor: &str, rounding| Step::Convert { factor: factor.into(), rounding };
        let read = |decimal: &str, thousands: &str| Step::Read {
            decimal: decimal.into(),
            thousands: thousands.into(),
        };
        let agrees: [(Step, &[&str], &str); 12] = [
            (Step::Copy, &["<0.0010"], "<0.0010"),
            (read(",", "."), &[" 1.234,50 "], "1234.50"),
            (read(".", ""), &["-0.0021"], "-0.0021"),
            (round(2), &["8.535"], "8.54"),
            (round(2), &["8.525"], "8.52"),
            (round(2), &["8.53459"], "8.53"),
            (round(3), &["0.001"], "0.001"),
            (round(-1), &["125"], "120"),
            (convert("0.0001", None), &["<21"], "<0.0021"),
            (convert("1.1728", Some(even(2))), &["10.00"], "11.73"),
            (Step::Mean { rounding: Some(even(3)) }, &["1.0", "2.0", "2.0"], "1.667"),
            (Step::Mean { rounding: None }, &["1.20", "1.30"], "1.25"),
        ];
        for (step, inputs, value) in agrees {
            assert_eq!(simple(&step, inputs, value), Outcome::Agrees, "{step:?} of {inputs:?}");
        }
    }

    #[test]
    fn another_digit_or_a_lost_zero_differs() {
        let differs: [(Step, &[&str], &str, &str); 5] = [
            (Step::Copy, &["0.0010"], "0.001", "0.0010"),
            (Step::Round { rounding: even(2) }, &["8.53459"], "8.54", "8.53"),
            (Step::Convert { factor: "10".into(), rounding: None }, &["<1"], "10", "<10"),
            (Step::Mean { rounding: None }, &["1", "2"], "2", "1.5"),
            (Step::Mean { rounding: None }, &["1", "2"], "<1.5", "1.5"),
        ];
        for (step, inputs, value, expected) in differs {
            let expected = Outcome::Differs { expected: expected.into() };
            assert_eq!(simple(&step, inputs, value), expected, "{step:?} of {inputs:?}");
        }
    }

    #[test]
    fn what_does_not_fit_is_said_and_never_guessed() {
        let round = Step::Round { rounding: even(1) };
        for (step, inputs) in [
            (&round, vec!["ND"]),
            (&round, vec!["1", "2"]),
            (&Step::Mean { rounding: None }, vec![]),
            (&Step::Mean { rounding: None }, vec!["<1", "2"]),
            (&round, vec!["1_000.0"]),
        ] {
            assert!(matches!(simple(step, &inputs, "1"), Outcome::Impossible(_)), "{step:?} {inputs:?}");
        }
    }

    #[test]
    fn sums_and_ratios_are_computed_again() {
        let term = |node: &str, factor: &str| Term { node: node.into(), factor: factor.into() };
        let inputs = [("a", "1.10"), ("b", "<0.4"), ("c", "2")];
        let combine = |part: &[Term], whole: &[Term], censored: &str, factor: &str, places| Step::Combine {
            part: part.to_vec(),
            whole: whole.to_vec(),
            censored: censored.into(),
            factor: factor.into(),
            divisor: None,
            statement: None,
            substituted: true,
            rounding: even(places),
        };
        let all = [term("a", "1.1664"), term("b", "1"), term("c", "1")];
        let sum = |censored| combine(&all, &[], censored, "1", 3);
        assert_eq!(repeat(&sum("1"), &inputs, "3.683"), Outcome::Agrees);
        assert_eq!(repeat(&sum("0.5"), &inputs, "3.483"), Outcome::Agrees);
        assert_eq!(repeat(&sum("0"), &inputs, "3.284"), Outcome::Differs { expected: "3.283".into() });
        let share = combine(&all[..1], &all, "0", "100", 1);
        assert_eq!(repeat(&share, &inputs, "39.1"), Outcome::Agrees);
        let impossible = [
            combine(&all[..2], &[], "1", "1", 3),
            combine(&[term("d", "1")], &[], "1", "1", 3),
            combine(&all, &[term("b", "1")], "0", "1", 3),
            combine(&all, &[], "x", "1", 3),
        ];
        for step in impossible {
            assert!(matches!(repeat(&step, &inputs, "1"), Outcome::Impossible(_)), "{step:?}");
        }
    }

    #[test]
    fn a_qualifier_survives_sums_means_and_ratios() {
        let term = |node: &str| Term { node: node.into(), factor: "1".into() };
        let step = |whole: &[Term], divisor: Option<&str>, statement, ties, places| Step::Combine {
            part: vec![term("a"), term("b")],
            whole: whole.to_vec(),
            censored: if statement == Some(End::Lower) { "0" } else { "1" }.into(),
            factor: "1".into(),
            divisor: divisor.map(str::to_owned),
            statement,
            substituted: false,
            rounding: Rounding { places, ties },
        };
        let below = [("a", "<0.01"), ("b", "<0.02")];
        let upper = |places| step(&[], None, Some(End::Upper), Ties::Up, places);
        assert_eq!(repeat(&upper(2), &below, "<0.03"), Outcome::Agrees);
        for wrong in ["0.03", "0.00", "<0.02"] {
            assert!(matches!(repeat(&upper(2), &below, wrong), Outcome::Differs { .. }), "{wrong}");
        }
        let plain = |places| step(&[], None, None, Ties::ToEven, places);
        assert!(
            matches!(repeat(&plain(2), &below, "0.03"), Outcome::Impossible(_)),
            "no plain number of bounds"
        );
        assert!(matches!(repeat(&plain(1), &below, "0.0"), Outcome::Impossible(_)), "and no zero");
        let mixed = [("a", "45.1"), ("b", "ND (<0.0001)")];
        assert_eq!(repeat(&plain(2), &mixed, "45.10"), Outcome::Agrees, "what does not show does not count");
        assert!(matches!(repeat(&plain(4), &mixed, "45.1001"), Outcome::Impossible(_)));
        let lower = step(&[], None, Some(End::Lower), Ties::Down, 1);
        assert_eq!(repeat(&lower, &mixed, "≥45.1"), Outcome::Agrees);
        let mean = step(&[], Some("2"), Some(End::Upper), Ties::Up, 3);
        assert_eq!(repeat(&mean, &below, "<0.015"), Outcome::Agrees);
        let whole = [term("a"), term("b"), term("c")];
        let ratio = step(&whole, None, Some(End::Upper), Ties::Up, 2);
        let inputs = [("a", "1"), ("b", "<1"), ("c", "2")];
        assert_eq!(repeat(&ratio, &inputs, "<0.50"), Outcome::Agrees, "2 ÷ 4 at most");
    }

    #[test]
    fn a_share_counts_its_part_alike_in_both_and_both_ends_are_two_roundings() {
        let term = |node: &str| Term { node: node.into(), factor: "1".into() };
        let step = |whole: &[Term], factor: &str, statement, places| Step::Combine {
            part: vec![term("a")],
            whole: whole.to_vec(),
            censored: "1".into(),
            factor: factor.into(),
            divisor: None,
            statement: Some(statement),
            substituted: false,
            rounding: Rounding { places, ties: Ties::Up },
        };
        let whole = [term("a"), term("b")];
        let share = step(&whole, "100", End::Upper, 2);
        assert_eq!(repeat(&share, &[("a", "<5"), ("b", "2")], "<71.43"), Outcome::Agrees);
        let mut both = step(&[], "1", End::Both, 2);
        let Step::Combine { part, .. } = &mut both else { panic!("a sum") };
        part.push(term("b"));
        let inputs = [("a", "33.691"), ("b", "<0.03")];
        assert_eq!(repeat(&both, &inputs, "33.69–33.73"), Outcome::Agrees);
        assert!(matches!(repeat(&both, &inputs, "33.70–33.73"), Outcome::Differs { .. }));
        let ends = Ends::unrounded(&both, &inputs, "33.69–33.73").unwrap();
        assert_eq!(ends, Ends { least: "33.691".parse().ok(), most: "33.721".parse().ok() });
    }

    #[test]
    fn figures_below_the_limits_are_reported_by_the_rule() {
        let report = |rule| Step::Report { rule, lod: Some("0.0001".into()), loq: Some("0.0003".into()) };
        let table = [
            ("0.0002", "<0.0003", "<0.0003"),
            ("0.00004", "<0.0003", "ND (<0.0001)"),
            ("-0.0002", "<0.0003", "ND (<0.0001)"),
            ("0", "<0.0003", "ND (<0.0001)"),
            ("<0.0001", "<0.0003", "ND (<0.0001)"),
            ("<0.001", "<0.001", "<0.001"),
            ("ND", "ND (<0.0001)", "ND (<0.0001)"),
            ("<LOQ", "<0.0003", "<0.0003"),
            ("0.0003", "0.0003", "0.0003"),
            (">10", ">10", ">10"),
        ];
        for (input, below, nd) in table {
            let by = |rule, value| repeat(&report(rule), &[("", input)], value);
            assert_eq!(by(ReportingRule::BelowLoq, below), Outcome::Agrees, "{input}");
            assert_eq!(by(ReportingRule::NdBelowLod, nd), Outcome::Agrees, "{input}");
            assert_eq!(by(ReportingRule::Estimated, nd), Outcome::Agrees, "{input}");
        }
    }

    #[test]
    fn spellings_become_one_and_the_worst_is_found_again() {
        for (input, value) in
            [("1.2e-005", "0.000012"), (".5", "0.5"), ("1.0E1", "10"), ("<+5.", "<5"), ("-0.0", "0.0")]
        {
            assert_eq!(repeat(&Step::Plain, &[("", input)], value), Outcome::Agrees, "{input}");
        }
        let worst = |lower: Option<&str>, upper: Option<&str>, value: &str| {
            let step = Step::Worst { lower: lower.map(str::to_owned), upper: upper.map(str::to_owned) };
            repeat(&step, &[("a", "0.0002"), ("b", "<0.0003"), ("c", "0.0004")], value)
        };
        assert_eq!(worst(None, Some("0.0005"), "0.0004"), Outcome::Agrees);
        assert!(matches!(worst(None, Some("0.0005"), "0.0002"), Outcome::Differs { .. }));
        assert_eq!(worst(Some("0.0001"), None, "<0.0003"), Outcome::Agrees);
        assert_eq!(worst(Some("0.0001"), Some("0.00041"), "<0.0003"), Outcome::Agrees);
        assert!(matches!(worst(None, None, "0.0002"), Outcome::Impossible(_)));
    }
}
