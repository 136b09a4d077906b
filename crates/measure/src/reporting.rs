//! What a laboratory may say of a reading that its method cannot tell from nothing.
//!
//! Below the limit of quantification a number is not reported as a number (ISO/IEC 17025:2017, 7.8.2.1 and
//! 7.2.2.1; IUPAC, Currie, Pure Appl. Chem. 1995, 67, 1699; Eurachem, The Fitness for Purpose of Analytical
//! Methods, 2nd ed. 2014, 6.2). What is said instead is a rule that the edition of the method states. The
//! reading itself stays as it is: this only says how it is reported and as what it counts.

use serde::{Deserialize, Serialize};

use crate::named::named;
use crate::{DecimalText, Qualifier, Reported};

/// How readings below the limit of quantification are reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum ReportingRule {
    /// Everything below it is `<LOQ`. The default.
    #[default]
    BelowLoq,
    /// Below the limit of detection it is not detected, between the two `<LOQ`.
    NdBelowLod,
    /// Below the limit of detection it is not detected; between the two the number is printed, marked as
    /// estimated and without uncertainty. It counts as `<LOQ` in verdicts and sums.
    Estimated,
}

named!(ReportingRule, "reporting rule", {
    BelowLoq = "below_loq",
    NdBelowLod = "nd_below_lod",
    Estimated = "estimated",
});

/// The limits of a method for one analyte, in the unit and basis of its results, and its rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Limit of detection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lod: Option<DecimalText>,
    /// Limit of quantification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loq: Option<DecimalText>,
    /// What is said below them.
    #[serde(default)]
    pub rule: ReportingRule,
}

/// A result as it is reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stated {
    /// As what it is printed.
    pub shown: Reported,
    /// As what it counts in verdicts, sums and means. The same as `shown`, unless that is an estimate.
    pub counted: Reported,
    /// Whether the number shown is an estimate below the limit of quantification.
    pub estimated: bool,
}

impl Limits {
    /// Below which results are reported as `<`: the limit of quantification, else that of detection.
    pub fn reporting_limit(&self) -> Option<&DecimalText> {
        self.loq.as_ref().or(self.lod.as_ref())
    }

    /// Whether a number lies below the reporting limit. Zero and negative readings do.
    pub fn is_below(&self, number: rust_decimal::Decimal) -> bool {
        self.reporting_limit().is_some_and(|limit| number < limit.decimal())
    }

    /// The result as it is reported by these limits. What the laboratory said to be below a limit stays so,
    /// of a coarser limit or of the reporting limit; what it did not detect lies below the limit of
    /// detection.
    pub fn state(&self, measured: &Reported) -> Stated {
        let plain =
            |reported: Reported| Stated { counted: reported.clone(), shown: reported, estimated: false };
        let number = measured.text().map(DecimalText::decimal);
        let below = |limit: &Option<DecimalText>| match (number, limit) {
            (Some(number), Some(limit)) => number < limit.decimal(),
            _ => false,
        };
        let at_most_lod = match (number, &self.lod) {
            (Some(number), Some(lod)) => number <= lod.decimal(),
            _ => false,
        };
        let names_nd = self.rule != ReportingRule::BelowLoq;
        match measured.qualifier() {
            Qualifier::Value if names_nd && below(&self.lod) => plain(self.not_detected(measured)),
            Qualifier::Value if number.is_some_and(|number| self.is_below(number)) => {
                let counted = self.less(measured);
                let positive = number.is_some_and(|number| number > rust_decimal::Decimal::ZERO);
                let estimated = self.rule == ReportingRule::Estimated && self.loq.is_some() && positive;
                let bare = measured
                    .text()
                    .cloned()
                    .map(|text| Reported::value(text.into_plain(), measured.unit(), measured.basis()));
                let shown = bare.filter(|_| estimated).unwrap_or_else(|| counted.clone());
                Stated { shown, counted, estimated }
            }
            Qualifier::Below if names_nd && at_most_lod => plain(self.not_detected(measured)),
            Qualifier::Below if number.is_none_or(|number| self.is_below(number)) => {
                plain(self.less(measured))
            }
            Qualifier::NotDetected if number.is_none() && self.lod.is_some() => {
                plain(self.not_detected(measured))
            }
            Qualifier::NotDetected if number.is_none() => plain(self.less(measured)),
            _ => plain(measured.clone()),
        }
    }

    /// `<LOQ`; as it is where no limit is known.
    fn less(&self, measured: &Reported) -> Reported {
        let limit = self.reporting_limit().cloned().map(DecimalText::into_plain);
        let (unit, basis) = (measured.unit(), measured.basis());
        limit.and_then(|limit| Reported::below(limit, unit, basis).ok()).unwrap_or_else(|| measured.clone())
    }

    fn not_detected(&self, measured: &Reported) -> Reported {
        let (unit, basis) = (measured.unit(), measured.basis());
        let lod = self.lod.clone().map(DecimalText::into_plain);
        Reported::not_detected(lod, unit, basis).unwrap_or_else(|_| measured.clone())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Basis, Decimal, Uncertainty, Unit};

    fn limits(lod: &str, loq: &str, rule: ReportingRule) -> Limits {
        let read = |text: &str| text.parse().ok();
        Limits { lod: read(lod), loq: read(loq), rule }
    }

    fn measured(figure: &str) -> Reported {
        let (qualifier, digits) = match figure.split_at(1) {
            ("<", "") => (Qualifier::Below, None),
            ("<", rest) => (Qualifier::Below, Some(rest)),
            (">", rest) => (Qualifier::Above, Some(rest)),
            _ if figure == "ND" => (Qualifier::NotDetected, None),
            _ => (Qualifier::Value, Some(figure)),
        };
        let text = digits.map(|digits| digits.parse().unwrap());
        let made = Reported::new(qualifier, text, Unit::Percent, Basis::Dry, None).unwrap();
        let u = Uncertainty::new(Decimal::new(4, 6), Decimal::TWO, Unit::Percent).unwrap();
        made.clone().with_uncertainty(u).unwrap_or(made)
    }

    #[test]
    fn below_the_limits_the_rule_speaks_and_not_the_number() {
        use ReportingRule::{BelowLoq, Estimated, NdBelowLod};
        let table = [
            // As measured, by each rule; then as what it counts by the last one.
            ("0.0002", ["<0.0003", "<0.0003", "0.0002"], "<0.0003"),
            ("0.00004", ["<0.0003", "ND (<0.0001)", "ND (<0.0001)"], "ND (<0.0001)"),
            ("-0.0002", ["<0.0003", "ND (<0.0001)", "ND (<0.0001)"], "ND (<0.0001)"),
            ("0", ["<0.0003", "ND (<0.0001)", "ND (<0.0001)"], "ND (<0.0001)"),
            ("-0.000", ["<0.0003", "ND (<0.0001)", "ND (<0.0001)"], "ND (<0.0001)"),
            ("1.2e-005", ["<0.0003", "ND (<0.0001)", "ND (<0.0001)"], "ND (<0.0001)"),
            ("0.0003", ["0.0003", "0.0003", "0.0003"], "0.0003"),
            ("0.5", ["0.5", "0.5", "0.5"], "0.5"),
            ("<0.0001", ["<0.0003", "ND (<0.0001)", "ND (<0.0001)"], "ND (<0.0001)"),
            ("<0.0002", ["<0.0003", "<0.0003", "<0.0003"], "<0.0003"),
            ("<0.001", ["<0.001", "<0.001", "<0.001"], "<0.001"),
            ("<", ["<0.0003", "<0.0003", "<0.0003"], "<0.0003"),
            ("ND", ["ND (<0.0001)", "ND (<0.0001)", "ND (<0.0001)"], "ND (<0.0001)"),
            (">10", [">10", ">10", ">10"], ">10"),
        ];
        for (figure, expected, counted) in table {
            let one = measured(figure);
            for (rule, expected) in [BelowLoq, NdBelowLod, Estimated].into_iter().zip(expected) {
                let said = limits("0.0001", "0.0003", rule).state(&one);
                assert_eq!(said.shown.figure(), expected, "{figure} by {rule}");
                let kept = said.shown.uncertainty().is_some();
                assert_eq!(kept, ["0.0003", "0.5"].contains(&figure), "uncertainty of {figure} by {rule}");
            }
            let said = limits("0.0001", "0.0003", Estimated).state(&one);
            assert_eq!(said.counted.figure(), counted, "{figure}");
            assert_eq!(said.estimated, figure == "0.0002");
        }
    }

    #[test]
    fn a_method_may_know_one_limit_or_none() {
        let rule = ReportingRule::BelowLoq;
        let said = |limits: Limits, figure: &str| limits.state(&measured(figure)).shown.figure();
        assert_eq!(said(limits("", "", rule), "-0.0002"), "-0.0002");
        assert_eq!(said(limits("", "", rule), "ND"), "ND");
        assert_eq!(said(limits("0.0001", "", rule), "0.00004"), "<0.0001");
        assert_eq!(said(limits("0.0001", "", rule), "0.0002"), "0.0002");
        assert_eq!(said(limits("", "0.0003", rule), "ND"), "<0.0003");
        assert_eq!(said(limits("", "0.0003", ReportingRule::Estimated), "0"), "<0.0003");
    }

    proptest! {
        /// Limits and their rule do not depend on the unit in which they are applied.
        #[test]
        fn limit_then_conversion_is_conversion_then_limit(
            value in -2000i64..4000, lod in 1i64..1000, more in 0i64..1000, factor in 1i64..50_000,
            rule in proptest::sample::select(ReportingRule::ALL)
        ) {
            let text = |number: Decimal| Some(DecimalText::from_decimal(number));
            let (value, factor) = (Decimal::new(value, 6), Decimal::new(factor, 4));
            let (lod, loq) = (Decimal::new(lod, 6), Decimal::new(lod + more, 6));
            let of = |by: Decimal| Limits { lod: text(lod * by), loq: text(loq * by), rule };
            let make = |value| Reported::value(DecimalText::from_decimal(value), Unit::Percent, Basis::Dry);
            let first = of(Decimal::ONE).state(&make(value));
            let last = of(factor).state(&make(value * factor));
            prop_assert_eq!(first.shown.qualifier(), last.shown.qualifier());
            prop_assert_eq!(first.estimated, last.estimated);
            let (one, two) = (first.counted.text().unwrap(), last.counted.text().unwrap());
            prop_assert_eq!(one.decimal() * factor, two.decimal());
        }
    }
}
