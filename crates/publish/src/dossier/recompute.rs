//! Does a step again: exact decimal arithmetic on reported texts.

use rust_decimal::{Decimal, RoundingStrategy};

use super::model::{Rounding, Step, Term, Ties};

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
    if let Step::Combine { part, whole, censored, factor, rounding } = step {
        let found = combined(part, whole, (censored, factor), inputs);
        return found.map_or_else(Outcome::Impossible, |found| compare("", found, Some(*rounding), value));
    }
    let texts: Vec<&str> = inputs.iter().map(|(_, text)| *text).collect();
    simple(step, &texts, value)
}

fn simple(step: &Step, inputs: &[&str], value: &str) -> Outcome {
    match step {
        Step::Stated { .. } => Outcome::NotRecomputed,
        Step::Combine { .. } => Outcome::Impossible("its inputs have no names"),
        Step::Mean { rounding } => mean(inputs, *rounding, value),
        Step::Read { .. } | Step::Copy | Step::Convert { .. } | Step::Round { .. } => match inputs {
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

fn text_equals(expected: &str, found: &str) -> Outcome {
    if expected == found { Outcome::Agrees } else { Outcome::Differs { expected: expected.to_owned() } }
}

fn computed(
    input: &str,
    value: &str,
    rounding: Option<Rounding>,
    apply: impl Fn(Decimal) -> Option<Decimal>,
) -> Outcome {
    let (qualifier, number) = split(input);
    let Some(number) = number else { return Outcome::Impossible("the input is not a decimal") };
    let Some(result) = apply(number) else { return Outcome::Impossible("the arithmetic leaves 28 digits") };
    compare(qualifier, result, rounding, value)
}

fn mean(inputs: &[&str], rounding: Option<Rounding>, value: &str) -> Outcome {
    let mut sum = Decimal::ZERO;
    for input in inputs {
        let ("", Some(number)) = split(input) else {
            return Outcome::Impossible("a mean takes plain decimals only");
        };
        let Some(next) = sum.checked_add(number) else {
            return Outcome::Impossible("the arithmetic leaves 28 digits");
        };
        sum = next;
    }
    let count = Decimal::from(inputs.len());
    // A third has no last digit: an unrounded mean is checked by multiplying, which is exact.
    let exact = match split(value) {
        ("", Some(mean)) => mean.checked_mul(count) == Some(sum),
        _ => false,
    };
    match sum.checked_div(count) {
        Some(_) if rounding.is_none() && exact => Outcome::Agrees,
        Some(result) if rounding.is_none() => Outcome::Differs { expected: result.normalize().to_string() },
        Some(result) => compare("", result, rounding, value),
        None => Outcome::Impossible("a mean has at least one input"),
    }
}

const TOO_LONG: &str = "the arithmetic leaves 28 digits";

/// The figure of [`Step::Combine`], unrounded.
fn combined(
    part: &[Term],
    whole: &[Term],
    (censored, factor): (&str, &str),
    inputs: &[(&str, &str)],
) -> Result<Decimal, &'static str> {
    let used = |id: &str| part.iter().chain(whole).any(|term| term.node == id);
    if inputs.iter().any(|(id, _)| !used(id)) {
        return Err("an input is in no term");
    }
    let number = |text: &str| split(text).1.ok_or("a factor is not a decimal");
    let (censored, factor) = (number(censored)?, number(factor)?);
    let above = total(part, censored, inputs)?;
    let found = match whole.is_empty() {
        true => above,
        false => above.checked_div(total(whole, censored, inputs)?).ok_or("a divisor of 0")?,
    };
    found.checked_mul(factor).ok_or(TOO_LONG)
}

fn total(terms: &[Term], censored: Decimal, inputs: &[(&str, &str)]) -> Result<Decimal, &'static str> {
    let mut sum = Decimal::ZERO;
    for term in terms {
        let input = inputs.iter().find(|(id, _)| *id == term.node).ok_or("a term is no input")?;
        let (qualifier, number) = split(input.1);
        let factor = split(&term.factor).1.ok_or("a factor is not a decimal")?;
        let number = number.ok_or("an input is not a decimal")?.checked_mul(factor).ok_or(TOO_LONG)?;
        let counted = match qualifier.trim() {
            "" | ">" | "≥" => Some(number),
            "<" | "≤" => number.checked_mul(censored),
            _ => return Err("an input has a qualifier that cannot be counted"),
        };
        sum = counted.and_then(|counted| sum.checked_add(counted)).ok_or(TOO_LONG)?;
    }
    Ok(sum)
}

/// With rounding the texts must be equal to the last zero; without it the numbers must be.
fn compare(qualifier: &str, result: Decimal, rounding: Option<Rounding>, value: &str) -> Outcome {
    match rounding {
        Some(rounding) => match rounded(result, rounding) {
            Some(text) => text_equals(&format!("{qualifier}{text}"), value),
            None => Outcome::Impossible("decimal places between -20 and 20"),
        },
        None if split(value) == (qualifier, Some(result)) => Outcome::Agrees,
        None => Outcome::Differs { expected: format!("{qualifier}{}", result.normalize()) },
    }
}

fn rounded(number: Decimal, rounding: Rounding) -> Option<String> {
    let ties = match rounding.ties {
        Ties::ToEven => RoundingStrategy::MidpointNearestEven,
        Ties::AwayFromZero => RoundingStrategy::MidpointAwayFromZero,
    };
    let scale = Decimal::from(10u64.checked_pow(rounding.places.unsigned_abs())?);
    if !(-19..=19).contains(&rounding.places) {
        return None;
    }
    if let Ok(places) = u32::try_from(rounding.places) {
        let text = number.round_dp_with_strategy(places, ties);
        return Some(format!("{text:.0$}", places as usize));
    }
    let tens = number.checked_div(scale)?.round_dp_with_strategy(0, ties);
    Some(tens.checked_mul(scale)?.normalize().to_string())
}

fn split(text: &str) -> (&str, Option<Decimal>) {
    let digits = text.trim_start_matches(['<', '>', '≤', '≥', ' ']);
    let (qualifier, number) = text.split_at(text.len() - digits.len());
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let plain = digits(whole.strip_prefix(['+', '-']).unwrap_or(whole)) && digits(fraction);
    (qualifier, if plain { number.parse().ok() } else { None })
}

#[cfg(test)]
mod tests {
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
}
