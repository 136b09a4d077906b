//! A result against a limit: pass, fail or undecidable, never a guess.
//!
//! Every result is seen as the set of values it may stand for: one value, everything below 0.05, everything
//! above 10. If the whole set is acceptable it passes, if none of it is it fails, and otherwise it is
//! undecidable, with the reason. Comparison follows GB/T 8170—2008 clause 4: with the full value, or with the
//! value rounded to the places of the limit; the specification stores which. The decision rule follows
//! ISO/IEC 17025:2017 clause 7.8.6; with a guard band `w`, a value within `w` of the limit on either side is
//! undecidable (ILAC-G8:09/2019, 4.2.3, non-binary statement).

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::named::named;
use crate::rounding::{Places, RoundingRule, round};
use crate::{Basis, DecimalText, Qualifier, Reported, Unit};

/// One end of a limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bound {
    /// The limit as the specification prints it; its decimal places are those of rounded comparison.
    pub value: DecimalText,
    /// Whether the limit itself is acceptable: ≤ rather than <.
    pub inclusive: bool,
}

/// What a specification demands of one analyte.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "LimitParts", into = "LimitParts")]
pub struct Limit {
    lower: Option<Bound>,
    upper: Option<Bound>,
    unit: Unit,
    basis: Basis,
}

/// Why a limit was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    /// A limit without any bound limits nothing.
    #[error("a limit needs a lower or an upper bound")]
    Unbounded,
    /// Nothing lies between the bounds.
    #[error("no value lies between {lower} and {upper}")]
    Empty {
        /// Lower bound.
        lower: DecimalText,
        /// Upper bound.
        upper: DecimalText,
    },
}

/// With which figure a value is compared (GB/T 8170—2008, 4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Comparison {
    /// The value as it is (全数值比较法). The default where a standard says nothing (GB/T 8170, 4.3.1).
    FullValue,
    /// The value rounded to the places of the limit (修约值比较法).
    RoundedValue,
}

named!(Comparison, "comparison", { FullValue = "full_value", RoundedValue = "rounded_value" });

/// How uncertainty enters the verdict (ISO/IEC 17025:2017, 3.7 and 7.8.6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionRule {
    /// The limit itself decides.
    SimpleAcceptance,
    /// A guard band of this width, in the unit of the limit, not negative; usually the expanded uncertainty.
    GuardBand(Decimal),
}

/// The three agreements a specification stores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JudgementRule {
    /// Full or rounded value.
    pub comparison: Comparison,
    /// The rule of rounded comparison.
    pub rounding: RoundingRule,
    /// The decision rule.
    pub decision: DecisionRule,
}

impl Default for JudgementRule {
    /// GB/T 8170 rounding, full value, simple acceptance.
    fn default() -> Self {
        Self {
            comparison: Comparison::FullValue,
            rounding: RoundingRule::Gb8170HalfEven,
            decision: DecisionRule::SimpleAcceptance,
        }
    }
}

/// The verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Acceptable whatever value the result stands for.
    Pass,
    /// Not acceptable whatever value the result stands for.
    Fail,
    /// Cannot be decided from this result.
    Undecidable,
}

named!(Verdict, "verdict", { Pass = "pass", Fail = "fail", Undecidable = "undecidable" });

/// Why the verdict is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// Every value the result may stand for lies within the limits.
    WithinLimits,
    /// It lies below the lower bound.
    BelowLower,
    /// It lies above the upper bound.
    AboveUpper,
    /// Acceptable, but nearer to a bound than the guard band.
    InsideGuardBand,
    /// Not acceptable, but nearer to a bound than the guard band.
    BeyondInsideGuardBand,
    /// `<0.05` against a ceiling of 0.01: the reporting limit is too coarse for the bound.
    LimitStraddlesBound,
    /// Below or above a limit that was not printed, or not detected without a limit of detection.
    LimitNotKnown,
    /// Not analysed, insufficient sample, not received, invalid or missing.
    NoResult,
    /// Units of different dimension.
    UnitsDiffer,
    /// Bases differ and no conversion was made.
    BasesDiffer,
    /// The value grows beyond 28 digits in the unit of the limit.
    TooLarge,
    /// A guard band that is negative.
    RuleInvalid,
}

named!(Why, "reason of a verdict", {
    WithinLimits = "within_limits",
    BelowLower = "below_lower",
    AboveUpper = "above_upper",
    InsideGuardBand = "inside_guard_band",
    BeyondInsideGuardBand = "beyond_inside_guard_band",
    LimitStraddlesBound = "limit_straddles_bound",
    LimitNotKnown = "limit_not_known",
    NoResult = "no_result",
    UnitsDiffer = "units_differ",
    BasesDiffer = "bases_differ",
    TooLarge = "too_large",
    RuleInvalid = "rule_invalid",
});

/// A verdict with the figure it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judgement {
    /// Pass, fail or undecidable.
    pub verdict: Verdict,
    /// The figure that was compared, in the unit of the limit: `<0.05`, `32.5`. As reported where nothing
    /// could be compared.
    pub compared: String,
    /// The reason.
    pub why: Why,
}

/// Judges one result. The result is converted to the unit of the limit; bases must be the same, since
/// moisture is not known here ([`crate::convert_basis`] first).
pub fn judge(reported: &Reported, limit: &Limit, rule: &JudgementRule) -> Judgement {
    let undecidable = |why| Judgement { verdict: Verdict::Undecidable, compared: reported.figure(), why };
    let guard = match &rule.decision {
        DecisionRule::SimpleAcceptance => Decimal::ZERO,
        DecisionRule::GuardBand(width) if *width >= Decimal::ZERO => *width,
        DecisionRule::GuardBand(_) => return undecidable(Why::RuleInvalid),
    };
    if !reported.qualifier().is_measured() {
        return undecidable(Why::NoResult);
    }
    if reported.unit().dimension() != limit.unit.dimension() {
        return undecidable(Why::UnitsDiffer);
    }
    if reported.basis() != limit.basis {
        return undecidable(Why::BasesDiffer);
    }
    let Some(number) = reported.text().map(DecimalText::decimal) else {
        return undecidable(Why::LimitNotKnown);
    };
    let Ok(number) = Unit::convert(number, reported.unit(), limit.unit) else {
        return undecidable(Why::TooLarge);
    };
    let case = Case { qualifier: reported.qualifier(), number, rule, guard };
    let lower = limit.lower.as_ref().map(|bound| case.against(bound, Side::Lower));
    let upper = limit.upper.as_ref().map(|bound| case.against(bound, Side::Upper));
    // A failure at either bound decides; then what is open at either; only then is it within both.
    let findings: Vec<Judgement> = [lower, upper].into_iter().flatten().collect();
    let worst = findings.into_iter().max_by_key(|finding| match finding.verdict {
        Verdict::Pass => 0,
        Verdict::Undecidable => 1,
        Verdict::Fail => 2,
    });
    worst.expect("a limit has at least one bound")
}

impl Limit {
    /// A limit with at least one bound and room between two.
    ///
    /// # Errors
    /// No bound, or nothing between them.
    pub fn new(
        lower: Option<Bound>,
        upper: Option<Bound>,
        unit: Unit,
        basis: Basis,
    ) -> Result<Self, LimitError> {
        match (&lower, &upper) {
            (None, None) => Err(LimitError::Unbounded),
            (Some(low), Some(high)) => {
                let (from, to) = (low.value.decimal(), high.value.decimal());
                let room = from < to || (from == to && low.inclusive && high.inclusive);
                if room {
                    Ok(Self { lower, upper, unit, basis })
                } else {
                    Err(LimitError::Empty { lower: low.value.clone(), upper: high.value.clone() })
                }
            }
            _ => Ok(Self { lower, upper, unit, basis }),
        }
    }

    /// At most, the bound included.
    pub fn at_most(value: DecimalText, unit: Unit, basis: Basis) -> Self {
        Self { lower: None, upper: Some(Bound { value, inclusive: true }), unit, basis }
    }

    /// At least, the bound included.
    pub fn at_least(value: DecimalText, unit: Unit, basis: Basis) -> Self {
        Self { lower: Some(Bound { value, inclusive: true }), upper: None, unit, basis }
    }

    /// The lower bound.
    pub fn lower(&self) -> Option<&Bound> {
        self.lower.as_ref()
    }

    /// The upper bound.
    pub fn upper(&self) -> Option<&Bound> {
        self.upper.as_ref()
    }

    /// Whether a number as it stands keeps the bounds, by simple acceptance.
    pub fn keeps(&self, number: Decimal) -> bool {
        let above = |bound: &Bound| {
            number > bound.value.decimal() || (bound.inclusive && number == bound.value.decimal())
        };
        let below = |bound: &Bound| {
            number < bound.value.decimal() || (bound.inclusive && number == bound.value.decimal())
        };
        self.lower.as_ref().is_none_or(above) && self.upper.as_ref().is_none_or(below)
    }

    /// Whether a number keeps the bounds as this comparison sees it: as it is, or rounded to the places of
    /// each bound (GB/T 8170—2008, 4.3).
    pub fn keeps_compared(&self, number: Decimal, rule: &JudgementRule) -> bool {
        let seen = |bound: &Option<Bound>| match (rule.comparison, bound) {
            (Comparison::RoundedValue, Some(bound)) => {
                let places = Places::Decimals(bound.value.decimal_places());
                round(number, rule.rounding, places).for_comparison()
            }
            _ => number,
        };
        let alone = |lower, upper| Limit { lower, upper, unit: self.unit, basis: self.basis };
        alone(self.lower.clone(), None).keeps(seen(&self.lower))
            && alone(None, self.upper.clone()).keeps(seen(&self.upper))
    }

    /// The unit of the bounds.
    pub fn unit(&self) -> Unit {
        self.unit
    }

    /// The basis of the bounds.
    pub fn basis(&self) -> Basis {
        self.basis
    }
}

/// `≤0.005`, `≥99.0`, `31.8–32.5`, `>0 and <1`; without the unit.
impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = |inclusive: bool, with: char, without: char| if inclusive { with } else { without };
        let low = |bound: &Bound| format!("{}{}", sign(bound.inclusive, '≥', '>'), bound.value.plain());
        let high = |bound: &Bound| format!("{}{}", sign(bound.inclusive, '≤', '<'), bound.value.plain());
        match (&self.lower, &self.upper) {
            (Some(l), Some(u)) if l.inclusive && u.inclusive => {
                f.pad(&format!("{}–{}", l.value.plain(), u.value.plain()))
            }
            (Some(l), Some(u)) => f.pad(&format!("{} {}", low(l), high(u))),
            (Some(l), None) => f.pad(&low(l)),
            (None, Some(u)) => f.pad(&high(u)),
            (None, None) => Ok(()),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Lower,
    Upper,
}

/// A result in the unit of the limit.
struct Case<'a> {
    qualifier: Qualifier,
    number: Decimal,
    rule: &'a JudgementRule,
    guard: Decimal,
}

impl Case<'_> {
    /// Pass here means: this bound is kept.
    fn against(&self, bound: &Bound, side: Side) -> Judgement {
        let (number, figure) = self.figure(bound);
        // Mirrored at zero, a lower bound is an upper one; one set of comparisons serves both.
        let (value, limit, mirrored) = match side {
            Side::Upper => (number, bound.value.decimal(), false),
            Side::Lower => (-number, -bound.value.decimal(), true),
        };
        let (verdict, why) = match (self.qualifier, mirrored) {
            (Qualifier::Value, _) => self.single(value, limit, bound.inclusive, side),
            (Qualifier::Above, false) | (Qualifier::Below | Qualifier::NotDetected, true) => {
                self.everything_above(value, limit, side)
            }
            _ => self.everything_below(value, limit, bound.inclusive),
        };
        let sign = match self.qualifier {
            Qualifier::Below => "<",
            Qualifier::Above => ">",
            Qualifier::NotDetected => "ND <",
            _ => "",
        };
        Judgement { verdict, compared: format!("{sign}{figure}"), why }
    }

    /// The number as compared with this bound, and how it is printed.
    fn figure(&self, bound: &Bound) -> (Decimal, String) {
        match self.rule.comparison {
            Comparison::FullValue => (self.number, self.spoken(bound)),
            Comparison::RoundedValue => {
                let places = Places::Decimals(bound.value.decimal_places());
                let rounded = round(self.number, self.rule.rounding, places);
                (rounded.for_comparison(), rounded.to_string())
            }
        }
    }

    /// The number as a message names it: with its digits, or, where arithmetic made more of them than
    /// anything is measured to, to six significant ones if that lies on the same side of the bound.
    fn spoken(&self, bound: &Bound) -> String {
        const MEASURED: u32 = 17;
        if DecimalText::from_decimal(self.number).significant_digits() <= MEASURED {
            return self.number.to_string();
        }
        let limit = bound.value.decimal();
        let shorter = round(self.number, self.rule.rounding, Places::Significant(6));
        if shorter.for_comparison().cmp(&limit) == self.number.cmp(&limit) {
            shorter.to_string()
        } else {
            self.number.to_string()
        }
    }

    fn single(&self, value: Decimal, limit: Decimal, inclusive: bool, side: Side) -> (Verdict, Why) {
        let kept = value < limit || (inclusive && value == limit);
        let distance = value.checked_sub(limit).map_or(Decimal::MAX, |gap| gap.abs());
        match kept {
            // At exactly the width of the guard band the value is on the acceptance limit, which accepts.
            true if self.guard.is_zero() || distance >= self.guard => (Verdict::Pass, Why::WithinLimits),
            true => (Verdict::Undecidable, Why::InsideGuardBand),
            false if self.guard.is_zero() || distance > self.guard => (Verdict::Fail, beyond(side)),
            false => (Verdict::Undecidable, Why::BeyondInsideGuardBand),
        }
    }

    /// The set lies below `value`, which itself is not in it unless rounding put it there.
    fn everything_below(&self, value: Decimal, limit: Decimal, inclusive: bool) -> (Verdict, Why) {
        let kept = value < limit || (value == limit && (inclusive || self.open_ended()));
        match kept {
            true if limit.checked_sub(value).is_none_or(|gap| gap >= self.guard) => {
                (Verdict::Pass, Why::WithinLimits)
            }
            true => (Verdict::Undecidable, Why::InsideGuardBand),
            false => (Verdict::Undecidable, Why::LimitStraddlesBound),
        }
    }

    /// The set lies above `value`.
    fn everything_above(&self, value: Decimal, limit: Decimal, side: Side) -> (Verdict, Why) {
        let broken = value > limit || (value == limit && self.open_ended());
        match broken {
            true if value.checked_sub(limit).is_none_or(|gap| gap >= self.guard) => {
                (Verdict::Fail, beyond(side))
            }
            true => (Verdict::Undecidable, Why::BeyondInsideGuardBand),
            false => (Verdict::Undecidable, Why::LimitStraddlesBound),
        }
    }

    /// `<0.05` excludes 0.05; but rounded, 0.0499 in it becomes 0.05.
    fn open_ended(&self) -> bool {
        self.rule.comparison == Comparison::FullValue
    }
}

fn beyond(side: Side) -> Why {
    match side {
        Side::Lower => Why::BelowLower,
        Side::Upper => Why::AboveUpper,
    }
}

/// The stored shape; read back through [`Limit::new`].
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitParts {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lower: Option<Bound>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    upper: Option<Bound>,
    unit: Unit,
    basis: Basis,
}

impl TryFrom<LimitParts> for Limit {
    type Error = LimitError;
    fn try_from(parts: LimitParts) -> Result<Self, LimitError> {
        Self::new(parts.lower, parts.upper, parts.unit, parts.basis)
    }
}

impl From<Limit> for LimitParts {
    fn from(from: Limit) -> Self {
        let Limit { lower, upper, unit, basis } = from;
        Self { lower, upper, unit, basis }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn digits(text: &str) -> DecimalText {
        text.parse().unwrap()
    }

    /// `5`, `<5`, `>5`, `ND`, `ND<5`, `/`.
    fn result(text: &str) -> Reported {
        let (unit, basis) = (Unit::Percent, Basis::Dry);
        let (qualifier, number) = match text {
            "ND" => (Qualifier::NotDetected, None),
            "/" => (Qualifier::NotAnalysed, None),
            "OVER" => (Qualifier::Above, None),
            other => match other.strip_prefix("ND<").map(|rest| (Qualifier::NotDetected, rest)) {
                Some((qualifier, rest)) => (qualifier, Some(digits(rest))),
                None => match other.split_at(1) {
                    ("<", rest) => (Qualifier::Below, Some(digits(rest))),
                    (">", rest) => (Qualifier::Above, Some(digits(rest))),
                    _ => (Qualifier::Value, Some(digits(other))),
                },
            },
        };
        Reported::new(qualifier, number, unit, basis, None).unwrap()
    }

    /// `[1,2]`, `(1,2)`, `[,2]`, `[1,)`.
    fn limit(text: &str) -> Limit {
        let (low, high) = text.split_once(',').unwrap();
        let bound = |value: &str, inclusive| {
            if value.is_empty() { None } else { Some(Bound { value: digits(value), inclusive }) }
        };
        let lower = bound(&low[1..], low.starts_with('['));
        let upper = bound(&high[..high.len() - 1], high.ends_with(']'));
        Limit::new(lower, upper, Unit::Percent, Basis::Dry).unwrap()
    }

    fn rule(comparison: Comparison, guard: Option<&str>) -> JudgementRule {
        let decision =
            guard.map_or(DecisionRule::SimpleAcceptance, |w| DecisionRule::GuardBand(w.parse().unwrap()));
        JudgementRule { comparison, rounding: RoundingRule::Gb8170HalfEven, decision }
    }

    #[test]
    fn verdicts_by_full_value() {
        use Verdict::{Fail, Pass, Undecidable};
        let table = [
            ("0.01", "[,0.01]", Pass, Why::WithinLimits),
            ("0.01", "[,0.01)", Fail, Why::AboveUpper),
            ("0.0100000000000000000001", "[,0.01]", Fail, Why::AboveUpper),
            ("-0.003", "[,0.01]", Pass, Why::WithinLimits),
            ("99.0", "[99,]", Pass, Why::WithinLimits),
            ("98.99", "[99,]", Fail, Why::BelowLower),
            ("99", "(99,]", Fail, Why::BelowLower),
            ("32.0", "[31.8,32.5]", Pass, Why::WithinLimits),
            ("31.7", "[31.8,32.5]", Fail, Why::BelowLower),
            ("32.6", "[31.8,32.5]", Fail, Why::AboveUpper),
            // Below.
            ("<0.001", "[,0.01]", Pass, Why::WithinLimits),
            ("<0.01", "[,0.01]", Pass, Why::WithinLimits),
            ("<0.01", "[,0.01)", Pass, Why::WithinLimits),
            ("<0.05", "[,0.01]", Undecidable, Why::LimitStraddlesBound),
            ("<5", "[10,]", Fail, Why::BelowLower),
            ("<10", "[10,]", Fail, Why::BelowLower),
            ("<11", "[10,]", Undecidable, Why::LimitStraddlesBound),
            ("<5", "[6,10]", Fail, Why::BelowLower),
            ("<5", "[1,10]", Undecidable, Why::LimitStraddlesBound),
            // Above.
            (">10", "[9,]", Pass, Why::WithinLimits),
            (">10", "[10,]", Pass, Why::WithinLimits),
            (">10", "(10,]", Pass, Why::WithinLimits),
            (">10", "[11,]", Undecidable, Why::LimitStraddlesBound),
            (">10", "[,5]", Fail, Why::AboveUpper),
            (">10", "[,10]", Fail, Why::AboveUpper),
            (">10", "[,11]", Undecidable, Why::LimitStraddlesBound),
            ("OVER", "[,11]", Undecidable, Why::LimitNotKnown),
            // Not detected, and no result.
            ("ND", "[,0.01]", Undecidable, Why::LimitNotKnown),
            ("ND<0.001", "[,0.01]", Pass, Why::WithinLimits),
            ("ND<0.05", "[,0.01]", Undecidable, Why::LimitStraddlesBound),
            ("/", "[,0.01]", Undecidable, Why::NoResult),
        ];
        for (text, bounds, verdict, why) in table {
            let got = judge(&result(text), &limit(bounds), &rule(Comparison::FullValue, None));
            assert_eq!((got.verdict, got.why), (verdict, why), "{text} in {bounds}");
        }
    }

    #[test]
    fn rounded_comparison_can_flip_the_verdict() {
        // After GB/T 8170-2008, table 2.
        let table = [
            ("97.46", "[97.5,]", "fail", "97.46", "pass", "97.5"),
            ("10.504", "[,10.50]", "fail", "10.504", "pass", "10.50"),
            ("10.506", "[,10.50]", "fail", "10.506", "fail", "10.51"),
            ("0.335", "[0.30,0.33]", "fail", "0.335", "fail", "0.34"),
            ("0.325", "[,0.32]", "fail", "0.325", "pass", "0.32"),
            ("<0.054", "[,0.05]", "undecidable", "<0.054", "pass", "<0.05"),
            ("<0.01", "[,0.01)", "pass", "<0.01", "undecidable", "<0.01"),
            ("<5", "[5,]", "fail", "<5", "undecidable", "<5"),
            (">5", "[,5]", "fail", ">5", "undecidable", ">5"),
        ];
        for (text, bounds, full, full_figure, rounded, rounded_figure) in table {
            let by = |comparison| judge(&result(text), &limit(bounds), &rule(comparison, None));
            let (a, b) = (by(Comparison::FullValue), by(Comparison::RoundedValue));
            assert_eq!((a.verdict.as_str(), a.compared.as_str()), (full, full_figure), "{text} in {bounds}");
            assert_eq!(
                (b.verdict.as_str(), b.compared.as_str()),
                (rounded, rounded_figure),
                "{text} in {bounds}"
            );
        }
    }

    #[test]
    fn guard_bands_leave_open_what_is_near() {
        let table = [
            ("0.8", Verdict::Pass, Why::WithinLimits),
            ("0.9", Verdict::Pass, Why::WithinLimits),
            ("0.95", Verdict::Undecidable, Why::InsideGuardBand),
            ("1.0", Verdict::Undecidable, Why::InsideGuardBand),
            ("1.05", Verdict::Undecidable, Why::BeyondInsideGuardBand),
            ("1.1", Verdict::Undecidable, Why::BeyondInsideGuardBand),
            ("1.11", Verdict::Fail, Why::AboveUpper),
            ("<0.9", Verdict::Pass, Why::WithinLimits),
            ("<0.95", Verdict::Undecidable, Why::InsideGuardBand),
            (">1.2", Verdict::Fail, Why::AboveUpper),
            (">1.05", Verdict::Undecidable, Why::BeyondInsideGuardBand),
        ];
        for (text, verdict, why) in table {
            let got = judge(&result(text), &limit("[,1.0]"), &rule(Comparison::FullValue, Some("0.1")));
            assert_eq!((got.verdict, got.why), (verdict, why), "{text}");
        }
        let invalid = judge(&result("1"), &limit("[,1.0]"), &rule(Comparison::FullValue, Some("-0.1")));
        assert_eq!(invalid.why, Why::RuleInvalid);
    }

    #[test]
    fn units_convert_and_bases_must_match() {
        let ppm = |text: &str, basis| Reported::value(digits(text), Unit::Ppm, basis);
        let full = rule(Comparison::FullValue, None);
        let kept = judge(&ppm("45", Basis::Dry), &limit("[,0.005]"), &full);
        assert_eq!((kept.verdict, kept.compared.as_str()), (Verdict::Pass, "0.0045"));
        assert_eq!(judge(&ppm("51", Basis::Dry), &limit("[,0.005]"), &full).verdict, Verdict::Fail);
        assert_eq!(judge(&ppm("45", Basis::AsReceived), &limit("[,0.005]"), &full).why, Why::BasesDiffer);
        let solution = Reported::value(digits("45"), Unit::MilligramPerLitre, Basis::Dry);
        assert_eq!(judge(&solution, &limit("[,0.005]"), &full).why, Why::UnitsDiffer);
    }

    #[test]
    fn limits_that_limit_nothing_are_refused() {
        let bound = |value: &str, inclusive| Some(Bound { value: digits(value), inclusive });
        let new = |low, high| Limit::new(low, high, Unit::Percent, Basis::Dry);
        assert_eq!(new(None, None), Err(LimitError::Unbounded));
        assert!(matches!(new(bound("2", true), bound("1", true)), Err(LimitError::Empty { .. })));
        assert!(matches!(new(bound("1", true), bound("1", false)), Err(LimitError::Empty { .. })));
        assert!(new(bound("1", true), bound("1", true)).is_ok());
        for (text, shown) in
            [("[,0.005]", "≤0.005"), ("[99.0,]", "≥99.0"), ("[31.8,32.5]", "31.8–32.5"), ("(0,1)", ">0 <1")]
        {
            let one = limit(text);
            assert_eq!(one.to_string(), shown);
            let json = serde_json::to_string(&one).unwrap();
            assert_eq!(serde_json::from_str::<Limit>(&json).unwrap(), one);
        }
    }

    proptest! {
        /// Whatever value a censored result may stand for is judged as the censored result was.
        #[test]
        fn censored_verdicts_hold_for_every_value_in_the_set(
            edge in 1i64..100, bound in 1i64..100, step in 1i64..50,
            inclusive in any::<bool>(), upper in any::<bool>(), below in any::<bool>(),
            comparison in proptest::sample::select(Comparison::ALL)
        ) {
            let text = |n: i64| Decimal::new(n, 1).to_string();
            let one = Some(Bound { value: digits(&(bound / 10).to_string()), inclusive });
            let limit = if upper { Limit::new(None, one, Unit::Percent, Basis::Dry) }
                        else { Limit::new(one, None, Unit::Percent, Basis::Dry) }.unwrap();
            let rule = rule(comparison, None);
            let sign = if below { "<" } else { ">" };
            let censored = judge(&result(&format!("{sign}{}", text(edge))), &limit, &rule);
            let member = if below { edge - step } else { edge + step };
            let plain = judge(&result(&text(member)), &limit, &rule);
            if censored.verdict != Verdict::Undecidable {
                prop_assert_eq!(censored.verdict, plain.verdict);
            }
            prop_assert_ne!(plain.verdict, Verdict::Undecidable);
        }
    }
}
